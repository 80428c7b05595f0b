//! Texts that fill the screen and scroll: the detail of a finding, and the help.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        model::Model,
        overlay::{Detail, Face, Help},
        text_view::{self, MARGIN, StyledLine},
        wording,
    },
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    row,
    theme::Ink,
};

/// Lines above the text.
const TITLE: u16 = 2;

/// Draws the detail of a finding: title lines and body.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, detail: &Detail, area: Rect) {
    let body = body(area);
    let lines = text_view::detail_lines(model, detail, area.width);
    let top = scroll(canvas, &lines, body, detail.top);
    title(canvas, model, detail, canvas::lines(area, 0, 1));
    identity(canvas, model, detail, &lines, top, canvas::lines(area, 1, 1));
}

/// Where the text stands.
fn body(area: Rect) -> Rect {
    canvas::columns(canvas::lines(area, TITLE, u16::MAX), MARGIN, area.width.saturating_sub(2 * MARGIN))
}

/// Draws the help.
pub fn help(canvas: &mut Canvas<'_>, model: &Model, help: &Help, area: Rect) {
    let body = body(area);
    let lines = text_view::help_lines(model, help, area.width);
    let top = scroll(canvas, &lines, body, help.top);
    let mut left = canvas::columns(canvas::lines(area, 0, 1), 1, area.width.saturating_sub(2));
    canvas.write_right(&mut left, &position(top, body.height, lines.len()), canvas.style(Ink::Faint));
    if !help.search.is_empty() {
        left.width = left.width.saturating_sub(2);
        found(canvas, &help.search, &lines, &mut left);
    }
    canvas.write(&mut left, "Help", canvas.style(Ink::Title));
    canvas.write(&mut left, " · the keys as they are bound now", Style::new());
    canvas.rule(canvas::lines(area, 1, 1));
}

/// Draws the lines from `top` on and gives the first one that is shown: past the end there is nothing to see.
pub(super) fn scroll(canvas: &mut Canvas<'_>, lines: &[StyledLine], body: Rect, top: usize) -> usize {
    let top = top.min(lines.len().saturating_sub(usize::from(body.height)));
    for (line, at) in lines.iter().skip(top).zip(0..body.height) {
        let mut left = canvas::lines(body, at, 1);
        for span in &line.spans {
            canvas.write(&mut left, &span.text, canvas.theme().role(span.role));
        }
    }
    top
}

/// `lines 1-20 of 84`, or `all 12 lines`.
pub(super) fn position(top: usize, height: u16, count: usize) -> String {
    let height = usize::from(height);
    if count <= height { format!("all {count} lines") } else { format!("lines {}-{} of {count}", top + 1, (top + height).min(count)) }
}

/// State, severity and title; which finding of how many at the right.
fn title(canvas: &mut Canvas<'_>, model: &Model, detail: &Detail, area: Rect) {
    let Some(row) = model.store.row(detail.row) else { return };
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let count = model.view.rows().len();
    if model.cursor.row == Some(detail.row) && count > 0 {
        let told = format!("{} of {}", wording::grouped(model.view.indices(model.cursor.place).start + 1), wording::grouped(count));
        canvas.write_right(&mut left, &told, canvas.style(Ink::Faint));
        left.width = left.width.saturating_sub(2);
    }
    if model.marks.rows.contains(detail.row) {
        canvas.write(&mut left, "✓ ", canvas.style(Ink::Marked));
    }
    let severity = crate::domain::severity::SeverityId(row.severity);
    canvas.write(&mut left, severity.letter().encode_utf8(&mut [0; 4]), canvas.theme().severity(severity));
    left = canvas::columns(left, 2, u16::MAX);
    canvas.write(&mut left, model.store.text(row.title), canvas.style(Ink::Title));
}

/// On how many lines something is found that is searched, at the right.
fn found(canvas: &mut Canvas<'_>, search: &str, lines: &[StyledLine], left: &mut Rect) {
    let hits = lines.iter().filter(|line| line.is_hit()).count();
    let told = format!("\"{}\" on {}", text::clean(search), wording::counted(hits, "line"));
    canvas.write_right(left, &told, canvas.style(if hits == 0 { Ink::Problem } else { Ink::Warning }));
}

/// What is decided and what stands in the way; the uid; the face and the place in it at the right.
fn identity(canvas: &mut Canvas<'_>, model: &Model, detail: &Detail, lines: &[StyledLine], top: usize, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let height = crate::app::layout::screen_body(canvas.area().height);
    canvas.write_right(&mut left, &position(top, height, lines.len()), canvas.style(Ink::Faint));
    left.width = left.width.saturating_sub(2);
    for (face, word) in [(Face::Document, " document "), (Face::Summary, " summary ")] {
        let ink = if face == detail.face { Ink::Selected } else { Ink::Faint };
        canvas.write_right(&mut left, word, canvas.style(ink));
    }
    left.width = left.width.saturating_sub(2);
    if !detail.search.is_empty() {
        found(canvas, &detail.search, lines, &mut left);
        left.width = left.width.saturating_sub(2);
    }
    let (sign, ink) = row::state(model, detail.row);
    if sign != ' ' {
        canvas.write(&mut left, sign.encode_utf8(&mut [0; 4]), canvas.style(ink));
        left = canvas::columns(left, 1, u16::MAX);
    }
    if let Some(problem) = model.outcomes.problem(detail.row) {
        canvas.write(&mut left, &text::clean(problem.kind.word()), canvas.style(Ink::ProblemCode));
        left = canvas::columns(left, 2, u16::MAX);
    }
    let change = wording::change(model, detail.row).join(", ");
    if change.is_empty() {
        if let Some(row) = model.store.row(detail.row) {
            canvas.write(&mut left, &format!("status {}", wording::status_now(model, &row)), Style::new());
        }
    } else {
        canvas.write(&mut left, &change, canvas.style(Ink::Staged));
    }
    left = canvas::columns(left, 2, u16::MAX);
    if left.width > 8
        && let Some(identity) = model.store.identity(detail.row)
    {
        canvas.fit(left, &text::clean(identity.shown()), Cut::Middle, canvas.style(Ink::Faint));
    }
}
