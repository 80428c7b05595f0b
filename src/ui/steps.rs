//! The steps of staging in the tasks: what was undone over where now is, what can be taken back under it.

use ratatui::layout::Rect;

use crate::{
    app::{action::Action, keymap::Context, model::Model, pointer::Spot, staging::Way, tasks_panel::TasksPanel, wording},
    domain::text::Cut,
};

use super::{
    canvas::{self, Canvas},
    list,
    theme::Ink,
};

/// Columns before the name of a step: cursor, key and number.
const GUTTER: u16 = 8;

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// An entry.
    Step(usize),
    /// Where now is.
    Now,
}

/// Draws the list into an area, the part around the cursor where not all of it fits.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, panel: &TasksPanel, area: Rect) {
    let [undo, redo] = [Action::Undo, Action::Redo].map(|action| model.settings.keymap.shown(Context::Tasks, action).unwrap_or_default());
    let last = format!("none to take back; {undo} undoes the last send, through the review");
    if panel.is_empty() {
        canvas.fit(canvas::lines(area, 0, 1), &last, Cut::End, canvas.style(Ink::Faint));
        return;
    }
    let lines: Vec<Line> =
        (0..panel.undone.len()).map(Line::Step).chain([Line::Now]).chain((panel.undone.len()..panel.len()).map(Line::Step)).collect();
    let cursor = lines.iter().position(|line| *line == Line::Step(panel.cursor)).unwrap_or_default();
    for (at, place) in list::visible(lines.len(), cursor, area.height, |_| 1) {
        let area = canvas::lines(area, place, 1);
        match lines.get(at) {
            Some(Line::Step(entry)) => {
                canvas.spot(area, Spot::Entry(*entry));
                step(canvas, model, panel, *entry, [&undo, &redo], area);
            }
            Some(Line::Now) if panel.done.is_empty() => {
                let told = format!("now · {last}");
                canvas.fit(area, &told, Cut::End, canvas.style(Ink::Good));
            }
            Some(Line::Now) => {
                canvas.fit(area, "now", Cut::End, canvas.style(Ink::Good));
            }
            None => {}
        }
    }
}

/// A step: the key where it is the next one, its number from now, its name, and how much of it is over.
fn step(canvas: &mut Canvas<'_>, model: &Model, panel: &TasksPanel, at: usize, [undo, redo]: [&str; 2], area: Rect) {
    let Some(entry) = panel.entry(at) else { return };
    let (key, sign, ink) = match entry.way {
        Way::Undo => (undo, '-', Ink::Plain),
        Way::Redo => (redo, '+', Ink::Faint),
    };
    let is_here = at == panel.cursor && model.context() == Context::Tasks;
    if is_here {
        canvas.sign(area.x, area.y, '▶', canvas.style(Ink::Plain));
    }
    if entry.steps == 1 {
        canvas.fit(canvas::columns(area, 2, 2), key, Cut::End, canvas.style(Ink::Key));
    }
    canvas.put(canvas::columns(area, 3, GUTTER - 4), &format!("{:>4}", format!("{sign}{}", entry.steps)), canvas.style(Ink::Label));
    let mut left = canvas::columns(area, GUTTER, area.width.saturating_sub(GUTTER));
    let name = entry.line.deed.told(entry.line.rows, model.now);
    let over = match entry.line.over {
        0 => String::new(),
        over => format!("  {} sent or changed since", wording::grouped(over)),
    };
    canvas.write(&mut left, &name, canvas.style(ink));
    canvas.write(&mut left, &over, canvas.style(Ink::Faint));
    if is_here {
        canvas.tint(area, canvas.style(Ink::Selected));
    }
}
