//! Sensitive data: what was found, how much, where, and how well the place is kept.

use serde_json::Value;

use super::{
    MAX_LISTED,
    evidence::size,
    lines::Lines,
    read::{entries, first_of, flag, grouped, instant, integer, is_there, joined, leaf, listed, scalar, words},
};

/// Places of one kind of data that are told.
const MAX_PLACES: usize = 5;

/// Where classifications may stand, the usual place first.
const CLASSIFICATIONS: &[&str] = &[
    "/databucket/file/data_classifications",
    "/databucket/data_classifications",
    "/databucket/data_classification",
    "/file/data_classifications",
    "/data_classifications",
    "/data_classification",
    "/data_security/data_classifications",
];

/// Tells the data, where it is about data.
pub(super) fn tell(lines: &mut Lines, document: &Value) {
    let classifications: Vec<&Value> = CLASSIFICATIONS.iter().flat_map(|pointer| entries(document, pointer)).collect();
    if !is_there(document, "/databucket") && !is_there(document, "/data_security") && classifications.is_empty() {
        return;
    }
    lines.heading("What was found");
    let found = found(&classifications);
    lines.items("data", &found, MAX_LISTED);
    lines.items("places", &places(&classifications), MAX_PLACES);
    lines.field("looked at", partial(&classifications));
    let security = |part: &str| leaf(document, &format!("/data_security{part}"));
    lines.field("policy", joined(&[security("/policy/name"), security("/category"), security("/confidentiality")], " · "));
    lines.field("pattern", joined(&[security("/detection_pattern"), security("/pattern_match")], " · "));
    bucket(lines, document);
    file(lines, document);
    let where_told = joined(&[access(document), path(document)], " · ");
    lines.fact("found", listed(&found.iter().map(|one| one.trim().to_owned()).collect::<Vec<_>>(), 4, " · "), None);
    lines.fact("where", where_told, None);
}

/// `41,002  NAME (Personal)`, the counts aligned, most first.
fn found(classifications: &[&Value]) -> Vec<String> {
    let mut all: Vec<(usize, String)> = Vec::new();
    for classification in classifications {
        let category = first_of(classification, &["/category", "/name"]).or_else(|| scalar(classification));
        let details = entries(classification, "/discovery_details");
        for detail in &details {
            let count = integer(detail, "/count").and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
            let kind = first_of(detail, &["/type", "/name"]).or_else(|| scalar(detail));
            let category = category.as_ref().map(|category| format!("({category})"));
            all.extend(joined(&[kind, category], " ").map(|told| (count, told)));
        }
        if details.is_empty() {
            let count = ["/total", "/count", "/size"].into_iter().find_map(|pointer| integer(classification, pointer)).unwrap_or(0);
            all.extend(category.map(|category| (usize::try_from(count).unwrap_or(0), category)));
        }
    }
    all.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let columns = all.iter().map(|(count, _)| grouped(*count).len()).max().unwrap_or(0);
    all.into_iter().map(|(count, told)| if count == 0 { told } else { format!("{:>columns$} {told}", grouped(count)) }).collect()
}

/// Whether a part of the data was left out: then there may be more.
fn partial(classifications: &[&Value]) -> Option<String> {
    let is_partial =
        classifications.iter().any(|classification| leaf(classification, "/status").is_some_and(|status| status != "Complete"));
    is_partial.then(|| "only a part of it: there may be more".to_owned())
}

/// `NAME: row 7, column email`.
fn places(classifications: &[&Value]) -> Vec<String> {
    let mut places = Vec::new();
    for detail in classifications.iter().flat_map(|classification| entries(classification, "/discovery_details")) {
        for place in entries(detail, "/occurrence_details").into_iter().chain(entries(detail, "/occurrences")) {
            let labelled = |label: &str, pointer: &str| leaf(place, pointer).map(|value| format!("{label} {value}"));
            let lines = joined(&[leaf(place, "/start_line"), leaf(place, "/end_line")], "-").map(|lines| format!("lines {lines}"));
            let column = labelled("column", "/column_name").or_else(|| labelled("column", "/column_number"));
            let record = labelled("record", "/record_index_in_array");
            let json = first_of(place, &["/json_path", "/record_path"]);
            let told = [
                labelled("cell", "/cell_name"),
                labelled("row", "/row_number"),
                column,
                lines,
                labelled("page", "/page_number"),
                record,
                json,
            ];
            let told = joined(&told, ", ").or_else(|| scalar(place));
            places.extend(told.and_then(|told| joined(&[leaf(detail, "/type"), Some(told)], ": ")));
        }
    }
    places
}

fn path(document: &Value) -> Option<String> {
    first_of(document, &["/databucket/file/path", "/databucket/file/name", "/databucket/file/uid", "/file/path", "/file/name"])
}

fn file(lines: &mut Lines, document: &Value) {
    let file =
        ["/databucket/file", "/file"].into_iter().find(|pointer| is_there(document, pointer)).and_then(|pointer| document.pointer(pointer));
    let Some(file) = file else { return };
    let bytes = integer(file, "/size").and_then(size);
    let encrypted = flag(file, "/is_encrypted").map(|yes| if yes { "encrypted" } else { "not encrypted" }.to_owned());
    lines.field("file", first_of(file, &["/path", "/name", "/uid"]).or_else(|| scalar(file)));
    lines.field("", joined(&[bytes, encrypted, leaf(file, "/storage_class"), leaf(file, "/mime_type")], " · "));
    lines.instant("changed", "", instant(file, "/modified_time"));
    lines.field("version", leaf(file, "/version"));
}

fn bucket(lines: &mut Lines, document: &Value) {
    lines.field("access", access(document));
    let Some(bucket) = document.get("databucket").filter(|bucket| !bucket.is_null()) else { return };
    lines.field("bucket", first_of(bucket, &["/name", "/uid"]).or_else(|| scalar(bucket)));
    let key = [leaf(bucket, "/encryption_details/algorithm"), leaf(bucket, "/encryption_details/key_uid")];
    lines.field("key", joined(&key, ", "));
    let owner = [leaf(bucket, "/owner/name"), first_of(bucket, &["/owner/account/uid", "/owner/uid"])];
    lines.field("owner", joined(&owner, " · ").or_else(|| leaf(bucket, "/owner")));
    lines.cells("groups", words(bucket, "/groups"), MAX_LISTED);
}

/// `open to the public · not encrypted`.
fn access(document: &Value) -> Option<String> {
    let public = flag(document, "/databucket/is_public").map(|yes| if yes { "open to the public" } else { "not public" }.to_owned());
    let encrypted = flag(document, "/databucket/is_encrypted").map(|yes| if yes { "encrypted" } else { "not encrypted" }.to_owned());
    joined(&[public, encrypted], ", ")
}
