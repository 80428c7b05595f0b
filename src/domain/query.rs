//! What the service is asked for.
//!
//! Today: by status, everything, or named findings. The text form is what the header shows.

use std::fmt;

use super::{identity::Identity, status::StatusId};

/// Which findings are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Every finding of the hub.
    Everything,
    /// Findings in one of these statuses.
    Status(Vec<StatusId>),
    /// Exactly these findings; those that cannot be addressed are never found. At most [`MAX_NAMED`] of one kind a request.
    Findings(Vec<Identity>),
}

/// Most findings named in one request: 20 filters of a kind in each of 10 composite filters would allow 200, but a page holds 100.
pub const MAX_NAMED: usize = 100;

impl Query {
    /// Findings that still wait for a decision: the default.
    pub fn open() -> Self {
        Self::Status(StatusId::OPEN.to_vec())
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("everything"),
            Self::Status(ids) => {
                f.write_str("status:")?;
                for (at, id) in ids.iter().enumerate() {
                    if at > 0 {
                        f.write_str(",")?;
                    }
                    match id.word() {
                        Some(word) => f.write_str(word)?,
                        None => write!(f, "{}", id.0)?,
                    }
                }
                Ok(())
            }
            Self::Findings(identities) => write!(f, "{} named findings", identities.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_query_is_shown_as_it_is_asked() {
        assert_eq!(Query::open().to_string(), "status:new,in_progress");
        assert_eq!(Query::Status(vec![StatusId(42)]).to_string(), "status:42");
    }
}
