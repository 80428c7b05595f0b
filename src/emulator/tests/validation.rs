//! Requests that the service refuses, each with the place and the reason.

use rstest::rstest;
use serde_json::{Value, json};

use super::client::{call, update};
use super::emulator;

fn uids(count: usize) -> Value {
    json!((0..count).map(|number| format!("uid-{number}")).collect::<Vec<_>>())
}

fn identifier() -> Value {
    json!({ "CloudAccountUid": "222233334444", "FindingInfoUid": "finding-0", "MetadataProductUid": "arn:product" })
}

fn without(member: &str) -> Value {
    let mut identifier = identifier();
    identifier.as_object_mut().unwrap().remove(member);
    identifier
}

#[rstest]
#[case(json!({ "StatusId": 1 }), "at least one finding")]
#[case(json!({ "MetadataUids": [], "StatusId": 1 }), "at least one finding")]
#[case(json!({ "FindingIdentifiers": [], "StatusId": 1 }), "at least one finding")]
#[case(json!({ "MetadataUids": ["uid-0"], "FindingIdentifiers": [identifier()], "StatusId": 1 }), "together")]
#[case(json!({ "MetadataUids": ["uid-0"], "FindingIdentifiers": [], "StatusId": 1 }), "together")]
#[case(json!({ "MetadataUids": uids(101), "StatusId": 1 }), "'MetadataUids'")]
#[case(json!({ "FindingIdentifiers": vec![identifier(); 101], "StatusId": 1 }), "'FindingIdentifiers'")]
#[case(json!({ "MetadataUids": "uid-0", "StatusId": 1 }), "must be a list")]
#[case(json!({ "MetadataUids": ["uid-0", 7], "StatusId": 1 }), "'MetadataUids[1]'")]
#[case(json!({ "MetadataUids": ["uid-0", " "], "StatusId": 1 }), "'MetadataUids[1]'")]
#[case(json!({ "FindingIdentifiers": [without("CloudAccountUid")], "StatusId": 1 }), "FindingIdentifiers[0].CloudAccountUid")]
#[case(json!({ "FindingIdentifiers": [identifier(), without("FindingInfoUid")], "StatusId": 1 }), "FindingIdentifiers[1].FindingInfoUid")]
#[case(json!({ "FindingIdentifiers": [without("MetadataProductUid")], "StatusId": 1 }), "FindingIdentifiers[0].MetadataProductUid")]
#[case(json!({ "FindingIdentifiers": [{ "MetadataUid": "x" }], "StatusId": 1 }), "FindingIdentifiers[0].MetadataUid")]
#[case(json!({ "MetadataUids": ["uid-0"] }), "One of Comment, SeverityId, StatusId")]
#[case(json!({ "MetadataUids": ["uid-0"], "StatusId": null }), "One of Comment, SeverityId, StatusId")]
#[case(json!({ "MetadataUids": ["uid-0"], "StatusId": "1" }), "'StatusId'")]
#[case(json!({ "MetadataUids": ["uid-0"], "StatusId": 1.5 }), "'StatusId'")]
#[case(json!({ "MetadataUids": ["uid-0"], "SeverityId": true }), "'SeverityId'")]
#[case(json!({ "MetadataUids": ["uid-0"], "Comment": "" }), "'Comment'")]
#[case(json!({ "MetadataUids": ["uid-0"], "Comment": " \t\n" }), "'Comment'")]
#[case(json!({ "MetadataUids": ["uid-0"], "Comment": "ü".repeat(513) }), "less than or equal to 512")]
#[case(json!({ "MetadataUids": ["uid-0"], "Comment": 5 }), "'Comment'")]
#[case(json!({ "MetadataUids": ["uid-0"], "Status": "New" }), "'Status'")]
#[case(json!({ "MetadataUids": ["uid-0"], "statusId": 1 }), "'statusId'")]
#[case(json!([]), "structure")]
#[tokio::test]
async fn bad_update_is_refused_and_nothing_changes(#[case] request: Value, #[case] reason: &str) {
    let emulator = emulator(1).await;
    let answer = update(&emulator, &request).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "ValidationException"));
    assert!(answer.message().contains(reason), "{}", answer.message());
    assert_eq!(emulator.finding("uid-0"), Some(super::document(0)));
}

#[tokio::test]
async fn the_largest_update_is_accepted() {
    let emulator = emulator(100).await;
    let answer = update(&emulator, &json!({ "MetadataUids": uids(100), "Comment": "ü".repeat(512), "StatusId": 0 })).await;
    assert_eq!(answer.json()["ProcessedFindings"].as_array().unwrap().len(), 100);
}

#[rstest]
#[case(json!({ "MaxResults": 0 }), "greater than or equal to 1")]
#[case(json!({ "MaxResults": 101 }), "less than or equal to 100")]
#[case(json!({ "MaxResults": "10" }), "integer")]
#[case(json!({ "maxResults": 10 }), "'maxResults'")]
#[case(json!({ "NextToken": 5 }), "'NextToken'")]
#[case(json!({ "NextToken": "" }), "NextToken")]
#[case(json!({ "NextToken": "0123456789abcdef0123456789abcdef" }), "NextToken")]
#[case(json!({ "SortCriteria": {} }), "'SortCriteria'")]
#[case(json!({ "SortCriteria": [{}] }), "SortCriteria[0].Field")]
#[case(json!({ "SortCriteria": [{ "Field": "cloud.region", "SortOrder": "asc" }] }), "SortCriteria[0].Field")]
#[case(json!({ "SortCriteria": [{ "Field": "severity_id", "SortOrder": "up" }] }), "[asc, desc]")]
#[case(json!({ "Filters": { "CompositeFilters": [{ "Operator": "NOT" }] } }), "CompositeFilters[0].Operator")]
#[case(json!({ "Scopes": { "AwsOrganizations": [{}] } }), "AwsOrganizations[0]")]
#[case(json!({ "Scopes": { "AwsOrganizations": [{ "OrganizationId": "o-1" }, { "OrganizationalUnitId": "ou-1" }] } }), "combined")]
#[case(json!({ "Scopes": { "AwsOrganizations": vec![json!({ "OrganizationId": "o-1" }); 11] } }), "less than or equal to 10")]
#[tokio::test]
async fn bad_query_is_refused_by_place_and_reason(#[case] request: Value, #[case] reason: &str) {
    let emulator = emulator(1).await;
    let answer = call(&emulator, "POST", "/findingsv2", &request).await.answer();
    assert_eq!((answer.status, answer.code().as_str()), (400, "ValidationException"));
    assert!(answer.message().contains(reason), "{}", answer.message());
}

#[tokio::test]
async fn absent_and_null_members_are_the_same() {
    let emulator = emulator(2).await;
    let request = json!({ "Filters": null, "Scopes": null, "SortCriteria": null, "NextToken": null, "MaxResults": null });
    for body in [request, json!({}), Value::Null] {
        let answer = call(&emulator, "POST", "/findingsv2", &body).await.answer();
        assert_eq!(answer.json()["Findings"].as_array().unwrap().len(), 2);
    }
}

#[rstest]
#[case(json!({}), "GroupByRules")]
#[case(json!({ "GroupByRules": [] }), "greater than or equal to 1")]
#[case(json!({ "GroupByRules": vec![json!({ "GroupByField": "status" }); 6] }), "less than or equal to 5")]
#[case(json!({ "GroupByRules": [{}] }), "GroupByRules[0].GroupByField")]
#[case(json!({ "GroupByRules": [{ "GroupByField": "comment" }] }), "enum value set")]
#[case(json!({ "GroupByRules": [{ "GroupByField": "status", "Filters": { "X": 1 } }] }), "GroupByRules[0].Filters.X")]
#[case(json!({ "GroupByRules": [{ "GroupByField": "status" }], "MaxStatisticResults": 401 }), "less than or equal to 400")]
#[case(json!({ "GroupByRules": [{ "GroupByField": "status" }], "SortOrder": "DESC" }), "[asc, desc]")]
#[tokio::test]
async fn bad_statistics_are_refused_by_place_and_reason(#[case] request: Value, #[case] reason: &str) {
    let emulator = emulator(1).await;
    let answer = call(&emulator, "POST", "/findingsv2/statistics", &request).await.answer();
    assert_eq!((answer.status, answer.code().as_str()), (400, "ValidationException"));
    assert!(answer.message().contains(reason), "{}", answer.message());
}
