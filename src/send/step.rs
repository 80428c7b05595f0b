//! What passes between the engine and its driver: steps to take, and what came of them.

use crate::domain::{
    batch::{Answer, Batch},
    failure::CallError,
    identity::Identity,
    patch::{Patch, Values},
};

use super::report::Steer;

/// The number of a write within its send, from 1; a retry is another call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallNumber(pub u64);

/// The number of a read within its send, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReadNumber(pub u64);

/// What the driver is to do. It answers each with one [`Fact`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Put the intent on disk, then make the call once.
    Write {
        /// Its number.
        call: CallNumber,
        /// What is sent.
        batch: Batch,
        /// The values before, in the batch's order, as far as they are known.
        before: Vec<Values>,
    },
    /// Read these findings, all pages of them; at most [`crate::domain::batch::MAX_ROWS`].
    Read {
        /// Its number.
        read: ReadNumber,
        /// Which.
        identities: Vec<Identity>,
    },
    /// Ask whether Security Hub V2 is on.
    Describe,
    /// Connect anew, with the credential chain read again, and ask whether Security Hub V2 is on: that shows whether calls go through.
    Reconnect,
}

/// What the driver tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A write came to its end.
    Written(CallNumber, Result<Answer, CallError>),
    /// A write was not made, because its intent could not be put on disk; the journal's words.
    Withdrawn(CallNumber, String),
    /// A read came to its end. What was asked for and is not in it was not found.
    Read(ReadNumber, Result<Vec<(Identity, Values)>, CallError>),
    /// The answer to [`Step::Describe`].
    Described(Result<(), CallError>),
    /// What came of [`Step::Reconnect`].
    Reconnected(Result<(), CallError>),
    /// The analyst, or whoever runs it, told it something.
    Steered(Steer),
    /// Something else could not be put on disk; the journal's words.
    Unwritable(String),
}

/// What a read showed of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It has every value that was to be set.
    Processed,
    /// It does not.
    NotProcessed,
    /// It was not found.
    Missing,
}

/// Rows whose outcome a read showed: for the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// What was sent, or would have been.
    pub patch: Patch,
    /// Which rows, and what was seen.
    pub rows: Vec<(Identity, Seen)>,
}
