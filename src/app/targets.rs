//! Which rows an action is for: the marked ones, a group, or the cursor's.

use super::{
    model::Model,
    overlay::{TargetSource, Targets},
};
use crate::{
    domain::{
        row::RowId,
        text::{self, Cut},
    },
    findings::{groups::GroupId, row_set::RowSet},
};

/// Most columns of a group's name in the title of a menu.
const MAX_GROUP_NAME: usize = 40;

impl Model {
    /// The marks if there are any, else what the cursor is on: a row, or all rows of a group that the filter leaves.
    pub fn targets(&self) -> Option<Targets> {
        if self.marks.rows.is_empty() {
            return match self.cursor.header {
                Some(group) => self.group_targets(group),
                None => self.cursor.row.map(|row| Targets { rows: vec![row], hidden: 0, source: TargetSource::Cursor }),
            };
        }
        let shown: Vec<RowId> = self.view.rows().iter().copied().filter(|&row| self.marks.rows.contains(row)).collect();
        let seen: RowSet = shown.iter().copied().collect();
        let mut rows = shown;
        rows.extend(self.marks.rows.iter().filter(|&row| !seen.contains(row)));
        Some(Targets { hidden: rows.len() - seen.len(), rows, source: TargetSource::Marks })
    }

    fn group_targets(&self, group: GroupId) -> Option<Targets> {
        let groups = self.view.groups()?;
        // A row that is gone from the result is shown for its own sake, and not part of what the group is decided about.
        let rows: Vec<RowId> = groups.rows_of(group).iter().copied().filter(|&row| !self.is_gone(row)).collect();
        let name = text::fit(&groups.name(&self.store, group), MAX_GROUP_NAME, Cut::End).into_owned();
        (!rows.is_empty()).then_some(Targets { rows, hidden: 0, source: TargetSource::Group(name) })
    }
}
