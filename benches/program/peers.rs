//! Other programs that show many rows, on a file of the same findings.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    figures::{Figures, Unit},
    findings::Findings,
    process::{self, Work},
    terminal::{Command, Terminal},
};

const SHORT: Duration = Duration::from_millis(60);
const LONG: Duration = Duration::from_millis(350);
const IDLE: Duration = Duration::from_secs(5);

/// What the table shows of a finding, by the path in its document; the first is what tells that rows are on the screen.
const COLUMNS: [&str; 10] = [
    "/cloud/account/name",
    "/severity",
    "/status",
    "/cloud/region",
    "/metadata/product/name",
    "/compliance/control",
    "/finding_info/title",
    "/resources/0/uid",
    "/finding_info/created_time",
    "/metadata/uid",
];

/// Files of the same findings.
pub(crate) struct Files {
    folder: TempDir,
    /// What is in the first row and in the last and tells that rows are on the screen: some programs begin with the last.
    ends: [String; 2],
}

impl Files {
    /// Writes them.
    pub(crate) fn of(findings: &Findings) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let create = |name: &str| BufWriter::new(File::create(folder.path().join(name)).expect("a file"));
        let (mut tabs, mut commas) = (create("findings.tsv"), create("findings.csv"));
        let heads = COLUMNS.map(|path| path.trim_start_matches('/').replace('/', "_"));
        writeln!(tabs, "{}", heads.join("\t")).expect("room");
        writeln!(commas, "{}", heads.join(",")).expect("room");
        let mut ends: Option<[String; 2]> = None;
        for document in findings.documents() {
            let cells = COLUMNS.map(|path| document.pointer(path).map(text).unwrap_or_default());
            let last = cells[0].clone();
            ends = Some([ends.map_or_else(|| last.clone(), |[first, _]| first), last]);
            writeln!(tabs, "{}", cells.join("\t")).expect("room");
            writeln!(commas, "{}", cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(",")).expect("room");
        }
        tabs.flush().expect("room");
        commas.flush().expect("room");
        Self { folder, ends: ends.unwrap_or_default() }
    }

    /// Reads until rows are on the screen.
    fn are_shown(&self, terminal: &mut Terminal) -> Duration {
        terminal.until("rows are there", None, |terminal| {
            let text = terminal.text();
            self.ends.iter().any(|end| text.contains(end))
        })
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.replace(['\t', '\n'], " "))
}

/// How another program is started and asked.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// Its arguments before the file.
    arguments: &'static [&'static str],
    file: &'static str,
    reads: Reads,
    down: &'static str,
    page: &'static str,
    end: &'static str,
    start: &'static str,
    /// Opens the prompt of the filter; nothing where one types at once.
    filter: &'static str,
    settles: Settles,
    /// Takes the filter back.
    unfilter: &'static str,
}

/// Where a program reads its rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    File,
    Input,
}

/// When a filter is carried out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settles {
    AtEachLetter,
    OnEnter,
}

/// The programs that are compared.
pub(crate) const PEERS: [Peer; 4] = [
    Peer {
        name: "fzf",
        arguments: &["--layout=reverse", "--bind=home:first,end:last", "--header-lines=1"],
        file: "findings.tsv",
        reads: Reads::Input,
        down: "\x1b[B",
        page: "\x1b[6~",
        end: "\x1b[F",
        start: "\x1b[H",
        filter: "",
        settles: Settles::AtEachLetter,
        unfilter: "\x15",
    },
    Peer {
        name: "lnav",
        arguments: &[],
        file: "findings.tsv",
        reads: Reads::File,
        down: "j",
        page: " ",
        end: "G",
        start: "g",
        filter: ":filter-in ",
        settles: Settles::OnEnter,
        unfilter: ":delete-filter payments\r",
    },
    Peer {
        name: "vd",
        arguments: &[],
        file: "findings.tsv",
        reads: Reads::File,
        down: "j",
        page: "\x06",
        end: "G",
        start: "gg",
        filter: "g|",
        settles: Settles::OnEnter,
        unfilter: "gu",
    },
    Peer {
        name: "csvlens",
        arguments: &[],
        file: "findings.csv",
        reads: Reads::File,
        down: "j",
        page: "\x06",
        end: "G",
        start: "g",
        filter: "&",
        settles: Settles::OnEnter,
        unfilter: "&\r",
    },
];

impl Peer {
    /// Where it is installed.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let paths = std::env::var_os("PATH")?;
        std::env::split_paths(&paths).map(|folder| folder.join(self.name)).find(|path| path.is_file())
    }

    /// What it says that it is, in a word.
    pub(crate) fn version(path: &Path) -> String {
        let said = std::process::Command::new(path).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned()
    }

    fn start(&self, path: &Path, files: &Files) -> Terminal {
        let mut arguments: Vec<String> = self.arguments.iter().map(|&argument| argument.to_owned()).collect();
        let file = files.path(self.file);
        let home = files.folder.path();
        match self.reads {
            Reads::File => {
                arguments.push(file);
                Terminal::start(&Command { program: path, arguments: &arguments, home })
            }
            Reads::Input => {
                let line = format!("exec '{}' {} < '{file}'", path.display(), arguments.join(" "));
                Terminal::start(&Command { program: Path::new("/bin/sh"), arguments: &["-c".to_owned(), line], home })
            }
        }
    }

    /// From exec to its first rows.
    pub(crate) fn beginning(&self, path: &Path, files: &Files, figures: &mut Figures) {
        let mut terminal = self.start(path, files);
        figures.time("exec to first byte", terminal.until("it writes", None, |terminal| terminal.written() > 0));
        figures.time("exec to first frame", terminal.until("something is there", None, |terminal| !terminal.text().trim().is_empty()));
        figures.time("exec to first page, no latency", files.are_shown(&mut terminal));
    }

    /// The figures that hubtriage has too.
    pub(crate) fn measure(&self, path: &Path, files: &Files, figures: &mut Figures) {
        let mut terminal = self.start(path, files);
        files.are_shown(&mut terminal);
        let process = terminal.process();
        // It has read everything once it rests; some never quite do.
        for _ in 0..20 {
            let work = Work::of(process);
            terminal.watch(Duration::from_secs(1));
            if work.since() < Duration::from_millis(50) {
                break;
            }
        }
        figures.add("peak resident", Unit::Megabytes, process::peak(process) / 1e6);
        let (work, began) = (Work::of(process), Instant::now());
        let bytes = terminal.watch(IDLE);
        let seconds = began.elapsed().as_secs_f64();
        figures.add("idle, bytes", Unit::BytesASecond, bytes as f64 / seconds);
        figures.add("idle, work a second", Unit::Work, work.since().as_secs_f64() * 1e6 / seconds);
        terminal.press(self.start, LONG);
        let (mut bytes, work) = (0, Work::of(process));
        for _ in 0..200 {
            let answer = terminal.press(self.down, SHORT);
            figures.time("cursor down, all of 200, last byte", answer.last);
            bytes += answer.bytes;
        }
        figures.add("cursor down, mean of 200, bytes", Unit::Bytes, bytes as f64 / 200.0);
        let work = work.since();
        figures.add("cursor down, mean of 200, work", Unit::Work, work.as_secs_f64() * 1e6 / 200.0);
        for _ in 0..40 {
            figures.key("page down", terminal.press(self.page, SHORT));
        }
        for _ in 0..5 {
            terminal.press(self.start, LONG);
            figures.key("100 cursor keys at once", terminal.press(&self.down.repeat(100), LONG));
        }
        for _ in 0..10 {
            figures.key("jump to the end", terminal.press(self.end, LONG));
            figures.key("jump to the start", terminal.press(self.start, LONG));
        }
        self.filters(&mut terminal, figures);
        figures.add("peak resident in the end", Unit::Megabytes, process::peak(process) / 1e6);
    }

    fn filters(&self, terminal: &mut Terminal, figures: &mut Figures) {
        const WORD: &str = "payments";
        for _ in 0..3 {
            match self.settles {
                Settles::AtEachLetter => {
                    for (at, letter) in WORD.chars().enumerate() {
                        let name = if at == 0 { "filter, first letter" } else { "filter, a letter more" };
                        figures.work(name, terminal.press(&letter.to_string(), LONG));
                    }
                }
                Settles::OnEnter => {
                    terminal.press(self.filter, LONG);
                    terminal.press(WORD, LONG);
                    figures.work("filter, on Enter", terminal.press_slow("\r", LONG));
                }
            }
            terminal.press(self.unfilter, 2 * LONG);
        }
    }
}
