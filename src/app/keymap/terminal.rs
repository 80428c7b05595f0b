//! Keys that do not arrive as what they are written: terminals keep them, or send something else in their place.

use crossterm::event::{KeyCode, KeyModifiers};

use super::Key;

/// Why a key must not be bound; `None` where it arrives everywhere.
pub fn swallowed(key: Key) -> Option<&'static str> {
    let KeyCode::Char(c) = key.code else { return None };
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match c {
            's' => Some("Ctrl-s stops the output of many terminals, and nothing is seen any more until Ctrl-q"),
            'q' => Some("Ctrl-q is kept by many terminals, to let their output go on"),
            'm' => Some("terminals send Ctrl-m as Enter; bind enter"),
            'i' => Some("terminals send Ctrl-i as Tab; bind tab"),
            'h' => Some("terminals send Ctrl-h and Backspace for each other; bind backspace"),
            '[' => Some("terminals send Ctrl-[ as Esc; bind esc"),
            ' ' => Some("many terminals send nothing for Ctrl-Space, and input methods keep it"),
            '\\' => Some("Ctrl-\\ is kept by many terminals, to kill a program"),
            c if c.is_ascii_lowercase() => None,
            _ => Some("with Ctrl, terminals send letters only"),
        };
    }
    match c {
        '[' | 'O' if key.modifiers.contains(KeyModifiers::ALT) => Some("what terminals send for arrows and F-keys begins so"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Preset, parse_keys};
    use super::*;

    #[test]
    fn keys_that_do_not_arrive_are_known_with_the_reason_and_no_preset_binds_one() {
        for (written, reason) in [
            ("ctrl-s", "stops the output"),
            ("ctrl-Q", "kept by many terminals"),
            ("ctrl-m", "bind enter"),
            ("ctrl-i", "bind tab"),
            ("ctrl-h", "bind backspace"),
            ("ctrl-[", "bind esc"),
            ("ctrl-space", "nothing for Ctrl-Space"),
            ("ctrl-\\", "to kill a program"),
            ("ctrl-5", "letters only"),
            ("alt-[", "begins so"),
        ] {
            let keys = parse_keys(written).unwrap_or_default();
            let told = keys.first().copied().and_then(swallowed);
            assert!(told.is_some_and(|told| told.contains(reason)), "{written}: {told:?}");
        }
        for (name, preset) in Preset::ALL {
            let keymap = preset.keymap();
            let bound = super::super::Context::ALL.iter().flat_map(|&(_, context)| keymap.bindings(context));
            assert_eq!(bound.flat_map(|binding| &binding.keys).copied().find_map(swallowed), None, "{name}");
        }
    }
}
