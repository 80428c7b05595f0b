//! The comment an analyst writes: what the service accepts, checked before anything is staged.

use serde::{Deserialize, Serialize};

use super::text;

/// Most characters of a comment; the service's documentation of `BatchUpdateFindingsV2` (the model has only the pattern `.*\S.*`).
/// Whether it counts characters or bytes is not documented; characters are counted.
pub const MAX_CHARACTERS: usize = 512;

/// What becomes of line breaks in a comment (`[comment] line_breaks`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LineBreaks {
    /// They become spaces.
    #[default]
    Space,
    /// They are kept; the model's pattern may refuse them.
    Keep,
}

/// A comment that may be staged: not blank, at most [`MAX_CHARACTERS`], no control or format characters. Read from a file it is checked
/// again, and its line breaks are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Comment(String);

/// Why a text cannot be a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum CommentError {
    /// Nothing but white space; the service cannot clear a comment either.
    #[error("a comment cannot be empty: the service cannot clear one")]
    Blank,
    /// Longer than the service takes.
    #[error("{0} characters; the service takes at most {MAX_CHARACTERS}")]
    TooLong(usize),
}

impl Comment {
    /// Cleans and checks a text.
    pub fn new(typed: &str, line_breaks: LineBreaks) -> Result<Self, CommentError> {
        let cleaned = Self::cleaned(typed, line_breaks);
        if cleaned.is_empty() {
            return Err(CommentError::Blank);
        }
        let count = cleaned.chars().count();
        if count > MAX_CHARACTERS {
            return Err(CommentError::TooLong(count));
        }
        Ok(Self(cleaned))
    }

    /// How many characters the text would be sent with: what the editor's counter shows.
    pub fn count(typed: &str, line_breaks: LineBreaks) -> usize {
        Self::cleaned(typed, line_breaks).chars().count()
    }

    fn cleaned(typed: &str, line_breaks: LineBreaks) -> String {
        let mut out = String::with_capacity(typed.len());
        let normal = typed.replace("\r\n", "\n");
        for c in normal.trim().chars() {
            match c {
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => match line_breaks {
                    LineBreaks::Space => out.push(' '),
                    LineBreaks::Keep => out.push('\n'),
                },
                '\t' => out.push(' '),
                c if text::is_hidden(c) => {}
                c => out.push(c),
            }
        }
        out.trim().to_owned()
    }

    /// The text as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Comment {
    type Error = CommentError;

    fn try_from(text: String) -> Result<Self, CommentError> {
        Self::new(&text, LineBreaks::Keep)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn blank_and_too_long_texts_are_refused_with_the_reason() {
        assert_eq!(Comment::new(" \n\t\u{200b} ", LineBreaks::Space), Err(CommentError::Blank));
        assert_eq!(Comment::new(&"x".repeat(513), LineBreaks::Space), Err(CommentError::TooLong(513)));
        assert_eq!(Comment::new(&"é".repeat(512), LineBreaks::Space).unwrap().as_str().chars().count(), 512);
    }

    #[test]
    fn control_characters_go_and_line_breaks_become_spaces_unless_kept() {
        let typed = "  a\u{1b}[31mb\r\nc\u{202e}d\u{2028}e\t ";
        assert_eq!(Comment::new(typed, LineBreaks::Space).unwrap().as_str(), "a[31mb cd e");
        assert_eq!(Comment::new(typed, LineBreaks::Keep).unwrap().as_str(), "a[31mb\ncd\ne");
        assert_eq!(Comment::count(typed, LineBreaks::Space), 11);
    }
}
