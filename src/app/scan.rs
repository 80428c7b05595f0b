//! What was asked for, how much of it is here, and which of that is shown.

use crate::{
    domain::{failure::CallError, query::Query, served::Served, time::Millis},
    findings::row_set::RowSet,
};

use super::event::{RequestId, ServedOrder};

/// What was asked for and how much of it is here.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Which findings.
    pub query: Query,
    /// The running or last scan.
    pub id: RequestId,
    /// How it stands.
    pub state: ScanState,
    /// When it began.
    pub began: Millis,
    /// Findings this scan has delivered, each counted once.
    pub loaded: usize,
    /// How many the service says there are.
    pub total: Option<u64>,
    /// How that is meant.
    pub bound: Bound,
    /// Of those, findings that were here before the scan: their values may have changed, and with them their place.
    pub updated: usize,
    /// Findings delivered more than once.
    pub duplicates: usize,
    /// Whether the service sorts as asked.
    pub order: ServedOrder,
    /// What the result held when the query was run again; until that has ended.
    pub before: Option<RowSet>,
}

/// How a number of findings that the service counted is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bound {
    /// As it is, but for what changes meanwhile.
    #[default]
    About,
    /// There may be fewer: part of the query is applied here.
    AtMost,
}

impl Bound {
    /// How the count of a query is meant.
    pub fn of(query: &Query) -> Self {
        if Served::of(query).local.is_empty() { Self::About } else { Self::AtMost }
    }

    /// `about`, `at most`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::AtMost => "at most",
        }
    }

    /// `~`, `≤`.
    pub const fn sign(self) -> char {
        match self {
            Self::About => '~',
            Self::AtMost => '≤',
        }
    }
}

/// How a scan stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanState {
    /// Not begun: not connected yet.
    Waiting,
    /// Not begun: the landing summary is looked at first.
    Held,
    /// Pages are coming.
    Loading,
    /// All pages are here.
    Complete,
    /// Stopped by the analyst.
    Stopped,
    /// Ended by an error.
    Failed(CallError),
}

impl ScanState {
    /// Whether more may still come.
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::Waiting | Self::Loading)
    }
}

/// Which rows are shown at all, whatever the filter; where both are set, rows that are both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Only {
    /// Those that were marked when this was chosen.
    pub marked: Option<RowSet>,
    /// Those that are new since the last visit.
    pub new: bool,
}
