//! What several concerns say in the notice line, with the keys read off the live key map.

use crate::app::{
    action::Action,
    effect::Effect,
    keymap::Context,
    model::{Level, Model},
};

/// The keys of an action where the user is now, for a notice; read off the live key map so that it cannot drift.
pub(super) fn keys(model: &Model, context: Context, action: Action) -> String {
    model.settings.keymap.shown(context, action).unwrap_or_else(|| format!("({})", action.name()))
}

/// The keys of an action of the table.
pub(super) fn table_keys(model: &Model, action: Action) -> String {
    keys(model, Context::Table, action)
}

/// The keys of an action where the user is now; where it has none there, those of the table.
pub(super) fn keys_here(model: &Model, action: Action) -> String {
    model.settings.keymap.shown(model.context(), action).unwrap_or_else(|| table_keys(model, action))
}

/// The keys of an action where findings are decided: of flow mode where that is open, else of the table.
pub(super) fn deciding_keys(model: &Model, action: Action) -> String {
    keys(model, if model.flow().is_some() { Context::Flow } else { Context::Table }, action)
}

/// Says that something cannot be done because there is no row.
pub(super) fn no_row(model: &mut Model) -> Vec<Effect> {
    if model.cursor.header.is_some() && model.overlays.is_empty() {
        let [open, mark] = [Action::Open, Action::Mark].map(|action| table_keys(model, action));
        model.say(Level::Warning, format!("this is a group, not a finding: {open} folds and unfolds it, {mark} marks all of it"));
    } else {
        model.say(Level::Warning, "there is no finding here");
    }
    Vec::new()
}
