//! A journal of so many entries in a folder of its own beside what was built: staged changes, and the sends that carry them out.

use std::{path::Path, sync::Arc, time::Duration};

use hubtriage::{
    domain::{
        batch::Outcome,
        identity::Identity,
        patch::{Patch, Values},
        status::StatusId,
        time::Millis,
    },
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, SendId, StagedGroup, Who},
        hub_key::HubKey,
        ledger::Ledger,
    },
    storage::journal::{
        appender::{Durability, Unit},
        file::JournalFile,
        folder::{Folder, HubName},
        reading,
    },
};
use tempfile::TempDir;

use super::{made::NOW, timed};

/// Findings of a send; a change of each is staged by itself before it.
const SEND: usize = 96;
/// Entries that are written together while the journal is made.
const TOGETHER: usize = 1_000;

/// The journal, open to write.
pub(crate) struct History {
    _home: TempDir,
    folder: Folder,
    name: HubName,
    file: JournalFile,
    noted: usize,
}

impl History {
    /// One with so many entries.
    pub(crate) fn of(entries: usize) -> Self {
        let home = tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("a folder for the journal");
        let folder = Folder::at(home.path());
        let name = HubName::of(&HubKey::new(Some("222233334444"), "eu-west-1", None));
        // All of it in one file: it is not to be put aside.
        let opened = JournalFile::open(&folder, &name, &Who::default(), Millis(NOW), u64::MAX, Box::new(|_| ())).expect("a new journal");
        let mut file = opened.file;
        let made: Vec<Entry> = (0..).flat_map(sent).take(entries).collect();
        for entries in made.chunks(TOGETHER) {
            let unit = Unit { entries: entries.to_vec(), at: Millis(NOW), durability: Durability::Now };
            file.write(vec![unit], Millis(NOW)).expect("there is room");
        }
        Self { _home: home, folder, name, file, noted: 0 }
    }

    /// Reads all of it back.
    pub(crate) fn replay(&mut self) -> Duration {
        timed(|| {
            let mut ledger = Ledger::default();
            reading::read_all(&self.folder, &self.name, |stamped| ledger.apply(stamped)).expect("it is whole");
            ledger
        })
    }

    /// Appends a staged change that need not be on disk at once.
    pub(crate) fn append(&mut self) -> Duration {
        // What is not on disk is kept in memory until it is.
        self.noted += 1;
        if self.noted.is_multiple_of(TOGETHER) {
            self.file.sync().expect("there is room");
        }
        self.write(Durability::Later)
    }

    /// Appends a staged change; it is on disk.
    pub(crate) fn append_and_sync(&mut self) -> Duration {
        self.write(Durability::Now)
    }

    fn write(&mut self, durability: Durability) -> Duration {
        let unit = Unit { entries: vec![staged(0)], at: Millis(NOW), durability };
        timed(|| self.file.write(vec![unit], Millis(NOW)).expect("there is room"))
    }
}

fn known(row: usize) -> KnownRow {
    let identity = Identity::MetadataUid(format!("{:064x}", row as u128 * 0x9e37_79b9_7f4a_7c15));
    KnownRow { identity, values: Values { status: Some(StatusId::NEW), ..Values::default() } }
}

fn staged(row: usize) -> Entry {
    Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::SUPPRESSED), rows: vec![known(row)] }])
}

/// A send with what was staged for it: a hundred entries.
fn sent(number: usize) -> impl Iterator<Item = Entry> {
    let rows = number * SEND..(number + 1) * SEND;
    let (send, call) = (SendId(NOW.unsigned_abs() + number as u64), CallNumber(1));
    let outcomes = vec![Outcome::Processed; SEND];
    let sending = [
        Entry::SendBegan { send, origin: Origin::Review, rows: SEND },
        Entry::Intent { send, call, patch: Patch::status(StatusId::SUPPRESSED), rows: rows.clone().map(known).collect() },
        Entry::Answered { send, call, request_id: Some(Arc::from("6f3c1a52-0a0e-4a43-9d5e-3f4a5b6c7d8e")), outcomes },
        Entry::SendEnded { send, unsent: 0 },
    ];
    rows.map(staged).chain(sending)
}
