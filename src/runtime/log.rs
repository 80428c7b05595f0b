//! The log: a file in the state folder, never the screen.
//!
//! Owns where it is, what gets in and that every line is clean. Must not stop the program: without a log it goes on, and says so.

use std::{
    ffi::OsStr,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use tracing::Subscriber;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt};

use crate::{
    domain::text,
    storage::{config::LogLevel, private},
};

/// The log's file in its folder.
pub const FILE: &str = "hubtriage.log";
/// What [`FILE`] is renamed to at a start that finds it larger than 4 MiB.
pub const FORMER_FILE: &str = "hubtriage.log.1";
/// How large the file may be when it is opened; together with its former one, about twice that is the most it takes between starts.
const MAX_BYTES: u64 = 4 << 20;
/// Lines that may wait for the disk. Room for each is made ready at the start: the library's own 128,000 take longer than the first frame.
const WAITING_LINES: usize = 4_096;

/// The log of this process, for as long as this is kept; dropping it writes out what is buffered.
#[must_use = "dropping it ends the log"]
#[derive(Debug, Default)]
pub struct Log {
    _guard: Option<WorkerGuard>,
    /// What is wrong with the log, for the notice line; clean.
    pub notice: Option<String>,
}

/// Starts the log of this process.
///
/// `asked` is `HUBTRIAGE_LOG`, which wins over the configured level: a level, or directives such as `hubtriage=debug,aws_config=info`.
/// The SDK's crates write requests and answers, and so findings and comments, at their finer levels: only such directives let those in.
pub fn start(folder: Option<&Path>, configured: LogLevel, asked: Option<&OsStr>) -> Log {
    let (filter, mut notice) = match asked.map(|asked| asked_filter(&asked.to_string_lossy())) {
        None => (filter(configured), None),
        Some(Ok(asked)) => (asked, None),
        Some(Err(reason)) => (filter(configured), Some(reason)),
    };
    let Some(filter) = filter else { return Log { _guard: None, notice } };
    let Some(folder) = folder else {
        return Log { _guard: None, notice: Some("no log is written: no home folder is known".to_owned()) };
    };
    let guard = match open(folder, filter) {
        Ok((subscriber, guard)) => tracing::subscriber::set_global_default(subscriber).is_ok().then_some(guard),
        Err(error) => {
            let reason = format!("no log is written: {}: {error}", folder.display());
            notice = Some(text::clean(&reason).into_owned());
            None
        }
    };
    Log { _guard: guard, notice }
}

/// What a level lets in: our own events to that level, those of the crates below us to warnings; `None` is nothing at all.
fn filter(level: LogLevel) -> Option<Targets> {
    let others = match level {
        LogLevel::Off => return None,
        LogLevel::Error => "error",
        _ => "warn",
    };
    format!("{others},hubtriage={}", level.name()).parse().ok()
}

fn asked_filter(asked: &str) -> Result<Option<Targets>, String> {
    let levels = [LogLevel::Off, LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace];
    if let Some(&level) = levels.iter().find(|level| level.name().eq_ignore_ascii_case(asked.trim())) {
        return Ok(filter(level));
    }
    asked.parse().map(Some).map_err(|error: tracing_subscriber::filter::ParseError| {
        let reason = format!("HUBTRIAGE_LOG is not understood ({error}); write off, error, warn, info, debug, trace, or directives");
        text::clean(&reason).into_owned()
    })
}

/// Opens the file, readable by its owner alone, and what writes to it from a thread of its own.
fn open(folder: &Path, filter: Targets) -> io::Result<(impl Subscriber + Send + Sync + use<>, WorkerGuard)> {
    private::create_folder(folder)?;
    let path = folder.join(FILE);
    if fs::metadata(&path).is_ok_and(|meta| meta.len() > MAX_BYTES) {
        fs::rename(&path, folder.join(FORMER_FILE))?;
    }
    let file = private::open(&path, OpenOptions::new().create(true).append(true))?;
    // Lossy: where the disk cannot keep up, lines are lost rather than keys.
    let (writer, guard): (NonBlocking, _) =
        NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES).thread_name("log").finish(Cleaned(file));
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    let subscriber = tracing_subscriber::registry().with(lines.with_filter(filter));
    Ok((subscriber, guard))
}

/// Cleans what is written: each write is one event, and becomes one line. What a finding brings along can neither act on the terminal
/// that shows the log nor look like an entry of its own.
struct Cleaned<W>(W);

impl<W: Write> Write for Cleaned<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let event = String::from_utf8_lossy(bytes);
        let mut line = text::clean(event.trim_end()).into_owned();
        line.push('\n');
        self.0.write_all(line.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::fs::File;

    use super::*;

    /// What is in the file after these events.
    fn logged(folder: &Path, level: LogLevel, events: impl FnOnce()) -> String {
        let (subscriber, guard) = open(folder, filter(level).unwrap()).unwrap();
        tracing::subscriber::with_default(subscriber, events);
        drop(guard);
        fs::read_to_string(folder.join(FILE)).unwrap()
    }

    #[test]
    fn an_event_is_one_clean_line_whatever_it_carries() {
        let folder = tempfile::tempdir().unwrap();
        let title = "a\u{1b}]0;x\u{7}\u{202e}\u{9b}\r\n2026-01-01T00:00:00Z ERROR forged\u{2028}end";
        let text = logged(folder.path(), LogLevel::Info, || tracing::info!(%title, "an event\nof {title}"));
        assert_eq!(text.matches('\n').count(), 1, "{text:?}");
        assert!(!text.trim_end().chars().any(text::is_hidden), "{text:?}");
        assert!(text.contains("INFO") && text.contains("forged"), "{text:?}");
    }

    #[test]
    fn a_level_lets_in_our_own_events_and_only_warnings_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let text = logged(folder.path(), LogLevel::Debug, || {
            tracing::debug!("ours");
            tracing::trace!("finer");
            tracing::debug!(target: "aws_smithy_runtime", "a request");
            tracing::warn!(target: "aws_smithy_runtime", "a warning");
        });
        assert!(text.contains("ours") && text.contains("a warning"), "{text}");
        assert!(!text.contains("finer") && !text.contains("a request"), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_file_even_one_that_was_there() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("deep/log");
        fs::create_dir_all(&log).unwrap();
        fs::write(log.join(FILE), "former\n").unwrap();
        fs::set_permissions(log.join(FILE), fs::Permissions::from_mode(0o666)).unwrap();
        let text = logged(&log, LogLevel::Info, || tracing::info!("next"));
        assert!(text.starts_with("former\n") && text.contains("next"), "{text}");
        assert_eq!(fs::metadata(log.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_has_grown_too_large_is_put_aside_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        File::create(folder.path().join(FILE)).unwrap().set_len(MAX_BYTES + 1).unwrap();
        let text = logged(folder.path(), LogLevel::Info, || tracing::info!("next"));
        assert!(text.len() < 200, "{}", text.len());
        assert_eq!(fs::metadata(folder.path().join(FORMER_FILE)).unwrap().len(), MAX_BYTES + 1);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_a_notice_and_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("file\u{1b}");
        fs::write(&blocked, "").unwrap();
        let notice = start(Some(&blocked.join("log")), LogLevel::Info, None).notice.unwrap();
        assert!(notice.starts_with("no log is written: ") && !notice.chars().any(text::is_hidden), "{notice}");
        assert!(start(None, LogLevel::Info, None).notice.unwrap().contains("home"));
    }

    #[test]
    fn the_variable_is_a_level_or_directives_and_what_it_is_not_is_said() {
        assert!(asked_filter("off").unwrap().is_none());
        assert_eq!(asked_filter(" DEBUG ").unwrap().unwrap().to_string(), filter(LogLevel::Debug).unwrap().to_string());
        assert!(asked_filter("hubtriage=trace,aws_config=info").unwrap().is_some());
        assert!(asked_filter("hubtriage=loud").unwrap_err().contains("HUBTRIAGE_LOG is not understood"));
        assert_eq!(start(None, LogLevel::Off, None).notice, None);
    }
}
