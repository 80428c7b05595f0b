//! The place of every text in the alphabet, kept up to date as texts arrive.
//!
//! Sorting a hundred thousand texts takes longer than a frame, so it is never done at once: new texts are put into their places as pages
//! bring them. Owns ranks only; the texts are the interner's.

use std::cmp::Ordering;

use super::{
    budget::Budget,
    interner::{Interner, Symbol},
};

/// New texts wait until there are this many, or one for so many that have their places: each merge copies all of them.
const FEWEST_WAITING: usize = 512;
const ONE_WAITING_OF: usize = 32;
/// Waiting texts that are given their places with each page: as many again as the page can bring are done before the next merge is due.
const AT_A_PAGE: usize = 1_024;
/// Comparing texts that lie far apart takes as long as going over so many rows.
const ROWS_A_TEXT: usize = 16;

/// Compares two texts as they are sorted: without regard to case, and with regard to it where that says nothing.
pub fn compare(interner: &Interner, a: Symbol, b: Symbol) -> Ordering {
    interner.lower(a).cmp(interner.lower(b)).then_with(|| interner.text(a).cmp(interner.text(b)))
}

/// Symbols in the order of their texts.
#[derive(Debug, Clone, Default)]
pub struct Alphabet {
    sorted: Vec<Symbol>,
    /// By symbol, of those that were in `sorted` when it was last asked for ranks.
    ranks: Vec<u32>,
    /// How far the ranks are while they are told anew; as many as are sorted once all are.
    ranked: usize,
    /// Texts that have no place yet: sorted pieces, each at most half as long as the one before.
    waiting: Vec<Vec<Symbol>>,
    merging: Option<Merging>,
    /// How many texts have been seen.
    seen: usize,
}

/// New texts on their way into the sorted ones.
#[derive(Debug, Clone)]
struct Merging {
    new: Vec<Symbol>,
    /// How many of the new ones, and of the sorted ones, are in `out`.
    done: usize,
    from: usize,
    out: Vec<Symbol>,
}

impl Alphabet {
    /// Looks at the texts that are new, and does a part of what is to be done with them.
    pub fn follow(&mut self, interner: &Interner) {
        self.see(interner);
        if self.merging.is_none() && self.waiting_count() >= FEWEST_WAITING.max(self.sorted.len() / ONE_WAITING_OF) {
            self.begin_merge(interner);
        }
        self.merge(interner, &mut Budget::of(AT_A_PAGE));
    }

    /// Looks at all texts that are new, so that every one has a rank.
    pub fn settle(&mut self, interner: &Interner) {
        while !self.settle_step(interner, &mut Budget::endless()) {}
    }

    /// The same in steps; says whether it is done.
    pub fn settle_step(&mut self, interner: &Interner, budget: &mut Budget) -> bool {
        self.see(interner);
        loop {
            let mut texts = Budget::of(budget.left().div_ceil(ROWS_A_TEXT));
            let is_merged = self.merge(interner, &mut texts);
            budget.part(&mut 0, texts.spent() as usize * ROWS_A_TEXT);
            if !is_merged {
                return false;
            }
            if self.waiting.is_empty() {
                break;
            }
            self.begin_merge(interner);
        }
        if self.ranks.len() != self.sorted.len() {
            self.ranks.resize(self.sorted.len(), 0);
            self.ranked = 0;
        }
        let part = budget.part(&mut self.ranked, self.sorted.len());
        let first = part.start as u32;
        for (&symbol, rank) in self.sorted.get(part).unwrap_or_default().iter().zip(first..) {
            if let Some(slot) = self.ranks.get_mut(symbol.0 as usize) {
                *slot = rank;
            }
        }
        self.ranked == self.sorted.len()
    }

    /// The rank of a text; that of a later text is greater. [`Self::settle`] must have seen it.
    pub fn rank(&self, symbol: Symbol) -> u32 {
        self.ranks.get(symbol.0 as usize).copied().unwrap_or_default()
    }

    /// Sorts what is new by itself.
    fn see(&mut self, interner: &Interner) {
        let mut new: Vec<Symbol> = (self.seen as u32..interner.len() as u32).map(Symbol).collect();
        if new.is_empty() {
            return;
        }
        self.seen = interner.len();
        new.sort_unstable_by(|&a, &b| compare(interner, a, b));
        while let Some(last) = self.waiting.pop_if(|last| last.len() < 2 * new.len()) {
            new = joined(interner, &last, &new);
        }
        self.waiting.push(new);
    }

    fn waiting_count(&self) -> usize {
        self.waiting.iter().map(Vec::len).sum()
    }

    /// Makes one piece of all that waits.
    fn begin_merge(&mut self, interner: &Interner) {
        let mut new = Vec::new();
        while let Some(piece) = self.waiting.pop() {
            new = joined(interner, &piece, &new);
        }
        let out = Vec::with_capacity(self.sorted.len() + new.len());
        self.merging = Some(Merging { new, done: 0, from: 0, out });
    }

    /// Puts some of the new texts into their places; says whether nothing is left to do.
    fn merge(&mut self, interner: &Interner, budget: &mut Budget) -> bool {
        let Some(Merging { new, done, from, out }) = &mut self.merging else { return true };
        let part = budget.part(done, new.len());
        for &symbol in new.get(part).unwrap_or_default() {
            let rest = self.sorted.get(*from..).unwrap_or_default();
            let before = rest.get(..before(interner, rest, symbol)).unwrap_or_default();
            out.extend_from_slice(before);
            out.push(symbol);
            *from += before.len();
        }
        if *done < new.len() {
            return false;
        }
        out.extend_from_slice(self.sorted.get(*from..).unwrap_or_default());
        self.sorted = std::mem::take(out);
        self.merging = None;
        true
    }
}

/// How many of these stand before a text, which is not far from the first of them.
fn before(interner: &Interner, sorted: &[Symbol], symbol: Symbol) -> usize {
    let is_before = |&other: &Symbol| compare(interner, other, symbol).is_lt();
    let (mut from, mut step) = (0, 1);
    while sorted.get(from + step - 1).is_some_and(is_before) {
        from += step;
        step *= 2;
    }
    let until = (from + step).min(sorted.len());
    from + sorted.get(from..until).map_or(0, |near| near.partition_point(is_before))
}

fn joined(interner: &Interner, a: &[Symbol], b: &[Symbol]) -> Vec<Symbol> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let mut rest = b;
    for &symbol in a {
        let (before, behind) = rest.split_at(before(interner, rest, symbol));
        out.extend_from_slice(before);
        out.push(symbol);
        rest = behind;
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_those_of_sorting_everything_whenever_they_are_asked_for(
            steps in proptest::collection::vec((proptest::collection::vec("[aAbBé]{0,4}", 0..8), proptest::option::of(1_usize..200)), 1..12),
        ) {
            let (mut interner, mut alphabet) = (Interner::default(), Alphabet::default());
            for (texts, settles) in steps {
                for text in &texts {
                    interner.intern(text);
                }
                alphabet.follow(&interner);
                if let Some(rows) = settles {
                    while !alphabet.settle_step(&interner, &mut Budget::of(rows * ROWS_A_TEXT)) {}
                    prop_assert_eq!(alphabet.ranked, interner.len());
                    let mut symbols: Vec<Symbol> = (0..interner.len() as u32).map(Symbol).collect();
                    symbols.sort_by(|&a, &b| compare(&interner, a, b));
                    for (rank, symbol) in symbols.into_iter().enumerate() {
                        prop_assert_eq!(alphabet.rank(symbol) as usize, rank);
                    }
                }
            }
        }
    }

    #[test]
    fn many_new_texts_are_taken_in_before_anybody_asks() {
        let (mut interner, mut alphabet) = (Interner::default(), Alphabet::default());
        for number in 0..FEWEST_WAITING {
            interner.intern(&format!("text {number}"));
        }
        alphabet.follow(&interner);
        assert_eq!(alphabet.sorted.len(), interner.len());
        assert!(alphabet.merging.is_none() && alphabet.waiting.is_empty());
        interner.intern("one more");
        alphabet.follow(&interner);
        assert_eq!(alphabet.sorted.len(), interner.len() - 1, "it waits for company");
    }
}
