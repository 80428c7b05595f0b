//! What findings of every class have: the description, risk and confidence, times, and what they are called by machines.

use serde_json::Value;

use crate::domain::time::Millis;

use super::{
    MAX_LISTED,
    lines::Lines,
    read::{entries, first_of, instant, joined, leaf, listed, paragraphs, scalar, words},
};

/// The product's own words on what this is, once.
pub(super) fn description(lines: &mut Lines, document: &Value) {
    if !lines.is_first("description") {
        return;
    }
    let told = [paragraphs(document, "/finding_info/desc"), paragraphs(document, "/message")];
    let title = leaf(document, "/finding_info/title");
    let first = told.iter().flatten().find(|text| title.as_ref() != Some(text));
    let first = first.map(|text| text.replace('\n', " "));
    lines.fact("about", first.filter(|text| !lines.has_told(text)), None);
    for text in told {
        // Some products repeat the title as description or message.
        lines.about(text.filter(|text| title.as_ref() != Some(text)));
    }
}

/// How much it matters in the source's opinion.
pub(super) fn risk(lines: &mut Lines, document: &Value) {
    if !lines.is_first("risk") {
        return;
    }
    lines.heading("How much it matters");
    rates(lines, document);
}

/// Impact, likelihood, risk and confidence, in words and numbers.
pub(super) fn rates(lines: &mut Lines, document: &Value) {
    lines.is_first("risk");
    for (label, word, score) in [
        ("impact", "/impact", "/impact_score"),
        ("likelihood", "/likelihood", "/likelihood_score"),
        ("risk", "/risk_level", "/risk_score"),
        ("confidence", "/confidence", "/confidence_score"),
        ("priority", "/priority", "/priority_score"),
    ] {
        lines.field(label, rated(document, word, score));
    }
    lines.field("", paragraphs(document, "/risk_details"));
}

/// `High, score 80`.
pub(super) fn rated(document: &Value, word: &str, score: &str) -> Option<String> {
    let word = leaf(document, word);
    let score = leaf(document, score).filter(|score| word.as_ref() != Some(score)).map(|score| format!("score {score}"));
    joined(&[word, score], ", ")
}

/// When it came up and when it was seen.
pub(super) fn times(lines: &mut Lines, document: &Value) {
    lines.heading("Times");
    let at = |pointer| instant(document, pointer);
    let created = at("/finding_info/created_time");
    let modified = at("/finding_info/modified_time").or_else(|| at("/time"));
    lines.instant("created", "", created);
    // What lies within the same minute says nothing new.
    let is_new = |at: &Millis| created.is_none_or(|created| created.0.abs_diff(at.0) >= 60_000);
    for (label, pointer) in [("first seen", "/finding_info/first_seen_time"), ("last seen", "/finding_info/last_seen_time")] {
        lines.instant(label, "", at(pointer).filter(is_new));
    }
    lines.instant("modified", "", modified.filter(is_new));
    lines.instant("started", "", at("/start_time"));
    lines.instant("ended", "", at("/end_time"));
}

/// Product, class and everything that only machines call it by.
pub(super) fn identifiers(lines: &mut Lines, document: &Value) {
    lines.heading("About this finding");
    let product = first_of(document, &["/metadata/product/name", "/metadata/product/uid"]);
    lines.field("product", joined(&[product, leaf(document, "/metadata/product/vendor_name")], " by "));
    lines.field("class", class(document));
    lines.field("types", listed(&words(document, "/finding_info/types"), MAX_LISTED, ", "));
    lines.field("found by", analytic(document));
    let tags: Vec<String> = entries(document, "/finding_info/tags").into_iter().filter_map(tag).collect();
    lines.cells("labels", tags, MAX_LISTED);
    lines.field("source", leaf(document, "/finding_info/src_url"));
    lines.field("finding uid", leaf(document, "/finding_info/uid"));
    lines.field("other uid", leaf(document, "/finding_info/uid_alt"));
    lines.field("metadata uid", leaf(document, "/metadata/uid"));
    // Without a `metadata.uid` the three together are how the service is told which finding is meant.
    let product_uid = leaf(document, "/metadata/product/uid");
    lines.field("product uid", product_uid.filter(|_| leaf(document, "/metadata/uid").is_none()));
}

/// `Vulnerability Finding: Update`, and the number where there is no name.
fn class(document: &Value) -> Option<String> {
    let name = first_of(document, &["/class_name", "/class_uid"])?;
    let told = leaf(document, "/type_name").filter(|told| told.starts_with(&name));
    told.or_else(|| joined(&[Some(name), leaf(document, "/activity_name")], ": "))
}

/// The rule, detector or model behind it.
fn analytic(document: &Value) -> Option<String> {
    let analytic = document.pointer("/finding_info/analytic")?;
    let name = first_of(analytic, &["/name", "/uid"]).or_else(|| scalar(analytic))?;
    let kind = first_of(analytic, &["/category", "/type"]).map(|kind| match kind.as_str() {
        "AWS::Config::ConfigRule" => "AWS Config rule".to_owned(),
        _ => kind,
    });
    joined(&[Some(name), kind], " · ")
}

/// `name=value`, the form of every key and value pair.
pub(super) fn tag(tag: &Value) -> Option<String> {
    let Some(name) = first_of(tag, &["/name", "/key", "/Key"]) else { return scalar(tag) };
    let value = first_of(tag, &["/value", "/Value"]).or_else(|| listed(&words(tag, "/values"), MAX_LISTED, ","));
    Some(value.map_or_else(|| name.clone(), |value| format!("{name}={value}")))
}

/// The account and what it is called, and the Region.
pub(super) fn account(document: &Value) -> Option<String> {
    let account = joined(&[first_of(document, &["/cloud/account/uid", "/cloud/account"]), leaf(document, "/cloud/account/name")], " ");
    // Only what is not AWS has to be said.
    let provider = leaf(document, "/cloud/provider").filter(|provider| !provider.eq_ignore_ascii_case("aws"));
    joined(&[account, leaf(document, "/cloud/region"), provider], " · ")
}
