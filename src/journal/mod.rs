//! What is remembered beyond the program's life: entries, their line form, and the state that replaying them gives.
//!
//! Owns what an entry means. Must not touch a file, a clock or the environment: `storage` writes and reads the lines.

pub mod carried;
pub mod entry;
mod form;
pub mod hub_key;
pub mod ledger;
pub mod line;
mod strictness;

#[cfg(test)]
pub(crate) mod sample;
