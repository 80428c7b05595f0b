//! What a terminal can do, by what the environment says of it.
//!
//! It is not asked: some terminals print a question that they do not know (DECRQM: Apple's), and the reader of keys takes an answer for the
//! beginning of a key. What is used without being asked for is ignored by every terminal that lacks it. docs/decisions/drawing.md has the
//! whole.

use crate::{
    app::layout::Bandwidth,
    storage::config::{Scroll, Synchronised},
};

use super::{
    difference::Erasing,
    surface::{Scrolling, Skills, Synchronising},
};

/// What the environment says of the terminal, and what the configuration says of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// `TERM`.
    pub term: &'a str,
    /// `TERM_PROGRAM`; it does not come along over SSH.
    pub program: &'a str,
    /// Whether tmux or GNU screen lies between: `TMUX` or `STY` is set.
    pub is_multiplexed: bool,
    /// `[screen] scroll`.
    pub scroll: Scroll,
    /// `[screen] synchronised`.
    pub synchronised: Synchronised,
    /// `[screen] low_bandwidth`.
    pub bandwidth: Bandwidth,
}

/// Names in `TERM` of terminals that have synchronised updates, in all versions one meets.
const SYNCHRONISED_TERMS: [&str; 10] =
    ["xterm-kitty", "xterm-ghostty", "ghostty", "alacritty", "foot", "wezterm", "contour", "rio", "iterm2", "mintty"];
/// The same in `TERM_PROGRAM`.
const SYNCHRONISED_PROGRAMS: [&str; 8] = ["iTerm.app", "WezTerm", "ghostty", "vscode", "rio", "contour", "mintty", "WarpTerminal"];
/// Terminals that cannot keep lines in their place while others move.
const WITHOUT_REGIONS: [&str; 5] = ["ansi", "pcansi", "cons25", "vt52", "sun"];
/// Terminals whose description has no sequence that empties cells in the middle of a line. tmux on another machine may call its terminal
/// `screen` as well.
const WITHOUT_ERASING: [&str; 7] = ["screen", "vt100", "vt102", "ansi", "pcansi", "vt52", "sun"];

impl Skills {
    /// What the terminal is known to do, as far as it may.
    pub fn found(around: Surroundings<'_>) -> Self {
        let is = |name: &str| around.term.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', '+']));
        let erasing = if WITHOUT_ERASING.into_iter().any(is) { Erasing::ToTheEnd } else { Erasing::Counted };
        let scrolling = match around.scroll {
            Scroll::On if !WITHOUT_REGIONS.into_iter().any(is) => Scrolling::On,
            Scroll::On | Scroll::Off => Scrolling::Off,
        };
        let is_known = SYNCHRONISED_TERMS.into_iter().any(is) || SYNCHRONISED_PROGRAMS.contains(&around.program);
        let synchronising = match around.synchronised {
            Synchronised::Always => Synchronising::On,
            // A multiplexer draws by itself: what it passes on is synchronised or not as it likes.
            Synchronised::Auto if is_known && !around.is_multiplexed && around.bandwidth == Bandwidth::Full => Synchronising::On,
            Synchronised::Auto | Synchronised::Never => Synchronising::Off,
        };
        Self { erasing, scrolling, synchronising }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::unknown("xterm-256color", "", false, Synchronising::Off)]
    #[case::by_term("xterm-kitty", "", false, Synchronising::On)]
    #[case::by_term_with_more("foot-extra", "", false, Synchronising::On)]
    #[case::not_by_half_a_name("footer", "", false, Synchronising::Off)]
    #[case::by_program("xterm-256color", "iTerm.app", false, Synchronising::On)]
    #[case::apples("xterm-256color", "Apple_Terminal", false, Synchronising::Off)]
    #[case::in_a_multiplexer("screen-256color", "iTerm.app", true, Synchronising::Off)]
    #[case::nothing_said("", "", false, Synchronising::Off)]
    fn only_terminals_known_to_have_it_get_synchronised_frames(
        #[case] term: &str,
        #[case] program: &str,
        #[case] is_multiplexed: bool,
        #[case] expected: Synchronising,
    ) {
        let around = Surroundings { term, program, is_multiplexed, ..Surroundings::default() };
        assert_eq!(Skills::found(around).synchronising, expected);
        let never = Surroundings { synchronised: Synchronised::Never, ..around };
        assert_eq!(Skills::found(never).synchronising, Synchronising::Off);
        let low = Surroundings { bandwidth: Bandwidth::Low, ..around };
        assert_eq!(Skills::found(low).synchronising, Synchronising::Off);
        let always = Surroundings { synchronised: Synchronised::Always, ..around };
        assert_eq!(Skills::found(always).synchronising, Synchronising::On);
    }

    #[rstest]
    #[case("xterm-256color", Erasing::Counted, Scrolling::On)]
    #[case("tmux-256color", Erasing::Counted, Scrolling::On)]
    #[case("screen-256color", Erasing::ToTheEnd, Scrolling::On)]
    #[case("linux", Erasing::Counted, Scrolling::On)]
    #[case("vt100", Erasing::ToTheEnd, Scrolling::On)]
    #[case("ansi", Erasing::ToTheEnd, Scrolling::Off)]
    fn lines_move_and_cells_are_emptied_where_the_terminal_can(#[case] term: &str, #[case] erasing: Erasing, #[case] scrolling: Scrolling) {
        let around = Surroundings { term, ..Surroundings::default() };
        let skills = Skills::found(around);
        assert_eq!((skills.erasing, skills.scrolling), (erasing, scrolling));
        assert_eq!(Skills::found(Surroundings { scroll: Scroll::Off, ..around }).scrolling, Scrolling::Off);
    }
}
