//! Marking and unmarking the loaded rows that match a query. Their documents are gone through off the loop; the answer marks.

use std::fmt::Write as _;

use super::{marks, notice, prompting};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        event::RequestId,
        model::{Level, Model, RangeKind, ScanState},
        overlay::{Prompt, PromptPurpose},
        survey::{Asking, Covered, Found, Marking, Survey, SurveyKind},
        wording,
    },
    domain::{
        query::{Query, matching::Matcher},
        row::RowId,
    },
    findings::{
        arranging::Pace,
        budget::Budget,
        held::{self, Gathering},
        row_set::RowSet,
    },
};

/// Asks for the query.
pub(super) fn prompt(model: &mut Model, kind: RangeKind) -> Vec<Effect> {
    if kind == RangeKind::Unmark && model.marks.rows.is_empty() {
        model.say(Level::Info, "nothing is marked");
        return Vec::new();
    }
    ask(model, kind, "");
    Vec::new()
}

fn ask(model: &mut Model, kind: RangeKind, text: &str) {
    let purpose = match kind {
        RangeKind::Mark => PromptPurpose::MarkByQuery,
        RangeKind::Unmark => PromptPurpose::UnmarkByQuery,
    };
    prompting::open(model, Prompt::new(purpose, text));
}

/// The query was typed.
pub(super) fn accept(model: &mut Model, kind: RangeKind, typed: &str) -> Vec<Effect> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    match typed.parse::<Query>() {
        Ok(query) => begin(model, kind, &query),
        Err(error) => {
            ask(model, kind, typed);
            model.say(Level::Error, error.to_string());
            Vec::new()
        }
    }
}

/// Begins to look for the rows left by the filter that match.
pub(super) fn begin(model: &mut Model, kind: RangeKind, query: &Query) -> Vec<Effect> {
    let (mut rows, _) = marks::left_set(model);
    if kind == RangeKind::Unmark {
        rows.retain_all(&model.marks.rows);
    }
    let asked = rows.len();
    let (known, untold) = told(model, query, &rows);
    if untold.is_empty() {
        let effects = if model.surveys.marking.take().is_some() { vec![Effect::CancelSurvey(SurveyKind::Query)] } else { Vec::new() };
        finish(model, kind, &known, asked, 0);
        return effects;
    }
    let request = model.next_request();
    let covered = Covered { of: untold.len(), ..Covered::default() };
    let asking = Some(Asking { query: query.clone(), gathering: Gathering::new(untold) });
    model.surveys.marking = Some(Marking { request, kind, asked, covered, known, without: 0, asking });
    tell(model, covered);
    let Pace { at_once, step, .. } = model.view.pace();
    gather(model, if model.store.len() <= at_once { Budget::endless() } else { Budget::of(step) })
}

/// Goes on putting together the documents that have to be read; once that is done, asks for them to be gone through.
pub(super) fn gather(model: &mut Model, mut budget: Budget) -> Vec<Effect> {
    let Model { store, surveys, .. } = model;
    let Some(marking) = &mut surveys.marking else { return Vec::new() };
    let Some(held) = marking.asking.as_mut().and_then(|asking| asking.gathering.step(store, &mut budget)) else { return Vec::new() };
    let Some(Asking { query, .. }) = marking.asking.take() else { return Vec::new() };
    marking.without = held.without;
    let (request, covered) = (marking.request, Covered { of: held.rows(), ..Covered::default() });
    cover(model, request, covered);
    vec![Effect::Survey { request, what: Survey::Query(query), rows: held.pages.into() }]
}

/// The rows that match as far as their columns tell, and those whose documents have to be read.
fn told(model: &Model, query: &Query, rows: &RowSet) -> (RowSet, Vec<RowId>) {
    if let Query::Findings(identities) = query {
        let mut named: RowSet = identities.iter().filter_map(|identity| model.store.find(identity)).collect();
        named.retain_all(rows);
        return (named, Vec::new());
    }
    let matcher = Matcher::new(query);
    held::parted(&model.store, rows, |known| matcher.told_by(known, model.now))
}

/// Begins what is said while documents are gone through.
const LOOKING: &str = "looking for rows that match";

fn tell(model: &mut Model, covered: Covered) {
    let esc = notice::table_keys(model, Action::Back);
    model.say(
        Level::Info,
        format!("{LOOKING}: {} of {} are read; {esc} stops", wording::grouped(covered.done), wording::grouped(covered.of)),
    );
}

/// Some documents have been gone through.
pub(super) fn goes_on(model: &mut Model, request: RequestId, covered: Covered) -> Vec<Effect> {
    cover(model, request, covered);
    Vec::new()
}

fn cover(model: &mut Model, request: RequestId, covered: Covered) {
    let Some(marking) = model.surveys.marking.as_mut().filter(|marking| marking.request == request) else { return };
    marking.covered = covered;
    // What something else said stays until it is read.
    if model.notice.as_ref().is_none_or(|notice| notice.text.starts_with(LOOKING)) {
        tell(model, covered);
    }
}

/// All documents have been gone through.
pub(super) fn surveyed(model: &mut Model, request: RequestId, found: &Found, covered: Covered) -> Vec<Effect> {
    let Found::Rows(rows) = found else { return Vec::new() };
    let Some(marking) = model.surveys.marking.take_if(|marking| marking.request == request) else { return Vec::new() };
    let mut found = marking.known;
    found.insert_all(rows);
    finish(model, marking.kind, &found, marking.asked, marking.without + covered.unreadable);
    Vec::new()
}

/// Marks or unmarks what was found and is still part of the result.
fn finish(model: &mut Model, kind: RangeKind, found: &RowSet, asked: usize, unread: usize) {
    let mut here = found.clone();
    here.retain_all(&model.view.held());
    if !here.is_empty() {
        marks::remember(model);
    }
    match kind {
        RangeKind::Mark => model.marks.rows.insert_all(&here),
        RangeKind::Unmark => model.marks.rows.remove_all(&here),
    }
    let left = marks::left_words(model);
    let [marked, asked, count] = [model.marks.rows.len(), asked, here.len()].map(wording::grouped);
    let mut said = match (kind, here.len()) {
        (RangeKind::Mark, 0) => format!("none of {asked} rows{left} matches: nothing was marked"),
        (RangeKind::Unmark, 0) => format!("none of {asked} marked rows{left} matches: nothing was unmarked"),
        (RangeKind::Mark, _) => format!("{count} of {asked} rows{left} match and are marked; {marked} are marked"),
        (RangeKind::Unmark, _) => format!("{count} of {asked} marked rows{left} match and are unmarked; {marked} are marked"),
    };
    let mut level = Level::Info;
    if unread > 0 {
        level = Level::Warning;
        let _ = write!(said, "; {} could not be read and were left as they are", wording::grouped(unread));
    }
    if kind == RangeKind::Mark && model.scan.state != ScanState::Complete {
        level = Level::Warning;
        said.push_str("; rows that are not loaded yet are not marked");
    }
    model.say(level, said);
}

/// Looks no further.
pub(super) fn cancel(model: &mut Model) -> Vec<Effect> {
    model.surveys.marking = None;
    model.say(Level::Info, "stopped: no mark was changed");
    vec![Effect::CancelSurvey(SurveyKind::Query)]
}
