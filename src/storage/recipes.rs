//! The TOML form of recipes, in the configuration and in filter profiles: `[recipes.NAME]`, read as strictly as the rest of both.

mod written;

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::domain::{
    comment::{Comment, LineBreaks},
    decision::{CommentMode, Decision, Wording},
    guard_rail::GuardRails,
    profile::name::{NameError, ProfileName},
    recipe::{MOVES, Recipe},
    severity::SeverityId,
    status::StatusId,
    template::Template,
};

use super::{
    config::{Problem, setting::shown},
    profiles::{
        form::{self, Written, Wrong, YES_NO, flag},
        place,
    },
};

pub use written::written;

/// The table of the recipes' tables.
pub const TABLE: &str = "recipes";
/// The table of a recipe's guard rails.
const RAILS: &str = "guard_rails";

/// One key of a recipe.
struct Key {
    /// Its table; empty is the recipe's own.
    table: &'static str,
    /// Its name there.
    name: &'static str,
    /// What is allowed, as the end of "write …".
    allowed: &'static str,
    /// Takes a value over.
    take: fn(&mut Draft, &Written<'_>) -> Result<(), Wrong>,
}

/// What has been read of a recipe so far.
#[derive(Default)]
struct Draft {
    letter: Option<Letter>,
    status: Option<StatusId>,
    severity: Option<SeverityId>,
    comment: Option<Template>,
    /// What `append` says, and where it stands.
    append: Option<(bool, usize)>,
    rails: GuardRails,
}

/// The letter that a recipe asks for, and where.
#[derive(Clone, Copy)]
struct Letter {
    letter: char,
    at: usize,
}

/// Every key.
const KEYS: &[Key] = &[
    Key { table: "", name: "key", allowed: "one letter from a to z, but not j or k, which move", take: letter },
    Key { table: "", name: "status", allowed: "a status such as \"suppressed\" or \"in-progress\", or its id", take: status },
    Key { table: "", name: "severity", allowed: "a severity such as \"low\", or its id", take: severity },
    Key { table: "", name: "comment", allowed: "a comment such as \"accepted until {date}, {ticket}\"", take: comment },
    Key {
        table: "",
        name: "append",
        allowed: YES_NO,
        take: |draft, value| {
            draft.append = Some((value.value.as_bool().ok_or(Wrong::Kind)?, value.at.start));
            Ok(())
        },
    },
    Key {
        table: RAILS,
        name: "comment_to_suppress",
        allowed: YES_NO,
        take: |draft, value| flag(&mut draft.rails.comment_to_suppress, value),
    },
    Key {
        table: RAILS,
        name: "no_downgrade_of_critical",
        allowed: YES_NO,
        take: |draft, value| flag(&mut draft.rails.no_downgrade_of_critical, value),
    },
    Key { table: RAILS, name: "most_rows", allowed: "a whole number of findings from 1 to 1000000", take: most_rows },
];

/// The table and the name of every key.
#[cfg(test)]
pub(in crate::storage) fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEYS.iter().map(|key| (key.table, key.name))
}

/// Reads the tables of all recipes, in the order they are written; `prefix` stands before their names in errors. What is wrong with one is a
/// problem, and the recipe is left out.
pub(in crate::storage) fn read(text: &str, tables: &DeTable<'_>, prefix: &str, problems: &mut Vec<Problem>) -> Vec<Recipe> {
    let mut tables: Vec<_> = tables.iter().collect();
    tables.sort_by_key(|(name, _)| name.span().start);
    let mut recipes: Vec<Recipe> = Vec::new();
    let mut letters: Vec<(char, String)> = Vec::new();
    for (key, value) in tables {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let mut reading = Reading { text, path: &path, problems };
        let name = ProfileName::new(name).map_err(|error| reading.problem(at, &nameless(&error))).ok();
        let draft = reading.draft(at, value);
        if let Some(Letter { letter, at }) = draft.letter {
            match letters.iter().find(|(taken, _)| *taken == letter) {
                Some((_, other)) => {
                    problems.push(Problem::at(
                        text,
                        at,
                        &format!("{path}.key"),
                        &format!("the letter {letter} is that of {other} already"),
                    ));
                }
                None => letters.push((letter, key.get_ref().to_string())),
            }
        }
        if let Some(name) = name {
            recipes.push(draft.into_recipe(name));
        }
    }
    recipes
}

/// Why a text is no name of a recipe.
fn nameless(error: &NameError) -> String {
    match error {
        NameError::Empty => "a recipe needs a name".to_owned(),
        error => error.to_string(),
    }
}

/// One recipe being read.
struct Reading<'a> {
    text: &'a str,
    /// What stands before its keys in errors.
    path: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, at: usize, what: &str) {
        self.problems.push(Problem::at(self.text, at, self.path, what));
    }

    fn draft(&mut self, at: usize, value: &Spanned<DeValue<'_>>) -> Draft {
        let mut draft = Draft::default();
        let before = self.problems.len();
        let Some(table) = value.get_ref().as_table() else {
            self.problem(
                value.span().start,
                &format!("{} is not allowed here; a recipe is a table: [{}]", shown(value.get_ref()), self.path),
            );
            return draft;
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match value.get_ref() {
                DeValue::Table(inner) if name == RAILS => {
                    for (key, value) in inner {
                        self.take(&mut draft, RAILS, key, value);
                    }
                }
                _ => self.take(&mut draft, "", key, value),
            }
        }
        if self.problems.len() == before {
            self.whole(&draft, at);
        }
        draft
    }

    fn take(&mut self, draft: &mut Draft, table: &str, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) {
        let name = key.get_ref().as_ref();
        let path = [self.path, table, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
        let kind = value.get_ref();
        let known = || {
            let mut names: Vec<&str> = KEYS.iter().filter(|key| key.table == table).map(|key| key.name).collect();
            if table.is_empty() {
                names.push("[guard_rails]");
            }
            names.join(", ")
        };
        let (at, what) = match KEYS.iter().find(|key| key.table == table && key.name == name) {
            Some(key) => match (key.take)(draft, &Written { text: self.text, at: value.span(), value: kind }) {
                Ok(()) => return,
                Err(Wrong::Kind) => (value.span().start, format!("{} is not allowed here; write {}", shown(kind), key.allowed)),
                Err(Wrong::At(at, why)) => (at, why),
            },
            None if table.is_empty() && name == RAILS => {
                (value.span().start, format!("{} is not allowed here; this is a table: [{path}]", shown(kind)))
            }
            None if table == RAILS && name == "read_only" => {
                (key.span().start, format!("a recipe only stages; read_only is for filter profiles; known here are {}", known()))
            }
            None => (key.span().start, format!("there is no such key; known here are {}", known())),
        };
        self.problems.push(Problem::at(self.text, at, &path, &what));
    }

    /// What is wrong with a recipe whose keys are all right.
    fn whole(&mut self, draft: &Draft, at: usize) {
        if draft.status.is_none() && draft.severity.is_none() && draft.comment.is_none() {
            self.problem(at, "this recipe sets nothing; write status, severity or comment");
        } else if let (Some((_, at)), None) = (draft.append, &draft.comment) {
            let path = format!("{}.append", self.path);
            self.problems.push(Problem::at(self.text, at, &path, "there is no comment to append; write comment, or leave this out"));
        }
    }
}

impl Draft {
    fn into_recipe(self, name: ProfileName) -> Recipe {
        let mode = if self.append.is_some_and(|(append, _)| append) { CommentMode::Append } else { CommentMode::Replace };
        let comment = self.comment.map(|template| Wording { template, mode });
        let decision = Decision { status: self.status, severity: self.severity, comment };
        Recipe { name, key: self.letter.map(|letter| letter.letter), decision, rails: self.rails }
    }
}

fn letter(draft: &mut Draft, value: &Written<'_>) -> Result<(), Wrong> {
    let written = value.value.as_str().ok_or(Wrong::Kind)?;
    let mut chars = written.chars();
    let (Some(letter), None) = (chars.next(), chars.next()) else { return Err(Wrong::Kind) };
    if !letter.is_ascii_lowercase() || MOVES.contains(&letter) {
        return Err(Wrong::Kind);
    }
    draft.letter = Some(Letter { letter, at: value.at.start });
    Ok(())
}

/// A word, or an id as a number or a text.
fn word(value: &Written<'_>) -> Result<String, Wrong> {
    match value.value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(integer) => {
            let id = i32::from_str_radix(integer.as_str(), integer.radix()).ok().ok_or(Wrong::Kind)?;
            Ok(id.to_string())
        }
        _ => Err(Wrong::Kind),
    }
}

fn status(draft: &mut Draft, value: &Written<'_>) -> Result<(), Wrong> {
    let word = word(value)?;
    let known = || StatusId::OFFERED.iter().filter_map(|id| id.word()).collect::<Vec<_>>().join(", ");
    let offered = StatusId::parse(&word).filter(|id| StatusId::OFFERED.contains(id));
    draft.status =
        Some(offered.ok_or_else(|| Wrong::At(value.at.start, format!("`{word}` is no status; known are {}, or their ids", known())))?);
    Ok(())
}

fn severity(draft: &mut Draft, value: &Written<'_>) -> Result<(), Wrong> {
    let word = word(value)?;
    let known = || SeverityId::OFFERED.iter().filter_map(|id| id.word()).collect::<Vec<_>>().join(", ");
    let offered = SeverityId::parse(&word).filter(|id| SeverityId::OFFERED.contains(id));
    draft.severity =
        Some(offered.ok_or_else(|| Wrong::At(value.at.start, format!("`{word}` is no severity; known are {}, or their ids", known())))?);
    Ok(())
}

fn comment(draft: &mut Draft, value: &Written<'_>) -> Result<(), Wrong> {
    let written = value.value.as_str().ok_or(Wrong::Kind)?;
    draft.comment = Some(template(value.text, value.at.clone(), written).map_err(|(at, why)| Wrong::At(at, why))?);
    Ok(())
}

/// Reads a comment template that stands at these bytes of a file; the error says where in the file, and why.
pub(super) fn template(text: &str, at: Range<usize>, written: &str) -> Result<Template, (usize, String)> {
    let template: Template = written.parse().map_err(|error: crate::domain::template::TemplateError| {
        let raw = text.get(at.clone()).unwrap_or_default();
        (place::of_character(raw, at.start, error.at), error.to_string())
    })?;
    // One that is no comment however short its values are never will be.
    let shortest = template.fill(|_| Some("x")).unwrap_or_default();
    Comment::new(&shortest, LineBreaks::Space).map_err(|error| (at.start, error.to_string()))?;
    Ok(template)
}

fn most_rows(draft: &mut Draft, value: &Written<'_>) -> Result<(), Wrong> {
    form::most_rows(&mut draft.rails, value)
}

#[cfg(test)]
mod tests;
