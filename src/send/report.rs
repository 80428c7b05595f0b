//! What a send says of itself while it goes: the same for the table, the problems panel and the command line.

use std::sync::Arc;

use crate::domain::{
    batch::RowCode,
    failure::{CallError, CallFailure},
    patch::{Patch, Values},
    row::RowId,
};

use super::plan::Plan;

/// What came of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowResult {
    /// A call with it is under way.
    Sending,
    /// It did not work and will be tried again by itself; the words are for the row.
    Waiting(ProblemKind),
    /// The service said that it was processed.
    Processed,
    /// A read shows that it has every value that was to be set: by an earlier call, or by someone else.
    SeenProcessed,
    /// It needs the analyst; its change stays staged.
    Problem(Problem),
    /// It was not sent because the send was stopped; its change stays staged.
    Unsent,
}

/// A row that needs the analyst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// The service's or the client's words; not yet cleaned for display.
    pub message: Arc<str>,
    /// The request id, where there is one.
    pub request_id: Option<Arc<str>>,
    /// What was sent: what a retry may send without another review, and what a later read has to show.
    pub patch: Patch,
    /// How many calls were made for it.
    pub tries: u32,
    /// For [`ProblemKind::Changed`]: what the analyst saw, and what it has now.
    pub change: Option<Box<Change>>,
}

/// A row whose values are not those the analyst saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What the analyst saw.
    pub seen: Values,
    /// What it has now.
    pub theirs: Values,
}

/// The kinds, in the order the problems panel lists them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// Its values changed since the analyst saw them: nothing was sent. Keep mine, or keep theirs.
    Changed,
    /// The service listed the row as unprocessed.
    Row(RowCode),
    /// A read did not find it: nothing was sent.
    Missing,
    /// Nobody can say whether it was carried out.
    Unknown,
    /// The whole call was refused: nothing of it was carried out.
    Call(CallFailure),
}

impl ProblemKind {
    /// Whether sending the same again, unchanged, can help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Row(code) => code.is_retryable(),
            Self::Unknown => true,
            Self::Changed | Self::Missing => false,
            Self::Call(failure) => !matches!(failure, CallFailure::AccessDenied | CallFailure::Validation),
        }
    }

    /// The short word for the row.
    pub fn word(&self) -> &str {
        match self {
            Self::Changed => "changed",
            Self::Row(code) => code.word(),
            Self::Missing => "not found",
            Self::Unknown => "unknown outcome",
            Self::Call(failure) => failure.word(),
        }
    }
}

/// A row with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReport {
    /// The row.
    pub row: RowId,
    /// What was sent, or would be.
    pub patch: Patch,
    /// What came of it.
    pub result: RowResult,
}

/// How far a send is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows in the whole send.
    pub rows: usize,
    /// Rows with an outcome of any kind that no further call of this send will change.
    pub answered: usize,
    /// Of those, processed.
    pub processed: usize,
    /// Writes made so far, retries included.
    pub calls: u64,
    /// Writes answered with too many requests.
    pub throttled: u64,
}

/// What a send is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activity {
    /// Rows are read before they are sent, or calls go out.
    Sending,
    /// It waits before it tries again, and why.
    Waiting(CallError),
    /// The analyst paused it.
    Paused,
    /// Something outside has to change first, such as credentials that expired. It looks by itself, and goes on by itself.
    Held(CallError),
    /// No further call goes out; those under way are waited for.
    Stopping,
    /// Nothing is under way and nothing will be sent any more.
    Over(End),
}

/// Why a send is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every row has an outcome.
    Done,
    /// It was told to stop.
    Stopped,
    /// The service refuses what would be refused for the other rows too.
    Refused(CallError),
    /// The journal could not be written, in its own words: nothing is sent that is not on disk first.
    Unwritable(String),
}

/// News of a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendReport {
    /// Rows with news.
    pub rows: Vec<RowReport>,
    /// How far it is.
    pub progress: Progress,
    /// What it is doing.
    pub activity: Activity,
}

/// What a send can be told while it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Steer {
    /// No further call until it is told to go on.
    Pause,
    /// Go on.
    Resume,
    /// No further call at all.
    Stop,
    /// These rows too, behind the others.
    More(Plan),
}
