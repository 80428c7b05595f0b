//! What the system says about a process.

use std::{collections::HashMap, ffi::OsString, fs::DirEntry, time::Duration};

/// Most memory that it had resident, in bytes.
pub(crate) fn peak(process: u32) -> f64 {
    status(process, "VmHWM:")
}

/// The time that it has run since it was started, in hundredths of a second, of threads that have ended too.
pub(crate) fn ran(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in parentheses may have spaces; the times are the 12th and 13th cell after it.
    let cells = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = cells.skip(11).take(2).filter_map(|cell| cell.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The memory that it has resident, in bytes.
pub(crate) fn resident(process: u32) -> f64 {
    status(process, "VmRSS:")
}

fn status(process: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or_default() * 1024.0
}

/// The time that each thread of a process has run. By the scheduler's books, which count nanoseconds; /proc/PID/stat counts hundredths of a
/// second.
pub(crate) struct Work {
    process: u32,
    threads: HashMap<OsString, u64>,
}

impl Work {
    /// Up to now.
    pub(crate) fn of(process: u32) -> Self {
        let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
        let nanos = |task: &DirEntry| {
            let books = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            books.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default()
        };
        Self { process, threads: tasks.map(|task| (task.file_name(), nanos(&task))).collect() }
    }

    /// What was done since. Of a thread that has ended since, nothing is known.
    pub(crate) fn since(&self) -> Duration {
        let now = Self::of(self.process);
        let since = |(thread, nanos): (&OsString, &u64)| nanos.saturating_sub(self.threads.get(thread).copied().unwrap_or_default());
        Duration::from_nanos(now.threads.iter().map(since).sum())
    }
}
