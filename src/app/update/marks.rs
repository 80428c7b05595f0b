//! Choosing rows.

use super::{grouping, loading, movement, notice};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        model::{Level, Model, Range, RangeKind, Rest, ScanState},
        overlay::{Choice, Menu, MenuItem, Overlay, Reach},
        remembered::Awaited,
        wording,
    },
    domain::row::RowId,
    findings::{row_set::RowSet, view::Line},
};

/// Marks or unmarks rows from the cursor on, and moves behind them.
pub(super) fn toggle(model: &mut Model, count: usize) -> Vec<Effect> {
    if let (Some(group), true) = (model.cursor.header, model.overlays.is_empty()) {
        return grouping::mark(model, group, count);
    }
    let Some(first) = model.cursor.row else { return notice::no_row(model) };
    if let Some(Overlay::Detail(detail)) = model.overlays.last() {
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
    let set: RowSet = rows.iter().copied().collect();
    match range.kind {
        RangeKind::Mark => model.marks.rows.insert_all(&set),
        RangeKind::Unmark => model.marks.rows.remove_all(&set),
    }
    let done = match range.kind {
        RangeKind::Mark => "marked",
        RangeKind::Unmark => "unmarked",
    };
    model.say(Level::Info, format!("{done} {} rows; {} are marked", rows.len(), model.marks.rows.len()));
}

/// The rows of the result that the filter leaves, those of folded groups too. Rows that are gone from it, and shown because something is
/// staged on them, are not: who asks for all of a query means the query.
pub(super) fn left(model: &Model) -> Vec<RowId> {
    model.view.rows().iter().copied().filter(|&row| !model.is_gone(row)).collect()
}

/// The same without an order, in which a million of them are marked at once; and how many are left out because they are gone. Where the
/// filter leaves everything, no row is asked.
pub(super) fn left_set(model: &Model) -> (RowSet, usize) {
    let mut left = model.view.left();
    let all = left.len();
    model.take_gone(&mut left);
    let gone = all - left.len();
    (left, gone)
}

/// `; 75 rows that are gone from the result are not`, where some are shown.
fn gone_words(gone: usize) -> String {
    match gone {
        0 => String::new(),
        1 => "; a row that is gone from the result is not".to_owned(),
        gone => format!("; {} rows that are gone from the result are not", wording::grouped(gone)),
    }
}

/// ` left by the filter`, where some rows may be hidden.
pub(super) fn left_words(model: &Model) -> &'static str {
    if model.view.is_filtered() { " left by the filter" } else { "" }
}

/// Marks all rows left by the filter. Where pages are missing, asks which are meant.
pub(super) fn all(model: &mut Model) -> Vec<Effect> {
    if model.scan.state == ScanState::Complete {
        mark_left(model);
        return Vec::new();
    }
    let (loaded, _) = left_set(model);
    let left = left_words(model);
    let count = model.scan.bound.word();
    let whole = match (model.scan.total.map(wording::grouped), left) {
        (Some(total), "") => format!("all, {count} {total}: loads the rest first"),
        (Some(total), left) => format!("of all, {count} {total}, those{left}: loads the rest first"),
        (None, left) => format!("all rows of the query{left}: loads the rest first"),
    };
    let item = |reach, key, caption| MenuItem { choice: Choice::All(reach), number: None, key, caption, now: 0, note: None };
    let items = vec![
        item(Reach::Loaded, 'l', format!("the loaded ones{left}, {} by now", wording::grouped(loaded.len()))),
        item(Reach::Whole, 'a', whole),
    ];
    model.overlays.push(Overlay::Menu(Menu { title: "pages are missing; mark".to_owned(), items, cursor: 0, targets: None }));
    Vec::new()
}

/// Marks as much as was chosen.
pub(super) fn reach(model: &mut Model, reach: Reach) -> Vec<Effect> {
    match reach {
        Reach::Loaded => {
            mark_left(model);
            Vec::new()
        }
        // The last page came while the question was open.
        Reach::Whole if model.scan.state == ScanState::Complete => {
            mark_left(model);
            Vec::new()
        }
        Reach::Whole => {
            let effects = if model.scan.state.is_under_way() { Vec::new() } else { loading::run_again(model) };
            model.marks.rest = Some(Rest { filter: model.filter.clone() });
            tell_rest(model);
            effects
        }
    }
}

/// Begins what is said while the rest is loaded.
const LOADS_REST: &str = "loading the rest, to mark all";

fn tell_rest(model: &mut Model) {
    let bound = model.scan.bound.word();
    let of = model.scan.total.map(|total| format!(" of {bound} {}", wording::grouped(total))).unwrap_or_default();
    let esc = notice::table_keys(model, Action::Back);
    let loaded = wording::grouped(model.scan.loaded);
    model.say(Level::Info, format!("{LOADS_REST}: {loaded}{of}; {esc} marks nothing"));
}

/// A page came: where all are here now, they are marked.
pub(super) fn rest_came(model: &mut Model) {
    let Some(rest) = &model.marks.rest else { return };
    if model.scan.state != ScanState::Complete {
        // What something else said stays until it is read.
        if model.notice.as_ref().is_none_or(|notice| notice.text.starts_with(LOADS_REST)) {
            tell_rest(model);
        }
        return;
    }
    if model.view.is_behind() {
        // Which rows the filter leaves is known in a moment.
        return;
    }
    if rest.filter == model.filter {
        mark_left(model);
    } else {
        let again = notice::table_keys(model, Action::MarkAll);
        model.say(
            Level::Warning,
            format!("all rows are loaded, but the filter has changed: nothing was marked; {again} marks what it leaves"),
        );
    }
    model.marks.rest = None;
}

/// Loading ended before all rows were here.
pub(super) fn rest_is_lost(model: &mut Model) {
    if model.marks.rest.take().is_some() {
        model.say(Level::Warning, "not all rows could be loaded: nothing was marked");
    }
}

/// Waits for the rest no longer.
pub(super) fn leave_rest(model: &mut Model) {
    model.marks.rest = None;
    let stop = notice::table_keys(model, Action::Interrupt);
    model.say(Level::Info, format!("nothing is marked when the rest is loaded; {stop} stops loading"));
}

/// Marks what the filter leaves of the loaded rows, and says how much that is.
fn mark_left(model: &mut Model) {
    remember(model);
    let (rows, gone) = left_set(model);
    model.marks.rows.insert_all(&rows);
    let (left, count, bound) = (left_words(model), wording::grouped(rows.len()), model.scan.bound.word());
    match (&model.scan.state, model.scan.total.map(wording::grouped)) {
        (ScanState::Complete, _) => {
            let gone = gone_words(gone);
            model.say(Level::Info, format!("marked all {count} rows{left}{gone}"));
        }
        (_, Some(total)) => {
            model.say(
                Level::Warning,
                format!("marked the {count} loaded rows{left}; the query has {bound} {total}, the rest is not marked"),
            );
        }
        (_, None) => {
            model.say(Level::Warning, format!("marked the {count} loaded rows{left}; rows that are not loaded yet are not marked"));
        }
    }
}

/// Marks what is unmarked among the shown rows, and the other way round.
pub(super) fn invert(model: &mut Model) -> Vec<Effect> {
    remember(model);
    let (left, _) = left_set(model);
    model.marks.rows.toggle_all(&left);
    model.say(Level::Info, format!("{} rows are marked", model.marks.rows.len()));
    Vec::new()
}

/// Takes all marks away.
pub(super) fn clear(model: &mut Model) -> Vec<Effect> {
    let count = model.marks.rows.len();
    remember(model);
    model.marks.rows.clear();
    model.remembering.marks = Awaited::default();
    model.marks.range = None;
    let again =
        model.settings.keymap.shown(crate::app::keymap::Context::Table, crate::app::action::Action::MarkLastSet).unwrap_or_default();
    model.say(Level::Info, format!("unmarked {count} rows; {again} marks them again"));
    Vec::new()
}

/// Marks the last set again. Rows that have left the result since then stay away: nobody could see that they are marked.
pub(super) fn last_set(model: &mut Model) -> Vec<Effect> {
    let mut last = model.marks.last.clone();
    last.retain_all(&model.view.held());
    if last.is_empty() {
        model.say(Level::Info, "there is no earlier set of marks");
        return Vec::new();
    }
    model.marks.last = std::mem::replace(&mut model.marks.rows, last);
    model.say(Level::Info, format!("{} rows are marked", model.marks.rows.len()));
    Vec::new()
}

/// Keeps the present set for marking it again.
pub(super) fn remember(model: &mut Model) {
    if !model.marks.rows.is_empty() {
        model.marks.last = model.marks.rows.clone();
    }
}
