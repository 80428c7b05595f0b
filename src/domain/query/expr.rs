//! A query as a tree: clauses joined by and, or, not. What the text form is read into, the service's filters are made from, and findings
//! are matched against.
//!
//! Plain data. A clause has only what its field's kind can compare; the parser sees to that.

use core::net::IpAddr;

use super::field::Field;
use crate::domain::{severity::SeverityId, status::StatusId, time::Millis};

/// An expression. `All` and `Any` hold at least two, and never one of their own kind directly; `Not` holds no `Not`.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// Each holds.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// It does not hold. A field that is absent meets no comparison, so it meets the negation of every one.
    Not(Box<Self>),
    /// A comparison.
    Clause(Clause),
}

impl Expr {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut parts = match self {
            Self::All(parts) => parts,
            one => vec![one],
        };
        match other {
            Self::All(more) => parts.extend(more),
            one => parts.push(one),
        }
        Self::All(parts)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut parts = match self {
            Self::Any(parts) => parts,
            one => vec![one],
        };
        match other {
            Self::Any(more) => parts.extend(more),
            one => parts.push(one),
        }
        Self::Any(parts)
    }

    /// It does not hold; twice is the same again.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            expr => Self::Not(Box::new(expr)),
        }
    }

    /// A field that has one of these texts as its whole value; `None` where there is none, or only an empty one, which no field has.
    pub fn equals<'a>(field: &Field, texts: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let pattern = |text: &str| (!text.is_empty()).then(|| Pattern { how: How::Equals, text: text.to_owned() });
        let patterns: Vec<Pattern> = texts.into_iter().filter_map(pattern).collect();
        (!patterns.is_empty()).then(|| Self::Clause(Clause { field: field.clone(), test: Test::Text(patterns) }))
    }
}

/// A field compared with values. A path that runs through arrays has many values: a clause holds if any of them meets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// What is compared.
    pub field: Field,
    /// With what.
    pub test: Test,
}

/// What a field is compared with. Lists are never empty, and one of their entries suffices.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Texts; also the texts of a field of any kind ([`super::field::Kind::Any`]). As they are read, all of a list have the same operator:
    /// whole values and beginnings stand together, parts and words apart.
    Text(Vec<Pattern>),
    /// A number. Lists have only [`Relation::Equal`].
    Number(Relation, Vec<f64>),
    /// A point in time.
    Date(DateTest),
    /// Yes or no.
    Flag(bool),
    /// A name with its value.
    Map(Vec<MapTest>),
    /// Addresses.
    Ip(Vec<Network>),
    /// Severities. An order holds Unknown and Other never; lists have only [`Relation::Equal`].
    Severity(Relation, Vec<SeverityId>),
    /// Statuses.
    Status(Vec<StatusId>),
    /// It has any value at all: `field:*`. Applied locally: the service has no such filter.
    Present,
}

/// How two values relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// The same.
    Equal,
    /// Less.
    Less,
    /// Less or the same.
    AtMost,
    /// Greater.
    Greater,
    /// Greater or the same.
    AtLeast,
}

/// A text to compare with. Case counts, but for words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// How.
    pub how: How,
    /// With what; as it is, not cleaned. Never empty.
    pub text: String,
}

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// The whole value: `title:x`.
    Equals,
    /// Its beginning: `title:x*`.
    Prefix,
    /// Anywhere in it: `title~x`.
    Contains,
    /// As whole words, whatever the case: `title~~x`. Words are runs of letters and digits.
    Word,
}

/// A point in time compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateTest {
    /// How long ago: `age<7d` is [`Relation::Less`], so within seven days. Only the four orders.
    Age(Relation, Span),
    /// When: `created>=2026-01-31`. The moment is the beginning of the day where only a day was written.
    Moment(Relation, Moment),
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `m`.
    Minutes,
    /// `h`.
    Hours,
    /// `d`.
    Days,
    /// `w`: seven days.
    Weeks,
}

impl Span {
    /// In milliseconds.
    pub const fn millis(self) -> i64 {
        let unit = match self.unit {
            Unit::Minutes => 60_000,
            Unit::Hours => 3_600_000,
            Unit::Days => 86_400_000,
            Unit::Weeks => 604_800_000,
        };
        self.count as i64 * unit
    }
}

/// A moment as it was written, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A whole day: its first millisecond. Equal to it is any time of that day; greater is after it.
    Day(Millis),
    /// A time to the millisecond.
    Time(Millis),
}

/// A name with its value compared; `tag:env=prod`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MapTest {
    /// The name; never empty.
    pub key: String,
    /// How its value is compared, and with what; `None` is any: `tag:env` and `tag:env=*`. [`How::Equals`], [`How::Prefix`] or
    /// [`How::Contains`]; the text may be empty only for [`How::Equals`].
    pub value: Option<Pattern>,
}

/// An address or a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    /// Its address; bits behind the prefix are zero.
    pub address: IpAddr,
    /// Bits that count: 32 or 128 for one address.
    pub prefix: u8,
}
