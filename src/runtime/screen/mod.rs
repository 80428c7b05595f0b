//! The terminal as it is drawn on: two frames, and as few bytes as take one to the other.
//!
//! Why this stands in place of ratatui's own backend is in docs/decisions/drawing.md. Owns nothing of the terminal's modes: those are
//! `runtime::terminal`'s.

pub mod difference;
pub mod look;
pub mod pen;
pub mod shift;
pub mod skills;
pub mod surface;

use std::{
    fs::File,
    io::{self, Write},
    os::fd::AsFd,
};

use ratatui::buffer::Buffer;

use surface::{Skills, Surface};

/// The screen, drawn on standard output.
#[derive(Debug)]
pub struct Screen {
    surface: Surface,
    skills: Skills,
    /// Standard output without its buffer, which would cut a frame into writes of a few lines.
    out: File,
}

impl Screen {
    /// Of the terminal that standard output is.
    pub fn new(skills: Skills) -> io::Result<Self> {
        let (columns, rows) = crossterm::terminal::size()?;
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self { surface: Surface::new(columns, rows, skills), skills, out })
    }

    /// Its columns and rows.
    pub const fn size(&self) -> (u16, u16) {
        self.surface.size()
    }

    /// The next frame is written whole.
    pub const fn forget(&mut self) {
        self.surface.forget();
    }

    /// Draws a frame and writes what differs, in one write; nothing where nothing does.
    pub fn draw<T>(&mut self, paint: impl FnOnce(&mut Buffer) -> T) -> io::Result<T> {
        let size = crossterm::terminal::size()?;
        if size != self.surface.size() {
            self.surface = Surface::new(size.0, size.1, self.skills);
        }
        let painted = paint(self.surface.blank());
        let bytes = self.surface.take();
        if !bytes.is_empty() {
            self.out.write_all(bytes)?;
        }
        Ok(painted)
    }
}
