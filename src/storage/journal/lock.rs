//! Who writes to a journal: one process at a time.
//!
//! The lock is the system's and ends with its process, however that ends. What the file says only names the one who has it.

use std::{
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::{
    domain::{text, time::Millis},
    journal::entry::Who,
    storage::private,
};

/// Who has a journal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Holder {
    /// The process.
    pub process: Option<u32>,
    /// The user of the operating system.
    pub user: Option<String>,
    /// The address the user came from.
    pub address: Option<String>,
    /// Since when.
    pub since: Option<Millis>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user.as_deref().map_or_else(|| "somebody".into(), text::clean);
        write!(f, "{user}")?;
        if let Some(address) = &self.address {
            write!(f, " from {}", text::clean(address))?;
        }
        if let Some(process) = self.process {
            write!(f, ", process {process}")?;
        }
        self.since.map_or(Ok(()), |since| write!(f, ", since {}", since.shown()))
    }
}

/// The lock, held for as long as this is kept.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// What came of asking for the lock.
#[derive(Debug)]
pub enum Asked {
    /// It is ours.
    Ours(Lock),
    /// Somebody else has it.
    Theirs(Holder),
}

impl Lock {
    /// Takes the lock, if it is free.
    pub fn take(path: &Path, who: &Who, now: Millis) -> io::Result<Asked> {
        let mut file = private::open(path, OpenOptions::new().create(true).read(true).write(true).truncate(false))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Asked::Theirs(holder(path))),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let holder = Holder { process: Some(who.process), user: who.user.clone(), address: who.address.clone(), since: Some(now) };
        // It is for others to read; the lock holds without it, and on a full disk too.
        let _ = file.set_len(0).and_then(|()| file.write_all(serde_json::to_string(&holder)?.as_bytes()));
        Ok(Asked::Ours(Self { file }))
    }

    /// Who has a lock now. To be asked where it matters only: for this moment, nobody else can take it.
    pub fn holder(path: &Path) -> Option<Holder> {
        let file = File::open(path).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(holder(path)),
            Ok(()) => {
                let _ = file.unlock();
                None
            }
            Err(TryLockError::Error(_)) => None,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        // Closing the file is not enough: a process that another thread is just starting has the file too until its program begins.
        let _ = self.file.unlock();
    }
}

fn holder(path: &Path) -> Holder {
    fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn a_lock_that_was_given_back_is_free_while_a_process_that_is_being_started_still_has_the_file() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("hub.lock");
        let take = || match Lock::take(&path, &Who::default(), Millis(0)).unwrap() {
            Asked::Ours(lock) => Some(lock),
            Asked::Theirs(_) => None,
        };
        let lock = take().unwrap();
        let inherited = lock.file.try_clone().unwrap();
        assert!(take().is_none() && Lock::holder(&path).is_some());
        drop(lock);
        assert!(Lock::holder(&path).is_none());
        assert!(take().is_some());
        drop(inherited);
    }
}
