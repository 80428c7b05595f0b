//! What keys cost on the line to the terminal, in bytes: of the whole program, in a pseudo-terminal of 120x40, in colours. The budgets are those
//! of docs/performance.md. Nothing here depends on how many rows are loaded.

use std::time::{Duration, Instant};

use hubtriage::emulator::{Emulator, Findings, Settings};
use serde_json::{Value, json};

use crate::{
    made,
    support::{
        finding::collected,
        pty::{Pty, Start},
    },
};

/// Findings of as many kinds as real ones, in the order of the table: their titles begin with their places.
fn numbered(count: usize) -> Findings {
    collected(made::documents(0, count, made::Size::Usual).iter().enumerate().map(|(at, document)| {
        let mut document: Value = serde_json::from_str(document).expect("a document");
        let time = made::NOW - i64::try_from(at).expect("few") * 3_600_000;
        let severity = 6 - at * 6 / count;
        document["severity_id"] = json!(severity);
        document["vendor_attributes"] = json!({"severity_id": 1 + at % 5});
        let title = document["finding_info"]["title"].as_str().unwrap_or_default().to_owned();
        document["finding_info"]["title"] = json!(format!("{at:05} {title}"));
        document["finding_info"]["modified_time"] = json!(time);
        document["time"] = json!(time);
        document
    }))
}

async fn begin(config: &str, environment: &[(&str, &str)]) -> (Emulator, Pty) {
    let emulator = Emulator::start(Settings { findings: numbered(600), ..Settings::default() }).await.expect("the emulator starts");
    let arguments = ["--endpoint-url", &emulator.url(), "--region", "eu-west-1"];
    let config = format!("[pace]\nreads = 0\n{config}");
    let mut pty = Pty::start(&Start { arguments: &arguments, environment, config: Some(&config), ..Start::default() });
    pty.shows("600 loaded, complete");
    stands_on(&mut pty, 0);
    (emulator, pty)
}

/// Waits until the cursor is on the row of a number, and drawn to the end of its line.
fn stands_on(pty: &mut Pty, number: usize) {
    let number = format!(" {number:05} ");
    pty.until(&format!("the cursor is on {number}"), |pty| {
        pty.text().lines().any(|line| line.starts_with('▶') && line.ends_with('◀') && line.contains(&number))
    });
}

/// What keys cost that lead to the row of a number.
fn cost(pty: &mut Pty, keys: &str, number: usize) -> usize {
    let before = pty.raw.len();
    pty.send(keys);
    stands_on(pty, number);
    pty.raw.len() - before
}

fn mean(costs: &[usize]) -> usize {
    costs.iter().sum::<usize>() / costs.len()
}

/// Rows of the table that are on the screen, where the preview is closed.
const ROWS: usize = 34;

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_move_costs_its_budget_with_and_without_scrolling() {
    let (_emulator, mut pty) = begin("[screen]\npreview = false\n", &[]).await;
    let downs: Vec<usize> = (1..=200).map(|at| cost(&mut pty, "j", at)).collect();
    let (still, scrolled) = downs.split_at(ROWS - 1);
    assert!(still.iter().all(|&bytes| bytes <= 130), "on the screen: {still:?}");
    assert!(scrolled.iter().all(|&bytes| bytes <= 330), "at its lower end: {scrolled:?}");
    assert!(mean(&downs) <= 250, "on average: {}", mean(&downs));
    let ups: Vec<usize> = (0..200).rev().map(|at| cost(&mut pty, "k", at)).collect();
    let (still, scrolled) = ups.split_at(ROWS - 1);
    assert!(still.iter().all(|&bytes| bytes <= 130), "back on the screen: {still:?}");
    assert!(scrolled.iter().all(|&bytes| bytes <= 330), "at its upper end: {scrolled:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_keys_typed_ahead_cost_their_budgets() {
    let (_emulator, mut pty) = begin("[screen]\npreview = false\n", &[]).await;
    let mut at = 0;
    for _ in 0..8 {
        let before = pty.raw.len();
        pty.send("\x1b[6~");
        let next = lands(&mut pty, at);
        assert!(next - at <= ROWS, "a page is what the screen shows");
        at = next;
        let bytes = pty.raw.len() - before;
        assert!(bytes <= 6_000, "a page: {bytes}");
    }
    cost(&mut pty, "gg", 0);
    // A key that is held down over a slow line arrives in bursts, as a pasted text does: movements are taken all the same.
    let bytes = cost(&mut pty, &"j".repeat(100), 100);
    assert!(bytes <= 6_000, "100 keys at once: {bytes}");
    let bytes = cost(&mut pty, &"\x1b[A".repeat(100), 0);
    assert!(bytes <= 6_000, "100 arrows at once: {bytes}");
}

/// Waits until the cursor is on the row of a higher number, and gives it.
fn lands(pty: &mut Pty, after: usize) -> usize {
    let number = |pty: &Pty| {
        let text = pty.text();
        let line = text.lines().find(|line| line.starts_with('▶') && line.ends_with('◀'))?;
        line.split_whitespace().find_map(|word| (word.len() == 5).then(|| word.parse::<usize>().ok())?)
    };
    pty.until("the cursor is farther down", |pty| number(pty).is_some_and(|number| number > after));
    number(pty).expect("it is there")
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_preview_open_a_cursor_move_costs_what_the_preview_does_and_little_more() {
    let (_emulator, mut pty) = begin("", &[]).await;
    let before = pty.raw.len();
    for at in 1..=200 {
        cost(&mut pty, "j", at);
    }
    let bytes = (pty.raw.len() - before) / 200;
    assert!(bytes <= 1_200, "{bytes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_line_gets_fewer_bytes_and_the_same_screen() {
    let (_emulator, mut pty) = begin("[screen]\nlow_bandwidth = true\nsynchronised = \"auto\"\n", &[("TERM", "xterm-kitty")]).await;
    assert!(!has(&pty, b"\x1b[?2026h"), "frames are not synchronised");
    assert!(pty.text().lines().filter(|line| line.contains(" 000")).count() >= ROWS, "the preview is closed");
    cost(&mut pty, "j", 1);
    cost(&mut pty, &"j".repeat(100), 101);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_written_again_where_the_terminal_is_not_to_move_them() {
    let (_emulator, mut pty) = begin("[screen]\nscroll = false\n", &[("TERM", "xterm-kitty")]).await;
    cost(&mut pty, &"j".repeat(40), 40);
    cost(&mut pty, "j", 41);
    // On leaving the region is reset all the same.
    assert!(!has(&pty, b"\x1b[M") && !has(&pty, b"r\x1b[5H"), "no line is moved");
    assert!(has(&pty, b"\x1b[?2026h") && has(&pty, b"\x1b[?2026l"), "this terminal has synchronised updates");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    assert!(has(&pty, b"\x1b[?2026l\x1b[r\x1b[m\x1b[?2004l"), "nothing of a frame is left in force");
}

fn has(pty: &Pty, part: &[u8]) -> bool {
    pty.raw.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_happens_nothing_is_written_and_nothing_runs() {
    let (_emulator, mut pty) = begin("", &[]).await;
    cost(&mut pty, "j", 1);
    let began = Instant::now();
    loop {
        let (bytes, ran) = (pty.raw.len(), pty.ran());
        let came = pty.hears(Duration::from_secs(1));
        if !came && pty.raw.len() == bytes && pty.ran() == ran {
            return;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "it never rests: {bytes} bytes, {ran} turns");
    }
}
