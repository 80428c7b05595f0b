//! The rows of the table and their column titles.

use ratatui::layout::Rect;

use crate::{
    app::model::{Model, RangeKind},
    domain::{order::SortField, text::Cut},
    findings::view::Line,
};

use super::{
    canvas::{self, Canvas},
    column::{Columns, GUTTER},
    group_row,
    row::{self, Focus, Mark},
    theme::Ink,
};

/// Draws the column titles, with an arrow on what is sorted by.
pub fn titles(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, area: Rect) {
    let style = canvas.style(Ink::Faint);
    let account = if columns.region == 0 { "ACCOUNT REGION" } else { "ACCOUNT" };
    let product = if columns.product == 2 { "PR" } else { "PRODUCT" };
    let sorted = model.view.order().0.first();
    let mut left = canvas::columns(area, GUTTER, u16::MAX);
    for (title, width, field) in [
        ("SEV", columns.severity, SortField::Severity),
        ("STATUS", columns.status, SortField::Status),
        (" AGE", columns.age, SortField::Created),
        (account, columns.account, SortField::Account),
        ("REGION", columns.region, SortField::Region),
        (product, columns.product, SortField::Product),
        ("CONTROL/CVE", columns.control, SortField::Control),
        ("TITLE", columns.title, SortField::Title),
        ("RESOURCE", columns.resource, SortField::Resource),
    ] {
        if width == 0 {
            continue;
        }
        let used = canvas.fit(canvas::columns(left, 0, width), title, Cut::End, style);
        if let Some(key) = sorted.filter(|key| key.field == field)
            && used < left.width
        {
            canvas.sign(left.x + used, left.y, key.direction.arrow(), style);
        }
        left = canvas::columns(left, width + 1, u16::MAX);
    }
}

/// Draws the lines that are on screen, and nothing else.
pub fn rows(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, area: Rect) {
    let range = range(model);
    for line in 0..area.height {
        let place = model.cursor.top + usize::from(line);
        let id = match model.view.line(place) {
            Some(Line::Row(id)) => id,
            Some(Line::Header(group)) => {
                let focus = if model.cursor.header == Some(group) { Focus::Cursor } else { Focus::Away };
                group_row::draw(canvas, model, canvas::lines(area, line, 1), group, focus);
                continue;
            }
            None => break,
        };
        let mark = match range {
            Some((kind, first, last)) if (first..=last).contains(&place) => match kind {
                RangeKind::Mark => Mark::WillMark,
                RangeKind::Unmark => Mark::WillUnmark,
            },
            _ if model.marks.rows.contains(id) => Mark::Marked,
            _ => Mark::None,
        };
        let focus = if model.cursor.row == Some(id) { Focus::Cursor } else { Focus::Away };
        row::draw(canvas, model, columns, canvas::lines(area, line, 1), id, mark, focus);
    }
}

/// The range being drawn, as its first and its last line; `None` where there is none or its anchor is hidden.
pub fn range(model: &Model) -> Option<(RangeKind, usize, usize)> {
    let range = model.marks.range?;
    let anchor = model.view.place(range.anchor)?;
    let cursor = model.cursor.place;
    Some((range.kind, anchor.min(cursor), anchor.max(cursor)))
}
