//! Rows that need the analyst: hopping between them, trying again, dropping.

use super::{movement, notice, rails, reading, review, sending, staging};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        keymap::Context,
        model::{Access, Level, Model},
        overlay::{Overlay, ProblemEntry, ProblemsPanel},
    },
    domain::row::RowId,
    findings::row_set::RowSet,
    journal::entry::Origin,
    send::{plan::Plan, report::ProblemKind},
};

/// A direction in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Towards {
    /// Down.
    Next,
    /// Up.
    Previous,
}

/// To the next or previous row with a problem, round the end.
pub(super) fn hop(model: &mut Model, towards: Towards) -> Vec<Effect> {
    let total = model.outcomes.problem_count();
    if total == 0 {
        model.say(Level::Info, "no row has a problem");
        return Vec::new();
    }
    let is_problem = |model: &Model, row: RowId| model.outcomes.problem(row).is_some();
    let shown = model.view.rows().iter().filter(|&&row| is_problem(model, row)).count();
    let hidden = total - shown;
    match movement::find(model, towards, is_problem) {
        Some(row) => {
            movement::land(model, row);
            if let (Some(row), Some(Overlay::Detail(detail))) = (model.cursor.row, model.overlays.last_mut()) {
                detail.row = row;
                detail.top = 0;
            }
            if hidden > 0 {
                model.say(Level::Warning, format!("{hidden} more rows with a problem are hidden by the filter"));
            }
        }
        None if shown == 0 => {
            let [clear, list] = [Action::Back, Action::Problems].map(|action| notice::table_keys(model, action));
            model.say(
                Level::Warning,
                format!("all {hidden} rows with a problem are hidden by the filter; {clear} clears it, {list} lists them"),
            );
        }
        None => model.say(Level::Info, "this is the only row with a problem here"),
    }
    Vec::new()
}

/// Opens the panel.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.outcomes.problem_count() == 0 && model.session.trouble.is_none() {
        model.say(Level::Info, "there are no problems");
        return Vec::new();
    }
    model.overlays.push(Overlay::Problems(ProblemsPanel { cursor: 0 }));
    Vec::new()
}

/// The rows the panel's cursor is on: one, or all of a kind.
pub(super) fn chosen(model: &Model) -> Vec<RowId> {
    let Some(Overlay::Problems(panel)) = model.overlays.last() else { return Vec::new() };
    match model.problem_entries().get(panel.cursor) {
        Some(ProblemEntry::Row(row)) => vec![*row],
        Some(ProblemEntry::Kind(kind, _)) => {
            model.outcomes.problems().into_iter().filter(|(_, problem)| problem.kind == *kind).map(|(row, _)| row).collect()
        }
        None => Vec::new(),
    }
}

/// Leaves the panel for the row in the table.
pub(super) fn jump(model: &mut Model) -> Vec<Effect> {
    let Some(&row) = chosen(model).first() else { return Vec::new() };
    model.overlays.pop();
    if !movement::land(model, row) {
        super::narrowing::set_filter(model, "");
        super::narrowing::widen(model);
        if !movement::land(model, row) {
            model.say(Level::Warning, "this finding is no longer part of the result");
        }
    }
    Vec::new()
}

/// Drops the staged change of what the cursor is on.
pub(super) fn drop(model: &mut Model) -> Vec<Effect> {
    let rows = chosen(model);
    staging::drop_rows(model, &rows);
    leave_when_done(model);
    Vec::new()
}

/// Tries what the cursor is on again.
pub(super) fn retry(model: &mut Model) -> Vec<Effect> {
    let rows = chosen(model);
    again(model, &rows)
}

/// Tries everything again that can help.
pub(super) fn retry_all(model: &mut Model) -> Vec<Effect> {
    let rows: Vec<RowId> =
        model.outcomes.problems().into_iter().filter(|(_, problem)| problem.kind.is_retryable()).map(|(row, _)| row).collect();
    if rows.is_empty() {
        let [retry, drop] = [Action::Retry, Action::Drop].map(|action| notice::keys(model, Context::Problems, action));
        model.say(Level::Info, format!("none of these can be helped by trying again; {retry} tries one all the same, {drop} drops"));
    }
    again(model, &rows)
}

/// Rows whose outcome is unknown, that were not found or that someone else changed are read; the others are sent again without another
/// review, as long as what is staged on them is what was reviewed and sent before.
fn again(model: &mut Model, rows: &[RowId]) -> Vec<Effect> {
    if rows.is_empty() {
        return Vec::new();
    }
    let wants_read = |&row: &RowId| {
        let kind = model.outcomes.problem(row).map(|problem| &problem.kind);
        matches!(kind, Some(ProblemKind::Unknown | ProblemKind::Missing | ProblemKind::Changed))
    };
    let (unknown, known): (Vec<RowId>, Vec<RowId>) = rows.iter().copied().partition(wants_read);
    // Reading is no sending.
    if !known.is_empty() {
        if model.settings.access == Access::ReadOnly {
            model.say(Level::Warning, "this session is read-only: nothing can be sent");
            return Vec::new();
        }
        if let Some(effects) = review::unsafe_to_send(model) {
            return effects;
        }
    }
    let mut effects = reading::read(model, &unknown);
    let busy = staging::being_sent(model);
    let is_as_sent = |&row: &RowId| model.outcomes.problem(row).map(|problem| &problem.patch) == model.staging.get(row);
    let (same, changed): (Vec<RowId>, Vec<RowId>) = known.into_iter().filter(|&row| !busy.contains(row)).partition(is_as_sent);
    let same: RowSet = same.into_iter().collect();
    let plan = Plan::of(review::staged_rows(model, |row| same.contains(row)));
    staging::settled(model, &plan.already_there);
    if !plan.groups.is_empty()
        && let Some(why) = rails::refusal(model, &plan)
    {
        model.say(Level::Warning, why);
        return effects;
    }
    let (count, there) = (plan.row_count(), plan.already_there.len());
    effects.extend(if plan.groups.is_empty() { Vec::new() } else { sending::send(model, plan, Origin::Review) });
    let mut parts = Vec::new();
    for (count, what) in [(count, "being sent again"), (unknown.len(), "being read again"), (there, "there already")] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if !changed.is_empty() {
        let review = notice::table_keys(model, Action::Review);
        parts.push(format!("{} were changed since they were sent: {review} at the table reviews them", changed.len()));
    }
    if !parts.is_empty() {
        model.say(if changed.is_empty() { Level::Info } else { Level::Warning }, parts.join("; "));
    }
    leave_when_done(model);
    effects
}

pub(super) fn leave_when_done(model: &mut Model) {
    if model.outcomes.problem_count() == 0 && model.session.trouble.is_none() && matches!(model.overlays.last(), Some(Overlay::Problems(_)))
    {
        model.overlays.pop();
    }
}
