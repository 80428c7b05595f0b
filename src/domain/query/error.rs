//! Why a text is no query: where, what is wrong, and what would do.

use std::fmt;

use super::{
    EVERYTHING, MAX_DEPTH, MAX_LENGTH,
    field::{self, Field, Kind, SHORTS},
};
use crate::domain::{
    severity::SeverityId,
    spelling::distance,
    status::StatusId,
    text::{self, Cut},
};

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {wrong}")]
pub struct QueryError {
    /// Where, in characters from 1; at most one behind the last.
    pub column: usize,
    /// What is wrong, and what would do.
    pub wrong: Wrong,
}

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A character that cannot be seen.
    Hidden(char),
    /// More than [`MAX_LENGTH`] characters.
    TooLong,
    /// More than [`MAX_DEPTH`] parentheses in each other.
    TooDeep,
    /// `everything` beside something else.
    NotAlone,
    /// A parenthesis without its other one: the opening one, or the closing one.
    Unpaired(char),
    /// Parentheses around nothing.
    Nothing,
    /// `or`, `and`, `not` or `!` with nothing for it to join or negate.
    Dangling(&'static str),
    /// A value in quotes without a field.
    NoField(String),
    /// A word that is no field, without a comparison.
    Word(String),
    /// A field without a comparison.
    NoOperator(Field),
    /// A field apart from its comparison, or a comparison from its value.
    Apart(Field),
    /// Something that cannot begin a term.
    Character(char),
    /// An unknown field, and the nearest known one.
    Field(String, Option<String>),
    /// A comparison that does not exist.
    Operator(String),
    /// A comparison that a field does not have.
    Relation(Field, &'static str),
    /// Nothing where a value should be.
    NoValue(Field),
    /// A value that is none of the field's.
    Value(Field, String),
    /// A list where one value is meant.
    List(Field),
    /// An age without its unit.
    NoUnit(String),
    /// An age is compared by order only.
    AgeOrder(Field),
    /// A severity that has no place in the order.
    Unordered(String),
    /// An order on a field known only from documents needs a number.
    NotOrdered(String),
    /// `*` elsewhere than at the end of a value.
    Star(String),
    /// `*` where the operator looks anywhere in the value.
    StarAnywhere,
    /// `*` beside other values.
    StarAlone,
    /// `*` behind a value that has to be whole.
    Whole(Field, String),
    /// No letter and no digit in what should be words.
    NoWord,
    /// A name without the part of its value that `~` looks for.
    NoPart(Field),
    /// A quotation mark without its other one.
    Unclosed,
    /// Something directly behind a value.
    AfterValue,
    /// A quotation mark inside a bare value.
    QuoteInside,
    /// A parenthesis inside a bare value.
    Parenthesis,
    /// A backslash before something it does not escape.
    Escape,
}

impl Wrong {
    pub(super) const fn at(self, column: usize) -> QueryError {
        QueryError { column, wrong: self }
    }
}

impl QueryError {
    /// The query on one clean line of at most `columns` columns, and a line with a sign below the column that this error is at. Of a longer
    /// query it is the part around that column.
    pub fn pointed(&self, query: &str, columns: usize) -> (String, String) {
        let at = self.column.saturating_sub(1);
        let one = |c: char| text::clean(&c.to_string()).into_owned();
        let width = |c: char| text::width(&one(c));
        let mut shown: Vec<char> = query.chars().collect();
        let room = columns.saturating_sub(2).max(4);
        let mut dropped = 0;
        if shown.iter().map(|c| width(*c)).sum::<usize>() > room {
            // Where the sign would be too far to the right, the beginning goes, so that two thirds of the line are before the sign.
            let mut before: usize = shown.iter().take(at).map(|c| width(*c)).sum();
            while before > room * 2 / 3 {
                before -= shown.get(dropped).map_or(before, |c| width(*c));
                dropped += 1;
            }
            shown.drain(..dropped);
        }
        let mut line = String::from(if dropped > 0 { "…" } else { "" });
        let mut sign = " ".repeat(text::width(&line));
        for (place, c) in shown.into_iter().enumerate() {
            if text::width(&line) + width(c) > room + 1 {
                line.push('…');
                break;
            }
            line.push_str(&one(c));
            if place + dropped < at {
                sign.push_str(&" ".repeat(width(c)));
            }
        }
        sign.push('^');
        (line, sign)
    }
}

/// A part of the query in a message: as long as it can be read at a glance.
fn shown(part: &str) -> String {
    format!("`{}`", text::fit(&text::clean(part), 40, Cut::End))
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden(c) => write!(f, "the character {} cannot be seen; leave it out", text::clean(&c.to_string())),
            Self::TooLong => write!(f, "a query has at most {MAX_LENGTH} characters"),
            Self::TooDeep => write!(f, "at most {MAX_DEPTH} parentheses can be inside each other"),
            Self::NotAlone => write!(f, "`{EVERYTHING}` stands alone"),
            Self::Unpaired(')') => f.write_str("`)` closes nothing; a value with parentheses goes in quotes"),
            Self::Unpaired(_) => f.write_str("`(` is not closed"),
            Self::Nothing => f.write_str("there is nothing in the parentheses"),
            Self::Dangling(word @ ("!" | "not")) => write!(f, "`{word}` stands before what should not hold: {word}{}status:new", gap(word)),
            Self::Dangling(word) => write!(f, "`{word}` stands between two terms: status:new {word} status:resolved"),
            Self::NoField(text) => {
                write!(f, "which field? {} looks for it in titles", shown(&format!("title~{}", super::reader::in_quotes(text))))
            }
            Self::Word(word) => {
                write!(f, "{} is no term, such as status:new; {} looks for it in titles", shown(word), shown(&format!("title~{word}")))
            }
            Self::NoOperator(field) => write!(f, "`{field}` needs a comparison: {}", takes(field)),
            Self::Apart(field) => write!(f, "leave out the space around the comparison: {}", example(field)),
            Self::Character(c) => write!(f, "{} cannot begin a term; a term is such as status:new", shown(&c.to_string())),
            Self::Field(name, Some(near)) => write!(f, "{} is no field; did you mean {}?", shown(name), shown(near)),
            Self::Field(name, None) => {
                write!(f, "{} is no field; it is status, severity, account, title, … or a path with dots", shown(name))
            }
            Self::Operator(found) => write!(f, "{} is no comparison; they are : ~ ~~ < <= > >= and !: !~ for not", shown(found)),
            Self::Relation(field, operator) => write!(f, "`{field}` has no `{operator}`; write {}", takes(field)),
            Self::NoValue(field) => write!(f, "a value is missing: {}", takes(field)),
            Self::Value(field, value) => write!(f, "{} is no value of `{field}`; write {}", shown(value), takes(field)),
            Self::List(field) => write!(f, "one value only here: {}", takes(field)),
            Self::NoUnit(number) => {
                write!(f, "{} of what? m minutes, h hours, d days, w weeks: {}", shown(number), shown(&format!("{number}d")))
            }
            Self::AgeOrder(field) => write!(f, "an age is compared with < or >: {field}<7d, {field}>30d"),
            Self::Unordered(value) => write!(f, "{} has no place in the order of severities; it can be compared with `:`", shown(value)),
            Self::NotOrdered(value) => write!(f, "{} is no number, and < and > compare numbers", shown(value)),
            Self::Star(value) => write!(
                f,
                "`*` stands at the end of a value only, for a beginning; FIELD~part looks anywhere, and quotes take `*` as it is: {}",
                shown(&super::reader::in_quotes(value))
            ),
            Self::StarAnywhere => f.write_str("`~` looks anywhere in the value already; leave `*` out, or put the value in quotes"),
            Self::StarAlone => f.write_str("`*` alone means any value, so it has no other values beside it"),
            Self::Whole(field, value) => write!(f, "{} has to be written out; `{field}` has no beginnings", shown(value)),
            Self::NoWord => f.write_str("`~~` looks for words, and there is no letter and no digit"),
            Self::NoPart(field) => write!(f, "`~` needs a name and a part of its value: {field}~env=pro"),
            Self::Unclosed => f.write_str("the quotation mark is not closed"),
            Self::AfterValue => f.write_str("a comma or a space is missing after the value"),
            Self::QuoteInside => f.write_str("a quotation mark begins a value or is written \\\" in one: \"a \\\"b\\\"\""),
            Self::Parenthesis => f.write_str("a value with parentheses goes in quotes; a term before `(` ends with a space"),
            Self::Escape => f.write_str("in quotes a backslash is written \\\\, a quotation mark \\\", any other character as it is"),
        }
    }
}

fn gap(word: &str) -> &'static str {
    if word == "!" { "" } else { " " }
}

/// What a field can be compared with, shortly.
fn takes(field: &Field) -> String {
    let list = |words: Vec<&str>| words.join(", ");
    match field.kind() {
        Kind::Text => format!("{field}:VALUE, {field}:BEGINNING*, {field}~PART or {field}:*"),
        Kind::Number => format!("{field}>=3 or {field}:1,2"),
        Kind::Date => format!("{field}<7d (m, h, d, w ago) or {field}>=2026-01-31"),
        Kind::Flag => format!("{field}:yes or {field}:no"),
        Kind::Map => format!("{field}:NAME=VALUE, {field}:NAME or {field}~NAME=PART"),
        Kind::Ip => format!("{field}:10.1.2.3 or {field}:10.0.0.0/8"),
        Kind::Severity => {
            format!("{field}>=high or {field}: with {}, or an id", list(SeverityId::OFFERED.iter().filter_map(|id| id.word()).collect()))
        }
        Kind::Status => format!("{field}: with {}, or an id", list(StatusId::OFFERED.iter().filter_map(|id| id.word()).collect())),
        Kind::Any => format!("{field}:VALUE, {field}~PART, {field}>=3 or {field}:*"),
    }
}

/// A term of a field.
fn example(field: &Field) -> String {
    match field.kind() {
        Kind::Text | Kind::Any => format!("{field}~part"),
        Kind::Number => format!("{field}>=3"),
        Kind::Date => format!("{field}<7d"),
        Kind::Flag => format!("{field}:yes"),
        Kind::Map => format!("{field}:env=prod"),
        Kind::Ip => format!("{field}:10.0.0.0/8"),
        Kind::Severity => format!("{field}>=high"),
        Kind::Status => format!("{field}:new"),
    }
}

/// The known name nearest to one that is none: one it begins, one it is the last step of, or one with few letters changed.
pub(super) fn nearest(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let shorts = || SHORTS.iter().map(|short| short.name);
    let served = || field::all_served().map(|(path, _)| path);
    if let Some(plain) = name.strip_prefix('-').filter(|plain| shorts().any(|short| short == *plain)) {
        return Some(format!("!{plain}"));
    }
    let begun = || shorts().find(|short| name.chars().count() >= 2 && short.starts_with(&name));
    let last_step = || served().find(|path| path.rsplit('.').next() == Some(name.as_str()));
    let changed = || {
        let most = if name.chars().count() < 4 { 1 } else { 2 };
        let near = shorts().chain(served()).map(|known| (distance(&name, known), known)).min_by_key(|(distance, _)| *distance);
        near.filter(|(distance, _)| *distance <= most).map(|(_, known)| known)
    };
    shorts().find(|short| *short == name).or_else(begun).or_else(last_step).or_else(changed).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_met_with_the_name_that_was_meant() {
        for (name, near) in [
            ("stauts", Some("status")),
            ("Severity", Some("severity")),
            ("sev", Some("severity")),
            ("vpc_uid", Some("resources.vpc_uid")),
            ("confidence_scor", Some("confidence_score")),
            ("-status", Some("!status")),
            ("s", None),
            ("quarterly", None),
            ("", None),
        ] {
            assert_eq!(nearest(name).as_deref(), near, "{name}");
        }
    }

    #[test]
    fn the_sign_is_below_the_column_whatever_the_length() {
        let error = |column| Wrong::NoWord.at(column);
        assert_eq!(error(3).pointed("a\u{4f1a}b\u{7}", 40), ("a\u{4f1a}b<U+0007>".to_owned(), "   ^".to_owned()));
        let long: String = ('a'..='z').cycle().take(300).collect();
        for column in [1, 5, 20, 150, 299, 300, 301] {
            let (line, sign) = error(column).pointed(&long, 30);
            assert!(text::width(&line) <= 30 && sign.len() <= 31, "{line}\n{sign}");
            let meant = long.chars().nth(column - 1);
            assert_eq!(line.chars().nth(sign.len() - 1), meant, "{column}: {line}\n{sign}");
        }
        assert_eq!(error(1).pointed("", 40), (String::new(), "^".to_owned()));
    }
}
