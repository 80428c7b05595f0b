//! One finding's document as text, with an index of what filters, sorting and updates need from it.
//!
//! A document never changes once made, so a hundred thousand synthesised findings share a few. What an update writes (status,
//! severity, comment) and what makes a copy unique (its uids) is spliced into the text when a finding is rendered. This module knows
//! nothing of requests.

use serde_json::Value;

use super::field::{FieldId, FieldKind, PathNode};

/// A place in a document that a finding may carry a value of its own for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    MetadataUid,
    FindingInfoUid,
    StatusId,
    Status,
    SeverityId,
    Severity,
    Comment,
}

impl Slot {
    const ALL: [Self; 7] =
        [Self::MetadataUid, Self::FindingInfoUid, Self::StatusId, Self::Status, Self::SeverityId, Self::Severity, Self::Comment];

    const fn path(self) -> &'static [&'static str] {
        match self {
            Self::MetadataUid => &["metadata", "uid"],
            Self::FindingInfoUid => &["finding_info", "uid"],
            Self::StatusId => &["status_id"],
            Self::Status => &["status"],
            Self::SeverityId => &["severity_id"],
            Self::Severity => &["severity"],
            Self::Comment => &["comment"],
        }
    }

    const fn at(self) -> usize {
        self as usize
    }
}

/// One value that filters can look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Datum<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
    /// Milliseconds since the epoch, UTC.
    Moment(i64),
    /// A name with its value, from a list of `{name, value}` or from an object.
    Pair(&'a str, &'a str),
}

#[derive(Debug)]
enum Stored {
    /// A piece of the document's own text: most strings need no escapes.
    Piece(Span),
    Text(Box<str>),
    Number(f64),
    Flag(bool),
    Moment(i64),
    Pair(Box<(String, String)>),
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

/// A finding's JSON text and its index.
#[derive(Debug)]
pub(super) struct Document {
    text: Box<str>,
    facts: Box<[(FieldId, Stored)]>,
    slots: [Option<Span>; 7],
}

impl Document {
    pub(super) fn new(value: &Value) -> Self {
        let mut writer = Writer { text: String::new(), facts: Vec::new(), slots: [None; 7], path: Vec::new() };
        writer.value(value, Some(PathNode::ROOT));
        Self { text: writer.text.into_boxed_str(), facts: writer.facts.into_boxed_slice(), slots: writer.slots }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The values at a field, in document order; several when an array lies on the path, none when it is absent or null.
    pub(super) fn values(&self, field: FieldId) -> impl Iterator<Item = Datum<'_>> {
        self.facts.iter().filter(move |(of, _)| *of == field).map(|(_, stored)| match stored {
            Stored::Piece(span) => Datum::Text(self.piece(*span)),
            Stored::Text(text) => Datum::Text(text),
            Stored::Number(number) => Datum::Number(*number),
            Stored::Flag(flag) => Datum::Flag(*flag),
            Stored::Moment(moment) => Datum::Moment(*moment),
            Stored::Pair(pair) => Datum::Pair(&pair.0, &pair.1),
        })
    }

    /// Whether the document has a value at that place.
    pub(super) fn has(&self, slot: Slot) -> bool {
        self.slots.get(slot.at()).is_some_and(Option::is_some)
    }

    /// Appends the document to `out`, with the given values (JSON texts) in the place of its own. A value of the top level that the
    /// document lacks is added at its end; one of a nested object that lacks it is left out.
    pub(super) fn render(&self, changes: &[(Slot, String)], out: &mut String) {
        let mut edits: Vec<(Span, &str)> = Vec::with_capacity(changes.len());
        for (slot, json) in changes {
            if let Some(Some(span)) = self.slots.get(slot.at()) {
                edits.push((*span, json));
            }
        }
        edits.sort_by_key(|(span, _)| span.start);
        let mut done = 0;
        for (span, json) in edits {
            out.push_str(self.piece(Span { start: done, end: span.start }));
            out.push_str(json);
            done = span.end;
        }
        let end = (self.text.len() as u32).saturating_sub(1);
        out.push_str(self.piece(Span { start: done, end }));
        for (slot, json) in changes {
            if let ([name], false) = (slot.path(), self.has(*slot)) {
                // Nothing comes before it only in an empty document.
                out.push_str(if out.ends_with('{') { "\"" } else { ",\"" });
                out.push_str(name);
                out.push_str("\":");
                out.push_str(json);
            }
        }
        out.push_str(self.piece(Span { start: end, end: end + 1 }));
    }

    fn piece(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// Writes a document and notes on the way where things are.
struct Writer<'a> {
    text: String,
    facts: Vec<(FieldId, Stored)>,
    slots: [Option<Span>; 7],
    /// Member names down to here; slots are at most two deep and never inside arrays.
    path: Vec<&'a str>,
}

impl<'a> Writer<'a> {
    fn value(&mut self, value: &'a Value, node: Option<PathNode>) {
        if let Some((field, FieldKind::Map)) = node.and_then(PathNode::field) {
            self.pairs(value, field);
        }
        match value {
            Value::Object(members) => {
                self.text.push('{');
                for (position, (name, member)) in members.iter().enumerate() {
                    if position > 0 {
                        self.text.push(',');
                    }
                    self.name(name);
                    self.text.push(':');
                    self.path.push(name);
                    self.member(member, node.and_then(|node| node.child(name)));
                    self.path.pop();
                }
                self.text.push('}');
            }
            Value::Array(elements) => {
                self.text.push('[');
                self.path.push("[]");
                for (position, element) in elements.iter().enumerate() {
                    if position > 0 {
                        self.text.push(',');
                    }
                    self.value(element, node);
                }
                self.path.pop();
                self.text.push(']');
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => self.scalar(value, node),
        }
    }

    fn member(&mut self, member: &'a Value, node: Option<PathNode>) {
        let start = self.text.len() as u32;
        self.value(member, node);
        if self.path.len() > 2 {
            return;
        }
        if let Some(slot) = Slot::ALL.into_iter().find(|slot| slot.path() == self.path.as_slice())
            && let Some(place) = self.slots.get_mut(slot.at())
        {
            *place = Some(Span { start, end: self.text.len() as u32 });
        }
    }

    fn scalar(&mut self, value: &Value, node: Option<PathNode>) {
        let start = self.text.len() as u32;
        // Written by serde_json, whose code is optimised in development builds too: half of a document is the text of its strings.
        self.text.push_str(&value.to_string());
        let end = self.text.len() as u32;
        let Some((field, kind)) = node.and_then(PathNode::field) else { return };
        let stored = match (kind, value) {
            (FieldKind::Text | FieldKind::Ip, Value::String(text)) => {
                // The quotes are not part of the value; a longer text means that something was escaped.
                if (end - start) as usize == text.len() + 2 {
                    Stored::Piece(Span { start: start + 1, end: end - 1 })
                } else {
                    Stored::Text(text.as_str().into())
                }
            }
            // Some producers write numbers where the model filters by text, such as an EPSS score.
            (FieldKind::Text, Value::Number(_) | Value::Bool(_)) => Stored::Piece(Span { start, end }),
            (FieldKind::Number, Value::Number(number)) => match number.as_f64() {
                Some(number) => Stored::Number(number),
                None => return,
            },
            (FieldKind::Date, Value::String(text)) => match super::moment::parse(text) {
                Some(moment) => Stored::Moment(moment),
                None => return,
            },
            (FieldKind::Boolean, Value::Bool(flag)) => Stored::Flag(*flag),
            _ => return,
        };
        self.facts.push((field, stored));
    }

    /// Appends a member's name. Nearly none need escapes, and then no second copy is made.
    fn name(&mut self, text: &str) {
        if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
            self.text.push_str(&Value::from(text).to_string());
        } else {
            self.text.push('"');
            self.text.push_str(text);
            self.text.push('"');
        }
    }

    fn pairs(&mut self, value: &Value, field: FieldId) {
        match value {
            // The walk comes again for each element, so a list itself adds nothing.
            Value::Object(members) => {
                if let Some(name) = members.get("name").and_then(Value::as_str) {
                    let values = match members.get("value").or_else(|| members.get("values")) {
                        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
                        Some(Value::String(value)) => vec![value.as_str()],
                        _ => vec![""],
                    };
                    self.facts.extend(values.into_iter().map(|value| (field, Stored::Pair(Box::new((name.to_owned(), value.to_owned()))))));
                } else {
                    for (name, member) in members {
                        if let Some(value) = member.as_str() {
                            self.facts.push((field, Stored::Pair(Box::new((name.clone(), value.to_owned())))));
                        }
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {}
        }
    }
}
