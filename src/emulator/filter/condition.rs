//! One comparison of any kind, asked about one field of one finding.
//!
//! A field may have several values, because its path runs through arrays: a comparison that looks for something holds if any value
//! meets it, one that excludes something holds if none does. So an absent field meets every excluding comparison and no other.

use serde_json::Value;

use super::super::document::Datum;
use super::super::failure::Failure;
use super::super::field::{FieldId, FieldKind};
use super::super::finding::Finding;
use super::super::members::Members;
use super::date::DateSpan;
use super::ip::IpRange;
use super::map::MapTest;
use super::number::NumberSpan;
use super::text::TextTest;
use super::{Rules, Sense};

#[derive(Debug)]
pub(super) enum Condition {
    Text(TextTest),
    Number(NumberSpan),
    Date(DateSpan),
    Boolean(bool),
    Map(MapTest),
    Ip(IpRange),
}

impl Condition {
    /// Reads a `Filter` member of that kind; with it the key, for maps.
    pub(super) fn read(kind: FieldKind, value: &Value, place: &str, rules: &Rules) -> Result<(Self, Option<String>), Failure> {
        Ok(match kind {
            FieldKind::Text => (Self::Text(TextTest::read(value, place, rules)?), None),
            FieldKind::Number => (Self::Number(NumberSpan::read(value, place)?), None),
            FieldKind::Date => (Self::Date(DateSpan::read(value, place, rules)?), None),
            FieldKind::Boolean => {
                let members = Members::of(value, place, &["Value"])?;
                (Self::Boolean(members.required_flag("Value")?), None)
            }
            FieldKind::Map => {
                let test = MapTest::read(value, place)?;
                let key = test.key().to_owned();
                (Self::Map(test), Some(key))
            }
            FieldKind::Ip => (Self::Ip(IpRange::read(value, place)?), None),
        })
    }

    pub(super) fn sense(&self) -> Sense {
        match self {
            Self::Text(test) => test.sense(),
            Self::Map(test) => test.sense(),
            Self::Number(_) | Self::Date(_) | Self::Boolean(_) | Self::Ip(_) => Sense::Looks,
        }
    }

    /// Whether entries on one field are joined before `Operator` applies: documented for string and map filters.
    pub(super) fn joins_on_its_field(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Map(_))
    }

    /// The names of two comparisons that may not stand together on one field.
    pub(super) fn clash(&self, other: &Self) -> Option<(&'static str, &'static str)> {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one.clash(two),
            (Self::Map(one), Self::Map(two)) => one.clash(two),
            _ => None,
        }
    }

    pub(super) fn holds(&self, finding: &Finding, field: FieldId) -> bool {
        let met = finding.values(field).any(|datum| self.met(datum));
        match self.sense() {
            Sense::Looks => met,
            Sense::Excludes => !met,
        }
    }

    /// Whether one value is what the comparison looks for or excludes.
    fn met(&self, datum: Datum<'_>) -> bool {
        match (self, datum) {
            (Self::Text(wanted), Datum::Text(text)) => wanted.met(text),
            (Self::Number(span), Datum::Number(number)) => span.met(number),
            (Self::Date(span), Datum::Moment(moment)) => span.met(moment),
            (Self::Boolean(wanted), Datum::Flag(flag)) => *wanted == flag,
            (Self::Map(wanted), Datum::Pair(name, value)) => wanted.met(name, value),
            (Self::Ip(range), Datum::Text(text)) => range.met(text),
            _ => false,
        }
    }
}
