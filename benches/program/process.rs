//! What the system says about a process.

use std::time::Duration;

/// Most memory that it had resident, in bytes.
pub(crate) fn peak(process: u32) -> f64 {
    status(process, "VmHWM:")
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

/// The time that its threads have run. By the scheduler's books, which count nanoseconds; /proc/PID/stat counts hundredths of a second.
pub(crate) fn ran(process: u32) -> Duration {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let nanos = tasks.map(|task| {
        let books = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        books.split_whitespace().next().and_then(|nanos| nanos.parse::<u64>().ok()).unwrap_or_default()
    });
    Duration::from_nanos(nanos.sum())
}
