//! One comparison, asked of one value of a document.

use std::{borrow::Cow, net::IpAddr};

use serde_json::{Map, Value};

use crate::domain::{
    query::expr::{DateTest, How, MapTest, Moment, Network, Pattern, Relation, Test},
    severity::SeverityId,
    text,
    time::Millis,
};

use super::literal::Escapes;

const DAY: i64 = 86_400_000;

/// Beyond so many digits a number no longer has a form of its own in 64 bits: such texts are names, not numbers.
const EXACT_DIGITS: usize = 15;

/// How types are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As the service does.
    Strict,
    /// Numbers in texts are numbers, numbers are times.
    Lenient,
}

/// A comparison made ready.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    with: With,
    reading: Reading,
}

#[derive(Debug, Clone)]
enum With {
    Text(Vec<Text>),
    Number(Relation, Vec<f64>),
    Date(DateTest),
    Flag(bool),
    Map(Vec<(String, Option<Text>)>),
    Ip(Vec<Network>),
    Severity(Relation, Vec<SeverityId>),
    Ids(Vec<i32>),
    Present,
}

impl Comparison {
    pub(super) fn new(test: &Test, reading: Reading) -> Self {
        let with = match test {
            Test::Text(patterns) => With::Text(patterns.iter().map(Text::new).collect()),
            Test::Number(relation, numbers) => With::Number(*relation, numbers.clone()),
            Test::Date(test) => With::Date(*test),
            Test::Flag(flag) => With::Flag(*flag),
            Test::Map(tests) => {
                With::Map(tests.iter().map(|MapTest { key, value }| (key.clone(), value.as_ref().map(Text::new))).collect())
            }
            Test::Ip(networks) => With::Ip(networks.clone()),
            Test::Severity(relation, ids) => With::Severity(*relation, ids.clone()),
            Test::Status(ids) => With::Ids(ids.iter().map(|id| id.0).collect()),
            Test::Present => With::Present,
        };
        Self { with, reading }
    }

    /// Whether one value meets it.
    pub(super) fn met(&self, value: &Value, now: Millis) -> bool {
        match &self.with {
            With::Text(patterns) => text_of(value).is_some_and(|text| patterns.iter().any(|pattern| self.is_alike(pattern, &text))),
            With::Number(relation, numbers) => {
                self.number(value).is_some_and(|found| numbers.iter().any(|number| related(found.partial_cmp(number), *relation)))
            }
            With::Date(test) => self.moment(value).is_some_and(|found| in_time(*test, found, now)),
            With::Flag(flag) => value.as_bool() == Some(*flag),
            With::Map(tests) => value.as_object().is_some_and(|members| has_pair(members, tests)),
            With::Ip(networks) => {
                let address = value.as_str().and_then(|text| text.parse().ok());
                address.is_some_and(|address| networks.iter().any(|network| is_within(*network, address)))
            }
            With::Severity(relation, ids) => value.as_f64().is_some_and(|found| ids.iter().any(|id| is_severity(found, *relation, *id))),
            With::Ids(ids) => value.as_f64().is_some_and(|found| ids.iter().any(|id| is_id(found, *id))),
            With::Present => is_present(value),
        }
    }

    /// Whether it asks only whether there is a value.
    pub(super) const fn is_presence(&self) -> bool {
        matches!(self.with, With::Present)
    }

    /// Whether nothing in a document of this text can meet it.
    pub(super) fn is_ruled_out(&self, raw: &str, escapes: Escapes) -> bool {
        match &self.with {
            With::Text(patterns) => patterns.iter().all(|pattern| {
                // Words are found in any case, and numbers in any spelling.
                let is_literal = pattern.how != How::Word && (self.reading == Reading::Strict || pattern.number.is_none());
                is_literal && escapes.lacks(raw, &pattern.wanted, pattern.how == How::Equals)
            }),
            With::Map(tests) => tests.iter().all(|(key, _)| escapes.lacks(raw, key, true)),
            _ => false,
        }
    }

    fn is_alike(&self, pattern: &Text, text: &str) -> bool {
        if pattern.met(text) {
            return true;
        }
        // `0.5` and `0.50` are the same where both are numbers.
        self.reading == Reading::Lenient
            && pattern.number.is_some_and(|number| numeric(text).is_some_and(|found| related(found.partial_cmp(&number), Relation::Equal)))
    }

    fn number(&self, value: &Value) -> Option<f64> {
        match (value, self.reading) {
            (Value::Number(number), _) => number.as_f64(),
            (Value::String(text), Reading::Lenient) => numeric(text),
            _ => None,
        }
    }

    fn moment(&self, value: &Value) -> Option<i64> {
        match (value, self.reading) {
            // Blanks around it are no part of a time: the service's date filters would not read it.
            (Value::String(text), _) if text.trim() == text => Millis::from_text(text).map(|time| time.0),
            (Value::Number(number), Reading::Lenient) => number.as_i64().map(|number| Millis::from_epoch(number).0),
            _ => None,
        }
    }
}

/// A pattern made ready.
#[derive(Debug, Clone)]
struct Text {
    how: How,
    wanted: String,
    /// Its words in small letters, where words are looked for.
    words: Vec<String>,
    /// Its number, where the whole value is compared and it is one.
    number: Option<f64>,
}

impl Text {
    fn new(Pattern { how, text }: &Pattern) -> Self {
        let words = if *how == How::Word { words(text).map(str::to_lowercase).collect() } else { Vec::new() };
        let number = (*how == How::Equals).then(|| numeric(text)).flatten();
        Self { how: *how, wanted: text.clone(), words, number }
    }

    fn met(&self, text: &str) -> bool {
        match self.how {
            How::Equals => text == self.wanted,
            How::Prefix => text.starts_with(&self.wanted),
            How::Contains => text.contains(&self.wanted),
            How::Word => self.has_words(text),
        }
    }

    /// Whether the words follow one another. Without any word nothing is met.
    fn has_words(&self, text: &str) -> bool {
        let Some((first, others)) = self.words.split_first() else { return false };
        let mut rest = words(text);
        while let Some(word) = rest.next() {
            if is_word(word, first) {
                let mut ahead = rest.clone();
                if others.iter().all(|other| ahead.next().is_some_and(|word| is_word(word, other))) {
                    return true;
                }
            }
        }
        false
    }
}

/// Runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_word(found: &str, wanted: &str) -> bool {
    if found.is_ascii() { found.eq_ignore_ascii_case(wanted) } else { found.to_lowercase() == wanted }
}

/// The text of a value: digits of a number, the word of a boolean.
fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(_) | Value::Bool(_) => Some(Cow::Owned(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The number that a text is: digits with a sign, a fraction and an exponent, as in JSON. What has zeros in front or more digits than a
/// number can tell apart is a name, such as an account.
fn numeric(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let number = (digits <= EXACT_DIGITS).then(|| serde_json::from_str::<serde_json::Number>(text).ok())??;
    (text.trim() == text).then(|| number.as_f64()).flatten()
}

fn related(order: Option<std::cmp::Ordering>, relation: Relation) -> bool {
    order.is_some_and(|order| match relation {
        Relation::Equal => order.is_eq(),
        Relation::Less => order.is_lt(),
        Relation::AtMost => order.is_le(),
        Relation::Greater => order.is_gt(),
        Relation::AtLeast => order.is_ge(),
    })
}

fn in_time(test: DateTest, found: i64, now: Millis) -> bool {
    match test {
        DateTest::Age(relation, span) => related(Some(now.0.saturating_sub(found).cmp(&span.millis())), relation),
        DateTest::Moment(relation, Moment::Time(time)) => related(Some(found.cmp(&time.0)), relation),
        DateTest::Moment(relation, Moment::Day(first)) => {
            let next = first.0.saturating_add(DAY);
            match relation {
                Relation::Equal => found >= first.0 && found < next,
                Relation::Less => found < first.0,
                Relation::AtMost => found < next,
                Relation::Greater => found >= next,
                Relation::AtLeast => found >= first.0,
            }
        }
    }
}

fn has_pair(members: &Map<String, Value>, tests: &[(String, Option<Text>)]) -> bool {
    any_pair(members, |name, value| {
        tests.iter().any(|(key, pattern)| key == name && pattern.as_ref().is_none_or(|pattern| pattern.met(value)))
    })
}

/// Whether any name with its value is what is looked for. An object of `name` and `value` or `values` is one name; of any other object each
/// member is.
fn any_pair(members: &Map<String, Value>, mut met: impl FnMut(&str, &str) -> bool) -> bool {
    let Some(name) = members.get("name").and_then(Value::as_str) else {
        return members.iter().any(|(name, value)| value.as_str().is_some_and(|value| met(name, value)));
    };
    match members.get("value").or_else(|| members.get("values")) {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).any(|value| met(name, value)),
        Some(Value::String(value)) => met(name, value),
        _ => met(name, ""),
    }
}

/// What a value says, for people.
pub(super) fn shown(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) if members.get("name").is_some_and(Value::is_string) && members.len() == 2 => {
            let mut pairs = Vec::new();
            any_pair(members, |name, value| {
                pairs.push(if value.is_empty() { name.to_owned() } else { format!("{name}={value}") });
                false
            });
            pairs
        }
        Value::Object(members) if !members.is_empty() => vec![value.to_string()],
        _ => text_of(value).map(Cow::into_owned).into_iter().collect(),
    }
}

fn is_within(network: Network, address: IpAddr) -> bool {
    match (network.address, address) {
        (IpAddr::V4(wanted), IpAddr::V4(found)) => {
            let behind = 32_u32.saturating_sub(u32::from(network.prefix));
            (u32::from(wanted) ^ u32::from(found)).checked_shr(behind).unwrap_or(0) == 0
        }
        (IpAddr::V6(wanted), IpAddr::V6(found)) => {
            let behind = 128_u32.saturating_sub(u32::from(network.prefix));
            (u128::from(wanted) ^ u128::from(found)).checked_shr(behind).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[expect(clippy::float_cmp, reason = "ids are whole numbers, and 4.0 is 4")]
fn is_id(found: f64, id: i32) -> bool {
    found == f64::from(id)
}

/// Unknown, Other and numbers that are no severity have no place in the order, on either side.
fn is_severity(found: f64, relation: Relation, id: SeverityId) -> bool {
    let ordered = 1..=SeverityId::FATAL.0;
    if relation == Relation::Equal {
        return is_id(found, id.0);
    }
    ordered.contains(&id.0) && ordered.clone().any(|known| is_id(found, known)) && related(found.partial_cmp(&f64::from(id.0)), relation)
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        // As a row has it: what is left of it when it is shown.
        Value::String(text) => !text::clean(text).trim().is_empty(),
        Value::Array(elements) => elements.iter().any(is_present),
        Value::Object(members) => !members.is_empty(),
    }
}
