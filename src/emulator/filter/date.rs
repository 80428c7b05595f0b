//! `DateFilter`: a span between two times, or a range of days counted back from the present.

use serde_json::Value;

use super::super::failure::Failure;
use super::super::members::{Members, violation};
use super::super::moment;
use super::Rules;

const DAY: i64 = 86_400_000;

/// Both ends in milliseconds since the epoch, both included.
#[derive(Debug)]
pub(super) struct DateSpan {
    from: Option<i64>,
    to: Option<i64>,
}

#[derive(Clone, Copy)]
enum Direction {
    Within,
    OlderThan,
}

impl DateSpan {
    pub(super) fn read(value: &Value, place: &str, rules: &Rules) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["Start", "End", "DateRange"])?;
        let from = time(&members, "Start")?;
        let to = time(&members, "End")?;
        match members.get("DateRange") {
            Some(_) if from.is_some() || to.is_some() => Err(violation(place, "DateRange can't be combined with Start or End")),
            Some(range) => Self::range(range, &members.place("DateRange"), rules.now),
            None if from.is_none() && to.is_none() => Err(violation(place, "One of Start, End, DateRange must be given")),
            None => Ok(Self { from, to }),
        }
    }

    fn range(value: &Value, place: &str, now: i64) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["Value", "Unit", "Comparison"])?;
        let days = members
            .integer_within("Value", 1, i64::from(i32::MAX))?
            .ok_or_else(|| members.violation("Value", "Member must not be null"))?;
        members.required_choice("Unit", &[("DAYS", ())])?;
        let direction = members
            .choice("Comparison", &[("WITHIN", Direction::Within), ("OLDER_THAN", Direction::OlderThan)])?
            .unwrap_or(Direction::Within);
        let edge = now - days * DAY;
        Ok(match direction {
            Direction::Within => Self { from: Some(edge), to: None },
            Direction::OlderThan => Self { from: None, to: Some(edge - 1) },
        })
    }

    pub(super) fn met(&self, moment: i64) -> bool {
        self.from.is_none_or(|from| moment >= from) && self.to.is_none_or(|to| moment <= to)
    }
}

fn time(members: &Members<'_>, name: &str) -> Result<Option<i64>, Failure> {
    let Some(text) = members.text(name)? else { return Ok(None) };
    moment::parse(text)
        .map(Some)
        .ok_or_else(|| members.violation(name, "Member must be an ISO 8601 timestamp, such as 2026-01-31T08:00:00Z"))
}
