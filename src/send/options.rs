//! What a send is told about how to go: how fast, how careful, how patient.

use std::time::Duration;

use super::pace::{Pace, Quota};

/// Whether rows are read again before they are sent (`[send] conflict_check`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConflictCheck {
    /// Every row.
    #[default]
    Always,
    /// Every row of a send of at most so many rows; none of a larger one.
    UpTo(usize),
    /// No row: what someone else set meanwhile is overwritten.
    Never,
}

impl ConflictCheck {
    /// Whether the rows of a send of so many are read again.
    pub const fn covers(self, rows: usize) -> bool {
        match self {
            Self::Always => true,
            Self::UpTo(most) => rows <= most,
            Self::Never => false,
        }
    }
}

/// How long is waited before the same is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// At most so long before the first retry of a call or a row; twice as long before each one after it.
    pub first: Duration,
    /// Never longer than this.
    pub most: Duration,
    /// So long before it is looked whether what holds the send is gone; half as long again before each later look.
    pub look: Duration,
    /// Looks are never further apart than this.
    pub look_most: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(400),
            most: Duration::from_secs(20),
            look: Duration::from_secs(2),
            look_most: Duration::from_secs(30),
        }
    }
}

/// How a send goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The most that is sent, `[pace] writes`; a rate of 0 is no limit but what the service shows.
    pub pace: Quota,
    /// Whether rows are read again first.
    pub conflict_check: ConflictCheck,
    /// Most calls under way at once; at least one is.
    pub in_flight: usize,
    /// How long is waited for what.
    pub patience: Patience,
    /// Seeds the jitter of the waits: two sessions that fail together should not try again together.
    pub seed: u64,
}

/// Enough to use a quota of 100 calls a second at 160 ms a call.
const IN_FLIGHT: usize = 16;

impl Default for Options {
    fn default() -> Self {
        Self {
            pace: Pace::default().writes,
            conflict_check: ConflictCheck::default(),
            in_flight: IN_FLIGHT,
            patience: Patience::default(),
            seed: 0,
        }
    }
}
