//! Plan files: saving what the review would send, and staging what a plan that was opened with the program holds.
//!
//! Owns what becomes of rows. Reading and writing the file is not done here, and nothing is sent from here.

use super::{journaling, notice, prompting, rails, reading, review, staging};
use crate::{
    app::{
        action::Action,
        deed::Deed,
        effect::Effect,
        journaling::JournalState,
        model::{Level, Model, RowState},
        overlay::{Overlay, Prompt, PromptPurpose},
        pass::{Pass, Purpose},
        plan_file::{Opened, Saved, SavedGroup, SavedRow},
        wording,
    },
    domain::{patch::Patch, row::RowId, text},
    findings::{row_set::RowSet, store::Arrival},
};

/// Asks for the name of the file.
pub(super) fn prompt(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Review(review)) = model.overlays.last() else { return Vec::new() };
    if review.to_send().groups.is_empty() {
        model.say(Level::Warning, "nothing is left to save");
        return Vec::new();
    }
    // A plan is sent without a filter profile: what a guard rail forbids must not go round it this way.
    if let Some(why) = rails::refusal_of_plan(model, &review.to_send()) {
        model.say(Level::Warning, why);
        return Vec::new();
    }
    let stamp: String = model.now.shown().chars().filter(char::is_ascii_digit).take("20261102140509".len()).collect();
    let name = format!("hubtriage-plan-{stamp}.json");
    prompting::open(model, Prompt::new(PromptPurpose::SavePlan, name));
    Vec::new()
}

/// Saves what the review would send under this name.
pub(super) fn save(model: &mut Model, name: &str) -> Vec<Effect> {
    let Some(Overlay::Review(review)) = model.overlays.last() else { return Vec::new() };
    let (plan, name) = (review.to_send(), name.trim());
    if name.is_empty() {
        model.say(Level::Warning, "without a name nothing was saved");
        return Vec::new();
    }
    let Some(hub) = model.journal.key.clone() else {
        model.say(Level::Warning, "whose hub this is is not known yet, so nothing was saved: try again in a moment");
        return Vec::new();
    };
    let title = |row: RowId| model.store.row(row).map(|row| model.store.text(row.title).to_owned()).unwrap_or_default();
    let groups = plan.groups.into_iter().map(|group| SavedGroup {
        patch: group.patch,
        rows: group.rows.into_iter().map(|row| SavedRow { title: title(row.row), identity: row.identity, values: row.now }).collect(),
    });
    let saved = Saved {
        file: name.to_owned(),
        hub,
        created: model.now,
        by: model.session.caller.as_ref().map(|caller| caller.arn.clone()),
        query: model.scan.query.to_string(),
        already_there: plan.already_there.len(),
        groups: groups.collect(),
    };
    model.say(Level::Info, format!("saving {}", text::clean(name)));
    vec![Effect::SavePlan(Box::new(saved))]
}

/// The plan has been saved, or not.
pub(super) fn saved(model: &mut Model, result: Result<String, String>) {
    match result {
        Ok(file) => {
            let file = text::clean(&file).into_owned();
            model.say(Level::Info, format!("saved as {file}; hubtriage apply sends it, and everything stays staged here"));
        }
        Err(why) => model.say(Level::Error, format!("nothing was saved: {}", text::clean(&why))),
    }
}

/// Reads the rows of a plan that was opened with the program, as soon as its changes can be kept.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let is_ready = matches!(model.journal.state, JournalState::Open | JournalState::Off) && model.session.connection.is_some();
    if !is_ready || model.pass.is_some() {
        return Vec::new();
    }
    let Some(plan) = model.opened_plan.take() else { return Vec::new() };
    if let Some(key) = model.journal.key.as_ref().filter(|key| **key != plan.hub) {
        let why = format!("the plan {} is for {}, and this is {key}: nothing of it was staged", plan.file, plan.hub);
        model.say(Level::Error, text::clean(&why).into_owned());
        return Vec::new();
    }
    let mut arrival = Arrival::default();
    let rows: Vec<RowId> = plan.rows.iter().map(|(identity, was, _)| journaling::admit(model, identity, was, &mut arrival)).collect();
    arrival.updated.clear();
    model.view.arrive(&model.store, &arrival);
    model.say(Level::Info, format!("reading the {} of the plan {}", wording::counted(rows.len(), "finding"), text::clean(&plan.file)));
    reading::begin_pass(model, Purpose::Plan(Box::new(plan)), &rows)
}

/// The rows have been read: they are staged and reviewed, and those whose values are not the plan's are conflicts to decide.
pub(super) fn read(model: &mut Model, plan: &Opened, pass: &Pass) {
    let busy = staging::being_sent(model);
    let [missing, unread] = [&pass.missing, &pass.unread].map(|rows| rows.iter().copied().collect::<RowSet>());
    let mut wanted: Vec<(RowId, Patch)> = Vec::new();
    let (mut changed, mut lost, mut taken) = (0, 0, 0);
    for (identity, was, patch) in &plan.rows {
        let Some(row) = model.store.find(identity) else { continue };
        if missing.contains(row) || unread.contains(row) {
            lost += 1;
        } else if busy.contains(row) || model.staging.get(row).is_some_and(|staged| staged != patch) {
            taken += 1;
        } else {
            let now = model.store.values(row);
            if now != *was && !now.satisfy(patch) && model.outcomes.problem(row).is_none() {
                model.outcomes.set(row, RowState::Problem(journaling::changed(patch.clone(), was.clone(), now)));
                changed += 1;
            }
            wanted.push((row, patch.clone()));
        }
    }
    let staged = wanted.len();
    let rows: Vec<(RowId, Option<Patch>)> = wanted.iter().map(|&(row, _)| (row, None)).collect();
    model.staging.replace(Deed::Planned(plan.file.as_str().into()), wanted);
    rails::hold(model, &rows);
    let panel = notice::table_keys(model, Action::Problems);
    let mut told = vec![format!("staged {} of the plan {}", wording::counted(staged, "change"), text::clean(&plan.file))];
    for (count, what) in [
        (changed, format!("were changed since it was made: {panel} lists them, to decide")),
        (taken, "have something else staged: left as they are".to_owned()),
        (lost, "could not be read or were not found: not staged".to_owned()),
    ] {
        if count > 0 {
            told.push(format!("{count} {what}"));
        }
    }
    if staged > changed && review::open_unasked(model) == review::Opened::No {
        told.push(format!("{} at the table reviews", notice::table_keys(model, Action::Review)));
    }
    model.say(if told.len() > 1 { Level::Warning } else { Level::Info }, told.join("; "));
}
