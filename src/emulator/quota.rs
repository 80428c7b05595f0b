//! Rate limits as token buckets, one for each class of operations. The clock is Tokio's, so that tests can hold it.

use std::collections::HashMap;

use tokio::time::Instant;

use super::operation::Operation;

/// A bucket filled in several steps may be this much short of what one step would give.
const ROUNDING: f64 = 1e-9;

/// The limits of all classes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// `GetFindingsV2`.
    pub reads: Rate,
    /// `BatchUpdateFindingsV2`.
    pub writes: Rate,
    /// Every other operation, each with a bucket of its own.
    pub others: Rate,
}

/// A bucket's size and how fast it fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Calls a second in the long run.
    pub per_second: f64,
    /// Calls at once after a pause.
    pub burst: f64,
}

/// The published numbers of the operations that V2's share their IAM actions with: `GetFindings` 3 and 6, `BatchUpdateFindings` 10 and 30,
/// all others 10 and 30. No text gives V2's own.
impl Default for Quota {
    fn default() -> Self {
        let ten = Rate { per_second: 10.0, burst: 30.0 };
        Self { reads: Rate { per_second: 3.0, burst: 6.0 }, writes: ten, others: ten }
    }
}

impl Quota {
    const fn rate(&self, operation: Operation) -> Rate {
        match operation {
            Operation::GetFindingsV2 => self.reads,
            Operation::BatchUpdateFindingsV2 => self.writes,
            _ => self.others,
        }
    }
}

/// Whether a call may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Granted,
    Throttled,
}

/// The buckets of one emulator.
#[derive(Debug)]
pub(super) struct Buckets {
    quota: Option<Quota>,
    levels: HashMap<Operation, (f64, Instant)>,
}

impl Buckets {
    pub(super) fn new(quota: Option<Quota>) -> Self {
        Self { quota, levels: HashMap::new() }
    }

    /// Takes one token for a call, if there is one. A throttled call takes none. STS has quotas of its own and is never throttled here.
    pub(super) fn admit(&mut self, operation: Operation, now: Instant) -> Admission {
        let Some(quota) = &self.quota else { return Admission::Granted };
        if operation == Operation::GetCallerIdentity {
            return Admission::Granted;
        }
        let rate = quota.rate(operation);
        let (level, since) = self.levels.entry(operation).or_insert((rate.burst, now));
        *level = (*level + now.duration_since(*since).as_secs_f64() * rate.per_second).min(rate.burst);
        *since = now;
        if *level >= 1.0 - ROUNDING {
            *level -= 1.0;
            Admission::Granted
        } else {
            Admission::Throttled
        }
    }
}
