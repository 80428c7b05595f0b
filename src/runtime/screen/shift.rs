//! Whether lines moved up or down from one frame to the next, so that the terminal can be told to move them.
//!
//! Knows nothing of tables or lists: it compares lines, and takes the move that saves most.

use std::hash::{BuildHasher, Hasher};

use hashbrown::DefaultHashBuilder;
use ratatui::buffer::{Buffer, Cell};

use super::{
    look::{Blank, Look},
    pen::{blank, symbol},
};

/// A move saves at least so many bytes by the estimate: it costs some itself.
const WORTH: i32 = 40;
/// Bytes that a run of changed cells costs beside the cells.
const RUN: i32 = 5;
/// So many lines must have come from the same distance for it to be looked at.
const VOTES: u16 = 2;
/// Distances that are looked at, those first that most lines came from.
const LOOKED_AT: usize = 2;

/// Lines that move together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// The first line that takes part.
    pub top: u16,
    /// The one behind the last.
    pub bottom: u16,
    /// How far they move.
    pub lines: u16,
    /// Where to.
    pub direction: Direction,
}

/// Where lines move to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up: the last lines become empty.
    Up,
    /// Down: the first lines become empty.
    Down,
}

/// Whether a cell looks the same in both.
pub fn is_same(one: &Cell, other: &Cell) -> bool {
    // Most cells that are compared are.
    if one == other {
        return true;
    }
    let (one_look, other_look) = (Look::of(one), Look::of(other));
    match (blank(one), blank(other)) {
        (Blank::Yes, Blank::Yes) => one_look.is_same_on_blanks(other_look),
        (Blank::No, Blank::No) => one_look == other_look && symbol(one) == symbol(other),
        _ => false,
    }
}

/// Room for what is counted, kept from frame to frame.
#[derive(Debug, Default)]
pub struct Shifts {
    hasher: DefaultHashBuilder,
    before: Vec<u64>,
    next: Vec<u64>,
    votes: Vec<(u16, isize)>,
    /// Sums over the lines before each line: what they cost where nothing moves, where they move, and where they become empty.
    stays: Vec<i32>,
    moves: Vec<i32>,
    blank: Vec<i32>,
}

impl Shifts {
    /// The move that saves most from one frame to the next, if one is worth it. Frames of different sizes have none.
    pub fn find(&mut self, before: &Buffer, next: &Buffer) -> Option<Shift> {
        let width = usize::from(before.area.width);
        if before.area != next.area || width == 0 {
            return None;
        }
        let lines = |buffer: &'_ Buffer| buffer.content.chunks_exact(width).count();
        let height = lines(next);
        let is_changed = |(before, next): &(&[Cell], &[Cell])| before != next;
        let pairs = before.content.chunks_exact(width).zip(next.content.chunks_exact(width));
        if pairs.filter(is_changed).take(usize::from(VOTES) + 1).count() <= usize::from(VOTES) {
            return None;
        }
        self.count(before, next, width);
        if self.votes.is_empty() {
            return None;
        }
        let mut best: Option<(i32, Shift)> = None;
        sums(&mut self.stays, height, |line| cost(row(next, line, width), Some(row(before, line, width))));
        sums(&mut self.blank, height, |line| cost(row(next, line, width), None));
        for &(_, from) in self.votes.iter().take(LOOKED_AT) {
            sums(&mut self.moves, height, |line| {
                line.checked_add_signed(from)
                    .filter(|&from| from < height)
                    .map_or(0, |from| cost(row(next, line, width), Some(row(before, from, width))))
            });
            let found = if from > 0 { self.up(from.unsigned_abs(), height) } else { self.down(from.unsigned_abs(), height) };
            if let Some(found) = found.filter(|(saved, _)| *saved >= WORTH && best.is_none_or(|(most, _)| *saved > most)) {
                best = Some(found);
            }
        }
        best.map(|(_, shift)| shift)
    }

    /// How many lines came from each distance; none of a line that stayed, and none of blank ones.
    fn count(&mut self, before: &Buffer, next: &Buffer, width: usize) {
        self.hash(before, width, Frame::Before);
        self.hash(next, width, Frame::Next);
        self.votes.clear();
        let blank = self.hasher.build_hasher().finish();
        for (line, hash) in self.next.iter().enumerate().filter(|(_, hash)| **hash != blank) {
            if self.before.get(line) == Some(hash) {
                continue;
            }
            for (at, _) in self.before.iter().enumerate().filter(|(_, before)| *before == hash) {
                let from = at.cast_signed() - line.cast_signed();
                match self.votes.iter_mut().find(|(_, known)| *known == from) {
                    Some((votes, _)) => *votes += 1,
                    None => self.votes.push((1, from)),
                }
            }
        }
        self.votes.retain(|(votes, _)| *votes >= VOTES);
        self.votes.sort_unstable_by(|one, other| other.cmp(one));
    }

    fn hash(&mut self, buffer: &Buffer, width: usize, frame: Frame) {
        let found = match frame {
            Frame::Before => &mut self.before,
            Frame::Next => &mut self.next,
        };
        found.clear();
        for row in buffer.content.chunks_exact(width) {
            let mut state = self.hasher.build_hasher();
            for (at, cell) in row.iter().enumerate().filter(|(_, cell)| blank(cell) == Blank::No) {
                state.write_usize(at);
                state.write(symbol(cell).as_bytes());
            }
            found.push(state.finish());
        }
    }

    /// The best band that moves up so many lines, and what it saves.
    fn up(&self, lines: usize, height: usize) -> Option<(i32, Shift)> {
        let sum = |sums: &[i32], at: usize| sums.get(at).copied().unwrap_or_default();
        let mut first: Option<(i32, usize)> = None;
        let mut best: Option<(i32, Shift)> = None;
        for bottom in lines + 1..=height {
            let top = bottom - lines - 1;
            let before = sum(&self.stays, top) - sum(&self.moves, top);
            if first.is_none_or(|(least, _)| before < least) {
                first = Some((before, top));
            }
            let (before, top) = first?;
            let bared = sum(&self.blank, bottom) - sum(&self.blank, bottom - lines);
            let saved = sum(&self.stays, bottom) - sum(&self.moves, bottom - lines) - bared - before;
            if best.is_none_or(|(most, _)| saved > most) {
                best = Some((saved, Shift::new(top, bottom, lines, Direction::Up)));
            }
        }
        best
    }

    /// The best band that moves down so many lines, and what it saves.
    fn down(&self, lines: usize, height: usize) -> Option<(i32, Shift)> {
        let sum = |sums: &[i32], at: usize| sums.get(at).copied().unwrap_or_default();
        let mut first: Option<(i32, usize)> = None;
        let mut best: Option<(i32, Shift)> = None;
        for bottom in lines + 1..=height {
            let top = bottom - lines - 1;
            let bared = sum(&self.blank, top + lines) - sum(&self.blank, top);
            let before = sum(&self.stays, top) - sum(&self.moves, top + lines) + bared;
            if first.is_none_or(|(least, _)| before < least) {
                first = Some((before, top));
            }
            let (before, top) = first?;
            let saved = sum(&self.stays, bottom) - sum(&self.moves, bottom) - before;
            if best.is_none_or(|(most, _)| saved > most) {
                best = Some((saved, Shift::new(top, bottom, lines, Direction::Down)));
            }
        }
        best
    }
}

#[derive(Clone, Copy)]
enum Frame {
    Before,
    Next,
}

impl Shift {
    const fn new(top: usize, bottom: usize, lines: usize, direction: Direction) -> Self {
        Self { top: top as u16, bottom: bottom as u16, lines: lines as u16, direction }
    }

    /// Does to a frame what the terminal does.
    pub fn apply(self, buffer: &mut Buffer) {
        let width = usize::from(buffer.area.width);
        let (top, bottom, moved) = (usize::from(self.top) * width, usize::from(self.bottom) * width, usize::from(self.lines) * width);
        let Some(band) = buffer.content.get_mut(top..bottom).filter(|band| moved <= band.len()) else { return };
        let bared = match self.direction {
            Direction::Up => {
                band.rotate_left(moved);
                band.len() - moved..band.len()
            }
            Direction::Down => {
                band.rotate_right(moved);
                0..moved
            }
        };
        for cell in band.get_mut(bared).unwrap_or_default() {
            cell.reset();
        }
    }
}

fn row(buffer: &Buffer, line: usize, width: usize) -> &[Cell] {
    buffer.content.get(line * width..(line + 1) * width).unwrap_or_default()
}

/// Sums over what each line costs: of the lines before it, and last of all of them.
fn sums(sums: &mut Vec<i32>, height: usize, cost: impl Fn(usize) -> i32) {
    sums.clear();
    let mut sum = 0;
    sums.push(sum);
    for line in 0..height {
        sum += cost(line);
        sums.push(sum);
    }
}

/// About how many bytes it takes to make a line of another one, or of an empty one.
fn cost(next: &[Cell], before: Option<&[Cell]>) -> i32 {
    let (mut bytes, mut is_in_run) = (0, false);
    for (at, cell) in next.iter().enumerate() {
        let is_changed = match before.and_then(|before| before.get(at)) {
            Some(before) => !is_same(before, cell),
            None => blank(cell) == Blank::No || !Look::of(cell).is_erased(),
        };
        if is_changed {
            bytes += if is_in_run { 1 } else { 1 + RUN };
        }
        is_in_run = is_changed;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::{layout::Rect, style::Style};
    use rstest::rstest;

    const WIDTH: u16 = 30;

    /// A frame of lines, a letter each: lines of the same letter are the same, those of different ones have nothing in common; a blank is
    /// an empty line.
    fn frame(lines: &str) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, lines.chars().count() as u16));
        for (line, letter) in lines.chars().enumerate() {
            if letter != ' ' {
                buffer.set_string(0, line as u16, letter.to_string().repeat(usize::from(WIDTH)), Style::new());
            }
        }
        buffer
    }

    fn found(before: &Buffer, next: &Buffer) -> Option<(u16, u16, i32)> {
        Shifts::default().find(before, next).map(|shift| {
            let lines = i32::from(shift.lines);
            (shift.top, shift.bottom, if shift.direction == Direction::Up { lines } else { -lines })
        })
    }

    #[rstest]
    #[case::nothing_changed("abcdefgh", "abcdefgh", None)]
    #[case::one_line_changed("abcdefgh", "abxdefgh", None)]
    #[case::a_table_under_its_titles_and_over_its_footer("TTabcdefgFF", "TTbcdefghFF", Some((2, 9, 1)))]
    #[case::back("TTbcdefghFF", "TTabcdefgFF", Some((2, 9, -1)))]
    #[case::by_half_a_page("TTabcdefFF", "TTdefghiFF", Some((2, 8, 3)))]
    #[case::back_by_half_a_page("TTdefghiFF", "TTabcdefFF", Some((2, 8, -3)))]
    #[case::the_whole_screen("abcdefgh", "bcdefghi", Some((0, 8, 1)))]
    #[case::a_page_keeps_no_line("TTabcdefFF", "TTghijklFF", None)]
    #[case::the_end_of_a_text_is_empty("TTabcdefFF", "TTbcdef FF", Some((2, 8, 1)))]
    #[case::lines_that_are_all_the_same_have_not_moved("TTaaaaaaFF", "TTaaaaaaFF", None)]
    #[case::a_line_is_put_in("TTabcdef  FF", "TTabXcdef FF", Some((4, 9, -1)))]
    #[case::a_line_is_taken_out("TTabcdef  FF", "TTabdef   FF", Some((4, 8, 1)))]
    #[case::an_empty_screen_fills("        ", "abcdefgh", None)]
    #[case::a_screen_is_emptied("abcdefgh", "        ", None)]
    #[case::two_lines_are_not_worth_it("abXXXXXX", "XXXXXXab", None)]
    fn lines_that_moved_are_found(#[case] before: &str, #[case] next: &str, #[case] shift: Option<(u16, u16, i32)>) {
        assert_eq!(found(&frame(before), &frame(next)), shift);
    }

    #[test]
    fn a_row_whose_gutter_changed_moves_with_its_neighbours() {
        let (mut before, mut next) = (frame("TTabcdefgFF"), frame("TTbcdefghFF"));
        for (buffer, line) in [(&mut before, 8), (&mut next, 8)] {
            buffer.set_string(0, line, "> ", Style::new());
        }
        assert_eq!(found(&before, &next), Some((2, 9, 1)));
    }

    #[test]
    fn frames_of_different_sizes_have_no_common_lines() {
        assert_eq!(found(&frame("abcdefgh"), &frame("bcdefgh")), None);
        assert_eq!(found(&Buffer::empty(Rect::ZERO), &Buffer::empty(Rect::ZERO)), None);
    }

    proptest! {
        #[test]
        fn a_shift_stays_on_the_screen_and_leaves_lines_that_it_moved(before in "[a-e ]{1,30}", next in "[a-e ]{1,30}") {
            let (before, next) = (frame(&before), frame(&next));
            if let Some(shift) = Shifts::default().find(&before, &next) {
                prop_assert!(shift.top < shift.bottom && shift.bottom <= next.area.height);
                prop_assert!(shift.lines > 0 && shift.lines < shift.bottom - shift.top);
                let mut moved = before.clone();
                shift.apply(&mut moved);
                let changed = |one: &Buffer| one.content.iter().zip(&next.content).filter(|(one, next)| !is_same(one, next)).count();
                prop_assert!(changed(&moved) < changed(&before));
            }
        }
    }
}
