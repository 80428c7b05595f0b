//! The header line of a group: its name, how many rows it has, their severities, and how many of them are marked, staged or have a problem.
//!
//! Owns that line only. Everything on it is counted already; drawing it looks at no row.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{model::Model, wording},
    domain::text::{self, Cut},
    findings::groups::GroupId,
};

use super::{
    canvas::{self, Canvas},
    row::Focus,
    theme::Ink,
};

/// Columns that the name may take of what the counts leave, at least.
const LEAST_NAME: u16 = 16;

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

    // Each count is left out whole where the name would not be readable beside it: the least needed first.
    let mut pieces = told(canvas, model, id);
    let width = |pieces: &[Vec<Piece>]| -> usize { pieces.iter().map(|piece| wide(piece) + 2).sum() };
    while width(&pieces) + usize::from(LEAST_NAME) > usize::from(left.width) && pieces.len() > 1 {
        pieces.pop();
    }
    let wanted = width(&pieces) as u16;
    let mut counts = canvas::columns(left, left.width.saturating_sub(wanted), wanted);
    left.width -= counts.width;
    for piece in &pieces {
        counts = canvas::columns(counts, 2, u16::MAX);
        for (text, style) in piece {
            canvas.write(&mut counts, text, *style);
        }
    }

    let name = groups.name(&model.store, id);
    canvas.fit(left, &name, Cut::End, canvas.style(Ink::Heading));
    let used = (text::width(&name) + 2).min(usize::from(left.width)) as u16;
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

/// The counts, left to right and the most needed first: rows, severities, what is decided.
fn told(canvas: &Canvas<'_>, model: &Model, id: GroupId) -> Vec<Vec<Piece>> {
    let Some(group) = model.view.groups().and_then(|groups| groups.get(id)) else { return Vec::new() };
    let plain = Style::new();
    let mut pieces: Vec<Vec<Piece>> = vec![vec![(wording::grouped(group.len()), plain)]];
    let counts = model.grouped.counts(id);
    let decided: Vec<Piece> = [(counts.marked, '✓', Ink::Marked), (counts.staged, '●', Ink::Staged), (counts.problems, '✗', Ink::Problem)]
        .into_iter()
        .filter(|&(count, ..)| count > 0)
        .flat_map(|(count, sign, ink)| spaced(sign, count, canvas.style(ink)))
        .collect();
    let severities = group
        .severities()
        .flat_map(|(severity, count)| spaced(severity.letter(), count as usize, canvas.theme().severity(severity)))
        .collect();
    for piece in [severities, decided] {
        let piece: Vec<Piece> = piece;
        if !piece.is_empty() {
            pieces.push(piece.into_iter().skip(1).collect());
        }
    }
    pieces
}

/// ` C 3`: the sign with its look, the count without.
fn spaced(sign: char, count: usize, style: Style) -> [Piece; 3] {
    [(" ".to_owned(), Style::new()), (sign.to_string(), style), (format!(" {}", wording::grouped(count)), Style::new())]
}
