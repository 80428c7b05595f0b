//! The clipboard of the analyst's own machine, reached through the terminal (OSC 52): the program runs on a jump host.

use std::io::{self, Write};

use crossterm::{Command, clipboard::CopyToClipboard};

use crate::app::clipboard::Multiplexer;

/// Hands a text to the terminal. Whether it reached a clipboard cannot be known: many terminals ask or refuse silently.
pub fn copy(text: &str, through: Multiplexer) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(&wrap(text, through))?;
    out.flush()
}

/// A control string that GNU screen 4.9 passes on has at most 766 bytes between its beginning and its end; 768 are lost.
const SCREEN_PART: usize = 764;

/// The sequences that put a text on the clipboard, as what lies between the program and the terminal passes them on.
///
/// - tmux takes OSC 52 itself where `set-clipboard` is `on`, and passes on what is wrapped for it where `allow-passthrough` is; by default
///   neither. Which of them is set cannot be asked without starting tmux, so both go out: where both are set, the same text comes twice.
/// - GNU screen drops OSC 52 and passes control strings on, part by part.
/// - Where it is one of the two, tmux's form must not be sent: screen would pass `tmux;` on as text.
pub fn wrap(text: &str, through: Multiplexer) -> Vec<u8> {
    let osc = osc52(text);
    match through {
        Multiplexer::None => osc.into_bytes(),
        Multiplexer::Tmux => format!("{osc}\x1bPtmux;{}\x1b\\", osc.replace('\x1b', "\x1b\x1b")).into_bytes(),
        Multiplexer::Screen => in_parts(&osc),
        Multiplexer::Either => [osc.as_bytes(), &in_parts(&osc)].concat(),
    }
}

fn in_parts(osc: &str) -> Vec<u8> {
    osc.as_bytes().chunks(SCREEN_PART).flat_map(|part| [b"\x1bP", part, b"\x1b\\"].concat()).collect()
}

/// OSC 52, ended by BEL: the other end, `ESC \`, would end what it is wrapped in.
fn osc52(text: &str) -> String {
    let mut sequence = String::new();
    // A text takes whatever is written to it.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut sequence);
    let body = sequence.strip_suffix("\x1b\\").unwrap_or(&sequence).to_owned();
    body + "\x07"
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(Multiplexer::None, "\x1b]52;c;Zm9v\x07")]
    #[case(Multiplexer::Tmux, "\x1b]52;c;Zm9v\x07\x1bPtmux;\x1b\x1b]52;c;Zm9v\x07\x1b\\")]
    #[case(Multiplexer::Screen, "\x1bP\x1b]52;c;Zm9v\x07\x1b\\")]
    #[case(Multiplexer::Either, "\x1b]52;c;Zm9v\x07\x1bP\x1b]52;c;Zm9v\x07\x1b\\")]
    fn a_text_is_wrapped_for_what_lies_between(#[case] through: Multiplexer, #[case] bytes: &str) {
        assert_eq!(String::from_utf8_lossy(&wrap("foo", through)), bytes);
    }

    /// What GNU screen passes on: the insides of control strings of at most 766 bytes.
    fn passed_on(bytes: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(bytes).ok()?;
        let parts = text.strip_prefix("\x1bP")?.strip_suffix("\x1b\\")?.split("\x1b\\\x1bP");
        parts.map(|part| (part.len() <= 766).then_some(part)).collect()
    }

    proptest! {
        #[test]
        fn screen_passes_on_what_no_multiplexer_would_get(text in "\\PC{0,2000}") {
            let plain = String::from_utf8_lossy(&wrap(&text, Multiplexer::None)).into_owned();
            prop_assert_eq!(passed_on(&wrap(&text, Multiplexer::Screen)), Some(plain));
        }

        #[test]
        fn no_text_gets_out_of_its_sequence(text in any::<String>()) {
            let bytes = wrap(&text, Multiplexer::None);
            let body = bytes.strip_prefix(b"\x1b]52;c;").and_then(|rest| rest.strip_suffix(b"\x07"));
            prop_assert!(body.is_some_and(|body| body.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))));
        }
    }
}
