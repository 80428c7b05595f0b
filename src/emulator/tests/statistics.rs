//! `GetFindingStatisticsV2`: counts by value.

use serde_json::json;

use super::client::{statistics, update};
use super::{documents, emulator};
use crate::emulator::{Emulator, Settings};

#[tokio::test]
async fn values_are_counted_the_most_frequent_first() {
    let emulator = emulator(5).await;
    update(&emulator, &json!({ "MetadataUids": ["uid-0", "uid-1", "uid-3"], "StatusId": 3 })).await;
    let rules = json!({ "GroupByRules": [{ "GroupByField": "status" }, { "GroupByField": "cloud.account.uid" }] });
    assert_eq!(
        statistics(&emulator, &rules).await.json(),
        json!({ "GroupByResults": [
            { "GroupByField": "status", "GroupByValues": [{ "FieldValue": "Suppressed", "Count": 3 }, { "FieldValue": "New", "Count": 2 }] },
            { "GroupByField": "cloud.account.uid", "GroupByValues": [
                { "FieldValue": "222233334444", "Count": 3 },
                { "FieldValue": "555566667777", "Count": 2 },
            ] },
        ] })
    );
}

#[tokio::test]
async fn order_number_and_filters_are_the_rule_s() {
    let emulator = emulator(5).await;
    update(&emulator, &json!({ "MetadataUids": ["uid-0", "uid-1", "uid-3"], "StatusId": 3 })).await;
    let filters = json!({ "CompositeFilters": [{ "StringFilters": [
        { "FieldName": "metadata.uid", "Filter": { "Value": "uid-4", "Comparison": "NOT_EQUALS" } }] }] });
    let request = json!({
        "GroupByRules": [{ "GroupByField": "status", "Filters": filters }],
        "SortOrder": "asc",
        "MaxStatisticResults": 1,
    });
    let answer = statistics(&emulator, &request).await.json();
    assert_eq!(answer["GroupByResults"][0]["GroupByValues"], json!([{ "FieldValue": "New", "Count": 1 }]));
}

#[tokio::test]
async fn a_finding_counts_once_for_each_of_its_values_and_nowhere_without_one() {
    let mut documents = documents(3);
    documents[0]["resources"] = json!([{ "type": "A" }, { "type": "B" }, { "type": "A" }]);
    documents[1]["resources"] = json!([{ "type": "A" }]);
    let emulator = Emulator::start(Settings { findings: documents.into(), ..Settings::default() }).await.unwrap();
    let answer = statistics(&emulator, &json!({ "GroupByRules": [{ "GroupByField": "resources.type" }] })).await.json();
    let expected = json!([{ "FieldValue": "A", "Count": 2 }, { "FieldValue": "B", "Count": 1 }]);
    assert_eq!(answer["GroupByResults"][0]["GroupByValues"], expected);
}
