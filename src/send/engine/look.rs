//! Reading: ahead of the writes, to see whether someone else changed a row, and afterwards, to see what came of it.

use std::{collections::HashMap, time::Duration};

use super::{
    super::{
        report::{End, ProblemKind, RowResult},
        rule::{self, CallRule, Failures, MAX_READ_FAILURES, MAX_ROW_TRIES},
        step::{ReadNumber, Seen, Settlement, Step},
    },
    Engine,
    end::Afterwards,
    row::{Applied, Checks, Purpose, Question, Slot, Stage, Trouble, Unit},
};
use crate::domain::{
    batch::MAX_ROWS,
    failure::CallError,
    identity::Identity,
    patch::{Patch, Values},
};

/// Most reads under way at once.
const READS: usize = 4;
/// Most rows that are being read, or were read and not sent yet: what was read long ago says little.
const AHEAD: usize = 4 * MAX_ROWS;
/// Nothing more is read while this many calls have rows that were: rows of many patches are many calls.
const CALLS_AHEAD: usize = 100;

impl Engine {
    /// The next read, if there is one to make.
    pub(super) fn next_read(&mut self) -> Option<Step> {
        if self.reading.len() >= READS {
            return None;
        }
        let question = self.next_question()?;
        self.last.read += 1;
        let read = ReadNumber(self.last.read);
        let identities = question.rows.iter().filter_map(|slot| self.rows.get(slot.0)).map(|row| row.identity.clone()).collect();
        self.reading.insert(read, question);
        Some(Step::Read { read, identities })
    }

    fn next_question(&mut self) -> Option<Question> {
        while let Some(mut question) = self.questions.pop_front() {
            question.rows.retain(|slot| self.is_in(*slot, Stage::Reading));
            if !question.rows.is_empty() {
                return Some(question);
            }
        }
        let looking = std::mem::take(&mut self.looking);
        let mut rows: Vec<Slot> = looking.into_iter().filter(|slot| self.is_in(*slot, Stage::Looking)).collect();
        self.looking.extend(rows.drain(rows.len().min(MAX_ROWS)..));
        // Reads that wait to be made again hold their place: a service that fails them gets no more of them.
        let is_room = self.reading.len() + self.counts.reads_waiting < READS && self.counts.ahead < AHEAD;
        if rows.is_empty() && self.end.is_none() && is_room {
            rows = self.next_unread();
        }
        for &slot in &rows {
            self.stage(slot, Stage::Reading);
        }
        (!rows.is_empty()).then_some(Question { rows, failures: Failures::default() })
    }

    /// Rows that are sent soon, of as many patches as fit.
    fn next_unread(&mut self) -> Vec<Slot> {
        let ready = |lane: &&usize| self.lanes.get(**lane).is_some_and(|lane| !lane.ready.is_empty());
        if self.open.iter().take(2 * CALLS_AHEAD).filter(ready).count() >= CALLS_AHEAD {
            return Vec::new();
        }
        let mut rows = Vec::new();
        for lane in &self.open {
            if rows.len() == MAX_ROWS {
                break;
            }
            if let Some(lane) = self.lanes.get_mut(*lane) {
                let count = lane.unread.len().min(MAX_ROWS - rows.len());
                rows.extend(lane.unread.drain(..count));
            }
        }
        rows
    }

    /// A row is to be read, for the purpose it has.
    pub(super) fn look(&mut self, slot: Slot) {
        self.stage(slot, Stage::Looking);
        self.looking.push_back(slot);
    }

    pub(super) fn look_for(&mut self, slot: Slot, purpose: Purpose) {
        self.look(slot);
        self.rows.get_mut(slot.0).into_iter().for_each(|row| row.purpose = purpose);
    }

    pub(super) fn read(&mut self, number: ReadNumber, found: Result<Vec<(Identity, Values)>, CallError>, now: Duration) {
        let Some(mut question) = self.reading.remove(&number) else { return };
        question.rows.retain(|slot| self.is_in(*slot, Stage::Reading));
        match found {
            Ok(found) => {
                self.streaks.reads = 0;
                self.goes_through();
                let found: HashMap<Identity, Values> = found.into_iter().collect();
                for slot in question.rows {
                    let theirs = self.rows.get(slot.0).and_then(|row| found.get(&row.identity)).cloned();
                    self.saw(slot, theirs, now);
                }
            }
            Err(error) => self.not_read(question, &error, now),
        }
    }

    /// What a read showed of a row; `None` where it was not found.
    fn saw(&mut self, slot: Slot, theirs: Option<Values>, now: Duration) {
        let refusal = self.refusal_of(slot);
        let Some(row) = self.rows.get_mut(slot.0) else { return };
        let was_in_doubt = row.applied == Applied::Perhaps;
        // It is known now.
        row.applied = Applied::No;
        let has_all = theirs.as_ref().is_some_and(|theirs| theirs.satisfy(&row.patch));
        let (mut purpose, checks, tries) = (row.purpose, row.checks, row.tries);
        if let Some(trouble) = refusal.filter(|_| !matches!(purpose, Purpose::Settle | Purpose::Conclude)) {
            row.trouble = Some(trouble);
            purpose = Purpose::Settle;
        }
        let is_as_seen = theirs.as_ref() == Some(&row.seen);
        if was_in_doubt || has_all {
            let seen = match &theirs {
                Some(_) if has_all => Seen::Processed,
                Some(_) => Seen::NotProcessed,
                None => Seen::Missing,
            };
            self.settle(slot, seen);
        }
        match (theirs, purpose) {
            _ if has_all => self.finish(slot, RowResult::SeenProcessed, now),
            (_, Purpose::Conclude) => self.conclude(slot, now),
            (Some(_), Purpose::Settle) => self.finish_with_trouble(slot, now),
            (None, Purpose::Settle) if !self.is_unknown(slot) => self.finish_with_trouble(slot, now),
            (None, _) => {
                let words = "it was not found: it aged out, or is not in this account and Region";
                self.note_trouble(slot, Trouble::with_words(ProblemKind::Missing, words, None));
                self.finish_with_trouble(slot, now);
            }
            (Some(theirs), Purpose::Check | Purpose::Conflict) if !is_as_seen => self.finish_changed(slot, theirs, now),
            (Some(theirs), Purpose::Doubt) if !is_as_seen && checks != Checks::Never => self.finish_changed(slot, theirs, now),
            (Some(_), Purpose::Doubt) if tries >= MAX_ROW_TRIES => self.finish_unknown(slot, now),
            (Some(theirs), _) => {
                if let Some(row) = self.rows.get_mut(slot.0) {
                    row.before = Some(theirs);
                    row.checks = if checks == Checks::Never { checks } else { Checks::Done(now) };
                }
                self.make_ready(slot);
            }
        }
    }

    fn is_unknown(&self, slot: Slot) -> bool {
        let trouble = self.rows.get(slot.0).and_then(|row| row.trouble.as_ref());
        trouble.is_none_or(|trouble| trouble.kind == ProblemKind::Unknown)
    }

    /// Keeps for the journal what a read showed.
    fn settle(&mut self, slot: Slot, seen: Seen) {
        let Some(row) = self.rows.get(slot.0) else { return };
        match self.settlements.last_mut().filter(|last| last.patch == *row.patch) {
            Some(last) => last.rows.push((row.identity.clone(), seen)),
            None => {
                self.settlements.push(Settlement { patch: Patch::clone(&row.patch), rows: vec![(row.identity.clone(), seen)] });
            }
        }
    }

    fn not_read(&mut self, mut question: Question, error: &CallError, now: Duration) {
        question.failures.count(error.failure);
        self.trouble = Some(error.clone());
        if self.end.is_some() {
            return self.not_settled(question, error, now);
        }
        match rule::of_read(error.failure, question.failures) {
            CallRule::Again => {
                let at = now + self.jitter.wait(&self.options.patience, question.failures.sum());
                self.put_later(at, Unit::Read(question));
            }
            CallRule::Reach => {
                let at = now + self.unreached(error, now);
                self.put_later(at, Unit::Read(question));
            }
            CallRule::Hold => {
                self.questions.push_front(question);
                self.hold_for(error, now);
            }
            CallRule::Describe => self.conflicted.push(Unit::Read(question)),
            CallRule::Refuse => {
                question.rows.into_iter().for_each(|slot| self.unreadable(slot, error, now));
                self.end_with(End::Refused(error.clone()), Afterwards::Barred, now);
            }
            CallRule::GiveUp | CallRule::Bisect => {
                question.rows.into_iter().for_each(|slot| self.unreadable(slot, error, now));
                self.streaks.reads += 1;
                self.too_many_given_up(self.streaks.reads, error, now);
            }
        }
    }

    /// A read after the end of the send: it is made again a few times, and holds for nothing.
    fn not_settled(&mut self, question: Question, error: &CallError, now: Duration) {
        let tries = question.failures.sum().max(1);
        let may_pass = matches!(rule::of_read(error.failure, question.failures), CallRule::Again | CallRule::Describe);
        if may_pass && tries < MAX_READ_FAILURES {
            let at = now + self.jitter.wait(&self.options.patience, tries);
            self.put_later(at, Unit::Read(question));
        } else {
            question.rows.into_iter().for_each(|slot| self.unreadable(slot, error, now));
        }
    }

    /// A row cannot be read: what could not be checked is not sent, and what is not known stays unknown.
    fn unreadable(&mut self, slot: Slot, error: &CallError, now: Duration) {
        let Some(row) = self.rows.get(slot.0) else { return };
        if row.applied == Applied::Perhaps {
            return self.finish_unknown(slot, now);
        }
        if row.trouble.is_none() || row.purpose == Purpose::Check {
            let words = format!("not sent, because it could not be read first: {}", error.message);
            self.note_trouble(slot, Trouble::with_words(ProblemKind::Call(error.failure), &words, error.request_id.as_deref()));
        }
        self.finish_with_trouble(slot, now);
    }
}
