//! Queries on the wire: every field and every comparison of the service's model as a text that is typed, through the real SDK; and random
//! queries, whose findings are just those that the query means.

use hubtriage::{
    domain::{
        identity::Identity,
        query::{
            Query,
            matching::{Matcher, Subject},
        },
        served::{Served, WhyLocal},
        time::Millis,
    },
    emulator::{Answered, Clock, Findings, Operation, SameField, Settings},
};
use serde_json::{Value, json};

use crate::wire::{documents, request, scan, with_settings};

const NOW: i64 = 1_790_000_000_000;

fn model() -> Value {
    serde_json::from_str(include_str!("../data/securityhub-v2.model.json")).unwrap()
}

fn names(shape: &str) -> Vec<String> {
    model()["shapes"][shape]["enum"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn members(shape: &str) -> Vec<String> {
    model()["shapes"][shape]["members"].as_object().unwrap().keys().cloned().collect()
}

/// How a field is written: by its path, but for two whose paths are short names of something else.
fn written(field: &str) -> &str {
    match field {
        "severity" => "severity_text",
        "status" => "status_text",
        field => field,
    }
}

/// A query's text, the list its filter stands in, and the filter without its field.
type Case = (String, &'static str, Value);

fn text_cases(field: &str) -> Vec<Case> {
    let field = written(field);
    let case = |comparison: &String| {
        let query = match comparison.as_str() {
            "EQUALS" => format!("{field}:\"Ab 1\""),
            "PREFIX" => format!("{field}:\"Ab 1\"*"),
            "NOT_EQUALS" => format!("!{field}:\"Ab 1\""),
            "PREFIX_NOT_EQUALS" => format!("!{field}:\"Ab 1\"*"),
            "CONTAINS" => format!("{field}~\"Ab 1\""),
            "NOT_CONTAINS" => format!("!{field}~\"Ab 1\""),
            "CONTAINS_WORD" => return (format!("{field}~~Ab1"), "StringFilters", json!({ "Value": "Ab1", "Comparison": comparison })),
            other => panic!("{other} has no query"),
        };
        (query, "StringFilters", json!({ "Value": "Ab 1", "Comparison": comparison }))
    };
    names("StringFilterComparison").iter().map(case).collect()
}

fn number_cases(field: &str) -> Vec<Case> {
    let case = |member: String| {
        let sign = match member.as_str() {
            "Eq" => ":",
            "Lt" => "<",
            "Lte" => "<=",
            "Gt" => ">",
            "Gte" => ">=",
            other => panic!("{other} has no query"),
        };
        (format!("{field}{sign}3.5"), "NumberFilters", json!({ member: 3.5 }))
    };
    members("NumberFilter").into_iter().map(case).collect()
}

fn date_cases(field: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for member in members("DateFilter") {
        match member.as_str() {
            "Start" => cases.push((format!("{field}>=2026-01-31"), json!({ "Start": "2026-01-30T23:59:59.999Z" }))),
            "End" => cases.push((format!("{field}<2026-01-31"), json!({ "End": "2026-01-31T00:00:00.000Z" }))),
            "DateRange" => {
                for comparison in names("DateRangeComparison") {
                    let sign = match comparison.as_str() {
                        "WITHIN" => "<=",
                        "OLDER_THAN" => ">",
                        other => panic!("{other} has no query"),
                    };
                    let range = json!({ "DateRange": { "Value": 7, "Unit": "DAYS", "Comparison": comparison } });
                    cases.push((format!("{field}{sign}7d"), range));
                }
            }
            other => panic!("{other} has no query"),
        }
    }
    cases.push((format!("{field}:2026-01-31"), json!({ "Start": "2026-01-30T23:59:59.999Z", "End": "2026-02-01T00:00:00.000Z" })));
    cases.into_iter().map(|(query, filter)| (query, "DateFilters", filter)).collect()
}

fn flag_cases(field: &str) -> Vec<Case> {
    [("yes", true), ("no", false)]
        .map(|(word, flag)| (format!("{field}:{word}"), "BooleanFilters", json!({ "Value": flag })))
        .into_iter()
        .collect()
}

/// `CONTAINS` and `NOT_CONTAINS` are documented for automation rules only, so they are written as queries and applied here.
fn map_queries(field: &str) -> Vec<(String, String)> {
    let query = |comparison: String| match comparison.as_str() {
        "EQUALS" => (format!("{field}:env=prod"), comparison),
        "NOT_EQUALS" => (format!("!{field}:env=prod"), comparison),
        "CONTAINS" => (format!("{field}~env=prod"), comparison),
        "NOT_CONTAINS" => (format!("!{field}~env=prod"), comparison),
        other => panic!("{other} has no query"),
    };
    names("MapFilterComparison").into_iter().map(query).collect()
}

fn map_cases(field: &str) -> Vec<Case> {
    let is_sent = |(_, comparison): &(String, String)| !comparison.ends_with("CONTAINS");
    let case = |(query, comparison)| (query, "MapFilters", json!({ "Key": "env", "Value": "prod", "Comparison": comparison }));
    map_queries(field).into_iter().filter(is_sent).map(case).collect()
}

fn ip_cases(field: &str) -> Vec<Case> {
    [("10.1.0.0/16", "10.1.0.0/16"), ("10.1.2.3", "10.1.2.3/32"), ("2001:db8::/32", "2001:db8::/32")]
        .map(|(typed, sent)| (format!("{field}:{typed}"), "IpFilters", json!({ "Cidr": sent })))
        .into_iter()
        .collect()
}

#[tokio::test]
async fn every_field_and_comparison_of_the_model_has_a_query_that_is_sent_as_it_and_accepted() {
    type Cases = fn(&str) -> Vec<Case>;
    let kinds: [(&str, usize, Cases); 6] = [
        ("OcsfStringField", 79, text_cases),
        ("OcsfNumberField", 14, number_cases),
        ("OcsfDateField", 7, date_cases),
        ("OcsfBooleanField", 3, flag_cases),
        ("OcsfMapField", 4, map_cases),
        ("OcsfIpField", 2, ip_cases),
    ];
    let mut expected: Vec<(String, Value)> = Vec::new();
    for (shape, count, cases) in kinds {
        let fields = names(shape);
        assert_eq!(fields.len(), count, "{shape}");
        for field in fields {
            for (query, list, filter) in cases(&field) {
                let filters = json!({
                    "CompositeFilters": [{ list: [{ "FieldName": field, "Filter": filter }], "Operator": "AND" }],
                    "CompositeOperator": "AND",
                });
                expected.push((query, filters));
            }
        }
    }
    assert_eq!(expected.len(), 79 * 7 + 14 * 5 + 7 * 5 + 3 * 2 + 4 * 2 + 2 * 3);

    let (emulator, hub) = with_settings(Settings::default()).await;
    for (query, _) in &expected {
        let asked: Query = query.parse().unwrap_or_else(|error| panic!("{query}: {error}"));
        hub.reader.page(request(asked)).await.unwrap_or_else(|error| panic!("{query}: {error}"));
    }
    let calls = emulator.calls_of(Operation::GetFindingsV2);
    assert_eq!(calls.len(), expected.len(), "one request a query, none refused");
    for (call, (query, filters)) in calls.iter().zip(&expected) {
        assert_eq!(&call.body["Filters"], filters, "{query}");
        assert!(matches!(call.answered, Answered::Status(200)), "{query}: {:?}", call.answered);
    }
}

#[tokio::test]
async fn parts_of_a_maps_value_are_asked_for_by_a_query_and_applied_here() {
    let (emulator, hub) = with_settings(Settings::default()).await;
    for field in names("OcsfMapField") {
        for (query, _) in map_queries(&field).into_iter().filter(|(_, comparison)| comparison.ends_with("CONTAINS")) {
            let asked: Query = query.parse().unwrap();
            let local = Served::of(&asked).local;
            assert_eq!((local.len(), &local[0].clause, &local[0].why), (1, &query, &WhyLocal::AutomationRulesOnly));
            hub.reader.page(request(asked)).await.unwrap();
            assert_eq!(emulator.calls().last().unwrap().body.get("Filters"), None, "{query}");
        }
    }
}

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        // Knuth's MMIX generator; the upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn some<T>(&mut self, of: &[T], most: usize) -> Vec<T>
    where
        T: Clone,
    {
        (0..self.below(most + 1)).map(|_| self.pick(of).clone()).collect()
    }
}

const CLAUSES: [&str; 56] = [
    "title:a",
    "title:ab*",
    "title~b",
    "title~~b",
    "title:a,b",
    "title~a,b",
    "title~~\"a b\"",
    "title:a title:b",
    "title:\"a b\"",
    "account:1",
    "account:one",
    "account:1,two",
    "account~o",
    "comment:x",
    "comment:*",
    "comment~a",
    "region:eu-*",
    "region:eu-1",
    "severity:high",
    "severity>=high",
    "severity<medium",
    "severity:critical,other",
    "severity_text:High",
    "severity_text~i",
    "vendor_severity>low",
    "status:new",
    "status:new,in_progress",
    "status:suppressed",
    "status_text:New",
    "status_text:New,Suppressed",
    "cvss>=7",
    "cvss:7",
    "cvss<7",
    "cvss<=9.8",
    "cvss>9",
    "cvss:7,9.8",
    "epss>=0.5",
    "epss:0.5",
    "cve:CVE-1",
    "cve:*",
    "exploit:yes",
    "fix:no",
    "age<7d",
    "age<=7d",
    "age>7d",
    "age>=7d",
    "age<36h",
    "created>=2026-09-19",
    "modified:2026-09-20",
    "seen>30d",
    "tag:env=prod",
    "tag:env",
    "tag~env=ro",
    "src:10.0.0.0/8",
    "dst:2001:db8::/32",
    "metadata.profiles:cloud",
];

fn query(numbers: &mut Numbers, depth: usize) -> String {
    match numbers.below(if depth == 0 { 1 } else { 4 }) {
        0 => format!("({})", numbers.pick(&CLAUSES)),
        1 => format!("!{}", query(numbers, depth - 1)),
        join => {
            let parts: Vec<String> = (0..2 + numbers.below(3)).map(|_| query(numbers, depth - 1)).collect();
            format!("({})", parts.join(if join == 2 { " " } else { " or " }))
        }
    }
}

/// A finding of any shape that the service's types allow, with most things missing.
fn random_finding(numbers: &mut Numbers, n: usize) -> Value {
    let mut finding = json!({ "metadata": { "uid": format!("u{n}") }, "finding_info": { "uid": format!("f{n}") } });
    let texts = ["a", "b", "ab", "A b", "b-a", "x"];
    let times = [0, 1, 36 * 3_600_000, 7 * 86_400_000 - 1, 7 * 86_400_000, 7 * 86_400_000 + 1, 31 * 86_400_000, -60_000];
    let pick = |numbers: &mut Numbers, values: &[Value]| numbers.pick(values).clone();
    let mut set = |path: &str, value: Value| {
        let mut at = &mut finding;
        for step in path.split('.') {
            at = &mut at[step];
        }
        *at = value;
    };
    for (path, values) in [
        ("finding_info.title", texts.map(Value::from).to_vec()),
        ("comment", texts.map(Value::from).to_vec()),
        ("cloud.account.uid", vec![json!("1"), json!("2"), json!(1)]),
        ("cloud.account.name", vec![json!("one"), json!("two")]),
        ("cloud.region", vec![json!("eu-1"), json!("us-1")]),
        ("severity_id", [0, 1, 2, 3, 4, 5, 6, 99].map(Value::from).to_vec()),
        ("severity", vec![json!("High"), json!("Critical"), json!("Mine")]),
        ("status_id", [1, 2, 3, 4].map(Value::from).to_vec()),
        ("status", vec![json!("New"), json!("Suppressed")]),
        ("vendor_attributes.severity_id", [1, 2, 4, 99].map(Value::from).to_vec()),
        ("metadata.profiles", vec![json!(["cloud"]), json!([])]),
    ] {
        if numbers.below(4) > 0 {
            set(path, pick(numbers, &values));
        }
    }
    for path in ["created_time_dt", "modified_time_dt", "last_seen_time_dt"] {
        if numbers.below(4) > 0 {
            let ago = numbers.pick(&times);
            set(&format!("finding_info.{path}"), json!(Millis(NOW - ago).to_text()));
        }
    }
    let vulnerability = |numbers: &mut Numbers| {
        json!({
            "cve": {
                "uid": pick(numbers, &[json!("CVE-1"), json!("CVE-2"), Value::Null]),
                "cvss": numbers.some(&[7.0, 9.8, 5.5], 2).iter().map(|score| json!({ "base_score": score })).collect::<Vec<_>>(),
                "epss": { "score": pick(numbers, &[json!("0.5"), json!(0.9), json!("0.01"), Value::Null]) },
            },
            "is_exploit_available": pick(numbers, &[json!(true), json!(false), Value::Null]),
            "is_fix_available": pick(numbers, &[json!(true), json!(false), Value::Null]),
        })
    };
    let vulnerabilities: Vec<Value> = (0..numbers.below(3)).map(|_| vulnerability(numbers)).collect();
    set("vulnerabilities", vulnerabilities.into());
    let tags = [
        json!({ "name": "env", "value": "prod" }),
        json!({ "name": "env", "value": "test" }),
        json!({ "name": "team", "values": ["prod", "b"] }),
    ];
    let resources: Vec<Value> = (0..numbers.below(3)).map(|_| json!({ "tags": numbers.some(&tags, 2) })).collect();
    set("resources", resources.into());
    let endpoint = |numbers: &mut Numbers| json!({ "ip": pick(numbers, &[json!("10.1.2.3"), json!("192.0.2.1"), json!("2001:db8::1"), json!("here")]) });
    let evidences: Vec<Value> =
        (0..numbers.below(3)).map(|_| json!({ "src_endpoint": endpoint(numbers), "dst_endpoint": endpoint(numbers) })).collect();
    set("evidences", evidences.into());
    finding
}

fn uids<'a>(findings: impl Iterator<Item = &'a Value>, matcher: &Matcher) -> Vec<String> {
    let mut uids: Vec<String> = findings
        .filter(|document| {
            let identity = Identity::Unaddressable(String::new());
            matcher.matches(&Subject { identity: &identity, document, now: Millis(NOW), values: None })
        })
        .map(|finding| finding["metadata"]["uid"].as_str().unwrap().to_owned())
        .collect();
    uids.sort();
    uids
}

#[tokio::test]
async fn what_the_service_finds_matched_here_again_is_just_what_the_query_means() {
    let mut numbers = Numbers(11);
    let findings: Vec<Value> = (0..90).map(|n| random_finding(&mut numbers, n)).collect();
    let queries: Vec<String> =
        CLAUSES.iter().map(|clause| format!("!({clause})")).chain((0..300).map(|_| query(&mut numbers, 4))).collect();
    let (mut exact, mut narrowed) = (0, 0);
    for same_field in [SameField::ByDocumentation, SameField::ByOperator] {
        let settings = Settings { findings: Findings::from(findings.clone()), same_field, clock: Clock::Fixed(NOW), ..Settings::default() };
        let (_emulator, hub) = with_settings(settings).await;
        for text in queries.iter().map(String::as_str).chain(CLAUSES) {
            let asked: Query = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            let found = documents(&scan(&hub, &asked, &[]).await.unwrap_or_else(|error| panic!("{text}: {error}")));
            let matcher = Matcher::new(&asked);
            let meant = uids(findings.iter(), &matcher);
            assert_eq!(uids(found.iter(), &matcher), meant, "{text}, {same_field:?}");
            narrowed += usize::from(found.len() < findings.len());
            if Served::of(&asked).local.is_empty() {
                assert_eq!(found.len(), meant.len(), "{text}, {same_field:?}: nothing is said to be applied here");
                exact += 1;
            }
            if !meant.is_empty() || found.is_empty() {
                assert_eq!(
                    hub.reader.total(asked).await.unwrap() as usize,
                    found.iter().filter(|one| one.get("severity").is_some()).count(),
                    "{text}"
                );
            }
        }
    }
    assert!(exact > 100 && narrowed > 300, "the queries try too little: {exact} exact, {narrowed} narrowed");
}
