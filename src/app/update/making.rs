//! The patches that a decision makes of rows: each once, since very many rows share their control, their account and their old comment.

use std::collections::{BTreeMap, HashMap};

use crate::{
    app::{deciding::symbol, model::Model},
    domain::{
        comment::Comment,
        decision::{CommentMode, Decision, Left},
        patch::Patch,
        row::RowId,
        template::Variable,
    },
    findings::{chunk::Row, interner::Symbol},
};

/// How many variables are another one for each finding.
const OF_FINDING: usize = 4;

/// What the patch of a row depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Ingredients<'a> {
    /// The values of the variables that are another one for each finding.
    values: [Symbol; OF_FINDING],
    /// The comment that it has, where that stays.
    stored: Symbol,
    /// The comment that is staged on it, where that stays.
    staged: Option<&'a str>,
}

/// Makes patches of a decision.
pub(super) struct Making<'a> {
    model: &'a Model,
    decision: &'a Decision,
    session: BTreeMap<Variable, String>,
    /// The variables that are another one for each finding.
    of_finding: Vec<Variable>,
    appends: bool,
    made: HashMap<Ingredients<'a>, Result<Patch, Left>>,
}

impl<'a> Making<'a> {
    /// With these values of the variables that hold for the whole session.
    pub(super) fn new(model: &'a Model, decision: &'a Decision, session: impl Fn(Variable) -> Option<String>) -> Self {
        let (of_finding, of_session): (Vec<Variable>, Vec<Variable>) = decision.variables().partition(|variable| variable.is_of_finding());
        Self {
            model,
            decision,
            session: of_session.into_iter().filter_map(|variable| Some((variable, session(variable)?))).collect(),
            of_finding,
            appends: decision.comment.as_ref().is_some_and(|wording| wording.mode == CommentMode::Append),
            made: HashMap::new(),
        }
    }

    /// The patch of a row, or why there is none.
    pub(super) fn patch(&mut self, row: RowId) -> Result<Patch, Left> {
        let values = self.model.store.row(row).filter(|_| self.appends || !self.of_finding.is_empty());
        let ingredients = values.map_or_else(Ingredients::default, |values| self.ingredients(row, &values));
        if let Some(made) = self.made.get(&ingredients) {
            return made.clone();
        }
        let made = self.make(&ingredients);
        self.made.insert(ingredients, made.clone());
        made
    }

    /// What the patch of a row depends on; rows where it is the same get the same patch.
    pub(super) fn ingredients(&self, row: RowId, values: &Row) -> Ingredients<'a> {
        let mut ingredients = Ingredients::default();
        for (place, variable) in ingredients.values.iter_mut().zip(&self.of_finding) {
            *place = symbol(*variable, values);
        }
        if self.appends {
            ingredients.staged = self.model.staging.get(row).and_then(|patch| patch.comment.as_ref()).map(Comment::as_str);
            ingredients.stored = if ingredients.staged.is_none() { values.comment } else { Symbol::NONE };
        }
        ingredients
    }

    /// A variable that has no value there.
    pub(super) fn missing(&self, ingredients: &Ingredients<'_>) -> Option<Variable> {
        let mut of_finding = self.of_finding.iter().zip(ingredients.values);
        of_finding.find(|(_, symbol)| self.model.store.text(*symbol).is_empty()).map(|(variable, _)| *variable)
    }

    /// Makes the patch.
    pub(super) fn make(&self, ingredients: &Ingredients<'_>) -> Result<Patch, Left> {
        let of_finding = |variable: Variable| {
            let at = self.of_finding.iter().position(|known| *known == variable)?;
            ingredients.values.get(at).map(|symbol| self.model.store.text(*symbol)).filter(|text| !text.is_empty())
        };
        let stored = || ingredients.stored.is_some().then(|| self.model.store.text(ingredients.stored));
        let value = |variable: Variable| self.session.get(&variable).map(String::as_str).or_else(|| of_finding(variable));
        self.decision.patch(value, ingredients.staged.or_else(stored), self.model.settings.line_breaks)
    }
}
