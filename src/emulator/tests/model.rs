//! What the emulator accepts and answers, against the service model.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use hyper::Method;
use serde_json::Value;

use crate::emulator::RowCode;
use crate::emulator::field::{FieldKind, GROUP_FIELDS};
use crate::emulator::filter::TextComparison;
use crate::emulator::operation::Operation;

fn model() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/securityhub-v2.model.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn values(model: &Value, shape: &str) -> Vec<String> {
    let listed = model["shapes"][shape]["enum"].as_array().unwrap_or_else(|| panic!("{shape} is an enumeration"));
    listed.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

#[test]
fn filter_fields_are_those_of_the_model() {
    let model = model();
    let shapes = [
        (FieldKind::Text, "OcsfStringField"),
        (FieldKind::Number, "OcsfNumberField"),
        (FieldKind::Date, "OcsfDateField"),
        (FieldKind::Boolean, "OcsfBooleanField"),
        (FieldKind::Map, "OcsfMapField"),
        (FieldKind::Ip, "OcsfIpField"),
    ];
    for (kind, shape) in shapes {
        assert_eq!(kind.names(), values(&model, shape), "{shape}");
    }
}

#[test]
fn every_filter_field_is_found_by_its_name_and_by_its_path() {
    use crate::emulator::field::{FieldId, PathNode};
    let mut seen = BTreeSet::new();
    for kind in FieldKind::ALL {
        for name in kind.names() {
            let field = FieldId::find(kind, name).unwrap();
            assert!(seen.insert(field), "{name} has a number of its own");
            let node = name.split('.').try_fold(PathNode::ROOT, PathNode::child).unwrap();
            assert_eq!(node.field(), Some((field, kind)));
        }
    }
    assert_eq!(FieldId::find(FieldKind::Number, "status"), None, "a field belongs to one kind");
}

#[test]
fn group_fields_are_those_of_the_model_and_are_text_fields() {
    assert_eq!(GROUP_FIELDS.to_vec(), values(&model(), "GroupByField"));
    assert!(GROUP_FIELDS.iter().all(|name| FieldKind::Text.names().contains(name)));
}

#[test]
fn comparisons_and_row_codes_are_those_of_the_model() {
    let model = model();
    let comparisons = [
        TextComparison::Equals,
        TextComparison::Prefix,
        TextComparison::NotEquals,
        TextComparison::PrefixNotEquals,
        TextComparison::Contains,
        TextComparison::NotContains,
        TextComparison::ContainsWord,
    ];
    assert_eq!(comparisons.map(TextComparison::name).to_vec(), values(&model, "StringFilterComparison"));
    assert_eq!(RowCode::ALL.map(RowCode::name).to_vec(), values(&model, "BatchUpdateFindingsV2UnprocessedFindingErrorCode"));
}

#[test]
fn operations_are_served_where_the_model_says() {
    let model = model();
    for operation in Operation::SERVED {
        if operation == Operation::GetCallerIdentity {
            continue;
        }
        let http = &model["operations"][operation.name()]["http"];
        let method: Method = http["method"].as_str().unwrap().parse().unwrap();
        let path = http["requestUri"].as_str().unwrap().replace("{AggregatorV2Arn+}", "arn:aws:securityhub:x");
        assert_eq!(Operation::of(&method, &path), operation);
    }
}

#[test]
fn limits_are_those_of_the_model() {
    let shapes = &model()["shapes"];
    assert_eq!((shapes["MaxResults"]["min"].as_i64(), shapes["MaxResults"]["max"].as_i64()), (Some(1), Some(100)));
    assert_eq!((shapes["MaxStatisticResults"]["min"].as_i64(), shapes["MaxStatisticResults"]["max"].as_i64()), (Some(1), Some(400)));
    assert_eq!(shapes["MetadataUidList"]["max"].as_i64(), Some(100));
    assert_eq!(shapes["OcsfFindingIdentifierList"]["max"].as_i64(), Some(100));
}

#[test]
fn errors_have_the_status_that_the_model_gives_them() {
    use crate::emulator::failure::Failure;
    let shapes = &model()["shapes"];
    let failures = [
        Failure::validation(""),
        Failure::access_denied(""),
        Failure::not_found(""),
        Failure::conflict(""),
        Failure::throttling(""),
        Failure::internal(""),
    ];
    for failure in failures {
        assert_eq!(shapes[failure.code]["error"]["httpStatusCode"].as_u64(), Some(u64::from(failure.status.as_u16())), "{}", failure.code);
    }
}
