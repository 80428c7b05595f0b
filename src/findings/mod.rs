//! The findings in memory: interned columns, compressed documents, row order and the filter on shown text.
//!
//! Owns what is loaded. Must not know the screen, the network or the disk. Sized for a million rows: no heap tree per row, everything
//! that repeats is stored once.
//!
//! # What a finding costs
//! At most 640 bytes at 10,000 findings of 2.4 KB and more, whole document included, and about 550 at 100,000 (`cargo bench --bench memory`
//! tells it by part; a test holds it):
//!
//! | part | bytes | where |
//! |---|---|---|
//! | its document, compressed with those of its page | 290 | [`archive`] |
//! | its columns, in chunks of 4,096 rows | 92 | [`chunk`] |
//! | texts that no other finding has, ready to be searched; most are the names of resources | 60-125 | [`interner`] |
//! | its name | 33-55 | [`identities`] |
//! | its place in the order, and in the alphabet | 12 | [`view`] |
//!
//! All parts grow with the number of findings, none faster. Texts and names have limits, which lie beyond any machine's memory:
//! [`interner::MOST_BYTES`] of different texts, and a megabyte for each name.

pub mod alphabet;
pub mod archive;
pub mod arranging;
pub mod budget;
pub mod chunk;
pub mod extra;
mod filling;
pub mod folds;
mod group_key;
pub mod groups;
pub mod held;
pub mod identities;
pub mod interner;
pub mod order;
mod places;
mod radix;
pub mod row_set;
pub mod search;
pub mod store;
pub mod view;
