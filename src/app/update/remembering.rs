//! What the last session left comes back as its findings arrive, and what the next one will want back is written down.

use super::{loading, narrowing, profiles};
use crate::{
    app::{
        effect::Effect,
        journaling::JournalState,
        model::{Asked, Level, Model, Moved, ScanState},
        overlay::{Overlay, PromptPurpose},
        remembered::{MarkedFindings, News, Recall, Remembered, Snapshot},
        visit::{ALIVE, Visits},
        wording,
    },
    domain::{query::Query, row::RowId, text, time::Millis},
};

use std::sync::Arc;

/// Milliseconds between two writings: a cursor that moves is no reason to write without a pause. So many marks take as many milliseconds
/// more: a million of them are a file of 80 MB.
const PAUSE: i64 = 2_000;
const MARKS_PER_MILLISECOND: usize = 20;

/// How long after the last writing the next one is.
fn pause(model: &Model) -> i64 {
    let marks = model.marks.rows.len() + model.remembering.marks.len();
    PAUSE.saturating_add_unsigned((marks / MARKS_PER_MILLISECOND) as u64)
}

/// The last session's file has been read; or it could not be, or not be written.
pub(super) fn recalled(model: &mut Model, result: Result<Option<Arc<Remembered>>, String>) -> Vec<Effect> {
    let is_first_look = model.remembering.recall == Recall::Awaited;
    if let Ok(left) = &result
        && is_first_look
    {
        visit(model, left.as_ref().map(|left| &left.visits));
    }
    let effects = match result {
        Ok(Some(left)) if model.remembering.recall == Recall::Awaited => take_back(model, &left),
        Ok(_) => Vec::new(),
        Err(why) => {
            model.say_too(Level::Warning, &text::clean(&why));
            Vec::new()
        }
    };
    model.remembering.recall = Recall::Done;
    effects
}

/// What was read in earlier visits, or in this one before the program was started again, is known now.
fn visit(model: &mut Model, left: Option<&Visits>) {
    let Model { visit, store, view, scan, now, .. } = model;
    let mut visits = left.cloned().unwrap_or_default().continued(*now);
    for read in std::mem::take(&mut visit.visits.present) {
        visits.again(read);
    }
    visit.visits = visits;
    visit.look_again(store, &scan.query, view.all());
}

/// Puts back what was left, but for what the analyst has changed already.
fn take_back(model: &mut Model, left: &Remembered) -> Vec<Effect> {
    model.screen.preview = left.preview;
    let is_typing = model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Prompt(_)));
    if model.filter.is_empty() && !is_typing && !left.filter.is_empty() {
        narrowing::set_filter(model, &left.filter);
        model.say_too(Level::Info, &format!("the filter \"{}\" of the last session is back", text::clean(left.filter.trim())));
    }
    model.former.recall(PromptPurpose::Query, &left.queries);
    model.former.recall_comments(&left.comments);
    model.remembering.marks = left.marks.to_awaited();
    if model.cursor.moved == Moved::No {
        model.remembering.cursor.clone_from(&left.cursor);
    }
    // What the session began with is nothing that the analyst chose.
    let untouched = *model.view.order() == model.profiles.present.order() && model.settings.asked != Asked::FilterProfile;
    let sorts = untouched && *model.view.order() != left.order;
    let is_choosing = model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Columns(_)));
    let has_chosen = is_choosing || model.columns != model.profiles.present.columns() || model.settings.asked == Asked::FilterProfile;
    if !left.profile.is_empty() {
        profiles::recall(model, &left.profile);
    }
    if !has_chosen && !left.columns.is_empty() {
        model.columns.clone_from(&left.columns);
    }
    if sorts {
        narrowing::order_by(model, left.order.clone());
    }
    let query = match (model.settings.asked, left.query.parse::<Query>()) {
        (Asked::CommandLine | Asked::FilterProfile, _) => None,
        (Asked::Nobody, Ok(query)) => Some(query).filter(|query| *query != model.scan.query),
        (Asked::Nobody, Err(error)) => {
            let why = text::clean(&error.to_string()).into_owned();
            model.say_too(Level::Warning, &format!("the query of the last session is not understood: {why}"));
            None
        }
    };
    match query {
        Some(query) => ask_instead(model, query),
        None if sorts && model.scan.state == ScanState::Loading => ask_instead(model, model.scan.query.clone()),
        None => {
            let known = known(model, left);
            came(model, &known);
            Vec::new()
        }
    }
}

/// Rows that are here and may have been marked, or have had the cursor: found by what is fewer, marks or rows.
fn known(model: &Model, left: &Remembered) -> Vec<RowId> {
    let rows: Vec<RowId> = if left.marks.len() < model.store.len() {
        left.marks.iter().chain(left.cursor.clone()).filter_map(|identity| model.store.find(&identity)).collect()
    } else {
        (0..model.store.len() as u32).map(RowId).collect()
    };
    rows.into_iter().filter(|&row| !model.is_gone(row)).collect()
}

/// Asks anew. A cursor that was moved already goes back to its finding, not to that of the last session.
fn ask_instead(model: &mut Model, query: Query) -> Vec<Effect> {
    if model.cursor.moved == Moved::Yes {
        model.remembering.cursor = model.cursor.row.and_then(|row| model.store.identity(row));
        model.cursor.moved = Moved::No;
    }
    loading::ask_instead(model, query)
}

/// Rows have come: those that the last session had marked are marked, and its cursor's has the cursor unless it has been moved since.
pub(super) fn came(model: &mut Model, rows: &[RowId]) {
    if model.remembering.marks.is_empty() && model.remembering.cursor.is_none() {
        return;
    }
    for &row in rows {
        let Some(identity) = model.store.identity(row) else { continue };
        if model.remembering.marks.take(&identity) {
            model.marks.rows.insert(row);
        }
        if model.remembering.cursor.as_ref() == Some(&identity) {
            model.remembering.cursor = None;
            if model.cursor.moved == Moved::No {
                model.cursor.row = Some(row);
                model.cursor.moved = Moved::Yes;
                model.cursor.restored = true;
            }
        }
    }
}

/// Once everything has come, what has not is given up.
pub(super) fn settle(model: &mut Model) {
    let waits = !model.remembering.marks.is_empty() || model.remembering.cursor.is_some();
    if !waits || model.scan.state != ScanState::Complete || model.journal.state == JournalState::Opening {
        return;
    }
    let lost = std::mem::take(&mut model.remembering.marks).len();
    model.remembering.cursor = None;
    if lost > 0 {
        let findings = wording::counted_are(lost, "marked finding");
        model.say_too(Level::Warning, &format!("{findings} not in the result any more, so not marked any more"));
    }
}

/// Writes down what has changed, not too often; whatever is left before the program ends. Only the session that has the journal does.
pub(super) fn keep(model: &mut Model, effects: &mut Vec<Effect>) {
    model.remembering.news = News::None;
    let end = effects.iter().position(|effect| matches!(effect, Effect::Quit | Effect::SwitchHub(_)));
    // At the end it is written in any case: that the visit went on until now.
    let is_due = end.is_some() || !is_written(model);
    if model.remembering.recall != Recall::Done || model.journal.state != JournalState::Open || !is_due {
        return;
    }
    let Some(key) = model.journal.key.clone() else { return };
    let is_soon = model.remembering.written_at.is_some_and(|Millis(at)| model.now.0.saturating_sub(at) < pause(model));
    if is_soon && end.is_none() {
        model.remembering.news = News::Waits;
        return;
    }
    model.remembering.written = Some(snapshot(model));
    model.remembering.written_at = Some(model.now);
    let save = Effect::SaveSession(key, Arc::new(remembered(model)));
    effects.insert(end.unwrap_or(effects.len()), save);
}

fn remembered(model: &Model) -> Remembered {
    Remembered {
        profile: model.profiles.left_as().to_owned(),
        query: model.scan.query.to_string(),
        order: model.view.order().clone(),
        columns: model.columns.clone(),
        preview: model.screen.preview,
        filter: model.filter.clone(),
        cursor: cursor(model).and_then(|row| model.store.identity(row)).or_else(|| model.remembering.cursor.clone()),
        // What has not come yet is still marked: a session that is left early must not lose it.
        marks: MarkedFindings::new(model.store.names(), model.marks.rows.clone(), model.remembering.marks.clone()),
        visits: Visits { alive: Some(model.now), ..model.visit.visits.clone() },
        queries: model.former.of(PromptPurpose::Query).to_vec(),
        comments: model.former.comments().to_vec(),
    }
}

/// The cursor's row, once it has been moved: until then it is wherever the first row is.
fn cursor(model: &Model) -> Option<RowId> {
    model.cursor.row.filter(|_| model.cursor.moved == Moved::Yes)
}

fn snapshot(model: &Model) -> Snapshot {
    Snapshot {
        profile: model.profiles.left_as().to_owned(),
        query: model.scan.query.clone(),
        order: model.view.order().clone(),
        columns: model.columns.clone(),
        preview: model.screen.preview,
        filter: model.filter.clone(),
        cursor: cursor(model),
        marks: model.marks.rows.clone(),
        waiting: model.remembering.marks.len(),
        reads: model.visit.visits.present.clone(),
        former: model.former.changes,
    }
}

/// Whether nothing has changed since it was last written, and that was not so long ago that the visit may seem to have ended. Runs after
/// every event, so it copies nothing.
fn is_written(model: &Model) -> bool {
    let is_recent = model.remembering.written_at.is_some_and(|Millis(at)| model.now.0.saturating_sub(at) < ALIVE);
    is_recent
        && model.remembering.written.as_ref().is_some_and(|written| {
            written.cursor == cursor(model)
                && written.marks == model.marks.rows
                && written.waiting == model.remembering.marks.len()
                && written.former == model.former.changes
                && written.filter == model.filter
                && written.preview == model.screen.preview
                && written.columns == model.columns
                && written.order == *model.view.order()
                && written.query == model.scan.query
                && written.profile == model.profiles.left_as()
                && written.reads == model.visit.visits.present
        })
}
