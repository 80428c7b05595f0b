//! Which row an identity has: long rows of bytes and a table of row numbers, not a heap string per row.
//!
//! A `metadata.uid` is as a rule a digest in hexadecimal digits, and takes half of its length here.

use std::{borrow::Cow, sync::Arc};

use crate::domain::{
    identity::{Identifier, Identity},
    row::RowId,
};

use super::places::Places;

/// Rows whose names lie together and are shared together; 32 bits do for where each of them ends.
const BLOCK: usize = 4096;

/// Most bytes of the names of one block: a megabyte for each.
const MOST_BYTES: usize = u32::MAX as usize;

/// What a name is, as the first byte of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    /// A `metadata.uid` of small hexadecimal digits, two in each byte.
    Digits,
    /// Any other `metadata.uid`.
    Uid,
    Identifier,
    Unaddressable,
}

/// The names of one block of rows.
#[derive(Debug, Clone, Default)]
struct Block {
    keys: Vec<u8>,
    /// Where each key ends.
    ends: Vec<u32>,
}

/// The names of rows, by row. A clone shares them, whatever their number: of what comes later it knows nothing.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// All but the last are full.
    blocks: Vec<Arc<Block>>,
}

/// The identities, by row.
#[derive(Debug, Clone, Default)]
pub struct Identities {
    names: Names,
    places: Places,
    room: Room,
}

/// How many bytes a block may have.
#[derive(Debug, Clone, Copy)]
struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MOST_BYTES)
    }
}

impl Identities {
    /// The row of an identity.
    pub fn row(&self, identity: &Identity) -> Option<RowId> {
        let key = key(identity);
        self.places.find(self.places.hashed(&*key), |at| self.names.key(at as usize) == Some(&*key)).map(RowId)
    }

    /// Gives an identity the next row. The caller has made sure that it has none yet. A name that there is no room for is not kept: its row
    /// cannot be addressed, and is never found again.
    pub fn push(&mut self, identity: &Identity) -> RowId {
        let row = RowId(self.names.len() as u32);
        let key = key(identity);
        if self.names.push(&key, self.room) {
            self.places.insert(self.places.hashed(&*key), row.0);
        }
        row
    }

    /// The identity of a row.
    pub fn identity(&self, row: RowId) -> Option<Identity> {
        self.names.identity(row)
    }

    /// The names alone, to be taken elsewhere.
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// Whether the service can be told about a row: for a pass over many rows, without their names.
    pub fn is_addressable(&self, row: RowId) -> bool {
        self.kind(row).is_some_and(|kind| kind != Kind::Unaddressable)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.blocks.is_empty()
    }

    /// Whether a row is named by its `metadata.uid`.
    pub fn has_uid(&self, row: RowId) -> bool {
        matches!(self.kind(row), Some(Kind::Digits | Kind::Uid))
    }

    fn kind(&self, row: RowId) -> Option<Kind> {
        Kind::of(*self.names.key(row.index())?.first()?)
    }
}

impl Names {
    fn len(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.ends.len())
    }

    /// Adds a key, an empty one where there is no room for it; says whether there was. What a clone shares of the last block is copied.
    fn push(&mut self, key: &[u8], Room(room): Room) -> bool {
        if self.len().is_multiple_of(BLOCK) {
            self.blocks.push(Arc::default());
        }
        let Some(Block { keys, ends }) = self.blocks.last_mut().map(Arc::make_mut) else { return false };
        let has_room = keys.len() + key.len() <= room;
        if has_room {
            if keys.capacity() - keys.len() < key.len() {
                // By an eighth, not to the double: at a million rows that is what one sees.
                keys.reserve_exact(key.len().max(keys.len() / 8).max(BLOCK));
            }
            keys.extend_from_slice(key);
        }
        ends.push(keys.len() as u32);
        if ends.len() == BLOCK {
            keys.shrink_to_fit();
        }
        has_room
    }

    /// The identity of a row.
    pub fn identity(&self, row: RowId) -> Option<Identity> {
        let Some((&kind, name)) = self.key(row.index())?.split_first() else {
            return Some(Identity::Unaddressable(String::new()));
        };
        let text = || std::str::from_utf8(name).ok().map(str::to_owned);
        Some(match Kind::of(kind)? {
            Kind::Digits => Identity::MetadataUid(name.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()),
            Kind::Uid => Identity::MetadataUid(text()?),
            Kind::Unaddressable => Identity::Unaddressable(text()?),
            Kind::Identifier => Identity::Identifier(parted(&text()?)?),
        })
    }

    fn key(&self, at: usize) -> Option<&[u8]> {
        let (block, at) = (self.blocks.get(at / BLOCK)?, at % BLOCK);
        let end = *block.ends.get(at)? as usize;
        let start = at.checked_sub(1).and_then(|before| block.ends.get(before)).map_or(0, |&end| end as usize);
        block.keys.get(start..end)
    }
}

impl Kind {
    const fn of(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => Self::Digits,
            1 => Self::Uid,
            2 => Self::Identifier,
            3 => Self::Unaddressable,
            _ => return None,
        })
    }
}

fn key(identity: &Identity) -> Vec<u8> {
    let (kind, name): (Kind, Cow<'_, str>) = match identity {
        Identity::MetadataUid(uid) => match packed(uid) {
            Some(key) => return key,
            None => (Kind::Uid, uid.into()),
        },
        Identity::Identifier(Identifier { account_uid, finding_uid, product_uid }) => {
            // With the lengths in front: a mark between the parts could stand in a part, and the update would go to another finding.
            (Kind::Identifier, format!("{} {} {account_uid}{finding_uid}{product_uid}", account_uid.len(), finding_uid.len()).into())
        }
        Identity::Unaddressable(digest) => (Kind::Unaddressable, digest.into()),
    };
    let mut key = Vec::with_capacity(1 + name.len());
    key.push(kind as u8);
    key.extend_from_slice(name.as_bytes());
    key
}

/// The key of a name that is hexadecimal digits, all of them small and even in number.
fn packed(uid: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = uid.as_bytes().as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    let mut key = Vec::with_capacity(1 + pairs.len());
    key.push(Kind::Digits as u8);
    for &[high, low] in pairs {
        key.push(value(high)? << 4 | value(low)?);
    }
    Some(key)
}

const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn digit(value: u8) -> char {
    char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 })
}

/// The members of an identifier from its key.
fn parted(key: &str) -> Option<Identifier> {
    let (account, rest) = key.split_once(' ')?;
    let (finding, rest) = rest.split_once(' ')?;
    let (account_uid, rest) = rest.split_at_checked(account.parse().ok()?)?;
    let (finding_uid, product_uid) = rest.split_at_checked(finding.parse().ok()?)?;
    Some(Identifier { account_uid: account_uid.to_owned(), finding_uid: finding_uid.to_owned(), product_uid: product_uid.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_in_an_identifier_it_comes_back_whole_and_is_told_from_every_other(
            parts in proptest::collection::vec("[a 1\u{fdd0}é|:]{0,4}", 6),
        ) {
            let [a, b] = [0, 3].map(|at| {
                let part = |n: usize| parts.get(at + n).cloned().unwrap_or_default();
                Identity::Identifier(Identifier { account_uid: part(0), finding_uid: part(1), product_uid: part(2) })
            });
            let mut identities = Identities::default();
            let row = identities.push(&a);
            prop_assert_eq!(identities.identity(row), Some(a.clone()));
            prop_assert_eq!(identities.row(&b), (a == b).then_some(row));
        }
    }

    proptest! {
        #[test]
        fn a_uid_comes_back_as_it_was_whatever_its_digits(uids in proptest::collection::hash_set("[0-9a-f]{0,5}|[0-9a-fA-Fg\\u{e9} ]{0,4}", 0..20)) {
            let mut identities = Identities::default();
            let all: Vec<Identity> = uids.into_iter().map(Identity::MetadataUid).collect();
            for identity in &all {
                prop_assert_eq!(identities.row(identity), None);
                identities.push(identity);
            }
            for (at, identity) in all.iter().enumerate() {
                let row = RowId(at as u32);
                prop_assert_eq!((identities.row(identity), identities.identity(row)), (Some(row), Some(identity.clone())));
                prop_assert!(identities.has_uid(row) && identities.is_addressable(row));
            }
        }
    }

    #[test]
    fn rows_of_further_blocks_have_their_names_and_what_has_no_room_has_none() {
        let mut identities = Identities { room: Room(BLOCK * 3), ..Identities::default() };
        let named = |at: usize| Identity::MetadataUid(format!("{at:04x}"));
        for at in 0..3 * BLOCK {
            identities.push(&named(at));
        }
        for at in [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 1, 3 * BLOCK - 1] {
            assert_eq!(identities.row(&named(at)), Some(RowId(at as u32)));
            assert_eq!(identities.identity(RowId(at as u32)), Some(named(at)));
        }
        let long = Identity::MetadataUid("x".repeat(BLOCK * 3));
        let row = identities.push(&long);
        assert_eq!((identities.row(&long), identities.is_addressable(row), identities.has_uid(row)), (None, false, false));
        assert!(identities.identity(row).is_some_and(|identity| !identity.is_addressable()));
        let next = identities.push(&named(3 * BLOCK));
        assert_eq!(identities.identity(next), Some(named(3 * BLOCK)));
    }

    #[test]
    fn each_identity_keeps_its_row_and_kinds_do_not_mix() {
        let mut identities = Identities::default();
        let all = [
            Identity::MetadataUid("a".into()),
            Identity::Unaddressable("a".into()),
            Identity::Identifier(Identifier { account_uid: "1".into(), finding_uid: "f".into(), product_uid: "p".into() }),
            Identity::MetadataUid("b".into()),
        ];
        for (at, identity) in all.iter().enumerate() {
            assert_eq!(identities.row(identity), None);
            assert_eq!(identities.push(identity), RowId(at as u32));
        }
        for (at, identity) in all.iter().enumerate() {
            assert_eq!(identities.row(identity), Some(RowId(at as u32)));
            assert_eq!(identities.identity(RowId(at as u32)).as_ref(), Some(identity));
        }
        assert_eq!(identities.identity(RowId(9)), None);
    }

    #[test]
    fn names_that_were_taken_elsewhere_share_what_is_there_and_stay_as_they_were() {
        let mut identities = Identities::default();
        let named = |at: usize| Identity::MetadataUid(format!("{at:08x}"));
        for at in 0..BLOCK + 10 {
            identities.push(&named(at));
        }
        let elsewhere = identities.names().clone();
        assert!(elsewhere.blocks.iter().zip(&identities.names.blocks).all(|(a, b)| Arc::ptr_eq(a, b)));
        identities.push(&named(BLOCK + 10));
        let shared: Vec<bool> = elsewhere.blocks.iter().zip(&identities.names.blocks).map(|(a, b)| Arc::ptr_eq(a, b)).collect();
        assert_eq!(shared, [true, false], "the last block alone is copied");
        let last = RowId(BLOCK as u32 + 10);
        assert_eq!((elsewhere.identity(last), identities.identity(last)), (None, Some(named(BLOCK + 10))));
        assert_eq!(elsewhere.identity(RowId(BLOCK as u32 + 9)), Some(named(BLOCK + 9)));
    }
}
