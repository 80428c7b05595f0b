//! Putting rows into groups, in steps: which group each is in, how many each group has, the order of the groups, then their rows and lines.
//!
//! What is shown meanwhile is the groups as they were; these here are their successors. Owns them until they are done.

use crate::domain::{grouping::GroupField, row::RowId};

use super::{
    alphabet::Alphabet,
    budget::Budget,
    folds::Folds,
    group_key::{Key, rank},
    groups::{Group, GroupId, Groups, RANKS},
    radix::{self, Radix},
    store::Store,
};

/// Bits of the rank of a severity.
const WORST_BITS: u32 = 4;

/// Groups that are being filled.
#[derive(Debug)]
pub(super) struct Filling {
    groups: Groups,
    assigning: Assigning,
    /// How many rows the store had.
    count: usize,
    pass: Pass,
    at: usize,
    radix: Radix,
    start: u32,
    line: u32,
}

/// Which rows are put into the groups that their present values make them part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assigning {
    /// Those that are in none.
    New,
    /// All.
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// The groups that there were, without their rows.
    Copy,
    Assign,
    Count,
    /// What the groups are ordered by.
    Rank,
    Order,
    Start,
    Place,
    Line,
}

impl Filling {
    /// Begins. `former` are the groups that are shown, where they are by the same field; else `folds` is what is folded.
    pub(super) fn new(store: &Store, field: GroupField, former: Option<&Groups>, folds: Folds, assigning: Assigning) -> Self {
        let mut groups = Groups::new(field, folds);
        if let Some(former) = former {
            groups.by_symbol.clone_from(&former.by_symbol);
            groups.by_number.clone_from(&former.by_number);
            groups.folds = former.folds.clone();
            if assigning == Assigning::New {
                groups.members.clone_from(&former.members);
            }
        }
        // Groups by resource are nearly as many as rows: growing them step by step would copy them again and again.
        let most = store.interner().len().min(store.len());
        groups.list.reserve(most);
        groups.severities.reserve(most);
        groups.members.reserve(store.len());
        Self { groups, assigning, count: store.len(), pass: Pass::Copy, at: 0, radix: Radix::default(), start: 0, line: 0 }
    }

    /// Begins with groups that are not shown meanwhile, since it is done at once.
    pub(super) fn again(store: &Store, mut groups: Groups, assigning: Assigning) -> Self {
        if assigning == Assigning::All {
            groups.members.clear();
        }
        groups.shown.clear();
        groups.rows.clear();
        Self { groups, assigning, count: store.len(), pass: Pass::Copy, at: 0, radix: Radix::default(), start: 0, line: 0 }
    }

    /// Goes on with the same rows, which are in order; gives the groups once they are done. The alphabet must know every text.
    pub(super) fn step(
        &mut self,
        store: &Store,
        alphabet: &Alphabet,
        former: Option<&Groups>,
        rows: &[RowId],
        budget: &mut Budget,
    ) -> Option<Groups> {
        loop {
            let former = former.filter(|former| former.field() == self.groups.field());
            let groups = &mut self.groups;
            let end = match self.pass {
                Pass::Copy => former.map_or(groups.list.len(), |former| former.list.len()),
                Pass::Assign => self.count.saturating_sub(groups.members.len()) + self.at,
                Pass::Count | Pass::Place => rows.len(),
                Pass::Rank => groups.list.len(),
                Pass::Order => 0,
                Pass::Start => self.radix.items.len(),
                Pass::Line => groups.shown.len(),
            };
            let part = budget.part(&mut self.at, end);
            let is_done = match self.pass {
                Pass::Order => self.radix.step(width(groups.field(), store, rows.len()), budget),
                _ => self.at == end,
            };
            match self.pass {
                Pass::Copy => {
                    let assigning = self.assigning;
                    let clear = |group: &mut Group| {
                        (group.len, group.worst) = (0, 0);
                        if assigning == Assigning::All {
                            (group.is_used, group.is_uniform, group.votes) = (false, true, 0);
                        }
                    };
                    if let Some(former) = former {
                        groups.list.extend_from_slice(former.list.get(part.clone()).unwrap_or_default());
                        groups.severities.resize(groups.list.len(), [0; RANKS]);
                    }
                    groups.list.get_mut(part.clone()).unwrap_or_default().iter_mut().for_each(clear);
                    groups.severities.get_mut(part).unwrap_or_default().fill([0; RANKS]);
                }
                Pass::Assign => groups.assign_until(store, groups.members.len() + part.len()),
                Pass::Count => {
                    for &row in rows.get(part).unwrap_or_default() {
                        if let Some(&id) = groups.members.get(row.index()) {
                            groups.count(id as usize, rank(store, row));
                        }
                    }
                }
                Pass::Rank => {
                    let texts = text_bits(groups.field(), store);
                    let lens = radix::width(rows.len() as u64);
                    let first = part.start as u32;
                    for (group, id) in groups.list.get(part).unwrap_or_default().iter().zip(first..).filter(|(group, _)| group.len > 0) {
                        let text = match group.key {
                            Key::Text(symbol) => alphabet.rank(symbol),
                            // Flipping the sign bit makes signed numbers compare as unsigned ones.
                            Key::Number(number) => number.cast_unsigned() ^ (1 << 31),
                        };
                        // Worst and largest first: both count down.
                        let worst = u64::from(((1 << WORST_BITS) - 1) - group.worst);
                        let len = rows.len() as u64 - u64::from(group.len);
                        self.radix.items.push(((worst << lens | len) << texts | u64::from(text), id));
                    }
                }
                Pass::Start => {
                    for &(_, id) in self.radix.items.get(part).unwrap_or_default() {
                        groups.shown.push(GroupId(id));
                        if let Some(group) = groups.list.get_mut(id as usize) {
                            group.start = self.start;
                            self.start += group.len;
                        }
                    }
                }
                Pass::Place => {
                    groups.rows.resize(self.start as usize, RowId(0));
                    // Each group's start moves to behind its last row while they are put in, and back again.
                    for &row in rows.get(part).unwrap_or_default() {
                        let group = groups.members.get(row.index()).and_then(|&group| groups.list.get_mut(group as usize));
                        if let Some(group) = group
                            && let Some(slot) = groups.rows.get_mut(group.start as usize)
                        {
                            *slot = row;
                            group.start += 1;
                        }
                    }
                }
                Pass::Line => {
                    for &id in groups.shown.get(part).unwrap_or_default() {
                        if let Some(group) = groups.list.get_mut(id.index()) {
                            group.start -= group.len;
                            group.line = self.line;
                            self.line += group.lines();
                        }
                    }
                }
                Pass::Order => {}
            }
            if !is_done {
                return None;
            }
            self.at = 0;
            self.pass = match self.pass {
                Pass::Copy => Pass::Assign,
                Pass::Assign => Pass::Count,
                Pass::Count => Pass::Rank,
                Pass::Rank => Pass::Order,
                Pass::Order => Pass::Start,
                Pass::Start => Pass::Place,
                Pass::Place => Pass::Line,
                Pass::Line => {
                    self.radix.clear();
                    return Some(std::mem::replace(&mut self.groups, Groups::new(GroupField::Severity, Folds::default())));
                }
            };
        }
    }
}

/// How many bits the text or the number of a group takes.
fn text_bits(field: GroupField, store: &Store) -> u32 {
    match field {
        GroupField::Status | GroupField::Severity => u32::BITS,
        _ => radix::width(store.interner().len() as u64),
    }
}

/// How many bits the place of a group takes: no more than there are below 2^28 rows and 2^32 texts.
fn width(field: GroupField, store: &Store, rows: usize) -> u32 {
    (WORST_BITS + radix::width(rows as u64) + text_bits(field, store)).min(u64::BITS)
}
