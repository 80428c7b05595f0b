//! The hub that is on or off, its home Region, and who is calling.

use serde_json::{Value, json};

use super::client::{call, exchange, get_findings, statistics, update};
use super::{emulator, settings};
use crate::emulator::{Emulator, Enablement, Settings};

#[tokio::test]
async fn a_hub_that_is_on_describes_itself() {
    let emulator = emulator(0).await;
    let answer = call(&emulator, "GET", "/hubv2", &Value::Null).await.answer();
    assert_eq!(answer.status, 200);
    assert!(answer.json()["HubV2Arn"].as_str().unwrap().starts_with("arn:aws:securityhub:eu-west-1:222233334444:hubv2/"));
    assert!(answer.json()["SubscribedAt"].is_string());
}

#[tokio::test]
async fn a_hub_that_is_off_says_so() {
    let emulator = Emulator::start(Settings { enablement: Enablement::Off, ..settings(1) }).await.unwrap();
    let described = call(&emulator, "GET", "/hubv2", &Value::Null).await.answer();
    assert_eq!((described.status, described.code().as_str()), (404, "ResourceNotFoundException"));
    assert_eq!(described.message(), "You are not subscribed to HubV2");
    let others = [
        get_findings(&emulator, &json!({})).await,
        update(&emulator, &json!({ "MetadataUids": ["uid-0"], "StatusId": 1 })).await,
        statistics(&emulator, &json!({ "GroupByRules": [{ "GroupByField": "status" }] })).await,
        call(&emulator, "GET", "/aggregatorv2/list", &Value::Null).await.answer(),
    ];
    for answer in others {
        assert_eq!((answer.status, answer.code().as_str()), (409, "ConflictException"));
        assert_eq!(answer.message(), "Security Hub V2 is not enabled for 222233334444");
    }
}

#[tokio::test]
async fn the_aggregator_names_the_home_region() {
    let aggregators = async |home: Option<&str>, enablement| {
        let settings = Settings { home_region: home.map(str::to_owned), enablement, ..Settings::default() };
        let emulator = Emulator::start(settings).await.unwrap();
        let list = call(&emulator, "GET", "/aggregatorv2/list?MaxResults=10", &Value::Null).await.answer().json()["AggregatorsV2"].clone();
        let Some(arn) = list[0]["AggregatorV2Arn"].as_str() else { return (list, None) };
        let path = format!("/aggregatorv2/get/{}", arn.replace(':', "%3A"));
        (list.clone(), Some(call(&emulator, "GET", &path, &Value::Null).await.answer()))
    };
    assert_eq!(aggregators(None, Enablement::On).await.0, json!([]));

    let (list, got) = aggregators(Some("eu-west-1"), Enablement::On).await;
    assert!(list[0]["AggregatorV2Arn"].as_str().unwrap().starts_with("arn:aws:securityhub:eu-west-1:222233334444:aggregatorv2/"));
    assert_eq!(got.unwrap().json()["AggregationRegion"], "eu-west-1");

    let (list, got) = aggregators(Some("us-east-1"), Enablement::Off).await;
    assert!(list[0]["AggregatorV2Arn"].as_str().unwrap().starts_with("arn:aws:securityhub:us-east-1:"));
    assert_eq!(got.unwrap().code(), "ConflictException", "only the home Region describes the aggregator");
}

#[tokio::test]
async fn who_is_calling_is_answered_as_sts_does() {
    let emulator = Emulator::start(Settings { account: "1<&>2".to_owned(), ..Settings::default() }).await.unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = exchange(emulator.address(), "POST", "/", &form, "Action=GetCallerIdentity&Version=2011-06-15").await.answer();
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/xml")));
    assert!(answer.text().contains("<Account>1&lt;&amp;&gt;2</Account>"), "{}", answer.text());
    assert!(answer.text().contains(answer.header("x-amzn-requestid").unwrap()));
}
