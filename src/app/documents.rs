//! The documents that were opened, so that going back and forth does not fetch them again.

use std::{collections::HashMap, sync::Arc};

use crate::domain::row::RowId;

use super::event::{RequestId, Told};

/// Documents that were opened, a few at a time.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    told: HashMap<RowId, Result<Arc<Told>, String>>,
    asked: Option<(RowId, RequestId)>,
}

/// How many documents are kept ready.
const MAX_DOCUMENTS: usize = 64;

impl Documents {
    /// A document, or why it cannot be read; `None` while it has not come.
    pub fn get(&self, row: RowId) -> Option<&Result<Arc<Told>, String>> {
        self.told.get(&row)
    }

    /// Keeps a document that was asked for last; others may be old.
    pub fn keep(&mut self, request: RequestId, told: Result<Arc<Told>, String>) {
        let Some((row, _)) = self.asked.take_if(|(_, asked)| *asked == request) else { return };
        if self.told.len() >= MAX_DOCUMENTS {
            self.told.clear();
        }
        self.told.insert(row, told);
    }

    /// The row has been read again: what was told is old, and so is what is on its way.
    pub fn forget(&mut self, row: RowId) {
        self.told.remove(&row);
        self.asked.take_if(|(asked, _)| *asked == row);
    }

    /// Whether the document is neither here nor on its way.
    pub fn wants(&self, row: RowId) -> bool {
        !self.told.contains_key(&row) && self.asked.is_none_or(|(asked, _)| asked != row)
    }

    /// The document is asked for under this number.
    pub fn asked(&mut self, row: RowId, request: RequestId) {
        self.asked = Some((row, request));
    }
}
