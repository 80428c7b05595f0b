//! The resources a finding is about: what they are, whose, and what is known of them that helps to decide.

use serde_json::{Map, Value};

use crate::domain::time::Millis;

use super::{
    MAX_LISTED, common,
    lines::Lines,
    read::{entries, first_of, joined, leaf, listed, scalar, words},
};

/// Tags that say what a resource is for, in the order in which they are asked for; the others follow in the document's order.
const TELLING_TAGS: &[&str] = &["env", "environment", "stage", "team", "owner", "service", "app", "application", "name", "cost-center"];

/// Details that say how exposed or how used a resource is; any name that holds one of these stands first.
const TELLING_DETAILS: &[&str] =
    &["public", "in_use", "inuse", "ipv4", "platform", "runtime", "state", "status", "image", "vpc", "type", "role"];

/// Details of one resource.
const MAX_DETAILS: usize = 12;
/// How deep the details of a resource are looked at.
const MAX_DEPTH: usize = 4;

/// Tells account and resources.
pub(super) fn tell(lines: &mut Lines, document: &Value) {
    let resources: Vec<&Value> = entries(document, "/resources").into_iter().filter(|entry| is_told(entry)).collect();
    lines.heading(match resources.len() {
        0 => "Where",
        1 => "Resource",
        _ => "Resources",
    });
    lines.field("account", common::account(document));
    for resource in resources.iter().take(MAX_LISTED) {
        one(lines, document, resource);
    }
    lines.more_listed(resources.len());
    // An object has no tags of its own in some products; its bucket, which follows, has.
    let tags = resources.iter().map(|resource| tags(resource)).find(|tags| !tags.is_empty()).unwrap_or_default();
    lines.fact("tags", listed(&tags, MAX_LISTED, "  "), None);
}

/// Whether there is anything to say of an entry.
fn is_told(resource: &Value) -> bool {
    scalar(resource).is_some() || resource.as_object().is_some_and(|members| members.values().any(|member| !member.is_null()))
}

fn one(lines: &mut Lines, document: &Value, resource: &Value) {
    let uid = first_of(resource, &["/uid", "/uid_alt"]).or_else(|| scalar(resource));
    let name = leaf(resource, "/name").filter(|name| uid.as_ref().is_none_or(|uid| uid != name));
    let told = match (name, &uid) {
        (Some(name), Some(uid)) => Some(format!("{name} · {uid}")),
        (name, uid) => name.or_else(|| uid.clone()),
    };
    lines.field("resource", told);
    lines.field("type", leaf(resource, "/type"));
    lines.field("arn", leaf(resource, "/uid_alt").filter(|alt| uid.as_ref() != Some(alt)));
    let account = leaf(document, "/cloud/account/uid");
    let owner =
        [leaf(resource, "/owner/account/uid").filter(|owner| account.as_ref() != Some(owner)), leaf(resource, "/owner/account/name")];
    lines.field("owner", joined(&owner, " ").or_else(|| first_of(resource, &["/owner/name", "/owner/email_addr", "/owner"])));
    let region = leaf(document, "/cloud/region");
    lines.field("region", leaf(resource, "/region").filter(|own| region.as_ref() != Some(own)));
    lines.field("criticality", leaf(resource, "/criticality"));
    lines.cells("tags", tags(resource), MAX_LISTED);
    lines.cells("labels", words(resource, "/labels"), MAX_LISTED);
    lines.cells("details", details(resource), MAX_DETAILS);
}

/// The tags, those that say what it is for first.
fn tags(resource: &Value) -> Vec<String> {
    let mut tags: Vec<String> = match resource.pointer("/tags") {
        // An object of names and values in the place of the list.
        Some(Value::Object(members)) if !members.contains_key("name") && !members.contains_key("key") => {
            members.iter().filter_map(|(name, value)| common::tag(&serde_json::json!({"name": name, "value": value}))).collect()
        }
        _ => entries(resource, "/tags").into_iter().filter_map(common::tag).collect(),
    };
    tags.sort_by_key(|tag| {
        let name = tag.split('=').next().unwrap_or_default().to_ascii_lowercase();
        TELLING_TAGS.iter().position(|known| *known == name).unwrap_or(TELLING_TAGS.len())
    });
    tags
}

/// What the product knows of the resource, the telling first: `publicIp=198.51.100.40`.
fn details(resource: &Value) -> Vec<String> {
    let mut details = Vec::new();
    match resource.pointer("/data") {
        Some(Value::Object(members)) => gather(members, &mut details, 0),
        Some(lone) => details.extend(scalar(lone)),
        None => {}
    }
    details.sort_by_key(|detail| {
        let name = detail.split('=').next().unwrap_or_default().to_ascii_lowercase();
        TELLING_DETAILS.iter().position(|known| name.contains(known)).unwrap_or(TELLING_DETAILS.len())
    });
    details
}

fn gather(members: &Map<String, Value>, details: &mut Vec<String>, depth: usize) {
    for (name, value) in members {
        // The resource's own tags are told already.
        if depth > MAX_DEPTH || name.eq_ignore_ascii_case("tags") {
            continue;
        }
        match value {
            Value::Object(inner) => gather(inner, details, depth + 1),
            Value::Array(items) => {
                let words: Vec<String> = items.iter().filter_map(scalar).collect();
                if let Some(words) = listed(&words, 4, ",") {
                    details.extend(named(name, &words));
                }
                for inner in items.iter().filter_map(Value::as_object) {
                    gather(inner, details, depth + 1);
                }
            }
            lone => {
                // Times stand there as numbers.
                let is_time = name.to_ascii_lowercase().ends_with("time");
                let time = lone.as_i64().filter(|_| is_time).map(|number| Millis::from_epoch(number).shown());
                details.extend(time.or_else(|| scalar(lone)).and_then(|value| named(name, &value)));
            }
        }
    }
}

fn named(name: &str, value: &str) -> Option<String> {
    let name = scalar(&Value::String(name.to_owned()))?;
    let detail = format!("{name}={value}");
    // Digests and other long values say nothing to a reader.
    (detail.chars().count() <= 72).then_some(detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_tags_that_say_what_it_is_for_come_first_and_any_shape_is_read() {
        let told = tags(
            &json!({"tags": [{"name": "zeta", "value": 1}, {"key": "Team", "value": "payments"}, {"name": "env"}, "bare", null, {"value": "x"}]}),
        );
        assert_eq!(told, ["env", "Team=payments", "zeta=1", "bare"]);
        assert_eq!(tags(&json!({"tags": {"env": "prod", "a": null}})), ["env=prod", "a"]);
        assert_eq!(tags(&json!({"tags": {"name": "env", "value": "prod"}})), ["env=prod"]);
    }

    #[test]
    fn details_say_first_how_exposed_it_is() {
        let told =
            details(&json!({"data": {"awsEc2InstanceDetails": {"imageHash": "x".repeat(90), "subnetId": "subnet-1", "type": "t3.small",
            "ipV4Addresses": ["10.0.0.1", "198.51.100.1"], "tags": [{"key": "env"}], "network": [{"publicIp": "198.51.100.1"}]}}}));
        assert_eq!(told, ["publicIp=198.51.100.1", "ipV4Addresses=10.0.0.1,198.51.100.1", "type=t3.small", "subnetId=subnet-1"]);
        assert_eq!(details(&json!({"data": "text"})), ["text"]);
        assert!(details(&json!({"data": [1]})).is_empty());
    }
}
