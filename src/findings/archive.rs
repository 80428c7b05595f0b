//! Whole documents, kept compressed by page: 100 findings of one page share most of their text.

use std::{cell::RefCell, sync::Arc};

use zstd::bulk::Compressor;

use crate::domain::finding::Finding;

/// Of the levels the fastest that is worth having: on pages of 240 and 520 KB zstd's own default, 3, takes up to twice the time and four
/// times the working memory for 1 % less or more, and so does level 5 for 3 to 12 % less. A dictionary made of an earlier page saves 6 %.
const LEVEL: i32 = 1;

/// Most bytes that a thread keeps to compress the next page in.
const MOST_KEPT: usize = 4 << 20;

/// Most bytes of the documents of one archive: their ends are counted in 32 bits.
const MOST_BYTES: usize = u32::MAX as usize;

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

/// What a thread compresses pages with, kept for the next one: making it takes as long as compressing a small page.
#[derive(Default)]
struct Press {
    compressor: Option<Compressor<'static>>,
    text: Vec<u8>,
    out: Vec<u8>,
}

thread_local! {
    static PRESS: RefCell<Press> = RefCell::default();
}

impl Press {
    /// Compresses what is in `text`; nothing where there is no memory for it.
    fn compress(&mut self) -> Box<[u8]> {
        if self.compressor.is_none() {
            self.compressor = Compressor::new(LEVEL).ok();
        }
        self.out.clear();
        self.out.reserve(zstd::zstd_safe::compress_bound(self.text.len()));
        let done = self.compressor.as_mut().map(|compressor| compressor.compress_to_buffer(&self.text, &mut self.out));
        if matches!(done, Some(Ok(_))) { Box::from(self.out.as_slice()) } else { Box::default() }
    }

    fn forget_large(&mut self) {
        for kept in [&mut self.text, &mut self.out] {
            if kept.capacity() > MOST_KEPT {
                *kept = Vec::new();
            }
        }
    }
}

impl Archive {
    fn seal(documents: &[&str]) -> Self {
        PRESS.with_borrow_mut(|press| {
            press.text.clear();
            let mut ends = Vec::with_capacity(documents.len());
            for document in documents {
                if press.text.len() + document.len() > MOST_BYTES {
                    // It and those behind it are told to be missing, which is better than another document in their place.
                    break;
                }
                press.text.extend_from_slice(document.as_bytes());
                ends.push(press.text.len() as u32);
            }
            let sealed = Self { compressed: press.compress(), ends: ends.into_boxed_slice() };
            press.forget_large();
            sealed
        })
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
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        aws::raw_page,
        domain::{identity::Identity, row::HubId},
        findings::store::Store,
    };

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

    /// Texts that are JSON by its grammar, whatever becomes of who reads them.
    fn document() -> impl Strategy<Value = String> {
        let text = proptest::collection::vec(
            prop_oneof![
                Just("\\ud800"),
                Just("\\udc00\\ud83d"),
                Just("\\ud83d\\ude00"),
                Just("\\u0000"),
                Just("\\\"]}"),
                Just("\\\\"),
                Just("\u{202e}"),
                Just("\u{7f}é\u{10ffff}"),
                Just("{\\\"a\\\":["),
                Just("},{"),
                Just(" "),
                Just("a"),
                Just("uid"),
                Just(""),
            ],
            0..5,
        )
        .prop_map(|parts| format!("\"{}\"", parts.concat()));
        let number = prop_oneof![
            Just("1e400"),
            Just("-0"),
            Just("-0.0"),
            Just("1.50"),
            Just("1E+2"),
            Just("123456789012345678901234567890"),
            Just("0.1000000000000000055511151231257827"),
            Just("-9223372036854775809"),
        ];
        let leaf = prop_oneof![text.clone(), number.prop_map(str::to_owned), Just("null".to_owned()), Just("true".to_owned())];
        leaf.prop_recursive(4, 24, 5, move |inner| {
            let name = prop_oneof![
                Just("\"metadata\"".to_owned()),
                Just("\"uid\"".to_owned()),
                Just("\"finding_info\"".to_owned()),
                Just("\"status_id\"".to_owned()),
                Just("\"a\"".to_owned()),
                text.clone(),
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(|values| format!("[{}]", values.join(" ,\t"))),
                proptest::collection::vec((name, inner), 0..6).prop_map(|members| {
                    let members: Vec<String> = members.into_iter().map(|(name, value)| format!("{name} :\r\n{value}")).collect();
                    format!("{{ {} }}", members.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_a_document_is_it_comes_back_from_the_wire_and_the_store_unchanged(
            documents in proptest::collection::vec(document(), 0..8), later in proptest::collection::vec(document(), 0..3),
        ) {
            let mut store = Store::default();
            store.begin_scan();
            for page in [&documents, &later] {
                let body = format!("{{\"NextToken\":\"\\u006e\",\"Findings\" : [ {} ]}}", page.join(" , "));
                let cut = raw_page::cut(body.as_bytes()).unwrap();
                prop_assert_eq!((&cut.findings, cut.next.as_deref()), (page, Some("n")));
                store.arrive(SealedPage::seal(&cut.findings), HubId(0));
            }
            let mut last: HashMap<Identity, &String> = HashMap::new();
            for document in documents.iter().chain(&later) {
                last.insert(Finding::parse(document).identity, document);
            }
            prop_assert_eq!(store.len(), last.len());
            for (identity, document) in last {
                let row = store.find(&identity).unwrap();
                let (archive, slot) = store.document(row).unwrap();
                prop_assert_eq!(archive.size(slot), document.len());
                prop_assert_eq!(&archive.document(slot).unwrap(), document);
                prop_assert_eq!(store.identity(row), Some(identity));
            }
        }

        #[test]
        fn texts_that_are_no_documents_come_back_too(texts in proptest::collection::vec(any::<String>(), 0..6)) {
            let page = SealedPage::seal(&texts);
            let back: Vec<String> = (0..texts.len()).map(|slot| page.archive.document(slot).unwrap()).collect();
            prop_assert_eq!(back, texts);
        }
    }

    #[test]
    fn a_page_of_large_documents_leaves_nothing_of_them_with_its_thread() {
        let mut digits = 1_u64;
        let hard: String = (0..1 << 20)
            .map(|_| {
                digits = digits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from(b'!' + (digits >> 58) as u8)
            })
            .collect();
        let documents = [String::new(), "\0".repeat(1 << 20), hard, "é".repeat(3 << 20), String::new()];
        let page = SealedPage::seal(&documents);
        for (slot, document) in documents.iter().enumerate() {
            assert!(page.archive.document(slot).as_ref() == Ok(document), "{slot}");
        }
        PRESS.with_borrow(|press| assert!(press.text.capacity() <= MOST_KEPT && press.out.capacity() <= MOST_KEPT));
        assert_eq!(SealedPage::seal(&documents[..1]).archive.document(0).as_deref(), Ok(""));
    }
}
