//! What is on the terminal and what shall be: frames in, bytes out. Does no I/O.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    difference::{self, Erasing},
    look::number,
    pen::Pen,
    shift::{Direction, Shift, Shifts},
};

/// Begins a synchronised update: the terminal shows what follows at its end, at once.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// Ends it.
pub const END: &[u8] = b"\x1b[?2026l";
/// Before a whole frame: whatever else wrote on the terminal may have left a scroll region, counted lines from it, or had characters inserted and
/// not replaced. Then everything is emptied.
const AFRESH: &[u8] = b"\x1b[r\x1b[?6l\x1b[4l\x1b[2J";
/// A frame of fewer bytes is read in one go anyway, and is not worth the sixteen of a synchronised update.
const WORTH_SYNCHRONISING: usize = 1024;

/// What is known of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skills {
    /// How cells are emptied.
    pub erasing: Erasing,
    /// Whether lines are moved.
    pub scrolling: Scrolling,
    /// Whether frames are synchronised.
    pub synchronising: Synchronising,
}

/// Whether the terminal moves lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrolling {
    /// It does.
    On,
    /// It is not asked to.
    Off,
}

/// Whether the terminal has synchronised updates (mode 2026).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronising {
    /// It has; large frames are.
    On,
    /// It is not known to have.
    Off,
}

/// The frame on the terminal and the next one.
#[derive(Debug)]
pub struct Surface {
    shown: Buffer,
    next: Buffer,
    /// Whether what is on the terminal is known.
    is_known: bool,
    pen: Pen,
    shifts: Shifts,
    changed: Vec<bool>,
    skills: Skills,
}

impl Surface {
    /// A terminal of so many columns and rows, of which nothing is known.
    pub fn new(columns: u16, rows: u16, skills: Skills) -> Self {
        let area = Rect::new(0, 0, columns, rows);
        Self {
            shown: Buffer::empty(area),
            next: Buffer::empty(area),
            is_known: false,
            pen: Pen::new(columns),
            shifts: Shifts::default(),
            changed: Vec::new(),
            skills,
        }
    }

    /// Its columns and rows.
    pub const fn size(&self) -> (u16, u16) {
        (self.next.area.width, self.next.area.height)
    }

    /// What is on the terminal is not known any more: the next frame is written whole.
    pub const fn forget(&mut self) {
        self.is_known = false;
    }

    /// The frame to be drawn, empty.
    pub fn blank(&mut self) -> &mut Buffer {
        self.next.reset();
        &mut self.next
    }

    /// The bytes that make the terminal show what was drawn; none where it does already. They are taken to be written.
    pub fn take(&mut self) -> &[u8] {
        let pen = &mut self.pen;
        pen.out.clear();
        pen.out.extend_from_slice(BEGIN);
        if self.is_known {
            if self.skills.scrolling == Scrolling::On
                && let Some(shift) = self.shifts.find(&self.shown, &self.next)
            {
                scroll(pen, shift, self.next.area.height);
                shift.apply(&mut self.shown);
            }
        } else {
            pen.forget();
            pen.reset();
            pen.out.extend_from_slice(AFRESH);
            self.shown.reset();
            self.is_known = true;
        }
        difference::write(pen, &self.shown, &self.next, self.skills.erasing, &mut self.changed);
        std::mem::swap(&mut self.shown, &mut self.next);
        if self.skills.synchronising == Synchronising::On && pen.out.len() >= WORTH_SYNCHRONISING {
            pen.out.extend_from_slice(END);
            return &pen.out;
        }
        pen.out.get(BEGIN.len()..).unwrap_or_default()
    }
}

/// Has the terminal move lines. What becomes empty has the ground of the look in force on some terminals: that is reset before.
fn scroll(pen: &mut Pen, shift: Shift, height: u16) {
    pen.plain();
    // Down to the last line, nothing has to be kept in its place.
    let is_bounded = shift.bottom < height;
    if is_bounded {
        pen.out.extend_from_slice(b"\x1b[");
        number(&mut pen.out, shift.top + 1);
        pen.out.push(b';');
        number(&mut pen.out, shift.bottom);
        pen.out.push(b'r');
        pen.lose_place();
    }
    pen.go(0, shift.top);
    pen.sequence(
        shift.lines,
        match shift.direction {
            Direction::Up => b'M',
            Direction::Down => b'L',
        },
    );
    if is_bounded {
        pen.out.extend_from_slice(b"\x1b[r");
    }
    pen.lose_place();
}

#[cfg(test)]
mod tests;
