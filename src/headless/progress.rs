//! How far a send is, while it goes: a bar on a terminal, a plain line now and then elsewhere.

use std::{
    fmt::Write as _,
    io::{self, Write},
    time::Duration,
};

use crate::{domain::text, report::Stream, send::report};

use super::outline::{counted, number};

/// A bar is drawn at most so often: four times a second.
const BAR_GAP: Duration = Duration::from_millis(250);
/// A plain line is written at most so often.
const LINE_GAP: Duration = Duration::from_secs(5);
/// Columns of the bar itself.
const BAR: usize = 24;

/// Shows how far a send is. The clock is the time since the send began.
#[derive(Debug)]
pub struct Meter {
    form: Form,
    last: Option<Duration>,
    is_drawn: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In this many columns.
    Bar(usize),
    Lines,
}

impl Meter {
    /// For standard error, as it is; `columns` is the terminal's width.
    pub fn new(stream: Stream, columns: usize) -> Self {
        let form = match stream {
            Stream::Terminal => Form::Bar(columns),
            Stream::Other => Form::Lines,
        };
        Self { form, last: None, is_drawn: false }
    }

    /// When there is something to show anew, if anything is.
    pub fn due(&self) -> Duration {
        match (self.form, self.last) {
            (Form::Bar(_), None) => Duration::ZERO,
            (Form::Bar(_), Some(last)) => last + BAR_GAP,
            (Form::Lines, last) => last.unwrap_or_default() + LINE_GAP,
        }
    }

    /// Shows how far it is, unless that was shown a moment ago.
    pub fn show(&mut self, progress: &report::Progress, now: Duration, out: &mut dyn Write) -> io::Result<()> {
        if now < self.due() {
            return Ok(());
        }
        self.last = Some(now);
        match self.form {
            Form::Bar(columns) => {
                let line = bar(progress, now);
                // The last column stays free: a terminal would begin a new line after it.
                write!(out, "\r{}\x1b[K", text::fit(&line, columns.saturating_sub(1), text::Cut::End))?;
                self.is_drawn = true;
            }
            Form::Lines => writeln!(out, "{}", plain(progress, now))?,
        }
        out.flush()
    }

    /// Says something on a line of its own.
    pub fn say(&mut self, words: &str, out: &mut dyn Write) -> io::Result<()> {
        self.clear(out)?;
        writeln!(out, "hubtriage: {}", text::clean(words))?;
        out.flush()
    }

    /// Takes the bar away; the terminal is as it was.
    pub fn clear(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::take(&mut self.is_drawn) {
            write!(out, "\r\x1b[K")?;
            out.flush()?;
        }
        Ok(())
    }
}

fn bar(progress: &report::Progress, now: Duration) -> String {
    let full = (progress.answered * BAR).checked_div(progress.rows).unwrap_or(BAR).min(BAR);
    let percent = (progress.answered * 100).checked_div(progress.rows).unwrap_or(100);
    format!("[{}{}] {percent:>3}%  {}", "#".repeat(full), "-".repeat(BAR - full), told(progress, now))
}

fn plain(progress: &report::Progress, now: Duration) -> String {
    format!("{} in {}", told(progress, now), counted(usize::try_from(progress.calls).unwrap_or(usize::MAX), "call"))
}

fn told(progress: &report::Progress, now: Duration) -> String {
    let mut told = format!("{} of {}", number(progress.answered), counted(progress.rows, "finding"));
    let not = progress.answered - progress.processed.min(progress.answered);
    if not > 0 {
        let _ = write!(told, ", {} not processed", number(not));
    }
    if progress.throttled > 0 {
        let _ = write!(told, ", {} throttled (429)", counted(usize::try_from(progress.throttled).unwrap_or(usize::MAX), "call"));
    }
    let left = progress.rows.saturating_sub(progress.answered);
    if progress.answered > 0 && now >= Duration::from_secs(1) {
        let rate = real(progress.answered) / now.as_secs_f64();
        let _ = write!(told, ", {rate:.0}/s");
        if left > 0 {
            let _ = write!(told, ", {} left", span(real(left) / rate));
        }
    }
    told
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A time to come: `8 s`, `3 min`, `2 h`.
fn span(seconds: f64) -> String {
    match seconds {
        ..90.0 => format!("{:.0} s", seconds.max(1.0)),
        ..5_400.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.0} h", seconds / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn progress(answered: usize, processed: usize) -> report::Progress {
        report::Progress { rows: 2_000, answered, processed, calls: 12, throttled: 0 }
    }

    fn shown(meter: &mut Meter, steps: impl IntoIterator<Item = (u64, usize)>) -> String {
        let mut out = Vec::new();
        for (millis, answered) in steps {
            meter.show(&progress(answered, answered), Duration::from_millis(millis), &mut out).unwrap();
        }
        meter.clear(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_bar_is_drawn_at_most_four_times_a_second_and_taken_away_at_the_end() {
        let drawn = shown(&mut Meter::new(Stream::Terminal, 80), (0..=2_000).map(|at| (at, at as usize)));
        assert_eq!(drawn.matches("\x1b[K").count(), 9 + 1);
        assert!(drawn.ends_with("\r\x1b[K"), "{drawn:?}");
        assert!(!drawn.contains('\n'));
        assert!(drawn.contains("[############------------]  50%  1,000 of 2,000 findings, 1000/s, 1 s left"), "{drawn:?}");
        let narrow = shown(&mut Meter::new(Stream::Terminal, 30), [(0, 0), (1_500, 100)]);
        assert!(narrow.split('\r').all(|line| text::width(line.trim_end_matches("\x1b[K")) < 30), "{narrow:?}");
    }

    #[test]
    fn elsewhere_there_is_a_plain_line_now_and_then_and_no_escape_sequence() {
        let lines = shown(&mut Meter::new(Stream::Other, 80), (0..=20_000).map(|at| (at, at as usize / 20)));
        assert_eq!(lines.lines().count(), 4, "{lines}");
        assert!(lines.starts_with("250 of 2,000 findings, 50/s, 35 s left in 12 calls\n"), "{lines}");
        assert!(!lines.contains('\x1b') && !lines.contains('\r'));
    }

    #[test]
    fn what_was_not_processed_is_counted_and_nothing_at_all_can_be_shown() {
        assert_eq!(told(&progress(100, 90), Duration::ZERO), "100 of 2,000 findings, 10 not processed");
        assert_eq!(bar(&report::Progress::default(), Duration::ZERO), format!("[{}] 100%  0 of 0 findings", "#".repeat(BAR)));
    }
}
