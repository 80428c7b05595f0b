//! Detections: who did what from where, how often, and what is known of it.

use serde_json::Value;

use super::{
    MAX_LISTED, evidence,
    lines::Lines,
    read::{entries, first_of, grouped, instant, integer, is_there, joined, leaf, listed, scalar, word, words},
};

/// Tells the evidence, malware and techniques, where there are any.
pub(super) fn tell(lines: &mut Lines, document: &Value) {
    let evidences = evidence::of(document);
    let count = evidences.len();
    let malware: Vec<String> = entries(document, "/malware").into_iter().filter_map(malware).collect();
    let techniques = techniques(document);
    if count == 0 && malware.is_empty() && techniques.is_empty() {
        return;
    }
    lines.heading("What happened");
    for (at, evidence) in evidences.iter().take(MAX_LISTED).enumerate() {
        let told = evidence::sentence(evidence).or_else(|| evidence::names(evidence));
        if count == 1 {
            lines.text(told);
        } else {
            lines.numbered(at + 1, told);
        }
    }
    lines.more_listed(count);
    for &label in evidence::LABELS {
        let entries: Vec<String> = shared(&evidences, label);
        lines.items(label, &entries, MAX_LISTED);
    }
    lines.items("malware", &malware, MAX_LISTED);
    lines.items("technique", &techniques, MAX_LISTED);
    seen(lines, document);
    facts(lines, document, &evidences, &malware);
}

/// The values under a label, each once, with the numbers of the evidence they belong to where that is not all of it.
fn shared(evidences: &[&Value], label: &str) -> Vec<String> {
    let mut values: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, evidence) in evidences.iter().take(MAX_LISTED).enumerate() {
        for (_, value) in evidence::known(evidence).into_iter().filter(|(known, _)| *known == label) {
            match values.iter_mut().find(|(known, _)| *known == value) {
                Some((_, all)) => {
                    if all.last() != Some(&(at + 1)) {
                        all.push(at + 1);
                    }
                }
                None => values.push((value, vec![at + 1])),
            }
        }
    }
    let of_all = |numbers: &[usize]| evidences.len() == 1 || numbers.len() == evidences.len();
    values.into_iter().map(|(value, numbers)| if of_all(&numbers) { value } else { format!("{value}  [{}]", ranges(&numbers)) }).collect()
}

/// `1-3, 5`.
fn ranges(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |&(start, end): &(usize, usize)| if start == end { start.to_string() } else { format!("{start}-{end}") };
    runs.iter().map(run).collect::<Vec<_>>().join(", ")
}

/// `64 times, last seen …`.
fn seen(lines: &mut Lines, document: &Value) {
    let last = instant(document, "/finding_info/last_seen_time");
    match (times(document), last) {
        (Some(times), None) => lines.field("seen", Some(times)),
        (times, last) => {
            let before = times.map(|times| format!("{times}, last ")).unwrap_or_default();
            lines.instant("seen", &before, last);
        }
    }
}

/// How often it was seen.
fn times(document: &Value) -> Option<String> {
    let count = integer(document, "/count").and_then(|count| usize::try_from(count).ok())?;
    match count {
        0 => None,
        1 => Some("once".to_owned()),
        count => Some(format!("{} times", grouped(count))),
    }
}

/// `Trojan.GenericKD (Trojan), /tmp/x`.
fn malware(malware: &Value) -> Option<String> {
    let kinds = listed(&words(malware, "/classifications"), 3, ", ").map(|kinds| format!("({kinds})"));
    let name = first_of(malware, &["/name", "/uid"]).or_else(|| scalar(malware));
    let files = entries(malware, "/files");
    let path = leaf(malware, "/path").or_else(|| files.first().and_then(|file| first_of(file, &["/path", "/name"])));
    let hashes = evidence::hashes(malware, "/hashes").or_else(|| files.first().and_then(|file| evidence::hashes(file, "/hashes")));
    joined(&[joined(&[name, kinds], " "), leaf(malware, "/severity"), path, hashes], ", ")
}

/// `Exfiltration (TA0010) by Exfiltration Over Web Service (T1567)`, from MITRE ATT&CK.
fn techniques(document: &Value) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let named = |attack: &Value, part: &str| {
        let uid = leaf(attack, &format!("{part}/uid")).map(|uid| format!("({uid})"));
        joined(&[leaf(attack, &format!("{part}/name")), uid], " ")
    };
    for attack in entries(document, "/finding_info/attacks").into_iter().chain(entries(document, "/attacks")) {
        let tactic = named(attack, "/tactic").or_else(|| named(attack, "/tactics/0"));
        let technique = named(attack, "/sub_technique").or_else(|| named(attack, "/technique"));
        let one = joined(&[tactic, technique], " by ").or_else(|| word(attack));
        told.extend(one.filter(|one| !told.contains(one)));
    }
    told
}

/// What the preview says: the first sentence with its place, and how often.
fn facts(lines: &mut Lines, document: &Value, evidences: &[&Value], malware: &[String]) {
    let first = evidences.iter().find(|evidence| evidence::is_telling(evidence));
    let told = first.and_then(|evidence| {
        let from = leaf(evidence, "/src_endpoint/ip").filter(|_| is_there(evidence, "/api")).map(|ip| format!("from {ip}"));
        let place = ["/src_endpoint", "/dst_endpoint"].into_iter().find_map(|pointer| evidence::place(evidence, pointer));
        joined(&[joined(&[evidence::sentence(evidence), from], " "), place], " · ")
    });
    let more = evidences.len().checked_sub(1).filter(|more| *more > 0).map(|more| format!("and {more} more"));
    lines.fact("what", joined(&[told, more], " · ").filter(|_| first.is_some()), None);
    lines.fact("malware", listed(malware, 2, ", "), None);
    let last = instant(document, "/finding_info/last_seen_time");
    let before = joined(&[times(document), last.map(|_| "last ".to_owned())], ", ");
    lines.fact("seen", before, last);
}
