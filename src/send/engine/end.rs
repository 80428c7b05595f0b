//! Ends: of a row, with its one result, and of the send.

use std::{sync::Arc, time::Duration};

use super::{
    super::report::{Change, End, Problem, ProblemKind, RowResult},
    Engine,
    row::{Applied, Purpose, Slot, Stage, Trouble, Unit},
};
use crate::domain::{
    failure::CallError,
    patch::{Patch, Values},
};

/// Whether, once the send ended, reads may still show what came of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// They may.
    Allowed,
    /// Nothing is called any more, or nothing could be written down.
    Barred,
}

/// So many calls given up one after the other end the send: the next ones would fare no better.
const MAX_GIVEN_UP: u32 = 3;

impl Engine {
    /// A row has its result.
    pub(super) fn finish(&mut self, slot: Slot, result: RowResult, now: Duration) {
        if self.rows.get(slot.0).is_none_or(|row| row.stage == Stage::Over) {
            return;
        }
        self.stage(slot, Stage::Over);
        let is_processed = matches!(result, RowResult::Processed | RowResult::SeenProcessed);
        self.progress.answered += 1;
        self.progress.processed += usize::from(is_processed);
        self.tell(slot, result);
        if let Some(next) = self.places.behind.remove(&slot) {
            // What this send set itself is no change by someone else.
            let set = self.rows.get(slot.0).filter(|_| is_processed).map(|row| Arc::clone(&row.patch));
            if let (Some(patch), Some(row)) = (set, self.rows.get_mut(next.0)) {
                row.seen = row.seen.after(&patch);
            }
            self.start(next, now);
        }
    }

    /// A row needs the analyst. What may have been carried out is found out first.
    pub(super) fn fail(&mut self, slot: Slot, now: Duration) {
        self.settle_or(slot, Purpose::Settle, now, |engine| engine.finish_with_trouble(slot, now));
    }

    /// A row gets its result as it stands, because the send ended.
    pub(super) fn conclude(&mut self, slot: Slot, now: Duration) {
        self.settle_or(slot, Purpose::Conclude, now, |engine| {
            let Some(row) = engine.rows.get(slot.0) else { return };
            match &row.trouble {
                Some(Trouble { kind: ProblemKind::Row(_), .. }) => engine.finish_with_trouble(slot, now),
                _ => engine.finish(slot, RowResult::Unsent, now),
            }
        });
    }

    fn settle_or(&mut self, slot: Slot, purpose: Purpose, now: Duration, otherwise: impl FnOnce(&mut Self)) {
        let Some(row) = self.rows.get(slot.0) else { return };
        if row.applied == Applied::No {
            otherwise(self);
        } else if self.end.is_none() || self.afterwards == Afterwards::Allowed {
            // A moment later: a write need not be seen by the very next read.
            let at = now + self.jitter.wait(&self.options.patience, 2);
            self.stage(slot, Stage::Waiting);
            if let Some(row) = self.rows.get_mut(slot.0) {
                row.purpose = purpose;
            }
            self.put_later(at, Unit::Look(slot));
        } else {
            self.finish_unknown(slot, now);
        }
    }

    /// Nobody can say whether it was carried out.
    pub(super) fn finish_unknown(&mut self, slot: Slot, now: Duration) {
        let trouble = self.rows.get(slot.0).and_then(|row| row.trouble.clone());
        let trouble = trouble.unwrap_or_else(|| Trouble::with_words(ProblemKind::Unknown, "no answer tells", None));
        self.note_trouble(slot, Trouble { kind: ProblemKind::Unknown, ..trouble });
        self.finish_with_trouble(slot, now);
    }

    /// The row's last trouble is its problem.
    pub(super) fn finish_with_trouble(&mut self, slot: Slot, now: Duration) {
        self.finish_problem(slot, None, now);
    }

    pub(super) fn finish_changed(&mut self, slot: Slot, theirs: Values, now: Duration) {
        let words = "its values are not those that were loaded; they were left as they are";
        self.note_trouble(slot, Trouble::with_words(ProblemKind::Changed, words, None));
        self.finish_problem(slot, Some(theirs), now);
    }

    fn finish_problem(&mut self, slot: Slot, theirs: Option<Values>, now: Duration) {
        let Some(row) = self.rows.get(slot.0) else { return };
        let trouble = row.trouble.clone().unwrap_or_else(|| Trouble::with_words(ProblemKind::Unknown, "no answer tells", None));
        let problem = Problem {
            kind: trouble.kind,
            message: trouble.message,
            request_id: trouble.request_id,
            patch: Patch::clone(&row.patch),
            tries: row.calls,
            change: theirs.map(|theirs| Box::new(Change { seen: row.seen.clone(), theirs })),
        };
        self.finish(slot, RowResult::Problem(problem), now);
    }

    pub(super) fn note_trouble(&mut self, slot: Slot, trouble: Trouble) {
        if let Some(row) = self.rows.get_mut(slot.0) {
            row.trouble = Some(trouble);
        }
    }

    /// No further write. The first reason is the one that is told; what a later one forbids is forbidden all the same.
    pub(super) fn end_with(&mut self, end: End, afterwards: Afterwards, now: Duration) {
        if self.end.is_none() {
            self.end = Some(end);
            self.afterwards = afterwards;
        } else if afterwards == Afterwards::Barred {
            self.afterwards = Afterwards::Barred;
        }
        self.hold = None;
        self.due.clear();
        self.searches.clear();
        // Reads go on where they may still show something; those that nobody waits for are dropped when their turn comes.
        for unit in std::mem::take(&mut self.conflicted) {
            if let Unit::Read(question) = unit {
                self.questions.push_back(question);
            }
        }
        self.open.clear();
        for lane in &mut self.lanes {
            lane.unread.clear();
            lane.ready.clear();
        }
        for at in 0..self.rows.len() {
            let slot = Slot(at);
            let Some(row) = self.rows.get_mut(at) else { continue };
            let is_settling = matches!(row.purpose, Purpose::Settle | Purpose::Conclude) && self.afterwards == Afterwards::Allowed;
            match row.stage {
                // Rows behind others come with those.
                Stage::Over | Stage::InFlight | Stage::Behind => {}
                _ if is_settling => {}
                // The answer is on its way.
                Stage::Reading if row.applied == Applied::Perhaps && self.afterwards == Afterwards::Allowed => {
                    row.purpose = Purpose::Conclude;
                }
                _ => self.conclude(slot, now),
            }
        }
    }

    /// Ends the send where call after call is given up.
    pub(super) fn too_many_given_up(&mut self, streak: u32, error: &CallError, now: Duration) {
        if streak >= MAX_GIVEN_UP && self.end.is_none() {
            self.end_with(End::Refused(error.clone()), Afterwards::Allowed, now);
        }
    }
}
