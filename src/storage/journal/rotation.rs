//! Going on in a new file once one is large. At every moment, what is on disk is enough to go on with.
//!
//! 1. `NAME.next` is written, with everything unfinished, and synced.
//! 2. `NAME.jsonl` becomes `NAME.SEQ.jsonl`.
//! 3. `NAME.next` becomes `NAME.jsonl`.
//!
//! The folder is synced after the second and after the third, so that the third is never on disk without the second.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::PathBuf,
};

use super::{
    error::{OpenError, ReadError, WriteError},
    file::Mended,
    folder::{Folder, HubName},
    reading,
};
use crate::{
    domain::time::Millis,
    journal::{
        carried::Carried,
        entry::{Entry, Seq, Stamped},
        ledger::Ledger,
        line,
    },
    storage::private,
};

/// Moments of a rotation, for tests that end it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing has been done yet.
    Begun,
    /// The new file is written.
    Written,
    /// The old one has its new name; none has the name that is written to.
    PutAside,
    /// The new one has it.
    Replaced,
}

/// The new file.
#[derive(Debug)]
pub struct Next {
    /// Open to append.
    pub file: File,
    /// How long it is.
    pub length: u64,
    /// What it begins with: at least one entry.
    pub entries: Vec<Stamped>,
}

/// How a rotation failed.
#[derive(Debug)]
pub enum Failed {
    /// Everything is as before.
    Undone(WriteError),
    /// The file that was written to has another name now, and could not get its own back.
    Astray(WriteError),
}

/// Writes what is unfinished into a new file, and lets it take the place of the one that begins with `first`.
pub fn rotate(folder: &Folder, name: &HubName, first: Seq, ledger: &Ledger, now: Millis, step: &dyn Fn(Step)) -> Result<Next, Failed> {
    step(Step::Begun);
    let (current, former, next) = (folder.current(name), folder.former(name, first), folder.next(name));
    let undone = |file: &PathBuf, error| {
        let _ = fs::remove_file(folder.next(name));
        Failed::Undone(WriteError::of(file, error))
    };
    let made = write(&next, ledger, now).map_err(|error| undone(&next, error))?;
    step(Step::Written);
    if former.exists() {
        return Err(undone(&former, io::Error::new(io::ErrorKind::AlreadyExists, "it is there already")));
    }
    fs::rename(&current, &former).map_err(|error| undone(&current, error))?;
    let replaced = folder.sync().and_then(|()| {
        step(Step::PutAside);
        fs::rename(&next, &current)
    });
    if let Err(error) = replaced {
        let error = WriteError::of(&current, error);
        return Err(if fs::rename(&former, &current).is_ok() { Failed::Undone(error) } else { Failed::Astray(error) });
    }
    step(Step::Replaced);
    // The new file has everything that counts under either name; it must not fail now.
    let _ = folder.sync();
    Ok(made)
}

fn write(path: &PathBuf, ledger: &Ledger, now: Millis) -> io::Result<Next> {
    let places = (ledger.last.0 + 1..).map(Seq);
    let entries: Vec<Stamped> =
        places.zip(Carried::of(ledger)).map(|(seq, carried)| Stamped { seq, at: now, entry: Entry::Carried(carried) }).collect();
    let mut lines = Vec::new();
    for stamped in &entries {
        line::write(stamped, &mut lines)?;
    }
    // What a rotation that was cut off has left is no part of it.
    let _ = fs::remove_file(path);
    let mut file = private::open(path, OpenOptions::new().create_new(true).append(true))?;
    file.write_all(&lines)?;
    file.sync_all()?;
    Ok(Next { file, length: lines.len() as u64, entries })
}

/// Finishes or undoes a rotation that was cut off; to be done with the lock held.
pub fn mend(folder: &Folder, name: &HubName) -> Result<Option<Mended>, OpenError> {
    let (current, next) = (folder.current(name), folder.next(name));
    let failed = |error| OpenError::Folder { folder: folder.path().to_owned(), source: error };
    if current.exists() {
        // It did not get to the first rename: whatever the new file has, the old one has too.
        return match fs::remove_file(&next) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(None),
        };
    }
    let former = folder.former_files(name).map_err(failed)?.pop().map(|(_, path)| path);
    let mended = if is_complete(&next)? {
        fs::rename(&next, &current).map_err(failed)?;
        Mended::Rotated(current)
    } else if let Some(former) = former {
        fs::rename(&former, &current).map_err(failed)?;
        let _ = fs::remove_file(&next);
        Mended::TakenBack { from: former, to: current }
    } else {
        return Ok(None);
    };
    folder.sync().map_err(failed)?;
    Ok(Some(mended))
}

fn is_complete(next: &PathBuf) -> Result<bool, ReadError> {
    let file = match File::open(next) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file.map_err(|source| ReadError::Io { file: next.clone(), source })?,
    };
    let mut first = None;
    let reading = reading::read(next, file, None, |stamped| {
        first.get_or_insert(stamped.entry);
    })?;
    Ok(matches!(first, Some(Entry::Carried(_))) && reading.damage.is_empty() && reading.torn.is_none())
}
