//! Choosing rows.

use super::{grouping, movement, notice};
use crate::{
    app::{
        effect::Effect,
        model::{Level, Model, Range, RangeKind, ScanState},
    },
    domain::row::RowId,
    findings::view::Line,
};

/// Marks or unmarks rows from the cursor on, and moves behind them.
pub(super) fn toggle(model: &mut Model, count: usize) -> Vec<Effect> {
    if let (Some(group), true) = (model.cursor.header, model.overlays.is_empty()) {
        return grouping::mark(model, group, count);
    }
    let Some(first) = model.cursor.row else { return notice::no_row(model) };
    if let Some(crate::app::overlay::Overlay::Detail(detail)) = model.overlays.last() {
        let row = detail.row;
        let was_marked = model.marks.rows.remove(row);
        if !was_marked {
            model.marks.rows.insert(row);
        }
        model.say(Level::Info, if was_marked { "unmarked" } else { "marked" });
        return Vec::new();
    }
    let puts = !model.marks.rows.contains(first);
    let mut place = model.cursor.place;
    let mut left = count;
    while left > 0
        && let Some(line) = model.view.line(place)
    {
        // Headers on the way are no rows, and rows that are folded away are not counted off.
        if let Line::Row(row) = line {
            set(model, row, puts);
            left -= 1;
        }
        place += 1;
    }
    // The next one down is a row wherever rows follow: on a header the same key would mark the whole group.
    if grouping::is_open_header(model, place) {
        place += 1;
    }
    let last = model.view.line_count().saturating_sub(1);
    movement::go(model, place.min(last));
    Vec::new()
}

fn set(model: &mut Model, row: RowId, puts: bool) {
    if puts {
        model.marks.rows.insert(row);
    } else {
        model.marks.rows.remove(row);
    }
}

/// Begins a range, or ends it.
pub(super) fn range(model: &mut Model, kind: RangeKind) -> Vec<Effect> {
    match (model.marks.range, model.cursor.row) {
        (Some(range), _) if range.kind == kind => end_range(model),
        (_, Some(anchor)) => model.marks.range = Some(Range { anchor, kind }),
        (_, None) => return notice::no_row(model),
    }
    Vec::new()
}

/// Ends a range and does what it was for.
pub(super) fn end_range(model: &mut Model) {
    let Some(range) = model.marks.range.take() else { return };
    let Some(anchor) = model.view.place(range.anchor) else {
        model.say(Level::Warning, "the row where the range began is no longer shown: nothing was marked");
        return;
    };
    let (from, to) = (anchor.min(model.cursor.place), anchor.max(model.cursor.place));
    let rows: Vec<RowId> = model.view.span(from, to).to_vec();
    for &row in &rows {
        set(model, row, range.kind == RangeKind::Mark);
    }
    let done = match range.kind {
        RangeKind::Mark => "marked",
        RangeKind::Unmark => "unmarked",
    };
    model.say(Level::Info, format!("{done} {} rows; {} are marked", rows.len(), model.marks.rows.len()));
}

/// Marks all loaded rows left by the filter, and says that it is those.
pub(super) fn all(model: &mut Model) -> Vec<Effect> {
    remember(model);
    let rows: Vec<RowId> = model.view.rows().to_vec();
    for &row in &rows {
        model.marks.rows.insert(row);
    }
    let left = if model.view.is_filtered() { " left by the filter" } else { "" };
    match (&model.scan.state, model.scan.total) {
        (ScanState::Complete, _) => model.say(Level::Info, format!("marked all {} rows{left}", rows.len())),
        (_, Some(total)) => {
            model.say(
                Level::Warning,
                format!("marked the {} loaded rows{left}; the query has about {total}, the rest is not marked", rows.len()),
            );
        }
        (_, None) => {
            model.say(Level::Warning, format!("marked the {} loaded rows{left}; rows that are not loaded yet are not marked", rows.len()));
        }
    }
    Vec::new()
}

/// Marks what is unmarked among the shown rows, and the other way round.
pub(super) fn invert(model: &mut Model) -> Vec<Effect> {
    remember(model);
    let rows: Vec<RowId> = model.view.rows().to_vec();
    for row in rows {
        let puts = !model.marks.rows.contains(row);
        set(model, row, puts);
    }
    model.say(Level::Info, format!("{} rows are marked", model.marks.rows.len()));
    Vec::new()
}

/// Takes all marks away.
pub(super) fn clear(model: &mut Model) -> Vec<Effect> {
    let count = model.marks.rows.len();
    remember(model);
    model.marks.rows.clear();
    model.remembering.marks.clear();
    model.marks.range = None;
    let again =
        model.settings.keymap.shown(crate::app::keymap::Context::Table, crate::app::action::Action::MarkLastSet).unwrap_or_default();
    model.say(Level::Info, format!("unmarked {count} rows; {again} marks them again"));
    Vec::new()
}

/// Marks the last set again.
pub(super) fn last_set(model: &mut Model) -> Vec<Effect> {
    if model.marks.last.is_empty() {
        model.say(Level::Info, "there is no earlier set of marks");
        return Vec::new();
    }
    let now = std::mem::take(&mut model.marks.rows);
    model.marks.rows = std::mem::replace(&mut model.marks.last, now);
    model.say(Level::Info, format!("{} rows are marked", model.marks.rows.len()));
    Vec::new()
}

/// Keeps the present set for marking it again.
pub(super) fn remember(model: &mut Model) {
    if !model.marks.rows.is_empty() {
        model.marks.last = model.marks.rows.clone();
    }
}
