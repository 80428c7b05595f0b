//! The header line of a group: its name, how many rows it has, their severities, and how many of them are marked, staged or have a problem.
//!
//! Owns that line only. Everything on it is counted already; drawing it looks at no row.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::model::Model,
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
/// Columns before each piece of the counts.
const GAP: usize = 2;

/// What is counted for a header. One for all headers of a frame, so that each has no texts of its own.
#[derive(Debug, Default)]
pub struct Counted {
    text: String,
    /// Parts of the text that look alike: where each ends, and its style.
    parts: Vec<(usize, Style)>,
    /// Pieces that are left out whole, the most needed first: how many parts, columns and bytes there are up to the end of each.
    pieces: Vec<End>,
}

/// Where a piece ends.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    parts: usize,
    columns: usize,
    bytes: usize,
}

/// Draws a header on the first line of an area.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Rect, id: GroupId, focus: Focus, counted: &mut Counted) {
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
    counted.count(canvas, model, id);
    while counted.wide() + LEAST_NAME > usize::from(left.width) && counted.pieces.len() > 1 {
        counted.pieces.pop();
    }
    let wanted = counted.wide() as u16;
    let counts = canvas::columns(left, left.width.saturating_sub(wanted), wanted);
    left.width -= counts.width;
    counted.draw(canvas, counts);

    let name = groups.name(&model.store, id);
    let is_long = groups.field() == GroupField::Resource && text::width(&name) > usize::from(left.width);
    let name = if is_long { short_resource(&name) } else { &name };
    canvas.fit(left, name, Cut::Middle, canvas.style(Ink::Heading));
    let used = (text::width(name) + 2).min(usize::from(left.width)) as u16;
    let rest = canvas::columns(left, used, u16::MAX);
    if let Some((told, is_uniform)) = groups.told(&model.store, id) {
        let more = if is_uniform { "" } else { " …" };
        let mut room = rest;
        room.width = rest.width.saturating_sub(text::width(more) as u16);
        let used = canvas.fit(room, told, Cut::End, Style::new());
        canvas.put(canvas::columns(rest, used, u16::MAX), more, Style::new());
    }
    if focus == Focus::Cursor {
        canvas.sign(area.x, area.y, '▶', Style::new());
        canvas.tint(canvas::columns(area, 0, 4), canvas.style(Ink::Selected));
    }
}

impl Counted {
    /// Counts, the most needed first: rows, severities, what is decided.
    fn count(&mut self, canvas: &Canvas<'_>, model: &Model, id: GroupId) {
        self.text.clear();
        self.parts.clear();
        self.pieces.clear();
        let Some((groups, group)) = model.view.groups().and_then(|groups| Some((groups, groups.get(id)?))) else { return };
        let theme = canvas.theme();
        self.number(group.len());
        self.piece();
        // The only one is that of all rows.
        let is_several = groups.severities(id).nth(1).is_some();
        for (severity, count) in groups.severities(id) {
            self.sign(severity.letter(), theme.severity(severity));
            if is_several {
                self.number_of_sign(count as usize);
            }
        }
        self.piece();
        let counts = model.grouped.counts(id);
        for (count, sign, ink) in
            [(counts.marked, '✓', Ink::Marked), (counts.staged, '●', Ink::Staged), (counts.problems, '✗', Ink::Problem)]
        {
            if count > 0 {
                self.sign(sign, theme.style(ink));
                self.number_of_sign(count);
            }
        }
        self.piece();
    }

    /// A sign with its look, apart from what stands before it in its piece.
    fn sign(&mut self, sign: char, style: Style) {
        let begun = self.pieces.last().copied().unwrap_or_default();
        if self.text.len() > begun.bytes {
            self.text.push(' ');
            self.part(Style::new());
        }
        self.text.push(sign);
        self.part(style);
    }

    fn number_of_sign(&mut self, count: usize) {
        self.text.push(' ');
        self.number(count);
    }

    fn number(&mut self, count: usize) {
        text::add_grouped(count, &mut self.text);
        self.part(Style::new());
    }

    fn part(&mut self, style: Style) {
        self.parts.push((self.text.len(), style));
    }

    /// The piece is whole; an empty one is none.
    fn piece(&mut self) {
        let last = self.pieces.last().copied().unwrap_or_default();
        let columns = self.text.get(last.bytes..).map_or(0, text::width);
        if columns > 0 {
            self.pieces.push(End { parts: self.parts.len(), columns: last.columns + columns + GAP, bytes: self.text.len() });
        }
    }

    /// Columns of all pieces, each with a gap before it.
    fn wide(&self) -> usize {
        self.pieces.last().map_or(0, |end| end.columns)
    }

    /// Draws the pieces, the most needed one at the right end.
    fn draw(&self, canvas: &mut Canvas<'_>, mut area: Rect) {
        for at in (0..self.pieces.len()).rev() {
            let from = at.checked_sub(1).and_then(|before| self.pieces.get(before)).copied().unwrap_or_default();
            let end = self.pieces.get(at).copied().unwrap_or_default();
            area = canvas::columns(area, GAP as u16, u16::MAX);
            let mut begin = from.bytes;
            for &(end, style) in self.parts.get(from.parts..end.parts).unwrap_or_default() {
                canvas.write(&mut area, self.text.get(begin..end).unwrap_or_default(), style);
                begin = end;
            }
        }
    }
}
