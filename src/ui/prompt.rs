//! The one-line prompt: the text with its cursor in the footer, what may be put in over it, and what is wrong with it.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    app::{
        action::Action,
        keymap::Context,
        model::Model,
        prompt::{Prompt, Verdict},
    },
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    theme::Ink,
};

/// Offers shown at once on a low terminal, and on a higher one.
const OFFERS: (usize, usize) = (6, 10);

/// Widest offer that is shown whole beside its help.
const WIDEST: usize = 48;

/// One letter of the line as it is drawn.
struct Cell {
    shown: String,
    width: usize,
    /// Characters of the text before it.
    place: usize,
}

/// The part of the text that fits.
struct Window {
    cells: Vec<Cell>,
    /// Which cell is the first shown.
    first: usize,
    /// Which column that is in: behind a sign that something is left of it, if there is.
    column: usize,
}

impl Window {
    /// Of a text in so many columns, so that the cursor's letter is shown. The text ends in an empty cell, where typing goes on.
    fn new(text: &str, cursor: usize, room: usize) -> Self {
        let mut cells = Vec::new();
        let mut place = 0;
        for grapheme in text.graphemes(true) {
            let shown = text::clean(grapheme).into_owned();
            cells.push(Cell { width: text::width(&shown), shown, place });
            place += grapheme.chars().count();
        }
        cells.push(Cell { shown: " ".to_owned(), width: 1, place });
        let at = cells.iter().rposition(|cell| cell.place <= cursor).unwrap_or(0);
        let total: usize = cells.iter().map(|cell| cell.width).sum();
        if total <= room {
            return Self { cells, first: 0, column: 0 };
        }
        // One column is for the sign that something is left of it, one for the sign that something is right of it.
        let from = |end: usize, room: usize| {
            let mut left = room;
            let mut first = end;
            while let Some(cell) = first.checked_sub(1).and_then(|before| cells.get(before)).filter(|cell| cell.width <= left) {
                left -= cell.width;
                first -= 1;
            }
            first
        };
        let before_cursor = from(at, (room * 2 / 3).saturating_sub(1));
        let before_end = from(cells.len(), room.saturating_sub(1));
        let first = before_cursor.min(before_end);
        Self { cells, first, column: usize::from(first > 0) }
    }

    /// The column of a character, where it is shown.
    fn column_of(&self, place: usize) -> usize {
        let before = self.cells.iter().skip(self.first).take_while(|cell| cell.place < place);
        self.column + before.map(|cell| cell.width).sum::<usize>()
    }
}

/// Where the text stands, and what of it is shown there.
fn window(prompt: &Prompt, area: Rect) -> (Rect, Window) {
    let label = text::width(prompt.purpose.label()) as u16;
    let line = canvas::columns(area, 1 + label, area.width.saturating_sub(label + 2));
    (line, Window::new(prompt.text(), prompt.line.place(), usize::from(line.width)))
}

/// Draws the line.
pub fn line(canvas: &mut Canvas<'_>, prompt: &Prompt, area: Rect) {
    canvas.put(canvas::columns(area, 1, u16::MAX), prompt.purpose.label(), canvas.style(Ink::Label));
    let (mut left, window) = window(prompt, area);
    if window.first > 0 {
        canvas.write(&mut left, "…", canvas.style(Ink::Faint));
    }
    let cursor = prompt.line.place();
    let wrong = prompt.wrong.as_ref().filter(|_| prompt.verdict == Verdict::Refused).map(|wrong| wrong.column - 1);
    let last = window.cells.len().saturating_sub(1);
    for (at, cell) in window.cells.iter().enumerate().skip(window.first) {
        let needed = cell.width + usize::from(at < last);
        if needed > usize::from(left.width) {
            canvas.write(&mut left, "…", canvas.style(Ink::Faint));
            break;
        }
        let ink = match () {
            () if wrong == Some(cell.place) => Ink::ProblemCode,
            () if cell.place == cursor => Ink::Selected,
            () => Ink::Plain,
        };
        canvas.write(&mut left, &cell.shown, canvas.style(ink));
    }
}

/// Where the sign below what is wrong stands, and what is said of it, where the text was refused.
fn refused(prompt: &Prompt, area: Rect) -> Option<(usize, String)> {
    let wrong = prompt.wrong.as_ref().filter(|_| prompt.verdict == Verdict::Refused)?;
    let (line, window) = window(prompt, area);
    let at = usize::from(line.x - area.x) + window.column_of(wrong.column - 1);
    Some((at, wrong.why.clone()))
}

/// Whether what is said fits beside the sign: behind it, or before it.
fn fits(at: usize, said: &str, area: Rect) -> (bool, bool) {
    let width = text::width(said);
    (at + 3 + width < usize::from(area.width), width + 2 < at)
}

/// What is wrong with a text that was refused, with a sign below the place; whether there was anything to say.
pub fn refusal(canvas: &mut Canvas<'_>, prompt: &Prompt, area: Rect) -> bool {
    let Some((at, said)) = refused(prompt, area) else { return false };
    let style = canvas.style(Ink::Problem);
    let sign = canvas::columns(area, at as u16, u16::MAX);
    match fits(at, &said, area) {
        (true, _) => {
            canvas.put(sign, &format!("^ {said}"), style);
        }
        (false, true) => {
            let mut before = canvas::columns(area, 0, at as u16 + 1);
            canvas.write_right(&mut before, &format!("{said} ^"), style);
        }
        // It stands in a box over the line.
        (false, false) => {
            canvas.put(sign, "^", style);
        }
    }
    true
}

/// What is said of a text that was refused, where there is no room for it beside the sign.
pub fn untold(prompt: &Prompt, screen: Rect) -> Option<String> {
    refused(prompt, screen).filter(|(at, said)| fits(*at, said, screen) == (false, false)).map(|(_, said)| said)
}

/// What is wrong with a text that was refused, where it does not fit beside its sign.
fn refusal_box(canvas: &mut Canvas<'_>, prompt: &Prompt, screen: Rect) {
    let Some((at, said)) = refused(prompt, screen) else { return };
    if fits(at, &said, screen) != (false, false) {
        return;
    }
    let lines = text::wrap(&said, usize::from(screen.width.saturating_sub(4)));
    let width = lines.iter().map(|line| text::width(line)).max().unwrap_or(0) as u16 + 4;
    let height = (lines.len() as u16 + 2).min(screen.height);
    let x = screen.x + (at as u16).min(screen.width.saturating_sub(width));
    let inside = canvas.boxed(Rect { x, y: screen.bottom().saturating_sub(height), width, height }, "", "");
    for (line, at) in lines.iter().zip(0..) {
        canvas.put(canvas::columns(canvas::lines(inside, at, 1), 1, u16::MAX), line, canvas.style(Ink::Problem));
    }
}

/// What may be put in at the cursor, in a box above it, and what keeps the text from being a query.
pub fn offers(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, screen: Rect) {
    if prompt.verdict == Verdict::Refused {
        refusal_box(canvas, prompt, screen);
        return;
    }
    if !prompt.purpose.is_query() {
        return;
    }
    let completion = &prompt.completion;
    let is_settled = prompt.offered.is_none() && completion.is_settled(prompt.text());
    let offers = if is_settled { &[][..] } else { completion.offers.as_slice() };
    let wrong = prompt.wrong.as_ref().map(|wrong| format!("column {}: {}", wrong.column, wrong.why));
    if offers.is_empty() && wrong.is_none() {
        return;
    }
    let most = if screen.height < 30 { OFFERS.0 } else { OFFERS.1 };
    let lines = offers.len().min(most);
    let helps = offers.iter().map(|offer| text::width(&offer.help)).max().unwrap_or(0);
    let widest = if helps > 0 { WIDEST } else { usize::from(screen.width).saturating_sub(4) };
    let names = offers.iter().map(|offer| text::width(&text::clean(&offer.text))).max().unwrap_or(0).min(widest);
    let title = title(model, prompt, offers.len());
    let wanted = [names + 2 + helps, wrong.as_deref().map_or(0, text::width), text::width(&title) + 4].into_iter().max().unwrap_or(0) + 4;
    let width = (wanted as u16).min(screen.width);
    let height = (lines as u16 + u16::from(wrong.is_some()) + 2).min(screen.height);
    let (line, window) = window(prompt, screen);
    let at = (line.x + window.column_of(completion.from.max(window.cells.get(window.first).map_or(0, |cell| cell.place))) as u16)
        .saturating_sub(2);
    let x = at.min(screen.right().saturating_sub(width)).max(screen.x);
    let inside = canvas.boxed(Rect { x, y: screen.bottom().saturating_sub(height), width, height }, &title, "");
    let inside = canvas::columns(inside, 1, inside.width.saturating_sub(2));
    let chosen = prompt.offered.unwrap_or(0);
    let top = chosen.saturating_sub(lines.saturating_sub(1));
    for (at, offer) in offers.iter().enumerate().skip(top).take(lines) {
        let mut left = canvas::lines(inside, (at - top) as u16, 1);
        let is_chosen = prompt.offered == Some(at);
        let style = canvas.style(if is_chosen { Ink::Selected } else { Ink::Plain });
        let name = Rect { width: left.width.min(names as u16), ..left };
        canvas.fit(name, &text::clean(&offer.text), Cut::End, style);
        left = canvas::columns(left, names as u16 + 2, u16::MAX);
        canvas.fit(left, &offer.help, Cut::End, canvas.style(Ink::Faint));
    }
    if let Some(wrong) = wrong {
        canvas.fit(canvas::lines(inside, lines as u16, 1), &wrong, Cut::End, canvas.style(Ink::Faint));
    }
}

/// Which key goes through the offers, and which of how many stands in the text.
pub fn title(model: &Model, prompt: &Prompt, count: usize) -> String {
    let keys = model.settings.keymap.shown(Context::Prompt, Action::Complete);
    match (count, prompt.offered, keys) {
        (0, ..) | (_, None, None) => String::new(),
        (_, Some(at), _) => format!("{} of {count}", at + 1),
        (1, None, Some(keys)) => format!("{keys} completes"),
        (_, None, Some(keys)) => format!("{keys} goes through {count}"),
    }
}
