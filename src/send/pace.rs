//! Pacing calls under a quota: a token bucket that tells how long to wait.

use std::time::Duration;

/// A quota: calls a second and how many may come at once. Zero calls a second is no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// Calls a second.
    pub rate: f64,
    /// Calls that may go at once after a pause; at least one.
    pub burst: f64,
}

/// `[pace]` of the configuration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// For everything that reads.
    pub reads: Quota,
    /// For `BatchUpdateFindingsV2`.
    pub writes: Quota,
}

impl Default for Pace {
    /// The service's quotas for V2 are not published; these stay under what is known of the older API (3 reads a second, burst 6; 10
    /// updates a second, burst 30).
    fn default() -> Self {
        Self { reads: Quota { rate: 3.0, burst: 6.0 }, writes: Quota { rate: 8.0, burst: 24.0 } }
    }
}

impl Pace {
    /// No limit at all: for an emulator of one's own.
    pub const UNLIMITED: Self = Self { reads: Quota { rate: 0.0, burst: 1.0 }, writes: Quota { rate: 0.0, burst: 1.0 } };
}

/// Hands out permission to call. The clock is any duration that only grows.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    quota: Quota,
    tokens: f64,
    at: Duration,
}

impl TokenBucket {
    /// A full bucket.
    pub fn new(quota: Quota) -> Self {
        Self { quota, tokens: quota.burst.max(1.0), at: Duration::ZERO }
    }

    /// Takes one call's permission and says how long to wait before it may go; callers that wait are served in turn.
    pub fn take(&mut self, now: Duration) -> Duration {
        if self.quota.rate <= 0.0 {
            return Duration::ZERO;
        }
        let gone = now.saturating_sub(self.at).as_secs_f64();
        self.at = self.at.max(now);
        self.tokens = (self.tokens + gone * self.quota.rate).min(self.quota.burst.max(1.0)) - 1.0;
        if self.tokens >= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(-self.tokens / self.quota.rate) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let mut bucket = TokenBucket::new(Quota { rate: 10.0, burst: 3.0 });
        let waits: Vec<u128> = (0..6).map(|_| bucket.take(Duration::ZERO).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 100, 200, 300]);
        assert_eq!(bucket.take(Duration::from_secs(10)).as_millis(), 0);
        let mut free = TokenBucket::new(Pace::UNLIMITED.writes);
        assert!((0..1000).all(|_| free.take(Duration::ZERO).is_zero()));
    }
}
