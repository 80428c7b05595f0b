//! A summary while it is put together.
//!
//! Owns the limits of lists and the words for what is left out.

use crate::domain::time::Millis;

use super::{Fact, MAX_LISTED, Summary, SummaryLine};

/// Lines and facts, in the order in which they are told.
#[derive(Default)]
pub(super) struct Lines {
    facts: Vec<Fact>,
    told: Vec<SummaryLine>,
    /// Parts that are told at most once, wherever they fit best.
    done: Vec<&'static str>,
}

impl Lines {
    /// Whether a part has not been told yet; from now on it has.
    pub(super) fn is_first(&mut self, part: &'static str) -> bool {
        let is_first = !self.done.contains(&part);
        self.done.push(part);
        is_first
    }

    /// Opens a section; one that stays empty is dropped.
    pub(super) fn heading(&mut self, heading: impl Into<String>) {
        self.told.push(SummaryLine::Heading(heading.into()));
    }

    /// A label and its value, where there is one.
    pub(super) fn field(&mut self, label: &'static str, value: Option<String>) {
        self.told.extend(value.map(|value| SummaryLine::Field(label, value)));
    }

    /// A list, one entry a line.
    pub(super) fn items(&mut self, label: &'static str, entries: &[String], most: usize) {
        for (at, entry) in entries.iter().take(most).enumerate() {
            self.told.push(SummaryLine::Item(if at == 0 { label } else { "" }, entry.clone()));
        }
        self.more(entries.len(), most);
    }

    /// Short entries side by side.
    pub(super) fn cells(&mut self, label: &'static str, mut entries: Vec<String>, most: usize) {
        let count = entries.len();
        entries.truncate(most);
        if count > 0 {
            self.told.push(SummaryLine::Cells(label, entries));
        }
        self.more(count, most);
    }

    /// A time, and what stands before it.
    pub(super) fn instant(&mut self, label: &'static str, before: &str, at: Option<Millis>) {
        self.told.extend(at.map(|at| SummaryLine::Instant(label, before.to_owned(), at)));
    }

    /// A list whose entries are referred to by their numbers.
    pub(super) fn numbered(&mut self, number: usize, text: Option<String>) {
        self.told.extend(text.map(|text| SummaryLine::Numbered(number, text)));
    }

    /// Running text.
    pub(super) fn text(&mut self, text: Option<String>) {
        self.told.extend(text.map(SummaryLine::Text));
    }

    /// Says what a list has beyond what is shown.
    pub(super) fn more(&mut self, count: usize, most: usize) {
        if count > most {
            self.note(format!("… and {} more in the document", count - most));
        }
    }

    /// What was left out.
    pub(super) fn note(&mut self, note: String) {
        self.told.push(SummaryLine::Note(note));
    }

    /// The same for a list whose entries take several lines each.
    pub(super) fn more_listed(&mut self, count: usize) {
        self.more(count, MAX_LISTED);
    }

    /// A line of the preview.
    pub(super) fn fact(&mut self, label: &'static str, told: Option<String>, at: Option<Millis>) {
        self.fact_around(label, told, at, String::new());
    }

    /// The same, going on after the age of the time.
    pub(super) fn fact_around(&mut self, label: &'static str, told: Option<String>, at: Option<Millis>, after: String) {
        self.facts.extend(told.map(|told| Fact { label, told, at, after }));
    }

    /// Whether nothing stands under the last heading yet.
    pub(super) fn is_bare(&self) -> bool {
        matches!(self.told.last(), Some(SummaryLine::Heading(_)))
    }

    /// Whether the preview has a line of that label.
    pub(super) fn has_fact(&self, label: &str) -> bool {
        self.facts.iter().any(|fact| fact.label == label)
    }

    /// Whether the preview says it already.
    pub(super) fn has_told(&self, text: &str) -> bool {
        self.facts.iter().any(|fact| fact.told.ends_with(text))
    }

    /// Running text about what this is, unless it is told already.
    pub(super) fn about(&mut self, text: Option<String>) {
        let is_told = |text: &String| self.told.iter().any(|line| matches!(line, SummaryLine::Field("about", told) if told == text));
        let text = text.filter(|text| !is_told(text));
        self.field("about", text);
    }

    /// The summary, without headings that nothing stands under.
    pub(super) fn finish(self) -> Summary {
        let mut lines: Vec<SummaryLine> = Vec::with_capacity(self.told.len());
        for line in self.told {
            if matches!((&line, lines.last()), (SummaryLine::Heading(_), Some(SummaryLine::Heading(_)))) {
                lines.pop();
            }
            lines.push(line);
        }
        if matches!(lines.last(), Some(SummaryLine::Heading(_))) {
            lines.pop();
        }
        // What the documentation advises in general says least about this finding.
        let mut facts = self.facts;
        facts.sort_by_key(|fact| fact.label == "how");
        Summary { facts, lines }
    }
}
