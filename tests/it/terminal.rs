//! What a person sees: the program in a pseudo-terminal, against an emulator whose calls and findings are looked at afterwards.

use std::{collections::BTreeSet, path::Path};

use hubtriage::{
    domain::{finding::Finding, severity::SeverityId, text::is_hidden},
    emulator::{
        Answered, CallFault, Calls, Emulator, FaultPlan, FindingFault, Findings, HoldMoment, Operation, RowCode, Selector, Settings, Times,
        Trouble,
    },
};
use serde_json::Value;

use crate::support::{
    finding::{collected, finding, findings, uid},
    pty::{Pty, Start},
};

/// F12 as terminals send it: in a rehearsal it panics.
const F12: &str = "\x1b[24~";

async fn emulator(findings: Findings, faults: FaultPlan) -> Emulator {
    Emulator::start(Settings { findings, faults, ..Settings::default() }).await.expect("the emulator starts")
}

/// Starts the program on an emulator and waits until everything is loaded.
fn triage(emulator: &Emulator, columns: u16, rows: u16) -> Pty {
    let mut pty = begin(emulator, columns, rows, &[]);
    pty.shows("complete");
    pty
}

fn begin(emulator: &Emulator, columns: u16, rows: u16, environment: &[(&str, &str)]) -> Pty {
    let arguments = ["--endpoint-url", &emulator.url(), "--region", "eu-west-1"];
    Pty::start(&Start {
        arguments: &arguments,
        columns,
        rows,
        environment,
        config: Some("[pace]\nreads = 0\nwrites = 0\n"),
        ..Start::default()
    })
}

/// Presses a key and waits until the screen shows a text.
fn press(pty: &mut Pty, keys: &str, text: &str) {
    pty.send(keys);
    pty.shows(text);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_and_fifty_marked_rows_are_suppressed_with_a_comment_in_exactly_three_calls() {
    let emulator = emulator(findings(400), FaultPlan::default()).await;
    let mut pty = triage(&emulator, 120, 40);
    pty.shows("400 loaded");
    press(&mut pty, "v", "range");
    pty.send("249j");
    press(&mut pty, "v", "✓ 250");
    press(&mut pty, "s", "status of 250 marked");
    press(&mut pty, "3", "● 250");
    press(&mut pty, "c", "comment for 250 marked");
    pty.send("accepted until 2026-12-15");
    pty.shows("25 of 512");
    press(&mut pty, "\r", "staged a comment on 250 findings");
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0, "nothing leads to the network but the review");
    press(&mut pty, "w", "Enter does not");
    pty.shows("250 findings");
    press(&mut pty, "y", "250 of 250 processed");
    let calls = emulator.calls_of(Operation::BatchUpdateFindingsV2);
    let mut sent = BTreeSet::new();
    let mut sizes = Vec::new();
    for call in &calls {
        let body = call.body.as_object().expect("an object");
        assert_eq!(body.keys().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(["Comment", "MetadataUids", "StatusId"]));
        assert_eq!((&body["StatusId"], &body["Comment"]), (&Value::from(3), &Value::from("accepted until 2026-12-15")));
        let uids: Vec<&str> = body["MetadataUids"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        sizes.push(uids.len());
        sent.extend(uids.into_iter().map(str::to_owned));
    }
    // They go out together, and may arrive in any order.
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 100, 100]);
    assert_eq!(sent, (0..250).map(uid).collect());
    for (at, finding) in emulator.findings().iter().enumerate() {
        let expected = if at < 250 { (3, Some("accepted until 2026-12-15")) } else { (1, None) };
        assert_eq!((finding["status_id"].as_i64(), finding["comment"].as_str()), (Some(expected.0), expected.1), "{at}");
    }
    press(&mut pty, "gg", "Suppressed");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn seven_unprocessed_rows_are_highlighted_visited_and_cleared_by_a_retry_once_the_cause_is_gone() {
    let failing = [(0, 0), (2, 1), (3, 2), (5, 3), (8, 0), (9, 1), (11, 3)];
    let faults = failing
        .iter()
        .map(|&(at, code)| FindingFault {
            finding: Selector::Uid(uid(at)),
            code: RowCode::ALL[code],
            message: format!("cause of row {at}"),
            times: Times::Always,
        })
        .collect();
    let emulator = emulator(findings(20), FaultPlan { findings: faults, ..FaultPlan::default() }).await;
    let mut pty = triage(&emulator, 160, 50);
    pty.send("*s3");
    pty.shows("● 20");
    press(&mut pty, "w", "Enter does not");
    press(&mut pty, "y", "13 of 20 processed");
    pty.shows("✗ 7");
    for at in 0..20 {
        let title = format!("number {at:05}");
        let failure = failing.iter().find(|&&(row, _)| row == at);
        // With the code in it the title is cut, so a row is found by its place: titles are in order.
        let line = pty.text().lines().nth(4 + at).unwrap_or_default().to_owned();
        match failure {
            Some(&(_, code)) => {
                let word = RowCode::ALL[code].name().trim_end_matches("Exception");
                assert!(line.contains('✗') && line.contains(word) && line.contains("New→Suppressed"), "{at}: {line}");
            }
            None => assert!(line.contains('✔') && line.contains(&title) && !line.contains('→'), "{at}: {line}"),
        }
    }
    for &(at, _) in failing.iter().cycle().skip(1).take(7) {
        pty.send("e");
        let message = format!("\"cause of row {at}\"");
        pty.until("the cursor is on the row and the preview has its message", |pty| {
            cursor_line(pty) == Some(4 + at) && pty.text().contains(&message)
        });
    }
    press(&mut pty, "!", "Problems");
    emulator.clear_faults();
    pty.send("ggr");
    pty.until("the retries have cleared something", |pty| !pty.text().contains("7 findings"));
    while !pty.text().contains("complete") {
        pty.send("ggr");
        let before = pty.text();
        pty.until("the panel has changed", |pty| pty.text() != before);
    }
    pty.until("no row has a problem, none is on its way, and the service has all of them", |pty| {
        !pty.text().contains(['✗', '⟳']) && emulator.findings().iter().all(|finding| finding["status_id"] == 3)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_is_on_screen_and_keys_answer_while_the_rest_of_100_000_findings_is_held_back() {
    let hold = CallFault {
        operation: Some(Operation::GetFindingsV2),
        calls: Calls::Range { first: 2, last: 2 },
        trouble: Trouble::Hold { name: "second".into(), moment: HoldMoment::Before },
    };
    let many = Findings::synthesise(100_000, 7, &findings(50));
    let emulator = emulator(many, FaultPlan { calls: vec![hold], ..FaultPlan::default() }).await;
    let mut pty = begin(&emulator, 120, 40, &[]);
    pty.shows("finding number");
    pty.shows("100 of");
    let before = pty.text();
    pty.send("j");
    pty.until("the cursor has moved", |pty| pty.text() != before);
    emulator.release("second");
    let mut keys = 0;
    while !pty.text().contains("complete") {
        let before = cursor_line(&pty);
        pty.send(if keys % 2 == 0 { "j" } else { "k" });
        keys += 1;
        pty.until("the cursor moves while pages arrive", |pty| cursor_line(pty) != before || pty.text().contains("complete"));
    }
    assert!(keys > 3, "{keys} keys were answered while the rest was loading");
    pty.shows("100,000 loaded");
    press(&mut pty, "G", "▶");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

fn cursor_line(pty: &Pty) -> Option<usize> {
    pty.text().lines().position(|line| line.starts_with('▶'))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hidden_character_of_a_hostile_finding_reaches_the_terminal_on_any_screen() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hostile-findings.jsonl");
    let mut hostile = Findings::load(&path).expect("the hostile findings");
    hostile.append(Findings::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/hostile.jsonl")).expect("the demo's"));
    let count = hostile.len();
    let faults = hostile
        .iter()
        .enumerate()
        .map(|(at, _)| FindingFault {
            finding: Selector::Line(u32::try_from(at).expect("few") + 1),
            code: RowCode::ALL[at % 4],
            message: "\u{1b}]0;owned\u{7}\u{202e}evil\u{2028}\u{9b}31m\u{200b}".into(),
            times: Times::Always,
        })
        .collect();
    let emulator = emulator(hostile, FaultPlan { findings: faults, ..FaultPlan::default() }).await;
    let arguments = ["--all", "--endpoint-url", &emulator.url(), "--region", "eu-west-1"];
    let mut pty = Pty::start(&Start {
        arguments: &arguments,
        columns: 160,
        rows: 50,
        config: Some("[pace]\nreads = 0\nwrites = 0\n"),
        ..Start::default()
    });
    pty.shows("complete");
    let mut screens = 0;
    let mut look = |pty: &mut Pty, keys: &str, text: &str| {
        press(pty, keys, text);
        clean(pty);
        screens += 1;
    };
    // The table with the preview of each finding, and each finding's two faces.
    for at in 1..=count {
        look(&mut pty, &format!("{at}G\r"), &format!("{at} of {count}"));
        look(&mut pty, "\t", "Tab summary");
        look(&mut pty, "Gq", "sorted");
    }
    look(&mut pty, "*s", "status of");
    look(&mut pty, "3", "●");
    look(&mut pty, "S", "severity of");
    look(&mut pty, "4", "●");
    look(&mut pty, "w", "y send");
    look(&mut pty, "\r", "y send");
    look(&mut pty, "jjjj", "y send");
    look(&mut pty, "y", "to send:");
    pty.types_count();
    look(&mut pty, "", "processed");
    look(&mut pty, "!", "Problems");
    look(&mut pty, "G", "Problems");
    look(&mut pty, "q", "sorted");
    look(&mut pty, "/evil", "Enter keep");
    assert!(screens > 3 * count);
    pty.send("\u{1b}");
    let raw = String::from_utf8_lossy(&pty.raw).into_owned();
    let ours = without_our_sequences(&raw);
    // The cursor is moved by these as well; that none of them is in a cell was looked at on each screen.
    let moves = ['\r', '\n', '\u{8}'];
    let leaked: Vec<char> = ours.chars().filter(|c| is_hidden(*c) && !moves.contains(c)).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
}

/// No cell of the screen holds a hidden character.
fn clean(pty: &Pty) {
    let (rows, columns) = pty.screen().size();
    for row in 0..rows.get() {
        for column in 0..columns.get() {
            if let Some(cell) = pty.screen().cell(row, column) {
                assert!(!cell.contents().chars().any(is_hidden), "{:?} at {row},{column}", cell.contents());
            }
        }
    }
}

/// Takes out the sequences a full-screen program writes: CSI with parameters, and nothing else.
fn without_our_sequences(raw: &str) -> String {
    let mut out = String::new();
    let mut rest = raw.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' && rest.peek() == Some(&'[') {
            rest.next();
            for c in rest.by_ref() {
                if ('@'..='~').contains(&c) {
                    break;
                }
                assert!(matches!(c, '0'..='?' | ' '..='/'), "no CSI of ours: {c:?}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terminal_is_given_back_on_a_signal_a_panic_and_a_normal_end() {
    let emulator = emulator(findings(3), FaultPlan::default()).await;
    for how in ["q", "TERM", "HUP", "panic"] {
        let environment: &[(&str, &str)] = if how == "panic" { &[("HUBTRIAGE_TEST_PANIC", "1")] } else { &[] };
        let mut pty = begin(&emulator, 100, 30, environment);
        if how != "panic" {
            pty.shows("complete");
            assert!(pty.screen().alternate_screen() && pty.screen().hide_cursor(), "{how}");
        }
        match how {
            "q" => pty.send("q"),
            "panic" => pty.send(F12),
            signal => pty.signal(signal),
        }
        let code = pty.ends();
        assert!(!pty.screen().alternate_screen() && !pty.screen().hide_cursor() && !pty.screen().bracketed_paste(), "{how}");
        assert_eq!(code == 0, how != "panic", "{how}: {code}");
        if how == "panic" {
            assert!(String::from_utf8_lossy(&pty.raw).contains("the panic of a test"), "the panic is told on the terminal");
        }
    }
}

/// A session of 150 staged findings whose first write is held.
async fn held_write() -> (Emulator, Pty) {
    let hold = CallFault {
        operation: Some(Operation::BatchUpdateFindingsV2),
        calls: Calls::Range { first: 1, last: 1 },
        trouble: Trouble::Hold { name: "write".into(), moment: HoldMoment::Before },
    };
    let emulator = emulator(findings(150), FaultPlan { calls: vec![hold], ..FaultPlan::default() }).await;
    // One call, and the next one not before the test is over.
    let config = Some("[pace]\nreads = 0\nwrites = 0.01\nwrite_burst = 1\n");
    let arguments = ["--endpoint-url", &emulator.url(), "--region", "eu-west-1"];
    let environment = &[("HUBTRIAGE_TEST_PANIC", "1")];
    let mut pty = Pty::start(&Start { arguments: &arguments, columns: 100, rows: 30, environment, config, ..Start::default() });
    pty.shows("complete");
    pty.send("*s3");
    pty.shows("● 150");
    press(&mut pty, "w", "Enter does not");
    press(&mut pty, "y", "sending");
    while emulator.held().is_empty() {
        tokio::task::yield_now().await;
    }
    (emulator, pty)
}

/// The call in flight was answered, and no further one was made.
fn one_answered_call(emulator: &Emulator) {
    let calls = emulator.calls_of(Operation::BatchUpdateFindingsV2);
    assert!(matches!(calls.as_slice(), [call] if call.answered == Answered::Status(200)), "{calls:?}");
    assert_eq!(emulator.findings().iter().filter(|finding| finding["status_id"] == 3).count(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_connection_ends_the_program_after_the_call_in_flight() {
    let (emulator, mut pty) = held_write().await;
    pty.signal("HUP");
    pty.shows("waiting for the calls under way");
    emulator.release("write");
    assert_eq!(pty.ends(), 0);
    one_answered_call(&emulator);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_is_gone_is_not_read_any_more_while_the_call_in_flight_is_waited_for() {
    let (emulator, mut pty) = held_write().await;
    pty.signal("HUP");
    pty.shows("waiting for the calls under way");
    pty.hang_up();
    // Else it would read the end of the input, round and round, for as long as the call takes.
    if cfg!(target_os = "linux") {
        pty.is_read_no_more();
    }
    emulator.release("write");
    pty.ends();
    one_answered_call(&emulator);
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_while_a_call_is_under_way_waits_for_it_and_tells_what_came_of_it() {
    let (emulator, mut pty) = held_write().await;
    press(&mut pty, "q", "leaves the rest staged");
    press(&mut pty, "y", "waiting for the calls under way");
    emulator.release("write");
    assert_eq!(pty.ends(), 0);
    assert_eq!(pty.text().trim(), "The send has ended: 100 of 150 findings processed, 50 not sent: kept in the journal.");
    one_answered_call(&emulator);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_does_not_take_the_call_in_flight_with_it() {
    let (emulator, mut pty) = held_write().await;
    press(&mut pty, F12, "the panic of a test");
    pty.shows("waiting for the calls under way");
    emulator.release("write");
    assert_ne!(pty.ends(), 0);
    one_answered_call(&emulator);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_terminal_gets_a_notice_and_a_resize_brings_the_table_back() {
    let emulator = emulator(findings(30), FaultPlan::default()).await;
    let mut pty = begin(&emulator, 60, 20, &[]);
    pty.shows("80x24");
    pty.changes(80, 24);
    pty.shows("finding number");
    pty.changes(200, 50);
    pty.shows("i-00000000");
    pty.changes(40, 10);
    pty.shows("80x24");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_color_switches_colours_off_and_every_state_keeps_its_sign() {
    let emulator = emulator(findings(3), FaultPlan::default()).await;
    let mut pty = begin(&emulator, 100, 30, &[("NO_COLOR", "1")]);
    pty.shows("complete");
    press(&mut pty, " s3", "●");
    pty.shows("✓");
    let (rows, columns) = pty.screen().size();
    for row in 0..rows.get() {
        for column in 0..columns.get() {
            let cell = pty.screen().cell(row, column).expect("a cell");
            assert_eq!((cell.fgcolor(), cell.bgcolor()), (vt100::Color::Default, vt100::Color::Default), "{row},{column}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn quitting_with_staged_changes_asks_and_no_is_the_default() {
    let emulator = emulator(findings(3), FaultPlan::default()).await;
    let mut pty = triage(&emulator, 80, 24);
    // The sign on the row: it is in the journal.
    press(&mut pty, "s3", "● M");
    press(&mut pty, "q", "there again");
    pty.send("\r");
    pty.until("the question is gone", |pty| !pty.text().contains("there again"));
    press(&mut pty, "q", "there again");
    pty.send("y");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn suppressing_critical_findings_asks_for_the_count_and_nothing_else_sends() {
    let mut documents: Vec<Value> = (0..12).map(finding).collect();
    documents[3]["severity_id"] = 5.into();
    let emulator = emulator(collected(documents), FaultPlan::default()).await;
    let mut pty = triage(&emulator, 80, 24);
    press(&mut pty, "*s3", "● 12");
    press(&mut pty, "w", "y asks for the count: suppressing 1 Critical");
    press(&mut pty, "y", "type 12 to send: 12 findings, 1 Critical suppressed");
    pty.shows("sends once it is right");
    press(&mut pty, "y\r", "✗ y is not the count: it is 12");
    press(&mut pty, "\u{1b}[200~12\u{1b}[201~\r", "✗");
    pty.until("a pasted text is refused", |pty| pty.text().contains("nothing is typed") || pty.text().contains("pasted text"));
    press(&mut pty, "\u{1b}", "nothing was sent");
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0);
    press(&mut pty, "y", "type 12 to send");
    pty.types_count();
    pty.shows("12 of 12 processed");
    assert!(emulator.findings().iter().all(|finding| finding["status_id"] == 3));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_text_is_a_text_with_and_without_brackets() {
    let emulator = emulator(findings(3), FaultPlan::default()).await;
    let mut pty = triage(&emulator, 100, 30);
    press(&mut pty, "\u{1b}[200~s3wy\u{1b}[201~", "ignored here");
    press(&mut pty, "c", "of 512");
    pty.send("\u{1b}[200~first line\nsecond line\u{1b}[201~");
    pty.shows("22 of 512");
    pty.send("more text\rand more of it");
    pty.shows("46 of 512");
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_severity_menu_shows_the_doubtful_value_last_with_the_words() {
    let emulator = emulator(findings(3), FaultPlan::default()).await;
    let mut pty = triage(&emulator, 80, 24);
    press(&mut pty, "S", "not accepted by every API release");
    let captions: Vec<usize> = SeverityId::OFFERED
        .iter()
        .map(|id| {
            let caption = id.caption().expect("offered values have one");
            pty.text().lines().position(|line| line.contains(caption) && line.contains(&id.0.to_string())).expect(caption)
        })
        .collect();
    assert!(captions.is_sorted(), "{captions:?}");
}

#[test]
fn the_demo_with_its_faults_shows_unprocessed_rows_of_all_four_codes() {
    let mut pty = Pty::start(&Start { arguments: &["demo", "--faults", "demo"], columns: 160, rows: 50, ..Start::default() });
    pty.shows("complete");
    pty.send("*s3");
    pty.shows("staged Suppressed");
    press(&mut pty, "w", "Enter does not");
    pty.send("y");
    pty.types_count();
    pty.shows("✗ 8");
    for code in RowCode::ALL {
        let word = code.name().trim_end_matches("Exception");
        pty.until(&format!("two rows have {word}"), |pty| {
            pty.text()
                .lines()
                .filter(|line| line.contains('✗') && line.contains(&format!("{word} ·")) && line.contains("New→Suppressed"))
                .count()
                == 2
        });
    }
}

#[test]
fn rows_of_the_demo_are_marked_by_what_their_documents_say_and_unmarked_again() {
    let lines = [include_str!("../../assets/demo/findings.jsonl"), include_str!("../../assets/demo/hostile.jsonl")];
    let critical = lines
        .iter()
        .flat_map(|lines| lines.lines())
        // Hostile ones write their severity as a text; the row shows it all the same, and what it shows is marked.
        .filter(|line| Finding::parse(line).severity == Some(SeverityId::CRITICAL))
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|document| [1, 2].map(Value::from).contains(&document["status_id"]))
        .count();
    assert!(critical > 3, "the demo has some");
    let mut pty = Pty::start(&Start { arguments: &["demo"], columns: 80, rows: 24, ..Start::default() });
    pty.shows("complete");
    press(&mut pty, "T", "mark:");
    press(&mut pty, "severity:critical", "mark: severity:critical");
    press(&mut pty, "\r", &format!("{critical} of "));
    pty.shows(&format!("✓ {critical}"));
    press(&mut pty, "gT", "unmark:");
    press(&mut pty, "severity:critical status:new,in_progress", "unmark: severity:critical status:new,in_progress");
    press(&mut pty, "\r", "are unmarked; 0 are marked");
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_of_staging_are_listed_in_the_tasks_and_taken_back_there() {
    let emulator = emulator(findings(20), FaultPlan::default()).await;
    let mut pty = triage(&emulator, 100, 30);
    press(&mut pty, "s3", "● 1");
    press(&mut pty, "*S2", "● 20");
    press(&mut pty, "W", "-2 Suppressed on 1 row");
    pty.shows("-1 Low on 20 rows");
    press(&mut pty, "u", "undone: Low on 20 rows (U does it again)");
    pty.shows("+1 Low on 20 rows");
    pty.shows("-1 Suppressed on 1 row");
    press(&mut pty, "U", "done again: Low on 20 rows (u undoes it)");
    pty.shows("-2 Suppressed on 1 row");
    press(&mut pty, "j\r", "Undo 2 steps");
    press(&mut pty, "y", "+2 Low on 20 rows");
    pty.shows("none to take back; u undoes the last send");
    press(&mut pty, "q", "20 loaded");
    pty.send("q");
    assert_eq!(pty.ends(), 0, "nothing is staged");
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0);
}
