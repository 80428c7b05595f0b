//! Flow mode: what leads from one finding to the next, and back. Decisions are staged where all are; what follows one is here.

use super::{alike, deciding, movement, notice, problems::Towards, staging, trail};
use crate::{
    app::{
        action::{Action, Motion},
        effect::Effect,
        flow::{Flow, Wide},
        keymap::Context,
        likeness::Likeness,
        model::{Level, Model},
        overlay::{Menu, MenuItem, Overlay, TargetSource, Targets},
        text_view, wording,
    },
    domain::row::RowId,
};

/// Begins with the cursor's finding, or with the next undecided one.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.flow().is_some() {
        return Vec::new();
    }
    let here = model.cursor.row.filter(|&row| model.waits(row));
    let Some(row) = here.or_else(|| movement::find(model, Towards::Next, Model::waits)) else {
        if model.view.rows().is_empty() {
            return notice::no_row(model);
        }
        model.say(Level::Info, "no undecided finding is left here");
        return Vec::new();
    };
    model.marks.range = None;
    trail::leave(model);
    model.overlays.push(Overlay::Flow(Box::new(Flow::new(row, model.now))));
    show(model, row);
    Vec::new()
}

/// Puts a finding on the screen; the table's cursor goes with it.
fn show(model: &mut Model, row: RowId) {
    let place = model.view.index(row);
    if let Some(flow) = model.flow_mut() {
        flow.row = Some(row);
        flow.place = place.unwrap_or(flow.place);
        flow.top = 0;
        flow.wide = None;
    }
    movement::follow(model, row);
}

/// A row that was found.
struct Found {
    row: RowId,
    /// Whether the search went round the end for it.
    is_round: bool,
}

/// The nearest row in a direction that waits for a decision, round the end; not the one on the screen.
fn find(model: &Model, towards: Towards) -> Option<Found> {
    let flow = model.flow()?;
    let rows = model.view.rows();
    let here = flow.row.and_then(|row| model.view.index(row));
    let at = here.unwrap_or(flow.place).min(rows.len());
    let (before, from) = rows.split_at(at);
    // Where the row is not shown any more, another one stands at its place.
    let behind = from.get(usize::from(here.is_some())..).unwrap_or_default();
    let waits = |row: &RowId| model.waits(*row);
    let (straight, round) = match towards {
        Towards::Next => (behind.iter().copied().find(waits), before.iter().copied().find(waits)),
        Towards::Previous => (before.iter().rev().copied().find(waits), behind.iter().rev().copied().find(waits)),
    };
    let found = |row: Option<RowId>, is_round| row.map(|row| Found { row, is_round });
    found(straight, false).or_else(|| found(round, true))
}

/// Whose document is needed: that of the finding on the screen, and once it is there the next one's, so that no decision waits for it.
pub(super) fn wanted_row(model: &Model) -> Option<RowId> {
    let row = model.flow()?.row?;
    let has_room = !model.documents.wants(row) && model.documents.is_idle();
    if has_room { find(model, Towards::Next).map(|found| found.row) } else { Some(row) }
}

/// To the next finding that waits, or the one before; this one is left as it is.
pub(super) fn skip(model: &mut Model, towards: Towards) -> Vec<Effect> {
    let Some(Found { row, is_round }) = find(model, towards) else {
        model.say(Level::Info, "no other undecided finding is left here");
        return Vec::new();
    };
    if let Some(flow) = model.flow_mut() {
        flow.leave();
    }
    show(model, row);
    if is_round {
        model.say(
            Level::Info,
            match towards {
                Towards::Next => "from the top again",
                Towards::Previous => "from the end again",
            },
        );
    }
    Vec::new()
}

/// Something was staged on these rows: where the one on the screen is among them, the next one takes its place.
pub(super) fn decided(model: &mut Model, rows: &[RowId]) {
    let Some(flow) = model.flow_mut() else { return };
    flow.pace.decided = flow.pace.decided.saturating_add(rows.len());
    flow.wide = None;
    let Some(row) = flow.row.filter(|row| rows.contains(row)) else { return };
    // Decided on its detail, that is done with too.
    if matches!(model.overlays.last(), Some(Overlay::Detail(detail)) if detail.row == row) {
        model.overlays.pop();
    }
    advance(model);
}

/// To the next finding that waits, and says so where there is none or where it stands before this one.
fn advance(model: &mut Model) {
    let found = find(model, Towards::Next);
    if let Some(flow) = model.flow_mut() {
        flow.leave();
    }
    if let Some(Found { row, is_round }) = found {
        show(model, row);
        if is_round {
            model.say_too(Level::Info, "from the top again: what was skipped");
        }
        return;
    }
    if let Some(flow) = model.flow_mut() {
        flow.row = None;
        flow.top = 0;
    }
    model.say_too(Level::Info, "nothing is left to decide");
}

/// Back to the finding that was on the screen before.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    let Some(flow) = model.flow_mut() else { return Vec::new() };
    let now = flow.row;
    while let Some(row) = flow.trail.pop() {
        if Some(row) != now {
            show(model, row);
            return Vec::new();
        }
    }
    model.say(Level::Info, "this is the first finding that was shown here");
    Vec::new()
}

/// Takes the last staging back, and shows its finding again.
pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    if !model.staging.has_steps() {
        model.say(Level::Info, "nothing is staged that could be undone");
        return Vec::new();
    }
    let effects = staging::undo(model);
    let rows: Vec<RowId> = model.staging.undone_rows().collect();
    let Some(flow) = model.flow_mut() else { return effects };
    flow.pace.decided = flow.pace.decided.saturating_sub(rows.len());
    // Of many that were decided at once, the one that was on the screen.
    let seen = flow.trail.iter().rposition(|row| rows.contains(row));
    let row = seen.and_then(|at| flow.trail.get(at).copied()).or(rows.first().copied());
    if let Some(at) = seen {
        flow.trail.truncate(at);
    }
    if let Some(row) = row {
        show(model, row);
    }
    effects
}

/// Stages again what was undone, and moves on as after the decision itself.
pub(super) fn redo(model: &mut Model) -> Vec<Effect> {
    let before = model.staging.len();
    let effects = staging::redo(model);
    if model.staging.len() != before {
        let rows: Vec<RowId> = model.staging.done_rows().collect();
        decided(model, &rows);
    }
    effects
}

/// Stages the recipe of that place, counted from one.
pub(super) fn recipe(model: &mut Model, number: usize) -> Vec<Effect> {
    let Some(recipe) = number.checked_sub(1).and_then(|at| model.recipes().into_iter().nth(at).cloned()) else {
        let pick = notice::keys(model, Context::Flow, Action::Recipe);
        let count = model.recipes().len();
        let why = if count == 0 {
            "there are no recipes: the configuration names them".to_owned()
        } else {
            format!("there is no recipe {number}: {pick} shows all {count}")
        };
        model.say(Level::Warning, why);
        return Vec::new();
    };
    let Some(targets) = staging::targets(model) else { return notice::no_row(model) };
    deciding::stage(model, targets, recipe.decision, Some(recipe.name))
}

/// What a decision is for, where flow mode is what the analyst looks at.
pub(super) fn targets(flow: &Flow, model: &Model) -> Option<Targets> {
    let row = flow.row?;
    Some(match &flow.wide {
        None => Targets { rows: vec![row], hidden: 0, source: TargetSource::Cursor },
        Some(wide) => {
            let rows = wide.rows.iter().copied().filter(|&other| other == row || model.waits(other)).collect();
            Targets { rows, hidden: 0, source: TargetSource::Alike(wide.likeness) }
        }
    })
}

/// Opens the menu of what other undecided findings share with the one on the screen.
pub(super) fn likenesses(model: &mut Model) -> Vec<Effect> {
    let Some((row, rows)) = candidates(model) else { return notice::no_row(model) };
    let items = Likeness::ALL.into_iter().filter_map(|likeness| alike::item(model, likeness, row, &rows));
    // What only this one has makes the next decision for no more than it.
    let items: Vec<MenuItem> = items.filter(|item| item.now > 1).collect();
    if items.is_empty() {
        model.say(Level::Info, "no other undecided finding has anything in common with this one");
        return Vec::new();
    }
    let title = "the next decision is for undecided ones with the same".to_owned();
    model.overlays.push(Overlay::Menu(Menu { title, items, cursor: 0, targets: None }));
    Vec::new()
}

/// The rows that a decision could be for besides the one on the screen: those that wait. What is decided is not decided once more.
fn candidates(model: &Model) -> Option<(RowId, Vec<RowId>)> {
    let row = model.flow()?.row?;
    Some((row, model.view.rows().iter().copied().filter(|&other| other == row || model.waits(other)).collect()))
}

/// The next decision is for all that share this with the finding on the screen, and wait for one.
pub(super) fn widen(model: &mut Model, likeness: Likeness) -> Vec<Effect> {
    let Some((row, rows)) = candidates(model) else { return notice::no_row(model) };
    let rows = likeness.like(&model.store, row, &rows);
    if rows.len() < 2 {
        model.say(Level::Info, format!("no other undecided finding has the same {}", likeness.word()));
        return Vec::new();
    }
    let one = notice::keys(model, Context::Flow, Action::Back);
    let told = format!("the next decision is for {} with the same {}; {one}: for this one", wording::grouped(rows.len()), likeness.word());
    if let Some(flow) = model.flow_mut() {
        flow.wide = Some(Wide { likeness, rows });
    }
    model.say(Level::Warning, told);
    Vec::new()
}

/// Leaves for the table, with the cursor on the finding; or, where the next decision was for more than it, only that.
pub(super) fn leave(model: &mut Model, mut flow: Box<Flow>) {
    if flow.wide.take().is_some() {
        model.overlays.push(Overlay::Flow(flow));
        model.say(Level::Info, "the next decision is for this finding alone");
        return;
    }
    if let Some(row) = flow.row.or(flow.trail.last().copied()) {
        movement::land(model, row);
    }
}

/// A motion scrolls the text.
pub(super) fn scroll(model: &mut Model, motion: Motion) {
    let Some(flow) = model.flow() else { return };
    let page = text_view::flow_page(model, flow, model.screen.columns, model.screen.rows);
    let (lines, room) = (page.text.len(), usize::from(page.room));
    let top = movement::text_target(motion, None, flow.top, lines, room.max(1));
    if let Some(flow) = model.flow_mut() {
        flow.top = top;
    }
}

/// A key came: the time since the last one was spent on deciding.
pub(super) fn feel(model: &mut Model) {
    let now = model.now;
    if let Some(flow) = model.flow_mut() {
        flow.pace.feel(now);
    }
}

/// Rows may have come, gone or moved, and what nothing was left of may have more.
pub(super) fn settle(model: &mut Model) {
    let Some(flow) = model.flow() else { return };
    match flow.row {
        Some(row) => {
            let place = model.view.index(row);
            if let (Some(place), Some(flow)) = (place, model.flow_mut()) {
                flow.place = place;
            }
        }
        None => {
            if let Some(Found { row, .. }) = find(model, Towards::Next) {
                show(model, row);
            }
        }
    }
    model.count_for_flow();
    let Some(flow) = model.flow().filter(|flow| flow.top > 0) else { return };
    let page = text_view::flow_page(model, flow, model.screen.columns, model.screen.rows);
    let last = page.text.len().saturating_sub(usize::from(page.room));
    if let Some(flow) = model.flow_mut() {
        flow.top = flow.top.min(last);
    }
}
