//! Staged changes: decided here, not sent. With undo and redo.

use std::collections::BTreeMap;

use crate::domain::{patch::Patch, row::RowId};

/// One step of staging: for each row what was staged before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    changes: Vec<(RowId, Option<Patch>, Option<Patch>)>,
}

/// What undo or redo did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// Rows that were put back.
    pub rows: usize,
    /// Rows left alone because their change was sent or changed since.
    pub skipped: usize,
    /// Rows left alone because their call is under way or waits: it cannot be called back.
    pub being_sent: usize,
}

impl Undone {
    /// Whether the step waits for a send to end.
    const fn is_nothing_yet(self) -> bool {
        self.rows == 0 && self.being_sent > 0
    }
}

/// The staged patch of each row that has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staging {
    patches: BTreeMap<RowId, Patch>,
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl Staging {
    /// Lays a patch over what is staged on each row.
    pub fn stage(&mut self, rows: &[RowId], patch: &Patch) {
        let changes = rows
            .iter()
            .map(|&row| {
                let before = self.patches.get(&row).cloned();
                let after = before.clone().unwrap_or_default().merged(patch);
                self.patches.insert(row, after.clone());
                (row, before, Some(after))
            })
            .collect();
        self.remember(changes);
    }

    /// Drops what is staged on these rows; says how many had something.
    pub fn drop_rows(&mut self, rows: &[RowId]) -> usize {
        let changes: Vec<_> = rows.iter().filter_map(|&row| self.patches.remove(&row).map(|before| (row, Some(before), None))).collect();
        let count = changes.len();
        if count > 0 {
            self.remember(changes);
        }
        count
    }

    fn remember(&mut self, changes: Vec<(RowId, Option<Patch>, Option<Patch>)>) {
        self.done.push(Step { changes });
        self.undone.clear();
    }

    /// A row was processed with this patch: what is staged on it now and says the same is done with.
    pub fn processed(&mut self, row: RowId, sent: &Patch) {
        if let Some(staged) = self.patches.get_mut(&row) {
            if staged.status == sent.status {
                staged.status = None;
            }
            if staged.severity == sent.severity {
                staged.severity = None;
            }
            if staged.comment == sent.comment {
                staged.comment = None;
            }
            if staged.is_empty() {
                self.patches.remove(&row);
            }
        }
    }

    /// Takes the last step back; `None` where there is none. `sending` is what is being sent: a row of it keeps its change, and a step that
    /// has no other rows stays the last one.
    pub fn undo(&mut self, sending: &BTreeMap<RowId, Patch>) -> Option<Undone> {
        let step = self.done.pop()?;
        let undone = self.put(sending, step.changes.iter().map(|(row, before, after)| (*row, after, before)));
        if undone.is_nothing_yet() {
            self.done.push(step);
        } else {
            self.undone.push(step);
        }
        Some(undone)
    }

    /// Does the last undone step again; `None` where there is none. For `sending` see [`Self::undo`].
    pub fn redo(&mut self, sending: &BTreeMap<RowId, Patch>) -> Option<Undone> {
        let step = self.undone.pop()?;
        let redone = self.put(sending, step.changes.iter().map(|(row, before, after)| (*row, before, after)));
        if redone.is_nothing_yet() {
            self.undone.push(step);
        } else {
            self.done.push(step);
        }
        Some(redone)
    }

    fn put<'a>(
        &mut self,
        sending: &BTreeMap<RowId, Patch>,
        changes: impl Iterator<Item = (RowId, &'a Option<Patch>, &'a Option<Patch>)>,
    ) -> Undone {
        let mut undone = Undone { rows: 0, skipped: 0, being_sent: 0 };
        for (row, expected, target) in changes {
            if self.patches.get(&row) != expected.as_ref() {
                undone.skipped += 1;
                continue;
            }
            // What the call carries has to stay staged until it is answered; what was staged on top of it meanwhile may go.
            let keeps = |sent: &Patch| target.as_ref().is_some_and(|target| target.merged(sent) == *target);
            if sending.get(&row).is_some_and(|sent| !keeps(sent)) {
                undone.being_sent += 1;
                continue;
            }
            undone.rows += 1;
            match target {
                Some(patch) => {
                    self.patches.insert(row, patch.clone());
                }
                None => {
                    self.patches.remove(&row);
                }
            }
        }
        undone
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

    #[test]
    fn undo_puts_back_what_was_staged_before_and_redo_does_it_again() {
        let (a, b) = (RowId(0), RowId(1));
        let mut staging = Staging::default();
        staging.stage(&[a, b], &Patch::status(StatusId::SUPPRESSED));
        staging.stage(&[a], &Patch::severity(SeverityId::LOW));
        assert_eq!(staging.undo(&BTreeMap::new()), Some(Undone { rows: 1, skipped: 0, being_sent: 0 }));
        assert_eq!(staging.get(a), Some(&Patch::status(StatusId::SUPPRESSED)));
        assert_eq!(staging.redo(&BTreeMap::new()), Some(Undone { rows: 1, skipped: 0, being_sent: 0 }));
        assert_eq!(staging.get(a).and_then(|patch| patch.severity), Some(SeverityId::LOW));
        assert_eq!(staging.drop_rows(&[a, RowId(9)]), 1);
        staging.undo(&BTreeMap::new());
        staging.undo(&BTreeMap::new());
        staging.undo(&BTreeMap::new());
        assert!(staging.is_empty());
        assert_eq!(staging.undo(&BTreeMap::new()), None);
    }

    #[test]
    fn a_processed_row_is_not_staged_again_by_undo() {
        let row = RowId(0);
        let mut staging = Staging::default();
        staging.stage(&[row], &Patch::status(StatusId::SUPPRESSED));
        staging.processed(row, &Patch::status(StatusId::SUPPRESSED));
        assert!(staging.is_empty());
        assert_eq!(staging.undo(&BTreeMap::new()), Some(Undone { rows: 0, skipped: 1, being_sent: 0 }));
        assert!(staging.is_empty());
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

    #[test]
    fn what_is_being_sent_is_not_undone_but_what_was_staged_on_top_of_it_is() {
        let row = RowId(0);
        let sending = BTreeMap::from([(row, Patch::status(StatusId::SUPPRESSED))]);
        let mut staging = Staging::default();
        staging.stage(&[row], &Patch::status(StatusId::SUPPRESSED));
        staging.stage(&[row], &Patch::severity(SeverityId::LOW));
        assert_eq!(staging.undo(&sending), Some(Undone { rows: 1, skipped: 0, being_sent: 0 }));
        assert_eq!(staging.undo(&sending), Some(Undone { rows: 0, skipped: 0, being_sent: 1 }));
        assert_eq!(staging.get(row), Some(&Patch::status(StatusId::SUPPRESSED)));
        assert_eq!(staging.undo(&BTreeMap::new()), Some(Undone { rows: 1, skipped: 0, being_sent: 0 }), "the step is still there");
    }
}
