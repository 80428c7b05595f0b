//! Scripted trouble: what can be made to go wrong, for which calls and for which findings. Nothing here is random, so a script plays the
//! same way each time.

mod file;
mod state;

use std::time::Duration;

use super::finding::{Finding, FindingIdentifier};
use super::operation::Operation;
use super::update::UpdateField;

pub(super) use self::state::FaultState;

/// A script of faults. Empty by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultPlan {
    /// Trouble with whole calls.
    pub calls: Vec<CallFault>,
    /// Trouble with single rows of an update.
    pub findings: Vec<FindingFault>,
    /// Fields that callers may not set.
    pub denials: Vec<Denial>,
    /// Findings that spoil every update they are part of.
    pub poison: Vec<Poison>,
}

/// Trouble with some calls of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFault {
    /// Which operation; `None` is any.
    pub operation: Option<Operation>,
    /// Which of its calls.
    pub calls: Calls,
    /// What happens to them.
    pub trouble: Trouble,
}

impl CallFault {
    /// Trouble with the nth call, counted from 1, of an operation.
    pub fn nth(operation: Operation, call: u64, trouble: Trouble) -> Self {
        Self { operation: Some(operation), calls: Calls::Range { first: call, last: call }, trouble }
    }

    /// Trouble with every call of an operation.
    pub fn every(operation: Operation, trouble: Trouble) -> Self {
        Self { operation: Some(operation), calls: Calls::Every, trouble }
    }
}

/// Which calls a fault meets. Each fault counts the calls of its operation from 1, from when the script was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calls {
    /// All of them.
    Every,
    /// From the first to the last of these, both included.
    Range {
        /// The first.
        first: u64,
        /// The last.
        last: u64,
    },
}

impl Calls {
    fn include(self, call: u64) -> bool {
        match self {
            Self::Every => true,
            Self::Range { first, last } => (first..=last).contains(&call),
        }
    }
}

/// What happens to a call. Several faults may meet one call: waits add up, and of answers the first counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It is answered with an error, and nothing is applied.
    Fail {
        /// Which error.
        error: CallError,
        /// Its message; `None` is what the service would say.
        message: Option<String>,
    },
    /// The connection is cut before anything is applied.
    CutBefore,
    /// It is carried out, then the connection is cut without an answer.
    CutAfter,
    /// It is carried out, and the connection is cut in the middle of the answer's body.
    CutBody,
    /// It waits so long before it is carried out.
    Slow(Duration),
    /// It waits until [`super::Emulator::release`] is called with this name.
    Hold {
        /// The name to release it by.
        name: String,
        /// Whether it waits before or after it is carried out.
        moment: HoldMoment,
    },
    /// It is carried out; its answer is not JSON.
    MalformedBody,
    /// The answer's first finding has a lone surrogate (`\ud800`) in a member `unmapped`, which no strict reader accepts.
    LoneSurrogate,
    /// It is carried out; rows are in neither list of the answer.
    MissingRows(MissingRows),
    /// The answer's findings come twice, as when pages of a moving list overlap.
    RepeatedRows,
}

/// When a held call waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HoldMoment {
    /// Before it is carried out.
    #[default]
    Before,
    /// After it was carried out and before it is answered.
    After,
}

/// Which rows are left out of an update's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingRows {
    /// The first so many processed rows.
    First(usize),
    /// These, by `metadata.uid`.
    Uids(Vec<String>),
}

/// An error that a whole call can be answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallError {
    /// 429 `ThrottlingException`
    Throttling,
    /// 500 `InternalServerException`
    Internal,
    /// 503 `ServiceUnavailable`, which the model does not have, without a JSON body
    Unavailable,
    /// 403 `AccessDeniedException`, naming the account, the action and the field if one is given
    AccessDenied(Option<UpdateField>),
    /// 400 `ValidationException`
    Validation,
    /// 409 `ConflictException`
    Conflict,
    /// 403 `ExpiredTokenException`
    ExpiredToken,
    /// 403 `UnrecognizedClientException`
    UnrecognizedClient,
    /// 403 `InvalidSignatureException`: the caller's clock is ahead
    SignatureNotYetCurrent,
    /// 403 `InvalidSignatureException`: the caller's clock is behind
    SignatureExpired,
    /// 403 `RequestExpired`: the caller's clock is behind
    RequestExpired,
    /// 400 `ValidationException` about the page token
    ExpiredPageToken,
}

/// Names findings. A selector matches a row of an update however the row was addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// By `metadata.uid`. Matches also if there is no such finding.
    Uid(String),
    /// By account, finding and product.
    Identifier(FindingIdentifier),
    /// By line in the file the findings came from, counted from 1.
    Line(u32),
}

/// A row of an update that faults are looked up for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) uid: Option<&'a str>,
    pub(super) identifier: Option<&'a FindingIdentifier>,
    pub(super) finding: Option<&'a Finding>,
}

impl Selector {
    fn selects(&self, target: &Target<'_>) -> bool {
        match self {
            Self::Uid(uid) => target.uid.or_else(|| target.finding.and_then(Finding::uid)) == Some(uid),
            Self::Identifier(identifier) => {
                target.identifier == Some(identifier) || target.finding.is_some_and(|finding| finding.is(identifier))
            }
            Self::Line(line) => target.finding.is_some_and(|finding| finding.line() == *line),
        }
    }
}

/// Trouble with one row of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingFault {
    /// Which finding.
    pub finding: Selector,
    /// The code its row gets.
    pub code: RowCode,
    /// The message its row gets.
    pub message: String,
    /// How often.
    pub times: Times,
}

/// How often a row fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Until the faults are cleared.
    Always,
    /// The first so many times it is part of an update.
    First(u64),
}

/// The codes a row can have (`BatchUpdateFindingsV2UnprocessedFindingErrorCode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
pub enum RowCode {
    /// There is no such finding, or not for this caller.
    ResourceNotFoundException,
    /// The change is not valid for this finding.
    ValidationException,
    /// The service failed.
    InternalServerException,
    /// Something else changed the finding.
    ConflictException,
}

impl RowCode {
    /// All four.
    pub const ALL: [Self; 4] =
        [Self::ResourceNotFoundException, Self::ValidationException, Self::InternalServerException, Self::ConflictException];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResourceNotFoundException => "ResourceNotFoundException",
            Self::ValidationException => "ValidationException",
            Self::InternalServerException => "InternalServerException",
            Self::ConflictException => "ConflictException",
        }
    }

    /// A message like the service's, for faults that bring none of their own.
    pub const fn usual_message(self) -> &'static str {
        match self {
            Self::ResourceNotFoundException => "The finding was not found",
            Self::ValidationException => "The update is not valid for this finding",
            Self::InternalServerException => "Internal server error while updating this finding",
            Self::ConflictException => "The finding was changed at the same time; try again",
        }
    }
}

/// A field that callers may not set, as an IAM condition on `securityhub:OCSFSyntaxPath/<field>` denies it: for the whole call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The field.
    pub field: UpdateField,
    /// The values that are denied, as text; empty denies every value.
    pub values: Vec<String>,
    /// The access key id that is denied; `None` denies everyone.
    pub caller: Option<String>,
}

/// A finding that makes every update it is part of fail validation as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poison {
    /// Which finding.
    pub finding: Selector,
    /// The error's message, which does not say which finding it was, unless it is written here.
    pub message: String,
}
