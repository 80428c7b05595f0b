//! The picker of recipes: which are offered, for which rows, and what the one under the cursor would do.
//!
//! Owns the state. Opening, choosing and looking ahead are in `update::recipes`.

use crate::domain::recipe::{self, Offer, Recipe};

use super::overlay::Targets;

/// The picker of recipes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipePicker {
    /// For which rows.
    pub targets: Targets,
    /// What is offered, as it was when the picker opened: a letter picks what stands beside it.
    pub recipes: Vec<Recipe>,
    /// Which entry the cursor is on.
    pub cursor: usize,
}

impl RecipePicker {
    /// The recipes with the letters that pick them.
    pub fn offers(&self) -> Vec<Offer<'_>> {
        recipe::offers(&self.recipes)
    }
}
