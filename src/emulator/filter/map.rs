//! `MapFilter`: a key, a value and a comparison, such as one tag of a resource.

use serde_json::Value;

use super::super::failure::Failure;
use super::super::members::Members;
use super::Sense;

#[derive(Debug)]
pub(super) struct MapTest {
    key: String,
    value: String,
    comparison: Comparison,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equals,
    NotEquals,
    /// `CONTAINS` and `NOT_CONTAINS` are in the model's enumeration, but by its text only for automation rules.
    RulesOnly,
}

const COMPARISONS: [(&str, Comparison); 4] = [
    ("EQUALS", Comparison::Equals),
    ("NOT_EQUALS", Comparison::NotEquals),
    ("CONTAINS", Comparison::RulesOnly),
    ("NOT_CONTAINS", Comparison::RulesOnly),
];

impl MapTest {
    pub(super) fn read(value: &Value, place: &str) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["Key", "Value", "Comparison"])?;
        let key = members.required_text("Key")?.to_owned();
        let value = members.required_text("Value")?.to_owned();
        let comparison = members.required_choice("Comparison", &COMPARISONS)?;
        if comparison == Comparison::RulesOnly {
            return Err(members.violation("Comparison", "CONTAINS and NOT_CONTAINS on maps can be used only with automation rules"));
        }
        Ok(Self { key, value, comparison })
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn sense(&self) -> Sense {
        match self.comparison {
            Comparison::NotEquals => Sense::Excludes,
            Comparison::Equals | Comparison::RulesOnly => Sense::Looks,
        }
    }

    pub(super) fn met(&self, name: &str, value: &str) -> bool {
        name == self.key && value == self.value
    }

    pub(super) fn clash(&self, other: &Self) -> Option<(&'static str, &'static str)> {
        (self.comparison != other.comparison).then_some(("EQUALS", "NOT_EQUALS"))
    }
}
