//! Texts stored once: account names, titles, resources repeat over thousands of rows.
//!
//! They lie one behind the other in lower case, so that a filter is one search over unique texts, not over rows. How a text is written
//! lies elsewhere, and only where that is another: of most texts of findings (identifiers, addresses, names) it is not.

use super::places::Places;

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

/// Most bytes of all texts in lower case: places are counted in 32 bits. At 60 bytes of new texts a finding that is 70 million findings.
pub const MOST_BYTES: usize = u32::MAX as usize;

/// Room that is made for the first texts.
const FIRST_ROOM: usize = 1 << 10;

/// Stands for a text that there is no room for.
const NO_ROOM: &str = "(no room)";

/// The texts.
#[derive(Debug, Clone)]
pub struct Interner {
    lower: String,
    /// The texts that are not in lower case, as they are written.
    written: String,
    /// Symbol 0 is the empty text.
    ends: Vec<Ends>,
    places: Places,
    most_bytes: usize,
}

/// Where a text ends.
#[derive(Debug, Clone, Copy)]
struct Ends {
    /// In `lower`, a NUL behind it included.
    lower: u32,
    /// In `written`; the same as that of the symbol before where the text is in lower case.
    written: u32,
}

impl Default for Interner {
    fn default() -> Self {
        Self::with_room(MOST_BYTES)
    }
}

impl Interner {
    fn with_room(most_bytes: usize) -> Self {
        Self {
            // The texts are parted by NUL, which no clean text holds: a match never spans two of them.
            lower: "\0".to_owned(),
            written: String::new(),
            ends: vec![Ends { lower: 1, written: 0 }],
            places: Places::default(),
            most_bytes,
        }
    }

    /// The symbol of a text, storing it if it is new. Where there is no room for it, that of a text that says so.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if text.is_empty() {
            return Symbol::NONE;
        }
        let hashed = self.places.hashed(text);
        let Self { lower, written, ends, places, most_bytes } = self;
        if let Some(found) = places.find(hashed, |at| slice(lower, written, ends, at) == text) {
            return Symbol(found);
        }
        let in_lower = text.to_lowercase();
        // Of the two the twin in lower case takes more room, or all texts together do.
        let room = most_bytes.saturating_sub(lower.len().max(written.len()) + NO_ROOM.len() + 1);
        if text != NO_ROOM && in_lower.len().max(text.len()) >= room {
            return self.intern(NO_ROOM);
        }
        let at = ends.len() as u32;
        push(lower, &in_lower);
        push(lower, "\0");
        if in_lower != text {
            push(written, text);
        }
        ends.push(Ends { lower: lower.len() as u32, written: written.len() as u32 });
        places.insert(hashed, at);
        Symbol(at)
    }

    /// The symbol of an optional text.
    pub fn intern_optional(&mut self, text: Option<&str>) -> Symbol {
        text.map_or(Symbol::NONE, |text| self.intern(text))
    }

    /// The text of a symbol; empty for none.
    pub fn text(&self, symbol: Symbol) -> &str {
        slice(&self.lower, &self.written, &self.ends, symbol.0)
    }

    /// The lower-case twin of a text.
    pub fn lower(&self, symbol: Symbol) -> &str {
        let at = symbol.0 as usize;
        let (Some(&end), Some(before)) = (self.ends.get(at), at.checked_sub(1)) else { return "" };
        let start = self.ends.get(before).map_or(0, |before| before.lower as usize);
        self.lower.get(start..(end.lower as usize).saturating_sub(1)).unwrap_or_default()
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
        let Some(&before) = self.ends.get(symbol - 1) else { return };
        let mut start = before.lower as usize;
        let last = (until.0 as usize).min(self.ends.len()).checked_sub(1);
        let end = last.and_then(|last| self.ends.get(last)).map_or(0, |last| last.lower as usize);
        while let Some(at) = self.lower.as_bytes().get(start..end).and_then(|rest| finder.find(rest)) {
            symbol = self.holder(start + at, symbol);
            let Some(&end) = self.ends.get(symbol) else { return };
            found(Symbol(symbol as u32));
            // Further hits in the same text say nothing new.
            start = end.lower as usize;
            symbol += 1;
        }
    }

    /// The symbol whose lower-case twin has this byte, at or behind one that is near: most hits of a short word are.
    fn holder(&self, byte: usize, near: usize) -> usize {
        let is_before = |end: &Ends| end.lower as usize <= byte;
        let (mut from, mut step) = (near, 1);
        while self.ends.get(from + step).is_some_and(is_before) {
            from += step;
            step *= 2;
        }
        let until = (from + step + 1).min(self.ends.len());
        from + self.ends.get(from..until).map_or(0, |ends| ends.partition_point(is_before))
    }
}

/// Puts a text behind the others. The room grows by an eighth, not by half or double: at a million rows that is what one sees.
fn push(texts: &mut String, text: &str) {
    if texts.capacity() - texts.len() < text.len() {
        texts.reserve_exact(text.len().max(texts.len() / 8).max(FIRST_ROOM));
    }
    texts.push_str(text);
}

fn slice<'a>(lower: &'a str, written: &'a str, ends: &[Ends], at: u32) -> &'a str {
    let at = at as usize;
    let Some(before) = at.checked_sub(1) else { return "" };
    let (Some(start), Some(end)) = (ends.get(before), ends.get(at)) else { return "" };
    let text = if start.written == end.written {
        lower.get(start.lower as usize..(end.lower as usize).saturating_sub(1))
    } else {
        written.get(start.written as usize..end.written as usize)
    };
    text.unwrap_or_default()
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
    fn what_there_is_no_room_for_says_so_and_spoils_nothing() {
        let mut interner = Interner::with_room(200);
        let texts: Vec<String> = (0..100).map(|n| format!("Text {n}")).collect();
        let symbols: Vec<Symbol> = texts.iter().map(|text| interner.intern(text)).collect();
        let told: Vec<&str> = symbols.iter().map(|&symbol| interner.text(symbol)).collect();
        let fitting = told.iter().zip(&texts).take_while(|(told, text)| **told == **text).count();
        assert!((15..25).contains(&fitting), "{fitting}");
        assert!(told.iter().skip(fitting).all(|told| *told == NO_ROOM));
        assert!(interner.lower.len() <= 200);
        assert_eq!(interner.intern("Text 1"), symbols[1]);
        assert_eq!(interner.intern(&"x".repeat(300)), symbols[99]);
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
