//! One finding, whole: opening and searching.

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
    for overlay in model.overlays.iter_mut().rev() {
        match overlay {
            Overlay::Detail(detail) => {
                detail.search = typed.trim().to_lowercase();
                return;
            }
            Overlay::Help(help) => {
                (help.search, help.top) = (typed.trim().to_lowercase(), 0);
                return;
            }
            _ => {}
        }
    }
}

/// The text that has the keys: its first line on the screen, and what is searched in it.
fn text(model: &mut Model) -> Option<(&mut usize, &str)> {
    match model.overlays.last_mut()? {
        Overlay::Detail(detail) => Some((&mut detail.top, &detail.search)),
        Overlay::Help(help) => Some((&mut help.top, &help.search)),
        _ => None,
    }
}

/// Where the text is.
fn context(model: &Model) -> Context {
    model.overlays.last().map_or(Context::Table, Overlay::context)
}

/// The search was accepted: to its first hit from here on.
pub(super) fn first_hit(model: &mut Model) -> Vec<Effect> {
    let hits = hits(model);
    let page = usize::from(screen_body(model.screen.rows));
    let context = context(model);
    let Some((top, search)) = self::text(model) else { return Vec::new() };
    if search.is_empty() {
        return Vec::new();
    }
    if let Some(&line) = hits.iter().find(|&&line| line >= *top).or(hits.first()) {
        if line < *top || line >= *top + page {
            *top = line;
        }
        let [next, previous, all] = [Action::Next, Action::Previous, Action::Back].map(|action| notice::keys(model, context, action));
        let all = if context == Context::Help { format!("; {all} shows all again") } else { String::new() };
        let hold = if hits.len() == 1 { "line holds" } else { "lines hold" };
        model.say(Level::Info, format!("{} {hold} it; {next} and {previous} go on{all}", hits.len()));
    } else {
        let search = text::clean(search).into_owned();
        let (action, leads) = if context == Context::Help { (Action::Back, "all again") } else { (Action::Switch, "the other face") };
        let keys = notice::keys(model, context, action);
        model.say(Level::Warning, format!("`{search}` is not in this text; {keys} shows {leads}"));
    }
    Vec::new()
}

/// To the next or previous hit.
pub(super) fn next_hit(model: &mut Model, towards: Towards) -> Vec<Effect> {
    let hits = hits(model);
    let context = context(model);
    let Some((top, search)) = self::text(model) else { return Vec::new() };
    if search.is_empty() {
        let search = notice::keys(model, context, Action::Filter);
        model.say(Level::Info, format!("nothing is searched: {search} searches"));
        return Vec::new();
    }
    let found = match towards {
        Towards::Next => hits.iter().find(|&line| line > top).or(hits.first()),
        Towards::Previous => hits.iter().rev().find(|&line| line < top).or(hits.last()),
    };
    match found {
        Some(&line) => *top = line,
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

/// How many lines the text of the innermost screen has; zero where it is no text.
pub(super) fn line_count(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Detail(detail)) => text_view::detail_lines(model, detail, model.screen.columns).len(),
        Some(Overlay::Help(help)) => text_view::help_lines(model, help, model.screen.columns).len(),
        Some(Overlay::Text(screen)) => screen.lines(model.screen.columns).len(),
        _ => 0,
    }
}

/// The lines of the text that hold what is searched.
fn hits(model: &Model) -> Vec<usize> {
    let lines = match model.overlays.last() {
        Some(Overlay::Detail(detail)) => text_view::detail_lines(model, detail, model.screen.columns),
        Some(Overlay::Help(help)) => text_view::help_lines(model, help, model.screen.columns),
        _ => return Vec::new(),
    };
    lines.iter().enumerate().filter(|(_, line)| line.is_hit()).map(|(at, _)| at).collect()
}
