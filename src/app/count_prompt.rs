//! The question for the count of a send: what is typed, what it has to be, and whether keys count already.

use crate::domain::blast::Blast;

use super::{line::Line, overlay::Trigger};

/// Over the review: what it would send goes out once its count has been typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountPrompt {
    /// What would be sent, and why that asks for its count.
    pub blast: Blast,
    /// What is typed.
    pub line: Line,
    /// Whether keys count: only once the question has been on the screen.
    pub trigger: Trigger,
    /// Why what was typed was refused, until something else is typed; clean.
    pub refused: Option<String>,
}

impl CountPrompt {
    /// Nothing is typed, and nothing counts yet.
    pub fn new(blast: Blast) -> Self {
        Self { blast, line: Line::default(), trigger: Trigger::Locked, refused: None }
    }
}
