//! How cost grows with the rows: store, filter, sort, group, mark, draw, a page's way in, and the journal.
//!
//! - `cargo bench --bench growth` lets criterion measure at 1,000, 10,000 and 100,000 rows and compare with the run before; a part of a name
//!   chooses, as in `-- sort`.
//! - `cargo bench --bench growth -- --table` prints a table of medians, and how many times as much each is as with the rows before it.
//! - `ROWS="1000 1000000"` before either sets the sizes. A million findings take minutes to be made.
//!
//! What is measured is the whole way of a key or a page through `update`, and for a frame also drawing it. `made` has the findings.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench says what it measured, and ends where it cannot")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and what it is told")]

use std::{
    fmt::Write,
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, SamplingMode};
use hubtriage::{
    aws::raw_page,
    domain::row::{HubId, RowId},
    findings::{archive::SealedPage, store::Store},
};
use serde_json::Value;

use journal::History;
use made::{
    PAGE, Size,
    session::{Session, answers},
};

#[path = "growth/journal.rs"]
mod journal;
mod made;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// How often a thing is done for a median, and for how long at most.
const TIMES: usize = 25;
const LONG: Duration = Duration::from_secs(4);

/// Something that is done with so many rows loaded; afterwards everything is as before.
struct Work {
    group: &'static str,
    what: &'static str,
    once: fn(&mut Loaded) -> Duration,
}

const WORKS: [Work; 18] = [
    Work { group: "store", what: "a page of 100 is taken in", once: page },
    Work { group: "store", what: "a document is brought back", once: document },
    Work { group: "filter", what: "a letter more, from all", once: |loaded| filter(loaded, "", 'p') },
    Work { group: "filter", what: "a letter more, from some", once: |loaded| filter(loaded, "pay", 'm') },
    Work { group: "sort", what: "by severity and time", once: |loaded| loaded.key("O") },
    Work { group: "sort", what: "by title", once: by_title },
    Work { group: "group", what: "by control", once: |loaded| group(loaded, "c") },
    Work { group: "group", what: "by resource", once: |loaded| group(loaded, "e") },
    Work { group: "mark", what: "all", once: |loaded| mark(loaded, "*", "l") },
    Work { group: "mark", what: "all others", once: |loaded| mark(loaded, "", "~") },
    Work { group: "draw", what: "cursor down, table alone", once: cursor },
    Work { group: "draw", what: "cursor down, half of the rows marked", once: cursor_among_marks },
    Work { group: "draw", what: "cursor down, in groups", once: cursor_in_groups },
    Work { group: "draw", what: "cursor down, with the preview", once: cursor_with_preview },
    Work { group: "draw", what: "to the end", once: to_the_end },
    Work { group: "draw", what: "a detail is opened", once: detail },
    Work { group: "journal", what: "that many entries are replayed", once: |loaded| loaded.history.replay() },
    Work { group: "journal", what: "a change is appended behind them, no sync", once: |loaded| loaded.history.append() },
];

fn main() {
    let told = std::env::var("ROWS").unwrap_or_default();
    let told: Vec<usize> = told.split_whitespace().map(|size| size.parse().expect("ROWS are numbers")).collect();
    let sizes = if told.is_empty() { SIZES.to_vec() } else { told };
    if std::env::args().any(|argument| argument == "--table") {
        print!("{}", table(&sizes));
    } else {
        measured(&sizes);
    }
}

/// A session with so many findings, and a journal with so many entries.
struct Loaded {
    size: usize,
    session: Session,
    /// What came since.
    grown: usize,
    history: History,
}

impl Loaded {
    fn new(size: usize) -> Self {
        let mut session = Session::with(size);
        session.draw();
        Self { size, session, grown: 0, history: History::of(size) }
    }

    /// Does something, and gives how long that took; the table is in front before and afterwards.
    fn work(&mut self, work: &Work) -> Duration {
        let took = (work.once)(self);
        assert!(self.session.model.overlays.is_empty(), "{}: {} leaves something open", work.group, work.what);
        took
    }

    /// Puts the cursor on the next row, from the first again at the end, in `update` and on the screen; gives how long that took.
    fn down(&mut self) -> Duration {
        if self.session.model.cursor.place + 1 >= self.session.model.view.line_count() {
            self.session.press("g g");
        }
        let took = self.key("j");
        took + timed(|| self.session.draw())
    }

    fn key(&mut self, name: &str) -> Duration {
        timed(|| self.session.press(name))
    }
}

fn timed<T>(once: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    black_box(once());
    began.elapsed()
}

/// Once the rows have become a tenth more, all of it is loaded anew: it is to be measured with so many rows.
fn page(loaded: &mut Loaded) -> Duration {
    if loaded.grown * 10 > loaded.size.max(PAGE * 100) {
        loaded.session = Session::with(loaded.size);
        loaded.grown = 0;
    }
    loaded.grown += PAGE;
    let page = loaded.session.made_page(PAGE);
    timed(|| loaded.session.arrives(page))
}

fn document(loaded: &mut Loaded) -> Duration {
    let row = RowId((loaded.size / 2) as u32);
    timed(|| {
        let (archive, slot) = loaded.session.model.store.document(row).expect("the row has a document");
        archive.document(slot).expect("it is as it was put in")
    })
}

fn filter(loaded: &mut Loaded, before: &str, letter: char) -> Duration {
    loaded.session.press("/");
    loaded.session.text(before);
    let took = timed(|| loaded.session.text(letter.encode_utf8(&mut [0; 4])));
    loaded.session.press("esc");
    took
}

fn by_title(loaded: &mut Loaded) -> Duration {
    loaded.session.press("o");
    let took = loaded.key("i");
    loaded.session.press("o m o s");
    took
}

fn group(loaded: &mut Loaded, by: &str) -> Duration {
    loaded.session.press("z g");
    let took = loaded.key(by);
    loaded.session.press("z g n");
    took
}

/// Pages are missing, so that it is asked whether the loaded rows are meant.
fn mark(loaded: &mut Loaded, before: &str, key: &str) -> Duration {
    loaded.session.press(before);
    let took = loaded.key(key);
    assert_eq!(loaded.session.model.marks.rows.len(), loaded.session.model.store.len(), "{key} marks all rows");
    loaded.session.press("g U");
    took
}

fn cursor(loaded: &mut Loaded) -> Duration {
    loaded.down()
}

fn cursor_among_marks(loaded: &mut Loaded) -> Duration {
    if loaded.session.model.marks.rows.is_empty() {
        loaded.session.mark_half();
    }
    loaded.down()
}

fn cursor_in_groups(loaded: &mut Loaded) -> Duration {
    loaded.session.press("g U");
    if loaded.session.model.view.groups().is_none() {
        loaded.session.press("z g c");
    }
    loaded.down()
}

/// A frame with the row, and once its document has been told another one with that; it is told beside the loop.
fn cursor_with_preview(loaded: &mut Loaded) -> Duration {
    if loaded.session.model.view.groups().is_some() {
        loaded.session.press("z g n");
    }
    loaded.session.press("p");
    loaded.session.draw();
    let mut effects = Vec::new();
    let mut took = timed(|| {
        effects = loaded.session.key("j");
        loaded.session.draw();
    });
    for told in answers(effects) {
        took += timed(|| {
            loaded.session.event(told);
            loaded.session.draw();
        });
    }
    loaded.session.press("p");
    took
}

fn to_the_end(loaded: &mut Loaded) -> Duration {
    let took = loaded.key("G") + timed(|| loaded.session.draw());
    loaded.session.press("g g");
    took
}

/// Bringing back and telling the document included: it is waited for.
fn detail(loaded: &mut Loaded) -> Duration {
    let took = loaded.key("enter") + timed(|| loaded.session.draw());
    loaded.session.press("esc j");
    took
}

/// Something that does not depend on how many rows there are; gives how long it took.
type Once = Box<dyn FnMut() -> Duration>;

/// The way of a page from its bytes, a step more each.
fn ingest(size: Size) -> [(&'static str, Once); 4] {
    let body = made::body(0, PAGE, size, Some("next"));
    let text = body.clone().into_bytes();
    let cut = {
        let text = text.clone();
        move || timed(|| raw_page::cut(&text))
    };
    let sealed = {
        let text = text.clone();
        move || timed(|| SealedPage::seal(&raw_page::cut(&text).expect("it is a page").findings))
    };
    let taken_in = move || {
        let mut store = Store::default();
        timed(|| store.arrive(SealedPage::seal(&raw_page::cut(&text).expect("it is a page").findings), HubId(0)))
    };
    [
        ("read as JSON by serde_json, the yardstick", Box::new(move || timed(|| serde_json::from_str::<Value>(&body)))),
        ("cut into findings", Box::new(cut)),
        ("cut, read, compressed", Box::new(sealed)),
        ("cut, read, compressed, taken in", Box::new(taken_in)),
    ]
}

const BODIES: [(Size, &str); 2] = [(Size::Usual, "100 of 2.4 KB"), (Size::Large, "100 of 5.2 KB")];

/// Lets criterion measure.
fn measured(sizes: &[usize]) {
    let quick =
        Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_millis(1_500));
    let mut criterion = quick.configure_from_args();
    for (size, name) in BODIES {
        let mut group = criterion.benchmark_group("ingest");
        for (what, mut once) in ingest(size) {
            group.bench_function(BenchmarkId::new(what, name), |bencher| bencher.iter_custom(|times| (0..times).map(|_| once()).sum()));
        }
    }
    {
        let mut history = History::of(0);
        let mut group = criterion.benchmark_group("journal");
        group.bench_function("a change is appended and synced", |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| history.append_and_sync()).sum());
        });
    }
    for &size in sizes {
        let mut loaded = Loaded::new(size);
        for work in &WORKS {
            let mut group = criterion.benchmark_group(work.group);
            group.sampling_mode(SamplingMode::Flat);
            group.bench_function(BenchmarkId::new(work.what, size), |bencher| {
                bencher.iter_custom(|times| (0..times).map(|_| loaded.work(work)).sum());
            });
        }
    }
    criterion.final_summary();
}

/// The medians as a table in Markdown.
fn table(sizes: &[usize]) -> String {
    let mut medians: Vec<Vec<Duration>> = WORKS.iter().map(|_| Vec::new()).collect();
    for &size in sizes {
        let mut loaded = Loaded::new(size);
        for (work, medians) in WORKS.iter().zip(&mut medians) {
            medians.push(median(|| loaded.work(work)));
        }
    }
    let mut out = String::new();
    let heads: Vec<String> = sizes.iter().map(|size| format!(" {size} rows |")).collect();
    let grows: Vec<String> =
        sizes.windows(2).map(|two| format!(" x{} |", two.last().unwrap_or(&0) / two.first().unwrap_or(&1).max(&1))).collect();
    writeln!(out, "| what |{}{}", heads.concat(), grows.concat()).expect("memory");
    writeln!(out, "|---|{}", "---:|".repeat(heads.len() + grows.len())).expect("memory");
    for (work, medians) in WORKS.iter().zip(&medians) {
        write!(out, "| {}: {} |", work.group, work.what).expect("memory");
        for median in medians {
            write!(out, " {} |", shown(*median)).expect("memory");
        }
        for two in medians.windows(2) {
            let [before, behind] = two else { continue };
            write!(out, " {:.1} |", behind.as_secs_f64() / before.as_secs_f64()).expect("memory");
        }
        out.push('\n');
    }
    out.push_str("\n| whatever is loaded | median | of the yardstick |\n|---|---:|---:|\n");
    for (size, name) in BODIES {
        let mut yardstick = None;
        for (what, once) in ingest(size) {
            let median = median(once);
            let of = yardstick.get_or_insert(median).as_secs_f64();
            writeln!(out, "| {name}: {what} | {} | {:.2} |", shown(median), median.as_secs_f64() / of).expect("memory");
        }
    }
    let mut history = History::of(0);
    writeln!(out, "| journal: a change is appended and synced | {} | |", shown(median(|| history.append_and_sync()))).expect("memory");
    out
}

fn median(mut once: impl FnMut() -> Duration) -> Duration {
    once();
    let began = Instant::now();
    let mut times = Vec::new();
    while times.len() < TIMES && (times.len() < 3 || began.elapsed() < LONG) {
        times.push(once());
    }
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1_000.0 { format!("{micros:.1} µs") } else { format!("{:.2} ms", micros / 1e3) }
}
