//! What holds the whole send: credentials that are not accepted, a service that cannot be reached, a hub that may be off.

use std::time::Duration;

use super::{
    super::{report::End, step::Step},
    Describing, Engine,
    end::Afterwards,
    row::{Hold, Unit},
};
use crate::domain::failure::{CallError, CallFailure};

/// So many calls one after the other that did not reach the service are more than a glitch.
const UNREACHED: u32 = 3;

impl Engine {
    /// Nothing goes on until this is gone.
    pub(super) fn hold_for(&mut self, error: &CallError, now: Duration) {
        if self.end.is_none() && self.hold.is_none() {
            self.hold = Some(Hold { error: error.clone(), look_at: Some(now + self.gap) });
            self.gap = self.longer();
        }
    }

    fn longer(&self) -> Duration {
        self.gap.mul_f64(1.5).min(self.options.patience.look_most)
    }

    /// A call did not reach the service. How long to wait before it is made again.
    pub(super) fn unreached(&mut self, error: &CallError, now: Duration) -> Duration {
        self.streaks.unreached += 1;
        if self.streaks.unreached >= UNREACHED {
            self.hold_for(error, now);
        }
        self.jitter.wait(&self.options.patience, self.streaks.unreached)
    }

    /// The service answered something that shows that calls go through.
    pub(super) fn goes_through(&mut self) {
        self.trouble = None;
        self.streaks.unreached = 0;
        self.gap = self.options.patience.look;
    }

    pub(super) fn next_look_at_hold(&mut self, now: Duration) -> Option<Step> {
        let at = self.hold.as_ref()?.look_at?;
        if at > now {
            self.wake_at(at);
            return None;
        }
        self.hold.iter_mut().for_each(|hold| hold.look_at = None);
        Some(Step::Reconnect)
    }

    pub(super) fn reconnected(&mut self, described: Result<(), CallError>, now: Duration) {
        let Some(hold) = &mut self.hold else { return };
        match described {
            Err(error) if error.failure == CallFailure::NotEnabled => {
                self.end_with(End::Refused(error), Afterwards::Allowed, now);
            }
            Err(error) if is_held_by(error.failure) => {
                *hold = Hold { error, look_at: Some(now + self.gap) };
                self.gap = self.longer();
            }
            // Anything else was said by the service, so calls go through; one call first shows how it fares.
            _ => {
                self.hold = None;
                self.streaks.unreached = 0;
                self.window.narrow();
            }
        }
    }

    pub(super) fn next_describe(&mut self) -> Option<Step> {
        if self.conflicted.is_empty() || self.describing == Describing::UnderWay {
            return None;
        }
        self.describing = Describing::UnderWay;
        Some(Step::Describe)
    }

    pub(super) fn described(&mut self, described: Result<(), CallError>, now: Duration) {
        self.describing = Describing::No;
        match described {
            Err(error) if error.failure == CallFailure::NotEnabled => {
                return self.end_with(End::Refused(error), Afterwards::Allowed, now);
            }
            Err(error) if is_held_by(error.failure) => self.hold_for(&error, now),
            // It is on, or nobody says that it is off.
            _ => {}
        }
        for unit in std::mem::take(&mut self.conflicted) {
            let conflicts = match &unit {
                Unit::Write(parcel) => parcel.rows.iter().filter_map(|slot| self.rows.get(slot.0)).map(|row| row.failures.conflicts).max(),
                Unit::Read(question) => Some(question.failures.conflicts),
                Unit::Send(_) | Unit::Look(_) => None,
            };
            let at = now + self.jitter.wait(&self.options.patience, conflicts.unwrap_or(1));
            self.put_later(at, unit);
        }
    }
}

/// Whether a failure is one that new credentials, a set clock or a mended network take away.
fn is_held_by(failure: CallFailure) -> bool {
    failure.wants_reconnect() || failure == CallFailure::NoAnswer
}
