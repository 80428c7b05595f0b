//! The readable summary of a finding: its OCSF document told in labelled lines, for the detail screen and the preview.
//!
//! Works on the whole document and cleans every text it takes out. Sections that a finding does not have are left out.

use serde_json::Value;

use super::{finding::without_lone_surrogates, severity::SeverityId, text, time::Millis};

/// One line of a summary; texts are clean and not yet wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryLine {
    /// Opens a section.
    Heading(String),
    /// A label and its value.
    Field(&'static str, String),
    /// Running text.
    Text(String),
}

/// Most entries of one list; the raw document has the rest.
const MAX_LISTED: usize = 12;

/// Reads a raw document for the detail screen; `None` where it is no JSON even after mending lone surrogates.
pub fn read_document(raw: &str) -> Option<Value> {
    serde_json::from_str(raw).or_else(|_| serde_json::from_str(&without_lone_surrogates(raw))).ok()
}

/// The document as indented lines, each clean.
pub fn pretty(document: &Value) -> Vec<String> {
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.lines().map(|line| text::clean(line).into_owned()).collect()
}

/// Tells a finding.
pub fn summarise(document: &Value) -> Vec<SummaryLine> {
    let mut lines = Lines { out: Vec::new(), document };
    lines.what();
    lines.resources();
    lines.compliance();
    lines.vulnerabilities();
    lines.evidences();
    lines.related();
    lines.data();
    lines.remediation();
    lines.out
}

struct Lines<'a> {
    out: Vec<SummaryLine>,
    document: &'a Value,
}

impl Lines<'_> {
    fn heading(&mut self, heading: &str) {
        self.out.push(SummaryLine::Heading(heading.to_owned()));
    }

    fn field(&mut self, label: &'static str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            self.out.push(SummaryLine::Field(label, value));
        }
    }

    fn text(&mut self, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            self.out.push(SummaryLine::Text(value));
        }
    }

    fn what(&mut self) {
        let document = self.document;
        self.text(lines_at(document, "/finding_info/desc"));
        self.text(lines_at(document, "/message"));
        self.field("severity", severity(document));
        self.field("class", leaf(document, "/class_name"));
        self.field("product", joined(&[leaf(document, "/metadata/product/name"), leaf(document, "/metadata/product/vendor_name")], " by "));
        self.field("types", list(document, "/finding_info/types"));
        self.field("account", joined(&[leaf(document, "/cloud/account/uid"), leaf(document, "/cloud/account/name")], "  "));
        self.field("region", joined(&[leaf(document, "/cloud/region"), leaf(document, "/cloud/provider")], "  "));
        self.field("created", instant(document, "/finding_info/created_time"));
        self.field("first seen", instant(document, "/finding_info/first_seen_time"));
        self.field("last seen", instant(document, "/finding_info/last_seen_time"));
        self.field("modified", instant(document, "/finding_info/modified_time"));
        self.field("confidence", leaf(document, "/confidence_score"));
        self.field("seen", leaf(document, "/count").map(|count| format!("{count} times")));
        self.field("finding uid", leaf(document, "/finding_info/uid"));
        self.field("metadata uid", leaf(document, "/metadata/uid"));
        self.field("source", leaf(document, "/finding_info/src_url"));
    }

    fn resources(&mut self) {
        let resources = entries(self.document, "/resources");
        if resources.is_empty() {
            return;
        }
        self.heading(if resources.len() == 1 { "Resource" } else { "Resources" });
        for resource in resources.iter().take(MAX_LISTED) {
            self.field("uid", leaf(resource, "/uid"));
            self.field("arn", leaf(resource, "/uid_alt"));
            self.field("name", leaf(resource, "/name"));
            self.field("type", leaf(resource, "/type"));
            self.field("region", leaf(resource, "/region"));
            self.field("owner", joined(&[leaf(resource, "/owner/account/uid"), leaf(resource, "/owner/account/name")], "  "));
            self.field("tags", tags(resource));
        }
        self.more(resources.len());
    }

    fn compliance(&mut self) {
        let Some(compliance) = self.document.get("compliance").filter(|value| value.is_object()) else { return };
        self.heading("Compliance");
        self.field("control", leaf(compliance, "/control"));
        self.field("result", leaf(compliance, "/status"));
        self.field("standards", list(compliance, "/standards"));
        self.field("requirements", list(compliance, "/requirements"));
        for assessment in entries(compliance, "/assessments").into_iter().take(MAX_LISTED) {
            let met = match assessment.pointer("/meets_criteria").and_then(Value::as_bool) {
                Some(true) => Some("met".to_owned()),
                Some(false) => Some("not met".to_owned()),
                None => None,
            };
            self.field("assessment", joined(&[leaf(assessment, "/name"), leaf(assessment, "/desc"), met], " · "));
        }
    }

    fn vulnerabilities(&mut self) {
        let vulnerabilities = entries(self.document, "/vulnerabilities");
        for vulnerability in vulnerabilities.iter().take(MAX_LISTED) {
            let name = leaf(vulnerability, "/cve/uid").or_else(|| leaf(vulnerability, "/title"));
            self.heading(&format!("Vulnerability {}", name.unwrap_or_default()));
            self.text(lines_at(vulnerability, "/cve/desc").or_else(|| lines_at(vulnerability, "/desc")));
            self.field("severity", leaf(vulnerability, "/severity"));
            for cvss in entries(vulnerability, "/cve/cvss").into_iter().take(MAX_LISTED) {
                self.field(
                    "CVSS",
                    joined(
                        &[
                            leaf(cvss, "/base_score"),
                            leaf(cvss, "/vendor_name"),
                            leaf(cvss, "/version").map(|version| format!("v{version}")),
                            leaf(cvss, "/vector_string"),
                        ],
                        "  ",
                    ),
                );
            }
            self.field("EPSS", leaf(vulnerability, "/cve/epss/score"));
            self.field("exploit", yes_no(vulnerability, "/is_exploit_available", "known", "none known"));
            self.field(
                "fix",
                leaf(vulnerability, "/fix_coverage").or_else(|| yes_no(vulnerability, "/is_fix_available", "available", "none")),
            );
            let packages = entries(vulnerability, "/affected_packages");
            for package in packages.iter().take(MAX_LISTED) {
                let fixed = leaf(package, "/fixed_in_version").map(|version| format!("fixed in {version}"));
                self.field(
                    "package",
                    joined(
                        &[leaf(package, "/name"), leaf(package, "/version"), leaf(package, "/architecture"), fixed, leaf(package, "/path")],
                        "  ",
                    ),
                );
            }
            self.more(packages.len());
        }
        self.more(vulnerabilities.len());
    }

    fn evidences(&mut self) {
        let evidences = entries(self.document, "/evidences");
        for evidence in evidences.iter().take(MAX_LISTED) {
            self.heading("Evidence");
            self.field("API call", joined(&[leaf(evidence, "/api/operation"), leaf(evidence, "/api/service/name")], " · "));
            self.field("answer", joined(&[leaf(evidence, "/api/response/code"), leaf(evidence, "/api/response/error_message")], "  "));
            self.field("user", leaf(evidence, "/actor/user/name").or_else(|| leaf(evidence, "/actor/user/uid")));
            self.field("access key", leaf(evidence, "/actor/user/credential_uid"));
            self.field("from", endpoint(evidence, "/src_endpoint"));
            self.field("to", endpoint(evidence, "/dst_endpoint"));
            self.field("direction", leaf(evidence, "/connection_info/direction"));
            for process in ["/process", "/actor/process"] {
                self.field(
                    "process",
                    leaf(evidence, &format!("{process}/cmd_line")).or_else(|| leaf(evidence, &format!("{process}/name"))),
                );
                self.field("executable", leaf(evidence, &format!("{process}/file/path")));
            }
            self.field("file", leaf(evidence, "/file/path").or_else(|| leaf(evidence, "/file/name")));
        }
        self.more(evidences.len());
        for malware in entries(self.document, "/malware").into_iter().take(MAX_LISTED) {
            self.field("malware", leaf(malware, "/name"));
        }
    }

    fn related(&mut self) {
        let related = entries(self.document, "/finding_info/related_events");
        if related.is_empty() {
            return;
        }
        self.heading("Signals");
        for event in related.iter().take(MAX_LISTED) {
            self.field("signal", leaf(event, "/title").or_else(|| leaf(event, "/uid")));
            for entry in entries(event, "/traits").into_iter().take(MAX_LISTED) {
                self.field("trait", joined(&[leaf(entry, "/category"), leaf(entry, "/name")], " · "));
            }
        }
        self.more(related.len());
    }

    fn data(&mut self) {
        let Some(bucket) = self.document.get("databucket").filter(|value| value.is_object()) else { return };
        self.heading("Data");
        self.field("bucket", leaf(bucket, "/name").or_else(|| leaf(bucket, "/uid")));
        self.field("public", yes_no(bucket, "/is_public", "yes", "no"));
        self.field("encrypted", yes_no(bucket, "/is_encrypted", "yes", "no"));
        for found in entries(bucket, "/file/data_classifications").into_iter().take(MAX_LISTED) {
            for detail in entries(found, "/discovery_details").into_iter().take(MAX_LISTED) {
                self.field("found", joined(&[leaf(detail, "/count"), leaf(detail, "/type"), leaf(found, "/category")], " "));
            }
        }
    }

    fn remediation(&mut self) {
        let Some(remediation) = self.document.get("remediation").filter(|value| value.is_object()) else { return };
        self.heading("Remediation");
        self.text(lines_at(remediation, "/desc"));
        for reference in entries(remediation, "/references").into_iter().take(MAX_LISTED) {
            self.field("see", scalar(reference));
        }
    }

    fn more(&mut self, count: usize) {
        if count > MAX_LISTED {
            self.out.push(SummaryLine::Text(format!("… and {} more in the document", count - MAX_LISTED)));
        }
    }
}

fn severity(document: &Value) -> Option<String> {
    let now = leaf(document, "/severity").or_else(|| leaf(document, "/severity_id"))?;
    let id = |pointer: &str| document.pointer(pointer).and_then(Value::as_i64);
    match (id("/severity_id"), id("/vendor_attributes/severity_id")) {
        (Some(ours), Some(vendor)) if ours != vendor => {
            let vendor = leaf(document, "/vendor_attributes/severity")
                .or_else(|| i32::try_from(vendor).ok().and_then(|id| SeverityId(id).caption()).map(str::to_owned));
            Some(format!("{now} (vendor says {})", vendor.unwrap_or_default()))
        }
        _ => Some(now),
    }
}

fn leaf(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(scalar)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text::clean(text).into_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn lines_at(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(text::clean_lines)
}

/// The elements of a list; a lone object or text counts as a list of one.
fn entries<'a>(value: &'a Value, pointer: &str) -> Vec<&'a Value> {
    match value.pointer(pointer) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(lone) => vec![lone],
    }
}

fn list(value: &Value, pointer: &str) -> Option<String> {
    let items: Vec<String> = entries(value, pointer).into_iter().filter_map(scalar).collect();
    (!items.is_empty()).then(|| items.join(", "))
}

fn joined(parts: &[Option<String>], between: &str) -> Option<String> {
    let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

fn yes_no(value: &Value, pointer: &str, yes: &str, no: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_bool).map(|flag| if flag { yes } else { no }.to_owned())
}

fn instant(value: &Value, pointer: &str) -> Option<String> {
    let number = value.pointer(pointer).and_then(Value::as_i64).map(Millis::from_epoch);
    let text = || value.pointer(&format!("{pointer}_dt")).and_then(Value::as_str).and_then(Millis::from_text);
    number.or_else(text).map(Millis::shown)
}

fn tags(resource: &Value) -> Option<String> {
    let tags: Vec<String> = entries(resource, "/tags")
        .into_iter()
        .filter_map(|tag| match (leaf(tag, "/name"), leaf(tag, "/value")) {
            (Some(name), Some(value)) => Some(format!("{name}={value}")),
            (Some(name), None) => Some(name),
            _ => None,
        })
        .collect();
    (!tags.is_empty()).then(|| tags.join("  "))
}

fn endpoint(evidence: &Value, pointer: &str) -> Option<String> {
    let endpoint = evidence.pointer(pointer)?;
    let place = joined(&[leaf(endpoint, "/location/city"), leaf(endpoint, "/location/country")], ", ");
    let address = match (leaf(endpoint, "/ip").or_else(|| leaf(endpoint, "/hostname")), leaf(endpoint, "/port")) {
        (Some(ip), Some(port)) => Some(format!("{ip} port {port}")),
        (ip, _) => ip,
    };
    joined(&[address, place, leaf(endpoint, "/autonomous_system/name")], " · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_finding_is_told_by_what_it_has_and_nothing_hidden_passes() {
        let document = json!({
            "severity": "High", "severity_id": 4, "vendor_attributes": {"severity": "Medium", "severity_id": 3},
            "finding_info": {"desc": "first\nsecond \u{202e}", "created_time": 1_758_273_557},
            "resources": [{"uid": "i-1", "tags": [{"name": "env", "value": "prod"}, {"name": "bare"}, 7]}],
            "vulnerabilities": {"cve": {"uid": "CVE-2026-1", "cvss": [{"base_score": 9.8, "vendor_name": "NVD"}], "epss": {"score": "0.9"}},
                "is_exploit_available": true, "affected_packages": [{"name": "openssl", "version": "1", "fixed_in_version": "2"}]},
        });
        let lines = summarise(&document);
        for expected in [
            SummaryLine::Text("first\nsecond <U+202E>".into()),
            SummaryLine::Field("severity", "High (vendor says Medium)".into()),
            SummaryLine::Field("created", "2025-09-19 09:19:17Z".into()),
            SummaryLine::Field("tags", "env=prod  bare".into()),
            SummaryLine::Heading("Vulnerability CVE-2026-1".into()),
            SummaryLine::Field("CVSS", "9.8  NVD".into()),
            SummaryLine::Field("package", "openssl  1  fixed in 2".into()),
            SummaryLine::Field("exploit", "known".into()),
        ] {
            assert!(lines.contains(&expected), "{expected:?} in {lines:#?}");
        }
    }

    #[test]
    fn any_document_can_be_told() {
        for odd in
            ["null", "[]", "7", r#"{"resources":7,"compliance":[],"finding_info":null,"vulnerabilities":[null,"x"],"evidences":{"api":3}}"#]
        {
            let document = read_document(odd).unwrap_or_default();
            assert!(summarise(&document).len() < 8, "{odd}");
        }
    }
}
