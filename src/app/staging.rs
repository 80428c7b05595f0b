//! Staged changes: decided here, not sent. With undo and redo.

use std::collections::BTreeMap;

use crate::{
    domain::{patch::Patch, row::RowId},
    journal::entry::Unstaged,
};

/// One step of staging: for each row what was staged before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    number: u64,
    changes: Vec<Change>,
}

/// A row, what was staged on it before, and what after.
type Change = (RowId, Option<Patch>, Option<Patch>);

/// Whether a step is over for a row: the row was processed after it.
fn is_over(over: &BTreeMap<RowId, u64>, step: &Step, row: RowId) -> bool {
    over.get(&row).is_some_and(|&made| step.number < made)
}

/// What undo or redo did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// Rows that were put back.
    pub rows: usize,
    /// Rows left alone because their change is being sent, was sent, or was changed since.
    pub skipped: usize,
}

/// The staged patch of each row that has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staging {
    patches: BTreeMap<RowId, Patch>,
    done: Vec<Step>,
    undone: Vec<Step>,
    /// How many steps have been made.
    made: u64,
    /// Rows that were processed, with how many steps had been made then: those are over for them, and must not bring anything back.
    over: BTreeMap<RowId, u64>,
    /// Rows whose change was decided since this was last taken, with why it is gone where it is: what the journal has to be told.
    decided: BTreeMap<RowId, Unstaged>,
}

impl Staging {
    /// Lays a patch over what is staged on each row.
    pub fn stage(&mut self, rows: &[RowId], patch: &Patch) {
        self.stage_each(rows.iter().map(|&row| (row, patch.clone())));
    }

    /// Lays patches over what is staged on their rows: one step to undo.
    pub fn stage_each(&mut self, patches: impl IntoIterator<Item = (RowId, Patch)>) {
        let changes = patches
            .into_iter()
            .map(|(row, patch)| {
                let before = self.patches.get(&row).cloned();
                let after = before.clone().unwrap_or_default().merged(&patch);
                self.patches.insert(row, after.clone());
                self.decided.insert(row, Unstaged::Dropped);
                (row, before, Some(after))
            })
            .collect();
        self.remember(changes);
    }

    /// Puts back what was staged in an earlier session, under what has been staged on these rows since. No step to undo, and nothing that
    /// the journal does not know, but for rows that had something already.
    pub fn restore(&mut self, row: RowId, patch: &Patch) {
        if let Some(since) = self.patches.get(&row) {
            let both = patch.merged(since);
            self.patches.insert(row, both);
            self.decided.insert(row, Unstaged::Dropped);
        } else {
            self.patches.insert(row, patch.clone());
        }
    }

    /// The rows decided about since this was last asked, with why nothing is staged on them where nothing is.
    pub fn take_decided(&mut self) -> BTreeMap<RowId, Unstaged> {
        std::mem::take(&mut self.decided)
    }

    /// Drops what is staged on these rows; says how many had something.
    pub fn drop_rows(&mut self, rows: &[RowId], why: Unstaged) -> usize {
        let changes: Vec<_> = rows.iter().filter_map(|&row| self.patches.remove(&row).map(|before| (row, Some(before), None))).collect();
        self.decided.extend(changes.iter().map(|&(row, ..)| (row, why)));
        let count = changes.len();
        // What was there already was no change: taking that back would stage nothing anew.
        if count > 0 && why != Unstaged::AlreadyThere {
            self.remember(changes);
        }
        count
    }

    /// Puts exactly this on rows, in place of whatever is staged there: one step to undo. An empty patch is nothing staged.
    pub fn replace(&mut self, wanted: Vec<(RowId, Patch)>) {
        let mut changes: Vec<Change> = Vec::with_capacity(wanted.len());
        for (row, patch) in wanted {
            let before = self.patches.get(&row).cloned();
            let after = Some(patch).filter(|patch| !patch.is_empty());
            if before == after {
                continue;
            }
            match &after {
                Some(patch) => self.patches.insert(row, patch.clone()),
                None => self.patches.remove(&row),
            };
            self.decided.insert(row, Unstaged::Dropped);
            changes.push((row, before, after));
        }
        if !changes.is_empty() {
            self.remember(changes);
        }
    }

    /// What is staged on these rows was decided about once more, knowing other values: the journal has to be told those.
    pub fn confirm(&mut self, rows: &[RowId]) {
        let staged: Vec<RowId> = rows.iter().copied().filter(|row| self.patches.contains_key(row)).collect();
        self.decided.extend(staged.into_iter().map(|row| (row, Unstaged::Dropped)));
    }

    fn remember(&mut self, changes: Vec<Change>) {
        self.done.push(Step { number: self.made, changes });
        self.made += 1;
        self.undone.clear();
    }

    /// A row was processed with this patch: what is staged on it now and says the same is done with.
    pub fn processed(&mut self, row: RowId, sent: &Patch) {
        if let Some(staged) = self.patches.get_mut(&row) {
            *staged = staged.without(sent);
            if staged.is_empty() {
                self.patches.remove(&row);
            }
        }
        if !self.patches.contains_key(&row) {
            self.over.insert(row, self.made);
        }
    }

    /// Whether a step is left that put something on a row that is still staged: what was sent meanwhile cannot be taken back here.
    pub fn has_steps(&self) -> bool {
        self.done.iter().any(|step| {
            step.changes.iter().any(|(row, _, after)| !is_over(&self.over, step, *row) && self.patches.get(row) == after.as_ref())
        })
    }

    /// Takes the last step back; `None` where there is none. Rows are left alone where `allows` refuses what would be staged then.
    pub fn undo(&mut self, allows: impl Fn(RowId, Option<&Patch>) -> bool) -> Option<Undone> {
        let mut step = Self::last(&mut self.done, &self.over, &self.patches, |(_, _, after)| after.as_ref())?;
        let undone = self.put(&mut step, |(_, before, after)| (after.as_ref(), before.as_ref()), allows);
        self.undone.extend(Some(step).filter(|step| !step.changes.is_empty()));
        Some(undone)
    }

    /// Does the last undone step again; `None` where there is none. Rows are left alone as in [`Self::undo`].
    pub fn redo(&mut self, allows: impl Fn(RowId, Option<&Patch>) -> bool) -> Option<Undone> {
        let mut step = Self::last(&mut self.undone, &self.over, &self.patches, |(_, before, _)| before.as_ref())?;
        let redone = self.put(&mut step, |(_, before, after)| (before.as_ref(), after.as_ref()), allows);
        self.done.extend(Some(step).filter(|step| !step.changes.is_empty()));
        Some(redone)
    }

    /// The last step that is about anything still: one whose changes have all been sent, or settled otherwise, is over.
    fn last(
        steps: &mut Vec<Step>,
        over: &BTreeMap<RowId, u64>,
        patches: &BTreeMap<RowId, Patch>,
        expected: impl Fn(&Change) -> Option<&Patch>,
    ) -> Option<Step> {
        while let Some(step) = steps.pop() {
            if step.changes.iter().any(|change| !is_over(over, &step, change.0) && patches.get(&change.0) == expected(change)) {
                return Some(step);
            }
        }
        None
    }

    /// Puts rows from what a step expects to what it wants. Rows that are left alone leave the step: the other direction must not bring
    /// back what was sent meanwhile.
    fn put(
        &mut self,
        step: &mut Step,
        ends: impl Fn(&Change) -> (Option<&Patch>, Option<&Patch>),
        allows: impl Fn(RowId, Option<&Patch>) -> bool,
    ) -> Undone {
        let count = step.changes.len();
        let Self { patches, over, decided, .. } = self;
        let is_live = |number: u64, row: RowId| over.get(&row).is_none_or(|&made| number >= made);
        let number = step.number;
        step.changes.retain(|change| {
            let row = change.0;
            let (expected, target) = ends(change);
            let goes = is_live(number, row) && patches.get(&row) == expected && allows(row, target);
            if goes {
                match target {
                    Some(patch) => patches.insert(row, patch.clone()),
                    None => patches.remove(&row),
                };
                decided.insert(row, Unstaged::Dropped);
            }
            goes
        });
        Undone { rows: step.changes.len(), skipped: count - step.changes.len() }
    }

    /// The rows of the step that was undone last and can be done again.
    pub fn undone_rows(&self) -> impl Iterator<Item = RowId> {
        self.undone.last().into_iter().flat_map(|step| step.changes.iter().map(|&(row, ..)| row))
    }

    /// The rows of the step that was done last and can be taken back.
    pub fn done_rows(&self) -> impl Iterator<Item = RowId> {
        self.done.last().into_iter().flat_map(|step| step.changes.iter().map(|&(row, ..)| row))
    }

    /// The steps that can be taken back, the last one first: how many rows each is of, and what was staged on its first row then; nothing
    /// where it was dropped.
    pub fn steps(&self) -> impl Iterator<Item = (usize, Option<&Patch>)> {
        self.done.iter().rev().map(|step| (step.changes.len(), step.changes.first().and_then(|(_, _, after)| after.as_ref())))
    }

    /// What is staged on a row.
    pub fn get(&self, row: RowId) -> Option<&Patch> {
        self.patches.get(&row)
    }

    /// All staged rows, in the order they arrived.
    pub fn iter(&self) -> impl Iterator<Item = (RowId, &Patch)> {
        self.patches.iter().map(|(&row, patch)| (row, patch))
    }

    /// How many rows have something staged.
    pub fn len(&self) -> usize {
        self.patches.len()
    }

    /// Whether nothing is staged.
    pub fn is_empty(&self) -> bool {
        self.patches.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{severity::SeverityId, status::StatusId};

    fn anything(_: RowId, _: Option<&Patch>) -> bool {
        true
    }

    #[test]
    fn undo_puts_back_what_was_staged_before_and_redo_does_it_again() {
        let (a, b) = (RowId(0), RowId(1));
        let mut staging = Staging::default();
        staging.stage(&[a, b], &Patch::status(StatusId::SUPPRESSED));
        staging.stage(&[a], &Patch::severity(SeverityId::LOW));
        assert_eq!(staging.undo(anything), Some(Undone { rows: 1, skipped: 0 }));
        assert_eq!(staging.get(a), Some(&Patch::status(StatusId::SUPPRESSED)));
        assert_eq!(staging.redo(anything), Some(Undone { rows: 1, skipped: 0 }));
        assert_eq!(staging.get(a).and_then(|patch| patch.severity), Some(SeverityId::LOW));
        assert_eq!(staging.drop_rows(&[a, RowId(9)], Unstaged::Dropped), 1);
        staging.undo(anything);
        staging.undo(anything);
        staging.undo(anything);
        assert!(staging.is_empty());
        assert_eq!(staging.undo(anything), None);
    }

    #[test]
    fn replacing_is_one_step_to_undo_and_an_empty_patch_is_nothing_staged() {
        let (a, b, c) = (RowId(0), RowId(1), RowId(2));
        let both = Patch { severity: Some(SeverityId::LOW), ..Patch::status(StatusId::SUPPRESSED) };
        let mut staging = Staging::default();
        staging.stage(&[a, b], &both);
        staging.take_decided();
        staging.replace(vec![(a, Patch::severity(SeverityId::LOW)), (b, Patch::default()), (c, both.clone())]);
        assert_eq!(
            staging.iter().map(|(row, patch)| (row, patch.clone())).collect::<Vec<_>>(),
            [(a, Patch::severity(SeverityId::LOW)), (c, both.clone())]
        );
        assert_eq!(staging.take_decided().keys().copied().collect::<Vec<_>>(), [a, b, c]);
        assert_eq!(staging.undo(anything), Some(Undone { rows: 3, skipped: 0 }));
        assert_eq!([a, b, c].map(|row| staging.get(row).cloned()), [Some(both.clone()), Some(both), None]);
        staging.confirm(&[a, c]);
        assert_eq!(staging.take_decided().keys().copied().collect::<Vec<_>>(), [a, b, c], "of the undo, not of a row without anything");
    }

    #[test]
    fn a_processed_row_is_not_staged_again_by_undo() {
        let row = RowId(0);
        let mut staging = Staging::default();
        staging.stage(&[row], &Patch::status(StatusId::SUPPRESSED));
        staging.processed(row, &Patch::status(StatusId::SUPPRESSED));
        assert!(staging.is_empty());
        assert_eq!(staging.undo(anything), None, "the step is over");
        assert!(staging.is_empty());
        assert_eq!(staging.redo(anything), None);
        assert!(staging.is_empty(), "nor by redo");
    }

    #[test]
    fn what_was_there_already_is_no_step_to_undo() {
        let mut staging = Staging::default();
        staging.stage(&[RowId(0)], &Patch::status(StatusId::SUPPRESSED));
        assert!(staging.has_steps());
        assert_eq!(staging.drop_rows(&[RowId(0)], Unstaged::AlreadyThere), 1);
        assert!(!staging.has_steps());
        assert_eq!(staging.take_decided().get(&RowId(0)), Some(&Unstaged::AlreadyThere));
    }

    #[test]
    fn no_step_from_before_a_row_was_processed_brings_anything_back() {
        let (a, b) = (RowId(0), RowId(1));
        let mut staging = Staging::default();
        staging.stage(&[a], &Patch::status(StatusId::RESOLVED));
        staging.drop_rows(&[a], Unstaged::Dropped);
        staging.stage(&[a, b], &Patch::status(StatusId::SUPPRESSED));
        staging.processed(a, &Patch::status(StatusId::SUPPRESSED));
        assert_eq!(staging.undo(anything), Some(Undone { rows: 1, skipped: 1 }));
        assert!(staging.is_empty() && !staging.has_steps(), "what was dropped before the send stays dropped");
        assert_eq!(staging.undo(anything), None);
        staging.stage(&[a], &Patch::status(StatusId::NEW));
        assert_eq!(staging.undo(anything), Some(Undone { rows: 1, skipped: 0 }), "what is decided afterwards can be taken back");
    }

    #[test]
    fn a_row_whose_change_must_stay_is_skipped() {
        let mut staging = Staging::default();
        staging.stage(&[RowId(0), RowId(1)], &Patch::status(StatusId::SUPPRESSED));
        assert_eq!(staging.undo(|row, _| row == RowId(0)), Some(Undone { rows: 1, skipped: 1 }));
        assert_eq!(staging.iter().map(|(row, _)| row).collect::<Vec<_>>(), [RowId(1)]);
        assert_eq!(staging.redo(anything), Some(Undone { rows: 1, skipped: 0 }));
    }

    #[test]
    fn what_was_staged_during_the_call_stays_staged() {
        let row = RowId(0);
        let mut staging = Staging::default();
        staging.stage(&[row], &Patch::status(StatusId::SUPPRESSED));
        staging.stage(&[row], &Patch::severity(SeverityId::LOW));
        staging.processed(row, &Patch::status(StatusId::SUPPRESSED));
        assert_eq!(staging.get(row), Some(&Patch::severity(SeverityId::LOW)));
    }
}
