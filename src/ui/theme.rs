//! Colours and signs: what each kind of thing on the screen looks like.
//!
//! Owns every style of the program. Nothing is told by colour alone: where a colour says something, a sign or a letter says it too, so
//! the variant without colours has the same information in bold, reverse and underline.

use ratatui::style::{Color, Modifier, Style};

use crate::{app::text_view::Role, domain::severity::SeverityId};

/// Whether colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// The sixteen that every terminal has, as its user has set them.
    #[default]
    Sixteen,
    /// None: `NO_COLOR`. Only bold, reverse and underline.
    None,
}

/// Which signs are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Signs and lines of Unicode, each one column wide.
    #[default]
    Unicode,
    /// ASCII only, for fonts and terminals that lack the others. Texts of findings stay as they are.
    Ascii,
}

/// The looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    colours: Colours,
    glyphs: Glyphs,
}

/// A kind of thing on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Running text.
    Plain,
    /// The name of the program, a screen's title.
    Title,
    /// Beside the point: rules, column titles, what is left out.
    Faint,
    /// Names a value.
    Label,
    /// Opens a section.
    Heading,
    /// A key to press.
    Key,
    /// Marked.
    Marked,
    /// Staged, not sent.
    Staged,
    /// Being sent.
    Sending,
    /// Needs the analyst.
    Problem,
    /// The code of a problem.
    ProblemCode,
    /// Processed in this session.
    Processed,
    /// No longer part of the result.
    Gone,
    /// New since the last visit.
    New,
    /// Look here.
    Warning,
    /// It went well.
    Good,
    /// Found by a search.
    Hit,
    /// The entry the cursor is on, in menus and lists.
    Selected,
    /// The cell that the cell cursor is on, and its title.
    Cell,
}

impl Theme {
    /// A theme.
    pub const fn new(colours: Colours, glyphs: Glyphs) -> Self {
        Self { colours, glyphs }
    }

    /// How a kind of thing looks.
    pub const fn style(self, ink: Ink) -> Style {
        let style = Style::new();
        match self.colours {
            Colours::Sixteen => match ink {
                Ink::Plain => style,
                Ink::Title => style.add_modifier(Modifier::BOLD),
                // Bright black is invisible in some palettes; dim is at worst plain.
                Ink::Faint | Ink::Gone => style.add_modifier(Modifier::DIM),
                Ink::Label => style.fg(Color::Cyan),
                Ink::Heading => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
                Ink::Key => style.fg(Color::Yellow),
                Ink::Marked => style.fg(Color::LightCyan).add_modifier(Modifier::BOLD),
                Ink::Staged => style.fg(Color::LightMagenta),
                Ink::Sending => style.fg(Color::LightBlue),
                Ink::Problem => style.fg(Color::LightRed),
                Ink::ProblemCode => style.fg(Color::LightRed).add_modifier(Modifier::REVERSED),
                Ink::Processed | Ink::Good => style.fg(Color::Green),
                Ink::New => style.fg(Color::LightGreen).add_modifier(Modifier::BOLD),
                Ink::Warning => style.fg(Color::Yellow).add_modifier(Modifier::BOLD),
                Ink::Hit => style.fg(Color::Yellow).add_modifier(Modifier::REVERSED),
                Ink::Selected => style.add_modifier(Modifier::REVERSED),
                Ink::Cell => style.add_modifier(Modifier::UNDERLINED),
            },
            Colours::None => match ink {
                Ink::Plain | Ink::Faint | Ink::Gone | Ink::Label | Ink::Good | Ink::Processed | Ink::Sending => style,
                Ink::Title | Ink::Key | Ink::Marked | Ink::New | Ink::Warning | Ink::Problem => style.add_modifier(Modifier::BOLD),
                Ink::Heading | Ink::Staged | Ink::Cell => style.add_modifier(Modifier::UNDERLINED),
                Ink::ProblemCode | Ink::Hit | Ink::Selected => style.add_modifier(Modifier::REVERSED),
            },
        }
    }

    /// How a severity looks; its letter stands with it.
    pub const fn severity(self, id: SeverityId) -> Style {
        let style = Style::new();
        match self.colours {
            Colours::Sixteen => match id {
                SeverityId::CRITICAL | SeverityId::FATAL => style.fg(Color::LightRed).add_modifier(Modifier::BOLD),
                SeverityId::HIGH => style.fg(Color::Red),
                SeverityId::MEDIUM => style.fg(Color::Yellow),
                SeverityId::LOW => style.fg(Color::Cyan),
                _ => style,
            },
            Colours::None => match id {
                SeverityId::CRITICAL | SeverityId::FATAL => style.add_modifier(Modifier::BOLD),
                _ => style,
            },
        }
    }

    /// How a piece of a scrolling text looks.
    pub const fn role(self, role: Role) -> Style {
        self.style(match role {
            Role::Plain => Ink::Plain,
            Role::Heading => Ink::Heading,
            Role::Label => Ink::Label,
            Role::Key => Ink::Key,
            Role::Faint => Ink::Faint,
            Role::Staged => Ink::Staged,
            Role::Problem => Ink::Problem,
            Role::Hit => Ink::Hit,
        })
    }

    /// The sign as this theme draws it: itself, or its ASCII stand-in of the same width.
    pub const fn sign(self, sign: char) -> char {
        match self.glyphs {
            Glyphs::Unicode => sign,
            Glyphs::Ascii => match sign {
                '▶' | '→' | '▸' | '›' => '>',
                '◀' | '‹' | '≤' => '<',
                '✓' | '×' => '*',
                '●' => 's',
                '○' => 'o',
                '⟳' | '…' => '~',
                '✗' => '!',
                '–' | '—' | '─' | '·' => '-',
                '✎' | '“' | '”' => '"',
                '↑' => '^',
                '↓' | '▾' => 'v',
                '│' | '▐' | '▌' => '|',
                '✔' | '┌' | '┐' | '└' | '┘' | '├' | '┤' => '+',
                '█' => '#',
                other => other,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_no_style_has_any_and_only_modifiers_that_every_terminal_shows() {
        let theme = Theme::new(Colours::None, Glyphs::Unicode);
        let inks = [
            Ink::Plain,
            Ink::Title,
            Ink::Faint,
            Ink::Label,
            Ink::Heading,
            Ink::Key,
            Ink::Marked,
            Ink::Staged,
            Ink::Sending,
            Ink::Problem,
            Ink::ProblemCode,
            Ink::Processed,
            Ink::Gone,
            Ink::New,
            Ink::Warning,
            Ink::Good,
            Ink::Hit,
            Ink::Selected,
            Ink::Cell,
        ];
        let allowed = Modifier::BOLD | Modifier::REVERSED | Modifier::UNDERLINED;
        for style in inks.map(|ink| theme.style(ink)).into_iter().chain(SeverityId::OFFERED.map(|id| theme.severity(id))) {
            assert_eq!((style.fg, style.bg), (None, None));
            assert!(allowed.contains(style.add_modifier), "{style:?}");
        }
    }
}
