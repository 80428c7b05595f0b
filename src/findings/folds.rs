//! Which groups are folded, by their texts, so that it holds over new results, sorts and filters.

use std::collections::HashSet;

/// Folded or not, for groups that are there and for those that come later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds {
    /// Whether groups are folded that nothing else is said of.
    all: bool,
    others: HashSet<String>,
}

impl Folds {
    /// Whether a group is folded.
    pub fn is_folded(&self, text: &str) -> bool {
        // Nothing is hashed as long as nothing is said of a single group.
        self.all != (!self.others.is_empty() && self.others.contains(text))
    }

    /// Folds or unfolds one group.
    pub fn set(&mut self, text: String, is_folded: bool) {
        if is_folded == self.all {
            self.others.remove(&text);
        } else {
            self.others.insert(text);
        }
    }

    /// Folds or unfolds every group.
    pub fn set_all(&mut self, is_folded: bool) {
        self.all = is_folded;
        self.others.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_one_group_holds_until_something_is_said_of_all() {
        let mut folds = Folds::default();
        assert!(!folds.is_folded("a"));
        folds.set("a".to_owned(), true);
        assert!(folds.is_folded("a") && !folds.is_folded("b"));
        folds.set_all(true);
        assert!(folds.is_folded("a") && folds.is_folded("b"));
        folds.set("a".to_owned(), false);
        folds.set("b".to_owned(), true);
        assert!(!folds.is_folded("a") && folds.is_folded("b") && folds.is_folded("c"));
        folds.set_all(false);
        assert!(!folds.is_folded("b"));
    }
}
