//! What is in the queue, what came and went, and what is new: the real SDK against the emulator, and the program in a pseudo-terminal.

use std::fs;

use hubtriage::{
    domain::{
        counted::{CountField, Counted},
        query::Query,
    },
    emulator::{CallError, CallFault, Emulator, FaultPlan, Findings, Operation, Settings, Trouble},
    hub::CallFailure,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    support::{
        analyst::Analyst,
        finding::findings,
        pty::{Pty, Start},
    },
    wire::{finding, with},
};

/// Counting is forbidden.
fn denied() -> FaultPlan {
    let trouble = Trouble::Fail { error: CallError::AccessDenied(None), message: None };
    FaultPlan { calls: vec![CallFault::every(Operation::GetFindingStatisticsV2, trouble)], ..FaultPlan::default() }
}

#[tokio::test]
async fn fields_are_counted_five_a_call_with_the_filters_of_the_query_and_come_back_by_name() {
    let mut documents: Vec<Value> = (0..20).map(finding).collect();
    for document in &mut documents[..5] {
        document["status_id"] = json!(3);
        document["status"] = json!("Suppressed");
    }
    documents[7]["compliance"] = json!({ "control": "S3.8\u{202e}" });
    documents[8]["resources"] = json!([{ "uid": "a", "type": "AWS::S3::Bucket" }, { "uid": "b", "type": "AWS::IAM::Role" }]);
    let (emulator, hub) = with(documents).await;
    let fields = vec![
        CountField::Severity,
        CountField::Control,
        CountField::ResourceType,
        CountField::AccountUid,
        CountField::Impact,
        CountField::Product,
        CountField::Status,
    ];
    let counted = hub.reader.statistics(Query::open(), fields.clone()).await.unwrap();
    let of =
        |field, values: &[(&str, u64)]| Counted { field, values: values.iter().map(|&(value, count)| (value.into(), count)).collect() };
    assert_eq!(
        counted,
        [
            of(CountField::Severity, &[("Critical", 3), ("High", 3), ("Informational", 3), ("Low", 3), ("Medium", 3)]),
            of(CountField::Control, &[("S3.8\u{202e}", 1)]),
            of(CountField::ResourceType, &[("AWS::IAM::Role", 1), ("AWS::S3::Bucket", 1)]),
            of(CountField::AccountUid, &[("222233334444", 15)]),
            of(CountField::Impact, &[]),
            of(CountField::Product, &[("GuardDuty", 15)]),
            of(CountField::Status, &[("New", 15)]),
        ]
    );
    let calls = emulator.calls_of(Operation::GetFindingStatisticsV2);
    let asked: Vec<Vec<&str>> = calls
        .iter()
        .map(|call| call.body["GroupByRules"].as_array().unwrap().iter().map(|rule| rule["GroupByField"].as_str().unwrap()).collect())
        .collect();
    let paths: Vec<&str> = fields.iter().map(|field| field.path()).collect();
    assert_eq!(asked, [&paths[..5], &paths[5..]]);
    for call in &calls {
        assert_eq!(call.body["MaxStatisticResults"], json!(400));
        for rule in call.body["GroupByRules"].as_array().unwrap() {
            assert_eq!(rule["Filters"]["CompositeFilters"][0]["NumberFilters"].as_array().unwrap().len(), 2, "{rule}");
        }
    }
}

#[tokio::test]
async fn every_field_of_the_service_can_be_counted() {
    let (emulator, hub) = with((0..3).map(finding).collect()).await;
    let counted = hub.reader.statistics(Query::Everything, CountField::ALL.to_vec()).await.unwrap();
    assert_eq!(counted.iter().map(|counted| counted.field).collect::<Vec<_>>(), CountField::ALL);
    let calls = emulator.calls_of(Operation::GetFindingStatisticsV2);
    assert_eq!(calls.len(), 7);
    assert!(calls.iter().all(|call| call.body["GroupByRules"][0].get("Filters").is_none()), "everything has no filters");
}

#[tokio::test]
async fn nothing_to_ask_for_is_not_everything_and_a_refusal_is_told_by_its_code() {
    let (emulator, hub) = with((0..3).map(finding).collect()).await;
    let nothing = hub.reader.statistics(Query::of_status(&[]), vec![CountField::Status]).await.unwrap();
    assert_eq!((nothing, emulator.calls().len()), (vec![Counted::none(CountField::Status)], 0));
    emulator.set_faults(denied());
    let failed = hub.reader.statistics(Query::Everything, CountField::ALL.to_vec()).await.unwrap_err();
    assert_eq!((failed.failure, failed.operation), (CallFailure::AccessDenied, "GetFindingStatisticsV2"));
    assert_eq!(emulator.calls().len(), 1, "a second call would be refused too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_run_again_tells_what_went_and_what_came() {
    let emulator = Emulator::start(Settings { findings: findings(150), ..Settings::default() }).await.unwrap();
    let mut analyst = Analyst::at(emulator).await;
    analyst.press("j space");
    let marked = analyst.model.marks.rows.iter().next().unwrap();
    let held = analyst.model.store.identity(marked).unwrap().shown().to_owned();
    let others: Vec<String> =
        analyst.emulator.findings().iter().map(|document| document["metadata"]["uid"].as_str().unwrap().to_owned()).collect();
    for uid in others.iter().filter(|uid| **uid != held).take(9).chain([&held]) {
        assert_eq!(analyst.emulator.remove(uid), 1);
    }
    for n in 0..4 {
        analyst.emulator.add(&finding(9000 + n));
    }
    analyst.press("R");
    analyst.until("all of it has come", |model| !model.scan.state.is_under_way()).await;
    let notice = analyst.model.notice.clone().unwrap().text;
    assert_eq!(notice, "10 rows are gone from the result (– 1 kept: marked, staged or sent), 4 new");
    assert!(analyst.model.is_gone(marked) && analyst.model.view.index(marked).is_some());
    assert_eq!(analyst.model.view.all().len(), 145);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_read_again_and_no_longer_matches_leaves_the_table() {
    let emulator = Emulator::start(Settings { findings: findings(5), ..Settings::default() }).await.unwrap();
    let mut analyst = Analyst::at(emulator).await;
    let row = analyst.model.cursor.row.unwrap();
    let uid = analyst.model.store.identity(row).unwrap().shown().to_owned();
    let mut document = analyst.emulator.finding(&uid).unwrap();
    assert_eq!(analyst.emulator.remove(&uid), 1);
    (document["status_id"], document["status"]) = (json!(3), json!("Suppressed"));
    analyst.emulator.add(&document);
    analyst.press("r");
    analyst.until("it has been read", |model| model.rereads.is_empty()).await;
    let notice = analyst.model.notice.clone().unwrap().text;
    assert!(notice.contains("1 no longer match the query; 1 left the table"), "{notice}");
    assert_eq!(analyst.model.view.all().len(), 4);
}

async fn served(findings: Findings) -> Emulator {
    Emulator::start(Settings { findings, ..Settings::default() }).await.expect("it starts")
}

/// Starts the program on an emulator, in a home that other runs share.
fn begin(emulator: &Emulator, home: &TempDir, more: &[&str]) -> Pty {
    let url = emulator.url();
    let arguments: Vec<&str> = ["--endpoint-url", &url, "--region", "eu-west-1"].into_iter().chain(more.iter().copied()).collect();
    let pace = "[pace]\nreads = 0\nwrites = 0\n";
    Pty::start(&Start { arguments: &arguments, columns: 80, rows: 24, config: Some(pace), home: Some(home.path()), ..Start::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_shows_counts_before_a_finding_is_read_and_enter_reads_what_it_is_on() {
    let documents: Vec<Value> = (0..250).map(finding).collect();
    let emulator = served(Findings::from(documents)).await;
    let home = tempfile::tempdir().expect("a home");
    let mut pty = begin(&emulator, &home, &["--summary"]);
    pty.shows("250 findings");
    pty.shows("nothing is loaded yet");
    pty.until("severities are counted", |pty| pty.text().lines().any(|line| line.contains("C Critical") && line.contains(" 50 ")));
    assert_eq!(emulator.call_count(Operation::GetFindingsV2), 0);
    pty.send("j");
    pty.shows("Enter asks for status:new,in_progress severity:high");
    assert_eq!(emulator.call_count(Operation::GetFindingsV2), 0);
    pty.send("\r");
    pty.shows("50 loaded, complete");
    assert!(pty.text().contains("severity:high"), "{}", pty.text());
    assert_eq!(emulator.call_count(Operation::GetFindingsV2), 1);
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_that_is_left_loads_the_query_and_where_counting_is_denied_says_so_and_counts_here() {
    let emulator = served(Findings::from((0..12).map(finding).collect::<Vec<_>>())).await;
    let home = tempfile::tempdir().expect("a home");
    let mut pty = begin(&emulator, &home, &["--summary", "-q", "severity:critical,high"]);
    pty.shows("4 findings");
    pty.send("\u{1b}");
    pty.shows("4 loaded, complete");
    emulator.set_faults(denied());
    pty.send("g0");
    pty.shows("securityhub:GetAdhocInsightResults");
    pty.shows("of the 4 loaded findings");
    pty.send("qq");
    assert_eq!(pty.ends(), 0);
    let mut pty = begin(&emulator, &home, &["--summary", "--all"]);
    pty.shows("of the 12 loaded findings");
    pty.send("qq");
    assert_eq!(pty.ends(), 0);
}

/// Sets back when the last visit of a hub was last known to go on, as if time had passed.
fn time_passes(home: &TempDir) {
    let folder = home.path().join(".local/state/hubtriage/session");
    for file in fs::read_dir(folder).expect("a session was left") {
        let path = file.expect("a file").path();
        let mut left: Value = serde_json::from_slice(&fs::read(&path).expect("it is read")).expect("it is JSON");
        left["visits"]["alive"] = json!("2026-01-01T00:00:00.000Z");
        fs::write(&path, left.to_string()).expect("it is written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_created_since_the_last_visit_has_a_sign_is_counted_and_can_be_shown_alone() {
    let emulator = served(Findings::from((0..8).map(finding).collect::<Vec<_>>())).await;
    let home = tempfile::tempdir().expect("a home");
    let mut pty = begin(&emulator, &home, &[]);
    pty.shows("8 loaded, complete");
    pty.send("gn");
    pty.shows("nothing is new: this is the first visit");
    pty.send("q");
    assert_eq!(pty.ends(), 0);

    for n in [100, 101, 102] {
        let mut document = finding(n);
        document["finding_info"]["created_time_dt"] = json!("2999-01-01T00:00:00.000Z");
        emulator.add(&document);
    }
    // Started again at once it is the same visit, and that was the first. Whoever leaves before the journal is open leaves no session behind.
    for _ in 0..20 {
        let mut pty = begin(&emulator, &home, &[]);
        pty.shows("11 loaded, complete");
        assert!(!pty.text().contains("▌ "), "{}", pty.text());
        pty.send("q");
        assert_eq!(pty.ends(), 0);
        if home.path().join(".local/state/hubtriage/session").exists() {
            break;
        }
    }

    time_passes(&home);
    let mut pty = begin(&emulator, &home, &[]);
    pty.shows("11 loaded, complete");
    pty.shows("▌ 3 new");
    pty.send("gn");
    pty.shows("new only shows 3");
    pty.send("gn");
    pty.until("all are shown again", |pty| !pty.text().contains("new only"));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}
