//! Entries at the end of a file: what is on disk, what is only written, and what happens when the disk says no.

use std::path::PathBuf;

use super::{error::WriteError, medium::Medium};
use crate::{
    domain::time::Millis,
    journal::{
        entry::{Entry, Seq, Stamped},
        line,
    },
};

/// When entries have to be on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Before anything else is done.
    Now,
    /// With the next that have to be: they can be found out again.
    Later,
}

/// Entries that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// When they were handed over.
    pub at: Millis,
    /// When they have to be on disk.
    pub durability: Durability,
}

/// Writes entries at the end of a file.
#[derive(Debug)]
pub struct Appender {
    medium: Box<dyn Medium>,
    /// For messages.
    file: PathBuf,
    /// How much of the file is on disk.
    durable: u64,
    /// How much is written.
    written: u64,
    /// Entries that are not on disk for certain, oldest first. Those were taken that need not be on disk at once.
    tail: Vec<Stamped>,
    /// How many of the tail are written.
    tail_written: usize,
    /// The place of the last entry on disk.
    last: Seq,
    /// How long the file has to be, where it could not be cut to that.
    uncut: Option<u64>,
}

impl Appender {
    /// Goes on at the end of a file of this length, all of it on disk, with this entry as its last.
    pub fn new(medium: Box<dyn Medium>, file: PathBuf, length: u64, last: Seq) -> Self {
        Self { medium, file, durable: length, written: length, tail: Vec::new(), tail_written: 0, last, uncut: None }
    }

    /// How long the file is.
    pub fn length(&self) -> u64 {
        self.written
    }

    /// The place of the last entry that was taken.
    pub fn last(&self) -> Seq {
        Seq(self.last.0 + self.tail.len() as u64)
    }

    /// Whether everything that was taken is on disk.
    pub fn is_durable(&self) -> bool {
        self.tail.is_empty()
    }

    /// Writes units, with one sync for all of them; gives the entries that are on disk by now and were not before. Without a unit that has
    /// to be on disk, nothing is synced.
    ///
    /// On failure none of the units that had to be on disk is, and they are forgotten. Those that need not be are kept, and written with
    /// the next that are; so is what was written earlier.
    pub fn write(&mut self, units: Vec<Unit>) -> Result<Vec<Stamped>, WriteError> {
        let taken = self.tail.len();
        let must_sync = units.iter().any(|unit| unit.durability == Durability::Now);
        for Unit { entries, at, .. } in &units {
            for entry in entries {
                self.take(*at, entry.clone());
            }
        }
        let done = self.put(must_sync);
        if done.is_err() {
            self.tail.truncate(taken);
            for unit in units.into_iter().filter(|unit| unit.durability == Durability::Later) {
                for entry in unit.entries {
                    self.take(unit.at, entry);
                }
            }
        }
        done
    }

    /// Puts everything that was taken on disk.
    pub fn sync(&mut self) -> Result<Vec<Stamped>, WriteError> {
        self.put(true)
    }

    fn take(&mut self, at: Millis, entry: Entry) {
        let seq = Seq(self.last().0 + 1);
        self.tail.push(Stamped { seq, at, entry });
    }

    fn put(&mut self, must_sync: bool) -> Result<Vec<Stamped>, WriteError> {
        if let Some(length) = self.uncut {
            self.medium.cut(length).map_err(|error| WriteError::of(&self.file, error))?;
            self.uncut = None;
        }
        let mut lines = Vec::new();
        for stamped in self.tail.iter().skip(self.tail_written) {
            line::write(stamped, &mut lines).map_err(|error| WriteError::of(&self.file, error.into()))?;
        }
        if !lines.is_empty() {
            if let Err(error) = self.medium.write(&lines) {
                self.cut(self.written);
                return Err(WriteError::of(&self.file, error));
            }
            self.written += lines.len() as u64;
            self.tail_written = self.tail.len();
        }
        if !must_sync {
            return Ok(Vec::new());
        }
        if let Err(error) = self.medium.sync() {
            // What was written may be on disk or not, and the system may believe that it is: all of it is written anew.
            self.cut(self.durable);
            self.written = self.durable;
            self.tail_written = 0;
            return Err(WriteError::of(&self.file, error));
        }
        if !self.medium.is_reachable(self.written) {
            self.tail_written = 0;
            self.written = self.durable;
            self.cut(self.durable);
            return Err(WriteError::Gone { file: self.file.clone() });
        }
        self.durable = self.written;
        self.tail_written = 0;
        let tail = std::mem::take(&mut self.tail);
        self.last = tail.last().map_or(self.last, |stamped| stamped.seq);
        Ok(tail)
    }

    fn cut(&mut self, length: u64) {
        self.uncut = self.medium.cut(length).err().map(|_| length);
    }
}
