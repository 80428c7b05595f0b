//! Which rows are chosen, and what is about to be chosen.
//!
//! Plain data; marking is done in `update`.

use crate::{domain::row::RowId, findings::row_set::RowSet};

/// Chosen rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The marked rows.
    pub rows: RowSet,
    /// The set before it was last cleared or replaced, for marking again.
    pub last: RowSet,
    /// A range being drawn.
    pub range: Option<Range>,
    /// Waits until all rows of the query are loaded, to mark them.
    pub rest: Option<Rest>,
}

/// A range being drawn from its anchor to the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Where it began.
    pub anchor: RowId,
    /// What it will do.
    pub kind: RangeKind,
}

/// What waits until all rows of the query are loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// The filter that was in force: another one would leave other rows.
    pub filter: String,
}

/// What a range does when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeKind {
    /// Marks.
    Mark,
    /// Unmarks.
    Unmark,
}
