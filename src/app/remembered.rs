//! What a session leaves to the next one on the same hub: the query, the order, what is marked and where the cursor is.
//!
//! Owns what is remembered and what still waits to come back. What was decided is not here: the journal has it.

use std::collections::HashSet;

use crate::{
    domain::{column::Column, identity::Identity, order::Order, query::Query, row::RowId, time::Millis},
    findings::row_set::RowSet,
};

use super::layout::Preview;

pub use super::visit::{Read, Visits};

/// What is remembered of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The name of the filter profile in force; empty where the file is of before there were any.
    pub profile: String,
    /// The query, in the form that is shown.
    pub query: String,
    /// The order.
    pub order: Order,
    /// The columns of the table.
    pub columns: Vec<Column>,
    /// Whether the preview is shown.
    pub preview: Preview,
    /// The filter as typed; empty is none.
    pub filter: String,
    /// The finding the cursor is on.
    pub cursor: Option<Identity>,
    /// The marked findings.
    pub marks: Vec<Identity>,
    /// What was read when: of this visit and of earlier ones.
    pub visits: Visits,
    /// The queries that were asked, the oldest first.
    pub queries: Vec<String>,
    /// The comments that were staged, as they were typed, the oldest first.
    pub comments: Vec<String>,
}

/// What comes back of the last session, and what was written for the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembering {
    /// Whether the last session has been looked at; until then nothing is written over it.
    pub recall: Recall,
    /// Marked findings of the last session that have not come yet.
    pub marks: HashSet<Identity>,
    /// The finding its cursor was on, until it comes.
    pub cursor: Option<Identity>,
    /// What was last written.
    pub written: Option<Snapshot>,
    /// When that was.
    pub written_at: Option<Millis>,
    /// Whether there is something newer to write.
    pub news: News,
}

/// Whether the last session has been looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Recall {
    /// Not yet.
    #[default]
    Awaited,
    /// Yes, and what was to come back does.
    Done,
}

/// Whether something newer than what was written is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum News {
    /// No.
    #[default]
    None,
    /// Yes, once enough time has passed.
    Waits,
}

/// Everything that is remembered, cheap to compare: rows instead of identities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The name of the filter profile in force.
    pub profile: String,
    /// The query.
    pub query: Query,
    /// The order.
    pub order: Order,
    /// The columns of the table.
    pub columns: Vec<Column>,
    /// Whether the preview is shown.
    pub preview: Preview,
    /// The filter.
    pub filter: String,
    /// The cursor's row.
    pub cursor: Option<RowId>,
    /// The marked rows.
    pub marks: RowSet,
    /// How many marks still wait for their findings.
    pub waiting: usize,
    /// What was read in this visit.
    pub reads: Vec<Read>,
    /// How often a query was added to those that were asked, or a comment to those that were staged.
    pub former: u64,
}
