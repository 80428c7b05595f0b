//! Finding the rows that make a whole call fail: halves are tried until each such row stands alone.
//!
//! Owns which rows go into the next call. A call that is accepted does its work, so nothing is ever sent twice for the sake of the search:
//! what is left when a row was found goes in one call.

use std::mem;

/// Whether anything with this patch was ever accepted: if not, the patch itself may be what is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// It was.
    Accepted,
    /// Not yet.
    Untried,
}

/// Rows that a refused call had, narrowed down by further calls, one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bisection<T> {
    /// At least one of these is refused.
    bad: Vec<T>,
    /// Nothing is known of these.
    rest: Vec<T>,
    /// To be tried alone, to tell a refused patch from refused rows. They are among `bad`.
    probes: Vec<T>,
    /// A probe was refused, so nothing is known any more of the others of `bad`.
    is_explained: bool,
    /// What is under way.
    sent: Sent<T>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Sent<T> {
    Nothing,
    /// Part of `bad`, which has only the other part meanwhile.
    Half(Vec<T>),
    /// Taken out of `bad`.
    Probe(T),
    /// What was left.
    Merged(Vec<T>),
}

/// How many rows are tried alone before a patch is held for refused.
const PROBES: usize = 3;

impl<T: Copy + PartialEq> Bisection<T> {
    /// A call with these rows was refused; there are at least two.
    pub(super) fn new(bad: Vec<T>) -> Self {
        Self { bad, rest: Vec::new(), probes: Vec::new(), is_explained: false, sent: Sent::Nothing }
    }

    /// The rows of the next call; `None` when there is nothing left to find out.
    pub(super) fn next(&mut self) -> Option<Vec<T>> {
        if let Some(probe) = self.probes.pop() {
            self.bad.retain(|row| *row != probe);
            self.sent = Sent::Probe(probe);
            return Some(vec![probe]);
        }
        if mem::take(&mut self.is_explained) {
            self.rest.append(&mut self.bad);
        }
        let rows = if self.bad.is_empty() {
            let merged = mem::take(&mut self.rest);
            self.sent = Sent::Merged(merged.clone());
            merged
        } else {
            let half: Vec<T> = self.bad.drain(..self.bad.len().div_ceil(2)).collect();
            self.sent = Sent::Half(half.clone());
            half
        };
        if rows.is_empty() {
            self.sent = Sent::Nothing;
        }
        (!rows.is_empty()).then_some(rows)
    }

    /// The call under way was accepted.
    pub(super) fn accepted(&mut self) {
        // Of a half: then the other one is refused; that needs no call. Of a probe: then it is rows, not the patch.
        self.sent = Sent::Nothing;
        self.probes.clear();
    }

    /// The call under way was refused. Gives the row that stands alone with it: its own call has shown that it is refused.
    pub(super) fn refused(&mut self, trust: Trust) -> Option<T> {
        match mem::replace(&mut self.sent, Sent::Nothing) {
            Sent::Nothing => None,
            Sent::Probe(row) => {
                self.is_explained = true;
                Some(row)
            }
            Sent::Half(half) | Sent::Merged(half) if half.len() == 1 => {
                self.one_found();
                half.first().copied()
            }
            Sent::Half(half) => {
                // In front: rows keep their order.
                self.rest.splice(0..0, mem::replace(&mut self.bad, half));
                None
            }
            Sent::Merged(rows) => {
                if trust == Trust::Untried {
                    self.probes = spread(&rows);
                }
                self.bad = rows;
                None
            }
        }
    }

    /// The call under way came to no answer and its rows were given up: nothing is known of the others.
    pub(super) fn abandoned(&mut self) {
        self.sent = Sent::Nothing;
        self.one_found();
    }

    /// One row explains the refusal, so nothing is known of the others any more.
    fn one_found(&mut self) {
        self.rest.splice(0..0, mem::take(&mut self.bad));
        self.probes.clear();
    }

    /// Every row that is not under way.
    pub(super) fn waiting(&self) -> impl Iterator<Item = T> {
        self.bad.iter().chain(&self.rest).copied()
    }
}

/// A few rows from all over.
fn spread<T: Copy>(rows: &[T]) -> Vec<T> {
    let count = rows.len().min(PROBES);
    (0..count).filter_map(|at| rows.get((2 * at + 1) * rows.len() / (2 * count)).copied()).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "a panic is a failed test")]
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    /// Plays a search against a service that refuses these rows: how many calls it took, and what was found. Stops where the engine would
    /// hold the patch itself for refused.
    fn play(rows: u32, poison: &BTreeSet<u32>) -> (usize, BTreeSet<u32>) {
        let (mut calls, mut found, mut done) = (0, BTreeSet::new(), BTreeSet::new());
        let mut trust = Trust::Untried;
        let mut search = Bisection::new((0..rows).collect());
        while let Some(sent) = search.next() {
            calls += 1;
            assert!(calls < 1000, "it does not end");
            if sent.iter().any(|row| poison.contains(row)) {
                if let Some(row) = search.refused(trust) {
                    assert_eq!(sent, [row], "a row is found only by its own call");
                    assert!(found.insert(row));
                }
            } else {
                trust = Trust::Accepted;
                search.accepted();
                for row in sent {
                    assert!(done.insert(row), "{row} was sent again after it was accepted");
                }
            }
        }
        assert_eq!(done.len() + found.len(), rows as usize, "every row was accepted or stands alone");
        (calls, found)
    }

    #[test]
    fn one_row_of_a_hundred_is_found_with_at_most_9_calls_wherever_it_stands() {
        for at in 0..100 {
            let (calls, found) = play(100, &BTreeSet::from([at]));
            assert_eq!(found, BTreeSet::from([at]));
            assert!(calls <= 9, "{calls} calls for the row at {at}");
        }
    }

    #[test]
    fn a_refusal_that_was_none_of_a_row_ends_with_every_row_accepted() {
        let (calls, found) = play(100, &BTreeSet::new());
        assert!(found.is_empty() && calls <= 8, "{calls}");
    }

    #[test]
    fn a_refused_patch_is_told_from_refused_rows_by_three_rows_from_all_over() {
        let mut search = Bisection::new((0..100).collect());
        let mut alone = Vec::new();
        for _ in 0..11 {
            let Some(_) = search.next() else { panic!("it ends too early") };
            alone.extend(search.refused(Trust::Untried));
        }
        assert_eq!(alone, [0, 83, 50, 17], "the first by halves, then three of the rest");
    }

    proptest! {
        #[test]
        fn any_rows_are_found_and_the_others_accepted_once(rows in 2_u32..=100, poison in proptest::collection::btree_set(0_u32..100, 0..12)) {
            let poison: BTreeSet<u32> = poison.into_iter().filter(|row| *row < rows).collect();
            let (calls, found) = play(rows, &poison);
            prop_assert!(calls <= 9 * poison.len() + 8 + 3, "{} calls for {}", calls, poison.len());
            prop_assert_eq!(found, poison);
        }
    }
}
