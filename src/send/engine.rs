//! A send from its first call to its last: which step is next, and what each answer means for its rows.
//!
//! Pure: the clock is a duration since the send began, calls are steps that the driver takes, answers are facts that it tells.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

pub use super::options::{ConflictCheck, Options, Patience};
use super::{
    pace::TokenBucket,
    plan::{Plan, PlannedBatch},
    report::{Activity, End, Problem, ProblemKind, Progress, RowReport, RowResult, SendReport, Steer},
    step::{CallNumber, Fact, Settlement, Step},
};
use crate::domain::{
    batch::{Answer, Outcome},
    failure::CallError,
    patch::{Patch, Values},
    row::RowId,
};

/// A send under way.
#[derive(Debug)]
pub struct Engine {
    options: Options,
    bucket: TokenBucket,
    next_at: Option<Duration>,
    waiting: VecDeque<PlannedBatch>,
    seen: HashMap<RowId, Values>,
    in_flight: HashMap<CallNumber, PlannedBatch>,
    last: u64,
    news: Vec<RowReport>,
    progress: Progress,
    told: Option<(Progress, Activity)>,
    is_paused: bool,
    end: Option<End>,
}

impl Engine {
    /// A send of these rows.
    pub fn new(plan: &Plan, options: Options) -> Self {
        let mut engine = Self {
            options,
            bucket: TokenBucket::new(options.pace),
            next_at: None,
            waiting: VecDeque::new(),
            seen: HashMap::new(),
            in_flight: HashMap::new(),
            last: 0,
            news: Vec::new(),
            progress: Progress::default(),
            told: None,
            is_paused: false,
            end: None,
        };
        engine.admit(plan);
        engine
    }

    fn admit(&mut self, plan: &Plan) {
        self.progress.rows += plan.row_count();
        let rows = plan.groups.iter().flat_map(|group| &group.rows);
        self.seen.extend(rows.map(|row| (row.row, row.now.clone())));
        self.waiting.extend(plan.batches());
    }

    /// The next step, if there is one to take now.
    pub fn next(&mut self, now: Duration) -> Option<Step> {
        if self.end.is_some() || self.is_paused || self.waiting.is_empty() || self.in_flight.len() >= self.options.in_flight.max(1) {
            return None;
        }
        let at = *self.next_at.get_or_insert_with(|| now + self.bucket.take(now));
        if at > now {
            return None;
        }
        self.next_at = None;
        let planned = self.waiting.pop_front()?;
        self.last += 1;
        self.progress.calls += 1;
        let call = CallNumber(self.last);
        self.report_rows(&planned, |_| RowResult::Sending);
        let before = planned.rows.iter().map(|row| self.seen.get(row).cloned().unwrap_or_default()).collect();
        let step = Step::Write { call, batch: planned.batch.clone(), before };
        self.in_flight.insert(call, planned);
        Some(step)
    }

    /// When there may be a next step without anything being told.
    pub fn wake(&self) -> Option<Duration> {
        self.next_at
    }

    /// Takes in what the driver tells.
    pub fn hear(&mut self, fact: Fact, _now: Duration) {
        match fact {
            Fact::Written(call, answer) => self.written(call, &answer),
            Fact::Withdrawn(call, words) => {
                if let Some(planned) = self.in_flight.remove(&call) {
                    self.waiting.push_front(planned);
                }
                self.end(End::Unwritable(words));
            }
            Fact::Unwritable(words) => self.end(End::Unwritable(words)),
            Fact::Steered(Steer::Pause) => self.is_paused = true,
            Fact::Steered(Steer::Resume) => self.is_paused = false,
            Fact::Steered(Steer::Stop) => self.end(End::Stopped),
            Fact::Steered(Steer::More(plan)) => self.admit(&plan),
            Fact::Read(..) | Fact::Described(_) | Fact::Reconnected(_) => {}
        }
    }

    fn written(&mut self, call: CallNumber, answer: &Result<Answer, CallError>) {
        let Some(planned) = self.in_flight.remove(&call) else { return };
        for (at, &row) in planned.rows.iter().enumerate() {
            let result = result(answer, at, &planned.batch.patch);
            self.progress.answered += 1;
            self.progress.processed += usize::from(result == RowResult::Processed);
            self.news.push(RowReport { row, patch: planned.batch.patch.clone(), result });
        }
        if let Err(error) = answer {
            self.end(End::Refused(error.clone()));
        }
    }

    fn end(&mut self, end: End) {
        self.end.get_or_insert(end);
        for planned in std::mem::take(&mut self.waiting) {
            self.progress.answered += planned.rows.len();
            self.report_rows(&planned, |_| RowResult::Unsent);
        }
    }

    fn report_rows(&mut self, planned: &PlannedBatch, result: impl Fn(RowId) -> RowResult) {
        let rows = planned.rows.iter().map(|&row| RowReport { row, patch: planned.batch.patch.clone(), result: result(row) });
        self.news.extend(rows);
    }

    /// Rows whose outcome a read showed since the last time this was asked.
    pub fn settlements(&mut self) -> Vec<Settlement> {
        Vec::new()
    }

    /// What is new since the last report.
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
        match &self.end {
            Some(_) if !self.in_flight.is_empty() => Activity::Stopping,
            Some(end) => Activity::Over(end.clone()),
            None if self.is_over() => Activity::Over(End::Done),
            None if self.is_paused => Activity::Paused,
            None => Activity::Sending,
        }
    }

    /// Whether every row has its result and nothing is under way.
    pub fn is_over(&self) -> bool {
        self.in_flight.is_empty() && self.waiting.is_empty()
    }
}

fn result(answer: &Result<Answer, CallError>, at: usize, patch: &Patch) -> RowResult {
    let problem = |kind, message: Arc<str>, request_id: Option<Arc<str>>| {
        RowResult::Problem(Problem { kind, message, request_id, patch: patch.clone(), tries: 1, change: None })
    };
    match answer {
        Ok(Answer { outcomes, request_id }) => match outcomes.get(at) {
            Some(Outcome::Processed) => RowResult::Processed,
            Some(Outcome::Unprocessed { code, message }) => {
                problem(ProblemKind::Row(code.clone()), Arc::clone(message), request_id.clone())
            }
            Some(Outcome::Unknown { why }) => problem(ProblemKind::Unknown, Arc::clone(why), request_id.clone()),
            None => problem(ProblemKind::Unknown, Arc::from("the answer does not mention it"), request_id.clone()),
        },
        Err(error) => {
            let kind = if error.failure.may_have_applied() { ProblemKind::Unknown } else { ProblemKind::Call(error.failure) };
            problem(kind, Arc::from(error.message.as_str()), error.request_id.as_deref().map(Arc::from))
        }
    }
}
