//! What came of a plan: counts, the rows that were not processed, and the exit code.

use std::{collections::BTreeMap, io, process::ExitCode};

use crate::{
    domain::{failure::CallError, row::RowId, text},
    report::{Kind, Report},
    send::report::{End, Problem, RowReport, RowResult},
    storage::plan_file::PlanFile,
};

use super::{
    outline::{self, MAX_NAMED, counted, number, values_in_words},
    plan::SOME_NOT,
};

/// Most columns of a title beside its row.
const TITLE: usize = 60;

/// Why a send was told to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// By a signal of this name.
    Signal(&'static str),
    /// What held it did not pass in time.
    Held(CallError),
}

/// The results of a plan's rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    results: BTreeMap<RowId, RowResult>,
    /// Rows that an earlier run had processed.
    pub earlier: usize,
}

impl Outcome {
    /// Nothing has come of any row that is to be sent; `earlier` were processed before.
    pub fn new(earlier: usize) -> Self {
        Self { results: BTreeMap::new(), earlier }
    }

    /// Takes in what came of rows: the last word counts.
    pub fn take(&mut self, rows: Vec<RowReport>) {
        self.results.extend(rows.into_iter().map(|row| (row.row, row.result)));
    }

    fn count(&self, is: impl Fn(&RowResult) -> bool) -> usize {
        self.results.values().filter(|result| is(result)).count()
    }

    /// Whether every row of the plan is processed.
    pub fn is_whole(&self, file: &PlanFile) -> bool {
        let processed = self.count(|result| matches!(result, RowResult::Processed | RowResult::SeenProcessed));
        processed + self.earlier == file.row_count()
    }

    /// The summary, clean: counts, then the rows that were not processed.
    pub fn lines(&self, file: &PlanFile) -> Vec<String> {
        let processed = self.count(|result| *result == RowResult::Processed);
        let there = self.count(|result| *result == RowResult::SeenProcessed);
        let mut lines = vec![format!("{} of {} processed", number(processed + there + self.earlier), counted(file.row_count(), "finding"))];
        if self.earlier > 0 {
            lines.push(format!("  {} by an earlier run", number(self.earlier)));
        }
        if there > 0 {
            lines.push(format!("  {} had the values already when they were read", number(there)));
        }
        let problems: Vec<(RowId, &Problem)> = self
            .results
            .iter()
            .filter_map(|(row, result)| match result {
                RowResult::Problem(problem) => Some((*row, problem)),
                _ => None,
            })
            .collect();
        let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
        for (_, problem) in &problems {
            *kinds.entry(&problem.kind).or_default() += 1;
        }
        lines.extend(kinds.iter().map(|(kind, count)| format!("{} not processed: {}", number(*count), text::clean(kind.word()))));
        let unsent = file.row_count() - processed - there - self.earlier - problems.len();
        if unsent > 0 {
            lines.push(format!("{} not sent", number(unsent)));
        }
        lines.extend(problems.iter().take(MAX_NAMED).map(|(row, problem)| told(file, *row, problem)));
        if problems.len() > MAX_NAMED {
            lines.push(format!("  and {} more", problems.len() - MAX_NAMED));
        }
        if !problems.is_empty() {
            lines.push("The same command again tries these anew; what is processed is not sent again.".to_owned());
        }
        lines
    }

    /// How it ends, and what helps.
    pub fn end(
        &self,
        file: &PlanFile,
        end: Option<&End>,
        stop: Option<&Stop>,
        tell: impl Fn(&CallError) -> Report,
        again: &str,
    ) -> Result<ExitCode, Report> {
        if self.is_whole(file) {
            return Ok(ExitCode::SUCCESS);
        }
        let go_on = format!("Run `{again}` to go on; what is processed is not sent again.");
        match (end, stop) {
            (Some(End::Refused(error)), _) | (_, Some(Stop::Held(error))) => Err(out_of_reach(tell(error), &go_on)),
            (Some(End::Unwritable(words)), _) => {
                let message = format!("the journal cannot be written, and so nothing more is sent: {words}");
                Err(Report::new(Kind::OutOfReach, message).hint(go_on))
            }
            (_, Some(Stop::Signal(name))) => Err(Report::new(Kind::Interrupted, format!("interrupted by {name}")).hint(go_on)),
            // It ends with a word of why, unless it failed itself.
            (None, None) => Err(Report::new(Kind::OutOfReach, "hubtriage failed while it sent; the log file has the details").hint(go_on)),
            _ => Ok(ExitCode::from(SOME_NOT)),
        }
    }
}

/// Whatever ended a send before its end is out of reach, with what helps and how to go on.
fn out_of_reach(report: Report, go_on: &str) -> Report {
    let mut details = report.details;
    details.extend(report.hint);
    Report { kind: Kind::OutOfReach, message: report.message, details, hint: Some(go_on.to_owned()) }
}

fn told(file: &PlanFile, row: RowId, problem: &Problem) -> String {
    let (uid, title) = outline::row(file, row).map(|planned| (planned.identity.shown(), planned.title.as_str())).unwrap_or_default();
    let why = match &problem.change {
        Some(change) => format!("was {}, is now {}", values_in_words(&change.seen), values_in_words(&change.theirs)),
        None => text::clean(&problem.message).into_owned(),
    };
    let request = problem.request_id.as_ref().map(|id| format!(" (request {})", text::clean(id))).unwrap_or_default();
    let title = text::clean(title);
    format!("  {}  {}: {}: {why}{request}", text::clean(uid), text::fit(&title, TITLE, text::Cut::End), text::clean(problem.kind.word()))
}

/// Writes lines; a reader that has gone away has seen enough.
pub fn write(lines: &[String], out: &mut dyn io::Write) -> Result<(), Report> {
    let written = lines.iter().try_for_each(|line| writeln!(out, "{line}")).and_then(|()| out.flush());
    written.map_or_else(|error| super::world::unless_closed(&error), Ok)
}
