//! The readable summary of a finding: its OCSF document told in labelled lines, for the detail screen and the preview.
//!
//! Owns what is told of a document and in which order: first what decides, identifiers last. It goes by what is there, not by the class a
//! document claims to be of. Everything it gives is clean; lists and texts are bounded, and what is left out is counted. Must not lay lines
//! out, and knows no present: times are given as times, whoever shows them tells their age.

mod common;
mod compliance;
mod data;
mod detection;
mod evidence;
mod exposure;
mod lines;
mod packages;
mod read;
mod remedy;
mod requirement;
mod resources;
mod rest;
mod score;
mod standard;
mod vulnerability;

use serde_json::Value;

use super::{finding::without_lone_surrogates, text, time::Millis};

/// One line of a summary; texts are clean and not yet wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryLine {
    /// Opens a section.
    Heading(String),
    /// A label and its value; without a label it belongs to the one before.
    Field(&'static str, String),
    /// The same for one entry of a list: what does not fit on its line is indented, so that entries stay apart.
    Item(&'static str, String),
    /// One of several things that are told one after the other, with its number.
    Numbered(usize, String),
    /// A label, what stands before the time, and the time.
    Instant(&'static str, String, Millis),
    /// A label and short entries that may stand side by side.
    Cells(&'static str, Vec<String>),
    /// Running text.
    Text(String),
    /// What was left out, under the value before it.
    Note(String),
}

/// One line of the preview: what decides, in few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its label.
    pub label: &'static str,
    /// What it says.
    pub told: String,
    /// A time whose age follows.
    pub at: Option<Millis>,
    /// What it says after the age.
    pub after: String,
}

/// A finding told: in a few facts, and whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// What decides, the weightiest first.
    pub facts: Vec<Fact>,
    /// All of it.
    pub lines: Vec<SummaryLine>,
}

/// Most entries of one list; the raw document has the rest.
const MAX_LISTED: usize = 12;

/// Reads a raw document for the detail screen; `None` where it is no JSON even after mending lone surrogates.
pub fn read_document(raw: &str) -> Option<Value> {
    serde_json::from_str(raw).or_else(|_| serde_json::from_str(&without_lone_surrogates(raw))).ok()
}

/// The document as indented lines, each clean.
pub fn pretty(document: &Value) -> Vec<String> {
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.lines().map(|line| text::clean(line).into_owned()).collect()
}

/// Tells a finding, but for its severity, status and comment: a row may know newer ones than the document.
pub fn summarise(document: &Value) -> Summary {
    let mut lines = lines::Lines::default();
    compliance::tell(&mut lines, document);
    vulnerability::tell(&mut lines, document);
    detection::tell(&mut lines, document);
    exposure::tell(&mut lines, document);
    data::tell(&mut lines, document);
    common::description(&mut lines, document);
    remedy::tell(&mut lines, document);
    common::risk(&mut lines, document);
    resources::tell(&mut lines, document);
    common::times(&mut lines, document);
    rest::tell(&mut lines, document);
    common::identifiers(&mut lines, document);
    lines.finish()
}

#[cfg(test)]
mod tests;
