//! What the entries of a journal add up to: what is staged, what was sent, and what is not known.

use std::{collections::BTreeMap, sync::Arc};

use super::entry::{CallNumber, Origin, SendId, Seq, Stamped, Who};
use crate::domain::{
    batch::RowCode,
    failure::CallFailure,
    identity::Identity,
    patch::{Patch, Values},
    time::Millis,
};

/// A staged change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// What is staged.
    pub patch: Patch,
    /// The values the analyst saw.
    pub base: Values,
    /// When it was staged.
    pub at: Millis,
}

/// How a row of a send stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its call has an intent and no answer, or the answer did not say: it has to be read before anything is sent again.
    Unknown,
    /// The service said that it was processed.
    Processed,
    /// A later read shows what was sent.
    SeenProcessed,
    /// A later read shows that it was not carried out.
    NotProcessed,
    /// A later read did not find it.
    Missing,
    /// The service listed it as unprocessed.
    Unprocessed(RowCode, Arc<str>),
    /// Its call was refused as a whole.
    Refused(CallFailure, Arc<str>),
}

/// A row of a send: the last call that was made for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRow {
    /// What was sent.
    pub patch: Patch,
    /// The values before.
    pub before: Values,
    /// How it stands.
    pub standing: Standing,
    /// When that became known; when the call was about to be made where it is not known.
    pub at: Millis,
    /// The call.
    pub call: CallNumber,
    /// The service's request id.
    pub request_id: Option<Arc<str>>,
}

/// One send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    /// Its name.
    pub id: SendId,
    /// When it began.
    pub at: Millis,
    /// Who sent it.
    pub who: Arc<Who>,
    /// What it comes from.
    pub origin: Origin,
    /// How many rows it was to have.
    pub planned: usize,
    /// The rows that a call was made for.
    pub rows: BTreeMap<Identity, SentRow>,
    /// Whether its end was written, and how many rows were not sent then.
    pub unsent: Option<usize>,
}

/// The state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// What is staged, by finding.
    pub staged: BTreeMap<Identity, Staged>,
    /// The sends, oldest first.
    pub sends: BTreeMap<SendId, Send>,
    /// The place of the last entry.
    pub last: Seq,
}

impl Ledger {
    /// Takes in the next entry.
    pub fn apply(&mut self, stamped: &Stamped) {
        self.last = stamped.seq;
    }

    /// Rows whose outcome is not known, with the send that asks: they have to be read before they are sent again.
    pub fn unknown(&self) -> impl Iterator<Item = (SendId, &Identity, &SentRow)> {
        self.sends
            .values()
            .flat_map(|send| send.rows.iter().map(move |(identity, row)| (send.id, identity, row)))
            .filter(|(_, _, row)| row.standing == Standing::Unknown)
    }
}
