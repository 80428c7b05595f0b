//! The TOML form of a filter profile, read strictly: what is not known, of the wrong kind or out of range is an error with its place, and
//! all of them are told at once.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    domain::{
        blast::MOST_ABOVE,
        column::Column,
        grouping::GroupField,
        guard_rail::{GuardRails, MOST_ROWS},
        order::{Order, SortKey, SortKeyError},
        profile::{Content, Grouping},
        query::Query,
    },
    storage::{
        config::{
            Problem,
            setting::{name, shown, url, whole},
        },
        recipes,
    },
};

use super::place;

/// Most sort keys; more would never decide anything.
const MAX_SORT: usize = 10;

/// One key of a filter profile.
struct Key {
    /// Its table; empty is the top.
    table: &'static str,
    /// Its name there.
    name: &'static str,
    /// What is allowed, as the end of "write …".
    allowed: &'static str,
    /// Takes a value over.
    take: fn(&mut Content, &Written<'_>) -> Result<(), Wrong>,
}

/// A value with where it stands.
pub(in crate::storage) struct Written<'a> {
    /// The whole file.
    pub(in crate::storage) text: &'a str,
    /// Where it stands.
    pub(in crate::storage) at: Range<usize>,
    /// What it is.
    pub(in crate::storage) value: &'a DeValue<'a>,
}

/// Why a value is not taken.
pub(in crate::storage) enum Wrong {
    /// It is not what is allowed.
    Kind,
    /// It is, but says what cannot be meant: at which byte, and why.
    At(usize, String),
}

/// What a switch may be.
pub(in crate::storage) const YES_NO: &str = "true or false";
const ABOVE: &str = "a whole number of findings from 0 to 1000000; 0 is every send";
const NAME: &str = "the name of an AWS profile, or \"\" for none";

/// Every key.
const KEYS: &[Key] = &[
    Key { table: "", name: "query", allowed: "a query such as \"severity>=high status:new\"", take: query },
    Key { table: "", name: "columns", allowed: "a list of columns such as [\"severity\", \"title:40\"]", take: columns },
    Key { table: "", name: "sort", allowed: "a list of sort keys such as [\"severity desc\", \"modified\"]", take: sort },
    Key { table: "", name: "group", allowed: "what rows are grouped by, such as \"control\", or \"none\"", take: group },
    Key {
        table: "hub",
        name: "profile",
        allowed: NAME,
        take: |content, value| put(&mut content.hub.profile, name(value.value).map(Option::unwrap_or_default)),
    },
    Key {
        table: "hub",
        name: "region",
        allowed: "a Region such as \"eu-west-1\", or \"\" for none",
        take: |content, value| put(&mut content.hub.region, name(value.value).map(Option::unwrap_or_default)),
    },
    Key {
        table: "hub",
        name: "endpoint_url",
        allowed: "a URL with http:// or https://, or \"\" for none",
        take: |content, value| put(&mut content.hub.endpoint_url, url(value.value).map(Option::unwrap_or_default)),
    },
    Key {
        table: "guard_rails",
        name: "comment_to_suppress",
        allowed: YES_NO,
        take: |content, value| flag(&mut content.rails.comment_to_suppress, value),
    },
    Key {
        table: "guard_rails",
        name: "no_downgrade_of_critical",
        allowed: YES_NO,
        take: |content, value| flag(&mut content.rails.no_downgrade_of_critical, value),
    },
    Key {
        table: "guard_rails",
        name: "most_rows",
        allowed: "a whole number of findings from 1 to 1000000",
        take: |content, value| most_rows(&mut content.rails, value),
    },
    Key { table: "guard_rails", name: "read_only", allowed: YES_NO, take: |content, value| flag(&mut content.rails.read_only, value) },
    Key { table: "guard_rails", name: "type_count_above", allowed: ABOVE, take: type_count_above },
];

/// The table and the name of every key.
#[cfg(test)]
pub(in crate::storage) fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEYS.iter().map(|key| (key.table, key.name))
}

/// Reads a table; `prefix` stands before its keys in errors.
pub(in crate::storage) fn read(text: &str, table: &DeTable<'_>, prefix: &str, problems: &mut Vec<Problem>) -> Content {
    let mut content = Content::default();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        match value.get_ref() {
            DeValue::Table(inner) if KEYS.iter().any(|key| !key.table.is_empty() && key.table == name) => {
                for (key, value) in inner {
                    take(text, prefix, name, key.span().start, key.get_ref(), value, &mut content, problems);
                }
            }
            DeValue::Table(tables) if name == recipes::TABLE => {
                content.recipes = recipes::read(text, tables, &path_of(prefix, recipes::TABLE), problems);
            }
            _ => take(text, prefix, "", key.span().start, name, value, &mut content, problems),
        }
    }
    content
}

fn path_of(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

#[expect(clippy::too_many_arguments, reason = "a key with where it stands and where it goes")]
fn take(
    text: &str,
    prefix: &str,
    table: &str,
    at: usize,
    name: &str,
    value: &Spanned<DeValue<'_>>,
    content: &mut Content,
    problems: &mut Vec<Problem>,
) {
    let path = [prefix, table, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    let mut problem = |at: usize, what: &str| problems.push(Problem::at(text, at, &path, what));
    let kind = value.get_ref();
    match KEYS.iter().find(|key| key.table == table && key.name == name) {
        Some(key) => match (key.take)(content, &Written { text, at: value.span(), value: kind }) {
            Ok(()) => {}
            Err(Wrong::Kind) => problem(value.span().start, &format!("{} is not allowed here; write {}", shown(kind), key.allowed)),
            Err(Wrong::At(at, why)) => problem(at, &why),
        },
        None if table.is_empty() && (name == recipes::TABLE || KEYS.iter().any(|key| key.table == name)) => {
            problem(value.span().start, &format!("{} is not allowed here; this is a table: [{path}]", shown(kind)));
        }
        None => problem(at, &format!("there is no such key; known here are {}", known(table))),
    }
}

/// The names that a table may have.
fn known(table: &str) -> String {
    let mut names: Vec<String> = KEYS.iter().filter(|key| key.table == table).map(|key| key.name.to_owned()).collect();
    if table.is_empty() {
        for key in KEYS.iter().filter(|key| !key.table.is_empty()) {
            let name = format!("[{}]", key.table);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.push(format!("[{}.NAME]", recipes::TABLE));
    }
    names.join(", ")
}

fn put<T>(place: &mut Option<T>, value: Option<T>) -> Result<(), Wrong> {
    *place = Some(value.ok_or(Wrong::Kind)?);
    Ok(())
}

/// Takes a switch over.
pub(in crate::storage) fn flag(place: &mut bool, value: &Written<'_>) -> Result<(), Wrong> {
    *place = value.value.as_bool().ok_or(Wrong::Kind)?;
    Ok(())
}

fn query(content: &mut Content, value: &Written<'_>) -> Result<(), Wrong> {
    let written = value.value.as_str().ok_or(Wrong::Kind)?;
    if written.trim().is_empty() {
        // More likely forgotten than a wish for everything.
        let what = format!("the query is empty; write {}, or leave the key out for that of the default", Query::Everything);
        return Err(Wrong::At(value.at.start, what));
    }
    match one_line(written).parse::<Query>() {
        Ok(query) => content.query = Some(query),
        Err(error) => {
            let raw = value.text.get(value.at.clone()).unwrap_or_default();
            let at = place::of_character(raw, value.at.start, error.column.saturating_sub(1));
            return Err(Wrong::At(at, error.wrong.to_string()));
        }
    }
    Ok(())
}

/// A query over several lines is one line to the query language. Characters keep their places.
pub(super) fn one_line(written: &str) -> String {
    written.replace(['\n', '\r', '\t'], " ")
}

fn columns(content: &mut Content, value: &Written<'_>) -> Result<(), Wrong> {
    let texts = texts(value)?;
    let names: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
    content.columns = Some(Column::list(&names).map_err(|(at, error)| Wrong::At(place_of(value, &texts, at), error.to_string()))?);
    Ok(())
}

fn sort(content: &mut Content, value: &Written<'_>) -> Result<(), Wrong> {
    let texts = texts(value)?;
    let mut keys: Vec<SortKey> = Vec::new();
    for (at, (text, _)) in texts.iter().enumerate() {
        let wrong = |why: String| Wrong::At(place_of(value, &texts, at), why);
        let key: SortKey = text.parse().map_err(|error: SortKeyError| wrong(error.to_string()))?;
        if keys.iter().any(|known| known.field == key.field) {
            return Err(wrong(SortKeyError::Twice(key.field.word()).to_string()));
        }
        keys.push(key);
    }
    match keys.len() {
        0 => return Err(Wrong::At(value.at.start, SortKeyError::Empty.to_string())),
        1..=MAX_SORT => content.order = Some(Order(keys)),
        count => return Err(Wrong::At(value.at.start, format!("there are {count} sort keys: {MAX_SORT} are the most"))),
    }
    Ok(())
}

fn group(content: &mut Content, value: &Written<'_>) -> Result<(), Wrong> {
    let word = value.value.as_str().ok_or(Wrong::Kind)?;
    let group = GroupField::parse_optional(word).map_err(|error| Wrong::At(value.at.start, error.to_string()))?;
    content.group = Some(Grouping(group));
    Ok(())
}

/// The texts of a list, each with where it stands.
fn texts<'a>(value: &Written<'a>) -> Result<Vec<(&'a str, usize)>, Wrong> {
    let DeValue::Array(items) = value.value else { return Err(Wrong::Kind) };
    items
        .iter()
        .map(|item| {
            let at = item.span().start;
            let text = item.get_ref().as_str();
            text.map(|text| (text, at)).ok_or_else(|| Wrong::At(at, format!("{} is not allowed here; write a text", shown(item.get_ref()))))
        })
        .collect()
}

fn place_of(value: &Written<'_>, texts: &[(&str, usize)], at: usize) -> usize {
    texts.get(at).map_or(value.at.start, |&(_, place)| place)
}

/// Takes over how many rows there may be at most.
pub(in crate::storage) fn most_rows(rails: &mut GuardRails, value: &Written<'_>) -> Result<(), Wrong> {
    put(&mut rails.most_rows, whole(value.value).filter(|most| (1..=MOST_ROWS).contains(most)))
}

fn type_count_above(content: &mut Content, value: &Written<'_>) -> Result<(), Wrong> {
    put(&mut content.rails.type_count_above, whole(value.value).filter(|above| *above <= MOST_ABOVE))
}
