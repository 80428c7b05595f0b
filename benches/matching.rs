//! How long it takes to match findings: a page as it arrives, and all loaded rows as `T` asks for them. A table of medians, beside what
//! reading the same documents as JSON costs alone.
//!
//! `cargo bench --bench matching`, or with another number of rows `-- 100000`. The findings are the demo's, repeated.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench says what it measured, and ends where it cannot")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use hubtriage::{
    app::{
        event::{Event, More, RequestId},
        survey::{Found, Survey},
    },
    domain::{
        finding::Finding,
        query::{Query, matching::Matcher},
        row::{HubId, RowId},
        summary,
        time::Millis,
    },
    findings::{
        archive::SealedPage,
        held::{self, Held},
        row_set::RowSet,
        store::Store,
    },
    runtime::survey::survey,
};
use tokio::{runtime::Runtime, sync::mpsc::channel};

const PAGE: usize = 100;
const ROWS: usize = 10_000;
const TIMES: usize = 15;
const NOW: Millis = Millis(1_793_620_800_000);

/// From what the columns tell to what needs every document.
const QUERIES: [&str; 6] = [
    "status:new,in_progress severity>=high",
    "severity:critical tag:env=prod",
    "title~bucket",
    "title~~bucket !region:eu-west-1",
    "cvss>=9 (fix:yes or exploit:yes)",
    "unmapped.x:* or vulnerabilities.affected_packages.fixed_in_version:*",
];

fn main() {
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ROWS);
    let demo: Vec<&str> = include_str!("../assets/demo/findings.jsonl").lines().collect();
    let page: Vec<String> = demo.iter().cycle().take(PAGE).map(|line| (*line).to_owned()).collect();
    println!("{:<76} {:>10}", "a page of 100 findings", "median");
    let reads = median(|| page.iter().filter(|document| summary::read_document(document).is_some()).count());
    println!("  {:<74} {reads:>10.3?}", "its documents read as JSON");
    println!("  {:<74} {:>10.3?}", "its rows read, its documents compressed", median(|| SealedPage::seal(&page).findings.len()));
    let findings: Vec<(Finding, &String)> = page.iter().map(|document| (Finding::parse(document), document)).collect();
    for text in QUERIES {
        let matcher = Matcher::new(&query(text));
        let took = median(|| findings.iter().filter(|(finding, document)| matcher.admits(finding, document, NOW)).count());
        println!("  {text:<74} {took:>10.3?}  {:.2} of reading", took.as_secs_f64() / reads.as_secs_f64());
    }
    marks(rows, &demo);
}

/// What `T` costs over so many loaded rows: before the survey begins, and until it has ended.
fn marks(rows: usize, demo: &[&str]) {
    let mut store = Store::default();
    let documents = |from: usize| -> Vec<String> {
        let lines = (from..rows.min(from + PAGE)).zip(demo.iter().cycle().skip(from % demo.len()));
        lines.map(|(at, line)| line.replacen("\"uid\":\"", &format!("\"uid\":\"{at}-"), 1)).collect()
    };
    for from in (0..rows).step_by(PAGE) {
        store.arrive(SealedPage::seal(&documents(from)), HubId(0));
    }
    let ids: RowSet = (0..u32::try_from(store.len()).expect("rows")).map(RowId).collect();
    let runtime = Runtime::new().expect("a runtime");
    println!("\n{:<60} {:>10} {:>10} {:>10} {:>10}", format!("{} loaded rows", ids.len()), "columns", "documents", "to read", "found");
    for text in QUERIES {
        let query = query(text);
        let matcher = Matcher::new(&query);
        let parted = || held::parted(&store, &ids, |known| matcher.told_by(known, NOW));
        let columns = median(|| parted().1.len());
        let (told, untold) = parted();
        let mut found = told.len();
        let began = Instant::now();
        let held = Held::of(&store, untold.iter().copied());
        found += runtime.block_on(async {
            let (sender, mut events) = channel(64);
            let surveying = survey(RequestId(1), Survey::Query(query), Arc::from(held.pages), NOW, sender);
            let answers = async {
                let mut found = 0;
                while let Some(event) = events.recv().await {
                    if let Event::Surveyed { found: Found::Rows(rows), more: More::Last, .. } = event {
                        found = rows.len();
                    }
                }
                found
            };
            tokio::join!(surveying, answers).1
        });
        println!("  {text:<58} {columns:>10.3?} {:>10.3?} {:>10} {found:>10}", began.elapsed(), untold.len());
    }
}

fn query(text: &str) -> Query {
    text.parse().expect("a query")
}

fn median(mut once: impl FnMut() -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            black_box(once());
            began.elapsed()
        })
        .collect();
    times.sort();
    times.get(TIMES / 2).copied().unwrap_or_default()
}
