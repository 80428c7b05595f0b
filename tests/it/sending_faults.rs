//! Every fault the emulator can play, at the first, a middle and the last call of a send: nothing is lost, nothing is told falsely, and
//! no fault makes a storm of calls.

use std::{collections::BTreeMap, time::Duration};

use hubtriage::{
    aws::Timeouts,
    domain::{
        comment::{Comment, LineBreaks},
        failure::CallFailure,
        patch::Patch,
        row::RowId,
        severity::SeverityId,
        status::StatusId,
    },
    emulator::{
        CallError, CallFault, CredentialState, Denial, Emulator, FaultPlan, FindingFault, HoldMoment, MissingRows, Operation, Quota, Rate,
        RowCode, Selector, Settings, Times, Trouble, UpdateField,
    },
    send::{
        engine::ConflictCheck,
        plan::{Plan, StagedRow},
        report::{Activity, End, ProblemKind, RowResult},
    },
};

use crate::{
    sending::{Sending, Sent, connections, connections_with, impatient, send, staged, staged_rows},
    support::finding::{findings, uid},
};

/// Three calls: a first, a middle and a last one.
const ROWS: usize = 250;
const CALLS: u64 = 3;

/// Longer than is waited for.
const TOO_SLOW: Duration = Duration::from_secs(6);

fn suppress() -> Patch {
    Patch::status(StatusId::SUPPRESSED)
}

fn fail(error: CallError) -> Trouble {
    Trouble::Fail { error, message: None }
}

fn hold(moment: HoldMoment) -> Trouble {
    Trouble::Hold { name: "gate".to_owned(), moment }
}

/// How a send may come out.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    /// Every row is processed, with at most so many calls more.
    Whole(u64),
    /// The call with the fault ends the send; its rows are problems of this kind.
    Refused(CallFailure),
    /// The rows of the read with the fault are problems of this kind, unsent; the others are processed.
    Unchecked(CallFailure),
}

/// Every trouble of a whole write, and what comes of it.
fn write_troubles() -> Vec<(Trouble, Outcome)> {
    use Outcome::{Refused, Whole};
    vec![
        (fail(CallError::Throttling), Whole(1)),
        (fail(CallError::Internal), Whole(1)),
        (fail(CallError::Unavailable), Whole(1)),
        (fail(CallError::AccessDenied(None)), Refused(CallFailure::AccessDenied)),
        (fail(CallError::AccessDenied(Some(UpdateField::StatusId))), Refused(CallFailure::AccessDenied)),
        // None of its rows was to blame: halves are accepted until one is left, and that one too.
        (fail(CallError::Validation), Whole(8)),
        (fail(CallError::ExpiredPageToken), Whole(8)),
        (fail(CallError::Conflict), Whole(1)),
        (fail(CallError::ExpiredToken), Whole(1)),
        (fail(CallError::UnrecognizedClient), Whole(1)),
        (fail(CallError::SignatureNotYetCurrent), Whole(1)),
        (fail(CallError::SignatureExpired), Whole(1)),
        (fail(CallError::RequestExpired), Whole(1)),
        (Trouble::CutBefore, Whole(1)),
        (Trouble::CutAfter, Whole(1)),
        (Trouble::CutBody, Whole(1)),
        (Trouble::Slow(Duration::from_millis(100)), Whole(0)),
        (Trouble::Slow(TOO_SLOW), Whole(1)),
        (hold(HoldMoment::Before), Whole(0)),
        (hold(HoldMoment::After), Whole(0)),
        (Trouble::MalformedBody, Whole(1)),
        (Trouble::LoneSurrogate, Whole(1)),
        (Trouble::MissingRows(MissingRows::First(30)), Whole(1)),
        (Trouble::MissingRows(MissingRows::Uids((0..ROWS).step_by(7).map(uid).collect())), Whole(1)),
        (Trouble::RepeatedRows, Whole(0)),
    ]
}

/// Every trouble of a read ahead of the writes. The SDK repeats reads by itself, so what passes is often not even seen.
fn read_troubles() -> Vec<(Trouble, Outcome)> {
    use Outcome::{Refused, Unchecked, Whole};
    vec![
        (fail(CallError::Throttling), Whole(0)),
        (fail(CallError::Internal), Whole(0)),
        (fail(CallError::Unavailable), Whole(0)),
        (fail(CallError::AccessDenied(None)), Refused(CallFailure::AccessDenied)),
        (fail(CallError::Validation), Unchecked(CallFailure::Validation)),
        (fail(CallError::ExpiredPageToken), Unchecked(CallFailure::Validation)),
        (fail(CallError::Conflict), Whole(0)),
        (fail(CallError::ExpiredToken), Whole(0)),
        (fail(CallError::UnrecognizedClient), Whole(0)),
        (fail(CallError::SignatureNotYetCurrent), Whole(0)),
        (fail(CallError::SignatureExpired), Whole(0)),
        (fail(CallError::RequestExpired), Whole(0)),
        (Trouble::CutBefore, Whole(0)),
        (Trouble::CutAfter, Whole(0)),
        (Trouble::CutBody, Whole(0)),
        (Trouble::Slow(Duration::from_millis(100)), Whole(0)),
        (Trouble::Slow(TOO_SLOW), Whole(0)),
        (hold(HoldMoment::Before), Whole(0)),
        (hold(HoldMoment::After), Whole(0)),
        (Trouble::MalformedBody, Whole(0)),
        (Trouble::LoneSurrogate, Whole(0)),
        (Trouble::RepeatedRows, Whole(0)),
    ]
}

/// One send with one fault.
#[derive(Debug, Clone)]
struct Case {
    operation: Operation,
    place: u64,
    trouble: Trouble,
    outcome: Outcome,
    check: ConflictCheck,
}

impl Case {
    async fn play(self) {
        let fault = CallFault::nth(self.operation, self.place, self.trouble.clone());
        let faults = FaultPlan { calls: vec![fault], ..FaultPlan::default() };
        let emulator = emulator(Settings { findings: findings(ROWS), faults, ..Settings::default() }).await;
        let hub = connections_with(emulator.url(), self.timeouts()).await;
        let sending = Sending::begin(hub, Plan::of(staged(ROWS, &suppress())), impatient(self.check));
        let releasing = async {
            if matches!(self.trouble, Trouble::Hold { .. }) {
                crate::wire::until(|| !emulator.held().is_empty()).await;
                emulator.release("gate");
            }
        };
        let (sent, ()) = tokio::join!(sending.end(), releasing);
        self.judge(&sent, &emulator);
    }

    fn is_too_slow(&self) -> bool {
        self.trouble == Trouble::Slow(TOO_SLOW)
    }

    /// Short only where that is what is tried: a busy machine is slow at times without any fault.
    fn timeouts(&self) -> Timeouts {
        let short = Duration::from_secs(3);
        if self.is_too_slow() { Timeouts { write: short, read_attempt: short, ..Timeouts::default() } } else { Timeouts::default() }
    }

    fn judge(&self, sent: &Sent, emulator: &Emulator) {
        let name = format!("{self:?}");
        sent.check(ROWS);
        nothing_is_told_falsely(sent, emulator, &name);
        let calls = emulator.call_count(Operation::BatchUpdateFindingsV2);
        assert!(emulator.call_count(self.operation) >= self.place, "the fault was played: {name}");
        // A call that was given up while it waited to be read was never seen.
        assert!(sent.last().progress.calls == calls || self.is_too_slow() && calls <= sent.last().progress.calls, "{calls} calls: {name}");
        let processed = sent.last().progress.processed;
        let problems = |kind: ProblemKind| sent.count(|result| matches!(result, RowResult::Problem(problem) if problem.kind == kind));
        match self.outcome {
            Outcome::Whole(more) => {
                assert_eq!((processed, sent.end()), (ROWS, &End::Done), "{name}");
                let more = if self.is_too_slow() { 4 * more } else { more };
                assert!(calls <= CALLS + more, "{calls} calls: {name}");
            }
            Outcome::Refused(failure) => {
                assert!(matches!(sent.end(), End::Refused(error) if error.failure == failure), "{:?}: {name}", sent.end());
                let unsent = sent.count(|result| *result == RowResult::Unsent);
                let problems = problems(ProblemKind::Call(failure));
                assert!((50..=100).contains(&problems), "{problems}: {name}");
                assert_eq!(processed + unsent + problems, ROWS, "{name}");
                assert!(calls <= CALLS, "{calls} calls: {name}");
            }
            Outcome::Unchecked(failure) => {
                assert_eq!(sent.end(), &End::Done, "{name}");
                let unchecked = problems(ProblemKind::Call(failure));
                assert!((50..=100).contains(&unchecked), "{unchecked}: {name}");
                assert_eq!(processed + unchecked, ROWS, "{name}");
                assert!(calls <= CALLS, "{calls} calls: {name}");
            }
        }
        assert!(emulator.call_count(Operation::GetFindingsV2) <= 3 * CALLS, "{name}");
        assert!(emulator.call_count(Operation::DescribeSecurityHubV2) <= 8, "{name}");
    }
}

async fn emulator(settings: Settings) -> Emulator {
    Emulator::start(settings).await.expect("the emulator starts")
}

/// What is processed is so at the service; what is a problem or unsent is not, unless nobody can know.
fn nothing_is_told_falsely(sent: &Sent, emulator: &Emulator, name: &str) {
    let there: BTreeMap<RowId, bool> = (0..sent.last().progress.rows)
        .map(|at| {
            let finding = emulator.finding(&uid(at));
            let is_changed =
                finding.is_some_and(|finding| finding["status_id"] != 1 || finding["severity_id"] != 3 || finding.get("comment").is_some());
            (RowId(u32::try_from(at).unwrap()), is_changed)
        })
        .collect();
    for (row, result) in sent.results() {
        let is_changed = there.get(&row).copied().unwrap_or_default();
        match &result {
            RowResult::Processed | RowResult::SeenProcessed => assert!(is_changed, "{row:?} is told to be processed: {name}"),
            RowResult::Problem(problem) if problem.kind == ProblemKind::Unknown => {}
            RowResult::Problem(_) | RowResult::Unsent => assert!(!is_changed, "{row:?} was carried out: {result:?}: {name}"),
            RowResult::Sending | RowResult::Waiting(_) => panic!("{row:?} has no end: {name}"),
        }
    }
}

/// Plays cases, a few at once.
async fn play_all(cases: Vec<Case>) {
    let mut cases = cases.into_iter();
    let mut under_way = tokio::task::JoinSet::new();
    loop {
        while under_way.len() < 6
            && let Some(case) = cases.next()
        {
            under_way.spawn(case.play());
        }
        match under_way.join_next().await {
            Some(played) => played.expect("the case holds"),
            None => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_trouble_with_a_write_at_the_first_a_middle_and_the_last_call() {
    let mut cases = Vec::new();
    for (trouble, outcome) in write_troubles() {
        for (place, check) in [(1, ConflictCheck::Never), (2, ConflictCheck::Always), (3, ConflictCheck::Never)] {
            cases.push(Case { operation: Operation::BatchUpdateFindingsV2, place, trouble: trouble.clone(), outcome, check });
        }
    }
    play_all(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_trouble_with_a_read_ahead_of_the_first_a_middle_and_the_last_call() {
    let mut cases = Vec::new();
    for (trouble, outcome) in read_troubles() {
        for place in 1..=CALLS {
            cases.push(Case {
                operation: Operation::GetFindingsV2,
                place,
                trouble: trouble.clone(),
                outcome,
                check: ConflictCheck::Always,
            });
        }
    }
    play_all(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_code_once_twice_and_always_at_the_first_a_middle_and_the_last_call() {
    for code in RowCode::ALL {
        for times in [Times::First(1), Times::First(2), Times::Always] {
            for at in [0, 130, ROWS - 1] {
                let fault = FindingFault { finding: Selector::Uid(uid(at)), code, message: "on purpose".to_owned(), times };
                let faults = FaultPlan { findings: vec![fault], ..FaultPlan::default() };
                let emulator = emulator(Settings { findings: findings(ROWS), faults, ..Settings::default() }).await;
                let sent = send(&emulator, Plan::of(staged(ROWS, &suppress())), impatient(ConflictCheck::Never)).await;
                let name = format!("{code:?} {times:?} at {at}");
                sent.check(ROWS);
                nothing_is_told_falsely(&sent, &emulator, &name);
                let may_pass = matches!(code, RowCode::InternalServerException | RowCode::ConflictException);
                let passes = may_pass && times != Times::Always;
                assert_eq!(sent.last().progress.processed, if passes { ROWS } else { ROWS - 1 }, "{name}");
                let most = if may_pass { CALLS + 2 } else { CALLS };
                assert!(sent.last().progress.calls <= most, "{}: {name}", sent.last().progress.calls);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_value_at_the_first_a_middle_and_the_last_call_stops_with_one_call_of_it() {
    let patches = [
        Patch::status(StatusId::RESOLVED),
        Patch::comment(Comment::new("looked at", LineBreaks::Space).unwrap()),
        suppress(),
        Patch::severity(SeverityId::LOW),
        Patch::severity(SeverityId::CRITICAL),
    ];
    for (place, field, value) in [(0, UpdateField::StatusId, "4"), (2, UpdateField::StatusId, "3"), (4, UpdateField::SeverityId, "5")] {
        let denial = Denial { field, values: vec![value.to_owned()], caller: None };
        let faults = FaultPlan { denials: vec![denial], ..FaultPlan::default() };
        let emulator = emulator(Settings { findings: findings(ROWS), faults, ..Settings::default() }).await;
        let rows: Vec<StagedRow> = patches.iter().enumerate().flat_map(|(at, patch)| staged_rows(at * 50..(at + 1) * 50, patch)).collect();
        let sent = send(&emulator, Plan::of(rows), impatient(ConflictCheck::Never)).await;
        sent.check(ROWS);
        nothing_is_told_falsely(&sent, &emulator, value);
        assert!(matches!(sent.end(), End::Refused(error) if error.failure == CallFailure::AccessDenied), "{:?}", sent.end());
        let results = sent.results();
        for at in place * 50..(place + 1) * 50 {
            let result = results.get(&RowId(u32::try_from(at).unwrap())).unwrap();
            assert!(
                matches!(&result, RowResult::Problem(problem) if problem.kind == ProblemKind::Call(CallFailure::AccessDenied)),
                "{result:?}"
            );
        }
        assert!(sent.last().progress.calls <= 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_expire_at_the_first_a_middle_and_the_last_call_hold_the_send_until_they_are_back() {
    for (state, check) in [(CredentialState::Expired, ConflictCheck::Never), (CredentialState::Unrecognized, ConflictCheck::Always)] {
        for place in [0, 1, 2] {
            let settings = Settings { findings: findings(ROWS), latency: Duration::from_millis(20), ..Settings::default() };
            let emulator = emulator(settings).await;
            let options = hubtriage::send::engine::Options { in_flight: 1, ..impatient(check) };
            let mut sending = Sending::begin(connections(emulator.url()).await, Plan::of(staged(ROWS, &suppress())), options);
            if place > 0 {
                sending.until("so many calls were answered", |report| report.progress.processed >= place * 100).await;
            }
            emulator.set_credentials(state);
            sending
                .until(
                    "it is held",
                    |report| matches!(&report.activity, Activity::Held(error) if error.failure == CallFailure::ExpiredCredentials),
                )
                .await;
            let looks = emulator.call_count(Operation::DescribeSecurityHubV2);
            // It looks by itself, and makes no other call meanwhile.
            crate::wire::until(|| emulator.call_count(Operation::DescribeSecurityHubV2) >= looks + 3).await;
            let calls = emulator.call_count(Operation::BatchUpdateFindingsV2);
            emulator.set_credentials(CredentialState::Valid);
            let sent = sending.end().await;
            let name = format!("{state:?} after {place}");
            sent.check(ROWS);
            nothing_is_told_falsely(&sent, &emulator, &name);
            assert_eq!((sent.last().progress.processed, sent.end()), (ROWS, &End::Done), "{name}");
            assert!(calls <= CALLS, "{calls} calls when it was held: {name}");
            assert!(sent.last().progress.calls <= CALLS + 1, "{}: {name}", sent.last().progress.calls);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_goes_away_holds_the_send_until_it_is_back() {
    let settings = Settings { findings: findings(ROWS), latency: Duration::from_millis(20), ..Settings::default() };
    let first = emulator(settings.clone()).await;
    let port = first.address().port();
    let options = hubtriage::send::engine::Options { in_flight: 1, ..impatient(ConflictCheck::Never) };
    let mut sending = Sending::begin(connections(first.url()).await, Plan::of(staged(ROWS, &suppress())), options);
    sending.until("two calls were answered", |report| report.progress.processed >= 200).await;
    first.stop().await;
    sending
        .until("it is held", |report| matches!(&report.activity, Activity::Held(error) if error.failure == CallFailure::Unreachable))
        .await;
    let second = emulator(Settings { port, ..settings }).await;
    let sent = sending.end().await;
    sent.check(ROWS);
    assert_eq!((sent.last().progress.processed, sent.end()), (ROWS, &End::Done));
    assert!(second.findings().iter().filter(|finding| finding["status_id"] == 3).count() >= 50);
    assert!(sent.last().progress.calls <= 30, "{}", sent.last().progress.calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_quota_slows_a_send_that_knows_nothing_of_it_and_loses_nothing() {
    let rate = Rate { per_second: 20.0, burst: 3.0 };
    let quota = Quota { writes: rate, ..Quota::default() };
    let emulator = emulator(Settings { findings: findings(2_000), quota: Some(quota), ..Settings::default() }).await;
    let sent = send(&emulator, Plan::of(staged(2_000, &suppress())), impatient(ConflictCheck::Never)).await;
    sent.check(2_000);
    nothing_is_told_falsely(&sent, &emulator, "quota");
    assert_eq!((sent.last().progress.processed, sent.end()), (2_000, &End::Done));
    assert!(sent.last().progress.throttled > 0);
    assert!(sent.last().progress.calls <= 60, "{}", sent.last().progress.calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_fails_every_call_is_left_alone_soon() {
    for (error, failure) in [
        (CallError::Internal, CallFailure::InternalServer),
        (CallError::Conflict, CallFailure::Conflict),
        (CallError::Validation, CallFailure::Validation),
        (CallError::AccessDenied(None), CallFailure::AccessDenied),
    ] {
        let faults = FaultPlan { calls: vec![CallFault::every(Operation::BatchUpdateFindingsV2, fail(error))], ..FaultPlan::default() };
        let emulator = emulator(Settings { findings: findings(2_000), faults, ..Settings::default() }).await;
        let sent = send(&emulator, Plan::of(staged(2_000, &suppress())), impatient(ConflictCheck::Never)).await;
        sent.check(2_000);
        nothing_is_told_falsely(&sent, &emulator, &format!("{error:?}"));
        assert_eq!(sent.last().progress.processed, 0);
        assert!(sent.last().progress.calls <= 24, "{} calls: {error:?}", sent.last().progress.calls);
        let is_told = sent.count(|result| matches!(result, RowResult::Problem(problem) if problem.kind == ProblemKind::Call(failure)));
        assert!(is_told >= 100, "{error:?}: {is_told}");
    }
}
