//! The faults file: everything it can say, and what it says about mistakes.

use std::time::Duration;

use rstest::rstest;

use crate::emulator::{
    CallError, CallFault, Calls, Denial, FaultPlan, FindingFault, FindingIdentifier, HoldMoment, MissingRows, Operation, Poison, RowCode,
    Selector, Times, Trouble, UpdateField,
};

#[test]
fn every_kind_of_entry_is_read() {
    let plan = FaultPlan::parse(
        r#"
        [[call]]
        operation = "GetFindingsV2"
        calls = 2
        fault = "hold"
        name = "page two"

        [[call]]
        operation = "BatchUpdateFindingsV2"
        calls = "3..=5"
        fault = "access_denied"
        field = "StatusId"

        [[call]]
        calls = "every"
        fault = "slow"
        delay_ms = 250

        [[call]]
        operation = "*"
        fault = "missing_rows"
        rows = ["a", "b"]

        [[finding]]
        uid = "uid-1"
        code = "ConflictException"
        message = "in use"
        times = 2

        [[finding]]
        line = 7
        code = "InternalServerException"

        [[finding]]
        identifier = { CloudAccountUid = "1", FindingInfoUid = "2", MetadataProductUid = "3" }
        code = "ValidationException"
        times = "always"

        [[deny]]
        field = "StatusId"
        values = [3, "5"]
        caller = "AKIA"

        [[poison]]
        uid = "uid-9"
        "#,
    )
    .unwrap();
    assert_eq!(
        plan.calls,
        [
            CallFault::nth(Operation::GetFindingsV2, 2, Trouble::Hold { name: "page two".to_owned(), moment: HoldMoment::Before }),
            CallFault {
                operation: Some(Operation::BatchUpdateFindingsV2),
                calls: Calls::Range { first: 3, last: 5 },
                trouble: Trouble::Fail { error: CallError::AccessDenied(Some(UpdateField::StatusId)), message: None },
            },
            CallFault { operation: None, calls: Calls::Every, trouble: Trouble::Slow(Duration::from_millis(250)) },
            CallFault {
                operation: None,
                calls: Calls::Every,
                trouble: Trouble::MissingRows(MissingRows::Uids(vec!["a".to_owned(), "b".to_owned()])),
            },
        ]
    );
    let identifier =
        FindingIdentifier { cloud_account_uid: "1".to_owned(), finding_info_uid: "2".to_owned(), metadata_product_uid: "3".to_owned() };
    let fault = |finding, code: RowCode, message: &str, times| FindingFault { finding, code, message: message.to_owned(), times };
    assert_eq!(
        plan.findings,
        [
            fault(Selector::Uid("uid-1".to_owned()), RowCode::ConflictException, "in use", Times::First(2)),
            fault(Selector::Line(7), RowCode::InternalServerException, RowCode::InternalServerException.usual_message(), Times::Always),
            fault(
                Selector::Identifier(identifier),
                RowCode::ValidationException,
                RowCode::ValidationException.usual_message(),
                Times::Always
            ),
        ]
    );
    let values = vec!["3".to_owned(), "5".to_owned()];
    assert_eq!(plan.denials, [Denial { field: UpdateField::StatusId, values, caller: Some("AKIA".to_owned()) }]);
    assert_eq!(plan.poison, [Poison { finding: Selector::Uid("uid-9".to_owned()), message: "The request is not valid".to_owned() }]);
}

#[rstest]
#[case("throttling", Trouble::Fail { error: CallError::Throttling, message: None })]
#[case("internal", Trouble::Fail { error: CallError::Internal, message: None })]
#[case("unavailable", Trouble::Fail { error: CallError::Unavailable, message: None })]
#[case("access_denied", Trouble::Fail { error: CallError::AccessDenied(None), message: None })]
#[case("validation", Trouble::Fail { error: CallError::Validation, message: None })]
#[case("conflict", Trouble::Fail { error: CallError::Conflict, message: None })]
#[case("expired_token", Trouble::Fail { error: CallError::ExpiredToken, message: None })]
#[case("unrecognized_client", Trouble::Fail { error: CallError::UnrecognizedClient, message: None })]
#[case("signature_not_yet_current", Trouble::Fail { error: CallError::SignatureNotYetCurrent, message: None })]
#[case("signature_expired", Trouble::Fail { error: CallError::SignatureExpired, message: None })]
#[case("request_expired", Trouble::Fail { error: CallError::RequestExpired, message: None })]
#[case("expired_page_token", Trouble::Fail { error: CallError::ExpiredPageToken, message: None })]
#[case("cut_before", Trouble::CutBefore)]
#[case("cut_after", Trouble::CutAfter)]
#[case("cut_body", Trouble::CutBody)]
#[case("malformed_body", Trouble::MalformedBody)]
#[case("lone_surrogate", Trouble::LoneSurrogate)]
#[case("repeated_rows", Trouble::RepeatedRows)]
fn faults_that_need_nothing_more_are_read_by_name(#[case] name: &str, #[case] trouble: Trouble) {
    let plan = FaultPlan::parse(&format!("[[call]]\nfault = \"{name}\"")).unwrap();
    assert_eq!(plan.calls, [CallFault { operation: None, calls: Calls::Every, trouble }]);
}

#[test]
fn an_empty_file_is_an_empty_script() {
    assert_eq!(FaultPlan::parse("# nothing yet\n").unwrap(), FaultPlan::default());
}

#[rstest]
#[case("[[cal]]\nfault = \"internal\"", "line 1", "cal")]
#[case("[[call]]\nfault = \"internal\"\ncount = 2", "line 3", "count")]
#[case("[[call]]\ncalls = 1", "line 1", "fault")]
#[case("\n\n[[call]]\nfault = \"intenal\"", "line 3", "intenal")]
#[case("[[call]]\nfault = \"internal\"\noperation = \"GetFindings\"", "line 1", "known are *")]
#[case("[[call]]\nfault = \"internal\"\ncalls = 0", "line 1", "counted from 1")]
#[case("[[call]]\nfault = \"internal\"\ncalls = \"5..=2\"", "line 1", "5 to 2")]
#[case("[[call]]\nfault = \"internal\"\ncalls = \"2-4\"", "line 1", "2..=4")]
#[case("[[call]]\nfault = \"internal\"\ncalls = true", "line 3", "every")]
#[case("[[call]]\nfault = \"slow\"", "line 1", "delay_ms")]
#[case("[[call]]\nfault = \"hold\"", "line 1", "name")]
#[case("[[call]]\nfault = \"missing_rows\"", "line 1", "rows")]
#[case("[[call]]\nfault = \"cut_after\"\nmessage = \"x\"", "line 1", "message says nothing")]
#[case("[[call]]\nfault = \"internal\"\nfield = \"StatusId\"", "line 1", "field says nothing")]
#[case("[[call]]\nfault = \"access_denied\"\nfield = \"status\"", "line 3", "StatusId")]
#[case("[[finding]]\ncode = \"ConflictException\"", "line 1", "exactly one of uid, identifier, line")]
#[case("[[finding]]\nuid = \"a\"\nline = 2\ncode = \"ConflictException\"", "line 1", "exactly one of")]
#[case("[[finding]]\nuid = \"a\"\ncode = \"NotFound\"", "line 3", "ResourceNotFoundException")]
#[case("[[finding]]\nuid = \"a\"\ncode = \"ConflictException\"\ntimes = \"twice\"", "line 1", "always")]
#[case("[[deny]]\nfield = \"Status\"", "line 2", "StatusId")]
#[case("[[poison]]\nmessage = \"x\"", "line 1", "exactly one of")]
#[case("[[poison]]\nuid = \"x\"\ncode = \"ConflictException\"", "line 3", "code")]
#[case("[[call]\n", "line 1", "")]
fn mistakes_are_named_with_their_line(#[case] text: &str, #[case] line: &str, #[case] reason: &str) {
    let message = FaultPlan::parse(text).unwrap_err();
    assert!(message.contains(line) && message.contains(reason), "{message}");
}

#[test]
fn a_missing_or_bad_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faults.toml");
    assert!(FaultPlan::load(&path).unwrap_err().to_string().contains("faults.toml"));
    std::fs::write(&path, "[[call]]\nfault = \"nothing\"\n").unwrap();
    let message = FaultPlan::load(&path).unwrap_err().to_string();
    assert!(message.contains("faults.toml") && message.contains("line 1"), "{message}");
}
