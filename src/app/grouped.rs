//! What the headers of groups tell beside their rows: how many are marked, staged or have a problem, and a summary of the group under the
//! cursor.
//!
//! Owns counts that are kept, so that drawing a header never looks at its rows. Must not decide what is marked or staged.

use crate::{
    domain::{row::RowId, severity::SeverityId},
    findings::{
        chunk::{CHUNK_ROWS, NO_TIME},
        groups::{GroupId, Groups},
        interner::Symbol,
        row_set::RowSet,
        store::Store,
        view::View,
    },
};

use super::{outcome::Outcomes, staging::Staging};

/// Most accounts that a summary names.
const MAX_ACCOUNTS: usize = 12;

/// What is counted for the headers, and of which state that is.
#[derive(Debug, Clone, Default)]
pub struct Grouped {
    counts: Vec<Counts>,
    /// The state of the view that the counts are of.
    view: Option<u64>,
    marked: RowSet,
    staged: Chosen,
    problems: Chosen,
    touched: u64,
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

/// Rows that were counted, and of which revision they are.
#[derive(Debug, Clone, Default)]
struct Chosen {
    revision: Option<u64>,
    rows: RowSet,
}

impl Chosen {
    /// What is chosen now, where that may be something else: gathered only then.
    fn newer(&mut self, revision: u64, rows: impl Iterator<Item = RowId>) -> Option<RowSet> {
        (self.revision.replace(revision) != Some(revision)).then(|| rows.collect())
    }
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

    /// Rows that were counted so far, each as often as it was.
    pub const fn touched(&self) -> u64 {
        self.touched
    }

    /// Counts what has changed since. Asked after every event: where nothing has, no row is looked at; where a mark has, one row is.
    pub fn count(&mut self, shown: &View, groups: &Groups, marks: &RowSet, staging: &Staging, outcomes: &Outcomes) {
        let staged = self.staged.newer(staging.revision(), staging.iter().map(|(row, _)| row));
        let problems = self.problems.newer(outcomes.revision(), outcomes.problem_rows());
        let is_other_view = self.view.replace(shown.revision()) != Some(shown.revision());
        if !is_other_view && staged.is_none() && problems.is_none() && self.marked == *marks {
            return;
        }
        let marked = std::mem::replace(&mut self.marked, marks.clone());
        let [staged, problems] = [(&mut self.staged, staged), (&mut self.problems, problems)].map(|(chosen, newer)| match newer {
            Some(rows) => std::mem::replace(&mut chosen.rows, rows),
            None => chosen.rows.clone(),
        });
        let mut before = [marked, staged, problems];
        if is_other_view {
            self.counts.clear();
            self.counts.resize(groups.given(), Counts::default());
            before = Default::default();
        }
        let now = [&self.marked, &self.staged.rows, &self.problems.rows];
        let counts: [fn(&mut Counts) -> &mut usize; 3] =
            [|counts| &mut counts.marked, |counts| &mut counts.staged, |counts| &mut counts.problems];
        // Whoever has chosen nothing pays for nothing, however many rows there are.
        let mut left = None;
        for ((mut changed, now), count) in before.into_iter().zip(now).zip(counts) {
            changed.toggle_all(now);
            if changed.is_empty() {
                continue;
            }
            self.touched += changed.len() as u64;
            let left = left.get_or_insert_with(|| shown.left());
            changed.retain_all(left);
            for row in changed.iter() {
                let Some(counts) = groups.of(row).and_then(|group| self.counts.get_mut(group.index())) else { continue };
                let count = count(counts);
                *count = if now.contains(row) { *count + 1 } else { count.saturating_sub(1) };
            }
        }
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
    let (mut statuses, mut accounts) = (Tally::new(store), Tally::new(store));
    let mut created: Option<(i64, i64)> = None;
    for row in groups.rows_of(group) {
        let Some(chunk) = store.chunks().get(row.index() / CHUNK_ROWS) else { continue };
        let at = row.index() % CHUNK_ROWS;
        let symbol = |column: &[Symbol]| column.get(at).copied().unwrap_or_default();
        statuses.count(symbol(&chunk.status_text));
        let name = symbol(&chunk.account_name);
        accounts.count(if name.is_some() { name } else { symbol(&chunk.account) });
        if let Some(&time) = chunk.created.get(at).filter(|&&time| time != NO_TIME) {
            let (first, last) = created.unwrap_or((time, time));
            created = Some((first.min(time), last.max(time)));
        }
    }
    let mut accounts = accounts.most_first(store);
    let more_accounts = accounts.len().saturating_sub(MAX_ACCOUNTS);
    accounts.truncate(MAX_ACCOUNTS);
    Summary {
        group,
        statuses: statuses.most_first(store),
        severities: groups.severities(group).map(|(id, count)| (id, count as usize)).collect(),
        accounts,
        more_accounts,
        created,
        view: view.revision(),
        changes: store.changes(),
    }
}

/// How often each text occurs. A place for every text costs less than looking one up for every row.
struct Tally {
    counts: Vec<usize>,
    seen: Vec<Symbol>,
}

impl Tally {
    fn new(store: &Store) -> Self {
        Self { counts: vec![0; store.interner().len()], seen: Vec::new() }
    }

    fn count(&mut self, symbol: Symbol) {
        if let Some(count) = self.counts.get_mut(symbol.0 as usize) {
            if *count == 0 {
                self.seen.push(symbol);
            }
            *count += 1;
        }
    }

    fn most_first(self, store: &Store) -> Vec<(Symbol, usize)> {
        let count = |symbol: Symbol| self.counts.get(symbol.0 as usize).copied().unwrap_or_default();
        let mut counts: Vec<(Symbol, usize)> = self.seen.iter().map(|&symbol| (symbol, count(symbol))).collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| store.text(a.0).cmp(store.text(b.0))));
        counts
    }
}
