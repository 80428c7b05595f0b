//! The choice of columns, at the foot of the table that shows it.

use ratatui::layout::Rect;

use crate::{
    app::{
        column_chooser::{ColumnChooser, ColumnEntry, Shown},
        columns::Columns,
        model::Model,
        pointer::Spot,
    },
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    list,
    theme::Ink,
};

/// Most columns of the terminal that the box takes.
const MOST: u16 = 100;
/// Columns of what is said of a width.
const WIDTH: u16 = 12;
/// Most lines of why a text was refused.
const MOST_REFUSED: usize = 4;

/// Draws the choice over the lower half of the screen: the table's columns stay in sight.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, chooser: &ColumnChooser, screen: Rect) {
    let on_screen = Columns::of(&model.columns, model.cursor.column, canvas.area().width);
    let width = screen.width.min(MOST);
    let height = (chooser.entries.len() as u16 + 2).min(screen.height / 2);
    let area = Rect { x: screen.x + (screen.width - width) / 2, y: screen.bottom().saturating_sub(height), width, height };
    let shown = chooser.shown().len();
    let out = on_screen.left + on_screen.right;
    let remark = if out > 0 { format!("{shown} shown, {out} of them out of sight") } else { format!("{shown} shown") };
    let mut inside = canvas.boxed(area, "columns", &remark);
    if let Some(refused) = &chooser.refused {
        let lines = text::wrap(refused, usize::from(inside.width.saturating_sub(2)));
        let count = (lines.len().min(MOST_REFUSED) as u16).min(inside.height.saturating_sub(1));
        let from = inside.height - count;
        for (line, at) in lines.iter().zip(0..count) {
            let line_area = canvas::columns(canvas::lines(inside, from + at, 1), 1, u16::MAX);
            canvas.fit(line_area, line, Cut::End, canvas.style(Ink::Problem));
        }
        inside = canvas::lines(inside, 0, from);
    }
    let mut at = 0;
    let places: Vec<Option<usize>> = chooser
        .entries
        .iter()
        .map(|entry| {
            let place = (entry.shown == Shown::Yes).then_some(at);
            at += usize::from(place.is_some());
            place
        })
        .collect();
    for (entry, line) in list::visible(chooser.entries.len(), chooser.cursor, inside.height, |_| 1) {
        let place = places.get(entry).copied().flatten();
        let drawn = place.and_then(|place| on_screen.cell(place).map(|cell| cell.part(place).1));
        canvas.spot(canvas::lines(inside, line, 1), Spot::Entry(entry));
        if let Some(column) = chooser.entries.get(entry) {
            draw_entry(canvas, column, drawn, canvas::lines(inside, line, 1), entry == chooser.cursor);
        }
    }
}

/// Draws one column of the list. `drawn` is its width on the screen, where it is there.
fn draw_entry(canvas: &mut Canvas<'_>, entry: &ColumnEntry, drawn: Option<u16>, line: Rect, is_here: bool) {
    let is_shown = entry.shown == Shown::Yes;
    let plain = canvas.style(if is_shown { Ink::Plain } else { Ink::Faint });
    let name = (line.width / 2).min(40);
    let width = match (entry.column.width, drawn) {
        (Some(said), Some(drawn)) if said != drawn => format!("{said}, cut {drawn}"),
        (Some(said), None) if is_shown => format!("{said}, no room"),
        (Some(said), _) => said.to_string(),
        (None, Some(drawn)) => format!("auto {drawn}"),
        (None, None) if is_shown => "no room".to_owned(),
        (None, None) => "auto".to_owned(),
    };
    if is_here {
        canvas.tint(canvas::columns(line, 0, name + 4), canvas.style(Ink::Selected));
        canvas.sign(line.x, line.y, '▶', canvas.style(Ink::Selected));
    }
    if is_shown {
        let style = canvas.style(if is_here { Ink::Selected } else { Ink::Marked });
        canvas.sign(line.x + 2, line.y, '✓', style);
    }
    canvas.fit(canvas::columns(line, 4, name), &text::clean(entry.column.what.word()), Cut::Middle, plain);
    let rest = canvas::columns(line, name + 5, u16::MAX);
    canvas.fit(canvas::columns(rest, 0, WIDTH), &width, Cut::End, plain);
    canvas.fit(canvas::columns(rest, WIDTH + 1, u16::MAX), entry.column.what.help(), Cut::End, canvas.style(Ink::Faint));
}
