//! The sixteen colours that every terminal has, as its user has set them.

use ratatui::style::{Color, Modifier, Style};

use super::Ink;
use crate::domain::severity::SeverityId;

/// How a kind of thing looks.
#[expect(clippy::match_same_arms, reason = "a line an ink: each can be changed by itself")]
pub(super) const fn style(ink: Ink) -> Style {
    let style = Style::new();
    match ink {
        Ink::Plain => style,
        Ink::Title => style.add_modifier(Modifier::BOLD),
        // Bright black is invisible in some palettes; dim is at worst plain.
        Ink::Faint => style.add_modifier(Modifier::DIM),
        Ink::Label => style.fg(Color::Cyan),
        Ink::Heading => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Ink::Key => style.fg(Color::Yellow),
        Ink::Marked => style.fg(Color::LightCyan).add_modifier(Modifier::BOLD),
        Ink::Staged => style.fg(Color::LightMagenta),
        Ink::Sending => style.fg(Color::LightBlue),
        Ink::Problem => style.fg(Color::LightRed),
        Ink::ProblemCode => style.fg(Color::LightRed).add_modifier(Modifier::REVERSED),
        Ink::Processed => style.fg(Color::Green),
        Ink::Gone => style.add_modifier(Modifier::DIM),
        Ink::New => style.fg(Color::LightGreen).add_modifier(Modifier::BOLD),
        Ink::Warning => style.fg(Color::Yellow).add_modifier(Modifier::BOLD),
        Ink::Good => style.fg(Color::Green),
        Ink::Hit => style.fg(Color::Yellow).add_modifier(Modifier::REVERSED),
        Ink::Selected => style.add_modifier(Modifier::REVERSED),
        Ink::Cell => style.add_modifier(Modifier::UNDERLINED),
    }
}

/// How a severity looks.
pub(super) const fn severity(id: SeverityId) -> Style {
    let style = Style::new();
    match id {
        SeverityId::CRITICAL | SeverityId::FATAL => style.fg(Color::LightRed).add_modifier(Modifier::BOLD),
        SeverityId::HIGH => style.fg(Color::Red),
        SeverityId::MEDIUM => style.fg(Color::Yellow),
        SeverityId::LOW => style.fg(Color::Cyan),
        _ => style,
    }
}
