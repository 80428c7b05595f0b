//! One entry of the journal: something that was decided, is about to be done, or came of it.

use std::sync::Arc;

use crate::domain::{
    batch::Outcome,
    failure::CallFailure,
    identity::Identity,
    patch::{Patch, Values},
    time::Millis,
};

/// The place of an entry in a hub's journal: from 1, without gaps, going on across rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Seq(pub u64);

/// Names one send of a hub: milliseconds since the epoch at which it was confirmed, one more where that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SendId(pub u64);

/// Names a plan file: the digest it carries of what it would do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlanId(pub String);

/// The number of a call within its send, from 1; a retry is another call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallNumber(pub u64);

/// Who is at work. Never holds credentials: an ARN names a caller, it does not let anybody in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// The caller's ARN, from STS; `None` while STS has not answered.
    pub arn: Option<String>,
    /// The user of the operating system.
    pub user: Option<String>,
    /// The address that `SSH_CONNECTION` names as the client's.
    pub address: Option<String>,
    /// The process.
    pub process: u32,
    /// The release of hubtriage.
    pub release: String,
}

/// What was decided about some rows: the same for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedGroup {
    /// Everything that is staged on each of these rows from now on, not only what was added.
    pub patch: Patch,
    /// The rows, each with the values the analyst saw.
    pub rows: Vec<KnownRow>,
}

/// A row with its values as they were known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// Which finding.
    pub identity: Identity,
    /// Its values, as the analyst saw them.
    pub values: Values,
}

/// Why a staged change is none any more, other than by being processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstaged {
    /// The analyst dropped it or took its staging back.
    Dropped,
    /// Every staged value was there already.
    AlreadyThere,
    /// Someone else's values were kept.
    TheirsKept,
}

/// What a send comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The review.
    Review,
    /// A plan file, so that an interrupted plan can be gone on with.
    Plan {
        /// The plan.
        plan: PlanId,
        /// Where its file was.
        file: String,
    },
    /// The review of former values of an earlier send.
    Undo(SendId),
}

/// What a later read showed of a row whose outcome was unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It has every value that was sent.
    Processed,
    /// It does not.
    NotProcessed,
    /// It was not found.
    Missing,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A session began, or its caller became known.
    Session(Who),
    /// Changes were staged: from now on exactly this is staged on these rows.
    Staged(Vec<StagedGroup>),
    /// Nothing is staged on these rows any more.
    Unstaged {
        /// Which.
        rows: Vec<Identity>,
        /// Why.
        why: Unstaged,
    },
    /// A send was confirmed.
    SendBegan {
        /// Its name.
        send: SendId,
        /// What it comes from.
        origin: Origin,
        /// How many rows it has.
        rows: usize,
    },
    /// A call is about to be made. On disk before its request leaves.
    Intent {
        /// The send it belongs to.
        send: SendId,
        /// Its number.
        call: CallNumber,
        /// What it sets.
        patch: Patch,
        /// On which rows, in the order of the request, with the values before.
        rows: Vec<KnownRow>,
    },
    /// A call was answered, row by row in the order of its intent.
    Answered {
        /// The send it belongs to.
        send: SendId,
        /// Its number.
        call: CallNumber,
        /// The service's request id.
        request_id: Option<Arc<str>>,
        /// As many as the intent has rows.
        outcomes: Vec<Outcome>,
    },
    /// A call failed as a whole.
    Failed {
        /// The send it belongs to.
        send: SendId,
        /// Its number.
        call: CallNumber,
        /// How.
        failure: CallFailure,
        /// The service's code.
        code: Option<String>,
        /// The service's or the client's words.
        message: String,
        /// The service's request id.
        request_id: Option<String>,
    },
    /// A read showed what came of rows. For rows that were sent before with an unknown outcome, or that needed no call any more.
    Settled {
        /// The send they belong to.
        send: SendId,
        /// What was sent, or would have been.
        patch: Patch,
        /// Which rows, and what was seen.
        rows: Vec<(Identity, Seen)>,
    },
    /// A send ended; rows that were never sent are still staged, or still in their plan.
    SendEnded {
        /// Which.
        send: SendId,
        /// Rows of it that no call was made for.
        unsent: usize,
    },
}

/// An entry with its place and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// Its place.
    pub seq: Seq,
    /// When it was written.
    pub at: Millis,
    /// What it says.
    pub entry: Entry,
}
