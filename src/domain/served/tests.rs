//! Tables of shapes, limits and reasons, and of clauses told from messages.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use rstest::rstest;

use super::{Compared, Composite, Days, Filter, Nested, Operator, Served, Wanted, WhyLocal};
use crate::domain::{
    identity::{Identifier, Identity},
    query::{
        Query,
        expr::{Network, Relation},
    },
    time::Millis,
};

fn served(text: &str) -> Served {
    Served::of(&text.parse::<Query>().unwrap())
}

/// `and[…]` and `or[…]` for the list, `and(…)` and `or(…)` for composites, `and{…}` and `or{…}` for nested ones.
fn shown(served: &Served) -> String {
    match served.wanted {
        Wanted::Nothing => "nothing".to_owned(),
        Wanted::Everything => "everything".to_owned(),
        Wanted::Filtered => {
            let composites: Vec<String> = served.composites.iter().map(composite).collect();
            format!("{}[{}]", operator(served.operator), composites.join(" "))
        }
    }
}

fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::And => "and",
        Operator::Or => "or",
    }
}

fn composite(composite: &Composite) -> String {
    let nested = composite.nested.iter().map(|Nested { operator: joined, filters }| {
        format!("{}{{{}}}", operator(*joined), filters.iter().map(filter).collect::<Vec<_>>().join(", "))
    });
    format!("{}({})", operator(composite.operator), composite.filters.iter().map(filter).chain(nested).collect::<Vec<_>>().join(", "))
}

fn filter(filter: &Filter) -> String {
    let field = filter.field;
    match &filter.compared {
        Compared::Text(comparison, text) => format!("{field} {} {text}", comparison.name()),
        Compared::Number(relation, number) => {
            let sign = match relation {
                Relation::Equal => "=",
                Relation::Less => "<",
                Relation::AtMost => "<=",
                Relation::Greater => ">",
                Relation::AtLeast => ">=",
            };
            format!("{field} {sign} {number}")
        }
        Compared::Age(Days::Within(days)) => format!("{field} WITHIN {days}"),
        Compared::Age(Days::OlderThan(days)) => format!("{field} OLDER_THAN {days}"),
        Compared::Between(start, end) => {
            let text = |time: Option<Millis>| time.and_then(Millis::to_text).unwrap_or_default();
            format!("{field} {}..{}", text(*start), text(*end))
        }
        Compared::Flag(flag) => format!("{field} is {flag}"),
        Compared::Map(comparison, key, value) => format!("{field} {} {key}={value}", comparison.name()),
        Compared::Ip(Network { address, prefix }) => format!("{field} in {address}/{prefix}"),
    }
}

fn reasons(served: &Served) -> Vec<(&str, &WhyLocal)> {
    served.local.iter().map(|local| (local.clause.as_str(), &local.why)).collect()
}

#[rstest]
// One clause, one filter.
#[case("title:x", "and[and(finding_info.title EQUALS x)]")]
#[case("title:x*", "and[and(finding_info.title PREFIX x)]")]
#[case("title~x", "and[and(finding_info.title CONTAINS x)]")]
#[case("title~~x", "and[and(finding_info.title CONTAINS_WORD x)]")]
#[case("!title:x", "and[and(finding_info.title NOT_EQUALS x)]")]
#[case("!title:x*", "and[and(finding_info.title PREFIX_NOT_EQUALS x)]")]
#[case("!title~x", "and[and(finding_info.title NOT_CONTAINS x)]")]
#[case("cvss:7", "and[and(vulnerabilities.cve.cvss.base_score = 7)]")]
#[case("cvss>=7.5", "and[and(vulnerabilities.cve.cvss.base_score >= 7.5)]")]
#[case("age<=7d", "and[and(finding_info.created_time_dt WITHIN 7)]")]
#[case("seen>30d", "and[and(finding_info.last_seen_time_dt OLDER_THAN 30)]")]
#[case("seen>2w", "and[and(finding_info.last_seen_time_dt OLDER_THAN 14)]")]
#[case("exploit:yes", "and[and(vulnerabilities.is_exploit_available is true)]")]
#[case("tag:env=prod", "and[and(resources.tags EQUALS env=prod)]")]
#[case("!tag:env=prod", "and[and(resources.tags NOT_EQUALS env=prod)]")]
#[case("src:10.0.0.0/8", "and[and(evidences.src_endpoint.ip in 10.0.0.0/8)]")]
#[case("src:10.0.0.1", "and[and(evidences.src_endpoint.ip in 10.0.0.1/32)]")]
// Lists are joined by OR, and excluded lists by AND.
#[case("status:new,in_progress", "or[or(status_id = 1, status_id = 2)]")]
#[case("status:new,new", "and[and(status_id = 1)]")]
#[case("!title:x,y", "and[and(finding_info.title NOT_EQUALS x, finding_info.title NOT_EQUALS y)]")]
#[case("severity>=high", "or[or(severity_id = 5, severity_id = 4, severity_id = 6)]")]
#[case("severity<low", "and[and(severity_id = 1)]")]
#[case("severity<informational", "nothing")]
#[case("severity<informational or title:x", "and[and(finding_info.title EQUALS x)]")]
#[case("!severity<informational", "everything")]
// A short name of several paths.
#[case("account:1", "or[or(cloud.account.uid EQUALS 1, cloud.account.name EQUALS 1)]")]
#[case("!account:1", "and[and(cloud.account.uid NOT_EQUALS 1, cloud.account.name NOT_EQUALS 1)]")]
// Terms are joined by AND: single filters share a composite, lists have their own.
#[case(
    "status:new,in_progress title:x region:eu-* account:1",
    "and[and(finding_info.title EQUALS x, cloud.region PREFIX eu-) or(status_id = 1, status_id = 2) \
     or(cloud.account.uid EQUALS 1, cloud.account.name EQUALS 1)]"
)]
#[case("title:x or region:eu-*", "or[or(finding_info.title EQUALS x, cloud.region PREFIX eu-)]")]
#[case("title:x region:y or comment:z", "or[or(comment EQUALS z) and(finding_info.title EQUALS x, cloud.region EQUALS y)]")]
#[case(
    "type:t (title:x region:y or comment:z)",
    "and[and(resources.type EQUALS t) or(comment EQUALS z, and{finding_info.title EQUALS x, cloud.region EQUALS y})]"
)]
#[case(
    "type:t (region:a or title:b) or comment:c",
    "or[or(comment EQUALS c) and(resources.type EQUALS t, or{cloud.region EQUALS a, finding_info.title EQUALS b})]"
)]
// A negation goes down to the clauses.
#[case("!(title:x or region:y)", "and[and(finding_info.title NOT_EQUALS x, cloud.region NOT_EQUALS y)]")]
#[case("!(title:x region:y)", "or[or(finding_info.title NOT_EQUALS x, cloud.region NOT_EQUALS y)]")]
#[case("!(!title:x region:y)", "or[or(finding_info.title EQUALS x, cloud.region NOT_EQUALS y)]")]
// Looked for on one field by AND: a composite each, whichever rule joins filters of one field.
#[case("title~x title~y", "and[and(finding_info.title CONTAINS x) and(finding_info.title CONTAINS y)]")]
#[case("cvss>=7 cvss<9", "and[and(vulnerabilities.cve.cvss.base_score >= 7) and(vulnerabilities.cve.cvss.base_score < 9)]")]
#[case("tag:a=1 tag:b=2", "and[and(resources.tags EQUALS a=1) and(resources.tags EQUALS b=2)]")]
// Excluded on one field by OR: likewise.
#[case("!title:x or !title:y", "or[or(finding_info.title NOT_EQUALS x) or(finding_info.title NOT_EQUALS y)]")]
// Comparisons that are refused together are never together.
#[case("title:x or title~y", "or[or(finding_info.title EQUALS x) or(finding_info.title CONTAINS y)]")]
#[case("title:x or title:y*", "or[or(finding_info.title EQUALS x, finding_info.title PREFIX y)]")]
#[case("title:x !title:y", "and[and(finding_info.title EQUALS x) and(finding_info.title NOT_EQUALS y)]")]
#[case("title~x !title~y", "and[and(finding_info.title CONTAINS x) and(finding_info.title NOT_CONTAINS y)]")]
#[case("!title:x !title~y", "and[and(finding_info.title NOT_EQUALS x) and(finding_info.title NOT_CONTAINS y)]")]
#[case("!title:x !title:y*", "and[and(finding_info.title NOT_EQUALS x, finding_info.title PREFIX_NOT_EQUALS y)]")]
#[case("title:x or !title:y", "or[or(finding_info.title EQUALS x) or(finding_info.title NOT_EQUALS y)]")]
fn a_query_becomes_just_these_filters(#[case] text: &str, #[case] expected: &str) {
    let served = served(text);
    assert_eq!(shown(&served), expected);
    assert_eq!(served.local, [], "nothing is applied here");
}

#[rstest]
// Ends of spans of time: a millisecond more where an end is meant to be included, as the service may not include it.
#[case("created:2026-01-31", "2026-01-30T23:59:59.999Z..2026-02-01T00:00:00.000Z")]
#[case("created<2026-01-31", "..2026-01-31T00:00:00.000Z")]
#[case("created<=2026-01-31", "..2026-02-01T00:00:00.000Z")]
#[case("created>2026-01-31", "2026-01-31T23:59:59.999Z..")]
#[case("created>=2026-01-31", "2026-01-30T23:59:59.999Z..")]
#[case("created>=2026-01-31T12:00:00Z", "2026-01-31T11:59:59.999Z..")]
#[case("created>2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z..")]
#[case("created<2026-01-31T12:00:00Z", "..2026-01-31T12:00:00.000Z")]
#[case("created<=2026-01-31T12:00:00Z", "..2026-01-31T12:00:00.001Z")]
// Ages are in whole days there, at least one.
#[case("age<7d", "WITHIN 7")]
#[case("age<12h", "WITHIN 1")]
#[case("age<=36h", "WITHIN 2")]
#[case("age<0d", "WITHIN 1")]
#[case("age>36h", "OLDER_THAN 1")]
#[case("age>=30d", "OLDER_THAN 29")]
#[case("age>=36h", "OLDER_THAN 1")]
#[case("age>40000d", "OLDER_THAN 36500")]
fn times_are_asked_for_a_little_more_widely(#[case] text: &str, #[case] expected: &str) {
    let served = served(text);
    assert_eq!(shown(&served), format!("and[and(finding_info.created_time_dt {expected})]"));
    let clause = text.parse::<Query>().unwrap().to_string();
    assert_eq!(reasons(&served), [(clause.as_str(), &WhyLocal::Exactness)]);
    assert!(served.local[0].why.is_minor());
}

#[rstest]
#[case("resources.data.public:yes", WhyLocal::NotServed("resources.data.public".to_owned()))]
#[case("!resources.data.public:yes", WhyLocal::NotServed("resources.data.public".to_owned()))]
#[case("epss>=0.5", WhyLocal::Untyped("vulnerabilities.cve.epss.score".to_owned()))]
#[case("cve:*", WhyLocal::NoComparison("vulnerabilities.cve.uid".to_owned()))]
#[case("!cve:*", WhyLocal::NoComparison("vulnerabilities.cve.uid".to_owned()))]
#[case("tag~env=prod", WhyLocal::AutomationRulesOnly)]
#[case("!tag~env=prod", WhyLocal::AutomationRulesOnly)]
#[case("tag:env=pr*", WhyLocal::NoComparison("resources.tags".to_owned()))]
#[case("tag:env", WhyLocal::NoComparison("resources.tags".to_owned()))]
#[case("!status:suppressed", WhyLocal::Negation("status_id".to_owned()))]
#[case("!severity>=high", WhyLocal::Negation("severity_id".to_owned()))]
#[case("!cvss>=7", WhyLocal::Negation("vulnerabilities.cve.cvss.base_score".to_owned()))]
#[case("!age<7d", WhyLocal::Negation("finding_info.created_time_dt".to_owned()))]
#[case("!exploit:yes", WhyLocal::Negation("vulnerabilities.is_exploit_available".to_owned()))]
#[case("!src:10.0.0.0/8", WhyLocal::Negation("evidences.src_endpoint.ip".to_owned()))]
#[case("!title~~x", WhyLocal::Negation("finding_info.title".to_owned()))]
#[case("title:\" \"", WhyLocal::Value)]
#[case("title~~s3.8", WhyLocal::Value)]
#[case("age>12h", WhyLocal::NoComparison("finding_info.created_time_dt".to_owned()))]
fn what_the_service_cannot_do_is_applied_here_and_does_not_narrow_the_rest(#[case] text: &str, #[case] why: WhyLocal) {
    let alone = served(text);
    assert_eq!(shown(&alone), "everything");
    assert_eq!(reasons(&alone), [(text, &why)]);
    let within_and = served(&format!("region:eu {text}"));
    assert_eq!(shown(&within_and), "and[and(cloud.region EQUALS eu)]");
    assert_eq!(reasons(&within_and), [(text, &why)]);
    let text = format!("region:eu or {text}");
    let within_or = served(&text);
    assert_eq!(shown(&within_or), "everything");
    assert_eq!(reasons(&within_or), [(text.as_str(), &why)]);
}

#[test]
fn several_words_are_looked_for_each_by_itself() {
    let served = served("title~~\"public bucket\"");
    assert_eq!(shown(&served), "and[and(finding_info.title CONTAINS_WORD public) and(finding_info.title CONTAINS_WORD bucket)]");
    assert_eq!(served.local[0].why, WhyLocal::Exactness);
}

#[test]
fn an_or_keeps_what_each_of_its_parts_is_sure_of() {
    let served = served("title:x epss>=0.5 or region:y cve:*");
    assert_eq!(shown(&served), "or[or(finding_info.title EQUALS x, cloud.region EQUALS y)]");
    let clauses: Vec<&str> = served.local.iter().map(|local| local.clause.as_str()).collect();
    assert_eq!(clauses, ["epss>=0.5", "cve:*"]);
}

fn list(field: &str, count: usize) -> String {
    format!("{field}:{}", (0..count).map(|n| format!("v{n}")).collect::<Vec<_>>().join(","))
}

/// Filters of each composite, and of those nested in it.
fn sizes(served: &Served) -> Vec<(usize, Vec<usize>)> {
    let nested = |composite: &Composite| composite.nested.iter().map(|nested| nested.filters.len()).collect();
    served.composites.iter().map(|composite| (composite.filters.len(), nested(composite))).collect()
}

#[rstest]
#[case(list("uid", 20), vec![(20, vec![])])]
#[case(list("uid", 21), vec![(20, vec![]), (1, vec![])])]
#[case(list("uid", 200), vec![(20, vec![]); 10])]
// Beside something else a list has one composite, and what does not fit is nested in it.
#[case(format!("status:new {}", list("uid", 45)), vec![(1, vec![]), (20, vec![20, 5])])]
// More than ten composites are nested in one another.
#[case(list("uid", 201), vec![(0, vec![20; 10]), (0, vec![1])])]
#[case(format!("!{}", list("uid", 25)), vec![(20, vec![]), (5, vec![])])]
fn long_lists_are_spread_over_composites(#[case] text: String, #[case] expected: Vec<(usize, Vec<usize>)>) {
    let served = served(&text);
    assert_eq!(sizes(&served), expected);
    assert_eq!(served.local, []);
}

#[test]
fn a_list_beyond_all_room_is_applied_here() {
    let text = list("uid", 2_001);
    assert_eq!((shown(&served(&text)).as_str(), reasons(&served(&text))), ("everything", vec![(text.as_str(), &WhyLocal::TooMany)]));
    let text = list("uid", 221);
    let both = served(&format!("title:x {text}"));
    assert_eq!(
        (shown(&both).as_str(), reasons(&both)),
        ("and[and(finding_info.title EQUALS x)]", vec![(text.as_str(), &WhyLocal::TooMany)])
    );
}

#[test]
fn more_than_ten_terms_are_nested_and_those_beyond_all_room_are_applied_here() {
    let terms = |count: usize| (0..count).map(|n| format!("title:a{n},b{n}")).collect::<Vec<_>>().join(" ");
    let served = |count: usize| served(&terms(count));
    assert_eq!(sizes(&served(10)), vec![(2, vec![]); 10]);
    assert_eq!(sizes(&served(11)), [(0, vec![2; 10]), (0, vec![2])]);
    assert_eq!((served(100).composites.len(), served(100).local.len()), (10, 0));
    let more = served(101);
    assert_eq!((more.composites.len(), reasons(&more)), (10, vec![("title:a100,b100", &WhyLocal::TooMany)]));
}

#[test]
fn what_is_nested_too_deeply_is_applied_here() {
    // Four layers under a list joined by AND: the last one is left out of an AND.
    let and = served("type:t (comment:c or title:x (region:y or product:z))");
    assert_eq!(shown(&and), "and[and(resources.type EQUALS t) or(comment EQUALS c, and{finding_info.title EQUALS x})]");
    assert_eq!(reasons(&and), [("region:y or product:z", &WhyLocal::TooDeep)]);
    // Under a list joined by OR it is an AND: one of its parts stands for it.
    let or = served("comment:c or type:t (title:x or region:y product:z)");
    assert_eq!(shown(&or), "or[or(comment EQUALS c) and(resources.type EQUALS t, or{finding_info.title EQUALS x, cloud.region EQUALS y})]");
    assert_eq!(reasons(&or), [("region:y product:z", &WhyLocal::TooDeep)]);
}

#[test]
fn comparisons_that_cannot_be_apart_in_the_last_layer_are_applied_here() {
    let served = served("comment:c or type:t (title:x or title~y)");
    assert_eq!(shown(&served), "or[or(comment EQUALS c) and(resources.type EQUALS t)]");
    assert_eq!(reasons(&served), [("title:x or title~y", &WhyLocal::MixedComparisons)]);
}

#[test]
fn named_findings_are_asked_for_by_name() {
    let uid = |n: usize| Identity::MetadataUid(format!("u{n}"));
    let identifier = |n: usize| {
        Identity::Identifier(Identifier { account_uid: format!("a{n}"), finding_uid: format!("f{n}"), product_uid: "p".to_owned() })
    };
    assert_eq!(
        shown(&Served::of(&Query::Findings(vec![uid(1), uid(1), identifier(2), Identity::Unaddressable("d".to_owned())]))),
        "or[or(metadata.uid EQUALS u1) and(cloud.account.uid EQUALS a2, finding_info.uid EQUALS f2, metadata.product.uid EQUALS p)]"
    );
    assert_eq!(shown(&Served::of(&Query::Findings(Vec::new()))), "nothing");
    assert_eq!(shown(&Served::of(&Query::Everything)), "everything");
}

const REFUSED: &str = "status:new,in_progress title~public !comment~JIRA (type:t region:y or product:p) tag:env=prod";

#[rstest]
#[case("1 validation error detected: Value at 'Filters.CompositeFilters[0].StringFilters[0].Filter.Comparison' failed to satisfy constraint: CONTAINS is not supported by this operation", &["title~public"])]
#[case("Value at 'filters.compositeFilters.1.member.stringFilters.2.member.filter.value' failed", &["!comment~JIRA"])]
#[case("'/compositeFilters/0/mapFilters/0/filter/key' is not valid", &["tag:env=prod"])]
#[case("Value at 'Filters.CompositeFilters[1]' failed", &["status:new,in_progress"])]
#[case("Value at 'Filters.CompositeFilters[2].NestedCompositeFilters[0].StringFilters[1].FieldName'", &["region:y"])]
#[case("Value at 'Filters.CompositeFilters[0].StringFilters' failed to satisfy constraint: NOT_CONTAINS filters can't be combined on the same field, comment", &["!comment~JIRA"])]
#[case("field finding_info.title does not support CONTAINS", &["title~public"])]
#[case("The field 'comment' cannot be filtered.", &["!comment~JIRA"])]
#[case("NOT_CONTAINS works only with automation rules", &["!comment~JIRA"])]
#[case("Invalid value for cloud.region.", &["region:y"])]
// What cannot be told is not guessed.
#[case("Value at 'Filters.CompositeFilters[7].StringFilters[0]' failed", &[])]
#[case("no comment", &[])]
#[case("cloud.region_name is wrong", &[])]
#[case("", &[])]
fn the_offending_clause_is_told_from_the_message(#[case] message: &str, #[case] expected: &[&str]) {
    assert_eq!(served(REFUSED).offenders(message), expected);
}
