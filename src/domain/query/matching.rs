//! Whether a finding is what a query asks for, told from its whole document.
//!
//! Every finding that the service delivers is matched here again, since the service's part of a query may match more than was meant. So
//! what holds here must hold there too: at a path that the service filters by, this reads exactly the types that the service reads, and
//! is lenient only where the service is never asked.
//!
//! - Texts are compared as they are, not cleaned; a number or a boolean where a text is expected counts as its digits or its word.
//! - Numbers, ids and booleans are JSON numbers and booleans. `"7.5"` is no number at `vulnerabilities.cve.cvss.base_score`.
//! - Times are RFC 3339 texts at the `_dt` path alone, one without an offset is UTC. The epoch twin (`finding_info.created_time`) does not
//!   count: the service's date filters do not know it.
//! - Names with values are objects of `name` and `value` or `values`, else an object's members, each a name with its text. A missing value
//!   is the empty text.
//! - At any other path, and at `epss`, numbers in texts are numbers, and times are epoch numbers too.
//!
//! A path runs through lists without a step of its own, and a lone object counts as a list of one. A clause holds if any value at any of its
//! field's paths meets it. Where it does not hold its negation does, so an absent field meets every negation.
//!
//! Must not know the service's filters.

mod comparison;
mod glance;
mod literal;
mod path;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::Value;

use self::{
    comparison::{Comparison, Reading},
    literal::Escapes,
};
use super::{
    Query,
    expr::{Clause, Expr},
    field::{Field, Kind},
};
use crate::domain::{
    finding::{self, Finding},
    identity::Identity,
    patch::Values,
    severity::SeverityId,
    status::StatusId,
    summary,
    time::Millis,
};

pub use self::path::Path;

/// A finding as a query looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// How it is addressed.
    pub identity: &'a Identity,
    /// Its document.
    pub document: &'a Value,
    /// The present, which ages are counted from.
    pub now: Millis,
    /// The values that its row has; `None` where there is no row yet. Its status and severity count, and not the document's, and so does
    /// its comment where there is none or it has changed since the document came. A row reads ids more leniently than the service does,
    /// and what it shows is what is meant here.
    pub values: Option<&'a Values>,
}

/// What is known of a row without its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its status.
    pub status: Option<StatusId>,
    /// Its severity.
    pub severity: Option<SeverityId>,
    /// Whether it has a comment.
    pub comment: Commented,
}

/// Whether a row has a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commented {
    /// It has.
    Yes,
    /// It has not.
    No,
}

/// A query made ready to be asked of many findings: paths split, words found.
#[derive(Debug, Clone)]
pub struct Matcher(Wanted);

#[derive(Debug, Clone)]
enum Wanted {
    Everything,
    /// With the members of a document that it looks at.
    Where(Node, Box<[Box<str>]>),
    Findings(HashSet<Identity>),
}

impl Wanted {
    fn by(expr: &Expr) -> Self {
        let node = Node::of(expr);
        let mut members = Vec::new();
        node.note_members(&mut members);
        Self::Where(node, members.into_boxed_slice())
    }
}

#[derive(Debug, Clone)]
enum Node {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Clause { paths: Vec<Asked>, comparison: Comparison },
}

/// A path, and what an update can change of it.
#[derive(Debug, Clone)]
struct Asked {
    path: Path,
    update: Option<Updated>,
}

/// A path that an update changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Updated {
    StatusId,
    Status,
    SeverityId,
    Severity,
    Comment,
}

impl Query {
    /// Whether a finding is one of those that are wanted. For many findings make one [`Matcher`].
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        Matcher::new(self).matches(subject)
    }
}

impl Matcher {
    /// Of a query.
    pub fn new(query: &Query) -> Self {
        Self(match query {
            Query::Everything => Wanted::Everything,
            Query::Where(expr) => Wanted::by(expr),
            Query::Findings(identities) => Wanted::Findings(identities.iter().cloned().collect()),
        })
    }

    /// Of an expression.
    pub fn of(expr: &Expr) -> Self {
        Self(Wanted::by(expr))
    }

    /// Whether every finding matches, whatever is in it.
    pub const fn is_everything(&self) -> bool {
        matches!(self.0, Wanted::Everything)
    }

    /// Whether a finding matches.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        match &self.0 {
            Wanted::Everything => true,
            Wanted::Where(node, _) => node.holds(subject),
            Wanted::Findings(identities) => identities.contains(subject.identity),
        }
    }

    /// Whether a finding matches, where its row alone tells; the same as [`Self::matches`] says of its document with the row's values.
    pub fn told_by(&self, known: &Known, now: Millis) -> Option<bool> {
        match &self.0 {
            Wanted::Everything => Some(true),
            Wanted::Where(node, _) => node.told_by(known, now),
            Wanted::Findings(_) => None,
        }
    }

    /// Whether no finding with this text as its document can match, told without reading it as JSON. No is no answer.
    pub fn is_ruled_out(&self, raw: &str) -> bool {
        matches!(&self.0, Wanted::Where(node, _) if node.is_ruled_out(raw, Escapes::of(raw)))
    }

    /// Whether a finding that the service delivered belongs to the result. One whose document is no JSON object does: nothing can be told
    /// of it, and it must not be lost.
    pub fn admits(&self, finding: &Finding, raw: &str, now: Millis) -> bool {
        match &self.0 {
            Wanted::Everything => true,
            Wanted::Findings(identities) => identities.contains(&finding.identity),
            Wanted::Where(node, members) => match glance::members(raw, members).or_else(|| summary::read_document(raw)) {
                Some(document) if document.is_object() => {
                    node.holds(&Subject { identity: &finding.identity, document: &document, now, values: None })
                }
                _ => true,
            },
        }
    }
}

impl Node {
    fn of(expr: &Expr) -> Self {
        match expr {
            Expr::All(parts) => Self::All(parts.iter().map(Self::of).collect()),
            Expr::Any(parts) => Self::Any(parts.iter().map(Self::of).collect()),
            Expr::Not(inner) => Self::Not(Box::new(Self::of(inner))),
            Expr::Clause(clause) => Self::clause(clause),
        }
    }

    fn clause(Clause { field, test }: &Clause) -> Self {
        let reading = if field.kind() == Kind::Any { Reading::Lenient } else { Reading::Strict };
        Self::Clause { paths: asked(field), comparison: Comparison::new(test, reading) }
    }

    /// Puts the members of a document that it looks at with those that are there.
    fn note_members(&self, members: &mut Vec<Box<str>>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.note_members(members)),
            Self::Not(inner) => inner.note_members(members),
            Self::Clause { paths, .. } => {
                for member in paths.iter().filter_map(|asked| asked.path.member()) {
                    if !members.iter().any(|noted| **noted == *member) {
                        members.push(member.into());
                    }
                }
            }
        }
    }

    fn holds(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(subject)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(subject)),
            Self::Not(inner) => !inner.holds(subject),
            Self::Clause { paths, comparison } => paths.iter().any(|asked| {
                if let Some(changed) = asked.update.and_then(|update| update.changed(subject)) {
                    return comparison.met(&changed, subject.now);
                }
                asked.path.any(subject.document, &mut |value| comparison.met(value, subject.now))
            }),
        }
    }

    fn told_by(&self, known: &Known, now: Millis) -> Option<bool> {
        match self {
            Self::All(parts) => joined(parts.iter().map(|part| part.told_by(known, now)), false),
            Self::Any(parts) => joined(parts.iter().map(|part| part.told_by(known, now)), true),
            Self::Not(inner) => inner.told_by(known, now).map(|holds| !holds),
            Self::Clause { paths, comparison } => match (paths.as_slice(), known.comment) {
                ([Asked { update: Some(Updated::StatusId), .. }], _) => {
                    Some(known.status.is_some_and(|status| comparison.met(&status.0.into(), now)))
                }
                ([Asked { update: Some(Updated::SeverityId), .. }], _) => {
                    Some(known.severity.is_some_and(|severity| comparison.met(&severity.0.into(), now)))
                }
                ([Asked { update: Some(Updated::Comment), .. }], Commented::No) => Some(false),
                ([Asked { update: Some(Updated::Comment), .. }], Commented::Yes) if comparison.is_presence() => Some(true),
                _ => None,
            },
        }
    }

    fn is_ruled_out(&self, raw: &str, escapes: Escapes) -> bool {
        match self {
            Self::All(parts) => parts.iter().any(|part| part.is_ruled_out(raw, escapes)),
            Self::Any(parts) => parts.iter().all(|part| part.is_ruled_out(raw, escapes)),
            Self::Not(_) => false,
            // What the row has in its place is not in the document.
            Self::Clause { paths, comparison } => paths.iter().all(|asked| asked.update.is_none()) && comparison.is_ruled_out(raw, escapes),
        }
    }
}

/// What parts say together: `decisive` from any of them decides, and the contrary only from all.
fn joined(parts: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut is_known = true;
    for part in parts {
        match part {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(!decisive)
}

/// Most texts that are read of one field: no cell shows more, and a hostile document may have a million.
pub const MAX_TEXTS: usize = 64;

/// A field made ready to be read of many findings: for showing what is there.
#[derive(Debug, Clone)]
pub struct FieldReader(Vec<Asked>);

impl FieldReader {
    /// Of a field.
    pub fn new(field: &Field) -> Self {
        Self(asked(field))
    }

    /// What a finding has there, as texts, not cleaned: a name with its value as `name=value`, any other object as JSON. No text twice, and
    /// no more than [`MAX_TEXTS`].
    pub fn texts(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        let mut put = |text: String| {
            if !text.is_empty() && texts.len() < MAX_TEXTS && !texts.contains(&text) {
                texts.push(text);
            }
        };
        for asked in &self.0 {
            match asked.update.and_then(|update| update.changed(subject)) {
                Some(changed) => comparison::shown(&changed).into_iter().for_each(&mut put),
                None => asked.path.values(subject.document).into_iter().flat_map(comparison::shown).for_each(&mut put),
            }
        }
        texts
    }
}

fn asked(field: &Field) -> Vec<Asked> {
    field.paths().iter().map(|path| Asked { path: Path::new(path), update: Updated::at(path) }).collect()
}

impl Updated {
    fn at(path: &str) -> Option<Self> {
        Some(match path {
            "status_id" => Self::StatusId,
            "status" => Self::Status,
            "severity_id" => Self::SeverityId,
            "severity" => Self::Severity,
            "comment" => Self::Comment,
            _ => return None,
        })
    }

    /// What the row has in place of the document's value; `None` where the document's counts.
    fn changed(self, subject: &Subject<'_>) -> Option<Value> {
        let row = subject.values?;
        let came = || finding::values_of(subject.document);
        let id = |id: Option<i32>| id.map_or(Value::Null, Value::from);
        let caption = |id: Option<(i32, Option<&str>)>| match id {
            None => Value::Null,
            Some((_, Some(caption))) => caption.into(),
            Some((number, None)) => number.to_string().into(),
        };
        match self {
            Self::Status if row.status == came().status => None,
            Self::Severity if row.severity == came().severity => None,
            Self::Comment if row.comment.is_some() && row.comment == came().comment => None,
            Self::StatusId => Some(id(row.status.map(|status| status.0))),
            Self::Status => Some(caption(row.status.map(|status| (status.0, status.caption())))),
            Self::SeverityId => Some(id(row.severity.map(|severity| severity.0))),
            Self::Severity => Some(caption(row.severity.map(|severity| (severity.0, severity.caption())))),
            Self::Comment => Some(row.comment.clone().map_or(Value::Null, Value::from)),
        }
    }
}
