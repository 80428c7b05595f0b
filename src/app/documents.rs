//! The documents that were opened, so that going back and forth does not fetch them again.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use crate::domain::row::RowId;

use super::event::{RequestId, Told};

/// Documents that were opened, a few at a time.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    told: HashMap<RowId, Result<Arc<Told>, String>>,
    /// Those that came first are dropped first.
    came: VecDeque<RowId>,
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
        if self.told.insert(row, told).is_none() {
            self.came.push_back(row);
        }
        while self.came.len() > MAX_DOCUMENTS
            && let Some(oldest) = self.came.pop_front()
        {
            self.told.remove(&oldest);
        }
    }

    /// The row has been read again: what was told is old, and so is what is on its way.
    pub fn forget(&mut self, row: RowId) {
        if self.told.remove(&row).is_some() {
            self.came.retain(|&came| came != row);
        }
        self.asked.take_if(|(asked, _)| *asked == row);
    }

    /// Whether the document is neither here nor on its way.
    pub fn wants(&self, row: RowId) -> bool {
        !self.told.contains_key(&row) && self.asked.is_none_or(|(asked, _)| asked != row)
    }

    /// Whether no document is on its way: the one that is asked for last is the only one that is taken.
    pub const fn is_idle(&self) -> bool {
        self.asked.is_none()
    }

    /// The document is asked for under this number.
    pub fn asked(&mut self, row: RowId, request: RequestId) {
        self.asked = Some((row, request));
    }
}
