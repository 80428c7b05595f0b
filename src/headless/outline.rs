//! What a plan would do, in lines: for whoever writes it, looks at it or is asked about it.

use std::collections::BTreeMap;

use crate::{
    domain::{patch::Values, row::RowId, severity::SeverityId, status::StatusId, text},
    send::plan::{Group, Plan, StagedRow, call_count},
    storage::plan_file::{PlanFile, PlannedRow},
};

/// Most rows that are named one by one; the others are counted.
pub const MAX_NAMED: usize = 20;

/// The rows of a plan file as what the engine sends. A row's number is its place in the file, counted over all groups.
pub fn sendable(file: &PlanFile) -> Plan {
    let mut at = 0;
    let groups = file.groups.iter().map(|group| {
        let rows = group.rows.iter().map(|planned| {
            let row =
                StagedRow { row: RowId(at), identity: planned.identity.clone(), now: planned.values.clone(), patch: group.patch.clone() };
            at += 1;
            row
        });
        Group { patch: group.patch.clone(), rows: rows.collect() }
    });
    Plan { groups: groups.collect(), ..Plan::default() }
}

/// The row with this number.
pub fn row(file: &PlanFile, number: RowId) -> Option<&PlannedRow> {
    file.groups.iter().flat_map(|group| &group.rows).nth(number.index())
}

/// How many calls a plan takes, if none has to be made twice.
pub fn calls(plan: &Plan) -> usize {
    plan.groups.iter().map(|group| call_count(&group.rows)).sum()
}

/// `1 finding`, `2,000 findings`.
pub fn counted(count: usize, one: &str) -> String {
    format!("{} {one}{}", number(count), if count == 1 { "" } else { "s" })
}

/// `7`, `2,000`.
pub fn number(count: usize) -> String {
    text::grouped(count)
}

/// What each group of a plan sets on what, clean.
pub fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for group in &plan.groups {
        let calls = counted(call_count(&group.rows), "call");
        lines.push(format!("  {} in {calls}", counted(group.rows.len(), "finding")));
        if let Some(status) = group.patch.status {
            lines.push(format!("    status    {} → {}", tally(group, |values| values.status.map(status_word)), status_word(status)));
        }
        if let Some(severity) = group.patch.severity {
            let now = tally(group, |values| values.severity.map(severity_word));
            lines.push(format!("    severity  {now} → {}", severity_word(severity)));
        }
        if let Some(comment) = &group.patch.comment {
            let replaced = group.rows.iter().filter(|row| row.now.comment.is_some()).count();
            let loss = if replaced > 0 { format!("  replaces {}", counted(replaced, "comment")) } else { String::new() };
            lines.push(format!("    comment   \"{}\"{loss}", text::clean(comment.as_str())));
        }
    }
    lines
}

/// The values there are, most frequent first: `New 300, In Progress 12`.
fn tally(group: &Group, value: impl Fn(&Values) -> Option<String>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &group.rows {
        *counts.entry(value(&row.now).unwrap_or_else(|| "none".to_owned())).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.iter().map(|(value, count)| format!("{value} {count}")).collect::<Vec<_>>().join(", ")
}

/// The caption of a status, or its id.
pub fn status_word(id: StatusId) -> String {
    id.caption().map_or_else(|| id.0.to_string(), str::to_owned)
}

/// The caption of a severity, or its id.
pub fn severity_word(id: SeverityId) -> String {
    id.caption().map_or_else(|| id.0.to_string(), str::to_owned)
}

/// Values in words: `Suppressed, High, "why"`.
pub fn values_in_words(values: &Values) -> String {
    let status = values.status.map_or_else(|| "no status".to_owned(), status_word);
    let severity = values.severity.map_or_else(|| "no severity".to_owned(), severity_word);
    let comment = values.comment.as_ref().map_or_else(|| "no comment".to_owned(), |comment| format!("\"{}\"", text::clean(comment)));
    format!("{status}, {severity}, {comment}")
}
