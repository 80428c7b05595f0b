//! Reads a request's JSON strictly: unknown members, wrong types and values outside their limits are validation errors that name the
//! place. A null member counts as absent, as the SDKs leave absent members out or send null.

use serde_json::{Map, Value};

use super::failure::Failure;

/// The members of one JSON object in a request, and where it stands.
#[derive(Debug)]
pub(super) struct Members<'a> {
    place: String,
    members: &'a Map<String, Value>,
}

impl<'a> Members<'a> {
    /// Takes an object whose members all are among `known`. `place` is empty for the request itself.
    pub(super) fn of(value: &'a Value, place: &str, known: &[&str]) -> Result<Self, Failure> {
        let Value::Object(members) = value else {
            return Err(violation(place, "Member must be a structure"));
        };
        if let Some(unknown) = members.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(violation(&join(place, unknown), &format!("Member is unknown; known are: {}", known.join(", "))));
        }
        Ok(Self { place: place.to_owned(), members })
    }

    /// Where a member stands, for messages.
    pub(super) fn place(&self, name: &str) -> String {
        join(&self.place, name)
    }

    /// A validation error about a member.
    pub(super) fn violation(&self, name: &str, constraint: &str) -> Failure {
        violation(&self.place(name), constraint)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn required<T>(&self, name: &str, found: Option<T>) -> Result<T, Failure> {
        found.ok_or_else(|| self.violation(name, "Member must not be null"))
    }

    /// A `NonEmptyString`: its pattern asks for one character that is not white space.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        self.get(name).map(|value| text(value, &self.place(name))).transpose()
    }

    pub(super) fn required_text(&self, name: &str) -> Result<&'a str, Failure> {
        self.required(name, self.text(name)?)
    }

    /// A string of any content, even none.
    pub(super) fn plain_string(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        self.get(name).map(|value| value.as_str().ok_or_else(|| self.violation(name, "Member must be a string"))).transpose()
    }

    /// One of an enumeration's values.
    pub(super) fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, Failure> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| self.violation(name, "Member must be a string"))?;
        let found = choices.iter().find(|(choice, _)| *choice == text).map(|(_, meaning)| *meaning);
        found.map(Some).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
            self.violation(name, &format!("Member must satisfy enum value set: [{}]", names.join(", ")))
        })
    }

    pub(super) fn required_choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<T, Failure> {
        self.required(name, self.choice(name, choices)?)
    }

    /// A whole number. Numbers with a fraction are refused, also `1.0`.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.get(name).map(|value| value.as_i64().ok_or_else(|| self.violation(name, "Member must be an integer"))).transpose()
    }

    /// A whole number within limits, both included.
    pub(super) fn integer_within(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>, Failure> {
        let Some(number) = self.integer(name)? else { return Ok(None) };
        if number < least {
            return Err(self.violation(name, &format!("Member must have value greater than or equal to {least}")));
        }
        if number > most {
            return Err(self.violation(name, &format!("Member must have value less than or equal to {most}")));
        }
        Ok(Some(number))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, Failure> {
        self.get(name).map(|value| value.as_f64().ok_or_else(|| self.violation(name, "Member must be a number"))).transpose()
    }

    pub(super) fn required_flag(&self, name: &str) -> Result<bool, Failure> {
        let value = self.required(name, self.get(name))?;
        value.as_bool().ok_or_else(|| self.violation(name, "Member must be a boolean"))
    }

    pub(super) fn required_member(&self, name: &str) -> Result<&'a Value, Failure> {
        self.required(name, self.get(name))
    }

    /// A list of at most `most` elements; absent is `None`, which is not the same as empty.
    pub(super) fn list(&self, name: &str, most: usize) -> Result<Option<&'a [Value]>, Failure> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let Value::Array(elements) = value else {
            return Err(self.violation(name, "Member must be a list"));
        };
        if elements.len() > most {
            return Err(self.violation(name, &format!("Member must have length less than or equal to {most}")));
        }
        Ok(Some(elements))
    }
}

/// The elements of a list that may be absent, each with its place.
pub(super) fn each<'a>(list: Option<&'a [Value]>, place: &str) -> impl Iterator<Item = (&'a Value, String)> {
    list.unwrap_or_default().iter().enumerate().map(move |(position, element)| (element, format!("{place}[{position}]")))
}

/// A `NonEmptyString` on its own, such as an element of a list.
pub(super) fn text<'a>(value: &'a Value, place: &str) -> Result<&'a str, Failure> {
    let text = value.as_str().ok_or_else(|| violation(place, "Member must be a string"))?;
    if text.chars().all(char::is_whitespace) {
        return Err(violation(place, r"Member must satisfy regular expression pattern: .*\S.*"));
    }
    Ok(text)
}

/// A validation error about one place of the request.
pub(super) fn violation(place: &str, constraint: &str) -> Failure {
    let place = if place.is_empty() { "request" } else { place };
    Failure::validation(format!("1 validation error detected: Value at '{place}' failed to satisfy constraint: {constraint}"))
}

fn join(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}
