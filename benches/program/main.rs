//! The whole program in a terminal of 120x40 against a service with as many findings as wanted: bytes and latency of keys, the first frame,
//! memory, idleness. A table of medians and 95th percentiles, and with `--check` an exit code.
//!
//! `cargo bench --bench program`, or with other sizes `-- 10000 100000 1000000`. `--program PATH` measures a program that is already built;
//! given twice, as `before=PATH` and `after=PATH`, both run in turn, and their figures stand beside each other. `--only` names the parts that
//! are wanted: start, loading, idle, cursor, filter, marks, screens, orders. `--peers` compares with fzf, lnav, visidata and csvlens, where
//! they are installed (`apt install fzf lnav visidata`, `cargo install csvlens`). `--tabs` writes the table for other programs, `--runs 5` repeats more often, `--check` fails where a budget is missed
//! and `--counts` only where one is that does not depend on how busy the machine is. With other work on the machine, times are worth something
//! only ahead of it: `chrt -f 1` before the bench.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench says what it measured, and ends where it cannot"
)]
#![expect(clippy::cast_precision_loss, reason = "no figure has that many digits")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and starts tasks and programs")]

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use budgets::BUDGETS;
use figures::{Figures, Form};
use findings::Findings;
use peers::{Files, PEERS, Peer};
use service::Service;
use session::Session;

mod budgets;
mod figures;
mod findings;
#[path = "../made/mod.rs"]
mod made;
mod meter;
mod peers;
mod process;
mod service;
mod session;
mod terminal;

/// The size that most budgets are for.
const USUAL: usize = 100_000;
/// Starts of each program, in turn.
const STARTS: usize = 60;
/// A round trip to a Region that is not near.
const FAR: Duration = Duration::from_millis(80);

/// What the command line asks for.
struct Options {
    /// What each is called in the table, and where it is.
    programs: Vec<(String, PathBuf)>,
    /// Whether other programs run beside them.
    peers: Peers,
    sizes: Vec<usize>,
    runs: usize,
    form: Form,
    check: Check,
    /// The parts that are measured; none is all.
    parts: Vec<String>,
}

/// Whether other programs are measured too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Peers {
    None,
    Installed,
}

/// Which missed budgets fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    None,
    Counts,
    All,
}

impl Options {
    fn of(arguments: impl Iterator<Item = String>) -> Self {
        let mut options = Self {
            programs: Vec::new(),
            peers: Peers::None,
            sizes: Vec::new(),
            runs: 3,
            form: Form::Aligned,
            check: Check::None,
            parts: Vec::new(),
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().expect("the option has a value");
            match argument.as_str() {
                // Cargo says it of its own accord.
                "--bench" => {}
                "--program" => options.programs.push(program(&value())),
                "--runs" => options.runs = value().parse().expect("a number of runs"),
                "--only" => options.parts.extend(value().split(',').map(str::to_owned)),
                "--peers" => options.peers = Peers::Installed,
                "--tabs" => options.form = Form::Tabs,
                "--check" => options.check = Check::All,
                "--counts" => options.check = Check::Counts,
                number => options.sizes.push(number.parse().unwrap_or_else(|_| panic!("{number} is neither an option nor a number"))),
            }
        }
        if options.programs.is_empty() {
            options.programs.push(program(concat!("hubtriage=", env!("CARGO_BIN_EXE_hubtriage"))));
        }
        if options.sizes.is_empty() {
            options.sizes.push(USUAL);
        }
        options
    }

    fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|wanted| wanted == part)
    }
}

/// What is written for a program: `PATH`, or `NAME=PATH` where several are compared.
fn program(written: &str) -> (String, PathBuf) {
    let (name, path) = match written.split_once('=') {
        Some((name, path)) => (name.to_owned(), path),
        None => (Path::new(written).file_name().unwrap_or_default().to_string_lossy().into_owned(), written),
    };
    (name, std::path::absolute(path).expect("a path"))
}

fn main() -> ExitCode {
    let options = Options::of(std::env::args().skip(1));
    let mut missed = Vec::new();
    for size in &options.sizes {
        let findings = Findings::of(*size, Path::new(env!("CARGO_TARGET_TMPDIR")));
        let files = (options.peers == Peers::Installed).then(|| Files::of(&findings));
        let service = Service::start(findings);
        let mut all: Vec<(String, Figures)> = options.programs.iter().map(|(name, _)| (name.clone(), Figures::default())).collect();
        measure(&options, &service, &mut all);
        if let Some(files) = files {
            all.extend(beside(&options, &files));
        }
        println!("{size} findings, {}x{}, {} runs", terminal::COLUMNS, terminal::ROWS, options.runs);
        missed.extend(figures::print(&all, &BUDGETS, *size, options.form));
        println!();
    }
    for missed in &missed {
        eprintln!("missed: {}", missed.what);
    }
    let fails = missed.iter().any(|missed| match options.check {
        Check::None => false,
        Check::Counts => missed.unit.is_counted(),
        Check::All => true,
    });
    if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs the programs in turn, so that whatever else the machine does meets all of them.
fn measure(options: &Options, service: &Service, all: &mut [(String, Figures)]) {
    if options.wants("start") {
        for (_, figures) in all.iter_mut() {
            meter::measure(figures);
        }
        for at in 0..STARTS {
            for ((_, program), (_, figures)) in options.programs.iter().zip(all.iter_mut()) {
                Session::beginning(program, service, figures, Duration::ZERO);
                if at % 4 == 0 {
                    Session::beginning(program, service, figures, FAR);
                }
            }
        }
    }
    for run in 0..options.runs {
        for ((_, program), (name, figures)) in options.programs.iter().zip(all.iter_mut()) {
            eprintln!("{name}, {} findings, run {} of {}", service.count(), run + 1, options.runs);
            one_run(options, program, service, figures);
        }
    }
}

/// The other programs, those that are installed.
fn beside(options: &Options, files: &Files) -> Vec<(String, Figures)> {
    let mut all = Vec::new();
    for peer in &PEERS {
        let Some(path) = peer.path() else {
            println!("{} is not installed; it is left out", peer.name);
            continue;
        };
        println!("{}: {}", peer.name, Peer::version(&path));
        let mut figures = Figures::default();
        for _ in 0..STARTS / 6 {
            peer.beginning(&path, files, &mut figures);
        }
        for run in 0..options.runs {
            eprintln!("{}, run {} of {}", peer.name, run + 1, options.runs);
            peer.measure(&path, files, &mut figures);
        }
        all.push((peer.name.to_owned(), figures));
    }
    all
}

fn one_run(options: &Options, program: &Path, service: &Service, figures: &mut Figures) {
    if options.wants("loading") {
        Session::while_loading(program, service, figures);
        Session::at_the_quota(program, service, figures);
    }
    let mut session = Session::loaded(program, service, figures);
    if options.wants("idle") {
        session.idle(figures);
    }
    if options.wants("cursor") {
        session.cursor(figures, " with preview");
        session.pages(figures, " with preview");
    }
    session.preview(figures);
    if options.wants("cursor") {
        session.cursor(figures, "");
        session.pages(figures, "");
    }
    if options.wants("filter") {
        session.filter(figures);
    }
    if options.wants("marks") {
        session.marks(figures, service.count());
    }
    if options.wants("screens") {
        session.screens(figures);
    }
    if options.wants("orders") {
        session.orders(figures);
    }
}
