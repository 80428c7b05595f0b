//! Hand-written truths: one finding, one filter, whether it passes.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use rstest::rstest;
use serde_json::{Value, json};

use super::{Filter, Rules, SameField, TextComparison};
use crate::emulator::finding::Finding;

/// 2026-11-24T00:00:00Z.
const NOW: i64 = 1_795_478_400_000;

fn rules() -> Rules {
    Rules { same_field: SameField::ByDocumentation, refused: Vec::new(), now: NOW }
}

fn finding() -> Finding {
    let document = json!({
        "metadata": { "uid": "m-1", "product": { "name": "GuardDuty", "uid": "arn:p" } },
        "finding_info": {
            "uid": "f-1",
            "title": "Lambda function \"billing\" is public",
            "types": ["TTPs/Initial Access", "Posture"],
            "modified_time_dt": "2026-11-20T12:00:00.500Z",
            "created_time_dt": "2026-10-01T02:00:00+02:00",
            "tags": { "team": "blue" },
        },
        "severity": "High", "severity_id": 4,
        "status": "New", "status_id": 1,
        "confidence_score": 80,
        "compliance": { "assessments": [{ "meets_criteria": false }, { "meets_criteria": true }] },
        "resources": [
            { "uid": "i-1", "type": "AWS::EC2::Instance", "tags": [{ "name": "env", "value": "prod" }, { "name": "owner" }] },
            { "uid": "b-1", "type": "AWS::S3::Bucket", "tags": [{ "name": "env", "value": "test" }] },
        ],
        "evidences": [
            { "src_endpoint": { "ip": "203.0.113.9", "port": 443 }, "dst_endpoint": { "ip": "2001:db8::7" } },
            { "src_endpoint": { "ip": "10.1.2.3", "port": 22 } },
        ],
        "vulnerabilities": [{ "cve": { "uid": "CVE-2026-1", "epss": { "score": 0.5 } }, "is_fix_available": true }],
        "comment": null,
        "vendor_attributes": { "severity": "Low", "severity_id": 2 },
    });
    Finding::new(&document, 1)
}

fn read(filters: &Value, rules: &Rules) -> Filter {
    Filter::read(filters, "Filters", rules).unwrap()
}

fn passes(filters: &Value) -> bool {
    read(filters, &rules()).matches(&finding())
}

fn composite(kind: &str, entries: &Value, operator: &str) -> Value {
    json!({ "CompositeFilters": [{ kind: entries, "Operator": operator }] })
}

fn text(field: &str, comparison: &str, value: &str) -> Value {
    json!({ "FieldName": field, "Filter": { "Value": value, "Comparison": comparison } })
}

fn refusal(filters: &Value) -> String {
    let failure = Filter::read(filters, "Filters", &rules()).unwrap_err();
    assert_eq!(failure.code, "ValidationException");
    failure.message
}

#[rstest]
#[case("severity", "EQUALS", "High", true)]
#[case("severity", "EQUALS", "high", false)]
#[case("severity", "EQUALS", "Hig", false)]
#[case("severity", "NOT_EQUALS", "Low", true)]
#[case("severity", "NOT_EQUALS", "High", false)]
#[case("finding_info.title", "PREFIX", "Lambda f", true)]
#[case("finding_info.title", "PREFIX", "function", false)]
#[case("finding_info.title", "PREFIX_NOT_EQUALS", "Lambda", false)]
#[case("finding_info.title", "PREFIX_NOT_EQUALS", "Bucket", true)]
#[case("finding_info.title", "CONTAINS", "\"billing\" is", true)]
#[case("finding_info.title", "CONTAINS", "Billing", false)]
#[case("finding_info.title", "NOT_CONTAINS", "billing", false)]
#[case("finding_info.title", "NOT_CONTAINS", "Billing", true)]
#[case("finding_info.title", "CONTAINS_WORD", "BILLING", true)]
#[case("finding_info.title", "CONTAINS_WORD", "bill", false)]
#[case("finding_info.title", "CONTAINS_WORD", "billing is", true)]
#[case("finding_info.title", "CONTAINS_WORD", "is billing", false)]
#[case("finding_info.title", "CONTAINS_WORD", "\"", false)]
#[case("finding_info.types", "CONTAINS_WORD", "access", true)]
// Any element of an array that meets it is enough; an exclusion asks that none does.
#[case("resources.type", "EQUALS", "AWS::S3::Bucket", true)]
#[case("resources.type", "NOT_EQUALS", "AWS::S3::Bucket", false)]
#[case("resources.type", "NOT_EQUALS", "AWS::IAM::Role", true)]
#[case("resources.type", "PREFIX", "AWS::EC2", true)]
// What is absent or null is not found, and is not excluded.
#[case("comment", "EQUALS", "x", false)]
#[case("comment", "PREFIX", "x", false)]
#[case("comment", "NOT_EQUALS", "x", true)]
#[case("comment", "NOT_CONTAINS", "x", true)]
#[case("cloud.region", "PREFIX_NOT_EQUALS", "eu", true)]
#[case("vulnerabilities.cve.uid", "EQUALS", "CVE-2026-1", true)]
// A number where the model filters by text is compared by its digits.
#[case("vulnerabilities.cve.epss.score", "EQUALS", "0.5", true)]
#[case("vendor_attributes.severity", "EQUALS", "Low", true)]
fn string_comparison_holds(#[case] field: &str, #[case] comparison: &str, #[case] value: &str, #[case] expected: bool) {
    assert_eq!(passes(&composite("StringFilters", &json!([text(field, comparison, value)]), "AND")), expected);
}

#[rstest]
#[case("severity_id", json!({ "Eq": 4 }), true)]
#[case("severity_id", json!({ "Eq": 4.0 }), true)]
#[case("severity_id", json!({ "Eq": 3 }), false)]
#[case("severity_id", json!({ "Gte": 4 }), true)]
#[case("severity_id", json!({ "Gt": 4 }), false)]
#[case("severity_id", json!({ "Lte": 4 }), true)]
#[case("severity_id", json!({ "Lt": 4 }), false)]
#[case("severity_id", json!({ "Gte": 1, "Lt": 5 }), true)]
#[case("severity_id", json!({ "Gte": 1, "Lt": 3 }), false)]
#[case("evidences.src_endpoint.port", json!({ "Eq": 22 }), true)]
#[case("evidences.src_endpoint.port", json!({ "Gt": 443 }), false)]
// No single value lies between: the limits are asked of one value at a time.
#[case("evidences.src_endpoint.port", json!({ "Gt": 22, "Lt": 443 }), false)]
#[case("activity_id", json!({ "Lte": 99 }), false)]
fn number_comparison_holds(#[case] field: &str, #[case] filter: Value, #[case] expected: bool) {
    assert_eq!(passes(&composite("NumberFilters", &json!([{ "FieldName": field, "Filter": filter }]), "AND")), expected);
}

#[rstest]
#[case("finding_info.modified_time_dt", json!({ "Start": "2026-11-20T12:00:00.500Z", "End": "2026-11-20T12:00:00.500Z" }), true)]
#[case("finding_info.modified_time_dt", json!({ "Start": "2026-11-20T12:00:00.501Z" }), false)]
#[case("finding_info.modified_time_dt", json!({ "End": "2026-11-20T12:00:00.499Z" }), false)]
#[case("finding_info.modified_time_dt", json!({ "Start": "2026-11-20", "End": "2026-11-21" }), true)]
// The stored time has an offset: it is midnight of the 1st, UTC.
#[case("finding_info.created_time_dt", json!({ "Start": "2026-10-01T00:00:00Z", "End": "2026-10-01T00:00:00Z" }), true)]
#[case("finding_info.modified_time_dt", json!({ "DateRange": { "Value": 4, "Unit": "DAYS" } }), true)]
#[case("finding_info.modified_time_dt", json!({ "DateRange": { "Value": 3, "Unit": "DAYS" } }), false)]
#[case("finding_info.modified_time_dt", json!({ "DateRange": { "Value": 3, "Unit": "DAYS", "Comparison": "WITHIN" } }), false)]
#[case("finding_info.modified_time_dt", json!({ "DateRange": { "Value": 3, "Unit": "DAYS", "Comparison": "OLDER_THAN" } }), true)]
#[case("finding_info.modified_time_dt", json!({ "DateRange": { "Value": 4, "Unit": "DAYS", "Comparison": "OLDER_THAN" } }), false)]
// Exactly 54 days old: within 54 days, not older than that.
#[case("finding_info.created_time_dt", json!({ "DateRange": { "Value": 54, "Unit": "DAYS" } }), true)]
#[case("finding_info.created_time_dt", json!({ "DateRange": { "Value": 54, "Unit": "DAYS", "Comparison": "OLDER_THAN" } }), false)]
#[case("finding_info.first_seen_time_dt", json!({ "End": "2030-01-01T00:00:00Z" }), false)]
fn date_comparison_holds(#[case] field: &str, #[case] filter: Value, #[case] expected: bool) {
    assert_eq!(passes(&composite("DateFilters", &json!([{ "FieldName": field, "Filter": filter }]), "AND")), expected);
}

#[rstest]
#[case("vulnerabilities.is_fix_available", true, true)]
#[case("vulnerabilities.is_fix_available", false, false)]
#[case("vulnerabilities.is_exploit_available", false, false)]
#[case("compliance.assessments.meets_criteria", true, true)]
#[case("compliance.assessments.meets_criteria", false, true)]
fn boolean_comparison_holds(#[case] field: &str, #[case] value: bool, #[case] expected: bool) {
    assert_eq!(passes(&composite("BooleanFilters", &json!([{ "FieldName": field, "Filter": { "Value": value } }]), "AND")), expected);
}

#[rstest]
#[case("resources.tags", "env", "prod", "EQUALS", true)]
#[case("resources.tags", "env", "test", "EQUALS", true)]
#[case("resources.tags", "env", "pro", "EQUALS", false)]
#[case("resources.tags", "Env", "prod", "EQUALS", false)]
// The value of another key does not count.
#[case("resources.tags", "owner", "prod", "EQUALS", false)]
#[case("resources.tags", "env", "prod", "NOT_EQUALS", false)]
#[case("resources.tags", "env", "stage", "NOT_EQUALS", true)]
#[case("resources.tags", "absent", "x", "NOT_EQUALS", true)]
#[case("finding_info.tags", "team", "blue", "EQUALS", true)]
#[case("databucket.tags", "team", "blue", "EQUALS", false)]
fn map_comparison_holds(#[case] field: &str, #[case] key: &str, #[case] value: &str, #[case] comparison: &str, #[case] expected: bool) {
    let filter = json!({ "Key": key, "Value": value, "Comparison": comparison });
    assert_eq!(passes(&composite("MapFilters", &json!([{ "FieldName": field, "Filter": filter }]), "AND")), expected);
}

#[rstest]
#[case("evidences.src_endpoint.ip", "203.0.113.0/24", true)]
#[case("evidences.src_endpoint.ip", "203.0.113.77/24", true)]
#[case("evidences.src_endpoint.ip", "10.0.0.0/8", true)]
#[case("evidences.src_endpoint.ip", "10.1.2.3", true)]
#[case("evidences.src_endpoint.ip", "10.1.2.4/32", false)]
#[case("evidences.src_endpoint.ip", "0.0.0.0/0", true)]
#[case("evidences.src_endpoint.ip", "::/0", false)]
#[case("evidences.dst_endpoint.ip", "2001:db8::/32", true)]
#[case("evidences.dst_endpoint.ip", "2001:db9::/32", false)]
#[case("evidences.dst_endpoint.ip", "::/0", true)]
fn ip_comparison_holds(#[case] field: &str, #[case] cidr: &str, #[case] expected: bool) {
    assert_eq!(passes(&composite("IpFilters", &json!([{ "FieldName": field, "Filter": { "Cidr": cidr } }]), "AND")), expected);
}

#[test]
fn operators_join_filters_of_all_kinds() {
    let mut filters = json!({ "CompositeFilters": [{
        "StringFilters": [text("severity", "EQUALS", "High")],
        "NumberFilters": [{ "FieldName": "status_id", "Filter": { "Eq": 4 } }],
        "Operator": "AND",
    }] });
    assert!(!passes(&filters), "only one of two holds");
    filters["CompositeFilters"][0]["Operator"] = json!("OR");
    assert!(passes(&filters));
}

#[test]
fn composites_are_joined_by_the_composite_operator() {
    let high = json!({ "StringFilters": [text("severity", "EQUALS", "High")] });
    let resolved = json!({ "StringFilters": [text("status", "EQUALS", "Resolved")] });
    assert!(!passes(&json!({ "CompositeFilters": [high, resolved], "CompositeOperator": "AND" })));
    assert!(!passes(&json!({ "CompositeFilters": [high, resolved] })), "AND unless said otherwise");
    assert!(passes(&json!({ "CompositeFilters": [high, resolved], "CompositeOperator": "OR" })));
}

#[test]
fn nested_composites_count_as_filters_of_their_composite() {
    let nested = json!({ "NestedCompositeFilters": [
        { "StringFilters": [text("severity", "EQUALS", "Low")] },
        { "StringFilters": [text("status", "EQUALS", "New")] },
    ] });
    let with = |operator: &str, outer: &str| {
        let mut composite = nested.clone();
        composite["StringFilters"] = json!([text("metadata.uid", "EQUALS", outer)]);
        composite["Operator"] = json!(operator);
        json!({ "CompositeFilters": [composite] })
    };
    assert!(!passes(&with("AND", "m-1")));
    assert!(passes(&with("OR", "m-2")), "one nested composite holds");
}

#[test]
fn no_filters_let_everything_pass() {
    for filters in [json!({}), json!({ "CompositeFilters": [] }), json!({ "CompositeFilters": [{}] })] {
        assert!(passes(&filters), "{filters}");
    }
}

#[test]
fn values_looked_for_on_one_field_are_alternatives_whatever_the_operator() {
    let entries = json!([text("status", "EQUALS", "New"), text("status", "EQUALS", "In Progress")]);
    assert!(passes(&composite("StringFilters", &entries, "AND")));
    let literal = Rules { same_field: SameField::ByOperator, ..rules() };
    assert!(!read(&composite("StringFilters", &entries, "AND"), &literal).matches(&finding()));
}

#[test]
fn values_excluded_on_one_field_are_all_excluded_whatever_the_operator() {
    let entries = json!([text("status", "NOT_EQUALS", "New"), text("status", "NOT_EQUALS", "Resolved")]);
    assert!(!passes(&composite("StringFilters", &entries, "OR")));
    let literal = Rules { same_field: SameField::ByOperator, ..rules() };
    assert!(read(&composite("StringFilters", &entries, "OR"), &literal).matches(&finding()));
}

#[test]
fn prefixes_and_exclusions_on_one_field_both_apply() {
    let entries = |excluded: &str| {
        json!([
            text("metadata.product.name", "PREFIX", "Guard"),
            text("metadata.product.name", "PREFIX", "Insp"),
            text("metadata.product.name", "NOT_EQUALS", excluded),
        ])
    };
    assert!(passes(&composite("StringFilters", &entries("GuardRail"), "AND")));
    assert!(!passes(&composite("StringFilters", &entries("GuardDuty"), "AND")));
}

#[rstest]
#[case("EQUALS", "EQUALS", false)]
#[case("EQUALS", "PREFIX", false)]
#[case("EQUALS", "CONTAINS_WORD", false)]
#[case("EQUALS", "NOT_EQUALS", true)]
#[case("EQUALS", "PREFIX_NOT_EQUALS", true)]
#[case("EQUALS", "CONTAINS", true)]
#[case("PREFIX", "NOT_EQUALS", false)]
#[case("PREFIX", "PREFIX_NOT_EQUALS", false)]
#[case("NOT_EQUALS", "PREFIX_NOT_EQUALS", false)]
#[case("CONTAINS", "CONTAINS", false)]
#[case("CONTAINS", "NOT_CONTAINS", true)]
#[case("CONTAINS", "PREFIX", true)]
#[case("NOT_CONTAINS", "NOT_CONTAINS", false)]
#[case("NOT_CONTAINS", "NOT_EQUALS", true)]
fn comparisons_that_exclude_each_other_are_refused_on_one_field(#[case] one: &str, #[case] two: &str, #[case] refused: bool) {
    for (first, second) in [(one, two), (two, one)] {
        let same = composite("StringFilters", &json!([text("comment", first, "a"), text("comment", second, "b")]), "AND");
        assert_eq!(Filter::read(&same, "Filters", &rules()).is_err(), refused, "{first} with {second}");
        let apart = composite("StringFilters", &json!([text("comment", first, "a"), text("status", second, "b")]), "AND");
        assert!(Filter::read(&apart, "Filters", &rules()).is_ok(), "other fields are no matter");
    }
}

#[test]
fn a_tag_may_not_be_looked_for_and_excluded_at_once() {
    let tag = |key: &str, comparison: &str| json!({ "FieldName": "resources.tags", "Filter": { "Key": key, "Value": "v", "Comparison": comparison } });
    let message = refusal(&composite("MapFilters", &json!([tag("a", "EQUALS"), tag("a", "NOT_EQUALS")]), "AND"));
    assert!(message.contains("can't be combined on the same field"), "{message}");
    read(&composite("MapFilters", &json!([tag("a", "EQUALS"), tag("b", "NOT_EQUALS")]), "AND"), &rules());
}

#[rstest]
#[case(json!([]), "'Filters'", "structure")]
#[case(json!({ "Composite": [] }), "'Filters.Composite'", "unknown")]
#[case(json!({ "CompositeOperator": "XOR" }), "'Filters.CompositeOperator'", "[AND, OR]")]
#[case(json!({ "CompositeFilters": {} }), "'Filters.CompositeFilters'", "list")]
#[case(json!({ "CompositeFilters": [{ "StringFilters": [{}] }] }), "CompositeFilters[0].StringFilters[0].FieldName", "null")]
#[case(json!({ "CompositeFilters": [{ "StringFilters": [{ "FieldName": "status" }] }] }), "StringFilters[0].Filter", "null")]
#[case(composite("StringFilters", &json!([text("no.such", "EQUALS", "x")]), "AND"), "StringFilters[0].FieldName", "enum value set")]
#[case(composite("StringFilters", &json!([text("severity_id", "EQUALS", "4")]), "AND"), "StringFilters[0].FieldName", "enum value set")]
#[case(composite("StringFilters", &json!([text("status", "LIKE", "x")]), "AND"), "Filter.Comparison", "CONTAINS_WORD")]
#[case(composite("StringFilters", &json!([text("status", "EQUALS", " ")]), "AND"), "Filter.Value", "pattern")]
#[case(composite("StringFilters", &json!([{ "FieldName": "status", "Filter": { "Value": "x" } }]), "AND"), "Filter.Comparison", "null")]
#[case(composite("StringFilters", &json!([{ "FieldName": "status", "Filter": { "Value": 1, "Comparison": "EQUALS" } }]), "AND"), "Filter.Value", "string")]
#[case(composite("NumberFilters", &json!([{ "FieldName": "status_id", "Filter": {} }]), "AND"), "NumberFilters[0].Filter", "Gte")]
#[case(composite("NumberFilters", &json!([{ "FieldName": "status_id", "Filter": { "Eq": "1" } }]), "AND"), "Filter.Eq", "number")]
#[case(composite("NumberFilters", &json!([{ "FieldName": "status", "Filter": { "Eq": 1 } }]), "AND"), "FieldName", "enum value set")]
#[case(composite("DateFilters", &json!([{ "FieldName": "finding_info.created_time_dt", "Filter": {} }]), "AND"), "Filter", "DateRange")]
#[case(composite("DateFilters", &json!([{ "FieldName": "finding_info.created_time_dt", "Filter": { "Start": "yesterday" } }]), "AND"), "Filter.Start", "ISO 8601")]
#[case(composite("DateFilters", &json!([{ "FieldName": "finding_info.created_time_dt", "Filter": { "DateRange": { "Value": 0, "Unit": "DAYS" } } }]), "AND"), "DateRange.Value", "greater")]
#[case(composite("DateFilters", &json!([{ "FieldName": "finding_info.created_time_dt", "Filter": { "DateRange": { "Value": 1, "Unit": "HOURS" } } }]), "AND"), "DateRange.Unit", "[DAYS]")]
#[case(composite("DateFilters", &json!([{ "FieldName": "finding_info.created_time_dt", "Filter": { "Start": "2026-01-01T00:00:00Z", "DateRange": { "Value": 1, "Unit": "DAYS" } } }]), "AND"), "Filter", "combined")]
#[case(composite("BooleanFilters", &json!([{ "FieldName": "vulnerabilities.is_fix_available", "Filter": { "Value": "true" } }]), "AND"), "Filter.Value", "boolean")]
#[case(composite("MapFilters", &json!([{ "FieldName": "resources.tags", "Filter": { "Key": "a", "Value": "b", "Comparison": "CONTAINS" } }]), "AND"), "Filter.Comparison", "automation rules")]
#[case(composite("MapFilters", &json!([{ "FieldName": "resources.tags", "Filter": { "Value": "b", "Comparison": "EQUALS" } }]), "AND"), "Filter.Key", "null")]
#[case(composite("IpFilters", &json!([{ "FieldName": "evidences.src_endpoint.ip", "Filter": { "Cidr": "10.0.0.0/33" } }]), "AND"), "Filter.Cidr", "CIDR")]
#[case(composite("IpFilters", &json!([{ "FieldName": "evidences.src_endpoint.ip", "Filter": { "Cidr": "everywhere" } }]), "AND"), "Filter.Cidr", "CIDR")]
fn bad_filter_is_refused_by_place_and_reason(#[case] filters: Value, #[case] place: &str, #[case] reason: &str) {
    let message = refusal(&filters);
    assert!(message.contains(place) && message.contains(reason), "{message}");
}

#[test]
fn more_than_ten_composites_are_refused() {
    read(&json!({ "CompositeFilters": vec![json!({}); 10] }), &rules());
    assert!(refusal(&json!({ "CompositeFilters": vec![json!({}); 11] })).contains("less than or equal to 10"));
}

#[test]
fn more_than_twenty_filters_of_a_kind_are_refused() {
    let entries = |count| json!(vec![text("status", "EQUALS", "x"); count]);
    read(&composite("StringFilters", &entries(20), "OR"), &rules());
    assert!(refusal(&composite("StringFilters", &entries(21), "OR")).contains("less than or equal to 20"));
}

#[test]
fn a_second_layer_of_nesting_is_refused() {
    let nested = |depth: usize| (0..depth).fold(json!({}), |inner, _| json!({ "NestedCompositeFilters": [inner] }));
    read(&json!({ "CompositeFilters": [nested(1)] }), &rules());
    assert!(refusal(&json!({ "CompositeFilters": [nested(2)] })).contains("one level deep"));
}

#[test]
fn a_comparison_that_the_release_lacks_is_refused() {
    let filters = composite("StringFilters", &json!([text("comment", "CONTAINS", "x")]), "AND");
    let rules = Rules { refused: vec![TextComparison::Contains], ..rules() };
    let failure = Filter::read(&filters, "Filters", &rules).unwrap_err();
    assert!(failure.message.contains("CONTAINS is not supported"), "{}", failure.message);
}
