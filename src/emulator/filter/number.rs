//! `NumberFilter`: limits that must all hold.

use serde_json::Value;

use super::super::failure::Failure;
use super::super::members::{Members, violation};

#[derive(Debug)]
pub(super) struct NumberSpan {
    at_least: Option<f64>,
    at_most: Option<f64>,
    equal: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
}

impl NumberSpan {
    pub(super) fn read(value: &Value, place: &str) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["Gte", "Lte", "Eq", "Gt", "Lt"])?;
        let span = Self {
            at_least: members.number("Gte")?,
            at_most: members.number("Lte")?,
            equal: members.number("Eq")?,
            above: members.number("Gt")?,
            below: members.number("Lt")?,
        };
        if [span.at_least, span.at_most, span.equal, span.above, span.below].iter().all(Option::is_none) {
            return Err(violation(place, "One of Gte, Lte, Eq, Gt, Lt must be given"));
        }
        Ok(span)
    }

    #[expect(clippy::float_cmp, reason = "Eq on the wire is exact: ids and ports are whole numbers")]
    pub(super) fn met(&self, number: f64) -> bool {
        self.at_least.is_none_or(|limit| number >= limit)
            && self.at_most.is_none_or(|limit| number <= limit)
            && self.equal.is_none_or(|limit| number == limit)
            && self.above.is_none_or(|limit| number > limit)
            && self.below.is_none_or(|limit| number < limit)
    }
}
