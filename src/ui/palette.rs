//! The list of the palette over its line: the actions that are meant, or what the action that is written out can be given.

use ratatui::layout::Rect;

use crate::{
    app::{
        action::Action,
        command::{self, Argument, Written},
        keymap::Context,
        model::Model,
        palette::{self, Entry, Works},
        prompt::{Prompt, Verdict},
        wording,
    },
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    prompt,
    theme::Ink,
};

/// Lines of the list on a low terminal, and on a higher one.
const LINES: (usize, usize) = (10, 16);

/// Columns of the names.
const NAMES: u16 = 16;

/// Most columns of an offer that has help behind it.
const OFFERS: usize = 40;

/// Draws the list above the footer.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, screen: Rect) {
    match command::written(prompt.text()) {
        Written::Name => names(canvas, model, prompt, screen),
        Written::Argument(action, from) => given(canvas, model, prompt, (action, from), screen),
    }
    if prompt.verdict == Verdict::Refused {
        prompt::refusal_box(canvas, prompt, screen);
    }
}

/// A box over the whole width with so many lines inside it.
fn boxed(canvas: &mut Canvas<'_>, screen: Rect, lines: usize, title: &str, remark: &str) -> Rect {
    let height = (lines as u16 + 2).min(screen.height);
    canvas.boxed(Rect { y: screen.bottom().saturating_sub(height), height, ..screen }, title, remark)
}

const fn most(screen: Rect) -> usize {
    if screen.height < 30 { LINES.0 } else { LINES.1 }
}

fn names(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, screen: Rect) {
    let entries = palette::entries(model, palette::beneath(model), &prompt.listing.of);
    let chosen = prompt.listing.chosen;
    let title = if entries.is_empty() { "no action is called or does this".to_owned() } else { wording::counted(entries.len(), "action") };
    let remark = chosen.and_then(|at| entries.get(at)).map(|entry| remark(model, entry)).unwrap_or_default();
    let lines = entries.len().min(most(screen));
    let inside = boxed(canvas, screen, lines, &title, &remark);
    let top = chosen.unwrap_or(0).saturating_sub(lines.saturating_sub(1));
    for ((at, entry), line) in entries.iter().enumerate().skip(top).zip(0..inside.height) {
        name(canvas, entry, canvas::lines(inside, line, 1), chosen == Some(at));
    }
}

/// What can be given to the entry that is chosen.
fn remark(model: &Model, entry: &Entry) -> String {
    let shape = Argument::of(entry.action).shape();
    let keys = model.settings.keymap.shown(Context::Prompt, Action::Complete);
    match (shape, keys) {
        ("", _) => String::new(),
        ("[N]", _) | (_, None) => format!("{} {shape}", entry.action.name()),
        (_, Some(keys)) => format!("{keys} {} {shape}", entry.action.name()),
    }
}

fn name(canvas: &mut Canvas<'_>, entry: &Entry, line: Rect, is_chosen: bool) {
    let is_here = entry.works == Works::Here;
    let ink = |ink| if is_here { ink } else { Ink::Faint };
    let mut left = canvas::columns(line, 1, line.width.saturating_sub(2));
    let right = match entry.works {
        Works::Here => entry.keys.join("  "),
        Works::In(context) => palette::told(context).to_owned(),
    };
    let right = text::fit(&right, usize::from(left.width / 3), Cut::End);
    let style = |canvas: &Canvas<'_>, ink: Ink| canvas.style(if is_chosen { Ink::Selected } else { ink });
    if is_chosen {
        canvas.tint(line, canvas.style(Ink::Selected));
        canvas.sign(line.x, line.y, '▶', canvas.style(Ink::Selected));
    }
    let told = style(canvas, ink(Ink::Key));
    canvas.write_right(&mut left, &right, told);
    left.width = left.width.saturating_sub(2);
    let plain = style(canvas, ink(Ink::Plain));
    canvas.fit(canvas::columns(left, 0, NAMES), entry.action.name(), Cut::End, plain);
    canvas.fit(canvas::columns(left, NAMES + 2, u16::MAX), entry.help, Cut::End, plain);
}

/// What the action does, and what may stand at the cursor.
fn given(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, (action, from): (Action, usize), screen: Rect) {
    let completion = &prompt.completion;
    let is_settled = prompt.offered.is_none() && completion.is_settled(prompt.text());
    let offers = if is_settled { &[][..] } else { completion.offers.as_slice() };
    let is_written = prompt.text().chars().skip(from).any(|c| !c.is_whitespace());
    // While something is offered the text is on its way to one of those.
    let wrong = if is_written && offers.is_empty() && prompt.verdict == Verdict::Open {
        command::parse(prompt.text(), palette::known(model, &model.recipes()))
            .err()
            .map(|wrong| format!("column {}: {}", wrong.column, wrong.why))
    } else {
        None
    };
    let lines = offers.len().min(most(screen) - 1) + 1;
    let title = format!("{} {}", action.name(), Argument::of(action).shape());
    let inside = boxed(canvas, screen, lines, &title, &prompt::title(model, prompt, offers.len()));
    let inside = canvas::columns(inside, 1, inside.width.saturating_sub(2));
    let told = wrong.as_deref().unwrap_or_else(|| crate::app::text_view::meaning(palette::beneath(model), action));
    canvas.fit(canvas::lines(inside, 0, 1), told, Cut::End, canvas.style(if wrong.is_some() { Ink::Problem } else { Ink::Faint }));
    let shown = usize::from(inside.height.saturating_sub(1));
    let top = prompt.offered.unwrap_or(0).saturating_sub(shown.saturating_sub(1));
    let has_help = offers.iter().any(|offer| !offer.help.is_empty());
    let widest = if has_help { OFFERS } else { usize::from(inside.width) };
    let names = offers.iter().map(|offer| text::width(&text::clean(&offer.text))).max().unwrap_or(0).min(widest) as u16;
    for ((at, offer), line) in offers.iter().enumerate().skip(top).zip(1..inside.height) {
        let left = canvas::lines(inside, line, 1);
        let style = canvas.style(if prompt.offered == Some(at) { Ink::Selected } else { Ink::Plain });
        canvas.fit(canvas::columns(left, 0, names), &text::clean(&offer.text), Cut::End, style);
        canvas.fit(canvas::columns(left, names + 2, u16::MAX), &text::clean(&offer.help), Cut::End, canvas.style(Ink::Faint));
    }
}
