//! The steps of staging as the tasks list them: what was undone, where now is, and what can be taken back.
//!
//! Owns the list and its cursor. What a step did to which row is `staging`'s.

use super::staging::{Staging, StepLine, StepNumber, Way};

/// The tasks, with the list of steps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TasksPanel {
    /// Which entry the cursor is on.
    pub cursor: usize,
    /// Undone steps, the one that would be done again next first.
    pub undone: Vec<StepLine>,
    /// Steps that can be taken back, the last one first.
    pub done: Vec<StepLine>,
    /// What of the staging this is.
    revision: Option<u64>,
}

/// An entry of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// How it is reached from now.
    pub way: Way,
    /// How many steps it takes, itself included.
    pub steps: usize,
    /// The step.
    pub line: &'a StepLine,
}

impl TasksPanel {
    /// The steps as they are, with the cursor on the last one.
    pub fn new(staging: &Staging) -> Self {
        let mut panel = Self::default();
        panel.renew(staging);
        panel.to_now();
        panel
    }

    /// Follows the staging. The cursor stays on its step for as long as that is there.
    pub fn renew(&mut self, staging: &Staging) {
        if self.revision == Some(staging.revision()) {
            return;
        }
        let here = self.entry(self.cursor).map(|entry| entry.line.number);
        self.revision = Some(staging.revision());
        self.undone = staging.steps(Way::Redo);
        self.done = staging.steps(Way::Undo);
        match here.and_then(|number| self.place(number)) {
            Some(place) => self.cursor = place,
            None => self.to_now(),
        }
    }

    fn place(&self, number: StepNumber) -> Option<usize> {
        (0..self.len()).find(|&at| self.entry(at).is_some_and(|entry| entry.line.number == number))
    }

    /// Puts the cursor on the last step that was made; where all were undone, on the one that was undone last.
    pub fn to_now(&mut self) {
        self.cursor = self.undone.len().min(self.len().saturating_sub(1));
    }

    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.undone.len() + self.done.len()
    }

    /// Whether there is no step.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An entry, top to bottom: the step that would be done again last stands first, the oldest one last.
    pub fn entry(&self, at: usize) -> Option<Entry<'_>> {
        if let Some(place) = self.undone.len().checked_sub(at + 1) {
            return self.undone.get(place).map(|line| Entry { way: Way::Redo, steps: place + 1, line });
        }
        let place = at - self.undone.len();
        self.done.get(place).map(|line| Entry { way: Way::Undo, steps: place + 1, line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{patch::Patch, row::RowId, status::StatusId};

    /// The list as it stands: number, how it is reached, rows; `>` at the cursor.
    fn told(panel: &TasksPanel) -> Vec<String> {
        let sign = |way| if way == Way::Undo { '-' } else { '+' };
        let entries = (0..panel.len()).filter_map(|at| Some((at, panel.entry(at)?)));
        entries
            .map(|(at, entry)| {
                let here = if at == panel.cursor { ">" } else { "" };
                format!("{here}{}{} {}", sign(entry.way), entry.steps, entry.line.rows)
            })
            .collect()
    }

    #[test]
    fn undone_steps_stand_over_now_and_the_cursor_stays_on_its_step() {
        let mut staging = Staging::default();
        let mut panel = TasksPanel::new(&staging);
        assert!(panel.is_empty() && panel.entry(0).is_none());
        for rows in 1..=3 {
            staging.stage(&(0..rows).map(RowId).collect::<Vec<_>>(), &Patch::status(StatusId(rows.cast_signed())));
        }
        panel.renew(&staging);
        assert_eq!(told(&panel), [">-1 3", "-2 2", "-3 1"]);
        panel.cursor = 1;
        staging.undo(|_, _| true);
        panel.renew(&staging);
        assert_eq!(told(&panel), ["+1 3", ">-1 2", "-2 1"], "the same step, now the next one");
        staging.undo(|_, _| true);
        panel.renew(&staging);
        assert_eq!(told(&panel), ["+2 3", ">+1 2", "-1 1"]);
        panel.to_now();
        assert_eq!(told(&panel), ["+2 3", "+1 2", ">-1 1"]);
        staging.undo(|_, _| true);
        panel.renew(&staging);
        panel.to_now();
        assert_eq!(told(&panel), ["+3 3", "+2 2", ">+1 1"], "with nothing left, the one that comes back first");
        staging.stage(&[RowId(9)], &Patch::status(StatusId::NEW));
        panel.renew(&staging);
        assert_eq!(told(&panel), [">-1 1"], "what was undone is gone once something else is done");
    }
}
