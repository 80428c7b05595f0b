//! A text that could not be put on the clipboard: nothing stands beside it, so that it can be selected with the terminal's mouse.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{action::Action, keymap::Context, model::Model, text_screen::TextScreen},
    domain::text::Cut,
};

use super::{
    canvas::{self, Canvas},
    detail,
    theme::Ink,
};

/// Draws the text under two lines that tell what it is and what can be done.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, screen: &TextScreen, area: Rect) {
    let body = canvas::lines(area, 2, u16::MAX);
    let lines = screen.lines(area.width);
    let top = screen.top.min(lines.len().saturating_sub(usize::from(body.height)));
    let [first, mut second] = [0, 1].map(|at| canvas::columns(canvas::lines(area, at, 1), 1, area.width.saturating_sub(2)));
    canvas.fit(first, &format!("Not copied: {} · {}", screen.title, screen.why), Cut::End, canvas.style(Ink::Warning));
    canvas.write_right(&mut second, &detail::position(top, body.height, lines.len()), canvas.style(Ink::Faint));
    second.width = second.width.saturating_sub(2);
    let keys = model.settings.keymap.shown(Context::Text, Action::Export).unwrap_or_default();
    canvas.fit(second, &format!("select it with the mouse, or {keys} writes it to a file"), Cut::End, Style::new());
    for (line, at) in lines.iter().skip(top).zip(0..body.height) {
        canvas.put(canvas::lines(body, at, 1), line, Style::new());
    }
}
