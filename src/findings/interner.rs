//! Texts stored once: account names, titles, resources repeat over thousands of rows.
//!
//! Beside each text stands its lower-case twin in one long string, so that a filter is one search over unique texts, not over rows.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// A stored text. The default is "none", which reads as the empty text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Symbol(pub u32);

impl Symbol {
    /// No text.
    pub const NONE: Self = Self(0);

    /// Whether there is a text.
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// The texts.
#[derive(Debug, Clone)]
pub struct Interner {
    texts: String,
    lower: String,
    /// Where each text ends in `texts` and, with a NUL behind it, in `lower`; symbol 0 is the empty text.
    ends: Vec<(u32, u32)>,
    table: HashTable<u32>,
    hasher: RandomState,
}

impl Default for Interner {
    fn default() -> Self {
        // The lower-case twins are parted by NUL, which no clean text holds: a match never spans two of them.
        Self { texts: String::new(), lower: "\0".to_owned(), ends: vec![(0, 1)], table: HashTable::new(), hasher: RandomState::new() }
    }
}

impl Interner {
    /// The symbol of a text, storing it if it is new.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if text.is_empty() {
            return Symbol::NONE;
        }
        let hash = self.hasher.hash_one(text);
        let Self { texts, ends, table, hasher, .. } = self;
        if let Some(&found) = table.find(hash, |&at| slice(texts, ends, at) == text) {
            return Symbol(found);
        }
        let at = ends.len() as u32;
        texts.push_str(text);
        self.lower.push_str(&text.to_lowercase());
        self.lower.push('\0');
        ends.push((texts.len() as u32, self.lower.len() as u32));
        table.insert_unique(hash, at, |&at| hasher.hash_one(slice(texts, ends, at)));
        Symbol(at)
    }

    /// The symbol of an optional text.
    pub fn intern_optional(&mut self, text: Option<&str>) -> Symbol {
        text.map_or(Symbol::NONE, |text| self.intern(text))
    }

    /// The text of a symbol; empty for none.
    pub fn text(&self, symbol: Symbol) -> &str {
        slice(&self.texts, &self.ends, symbol.0)
    }

    /// The lower-case twin of a text.
    pub fn lower(&self, symbol: Symbol) -> &str {
        let at = symbol.0 as usize;
        let (Some(&(_, end)), Some(before)) = (self.ends.get(at), at.checked_sub(1)) else { return "" };
        let start = self.ends.get(before).map_or(0, |&(_, end)| end as usize);
        self.lower.get(start..(end as usize).saturating_sub(1)).unwrap_or_default()
    }

    /// How many symbols there are, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether nothing but the empty text is stored.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// Calls `found` with every symbol from `from` on and before `until` whose text holds `needle`, which must be in lower case.
    pub fn find(&self, needle: &str, from: Symbol, until: Symbol, mut found: impl FnMut(Symbol)) {
        let finder = memchr::memmem::Finder::new(needle.as_bytes());
        let mut symbol = (from.0 as usize).max(1);
        let Some(&(_, start)) = self.ends.get(symbol - 1) else { return };
        let mut start = start as usize;
        let last = (until.0 as usize).min(self.ends.len()).checked_sub(1);
        let end = last.and_then(|last| self.ends.get(last)).map_or(0, |&(_, end)| end as usize);
        while let Some(at) = self.lower.as_bytes().get(start..end).and_then(|rest| finder.find(rest)) {
            symbol = self.holder(start + at, symbol);
            let Some(&(_, end)) = self.ends.get(symbol) else { return };
            found(Symbol(symbol as u32));
            // Further hits in the same text say nothing new.
            start = end as usize;
            symbol += 1;
        }
    }

    /// The symbol whose lower-case twin has this byte, at or behind one that is near: most hits of a short word are.
    fn holder(&self, byte: usize, near: usize) -> usize {
        let is_before = |&(_, end): &(u32, u32)| end as usize <= byte;
        let (mut from, mut step) = (near, 1);
        while self.ends.get(from + step).is_some_and(is_before) {
            from += step;
            step *= 2;
        }
        let until = (from + step + 1).min(self.ends.len());
        from + self.ends.get(from..until).map_or(0, |ends| ends.partition_point(is_before))
    }
}

fn slice<'a>(texts: &'a str, ends: &[(u32, u32)], at: u32) -> &'a str {
    let at = at as usize;
    let Some(before) = at.checked_sub(1) else { return "" };
    match (ends.get(before), ends.get(at)) {
        (Some(&(start, _)), Some(&(end, _))) => texts.get(start as usize..end as usize).unwrap_or_default(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_texts_share_a_symbol_and_come_back() {
        let mut interner = Interner::default();
        let a = interner.intern("Öffentlich");
        assert_eq!(interner.intern("Öffentlich"), a);
        assert_ne!(interner.intern("öffentlich"), a);
        assert_eq!((interner.text(a), interner.lower(a)), ("Öffentlich", "öffentlich"));
        assert_eq!(interner.intern(""), Symbol::NONE);
        assert_eq!((interner.text(Symbol::NONE), interner.text(Symbol(99))), ("", ""));
        for n in 0..10_000 {
            assert_eq!(interner.text(Symbol(3 + n)), interner.text(Symbol(99_999)));
            let symbol = interner.intern(&format!("text {n}"));
            assert_eq!(interner.text(symbol), format!("text {n}"));
        }
    }

    #[test]
    fn a_search_finds_each_text_once_and_never_across_two() {
        let mut interner = Interner::default();
        let symbols: Vec<Symbol> = ["abab", "xab", "ba", "a"].iter().map(|text| interner.intern(text)).collect();
        let hits = |needle: &str, from: Symbol| {
            let mut hits = Vec::new();
            interner.find(needle, from, Symbol(u32::MAX), |symbol| hits.push(symbol));
            hits
        };
        assert_eq!(hits("ab", Symbol::NONE), symbols[..2]);
        assert_eq!(hits("ba", Symbol::NONE), [symbols[0], symbols[2]]);
        assert_eq!(hits("aa", Symbol::NONE), []);
        assert_eq!(hits("a", symbols[2]), symbols[2..]);
        assert_eq!(hits("a", Symbol(99)), []);
    }

    proptest! {
        #[test]
        fn a_search_finds_what_looking_at_every_text_finds(
            texts in proptest::collection::vec("[ab]{0,4}", 0..60), needle in "[ab]{1,3}", from in 0_u32..70, until in 0_u32..70,
        ) {
            let mut interner = Interner::default();
            for (at, text) in texts.iter().enumerate() {
                interner.intern(&format!("{at}{text}"));
            }
            let mut found = Vec::new();
            interner.find(&needle, Symbol(from), Symbol(until), |symbol| found.push(symbol));
            let all = (from.max(1)..(interner.len() as u32).min(until)).map(Symbol);
            prop_assert_eq!(found, all.filter(|&symbol| interner.lower(symbol).contains(&needle)).collect::<Vec<_>>());
        }
    }
}
