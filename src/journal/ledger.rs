//! What the entries of a journal add up to: what is staged, what was sent, and what is not known.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    carried::Carried,
    entry::{CallNumber, Entry, KnownRow, Origin, PlanId, Seen, SendId, Seq, StagedGroup, Stamped, Who},
};
use crate::domain::{
    batch::{Outcome, RowCode},
    failure::CallFailure,
    identity::Identity,
    patch::{Patch, Values},
    time::Millis,
};

/// A staged change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// What is staged.
    pub patch: Patch,
    /// The values the analyst saw.
    pub base: Values,
    /// When it was staged.
    pub at: Millis,
}

/// How a row of a send stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Arc<str>>,
}

/// One send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    #[serde(with = "pairs")]
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
    /// Who is at work.
    pub who: Arc<Who>,
    /// The place of the last entry.
    pub last: Seq,
    /// The rows of calls without an answer, in the order of their request.
    open: BTreeMap<(SendId, CallNumber), Vec<Identity>>,
    /// In which sends a finding is, oldest first, by a digest of its identity: two findings with one digest are told apart when asked.
    found_in: HashMap<u64, Vec<SendId>>,
}

impl Ledger {
    /// Takes in the next entry, and keeps what it consists of. Entries that an earlier one is missing for are taken in as far as they tell
    /// something by themselves.
    pub fn apply(&mut self, stamped: Stamped) {
        let Stamped { seq, at, entry } = stamped;
        self.last = seq;
        match entry {
            Entry::Session(who) => self.who = Arc::new(who),
            Entry::Staged(groups) => groups.into_iter().for_each(|group| self.stage(group, at)),
            Entry::Unstaged { rows, why: _ } => rows.iter().for_each(|row| drop(self.staged.remove(row))),
            Entry::SendBegan { send, origin, rows } => {
                let send = self.send(send, at);
                send.origin = origin;
                send.planned = rows;
            }
            Entry::Intent { send, call, patch, rows } => self.intend(send, call, &patch, rows, at),
            Entry::Answered { send, call, request_id, outcomes } => self.answer(send, call, request_id.as_ref(), outcomes, at),
            Entry::Failed { send, call, failure, code: _, message, request_id } => {
                self.fail(send, call, failure, &message, request_id.as_deref(), at);
            }
            Entry::Settled { send, patch, rows } => rows.iter().for_each(|(row, seen)| self.settle(send, &patch, row, *seen, at)),
            Entry::SendEnded { send, unsent } => self.send(send, at).unsent = Some(unsent),
            Entry::Carried(carried) => self.carry(carried),
        }
    }

    fn stage(&mut self, group: StagedGroup, at: Millis) {
        for KnownRow { identity, values } in group.rows {
            if group.patch.is_empty() {
                self.staged.remove(&identity);
            } else {
                self.staged.insert(identity, Staged { patch: group.patch.clone(), base: values, at });
            }
        }
    }

    /// A send, begun here and now if its beginning is not known.
    fn send(&mut self, id: SendId, at: Millis) -> &mut Send {
        let who = &self.who;
        self.sends.entry(id).or_insert_with(|| Send {
            id,
            at,
            who: Arc::clone(who),
            origin: Origin::Review,
            planned: 0,
            rows: BTreeMap::new(),
            unsent: None,
        })
    }

    fn intend(&mut self, id: SendId, call: CallNumber, patch: &Patch, rows: Vec<KnownRow>, at: Millis) {
        for row in &rows {
            self.index(&row.identity, id);
        }
        self.open.insert((id, call), rows.iter().map(|row| row.identity.clone()).collect());
        let send = self.send(id, at);
        for KnownRow { identity, values } in rows {
            let row = SentRow { patch: patch.clone(), before: values, standing: Standing::Unknown, at, call, request_id: None };
            send.rows.insert(identity, row);
        }
    }

    fn answer(&mut self, send: SendId, call: CallNumber, request_id: Option<&Arc<str>>, outcomes: Vec<Outcome>, at: Millis) {
        for (identity, outcome) in self.open.remove(&(send, call)).unwrap_or_default().iter().zip(outcomes) {
            let standing = match outcome {
                Outcome::Processed => Standing::Processed,
                Outcome::Unprocessed { code, message } => Standing::Unprocessed(code, message),
                Outcome::Unknown { .. } => Standing::Unknown,
            };
            self.set(send, call, identity, standing, request_id, at);
        }
    }

    fn fail(&mut self, send: SendId, call: CallNumber, failure: CallFailure, message: &str, request_id: Option<&str>, at: Millis) {
        let message: Arc<str> = message.into();
        let request_id = request_id.map(Arc::from);
        for identity in self.open.remove(&(send, call)).unwrap_or_default() {
            let standing = if failure.may_have_applied() { Standing::Unknown } else { Standing::Refused(failure, Arc::clone(&message)) };
            self.set(send, call, &identity, standing, request_id.as_ref(), at);
        }
    }

    /// What came of a row's call, unless another call was made for it since.
    fn set(&mut self, send: SendId, call: CallNumber, identity: &Identity, standing: Standing, request_id: Option<&Arc<str>>, at: Millis) {
        let row = self.sends.get_mut(&send).and_then(|send| send.rows.get_mut(identity)).filter(|row| row.call == call);
        let Some(row) = row else { return };
        row.request_id = request_id.cloned();
        if standing != Standing::Unknown {
            row.at = at;
        }
        row.standing = standing;
        if row.standing == Standing::Processed {
            let patch = row.patch.clone();
            self.done(identity, &patch);
        }
    }

    /// A read settles what nobody knew. What the service said of a row stays, but for a row that it refused and that has the values all the
    /// same: then somebody else set them.
    fn settle(&mut self, send: SendId, patch: &Patch, identity: &Identity, seen: Seen, at: Millis) {
        if seen == Seen::Processed {
            self.done(identity, patch);
        }
        // A row without a call is no row of the send: nothing of it was changed, nothing of it can be undone.
        let Some(row) = self.sends.get_mut(&send).and_then(|send| send.rows.get_mut(identity)) else { return };
        let settled = match (seen, &row.standing) {
            (_, Standing::Processed | Standing::SeenProcessed) => return,
            (Seen::Processed, _) => Standing::SeenProcessed,
            (Seen::NotProcessed, Standing::Unknown) => Standing::NotProcessed,
            (Seen::Missing, Standing::Unknown) => Standing::Missing,
            (Seen::NotProcessed | Seen::Missing, _) => return,
        };
        row.standing = settled;
        row.at = at;
    }

    /// What is staged on a row and was carried out is staged no more.
    fn done(&mut self, identity: &Identity, patch: &Patch) {
        if let Some(staged) = self.staged.get_mut(identity) {
            staged.patch = staged.patch.without(patch);
            if staged.patch.is_empty() {
                self.staged.remove(identity);
            }
        }
    }

    fn carry(&mut self, carried: Carried) {
        self.who = Arc::new(carried.who);
        // A journal goes on in a new file only while no call is under way: what was not answered then never will be.
        self.open.clear();
        self.staged.extend(carried.staged);
        for mut part in carried.sends {
            let rows = std::mem::take(&mut part.rows);
            for identity in rows.keys() {
                self.index(identity, part.id);
            }
            self.sends.entry(part.id).or_insert(part).rows.extend(rows);
        }
    }

    fn index(&mut self, identity: &Identity, send: SendId) {
        let sends = self.found_in.entry(digest(identity)).or_default();
        if let Err(place) = sends.binary_search(&send) {
            sends.insert(place, send);
        }
    }

    /// Rows whose outcome is not known, with the send that asks: they have to be read before they are sent again.
    pub fn unknown(&self) -> impl Iterator<Item = (SendId, &Identity, &SentRow)> {
        self.sends
            .values()
            .flat_map(|send| send.rows.iter().map(move |(identity, row)| (send.id, identity, row)))
            .filter(|(_, _, row)| row.standing == Standing::Unknown)
    }

    /// The last send of each plan that did not get to its end, oldest first.
    pub fn unfinished_plans(&self) -> impl Iterator<Item = &Send> {
        let mut last: BTreeMap<&PlanId, &Send> = BTreeMap::new();
        for send in self.sends.values() {
            if let Origin::Plan { plan, .. } = &send.origin {
                last.insert(plan, send);
            }
        }
        let mut unfinished: Vec<&Send> = last.into_values().filter(|send| send.unsent != Some(0)).collect();
        unfinished.sort_by_key(|send| send.id);
        unfinished.into_iter()
    }

    /// What was sent to a finding, newest first.
    pub fn history(&self, identity: &Identity) -> Vec<(&Send, &SentRow)> {
        let sends = self.found_in.get(&digest(identity)).into_iter().flatten().rev();
        sends.filter_map(|id| self.sends.get(id)).filter_map(|send| Some((send, send.rows.get(identity)?))).collect()
    }

    /// The name of a send that is confirmed now.
    pub fn next_send(&self, now: Millis) -> SendId {
        let last = self.sends.last_key_value().map_or(0, |(id, _)| id.0);
        SendId(u64::try_from(now.0).unwrap_or_default().max(last.saturating_add(1)))
    }
}

fn digest(identity: &Identity) -> u64 {
    let mut hasher = DefaultHasher::new();
    identity.hash(&mut hasher);
    hasher.finish()
}

/// The rows of a send as a list: a JSON object has texts for keys only.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Identity, SentRow};

    pub(super) fn serialize<S: Serializer>(rows: &BTreeMap<Identity, SentRow>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(rows)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Identity, SentRow>, D::Error> {
        Ok(Vec::<(Identity, SentRow)>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests;
