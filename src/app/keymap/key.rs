//! Keys, as they are pressed, written and shown.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key stroke, without the shift that a character already carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// With Ctrl or Alt.
    pub modifiers: KeyModifiers,
}

impl Key {
    /// A plain character.
    pub const fn char(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::NONE }
    }

    /// A key without modifiers.
    pub const fn code(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    /// A character with Ctrl.
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::CONTROL }
    }

    /// The digit, where it is one.
    pub fn digit(self) -> Option<usize> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => c.to_digit(10).map(|digit| digit as usize),
            _ => None,
        }
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let kept = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        match event.code {
            // A terminal without the newer key protocols sends Ctrl-j as a line feed; it must not look like Enter.
            KeyCode::Char('\n') => Self::ctrl('j'),
            KeyCode::Char(c) if kept.contains(KeyModifiers::CONTROL) => {
                Self { code: KeyCode::Char(c.to_ascii_lowercase()), modifiers: kept }
            }
            code => Self { code, modifiers: kept },
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("Ctrl-")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::F(n) => write!(f, "F{n}"),
            code => write!(f, "{code:?}"),
        }
    }
}

/// Why a text is no key sequence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no key: write a character, or one of space enter esc tab shift-tab up down left right home end pgup pgdn backspace insert delete f1-f12, with ctrl- or alt- before it; the keys of a sequence apart by spaces"
)]
pub struct KeyError(String);

/// Reads a key sequence: `j`, `g g`, `ctrl-d`, `pgdn`.
pub fn parse_keys(text: &str) -> Result<Vec<Key>, KeyError> {
    let keys: Vec<Key> = text.split_whitespace().map(parse_key).collect::<Result<_, _>>()?;
    if keys.is_empty() { Err(KeyError(text.to_owned())) } else { Ok(keys) }
}

fn parse_key(word: &str) -> Result<Key, KeyError> {
    let mut modifiers = KeyModifiers::NONE;
    let mut rest = word;
    loop {
        if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
            modifiers |= KeyModifiers::CONTROL;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
            modifiers |= KeyModifiers::ALT;
            rest = after;
        } else {
            break;
        }
    }
    let mut chars = rest.chars();
    let code = match (chars.next(), chars.next()) {
        // As terminals send it: with Ctrl there is no upper case.
        (Some(c), None) if modifiers.contains(KeyModifiers::CONTROL) => KeyCode::Char(c.to_ascii_lowercase()),
        (Some(c), None) => KeyCode::Char(c),
        _ => match rest.to_ascii_lowercase().as_str() {
            "space" => KeyCode::Char(' '),
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" => KeyCode::Tab,
            "shift-tab" => KeyCode::BackTab,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pgup" => KeyCode::PageUp,
            "pgdn" => KeyCode::PageDown,
            "backspace" => KeyCode::Backspace,
            "insert" => KeyCode::Insert,
            "delete" => KeyCode::Delete,
            other => match other.strip_prefix('f').and_then(|number| number.parse().ok()) {
                Some(number @ 1..=12) => KeyCode::F(number),
                _ => return Err(KeyError(word.to_owned())),
            },
        },
    };
    Ok(Key { code, modifiers })
}

/// A key sequence as it is shown: `gg`, `Ctrl-d`.
pub fn shown(keys: &[Key]) -> String {
    keys.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn keys_are_read_and_a_wrong_one_is_named() {
        assert_eq!(parse_keys("ctrl-d"), Ok(vec![Key::ctrl('d')]));
        assert_eq!(parse_keys("ctrl-D"), Ok(vec![Key::ctrl('d')]));
        assert_eq!(parse_keys("g g"), Ok(vec![Key::char('g'), Key::char('g')]));
        assert_eq!(parse_keys("alt-enter").unwrap().first().unwrap().to_string(), "Alt-Enter");
        assert!(parse_keys("hyper-x").unwrap_err().to_string().contains("`hyper-x`"));
        assert!(parse_keys("  ").is_err());
        let shifted = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(Key::from(shifted), Key::char('G'));
    }
}
