//! The rows of the table and their column titles.

use ratatui::layout::Rect;

use crate::{
    app::{
        columns::{Cell, Columns},
        model::{Model, RangeKind},
        pointer::Spot,
    },
    domain::{column::ColumnKind, text::Cut},
    findings::view::Line,
};

use super::{
    canvas::{self, Canvas},
    group_row,
    row::{self, Focus, Mark},
    theme::Ink,
};

/// Draws the column titles, with an arrow on what is sorted by, and how many columns are out of sight.
pub fn titles(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, area: Rect) {
    let style = canvas.style(Ink::Faint);
    let sorted = model.view.order().0.first();
    for cell in &columns.cells {
        for at in [cell.at, cell.at + 1].into_iter().filter(|&at| cell.shows(at)) {
            let (x, width) = cell.part(at);
            canvas.spot(canvas::columns(area, x, width), Spot::Title(at));
        }
        let place = canvas::columns(area, cell.x, cell.width);
        let used = canvas.fit(place, title(cell), cut(cell), style);
        let left = canvas::columns(area, cell.x + used, u16::MAX);
        if let Some(key) = sorted.filter(|key| cell.what.sorted_by() == Some(key.field))
            && !left.is_empty()
        {
            canvas.sign(left.x, left.y, key.direction.arrow(), style);
        }
    }
    let out = [('‹', columns.left), ('›', columns.right)];
    let out: Vec<String> = out.iter().filter(|(_, count)| *count > 0).map(|(sign, count)| format!(" {sign}{count}")).collect();
    let mut end = area;
    canvas.write_right(&mut end, &out.concat(), style);
    if let Some((x, width)) = model.cursor.column.and_then(|at| columns.cell(at).map(|cell| cell.part(at))) {
        canvas.tint(canvas::columns(area, x, width.min(end.width.saturating_sub(x)).min(row::MOST_LIT)), canvas.style(Ink::Cell));
    }
}

/// What stands over a column.
fn title(cell: &Cell) -> &str {
    match &cell.what {
        ColumnKind::Severity => "SEV",
        ColumnKind::Status => "STATUS",
        ColumnKind::Age if cell.width > 3 => " AGE",
        ColumnKind::Age => "AGE",
        ColumnKind::Modified if cell.width > 7 => "MODIFIED",
        ColumnKind::Modified => "MOD",
        ColumnKind::Account if cell.has_region => "ACCOUNT REGION",
        ColumnKind::Account => "ACCOUNT",
        ColumnKind::AccountId => "ACCOUNT ID",
        ColumnKind::Region if cell.width < 6 => "REG",
        ColumnKind::Region => "REGION",
        ColumnKind::Product if cell.width < 5 => "PR",
        ColumnKind::Product => "PRODUCT",
        ColumnKind::Control => "CONTROL/CVE",
        ColumnKind::Title => "TITLE",
        ColumnKind::Resource => "RESOURCE",
        ColumnKind::Type => "TYPE",
        ColumnKind::Comment => "COMMENT",
        ColumnKind::Ocsf(field) => field.name(),
    }
}

/// Paths differ at their ends.
const fn cut(cell: &Cell) -> Cut {
    match cell.what {
        ColumnKind::Ocsf(_) => Cut::Middle,
        _ => Cut::End,
    }
}

/// Draws the lines that are on screen, and nothing else.
pub fn rows(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, area: Rect) {
    let range = range(model);
    let mut counted = group_row::Counted::default();
    for line in 0..area.height {
        let place = model.cursor.top + usize::from(line);
        let id = match model.view.line(place) {
            Some(Line::Row(id)) => id,
            Some(Line::Header(group)) => {
                canvas.spot(canvas::lines(area, line, 1), Spot::Header(group));
                let focus = if model.cursor.header == Some(group) { Focus::Cursor } else { Focus::Away };
                group_row::draw(canvas, model, canvas::lines(area, line, 1), group, focus, &mut counted);
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
        canvas.spot(canvas::lines(area, line, 1), Spot::Row(id));
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
