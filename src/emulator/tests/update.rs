//! `BatchUpdateFindingsV2`: what changes, what does not, and what each row is told.

use serde_json::{Value, json};

use super::client::{get_findings, update};
use super::{document, documents, emulator};
use crate::emulator::{Emulator, Findings, Settings, ValueSet};

#[tokio::test]
async fn only_the_given_fields_change_and_captions_follow() {
    let emulator = emulator(2).await;
    let answer = update(&emulator, &json!({ "MetadataUids": ["uid-1"], "StatusId": 3, "SeverityId": 2 })).await;
    assert_eq!(answer.json(), json!({ "ProcessedFindings": [{ "MetadataUid": "uid-1" }], "UnprocessedFindings": [] }));
    let mut expected = document(1);
    expected["status_id"] = json!(3);
    expected["status"] = json!("Suppressed");
    expected["severity_id"] = json!(2);
    expected["severity"] = json!("Low");
    // Times and vendor_attributes are as they were.
    assert_eq!(emulator.finding("uid-1"), Some(expected));
    assert_eq!(emulator.finding("uid-0"), Some(document(0)));
}

#[tokio::test]
async fn a_comment_is_set_then_replaced_and_found_by_filters() {
    let emulator = emulator(3).await;
    let text = "line \"one\"\nüñí 🦀";
    for comment in ["first", text] {
        update(&emulator, &json!({ "MetadataUids": ["uid-2"], "Comment": comment })).await;
    }
    let mut expected = document(2);
    expected["comment"] = json!(text);
    assert_eq!(emulator.finding("uid-2"), Some(expected.clone()));
    let found = get_findings(
        &emulator,
        &json!({ "Filters": { "CompositeFilters": [{ "StringFilters": [
        { "FieldName": "comment", "Filter": { "Value": "🦀", "Comparison": "CONTAINS" } }] }] } }),
    )
    .await
    .json();
    assert_eq!(found["Findings"], json!([expected]));
}

#[tokio::test]
async fn later_updates_keep_what_earlier_ones_set() {
    let emulator = emulator(1).await;
    for change in [json!({ "StatusId": 2 }), json!({ "Comment": "seen" }), json!({ "SeverityId": 5 })] {
        let mut request = change;
        request["MetadataUids"] = json!(["uid-0"]);
        assert_eq!(update(&emulator, &request).await.status, 200);
    }
    let finding = emulator.finding("uid-0").unwrap();
    assert_eq!(
        (&finding["status"], &finding["severity"], &finding["comment"]),
        (&json!("In Progress"), &json!("Critical"), &json!("seen"))
    );
}

#[tokio::test]
async fn unknown_rows_are_told_so_and_others_are_processed() {
    let emulator = emulator(2).await;
    let answer = update(&emulator, &json!({ "MetadataUids": ["absent", "uid-0"], "StatusId": 4 })).await;
    assert_eq!(answer.status, 200, "a partial failure is a success of the call");
    assert_eq!(
        answer.json(),
        json!({
            "ProcessedFindings": [{ "MetadataUid": "uid-0" }],
            "UnprocessedFindings": [
                { "MetadataUid": "absent", "ErrorCode": "ResourceNotFoundException", "ErrorMessage": "The finding was not found" }
            ],
        })
    );
    assert_eq!(emulator.finding("uid-0").unwrap()["status"], "Resolved");
}

#[tokio::test]
async fn findings_without_a_uid_are_updated_by_their_identifier() {
    let mut documents = documents(2);
    documents[1]["metadata"].as_object_mut().unwrap().remove("uid");
    let emulator = Emulator::start(Settings { findings: documents.into(), ..Settings::default() }).await.unwrap();
    let identifier = json!({ "CloudAccountUid": "555566667777", "FindingInfoUid": "finding-1", "MetadataProductUid": "arn:product" });
    let mut wrong_account = identifier.clone();
    wrong_account["CloudAccountUid"] = json!("222233334444");
    let answer = update(&emulator, &json!({ "FindingIdentifiers": [identifier, wrong_account], "StatusId": 5 })).await.json();
    assert_eq!(answer["ProcessedFindings"], json!([{ "FindingIdentifier": identifier }]));
    assert_eq!(answer["UnprocessedFindings"][0]["FindingIdentifier"], wrong_account);
    assert_eq!(answer["UnprocessedFindings"][0]["ErrorCode"], "ResourceNotFoundException");
    assert_eq!(emulator.findings()[1]["status"], "Archived");
    assert_eq!(emulator.findings()[0]["status"], "New");
}

#[tokio::test]
async fn findings_with_a_uid_can_be_updated_by_their_identifier_too() {
    let emulator = emulator(1).await;
    let identifier = json!({ "CloudAccountUid": "222233334444", "FindingInfoUid": "finding-0", "MetadataProductUid": "arn:product" });
    update(&emulator, &json!({ "FindingIdentifiers": [identifier], "Comment": "by identifier" })).await;
    assert_eq!(emulator.finding("uid-0").unwrap()["comment"], "by identifier");
}

#[tokio::test]
async fn synthesised_findings_are_updated_each_for_itself() {
    let findings = Findings::synthesise(5, 1, &Findings::from(documents(1)));
    let emulator = Emulator::start(Settings { findings, ..Settings::default() }).await.unwrap();
    let uid = emulator.findings()[3]["metadata"]["uid"].clone();
    update(&emulator, &json!({ "MetadataUids": [uid], "StatusId": 3, "Comment": "one of five" })).await;
    let changed: Vec<Value> = emulator.findings().into_iter().filter(|finding| finding["status_id"] == 3).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["metadata"]["uid"], uid);
    assert_eq!(changed[0]["comment"], "one of five");
}

#[tokio::test]
async fn value_sets_differ_where_the_releases_do() {
    for (values, severity_six, status_six) in [(ValueSet::Older, 400, 200), (ValueSet::Newer, 200, 400)] {
        let emulator = Emulator::start(Settings { values, ..super::settings(1) }).await.unwrap();
        let set = async |field: &str, id: i64| update(&emulator, &json!({ "MetadataUids": ["uid-0"], field: id })).await.status;
        assert_eq!(set("SeverityId", 6).await, severity_six, "{values:?}");
        assert_eq!(set("StatusId", 6).await, status_six, "{values:?}");
        for id in [0, 1, 2, 3, 4, 5, 99] {
            assert_eq!(set("SeverityId", id).await, 200);
            assert_eq!(set("StatusId", id).await, 200);
        }
        for id in [-1, 7, 98, 100] {
            assert_eq!(set("SeverityId", id).await, 400);
            assert_eq!(set("StatusId", id).await, 400);
        }
    }
}
