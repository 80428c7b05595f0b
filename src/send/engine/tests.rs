//! The engine against a simulated service with a clock of its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]

mod chaos;
mod rules;
mod search;
mod steering;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use super::{super::step::Seen, *};
use crate::domain::{
    batch::{Answer, Batch, MAX_ROWS, Outcome, RowCode},
    failure::{CallFailure, WRITE},
    identity::Identifier,
    patch::Values,
    row::RowId,
    severity::SeverityId,
    status::StatusId,
};

/// What becomes of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// It is carried out and answered.
    Answered,
    /// It is carried out, then fails like this.
    AppliedThen(CallFailure),
    /// It fails like this, and nothing is carried out.
    Fails(CallFailure),
    /// It is carried out, and the answer leaves these rows out, by their place.
    Silent(Vec<usize>),
}

/// What is scripted for a row: the codes of its next tries.
type Codes = HashMap<Identity, VecDeque<RowCode>>;

/// A service, and an engine that sends to it.
struct World {
    engine: Engine,
    now: Duration,
    latency: Duration,
    findings: HashMap<Identity, Values>,
    /// Rows that make a whole call fail validation.
    poison: BTreeSet<Identity>,
    codes: Codes,
    /// What becomes of the next writes; then all are answered.
    writes: VecDeque<Fate>,
    /// What becomes of the next reads: `None` is answered.
    reads: VecDeque<Option<CallFailure>>,
    /// What the next looks at the hub find: `None` is that it is on.
    described: VecDeque<Option<CallFailure>>,
    coming: BTreeMap<(Duration, u64), Fact>,
    last: u64,
    // What was seen.
    results: HashMap<RowId, RowResult>,
    finals: HashMap<RowId, usize>,
    activities: Vec<Activity>,
    batches: Vec<Batch>,
    under_way: BTreeMap<CallNumber, Batch>,
    most_under_way: usize,
    reads_made: Vec<Vec<Identity>>,
    looks: usize,
    reconnects: usize,
    /// What the service had at some time.
    had: BTreeSet<(Identity, Patch)>,
    applied: BTreeSet<(Identity, Patch)>,
    settled: Vec<Settlement>,
}

fn uid(n: u32) -> Identity {
    Identity::MetadataUid(format!("uid-{n}"))
}

fn new_values() -> Values {
    Values { status: Some(StatusId::NEW), severity: Some(SeverityId::MEDIUM), comment: None }
}

fn suppress() -> Patch {
    Patch::status(StatusId::SUPPRESSED)
}

fn staged(rows: std::ops::Range<u32>, patch: &Patch) -> Vec<StagedRow> {
    rows.map(|n| StagedRow { row: RowId(n), identity: uid(n), now: new_values(), patch: patch.clone() }).collect()
}

fn error(failure: CallFailure, operation: &'static str) -> CallError {
    CallError { failure, operation, code: None, message: format!("{failure:?} of a test"), request_id: Some("r-1".into()) }
}

/// No pace, no check.
fn plain() -> Options {
    Options { pace: crate::send::pace::Pace::UNLIMITED.writes, conflict_check: ConflictCheck::Never, ..Options::default() }
}

fn checked() -> Options {
    Options { conflict_check: ConflictCheck::Always, ..plain() }
}

impl World {
    fn new(rows: Vec<StagedRow>, options: Options) -> Self {
        let findings = rows.iter().map(|row| (row.identity.clone(), row.now.clone())).collect();
        Self {
            engine: Engine::new(&Plan::of(rows), options),
            now: Duration::ZERO,
            latency: Duration::from_millis(80),
            findings,
            poison: BTreeSet::new(),
            codes: Codes::new(),
            writes: VecDeque::new(),
            reads: VecDeque::new(),
            described: VecDeque::new(),
            coming: BTreeMap::new(),
            last: 0,
            results: HashMap::new(),
            finals: HashMap::new(),
            activities: Vec::new(),
            batches: Vec::new(),
            under_way: BTreeMap::new(),
            most_under_way: 0,
            reads_made: Vec::new(),
            looks: 0,
            reconnects: 0,
            had: BTreeSet::new(),
            applied: BTreeSet::new(),
            settled: Vec::new(),
        }
    }

    /// A send of so many rows that suppresses them.
    fn of(rows: u32, options: Options) -> Self {
        Self::new(staged(0..rows, &suppress()), options)
    }

    fn writes(mut self, fates: impl IntoIterator<Item = Fate>) -> Self {
        self.writes.extend(fates);
        self
    }

    fn poison(mut self, rows: impl IntoIterator<Item = u32>) -> Self {
        self.poison.extend(rows.into_iter().map(uid));
        self
    }

    fn code(mut self, row: u32, codes: impl IntoIterator<Item = RowCode>) -> Self {
        self.codes.insert(uid(row), codes.into_iter().collect());
        self
    }

    fn set(mut self, row: u32, values: Values) -> Self {
        self.findings.insert(uid(row), values);
        self
    }

    /// Plays to the end.
    fn run(mut self) -> Self {
        self.run_until(|_| false);
        assert!(self.engine.is_over(), "it waits for nothing: {:?}", self.engine.activity());
        for (row, count) in &self.finals {
            assert_eq!(*count, 1, "{row:?} has one result");
        }
        assert_eq!(self.finals.len(), self.engine.progress.rows, "every row has a result");
        let processed = self.results.values().filter(|result| matches!(result, RowResult::Processed | RowResult::SeenProcessed)).count();
        let progress = self.engine.progress;
        assert_eq!((progress.answered, progress.processed), (progress.rows, processed));
        assert_eq!(progress.calls as usize, self.batches.len());
        self
    }

    /// Plays until this is so, or nothing more happens.
    fn run_until(&mut self, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..200_000 {
            while let Some(step) = self.engine.next(self.now) {
                self.take(step);
            }
            self.look_at_reports();
            if is_so(self) {
                return;
            }
            let told = self.coming.keys().next().map(|(at, _)| *at);
            let Some(next) = told.into_iter().chain(self.engine.wake()).min() else { return };
            assert!(next >= self.now || told == Some(next), "it wakes in the past");
            self.now = self.now.max(next);
            while let Some(first) = self.coming.first_entry().filter(|first| first.key().0 <= self.now) {
                let fact = first.remove();
                if let Fact::Written(call, _) | Fact::Withdrawn(call, _) = &fact {
                    self.under_way.remove(call);
                }
                self.engine.hear(fact, self.now);
            }
        }
        panic!("it does not end: {:?}", self.engine.activity());
    }

    fn tell(&mut self, fact: Fact) {
        self.engine.hear(fact, self.now);
        self.look_at_reports();
    }

    fn comes(&mut self, fact: Fact) {
        self.last += 1;
        self.coming.insert((self.now + self.latency, self.last), fact);
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Write { call, batch, before } => {
                assert_eq!(batch.identities.len(), before.len());
                self.check_batch(&batch);
                self.under_way.insert(call, batch.clone());
                self.most_under_way = self.most_under_way.max(self.under_way.len());
                let answer = self.write(&batch);
                self.batches.push(batch);
                self.comes(Fact::Written(call, answer));
            }
            Step::Read { read, identities } => {
                assert!((1..=MAX_ROWS).contains(&identities.len()));
                let fate = self.reads.pop_front().flatten();
                let found = match fate {
                    Some(failure) => Err(error(failure, "GetFindingsV2")),
                    None => Ok(identities.iter().filter_map(|id| Some((id.clone(), self.findings.get(id)?.clone()))).collect()),
                };
                self.reads_made.push(identities);
                self.comes(Fact::Read(read, found));
            }
            Step::Describe => {
                self.looks += 1;
                let described = self.describe();
                self.comes(Fact::Described(described));
            }
            Step::Reconnect => {
                self.reconnects += 1;
                let described = self.describe();
                self.comes(Fact::Reconnected(described));
            }
        }
    }

    fn describe(&mut self) -> Result<(), CallError> {
        self.described.pop_front().flatten().map_or(Ok(()), |failure| Err(error(failure, "DescribeSecurityHubV2")))
    }

    fn check_batch(&self, batch: &Batch) {
        assert!((1..=MAX_ROWS).contains(&batch.identities.len()));
        let by_uid = batch.identities.iter().filter(|identity| matches!(identity, Identity::MetadataUid(_))).count();
        assert!(by_uid == 0 || by_uid == batch.identities.len(), "the kinds never share a call");
        let distinct: BTreeSet<&Identity> = batch.identities.iter().collect();
        assert_eq!(distinct.len(), batch.identities.len());
        for other in self.under_way.values() {
            assert!(other.identities.iter().all(|identity| !distinct.contains(identity)), "a row is in two calls at once");
        }
    }

    fn write(&mut self, batch: &Batch) -> Result<Answer, CallError> {
        let fate = self.writes.pop_front().unwrap_or(Fate::Answered);
        if let Fate::Fails(failure) = fate {
            return Err(error(failure, WRITE));
        }
        if batch.identities.iter().any(|identity| self.poison.contains(identity)) {
            return Err(error(CallFailure::Validation, WRITE));
        }
        let mut outcomes: Vec<Outcome> = batch.identities.iter().map(|identity| self.update(identity, &batch.patch)).collect();
        match fate {
            Fate::AppliedThen(failure) => return Err(error(failure, WRITE)),
            Fate::Silent(rows) => {
                for (at, outcome) in outcomes.iter_mut().enumerate() {
                    if rows.contains(&at) {
                        *outcome = Outcome::Unknown { why: "in neither list".into() };
                    }
                }
            }
            Fate::Answered | Fate::Fails(_) => {}
        }
        Ok(Answer { outcomes, request_id: Some("r-2".into()) })
    }

    fn update(&mut self, identity: &Identity, patch: &Patch) -> Outcome {
        let refused = |code: RowCode| Outcome::Unprocessed { message: Arc::from(code.word()), code };
        if let Some(code) = self.codes.get_mut(identity).and_then(VecDeque::pop_front) {
            return refused(code);
        }
        let Some(values) = self.findings.get_mut(identity) else { return refused(RowCode::ResourceNotFound) };
        *values = values.after(patch);
        self.applied.insert((identity.clone(), patch.clone()));
        self.had.insert((identity.clone(), patch.clone()));
        Outcome::Processed
    }

    fn look_at_reports(&mut self) {
        self.settled.extend(self.engine.settlements());
        let Some(report) = self.engine.report() else { return };
        for row in report.rows {
            let is_final = !matches!(row.result, RowResult::Sending | RowResult::Waiting(_));
            assert!(!self.finals.contains_key(&row.row) || is_final, "{:?} goes on after its end", row.row);
            *self.finals.entry(row.row).or_default() += usize::from(is_final);
            if !is_final {
                self.finals.remove(&row.row);
            }
            self.results.insert(row.row, row.result);
        }
        if self.activities.last() != Some(&report.activity) {
            self.activities.push(report.activity);
        }
    }

    fn result(&self, row: u32) -> &RowResult {
        self.results.get(&RowId(row)).unwrap()
    }

    fn problem(&self, row: u32) -> &crate::send::report::Problem {
        match self.result(row) {
            RowResult::Problem(problem) => problem,
            other => panic!("row {row}: {other:?}"),
        }
    }

    fn count(&self, is_so: impl Fn(&RowResult) -> bool) -> usize {
        self.results.values().filter(|result| is_so(result)).count()
    }

    fn processed(&self) -> usize {
        self.count(|result| *result == RowResult::Processed)
    }

    fn end(&self) -> &End {
        match self.activities.last() {
            Some(Activity::Over(end)) => end,
            other => panic!("it is not over: {other:?}"),
        }
    }

    fn calls(&self) -> usize {
        self.batches.len()
    }
}
