//! One entry of the journal: something that was decided, is about to be done, or came of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{
    batch::Outcome,
    failure::CallFailure,
    identity::Identity,
    patch::{Patch, Values},
    time::Millis,
};

use super::carried::Carried;

/// The place of an entry in a hub's journal: from 1, without gaps, going on across rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// Names one send of a hub: milliseconds since the epoch at which it was confirmed, one more where that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SendId(pub u64);

impl SendId {
    /// When the send was confirmed, as its name says.
    pub fn at(self) -> Millis {
        Millis(i64::try_from(self.0).unwrap_or(i64::MAX))
    }
}

/// Names a plan file: the digest it carries of what it would do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(pub String);

/// The number of a call within its send, from 1; a retry is another call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallNumber(pub u64);

/// Who is at work. Never holds credentials: an ARN names a caller, it does not let anybody in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Who {
    /// The caller's ARN, from STS; `None` while STS has not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The user of the operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The address that `SSH_CONNECTION` names as the client's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The process.
    pub process: u32,
    /// The release of hubtriage.
    pub release: String,
}

/// What was decided about some rows: the same for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedGroup {
    /// Everything that is staged on each of these rows from now on, not only what was added.
    pub patch: Patch,
    /// The rows, each with the values the analyst saw.
    pub rows: Vec<KnownRow>,
}

/// A row with its values as they were known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRow {
    /// Which finding.
    pub identity: Identity,
    /// Its values, as the analyst saw them.
    #[serde(default)]
    pub values: Values,
}

/// Why a staged change is none any more, other than by being processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unstaged {
    /// The analyst dropped it or took its staging back.
    Dropped,
    /// Every staged value was there already.
    AlreadyThere,
    /// Someone else's values were kept.
    TheirsKept,
}

/// What a send comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// It has every value that was sent.
    Processed,
    /// It does not.
    NotProcessed,
    /// It was not found.
    Missing,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Entry {
    /// A session began, or its caller became known.
    Session(Who),
    /// Changes were staged: from now on exactly this is staged on these rows.
    #[serde(with = "groups")]
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The service's or the client's words.
        message: String,
        /// The service's request id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
    /// What a former file left unfinished, at the head of the file that goes on: it repeats, and decides nothing.
    Carried(Carried),
}

/// `Staged` is a list; an entry is an object.
pub(super) mod groups {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::StagedGroup;

    #[derive(Serialize, Deserialize)]
    struct Groups<'a> {
        groups: Cow<'a, [StagedGroup]>,
    }

    pub(in crate::journal) fn serialize<S: Serializer>(groups: &[StagedGroup], serializer: S) -> Result<S::Ok, S::Error> {
        Groups { groups: Cow::Borrowed(groups) }.serialize(serializer)
    }

    pub(in crate::journal) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StagedGroup>, D::Error> {
        Ok(Groups::deserialize(deserializer)?.groups.into_owned())
    }
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
