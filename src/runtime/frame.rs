//! When to draw: the first change at once, what follows gathered into frames.

use std::time::Duration;

use tokio::time::Instant;

/// Frames are at least this far apart.
const FRAME: Duration = Duration::from_millis(16);

/// Whether something changed, and when the last frame was drawn.
#[derive(Debug)]
pub struct FrameClock {
    is_dirty: Dirt,
    last: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dirt {
    Clean,
    Dirty,
}

impl FrameClock {
    /// Nothing has been drawn yet.
    pub fn new() -> Self {
        Self { is_dirty: Dirt::Dirty, last: None }
    }

    /// Something changed.
    pub fn soil(&mut self) {
        self.is_dirty = Dirt::Dirty;
    }

    /// When to draw next; `None` while nothing changed.
    pub fn due(&self) -> Option<Instant> {
        match (self.is_dirty, self.last) {
            (Dirt::Clean, _) => None,
            (Dirt::Dirty, None) => Some(Instant::now()),
            (Dirt::Dirty, Some(last)) => Some(last + FRAME),
        }
    }

    /// Whether it is time.
    pub fn is_due(&self) -> bool {
        self.due().is_some_and(|due| due <= Instant::now())
    }

    /// A frame was drawn.
    pub fn drawn(&mut self) {
        self.is_dirty = Dirt::Clean;
        self.last = Some(Instant::now());
    }
}

impl Default for FrameClock {
    fn default() -> Self {
        Self::new()
    }
}
