//! From the text form of a query to the query.
//!
//! `status:new,in_progress severity:high account:123456789012 uid:"a,b"`: terms apart by spaces, values apart by commas. A value in quotes
//! may hold spaces and commas, and quotes and backslashes after a backslash.

use std::{fmt, iter::Peekable, str::Chars};

use super::{EVERYTHING, MAX_VALUES, Query, Term};
use crate::domain::{severity::SeverityId, status::StatusId, text};

/// A field that a term can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The status.
    Status,
    /// The severity.
    Severity,
    /// The account.
    Account,
    /// `metadata.uid`.
    Uid,
}

impl Field {
    const ALL: [Self; 4] = [Self::Status, Self::Severity, Self::Account, Self::Uid];

    /// How it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Severity => "severity",
            Self::Account => "account",
            Self::Uid => "uid",
        }
    }
}

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {wrong}")]
pub struct QueryError {
    /// Where, in characters from 1.
    pub column: usize,
    /// What is wrong, and what would do.
    pub wrong: Wrong,
}

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// There is nothing.
    Empty,
    /// A word without a colon.
    NoTerm(String),
    /// `everything` beside something else.
    NotAlone,
    /// An unknown field.
    Field(String),
    /// A field that was there before.
    Twice(Field),
    /// Nothing where a value should be.
    NoValue,
    /// More values than a request takes.
    TooMany(Field),
    /// An unknown status or severity.
    Value(Field, String),
    /// A quotation mark without its other one.
    Unclosed,
    /// Something directly behind a value in quotes.
    AfterQuote,
    /// A character that cannot be seen.
    Hidden(char),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the query is empty; write {EVERYTHING}, or a term such as status:new"),
            Self::NoTerm(word) => write!(f, "`{word}` is no term; a term is FIELD:VALUE, such as status:new"),
            Self::NotAlone => write!(f, "`{EVERYTHING}` stands alone"),
            Self::Field(name) => write!(f, "`{name}` is no field; known are {}", Field::ALL.map(Field::name).join(", ")),
            Self::Twice(field) => write!(f, "`{0}` is there already; put the values together: {0}:A,B", field.name()),
            Self::NoValue => f.write_str("a value is missing"),
            Self::TooMany(field) => write!(f, "more than {MAX_VALUES} values of `{}`; the service takes no more", field.name()),
            Self::Value(field, value) => write!(f, "`{value}` is no {}; known are {}, or an id", field.name(), known(*field)),
            Self::Unclosed => f.write_str("the quotation mark is not closed"),
            Self::AfterQuote => f.write_str("a comma or a space is missing after the quotation mark"),
            Self::Hidden(c) => write!(f, "the character {} cannot be seen; leave it out", text::clean(&c.to_string())),
        }
    }
}

fn known(field: Field) -> String {
    let words: Vec<&str> = match field {
        Field::Status => StatusId::OFFERED.iter().filter_map(|id| id.word()).collect(),
        Field::Severity => SeverityId::OFFERED.iter().filter_map(|id| id.word()).collect(),
        Field::Account | Field::Uid => Vec::new(),
    };
    words.join(", ")
}

/// A text as a value: in quotes where it has to be.
pub(super) fn quoted(text: &str) -> String {
    if !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '"')) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Query, QueryError> {
    let mut reader = Reader { rest: text.chars().peekable(), column: 1 };
    if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| text::is_hidden(*c)) {
        return Err(QueryError { column: at + 1, wrong: Wrong::Hidden(c) });
    }
    let mut terms: Vec<Term> = Vec::new();
    let mut everything = None;
    loop {
        reader.skip_space();
        let column = reader.column;
        if everything.is_some() && reader.peek().is_some() {
            return Err(QueryError { column, wrong: Wrong::NotAlone });
        }
        let name = reader.word(|c| c == ':' || c.is_whitespace());
        match reader.peek() {
            Some(':') => {
                reader.next();
                let field = field(&name, &terms).map_err(|wrong| QueryError { column, wrong })?;
                terms.push(reader.values(field)?);
            }
            None if name.is_empty() => break,
            _ if name == EVERYTHING && terms.is_empty() => everything = Some(()),
            _ if name == EVERYTHING => return Err(QueryError { column, wrong: Wrong::NotAlone }),
            _ => return Err(QueryError { column, wrong: Wrong::NoTerm(name) }),
        }
    }
    match (everything, terms.is_empty()) {
        (Some(()), _) => Ok(Query::Everything),
        (None, true) => Err(QueryError { column: 1, wrong: Wrong::Empty }),
        (None, false) => Ok(Query::Terms(terms)),
    }
}

fn field(name: &str, terms: &[Term]) -> Result<Field, Wrong> {
    let field = Field::ALL.into_iter().find(|field| field.name() == name).ok_or_else(|| Wrong::Field(name.to_owned()))?;
    if terms.iter().any(|term| term.field() == field) { Err(Wrong::Twice(field)) } else { Ok(field) }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    column: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.column += usize::from(next.is_some());
        next
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn word(&mut self, ends: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek().filter(|c| !ends(*c)) {
            word.push(c);
            self.next();
        }
        word
    }

    /// The values of a term, at the first one.
    fn values(&mut self, field: Field) -> Result<Term, QueryError> {
        let mut values: Vec<(usize, String)> = Vec::new();
        loop {
            let column = self.column;
            if values.len() >= MAX_VALUES {
                return Err(QueryError { column, wrong: Wrong::TooMany(field) });
            }
            let value = if self.peek() == Some('"') { self.quoted()? } else { self.word(|c| c == ',' || c == '"' || c.is_whitespace()) };
            if value.is_empty() {
                return Err(QueryError { column, wrong: Wrong::NoValue });
            }
            values.push((column, value));
            match self.peek() {
                Some(',') => self.next(),
                Some('"') => return Err(QueryError { column: self.column, wrong: Wrong::AfterQuote }),
                _ => break,
            };
        }
        term(field, values)
    }

    /// A value in quotes, at the first of them.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let column = self.column;
        let unclosed = QueryError { column, wrong: Wrong::Unclosed };
        self.next();
        let mut value = String::new();
        loop {
            match self.next().ok_or_else(|| unclosed.clone())? {
                '"' => break,
                '\\' => value.push(self.next().ok_or_else(|| unclosed.clone())?),
                c => value.push(c),
            }
        }
        match self.peek() {
            Some(c) if c != ',' && !c.is_whitespace() => Err(QueryError { column: self.column, wrong: Wrong::AfterQuote }),
            _ => Ok(value),
        }
    }
}

fn term(field: Field, values: Vec<(usize, String)>) -> Result<Term, QueryError> {
    fn ids<T>(field: Field, values: Vec<(usize, String)>, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, QueryError> {
        let one = |(column, value): (usize, String)| parse(&value).ok_or(QueryError { column, wrong: Wrong::Value(field, value) });
        values.into_iter().map(one).collect()
    }
    Ok(match field {
        Field::Status => Term::Status(ids(field, values, StatusId::parse)?),
        Field::Severity => Term::Severity(ids(field, values, SeverityId::parse)?),
        Field::Account => Term::Account(values.into_iter().map(|(_, value)| value).collect()),
        Field::Uid => Term::Uid(values.into_iter().map(|(_, value)| value).collect()),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn captions_words_and_ids_name_the_same_values_in_any_order_and_case() {
        let expected = Query::Terms(vec![
            Term::Severity(vec![SeverityId::CRITICAL, SeverityId(42)]),
            Term::Status(vec![StatusId::IN_PROGRESS, StatusId::NEW, StatusId::SUPPRESSED]),
        ]);
        for text in [
            "severity:critical,42 status:in_progress,1,3",
            "  severity:CRITICAL,42   status:\"In Progress\",New,Suppressed ",
            "severity:5,42 status:in-progress,1,suppressed",
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
        assert_eq!(parse(" everything ").unwrap(), Query::Everything);
    }

    #[test]
    fn values_keep_colons_and_what_stands_in_quotes() {
        assert_eq!(parse("uid:arn:aws:x/1").unwrap(), Query::Terms(vec![Term::Uid(vec!["arn:aws:x/1".into()])]));
        let odd = r#"uid:"a, \"b\" \\c",d account:1"#;
        assert_eq!(
            parse(odd).unwrap(),
            Query::Terms(vec![Term::Uid(vec![r#"a, "b" \c"#.into(), "d".into()]), Term::Account(vec!["1".into()])])
        );
    }

    #[test]
    fn errors_point_at_the_column_and_say_what_is_known() {
        for (text, column, words) in [
            ("", 1, "empty"),
            ("   ", 1, "empty"),
            ("new", 1, "FIELD:VALUE"),
            ("status:new everything", 12, "stands alone"),
            ("everything status:new", 12, "stands alone"),
            ("status:new stauts:new", 12, "known are status, severity, account, uid"),
            ("status:new  status:resolved", 13, "put the values together: status:A,B"),
            ("status:", 8, "missing"),
            ("status: new", 8, "missing"),
            ("status:new,", 12, "missing"),
            ("status:new,,resolved", 12, "missing"),
            ("status:new,opne", 12, "known are new, in_progress, suppressed"),
            ("severity:worst", 10, "known are critical, high"),
            ("uid:\"a", 5, "not closed"),
            ("uid:\"a\\", 5, "not closed"),
            ("uid:\"a\"b", 8, "comma or a space"),
            ("uid:a\"b\"", 6, "comma or a space"),
            ("uid:é\u{202e}", 6, "<U+202E>"),
            ("uid:\"a\tb\"", 7, "cannot be seen"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.column, column, "{text}: {error}");
            assert!(error.to_string().contains(words), "{text}: {error}");
        }
        let many = format!("uid:{}", vec!["a"; MAX_VALUES + 1].join(","));
        assert!(parse(&many).unwrap_err().to_string().contains("more than 200"));
    }
}
