//! Which columns of the table are on the screen, where, and how wide: one calculation for changing a width and for drawing.
//!
//! Owns widths only. A width depends on the terminal, the chosen columns and the cell cursor, and never on what is loaded or staged, so
//! that nothing jumps while pages arrive.

mod width;

use crate::domain::column::{Column, ColumnKind};

use width::{Look, Width};

/// Columns of the gutter: cursor, mark, state, and the gap behind them.
pub const GUTTER: u16 = 4;
/// A column that has to be cut to be seen at all is seen only if so much of it is left.
const LEAST_CUT: u16 = 8;
/// Columns of the Region where it stands at the end of the account's.
pub const FOLDED_REGION: u16 = 5;

/// A column on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its place among the chosen columns.
    pub at: usize,
    /// What it shows.
    pub what: ColumnKind,
    /// Whether the Region, the next of the chosen columns, stands at its end.
    pub has_region: bool,
    /// Its first column of the terminal, counted from the left end of the table.
    pub x: u16,
    /// Columns it takes; at least one.
    pub width: u16,
}

impl Cell {
    /// Where it ends.
    pub const fn end(&self) -> u16 {
        self.x + self.width
    }

    /// Whether it shows the chosen column at a place.
    pub const fn shows(&self, at: usize) -> bool {
        self.at == at || (self.has_region && self.at + 1 == at)
    }

    /// The part of it that shows the chosen column at a place, as first column and width.
    pub fn part(&self, at: usize) -> (u16, u16) {
        let region = FOLDED_REGION.min(self.width);
        match (self.has_region, self.at == at) {
            (false, _) => (self.x, self.width),
            (true, true) => (self.x, (self.width - region).saturating_sub(1)),
            (true, false) => (self.end() - region, region),
        }
    }
}

/// The columns on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Left to right, apart by at least one column.
    pub cells: Vec<Cell>,
    /// Chosen columns that are scrolled out on the left.
    pub left: usize,
    /// Chosen columns that have no room on the right, where that is to be told.
    pub right: usize,
    /// The column at the right end that shows the cursor's row once more; zero or one.
    pub margin: u16,
}

impl Columns {
    /// The columns for a terminal of so many columns, scrolled as far as the cell cursor needs. Severity and status stay where they are.
    pub fn of(chosen: &[Column], cursor: Option<usize>, width: u16) -> Self {
        // What a terminal is too narrow for by default is in the preview; it is no loss that has to be told on every screen.
        let is_default = Column::are_defaults(chosen);
        let look = Look::of(chosen, width);
        for left in 0..chosen.len() {
            let mut columns = placed(window(chosen, left), look, width);
            columns.left = left;
            if is_default && look == Look::Compact && left == 0 {
                columns = placed(window(chosen, 0).filter(|(_, column)| column.what != ColumnKind::Resource), look, width);
                columns.right = usize::from(cursor.is_some());
            }
            let Some(at) = cursor.filter(|&at| at < chosen.len()) else { return columns };
            if columns.shows(at) {
                return columns;
            }
        }
        // Too wide for anything beside it.
        let at = cursor.unwrap_or_default();
        let mut columns = placed(chosen.iter().enumerate().skip(at), look, width);
        columns.left = at;
        columns
    }

    /// Whether the chosen column at a place is on the screen.
    pub fn shows(&self, at: usize) -> bool {
        self.cells.iter().any(|cell| cell.shows(at))
    }

    /// The cell that shows the chosen column at a place.
    pub fn cell(&self, at: usize) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.shows(at))
    }
}

/// The chosen columns without the first so many that do not stay.
fn window(chosen: &[Column], left: usize) -> impl Iterator<Item = (usize, &Column)> {
    let mut skipped = 0;
    chosen.iter().enumerate().filter(move |(_, column)| {
        let goes = skipped < left && !matches!(column.what, ColumnKind::Severity | ColumnKind::Status);
        skipped += usize::from(goes);
        !goes
    })
}

/// Places columns, each after the one before, as many as there is room for.
fn placed<'a>(chosen: impl Iterator<Item = (usize, &'a Column)>, look: Look, terminal: u16) -> Columns {
    let margin = look.margin();
    let room = terminal.saturating_sub(GUTTER + margin);
    let most = chosen.size_hint().1.unwrap_or_default();
    let mut cells: Vec<Cell> = Vec::with_capacity(most);
    let mut widths: Vec<Width> = Vec::with_capacity(most);
    let (mut taken, mut right, mut is_full) = (0_u16, 0, false);
    // An account that may have the Region at its end.
    let mut foldable = None;
    for (at, column) in chosen {
        let is_said = column.width.is_some();
        if !is_full
            && look == Look::Compact
            && column.what == ColumnKind::Region
            && !is_said
            && let Some(last) = cells.last_mut()
            && last.at + 1 == at
            && foldable == Some(last.at)
        {
            last.has_region = true;
            continue;
        }
        let mut width = Width::of(column, look);
        let gap = u16::from(!cells.is_empty());
        let left = room.saturating_sub(taken + gap);
        if !is_full && width.least > left {
            // One that no terminal of this width has room for is cut, or it could never be seen.
            let is_first = cells.iter().all(|cell| matches!(cell.what, ColumnKind::Severity | ColumnKind::Status));
            if is_first && left >= LEAST_CUT.min(room) && left > 0 {
                width = Width::fixed(left);
            } else {
                is_full = true;
            }
        }
        if is_full {
            right += 1;
            continue;
        }
        if column.what == ColumnKind::Account && !is_said {
            foldable = Some(at);
        }
        taken += gap + width.least;
        cells.push(Cell { at, what: column.what.clone(), has_region: false, x: 0, width: 0 });
        widths.push(width);
    }
    let mut x = GUTTER;
    for (cell, width) in cells.iter_mut().zip(width::shared(&widths, look, room.saturating_sub(taken))) {
        (cell.x, cell.width) = (x, width);
        x += width + 1;
    }
    Columns { cells, left: 0, right, margin }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Names and widths as they stand on the screen.
    fn told(columns: &Columns) -> String {
        let cells = columns.cells.iter().map(|cell| {
            let region = if cell.has_region { "+region" } else { "" };
            format!("{}{region}:{}", cell.what.word(), cell.width)
        });
        let out = [("<", columns.left), (">", columns.right)].map(|(sign, count)| (count > 0).then(|| format!("{sign}{count}")));
        cells.chain(out.into_iter().flatten()).collect::<Vec<_>>().join(" ")
    }

    fn chosen(texts: &str) -> Vec<Column> {
        let texts: Vec<&str> = texts.split_whitespace().collect();
        Column::list(&texts).unwrap_or_default()
    }

    #[test]
    fn the_default_columns_are_as_wide_as_they_always_were() {
        for (width, expected) in [
            (80, "severity:3 status:15 age:4 account+region:15 product:2 control:14 title:17"),
            (91, "severity:3 status:15 age:4 account+region:15 product:2 control:14 title:28"),
            (92, "severity:3 status:15 age:4 account+region:15 product:10 control:14 title:21"),
            (111, "severity:3 status:15 age:4 account+region:15 product:10 control:14 title:40"),
            (112, "severity:3 status:15 age:4 account:13 region:10 product:9 control:14 title:18 resource:13"),
            (120, "severity:3 status:15 age:4 account:13 region:10 product:9 control:14 title:23 resource:16"),
            (200, "severity:3 status:22 age:4 account:18 region:14 product:14 control:22 title:54 resource:36"),
        ] {
            assert_eq!(told(&Columns::of(&Column::defaults(), None, width)), expected, "{width}");
        }
    }

    /// The widths of the default columns by the formula that they had when they could not be chosen.
    fn fixed_set(width: u16) -> Vec<u16> {
        if width < 112 {
            let product = if width < 92 { 2 } else { 10 };
            return vec![3, 15, 4, 15, product, 14, width - (4 + 4 + 16 + 5 + 16 + product + 1 + 15)];
        }
        let mut extra = width - 112;
        let mut grown = |least: u16, most: u16, from: u16| {
            let grown = extra.saturating_sub(from).min(most - least);
            extra -= grown;
            least + grown
        };
        let account = grown(13, 18, 16);
        let status = grown(15, 22, 20);
        let control = grown(14, 22, 24);
        let region = grown(10, 14, 24);
        let product = grown(9, 14, 28);
        let flexible = width - (4 + 1 + 4 + (status + 1) + 5 + (account + 1) + (region + 1) + (product + 1) + (control + 1) + 1);
        vec![3, status, 4, account, region, product, control, flexible * 3 / 5, flexible - flexible * 3 / 5]
    }

    #[test]
    fn the_default_columns_keep_their_widths_at_every_width_of_the_terminal() {
        for width in 80..=300 {
            let columns = Columns::of(&Column::defaults(), None, width);
            assert_eq!(columns.cells.iter().map(|cell| cell.width).collect::<Vec<_>>(), fixed_set(width), "{width}");
            assert_eq!(columns.cells.last().map(Cell::end), Some(width - columns.margin));
            assert_eq!((columns.left, columns.right), (0, 0));
        }
    }

    #[test]
    fn chosen_columns_take_what_the_others_leave_and_a_said_width_is_kept() {
        for (width, list, expected) in [
            (80, "severity title resource", "severity:3 title:42 resource:28"),
            (80, "title:40 status", "title:40 status:22"),
            (80, "severity status title resources.vpc_uid:20", "severity:3 status:15 title:34 resources.vpc_uid:20"),
            (80, "comment", "comment:75"),
            (80, "title:200 severity", "title:76 >1"),
            (80, "severity title:70 resource", "severity:3 title:70 >1"),
            (80, "account region title resource status control", "account+region:15 title:25 resource:18 status:15 >1"),
            (120, "severity cvss epss title", "severity:3 cvss:6 epss:6 title:97"),
        ] {
            assert_eq!(told(&Columns::of(&chosen(list), None, width)), expected, "{list}");
        }
    }

    #[test]
    fn the_cell_cursor_brings_a_column_into_view_and_severity_and_status_stay() {
        let default = Column::defaults();
        let at = |at| told(&Columns::of(&default, Some(at), 80));
        assert_eq!(at(0), "severity:3 status:15 age:4 account+region:15 product:2 control:14 title:17 >1");
        assert_eq!(at(4), at(0), "the Region is there, in the account's column");
        assert_eq!(at(8), "severity:3 status:15 region:5 product:2 control:14 title:18 resource:13 <2");
        let list = chosen("a.b:30 c.d:30 severity e.f:30");
        assert_eq!(told(&Columns::of(&list, Some(3), 80)), "c.d:30 severity:3 e.f:30 <1");
        let wide = chosen("severity:60 status:60 title:60");
        assert_eq!(told(&Columns::of(&wide, Some(2), 80)), "title:60 <2", "what cannot stand beside it goes");
    }

    fn any_columns() -> impl Strategy<Value = Vec<Column>> {
        let kind = prop_oneof![
            4 => proptest::sample::select(ColumnKind::BUILT_IN.to_vec()),
            1 => proptest::sample::select(vec!["resources.vpc_uid", "cve", "cvss", "exploit", "seen", "a.b.c", "src"])
                .prop_filter_map("a column", ColumnKind::named),
        ];
        let column = (kind, proptest::option::weighted(0.3, 2_u16..=200)).prop_map(|(what, width)| Column { what, width });
        proptest::collection::vec(column, 1..14).prop_map(|mut columns| {
            let mut seen = std::collections::HashSet::new();
            columns.retain(|column| seen.insert(column.what.clone()));
            columns
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn columns_never_overlap_and_never_leave_the_terminal(list in any_columns(), cursor in proptest::option::of(0_usize..14), width in 80_u16..=250) {
            let columns = Columns::of(&list, cursor, width);
            let mut from = GUTTER;
            for cell in &columns.cells {
                prop_assert!(cell.x >= from && cell.width > 0, "{columns:?}");
                from = cell.end() + 1;
            }
            prop_assert!(!columns.cells.is_empty() && from <= width - columns.margin + 1, "{columns:?}");
            if let Some(cursor) = cursor.filter(|&at| at < list.len()) {
                prop_assert!(columns.shows(cursor), "{columns:?}");
                let (x, wide) = columns.cell(cursor).map(|cell| cell.part(cursor)).unwrap_or_default();
                prop_assert!(wide > 0 && x + wide < width + 1, "{columns:?}");
            }
            let folded = columns.cells.iter().filter(|cell| cell.has_region).count();
            let is_told = columns.left + columns.right + columns.cells.len() + folded == list.len();
            prop_assert!(is_told || list == Column::defaults(), "{columns:?}");
        }

        #[test]
        fn a_said_width_is_kept_wherever_it_fits(list in any_columns(), width in 80_u16..=250) {
            let columns = Columns::of(&list, None, width);
            let end = columns.cells.last().map(Cell::end);
            for cell in &columns.cells {
                if let Some(said) = list.get(cell.at).and_then(|column| column.width) {
                    let is_cut = Some(cell.end()) == end && cell.end() == width - columns.margin && cell.width < said;
                    prop_assert!(cell.width == said || is_cut, "{columns:?}");
                }
            }
        }

        #[test]
        fn flexible_columns_fill_the_terminal_exactly(list in any_columns(), width in 80_u16..=250) {
            let columns = Columns::of(&list, None, width);
            let has_flexible = columns.cells.iter().any(|cell| {
                matches!(cell.what, ColumnKind::Title | ColumnKind::Resource | ColumnKind::Comment)
                    && list.get(cell.at).is_some_and(|column| column.width.is_none())
            });
            if has_flexible {
                prop_assert_eq!(columns.cells.last().map(Cell::end), Some(width - columns.margin));
            }
        }

        #[test]
        fn a_terminal_that_is_far_too_narrow_has_columns_all_the_same(list in any_columns(), cursor in proptest::option::of(0_usize..14), width in 0_u16..80) {
            let columns = Columns::of(&list, cursor, width);
            prop_assert!(columns.cells.iter().all(|cell| cell.end() <= width.max(GUTTER)), "{:?}", columns);
        }
    }
}
