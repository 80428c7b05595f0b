//! `[keys.CONTEXT]`: the user's key bindings over the default ones.

use crossterm::event::KeyCode;
use toml::de::{DeTable, DeValue};

use crate::app::{
    action::Action,
    keymap::{self, Context, Key, Keymap},
};

use super::{Problem, setting::shown};

/// The table of the contexts' tables.
pub(super) const TABLE: &str = "keys";

/// What unbinds a key.
const NONE: &str = "none";

/// Takes all bindings over into the key map; what cannot be taken is a problem.
pub(super) fn read(text: &str, contexts: &DeTable<'_>, keymap: &mut Keymap, problems: &mut Vec<Problem>) {
    let mut contexts: Vec<_> = contexts.iter().collect();
    contexts.sort_by_key(|(name, _)| name.span().start);
    for (name, value) in contexts {
        let mut problem = |what: &str| problems.push(Problem::at(text, name.span().start, &format!("{TABLE}.{}", name.get_ref()), what));
        let Some(&(_, context)) = Context::ALL.iter().find(|(known, _)| known == name.get_ref()) else {
            problem(&format!("there is no such context; known are {}", Context::ALL.map(|(known, _)| known).join(", ")));
            continue;
        };
        match value.get_ref() {
            DeValue::Table(table) => bind_all(text, context, table, keymap, problems),
            other => problem(&format!("{} is not allowed here; this is a table: [{TABLE}.{}]", shown(other), context.name())),
        }
    }
}

/// A binding that was read: where it stands, and its keys.
struct Bound {
    at: usize,
    dotted: String,
    keys: Vec<Key>,
}

fn bind_all(text: &str, context: Context, table: &DeTable<'_>, keymap: &mut Keymap, problems: &mut Vec<Problem>) {
    let mut entries: Vec<_> = table.iter().collect();
    // Bindings are made in the order of the file: the footer and the help show the first one.
    entries.sort_by_key(|(keys, _)| keys.span().start);
    let mut bound: Vec<Bound> = Vec::new();
    for (typed, value) in entries {
        let at = typed.span().start;
        let dotted = format!("{TABLE}.{}.{:?}", context.name(), typed.get_ref());
        match read_binding(context, typed.get_ref(), value.get_ref(), keymap, &bound) {
            Ok((keys, Some(action))) => {
                keymap.bind(context, keys.clone(), action);
                bound.push(Bound { at, dotted, keys });
            }
            Ok((keys, None)) => keymap.unbind(context, &keys),
            Err(what) => problems.push(Problem::at(text, at, &dotted, &what)),
        }
    }
    // Only now: what a binding hides may have been unbound further down.
    for Bound { at, dotted, keys } in bound {
        let other =
            keymap.bindings(context).find(|other| other.keys != keys && (other.keys.starts_with(&keys) || keys.starts_with(&other.keys)));
        if let Some(other) = other {
            let what = format!(
                "cannot be told apart from `{}` ({}): one begins with the other; unbind that with \"{NONE}\", or choose other keys",
                keymap::shown(&other.keys),
                other.action.name()
            );
            problems.push(Problem::at(text, at, &dotted, &what));
        }
    }
}

/// The keys, and the action or its absence.
fn read_binding(
    context: Context,
    typed: &str,
    value: &DeValue<'_>,
    keymap: &Keymap,
    bound: &[Bound],
) -> Result<(Vec<Key>, Option<Action>), String> {
    let keys = keymap::parse_keys(typed).map_err(|error| error.to_string())?;
    let first = keys.first().copied();
    if bound.iter().any(|other| other.keys == keys) {
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
        return Err(format!("there is no action {name:?}; write \"{NONE}\", or one of {}", names.join(", ")));
    };
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
