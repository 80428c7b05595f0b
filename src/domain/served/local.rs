//! What of a query is applied here, and why the service does not do it.

use std::fmt;

/// A part of a query that is applied here, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// It, as a text of the query language.
    pub clause: String,
    /// Why.
    pub why: WhyLocal,
}

/// Why a part of a query is applied here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyLocal {
    /// The service has no filter for this path.
    NotServed(String),
    /// The values at this path may be numbers or texts; the service compares texts.
    Untyped(String),
    /// The service has no such comparison for this field.
    NoComparison(String),
    /// `CONTAINS` and `NOT_CONTAINS` of maps are documented for automation rules only.
    AutomationRulesOnly,
    /// The service cannot exclude values of this field: its comparisons do not hold where it is absent.
    Negation(String),
    /// The service does not take this value, or does not say how it compares it.
    Value,
    /// More filters than a request may have.
    TooMany,
    /// Nested more deeply than a request may be.
    TooDeep,
    /// Comparisons of one field that the service does not take together.
    MixedComparisons,
    /// The service compares a little more widely: ages in whole days, the ends of a span of time, words each by itself.
    Exactness,
}

impl WhyLocal {
    /// Whether the service's answer holds hardly more than what is meant, so that it need not be said.
    pub const fn is_minor(&self) -> bool {
        matches!(self, Self::Exactness)
    }
}

impl fmt::Display for WhyLocal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotServed(path) => write!(f, "the service does not filter by {path}"),
            Self::Untyped(path) => write!(f, "the service compares {path} as a text only"),
            Self::NoComparison(path) => write!(f, "the service has no such comparison for {path}"),
            Self::AutomationRulesOnly => f.write_str("the service compares parts of a map's value in automation rules only"),
            Self::Negation(path) => write!(f, "the service cannot exclude values of {path}"),
            Self::Value => f.write_str("the service does not take this value, or does not say how it compares it"),
            Self::TooMany => write!(
                f,
                "a request takes no more than {} composite filters with {} filters of a kind in each",
                super::MAX_COMPOSITES,
                super::MAX_FILTERS
            ),
            Self::TooDeep => f.write_str("a request's filters are not nested so deeply"),
            Self::MixedComparisons => f.write_str("the service does not take these comparisons of one field together"),
            Self::Exactness => f.write_str("the service compares it a little more widely"),
        }
    }
}
