//! Findings for tests, made on the spot.

use hubtriage::emulator::Findings;
use serde_json::{Value, json};

/// The uid of the `at`th finding.
pub fn uid(at: usize) -> String {
    format!("{at:064x}")
}

/// A New finding of Medium severity with a uid; later ones are older, so that the default order is the order of their numbers.
pub fn finding(at: usize) -> Value {
    let time = 1_790_000_000_000_i64 - i64::try_from(at).expect("few") * 1_000;
    json!({
        "metadata": {"uid": uid(at), "product": {"name": "Inspector", "uid": "arn:aws:securityhub:eu-west-1::productv2/aws/inspector"}},
        "class_uid": 2002, "class_name": "Vulnerability Finding",
        "severity_id": 3, "severity": "Medium", "status_id": 1, "status": "New",
        "time": time,
        "finding_info": {"uid": format!("finding-{at}"), "title": format!("finding number {at:05}"), "modified_time": time,
            "modified_time_dt": jiff::Timestamp::from_millisecond(time).map(|time| time.to_string()).unwrap_or_default(), "created_time": time},
        "cloud": {"account": {"uid": "222233334444", "name": "payments-prod"}, "region": "eu-west-1", "provider": "AWS"},
        "vendor_attributes": {"severity_id": 3, "severity": "Medium"},
        "resources": [{"uid": format!("i-{at:08x}"), "type": "AWS::EC2::Instance"}],
        "vulnerabilities": [{"cve": {"uid": "CVE-2026-10001"}}],
    })
}

/// The same without `metadata.uid`: the service addresses it by the identifier triple.
pub fn without_uid(at: usize) -> Value {
    let mut finding = finding(at);
    if let Some(metadata) = finding.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("uid");
    }
    finding
}

/// So many findings.
pub fn findings(count: usize) -> Findings {
    collected((0..count).map(finding))
}

/// These findings.
pub fn collected(documents: impl IntoIterator<Item = Value>) -> Findings {
    let mut findings = Findings::default();
    for document in documents {
        findings.push(&document);
    }
    findings
}
