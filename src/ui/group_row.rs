//! The header line of a group: its name, how many rows it has, their severities, and how many of them are marked, staged or have a problem.
//!
//! Owns that line only. Everything on it is counted already; drawing it looks at no row.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{model::Model, wording},
    domain::{
        grouping::GroupField,
        text::{self, Cut},
    },
    findings::groups::GroupId,
};

use super::{
    canvas::{self, Canvas},
    row::{Focus, short_resource},
    theme::Ink,
};

/// Columns that the counts leave to the name.
const LEAST_NAME: usize = 16;

/// A piece of the counts and how it looks.
type Piece = (String, Style);

/// Draws a header on the first line of an area.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Rect, id: GroupId, focus: Focus) {
    let Some((groups, group)) = model.view.groups().and_then(|groups| Some((groups, groups.get(id)?))) else { return };
    let counts = model.grouped.counts(id);
    if counts.marked == group.len() {
        canvas.sign(area.x + 1, area.y, '✓', canvas.style(Ink::Marked));
    }
    let mut left = canvas::columns(area, 2, u16::MAX);
    canvas.write(&mut left, if group.is_folded() { "▸ " } else { "▾ " }, canvas.style(Ink::Heading));
    left.width = left.width.saturating_sub(1);

    // Each is left out whole where the name would not be readable beside it, the least needed first. The number of rows stands at the right
    // end, one under the other.
    let mut pieces = told(canvas, model, id);
    let width = |pieces: &[Vec<Piece>]| -> usize { pieces.iter().map(|piece| wide(piece) + 2).sum() };
    while width(&pieces) + LEAST_NAME > usize::from(left.width) && pieces.len() > 1 {
        pieces.pop();
    }
    let wanted = width(&pieces) as u16;
    let mut counts = canvas::columns(left, left.width.saturating_sub(wanted), wanted);
    left.width -= counts.width;
    for piece in pieces.iter().rev() {
        counts = canvas::columns(counts, 2, u16::MAX);
        for (text, style) in piece {
            canvas.write(&mut counts, text, *style);
        }
    }

    let name = groups.name(&model.store, id);
    let is_long = groups.field() == GroupField::Resource && text::width(&name) > usize::from(left.width);
    let name = if is_long { short_resource(&name) } else { &name };
    canvas.fit(left, name, Cut::Middle, canvas.style(Ink::Heading));
    let used = (text::width(name) + 2).min(usize::from(left.width)) as u16;
    let rest = canvas::columns(left, used, u16::MAX);
    if let Some((told, is_uniform)) = groups.told(&model.store, id) {
        let more = if is_uniform { "" } else { " …" };
        let room = usize::from(rest.width).saturating_sub(text::width(more));
        canvas.put(rest, &format!("{}{more}", text::fit(told, room, Cut::End)), Style::new());
    }
    if focus == Focus::Cursor {
        canvas.sign(area.x, area.y, '▶', Style::new());
        canvas.tint(canvas::columns(area, 0, 4), canvas.style(Ink::Selected));
    }
}

fn wide(piece: &[Piece]) -> usize {
    piece.iter().map(|(text, _)| text::width(text)).sum()
}

/// What is counted, the most needed first: rows, severities, what is decided.
fn told(canvas: &Canvas<'_>, model: &Model, id: GroupId) -> Vec<Vec<Piece>> {
    let Some((groups, group)) = model.view.groups().and_then(|groups| Some((groups, groups.get(id)?))) else { return Vec::new() };
    let theme = canvas.theme();
    let severities: Vec<_> = groups.severities(id).map(|(id, count)| (count as usize, id.letter(), theme.severity(id))).collect();
    let severities = match severities.as_slice() {
        // It is that of all rows.
        &[(_, letter, style)] => vec![(letter.to_string(), style)],
        several => counted(several),
    };
    let counts = model.grouped.counts(id);
    let decided: Vec<_> = [(counts.marked, '✓', Ink::Marked), (counts.staged, '●', Ink::Staged), (counts.problems, '✗', Ink::Problem)]
        .into_iter()
        .filter(|&(count, ..)| count > 0)
        .map(|(count, sign, ink)| (count, sign, theme.style(ink)))
        .collect();
    let mut pieces = vec![vec![(wording::grouped(group.len()), Style::new())], severities, counted(&decided)];
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// `C 3 H 12`: each sign with its look, the counts without.
fn counted(counts: &[(usize, char, Style)]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(counts.len() * 2);
    for (at, &(count, sign, style)) in counts.iter().enumerate() {
        let end = if at + 1 < counts.len() { " " } else { "" };
        pieces.push((sign.to_string(), style));
        pieces.push((format!(" {}{end}", wording::grouped(count)), Style::new()));
    }
    pieces
}
