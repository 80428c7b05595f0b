//! How long the table takes to answer a key: filter, sort, group, a page that arrives, a frame. A table of medians and 95th percentiles, and
//! with `--check` an exit code.
//!
//! `cargo bench --bench table -- --check`, or with other sizes `-- 10000 1000000`. What is measured is the whole way of a key or a page
//! through `update`, everything that is kept up to date with it included; and for a frame also drawing it. `made` has the findings.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a bench says what it measured, and ends where it cannot"
)]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use hubtriage::{
    app::{
        event::{Arrival, Connection, Event, More, ServedOrder},
        keymap::{Key, parse_keys},
        model::{Asked, Model, Settings},
        update::{Ctx, update},
    },
    domain::{query::Query, time::Millis},
    findings::archive::SealedPage,
    ui::{self, theme::Theme},
};
use ratatui::{Terminal, backend::TestBackend};

use made::{NOW, PAGE};

mod made;

/// The size that is measured where none is named, and up to which the first bounds hold.
const CHECKED: usize = 100_000;
const COLUMNS: u16 = 120;
const ROWS: u16 = 40;

/// Milliseconds for a median: up to a hundred thousand rows, and beyond, up to a million.
#[derive(Clone, Copy)]
struct Bound(f64, f64);

const LETTER: Bound = Bound(8.0, 80.0);
const ONCE: Bound = Bound(30.0, 300.0);
const MARKS: Bound = Bound(10.0, 100.0);
/// A frame, which a page that arrives must not cost.
const ARRIVAL: Bound = Bound(16.0, 16.0);
/// What does not depend on the number of rows.
const MOVE: Bound = Bound(1.0, 1.0);

/// One line of the table.
struct Measured {
    what: String,
    /// Until it is settled, all steps of it together, and the longest single one of them: how long a key waits at most.
    times: Vec<Took>,
    bound: Bound,
}

/// How long something took.
#[derive(Debug, Clone, Copy, Default)]
struct Took {
    whole: Duration,
    longest: Duration,
}

impl std::ops::AddAssign for Took {
    fn add_assign(&mut self, other: Self) {
        self.whole += other.whole;
        self.longest = self.longest.max(other.longest);
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_check = arguments.iter().any(|argument| argument == "--check");
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.push(CHECKED);
    }
    let mut is_missed = false;
    for size in sizes {
        println!("{size} rows, {COLUMNS}x{ROWS}");
        println!("{:<64} {:>10} {:>10} {:>10} {:>8}", "", "median", "95 %", "longest", "bound");
        for measured in measure(size) {
            let misses = measured.print(size);
            is_missed |= misses;
        }
        println!();
    }
    if is_missed {
        eprintln!("a bound was missed");
        if is_check {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

impl Measured {
    fn new(what: &str, times: Vec<Took>, bound: Bound) -> Self {
        Self { what: what.to_owned(), times, bound }
    }

    /// Prints the line; says whether its bound was missed. A bound is for the median: what comes beside it on a shared machine is not ours.
    fn print(&self, size: usize) -> bool {
        let mut millis: Vec<f64> = self.times.iter().map(|time| time.whole.as_secs_f64() * 1_000.0).collect();
        millis.sort_by(f64::total_cmp);
        let at =
            |percent: usize| millis.get((millis.len() * percent / 100).min(millis.len().saturating_sub(1))).copied().unwrap_or_default();
        let bound = if size <= CHECKED { self.bound.0 } else { self.bound.1 };
        let is_missed = at(50) > bound;
        let bound = format!("{bound} ms");
        let longest = self.times.iter().map(|time| time.longest).max().unwrap_or_default().as_secs_f64() * 1_000.0;
        let sign = if is_missed { "  MISSED" } else { "" };
        println!("{:<64} {:>7.2} ms {:>7.2} ms {longest:>7.2} ms {bound:>8}{sign}", self.what, at(50), at(95));
        is_missed
    }
}

fn measure(size: usize) -> Vec<Measured> {
    let began = Instant::now();
    let mut findings = Findings::default();
    let mut model = loaded(&mut findings, size);
    println!("{:<64} {:>7.2} s", "making, reading and taking in all of them", began.elapsed().as_secs_f64());
    let mut out = Vec::new();

    for (is_grouped, said) in [(false, ""), (true, ", in groups by control")] {
        if is_grouped {
            keys(&mut model, "z g c");
        }
        for words in ["payments", "cve-2026", "bucket eu-west"] {
            let (typed, taken_back) = filter(&mut model, words);
            out.push(Measured::new(&format!("a letter more of `{words}`{said}"), typed, LETTER));
            out.push(Measured::new(&format!("a letter less of `{words}`{said}"), taken_back, LETTER));
        }
    }
    keys(&mut model, "z g n");

    for (what, order) in [
        ("severity", "o s"),
        ("title", "o i"),
        ("resource", "o e"),
        ("three keys: severity, account, modified", "o m o a o s"),
        ("three keys: title, resource, created", "o c o e o i"),
    ] {
        keys(&mut model, order);
        let words = what.trim_start_matches("three keys: ").replace(',', "");
        let sorted = model.view.order().0.iter().map(|key| key.field.word()).collect::<Vec<_>>().join(" ");
        assert!(sorted.starts_with(&words), "{order} sorts by {sorted}");
        let times = (0..21).map(|_| key(&mut model, "O")).collect();
        out.push(Measured::new(&format!("sort by {what}"), times, ONCE));
    }
    keys(&mut model, "o m o s");

    for (what, letter) in [("control", "c"), ("title", "i"), ("account", "a"), ("resource", "e")] {
        let times = (0..21)
            .map(|_| {
                keys(&mut model, "z g n z g");
                let took = key(&mut model, letter);
                assert!(model.view.grouped_by().is_some_and(|field| field.word() == what), "{letter} did not group by {what}");
                took
            })
            .collect();
        out.push(Measured::new(&format!("group by {what}"), times, ONCE));
    }
    for (what, grouping) in [("no groups", "z g n"), ("groups by control", "z g c"), ("groups by resource", "z g e")] {
        keys(&mut model, grouping);
        out.push(Measured::new(&format!("a page of {PAGE} arrives, {what}"), pages(&mut model, &mut findings, 25), ARRIVAL));
    }
    keys(&mut model, "z g c /");
    text(&mut model, "payments");
    keys(&mut model, "enter");
    out.push(Measured::new("a page arrives, groups by control and a filter", pages(&mut model, &mut findings, 25), ARRIVAL));
    keys(&mut model, "esc");

    for (what, grouping) in [("no groups", "z g n g g"), ("groups by control", "z g c g g"), ("all folded", "z M g g")] {
        keys(&mut model, grouping);
        out.push(Measured::new(&format!("the cursor goes down a line and a frame is drawn, {what}"), frames(&mut model), MOVE));
    }
    keys(&mut model, "z R z g n g g");
    out.extend(marking(&mut model));
    keys(&mut model, "g g");
    let details = (0..21)
        .map(|_| {
            let took = key(&mut model, "enter");
            keys(&mut model, "q j");
            took
        })
        .collect();
    out.push(Measured::new("a detail is opened, but for reading its document", details, MOVE));
    keys(&mut model, "z g n G");
    out.push(Measured::new("the cursor goes up a line at the very end, and a frame", frames_up(&mut model), MOVE));
    out
}

/// Marks all, inverts, marks by queries that the columns tell.
fn marking(model: &mut Model) -> Vec<Measured> {
    let mut out = Vec::new();
    for (is_grouped, said) in [(false, ""), (true, ", in groups by control")] {
        if is_grouped {
            keys(model, "z g c");
        }
        let (mut all, mut inverted, mut cleared, mut asked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..11 {
            keys(model, "*");
            all.push(key(model, "l"));
            assert!(model.marks.rows.len() >= model.view.rows().len(), "not all are marked");
            inverted.push(key(model, "~"));
            assert!(model.marks.rows.is_empty(), "not all are inverted");
            keys(model, "~");
            cleared.push(key(model, "g U"));
            model.marks.rows.clear();
            keys(model, "T");
            for c in "severity:critical status:new".chars() {
                pressed(model, Key::char(c));
            }
            asked.push(key(model, "enter"));
            assert!(!model.marks.rows.is_empty(), "nothing matches");
            model.marks.rows.clear();
        }
        out.push(Measured::new(&format!("mark all{said}"), all, MARKS));
        out.push(Measured::new(&format!("invert the marks{said}"), inverted, MARKS));
        out.push(Measured::new(&format!("take all marks away{said}"), cleared, MARKS));
        out.push(Measured::new(&format!("mark by a query of columns{said}"), asked, MARKS));
    }
    out
}

fn key(model: &mut Model, name: &str) -> Took {
    let mut took = Took::default();
    for key in parse_keys(name).expect("these are keys") {
        took += pressed(model, key);
    }
    took
}

fn keys(model: &mut Model, names: &str) {
    key(model, names);
}

fn pressed(model: &mut Model, key: Key) -> Took {
    let took = happened(model, Event::Key(key, Arrival::Single));
    settled(model, took)
}

/// Takes in an event.
fn happened(model: &mut Model, event: Event) -> Took {
    let began = Instant::now();
    update(model, event, Ctx { now: Millis(NOW) });
    let whole = began.elapsed();
    Took { whole, longest: whole }
}

/// Does what there is to do.
fn settled(model: &mut Model, mut took: Took) -> Took {
    while model.has_work() {
        took += happened(model, Event::Step);
    }
    took
}

fn text(model: &mut Model, text: &str) -> Vec<Took> {
    text.chars().map(|c| pressed(model, Key::char(c))).collect()
}

/// Types words into the filter letter by letter, and takes them back.
fn filter(model: &mut Model, words: &str) -> (Vec<Took>, Vec<Took>) {
    let (mut typed, mut taken_back) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        keys(model, "/");
        typed.extend(text(model, words));
        taken_back.extend(words.chars().map(|_| key(model, "backspace")));
        keys(model, "esc");
    }
    (typed, taken_back)
}

fn pages(model: &mut Model, findings: &mut Findings, count: usize) -> Vec<Took> {
    let pages: Vec<SealedPage> = (0..count).map(|_| findings.page(PAGE)).collect();
    let scan = model.scan.id;
    pages
        .into_iter()
        .map(|page| {
            let event = Event::Page { scan, page, more: More::Follows, order: ServedOrder::AsAsked };
            // With the steps that begin while more pages follow.
            let took = happened(model, event);
            settled(model, took)
        })
        .collect()
}

fn frames(model: &mut Model) -> Vec<Took> {
    frame_each(model, "j")
}

fn frames_up(model: &mut Model) -> Vec<Took> {
    frame_each(model, "k")
}

fn frame_each(model: &mut Model, name: &str) -> Vec<Took> {
    let mut terminal = Terminal::new(TestBackend::new(COLUMNS, ROWS)).expect("memory is a terminal");
    (0..200)
        .map(|_| {
            let mut took = key(model, name);
            let began = Instant::now();
            terminal.draw(|frame| ui::draw(model, &Theme::default(), frame)).expect("memory takes it");
            let drawn = began.elapsed();
            took += Took { whole: drawn, longest: drawn };
            took
        })
        .collect()
}

/// A session whose first pages have come; more follow.
fn loaded(findings: &mut Findings, size: usize) -> Model {
    let settings = Settings { asked: Asked::CommandLine, ..Settings::default() };
    let mut model = Model::new(settings, Query::open(), COLUMNS, ROWS, Millis(NOW));
    let connection = Connection { region: "eu-west-1".to_owned(), endpoint: None };
    update(&mut model, Event::Connected(Ok(connection)), Ctx { now: Millis(NOW) });
    while model.store.len() < size {
        let page = findings.page(PAGE.min(size - model.store.len()));
        let scan = model.scan.id;
        let event = Event::Page { scan, page, more: More::Follows, order: ServedOrder::AsAsked };
        let took = happened(&mut model, event);
        settled(&mut model, took);
    }
    model
}

/// Findings without an end.
#[derive(Default)]
struct Findings {
    made: u64,
}

impl Findings {
    fn page(&mut self, count: usize) -> SealedPage {
        let first = self.made;
        self.made += count as u64;
        made::page(first, count)
    }
}
