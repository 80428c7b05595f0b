//! The findings in memory: interned columns, compressed documents, row order and the filter on shown text.
//!
//! Owns what is loaded. Must not know the screen, the network or the disk. Sized for a million rows: no heap tree per row, everything
//! that repeats is stored once.

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
mod radix;
pub mod row_set;
pub mod search;
pub mod store;
pub mod view;
