//! One call of `BatchUpdateFindingsV2` and what came of each of its rows.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{identity::Identity, patch::Patch};

/// Most findings in one call, by either kind of identifier; `BatchUpdateFindingsV2` in the service's model.
pub const MAX_ROWS: usize = 100;

/// One call: identities of one kind only, one patch for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// At most [`MAX_ROWS`], all by `metadata.uid` or all by identifier, never mixed.
    pub identities: Vec<Identity>,
    /// What is set on every one of them.
    pub patch: Patch,
}

/// The four codes of `UnprocessedFindings`, and room for one that a later release adds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum RowCode {
    /// Someone or something changed the finding at the same time.
    Conflict,
    /// The service failed on this row.
    InternalServer,
    /// Aged out, or not in this account or Region.
    ResourceNotFound,
    /// A value is not accepted for this row.
    Validation,
    /// A code this program does not know, as it was sent.
    Other(String),
}

impl RowCode {
    /// Reads the service's spelling.
    pub fn parse(code: &str) -> Self {
        match code {
            "ConflictException" => Self::Conflict,
            "InternalServerException" => Self::InternalServer,
            "ResourceNotFoundException" => Self::ResourceNotFound,
            "ValidationException" => Self::Validation,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The service's spelling.
    pub fn code(&self) -> &str {
        match self {
            Self::Conflict => "ConflictException",
            Self::InternalServer => "InternalServerException",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::Validation => "ValidationException",
            Self::Other(code) => code,
        }
    }

    /// The short word of the row and the problems panel.
    pub fn word(&self) -> &str {
        match self {
            Self::Conflict => "Conflict",
            Self::InternalServer => "InternalServer",
            Self::ResourceNotFound => "ResourceNotFound",
            Self::Validation => "Validation",
            Self::Other(code) => code,
        }
    }

    /// One clause that says what the code means for the analyst.
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::Conflict => "something else changed it at the same moment",
            Self::InternalServer => "the service failed on this finding; it may work again",
            Self::ResourceNotFound => "aged out, or not in this account or Region",
            Self::Validation => "the service does not accept the value for this finding",
            Self::Other(_) => "a code this release of hubtriage does not know",
        }
    }

    /// Whether sending the same again can help.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Conflict | Self::InternalServer | Self::Other(_))
    }
}

impl From<String> for RowCode {
    fn from(code: String) -> Self {
        Self::parse(&code)
    }
}

impl From<RowCode> for String {
    fn from(code: RowCode) -> Self {
        code.code().to_owned()
    }
}

/// What came of one row of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The service listed it as processed.
    Processed,
    /// The service listed it as unprocessed.
    Unprocessed {
        /// Why, as a code.
        code: RowCode,
        /// Why, in the service's words (not yet cleaned for display).
        message: Arc<str>,
    },
    /// Nobody can say: in neither list, or the answer never came.
    Unknown {
        /// Why it is unknown.
        why: Arc<str>,
    },
}

/// The answer to one call, row by row, in the order of the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// As many as the batch has rows.
    pub outcomes: Vec<Outcome>,
    /// The service's request id, for a support case.
    pub request_id: Option<Arc<str>>,
}
