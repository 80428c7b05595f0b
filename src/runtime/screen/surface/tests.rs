//! Frames through a terminal model: after each, it shows the frame, in text and looks.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use proptest::prelude::*;
use ratatui::{
    backend::{Backend, CrosstermBackend},
    buffer::{Cell, CellWidth},
    style::{Color, Modifier, Style},
};

const ALL: Skills = Skills { erasing: Erasing::Counted, scrolling: Scrolling::On, synchronising: Synchronising::Off };

/// A terminal, and what is drawn on it.
struct Terminal {
    surface: Surface,
    model: vt100::Parser,
    /// Bytes of the last frame.
    bytes: Vec<u8>,
}

fn model(columns: u16, rows: u16) -> vt100::Parser {
    vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0)
}

impl Terminal {
    fn new(columns: u16, rows: u16, skills: Skills) -> Self {
        Self { surface: Surface::new(columns, rows, skills), model: model(columns, rows), bytes: Vec::new() }
    }

    fn draw(&mut self, frame: &Buffer) {
        self.surface.blank().clone_from(frame);
        self.bytes = self.surface.take().to_vec();
        self.model.process(&self.bytes);
    }

    fn written(&self) -> String {
        String::from_utf8_lossy(&self.bytes).replace('\u{1b}', "^")
    }
}

/// What is seen of a cell.
fn seen(cell: Option<&vt100::Cell>) -> (String, vt100::Color, vt100::Color, [bool; 5]) {
    let cell = cell.unwrap();
    let modifiers = [cell.inverse(), cell.underline(), cell.bold(), cell.dim(), cell.italic()];
    if cell.has_contents() && cell.contents() != " " {
        return (cell.contents().to_owned(), cell.fgcolor(), cell.bgcolor(), modifiers);
    }
    let [inverse, underline, ..] = modifiers;
    let text = if inverse || underline { cell.fgcolor() } else { vt100::Color::Default };
    (String::new(), text, cell.bgcolor(), [inverse, underline, false, false, false])
}

fn expected(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::LightRed => vt100::Color::Idx(9),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        _ => unreachable!("not used here"),
    }
}

/// The terminal shows the frame.
fn shows(terminal: &vt100::Parser, frame: &Buffer, bytes: &[u8]) -> Result<(), TestCaseError> {
    for line in 0..frame.area.height {
        let mut column = 0;
        while column < frame.area.width {
            let cell = &frame[(column, line)];
            let on_it = seen(terminal.screen().cell(line, column));
            let is = |modifier| cell.modifier.contains(modifier);
            let modifiers = [Modifier::REVERSED, Modifier::UNDERLINED, Modifier::BOLD, Modifier::DIM, Modifier::ITALIC].map(is);
            let wanted = if cell.symbol() == " " {
                let text = if modifiers[0] || modifiers[1] { expected(cell.fg) } else { vt100::Color::Default };
                (String::new(), text, expected(cell.bg), [modifiers[0], modifiers[1], false, false, false])
            } else {
                (cell.symbol().to_owned(), expected(cell.fg), expected(cell.bg), modifiers)
            };
            prop_assert_eq!(on_it, wanted, "{},{} after {:?}", column, line, String::from_utf8_lossy(bytes));
            column += cell.symbol().cell_width().max(1);
        }
    }
    Ok(())
}

/// The frame as ratatui's own backend draws it whole shows the same on a fresh terminal.
fn equals_stock(terminal: &vt100::Parser, frame: &Buffer) -> Result<(), TestCaseError> {
    let mut stock = model(frame.area.width, frame.area.height);
    let mut bytes = Vec::new();
    let empty = Buffer::empty(frame.area);
    CrosstermBackend::new(&mut bytes).draw(empty.diff_iter(frame)).unwrap();
    stock.process(&bytes);
    for line in 0..frame.area.height {
        for column in 0..frame.area.width {
            let (ours, theirs) = (terminal.screen().cell(line, column), stock.screen().cell(line, column));
            if !ours.unwrap().is_wide_continuation() {
                prop_assert_eq!(seen(ours), seen(theirs), "{},{}", column, line);
            }
        }
    }
    Ok(())
}

/// What happens to a frame.
#[derive(Debug, Clone)]
enum Step {
    /// A text is written.
    Text { column: u16, line: u16, text: String, style: Style },
    /// A style is laid over an area.
    Tint { area: Rect, style: Style },
    /// Lines between two move.
    Move { top: u16, bottom: u16, lines: u16, direction: Direction },
    /// An area is emptied.
    Clear(Rect),
    /// The frame is drawn.
    Draw,
    /// The terminal gets another size, its text cut or kept as it is.
    Resize(u16, u16),
    /// Something else wrote on the screen.
    Spoil(String),
}

fn style() -> impl Strategy<Value = Style> {
    let colour = prop_oneof![
        4 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::LightRed),
        1 => Just(Color::DarkGray),
        1 => (16_u8..).prop_map(Color::Indexed),
        1 => any::<(u8, u8, u8)>().prop_map(|(red, green, blue)| Color::Rgb(red, green, blue)),
    ];
    let modifier = prop_oneof![
        4 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM),
        1 => Just(Modifier::REVERSED),
        1 => Just(Modifier::UNDERLINED),
        1 => Just(Modifier::ITALIC | Modifier::BOLD),
        1 => Just(Modifier::REVERSED | Modifier::DIM),
    ];
    (colour.clone(), prop_oneof![2 => Just(Color::Reset), 1 => colour], modifier)
        .prop_map(|(text, ground, modifier)| Style::new().fg(text).bg(ground).remove_modifier(!modifier).add_modifier(modifier))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ a-zA-Z0-9]{1,40}",
        2 => "[ a]{1,40}",
        2 => "[─│▶✓●→…·é ]{1,12}",
        2 => "[日本語 aｗ👍]{1,8}",
        1 => "(e\u{301}|o\u{308}|a|Ω|ж|\u{1f4a9}){1,8}",
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let area = (0_u16..40, 0_u16..14, 1_u16..40, 1_u16..8).prop_map(|(x, y, width, height)| Rect { x, y, width, height });
    let direction = prop_oneof![Just(Direction::Up), Just(Direction::Down)];
    let step = prop_oneof![
        8 => (0_u16..40, 0_u16..14, text(), style()).prop_map(|(column, line, text, style)| Step::Text { column, line, text, style }),
        2 => (area.clone(), style()).prop_map(|(area, style)| Step::Tint { area, style }),
        4 => (0_u16..8, 4_u16..14, 1_u16..5, direction)
            .prop_map(|(top, bottom, lines, direction)| Step::Move { top, bottom, lines, direction }),
        1 => area.prop_map(Step::Clear),
        6 => Just(Step::Draw),
        1 => (1_u16..50, 1_u16..16).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        1 => "[ -~]{0,60}".prop_map(Step::Spoil),
    ];
    proptest::collection::vec(step, 1..60)
}

/// A text, with nothing left of characters that it covers by half.
fn put(frame: &mut Buffer, column: u16, line: u16, text: &str, style: Style) {
    let area = frame.area;
    if column < area.width && line < area.height {
        frame.set_string(column, line, text, style);
        mend(frame);
    }
}

/// A wide character whose second half is covered by something else goes, as `Canvas` sees to it.
fn mend(frame: &mut Buffer) {
    for line in 0..frame.area.height {
        for column in 0..frame.area.width {
            let wide = frame[(column, line)].symbol().cell_width();
            let is_whole = (1..wide).all(|by| frame.cell((column + by, line)).is_some_and(|cell| cell.symbol() == " "));
            if wide > 1 && !is_whole {
                frame[(column, line)].set_symbol(" ");
            }
        }
    }
}

fn tried(steps: Vec<Step>, skills: Skills) -> Result<(), TestCaseError> {
    let mut frame = Buffer::empty(Rect::new(0, 0, 40, 14));
    let mut terminal = Terminal::new(40, 14, skills);
    for step in steps.into_iter().chain([Step::Draw]) {
        match step {
            Step::Text { column, line, text, style } => put(&mut frame, column, line, &text, style),
            Step::Tint { area, style } => frame.set_style(area.intersection(frame.area), style),
            Step::Move { top, bottom, lines, direction } => {
                let bottom = bottom.min(frame.area.height);
                if top + lines < bottom {
                    Shift { top, bottom, lines, direction }.apply(&mut frame);
                }
            }
            Step::Clear(area) => {
                for at in area.intersection(frame.area).positions() {
                    frame[at] = Cell::EMPTY;
                }
                mend(&mut frame);
            }
            Step::Draw => {
                terminal.draw(&frame);
                shows(&terminal.model, &frame, &terminal.bytes)?;
                equals_stock(&terminal.model, &frame)?;
                terminal.draw(&frame);
                prop_assert_eq!(terminal.written(), "", "nothing changed");
            }
            Step::Resize(columns, rows) => {
                let area = Rect::new(0, 0, columns, rows);
                frame = Buffer::empty(area);
                terminal.surface = Surface::new(columns, rows, skills);
                terminal.model.screen_mut().set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
            }
            Step::Spoil(text) => {
                terminal.model.process(text.as_bytes());
                terminal.surface.forget();
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn after_any_frames_the_terminal_shows_the_last_one(steps in steps()) {
        tried(steps, ALL)?;
    }

    #[test]
    fn a_terminal_that_can_do_less_shows_the_same(steps in steps()) {
        tried(steps, Skills { erasing: Erasing::ToTheEnd, scrolling: Scrolling::Off, synchronising: Synchronising::On })?;
    }
}

#[test]
fn a_whole_frame_takes_away_the_scroll_region_and_the_modes_that_another_program_left() {
    let mut frame = Buffer::empty(Rect::new(0, 0, 10, 6));
    for (line, text) in ["one", "two", "three", "four", "five", "six"].into_iter().enumerate() {
        frame.set_string(0, line as u16, text, Style::new());
    }
    for left in ["\x1b[2;4r", "\x1b[2;4r\x1b[?6h", "\x1b[4h"] {
        let mut terminal = Terminal::new(10, 6, ALL);
        terminal.draw(&frame);
        terminal.model.process(left.as_bytes());
        terminal.surface.forget();
        terminal.draw(&frame);
        shows(&terminal.model, &frame, &terminal.bytes).unwrap();
        let written = terminal.written();
        for taken_away in ["^[r", "^[?6l", "^[4l"] {
            assert!(written.contains(taken_away), "{written}");
        }
    }
}
