//! The pages that the service serves: made once, kept in a file between runs, so that a million findings take no memory and making them is
//! not measured.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::made::{self, PAGE, Size};

/// Pages in a row that one thread makes before they are written.
const STRIDE: usize = 16;

/// Findings in the order of a service that was asked for the highest severity and then the latest change first.
pub(crate) struct Findings {
    file: File,
    /// Where each page begins in the file, compressed, and how long it is.
    pages: Vec<(u64, usize)>,
    count: usize,
}

impl Findings {
    /// So many of them, made where no earlier run left them.
    pub(crate) fn of(count: usize, folder: &Path) -> Self {
        let path = folder.join(format!("findings-{count}-{:016x}", fingerprint()));
        if !path.exists() {
            make(count, &path);
        }
        let mut lengths = BufReader::new(File::open(index(&path)).expect("the index of the pages"));
        let (mut pages, mut at, mut length) = (Vec::new(), 0, [0; 4]);
        while lengths.read_exact(&mut length).is_ok() {
            let length = u32::from_le_bytes(length);
            pages.push((at, length as usize));
            at += u64::from(length);
        }
        Self { file: File::open(path).expect("the pages"), pages, count }
    }

    /// How many findings there are.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// The answer that has the page of this number, which ends with the token of the next.
    pub(crate) fn answer(&self, page: usize) -> Option<Vec<u8>> {
        let &(at, length) = self.pages.get(page)?;
        let mut compressed = vec![0; length];
        self.file.read_exact_at(&mut compressed, at).expect("the page is there");
        let mut body = b"{\"Findings\":[".to_vec();
        zstd::stream::copy_decode(compressed.as_slice(), &mut body).expect("it was compressed here");
        body.push(b']');
        if page + 1 < self.pages.len() {
            write!(body, ",\"NextToken\":\"{}\"", page + 1).expect("memory takes it");
        }
        body.push(b'}');
        Some(body)
    }

    /// Every document, read.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Value> {
        (0..self.pages.len()).flat_map(|page| {
            let mut answer: Value = serde_json::from_slice(&self.answer(page).unwrap_or_default()).expect("JSON");
            match answer["Findings"].take() {
                Value::Array(documents) => documents,
                _ => Vec::new(),
            }
        })
    }
}

fn index(path: &Path) -> PathBuf {
    path.with_extension("index")
}

/// Differs when the findings that are made differ.
fn fingerprint() -> u64 {
    let some = (0..9).map(|at| made::document(at * 777, Size::Usual)).collect::<String>();
    some.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn make(count: usize, path: &Path) {
    eprintln!("making {count} findings; they are kept in {}", path.display());
    let mut order: Vec<(i64, i64, u64)> = in_parallel(count.div_ceil(PAGE), |page| {
        let numbers = (page * PAGE) as u64..((page + 1) * PAGE).min(count) as u64;
        numbers
            .map(|number| {
                let document = made::document(number, Size::Usual);
                (-member(&document, "\"severity_id\":"), -member(&document, "\"modified_time\":"), number)
            })
            .collect::<Vec<_>>()
    })
    .flatten()
    .collect();
    order.sort_unstable();
    let numbers: Vec<u64> = order.into_iter().map(|(_, _, number)| number).collect();
    let unfinished = path.with_extension("unfinished");
    let mut file = BufWriter::new(File::create(&unfinished).expect("a file"));
    let mut lengths = BufWriter::new(File::create(index(path)).expect("a file"));
    let pages: Vec<&[u64]> = numbers.chunks(PAGE).collect();
    for page in in_parallel(pages.len(), |page| {
        let numbers = pages.get(page).copied().unwrap_or_default();
        let documents = numbers.iter().map(|number| made::document(*number, Size::Usual)).collect::<Vec<_>>().join(",");
        zstd::bulk::compress(documents.as_bytes(), 1).expect("memory")
    }) {
        file.write_all(&page).expect("room for the file");
        lengths.write_all(&u32::try_from(page.len()).expect("a page is small").to_le_bytes()).expect("room for the file");
    }
    file.flush().expect("room for the file");
    lengths.flush().expect("room for the file");
    std::fs::rename(unfinished, path).expect("the folder is ours");
}

/// The number after a name in a document.
fn member(document: &str, name: &str) -> i64 {
    let rest = document.split(name).nth(1).unwrap_or_default();
    rest.split([',', '}']).next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Each in its order, a few pages at a time, made by two threads.
fn in_parallel<T: Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> impl Iterator<Item = T> {
    (0..count).step_by(2 * STRIDE).flat_map(move |first| {
        let half = (first + STRIDE).min(count);
        let end = (first + 2 * STRIDE).min(count);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| (half..end).map(&make).collect::<Vec<_>>());
            let mut all: Vec<T> = (first..half).map(&make).collect();
            all.append(&mut other.join().expect("it ends"));
            all
        })
    })
}
