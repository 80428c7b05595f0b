//! Key maps to choose from. Each is a layer over the default one: it adds keys and takes none away, so that what the manual and a colleague
//! say stays true. Why each is as it is stands in docs/decisions/key-presets.md.

use super::{
    super::action::{Action, Motion},
    Binding, Context, DEFAULTS, Keymap, parse_keys,
};

/// A key map to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// The default one.
    #[default]
    Default,
    /// With what hands that know vim try without thinking.
    Vim,
    /// For arrows, Enter, Esc, Tab and the keys with words on them.
    Arrows,
}

impl Preset {
    /// Each with its name in the configuration.
    pub const ALL: [(&'static str, Self); 3] = [("default", Self::Default), ("vim", Self::Vim), ("arrows", Self::Arrows)];

    /// What it lays over the default key map. Keys that are there already are listed to be shown before others.
    pub const fn layer(self) -> &'static [(Context, &'static str, Action)] {
        match self {
            Self::Default => &[],
            Self::Vim => VIM,
            Self::Arrows => ARROWS,
        }
    }

    /// The key map: its own bindings first, since the first ones are shown, then the default ones.
    pub fn keymap(self) -> Keymap {
        let mut keymap = Keymap { bindings: Vec::with_capacity(self.layer().len() + DEFAULTS.len()) };
        for &(context, keys, action) in self.layer().iter().chain(DEFAULTS) {
            if let Ok(keys) = parse_keys(keys)
                && keymap.bindings(context).all(|binding| binding.keys != keys)
            {
                keymap.bindings.push(Binding { context, keys, action });
            }
        }
        keymap
    }
}

const VIM: &[(Context, &str, Action)] = {
    use Action as A;
    use Context as C;
    &[
        // A line at a time: in a text that is what they do in vim; in a list the cursor goes with it.
        (C::Global, "ctrl-e", A::Move(Motion::Down)),
        (C::Global, "ctrl-y", A::Move(Motion::Up)),
        // Nothing is sent by leaving and nothing that is staged is lost, so both ways out are the same one, which asks where it has to.
        (C::Global, "Z Z", A::Quit),
        (C::Global, "Z Q", A::Quit),
        // The line goes: here the staged change of it. Not in the choice of columns, where `d` alone takes one out.
        (C::Table, "d d", A::Drop),
        (C::Detail, "d d", A::Drop),
        (C::Flow, "d d", A::Drop),
        (C::Problems, "d d", A::Drop),
        // Out of this send, back in with the same keys.
        (C::Review, "d d", A::Exclude),
        // `u` is undo already.
        (C::Table, "ctrl-r", A::Redo),
        (C::Flow, "ctrl-r", A::Redo),
        // Back to where the cursor was, beside Ctrl-o.
        (C::Table, "' '", A::GoBack),
        (C::Table, "` `", A::GoBack),
        // The last selection again.
        (C::Table, "g v", A::MarkLastSet),
        // One toggle does for all three: a fold shows which way it goes.
        (C::Table, "z o", A::Fold),
        (C::Table, "z c", A::Fold),
        // Yank without a motion.
        (C::Table, "Y", A::CopyUid),
        (C::Detail, "Y", A::CopyUid),
        (C::Flow, "Y", A::CopyUid),
        // Begins to type.
        (C::Table, "i", A::Comment),
        (C::Detail, "i", A::Comment),
        (C::Flow, "i", A::Comment),
    ]
};

const ARROWS: &[(Context, &str, Action)] = {
    use Action as A;
    use Context as C;
    &[
        // As by default, but shown before the letters.
        (C::Global, "down", A::Move(Motion::Down)),
        (C::Global, "up", A::Move(Motion::Up)),
        (C::Global, "home", A::Move(Motion::First)),
        (C::Global, "end", A::Move(Motion::Last)),
        (C::Global, "pgdn", A::Move(Motion::PageDown)),
        (C::Global, "pgup", A::Move(Motion::PageUp)),
        (C::Global, "esc", A::Back),
        // Not every keyboard has Insert.
        (C::Table, "space", A::Mark),
        (C::Detail, "space", A::Mark),
        (C::Table, "left", A::PreviousColumn),
        (C::Table, "right", A::NextColumn),
        (C::Summary, "left", A::PreviousColumn),
        (C::Summary, "right", A::NextColumn),
        // As in a browser and in file managers: out of where one is, and on the table to where one came from.
        (C::Global, "backspace", A::Back),
        (C::Table, "backspace", A::GoBack),
        (C::Flow, "backspace", A::GoBack),
        // To the next field to fill in, as in a form.
        (C::Table, "tab", A::Next),
        (C::Table, "shift-tab", A::Previous),
        (C::Flow, "tab", A::Next),
        (C::Flow, "shift-tab", A::Previous),
        // To the next file with something in it, as in a merge.
        (C::Problems, "tab", A::Move(Motion::Down)),
        (C::Problems, "shift-tab", A::Move(Motion::Up)),
        // Marks and goes down, as in file managers.
        (C::Table, "insert", A::Mark),
        (C::Detail, "insert", A::Mark),
        // Puts something into a list.
        (C::Columns, "insert", A::AddColumn),
        (C::Profiles, "insert", A::SaveProfile),
        // Takes away what stands here: never a finding.
        (C::Table, "delete", A::Drop),
        (C::Detail, "delete", A::Drop),
        (C::Flow, "delete", A::Drop),
        (C::Problems, "delete", A::Drop),
        (C::Review, "delete", A::Exclude),
        (C::Columns, "delete", A::RemoveColumn),
        // Narrower and wider, as it looks.
        (C::Columns, "left", A::NarrowColumn),
        (C::Columns, "right", A::WidenColumn),
        // F-keys where other programs have them: help, rename, find, reload, menu. None is the only way: some terminals keep F1, F10 and F11,
        // so the last two are not used at all.
        (C::Global, "f1", A::Help),
        (C::Global, "f9", A::Palette),
        (C::Table, "f2", A::Status),
        (C::Detail, "f2", A::Status),
        (C::Flow, "f2", A::Status),
        (C::Table, "f3", A::Filter),
        (C::Detail, "f3", A::Filter),
        (C::Table, "f4", A::Comment),
        (C::Detail, "f4", A::Comment),
        (C::Flow, "f4", A::Comment),
        (C::Table, "f5", A::RunAgain),
        (C::Journal, "f5", A::RunAgain),
        (C::Summary, "f5", A::RunAgain),
        (C::Table, "f6", A::Severity),
        (C::Detail, "f6", A::Severity),
        (C::Flow, "f6", A::Severity),
        (C::Table, "f7", A::Recipe),
        (C::Detail, "f7", A::Recipe),
        (C::Flow, "f7", A::Recipe),
        (C::Table, "f8", A::Review),
        (C::Flow, "f8", A::Review),
    ]
};

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::super::{Key, Resolved};
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    #[test]
    fn every_default_key_means_the_same_under_each_preset_and_no_binding_hides_another() {
        for (name, preset) in Preset::ALL {
            let keymap = preset.keymap();
            for &(context, keys, action) in DEFAULTS {
                let keys = parse_keys(keys).unwrap();
                assert_eq!(keymap.resolve(context, &keys), Resolved::Action(action), "{name}: {keys:?} in {context:?}");
                assert!(keymap.reaches(context, action), "{name}: {action:?} in {context:?}");
            }
            for &(context, keys, action) in preset.layer() {
                let keys = parse_keys(keys).unwrap();
                assert_eq!(keymap.resolve(context, &keys), Resolved::Action(action), "{name}: {keys:?} in {context:?}");
            }
            for (at, binding) in keymap.bindings.iter().enumerate() {
                let others = keymap.bindings.iter().skip(at + 1).filter(|other| other.context == binding.context);
                for other in others {
                    let hides = binding.keys.starts_with(&other.keys) || other.keys.starts_with(&binding.keys);
                    assert!(!hides, "{name}: {binding:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_that_holds_everywhere_is_out_of_reach_anywhere() {
        for (name, preset) in Preset::ALL {
            let keymap = preset.keymap();
            for &(_, context) in Context::ALL.iter().filter(|(_, context)| !context.is_text()) {
                for binding in keymap.bindings(Context::Global) {
                    assert!(keymap.reaches(context, binding.action), "{name}: {:?} in {context:?}", binding.action);
                }
            }
        }
    }

    #[test]
    fn nothing_is_reached_by_an_f_key_or_with_alt_alone() {
        let is_plain = |key: &Key| !matches!(key.code, KeyCode::F(_) | KeyCode::Insert) && !key.modifiers.contains(KeyModifiers::ALT);
        for (name, preset) in Preset::ALL {
            let keymap = preset.keymap();
            for binding in &keymap.bindings {
                let contexts = if binding.context.is_text() { [binding.context; 2] } else { [binding.context, Context::Global] };
                let mut same =
                    contexts.into_iter().flat_map(|context| keymap.bindings(context)).filter(|other| other.action == binding.action);
                assert!(same.any(|other| other.keys.iter().all(is_plain)), "{name}: {binding:?}");
            }
        }
    }

    #[test]
    fn what_a_preset_adds_is_shown_first_where_it_is_no_longer_to_type() {
        let [_, (_, vim), (_, arrows)] = Preset::ALL;
        assert_eq!(arrows.keymap().shown(Context::Table, Action::Move(Motion::Down)).as_deref(), Some("Down"));
        assert_eq!(arrows.keymap().shown(Context::Table, Action::Status).as_deref(), Some("F2"));
        assert_eq!(vim.keymap().shown(Context::Table, Action::CopyUid).as_deref(), Some("Y"));
        assert_eq!(vim.keymap().shown(Context::Table, Action::Drop).as_deref(), Some("D"));
        assert_eq!(Preset::default().keymap(), Keymap::default());
    }
}
