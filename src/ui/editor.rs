//! The comment editor's box: the text area, and under it the live counter.

use ratatui::{
    layout::Rect,
    style::{Modifier, Style},
    widgets::Widget,
};

use crate::{
    app::{action::Action, keymap::Context, model::Model, overlay::CommentEditor},
    domain::{
        comment::{Comment, MAX_CHARACTERS},
        text::{self, Cut},
    },
};

use super::{
    canvas::{self, Canvas},
    theme::Ink,
};

/// Lines of text: as many as the longest comment takes in the widest box.
const LINES: u16 = 7;
/// Columns of the box at most.
const WIDTH: u16 = 84;

/// Draws the editor, away from the cursor's line so that the finding stays in sight.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, editor: &CommentEditor, screen: Rect, line: Option<u16>) {
    let (width, height) = (WIDTH.min(screen.width), (LINES + 4).min(screen.height));
    let below = line.is_none_or(|line| line + 1 + height <= screen.bottom());
    let y = match line {
        Some(line) if below => line + 1,
        Some(line) if line >= screen.y + height => line - height,
        _ => screen.y + (screen.height - height) / 2,
    };
    let area = Rect { x: screen.x + (screen.width - width) / 2, y, width, height };
    let title = if editor.replaces > 0 {
        format!("comment for {} · replaces {} existing", editor.targets.described(), editor.replaces)
    } else {
        format!("comment for {}", editor.targets.described())
    };
    let inside = canvas.boxed(area, &title, &keys(model));
    if inside.height < 3 {
        return;
    }
    let words = canvas::columns(canvas::lines(inside, 0, inside.height - 2), 1, inside.width.saturating_sub(2));
    editor.text.render(words, canvas.buffer());
    canvas.mend(words);
    // The widget underlines the line it is on; a comment that is one long line would be underlined as a whole.
    canvas.tint(words, Style::new().remove_modifier(Modifier::UNDERLINED));
    let border = inside.y + inside.height - 2;
    canvas.sign(area.x, border, '├', Style::new());
    for x in inside.left()..inside.right() {
        canvas.sign(x, border, '─', Style::new());
    }
    canvas.sign(inside.right(), border, '┤', Style::new());
    let last = canvas::lines(inside, inside.height - 1, 1);
    counter(canvas, model, editor, canvas::columns(last, 1, last.width.saturating_sub(2)));
}

/// `36 of 512`, and why the text was refused, or why there has to be one.
fn counter(canvas: &mut Canvas<'_>, model: &Model, editor: &CommentEditor, area: Rect) {
    let count = Comment::count(&editor.text.lines().join("\n"), model.settings.line_breaks);
    let mut left = area;
    let (told, ink) = match count.checked_sub(MAX_CHARACTERS) {
        Some(over @ 1..) => (format!("✗ {count} of {MAX_CHARACTERS}: {over} too many"), Ink::Problem),
        _ => (format!("{count} of {MAX_CHARACTERS}"), Ink::Plain),
    };
    canvas.write(&mut left, &told, canvas.style(ink));
    if let Some(refused) = &editor.refused {
        canvas.fit(canvas::columns(left, 2, u16::MAX), &format!("✗ {}", text::clean(refused)), Cut::End, canvas.style(Ink::Problem));
    } else if let Some(needed) = &editor.needed {
        canvas.fit(canvas::columns(left, 2, u16::MAX), &format!("! {}", needed.why), Cut::End, canvas.style(Ink::Warning));
    }
}

fn keys(model: &Model) -> String {
    let mut told = Vec::new();
    for (action, word) in
        [(Action::Accept, "stage"), (Action::LineBreak, "new line"), (Action::CommentEditor, "$EDITOR"), (Action::Back, "leave")]
    {
        if let Some(keys) = model.settings.keymap.shown(Context::Editor, action) {
            told.push(format!("{keys} {word}"));
        }
    }
    told.join(" · ")
}
