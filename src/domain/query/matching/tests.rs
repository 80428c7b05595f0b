//! Tables of truths, written from the descriptions of the language and of OCSF by hand: for each kind of field what a document must hold
//! for a clause to hold. Each row is asked three times: as it is, negated, and negated twice.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::{
    query::{
        expr::{DateTest, How, MapTest, Moment, Network, Pattern, Relation, Span, Test, Unit},
        field::Field,
    },
    severity::SeverityId,
    status::StatusId,
};

use How::{Contains, Equals, Prefix, Word};
use Relation::{AtLeast, AtMost, Equal, Greater, Less};

/// 2026-01-31T12:00:00Z.
const NOW: Millis = Millis(1_769_860_800_000);

fn field(name: &str) -> Field {
    Field::named(name).unwrap_or_else(|| panic!("{name} is a field"))
}

fn clause(name: &str, test: Test) -> Expr {
    Expr::Clause(Clause { field: field(name), test })
}

fn not(expr: &Expr) -> Expr {
    Expr::Not(Box::new(expr.clone()))
}

fn pattern(how: How, text: &str) -> Pattern {
    Pattern { how, text: text.to_owned() }
}

fn holds_with(expr: &Expr, document: &Value, values: Option<&Values>) -> bool {
    let identity = Identity::MetadataUid("u".into());
    Matcher::of(expr).matches(&Subject { identity: &identity, document, now: NOW, values })
}

/// Asserts whether a clause holds, and that its negation says the contrary.
fn check(name: &str, test: &Test, document: &Value, expected: bool) {
    let expr = clause(name, test.clone());
    assert_eq!(holds_with(&expr, document, None), expected, "{name} {test:?} of {document}");
    assert_eq!(holds_with(&not(&expr), document, None), !expected, "negated: {name} {test:?} of {document}");
    assert_eq!(holds_with(&not(&not(&expr)), document, None), expected, "negated twice: {name} {test:?} of {document}");
}

fn title(text: &str) -> Value {
    json!({"finding_info": {"title": text}})
}

#[test]
fn texts_are_compared_as_they_are_and_case_counts_but_for_words() {
    let bucket = title("S3 Bucket is public");
    for (how, text, expected) in [
        (Equals, "S3 Bucket is public", true),
        (Equals, "s3 bucket is public", false),
        (Equals, "S3 Bucket", false),
        (Equals, "S3 Bucket is public ", false),
        (Prefix, "S3 ", true),
        (Prefix, "S3 Bucket is public", true),
        (Prefix, "s3", false),
        (Prefix, "Bucket", false),
        (Contains, "Bucket is", true),
        (Contains, "bucket", false),
        (Contains, "S3 Bucket is public!", false),
        (Word, "bucket", true),
        (Word, "BUCKET IS", true),
        (Word, "bucket public", false),
        (Word, "buck", false),
        (Word, "s3-bucket", true),
        (Word, "--", false),
        (Word, "public", true),
        (Word, "is public now", false),
    ] {
        check("title", &Test::Text(vec![pattern(how, text)]), &bucket, expected);
    }
}

#[test]
fn hostile_and_foreign_texts_are_compared_raw() {
    for (text, how, wanted, expected) in [
        ("a\u{202e}b", Equals, "a\u{202e}b", true),
        ("a\u{202e}b", Equals, "a<U+202E>b", false),
        ("a\u{1b}[31mb", Contains, "\u{1b}[", true),
        (" padded ", Equals, "padded", false),
        (" padded ", Contains, "padded", true),
        ("straße ÄRGER", Word, "ärger", true),
        ("straße ÄRGER", Word, "STRASSE", false),
        ("ΟΔΟΣ one", Word, "οδος", true),
        ("line\nbreak", Word, "line break", true),
        ("a_b", Word, "a b", true),
        ("aa ab", Word, "a", false),
        ("the the end", Word, "the end", true),
        ("café", Equals, "cafe\u{301}", false),
        ("", Contains, "a", false),
        ("CVE-2026-1234", Word, "cve-2026", true),
        ("CVE-2026-12345", Word, "CVE-2026-1234", false),
    ] {
        check("title", &Test::Text(vec![pattern(how, wanted)]), &title(text), expected);
    }
}

#[test]
fn values_of_other_types_meet_a_text_as_their_digits_or_their_word_and_branches_never() {
    for (value, wanted, expected) in [
        (json!(5), "5", true),
        (json!(5.5), "5.5", true),
        (json!(5.0), "5", false),
        (json!(true), "true", true),
        (json!(null), "null", false),
        (json!({}), "{}", false),
        (json!({"title": "x"}), "x", false),
        (json!([]), "[]", false),
        (json!(["x", "y"]), "y", true),
        (json!([["x"], [null, ["y"]]]), "y", true),
        (json!(["xy"]), "x", false),
    ] {
        check("title", &Test::Text(vec![pattern(Equals, wanted)]), &json!({"finding_info": {"title": value}}), expected);
    }
    // What another member holds, or the same name elsewhere, is none of its business.
    for document in [json!({}), json!({"title": "x"}), json!({"finding_info": "x"}), json!({"finding_info": null}), json!("x"), json!(null)]
    {
        check("title", &Test::Text(vec![pattern(Equals, "x")]), &document, false);
    }
}

#[test]
fn one_of_several_patterns_suffices() {
    let either = Test::Text(vec![pattern(Equals, "S3.8"), pattern(Prefix, "EC2.")]);
    for (control, expected) in [("S3.8", true), ("EC2.19", true), ("S3.80", false), ("ec2.19", false), ("", false)] {
        check("control", &either, &json!({"compliance": {"control": control}}), expected);
    }
    check("control", &either, &json!({"compliance": {"status": "S3.8"}}), false);
}

#[test]
fn any_value_at_any_path_of_a_field_suffices() {
    let arn = "arn:aws:s3:::logs";
    let resource = Test::Text(vec![pattern(Contains, "logs")]);
    for (document, expected) in [
        (json!({"resources": [{"uid": arn}]}), true),
        (json!({"resources": [{"uid": "i-1"}, {"uid": arn}]}), true),
        (json!({"resources": [{"uid": "i-1"}, {"name": "logs"}]}), true),
        (json!({"resources": {"uid": arn}}), true),
        (json!({"resources": [3, null, "logs", {"uid": arn}]}), true),
        (json!({"resources": [[{"uid": arn}]]}), true),
        (json!({"resources": [{"uid": "i-1", "uid_alt": arn}]}), false),
        (json!({"resources": "logs"}), false),
        (json!({"resources": []}), false),
        (json!({"resources": [{"uid": {"uid": arn}}]}), false),
    ] {
        check("resource", &resource, &document, expected);
    }
    let account = Test::Text(vec![pattern(Equals, "payments")]);
    check("account", &account, &json!({"cloud": {"account": {"uid": "1", "name": "payments"}}}), true);
    check("account", &account, &json!({"cloud": {"account": {"uid": "payments"}}}), true);
    // The account of a resource's owner is another field.
    check("account", &account, &json!({"resources": [{"owner": {"account": {"uid": "payments"}}}]}), false);
    check("owner", &account, &json!({"resources": [{"owner": {"account": {"name": "payments"}}}]}), true);
    check("owner", &account, &json!({"resources": [{"owner": "payments"}]}), false);
}

#[test]
fn lists_inside_lists_add_no_step() {
    let package = Test::Text(vec![pattern(Equals, "openssl")]);
    let document = json!({"vulnerabilities": [{"affected_packages": [{"name": "zlib"}]}, {"affected_packages": [{"name": "curl"}, {"name": "openssl"}]}]});
    check("package", &package, &document, true);
    check("vulnerabilities.affected_packages.name", &package, &document, true);
    check("vulnerabilities.affected_packages.version", &package, &document, false);
    let cve = Test::Text(vec![pattern(Equals, "CVE-2026-1234")]);
    check("cve", &cve, &json!({"vulnerabilities": [{"cve": {"uid": "CVE-2026-1"}}, {"cve": {"uid": "CVE-2026-1234"}}]}), true);
    check("cve", &cve, &json!({"vulnerabilities": {"cve": {"uid": "CVE-2026-1234"}}}), true);
    let standard = Test::Text(vec![pattern(Contains, "cis")]);
    check("standard", &standard, &json!({"compliance": {"standards": ["standards/pci", "standards/cis/v/1.4"]}}), true);
    check("standard", &standard, &json!({"compliance": {"standards": "standards/cis/v/1.4"}}), true);
}

#[test]
fn numbers_are_numbers_of_the_document_and_texts_are_none_where_the_service_filters() {
    let scores = |scores: Value| json!({"vulnerabilities": [{"cve": {"cvss": [{"base_score": scores}]}}]});
    for (value, relation, limit, expected) in [
        (json!(9.8), AtLeast, 9.0, true),
        (json!(9), AtLeast, 9.0, true),
        (json!(9.0), Equal, 9.0, true),
        (json!(8.9), AtLeast, 9.0, false),
        (json!(9), Greater, 9.0, false),
        (json!(9.1), Greater, 9.0, true),
        (json!(9), AtMost, 9.0, true),
        (json!(9), Less, 9.0, false),
        (json!(7), Less, 9.0, true),
        (json!(0), Less, 0.1, true),
        (json!(-1), Less, 0.0, true),
        (json!("9.8"), AtLeast, 9.0, false),
        (json!("9.8"), Less, 10.0, false),
        (json!(null), Less, 10.0, false),
        (json!(true), AtLeast, 0.0, false),
        (json!({"base_score": 9.8}), AtLeast, 9.0, false),
        (json!([4, 9.8]), AtLeast, 9.0, true),
    ] {
        check("cvss", &Test::Number(relation, vec![limit]), &scores(value), expected);
    }
    // Vendors disagree: the one with 9.8 meets one clause, the one with 7.1 another.
    let both = json!({"vulnerabilities": [{"cve": {"cvss": [{"base_score": 9.8, "vendor_name": "NVD"}, {"base_score": 7.1}]}}]});
    check("cvss", &Test::Number(AtLeast, vec![9.0]), &both, true);
    check("cvss", &Test::Number(Less, vec![8.0]), &both, true);
    check("cvss", &Test::Number(Equal, vec![1.0, 7.1]), &both, true);
    check("cvss", &Test::Number(Greater, vec![9.8]), &both, false);
    check("cvss", &Test::Number(AtLeast, vec![0.0]), &json!({}), false);
    let port = Test::Number(Equal, vec![22.0, 3389.0]);
    check("evidences.src_endpoint.port", &port, &json!({"evidences": [{"src_endpoint": {"port": 3389}}]}), true);
    check("evidences.src_endpoint.port", &port, &json!({"evidences": [{"src_endpoint": {"port": "22"}}]}), false);
    check("evidences.src_endpoint.port", &port, &json!({"evidences": [{"dst_endpoint": {"port": 22}}]}), false);
    check("compliance.status_id", &Test::Number(Equal, vec![3.0]), &json!({"compliance": {"status_id": 3}, "status_id": 1}), true);
}

#[test]
fn severities_have_an_order_of_their_own_and_unknown_and_other_no_place_in_it() {
    for (id, relation, wanted, expected) in [
        (json!(4), AtLeast, 4, true),
        (json!(5), AtLeast, 4, true),
        (json!(6), AtLeast, 4, true),
        (json!(3), AtLeast, 4, false),
        (json!(99), AtLeast, 4, false),
        (json!(0), AtLeast, 1, false),
        (json!(4), Greater, 4, false),
        (json!(5), Greater, 4, true),
        (json!(6), Greater, 5, true),
        (json!(4), AtMost, 4, true),
        (json!(1), AtMost, 4, true),
        (json!(0), AtMost, 4, false),
        (json!(99), AtMost, 6, false),
        (json!(3), Less, 4, true),
        (json!(0), Less, 4, false),
        (json!(99), Less, 6, false),
        (json!(7), Greater, 5, false),
        (json!(-1), Less, 4, false),
        (json!(4.5), AtLeast, 4, false),
        (json!(5.0), AtLeast, 4, true),
        (json!(0), Equal, 0, true),
        (json!(99), Equal, 99, true),
        (json!(42), Equal, 42, true),
        (json!(4), Equal, 5, false),
        (json!("4"), Equal, 4, false),
        (json!(null), Equal, 0, false),
        (json!(5), AtMost, 99, false),
        (json!(5), AtLeast, 0, false),
    ] {
        check("severity", &Test::Severity(relation, vec![SeverityId(wanted)]), &json!({"severity_id": id}), expected);
    }
    let two = Test::Severity(Equal, vec![SeverityId::HIGH, SeverityId::CRITICAL]);
    check("severity", &two, &json!({"severity_id": 5, "severity": "Low"}), true);
    check("severity", &two, &json!({"severity": "High"}), false);
    check("vendor_severity", &two, &json!({"severity_id": 1, "vendor_attributes": {"severity_id": 4}}), true);
    check("vendor_severity", &two, &json!({"severity_id": 4}), false);
}

#[test]
fn statuses_are_ids_and_their_texts_are_other_fields() {
    let open = Test::Status(vec![StatusId::NEW, StatusId::IN_PROGRESS]);
    for (document, expected) in [
        (json!({"status_id": 1}), true),
        (json!({"status_id": 2, "status": "anything"}), true),
        (json!({"status_id": 2.0}), true),
        (json!({"status_id": 3}), false),
        (json!({"status_id": "1"}), false),
        (json!({"status": "New"}), false),
        (json!({"compliance": {"status_id": 1}}), false),
        (json!({}), false),
    ] {
        check("status", &open, &document, expected);
    }
    check("status", &Test::Status(vec![StatusId(99)]), &json!({"status_id": 99, "status": "On Hold"}), true);
    check("status_text", &Test::Text(vec![pattern(Equals, "On Hold")]), &json!({"status_id": 99, "status": "On Hold"}), true);
    check("status_text", &Test::Text(vec![pattern(Equals, "On Hold")]), &json!({"compliance": {"status": "On Hold"}}), false);
}

const SEVEN_DAYS: Span = Span { count: 7, unit: Unit::Days };

#[test]
fn ages_count_from_the_time_at_its_own_path_to_the_present() {
    let created = |text: Value| json!({"finding_info": {"created_time_dt": text}});
    for (text, relation, expected) in [
        ("2026-01-30T12:00:00Z", Less, true),
        ("2026-01-24T12:00:00.001Z", Less, true),
        ("2026-01-24T12:00:00Z", Less, false),
        ("2026-01-24T12:00:00Z", AtMost, true),
        ("2026-01-24T12:00:00Z", AtLeast, true),
        ("2026-01-24T12:00:00Z", Greater, false),
        ("2026-01-24T11:59:59.999Z", Greater, true),
        ("2025-06-01T00:00:00Z", Less, false),
        ("2025-06-01T00:00:00Z", Greater, true),
        ("2027-06-01T00:00:00Z", Less, true),
        ("2027-06-01T00:00:00Z", Greater, false),
        ("2026-01-31T14:00:00+02:00", Less, true),
        ("2026-01-24T12:00:00+02:00", Less, false),
        ("2026-01-30T12:00:00.123456789Z", Less, true),
        ("2026-01-30T12:00:00.123456", Less, true),
        ("2026-01-30T12:00:00", Less, true),
        (" 2026-01-30T12:00:00Z", Less, false),
        ("yesterday", Less, false),
        ("", Less, false),
    ] {
        check("age", &Test::Date(DateTest::Age(relation, SEVEN_DAYS)), &created(json!(text)), expected);
    }
    let young = Test::Date(DateTest::Age(Less, SEVEN_DAYS));
    check("age", &young, &created(json!(NOW.0)), false);
    check("age", &young, &created(json!(null)), false);
    // The epoch twin is not what the service filters by.
    check("age", &young, &json!({"finding_info": {"created_time": NOW.0}}), false);
    check("age", &Test::Date(DateTest::Age(Greater, SEVEN_DAYS)), &json!({"finding_info": {"created_time": 1_700_000_000_000_i64}}), false);
    check("seen", &young, &json!({"finding_info": {"last_seen_time_dt": "2026-01-31T00:00:00Z"}}), true);
    check("seen", &young, &created(json!("2026-01-31T00:00:00Z")), false);
}

#[test]
fn units_of_time_have_their_lengths() {
    for (count, unit, ago, expected) in [
        (30, Unit::Minutes, 29 * 60_000, true),
        (30, Unit::Minutes, 31 * 60_000, false),
        (12, Unit::Hours, 11 * 3_600_000, true),
        (12, Unit::Hours, 13 * 3_600_000, false),
        (2, Unit::Weeks, 13 * 86_400_000, true),
        (2, Unit::Weeks, 15 * 86_400_000, false),
        (u32::MAX, Unit::Weeks, 15 * 86_400_000, true),
    ] {
        let at = Millis(NOW.0 - ago).to_text().unwrap();
        let document = json!({"finding_info": {"modified_time_dt": at}});
        check("modified", &Test::Date(DateTest::Age(Less, Span { count, unit })), &document, expected);
    }
}

#[test]
fn a_day_is_all_of_it_and_a_moment_is_one_millisecond() {
    // 2026-01-30T00:00:00Z.
    let day = Moment::Day(Millis(1_769_731_200_000));
    let time = Moment::Time(Millis(1_769_731_200_000));
    for (text, relation, moment, expected) in [
        ("2026-01-30T00:00:00Z", Equal, day, true),
        ("2026-01-30T23:59:59.999Z", Equal, day, true),
        ("2026-01-31T00:00:00Z", Equal, day, false),
        ("2026-01-29T23:59:59.999Z", Equal, day, false),
        ("2026-01-30T23:00:00Z", Greater, day, false),
        ("2026-01-31T00:00:00Z", Greater, day, true),
        ("2026-01-30T00:00:00Z", AtLeast, day, true),
        ("2026-01-29T23:59:59Z", AtLeast, day, false),
        ("2026-01-29T23:59:59Z", Less, day, true),
        ("2026-01-30T00:00:00Z", Less, day, false),
        ("2026-01-30T23:59:59Z", AtMost, day, true),
        ("2026-01-31T00:00:00Z", AtMost, day, false),
        ("2026-01-30T00:00:00Z", Equal, time, true),
        ("2026-01-30T00:00:00.000999Z", Equal, time, true),
        ("2026-01-30T00:00:00.001Z", Equal, time, false),
        ("2026-01-30T00:00:00.001Z", Greater, time, true),
        ("2026-01-30T00:00:00Z", Greater, time, false),
        ("2026-01-29T23:59:59.999Z", Less, time, true),
        ("2026-01-30T00:00:00Z", AtMost, time, true),
        ("2026-01-30T00:00:00Z", AtLeast, time, true),
        // Without an offset it is UTC; a day alone is its midnight.
        ("2026-01-30T01:00:00+02:00", Equal, day, false),
        ("2026-01-30", Equal, time, true),
    ] {
        let document = json!({"finding_info": {"first_seen_time_dt": text}});
        check("first_seen", &Test::Date(DateTest::Moment(relation, moment)), &document, expected);
    }
}

#[test]
fn flags_are_booleans_and_nothing_else() {
    let fix = |value: Value| json!({"vulnerabilities": [{"is_fix_available": value}]});
    for (value, wanted, expected) in [
        (json!(true), true, true),
        (json!(false), true, false),
        (json!(false), false, true),
        (json!("true"), true, false),
        (json!(1), true, false),
        (json!(null), false, false),
        (json!([false, true]), true, true),
    ] {
        check("fix", &Test::Flag(wanted), &fix(value), expected);
    }
    check("fix", &Test::Flag(false), &json!({}), false);
    let some = json!({"vulnerabilities": [{"is_exploit_available": false}, {"is_exploit_available": true}]});
    check("exploit", &Test::Flag(true), &some, true);
    check("exploit", &Test::Flag(false), &some, true);
    let assessments = json!({"compliance": {"assessments": [{"meets_criteria": false}]}});
    check("compliance.assessments.meets_criteria", &Test::Flag(false), &assessments, true);
}

fn pair(key: &str, value: Option<(How, &str)>) -> Test {
    Test::Map(vec![MapTest { key: key.to_owned(), value: value.map(|(how, text)| pattern(how, text)) }])
}

#[test]
fn tags_are_names_with_values() {
    let env = json!({"resources": [{"tags": [{"name": "team", "value": "pay"}, {"name": "env", "value": "prod-eu"}]}]});
    for (test, expected) in [
        (pair("env", Some((Equals, "prod-eu"))), true),
        (pair("env", Some((Equals, "prod"))), false),
        (pair("env", Some((Equals, "PROD-EU"))), false),
        (pair("env", Some((Prefix, "prod"))), true),
        (pair("env", Some((Contains, "eu"))), true),
        (pair("env", Some((Contains, "pay"))), false),
        (pair("env", None), true),
        (pair("ENV", None), false),
        (pair("owner", None), false),
        (pair("owner", Some((Equals, ""))), false),
        (pair("team", Some((Equals, "prod-eu"))), false),
        (pair("name", Some((Equals, "env"))), false),
    ] {
        check("tag", &test, &env, expected);
    }
    let either = Test::Map(vec![
        MapTest { key: "env".to_owned(), value: Some(pattern(Equals, "dev")) },
        MapTest { key: "team".to_owned(), value: Some(pattern(Equals, "pay")) },
    ]);
    check("tag", &either, &env, true);
    for (tags, test, expected) in [
        (json!([{"name": "env"}]), pair("env", Some((Equals, ""))), true),
        (json!([{"name": "env"}]), pair("env", None), true),
        (json!([{"name": "env", "value": null}]), pair("env", Some((Equals, ""))), true),
        (json!({"env": "prod"}), pair("env", Some((Equals, "prod"))), true),
        (json!({"name": "env", "value": "prod"}), pair("env", Some((Equals, "prod"))), true),
        (json!([{"env": "prod"}, {"env": "dev"}]), pair("env", Some((Equals, "dev"))), true),
        (json!({"env": 3}), pair("env", None), false),
        (json!("env=prod"), pair("env", None), false),
        (json!(["env"]), pair("env", None), false),
        (json!([]), pair("env", None), false),
        (json!(null), pair("env", None), false),
    ] {
        check("tag", &test, &json!({"resources": [{"tags": tags}]}), expected);
    }
    check("tag", &pair("env", None), &json!({}), false);
    check("tag", &pair("env", None), &json!({"finding_info": {"tags": [{"name": "env", "value": "x"}]}}), false);
}

#[test]
fn parameters_of_a_control_have_several_values() {
    let parameters =
        json!({"compliance": {"control_parameters": [{"name": "ports", "values": ["22", "3389"]}, {"name": "days", "values": []}]}});
    for (test, expected) in [
        (pair("ports", Some((Equals, "3389"))), true),
        (pair("ports", Some((Equals, "80"))), false),
        (pair("ports", None), true),
        (pair("days", None), false),
    ] {
        check("compliance.control_parameters", &test, &parameters, expected);
    }
    check(
        "databucket.tags",
        &pair("env", Some((Equals, "prod"))),
        &json!({"databucket": {"tags": [{"name": "env", "value": "prod"}]}}),
        true,
    );
    check(
        "finding_info.tags",
        &pair("env", Some((Equals, "prod"))),
        &json!({"finding_info": {"tags": [{"name": "env", "value": "dev"}]}}),
        false,
    );
}

#[test]
fn addresses_lie_in_networks_of_their_own_version() {
    let source = |ip: Value| json!({"evidences": [{"src_endpoint": {"ip": ip}}]});
    for (ip, network, prefix, expected) in [
        ("198.51.100.7", "198.51.100.0", 24, true),
        ("198.51.101.7", "198.51.100.0", 24, false),
        ("198.51.100.7", "198.51.100.7", 32, true),
        ("198.51.100.8", "198.51.100.7", 32, false),
        ("198.51.100.7", "0.0.0.0", 0, true),
        ("198.51.100.129", "198.51.100.128", 25, true),
        ("198.51.100.127", "198.51.100.128", 25, false),
        ("2001:db8::1", "2001:db8::", 32, true),
        ("2001:db9::1", "2001:db8::", 32, false),
        ("2001:db8::1", "::", 0, true),
        ("2001:db8::1", "0.0.0.0", 0, false),
        ("198.51.100.7", "::", 0, false),
        ("::ffff:198.51.100.7", "198.51.100.0", 24, false),
        ("198.51.100.7:443", "198.51.100.0", 24, false),
        ("198.51.100", "198.51.100.0", 24, false),
        ("", "0.0.0.0", 0, false),
    ] {
        let test = Test::Ip(vec![Network { address: network.parse().unwrap(), prefix }]);
        check("src", &test, &source(json!(ip)), expected);
    }
    let all =
        Test::Ip(vec![Network { address: "0.0.0.0".parse().unwrap(), prefix: 0 }, Network { address: "::".parse().unwrap(), prefix: 0 }]);
    check("src", &all, &source(json!(3_325_256_711_u32)), false);
    check("src", &all, &source(json!(["x", "::1"])), true);
    check("dst", &all, &source(json!("::1")), false);
    check("src", &all, &json!({}), false);
}

#[test]
fn present_is_any_value_that_says_something() {
    for (value, expected) in [
        (json!("x"), true),
        (json!(0), true),
        (json!(false), true),
        (json!(""), false),
        (json!(" \n"), false),
        (json!(null), false),
        (json!([]), false),
        (json!([null, ""]), false),
        (json!([null, "x"]), true),
        (json!({}), false),
        (json!({"a": null}), true),
        (json!([{}, {"a": 1}]), true),
    ] {
        check("comment", &Test::Present, &json!({"comment": value}), expected);
        check("unmapped.some.thing", &Test::Present, &json!({"unmapped": {"some": [{"thing": value}]}}), expected);
    }
    check("comment", &Test::Present, &json!({}), false);
    check("cve", &Test::Present, &json!({"vulnerabilities": [{"title": "x"}]}), false);
    check("tag", &Test::Present, &json!({"resources": [{"tags": [{"name": "env"}]}]}), true);
}

#[test]
fn a_path_that_the_service_does_not_filter_by_is_read_leniently() {
    let at = |value: Value| json!({"unmapped": {"x": value}});
    for (value, relation, limit, expected) in [
        (json!("0.94422"), AtLeast, 0.5, true),
        (json!("0.94422"), Less, 0.5, false),
        (json!(3), AtLeast, 3.0, true),
        (json!("1e3"), Equal, 1000.0, true),
        (json!("-2"), Less, 0.0, true),
        (json!("high"), AtLeast, 0.0, false),
        (json!(" 5"), AtLeast, 0.0, false),
        (json!("inf"), AtLeast, 0.0, false),
        (json!("0x10"), AtLeast, 0.0, false),
        (json!("011122223333"), AtLeast, 0.0, false),
        (json!("12345678901234567890"), AtLeast, 0.0, false),
        (json!(true), AtLeast, 0.0, false),
        (json!(["a", "7"]), Equal, 7.0, true),
    ] {
        check("unmapped.x", &Test::Number(relation, vec![limit]), &at(value), expected);
    }
    for (value, wanted, expected) in [
        (json!("0.50"), "0.5", true),
        (json!(0.5), "0.50", true),
        (json!(3.0), "3", true),
        (json!("011122223333"), "11122223333", false),
        (json!("12345678901234567891"), "12345678901234567890", false),
        (json!(12_345_678_901_234_567_891_u64), "12345678901234567891", true),
        (json!("abc"), "abc", true),
        (json!("ABC"), "abc", false),
        (json!(false), "false", true),
    ] {
        check("unmapped.x", &Test::Text(vec![pattern(Equals, wanted)]), &at(value), expected);
    }
    check("unmapped.x", &Test::Text(vec![pattern(Prefix, "0.5")]), &at(json!("0.50")), true);
    check("unmapped.x", &Test::Text(vec![pattern(Prefix, "0.50")]), &at(json!(0.5)), false);
    let epss = json!({"vulnerabilities": [{"cve": {"epss": {"score": "0.94422"}}}]});
    check("epss", &Test::Number(AtLeast, vec![0.5]), &epss, true);
    check("epss", &Test::Number(Less, vec![0.5]), &epss, false);
    let young = Test::Date(DateTest::Age(Less, SEVEN_DAYS));
    check("unmapped.x", &young, &at(json!(NOW.0 / 1_000)), true);
    check("unmapped.x", &young, &at(json!(NOW.0)), true);
    check("unmapped.x", &young, &at(json!(NOW.0 * 1_000)), true);
    check("unmapped.x", &young, &at(json!(1_700_000_000)), false);
}

#[test]
fn expressions_join_as_they_say() {
    let document = json!({"status_id": 1, "severity_id": 4, "comment": "x"});
    let (new, low) =
        (clause("status", Test::Status(vec![StatusId::NEW])), clause("severity", Test::Severity(Equal, vec![SeverityId::LOW])));
    for (expr, expected) in [
        (Expr::All(vec![new.clone(), not(&low)]), true),
        (Expr::All(vec![new.clone(), low.clone()]), false),
        (Expr::Any(vec![low.clone(), new.clone()]), true),
        (Expr::Any(vec![low.clone(), not(&new)]), false),
        (not(&Expr::All(vec![new.clone(), low.clone()])), true),
        (not(&Expr::Any(vec![new.clone(), low])), false),
        (Expr::All(vec![clause("cve", Test::Present), new]), false),
    ] {
        assert_eq!(holds_with(&expr, &document, None), expected, "{expr:?}");
    }
}

#[test]
fn what_changed_since_the_document_came_counts_and_nothing_else_of_the_row() {
    let raw = "a\u{202e}b";
    let document = json!({"status_id": 1, "status": "New", "severity_id": 4, "severity": "Hoch", "comment": raw});
    let same = finding::values_of(&document);
    let changed = Values { status: Some(StatusId::SUPPRESSED), severity: Some(SeverityId(42)), comment: Some("JIRA-12".to_owned()) };
    let nothing = Values::default();
    let status = |id: i32| clause("status", Test::Status(vec![StatusId(id)]));
    let severity = |id: i32| clause("severity", Test::Severity(Equal, vec![SeverityId(id)]));
    let text = |name: &str, wanted: &str| clause(name, Test::Text(vec![pattern(Equals, wanted)]));
    for (expr, of_document, of_changed, of_nothing) in [
        (status(1), true, false, false),
        (status(3), false, true, false),
        (not(&status(1)), false, true, true),
        (severity(4), true, false, false),
        (severity(42), false, true, false),
        (text("status_text", "New"), true, false, false),
        (text("status_text", "Suppressed"), false, true, false),
        (text("severity_text", "Hoch"), true, false, false),
        (text("severity_text", "42"), false, true, false),
        (clause("severity_id", Test::Number(Greater, vec![41.0])), false, true, false),
        // The row's comment is clean; as long as it is the document's, the document's own text is compared.
        (text("comment", raw), true, false, false),
        (text("comment", "JIRA-12"), false, true, false),
        (clause("comment", Test::Present), true, true, false),
    ] {
        for (values, expected) in
            [(None, of_document), (Some(&same), of_document), (Some(&changed), of_changed), (Some(&nothing), of_nothing)]
        {
            assert_eq!(holds_with(&expr, &document, values), expected, "{expr:?} {values:?}");
        }
    }
    // Ids that a row reads leniently are not what the service filters by, but they are what the row shows.
    let lenient = json!({"status_id": "1", "comment": ["x"]});
    let shown = finding::values_of(&lenient);
    assert!(!holds_with(&status(1), &lenient, None) && holds_with(&status(1), &lenient, Some(&shown)));
    let comment = clause("comment", Test::Present);
    assert!(holds_with(&comment, &lenient, None) && !holds_with(&comment, &lenient, Some(&shown)));
}

#[test]
fn a_delivered_finding_that_cannot_be_read_is_not_lost() {
    let matcher = Matcher::new(&Query::of_status(&[StatusId::NEW]));
    for (raw, expected) in [
        ("{\"status_id\":1}", true),
        ("{\"status_id\":3}", false),
        ("{\"status_id\":3,\"x\":\"\\ud800\"}", false),
        ("{\"status_id\":1,\"status_id\":3}", false),
        ("{}", false),
        ("{\"a\":", true),
        ("", true),
        ("[]", true),
        ("null", true),
    ] {
        assert_eq!(matcher.admits(&Finding::parse(raw), raw, NOW), expected, "{raw}");
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(matcher.admits(&Finding::parse(&deep), &deep, NOW), "deeper than anything reads");
    assert!(Matcher::new(&Query::Everything).admits(&Finding::parse("{}"), "{}", NOW));
    let named = Matcher::new(&Query::Findings(vec![Identity::MetadataUid("a".into())]));
    let [a, b] = ["a", "b"].map(|uid| format!("{{\"metadata\":{{\"uid\":\"{uid}\"}}}}"));
    assert!(named.admits(&Finding::parse(&a), &a, NOW) && !named.admits(&Finding::parse(&b), &b, NOW));
}

#[test]
fn a_field_is_read_as_texts_for_people_with_what_changed_since() {
    let document = json!({
        "status_id": 1, "status": "New", "comment": "old", "unmapped": {"x": {"a": 1}, "n": [1, null, true, "", 1]},
        "resources": [{"uid": "i-1", "tags": [{"name": "env", "value": "prod"}, {"name": "bare", "value": null}]}, {"uid": "i-2", "name": "web"}],
        "compliance": {"control_parameters": [{"name": "ports", "values": ["22", "80"]}]}
    });
    let identity = Identity::MetadataUid("u".into());
    let changed = Values { status: Some(StatusId::RESOLVED), ..Values::default() };
    let read =
        |name: &str, values| FieldReader::new(&field(name)).texts(&Subject { identity: &identity, document: &document, now: NOW, values });
    for (name, expected) in [
        ("resource", vec!["i-1", "i-2", "web"]),
        ("tag", vec!["env=prod", "bare"]),
        ("compliance.control_parameters", vec!["ports=22", "ports=80"]),
        ("unmapped.x", vec!["{\"a\":1}"]),
        ("unmapped.n", vec!["1", "true"]),
        ("cve", vec![]),
        ("comment", vec!["old"]),
    ] {
        assert_eq!(read(name, None), expected, "{name}");
    }
    assert_eq!(read("status_text", Some(&changed)), ["Resolved"]);
    assert_eq!(read("comment", Some(&changed)), [""; 0]);
}

#[test]
fn a_document_that_lacks_a_text_is_ruled_out_unread() {
    let document = r#"{"finding_info":{"title":"S3 bucket"},"resources":[{"tags":[{"name":"env","value":"prod"}]}],"comment":"x"}"#;
    let text = |name: &str, how, wanted: &str| clause(name, Test::Text(vec![pattern(how, wanted)]));
    for (expr, expected) in [
        (text("title", Contains, "port"), true),
        (text("title", Contains, "bucket"), false),
        (text("region", Equals, "S3 bucket"), false),
        (text("title", Word, "PORT"), false),
        (text("comment", Equals, "y"), false),
        (text("unmapped.x", Equals, "7"), false),
        (text("unmapped.x", Equals, "high"), true),
        (text("account", Equals, "111122223333"), true),
        (clause("tag", pair("team", None)), true),
        (clause("tag", pair("env", Some((Equals, "dev")))), false),
        (not(&text("title", Contains, "port")), false),
        (Expr::All(vec![clause("status", Test::Status(vec![StatusId::NEW])), text("title", Contains, "port")]), true),
        (Expr::Any(vec![text("title", Contains, "bucket"), text("title", Contains, "port")]), false),
        (Expr::Any(vec![text("title", Contains, "key"), text("title", Contains, "port")]), true),
    ] {
        assert_eq!(Matcher::of(&expr).is_ruled_out(document), expected, "{expr:?}");
    }
}

#[test]
fn a_hostile_document_costs_no_more_than_its_size() {
    let many: Vec<Value> = (0..100_000).map(|at| json!({"uid": format!("r{at}")})).collect();
    let document = json!({"resources": many, "finding_info": {"title": "a ".repeat(500_000)}});
    let identity = Identity::MetadataUid("u".into());
    let subject = Subject { identity: &identity, document: &document, now: NOW, values: None };
    assert_eq!(FieldReader::new(&field("resource")).texts(&subject).len(), MAX_TEXTS);
    check("resource", &Test::Text(vec![pattern(Equals, "r99999")]), &document, true);
    check("title", &Test::Text(vec![pattern(Word, "a a b")]), &document, false);
    let mut nested = json!({"uid": "deep"});
    for _ in 0..100 {
        nested = json!([nested]);
    }
    check("resource", &Test::Text(vec![pattern(Equals, "deep")]), &json!({"resources": nested}), true);
}

/// A document with ids and comments of any type.
fn rows() -> impl Strategy<Value = Value> {
    let id = || {
        prop_oneof![
            3 => (0_i32..8).prop_map(Value::from), 1 => Just(json!(99)), 1 => Just(json!("4")), 1 => Just(json!(4.0)), 1 => Just(Value::Null),
            1 => Just(json!([1, 4])), 1 => Just(json!(99_999_999_999_i64)), 1 => Just(json!(true)),
        ]
    };
    let comment = prop_oneof![
        Just(Value::Null),
        Just(json!("")),
        Just(json!(" \u{85}\n")),
        Just(json!("abc")),
        Just(json!("a\u{202e}b")),
        Just(json!(["abc"])),
        Just(json!({"a": 1})),
        Just(json!(7)),
    ];
    (id(), id(), comment).prop_map(|(status, severity, comment)| {
        json!({"status_id": status, "severity_id": severity, "comment": comment, "finding_info": {"title": "abc"}})
    })
}

/// Expressions about what a row tells, and about something else.
fn expressions() -> impl Strategy<Value = Expr> {
    let relation = prop_oneof![Just(Equal), Just(Less), Just(AtMost), Just(Greater), Just(AtLeast)];
    let test = prop_oneof![
        (0_i32..8).prop_map(|id| clause("status", Test::Status(vec![StatusId(id)]))),
        (relation.clone(), 0_i32..8).prop_map(|(relation, id)| clause("severity", Test::Severity(relation, vec![SeverityId(id)]))),
        (relation, 0_i32..8).prop_map(|(relation, id)| clause("severity_id", Test::Number(relation, vec![f64::from(id)]))),
        Just(clause("status", Test::Present)),
        Just(clause("comment", Test::Present)),
        "[a-c]{1,2}".prop_map(|text| clause("comment", Test::Text(vec![pattern(Contains, &text)]))),
        "[a-c]{1,2}".prop_map(|text| clause("title", Test::Text(vec![pattern(Contains, &text)]))),
        Just(clause("status_text", Test::Present)),
    ];
    test.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Expr::All),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Expr::Any),
            inner.prop_map(|expr| Expr::Not(Box::new(expr))),
        ]
    })
}

/// Any JSON, with names that queries know.
fn documents() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("finding_info"),
        Just("title"),
        Just("resources"),
        Just("tags"),
        Just("name"),
        Just("value"),
        Just("status_id"),
        Just("comment")
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i32..100).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c .*]{0,4}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..5).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

proptest! {
    #[test]
    fn a_lone_value_is_a_list_of_one_and_order_does_not_count(document in documents(), wanted in "[a-c]{1,2}") {
        for (name, test) in [
            ("title", Test::Text(vec![pattern(Contains, &wanted)])),
            ("resource", Test::Text(vec![pattern(Word, &wanted)])),
            ("tag", Test::Map(vec![MapTest { key: wanted.clone(), value: None }])),
            ("comment", Test::Present),
            ("status", Test::Status(vec![StatusId::NEW])),
        ] {
            let expr = clause(name, test);
            let held = holds_with(&expr, &document, None);
            prop_assert_eq!(holds_with(&expr, &json!([document]), None), held);
            prop_assert_eq!(holds_with(&expr, &json!([null, [], [document], {}]), None), held);
            prop_assert_eq!(holds_with(&not(&expr), &document, None), !held);
            // A list of two holds what either holds.
            let other = json!({"comment": "x"});
            let either = held || holds_with(&expr, &other, None);
            prop_assert_eq!(holds_with(&expr, &json!([document, other]), None), either);
        }
    }

    #[test]
    fn the_values_of_a_path_are_those_that_a_clause_is_asked_of(document in documents()) {
        for path in ["finding_info.title", "resources.name", "comment", "resources.tags.name"] {
            let path = Path::new(path);
            let mut asked = Vec::new();
            path.any(&document, &mut |value| { asked.push(value.clone()); false });
            prop_assert_eq!(path.values(&document).into_iter().cloned().collect::<Vec<_>>(), asked);
        }
    }

    #[test]
    fn what_a_row_tells_is_what_its_document_says_with_the_rows_values(
        document in rows(),
        expr in expressions(),
        changed in proptest::option::of((proptest::option::of(0_i32..7), proptest::option::of("[a-c]{0,2}"))),
    ) {
        let mut values = finding::values_of(&document);
        if let Some((id, comment)) = changed {
            values = Values { status: id.map(StatusId), severity: id.map(SeverityId), comment: comment.filter(|comment| !comment.is_empty()) };
        }
        let commented = if values.comment.is_some() { Commented::Yes } else { Commented::No };
        let known = Known { status: values.status, severity: values.severity, comment: commented };
        if let Some(told) = Matcher::of(&expr).told_by(&known, NOW) {
            prop_assert_eq!(told, holds_with(&expr, &document, Some(&values)), "{:?}", values);
        }
    }

    #[test]
    fn what_the_text_of_a_document_rules_out_does_not_match(
        value in prop_oneof![
            "[a-c/\\\\\"\u{e9}\u{202e} .0-9e]{0,6}".prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (0_u32..200).prop_map(|number| (f64::from(number) / 10.0).into()),
            any::<bool>().prop_map(Value::from),
        ],
        spelling in 0_usize..4,
        (how, from, length) in (prop_oneof![Just(Equals), Just(Prefix), Just(Contains), Just(Word)], 0_usize..3, 1_usize..8),
        lenient in any::<bool>(),
    ) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let from = if how == Contains { from } else { 0 };
        let wanted: String = text.chars().skip(from).take(if how == Equals { usize::MAX } else { length }).collect();
        let written = match (&value, spelling) {
            (Value::String(text), 1) => {
                let escaped: Vec<String> = text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
                format!("\"{}\"", escaped.concat())
            },
            (Value::String(_), 2) => value.to_string().replace('/', "\\/"),
            (Value::Number(number), 3) => format!("{:e}", number.as_f64().unwrap()),
            _ => value.to_string(),
        };
        let name = if lenient { "finding_info.unmapped" } else { "title" };
        let raw = format!("{{\"finding_info\":{{\"title\":{written},\"unmapped\":{written},\"tags\":[{{\"name\":{written}}}]}}}}");
        let document: Value = serde_json::from_str(&raw).unwrap();
        let tests = [(name, Test::Text(vec![pattern(how, &wanted)])), ("finding_info.tags", Test::Map(vec![MapTest { key: wanted.clone(), value: None }]))];
        for (name, test) in tests.into_iter().filter(|_| !wanted.is_empty()) {
            let expr = clause(name, test);
            let other = clause("region", Test::Text(vec![pattern(Equals, "nowhere")]));
            for expr in [expr.clone(), Expr::Any(vec![other.clone(), expr.clone()]), Expr::Not(Box::new(other)), Expr::Not(Box::new(expr))] {
                let is_out = Matcher::of(&expr).is_ruled_out(&raw);
                prop_assert!(!(is_out && holds_with(&expr, &document, None)), "{raw} {expr:?}");
            }
        }
    }

    #[test]
    fn words_hold_as_windows_of_words(text in "[aAbB ._ß]{0,12}", wanted in "[aAbB ._]{1,5}") {
        let split = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
        };
        let (present, words) = (split(&text), split(&wanted));
        let expected = !words.is_empty() && present.windows(words.len()).any(|window| window == words);
        let expr = clause("title", Test::Text(vec![pattern(Word, &wanted)]));
        prop_assert_eq!(holds_with(&expr, &title(&text), None), expected);
    }
}
