//! Groups: what rows are grouped by, folding, and acting on a header.

use super::{arranging, movement, notice, problems::Towards};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        model::{Level, Model, Moved},
        overlay::{Choice, Menu, MenuItem, Overlay},
        wording,
    },
    domain::{
        grouping::GroupField,
        row::RowId,
        text::{self, Cut},
    },
    findings::{
        arranging::Doing,
        groups::{Group, GroupId},
        row_set::RowSet,
        view::Line,
    },
};

/// Most columns of a group's name in a notice.
const MAX_NAME: usize = 48;

/// Opens the menu of what rows can be grouped by.
pub(super) fn menu(model: &mut Model) -> Vec<Effect> {
    let now = model.view.grouped_by();
    let item = |field: Option<GroupField>| MenuItem {
        choice: Choice::Group(field),
        number: None,
        key: field.map_or(GroupField::NONE_KEY, GroupField::key),
        caption: field.map_or("none", GroupField::word).to_owned(),
        now: 0,
        note: (field == now && now.is_some()).then_some("now"),
    };
    let items: Vec<MenuItem> = GroupField::OFFERED.into_iter().map(Some).chain([None]).map(item).collect();
    let cursor = items.iter().position(|item| item.note.is_some()).unwrap_or(0);
    model.overlays.push(Overlay::Menu(Menu { title: "group by".to_owned(), items, cursor, targets: None }));
    Vec::new()
}

/// Groups rows by a field, or not at all, and says so.
pub(super) fn choose(model: &mut Model, field: Option<GroupField>) {
    group_by(model, field);
    if model.view.is_behind() { arranging::tell(model, Doing::Grouping) } else { tell_grouped(model) }
}

/// Says how rows are grouped now.
pub(super) fn tell_grouped(model: &mut Model) {
    let field = model.view.grouped_by();
    let Some((field, groups)) = field.zip(model.view.groups()) else {
        model.say(Level::Info, "rows are not grouped");
        return;
    };
    let groups = wording::counted(groups.shown().len(), "group");
    let [fold, all] = [Action::Fold, Action::FoldAll].map(|action| notice::table_keys(model, action));
    model.say(Level::Info, format!("{groups} by {field}, worst first, then the largest; {fold} folds one, {all} all"));
}

/// Groups rows by a field, or not at all. The cursor stays on its row; from a header it goes to the group's first row.
pub(super) fn group_by(model: &mut Model, field: Option<GroupField>) {
    // A header is one of this grouping only.
    model.cursor.lost = model.cursor.lost.filter(|lost| matches!(lost, Line::Row(_)));
    if let Some(group) = model.cursor.header.take()
        && model.cursor.moved == Moved::Yes
    {
        model.cursor.row = model.view.groups().and_then(|groups| groups.rows_of(group).first().copied());
    }
    model.marks.range = None;
    model.view.group_by(&model.store, field);
    if model.view.is_behind() && model.cursor.moved == Moved::Yes {
        // Meanwhile it stands where the groups that are shown have the row.
        model.cursor.lost = model.cursor.row.map(Line::Row).or(model.cursor.lost);
    }
}

/// The group that the cursor is on or in.
fn here(model: &Model) -> Option<GroupId> {
    model.cursor.header.or_else(|| model.view.groups()?.of(model.cursor.row?))
}

/// Folds the group that the cursor is on or in, or unfolds it.
pub(super) fn fold(model: &mut Model) -> Vec<Effect> {
    let Some(group) = here(model) else { return no_groups(model) };
    let is_folded = model.view.groups().and_then(|groups| groups.get(group)).is_some_and(Group::is_folded);
    model.view.fold(&model.store, group, !is_folded);
    if let Some(place) = model.view.header(group).filter(|_| !is_folded) {
        movement::go(model, place);
    }
    Vec::new()
}

/// Folds or unfolds every group.
pub(super) fn fold_all(model: &mut Model, is_folded: bool) -> Vec<Effect> {
    if model.view.groups().is_none() {
        return no_groups(model);
    }
    model.view.fold_all(&model.store, is_folded);
    Vec::new()
}

fn no_groups(model: &mut Model) -> Vec<Effect> {
    let group = notice::table_keys(model, Action::Group);
    model.say(Level::Info, format!("rows are not grouped; {group} groups them"));
    Vec::new()
}

/// To the next header, or to the one before; in a group the header before is its own.
pub(super) fn hop(model: &mut Model, towards: Towards, count: usize) -> Vec<Effect> {
    let Some(groups) = model.view.groups() else { return no_groups(model) };
    let Some(at) = here(model).and_then(|group| groups.place(group)) else { return notice::no_row(model) };
    let last = groups.shown().len().saturating_sub(1);
    let to = match towards {
        Towards::Next => at.saturating_add(count).min(last),
        Towards::Previous if model.cursor.header.is_some() => at.saturating_sub(count),
        Towards::Previous => at.saturating_sub(count.saturating_sub(1)),
    };
    let place = groups.shown().get(to).and_then(|&group| groups.header(group));
    match place {
        Some(place) if place != model.cursor.place => movement::go(model, place),
        _ => model.say(Level::Info, if towards == Towards::Next { "this is the last group" } else { "this is the first group" }),
    }
    Vec::new()
}

/// Marks all rows of so many groups from the header under the cursor on, or unmarks them where all of the first are marked, and moves to
/// the header behind them.
pub(super) fn mark(model: &mut Model, first: GroupId, count: usize) -> Vec<Effect> {
    let Some(groups) = model.view.groups() else { return Vec::new() };
    let Some(at) = groups.place(first) else { return notice::no_row(model) };
    let chosen = groups.shown().get(at..(at.saturating_add(count)).min(groups.shown().len())).unwrap_or_default();
    let rows: Vec<RowId> = chosen.iter().flat_map(|&group| groups.rows_of(group)).copied().collect();
    let puts = !groups.rows_of(first).iter().all(|&row| model.marks.rows.contains(row));
    let name = match chosen {
        [_] => format!("of group {}", text::fit(&groups.name(&model.store, first), MAX_NAME, Cut::End)),
        _ => format!("of {}", wording::counted(chosen.len(), "group")),
    };
    let behind = groups.shown().get(at + chosen.len()).and_then(|&group| groups.header(group));
    let chosen: RowSet = rows.iter().copied().collect();
    if puts {
        model.marks.rows.insert_all(&chosen);
    } else {
        model.marks.rows.remove_all(&chosen);
    }
    if let Some(place) = behind {
        movement::go(model, place);
    }
    let verb = if puts { "marked" } else { "unmarked" };
    let (rows, marked) = (wording::counted(rows.len(), "row"), wording::grouped(model.marks.rows.len()));
    model.say(Level::Info, format!("{verb} {rows} {name}; {marked} marked in all"));
    Vec::new()
}

/// Counts what the headers tell, where that has changed.
pub(super) fn settle(model: &mut Model) {
    let Model { view, store, marks, staging, outcomes, grouped, cursor, .. } = model;
    view.recount(store);
    let Some(groups) = view.groups() else {
        grouped.clear();
        return;
    };
    grouped.count(view, groups, &marks.rows, staging, outcomes);
    grouped.sum_up(store, view, cursor.header);
}

/// Whether a line is the header of a group whose rows stand below it.
pub(super) fn is_open_header(model: &Model, place: usize) -> bool {
    match model.view.line(place) {
        Some(Line::Header(group)) => !model.view.groups().and_then(|groups| groups.get(group)).is_some_and(Group::is_folded),
        _ => false,
    }
}
