//! The filter on shown text: which rows hold every word somewhere in what the table or the preview shows of them.
//!
//! The words are looked for in the unique texts, once each; a row then only asks whether its symbols were hit. What a filter has learned
//! goes over to the one that the next key makes of it, so that a longer word is looked for only where the shorter one was.

use std::sync::Arc;

use crate::domain::row::RowId;

use super::{
    budget::{Budget, pieces},
    chunk::{CHUNK_ROWS, Chunk},
    extra::Extra,
    interner::{Interner, Symbol},
    row_set::RowSet,
    store::Store,
};

/// Most words of a filter; further ones are not looked for.
pub const MAX_WORDS: usize = 16;

/// Rows are asked one by one where they are fewer than one of so many; else column after column is faster.
const FEW: usize = 6;

/// Where more than one of so many texts was hit by a shorter word, a longer one is looked for in all of them: that is faster than one by one.
const MANY: usize = 8;

/// A filter and which texts its words hit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextFilter {
    words: Vec<Word>,
    /// By symbol, one bit a word.
    hits: Vec<u16>,
}

/// A word, in lower case, and whether a row must have it or must not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    text: String,
    wanted: Wanted,
    /// The texts before this one have its bit where they hold it.
    known: usize,
    /// From there on, the texts before this one have its bit where they may hold it: it grew.
    narrowed: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Yes,
    No,
}

/// What a filter shows beside what the one before showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Narrowing {
    /// Nothing else: only rows shown before have to be looked at.
    #[default]
    Narrower,
    /// Perhaps others.
    Other,
}

impl TextFilter {
    /// Reads what was typed: words apart by spaces, in any case; `!word` for rows without it; `"two words"` for a phrase, which also takes
    /// away the meaning of a `!` in it. `None` where there is nothing to look for.
    pub fn new(typed: &str) -> Option<Self> {
        let words = words(&typed.to_lowercase());
        (!words.is_empty()).then_some(Self { words, hits: Vec::new() })
    }

    /// Takes over what the filter before has learned.
    pub fn follow(&mut self, before: Self) -> Narrowing {
        let Self { words, hits } = before;
        self.hits = hits;
        let mut narrowing = Narrowing::Narrower;
        for (at, old) in words.iter().enumerate() {
            let Some(new) = self.words.get_mut(at) else {
                narrowing = Narrowing::Other;
                continue;
            };
            let is_same = new.text == old.text;
            if is_same {
                (new.known, new.narrowed) = (old.known, old.narrowed);
            } else if new.text.contains(&old.text) {
                (new.known, new.narrowed) = (0, old.known.max(old.narrowed));
            }
            let narrows = new.wanted == old.wanted && (is_same || new.wanted == Wanted::Yes && new.text.contains(&old.text));
            if !narrows {
                narrowing = Narrowing::Other;
            }
        }
        narrowing
    }

    /// Looks for the words where they have not been looked for yet.
    pub fn learn(&mut self, interner: &Interner) {
        self.learn_step(interner, &mut Budget::endless());
    }

    /// The same in steps; says whether it is done.
    pub fn learn_step(&mut self, interner: &Interner, budget: &mut Budget) -> bool {
        let count = interner.len();
        let Self { words, hits } = self;
        // What no word has been looked for in yet has no bits.
        hits.resize(count.max(hits.len()), 0);
        for (at, word) in words.iter_mut().enumerate() {
            let bit = 1 << at;
            while word.known < count {
                let end = if word.known < word.narrowed { word.narrowed.min(count) } else { count };
                let part = budget.part(&mut word.known, end);
                if part.is_empty() {
                    return false;
                }
                let own = hits.get_mut(part.clone()).unwrap_or_default();
                let is_narrowed = part.end <= word.narrowed;
                if is_narrowed && own.iter().filter(|&&hits| hits & bit != 0).count() <= own.len() / MANY {
                    let finder = memchr::memmem::Finder::new(word.text.as_bytes());
                    for (hits, symbol) in own.iter_mut().zip(part.start as u32..) {
                        if *hits & bit != 0 && finder.find(interner.lower(Symbol(symbol)).as_bytes()).is_none() {
                            *hits &= !bit;
                        }
                    }
                } else {
                    for hits in own.iter_mut() {
                        *hits &= !bit;
                    }
                    interner.find(&word.text, Symbol(part.start as u32), Symbol(part.end as u32), |symbol| {
                        if let Some(hits) = (symbol.0 as usize).checked_sub(part.start).and_then(|at| own.get_mut(at)) {
                            *hits |= bit;
                        }
                    });
                }
            }
        }
        true
    }

    /// The words that a row must have, and those that it must not.
    fn demands(&self) -> Demands {
        let mask = |wanted| {
            let is_meant = |&(_, word): &(usize, &Word)| word.wanted == wanted;
            self.words.iter().enumerate().filter(is_meant).fold(0, |mask, (at, _)| mask | 1 << at)
        };
        Demands { must: mask(Wanted::Yes), must_not: mask(Wanted::No) }
    }

    fn hits(&self, symbol: Symbol) -> u16 {
        self.hits.get(symbol.0 as usize).copied().unwrap_or_default()
    }

    /// Whether a row is shown. [`Self::learn`] must have seen its texts.
    pub fn matches(&self, chunks: &[Arc<Chunk>], extra: &Extra, row: RowId) -> bool {
        self.found(chunks, extra, row).is_some_and(|found| self.demands().are_met(found))
    }

    /// The words that a row has.
    fn found(&self, chunks: &[Arc<Chunk>], extra: &Extra, row: RowId) -> Option<u16> {
        let chunk = chunks.get(row.index() / CHUNK_ROWS)?;
        let at = row.index() % CHUNK_ROWS;
        let found = columns(chunk).iter().fold(0, |found, column| found | self.hits(column.get(at).copied().unwrap_or_default()));
        Some(extra.values(row).fold(found, |found, symbol| found | self.hits(symbol)))
    }

    /// Puts those of `rows` that are shown behind what is in `out`, in their order. [`Self::learn`] must have seen all texts.
    pub fn pick(&self, chunks: &[Arc<Chunk>], extra: &Extra, rows: &[RowId], out: &mut Vec<RowId>) {
        let mut picking = Picking::default();
        picking.step(Some(self), None, (chunks, extra), rows, &mut Budget::endless());
        out.append(&mut picking.left);
    }
}

/// Choosing the rows that a filter leaves, in steps.
#[derive(Debug, Clone, Default)]
pub(super) struct Picking {
    /// By row, the words that it has; where all rows are looked at column after column.
    found: Vec<u16>,
    /// How many rows have been looked at so, and how many of the rows to choose from have been asked.
    looked: usize,
    at: usize,
    /// The rows that are left.
    pub left: Vec<RowId>,
}

impl Picking {
    /// Goes on choosing from the same rows; says whether it is done. The filter must have learned all texts.
    pub(super) fn step(
        &mut self,
        filter: Option<&TextFilter>,
        only: Option<&RowSet>,
        (chunks, extra): (&[Arc<Chunk>], &Extra),
        rows: &[RowId],
        budget: &mut Budget,
    ) -> bool {
        let is_only = |row: RowId| only.is_none_or(|only| only.contains(row));
        let Some(filter) = filter else {
            let part = budget.part(&mut self.at, rows.len());
            self.left.extend(rows.get(part).unwrap_or_default().iter().copied().filter(|&row| is_only(row)));
            return self.at == rows.len();
        };
        let demands = filter.demands();
        let count = match chunks.split_last() {
            Some((last, full)) => full.len() * CHUNK_ROWS + last.title.len(),
            None => 0,
        };
        // What came since it began is not among the rows to choose from.
        let is_column_wise = !self.found.is_empty() || rows.len() >= count / FEW;
        if !is_column_wise {
            let part = budget.part(&mut self.at, rows.len());
            let rows_of_part = rows.get(part).unwrap_or_default().iter().copied();
            self.left.extend(rows_of_part.filter(|&row| is_only(row) && filter.matches(chunks, extra, row)));
            return self.at == rows.len();
        }
        // Column after column lies one behind the other in memory; the rows of an order do not.
        if self.found.is_empty() {
            self.found = vec![0; count];
        }
        let end = self.found.len();
        let part = budget.part(&mut self.looked, end);
        for (at, of) in pieces(part.clone()) {
            let Some(chunk) = chunks.get(at) else { break };
            let found = self.found.get_mut(at * CHUNK_ROWS + of.start..at * CHUNK_ROWS + of.end).unwrap_or_default();
            for column in columns(chunk) {
                for (found, &symbol) in found.iter_mut().zip(column.get(of.clone()).unwrap_or_default()) {
                    *found |= filter.hits(symbol);
                }
            }
        }
        for column in extra.columns() {
            let values = column.get(part.start.min(column.len())..part.end.min(column.len())).unwrap_or_default();
            for (found, &symbol) in self.found.get_mut(part.clone()).unwrap_or_default().iter_mut().zip(values) {
                *found |= filter.hits(symbol);
            }
        }
        if self.looked < end {
            return false;
        }
        let part = budget.part(&mut self.at, rows.len());
        let is_met = |row: RowId| self.found.get(row.index()).is_some_and(|&found| demands.are_met(found));
        self.left.extend(rows.get(part).unwrap_or_default().iter().copied().filter(|&row| is_met(row) && is_only(row)));
        self.at == rows.len()
    }
}

/// Words by their bits.
#[derive(Debug, Clone, Copy)]
struct Demands {
    must: u16,
    must_not: u16,
}

impl Demands {
    /// Whether a row that has these words is shown.
    const fn are_met(self, found: u16) -> bool {
        found & self.must == self.must && found & self.must_not == 0
    }
}

/// The columns that are looked at: what the table or the preview shows.
fn columns(chunk: &Chunk) -> [&Vec<Symbol>; 11] {
    [
        &chunk.title,
        &chunk.resource,
        &chunk.control,
        &chunk.account_name,
        &chunk.account,
        &chunk.region,
        &chunk.product,
        &chunk.status_text,
        &chunk.severity_text,
        &chunk.resource_type,
        &chunk.comment,
    ]
}

/// The words of a text in lower case. A phrase whose end has not been typed yet reaches to the end of the text.
fn words(lower: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = lower.trim_start();
    while !rest.is_empty() && words.len() < MAX_WORDS {
        let (wanted, behind) = match rest.strip_prefix('!') {
            Some(behind) => (Wanted::No, behind),
            None => (Wanted::Yes, rest),
        };
        let (text, behind) = match behind.strip_prefix('"') {
            Some(phrase) => phrase.split_once('"').unwrap_or((phrase, "")),
            None => behind.split_at(behind.find(char::is_whitespace).unwrap_or(behind.len())),
        };
        // A sign that nothing stands behind yet takes nothing away.
        if !text.trim().is_empty() {
            words.push(Word { text: text.to_owned(), wanted, known: 0, narrowed: 0 });
        }
        rest = behind.trim_start();
    }
    words
}

/// A word of a filter, and what it hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordHits {
    /// It, in small letters; with `!` before it where rows must not have it, and in quotes where it is a phrase.
    pub word: String,
    /// How many rows meet it.
    pub with: usize,
    /// How many rows meet all the others.
    pub without: usize,
}

/// What each word of a filter hides of these rows; nothing where it has one word only.
pub fn by_word(store: &Store, rows: &[RowId], typed: &str) -> Vec<WordHits> {
    let Some(mut filter) = TextFilter::new(typed).filter(|filter| filter.words.len() > 1) else { return Vec::new() };
    filter.learn(store.interner());
    let told = |word: &Word| {
        let sign = if word.wanted == Wanted::No { "!" } else { "" };
        if word.text.contains(char::is_whitespace) { format!("{sign}\"{}\"", word.text) } else { format!("{sign}{}", word.text) }
    };
    let mut hits: Vec<WordHits> = filter.words.iter().map(|word| WordHits { word: told(word), with: 0, without: 0 }).collect();
    let demands = filter.demands();
    let all = demands.must | demands.must_not;
    for &row in rows {
        let Some(found) = filter.found(store.chunks(), store.extra(), row) else { continue };
        let met = (found & demands.must) | (!found & demands.must_not);
        for (bit, hits) in hits.iter_mut().enumerate() {
            let own = 1 << bit;
            hits.with += usize::from(met & own != 0);
            hits.without += usize::from(met | own == all);
        }
    }
    hits
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{domain::row::HubId, findings::archive::SealedPage};
    use proptest::prelude::*;

    fn store(rows: &[(&str, &str)]) -> Store {
        let documents: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(at, (title, region))| {
                serde_json::json!({"metadata": {"uid": at.to_string()}, "finding_info": {"title": title}, "cloud": {"region": region}})
                    .to_string()
            })
            .collect();
        let mut store = Store::default();
        store.arrive(SealedPage::seal(&documents), HubId(0));
        store
    }

    fn shown(store: &Store, filter: Option<&mut TextFilter>) -> Vec<u32> {
        let rows: Vec<RowId> = (0..store.len() as u32).map(RowId).collect();
        let Some(filter) = filter else { return rows.iter().map(|row| row.0).collect() };
        filter.learn(store.interner());
        let mut out = Vec::new();
        filter.pick(store.chunks(), store.extra(), &rows, &mut out);
        assert_eq!(out, rows.iter().copied().filter(|&row| filter.matches(store.chunks(), store.extra(), row)).collect::<Vec<_>>());
        out.iter().map(|row| row.0).collect()
    }

    #[test]
    fn words_phrases_and_what_must_not_be_there() {
        let store = store(&[("Open bucket", "eu-west-1"), ("Bucket open to all", "us-east-1"), ("Old key!", "eu-west-1"), ("", "")]);
        for (typed, expected) in [
            ("open", &[0, 1][..]),
            ("OPEN eu-west", &[0]),
            ("\"open bucket\"", &[0]),
            ("\"bucket open\" us", &[1]),
            ("!open", &[2, 3]),
            ("eu !bucket", &[2]),
            ("!\"open bucket\" bucket", &[1]),
            ("!eu !us", &[3]),
            ("\"key!\"", &[2]),
            ("!", &[0, 1, 2, 3]),
            ("!\"\"", &[0, 1, 2, 3]),
            ("\"open b", &[0]),
            ("  ", &[0, 1, 2, 3]),
            ("open !", &[0, 1]),
        ] {
            assert_eq!(shown(&store, TextFilter::new(typed).as_mut()), expected, "{typed}");
        }
    }

    #[test]
    fn a_filter_is_narrower_only_where_nothing_new_can_be_shown() {
        for (before, after, is_narrower) in [
            ("bu", "buc", true),
            ("bu", "xbu", true),
            ("bu", "bu eu", true),
            ("bu", "bu !eu", true),
            ("buc", "bu", false),
            ("bu eu", "bu", false),
            ("!bu", "!buc", false),
            ("!bu", "bu", false),
            ("bu", "!bu", false),
            ("bu eu", "eu bu", false),
        ] {
            let narrowing = TextFilter::new(after).unwrap().follow(TextFilter::new(before).unwrap());
            assert_eq!(narrowing == Narrowing::Narrower, is_narrower, "{before} -> {after}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_over_finds_what_looking_anew_finds(
            rows in proptest::collection::vec(("[ab c]{0,6}", "[ab]{0,2}"), 1..30),
            typed in proptest::collection::vec("[abc!\" ]{0,6}", 1..8),
            later in "[ab]{0,4}",
        ) {
            let rows: Vec<(&str, &str)> = rows.iter().map(|(title, region)| (title.as_str(), region.as_str())).collect();
            let mut store = store(&rows);
            let mut before: Option<TextFilter> = None;
            for (at, typed) in typed.iter().enumerate() {
                let mut filter = TextFilter::new(typed);
                if let (Some(filter), Some(before)) = (&mut filter, before.take()) {
                    filter.follow(before);
                }
                // Every second filter is looked at only after the next key has come.
                if at % 2 == 0 {
                    prop_assert_eq!(shown(&store, filter.as_mut()), shown(&store, TextFilter::new(typed).as_mut()), "{}", typed);
                }
                before = filter;
            }
            let page = serde_json::json!({"metadata": {"uid": "later"}, "finding_info": {"title": later}}).to_string();
            store.arrive(SealedPage::seal(&[page]), HubId(0));
            let last = typed.last().unwrap();
            prop_assert_eq!(shown(&store, before.as_mut()), shown(&store, TextFilter::new(last).as_mut()));
        }

        #[test]
        fn a_narrower_filter_shows_only_what_was_shown(
            rows in proptest::collection::vec(("[ab c]{0,6}", "[ab]{0,2}"), 1..30), before in "[abc! ]{0,6}", after in "[abc! ]{0,6}",
        ) {
            let rows: Vec<(&str, &str)> = rows.iter().map(|(title, region)| (title.as_str(), region.as_str())).collect();
            let store = store(&rows);
            if let (Some(mut before), Some(mut after)) = (TextFilter::new(&before), TextFilter::new(&after)) {
                let was = shown(&store, Some(&mut before));
                if after.follow(before) == Narrowing::Narrower {
                    prop_assert!(shown(&store, Some(&mut after)).iter().all(|row| was.contains(row)));
                }
            }
        }
    }
}
