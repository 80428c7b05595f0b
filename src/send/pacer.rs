//! How fast calls go: a token bucket under the configured ceiling that gives way when the service says that it was too much.
//!
//! Owns the rate. The clock is the send's.

use std::{collections::VecDeque, time::Duration};

use super::pace::Quota;

/// Never slower than a call in five seconds: others may hold the whole quota for a while.
const SLOWEST: f64 = 0.2;
/// A rate that was too high becomes this part of itself.
const CUT: f64 = 0.7;
/// What got through lately is the quota itself while there is more to send than it allows; this much of it is asked for.
const SAFE: f64 = 0.9;
/// Over how long it is counted what got through.
const LATELY: Duration = Duration::from_secs(2);
/// What is asked for where too little got through to tell.
const MODEST: f64 = 5.0;
/// How much of a call the burst stays under the quota's own: calls do not arrive as evenly as they leave, and one that comes a little early
/// must still find its token. At 10 calls a second it is 50 ms.
const SPARE: f64 = 0.5;
/// A service that says nothing against it for so long is asked for more.
const CALM: Duration = Duration::from_secs(1);

/// Says when the next call may go.
#[derive(Debug, Clone)]
pub(super) struct Pacer {
    ceiling: Quota,
    /// Calls a second now; 0 is no limit.
    rate: f64,
    tokens: f64,
    filled_at: Duration,
    cut_at: Option<Duration>,
    raised_at: Duration,
    /// The rate that was last too high.
    too_high: f64,
    began: Option<Duration>,
    accepted: VecDeque<Duration>,
}

impl Pacer {
    /// Starts at the ceiling.
    pub(super) fn new(ceiling: Quota) -> Self {
        let mut pacer = Self {
            ceiling,
            rate: ceiling.rate.max(0.0),
            tokens: 0.0,
            filled_at: Duration::ZERO,
            cut_at: None,
            raised_at: Duration::ZERO,
            too_high: f64::INFINITY,
            began: None,
            accepted: VecDeque::new(),
        };
        pacer.tokens = pacer.depth();
        pacer
    }

    /// How many calls may go at once: a little less than the quota's own burst. After a cut nothing is saved up, for the service has nothing
    /// saved up either.
    fn depth(&self) -> f64 {
        if self.cut_at.is_some() && !self.is_at_ceiling() { 1.0 } else { (self.ceiling.burst - SPARE).max(1.0) }
    }

    fn is_at_ceiling(&self) -> bool {
        self.ceiling.rate > 0.0 && self.rate >= self.ceiling.rate
    }

    /// When the next call may go; not before `now`.
    pub(super) fn ready_at(&mut self, now: Duration) -> Duration {
        if self.rate <= 0.0 {
            return now;
        }
        self.fill(now);
        if self.tokens >= 1.0 - 1e-9 { now } else { now + Duration::from_secs_f64((1.0 - self.tokens) / self.rate) }
    }

    fn fill(&mut self, now: Duration) {
        let gone = now.saturating_sub(self.filled_at).as_secs_f64();
        self.filled_at = self.filled_at.max(now);
        self.tokens = (self.tokens + gone * self.rate).min(self.depth());
    }

    /// A call goes.
    pub(super) fn take(&mut self, now: Duration) {
        self.began.get_or_insert(now);
        if self.rate > 0.0 {
            self.fill(now);
            self.tokens -= 1.0;
        }
    }

    /// A call that went at `sent` was answered with too many requests. Calls of one round trip are one piece of news.
    pub(super) fn throttled(&mut self, sent: Duration, now: Duration) {
        if self.cut_at.is_some_and(|cut| sent < cut) {
            return;
        }
        self.forget(now);
        let lately = self.began.map_or(Duration::ZERO, |began| now.saturating_sub(began)).min(LATELY);
        let through = f64::from(self.accepted.len() as u32) / lately.as_secs_f64().max(0.1);
        let has_measured = lately == LATELY && self.accepted.len() >= 4;
        let rate = if self.rate <= 0.0 {
            // What got through until now: a burst too, so the next cut comes soon and knows better.
            self.too_high = f64::INFINITY;
            through.max(MODEST) * CUT
        } else {
            self.too_high = self.rate;
            let cut = self.rate * CUT;
            if has_measured { cut.min(through * SAFE).max(self.rate * 0.3) } else { cut }
        };
        self.fill(now);
        self.rate = rate.max(SLOWEST);
        self.cut_at = Some(now);
        self.raised_at = now;
        self.tokens = self.tokens.min(0.0);
    }

    /// A call was accepted.
    pub(super) fn accepted(&mut self, now: Duration) {
        self.forget(now);
        self.accepted.push_back(now);
        let Some(cut) = self.cut_at else { return };
        if self.is_at_ceiling() || now < cut + CALM {
            return;
        }
        let gone = now.saturating_sub(self.raised_at).min(CALM).as_secs_f64();
        self.raised_at = now;
        self.fill(now);
        // Quickly back to where it went well, slowly to where it did not.
        let share = if self.rate < self.too_high * SAFE { 0.25 } else { 0.03 };
        self.rate += gone * (0.1 + share * self.rate);
        if self.ceiling.rate > 0.0 {
            self.rate = self.rate.min(self.ceiling.rate);
        }
    }

    fn forget(&mut self, now: Duration) {
        while self.accepted.front().is_some_and(|at| *at + LATELY < now) {
            self.accepted.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The service's bucket.
    struct Service {
        quota: Quota,
        tokens: f64,
        at: f64,
    }

    impl Service {
        fn admits(&mut self, at: f64) -> bool {
            self.tokens = (self.tokens + (at - self.at) * self.quota.rate).min(self.quota.burst);
            self.at = at;
            let admits = self.tokens >= 1.0;
            self.tokens -= f64::from(u8::from(admits));
            admits
        }
    }

    /// Makes calls until so many were accepted, each answered 80 ms later; how long that took, and how many were too many.
    fn run(ceiling: Quota, quota: Quota, calls: usize) -> (f64, usize) {
        let mut pacer = Pacer::new(ceiling);
        let mut service = Service { quota, tokens: quota.burst, at: 0.0 };
        let mut under_way: VecDeque<(Duration, bool)> = VecDeque::new();
        let (mut now, mut done, mut throttled) = (Duration::ZERO, 0, 0);
        let trip = Duration::from_millis(80);
        while done < calls {
            let answer = under_way.front().map(|(sent, _)| *sent + trip);
            let ready = pacer.ready_at(now);
            let may_send = done + under_way.len() < calls && under_way.len() < 16;
            if may_send && answer.is_none_or(|answer| ready <= answer) {
                now = now.max(ready);
                pacer.take(now);
                under_way.push_back((now, service.admits(now.as_secs_f64())));
                continue;
            }
            let Some((sent, admitted)) = under_way.pop_front() else { break };
            now = now.max(sent + trip);
            if admitted {
                done += 1;
                pacer.accepted(now);
            } else {
                throttled += 1;
                pacer.throttled(sent, now);
            }
        }
        (now.as_secs_f64(), throttled)
    }

    const TEN: Quota = Quota { rate: 10.0, burst: 30.0 };

    #[test]
    fn the_quota_itself_is_used_up_and_never_exceeded() {
        let (took, throttled) = run(TEN, TEN, 100);
        assert_eq!(throttled, 0);
        assert!(took < 7.3, "{took}");
    }

    #[test]
    fn a_ceiling_that_is_too_high_comes_down_to_the_quota_with_few_calls_too_many() {
        let (took, throttled) = run(Quota { rate: 50.0, burst: 50.0 }, TEN, 400);
        assert!(took < 1.1 * 37.0, "{took} s");
        assert!(throttled < 60, "{throttled}");
    }

    #[test]
    fn without_a_ceiling_the_rate_is_found_from_what_gets_through() {
        let (took, throttled) = run(Quota { rate: 0.0, burst: 1.0 }, TEN, 400);
        assert!(took < 1.1 * 37.0, "{took} s");
        assert!(throttled < 60, "{throttled}");
    }

    #[test]
    fn a_rate_that_was_cut_comes_back_to_its_ceiling_and_no_higher() {
        let mut pacer = Pacer::new(TEN);
        pacer.take(Duration::ZERO);
        pacer.throttled(Duration::ZERO, Duration::from_millis(80));
        assert!(pacer.rate < 7.1);
        // Calls of the same round trip are the same news.
        pacer.throttled(Duration::from_millis(10), Duration::from_millis(90));
        assert!(pacer.rate > 6.9);
        for second in 1..40 {
            pacer.accepted(Duration::from_secs(second));
        }
        assert!((pacer.rate - 10.0).abs() < f64::EPSILON);
    }

    #[test]
    fn others_that_use_up_the_whole_quota_do_not_stop_it_for_good() {
        let mut pacer = Pacer::new(TEN);
        let mut now = Duration::ZERO;
        for _ in 0..100 {
            now = pacer.ready_at(now);
            pacer.take(now);
            pacer.throttled(now, now + Duration::from_millis(80));
        }
        assert!(pacer.ready_at(now).saturating_sub(now) <= Duration::from_secs(10));
        assert!(now > Duration::from_mins(1), "it slows down: {now:?}");
    }
}
