//! Writes what differs between two frames, cell by cell, in few bytes.

use ratatui::buffer::{Buffer, Cell};

use super::{
    look::{Blank, Look},
    pen::{Pen, blank, counted, reach, symbol, width},
    shift::is_same,
};

/// Unchanged cells up to this many are written again where that is shorter than a move over them.
const WRITTEN_AGAIN: u16 = 8;

/// Whether the terminal empties cells in the middle of a line by a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasing {
    /// It does.
    Counted,
    /// Only to the end of a line.
    ToTheEnd,
}

/// Writes what differs, line by line from the top.
pub fn write(pen: &mut Pen, before: &Buffer, next: &Buffer, erasing: Erasing, changed: &mut Vec<bool>) {
    let columns = usize::from(next.area.width);
    if columns == 0 || before.area != next.area {
        return;
    }
    for (line, (before, next)) in before.content.chunks_exact(columns).zip(next.content.chunks_exact(columns)).enumerate() {
        if before != next {
            mark(before, next, changed);
            Line { next, changed, at: line as u16, erasing }.write(pen);
        }
    }
}

/// Notes which cells of a line must be written. Cells under a wide character are none of their own; where one goes, what it covered, or may
/// have, is written again, and where one comes, what it may cover.
fn mark(before: &[Cell], next: &[Cell], changed: &mut Vec<bool>) {
    changed.clear();
    changed.resize(next.len(), false);
    // Up to where what stood here has been spoilt.
    let mut spoilt = 0;
    let mut at = 0;
    while let (Some(old), Some(new)) = (before.get(at), next.get(at)) {
        let wide = usize::from(width(new));
        if at < spoilt || !is_same(old, new) {
            if let Some(changed) = changed.get_mut(at) {
                *changed = true;
            }
            spoilt = spoilt.max(at + usize::from(reach(new)));
            for under in at..(at + wide).min(before.len()) {
                spoilt = spoilt.max(before.get(under).map_or(0, |old| under + usize::from(reach(old))));
            }
        }
        at += wide;
    }
}

/// A line to be written.
struct Line<'a> {
    next: &'a [Cell],
    changed: &'a [bool],
    at: u16,
    erasing: Erasing,
}

impl Line<'_> {
    fn write(&self, pen: &mut Pen) {
        let mut at = self.next_changed(0);
        while let Some(column) = at {
            let Some(cell) = self.next.get(column) else { return };
            self.go(pen, column);
            let end = self.blanks(pen, cell, column).unwrap_or_else(|| {
                pen.write(cell, column as u16, self.at);
                column + usize::from(width(cell))
            });
            at = self.next_changed(end);
        }
    }

    fn next_changed(&self, from: usize) -> Option<usize> {
        self.changed.get(from..)?.iter().position(|changed| *changed).map(|at| from + at)
    }

    /// Moves to a column, over unchanged cells by writing them where that is not longer.
    fn go(&self, pen: &mut Pen, column: usize) {
        let (to, line) = (column as u16, self.at);
        if let Some((at, way)) = pen.column(line).zip(pen.way(to, line))
            && at < to
            && to - at <= WRITTEN_AGAIN
            && let Some(between) = self.next.get(usize::from(at)..column)
            && between.iter().all(|cell| symbol(cell).len() == 1 && pen.fits(cell))
            && between.len() <= way
        {
            for (cell, at) in between.iter().zip(at..) {
                pen.write(cell, at, line);
            }
            return;
        }
        pen.go(to, line);
    }

    /// Empties the run of blanks that begins here, where that is shorter than to write them; gives the column behind what was emptied.
    fn blanks(&self, pen: &mut Pen, cell: &Cell, column: usize) -> Option<usize> {
        let is_erasable = |cell: &Cell| blank(cell) == Blank::Yes && Look::of(cell).is_erased();
        if !is_erasable(cell) {
            return None;
        }
        let rest = self.next.get(column..)?;
        let run = rest.iter().position(|cell| !is_erasable(cell)).unwrap_or(rest.len());
        let last = self.changed.get(column..column + run)?.iter().rposition(|changed| *changed)? + 1;
        if run == rest.len() {
            if last <= 3 {
                return None;
            }
            pen.erase_line(cell);
            return Some(self.next.len());
        }
        if self.erasing == Erasing::ToTheEnd {
            return None;
        }
        let count = last as u16;
        // Writing them moves the cursor along; erasing does not, which costs nothing where nothing stands right behind them.
        let is_followed = self.changed.get(column + last) == Some(&true);
        let bytes = if is_followed { 2 * counted(count) } else { counted(count) };
        if last <= bytes {
            return None;
        }
        pen.erase(cell, count);
        Some(column + last)
    }
}
