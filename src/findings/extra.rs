//! What the documents of rows have at the fields of shown columns.
//!
//! Owns these values and which rows still have to be read for them. Documents are compressed, so they are read elsewhere, row by row, and
//! the answers come in here. Must not read a document.

use crate::domain::{query::field::Field, row::RowId};

use super::{interner::Symbol, row_set::RowSet};

/// Stands where a row has not been read. No text has it.
const UNREAD: Symbol = Symbol(u32::MAX);

/// The values of shown columns.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    columns: Vec<ExtraColumn>,
    /// Rows whose document has to be read, or read again.
    waiting: RowSet,
}

#[derive(Debug, Clone)]
struct ExtraColumn {
    field: Field,
    /// By row; rows behind its end have not been read.
    values: Vec<Symbol>,
}

impl Extra {
    /// The fields that are shown, in no order that means anything.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.columns.iter().map(|column| &column.field)
    }

    /// Whether it shows these fields and no others. A field stands in the list once.
    pub fn shows<'a>(&self, fields: impl Iterator<Item = &'a Field>) -> bool {
        let mut count = 0;
        for field in fields {
            count += 1;
            if !self.columns.iter().any(|column| column.field == *field) {
                return false;
            }
        }
        count == self.columns.len()
    }

    /// Shows these fields and no others: values of others are dropped, and where one is new every row has to be read. `rows` is how many
    /// there are. Says whether anything is new.
    pub fn show(&mut self, fields: &[Field], rows: usize) -> bool {
        self.columns.retain(|column| fields.contains(&column.field));
        let before = self.columns.len();
        for field in fields {
            if !self.columns.iter().any(|column| column.field == *field) {
                self.columns.push(ExtraColumn { field: field.clone(), values: Vec::new() });
            }
        }
        let is_new = self.columns.len() > before;
        if self.columns.is_empty() {
            self.waiting.clear();
        } else if is_new {
            self.waiting = (0..rows as u32).map(RowId).collect();
        }
        is_new
    }

    /// These rows have a document that has not been read. What is known of a former one stays until then.
    pub fn stale(&mut self, row: RowId) {
        if !self.columns.is_empty() {
            self.waiting.insert(row);
        }
    }

    /// Whether any row has to be read.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The rows of these that have to be read; they are taken to be asked for. Without any, all that have to be.
    pub fn ask(&mut self, first: &[RowId]) -> Vec<RowId> {
        let mut rows: Vec<RowId> = first.iter().copied().filter(|&row| self.waiting.contains(row)).collect();
        if rows.is_empty() {
            rows = self.waiting.iter().collect();
            self.waiting.clear();
        }
        for &row in &rows {
            self.waiting.remove(row);
        }
        rows
    }

    /// What a row's document has at a field. A row that has to be read again by now keeps what it has: the answer is older than its
    /// document.
    pub fn learn(&mut self, field: &Field, row: RowId, value: Symbol) {
        if self.waiting.contains(row) {
            return;
        }
        let Some(column) = self.columns.iter_mut().find(|column| column.field == *field) else { return };
        if column.values.len() <= row.index() {
            column.values.resize(row.index() + 1, UNREAD);
        }
        if let Some(cell) = column.values.get_mut(row.index()) {
            *cell = value;
        }
    }

    /// What a row has at a field; `None` where it has not been read, or the field is not shown.
    pub fn value(&self, field: &Field, row: RowId) -> Option<Symbol> {
        self.columns.iter().find(|column| column.field == *field)?.value(row)
    }

    /// The values by row, field after field. What has not been read is a symbol that no text has.
    pub fn columns(&self) -> impl Iterator<Item = &[Symbol]> {
        self.columns.iter().map(|column| column.values.as_slice())
    }

    /// What a row has at any of the shown fields, as far as it has been read.
    pub fn values(&self, row: RowId) -> impl Iterator<Item = Symbol> + '_ {
        self.columns.iter().filter_map(move |column| column.value(row))
    }
}

impl ExtraColumn {
    fn value(&self, row: RowId) -> Option<Symbol> {
        self.values.get(row.index()).copied().filter(|&value| value != UNREAD)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn field(name: &str) -> Field {
        Field::named(name).unwrap()
    }

    #[test]
    fn a_new_field_has_every_row_read_and_what_is_no_longer_shown_goes() {
        let mut extra = Extra::default();
        extra.stale(RowId(7));
        assert!(!extra.is_waiting(), "nobody asks");
        assert!(extra.show(&[field("cve")], 3));
        assert_eq!(extra.ask(&[]), [0, 1, 2].map(RowId));
        assert!(!extra.show(&[field("cve")], 3) && !extra.is_waiting());
        extra.learn(&field("cve"), RowId(2), Symbol(5));
        extra.learn(&field("tag"), RowId(2), Symbol(6));
        assert_eq!(extra.value(&field("cve"), RowId(2)), Some(Symbol(5)));
        assert_eq!((extra.value(&field("cve"), RowId(0)), extra.value(&field("cve"), RowId(9))), (None, None));
        assert!(extra.show(&[field("tag"), field("cve")], 3) && extra.is_waiting());
        assert_eq!(extra.values(RowId(2)).collect::<Vec<_>>(), [Symbol(5)]);
        extra.show(&[], 3);
        assert!(!extra.is_waiting() && extra.values(RowId(2)).next().is_none());
    }

    #[test]
    fn rows_on_the_screen_are_asked_for_first() {
        let mut extra = Extra::default();
        extra.show(&[field("cve")], 5);
        assert_eq!(extra.ask(&[4, 1, 9].map(RowId)), [4, 1].map(RowId));
        assert_eq!(extra.ask(&[4, 1].map(RowId)), [0, 2, 3].map(RowId));
        assert_eq!(extra.ask(&[4, 1].map(RowId)), []);
    }

    #[test]
    fn an_answer_that_is_older_than_the_document_is_not_taken() {
        let mut extra = Extra::default();
        extra.show(&[field("cve")], 1);
        assert_eq!(extra.ask(&[]), [RowId(0)]);
        extra.stale(RowId(0));
        extra.learn(&field("cve"), RowId(0), Symbol(1));
        assert_eq!(extra.value(&field("cve"), RowId(0)), None);
        assert_eq!(extra.ask(&[]), [RowId(0)]);
        extra.learn(&field("cve"), RowId(0), Symbol(2));
        extra.stale(RowId(0));
        assert_eq!(extra.value(&field("cve"), RowId(0)), Some(Symbol(2)), "shown until the new one is read");
    }
}
