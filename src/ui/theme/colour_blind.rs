//! Of the 256 colours: what must be told apart differs with any kind of colour vision, and severities in lightness too.

use ratatui::style::{Color, Modifier, Style};

use super::Ink;
use crate::domain::severity::SeverityId;

/// What lies under everything.
pub(super) const GROUND: Style = Style::new().fg(Color::Indexed(252)).bg(Color::Indexed(234));

// Near the colours of Okabe and Ito, in the cube of the 256, which is the same in every terminal.
const VERMILION: Color = Color::Indexed(202);
const PURPLE: Color = Color::Indexed(175);
const BLUE: Color = Color::Indexed(69);
const GREEN: Color = Color::Indexed(42);
const YELLOW: Color = Color::Indexed(220);
const SKY: Color = Color::Indexed(117);
const WHITE: Color = Color::Indexed(231);
const GREY: Color = Color::Indexed(248);

/// How a kind of thing looks.
#[expect(clippy::match_same_arms, reason = "a line an ink: each can be changed by itself")]
pub(super) const fn style(ink: Ink) -> Style {
    let style = Style::new();
    match ink {
        Ink::Plain => style,
        Ink::Title => style.fg(WHITE).add_modifier(Modifier::BOLD),
        Ink::Faint => style.fg(GREY),
        Ink::Label => style.fg(SKY),
        Ink::Heading => style.fg(SKY).add_modifier(Modifier::BOLD),
        Ink::Key => style.fg(YELLOW),
        Ink::Marked => style.fg(WHITE).add_modifier(Modifier::BOLD),
        Ink::Staged => style.fg(PURPLE),
        Ink::Sending => style.fg(BLUE),
        Ink::Problem => style.fg(VERMILION),
        Ink::ProblemCode => style.fg(VERMILION).add_modifier(Modifier::REVERSED),
        Ink::Processed => style.fg(GREEN),
        Ink::Gone => style.fg(GREY),
        Ink::New => style.fg(YELLOW).add_modifier(Modifier::BOLD),
        Ink::Warning => style.fg(YELLOW).add_modifier(Modifier::BOLD),
        Ink::Good => style.fg(GREEN),
        Ink::Hit => style.fg(YELLOW).add_modifier(Modifier::REVERSED),
        Ink::Selected => style.add_modifier(Modifier::REVERSED),
        Ink::Cell => style.add_modifier(Modifier::UNDERLINED),
    }
}

/// How a severity looks.
pub(super) const fn severity(id: SeverityId) -> Style {
    let style = Style::new();
    match id {
        // Apart in lightness as well: the worse, the darker and redder, but for Low, whose blue no kind of sight takes for the others.
        SeverityId::CRITICAL | SeverityId::FATAL => style.fg(Color::Indexed(203)).add_modifier(Modifier::BOLD),
        SeverityId::HIGH => style.fg(Color::Indexed(178)),
        SeverityId::MEDIUM => style.fg(Color::Indexed(229)),
        SeverityId::LOW => style.fg(Color::Indexed(153)),
        _ => style,
    }
}
