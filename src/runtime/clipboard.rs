//! The clipboard of the analyst's own machine, reached through the terminal (OSC 52): the program runs on a jump host.

use crossterm::{clipboard::CopyToClipboard, execute};

/// Terminals commonly refuse more than 100,000 bytes of OSC 52, base64 included.
const MAX_BYTES: usize = 74_000;

/// Hands a text to the terminal. Whether it reached a clipboard cannot be known: many terminals ask or refuse silently.
pub fn copy(label: &str, text: &str) -> Result<String, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("{label} is too long for the terminal's clipboard ({} bytes, at most {MAX_BYTES})", text.len()));
    }
    match execute!(std::io::stdout(), CopyToClipboard::to_clipboard_from(text)) {
        Ok(()) => Ok(format!("{label} through the terminal (OSC 52; some terminals refuse it)")),
        Err(error) => Err(format!("the terminal did not take it: {error}")),
    }
}
