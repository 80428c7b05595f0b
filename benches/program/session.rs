//! hubtriage itself, started on the service, and what it is asked to do.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    figures::{Figures, Unit},
    process::{self, Work},
    service::Service,
    terminal::{Command, ROWS, Terminal},
};

/// Quiet after a key that moves something: nothing of it comes later.
const SHORT: Duration = Duration::from_millis(25);
/// Quiet after work on every row, some of which may go on beside the keys.
const LONG: Duration = Duration::from_millis(200);
/// The first row of a finding.
const FIRST_ROW: u16 = 4;
/// How long idleness is watched.
const IDLE: Duration = Duration::from_secs(5);

/// A running hubtriage.
pub(crate) struct Session {
    pub(crate) terminal: Terminal,
    _home: TempDir,
}

impl Session {
    /// Starts it; nothing has been read yet.
    pub(crate) fn start(program: &Path, service: &Service) -> Self {
        let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a home");
        let folder = home.path().join(".config/hubtriage");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("config.toml"), "[pace]\nreads = 0\nwrites = 0\n").expect("a configuration");
        let arguments = ["--endpoint-url", &service.url(), "--region", "eu-west-1"].map(str::to_owned);
        Self { terminal: Terminal::start(&Command { program, arguments: &arguments, home: home.path() }), _home: home }
    }

    /// Everything is loaded and nothing comes any more.
    pub(crate) fn loaded(program: &Path, service: &Service, figures: &mut Figures) -> Self {
        let mut session = Self::start(program, service);
        let took = session.terminal.shows(" loaded, complete");
        figures.add("load all", Unit::Seconds, took.as_secs_f64());
        figures.add("load all, bytes", Unit::Bytes, session.terminal.written() as f64);
        session.terminal.settle(LONG);
        let process = session.terminal.process();
        figures.add("load all, work of the processor", Unit::Seconds, process::ran(process).as_secs_f64());
        figures.add("peak resident", Unit::Megabytes, process::peak(process) / 1e6);
        figures.add("resident after loading", Unit::Megabytes, process::resident(process) / 1e6);
        session
    }

    /// Ends the bench where the keys led elsewhere: figures of another screen are worth nothing.
    fn is_at_the_table(&self) {
        let text = self.terminal.text();
        assert!(text.lines().last().is_some_and(|line| line.contains("Space mark")), "the table has the keys; the screen:\n{text}");
    }

    /// Ends the bench where the first lines do not say this.
    fn says(&self, text: &str) {
        let head = (0..2).map(|row| self.terminal.row(row)).collect::<Vec<_>>().join(" ");
        assert!(head.contains(text), "the first lines say {text:?}; the screen:\n{}", self.terminal.text());
    }

    /// Keys that lead to what is measured next; they may have no answer.
    fn keys(&mut self, keys: &str) {
        self.terminal.send(keys);
        self.terminal.settle(LONG);
    }

    /// The cursor, key by key, from the top of the table, preview as it is.
    pub(crate) fn cursor(&mut self, figures: &mut Figures, said: &str) {
        self.keys("gg");
        let mut bytes = 0;
        let work = Work::of(self.terminal.process());
        for _ in 0..200 {
            let before = self.terminal.row(FIRST_ROW);
            let answer = self.terminal.press("j", SHORT);
            let scrolling = if self.terminal.row(FIRST_ROW) == before { "" } else { " scrolling" };
            figures.key(&format!("cursor down{scrolling}{said}"), answer);
            figures.time(&format!("cursor down{said}, all of 200, last byte"), answer.last);
            bytes += answer.bytes;
        }
        let work = work.since();
        figures.add(&format!("cursor down{said}, mean of 200, bytes"), Unit::Bytes, bytes as f64 / 200.0);
        figures.add(&format!("cursor down{said}, mean of 200, work"), Unit::Work, work.as_secs_f64() * 1e6 / 200.0);
        for _ in 0..100 {
            let before = self.terminal.row(FIRST_ROW);
            let answer = self.terminal.press("k", SHORT);
            if self.terminal.row(FIRST_ROW) != before {
                figures.key(&format!("cursor up scrolling{said}"), answer);
            }
        }
    }

    /// Whole pages, many keys at once, and jumps.
    pub(crate) fn pages(&mut self, figures: &mut Figures, said: &str) {
        self.keys("gg");
        for _ in 0..40 {
            let answer = self.terminal.press("\x06", SHORT);
            figures.key(&format!("page down{said}"), answer);
        }
        for _ in 0..5 {
            self.keys("gg");
            let answer = self.terminal.press(&"j".repeat(100), LONG);
            figures.key(&format!("100 cursor keys at once{said}"), answer);
        }
        for _ in 0..10 {
            figures.key(&format!("jump to the end{said}"), self.terminal.press("G", SHORT));
            // The first g waits for what may follow.
            self.terminal.press("g", LONG);
            figures.key(&format!("jump to the start{said}"), self.terminal.press("g", SHORT));
        }
    }

    /// Shows or hides the preview.
    pub(crate) fn preview(&mut self, figures: &mut Figures) {
        figures.key("preview shown or hidden", self.terminal.press("p", LONG));
    }

    /// The filter, letter by letter.
    pub(crate) fn filter(&mut self, figures: &mut Figures) {
        for word in ["payments", "cve-2026", "openssl"] {
            figures.key("filter, its prompt", self.terminal.press("/", LONG));
            for (at, letter) in word.chars().enumerate() {
                let name = if at == 0 { "filter, first letter" } else { "filter, a letter more" };
                figures.work(name, self.terminal.press(&letter.to_string(), LONG));
            }
            for _ in word.chars() {
                figures.work("filter, a letter less", self.terminal.press("\x7f", LONG));
            }
            self.keys("\x1b");
        }
    }

    /// Sorting and grouping.
    pub(crate) fn orders(&mut self, figures: &mut Figures) {
        for (name, letter) in [("title", "i"), ("resource", "e"), ("severity", "s")] {
            self.keys("gg");
            figures.key("menu of sorting", self.terminal.press("o", LONG));
            figures.work(&format!("sort by {name}"), self.terminal.press(letter, LONG));
            figures.work("sort reversed", self.terminal.press("O", LONG));
            figures.work("sort reversed", self.terminal.press("O", LONG));
        }
        for letter in ["m", "s"] {
            self.keys("o");
            self.terminal.press(letter, LONG);
        }
        for (name, letter) in [("control", "c"), ("resource", "e")] {
            self.keys("gg");
            self.keys("zg");
            figures.work(&format!("group by {name}"), self.terminal.press(letter, LONG));
            for _ in 0..20 {
                figures.key("cursor down in groups", self.terminal.press("j", SHORT));
            }
            self.keys("zg");
            figures.work("ungroup", self.terminal.press("n", LONG));
        }
    }

    /// Marks.
    pub(crate) fn marks(&mut self, figures: &mut Figures, all: usize) {
        let all = grouped(all);
        self.keys("gg");
        for _ in 0..3 {
            figures.work("mark all", self.terminal.press("*", LONG));
            self.says(&format!("✓ {all}"));
            figures.work("invert marks", self.terminal.press("~", LONG));
            self.keys("T");
            self.keys("severity:high");
            figures.work("mark by query", self.terminal.press("\r", LONG));
            figures.work("invert marks", self.terminal.press("~", LONG));
            self.keys("g");
            figures.work("clear marks", self.terminal.press("U", LONG));
        }
        for _ in 0..20 {
            figures.key("mark a row", self.terminal.press(" ", SHORT));
        }
        self.keys("gU");
    }

    /// The detail of a finding, and the comment editor.
    pub(crate) fn screens(&mut self, figures: &mut Figures) {
        self.keys("gg");
        for at in 1..=20 {
            // Each on another page of the archive.
            self.keys(&format!("{}G", at * 317));
            figures.key("open a detail", self.terminal.press("\r", LONG));
            figures.key("scroll a detail by a row", self.terminal.press("j", SHORT));
            figures.key("leave a detail", self.terminal.press("q", LONG));
        }
        figures.key("open the comment editor", self.terminal.press("c", LONG));
        for letter in "accepted until 2026-12-15 by the owner of the account".chars() {
            figures.key("a letter in the comment editor", self.terminal.press(&letter.to_string(), SHORT));
        }
        self.keys("\x1b");
        // A comment that was begun is not thrown away unasked.
        self.keys("y");
        self.is_at_the_table();
        figures.key("help", self.terminal.press("?", LONG));
        self.keys("\x1b");
        figures.key("redraw", self.terminal.press("\x0c", LONG));
        self.is_at_the_table();
    }

    /// Nothing happens.
    pub(crate) fn idle(&mut self, figures: &mut Figures) {
        self.terminal.settle(LONG);
        let work = Work::of(self.terminal.process());
        let began = Instant::now();
        let bytes = self.terminal.watch(IDLE);
        let seconds = began.elapsed().as_secs_f64();
        let work = work.since();
        figures.add("idle, bytes", Unit::BytesASecond, bytes as f64 / seconds);
        figures.add("idle, work a second", Unit::Work, work.as_secs_f64() * 1e6 / seconds);
    }

    /// Until the cursor has moved to another row: j and k in turn, as long as `goes_on`.
    pub(crate) fn alternate(&mut self, figures: &mut Figures, name: &str, goes_on: impl Fn(&Terminal, usize) -> bool) {
        let mut count = 0;
        while goes_on(&self.terminal, count) {
            let row = self.terminal.row_of("▶");
            let began = Instant::now();
            self.terminal.send(if count % 2 == 0 { "j" } else { "k" });
            let took = self.terminal.until("the cursor moves", Some(began), |terminal| {
                let now = terminal.row_of("▶");
                now.is_some() && now != row
            });
            figures.time(name, took);
            // The next key comes at another moment of the frame.
            self.terminal.settle(Duration::from_millis(5 + (count as u64 * 7) % 20));
            count += 1;
        }
    }

    /// Keys while pages arrive.
    pub(crate) fn while_loading(program: &Path, service: &Service, figures: &mut Figures) {
        let mut session = Self::start(program, service);
        session.terminal.until("a page is on the screen", None, |terminal| terminal.row_of("▶").is_some());
        session.terminal.settle(Duration::from_millis(20));
        session.alternate(figures, "cursor moves while loading", |terminal, count| count < 200 && !terminal.text().contains("complete"));
        session.terminal.shows(" loaded, complete");
        session.terminal.settle(LONG);
        session.alternate(figures, "cursor moves when idle, seen alike", |_, count| count < 100);
    }

    /// What the terminal is sent while pages arrive three a second, as the quota of the service lets them, and nobody presses a key.
    pub(crate) fn at_the_quota(program: &Path, service: &Service, figures: &mut Figures) {
        service.pauses(Duration::from_millis(333));
        let mut session = Self::start(program, service);
        session.terminal.until("a page is on the screen", None, |terminal| terminal.row_of("▶").is_some());
        session.terminal.watch(Duration::from_millis(500));
        let began = Instant::now();
        let bytes = session.terminal.watch(IDLE);
        figures.add("loading 3 pages a second, bytes", Unit::BytesASecond, bytes as f64 / began.elapsed().as_secs_f64());
        for _ in 0..60 {
            let row = session.terminal.row_of("▶");
            let began = Instant::now();
            session.terminal.send(if row == Some(usize::from(FIRST_ROW)) { "j" } else { "k" });
            let took = session.terminal.until("the cursor moves", Some(began), |terminal| {
                let now = terminal.row_of("▶");
                now.is_some() && now != row
            });
            figures.time("cursor moves while loading 3 pages a second", took);
            session.terminal.settle(Duration::from_millis(30));
        }
        service.pauses(Duration::ZERO);
    }

    /// From exec to what is on the screen first.
    pub(crate) fn beginning(program: &Path, service: &Service, figures: &mut Figures, latency: Duration) {
        service.answers_after(latency);
        let mut session = Self::start(program, service);
        let terminal = &mut session.terminal;
        let first = terminal.until("it writes", None, |terminal| terminal.written() > 0);
        let frame = terminal
            .until("a frame is there", None, |terminal| !terminal.row(0).trim().is_empty() && !terminal.row(ROWS - 1).trim().is_empty());
        let page = terminal.until("a page is on the screen", None, |terminal| terminal.row_of("▶").is_some());
        if latency.is_zero() {
            figures.time("exec to first byte", first);
            figures.time("exec to first frame", frame.max(first));
            figures.time("exec to first page, no latency", page);
        } else {
            figures.time("exec to first page, over the round trip", page.saturating_sub(latency));
        }
        service.answers_after(Duration::ZERO);
    }
}

/// A count as the program writes it: 100,000.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}
