//! A send from its plan to the service and back: the engine, its driver and the journal over the real SDK against the emulator.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hubtriage::{
    aws::Timeouts,
    domain::{
        batch::{Answer, Batch},
        failure::CallFailure,
        identity::{Identifier, Identity},
        patch::{Patch, Values},
        row::RowId,
        severity::SeverityId,
        status::StatusId,
    },
    emulator::{CallFault, Change, Emulator, FaultPlan, HoldMoment, Operation, Poison, Selector, Settings, Trouble},
    hub::{Hub, Pending, UpdateFindings},
    journal::{
        entry::{Entry, Origin, Seen, SendId, Who},
        hub_key::HubKey,
        ledger::Ledger,
    },
    runtime::{
        driver::{Connections, News, Send, drive},
        journal::Journal,
    },
    send::{
        engine::{ConflictCheck, Options, Patience},
        pace::Pace,
        plan::{Plan, StagedRow},
        report::{Activity, End, ProblemKind, RowResult, SendReport, Steer},
    },
    storage::journal::folder::Folder,
};
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    support::finding::{collected, finding, findings, uid, without_uid},
    wire::{options, until},
};

/// What a send told.
pub struct Sent {
    pub reports: Vec<SendReport>,
    pub journal: Vec<Entry>,
}

impl Sent {
    /// The last result of each row.
    pub fn results(&self) -> HashMap<RowId, RowResult> {
        self.reports.iter().flat_map(|report| &report.rows).map(|row| (row.row, row.result.clone())).collect()
    }

    /// The last report.
    pub fn last(&self) -> &SendReport {
        self.reports.last().expect("a send reports its end")
    }

    /// Why it ended.
    pub fn end(&self) -> &End {
        match &self.last().activity {
            Activity::Over(end) => end,
            other => panic!("the last thing it tells is {other:?}"),
        }
    }

    /// How many rows have such a result.
    pub fn count(&self, is_so: impl Fn(&RowResult) -> bool) -> usize {
        self.results().values().filter(|result| is_so(result)).count()
    }

    /// Every row ended once and nothing of it came afterwards; every call that was intended has one outcome in the journal, after its
    /// intent; the send has a beginning and an end there.
    pub fn check(&self, rows: usize) {
        let mut ended = HashMap::new();
        for row in self.reports.iter().flat_map(|report| &report.rows) {
            assert!(!ended.contains_key(&row.row), "{:?} goes on after its end: {:?}", row.row, row.result);
            if !matches!(row.result, RowResult::Sending | RowResult::Waiting(_)) {
                ended.insert(row.row, row.result.clone());
            }
        }
        assert_eq!(ended.len(), rows, "every row has a result");
        let progress = self.last().progress;
        let processed = self.count(|result| matches!(result, RowResult::Processed | RowResult::SeenProcessed));
        assert_eq!((progress.rows, progress.answered, progress.processed), (rows, rows, processed));
        self.check_journal(rows);
    }

    fn check_journal(&self, planned: usize) {
        assert!(matches!(self.journal.first(), Some(Entry::SendBegan { rows, .. }) if *rows == planned));
        assert!(matches!(self.journal.last(), Some(Entry::SendEnded { .. })));
        let mut open = HashMap::new();
        let mut calls = 0;
        for entry in &self.journal {
            match entry {
                Entry::Intent { call, rows, .. } => {
                    calls += 1;
                    assert!(open.insert(*call, rows.len()).is_none());
                }
                Entry::Answered { call, outcomes, .. } => assert_eq!(open.remove(call), Some(outcomes.len())),
                Entry::Failed { call, .. } => assert!(open.remove(call).is_some()),
                _ => {}
            }
        }
        assert!(open.is_empty(), "calls without an outcome: {open:?}");
        assert_eq!(calls, self.last().progress.calls);
    }
}

/// The staged rows of `rows` of [`findings`].
pub fn staged_rows(rows: std::ops::Range<usize>, patch: &Patch) -> Vec<StagedRow> {
    let now = Values { status: Some(StatusId::NEW), severity: Some(SeverityId::MEDIUM), comment: None };
    let row = |at: usize| RowId(u32::try_from(at).expect("few"));
    rows.map(|at| StagedRow { row: row(at), identity: Identity::MetadataUid(uid(at)), now: now.clone(), patch: patch.clone() }).collect()
}

/// The staged rows `0..count`.
pub fn staged(count: usize, patch: &Patch) -> Vec<StagedRow> {
    staged_rows(0..count, patch)
}

/// A send that loses no time.
pub fn impatient(conflict_check: ConflictCheck) -> Options {
    let ms = Duration::from_millis;
    Options {
        pace: Pace::UNLIMITED.writes,
        conflict_check,
        patience: Patience { first: ms(4), most: ms(50), look: ms(20), look_most: ms(100) },
        ..Options::default()
    }
}

/// A hub at the emulator.
pub async fn connections(url: String) -> Connections {
    connections_with(url, Timeouts::default()).await
}

/// A hub at the emulator, with other waiting times.
pub async fn connections_with(url: String, timeouts: Timeouts) -> Connections {
    let connect = move || {
        let options = hubtriage::aws::Options { timeouts, ..options(&url) };
        Box::pin(async move { hubtriage::aws::connect(options).await }) as Pending<'static, Hub>
    };
    Connections { hub: connect().await.expect("it connects"), connect: Arc::new(connect) }
}

/// A send under way.
pub struct Sending {
    pub steer: mpsc::Sender<Steer>,
    news: mpsc::Receiver<News>,
    reports: Vec<SendReport>,
    journal: Journal,
    driver: tokio::task::JoinHandle<()>,
}

impl Sending {
    pub fn begin(hub: Connections, plan: Plan, options: Options) -> Self {
        Self::begin_with(hub, plan, options, Journal::in_memory())
    }

    pub fn begin_with(hub: Connections, plan: Plan, options: Options, journal: Journal) -> Self {
        let (steer, steered) = mpsc::channel(16);
        let (told, news) = mpsc::channel(16);
        let send = Send { send: SendId(1), origin: Origin::Review, plan, options };
        let driver = tokio::spawn(drive(send, hub, journal.clone(), steered, told));
        Self { steer, news, reports: Vec::new(), journal, driver }
    }

    /// Listens until a report says so.
    pub async fn until(&mut self, what: &str, is_so: impl Fn(&SendReport) -> bool) {
        let listening = async {
            loop {
                match self.news.recv().await {
                    Some(News::Report(report)) => {
                        let so = is_so(&report);
                        self.reports.push(report);
                        if so {
                            return;
                        }
                    }
                    Some(News::Saw(_)) => {}
                    None => panic!("it ended before {what}"),
                }
            }
        };
        let late = tokio::time::timeout(Duration::from_mins(1), listening).await;
        assert!(
            late.is_ok(),
            "it takes too long until {what}; last: {:?}",
            self.reports.last().map(|report| (report.progress, &report.activity))
        );
    }

    pub async fn end(mut self) -> Sent {
        self.until("its end", |report| matches!(report.activity, Activity::Over(_))).await;
        self.driver.await.expect("the driver does not panic");
        Sent { reports: self.reports, journal: self.journal.entries() }
    }

    /// What the journal has by now.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What the journal in that folder holds once the driver has ended.
    pub async fn driver_ended(self, folder: &std::path::Path, key: &HubKey) -> Ledger {
        drop((self.news, self.steer, self.journal));
        self.driver.await.expect("the driver does not panic");
        Journal::open(Folder::at(folder), key, Who::default(), u64::MAX).await.expect("the journal opens again").ledger
    }

    /// The driver is dropped in the middle.
    pub fn abandon(self) -> Journal {
        self.driver.abort();
        self.journal
    }
}

/// Sends a plan to its end.
pub async fn send(emulator: &Emulator, plan: Plan, options: Options) -> Sent {
    Sending::begin(connections(emulator.url()).await, plan, options).end().await
}

async fn emulator(settings: Settings) -> Emulator {
    Emulator::start(settings).await.expect("the emulator starts")
}

fn status_of(emulator: &Emulator, at: usize) -> i64 {
    emulator.finding(&uid(at)).and_then(|finding| finding["status_id"].as_i64()).expect("it has a status")
}

fn suppress() -> Patch {
    Patch::status(StatusId::SUPPRESSED)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_a_send_is_processed_and_its_intent_stands_in_the_journal_before_its_outcome() {
    let emulator = emulator(Settings { findings: findings(250), ..Settings::default() }).await;
    let sent = send(&emulator, Plan::of(staged(250, &suppress())), impatient(ConflictCheck::Always)).await;
    sent.check(250);
    assert_eq!(sent.count(|result| *result == RowResult::Processed), 250);
    assert_eq!(sent.end(), &End::Done);
    assert!(emulator.findings().iter().all(|finding| finding["status_id"] == 3));
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 3);
    let before = Values { status: Some(StatusId::NEW), severity: Some(SeverityId::MEDIUM), comment: None };
    for entry in &sent.journal {
        if let Entry::Intent { rows, patch, .. } = entry {
            assert_eq!(*patch, suppress());
            assert!(rows.iter().all(|row| row.values == before));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_someone_else_changed_is_found_before_the_send_and_left_alone() {
    let emulator = emulator(Settings { findings: findings(120), ..Settings::default() }).await;
    emulator.edit(&uid(7), &Change { status: Some(StatusId::RESOLVED), ..Change::default() });
    emulator.edit(&uid(8), &Change { status: Some(StatusId::SUPPRESSED), ..Change::default() });
    emulator.edit(&uid(9), &Change { comment: Some("look at this".to_owned()), ..Change::default() });
    emulator.remove(&uid(10));
    let sent = send(&emulator, Plan::of(staged(120, &suppress())), impatient(ConflictCheck::Always)).await;
    sent.check(120);
    let results = sent.results();
    for at in [7, 9] {
        let Some(RowResult::Problem(problem)) = results.get(&RowId(at)) else { panic!("{:?}", results.get(&RowId(at))) };
        assert_eq!((&problem.kind, problem.tries), (&ProblemKind::Changed, 0));
    }
    assert_eq!(results.get(&RowId(8)), Some(&RowResult::SeenProcessed));
    assert!(matches!(results.get(&RowId(10)), Some(RowResult::Problem(problem)) if problem.kind == ProblemKind::Missing));
    assert_eq!((status_of(&emulator, 7), status_of(&emulator, 9)), (4, 1));
    assert_eq!(sent.count(|result| *result == RowResult::Processed), 116);
    assert!(
        sent.journal
            .iter()
            .any(|entry| matches!(entry, Entry::Settled { rows, .. } if rows == &[(Identity::MetadataUid(uid(8)), Seen::Processed)]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_a_uid_are_sent_by_their_identifier_and_checked_too() {
    let documents = (0..120).map(|at| if at % 2 == 0 { without_uid(at) } else { finding(at) });
    let emulator = emulator(Settings { findings: collected(documents), ..Settings::default() }).await;
    let triple = |at: usize| {
        Identity::Identifier(Identifier {
            account_uid: "222233334444".to_owned(),
            finding_uid: format!("finding-{at}"),
            product_uid: "arn:aws:securityhub:eu-west-1::productv2/aws/inspector".to_owned(),
        })
    };
    let rows = staged(120, &suppress()).into_iter().enumerate();
    let rows = rows.map(|(at, row)| if at % 2 == 0 { StagedRow { identity: triple(at), ..row } } else { row });
    let sent = send(&emulator, Plan::of(rows), impatient(ConflictCheck::Always)).await;
    sent.check(120);
    assert_eq!((sent.count(|result| *result == RowResult::Processed), sent.last().progress.calls), (120, 2));
    assert!(emulator.findings().iter().all(|finding| finding["status_id"] == 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn poison_rows_are_isolated_by_their_own_calls_and_the_others_are_processed() {
    for poison in [
        vec![0],
        vec![99],
        vec![50],
        vec![33],
        vec![0, 99],
        vec![49, 50],
        vec![0, 1, 2, 3, 4],
        vec![95, 96, 97, 98, 99],
        vec![9, 29, 49, 69, 89],
    ] {
        let faults = poison.iter().map(|&at| Poison { finding: Selector::Uid(uid(at)), message: "one is not valid".to_owned() }).collect();
        let faults = FaultPlan { poison: faults, ..FaultPlan::default() };
        let emulator = emulator(Settings { findings: findings(100), faults, ..Settings::default() }).await;
        let sent = send(&emulator, Plan::of(staged(100, &suppress())), impatient(ConflictCheck::Never)).await;
        sent.check(100);
        let results = sent.results();
        for at in 0..100 {
            let result = results.get(&RowId(u32::try_from(at).unwrap())).unwrap();
            if poison.contains(&at) {
                let RowResult::Problem(problem) = result else { panic!("{at}: {result:?}") };
                assert_eq!(problem.kind, ProblemKind::Call(CallFailure::Validation));
                assert_eq!((&*problem.message, status_of(&emulator, at)), ("one is not valid", 1));
            } else {
                assert_eq!((result, status_of(&emulator, at)), (&RowResult::Processed, 3), "{at}");
            }
        }
        let calls = emulator.calls_of(Operation::BatchUpdateFindingsV2);
        for at in &poison {
            assert!(calls.iter().any(|call| call.body["MetadataUids"] == json!([uid(*at)])), "{at} has a call of its own");
        }
        let most = 1 + 9 * poison.len() + if poison.len() > 1 { 3 } else { 0 };
        assert!(calls.len() <= most, "{} calls for {poison:?}", calls.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_is_paused_goes_on_takes_more_rows_and_is_stopped() {
    let settings = Settings { findings: findings(2_000), latency: Duration::from_millis(30), ..Settings::default() };
    let emulator = emulator(settings).await;
    let options = Options { in_flight: 2, ..impatient(ConflictCheck::Never) };
    let mut sending = Sending::begin(connections(emulator.url()).await, Plan::of(staged(1_000, &suppress())), options);
    sending.until("three calls", |report| report.progress.calls >= 3).await;
    sending.steer.send(Steer::Pause).await.unwrap();
    sending.until("it is paused", |report| report.activity == Activity::Paused).await;
    sending.until("the calls under way are answered", |report| report.progress.answered as u64 == report.progress.calls * 100).await;
    let paused = emulator.call_count(Operation::BatchUpdateFindingsV2);
    assert!(paused < 10);
    sending.steer.send(Steer::More(Plan::of(staged_rows(1_000..2_000, &suppress())))).await.unwrap();
    sending.until("it has more rows", |report| report.progress.rows == 2_000).await;
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), paused, "no call while it is paused");
    sending.steer.send(Steer::Resume).await.unwrap();
    sending.until("some of them are sent", |report| report.progress.calls >= 12).await;
    sending.steer.send(Steer::Stop).await.unwrap();
    let sent = sending.end().await;
    assert_eq!(sent.end(), &End::Stopped);
    let (processed, unsent) = (sent.count(|result| *result == RowResult::Processed), sent.count(|result| *result == RowResult::Unsent));
    assert_eq!(processed + unsent, 2_000);
    assert!(unsent > 0);
    assert_eq!(emulator.findings().iter().filter(|finding| finding["status_id"] == 3).count(), processed);
    assert!(matches!(sent.journal.last(), Some(Entry::SendEnded { unsent: left, .. }) if *left == unsent));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_is_dropped_leaves_its_call_under_way_and_the_outcome_comes_into_the_journal() {
    let hold = Trouble::Hold { name: "gate".to_owned(), moment: HoldMoment::Before };
    let faults = FaultPlan { calls: vec![CallFault::every(Operation::BatchUpdateFindingsV2, hold)], ..FaultPlan::default() };
    let emulator = emulator(Settings { findings: findings(300), faults, ..Settings::default() }).await;
    let mut hub = connections(emulator.url()).await;
    hub.hub = crate::wire::hub(&emulator.url()).await;
    let sending = Sending::begin(hub, Plan::of(staged(300, &suppress())), impatient(ConflictCheck::Never));
    until(|| !emulator.held().is_empty()).await;
    let journal = sending.abandon();
    emulator.release("gate");
    until(|| journal.entries().iter().any(|entry| matches!(entry, Entry::Answered { .. }))).await;
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 1, "no other call");
    assert_eq!(emulator.findings().iter().filter(|finding| finding["status_id"] == 3).count(), 100);
}

/// Panics on its first write.
#[derive(Debug)]
struct Panicking(AtomicBool, Arc<dyn UpdateFindings>);

impl UpdateFindings for Panicking {
    fn update(&self, batch: Batch) -> Pending<'_, Answer> {
        assert!(self.0.swap(true, Ordering::SeqCst), "a panic on purpose");
        self.1.update(batch)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_panics_is_one_whose_answer_is_lost_and_the_send_goes_on() {
    let emulator = emulator(Settings { findings: findings(200), ..Settings::default() }).await;
    let mut hub = connections(emulator.url()).await;
    hub.hub.writer = hub.hub.writer.map(|writer| Arc::new(Panicking(AtomicBool::new(false), writer)) as Arc<dyn UpdateFindings>);
    let sent = Sending::begin(hub, Plan::of(staged(200, &suppress())), impatient(ConflictCheck::Never)).end().await;
    sent.check(200);
    assert_eq!((sent.count(|result| *result == RowResult::Processed), sent.last().progress.calls), (200, 3));
    assert!(sent.journal.iter().any(|entry| matches!(entry, Entry::Failed { failure: CallFailure::BadAnswer, .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_hub_is_never_written_to_and_nothing_is_intended() {
    let emulator = emulator(Settings { findings: findings(10), ..Settings::default() }).await;
    let mut hub = connections(emulator.url()).await;
    hub.hub.writer = None;
    let sent = Sending::begin(hub, Plan::of(staged(10, &suppress())), impatient(ConflictCheck::Always)).end().await;
    assert!(matches!(sent.end(), End::Refused(error) if error.message.contains("read-only")));
    assert!(!sent.journal.iter().any(|entry| matches!(entry, Entry::Intent { .. })));
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn news_that_nobody_fetches_does_not_stop_a_send() {
    let emulator = emulator(Settings { findings: findings(3_000), ..Settings::default() }).await;
    let mut sending =
        Sending::begin(connections(emulator.url()).await, Plan::of(staged(3_000, &suppress())), impatient(ConflictCheck::Never));
    until(|| sending.journal().entries().iter().any(|entry| matches!(entry, Entry::SendEnded { .. }))).await;
    sending.until("it has told everything", |report| report.progress.processed == 3_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_cannot_be_written_any_more_ends_the_send_before_another_call() {
    let emulator = emulator(Settings { findings: findings(1_000), latency: Duration::from_millis(20), ..Settings::default() }).await;
    let folder = tempfile::tempdir().unwrap();
    let key = HubKey::new(Some("222233334444"), "eu-west-1", None);
    let journal = Journal::open(Folder::at(folder.path()), &key, Who::default(), u64::MAX).await.unwrap().journal;
    let options = Options { in_flight: 1, ..impatient(ConflictCheck::Never) };
    let hub = connections(emulator.url()).await;
    let mut sending = Sending::begin_with(hub, Plan::of(staged(1_000, &suppress())), options, journal.clone());
    sending.until("two calls were answered", |report| report.progress.processed >= 200).await;
    journal.close().await.unwrap();
    sending.until("its end", |report| matches!(report.activity, Activity::Over(End::Unwritable(_)))).await;
    let last = sending.reports.last().unwrap().progress;
    let calls = emulator.call_count(Operation::BatchUpdateFindingsV2);
    assert!(calls < 10 && calls == last.calls, "{calls} and {}", last.calls);
    assert_eq!((last.answered, last.processed as u64), (1_000, calls * 100));
    let results = sending.reports.iter().flat_map(|report| &report.rows);
    assert_eq!(results.filter(|row| row.result == RowResult::Unsent).count(), 1_000 - last.processed);
    // Each call that was made has its intent on disk.
    let ledger = sending.driver_ended(folder.path(), &key).await;
    assert_eq!(ledger.sends.values().map(|send| send.rows.len()).sum::<usize>(), last.processed);
}
