//! What came of the rows that were sent in this session: one state a row, and how many of them need the analyst.
//!
//! Owns the counting. Must not decide what a report means; `update` does.

use std::collections::HashMap;

use crate::{
    domain::row::RowId,
    send::report::{Problem, ProblemKind},
};

/// What came of rows that were sent in this session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes {
    rows: HashMap<RowId, RowState>,
    problems: usize,
    /// Counts everything that may change which rows have a problem.
    revision: u64,
}

/// What came of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// Its call is under way.
    Sending,
    /// It did not work and will be tried again by itself.
    Waiting(ProblemKind),
    /// The service said so, or a later read showed it.
    Processed,
    /// It needs the analyst.
    Problem(Problem),
}

impl Outcomes {
    /// The state of a row that was sent.
    pub fn get(&self, row: RowId) -> Option<&RowState> {
        self.rows.get(&row)
    }

    /// The problem of a row.
    pub fn problem(&self, row: RowId) -> Option<&Problem> {
        match self.rows.get(&row) {
            Some(RowState::Problem(problem)) => Some(problem),
            _ => None,
        }
    }

    /// Sets the state of a row.
    pub fn set(&mut self, row: RowId, state: RowState) {
        self.revision += 1;
        self.problems += usize::from(matches!(state, RowState::Problem(_)));
        if let Some(RowState::Problem(_)) = self.rows.insert(row, state) {
            self.problems -= 1;
        }
    }

    /// Forgets a row.
    pub fn clear(&mut self, row: RowId) {
        if let Some(RowState::Problem(_)) = self.rows.remove(&row) {
            self.revision += 1;
            self.problems -= 1;
        }
    }

    /// Forgets rows that were processed: a new result begins.
    pub fn forget_processed(&mut self) {
        self.rows.retain(|_, state| *state != RowState::Processed);
    }

    /// A number that is another one whenever other rows may have a problem.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// How many rows have a problem.
    pub fn problem_count(&self) -> usize {
        self.problems
    }

    /// Rows with a problem, in no order.
    pub fn problem_rows(&self) -> impl Iterator<Item = RowId> + '_ {
        self.rows.iter().filter(|(_, state)| matches!(state, RowState::Problem(_))).map(|(&row, _)| row)
    }

    /// Rows with a problem, in the order they arrived.
    pub fn problems(&self) -> Vec<(RowId, &Problem)> {
        let mut problems: Vec<(RowId, &Problem)> = self
            .rows
            .iter()
            .filter_map(|(&row, state)| match state {
                RowState::Problem(problem) => Some((row, problem)),
                _ => None,
            })
            .collect();
        problems.sort_by_key(|&(row, _)| row);
        problems
    }
}
