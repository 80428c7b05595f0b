//! Saving what is on the screen as a filter profile.

use super::{notice, profiles, prompting};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        event::RequestId,
        model::{Level, Model},
        overlay::{Confirm, Confirmed, Overlay, Prompt, PromptPurpose},
        profiles::{NotSaved, Overwrite, Saving, SavingState},
    },
    domain::{
        column::Column,
        guard_rail::GuardRails,
        profile::{Content, FilterProfile, Grouping, ProfileName, SourceKind},
        query::Query,
        text,
    },
};

/// Asks for the name; that of the one in force is proposed.
pub(super) fn prompt(model: &mut Model) -> Vec<Effect> {
    if matches!(model.scan.query, Query::Findings(_)) {
        model.say(Level::Warning, "findings that were named one by one cannot be saved as a filter profile");
        return Vec::new();
    }
    let mut effects = Vec::new();
    if matches!(model.overlays.last(), Some(Overlay::Profiles(_))) {
        model.overlays.pop();
        effects = profiles::closed(model);
    }
    let name = model.profiles.present.name.to_string();
    ask(model, name);
    effects
}

fn ask(model: &mut Model, name: String) {
    prompting::open(model, Prompt::new(PromptPurpose::SaveProfile, name));
}

/// A name was given.
pub(super) fn save(model: &mut Model, typed: &str) -> Vec<Effect> {
    let name = match ProfileName::new(typed.trim()) {
        Ok(name) => name,
        Err(error) => {
            ask(model, typed.to_owned());
            model.say(Level::Warning, error.to_string());
            return Vec::new();
        }
    };
    let content = content(model, &name);
    let question = question(model, &name, &content);
    model.profiles.saving = Some(Saving { name, content, state: SavingState::Asks });
    if question.is_empty() {
        return write(model, Overwrite::No);
    }
    model.overlays.push(Overlay::Confirm(Confirm { question, yes: Confirmed::SaveProfile }));
    Vec::new()
}

/// What is asked before something goes over what there is of that name; nothing where there is nothing.
fn question(model: &Model, name: &ProfileName, content: &Content) -> Vec<String> {
    let catalogue = &model.profiles.catalogue;
    let known = catalogue.find(name.as_str());
    let own = known.is_some_and(|known| known.has_source(SourceKind::User));
    let mut question = Vec::new();
    if let Some(why) = catalogue.find_broken(name.as_str()).and_then(|broken| broken.problems.first()) {
        question.push(format!("Save as {name} all the same? There is something of that name that cannot be used:"));
        question.push(why.clone());
    } else if own {
        question.push(format!("Overwrite the filter profile {name}?"));
        question.push(
            "Query, columns, order and grouping become those on the screen; comments and everything else in its file stay.".to_owned(),
        );
    } else if let Some(known) = known {
        question.push(format!("Go over the filter profile {name} with a file of your own? It is defined by {}.", sources(known)));
        question.push("Query, columns, order and grouping become those on the screen; its guard rails hold on.".to_owned());
    }
    if !question.is_empty()
        && let Some(along) = along(model, content)
    {
        question.push(format!("Into the file go also {along}."));
    }
    question
}

/// The sources of a filter profile that are no file of the user's, the most important first.
fn sources(known: &FilterProfile) -> String {
    let others = known.layers.iter().rev().map(|layer| &layer.source).filter(|source| source.kind != SourceKind::User);
    others.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What is saved beside what is on the screen, in words.
fn along(model: &Model, content: &Content) -> Option<String> {
    let parts = [
        ("the guard rails", content.rails != GuardRails::default()),
        ("the hub", !content.hub.is_silent()),
        ("the recipes", !content.recipes.is_empty()),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|(_, is_there)| *is_there).map(|(part, _)| part).collect();
    let (last, others) = parts.split_last()?;
    let what = if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) };
    Some(format!("{what} of {}", model.profiles.present.name))
}

/// It was confirmed. A file that was not known to be there stays as it is all the same.
pub(super) fn confirmed(model: &mut Model) -> Vec<Effect> {
    let Some(saving) = &model.profiles.saving else { return Vec::new() };
    let (catalogue, name) = (&model.profiles.catalogue, saving.name.as_str());
    let is_own = catalogue.find(name).is_some_and(|known| known.has_source(SourceKind::User));
    let may_be_own = is_own || catalogue.find_broken(name).is_some();
    write(model, if may_be_own { Overwrite::Yes } else { Overwrite::No })
}

fn write(model: &mut Model, overwrite: Overwrite) -> Vec<Effect> {
    let Some(saving) = &mut model.profiles.saving else { return Vec::new() };
    saving.state = SavingState::Writes;
    let (name, content) = (saving.name.clone(), Box::new(saving.content.clone()));
    model.say(Level::Info, format!("saving the filter profile {name}"));
    vec![Effect::SaveProfile { name, content, overwrite }]
}

/// What is on the screen. What is as it is by default is said only where a source of that name says otherwise. Under another name the guard
/// rails, the hub and the recipes of the one in force go along: the new one comes into force, and must not be a way round them.
fn content(model: &Model, name: &ProfileName) -> Content {
    let said = model.profiles.catalogue.find(name.as_str()).map(|known| known.content.clone()).unwrap_or_default();
    let group = model.view.grouped_by();
    let present = &model.profiles.present;
    let Content { hub, rails, recipes, .. } = if present.name == *name { Content::default() } else { present.content.clone() };
    Content {
        query: Some(model.scan.query.clone()),
        columns: (said.columns.is_some() || model.columns != Column::defaults()).then(|| model.columns.clone()),
        order: Some(model.view.order().clone()),
        group: (said.group.is_some() || group.is_some()).then_some(Grouping(group)),
        hub,
        rails,
        recipes,
    }
}

/// It has been written, and where; or not.
pub(super) fn saved(model: &mut Model, name: &ProfileName, result: Result<String, NotSaved>) -> Vec<Effect> {
    let is_this = |saving: &&Saving| saving.name == *name && saving.state == SavingState::Writes;
    let Some(saving) = model.profiles.saving.as_ref().filter(is_this) else { return Vec::new() };
    match result {
        Ok(file) => {
            let with = along(model, &saving.content).map(|along| format!(" with {along}")).unwrap_or_default();
            let covers = model.profiles.catalogue.find(name.as_str()).map(sources).filter(|sources| !sources.is_empty());
            let covers = covers.map(|sources| format!("; it goes over the one of {sources}")).unwrap_or_default();
            let forgotten = if model.settings.label.is_some() { ", until the demo ends" } else { "" };
            model.say(Level::Info, format!("saved{with} as {}{forgotten}{covers}", text::clean(&file)));
            let request = model.next_request();
            model.profiles.loading = Some(request);
            if let Some(saving) = &mut model.profiles.saving {
                saving.state = SavingState::Reads(request);
            }
            vec![Effect::LoadProfiles(request)]
        }
        Err(NotSaved::Exists) => {
            model.profiles.saving = None;
            let picker = notice::table_keys(model, Action::Profiles);
            model.say(
                Level::Warning,
                format!("nothing was saved: there is a file for {name} by now; {picker} reads the files again, then it can be overwritten"),
            );
            Vec::new()
        }
        Err(NotSaved::Because(why)) => {
            model.profiles.saving = None;
            model.say(Level::Error, format!("nothing was saved: {}", text::clean(&why)));
            Vec::new()
        }
    }
}

/// The files have been read again: what was saved is in force from now on, if it leads to this hub.
pub(super) fn read_again(model: &mut Model, request: RequestId) -> Vec<Effect> {
    let Some(saving) = model.profiles.saving.take_if(|saving| saving.state == SavingState::Reads(request)) else { return Vec::new() };
    let catalogue = &model.profiles.catalogue;
    let name = &saving.name;
    let broken = catalogue.find_broken(name.as_str()).and_then(|broken| broken.problems.first());
    let told = match (catalogue.find(name.as_str()), broken) {
        (None, _) => {
            let why = catalogue.why_not(name.as_str()).unwrap_or("it was not found when the files were read again");
            Some(format!("{name} is saved, but cannot be used: {why}"))
        }
        (Some(_), Some(why)) => Some(format!("{name} is saved, but a part of it cannot be used: {why}")),
        (Some(_), None) => None,
    };
    let saved = catalogue.find(name.as_str()).filter(|saved| model.profiles.is_here(saved)).cloned();
    if let Some(told) = told {
        model.say(Level::Warning, told);
    }
    if let Some(saved) = saved.filter(|saved| saved.name != model.profiles.present.name) {
        let former = std::mem::replace(&mut model.profiles.present, saved);
        model.profiles.last = Some(former.name);
    }
    Vec::new()
}
