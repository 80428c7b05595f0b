//! What comes back at the next start, and what a second session is told: the program in a pseudo-terminal over real files.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use hubtriage::emulator::{Emulator, FaultPlan, Operation, Settings};
use tempfile::TempDir;

use crate::support::{
    finding::findings,
    pty::{Pty, Start},
};

async fn emulator(count: usize) -> Emulator {
    Emulator::start(Settings { findings: findings(count), faults: FaultPlan::default(), ..Settings::default() }).await.expect("it starts")
}

/// Starts the program on an emulator, in a home that other runs share.
fn begin(emulator: &Emulator, home: &TempDir) -> Pty {
    let arguments = ["--endpoint-url", &emulator.url(), "--region", "eu-west-1"];
    let pace = "[pace]\nreads = 0\nwrites = 0\n";
    Pty::start(&Start { arguments: &arguments, columns: 120, rows: 40, config: Some(pace), home: Some(home.path()), ..Start::default() })
}

/// The session files of a home.
fn session_files(home: &TempDir) -> Vec<PathBuf> {
    let folder = home.path().join(".local/state/hubtriage/session");
    fs::read_dir(folder).map(|files| files.map(|file| file.unwrap().path()).collect()).unwrap_or_default()
}

/// Waits until there is one: what is remembered is written once the journal is open.
fn is_remembered(home: &TempDir) {
    let began = Instant::now();
    while session_files(home).is_empty() {
        assert!(began.elapsed() < Duration::from_mins(1), "no session file comes");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The line of the table that the cursor is on.
fn cursor_line(pty: &Pty) -> String {
    pty.text().lines().find(|line| line.starts_with('▶')).unwrap_or_default().to_owned()
}

/// Marks two rows, turns the order round by title, hides the preview and leaves the cursor on a row; gives that row's line.
fn arrange(pty: &mut Pty) -> String {
    pty.shows("complete");
    pty.send("oi");
    pty.shows("title↑");
    pty.send("pgg  jj");
    pty.shows("✓ 2 marked");
    pty.until("the cursor is four rows down", |pty| pty.text().lines().position(|line| line.starts_with('▶')) == Some(8));
    cursor_line(pty)
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_order_preview_and_cursor_are_there_again_however_the_program_ended() {
    for how in ["q", "TERM", "HUP"] {
        let emulator = emulator(120).await;
        let home = tempfile::tempdir().expect("a home");
        let mut pty = begin(&emulator, &home);
        let line = arrange(&mut pty);
        is_remembered(&home);
        match how {
            "q" => pty.send("q"),
            signal => pty.signal(signal),
        }
        assert_eq!(pty.ends(), 0, "{how}");
        let files = session_files(&home);
        assert_eq!(files.len(), 1, "{how}: {files:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let mut pty = begin(&emulator, &home);
        pty.shows("complete");
        pty.shows("✓ 2 marked");
        pty.shows("title↑");
        pty.until(&format!("after {how} the cursor is on its row again"), |pty| cursor_line(pty) == line);
        assert!(!pty.text().contains("AWS::EC2::Instance"), "the preview is still hidden");
        pty.send("q");
        assert_eq!(pty.ends(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_query_is_asked_again_unless_the_command_line_names_one() {
    let emulator = emulator(30).await;
    let home = tempfile::tempdir().expect("a home");
    let url = emulator.url();
    let with = |more: &[&str]| {
        let arguments: Vec<&str> = ["--endpoint-url", &url, "--region", "eu-west-1"].into_iter().chain(more.iter().copied()).collect();
        Pty::start(&Start { arguments: &arguments, home: Some(home.path()), ..Start::default() })
    };
    let mut pty = with(&["-q", "status:resolved"]);
    pty.shows("No findings match status:resolved");
    is_remembered(&home);
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    let mut pty = with(&[]);
    pty.shows("No findings match status:resolved");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    let mut pty = with(&["--all"]);
    pty.shows("30 loaded, complete");
    assert!(pty.text().contains("everything"));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_session_file_is_told_and_kept_aside() {
    let emulator = emulator(20).await;
    let home = tempfile::tempdir().expect("a home");
    let mut pty = begin(&emulator, &home);
    arrange(&mut pty);
    is_remembered(&home);
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    let file = session_files(&home).pop().expect("a file");
    fs::write(&file, "{\"version\":1,\"marks\":[").unwrap();
    let mut pty = begin(&emulator, &home);
    pty.shows("the last session is not restored");
    pty.shows("complete");
    assert_eq!(fs::read_to_string(file.with_extension("json.unreadable")).unwrap(), "{\"version\":1,\"marks\":[");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_session_asks_and_reads_only_or_has_the_journal_once_the_first_has_gone() {
    let emulator = emulator(20).await;
    let home = tempfile::tempdir().expect("a home");
    let mut first = begin(&emulator, &home);
    first.shows("complete");
    first.send("s3");
    first.shows("● 1 staged");
    let mut second = begin(&emulator, &home);
    second.shows("Another hubtriage has this hub");
    second.shows("complete");
    second.send("r");
    second.shows("read-only, not kept");
    second.send("s4");
    second.shows("● 1 staged");
    second.send("w");
    second.shows("sending is off in this session");
    second.send("y");
    second.shows("read-only: nothing can be sent");
    second.send("\x1b");
    second.shows("SEV");
    second.send("q");
    second.shows("would be lost");
    second.send("y");
    assert_eq!(second.ends(), 0);
    let mut third = begin(&emulator, &home);
    third.shows("Another hubtriage has this hub");
    third.shows("complete");
    third.send("w");
    third.shows("waits for the journal");
    third.send("jj");
    first.send("q");
    first.shows("kept in the journal");
    first.send("y");
    assert_eq!(first.ends(), 0);
    third.shows("the other session has gone");
    third.shows("● 1 staged");
    third.until("it can be written to", |pty| !pty.text().contains("waits for the journal"));
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0);
    third.send("q");
    third.shows("kept in the journal");
    third.send("y");
    assert_eq!(third.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_in_the_journal_view_the_preview_and_the_detail_at_the_next_start() {
    let emulator = emulator(20).await;
    let home = tempfile::tempdir().expect("a home");
    let mut pty = begin(&emulator, &home);
    pty.shows("complete");
    pty.send("s2");
    pty.shows("● 1 staged");
    pty.send("w");
    pty.shows("Enter does not");
    pty.send("y");
    pty.shows("1 of 1 processed");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    let mut pty = begin(&emulator, &home);
    pty.shows("complete");
    pty.until("the preview tells what was sent last", |pty| {
        pty.text().lines().any(|line| line.starts_with(" last ") && line.ends_with(", In Progress"))
    });
    pty.send("\r");
    pty.shows("summary");
    pty.send("G");
    pty.shows("status New → In Progress");
    pty.send("\x1b");
    pty.until("the detail is left", |pty| !pty.text().contains("status New → In Progress"));
    pty.send("L");
    pty.shows("1 send, newest first");
    pty.shows("It went to its end");
    pty.send("\r");
    pty.shows("1 of 1");
    pty.send("\r");
    pty.until("the table is back", |pty| pty.text().contains("SEV"));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}
