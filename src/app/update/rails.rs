//! The guard rails at work: what they leave of a decision when it is staged, and what they refuse when it is to be sent.

use super::{deciding::Outcome, notice, staging};
use crate::{
    app::{
        action::Action,
        keymap::Context,
        model::Model,
        overlay::Targets,
        profiles::Lost,
        rails::{Broken, Since},
        wording,
    },
    domain::{
        guard_rail::{GuardRails, Rail},
        patch::Patch,
        row::RowId,
        status::StatusId,
        text,
    },
    findings::row_set::RowSet,
    send::plan::{Plan, StagedRow},
};

/// What the guard rails in force say of a decision that is to be staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is staged, but for so many rows that were taken out of it, with why.
    Stands(Option<(usize, String)>),
    /// On these rows it must not be staged without a comment, which has to be written; with why.
    NeedsComment(Vec<RowId>, String),
    /// Nothing of it is staged; with why.
    Refused(String),
}

/// Holds a decision to the guard rails in force. Rows that it must not be staged on are taken out of it. That nothing may be sent does not
/// stand against staging.
pub(super) fn check(model: &Model, outcome: &mut Outcome) -> Verdict {
    let rails = model.rails();
    let whose = |rail: Rail| format!("{rail} (filter profile {})", model.profiles.present.name);
    let before = outcome.patches.len();
    outcome.patches.retain(|(row, patch)| !lowers(model, rails, *row, patch));
    let lowered = before - outcome.patches.len();
    let lowered = (lowered > 0).then(|| (lowered, whose(Rail::NoDowngradeOfCritical)));
    if let (true, Some((_, why))) = (outcome.patches.is_empty(), &lowered) {
        return Verdict::Refused(why.clone());
    }
    if let Some(why) = too_many(model, rails, &outcome.patches, whose) {
        return Verdict::Refused(why);
    }
    let bare = without_comment(model, &outcome.patches);
    if !bare.is_empty() {
        let why = format!("suppressing needs a comment here (filter profile {})", model.profiles.present.name);
        return Verdict::NeedsComment(bare, why);
    }
    Verdict::Stands(lowered)
}

fn lowers(model: &Model, rails: GuardRails, row: RowId, patch: &Patch) -> bool {
    // The values of a row are looked up only where it matters: there may be very many.
    rails.no_downgrade_of_critical
        && patch.severity.is_some()
        && rails.broken_by(&model.store.values(row), patch).any(|rail| rail == Rail::NoDowngradeOfCritical)
}

/// The rows on which this would suppress without a comment. One that is staged there already counts.
pub(super) fn without_comment(model: &Model, patches: &[(RowId, Patch)]) -> Vec<RowId> {
    let rails = model.rails();
    if !rails.comment_to_suppress {
        return Vec::new();
    }
    let is_bare = |row: RowId, patch: &Patch| {
        // What was written for another status does not say why it is suppressed.
        let says_why = |staged: &Patch| staged.comment.is_some() && staged.status.is_none_or(|status| status == StatusId::SUPPRESSED);
        let has_comment = patch.comment.is_some() || model.staging.get(row).is_some_and(says_why);
        patch.status == Some(StatusId::SUPPRESSED)
            && !has_comment
            && rails.broken_by(&model.store.values(row), patch).any(|rail| rail == Rail::CommentToSuppress)
    };
    patches.iter().filter(|(row, patch)| is_bare(*row, patch)).map(|&(row, _)| row).collect()
}

/// Whether more would be staged than a send may have. What is being sent already is part of no further send.
fn too_many(model: &Model, rails: GuardRails, patches: &[(RowId, Patch)], whose: impl Fn(Rail) -> String) -> Option<String> {
    let most = rails.most_rows?;
    let busy = staging::being_sent(model);
    let these: RowSet = patches.iter().map(|&(row, _)| row).collect();
    let others = model.staging.iter().filter(|&(row, _)| !busy.contains(row) && !these.contains(row)).count();
    if others + patches.len() <= most {
        return None;
    }
    let rule = whose(Rail::MostRows(most));
    let these = wording::grouped(patches.len());
    if patches.len() > most {
        return Some(format!("{rule}; these are {these}: mark fewer"));
    }
    let review = notice::table_keys(model, Action::Review);
    let are = if others == 1 { "is" } else { "are" };
    Some(format!("{rule}; {} {are} staged already, with these {these} more: {review} sends those first", wording::grouped(others)))
}

/// Which of the rows a comment is asked for, as the editor tells it.
pub(super) fn some_of(targets: &Targets, rows: Vec<RowId>) -> Targets {
    // Those that the filter hides stand last.
    let shown = targets.rows.len() - targets.hidden;
    let hidden: RowSet = targets.rows.iter().skip(shown).copied().collect();
    Targets { hidden: rows.iter().filter(|&&row| hidden.contains(row)).count(), rows, source: targets.source.clone() }
}

/// What was decided on these rows just now is held to the guard rails in force; each row with what was staged on it before.
pub(super) fn hold(model: &mut Model, rows: &[(RowId, Option<Patch>)]) {
    let under = model.under();
    for (row, before) in rows {
        if let Some(after) = model.staging.get(*row) {
            model.deciding.held.decide(*row, before.as_ref(), after, under.as_ref());
        }
    }
}

/// What came back of an earlier session is held to the guard rails in force: those it was decided under are not written down.
pub(super) fn hold_all(model: &mut Model) {
    let rows: Vec<(RowId, Option<Patch>)> = model.staging.iter().map(|(row, patch)| (row, Some(patch.clone()))).collect();
    hold(model, &rows);
}

/// The rows of a plan that break a guard rail by themselves.
pub(super) fn broken_rows(model: &Model, plan: &Plan) -> RowSet {
    let rows = plan.groups.iter().flat_map(|group| &group.rows);
    rows.filter(|row| !model.rails_broken(row.row, &row.now, &row.patch).is_empty()).map(|row| row.row).collect()
}

/// What stands against sending this, in a sentence: the guard rails of the filter profile in force, and of those that the changes were
/// staged under. Rows of a send that these would join count too.
pub(super) fn refusal(model: &Model, plan: &Plan) -> Option<String> {
    let under_way = if model.sending.is_active() { model.sending.progress.rows } else { 0 };
    against(model, model.rails(), plan, under_way)
}

/// The same for a plan file, which is no send: that nothing may be sent does not stand against it.
pub(super) fn refusal_of_plan(model: &Model, plan: &Plan) -> Option<String> {
    against(model, GuardRails { read_only: false, ..model.rails() }, plan, 0)
}

fn against(model: &Model, rails: GuardRails, plan: &Plan, under_way: usize) -> Option<String> {
    let rows: Vec<&StagedRow> = plan.groups.iter().flat_map(|group| &group.rows).collect();
    let broken = model.broken(rails, &rows, under_way);
    let Broken { profile, since, .. } = broken.first()?;
    if let Some(Lost { name, .. }) = model.profiles.lost.as_ref().filter(|_| rails.read_only) {
        let picker = notice::table_keys(model, Action::Profiles);
        let name = text::clean(name);
        return Some(format!("nothing is sent: pick a filter profile first ({picker}); {name}, in force when you left, cannot be used"));
    }
    let mut told = format!("the filter profile {profile}{} does not allow this", staged_under(*since));
    let mut last = profile;
    for (at, Broken { profile, since, breach }) in broken.iter().enumerate() {
        let sign = if at == 0 { ":" } else { ";" };
        let whose = if profile == last { String::new() } else { format!(" {profile}{}:", staged_under(*since)) };
        told = format!("{told}{sign}{whose} {breach}");
        last = profile;
    }
    let leave_out = notice::keys(model, Context::Review, Action::Exclude);
    let help = if rails.read_only { String::new() } else { format!("; {leave_out} in the review leaves rows out") };
    Some(format!("{told}{help}"))
}

const fn staged_under(since: Since) -> &'static str {
    match since {
        Since::InForce => "",
        Since::Staged => ", under which it was staged,",
    }
}
