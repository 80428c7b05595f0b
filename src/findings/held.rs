//! Rows by the archive that holds their documents: what a pass over many documents goes through, so that each page is decompressed once.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::domain::{
    patch::Values,
    query::matching::{Commented, Known},
    row::RowId,
    severity::SeverityId,
    status::StatusId,
};

use super::{
    archive::Archive,
    budget::Budget,
    chunk::{CHUNK_ROWS, NO_ID},
    row_set::RowSet,
    store::Store,
};

/// What is known of rows without their documents, as columns have it: status, severity, whether there is a comment.
type Cells = (i32, i32, bool);

/// `None` where neither status nor severity is known: then a document may be unreadable, and nothing must be taken from that, not even that
/// it is not what a query negates.
fn known((status, severity, is_commented): Cells) -> Option<Known> {
    let id = |id: i32| (id != NO_ID).then_some(id);
    let comment = if is_commented { Commented::Yes } else { Commented::No };
    let (status, severity) = (id(status), id(severity));
    (status.is_some() || severity.is_some()).then_some(Known { status: status.map(StatusId), severity: severity.map(SeverityId), comment })
}

/// Parts rows by what their columns tell: those that match, and those whose documents have to be read. `tells` is asked once for all rows
/// that have the same there, which are nearly all of them.
pub fn parted(store: &Store, rows: &RowSet, mut tells: impl FnMut(&Known) -> Option<bool>) -> (RowSet, Vec<RowId>) {
    let (mut matching, mut untold) = (RowSet::default(), Vec::new());
    let mut answers: HashMap<Cells, Option<bool>> = HashMap::new();
    // Neighbours are often alike.
    let mut last: Option<(Cells, Option<bool>)> = None;
    for row in rows.iter() {
        let Some(cells) = cells(store, row) else {
            untold.push(row);
            continue;
        };
        let answer = match last {
            Some((asked, answer)) if asked == cells => answer,
            _ => *answers.entry(cells).or_insert_with(|| known(cells).and_then(|known| tells(&known))),
        };
        last = Some((cells, answer));
        match answer {
            Some(true) => {
                matching.insert(row);
            }
            Some(false) => {}
            None => untold.push(row),
        }
    }
    (matching, untold)
}

fn cells(store: &Store, row: RowId) -> Option<Cells> {
    let (chunk, at) = (store.chunks().get(row.index() / CHUNK_ROWS)?, row.index() % CHUNK_ROWS);
    Some((*chunk.status.get(at)?, *chunk.severity.get(at)?, chunk.comment.get(at)?.is_some()))
}

/// Rows whose documents lie in one archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPage {
    /// The documents.
    pub archive: Arc<Archive>,
    /// The rows.
    pub rows: Vec<HeldRow>,
}

/// A row with the place of its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// The row.
    pub row: RowId,
    /// Where in the archive.
    pub slot: usize,
    /// The values that it has by now; some may have changed since the document came.
    pub values: Values,
}

/// Rows and what of them has a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// Those that have one.
    pub pages: Vec<HeldPage>,
    /// How many have none: they have not been read yet.
    pub without: usize,
}

impl Held {
    /// Sorts rows by archive; archives stand in the order of their first row.
    pub fn of(store: &Store, rows: impl IntoIterator<Item = RowId>) -> Self {
        Gathering::new(rows.into_iter().collect()).step(store, &mut Budget::endless()).unwrap_or_default()
    }

    /// How many rows have a document.
    pub fn rows(&self) -> usize {
        self.pages.iter().map(|page| page.rows.len()).sum()
    }
}

/// Rows on the way to [`Held`], a step at a time: a million of them take longer than a key may wait.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gathering {
    rows: Vec<RowId>,
    at: usize,
    held: Held,
    places: HashMap<u32, usize>,
}

impl Gathering {
    /// Of these rows.
    pub fn new(rows: Vec<RowId>) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Goes on; gives all of them at the end.
    pub fn step(&mut self, store: &Store, budget: &mut Budget) -> Option<Held> {
        let part = budget.part(&mut self.at, self.rows.len());
        for &id in self.rows.get(part).unwrap_or_default() {
            let Some(row) = store.row(id) else { continue };
            if !self.places.contains_key(&row.archive) {
                let Some((archive, _)) = store.document(id) else {
                    self.held.without += 1;
                    continue;
                };
                self.places.insert(row.archive, self.held.pages.len());
                self.held.pages.push(HeldPage { archive, rows: Vec::new() });
            }
            if let Some(page) = self.places.get(&row.archive).and_then(|&place| self.held.pages.get_mut(place)) {
                page.rows.push(HeldRow { row: id, slot: row.slot as usize, values: store.values(id) });
            }
        }
        (self.at == self.rows.len()).then(|| std::mem::take(&mut self.held))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{
        domain::{identity::Identity, patch::Patch, row::HubId, status::StatusId},
        findings::archive::SealedPage,
    };

    #[test]
    fn each_archive_stands_once_with_its_rows_and_their_present_values() {
        let mut store = Store::default();
        for page in [["a", "b"], ["c", "d"]] {
            let documents = page.map(|uid| format!(r#"{{"metadata":{{"uid":"{uid}"}},"status_id":1}}"#));
            store.arrive(SealedPage::seal(&documents), HubId(0));
        }
        store.admit(&Identity::MetadataUid("unread".into()), &Values::default(), HubId(0));
        store.apply(RowId(2), &Patch::status(StatusId::RESOLVED));
        let held = Held::of(&store, [3, 0, 4, 2, 77].map(RowId));
        let shown: Vec<Vec<(u32, usize, i32)>> = held
            .pages
            .iter()
            .map(|page| page.rows.iter().map(|row| (row.row.0, row.slot, row.values.status.unwrap().0)).collect())
            .collect();
        assert_eq!(shown, [vec![(3, 1, 1), (2, 0, 4)], vec![(0, 0, 1)]]);
        assert_eq!((held.rows(), held.without), (3, 1));
    }

    #[test]
    fn what_columns_tell_is_asked_once_for_all_rows_that_are_alike() {
        let mut store = Store::default();
        let documents: Vec<String> = (0..5_000)
            .map(|at| match at % 4 {
                // Nothing is known of it: its document has to be read.
                3 => format!(r#"{{"metadata":{{"uid":"{at}"}}}}"#),
                status => format!(r#"{{"metadata":{{"uid":"{at}"}},"status_id":{},"severity_id":2}}"#, status + 1),
            })
            .collect();
        store.arrive(SealedPage::seal(&documents), HubId(0));
        let rows: RowSet = (0..5_000).filter(|at| at % 5 > 0).map(RowId).collect();
        let mut asked = 0;
        let (matching, untold) = parted(&store, &rows, |known| {
            asked += 1;
            // Of the third status a document has to tell.
            (known.status != Some(StatusId(3))).then_some(known.status == Some(StatusId(1)))
        });
        assert_eq!(asked, 3);
        let of = |remainders: &[u32]| rows.iter().filter(|row| remainders.contains(&(row.0 % 4))).collect::<Vec<_>>();
        assert_eq!((matching.iter().collect::<Vec<_>>(), untold), (of(&[0]), of(&[2, 3])));
    }
}
