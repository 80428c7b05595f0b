//! The place of every text in the alphabet, kept up to date as texts arrive.
//!
//! Sorting a hundred thousand texts takes longer than a frame, so it is never done at once: new texts are put into their places as pages
//! bring them. Owns ranks only; the texts are the interner's.

use std::cmp::Ordering;

use super::interner::{Interner, Symbol};

/// New texts wait until there are this many, or one for so many that have their places: each merge copies all of them.
const FEWEST_WAITING: usize = 512;
const ONE_WAITING_OF: usize = 32;

/// Compares two texts as they are sorted: without regard to case, and with regard to it where that says nothing.
pub fn compare(interner: &Interner, a: Symbol, b: Symbol) -> Ordering {
    interner.lower(a).cmp(interner.lower(b)).then_with(|| interner.text(a).cmp(interner.text(b)))
}

/// Symbols in the order of their texts.
#[derive(Debug, Clone, Default)]
pub struct Alphabet {
    sorted: Vec<Symbol>,
    /// By symbol; as long as nothing new has come, one for each of `sorted`.
    ranks: Vec<u32>,
}

impl Alphabet {
    /// Looks at the texts that are new, once there are enough of them to be worth it.
    pub fn follow(&mut self, interner: &Interner) {
        let waiting = interner.len() - self.sorted.len();
        if waiting >= FEWEST_WAITING.max(self.sorted.len() / ONE_WAITING_OF) {
            self.take_in(interner);
        }
    }

    /// Looks at all texts that are new, so that every one has a rank.
    pub fn settle(&mut self, interner: &Interner) {
        self.take_in(interner);
        if self.ranks.len() == self.sorted.len() {
            return;
        }
        self.ranks.clear();
        self.ranks.resize(self.sorted.len(), 0);
        for (&symbol, rank) in self.sorted.iter().zip(0..) {
            if let Some(slot) = self.ranks.get_mut(symbol.0 as usize) {
                *slot = rank;
            }
        }
    }

    /// The rank of a text; that of a later text is greater. [`Self::settle`] must have seen it.
    pub fn rank(&self, symbol: Symbol) -> u32 {
        self.ranks.get(symbol.0 as usize).copied().unwrap_or_default()
    }

    fn take_in(&mut self, interner: &Interner) {
        let mut new: Vec<Symbol> = (self.sorted.len() as u32..interner.len() as u32).map(Symbol).collect();
        if new.is_empty() {
            return;
        }
        new.sort_unstable_by(|&a, &b| compare(interner, a, b));
        let mut merged = Vec::with_capacity(interner.len());
        let mut rest = self.sorted.as_slice();
        for symbol in new {
            let (before, behind) = rest.split_at(rest.partition_point(|&other| compare(interner, other, symbol).is_lt()));
            merged.extend_from_slice(before);
            merged.push(symbol);
            rest = behind;
        }
        merged.extend_from_slice(rest);
        self.sorted = merged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_those_of_sorting_everything_whenever_they_are_asked_for(
            steps in proptest::collection::vec((proptest::collection::vec("[aAbBé]{0,4}", 0..8), any::<bool>()), 1..12),
        ) {
            let (mut interner, mut alphabet) = (Interner::default(), Alphabet::default());
            for (texts, settles) in steps {
                for text in &texts {
                    interner.intern(text);
                }
                alphabet.follow(&interner);
                if settles {
                    alphabet.settle(&interner);
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
        interner.intern("one more");
        alphabet.follow(&interner);
        assert_eq!(alphabet.sorted.len(), interner.len() - 1, "it waits for company");
    }
}
