//! A send from its first call to its last: which step is next, and what each answer means for its rows.
//!
//! Pure: the clock is a duration since the send began, calls are steps that the driver takes, answers are facts that it tells. Every row
//! ends with exactly one result, and is never in two calls at once.

mod end;
mod hold;
mod look;
mod row;
#[cfg(test)]
mod tests;
mod write;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

pub use super::options::{ConflictCheck, Options, Patience};
use super::{
    jitter::Jitter,
    pacer::Pacer,
    plan::{Plan, StagedRow},
    report::{Activity, End, ProblemKind, Progress, RowReport, RowResult, SendReport, Steer},
    rule::Failures,
    step::{CallNumber, Fact, ReadNumber, Settlement, Step},
    window::Window,
};
use crate::domain::{failure::CallError, identity::Identity, patch::Patch};
use end::Afterwards;
use row::{Applied, Checks, Hold, Lane, Parcel, Purpose, Question, Row, Search, SearchId, Slot, Stage, Tried, Trouble, Unit};

/// A send under way.
#[derive(Debug)]
pub struct Engine {
    options: Options,
    rows: Vec<Row>,
    patches: Vec<Tried>,
    lanes: Vec<Lane>,
    /// Lanes with rows that were not packed yet.
    open: BTreeSet<usize>,
    places: Places,
    /// Calls that may go before all others.
    due: VecDeque<Parcel>,
    /// Reads to be made again.
    questions: VecDeque<Question>,
    /// Rows to be read, because something has to be found out.
    looking: VecDeque<Slot>,
    later: BTreeMap<(Duration, u64), Unit>,
    in_flight: HashMap<CallNumber, Flight>,
    reading: HashMap<ReadNumber, Question>,
    searches: BTreeMap<SearchId, Search>,
    /// Met a conflict of the whole call: it is asked whether the hub is on.
    conflicted: Vec<Unit>,
    describing: Describing,
    hold: Option<Hold>,
    gap: Duration,
    pacer: Pacer,
    window: Window,
    jitter: Jitter,
    last: Last,
    counts: Counts,
    streaks: Streaks,
    /// The last failure since a call was accepted.
    trouble: Option<CallError>,
    pausing: Pausing,
    end: Option<End>,
    afterwards: Afterwards,
    news: Vec<RowReport>,
    settlements: Vec<Settlement>,
    progress: Progress,
    told: Option<(Progress, Activity)>,
    wake: Option<Duration>,
}

/// A call under way.
#[derive(Debug)]
struct Flight {
    parcel: Parcel,
    sent: Duration,
}

/// Where things are found by what they are.
#[derive(Debug, Default)]
struct Places {
    patches: HashMap<Patch, usize>,
    lanes: HashMap<(usize, Kind), usize>,
    /// The last row of a finding, and which row comes after which.
    newest: HashMap<Identity, Slot>,
    behind: HashMap<Slot, Slot>,
}

/// The two kinds of identifier never share a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    MetadataUid,
    Identifier,
}

/// The numbers given out last.
#[derive(Debug, Default)]
struct Last {
    call: u64,
    read: u64,
    search: u64,
    unit: u64,
}

/// Rows by stage, as far as it matters how many there are.
#[derive(Debug, Default)]
struct Counts {
    /// Being read or ready.
    ahead: usize,
    over: usize,
    /// Calls that wait to be made again.
    writes_waiting: usize,
    /// Reads that do.
    reads_waiting: usize,
}

/// Failures one after the other, of any rows.
#[derive(Debug, Default)]
struct Streaks {
    /// Writes that were given up.
    writes: u32,
    /// Reads that were given up.
    reads: u32,
    /// Calls that did not reach the service.
    unreached: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Describing {
    No,
    UnderWay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pausing {
    Going,
    Paused,
}

impl Engine {
    /// A send of the plan's groups; rows the plan leaves out have no part in it.
    pub fn new(plan: &Plan, options: Options) -> Self {
        let mut engine = Self {
            options,
            rows: Vec::new(),
            patches: Vec::new(),
            lanes: Vec::new(),
            open: BTreeSet::new(),
            places: Places::default(),
            due: VecDeque::new(),
            questions: VecDeque::new(),
            looking: VecDeque::new(),
            later: BTreeMap::new(),
            in_flight: HashMap::new(),
            reading: HashMap::new(),
            searches: BTreeMap::new(),
            conflicted: Vec::new(),
            describing: Describing::No,
            hold: None,
            gap: options.patience.look,
            pacer: Pacer::new(options.pace),
            window: Window::new(options.in_flight),
            jitter: Jitter::new(options.seed),
            last: Last::default(),
            counts: Counts::default(),
            streaks: Streaks::default(),
            trouble: None,
            pausing: Pausing::Going,
            end: None,
            afterwards: Afterwards::Allowed,
            news: Vec::new(),
            settlements: Vec::new(),
            progress: Progress::default(),
            told: None,
            wake: None,
        };
        engine.admit(plan, Duration::ZERO);
        engine
    }

    fn admit(&mut self, plan: &Plan, now: Duration) {
        let checks = if self.options.conflict_check.covers(plan.row_count()) { Checks::Due } else { Checks::Never };
        self.progress.rows += plan.row_count();
        for group in &plan.groups {
            let tried = self.tried(&group.patch);
            for staged in &group.rows {
                self.admit_row(staged, tried, checks, now);
            }
        }
    }

    /// What is known of a patch. It is tried anew where it was refused before: whoever sends it again may know why.
    fn tried(&mut self, patch: &Patch) -> usize {
        let place = *self.places.patches.entry(patch.clone()).or_insert_with(|| {
            self.patches.push(Tried {
                patch: Arc::new(patch.clone()),
                is_accepted: false,
                alone: 0,
                in_flight: 0,
                searches: 0,
                refused: None,
            });
            self.patches.len() - 1
        });
        if let Some(tried) = self.patches.get_mut(place).filter(|tried| tried.refused.is_some()) {
            tried.refused = None;
            tried.alone = 0;
        }
        place
    }

    fn admit_row(&mut self, staged: &StagedRow, tried: usize, checks: Checks, now: Duration) {
        let kind = if matches!(staged.identity, Identity::MetadataUid(_)) { Kind::MetadataUid } else { Kind::Identifier };
        let lane = *self.places.lanes.entry((tried, kind)).or_insert_with(|| {
            self.lanes.push(Lane { tried, unread: VecDeque::new(), ready: VecDeque::new(), coming: 0 });
            self.lanes.len() - 1
        });
        let Some(patch) = self.patches.get(tried).map(|tried| Arc::clone(&tried.patch)) else { return };
        let slot = Slot(self.rows.len());
        self.rows.push(Row {
            id: staged.row,
            identity: staged.identity.clone(),
            lane,
            patch,
            seen: staged.now.clone(),
            before: None,
            checks,
            stage: Stage::Behind,
            purpose: Purpose::Check,
            applied: Applied::No,
            calls: 0,
            tries: 0,
            failures: Failures::default(),
            trouble: None,
        });
        match self.places.newest.insert(staged.identity.clone(), slot).filter(|before| !self.is_over_row(*before)) {
            Some(before) => {
                self.places.behind.insert(before, slot);
            }
            None => self.start(slot, now),
        }
    }

    fn is_over_row(&self, slot: Slot) -> bool {
        self.rows.get(slot.0).is_none_or(|row| row.stage == Stage::Over)
    }

    /// A row's turn comes.
    fn start(&mut self, slot: Slot, now: Duration) {
        let Some(row) = self.rows.get(slot.0) else { return };
        if !row.identity.is_addressable() {
            let words = "it has no metadata.uid and no complete identifier, so the service cannot be told which it is";
            self.note_trouble(slot, Trouble::with_words(ProblemKind::Missing, words, None));
            self.finish_with_trouble(slot, now);
        } else if self.end.is_some() {
            self.conclude(slot, now);
        } else if let Some(trouble) = self.refusal_of(slot) {
            self.note_trouble(slot, trouble);
            self.fail(slot, now);
        } else if row.checks == Checks::Never {
            self.make_ready(slot);
        } else {
            self.make_unread(slot);
        }
    }

    fn make_ready(&mut self, slot: Slot) {
        self.stage(slot, Stage::Ready);
        if let Some(lane) = self.rows.get(slot.0).map(|row| row.lane) {
            self.lanes.get_mut(lane).into_iter().for_each(|lane| lane.ready.push_back(slot));
            self.open.insert(lane);
        }
    }

    fn make_unread(&mut self, slot: Slot) {
        self.stage(slot, Stage::Unread);
        if let Some(row) = self.rows.get_mut(slot.0) {
            row.purpose = Purpose::Check;
            let lane = row.lane;
            self.lanes.get_mut(lane).into_iter().for_each(|lane| lane.unread.push_back(slot));
            self.open.insert(lane);
        }
    }

    /// Moves a row. The only place where a stage changes.
    fn stage(&mut self, slot: Slot, stage: Stage) {
        let Some(row) = self.rows.get_mut(slot.0) else { return };
        let is_ahead = |stage| matches!(stage, Stage::Reading | Stage::Ready);
        if row.purpose == Purpose::Check
            && let Some(lane) = self.lanes.get_mut(row.lane)
        {
            lane.coming -= usize::from(row.stage == Stage::Reading && lane.coming > 0);
            lane.coming += usize::from(stage == Stage::Reading);
        }
        self.counts.ahead -= usize::from(is_ahead(row.stage));
        self.counts.ahead += usize::from(is_ahead(stage));
        self.counts.over += usize::from(stage == Stage::Over && row.stage != Stage::Over);
        row.stage = stage;
    }

    fn is_in(&self, slot: Slot, stage: Stage) -> bool {
        self.rows.get(slot.0).is_some_and(|row| row.stage == stage)
    }

    /// The next step, if there is one to take now. To be asked again after each step and each fact, until there is none.
    pub fn next(&mut self, now: Duration) -> Option<Step> {
        self.wake = None;
        if self.is_over() {
            return None;
        }
        if self.end.is_none() {
            if let Some(step) = self.next_look_at_hold(now) {
                return Some(step);
            }
            if self.hold.is_some() || self.pausing == Pausing::Paused {
                return None;
            }
            if let Some(step) = self.next_describe() {
                return Some(step);
            }
            if self.describing == Describing::UnderWay {
                return None;
            }
        }
        self.come_due(now);
        // Rows that were read too long ago are found by packing them.
        let step = self.next_read().or_else(|| self.next_write(now)).or_else(|| self.next_read());
        if step.is_none()
            && let Some(&(at, _)) = self.later.keys().next()
        {
            self.wake_at(at);
        }
        step
    }

    /// When there may be a next step without anything being told; as of the last time [`Self::next`] gave none.
    pub fn wake(&self) -> Option<Duration> {
        self.wake
    }

    fn wake_at(&mut self, at: Duration) {
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
    }

    fn put_later(&mut self, at: Duration, unit: Unit) {
        self.counts.writes_waiting += usize::from(matches!(unit, Unit::Write(_)));
        self.counts.reads_waiting += usize::from(matches!(unit, Unit::Read(_)));
        self.last.unit += 1;
        self.later.insert((at, self.last.unit), unit);
    }

    fn come_due(&mut self, now: Duration) {
        while let Some(first) = self.later.first_entry().filter(|first| first.key().0 <= now) {
            match first.remove() {
                Unit::Write(parcel) => {
                    self.counts.writes_waiting -= 1;
                    self.due.push_back(parcel);
                }
                Unit::Read(question) => {
                    self.counts.reads_waiting -= 1;
                    self.questions.push_back(question);
                }
                Unit::Send(slot) if self.is_in(slot, Stage::Waiting) && self.may_be_sent(slot) => self.make_ready(slot),
                Unit::Look(slot) if self.is_in(slot, Stage::Waiting) => self.look(slot),
                // It has its result by now.
                Unit::Send(_) | Unit::Look(_) => {}
            }
        }
    }

    fn may_be_sent(&self, slot: Slot) -> bool {
        self.rows.get(slot.0).is_some_and(|row| !matches!(row.purpose, Purpose::Settle | Purpose::Conclude))
    }

    /// Takes in what the driver tells.
    pub fn hear(&mut self, fact: Fact, now: Duration) {
        match fact {
            Fact::Written(call, answer) => self.written(call, answer, now),
            Fact::Withdrawn(call, words) => self.withdrawn(call, words, now),
            Fact::Unwritable(words) => self.end_with(End::Unwritable(words), Afterwards::Barred, now),
            Fact::Read(number, found) => self.read(number, found, now),
            Fact::Described(described) => self.described(described, now),
            Fact::Reconnected(described) => self.reconnected(described, now),
            Fact::Steered(steer) => self.steered(steer, now),
        }
    }

    fn steered(&mut self, steer: Steer, now: Duration) {
        match steer {
            Steer::Pause => self.pausing = Pausing::Paused,
            Steer::Resume => {
                self.pausing = Pausing::Going;
                if let Some(Hold { look_at: Some(at), .. }) = &mut self.hold {
                    *at = now;
                }
            }
            Steer::Stop => self.end_with(End::Stopped, Afterwards::Barred, now),
            Steer::More(plan) => self.admit(&plan, now),
        }
    }

    /// Rows whose outcome a read showed since the last time this was asked; for the journal.
    pub fn settlements(&mut self) -> Vec<Settlement> {
        std::mem::take(&mut self.settlements)
    }

    /// What is new since the last report; `None` where nothing is.
    pub fn report(&mut self) -> Option<SendReport> {
        let now = (self.progress, self.activity());
        if self.news.is_empty() && self.told.as_ref() == Some(&now) {
            return None;
        }
        let (progress, activity) = now.clone();
        self.told = Some(now);
        Some(SendReport { rows: std::mem::take(&mut self.news), progress, activity })
    }

    fn activity(&self) -> Activity {
        if self.is_over() {
            return Activity::Over(self.end.clone().unwrap_or(End::Done));
        }
        match (&self.end, &self.hold, self.pausing, &self.trouble) {
            (Some(_), ..) => Activity::Stopping,
            (_, Some(hold), ..) => Activity::Held(hold.error.clone()),
            (_, _, Pausing::Paused, _) => Activity::Paused,
            (.., Some(error)) if self.in_flight.is_empty() && self.reading.is_empty() => Activity::Waiting(error.clone()),
            _ => Activity::Sending,
        }
    }

    /// Whether every row has its result and no write is under way.
    pub fn is_over(&self) -> bool {
        self.in_flight.is_empty() && self.counts.over == self.rows.len()
    }

    fn tell(&mut self, slot: Slot, result: RowResult) {
        let Some(row) = self.rows.get(slot.0) else { return };
        self.news.push(RowReport { row: row.id, patch: Patch::clone(&row.patch), result });
    }

    fn tell_waiting(&mut self, slots: &[Slot], kind: &ProblemKind) {
        for &slot in slots {
            self.tell(slot, RowResult::Waiting(kind.clone()));
        }
    }
}
