//! The default keys by the place where they are pressed, for the manual page and for `docs/manual.md`: made from the key map, so that
//! neither can name a key that does nothing.

use std::fmt::Write;

use crate::app::{
    action::Action,
    keymap::{self, Context, Keymap},
    text_view,
};

/// The keys of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What it is called.
    pub title: &'static str,
    /// Its lines, in the order of the key map.
    pub lines: Vec<Line>,
}

/// What some keys do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The keys, each as it is shown: `gg`, `Ctrl-d`. Empty for keys that are not in the key map.
    pub keys: Vec<String>,
    /// The name of the action, by which it can be bound and run.
    pub name: &'static str,
    /// What it does there.
    pub meaning: &'static str,
}

/// Every place that has keys of its own.
pub fn places() -> Vec<Place> {
    let keymap = Keymap::default();
    let place = |&(_, context): &(&str, Context)| {
        let mut lines: Vec<(Action, Line)> = Vec::new();
        for binding in keymap.bindings(context) {
            let keys = keymap::shown(&binding.keys);
            if let Some((_, line)) = lines.iter_mut().find(|(action, _)| *action == binding.action) {
                line.keys.push(keys);
            } else {
                let (action, meaning) = (binding.action, text_view::meaning(context, binding.action));
                lines.push((action, Line { keys: vec![keys], name: action.name(), meaning }));
            }
        }
        let direct = text_view::direct(context).iter().map(|&(keys, meaning)| Line { keys: vec![keys.to_owned()], name: "", meaning });
        let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).chain(direct).collect();
        (!lines.is_empty()).then(|| Place { title: text_view::title(context), lines })
    };
    Context::ALL.iter().filter_map(place).collect()
}

/// The tables of `docs/manual.md`.
pub fn markdown() -> String {
    let mut out = String::new();
    for Place { title, lines } in places() {
        writeln!(out, "### {title}\n\n| keys | does | action |\n|---|---|---|").ok();
        for Line { keys, name, meaning } in lines {
            let keys: Vec<String> = keys.iter().map(|keys| format!("`{}`", keys.replace('|', "\\|"))).collect();
            let name = if name.is_empty() { String::new() } else { format!("`{name}`") };
            writeln!(out, "| {} | {} | {name} |", keys.join(" "), meaning.replace('|', "\\|")).ok();
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_key_stands_in_a_table_of_its_place() {
        let told: usize =
            places().iter().flat_map(|place| &place.lines).filter(|line| !line.name.is_empty()).map(|line| line.keys.len()).sum();
        assert_eq!(told, keymap::DEFAULTS.len());
        let markdown = markdown();
        for sign in ["### Table\n", "| `gg` `Home` |", "`mark-all`", "| `Enter` |"] {
            assert!(markdown.contains(sign), "{sign}");
        }
    }
}
