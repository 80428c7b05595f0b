//! Staging a decision: what it sets on each row, what it leaves alone, and what is said. Nothing here leads to the network.

use std::collections::BTreeMap;

use super::{flow, notice, staging};
use crate::{
    app::{
        action::Action,
        deciding::Decided,
        effect::Effect,
        model::{Level, Model},
        overlay::Targets,
    },
    domain::{
        decision::{CommentMode, Decision, Left},
        patch::Patch,
        profile::ProfileName,
        row::RowId,
        template::Variable,
    },
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

/// Stages a decision on rows and says so. Rows that cannot be addressed, and those whose comment cannot be made, are left alone.
pub(super) fn stage(model: &mut Model, targets: Targets, decision: Decision, recipe: Option<ProfileName>) -> Vec<Effect> {
    let Outcome { patches, deaf, left } = outcome(model, &targets.rows, &decision);
    if patches.is_empty() {
        let why = match left.keys().next() {
            Some(left) => format!("nothing was staged: {left}"),
            None => "this finding has no metadata.uid and no complete identifier: the service cannot update it".to_owned(),
        };
        model.say(Level::Warning, why);
        return Vec::new();
    }
    let rows: Vec<RowId> = patches.iter().map(|&(row, _)| row).collect();
    model.staging.stage_each(patches);
    let what = described(&decision);
    model.deciding.last = Some(Decided { decision, recipe });
    let hidden = if targets.hidden > 0 { format!(" ({} of them hidden)", targets.hidden) } else { String::new() };
    let mut apart = if deaf == 0 { String::new() } else { format!("; {deaf} have no identity and were left alone") };
    for (left, count) in &left {
        apart = format!("{apart}; {}: {left}, left alone", staging::findings(*count));
    }
    let told = staging::findings(rows.len());
    let [review, undo] = [Action::Review, Action::Undo].map(|action| notice::table_keys(model, action));
    let level = if left.is_empty() { Level::Info } else { Level::Warning };
    model.say(level, format!("staged {what} on {told}{hidden}{apart}; {review} reviews, {undo} undoes"));
    flow::decided(model, &rows);
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
