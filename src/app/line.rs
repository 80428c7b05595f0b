//! One line of text with a cursor in it.
//!
//! Owns editing: where the cursor may stand and what a key takes away. Must not know what the text is for. The cursor stands between
//! graphemes, so that no key splits what looks like one letter.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// Most characters of a line; what is longer is cut off. More than a query may have, so that a pasted one is refused in words.
pub const MAX_CHARACTERS: usize = 40_000;

/// A text with a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    text: String,
    /// In bytes, at the border of a grapheme.
    cursor: usize,
}

impl Line {
    /// A text with the cursor behind it.
    pub fn new(text: impl Into<String>) -> Self {
        let mut line = Self { text: text.into(), cursor: 0 };
        line.end();
        line
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text before the cursor and behind it.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at_checked(self.cursor).unwrap_or((&self.text, ""))
    }

    /// Where the cursor is, in characters from 0.
    pub fn place(&self) -> usize {
        self.halves().0.chars().count()
    }

    /// Puts another text in place of it, with the cursor behind it.
    pub fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.end();
    }

    /// Puts a text in at the cursor; what makes the line too long is left off.
    pub fn insert(&mut self, text: &str) {
        let room = MAX_CHARACTERS.saturating_sub(self.text.chars().count());
        let taken: String = text.chars().take(room).collect();
        self.text.insert_str(self.cursor, &taken);
        self.cursor += taken.len();
        // What was put in may be one letter with what is behind it.
        self.cursor = self.border_from(self.cursor);
    }

    /// Puts a text in place of some characters, counted from 0, with the cursor behind it.
    pub fn replace(&mut self, from: usize, to: usize, text: &str) {
        let at = |place: usize| self.text.char_indices().nth(place).map_or(self.text.len(), |(at, _)| at);
        let (from, to) = (at(from), at(to));
        if from <= to {
            self.text.replace_range(from..to, text);
            self.cursor = self.border_from(from + text.len());
        }
    }

    /// Puts the cursor before a character, counted from 0.
    pub fn go(&mut self, place: usize) {
        let at = self.text.char_indices().nth(place).map_or(self.text.len(), |(at, _)| at);
        self.cursor = self.border_from(at);
    }

    /// One letter to the left.
    pub fn left(&mut self) {
        self.cursor = self.before();
    }

    /// One letter to the right.
    pub fn right(&mut self) {
        self.cursor = self.behind();
    }

    /// To the beginning.
    pub const fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end.
    pub const fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// To the beginning of this word, or of the one before.
    pub fn word_left(&mut self) {
        self.cursor = self.word_before();
    }

    /// Behind this word, or behind the next one.
    pub fn word_right(&mut self) {
        let (before, behind) = self.halves();
        let start = before.len();
        let skipped = behind.len() - behind.trim_start_matches(|c| !in_word(c)).len();
        let rest = behind.split_at_checked(skipped).map_or("", |(_, rest)| rest);
        let word = rest.len() - rest.trim_start_matches(in_word).len();
        self.cursor = self.border_from(start + skipped + word);
    }

    /// Takes the letter before the cursor away.
    pub fn backspace(&mut self) {
        let before = self.before();
        self.cut(before, self.cursor);
    }

    /// Takes the letter behind the cursor away.
    pub fn delete(&mut self) {
        let behind = self.behind();
        self.cut(self.cursor, behind);
    }

    /// Takes everything before the cursor away.
    pub fn cut_before(&mut self) {
        self.cut(0, self.cursor);
    }

    /// Takes everything behind the cursor away.
    pub fn cut_behind(&mut self) {
        self.cut(self.cursor, self.text.len());
    }

    /// Takes what is before the cursor away, back to a space: a whole term of a query, a whole word of a text.
    pub fn cut_word(&mut self) {
        let (before, _) = self.halves();
        let kept = before.trim_end();
        let from = kept.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8());
        self.cut(from, self.cursor);
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = self.border_from(from);
    }

    fn before(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn behind(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        let (before, _) = self.halves();
        let word = before.trim_end_matches(|c| !in_word(c));
        self.border_from(word.trim_end_matches(in_word).len())
    }

    /// The next border of graphemes from a place on; the place itself where it is one.
    fn border_from(&self, at: usize) -> usize {
        let borders = self.text.grapheme_indices(true).map(|(at, _)| at);
        borders.into_iter().find(|border| *border >= at).unwrap_or(self.text.len())
    }
}

/// Whether a character is part of a word, to the keys that move by words.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A line by its text, with `|` where the cursor is.
    fn line(marked: &str) -> Line {
        let cursor = marked.find('|').unwrap_or(marked.len());
        Line { text: marked.replacen('|', "", 1), cursor }
    }

    fn shown(line: &Line) -> String {
        let (before, behind) = line.halves();
        format!("{before}|{behind}")
    }

    #[test]
    fn keys_move_and_take_away_by_letters_words_and_to_the_ends() {
        type Edit = fn(&mut Line);
        let cases: [(&str, Edit, &str); 24] = [
            ("ab|", Line::left, "a|b"),
            ("|ab", Line::left, "|ab"),
            ("a|b", Line::right, "ab|"),
            ("ab|", Line::right, "ab|"),
            ("e\u{301}|", Line::left, "|e\u{301}"),
            ("e\u{301}|x", Line::backspace, "|x"),
            ("|e\u{301}x", Line::delete, "|x"),
            ("|ab", Line::backspace, "|ab"),
            ("ab|", Line::delete, "ab|"),
            ("a|b", Line::home, "|ab"),
            ("a|b", Line::end, "ab|"),
            ("status:new|", Line::word_left, "status:|new"),
            ("status:|new", Line::word_left, "|status:new"),
            ("|status:new", Line::word_right, "status|:new"),
            ("status|:new x", Line::word_right, "status:new| x"),
            ("ab  |", Line::word_left, "|ab  "),
            ("ab|  ", Line::word_right, "ab  |"),
            ("status:new sev:high|", Line::cut_word, "status:new |"),
            ("status:new |x", Line::cut_word, "|x"),
            ("a b  |", Line::cut_word, "a |"),
            ("ab|cd", Line::cut_before, "|cd"),
            ("ab|cd", Line::cut_behind, "ab|"),
            ("|", Line::cut_word, "|"),
            ("|", Line::word_right, "|"),
        ];
        for (from, edit, to) in cases {
            let mut line = line(from);
            edit(&mut line);
            assert_eq!(shown(&line), to, "{from}");
        }
    }

    #[test]
    fn text_goes_in_at_the_cursor_and_a_part_is_replaced_by_characters() {
        let mut line = line("é|x");
        line.insert("日");
        assert_eq!((shown(&line).as_str(), line.place()), ("é日|x", 2));
        line.replace(1, 2, "ab");
        assert_eq!(shown(&line), "éab|x");
        line.replace(4, 99, "!");
        assert_eq!(shown(&line), "éabx!|");
        line.set("z");
        assert_eq!(shown(&line), "z|");
    }

    #[test]
    fn a_line_has_an_end() {
        let mut line = Line::default();
        line.insert(&"é".repeat(MAX_CHARACTERS + 5));
        line.insert("x");
        assert_eq!(line.place(), MAX_CHARACTERS);
    }

    proptest! {
        #[test]
        fn no_edit_leaves_the_cursor_inside_a_letter(
            text in "[a e\u{301}\u{1f1e9}\u{1f1ea}日]{0,8}",
            edits in proptest::collection::vec((0_usize..12, "[\u{301}\u{1f1e9}a]{0,2}"), 0..12),
        ) {
            let mut line = Line::new(text);
            for (edit, inserted) in edits {
                match edit {
                    0 => line.left(),
                    1 => line.right(),
                    2 => line.home(),
                    3 => line.end(),
                    4 => line.word_left(),
                    5 => line.word_right(),
                    6 => line.backspace(),
                    7 => line.delete(),
                    8 => line.cut_word(),
                    9 => line.cut_before(),
                    10 => line.replace(1, 2, &inserted),
                    _ => line.insert(&inserted),
                }
                let borders: Vec<usize> = line.text.grapheme_indices(true).map(|(at, _)| at).chain([line.text.len()]).collect();
                prop_assert!(borders.contains(&line.cursor), "{:?}", line);
            }
        }
    }
}
