//! How long to wait before the same is tried again: longer each time, and never exactly as long as anybody else.

use std::time::Duration;

use super::options::Patience;

/// Repeatable noise: an xorshift generator (Marsaglia, 2003). Nothing here is secret.
#[derive(Debug, Clone)]
pub(super) struct Jitter(u64);

impl Jitter {
    /// Noise that depends on the seed alone.
    pub(super) fn new(seed: u64) -> Self {
        // Any state but zero will do, and seeds that are near each other must not begin alike.
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The wait before the try after the `failures`th failure: anything up to a bound that doubles each time ("full jitter").
    pub(super) fn wait(&mut self, patience: &Patience, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        let bound = patience.first.saturating_mul(doubled).min(patience.most);
        let part = (self.next() >> 40) as u32;
        bound.mul_f64(f64::from(part) / f64::from(1_u32 << 24))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_bound_are_spread_evenly_and_repeat_with_their_seed() {
        let patience = Patience { first: Duration::from_millis(100), most: Duration::from_secs(2), ..Patience::default() };
        for (failures, bound) in [(1, 100), (2, 200), (3, 400), (5, 1600), (6, 2000), (40, 2000)] {
            let mut jitter = Jitter::new(7);
            let waits: Vec<Duration> = (0..1000).map(|_| jitter.wait(&patience, failures)).collect();
            let bound = Duration::from_millis(bound);
            assert!(waits.iter().all(|wait| *wait < bound), "{failures}");
            let quarters = waits.iter().filter(|wait| **wait < bound / 4).count();
            assert!((200..300).contains(&quarters), "{failures}: {quarters}");
        }
        let first = |seed| Jitter::new(seed).wait(&patience, 5);
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }
}
