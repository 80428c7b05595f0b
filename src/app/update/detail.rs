//! One finding, whole: opening, searching, copying.

use super::{notice, problems::Towards};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        keymap::Context,
        layout::screen_body,
        model::{Level, Model},
        overlay::{Detail, Face, Overlay},
        text_view,
    },
    domain::{row::RowId, text},
};

/// Opens the cursor's finding.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(row) = row(model) else { return notice::no_row(model) };
    model.overlays.push(Overlay::Detail(Detail { row, face: Face::Summary, top: 0, search: String::new() }));
    Vec::new()
}

/// Searches as it is typed: the nearest hit from the present place on comes into view.
pub(super) fn search(model: &mut Model, typed: &str) {
    if let Some(Overlay::Detail(detail)) = model.overlays.iter_mut().rev().find(|overlay| matches!(overlay, Overlay::Detail(_))) {
        detail.search = typed.trim().to_lowercase();
    }
}

/// The search was accepted: to its first hit from here on.
pub(super) fn first_hit(model: &mut Model) -> Vec<Effect> {
    let hits = hits(model);
    let page = usize::from(screen_body(model.screen.rows));
    let Some(Overlay::Detail(detail)) = model.overlays.last_mut() else { return Vec::new() };
    if detail.search.is_empty() {
        return Vec::new();
    }
    if let Some(&line) = hits.iter().find(|&&line| line >= detail.top).or(hits.first()) {
        if line < detail.top || line >= detail.top + page {
            detail.top = line;
        }
        let keys = [Action::Next, Action::Previous].map(|action| notice::keys(model, Context::Detail, action));
        model.say(Level::Info, format!("{} lines hold it; {} and {} go on", hits.len(), keys[0], keys[1]));
    } else {
        let search = text::clean(&detail.search).into_owned();
        let switch = notice::keys(model, Context::Detail, Action::Switch);
        model.say(Level::Warning, format!("`{search}` is not in this text; {switch} shows the other face"));
    }
    Vec::new()
}

/// To the next or previous hit.
pub(super) fn next_hit(model: &mut Model, towards: Towards) -> Vec<Effect> {
    let hits = hits(model);
    let Some(Overlay::Detail(detail)) = model.overlays.last_mut() else { return Vec::new() };
    if detail.search.is_empty() {
        let search = notice::keys(model, Context::Detail, Action::Filter);
        model.say(Level::Info, format!("nothing is searched: {search} searches"));
        return Vec::new();
    }
    let top = detail.top;
    let found = match towards {
        Towards::Next => hits.iter().find(|&&line| line > top).or(hits.first()),
        Towards::Previous => hits.iter().rev().find(|&&line| line < top).or(hits.last()),
    };
    match found {
        Some(&line) => detail.top = line,
        None => model.say(Level::Warning, "not found"),
    }
    Vec::new()
}

/// The row that single-finding actions are for.
fn row(model: &Model) -> Option<RowId> {
    match model.overlays.last() {
        Some(Overlay::Detail(detail)) => Some(detail.row),
        Some(Overlay::Flow(flow)) => flow.row,
        _ => model.cursor.row,
    }
}

/// Copies the uid.
pub(super) fn copy_uid(model: &mut Model) -> Vec<Effect> {
    let Some(identity) = row(model).and_then(|row| model.store.identity(row)) else { return notice::no_row(model) };
    vec![Effect::Copy { label: "the uid", text: text::clean(identity.shown()).into_owned() }]
}

/// Copies the first resource.
pub(super) fn copy_resource(model: &mut Model) -> Vec<Effect> {
    let Some(row) = row(model).and_then(|row| model.store.row(row)) else { return notice::no_row(model) };
    vec![Effect::Copy { label: "the resource", text: model.store.text(row.resource).to_owned() }]
}

/// Copies the document.
pub(super) fn copy_json(model: &mut Model) -> Vec<Effect> {
    let Some((archive, slot)) = row(model).and_then(|row| model.store.document(row)) else { return notice::no_row(model) };
    vec![Effect::CopyDocument(archive, slot)]
}

/// How many lines the text of the innermost screen has; zero where it is no text.
pub(super) fn line_count(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Detail(detail)) => text_view::detail_lines(model, detail, model.screen.columns).len(),
        Some(Overlay::Help(help)) => text_view::help_lines(model, help, model.screen.columns).len(),
        _ => 0,
    }
}

/// The lines of the detail that hold what is searched.
fn hits(model: &Model) -> Vec<usize> {
    let Some(Overlay::Detail(detail)) = model.overlays.last() else { return Vec::new() };
    let lines = text_view::detail_lines(model, detail, model.screen.columns);
    lines.iter().enumerate().filter(|(_, line)| line.is_hit()).map(|(at, _)| at).collect()
}
