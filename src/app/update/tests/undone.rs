//! The undo of a send: what goes back, what cannot, and that it goes through the review.

use std::collections::BTreeMap;

use super::*;
use crate::{
    app::undo::Which,
    domain::{
        comment::{Comment, MAX_CHARACTERS},
        patch::Values,
    },
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, SendId, Seq, Stamped},
        ledger::Ledger,
    },
};

const HOUR: i64 = 3_600_000;
/// When the last send began: two hours ago.
const SENT: u64 = (CTX.now.0 - 2 * HOUR).cast_unsigned();

fn comment(text: &str) -> Comment {
    Comment::new(text, LineBreaks::Space).unwrap()
}

fn was(status: i32, comment: Option<&str>) -> Values {
    Values { status: Some(StatusId(status)), severity: Some(SeverityId::MEDIUM), comment: comment.map(str::to_owned) }
}

/// A send as a journal tells it: rows by the number of their uid with the values before, all of them processed.
#[derive(Clone)]
struct Told {
    send: u64,
    origin: Origin,
    patch: Patch,
    rows: Vec<(usize, Values)>,
    outcome: Outcome,
}

fn told(rows: &[(usize, Values)]) -> Told {
    Told {
        send: SENT,
        origin: Origin::Review,
        patch: Patch::status(StatusId::SUPPRESSED),
        rows: rows.to_vec(),
        outcome: Outcome::Processed,
    }
}

fn ledger(sends: &[Told]) -> Arc<Ledger> {
    let mut ledger = Ledger::default();
    let mut seq = 0;
    let mut write = |at: u64, entry: Entry| {
        seq += 1;
        ledger.apply(Stamped { seq: Seq(seq), at: Millis(at.cast_signed()), entry });
    };
    for Told { send, origin, patch, rows, outcome } in sends {
        let (at, send, call) = (*send, SendId(*send), CallNumber(1));
        let known = rows.iter().map(|(at, values)| KnownRow { identity: Identity::MetadataUid(format!("u{at}")), values: values.clone() });
        write(at, Entry::SendBegan { send, origin: origin.clone(), rows: rows.len() });
        write(at, Entry::Intent { send, call, patch: patch.clone(), rows: known.collect() });
        write(at, Entry::Answered { send, call, request_id: None, outcomes: vec![outcome.clone(); rows.len()] });
        write(at, Entry::SendEnded { send, unsent: 0 });
    }
    Arc::new(ledger)
}

/// Asks for an undo and answers what it reads: the status, and the comment, that each finding has now; status 0 is not there.
fn undo(model: &mut Model, ledger: &Arc<Ledger>, now: &BTreeMap<usize, (i32, &str)>) -> Vec<Effect> {
    assert!(update(model, Event::Key(Key::char('u'), Arrival::Single), CTX).contains(&Effect::History), "{:?}", model.notice);
    let effects = event(model, Event::Journal(JournalEvent::History(Ok(Arc::clone(ledger)))));
    answer_reads(model, effects, now)
}

fn answer_reads(model: &mut Model, effects: Vec<Effect>, now: &BTreeMap<usize, (i32, &str)>) -> Vec<Effect> {
    let mut last = Vec::new();
    for effect in effects {
        let Effect::Reread { request, identities } = effect else { continue };
        let documents: Vec<String> = identities
            .iter()
            .map(|identity| identity.shown().trim_start_matches('u').parse::<usize>().unwrap())
            .filter_map(|at| Some((at, now.get(&at).filter(|(status, _)| *status != 0)?)))
            .map(|(at, (status, comment))| {
                let mut document: serde_json::Value = serde_json::from_str(&document(at, *status)).unwrap();
                document["severity_id"] = 3.into();
                document["comment"] = (*comment).into();
                document.to_string()
            })
            .collect();
        last = event(model, Event::Reread { request, asked: identities, result: Ok(SealedPage::seal(&documents)) });
    }
    last
}

fn staged(model: &Model) -> BTreeMap<String, Patch> {
    model.staging.iter().map(|(row, patch)| (model.store.identity(row).unwrap().shown().to_owned(), patch.clone())).collect()
}

fn review(model: &Model) -> &crate::app::overlay::Review {
    match model.overlays.last() {
        Some(Overlay::Review(review)) => review,
        other => unreachable!("{other:?}: {:?}", model.notice),
    }
}

#[test]
fn former_values_are_staged_on_rows_that_still_have_what_was_sent_and_go_back_through_the_review() {
    let mut model = loaded(2);
    let ledger = ledger(&[told(&[
        (0, was(1, None)),
        (1, was(2, None)),
        (40, was(4, None)),
        (41, was(1, None)),
        (42, was(1, None)),
        (43, was(1, None)),
    ])]);
    // 41 was changed since, 42 is as before, 43 is gone; 40 and later are not loaded.
    let now = [(0, 3), (1, 3), (40, 3), (41, 5), (42, 1), (43, 0)].map(|(at, status)| (at, (status, ""))).into();
    let effects = undo(&mut model, &ledger, &now);
    assert!(sent(&effects).0.is_empty());
    let expected = [("u0", 1), ("u1", 2), ("u40", 4)].map(|(uid, status)| (uid.to_owned(), Patch::status(StatusId(status))));
    assert_eq!(staged(&model), expected.into());
    let note = "undo of the send of 12:13Z: 1 skipped, changed since; 1 skipped, as before already; 1 skipped for other reasons";
    assert!(notice(&model).starts_with(note), "{}", notice(&model));
    assert_eq!(review(&model).note.as_deref(), Some(note));
    let skipped: Vec<&str> = review(&model).skipped.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(
        skipped,
        [
            "changed since: now status Archived",
            "it has its former values already",
            "it was not found: aged out, or no longer visible to you"
        ]
    );
    press(&mut model, "j");
    let effects = press(&mut model, "y");
    let origin = effects.iter().find_map(|effect| match effect {
        Effect::Send { origin, .. } => Some(origin.clone()),
        _ => None,
    });
    assert_eq!(origin, Some(Origin::Undo(SendId(SENT))));
    assert_eq!(sent(&effects).0.len(), 3);
}

#[test]
fn a_comment_that_was_empty_cannot_be_emptied_and_the_other_fields_go_back_all_the_same() {
    let mut model = loaded(0);
    let long = "x".repeat(MAX_CHARACTERS + 1);
    let patch = Patch { comment: Some(comment("accepted")), ..Patch::status(StatusId::SUPPRESSED) };
    let rows = [
        (0, was(1, None)),
        (1, was(1, Some("asked the owner"))),
        (2, was(3, None)),
        (3, was(3, Some("a<U+202E>b"))),
        (4, was(3, Some(&long))),
        (5, was(1, Some("accepted"))),
    ];
    let sends = ledger(&[Told { patch, ..told(&rows) }]);
    let now = (0..6).map(|at| (at, (3, "accepted"))).collect();
    undo(&mut model, &sends, &now);
    let new = Patch::status(StatusId::NEW);
    assert_eq!(
        staged(&model),
        [
            ("u0".to_owned(), new.clone()),
            ("u1".to_owned(), Patch { comment: Some(comment("asked the owner")), ..new.clone() }),
            ("u5".to_owned(), new)
        ]
        .into()
    );
    let note = review(&model).note.clone().unwrap();
    assert!(note.contains("2 comments cannot be emptied; 2 comments cannot be sent again"), "{note}");
    let skipped: Vec<&str> = review(&model).skipped.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(
        skipped,
        [
            "its comment was empty before, and the service cannot empty one",
            "its former comment cannot be sent: it has characters that are not sent",
            "its former comment cannot be sent: 513 characters; the service takes at most 512",
        ]
    );
}

#[test]
fn a_severity_goes_back_and_a_value_that_was_never_set_does_not() {
    let mut model = loaded(0);
    let none = Values { severity: None, ..was(1, None) };
    let sends = ledger(&[Told {
        patch: Patch::severity(SeverityId::MEDIUM),
        ..told(&[(0, Values { severity: Some(SeverityId::HIGH), ..was(1, None) }), (1, none)])
    }]);
    undo(&mut model, &sends, &(0..2).map(|at| (at, (1, ""))).collect());
    assert_eq!(staged(&model), [("u0".to_owned(), Patch::severity(SeverityId::HIGH))].into());
    assert_eq!(review(&model).skipped.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>(), ["it had no severity before"]);
}

#[test]
fn the_last_send_that_changed_something_is_undone_and_neither_an_undo_nor_what_is_undone_already() {
    let earlier = Told { send: SENT - 3, ..told(&[(0, was(2, None))]) };
    let undone = Told { send: SENT - 2, ..told(&[(1, was(2, None))]) };
    let undo_of_it = Told { send: SENT - 1, origin: Origin::Undo(SendId(SENT - 2)), ..told(&[(1, was(3, None))]) };
    let refused = Told { outcome: unprocessed(RowCode::Conflict), ..told(&[(2, was(2, None))]) };
    let sends = ledger(&[earlier, undone, undo_of_it, refused]);
    let mut model = loaded(3);
    undo(&mut model, &sends, &(0..3).map(|at| (at, (3, ""))).collect());
    assert_eq!(staged(&model).into_keys().collect::<Vec<_>>(), ["u0"]);
    // Any send can be named.
    let mut model = loaded(3);
    assert_eq!(super::super::undo_send::begin(&mut model, Which::This(SendId(SENT - 2))), [Effect::History]);
    let effects = event(&mut model, Event::Journal(JournalEvent::History(Ok(sends))));
    answer_reads(&mut model, effects, &(0..3).map(|at| (at, (3, ""))).collect());
    assert_eq!(staged(&model).into_keys().collect::<Vec<_>>(), ["u1"]);
}

#[test]
fn where_nothing_was_sent_or_nothing_is_left_it_is_said() {
    let mut model = loaded(1);
    undo(&mut model, &ledger(&[]), &BTreeMap::new());
    assert!(notice(&model).contains("no send that could be undone"), "{}", notice(&model));
    undo(&mut model, &ledger(&[told(&[(0, was(1, None))])]), &[(0, (4, ""))].into());
    assert!(notice(&model).contains("nothing is left to undo; the first: changed since: now status Resolved"), "{}", notice(&model));
    assert!(model.overlays.is_empty() && model.staging.is_empty());
}

#[test]
fn the_undo_of_a_send_is_a_step_of_staging_that_u_takes_back() {
    let mut model = loaded(1);
    undo(&mut model, &ledger(&[told(&[(0, was(1, None))])]), &[(0, (3, ""))].into());
    press(&mut model, "esc");
    assert_eq!(press(&mut model, "u"), []);
    assert!(model.staging.is_empty());
}

#[test]
fn what_is_staged_already_is_left_alone_and_staged_steps_are_undone_first() {
    let mut model = loaded(2);
    press(&mut model, "s 4");
    assert_eq!(press(&mut model, "u"), []);
    assert!(model.staging.is_empty(), "first what was staged here");
    model.staging.restore(RowId(0), &Patch::severity(SeverityId::LOW));
    undo(&mut model, &ledger(&[told(&[(0, was(1, None)), (1, was(1, None))])]), &(0..2).map(|at| (at, (3, ""))).collect());
    assert_eq!(model.staging.get(RowId(0)), Some(&Patch::severity(SeverityId::LOW)));
    assert_eq!(review(&model).skipped, [(RowId(0), "something else is staged on it".to_owned())]);
    // With something else in it, the review is not the undo of a send.
    press(&mut model, "j");
    let effects = press(&mut model, "y");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Send { origin: Origin::Review, .. })), "{effects:?}");
}

#[test]
fn no_review_opens_over_what_the_analyst_writes_and_no_key_of_the_table_sends_one_that_did() {
    let sends = ledger(&[told(&[(0, was(1, None))])]);
    let now = [(0, (3, ""))].into();
    let mut model = loaded(1);
    update(&mut model, Event::Key(Key::char('u'), Arrival::Single), CTX);
    let effects = event(&mut model, Event::Journal(JournalEvent::History(Ok(Arc::clone(&sends)))));
    press(&mut model, "c");
    answer_reads(&mut model, effects, &now);
    assert!(matches!(model.overlays.last(), Some(Overlay::Editor(_))));
    assert!(notice(&model).contains("w at the table reviews"), "{}", notice(&model));
    for over in ["enter", "?"] {
        let mut model = loaded(1);
        press(&mut model, over);
        super::super::undo_send::begin(&mut model, Which::Last);
        let effects = event(&mut model, Event::Journal(JournalEvent::History(Ok(Arc::clone(&sends)))));
        answer_reads(&mut model, effects, &now);
        assert!(matches!(model.overlays.last(), Some(Overlay::Review(_))), "nothing is typed at {over}");
    }
    let mut model = loaded(1);
    undo(&mut model, &sends, &now);
    event(&mut model, Event::Drawn);
    assert!(sent(&press(&mut model, "y")).0.is_empty(), "the first y may have been meant for the table");
    assert_eq!(sent(&press(&mut model, "y")).0.len(), 1);
}

#[test]
fn a_send_under_way_is_not_undone() {
    let mut model = loaded(2);
    press(&mut model, "s 3 w y");
    model.staging = crate::app::staging::Staging::default();
    assert_eq!(press(&mut model, "u"), []);
    assert!(notice(&model).contains("it can be undone once it is over"), "{}", notice(&model));
}

#[test]
fn a_journal_that_cannot_be_read_ends_the_undo_and_a_later_history_does_not_begin_it_again() {
    let mut model = loaded(1);
    press(&mut model, "u");
    event(&mut model, Event::Journal(JournalEvent::History(Err("the disk is gone".into()))));
    assert!(notice(&model).contains("the disk is gone"));
    let effects = event(&mut model, Event::Journal(JournalEvent::History(Ok(ledger(&[told(&[(0, was(1, None))])])))));
    assert_eq!(effects, []);
}
