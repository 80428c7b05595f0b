//! A page of findings as it came over the wire, cut into findings without being read.
//!
//! Owns the cut. Each finding stays the text it was, so that one the program cannot read does not cost the others of its page, and what
//! is shown as raw is raw. Must not look into a finding.

use serde::{Deserialize, de};
use serde_json::value::RawValue;

/// The body of `GetFindingsV2`'s answer; what else it may hold is ignored.
#[derive(Debug, Deserialize)]
struct Body<'a> {
    #[serde(rename = "Findings", borrow, default)]
    findings: Option<Vec<&'a RawValue>>,
    #[serde(rename = "NextToken", default)]
    next: Option<String>,
}

/// A page cut into findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPage {
    /// One JSON text each.
    pub findings: Vec<String>,
    /// The service's token for the next page.
    pub next: Option<String>,
}

/// Cuts a body; the error says where it stops being JSON.
///
/// A text inside a finding may be broken in a way that JSON's grammar allows (a lone surrogate escape): the cut does not mind. Bytes
/// that are not UTF-8 are replaced rather than refused, for the sake of the other findings.
pub fn cut(body: &[u8]) -> Result<RawPage, serde_json::Error> {
    let text = String::from_utf8_lossy(body);
    if !text.trim_start().starts_with('{') {
        // serde would read a list as a page without members, and a scan would end there.
        return Err(de::Error::custom("it is not an object"));
    }
    let body: Body<'_> = serde_json::from_str(&text)?;
    let findings = body.findings.unwrap_or_default().into_iter().map(|raw| raw.get().to_owned()).collect();
    Ok(RawPage { findings, next: body.next.filter(|token| !token.is_empty()) })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn every_finding_keeps_its_bytes_whatever_is_in_it() {
        let body = r#"{"NextToken":"n","Findings":[ {"b":1.50,"a":"\ud800","a":2}, "text", null, {"deep":[[{"x":"\\\"]}"}]]} ],"More":{}}"#;
        let page = cut(body.as_bytes()).unwrap();
        assert_eq!(page.findings, [r#"{"b":1.50,"a":"\ud800","a":2}"#, "\"text\"", "null", r#"{"deep":[[{"x":"\\\"]}"}]]}"#]);
        assert_eq!(page.next.as_deref(), Some("n"));
    }

    #[test]
    fn bytes_outside_utf_8_cost_their_text_only() {
        let page = cut(b"{\"Findings\":[{\"a\":\"\xff\"},{\"b\":1}]}").unwrap();
        assert_eq!(page.findings, ["{\"a\":\"\u{fffd}\"}", r#"{"b":1}"#]);
    }

    #[test]
    fn an_end_is_told_from_a_broken_body() {
        for end in [r#"{"Findings":[]}"#, r#"{"Findings":null,"NextToken":null}"#, "{}", r#"{"NextToken":""}"#] {
            assert_eq!(cut(end.as_bytes()).unwrap(), RawPage { findings: Vec::new(), next: None }, "{end}");
        }
        for broken in ["", "<html>", r#"{"Findings":[{"a":1}"#, r#"{"Findings":{}}"#, "[]"] {
            assert!(cut(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
