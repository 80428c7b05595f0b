//! The choice of columns while it is open: those that are shown, in their order, and those that could be.
//!
//! Owns the list. What the table shows is the model's, and follows every change at once.

use crate::domain::column::{Column, ColumnKind};

/// The choice of columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChooser {
    /// Every column that is shown or can be, in the order they have in the table.
    pub entries: Vec<ColumnEntry>,
    /// Which entry the cursor is on.
    pub cursor: usize,
    /// What the cell cursor was on before; it goes back there.
    pub before: Option<ColumnKind>,
    /// Why the text of the prompt was refused when it was last accepted.
    pub refused: Option<String>,
}

/// A column of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnEntry {
    /// The column.
    pub column: Column,
    /// Whether the table shows it.
    pub shown: Shown,
}

/// Whether the table shows a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It does.
    Yes,
    /// It does not.
    No,
}

impl ColumnChooser {
    /// The list for a table of these columns, with the cursor on that of the cell cursor. Columns that are not shown stand at the end.
    pub fn of(columns: &[Column], cell: Option<usize>) -> Self {
        let mut chooser = Self {
            entries: Vec::new(),
            cursor: cell.unwrap_or_default().min(columns.len().saturating_sub(1)),
            before: cell.and_then(|at| columns.get(at)).map(|column| column.what.clone()),
            refused: None,
        };
        chooser.list(columns);
        chooser
    }

    /// Lists these as shown and every other one behind them, those that were here and that are always there.
    pub fn list(&mut self, columns: &[Column]) {
        let others = std::mem::take(&mut self.entries);
        self.entries = columns.iter().map(|column| ColumnEntry { column: column.clone(), shown: Shown::Yes }).collect();
        let always = ColumnKind::BUILT_IN.into_iter().map(Column::of);
        for column in others.into_iter().map(|entry| entry.column).chain(always) {
            if self.place(&column.what).is_none() {
                self.entries.push(ColumnEntry { column, shown: Shown::No });
            }
        }
    }

    /// Where a column stands in the list.
    pub fn place(&self, what: &ColumnKind) -> Option<usize> {
        self.entries.iter().position(|entry| entry.column.what == *what)
    }

    /// The columns that the table shows.
    pub fn shown(&self) -> Vec<Column> {
        self.entries.iter().filter(|entry| entry.shown == Shown::Yes).map(|entry| entry.column.clone()).collect()
    }

    /// The entry that the cursor is on.
    pub fn entry(&mut self) -> Option<&mut ColumnEntry> {
        self.entries.get_mut(self.cursor)
    }

    /// Where the entry under the cursor stands in the table; `None` where it is not shown.
    pub fn cell(&self) -> Option<usize> {
        let is_shown = |entry: &&ColumnEntry| entry.shown == Shown::Yes;
        self.entries.get(self.cursor).filter(is_shown)?;
        Some(self.entries.iter().take(self.cursor).filter(is_shown).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_columns_stand_first_in_their_order_and_every_other_one_behind_them() {
        let list = Column::list(&["title:40", "resources.vpc_uid", "severity"]).unwrap_or_default();
        let mut chooser = ColumnChooser::of(&list, Some(2));
        assert_eq!(chooser.shown(), list);
        assert_eq!((chooser.entries.len(), chooser.cursor, chooser.cell()), (14, 2, Some(2)));
        assert_eq!(chooser.before, Some(ColumnKind::Severity));
        chooser.list(&Column::defaults());
        assert_eq!(chooser.entries.len(), 14, "a path that was listed can be shown again");
        assert_eq!(chooser.shown(), Column::defaults());
        chooser.cursor = 13;
        assert_eq!(chooser.cell(), None);
    }
}
