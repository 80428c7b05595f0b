//! Whole documents, kept compressed by page: 100 findings of one page share most of their text.

use std::sync::Arc;

use crate::domain::finding::Finding;

/// zstd's own default: a page of 240 KB becomes about 22 KB in a millisecond.
const LEVEL: i32 = 3;

/// The documents of one page.
#[derive(Debug, PartialEq, Eq)]
pub struct Archive {
    compressed: Box<[u8]>,
    /// Where each document ends in the decompressed text.
    ends: Box<[u32]>,
}

/// A page read into rows, its documents sealed: built off the thread that draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPage {
    /// One per document, in the page's order.
    pub findings: Vec<Finding>,
    /// The documents.
    pub archive: Arc<Archive>,
    /// Which of the findings are not what the query asks for, by their places; only where findings were read again by name, since a scan
    /// leaves such away.
    pub outside: Vec<usize>,
}

/// Why a document could not be brought back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The compressed page does not decompress: memory was damaged, or this is a bug.
    #[error("the stored document is damaged ({0}); run the query again to load it anew")]
    Damaged(String),
    /// There is no such document.
    #[error("the document is no longer held; run the query again to load it anew")]
    Missing,
}

impl SealedPage {
    /// Reads and compresses the documents of a page.
    pub fn seal(documents: &[String]) -> Self {
        Self::seal_where(documents, |_, _| true)
    }

    /// Reads the documents of a page, and compresses those that are wanted.
    pub fn seal_where(documents: &[String], is_wanted: impl Fn(&Finding, &str) -> bool) -> Self {
        let read = documents.iter().map(|document| (Finding::parse(document), document.as_str()));
        let (findings, documents): (Vec<Finding>, Vec<&str>) = read.filter(|(finding, document)| is_wanted(finding, document)).unzip();
        Self { findings, archive: Arc::new(Archive::seal(&documents)), outside: Vec::new() }
    }
}

impl Archive {
    fn seal(documents: &[&str]) -> Self {
        let mut text = Vec::with_capacity(documents.iter().map(|document| document.len()).sum());
        let mut ends = Vec::with_capacity(documents.len());
        for document in documents {
            text.extend_from_slice(document.as_bytes());
            ends.push(text.len() as u32);
        }
        // Compressing into memory fails only when memory is gone; the text as it is would not fit then either.
        let compressed = zstd::bulk::compress(&text, LEVEL).unwrap_or_default();
        Self { compressed: compressed.into_boxed_slice(), ends: ends.into_boxed_slice() }
    }

    /// One document as it came.
    pub fn document(&self, slot: usize) -> Result<String, ArchiveError> {
        if slot >= self.ends.len() {
            return Err(ArchiveError::Missing);
        }
        self.documents()?.get(slot).map(str::to_owned)
    }

    /// How many bytes a document has; told without decompressing anything. Zero where there is none.
    pub fn size(&self, slot: usize) -> usize {
        let start = slot.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&start| start as usize);
        self.ends.get(slot).map_or(0, |&end| end as usize - start)
    }

    /// All documents, decompressed once.
    pub fn documents(&self) -> Result<Documents<'_>, ArchiveError> {
        let size = self.ends.last().map_or(0, |&end| end as usize);
        let text = zstd::bulk::decompress(&self.compressed, size).map_err(|error| ArchiveError::Damaged(error.to_string()))?;
        Ok(Documents { text, ends: &self.ends })
    }
}

/// The documents of a page, decompressed.
#[derive(Debug)]
pub struct Documents<'a> {
    text: Vec<u8>,
    ends: &'a [u32],
}

impl Documents<'_> {
    /// One document as it came.
    pub fn get(&self, slot: usize) -> Result<&str, ArchiveError> {
        let end = *self.ends.get(slot).ok_or(ArchiveError::Missing)? as usize;
        let start = slot.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&start| start as usize);
        let bytes = self.text.get(start..end).ok_or(ArchiveError::Missing)?;
        std::str::from_utf8(bytes).map_err(|error| ArchiveError::Damaged(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn every_document_comes_back_as_it_came() {
        let documents: Vec<String> = (0..100).map(|n| format!("{{\"metadata\":{{\"uid\":\"{n}\"}},\"x\":\"é\u{202e}\"}}")).collect();
        let page = SealedPage::seal(&documents);
        assert_eq!(page.findings.len(), 100);
        for (slot, document) in documents.iter().enumerate() {
            assert_eq!(page.archive.document(slot).as_ref(), Ok(document));
            assert_eq!(page.archive.size(slot), document.len());
        }
        assert_eq!((page.archive.document(100), page.archive.size(100)), (Err(ArchiveError::Missing), 0));
        assert!(page.archive.compressed.len() < documents.iter().map(String::len).sum::<usize>() / 3);
        assert_eq!(SealedPage::seal(&[]).archive.document(0), Err(ArchiveError::Missing));
        assert_eq!(SealedPage::seal(&[]).archive.documents().unwrap().get(0), Err(ArchiveError::Missing));
        let all = page.archive.documents().unwrap();
        assert!(documents.iter().enumerate().all(|(slot, document)| all.get(slot).as_ref() == Ok(&document.as_str())));
        let odd = SealedPage::seal_where(&documents, |finding, document| {
            document.contains(finding.identity.shown()) && finding.identity.shown().ends_with('7')
        });
        assert_eq!((odd.findings.len(), odd.archive.document(1).as_ref()), (10, Ok(&documents[17])));
        assert_eq!(odd.archive.document(10), Err(ArchiveError::Missing));
    }
}
