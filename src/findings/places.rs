//! A table from texts to the numbers under which they are kept elsewhere.
//!
//! Beside each number stands a part of its text's hash: when the table grows no text is looked at, which would take longer than a frame at
//! a million of them. Owns numbers only.

use std::hash::{BuildHasher, Hash, RandomState};

use hashbrown::HashTable;

/// Numbers by their texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    table: HashTable<Place>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    hash: u32,
    at: u32,
}

/// What a text is looked for by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hashed(u32);

impl Hashed {
    /// Spread over the bits that the table goes by.
    const fn spread(self) -> u64 {
        (self.0 as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Places {
    /// Of a text.
    pub(super) fn hashed<T: Hash + ?Sized>(&self, text: &T) -> Hashed {
        Hashed(self.hasher.hash_one(text) as u32)
    }

    /// The number whose text is the one looked for.
    pub(super) fn find(&self, hashed: Hashed, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        self.table.find(hashed.spread(), |place| place.hash == hashed.0 && is_it(place.at)).map(|place| place.at)
    }

    /// Puts a number in whose text has none yet.
    pub(super) fn insert(&mut self, hashed: Hashed, at: u32) {
        self.table.insert_unique(hashed.spread(), Place { hash: hashed.0, at }, |place| Hashed(place.hash).spread());
    }
}
