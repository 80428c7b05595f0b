//! How long loading takes: against a bare loop of the SDK in the same run, under a quota, and over a slow line. A table, and with `--check`
//! an exit code.
//!
//! `cargo bench --bench loading -- --check`, with another size `-- 10000`, or `-- --counts` for the bounds that are counts and no times. The
//! emulator is a process of its own (this program again, with `--serve`), so that the client has what is left of the machine to itself in
//! either loop. What is measured of ours is all that a session does: connect, ask for the total and the hub, scan, take every page in, and
//! draw at most every 16 ms.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a bench says what it measured, and ends where it cannot"
)]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and starts tasks")]

#[path = "../made/mod.rs"]
mod made;
mod service;
mod session;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use aws_sdk_securityhub::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    types::{SortCriterion, SortOrder},
};
use hubtriage::send::pace::Quota;
use tokio::runtime::{Builder, Runtime};

use service::{Served, Service, Throttling};

/// Findings that are loaded where no other number is asked for.
const FINDINGS: usize = 100_000;
/// Findings where only counts are looked at.
const FEW: usize = 3_000;
/// Pages that are read under the quota: the calls beside them weigh little enough.
const PACED_PAGES: usize = 120;
/// Pages that are read over the slow line.
const FAR_PAGES: usize = 50;
const LATENCY: Duration = Duration::from_millis(80);
/// The quota of reads, and the pace of them.
const THREE: Quota = Quota { rate: 3.0, burst: 6.0 };
const UNPACED: Quota = Quota { rate: 0.0, burst: 1.0 };
/// Runs of each loop, one of either in turn.
const RUNS: usize = 3;
/// Threads beside the one that draws, as in the program.
const WORKERS: usize = 2;

/// A bound and whether it holds.
struct Bound {
    what: String,
    holds: bool,
    /// Whether it is a count and no time.
    is_counted: bool,
}

impl Bound {
    fn time(what: &str, figure: f64, most: f64) -> Self {
        Self { what: format!("{what}: {figure:.3}, at most {most}"), holds: figure <= most, is_counted: false }
    }

    fn count(what: &str, figure: usize, wanted: usize) -> Self {
        Self { what: format!("{what}: {figure}, wanted {wanted}"), holds: figure == wanted, is_counted: true }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let asked = arguments.iter().find_map(|argument| argument.parse().ok());
    let size: usize = asked.unwrap_or(if has("--counts") { FEW } else { FINDINGS });
    if has("--serve") {
        service::serve(size);
        return ExitCode::SUCCESS;
    }
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().expect("threads");
    let mut service = Service::start(size);
    let mut bounds = Vec::new();
    println!("{:<58} {:>9} {:>7} {:>5}", "", "median", "pages", "429");
    unlimited(&runtime, &mut service, size, if has("--counts") { 1 } else { RUNS }, &mut bounds);
    if !has("--counts") {
        far(&runtime, &mut service, (FAR_PAGES * made::PAGE).min(size), &mut bounds);
        paced(&runtime, &mut service, (PACED_PAGES * made::PAGE).min(size), &mut bounds);
    }
    println!();
    for bound in &bounds {
        println!("{} {}", if bound.holds { "holds " } else { "MISSED" }, bound.what);
    }
    if bounds.iter().any(|bound| !bound.holds && (has("--check") || has("--counts") && bound.is_counted)) {
        eprintln!("a bound was missed");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Without quota or latency: what the client itself costs.
fn unlimited(runtime: &Runtime, service: &mut Service, size: usize, runs: usize, bounds: &mut Vec<Bound>) {
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    let mut served = Served::default();
    for _ in 0..runs {
        let url = service.emulate(size, Duration::ZERO, Throttling::Off);
        bare.push(runtime.block_on(bare_loop(&url, size)));
        let url = service.emulate(size, Duration::ZERO, Throttling::Off);
        let loaded = runtime.block_on(session::load(&url, size, UNPACED));
        ours.push(loaded.took);
        served = service.served();
    }
    let (bare, ours) = (median(bare), median(ours));
    println!("{:<58} {:>7.2} s", format!("{size} findings, a bare loop of the SDK"), bare.as_secs_f64());
    line(&format!("{size} findings, loaded, indexed and drawn"), ours, served);
    bounds.push(Bound::time("loading to the bare loop", ours.as_secs_f64() / bare.as_secs_f64(), 1.15));
    bounds.push(Bound::count("a call for each page and no more", served.pages, size.div_ceil(made::PAGE)));
    bounds.push(Bound::count("answers of 429 where there is no quota", served.throttled, 0));
}

/// Every call 80 ms away.
fn far(runtime: &Runtime, service: &mut Service, size: usize, bounds: &mut Vec<Bound>) {
    let (mut bare, mut ours, mut first) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let url = service.emulate(size, LATENCY, Throttling::Off);
        bare.push(runtime.block_on(bare_loop(&url, size)));
        let url = service.emulate(size, LATENCY, Throttling::Off);
        let loaded = runtime.block_on(session::load(&url, size, UNPACED));
        ours.push(loaded.took);
        first.push(loaded.first);
    }
    let (bare, ours, first) = (median(bare), median(ours), median(first));
    println!("{:<58} {:>7.2} s", format!("{size} findings, 80 ms a call, a bare loop of the SDK"), bare.as_secs_f64());
    line(&format!("{size} findings, 80 ms a call, loaded, indexed and drawn"), ours, service.served());
    println!("{:<58} {:>6.1} ms", "the first page drawn, connecting included", first.as_secs_f64() * 1_000.0);
    bounds.push(Bound::time("80 ms a call: loading to the bare loop", ours.as_secs_f64() / bare.as_secs_f64(), 1.03));
    bounds.push(Bound::time(
        "the first page after a round trip, in ms more",
        (first.as_secs_f64() - LATENCY.as_secs_f64()) * 1_000.0,
        20.0,
    ));
}

/// Under the quota, at its pace.
fn paced(runtime: &Runtime, service: &mut Service, size: usize, bounds: &mut Vec<Bound>) {
    let url = service.emulate(size, LATENCY, Throttling::On);
    let loaded = runtime.block_on(session::load(&url, size, THREE));
    let served = service.served();
    line(&format!("{size} findings, quota and pace 3/s burst 6, 80 ms"), loaded.took, served);
    let floor = (size.div_ceil(made::PAGE) as f64 - THREE.burst) / THREE.rate;
    bounds.push(Bound::time("under the quota, to its floor", loaded.took.as_secs_f64() / floor, 1.03));
    bounds.push(Bound::count("under the quota, a call for each page and no more", served.pages, size.div_ceil(made::PAGE)));
    bounds.push(Bound::count("answers of 429 at the pace of the quota", served.throttled, 0));
}

fn line(what: &str, took: Duration, served: Served) {
    println!("{what:<58} {:>7.2} s {:>7} {:>5}", took.as_secs_f64(), served.pages, served.throttled);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Reads every page and does nothing with it, in the order that a session asks for.
async fn bare_loop(url: &str, size: usize) -> Duration {
    let began = Instant::now();
    let config = aws_sdk_securityhub::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(url)
        .credentials_provider(Credentials::new("AKIDBENCH", "not-a-secret", None, None, "bench"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = Client::from_conf(config);
    let criterion = |name: &str| SortCriterion::builder().field(name).sort_order(SortOrder::Descending).build();
    let mut pages = client
        .get_findings_v2()
        .sort_criteria(criterion("severity_id"))
        .sort_criteria(criterion("finding_info.modified_time_dt"))
        .max_results(made::PAGE as i32)
        .into_paginator()
        .send();
    let mut findings = 0;
    while let Some(page) = pages.next().await {
        findings += page.expect("a page").findings().len();
    }
    assert_eq!(findings, size, "the bare loop reads every finding");
    began.elapsed()
}
