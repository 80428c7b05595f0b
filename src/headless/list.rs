//! `hubtriage list`: findings on standard output, page by page as they are read.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{
    app::model::Access,
    cli::{Form, ListArgs},
    domain::{profile::FilterProfile, query::Query},
    hub::{CallError, PageOrder},
    launch,
    report::{Report, Stream},
    runtime::clock,
};

use super::{
    form::{Sheet, USUAL_COLUMNS},
    interrupt::Interrupt,
    pages::Pages,
    world::{World, unless_closed},
};

/// Why a list ended before its end.
#[derive(Debug)]
pub enum ListError {
    /// A page could not be read; what came before it is written.
    Call(CallError),
    /// Standard output could not be written to.
    Output(io::Error),
}

/// Carries out the command.
pub fn run(arguments: &ListArgs, world: World<'_>) -> Result<ExitCode, Report> {
    let asked = arguments.query.as_deref().map(launch::query).transpose()?;
    let catalogue = launch::profile_files(&arguments.hub, world.config, world.environment).first(world.config);
    let profile = match &arguments.filter_profile {
        Some(name) => launch::find_profile(&catalogue, Some(name))?,
        None => FilterProfile::open(),
    };
    let query = asked.unwrap_or_else(|| profile.query());
    let _log = launch::start_log(world.config, world.environment);
    launch::block_on(async {
        let mut interrupt = Interrupt::listen()?;
        interrupt.or(list(arguments, query, &profile, world)).await
    })
}

async fn list(arguments: &ListArgs, query: Query, profile: &FilterProfile, world: World<'_>) -> Result<ExitCode, Report> {
    // The least that can do it: a list has nothing to write with.
    let link = world.connect(&arguments.hub, Access::ReadOnly, &profile.content.hub).await?;
    let sheet = Sheet::new(arguments.output, world.terminals.output, columns(world.terminals.output), clock::ctx().now);
    let mut pages = Pages::new(link.hub.reader.as_ref(), query.clone(), profile.order().0);
    match stream(&mut pages, &sheet, arguments.limit, world.out).await {
        Ok(written) => {
            if arguments.output == Form::Table {
                let _ = write_remarks(&mut pages, written, arguments.limit, world.errors);
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(ListError::Output(error)) => unless_closed(&error).map(|()| ExitCode::SUCCESS),
        Err(ListError::Call(error)) => Err(link.report_query(&error, &query)),
    }
}

/// Writes every page once it is read, and then forgets it; stops after `limit` findings. Gives how many were written.
pub async fn stream(pages: &mut Pages<'_>, sheet: &Sheet, limit: Option<usize>, out: &mut dyn Write) -> Result<usize, ListError> {
    let mut lines = sheet.head();
    let mut left = limit.unwrap_or(usize::MAX);
    let mut written = 0;
    // What is under way when the reader of the output has gone away is in vain: the head tells, before the first page is asked for.
    write_lines(&mut lines, out)?;
    while left > 0
        && let Some(page) = pages.next().await.map_err(ListError::Call)?
    {
        for arrived in page.iter().take(left) {
            sheet.add(arrived, &mut lines);
        }
        let count = page.len().min(left);
        left -= count;
        written += count;
        write_lines(&mut lines, out)?;
    }
    Ok(written)
}

fn write_lines(lines: &mut String, out: &mut dyn Write) -> Result<(), ListError> {
    out.write_all(lines.as_bytes()).and_then(|()| out.flush()).map_err(ListError::Output)?;
    lines.clear();
    Ok(())
}

/// What a table does not say: that there is nothing, that there may be more, that the order is another one.
fn write_remarks(pages: &mut Pages<'_>, written: usize, limit: Option<usize>, errors: &mut dyn Write) -> io::Result<()> {
    if written == 0 {
        writeln!(errors, "no findings")?;
    }
    if limit == Some(written) && !pages.is_over() {
        writeln!(errors, "stopped after {written} findings; there may be more")?;
    }
    if written > 1 && pages.order() != PageOrder::AsAsked {
        writeln!(errors, "the service did not sort by severity and time; the order is its own")?;
    }
    Ok(())
}

pub(super) fn columns(output: Stream) -> usize {
    match output {
        Stream::Terminal => crossterm::terminal::size().map_or(USUAL_COLUMNS, |(columns, _)| usize::from(columns)),
        Stream::Other => USUAL_COLUMNS,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{
        domain::time::Millis,
        headless::pages::tests::{Script, failed, page},
        hub::{CallFailure, Page},
    };

    /// An output that counts what the reader was asked for when a line came.
    struct Counting<'a> {
        script: &'a Script,
        lines: &'a AtomicUsize,
        most_ahead: usize,
    }

    impl Write for Counting<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // Pages asked for whose lines are not written: all that can be held in memory.
            let held = self.script.asked.load(Ordering::SeqCst) * 100 - self.lines.load(Ordering::SeqCst);
            self.most_ahead = self.most_ahead.max(held);
            self.lines.fetch_add(String::from_utf8_lossy(bytes).lines().count(), Ordering::SeqCst);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn many(pages: usize) -> Vec<Result<Page, CallError>> {
        (0..pages).map(|at| page(at * 100..at * 100 + 100, (at + 1 < pages).then_some("next"))).collect()
    }

    fn jsonl() -> Sheet {
        Sheet::new(Form::Jsonl, Stream::Other, 0, Millis(0))
    }

    #[tokio::test]
    async fn never_more_than_one_page_is_held_however_many_there_are() {
        let (script, lines) = (Script::new(many(300)), AtomicUsize::new(0));
        let mut out = Counting { script: &script, lines: &lines, most_ahead: 0 };
        let written = stream(&mut Pages::new(&script, Query::open(), Vec::new()), &jsonl(), None, &mut out).await.unwrap();
        assert_eq!((written, lines.load(Ordering::SeqCst), out.most_ahead), (30_000, 30_000, 100));
    }

    #[tokio::test]
    async fn a_limit_ends_the_reading_too() {
        let script = Script::new(many(10));
        let mut out = Vec::new();
        let written = stream(&mut Pages::new(&script, Query::open(), Vec::new()), &jsonl(), Some(150), &mut out).await.unwrap();
        assert_eq!((written, script.asked.load(Ordering::SeqCst)), (150, 2));
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 150);
    }

    #[tokio::test]
    async fn what_was_read_before_a_page_failed_is_written() {
        let script = Script::new([page(0..100, Some("a")), Err(failed(CallFailure::Unreachable))]);
        let mut out = Vec::new();
        let ended = stream(&mut Pages::new(&script, Query::open(), Vec::new()), &jsonl(), None, &mut out).await;
        assert!(matches!(ended, Err(ListError::Call(error)) if error.failure == CallFailure::Unreachable));
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 100);
    }
}
