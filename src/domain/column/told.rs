//! What a cell of a document's column says.

use std::borrow::Cow;

use serde_json::Value;

use crate::domain::{
    query::field::{Field, Kind},
    text,
};

/// Most characters of a cell; the detail has the whole document.
pub const MAX_CELL: usize = 512;
/// Most values that are looked at; an array of more would not be read in a cell.
const MAX_VALUES: usize = 64;

/// What a document has at a field, on one line and clean: several values apart by `, `, each once; an object as JSON, a tag as
/// `name=value`. Empty where it has nothing there. At most [`MAX_CELL`] characters.
pub fn told(document: &Value, field: &Field) -> String {
    let mut found = Vec::new();
    for path in field.paths() {
        collect(document, &path, &mut found);
    }
    let mut told: Vec<Cow<'_, str>> = Vec::with_capacity(found.len());
    for value in found {
        let value = one(value, field.kind());
        if !value.trim().is_empty() && !told.contains(&value) {
            told.push(value);
        }
    }
    let joined = told.join(", ");
    let mut clean = text::clean(&joined).into_owned();
    if let Some((end, _)) = clean.char_indices().nth(MAX_CELL) {
        clean.truncate(end);
    }
    clean
}

/// The values at a path; arrays on the way add no step, and one at its end gives its entries.
fn collect<'a>(value: &'a Value, path: &str, found: &mut Vec<&'a Value>) {
    if found.len() >= MAX_VALUES {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, found)),
        Value::Null => {}
        _ if path.is_empty() => found.push(value),
        Value::Object(members) => {
            let (step, rest) = path.split_once('.').unwrap_or((path, ""));
            if let Some(member) = members.get(step) {
                collect(member, rest, found);
            }
        }
        _ => {}
    }
}

fn one(value: &Value, kind: Kind) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Object(members) if kind == Kind::Map => {
            let part = |name: &str| members.get(name).map(|part| one(part, Kind::Any));
            match (part("name"), part("value")) {
                (Some(name), Some(value)) => Cow::Owned(format!("{name}={value}")),
                (Some(name), None) => name,
                // Not in the shape of tags: an object with the names as its members.
                (None, _) => {
                    let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}={}", one(value, Kind::Any))).collect();
                    Cow::Owned(members.join(", "))
                }
            }
        }
        other => Cow::Owned(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    fn document() -> Value {
        json!({
            "metadata": {"uid": "u-1"}, "confidence_score": 90, "count": null,
            "resources": [
                {"uid": "i-1", "vpc_uid": "vpc-1", "tags": [{"name": "env", "value": "prod"}, {"name": "bare"}, 7]},
                {"uid": "i-2", "name": "two", "vpc_uid": "vpc-1", "tags": {"team": "payments", "cost": 3}},
                "odd", null,
            ],
            "vulnerabilities": {"cve": {"uid": "CVE-2026-1", "cvss": [{"base_score": 9.8}, {"base_score": 7}]}, "is_exploit_available": true},
            "finding_info": {"title": "line\nbreak \u{202e}", "types": ["a", "b", "a", ""]},
            "unmapped": {"empty": {}, "deep": {"b": [1, {"c": "x"}]}, "list": [[["in"]], []]},
        })
    }

    #[rstest]
    #[case("metadata.uid", "u-1")]
    #[case("confidence_score", "90")]
    #[case("resources.vpc_uid", "vpc-1")]
    #[case("resource", "i-1, i-2, two")]
    #[case("tag", "env=prod, bare, 7, team=payments, cost=3")]
    #[case("cvss", "9.8, 7")]
    #[case("exploit", "true")]
    #[case("finding_info.types", "a, b")]
    #[case("finding_info.title", "line break <U+202E>")]
    #[case("unmapped.deep", r#"{"b":[1,{"c":"x"}]}"#)]
    #[case("unmapped.deep.b", r#"1, {"c":"x"}"#)]
    #[case("unmapped.deep.b.c", "x")]
    #[case("unmapped.empty", "{}")]
    #[case("unmapped.list", "in")]
    #[case("unmapped.nothing", "")]
    #[case("metadata.uid.more", "")]
    #[case("a.b", "")]
    fn a_cell_says_what_the_document_has(#[case] field: &str, #[case] said: &str) {
        assert_eq!(told(&document(), &Field::named(field).unwrap()), said);
    }

    #[test]
    fn a_cell_is_cut_and_an_endless_array_not_walked() {
        let many: Vec<String> = (0..100_000).map(|at| format!("{at:05}")).collect();
        let cell = told(&json!({"a": {"b": many}}), &Field::named("a.b").unwrap());
        assert!(cell.starts_with("00000, 00001") && !cell.contains("00064"), "{cell}");
        let cell = told(&json!({"a": {"b": "é".repeat(10_000)}}), &Field::named("a.b").unwrap());
        assert_eq!(cell.chars().count(), MAX_CELL);
    }

    #[test]
    fn any_document_gives_clean_cells() {
        for line in ["null", "7", "[]", r#"{"resources":7,"finding_info":[]}"#, r#"{"resources":[[{"tags":[null,{"name":null}]}]]}"#] {
            let document: Value = serde_json::from_str(line).unwrap();
            for field in ["tag", "resource", "title", "a.b"] {
                let cell = told(&document, &Field::named(field).unwrap());
                assert!(cell.len() < 8, "{line} {field}: {cell}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_of_a_document_is_too_odd(text in any::<String>(), name in any::<String>()) {
            let document = json!({"a": {"b": [text, {name.clone(): text}]}, "resources": {"tags": {"name": text, "value": name}}});
            for field in ["a.b", "tag"] {
                let cell = told(&document, &Field::named(field).unwrap());
                prop_assert!(!cell.chars().any(text::is_hidden) && cell.chars().count() <= MAX_CELL);
            }
        }
    }
}
