//! The program in a pseudo-terminal, its screen read by a terminal model. Waits poll with a deadline; nothing sleeps and then asserts.

use std::{
    io::{Read, Write},
    num::NonZero,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// Nothing in these tests takes this long unless it hangs.
const DEADLINE: Duration = Duration::from_mins(1);

/// A running program and its screen.
pub struct Pty {
    parser: vt100::Parser,
    /// Everything the program wrote.
    pub raw: Vec<u8>,
    bytes: Receiver<Vec<u8>>,
    writer: Option<Box<dyn Write + Send>>,
    /// Set when the terminal goes away: the reader lets go of it too.
    is_hung_up: Arc<AtomicBool>,
    master: Option<Box<dyn MasterPty + Send>>,
    child: Box<dyn Child + Send + Sync>,
    /// The home folder of the run, for as long as it runs; `None` where it is the test's own.
    _home: Option<TempDir>,
}

/// How a program is started.
pub struct Start<'a> {
    pub arguments: &'a [&'a str],
    pub columns: u16,
    pub rows: u16,
    pub environment: &'a [(&'a str, &'a str)],
    /// What stands in config.toml.
    pub config: Option<&'a str>,
    /// A home folder that outlives the run; without one, it has its own.
    pub home: Option<&'a Path>,
}

impl Default for Start<'_> {
    fn default() -> Self {
        Self { arguments: &[], columns: 120, rows: 40, environment: &[], config: None, home: None }
    }
}

impl Pty {
    /// Starts the program in a home of its own, with nothing of the user's AWS configuration.
    pub fn start(start: &Start<'_>) -> Self {
        let own = start.home.is_none().then(|| tempfile::tempdir().expect("a home"));
        let home = start.home.or(own.as_ref().map(TempDir::path)).expect("there is one");
        let size = PtySize { rows: start.rows, cols: start.columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_hubtriage"));
        command.args(start.arguments);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_ACCESS_KEY_ID", "AKIDTEST");
        command.env("AWS_SECRET_ACCESS_KEY", "secret-of-the-test");
        for (name, value) in start.environment {
            command.env(name, value);
        }
        command.cwd(home);
        if let Some(config) = start.config {
            let folder = home.join(".config/hubtriage");
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join("config.toml"), config).expect("a configuration");
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, bytes) = channel();
        let is_hung_up = Arc::new(AtomicBool::new(false));
        let lets_go = Arc::clone(&is_hung_up);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || lets_go.load(Ordering::SeqCst) || sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let parser = vt100::Parser::new(cells(start.rows), cells(start.columns), 0);
        Self { parser, raw: Vec::new(), bytes, writer: Some(writer), is_hung_up, master: Some(pair.master), child, _home: own }
    }

    /// Writes bytes as a keyboard would.
    pub fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("the terminal is there");
        writer.write_all(keys.as_bytes()).expect("the program reads");
        writer.flush().expect("the program reads");
    }

    /// Gives the terminal another size.
    pub fn changes(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().expect("the terminal is there").resize(size).expect("the terminal resizes");
        self.parser.screen_mut().set_size(cells(rows), cells(columns));
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// The screen without its line breaks, so that a wrapped sentence is found.
    pub fn flat(&self) -> String {
        self.text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until the screen says each of these.
    pub fn says(&mut self, texts: &[&str]) {
        for text in texts {
            self.until(&format!("it says {text:?}"), |pty| pty.flat().contains(text));
        }
    }

    /// The screen of the terminal model.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Waits until the screen is so.
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            let left = DEADLINE.saturating_sub(began.elapsed());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("waited in vain until {what}; the screen:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => {
                    assert!(holds(self), "the program ended before {what}; the screen:\n{}", self.text());
                    return;
                }
            }
        }
    }

    /// Waits until the screen shows a text.
    pub fn shows(&mut self, text: &str) {
        self.until(&format!("it shows {text:?}"), |pty| pty.text().contains(text));
    }

    /// Types the count that is asked for, as it is written there, and sends.
    pub fn types_count(&mut self) {
        self.shows("sends once it is right");
        let asked = self.flat();
        let before = asked.split(" to send:").next().and_then(|before| before.rsplit(' ').next());
        let count = before.expect("the count is told").to_owned();
        self.send(&count);
        self.says(&[&format!("count: {count}")]);
        self.send("\r");
    }

    /// Waits until the program has ended and everything it wrote is read; gives its exit code.
    pub fn ends(&mut self) -> u32 {
        let began = Instant::now();
        loop {
            match self.bytes.recv_timeout(DEADLINE.saturating_sub(began.elapsed())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("the program does not end; the screen:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.child.wait().expect("the program ended").exit_code()
    }

    /// Sends the process a signal: `TERM`, `HUP`.
    pub fn signal(&self, name: &str) {
        let process = self.child.process_id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &process]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Takes the terminal away, as a dropped SSH connection does; it is gone when the program next writes to it.
    pub fn hang_up(&mut self) {
        self.is_hung_up.store(true, Ordering::SeqCst);
        self.writer = None;
        self.master = None;
    }

    /// Waits until no thread reads the terminal any more; such a thread has the name of the program, as only the main thread has else.
    pub fn is_read_no_more(&self) {
        let tasks = format!("/proc/{}/task", self.child.process_id().expect("it runs"));
        let began = Instant::now();
        let readers = || {
            let tasks = std::fs::read_dir(&tasks).expect("it runs").flatten();
            tasks.filter(|task| std::fs::read_to_string(task.path().join("comm")).is_ok_and(|name| name.trim() == "hubtriage")).count() - 1
        };
        while readers() > 0 {
            assert!(began.elapsed() < DEADLINE, "a thread still reads a terminal that is gone");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether the program writes anything within a time; waits for it no longer than that.
    pub fn hears(&mut self, within: Duration) -> bool {
        let Ok(bytes) = self.bytes.recv_timeout(within) else { return false };
        self.take(&bytes);
        true
    }

    /// How often its threads have been given a processor; 0 where the system does not say.
    pub fn ran(&self) -> u64 {
        let tasks = format!("/proc/{}/task", self.child.process_id().expect("it runs"));
        let Ok(tasks) = std::fs::read_dir(tasks) else { return 0 };
        let switches = |status: String| {
            let counts = status.lines().filter(|line| line.contains("ctxt_switches"));
            counts.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).sum::<u64>()
        };
        tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("status")).ok()).map(switches).sum()
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has cells")
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
