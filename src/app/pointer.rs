//! The mouse, where it is switched on: what was drawn where, and what was clicked.
//!
//! A click is for what was on the screen when it came, and not for what may stand in its place by now. What stands where is noted by
//! drawing, so that it cannot be another place than the one that is seen.

use crate::{domain::row::RowId, findings::groups::GroupId};

use super::keymap::Context;

/// What stands at a place of the screen and can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// A row of the table.
    Row(RowId),
    /// The header of a group.
    Header(GroupId),
    /// The title of a column, by its place among the chosen ones.
    Title(usize),
    /// An entry of a menu or a list, by its place.
    Entry(usize),
}

/// A part of a line of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its line.
    pub line: u16,
    /// Lines that belong to it.
    pub height: u16,
    /// Its first column.
    pub left: u16,
    /// Its columns.
    pub width: u16,
}

impl Place {
    fn holds(self, column: u16, line: u16) -> bool {
        (self.line..self.line.saturating_add(self.height)).contains(&line)
            && (self.left..self.left.saturating_add(self.width)).contains(&column)
    }
}

/// What can be clicked on a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spots {
    /// What had the focus.
    pub context: Context,
    /// Each with its place, those of the innermost overlay only.
    pub places: Vec<(Place, Spot)>,
}

impl Spots {
    /// A click at a place of this frame.
    pub fn click(&self, column: u16, line: u16) -> Click {
        let on = self.places.iter().rev().find(|(place, _)| place.holds(column, line)).map(|&(_, spot)| spot);
        Click { column, line, on, context: self.context }
    }
}

/// A click with the left button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Click {
    /// The column of the screen.
    pub column: u16,
    /// The line.
    pub line: u16,
    /// What was drawn there.
    pub on: Option<Spot>,
    /// What had the focus.
    pub context: Context,
}

/// Which way the wheel was turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Towards the start.
    Up,
    /// Towards the end.
    Down,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// Its left button was pressed.
    Click(Click),
    /// Its wheel was turned by a notch.
    Wheel(Turn),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_for_what_was_drawn_last_at_its_place() {
        let line = |line, left, width| Place { line, height: 1, left, width };
        let places = vec![(line(4, 0, 80), Spot::Entry(0)), (line(4, 10, 5), Spot::Entry(1)), (line(5, 0, 80), Spot::Entry(2))];
        let spots = Spots { context: Context::Menu, places };
        for (column, line, on) in
            [(9, 4, Some(0)), (10, 4, Some(1)), (14, 4, Some(1)), (15, 4, Some(0)), (0, 5, Some(2)), (80, 5, None), (0, 6, None)]
        {
            assert_eq!(spots.click(column, line).on, on.map(Spot::Entry), "{column},{line}");
        }
    }
}
