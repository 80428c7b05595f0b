//! Where the blocks of the landing summary stand: one calculation for moving the cursor and for drawing.

use super::layout::MIN_COLUMNS;

/// Lines above the blocks: who is acting, what is counted, a rule.
pub const HEADER: u16 = 3;
/// Lines under the blocks: filter profiles, what Enter asks for, and the footer's two.
pub const FOOTER: u16 = 4;
/// Columns between blocks.
const GAP: u16 = 2;
/// Columns that a block is at home in; a wider terminal has more of them side by side.
const COLUMN: u16 = 37;

/// Where a block stands, in columns and lines from the upper left corner of the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which block.
    pub block: usize,
    /// In which of the columns side by side.
    pub column: usize,
    /// Its left edge.
    pub x: u16,
    /// The line of its title.
    pub y: u16,
    /// How wide it is.
    pub width: u16,
    /// Lines for its values, under the title.
    pub lines: u16,
}

/// The columns side by side, each with its blocks from top to bottom, by how many there is room for.
const fn columns(count: usize) -> &'static [&'static [usize]] {
    match count {
        0..=2 => &[&[0, 1, 2], &[3, 4]],
        3 => &[&[0, 1], &[3, 2], &[4]],
        4 => &[&[0, 1], &[2], &[3], &[4]],
        _ => &[&[0], &[1], &[2], &[3], &[4]],
    }
}

/// Lines that say why the service does not count; they are about 270 columns long.
pub const fn refusal_lines(columns: u16) -> u16 {
    if columns < 100 { 4 } else { 3 }
}

/// Columns and lines that the blocks have on a terminal of so many.
pub const fn room(columns: u16, rows: u16, is_refused: bool) -> (u16, u16) {
    let refusal = if is_refused { refusal_lines(columns) } else { 0 };
    (columns.saturating_sub(2), rows.saturating_sub(HEADER + FOOTER).saturating_sub(refusal))
}

/// Places the five blocks, of which each has so many lines. What one does not need another may have; none is left out while there is a line
/// for it.
pub fn place(counts: &[usize], width: u16, height: u16) -> Vec<Placed> {
    let columns = columns(usize::from((width + GAP) / (COLUMN + GAP)));
    let count = columns.len() as u16;
    let column_width = (width.max(MIN_COLUMNS / 2) + GAP) / count - GAP;
    let mut placed = Vec::with_capacity(counts.len());
    for (column, blocks) in columns.iter().enumerate() {
        let wanted: Vec<u16> =
            blocks.iter().map(|&block| counts.get(block).map_or(1, |&count| u16::try_from(count.max(1)).unwrap_or(u16::MAX))).collect();
        let x = column as u16 * (column_width + GAP);
        // A title each, and an empty line between two.
        let room = height.saturating_sub(blocks.len() as u16 * 2 - 1);
        let mut y = 0;
        for (&block, lines) in blocks.iter().zip(shared(&wanted, room)) {
            placed.push(Placed { block, column, x, y, width: column_width, lines });
            y += lines + 2;
        }
    }
    placed
}

/// Shares lines out: whoever needs less than an equal part leaves the rest to the others.
fn shared(wanted: &[u16], room: u16) -> Vec<u16> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&at| wanted.get(at));
    let mut given = vec![0; wanted.len()];
    let mut left = room;
    for (served, at) in order.iter().enumerate() {
        let part = left / (wanted.len() - served) as u16;
        let (Some(given), Some(&wanted)) = (given.get_mut(*at), wanted.get(*at)) else { continue };
        *given = wanted.min(part);
        left -= *given;
    }
    given
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_one_block_does_not_need_another_has() {
        for (wanted, room, given) in [
            (&[7, 2, 5][..], 13, &[6, 2, 5][..]),
            (&[7, 2, 90], 13, &[5, 2, 6]),
            (&[90, 90], 15, &[7, 8]),
            (&[1, 1], 15, &[1, 1]),
            (&[5, 5, 5], 2, &[0, 1, 1]),
            (&[5], 0, &[0]),
        ] {
            let mut sorted = shared(wanted, room);
            assert_eq!(sorted.len(), given.len());
            if wanted == [90, 90] || wanted == [5, 5, 5] {
                // Which of equals gets the odd line does not matter.
                sorted.sort_unstable();
            }
            assert_eq!(sorted, given, "{wanted:?} in {room}");
        }
    }

    #[test]
    fn a_wider_terminal_has_more_columns_side_by_side() {
        for (terminal, columns) in [(80, 2), (100, 2), (120, 3), (160, 4), (200, 5), (400, 5)] {
            let (width, height) = room(terminal, 40, false);
            let placed = place(&[6, 2, 5, 30, 60], width, height);
            assert_eq!(placed.iter().map(|placed| placed.column).max().unwrap() + 1, columns, "{terminal}");
        }
        let (width, height) = room(80, 24, false);
        let placed = place(&[6, 2, 5, 30, 60], width, height);
        let facts: Vec<_> = placed.iter().map(|placed| (placed.block, placed.x, placed.y, placed.width, placed.lines)).collect();
        assert_eq!(facts, [(0, 0, 0, 38, 5), (1, 0, 7, 38, 2), (2, 0, 11, 38, 5), (3, 40, 0, 38, 7), (4, 40, 9, 38, 7)]);
    }

    proptest! {
        #[test]
        fn blocks_never_overlap_and_never_leave_their_room(counts in [0_usize..500, 0_usize..9, 0_usize..9, 0_usize..9, 0_usize..500], columns in 80_u16..300, rows in 24_u16..90, is_refused in any::<bool>()) {
            let (width, height) = room(columns, rows, is_refused);
            let placed = place(&counts, width, height);
            let mut seen: Vec<usize> = placed.iter().map(|placed| placed.block).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, [0, 1, 2, 3, 4]);
            for one in &placed {
                prop_assert!(one.x + one.width <= width && one.y + 1 + one.lines <= height, "{:?} in {}x{}", one, width, height);
                prop_assert!(one.lines >= 1);
                for other in placed.iter().filter(|other| other.block != one.block) {
                    let apart = one.x + one.width < other.x || other.x + other.width < one.x
                        || one.y + one.lines < other.y || other.y + other.lines < one.y;
                    prop_assert!(apart, "{:?} {:?}", one, other);
                }
            }
        }
    }
}
