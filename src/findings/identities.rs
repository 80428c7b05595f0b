//! Which row an identity has: one long text and a table of row numbers, not a heap string per row.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::domain::{
    identity::{Identifier, Identity},
    row::RowId,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    MetadataUid,
    Identifier,
    Unaddressable,
}

/// The identities, by row.
#[derive(Debug, Clone, Default)]
pub struct Identities {
    texts: String,
    ends: Vec<(u32, Kind)>,
    table: HashTable<u32>,
    hasher: RandomState,
}

impl Identities {
    /// The row of an identity.
    pub fn row(&self, identity: &Identity) -> Option<RowId> {
        let (key, kind) = key(identity);
        let hash = self.hasher.hash_one(&key);
        self.table.find(hash, |&at| self.part(at) == Some((&key, kind))).map(|&at| RowId(at))
    }

    /// Gives an identity the next row. The caller has made sure that it has none yet.
    pub fn push(&mut self, identity: &Identity) -> RowId {
        let (key, kind) = key(identity);
        let at = self.ends.len() as u32;
        self.texts.push_str(&key);
        self.ends.push((self.texts.len() as u32, kind));
        let Self { texts, ends, table, hasher } = self;
        table.insert_unique(hasher.hash_one(&key), at, |&at| hasher.hash_one(part(texts, ends, at).map_or("", |(text, _)| text)));
        RowId(at)
    }

    /// The identity of a row.
    pub fn identity(&self, row: RowId) -> Option<Identity> {
        let (text, kind) = self.part(row.0)?;
        Some(match kind {
            Kind::MetadataUid => Identity::MetadataUid(text.to_owned()),
            Kind::Unaddressable => Identity::Unaddressable(text.to_owned()),
            Kind::Identifier => Identity::Identifier(parted(text)?),
        })
    }

    /// Whether the service can be told about a row: for a pass over many rows, without their names.
    pub fn is_addressable(&self, row: RowId) -> bool {
        self.ends.get(row.index()).is_some_and(|&(_, kind)| kind != Kind::Unaddressable)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether a row is named by its `metadata.uid`.
    pub fn has_uid(&self, row: RowId) -> bool {
        self.ends.get(row.index()).is_some_and(|&(_, kind)| kind == Kind::MetadataUid)
    }

    fn part(&self, at: u32) -> Option<(&str, Kind)> {
        part(&self.texts, &self.ends, at)
    }
}

fn key(identity: &Identity) -> (String, Kind) {
    match identity {
        Identity::MetadataUid(uid) => (uid.clone(), Kind::MetadataUid),
        Identity::Identifier(Identifier { account_uid, finding_uid, product_uid }) => {
            // With the lengths in front: a mark between the parts could stand in a part, and the update would go to another finding.
            (format!("{} {} {account_uid}{finding_uid}{product_uid}", account_uid.len(), finding_uid.len()), Kind::Identifier)
        }
        Identity::Unaddressable(digest) => (digest.clone(), Kind::Unaddressable),
    }
}

/// The members of an identifier from its key.
fn parted(key: &str) -> Option<Identifier> {
    let (account, rest) = key.split_once(' ')?;
    let (finding, rest) = rest.split_once(' ')?;
    let (account_uid, rest) = rest.split_at_checked(account.parse().ok()?)?;
    let (finding_uid, product_uid) = rest.split_at_checked(finding.parse().ok()?)?;
    Some(Identifier { account_uid: account_uid.to_owned(), finding_uid: finding_uid.to_owned(), product_uid: product_uid.to_owned() })
}

fn part<'a>(texts: &'a str, ends: &[(u32, Kind)], at: u32) -> Option<(&'a str, Kind)> {
    let at = at as usize;
    let &(end, kind) = ends.get(at)?;
    let start = at.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |&(end, _)| end as usize);
    texts.get(start..end as usize).map(|text| (text, kind))
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
}
