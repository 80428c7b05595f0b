//! What a decision costs: the keys it takes, and how long the program works for it, `update` and the frame after each key together.
//!
//! `cargo bench --bench deciding -- --check`. Three hundred findings of the demo, one by one, no two neighbours decided alike: in flow mode
//! with a digit each, and in the table with the recipe's two keys and a step down. Nothing waits for an analyst here: what is measured is
//! what the program adds.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench says what it measured, and ends where it cannot"
)]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

#[path = "../tests/it/support/decisions.rs"]
#[expect(dead_code, unreachable_pub, reason = "what the tests share with this")]
mod decisions;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use decisions::{FINDINGS, Session, TICKET};
use hubtriage::{
    app::keymap::parse_keys,
    domain::template::Variable,
    ui::{self, theme::Theme},
};
use ratatui::{Terminal, backend::TestBackend};

const COLUMNS: u16 = 120;
const ROWS: u16 = 40;
/// Milliseconds of a frame: what a decision may take at most, its keys together.
const BOUND: f64 = 16.0;
/// Runs of each session: its decisions are taken together.
const TIMES: usize = 5;

fn main() -> ExitCode {
    let is_check = std::env::args().skip(1).any(|argument| argument == "--check");
    println!("{FINDINGS} findings of the demo decided one by one, {COLUMNS}x{ROWS}");
    println!("{:<44} {:>6} {:>12} {:>11} {:>11} {:>8}", "", "keys", "keys/finding", "median", "95 %", "bound");
    let mut is_missed = false;
    for (what, keys_of) in [("flow mode, a digit each", flow as fn() -> Run), ("table, recipe and step down", table)] {
        let mut times = Vec::new();
        let mut keys = 0;
        for _ in 0..TIMES {
            let run = keys_of();
            keys = run.keys;
            times.extend(run.times);
        }
        let mut millis: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1_000.0).collect();
        millis.sort_by(f64::total_cmp);
        let at = |percent: usize| millis[(millis.len() * percent / 100).min(millis.len() - 1)];
        let misses = at(50) > BOUND;
        is_missed |= misses;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let each = keys as f64 / FINDINGS as f64;
        let remark = if misses { "  MISSED" } else { "" };
        println!("{what:<44} {keys:>6} {each:>12.2} {:>8.2} ms {:>8.2} ms {BOUND:>5} ms{remark}", at(50), at(95));
    }
    if is_missed {
        eprintln!("a bound was missed");
        if is_check {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// One session.
struct Run {
    /// Every key of it.
    keys: usize,
    /// What each finding took.
    times: Vec<Duration>,
}

fn flow() -> Run {
    let mut session = Session::begin(COLUMNS, ROWS);
    session.model.deciding.answers.insert(Variable::Ticket, TICKET.to_owned());
    let decided = session.one_by_one();
    let mut screen = screen();
    let open = timed(&mut session, &mut screen, "M");
    let mut times: Vec<Duration> = decided.iter().map(|(_, at)| timed(&mut session, &mut screen, &(at + 1).to_string())).collect();
    if let Some(first) = times.first_mut() {
        *first += open;
    }
    done(&session, times)
}

fn table() -> Run {
    let mut session = Session::begin(COLUMNS, ROWS);
    session.model.deciding.answers.insert(Variable::Ticket, TICKET.to_owned());
    let decided = session.one_by_one();
    let letters = session.letters();
    let mut screen = screen();
    let times = decided.iter().map(|(_, at)| timed(&mut session, &mut screen, &format!("a {} j", letters[*at]))).collect();
    done(&session, times)
}

fn done(session: &Session, times: Vec<Duration>) -> Run {
    assert_eq!(session.model.staging.len(), FINDINGS, "all are staged");
    Run { keys: session.keys, times }
}

fn screen() -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(COLUMNS, ROWS)).expect("memory is a terminal")
}

/// Presses keys, with a frame after each; what is done outside is not counted.
fn timed(session: &mut Session, screen: &mut Terminal<TestBackend>, keys: &str) -> Duration {
    let mut took = Duration::ZERO;
    for key in parse_keys(keys).expect("these are keys") {
        let began = Instant::now();
        session.key(key);
        screen.draw(|frame| ui::draw(&session.model, &Theme::default(), frame)).expect("memory takes it");
        took += began.elapsed();
        session.settle();
    }
    took
}
