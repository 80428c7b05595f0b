//! The few members of a document that a query looks at, read without the rest of it.
//!
//! Owns the reading of a document's top alone: a member that is not asked for is passed over, whatever is in it. Must not mend a document:
//! one that does not read like this has to be read whole.

use std::fmt;

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value};

/// Reads these members of an object; `None` where it is none, or does not read.
pub(super) fn members(raw: &str, names: &[Box<str>]) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_str(raw);
    let read = reader.deserialize_map(Members(names)).ok()?;
    reader.end().ok()?;
    Some(Value::Object(read))
}

struct Members<'a>(&'a [Box<str>]);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = Map::new();
        while let Some(place) = map.next_key_seed(Name(self.0))? {
            match place.and_then(|place| self.0.get(place)) {
                // The last of several counts, as it does where a document is read whole.
                Some(name) => {
                    let value: Value = map.next_value()?;
                    read.insert(String::from(&**name), value);
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(read)
    }
}

/// Which of the names a member has.
struct Name<'a>(&'a [Box<str>]);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|wanted| **wanted == *name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_asked_for_is_read_and_the_last_of_several_counts() {
        let names = ["a", "d"].map(Box::from);
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for (raw, read) in [
            (r#"{"a":1,"b":"\ud800","c":1e400,"\u0061":[2]}"#, Some(json!({"a": [2]}))),
            (&*format!(r#"{{"c":{deep},"d":null}}"#), Some(json!({"d": null}))),
            ("{}", Some(json!({}))),
            (r#"{"a":"\ud800"}"#, None),
            (r#"{"a":1e400}"#, None),
            (r#"{"a":1}x"#, None),
            (r#"{"b":"#, None),
            ("[1]", None),
            ("", None),
        ] {
            assert_eq!(members(raw, &names), read, "{raw}");
        }
    }
}
