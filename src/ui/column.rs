//! How wide the columns of the table are at each width of the terminal.
//!
//! Owns widths only. A width depends on the terminal alone and never on what is loaded or staged, so that nothing jumps while pages arrive.

/// Columns of the gutter: cursor, mark, state, and the gap behind them.
pub const GUTTER: u16 = 4;
/// From here on account, Region, product and resource have columns of their own.
const WIDE: u16 = 112;
/// From here on the product is written out.
const PRODUCT: u16 = 92;

/// The columns, left to right behind the gutter; zero is "not shown". One column of gap follows each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Severity.
    pub severity: u16,
    /// Status, wide enough for `In Progress→Suppressed` where there is room, else with the old one shortened.
    pub status: u16,
    /// Age.
    pub age: u16,
    /// Account; with the Region behind it where [`Self::region`] is zero.
    pub account: u16,
    /// Region.
    pub region: u16,
    /// Product; a pair of letters where it is two wide.
    pub product: u16,
    /// Control, CVE or finding type.
    pub control: u16,
    /// Title.
    pub title: u16,
    /// Resource.
    pub resource: u16,
    /// The column at the right end that shows the cursor's row once more; zero or one.
    pub margin: u16,
}

impl Columns {
    /// The columns for a terminal of so many columns.
    pub fn of(width: u16) -> Self {
        if width < WIDE { Self::narrow(width) } else { Self::wide(width) }
    }

    fn narrow(width: u16) -> Self {
        let product = if width < PRODUCT { 2 } else { 10 };
        let columns =
            Self { severity: 3, status: 15, age: 4, account: 15, region: 0, product, control: 14, title: 0, resource: 0, margin: 0 };
        Self { title: width.saturating_sub(columns.taken()), ..columns }
    }

    fn wide(width: u16) -> Self {
        let mut extra = width - WIDE;
        // What an analyst misses first comes first: titles and resources, then whole account names, statuses, controls.
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
        let columns = Self { severity: 3, status, age: 4, account, region, product, control, title: 0, resource: 0, margin: 1 };
        // One gap more: the one between title and resource.
        let flexible = width.saturating_sub(columns.taken() + 1);
        let title = flexible * 3 / 5;
        Self { title, resource: flexible - title, ..columns }
    }

    /// Columns that are taken by everything but title and resource, gaps included.
    fn taken(&self) -> u16 {
        let fixed = [self.severity, self.status, self.age, self.account, self.region, self.product, self.control];
        GUTTER + self.margin + fixed.iter().filter(|&&width| width > 0).map(|width| width + 1).sum::<u16>()
    }

    /// Columns of title and resource together.
    pub fn told(&self) -> u16 {
        if self.resource == 0 { self.title } else { self.title + 1 + self.resource }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_exactly_and_only_grow_with_it() {
        for width in 80..=250 {
            let columns = Columns::of(width);
            assert_eq!(columns.taken() + columns.told(), width, "{columns:?}");
            assert!(columns.title >= 17, "{width}: {columns:?}");
            if width > WIDE {
                let before = Columns::of(width - 1);
                for (now, before) in [
                    (columns.status, before.status),
                    (columns.account, before.account),
                    (columns.control, before.control),
                    (columns.region, before.region),
                    (columns.product, before.product),
                ] {
                    assert!(now >= before, "{width}: {columns:?}");
                }
            }
        }
        assert_eq!(Columns::of(80).title, 17);
    }

    #[test]
    fn a_terminal_that_is_far_too_narrow_has_columns_all_the_same() {
        for width in 0..80 {
            let _ = Columns::of(width).told();
        }
    }
}
