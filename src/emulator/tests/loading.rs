//! Findings from files and from templates, documents as they are kept, and the command that serves them.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{document, documents};
use crate::domain::severity::SeverityId;
use crate::domain::status::StatusId;
use crate::emulator::command::{self, Options};
use crate::emulator::{Change, EmulatorError, Finding, Findings};

fn read(text: &str) -> Result<Findings, EmulatorError> {
    Findings::read(text.as_bytes(), Path::new("findings.jsonl"))
}

#[test]
fn lines_are_read_and_empty_ones_skipped() {
    let findings = read(&format!("{}\n\n  \n{}", document(0), document(1))).unwrap();
    assert_eq!(findings.iter().map(Finding::document).collect::<Vec<_>>(), documents(2));
    assert_eq!(findings.iter().map(Finding::line).collect::<Vec<_>>(), [1, 4], "lines are those of the file");
}

#[test]
fn a_bad_line_is_named() {
    for (text, reason) in
        [("{}\n{\"a\":", "EOF"), ("{}\n[1]", "not an object"), ("{}\nfinding", "expected"), ("{}\n{\"a\":\"\\ud800\"}", "hex escape")]
    {
        let message = read(text).unwrap_err().to_string();
        assert!(message.contains("findings.jsonl, line 2") && message.contains(reason), "{message}");
    }
    let message = Findings::read(&b"{\"a\":\"\xff\"}"[..], Path::new("findings.jsonl")).unwrap_err().to_string();
    assert!(message.contains("line 1: this is not UTF-8"), "{message}");
    let message = read("{\"a\":\"\u{7}\"}").unwrap_err().to_string();
    assert!(message.contains("line 1"), "{message}");
    let absent = Findings::load(Path::new("no/such/file.jsonl")).unwrap_err().to_string();
    assert!(absent.contains("no/such/file.jsonl"), "{absent}");
}

#[test]
fn synthesised_findings_have_uids_of_their_own_and_their_template_s_content() {
    let mut templates = documents(3);
    templates[2]["metadata"].as_object_mut().unwrap().remove("uid");
    let findings = Findings::synthesise(300, 9, &templates.clone().into());
    assert_eq!(findings.len(), 300);
    let uids: BTreeSet<&str> = findings.iter().filter_map(Finding::uid).collect();
    assert_eq!(uids.len(), 200, "a template without a uid gives findings without one");
    let info: BTreeSet<String> = findings.iter().map(|finding| finding.document()["finding_info"]["uid"].to_string()).collect();
    assert_eq!(info.len(), 300);
    let mut fourth = findings.iter().nth(3).unwrap().document();
    fourth["metadata"]["uid"] = json!("uid-0");
    fourth["finding_info"]["uid"] = json!("finding-0");
    assert_eq!(fourth, templates[0]);
    let again = Findings::synthesise(300, 9, &templates.clone().into());
    assert!(findings.iter().map(Finding::uid).eq(again.iter().map(Finding::uid)), "the same seed gives the same uids");
    assert_ne!(Findings::synthesise(1, 8, &templates.into()).iter().next().unwrap().uid(), findings.iter().next().unwrap().uid());
}

#[test]
fn no_templates_give_no_findings() {
    assert!(Findings::synthesise(5, 1, &Findings::default()).is_empty());
}

/// Any JSON, with the names that documents and filters know among its member names.
fn any_json() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("status".to_owned()),
        Just("status_id".to_owned()),
        Just("comment".to_owned()),
        Just("metadata".to_owned()),
        Just("uid".to_owned()),
        Just("finding_info".to_owned()),
        Just("resources".to_owned()),
        Just("tags".to_owned()),
        Just("name".to_owned()),
        Just("value".to_owned()),
        ".{0,4}",
    ];
    // Quarters, as the JSON reader in use may be off by the last digit of longer fractions.
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-4_000_i32..4_000).prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Text, escapes, numbers and order survive being kept as text.
    #[test]
    fn documents_come_back_as_they_went_in(document in any_json()) {
        let back = Finding::new(&document, 1).document();
        prop_assert_eq!(back.to_string(), document.to_string());
    }

    /// A change sets its members and no others, whatever the document looks like.
    #[test]
    fn changes_are_spliced_in_exactly(
        document in any_json().prop_filter("an object", Value::is_object),
        status in prop::option::of(0_i32..7),
        severity in prop::option::of(0_i32..7),
        comment in prop::option::of(any::<String>()),
    ) {
        let mut finding = Finding::new(&document, 1);
        let (status, severity) = (status.map(StatusId), severity.map(SeverityId));
        finding.apply(&Change { status, severity, comment: comment.clone() });
        let mut expected = document;
        if let Some(status) = status {
            expected["status_id"] = json!(status.0);
            expected["status"] = json!(status.caption());
        }
        if let Some(severity) = severity {
            expected["severity_id"] = json!(severity.0);
            expected["severity"] = json!(severity.caption());
        }
        if let Some(comment) = comment {
            expected["comment"] = json!(comment);
        }
        prop_assert_eq!(finding.document(), expected);
    }
}

#[tokio::test]
async fn the_command_greets_serves_and_saves() {
    let folder = tempfile::tempdir().unwrap();
    let findings = folder.path().join("findings.jsonl");
    let saved = folder.path().join("saved.jsonl");
    let lines: Vec<String> = documents(3).iter().map(Value::to_string).collect();
    std::fs::write(&findings, lines.join("\n")).unwrap();
    let options = Options {
        findings: Some(findings),
        save: Some(saved.clone()),
        account: Some("111122223333".to_owned()),
        region: Some("us-east-2".to_owned()),
        ..Options::default()
    };
    let mut said = Vec::new();
    command::run_until(options, &mut said, async { Ok(()) }).await.unwrap();
    let said = String::from_utf8(said).unwrap();
    let url = said.lines().next().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{said}");
    for part in [&format!("AWS_ENDPOINT_URL_SECURITYHUB={url}"), "AWS_ACCESS_KEY_ID=", "AWS_REGION=us-east-2", "3 findings"] {
        assert!(said.contains(part), "{said}");
    }
    let after: Vec<Value> = std::fs::read_to_string(saved).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(after, documents(3));
}

#[tokio::test]
async fn the_command_says_nothing_before_its_files_are_read() {
    let options = Options { findings: Some("no/such/file.jsonl".into()), ..Options::default() };
    let mut said = Vec::new();
    let refused = command::run_until(options, &mut said, async { Ok(()) }).await.unwrap_err();
    assert!(refused.to_string().contains("no/such/file.jsonl"));
    assert!(said.is_empty());
}
