//! One finding as the table needs it, read leniently from its OCSF document.
//!
//! Every text here is already clean for display except the identity, which goes back to the service byte for byte. The whole document
//! is kept elsewhere; this is only its summary line.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde_json::Value;

use super::{
    identity::{Identifier, Identity},
    lenient::{First, Int, Object, Text},
    patch::Values,
    severity::SeverityId,
    status::StatusId,
    text,
    time::Millis,
};

/// Most characters of a text kept for a row; the detail shows the whole.
const MAX_ROW_TEXT: usize = 512;

/// The summary line of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is addressed.
    pub identity: Identity,
    /// `severity_id`, where it is an integer.
    pub severity: Option<SeverityId>,
    /// `severity`, the caption or the source's own word.
    pub severity_text: Option<String>,
    /// `vendor_attributes.severity_id`: what the product said.
    pub vendor_severity: Option<SeverityId>,
    /// `status_id`, where it is an integer.
    pub status: Option<StatusId>,
    /// `status`, the caption or the source's own word.
    pub status_text: Option<String>,
    /// `comment`: the last one.
    pub comment: Option<String>,
    /// `finding_info.created_time(_dt)`.
    pub created: Option<Millis>,
    /// `finding_info.modified_time(_dt)`, or `time`.
    pub modified: Option<Millis>,
    /// `cloud.account.uid`, or the first resource's owner.
    pub account: Option<String>,
    /// `cloud.account.name`.
    pub account_name: Option<String>,
    /// `cloud.region`, or the first resource's.
    pub region: Option<String>,
    /// The product, shortened where its name is a sentence.
    pub product: Option<String>,
    /// Control, CVE or finding type: what findings of one kind share.
    pub control: Option<String>,
    /// The first vulnerability's CVE alone.
    pub cve: Option<String>,
    /// `finding_info.title`.
    pub title: Option<String>,
    /// The first resource, by `uid`.
    pub resource: Option<String>,
    /// The first resource's type.
    pub resource_type: Option<String>,
    /// How many resources it names.
    pub resource_count: usize,
    /// Why the document could not be read, where that is so.
    pub defect: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    metadata: Object<Metadata>,
    finding_info: Object<Info>,
    cloud: Object<Cloud>,
    severity_id: Int,
    severity: Text,
    status_id: Int,
    status: Text,
    comment: Text,
    time: Int,
    time_dt: Text,
    vendor_attributes: Object<Vendor>,
    resources: First<Object<Resource>>,
    compliance: Object<Compliance>,
    vulnerabilities: First<Object<Vulnerability>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    uid: Text,
    product: Object<Product>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Product {
    name: Text,
    uid: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Info {
    uid: Text,
    title: Text,
    types: First<Text>,
    created_time: Int,
    created_time_dt: Text,
    modified_time: Int,
    modified_time_dt: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cloud {
    account: Object<Account>,
    region: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Account {
    uid: Text,
    name: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vendor {
    severity_id: Int,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Resource {
    uid: Text,
    name: Text,
    r#type: Text,
    region: Text,
    owner: Object<Owner>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Owner {
    account: Object<Account>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Compliance {
    control: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability {
    cve: Object<Cve>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cve {
    uid: Text,
}

impl Finding {
    /// The values an update can change.
    pub fn values(&self) -> Values {
        Values { status: self.status, severity: self.severity, comment: self.comment.clone() }
    }

    /// Reads one document. Never fails: what cannot be read is absent, and a text that is no JSON object becomes a row that says so.
    pub fn parse(document: &str) -> Self {
        match read(document) {
            Ok(read) => Self::from_document(read, document),
            Err(error) => {
                let mut unreadable = Self::from_document(Document::default(), document);
                unreadable.title = Some("(this finding's document cannot be read)".to_owned());
                unreadable.defect = Some(text::clean(&error.to_string()).into_owned());
                unreadable
            }
        }
    }

    /// A finding of which only the identity is known.
    pub fn unread(identity: Identity) -> Self {
        Self { identity, ..Self::from_document(Document::default(), "") }
    }

    fn from_document(document: Document, raw: &str) -> Self {
        let Document { metadata, finding_info, cloud, resources, vulnerabilities, .. } = document;
        let (metadata, info, cloud) = (metadata.0, finding_info.0, cloud.0);
        let resource_count = resources.count;
        let resource = resources.first.unwrap_or_default().0;
        let cve = shown(vulnerabilities.first.unwrap_or_default().0.cve.0.uid);
        let account_uid = cloud.account.0.uid.0;
        let identity = identity(metadata.uid.0, account_uid.as_deref(), info.uid.0.as_deref(), metadata.product.0.uid.0.as_deref(), raw);
        let owner = resource.owner.0.account.0;
        Self {
            identity,
            severity: small(document.severity_id).map(SeverityId),
            severity_text: shown(document.severity),
            vendor_severity: small(document.vendor_attributes.0.severity_id).map(SeverityId),
            status: small(document.status_id).map(StatusId),
            status_text: shown(document.status),
            comment: shown(document.comment),
            created: instant(info.created_time, &info.created_time_dt),
            modified: instant(info.modified_time, &info.modified_time_dt).or_else(|| instant(document.time, &document.time_dt)),
            account: shown(Text(account_uid.or(owner.uid.0))),
            account_name: shown(cloud.account.0.name).or_else(|| shown(owner.name)),
            region: shown(cloud.region).or_else(|| shown(resource.region)),
            product: shown(metadata.product.0.name).map(short_product),
            control: shown(document.compliance.0.control).or_else(|| cve.clone()).or_else(|| shown(info.types.first.unwrap_or_default())),
            cve,
            title: shown(info.title).or_else(|| shown(info.uid)),
            resource: shown(resource.uid).or_else(|| shown(resource.name)),
            resource_type: shown(resource.r#type),
            resource_count,
            defect: None,
        }
    }
}

/// The values of a document that an update can change, as its row has them.
pub fn values_of(document: &Value) -> Values {
    let text = |name: &str| document.get(name).and_then(|value| Text::deserialize(value).ok()).unwrap_or_default();
    let id = |name: &str| document.get(name).and_then(|value| Int::deserialize(value).ok()).and_then(small);
    Values { status: id("status_id").map(StatusId), severity: id("severity_id").map(SeverityId), comment: shown(text("comment")) }
}

/// Reads strictly typed members first, which is fast; what that refuses (the same member twice, a lone surrogate) is read the slow way.
fn read(document: &str) -> Result<Document, serde_json::Error> {
    if let Ok(read) = serde_json::from_str::<Object<Document>>(document) {
        return Ok(read.0);
    }
    let value: Value = serde_json::from_str(document).or_else(|_| serde_json::from_str(&without_lone_surrogates(document)))?;
    serde_json::from_value::<Object<Document>>(value).map(|read| read.0)
}

/// Replaces `\uD800`-`\uDFFF` escapes that do not form a pair with `\uFFFD`: JSON allows them, UTF-8 has no place for them.
pub fn without_lone_surrogates(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let taken = match surrogate(escape) {
            Some(Surrogate::High) if matches!(escape.get(6..).and_then(surrogate), Some(Surrogate::Low)) => {
                out.push_str(escape.get(..12).unwrap_or_default());
                12
            }
            Some(_) => {
                out.push_str("\\uFFFD");
                6
            }
            None => {
                let taken = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
                out.push_str(escape.get(..taken).unwrap_or_default());
                taken
            }
        };
        rest = escape.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

enum Surrogate {
    High,
    Low,
}

fn surrogate(escape: &str) -> Option<Surrogate> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xD800..=0xDBFF => Some(Surrogate::High),
        0xDC00..=0xDFFF => Some(Surrogate::Low),
        _ => None,
    }
}

fn identity(uid: Option<String>, account: Option<&str>, finding: Option<&str>, product: Option<&str>, raw: &str) -> Identity {
    if let Some(uid) = uid.filter(|uid| !uid.trim().is_empty()) {
        return Identity::MetadataUid(uid);
    }
    match (account, finding, product) {
        (Some(account), Some(finding), Some(product)) if [account, finding, product].iter().all(|part| !part.trim().is_empty()) => {
            Identity::Identifier(Identifier {
                account_uid: account.to_owned(),
                finding_uid: finding.to_owned(),
                product_uid: product.to_owned(),
            })
        }
        _ => {
            let mut hasher = DefaultHasher::new();
            raw.hash(&mut hasher);
            Identity::Unaddressable(format!("{:016x}", hasher.finish()))
        }
    }
}

fn small(number: Int) -> Option<i32> {
    number.0.and_then(|number| i32::try_from(number).ok())
}

fn instant(number: Int, text: &Text) -> Option<Millis> {
    number.0.map(Millis::from_epoch).or_else(|| text.0.as_deref().and_then(Millis::from_text))
}

/// The clean form of a text, or nothing where it is blank; cut to what a row can use.
fn shown(text: Text) -> Option<String> {
    let raw = text.0?;
    let end = raw.char_indices().nth(MAX_ROW_TEXT).map_or(raw.len(), |(at, _)| at);
    let clean = text::clean(raw.get(..end).unwrap_or_default());
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

fn short_product(name: String) -> String {
    match name.as_str() {
        "Security Hub" | "Security Hub CSPM" => "CSPM".to_owned(),
        "Security Hub Coverage" => "Coverage".to_owned(),
        "Security Hub Exposure Detection" | "Security Hub Exposure Analysis" => "Exposure".to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{"class_uid":2003,"severity_id":4,"severity":"High","status_id":1,"status":"New","time":1700000000000,
        "metadata":{"uid":"ab12","product":{"name":"Security Hub CSPM","uid":"arn:p"}},
        "finding_info":{"uid":"arn:f","title":"S3 \u202e bucket","types":["Posture Management"],"created_time_dt":"2025-09-19T09:19:17.594Z"},
        "cloud":{"account":{"uid":"111122223333","name":"prod"},"region":"eu-west-1"},
        "vendor_attributes":{"severity_id":3},"compliance":{"control":"S3.8"},
        "resources":[{"uid":"arn:aws:s3:::b","type":"AWS::S3::Bucket"},{"uid":"other"}]}"#;

    #[test]
    fn a_whole_finding_gives_every_column() {
        let finding = Finding::parse(WHOLE);
        assert_eq!(finding.identity, Identity::MetadataUid("ab12".into()));
        assert_eq!(finding.severity, Some(SeverityId::HIGH));
        assert_eq!(finding.vendor_severity, Some(SeverityId::MEDIUM));
        assert_eq!(finding.status, Some(StatusId::NEW));
        assert_eq!(finding.product.as_deref(), Some("CSPM"));
        assert_eq!((finding.control.as_deref(), finding.cve.as_deref()), (Some("S3.8"), None));
        assert_eq!(finding.title.as_deref(), Some("S3 <U+202E> bucket"));
        assert_eq!(finding.created, Some(Millis(1_758_273_557_594)));
        assert_eq!(finding.modified, Some(Millis(1_700_000_000_000)));
        assert_eq!((finding.resource_count, finding.resource.as_deref()), (2, Some("arn:aws:s3:::b")));
    }

    #[test]
    fn a_finding_of_a_control_and_a_vulnerability_has_both_and_shows_the_control() {
        let both = r#"{"compliance":{"control":"EC2.1"},"vulnerabilities":[{"cve":{"uid":" CVE-2026-1 "}},{"cve":{"uid":"CVE-2026-2"}}]}"#;
        let finding = Finding::parse(both);
        assert_eq!((finding.control.as_deref(), finding.cve.as_deref()), (Some("EC2.1"), Some("CVE-2026-1")));
        let alone = Finding::parse(r#"{"finding_info":{"types":["t"]},"vulnerabilities":[{"cve":{"uid":"CVE-2026-1"}}]}"#);
        assert_eq!((alone.control, alone.cve.as_deref()), (Some("CVE-2026-1".to_owned()), Some("CVE-2026-1")));
    }

    #[test]
    fn without_metadata_uid_the_triple_names_it_and_without_that_nothing_can() {
        let triple = Finding::parse(
            r#"{"metadata":{"uid":null,"product":{"uid":"arn:p"}},"finding_info":{"uid":"f\u0007"},"cloud":{"account":{"uid":"1"}}}"#,
        );
        assert_eq!(
            triple.identity,
            Identity::Identifier(Identifier { account_uid: "1".into(), finding_uid: "f\u{7}".into(), product_uid: "arn:p".into() })
        );
        let neither = Finding::parse(r#"{"finding_info":{"uid":"f"}}"#);
        assert!(!neither.identity.is_addressable());
        assert_eq!(neither.identity, Finding::parse(r#"{"finding_info":{"uid":"f"}}"#).identity);
    }

    #[test]
    fn odd_documents_become_rows_all_the_same() {
        for odd in ["[]", "3", "null", r#"{"metadata":[],"resources":{},"cloud":7,"finding_info":"x"}"#, r#"{"severity_id":99999999999}"#] {
            let finding = Finding::parse(odd);
            assert_eq!(finding.severity, None, "{odd}");
            assert_eq!(finding.defect, None, "{odd}");
        }
        let broken = Finding::parse("{\"a\":");
        assert!(broken.defect.is_some());
        let twice = Finding::parse(r#"{"status":"a","status":"b","metadata":{"uid":"u"}}"#);
        assert_eq!(twice.status_text.as_deref(), Some("b"));
        let lone = Finding::parse(r#"{"metadata":{"uid":"u"},"finding_info":{"title":"a\ud800b \ud83d\ude00 \\ud800"}}"#);
        assert_eq!(lone.title.as_deref(), Some("a\u{fffd}b \u{1f600} \\ud800"));
    }
}
