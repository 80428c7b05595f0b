//! What makes rows one group: the text or the number that they share, read off their columns.

use crate::domain::{grouping::GroupField, row::RowId, severity::SeverityId};

use super::{
    chunk::{CHUNK_ROWS, Chunk, NO_ID},
    interner::Symbol,
    store::Store,
};

/// What the rows of a group share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A text, none included.
    Text(Symbol),
    /// An id, or [`NO_ID`].
    Number(i32),
}

/// The chunk that has a row, and where in it.
pub(super) fn cell(store: &Store, row: RowId) -> Option<(&Chunk, usize)> {
    Some((store.chunks().get(row.index() / CHUNK_ROWS)?, row.index() % CHUNK_ROWS))
}

/// The rank of a row's severity.
pub(super) fn rank(store: &Store, row: RowId) -> u8 {
    let severity = cell(store, row).and_then(|(chunk, at)| chunk.severity.get(at).copied());
    SeverityId(severity.unwrap_or(NO_ID)).rank()
}

/// What a row shares with its group, and what the header tells beside it.
pub(super) fn key(field: GroupField, chunk: &Chunk, at: usize) -> (Key, Symbol) {
    let symbol = |column: &[Symbol]| column.get(at).copied().unwrap_or_default();
    let number = |column: &[i32]| column.get(at).copied().unwrap_or(NO_ID);
    let alone = |column| (Key::Text(symbol(column)), Symbol::NONE);
    match field {
        GroupField::Control => (Key::Text(symbol(&chunk.control)), symbol(&chunk.title)),
        GroupField::Cve => (Key::Text(symbol(&chunk.cve)), symbol(&chunk.title)),
        GroupField::Title => alone(&chunk.title),
        GroupField::Product => alone(&chunk.product),
        GroupField::Account => match symbol(&chunk.account) {
            // Without an id the name is all there is.
            Symbol::NONE => alone(&chunk.account_name),
            id => (Key::Text(id), symbol(&chunk.account_name)),
        },
        GroupField::Region => alone(&chunk.region),
        GroupField::Resource => (Key::Text(symbol(&chunk.resource)), symbol(&chunk.resource_type)),
        GroupField::Status => (Key::Number(number(&chunk.status)), Symbol::NONE),
        GroupField::Severity => (Key::Number(number(&chunk.severity)), Symbol::NONE),
    }
}
