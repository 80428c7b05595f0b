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
        profile::{Content, Grouping, ProfileName, SourceKind},
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
    let is_there = model.profiles.catalogue.find(name.as_str()).is_some_and(|known| known.has_source(SourceKind::User));
    let content = content(model, &name);
    let saving = Saving { name: name.clone(), content, state: SavingState::Asks };
    model.profiles.saving = Some(saving);
    if is_there {
        let question = vec![
            format!("Overwrite the filter profile {name}?"),
            "Query, columns, order and grouping become those on the screen; comments and everything else in its file stay.".to_owned(),
        ];
        model.overlays.push(Overlay::Confirm(Confirm { question, yes: Confirmed::SaveProfile }));
        return Vec::new();
    }
    write(model, Overwrite::No)
}

/// Overwriting was confirmed.
pub(super) fn confirmed(model: &mut Model) -> Vec<Effect> {
    write(model, Overwrite::Yes)
}

fn write(model: &mut Model, overwrite: Overwrite) -> Vec<Effect> {
    let Some(saving) = &mut model.profiles.saving else { return Vec::new() };
    saving.state = SavingState::Writes;
    let (name, content) = (saving.name.clone(), Box::new(saving.content.clone()));
    model.say(Level::Info, format!("saving the filter profile {name}"));
    vec![Effect::SaveProfile { name, content, overwrite }]
}

/// What is on the screen. What is as it is by default is said only where a source of that name says otherwise.
fn content(model: &Model, name: &ProfileName) -> Content {
    let said = model.profiles.catalogue.find(name.as_str()).map(|known| known.content.clone()).unwrap_or_default();
    let group = model.view.grouped_by();
    Content {
        query: Some(model.scan.query.clone()),
        columns: (said.columns.is_some() || model.columns != Column::defaults()).then(|| model.columns.clone()),
        order: Some(model.view.order().clone()),
        group: (said.group.is_some() || group.is_some()).then_some(Grouping(group)),
        ..Content::default()
    }
}

/// It has been written, and where; or not.
pub(super) fn saved(model: &mut Model, name: &ProfileName, result: Result<String, NotSaved>) -> Vec<Effect> {
    let is_awaited = |saving: &&mut Saving| saving.name == *name && saving.state == SavingState::Writes;
    if model.profiles.saving.as_mut().filter(is_awaited).is_none() {
        return Vec::new();
    }
    match result {
        Ok(file) => {
            let covers = model.profiles.catalogue.find(name.as_str()).and_then(|known| {
                let layers = known.layers.iter().rev().map(|layer| &layer.source);
                layers.filter(|source| source.kind != SourceKind::User).map(ToString::to_string).next()
            });
            let covers = covers.map(|source| format!("; it goes over the one of {source}"));
            let hub = &model.profiles.present.content.hub;
            let names_hub = model.profiles.catalogue.find(name.as_str()).is_some_and(|known| !known.content.hub.is_silent());
            let hub = if hub.is_silent() || names_hub { "" } else { "; which hub it is for is not saved" };
            let forgotten = if model.settings.label.is_some() { ", until the demo ends" } else { "" };
            model.say(Level::Info, format!("saved as {}{forgotten}{}{hub}", text::clean(&file), covers.unwrap_or_default()));
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
    let saved = model.profiles.catalogue.find(saving.name.as_str()).filter(|saved| model.profiles.is_here(saved)).cloned();
    if let Some(saved) = saved.filter(|saved| saved.name != model.profiles.present.name) {
        let former = std::mem::replace(&mut model.profiles.present, saved);
        model.profiles.last = Some(former.name);
    }
    Vec::new()
}
