//! Deciding what stands against a change: someone else's values, or a policy that denies one of its fields. Nothing here is sent; every
//! way from here leads through the review.

use super::{notice, problems, rails, review, staging};
use crate::{
    app::{
        action::Action,
        deed::Deed,
        effect::Effect,
        keymap::Context,
        model::{Level, Model},
        overlay::{Choice, Menu, MenuItem, Overlay, TargetSource, Targets},
        wording,
    },
    domain::{
        failure::CallFailure,
        field::Field,
        patch::{Patch, Values},
        row::RowId,
    },
    findings::row_set::RowSet,
    send::report::ProblemKind,
};

/// What was denied as a whole call.
const DENIED: ProblemKind = ProblemKind::Call(CallFailure::AccessDenied);

/// The rows under the panel's cursor that have a problem of this kind.
fn chosen(model: &Model, kind: &ProblemKind) -> Vec<RowId> {
    let mut rows = problems::chosen(model);
    rows.retain(|&row| model.outcomes.problem(row).is_some_and(|problem| problem.kind == *kind));
    rows
}

/// Says that an action is for rows that someone else changed.
fn only_changed(model: &mut Model, action: Action) -> Vec<Effect> {
    let key = notice::keys(model, Context::Problems, action);
    model.say(Level::Info, format!("{key} decides about findings that someone else changed; this is none"));
    Vec::new()
}

/// Rows that someone else changed, with the values that the analyst had seen.
fn seen(model: &Model, rows: &[RowId]) -> Vec<(RowId, Values)> {
    let of = |row: RowId| Some((row, model.outcomes.problem(row)?.change.as_ref()?.seen.clone()));
    rows.iter().filter_map(|&row| of(row)).collect()
}

/// Keeps the staged changes: they are plain staged changes again, decided about knowing the present values, and go out through the review.
pub(super) fn keep_mine(model: &mut Model) -> Vec<Effect> {
    let rows = chosen(model, &ProblemKind::Changed);
    if rows.is_empty() {
        return only_changed(model, Action::KeepMine);
    }
    let kept: Vec<(RowId, Option<Patch>)> = rows.iter().map(|&row| (row, model.staging.get(row).cloned())).collect();
    model.staging.keep_mine(seen(model, &rows));
    rails::hold(model, &kept);
    for &row in &rows {
        model.outcomes.clear(row);
    }
    let [review, undo] = [Action::Review, Action::Undo].map(|action| notice::table_keys(model, action));
    let what = wording::counted(rows.len(), "change");
    model.say(
        Level::Info,
        format!("kept your {what} over theirs; nothing is sent yet: {review} at the table reviews, {undo} takes it back"),
    );
    problems::leave_when_done(model);
    Vec::new()
}

/// Drops the staged changes: the findings stay as someone else left them.
pub(super) fn keep_theirs(model: &mut Model) -> Vec<Effect> {
    let rows = chosen(model, &ProblemKind::Changed);
    if rows.is_empty() {
        return only_changed(model, Action::KeepTheirs);
    }
    let conflicts = seen(model, &rows);
    for &row in &rows {
        model.outcomes.clear(row);
    }
    let dropped = model.staging.keep_theirs(conflicts);
    let undo = notice::table_keys(model, Action::Undo);
    let what = wording::counted(dropped, "staged change");
    model.say(Level::Info, format!("kept theirs: {what} dropped; {undo} at the table brings back what was staged"));
    problems::leave_when_done(model);
    Vec::new()
}

/// Offers to send what was denied without one of its fields, where it has more than one.
pub(super) fn send_without(model: &mut Model) -> Vec<Effect> {
    let rows = chosen(model, &DENIED);
    if rows.is_empty() {
        let key = notice::keys(model, Context::Problems, Action::SendWithout);
        model.say(Level::Info, format!("{key} leaves a field out of changes that your policy denies; this is none"));
        return Vec::new();
    }
    let said: String =
        rows.iter().find_map(|&row| model.outcomes.problem(row)).map(|problem| problem.message.to_string()).unwrap_or_default();
    let items: Vec<MenuItem> = Field::ALL.into_iter().filter_map(|field| item(model, &rows, field)).collect();
    if items.is_empty() {
        let drop = notice::keys(model, Context::Problems, Action::Drop);
        model
            .say(Level::Warning, format!("each of these changes sets one field only: without it nothing would be left; {drop} drops them"));
        return Vec::new();
    }
    // The field that the service names is most likely the one to leave out.
    let named = |item: &MenuItem| matches!(item.choice, Choice::Without(field) if said.contains(field.member()));
    let cursor = items.iter().position(named).unwrap_or(0);
    let targets = Targets { rows, hidden: 0, source: TargetSource::Marks };
    let title = format!("leave out of {}", wording::counted(targets.rows.len(), "denied change"));
    model.overlays.push(Overlay::Menu(Menu { title, items, cursor, targets: Some(targets) }));
    Vec::new()
}

fn item(model: &Model, rows: &[RowId], field: Field) -> Option<MenuItem> {
    let count = rows.iter().filter(|&&row| reduced(model, row, field).is_some()).count();
    let key = match field {
        Field::Status => 's',
        Field::Severity => 'v',
        Field::Comment => 'c',
    };
    (count > 0).then(|| MenuItem {
        choice: Choice::Without(field),
        number: None,
        key,
        caption: format!("{}, which {count} set among others", field.word()),
        now: 0,
        note: None,
    })
}

/// What would be staged on a row without a field; `None` where the field is not set, or nothing else is.
fn reduced(model: &Model, row: RowId, field: Field) -> Option<Patch> {
    let staged = model.staging.get(row).filter(|staged| staged.sets(field))?;
    Some(staged.without_field(field)).filter(|less| !less.is_empty())
}

/// Stages what was denied without a field and opens the review: sending it is decided there.
pub(super) fn leave_out(model: &mut Model, targets: &Targets, field: Field) -> Vec<Effect> {
    let busy: RowSet = staging::being_sent(model);
    let wanted: Vec<(RowId, Patch)> =
        targets.rows.iter().filter(|&&row| !busy.contains(row)).filter_map(|&row| Some((row, reduced(model, row, field)?))).collect();
    let (changed, left) = (wanted.len(), targets.rows.len() - wanted.len());
    for (row, _) in &wanted {
        model.outcomes.clear(*row);
    }
    let before: Vec<(RowId, Option<Patch>)> = wanted.iter().map(|(row, _)| (*row, model.staging.get(*row).cloned())).collect();
    model.staging.replace(Deed::LeftOut(field), wanted);
    rails::hold(model, &before);
    if matches!(model.overlays.last(), Some(Overlay::Problems(_))) {
        model.overlays.pop();
    }
    let effects = review::open(model);
    let undo = notice::table_keys(model, Action::Undo);
    let stay = if left > 0 { format!("; {left} stay as they are") } else { String::new() };
    let what = wording::counted(changed, "change");
    model.say(Level::Info, format!("{what} staged without the {}{stay}; {undo} at the table undoes", field.word()));
    effects
}
