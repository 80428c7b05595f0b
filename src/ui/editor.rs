//! The comment editor's box: the text area, and under it the live counter.

use ratatui::{
    layout::Rect,
    style::{Modifier, Style},
    widgets::Widget,
};

use crate::{
    app::{
        action::Action,
        forecast::{Certainty, Forecast},
        keymap::Context,
        model::Model,
        overlay::CommentEditor,
        wording,
    },
    domain::{comment::MAX_CHARACTERS, decision::CommentMode, text},
};

use super::{
    canvas::{self, Canvas},
    theme::Ink,
};

/// Lines of text: as many as the longest comment takes in the widest box.
const LINES: u16 = 7;
/// Lines of text that are left where what is told needs room.
const FEWEST: u16 = 3;
/// Lines of the filled comment of the first row at most.
const PREVIEWED: usize = 2;
/// Columns of the box at most.
const WIDTH: u16 = 84;

/// Draws the editor, away from the cursor's line so that the finding stays in sight.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, editor: &CommentEditor, screen: Rect, line: Option<u16>) {
    let width = WIDTH.min(screen.width);
    let told = told(editor, usize::from(width.saturating_sub(4)));
    let below = told.len() as u16;
    // Both borders and the line between.
    let height = (LINES + 3 + below).min(screen.height);
    let fits = |height: u16| line.is_none_or(|line| line + 1 + height <= screen.bottom() || line >= screen.y + height);
    let height = if fits(height) { height } else { (LINES + 4).min(height).max(FEWEST + 3 + below).min(screen.height) };
    let y = match line {
        Some(line) if line + 1 + height <= screen.bottom() => line + 1,
        Some(line) if line >= screen.y + height => line - height,
        _ => screen.y + (screen.height - height) / 2,
    };
    let area = Rect { x: screen.x + (screen.width - width) / 2, y, width, height };
    let inside = canvas.boxed(area, &title(editor), &keys(model, editor));
    if inside.height < below + 2 {
        return;
    }
    let words = canvas::columns(canvas::lines(inside, 0, inside.height - below - 1), 1, inside.width.saturating_sub(2));
    editor.text.render(words, canvas.buffer());
    canvas.mend(words);
    // The widget underlines the line it is on; a comment that is one long line would be underlined as a whole.
    canvas.tint(words, Style::new().remove_modifier(Modifier::UNDERLINED));
    let border = inside.y + inside.height - below - 1;
    canvas.sign(area.x, border, '├', Style::new());
    for x in inside.left()..inside.right() {
        canvas.sign(x, border, '─', Style::new());
    }
    canvas.sign(inside.right(), border, '┤', Style::new());
    for (at, line) in told.iter().enumerate() {
        let mut left = canvas::columns(canvas::lines(inside, inside.height - below + at as u16, 1), 1, inside.width.saturating_sub(2));
        for (text, ink) in line {
            canvas.write(&mut left, text, canvas.style(*ink));
        }
    }
}

/// `comment for 14 marked · replaces 3 existing`.
fn title(editor: &CommentEditor) -> String {
    let existing = wording::grouped(editor.forecast.existing);
    let old = match (editor.mode, editor.forecast.existing) {
        (CommentMode::Replace, 0) => String::new(),
        (CommentMode::Replace, _) => format!(" · replaces {existing} existing"),
        (CommentMode::Append, 0) => " · appends; none has one yet".to_owned(),
        (CommentMode::Append, _) => format!(" · appends to {existing} existing"),
    };
    format!("comment for {}{old}", editor.targets.described())
}

/// A line in pieces.
type Pieces = Vec<(String, Ink)>;

/// What stands under the text: the counter and what the comment comes to, the comment of the first row, and what is said.
fn told(editor: &CommentEditor, columns: usize) -> Vec<Pieces> {
    let forecast = &editor.forecast;
    let mut lines: Vec<Pieces> = vec![Vec::new()];
    let mut used = 0;
    for (text, ink) in facts(editor) {
        let wide = text::width(&text);
        if used > 0 && used + 3 + wide > columns {
            lines.push(Vec::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push((" · ".to_owned(), Ink::Faint));
                used += 3;
            }
            line.push((text, ink));
            used += wide;
        }
    }
    if let Some(first) = &forecast.first {
        let which = if editor.targets.rows.len() > 1 { "the first: " } else { "" };
        let wrapped = text::wrap(&format!("{which}\"{}\"", text::clean(first)), columns);
        for (at, line) in wrapped.iter().take(PREVIEWED).enumerate() {
            let is_cut = at + 1 == PREVIEWED && wrapped.len() > PREVIEWED;
            let line = if is_cut { format!("{line} …") } else { line.clone() };
            lines.push(vec![(text::fit(&line, columns, text::Cut::End).into_owned(), Ink::Staged)]);
        }
    }
    if let Some(needed) = &editor.needed {
        lines.push(text::wrap(&format!("! {}", needed.why), columns).into_iter().take(1).map(|why| (why, Ink::Warning)).collect());
    }
    if let Some(refused) = &editor.refused {
        lines.push(vec![(format!("✗ {}", text::clean(refused)), Ink::Problem)]);
    } else if let Some(needed) = &editor.needed {
        lines.push(vec![(format!("! {}", needed.why), Ink::Warning)]);
    } else if let Some(note) = &editor.note {
        lines.push(vec![(text::clean(note).into_owned(), Ink::Faint)]);
    }
    lines
}

/// `36 of 512`, and what has to be known before it is staged.
fn facts(editor: &CommentEditor) -> Pieces {
    let Forecast { longest, comments, calls, rows, existing, too_long, without, asked, certainty, .. } = &editor.forecast;
    let about = if *certainty == Certainty::Rough { "~" } else { "" };
    let about_long = if asked.is_empty() { about } else { "~" };
    let with_old = if editor.mode == CommentMode::Append && *existing + *too_long > 0 && *longest > 0 { " with the old one" } else { "" };
    let mut facts = vec![match longest.checked_sub(MAX_CHARACTERS) {
        // What is too long is left alone; the others get their comment.
        Some(1..) if *rows > 0 => (format!("{about_long}{longest} of {MAX_CHARACTERS}{with_old}"), Ink::Warning),
        Some(over @ 1..) => (format!("✗ {about_long}{longest} of {MAX_CHARACTERS}{with_old}: {over} too many"), Ink::Problem),
        _ => (format!("{about_long}{longest} of {MAX_CHARACTERS}{with_old}"), Ink::Plain),
    }];
    if *too_long > 0 && *rows > 0 {
        facts.push((format!("{about_long}{} too long, left alone", wording::grouped(*too_long)), Ink::Warning));
    }
    for (variable, count) in without {
        let here = if *rows == 0 { "no row has".to_owned() } else { format!("{} without", wording::grouped(*count)) };
        let then = if *rows == 0 { "" } else { ", left alone" };
        facts.push((format!("{here} {{{}}}{then}", variable.name()), Ink::Warning));
    }
    if *comments > 1 {
        let [comments, calls] = [(*comments, "distinct comment"), (*calls, "call")].map(|(count, what)| wording::counted(count, what));
        facts.push((format!("{about}{comments}, {about}{calls}"), Ink::Plain));
    }
    if !asked.is_empty() {
        let names: Vec<String> = asked.iter().map(|variable| format!("the {}", variable.name())).collect();
        facts.push((format!("asks for {}", names.join(" and ")), Ink::Plain));
    }
    facts
}

fn keys(model: &Model, editor: &CommentEditor) -> String {
    let mut told = Vec::new();
    // All of them are in the key line; here is what fits at any width.
    for (action, word) in [
        (Action::Accept, "stage"),
        (Action::Template, "template"),
        (Action::Append, if editor.mode == CommentMode::Append { "replace" } else { "append" }),
        (Action::LineBreak, "new line"),
        (Action::Back, "leave"),
    ] {
        if let Some(keys) = model.settings.keymap.shown(Context::Editor, action) {
            told.push(format!("{keys} {word}"));
        }
    }
    told.join(" · ")
}
