//! The terminal: entering and leaving full screen, and giving it back whatever happens.

use std::io::{self, Write};

use crossterm::{
    cursor, event, execute,
    style::Print,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};

use crate::app::layout::MousePolicy;

use super::screen::{Screen, surface::Skills};

/// Asks for clicks and the wheel, with their places written in digits. Not for every move of the mouse, as crossterm's own command does: each
/// would cross the line and wake the program for nothing.
const WATCH_MOUSE: Print<&str> = Print("\x1b[?1000h\x1b[?1006h");
/// Asks for them no more.
const LEAVE_MOUSE: Print<&str> = Print("\x1b[?1006l\x1b[?1000l");

/// Ends what a frame that was cut off may have left in force: a synchronised update, a scroll region, a look.
const SETTLE: Print<&str> = Print("\x1b[?2026l\x1b[r\x1b[m");

/// Why the screen cannot be drawn on.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// The terminal refused.
    #[error("the terminal cannot be set up: {0}")]
    Io(#[from] io::Error),
}

/// The terminal in full screen. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Guard {
    screen: Screen,
    mouse: MousePolicy,
}

impl Guard {
    /// Enters full screen. From here on a panic gives the terminal back before it is told.
    pub fn enter(mouse: MousePolicy, skills: Skills) -> Result<Self, TerminalError> {
        let default_hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            tracing::error!(panic = %info, "panic");
            if std::thread::current().name() == Some("main") {
                leave(mouse);
                default_hook(info);
            }
        }));
        begin(mouse)?;
        Ok(Self { screen: Screen::new(skills)?, mouse })
    }

    /// What is drawn on.
    pub const fn screen(&mut self) -> &mut Screen {
        &mut self.screen
    }

    /// Gives the terminal back for a while.
    pub fn pause(&mut self) {
        leave(self.mouse);
    }

    /// Takes it again; the next frame is drawn whole.
    pub fn resume(&mut self) -> io::Result<()> {
        begin(self.mouse)?;
        self.redraw();
        Ok(())
    }

    /// Makes the next frame draw every cell.
    pub const fn redraw(&mut self) {
        self.screen.forget();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave(self.mouse);
    }
}

fn begin(mouse: MousePolicy) -> io::Result<()> {
    terminal::enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, event::EnableBracketedPaste, cursor::Hide)?;
    match mouse {
        MousePolicy::On => execute!(io::stdout(), WATCH_MOUSE),
        MousePolicy::Off => Ok(()),
    }
}

/// Gives the terminal back. Nothing can be done where that fails: it may be gone.
fn leave(mouse: MousePolicy) {
    if mouse == MousePolicy::On {
        let _ = execute!(io::stdout(), LEAVE_MOUSE);
    }
    let _ = execute!(io::stdout(), SETTLE, event::DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
    let _ = io::stdout().flush();
}
