//! The characters of a query, and the smallest things they make: names, bare values, values in quotes.
//!
//! Must not know what a value means.

use std::fmt::Write;

use super::error::{QueryError, Wrong};
use crate::domain::text;

/// A value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    /// Where it begins, in characters from 1.
    pub column: usize,
    /// It, without quotes and escapes, and without the `*` behind it.
    pub text: String,
    /// Whether it was in quotes: then it means nothing but itself.
    pub quoted: bool,
    /// Where the `*` behind it is: the text is a beginning, or nothing at all.
    pub star: Option<usize>,
}

/// Whether a character ends a bare value.
pub(super) fn ends_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '"' | '(' | ')')
}

/// Whether a character can be part of a field's name.
pub(super) fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.')
}

/// The characters not read yet.
pub(super) struct Reader {
    characters: Vec<char>,
    at: usize,
}

impl Reader {
    pub(super) fn new(characters: Vec<char>) -> Self {
        Self { characters, at: 0 }
    }

    /// Where the next character is, from 1.
    pub(super) const fn column(&self) -> usize {
        self.at + 1
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    /// Takes a character if it is the next one.
    pub(super) fn takes(&mut self, c: char) -> bool {
        let is_next = self.peek() == Some(c);
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// The characters up to one that ends them.
    pub(super) fn run(&mut self, goes_on: impl Fn(char) -> bool) -> String {
        let mut run = String::new();
        while let Some(c) = self.peek().filter(|c| goes_on(*c)) {
            run.push(c);
            self.at += 1;
        }
        run
    }

    /// The next word, if it is this one, whatever the case, and stands alone.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let began = self.at;
        let is_it =
            self.run(in_name).eq_ignore_ascii_case(word) && self.peek().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '!'));
        if !is_it {
            self.at = began;
        }
        is_it
    }

    /// The rest of the word, for telling what was found; at most a few characters more than are shown.
    pub(super) fn rest_of_word(&self) -> String {
        self.characters.iter().skip(self.at).take_while(|c| !c.is_whitespace()).take(64).collect()
    }

    /// One value: bare up to `stop` or what ends every value, or in quotes.
    pub(super) fn value(&mut self, stop: Option<char>) -> Result<Raw, QueryError> {
        let column = self.column();
        if self.peek() == Some('"') {
            let text = self.quoted()?;
            let star = (self.peek() == Some('*')).then(|| self.column());
            if star.is_some() {
                self.next();
            }
            return Ok(Raw { column, text, quoted: true, star });
        }
        let mut text = self.run(|c| !ends_value(c) && Some(c) != stop);
        let star = text.contains('*').then(|| column + text.chars().take_while(|c| *c != '*').count());
        if let Some(star) = star {
            if text.matches('*').count() > 1 || !text.ends_with('*') {
                return Err(Wrong::Star(text).at(star));
            }
            text.pop();
        }
        match self.peek() {
            Some('(') => Err(Wrong::Parenthesis.at(self.column())),
            Some('"') => Err(Wrong::QuoteInside.at(self.column())),
            _ => Ok(Raw { column, text, quoted: false, star }),
        }
    }

    /// What is between quotes, at the first of them.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let column = self.column();
        let unclosed = || Wrong::Unclosed.at(column);
        self.next();
        let mut value = String::new();
        loop {
            let at = self.column();
            match self.next().ok_or_else(unclosed)? {
                '"' => break Ok(value),
                '\\' => match self.next().ok_or_else(unclosed)? {
                    c @ ('"' | '\\') => value.push(c),
                    'u' => value.push(self.code().ok_or_else(|| Wrong::Escape.at(at))?),
                    _ => return Err(Wrong::Escape.at(at)),
                },
                c => value.push(c),
            }
        }
    }

    /// A character by its number, `{202e}`, behind `\u`.
    fn code(&mut self) -> Option<char> {
        if !self.takes('{') {
            return None;
        }
        let digits = self.run(|c| c.is_ascii_hexdigit());
        (self.takes('}') && digits.len() <= 6).then(|| u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)).flatten()
    }
}

/// A text in quotes, clean: what cannot be seen is written by its number.
pub(super) fn in_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if text::is_hidden(c) => {
                // A text takes whatever is written to it.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text as a value: bare where that means the same.
pub(super) fn written(text: &str, stop: Option<char>) -> String {
    let needs_quotes = |c: char| ends_value(c) || c == '*' || Some(c) == stop || text::is_hidden(c);
    if text.is_empty() || text.starts_with(['~', '=']) || text.contains(needs_quotes) { in_quotes(text) } else { text.to_owned() }
}
