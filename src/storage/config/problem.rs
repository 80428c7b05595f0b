//! One thing that is wrong with a configuration file, and where.

use std::{fmt, path::Path};

use toml::{Spanned, de::DeTable};

use crate::domain::text;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The key with its table, such as `pace.reads`; empty where the file is no TOML.
    pub key: String,
    /// What is wrong, and what is allowed; clean.
    pub what: String,
}

impl Problem {
    /// A problem at a byte of a text.
    pub(in crate::storage) fn at(text: &str, byte: usize, key: &str, what: &str) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(start..).unwrap_or_default().chars().count() + 1,
            key: text::clean(key).into_owned(),
            what: text::clean(what.trim()).into_owned(),
        }
    }

    /// The content of a file as text.
    pub(in crate::storage) fn text_of(bytes: &[u8]) -> Result<&str, Self> {
        std::str::from_utf8(bytes).map_err(|error| {
            let (valid, _) = bytes.split_at(error.valid_up_to());
            let before = String::from_utf8_lossy(valid);
            Self::at(&before, before.len(), "", "not UTF-8 from here on; save the file as UTF-8")
        })
    }

    /// A text as TOML. What the parser made of the rest of a broken one is a guess: telling more than it is sure of would hide the cause
    /// among its effects.
    pub(in crate::storage) fn table_of(text: &str) -> Result<Spanned<DeTable<'_>>, Vec<Self>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            return Ok(table);
        }
        let problems = errors.iter().map(|error| Self::at(text, error.span().map_or(text.len(), |span| span.start), "", error.message()));
        Err(Self::in_order(problems.collect()))
    }

    /// By place, each once.
    pub(in crate::storage) fn in_order(mut problems: Vec<Self>) -> Vec<Self> {
        problems.sort();
        problems.dedup();
        problems
    }

    /// The line that compilers write, which editors can jump to: `config.toml:3:9: pace.reads: …`.
    pub fn told(&self, file: &Path) -> String {
        format!("{}:{self}", text::clean(&file.to_string_lossy()))
    }

    /// The same for something that is no error: `config.toml:3:9: note: keys.table."q": …`.
    pub fn noted(&self, file: &Path) -> String {
        format!("{}:{}:{}: note: {}: {}", text::clean(&file.to_string_lossy()), self.line, self.column, self.key, self.what)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)
    }
}
