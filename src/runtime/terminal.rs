//! The terminal: entering and leaving full screen, and giving it back whatever happens.

use std::io::{self, BufWriter, Stdout, Write};

use crossterm::{
    cursor, event, execute,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};
use ratatui::{Terminal, backend::CrosstermBackend};

/// Bytes gathered before they are written: a whole frame goes out in one write.
const BUFFER: usize = 64 * 1024;

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
}

impl Guard {
    /// Enters full screen. From here on a panic gives the terminal back before it is told.
    pub fn enter() -> Result<Self, TerminalError> {
        let default_hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            tracing::error!(panic = %info, "panic");
            if std::thread::current().name() == Some("main") {
                leave();
                default_hook(info);
            }
        }));
        begin()?;
        let screen = Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(BUFFER, io::stdout())))?;
        Ok(Self { screen })
    }

    /// What is drawn on.
    pub fn screen(&mut self) -> &mut Screen {
        &mut self.screen
    }

    /// Gives the terminal back for a while.
    pub fn pause(&mut self) {
        leave();
    }

    /// Takes it again; the next frame is drawn whole.
    pub fn resume(&mut self) -> io::Result<()> {
        begin()?;
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
        leave();
    }
}

fn begin() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, event::EnableBracketedPaste, cursor::Hide)
}

/// Gives the terminal back. Nothing can be done where that fails: it may be gone.
fn leave() {
    let _ = execute!(io::stdout(), event::DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
    let _ = io::stdout().flush();
}
