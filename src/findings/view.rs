//! Which rows are shown, in which order, and as which lines.

use crate::domain::{grouping::GroupField, order::Order, row::RowId};

use super::{
    alphabet::Alphabet,
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
#[derive(Debug, Clone, Default)]
pub struct View {
    order: Order,
    /// All rows of the result, in order.
    sorted: Vec<RowId>,
    filter: Option<TextFilter>,
    /// Only these rows, where set: "marked only".
    only: Option<RowSet>,
    /// Those of `sorted` that are left, where some may not be.
    left: Vec<RowId>,
    groups: Option<Groups>,
    /// What is folded in groupings other than the present one.
    folds: Vec<(GroupField, Folds)>,
    alphabet: Alphabet,
    revision: u64,
    /// The store's changes when rows were last filtered, and when the severities of groups were last counted.
    filtered: u64,
    counted: u64,
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

    /// What the rows are grouped by.
    pub fn grouped_by(&self) -> Option<GroupField> {
        self.groups.as_ref().map(Groups::field)
    }

    fn ungrouped(&self) -> &[RowId] {
        if self.is_filtered() { &self.left } else { &self.sorted }
    }

    /// Sorts everything anew; rows move to where their values belong by now.
    pub fn sort(&mut self, store: &Store, order: Order, keep: impl Fn(RowId) -> bool) {
        self.alphabet.settle(store.interner());
        self.sorted.clear();
        self.sorted.extend((0..store.len() as u32).map(RowId).filter(|&row| keep(row)));
        order::sort(store, &self.alphabet, &order, &mut self.sorted);
        self.order = order;
        if let Some(groups) = &mut self.groups {
            groups.assign(store);
        }
        self.refilter(store, Narrowing::Other);
    }

    /// Groups rows by a field, or not at all. What is folded is remembered for each field.
    pub fn group_by(&mut self, store: &Store, field: Option<GroupField>) {
        if let Some(groups) = self.groups.take() {
            self.folds.push((groups.field(), groups.into_folds()));
        }
        if let Some(field) = field {
            let known = self.folds.iter().position(|(known, _)| *known == field);
            let folds = known.map(|at| self.folds.swap_remove(at).1).unwrap_or_default();
            let mut groups = Groups::new(field, folds);
            groups.assign(store);
            self.groups = Some(groups);
        }
        self.regroup(store);
    }

    /// Takes in the rows of a page.
    pub fn arrive(&mut self, store: &Store, arrival: &Arrival) {
        let mut added = arrival.added.clone();
        if self.sorted.len() + added.len() < store.len() {
            // Rows of an earlier result that this one had not shown so far.
            let shown: RowSet = self.sorted.iter().copied().collect();
            added.extend(arrival.updated.iter().copied().filter(|&row| !shown.contains(row)));
        }
        order::sort_few(store, &self.order, &mut added);
        order::merge(store, &self.order, &mut self.sorted, &added);
        self.alphabet.follow(store.interner());
        if self.is_filtered() {
            if !arrival.updated.is_empty() {
                // Their texts may have changed.
                return self.refilter(store, Narrowing::Other);
            }
            if let Some(filter) = &mut self.filter {
                filter.learn(store.interner());
            }
            added.retain(|&row| self.is_left(store, row));
            order::merge(store, &self.order, &mut self.left, &added);
        }
        if let Some(groups) = &mut self.groups {
            self.alphabet.settle(store.interner());
            groups.arrive(store, &self.alphabet, &self.order, &added);
        }
        self.revision += 1;
    }

    /// Takes rows out of the result.
    pub fn remove(&mut self, store: &Store, is_out: impl Fn(RowId) -> bool) {
        let count = self.sorted.len();
        self.sorted.retain(|&row| !is_out(row));
        if self.sorted.len() < count {
            self.refilter(store, Narrowing::Other);
        }
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
        self.refilter(store, narrowing);
    }

    /// Shows only these rows, or all again.
    pub fn narrow(&mut self, store: &Store, only: Option<RowSet>) {
        self.only = only;
        self.refilter(store, Narrowing::Other);
    }

    /// Whether the filters leave a row; the filter must have learned its texts.
    fn is_left(&self, store: &Store, row: RowId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(row))
            && self.filter.as_ref().is_none_or(|filter| filter.matches(store.chunks(), store.extra(), row))
    }

    fn refilter(&mut self, store: &Store, narrowing: Narrowing) {
        // A row that was left out may have other texts by now.
        let narrowing = if self.filtered == store.changes() { narrowing } else { Narrowing::Other };
        self.filtered = store.changes();
        if self.is_filtered() {
            let before = std::mem::take(&mut self.left);
            let rows = if narrowing == Narrowing::Narrower { &before } else { &self.sorted };
            let chosen: Vec<RowId>;
            let rows = match &self.only {
                Some(only) => {
                    chosen = rows.iter().copied().filter(|&row| only.contains(row)).collect();
                    &chosen
                }
                None => rows,
            };
            match &mut self.filter {
                Some(filter) => {
                    filter.learn(store.interner());
                    filter.pick(store.chunks(), store.extra(), rows, &mut self.left);
                }
                None => self.left.clone_from(rows),
            }
        } else {
            self.left.clear();
        }
        self.regroup(store);
    }

    /// Puts what is left into its groups.
    fn regroup(&mut self, store: &Store) {
        self.revision += 1;
        self.counted = store.changes();
        if let Some(mut groups) = self.groups.take() {
            self.alphabet.settle(store.interner());
            groups.fill(store, &self.alphabet, self.ungrouped());
            self.groups = Some(groups);
        }
    }

    /// Counts the severities of groups anew where rows have changed since.
    pub fn recount(&mut self, store: &Store) {
        if let Some(groups) = &mut self.groups
            && self.counted != store.changes()
        {
            self.counted = store.changes();
            groups.count_severities(store);
        }
    }

    /// Folds a group, or unfolds it.
    pub fn fold(&mut self, store: &Store, group: GroupId, is_folded: bool) {
        if let Some(groups) = &mut self.groups {
            groups.fold(store, group, is_folded);
        }
    }

    /// Folds or unfolds every group, and those that come later.
    pub fn fold_all(&mut self, is_folded: bool) {
        if let Some(groups) = &mut self.groups {
            groups.fold_all(is_folded);
        }
    }
}

#[cfg(test)]
mod tests;
