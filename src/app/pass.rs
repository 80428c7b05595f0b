//! A pass: many rows read again by name for one purpose, in requests of a hundred, told as one thing.
//!
//! Owns what is known of it while it goes. What it was for happens in `update` once the last of its requests has been answered.

use std::collections::BTreeSet;

use crate::domain::row::RowId;

use super::{event::RequestId, plan_file::Opened, undo::UndoPlan};

/// A pass under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// What for.
    pub purpose: Purpose,
    /// Requests that have not been answered.
    pub requests: BTreeSet<RequestId>,
    /// Rows that are read.
    pub rows: usize,
    /// Of those, rows with an answer of any kind.
    pub read: usize,
    /// Rows that were asked for and did not come.
    pub missing: Vec<RowId>,
    /// Rows whose request failed.
    pub unread: Vec<RowId>,
}

/// What a pass is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// The review wants to know whether its values are still true; nothing is sent.
    Check,
    /// Former values are sent back only where what was sent is still there.
    Undo(Box<UndoPlan>),
    /// The rows of a plan file are staged, and compared with the values it was made from.
    Plan(Box<Opened>),
}
