//! How much of a long piece of work may be done before keys are looked at again, counted in rows: a count says the same on every machine.

use std::ops::Range;

use super::chunk::CHUNK_ROWS;

/// Rows that a step of long work goes over: a few milliseconds.
pub const STEP_ROWS: usize = 8 * CHUNK_ROWS;

/// Rows that may still be gone over.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    left: usize,
    spent: u64,
}

impl Budget {
    /// So many rows.
    pub const fn of(rows: usize) -> Self {
        Self { left: rows, spent: 0 }
    }

    /// As many as there are.
    pub const fn endless() -> Self {
        Self::of(usize::MAX)
    }

    /// The next part of a pass that has come to `at` and ends at `end`; empty where nothing may be done any more.
    pub fn part(&mut self, at: &mut usize, end: usize) -> Range<usize> {
        let count = end.saturating_sub(*at).min(self.left);
        self.left -= count;
        self.spent += count as u64;
        let from = *at;
        *at += count;
        from..*at
    }

    /// Whether nothing may be done any more.
    pub const fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// How many rows may still be gone over.
    pub const fn left(&self) -> usize {
        self.left
    }

    /// How many rows were gone over, each as often as it was.
    pub const fn spent(&self) -> u64 {
        self.spent
    }
}

/// A range of rows, chunk by chunk: which chunk, and what of it.
pub fn pieces(rows: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> {
    let Range { start, end } = rows;
    (start / CHUNK_ROWS..end.div_ceil(CHUNK_ROWS)).map(move |chunk| {
        let first = chunk * CHUNK_ROWS;
        (chunk, start.saturating_sub(first)..(end - first).min(CHUNK_ROWS))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_are_the_rows_of_the_range(start in 0_usize..20_000, len in 0_usize..20_000) {
            let told: Vec<usize> = pieces(start..start + len).flat_map(|(chunk, of)| of.map(move |at| chunk * CHUNK_ROWS + at)).collect();
            prop_assert_eq!(told, (start..start + len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_pass_is_done_in_parts_no_longer_than_what_is_left() {
        let (mut at, mut parts) = (0, Vec::new());
        while at < 10 {
            let mut budget = Budget::of(4);
            parts.push(budget.part(&mut at, 10));
        }
        assert_eq!(parts, [0..4, 4..8, 8..10]);
        let mut budget = Budget::of(4);
        assert_eq!((budget.part(&mut 0, 3), budget.part(&mut 0, 3), budget.is_spent(), budget.spent()), (0..3, 0..1, true, 4));
    }
}
