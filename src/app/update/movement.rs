//! Where the cursor goes, and keeping it on its row.

use super::{columns, detail, flow, problems::Towards, recipes, summary};
use crate::app::{
    action::Motion,
    effect::Effect,
    layout::{screen_body, scrolled},
    model::{Level, Model, Moved},
    overlay::Overlay,
};
use crate::{domain::row::RowId, findings::view::Line};

/// Moves whatever has the focus.
pub(super) fn moved(model: &mut Model, motion: Motion, count: Option<usize>) -> Vec<Effect> {
    let page = usize::from(screen_body(model.screen.rows)).max(1);
    let problem_count = problem_count(model);
    let text_lines = detail::line_count(model);
    let profiles = model.profiles.entry_count();
    match model.overlays.last_mut() {
        None => table(model, motion, count),
        Some(Overlay::Profiles(picker)) => picker.cursor = target(motion, count, picker.cursor, profiles, page),
        Some(Overlay::Recipes(_)) => recipes::moved(model, motion, count),
        Some(Overlay::Menu(menu)) => menu.cursor = target(motion, count, menu.cursor, menu.items.len(), menu.items.len()),
        Some(Overlay::Review(review)) => {
            let entries = review.entries().len();
            review.cursor = target(motion, count, review.cursor, entries, page);
        }
        Some(Overlay::Problems(panel)) => panel.cursor = target(motion, count, panel.cursor, problem_count, page),
        Some(Overlay::Sends(sends)) => sends.cursor = target(motion, count, sends.cursor, sends.lines.len(), page),
        Some(Overlay::SentRows(rows)) => rows.cursor = target(motion, count, rows.cursor, rows.rows.len(), page),
        Some(Overlay::Detail(detail)) => detail.top = text_target(motion, count, detail.top, text_lines, page),
        Some(Overlay::Help(help)) => help.top = text_target(motion, count, help.top, text_lines, page),
        Some(Overlay::Text(screen)) => screen.top = text_target(motion, count, screen.top, text_lines, page),
        Some(Overlay::Flow(_)) => flow::scroll(model, motion),
        Some(Overlay::Columns(chooser)) => {
            let entries = chooser.entries.len();
            chooser.cursor = target(motion, count, chooser.cursor, entries, entries.min(page / 2));
            columns::follow(model);
        }
        Some(Overlay::Tasks(panel)) => panel.cursor = target(motion, count, panel.cursor, panel.len(), page / 2),
        Some(Overlay::Summary(_)) => summary::moved(model, motion, count),
        Some(Overlay::Editor(_) | Overlay::Prompt(_) | Overlay::Count(_) | Overlay::Confirm(_) | Overlay::Busy(_)) => {}
    }
    Vec::new()
}

/// How many entries the problems panel has, where it is open.
fn problem_count(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Problems(_)) => model.problem_entries().len(),
        _ => 0,
    }
}

fn table(model: &mut Model, motion: Motion, count: Option<usize>) {
    let lines = model.view.line_count();
    let page = usize::from(model.layout().body).max(1);
    go(model, target(motion, count, model.cursor.place, lines, page));
}

/// Puts the table's cursor on a line.
pub(super) fn go(model: &mut Model, place: usize) {
    put(model, place);
    model.cursor.moved = Moved::Yes;
    model.cursor.restored = false;
    model.cursor.lost = None;
}

/// The line that something is on: a row that is folded away is on the header of its group; `None` where the filter takes it away.
fn line_of(model: &Model, what: Line) -> Option<usize> {
    match what {
        Line::Row(row) if model.view.get(model.cursor.place) == Some(row) => Some(model.cursor.place),
        Line::Row(row) => model.view.place(row).or_else(|| folded_into(model, row)),
        Line::Header(group) => model.view.header(group),
    }
}

/// Other rows are left by the filter: the cursor goes back to what an earlier one had taken away. Never when rows arrive: what the analyst
/// looks at must not change under a key.
pub(super) fn find_again(model: &mut Model) {
    if let Some(place) = model.cursor.lost.and_then(|lost| line_of(model, lost)) {
        go(model, place);
    }
}

fn put(model: &mut Model, place: usize) {
    model.cursor.place = place;
    (model.cursor.row, model.cursor.header) = match model.view.line(place) {
        Some(Line::Row(row)) => (Some(row), None),
        Some(Line::Header(group)) => (None, Some(group)),
        None => (None, None),
    };
}

/// Puts the table's cursor on a row, unfolding the group it is in; says whether the filter leaves it.
pub(super) fn land(model: &mut Model, row: RowId) -> bool {
    if model.view.is_behind() {
        // It is looked for once other rows are there.
        model.cursor.lost = Some(Line::Row(row));
        return model.view.contains(row);
    }
    if let Some(group) = model.view.groups().and_then(|groups| groups.of(row))
        && model.view.place(row).is_none()
        && model.view.index(row).is_some()
    {
        model.view.fold(&model.store, group, false);
    }
    let place = model.view.place(row);
    if let Some(place) = place {
        go(model, place);
    }
    place.is_some()
}

/// Puts the table's cursor where a row is, on the header of its group where it is folded away: nothing unfolds.
pub(super) fn follow(model: &mut Model, row: RowId) {
    if let Some(place) = line_of(model, Line::Row(row)) {
        go(model, place);
    }
}

/// Where a motion leads in a list.
pub(super) fn target(motion: Motion, count: Option<usize>, from: usize, len: usize, page: usize) -> usize {
    let last = len.saturating_sub(1);
    let times = count.unwrap_or(1);
    match motion {
        Motion::Down => from.saturating_add(times),
        Motion::Up => from.saturating_sub(times),
        Motion::First => count.unwrap_or(1).saturating_sub(1),
        Motion::Last => count.map_or(last, |count| count.saturating_sub(1)),
        Motion::HalfPageDown => from.saturating_add((page / 2).max(1) * times),
        Motion::HalfPageUp => from.saturating_sub((page / 2).max(1) * times),
        Motion::PageDown => from.saturating_add(page * times),
        Motion::PageUp => from.saturating_sub(page * times),
    }
    .min(last)
}

/// Where a motion leads in a text: its first line moves, and never past the last page.
pub(super) fn text_target(motion: Motion, count: Option<usize>, top: usize, lines: usize, page: usize) -> usize {
    target(motion, count, top, lines, page).min(lines.saturating_sub(page))
}

/// To the next row that waits for a decision; says when there is none.
pub(super) fn next_undecided(model: &mut Model, towards: Towards) -> Vec<Effect> {
    match find(model, towards, Model::is_undecided) {
        Some(row) => {
            land(model, row);
        }
        None => model.say(Level::Info, "no undecided finding is left here"),
    }
    Vec::new()
}

/// The nearest row in a direction, round the end, that fits, folded away or not; not the present one.
pub(super) fn find(model: &Model, towards: Towards, fits: impl Fn(&Model, RowId) -> bool) -> Option<RowId> {
    let rows = model.view.rows();
    let here = model.view.indices(model.cursor.place).start.min(rows.len());
    let (before, from) = rows.split_at(here);
    // A header stands before its rows, so that the first of them is the next one.
    let behind = from.get(usize::from(model.cursor.row.is_some())..).unwrap_or_default();
    let fits = |row: &RowId| fits(model, *row);
    match towards {
        Towards::Next => behind.iter().chain(before).copied().find(fits),
        Towards::Previous => before.iter().rev().chain(behind.iter().rev()).copied().find(fits),
    }
}

/// The header of the group that a row is folded into; `None` where the row is filtered away.
fn folded_into(model: &Model, row: RowId) -> Option<usize> {
    model.view.index(row)?;
    model.view.header(model.view.groups()?.of(row)?)
}

/// Puts the cursor back on its row after anything may have moved it, and scrolls so that it is seen.
pub(super) fn settle(model: &mut Model) {
    let count = model.view.line_count();
    let on = model.cursor.row.map(Line::Row).or(model.cursor.header.map(Line::Header)).filter(|_| model.cursor.moved == Moved::Yes);
    let stays = on.and_then(|on| line_of(model, on));
    if stays.is_none() {
        model.cursor.lost = model.cursor.lost.or(on);
    }
    let place = match (stays, model.cursor.moved) {
        (Some(place), _) => place,
        (None, Moved::Yes) => model.cursor.place.min(count.saturating_sub(1)),
        (None, Moved::No) => 0,
    };
    // Rows that came, went or moved shift what is on the screen, and leave the cursor on its line.
    if stays.is_some() {
        model.cursor.top = (model.cursor.top + place).saturating_sub(model.cursor.place);
    }
    put(model, place);
    let page = usize::from(model.layout().body);
    if model.cursor.restored && stays.is_some() {
        model.cursor.top = if place < page { 0 } else { place - page / 2 };
        // From here on nothing moves by itself.
        model.cursor.restored = model.scan.state.is_under_way();
    }
    model.cursor.top = scrolled(model.cursor.top, place, page, count);
    let lines = detail::line_count(model);
    let problems = problem_count(model);
    let page = usize::from(screen_body(model.screen.rows)).max(1);
    match model.overlays.last_mut() {
        Some(Overlay::Detail(detail)) => detail.top = detail.top.min(lines.saturating_sub(page)),
        Some(Overlay::Help(help)) => help.top = help.top.min(lines.saturating_sub(page)),
        Some(Overlay::Text(screen)) => screen.top = screen.top.min(lines.saturating_sub(page)),
        Some(Overlay::Problems(panel)) => panel.cursor = panel.cursor.min(problems.saturating_sub(1)),
        Some(Overlay::Review(review)) => review.cursor = review.cursor.min(review.entries().len().saturating_sub(1)),
        _ => {}
    }
}
