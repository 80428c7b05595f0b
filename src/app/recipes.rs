//! The picker of recipes: which are offered, for which rows, and what the one under the cursor would do.
//!
//! Owns the state. Opening, choosing and looking ahead are in `update::recipes`.

use std::collections::BTreeMap;

use crate::domain::{
    recipe::{self, Offer, Recipe},
    severity::SeverityId,
    status::StatusId,
    template::Variable,
};

use super::{forecast::Certainty, overlay::Targets};

/// The picker of recipes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipePicker {
    /// For which rows.
    pub targets: Targets,
    /// What is offered, as it was when the picker opened: a letter picks what stands beside it.
    pub recipes: Vec<Recipe>,
    /// Which entry the cursor is on.
    pub cursor: usize,
    /// What that one would come to; found out once each time the cursor moves.
    pub outlook: Outlook,
}

/// What staging a recipe would come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Rows that it would be staged on.
    pub rows: usize,
    /// Statuses that it would change, each with how many rows have it now.
    pub statuses: BTreeMap<Option<StatusId>, usize>,
    /// Severities that it would change, each with how many rows have it now.
    pub severities: BTreeMap<Option<SeverityId>, usize>,
    /// The comment on the first of the rows; clean.
    pub comment: Option<String>,
    /// How many different comments there would be.
    pub comments: usize,
    /// Rows that have a comment now.
    pub commented: usize,
    /// Whether comments and calls are counted rightly; of very many different ones only the first are made.
    pub certainty: Certainty,
    /// Calls that the rows would take, were they sent now.
    pub calls: usize,
    /// Rows where everything is there already: they would be left out of a send.
    pub already: usize,
    /// Rows that would be left alone, by the reason.
    pub left: Vec<(String, usize)>,
    /// Rows that need a comment, which would be written first, and why.
    pub needs_comment: Option<(usize, String)>,
    /// Why nothing would be staged at all.
    pub refused: Option<String>,
    /// The variables that are asked once a session, each with what was answered.
    pub answers: Vec<(Variable, Option<String>)>,
}

impl RecipePicker {
    /// The recipes with the letters that pick them.
    pub fn offers(&self) -> Vec<Offer<'_>> {
        recipe::offers(&self.recipes)
    }
}
