//! What a file's bindings take away: actions that no key leads to any more, where one did.
//!
//! That is allowed, and told, since it may not be meant; but not where it would leave nobody a way out.

use crate::app::{
    action::Action,
    keymap::{Context, Keymap},
};

use super::keys::Change;

/// Contexts that are named where an action has no key in many.
const NAMED: usize = 3;

/// An action without a key.
pub(super) struct Lost {
    /// Where the binding stands that took the last one.
    pub(super) at: usize,
    /// Its key with its table.
    pub(super) dotted: String,
    /// What it comes to.
    pub(super) what: String,
    /// Whether that must not be.
    pub(super) is_needed: bool,
}

/// What must stay possible with a key in a context: one of these actions, and why. Everywhere else the palette is a way.
fn needed(context: Context) -> Vec<(&'static [Action], &'static str)> {
    let leaves: (&'static [Action], &'static str) = match context {
        Context::Editor | Context::Prompt => (&[Action::Back], "nothing else leaves it"),
        Context::Table => (&[Action::Quit, Action::Interrupt], "nothing else ends the program"),
        _ => (&[Action::Back, Action::Quit], "nothing else leaves a screen"),
    };
    let mut needed = vec![leaves];
    match context {
        Context::Editor | Context::Prompt => needed.push((&[Action::Accept], "nothing else takes what was typed")),
        Context::Confirm => needed.push((&[Action::Accept], "nothing else says yes")),
        Context::Table => needed.push((&[Action::Help, Action::Palette], "nothing else tells what can be done")),
        _ => {}
    }
    needed
}

/// What has no key any more in the later key map, each told at the change that took the last one, in the order of their places.
pub(super) fn found(before: &Keymap, after: &Keymap, changes: &[Change]) -> Vec<Lost> {
    if changes.is_empty() {
        return Vec::new();
    }
    let mut told = Vec::new();
    for &(_, action, _) in Action::ALL {
        let had: Vec<Context> =
            Context::ALL.iter().map(|&(_, context)| context).filter(|&context| before.reaches(context, action)).collect();
        let gone: Vec<Context> = had.iter().copied().filter(|&context| !after.reaches(context, action)).collect();
        let mut places: Vec<(&Change, Vec<Context>)> = Vec::new();
        for &context in &gone {
            let Some(change) = culprit(before, context, action, changes) else { continue };
            match places.iter_mut().find(|(known, _)| known.at == change.at) {
                Some((_, contexts)) => contexts.push(context),
                None => places.push((change, vec![context])),
            }
        }
        for (change, contexts) in places {
            let reason = contexts.iter().find_map(|&context| {
                let needed = needed(context).into_iter().find(|(actions, _)| actions.contains(&action));
                needed.filter(|(actions, _)| actions.iter().all(|&action| !after.reaches(context, action))).map(|(_, why)| why)
            });
            told.push(tell(after, action, change, &contexts, contexts.len() == had.len(), reason));
        }
    }
    told.sort_by_key(|lost| lost.at);
    told
}

/// The last change that took a key of an action away in a context: other keys that are the same, begin them or begin with them.
fn culprit<'a>(before: &Keymap, context: Context, action: Action, changes: &'a [Change]) -> Option<&'a Change> {
    let is_here = |other: Context| other == context || (other == Context::Global && !context.is_text());
    let keys: Vec<_> = [context, Context::Global]
        .into_iter()
        .filter(|&context| is_here(context))
        .flat_map(|context| before.bindings(context))
        .filter(|binding| binding.action == action)
        .collect();
    let touches = |change: &&Change| {
        is_here(change.context)
            && keys.iter().any(|binding| binding.keys.starts_with(&change.keys) || change.keys.starts_with(&binding.keys))
    };
    changes.iter().filter(touches).max_by_key(|change| change.at)
}

fn tell(after: &Keymap, action: Action, change: &Change, contexts: &[Context], is_everywhere: bool, reason: Option<&str>) -> Lost {
    let name = action.name();
    let place = if is_everywhere && contexts.len() > 1 {
        String::new()
    } else {
        let named: Vec<&str> = contexts.iter().take(NAMED).map(|context| context.name()).collect();
        let more = contexts.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!(" and {more} more")).unwrap_or_default();
        format!(" in {}{more}", named.join(", "))
    };
    let palette = contexts.first().filter(|context| !context.is_text() && after.reaches(**context, Action::Palette));
    let what = match (reason, palette.and_then(|&context| after.shown(context, Action::Palette))) {
        (Some(reason), _) => format!("{name} has no key any more{place}, and {reason}; bind another one to it"),
        (None, Some(keys)) => format!("{name} has no key any more{place}; {keys} runs it by its name"),
        (None, None) => format!("{name} has no key any more{place}"),
    };
    Lost { at: change.at, dotted: change.dotted.clone(), what, is_needed: reason.is_some() }
}
