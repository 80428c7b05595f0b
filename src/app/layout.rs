//! Where things stand on the screen: one calculation for the cursor's scrolling and for drawing.

/// Columns that are needed.
pub const MIN_COLUMNS: u16 = 80;
/// Rows that are needed.
pub const MIN_ROWS: u16 = 24;

/// Lines of the table screen, top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableLayout {
    /// Lines of the header, the column titles included.
    pub header: u16,
    /// Rows of the table.
    pub body: u16,
    /// Lines of the preview, its rule included; zero where it is hidden.
    pub preview: u16,
    /// Lines that say what stands in the way; zero where nothing does.
    pub banner: u16,
    /// Lines of the footer.
    pub footer: u16,
}

/// Whether the preview is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preview {
    /// Shown.
    #[default]
    Shown,
    /// Hidden.
    Hidden,
}

/// What the line to the terminal bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bandwidth {
    /// Anything.
    #[default]
    Full,
    /// Little: what is only pretty is left out, and frames are farther apart.
    Low,
}

/// Whether the mouse does anything. Off, not a byte asks the terminal for it: clicks select text, as they do in a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MousePolicy {
    /// Nothing.
    #[default]
    Off,
    /// It moves the cursor, scrolls and opens; it never sends, nor says yes.
    On,
}

impl TableLayout {
    /// Two header lines, a rule and the column titles.
    const HEADER: u16 = 4;
    /// A notice line and the keys.
    const FOOTER: u16 = 2;
    /// Lines that what happened and what helps take; they are about 270 columns long.
    const fn banner_lines(columns: u16) -> u16 {
        if columns < 100 { 4 } else { 3 }
    }

    /// The layout for a terminal of so many rows.
    pub fn of(rows: u16, preview: Preview) -> Self {
        let room = rows.saturating_sub(Self::HEADER + Self::FOOTER);
        let preview = match preview {
            Preview::Hidden => 0,
            Preview::Shown if rows < 30 => 5.min(room),
            Preview::Shown => (room / 3).min(12),
        };
        Self { header: Self::HEADER, body: room - preview, preview, banner: 0, footer: Self::FOOTER }
    }

    /// The same with lines for what stands in the way, taken from the rows of the table.
    #[must_use]
    pub fn with_banner(self, columns: u16) -> Self {
        let banner = Self::banner_lines(columns).min(self.body / 2);
        Self { body: self.body - banner, banner, ..self }
    }
}

/// Lines that a full-screen list or text has for its body: everything but two title lines and two footer lines.
pub const fn screen_body(rows: u16) -> u16 {
    rows.saturating_sub(4)
}

/// The first line to show so that `place` is on screen, moving as little as possible.
pub fn scrolled(top: usize, place: usize, page: usize, count: usize) -> usize {
    let page = page.max(1);
    let top = if place < top {
        place
    } else if place >= top + page {
        place + 1 - page
    } else {
        top
    };
    top.min(count.saturating_sub(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_the_table_add_up_at_every_size() {
        for rows in 0..120 {
            for preview in [Preview::Shown, Preview::Hidden] {
                for (layout, least) in [(TableLayout::of(rows, preview), 13), (TableLayout::of(rows, preview).with_banner(80), 9)] {
                    let lines = layout.header + layout.body + layout.preview + layout.banner + layout.footer;
                    assert_eq!(lines.max(6), rows.max(6));
                    if rows >= MIN_ROWS {
                        assert!(layout.body >= least, "{rows}: {layout:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn scrolling_moves_as_little_as_possible() {
        for (top, place, expected) in [(0, 5, 0), (0, 10, 1), (5, 3, 3), (95, 99, 90), (0, 99, 90), (200, 50, 50)] {
            assert_eq!(scrolled(top, place, 10, 100), expected, "{top} {place}");
        }
        assert_eq!(scrolled(7, 0, 0, 0), 0);
    }
}
