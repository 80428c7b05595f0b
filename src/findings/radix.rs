//! Sorting numbers digit by digit, in steps: two passes over all of them for every digit, equal numbers stay as they were.

use super::budget::Budget;

/// Bits of a digit: its counters fit into the nearest cache.
const BITS: u32 = 11;

/// Numbers, each with what it stands for: a row or a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Radix {
    /// What is sorted.
    pub items: Vec<(u64, u32)>,
    /// Where the present digit puts them.
    other: Vec<(u64, u32)>,
    /// How many of the present digit there are, and then where the next of them goes.
    places: Vec<u32>,
    /// The lowest bit of the present digit.
    shift: u32,
    at: usize,
    pass: Pass,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Pass {
    #[default]
    Count,
    Move,
}

impl Radix {
    /// Takes what is to be sorted anew, in the room there is.
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.restart();
    }

    /// Sorts what is there from the lowest digit on.
    pub(super) fn restart(&mut self) {
        (self.shift, self.at, self.pass) = (0, 0, Pass::Count);
    }

    /// Goes on sorting numbers of at most so many bits; says whether they are sorted.
    pub(super) fn step(&mut self, width: u32, budget: &mut Budget) -> bool {
        let count = self.items.len();
        while self.shift < width {
            let digit = |number: u64| (number >> self.shift) as usize & ((1 << BITS) - 1);
            match self.pass {
                Pass::Count => {
                    if self.at == 0 {
                        self.places.clear();
                        self.places.resize(1 << BITS, 0);
                    }
                    let part = budget.part(&mut self.at, count);
                    for &(number, _) in self.items.get(part).unwrap_or_default() {
                        if let Some(place) = self.places.get_mut(digit(number)) {
                            *place += 1;
                        }
                    }
                    if self.at < count {
                        return false;
                    }
                    self.at = 0;
                    if self.places.iter().any(|&of_digit| of_digit as usize == count) {
                        self.shift += BITS;
                        continue;
                    }
                    let mut start = 0;
                    for place in &mut self.places {
                        start += std::mem::replace(place, start);
                    }
                    self.other.resize(count, (0, 0));
                    self.pass = Pass::Move;
                }
                Pass::Move => {
                    let part = budget.part(&mut self.at, count);
                    for &item in self.items.get(part).unwrap_or_default() {
                        if let Some(place) = self.places.get_mut(digit(item.0))
                            && let Some(slot) = self.other.get_mut(*place as usize)
                        {
                            *slot = item;
                            *place += 1;
                        }
                    }
                    if self.at < count {
                        return false;
                    }
                    std::mem::swap(&mut self.items, &mut self.other);
                    (self.at, self.pass, self.shift) = (0, Pass::Count, self.shift + BITS);
                }
            }
        }
        true
    }
}

/// How many bits a number has.
pub(super) const fn width(most: u64) -> u32 {
    u64::BITS - most.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_sorting_does_and_keeps_what_is_equal_where_it_was(
            numbers in proptest::collection::vec(prop_oneof![0_u64..9, any::<u64>(), 1_u64 << 40..(1 << 40) + 9], 0..300), step in 1_usize..700,
        ) {
            let mut radix = Radix { items: numbers.iter().copied().zip(0..).collect(), ..Radix::default() };
            let most = numbers.iter().copied().max().unwrap_or_default();
            while !radix.step(width(most), &mut Budget::of(step)) {}
            let mut sorted: Vec<(u64, u32)> = numbers.into_iter().zip(0..).collect();
            sorted.sort_unstable();
            prop_assert_eq!(radix.items, sorted);
        }
    }
}
