//! What a document's text tells before it is read as JSON: a text that stands nowhere in it is no value of it.

/// Which escapes stand in a document: what is escaped cannot be looked for as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Escapes {
    /// Any character may be written as its number.
    numbers: bool,
    /// A slash may be escaped.
    slashes: bool,
}

impl Escapes {
    pub(super) fn of(raw: &str) -> Self {
        Self { numbers: raw.contains("\\u"), slashes: raw.contains("\\/") }
    }

    /// Whether no value in the document has this text, or is this text where whole values are asked for. No is no answer.
    pub(super) fn lacks(self, raw: &str, text: &str, is_whole: bool) -> bool {
        let has_to_be_escaped = |character| matches!(character, '"' | '\\' | '\0'..='\u{1f}');
        let may_be_escaped = self.numbers || (self.slashes && text.contains('/')) || text.contains(has_to_be_escaped);
        // A number may be written otherwise than it is read: 1e2 is 100.0. One without a fraction is whole only as it is written.
        let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'));
        let is_spelled = !is_number || (is_whole && text.bytes().all(|byte| byte.is_ascii_digit()));
        !may_be_escaped && is_spelled && !raw.contains(text)
    }
}
