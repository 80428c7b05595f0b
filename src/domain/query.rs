//! What is asked for, and its text form: what the header shows, `--query` takes and a plan file remembers.
//!
//! A query is a tree of comparisons ([`expr`]) over fields ([`field`]). Must not know the service's filters or their limits on requests.

pub mod completion;
mod error;
pub mod expr;
pub mod field;
pub mod matching;
pub mod narrowing;
mod parser;
mod reader;
mod values;
mod words;
mod written;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use super::{identity::Identity, status::StatusId};

pub use error::{QueryError, Wrong};

use expr::{Clause, Expr, Test};
use field::{Field, SHORTS};

/// Which findings are wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Every finding of the hub.
    Everything,
    /// Findings for which this holds.
    Where(Expr),
    /// Exactly these findings; those that cannot be addressed are never found. At most [`MAX_NAMED`] of one kind a request.
    Findings(Vec<Identity>),
}

// Numbers of a query are finite.
impl Eq for Query {}

/// Most findings named in one request: 20 filters of a kind in each of 10 composite filters would allow 200, but a page holds 100.
pub const MAX_NAMED: usize = 100;

/// Most characters of a text that is read as a query.
pub const MAX_LENGTH: usize = 32_000;

/// Most parentheses inside each other in a text that is read as a query.
pub const MAX_DEPTH: usize = 64;

/// The word that stands for [`Query::Everything`].
const EVERYTHING: &str = "everything";

impl Query {
    /// Findings that still wait for a decision: the default.
    pub fn open() -> Self {
        Self::of_status(&StatusId::OPEN)
    }

    /// Findings in one of these statuses; of none, no finding.
    pub fn of_status(ids: &[StatusId]) -> Self {
        match SHORTS.iter().find(|short| short.name == "status") {
            Some(status) if !ids.is_empty() => {
                Self::Where(Expr::Clause(Clause { field: Field::Short(status), test: Test::Status(ids.to_vec()) }))
            }
            _ => Self::Findings(Vec::new()),
        }
    }

    /// The parts that all have to hold, in their order. None where everything is wanted, or named findings are.
    pub fn conjuncts(&self) -> Vec<&Expr> {
        match self {
            Self::Everything | Self::Findings(_) => Vec::new(),
            Self::Where(Expr::All(parts)) => parts.iter().collect(),
            Self::Where(expr) => vec![expr],
        }
    }

    /// This query without one of its [`Self::conjuncts`]; the same where there is none at that place.
    #[must_use]
    pub fn without(&self, at: usize) -> Self {
        let parts = self.conjuncts();
        if at >= parts.len() {
            return self.clone();
        }
        let kept = parts.into_iter().enumerate().filter(|(place, _)| *place != at).map(|(_, part)| part.clone());
        kept.reduce(Expr::and).map_or(Self::Everything, Self::Where)
    }

    /// The query and a clause; what it says of the clause's field gives way. Named findings stay what they are.
    #[must_use]
    pub fn narrowed(&self, clause: Clause) -> Self {
        match self {
            Self::Everything => Self::Where(narrowing::narrowed(None, clause)),
            Self::Where(expr) => Self::Where(narrowing::narrowed(Some(expr), clause)),
            Self::Findings(_) => self.clone(),
        }
    }

    /// Findings of this query for which something else holds too. Named findings cannot be narrowed: they stay as they are.
    #[must_use]
    pub fn and(&self, expr: Expr) -> Self {
        match self {
            Self::Everything => Self::Where(expr),
            Self::Where(own) => Self::Where(own.clone().and(expr)),
            Self::Findings(_) => self.clone(),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str(EVERYTHING),
            Self::Where(expr) => write!(f, "{expr}"),
            Self::Findings(identities) => write!(f, "{} named findings", identities.len()),
        }
    }
}

impl FromStr for Query {
    type Err = QueryError;

    /// Reads the text form; an empty text means everything.
    fn from_str(text: &str) -> Result<Self, QueryError> {
        parser::parse(text)
    }
}
