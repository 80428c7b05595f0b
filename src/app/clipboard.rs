//! The analyst's clipboard as far as it can be reached: through the terminal (OSC 52), since the program runs on a jump host.
//!
//! Plain data. `update` decides whether a text goes there or onto the screen; the runtime writes it in the form that what lies between
//! wants.

use super::event::RequestId;

/// Most bytes of a text that terminals take: hterm and others refuse a sequence of more than 100,000 bytes, and base64 makes four of three.
pub const MOST_BYTES: usize = 74_994;

/// Whether and how a text can be put on the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clipboard {
    /// The way there.
    pub way: Way,
    /// Most bytes of a text; a longer one is shown instead.
    pub most_bytes: usize,
}

impl Default for Clipboard {
    fn default() -> Self {
        Self { way: Way::default(), most_bytes: MOST_BYTES }
    }
}

/// The way to the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Through the terminal, and what lies before it.
    Through(Multiplexer),
    /// None: the configuration says so.
    Off,
    /// None: the terminal has no clipboard.
    None,
}

impl Default for Way {
    fn default() -> Self {
        Self::Through(Multiplexer::None)
    }
}

/// What lies between the program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Multiplexer {
    /// Nothing, or something that passes sequences on.
    #[default]
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
    /// One of the two: tmux on another machine may call its terminal `screen` as well.
    Either,
}

/// What the environment says of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings<'a> {
    /// `TERM`.
    pub term: Option<&'a str>,
    /// Whether `TMUX` is set: tmux on this machine.
    pub tmux: bool,
    /// Whether `STY` is set: GNU screen on this machine.
    pub screen: bool,
}

impl Way {
    /// The way that there is. Over SSH only `TERM` comes along.
    pub fn found(around: &Surroundings<'_>) -> Self {
        let term = around.term.unwrap_or_default();
        let is = |name: &str| term == name || term.strip_prefix(name).is_some_and(|rest| rest.starts_with(['-', '.']));
        Self::Through(match around {
            Surroundings { tmux: true, .. } => Multiplexer::Tmux,
            Surroundings { screen: true, .. } => Multiplexer::Screen,
            _ if is("tmux") => Multiplexer::Tmux,
            _ if is("screen") => Multiplexer::Either,
            _ if is("linux") || is("dumb") || is("cons25") => return Self::None,
            _ => Multiplexer::None,
        })
    }
}

/// A copy whose documents are being brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copying {
    /// Its number.
    pub request: RequestId,
    /// What is copied.
    pub what: Gathering,
}

/// What of documents is gathered, to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gathering {
    /// The documents themselves, a line each.
    Documents,
    /// Their addresses in the console, a line each.
    ConsoleUrls,
}

/// What was gathered of documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// The lines; clean.
    pub text: String,
    /// How many there are.
    pub count: usize,
    /// Findings that have nothing of it, or whose document cannot be read.
    pub without: usize,
    /// Findings that were not asked any more, because the text had become too long to be shown.
    pub left: usize,
}

/// Most bytes that are gathered: what is longer is neither copied nor worth showing.
pub const MOST_GATHERED: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("xterm-256color", false, false, Way::Through(Multiplexer::None))]
    #[case("tmux-256color", true, false, Way::Through(Multiplexer::Tmux))]
    #[case("screen-256color", true, false, Way::Through(Multiplexer::Tmux))]
    #[case("screen.xterm-256color", false, true, Way::Through(Multiplexer::Screen))]
    // tmux in screen: tmux is the nearer one.
    #[case("tmux-256color", true, true, Way::Through(Multiplexer::Tmux))]
    // Over SSH.
    #[case("tmux-256color", false, false, Way::Through(Multiplexer::Tmux))]
    #[case("screen", false, false, Way::Through(Multiplexer::Either))]
    #[case("screen-256color", false, false, Way::Through(Multiplexer::Either))]
    #[case("screenly", false, false, Way::Through(Multiplexer::None))]
    #[case("linux", false, false, Way::None)]
    #[case("linux-16color", false, false, Way::None)]
    #[case("dumb", false, false, Way::None)]
    #[case("", false, false, Way::Through(Multiplexer::None))]
    // A terminal's name that was set by hand inside of tmux.
    #[case("linux", true, false, Way::Through(Multiplexer::Tmux))]
    fn the_way_is_told_by_the_environment(#[case] term: &str, #[case] tmux: bool, #[case] screen: bool, #[case] way: Way) {
        assert_eq!(Way::found(&Surroundings { term: Some(term), tmux, screen }), way);
    }
}
