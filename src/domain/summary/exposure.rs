//! Exposures and attack sequences: the signals that add up, and the way in.

use serde_json::Value;

use super::{
    MAX_LISTED, every_class,
    lines::Lines,
    read::{entries, first_of, grouped, instant, integer, joined, leaf, listed, scalar, word, words},
};

/// Steps of the attack graph that are told.
const MAX_STEPS: usize = 8;

/// Tells the signals, where there are any.
pub(super) fn tell(lines: &mut Lines, document: &Value) {
    let events: Vec<&Value> = entries(document, "/finding_info/related_events").into_iter().filter(|event| !event.is_null()).collect();
    let steps = steps(document);
    let traits: Vec<String> = entries(document, "/finding_info/traits").into_iter().filter_map(characteristic).collect();
    if events.is_empty() && steps.is_empty() && traits.is_empty() {
        return;
    }
    let claimed = integer(document, "/finding_info/related_events_count").and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    let count = claimed.max(events.len());
    lines.heading(match count {
        0 => "Signals".to_owned(),
        1 => "1 signal".to_owned(),
        count => format!("{} signals that add up", grouped(count)),
    });
    for (event, at) in events.iter().take(MAX_LISTED).zip(1..) {
        lines.numbered(at, signal(event));
    }
    if events.len() > MAX_LISTED {
        lines.more_listed(events.len());
    } else if count > events.len() && !events.is_empty() {
        lines.note(format!("… and {} more that the document does not hold", grouped(count - events.len())));
    }
    lines.items("attack path", &steps, MAX_STEPS);
    if events.iter().all(|event| characteristics(event).is_none()) {
        lines.items("traits", &traits, MAX_LISTED);
    }
    let titles: Vec<String> = events.iter().filter_map(|event| title(event)).collect();
    let told = listed(&titles, 3, " · ").or_else(|| listed(&traits, 3, " · "));
    let told = told.map(|told| if count > 1 { format!("{}: {told}", grouped(count)) } else { told });
    lines.fact("signals", told, None);
    let last = if lines.has_fact("seen") { None } else { instant(document, "/finding_info/last_seen_time") };
    lines.field("may lead to", listed(&kinds(document), MAX_LISTED, ", "));
    let impact = every_class::rated(document, "/impact", "/impact_score").map(|impact| format!("{impact} impact"));
    let kinds = listed(&kinds(document), 3, ", ");
    let kept = joined(&[impact, kinds, last.map(|_| "last seen ".to_owned())], " · ");
    lines.fact("impact", kept.filter(|_| document.get("impact").is_some()), last);
    every_class::rates(lines, document);
}

/// What the exposure may lead to, from types such as `Exposure/Potential Impact/Data Exfiltration`.
fn kinds(document: &Value) -> Vec<String> {
    let kinds = words(document, "/finding_info/types");
    kinds.iter().filter_map(|kind| kind.rsplit_once("Potential Impact/").map(|(_, kind)| kind.to_owned())).collect()
}

fn title(event: &Value) -> Option<String> {
    first_of(event, &["/title", "/desc", "/type", "/uid"]).or_else(|| scalar(event))
}

/// `The bucket was opened · GuardDuty Policy:S3/BucketAnonymousAccessGranted`.
fn signal(event: &Value) -> Option<String> {
    let kind = leaf(event, "/type").filter(|kind| kind != "Finding");
    let product = leaf(event, "/product/name").or_else(|| leaf(event, "/product/uid").map(|uid| product(&uid)));
    let told = joined(
        &[title(event), characteristics(event), joined(&[product, kind.filter(|kind| title(event).as_ref() != Some(kind))], " ")],
        " · ",
    );
    let severity = leaf(event, "/severity").map(|severity| format!("({severity})"));
    joined(&[told, severity], " ")
}

/// The product's name from its ARN's end.
fn product(uid: &str) -> String {
    let known = match uid.rsplit('/').next().unwrap_or(uid) {
        "inspector" => "Inspector",
        "guardduty" => "GuardDuty",
        "macie" => "Macie",
        "securityhub" => "CSPM",
        "securityhub-coverage" => "Coverage",
        "securityhub-risk" => "Exposure",
        _ => uid,
    };
    known.to_owned()
}

fn characteristics(event: &Value) -> Option<String> {
    let all: Vec<String> = entries(event, "/traits").into_iter().chain(entries(event, "/tags")).filter_map(characteristic).collect();
    listed(&all, 4, "; ")
}

/// `Misconfiguration: Plain HTTP accepted`, `HIGH_RISK_API: iam:CreateAccessKey`.
fn characteristic(entry: &Value) -> Option<String> {
    let values = listed(&words(entry, "/values"), 4, ", ").or_else(|| leaf(entry, "/value"));
    let name = first_of(entry, &["/name", "/type", "/uid"]).or_else(|| word(entry));
    joined(&[leaf(entry, "/category"), name, values], ": ")
}

/// The attack graph as steps: `Internet reaches checkout/sha256:…`.
fn steps(document: &Value) -> Vec<String> {
    let Some(graph) = document.pointer("/finding_info/attack_graph") else { return Vec::new() };
    let nodes = entries(graph, "/nodes");
    let own: Vec<String> = entries(document, "/resources")
        .into_iter()
        .flat_map(|resource| [leaf(resource, "/uid"), leaf(resource, "/uid_alt")])
        .flatten()
        .collect();
    let node = |uid: Option<String>| {
        let uid = uid?;
        if own.contains(&uid) {
            return Some("this resource".to_owned());
        }
        let named = nodes.iter().find(|node| leaf(node, "/uid").as_ref() == Some(&uid)).and_then(|node| leaf(node, "/name"));
        Some(short(&named.unwrap_or(uid)))
    };
    let mut steps: Vec<String> = Vec::new();
    let signals = words_at(document, "/finding_info/related_events", "/uid");
    for edge in entries(graph, "/edges") {
        // That each signal adds to the exposure is told by their list.
        if leaf(edge, "/source").is_some_and(|source| signals.contains(&source)) {
            continue;
        }
        let ends = (node(leaf(edge, "/source")), node(leaf(edge, "/target")));
        let (Some(source), Some(target)) = ends else { continue };
        let way = match first_of(edge, &["/name", "/relation"]).as_deref() {
            Some("contributes") => "contributes to".to_owned(),
            Some(way) => way.to_owned(),
            None => "leads to".to_owned(),
        };
        let step = format!("{source} {way} {target}");
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

/// A member of each entry of a list.
fn words_at(value: &Value, list: &str, member: &str) -> Vec<String> {
    entries(value, list).into_iter().filter_map(|entry| leaf(entry, member)).collect()
}

/// The end of an ARN, which is what tells resources apart.
fn short(name: &str) -> String {
    let resource = if name.starts_with("arn:") { name.splitn(6, ':').last().unwrap_or(name) } else { name };
    // A digest is known by its first digits.
    match resource.split_once("sha256:") {
        Some((before, digest)) if digest.chars().count() > 12 => format!("{before}sha256:{}…", digest.chars().take(12).collect::<String>()),
        _ => resource.to_owned(),
    }
}
