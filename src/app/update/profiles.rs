//! Picking filter profiles: the picker, the one before and after, the last one, and the guard rails of the one in force.

use super::{grouping, loading, narrowing, notice, profile_saving, rails, trail};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        event::RequestId,
        journaling::JournalState,
        model::{Asked, Level, Model, Moved},
        overlay::{Overlay, Picker},
        profiles::{Count, Entry, Lost, Profiles},
        wording,
    },
    domain::{
        failure::CallError,
        profile::{Catalogue, FilterProfile, ProfileName},
        text,
    },
};

/// What a session begins with: the table looks as the filter profile says.
pub fn begin(model: &mut Model, profiles: Profiles) {
    model.profiles = profiles;
    let present = model.profiles.present.clone();
    look_like(model, &present);
}

/// Opens the picker. The files are read again, since a team edits them while the program runs; then each is counted.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        return Vec::new();
    }
    model.overlays.push(Overlay::Profiles(Picker { cursor: model.profiles.place_of_present() }));
    let request = model.next_request();
    model.profiles.loading = Some(request);
    vec![Effect::LoadProfiles(request)]
}

/// The files have been read again.
pub(super) fn loaded(model: &mut Model, request: RequestId, catalogue: Catalogue) -> Vec<Effect> {
    if model.profiles.loading != Some(request) {
        return Vec::new();
    }
    model.profiles.loading = None;
    let chosen = chosen_name(model);
    model.profiles.catalogue = catalogue;
    // What it says may have changed, its guard rails above all. One that is gone or broken by now stays in force as it was.
    if let Some(present) = model.profiles.catalogue.find(model.profiles.present.name.as_str()) {
        model.profiles.present = present.clone();
    }
    if let Some(Overlay::Profiles(_)) = model.overlays.last() {
        let place = model.profiles.entries().position(|entry| Some(name_of(entry)) == chosen.as_deref());
        let last = model.profiles.entry_count().saturating_sub(1);
        if let Some(Overlay::Profiles(picker)) = model.overlays.last_mut() {
            picker.cursor = place.unwrap_or(picker.cursor).min(last);
        }
    }
    let mut effects = profile_saving::read_again(model, request);
    if model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Profiles(_))) {
        effects.extend(count(model));
    }
    effects
}

fn name_of(entry: Entry<'_>) -> &str {
    match entry {
        Entry::Known(profile) => profile.name.as_str(),
        Entry::Broken(broken) => &broken.name,
    }
}

fn chosen_name(model: &Model) -> Option<String> {
    let Some(Overlay::Profiles(picker)) = model.overlays.last() else { return None };
    model.profiles.entries().nth(picker.cursor).map(|entry| name_of(entry).to_owned())
}

/// Asks how many findings each has, one after the other.
pub(super) fn count(model: &mut Model) -> Vec<Effect> {
    let request = model.next_request();
    let profiles = &mut model.profiles;
    profiles.counting = Some(request);
    if model.session.connection.is_none() {
        return Vec::new();
    }
    let here = profiles.catalogue.known.iter().filter(|profile| profile.asked == profiles.hub);
    let queries: Vec<_> = here.map(|profile| (profile.name.clone(), profile.query())).collect();
    for (name, _) in &queries {
        profiles.counts.entry(name.clone()).or_insert(Count::Asked);
    }
    vec![Effect::CountProfiles(request, queries)]
}

/// One has been counted.
pub(super) fn counted(model: &mut Model, request: RequestId, name: ProfileName, total: Result<u64, CallError>) -> Vec<Effect> {
    if model.profiles.counting == Some(request) {
        let count = match total {
            Ok(total) => Count::Of(total),
            Err(error) => Count::Refused(text::clean(&error.to_string()).into_owned()),
        };
        model.profiles.counts.insert(name, count);
    }
    Vec::new()
}

/// The picker is closed: what is not counted yet need not be.
pub(super) fn closed(model: &mut Model) -> Vec<Effect> {
    model.profiles.counting = None;
    model.profiles.counts.retain(|_, count| *count != Count::Asked);
    vec![Effect::StopCounting]
}

/// Picks what the picker's cursor is on.
pub(super) fn choose(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Profiles(picker)) = model.overlays.last() else { return Vec::new() };
    let at = picker.cursor;
    pick_place(model, at)
}

/// Picks by the number in front of it.
pub(super) fn choose_number(model: &mut Model, number: usize) -> Vec<Effect> {
    let known = model.profiles.catalogue.known.len();
    match number.checked_sub(1) {
        Some(at) if at < known => {
            if let Some(Overlay::Profiles(picker)) = model.overlays.last_mut() {
                picker.cursor = at;
            }
            pick_place(model, at)
        }
        _ => {
            model.say(Level::Warning, format!("there is no filter profile {number}: {known} can be picked"));
            Vec::new()
        }
    }
}

fn pick_place(model: &mut Model, at: usize) -> Vec<Effect> {
    let picked = match model.profiles.entries().nth(at) {
        None => return Vec::new(),
        Some(Entry::Known(profile)) => Ok(profile.clone()),
        Some(Entry::Broken(broken)) => Err(broken.problems.clone()),
    };
    let picked = match picked {
        Ok(profile) => profile,
        Err(problems) => {
            let why = problems.first().cloned().unwrap_or_default();
            let more = match problems.len() {
                0 | 1 => String::new(),
                count => format!(" (and {} more: hubtriage profiles check)", count - 1),
            };
            model.say(Level::Error, format!("cannot be used: {why}{more}"));
            return Vec::new();
        }
    };
    model.overlays.pop();
    let mut effects = closed(model);
    effects.extend(pick(model, &picked));
    effects
}

/// Which way to another filter profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Towards {
    Next,
    Previous,
}

/// Picks the one behind or before the one in force, round the end; those of other hubs are passed over.
pub(super) fn step(model: &mut Model, towards: Towards) -> Vec<Effect> {
    let known = &model.profiles.catalogue.known;
    let (count, here) = (known.len(), model.profiles.place_of_present());
    let place = |step: usize| match towards {
        Towards::Next => (here + step) % count,
        Towards::Previous => (here + count - step) % count,
    };
    let next = (1..count).filter_map(|step| known.get(place(step))).find(|profile| model.profiles.is_here(profile));
    if let Some(profile) = next.cloned() {
        return pick(model, &profile);
    }
    let picker = notice::table_keys(model, Action::Profiles);
    model.say(Level::Info, format!("there is no other filter profile of this hub; {picker} shows all"));
    Vec::new()
}

/// Picks the one that was in force before.
pub(super) fn last(model: &mut Model) -> Vec<Effect> {
    let Some(name) = model.profiles.last.clone() else {
        model.say(Level::Info, "no other filter profile has been used yet");
        return Vec::new();
    };
    if let Some(profile) = model.profiles.catalogue.find(name.as_str()).cloned() {
        return pick(model, &profile);
    }
    model.say(Level::Warning, format!("the filter profile {name} is not there any more"));
    Vec::new()
}

/// Picks the one of a name.
pub(super) fn pick_named(model: &mut Model, name: &ProfileName) -> Vec<Effect> {
    model.profiles.catalogue.find(name.as_str()).cloned().map_or_else(Vec::new, |profile| pick(model, &profile))
}

/// Puts one into force: its query is asked, and the table looks as it says.
fn pick(model: &mut Model, profile: &FilterProfile) -> Vec<Effect> {
    if !model.profiles.is_here(profile) {
        return to_other_hub(model, profile);
    }
    trail::leave(model);
    model.profiles.lost = None;
    let former = std::mem::replace(&mut model.profiles.present, profile.clone());
    if former.name != profile.name {
        model.profiles.last = Some(former.name);
    }
    if !model.filter.is_empty() {
        narrowing::set_filter(model, "");
    }
    if model.view.is_narrowed() {
        narrowing::widen(model);
    }
    look_like(model, profile);
    model.cursor.moved = Moved::No;
    say(model, profile);
    loading::ask_instead(model, profile.query())
}

/// Puts the filter profile in force that was so where one goes back to: its guard rails, columns and grouping. One that is not there any
/// more, or is of another hub, leaves the present one in force.
pub(super) fn put_back(model: &mut Model, name: &ProfileName) {
    let Some(profile) = model.profiles.catalogue.find(name.as_str()).filter(|profile| model.profiles.is_here(profile)).cloned() else {
        return;
    };
    look_like(model, &profile);
    let former = std::mem::replace(&mut model.profiles.present, profile);
    model.profiles.last = Some(former.name);
}

/// Columns, order and grouping.
fn look_like(model: &mut Model, profile: &FilterProfile) {
    let columns = profile.columns();
    if model.columns != columns {
        model.columns = columns;
        model.cursor.column = None;
    }
    if model.view.grouped_by() != profile.group() {
        grouping::group_by(model, profile.group());
    }
    if *model.view.order() != profile.order() {
        narrowing::order_by(model, profile.order());
    }
}

fn say(model: &mut Model, profile: &FilterProfile) {
    let rails = profile.content.rails.told();
    let (level, rails) =
        if rails.is_empty() { (Level::Info, String::new()) } else { (Level::Warning, format!("; guard rails: {}", rails.join(", "))) };
    model.say(level, format!("filter profile {}{rails}", profile.name));
}

/// The one picked is for another hub: what is staged here stays here, in the journal.
fn to_other_hub(model: &mut Model, profile: &FilterProfile) -> Vec<Effect> {
    let name = &profile.name;
    if model.sending.is_active() {
        let tasks = notice::table_keys(model, Action::Tasks);
        model.say(
            Level::Warning,
            format!("{name} is for another hub ({}): first the send under way has to end; {tasks} shows it", profile.asked),
        );
        return Vec::new();
    }
    let is_kept = model.journal.is_whole() && model.journal.state == JournalState::Open;
    if !model.staging.is_empty() && !is_kept {
        let what = wording::counted(model.staging.len(), "staged change");
        let why = "not in the journal yet, and would be lost with a change of hub";
        model.say(Level::Warning, format!("{name} is for another hub ({}): {what} here, {why}", profile.asked));
        return Vec::new();
    }
    if let Some(key) = model.journal.key.clone() {
        model.profiles.elsewhere.insert(key, model.staging.len());
    }
    vec![Effect::SwitchHub(Box::new(profile.clone()))]
}

/// Whether the last session's filter profile comes back, by its name; says where it cannot.
pub(super) fn recall(model: &mut Model, name: &str) {
    // Whoever has picked one already wants that one.
    let has_picked = model.profiles.last.is_some();
    if model.settings.asked != Asked::Nobody || has_picked || name == model.profiles.present.name.as_str() {
        return;
    }
    match model.profiles.catalogue.find(name).cloned() {
        Some(profile) if model.profiles.is_here(&profile) => {
            let before = model.profiles.present.clone();
            model.profiles.present = profile.clone();
            // It was in force when the last session was left: what came back of that was most likely decided under it.
            rails::hold_all(model);
            if model.columns == before.columns() {
                model.columns = profile.columns();
            }
            if model.view.grouped_by() == before.group() {
                grouping::group_by(model, profile.group());
            }
        }
        Some(_) => {}
        None => lose(model, name),
    }
}

/// The last session's filter profile cannot be used: which guard rails it has is not known, so nothing is sent until one is picked.
fn lose(model: &mut Model, name: &str) {
    let why = model.profiles.catalogue.why_not(name).unwrap_or("it is not there any more").to_owned();
    let picker = notice::table_keys(model, Action::Profiles);
    let told = format!(
        "nothing is sent until you pick a filter profile with {picker}: {}, in force when you left, cannot be used ({why})",
        text::clean(name)
    );
    model.profiles.lost = Some(Lost { name: name.to_owned(), why });
    // It must be seen whatever else is told at the start.
    let before = model.notice.take();
    model.say(Level::Warning, told);
    if let Some(before) = before {
        model.say_too(before.level, &before.text);
    }
}
