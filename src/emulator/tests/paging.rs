//! Pages of findings: complete, stable, sorted, and only with the right token.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::client::{get_findings, update};
use super::{document, documents, emulator};
use crate::domain::status::StatusId;
use crate::emulator::filter::{Rules, SameField};
use crate::emulator::store::Store;
use crate::emulator::{Change, Emulator, Finding, Findings, Settings, SortField, query};

fn uids(page: &Value) -> Vec<String> {
    page["Findings"].as_array().unwrap().iter().map(|finding| finding["metadata"]["uid"].as_str().unwrap().to_owned()).collect()
}

/// All pages of a request, each followed by whatever the caller does.
async fn pages(emulator: &Emulator, request: &Value, mut between: impl FnMut(usize)) -> Vec<Vec<String>> {
    let mut request = request.clone();
    let mut pages = Vec::new();
    loop {
        let answer = get_findings(emulator, &request).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        pages.push(uids(&page));
        between(pages.len());
        match page.get("NextToken") {
            Some(token) => request["NextToken"] = token.clone(),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn pages_hold_as_many_as_were_asked_for() {
    let emulator = emulator(7).await;
    let pages = pages(&emulator, &json!({ "MaxResults": 3 }), |_| {}).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    assert_eq!(pages.concat(), (0..7).map(|number| format!("uid-{number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_full_last_page_has_no_token() {
    let emulator = emulator(6).await;
    assert_eq!(pages(&emulator, &json!({ "MaxResults": 3 }), |_| {}).await.len(), 2);
    let empty = get_findings(
        &emulator,
        &json!({ "Filters": { "CompositeFilters": [{ "StringFilters": [
        { "FieldName": "metadata.uid", "Filter": { "Value": "absent", "Comparison": "EQUALS" } }] }] } }),
    )
    .await
    .json();
    assert_eq!(empty, json!({ "Findings": [] }));
}

#[tokio::test]
async fn documents_arrive_as_they_were_given() {
    let given: Vec<Value> = documents(5);
    let emulator = Emulator::start(Settings { findings: Findings::from(given.clone()), ..Settings::default() }).await.unwrap();
    assert_eq!(get_findings(&emulator, &json!({})).await.json()["Findings"], Value::from(given));
}

#[tokio::test]
async fn updates_between_pages_neither_repeat_nor_skip_a_finding() {
    let emulator = emulator(9).await;
    let open = json!({ "MaxResults": 2, "Filters": { "CompositeFilters": [{ "StringFilters": [
        { "FieldName": "status", "Filter": { "Value": "New", "Comparison": "EQUALS" } }] }] } });
    let suppress = Change { status: Some(StatusId::SUPPRESSED), ..Change::default() };
    // After each page, one finding that was shown and one that was not stop matching the filter.
    let seen = pages(&emulator, &open, |page| {
        emulator.edit(&format!("uid-{}", 2 * page - 1), &suppress);
        emulator.edit(&format!("uid-{}", 8 - page), &suppress);
    })
    .await
    .concat();
    assert_eq!(seen, (0..9).map(|number| format!("uid-{number}")).collect::<Vec<_>>());
    let left = pages(&emulator, &open, |_| {}).await.concat();
    assert!(left.len() < 9, "a new scan sees the new values: {left:?}");
}

#[tokio::test]
async fn a_page_shows_findings_as_they_are_when_it_is_asked_for() {
    let emulator = emulator(2).await;
    let first = get_findings(&emulator, &json!({ "MaxResults": 1 })).await.json();
    emulator.edit("uid-1", &Change { comment: Some("someone else".to_owned()), ..Change::default() });
    let second = get_findings(&emulator, &json!({ "MaxResults": 1, "NextToken": first["NextToken"] })).await.json();
    assert_eq!(second["Findings"][0]["comment"], "someone else");
}

#[tokio::test]
async fn findings_that_age_out_between_pages_are_left_out() {
    let emulator = emulator(5).await;
    let seen = pages(&emulator, &json!({ "MaxResults": 2 }), |page| {
        if page == 1 {
            assert_eq!(emulator.remove("uid-3"), 1);
            emulator.add(&document(99));
        }
    })
    .await;
    assert_eq!(seen, [vec!["uid-0", "uid-1"], vec!["uid-2"], vec!["uid-4"]]);
    assert_eq!(pages(&emulator, &json!({}), |_| {}).await.concat().last().unwrap(), "uid-99");
}

#[tokio::test]
async fn a_token_can_be_used_again() {
    let emulator = emulator(4).await;
    let first = get_findings(&emulator, &json!({ "MaxResults": 2 })).await.json();
    let next = json!({ "MaxResults": 2, "NextToken": first["NextToken"] });
    assert_eq!(
        get_findings(&emulator, &next).await.body,
        get_findings(&emulator, &next).await.body,
        "after a lost answer it is asked again"
    );
}

#[tokio::test]
async fn a_token_belongs_to_its_request() {
    let emulator = emulator(9).await;
    let filters = json!({ "CompositeFilters": [{ "NumberFilters": [{ "FieldName": "severity_id", "Filter": { "Gte": 1 } }] }] });
    let sort = json!([{ "Field": "severity_id", "SortOrder": "desc" }]);
    let request = json!({ "MaxResults": 2, "Filters": filters, "SortCriteria": sort });
    let token = get_findings(&emulator, &request).await.json()["NextToken"].clone();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut request = request.clone();
        request["NextToken"] = token.clone();
        change(&mut request);
        request
    };
    assert_eq!(get_findings(&emulator, &with(&|_| {})).await.status, 200);
    let reordered = json!({ "SortCriteria": sort, "NextToken": token, "Filters": filters, "MaxResults": 2 });
    assert_eq!(get_findings(&emulator, &reordered).await.status, 200, "the order of members says nothing");
    let wrong: [&dyn Fn(&mut Value); 5] = [
        &|request| request["MaxResults"] = json!(3),
        &|request| request["SortCriteria"][0]["SortOrder"] = json!("asc"),
        &|request| request["Filters"]["CompositeFilters"][0]["NumberFilters"][0]["Filter"]["Gte"] = json!(2),
        &|request| request["Filters"] = Value::Null,
        &|request| request["NextToken"] = json!("no token"),
    ];
    for change in wrong {
        let answer = get_findings(&emulator, &with(change)).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "ValidationException"));
        assert!(answer.message().contains("NextToken"), "{}", answer.message());
    }
    emulator.expire_page_tokens();
    assert!(get_findings(&emulator, &with(&|_| {})).await.message().contains("expired"));
}

#[tokio::test]
async fn findings_are_sorted_as_asked() {
    let mut documents = documents(4);
    for (document, (severity, time)) in documents.iter_mut().zip([(2, "05"), (99, "01"), (2, "09"), (5, "03")]) {
        document["severity_id"] = json!(severity);
        document["finding_info"]["modified_time_dt"] = json!(format!("2026-11-{time}T00:00:00Z"));
    }
    documents[1]["finding_info"].as_object_mut().unwrap().remove("modified_time_dt");
    let emulator = Emulator::start(Settings { findings: documents.into(), ..Settings::default() }).await.unwrap();
    let sorted = async |sort: Value| {
        let page = get_findings(&emulator, &json!({ "SortCriteria": sort })).await.json();
        uids(&page).concat().replace("uid-", "")
    };
    let by = |field: SortField, order: &str| json!({ "Field": field.name(), "SortOrder": order });
    assert_eq!(sorted(json!([by(SortField::SeverityId, "desc"), by(SortField::ModifiedTime, "desc")])).await, "1320");
    assert_eq!(sorted(json!([by(SortField::SeverityId, "asc"), by(SortField::ModifiedTime, "asc")])).await, "0231");
    // What lacks the value comes last both ways.
    assert_eq!(sorted(json!([by(SortField::ModifiedTime, "asc")])).await, "3021");
    assert_eq!(sorted(json!([by(SortField::ModifiedTime, "desc")])).await, "2031");
    assert_eq!(sorted(json!([{ "Field": "severity_id" }])).await, "0231");
    // An update changes the order of later scans.
    update(&emulator, &json!({ "MetadataUids": ["uid-0"], "SeverityId": 0 })).await;
    assert_eq!(sorted(json!([by(SortField::SeverityId, "desc")])).await, "1320");
}

#[tokio::test]
async fn sort_fields_can_be_taken_away() {
    let settings = Settings { sort_fields: vec![SortField::ModifiedTime], ..super::settings(1) };
    let emulator = Emulator::start(settings).await.unwrap();
    let refused = get_findings(&emulator, &json!({ "SortCriteria": [{ "Field": "severity_id", "SortOrder": "desc" }] })).await;
    assert_eq!(refused.code(), "ValidationException");
    assert!(refused.message().contains("finding_info.modified_time_dt"), "{}", refused.message());
}

proptest! {
    /// Whatever the sizes and whatever is updated on the way, every finding is on exactly one page.
    #[test]
    fn paging_returns_every_finding_exactly_once(
        count in 0_usize..60,
        page_size in 1_u64..20,
        touched in prop::collection::vec(0_usize..60, 0..20),
        descending in any::<bool>(),
    ) {
        let settings = Settings::default();
        let rules = Rules { same_field: SameField::default(), refused: Vec::new(), now: 0 };
        let findings = (1_u32..).zip(documents(count)).map(|(line, document)| Finding::new(&document, line));
        let mut store = Store::new(findings, 5);
        let order = if descending { "desc" } else { "asc" };
        let mut request = json!({ "MaxResults": page_size, "SortCriteria": [{ "Field": "severity_id", "SortOrder": order }] });
        let mut touched = touched.into_iter();
        let mut seen = Vec::new();
        loop {
            let page: Value = serde_json::from_str(&query::get_findings(&request, &settings, &rules, &mut store).unwrap()).unwrap();
            seen.extend(uids(&page));
            if let Some(number) = touched.next() {
                let severity = Some(crate::domain::severity::SeverityId::LOW);
                for place in store.with_uid(&format!("uid-{number}")) {
                    store.apply(place, &Change { severity, ..Change::default() });
                }
            }
            match page.get("NextToken") {
                Some(token) => request["NextToken"] = token.clone(),
                None => break,
            }
        }
        prop_assert_eq!(seen.len(), count);
        prop_assert_eq!(seen.into_iter().collect::<BTreeSet<_>>().len(), count);
    }
}

#[tokio::test]
async fn a_hundred_thousand_findings_are_paged_completely() {
    let templates = Findings::from(documents(10));
    let findings = Findings::synthesise(100_000, 7, &templates);
    let emulator = Emulator::start(Settings { findings, ..Settings::default() }).await.unwrap();
    let open = json!({ "MaxResults": 100, "Filters": { "CompositeFilters": [{ "StringFilters": [
        { "FieldName": "status", "Filter": { "Value": "New", "Comparison": "EQUALS" } }] }] } });
    let pages = pages(&emulator, &open, |_| {}).await;
    assert_eq!(pages.len(), 1_000);
    assert_eq!(pages.concat().into_iter().collect::<BTreeSet<_>>().len(), 100_000);
}
