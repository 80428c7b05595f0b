//! `list`, `plan` and `apply` from outside: the program as a child, in a home of its own, against an emulator in this process.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use hubtriage::{
    domain::{
        finding::Finding,
        query::{Query, matching::Matcher},
        status::StatusId,
        text,
        time::Millis,
    },
    emulator::{
        CallError, CallFault, Calls, Change, Emulator, FaultPlan, FindingFault, Findings, HoldMoment, Operation, RowCode, Selector,
        Settings, TextComparison, Times, Trouble,
    },
    headless::outline,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    finding::{finding, findings, uid, without_uid},
    pty::{Pty, Start},
};

/// Nothing in these tests takes this long unless it hangs.
const DEADLINE: Duration = Duration::from_mins(2);

/// A home, and an emulator that everything in it is pointed at.
struct Desk {
    home: TempDir,
    emulator: Emulator,
}

struct Ended {
    code: Option<i32>,
    out: String,
    errors: String,
}

impl Desk {
    async fn with(settings: Settings) -> Self {
        let desk = Self { home: tempfile::tempdir().unwrap(), emulator: Emulator::start(settings).await.unwrap() };
        desk.configure("");
        desk
    }

    async fn of(count: usize) -> Self {
        Self::with(Settings { findings: findings(count), ..Settings::default() }).await
    }

    /// Writes a configuration with a pace that nothing waits for.
    fn configure(&self, more: &str) {
        let file = self.path("config/hubtriage/config.toml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("{more}\n[pace]\nreads = 0\nwrites = 0\n")).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let url = self.emulator.url();
        let home = self.home.path().display().to_string();
        vec![
            ("HOME", home.clone()),
            ("XDG_CONFIG_HOME", format!("{home}/config")),
            ("XDG_STATE_HOME", format!("{home}/state")),
            ("AWS_ACCESS_KEY_ID", "AKIDTEST".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-the-test".to_owned()),
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_ENDPOINT_URL_STS", url.clone()),
            ("AWS_ENDPOINT_URL_SECURITYHUB", url),
        ]
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hubtriage"));
        command.args(arguments).env_clear().envs(self.environment()).current_dir(self.home.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn start(&self, arguments: &[&str]) -> Running {
        Running::of(self.command(arguments).spawn().unwrap())
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.start(arguments).ends()
    }

    fn applies(&self) -> Ended {
        let ended = self.run(&["apply", "plan.json", "--yes"]);
        assert_eq!(ended.code, Some(0), "{}", ended.errors);
        ended
    }

    /// Writes a plan that suppresses everything that is open.
    fn plans(&self, more: &[&str]) -> Ended {
        let plan = ["plan", "-q", "status:new", "--status", "suppressed", "--out", "plan.json"];
        let ended = self.run(&[&plan, more].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.errors);
        ended
    }

    fn writes(&self) -> u64 {
        self.emulator.call_count(Operation::BatchUpdateFindingsV2)
    }

    fn suppressed(&self) -> usize {
        self.emulator.findings().iter().filter(|finding| finding["status_id"] == 3).count()
    }
}

/// A child whose streams are read while it runs.
struct Running {
    child: Child,
    out: JoinHandle<String>,
    errors: JoinHandle<()>,
    said: Arc<Mutex<String>>,
}

impl Running {
    fn of(mut child: Child) -> Self {
        let (mut out, errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let said = Arc::new(Mutex::new(String::new()));
        let told = Arc::clone(&said);
        Self {
            child,
            out: std::thread::spawn(move || {
                let mut text = String::new();
                out.read_to_string(&mut text).unwrap();
                text
            }),
            errors: std::thread::spawn(move || {
                for line in BufReader::new(errors).lines() {
                    told.lock().unwrap().push_str(&(line.unwrap() + "\n"));
                }
            }),
            said,
        }
    }

    fn says(&self, words: &str) {
        until(&format!("it says {words:?}"), || self.said.lock().unwrap().contains(words));
    }

    /// Waits for it; it must end by itself.
    fn ends(mut self) -> Ended {
        let code = ends(&mut self.child);
        self.errors.join().unwrap();
        Ended { code, out: self.out.join().unwrap(), errors: self.said.lock().unwrap().clone() }
    }
}

fn ends(child: &mut Child) -> Option<i32> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if began.elapsed() > DEADLINE {
            child.kill().unwrap();
            panic!("the program does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(running: &Running, name: &str) {
    let sent = Command::new("kill").args(["-s", name, &running.child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()));
}

/// Waits until something is so.
fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < DEADLINE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn fault(operation: Operation, calls: Calls, trouble: Trouble) -> FaultPlan {
    FaultPlan { calls: vec![CallFault { operation: Some(operation), calls, trouble }], ..FaultPlan::default() }
}

fn held(name: &str) -> Trouble {
    Trouble::Hold { name: name.to_owned(), moment: HoldMoment::Before }
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

// ---- list

#[tokio::test(flavor = "multi_thread")]
async fn list_writes_every_document_of_the_query_once_one_a_line() {
    let desk = Desk::of(250).await;
    desk.emulator.edit(&uid(7), &Change { status: Some(StatusId::SUPPRESSED), ..Change::default() });
    let ended = desk.run(&["list", "-o", "jsonl"]);
    assert_eq!((ended.code, ended.errors.as_str()), (Some(0), ""));
    let written = json_lines(&ended.out);
    let open: Vec<Value> = desk.emulator.findings().into_iter().filter(|finding| finding["status_id"] == 1).collect();
    assert_eq!(written, open, "in the default order: worst and newest first");
    assert_eq!(desk.emulator.call_count(Operation::GetFindingsV2), 3);

    let named = format!("uid:{},{}", uid(3), uid(7));
    for (query, count) in [("everything", 250), ("status:suppressed", 1), (named.as_str(), 2), ("severity:high", 0), ("account:1", 0)] {
        assert_eq!(desk.run(&["list", "-o", "jsonl", "-q", query]).out.lines().count(), count, "{query}");
    }
    let both = format!("{named} status:new severity:medium account:222233334444");
    assert_eq!(json_lines(&desk.run(&["list", "-o", "jsonl", "-q", &both]).out)[0]["metadata"]["uid"], uid(3));
    assert_eq!(desk.writes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn list_shows_nothing_hidden_of_hostile_findings_and_no_formula() {
    let hostile = hubtriage::emulator::load_jsonl(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/hostile.jsonl")).unwrap();
    let mut nasty = finding(0);
    nasty["finding_info"]["title"] = "=HYPERLINK(\"http://x\",\"a\u{1b}]0;t\u{7}\u{202e}\")".into();
    nasty["comment"] = "@SUM(A1)\r\n\t-1".into();
    let count = hostile.len() + 1;
    let mut all = hostile;
    all.push(&nasty);
    let desk = Desk::with(Settings { findings: all, ..Settings::default() }).await;
    for form in ["table", "csv"] {
        let ended = desk.run(&["list", "-q", "everything", "-o", form]);
        assert_eq!(ended.code, Some(0), "{}", ended.errors);
        assert_eq!(ended.out.lines().count(), count + 1, "{form}");
        assert!(ended.out.chars().all(|c| c == '\n' || !text::is_hidden(c)), "{form}");
        assert!(form == "csv" || ended.out.lines().all(|line| text::width(line) <= 120));
        assert!(
            form == "table" || ended.out.contains("\"'=HYPERLINK(\"\"http://x\"\"") && ended.out.contains("\"'@SUM(A1)"),
            "{}",
            ended.out
        );
    }
    let whole = desk.run(&["list", "-q", "everything", "-o", "jsonl"]);
    assert_eq!(json_lines(&whole.out).len(), count, "a program that reads gets everything");
}

#[tokio::test(flavor = "multi_thread")]
async fn list_stops_at_the_limit_and_reads_no_further() {
    let desk = Desk::of(500).await;
    let ended = desk.run(&["list", "--limit", "150"]);
    assert_eq!((ended.code, ended.out.lines().count()), (Some(0), 151));
    assert!(ended.errors.contains("stopped after 150 findings"), "{}", ended.errors);
    assert_eq!(desk.emulator.call_count(Operation::GetFindingsV2), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn list_ends_quietly_when_its_reader_has_gone_away() {
    let desk = Desk::of(3_000).await;
    let mut child = desk.command(&["list", "-o", "jsonl"]).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    drop(reader);
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!((ends(&mut child), errors.as_str()), (Some(0), ""));
    assert!(desk.emulator.call_count(Operation::GetFindingsV2) < 30, "it stopped reading");
}

#[tokio::test(flavor = "multi_thread")]
async fn list_says_which_clause_the_service_does_not_accept() {
    let settings = Settings { findings: findings(3), refused_comparisons: vec![TextComparison::Contains], ..Settings::default() };
    let desk = Desk::with(settings).await;
    let ended = desk.run(&["list", "-q", "status:new title~public"]);
    assert_eq!(ended.code, Some(1));
    for words in ["does not accept the query status:new title~public", "CONTAINS is not supported", "It is about `title~public`"] {
        assert!(ended.errors.contains(words), "{words}: {}", ended.errors);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn list_keeps_what_was_written_before_a_page_failed() {
    let desk = Desk::of(400).await;
    let denied = Trouble::Fail { error: CallError::AccessDenied(None), message: None };
    desk.emulator.set_faults(fault(Operation::GetFindingsV2, Calls::Range { first: 3, last: 3 }, denied));
    let ended = desk.run(&["list", "-o", "jsonl"]);
    assert_eq!((ended.code, json_lines(&ended.out).len()), (Some(4), 200));
    assert!(ended.errors.contains("Access denied") && ended.errors.contains("request "), "{}", ended.errors);

    let invalid = Trouble::Fail { error: CallError::Validation, message: None };
    desk.emulator.set_faults(fault(Operation::GetFindingsV2, Calls::Every, invalid));
    let ended = desk.run(&["list"]);
    assert_eq!(ended.code, Some(1), "{}", ended.errors);

    let expired = Trouble::Fail { error: CallError::ExpiredPageToken, message: None };
    desk.emulator.set_faults(fault(Operation::GetFindingsV2, Calls::Range { first: 3, last: 3 }, expired));
    let ended = desk.run(&["list", "-o", "jsonl"]);
    let uids: std::collections::BTreeSet<String> =
        json_lines(&ended.out).iter().map(|found| found["metadata"]["uid"].to_string()).collect();
    assert_eq!((ended.code, ended.out.lines().count(), uids.len()), (Some(0), 400, 400), "begun anew, nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn list_ends_with_130_when_it_is_interrupted() {
    let desk = Desk::of(10).await;
    for name in ["INT", "TERM", "HUP"] {
        desk.emulator.set_faults(fault(Operation::GetFindingsV2, Calls::Every, held("page")));
        let running = desk.start(&["list"]);
        until("the page is asked for", || desk.emulator.held().iter().any(|(name, _)| name == "page"));
        signal(&running, name);
        let ended = running.ends();
        assert_eq!(ended.code, Some(130), "{name}: {}", ended.errors);
        assert!(ended.errors.contains(&format!("interrupted by SIG{name}")), "{}", ended.errors);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_cannot_be_read_ends_with_2_and_points_at_the_column() {
    let desk = Desk::of(1).await;
    for arguments in [&["list"][..], &["plan", "--status", "3", "--out", "p"], &[]] {
        let ended = desk.run(&[arguments, &["-q", "status:new stauts:old"]].concat());
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ended.errors.contains("column 12") && ended.errors.contains("\n             ^\n"), "{}", ended.errors);
    }
    assert!(desk.emulator.calls().is_empty());
}

// ---- plan

#[tokio::test(flavor = "multi_thread")]
async fn plan_holds_the_findings_with_their_values_and_changes_nothing() {
    let mut documents: Vec<Value> = (0..5).map(finding).collect();
    documents[1]["comment"] = "old".into();
    documents[3] = without_uid(3);
    documents[4]["metadata"].as_object_mut().unwrap().remove("uid");
    documents[4]["cloud"].as_object_mut().unwrap().remove("account");
    documents[2]["severity_id"] = 2.into();
    let mut all = Findings::default();
    for document in &documents {
        all.push(document);
    }
    let desk = Desk::with(Settings { findings: all, ..Settings::default() }).await;
    let ended = desk.run(&["plan", "-q", "status:new", "--severity", "low", "--comment", " PAY-1182 \n", "--out", "plan.json"]);
    assert_eq!((ended.code, ended.errors.as_str()), (Some(0), ""));
    for words in [
        "4 findings of aws 222233334444 eu-west-1",
        "4 findings in 2 calls",
        "Medium 3, Low 1 → Low",
        "\"PAY-1182\"  replaces 1 comment",
        "1 finding has no metadata.uid",
    ] {
        assert!(ended.out.contains(words), "{words}:\n{}", ended.out);
    }
    assert_eq!(fs::metadata(desk.path("plan.json")).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(desk.path("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&plan["hub"]["account"], &plan["query"]), (&"222233334444".into(), &"status:new".into()));
    assert!(plan["by"].as_str().unwrap().starts_with("arn:aws:"), "{}", plan["by"]);
    assert_eq!(plan["groups"][0]["set"], serde_json::json!({"severity": "low", "comment": "PAY-1182"}));
    assert_eq!(plan["groups"][0]["rows"].as_array().unwrap().len(), 4);
    assert!(text.contains("\"was\":{\"status\":\"new\",\"severity\":\"medium\",\"comment\":\"old\"}"), "{text}");
    assert!(!text.contains("AKIDTEST") && !text.contains("secret-of-the-test"), "no credentials");
    assert_eq!(desk.writes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_leaves_out_and_counts_what_is_so_already() {
    let desk = Desk::of(10).await;
    for at in 0..4 {
        desk.emulator.edit(&uid(at), &Change { status: Some(StatusId::SUPPRESSED), ..Change::default() });
    }
    let ended = desk.run(&["plan", "-q", "everything", "--status", "Suppressed", "--out", "plan.json"]);
    assert!(
        ended.out.contains("6 findings of") && ended.out.contains("4 findings have these values already and are left out"),
        "{}",
        ended.out
    );
    let all = desk.run(&["plan", "-q", "status:suppressed", "--status", "3", "--out", "none.json"]);
    assert_eq!(all.code, Some(0));
    assert!(all.out.contains("There is nothing to send"), "{}", all.out);
    let applied = desk.run(&["apply", "none.json", "--yes"]);
    assert_eq!((applied.code, desk.writes()), (Some(0), 0), "{}", applied.errors);
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_takes_uids_from_a_file_or_standard_input_and_lists_those_that_are_not_there() {
    let desk = Desk::of(300).await;
    let uids: Vec<String> = (0..250).map(uid).chain(["gone\u{1b}[31m".to_owned(), uid(0)]).collect();
    fs::write(desk.path("uids.txt"), uids.join("\r\n")).unwrap();
    let ended = desk.run(&["plan", "--uids", "uids.txt", "--status", "resolved", "--out", "plan.json"]);
    assert_eq!(ended.code, Some(3), "{}", ended.errors);
    assert!(ended.errors.contains("1 uid not found") && ended.errors.contains("  gone<U+001B>[31m"), "{}", ended.errors);
    assert!(ended.out.contains("250 findings in 3 calls"), "{}", ended.out);
    assert_eq!(desk.emulator.call_count(Operation::GetFindingsV2), 3, "in hundreds");

    let mut child = desk.command(&["plan", "--uids", "-", "--status", "4", "--out", "piped.json"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(uid(5).as_bytes()).unwrap();
    let ended = Running::of(child).ends();
    assert_eq!(ended.code, Some(0), "{}", ended.errors);
    assert!(ended.out.contains("1 finding of"), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_refuses_what_cannot_be_meant_before_it_reads_anything() {
    let desk = Desk::of(1).await;
    fs::write(desk.path("there.json"), "mine").unwrap();
    fs::write(desk.path("empty.txt"), "\n\n").unwrap();
    let long = "x".repeat(513);
    let query = ["plan", "-q", "everything"];
    for (arguments, code, words) in [
        (&["--status", "done", "--out", "p"][..], 2, "known are new, in_progress, suppressed"),
        (&["--status", "42", "--out", "p"], 2, "`42` is no status"),
        (&["--severity", "worst", "--out", "p"], 2, "known are critical, high"),
        (&["--comment", "  ", "--out", "p"], 2, "cannot be empty"),
        (&["--comment", &long, "--out", "p"], 2, "513 characters"),
        (&["--status", "3", "--out", "there.json"], 1, "--force"),
        (&["--out", "p"], 2, "required"),
        (&["--status", "3", "--out", "p", "--uids", "x"], 2, "cannot be used with"),
    ] {
        let ended = desk.run(&[&query[..], arguments].concat());
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.errors);
        assert!(ended.errors.contains(words), "{arguments:?}: {}", ended.errors);
    }
    for (file, words) in [("empty.txt", "there are no uids"), ("none.txt", "cannot be read")] {
        let ended = desk.run(&["plan", "--uids", file, "--status", "3", "--out", "p"]);
        assert_eq!(ended.code, Some(1));
        assert!(ended.errors.contains(words), "{}", ended.errors);
    }
    assert!(desk.emulator.calls().is_empty() && !desk.path("p").exists());
    assert_eq!(fs::read_to_string(desk.path("there.json")).unwrap(), "mine");

    let doubtful = desk.run(&["plan", "-q", "everything", "--status", "deleted", "--out", "there.json", "--force"]);
    assert_eq!(doubtful.code, Some(0));
    assert!(doubtful.errors.contains("status Deleted is not accepted by every API release"), "{}", doubtful.errors);
}

// ---- apply

#[tokio::test(flavor = "multi_thread")]
async fn apply_sends_two_thousand_rows_and_only_those() {
    let desk = Desk::of(2_010).await;
    for at in 2_000..2_010 {
        desk.emulator.edit(&uid(at), &Change { status: Some(StatusId::RESOLVED), ..Change::default() });
    }
    desk.plans(&[]);
    let ended = desk.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.errors);
    assert_eq!(ended.out, "2,000 of 2,000 findings processed\n");
    assert!(!ended.errors.contains('\u{1b}'), "{}", ended.errors);
    assert_eq!((desk.suppressed(), desk.writes()), (2_000, 20));
    let bodies = desk.emulator.calls_of(Operation::BatchUpdateFindingsV2);
    assert!(bodies.iter().all(|call| call.body.as_object().unwrap().len() == 2), "only what was set is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_names_what_was_not_processed_and_ends_with_3() {
    let desk = Desk::of(50).await;
    desk.plans(&[]);
    let message = "no \u{202e}way".to_owned();
    let faults = (0..25).map(|at| FindingFault {
        finding: Selector::Uid(uid(at)),
        code: RowCode::ValidationException,
        message: message.clone(),
        times: Times::Always,
    });
    desk.emulator.set_faults(FaultPlan { findings: faults.collect(), ..FaultPlan::default() });
    let ended = desk.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(ended.code, Some(3), "{}", ended.errors);
    assert!(ended.out.starts_with("25 of 50 findings processed\n25 not processed: Validation\n"), "{}", ended.out);
    assert!(ended.out.contains(&format!("  {}  finding number 00000: Validation: no <U+202E>way (request ", uid(0))), "{}", ended.out);
    assert_eq!(ended.out.lines().filter(|line| line.starts_with("  0")).count(), 20);
    assert!(ended.out.contains("  and 5 more\nThe same command again tries these anew"), "{}", ended.out);
    assert_eq!(desk.suppressed(), 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_leaves_alone_what_someone_else_changed_unless_it_is_told_not_to_look() {
    let desk = Desk::of(5).await;
    desk.plans(&[]);
    desk.emulator.edit(&uid(1), &Change { status: Some(StatusId::RESOLVED), ..Change::default() });
    desk.emulator.edit(&uid(2), &Change { status: Some(StatusId::SUPPRESSED), ..Change::default() });
    desk.emulator.remove(&uid(3));

    let dry = desk.run(&["apply", "plan.json", "--dry-run"]);
    assert_eq!((dry.code, desk.writes()), (Some(3), 0), "{}", dry.errors);
    for words in [
        "would send 5 findings in 1 call to aws 222233334444 eu-west-1",
        "2 as planned, 1 already so, 1 changed since, 1 not found",
        &format!("  {}  was New, Medium, no comment, is now Resolved, Medium, no comment", uid(1)),
        &format!("  {}  not found", uid(3)),
        "Nothing has been sent.",
    ] {
        assert!(dry.out.contains(words), "{words}:\n{}", dry.out);
    }

    let ended = desk.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(ended.code, Some(3), "{}", ended.errors);
    assert!(ended.out.contains("3 of 5 findings processed\n  1 had the values already"), "{}", ended.out);
    assert!(ended.out.contains("changed: was New, Medium, no comment, is now Resolved"), "{}", ended.out);
    assert!(ended.out.contains("not found"), "{}", ended.out);
    assert_eq!(desk.emulator.finding(&uid(1)).unwrap()["status_id"], 4);

    let told = desk.run(&["apply", "plan.json", "--yes", "--no-conflict-check"]);
    assert_eq!(told.code, Some(3), "{}", told.out);
    assert_eq!(desk.emulator.finding(&uid(1)).unwrap()["status_id"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_sends_nothing_that_it_should_not_and_says_why() {
    let desk = Desk::of(3).await;
    desk.plans(&[]);
    let text = fs::read_to_string(desk.path("plan.json")).unwrap();
    fs::write(desk.path("cut.json"), text.split_at(text.len() / 2).0).unwrap();
    fs::write(desk.path("newer.json"), text.replacen("\"hubtriage_plan\": 1", "\"hubtriage_plan\": 2", 1)).unwrap();
    fs::write(desk.path("edited.json"), text.replacen("suppressed", "resolved", 1)).unwrap();
    fs::write(desk.path("other.json"), "{}").unwrap();
    for (arguments, code, words) in [
        (&["plan.json"][..], 2, "--yes"),
        (&["none.json", "--yes"], 1, "cannot be read"),
        (&["cut.json", "--yes"], 1, "cut.json cannot be used"),
        (&["newer.json", "--yes"], 1, "its format is 2"),
        (&["edited.json", "--yes"], 1, "it was changed after it was written"),
        (&["other.json", "--yes"], 1, "`hubtriage_plan` is missing"),
        (&["plan.json", "--yes", "--region", "us-east-1"], 1, "another Region"),
        (&["plan.json", "--dry-run", "--region", "cn-north-1"], 1, "another partition and Region"),
        (&["plan.json", "--yes", "--read-only"], 1, "read-only"),
    ] {
        let ended = desk.run(&[&["apply"], arguments].concat());
        assert_eq!((ended.code, ended.out.as_str()), (Some(code), ""), "{arguments:?}: {}", ended.errors);
        assert!(ended.errors.contains(words), "{arguments:?}: {}", ended.errors);
    }
    desk.configure("read_only = true");
    let ended = desk.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(ended.code, Some(1), "{}", ended.errors);
    assert_eq!(desk.run(&["apply", "plan.json", "--dry-run"]).code, Some(0), "looking is allowed");
    assert_eq!((desk.writes(), desk.suppressed()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_that_is_denied_ends_with_4_and_sends_no_more() {
    let desk = Desk::of(500).await;
    desk.plans(&[]);
    let denied = Trouble::Fail { error: CallError::AccessDenied(None), message: None };
    desk.emulator.set_faults(fault(Operation::BatchUpdateFindingsV2, Calls::Every, denied));
    let ended = desk.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(ended.code, Some(4), "{}", ended.errors);
    assert!(ended.errors.contains("Access denied") && ended.errors.contains("account 222233334444"), "{}", ended.errors);
    assert!(ended.errors.contains("Run `hubtriage apply plan.json` to go on"), "{}", ended.errors);
    assert!(ended.out.starts_with("0 of 500 findings processed\n"), "{}", ended.out);
    assert_eq!(desk.suppressed(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_waits_for_credentials_only_so_long_and_goes_on_when_they_are_back() {
    let desk = Desk::of(300).await;
    desk.plans(&[]);
    let expired = || Trouble::Fail { error: CallError::ExpiredToken, message: None };
    let from = |first| Calls::Range { first, last: 1_000 };
    // The second description: the first one, before anything is sent, shows whose hub it is.
    let mut faults = fault(Operation::BatchUpdateFindingsV2, from(2), expired());
    faults.calls.extend(fault(Operation::DescribeSecurityHubV2, from(2), expired()).calls);
    desk.emulator.set_faults(faults);
    let ended = desk.run(&["apply", "plan.json", "--yes", "--wait", "1"]);
    assert_eq!(ended.code, Some(4), "{}", ended.errors);
    assert!(ended.errors.contains("Waiting for at most 1 s") && ended.errors.contains("waited long enough"), "{}", ended.errors);
    assert!(ended.out.starts_with("100 of 300 findings processed"), "{}", ended.out);

    desk.emulator.set_faults(fault(Operation::BatchUpdateFindingsV2, Calls::Range { first: 1, last: 1 }, expired()));
    let ended = desk.applies();
    assert!(ended.errors.contains("it goes on"), "{}", ended.errors);
    assert!(ended.out.starts_with("300 of 300 findings processed"), "{}", ended.out);
    assert_eq!(desk.suppressed(), 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_that_is_interrupted_waits_for_the_calls_under_way_and_can_be_gone_on_with() {
    for name in ["INT", "HUP"] {
        let desk = Desk::of(2_000).await;
        desk.plans(&[]);
        desk.emulator.set_faults(fault(Operation::BatchUpdateFindingsV2, Calls::Range { first: 2, last: 1_000 }, held("call")));
        let running = desk.start(&["apply", "plan.json", "--yes"]);
        until("calls are under way", || desk.emulator.held().iter().any(|(name, count)| name == "call" && *count > 0));
        signal(&running, name);
        running.says(&format!("SIG{name}: stopping after the calls under way"));
        desk.emulator.clear_faults();
        let ended = running.ends();
        assert_eq!(ended.code, Some(130), "{name}: {}", ended.errors);
        assert!(ended.errors.contains("Run `hubtriage apply plan.json` to go on"), "{}", ended.errors);
        let sent = desk.suppressed();
        assert!((1..2_000).contains(&sent), "{sent}");
        assert!(
            ended.out.starts_with(&format!("{} of 2,000 findings processed", outline::number(sent))),
            "nothing is lost: {sent}, {}",
            ended.out
        );
        assert!(desk.applies().out.starts_with("2,000 of 2,000 findings processed"));
        assert_eq!(desk.suppressed(), 2_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_terminal_apply_asks_shows_a_bar_and_leaves_the_terminal_as_it_was() {
    let desk = Desk::of(1_000).await;
    desk.plans(&[]);
    let environment = desk.environment();
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).chain([("TERM", "xterm")]).collect();
    let start = Start { arguments: &["apply", "plan.json"], environment: &environment, home: Some(desk.home.path()), ..Start::default() };
    let mut pty = Pty::start(&start);
    pty.says(&["Send in 10 calls to aws 222233334444 eu-west-1", ": 1,000 findings", "Asked for: more than 500 findings"]);
    pty.shows("Type 1,000 to send:");
    pty.send("\r");
    assert_eq!(pty.ends(), 3, "{}", pty.text());
    assert!(pty.text().contains("Nothing has been sent.") && desk.writes() == 0, "no is the default");

    desk.emulator.set_faults(fault(Operation::BatchUpdateFindingsV2, Calls::Range { first: 2, last: 1_000 }, held("call")));
    let mut pty = Pty::start(&start);
    pty.shows("Type 1,000 to send:");
    pty.send("y\r");
    assert_eq!(pty.ends(), 3, "{}", pty.text());
    assert!(pty.text().contains("y is not the count: it is 1,000") && desk.writes() == 0, "{}", pty.text());
    let mut pty = Pty::start(&start);
    pty.shows("Type 1,000 to send:");
    pty.send("1000\r");
    pty.shows("of 1,000 findings");
    pty.shows("[##");
    desk.emulator.clear_faults();
    assert_eq!(pty.ends(), 0, "{}", pty.text());
    assert!(pty.text().contains("1,000 of 1,000 findings processed") && !pty.text().contains("[##"), "{}", pty.text());
    assert_eq!(desk.suppressed(), 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_plan_is_sent_with_y_and_the_count_is_asked_for_as_configured() {
    let desk = Desk::of(3).await;
    desk.plans(&[]);
    let environment = desk.environment();
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).chain([("TERM", "xterm")]).collect();
    let start = Start { arguments: &["apply", "plan.json"], environment: &environment, home: Some(desk.home.path()), ..Start::default() };
    desk.configure("[send]\ntype_count_above = 2");
    let mut pty = Pty::start(&start);
    pty.shows("Type 3 to send:");
    pty.send("\r");
    assert_eq!(pty.ends(), 3, "{}", pty.text());
    desk.configure("");
    let mut pty = Pty::start(&start);
    pty.says(&["Send 3 findings in 1 call to aws 222233334444 eu-west-1", "[y/N]"]);
    pty.send("y\r");
    assert_eq!(pty.ends(), 0, "{}", pty.text());
    assert_eq!(desk.suppressed(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_the_service_is_what_a_query_means() {
    let documents: Vec<Value> = (0..300)
        .map(|at| {
            let mut document = finding(at);
            document["status_id"] = [1, 2, 3, 4, 99][at % 5].into();
            document["severity_id"] = (at % 7).into();
            document["cloud"]["account"]["uid"] = ["111122223333", "222233334444"][at % 2].into();
            document
        })
        .collect();
    let (_emulator, hub) = crate::wire::with(documents.clone()).await;
    let many: Vec<String> = (0..200).map(uid).collect();
    for query in [
        "everything".to_owned(),
        "status:new,in_progress".to_owned(),
        "status:other severity:fatal,critical".to_owned(),
        "account:111122223333 severity:0 status:1,2,3".to_owned(),
        format!("uid:{}", many.join(",")),
        format!("uid:{} status:resolved account:222233334444", many.join(",")),
        format!("uid:{} severity:high", many[..15].join(",")),
    ] {
        let query: Query = query.parse().unwrap();
        let pages = crate::wire::scan(&hub, &query, &[]).await.unwrap();
        let mut found: Vec<String> = crate::wire::documents(&pages).iter().map(|found| found["metadata"]["uid"].to_string()).collect();
        let matcher = Matcher::new(&query);
        let meant = documents.iter().filter(|document| {
            let raw = document.to_string();
            matcher.admits(&Finding::parse(&raw), &raw, Millis(0))
        });
        let mut meant: Vec<String> = meant.map(|document| document["metadata"]["uid"].to_string()).collect();
        found.sort();
        meant.sort();
        assert!(!meant.is_empty());
        assert_eq!(found, meant, "{query}");
    }
}

// ---- apply and the journal

/// The uids of the findings that were sent by calls from the `from`th on.
fn sent(desk: &Desk, from: usize) -> Vec<String> {
    let calls = desk.emulator.calls_of(Operation::BatchUpdateFindingsV2);
    let uids = calls.iter().skip(from).flat_map(|call| call.body["MetadataUids"].as_array().unwrap());
    uids.map(|uid| uid.as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_killed_is_gone_on_with_and_nothing_that_was_carried_out_is_sent_again() {
    for (window, fault_of_one) in [("intended:7", false), ("answered:3", false), ("answered:12", true), ("between:5", false)] {
        let desk = Desk::of(2_000).await;
        desk.plans(&[]);
        if fault_of_one {
            let message = "once".to_owned();
            let fault =
                FindingFault { finding: Selector::Uid(uid(42)), code: RowCode::InternalServerException, message, times: Times::First(1) };
            desk.emulator.set_faults(FaultPlan { findings: vec![fault], ..FaultPlan::default() });
        }
        let mut command = desk.command(&["apply", "plan.json", "--yes"]);
        let killed = Running::of(command.env("HUBTRIAGE_TEST_CRASH", window).spawn().unwrap()).ends();
        assert_eq!((killed.code, killed.out.as_str()), (None, ""), "{window}: {}", killed.errors);
        // Calls that were under way come to their end at the server, whoever sent them.
        until("no call is under way", || desk.emulator.calls().iter().all(|call| call.ended.is_some()));
        let carried_out: BTreeSet<String> = uids_with(&desk, 3);
        let calls = desk.writes();

        // Without looking at all: that nothing is sent again is the journal's doing.
        let ended = desk.run(&["apply", "plan.json", "--yes", "--no-conflict-check"]);
        assert_eq!(ended.code, Some(0), "{window}: {}\n{}", ended.out, ended.errors);
        assert!(ended.out.starts_with("2,000 of 2,000 findings processed"), "{window}: {}", ended.out);
        assert_eq!(desk.suppressed(), 2_000, "{window}");
        let again = sent(&desk, usize::try_from(calls).unwrap());
        let left: BTreeSet<String> = (0..2_000).map(uid).filter(|uid| !carried_out.contains(uid)).collect();
        assert_eq!(again.iter().cloned().collect::<BTreeSet<_>>(), left, "{window}: exactly what was not carried out");
        assert_eq!(again.len(), left.len(), "{window}: each once");

        let calls = desk.writes();
        let over = desk.applies();
        assert_eq!(desk.writes(), calls, "{window}: it is all done");
        assert!(over.out.contains("2,000 by an earlier run"), "{window}: {}", over.out);
        no_credentials(&desk.path("state"));
    }
}

fn uids_with(desk: &Desk, status: i32) -> BTreeSet<String> {
    let findings = desk.emulator.findings();
    let those = findings.iter().filter(|finding| finding["status_id"] == status);
    those.map(|finding| finding["metadata"]["uid"].as_str().unwrap().to_owned()).collect()
}

/// Nothing below a folder holds the key, the secret or a signature.
fn no_credentials(folder: &Path) {
    let mut files = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            for secret in ["AKIDTEST", "secret-of-the-test", "Signature="] {
                assert!(!text.contains(secret), "{secret} in {}", path.display());
            }
        }
    }
    assert!(files > 0, "there is a journal");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_do_not_share_a_journal_and_the_second_says_who_has_it() {
    let desk = Desk::of(300).await;
    desk.plans(&[]);
    desk.emulator.set_faults(fault(Operation::BatchUpdateFindingsV2, Calls::Every, held("call")));
    let first = desk.start(&["apply", "plan.json", "--yes"]);
    until("a call is under way", || desk.emulator.held().iter().any(|(name, count)| name == "call" && *count > 0));
    let second = desk.run(&["apply", "plan.json", "--yes"]);
    assert_eq!((second.code, second.out.as_str()), (Some(4), ""), "{}", second.errors);
    assert!(second.errors.contains("the journal of this hub is in use by"), "{}", second.errors);
    assert!(second.errors.contains(&first.child.id().to_string()), "{}", second.errors);
    assert_eq!(desk.run(&["apply", "plan.json", "--dry-run"]).code, Some(0), "looking is allowed");
    desk.emulator.clear_faults();
    assert_eq!(first.ends().code, Some(0));
    assert_eq!(desk.writes(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_cannot_be_written_stops_everything_before_the_first_call() {
    let desk = Desk::of(10).await;
    desk.plans(&[]);
    fs::create_dir_all(desk.path("state/hubtriage")).unwrap();
    fs::write(desk.path("state/hubtriage/journal"), "in the way").unwrap();
    let ended = desk.run(&["apply", "plan.json", "--yes"]);
    assert_eq!((ended.code, desk.writes()), (Some(4), 0), "{}", ended.errors);
    assert!(ended.errors.contains("the journal cannot be used") && ended.errors.contains("Nothing is sent"), "{}", ended.errors);
}
