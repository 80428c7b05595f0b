//! The count of a send that changes much: typed by hand, after the question has been seen, or nothing is sent.

use crossterm::event::KeyCode;

use super::{prompting, review};
use crate::{
    app::{
        action::Action,
        count_prompt::CountPrompt,
        effect::Effect,
        event::Arrival,
        keymap::{Context, Key, Resolved},
        model::{Level, Model},
        overlay::{Overlay, Trigger},
    },
    domain::{
        blast::Blast,
        text::{self, Cut},
    },
};

/// Most characters that can be typed: no count has as many.
const LONGEST: usize = 24;

/// Columns of what was typed that are told again.
const TOLD: usize = 20;

/// Asks for the count of what the review would send.
pub(super) fn ask(model: &mut Model, blast: Blast) {
    model.notice = None;
    model.overlays.push(Overlay::Count(Box::new(CountPrompt::new(blast))));
}

/// A key while the count is asked for.
pub(super) fn key(model: &mut Model, key: Key, arrival: Arrival) -> Vec<Effect> {
    let action = match model.settings.keymap.resolve(Context::Prompt, &[key]) {
        Resolved::Action(action) => Some(action),
        Resolved::Prefix | Resolved::Nothing => None,
    };
    if action == Some(Action::Back) && (arrival == Arrival::Single || key.code == KeyCode::Esc) {
        return leave(model);
    }
    let Some(Overlay::Count(prompt)) = model.overlays.last_mut() else { return Vec::new() };
    if prompt.trigger == Trigger::Locked {
        model.say(Level::Warning, "that was typed before the question was on the screen: look, then type the count");
        return Vec::new();
    }
    if arrival == Arrival::Burst {
        return pasted(model);
    }
    prompt.refused = None;
    if action == Some(Action::Accept) {
        return accept(model);
    }
    if prompt.line.text().chars().count() < LONGEST || !matches!(key.code, KeyCode::Char(_)) {
        prompting::edit_line(&mut prompt.line, key);
    }
    Vec::new()
}

/// A pasted text is not what somebody typed.
pub(super) fn pasted(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay::Count(prompt)) = model.overlays.last_mut() {
        prompt.line.set("");
        prompt.refused = Some("a pasted text is not taken: type the count".to_owned());
    }
    Vec::new()
}

fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Count(prompt)) = model.overlays.last_mut() else { return Vec::new() };
    let typed = prompt.line.text().trim();
    let count = text::grouped(prompt.blast.rows);
    if typed.is_empty() {
        prompt.refused = Some(format!("nothing is typed: the count is {count}"));
        return Vec::new();
    }
    if !prompt.blast.is_count(typed) {
        let typed = text::fit(&text::clean(typed), TOLD, Cut::End).into_owned();
        prompt.refused = Some(format!("{typed} is not the count: it is {count}"));
        prompt.line.set("");
        return Vec::new();
    }
    model.overlays.pop();
    review::counted(model)
}

/// Back to the review.
fn leave(model: &mut Model) -> Vec<Effect> {
    model.overlays.pop();
    model.say(Level::Info, "nothing was sent: its count was not typed");
    Vec::new()
}

/// The question is on the screen and every key typed before is handled, or it is out of sight again.
pub(super) fn seen(model: &mut Model, trigger: Trigger) {
    for overlay in &mut model.overlays {
        if let Overlay::Count(prompt) = overlay {
            prompt.trigger = trigger;
        }
    }
}
