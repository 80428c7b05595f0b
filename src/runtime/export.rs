//! Writing rows into a file: documents are brought back a part at a time, each page once a part, in the order of the rows.

use std::{
    collections::HashMap,
    ops::Range,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    app::{
        export::{
            Content, Export, NotWritten, Source, Written,
            sheet::{Added, Sheet},
        },
        survey::Covered,
    },
    findings::archive::{Archive, Documents},
    storage::new_file::{NewFile, NewFileError},
};

use super::clock;

/// Most bytes of documents, and most rows, that are brought back at once.
const PART: (usize, usize) = (16 << 20, 4_096);
/// Rows between two looks at whether to go on, and at the clock.
const STRETCH: usize = 256;
/// Least time between two reports of how far it is.
const BETWEEN_REPORTS: Duration = Duration::from_millis(250);

/// Stops an export from another thread.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Stops it.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Writes a file whole, or leaves nothing. Blocks.
pub fn write(export: Export, home: Option<&Path>, stop: &Stop, tell: impl Fn(Covered)) -> Result<Written, NotWritten> {
    let path = expanded(&export.file, home);
    let mut file = NewFile::begin(&path).map_err(|error| NotWritten::Refused(error.to_string()))?;
    let mut written = Written { file: path.to_string_lossy().into_owned(), ..Written::default() };
    match export.content {
        Content::Text(text) => file.add(format!("{text}\n").as_bytes()).map_err(|error| failed(&error))?,
        Content::Rows(rows) => {
            let sheet = Sheet::of(&rows);
            file.add(sheet.head().as_bytes()).map_err(|error| failed(&error))?;
            let mut covered = Covered { of: rows.rows.len(), ..Covered::default() };
            let mut told = clock::ctx().now;
            for part in parts(&rows.rows, |row| &row.source) {
                let part = rows.rows.get(part).unwrap_or_default();
                let opened = Opened::of(part.iter().map(|row| &row.source));
                for stretch in part.chunks(STRETCH) {
                    let mut lines = String::new();
                    for row in stretch {
                        match sheet.add(row, opened.document(&row.source), &mut lines) {
                            Added::Yes => written.rows += 1,
                            Added::LeftOut => written.left_out += 1,
                        }
                    }
                    file.add(lines.as_bytes()).map_err(|error| failed(&error))?;
                    covered.done += stretch.len();
                    if stop.is_told() {
                        return Err(NotWritten::Stopped);
                    }
                    let now = clock::ctx().now;
                    if now.0.saturating_sub(told.0) >= BETWEEN_REPORTS.as_millis() as i64 {
                        told = now;
                        tell(covered);
                    }
                }
            }
        }
    }
    written.bytes = file.finish().map_err(|error| failed(&error))?;
    Ok(written)
}

fn failed(error: &NewFileError) -> NotWritten {
    match error {
        NewFileError::Exists(_) => NotWritten::Refused(error.to_string()),
        NewFileError::NoFolder { .. } | NewFileError::Unwritable { .. } => NotWritten::Failed(error.to_string()),
    }
}

/// `~/` at the beginning is the home folder, as in a shell.
fn expanded(file: &str, home: Option<&Path>) -> PathBuf {
    match (file.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(file),
    }
}

/// Cuts rows into parts whose documents fit into memory at once.
pub fn parts<T>(rows: &[T], source: impl Fn(&T) -> &Source) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, row) in rows.iter().enumerate() {
        let size = match source(row) {
            Source::Document(archive, slot) => archive.size(*slot),
            Source::Unread(_) => 0,
        };
        if at > start && (bytes + size > PART.0 || at - start >= PART.1) {
            parts.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    if start < rows.len() {
        parts.push(start..rows.len());
    }
    parts
}

/// The documents of some rows, each page decompressed once; of a page only what is asked for is kept.
#[derive(Debug)]
pub struct Opened(HashMap<(*const Archive, usize), String>);

impl Opened {
    /// Those of these rows. What cannot be brought back is missing.
    pub fn of<'a>(sources: impl Iterator<Item = &'a Source>) -> Self {
        let mut wanted: HashMap<*const Archive, (&Archive, Vec<usize>)> = HashMap::new();
        for source in sources {
            if let Source::Document(archive, slot) = source {
                wanted.entry(Arc::as_ptr(archive)).or_insert_with(|| (archive, Vec::new())).1.push(*slot);
            }
        }
        let mut found = HashMap::new();
        for (at, (archive, slots)) in wanted {
            let Ok(documents) = archive.documents() else { continue };
            found.extend(slots.into_iter().filter_map(|slot| Some(((at, slot), owned(&documents, slot)?))));
        }
        Self(found)
    }

    /// The document of a row; `None` where it has none, or it cannot be brought back.
    pub fn document(&self, source: &Source) -> Option<&str> {
        match source {
            Source::Document(archive, slot) => self.0.get(&(Arc::as_ptr(archive), *slot)).map(String::as_str),
            Source::Unread(_) => None,
        }
    }
}

fn owned(documents: &Documents<'_>, slot: usize) -> Option<String> {
    documents.get(slot).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::cell::Cell;

    use super::*;
    use crate::{
        app::{
            event::RequestId,
            export::{Format, Row, Rows},
        },
        domain::{column::Column, identity::Identity, patch::Values, time::Millis},
        findings::archive::SealedPage,
    };

    fn document(at: usize) -> String {
        format!("{{\"metadata\":{{\"uid\":\"u{at}\"}},\"x\":1.50,\"finding_info\":{{\"title\":\"\u{202e}t {at}\"}}}}")
    }

    /// Rows in an order that jumps from page to page.
    fn export(file: &Path, format: Format, count: usize) -> Export {
        let documents: Vec<String> = (0..count).map(document).collect();
        let pages: Vec<SealedPage> = documents.chunks(100).map(SealedPage::seal).collect();
        let row = |at: usize| Row {
            source: Source::Document(pages[at / 100].archive.clone(), at % 100),
            values: Values::default(),
            staged: None,
        };
        let mut rows: Vec<Row> = (0..count).map(|at| row(at * 7 % count)).collect();
        rows.push(Row { source: Source::Unread(Identity::MetadataUid("unread".into())), values: Values::default(), staged: None });
        let columns = Column::defaults().into_iter().map(|column| column.what).collect();
        let rows = Rows { format, rows, columns, about: "about".into(), now: Millis(0) };
        Export { request: RequestId(1), file: file.to_str().unwrap().to_owned(), content: Content::Rows(rows) }
    }

    #[test]
    fn documents_are_written_byte_for_byte_in_the_order_of_the_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.jsonl");
        let written = write(export(&path, Format::Jsonl, 10_001), None, &Stop::default(), |_| {}).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!((written.rows, written.left_out, written.bytes), (10_001, 1, text.len() as u64));
        assert!(text.lines().zip(0..).all(|(line, at)| line == document(at * 7 % 10_001)) && text.lines().count() == 10_001);
    }

    #[test]
    fn a_sheet_has_a_line_for_every_row() {
        let folder = tempfile::tempdir().unwrap();
        for (format, above) in [(Format::Csv, 1), (Format::Markdown, 4)] {
            let path = folder.path().join(format.word());
            let written = write(export(&path, format, 1_000), None, &Stop::default(), |_| {}).unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!((written.rows, written.left_out, text.lines().count()), (1_001, 0, 1_001 + above));
            assert!(text.contains("<U+202E>t 999") || text.contains("\\<U+202E\\>t 999"), "{}", text.lines().last().unwrap());
        }
    }

    #[test]
    fn what_is_stopped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let stop = Stop::default();
        stop.stop();
        assert_eq!(write(export(&folder.path().join("x"), Format::Csv, 1_000), None, &stop, |_| {}), Err(NotWritten::Stopped));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_cannot_be_made_is_refused_before_anything_is_brought_back() {
        let folder = tempfile::tempdir().unwrap();
        let asked = Cell::new(0);
        let count = |_| asked.set(asked.get() + 1);
        let there = folder.path().join("there");
        std::fs::write(&there, "x").unwrap();
        for path in [there, folder.path().join("no/where")] {
            let refused = write(export(&path, Format::Csv, 10), None, &Stop::default(), count);
            assert!(matches!(&refused, Err(NotWritten::Refused(why)) if why.contains(path.to_str().unwrap())), "{refused:?}");
        }
        assert_eq!(asked.get(), 0);
    }

    #[test]
    fn a_text_is_written_as_it_is_and_a_tilde_is_the_home_folder() {
        let folder = tempfile::tempdir().unwrap();
        let export = Export { request: RequestId(1), file: "~/a.txt".into(), content: Content::Text("one\ntwo".into()) };
        let written = write(export, Some(folder.path()), &Stop::default(), |_| {}).unwrap();
        assert_eq!((written.bytes, std::fs::read_to_string(folder.path().join("a.txt")).unwrap()), (8, "one\ntwo\n".to_owned()));
        assert_eq!(expanded("~/a", None), PathBuf::from("~/a"));
        assert_eq!(expanded("a~/b", Some(folder.path())), PathBuf::from("a~/b"));
    }

    #[test]
    fn parts_are_no_larger_than_memory_allows() {
        let page = SealedPage::seal(&["x".repeat(9 << 20), "y".repeat(9 << 20), "z".to_owned()]);
        let rows: Vec<Source> = (0..3).map(|slot| Source::Document(page.archive.clone(), slot)).collect();
        assert_eq!(parts(&rows, |source| source), [0..1, 1..3]);
        let many = vec![Source::Unread(Identity::MetadataUid(String::new())); 4_097];
        assert_eq!(parts(&many, |source| source), [0..4_096, 4_096..4_097]);
        assert_eq!(parts(&[], |source: &Source| source), []);
    }
}
