//! Times of findings: epoch numbers of any unit, RFC 3339 texts, and ages.
//!
//! Everything is milliseconds since the epoch, UTC. The present comes in as an argument.

use std::fmt;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Milliseconds since the epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Millis(pub i64);

/// The first and the last millisecond of the years of four digits, 0000 and 9999.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_207_199_999;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Millis {
    /// Reads an epoch number. OCSF says milliseconds, but producers send seconds and microseconds too: below 1e11 it can only be
    /// seconds, from 1e14 on microseconds.
    pub const fn from_epoch(number: i64) -> Self {
        let size = number.unsigned_abs();
        if size < 100_000_000_000 {
            Self(number.saturating_mul(SECOND))
        } else if size < 100_000_000_000_000 {
            Self(number)
        } else {
            Self(number / 1_000)
        }
    }

    /// Reads an RFC 3339 text; one without an offset is taken as UTC.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Some(Self(timestamp.as_millisecond()));
        }
        let naive: DateTime = text.parse().ok()?;
        let timestamp = TimeZone::UTC.to_timestamp(naive).ok()?;
        Some(Self(timestamp.as_millisecond()))
    }

    /// How long ago, in one unit and at most four columns: `45s`, `12m`, `7h`, `2d`, `3y`; `now` for the future.
    pub const fn age(self, now: Self) -> Age {
        let gone = now.0.saturating_sub(self.0);
        let (count, unit) = match gone {
            ..SECOND => (0, None),
            SECOND..MINUTE => (gone / SECOND, Some('s')),
            MINUTE..HOUR => (gone / MINUTE, Some('m')),
            HOUR..DAY => (gone / HOUR, Some('h')),
            _ if gone < 1_000 * DAY => (gone / DAY, Some('d')),
            _ => (gone / (365 * DAY), Some('y')),
        };
        Age { count, unit }
    }

    /// How long ago in words: `26 days ago`, `just now`, `in 3 hours`; `None` where no calendar has the time.
    pub fn ago(self, now: Self) -> Option<String> {
        self.to_text()?;
        let gone = now.0.saturating_sub(self.0);
        let size = gone.saturating_abs();
        let (count, unit) = match size {
            ..MINUTE => return Some("just now".to_owned()),
            MINUTE..HOUR => (size / MINUTE, "minute"),
            HOUR..DAY => (size / HOUR, "hour"),
            _ if size < 1_000 * DAY => (size / DAY, "day"),
            _ => (size / (365 * DAY), "year"),
        };
        let told = format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
        Some(if gone < 0 { format!("in {told}") } else { format!("{told} ago") })
    }

    /// RFC 3339 to the millisecond, UTC: `2026-11-02T14:05:09.120Z`; `None` where the year has not four digits.
    pub fn to_text(self) -> Option<String> {
        let timestamp = Timestamp::from_millisecond(self.0).ok()?;
        (FIRST..=LAST).contains(&self.0).then(|| timestamp.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
    }

    /// The same, or the bare number where it is outside the calendar.
    pub fn exact(self) -> String {
        self.to_text().unwrap_or_else(|| self.0.to_string())
    }

    /// Date and time to the second, UTC: `2026-11-02 14:05:09Z`; the bare number where it is outside the calendar.
    pub fn shown(self) -> String {
        match Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => timestamp.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            Err(_) => self.0.to_string(),
        }
    }

    /// The time of day to the minute, UTC: `14:02Z`; with its date where that is another than that of `now`.
    pub fn moment(self, now: Self) -> String {
        let Ok(timestamp) = Timestamp::from_millisecond(self.0) else { return self.0.to_string() };
        let is_today = self.0.div_euclid(DAY) == now.0.div_euclid(DAY);
        timestamp.strftime(if is_today { "%H:%MZ" } else { "%Y-%m-%d %H:%MZ" }).to_string()
    }
}

/// How long ago something was, as precisely as it is shown: two that are shown alike are equal. On every row of every frame, so that it is
/// no text of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    count: i64,
    /// `None` where it is now.
    unit: Option<char>,
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            None => f.write_str("now"),
            Some(unit) => write!(f, "{}{unit}", self.count),
        }
    }
}

/// How a time stands in our own files: a text, or a number where no calendar has it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Number(i64),
}

impl From<Millis> for Written {
    fn from(time: Millis) -> Self {
        time.to_text().map_or(Self::Number(time.0), Self::Text)
    }
}

impl TryFrom<Written> for Millis {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        match written {
            Written::Text(text) => Self::from_text(&text).ok_or("a time has to be RFC 3339"),
            Written::Number(number) => Ok(Self(number)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn epoch_units_are_told_apart_by_size() {
        assert_eq!(Millis::from_epoch(1_700_000_000), Millis(1_700_000_000_000));
        assert_eq!(Millis::from_epoch(1_700_000_000_123), Millis(1_700_000_000_123));
        assert_eq!(Millis::from_epoch(1_700_000_000_123_456), Millis(1_700_000_000_123));
        assert_eq!(Millis::from_epoch(i64::MIN), Millis(i64::MIN / 1_000));
    }

    #[test]
    fn texts_with_and_without_offset_and_with_nine_digits_are_read() {
        let expected = Some(Millis(1_758_273_557_594));
        assert_eq!(Millis::from_text("2025-09-19T09:19:17.594Z"), expected);
        assert_eq!(Millis::from_text("2025-09-19T09:19:17.594000"), expected);
        assert_eq!(Millis::from_text("2025-09-19T11:19:17.594123456+02:00"), expected);
        assert_eq!(Millis::from_text("yesterday"), None);
    }

    #[test]
    fn a_moment_of_another_day_tells_its_date() {
        let at = Millis(1_758_273_557_594);
        assert_eq!(at.moment(Millis(at.0 + HOUR)), "09:19Z");
        assert_eq!(at.moment(Millis(at.0 + DAY)), "2025-09-19 09:19Z");
        assert_eq!(Millis(i64::MAX).moment(at), i64::MAX.to_string());
    }

    #[test]
    fn times_are_written_as_text_and_read_back_to_the_millisecond() {
        for number in [0, 1, -1, 1_758_273_557_594, FIRST, LAST, FIRST - 1, LAST + 1, i64::MIN, i64::MAX] {
            let written = serde_json::to_string(&Millis(number)).unwrap();
            assert_eq!(serde_json::from_str::<Millis>(&written).unwrap(), Millis(number), "{written}");
        }
        assert_eq!(Millis(1_758_273_557_594).to_text().unwrap(), "2025-09-19T09:19:17.594Z");
    }

    #[test]
    fn ages_have_one_unit() {
        let now = Millis(1_000 * DAY * 5);
        for (ago, shown) in
            [(0, "now"), (-5, "now"), (59 * SECOND, "59s"), (HOUR, "1h"), (2 * DAY, "2d"), (999 * DAY, "999d"), (1_200 * DAY, "3y")]
        {
            assert_eq!(Millis(now.0 - ago).age(now).to_string(), shown);
        }
        for (ago, told) in [
            (0, "just now"),
            (-5, "just now"),
            (MINUTE, "1 minute ago"),
            (7 * HOUR, "7 hours ago"),
            (26 * DAY, "26 days ago"),
            (1_200 * DAY, "3 years ago"),
            (-3 * HOUR, "in 3 hours"),
        ] {
            assert_eq!(Millis(now.0 - ago).ago(now).as_deref(), Some(told));
        }
        assert_eq!(Millis(i64::MAX).ago(now), None);
        assert_eq!(Millis(1_758_273_557_594).shown(), "2025-09-19 09:19:17Z");
        assert_eq!(Millis(1_758_273_557_594).exact(), "2025-09-19T09:19:17.594Z");
        assert_eq!(Millis::from_text("2025-09-19T09:19:17.594Z"), Some(Millis(1_758_273_557_594)));
    }
}
