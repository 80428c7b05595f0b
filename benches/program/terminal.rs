//! A program in a pseudo-terminal, and when it wrote what. Bytes are stamped where they are read, on a thread that does nothing else.

use std::{
    io::{Read, Write},
    num::NonZero,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// The terminal of every figure.
pub(crate) const COLUMNS: u16 = 120;
pub(crate) const ROWS: u16 = 40;

/// Nothing here takes this long unless it hangs.
const DEADLINE: Duration = Duration::from_mins(10);
/// How long a key may stay without an answer; some have none.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is read at most.
const MOST: Duration = Duration::from_secs(20);

/// What a program reads of its surroundings, all of it.
pub(crate) struct Command<'a> {
    pub(crate) program: &'a Path,
    pub(crate) arguments: &'a [String],
    pub(crate) home: &'a Path,
}

/// A running program.
pub(crate) struct Terminal {
    writer: Box<dyn Write + Send>,
    arrived: Receiver<Chunk>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    screen: vt100::Parser,
    /// When it was started.
    began: Instant,
    /// How much it has written.
    written: usize,
}

/// What one read gave.
struct Chunk {
    at: Instant,
    bytes: Vec<u8>,
}

/// What came of a key.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Answer {
    /// Until the first byte; nothing where none came.
    pub(crate) first: Duration,
    /// Until the last byte before it was quiet.
    pub(crate) last: Duration,
    pub(crate) bytes: usize,
}

impl Terminal {
    /// Starts it in a home of its own, with nothing of the user's settings.
    pub(crate) fn start(command: &Command<'_>) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut builder = CommandBuilder::new(command.program);
        builder.args(command.arguments);
        builder.env_clear();
        for (name, value) in [
            ("PATH", std::env::var("PATH").unwrap_or_default().as_str()),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ACCESS_KEY_ID", "AKIDBENCH"),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-the-bench"),
        ] {
            builder.env(name, value);
        }
        builder.env("HOME", command.home);
        builder.cwd(command.home);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, arrived) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count) = reader.read(&mut buffer) {
                let at = Instant::now();
                if count == 0 || sender.send(Chunk { at, bytes: buffer.get(..count).unwrap_or_default().to_vec() }).is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let child = pair.slave.spawn_command(builder).expect("the program starts");
        drop(pair.slave);
        let cells = |count| NonZero::new(count).expect("a terminal has cells");
        let screen = vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0);
        Self { writer, arrived, child, _master: pair.master, screen, began, written: 0 }
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// How much it has written since it was started.
    pub(crate) const fn written(&self) -> usize {
        self.written
    }

    /// The screen as text.
    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// One row of the screen, from 0.
    pub(crate) fn row(&self, row: u16) -> String {
        self.screen.screen().rows(0, COLUMNS).nth(usize::from(row)).unwrap_or_default()
    }

    /// The row on which the first column has this.
    pub(crate) fn row_of(&self, sign: &str) -> Option<usize> {
        self.screen.screen().rows(0, 1).position(|row| row == sign)
    }

    /// Writes keys as a keyboard would.
    pub(crate) fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("the program reads");
        self.writer.flush().expect("the program reads");
    }

    /// Presses keys, all at once, and reads until nothing came for as long as `quiet`.
    pub(crate) fn press(&mut self, keys: &str, quiet: Duration) -> Answer {
        let began = Instant::now();
        self.send(keys);
        self.answer(began, quiet)
    }

    /// Reads until nothing came for as long as `quiet`.
    pub(crate) fn settle(&mut self, quiet: Duration) -> Answer {
        self.collect(Instant::now(), quiet, quiet)
    }

    /// The same of a key that may take as long as that to be answered at all.
    pub(crate) fn press_slow(&mut self, keys: &str, quiet: Duration) -> Answer {
        let began = Instant::now();
        self.send(keys);
        self.collect(began, 10 * PATIENCE, quiet)
    }

    /// Reads for so long, whatever comes; gives how many bytes came.
    pub(crate) fn watch(&mut self, time: Duration) -> usize {
        let began = Instant::now();
        let before = self.written;
        while let Some(left) = time.checked_sub(began.elapsed()) {
            if let Ok(chunk) = self.arrived.recv_timeout(left) {
                self.take(&chunk);
            }
        }
        self.written - before
    }

    /// What comes of something that was done then.
    fn answer(&mut self, began: Instant, quiet: Duration) -> Answer {
        self.collect(began, PATIENCE.max(quiet), quiet)
    }

    fn collect(&mut self, began: Instant, patience: Duration, quiet: Duration) -> Answer {
        let mut answer = Answer::default();
        let mut chunks = Vec::new();
        let mut wait = patience;
        while let Ok(chunk) = self.arrived.recv_timeout(wait) {
            // Some programs are never quiet.
            if began.elapsed() > MOST {
                chunks.push(chunk);
                break;
            }
            let took = chunk.at.saturating_duration_since(began);
            if chunks.is_empty() {
                answer.first = took;
            }
            answer.last = took;
            answer.bytes += chunk.bytes.len();
            chunks.push(chunk);
            wait = quiet;
        }
        // The model of the screen has time now.
        for chunk in chunks {
            self.take(&chunk);
        }
        answer
    }

    /// Reads until the screen is so; how long after the start, or after `began`, the last byte of it came.
    pub(crate) fn until(&mut self, what: &str, began: Option<Instant>, holds: impl Fn(&Self) -> bool) -> Duration {
        let began = began.unwrap_or(self.began);
        let mut at = began;
        while !holds(self) {
            match self.arrived.recv_timeout(DEADLINE) {
                Ok(chunk) => {
                    at = chunk.at;
                    self.take(&chunk);
                }
                Err(RecvTimeoutError::Timeout) => panic!("waited in vain until {what}; the screen:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => panic!("the program ended before {what}; the screen:\n{}", self.text()),
            }
        }
        at.saturating_duration_since(began)
    }

    /// Reads until the screen shows a text.
    pub(crate) fn shows(&mut self, text: &str) -> Duration {
        self.until(&format!("it shows {text:?}"), None, |terminal| terminal.text().contains(text))
    }

    fn take(&mut self, chunk: &Chunk) {
        self.written += chunk.bytes.len();
        self.screen.process(&chunk.bytes);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // At once: what it would do with a hang-up takes longer than many of the figures.
        let process = self.child.process_id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(process) = process {
            let _ = kill_process(process, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}
