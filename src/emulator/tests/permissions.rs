//! Who may do what: members, denied fields, and credentials that are no good.

use serde_json::{Value, json};

use super::client::{Answer, call, exchange, get_findings, update};
use super::{emulator, settings};
use crate::emulator::{CredentialState, Denial, Emulator, FaultPlan, Settings, Standing, UpdateField};

#[tokio::test]
async fn a_member_sees_and_updates_its_own_account_only() {
    let emulator = Emulator::start(Settings { standing: Standing::Member, ..settings(4) }).await.unwrap();
    let page = get_findings(&emulator, &json!({})).await.json();
    assert_eq!(page["Findings"].as_array().unwrap().len(), 2, "the even ones are of this account");
    let answer = update(&emulator, &json!({ "MetadataUids": ["uid-0", "uid-1"], "StatusId": 3 })).await.json();
    assert_eq!(answer["ProcessedFindings"], json!([{ "MetadataUid": "uid-0" }]));
    assert_eq!(answer["UnprocessedFindings"][0]["ErrorCode"], "ResourceNotFoundException");
    let scoped = get_findings(&emulator, &json!({ "Scopes": { "AwsOrganizations": [{ "OrganizationId": "o-1" }] } })).await;
    assert_eq!((scoped.status, scoped.code().as_str()), (403, "AccessDeniedException"));
}

#[tokio::test]
async fn a_delegated_administrator_may_use_scopes() {
    let emulator = emulator(4).await;
    let all = get_findings(&emulator, &json!({ "Scopes": { "AwsOrganizations": [{ "OrganizationId": "o-1" }] } })).await.json();
    assert_eq!(all["Findings"].as_array().unwrap().len(), 4);
    let unit = get_findings(&emulator, &json!({ "Scopes": { "AwsOrganizations": [{ "OrganizationalUnitId": "ou-1" }] } })).await;
    assert_eq!((unit.status, unit.code().as_str()), (400, "OrganizationalUnitNotFoundException"));
}

async fn with_denial(denial: Denial) -> Emulator {
    let faults = FaultPlan { denials: vec![denial], ..FaultPlan::default() };
    Emulator::start(Settings { faults, ..settings(2) }).await.unwrap()
}

fn denied(answer: &Answer, field: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (403, "AccessDeniedException"));
    let message = answer.message();
    for part in ["222233334444", "securityhub:BatchUpdateFindings", &format!("securityhub:OCSFSyntaxPath/{field}")] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_denied_field_denies_the_whole_call() {
    for field in UpdateField::ALL {
        let emulator = with_denial(Denial { field, values: Vec::new(), caller: None }).await;
        let all = json!({ "MetadataUids": ["uid-0"], "StatusId": 3, "SeverityId": 1, "Comment": "why" });
        denied(&update(&emulator, &all).await, field.name());
        assert_eq!(emulator.finding("uid-0"), Some(super::document(0)), "nothing was applied");
        let mut rest = all;
        rest.as_object_mut().unwrap().remove(field.name());
        assert_eq!(update(&emulator, &rest).await.status, 200, "without {} it is allowed", field.name());
    }
}

#[tokio::test]
async fn a_denied_value_leaves_other_values_allowed() {
    let emulator = with_denial(Denial { field: UpdateField::StatusId, values: vec!["3".to_owned(), "5".to_owned()], caller: None }).await;
    let set = async |id: i64| update(&emulator, &json!({ "MetadataUids": ["uid-0"], "StatusId": id })).await;
    denied(&set(3).await, "StatusId");
    denied(&set(5).await, "StatusId");
    assert_eq!(set(2).await.status, 200);
}

#[tokio::test]
async fn a_denied_caller_leaves_others_allowed() {
    let emulator = with_denial(Denial { field: UpdateField::Comment, values: Vec::new(), caller: Some("AKIAMEMBER".to_owned()) }).await;
    let comment = async |key: &str| {
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={key}/20261124/eu-west-1/securityhub/aws4_request, SignedHeaders=host, Signature=0");
        let body = json!({ "MetadataUids": ["uid-0"], "Comment": "hello" }).to_string();
        exchange(emulator.address(), "PATCH", "/findingsv2/batchupdatev2", &[("authorization", &authorization)], &body).await.answer()
    };
    denied(&comment("AKIAMEMBER").await, "Comment");
    assert_eq!(comment("AKIAADMIN").await.status, 200);
}

#[tokio::test]
async fn credentials_expire_and_come_back() {
    let emulator = emulator(1).await;
    let codes = async || {
        let mut codes = Vec::new();
        for (method, path, body) in [
            ("POST", "/findingsv2", json!({})),
            ("PATCH", "/findingsv2/batchupdatev2", json!({ "MetadataUids": ["uid-0"], "StatusId": 3 })),
            ("GET", "/hubv2", Value::Null),
        ] {
            let answer = call(&emulator, method, path, &body).await.answer();
            codes.push(if answer.status == 200 { String::new() } else { format!("{} {}", answer.status, answer.code()) });
        }
        codes
    };
    emulator.set_credentials(CredentialState::Expired);
    assert_eq!(codes().await, ["403 ExpiredTokenException"; 3]);
    assert_eq!(emulator.finding("uid-0"), Some(super::document(0)), "nothing was applied");
    emulator.set_credentials(CredentialState::Unrecognized);
    assert_eq!(codes().await, ["403 UnrecognizedClientException"; 3]);
    emulator.set_credentials(CredentialState::Valid);
    assert_eq!(codes().await, [""; 3]);
}
