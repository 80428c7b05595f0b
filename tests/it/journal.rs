//! The journal's files from outside: `hubtriage journal`, other processes, and a disk without room.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use hubtriage::{
    domain::{
        batch::{Outcome, RowCode},
        failure::CallFailure,
        identity::Identity,
        patch::{Patch, Values},
        status::StatusId,
    },
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, PlanId, SendId, StagedGroup, Who},
        hub_key::HubKey,
    },
    runtime::journal::Journal,
    storage::journal::{error::OpenError, file::LIMIT, folder::Folder},
};
use tempfile::TempDir;

/// A state folder of its own.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> Folder {
        Folder::at(self.0.path().join("state/hubtriage/journal"))
    }

    fn current(&self, hub: &str) -> PathBuf {
        self.folder().path().join(format!("{hub}.jsonl"))
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_hubtriage"))
            .arg("journal")
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("XDG_STATE_HOME", self.0.path().join("state"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        told(&output)
    }

    async fn open(&self, region: &str, limit: u64) -> Journal {
        Journal::open(self.folder(), &key(region), who(), limit).await.unwrap().journal
    }
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn key(region: &str) -> HubKey {
    HubKey::new(Some("222233334444"), region, None)
}

const HUB: &str = "aws_222233334444_eu-west-1";

fn who() -> Who {
    let arn = Some("arn:aws:sts::222233334444:assumed-role/Analyst/me".to_owned());
    Who { arn, address: Some("192.0.2.7".into()), process: 42, release: "0.1.0".into(), user: None }
}

fn uid(text: &str) -> Identity {
    Identity::MetadataUid(text.to_owned())
}

fn known(text: &str) -> KnownRow {
    KnownRow { identity: uid(text), values: Values { status: Some(StatusId::NEW), ..Values::default() } }
}

/// A send of a plan with a row of each outcome, and something staged.
fn entries() -> Vec<Entry> {
    let (send, patch) = (SendId(1), Patch::status(StatusId::SUPPRESSED));
    let intent = |call, rows| Entry::Intent { send, call: CallNumber(call), patch: patch.clone(), rows };
    vec![
        Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::RESOLVED), rows: vec![known("staged")] }]),
        Entry::SendBegan { send, origin: Origin::Plan { plan: PlanId("p".into()), file: "my plan.json".into() }, rows: 9 },
        intent(1, vec![known("fine"), known("busy"), known("\u{1b}]0;odd\u{7}\u{202e}")]),
        Entry::Answered {
            send,
            call: CallNumber(1),
            request_id: Some("r-1".into()),
            outcomes: vec![
                Outcome::Processed,
                Outcome::Unprocessed { code: RowCode::Conflict, message: "changed".into() },
                Outcome::Processed,
            ],
        },
        intent(2, vec![known("refused")]),
        Entry::Failed {
            send,
            call: CallNumber(2),
            failure: CallFailure::AccessDenied,
            code: Some("AccessDeniedException".into()),
            message: "no".into(),
            request_id: None,
        },
        intent(3, vec![known("lost")]),
        Entry::SendEnded { send, unsent: 4 },
    ]
}

async fn written(home: &Home, region: &str, entries: Vec<Entry>) {
    let journal = home.open(region, LIMIT).await;
    journal.append(entries).await.unwrap();
    journal.close().await.unwrap();
}

#[tokio::test]
async fn the_journal_tells_what_was_sent_by_whom_and_what_came_of_it() {
    let home = Home::new();
    written(&home, "eu-west-1", entries()).await;
    let (code, out, errors) = home.run(&[]);
    assert_eq!((code, errors.as_str()), (0, ""), "{out}");
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split("  ").filter(|cell| !cell.is_empty()).map(str::trim).collect()).collect();
    assert_eq!(lines[0], ["WHEN", "WHO", "CHANGE", "OUTCOME", "FINDING"]);
    let rows: Vec<&[&str]> = lines[1..].iter().map(|line| &line[1..]).collect();
    for (outcome, finding) in [
        ("processed", "fine"),
        ("unprocessed: Conflict", "busy"),
        ("processed", "<U+001B>]0;odd<U+0007><U+202E>"),
        ("refused: AccessDenied", "refused"),
        ("unknown", "lost"),
    ] {
        let expected = ["Analyst/me from 192.0.2.7", "status New→Suppressed", outcome, finding];
        assert!(rows.iter().any(|row| *row == expected), "{expected:?} in\n{out}");
    }
    assert_eq!(rows.len(), 5, "{out}");
    let (_, out, _) = home.run(&["--finding", "busy", "--since", "1h"]);
    assert_eq!(out.lines().count(), 2, "{out}");
    assert!(out.ends_with("  busy\n"), "{out}");
    let (_, out, _) = home.run(&["--since", "2999-01-01"]);
    assert_eq!(out.lines().count(), 1, "{out}");
}

#[tokio::test]
async fn the_entries_are_told_as_they_are_or_those_about_a_finding() {
    let home = Home::new();
    written(&home, "eu-west-1", entries()).await;
    let (code, out, _) = home.run(&["-o", "jsonl"]);
    assert_eq!((code, out.as_str()), (0, fs::read_to_string(home.current(HUB)).unwrap().as_str()));
    let (_, out, _) = home.run(&["-o", "jsonl", "--finding", "busy"]);
    let types: Vec<String> = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].to_string()).collect();
    assert_eq!(types, ["\"intent\"", "\"answered\""]);
}

#[tokio::test]
async fn former_files_are_told_too_and_nothing_twice() {
    let home = Home::new();
    let journal = home.open("eu-west-1", 300).await;
    let all = entries();
    for entry in all.clone() {
        journal.append(vec![entry]).await.unwrap();
    }
    for row in 0..9 {
        let rows = vec![known(&row.to_string())];
        journal.append(vec![Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::RESOLVED), rows }])]).await.unwrap();
    }
    journal.close().await.unwrap();
    let formers = fs::read_dir(home.folder().path()).unwrap().count();
    assert!(formers > 3, "{formers} files");
    let (_, out, _) = home.run(&["-o", "jsonl"]);
    assert_eq!(out.lines().count(), 1 + all.len() + 9, "{out}");
    let (code, out, _) = home.run(&["verify"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.lines().count() >= 3 && out.lines().all(|line| line.contains(": whole, ")), "{out}");
    let (_, out, _) = home.run(&["--finding", "fine"]);
    assert_eq!(out.lines().count(), 2, "{out}");
}

#[tokio::test]
async fn what_is_unfinished_is_listed_with_how_to_go_on() {
    let home = Home::new();
    assert_eq!(home.run(&["pending"]).0, 0);
    written(&home, "eu-west-1", entries()).await;
    let (code, out, errors) = home.run(&["pending"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    for words in [
        "1 staged change, staged again when a session starts:",
        "status New→Resolved  staged\n",
        "1 finding with an unknown outcome, read before anything is sent again:",
        "status New→Suppressed  lost\n",
        "9 findings: 4 not sent; `hubtriage apply my plan.json` goes on with it",
    ] {
        assert!(out.contains(words), "{words} in\n{out}");
    }
    let journal = home.open("eu-west-1", LIMIT).await;
    let (_, out, _) = home.run(&["pending"]);
    assert!(out.starts_with("in use by somebody from 192.0.2.7, process 42, since "), "{out}");
    journal.close().await.unwrap();
}

#[tokio::test]
async fn of_several_hubs_one_is_named() {
    let home = Home::new();
    let (code, out, _) = home.run(&[]);
    assert!(code == 0 && out.starts_with("no journal yet in "), "{out}");
    written(&home, "eu-west-1", entries()).await;
    written(&home, "us-east-1", entries()).await;
    let (code, out, errors) = home.run(&[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(errors.contains(HUB) && errors.contains("aws_222233334444_us-east-1") && errors.contains("--hub"), "{errors}");
    let (code, out, _) = home.run(&["--hub", "aws_222233334444_eu"]);
    assert_eq!((code, out.lines().count()), (0, 6));
    let (code, _, errors) = home.run(&["--hub", "nowhere"]);
    assert!(code == 1 && errors.contains("nowhere"), "{errors}");
    let (code, out, _) = home.run(&["verify"]);
    assert_eq!((code, out.lines().count()), (0, 2), "every hub is checked: {out}");
}

#[tokio::test]
async fn verify_names_file_line_and_entry_of_what_is_not_whole_and_changes_nothing() {
    let home = Home::new();
    written(&home, "eu-west-1", entries()).await;
    let path = home.current(HUB);
    let whole = fs::read_to_string(&path).unwrap();
    let bent = whole.replacen("\"busy\"", "\"busi\"", 1);
    fs::write(&path, format!("{bent}{{\"v\":1,")).unwrap();
    let (code, out, errors) = home.run(&["verify"]);
    assert_eq!((code, errors.as_str()), (1, ""));
    let file = path.display().to_string();
    let expected = [
        format!("{file}:4: its checksum does not match; entry 4 is lost"),
        format!("{file}:10: the write of entry 10 was cut off; its 7 bytes are no entry; the next session on this hub cuts them off"),
        format!("{file}: not whole, 8 entries, 1 to 9"),
    ];
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{bent}{{\"v\":1,"));

    let text = "{\"v\":9";
    fs::write(&path, format!("{text},\"sum\":\"{:08x}\"}}\n", crc32fast::hash(text.as_bytes()))).unwrap();
    for arguments in [&["verify"][..], &[], &["pending"], &["-o", "jsonl"]] {
        let (code, out, errors) = home.run(arguments);
        assert_eq!(code, 1);
        assert!((out + &errors).contains("written by a newer hubtriage (version 9"), "{arguments:?}: {errors}");
    }
}

/// Set in a child of these tests: the folder it works in.
const CHILD: &str = "HUBTRIAGE_TEST_JOURNAL_CHILD";

fn child(test: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    // A process that writes beyond its limit gets a signal, unless that is ignored: then the write fails, as on a full disk.
    command.args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" --exact \"$1\" --ignored --nocapture"]);
    command.arg(std::env::current_exe().unwrap()).arg(test);
    command.env(CHILD, folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn staged(row: usize) -> Entry {
    let rows = vec![known(&format!("{row}-{}", "x".repeat(200)))];
    Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::RESOLVED), rows }])
}

/// How many staged changes a journal has, once it is opened anew.
async fn staged_count(home: &Home) -> usize {
    let opened = Journal::open(home.folder(), &key("eu-west-1"), who(), LIMIT).await.unwrap();
    assert_eq!(opened.mended, []);
    opened.journal.close().await.unwrap();
    opened.ledger.staged.len()
}

#[tokio::test]
async fn when_the_system_refuses_to_let_the_file_grow_nothing_half_is_written() {
    let home = Home::new();
    let output = child("journal::writing_until_it_fails", home.folder().path()).output().unwrap();
    let (code, out, errors) = told(&output);
    assert_eq!(code, 0, "{out}{errors}");
    let written: usize = out.lines().find_map(|line| line.strip_prefix("WRITTEN ")).unwrap().parse().unwrap();
    // A unit of `ulimit -f` is 512 bytes or 1,024, by the shell.
    assert!((3..16).contains(&written), "{written}");
    assert_eq!(staged_count(&home).await, written);
}

#[tokio::test]
#[ignore = "the test above runs it in a process of its own, with a limit on files"]
async fn writing_until_it_fails() {
    let folder = Folder::at(std::env::var(CHILD).unwrap());
    let journal = Journal::open(folder, &key("eu-west-1"), who(), LIMIT).await.unwrap().journal;
    let mut written = 0;
    let error = loop {
        match journal.append(vec![staged(written)]).await {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("no room is left"), "{error}");
    assert!(journal.append(vec![staged(1_000)]).await.is_err(), "it stays full");
    writeln!(std::io::stdout(), "\nWRITTEN {written}").unwrap();
}

#[tokio::test]
async fn another_process_keeps_the_journal_until_it_is_killed() {
    let home = Home::new();
    let mut other = child("journal::holding_the_journal", home.folder().path()).spawn().unwrap();
    let mut out = other.stdout.take().unwrap();
    let mut said = Vec::new();
    while !said.ends_with(b"HELD\n") {
        let mut byte = [0];
        assert_eq!(out.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&said));
        said.extend(byte);
    }
    let open = || async { Journal::open(home.folder(), &key("eu-west-1"), who(), LIMIT).await };
    let Err(OpenError::Busy { holder }) = open().await else { panic!("it is not busy") };
    assert_eq!(holder.process, Some(42));
    other.kill().unwrap();
    other.wait().unwrap();
    let opened = open().await.unwrap();
    assert_eq!(opened.ledger.staged.len(), 1, "what it had written is there");
}

#[tokio::test]
#[ignore = "the test above runs it in a process of its own"]
async fn holding_the_journal() {
    let folder = Folder::at(std::env::var(CHILD).unwrap());
    let journal = Journal::open(folder, &key("eu-west-1"), who(), LIMIT).await.unwrap().journal;
    journal.append(vec![staged(0)]).await.unwrap();
    let mut out = std::io::stdout();
    out.write_all(b"\nHELD\n").unwrap();
    out.flush().unwrap();
    let _ = std::io::stdin().read(&mut [0]);
}
