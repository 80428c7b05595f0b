//! What the service is asked for, and its text form: what the header shows, `--query` takes and a plan file remembers.
//!
//! Small on purpose: terms of a few fields, joined by AND. Must not know the service's filters or their limits on requests.

pub mod expr;
pub mod field;
pub mod matching;
pub mod narrowing;
mod parser;

use std::{fmt, str::FromStr};

use super::{identity::Identity, severity::SeverityId, status::StatusId};

pub use parser::{Field, QueryError};

/// Which findings are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Every finding of the hub.
    Everything,
    /// Findings for which every one of these holds; without any, every finding.
    Terms(Vec<Term>),
    /// Exactly these findings; those that cannot be addressed are never found. At most [`MAX_NAMED`] of one kind a request.
    Findings(Vec<Identity>),
}

/// A field with the values that will do; none will do where the list is empty. At most [`MAX_VALUES`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// `status_id`.
    Status(Vec<StatusId>),
    /// `severity_id`.
    Severity(Vec<SeverityId>),
    /// `cloud.account.uid`. A finding without it is never asked for, although its row shows the account of its resource.
    Account(Vec<String>),
    /// `metadata.uid`, byte for byte.
    Uid(Vec<String>),
}

/// Most findings named in one request: 20 filters of a kind in each of 10 composite filters would allow 200, but a page holds 100.
pub const MAX_NAMED: usize = 100;

/// Most values of one term: 20 filters of a kind in each of 10 composite filters; the service's documentation of `OcsfFindingFilters` and
/// `CompositeFilter`.
pub const MAX_VALUES: usize = 200;

impl Query {
    /// Findings that still wait for a decision: the default.
    pub fn open() -> Self {
        Self::of_status(&StatusId::OPEN)
    }

    /// Findings in one of these statuses.
    pub fn of_status(ids: &[StatusId]) -> Self {
        Self::Terms(vec![Term::Status(ids.to_vec())])
    }
}

impl Term {
    /// The field.
    pub const fn field(&self) -> Field {
        match self {
            Self::Status(_) => Field::Status,
            Self::Severity(_) => Field::Severity,
            Self::Account(_) => Field::Account,
            Self::Uid(_) => Field::Uid,
        }
    }

    fn values(&self) -> Vec<String> {
        let word = |word: Option<&'static str>, id: i32| word.map_or_else(|| id.to_string(), str::to_owned);
        match self {
            Self::Status(ids) => ids.iter().map(|id| word(id.word(), id.0)).collect(),
            Self::Severity(ids) => ids.iter().map(|id| word(id.word(), id.0)).collect(),
            Self::Account(texts) | Self::Uid(texts) => texts.iter().map(|text| parser::quoted(text)).collect(),
        }
    }
}

/// The word that stands for [`Query::Everything`].
pub(super) const EVERYTHING: &str = "everything";

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str(EVERYTHING),
            Self::Terms(terms) if terms.is_empty() => f.write_str(EVERYTHING),
            Self::Terms(terms) => {
                for (at, term) in terms.iter().enumerate() {
                    let space = if at > 0 { " " } else { "" };
                    write!(f, "{space}{}:{}", term.field().name(), term.values().join(","))?;
                }
                Ok(())
            }
            Self::Findings(identities) => write!(f, "{} named findings", identities.len()),
        }
    }
}

impl FromStr for Query {
    type Err = QueryError;

    /// Reads the text form.
    fn from_str(text: &str) -> Result<Self, QueryError> {
        parser::parse(text)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_default_query_is_shown_as_it_is_asked() {
        assert_eq!(Query::open().to_string(), "status:new,in_progress");
        assert_eq!(Query::of_status(&[StatusId(42)]).to_string(), "status:42");
        assert_eq!(Query::Terms(Vec::new()).to_string(), "everything");
    }

    fn values() -> impl Strategy<Value = Vec<String>> {
        let text = proptest::collection::vec(any::<char>().prop_filter("visible", |c| !super::super::text::is_hidden(*c)), 1..12);
        proptest::collection::vec(text.prop_map(|chars| chars.into_iter().collect::<String>()), 1..5)
    }

    fn ids() -> impl Strategy<Value = Vec<i32>> {
        proptest::collection::vec(prop_oneof![0..7_i32, Just(99), any::<i32>()], 1..5)
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back_as_the_same(
            status in proptest::option::of(ids()),
            severity in proptest::option::of(ids()),
            account in proptest::option::of(values()),
            uid in proptest::option::of(values()),
        ) {
            let terms: Vec<Term> = [
                status.map(|ids| Term::Status(ids.into_iter().map(StatusId).collect())),
                severity.map(|ids| Term::Severity(ids.into_iter().map(SeverityId).collect())),
                account.map(Term::Account),
                uid.map(Term::Uid),
            ].into_iter().flatten().collect();
            let query = if terms.is_empty() { Query::Everything } else { Query::Terms(terms) };
            prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
        }

        #[test]
        fn no_text_makes_the_parser_fail_other_than_with_a_column_in_the_text(text in any::<String>()) {
            if let Err(error) = text.parse::<Query>() {
                prop_assert!((1..=text.chars().count() + 1).contains(&error.column));
            }
        }
    }
}
