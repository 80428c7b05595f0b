//! Findings of the demo as they are read: one of each kind, at two widths.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::summary::{self, Summary};

/// The demo's findings.
const DEMO: &str = include_str!("../../../../assets/demo/findings.jsonl");
/// When the demo's findings were made.
const NOW: Millis = Millis(1_795_132_800_000);

/// The demo's finding whose `metadata.uid` begins like this.
fn demo(uid: &str) -> Summary {
    let line = DEMO.lines().find(|line| line.contains(&format!("\"uid\":\"{uid}"))).unwrap();
    summary::summarise(&summary::read_document(line).unwrap())
}

fn laid_out(summary: &Summary, columns: u16, search: &str) -> Vec<StyledLine> {
    let mut lines = Lines { out: Vec::new(), columns: usize::from(columns - 2 * MARGIN), search };
    summary.lines.iter().for_each(|line| lines.summary(line, NOW));
    lines.out
}

/// Facts and text, as they are read.
fn told(summary: &Summary, columns: u16) -> String {
    let facts = summary.facts.iter().map(|fact| {
        let age = fact.at.and_then(|at| at.ago(NOW)).unwrap_or_default();
        format!("{:8} {}{age}{}", fact.label, fact.told, fact.after)
    });
    let text = laid_out(summary, columns, "").into_iter().map(|line| line.text());
    facts.chain([String::new()]).chain(text).flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect()
}

#[rstest]
#[case("vulnerability_exploited", "05720046")]
#[case("vulnerability_without_fix", "06b79b90")]
#[case("vulnerability_packages", "0c37dc19")]
#[case("compliance", "1a9acac9")]
#[case("coverage", "07452501")]
#[case("detection_calls", "29dcc823")]
#[case("detection_process", "fecbebb3")]
#[case("detection_connection", "22a93809")]
#[case("detection_sequence", "1b70cd88")]
#[case("data", "2b46a2b2")]
#[case("exposure", "08381b6b")]
fn a_finding_reads_like_this(#[case] kind: &str, #[case] uid: &str, #[values(80, 120)] columns: u16) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(format!("{kind}_{columns}"), told(&demo(uid), columns));
    });
}

proptest! {
    #[test]
    fn lines_fit_and_hold_every_word_at_any_width(line in 0_usize..642, columns in 12_u16..220) {
        let summary = summary::summarise(&summary::read_document(DEMO.lines().nth(line).unwrap()).unwrap());
        let lines = laid_out(&summary, columns, "");
        let whole: String = lines.iter().map(StyledLine::text).collect::<String>().replace(' ', "");
        for line in &lines {
            prop_assert!(text::width(&line.text()) <= usize::from(columns - 2 * MARGIN), "{:?}", line.text());
        }
        for line in &summary.lines {
            let told: Vec<&String> = match line {
                SummaryLine::Cells(_, entries) => entries.iter().collect(),
                SummaryLine::Field(_, text)
                | SummaryLine::Item(_, text)
                | SummaryLine::Numbered(_, text)
                | SummaryLine::Instant(_, text, _)
                | SummaryLine::Heading(text)
                | SummaryLine::Text(text)
                | SummaryLine::Note(text) => vec![text],
            };
            for told in told {
                prop_assert!(whole.contains(&told.replace([' ', '\n'], "")), "{told:?}");
            }
        }
    }
}

#[test]
fn what_is_searched_is_found_in_values_cells_and_numbered_lines() {
    for (uid, search, count) in
        [("29dcc823", "stoplogging", 2), ("0c37dc19", "env=dev", 1), ("1a9acac9", "blockedports", 1), ("1a9acac9", "remediation", 1)]
    {
        let found = laid_out(&demo(uid), 80, search).iter().filter(|line| line.is_hit()).count();
        assert_eq!(found, count, "{search}");
    }
}
