//! The two faces of one finding: what is told of it, and its document.
//!
//! What may have changed since the document came (severity, status, comment) is told from the row.

use crate::domain::{row::RowId, summary::SummaryLine, text, time::Millis};

use super::{Lines, MARGIN, Role, StyledLine};
use crate::app::{
    history,
    model::Model,
    overlay::{Detail, Face},
    wording,
};

/// Where the text of a value begins, in columns: on a terminal of 80, a `metadata.uid` just fits behind it.
const VALUE_COLUMN: usize = 14;
/// Columns between short entries side by side.
const GAP: usize = 2;
/// The widest column of short entries; longer ones take several.
const MAX_CELL: usize = 40;

/// The lines of the detail screen on a terminal of so many columns, [`MARGIN`]s not included; searched text has [`Role::Hit`].
pub fn detail_lines(model: &Model, detail: &Detail, columns: u16) -> Vec<StyledLine> {
    let mut lines = Lines { out: Vec::new(), columns: usize::from(columns.saturating_sub(2 * MARGIN)), search: &detail.search };
    let told = model.documents.get(detail.row);
    match detail.face {
        Face::Summary => {
            lines.decided(model, detail.row);
            match told {
                Some(Ok(told)) => {
                    lines.standing(model, detail.row);
                    told.summary.lines.iter().for_each(|line| lines.summary(line, model.now));
                }
                Some(Err(why)) => {
                    lines.standing(model, detail.row);
                    lines.field("document", Role::Problem, &text::clean(why));
                }
                None => lines.row(model, detail.row),
            }
            lines.history(model, detail.row);
        }
        Face::Document => match told {
            Some(Ok(told)) => told.document.iter().for_each(|line| lines.document(line)),
            Some(Err(why)) => lines.plain(Role::Problem, &text::clean(why)),
            None => lines.plain(Role::Faint, "the document is being brought …"),
        },
    }
    lines.out
}

impl Lines<'_> {
    /// What was decided on the row and what stands in the way: first, so that it needs no scrolling.
    pub(super) fn decided(&mut self, model: &Model, row: RowId) {
        let before = self.out.len();
        if let Some(problem) = model.outcomes.problem(row) {
            self.field("problem", Role::Problem, &format!("{}: {}", text::clean(problem.kind.word()), wording::meaning(&problem.kind)));
            if !problem.message.trim().is_empty() {
                self.field("", Role::Problem, &format!("\"{}\"", text::clean(problem.message.trim())));
            }
            if let Some(id) = &problem.request_id {
                self.field("", Role::Faint, &format!("request {}", text::clean(id)));
            }
        }
        for (at, change) in wording::change(model, row).iter().enumerate() {
            self.field(if at == 0 { "staged" } else { "" }, Role::Staged, change);
        }
        if self.out.len() > before {
            self.blank();
        }
    }

    /// Severity, status and comment as they are now.
    fn standing(&mut self, model: &Model, id: RowId) {
        let Some(row) = model.store.row(id) else { return };
        let severity = wording::severity_now(model, &row);
        let vendor = wording::vendor_says(model, &row).map(|vendor| format!(", set in the hub; {vendor}")).unwrap_or_default();
        self.field("severity", Role::Plain, &format!("{severity}{vendor}"));
        self.field("status", Role::Plain, wording::status_now(model, &row));
        if row.comment.is_some() {
            self.field("comment", Role::Plain, model.store.text(row.comment));
        }
    }

    /// What was sent to the finding, newest first.
    pub(super) fn history(&mut self, model: &Model, row: RowId) {
        let Some(identity) = model.store.identity(row) else { return };
        for (at, (send, sent)) in history::of(model, &identity).into_iter().enumerate() {
            if at == 0 {
                self.heading("Sent, as the journal has it");
            } else {
                self.blank();
            }
            let [when, change, outcome] = history::entry(model, send, sent);
            self.plain(Role::Label, &when);
            self.plain(Role::Plain, &change);
            self.plain(if history::sign(&sent.standing) == '✔' { Role::Plain } else { Role::Problem }, &outcome);
        }
    }

    /// What the table knows, until the document is there.
    fn row(&mut self, model: &Model, id: RowId) {
        self.standing(model, id);
        let Some(row) = model.store.row(id) else { return };
        let text = |symbol| model.store.text(symbol);
        for (label, value) in [
            ("title", text(row.title)),
            ("product", text(row.product)),
            ("control", text(row.control)),
            ("account", text(row.account)),
            ("account name", text(row.account_name)),
            ("region", text(row.region)),
            ("resource", text(row.resource)),
            ("type", text(row.resource_type)),
        ] {
            if !value.is_empty() {
                self.field(label, Role::Plain, value);
            }
        }
        self.plain(Role::Faint, "the document is being brought …");
    }

    /// One line of a summary; ages are those of `now`.
    pub(super) fn summary(&mut self, line: &SummaryLine, now: Millis) {
        match line {
            SummaryLine::Heading(heading) => self.heading(heading),
            SummaryLine::Field(label, value) => {
                if !self.alone(label, value) {
                    self.field(label, Role::Plain, value);
                }
            }
            SummaryLine::Item(label, value) => {
                if !self.alone(label, value) {
                    self.entry_at(VALUE_COLUMN, 2, label, Role::Label, Role::Plain, value);
                }
            }
            SummaryLine::Instant(label, before, at) => {
                let age = at.ago(now).map(|ago| format!(", {ago}")).unwrap_or_default();
                self.field(label, Role::Plain, &format!("{before}{}{age}", at.shown()));
            }
            SummaryLine::Cells(label, entries) => self.cells(label, entries),
            SummaryLine::Numbered(number, text) => self.entry_at(4, 0, &format!("{number:>2}"), Role::Label, Role::Plain, text),
            SummaryLine::Text(text) => self.plain(Role::Plain, text),
            SummaryLine::Note(note) => self.field("", Role::Faint, note),
        }
    }

    /// Puts a link, an ARN or another long word on a line of its own where it is whole there and not beside its label; says whether it did.
    fn alone(&mut self, label: &str, value: &str) -> bool {
        let wide = text::width(value);
        let is_alone = !value.contains(' ') && wide > self.columns.saturating_sub(VALUE_COLUMN) && wide + GAP <= self.columns;
        if is_alone {
            if !label.is_empty() {
                self.push(&[(Role::Label, label)], 0, self.columns);
            }
            self.push(&[(Role::Plain, &" ".repeat(GAP)), (Role::Plain, value)], GAP, self.columns);
        }
        is_alone
    }

    /// Short entries in as many aligned columns as there is room for; a long one takes the room of several.
    fn cells(&mut self, label: &str, entries: &[String]) {
        let room = self.columns.saturating_sub(VALUE_COLUMN).clamp(1, super::MAX_TEXT);
        let widest = entries.iter().map(|entry| text::width(entry)).filter(|width| *width <= MAX_CELL).max().unwrap_or(1);
        let (mut label, mut line, mut used) = (label, String::new(), 0);
        let step = (widest + GAP).min(room.max(1));
        for entry in entries {
            let wide = text::width(entry);
            if used > 0 && used + wide > room {
                self.field(label, Role::Plain, line.trim_end());
                (label, used) = ("", 0);
                line.clear();
            }
            line.push_str(entry);
            // At least a gap, then on to the next column.
            let next = (wide + GAP).div_ceil(step) * step;
            line.push_str(&" ".repeat(next - wide));
            used += next;
        }
        self.field(label, Role::Plain, line.trim_end());
    }

    /// One line of the indented document: the member's name is a label, what does not fit goes on under it.
    fn document(&mut self, line: &str) {
        let indent = line.len() - line.trim_start().len();
        let name =
            line.get(indent..).filter(|rest| rest.starts_with('"')).and_then(|rest| rest.find("\": ")).map_or(0, |at| indent + at + 1);
        let (label, value) = line.split_at_checked(name).unwrap_or(("", line));
        let hang = (indent + 4).min(self.columns / 2);
        self.push(&[(Role::Label, label), (Role::Plain, value)], hang, self.columns);
    }

    pub(super) fn field(&mut self, label: &str, role: Role, value: &str) {
        self.field_at(VALUE_COLUMN, label, Role::Label, role, value);
    }
}

#[cfg(test)]
mod tests;
