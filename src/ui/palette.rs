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
        text_view, wording,
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

/// Widest list: further apart, names and keys are hard to read together.
const WIDEST: u16 = 110;

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
}

/// A box with so many lines inside it.
fn boxed(canvas: &mut Canvas<'_>, screen: Rect, lines: usize, title: &str, remark: &str) -> Rect {
    let height = (lines as u16 + 2).min(screen.height);
    let area = Rect { y: screen.bottom().saturating_sub(height), height, width: screen.width.min(WIDEST), ..screen };
    canvas.boxed(area, title, remark)
}

/// A sentence in as many lines as it takes.
fn sentence(canvas: &mut Canvas<'_>, inside: Rect, lines: &[String], ink: Ink) {
    for (line, at) in lines.iter().zip(0..inside.height) {
        canvas.fit(canvas::lines(canvas::columns(inside, 1, inside.width.saturating_sub(2)), at, 1), line, Cut::End, canvas.style(ink));
    }
}

fn wrapped(screen: Rect, told: &str) -> Vec<String> {
    text::wrap(told, usize::from(screen.width.min(WIDEST).saturating_sub(4)))
}

const fn most(screen: Rect) -> usize {
    if screen.height < 30 { LINES.0 } else { LINES.1 }
}

fn names(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, screen: Rect) {
    let entries = palette::entries(model, palette::beneath(model), &prompt.listing.of);
    let chosen = prompt.listing.chosen;
    let remark = chosen.and_then(|at| entries.get(at)).map(|entry| remark(model, entry)).unwrap_or_default();
    let mut told = prompt::untold(prompt, screen).map(|said| wrapped(screen, &said)).unwrap_or_default();
    let ink = if told.is_empty() { Ink::Faint } else { Ink::Problem };
    if entries.is_empty() && told.is_empty() {
        told = wrapped(screen, "Nothing is called or does this. Words of a name, or of what an action does, find it.");
    }
    let lines = entries.len().min(most(screen) - told.len().min(most(screen)));
    let inside = boxed(canvas, screen, lines + told.len(), &wording::counted(entries.len(), "action"), &remark);
    sentence(canvas, canvas::lines(inside, lines as u16, u16::MAX), &told, ink);
    let inside = canvas::lines(inside, 0, lines as u16);
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
        prompt::untold(prompt, screen)
    };
    let told = wrapped(screen, wrong.as_deref().unwrap_or_else(|| text_view::meaning(palette::beneath(model), action)));
    let shown = offers.len().min(most(screen).saturating_sub(told.len()));
    let title = format!("{} {}", action.name(), Argument::of(action).shape());
    let inside = boxed(canvas, screen, shown + told.len(), &title, &prompt::title(model, prompt, offers.len()));
    sentence(canvas, inside, &told, if wrong.is_some() { Ink::Problem } else { Ink::Faint });
    let inside = canvas::columns(canvas::lines(inside, told.len() as u16, u16::MAX), 1, inside.width.saturating_sub(2));
    let top = prompt.offered.unwrap_or(0).saturating_sub(shown.saturating_sub(1));
    let has_help = offers.iter().any(|offer| !offer.help.is_empty());
    let widest = if has_help { OFFERS } else { usize::from(inside.width) };
    let names = offers.iter().map(|offer| text::width(&text::clean(&offer.text))).max().unwrap_or(0).min(widest) as u16;
    for ((at, offer), line) in offers.iter().enumerate().skip(top).zip(0..inside.height) {
        let left = canvas::lines(inside, line, 1);
        let style = canvas.style(if prompt.offered == Some(at) { Ink::Selected } else { Ink::Plain });
        canvas.fit(canvas::columns(left, 0, names), &text::clean(&offer.text), Cut::End, style);
        canvas.fit(canvas::columns(left, names + 2, u16::MAX), &text::clean(&offer.help), Cut::End, canvas.style(Ink::Faint));
    }
}
