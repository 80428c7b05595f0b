//! Twenty-four bits a colour: calm ones, all of about the same weight, on a dark ground.

use ratatui::style::{Color, Modifier, Style};

use super::Ink;
use crate::domain::severity::SeverityId;

/// What lies under everything: the colours are readable on this, whatever the terminal has.
pub(super) const GROUND: Style = Style::new().fg(Color::Rgb(213, 216, 222)).bg(Color::Rgb(27, 30, 36));

const TITLE: Color = Color::Rgb(240, 242, 245);
const FAINT: Color = Color::Rgb(160, 167, 178);
const TEAL: Color = Color::Rgb(126, 188, 204);
const SAND: Color = Color::Rgb(224, 190, 122);
const ICE: Color = Color::Rgb(127, 219, 232);
const MAUVE: Color = Color::Rgb(214, 161, 224);
const BLUE: Color = Color::Rgb(146, 182, 247);
const CORAL: Color = Color::Rgb(246, 145, 137);
const GREEN: Color = Color::Rgb(143, 200, 134);
const LIME: Color = Color::Rgb(176, 222, 146);
const AMBER: Color = Color::Rgb(236, 200, 112);
const CRIMSON: Color = Color::Rgb(255, 128, 120);
const ORANGE: Color = Color::Rgb(240, 150, 110);

/// How a kind of thing looks.
#[expect(clippy::match_same_arms, reason = "a line an ink: each can be changed by itself")]
pub(super) const fn style(ink: Ink) -> Style {
    let style = Style::new();
    match ink {
        Ink::Plain => style,
        Ink::Title => style.fg(TITLE).add_modifier(Modifier::BOLD),
        Ink::Faint => style.fg(FAINT),
        Ink::Label => style.fg(TEAL),
        Ink::Heading => style.fg(TEAL).add_modifier(Modifier::BOLD),
        Ink::Key => style.fg(SAND),
        Ink::Marked => style.fg(ICE).add_modifier(Modifier::BOLD),
        Ink::Staged => style.fg(MAUVE),
        Ink::Sending => style.fg(BLUE),
        Ink::Problem => style.fg(CORAL),
        Ink::ProblemCode => style.fg(CORAL).add_modifier(Modifier::REVERSED),
        Ink::Processed => style.fg(GREEN),
        Ink::Gone => style.fg(FAINT),
        Ink::New => style.fg(LIME).add_modifier(Modifier::BOLD),
        Ink::Warning => style.fg(AMBER).add_modifier(Modifier::BOLD),
        Ink::Good => style.fg(GREEN),
        Ink::Hit => style.fg(AMBER).add_modifier(Modifier::REVERSED),
        // A tone under it would be calmer, and the cursor in a line of text could not be seen.
        Ink::Selected => style.add_modifier(Modifier::REVERSED),
        Ink::Cell => style.add_modifier(Modifier::UNDERLINED),
    }
}

/// How a severity looks.
pub(super) const fn severity(id: SeverityId) -> Style {
    let style = Style::new();
    match id {
        SeverityId::CRITICAL | SeverityId::FATAL => style.fg(CRIMSON).add_modifier(Modifier::BOLD),
        SeverityId::HIGH => style.fg(ORANGE),
        SeverityId::MEDIUM => style.fg(AMBER),
        SeverityId::LOW => style.fg(TEAL),
        _ => style,
    }
}
