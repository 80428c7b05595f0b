//! Draws everything from the model, and changes nothing.
//!
//! Owns how things look and where they stand. Must not decide anything, do I/O or bring back a document: what it shows is in the model.

pub mod canvas;
pub mod columns;
pub mod count;
pub mod detail;
pub mod editor;
pub mod flow;
pub mod following;
pub mod footer;
pub mod group_preview;
pub mod group_row;
pub mod header;
pub mod list;
pub mod menu;
pub mod palette;
pub mod preview;
pub mod problems;
pub mod profiles;
pub mod progress;
pub mod prompt;
pub mod recipes;
pub mod review;
pub mod row;
pub mod sends;
pub mod steps;
pub mod summary;
pub mod table;
pub mod tasks;
pub mod text_screen;
pub mod theme;
pub mod trouble;

#[cfg(test)]
mod column_screens;
#[cfg(test)]
mod copy_screens;
#[cfg(test)]
mod editor_screens;
#[cfg(test)]
mod finding_screens;
#[cfg(test)]
mod flow_screens;
#[cfg(test)]
mod group_screens;
#[cfg(test)]
mod palette_screens;
#[cfg(test)]
mod pointer_screens;
#[cfg(test)]
mod progress_screens;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_ledger;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod theme_screens;

use ratatui::{Frame, buffer::Buffer, layout::Rect};

use crate::app::{
    columns::Columns,
    layout::{MIN_COLUMNS, MIN_ROWS},
    model::Model,
    overlay::{Overlay, PromptPurpose},
    pointer::Spots,
};

use canvas::Canvas;
use theme::{Ink, Theme};

/// Lines of the footer, on every screen.
const FOOTER: u16 = 2;

/// Draws the model. Works at any size; below 80x24 it says so instead.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    paint(model, theme, frame.buffer_mut());
}

/// Draws the model on an empty buffer of the size of the screen, and gives what can be clicked where.
pub fn paint(model: &Model, theme: &Theme, buffer: &mut Buffer) -> Spots {
    let mut canvas = Canvas::new(buffer, *theme);
    let area = canvas.area();
    canvas.tint(area, theme.ground());
    if area.width < MIN_COLUMNS || area.height < MIN_ROWS {
        too_small(&mut canvas, area);
        return Spots { context: model.context(), places: Vec::new() };
    }
    // What covers everything hides what is under it; the rest is drawn over each other, innermost last.
    let first = model.overlays.iter().rposition(Overlay::is_screen);
    if first.is_none() {
        table_screen(&mut canvas, model, area);
    }
    let inside = canvas::lines(area, 0, area.height - FOOTER);
    let line = if first.is_none() { cursor_line(model) } else { None };
    for overlay in model.overlays.iter().skip(first.unwrap_or_default()) {
        canvas.cover();
        match overlay {
            Overlay::Detail(detail) => detail::draw(&mut canvas, model, detail, inside),
            Overlay::Flow(flow) => flow::draw(&mut canvas, model, flow, inside),
            Overlay::Help(help) => detail::help(&mut canvas, model, help, inside),
            Overlay::Text(screen) => text_screen::draw(&mut canvas, model, screen, inside),
            Overlay::Review(review) => review::draw(&mut canvas, model, review, inside),
            Overlay::Problems(panel) => problems::draw(&mut canvas, model, panel, inside),
            Overlay::Sends(sends) => sends::draw(&mut canvas, model, sends, inside),
            Overlay::SentRows(rows) => sends::draw_rows(&mut canvas, model, rows, inside),
            Overlay::Summary(summary) => summary::draw(&mut canvas, model, summary, inside),
            Overlay::Tasks(panel) => tasks::draw(&mut canvas, model, panel, inside),
            Overlay::Busy(question) => tasks::busy(&mut canvas, model, question, inside),
            Overlay::Profiles(picker) => profiles::draw(&mut canvas, model, *picker, inside),
            Overlay::Recipes(picker) => recipes::draw(&mut canvas, model, picker, inside),
            Overlay::Columns(chooser) => columns::draw(&mut canvas, model, chooser, inside),
            Overlay::Menu(menu) => menu::draw(&mut canvas, model, menu, inside, line),
            Overlay::Editor(editor) => editor::draw(&mut canvas, model, editor, inside, line),
            Overlay::Confirm(confirm) => menu::confirm(&mut canvas, model, confirm, inside),
            Overlay::Prompt(prompt) if prompt.purpose == PromptPurpose::Command => palette::draw(&mut canvas, model, prompt, inside),
            Overlay::Count(prompt) => count::draw(&mut canvas, model, prompt, inside),
            // Its text stands in the footer.
            Overlay::Prompt(prompt) => prompt::offers(&mut canvas, model, prompt, inside),
        }
    }
    following::draw(&mut canvas, model, inside);
    footer::draw(&mut canvas, model, canvas::lines(area, area.height - FOOTER, FOOTER));
    Spots { context: model.context(), places: canvas.into_spots() }
}

fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let lines = [
        format!("hubtriage needs {MIN_COLUMNS}x{MIN_ROWS},"),
        format!("this terminal has {}x{}.", area.width, area.height),
        "Make it larger; nothing is lost.".to_owned(),
        "Until then no key decides anything.".to_owned(),
    ];
    for (line, at) in lines.iter().zip(0..) {
        canvas.put(canvas::lines(area, at, 1), line, canvas.style(Ink::Plain));
    }
}

fn table_screen(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let layout = model.layout();
    let columns = Columns::of(&model.columns, model.cursor.column, area.width);
    header::draw(canvas, model, canvas::lines(area, 0, 2));
    canvas.rule(canvas::lines(area, 2, 1));
    let body = canvas::lines(area, layout.header, layout.body);
    let under = canvas::lines(area, layout.header + layout.body, area.height.saturating_sub(layout.header + layout.body + FOOTER));
    if model.view.rows().is_empty() {
        trouble::empty(canvas, model, Rect { height: body.height + under.height, ..body });
        // The body told everything already, unless rows are loaded and something else hides them.
        if !model.view.all().is_empty() {
            trouble::banner(canvas, model, canvas::lines(under, layout.preview, u16::MAX));
        }
        return;
    }
    table::titles(canvas, model, &columns, canvas::lines(area, 3, 1));
    table::rows(canvas, model, &columns, body);
    preview::draw(canvas, model, canvas::lines(under, 0, layout.preview));
    trouble::banner(canvas, model, canvas::lines(under, layout.preview, u16::MAX));
}

/// The line of the table's cursor on the screen.
fn cursor_line(model: &Model) -> Option<u16> {
    let line = u16::try_from(model.cursor.place.checked_sub(model.cursor.top)?).ok()?;
    let layout = model.layout();
    ((model.cursor.row.is_some() || model.cursor.header.is_some()) && line < layout.body).then_some(layout.header + line)
}
