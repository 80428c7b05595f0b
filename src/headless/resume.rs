//! What an earlier run of the same plan left to do.

use std::collections::HashMap;

use crate::{
    domain::{identity::Identity, patch::Patch, row::RowId},
    journal::{
        entry::{Entry, Origin, PlanId, Seen, SendId},
        ledger::{Ledger, Standing},
    },
    storage::plan_file::PlanFile,
};

/// How the rows of a plan stand before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resume {
    /// Processed by an earlier run: they are not sent again.
    pub done: Vec<RowId>,
    /// Sent by an earlier run, and nobody knows what came of it: they are read before anything is sent.
    pub unknown: Vec<UnknownRow>,
    /// Whether there was an earlier run.
    pub was_begun: bool,
}

/// A row whose outcome is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRow {
    /// The row of the plan.
    pub row: RowId,
    /// The finding.
    pub identity: Identity,
    /// The send that sent it last.
    pub send: SendId,
    /// What that set.
    pub patch: Patch,
}

impl Resume {
    /// Looks up what the journal knows of a plan. Of several sends of a row the last one counts.
    pub fn of(file: &PlanFile, ledger: &Ledger) -> Self {
        let id = file.id();
        let mut last: HashMap<&Identity, (SendId, &crate::journal::ledger::SentRow)> = HashMap::new();
        let mut resume = Self::default();
        for send in ledger.sends.values().filter(|send| is_of(&send.origin, &id)) {
            resume.was_begun = true;
            last.extend(send.rows.iter().map(|(identity, row)| (identity, (send.id, row))));
        }
        for (at, planned) in (0..).zip(file.groups.iter().flat_map(|group| &group.rows)) {
            let Some((by, sent)) = last.get(&planned.identity) else { continue };
            match sent.standing {
                Standing::Processed | Standing::SeenProcessed => resume.done.push(RowId(at)),
                Standing::Unknown => resume.unknown.push(UnknownRow {
                    row: RowId(at),
                    identity: planned.identity.clone(),
                    send: *by,
                    patch: sent.patch.clone(),
                }),
                Standing::NotProcessed | Standing::Missing | Standing::Unprocessed(..) | Standing::Refused(..) => {}
            }
        }
        resume
    }

    /// Takes in what a read showed of the unknown rows: what is to be written to the journal. None of them is unknown afterwards.
    pub fn settle(&mut self, seen: impl Fn(&UnknownRow) -> Seen) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for unknown in std::mem::take(&mut self.unknown) {
            let was = seen(&unknown);
            if was == Seen::Processed {
                self.done.push(unknown.row);
            }
            let UnknownRow { identity, send: by, patch: sent, .. } = unknown;
            match entries.last_mut() {
                Some(Entry::Settled { send, patch, rows }) if *send == by && *patch == sent => rows.push((identity, was)),
                _ => entries.push(Entry::Settled { send: by, patch: sent, rows: vec![(identity, was)] }),
            }
        }
        entries
    }
}

fn is_of(origin: &Origin, id: &PlanId) -> bool {
    matches!(origin, Origin::Plan { plan, .. } if plan == id)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use super::*;
    use crate::{
        domain::{batch::RowCode, patch::Values, status::StatusId, time::Millis},
        journal::{
            entry::{CallNumber, Who},
            hub_key::HubKey,
            ledger::{Send, SentRow},
        },
        storage::plan_file::{PlannedGroup, PlannedRow},
    };

    fn uid(at: usize) -> Identity {
        Identity::MetadataUid(at.to_string())
    }

    fn plan(rows: usize) -> PlanFile {
        let row = |at| PlannedRow { identity: uid(at), values: Values::default(), title: String::new() };
        PlanFile {
            hub: HubKey::new(None, "eu-west-1", None),
            created: Millis(0),
            by: None,
            query: String::new(),
            already_there: 0,
            groups: vec![PlannedGroup { patch: Patch::status(StatusId::SUPPRESSED), rows: (0..rows).map(row).collect() }],
        }
    }

    fn sent(id: u64, origin: Origin, rows: impl IntoIterator<Item = (usize, Standing)>) -> (SendId, Send) {
        let row = |standing| SentRow {
            patch: Patch::status(StatusId::SUPPRESSED),
            before: Values::default(),
            standing,
            at: Millis(0),
            call: CallNumber(1),
            request_id: None,
        };
        let rows: BTreeMap<Identity, SentRow> = rows.into_iter().map(|(at, standing)| (uid(at), row(standing))).collect();
        let id = SendId(id);
        (id, Send { id, at: Millis(0), who: Arc::new(Who::default()), origin, planned: rows.len(), rows, unsent: None })
    }

    #[test]
    fn processed_rows_are_done_unknown_ones_are_read_and_the_last_send_of_a_row_counts() {
        let file = plan(8);
        let origin = Origin::Plan { plan: file.id(), file: "p".to_owned() };
        let refused = Standing::Unprocessed(RowCode::Conflict, Arc::from("no"));
        let mut ledger = Ledger::default();
        ledger.sends = BTreeMap::from([
            sent(1, origin.clone(), [(0, Standing::Processed), (1, Standing::Unknown), (2, refused.clone()), (3, Standing::Unknown)]),
            sent(2, origin.clone(), [(2, Standing::SeenProcessed), (4, Standing::NotProcessed), (3, refused)]),
            sent(3, Origin::Review, [(5, Standing::Processed)]),
            sent(4, Origin::Plan { plan: plan(9).id(), file: "p".to_owned() }, [(6, Standing::Processed)]),
        ]);
        let mut resume = Resume::of(&file, &ledger);
        assert!(resume.was_begun);
        assert_eq!(resume.done, [RowId(0), RowId(2)]);
        let unknown: Vec<(RowId, SendId)> = resume.unknown.iter().map(|unknown| (unknown.row, unknown.send)).collect();
        assert_eq!(unknown, [(RowId(1), SendId(1))]);

        let entries = resume.settle(|_| Seen::Processed);
        assert_eq!(resume.done, [RowId(0), RowId(2), RowId(1)]);
        assert!(resume.unknown.is_empty());
        let expected =
            Entry::Settled { send: SendId(1), patch: Patch::status(StatusId::SUPPRESSED), rows: vec![(uid(1), Seen::Processed)] };
        assert_eq!(entries, [expected]);
    }

    #[test]
    fn what_a_read_shows_as_not_carried_out_is_sent_again() {
        let file = plan(3);
        let origin = Origin::Plan { plan: file.id(), file: "p".to_owned() };
        let mut ledger = Ledger::default();
        ledger.sends = BTreeMap::from([sent(1, origin, (0..3).map(|at| (at, Standing::Unknown)))]);
        let mut resume = Resume::of(&file, &ledger);
        let entries = resume.settle(|unknown| if unknown.row == RowId(1) { Seen::NotProcessed } else { Seen::Missing });
        assert_eq!((entries.len(), resume.done.len()), (1, 0));
        assert_eq!(Resume::of(&file, &Ledger::default()), Resume::default());
    }
}
