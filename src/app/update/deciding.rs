//! Staging a decision: what it sets on each row, what it leaves alone, and what is said. Nothing here leads to the network.

use std::collections::BTreeMap;

use super::{
    notice,
    rails::{self, Verdict},
    staging, typing,
};
use crate::{
    app::{
        action::Action,
        deciding::{Decided, Waiting},
        effect::Effect,
        model::{Level, Model},
        overlay::{Needed, Targets},
    },
    domain::{
        decision::{CommentMode, Decision, Left, Wording},
        patch::Patch,
        profile::ProfileName,
        row::RowId,
        template::Variable,
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
    let session: BTreeMap<Variable, String> =
        decision.variables().filter_map(|variable| Some((variable, model.session_variable(variable)?))).collect();
    let appends = decision.comment.as_ref().is_some_and(|wording| wording.mode == CommentMode::Append);
    let is_of_finding = appends || decision.comment.as_ref().is_some_and(|wording| wording.template.is_of_finding());
    let line_breaks = model.settings.line_breaks;
    let value = |variable: Variable| session.get(&variable).map(String::as_str);
    let once = (!is_of_finding).then(|| decision.patch(value, None, line_breaks));
    for &row in rows {
        if !model.store.identity(row).is_some_and(|identity| identity.is_addressable()) {
            outcome.deaf += 1;
            continue;
        }
        let patch = if let Some(patch) = &once {
            patch.clone()
        } else {
            let of_finding: BTreeMap<Variable, String> = decision
                .variables()
                .filter(|variable| variable.is_of_finding())
                .filter_map(|variable| Some((variable, model.variable(variable, row)?)))
                .collect();
            let staged = model.staging.get(row).and_then(|patch| patch.comment.as_ref()).map(|comment| comment.as_str().to_owned());
            let old = if appends { staged.or_else(|| model.store.values(row).comment) } else { None };
            decision.patch(
                |variable| value(variable).or_else(|| of_finding.get(&variable).map(String::as_str)),
                old.as_deref(),
                line_breaks,
            )
        };
        match patch {
            Ok(patch) => outcome.patches.push((row, patch)),
            Err(left) => *outcome.left.entry(left).or_insert(0) += 1,
        }
    }
    outcome
}

/// Stages a decision on rows and says so. Rows that cannot be addressed, those whose comment cannot be made, and those on which a guard rail
/// forbids it are left alone. Where a comment is missing that a guard rail asks for, it is written first.
pub(super) fn stage(model: &mut Model, targets: Targets, decision: Decision, recipe: Option<ProfileName>) -> Vec<Effect> {
    let outcome = outcome(model, &targets.rows, &decision);
    put(model, targets, Decided { decision, recipe }, outcome)
}

/// Stages a decision that waited for a comment: rows that need it get it, all others of its rows are staged as it was decided. One step.
pub(super) fn stage_with(model: &mut Model, waiting: Waiting, wording: Wording) -> Vec<Effect> {
    let Waiting { decided: Decided { decision, recipe }, targets } = waiting;
    let mut all = outcome(model, &targets.rows, &decision);
    let decision = Decision { comment: Some(wording), ..decision };
    let needing = rails::without_comment(model, &all.patches);
    let commented = outcome(model, &needing, &decision);
    let mut whole: BTreeMap<RowId, Patch> = commented.patches.into_iter().collect();
    let needing: RowSet = needing.into_iter().collect();
    all.patches.retain_mut(|(row, patch)| match whole.remove(row) {
        Some(commented) => {
            *patch = commented;
            true
        }
        None => !needing.contains(*row),
    });
    for (left, count) in commented.left {
        *all.left.entry(left).or_insert(0) += count;
    }
    put(model, targets, Decided { decision, recipe }, all)
}

fn put(model: &mut Model, targets: Targets, decided: Decided, mut outcome: Outcome) -> Vec<Effect> {
    let verdict = rails::check(model, &mut outcome);
    let Outcome { patches, deaf, left } = outcome;
    let railed = match verdict {
        Verdict::Stands(railed) => railed,
        Verdict::Refused(why) => {
            model.say(Level::Warning, format!("nothing was staged: {why}"));
            return Vec::new();
        }
        Verdict::NeedsComment(rows, why) => {
            let asked = rails::some_of(&targets, rows);
            typing::ask_comment(model, asked, Needed { waiting: Waiting { decided, targets }, why });
            return Vec::new();
        }
    };
    if patches.is_empty() {
        let why = match left.keys().next() {
            Some(left) => format!("nothing was staged: {left}"),
            None => "this finding has no metadata.uid and no complete identifier: the service cannot update it".to_owned(),
        };
        model.say(Level::Warning, why);
        return Vec::new();
    }
    let before: Vec<(RowId, Option<Patch>)> = patches.iter().map(|(row, _)| (*row, model.staging.get(*row).cloned())).collect();
    let count = patches.len();
    model.staging.stage_each(patches);
    rails::hold(model, &before);
    let what = described(&decided.decision);
    model.deciding.last = Some(decided);
    let hidden = if targets.hidden > 0 { format!(" ({} of them hidden)", targets.hidden) } else { String::new() };
    let mut apart = if deaf == 0 { String::new() } else { format!("; {deaf} have no identity and were left alone") };
    let left = left.iter().map(|(left, count)| (*count, left.to_string())).chain(railed);
    let mut level = Level::Info;
    for (count, why) in left {
        apart = format!("{apart}; {}: {why}, left alone", staging::findings(count));
        level = Level::Warning;
    }
    let rows = staging::findings(count);
    let [review, undo] = [Action::Review, Action::Undo].map(|action| notice::table_keys(model, action));
    model.say(level, format!("staged {what} on {rows}{hidden}{apart}; {review} reviews, {undo} undoes"));
    Vec::new()
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
