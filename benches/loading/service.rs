//! The emulator in a process of its own, and the few words that it is told.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use hubtriage::emulator::{Answered, Emulator, Findings, Operation, Quota, Settings};
use tokio::runtime::Runtime;

use super::made::{self, Size};

/// What an emulator was asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Served {
    /// Calls for a page, refused ones included.
    pub(crate) pages: usize,
    /// Calls of any kind that were answered with 429.
    pub(crate) throttled: usize,
}

/// Whether calls over the quota are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Throttling {
    /// They are: 3 reads a second, burst 6.
    On,
    /// Nothing is.
    Off,
}

/// The process.
pub(crate) struct Service {
    child: Child,
    words: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Service {
    /// Starts it with so many findings.
    pub(crate) fn start(size: usize) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program)
            .args(["--serve", &size.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let words = child.stdin.take().expect("its input");
        let answers = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, words, answers }
    }

    fn ask(&mut self, word: &str) -> String {
        writeln!(self.words, "{word}").expect("it listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("it answers");
        answer.trim_end().to_owned()
    }

    /// Begins a new emulator in place of the last one, with the first so many findings; gives its URL.
    pub(crate) fn emulate(&mut self, size: usize, latency: Duration, throttling: Throttling) -> String {
        self.ask(&format!("emulate {size} {} {throttling:?}", latency.as_millis()))
    }

    /// What the present emulator was asked for.
    pub(crate) fn served(&mut self) -> Served {
        let answer = self.ask("served");
        let mut numbers = answer.split(' ').map(|number| number.parse().expect("a number"));
        Served { pages: numbers.next().unwrap_or_default(), throttled: numbers.next().unwrap_or_default() }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The other end: does what it is told, a line each, until nothing more comes.
pub(crate) fn serve(size: usize) {
    let runtime = Runtime::new().expect("threads for the emulator");
    let all = findings_of(size);
    let mut emulator: Option<Emulator> = None;
    for line in std::io::stdin().lines() {
        let line = line.expect("a line");
        let words: Vec<&str> = line.split(' ').collect();
        match *words {
            ["emulate", count, latency, throttling] => {
                // The last one goes first: two stores of so many findings need not be in memory.
                drop(emulator.take());
                let count: usize = count.parse().expect("a number");
                let findings = if count == size { all.clone() } else { findings_of(count) };
                let quota = (throttling == "On").then(Quota::default);
                let latency = Duration::from_millis(latency.parse().expect("milliseconds"));
                let started = runtime.block_on(Emulator::start(Settings { findings, quota, latency, ..Settings::default() }));
                let started = started.expect("it listens");
                println!("{}", started.url());
                emulator = Some(started);
            }
            _ => {
                let calls = emulator.as_ref().map(Emulator::calls).unwrap_or_default();
                let pages = calls.iter().filter(|call| call.operation == Operation::GetFindingsV2).count();
                let throttled = calls.iter().filter(|call| call.answered == Answered::Status(429)).count();
                println!("{pages} {throttled}");
            }
        }
    }
}

fn findings_of(count: usize) -> Findings {
    (0..count as u64).map(|number| serde_json::from_str(&made::document(number, Size::Usual)).expect("JSON")).collect()
}
