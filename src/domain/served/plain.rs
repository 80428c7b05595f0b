//! The service's filters as plain types: a list of composites, in each of them filters and nested composites, in those filters only.

use crate::domain::{
    query::{
        expr::{Network, Relation},
        field::{self, Kind},
    },
    time::Millis,
};

/// Whether there is anything to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing can match: there is no call to make. Never sent as no filter, which would mean everything.
    Nothing,
    /// Everything: no filter.
    Everything,
    /// What the composites say.
    Filtered,
}

/// How filters are joined (`AllowedOperators`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// All hold.
    And,
    /// At least one holds.
    Or,
}

impl Operator {
    /// The one that this one alternates with.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::And => Self::Or,
            Self::Or => Self::And,
        }
    }
}

/// A composite filter of the list. Its operator joins its filters and the nested ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// How its parts are joined.
    pub operator: Operator,
    /// Its own filters, at most [`super::MAX_FILTERS`] of a kind.
    pub filters: Vec<Filter>,
    /// Nested ones, at most [`super::MAX_COMPOSITES`].
    pub nested: Vec<Nested>,
}

/// A nested composite filter: the last layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested {
    /// How its filters are joined.
    pub operator: Operator,
    /// Its filters, at most [`super::MAX_FILTERS`] of a kind.
    pub filters: Vec<Filter>,
}

/// One filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The service's name of the field.
    pub field: &'static str,
    /// What it is compared with.
    pub compared: Compared,
    /// The clause it comes from, by its place in the query's list of clauses.
    pub(super) origin: usize,
}

/// What a filter compares with.
#[derive(Debug, Clone, PartialEq)]
pub enum Compared {
    /// `StringFilters`; the value is never blank.
    Text(TextComparison, String),
    /// `NumberFilters`; the number is finite.
    Number(Relation, f64),
    /// `DateFilters` counted back from the present.
    Age(Days),
    /// `DateFilters` with `Start`, `End` or both.
    Between(Option<Millis>, Option<Millis>),
    /// `BooleanFilters`.
    Flag(bool),
    /// `MapFilters`: how, the key, the value; neither is blank.
    Map(MapComparison, String, String),
    /// `IpFilters`.
    Ip(Network),
}

/// Days before the present: `DateRange`. At least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// `WITHIN`: not longer ago.
    Within(i32),
    /// `OLDER_THAN`: longer ago.
    OlderThan(i32),
}

/// How a text is compared (`StringFilterComparison`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextComparison {
    /// `EQUALS`.
    Equals,
    /// `PREFIX`.
    Prefix,
    /// `CONTAINS`.
    Contains,
    /// `CONTAINS_WORD`.
    ContainsWord,
    /// `NOT_EQUALS`.
    NotEquals,
    /// `PREFIX_NOT_EQUALS`.
    PrefixNotEquals,
    /// `NOT_CONTAINS`.
    NotContains,
}

impl TextComparison {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Equals, Self::Prefix, Self::Contains, Self::ContainsWord, Self::NotEquals, Self::PrefixNotEquals, Self::NotContains];

    /// Its name in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "EQUALS",
            Self::Prefix => "PREFIX",
            Self::Contains => "CONTAINS",
            Self::ContainsWord => "CONTAINS_WORD",
            Self::NotEquals => "NOT_EQUALS",
            Self::PrefixNotEquals => "PREFIX_NOT_EQUALS",
            Self::NotContains => "NOT_CONTAINS",
        }
    }
}

/// How a value of a map is compared (`MapFilterComparison`). `CONTAINS` and `NOT_CONTAINS` are documented for automation rules only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapComparison {
    /// `EQUALS`.
    Equals,
    /// `NOT_EQUALS`.
    NotEquals,
}

impl MapComparison {
    /// Its name in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "EQUALS",
            Self::NotEquals => "NOT_EQUALS",
        }
    }
}

/// The list that a filter stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterKind {
    /// `StringFilters`.
    Text,
    /// `NumberFilters`.
    Number,
    /// `DateFilters`.
    Date,
    /// `BooleanFilters`.
    Flag,
    /// `MapFilters`.
    Map,
    /// `IpFilters`.
    Ip,
}

impl FilterKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Text, Self::Number, Self::Date, Self::Flag, Self::Map, Self::Ip];

    /// The member of a composite that lists filters of this kind.
    pub const fn member(self) -> &'static str {
        match self {
            Self::Text => "StringFilters",
            Self::Number => "NumberFilters",
            Self::Date => "DateFilters",
            Self::Flag => "BooleanFilters",
            Self::Map => "MapFilters",
            Self::Ip => "IpFilters",
        }
    }
}

/// What may stand together on one field of one composite: only filters of one sort. Wider mixtures are documented (`PREFIX` with
/// `NOT_EQUALS`), but others are refused, and one rule is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// `EQUALS` and `PREFIX`.
    Whole,
    /// `CONTAINS`, which goes with `CONTAINS` only.
    Part,
    /// `CONTAINS_WORD`; not mentioned by the rules, so kept apart.
    Word,
    /// `NOT_EQUALS` and `PREFIX_NOT_EQUALS`.
    NotWhole,
    /// `NOT_CONTAINS`, which goes with `NOT_CONTAINS` only.
    NotPart,
    /// `EQUALS` of a map.
    Pair,
    /// `NOT_EQUALS` of a map.
    NotPair,
    /// Numbers, dates, flags and addresses.
    Other,
}

impl Sort {
    /// Whether it holds where no value meets it.
    pub(super) const fn excludes(self) -> bool {
        matches!(self, Self::NotWhole | Self::NotPart | Self::NotPair)
    }
}

impl Filter {
    /// The list it stands in.
    pub const fn kind(&self) -> FilterKind {
        match self.compared {
            Compared::Text(..) => FilterKind::Text,
            Compared::Number(..) => FilterKind::Number,
            Compared::Age(_) | Compared::Between(..) => FilterKind::Date,
            Compared::Flag(_) => FilterKind::Flag,
            Compared::Map(..) => FilterKind::Map,
            Compared::Ip(_) => FilterKind::Ip,
        }
    }

    pub(super) const fn sort(&self) -> Sort {
        match self.compared {
            Compared::Text(TextComparison::Equals | TextComparison::Prefix, _) => Sort::Whole,
            Compared::Text(TextComparison::Contains, _) => Sort::Part,
            Compared::Text(TextComparison::ContainsWord, _) => Sort::Word,
            Compared::Text(TextComparison::NotEquals | TextComparison::PrefixNotEquals, _) => Sort::NotWhole,
            Compared::Text(TextComparison::NotContains, _) => Sort::NotPart,
            Compared::Map(MapComparison::Equals, ..) => Sort::Pair,
            Compared::Map(MapComparison::NotEquals, ..) => Sort::NotPair,
            Compared::Number(..) | Compared::Age(_) | Compared::Between(..) | Compared::Flag(_) | Compared::Ip(_) => Sort::Other,
        }
    }

    /// Whether the service compares the same thing in both.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.field == other.field && self.compared == other.compared
    }
}

/// A path as the service knows it, if it filters by it as that kind.
pub(super) fn known(path: &str, kind: Kind) -> Option<&'static str> {
    field::served(path).filter(|(_, served)| *served == kind).map(|(path, _)| path)
}
