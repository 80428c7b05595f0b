//! The texts that scroll, line by line: the two faces of the detail and the help.
//!
//! Built here and not where they are drawn, because scrolling and searching count the same lines that are shown. Roles say what a piece
//! of text is; which colour that has is the theme's business. All text is clean.

use std::{iter, ops::Range};

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text;

mod finding;
mod flow;
mod help;

pub use finding::detail_lines;
pub use flow::{FLOW_HEAD, FlowPage, flow_page, told_now};
pub use help::{direct, help_lines, meaning, title};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Running text and values.
    Plain,
    /// Opens a section.
    Heading,
    /// Names a value.
    Label,
    /// A key to press.
    Key,
    /// Beside the point.
    Faint,
    /// Decided here, not sent.
    Staged,
    /// Needs the analyst.
    Problem,
    /// What is searched for.
    Hit,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub role: Role,
    /// The text; clean.
    pub text: String,
}

/// One line as it is shown; no wider than was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StyledLine {
    /// Its pieces, left to right.
    pub spans: Vec<Span>,
}

impl StyledLine {
    /// The line without its roles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Whether something that is searched for is on it.
    pub fn is_hit(&self) -> bool {
        self.spans.iter().any(|span| span.role == Role::Hit)
    }
}

/// Columns left free at either side of the text.
pub const MARGIN: u16 = 1;

/// Longer lines of running text are hard to read, however wide the terminal is.
const MAX_TEXT: usize = 110;
struct Lines<'a> {
    out: Vec<StyledLine>,
    columns: usize,
    search: &'a str,
}

impl Lines<'_> {
    fn blank(&mut self) {
        self.out.push(StyledLine::default());
    }

    fn heading(&mut self, heading: &str) {
        if self.out.last().is_some_and(|line| !line.spans.is_empty()) {
            self.blank();
        }
        self.push(&[(Role::Heading, heading)], 0, self.columns);
    }

    fn plain(&mut self, role: Role, text: &str) {
        for paragraph in text.split('\n') {
            self.push(&[(role, paragraph)], 0, self.columns.min(MAX_TEXT));
        }
    }

    fn field_at(&mut self, column: usize, label: &str, label_role: Role, role: Role, value: &str) {
        self.entry_at(column, 0, label, label_role, role, value);
    }

    /// The same, what follows a break being indented by so many columns more.
    fn entry_at(&mut self, column: usize, hang: usize, label: &str, label_role: Role, role: Role, value: &str) {
        // Where the label leaves no room for the value, both simply follow each other.
        let column = if column * 2 > self.columns { 2 } else { column };
        let gap = " ".repeat(column.saturating_sub(text::width(label)).max(1));
        for (at, paragraph) in value.split('\n').enumerate() {
            let (label, gap) = if at == 0 { (label, gap.as_str()) } else { ("", &*" ".repeat(column)) };
            self.push(&[(label_role, label), (Role::Plain, gap), (role, paragraph)], column + hang, self.columns.min(column + MAX_TEXT));
        }
    }

    /// Adds one line, broken where it is too wide; what follows a break is indented by `hang` columns.
    fn push(&mut self, pieces: &[(Role, &str)], hang: usize, columns: usize) {
        let filled = pieces.iter().filter(|(_, text)| !text.is_empty());
        // Most lines of a document fit, and a document can have thousands.
        if self.search.is_empty() && filled.clone().map(|(_, text)| text::width(text)).sum::<usize>() <= columns {
            self.out.push(StyledLine { spans: filled.map(|&(role, text)| Span { role, text: text.to_owned() }).collect() });
            return;
        }
        let whole: String = pieces.iter().map(|(_, text)| *text).collect();
        let hits = hits(&whole, self.search);
        let columns = columns.max(2);
        let hang = if hang * 2 > columns || columns - hang < 2 { 0 } else { hang };
        // Between a label and its value is no place to break.
        let solid = match pieces {
            [label @ .., (_, gap), _] if !label.is_empty() && gap.trim().is_empty() => {
                label.iter().map(|(_, text)| text.len()).sum::<usize>() + gap.len()
            }
            _ => 0,
        };
        for (at, range) in broken(&whole, solid, columns, columns - hang).into_iter().enumerate() {
            let mut line = StyledLine::default();
            if at > 0 && hang > 0 {
                line.spans.push(Span { role: Role::Plain, text: " ".repeat(hang) });
            }
            let mut start = 0;
            for &(role, text) in pieces {
                let piece = start..start + text.len();
                start = piece.end;
                spans(&whole, &shared(&piece, &range), role, &hits, &mut line.spans);
            }
            self.out.push(line);
        }
    }
}

fn shared(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}

/// Cuts a piece at the hits that fall into it.
fn spans(whole: &str, piece: &Range<usize>, role: Role, hits: &[Range<usize>], out: &mut Vec<Span>) {
    let mut add = |role, range: Range<usize>| {
        if let Some(text) = whole.get(range).filter(|text| !text.is_empty()) {
            out.push(Span { role, text: text.to_owned() });
        }
    };
    let mut done = piece.start;
    for hit in hits {
        let hit = shared(hit, piece);
        if !hit.is_empty() {
            add(role, done..hit.start);
            done = hit.end;
            add(Role::Hit, hit);
        }
    }
    add(role, done..piece.end);
}

/// Where a text in lower case is found in a text of any case, as ranges of the latter.
fn hits(whole: &str, search: &str) -> Vec<Range<usize>> {
    if search.is_empty() {
        return Vec::new();
    }
    if whole.is_ascii() {
        let lower = whole.to_ascii_lowercase();
        return lower.match_indices(search).map(|(at, found)| at..at + found.len()).collect();
    }
    // Lower case can have another length than the text, so every byte of it remembers the character it came from.
    let mut lower = String::with_capacity(whole.len());
    let mut origins = Vec::with_capacity(whole.len());
    for (at, c) in whole.char_indices() {
        for small in c.to_lowercase() {
            lower.push(small);
            origins.resize(lower.len(), (at, at + c.len_utf8()));
        }
    }
    lower
        .match_indices(search)
        .filter_map(|(at, found)| {
            let (start, _) = *origins.get(at)?;
            let (_, end) = *origins.get(at + found.len() - 1)?;
            Some(start..end)
        })
        .collect()
}

/// Where a text breaks into lines: the first of at most `first` columns, the others of at most `rest`, at spaces where there are any.
/// The first `solid` bytes stay together.
fn broken(whole: &str, solid: usize, first: usize, rest: usize) -> Vec<Range<usize>> {
    if text::width(whole) <= first {
        return iter::once(0..whole.len()).collect();
    }
    let mut lines = Vec::new();
    let (mut start, mut columns) = (0, first.max(1));
    loop {
        let left = whole.get(start..).unwrap_or_default();
        let end = start + line_end(left, solid.saturating_sub(start), columns);
        lines.push(start..trimmed(whole, start..end));
        if end >= whole.len() {
            return lines;
        }
        (start, columns) = (end, rest.max(1));
    }
}

/// How many bytes of a text go on one line: up to the last space that fits, or to the last grapheme where there is none; never none.
fn line_end(text: &str, solid: usize, columns: usize) -> usize {
    let (mut used, mut space, mut seen_word) = (0, None, false);
    for (at, grapheme) in text.grapheme_indices(true) {
        used += text::width(grapheme);
        if grapheme == " " {
            // Spaces at the end of a line take no room; those at its beginning are indentation and no place to break.
            if seen_word && at >= solid {
                space = Some(at + 1);
            }
            continue;
        }
        seen_word = true;
        if used > columns && at > 0 {
            return space.unwrap_or(at);
        }
    }
    text.len()
}

/// The end of a line without the spaces at its end.
fn trimmed(whole: &str, line: Range<usize>) -> usize {
    let start = line.start;
    whole.get(line).map_or(start, |line| start + line.trim_end_matches(' ').len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(columns: usize, search: &str, text: &str) -> Vec<StyledLine> {
        let mut lines = Lines { out: Vec::new(), columns, search };
        lines.push(&[(Role::Label, "ab: "), (Role::Plain, text)], 4, columns);
        lines.out
    }

    fn texts(lines: &[StyledLine]) -> Vec<String> {
        lines.iter().map(StyledLine::text).collect()
    }

    #[test]
    fn long_values_go_on_under_themselves() {
        assert_eq!(texts(&lines(12, "", "one two three fourfivesix")), ["ab: one two", "    three", "    fourfive", "    six"]);
        assert_eq!(texts(&lines(40, "", "")), ["ab: "]);
    }

    #[test]
    fn a_hit_is_found_in_any_case_across_pieces_and_breaks_and_beside_letters_that_grow_in_lower_case() {
        let found = lines(12, "two thr", "one TWO three");
        assert_eq!(texts(&found), ["ab: one TWO", "    three"]);
        assert!(found.iter().all(StyledLine::is_hit));
        let found = lines(40, "straße", "İİ STRASSE Straße");
        let hit: Vec<&str> =
            found.iter().flat_map(|line| &line.spans).filter(|span| span.role == Role::Hit).map(|span| &*span.text).collect();
        assert_eq!(hit, ["Straße"]);
        assert!(lines(40, "zzz", "one").iter().all(|line| !line.is_hit()));
    }

    proptest! {
        #[test]
        fn lines_are_never_too_wide_and_lose_nothing_but_spaces(text in "[a-z日é ]{0,60}", columns in 8_usize..40, search in "[a-z]{0,2}") {
            let lines = lines(columns, &search, &text);
            let without = |text: &str| text.replace(' ', "");
            prop_assert_eq!(without(&texts(&lines).concat()), without(&format!("ab: {text}")));
            for line in texts(&lines) {
                prop_assert!(text::width(&line) <= columns, "{:?}", line);
            }
        }
    }
}
