//! The values of a term: what a text means for a field of some kind.

use core::net::IpAddr;

use jiff::civil::Date;

use super::{
    error::{QueryError, Wrong},
    expr::{DateTest, How, MapTest, Moment, Network, Pattern, Relation, Span, Test, Unit},
    field::{Field, Kind},
    reader::{Raw, Reader},
    words,
};
use crate::domain::{severity::SeverityId, status::StatusId, time::Millis};

/// A comparison as it is written; its negated form is the same with a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `:`.
    Has,
    /// `~`.
    Holds,
    /// `~~`.
    Words,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
}

impl Operator {
    /// How it is written.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Has => ":",
            Self::Holds => "~",
            Self::Words => "~~",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The operator of a relation.
    pub(super) const fn of(relation: Relation) -> Self {
        match relation {
            Relation::Equal => Self::Has,
            Relation::Less => Self::Less,
            Relation::AtMost => Self::AtMost,
            Relation::Greater => Self::Greater,
            Relation::AtLeast => Self::AtLeast,
        }
    }

    const fn relation(self) -> Option<Relation> {
        match self {
            Self::Has => Some(Relation::Equal),
            Self::Less => Some(Relation::Less),
            Self::AtMost => Some(Relation::AtMost),
            Self::Greater => Some(Relation::Greater),
            Self::AtLeast => Some(Relation::AtLeast),
            Self::Holds | Self::Words => None,
        }
    }
}

/// Reads the values behind an operator.
pub(super) fn read(reader: &mut Reader, field: &Field, operator: Operator) -> Result<Test, QueryError> {
    let kind = field.kind();
    let column = reader.column();
    let has_operator = match kind {
        Kind::Text | Kind::Map => {
            matches!(operator, Operator::Has | Operator::Holds) || (kind == Kind::Text && operator == Operator::Words)
        }
        Kind::Any => true,
        Kind::Number | Kind::Date | Kind::Severity => operator.relation().is_some(),
        Kind::Flag | Kind::Ip | Kind::Status => operator == Operator::Has,
    };
    if !has_operator {
        return Err(Wrong::Relation(field.clone(), operator.sign()).at(column - operator.sign().len()));
    }
    if kind == Kind::Map {
        return maps(reader, field, operator);
    }
    let raws = list(reader, field)?;
    if is_present(&raws, field, operator)? {
        return Ok(Test::Present);
    }
    match (kind, operator.relation()) {
        (Kind::Text, _) | (Kind::Any, None | Some(Relation::Equal)) => Ok(Test::Text(texts(raws, field, operator)?)),
        (Kind::Number, Some(Relation::Equal)) => Ok(Test::Number(Relation::Equal, each(raws, field, |raw| number(&raw.text))?)),
        (Kind::Number, Some(relation)) => Ok(Test::Number(relation, vec![one(raws, field, |raw| number(&raw.text))?])),
        (Kind::Any, Some(relation)) => {
            let raw = single(raws, field)?;
            let number =
                number(&raw.text).filter(|_| raw.star.is_none()).ok_or_else(|| Wrong::NotOrdered(raw.text.clone()).at(raw.column))?;
            Ok(Test::Number(relation, vec![number]))
        }
        (Kind::Date, Some(relation)) => date(&single(raws, field)?, field, relation).map(Test::Date),
        (Kind::Flag, _) => Ok(Test::Flag(one(raws, field, |raw| flag(&raw.text))?)),
        (Kind::Ip, _) => Ok(Test::Ip(each(raws, field, |raw| network(&raw.text))?)),
        (Kind::Severity, Some(Relation::Equal)) => {
            Ok(Test::Severity(Relation::Equal, each(raws, field, |raw| SeverityId::parse(&raw.text))?))
        }
        (Kind::Severity, Some(relation)) => {
            let raw = single(raws, field)?;
            let column = raw.column;
            let id = one(vec![raw.clone()], field, |raw| SeverityId::parse(&raw.text))?;
            if !is_ordered(id) {
                return Err(Wrong::Unordered(raw.text).at(column));
            }
            Ok(Test::Severity(relation, vec![id]))
        }
        (Kind::Status, _) => Ok(Test::Status(each(raws, field, |raw| StatusId::parse(&raw.text))?)),
        (Kind::Number | Kind::Date | Kind::Severity | Kind::Map, _) => Err(Wrong::Relation(field.clone(), operator.sign()).at(column)),
    }
}

/// Whether a severity has a place in the order: Unknown, Other and undocumented ids have none.
pub(super) fn is_ordered(id: SeverityId) -> bool {
    id.rank() > SeverityId::OTHER.rank()
}

/// Values apart by commas.
fn list(reader: &mut Reader, field: &Field) -> Result<Vec<Raw>, QueryError> {
    let mut raws = Vec::new();
    loop {
        let raw = reader.value(None)?;
        if raw.text.is_empty() && raw.star.is_none() {
            return Err(Wrong::NoValue(field.clone()).at(raw.column));
        }
        if let Some(star) = raw.star.filter(|_| raw.text.is_empty() && raw.quoted) {
            return Err(Wrong::Star("*".to_owned()).at(star));
        }
        raws.push(raw);
        if !goes_on(reader)? {
            return Ok(raws);
        }
    }
}

/// Whether another value of the list follows.
fn goes_on(reader: &mut Reader) -> Result<bool, QueryError> {
    match reader.peek() {
        Some(',') => {
            reader.next();
            Ok(true)
        }
        None | Some(')') => Ok(false),
        Some(c) if c.is_whitespace() => Ok(false),
        Some(_) => Err(Wrong::AfterValue.at(reader.column())),
    }
}

/// Whether the values are `*` alone.
fn is_present(raws: &[Raw], field: &Field, operator: Operator) -> Result<bool, QueryError> {
    let Some((raw, star)) = raws.iter().find_map(|raw| raw.star.filter(|_| raw.text.is_empty()).map(|star| (raw, star))) else {
        return Ok(false);
    };
    match operator {
        Operator::Has if raws.len() == 1 => Ok(true),
        Operator::Has => Err(Wrong::StarAlone.at(star)),
        Operator::Holds | Operator::Words => Err(Wrong::StarAnywhere.at(star)),
        _ => Err(Wrong::Value(field.clone(), "*".to_owned()).at(raw.column)),
    }
}

fn single(mut raws: Vec<Raw>, field: &Field) -> Result<Raw, QueryError> {
    if let Some(second) = raws.get(1) {
        return Err(Wrong::List(field.clone()).at(second.column));
    }
    raws.pop().ok_or_else(|| Wrong::NoValue(field.clone()).at(1))
}

fn one<T>(raws: Vec<Raw>, field: &Field, parse: impl Fn(&Raw) -> Option<T>) -> Result<T, QueryError> {
    let raw = single(raws, field)?;
    whole(&raw, field)?;
    parse(&raw).ok_or_else(|| Wrong::Value(field.clone(), raw.text.clone()).at(raw.column))
}

fn each<T>(raws: Vec<Raw>, field: &Field, parse: impl Fn(&Raw) -> Option<T>) -> Result<Vec<T>, QueryError> {
    raws.into_iter().map(|raw| one(vec![raw], field, &parse)).collect()
}

fn whole(raw: &Raw, field: &Field) -> Result<(), QueryError> {
    match raw.star {
        Some(star) => Err(Wrong::Whole(field.clone(), raw.text.clone()).at(star)),
        None => Ok(()),
    }
}

fn texts(raws: Vec<Raw>, field: &Field, operator: Operator) -> Result<Vec<Pattern>, QueryError> {
    let has_words = words::has_words(field);
    let mut patterns = Vec::with_capacity(raws.len());
    for raw in raws {
        let how = match (operator, raw.star) {
            (Operator::Holds | Operator::Words, Some(star)) => return Err(Wrong::StarAnywhere.at(star)),
            (Operator::Holds, None) => How::Contains,
            (Operator::Words, None) if raw.text.contains(char::is_alphanumeric) => How::Word,
            (Operator::Words, None) => return Err(Wrong::NoWord.at(raw.column)),
            (_, Some(_)) => How::Prefix,
            (_, None) => How::Equals,
        };
        match words::products(&raw.text).filter(|_| has_words && how == How::Equals && !raw.quoted) {
            Some(names) => patterns.extend(names.iter().map(|name| Pattern { how, text: (*name).to_owned() })),
            None => patterns.push(Pattern { how, text: raw.text }),
        }
    }
    Ok(patterns)
}

/// `env=prod`, `env`, `env=pro*`, `env="two words"`.
fn maps(reader: &mut Reader, field: &Field, operator: Operator) -> Result<Test, QueryError> {
    let mut tests = Vec::new();
    let column = reader.column();
    loop {
        let key = reader.value(Some('='))?;
        let is_any = key.text.is_empty() && !key.quoted && key.star.is_some();
        if is_any && tests.is_empty() && operator == Operator::Has && reader.peek() != Some('=') && !goes_on(reader)? {
            return Ok(Test::Present);
        }
        if let Some(star) = key.star {
            return Err(if is_any { Wrong::StarAlone } else { Wrong::Whole(field.clone(), key.text) }.at(star));
        }
        if key.text.is_empty() {
            return Err(Wrong::NoValue(field.clone()).at(key.column));
        }
        let value = if reader.takes('=') { map_value(reader, field, operator)? } else { None };
        if operator == Operator::Holds && value.is_none() {
            return Err(Wrong::NoPart(field.clone()).at(key.column));
        }
        tests.push(MapTest { key: key.text, value });
        if !goes_on(reader)? {
            break;
        }
    }
    if tests.is_empty() { Err(Wrong::NoValue(field.clone()).at(column)) } else { Ok(Test::Map(tests)) }
}

fn map_value(reader: &mut Reader, field: &Field, operator: Operator) -> Result<Option<Pattern>, QueryError> {
    let raw = reader.value(None)?;
    let how = match (operator, raw.star) {
        (Operator::Holds, Some(star)) => return Err(Wrong::StarAnywhere.at(star)),
        (Operator::Holds, None) => How::Contains,
        (_, Some(_)) if raw.text.is_empty() => return Ok(None),
        (_, Some(_)) => How::Prefix,
        (_, None) => How::Equals,
    };
    if raw.text.is_empty() && !(raw.quoted && how == How::Equals) {
        return Err(Wrong::NoValue(field.clone()).at(raw.column));
    }
    Ok(Some(Pattern { how, text: raw.text }))
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

fn network(text: &str) -> Option<Network> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) if prefix.bytes().all(|b| b.is_ascii_digit()) => (address, Some(prefix.parse::<u8>().ok()?)),
        Some(_) => return None,
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.unwrap_or(bits);
    (prefix <= bits).then(|| Network { address: masked(address, prefix), prefix })
}

/// An address with the bits behind the prefix zero.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(u32::from(prefix))).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(u32::from(prefix))).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}

fn date(raw: &Raw, field: &Field, relation: Relation) -> Result<DateTest, QueryError> {
    whole(raw, field)?;
    let wrong = || Wrong::Value(field.clone(), raw.text.clone()).at(raw.column);
    if let Some(span) = span(&raw.text) {
        return if relation == Relation::Equal {
            Err(Wrong::AgeOrder(field.clone()).at(raw.column))
        } else {
            Ok(DateTest::Age(relation, span))
        };
    }
    if raw.text.bytes().all(|b| b.is_ascii_digit()) && raw.text.len() <= 5 {
        return Err(Wrong::NoUnit(raw.text.clone()).at(raw.column));
    }
    let moment = match day(&raw.text) {
        Some(day) => Moment::Day(day),
        None => Moment::Time(Millis::from_text(&raw.text).filter(|time| time.to_text().is_some()).ok_or_else(wrong)?),
    };
    Ok(DateTest::Moment(relation, moment))
}

/// An age: a number and its unit.
pub(super) fn span(text: &str) -> Option<Span> {
    let unit = match text.chars().next_back()? {
        'm' | 'M' => Unit::Minutes,
        'h' | 'H' => Unit::Hours,
        'd' | 'D' => Unit::Days,
        'w' | 'W' => Unit::Weeks,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1).filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))?;
    Some(Span { count: digits.parse().ok()?, unit })
}

/// A day, `2026-01-31`: its first millisecond, UTC.
fn day(text: &str) -> Option<Millis> {
    let is_day =
        text.len() == 10 && text.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    is_day.then(|| text.parse::<Date>().ok()).flatten().and_then(|date| Millis::from_text(&date.at(0, 0, 0, 0).to_string()))
}
