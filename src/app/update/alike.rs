//! Marking rows that are like the one under the cursor.

use super::{marks, notice};
use crate::{
    app::{
        action::Action,
        cell,
        effect::Effect,
        likeness::Likeness,
        model::{Level, Model},
        overlay::{Choice, Menu, MenuItem, Overlay},
        wording,
    },
    domain::{
        column::ColumnKind,
        row::RowId,
        text::{self, Cut},
    },
};

/// Marks the rows left by the filter whose cell is the same as that under the cell cursor; where all of them are marked, unmarks them.
pub(super) fn mark_same(model: &mut Model) -> Vec<Effect> {
    if let Some(targets) = model.cursor.header.and_then(|_| group(model)) {
        toggle(model, &targets.0, &targets.1);
        return Vec::new();
    }
    let Some(row) = model.cursor.row else { return notice::no_row(model) };
    let column = model.cell().cloned().unwrap_or(ColumnKind::Control);
    let Some(rows) = cell::same(model, &column, row, &marks::left(model)) else {
        model.say(Level::Info, format!("{} of this finding has not been read yet: nothing was marked", column.word()));
        return Vec::new();
    };
    let value = cell::said(model, &column, row);
    let what = if value.is_empty() { format!("without a {}", column.word()) } else { format!("with {} {value}", column.word()) };
    toggle(model, &rows, &what);
    Vec::new()
}

/// The rows of the group whose header the cursor is on, and what they share.
fn group(model: &Model) -> Option<(Vec<RowId>, String)> {
    let (groups, group) = (model.view.groups()?, model.cursor.header?);
    let name = text::fit(&groups.name(&model.store, group), MAX_VALUE, Cut::Middle).into_owned();
    Some((groups.rows_of(group).to_vec(), format!("of {name}")))
}

/// The row under the cursor; on the header of a group its first, which has what all of them share.
fn here(model: &Model) -> Option<RowId> {
    model.cursor.row.or_else(|| model.view.groups()?.rows_of(model.cursor.header?).first().copied())
}

/// Marks rows, or unmarks them where all of them are marked.
fn toggle(model: &mut Model, rows: &[RowId], what: &str) {
    let unmarks = rows.iter().all(|&row| model.marks.rows.contains(row));
    marks::remember(model);
    for &row in rows {
        if unmarks {
            model.marks.rows.remove(row);
        } else {
            model.marks.rows.insert(row);
        }
    }
    let (left, marked) = (marks::left_words(model), wording::grouped(model.marks.rows.len()));
    let again = notice::table_keys(model, Action::MarkSame);
    let done = if unmarks { "unmarked" } else { "marked" };
    let hint = if unmarks { String::new() } else { format!("; {again} again unmarks them") };
    model.say(Level::Info, format!("{done} {}{left} {what}; {marked} are marked{hint}", wording::counted(rows.len(), "row")));
}

/// Opens the menu of what findings can be alike in, with how many rows left by the filter that would be.
pub(super) fn menu(model: &mut Model) -> Vec<Effect> {
    let Some(row) = here(model) else { return notice::no_row(model) };
    let rows = marks::left(model);
    let items: Vec<MenuItem> = Likeness::ALL.into_iter().filter_map(|likeness| item(model, likeness, row, &rows)).collect();
    if items.is_empty() {
        model.say(Level::Warning, "nothing is known of this finding that others could share");
        return Vec::new();
    }
    let title = format!("mark rows{} with the same", marks::left_words(model));
    model.overlays.push(Overlay::Menu(Menu { title, items, cursor: 0, targets: None }));
    Vec::new()
}

/// Longest value in the menu, so that the count beside it is seen in 80 columns.
const MAX_VALUE: usize = 36;

/// An offer of that menu; `None` where the row lacks it.
pub(super) fn item(model: &Model, likeness: Likeness, row: RowId, rows: &[RowId]) -> Option<MenuItem> {
    let value = likeness.value(&model.store, row)?;
    let now = likeness.like(&model.store, row, rows).len();
    let short = text::fit(&value, MAX_VALUE, Cut::Middle);
    let caption = format!("{}  {short}", likeness.word());
    Some(MenuItem { choice: Choice::Similar(likeness), number: None, key: likeness.key(), caption, now, note: None })
}

/// Marks the rows left by the filter that are alike.
pub(super) fn mark(model: &mut Model, likeness: Likeness) -> Vec<Effect> {
    let Some(row) = here(model) else { return notice::no_row(model) };
    let rows = likeness.like(&model.store, row, &marks::left(model));
    marks::remember(model);
    for &row in &rows {
        model.marks.rows.insert(row);
    }
    let (left, marked) = (marks::left_words(model), wording::grouped(model.marks.rows.len()));
    model.say(
        Level::Info,
        format!("marked {}{left} with the same {}; {marked} are marked", wording::counted(rows.len(), "row"), likeness.word()),
    );
    Vec::new()
}
