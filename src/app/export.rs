//! Rows on their way into a file: which, in which form, how far, and what came of it.
//!
//! Plain data, and the lines of the file ([`sheet`]). `update` decides what is written, the runtime brings the documents back and writes.

use std::{fmt, str::FromStr, sync::Arc};

use crate::{
    domain::{
        column::ColumnKind,
        identity::Identity,
        patch::{Patch, Values},
        row::RowId,
        time::Millis,
    },
    findings::{archive::Archive, store::Store},
};

use super::event::RequestId;

pub mod sheet;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Whole documents, a line each, as they came.
    Jsonl,
    /// The columns of the table, for a spreadsheet.
    Csv,
    /// The columns of the table, for a ticket.
    Markdown,
}

impl Format {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Jsonl, Self::Csv, Self::Markdown];

    /// How it is written where it is named, and how files of it end.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "md",
        }
    }

    /// What it is called.
    pub const fn caption(self) -> &'static str {
        match self {
            Self::Jsonl => "JSON lines",
            Self::Csv => "CSV",
            Self::Markdown => "Markdown",
        }
    }

    /// The letter that picks it.
    pub const fn key(self) -> char {
        match self {
            Self::Jsonl => 'd',
            Self::Csv => 'c',
            Self::Markdown => 'm',
        }
    }

    /// What of the rows it writes.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Jsonl => "whole documents as they came",
            Self::Csv => "the columns of the table, for a spreadsheet",
            Self::Markdown => "the columns of the table, for a ticket",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// No format has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the formats are jsonl, csv and md")]
pub struct NoFormat;

impl FromStr for Format {
    type Err = NoFormat;

    fn from_str(name: &str) -> Result<Self, NoFormat> {
        match name.to_ascii_lowercase().as_str() {
            "markdown" => Ok(Self::Markdown),
            "json" => Ok(Self::Jsonl),
            name => Self::ALL.into_iter().find(|format| format.word() == name).ok_or(NoFormat),
        }
    }
}

/// What is to be written into a new file.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// Its number.
    pub request: RequestId,
    /// Where, as it was typed: a relative name is in the current folder, and `~/` the home folder. A file that is there is never overwritten.
    pub file: String,
    /// What.
    pub content: Content,
}

/// What is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Rows.
    Rows(Rows),
    /// A text that was on the screen.
    Text(String),
}

/// Rows to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// How.
    pub format: Format,
    /// The rows, in table order.
    pub rows: Vec<Row>,
    /// The columns of the table; whole documents have none.
    pub columns: Vec<ColumnKind>,
    /// What they are, in a line: query, hub, time, counts. Clean.
    pub about: String,
    /// The present.
    pub now: Millis,
}

/// A row to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where its document is.
    pub source: Source,
    /// The values that it has by now; some may have changed since the document came.
    pub values: Values,
    /// What is staged on it.
    pub staged: Option<Patch>,
}

/// Where a row's document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In this place of an archive.
    Document(Arc<Archive>, usize),
    /// Nowhere yet: all that is known is how the finding is addressed.
    Unread(Identity),
}

impl Source {
    /// That of a row; `None` where there is no such row.
    pub fn of(store: &Store, row: RowId) -> Option<Self> {
        match store.document(row) {
            Some((archive, slot)) => Some(Self::Document(archive, slot)),
            None => store.identity(row).map(Self::Unread),
        }
    }
}

/// An export under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exporting {
    /// Its number.
    pub request: RequestId,
    /// Where to, as it was typed; clean.
    pub file: String,
    /// What for; the prompt comes back where the file cannot be made.
    pub what: What,
    /// Rows that are written.
    pub done: usize,
    /// Rows in all.
    pub of: usize,
    /// When it began.
    pub began: Millis,
    /// Whether rows of the query are missing because they are not loaded.
    pub coverage: Coverage,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Rows, in this format.
    Rows(Format),
    /// The text on the screen.
    Text,
}

/// Whether all that was meant is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// It is.
    Whole,
    /// The query has rows that are not loaded.
    Loaded,
}

/// What has been written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The file, as it is named now.
    pub file: String,
    /// Rows in it.
    pub rows: usize,
    /// Bytes of it.
    pub bytes: u64,
    /// Rows that were left out, because they have no document or it cannot be read.
    pub left_out: usize,
}

/// Why nothing has been written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotWritten {
    /// The file cannot be made: it is there, or its folder is not. With the reason.
    Refused(String),
    /// Writing went wrong; nothing is left of it. With the file and the reason.
    Failed(String),
    /// It was told to stop; nothing is left of it.
    Stopped,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        assert_eq!("Markdown".parse(), Ok(Format::Markdown));
        assert_eq!("CSV".parse(), Ok(Format::Csv));
        assert_eq!("xlsx".parse::<Format>(), Err(NoFormat));
    }
}
