//! What a journal may remember, for the tests of the screens: sends of every origin, end and outcome.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::Arc;

use super::sample::{NOW, comment};
use crate::{
    domain::{
        batch::{Outcome, RowCode},
        failure::CallFailure,
        identity::Identity,
        patch::{Patch, Values},
        severity::SeverityId,
        status::StatusId,
        time::Millis,
    },
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, PlanId, Seen, SendId, Seq, Stamped, Who},
        ledger::Ledger,
    },
};

const HOUR: i64 = 3_600_000;

/// Makes a ledger out of entries, each with how many hours ago it was written.
pub(super) fn ledger(entries: Vec<(i64, Entry)>) -> Arc<Ledger> {
    let mut ledger = Ledger::default();
    for (at, (hours, entry)) in entries.into_iter().enumerate() {
        ledger.apply(Stamped { seq: Seq(at as u64 + 1), at: Millis(NOW - hours * HOUR), entry });
    }
    Arc::new(ledger)
}

/// Somebody at work.
pub(super) fn who(name: &str, user: &str, address: Option<&str>) -> Entry {
    Entry::Session(Who {
        arn: Some(format!("arn:aws:sts::222233334444:assumed-role/{name}")),
        user: Some(user.to_owned()),
        address: address.map(str::to_owned),
        process: 4711,
        release: "0.1.0".to_owned(),
    })
}

/// The send that began so many hours ago.
pub(super) fn id(hours: i64) -> SendId {
    SendId(u64::try_from(NOW - hours * HOUR).unwrap())
}

/// Rows of the sample by their numbers, as they were before.
pub(super) fn known(rows: std::ops::Range<usize>) -> Vec<KnownRow> {
    let values = Values { status: Some(StatusId::NEW), severity: Some(SeverityId::HIGH), comment: Some("asked the owner".into()) };
    rows.map(|at| KnownRow { identity: Identity::MetadataUid(format!("uid-{at:04}")), values: values.clone() }).collect()
}

/// The intent of a call.
pub(super) fn intent(hours: i64, call: u64, patch: &Patch, rows: std::ops::Range<usize>) -> (i64, Entry) {
    (hours, Entry::Intent { send: id(hours), call: CallNumber(call), patch: patch.clone(), rows: known(rows) })
}

fn answered(hours: i64, call: u64, outcomes: Vec<Outcome>) -> (i64, Entry) {
    let request_id = Some(Arc::from("7f3c0a51-5d0e-4c1b-9a77-0d6a2f10b2e4"));
    (hours, Entry::Answered { send: id(hours), call: CallNumber(call), request_id, outcomes })
}

fn refused(code: RowCode, message: &str) -> Outcome {
    Outcome::Unprocessed { code, message: Arc::from(message) }
}

/// A little of everything.
pub(super) fn everything() -> Arc<Ledger> {
    let accepted = Patch { comment: Some(comment("accepted until 2026-12-15, PAY-1182")), ..Patch::status(StatusId::SUPPRESSED) };
    let undone = Patch::status(StatusId::NEW);
    let began = |hours, origin, rows| (hours, Entry::SendBegan { send: id(hours), origin, rows });
    let plan = Origin::Plan { plan: PlanId("d".into()), file: "/srv/plans/accepted/november.json".into() };
    let mut first = vec![Outcome::Processed; 8];
    first.push(refused(RowCode::Conflict, "The finding was updated concurrently"));
    first.push(refused(RowCode::ResourceNotFound, "Finding not found"));
    ledger(vec![
        (9_500, who("audit/ben", "ben", Some("192.0.2.7"))),
        began(9_000, Origin::Review, 1),
        intent(9_000, 1, &Patch::severity(SeverityId::LOW), 1..2),
        answered(9_000, 1, vec![Outcome::Processed]),
        (9_000, Entry::SendEnded { send: id(9_000), unsent: 0 }),
        began(30, plan, 1_200),
        intent(30, 1, &accepted, 0..10),
        answered(30, 1, first),
        intent(30, 2, &accepted, 10..13),
        (
            30,
            Entry::Failed {
                send: id(30),
                call: CallNumber(2),
                failure: CallFailure::AccessDenied,
                code: Some("AccessDeniedException".into()),
                message: "not authorized to perform: securityhub:BatchUpdateFindings".into(),
                request_id: None,
            },
        ),
        (30, Entry::SendEnded { send: id(30), unsent: 1_187 }),
        (5, who("audit/analyst", "ann", None)),
        began(5, Origin::Undo(id(30)), 3),
        intent(5, 1, &undone, 0..3),
        answered(5, 1, vec![Outcome::Processed; 3]),
        (5, Entry::SendEnded { send: id(5), unsent: 0 }),
        began(1, Origin::Review, 6),
        intent(1, 1, &accepted, 1..5),
        intent(1, 2, &accepted, 40..42),
        (1, Entry::Settled { send: id(1), patch: accepted, rows: vec![(Identity::MetadataUid("uid-0001".into()), Seen::Processed)] }),
    ])
}
