//! A text that could not be put on the clipboard, on the screen: to be selected with the terminal's mouse, or written to a file.
//!
//! Its lines begin at the left end of the terminal and break where it ends, at no other place and without anything around them: what is
//! selected is the text itself.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text;

/// A text on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextScreen {
    /// What it is: `the uid`; clean.
    pub title: String,
    /// Why it is here; clean.
    pub why: String,
    /// The text; clean, but for its line breaks.
    pub text: String,
    /// The first line shown.
    pub top: usize,
}

impl TextScreen {
    /// The lines on a terminal of so many columns.
    pub fn lines(&self, columns: u16) -> Vec<&str> {
        let columns = usize::from(columns.max(2));
        self.text.lines().flat_map(|line| broken(line, columns).into_iter().filter_map(|range| line.get(range))).collect()
    }
}

/// Where a line breaks: as late as it can.
fn broken(line: &str, columns: usize) -> Vec<Range<usize>> {
    if line.len() <= columns {
        return std::iter::once(0..line.len()).collect();
    }
    if line.is_ascii() {
        return (0..line.len()).step_by(columns).map(|at| at..(at + columns).min(line.len())).collect();
    }
    let mut ranges = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (at, grapheme) in line.grapheme_indices(true) {
        let wide = text::width(grapheme);
        if used + wide > columns && at > start {
            ranges.push(start..at);
            (start, used) = (at, 0);
        }
        used += wide;
    }
    ranges.push(start..line.len());
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, columns: u16) -> Vec<String> {
        let screen = TextScreen { title: String::new(), why: String::new(), text: text.to_owned(), top: 0 };
        screen.lines(columns).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn lines_break_where_the_terminal_ends_and_nowhere_else() {
        assert_eq!(lines("abc def gh\n\nx", 4), ["abc ", "def ", "gh", "", "x"]);
        assert_eq!(lines("日本語", 5), ["日本", "語"]);
    }

    proptest! {
        #[test]
        fn put_together_they_are_the_text(text in "[a-z日é \n]{0,80}", columns in 2_u16..20) {
            let lines = lines(&text, columns);
            prop_assert_eq!(lines.concat(), text.replace('\n', ""));
            prop_assert!(lines.iter().all(|line| text::width(line) <= usize::from(columns)));
        }
    }
}
