//! Names of filter profiles. They become file names, so they hold nothing that a file system or a shell could take for something else.

use std::fmt;

use super::OPEN;
use crate::domain::text;

/// Most characters of a name.
pub const MAX_NAME: usize = 40;

/// A name of a filter profile.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileName(String);

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is nothing.
    #[error("a filter profile needs a name")]
    Empty,
    /// It is too long.
    #[error("a name has at most {MAX_NAME} characters, this has {0}")]
    TooLong(usize),
    /// It begins with a character that names of files and options are better without.
    #[error("a name begins with a letter or a digit, not with `{0}`")]
    Begins(String),
    /// It has a character that it cannot have.
    #[error("a name has only the letters a to z and A to Z, digits, and - _ . but here is `{0}`")]
    Character(String),
}

impl ProfileName {
    /// A text as a name.
    pub fn new(text: &str) -> Result<Self, NameError> {
        Self::wrong(text).map_or_else(|| Ok(Self(text.to_owned())), |(_, error)| Err(error))
    }

    /// Why a text is no name, and at which character, from 0; `None` where it is one.
    pub fn wrong(text: &str) -> Option<(usize, NameError)> {
        let shown = |c: char| text::clean(&c.to_string()).into_owned();
        let Some(first) = text.chars().next() else { return Some((0, NameError::Empty)) };
        let is_odd = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.');
        if let Some((at, odd)) = text.chars().enumerate().find(|(_, c)| is_odd(*c)) {
            return Some((at, NameError::Character(shown(odd))));
        }
        if !first.is_ascii_alphanumeric() {
            return Some((0, NameError::Begins(shown(first))));
        }
        (text.len() > MAX_NAME).then_some((MAX_NAME, NameError::TooLong(text.len())))
    }

    /// The name of the one that is always there.
    pub fn open() -> Self {
        Self(OPEN.to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("open", None)]
    #[case("team-A_2.0", None)]
    #[case("7", None)]
    #[case(&"x".repeat(40), None)]
    #[case("", Some(NameError::Empty))]
    #[case(&"x".repeat(41), Some(NameError::TooLong(41)))]
    #[case(".hidden", Some(NameError::Begins(".".into())))]
    #[case("-f", Some(NameError::Begins("-".into())))]
    #[case("../up", Some(NameError::Character("/".into())))]
    #[case("a b", Some(NameError::Character(" ".into())))]
    #[case("caf\u{e9}", Some(NameError::Character("\u{e9}".into())))]
    #[case("a\u{202e}b", Some(NameError::Character("<U+202E>".into())))]
    fn a_name_is_what_can_be_a_file_name_everywhere(#[case] text: &str, #[case] wrong: Option<NameError>) {
        assert_eq!(ProfileName::new(text).err(), wrong);
    }
}
