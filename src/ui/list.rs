//! Lists of entries of different heights: which are shown, so that the cursor's entry is.

/// The entries to draw, each with its first line, for a list that keeps the cursor's entry in the middle where there are more than fit.
/// Entries that reach over the end are drawn as far as there is room.
pub fn visible(count: usize, cursor: usize, room: u16, height: impl Fn(usize) -> u16) -> Vec<(usize, u16)> {
    if count == 0 || room == 0 {
        return Vec::new();
    }
    let cursor = cursor.min(count - 1);
    let own = height(cursor).max(1);
    // Back from the cursor until half the room is used, and further where what follows leaves room.
    let mut below = 0_u16;
    for at in cursor + 1..count {
        below = below.saturating_add(height(at).max(1));
        if below >= room {
            break;
        }
    }
    let mut first = cursor;
    let mut above = 0_u16;
    let free = room.saturating_sub(own);
    let wanted = (free / 2).max(free.saturating_sub(below));
    while let Some(before) = first.checked_sub(1) {
        let next = above.saturating_add(height(before).max(1));
        if next > wanted {
            break;
        }
        (above, first) = (next, before);
    }
    let mut shown = Vec::new();
    let mut line = 0_u16;
    for at in first..count {
        if line >= room {
            break;
        }
        shown.push((at, line));
        line = line.saturating_add(height(at).max(1));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_list_that_fits_starts_at_its_first_entry_and_a_longer_one_keeps_the_cursor_in_the_middle() {
        assert_eq!(visible(3, 2, 10, |_| 2), [(0, 0), (1, 2), (2, 4)]);
        assert_eq!(visible(100, 50, 5, |_| 1), [(48, 0), (49, 1), (50, 2), (51, 3), (52, 4)]);
        assert_eq!(visible(100, 99, 3, |_| 1), [(97, 0), (98, 1), (99, 2)]);
        assert_eq!(visible(0, 7, 3, |_| 1), []);
    }

    proptest! {
        #[test]
        fn the_cursors_entry_is_shown_whole_wherever_it_fits(
            heights in proptest::collection::vec(1_u16..6, 1..40), cursor in 0_usize..50, room in 1_u16..30,
        ) {
            let shown = visible(heights.len(), cursor, room, |at| heights.get(at).copied().unwrap_or(1));
            let cursor = cursor.min(heights.len() - 1);
            let height = heights.get(cursor).copied().unwrap_or(1);
            let line = shown.iter().find(|(at, _)| *at == cursor).map(|(_, line)| *line);
            prop_assert!(line.is_some_and(|line| line + height <= room || line == 0), "{shown:?}");
            prop_assert!(shown.windows(2).all(|pair| matches!(pair, [a, b] if a.0 + 1 == b.0)));
        }
    }
}
