//! `BatchUpdateFindingsV2`, part by part: each test names one thing the program does with it, from the key to the wire and back to the row.

use hubtriage::{
    app::{
        model::{Access, RowState},
        overlay::Overlay,
    },
    domain::{
        batch::{MAX_ROWS, RowCode},
        failure::CallFailure,
        identity::Identity,
        query::Query,
        severity::SeverityId,
        status::StatusId,
    },
    emulator::{
        CallError, CallFault, Calls, Change, Denial, Emulator, FaultPlan, FindingFault, MissingRows, Operation, Selector, Settings, Times,
        Trouble, UpdateField, ValueSet,
    },
    journal::entry::{Entry, Seen},
    send::report::ProblemKind,
};
use serde_json::json;

use crate::support::{
    analyst::Analyst,
    finding::{collected, finding, findings, uid, without_uid},
};

async fn analyst(count: usize, faults: FaultPlan) -> Analyst {
    Analyst::at(emulator(Settings { findings: findings(count), faults, ..Settings::default() }).await).await
}

async fn emulator(settings: Settings) -> Emulator {
    Emulator::start(settings).await.expect("the emulator starts")
}

fn row_fault(at: usize, code: hubtriage::emulator::RowCode) -> FindingFault {
    FindingFault { finding: Selector::Uid(uid(at)), code, message: format!("because of {at}"), times: Times::Always }
}

fn write_fault(trouble: Trouble) -> FaultPlan {
    let fault = CallFault { operation: Some(Operation::BatchUpdateFindingsV2), calls: Calls::Every, trouble };
    FaultPlan { calls: vec![fault], ..FaultPlan::default() }
}

fn refused(error: CallError) -> FaultPlan {
    write_fault(Trouble::Fail { error, message: None })
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_uids_address_rows_at_most_100_a_call() {
    let mut analyst = analyst(250, FaultPlan::default()).await;
    analyst.press("* s 3");
    analyst.send().await;
    let sizes: Vec<usize> = analyst.bodies().iter().map(|body| body["MetadataUids"].as_array().map_or(0, Vec::len)).collect();
    // They go out together, and may arrive in any order.
    assert_eq!(sizes.iter().sum::<usize>(), 250);
    assert!(sizes.len() == 3 && sizes.iter().all(|&size| size <= MAX_ROWS), "{sizes:?}");
    assert!(analyst.emulator.findings().iter().all(|finding| finding["status_id"] == 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn finding_identifiers_address_what_has_no_metadata_uid_and_the_kinds_never_share_a_call() {
    let documents = (0..5).map(|at| if at % 2 == 0 { without_uid(at) } else { finding(at) });
    let mut analyst = Analyst::at(emulator(Settings { findings: collected(documents), ..Settings::default() }).await).await;
    analyst.press("* s 4");
    analyst.send().await;
    let bodies = analyst.bodies();
    assert_eq!(bodies.len(), 2);
    for body in &bodies {
        assert!(body.get("MetadataUids").is_some() != body.get("FindingIdentifiers").is_some(), "{body}");
    }
    let identifiers = bodies.iter().find_map(|body| body.get("FindingIdentifiers")).expect("a call by identifier");
    assert_eq!(
        identifiers[0],
        json!({"CloudAccountUid": "222233334444", "FindingInfoUid": "finding-0", "MetadataProductUid": "arn:aws:securityhub:eu-west-1::productv2/aws/inspector"})
    );
    assert_eq!(analyst.model.outcomes.problem_count(), 0);
    assert!(analyst.emulator.findings().iter().all(|finding| finding["status_id"] == 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn comment_is_counted_refused_in_the_editor_and_cleaned_before_it_is_staged() {
    let mut analyst = analyst(1, FaultPlan::default()).await;
    analyst.press("c");
    for (text, why) in [("   ", "cannot be empty"), (&*"x".repeat(513), "at most 512")] {
        analyst.type_text(text);
        analyst.press("enter");
        let Some(Overlay::Editor(editor)) = analyst.model.overlays.last() else { panic!("the editor stays open") };
        assert!(editor.refused.as_ref().is_some_and(|refused| refused.contains(why)), "{:?}", editor.refused);
    }
    analyst.press("esc y c");
    analyst.take(hubtriage::app::event::Event::Paste("accepted\u{202e}\u{1b}[1m until\n2026-12-15".into()));
    analyst.press("enter");
    analyst.send().await;
    assert_eq!(analyst.bodies()[0]["Comment"], "accepted[1m until 2026-12-15");
    assert_eq!(analyst.emulator.finding(&uid(0)).expect("it is there")["comment"], "accepted[1m until 2026-12-15");
}

#[tokio::test(flavor = "multi_thread")]
async fn severity_id_takes_every_value_of_the_menu_and_the_doubtful_one_is_refused_in_the_services_words() {
    let mut analyst = analyst(8, FaultPlan::default()).await;
    for (at, id) in SeverityId::OFFERED.into_iter().enumerate() {
        analyst.press(&format!("{} G S {}", at + 1, id.key()));
    }
    analyst.send().await;
    for (at, id) in SeverityId::OFFERED.into_iter().enumerate() {
        let now = &analyst.emulator.finding(&uid(at)).expect("it is there")["severity_id"];
        assert_eq!(*now, if id == SeverityId::FATAL { json!(3) } else { json!(id.0) }, "{id:?}");
    }
    let problem = analyst.model.outcomes.problem(analyst.row(&uid(7))).expect("Fatal is not in the older set").clone();
    assert_eq!(problem.kind, ProblemKind::Call(CallFailure::Validation));
    assert!(problem.message.contains("SeverityId"), "{}", problem.message);
    let mut newer = Analyst::at(emulator(Settings { findings: findings(1), values: ValueSet::Newer, ..Settings::default() }).await).await;
    newer.press("S 6");
    newer.send().await;
    assert_eq!(newer.emulator.finding(&uid(0)).expect("it is there")["severity"], "Fatal");
}

#[tokio::test(flavor = "multi_thread")]
async fn status_id_takes_every_value_of_the_menu_and_the_doubtful_one_is_refused_in_the_services_words() {
    let mut analyst = analyst(8, FaultPlan::default()).await;
    for (at, id) in StatusId::OFFERED.into_iter().enumerate() {
        analyst.press(&format!("{} G s {}", at + 1, id.key()));
    }
    analyst.send().await;
    for (at, id) in StatusId::OFFERED.into_iter().enumerate() {
        assert_eq!(analyst.emulator.finding(&uid(at)).expect("it is there")["status_id"], json!(id.0), "{id:?}");
    }
    let settings = Settings { findings: findings(1), values: ValueSet::Newer, ..Settings::default() };
    let mut newer = Analyst::at(emulator(settings).await).await;
    newer.press("s 6");
    newer.send().await;
    let problem = newer.model.outcomes.problem(newer.row(&uid(0))).expect("Deleted is not in the newer set").clone();
    assert_eq!(problem.kind, ProblemKind::Call(CallFailure::Validation));
    assert!(problem.message.contains("StatusId"), "{}", problem.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_fields_the_analyst_set_are_in_the_request() {
    for (keys, members) in [
        ("s 3", vec!["MetadataUids", "StatusId"]),
        ("S 2", vec!["MetadataUids", "SeverityId"]),
        ("c x enter", vec!["Comment", "MetadataUids"]),
        ("s 3 S 2 c x enter", vec!["Comment", "MetadataUids", "SeverityId", "StatusId"]),
    ] {
        let mut analyst = analyst(1, FaultPlan::default()).await;
        analyst.press(keys);
        analyst.send().await;
        let body = analyst.bodies().remove(0);
        let mut sent: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        sent.sort_unstable();
        assert_eq!(sent, members, "{keys}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn string_siblings_follow_by_themselves_on_the_row_and_at_the_service() {
    let mut analyst = analyst(1, FaultPlan::default()).await;
    analyst.press("s 3 S 2");
    analyst.send().await;
    let row = analyst.model.store.row(analyst.row(&uid(0))).expect("it is there");
    assert_eq!((analyst.model.store.text(row.status_text), analyst.model.store.text(row.severity_text)), ("Suppressed", "Low"));
    let finding = analyst.emulator.finding(&uid(0)).expect("it is there");
    assert_eq!((&finding["status"], &finding["severity"]), (&json!("Suppressed"), &json!("Low")));
}

#[tokio::test(flavor = "multi_thread")]
async fn processed_findings_lose_their_staged_mark_and_show_the_new_values() {
    let mut analyst = analyst(3, FaultPlan::default()).await;
    analyst.press("space space s 3");
    analyst.send().await;
    for at in 0..2 {
        let row = analyst.row(&uid(at));
        assert_eq!(analyst.model.outcomes.get(row), Some(&RowState::Processed));
        assert_eq!(analyst.model.store.values(row).status, Some(StatusId::SUPPRESSED));
    }
    assert!(analyst.model.staging.is_empty() && analyst.model.marks.rows.is_empty());
    assert_eq!(analyst.model.outcomes.get(analyst.row(&uid(2))), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn unprocessed_findings_keep_code_and_message_stay_staged_and_can_be_retried_or_dropped() {
    let all = hubtriage::emulator::RowCode::ALL;
    let faults = all.iter().enumerate().map(|(at, &code)| row_fault(at, code)).collect();
    let mut analyst = analyst(6, FaultPlan { findings: faults, ..FaultPlan::default() }).await;
    analyst.press("* s 3");
    analyst.send().await;
    for (at, code) in all.into_iter().enumerate() {
        let problem = analyst.model.outcomes.problem(analyst.row(&uid(at))).expect("it failed");
        assert_eq!(problem.kind, ProblemKind::Row(RowCode::parse(code.name())));
        assert_eq!(&*problem.message, format!("because of {at}"));
        assert!(problem.request_id.is_some());
    }
    assert_eq!((analyst.model.outcomes.problem_count(), analyst.model.staging.len()), (4, 4));
    analyst.press("! g g D");
    assert_eq!((analyst.model.outcomes.problem_count(), analyst.model.staging.len()), (3, 3));
    analyst.emulator.clear_faults();
    while analyst.model.outcomes.problem_count() > 0 {
        let before = analyst.model.outcomes.problem_count();
        analyst.until("what was dropped is in the journal", |model| model.journal.is_whole()).await;
        analyst.press("g g r");
        analyst.until("the retry is over", |model| !model.sending.is_active()).await;
        assert!(analyst.model.outcomes.problem_count() < before);
    }
    assert!(analyst.model.staging.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requested_id_in_neither_list_is_processed_only_once_a_read_shows_it() {
    let mut analyst = analyst(3, write_fault(Trouble::MissingRows(MissingRows::Uids(vec![uid(1)])))).await;
    analyst.press("* s 3");
    analyst.send().await;
    assert_eq!(analyst.model.outcomes.get(analyst.row(&uid(1))), Some(&RowState::Processed), "the service had carried it out");
    assert_eq!(analyst.writes().len(), 1, "nothing was sent again");
    let seen = analyst
        .journal
        .entries()
        .into_iter()
        .any(|entry| matches!(entry, Entry::Settled { rows, .. } if rows == [(Identity::MetadataUid(uid(1)), Seen::Processed)]));
    assert!(seen, "and the journal says that a read showed it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_was_cut_off_before_it_arrived_is_made_again() {
    let fault = CallFault::nth(Operation::BatchUpdateFindingsV2, 1, Trouble::CutBefore);
    let mut analyst = analyst(2, FaultPlan { calls: vec![fault], ..FaultPlan::default() }).await;
    analyst.press("* s 3");
    analyst.send().await;
    assert_eq!((analyst.model.staging.len(), analyst.model.outcomes.problem_count()), (0, 0));
    assert_eq!(analyst.writes().len(), 2, "each attempt is a call of its own, in the journal too");
    assert_eq!(analyst.journal.entries().iter().filter(|entry| matches!(entry, Entry::Intent { .. })).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_five_call_level_errors_each_have_their_own_message_and_keep_everything_staged() {
    let mut told = std::collections::BTreeSet::new();
    for (error, failure) in [
        (CallError::AccessDenied(Some(UpdateField::StatusId)), CallFailure::AccessDenied),
        (CallError::Throttling, CallFailure::Throttled),
        (CallError::Conflict, CallFailure::Conflict),
        (CallError::Internal, CallFailure::InternalServer),
    ] {
        let mut analyst = analyst(2, refused(error)).await;
        analyst.press("* s 3");
        analyst.begin_sending().await;
        analyst.until("it is on the screen", |model| model.session.trouble.is_some()).await;
        let trouble = analyst.model.session.trouble.clone().expect("it is there");
        assert_eq!(trouble.failure, failure);
        assert!(trouble.request_id.is_some(), "{failure:?}");
        let advice = hubtriage::domain::advice::advise(&trouble, &analyst.model.place());
        assert!(told.insert((advice.what, advice.help)));
        assert_eq!(analyst.model.staging.len(), 2, "{failure:?}");
    }
    // The fifth is about rows, so it is told on the rows: both of them were tried alone.
    let mut analyst = analyst(2, refused(CallError::Validation)).await;
    analyst.press("* s 3");
    analyst.send().await;
    for at in 0..2 {
        let problem = analyst.model.outcomes.problem(analyst.row(&uid(at))).expect("it was refused");
        assert_eq!(problem.kind, ProblemKind::Call(CallFailure::Validation));
        assert!(problem.request_id.is_some());
    }
    assert_eq!((analyst.model.staging.len(), analyst.writes().len()), (2, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_leave_modified_time_alone_so_a_change_by_someone_else_shows_only_in_the_values() {
    let mut analyst = analyst(1, FaultPlan::default()).await;
    let before = analyst.model.store.row(analyst.row(&uid(0))).expect("it is there");
    analyst.emulator.edit(&uid(0), &Change { status: Some(StatusId::RESOLVED), ..Change::default() });
    analyst.press("r");
    analyst.until("it has been read again", |model| model.notice.as_ref().is_some_and(|notice| notice.text.contains("have changed"))).await;
    let after = analyst.model.store.row(analyst.row(&uid(0))).expect("it is there");
    assert_eq!(before.modified, after.modified);
    assert_eq!((before.status, after.status), (1, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_field_is_named_with_the_account_and_the_header_knows_who_is_acting() {
    let denial = Denial { field: UpdateField::StatusId, values: Vec::new(), caller: None };
    let mut analyst = analyst(2, FaultPlan { denials: vec![denial], ..FaultPlan::default() }).await;
    analyst.until("it is known who is acting", |model| model.session.caller.is_some() && model.session.hub_account.is_some()).await;
    analyst.press("* s 3");
    analyst.send().await;
    let trouble = analyst.model.session.trouble.clone().expect("it is on the screen");
    let advice = hubtriage::domain::advice::advise(&trouble, &analyst.model.place());
    assert!(advice.what.contains("222233334444") && advice.what.contains("StatusId"), "{}", advice.what);
    analyst.press("D D");
    analyst.press("* D c o k enter");
    analyst.send().await;
    assert_eq!(analyst.model.outcomes.problem_count(), 0, "the same member may comment");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_session_has_no_write_handle_and_sends_nothing() {
    let emulator = emulator(Settings { findings: findings(1), ..Settings::default() }).await;
    let mut analyst = Analyst::with(emulator, Access::ReadOnly, Query::Everything).await;
    analyst.press("s 3 w y");
    assert_eq!((analyst.model.staging.len(), analyst.writes().len()), (1, 0));
}
