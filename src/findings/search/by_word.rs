//! What each word of a filter hides, for a filter that hides every row.

use crate::{domain::row::RowId, findings::store::Store};

use super::{TextFilter, Wanted, columns};
use crate::findings::chunk::CHUNK_ROWS;

/// A word of a filter, and what it hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordHits {
    /// It, as it is typed, in small letters.
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
    let demands = filter.demands();
    let all = demands.must | demands.must_not;
    let mut hits: Vec<WordHits> =
        filter.words.iter().map(|word| WordHits { word: typed_form(&word.text, word.wanted), with: 0, without: 0 }).collect();
    for &row in rows {
        let Some(chunk) = store.chunks().get(row.index() / CHUNK_ROWS) else { continue };
        let at = row.index() % CHUNK_ROWS;
        let shown = columns(chunk).iter().fold(0, |found, column| found | filter.hits(column.get(at).copied().unwrap_or_default()));
        let found = shown | filter.extra(store, row);
        let met = (found & demands.must) | (!found & demands.must_not);
        for (bit, hits) in hits.iter_mut().enumerate() {
            let own = 1 << bit;
            hits.with += usize::from(met & own != 0);
            hits.without += usize::from(met | own == all);
        }
    }
    hits
}

fn typed_form(text: &str, wanted: Wanted) -> String {
    let sign = if wanted == Wanted::No { "!" } else { "" };
    if text.contains(char::is_whitespace) { format!("{sign}\"{text}\"") } else { format!("{sign}{text}") }
}
