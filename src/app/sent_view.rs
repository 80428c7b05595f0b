//! The journal on the screen: the sends, and the rows of one of them.
//!
//! Owns what is listed and in which order. The lists are made when they are opened or read again, so that drawing touches only the lines on
//! the screen, however long they are.

use crate::{
    domain::identity::Identity,
    journal::{
        entry::SendId,
        ledger::{Ledger, Send, Standing},
    },
};

/// The sends, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sends {
    /// What is listed.
    pub lines: Vec<SendLine>,
    /// Which line the cursor is on.
    pub cursor: usize,
    /// Whether the journal is being read again.
    pub reading: Reading,
}

/// Whether the journal is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// It is not.
    #[default]
    Done,
    /// It is.
    UnderWay,
}

/// A send with its counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendLine {
    /// Which.
    pub id: SendId,
    /// What came of its rows.
    pub tally: Tally,
}

/// How many rows of a send ended in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All that were to be sent.
    pub rows: usize,
    /// The service said so, or a read showed it.
    pub processed: usize,
    /// Refused, not carried out, or gone.
    pub failed: usize,
    /// Nobody knows.
    pub unknown: usize,
    /// No call was made for them.
    pub unsent: usize,
}

impl Tally {
    /// The counts of a send. Passes over all its rows.
    pub fn of(send: &Send) -> Self {
        let mut tally = Self { rows: send.planned.max(send.rows.len()), ..Self::default() };
        for row in send.rows.values() {
            match row.standing {
                Standing::Processed | Standing::SeenProcessed => tally.processed += 1,
                Standing::Unknown => tally.unknown += 1,
                Standing::NotProcessed | Standing::Missing | Standing::Unprocessed(..) | Standing::Refused(..) => tally.failed += 1,
            }
        }
        tally.unsent = send.unsent.unwrap_or(tally.rows - send.rows.len());
        tally
    }
}

impl Sends {
    /// Lists what the journal remembers; the cursor stays on its send.
    pub fn list(&mut self, ledger: &Ledger) {
        let on = self.lines.get(self.cursor).map(|line| line.id);
        self.lines = ledger.sends.values().rev().map(|send| SendLine { id: send.id, tally: Tally::of(send) }).collect();
        self.cursor = on.and_then(|on| self.lines.iter().position(|line| line.id == on)).unwrap_or(0);
    }

    /// The send under the cursor.
    pub fn chosen(&self) -> Option<SendLine> {
        self.lines.get(self.cursor).copied()
    }
}

/// The rows of a send: first what needs the analyst, then the others, each by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRows {
    /// Of which send.
    pub send: SendId,
    /// What is listed.
    pub rows: Vec<Identity>,
    /// Which line the cursor is on.
    pub cursor: usize,
}

impl SentRows {
    /// The rows of a send.
    pub fn of(send: &Send) -> Self {
        let mut rows: Vec<(u8, &Identity)> = send.rows.iter().map(|(identity, row)| (rank(&row.standing), identity)).collect();
        // Stable: within a rank they stay by name.
        rows.sort_by_key(|&(rank, _)| rank);
        Self { send: send.id, rows: rows.into_iter().map(|(_, identity)| identity.clone()).collect(), cursor: 0 }
    }

    /// Lists the same send as the journal has it now; the cursor stays on its row.
    pub fn list(&mut self, ledger: &Ledger) {
        let Some(send) = ledger.sends.get(&self.send) else { return };
        let on = self.rows.get(self.cursor).cloned();
        let now = Self::of(send);
        let cursor = on.and_then(|on| now.rows.iter().position(|row| *row == on)).unwrap_or(0);
        *self = Self { cursor, ..now };
    }

    /// The finding under the cursor.
    pub fn chosen(&self) -> Option<&Identity> {
        self.rows.get(self.cursor)
    }
}

const fn rank(standing: &Standing) -> u8 {
    match standing {
        Standing::Unknown => 0,
        Standing::Unprocessed(..) | Standing::Refused(..) => 1,
        Standing::NotProcessed | Standing::Missing => 2,
        Standing::Processed | Standing::SeenProcessed => 3,
    }
}
