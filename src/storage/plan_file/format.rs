//! The text of a plan: JSON, one finding a line, so that a review and a comparison of two plans read well.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Defect, Place, PlanFile, PlannedGroup, PlannedRow, VERSION};
use crate::{
    domain::{
        comment::{Comment, LineBreaks},
        identity::{Identifier, Identity},
        patch::{Patch, Values},
        severity::SeverityId,
        status::StatusId,
        text,
        time::Millis,
    },
    journal::hub_key::HubKey,
};

#[derive(Deserialize)]
struct Versioned {
    hubtriage_plan: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "hubtriage_plan")]
    _version: Value,
    id: String,
    hub: Hub,
    created: String,
    by: Option<String>,
    query: String,
    already_there: usize,
    groups: Vec<Group>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hub {
    partition: String,
    account: Option<String>,
    region: String,
    endpoint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    set: Fields,
    rows: Vec<Row>,
}

/// The values an update can change. Known ids are written as words, others as numbers; both are read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<Triple>,
    was: Fields,
    title: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Triple {
    account: String,
    finding: String,
    product: String,
}

/// The text of a plan with this id.
pub(super) fn render(plan: &PlanFile, id: &str) -> String {
    let hub = Hub {
        partition: plan.hub.partition.clone(),
        account: plan.hub.account.clone(),
        region: plan.hub.region.clone(),
        endpoint: plan.hub.endpoint.clone(),
    };
    let mut out = String::new();
    let _ = writeln!(out, "{{\n  \"hubtriage_plan\": {VERSION},");
    for (name, value) in [
        ("id", json(&id)),
        ("hub", json(&hub)),
        ("created", json(&plan.created.exact())),
        ("by", json(&plan.by)),
        ("query", json(&plan.query)),
        ("already_there", json(&plan.already_there)),
    ] {
        let _ = writeln!(out, "  \"{name}\": {value},");
    }
    out.push_str("  \"groups\": [");
    for (at, group) in plan.groups.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(out, "{comma}\n    {{\n      \"set\": {},\n      \"rows\": [", json(&fields_of_patch(&group.patch)));
        for (at, row) in group.rows.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let _ = write!(out, "{comma}\n        {}", json(&row_of(row)));
        }
        out.push_str("\n      ]\n    }");
    }
    out.push_str(if plan.groups.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
    out
}

/// A value on one line, without what a terminal must not see: a plan is read by people too.
fn json(value: &impl Serialize) -> String {
    // Texts, numbers and maps of them: there is nothing that JSON cannot say.
    text::escape_json(&serde_json::to_string(value).unwrap_or_default())
}

fn fields_of_patch(patch: &Patch) -> Fields {
    fields(patch.status, patch.severity, patch.comment.as_ref().map(|comment| comment.as_str().to_owned()))
}

fn fields(status: Option<StatusId>, severity: Option<SeverityId>, comment: Option<String>) -> Fields {
    let value = |word: Option<&'static str>, id: i32| word.map_or_else(|| Value::from(id), Value::from);
    Fields { status: status.map(|id| value(id.word(), id.0)), severity: severity.map(|id| value(id.word(), id.0)), comment }
}

fn row_of(row: &PlannedRow) -> Row {
    let PlannedRow { identity, values, title } = row;
    let was = fields(values.status, values.severity, values.comment.clone());
    let (uid, identifier) = match identity {
        Identity::MetadataUid(uid) => (Some(uid.clone()), None),
        Identity::Identifier(Identifier { account_uid, finding_uid, product_uid }) => {
            (None, Some(Triple { account: account_uid.clone(), finding: finding_uid.clone(), product: product_uid.clone() }))
        }
        // Read back as what it is: nothing that can be addressed.
        Identity::Unaddressable(_) => (None, None),
    };
    Row { uid, identifier, was, title: title.clone() }
}

/// Reads the text of a plan and the id it says it has.
pub(super) fn parse(text: &str) -> Result<(PlanFile, String), Defect> {
    let malformed = |error: serde_json::Error| Defect::Malformed(error.to_string());
    let versioned: Versioned = serde_json::from_str(text).map_err(malformed)?;
    match versioned.hubtriage_plan {
        Some(version) if version == VERSION => {}
        Some(version) => return Err(Defect::Version(text::clean(&version.to_string()).into_owned())),
        None => return Err(Defect::Malformed("`hubtriage_plan` is missing".to_owned())),
    }
    let file: File = serde_json::from_str(text).map_err(malformed)?;
    let top = |field| Place { group: None, row: None, field };
    let created = Millis::from_text(&file.created).ok_or_else(|| Defect::Value(top("created"), "this is no time".to_owned()))?;
    let Hub { partition, account, region, endpoint } = file.hub;
    let groups = (1..).zip(file.groups).map(|(at, group)| group_from(at, group)).collect::<Result<_, _>>()?;
    let plan = PlanFile {
        hub: HubKey { partition, account, region, endpoint },
        created,
        by: file.by,
        query: file.query,
        already_there: file.already_there,
        groups,
    };
    Ok((plan, file.id))
}

fn group_from(at: usize, group: Group) -> Result<PlannedGroup, Defect> {
    let Group { set, rows } = group;
    let place = |field| Place { group: Some(at), row: None, field };
    let comment = set.comment.as_deref().map(|comment| comment_from(comment, place("set.comment"))).transpose()?;
    let patch = Patch {
        status: status_from(set.status.as_ref(), place("set.status"))?,
        severity: severity_from(set.severity.as_ref(), place("set.severity"))?,
        comment,
    };
    let rows = (1..).zip(rows).map(|(row, planned)| row_from(at, row, planned)).collect::<Result<_, _>>()?;
    Ok(PlannedGroup { patch, rows })
}

fn row_from(group: usize, at: usize, row: Row) -> Result<PlannedRow, Defect> {
    let place = |field| Place { group: Some(group), row: Some(at), field };
    let wrong = |field, why: &str| Err(Defect::Value(place(field), why.to_owned()));
    let identity = match (row.uid, row.identifier) {
        (Some(uid), None) if !uid.trim().is_empty() => Identity::MetadataUid(uid),
        (Some(_), None) => return wrong("uid", "it is empty"),
        (None, Some(Triple { account, finding, product })) => {
            if [&account, &finding, &product].into_iter().any(|part| part.trim().is_empty()) {
                return wrong("identifier", "a part of it is empty");
            }
            Identity::Identifier(Identifier { account_uid: account, finding_uid: finding, product_uid: product })
        }
        (Some(_), Some(_)) => return wrong("uid", "there is an identifier too; a finding has one of them"),
        (None, None) => return wrong("uid", "neither uid nor identifier: the service cannot address this finding"),
    };
    let values = Values {
        status: status_from(row.was.status.as_ref(), place("was.status"))?,
        severity: severity_from(row.was.severity.as_ref(), place("was.severity"))?,
        comment: row.was.comment,
    };
    Ok(PlannedRow { identity, values, title: row.title })
}

fn status_from(value: Option<&Value>, place: Place) -> Result<Option<StatusId>, Defect> {
    id_from(value, place, |text| StatusId::parse(text).map(|id| id.0)).map(|id| id.map(StatusId))
}

fn severity_from(value: Option<&Value>, place: Place) -> Result<Option<SeverityId>, Defect> {
    id_from(value, place, |text| SeverityId::parse(text).map(|id| id.0)).map(|id| id.map(SeverityId))
}

fn id_from(value: Option<&Value>, place: Place, named: impl Fn(&str) -> Option<i32>) -> Result<Option<i32>, Defect> {
    let id = match value {
        None => return Ok(None),
        Some(Value::String(text)) => named(text),
        Some(other) => other.as_i64().and_then(|id| i32::try_from(id).ok()),
    };
    let shown = value.map(|value| text::clean(&value.to_string()).into_owned()).unwrap_or_default();
    id.map(Some).ok_or_else(|| Defect::Value(place, format!("{shown} is neither a caption nor an id")))
}

/// What was checked when the plan was made is checked again: what does not come out as it went in was not written by a plan.
fn comment_from(text: &str, place: Place) -> Result<Comment, Defect> {
    match Comment::new(text, LineBreaks::Keep) {
        Ok(comment) if comment.as_str() == text => Ok(comment),
        Ok(_) => Err(Defect::Value(place, "it has hidden characters, or blanks around it".to_owned())),
        Err(error) => Err(Defect::Value(place, error.to_string())),
    }
}
