//! Colours and signs: what each kind of thing on the screen looks like.
//!
//! Owns every style of the program. Nothing is told by colour alone: where a colour says something, a sign or a letter says it too, so
//! the variant without colours has the same information in bold, reverse and underline. Each set of colours is a file with one line an ink;
//! why they are as they are is in docs/decisions/themes.md.

mod colour_blind;
mod high_contrast;
mod none;
mod sixteen;
mod truecolour;

#[cfg(test)]
mod sight;

use ratatui::style::Style;

use crate::{app::text_view::Role, domain::severity::SeverityId};

/// Which colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// The sixteen that every terminal has, as its user has set them, on the terminal's own ground.
    #[default]
    Sixteen,
    /// Twenty-four bits each, on a dark ground of their own.
    Truecolour,
    /// The brightest of the sixteen on black; nothing is dimmed.
    HighContrast,
    /// Of the 256, on a dark ground: told apart with any kind of colour vision.
    ColourBlind,
    /// None: `NO_COLOR`. Only bold, reverse and underline.
    None,
}

impl Colours {
    /// Each of them.
    pub const ALL: [Self; 5] = [Self::Sixteen, Self::Truecolour, Self::HighContrast, Self::ColourBlind, Self::None];
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

macro_rules! inks {
    ($($(#[$doc:meta])* $ink:ident,)+) => {
        /// A kind of thing on the screen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Ink {
            $($(#[$doc])* $ink,)+
        }

        impl Ink {
            /// Each of them.
            pub const ALL: &[Self] = &[$(Self::$ink,)+];
        }
    };
}

inks! {
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

    /// What lies under everything: nothing where the terminal's own ground is kept.
    pub const fn ground(self) -> Style {
        match self.colours {
            Colours::Sixteen | Colours::None => Style::new(),
            Colours::Truecolour => truecolour::GROUND,
            Colours::HighContrast => high_contrast::GROUND,
            Colours::ColourBlind => colour_blind::GROUND,
        }
    }

    /// How a kind of thing looks, laid over the ground.
    pub const fn style(self, ink: Ink) -> Style {
        match self.colours {
            Colours::Sixteen => sixteen::style(ink),
            Colours::Truecolour => truecolour::style(ink),
            Colours::HighContrast => high_contrast::style(ink),
            Colours::ColourBlind => colour_blind::style(ink),
            Colours::None => none::style(ink),
        }
    }

    /// How a severity looks; its letter stands with it.
    pub const fn severity(self, id: SeverityId) -> Style {
        match self.colours {
            Colours::Sixteen => sixteen::severity(id),
            Colours::Truecolour => truecolour::severity(id),
            Colours::HighContrast => high_contrast::severity(id),
            Colours::ColourBlind => colour_blind::severity(id),
            Colours::None => none::severity(id),
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
