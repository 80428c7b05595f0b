//! What may follow the keys typed so far, in a box over the footer, for as long as it is waited for.

use ratatui::layout::Rect;

use crate::{
    app::{
        action::Action,
        keymap::{self, Context, Key},
        model::Model,
    },
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    footer,
    theme::Ink,
};

/// Columns between two entries.
const GAP: usize = 3;

/// Draws the box, where a key was typed that others may follow.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, screen: Rect) {
    let typed = &model.typed.keys;
    if typed.is_empty() {
        return;
    }
    let entries = entries(model, typed);
    let keys = entries.iter().map(|(keys, _)| text::width(keys)).max().unwrap_or(0);
    let words = entries.iter().map(|(_, word)| text::width(word)).max().unwrap_or(0);
    let room = usize::from(screen.width).saturating_sub(4);
    let wide = (keys + 1 + words).min(room);
    // One column less than there is room for, where that takes no line more: a box that is no wider than it must.
    let fit = ((room + GAP) / (wide + GAP)).max(1);
    let lines = entries.len().div_ceil(fit).max(1);
    let columns = entries.len().div_ceil(lines).max(1);
    let width = (columns * (wide + GAP) - GAP + 4) as u16;
    let height = (lines as u16 + 2).min(screen.height);
    let area = Rect { y: screen.bottom().saturating_sub(height), width: width.max(22).min(screen.width), height, ..screen };
    let inside = canvas.boxed(area, &format!("{} …", keymap::shown(typed)), "Esc drops it");
    let inside = canvas::columns(inside, 1, inside.width.saturating_sub(2));
    for (at, (key, word)) in entries.iter().enumerate() {
        let (column, line) = (at / lines, at % lines);
        let left = canvas::columns(canvas::lines(inside, line as u16, 1), (column * (wide + GAP)) as u16, wide as u16);
        canvas.fit(canvas::columns(left, 0, keys as u16), key, Cut::End, canvas.style(Ink::Key));
        canvas.fit(canvas::columns(left, keys as u16 + 1, u16::MAX), word, Cut::End, canvas.style(Ink::Plain));
    }
}

/// The keys that may follow, each with a word or two: those of the place first, then those of everywhere that the place leaves.
fn entries(model: &Model, typed: &[Key]) -> Vec<(String, &'static str)> {
    let context = model.context();
    let keymap = &model.settings.keymap;
    let own = keymap.bindings(context);
    let everywhere = keymap
        .bindings(Context::Global)
        .filter(|binding| context != Context::Global && !context.is_text() && keymap.bindings(context).all(|own| own.keys != binding.keys));
    let follows = own.chain(everywhere).filter_map(|binding| Some((binding.keys.strip_prefix(typed)?, binding.action)));
    let word = |action| match action {
        // Beside other keys it has to be said what.
        Action::StopSending => "stop sending",
        Action::PauseSending => "pause sending, go on",
        action => footer::word(model, action),
    };
    follows.map(|(rest, action)| (keymap::shown(rest), word(action))).collect()
}
