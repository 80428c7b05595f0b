//! What findings can be alike in: columns that hold the same.

use crate::{
    domain::row::RowId,
    findings::{
        chunk::{CHUNK_ROWS, Chunk},
        interner::Symbol,
        store::Store,
    },
};

/// A column of texts.
type Texts = fn(&Chunk) -> &Vec<Symbol>;

/// What findings can be alike in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Likeness {
    /// Control, CVE or type.
    Control,
    /// Title.
    Title,
    /// The first resource.
    Resource,
    /// Account.
    Account,
    /// Account and control, CVE or type.
    AccountAndControl,
    /// Product.
    Product,
}

impl Likeness {
    /// All, in the order they are offered.
    pub const ALL: [Self; 6] = [Self::Control, Self::Title, Self::Resource, Self::Account, Self::AccountAndControl, Self::Product];

    /// What it is.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Title => "title",
            Self::Resource => "resource",
            Self::Account => "account",
            Self::AccountAndControl => "account and control",
            Self::Product => "product",
        }
    }

    /// The letter that picks it.
    pub const fn key(self) -> char {
        match self {
            Self::Control => 'c',
            Self::Title => 't',
            Self::Resource => 'r',
            Self::Account => 'a',
            Self::AccountAndControl => 'b',
            Self::Product => 'p',
        }
    }

    fn columns(self) -> &'static [Texts] {
        match self {
            Self::Control => &[|chunk| &chunk.control],
            Self::Title => &[|chunk| &chunk.title],
            Self::Resource => &[|chunk| &chunk.resource],
            Self::Account => &[|chunk| &chunk.account],
            Self::AccountAndControl => &[|chunk| &chunk.account, |chunk| &chunk.control],
            Self::Product => &[|chunk| &chunk.product],
        }
    }

    /// What a row has there, in words; `None` where it lacks any of it.
    pub fn value(self, store: &Store, row: RowId) -> Option<String> {
        let texts: Vec<&str> = self.columns().iter().map(|texts| store.text(symbol(store, row, *texts))).collect();
        texts.iter().all(|text| !text.is_empty()).then(|| texts.join(" · "))
    }

    /// Those of some rows that have the same as this one.
    pub fn like(self, store: &Store, of: RowId, rows: &[RowId]) -> Vec<RowId> {
        let wanted: Vec<(Texts, Symbol)> = self.columns().iter().map(|&texts| (texts, symbol(store, of, texts))).collect();
        rows.iter().copied().filter(|&row| wanted.iter().all(|&(texts, wanted)| symbol(store, row, texts) == wanted)).collect()
    }
}

fn symbol(store: &Store, row: RowId, texts: Texts) -> Symbol {
    let chunk = store.chunks().get(row.index() / CHUNK_ROWS);
    chunk.and_then(|chunk| texts(chunk).get(row.index() % CHUNK_ROWS)).copied().unwrap_or_default()
}
