//! From keys to actions: counts, sequences, and where a key is text.

use crossterm::event::KeyCode;

use super::{act, flow, leave, menu, narrowing, profiles, recipes, summary, typing};
use crate::app::{
    action::Action,
    effect::Effect,
    event::Arrival,
    keymap::{Context, Key, Resolved, shown},
    model::{Level, Model},
    overlay::{Choice, Overlay},
};

/// Counts stop growing here: no list is longer.
const MAX_COUNT: usize = 9_999_999;

/// Takes in a key.
pub(super) fn pressed(model: &mut Model, key: Key, arrival: Arrival) -> Vec<Effect> {
    let context = model.context();
    if !model.screen.is_large_enough() && !is_safe_unseen(model, context, key) {
        return Vec::new();
    }
    if context.is_text() {
        return typing::typed(model, context, key, arrival);
    }
    if model.typed.keys.is_empty()
        && arrival == Arrival::Single
        && let Some(effects) = direct(model, context, key)
    {
        return effects;
    }
    if key.code == KeyCode::Esc && (!model.typed.keys.is_empty() || model.typed.count.is_some()) {
        model.typed.keys.clear();
        model.typed.count = None;
        return Vec::new();
    }
    if model.typed.keys.is_empty()
        && let Some(digit) = key.digit()
        && (digit > 0 || model.typed.count.is_some())
    {
        // The end of a pasted number must not become the count of the next key.
        if arrival == Arrival::Burst {
            model.typed.count = None;
            return pasted(model);
        }
        let count = model.typed.count.unwrap_or(0).saturating_mul(10).saturating_add(digit);
        model.typed.count = Some(count.min(MAX_COUNT));
        return Vec::new();
    }
    // A screen that is spoilt is drawn again whatever has been begun.
    if !model.typed.keys.is_empty() && model.settings.keymap.resolve(context, &[key]) == Resolved::Action(Action::Redraw) {
        return act::act(model, context, Action::Redraw, None);
    }
    model.typed.keys.push(key);
    match model.settings.keymap.resolve(context, &model.typed.keys) {
        Resolved::Prefix => Vec::new(),
        Resolved::Nothing => {
            let keys = shown(&std::mem::take(&mut model.typed.keys));
            model.typed.count = None;
            if arrival == Arrival::Burst {
                return pasted(model);
            }
            let help = model.settings.keymap.shown(context, Action::Help).unwrap_or_default();
            model.say(Level::Warning, format!("{keys} does nothing here; {help} shows the keys"));
            Vec::new()
        }
        Resolved::Action(action) => {
            model.typed.keys.clear();
            let count = model.typed.count.take();
            if arrival == Arrival::Burst && !matches!(action, Action::Move(_)) {
                return pasted(model);
            }
            meant(model, context, action, count)
        }
    }
}

/// Carries out what keys or the palette meant.
pub(super) fn meant(model: &mut Model, context: Context, action: Action, count: Option<usize>) -> Vec<Effect> {
    model.hint = model.hint.pressed();
    if action == Action::Interrupt {
        model.typed.interrupts = model.typed.interrupts.saturating_add(1);
    } else {
        model.typed.interrupts = 0;
        model.notice = None;
    }
    act::act(model, context, action, count)
}

fn pasted(model: &mut Model) -> Vec<Effect> {
    model.say(Level::Warning, "so many keys at once look like pasted text: only movements were taken");
    Vec::new()
}

/// Whether a key may act while the terminal is too small to show anything: what ends, stops or redraws the program.
fn is_safe_unseen(model: &Model, context: Context, key: Key) -> bool {
    let ends = matches!(
        model.settings.keymap.resolve(Context::Global, &[key]),
        Resolved::Action(Action::Interrupt | Action::Quit | Action::Suspend | Action::Redraw)
    );
    ends && !context.is_text()
}

/// Keys that a menu or a question takes before the key map does.
fn direct(model: &mut Model, context: Context, key: Key) -> Option<Vec<Effect>> {
    let KeyCode::Char(c) = key.code else { return None };
    if !key.modifiers.is_empty() {
        return None;
    }
    if context == Context::Confirm && c == 'w' {
        return leave::when_sent(model);
    }
    if context == Context::Profiles {
        return c.to_digit(10).map(|digit| profiles::choose_number(model, digit as usize));
    }
    if context == Context::Flow {
        // No counts here: a digit is a recipe.
        let digit = c.to_digit(10)?;
        model.typed.interrupts = 0;
        model.notice = None;
        return Some(flow::recipe(model, digit as usize));
    }
    if context == Context::Summary && summary::offers_profiles(model) {
        return c.to_digit(10).map(|digit| summary::profile(model, digit as usize));
    }
    match (context, model.overlays.last_mut()) {
        (Context::Menu, Some(Overlay::Recipes(_))) => recipes::pick(model, c),
        (Context::Menu, Some(Overlay::Menu(menu))) => {
            if let Some(item) = menu.items.iter().find(|item| c.is_ascii_uppercase() && item.key == c.to_ascii_lowercase())
                && let Choice::Sort(field) = item.choice
            {
                narrowing::extend(model, field);
                return Some(Vec::new());
            }
            let at =
                menu.items.iter().position(|item| item.key == c || item.number.is_some_and(|number| number.to_string().starts_with(c)))?;
            menu.cursor = at;
            Some(menu::choose(model))
        }
        _ => None,
    }
}
