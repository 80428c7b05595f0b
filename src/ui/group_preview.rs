//! The preview of a group: what its rows have, counted.
//!
//! Owns the lines under the table while the cursor is on a header. The counts are kept in the model.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{grouped::Summary, model::Model, wording},
    domain::{
        text::{self, Cut},
        time::Millis,
    },
};

use super::{
    canvas::{self, Canvas},
    preview,
    theme::Ink,
};

/// Draws the summary below the rule.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let Some((groups, id)) = model.view.groups().zip(model.cursor.header) else { return };
    let Some(summary) = model.grouped.summary().filter(|summary| summary.group == id) else { return };
    let mut left = canvas::columns(canvas::lines(area, 0, 1), 1, area.width.saturating_sub(2));
    let rows = wording::counted(groups.rows_of(id).len(), "finding");
    canvas.write_right(&mut left, &format!("by {} · {rows}", groups.field()), Style::new());
    left.width = left.width.saturating_sub(2);
    canvas.write(&mut left, &groups.name(&model.store, id), canvas.style(Ink::Title));
    if let Some((told, is_uniform)) = groups.told(&model.store, id) {
        left = canvas::columns(left, 2, u16::MAX);
        let more = if is_uniform { "" } else { " and others" };
        let room = usize::from(left.width).saturating_sub(text::width(more));
        canvas.put(left, &format!("{}{more}", text::fit(told, room, Cut::End)), Style::new());
    }
    let mut rest = canvas::lines(area, 1, u16::MAX);
    for (label, value) in lines(model, summary) {
        let used = preview::field(canvas, rest, label, &value, Style::new(), 1);
        rest = canvas::lines(rest, used, u16::MAX);
    }
}

fn lines(model: &Model, summary: &Summary) -> Vec<(&'static str, String)> {
    let named = |symbol, none: &str| match model.store.text(symbol) {
        "" => none.to_owned(),
        text => text.to_owned(),
    };
    let counted = |name: String, count: usize| format!("{name} {}", wording::grouped(count));
    let severities: Vec<String> =
        summary.severities.iter().map(|&(id, count)| counted(id.caption().unwrap_or("no known severity").to_owned(), count)).collect();
    let statuses: Vec<String> = summary.statuses.iter().map(|&(status, count)| counted(named(status, "no status"), count)).collect();
    let mut accounts: Vec<String> = summary.accounts.iter().map(|&(account, count)| counted(named(account, "no account"), count)).collect();
    if summary.more_accounts > 0 {
        accounts.push(format!("and {} more", wording::grouped(summary.more_accounts)));
    }
    let mut lines = vec![("severity", severities.join(" · ")), ("status", statuses.join(" · ")), ("account", accounts.join(" · "))];
    let counts = model.grouped.counts(summary.group);
    let decided: Vec<String> = [(counts.marked, "marked"), (counts.staged, "staged"), (counts.problems, "with a problem")]
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, what)| format!("{} {what}", wording::grouped(count)))
        .collect();
    if !decided.is_empty() {
        lines.push(("decided", decided.join(" · ")));
    }
    if let Some((first, last)) = summary.created {
        let age = |time| Millis(time).age(model.now);
        let (last, first) = (age(last), age(first));
        lines.push(("created", if last == first { format!("{first} ago") } else { format!("{last} to {first} ago") }));
    }
    lines
}
