//! Rows in groups: which group a row is in, how the groups are ordered, and which lines that makes of them.
//!
//! A row's group is settled when rows are sorted or arrive, as its place in the order is: a row that changes stays where it is until the
//! next sort. Groups stand worst severity first, then the largest, then by their texts. Owns no rows but those it was given.

use std::{borrow::Cow, cmp::Ordering, collections::HashMap, ops::Range};

use crate::domain::{grouping::GroupField, order::Order, row::RowId, severity::SeverityId, status::StatusId};

use super::{
    alphabet,
    chunk::NO_ID,
    folds::Folds,
    group_key::{Key, cell, key, rank},
    interner::Symbol,
    order,
    store::Store,
};

/// How many ranks severities have.
pub const RANKS: usize = 9;

/// "In no group".
pub(super) const NOWHERE: u32 = u32::MAX;

/// A group: given once, when its first row arrives, and bound to its text as long as rows are grouped by the same field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub u32);

impl GroupId {
    /// For indexing what is kept for each group.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One group.
#[derive(Debug, Clone)]
pub struct Group {
    pub(super) key: Key,
    /// The name of an account, the title that most findings of a control have.
    told: Symbol,
    /// How many more rows have had that than not, of those that came since nothing led.
    pub(super) votes: u32,
    /// Whether it has rows at all, and whether that is the same in all of them.
    pub(super) is_used: bool,
    pub(super) is_uniform: bool,
    is_folded: bool,
    /// The rank of the worst severity.
    pub(super) worst: u8,
    /// Where its rows begin, and how many of them are left by the filter.
    pub(super) start: u32,
    pub(super) len: u32,
    /// The line of its header.
    pub(super) line: u32,
    /// While rows arrive: which of the pieces of a page is its own, counted from one.
    piece: u32,
}

impl Group {
    /// How many rows the filter leaves.
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether the filter leaves none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether its rows are folded away.
    pub const fn is_folded(&self) -> bool {
        self.is_folded
    }

    /// The places of its rows.
    const fn range(&self) -> Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }

    /// How many lines it takes.
    pub(super) const fn lines(&self) -> u32 {
        1 + if self.is_folded { 0 } else { self.len }
    }
}

/// Rows in groups.
#[derive(Debug, Clone)]
pub struct Groups {
    pub(super) field: GroupField,
    /// The group of each row, by row.
    pub(super) members: Vec<u32>,
    pub(super) by_symbol: Vec<u32>,
    pub(super) by_number: HashMap<i32, u32>,
    pub(super) list: Vec<Group>,
    /// Of each group, rows by the rank of their severity. Apart from the groups, which are gone through more often.
    pub(super) severities: Vec<[u32; RANKS]>,
    /// The groups that have rows, as they are shown.
    pub(super) shown: Vec<GroupId>,
    pub(super) rows: Vec<RowId>,
    pub(super) folds: Folds,
}

impl Groups {
    /// No rows yet, to be grouped by a field.
    pub fn new(field: GroupField, folds: Folds) -> Self {
        Self {
            field,
            members: Vec::new(),
            by_symbol: Vec::new(),
            by_number: HashMap::new(),
            list: Vec::new(),
            severities: Vec::new(),
            shown: Vec::new(),
            rows: Vec::new(),
            folds,
        }
    }

    /// What the rows are grouped by.
    pub const fn field(&self) -> GroupField {
        self.field
    }

    /// What is folded, for when rows are grouped by this field again.
    pub const fn folds(&self) -> &Folds {
        &self.folds
    }

    /// All rows that are left by the filter, as they are shown, those of folded groups too.
    pub fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// The groups that have rows, as they are shown.
    pub fn shown(&self) -> &[GroupId] {
        &self.shown
    }

    /// How many groups have been given so far, those included whose rows are all filtered away: more than any id.
    pub fn given(&self) -> usize {
        self.list.len()
    }

    /// A group.
    pub fn get(&self, id: GroupId) -> Option<&Group> {
        self.list.get(id.index())
    }

    /// The group of a row.
    pub fn of(&self, row: RowId) -> Option<GroupId> {
        self.members.get(row.index()).copied().filter(|&group| group != NOWHERE).map(GroupId)
    }

    /// The rows of a group that are left by the filter.
    pub fn rows_of(&self, id: GroupId) -> &[RowId] {
        self.get(id).and_then(|group| self.rows.get(group.range())).unwrap_or_default()
    }

    /// Severities with how many rows of a group have them, worst first; undocumented ids count as one.
    pub fn severities(&self, id: GroupId) -> impl Iterator<Item = (SeverityId, u32)> + '_ {
        let ids = [
            SeverityId::FATAL,
            SeverityId::CRITICAL,
            SeverityId::HIGH,
            SeverityId::MEDIUM,
            SeverityId::LOW,
            SeverityId::INFORMATIONAL,
            SeverityId::OTHER,
            SeverityId::UNKNOWN,
            SeverityId(NO_ID),
        ];
        let counts = self.severities.get(id.index()).copied().unwrap_or_default();
        ids.into_iter().filter_map(move |id| {
            let count = counts.get(usize::from(id.rank())).copied().unwrap_or_default();
            (count > 0).then_some((id, count))
        })
    }

    /// Counts one row of a group.
    pub(super) fn count(&mut self, id: usize, severity: u8) {
        if let (Some(group), Some(counts)) = (self.list.get_mut(id), self.severities.get_mut(id)) {
            group.len += 1;
            group.worst = group.worst.max(severity);
            if let Some(count) = counts.get_mut(usize::from(severity)) {
                *count += 1;
            }
        }
    }

    /// What names the group: the text its rows share, or what rows without one are called. Clean.
    pub fn name<'a>(&self, store: &'a Store, id: GroupId) -> Cow<'a, str> {
        let Some(group) = self.get(id) else { return Cow::Borrowed("") };
        match group.key {
            Key::Text(Symbol::NONE) | Key::Number(NO_ID) => Cow::Borrowed(self.field.without()),
            Key::Text(symbol) => Cow::Borrowed(store.text(symbol)),
            Key::Number(number) => {
                let caption = match self.field {
                    GroupField::Severity => SeverityId(number).caption(),
                    _ => StatusId(number).caption(),
                };
                caption.map_or_else(|| Cow::Owned(number.to_string()), Cow::Borrowed)
            }
        }
    }

    /// What else is told of the group: an account's name, the title of the findings of a control; with whether all of its rows have it.
    pub fn told<'a>(&self, store: &'a Store, id: GroupId) -> Option<(&'a str, bool)> {
        let group = self.get(id)?;
        group.told.is_some().then(|| (store.text(group.told), group.is_uniform))
    }

    /// The text that folding is remembered by.
    fn fold_key(&self, store: &Store, id: GroupId) -> String {
        match self.get(id).map(|group| group.key) {
            Some(Key::Text(symbol)) => store.text(symbol).to_owned(),
            Some(Key::Number(number)) => number.to_string(),
            None => String::new(),
        }
    }

    /// Puts rows that have come since into their groups, up to this one.
    pub(super) fn assign_until(&mut self, store: &Store, end: usize) {
        let from = self.members.len();
        self.members.resize(end.max(from), NOWHERE);
        self.by_symbol.resize(store.interner().len(), NOWHERE);
        for row in from as u32..end as u32 {
            self.assign_one(store, RowId(row));
        }
    }

    /// Puts rows that have just come into their groups, without showing them there.
    pub(super) fn assign_again(&mut self, store: &Store, added: &[RowId]) {
        let known = self.members.len();
        self.assign_until(store, store.len());
        // Rows of an earlier result that come back may have other values by now.
        for &row in added.iter().filter(|row| row.index() < known) {
            self.assign_one(store, row);
        }
    }

    fn assign_one(&mut self, store: &Store, row: RowId) {
        let Some((chunk, at)) = cell(store, row) else { return };
        let (key, told) = key(self.field, chunk, at);
        let id = self.id(store, key);
        if let Some(member) = self.members.get_mut(row.index()) {
            *member = id;
        }
        if let Some(group) = self.list.get_mut(id as usize) {
            if group.is_used {
                group.is_uniform &= group.told == told;
            }
            // The vote of Boyer and Moore: what most rows have is told, where there is such a thing, and not what one odd row has.
            match (group.told == told, group.votes) {
                (true, votes) => group.votes = votes + 1,
                (false, 0) => (group.told, group.votes) = (told, 1),
                (false, votes) => group.votes = votes - 1,
            }
            group.is_used = true;
        }
    }

    /// The group of a key, given now if it is new.
    fn id(&mut self, store: &Store, key: Key) -> u32 {
        let next = self.list.len() as u32;
        let slot = match key {
            Key::Text(symbol) => match self.by_symbol.get_mut(symbol.0 as usize) {
                Some(slot) => slot,
                None => return NOWHERE,
            },
            Key::Number(number) => self.by_number.entry(number).or_insert(NOWHERE),
        };
        if *slot != NOWHERE {
            return *slot;
        }
        *slot = next;
        let is_folded = match key {
            Key::Text(symbol) => self.folds.is_folded(store.text(symbol)),
            Key::Number(number) => self.folds.is_folded(&number.to_string()),
        };
        self.list.push(Group {
            key,
            told: Symbol::NONE,
            votes: 0,
            is_used: false,
            is_uniform: true,
            is_folded,
            worst: 0,
            start: 0,
            len: 0,
            line: 0,
            piece: 0,
        });
        self.severities.push([0; RANKS]);
        next
    }

    /// Takes in rows that have just come, which are in order: their groups are looked at, the others stay as they are.
    pub fn arrive(&mut self, store: &Store, order: &Order, added: &[RowId]) {
        self.assign_again(store, added);
        let mut pieces: Vec<Vec<RowId>> = Vec::new();
        let mut candidates = std::mem::take(&mut self.shown);
        for &row in added {
            let id = self.members.get(row.index()).copied().unwrap_or(NOWHERE);
            let Some(group) = self.list.get_mut(id as usize) else { continue };
            if group.len == 0 {
                candidates.push(GroupId(id));
            }
            if group.piece == 0 {
                pieces.push(Vec::new());
                group.piece = pieces.len() as u32;
            }
            if let Some(piece) = pieces.get_mut(group.piece as usize - 1) {
                piece.push(row);
            }
            self.count(id as usize, rank(store, row));
        }
        self.arrange(store, candidates);
        let before = std::mem::take(&mut self.rows);
        let mut rows = Vec::with_capacity(before.len() + added.len());
        for &id in &self.shown {
            let Some(group) = self.list.get_mut(id.index()) else { continue };
            let start = rows.len();
            let piece = std::mem::take(&mut group.piece) as usize;
            let new = piece.checked_sub(1).and_then(|piece| pieces.get(piece)).map(Vec::as_slice).unwrap_or_default();
            let old = before.get(group.start as usize..(group.start + group.len) as usize - new.len()).unwrap_or_default();
            order::merge_into(store, order, &mut rows, old, new);
            group.start = start as u32;
        }
        self.rows = rows;
        self.count_lines();
    }

    /// Counts severities anew after rows have changed where they are. Nothing moves.
    pub fn count_severities(&mut self, store: &Store) {
        for &id in &self.shown {
            let (Some(group), Some(counts)) = (self.list.get_mut(id.index()), self.severities.get_mut(id.index())) else { continue };
            (group.worst, *counts) = (0, [0; RANKS]);
            for &row in self.rows.get(group.range()).unwrap_or_default() {
                let severity = rank(store, row);
                group.worst = group.worst.max(severity);
                if let Some(count) = counts.get_mut(usize::from(severity)) {
                    *count += 1;
                }
            }
        }
    }

    /// Puts the groups that have rows in order. Candidates that are in order already, or nearly, cost little.
    fn arrange(&mut self, store: &Store, candidates: Vec<GroupId>) {
        // Worst and largest first: both count down. One number compares faster than two.
        let place = |group: &Group| u64::from(u8::MAX - group.worst) << 32 | u64::from(u32::MAX - group.len);
        let groups = candidates.into_iter().filter_map(|id| self.list.get(id.index()).map(|group| (id, group)));
        let mut places: Vec<(u64, Key, GroupId)> =
            groups.filter(|(_, group)| group.len > 0).map(|(id, group)| (place(group), group.key, id)).collect();
        places.sort_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| match (a.1, b.1) {
                (Key::Text(a), Key::Text(b)) => alphabet::compare(store.interner(), a, b),
                (Key::Number(a), Key::Number(b)) => a.cmp(&b),
                (Key::Text(_), Key::Number(_)) | (Key::Number(_), Key::Text(_)) => Ordering::Equal,
            })
        });
        self.shown = places.into_iter().map(|(.., id)| id).collect();
    }

    fn count_lines(&mut self) {
        let mut line = 0;
        for &id in &self.shown {
            if let Some(group) = self.list.get_mut(id.index()) {
                group.line = line;
                line += group.lines();
            }
        }
    }

    /// How many lines there are.
    pub fn line_count(&self) -> usize {
        let last = self.shown.last().and_then(|&id| self.get(id));
        last.map_or(0, |group| (group.line + group.lines()) as usize)
    }

    /// Where a group stands among those that are shown; `None` where it has no rows.
    pub fn place(&self, id: GroupId) -> Option<usize> {
        let line = self.header(id)?;
        Some(self.shown.partition_point(|&other| self.get(other).is_some_and(|group| (group.line as usize) < line)))
    }

    /// The line of a group's header; `None` where it has no rows.
    pub fn header(&self, id: GroupId) -> Option<usize> {
        self.get(id).filter(|group| group.len > 0).map(|group| group.line as usize)
    }

    /// The group whose header or row a line is, and how far below the header.
    pub fn at_line(&self, line: usize) -> Option<(GroupId, usize)> {
        if line >= self.line_count() {
            return None;
        }
        let at = self.shown.partition_point(|&id| self.get(id).is_some_and(|group| group.line as usize <= line));
        let id = *self.shown.get(at.checked_sub(1)?)?;
        Some((id, line - self.get(id)?.line as usize))
    }

    /// The place among the rows where a group begins.
    pub fn start(&self, id: GroupId) -> usize {
        self.get(id).map_or(0, |group| group.start as usize)
    }

    /// Folds a group, or unfolds it.
    pub fn fold(&mut self, store: &Store, id: GroupId, is_folded: bool) {
        let key = self.fold_key(store, id);
        self.folds.set(key, is_folded);
        if let Some(group) = self.list.get_mut(id.index()) {
            group.is_folded = is_folded;
        }
        self.count_lines();
    }

    /// Folds or unfolds all groups, and those that come later.
    pub fn fold_all(&mut self, is_folded: bool) {
        self.folds.set_all(is_folded);
        for group in &mut self.list {
            group.is_folded = is_folded;
        }
        self.count_lines();
    }
}
