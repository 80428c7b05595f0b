//! The loaded findings: one row per identity for as long as the program runs.
//!
//! A finding that arrives again, from another page or another scan, updates its row in place, so that marks, staged changes and the
//! cursor stay on it by themselves. A scan that ends leaves behind which rows it no longer saw.

use std::sync::Arc;

use crate::domain::{
    finding::Finding,
    identity::Identity,
    patch::{Patch, Values},
    query::field::Field,
    row::{HubId, RowId},
    severity::SeverityId,
    status::StatusId,
    text,
    time::Millis,
};

use super::{
    archive::{Archive, SealedPage},
    chunk::{CHUNK_ROWS, Chunk, NO_ID, NO_TIME, Row},
    extra::Extra,
    identities::{Identities, Names},
    interner::{Interner, Symbol},
    row_set::RowSet,
};

/// What an arriving page did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrival {
    /// Rows that are new.
    pub added: Vec<RowId>,
    /// Rows that were there and have been read again.
    pub updated: Vec<RowId>,
    /// Findings that this scan had delivered before.
    pub duplicates: usize,
}

/// Stands before the name of a finding that has not been read.
const UNREAD: &str = "(not read yet) ";

/// Stands for the scan that has seen a row which is known not to be in the result.
const LOST: u32 = u32::MAX;

/// Whether an admitted row is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// It is.
    New,
    /// The finding had a row.
    Known,
}

struct Held {
    archive: Arc<Archive>,
    /// Rows whose document is in it; at zero it is let go.
    rows: usize,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Held({} rows)", self.rows)
    }
}

/// All rows.
#[derive(Debug, Default)]
pub struct Store {
    chunks: Vec<Arc<Chunk>>,
    identities: Identities,
    interner: Interner,
    extra: Extra,
    archives: Vec<Option<Held>>,
    scan: u32,
    changes: u64,
    /// Rows that the present scan has seen, and those that are lost: what the column of scans tells, for passes over all rows at once.
    seen: RowSet,
    lost: RowSet,
}

impl Store {
    /// How many rows there are, gone ones included.
    pub fn len(&self) -> usize {
        self.identities.len()
    }

    /// Whether nothing has been loaded.
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// A new scan begins: rows it does not see are gone when it has ended.
    pub fn begin_scan(&mut self) {
        self.scan += 1;
        self.seen.clear();
    }

    /// A number that is another one whenever a row that was there has other values. New rows do not change it.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Takes in a page of the running scan.
    pub fn arrive(&mut self, page: SealedPage, hub: HubId) -> Arrival {
        let archive = self.archives.len() as u32;
        self.archives.push(Some(Held { archive: page.archive, rows: 0 }));
        let mut arrival = Arrival::default();
        for (slot, finding) in page.findings.into_iter().enumerate() {
            let row = self.read(&finding, archive, slot, hub);
            if let Some(id) = self.identities.row(&finding.identity) {
                let before = self.row(id);
                if before.is_some_and(|row| row.seen == self.scan && self.scan > 0) {
                    arrival.duplicates += 1;
                } else {
                    arrival.updated.push(id);
                }
                self.replace(id, before, row);
            } else {
                let id = self.identities.push(&finding.identity);
                arrival.added.push(id);
                self.extra.stale(id);
                self.hold(archive);
                self.push(row);
            }
        }
        self.drop_unheld(archive);
        arrival
    }

    /// Takes in findings that were read again by name. Rows that were not there stay away, and so do those in `skipped`; a scan under way
    /// still counts these rows when it delivers them.
    pub fn refresh(&mut self, page: SealedPage, skipped: &RowSet) {
        let archive = self.archives.len() as u32;
        self.archives.push(Some(Held { archive: page.archive, rows: 0 }));
        for (slot, finding) in page.findings.into_iter().enumerate() {
            let Some(id) = self.identities.row(&finding.identity).filter(|&id| !skipped.contains(id)) else { continue };
            let Some(before) = self.row(id) else { continue };
            let row = self.read(&finding, archive, slot, HubId(before.hub));
            self.replace(id, Some(before), Row { seen: before.seen, ..row });
        }
        self.drop_unheld(archive);
    }

    /// A row for a finding that is known but has not been read, with the values it is known to have; the row it has already where it has
    /// one. Says whether it is new.
    pub fn admit(&mut self, identity: &Identity, values: &Values, hub: HubId) -> (RowId, Admitted) {
        if let Some(id) = self.identities.row(identity) {
            return (id, Admitted::Known);
        }
        let finding = Finding {
            severity: values.severity,
            status: values.status,
            comment: values.comment.clone(),
            title: Some(format!("{UNREAD}{}", text::clean(identity.shown()))),
            ..Finding::unread(identity.clone())
        };
        // No archive holds it: there is no document yet.
        let row = Row { seen: 0, ..self.read(&finding, u32::MAX, 0, hub) };
        let id = self.identities.push(identity);
        self.extra.stale(id);
        self.push(row);
        (id, Admitted::New)
    }

    /// Puts a row in place of the one before. The new document is held before the old one is let go: both may be in the same archive.
    fn replace(&mut self, id: RowId, before: Option<Row>, row: Row) {
        self.hold(row.archive);
        self.release(before);
        self.extra.stale(id);
        self.set(id, row);
    }

    /// An archive that nobody has a document of is let go at once.
    fn drop_unheld(&mut self, archive: u32) {
        if let Some(slot) = self.archives.get_mut(archive as usize)
            && slot.as_ref().is_some_and(|held| held.rows == 0)
        {
            *slot = None;
        }
    }

    fn read(&mut self, finding: &Finding, archive: u32, slot: usize, hub: HubId) -> Row {
        let interner = &mut self.interner;
        let mut text = |text: &Option<String>| interner.intern_optional(text.as_deref());
        let mut row = Row {
            severity: finding.severity.map_or(NO_ID, |id| id.0),
            vendor_severity: finding.vendor_severity.map_or(NO_ID, |id| id.0),
            status: finding.status.map_or(NO_ID, |id| id.0),
            created: finding.created.map_or(NO_TIME, |time| time.0),
            modified: finding.modified.map_or(NO_TIME, |time| time.0),
            severity_text: text(&finding.severity_text),
            status_text: text(&finding.status_text),
            comment: text(&finding.comment),
            account: text(&finding.account),
            account_name: text(&finding.account_name),
            region: text(&finding.region),
            product: text(&finding.product),
            control: text(&finding.control),
            cve: text(&finding.cve),
            title: text(&finding.title),
            resource: text(&finding.resource),
            resource_type: text(&finding.resource_type),
            resource_count: finding.resource_count.min(usize::from(u16::MAX)) as u16,
            archive,
            slot: slot as u32,
            seen: self.scan,
            hub: hub.0,
        };
        if !row.status_text.is_some() {
            row.status_text = self.caption(finding.status.map(|id| (id.0, id.caption())));
        }
        if !row.severity_text.is_some() {
            row.severity_text = self.caption(finding.severity.map(|id| (id.0, id.caption())));
        }
        row
    }

    fn caption(&mut self, id: Option<(i32, Option<&'static str>)>) -> Symbol {
        match id {
            None => Symbol::NONE,
            Some((_, Some(caption))) => self.interner.intern(caption),
            Some((number, None)) => self.interner.intern(&number.to_string()),
        }
    }

    fn push(&mut self, row: Row) {
        self.note_seen(RowId(self.identities.len().saturating_sub(1) as u32), row.seen);
        match self.chunks.last_mut() {
            Some(chunk) if chunk.severity.len() < CHUNK_ROWS => Arc::make_mut(chunk).push(row),
            _ => {
                let mut chunk = Chunk::default();
                chunk.push(row);
                self.chunks.push(Arc::new(chunk));
            }
        }
    }

    fn set(&mut self, id: RowId, row: Row) {
        self.changes += 1;
        if let Some(chunk) = self.chunks.get_mut(id.index() / CHUNK_ROWS) {
            Arc::make_mut(chunk).set(id.index() % CHUNK_ROWS, row);
            self.note_seen(id, row.seen);
        }
    }

    fn note_seen(&mut self, id: RowId, seen: u32) {
        for (rows, is_in) in [(&mut self.seen, seen == self.scan), (&mut self.lost, seen == LOST)] {
            if is_in {
                rows.insert(id);
            } else {
                rows.remove(id);
            }
        }
    }

    fn hold(&mut self, archive: u32) {
        if let Some(Some(held)) = self.archives.get_mut(archive as usize) {
            held.rows += 1;
        }
    }

    fn release(&mut self, row: Option<Row>) {
        let Some(slot) = row.and_then(|row| self.archives.get_mut(row.archive as usize)) else { return };
        if let Some(held) = slot {
            held.rows -= 1;
            if held.rows == 0 {
                *slot = None;
            }
        }
    }

    /// One row.
    pub fn row(&self, id: RowId) -> Option<Row> {
        self.chunks.get(id.index() / CHUNK_ROWS)?.get(id.index() % CHUNK_ROWS)
    }

    /// The columns, for a pass over all rows.
    pub fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    /// A stored text; clean.
    pub fn text(&self, symbol: Symbol) -> &str {
        self.interner.text(symbol)
    }

    /// All stored texts.
    pub fn interner(&self) -> &Interner {
        &self.interner
    }

    /// What documents have at the fields of shown columns.
    pub fn extra(&self) -> &Extra {
        &self.extra
    }

    /// Shows these fields of documents and no others; says whether any is new.
    pub fn show_extra(&mut self, fields: &[Field]) -> bool {
        self.changes += 1;
        self.extra.show(fields, self.identities.len())
    }

    /// The rows that have to be read for what is shown, those of `first` before the others; they are taken to be asked for.
    pub fn ask_extra(&mut self, first: &[RowId]) -> Vec<RowId> {
        self.extra.ask(first)
    }

    /// What the document of a row has at a field, in words that are clean.
    pub fn learn(&mut self, field: &Field, row: RowId, told: &str) {
        let value = self.interner.intern(told);
        self.changes += 1;
        self.extra.learn(field, row, value);
        self.changes += 1;
    }

    /// How a row is addressed.
    pub fn identity(&self, id: RowId) -> Option<Identity> {
        self.identities.identity(id)
    }

    /// How all rows are addressed, shared.
    pub fn names(&self) -> Names {
        self.identities.names().clone()
    }

    /// Whether the service can be told about a row.
    pub fn is_addressable(&self, id: RowId) -> bool {
        self.identities.is_addressable(id)
    }

    /// The row of an identity.
    pub fn find(&self, identity: &Identity) -> Option<RowId> {
        self.identities.row(identity)
    }

    /// Whether a row is named by its `metadata.uid`; the two kinds of name never share a call.
    pub fn has_uid(&self, id: RowId) -> bool {
        self.identities.has_uid(id)
    }

    /// The status alone: for a pass over many rows, without their comments.
    pub fn status(&self, id: RowId) -> Option<StatusId> {
        let chunk = self.chunks.get(id.index() / CHUNK_ROWS)?;
        chunk.status.get(id.index() % CHUNK_ROWS).filter(|&&status| status != NO_ID).map(|&status| StatusId(status))
    }

    /// The values an update can change.
    pub fn values(&self, id: RowId) -> Values {
        let Some(row) = self.row(id) else { return Values::default() };
        Values {
            status: self.status(id),
            severity: (row.severity != NO_ID).then_some(SeverityId(row.severity)),
            comment: row.comment.is_some().then(|| self.text(row.comment).to_owned()),
        }
    }

    /// When it was created.
    pub fn created(&self, id: RowId) -> Option<Millis> {
        self.row(id).filter(|row| row.created != NO_TIME).map(|row| Millis(row.created))
    }

    /// A row was processed with this patch: its values follow, and so do the string siblings.
    pub fn apply(&mut self, id: RowId, patch: &Patch) {
        let Some(mut row) = self.row(id) else { return };
        if let Some(status) = patch.status {
            row.status = status.0;
            row.status_text = self.caption(Some((status.0, status.caption())));
        }
        if let Some(severity) = patch.severity {
            row.severity = severity.0;
            row.severity_text = self.caption(Some((severity.0, severity.caption())));
        }
        if let Some(comment) = &patch.comment {
            let clean = crate::domain::text::clean(comment.as_str());
            row.comment = self.interner.intern(&clean);
        }
        self.set(id, row);
    }

    /// A read showed that a row has these values; its document stays as it was until it comes.
    pub fn know(&mut self, id: RowId, values: &Values) {
        let Some(mut row) = self.row(id) else { return };
        if self.values(id) == *values {
            return;
        }
        row.status = values.status.map_or(NO_ID, |status| status.0);
        row.status_text = self.caption(values.status.map(|status| (status.0, status.caption())));
        row.severity = values.severity.map_or(NO_ID, |severity| severity.0);
        row.severity_text = self.caption(values.severity.map(|severity| (severity.0, severity.caption())));
        row.comment = self.interner.intern_optional(values.comment.as_deref());
        self.set(id, row);
    }

    /// Where the whole document of a row is.
    pub fn document(&self, id: RowId) -> Option<(Arc<Archive>, usize)> {
        let row = self.row(id)?;
        let held = self.archives.get(row.archive as usize)?.as_ref()?;
        Some((Arc::clone(&held.archive), row.slot as usize))
    }

    /// A read by name showed that a row is not in the result. A scan that delivers it again knows better.
    pub fn lose(&mut self, id: RowId) {
        if let Some(row) = self.row(id) {
            self.set(id, Row { seen: LOST, ..row });
        }
    }

    /// A read by name showed that a row is in the result, after the scan that would have delivered it.
    pub fn regain(&mut self, id: RowId) {
        if let Some(row) = self.row(id) {
            self.set(id, Row { seen: self.scan, ..row });
        }
    }

    /// Whether the last that is known of a row is that it is not in the result.
    pub fn is_lost(&self, id: RowId) -> bool {
        self.row(id).is_some_and(|row| row.seen == LOST)
    }

    /// Rows that are known not to be in the result: [`Self::is_lost`] of all rows at once.
    pub fn lost(&self) -> &RowSet {
        &self.lost
    }

    /// Rows that the present scan has seen: those that are not [`Self::is_gone`], all at once.
    pub fn seen(&self) -> &RowSet {
        &self.seen
    }

    /// Whether the scan that ended last did not see the row.
    pub fn is_gone(&self, id: RowId) -> bool {
        // Asked of every row that is marked or grouped: one column, and not the whole row.
        let seen = self.chunks.get(id.index() / CHUNK_ROWS).and_then(|chunk| chunk.seen.get(id.index() % CHUNK_ROWS));
        seen.is_some_and(|&seen| seen != self.scan)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use proptest::prelude::*;

    fn page(uids: &[&str], status: i32) -> SealedPage {
        let documents: Vec<String> = uids
            .iter()
            .map(|uid| format!(r#"{{"metadata":{{"uid":"{uid}"}},"status_id":{status},"finding_info":{{"title":"t {uid}"}}}}"#))
            .collect();
        SealedPage::seal(&documents)
    }

    #[test]
    fn a_finding_that_comes_again_keeps_its_row_and_lets_the_old_document_go() {
        let mut store = Store::default();
        store.begin_scan();
        let first = store.arrive(page(&["a", "b"], 1), HubId(0));
        assert_eq!(first.added, [RowId(0), RowId(1)]);
        assert_eq!(store.arrive(page(&["b", "c"], 1), HubId(0)), Arrival { added: vec![RowId(2)], updated: vec![], duplicates: 1 });
        store.begin_scan();
        let again = store.arrive(page(&["b", "a"], 4), HubId(0));
        assert_eq!(again.updated, [RowId(1), RowId(0)]);
        assert_eq!(store.values(RowId(0)).status, Some(StatusId::RESOLVED));
        assert!(store.is_gone(RowId(2)) && !store.is_gone(RowId(0)));
        let (archive, slot) = store.document(RowId(0)).unwrap();
        assert!(archive.document(slot).unwrap().contains("\"a\""));
        assert!(store.archives.first().unwrap().is_none());
        assert!(store.archives.get(1).unwrap().is_some(), "c still needs it");
    }

    #[test]
    fn a_page_that_holds_a_finding_twice_keeps_every_document() {
        let mut store = Store::default();
        store.begin_scan();
        let arrival = store.arrive(page(&["a", "a", "b"], 1), HubId(0));
        assert_eq!(arrival, Arrival { added: vec![RowId(0), RowId(1)], updated: vec![], duplicates: 1 });
        for (row, uid) in [(RowId(0), "\"a\""), (RowId(1), "\"b\"")] {
            let (archive, slot) = store.document(row).unwrap();
            assert!(archive.document(slot).unwrap().contains(uid));
        }
        assert_eq!(store.arrive(page(&[], 1), HubId(0)), Arrival::default());
        assert!(store.archives.last().unwrap().is_none());
    }

    #[test]
    fn a_page_of_more_documents_than_the_service_promises_keeps_each_with_its_row() {
        let mut store = Store::default();
        let uids: Vec<String> = (0..=65_536).map(|at| at.to_string()).collect();
        store.arrive(page(&uids.iter().map(String::as_str).collect::<Vec<_>>(), 1), HubId(0));
        let (archive, slot) = store.document(RowId(65_536)).unwrap();
        assert!(archive.document(slot).unwrap().contains("\"65536\""));
    }

    #[test]
    fn findings_read_again_by_name_are_no_part_of_the_scan() {
        let mut store = Store::default();
        store.begin_scan();
        store.arrive(page(&["a", "b"], 1), HubId(0));
        store.begin_scan();
        store.refresh(page(&["a", "b", "new"], 4), &[RowId(1)].into_iter().collect());
        let statuses = [RowId(0), RowId(1)].map(|row| store.values(row).status.unwrap());
        assert_eq!((statuses, store.len()), ([StatusId::RESOLVED, StatusId::NEW], 2));
        assert!(store.is_gone(RowId(0)), "the scan has not seen it");
        assert_eq!(store.arrive(page(&["a"], 4), HubId(0)).updated, [RowId(0)]);
    }

    #[test]
    fn a_row_that_is_lost_is_gone_until_it_is_regained_or_delivered() {
        let mut store = Store::default();
        store.begin_scan();
        store.arrive(page(&["a", "b"], 1), HubId(0));
        for row in [RowId(0), RowId(1)] {
            store.lose(row);
            assert!(store.is_lost(row) && store.is_gone(row));
        }
        store.regain(RowId(0));
        assert!(!store.is_lost(RowId(0)) && !store.is_gone(RowId(0)));
        assert_eq!(store.arrive(page(&["b"], 1), HubId(0)).updated, [RowId(1)]);
        assert!(!store.is_lost(RowId(1)));
        store.lose(RowId(1));
        store.refresh(page(&["b"], 4), &RowSet::default());
        assert!(store.is_lost(RowId(1)), "what it holds says nothing about the query");
    }

    proptest! {
        #[test]
        fn the_sets_of_seen_and_lost_rows_say_what_each_row_says(steps in proptest::collection::vec((0_u8..6, 0_u32..9), 0..60)) {
            let mut store = Store::default();
            let uids: Vec<String> = (0..9).map(|at| at.to_string()).collect();
            for (what, at) in steps {
                let uid = uids.get(at as usize).map(String::as_str).unwrap();
                match what {
                    0 => store.begin_scan(),
                    1 => store.lose(RowId(at)),
                    2 => store.regain(RowId(at)),
                    3 => store.refresh(page(&[uid], 2), &RowSet::default()),
                    4 => drop(store.admit(&Identity::MetadataUid(uid.into()), &Values::default(), HubId(0))),
                    _ => drop(store.arrive(page(&[uid], 1), HubId(0))),
                }
            }
            let rows = || (0..store.len() as u32).map(RowId);
            prop_assert_eq!(store.seen().iter().collect::<Vec<_>>(), rows().filter(|&row| !store.is_gone(row)).collect::<Vec<_>>());
            prop_assert_eq!(store.lost().iter().collect::<Vec<_>>(), rows().filter(|&row| store.is_lost(row)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn values_that_are_known_of_a_row_take_the_place_of_the_former_ones_whole() {
        let mut store = Store::default();
        store.arrive(page(&["a"], 1), HubId(0));
        let values = Values { status: None, severity: Some(SeverityId::LOW), comment: Some("taken".into()) };
        store.know(RowId(0), &values);
        assert_eq!(store.values(RowId(0)), values);
        let row = store.row(RowId(0)).unwrap();
        assert_eq!((store.text(row.status_text), store.text(row.severity_text)), ("", "Low"));
        store.know(RowId(0), &Values::default());
        assert_eq!(store.values(RowId(0)), Values::default());
    }

    #[test]
    fn a_processed_patch_moves_the_caption_with_the_id() {
        let mut store = Store::default();
        store.arrive(page(&["a"], 1), HubId(0));
        store.apply(RowId(0), &Patch::status(StatusId::SUPPRESSED));
        let row = store.row(RowId(0)).unwrap();
        assert_eq!((row.status, store.text(row.status_text)), (3, "Suppressed"));
        assert!(store.values(RowId(0)).satisfy(&Patch::status(StatusId::SUPPRESSED)));
        assert!(!store.values(RowId(0)).satisfy(&Patch::severity(SeverityId::LOW)));
    }
}
