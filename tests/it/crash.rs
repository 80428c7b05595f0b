//! The program killed with SIGKILL at every moment at which something could be lost, started again, and brought to its end: at the end the
//! service has what was decided, every finding has an outcome, and nothing is called processed that the service does not have.
//!
//! The moments inside the program are those of `runtime::rehearsal`; the call in flight is one that the emulator holds.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use hubtriage::{
    domain::{identity::Identity, status::StatusId},
    emulator::{CallFault, Calls, Emulator, FaultPlan, HoldMoment, Operation, Settings, Trouble},
    journal::{
        hub_key::HubKey,
        ledger::{Ledger, Standing},
    },
    storage::journal::{
        folder::{Folder, HubName},
        reading::read_all,
    },
};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    finding::{findings, uid},
    pty::{Pty, Start},
};

/// Findings of each run.
const FINDINGS: usize = 2_000;
/// Kills in each window.
const KILLS: u64 = 10;
/// No run takes this long unless it hangs.
const DEADLINE: Duration = Duration::from_mins(2);

const CONFIG: &str = "[pace]\nreads = 0\nwrites = 0\n";
const COMMENT: &str = "accepted until 2026-12-15, PAY-1182";

/// A home folder that outlives the runs in it, and the hub they work on.
struct Bench {
    home: TempDir,
    emulator: Emulator,
}

impl Bench {
    async fn new(faults: FaultPlan) -> Self {
        let home = tempfile::tempdir().expect("a home");
        let folder = home.path().join(".config/hubtriage");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("config.toml"), CONFIG).expect("a configuration");
        let settings = Settings { findings: findings(FINDINGS), faults, ..Settings::default() };
        Self { home, emulator: Emulator::start(settings).await.expect("the emulator starts") }
    }

    fn plan(&self) -> PathBuf {
        self.home.path().join("plan.json")
    }

    fn command(&self, arguments: &[&str], crash: Option<&str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hubtriage"));
        command.args(arguments).args(["--endpoint-url", &self.emulator.url(), "--region", "eu-west-1"]).env_clear();
        for (name, value) in self.environment(crash) {
            command.env(name, value);
        }
        command.env("HOME", self.home.path()).env("AWS_ACCESS_KEY_ID", "AKIDTEST").env("AWS_SECRET_ACCESS_KEY", "secret-of-the-test");
        command.env("AWS_EC2_METADATA_DISABLED", "true").current_dir(self.home.path()).stdin(Stdio::null());
        command
    }

    fn environment(&self, crash: Option<&str>) -> Vec<(&'static str, String)> {
        // A journal that goes on in a new file whenever one is opened that holds more than a call or two.
        let mut environment = vec![("HUBTRIAGE_TEST_JOURNAL_LIMIT", "20000".to_owned()), ("AWS_ENDPOINT_URL_STS", self.emulator.url())];
        environment.extend(crash.map(|crash| ("HUBTRIAGE_TEST_CRASH", crash.to_owned())));
        environment
    }

    fn run(&self, arguments: &[&str], crash: Option<&str>) -> Output {
        self.command(arguments, crash).output().expect("the program starts")
    }

    fn make_plan(&self) {
        let plan = self.plan();
        let output =
            self.run(&["plan", "-q", "everything", "--status", "suppressed", "--comment", COMMENT, "--out", &plan.to_string_lossy()], None);
        assert!(output.status.success(), "{}", told(&output));
    }

    fn apply(&self, crash: Option<&str>) -> Output {
        self.run(&["apply", &self.plan().to_string_lossy(), "--yes"], crash)
    }

    fn pty(&self, crash: Option<&str>) -> Pty {
        let environment = self.environment(crash);
        let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let arguments = ["--endpoint-url", &self.emulator.url(), "--region", "eu-west-1"];
        Pty::start(&Start { arguments: &arguments, environment: &environment, home: Some(self.home.path()), ..Start::default() })
    }

    /// Everything the journal of the hub remembers, over all its files.
    fn ledger(&self) -> Ledger {
        let folder = Folder::at(self.home.path().join(".local/state/hubtriage/journal"));
        let name = HubName::of(&HubKey::new(Some("222233334444"), "eu-west-1", Some(&self.emulator.url())));
        let mut ledger = Ledger::default();
        let files = read_all(&folder, &name, |stamped| ledger.apply(stamped)).expect("it can be read");
        for (file, reading) in files {
            assert!(reading.damage.is_empty(), "{}: {:?}", file.display(), reading.damage);
        }
        ledger
    }

    /// The end of a run: the service has what was decided, on every finding; the journal has an outcome for every finding; and what it
    /// calls processed is so.
    fn is_whole(&self, what: &str) {
        let suppressed = |finding: &Value| finding["status_id"] == 3 && finding["comment"] == COMMENT;
        let missing = self.emulator.findings().iter().filter(|finding| !suppressed(finding)).count();
        assert_eq!(missing, 0, "{what}: findings that do not have what was decided");
        let ledger = self.ledger();
        assert_eq!(ledger.unknown().count(), 0, "{what}: outcomes that nobody knows");
        assert!(ledger.staged.is_empty(), "{what}: still staged");
        let mut processed = 0;
        for at in 0..FINDINGS {
            let identity = Identity::MetadataUid(uid(at));
            let last = ledger.sends.values().rev().find_map(|send| send.rows.get(&identity)).expect("every finding was sent");
            assert!(matches!(last.standing, Standing::Processed | Standing::SeenProcessed), "{what}: {at} is {:?}", last.standing);
            assert_eq!(last.patch.status, Some(StatusId::SUPPRESSED), "{what}");
            processed += 1;
        }
        assert_eq!(processed, FINDINGS);
    }

    /// What the journal calls processed, the service has. Holds at any moment.
    fn is_honest(&self, what: &str) {
        let ledger = self.ledger();
        for send in ledger.sends.values() {
            for (identity, row) in &send.rows {
                let Identity::MetadataUid(uid) = identity else { continue };
                if matches!(row.standing, Standing::Processed | Standing::SeenProcessed) {
                    let finding = self.emulator.finding(uid).expect("it is there");
                    assert_eq!(finding["status_id"], 3, "{what}: {uid} is called processed");
                }
            }
        }
    }
}

fn told(output: &Output) -> String {
    format!("{:?}\n{}\n{}", output.status, String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// SIGKILL has no exit code.
fn was_killed(output: &Output) -> bool {
    output.status.code().is_none()
}

/// Runs in which `apply` was killed at that moment, each time at a later one of its kind, and then finished what it had begun.
async fn killed_while_applying(window: &str) {
    for kill in 0..KILLS {
        let bench = Bench::new(FaultPlan::default()).await;
        bench.make_plan();
        let crash = format!("{window}:{}", 1 + kill * 2);
        let output = bench.apply(Some(&crash));
        assert!(was_killed(&output), "{crash}: {}", told(&output));
        bench.is_honest(&crash);
        let output = bench.apply(None);
        assert!(output.status.success(), "{crash}: {}", told(&output));
        bench.is_whole(&crash);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_an_intent_and_before_its_call() {
    killed_while_applying("intended").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_an_answer_and_before_its_outcome_is_written() {
    killed_while_applying("answered").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_two_batches() {
    killed_while_applying("between").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_journal_is_rotated() {
    /// The steps of a rotation.
    const STEPS: u64 = 4;
    for kill in 0..KILLS {
        let bench = Bench::new(FaultPlan::default()).await;
        bench.make_plan();
        // Cut off, so that there is something unfinished to take along into the new file.
        let output = bench.apply(Some(&format!("intended:{}", 4 + kill)));
        assert!(was_killed(&output), "{}", told(&output));
        let crash = format!("rotating:{}", 1 + kill % STEPS);
        let output = bench.apply(Some(&crash));
        assert!(was_killed(&output), "{crash}: {}", told(&output));
        bench.is_honest(&crash);
        let output = bench.apply(None);
        assert!(output.status.success(), "{crash}: {}", told(&output));
        bench.is_whole(&crash);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_a_call_in_flight() {
    for kill in 0..KILLS {
        // Held before it is carried out, or after: the program cannot know which.
        let moment = if kill % 2 == 0 { HoldMoment::Before } else { HoldMoment::After };
        let call = 1 + kill * 2;
        let hold = CallFault {
            operation: Some(Operation::BatchUpdateFindingsV2),
            calls: Calls::Range { first: call, last: call },
            trouble: Trouble::Hold { name: "write".into(), moment },
        };
        let bench = Bench::new(FaultPlan { calls: vec![hold], ..FaultPlan::default() }).await;
        bench.make_plan();
        let mut child = bench
            .command(&["apply", &bench.plan().to_string_lossy(), "--yes"], None)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let began = Instant::now();
        while bench.emulator.held().is_empty() {
            assert!(began.elapsed() < DEADLINE, "no call is held");
            tokio::task::yield_now().await;
        }
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        // The call that was under way arrives, or has arrived, without anybody to hear of it.
        bench.emulator.release("write");
        let what = format!("call {call} in flight, {moment:?}");
        bench.is_honest(&what);
        let output = bench.apply(None);
        assert!(output.status.success(), "{what}: {}", told(&output));
        bench.is_whole(&what);
    }
}

/// Staging in the table, killed at that moment of a chosen step; then started again, decided again where the screen had not said so, and sent.
async fn killed_while_staging(window: &str) {
    for kill in 0..KILLS {
        let bench = Bench::new(FaultPlan::default()).await;
        // The status is the first step, the comment the second.
        let step = 1 + kill % 2;
        let crash = format!("{window}:{step}");
        let mut pty = bench.pty(Some(&crash));
        pty.shows("2,000 loaded, complete");
        pty.send("*");
        pty.shows("2,000 marked");
        pty.send("s3");
        if step == 2 {
            pty.shows("● 2,000 staged");
            comment(&mut pty);
        }
        pty.ends();
        bench.is_honest(&crash);

        let mut pty = bench.pty(None);
        pty.shows("2,000 loaded, complete");
        let kept = bench.ledger().staged;
        assert!(kept.is_empty() || kept.len() == FINDINGS, "{crash}: {} of a step that was taken as a whole", kept.len());
        let has =
            |field: fn(&hubtriage::domain::patch::Patch) -> bool| !kept.is_empty() && kept.values().all(|staged| field(&staged.patch));
        // What the screen had said is there; what had reached the disk is.
        assert!(has(|patch| patch.status.is_some()) || (step == 1 && window == "staged"), "{crash}: a step that was told is lost");
        assert_eq!(has(|patch| patch.comment.is_some()), step == 2 && window == "journaled", "{crash}");
        if !kept.is_empty() {
            pty.shows("● 2,000 staged");
        }
        pty.send("gU*");
        pty.shows("2,000 marked");
        if !has(|patch| patch.status.is_some()) {
            pty.send("s3");
            pty.shows("● 2,000 staged");
        }
        if !has(|patch| patch.comment.is_some()) {
            comment(&mut pty);
            pty.shows("staged a comment on 2000 findings");
        }
        pty.send("w");
        pty.shows("Enter does not");
        pty.send("y");
        pty.types_count();
        pty.shows("2000 of 2000 processed");
        pty.send("q");
        assert_eq!(pty.ends(), 0);
        bench.is_whole(&crash);
    }
}

fn comment(pty: &mut Pty) {
    pty.send("c");
    pty.shows("comment for 2000 marked");
    pty.send(COMMENT);
    pty.shows("35 of 512");
    pty.send("\r");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_staging_and_before_the_journal() {
    killed_while_staging("staged").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_journal_and_before_the_screen_said_so() {
    killed_while_staging("journaled").await;
}
