//! The filter on shown text: which rows hold every word somewhere in what the table or the preview shows of them.
//!
//! The words are looked for in the unique texts, once each; a row then only asks whether its symbols were hit.

use crate::domain::row::RowId;

use super::{
    chunk::{CHUNK_ROWS, Chunk},
    interner::{Interner, Symbol},
    store::Store,
};

/// Most words of a filter; further ones are joined to the last.
const MAX_WORDS: usize = 8;

/// A filter and which texts its words hit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextFilter {
    words: Vec<String>,
    /// By symbol, one bit a word.
    hits: Vec<u8>,
}

impl TextFilter {
    /// Reads what was typed: words apart by spaces, in any case. `None` where nothing was typed.
    pub fn new(typed: &str) -> Option<Self> {
        let lower = typed.to_lowercase();
        let words: Vec<String> = lower.split_whitespace().map(str::to_owned).take(MAX_WORDS).collect();
        (!words.is_empty()).then_some(Self { words, hits: Vec::new() })
    }

    /// Looks at the texts that are new since the last call.
    pub fn learn(&mut self, interner: &Interner) {
        let from = Symbol(self.hits.len().max(1) as u32);
        if self.hits.len() >= interner.len() {
            return;
        }
        self.hits.resize(interner.len(), 0);
        let hits = &mut self.hits;
        for (bit, word) in self.words.iter().enumerate() {
            interner.find(word, from, |symbol| {
                if let Some(mask) = hits.get_mut(symbol.0 as usize) {
                    *mask |= 1 << bit;
                }
            });
        }
    }

    /// Whether the row at `at` of a chunk holds every word. [`Self::learn`] must have seen its texts.
    pub fn matches(&self, chunk: &Chunk, at: usize) -> bool {
        let all = self.all();
        self.found(chunk, at, all) == all
    }

    /// One bit for each word.
    const fn all(&self) -> u8 {
        u8::MAX >> (MAX_WORDS - self.words.len())
    }

    /// The words that a row holds; looks no further once it has these.
    fn found(&self, chunk: &Chunk, at: usize, enough: u8) -> u8 {
        let columns: [&Vec<Symbol>; 10] = [
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
        ];
        let mut found = 0;
        for column in columns {
            let symbol = column.get(at).copied().unwrap_or_default();
            found |= self.hits.get(symbol.0 as usize).copied().unwrap_or_default();
            if found == enough {
                return found;
            }
        }
        let comment = chunk.comment.get(at).copied().unwrap_or_default();
        found | self.hits.get(comment.0 as usize).copied().unwrap_or_default()
    }
}

/// A word of a filter, and what it hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordHits {
    /// It, in small letters.
    pub word: String,
    /// How many rows have it.
    pub with: usize,
    /// How many rows have all the others.
    pub without: usize,
}

/// What each word of a filter hides of these rows; nothing where it has one word only.
pub fn by_word(store: &Store, rows: &[RowId], typed: &str) -> Vec<WordHits> {
    let Some(mut filter) = TextFilter::new(typed).filter(|filter| filter.words.len() > 1) else { return Vec::new() };
    filter.learn(store.interner());
    let (chunks, all) = (store.chunks(), filter.all());
    let mut hits: Vec<WordHits> = filter.words.iter().map(|word| WordHits { word: word.clone(), with: 0, without: 0 }).collect();
    for row in rows {
        let Some(chunk) = chunks.get(row.index() / CHUNK_ROWS) else { continue };
        let found = filter.found(chunk, row.index() % CHUNK_ROWS, all);
        for (bit, hits) in hits.iter_mut().enumerate() {
            let own = 1 << bit;
            hits.with += usize::from(found & own != 0);
            hits.without += usize::from(found | own == all);
        }
    }
    hits
}
