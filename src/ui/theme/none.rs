//! No colours: bold, reverse and underline, which every terminal shows.

use ratatui::style::{Modifier, Style};

use super::Ink;
use crate::domain::severity::SeverityId;

/// How a kind of thing looks.
#[expect(clippy::match_same_arms, reason = "a line an ink: each can be changed by itself")]
pub(super) const fn style(ink: Ink) -> Style {
    let style = Style::new();
    match ink {
        Ink::Plain => style,
        Ink::Title => style.add_modifier(Modifier::BOLD),
        Ink::Faint => style,
        Ink::Label => style,
        Ink::Heading => style.add_modifier(Modifier::UNDERLINED),
        Ink::Key => style.add_modifier(Modifier::BOLD),
        Ink::Marked => style.add_modifier(Modifier::BOLD),
        Ink::Staged => style.add_modifier(Modifier::UNDERLINED),
        Ink::Sending => style,
        Ink::Problem => style.add_modifier(Modifier::BOLD),
        Ink::ProblemCode => style.add_modifier(Modifier::REVERSED),
        Ink::Processed => style,
        Ink::Gone => style,
        Ink::New => style.add_modifier(Modifier::BOLD),
        Ink::Warning => style.add_modifier(Modifier::BOLD),
        Ink::Good => style,
        Ink::Hit => style.add_modifier(Modifier::REVERSED),
        Ink::Selected => style.add_modifier(Modifier::REVERSED),
        Ink::Cell => style.add_modifier(Modifier::UNDERLINED),
    }
}

/// How a severity looks.
pub(super) const fn severity(id: SeverityId) -> Style {
    let style = Style::new();
    match id {
        SeverityId::CRITICAL | SeverityId::FATAL => style.add_modifier(Modifier::BOLD),
        _ => style,
    }
}
