//! `[keys.CONTEXT]`: the user's key bindings over those of the preset.

use crossterm::event::KeyCode;
use toml::de::{DeTable, DeValue};

use crate::app::{
    action::Action,
    keymap::{self, Context, Key, Keymap},
};
use crate::domain::spelling;

use super::{Problem, lost, setting::shown};

/// The table of the contexts' tables.
pub(super) const TABLE: &str = "keys";

/// What unbinds a key.
const NONE: &str = "none";

/// The option beside the contexts, which is read like all others.
const PRESET: &str = "preset";

/// What was found while reading: what is wrong, and what has to be known.
pub(super) struct Found<'a> {
    /// What is wrong.
    pub(super) problems: &'a mut Vec<Problem>,
    /// What is allowed and may not be meant.
    pub(super) notes: &'a mut Vec<Problem>,
}

/// Takes all bindings over into the key map of the preset; what cannot be taken is a problem.
pub(super) fn read(text: &str, contexts: &DeTable<'_>, keymap: &mut Keymap, found: Found<'_>) {
    let Found { problems, notes } = found;
    let before = keymap.clone();
    let mut changes: Vec<Change> = Vec::new();
    let mut contexts: Vec<_> = contexts.iter().filter(|(name, _)| name.get_ref() != PRESET).collect();
    contexts.sort_by_key(|(name, _)| name.span().start);
    for (name, value) in contexts {
        let mut problem = |what: &str| problems.push(Problem::at(text, name.span().start, &format!("{TABLE}.{}", name.get_ref()), what));
        let Some(&(_, context)) = Context::ALL.iter().find(|(known, _)| known == name.get_ref()) else {
            let known = Context::ALL.map(|(known, _)| known);
            problem(&match spelling::nearest(name.get_ref(), &known) {
                Some(near) => format!("there is no such context; did you mean {near}?"),
                None => format!("there is no such context; known are {}", known.join(", ")),
            });
            continue;
        };
        match value.get_ref() {
            DeValue::Table(table) => bind_all(text, context, table, keymap, problems, &mut changes),
            other => problem(&format!("{} is not allowed here; this is a table: [{TABLE}.{}]", shown(other), context.name())),
        }
    }
    for lost in lost::found(&before, keymap, &changes) {
        let into = if lost.is_needed { &mut *problems } else { &mut *notes };
        into.push(Problem::at(text, lost.at, &lost.dotted, &lost.what));
    }
}

/// A binding that was read: where it stands, and what becomes of its keys.
pub(super) struct Change {
    /// The byte of the file.
    pub(super) at: usize,
    /// Its key with its table.
    pub(super) dotted: String,
    /// The context of its table.
    pub(super) context: Context,
    /// Its keys.
    pub(super) keys: Vec<Key>,
    /// What they mean now; `None` where they were unbound.
    pub(super) action: Option<Action>,
}

fn bind_all(
    text: &str,
    context: Context,
    table: &DeTable<'_>,
    keymap: &mut Keymap,
    problems: &mut Vec<Problem>,
    changes: &mut Vec<Change>,
) {
    let mut entries: Vec<_> = table.iter().collect();
    // Bindings are made in the order of the file: the footer and the help show the first one.
    entries.sort_by_key(|(keys, _)| keys.span().start);
    let first = changes.len();
    for (typed, value) in entries {
        let at = typed.span().start;
        let dotted = format!("{TABLE}.{}.{:?}", context.name(), typed.get_ref());
        let here = changes.get(first..).unwrap_or_default();
        match read_binding(context, typed.get_ref(), value.get_ref(), keymap, here) {
            Ok((keys, action)) => {
                match action {
                    Some(action) => keymap.bind(context, keys.clone(), action),
                    None => keymap.unbind(context, &keys),
                }
                changes.push(Change { at, dotted, context, keys, action });
            }
            Err(what) => problems.push(Problem::at(text, at, &dotted, &what)),
        }
    }
    // Only now: what a binding hides may have been unbound further down.
    let here = changes.get(first..).unwrap_or_default();
    for (nth, Change { at, dotted, keys, .. }) in here.iter().enumerate().filter(|(_, change)| change.action.is_some()) {
        let hides =
            keymap.bindings(context).find(|other| other.keys != *keys && (other.keys.starts_with(keys) || keys.starts_with(&other.keys)));
        let Some(other) = hides else { continue };
        let by = here.iter().position(|change| change.keys == other.keys && change.action.is_some());
        // Of two of the file the later one is told, with the place of the first.
        if by.is_some_and(|by| by > nth) {
            continue;
        }
        let line = |change: &Change| format!(", bound in line {}", Problem::at(text, change.at, "", "").line);
        let whence = by.and_then(|by| here.get(by)).map(line).unwrap_or_default();
        let what = format!(
            "cannot be told apart from `{}` ({}){whence}: one begins with the other; unbind that with \"{NONE}\", or choose other keys",
            keymap::shown(&other.keys),
            other.action.name()
        );
        problems.push(Problem::at(text, *at, dotted, &what));
    }
}

/// The keys, and the action or its absence.
fn read_binding(
    context: Context,
    typed: &str,
    value: &DeValue<'_>,
    keymap: &Keymap,
    here: &[Change],
) -> Result<(Vec<Key>, Option<Action>), String> {
    let keys = keymap::parse_keys(typed).map_err(|error| error.to_string())?;
    let first = keys.first().copied();
    if here.iter().any(|other| other.keys == keys) {
        return Err("the same keys stand further up, spelled in another way".to_owned());
    }
    let Some(name) = value.as_str() else {
        return Err(format!("{} is not allowed here; write the name of an action, or \"{NONE}\"", shown(value)));
    };
    if name == NONE {
        if keymap.bindings(context).any(|binding| binding.keys == keys) {
            return Ok((keys, None));
        }
        let elsewhere = !context.is_text() && keymap.bindings(Context::Global).any(|binding| binding.keys == keys);
        return Err(if elsewhere {
            format!("nothing is bound to these keys in this context; they are bound in [{TABLE}.global]")
        } else {
            "nothing is bound to these keys in this context".to_owned()
        });
    }
    let Some(action) = Action::named(name) else {
        let names: Vec<&str> = Action::ALL.iter().map(|&(name, ..)| name).collect();
        return Err(match spelling::nearest(name, &names) {
            Some(near) => format!("there is no action {name:?}; did you mean {near:?}?"),
            None => format!("there is no action {name:?}; write \"{NONE}\", or one of {}", names.join(", ")),
        });
    };
    if let Some(why) = keys.iter().find_map(|&key| keymap::swallowed(key)) {
        return Err(why.to_owned());
    }
    if context.is_text() && first.is_some_and(types_text) {
        return Err("a key that types a character cannot be bound where text is typed; put ctrl- or alt- before it".to_owned());
    }
    // No count begins with a nought.
    if first.and_then(Key::digit).is_some_and(|digit| digit > 0 || context == Context::Menu) {
        return Err("digits are counts, and pick in menus; they cannot begin a binding".to_owned());
    }
    Ok((keys, Some(action)))
}

/// Whether a key by itself is text.
fn types_text(key: Key) -> bool {
    matches!(key.code, KeyCode::Char(_)) && key.modifiers.is_empty()
}
