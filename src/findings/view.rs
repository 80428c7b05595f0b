//! Which rows are shown, and in which order.

use crate::domain::{order::Order, row::RowId};

use super::{
    chunk::CHUNK_ROWS,
    order,
    row_set::RowSet,
    search::TextFilter,
    store::{Arrival, Store},
};

/// The order, the filter, and the rows that are left by it.
#[derive(Debug, Clone, Default)]
pub struct View {
    order: Order,
    sorted: Vec<RowId>,
    filter: Option<TextFilter>,
    /// Only these rows, where set: "marked only".
    only: Option<RowSet>,
    visible: Vec<RowId>,
}

impl View {
    /// The rows that are shown, first to last.
    pub fn rows(&self) -> &[RowId] {
        if self.is_filtered() { &self.visible } else { &self.sorted }
    }

    /// All rows of the result, filtered away or not.
    pub fn all(&self) -> &[RowId] {
        &self.sorted
    }

    /// The order in force.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Whether some rows may be hidden.
    pub fn is_filtered(&self) -> bool {
        self.filter.is_some() || self.only.is_some()
    }

    /// Whether only chosen rows are shown.
    pub fn is_narrowed(&self) -> bool {
        self.only.is_some()
    }

    /// The row at a place.
    pub fn get(&self, place: usize) -> Option<RowId> {
        self.rows().get(place).copied()
    }

    /// Where a row stands; `None` where it is hidden.
    pub fn place(&self, row: RowId) -> Option<usize> {
        self.rows().iter().position(|&other| other == row)
    }

    /// Sorts everything anew.
    pub fn sort(&mut self, store: &Store, order: Order, keep: impl Fn(RowId) -> bool) {
        self.sorted = order::sorted(store, &order);
        self.sorted.retain(|&row| keep(row));
        self.order = order;
        self.refilter(store);
    }

    /// Takes in the rows of a page.
    pub fn arrive(&mut self, store: &Store, arrival: &Arrival) {
        let back: Vec<RowId> = if self.sorted.len() + arrival.added.len() < store.len() {
            // Rows of an earlier result that this one had not shown so far.
            let shown: RowSet = self.sorted.iter().copied().collect();
            arrival.updated.iter().copied().filter(|&row| !shown.contains(row)).collect()
        } else {
            Vec::new()
        };
        if back.is_empty() {
            order::merge(store, &self.order, &mut self.sorted, &arrival.added);
        } else {
            order::merge(store, &self.order, &mut self.sorted, &[arrival.added.as_slice(), &back].concat());
        }
        if self.is_filtered() {
            self.refilter(store);
        }
    }

    /// Takes rows out of the result.
    pub fn remove(&mut self, store: &Store, is_out: impl Fn(RowId) -> bool) {
        self.sorted.retain(|&row| !is_out(row));
        self.refilter(store);
    }

    /// Filters by shown text, or not at all.
    pub fn filter(&mut self, store: &Store, filter: Option<TextFilter>) {
        self.filter = filter;
        self.refilter(store);
    }

    /// Shows only these rows, or all again.
    pub fn narrow(&mut self, store: &Store, only: Option<RowSet>) {
        self.only = only;
        self.refilter(store);
    }

    fn refilter(&mut self, store: &Store) {
        self.visible.clear();
        if !self.is_filtered() {
            return;
        }
        if let Some(filter) = &mut self.filter {
            filter.learn(store.interner());
        }
        let (filter, only, chunks) = (&self.filter, &self.only, store.chunks());
        self.visible.extend(self.sorted.iter().copied().filter(|&row| {
            only.as_ref().is_none_or(|only| only.contains(row))
                && filter.as_ref().is_none_or(|filter| {
                    chunks
                        .get(row.index() / CHUNK_ROWS)
                        .is_some_and(|chunk| filter.matches(chunk, row.index() % CHUNK_ROWS, store.extra().values(row)))
                })
        }));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{domain::row::HubId, findings::archive::SealedPage};

    fn arrive(store: &mut Store, view: &mut View, titles: &[&str]) {
        let documents: Vec<String> = titles
            .iter()
            .map(|title| {
                format!(r#"{{"metadata":{{"uid":"{title}"}},"status_id":1,"severity_id":3,"finding_info":{{"title":"{title}"}}}}"#)
            })
            .collect();
        let arrival = store.arrive(SealedPage::seal(&documents), HubId(0));
        view.arrive(store, &arrival);
    }

    fn titles<'a>(store: &'a Store, view: &View) -> Vec<&'a str> {
        view.rows().iter().map(|&row| store.text(store.row(row).unwrap().title)).collect()
    }

    #[test]
    fn a_filter_needs_every_word_in_any_column_and_holds_for_pages_that_come_later() {
        let (mut store, mut view) = (Store::default(), View::default());
        store.begin_scan();
        arrive(&mut store, &mut view, &["Open bucket", "Open port", "Old key"]);
        view.filter(&store, TextFilter::new("OPEN medium"));
        assert_eq!(titles(&store, &view), ["Open bucket", "Open port"]);
        arrive(&mut store, &mut view, &["Open again", "Closed"]);
        assert_eq!(titles(&store, &view), ["Open bucket", "Open port", "Open again"]);
        view.narrow(&store, Some([RowId(1), RowId(2)].into_iter().collect()));
        assert_eq!(titles(&store, &view), ["Open port"]);
        view.filter(&store, TextFilter::new("  "));
        assert_eq!(titles(&store, &view), ["Open port", "Old key"]);
        view.narrow(&store, None);
        assert_eq!(view.rows().len(), 5);
        assert_eq!(view.place(RowId(2)), Some(2));
    }

    #[test]
    fn rows_of_an_earlier_result_come_back_when_the_scan_delivers_them() {
        let (mut store, mut view) = (Store::default(), View::default());
        store.begin_scan();
        arrive(&mut store, &mut view, &["a", "b"]);
        view.remove(&store, |row| row == RowId(0));
        store.begin_scan();
        arrive(&mut store, &mut view, &["a", "b", "c"]);
        assert_eq!(titles(&store, &view), ["a", "b", "c"]);
    }
}
