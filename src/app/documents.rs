//! The documents that were opened, so that going back and forth does not fetch them again.

use std::{collections::HashMap, sync::Arc};

use crate::domain::row::RowId;

use super::event::Told;

/// Documents that were opened, a few at a time.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    told: HashMap<RowId, Result<Arc<Told>, String>>,
    asked: Option<RowId>,
}

/// How many documents are kept ready.
const MAX_DOCUMENTS: usize = 64;

impl Documents {
    /// A document, or why it cannot be read; `None` while it has not come.
    pub fn get(&self, row: RowId) -> Option<&Result<Arc<Told>, String>> {
        self.told.get(&row)
    }

    /// Keeps a document.
    pub fn keep(&mut self, row: RowId, told: Result<Arc<Told>, String>) {
        if self.told.len() >= MAX_DOCUMENTS {
            self.told.clear();
        }
        if self.asked == Some(row) {
            self.asked = None;
        }
        self.told.insert(row, told);
    }

    /// The row has been read again: what was told is old.
    pub fn forget(&mut self, row: RowId) {
        self.told.remove(&row);
    }

    /// Whether the document still has to be asked for; remembers that it is.
    pub fn want(&mut self, row: RowId) -> bool {
        if self.told.contains_key(&row) || self.asked == Some(row) {
            return false;
        }
        self.asked = Some(row);
        true
    }
}
