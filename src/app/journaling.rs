//! How the journal stands: whether what is staged is on disk, and what an earlier session left behind.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    domain::{
        patch::{Patch, Values},
        row::RowId,
        time::Millis,
    },
    journal::{entry::SendId, hub_key::HubKey, ledger::Ledger},
};

use super::event::{RequestId, Ticket};

/// The journal as the application knows it.
#[derive(Debug, Clone, Default)]
pub struct Journaling {
    /// Whether it can be written.
    pub state: JournalState,
    /// How it stands behind [`JournalState::Foreign`]: what counts once the right credentials are back.
    pub behind: JournalState,
    /// Whose it is, once that is known.
    pub key: Option<HubKey>,
    /// Rows whose staged change is not known to be on disk, with the ticket of the entry that is on its way.
    pub unsaved: BTreeMap<RowId, Ticket>,
    /// Since when there are any.
    pub unsaved_since: Option<Millis>,
    /// The last ticket given out.
    pub last_ticket: Ticket,
    /// What an earlier session left behind.
    pub left: Left,
    /// What had to be mended when it was opened, in sentences; stays to be read.
    pub mended: Vec<String>,
    /// Reads of what an earlier session left: they speak only of what is out of order.
    pub reads: BTreeSet<RequestId>,
    /// Everything the journal remembers, as last read.
    pub history: Option<Arc<Ledger>>,
}

/// Whether the journal can be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum JournalState {
    /// Not open yet: whose it is is not known, or it is being read.
    #[default]
    Opening,
    /// It is written.
    Open,
    /// Another session has it: who. The analyst is asked, or has chosen to wait.
    Busy(String),
    /// It cannot be opened or written, in a sentence. Nothing is sent.
    Broken(String),
    /// The credentials are of another hub than the journal and everything staged, in a sentence. Nothing is sent.
    Foreign(String),
    /// There is none by choice: what is staged is in memory only, and nothing is sent.
    Off,
}

/// What an earlier session left behind, until the findings have been read again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Staged rows that have not been read yet, with the values the analyst saw when deciding.
    pub staged: HashMap<RowId, Values>,
    /// Rows of calls with an intent and no outcome, with what was sent and by which send.
    pub unknown: HashMap<RowId, (SendId, Patch)>,
}

/// Milliseconds that a write may take without being told.
const PATIENCE: i64 = 1_000;

impl Journaling {
    /// How many changes have not been on disk for longer than a write takes.
    pub fn overdue(&self, now: Millis) -> usize {
        let is_long = self.unsaved_since.is_some_and(|since| now.0.saturating_sub(since.0) >= PATIENCE);
        if is_long { self.unsaved.len() } else { 0 }
    }

    /// Whether something is on its way to the disk, so that the screen has to follow the clock.
    pub fn is_writing(&self) -> bool {
        !self.unsaved.is_empty() && matches!(self.state, JournalState::Opening | JournalState::Open)
    }

    /// Whether everything staged is on disk, so that it may be sent.
    pub fn is_whole(&self) -> bool {
        self.state == JournalState::Open && self.unsaved.is_empty()
    }

    /// It stands so from now on; where the credentials are foreign, once they are no more.
    pub fn stands(&mut self, state: JournalState) {
        if matches!(self.state, JournalState::Foreign(_)) {
            self.behind = state;
        } else {
            self.state = state;
        }
    }

    /// The credentials are of another hub.
    pub fn is_foreign(&mut self, why: String) {
        let before = std::mem::replace(&mut self.state, JournalState::Foreign(why));
        if !matches!(before, JournalState::Foreign(_)) {
            self.behind = before;
        }
    }

    /// The credentials are the right ones.
    pub fn is_own(&mut self) {
        if matches!(self.state, JournalState::Foreign(_)) {
            self.state = std::mem::take(&mut self.behind);
        }
    }

    /// The next ticket.
    pub fn next_ticket(&mut self) -> Ticket {
        self.last_ticket.0 += 1;
        self.last_ticket
    }
}
