//! What is unfinished when a journal goes on in a new file: the head of that file, so that it is enough by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    entry::{Origin, PlanId, SendId, Who},
    ledger::{Ledger, Send, Staged},
};
use crate::domain::identity::Identity;

/// Most rows in one entry: a damaged line then loses little.
const MAX_ROWS: usize = 500;

/// A part of what is unfinished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Who was at work last.
    pub who: Who,
    /// What is staged.
    pub staged: Vec<(Identity, Staged)>,
    /// Sends with rows whose outcome is unknown, the sends of each plan that is unfinished, the newest send, which can be undone, and the
    /// last send of any plan that one of these is of. A send with many rows is in several entries, each with some of them.
    pub sends: Vec<Send>,
}

impl Carried {
    /// Everything unfinished, in at least one entry.
    pub fn of(ledger: &Ledger) -> Vec<Self> {
        let who = Who::clone(&ledger.who);
        let with = |staged, sends| Self { who: who.clone(), staged, sends };
        let staged: Vec<_> = ledger.staged.iter().map(|(identity, staged)| (identity.clone(), staged.clone())).collect();
        let mut parts: Vec<Self> = staged.chunks(MAX_ROWS).map(|rows| with(rows.to_vec(), Vec::new())).collect();
        let mut kept: BTreeSet<SendId> = ledger.unknown().map(|(send, ..)| send).collect();
        // Each send of a plan knows of other rows.
        let plans: BTreeSet<&PlanId> = ledger.unfinished_plans().filter_map(|send| plan_of(&send.origin)).collect();
        kept.extend(
            ledger.sends.values().filter(|send| plan_of(&send.origin).is_some_and(|plan| plans.contains(plan))).map(|send| send.id),
        );
        kept.extend(ledger.sends.last_key_value().map(|(&id, _)| id));
        // The last send of a plan tells whether it is finished: without it, one that is would not seem so.
        let last: BTreeMap<&PlanId, SendId> = ledger.sends.values().filter_map(|send| Some((plan_of(&send.origin)?, send.id))).collect();
        let lasts: Vec<SendId> = kept.iter().filter_map(|id| last.get(plan_of(&ledger.sends.get(id)?.origin)?)).copied().collect();
        kept.extend(lasts);
        for send in kept.iter().filter_map(|id| ledger.sends.get(id)) {
            let head = Send { rows: BTreeMap::new(), ..send.clone() };
            let rows: Vec<_> = send.rows.iter().map(|(identity, row)| (identity.clone(), row.clone())).collect();
            // One without rows is carried too: its plan may have to be gone on with.
            let mut chunks = rows.chunks(MAX_ROWS);
            let first = chunks.next().unwrap_or_default();
            for rows in std::iter::once(first).chain(chunks) {
                parts.push(with(Vec::new(), vec![Send { rows: rows.iter().cloned().collect(), ..head.clone() }]));
            }
        }
        if parts.is_empty() {
            parts.push(with(Vec::new(), Vec::new()));
        }
        parts
    }
}

fn plan_of(origin: &Origin) -> Option<&PlanId> {
    match origin {
        Origin::Plan { plan, .. } => Some(plan),
        Origin::Review | Origin::Undo(_) => None,
    }
}
