//! What the headers of groups tell beside their rows: how many are marked, staged or have a problem, and a summary of the group under the
//! cursor.
//!
//! Owns counts that are kept, so that drawing a header never looks at its rows. Must not decide what is marked or staged.

use std::collections::HashMap;

use crate::{
    domain::{row::RowId, severity::SeverityId},
    findings::{
        chunk::NO_TIME,
        groups::{GroupId, Groups},
        interner::Symbol,
        row_set::RowSet,
        store::Store,
        view::View,
    },
};

/// Most accounts that a summary names.
const MAX_ACCOUNTS: usize = 12;

/// What is counted for the headers, and of which state that is.
#[derive(Debug, Clone, Default)]
pub struct Grouped {
    counts: Vec<Counts>,
    seen: Option<Seen>,
    summary: Option<Summary>,
}

/// Rows of one group that are left by the filter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Marked.
    pub marked: usize,
    /// With a staged change.
    pub staged: usize,
    /// With a problem.
    pub problems: usize,
}

/// What the counts were made from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    view: u64,
    rows: [RowSet; 3],
}

/// What the rows of a group have, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Of which group.
    pub group: GroupId,
    /// Statuses as they are shown; no text is no status. With how many rows have them.
    pub statuses: Vec<(Symbol, usize)>,
    /// Severities, worst first.
    pub severities: Vec<(SeverityId, usize)>,
    /// Accounts, by name where they have one.
    pub accounts: Vec<(Symbol, usize)>,
    /// Accounts beyond those.
    pub more_accounts: usize,
    /// When the first and the last of them was created, in milliseconds; `None` where no row has a time.
    pub created: Option<(i64, i64)>,
    view: u64,
    changes: u64,
}

impl Grouped {
    /// The counts of a group.
    pub fn counts(&self, group: GroupId) -> Counts {
        self.counts.get(group.index()).copied().unwrap_or_default()
    }

    /// The summary of the group under the cursor.
    pub const fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// Forgets everything: nothing is grouped.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Counts anew if something has changed since.
    pub fn count(&mut self, view: &View, groups: &Groups, rows: [RowSet; 3]) {
        let seen = Seen { view: view.revision(), rows };
        if self.seen.as_ref() == Some(&seen) {
            return;
        }
        self.counts.clear();
        self.counts.resize(groups.given(), Counts::default());
        let [marked, staged, problems] = &seen.rows;
        for &group in groups.shown() {
            let Some(counts) = self.counts.get_mut(group.index()) else { continue };
            for &row in groups.rows_of(group) {
                counts.marked += usize::from(marked.contains(row));
                counts.staged += usize::from(staged.contains(row));
                counts.problems += usize::from(problems.contains(row));
            }
        }
        self.seen = Some(seen);
    }

    /// Sums up the group under the cursor if there is one and something has changed since.
    pub fn sum_up(&mut self, store: &Store, view: &View, group: Option<GroupId>) {
        let Some((groups, group)) = view.groups().zip(group) else {
            self.summary = None;
            return;
        };
        let is_known = |known: &Summary| known.group == group && known.view == view.revision() && known.changes == store.changes();
        if !self.summary.as_ref().is_some_and(is_known) {
            self.summary = Some(summary(store, view, groups, group));
        }
    }
}

fn summary(store: &Store, view: &View, groups: &Groups, group: GroupId) -> Summary {
    let (mut statuses, mut accounts) = (HashMap::new(), HashMap::new());
    let mut created: Option<(i64, i64)> = None;
    for row in groups.rows_of(group).iter().filter_map(|&row: &RowId| store.row(row)) {
        *statuses.entry(row.status_text).or_insert(0) += 1;
        *accounts.entry(if row.account_name.is_some() { row.account_name } else { row.account }).or_insert(0) += 1;
        if row.created != NO_TIME {
            let (first, last) = created.unwrap_or((row.created, row.created));
            created = Some((first.min(row.created), last.max(row.created)));
        }
    }
    let mut accounts = most_first(store, accounts);
    let more_accounts = accounts.len().saturating_sub(MAX_ACCOUNTS);
    accounts.truncate(MAX_ACCOUNTS);
    let severities = groups.get(group).into_iter().flat_map(|group| group.severities());
    Summary {
        group,
        statuses: most_first(store, statuses),
        severities: severities.map(|(id, count)| (id, count as usize)).collect(),
        accounts,
        more_accounts,
        created,
        view: view.revision(),
        changes: store.changes(),
    }
}

fn most_first(store: &Store, counts: HashMap<Symbol, usize>) -> Vec<(Symbol, usize)> {
    let mut counts: Vec<(Symbol, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| store.text(a.0).cmp(store.text(b.0))));
    counts
}
