//! What holds for every document, and what is told of odd ones.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;

/// Findings with every kind of hostile text and odd shape.
const HOSTILE: [&str; 2] = [include_str!("../../../tests/data/hostile-findings.jsonl"), include_str!("../../../assets/demo/hostile.jsonl")];
/// The demo's findings.
const DEMO: &str = include_str!("../../../assets/demo/findings.jsonl");

/// More lines than any document may give.
const MOST_LINES: usize = 1_000;

/// Every text of a summary.
fn texts(summary: &Summary) -> Vec<&str> {
    let mut texts: Vec<&str> = Vec::new();
    for line in &summary.lines {
        match line {
            SummaryLine::Heading(text) | SummaryLine::Text(text) | SummaryLine::Note(text) | SummaryLine::Numbered(_, text) => {
                texts.push(text);
            }
            SummaryLine::Field(label, text) | SummaryLine::Item(label, text) | SummaryLine::Instant(label, text, _) => {
                texts.extend([*label, text]);
            }
            SummaryLine::Cells(label, entries) => {
                texts.push(label);
                texts.extend(entries.iter().map(String::as_str));
            }
        }
    }
    texts.extend(summary.facts.iter().flat_map(|fact| [fact.label, fact.told.as_str(), fact.after.as_str()]));
    texts
}

/// Nothing hidden, nothing without end, no heading over nothing, every label within its column.
fn holds(document: &Value) -> Result<(), String> {
    let summary = summarise(document);
    if summary.lines.len() > MOST_LINES {
        return Err(format!("{} lines", summary.lines.len()));
    }
    for text in texts(&summary) {
        if let Some(c) = text.chars().find(|&c| c != '\n' && text::is_hidden(c)) {
            return Err(format!("{c:?} in {text:?}"));
        }
        if text.chars().count() > 100_000 {
            return Err(format!("a text of {} characters", text.chars().count()));
        }
    }
    for (line, next) in summary.lines.iter().zip(summary.lines.iter().skip(1).map(Some).chain([None])) {
        let is_empty = matches!(line, SummaryLine::Heading(_)) && matches!(next, None | Some(SummaryLine::Heading(_)));
        if is_empty {
            return Err(format!("nothing under {line:?}"));
        }
        if let SummaryLine::Field(label, _) | SummaryLine::Item(label, _) | SummaryLine::Cells(label, _) | SummaryLine::Instant(label, ..) =
            line
            && label.len() > 13
        {
            return Err(format!("{label} is too long for a label"));
        }
    }
    if summary.facts.iter().any(|fact| fact.label.len() > 8 || fact.told.contains('\n')) {
        return Err(format!("{:?}", summary.facts));
    }
    Ok(())
}

/// Names of members that some part looks for.
const MEMBERS: &[&str] = &[
    "finding_info",
    "desc",
    "title",
    "types",
    "related_events",
    "traits",
    "attack_graph",
    "nodes",
    "edges",
    "source",
    "target",
    "attacks",
    "tactic",
    "analytic",
    "created_time",
    "created_time_dt",
    "last_seen_time",
    "vulnerabilities",
    "cve",
    "uid",
    "cvss",
    "base_score",
    "vendor_name",
    "vector_string",
    "epss",
    "score",
    "percentile",
    "affected_packages",
    "name",
    "version",
    "fixed_in_version",
    "path",
    "remediation",
    "references",
    "compliance",
    "control",
    "status",
    "status_details",
    "standards",
    "requirements",
    "assessments",
    "meets_criteria",
    "control_parameters",
    "values",
    "evidences",
    "actor",
    "user",
    "process",
    "ancestry",
    "file",
    "hashes",
    "api",
    "operation",
    "service",
    "response",
    "error",
    "code",
    "src_endpoint",
    "dst_endpoint",
    "ip",
    "port",
    "location",
    "city",
    "autonomous_system",
    "number",
    "connection_info",
    "direction",
    "query",
    "hostname",
    "malware",
    "count",
    "databucket",
    "is_public",
    "data_classifications",
    "discovery_details",
    "occurrence_details",
    "row_number",
    "resources",
    "tags",
    "value",
    "owner",
    "account",
    "data",
    "cloud",
    "region",
    "metadata",
    "product",
    "impact",
    "risk_details",
    "message",
    "unmapped",
    "severity",
    "size",
    "type",
    "category",
];

fn leaves() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "\u{1b}[31m",
            "a\u{202e}b",
            "\u{200b}",
            "line\nline",
            "https://x.example/a",
            "javascript:x",
            "aws s3 ls",
            "standards/pci-dss/v/4",
            "2026-11-02T14:05:09.123456789",
            "9.8",
            "AV:N/AC:L/PR:N/UI:N",
            "arn:aws:s3:::b",
            "NotAvailable",
            "",
            "   ",
        ])
        .prop_map(Value::from),
        (1_usize..4).prop_map(|size| Value::from("x\u{301}".repeat(size * 3_000))),
    ]
}

fn documents() -> impl Strategy<Value = Value> {
    leaves().prop_recursive(7, 96, 8, |inner| {
        let name = prop_oneof![4 => prop::sample::select(MEMBERS).prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..10).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Puts another value in the place of one member of a document, wherever the numbers lead.
fn spoilt(document: &mut Value, steps: &[usize], with: Value) {
    let Some((&step, rest)) = steps.split_first() else {
        *document = with;
        return;
    };
    match document {
        Value::Object(members) if !members.is_empty() => {
            let at = step % members.len();
            spoilt(members.values_mut().nth(at).unwrap(), rest, with);
        }
        Value::Array(items) if !items.is_empty() => {
            let at = step % items.len();
            spoilt(&mut items[at], rest, with);
        }
        other => *other = with,
    }
}

proptest! {
    #[test]
    fn any_document_is_told_clean_and_in_bounds(document in documents()) {
        prop_assert_eq!(holds(&document), Ok(()));
    }

    #[test]
    fn a_finding_with_an_odd_member_is_told_all_the_same(
        line in 0_usize..642,
        spoils in prop::collection::vec((prop::collection::vec(any::<usize>(), 1..7), documents()), 1..4),
    ) {
        let mut document = read_document(DEMO.lines().nth(line).unwrap()).unwrap();
        for (steps, with) in spoils {
            spoilt(&mut document, &steps, with);
        }
        prop_assert_eq!(holds(&document), Ok(()));
    }
}

#[test]
fn hostile_findings_are_told_clean() {
    let lines: Vec<&str> = HOSTILE.iter().flat_map(|text| text.lines()).filter(|line| !line.trim().is_empty()).collect();
    assert!(lines.len() > 30);
    for line in lines {
        assert_eq!(holds(&read_document(line).unwrap()), Ok(()), "{line}");
    }
}

#[test]
fn every_finding_of_the_demo_says_what_decides_first() {
    for line in DEMO.lines() {
        let document = read_document(line).unwrap();
        assert_eq!(holds(&document), Ok(()), "{line}");
        let summary = summarise(&document);
        let (heading, fact) = match (document["class_uid"].as_u64().unwrap(), document["metadata"]["product"]["name"].as_str().unwrap()) {
            (2002, _) => ("CVE-", "risk"),
            (2003, _) => ("What was checked", "result"),
            (2004, product) if product.contains("Exposure") => ("", "signals"),
            (2004, _) => ("What happened", "what"),
            _ => ("What was found", "found"),
        };
        let first = summary.lines.first().unwrap();
        assert!(matches!(first, SummaryLine::Heading(told) if told.starts_with(heading)), "{first:?} in {line}");
        assert_eq!(summary.facts.first().unwrap().label, fact, "{line}");
        let last = summary.lines.last().unwrap();
        assert!(matches!(last, SummaryLine::Field("metadata uid", _)), "{last:?} in {line}");
    }
}

/// What belongs to no member that is known, of types that nobody expects.
#[rstest]
#[case("null")]
#[case("[]")]
#[case("7")]
#[case("\"text\"")]
#[case(r#"{"resources":[],"compliance":[],"finding_info":null,"vulnerabilities":[null],"evidences":{}}"#)]
fn nothing_is_told_of_nothing(#[case] odd: &str) {
    let summary = summarise(&read_document(odd).unwrap());
    assert!(summary.lines.is_empty() && summary.facts.is_empty(), "{summary:#?}");
}

fn field(label: &'static str, text: &str) -> SummaryLine {
    SummaryLine::Field(label, text.to_owned())
}

#[test]
fn values_of_odd_types_are_told_as_far_as_they_go() {
    let document = json!({
        "compliance": "Fail", "resources": "arn:aws:s3:::a-string-instead-of-a-list", "cloud": ["AWS"],
        "finding_info": {"created_time": 1_763_000_000_000.0, "modified_time": "1763000000", "last_seen_time_dt": "2025-11-13T03:13:20.123456789",
            "desc": ["a", ["b"], 3], "title": {"en": "an object"}, "types": {"0": "x"}},
        "vulnerabilities": {"cve": {"uid": "CVE-2026-1", "cvss": {"base_score": 9.8, "vendor_name": "NVD"}, "epss": "0.5"},
            "is_exploit_available": "true", "affected_packages": {"name": "openssl", "version": 1, "fixed_in_version": 2}},
        "evidences": {"src_endpoint": "203.0.113.9", "api": "ListBuckets"},
        "remediation": "aws s3api put-public-access-block --bucket b",
    });
    let lines = summarise(&document).lines;
    for expected in [
        field("result", "Fail"),
        field("about", "a\n3"),
        field("resource", "arn:aws:s3:::a-string-instead-of-a-list"),
        field("exploit", "known"),
        field("CVSS", "9.8 NVD"),
        SummaryLine::Item("package", "openssl  1 → 2".into()),
        SummaryLine::Text("Somebody called ListBuckets".into()),
        SummaryLine::Item("from", "203.0.113.9".into()),
        field("run", "aws s3api put-public-access-block --bucket b"),
        SummaryLine::Instant("created", String::new(), Millis(1_763_000_000_000)),
    ] {
        assert!(lines.contains(&expected), "{expected:?} in {lines:#?}");
    }
}

#[test]
fn times_of_every_unit_and_form_are_the_same_time() {
    let at = Millis(1_763_000_000_000);
    for time in [json!(1_763_000_000), json!(1_763_000_000_000_i64), json!(1_763_000_000_000_000_i64), json!("1763000000")] {
        let lines = summarise(&json!({"finding_info": {"created_time": time}})).lines;
        assert!(lines.contains(&SummaryLine::Instant("created", String::new(), at)), "{time}");
    }
    for text in ["2025-11-13T02:13:20Z", "2025-11-13T02:13:20.000000000", "2025-11-13T03:13:20+01:00"] {
        let lines = summarise(&json!({"finding_info": {"created_time_dt": text}})).lines;
        assert!(lines.contains(&SummaryLine::Instant("created", String::new(), at)), "{text}");
    }
    assert!(summarise(&json!({"finding_info": {"created_time_dt": "yesterday", "created_time": true}})).lines.is_empty());
}

#[test]
fn a_class_is_told_by_what_is_there_and_an_unknown_one_by_what_is_left() {
    let document = json!({"class_uid": 2003, "class_name": "Compliance Finding", "vulnerabilities": [{"cve": {"uid": "CVE-2026-1"}}],
        "permission_analysis_results": [{"unused_services": ["s3", "ec2"], "policy": {"name": "admin"}}]});
    let lines = summarise(&document).lines;
    assert!(lines.contains(&SummaryLine::Heading("CVE-2026-1".into())), "{lines:#?}");
    assert!(!lines.contains(&SummaryLine::Heading("What was checked".into())), "{lines:#?}");
    assert!(lines.contains(&SummaryLine::Text("permission_analysis_results.unused_services = s3".into())), "{lines:#?}");
}

#[test]
fn what_is_left_out_is_counted() {
    let many: Vec<Value> = (0..30).map(|at| json!({"uid": format!("r{at}"), "name": format!("r{at}")})).collect();
    let packages: Vec<Value> = (0..20).map(|at| json!({"name": format!("p{at}"), "version": "1"})).collect();
    let lines = summarise(&json!({"resources": many, "vulnerabilities": [{"affected_packages": packages,
        "cve": {"uid": "CVE-1", "desc": "x".repeat(9_000)}}]}))
    .lines;
    for note in ["… and 18 more in the document", "… and 8 more in the document"] {
        assert!(lines.contains(&SummaryLine::Note(note.into())), "{note} in {lines:#?}");
    }
    assert!(
        lines
            .iter()
            .any(|line| matches!(line, SummaryLine::Field("about", told) if told.ends_with("… and 1,000 more characters in the document")))
    );
}
