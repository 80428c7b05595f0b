//! A row of a send, and what rows are gathered into.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::super::{bisection::Bisection, report::ProblemKind, rule::Failures};
use crate::domain::{
    failure::CallError,
    identity::Identity,
    patch::{Patch, Values},
    row::RowId,
};

/// A row's place in the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Slot(pub(super) usize);

/// Where a row is. In one place only, so that no two calls ever have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Another change of the same finding goes first.
    Behind,
    /// It waits to be read before it is sent.
    Unread,
    /// It waits to be read, because something has to be found out.
    Looking,
    /// A read with it is under way, or waits to be made again.
    Reading,
    /// It may go into the next call of its lane.
    Ready,
    /// It waits before it is tried again.
    Waiting,
    /// It stands in a call that is not under way.
    Packed,
    /// A call with it is under way.
    InFlight,
    /// It has its result.
    Over,
}

/// Why a row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Whether its values are still those the analyst saw.
    Check,
    /// The service said Conflict: whether its values are still those the analyst saw.
    Conflict,
    /// Whether a call was carried out; if not, it may be sent again.
    Doubt,
    /// Whether a call was carried out; its problem is known, and it is not sent again whatever is seen.
    Settle,
    /// Whether a call was carried out; the send ended.
    Conclude,
}

/// Whether a call may have been carried out without anybody saying so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    /// No call was, as far as calls were answered.
    No,
    /// One may have been.
    Perhaps,
}

/// What went wrong last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) kind: ProblemKind,
    pub(super) message: Arc<str>,
    pub(super) request_id: Option<Arc<str>>,
}

impl Trouble {
    pub(super) fn of_call(error: &CallError) -> Self {
        Self::with_words(ProblemKind::Call(error.failure), &error.message, error.request_id.as_deref())
    }

    pub(super) fn with_words(kind: ProblemKind, message: &str, request_id: Option<&str>) -> Self {
        Self { kind, message: Arc::from(message), request_id: request_id.map(Arc::from) }
    }
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: RowId,
    pub(super) identity: Identity,
    pub(super) lane: usize,
    pub(super) patch: Arc<Patch>,
    /// What the analyst saw.
    pub(super) seen: Values,
    /// What the last read showed before anything was sent.
    pub(super) before: Option<Values>,
    pub(super) checks: Checks,
    pub(super) stage: Stage,
    pub(super) purpose: Purpose,
    pub(super) applied: Applied,
    /// Writes made with it.
    pub(super) calls: u32,
    /// Calls that were answered and did not process it.
    pub(super) tries: u32,
    pub(super) failures: Failures,
    pub(super) trouble: Option<Trouble>,
}

/// Whether a row is read before it is sent, and when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checks {
    /// It is not.
    Never,
    /// It has to be.
    Due,
    /// It was, then.
    Done(Duration),
}

impl Checks {
    /// Whether the last read is so old that someone may have come between.
    pub(super) fn is_stale(self, now: Duration, holds: Duration) -> bool {
        matches!(self, Self::Done(at) if at + holds < now) || self == Self::Due
    }
}

/// What was seen of a patch, wherever it was sent.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) patch: Arc<Patch>,
    /// A call with it was accepted.
    pub(super) is_accepted: bool,
    /// Rows that were refused alone while it was not.
    pub(super) alone: u32,
    /// Calls under way.
    pub(super) in_flight: usize,
    /// Searches for refused rows.
    pub(super) searches: usize,
    /// Why it is never sent again.
    pub(super) refused: Option<Trouble>,
}

/// Rows that may share a call: of one patch, addressed in one way.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) tried: usize,
    pub(super) unread: VecDeque<Slot>,
    pub(super) ready: VecDeque<Slot>,
    /// Its rows that a read for the check is under way for: they may still join the next call.
    pub(super) coming: usize,
}

/// One call that is not under way.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) lane: usize,
    pub(super) rows: Vec<Slot>,
    /// The search it is a step of.
    pub(super) search: Option<SearchId>,
}

/// A read that is not under way.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) rows: Vec<Slot>,
    pub(super) failures: Failures,
}

/// Names a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct SearchId(pub(super) u64);

/// A search for the rows that a call was refused for.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) lane: usize,
    pub(super) bisection: Bisection<Slot>,
}

/// Something that waits for its time.
#[derive(Debug)]
pub(super) enum Unit {
    /// A call.
    Write(Parcel),
    /// A read.
    Read(Question),
    /// A row, to be sent again.
    Send(Slot),
    /// A row, to be read.
    Look(Slot),
}

/// What holds the send.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) error: CallError,
    /// When it is looked whether it is gone; `None` while that is under way.
    pub(super) look_at: Option<Duration>,
}
