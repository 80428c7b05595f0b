//! A set of rows as bits: marks, filter hits.

use crate::domain::row::RowId;

/// Rows, one bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowSet {
    words: Vec<u64>,
    count: usize,
}

impl RowSet {
    /// Whether a row is in the set.
    pub fn contains(&self, row: RowId) -> bool {
        self.words.get(row.index() / 64).is_some_and(|word| word >> (row.0 % 64) & 1 == 1)
    }

    /// Puts a row in; says whether it was new.
    pub fn insert(&mut self, row: RowId) -> bool {
        let at = row.index() / 64;
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        let Some(word) = self.words.get_mut(at) else { return false };
        let bit = 1 << (row.0 % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        self.count += usize::from(is_new);
        is_new
    }

    /// Takes a row out; says whether it was in.
    pub fn remove(&mut self, row: RowId) -> bool {
        let Some(word) = self.words.get_mut(row.index() / 64) else { return false };
        let bit = 1 << (row.0 % 64);
        let was_in = *word & bit != 0;
        *word &= !bit;
        self.count -= usize::from(was_in);
        was_in
    }

    /// Puts these rows in.
    pub fn extend(&mut self, rows: &[RowId]) {
        for &row in rows {
            self.insert(row);
        }
    }

    /// Puts in all rows of another set, 64 at once.
    pub fn insert_all(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.combine(other, |own, other| own | other);
    }

    /// Takes out all rows of another set, 64 at once.
    pub fn remove_all(&mut self, other: &Self) {
        self.combine(other, |own, other| own & !other);
    }

    /// Of the rows of another set, takes out those that are in and puts in those that are not, 64 at once.
    pub fn toggle_all(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.combine(other, |own, other| own ^ other);
    }

    /// Leaves only rows that another set has too, 64 at once.
    pub fn retain_all(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        self.combine(other, |own, other| own & other);
    }

    fn combine(&mut self, other: &Self, word: impl Fn(u64, u64) -> u64) {
        for (own, &other) in self.words.iter_mut().zip(&other.words) {
            *own = word(*own, other);
        }
        self.count = self.words.iter().map(|word| word.count_ones() as usize).sum();
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.words.clear();
        self.count = 0;
    }

    /// How many rows are in.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The rows, in the order they arrived.
    pub fn iter(&self) -> impl Iterator<Item = RowId> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros();
                left &= left - 1;
                Some(RowId(at as u32 * 64 + bit))
            })
        })
    }
}

impl FromIterator<RowId> for RowSet {
    fn from_iter<I: IntoIterator<Item = RowId>>(rows: I) -> Self {
        let mut set = Self::default();
        for row in rows {
            set.insert(row);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_behaves_as_a_set_of_numbers(steps in proptest::collection::vec((0_u32..200, any::<bool>()), 0..300)) {
            let mut set = RowSet::default();
            let mut model = std::collections::BTreeSet::new();
            for (number, put) in steps {
                if put {
                    prop_assert_eq!(set.insert(RowId(number)), model.insert(number));
                } else {
                    prop_assert_eq!(set.remove(RowId(number)), model.remove(&number));
                }
            }
            prop_assert_eq!(set.len(), model.len());
            prop_assert_eq!(set.iter().map(|row| row.0).collect::<Vec<_>>(), model.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn sets_are_joined_as_sets_of_numbers_are(a in proptest::collection::btree_set(0_u32..300, 0..80), b in proptest::collection::btree_set(0_u32..200, 0..80)) {
            let set = |rows: &std::collections::BTreeSet<u32>| rows.iter().copied().map(RowId).collect::<RowSet>();
            let numbers = |set: &RowSet| {
                assert_eq!(set.len(), set.iter().count());
                set.iter().map(|row| row.0).collect::<Vec<_>>()
            };
            for (a, b) in [(&a, &b), (&b, &a)] {
                let [mut joined, mut less, mut turned, mut both] = [set(a), set(a), set(a), set(a)];
                joined.insert_all(&set(b));
                less.remove_all(&set(b));
                turned.toggle_all(&set(b));
                both.retain_all(&set(b));
                prop_assert_eq!(numbers(&joined), a.union(b).copied().collect::<Vec<_>>());
                prop_assert_eq!(numbers(&less), a.difference(b).copied().collect::<Vec<_>>());
                prop_assert_eq!(numbers(&turned), a.symmetric_difference(b).copied().collect::<Vec<_>>());
                prop_assert_eq!(numbers(&both), a.intersection(b).copied().collect::<Vec<_>>());
            }
        }
    }
}
