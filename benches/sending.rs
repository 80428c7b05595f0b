//! How long sends take against the emulator's quotas: a table, and with `--check` an exit code.
//!
//! `cargo bench --bench sending -- --check`, or `-- --counts` for the bounds that are counts and no times. The emulator runs in this process, on threads of its own, as the real SDK's other end; the
//! journal is a file, and each intent is on disk before its call.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a bench says what it measured, and ends where it cannot"
)]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and starts tasks")]

use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use hubtriage::{
    aws::{self, Access, Keys, Sealed, Surroundings},
    domain::{
        batch::{Batch, Outcome},
        identity::Identity,
        patch::{Patch, Values},
        row::RowId,
        severity::SeverityId,
        status::StatusId,
    },
    emulator::{self, Emulator, Findings, Operation, Rate, Settings},
    hub::{Hub, Pending},
    journal::{
        entry::{Origin, SendId, Who},
        hub_key::HubKey,
    },
    runtime::{
        driver::{Connections, News, Send, drive},
        journal::Journal,
    },
    send::{
        engine::{ConflictCheck, Options},
        pace::Quota,
        plan::{Plan, StagedRow},
        report::{Activity, End, Progress},
    },
    storage::journal::folder::Folder,
};
use serde_json::json;
use tokio::{runtime::Runtime, sync::mpsc};

/// In calls of a hundred rows.
const ROWS: usize = 10_000;
const LATENCY: Duration = Duration::from_millis(80);
/// The documented quota of updates.
const TEN: Rate = Rate { per_second: 10.0, burst: 30.0 };
/// Seconds under that quota: its floor is 7.0, and the last call takes 80 ms more.
const PACED: f64 = 7.2;
/// Seconds without a quota: 16 calls under way take seven round trips, 0.56 s.
const FREE: f64 = 1.1;
const NO_PACE: Quota = Quota { rate: 0.0, burst: 1.0 };

/// What a send came to.
struct Measured {
    took: Duration,
    progress: Progress,
    processed_there: usize,
}

/// Where the journal is.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    /// In a file, as in a session.
    OnDisk,
    /// In memory, to tell what the disk costs.
    InMemory,
}

/// A bound and whether it holds.
struct Bound {
    what: String,
    holds: bool,
    /// Whether it is a count and no time.
    is_counted: bool,
}

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let service = Runtime::new().expect("threads for the emulator");
    let client = Runtime::new().expect("threads for the client");
    println!("{ROWS} rows, {} ms a call; the floor of 10 a second and a burst of 30 is 7.00 s", LATENCY.as_millis());
    println!("{:<58} {:>9} {:>7} {:>5} {:>10}", "", "time", "calls", "429", "processed");
    let mut bounds = Vec::new();

    let paced = client.block_on(sent(&service, Some(TEN), Quota { rate: 10.0, burst: 30.0 }, Kept::OnDisk));
    paced.print("quota 10/s burst 30, pace 10/s burst 30");
    let seconds = paced.took.as_secs_f64();
    bounds.push(Bound::new(&format!("under the quota, seconds, at most {PACED}"), seconds <= PACED, seconds));
    bounds.push(Bound::counted("at most 5 answers of 429", paced.progress.throttled <= 5, f64::from(paced.progress.throttled as u32)));
    bounds.push(paced.is_whole());

    let serial = client.block_on(serially(&service));
    println!("{:<58} {:>7.2} s", "no quota, the same calls one after the other", serial.as_secs_f64());
    let free = client.block_on(sent(&service, None, NO_PACE, Kept::OnDisk));
    free.print("no quota, no pace");
    client.block_on(sent(&service, None, NO_PACE, Kept::InMemory)).print("the same with a journal in memory");
    let seconds = free.took.as_secs_f64();
    bounds.push(Bound::new(&format!("without a quota, seconds, at most {FREE}"), seconds <= FREE, seconds));
    let times = serial.as_secs_f64() / free.took.as_secs_f64();
    bounds.push(Bound::new("at least 7 times as fast as one call after the other", times >= 7.0, times));
    bounds.push(free.is_whole());

    let hasty = client.block_on(sent(&service, Some(TEN), Quota { rate: 50.0, burst: 50.0 }, Kept::OnDisk));
    hasty.print("quota 10/s burst 30, pace 50/s burst 50");
    bounds.push(hasty.is_whole());
    let blind = client.block_on(sent(&service, Some(TEN), NO_PACE, Kept::OnDisk));
    blind.print("quota 10/s burst 30, no pace");
    bounds.push(blind.is_whole());

    println!();
    for bound in &bounds {
        println!("{} {}", if bound.holds { "holds " } else { "MISSED" }, bound.what);
    }
    // What is counted does not depend on how busy the machine is.
    let is_counted = std::env::args().any(|argument| argument == "--counts");
    if bounds.iter().any(|bound| !bound.holds && (is_check || is_counted && bound.is_counted)) {
        eprintln!("a bound was missed");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

impl Bound {
    fn new(what: &str, holds: bool, figure: f64) -> Self {
        Self { what: format!("{what}: {figure:.2}"), holds, is_counted: false }
    }

    fn counted(what: &str, holds: bool, figure: f64) -> Self {
        Self { is_counted: true, ..Self::new(what, holds, figure) }
    }
}

impl Measured {
    fn print(&self, what: &str) {
        let Progress { calls, throttled, processed, .. } = self.progress;
        println!("{what:<58} {:>7.2} s {calls:>7} {throttled:>5} {processed:>10}", self.took.as_secs_f64());
    }

    fn is_whole(&self) -> Bound {
        let holds = self.progress.processed == ROWS && self.processed_there == ROWS;
        Bound {
            what: format!("nothing is lost: {} told, {} there", self.progress.processed, self.processed_there),
            holds,
            is_counted: true,
        }
    }
}

/// An emulator with fresh findings, on the service's threads.
async fn emulator(service: &Runtime, writes: Option<Rate>) -> Emulator {
    let mut findings = Findings::default();
    for at in 0..ROWS {
        findings.push(&json!({
            "metadata": {"uid": uid(at), "product": {"name": "Inspector", "uid": "p"}},
            "finding_info": {"uid": format!("finding-{at}"), "title": format!("finding number {at}")},
            "cloud": {"account": {"uid": "222233334444"}, "region": "eu-west-1"},
            "severity_id": 3, "severity": "Medium", "status_id": 1, "status": "New",
        }));
    }
    let quota = writes.map(|writes| emulator::Quota { writes, ..emulator::Quota::default() });
    let settings = Settings { findings, quota, latency: LATENCY, ..Settings::default() };
    service.spawn(Emulator::start(settings)).await.expect("it starts").expect("it listens")
}

fn uid(at: usize) -> String {
    format!("{at:064x}")
}

fn suppress() -> Patch {
    Patch::status(StatusId::SUPPRESSED)
}

async fn connect(url: &str) -> Hub {
    let options = aws::Options {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(url.to_owned()),
        access: Access::ReadWrite,
        surroundings: Surroundings::Sealed(Sealed { keys: Some(Keys::made_up()), sts_endpoint_url: None }),
        ..aws::Options::default()
    };
    aws::connect(options).await.expect("it connects")
}

/// Sends everything with the engine and its driver.
async fn sent(service: &Runtime, quota: Option<Rate>, pace: Quota, kept: Kept) -> Measured {
    let emulator = emulator(service, quota).await;
    let hub = connect(&emulator.url()).await;
    let now = Values { status: Some(StatusId::NEW), severity: Some(SeverityId::MEDIUM), comment: None };
    let row =
        |at: usize| StagedRow { row: RowId(at as u32), identity: Identity::MetadataUid(uid(at)), now: now.clone(), patch: suppress() };
    let plan = Plan::of((0..ROWS).map(row));
    let options = Options { pace, conflict_check: ConflictCheck::Never, ..Options::default() };
    let again = hub.clone();
    let connections =
        Connections { hub, connect: Arc::new(move || Box::pin(std::future::ready(Ok(again.clone()))) as Pending<'static, Hub>) };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for the journal");
    let key = HubKey::new(Some("222233334444"), "eu-west-1", None);
    let journal = match kept {
        Kept::InMemory => Journal::in_memory(),
        Kept::OnDisk => Journal::open(Folder::at(folder.path()), &key, Who::default(), u64::MAX).await.expect("the journal opens").journal,
    };
    let (_steer, steered) = mpsc::channel(1);
    let (told, mut news) = mpsc::channel(16);
    let began = Instant::now();
    let send = Send { send: SendId(1), origin: Origin::Review, plan, options };
    let driver = tokio::spawn(drive(send, connections, journal, steered, told));
    let mut progress = Progress::default();
    while let Some(news) = news.recv().await {
        if let News::Report(report) = news {
            progress = report.progress;
            if let Activity::Over(end) = report.activity {
                assert_eq!(end, End::Done);
            }
        }
    }
    driver.await.expect("the driver ends");
    let took = began.elapsed();
    let processed_there = emulator.findings().iter().filter(|finding| finding["status_id"] == 3).count();
    assert!(emulator.call_count(Operation::BatchUpdateFindingsV2) == progress.calls, "the emulator counts as many calls");
    Measured { took, progress, processed_there }
}

/// The same calls one after the other.
async fn serially(service: &Runtime) -> Duration {
    let emulator = emulator(service, None).await;
    let hub = connect(&emulator.url()).await;
    let writer = hub.writer.expect("it may write");
    let began = Instant::now();
    for first in (0..ROWS).step_by(100) {
        let identities = (first..first + 100).map(|at| Identity::MetadataUid(uid(at))).collect();
        let answer = writer.update(Batch { identities, patch: suppress() }).await.expect("it is accepted");
        assert!(answer.outcomes.iter().all(|outcome| *outcome == Outcome::Processed));
    }
    began.elapsed()
}
