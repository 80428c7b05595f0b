//! Menus beside the cursor, and questions.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        action::{Action, Motion},
        columns::GUTTER,
        keymap::Context,
        model::Model,
        overlay::{Choice, Confirm, Menu, MenuItem},
        pointer::Spot,
        wording,
    },
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    theme::Ink,
};

/// Draws a menu over what is there, next to the cursor's line where there is one.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, menu: &Menu, screen: Rect, line: Option<u16>) {
    let is_sort = menu.items.iter().any(|item| matches!(item.choice, Choice::Sort(_)));
    let picks = if is_sort {
        "letter leads · capital adds, turns, drops"
    } else if menu.items.iter().any(|item| item.number.is_some()) {
        "digit or letter"
    } else {
        "letter"
    };
    let remark = format!(
        "{} {} · {picks} · {}",
        keys(model, &[Action::Move(Motion::Down), Action::Move(Motion::Up)]),
        keys(model, &[Action::Open]),
        keys(model, &[Action::Back])
    );
    let rows: Vec<(String, String)> = menu.items.iter().map(|item| row(model, item)).collect();
    let widest = rows.iter().map(|(left, right)| text::width(left) + text::width(right) + 4).max().unwrap_or_default();
    let width = widest.max(text::width(&menu.title) + 4).max(text::width(&remark) + 4) + 2;
    let area = beside(screen, line, width as u16, menu.items.len() as u16 + 2);
    let inside = canvas.boxed(area, &menu.title, &remark);
    let first = menu.cursor.saturating_sub(usize::from(inside.height).saturating_sub(1));
    for ((at, (left, right)), line) in rows.iter().enumerate().skip(first).zip(0..inside.height) {
        let mut rest = canvas::lines(inside, line, 1);
        let is_selected = at == menu.cursor;
        canvas.spot(rest, Spot::Entry(at));
        if is_selected {
            canvas.tint(rest, canvas.style(Ink::Selected));
        }
        rest = canvas::columns(rest, 1, rest.width.saturating_sub(2));
        canvas.write_right(&mut rest, right, canvas.style(Ink::Faint));
        canvas.fit(rest, left, Cut::End, Style::new());
        if is_selected {
            canvas.sign(inside.x, inside.y + line, '▶', canvas.style(Ink::Selected));
        }
    }
}

/// What stands left and right on the line of an item.
fn row(model: &Model, item: &MenuItem) -> (String, String) {
    let number = match item.choice {
        Choice::Sort(_) | Choice::Group(_) | Choice::Without(_) | Choice::Similar(_) | Choice::All(_) | Choice::Export(_) => " ".to_owned(),
        Choice::Status(_) | Choice::Severity(_) => format!("{:>2} ", item.number.map(|number| number.to_string()).unwrap_or_default()),
    };
    let left = format!("{number}{}  {}", item.key, text::clean(&item.caption));
    let now = match (item.choice, item.now) {
        (_, 0) => String::new(),
        (Choice::Similar(_), rows) => wording::counted(rows, "row"),
        (_, now) => format!("{now} now"),
    };
    let note = match item.choice {
        Choice::Sort(field) => match model.view.order().rank(field) {
            Some((1, direction)) => format!("again turns it round   1 {}", direction.arrow()),
            Some((rank, direction)) => format!("{rank} {}", direction.arrow()),
            None => String::new(),
        },
        _ => item.note.unwrap_or_default().to_owned(),
    };
    let between = if note.is_empty() || now.is_empty() { "" } else { " · " };
    (left, format!("{note}{between}{now}"))
}

/// The keys of actions, as a menu's border shows them: `j/k`.
fn keys(model: &Model, actions: &[Action]) -> String {
    actions.iter().filter_map(|&action| model.settings.keymap.shown(Context::Menu, action)).collect::<Vec<_>>().join("/")
}

/// A place for a box of this size: under the cursor's line, over it where there is no room, in the middle where there is no line.
pub fn beside(screen: Rect, line: Option<u16>, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    let (x, y) = match line {
        Some(line) if line + 1 + height <= screen.bottom() => (screen.x + GUTTER, line + 1),
        Some(line) if line >= screen.y + height => (screen.x + GUTTER, line - height),
        _ => (screen.x + (screen.width - width) / 2, screen.y + (screen.height - height) / 2),
    };
    Rect { x: x.min(screen.right() - width), y, width, height }
}

/// Draws a question; No is what happens unless it is answered otherwise.
pub fn confirm(canvas: &mut Canvas<'_>, model: &Model, confirm: &Confirm, screen: Rect) {
    let shown = |action| model.settings.keymap.shown(Context::Confirm, action).unwrap_or_default();
    let yes = format!("{} Yes", shown(Action::Accept));
    let no = format!("{} No", shown(Action::Back));
    let most = usize::from(screen.width.saturating_sub(8)).min(90);
    let lines: Vec<String> = confirm.question.iter().flat_map(|line| text::wrap(&text::clean(line), most)).collect();
    let widest = lines.iter().map(|line| text::width(line)).max().unwrap_or_default().max(40);
    let area = beside(screen, None, widest as u16 + 6, lines.len() as u16 + 5);
    let inside = canvas.boxed(area, "", "");
    let inside = canvas::columns(inside, 2, inside.width.saturating_sub(4));
    for (line, at) in lines.iter().zip(1..) {
        canvas.fit(canvas::lines(inside, at, 1), line, Cut::End, canvas.style(if at == 1 { Ink::Title } else { Ink::Plain }));
    }
    let mut answers = canvas::lines(inside, lines.len() as u16 + 2, 1);
    canvas.write(&mut answers, &format!(" {no} "), canvas.style(Ink::Selected));
    canvas.write(&mut answers, &format!("  default: {}", shown(Action::Open)), canvas.style(Ink::Faint));
    canvas.write_right(&mut answers, &yes, canvas.style(Ink::Key));
}
