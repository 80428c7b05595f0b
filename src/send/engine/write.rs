//! Writing: which rows go into the next call, and what its answer means for them.

use std::{sync::Arc, time::Duration};

use super::{
    super::{
        bisection::{Bisection, Trust},
        report::{End, ProblemKind, RowResult},
        rule::{self, CallRule, Failures, RowRule},
        step::{CallNumber, Step},
    },
    Engine, Flight,
    end::Afterwards,
    row::{Applied, Parcel, Purpose, Search, SearchId, Slot, Stage, Trouble, Unit},
};
use crate::domain::{
    batch::{Answer, Batch, MAX_ROWS, Outcome},
    failure::{CallError, CallFailure},
};

/// A row that was read so long ago is read again before it is sent.
const CHECK_HOLDS: Duration = Duration::from_mins(1);
/// The same while refused rows are searched for: a search takes a dozen calls, and has to come to its end at any pace.
const CHECK_HOLDS_IN_SEARCH: Duration = Duration::from_mins(5);
/// A patch of which nothing was accepted and that so many rows were refused alone with is what is refused.
const REFUSED_ALONE: u32 = 4;

impl Engine {
    /// The next call, if one may go now.
    pub(super) fn next_write(&mut self, now: Duration) -> Option<Step> {
        while self.end.is_none() && self.in_flight.len() < self.window.size() {
            let parcel = self.next_parcel(now)?;
            let at = self.pacer.ready_at(now);
            if at > now {
                self.wake_at(at);
                self.due.push_front(parcel);
                return None;
            }
            if let Some(parcel) = self.fresh(parcel, now) {
                return Some(self.launch(parcel, now));
            }
        }
        None
    }

    /// The rows of the next call: those that were to go before, then those that are ready, in the order of the table.
    fn next_parcel(&mut self, now: Duration) -> Option<Parcel> {
        self.drop_empty(now);
        if let Some(place) = self.due.iter().position(|parcel| self.may_go(parcel)) {
            return self.due.remove(place);
        }
        // Calls that wait to be made again hold their place: a service that fails them gets no others to fail.
        if self.in_flight.len() + self.due.len() + self.counts.writes_waiting >= self.window.size() {
            return None;
        }
        let mut from = 0;
        while let Some(&lane) = self.open.range(from..).next() {
            from = lane + 1;
            if let Some(parcel) = self.pack(lane) {
                return Some(parcel);
            }
        }
        None
    }

    /// Rows that have their result by now leave the calls they stood in.
    fn drop_empty(&mut self, now: Duration) {
        for mut parcel in std::mem::take(&mut self.due) {
            parcel.rows.retain(|slot| self.is_in(*slot, Stage::Packed));
            if !parcel.rows.is_empty() {
                self.due.push_back(parcel);
            } else if let Some(search) = parcel.search {
                self.search_goes_on(search, Bisection::abandoned, now);
            }
        }
    }

    /// Until anything with a patch was accepted, one call at a time shows whether it is: a patch that is refused is refused once, not by
    /// every call under way.
    fn may_go(&self, parcel: &Parcel) -> bool {
        let tried = self.lanes.get(parcel.lane).and_then(|lane| self.patches.get(lane.tried));
        tried.is_some_and(|tried| tried.is_accepted || tried.in_flight == 0 && (tried.searches == 0 || parcel.search.is_some()))
    }

    /// The ready rows of a lane: a whole call, or what there is when nothing more is coming.
    fn pack(&mut self, lane: usize) -> Option<Parcel> {
        let place = self.lanes.get(lane)?;
        let is_more_coming = !place.unread.is_empty() || place.coming > 0;
        if place.ready.is_empty() && !is_more_coming {
            self.open.remove(&lane);
        }
        let empty = Parcel { lane, rows: Vec::new(), search: None };
        let place = self.lanes.get(lane)?;
        if place.ready.is_empty() || (place.ready.len() < MAX_ROWS && is_more_coming) || !self.may_go(&empty) {
            return None;
        }
        let place = self.lanes.get_mut(lane)?;
        let rows: Vec<Slot> = place.ready.drain(..place.ready.len().min(MAX_ROWS)).collect();
        for &slot in &rows {
            self.stage(slot, Stage::Packed);
        }
        Some(Parcel { rows, ..empty })
    }

    /// The parcel, unless what was read of its rows is too old: then they are read again first.
    fn fresh(&mut self, parcel: Parcel, now: Duration) -> Option<Parcel> {
        let holds = if parcel.search.is_some() { CHECK_HOLDS_IN_SEARCH } else { CHECK_HOLDS };
        let is_stale = |slot: &Slot| self.rows.get(slot.0).is_some_and(|row| row.checks.is_stale(now, holds));
        if !parcel.rows.iter().any(is_stale) {
            return Some(parcel);
        }
        let mut rows = parcel.rows;
        if let Some(search) = parcel.search.and_then(|id| self.end_search(id)) {
            rows.extend(search.bisection.waiting());
        }
        for slot in rows {
            if self.rows.get(slot.0).is_some_and(|row| row.applied == Applied::Perhaps) {
                self.look_for(slot, Purpose::Doubt);
            } else {
                self.make_unread(slot);
            }
        }
        None
    }

    fn launch(&mut self, parcel: Parcel, now: Duration) -> Step {
        self.last.call += 1;
        let call = CallNumber(self.last.call);
        self.pacer.take(now);
        self.progress.calls += 1;
        if let Some(tried) = self.tried_of(parcel.lane) {
            tried.in_flight += 1;
        }
        let (mut identities, mut before) = (Vec::new(), Vec::new());
        for &slot in &parcel.rows {
            self.stage(slot, Stage::InFlight);
            self.tell(slot, RowResult::Sending);
            if let Some(row) = self.rows.get_mut(slot.0) {
                row.calls += 1;
                identities.push(row.identity.clone());
                before.push(row.before.as_ref().unwrap_or(&row.seen).clone());
            }
        }
        let patch = self.tried_of(parcel.lane).map(|tried| (*tried.patch).clone()).unwrap_or_default();
        self.in_flight.insert(call, Flight { parcel, sent: now });
        Step::Write { call, batch: Batch { identities, patch }, before }
    }

    fn land(&mut self, call: CallNumber) -> Option<Flight> {
        let flight = self.in_flight.remove(&call)?;
        if let Some(tried) = self.tried_of(flight.parcel.lane) {
            tried.in_flight -= 1;
        }
        for &slot in &flight.parcel.rows {
            self.stage(slot, Stage::Packed);
        }
        Some(flight)
    }

    /// The call was not made, and none will be.
    pub(super) fn withdrawn(&mut self, call: CallNumber, words: String, now: Duration) {
        let Some(flight) = self.land(call) else { return };
        self.progress.calls -= 1;
        for slot in flight.parcel.rows {
            if let Some(row) = self.rows.get_mut(slot.0) {
                row.calls -= 1;
            }
        }
        self.end_with(End::Unwritable(words), Afterwards::Barred, now);
    }

    pub(super) fn written(&mut self, call: CallNumber, answer: Result<Answer, CallError>, now: Duration) {
        let Some(flight) = self.land(call) else { return };
        match answer {
            Ok(answer) => self.accepted(&flight, &answer, now),
            Err(error) => self.failed(flight, &error, now),
        }
    }

    fn accepted(&mut self, flight: &Flight, answer: &Answer, now: Duration) {
        self.pacer.accepted(now);
        self.window.accepted();
        self.streaks.writes = 0;
        self.goes_through();
        if let Some(tried) = self.tried_of(flight.parcel.lane) {
            tried.is_accepted = true;
        }
        for (at, &slot) in flight.parcel.rows.iter().enumerate() {
            self.answered(slot, answer.outcomes.get(at), answer.request_id.as_ref(), now);
        }
        if let Some(search) = flight.parcel.search {
            self.search_goes_on(search, Bisection::accepted, now);
        }
    }

    fn answered(&mut self, slot: Slot, outcome: Option<&Outcome>, request_id: Option<&Arc<str>>, now: Duration) {
        let request_id = request_id.cloned();
        let (rule, trouble) = match outcome {
            Some(Outcome::Processed) => return self.finish(slot, RowResult::Processed, now),
            Some(Outcome::Unprocessed { code, message }) => {
                let kind = ProblemKind::Row(code.clone());
                (self.try_counted(slot, |tries| rule::of_row(code, tries)), Trouble { kind, message: Arc::clone(message), request_id })
            }
            unsaid => {
                let message = match unsaid {
                    Some(Outcome::Unknown { why }) => Arc::clone(why),
                    _ => Arc::from("the answer does not mention it"),
                };
                self.doubt(slot);
                (self.try_counted(slot, |_| RowRule::ReadFirst), Trouble { kind: ProblemKind::Unknown, message, request_id })
            }
        };
        let kind = trouble.kind.clone();
        self.note_trouble(slot, trouble);
        if self.end.is_some() && rule != RowRule::GiveUp {
            return self.conclude(slot, now);
        }
        match rule {
            RowRule::GiveUp => self.fail(slot, now),
            RowRule::Again | RowRule::ReadFirst => {
                self.tell_waiting(&[slot], &kind);
                self.stage(slot, Stage::Waiting);
                let purpose = if kind == ProblemKind::Unknown { Purpose::Doubt } else { Purpose::Conflict };
                let tries = self.rows.get_mut(slot.0).map_or(1, |row| {
                    row.purpose = purpose;
                    row.tries
                });
                let at = now + self.jitter.wait(&self.options.patience, tries);
                self.put_later(at, if rule == RowRule::Again { Unit::Send(slot) } else { Unit::Look(slot) });
            }
        }
    }

    fn try_counted(&mut self, slot: Slot, rule: impl Fn(u32) -> RowRule) -> RowRule {
        self.rows.get_mut(slot.0).map_or(RowRule::GiveUp, |row| {
            row.tries += 1;
            rule(row.tries)
        })
    }

    fn doubt(&mut self, slot: Slot) {
        if let Some(row) = self.rows.get_mut(slot.0) {
            row.applied = Applied::Perhaps;
        }
    }

    fn failed(&mut self, flight: Flight, error: &CallError, now: Duration) {
        let Flight { parcel, sent } = flight;
        let failure = error.failure;
        let mut failures = Failures::default();
        for &slot in &parcel.rows {
            if failure.may_have_applied() {
                self.doubt(slot);
            }
            // A refusal of the whole call says nothing of a single row.
            if failure != CallFailure::Validation || parcel.rows.len() == 1 {
                self.note_trouble(slot, Trouble::of_call(error));
            }
            if let Some(row) = self.rows.get_mut(slot.0) {
                row.failures.count(failure);
                failures = failures.most(row.failures);
            }
        }
        match failure {
            CallFailure::Throttled => {
                self.progress.throttled += 1;
                self.pacer.throttled(sent, now);
                self.window.troubled(sent, now);
            }
            CallFailure::Validation => self.goes_through(),
            _ => self.window.troubled(sent, now),
        }
        let rule = rule::of_write(failure, failures);
        if failure != CallFailure::Validation {
            self.trouble = Some(error.clone());
            if rule != CallRule::Refuse && rule != CallRule::GiveUp && self.end.is_none() {
                self.tell_waiting(&parcel.rows, &ProblemKind::Call(failure));
            }
        }
        if self.end.is_some() && !matches!(rule, CallRule::Refuse | CallRule::GiveUp | CallRule::Bisect) {
            return parcel.rows.into_iter().for_each(|slot| self.conclude(slot, now));
        }
        match rule {
            CallRule::Again => {
                let at = now + self.jitter.wait(&self.options.patience, failures.sum());
                self.put_later(at, Unit::Write(parcel));
            }
            CallRule::Reach => {
                let at = now + self.unreached(error, now);
                self.put_later(at, Unit::Write(parcel));
            }
            CallRule::Hold => {
                self.due.push_front(parcel);
                self.hold_for(error, now);
            }
            CallRule::Describe => self.conflicted.push(Unit::Write(parcel)),
            CallRule::Bisect => self.refused(parcel, error, now),
            CallRule::Refuse => {
                for &slot in &parcel.rows {
                    self.fail(slot, now);
                }
                self.end_with(End::Refused(error.clone()), Afterwards::Allowed, now);
            }
            CallRule::GiveUp => {
                for &slot in &parcel.rows {
                    self.fail(slot, now);
                }
                if let Some(search) = parcel.search {
                    self.search_goes_on(search, Bisection::abandoned, now);
                }
                self.streaks.writes += 1;
                self.too_many_given_up(self.streaks.writes, error, now);
            }
        }
    }

    /// The service does not accept the call: it is about some of its rows, or about the patch.
    fn refused(&mut self, parcel: Parcel, error: &CallError, now: Duration) {
        let Parcel { lane, rows, search } = parcel;
        if self.end.is_some() && rows.len() > 1 {
            return rows.into_iter().for_each(|slot| self.conclude(slot, now));
        }
        let is_alone = rows.len() == 1;
        if is_alone {
            for &slot in &rows {
                self.fail(slot, now);
            }
            if let Some(tried) = self.tried_of(lane).filter(|tried| !tried.is_accepted) {
                tried.alone += 1;
                if tried.alone >= REFUSED_ALONE {
                    self.patch_refused(lane, error, now);
                }
            }
        } else {
            self.tell_waiting(&rows, &ProblemKind::Call(CallFailure::Validation));
        }
        match search.filter(|id| self.searches.contains_key(id)) {
            Some(id) => {
                let trust = match self.tried_of(lane) {
                    Some(tried) if !tried.is_accepted => Trust::Untried,
                    _ => Trust::Accepted,
                };
                self.search_goes_on(
                    id,
                    |bisection| {
                        bisection.refused(trust);
                    },
                    now,
                );
            }
            None if !is_alone => {
                self.last.search += 1;
                let id = SearchId(self.last.search);
                if let Some(tried) = self.tried_of(lane) {
                    tried.searches += 1;
                }
                self.searches.insert(id, Search { lane, bisection: Bisection::new(rows) });
                self.search_goes_on(id, |_| {}, now);
            }
            None => {}
        }
    }

    /// A step of a search came to its end; the next one goes before other calls.
    fn search_goes_on(&mut self, id: SearchId, learn: impl FnOnce(&mut Bisection<Slot>), now: Duration) {
        let is_over = self.end.is_some();
        let Some(search) = self.searches.get_mut(&id) else { return };
        learn(&mut search.bisection);
        let lane = search.lane;
        match search.bisection.next().filter(|_| !is_over) {
            Some(rows) => {
                self.put_later(now, Unit::Write(Parcel { lane, rows, search: Some(id) }));
            }
            None => {
                self.end_search(id);
            }
        }
    }

    pub(super) fn end_search(&mut self, id: SearchId) -> Option<Search> {
        let search = self.searches.remove(&id)?;
        if let Some(tried) = self.tried_of(search.lane) {
            tried.searches -= 1;
        }
        Some(search)
    }

    /// Nothing with this patch was accepted, and single rows from all over were refused: it is never sent again.
    fn patch_refused(&mut self, lane: usize, error: &CallError, now: Duration) {
        let Some(place) = self.lanes.get(lane).map(|lane| lane.tried) else { return };
        let trouble = Trouble::of_call(error);
        if let Some(tried) = self.patches.get_mut(place) {
            tried.refused = Some(trouble.clone());
        }
        let lanes: Vec<bool> = self.lanes.iter().map(|lane| lane.tried == place).collect();
        let has_patch = |lane: usize| lanes.get(lane).copied().unwrap_or_default();
        let searches: Vec<SearchId> = self.searches.iter().filter(|(_, search)| has_patch(search.lane)).map(|(id, _)| *id).collect();
        for id in searches {
            self.end_search(id);
        }
        for (lane, _) in self.lanes.iter_mut().zip(&lanes).filter(|(_, has_patch)| **has_patch) {
            lane.unread.clear();
            lane.ready.clear();
        }
        // Those that are being read are met when the read has come back.
        let is_waiting = |stage| !matches!(stage, Stage::Over | Stage::InFlight | Stage::Behind | Stage::Reading);
        let rows: Vec<Slot> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| has_patch(row.lane) && is_waiting(row.stage) && row.purpose != Purpose::Settle)
            .map(|(at, _)| Slot(at))
            .collect();
        for slot in rows {
            self.note_trouble(slot, trouble.clone());
            self.fail(slot, now);
        }
    }

    /// Why a row's patch is never sent again, where that is so.
    pub(super) fn refusal_of(&self, slot: Slot) -> Option<Trouble> {
        let lane = self.rows.get(slot.0).map(|row| row.lane)?;
        self.patches.get(self.lanes.get(lane)?.tried)?.refused.clone()
    }

    fn tried_of(&mut self, lane: usize) -> Option<&mut super::row::Tried> {
        self.patches.get_mut(self.lanes.get(lane)?.tried)
    }
}
