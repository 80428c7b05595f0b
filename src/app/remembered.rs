//! What a session leaves to the next one on the same hub: the query, the order, what is marked and where the cursor is.
//!
//! Owns what is remembered and what still waits to come back. What was decided is not here: the journal has it.

use std::{fmt, sync::Arc};

use crate::{
    domain::{column::Column, identity::Identity, order::Order, query::Query, row::RowId, time::Millis},
    findings::{
        identities::{Identities, Names},
        row_set::RowSet,
    },
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
    pub marks: MarkedFindings,
    /// What was read when: of this visit and of earlier ones.
    pub visits: Visits,
    /// The queries that were asked, the oldest first.
    pub queries: Vec<String>,
    /// The comments that were staged, as they were typed, the oldest first.
    pub comments: Vec<String>,
}

/// Marked findings by name: those whose rows are here, and those that are awaited. Names are shared and not copied, however many there are;
/// whoever goes through them makes them.
#[derive(Clone, Default)]
pub struct MarkedFindings {
    names: Names,
    rows: RowSet,
    awaited: Awaited,
}

impl MarkedFindings {
    /// Rows of these names, and those that are awaited.
    pub const fn new(names: Names, rows: RowSet, awaited: Awaited) -> Self {
        Self { names, rows, awaited }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len() + self.awaited.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Identity> + '_ {
        self.rows.iter().filter_map(|row| self.names.identity(row)).chain(self.awaited.iter())
    }

    /// All of them as awaited by the next session. As they are read from a file none of them has a row: nothing is copied.
    pub fn to_awaited(&self) -> Awaited {
        if self.rows.is_empty() { self.awaited.clone() } else { self.iter().collect() }
    }
}

impl PartialEq for MarkedFindings {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for MarkedFindings {}

impl fmt::Debug for MarkedFindings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl FromIterator<Identity> for MarkedFindings {
    fn from_iter<I: IntoIterator<Item = Identity>>(marks: I) -> Self {
        Self { awaited: marks.into_iter().collect(), ..Self::default() }
    }
}

/// Marked findings of the last session that have not come yet. A clone shares their names.
#[derive(Clone, Default)]
pub struct Awaited {
    /// All that the last session had marked.
    all: Arc<Identities>,
    /// Those of them that have not come.
    left: RowSet,
}

impl Awaited {
    /// Takes out a finding that has come; says whether it was awaited.
    pub fn take(&mut self, identity: &Identity) -> bool {
        !self.left.is_empty() && self.all.row(identity).is_some_and(|at| self.left.remove(at))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Identity> + '_ {
        self.left.iter().filter_map(|at| self.all.identity(at))
    }
}

impl PartialEq for Awaited {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Awaited {}

impl fmt::Debug for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl FromIterator<Identity> for Awaited {
    fn from_iter<I: IntoIterator<Item = Identity>>(marks: I) -> Self {
        let (mut all, mut left) = (Identities::default(), RowSet::default());
        for identity in marks {
            if all.row(&identity).is_none() {
                left.insert(all.push(&identity));
            }
        }
        Self { all: Arc::new(all), left }
    }
}

/// What comes back of the last session, and what was written for the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembering {
    /// Whether the last session has been looked at; until then nothing is written over it.
    pub recall: Recall,
    /// Marked findings of the last session that have not come yet.
    pub marks: Awaited,
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
