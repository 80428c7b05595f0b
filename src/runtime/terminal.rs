//! The terminal: entering and leaving full screen, and giving it back whatever happens.

use std::io::{self, BufWriter, Stdout, Write};

use crossterm::{
    cursor, event, execute,
    style::Print,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};
use ratatui::{Terminal, backend::CrosstermBackend};

use crate::app::layout::MousePolicy;

/// Bytes gathered before they are written: a whole frame goes out in one write.
const BUFFER: usize = 64 * 1024;

/// Asks for clicks and the wheel, with their places written in digits. Not for every move of the mouse, as crossterm's own command does: each
/// would cross the line and wake the program for nothing.
const WATCH_MOUSE: Print<&str> = Print("\x1b[?1000h\x1b[?1006h");
/// Asks for them no more.
const LEAVE_MOUSE: Print<&str> = Print("\x1b[?1006l\x1b[?1000l");

/// The terminal as it is drawn on.
pub type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

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
    pub fn enter(mouse: MousePolicy) -> Result<Self, TerminalError> {
        let default_hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            tracing::error!(panic = %info, "panic");
            if std::thread::current().name() == Some("main") {
                leave(mouse);
                default_hook(info);
            }
        }));
        begin(mouse)?;
        let screen = Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(BUFFER, io::stdout())))?;
        Ok(Self { screen, mouse })
    }

    /// What is drawn on.
    pub fn screen(&mut self) -> &mut Screen {
        &mut self.screen
    }

    /// Gives the terminal back for a while.
    pub fn pause(&mut self) {
        leave(self.mouse);
    }

    /// Takes it again; the next frame is drawn whole.
    pub fn resume(&mut self) -> io::Result<()> {
        begin(self.mouse)?;
        self.redraw()
    }

    /// Makes the next frame draw every cell.
    pub fn redraw(&mut self) -> io::Result<()> {
        let size = self.screen.size()?;
        self.screen.resize(ratatui::layout::Rect::new(0, 0, size.width, size.height))
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
    let _ = execute!(io::stdout(), event::DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
    let _ = io::stdout().flush();
}
