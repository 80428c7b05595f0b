//! Staged changes: decided here, not sent. With undo and redo.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    domain::{
        patch::{Patch, Values},
        row::RowId,
    },
    journal::entry::Unstaged,
};

use super::deed::Deed;

/// The name of a step, for as long as the session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepNumber(u64);

/// One step of staging: for each row what was staged before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    number: StepNumber,
    deed: Deed,
    changes: Vec<Change>,
    /// Rows that someone else had changed, with the values that the analyst had seen: the step decided that.
    conflicts: Vec<(RowId, Values)>,
}

/// A row, what was staged on it before, and what after.
type Change = (RowId, Option<Patch>, Option<Patch>);

/// Whether a step is over for a row: the row was processed after it.
fn is_over(over: &BTreeMap<RowId, StepNumber>, step: &Step, row: RowId) -> bool {
    over.get(&row).is_some_and(|&made| step.number < made)
}

/// Back or forth among the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Takes steps back.
    Undo,
    /// Does undone steps again.
    Redo,
}

impl Way {
    /// What has to be staged on a row for the step to go this way, and what is then.
    fn ends(self, (_, before, after): &Change) -> (Option<&Patch>, Option<&Patch>) {
        match self {
            Self::Undo => (after.as_ref(), before.as_ref()),
            Self::Redo => (before.as_ref(), after.as_ref()),
        }
    }
}

/// What undo or redo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// What the step was.
    pub deed: Deed,
    /// Rows that were put back.
    pub rows: usize,
    /// Rows left alone.
    pub skipped: Skipped,
    /// Of those that were put back, the ones that someone else had changed when the step decided that, with the values that the analyst had
    /// seen before.
    pub conflicts: Vec<(RowId, Values)>,
}

/// Rows that undo or redo left alone, by the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Skipped {
    /// Their call is under way, and cannot be called back.
    pub sending: usize,
    /// They were sent after the step.
    pub sent: usize,
    /// Something else is staged on them than the step left there.
    pub changed: usize,
}

impl Skipped {
    /// How many in all.
    pub const fn count(self) -> usize {
        self.sending + self.sent + self.changed
    }

    /// Those and these.
    #[must_use]
    pub const fn and(self, more: Self) -> Self {
        Self { sending: self.sending + more.sending, sent: self.sent + more.sent, changed: self.changed + more.changed }
    }
}

/// A step as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLine {
    /// Which.
    pub number: StepNumber,
    /// What it was.
    pub deed: Deed,
    /// Rows that it would still put back, or do again.
    pub rows: usize,
    /// Rows of it that were sent or changed since.
    pub over: usize,
}

/// The staged patch of each row that has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staging {
    patches: BTreeMap<RowId, Patch>,
    done: Vec<Step>,
    undone: Vec<Step>,
    /// How many steps have been made.
    made: u64,
    /// Rows that were processed, with the step that came next then: those before it are over for them, and must not bring anything back.
    over: BTreeMap<RowId, StepNumber>,
    /// Counts everything that may change the list of steps.
    revision: u64,
    /// Rows whose change was decided since this was last taken, with why it is gone where it is: what the journal has to be told.
    decided: BTreeMap<RowId, Unstaged>,
}

impl Staging {
    /// Lays a patch over what is staged on each row.
    pub fn stage(&mut self, rows: &[RowId], patch: &Patch) {
        self.stage_each(Deed::patch(patch), rows.iter().map(|&row| (row, patch.clone())));
    }

    /// Lays patches over what is staged on their rows: one step to undo, told as this.
    pub fn stage_each(&mut self, deed: Deed, patches: impl IntoIterator<Item = (RowId, Patch)>) {
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
        self.remember(deed, changes, Vec::new());
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
        self.revision += 1;
    }

    /// The rows decided about since this was last asked, with why nothing is staged on them where nothing is.
    pub fn take_decided(&mut self) -> BTreeMap<RowId, Unstaged> {
        std::mem::take(&mut self.decided)
    }

    /// Drops what is staged on these rows; says how many had something.
    pub fn drop_rows(&mut self, rows: &[RowId], why: Unstaged) -> usize {
        let changes = self.take(rows, why);
        let count = changes.len();
        match why {
            Unstaged::Dropped => self.remember(Deed::Dropped, changes, Vec::new()),
            Unstaged::TheirsKept => self.remember(Deed::KeptTheirs, changes, Vec::new()),
            // What was there already was no change: taking that back would stage nothing anew.
            Unstaged::AlreadyThere => {}
        }
        count
    }

    /// Drops what is staged on rows that someone else changed, each with the values that the analyst had seen; says how many had something.
    pub fn keep_theirs(&mut self, conflicts: Vec<(RowId, Values)>) -> usize {
        let rows: Vec<RowId> = conflicts.iter().map(|&(row, _)| row).collect();
        let changes = self.take(&rows, Unstaged::TheirsKept);
        let count = changes.len();
        self.remember(Deed::KeptTheirs, changes, conflicts);
        count
    }

    /// What is staged on rows that someone else changed, each with the values that the analyst had seen, stays and was decided about once
    /// more, knowing the present values: the journal has to be told those. One step to undo, which brings the conflicts back.
    pub fn keep_mine(&mut self, conflicts: Vec<(RowId, Values)>) {
        let staged = conflicts.iter().filter_map(|&(row, _)| self.patches.get(&row).map(|patch| (row, patch.clone())));
        let changes: Vec<Change> = staged.map(|(row, patch)| (row, Some(patch.clone()), Some(patch))).collect();
        self.decided.extend(changes.iter().map(|&(row, ..)| (row, Unstaged::Dropped)));
        self.remember(Deed::KeptMine, changes, conflicts);
    }

    fn take(&mut self, rows: &[RowId], why: Unstaged) -> Vec<Change> {
        let changes: Vec<_> = rows.iter().filter_map(|&row| self.patches.remove(&row).map(|before| (row, Some(before), None))).collect();
        self.decided.extend(changes.iter().map(|&(row, ..)| (row, why)));
        self.revision += 1;
        changes
    }

    /// Puts exactly this on rows, in place of whatever is staged there: one step to undo, told as this. An empty patch is nothing
    /// staged.
    pub fn replace(&mut self, deed: Deed, wanted: Vec<(RowId, Patch)>) {
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
        self.remember(deed, changes, Vec::new());
    }

    /// A step of nothing is none.
    fn remember(&mut self, deed: Deed, changes: Vec<Change>, conflicts: Vec<(RowId, Values)>) {
        if changes.is_empty() {
            return;
        }
        self.done.push(Step { number: StepNumber(self.made), deed, changes, conflicts });
        self.made += 1;
        self.undone.clear();
        self.revision += 1;
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
            self.over.insert(row, StepNumber(self.made));
        }
        self.revision += 1;
    }

    /// Whether a step is left that put something on a row that is still staged: what was sent meanwhile cannot be taken back here.
    pub fn has_steps(&self) -> bool {
        self.done.iter().any(|step| self.is_live(step, Way::Undo))
    }

    fn is_live(&self, step: &Step, way: Way) -> bool {
        let is_as_left = |change: &Change| self.patches.get(&change.0) == way.ends(change).0;
        step.changes.iter().any(|change| !is_over(&self.over, step, change.0) && is_as_left(change))
    }

    /// Takes the last step back; `None` where there is none. Rows are left alone where `allows` refuses what would be staged then.
    pub fn undo(&mut self, allows: impl Fn(RowId, Option<&Patch>) -> bool) -> Option<Undone> {
        self.go(Way::Undo, allows)
    }

    /// Does the last undone step again; `None` where there is none. Rows are left alone as in [`Self::undo`].
    pub fn redo(&mut self, allows: impl Fn(RowId, Option<&Patch>) -> bool) -> Option<Undone> {
        self.go(Way::Redo, allows)
    }

    /// Takes the next step in a direction; `None` where there is none.
    pub fn go(&mut self, way: Way, allows: impl Fn(RowId, Option<&Patch>) -> bool) -> Option<Undone> {
        let mut step = self.next(way)?;
        let undone = self.put(&mut step, way, allows);
        if !step.changes.is_empty() {
            match way {
                Way::Undo => self.undone.push(step),
                Way::Redo => self.done.push(step),
            }
        }
        self.revision += 1;
        Some(undone)
    }

    /// Takes the next step that is about anything still out of its list: one whose changes have all been sent, or settled otherwise, is over.
    fn next(&mut self, way: Way) -> Option<Step> {
        loop {
            let step = match way {
                Way::Undo => self.done.pop(),
                Way::Redo => self.undone.pop(),
            }?;
            if self.is_live(&step, way) {
                return Some(step);
            }
        }
    }

    /// Puts rows from what a step expects to what it wants. Rows that are left alone leave the step: the other direction must not bring
    /// back what was sent meanwhile.
    fn put(&mut self, step: &mut Step, way: Way, allows: impl Fn(RowId, Option<&Patch>) -> bool) -> Undone {
        let Self { patches, over, decided, .. } = self;
        let mut skipped = Skipped::default();
        let mut changes = std::mem::take(&mut step.changes);
        changes.retain(|change| {
            let row = change.0;
            let (expected, target) = way.ends(change);
            // What only decides a conflict changes nothing, and yet the row would wait for a decision while its call is under way.
            let reason = if is_over(over, step, row) {
                &mut skipped.sent
            } else if patches.get(&row) != expected {
                &mut skipped.changed
            } else if !allows(row, target.filter(|_| expected != target)) {
                &mut skipped.sending
            } else {
                match target {
                    Some(patch) => patches.insert(row, patch.clone()),
                    None => patches.remove(&row),
                };
                decided.insert(row, Unstaged::Dropped);
                return true;
            };
            *reason += 1;
            false
        });
        step.changes = changes;
        if !step.conflicts.is_empty() {
            let left: BTreeSet<RowId> = step.changes.iter().map(|change| change.0).collect();
            step.conflicts.retain(|(row, _)| left.contains(row));
        }
        Undone { deed: step.deed.clone(), rows: step.changes.len(), skipped, conflicts: step.conflicts.clone() }
    }

    /// The rows of the step that was undone last and can be done again.
    pub fn undone_rows(&self) -> impl Iterator<Item = RowId> {
        self.undone.last().into_iter().flat_map(|step| step.changes.iter().map(|&(row, ..)| row))
    }

    /// The rows of the step that was done last and can be taken back.
    pub fn done_rows(&self) -> impl Iterator<Item = RowId> {
        self.done.last().into_iter().flat_map(|step| step.changes.iter().map(|&(row, ..)| row))
    }

    /// The steps in a direction, the next one first, as they would be taken one after the other: those that are over by then are none.
    pub fn steps(&self, way: Way) -> Vec<StepLine> {
        let steps = match way {
            Way::Undo => &self.done,
            Way::Redo => &self.undone,
        };
        // What would be staged by then on the rows of the steps before.
        let mut by_then: HashMap<RowId, Option<&Patch>> = HashMap::new();
        let mut lines = Vec::new();
        for step in steps.iter().rev() {
            let staged = |row: RowId| by_then.get(&row).copied().unwrap_or_else(|| self.patches.get(&row));
            let is_live = |change: &&Change| !is_over(&self.over, step, change.0) && staged(change.0) == way.ends(change).0;
            let live: Vec<&Change> = step.changes.iter().filter(is_live).collect();
            if live.is_empty() {
                continue;
            }
            let over = step.changes.len() - live.len();
            lines.push(StepLine { number: step.number, deed: step.deed.clone(), rows: live.len(), over });
            by_then.extend(live.into_iter().map(|change| (change.0, way.ends(change).1)));
        }
        lines
    }

    /// Counts everything that may have changed the list of steps.
    pub const fn revision(&self) -> u64 {
        self.revision
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
    use crate::domain::{field::Field, severity::SeverityId, status::StatusId};

    /// Rows that were put back, and those left alone.
    fn counts(undone: Option<Undone>) -> Option<(usize, usize)> {
        undone.map(|undone| (undone.rows, undone.skipped.count()))
    }

    fn anything(_: RowId, _: Option<&Patch>) -> bool {
        true
    }

    #[test]
    fn undo_puts_back_what_was_staged_before_and_redo_does_it_again() {
        let (a, b) = (RowId(0), RowId(1));
        let mut staging = Staging::default();
        staging.stage(&[a, b], &Patch::status(StatusId::SUPPRESSED));
        staging.stage(&[a], &Patch::severity(SeverityId::LOW));
        assert_eq!(counts(staging.undo(anything)), Some((1, 0)));
        assert_eq!(staging.get(a), Some(&Patch::status(StatusId::SUPPRESSED)));
        assert_eq!(counts(staging.redo(anything)), Some((1, 0)));
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
        staging
            .replace(Deed::LeftOut(Field::Status), vec![(a, Patch::severity(SeverityId::LOW)), (b, Patch::default()), (c, both.clone())]);
        assert_eq!(
            staging.iter().map(|(row, patch)| (row, patch.clone())).collect::<Vec<_>>(),
            [(a, Patch::severity(SeverityId::LOW)), (c, both.clone())]
        );
        assert_eq!(staging.take_decided().keys().copied().collect::<Vec<_>>(), [a, b, c]);
        assert_eq!(counts(staging.undo(anything)), Some((3, 0)));
        assert_eq!([a, b, c].map(|row| staging.get(row).cloned()), [Some(both.clone()), Some(both), None]);
        staging.take_decided();
        staging.keep_mine([a, c].map(|row| (row, Values::default())).to_vec());
        assert_eq!(staging.take_decided().keys().copied().collect::<Vec<_>>(), [a], "not of a row without anything");
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
        assert_eq!(counts(staging.undo(anything)), Some((1, 1)));
        assert!(staging.is_empty() && !staging.has_steps(), "what was dropped before the send stays dropped");
        assert_eq!(staging.undo(anything), None);
        staging.stage(&[a], &Patch::status(StatusId::NEW));
        assert_eq!(counts(staging.undo(anything)), Some((1, 0)), "what is decided afterwards can be taken back");
    }

    #[test]
    fn a_row_whose_change_must_stay_is_skipped() {
        let mut staging = Staging::default();
        staging.stage(&[RowId(0), RowId(1)], &Patch::status(StatusId::SUPPRESSED));
        assert_eq!(counts(staging.undo(|row, _| row == RowId(0))), Some((1, 1)));
        assert_eq!(staging.iter().map(|(row, _)| row).collect::<Vec<_>>(), [RowId(1)]);
        assert_eq!(counts(staging.redo(anything)), Some((1, 0)));
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
