//! A plan file as the application knows it: what it would do, without its form on disk.
//!
//! Owns plain data. Reading, checking and writing the file is storage's; the runtime stands between.

use crate::{
    domain::{
        identity::Identity,
        patch::{Patch, Values},
        time::Millis,
    },
    journal::hub_key::HubKey,
};

/// A plan to be saved: what the review would send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Where, as it was typed: a relative name is in the current folder. A file that is there already is never overwritten.
    pub file: String,
    /// The hub that it is for.
    pub hub: HubKey,
    /// When it was made.
    pub created: Millis,
    /// The ARN of who made it, where STS has told.
    pub by: Option<String>,
    /// The query that the table shows.
    pub query: String,
    /// Rows that were left out because every value was there already.
    pub already_there: usize,
    /// Rows by what is set on them.
    pub groups: Vec<SavedGroup>,
}

/// Rows that get the same patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedGroup {
    /// What is set.
    pub patch: Patch,
    /// The rows, in table order.
    pub rows: Vec<SavedRow>,
}

/// A row of a plan to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedRow {
    /// Which finding.
    pub identity: Identity,
    /// Its values as they were shown.
    pub values: Values,
    /// Its title, clean: for whoever reads the file.
    pub title: String,
}

/// A plan that was opened with the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Where it is; clean.
    pub file: String,
    /// The hub that it is for.
    pub hub: HubKey,
    /// What it sets on which findings, with the values they had.
    pub rows: Vec<(Identity, Values, Patch)>,
}
