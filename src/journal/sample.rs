//! For tests: entries of every kind, with texts that would break a format that is not careful.

use std::sync::Arc;

use proptest::{collection::vec, option, prelude::*};

use super::{
    carried::Carried,
    entry::{CallNumber, Entry, KnownRow, Origin, PlanId, Seen, SendId, Seq, StagedGroup, Stamped, Unstaged, Who},
    ledger::Ledger,
};
use crate::domain::{
    batch::{Outcome, RowCode},
    comment::{Comment, LineBreaks},
    failure::CallFailure,
    identity::{Identifier, Identity},
    patch::{Patch, Values},
    severity::SeverityId,
    status::StatusId,
    time::Millis,
};

pub(crate) fn uid(number: usize) -> Identity {
    Identity::MetadataUid(format!("uid-{number}"))
}

pub(crate) fn stamped(seq: u64, entry: Entry) -> Stamped {
    Stamped { seq: Seq(seq), at: Millis(1_764_000_000_000 + i64::try_from(seq).unwrap_or_default()), entry }
}

pub(crate) fn known(identity: Identity) -> KnownRow {
    KnownRow { identity, values: Values { status: Some(StatusId::NEW), ..Values::default() } }
}

/// A send of one call, answered row by row as processed.
pub(crate) fn whole_send(id: u64, rows: std::ops::Range<usize>) -> Vec<Entry> {
    let (send, call) = (SendId(id), CallNumber(1));
    let count = rows.len();
    vec![
        Entry::SendBegan { send, origin: Origin::Review, rows: count },
        Entry::Intent { send, call, patch: Patch::status(StatusId::SUPPRESSED), rows: rows.map(|row| known(uid(row))).collect() },
        Entry::Answered { send, call, request_id: Some("r-1".into()), outcomes: vec![Outcome::Processed; count] },
        Entry::SendEnded { send, unsent: 0 },
    ]
}

/// Every kind of entry, with every kind of what is in one.
pub(crate) fn one_of_each() -> Vec<Entry> {
    let (send, call) = (SendId(1_764_000_000_000), CallNumber(2));
    let triple =
        Identity::Identifier(Identifier { account_uid: "1".into(), finding_uid: "arn:\u{202e}\"".into(), product_uid: "p".into() });
    let comment = Comment::new("why\nand more", LineBreaks::Keep).ok();
    let patch = Patch { status: Some(StatusId::SUPPRESSED), severity: Some(SeverityId(-7)), comment };
    let values = Values { status: Some(StatusId(77)), severity: Some(SeverityId::LOW), comment: Some("old".into()) };
    let rows = vec![known(uid(0)), KnownRow { identity: triple.clone(), values }, known(Identity::Unaddressable("abc".into()))];
    let who = Who {
        arn: Some("arn:aws:sts::222233334444:assumed-role/Analyst/me".into()),
        user: Some("me".into()),
        address: Some("192.0.2.7".into()),
        process: 42,
        release: "0.1.0".into(),
    };
    let mut entries = vec![
        Entry::Session(who),
        Entry::Staged(vec![StagedGroup { patch: patch.clone(), rows: rows.clone() }]),
        Entry::Unstaged { rows: vec![uid(0)], why: Unstaged::Dropped },
        Entry::Unstaged { rows: vec![uid(1)], why: Unstaged::AlreadyThere },
        Entry::Unstaged { rows: vec![triple.clone()], why: Unstaged::TheirsKept },
        Entry::SendBegan { send, origin: Origin::Review, rows: 3 },
        Entry::SendBegan { send, origin: Origin::Undo(SendId(5)), rows: 3 },
        Entry::SendBegan { send, origin: Origin::Plan { plan: PlanId("9f".into()), file: "plan.json".into() }, rows: 3 },
        Entry::Intent { send, call: CallNumber(1), patch: patch.clone(), rows: rows.clone() },
        Entry::Failed {
            send,
            call: CallNumber(1),
            failure: CallFailure::Throttled,
            code: Some("ThrottlingException".into()),
            message: "slow down".into(),
            request_id: Some("r-1".into()),
        },
        Entry::Intent { send, call, patch: patch.clone(), rows },
        Entry::Answered {
            send,
            call,
            request_id: Some("r-2".into()),
            outcomes: vec![
                Outcome::Processed,
                Outcome::Unprocessed { code: RowCode::Conflict, message: "busy".into() },
                Outcome::Unknown { why: "in neither list".into() },
            ],
        },
        Entry::Settled { send, patch, rows: vec![(uid(0), Seen::Processed), (uid(1), Seen::NotProcessed), (triple, Seen::Missing)] },
        Entry::SendEnded { send, unsent: 1 },
    ];
    let mut ledger = Ledger::default();
    entries.iter().zip(1..).for_each(|(entry, seq)| ledger.apply(stamped(seq, entry.clone())));
    entries.extend(Carried::of(&ledger).into_iter().map(Entry::Carried));
    entries
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("\",\"sum\":\"00000000\"}".to_owned()),
        Just("a\nb\r\n\u{2028}\u{0}\u{1b}[31m\u{202e}\\\"".to_owned()),
        Just("\u{feff}{\"v\":2}".to_owned()),
        any::<String>(),
        vec(any::<char>(), 0..40).prop_map(String::from_iter),
    ]
}

fn shared() -> impl Strategy<Value = Arc<str>> {
    text().prop_map(Arc::from)
}

pub(crate) fn identity() -> impl Strategy<Value = Identity> {
    prop_oneof![
        text().prop_map(Identity::MetadataUid),
        (text(), text(), text()).prop_map(|(account_uid, finding_uid, product_uid)| Identity::Identifier(Identifier {
            account_uid,
            finding_uid,
            product_uid
        })),
        text().prop_map(Identity::Unaddressable),
    ]
}

fn comment() -> impl Strategy<Value = Comment> {
    let kept = text().prop_filter_map("no comment", |text| Comment::new(&text, LineBreaks::Keep).ok());
    let flat = text().prop_filter_map("no comment", |text| Comment::new(&text, LineBreaks::Space).ok());
    prop_oneof![kept, flat]
}

pub(crate) fn patch() -> impl Strategy<Value = Patch> {
    (option::of(any::<i32>().prop_map(StatusId)), option::of(any::<i32>().prop_map(SeverityId)), option::of(comment()))
        .prop_map(|(status, severity, comment)| Patch { status, severity, comment })
}

pub(crate) fn values() -> impl Strategy<Value = Values> {
    (option::of(any::<i32>().prop_map(StatusId)), option::of(any::<i32>().prop_map(SeverityId)), option::of(text()))
        .prop_map(|(status, severity, comment)| Values { status, severity, comment })
}

fn rows() -> impl Strategy<Value = Vec<KnownRow>> {
    vec((identity(), values()).prop_map(|(identity, values)| KnownRow { identity, values }), 0..4)
}

fn code() -> impl Strategy<Value = RowCode> {
    prop_oneof![text().prop_map(|code| RowCode::parse(&code)), Just(RowCode::Conflict), Just(RowCode::ResourceNotFound)]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Processed),
        (code(), shared()).prop_map(|(code, message)| Outcome::Unprocessed { code, message }),
        shared().prop_map(|why| Outcome::Unknown { why }),
    ]
}

pub(crate) fn failure() -> impl Strategy<Value = CallFailure> {
    use CallFailure as F;
    prop::sample::select(vec![
        F::AccessDenied,
        F::Throttled,
        F::Validation,
        F::Conflict,
        F::InternalServer,
        F::NotEnabled,
        F::NotFound,
        F::ExpiredCredentials,
        F::MissingCredentials,
        F::NoRegion,
        F::ClockSkew,
        F::Unreachable,
        F::NoAnswer,
        F::BadAnswer,
        F::Other,
    ])
}

pub(crate) fn who() -> impl Strategy<Value = Who> {
    (option::of(text()), option::of(text()), option::of(text()), any::<u32>(), text())
        .prop_map(|(arn, user, address, process, release)| Who { arn, user, address, process, release })
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![
        Just(Origin::Review),
        (text(), text()).prop_map(|(plan, file)| Origin::Plan { plan: PlanId(plan), file }),
        any::<u64>().prop_map(|send| Origin::Undo(SendId(send))),
    ]
}

fn seen() -> impl Strategy<Value = Seen> {
    prop::sample::select(vec![Seen::Processed, Seen::NotProcessed, Seen::Missing])
}

/// Any entry but one that is carried over, which `Ledger` makes.
pub(crate) fn entry() -> impl Strategy<Value = Entry> {
    let group = (patch(), rows()).prop_map(|(patch, rows)| StagedGroup { patch, rows });
    let ids = (0..4_u64).prop_map(SendId);
    let calls = (0..4_u64).prop_map(CallNumber);
    let why = prop::sample::select(vec![Unstaged::Dropped, Unstaged::AlreadyThere, Unstaged::TheirsKept]);
    prop_oneof![
        who().prop_map(Entry::Session),
        vec(group, 0..3).prop_map(Entry::Staged),
        (vec(identity(), 0..4), why).prop_map(|(rows, why)| Entry::Unstaged { rows, why }),
        (ids.clone(), origin(), any::<u32>()).prop_map(|(send, origin, rows)| Entry::SendBegan { send, origin, rows: rows as usize }),
        (ids.clone(), calls.clone(), patch(), rows()).prop_map(|(send, call, patch, rows)| Entry::Intent { send, call, patch, rows }),
        (ids.clone(), calls.clone(), option::of(shared()), vec(outcome(), 0..4))
            .prop_map(|(send, call, request_id, outcomes)| Entry::Answered { send, call, request_id, outcomes }),
        (ids.clone(), calls, failure(), option::of(text()), text(), option::of(text()))
            .prop_map(|(send, call, failure, code, message, request_id)| Entry::Failed { send, call, failure, code, message, request_id }),
        (ids.clone(), patch(), vec((identity(), seen()), 0..4)).prop_map(|(send, patch, rows)| Entry::Settled { send, patch, rows }),
        (ids, 0..9_usize).prop_map(|(send, unsent)| Entry::SendEnded { send, unsent }),
    ]
}
