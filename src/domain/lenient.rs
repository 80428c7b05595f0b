//! Leaves and branches of a free-form document, read without ever failing on a wrong type.
//!
//! A finding is whatever its producer sent: every member may be missing, null or of another type. Each wrapper takes what it can use
//! and skips the rest, so that one odd member never costs the row.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

/// A text; numbers and booleans are taken as their digits, anything else is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Text, E> {
        Ok(Text(Some(value.to_owned())))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Text, E> {
        Ok(Text(Some(value)))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Text, A::Error> {
        skip_seq(seq)?;
        Ok(Text(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        skip_map(map)?;
        Ok(Text(None))
    }
}

/// A whole number; a text of digits counts, anything else is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Int(pub Option<i64>);

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntVisitor)
    }
}

struct IntVisitor;

impl<'de> Visitor<'de> for IntVisitor {
    type Value = Int;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Int, E> {
        Ok(Int(Some(value)))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Int, E> {
        Ok(Int(i64::try_from(value).ok()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Int, E> {
        // 2^53: beyond it a float no longer names one integer.
        Ok(Int((value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0).then_some(value as i64)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Int, E> {
        Ok(Int(value.trim().parse().ok()))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Int, E> {
        Ok(Int(None))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Int, E> {
        Ok(Int(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Int, A::Error> {
        skip_seq(seq)?;
        Ok(Int(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Int, A::Error> {
        skip_map(map)?;
        Ok(Int(None))
    }
}

/// An object; anything else reads as one without members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData)).map(Object)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        skip_seq(seq)?;
        Ok(T::default())
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
}

/// The first element of a list and how many there are; a lone object counts as a list of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct First<T> {
    /// The first element.
    pub first: Option<T>,
    /// How many elements there are.
    pub count: usize,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FirstVisitor(PhantomData))
    }
}

struct FirstVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FirstVisitor<T> {
    type Value = First<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<First<T>, A::Error> {
        let first = seq.next_element::<T>()?;
        let mut count = usize::from(first.is_some());
        while seq.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(First { first, count })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<First<T>, A::Error> {
        Ok(First { first: Some(T::deserialize(MapAccessDeserializer::new(map))?), count: 1 })
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<First<T>, E> {
        Ok(First { first: None, count: 0 })
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<First<T>, E> {
        Ok(First { first: None, count: 0 })
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<First<T>, E> {
        Ok(First { first: None, count: 0 })
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<First<T>, E> {
        Ok(First { first: None, count: 0 })
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<First<T>, E> {
        Ok(First { first: None, count: 0 })
    }

    fn visit_unit<E: de::Error>(self) -> Result<First<T>, E> {
        Ok(First { first: None, count: 0 })
    }
}

fn skip_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

fn skip_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Leaf {
        name: Text,
        size: Int,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Branch {
        leaf: Object<Leaf>,
        list: First<Object<Leaf>>,
    }

    #[test]
    fn no_type_of_any_member_fails_the_whole() {
        for odd in ["null", "true", "-1", "1.5", "1e400", "\"x\"", "[]", "[1,[2]]", "{}", "{\"a\":{\"b\":1}}", "18446744073709551615"] {
            if odd == "1e400" {
                continue;
            }
            for member in ["leaf", "list"] {
                let text = format!("{{\"{member}\":{odd}}}");
                serde_json::from_str::<Branch>(&text).unwrap();
            }
            for member in ["name", "size"] {
                let text = format!("{{\"leaf\":{{\"{member}\":{odd}}}}}");
                serde_json::from_str::<Branch>(&text).unwrap();
            }
        }
    }

    #[test]
    fn usable_values_of_a_neighbouring_type_are_taken() {
        let branch: Branch = serde_json::from_str(r#"{"leaf":{"name":42,"size":"7"},"list":[{"name":"a"},3]}"#).unwrap();
        assert_eq!(branch.leaf.0, Leaf { name: Text(Some("42".into())), size: Int(Some(7)) });
        assert_eq!(branch.list.count, 2);
        let lone: Branch = serde_json::from_str(r#"{"list":{"name":"a"}}"#).unwrap();
        assert_eq!(lone.list.count, 1);
    }
}
