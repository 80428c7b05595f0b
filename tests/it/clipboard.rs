//! Copies and exports as a person makes them, in a pseudo-terminal: what the terminal is handed, and what is in the file.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use hubtriage::{
    domain::text::is_hidden,
    emulator::{Emulator, Findings, Settings},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::pty::{Pty, Start};

fn demo(home: &TempDir, config: &str, environment: &[(&str, &str)]) -> Pty {
    let start = Start { arguments: &["demo"], columns: 100, rows: 30, config: Some(config), home: Some(home.path()), environment };
    let mut pty = Pty::start(&start);
    pty.shows("complete");
    pty
}

/// What the terminal has been handed for its clipboard by plain OSC 52, each time.
fn handed(pty: &Pty) -> Vec<String> {
    let raw = String::from_utf8_lossy(&pty.raw).into_owned();
    raw.split("\x1b]52;c;").skip(1).filter_map(|rest| decoded(rest.split('\x07').next()?)).collect()
}

fn decoded(base64: &str) -> Option<String> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for digit in base64.trim_end_matches('=').bytes() {
        bits = bits << 6 | DIGITS.iter().position(|&known| known == digit)? as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Writes another text into the prompt and accepts it: Enter among many keys at once would be part of a pasted text.
fn answer(pty: &mut Pty, text: &str) {
    pty.send(&format!("\x15{text}"));
    pty.says(&[&format!(": {text}")]);
    pty.send("\r");
}

#[test]
fn the_console_url_of_a_finding_of_the_demo_reaches_the_terminal_and_the_doubt_the_analyst() {
    let home = tempfile::tempdir().expect("a home");
    let mut pty = demo(&home, "", &[]);
    pty.send("yu");
    pty.says(&["copied the console URL (of an emulator: it leads nowhere)"]);
    let copies = handed(&pty);
    let [url] = copies.as_slice() else { panic!("{copies:?}") };
    assert!(
        url.starts_with(
            "https://eu-west-1.console.aws.amazon.com/securityhub/v2/home?region=eu-west-1#/findings?search=finding_info.uid%3D"
        ),
        "{url}"
    );
    pty.send("yy");
    pty.says(&["copied the uid; some terminals refuse it"]);
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[test]
fn inside_of_tmux_the_text_goes_out_in_both_forms_and_it_is_said_what_tmux_needs() {
    let home = tempfile::tempdir().expect("a home");
    let mut pty = demo(&home, "", &[("TMUX", "/tmp/tmux-0/default,1,0"), ("TERM", "tmux-256color")]);
    pty.send("yy");
    pty.says(&["set -s set-clipboard on"]);
    let raw = String::from_utf8_lossy(&pty.raw).into_owned();
    assert!(raw.contains("\x1b]52;c;") && raw.contains("\x1bPtmux;\x1b\x1b]52;c;"));
}

#[test]
fn where_the_clipboard_is_off_the_text_is_on_the_screen_and_can_be_written_to_a_file() {
    let home = tempfile::tempdir().expect("a home");
    let mut pty = demo(&home, "[clipboard]\nosc52 = false\n", &[]);
    pty.send("yj");
    pty.says(&["Not copied: the JSON document · the configuration keeps the clipboard off", "\"finding_info\""]);
    pty.send("x");
    pty.says(&["write the text to:"]);
    answer(&mut pty, "text.json");
    pty.says(&["wrote", "to text.json (mode 0600)"]);
    let text = fs::read_to_string(home.path().join("text.json")).expect("the file");
    assert!(serde_json::from_str::<Value>(&text).is_ok_and(|document| document["metadata"]["uid"].is_string()));
    assert!(handed(&pty).is_empty(), "nothing is sent to the terminal");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_findings_are_exported_as_they_came_the_hostile_ones_too_and_a_file_is_never_overwritten() {
    let home = tempfile::tempdir().expect("a home");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let mut findings = Findings::load(&folder.join("findings.jsonl")).expect("the demo's");
    findings.append(Findings::load(&folder.join("hostile.jsonl")).expect("the demo's"));
    let emulator = Emulator::start(Settings { findings, ..Settings::default() }).await.expect("the emulator starts");
    let documents: Vec<&str> = [include_str!("../../assets/demo/findings.jsonl"), include_str!("../../assets/demo/hostile.jsonl")]
        .into_iter()
        .flat_map(str::lines)
        .collect();
    let url = emulator.url();
    let start = Start {
        arguments: &["--endpoint-url", &url, "--region", "eu-west-1", "-q", "everything"],
        columns: 100,
        rows: 30,
        config: Some("[pace]\nreads = 0\n"),
        home: Some(home.path()),
        ..Start::default()
    };
    let mut pty = Pty::start(&start);
    pty.says(&[&format!("{} loaded, complete", documents.len())]);
    for (key, name) in [("d", "all.jsonl"), ("c", "all.csv"), ("m", "~/all.md")] {
        pty.send("x");
        pty.says(&["export all"]);
        pty.send(key);
        pty.says(&["export as"]);
        answer(&mut pty, name);
        pty.says(&[&format!("{} (mode 0600)", name.trim_start_matches("~/"))]);
    }
    let read = |name: &str| fs::read_to_string(home.path().join(name)).expect("the file");
    let jsonl = read("all.jsonl");
    let mut found: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).expect("a document")).collect();
    let mut known: Vec<Value> = documents.iter().map(|line| serde_json::from_str(line).expect("a document")).collect();
    for all in [&mut found, &mut known] {
        all.sort_by_key(ToString::to_string);
    }
    assert!(found == known, "a document is another one");
    let csv = read("all.csv");
    assert_eq!(csv.lines().count(), documents.len() + 1);
    assert!(csv.starts_with("uid,severity,status,created,account,region,product,control,title,resource\n"));
    let markdown = read("all.md");
    assert_eq!(markdown.lines().count(), documents.len() + 4);
    for text in [&csv, &markdown] {
        assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)));
    }
    for name in ["all.jsonl", "all.csv", "all.md"] {
        assert_eq!(fs::metadata(home.path().join(name)).expect("the file").permissions().mode() & 0o777, 0o600, "{name}");
    }
    pty.send("xc");
    pty.says(&["export as CSV to:"]);
    answer(&mut pty, "all.csv");
    pty.says(&["all.csv is there already: give another name"]);
    pty.send("2\r");
    pty.says(&["all2.csv (mode 0600)"]);
    assert_eq!(read("all.csv"), csv);
    let names: Vec<String> =
        fs::read_dir(home.path()).expect("the folder").map(|entry| entry.expect("it").file_name().to_string_lossy().into_owned()).collect();
    assert!(!names.iter().any(|name| name.starts_with(".hubtriage")), "nothing half-written is left: {names:?}");
}
