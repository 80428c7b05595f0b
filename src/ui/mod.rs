//! Draws everything from the model, and changes nothing.
//!
//! Owns how things look and where they stand. Must not decide anything, do I/O or bring back a document: what it shows is in the model.

pub mod canvas;
pub mod column;
pub mod footer;
pub mod header;
pub mod row;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod screens;
pub mod table;
pub mod theme;

use ratatui::{Frame, layout::Rect};

use crate::app::{
    layout::{MIN_COLUMNS, MIN_ROWS},
    model::Model,
};

use canvas::Canvas;
use column::Columns;
use theme::{Ink, Theme};

/// Draws the model. Works at any size; below 80x24 it says so instead.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let mut canvas = Canvas::new(frame.buffer_mut(), *theme);
    let area = canvas.area();
    if area.width < MIN_COLUMNS || area.height < MIN_ROWS {
        too_small(&mut canvas, area);
        return;
    }
    table_screen(&mut canvas, model, area);
}

fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let lines = [
        format!("hubtriage needs {MIN_COLUMNS}x{MIN_ROWS},"),
        format!("this terminal has {}x{}.", area.width, area.height),
        "Make it larger; nothing is lost.".to_owned(),
    ];
    for (line, at) in lines.iter().zip(0..) {
        canvas.put(canvas::lines(area, at, 1), line, canvas.style(Ink::Plain));
    }
}

fn table_screen(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let layout = model.layout();
    let columns = Columns::of(area.width);
    header::draw(canvas, model, canvas::lines(area, 0, 2));
    canvas.rule(canvas::lines(area, 2, 1));
    table::titles(canvas, model, &columns, canvas::lines(area, 3, 1));
    table::rows(canvas, model, &columns, canvas::lines(area, layout.header, layout.body));
    footer::draw(canvas, model, canvas::lines(area, area.height.saturating_sub(layout.footer), layout.footer));
}
