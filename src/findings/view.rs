//! Which rows are shown, in which order, and as which lines.

use crate::domain::{grouping::GroupField, order::Order, row::RowId};

use super::{
    alphabet::Alphabet,
    arranging::{From, Pace, Work},
    filling::Assigning,
    folds::Folds,
    groups::{Group, GroupId, Groups},
    order,
    row_set::RowSet,
    search::{Narrowing, TextFilter},
    store::{Arrival, Store},
};

/// What stands on a line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The header of a group.
    Header(GroupId),
    /// A row.
    Row(RowId),
}

/// The order, the filter, the groups, and the rows that are left.
///
/// What is asked for over many rows is done in steps ([`View::step`]): until the last of them the view is as it was before, but for what it
/// says of the order, the filter and the grouping that were asked for; rows that come meanwhile are put into their places at the end.
#[derive(Debug, Default)]
pub struct View {
    pub(super) order: Order,
    /// The rows of the result, but for those that have come since the work under way began.
    pub(super) members: RowSet,
    /// All of them, in order.
    pub(super) sorted: Vec<RowId>,
    pub(super) filter: Option<TextFilter>,
    /// Only these rows, where set: "marked only".
    pub(super) only: Option<RowSet>,
    /// Those of `sorted` that are left, where some may not be.
    pub(super) left: Option<Vec<RowId>>,
    /// Whether the filter leaves nothing that is not left already.
    pub(super) narrowing: Narrowing,
    /// What the rows are to be grouped by.
    pub(super) field: Option<GroupField>,
    pub(super) groups: Option<Groups>,
    /// What is folded in groupings other than the present one.
    pub(super) folds: Vec<(GroupField, Folds)>,
    pub(super) alphabet: Alphabet,
    pub(super) revision: u64,
    /// The store's changes when rows were last filtered, and when the severities of groups were last counted.
    pub(super) filtered: u64,
    pub(super) counted: u64,
    pub(super) work: Option<Work>,
    /// Rows that have come since the work under way began, in order; and as a set.
    pub(super) late: Vec<RowId>,
    pub(super) coming: RowSet,
    /// How many rows the groups do not show yet, or show as they were.
    pub(super) waiting: usize,
    pub(super) pace: Pace,
    pub(super) touched: u64,
}

impl View {
    /// All rows that are left by the filter, first to last as they are shown; those of folded groups too.
    pub fn rows(&self) -> &[RowId] {
        match &self.groups {
            Some(groups) => groups.rows(),
            None => self.ungrouped(),
        }
    }

    /// All rows of the result in order, filtered away or not.
    pub fn all(&self) -> &[RowId] {
        &self.sorted
    }

    /// The order in force.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Whether some rows may be hidden by the filter.
    pub fn is_filtered(&self) -> bool {
        self.filter.is_some() || self.only.is_some()
    }

    /// Whether a row is part of the result, filtered away or not.
    pub fn contains(&self, row: RowId) -> bool {
        self.members.contains(row) || self.coming.contains(row)
    }

    /// The rows that the filter leaves, those included that their groups do not show yet.
    pub fn left(&self) -> RowSet {
        match &self.left {
            Some(rows) => rows.iter().copied().collect(),
            None => self.members.clone(),
        }
    }

    /// The rows of the result, filtered away or not.
    pub fn held(&self) -> RowSet {
        let mut rows = self.members.clone();
        rows.insert_all(&self.coming);
        rows
    }

    /// Whether only chosen rows are shown.
    pub fn is_narrowed(&self) -> bool {
        self.only.is_some()
    }

    /// A number that is another one whenever other rows are shown, or the same ones elsewhere. Folding does not change it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How many lines there are: rows that are not folded away, and headers.
    pub fn line_count(&self) -> usize {
        self.groups.as_ref().map_or_else(|| self.ungrouped().len(), Groups::line_count)
    }

    /// What stands on a line.
    pub fn line(&self, place: usize) -> Option<Line> {
        let Some(groups) = &self.groups else { return self.ungrouped().get(place).copied().map(Line::Row) };
        match groups.at_line(place)? {
            (group, 0) => Some(Line::Header(group)),
            (group, below) => groups.rows_of(group).get(below - 1).copied().map(Line::Row),
        }
    }

    /// The row on a line; `None` where a header stands there, or nothing.
    pub fn get(&self, place: usize) -> Option<RowId> {
        match self.line(place)? {
            Line::Row(row) => Some(row),
            Line::Header(_) => None,
        }
    }

    /// The line of a row; `None` where it is filtered or folded away.
    pub fn place(&self, row: RowId) -> Option<usize> {
        let Some(groups) = &self.groups else { return self.index(row) };
        let group = groups.of(row)?;
        let header = groups.header(group)?;
        let is_folded = groups.get(group).is_none_or(Group::is_folded);
        if is_folded {
            return None;
        }
        Some(header + 1 + groups.rows_of(group).iter().position(|&other| other == row)?)
    }

    /// Where a row stands among [`Self::rows`], folded away or not; `None` where it is filtered away.
    pub fn index(&self, row: RowId) -> Option<usize> {
        let Some(groups) = &self.groups else { return self.ungrouped().iter().position(|&other| other == row) };
        let group = groups.of(row)?;
        Some(groups.start(group) + groups.rows_of(group).iter().position(|&other| other == row)?)
    }

    /// The line of a group's header; `None` where nothing of it is shown.
    pub fn header(&self, group: GroupId) -> Option<usize> {
        self.groups.as_ref()?.header(group)
    }

    /// The places among [`Self::rows`] that a line is about: its row, all rows of a folded group, none of a header whose rows have lines of
    /// their own; that one begins where its rows do.
    pub fn indices(&self, place: usize) -> std::ops::Range<usize> {
        let Some(groups) = &self.groups else {
            let end = self.ungrouped().len();
            return place.min(end)..(place + 1).min(end);
        };
        let Some((id, below)) = groups.at_line(place) else { return groups.rows().len()..groups.rows().len() };
        let start = groups.start(id);
        match (below, groups.get(id)) {
            (0, Some(group)) if group.is_folded() => start..start + group.len(),
            (0, _) => start..start,
            (below, _) => start + below - 1..start + below,
        }
    }

    /// The rows from one line to another, both of them included: of a folded group all.
    pub fn span(&self, from: usize, to: usize) -> &[RowId] {
        let (from, to) = (self.indices(from).start, self.indices(to).end);
        self.rows().get(from..to).unwrap_or_default()
    }

    /// The groups, where rows are grouped.
    pub fn groups(&self) -> Option<&Groups> {
        self.groups.as_ref()
    }

    /// What the rows are grouped by, or will be once that is done.
    pub fn grouped_by(&self) -> Option<GroupField> {
        self.field
    }

    pub(super) fn ungrouped(&self) -> &[RowId] {
        self.left.as_deref().unwrap_or(&self.sorted)
    }

    /// Sorts everything anew; rows move to where their values belong by now.
    pub fn sort(&mut self, store: &Store, order: Order) {
        self.order = order;
        self.begin(store, From::Sort);
    }

    /// Groups rows by a field, or not at all. What is folded is remembered for each field.
    pub fn group_by(&mut self, store: &Store, field: Option<GroupField>) {
        self.field = field;
        self.begin(store, From::Group(Assigning::All));
    }

    /// Takes in the rows of a page.
    pub fn arrive(&mut self, store: &Store, arrival: &Arrival) {
        let mut added = arrival.added.clone();
        // Rows of an earlier result that this one had not shown so far.
        added.extend(arrival.updated.iter().copied().filter(|&row| !self.contains(row)));
        order::sort_few(store, &self.order, &mut added);
        self.alphabet.follow(store.interner());
        self.touched += (added.len() + arrival.updated.len()) as u64;
        if let Some(work) = &mut self.work {
            work.changed(arrival.updated.len());
            order::merge(store, &self.order, &mut self.late, &added);
            self.coming.extend(&added);
            return;
        }
        self.members.extend(&added);
        order::merge(store, &self.order, &mut self.sorted, &added);
        if self.is_filtered() {
            if !arrival.updated.is_empty() {
                // Their texts may have changed.
                self.narrowing = Narrowing::Other;
                if store.len() <= self.pace.at_once {
                    return self.begin(store, From::Filter);
                }
                self.waiting += arrival.updated.len();
            }
            self.put_into_left(store, &mut added);
        }
        self.put_into_groups(store, &added);
        self.revision += 1;
    }

    /// Takes rows out of the result.
    pub fn remove(&mut self, store: &Store, is_out: impl Fn(RowId) -> bool) {
        let out: RowSet = self.members.iter().chain(self.coming.iter()).filter(|&row| is_out(row)).collect();
        if out.is_empty() {
            return;
        }
        for rows in [&mut self.sorted, &mut self.late] {
            rows.retain(|&row| !out.contains(row));
        }
        for rows in [&mut self.members, &mut self.coming] {
            rows.remove_all(&out);
        }
        self.narrowing = Narrowing::Other;
        let is_sorted = self.work.as_ref().is_none_or(|work| !work.sorts());
        self.begin(store, if is_sorted { From::Filter } else { From::Sort });
    }

    /// Filters by shown text, or not at all.
    pub fn filter(&mut self, store: &Store, filter: Option<TextFilter>) {
        let was_filtered = self.is_filtered();
        let before = std::mem::replace(&mut self.filter, filter);
        let narrowing = match (&mut self.filter, before) {
            (Some(filter), Some(before)) => filter.follow(before),
            // What "marked only" leaves, or everything.
            (Some(_), None) if was_filtered => Narrowing::Narrower,
            _ => Narrowing::Other,
        };
        if narrowing == Narrowing::Other {
            self.narrowing = narrowing;
        }
        self.begin(store, From::Filter);
    }

    /// Shows only these rows, or all again.
    pub fn narrow(&mut self, store: &Store, only: Option<RowSet>) {
        self.only = only;
        self.narrowing = Narrowing::Other;
        self.begin(store, From::Filter);
    }

    /// Whether the filters leave a row; the filter must have learned its texts.
    fn is_left(&self, store: &Store, row: RowId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(row))
            && self.filter.as_ref().is_none_or(|filter| filter.matches(store.chunks(), store.extra(), row))
    }

    /// Puts those of these rows, which are in order, that the filters leave among what is left; the others go.
    pub(super) fn put_into_left(&mut self, store: &Store, added: &mut Vec<RowId>) {
        if let Some(filter) = &mut self.filter {
            filter.learn(store.interner());
        }
        added.retain(|&row| self.is_left(store, row));
        if let Some(left) = &mut self.left {
            order::merge(store, &self.order, left, added);
        }
    }

    /// Puts rows, which are in order and left by the filters, into their groups; where there are many groups, once some more have come.
    pub(super) fn put_into_groups(&mut self, store: &Store, added: &[RowId]) {
        let Some(groups) = &mut self.groups else { return };
        if added.is_empty() || groups.shown().len() > self.pace.most_groups {
            groups.assign_again(store, added);
            self.waiting += added.len();
        } else {
            self.touched += groups.shown().len() as u64;
            groups.arrive(store, &self.order, added);
        }
    }

    /// Counts the severities of groups anew where rows have changed since.
    pub fn recount(&mut self, store: &Store) {
        if let Some(groups) = &mut self.groups
            && self.counted != store.changes()
            && self.work.is_none()
        {
            if groups.rows().len() <= self.pace.at_once {
                self.counted = store.changes();
                groups.count_severities(store);
            } else {
                self.waiting = self.waiting.max(1);
            }
        }
    }

    /// Folds a group, or unfolds it.
    pub fn fold(&mut self, store: &Store, group: GroupId, is_folded: bool) {
        if let Some(groups) = &mut self.groups {
            groups.fold(store, group, is_folded);
            self.begin_again(store);
        }
    }

    /// Folds or unfolds every group, and those that come later.
    pub fn fold_all(&mut self, store: &Store, is_folded: bool) {
        if let Some(groups) = &mut self.groups {
            groups.fold_all(is_folded);
            self.begin_again(store);
        }
    }

    /// What is folded has changed: groups that are being filled take that over.
    fn begin_again(&mut self, store: &Store) {
        if self.work.is_some() {
            self.begin(store, From::Group(Assigning::New));
        }
    }
}

#[cfg(test)]
mod tests;
