//! One send from its first call to its last: which call is next, and what each answer means for its rows.

use std::{collections::VecDeque, sync::Arc};

use crate::domain::{
    batch::{Answer, Outcome, RowCode},
    failure::{CallError, CallFailure},
    patch::Patch,
    row::RowId,
};

use super::plan::PlannedBatch;

/// The number of a call within the program's run; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallNumber(pub u64);

/// What came of one row, with everything the screen and the log want to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowResult {
    /// The service said so.
    Processed,
    /// Something needs the analyst.
    Problem(Problem),
}

/// A row that needs the analyst; its change stays staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// The service's or the client's words; not yet cleaned for display.
    pub message: Arc<str>,
    /// The request id, where there is one.
    pub request_id: Option<Arc<str>>,
    /// What was sent: what a retry may send without another review, and what a later read has to show.
    pub patch: Patch,
}

/// The kinds, in the order the problems panel lists them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The service listed the row as unprocessed.
    Row(RowCode),
    /// Nobody can say whether it was carried out.
    Unknown,
    /// The whole call was refused: nothing of it was carried out.
    Call(CallFailure),
}

impl ProblemKind {
    /// Whether sending the same again, unchanged, can help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Row(code) => code.is_retryable(),
            Self::Unknown => true,
            Self::Call(failure) => !matches!(failure, CallFailure::AccessDenied | CallFailure::Validation),
        }
    }

    /// The short word for the row.
    pub fn word(&self) -> &str {
        match self {
            Self::Row(code) => code.word(),
            Self::Unknown => "unknown outcome",
            Self::Call(failure) => failure.word(),
        }
    }
}

/// How far a send is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows in the whole send.
    pub rows: usize,
    /// Rows with an outcome of any kind.
    pub answered: usize,
    /// Of those, processed.
    pub processed: usize,
    /// Calls in the whole send.
    pub calls: usize,
    /// Calls answered.
    pub calls_answered: usize,
}

/// A send under way. One call at a time.
#[derive(Debug, Clone)]
pub struct Run {
    waiting: VecDeque<PlannedBatch>,
    in_flight: Option<(CallNumber, PlannedBatch)>,
    progress: Progress,
    unsent: usize,
}

impl Run {
    /// A send of these calls.
    pub fn new(batches: Vec<PlannedBatch>) -> Self {
        let progress = Progress { rows: batches.iter().map(|batch| batch.rows.len()).sum(), calls: batches.len(), ..Progress::default() };
        Self { waiting: batches.into(), in_flight: None, progress, unsent: 0 }
    }

    /// More calls behind those that wait.
    pub fn extend(&mut self, batches: Vec<PlannedBatch>) {
        self.progress.rows += batches.iter().map(|batch| batch.rows.len()).sum::<usize>();
        self.progress.calls += batches.len();
        self.waiting.extend(batches);
    }

    /// The next call to make, if none is under way. `number` names it.
    pub fn next(&mut self, number: CallNumber) -> Option<&PlannedBatch> {
        if self.in_flight.is_some() {
            return None;
        }
        self.in_flight = Some((number, self.waiting.pop_front()?));
        self.in_flight.as_ref().map(|(_, batch)| batch)
    }

    /// Takes in the answer to a call; gives each of its rows its result. An answer to a call that is not under way changes nothing.
    pub fn answered(&mut self, number: CallNumber, answer: &Result<Answer, CallError>) -> Vec<(RowId, Patch, RowResult)> {
        let Some((_, PlannedBatch { batch, rows })) = self.in_flight.take_if(|(under_way, _)| *under_way == number) else {
            return Vec::new();
        };
        // A refused value says nothing about the other calls; whatever else went wrong would meet them too.
        if answer.as_ref().is_err_and(|error| error.failure != CallFailure::Validation) {
            self.stop();
        }
        let results: Vec<(RowId, Patch, RowResult)> =
            rows.into_iter().enumerate().map(|(at, row)| (row, batch.patch.clone(), result(answer, at, &batch.patch))).collect();
        self.progress.calls_answered += 1;
        self.progress.answered += results.len();
        self.progress.processed += results.iter().filter(|(_, _, result)| *result == RowResult::Processed).count();
        results
    }

    /// No further call after the one under way; what waits is let go. Calls added later go all the same: they were decided later.
    pub fn stop(&mut self) {
        self.unsent += self.waiting.drain(..).map(|batch| batch.rows.len()).sum::<usize>();
    }

    /// Whether this call is under way.
    pub fn is_under_way(&self, number: CallNumber) -> bool {
        self.in_flight.as_ref().is_some_and(|(under_way, _)| *under_way == number)
    }

    /// Whether nothing is under way and nothing will be sent any more.
    pub fn is_over(&self) -> bool {
        self.in_flight.is_none() && self.waiting.is_empty()
    }

    /// Rows that were never sent because the run was stopped.
    pub fn unsent(&self) -> usize {
        self.unsent
    }

    /// The rows whose call is under way or waits, and what it sets on them.
    pub fn being_sent(&self) -> impl Iterator<Item = (RowId, &Patch)> {
        let under_way = self.in_flight.iter().map(|(_, batch)| batch);
        under_way.chain(&self.waiting).flat_map(|batch| batch.rows.iter().map(|&row| (row, &batch.batch.patch)))
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }
}

fn result(answer: &Result<Answer, CallError>, at: usize, patch: &Patch) -> RowResult {
    let problem = |kind, message: &Arc<str>, request_id: Option<Arc<str>>| {
        RowResult::Problem(Problem { kind, message: Arc::clone(message), request_id, patch: patch.clone() })
    };
    match answer {
        Ok(Answer { outcomes, request_id }) => match outcomes.get(at) {
            Some(Outcome::Processed) => RowResult::Processed,
            Some(Outcome::Unprocessed { code, message }) => problem(ProblemKind::Row(code.clone()), message, request_id.clone()),
            Some(Outcome::Unknown { why }) => problem(ProblemKind::Unknown, why, request_id.clone()),
            None => problem(ProblemKind::Unknown, &Arc::from("the answer does not mention it"), request_id.clone()),
        },
        Err(error) => {
            let kind = if error.failure.may_have_applied() { ProblemKind::Unknown } else { ProblemKind::Call(error.failure) };
            problem(kind, &Arc::from(error.message.as_str()), error.request_id.as_deref().map(Arc::from))
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::{batch::Batch, identity::Identity, status::StatusId};

    fn batch(rows: std::ops::Range<u32>) -> PlannedBatch {
        PlannedBatch {
            batch: Batch {
                identities: rows.clone().map(|row| Identity::MetadataUid(row.to_string())).collect(),
                patch: Patch::status(StatusId::SUPPRESSED),
            },
            rows: rows.map(RowId).collect(),
        }
    }

    fn error(failure: CallFailure) -> CallError {
        CallError { failure, operation: "BatchUpdateFindingsV2", code: None, message: "no".into(), request_id: None }
    }

    #[test]
    fn calls_go_one_at_a_time_and_answers_of_other_calls_change_nothing() {
        let mut run = Run::new(vec![batch(0..2), batch(2..3)]);
        assert_eq!(run.next(CallNumber(1)).unwrap().rows.len(), 2);
        assert!(run.next(CallNumber(2)).is_none());
        let answer = Ok(Answer { outcomes: vec![Outcome::Processed, Outcome::Processed], request_id: None });
        assert!(run.answered(CallNumber(7), &answer).is_empty());
        assert_eq!(run.answered(CallNumber(1), &answer).len(), 2);
        assert!(!run.is_over());
        run.next(CallNumber(2));
        run.answered(CallNumber(2), &answer);
        assert!(run.is_over());
        assert_eq!(run.progress(), Progress { rows: 3, answered: 3, processed: 3, calls: 2, calls_answered: 2 });
    }

    #[test]
    fn what_waits_when_a_send_is_stopped_never_goes_but_what_is_decided_afterwards_does() {
        let mut run = Run::new(vec![batch(0..2), batch(2..5)]);
        run.next(CallNumber(1));
        run.stop();
        assert_eq!(run.unsent(), 3);
        assert_eq!(run.being_sent().map(|(row, _)| row).collect::<Vec<_>>(), [RowId(0), RowId(1)]);
        run.extend(vec![batch(5..6)]);
        run.answered(CallNumber(1), &Ok(Answer { outcomes: vec![Outcome::Processed; 2], request_id: None }));
        assert_eq!(run.next(CallNumber(2)).unwrap().rows, [RowId(5)]);
        assert_eq!(run.unsent(), 3);
    }

    #[test]
    fn a_row_the_answer_does_not_mention_is_unknown_and_never_processed() {
        let mut run = Run::new(vec![batch(0..2)]);
        run.next(CallNumber(1));
        let results = run.answered(CallNumber(1), &Ok(Answer { outcomes: vec![Outcome::Processed], request_id: Some("r".into()) }));
        assert_eq!(results.first().unwrap().2, RowResult::Processed);
        assert!(matches!(&results.get(1).unwrap().2, RowResult::Problem(Problem { kind: ProblemKind::Unknown, .. })));
    }

    #[test]
    fn a_call_level_error_stops_the_rest_unless_only_its_values_were_refused() {
        for (failure, stops, kind) in [
            (CallFailure::Validation, false, ProblemKind::Call(CallFailure::Validation)),
            (CallFailure::AccessDenied, true, ProblemKind::Call(CallFailure::AccessDenied)),
            (CallFailure::Throttled, true, ProblemKind::Call(CallFailure::Throttled)),
            (CallFailure::NoAnswer, true, ProblemKind::Unknown),
            (CallFailure::InternalServer, true, ProblemKind::Unknown),
        ] {
            let mut run = Run::new(vec![batch(0..1), batch(1..3)]);
            run.next(CallNumber(1));
            let results = run.answered(CallNumber(1), &Err(error(failure)));
            assert!(matches!(&results.first().unwrap().2, RowResult::Problem(problem) if problem.kind == kind), "{failure:?}");
            assert_eq!(run.is_over(), stops, "{failure:?}");
            assert_eq!(run.next(CallNumber(2)).is_none(), stops);
            assert_eq!(run.unsent(), if stops { 2 } else { 0 });
        }
    }
}
