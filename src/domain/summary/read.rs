//! Reading a free-form document: every value may be missing, null or of another type than expected.
//!
//! Owns how odd values are taken. Every text it gives is clean, trimmed, not blank, and of bounded length.

use serde_json::Value;

use crate::domain::{text, time::Millis};

/// Most characters of a value: the longest ARN that IAM allows has as many.
const MAX_LEAF: usize = 2_048;
/// Most characters of a running text.
const MAX_TEXT: usize = 8_000;
/// Most lines of a running text.
const MAX_TEXT_LINES: usize = 40;

/// A text, number or truth value at a JSON pointer.
pub(super) fn leaf(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(scalar)
}

/// The first of several pointers that has a value.
pub(super) fn first_of(value: &Value, pointers: &[&str]) -> Option<String> {
    pointers.iter().find_map(|pointer| leaf(value, pointer))
}

/// A text, number or truth value.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => shown(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value, or what an object in its place is called.
pub(super) fn word(value: &Value) -> Option<String> {
    scalar(value).or_else(|| first_of(value, &["/name", "/title", "/uid", "/value"]))
}

/// Running text, its line breaks kept; the texts of a list follow each other.
pub(super) fn paragraphs(value: &Value, pointer: &str) -> Option<String> {
    let told: Vec<String> = entries(value, pointer)
        .into_iter()
        .filter_map(|entry| match entry {
            Value::String(raw) => {
                let clean = text::clean_lines(shortened(raw, MAX_TEXT).0);
                let clean = clean.trim();
                let (kept, left) = first_lines(clean);
                let cut = shortened(raw, MAX_TEXT).1;
                let note = match (left, cut) {
                    (0, 0) => String::new(),
                    (0, cut) => format!(" … and {} more characters in the document", grouped(cut)),
                    _ => "\n… and more lines in the document".to_owned(),
                };
                (!clean.is_empty()).then(|| format!("{kept}{note}"))
            }
            other => word(other),
        })
        .collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

/// The first lines of a text, and how many bytes follow them.
fn first_lines(clean: &str) -> (&str, usize) {
    let end = clean.match_indices('\n').nth(MAX_TEXT_LINES - 1).map_or(clean.len(), |(at, _)| at);
    (clean.get(..end).unwrap_or(clean), clean.len() - end)
}

/// The elements of a list; a lone value counts as a list of one.
pub(super) fn entries<'a>(value: &'a Value, pointer: &str) -> Vec<&'a Value> {
    match value.pointer(pointer) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(lone) => vec![lone],
    }
}

/// The values of a list, each once, in their order.
pub(super) fn words(value: &Value, pointer: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in entries(value, pointer).into_iter().filter_map(word) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// A number, also as a text of digits.
pub(super) fn number(value: &Value, pointer: &str) -> Option<f64> {
    let number = match value.pointer(pointer)? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A whole number, also as a text of digits or with a point and zeros behind it.
pub(super) fn integer(value: &Value, pointer: &str) -> Option<i64> {
    match value.pointer(pointer)? {
        // 2^53: beyond it a float no longer names one integer.
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64()?;
            (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A truth value, also as a word.
pub(super) fn flag(value: &Value, pointer: &str) -> Option<bool> {
    match value.pointer(pointer)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A time: the epoch number, or the text beside it.
pub(super) fn instant(value: &Value, pointer: &str) -> Option<Millis> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).and_then(Millis::from_text);
    integer(value, pointer).map(Millis::from_epoch).or_else(|| text(&format!("{pointer}_dt"))).or_else(|| text(pointer))
}

/// Whether a value says something: not null, not empty.
pub(super) fn is_there(value: &Value, pointer: &str) -> bool {
    match value.pointer(pointer) {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => items.iter().any(|item| !item.is_null()),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Bool(_) | Value::Number(_)) => true,
    }
}

/// Parts that are there, with something between them.
pub(super) fn joined(parts: &[Option<String>], between: &str) -> Option<String> {
    let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

/// The first entries of a list in one line, and how many there are more.
pub(super) fn listed(entries: &[String], most: usize, between: &str) -> Option<String> {
    let shown = entries.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(between);
    match entries.len().saturating_sub(most) {
        _ if shown.is_empty() => None,
        0 => Some(shown),
        more => Some(format!("{shown} and {more} more")),
    }
}

/// A count with its thousands apart: `41,002`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut told = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// The clean form of a value.
fn shown(raw: &str) -> Option<String> {
    let (kept, cut) = shortened(raw, MAX_LEAF);
    let clean = text::clean(kept);
    let clean = clean.trim();
    match cut {
        _ if clean.is_empty() => None,
        0 => Some(clean.to_owned()),
        cut => Some(format!("{clean}… and {} more characters in the document", grouped(cut))),
    }
}

/// The beginning of a text, and how many characters follow it.
fn shortened(raw: &str, most: usize) -> (&str, usize) {
    let end = raw.char_indices().nth(most).map_or(raw.len(), |(at, _)| at);
    (raw.get(..end).unwrap_or(raw), raw.get(end..).map_or(0, |rest| rest.chars().count()))
}
