//! What is staged and the journal: told before the screen says so, and back after a crash.

use super::*;
use crate::{
    app::{event::Ticket, journaling::JournalState},
    domain::patch::Values,
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, Seen, SendId, Seq, StagedGroup, Stamped},
        ledger::Ledger,
    },
};

/// Takes in an event without answering for the journal.
fn raw(model: &mut Model, event: Event) -> Vec<Effect> {
    update(model, event, CTX)
}

fn keys(model: &mut Model, keys: &str) -> Vec<Effect> {
    parse_keys(keys)
        .unwrap()
        .into_iter()
        .flat_map(|key| {
            let effects = raw(model, Event::Key(key, Arrival::Single));
            raw(model, Event::Drawn);
            effects
        })
        .filter(|effect| !matches!(effect, Effect::Document(..)))
        .collect()
}

fn told(effects: &[Effect]) -> Vec<(Ticket, Vec<Entry>)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Journal(ticket, entries) => Some((*ticket, entries.clone())),
            _ => None,
        })
        .collect()
}

fn written(model: &mut Model, ticket: Ticket) -> Vec<Effect> {
    raw(model, Event::Journal(JournalEvent::Written(ticket, Ok(()))))
}

fn known(uid: &str, status: i32) -> KnownRow {
    KnownRow {
        identity: Identity::MetadataUid(uid.into()),
        values: Values { status: Some(StatusId(status)), severity: Some(SeverityId(if uid == "u0" { 4 } else { 3 })), comment: None },
    }
}

fn ledger(entries: Vec<Entry>) -> Arc<Ledger> {
    let mut ledger = Ledger::default();
    for (at, entry) in entries.into_iter().enumerate() {
        ledger.apply(Stamped { seq: Seq(at as u64 + 1), at: CTX.now, entry });
    }
    Arc::new(ledger)
}

/// A model whose journal is not open yet, and one page.
fn unopened(count: usize) -> Model {
    let mut model = Model::new(settings(), Query::open(), 120, 40, CTX.now);
    raw(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    raw(&mut model, Event::Caller(Ok(Caller { account: "222233334444".into(), arn: "arn".into() })));
    page(&mut model, 0..count, More::Last);
    model
}

#[test]
fn each_way_of_deciding_tells_the_journal_what_is_staged_from_then_on() {
    let mut model = loaded(2);
    let staged = told(&keys(&mut model, "s 3"));
    let patch = Patch::status(StatusId::SUPPRESSED);
    assert_eq!(staged[0].1, [Entry::Staged(vec![StagedGroup { patch: patch.clone(), rows: vec![known("u0", 1)] }])]);
    let both = told(&keys(&mut model, "S 2"));
    let merged = Patch { severity: Some(SeverityId::LOW), ..patch.clone() };
    assert_eq!(both[0].1, [Entry::Staged(vec![StagedGroup { patch: merged, rows: vec![known("u0", 1)] }])]);
    let undone = told(&keys(&mut model, "u"));
    assert_eq!(undone[0].1, [Entry::Staged(vec![StagedGroup { patch, rows: vec![known("u0", 1)] }])]);
    let dropped = told(&keys(&mut model, "D"));
    assert!(matches!(dropped[0].1.as_slice(), [Entry::Unstaged { rows, .. }] if rows.len() == 1));
    let back = told(&keys(&mut model, "u"));
    assert!(matches!(back[0].1.as_slice(), [Entry::Staged(_)]));
}

#[test]
fn nothing_is_sent_before_what_is_staged_is_on_disk_and_y_waits_for_it() {
    let mut model = loaded(2);
    let staged = told(&keys(&mut model, "s 3"));
    assert_eq!(model.journal.unsaved.len(), 1);
    let effects = keys(&mut model, "w y");
    assert!(sent(&effects).1.is_empty());
    let effects = written(&mut model, staged[0].0);
    assert_eq!(sent(&effects).1.len(), 1, "now it is on disk");
}

#[test]
fn a_journal_that_cannot_be_written_stops_sending_and_is_told_everything_again_once_it_can() {
    let mut model = loaded(2);
    let first = told(&keys(&mut model, "s 3"));
    raw(&mut model, Event::Journal(JournalEvent::Written(first[0].0, Err("no room in /x".into()))));
    assert!(notice(&model).contains("no room in /x") && notice(&model).contains("nothing is sent"), "{}", notice(&model));
    let effects = keys(&mut model, "w y");
    assert!(sent(&effects).1.is_empty(), "nothing leaves");
    assert_eq!(model.staging.len(), 1, "and nothing is lost");
    let again = told(&effects);
    assert_eq!(again.len(), 1, "it was tried again");
    written(&mut model, again[0].0);
    assert_eq!(model.journal.state, JournalState::Open);
    assert_eq!(sent(&keys(&mut model, "y")).1.len(), 1);
}

#[test]
fn what_is_staged_before_the_journal_is_open_waits_for_it() {
    let mut model = unopened(2);
    assert!(told(&keys(&mut model, "s 3")).is_empty());
    assert_eq!(model.journal.unsaved.len(), 1);
    let entries = told(&raw(&mut model, Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new()))));
    assert!(matches!(entries[0].1.as_slice(), [Entry::Staged(_)]));
    written(&mut model, entries[0].0);
    assert!(model.journal.is_whole());
}

#[test]
fn staged_changes_of_an_earlier_session_are_back_on_their_rows_whether_loaded_or_not() {
    let mut model = unopened(2);
    let patch = Patch::status(StatusId::SUPPRESSED);
    let group = StagedGroup { patch: patch.clone(), rows: vec![known("u1", 1), known("u7", 1)] };
    let effects = raw(&mut model, Event::Journal(JournalEvent::Opened(ledger(vec![Entry::Staged(vec![group])]), Vec::new())));
    assert_eq!(model.staging.len(), 2);
    assert!(told(&effects).is_empty(), "the journal knows it");
    let asked: Vec<Identity> = effects
        .iter()
        .flat_map(|effect| match effect {
            Effect::Reread { identities, .. } => identities.clone(),
            _ => Vec::new(),
        })
        .collect();
    assert_eq!(asked, [Identity::MetadataUid("u7".into())], "what is loaded is not read again");
    assert_eq!(model.view.rows().len(), 3);
    assert!(notice(&model).contains("2 staged changes of an earlier session are back"), "{}", notice(&model));
}

#[test]
fn a_staged_change_whose_finding_changed_meanwhile_is_a_conflict_to_decide() {
    let mut model = unopened(2);
    let group = StagedGroup { patch: Patch::status(StatusId::SUPPRESSED), rows: vec![known("u1", 2), known("u0", 1)] };
    raw(&mut model, Event::Journal(JournalEvent::Opened(ledger(vec![Entry::Staged(vec![group])]), Vec::new())));
    let row = model.store.find(&Identity::MetadataUid("u1".into())).unwrap();
    let problem = model.outcomes.problem(row).unwrap();
    assert_eq!(problem.kind, ProblemKind::Changed);
    assert_eq!(problem.change.as_ref().unwrap().seen.status, Some(StatusId(2)));
    assert_eq!(problem.change.as_ref().unwrap().theirs.status, Some(StatusId(1)));
    assert_eq!(model.outcomes.problem_count(), 1, "the other one is as it was");
}

#[test]
fn a_call_without_an_outcome_is_read_before_anything_is_sent_and_the_journal_is_told_what_was_seen() {
    for (status, seen, left) in [(3, Seen::Processed, 0), (1, Seen::NotProcessed, 1)] {
        let mut model = unopened(2);
        let patch = Patch::status(StatusId::SUPPRESSED);
        let rows = vec![known("u1", 1)];
        let entries = vec![
            Entry::Staged(vec![StagedGroup { patch: patch.clone(), rows: rows.clone() }]),
            Entry::SendBegan { send: SendId(5), origin: Origin::Review, rows: 1 },
            Entry::Intent { send: SendId(5), call: CallNumber(1), patch: patch.clone(), rows },
        ];
        let effects = raw(&mut model, Event::Journal(JournalEvent::Opened(ledger(entries), Vec::new())));
        let row = model.store.find(&Identity::MetadataUid("u1".into())).unwrap();
        assert_eq!(model.outcomes.problem(row).unwrap().kind, ProblemKind::Unknown);
        let (request, asked) = effects
            .iter()
            .find_map(|effect| match effect {
                Effect::Reread { request, identities } => Some((*request, identities.clone())),
                _ => None,
            })
            .unwrap();
        let result = Ok(SealedPage::seal(&[document(1, status)]));
        let effects = raw(&mut model, Event::Reread { request, asked, result });
        let rows = vec![(Identity::MetadataUid("u1".into()), seen)];
        assert_eq!(told(&effects)[0].1, [Entry::Settled { send: SendId(5), patch, rows }]);
        assert_eq!(model.staging.len(), left);
        assert_eq!(model.outcomes.problem_count(), 0);
    }
}

#[test]
fn credentials_of_another_account_stop_everything_that_would_be_sent() {
    let mut model = loaded(2);
    raw(&mut model, Event::Caller(Ok(Caller { account: "999900001111".into(), arn: "arn".into() })));
    assert!(matches!(model.journal.state, JournalState::Foreign(_)));
    assert!(notice(&model).contains("999900001111"), "{}", notice(&model));
    let staged = told(&keys(&mut model, "s 3"));
    written(&mut model, staged[0].0);
    assert!(sent(&keys(&mut model, "w y")).1.is_empty());
    raw(&mut model, Event::Caller(Ok(Caller { account: "222233334444".into(), arn: "arn".into() })));
    assert_eq!(sent(&keys(&mut model, "y")).1.len(), 1, "the right ones are back");
}
