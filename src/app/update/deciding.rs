//! Staging a decision: what it sets on each row, what it leaves alone, and what is said. Nothing here leads to the network.

use std::collections::BTreeMap;

use super::{
    answers, flow,
    making::Making,
    notice,
    rails::{self, Verdict},
    recipes, staging, typing,
};
use crate::{
    app::{
        action::Action,
        comment_editor::Needed,
        deciding::{Commented, Decided, Waiting},
        deed::Deed,
        effect::Effect,
        model::{Level, Model},
        overlay::Targets,
    },
    domain::{
        comment::CommentError,
        decision::{Decision, Left, Wording},
        guard_rail::GuardRails,
        patch::Patch,
        profile::ProfileName,
        row::RowId,
    },
    findings::row_set::RowSet,
};

/// What a decision comes to on its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// What is staged on which row, in table order.
    pub(super) patches: Vec<(RowId, Patch)>,
    /// Rows that the service cannot be told about.
    pub(super) deaf: usize,
    /// Rows that are left alone, by the reason.
    pub(super) left: BTreeMap<Left, usize>,
}

/// What a decision would come to. Costs a pass over the rows.
pub(super) fn outcome(model: &Model, rows: &[RowId], decision: &Decision) -> Outcome {
    let mut outcome = Outcome::default();
    let mut making = Making::new(model, decision, |variable| model.session_variable(variable));
    for &row in rows {
        if !model.store.is_addressable(row) {
            outcome.deaf += 1;
            continue;
        }
        match making.patch(row) {
            Ok(patch) => outcome.patches.push((row, patch)),
            Err(left) => *outcome.left.entry(left).or_insert(0) += 1,
        }
    }
    outcome
}

/// Stages a decision on rows and says so; first asks for what its comment needs and nobody has said in this session. Rows that cannot be
/// addressed, those whose comment cannot be made, and those on which a guard rail of the recipe or of the filter profile forbids it, are left
/// alone. Where a comment is missing that a guard rail asks for, it is written first.
pub(super) fn stage(model: &mut Model, targets: Targets, decision: Decision, recipe: Option<ProfileName>) -> Vec<Effect> {
    go_on(model, Waiting { decided: Decided { decision, recipe }, targets, commented: Commented::All })
}

/// Stages a decision that waited for a comment on some of its rows.
pub(super) fn stage_with(model: &mut Model, waiting: Waiting, wording: Wording, rows: Vec<RowId>) -> Vec<Effect> {
    let Waiting { decided, targets, .. } = waiting;
    let decision = Decision { comment: Some(wording), ..decided.decision };
    go_on(model, Waiting { decided: Decided { decision, ..decided }, targets, commented: Commented::Only(rows) })
}

/// Stages a decision that waits for nothing more, or asks for what it still waits for.
pub(super) fn go_on(model: &mut Model, waiting: Waiting) -> Vec<Effect> {
    if let Some(variable) = answers::missing(model, &waiting.decided.decision) {
        return answers::ask(model, variable, waiting);
    }
    let Waiting { decided, targets, commented } = waiting;
    let mut outcome = match &commented {
        Commented::All => outcome(model, &targets.rows, &decided.decision),
        Commented::Only(rows) => outcome_apart(model, &targets.rows, &decided.decision, rows),
    };
    let own = decided.recipe.as_ref().map(|name| recipes::own_rails(model, name)).unwrap_or_default();
    let held = match &decided.recipe {
        Some(name) => recipes::hold(model, own, name, &mut outcome),
        None => Ok(()),
    };
    match held.map(|()| rails::check(model, &mut outcome)) {
        Ok(Verdict::Stands(railed)) => put(model, &targets, decided, own, outcome, railed),
        Ok(Verdict::NeedsComment(rows, why)) if commented == Commented::All => {
            let asked = rails::some_of(&targets, rows);
            typing::ask_comment(model, asked, Needed { waiting: Waiting { decided, targets, commented }, why });
            Vec::new()
        }
        Ok(Verdict::NeedsComment(_, why) | Verdict::Refused(why)) | Err(why) => {
            model.say(Level::Warning, format!("nothing was staged: {why}"));
            Vec::new()
        }
    }
}

/// What a decision comes to whose comment is for some of its rows only. One step.
fn outcome_apart(model: &Model, rows: &[RowId], decision: &Decision, commented: &[RowId]) -> Outcome {
    let mut all = outcome(model, rows, &Decision { comment: None, ..decision.clone() });
    let some = outcome(model, commented, decision);
    let mut whole: BTreeMap<RowId, Patch> = some.patches.into_iter().collect();
    let commented: RowSet = commented.iter().copied().collect();
    all.patches.retain_mut(|(row, patch)| match whole.remove(row) {
        Some(commented) => {
            *patch = commented;
            true
        }
        None => !commented.contains(*row),
    });
    all.left = some.left;
    all
}

fn put(
    model: &mut Model,
    targets: &Targets,
    decided: Decided,
    own: GuardRails,
    outcome: Outcome,
    railed: Option<(usize, String)>,
) -> Vec<Effect> {
    let Outcome { patches, deaf, left } = outcome;
    if patches.is_empty() {
        let why = match left.keys().next() {
            Some(left) => format!("nothing was staged: {left}"),
            None => "this finding has no metadata.uid and no complete identifier: the service cannot update it".to_owned(),
        };
        model.say(Level::Warning, why);
        return Vec::new();
    }
    let rows: Vec<RowId> = patches.iter().map(|&(row, _)| row).collect();
    let before: Vec<(RowId, Option<Patch>)> = rows.iter().map(|&row| (row, model.staging.get(row).cloned())).collect();
    model.staging.stage_each(Deed::staged(&decided.decision, decided.recipe.as_ref()), patches);
    rails::hold(model, &before);
    let what = decided.recipe.as_ref().map_or_else(|| described(&decided.decision), ToString::to_string);
    let merged = merged(&decided.decision, &before);
    model.deciding.last = Some(decided);
    model.deciding.rails = own;
    let hidden = if targets.hidden > 0 { format!(" ({} of them hidden)", targets.hidden) } else { String::new() };
    let deaf = if deaf == 0 { String::new() } else { format!("; {deaf} have no identity and were left alone") };
    let level = if left.is_empty() && railed.is_none() { Level::Info } else { Level::Warning };
    let railed = railed.map(|(count, why)| format!("; {}: {why}, left alone", staging::findings(count))).unwrap_or_default();
    let apart = format!("{merged}{deaf}{}{railed}", left_alone(&left));
    let told = staging::findings(rows.len());
    let [review, undo] = [Action::Review, Action::Undo].map(|action| notice::deciding_keys(model, action));
    model.say(level, format!("staged {what} on {told}{hidden}{apart}; {review} reviews, {undo} undoes"));
    flow::decided(model, &rows);
    Vec::new()
}

/// What becomes of what was staged on these rows before, where it is not what the analyst may think: `; in place of another status on 3`,
/// `; 1 keeps a comment staged before`. Fields merge, and a comment that was written for another status stays.
fn merged(decision: &Decision, before: &[(RowId, Option<Patch>)]) -> String {
    let Some(status) = decision.status else { return String::new() };
    let mut told = String::new();
    let staged = before.iter().filter_map(|(_, patch)| patch.as_ref());
    let others: Vec<&Patch> = staged.filter(|patch| patch.status.is_some_and(|staged| staged != status)).collect();
    if !others.is_empty() {
        told = format!("; in place of another status on {}", others.len());
    }
    match others.iter().filter(|patch| decision.comment.is_none() && patch.comment.is_some()).count() {
        0 => told,
        1 => format!("{told}; 1 keeps its staged comment"),
        count => format!("{told}; {count} keep their staged comments"),
    }
}

/// `; 3 findings: up to 530 characters; the service takes at most 512, left alone`. Of the lengths only the longest is told.
fn left_alone(left: &BTreeMap<Left, usize>) -> String {
    let (too_long, others): (Vec<_>, Vec<_>) = left.iter().partition(|(left, _)| matches!(left, Left::Comment(CommentError::TooLong(_))));
    let mut told: Vec<String> = others.iter().map(|(left, count)| format!("{}: {left}", staging::findings(**count))).collect();
    if let Some((longest, _)) = too_long.last() {
        let up_to = if too_long.len() > 1 { "up to " } else { "" };
        told.push(format!("{}: {up_to}{longest}", staging::findings(too_long.iter().map(|(_, count)| **count).sum())));
    }
    told.iter().fold(String::new(), |all, told| all + "; " + told + ", left alone")
}

/// Stages what was staged last once more, on the rows that are meant now.
pub(super) fn repeat(model: &mut Model) -> Vec<Effect> {
    let Some(Decided { decision, recipe }) = model.deciding.last.clone() else {
        let [status, recipe] = [Action::Status, Action::Recipe].map(|action| notice::table_keys(model, action));
        model.say(Level::Info, format!("nothing has been staged yet in this session: {status} sets a status, {recipe} takes a recipe"));
        return Vec::new();
    };
    let Some(targets) = staging::targets(model) else { return notice::no_row(model) };
    stage(model, targets, decision, recipe)
}

/// `Suppressed, a comment`.
pub(super) fn described(decision: &Decision) -> String {
    let mut parts = Vec::new();
    if let Some(status) = decision.status {
        parts.push(status.caption().map_or_else(|| status.0.to_string(), str::to_owned));
    }
    if let Some(severity) = decision.severity {
        parts.push(severity.caption().map_or_else(|| severity.0.to_string(), str::to_owned));
    }
    if decision.comment.is_some() {
        parts.push("a comment".to_owned());
    }
    parts.join(", ")
}
