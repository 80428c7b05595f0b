//! How a call to the service fails: a kind with one rule each, and what the service said.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a call failed, as a kind with one rule each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CallFailure {
    /// The policy forbids it.
    AccessDenied,
    /// Too many calls.
    Throttled,
    /// The service does not accept the request.
    Validation,
    /// The service says Conflict: most likely Security Hub V2 is off here.
    Conflict,
    /// The service failed.
    InternalServer,
    /// Security Hub V2 is not enabled in this account and Region.
    NotEnabled,
    /// Something named in the call does not exist.
    NotFound,
    /// Credentials were there and are not accepted: expired, deactivated, or unknown to the service.
    ExpiredCredentials,
    /// No credentials were found.
    MissingCredentials,
    /// No Region is configured.
    NoRegion,
    /// The clock of this machine is off.
    ClockSkew,
    /// The service could not be reached: nothing was sent.
    Unreachable,
    /// The connection was lost, or no answer came in time, after the request may have left.
    NoAnswer,
    /// An answer came that could not be read.
    BadAnswer,
    /// Something else; the code says what.
    Other,
}

impl CallFailure {
    /// Whether connecting anew, with the credential chain read again, is what helps once the cause is gone.
    pub const fn wants_reconnect(self) -> bool {
        matches!(self, Self::ExpiredCredentials | Self::MissingCredentials | Self::ClockSkew | Self::Unreachable)
    }

    /// The short word for a row and a heading.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AccessDenied => "AccessDenied",
            Self::Throttled => "Throttling",
            Self::Validation => "Validation",
            Self::Conflict => "Conflict",
            Self::InternalServer => "InternalServer",
            Self::NotEnabled => "not enabled",
            Self::NotFound => "not found",
            Self::ExpiredCredentials => "credentials expired",
            Self::MissingCredentials => "no credentials",
            Self::NoRegion => "no Region",
            Self::ClockSkew => "clock is off",
            Self::Unreachable => "no connection",
            Self::NoAnswer => "no answer",
            Self::BadAnswer => "unreadable answer",
            Self::Other => "error",
        }
    }

    /// Whether the service may have carried out a write all the same.
    pub const fn may_have_applied(self) -> bool {
        matches!(self, Self::NoAnswer | Self::BadAnswer | Self::InternalServer)
    }
}

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// The kind.
    pub failure: CallFailure,
    /// The operation, as the API names it; `connect` before there is one.
    pub operation: &'static str,
    /// The service's code, where it sent one.
    pub code: Option<String>,
    /// The service's message, or the client's own words; not yet cleaned for display.
    pub message: String,
    /// The request id, for a support case.
    pub request_id: Option<String>,
}

/// The one operation that changes something.
pub const WRITE: &str = "BatchUpdateFindingsV2";

impl CallError {
    /// Whether it was a write that failed.
    pub fn is_of_write(&self) -> bool {
        self.operation == WRITE
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation)?;
        match &self.code {
            Some(code) => write!(f, "{code}: {}", self.message)?,
            None => write!(f, "{:?}: {}", self.failure, self.message)?,
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CallError {}
