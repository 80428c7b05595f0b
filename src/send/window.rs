//! How many calls may be under way at once: fewer while the service has trouble.

use std::time::Duration;

/// Halved by trouble, at most once a round trip; one more with each call that is accepted.
#[derive(Debug, Clone)]
pub(super) struct Window {
    most: usize,
    size: usize,
    cut_at: Option<Duration>,
}

impl Window {
    /// Wide open; at least one.
    pub(super) fn new(most: usize) -> Self {
        Self { most: most.max(1), size: most.max(1), cut_at: None }
    }

    /// How many calls may be under way.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// A call was accepted.
    pub(super) fn accepted(&mut self) {
        self.size = (self.size + 1).min(self.most);
    }

    /// A call that went at `sent` failed for no reason of its own.
    pub(super) fn troubled(&mut self, sent: Duration, now: Duration) {
        if self.cut_at.is_none_or(|cut| sent >= cut) {
            self.size = (self.size / 2).max(1);
            self.cut_at = Some(now);
        }
    }

    /// One call first: it has to be seen whether calls go through again.
    pub(super) fn narrow(&mut self) {
        self.size = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_halves_it_once_a_round_trip_and_calls_that_go_well_open_it_again() {
        let mut window = Window::new(16);
        let at = Duration::from_secs;
        for sent in 0..16 {
            window.troubled(Duration::from_millis(sent), at(1));
        }
        assert_eq!(window.size(), 8);
        for second in 1..9 {
            window.troubled(at(second), at(second + 1));
        }
        assert_eq!(window.size(), 1);
        for _ in 0..30 {
            window.accepted();
        }
        assert_eq!(window.size(), 16);
        assert_eq!(Window::new(0).size(), 1);
    }
}
