//! Updating through the real SDK: exactly what is sent, one attempt, and what each row is told.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use hubtriage::{
    aws::{Access, Options, Timeouts, connect},
    domain::{
        batch::{Batch, Outcome, RowCode},
        comment::{Comment, LineBreaks},
        identity::{Identifier, Identity},
        patch::Patch,
        query::Query,
        severity::SeverityId,
        status::StatusId,
    },
    emulator::{
        CallError, CallFault, Denial, FaultPlan, FindingFault, HoldMoment, MissingRows, Operation, Poison, RowCode as WireCode, Selector,
        Times, Trouble, UpdateField,
    },
    hub::{CallFailure, Hub},
};
use serde_json::{Value, json};

use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt};

use crate::{
    responder::{Reply, Responder},
    wire::{finding, hub, options, uid, until, with, without_uid},
};

fn comment(text: &str) -> Comment {
    Comment::new(text, LineBreaks::Space).unwrap()
}

fn suppress(identities: Vec<Identity>) -> Batch {
    Batch { identities, patch: Patch::status(StatusId::SUPPRESSED) }
}

fn writer(hub: &Hub) -> Arc<dyn hubtriage::hub::UpdateFindings> {
    Arc::clone(hub.writer.as_ref().unwrap())
}

fn identifier(n: usize) -> Identity {
    Identity::Identifier(Identifier {
        account_uid: "222233334444".to_owned(),
        finding_uid: format!("arn:finding/{n}"),
        product_uid: "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty".to_owned(),
    })
}

fn every(trouble: Trouble) -> FaultPlan {
    FaultPlan { calls: vec![CallFault::every(Operation::BatchUpdateFindingsV2, trouble)], ..FaultPlan::default() }
}

fn status_of(finding: &Value) -> i64 {
    finding["status_id"].as_i64().unwrap()
}

#[tokio::test]
async fn a_request_has_the_fields_of_the_patch_and_no_others() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    let all = Patch { status: Some(StatusId::RESOLVED), severity: Some(SeverityId::LOW), comment: Some(comment("both, and why")) };
    for (patch, members) in [
        (Patch::status(StatusId::SUPPRESSED), json!({ "StatusId": 3 })),
        (Patch::severity(SeverityId::FATAL), json!({ "SeverityId": 6 })),
        (Patch::comment(comment("„why“ <b>\\")), json!({ "Comment": "„why“ <b>\\" })),
        (all, json!({ "StatusId": 4, "SeverityId": 2, "Comment": "both, and why" })),
    ] {
        let before = emulator.calls().len();
        // Whether the emulator takes the value is its own affair: here it is about the request.
        let _ = writer(&hub).update(Batch { identities: vec![uid(0)], patch }).await;
        let mut expected = members;
        expected["MetadataUids"] = json!(["uid-0"]);
        let calls = emulator.calls();
        assert_eq!((calls.len(), &calls[before].body), (before + 1, &expected));
    }
}

#[tokio::test]
async fn findings_without_uid_are_addressed_by_their_identifier() {
    let (emulator, hub) = with((0..3).map(without_uid).collect()).await;
    let answer = writer(&hub).update(suppress(vec![identifier(2), identifier(7), identifier(0)])).await.unwrap();
    let named = [2, 7, 0].map(|n| {
        json!({
            "CloudAccountUid": "222233334444",
            "FindingInfoUid": format!("arn:finding/{n}"),
            "MetadataProductUid": "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty",
        })
    });
    assert_eq!(emulator.calls()[0].body, json!({ "FindingIdentifiers": named, "StatusId": 3 }));
    assert_eq!(answer.outcomes[0], Outcome::Processed);
    assert!(matches!(&answer.outcomes[1], Outcome::Unprocessed { code: RowCode::ResourceNotFound, .. }));
    assert_eq!(answer.outcomes[2], Outcome::Processed);
    assert_eq!(emulator.findings().iter().map(status_of).collect::<Vec<_>>(), [3, 1, 3]);
}

#[tokio::test]
async fn each_row_is_told_what_the_service_said_of_it() {
    let (emulator, hub) = with((0..100).map(finding).collect()).await;
    let codes = [
        (WireCode::ConflictException, RowCode::Conflict),
        (WireCode::InternalServerException, RowCode::InternalServer),
        (WireCode::ResourceNotFoundException, RowCode::ResourceNotFound),
        (WireCode::ValidationException, RowCode::Validation),
    ];
    let findings = codes.iter().enumerate().map(|(n, (wire, _))| FindingFault {
        finding: Selector::Uid(format!("uid-{}", n * 10)),
        code: *wire,
        message: format!("row {n}: \u{1b}[31m text"),
        times: Times::Always,
    });
    let missing = Trouble::MissingRows(MissingRows::Uids(vec!["uid-5".to_owned(), "uid-99".to_owned()]));
    emulator.set_faults(FaultPlan { findings: findings.collect(), ..every(missing) });

    let answer = writer(&hub).update(suppress((0..100).rev().map(uid).collect())).await.unwrap();
    assert!(answer.request_id.is_some());
    assert_eq!(answer.outcomes.len(), 100);
    for (outcome, n) in answer.outcomes.iter().zip((0..100).rev()) {
        match (outcome, n) {
            (Outcome::Unprocessed { code, message }, 0 | 10 | 20 | 30) => {
                assert_eq!((code, message.as_ref()), (&codes[n / 10].1, format!("row {}: \u{1b}[31m text", n / 10).as_str()));
            }
            (Outcome::Unknown { .. }, 5 | 99) => {}
            (Outcome::Processed, n) if ![0, 5, 10, 20, 30, 99].contains(&n) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_row_in_both_lists_of_an_answer_is_not_taken_for_done() {
    let body = r#"{
        "ProcessedFindings": [{ "MetadataUid": "uid-1" }, { "MetadataUid": "uid-0" }, { "MetadataUid": "of-somebody-else" }, {}],
        "UnprocessedFindings": [{ "MetadataUid": "uid-1", "ErrorCode": "SomethingNewException", "ErrorMessage": "new" }, { "MetadataUid": "uid-2" }]
    }"#;
    let responder = Responder::start(vec![Reply::json(200, body).with("x-amzn-requestid", "r-1")]).await;
    let answer = writer(&hub(responder.url()).await).update(suppress((0..4).map(uid).collect())).await.unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("r-1"));
    assert_eq!(answer.outcomes[0], Outcome::Processed);
    let new = RowCode::Other("SomethingNewException".to_owned());
    assert_eq!(answer.outcomes[1], Outcome::Unprocessed { code: new, message: Arc::from("new") });
    assert!(matches!(&answer.outcomes[2], Outcome::Unprocessed { code: RowCode::Other(_), .. }));
    assert!(matches!(&answer.outcomes[3], Outcome::Unknown { .. }));
}

#[tokio::test]
async fn a_finding_that_is_in_the_batch_twice_is_sent_once() {
    let (emulator, hub) = with(vec![finding(0), finding(1)]).await;
    let answer = writer(&hub).update(suppress(vec![uid(0), uid(1), uid(0)])).await.unwrap();
    assert_eq!(answer.outcomes, vec![Outcome::Processed; 3]);
    assert_eq!(emulator.calls()[0].body["MetadataUids"], json!(["uid-0", "uid-1"]));
}

#[tokio::test]
async fn a_write_is_tried_once_whatever_becomes_of_it() {
    let error = |error| Trouble::Fail { error, message: None };
    for (trouble, kind, applied) in [
        (error(CallError::Throttling), CallFailure::Throttled, 1),
        (error(CallError::Internal), CallFailure::InternalServer, 1),
        (error(CallError::Unavailable), CallFailure::InternalServer, 1),
        (error(CallError::Conflict), CallFailure::Conflict, 1),
        (error(CallError::Validation), CallFailure::Validation, 1),
        (error(CallError::ExpiredToken), CallFailure::ExpiredCredentials, 1),
        (error(CallError::SignatureExpired), CallFailure::ClockSkew, 1),
        (error(CallError::RequestExpired), CallFailure::ClockSkew, 1),
        (Trouble::CutBefore, CallFailure::NoAnswer, 1),
        (Trouble::CutAfter, CallFailure::NoAnswer, 3),
        (Trouble::CutBody, CallFailure::NoAnswer, 3),
        (Trouble::MalformedBody, CallFailure::BadAnswer, 3),
    ] {
        let (emulator, hub) = with(vec![finding(0)]).await;
        emulator.set_faults(every(trouble.clone()));
        let failed = writer(&hub).update(suppress(vec![uid(0)])).await.unwrap_err();
        assert_eq!((failed.failure, failed.operation), (kind, "BatchUpdateFindingsV2"), "{trouble:?}: {failed}");
        assert_eq!(emulator.calls().len(), 1, "{trouble:?}");
        assert_eq!(status_of(&emulator.finding("uid-0").unwrap()), applied, "{trouble:?}");
        assert!(applied == 1 || failed.failure.may_have_applied(), "{trouble:?}");
    }
}

#[tokio::test]
async fn a_write_that_is_not_answered_in_time_may_have_been_applied() {
    let (emulator, _) = with(vec![finding(0)]).await;
    let hold = Trouble::Hold { name: "gate".to_owned(), moment: HoldMoment::After };
    emulator.set_faults(every(hold));
    let timeouts = Timeouts { write: Duration::from_millis(300), ..Timeouts::default() };
    let impatient = connect(Options { timeouts, ..options(&emulator.url()) }).await.unwrap();
    let failed = writer(&impatient).update(suppress(vec![uid(0)])).await.unwrap_err();
    assert_eq!(failed.failure, CallFailure::NoAnswer, "{failed}");
    assert!(failed.failure.may_have_applied());
    until(|| emulator.finding("uid-0").is_some_and(|finding| status_of(&finding) == 3)).await;
    assert_eq!(emulator.calls().len(), 1);
}

#[tokio::test]
async fn a_write_to_nobody_was_not_sent() {
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hub = hub(&format!("http://{free}")).await;
    let failed = writer(&hub).update(suppress(vec![uid(0)])).await.unwrap_err();
    assert_eq!(failed.failure, CallFailure::Unreachable, "{failed}");
    assert!(!failed.failure.may_have_applied());
    assert!(failed.message.contains(&free.to_string()) && failed.message.contains("refused"), "{failed}");
}

#[tokio::test]
async fn a_denied_field_and_a_poisoned_batch_fail_as_a_whole() {
    let (emulator, hub) = with(vec![finding(0), finding(1)]).await;
    let denials = vec![Denial { field: UpdateField::StatusId, values: Vec::new(), caller: None }];
    emulator.set_faults(FaultPlan { denials, ..FaultPlan::default() });
    let failed = writer(&hub).update(suppress(vec![uid(0)])).await.unwrap_err();
    assert_eq!((failed.failure, failed.code.as_deref()), (CallFailure::AccessDenied, Some("AccessDeniedException")));
    assert!(failed.message.contains("222233334444") && failed.request_id.is_some(), "{failed}");
    let allowed = Batch { identities: vec![uid(0)], patch: Patch::comment(comment("only this")) };
    assert_eq!(writer(&hub).update(allowed).await.unwrap().outcomes, [Outcome::Processed]);

    let poison = vec![Poison { finding: Selector::Uid("uid-1".to_owned()), message: "one of them".to_owned() }];
    emulator.set_faults(FaultPlan { poison, ..FaultPlan::default() });
    let failed = writer(&hub).update(suppress(vec![uid(0), uid(1)])).await.unwrap_err();
    assert_eq!((failed.failure, failed.message.as_str()), (CallFailure::Validation, "one of them"));
}

#[tokio::test]
async fn a_batch_that_cannot_be_sent_makes_no_call() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    for identities in [vec![], (0..101).map(uid).collect(), vec![uid(0), identifier(0)], vec![Identity::Unaddressable("d".to_owned())]] {
        let failed = writer(&hub).update(suppress(identities)).await.unwrap_err();
        assert!(failed.failure == CallFailure::Other && failed.message.starts_with("not sent"), "{failed}");
    }
    assert!(emulator.calls().is_empty());
}

#[tokio::test]
async fn a_read_only_hub_has_nothing_to_write_with() {
    let (emulator, _) = with(vec![]).await;
    let hub = connect(Options { access: Access::ReadOnly, ..options(&emulator.url()) }).await.unwrap();
    assert!(hub.writer.is_none());
}

/// What is written to a log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// In a process of its own: which events are wanted is remembered by the whole process, and the tests beside this one want none.
#[test]
fn the_log_has_operations_counts_and_request_ids_but_nothing_of_findings_comments_or_keys() {
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    let ran = alone.args(["--exact", "wire_writing::logging", "--ignored", "--nocapture"]).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "the test above runs it in a process of its own"]
async fn logging() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    let log = Log::default();
    let writing = log.clone();
    let lines = tracing_subscriber::fmt::layer().with_writer(move || writing.clone());
    let filter = Targets::new().with_target("hubtriage", tracing::Level::TRACE);
    let subscriber = tracing_subscriber::registry().with(lines.with_filter(filter));
    let guard = tracing::subscriber::set_default(subscriber);
    hub.reader.page(crate::wire::request(Query::Everything)).await.unwrap();
    let patch = Patch::comment(comment("a comment nobody should log"));
    let answer = writer(&hub).update(Batch { identities: vec![uid(0), uid(9)], patch: patch.clone() }).await.unwrap();
    emulator
        .set_faults(every(Trouble::Fail { error: CallError::Validation, message: Some("about a comment nobody should log".to_owned()) }));
    let failed = writer(&hub).update(Batch { identities: vec![uid(0)], patch }).await.unwrap_err();
    drop(guard);

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for expected in ["GetFindingsV2", "findings=1", "BatchUpdateFindingsV2", "processed=1", "unprocessed=1", "ValidationException"] {
        assert!(text.contains(expected), "{expected} is missing in:\n{text}");
    }
    assert!(text.contains(&*answer.request_id.unwrap()) && text.contains(&failed.request_id.unwrap()), "{text}");
    for secret in ["nobody should log", "Finding 0", "uid-0", "not-a-secret"] {
        assert!(!text.contains(secret), "{secret} is in:\n{text}");
    }
}
