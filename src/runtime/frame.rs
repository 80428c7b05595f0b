//! When to draw: the first change at once, what follows gathered into frames, and numbers of progress no faster than they can be read.
//!
//! Reads no clock: the time comes in.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::layout::Bandwidth;

/// How far apart frames are at least: where anything changed, and where only numbers of progress did.
const fn apart(bandwidth: Bandwidth) -> (Duration, Duration) {
    match bandwidth {
        Bandwidth::Full => (Duration::from_millis(16), Duration::from_millis(250)),
        // The first change is drawn at once all the same; a key that is held down jumps more rows a frame.
        Bandwidth::Low => (Duration::from_millis(100), Duration::from_secs(1)),
    }
}

/// How long a frame is held back at most for what belongs to it: nobody sees it.
const HOLD: Duration = Duration::from_millis(5);

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// How far something is, or the time.
    Progress,
    /// Anything else.
    Screen,
}

/// What changed since the last frame, and when that was drawn.
#[derive(Debug)]
pub struct FrameClock {
    bandwidth: Bandwidth,
    changed: Option<Change>,
    last: Option<Instant>,
    held: Option<Instant>,
}

impl FrameClock {
    /// Nothing has been drawn yet.
    pub const fn new(bandwidth: Bandwidth) -> Self {
        Self { bandwidth, changed: Some(Change::Screen), last: None, held: None }
    }

    /// Something changed.
    pub fn soil(&mut self, change: Change) {
        self.changed = self.changed.max(Some(change));
    }

    /// What changed has been waited for: it is drawn at once, however fresh the last frame is.
    pub const fn hurry(&mut self) {
        self.last = None;
        self.held = None;
    }

    /// What belongs to this change is about to come: for a moment no frame is drawn without it. Two frames for one key would be one too
    /// many, and the second would come a frame later.
    pub fn hold(&mut self, now: Instant) {
        self.held.get_or_insert(now + HOLD);
    }

    /// When to draw next, `now` being the time; `None` while nothing changed.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let (screen, progress) = apart(self.bandwidth);
        let apart = match self.changed? {
            Change::Progress => progress,
            Change::Screen => screen,
        };
        let due = self.last.map_or(now, |last| last + apart);
        Some(self.held.map_or(due, |held| due.max(held)))
    }

    /// Whether it is time.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due(now).is_some_and(|due| due <= now)
    }

    /// A frame was drawn.
    pub const fn drawn(&mut self, now: Instant) {
        self.changed = None;
        self.held = None;
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many frames are drawn in a second, where each of these changes comes every so many milliseconds.
    fn frames(bandwidth: Bandwidth, changes: &[(Change, u64)]) -> usize {
        let began = Instant::now();
        let mut clock = FrameClock::new(bandwidth);
        let mut frames = 0;
        for at in 0..1_000 {
            let now = began + Duration::from_millis(at);
            for &(change, every) in changes {
                if at % every == 0 {
                    clock.soil(change);
                }
            }
            if clock.is_due(now) {
                frames += 1;
                clock.drawn(now);
            }
        }
        frames
    }

    #[test]
    fn numbers_alone_are_drawn_four_times_a_second_and_everything_else_at_once() {
        use Change::{Progress, Screen};
        for (what, changes, drawn) in [
            ("nothing but the first frame", &[][..], 1),
            ("numbers all the time", &[(Progress, 1)], 4),
            ("numbers of five surveys", &[(Progress, 50), (Progress, 30), (Progress, 70), (Progress, 110), (Progress, 3)], 4),
            ("the tick", &[(Progress, 250)], 4),
            ("pages three times a second", &[(Screen, 333)], 4),
            ("pages ten times a second, with numbers between", &[(Screen, 100), (Progress, 10)], 10),
            ("pages all the time", &[(Screen, 1)], 63),
        ] {
            assert_eq!(frames(Bandwidth::Full, changes), drawn, "{what}");
        }
    }

    #[test]
    fn on_a_slow_line_frames_are_farther_apart_and_the_first_change_is_drawn_at_once_all_the_same() {
        assert_eq!(frames(Bandwidth::Low, &[(Change::Screen, 1)]), 10);
        assert_eq!(frames(Bandwidth::Low, &[(Change::Progress, 1)]), 1);
        assert_eq!(frames(Bandwidth::Low, &[(Change::Screen, 333)]), 4);
    }

    #[test]
    fn a_key_is_drawn_at_once_however_fresh_the_numbers_are() {
        let began = Instant::now();
        let mut clock = FrameClock::new(Bandwidth::Full);
        assert_eq!(clock.due(began), Some(began), "the first frame");
        clock.drawn(began);
        assert_eq!(clock.due(began), None, "nothing changed");
        clock.soil(Change::Progress);
        assert_eq!(clock.due(began), Some(began + Duration::from_millis(250)));
        clock.soil(Change::Screen);
        assert_eq!(clock.due(began), Some(began + Duration::from_millis(16)));
        clock.soil(Change::Progress);
        assert_eq!(clock.due(began), Some(began + Duration::from_millis(16)), "the key stays");
        clock.hurry();
        assert_eq!(clock.due(began), Some(began), "what was waited for");
        clock.drawn(began);
        let later = began + Duration::from_secs(1);
        clock.soil(Change::Screen);
        clock.hold(later);
        clock.hold(later + Duration::from_millis(2));
        assert_eq!(
            clock.due(later),
            Some(later + HOLD),
            "a moment is waited for what belongs to it, and no longer for what comes meanwhile"
        );
        clock.hurry();
        assert_eq!(clock.due(later), Some(later), "it has come");
        clock.drawn(began);
        clock.soil(Change::Screen);
        let later = began + Duration::from_secs(9);
        assert!(clock.is_due(later));
        clock.drawn(later);
        assert_eq!(clock.due(later), None);
    }
}
