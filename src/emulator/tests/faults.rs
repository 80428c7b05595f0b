//! Every scripted fault, as a client sees it and as the findings show it.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::client::{Ending, call, get_findings, receive, send, update};
use super::{document, emulator, eventually, settings};
use crate::emulator::{
    Answered, CallError, CallFault, Calls, Emulator, FaultPlan, FindingFault, FindingIdentifier, HoldMoment, MissingRows, Operation,
    Poison, RowCode, Selector, Settings, Times, Trouble, UpdateField,
};

async fn with(calls: Vec<CallFault>) -> Emulator {
    let faults = FaultPlan { calls, ..FaultPlan::default() };
    Emulator::start(Settings { faults, ..settings(3) }).await.unwrap()
}

fn fail(error: CallError) -> Trouble {
    Trouble::Fail { error, message: None }
}

fn suppress(uids: &[&str]) -> Value {
    json!({ "MetadataUids": uids, "StatusId": 3 })
}

fn is_suppressed(emulator: &Emulator, uid: &str) -> bool {
    emulator.finding(uid).unwrap()["status_id"] == 3
}

#[rstest]
#[case(CallError::Throttling, 429, "ThrottlingException", "Rate exceeded")]
#[case(CallError::Internal, 500, "InternalServerException", "Internal")]
#[case(CallError::AccessDenied(None), 403, "AccessDeniedException", "no identity-based policy allows the securityhub:BatchUpdateFindings")]
#[case(CallError::AccessDenied(Some(UpdateField::StatusId)), 403, "AccessDeniedException", "securityhub:OCSFSyntaxPath/StatusId")]
#[case(CallError::Validation, 400, "ValidationException", "not valid")]
#[case(CallError::Conflict, 409, "ConflictException", "conflicts")]
#[case(CallError::ExpiredToken, 403, "ExpiredTokenException", "expired")]
#[case(CallError::UnrecognizedClient, 403, "UnrecognizedClientException", "invalid")]
#[case(CallError::SignatureNotYetCurrent, 403, "InvalidSignatureException", "Signature not yet current")]
#[case(CallError::SignatureExpired, 403, "InvalidSignatureException", "Signature expired")]
#[case(CallError::RequestExpired, 403, "RequestExpired", "expired")]
#[case(CallError::ExpiredPageToken, 400, "ValidationException", "NextToken")]
#[tokio::test]
async fn a_failed_call_answers_its_error_and_applies_nothing(
    #[case] error: CallError,
    #[case] status: u16,
    #[case] code: &str,
    #[case] message: &str,
) {
    let emulator = with(vec![CallFault::nth(Operation::BatchUpdateFindingsV2, 1, fail(error))]).await;
    let answer = update(&emulator, &suppress(&["uid-0"])).await;
    assert_eq!((answer.status, answer.code().as_str()), (status, code));
    assert!(answer.message().contains(message), "{}", answer.message());
    assert!(answer.header("x-amzn-requestid").is_some());
    assert_eq!(emulator.finding("uid-0"), Some(document(0)));
    assert_eq!(update(&emulator, &suppress(&["uid-0"])).await.status, 200, "the next call is no matter");
}

#[tokio::test]
async fn an_unavailable_service_answers_without_json() {
    let emulator = with(vec![CallFault::every(Operation::GetFindingsV2, fail(CallError::Unavailable))]).await;
    let answer = get_findings(&emulator, &json!({})).await;
    assert_eq!((answer.status, answer.header("content-type")), (503, Some("text/html")));
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
}

#[tokio::test]
async fn a_fault_may_bring_its_own_message() {
    let trouble = Trouble::Fail { error: CallError::Conflict, message: Some("try later".to_owned()) };
    let emulator = with(vec![CallFault::every(Operation::GetFindingsV2, trouble)]).await;
    assert_eq!(get_findings(&emulator, &json!({})).await.message(), "try later");
}

#[tokio::test]
async fn faults_meet_the_calls_they_name() {
    let range = CallFault {
        operation: Some(Operation::GetFindingsV2),
        calls: Calls::Range { first: 2, last: 3 },
        trouble: fail(CallError::Throttling),
    };
    let any = CallFault { operation: None, calls: Calls::Range { first: 6, last: 6 }, trouble: fail(CallError::Internal) };
    let emulator = with(vec![range, any]).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(get_findings(&emulator, &json!({})).await.status);
    }
    // Updates are not counted by the first fault, but by the second.
    statuses.push(update(&emulator, &suppress(&["uid-0"])).await.status);
    statuses.push(update(&emulator, &suppress(&["uid-0"])).await.status);
    assert_eq!(statuses, [200, 429, 429, 200, 200, 500]);
}

#[tokio::test]
async fn a_cut_before_applying_changes_nothing() {
    let emulator = with(vec![CallFault::nth(Operation::BatchUpdateFindingsV2, 1, Trouble::CutBefore)]).await;
    let ending = call(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
    assert!(matches!(ending, Ending::Cut), "{ending:?}");
    assert!(!is_suppressed(&emulator, "uid-0"));
    assert_eq!(emulator.calls()[0].answered, Answered::Cut);
}

#[tokio::test]
async fn a_cut_after_applying_changes_everything() {
    let emulator = with(vec![CallFault::nth(Operation::BatchUpdateFindingsV2, 1, Trouble::CutAfter)]).await;
    let ending = call(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
    assert!(matches!(ending, Ending::Cut), "{ending:?}");
    assert!(is_suppressed(&emulator, "uid-0"));
}

#[tokio::test]
async fn a_cut_body_breaks_off_in_its_middle() {
    let emulator = with(vec![CallFault::nth(Operation::BatchUpdateFindingsV2, 1, Trouble::CutBody)]).await;
    let ending = call(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
    let Ending::CutBody(answer) = ending else { panic!("{ending:?}") };
    assert_eq!(answer.status, 200);
    assert!(!answer.body.is_empty() && serde_json::from_slice::<Value>(&answer.body).is_err());
    assert!(is_suppressed(&emulator, "uid-0"));
}

#[tokio::test]
async fn a_malformed_body_is_whole_but_not_json() {
    let emulator = with(vec![CallFault::nth(Operation::GetFindingsV2, 1, Trouble::MalformedBody)]).await;
    let answer = get_findings(&emulator, &json!({})).await;
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_eq!(get_findings(&emulator, &json!({})).await.json()["Findings"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_lone_surrogate_spoils_one_finding_only() {
    let emulator = with(vec![CallFault::every(Operation::GetFindingsV2, Trouble::LoneSurrogate)]).await;
    let text = get_findings(&emulator, &json!({})).await.text();
    assert!(serde_json::from_str::<Value>(&text).is_err(), "no strict reader accepts it");
    let mended = text.replace(r"\ud800", "?");
    let page: Value = serde_json::from_str(&mended).unwrap();
    assert_eq!(page["Findings"].as_array().unwrap().len(), 3);
    assert_eq!(page["Findings"][1], document(1), "the others are untouched");
}

#[tokio::test]
async fn missing_rows_are_in_neither_list_though_applied() {
    let rows = |rows| vec![CallFault::every(Operation::BatchUpdateFindingsV2, Trouble::MissingRows(rows))];
    let emulator = with(rows(MissingRows::First(2))).await;
    let answer = update(&emulator, &suppress(&["uid-0", "uid-1", "uid-2"])).await.json();
    assert_eq!(answer, json!({ "ProcessedFindings": [{ "MetadataUid": "uid-2" }], "UnprocessedFindings": [] }));
    assert!(is_suppressed(&emulator, "uid-0"));

    let emulator = with(rows(MissingRows::Uids(vec!["uid-1".to_owned(), "absent".to_owned()]))).await;
    let answer = update(&emulator, &suppress(&["absent", "uid-0", "uid-1"])).await.json();
    assert_eq!(answer, json!({ "ProcessedFindings": [{ "MetadataUid": "uid-0" }], "UnprocessedFindings": [] }));
}

#[tokio::test]
async fn repeated_rows_come_twice_in_their_page() {
    let emulator = with(vec![CallFault::nth(Operation::GetFindingsV2, 1, Trouble::RepeatedRows)]).await;
    let page = get_findings(&emulator, &json!({ "MaxResults": 2 })).await.json();
    let uids: Vec<&str> = page["Findings"].as_array().unwrap().iter().map(|finding| finding["metadata"]["uid"].as_str().unwrap()).collect();
    assert_eq!(uids, ["uid-0", "uid-1", "uid-0", "uid-1"]);
    assert!(page["NextToken"].is_string());
}

#[tokio::test]
async fn a_slow_call_is_answered_in_the_end() {
    let trouble = Trouble::Slow(Duration::from_millis(1));
    let emulator = with(vec![CallFault::every(Operation::GetFindingsV2, trouble)]).await;
    assert_eq!(get_findings(&emulator, &json!({})).await.status, 200);
}

#[tokio::test]
async fn a_very_slow_call_holds_up_no_other() {
    let trouble = Trouble::Slow(Duration::from_hours(1));
    let emulator = with(vec![CallFault::every(Operation::GetFindingsV2, trouble)]).await;
    let slow = begin(&emulator, "POST", "/findingsv2", &json!({})).await;
    eventually("the slow call", || emulator.calls().len() == 1).await;
    assert_eq!(update(&emulator, &suppress(&["uid-0"])).await.status, 200);
    assert_eq!(emulator.calls()[0].answered, Answered::Pending);
    drop(slow);
}

#[tokio::test]
async fn latency_keeps_every_call_waiting() {
    let emulator = Emulator::start(Settings { latency: Duration::from_hours(1), ..settings(1) }).await.unwrap();
    let waiting = begin(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
    eventually("the call", || emulator.calls().len() == 1).await;
    assert_eq!(emulator.calls()[0].answered, Answered::Pending);
    assert!(!is_suppressed(&emulator, "uid-0"));
    drop(waiting);
}

async fn begin(emulator: &Emulator, method: &str, path: &str, body: &Value) -> TcpStream {
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    send(&mut stream, method, path, &[], &body.to_string()).await;
    stream
}

fn hold(moment: HoldMoment) -> Vec<CallFault> {
    vec![CallFault::nth(Operation::BatchUpdateFindingsV2, 1, Trouble::Hold { name: "gate".to_owned(), moment })]
}

#[tokio::test]
async fn a_held_call_waits_for_its_release_and_others_do_not() {
    for (moment, applied) in [(HoldMoment::Before, false), (HoldMoment::After, true)] {
        let emulator = with(hold(moment)).await;
        let mut held = begin(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
        eventually("a held call", || emulator.held() == [("gate".to_owned(), 1)]).await;
        assert_eq!(is_suppressed(&emulator, "uid-0"), applied, "{moment:?}");
        assert_eq!(emulator.calls()[0].answered, Answered::Pending);
        assert_eq!(get_findings(&emulator, &json!({})).await.status, 200);
        emulator.release("gate");
        assert_eq!(receive(&mut held).await.answer().status, 200);
        assert!(is_suppressed(&emulator, "uid-0"));
        assert!(emulator.held().is_empty());
    }
}

#[tokio::test]
async fn a_gate_released_early_lets_its_call_pass() {
    let emulator = with(hold(HoldMoment::Before)).await;
    emulator.release("gate");
    assert_eq!(update(&emulator, &suppress(&["uid-0"])).await.status, 200);
}

#[tokio::test]
async fn clearing_the_faults_lets_held_calls_go() {
    let emulator = with(hold(HoldMoment::Before)).await;
    let mut held = begin(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
    eventually("a held call", || !emulator.held().is_empty()).await;
    emulator.clear_faults();
    assert_eq!(receive(&mut held).await.answer().status, 200);
}

#[tokio::test]
async fn stopping_lets_held_calls_end() {
    let emulator = with(hold(HoldMoment::Before)).await;
    let mut held = begin(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
    eventually("a held call", || !emulator.held().is_empty()).await;
    let (ending, ()) = tokio::join!(receive(&mut held), emulator.stop());
    assert_eq!(ending.answer().status, 200);
}

#[tokio::test]
async fn a_caller_that_hangs_up_abandons_its_held_call() {
    let emulator = with(hold(HoldMoment::Before)).await;
    let held = begin(&emulator, "PATCH", "/findingsv2/batchupdatev2", &suppress(&["uid-0"])).await;
    eventually("a held call", || !emulator.held().is_empty()).await;
    drop(held);
    eventually("an abandoned call", || emulator.calls()[0].answered == Answered::Abandoned).await;
    assert!(emulator.held().is_empty());
    assert!(!is_suppressed(&emulator, "uid-0"), "nobody waits for it any more");
}

async fn with_rows(findings: Vec<FindingFault>) -> Emulator {
    let faults = FaultPlan { findings, ..FaultPlan::default() };
    Emulator::start(Settings { faults, ..settings(5) }).await.unwrap()
}

fn row(finding: Selector, code: RowCode, times: Times) -> FindingFault {
    FindingFault { finding, code, message: format!("because of {}", code.name()), times }
}

#[tokio::test]
async fn each_row_code_is_given_with_its_message() {
    let faults = (0..).zip(RowCode::ALL).map(|(number, code)| row(Selector::Uid(format!("uid-{number}")), code, Times::Always)).collect();
    let emulator = with_rows(faults).await;
    let answer = update(&emulator, &suppress(&["uid-0", "uid-1", "uid-2", "uid-3", "uid-4"])).await.json();
    assert_eq!(answer["ProcessedFindings"], json!([{ "MetadataUid": "uid-4" }]));
    let rows = answer["UnprocessedFindings"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    for (number, code) in (0..).zip(RowCode::ALL) {
        let uid = format!("uid-{number}");
        let expected = json!({ "MetadataUid": uid, "ErrorCode": code.name(), "ErrorMessage": format!("because of {}", code.name()) });
        assert_eq!(rows[number], expected);
        assert!(!is_suppressed(&emulator, &uid));
    }
}

#[tokio::test]
async fn a_row_fails_as_often_as_it_should() {
    let emulator = with_rows(vec![row(Selector::Uid("uid-1".to_owned()), RowCode::ConflictException, Times::First(2))]).await;
    let mut processed = Vec::new();
    for _ in 0..4 {
        let answer = update(&emulator, &suppress(&["uid-0", "uid-1"])).await.json();
        processed.push(answer["ProcessedFindings"].as_array().unwrap().len());
    }
    assert_eq!(processed, [1, 1, 2, 2]);
}

#[tokio::test]
async fn findings_are_named_by_uid_identifier_or_line_however_they_are_addressed() {
    let identifier = FindingIdentifier {
        cloud_account_uid: "555566667777".to_owned(),
        finding_info_uid: "finding-1".to_owned(),
        metadata_product_uid: "arn:product".to_owned(),
    };
    let by_identifier = json!({ "FindingIdentifiers": [
        { "CloudAccountUid": "555566667777", "FindingInfoUid": "finding-1", "MetadataProductUid": "arn:product" },
        { "CloudAccountUid": "222233334444", "FindingInfoUid": "finding-2", "MetadataProductUid": "arn:product" },
    ], "StatusId": 3 });
    for selector in [Selector::Uid("uid-1".to_owned()), Selector::Identifier(identifier), Selector::Line(2)] {
        let emulator = with_rows(vec![row(selector.clone(), RowCode::ValidationException, Times::Always)]).await;
        for request in [suppress(&["uid-1", "uid-2"]), by_identifier.clone()] {
            let answer = update(&emulator, &request).await.json();
            assert_eq!(answer["UnprocessedFindings"].as_array().unwrap().len(), 1, "{selector:?}");
            assert_eq!(answer["UnprocessedFindings"][0]["ErrorCode"], "ValidationException");
        }
        assert!(!is_suppressed(&emulator, "uid-1") && is_suppressed(&emulator, "uid-2"));
    }
}

#[tokio::test]
async fn a_poisonous_finding_fails_every_call_it_is_part_of() {
    let poison = Poison { finding: Selector::Uid("uid-1".to_owned()), message: "The request is not valid".to_owned() };
    let emulator = with(Vec::new()).await;
    emulator.set_faults(FaultPlan { poison: vec![poison], ..FaultPlan::default() });
    let answer = update(&emulator, &suppress(&["uid-0", "uid-1", "uid-2"])).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "ValidationException"));
    assert!(!is_suppressed(&emulator, "uid-0"), "nothing was applied");
    assert_eq!(update(&emulator, &suppress(&["uid-0", "uid-2"])).await.status, 200);
    emulator.clear_faults();
    assert_eq!(update(&emulator, &suppress(&["uid-1"])).await.status, 200);
}

#[tokio::test]
async fn a_new_script_starts_from_its_beginning() {
    let first =
        || FaultPlan { calls: vec![CallFault::nth(Operation::GetFindingsV2, 1, fail(CallError::Internal))], ..FaultPlan::default() };
    let emulator = emulator(1).await;
    for _ in 0..2 {
        emulator.set_faults(first());
        assert_eq!(get_findings(&emulator, &json!({})).await.status, 500);
        assert_eq!(get_findings(&emulator, &json!({})).await.status, 200);
    }
}
