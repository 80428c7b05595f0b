//! How fast something goes: counts over the last seconds, so that the rate neither jumps nor lags behind.
//!
//! Pure: the time comes in.

use std::collections::VecDeque;

use crate::domain::time::Millis;

/// The rate is that of the last so many milliseconds.
const WINDOW: i64 = 10_000;
/// Counts are kept at least so many milliseconds apart; what comes between counts for the later one.
const APART: i64 = 250;
/// So long nothing may come without the rate going down: work comes in pages and calls.
const GRACE: i64 = 1_000;
/// No rate is told before so much time has passed.
const LEAST: i64 = 1_000;

/// Counts with their times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gauge {
    /// When it began.
    pub began: Millis,
    /// The oldest first; the first may be older than the window, for what was there at its beginning. Never empty.
    counts: VecDeque<(Millis, usize)>,
}

impl Gauge {
    /// Something begins, of which so much is done already.
    pub fn begin(began: Millis, done: usize) -> Self {
        Self { began, counts: VecDeque::from([(began, done)]) }
    }

    /// So much is done now. Less than before means that it began anew.
    pub fn note(&mut self, now: Millis, done: usize) {
        let last = self.last();
        if done < last.1 || now < last.0 {
            *self = Self::begin(now, done);
            return;
        }
        if done == last.1 {
            return;
        }
        // What came very soon after the count before counts for one.
        let is_soon = self.counts.iter().rev().nth(1).is_some_and(|before| last.0.0 - before.0.0 < APART);
        if is_soon {
            self.counts.pop_back();
        }
        self.counts.push_back((now, done));
        while self.counts.get(1).is_some_and(|second| second.0.0 <= now.0 - WINDOW) {
            self.counts.pop_front();
        }
    }

    fn last(&self) -> (Millis, usize) {
        self.counts.back().copied().unwrap_or((self.began, 0))
    }

    /// How much is done in a second; `None` in the first second, and while nothing comes.
    #[expect(clippy::cast_precision_loss, reason = "a rate that is shown rounded")]
    pub fn rate(&self, now: Millis) -> Option<f64> {
        let (at, done) = self.last();
        // Between two pages the rate is that of the last one; a while without any lets it go down.
        let until = at.0.max(now.0.saturating_sub(GRACE));
        let from = until.saturating_sub(WINDOW);
        let (first, second) = (self.counts.front()?, self.counts.get(1)?);
        let (start, base) = if first.0.0 >= from {
            (first.0.0, first.1 as f64)
        } else if second.0.0 <= from {
            // Nothing came for most of the window: what was done at its beginning is the last count that is older.
            let older = self.counts.iter().rev().find(|count| count.0.0 <= from)?;
            (from, older.1 as f64)
        } else {
            // Between two counts it went on evenly; otherwise the rate would jump when the older one is dropped.
            let part = (from - first.0.0) as f64 / (second.0.0 - first.0.0).max(1) as f64;
            (from, (second.1 - first.1) as f64 * part + first.1 as f64)
        };
        let gone = until - start;
        let rate = (done as f64 - base) * 1_000.0 / gone.max(1) as f64;
        (gone >= LEAST && rate > 0.0).then_some(rate)
    }

    /// How many seconds it takes until so much is done; at least one, `None` where that cannot be told.
    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "a rough number of seconds, never negative")]
    pub fn left(&self, now: Millis, total: usize) -> Option<u64> {
        let rate = self.rate(now)?;
        let (at, done) = self.last();
        let left = total.checked_sub(done).filter(|left| *left > 0)?;
        let since = now.0.saturating_sub(at.0).min(GRACE) as f64 / 1_000.0;
        Some((left as f64 / rate - since).ceil().max(1.0) as u64)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::cast_precision_loss, reason = "tests; small numbers")]
    use proptest::prelude::*;

    use super::*;

    /// Counts from pairs of milliseconds and what is done by then.
    fn gauge(counts: &[(i64, usize)]) -> Gauge {
        let mut gauge = Gauge::begin(Millis(0), 0);
        for &(at, done) in counts {
            gauge.note(Millis(at), done);
        }
        gauge
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let paged: Vec<(i64, usize)> = (1..=90).map(|at| (at * 333, usize::try_from(at).unwrap() * 100)).collect();
        let stalled = [&paged[..30], &[(40_000, 3_100)]].concat();
        for (what, counts, now, rate, left) in [
            ("nothing yet", &[][..], 5_000, None, None),
            ("the first second", &[(400, 100), (800, 200)], 900, None, None),
            ("after that", &[(400, 100), (800, 200), (1_200, 300)], 1_200, Some(250), Some(3)),
            ("pages three times a second", &paged, 29_970, Some(300), Some(4)),
            ("between two pages", &paged, 30_250, Some(300), Some(4)),
            ("nothing for six seconds", &paged, 36_000, Some(150), Some(7)),
            ("nothing for a whole window", &paged, 50_000, None, None),
            ("one page after a long wait", &stalled, 40_000, Some(3), Some(31)),
            ("all at once", &[(10_000, 10_000)], 10_000, Some(1_000), Some(1)),
        ] {
            let gauge = gauge(counts);
            let done = counts.last().map_or(0, |last| last.1);
            let total = match rate {
                Some(3) => 3_200,
                _ => done + 1_000.min(done),
            };
            let (told, remains) = (gauge.rate(Millis(now)), gauge.left(Millis(now), total));
            assert_eq!(told.map(|rate| rate.round() as i64), rate, "{what}");
            assert_eq!(remains.is_some(), left.is_some(), "{what}");
            if let (Some(remains), Some(left)) = (remains, left) {
                assert!(remains.abs_diff(left) <= 1, "{what}: {remains} and not {left}");
            }
        }
        assert_eq!(gauge(&paged).left(Millis(29_970), 9_000), None, "all is done");
    }

    #[test]
    fn less_than_before_begins_anew() {
        let mut gauge = gauge(&[(1_000, 500), (2_000, 900)]);
        gauge.note(Millis(3_000), 100);
        gauge.note(Millis(5_000), 300);
        assert_eq!(gauge.rate(Millis(5_000)), Some(100.0));
        gauge.note(Millis(1_000), 400);
        assert_eq!((gauge.began, gauge.rate(Millis(1_000))), (Millis(1_000), None), "the clock was set back");
    }

    proptest! {
        /// Whatever comes when: the rate is never more than the fastest of a second, few counts are kept, and looking again a quarter of a
        /// second later, when nothing came, shows hardly less.
        #[test]
        fn the_rate_does_not_jump(steps in proptest::collection::vec((200_i64..500, 50_usize..150), 1..200)) {
            let mut gauge = Gauge::begin(Millis(0), 0);
            let (mut now, mut done) = (0, 0);
            let mut before: Option<f64> = None;
            for (after, more) in steps {
                now += after;
                done += more;
                gauge.note(Millis(now), done);
                prop_assert!(gauge.counts.len() <= 2 * 40 + 3);
                let rate = gauge.rate(Millis(now));
                if let Some(rate) = rate {
                    prop_assert!(rate <= done as f64 && rate > 0.0);
                }
                if let (Some(before), Some(rate)) = (before, rate)
                    && now > 11_000
                {
                    // A page of 150 in a window of ten seconds moves it by fifteen, and so does each of the few that leave it.
                    prop_assert!((rate - before).abs() <= 75.0, "{before} {rate}");
                }
                let later = gauge.rate(Millis(now + 250));
                prop_assert_eq!(later, rate, "nothing may come for a moment");
                before = rate;
            }
        }
    }
}
