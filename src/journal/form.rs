//! The form in which [`super::line::write`] writes a line, read in one go and without keeping anything in between.
//!
//! `v`, `seq`, `at` and `type` come first and in this order, so that what an entry consists of is known before it is read. Anything else,
//! though it may be a good line, is not read here but in the general way: so nothing is decided twice, and nothing is taken that the
//! general way refuses.

use std::{fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error, MapAccess, VariantAccess, Visitor,
        value::{BorrowedStrDeserializer, MapAccessDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{
    carried::Carried,
    entry::{CallNumber, Entry, KnownRow, Origin, Seen, SendId, Seq, StagedGroup, Stamped, Unstaged, Who, groups},
    line::VERSION,
    strictness::Strict,
};
use crate::domain::{batch::Outcome, failure::CallFailure, identity::Identity, patch::Patch, time::Millis};

/// Reads a line, whose sum is good, where it has exactly this form and version.
pub(super) fn read(line: &[u8]) -> Option<Stamped> {
    let mut json = serde_json::Deserializer::from_str(std::str::from_utf8(line).ok()?);
    let stamped = json.deserialize_map(Members).ok()?;
    json.end().ok()?;
    Some(stamped)
}

/// [`Entry`] as it is read where its kind is known beforehand. A kind that lacks here is read in the general way.
#[derive(Deserialize)]
#[serde(remote = "Entry", rename_all = "snake_case")]
enum Direct {
    Session(Who),
    #[serde(with = "groups")]
    Staged(Vec<StagedGroup>),
    Unstaged {
        rows: Vec<Identity>,
        why: Unstaged,
    },
    SendBegan {
        send: SendId,
        origin: Origin,
        rows: usize,
    },
    Intent {
        send: SendId,
        call: CallNumber,
        patch: Patch,
        rows: Vec<KnownRow>,
    },
    Answered {
        send: SendId,
        call: CallNumber,
        #[serde(default)]
        request_id: Option<Arc<str>>,
        outcomes: Vec<Outcome>,
    },
    Failed {
        send: SendId,
        call: CallNumber,
        failure: CallFailure,
        #[serde(default)]
        code: Option<String>,
        message: String,
        #[serde(default)]
        request_id: Option<String>,
    },
    Settled {
        send: SendId,
        patch: Patch,
        rows: Vec<(Identity, Seen)>,
    },
    SendEnded {
        send: SendId,
        unsent: usize,
    },
    Carried(Carried),
}

/// The members of a line.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Stamped;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Stamped, A::Error> {
        if member::<u64, A>(&mut map, "v")? != VERSION {
            return Err(A::Error::custom("another version"));
        }
        let seq: Seq = member(&mut map, "seq")?;
        let at = Millis::from_text(member(&mut map, "at")?).ok_or_else(|| A::Error::custom("no time"))?;
        let kind = member(&mut map, "type")?;
        let entry = Direct::deserialize(Body { kind, rest: Rest(map) })?;
        Ok(Stamped { seq, at, entry })
    }
}

/// The next member, which has to have this name.
fn member<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: &mut A, name: &str) -> Result<T, A::Error> {
    if map.next_key::<&str>()? == Some(name) { map.next_value() } else { Err(A::Error::custom("another order")) }
}

/// The members behind the first ones, as an enum of this kind.
struct Body<'de, A> {
    kind: &'de str,
    rest: Rest<A>,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Body<'de, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Body<'de, A> {
    type Error = A::Error;
    type Variant = Rest<A>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Rest<A>), A::Error> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.kind))?, self.rest))
    }
}

/// The members behind the first ones: without the sum, and none of the first ones again.
struct Rest<A>(A);

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Rest<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Err(A::Error::custom("no kind of entry is without members"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, A::Error> {
        Err(A::Error::custom("no entry is a list"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        loop {
            return match self.0.next_key::<&'de str>()? {
                None => Ok(None),
                // It has been compared; whatever text stands here is no matter.
                Some("sum") => {
                    self.0.next_value::<&'de str>()?;
                    continue;
                }
                Some("v" | "seq" | "at" | "type") => Err(A::Error::custom("twice")),
                Some(name) => seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some),
            };
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Strict(seed))
    }
}
