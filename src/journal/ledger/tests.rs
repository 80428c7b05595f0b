//! Replay against a model that looks every answer up in the whole list of entries.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::journal::{
    entry::Unstaged,
    sample::{self, known, stamped, uid},
};

const ROWS: usize = 4;
const SENDS: u64 = 2;

fn patches() -> impl Strategy<Value = Patch> {
    use crate::domain::{severity::SeverityId, status::StatusId};
    (prop::option::of(1..3), prop::option::of(1..3))
        .prop_map(|(status, severity)| Patch { status: status.map(StatusId), severity: severity.map(SeverityId), comment: None })
        .prop_filter("nothing is set", |patch| !patch.is_empty())
}

fn chosen() -> impl Strategy<Value = Vec<usize>> {
    prop::sample::subsequence((0..ROWS).collect::<Vec<_>>(), 1..=ROWS)
}

/// Entries as a session writes them: calls are numbered, answers belong to a call.
fn sessions() -> impl Strategy<Value = Vec<Entry>> {
    let step = (0..8_u8, chosen(), patches(), 0..SENDS, any::<prop::sample::Index>(), vec(0..3_u8, ROWS), sample::failure());
    vec(step, 0..40).prop_map(|steps| {
        let mut calls: Vec<(SendId, CallNumber, usize)> = Vec::new();
        let mut entries = Vec::new();
        for (kind, rows, patch, send, place, ways, failure) in steps {
            let send = SendId(send);
            let known: Vec<KnownRow> = rows.iter().map(|&row| known(uid(row))).collect();
            let call = (!calls.is_empty()).then(|| calls[place.index(calls.len())]);
            entries.push(match (kind, call) {
                (0 | 1, _) => Entry::Staged(vec![StagedGroup { patch, rows: known }]),
                (2, _) => Entry::Unstaged { rows: rows.iter().map(|&row| uid(row)).collect(), why: Unstaged::Dropped },
                (3, Some((send, call, count))) => {
                    let outcomes = ways.iter().take(count).map(|way| match way {
                        0 => Outcome::Processed,
                        1 => Outcome::Unprocessed { code: RowCode::Conflict, message: "busy".into() },
                        _ => Outcome::Unknown { why: "in neither list".into() },
                    });
                    Entry::Answered { send, call, request_id: None, outcomes: outcomes.collect() }
                }
                (4, Some((send, call, _))) => {
                    Entry::Failed { send, call, failure, code: None, message: "no".into(), request_id: Some("r".into()) }
                }
                (5, _) => {
                    let seen = [Seen::Processed, Seen::NotProcessed, Seen::Missing];
                    let rows = rows.iter().map(|&row| (uid(row), seen[usize::from(ways[row])])).collect();
                    Entry::Settled { send, patch, rows }
                }
                (6, _) => Entry::SendEnded { send, unsent: rows.len() },
                _ => {
                    let call = CallNumber(calls.len() as u64 + 1);
                    calls.push((send, call, known.len()));
                    Entry::Intent { send, call, patch, rows: known }
                }
            });
        }
        entries
    })
}

fn replay(entries: &[Entry]) -> Ledger {
    let mut ledger = Ledger::default();
    for (entry, seq) in entries.iter().zip(1..) {
        ledger.apply(stamped(seq, entry.clone()));
    }
    ledger
}

/// Where something was said of a row, and what.
type Said = (usize, Standing);

/// The first answer to a call: what it says of its row at this place, or `None` where there is none.
fn first_answer(entries: &[Entry], send: SendId, call: CallNumber, place: usize) -> Option<Said> {
    entries.iter().enumerate().find_map(|(index, entry)| match entry {
        Entry::Answered { send: s, call: c, outcomes, .. } if (*s, *c) == (send, call) => Some((
            index,
            match &outcomes[place] {
                Outcome::Processed => Standing::Processed,
                Outcome::Unprocessed { code, message } => Standing::Unprocessed(code.clone(), Arc::clone(message)),
                Outcome::Unknown { .. } => Standing::Unknown,
            },
        )),
        Entry::Failed { send: s, call: c, failure, message, .. } if (*s, *c) == (send, call) => {
            Some((index, if failure.may_have_applied() { Standing::Unknown } else { Standing::Refused(*failure, message.as_str().into()) }))
        }
        _ => None,
    })
}

/// The last intent of a send that has the row, with what was answered to it, and where.
fn last_call(entries: &[Entry], send: SendId, row: &Identity) -> Option<(usize, Patch, Option<Said>)> {
    entries.iter().enumerate().rev().find_map(|(index, entry)| match entry {
        Entry::Intent { send: s, call, patch, rows } if *s == send => {
            let place = rows.iter().position(|known| known.identity == *row)?;
            Some((index, patch.clone(), first_answer(entries, send, *call, place)))
        }
        _ => None,
    })
}

fn standing(entries: &[Entry], send: SendId, row: &Identity) -> Option<Standing> {
    let (intended, _, answer) = last_call(entries, send, row)?;
    let mut standing = Standing::Unknown;
    for (index, entry) in entries.iter().enumerate().skip(intended) {
        if let Some((at, said)) = &answer
            && *at == index
        {
            standing = said.clone();
        }
        if let Entry::Settled { send: s, rows, .. } = entry
            && *s == send
            && let Some((_, seen)) = rows.iter().find(|(identity, _)| identity == row)
        {
            standing = match (standing, seen) {
                (said @ (Standing::Processed | Standing::SeenProcessed), _) => said,
                (_, Seen::Processed) => Standing::SeenProcessed,
                (Standing::Unknown, Seen::NotProcessed) => Standing::NotProcessed,
                (Standing::Unknown, Seen::Missing) => Standing::Missing,
                (said, _) => said,
            };
        }
    }
    Some(standing)
}

fn staged(entries: &[Entry], row: &Identity) -> Option<Patch> {
    let mut staged: Option<Patch> = None;
    for (index, entry) in entries.iter().enumerate() {
        match entry {
            Entry::Staged(groups) => {
                if let Some(group) = groups.iter().find(|group| group.rows.iter().any(|known| known.identity == *row)) {
                    staged = Some(group.patch.clone());
                }
            }
            Entry::Unstaged { rows, .. } if rows.contains(row) => staged = None,
            Entry::Settled { patch, rows, .. } if rows.contains(&(row.clone(), Seen::Processed)) => {
                staged = staged.map(|staged| staged.without(patch)).filter(|left| !left.is_empty());
            }
            Entry::Answered { send, call, .. } => {
                // Only the answer to the last call that was made for the row until then counts.
                let until = &entries[..=index];
                let called = until.iter().rev().find_map(|entry| match entry {
                    Entry::Intent { send: s, call, patch, rows } if s == send && rows.iter().any(|known| known.identity == *row) => {
                        Some((*call, patch))
                    }
                    _ => None,
                });
                if let Some((last, patch)) = called
                    && last == *call
                    && last_call(until, *send, row).unwrap().2 == Some((index, Standing::Processed))
                {
                    staged = staged.map(|staged| staged.without(patch)).filter(|left| !left.is_empty());
                }
            }
            _ => {}
        }
    }
    staged
}

proptest! {
    #[test]
    fn a_replayed_journal_is_what_its_entries_say(entries in sessions()) {
        let ledger = replay(&entries);
        for row in (0..ROWS).map(uid) {
            prop_assert_eq!(ledger.staged.get(&row).map(|staged| staged.patch.clone()), staged(&entries, &row), "{:?}", row);
            let mut newest_first = Vec::new();
            for send in (0..SENDS).map(SendId) {
                let expected = standing(&entries, send, &row);
                let found = ledger.sends.get(&send).and_then(|send| send.rows.get(&row)).map(|row| row.standing.clone());
                prop_assert_eq!(&found, &expected, "{:?} {:?}", send, row);
                let unknown = ledger.unknown().any(|(id, identity, _)| id == send && *identity == row);
                prop_assert_eq!(unknown, expected == Some(Standing::Unknown));
                if expected.is_some() {
                    newest_first.insert(0, send);
                }
            }
            prop_assert_eq!(ledger.history(&row).iter().map(|(send, _)| send.id).collect::<Vec<_>>(), newest_first);
        }
        prop_assert_eq!(ledger.last.0, entries.len() as u64);
    }

    #[test]
    fn what_is_carried_over_is_everything_unfinished_and_changes_nothing_that_is_known(entries in vec(sample::entry(), 0..30)) {
        let before = replay(&entries);
        let mut alone = Ledger::default();
        let mut after = before.clone();
        for (carried, seq) in Carried::of(&before).into_iter().zip(before.last.0 + 1..) {
            let stamped = stamped(seq, Entry::Carried(carried));
            alone.apply(stamped.clone());
            after.apply(stamped);
        }
        prop_assert_eq!(&alone.staged, &before.staged);
        prop_assert_eq!(&alone.who, &before.who);
        prop_assert_eq!(alone.unknown().collect::<Vec<_>>(), before.unknown().collect::<Vec<_>>());
        prop_assert_eq!(alone.unfinished_plans().collect::<Vec<_>>(), before.unfinished_plans().collect::<Vec<_>>());
        prop_assert_eq!(alone.sends.last_key_value(), before.sends.last_key_value());
        prop_assert_eq!((after.staged, after.sends, after.who), (before.staged, before.sends, before.who));
        prop_assert_eq!(after.found_in, before.found_in);
    }
}

#[test]
fn a_plan_that_is_finished_stays_so_where_an_earlier_send_of_it_is_carried_over() {
    let origin = Origin::Plan { plan: PlanId("p".into()), file: "p.json".into() };
    let began = |send| Entry::SendBegan { send: SendId(send), origin: origin.clone(), rows: 1 };
    let patch = Patch::status(crate::domain::status::StatusId::RESOLVED);
    let before = replay(&[
        began(1),
        Entry::Intent { send: SendId(1), call: CallNumber(1), patch, rows: vec![known(uid(0))] },
        began(2),
        Entry::SendEnded { send: SendId(2), unsent: 0 },
        Entry::SendBegan { send: SendId(3), origin: Origin::Review, rows: 0 },
    ]);
    let after = replay(&Carried::of(&before).into_iter().map(Entry::Carried).collect::<Vec<_>>());
    assert_eq!(after.unknown().count(), 1);
    assert_eq!((before.unfinished_plans().count(), after.unfinished_plans().count()), (0, 0));
}

#[test]
fn a_long_send_is_carried_over_in_parts_that_add_up() {
    let send = SendId(3);
    let rows: Vec<KnownRow> = (0..1_234).map(|row| known(uid(row))).collect();
    let patch = Patch::status(crate::domain::status::StatusId::RESOLVED);
    let before = replay(&[
        Entry::SendBegan { send, origin: Origin::Undo(SendId(1)), rows: 1_234 },
        Entry::Intent { send, call: CallNumber(1), patch: patch.clone(), rows: rows.clone() },
        Entry::Staged(vec![StagedGroup { patch, rows }]),
    ]);
    let parts = Carried::of(&before);
    assert_eq!(parts.len(), 6);
    let after = replay(&parts.into_iter().map(Entry::Carried).collect::<Vec<_>>());
    assert_eq!((after.sends, after.staged), (before.sends, before.staged));
}

#[test]
fn a_call_is_named_once_more_than_the_last_even_where_the_clock_went_back() {
    let ledger = replay(&sample::whole_send(2_000, 0..1));
    assert_eq!(ledger.next_send(Millis(5_000)), SendId(5_000));
    assert_eq!(ledger.next_send(Millis(1_000)), SendId(2_001));
    assert_eq!(Ledger::default().next_send(Millis(-5)), SendId(1));
}
