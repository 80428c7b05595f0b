//! Reading a journal's files: entry by entry, and exactly what is missing where one is not whole.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use super::{
    error::{ReadError, shown},
    folder::{Folder, HubName},
};
use crate::journal::{
    entry::{Entry, Seq, Stamped},
    line::{self, LineError},
};

/// Something that is not as it was written, in the middle of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u64,
    /// The entries that are missing for it, first and last.
    pub missing: Option<(Seq, Seq)>,
    /// What it is.
    pub what: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", shown(&self.file), self.line, self.what)?;
        match self.missing {
            Some((first, last)) if first == last => write!(f, "; entry {} is lost", first.0),
            Some((first, last)) => write!(f, "; entries {} to {} are lost", first.0, last.0),
            None => Ok(()),
        }
    }
}

/// The end of a file that is no whole entry: a write that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// The file.
    pub file: PathBuf,
    /// Its first line, from 1.
    pub line: u64,
    /// Where it begins.
    pub offset: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// The place of the entry that it would have been, or of the first of them.
    pub seq: Seq,
}

impl fmt::Display for Torn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, bytes, seq, .. } = self;
        write!(f, "{}:{line}: the write of entry {} was cut off; its {bytes} bytes are no entry", shown(file), seq.0)
    }
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// How many entries were read.
    pub entries: u64,
    /// The place of the first one.
    pub first: Option<Seq>,
    /// The place of the last one.
    pub last: Option<Seq>,
    /// Up to where the file is entries.
    pub whole: u64,
    /// How much of that, at its beginning, is carried over from a former file.
    pub carried: u64,
    /// Whether the last entry lacks its line break.
    pub is_unended: bool,
    /// What is not as it was written.
    pub damage: Vec<Damage>,
    /// What was cut off.
    pub torn: Option<Torn>,
}

/// Reads a file from where it stands. `expected` is the place its first entry has to have, where that is known; without it, a file that
/// does not begin with what was carried over has to begin with 1.
pub fn read(path: &Path, file: File, expected: Option<Seq>, mut take: impl FnMut(Stamped)) -> Result<Reading, ReadError> {
    let io = |source| ReadError::Io { file: path.to_owned(), source };
    // A device in its place could be read for ever.
    if !file.metadata().map_err(io)?.is_file() {
        return Err(io(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file")));
    }
    let mut lines = BufReader::with_capacity(1 << 16, file);
    let mut reading = Reading::default();
    let mut next = expected;
    // Lines that are no entry, until it is known what comes behind them: (line, offset, what).
    let mut doubtful: Vec<(u64, u64, &'static str)> = Vec::new();
    let (mut number, mut offset) = (0, 0);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let length = lines.read_until(b'\n', &mut bytes).map_err(io)? as u64;
        if length == 0 {
            break;
        }
        number += 1;
        let is_ended = bytes.pop_if(|last| *last == b'\n').is_some();
        match line::read(&bytes) {
            Ok(stamped) => {
                let is_carried = matches!(stamped.entry, Entry::Carried(_));
                // Without former files, what comes before the carried entries of this one is not asked for.
                let expected = next.unwrap_or(if is_carried { stamped.seq } else { Seq(1) });
                settle(&mut reading.damage, path, &mut doubtful, number, expected, stamped.seq);
                next = Some(Seq(expected.0.max(stamped.seq.0.saturating_add(1))));
                if is_carried && reading.carried == offset {
                    reading.carried = offset + length;
                }
                reading.first = reading.first.or(Some(stamped.seq));
                reading.last = reading.last.max(Some(stamped.seq));
                reading.entries += 1;
                reading.whole = offset + length;
                reading.is_unended = !is_ended;
                take(stamped);
            }
            Err(LineError::Damaged(what)) => doubtful.push((number, offset, what)),
            Err(newer @ LineError::Newer(_)) => {
                return Err(ReadError::Newer { file: path.to_owned(), line: number, what: newer.to_string() });
            }
        }
        offset += length;
    }
    if let Some(&(line, from, _)) = doubtful.first() {
        let seq = next.unwrap_or(Seq(1));
        reading.torn = Some(Torn { file: path.to_owned(), line, offset: from, bytes: offset - from, seq });
    }
    Ok(reading)
}

/// An entry was found: says what is missing before it.
fn settle(damage: &mut Vec<Damage>, path: &Path, doubtful: &mut Vec<(u64, u64, &'static str)>, number: u64, expected: Seq, found: Seq) {
    let gap = found.0.checked_sub(expected.0);
    let mut report = |line, missing, what: String| damage.push(Damage { file: path.to_owned(), line, missing, what });
    let count = doubtful.len() as u64;
    for (place, (line, _, what)) in doubtful.drain(..).enumerate() {
        // As many lines as entries are missing: it is known which is which.
        let seq = Seq(expected.0 + place as u64);
        report(line, (gap == Some(count)).then_some((seq, seq)), what.to_owned());
    }
    match gap {
        None => report(number, None, format!("entry {} where {} was expected", found.0, expected.0)),
        Some(gap) if gap != count => {
            let missing = (gap > 0).then(|| (expected, Seq(found.0 - 1)));
            report(number, missing, format!("entry {} where {} was expected", found.0, expected.0));
        }
        Some(_) => {}
    }
}

/// A hub's files as they are now, oldest first, the one that is written to last. They stay readable whatever they are renamed to.
pub fn files(folder: &Folder, name: &HubName) -> Result<Vec<(PathBuf, File)>, ReadError> {
    let failed = |path: &Path, source| ReadError::Io { file: path.to_owned(), source };
    // Between two renames of a rotation a file is missing for a moment; then the names are looked at again.
    for _ in 0..8 {
        let former = folder.former_files(name).map_err(|error| failed(folder.path(), error))?;
        let mut files = Vec::new();
        for (_, path) in &former {
            files.push((path.clone(), File::open(path).map_err(|error| failed(path, error))?));
        }
        for path in [folder.current(name), folder.next(name)] {
            match File::open(&path) {
                Ok(file) => {
                    files.push((path, file));
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed(&path, error)),
            }
        }
        if folder.former_files(name).map_err(|error| failed(folder.path(), error))? == former {
            return Ok(files);
        }
    }
    Err(failed(folder.path(), io::Error::other("its files keep changing; try again")))
}

/// Reads everything a hub's journal remembers, oldest first, without taking the lock; gives what was found in each file.
pub fn read_all(folder: &Folder, name: &HubName, mut take: impl FnMut(Stamped)) -> Result<Vec<(PathBuf, Reading)>, ReadError> {
    let mut readings = Vec::new();
    let mut expected = None;
    for (path, file) in files(folder, name)? {
        let reading = read(&path, file, expected, &mut take)?;
        expected = reading.last.map(|last| Seq(last.0.saturating_add(1))).or(expected);
        readings.push((path, reading));
    }
    Ok(readings)
}
