//! The filter on shown text: which rows hold every word somewhere in what the table or the preview shows of them.
//!
//! The words are looked for in the unique texts, once each; a row then only asks whether its symbols were hit.

use super::{
    chunk::Chunk,
    interner::{Interner, Symbol},
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

    /// Whether the row at `at` of a chunk holds every word, there or in what else is shown of it. [`Self::learn`] must have seen its texts.
    pub fn matches(&self, chunk: &Chunk, at: usize, more: impl Iterator<Item = Symbol>) -> bool {
        let all = u8::MAX >> (MAX_WORDS - self.words.len());
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
            if found == all {
                return true;
            }
        }
        let comment = chunk.comment.get(at).copied().unwrap_or_default();
        for symbol in std::iter::once(comment).chain(more) {
            found |= self.hits.get(symbol.0 as usize).copied().unwrap_or_default();
        }
        found == all
    }
}
