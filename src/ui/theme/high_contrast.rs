//! The brightest of the sixteen colours on black. Red, blue and magenta are too dark on it, and nothing is dimmed.

use ratatui::style::{Color, Modifier, Style};

use super::Ink;
use crate::domain::severity::SeverityId;

/// What lies under everything.
pub(super) const GROUND: Style = Style::new().fg(Color::White).bg(Color::Black);

/// How a kind of thing looks.
#[expect(clippy::match_same_arms, reason = "a line an ink: each can be changed by itself")]
pub(super) const fn style(ink: Ink) -> Style {
    let style = Style::new();
    match ink {
        Ink::Plain => style,
        Ink::Title => style.fg(Color::White).add_modifier(Modifier::BOLD),
        Ink::Faint => style.fg(Color::Gray),
        Ink::Label => style.fg(Color::LightCyan),
        Ink::Heading => style.fg(Color::LightCyan).add_modifier(Modifier::BOLD).add_modifier(Modifier::UNDERLINED),
        Ink::Key => style.fg(Color::LightYellow).add_modifier(Modifier::BOLD),
        Ink::Marked => style.fg(Color::White).add_modifier(Modifier::BOLD),
        Ink::Staged => style.fg(Color::LightCyan).add_modifier(Modifier::BOLD),
        Ink::Sending => style.fg(Color::LightCyan).add_modifier(Modifier::UNDERLINED),
        Ink::Problem => style.fg(Color::LightYellow).add_modifier(Modifier::BOLD),
        Ink::ProblemCode => style.fg(Color::LightYellow).add_modifier(Modifier::BOLD).add_modifier(Modifier::REVERSED),
        Ink::Processed => style.fg(Color::LightGreen),
        Ink::Gone => style.fg(Color::Gray),
        Ink::New => style.fg(Color::LightGreen).add_modifier(Modifier::BOLD),
        Ink::Warning => style.fg(Color::LightYellow),
        Ink::Good => style.fg(Color::LightGreen),
        Ink::Hit => style.fg(Color::LightYellow).add_modifier(Modifier::REVERSED),
        Ink::Selected => style.add_modifier(Modifier::BOLD).add_modifier(Modifier::REVERSED),
        Ink::Cell => style.add_modifier(Modifier::BOLD).add_modifier(Modifier::UNDERLINED),
    }
}

/// How a severity looks.
pub(super) const fn severity(id: SeverityId) -> Style {
    let style = Style::new();
    match id {
        SeverityId::CRITICAL | SeverityId::FATAL => style.fg(Color::White).add_modifier(Modifier::BOLD).add_modifier(Modifier::REVERSED),
        SeverityId::HIGH => style.fg(Color::LightYellow).add_modifier(Modifier::BOLD),
        SeverityId::MEDIUM => style.fg(Color::LightYellow),
        SeverityId::LOW => style.fg(Color::LightCyan),
        _ => style,
    }
}
