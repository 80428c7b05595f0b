//! How to put it right: the remediation's text, its links and its commands.

use serde_json::Value;

use super::{
    lines::Lines,
    read::{entries, first_of, paragraphs, scalar},
};

/// Links of one list; nobody opens more, and Inspector gives up to a hundred.
const MAX_LINKS: usize = 3;
/// Commands of one list.
const MAX_STEPS: usize = 3;

/// Programs whose name opens a command that a remediation gives.
const PROGRAMS: &[&str] = &[
    "apk",
    "apt",
    "apt-get",
    "aws",
    "az",
    "brew",
    "bundle",
    "cargo",
    "choco",
    "composer",
    "conda",
    "dnf",
    "docker",
    "dotnet",
    "gcloud",
    "gem",
    "go",
    "helm",
    "kubectl",
    "microdnf",
    "mvn",
    "npm",
    "nuget",
    "pip",
    "pip3",
    "pnpm",
    "poetry",
    "rpm",
    "snap",
    "sudo",
    "systemctl",
    "terraform",
    "uv",
    "winget",
    "yarn",
    "yum",
    "zypper",
];

/// Tells the remediation of the finding, once.
pub(super) fn tell(lines: &mut Lines, document: &Value) {
    if !lines.is_first("remedy") {
        return;
    }
    lines.heading("How to fix it");
    let told = paragraphs(document, "/remediation/desc").or_else(|| document.get("remediation").and_then(scalar));
    lines.fact("how", told.as_ref().map(|told| told.replace('\n', " ")), None);
    match told {
        Some(command) if is_command(&command) => lines.field("run", Some(command)),
        told => lines.text(told),
    }
    references(lines, document, "/remediation/references");
    references(lines, document, "/remediation/kb_articles");
    references(lines, document, "/remediation/kb_article_list");
}

/// Steps that a part of the finding names: commands as such, the rest as what they are.
pub(super) fn steps(lines: &mut Lines, steps: &[String]) {
    let (commands, advice): (Vec<String>, Vec<String>) = steps.iter().cloned().partition(|step| is_command(step));
    lines.items("run", &commands, MAX_STEPS);
    lines.items("advice", &advice, MAX_STEPS);
}

/// Links, commands and other references of a list, each under its own label.
pub(super) fn references(lines: &mut Lines, value: &Value, pointer: &str) {
    let mut told: Vec<String> = Vec::new();
    for reference in entries(value, pointer) {
        let one = scalar(reference).or_else(|| first_of(reference, &["/src_url", "/url", "/title", "/uid", "/name"]));
        told.extend(one.filter(|one| !told.contains(one)));
    }
    let (addresses, others): (Vec<String>, Vec<String>) = told.into_iter().partition(|one| is_link(one));
    let (commands, others): (Vec<String>, Vec<String>) = others.into_iter().partition(|one| is_command(one));
    lines.items("run", &commands, MAX_STEPS);
    lines.items("see", &addresses, MAX_LINKS);
    lines.items("reference", &others, MAX_LINKS);
}

/// Whether a text is a link that a browser opens; other schemes are no links but text.
fn is_link(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")) && !text.contains(' ')
}

/// Whether a text is a command line: one line that opens with a known program and something to do.
fn is_command(text: &str) -> bool {
    let mut words = text.split(' ');
    let program = words.next().unwrap_or_default();
    let next = words.next().unwrap_or_default();
    // "go to the console" and "snap the volume" are advice.
    let is_prose = ["to", "the", "a", "into", "through", "with", "your"].contains(&next) || text.ends_with('.');
    !text.contains('\n') && PROGRAMS.contains(&program) && !next.is_empty() && !is_prose
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::summary::SummaryLine;
    use serde_json::json;

    #[test]
    fn only_web_addresses_are_links_and_commands_are_told_as_such() {
        let mut lines = Lines::default();
        let document = json!({"remediation": {"desc": "Turn it off.\nThen wait.", "references": [
            "https://a.example/1", "HTTP://a.example/2", "javascript:alert(1)", "file:///etc/passwd", "aws s3api put-public-access-block --bucket b",
            "https://a.example/1", "go to the console", {"src_url": "https://a.example/3"}, "https://a.example/4", null, 7]}});
        tell(&mut lines, &document);
        let item = |label, text: &str| SummaryLine::Item(label, text.to_owned());
        assert_eq!(
            lines.finish().lines,
            [
                SummaryLine::Heading("How to fix it".into()),
                SummaryLine::Text("Turn it off.\nThen wait.".into()),
                item("run", "aws s3api put-public-access-block --bucket b"),
                item("see", "https://a.example/1"),
                item("", "HTTP://a.example/2"),
                item("", "https://a.example/3"),
                SummaryLine::Note("… and 1 more in the document".into()),
                item("reference", "javascript:alert(1)"),
                item("", "file:///etc/passwd"),
                item("", "go to the console"),
                SummaryLine::Note("… and 1 more in the document".into()),
            ]
        );
    }

    #[test]
    fn a_remediation_of_another_type_is_told_as_far_as_it_goes() {
        for (remediation, count) in
            [(json!("apt-get install -y x"), 2), (json!(["x"]), 0), (json!({"references": "https://x.example"}), 2), (json!(null), 0)]
        {
            let mut lines = Lines::default();
            tell(&mut lines, &json!({ "remediation": remediation }));
            assert_eq!(lines.finish().lines.len(), count, "{remediation}");
        }
    }
}
