//! A control that was checked: what came of it and why, what the control asks for, and whom it serves.

use serde_json::Value;

use super::{
    MAX_LISTED, common,
    lines::Lines,
    read::{entries, first_of, flag, is_there, joined, leaf, listed, paragraphs, scalar, words},
    requirement, standard,
};

/// Requirements of one standard that share a line.
const MAX_REQUIREMENTS: usize = 16;

/// Tells the check, where there is one. The description follows at once: it says what the control fails for.
pub(super) fn tell(lines: &mut Lines, document: &Value) {
    if !is_there(document, "/compliance") {
        return;
    }
    let Some(compliance) = document.get("compliance") else { return };
    lines.heading("What was checked");
    let control = first_of(compliance, &["/control", "/checks/0/uid", "/checks/0/name"]);
    let title = leaf(document, "/finding_info/title");
    lines.field(if control.is_some() { "control" } else { "check" }, joined(&[control, title], " · "));
    let result = leaf(compliance, "/status").or_else(|| scalar(compliance)).or_else(|| leaf(document, "/status_code"));
    lines.field("result", result.clone());
    let why = reasons(document, compliance);
    lines.items("why", &why, MAX_LISTED);
    let assessments = assessments(compliance);
    lines.items("assessed", &assessments.iter().map(|(_, told)| told.clone()).collect::<Vec<_>>(), MAX_LISTED);
    lines.items("parameters", &parameters(compliance), MAX_LISTED);

    let standards: Vec<String> = words(compliance, "/standards").iter().map(|name| standard::readable(name)).collect();
    let unmet = assessments
        .into_iter()
        .find(|(met, _)| *met == Some(false))
        .map(|(_, told)| told.trim_start_matches("not met").trim_start().to_owned());
    let result = result.unwrap_or_else(|| "no result".to_owned());
    // The source's own reason says most; the description says what the control fails for; an assessment often only that it does.
    let description = paragraphs(document, "/finding_info/desc").map(|told| told.replace('\n', " "));
    let reason = why.into_iter().next().or(description).or(unmet);
    lines.fact("result", joined(&[Some(result), reason], ": "), None);
    common::description(lines, document);
    super::remedy::tell(lines, document);
    lines.fact("standard", listed(&standards, 3, ", "), None);

    lines.heading("What asks for it");
    lines.items(if standards.len() == 1 { "standard" } else { "standards" }, &standards, MAX_LISTED);
    lines.items("requirements", &requirement::gathered(&words(compliance, "/requirements"), MAX_REQUIREMENTS), MAX_LISTED);
}

/// Why the result is what it is, in the source's own words.
fn reasons(document: &Value, compliance: &Value) -> Vec<String> {
    let mut reasons = words(compliance, "/status_details");
    for reason in words(compliance, "/status_detail").into_iter().chain(words(document, "/status_detail")) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// What was looked at in detail, what was not met first: `not met  S3.8/evaluation: the rule ran …`.
fn assessments(compliance: &Value) -> Vec<(Option<bool>, String)> {
    let mut told: Vec<(Option<bool>, String)> = Vec::new();
    for assessment in entries(compliance, "/assessments").into_iter().chain(entries(compliance, "/checks")) {
        let met = flag(assessment, "/meets_criteria");
        let name = first_of(assessment, &["/name", "/uid"]).or_else(|| scalar(assessment));
        let Some(about) = joined(&[name, leaf(assessment, "/desc")], ": ") else { continue };
        let word = match met {
            Some(true) => "met      ",
            Some(false) => "not met  ",
            None => "",
        };
        let one = (met, format!("{word}{about}"));
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told.sort_by_key(|(met, _)| *met != Some(false));
    told
}

/// `maxAccessKeyAge = 90`.
fn parameters(compliance: &Value) -> Vec<String> {
    entries(compliance, "/control_parameters")
        .into_iter()
        .filter_map(|parameter| {
            let values = listed(&words(parameter, "/values"), MAX_LISTED, ", ").or_else(|| leaf(parameter, "/value"));
            joined(&[first_of(parameter, &["/name"]).or_else(|| scalar(parameter)), values], " = ")
        })
        .collect()
}
