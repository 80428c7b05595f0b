//! What decisions need besides their rows: what was decided last, what was asked for templates, and a decision that waits for an answer.
//!
//! Owns the state. What staging does is in `update::deciding`.

use std::collections::BTreeMap;

use crate::{
    domain::{
        decision::Decision,
        guard_rail::GuardRails,
        profile::ProfileName,
        recipe::Recipe,
        row::RowId,
        template::{Template, Variable},
    },
    findings::{chunk::Row, interner::Symbol, row_set::RowSet},
};

use super::{model::Model, overlay::Targets, rails::Held, wording};

/// What decisions need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deciding {
    /// What was staged last in this session, for staging it again.
    pub last: Option<Decided>,
    /// The guard rails of the recipe that it was: they hold on where the recipe itself has gone with its filter profile.
    pub rails: GuardRails,
    /// What the analyst said that variables are; asked once a session.
    pub answers: BTreeMap<Variable, String>,
    /// A decision that waits for an answer.
    pub waiting: Option<Waiting>,
    /// Under which guard rails what is staged was decided.
    pub held: Held,
    /// Rows left out in the review: they stay so until they are taken back in or the others have been sent.
    pub excluded: RowSet,
}

/// A decision and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What is staged.
    pub decision: Decision,
    /// The recipe it was, if it was one.
    pub recipe: Option<ProfileName>,
}

/// A decision that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What is to be staged.
    pub decided: Decided,
    /// On which rows.
    pub targets: Targets,
    /// Which of them get its comment.
    pub commented: Commented,
}

/// Which of the rows of a decision get its comment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Commented {
    /// All of them.
    #[default]
    All,
    /// These, on which it must not be staged without one: the others may have another one staged.
    Only(Vec<RowId>),
}

/// The stored text that a variable is on a finding; none for those of the session.
pub const fn symbol(variable: Variable, row: &Row) -> Symbol {
    match variable {
        Variable::Control => row.control,
        Variable::Account => row.account,
        Variable::Resource => row.resource,
        Variable::Title => row.title,
        Variable::Ticket | Variable::User | Variable::Date => Symbol::NONE,
    }
}

impl Model {
    /// The recipes that hold now, in the order they are offered.
    ///
    /// Those of the filter profile in force stand before those of the configuration, and one of the same name takes the other's place.
    pub fn recipes(&self) -> Vec<&Recipe> {
        let own = &self.profiles.present.content.recipes;
        let others = self.settings.recipes.iter().filter(|recipe| own.iter().all(|known| known.name != recipe.name));
        own.iter().chain(others).collect()
    }

    /// Whether there is any recipe now.
    pub const fn has_recipes(&self) -> bool {
        !self.settings.recipes.is_empty() || !self.profiles.present.content.recipes.is_empty()
    }

    /// The templates that the comment editor offers, each once, with the recipe they are of; then those of the configuration.
    pub fn templates(&self) -> Vec<(Template, Option<ProfileName>)> {
        let of_recipe = |recipe: &Recipe| Some((recipe.decision.comment.as_ref()?.template.clone(), Some(recipe.name.clone())));
        let of_recipes = self.recipes().into_iter().filter_map(of_recipe);
        let others = self.settings.templates.iter().map(|template| (template.clone(), None));
        let mut offered: Vec<(Template, Option<ProfileName>)> = Vec::new();
        for (template, from) in of_recipes.chain(others) {
            if !offered.iter().any(|(known, _)| *known == template) {
                offered.push((template, from));
            }
        }
        offered
    }

    /// What a variable of a template is on a finding; `None` where nothing is known of it.
    pub fn variable(&self, variable: Variable, row: RowId) -> Option<String> {
        if !variable.is_of_finding() {
            return self.session_variable(variable);
        }
        Some(self.store.text(symbol(variable, &self.store.row(row)?)).to_owned()).filter(|text| !text.is_empty())
    }

    /// What a variable is for the whole session; `None` where it has to be asked, and for those of findings.
    pub fn session_variable(&self, variable: Variable) -> Option<String> {
        match variable {
            Variable::Ticket => self.deciding.answers.get(&variable).cloned(),
            Variable::User => {
                let caller = || self.session.caller.as_ref().map(|caller| wording::caller_name(&caller.arn));
                self.deciding.answers.get(&variable).cloned().or_else(caller)
            }
            Variable::Date => self.now.to_text().map(|text| text.chars().take(10).collect()),
            Variable::Control | Variable::Account | Variable::Resource | Variable::Title => None,
        }
    }
}
