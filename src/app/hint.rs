//! What a new user has to know, in one line, until the first few keys have been found.

use super::{action::Action, keymap::Context, model::Model};

/// Whether somebody uses the program for the first time: no session has left anything behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Newcomer {
    /// No, or nobody knows.
    #[default]
    No,
    /// Yes.
    Yes,
}

/// Whether the hint is still shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hint {
    /// It is, after so many keys that meant something.
    Shown(u8),
    /// It has gone, or never was.
    #[default]
    Gone,
}

/// With this key the hint has done what it can.
const LAST_KEY: u8 = 3;

/// The five things that matter.
const TOLD: [(Action, &str); 5] = [
    (Action::Mark, "marks"),
    (Action::Status, "sets a status"),
    (Action::Recipe, "takes a recipe"),
    (Action::Review, "reviews"),
    (Action::Help, "all keys"),
];

impl Hint {
    /// What the hint is at the start.
    pub const fn of(newcomer: Newcomer) -> Self {
        match newcomer {
            Newcomer::No => Self::Gone,
            Newcomer::Yes => Self::Shown(0),
        }
    }

    /// A key meant something.
    #[must_use]
    pub const fn pressed(self) -> Self {
        match self {
            Self::Shown(keys) if keys + 1 < LAST_KEY => Self::Shown(keys + 1),
            Self::Shown(_) | Self::Gone => Self::Gone,
        }
    }
}

impl Model {
    /// The hint, with the keys of the table as they are bound now; `None` once it has gone, or where none of them is bound.
    pub fn hint(&self) -> Option<String> {
        if self.hint == Hint::Gone {
            return None;
        }
        let keys = |action| self.settings.keymap.shown(Context::Table, action);
        let told: Vec<String> = TOLD.iter().filter_map(|&(action, word)| Some(format!("{} {word}", keys(action)?))).collect();
        (!told.is_empty()).then(|| told.join(" · "))
    }
}
