//! Points in time: what the service can be asked for instead, never less than what is meant.
//!
//! The service counts ages in whole days, at least one. Whether the ends of its spans of time are included is not documented, so a span
//! is asked for with a millisecond more at each end that is meant to be included.

use super::plain::{Compared, Days};
use crate::domain::{
    query::expr::{DateTest, Moment, Relation, Span},
    time::Millis,
};

const DAY: i64 = 86_400_000;

/// Most days asked for: a hundred years, so that no calendar is left.
const MAX_DAYS: i64 = 36_500;

/// A filter, and whether it holds for nothing but what is meant. `None`: the service cannot narrow it down.
pub(super) fn compared(test: DateTest) -> Option<(Compared, bool)> {
    match test {
        DateTest::Age(relation, span) => age(relation, span),
        DateTest::Moment(relation, moment) => between(relation, moment).map(|compared| (compared, false)),
    }
}

fn age(relation: Relation, span: Span) -> Option<(Compared, bool)> {
    let (millis, whole) = (span.millis(), span.millis() % DAY == 0);
    let floor = millis.div_euclid(DAY);
    let days = |days: i64| i32::try_from(days).ok().filter(|_| (1..=MAX_DAYS).contains(&days));
    match relation {
        // A limit of no time at all leaves only what is dated in the future.
        Relation::Less | Relation::AtMost => {
            let up = if whole { floor } else { floor + 1 };
            let exact = whole && up >= 1 && relation == Relation::AtMost;
            days(up.max(1)).map(|days| (Compared::Age(Days::Within(days)), exact))
        }
        Relation::Greater | Relation::AtLeast => {
            // What is exactly so old is not older.
            let down = if whole && relation == Relation::AtLeast { floor - 1 } else { floor };
            let exact = whole && relation == Relation::Greater && down <= MAX_DAYS;
            days(down.min(MAX_DAYS)).map(|days| (Compared::Age(Days::OlderThan(days)), exact))
        }
        Relation::Equal => None,
    }
}

fn between(relation: Relation, moment: Moment) -> Option<Compared> {
    let (first, after) = match moment {
        Moment::Day(start) => (start.0, start.0.checked_add(DAY)?),
        Moment::Time(time) => (time.0, time.0.checked_add(1)?),
    };
    let before = first.checked_sub(1)?;
    let (start, end) = match relation {
        Relation::Equal => (Some(before), Some(after)),
        Relation::Less => (None, Some(first)),
        Relation::AtMost => (None, Some(after)),
        Relation::Greater => (Some(after - 1), None),
        Relation::AtLeast => (Some(before), None),
    };
    let writable = |time: i64| Millis(time).to_text().map(|_| Millis(time));
    let start = start.map(writable);
    let end = end.map(writable);
    // An end that no calendar has is left out, as the span is then no less.
    match (start.flatten(), end.flatten()) {
        (None, None) => None,
        (start, end) => Some(Compared::Between(start, end)),
    }
}
