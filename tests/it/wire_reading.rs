//! Reading through the real SDK: pages, order, filters, totals, and what a read does when an answer is late, broken or refused.

use std::{collections::BTreeSet, time::Duration};

use hubtriage::{
    aws::{Options, connect},
    domain::{
        identity::{Identifier, Identity},
        order::{Direction, Order, SortField, SortKey},
        query::Query,
        status::StatusId,
    },
    emulator::{Answered, CallError, CallFault, FaultPlan, Findings, HoldMoment, Operation, Settings, SortField as Accepted, Trouble},
    hub::{CallFailure, PageOrder, PageRequest},
};
use serde_json::{Value, json};

use crate::{
    responder::{Reply, Responder},
    wire::{documents, finding, hub, options, request, scan, uid, with, with_settings, without_uid},
};

fn failing(operation: Operation, trouble: Trouble) -> FaultPlan {
    FaultPlan { calls: vec![CallFault::every(operation, trouble)], ..FaultPlan::default() }
}

fn error(error: CallError) -> Trouble {
    Trouble::Fail { error, message: None }
}

#[tokio::test]
async fn every_finding_comes_once_in_pages_of_a_hundred() {
    let (emulator, hub) = with((0..250).map(finding).collect()).await;
    let pages = scan(&hub, &Query::open(), &Order::default().0).await.unwrap();
    assert_eq!(pages.iter().map(|page| page.findings.len()).collect::<Vec<_>>(), [100, 100, 50]);
    assert!(pages.iter().all(|page| page.order == PageOrder::AsAsked));

    let text = |documents: Vec<Value>| documents.iter().map(Value::to_string).collect::<BTreeSet<_>>();
    assert_eq!(text(documents(&pages)), text(emulator.findings()));

    let calls = emulator.calls_of(Operation::GetFindingsV2);
    assert_eq!(calls.len(), 3);
    for call in &calls {
        let mut body = call.body.clone();
        assert_eq!(body.as_object_mut().unwrap().remove("NextToken").is_some(), call.sequence > 1);
        assert_eq!(
            body,
            json!({
                "Filters": {
                    "CompositeFilters": [{
                        "NumberFilters": [
                            { "FieldName": "status_id", "Filter": { "Eq": 1.0 } },
                            { "FieldName": "status_id", "Filter": { "Eq": 2.0 } },
                        ],
                        "Operator": "OR",
                    }],
                    "CompositeOperator": "OR",
                },
                "SortCriteria": [
                    { "Field": "severity_id", "SortOrder": "desc" },
                    { "Field": "finding_info.modified_time_dt", "SortOrder": "desc" },
                ],
                "MaxResults": 100,
            })
        );
    }
    let severities: Vec<i64> = documents(&pages).iter().map(|finding| finding["severity_id"].as_i64().unwrap()).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
}

#[tokio::test]
async fn everything_is_asked_for_without_filters_and_without_an_order_of_ours() {
    let (emulator, hub) = with((0..3).map(finding).collect()).await;
    let page = hub.reader.page(request(Query::Everything)).await.unwrap();
    assert_eq!((page.findings.len(), page.next, page.order), (3, None, PageOrder::AsAsked));
    assert_eq!(emulator.calls()[0].body, json!({ "MaxResults": 100 }));
}

#[tokio::test]
async fn calls_are_signed_for_the_hub_and_carry_our_name() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    hub.reader.page(request(Query::Everything)).await.unwrap();
    let facts = emulator.calls()[0].facts.clone();
    assert!(facts.user_agent.unwrap().contains("app/hubtriage"));
    assert!(facts.authorization_scope.unwrap().ends_with("/eu-west-1/securityhub/aws4_request"));
}

#[tokio::test]
async fn a_refused_order_falls_back_to_the_known_one_for_the_whole_scan_and_the_next() {
    let settings = Settings {
        findings: Findings::from((0..150).map(finding).collect::<Vec<_>>()),
        sort_fields: vec![Accepted::ModifiedTime],
        ..Settings::default()
    };
    let (emulator, hub) = with_settings(settings).await;
    let criteria = |from: usize| -> Vec<Value> { emulator.calls()[from..].iter().map(|call| call.body["SortCriteria"].clone()).collect() };
    let modified = json!([{ "Field": "finding_info.modified_time_dt", "SortOrder": "desc" }]);
    let both = json!([{ "Field": "severity_id", "SortOrder": "desc" }, modified[0]]);

    let pages = scan(&hub, &Query::Everything, &Order::default().0).await.unwrap();
    assert_eq!(pages.iter().map(|page| page.order).collect::<Vec<_>>(), [PageOrder::ModifiedOnly; 2]);
    assert_eq!(pages.iter().map(|page| page.findings.len()).sum::<usize>(), 150);
    assert_eq!(criteria(0), [both, modified.clone(), modified.clone()]);

    let again = scan(&hub, &Query::open(), &Order::default().0).await.unwrap();
    assert_eq!(again[0].order, PageOrder::ModifiedOnly);
    assert_eq!(criteria(3), [modified.clone(), modified], "a refused order is not asked for again");
}

#[tokio::test]
async fn without_any_order_the_findings_still_come() {
    let settings =
        Settings { findings: Findings::from((0..3).map(finding).collect::<Vec<_>>()), sort_fields: vec![], ..Settings::default() };
    let (emulator, hub) = with_settings(settings).await;
    let pages = scan(&hub, &Query::Everything, &Order::default().0).await.unwrap();
    assert_eq!((pages[0].order, pages[0].findings.len()), (PageOrder::ServiceOwn, 3));
    assert_eq!(emulator.calls().len(), 3);
}

#[tokio::test]
async fn a_request_that_is_not_valid_for_another_reason_stays_an_error_and_proves_nothing_about_the_order() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    emulator.set_faults(failing(Operation::GetFindingsV2, error(CallError::Validation)));
    let request = PageRequest { sort: Order::default().0, ..request(Query::Everything) };
    let failed = hub.reader.page(request.clone()).await.unwrap_err();
    assert_eq!((failed.failure, failed.code.as_deref()), (CallFailure::Validation, Some("ValidationException")));
    emulator.clear_faults();
    assert_eq!(hub.reader.page(request).await.unwrap().order, PageOrder::AsAsked);
}

#[tokio::test]
async fn a_key_the_service_cannot_sort_by_is_left_out_and_said() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    let keys = [
        SortKey { field: SortField::Modified, direction: Direction::Ascending },
        SortKey { field: SortField::Resource, direction: Direction::Ascending },
    ];
    let pages = scan(&hub, &Query::Everything, &keys).await.unwrap();
    assert_eq!(pages[0].order, PageOrder::Partly);
    assert_eq!(emulator.calls()[0].body["SortCriteria"], json!([{ "Field": "finding_info.modified_time_dt", "SortOrder": "asc" }]));
}

#[tokio::test]
async fn named_findings_are_read_by_uid_and_by_identifier() {
    let mut findings: Vec<Value> = (0..100).map(finding).collect();
    findings.extend((100..130).map(without_uid));
    let (emulator, hub) = with(findings).await;
    let titles = |pages: &[hubtriage::hub::Page]| -> BTreeSet<String> {
        documents(pages).iter().map(|finding| finding["finding_info"]["title"].as_str().unwrap().to_owned()).collect()
    };
    let named = |range: std::ops::Range<usize>| -> BTreeSet<String> { range.map(|n| format!("Finding {n}")).collect() };
    let identifier = |n: usize| {
        Identity::Identifier(Identifier {
            account_uid: "222233334444".to_owned(),
            finding_uid: format!("arn:finding/{n}"),
            product_uid: "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty".to_owned(),
        })
    };

    let by_uid = Query::Findings((3..83).map(uid).collect());
    assert_eq!(titles(&scan(&hub, &by_uid, &[]).await.unwrap()), named(3..83));

    let few = Query::Findings((100..105).map(identifier).chain((0..10).map(uid)).collect());
    let mut expected = named(100..105);
    expected.extend(named(0..10));
    assert_eq!(titles(&scan(&hub, &few, &[]).await.unwrap()), expected);

    let many = Query::Findings((100..130).map(identifier).collect());
    assert_eq!(titles(&scan(&hub, &many, &[]).await.unwrap()), named(100..130));

    let before = emulator.calls().len();
    for nobody in [Query::Findings(vec![]), Query::Findings(vec![Identity::Unaddressable("d".to_owned())]), Query::of_status(&[])] {
        assert!(scan(&hub, &nobody, &[]).await.unwrap()[0].findings.is_empty());
        assert_eq!(hub.reader.total(nobody).await.unwrap(), 0);
    }
    assert_eq!(emulator.calls().len(), before, "nothing to ask for is not everything");
}

#[tokio::test]
async fn the_total_is_the_sum_over_severities_of_the_same_filters() {
    let mut findings: Vec<Value> = (0..120).map(finding).collect();
    for finding in &mut findings[..20] {
        finding["status_id"] = json!(3);
        finding["status"] = json!("Suppressed");
    }
    let (_emulator, hub) = with(findings).await;
    assert_eq!(hub.reader.total(Query::Everything).await.unwrap(), 120);
    assert_eq!(hub.reader.total(Query::open()).await.unwrap(), 100);
    assert_eq!(hub.reader.total(Query::of_status(&[StatusId::SUPPRESSED])).await.unwrap(), 20);
}

#[tokio::test]
async fn the_hub_tells_its_arn_its_home_region_and_who_is_asking() {
    let settings = Settings { home_region: Some("eu-central-1".to_owned()), ..Settings::default() };
    let (_emulator, hub) = with_settings(settings).await;
    assert!(hub.reader.describe().await.unwrap().arn.unwrap().starts_with("arn:aws:securityhub:eu-west-1:222233334444:hubv2/"));
    assert_eq!(hub.reader.home_region().await.unwrap().as_deref(), Some("eu-central-1"));
    assert_eq!(hub.reader.caller().await.unwrap().account, "222233334444");

    let (_emulator, alone) = with(vec![]).await;
    assert_eq!(alone.reader.home_region().await.unwrap(), None);
}

#[tokio::test]
async fn a_read_is_tried_three_times_and_no_more() {
    let (emulator, _) = with(vec![finding(0)]).await;
    // The SDK counts retries by Region for the whole process and stops when there are too many; this one is nobody else's.
    let hub = connect(Options { region: Some("eu-attempts-1".to_owned()), ..options(&emulator.url()) }).await.unwrap();
    for (trouble, kind) in [
        (error(CallError::Throttling), CallFailure::Throttled),
        (error(CallError::Internal), CallFailure::InternalServer),
        (error(CallError::Unavailable), CallFailure::InternalServer),
        (Trouble::CutBefore, CallFailure::NoAnswer),
    ] {
        emulator.set_faults(failing(Operation::GetFindingsV2, trouble.clone()));
        let before = emulator.calls().len();
        let failed = hub.reader.page(request(Query::Everything)).await.unwrap_err();
        assert_eq!((failed.failure, failed.operation), (kind, "GetFindingsV2"), "{trouble:?}: {failed}");
        assert_eq!(emulator.calls().len() - before, 3, "{trouble:?}");
    }
    let twice = CallFault {
        operation: None,
        calls: hubtriage::emulator::Calls::Range { first: 1, last: 2 },
        trouble: error(CallError::Throttling),
    };
    emulator.set_faults(FaultPlan { calls: vec![twice], ..FaultPlan::default() });
    assert_eq!(hub.reader.page(request(Query::Everything)).await.unwrap().findings.len(), 1);
}

#[tokio::test]
async fn one_broken_text_does_not_cost_the_page() {
    let (emulator, hub) = with((0..3).map(finding).collect()).await;
    emulator.set_faults(failing(Operation::GetFindingsV2, Trouble::LoneSurrogate));
    let page = hub.reader.page(request(Query::Everything)).await.unwrap();
    assert_eq!(page.findings.len(), 3);
    assert!(page.findings[0].contains(r"\ud800"), "{}", page.findings[0]);
    assert!(serde_json::from_str::<Value>(&page.findings[0]).is_err());
    assert!(serde_json::from_str::<Value>(&page.findings[1]).is_ok());
    assert_eq!(emulator.calls().len(), 1);
}

#[tokio::test]
async fn a_finding_keeps_the_bytes_it_was_sent_with() {
    let text = r#"{ "z":1, "a" : 1.0e2,"big":12345678901234567890123,"dup":1,"dup":2 }"#;
    let responder = Responder::start(vec![Reply::json(200, &format!(r#"{{"Findings":[{text}],"NextToken":"n"}}"#))]).await;
    let page = hub(responder.url()).await.reader.page(request(Query::Everything)).await.unwrap();
    assert_eq!(page.findings, [text]);
    assert!(page.next.is_some());
}

#[tokio::test]
async fn an_answer_that_is_not_the_services_is_an_error_and_not_an_end() {
    let (emulator, connected) = with(vec![finding(0)]).await;
    emulator.set_faults(failing(Operation::GetFindingsV2, Trouble::MalformedBody));
    let failed = connected.reader.page(request(Query::Everything)).await.unwrap_err();
    assert_eq!(failed.failure, CallFailure::BadAnswer);
    assert!(failed.request_id.is_some());

    emulator.set_faults(failing(Operation::GetFindingsV2, Trouble::CutBody));
    let failed = connected.reader.page(request(Query::Everything)).await.unwrap_err();
    assert_eq!(failed.failure, CallFailure::NoAnswer, "{failed}");

    for body in ["<html>sign in here</html>", "[]", "", r#"{"Findings":{}}"#] {
        let responder = Responder::start(vec![Reply::Answer(200, vec![], body.to_owned())]).await;
        let failed = hub(responder.url()).await.reader.page(request(Query::Everything)).await;
        assert!(failed.is_err_and(|failed| failed.failure == CallFailure::BadAnswer), "{body}");
    }
}

#[tokio::test]
async fn a_page_token_that_is_no_longer_accepted_is_a_validation_failure() {
    let (emulator, hub) = with((0..150).map(finding).collect()).await;
    let sort = Order::default().0;
    let first = hub.reader.page(PageRequest { sort: sort.clone(), ..request(Query::Everything) }).await.unwrap();
    emulator.expire_page_tokens();
    let second = PageRequest { query: Query::Everything, sort, token: first.next };
    assert_eq!(hub.reader.page(second.clone()).await.unwrap_err().failure, CallFailure::Validation);
    assert_eq!(emulator.calls().len(), 2, "a later page never changes the order");

    let foreign = PageRequest { token: Some("of another program".to_owned()), ..second };
    assert_eq!(hub.reader.page(foreign).await.unwrap_err().failure, CallFailure::Validation);
    assert_eq!(emulator.calls().len(), 2);
}

#[tokio::test]
async fn dropping_a_read_ends_it() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    let hold = Trouble::Hold { name: "gate".to_owned(), moment: HoldMoment::Before };
    emulator.set_faults(failing(Operation::GetFindingsV2, hold));
    let reader = std::sync::Arc::clone(&hub.reader);
    let reading = tokio::spawn(async move { reader.page(request(Query::Everything)).await.map(|_| ()) });
    crate::wire::until(|| !emulator.held().is_empty()).await;
    reading.abort();
    crate::wire::until(|| emulator.calls()[0].answered == Answered::Abandoned).await;
}

#[tokio::test]
async fn a_page_that_takes_its_time_is_waited_for() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    // Longer than the SDK waits for a stream that has stalled.
    emulator.set_faults(failing(Operation::GetFindingsV2, Trouble::Slow(Duration::from_secs(7))));
    assert_eq!(hub.reader.page(request(Query::Everything)).await.unwrap().findings.len(), 1);
    assert_eq!(emulator.calls().len(), 1);
}
