//! Where the terminal's cursor is and how it writes; moves by the shortest sequence.
//!
//! Nothing is taken for granted: where the cursor stands after a character whose width terminals disagree on is not known, and the next move
//! is absolute.

use ratatui::buffer::{Cell, CellWidth};

use super::look::{Blank, Look, Looks, number};

/// Where the cursor is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Anywhere.
    Unknown,
    /// On this line, in some column: behind its last one, perhaps.
    Line(u16),
    /// In this column of this line.
    Cell(u16, u16),
}

/// Writes to a terminal of a known size.
#[derive(Debug)]
pub struct Pen {
    /// What is to be written.
    pub out: Vec<u8>,
    columns: u16,
    at: At,
    looks: Looks,
}

/// Whether all terminals agree that this takes one column: ASCII, letters of Latin scripts, lines of boxes, and the signs of our own, which
/// are chosen for it.
fn is_certain(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return false };
    matches!(c,
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{17f}' | '\u{2500}'..='\u{257f}'
        | '▶' | '→' | '▸' | '›' | '◀' | '‹' | '≤' | '✓' | '●' | '○' | '⟳' | '…' | '✗' | '–' | '—' | '✎' | '“' | '”' | '↑' | '↓' | '▾'
        | '▐' | '▌' | '✔' | '█')
}

/// The most columns that a cell may take on some terminal: those that do not know how its characters join draw them one by one.
pub fn reach(cell: &Cell) -> u16 {
    let symbol = symbol(cell);
    if is_certain(symbol) {
        return 1;
    }
    let mut bytes = [0; 4];
    let apart = symbol.chars().filter(|c| c.encode_utf8(&mut bytes).cell_width() > 0).count() as u16;
    width(cell).max(apart.saturating_mul(2))
}

/// How many digits a number has.
const fn digits(value: u16) -> usize {
    match value {
        0..=9 => 1,
        10..=99 => 2,
        100..=999 => 3,
        1_000..=9_999 => 4,
        _ => 5,
    }
}

/// Bytes of a sequence with a count, which 1 leaves out.
pub const fn counted(count: u16) -> usize {
    if count == 1 { 3 } else { 3 + digits(count) }
}

/// What a cell shows.
pub fn symbol(cell: &Cell) -> &str {
    let symbol = cell.symbol();
    if symbol.is_empty() { " " } else { symbol }
}

/// Whether a cell shows nothing but its ground.
pub fn blank(cell: &Cell) -> Blank {
    if symbol(cell) == " " { Blank::Yes } else { Blank::No }
}

/// Columns that a cell takes; at least one.
pub fn width(cell: &Cell) -> u16 {
    let symbol = symbol(cell);
    if symbol.len() == 1 { 1 } else { symbol.cell_width().max(1) }
}

impl Pen {
    /// For a terminal of so many columns, of which nothing is known.
    pub fn new(columns: u16) -> Self {
        Self { out: Vec::new(), columns, at: At::Unknown, looks: Looks::default() }
    }

    /// Neither place nor look are known any more.
    pub const fn forget(&mut self) {
        self.at = At::Unknown;
        self.looks.forget();
    }

    /// The place is not known any more.
    pub const fn lose_place(&mut self) {
        self.at = At::Unknown;
    }

    /// The column it stands in, where it is on this line.
    pub fn column(&self, line: u16) -> Option<u16> {
        match self.at {
            At::Cell(column, at) if at == line => Some(column),
            At::Cell(..) | At::Line(_) | At::Unknown => None,
        }
    }

    /// A sequence with one number, which 1 leaves out.
    pub fn sequence(&mut self, count: u16, last: u8) {
        self.out.extend_from_slice(b"\x1b[");
        if count != 1 {
            number(&mut self.out, count);
        }
        self.out.push(last);
    }

    /// Sets back what of the look would be seen on cells that are inserted empty.
    pub fn plain(&mut self) {
        self.looks.take_on(Look::PLAIN, Blank::Yes, &mut self.out);
    }

    /// Writes a reset, whatever is known.
    pub fn reset(&mut self) {
        self.out.extend_from_slice(b"\x1b[m");
        self.looks.is_reset();
    }

    /// Whether a cell can be written without a change of look.
    pub fn fits(&self, cell: &Cell) -> bool {
        self.looks.fits(Look::of(cell), blank(cell))
    }

    /// Bytes of the shortest move to a column on the line where it stands; `None` where that is not known.
    pub fn way(&self, column: u16, line: u16) -> Option<usize> {
        let at = self.column(line)?;
        Some(match column.cmp(&at) {
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => counted(column - at).min(counted(column + 1)),
            std::cmp::Ordering::Less if column == 0 => 1,
            std::cmp::Ordering::Less => usize::from(at - column).min(counted(column + 1)),
        })
    }

    /// Moves to a cell.
    pub fn go(&mut self, column: u16, line: u16) {
        if self.at == At::Cell(column, line) {
            return;
        }
        let absolute = if column == 0 { counted(line + 1) } else { 4 + digits(line + 1) + digits(column + 1) };
        let straight = if matches!(self.at, At::Cell(at, _) if at == column) { counted(line + 1) } else { usize::MAX };
        let along = self.way(column, line).unwrap_or(usize::MAX);
        let feeds = self.feeds(line).map_or(usize::MAX, |feeds| 1 + feeds + if column == 0 { 0 } else { counted(column) });
        match along.min(feeds).min(straight) {
            least if least >= absolute => {
                self.out.extend_from_slice(b"\x1b[");
                if line > 0 || column > 0 {
                    number(&mut self.out, line + 1);
                }
                if column > 0 {
                    self.out.push(b';');
                    number(&mut self.out, column + 1);
                }
                self.out.push(b'H');
            }
            least if least == along => self.along(column, line, along),
            least if least == straight => self.sequence(line + 1, b'd'),
            _ => {
                self.out.push(b'\r');
                let feeds = self.feeds(line).unwrap_or_default();
                self.out.resize(self.out.len() + feeds, b'\n');
                if column > 0 {
                    self.sequence(column, b'C');
                }
            }
        }
        self.at = At::Cell(column, line);
    }

    /// How many line feeds lead to a later line.
    fn feeds(&self, line: u16) -> Option<usize> {
        let (At::Line(from) | At::Cell(_, from)) = self.at else { return None };
        line.checked_sub(from).filter(|&feeds| feeds > 0).map(usize::from)
    }

    /// Moves on the line, by a way of so many bytes.
    fn along(&mut self, column: u16, line: u16, way: usize) {
        let Some(at) = self.column(line) else { return };
        if column == 0 {
            self.out.push(b'\r');
        } else if column > at && counted(column - at) == way {
            self.sequence(column - at, b'C');
        } else if column < at && usize::from(at - column) == way {
            self.out.resize(self.out.len() + way, 8);
        } else {
            self.sequence(column + 1, b'G');
        }
    }

    /// Writes a cell where the cursor is; `column` and `line` say where that is.
    pub fn write(&mut self, cell: &Cell, column: u16, line: u16) {
        self.looks.take_on(Look::of(cell), blank(cell), &mut self.out);
        let (shown, wide) = (symbol(cell), width(cell));
        if column + wide > self.columns {
            // Half a character would go to the next line.
            self.out.push(b' ');
            self.at = At::Line(line);
            return;
        }
        if is_certain(shown) {
            self.out.extend_from_slice(shown.as_bytes());
            self.at = if column + 1 < self.columns { At::Cell(column + 1, line) } else { At::Line(line) };
            return;
        }
        if wide > 1 && shown.chars().nth(1).is_some() {
            // Terminals that take it for narrow would leave what stood in its second column.
            for _ in 0..wide {
                self.out.push(b' ');
            }
            self.at = At::Unknown;
            self.go(column, line);
        }
        self.out.extend_from_slice(shown.as_bytes());
        self.at = At::Unknown;
    }

    /// Empties so many cells from where the cursor is, which stays; they must look as erased cells do.
    pub fn erase(&mut self, like: &Cell, count: u16) {
        self.looks.take_on(Look::of(like), Blank::Yes, &mut self.out);
        self.sequence(count, b'X');
    }

    /// The same to the end of the line.
    pub fn erase_line(&mut self, like: &Cell) {
        self.looks.take_on(Look::of(like), Blank::Yes, &mut self.out);
        self.out.extend_from_slice(b"\x1b[K");
    }
}
