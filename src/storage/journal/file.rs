//! The file of a hub's journal, open to write: locked, mended, replayed, and rotated where it is large.

use std::{
    collections::BTreeSet,
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::PathBuf,
};

use super::{
    appender::{Appender, Unit},
    error::{OpenError, ReadError, WriteError, shown},
    folder::{Folder, HubName},
    lock::{Asked, Lock},
    medium::OnDisk,
    reading::{self, Damage, Torn},
    rotation::{self, Failed, Step},
};
use crate::{
    domain::time::Millis,
    journal::{
        entry::{Entry, SendId, Seq, Stamped, Who},
        ledger::Ledger,
    },
    storage::private,
};

/// How large a file may get before it is put aside, in bytes, what was carried over from a former one not counted.
pub const LIMIT: u64 = 8 << 20;

/// What was found not to be whole when a journal was opened, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mended {
    /// A write was cut off; so is what there was of it. It is kept in a file of its own, where that could be written.
    Cut(Torn, Option<PathBuf>),
    /// Something in the middle cannot be read. It is left where it is, and the entries around it count.
    Damaged(Damage),
    /// A rotation was cut off, and has been finished.
    Rotated(PathBuf),
    /// The file that is written to was missing; the last former one has taken its place again.
    TakenBack {
        /// Its former name.
        from: PathBuf,
        /// Its name now.
        to: PathBuf,
    },
}

impl fmt::Display for Mended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut(torn, Some(kept)) => write!(f, "{torn}, and were moved to {}", shown(kept)),
            Self::Cut(torn, None) => write!(f, "{torn}, and were removed"),
            Self::Damaged(damage) => write!(f, "{damage}; everything around it was read"),
            Self::Rotated(file) => write!(f, "{}: going on in a new file had been interrupted, and is done now", shown(file)),
            Self::TakenBack { from, to } => write!(f, "{} was missing; {} has taken its place again", shown(to), shown(from)),
        }
    }
}

/// A journal, open to write.
#[derive(Debug)]
pub struct Opened {
    /// To write to.
    pub file: JournalFile,
    /// What it holds: everything unfinished, and what was done since the last rotation.
    pub ledger: Ledger,
    /// What had to be mended.
    pub mended: Vec<Mended>,
}

/// What is told of a rotation as it goes.
pub type Steps = Box<dyn Fn(Step) + Send>;

/// The file, for as long as this is kept nobody else's.
pub struct JournalFile {
    folder: Folder,
    name: HubName,
    appender: Appender,
    /// What is on disk.
    ledger: Ledger,
    /// The place of the first entry.
    first: Seq,
    /// The length at which it is put aside, as soon as no send is under way.
    rotates_at: u64,
    limit: u64,
    /// Sends of this session that have not ended.
    under_way: BTreeSet<SendId>,
    /// Set where the file has lost its name to a rotation that failed half-way.
    astray: bool,
    steps: Steps,
    _lock: Lock,
}

impl fmt::Debug for JournalFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalFile").field("name", &self.name).field("appender", &self.appender).finish_non_exhaustive()
    }
}

impl JournalFile {
    /// Opens the journal of a hub: takes the lock, mends what is not whole, and reads what there is.
    pub fn open(folder: &Folder, name: &HubName, who: &Who, now: Millis, limit: u64, steps: Steps) -> Result<Opened, OpenError> {
        let no_folder = |source| OpenError::Folder { folder: folder.path().to_owned(), source };
        folder.create().map_err(no_folder)?;
        let lock = match Lock::take(&folder.lock(name), who, now).map_err(no_folder)? {
            Asked::Ours(lock) => lock,
            Asked::Theirs(holder) => return Err(OpenError::Busy { holder }),
        };
        let mut mended: Vec<Mended> = rotation::mend(folder, name)?.into_iter().collect();

        let path = folder.current(name);
        let is_new = !path.exists();
        let file =
            private::open(&path, OpenOptions::new().create(true).read(true).append(true)).map_err(|error| WriteError::of(&path, error))?;
        if is_new {
            folder.sync().map_err(no_folder)?;
        }
        let unreadable = |source| ReadError::Io { file: path.clone(), source };
        let mut ledger = Ledger::default();
        let mut reading = reading::read(&path, file.try_clone().map_err(unreadable)?, None, |stamped| {
            // A place that was taken before is not gone back to.
            let last = ledger.last.max(stamped.seq);
            ledger.apply(stamped);
            ledger.last = last;
        })?;
        if reading.entries == 0 {
            ledger.last = last_of_former(folder, name)?.unwrap_or_default();
        }
        mended.extend(std::mem::take(&mut reading.damage).into_iter().map(Mended::Damaged));
        let mut file = file;
        if let Some(torn) = reading.torn.take() {
            let kept = keep(folder, name, &mut file, &torn).ok();
            file.set_len(torn.offset).and_then(|()| file.sync_all()).map_err(|error| WriteError::of(&path, error))?;
            mended.push(Mended::Cut(torn, kept));
        }
        if reading.is_unended {
            file.write_all(b"\n").and_then(|()| file.sync_all()).map_err(|error| WriteError::of(&path, error))?;
            reading.whole += 1;
        }
        let mut opened = Self {
            folder: folder.clone(),
            name: name.clone(),
            appender: Appender::new(Box::new(OnDisk(file)), path, reading.whole, ledger.last),
            first: reading.first.unwrap_or(Seq(ledger.last.0 + 1)),
            ledger,
            rotates_at: reading.carried.saturating_add(limit),
            limit,
            under_way: BTreeSet::new(),
            astray: false,
            steps,
            _lock: lock,
        };
        opened.rotate_if_large(now);
        Ok(Opened { ledger: opened.ledger.clone(), file: opened, mended })
    }

    /// Writes units, with one sync for all of them; see [`Appender::write`]. Where the file is large and no send is under way, it goes on
    /// in a new one first.
    pub fn write(&mut self, units: Vec<Unit>, now: Millis) -> Result<(), WriteError> {
        self.rotate_if_large(now);
        self.check()?;
        let written = self.appender.write(units);
        self.written(written?);
        Ok(())
    }

    /// Puts everything that was taken on disk.
    pub fn sync(&mut self) -> Result<(), WriteError> {
        self.check()?;
        let written = self.appender.sync();
        self.written(written?);
        Ok(())
    }

    fn check(&self) -> Result<(), WriteError> {
        if self.astray { Err(WriteError::Gone { file: self.folder.current(&self.name) }) } else { Ok(()) }
    }

    fn written(&mut self, entries: Vec<Stamped>) {
        for stamped in entries {
            match &stamped.entry {
                Entry::SendBegan { send, .. } | Entry::Intent { send, .. } => drop(self.under_way.insert(*send)),
                Entry::SendEnded { send, .. } => drop(self.under_way.remove(send)),
                _ => {}
            }
            self.ledger.apply(stamped);
        }
    }

    fn rotate_if_large(&mut self, now: Millis) {
        if self.appender.length() <= self.rotates_at || !self.under_way.is_empty() || self.astray {
            return;
        }
        // Not now is as good as later: what counts is on disk either way.
        if !self.appender.is_durable() && (self.sync().is_err() || !self.under_way.is_empty()) {
            return;
        }
        match rotation::rotate(&self.folder, &self.name, self.first, &self.ledger, now, &*self.steps) {
            Ok(next) => {
                self.first = Seq(self.ledger.last.0 + 1);
                // What the next start will read, this session has to go by as well: a call of an earlier session that has no answer gets
                // none any more. Taken for answered here alone, its rows would be left out of the next new file.
                next.entries.into_iter().for_each(|stamped| self.ledger.apply(stamped));
                let path = self.folder.current(&self.name);
                self.appender = Appender::new(Box::new(OnDisk(next.file)), path, next.length, self.ledger.last);
                self.rotates_at = next.length.saturating_add(self.limit);
            }
            Err(Failed::Undone(_)) => self.rotates_at = self.appender.length().saturating_add(self.limit / 8 + 1),
            Err(Failed::Astray(_)) => self.astray = true,
        }
    }

    /// The place of the last entry that was taken.
    #[cfg(test)]
    pub(crate) fn appender_last(&self) -> Seq {
        self.appender.last()
    }

    /// Writes to something else from now on.
    #[cfg(test)]
    pub(crate) fn replace_medium(&mut self, wrap: impl FnOnce(File) -> Box<dyn super::medium::Medium>) {
        let path = self.folder.current(&self.name);
        let Ok(file) = private::open(&path, OpenOptions::new().append(true)) else { return };
        self.appender = Appender::new(wrap(file), path, self.appender.length(), self.appender.last());
    }
}

/// The place of the last entry of the last former file.
fn last_of_former(folder: &Folder, name: &HubName) -> Result<Option<Seq>, OpenError> {
    let former = folder.former_files(name).map_err(|source| OpenError::Folder { folder: folder.path().to_owned(), source })?;
    let Some((_, path)) = former.last() else { return Ok(None) };
    let file = File::open(path).map_err(|source| ReadError::Io { file: path.clone(), source })?;
    Ok(reading::read(path, file, former.last().map(|(first, _)| *first), |_| {})?.last)
}

/// Keeps what is about to be cut off.
fn keep(folder: &Folder, name: &HubName, file: &mut File, torn: &Torn) -> io::Result<PathBuf> {
    let path = folder.torn(name);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(torn.offset))?;
    file.read_to_end(&mut bytes)?;
    bytes.push(b'\n');
    let mut kept = private::open(&path, OpenOptions::new().create(true).append(true))?;
    kept.write_all(&bytes)?;
    kept.sync_all()?;
    Ok(path)
}
