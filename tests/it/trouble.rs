//! What the screen says when a call fails as a whole: each kind with its own text, what to do, and the request id; and nothing is lost.

use hubtriage::emulator::{CallError, CallFault, Emulator, Enablement, FaultPlan, Operation, Settings, Trouble};

use crate::support::{
    finding::findings,
    pty::{Pty, Start},
};

const UNPACED: &str = "[pace]\nreads = 0\nwrites = 0\n";

fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Pty {
    Pty::start(&Start { arguments, environment, columns: 120, rows: 40, config: Some(UNPACED), ..Start::default() })
}

async fn emulator(settings: Settings) -> Emulator {
    Emulator::start(settings).await.expect("the emulator starts")
}

fn failing(operation: Operation, error: CallError) -> FaultPlan {
    FaultPlan { calls: vec![CallFault::every(operation, Trouble::Fail { error, message: None })], ..FaultPlan::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_fails_says_what_happened_and_what_helps_with_the_request_id() {
    for (error, texts) in [
        (CallError::AccessDenied(None), ["Access denied", "securityhub:GetFindings", "request"]),
        (CallError::ExpiredToken, ["expired", "aws sso login", "request"]),
        (CallError::SignatureNotYetCurrent, ["clock of this machine is off", "Set the clock", "request"]),
        (CallError::Throttling, ["Throttled", "[pace]", "request"]),
        (CallError::Internal, ["The service failed", "Try again", "request"]),
        (CallError::Validation, ["does not accept the query status:new,in_progress", "f edits the query", "request"]),
    ] {
        let settings = Settings { findings: findings(3), faults: failing(Operation::GetFindingsV2, error), ..Settings::default() };
        let emulator = emulator(settings).await;
        let mut pty = start(&["--endpoint-url", &emulator.url(), "--region", "eu-west-1"], &[]);
        pty.says(&texts);
        emulator.clear_faults();
        pty.send("R");
        pty.says(&["3 loaded, complete"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_as_a_whole_keeps_everything_staged_and_is_sent_once_the_cause_is_gone() {
    enum Then {
        GoesOn,
        IsSentAgain,
    }
    for (error, texts, then) in [
        (CallError::AccessDenied(None), ["Access denied", "securityhub:BatchUpdateFindings"], Then::IsSentAgain),
        (CallError::ExpiredToken, ["expired", "aws sso login"], Then::GoesOn),
        (CallError::Throttling, ["Throttled", "[pace]"], Then::GoesOn),
        (CallError::Conflict, ["Conflict", "not enabled in eu-west-1"], Then::GoesOn),
    ] {
        let settings =
            Settings { findings: findings(150), faults: failing(Operation::BatchUpdateFindingsV2, error), ..Settings::default() };
        let emulator = emulator(settings).await;
        let mut pty = start(&["--endpoint-url", &emulator.url(), "--region", "eu-west-1"], &[]);
        pty.says(&["150 loaded, complete"]);
        pty.send("*s3");
        pty.says(&["● 150"]);
        pty.send("w");
        pty.says(&["Enter does not"]);
        pty.send("y");
        pty.says(&texts);
        pty.says(&["request", "● 150"]);
        // A frame comes in pieces: the end of the review may still stand under the beginning of the table.
        pty.until("the review is gone", |pty| !pty.flat().contains("Enter does not"));
        assert!(emulator.findings().iter().all(|finding| finding["status_id"] == 1));
        emulator.clear_faults();
        if matches!(then, Then::IsSentAgain) {
            pty.send("w");
            pty.says(&["Enter does not"]);
            pty.send("y");
        }
        pty.says(&["150 of 150 processed"]);
        pty.until("the trouble is gone", |pty| !pty.flat().contains(texts[0]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_off_names_the_home_region() {
    let settings = Settings { enablement: Enablement::Off, home_region: Some("us-east-1".into()), ..Settings::default() };
    let emulator = emulator(settings).await;
    let mut pty = start(&["--endpoint-url", &emulator.url(), "--region", "eu-west-1"], &[]);
    pty.says(&["Security Hub V2 is not enabled in eu-west-1", "--region us-east-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_network_credentials_or_region_it_says_so() {
    let gone = emulator(Settings::default()).await;
    let url = gone.url();
    gone.stop().await;
    let mut pty = start(&["--endpoint-url", &url, "--region", "eu-west-1"], &[]);
    pty.says(&["cannot be reached", &url]);
    let emulator = emulator(Settings::default()).await;
    let mut pty =
        start(&["--endpoint-url", &emulator.url(), "--region", "eu-west-1"], &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")]);
    pty.says(&["No credentials were found", "hubtriage demo"]);
    let mut pty = start(&["--endpoint-url", &emulator.url()], &[]);
    pty.says(&["No Region is configured", "--region"]);
    assert_eq!(emulator.call_count(Operation::GetFindingsV2), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_total_that_is_denied_is_no_obstacle() {
    let faults = failing(Operation::GetFindingStatisticsV2, CallError::AccessDenied(None));
    let emulator = emulator(Settings { findings: findings(3), faults, ..Settings::default() }).await;
    let mut pty = start(&["--endpoint-url", &emulator.url(), "--region", "eu-west-1"], &[]);
    pty.says(&["3 loaded, complete"]);
    assert!(!pty.flat().contains("Access denied"), "{}", pty.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_of_the_environment_writes_the_comment() {
    let emulator = emulator(Settings { findings: findings(2), ..Settings::default() }).await;
    let script = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(script.path(), "test -t 1 && printf 'written\\nelsewhere\\n' > \"$1\"\n").expect("it is written");
    let editor = format!("sh {}", script.path().display());
    let mut pty = start(&["--endpoint-url", &emulator.url(), "--region", "eu-west-1"], &[("EDITOR", &editor)]);
    pty.says(&["2 loaded, complete"]);
    pty.send("C");
    pty.says(&["staged a comment on 1 finding"]);
    assert!(pty.screen().alternate_screen(), "the screen is back");
    pty.send("w");
    pty.says(&["Enter does not"]);
    pty.send("y");
    pty.says(&["1 of 1 processed"]);
    assert_eq!(emulator.findings()[0]["comment"], "written elsewhere");
}
