//! The findings an emulator starts with: given, read from JSON lines, or synthesised from templates.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use super::error::EmulatorError;
use super::finding::Finding;
use super::random;

/// A set of findings in their order. Holds each document once, as text and index, not as a tree.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    entries: Vec<Finding>,
}

impl Findings {
    /// Reads JSON lines: one finding a line, empty lines skipped. The error names the file and the line.
    pub fn load(path: &Path) -> Result<Self, EmulatorError> {
        let file = File::open(path).map_err(|source| EmulatorError::Read { path: path.to_owned(), source })?;
        Self::read(BufReader::new(file), path)
    }

    /// Reads JSON lines from anywhere; `name` is what errors call the source.
    pub fn read(mut lines: impl BufRead, name: &Path) -> Result<Self, EmulatorError> {
        let mut findings = Self::default();
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            let length = lines.read_until(b'\n', &mut text).map_err(|source| EmulatorError::Read { path: name.to_owned(), source })?;
            if length == 0 {
                break;
            }
            if text.trim_ascii().is_empty() {
                continue;
            }
            let refuse = |reason| EmulatorError::Line { path: name.to_owned(), line, reason };
            let text = std::str::from_utf8(&text).map_err(|error| refuse(format!("this is not UTF-8: {error}")))?;
            // By `FromStr`, which is compiled, and so optimised in development builds too, within serde_json.
            let document: Value = text.parse().map_err(|error: serde_json::Error| refuse(error.to_string()))?;
            if !document.is_object() {
                return Err(refuse("this is JSON, but not an object".to_owned()));
            }
            findings.entries.push(Finding::new(&document, line));
        }
        Ok(findings)
    }

    /// `count` findings made from the templates in turn, each with a `metadata.uid` and `finding_info.uid` of its own (where the
    /// template has them at all). The same seed gives the same uids. Memory grows by some hundred bytes a finding: documents are shared.
    pub fn synthesise(count: u32, seed: u64, templates: &Self) -> Self {
        let mut entries = Vec::with_capacity(count as usize);
        for (line, template) in (1..=count).zip(templates.entries.iter().cycle()) {
            let uid = random::hex(random::mix(seed, u64::from(line)), 32);
            let original = template.finding_info_uid().unwrap_or_default();
            entries.push(template.renamed(uid, format!("{original}/{line}"), line));
        }
        Self { entries }
    }

    /// Adds one document at the end.
    pub fn push(&mut self, document: &Value) {
        let line = self.entries.len() as u32 + 1;
        self.entries.push(Finding::new(document, line));
    }

    /// Adds all of another set at the end; each keeps its line.
    pub fn append(&mut self, mut other: Self) {
        self.entries.append(&mut other.entries);
    }

    /// The findings in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.entries.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Findings> for Vec<Finding> {
    fn from(findings: Findings) -> Self {
        findings.entries
    }
}

impl FromIterator<Value> for Findings {
    fn from_iter<I: IntoIterator<Item = Value>>(documents: I) -> Self {
        let mut findings = Self::default();
        for document in documents {
            findings.push(&document);
        }
        findings
    }
}

impl From<Vec<Value>> for Findings {
    fn from(documents: Vec<Value>) -> Self {
        documents.into_iter().collect()
    }
}
