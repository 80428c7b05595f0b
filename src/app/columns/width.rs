//! How many columns of the terminal a column of the table wants.

use crate::domain::{
    column::{Column, ColumnKind},
    query::field::Kind,
    text,
};

use super::GUTTER;

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Enough for every chosen column as it is read best.
    Roomy,
    /// Not so much: short forms, and the Region stands with the account.
    Compact,
}

impl Look {
    /// The look of these columns on a terminal of so many columns.
    pub(super) fn of(chosen: &[Column], terminal: u16) -> Self {
        let widths = chosen.iter().map(|column| Width::of(column, Self::Roomy).least);
        let needed = widths.fold(GUTTER + Self::Roomy.margin() - 1, |sum, width| sum.saturating_add(width + 1));
        if needed <= terminal { Self::Roomy } else { Self::Compact }
    }

    /// Columns at the right end that are left to the cursor's sign.
    pub(super) const fn margin(self) -> u16 {
        match self {
            Self::Roomy => 1,
            Self::Compact => 0,
        }
    }
}

/// What a column wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Width {
    /// It is not shown with less.
    pub(super) least: u16,
    /// It has no use for more.
    most: u16,
    /// Room that is left to the flexible columns before it gets more than the least.
    after: u16,
    /// When it gets more, against the others; the lowest first.
    turn: u8,
    /// Its share of the room that nobody else wants; zero where it is not flexible.
    share: u16,
}

impl Width {
    /// A width that was said.
    pub(super) const fn fixed(width: u16) -> Self {
        Self { least: width, most: width, after: 0, turn: 0, share: 0 }
    }

    const fn growing(least: u16, most: u16, after: u16, turn: u8) -> Self {
        Self { least, most, after, turn, share: 0 }
    }

    const fn flexible(least: u16, share: u16) -> Self {
        Self { least, most: u16::MAX, after: 0, turn: 0, share }
    }

    /// What a column wants.
    pub(super) fn of(column: &Column, look: Look) -> Self {
        if let Some(width) = column.width {
            return Self::fixed(width);
        }
        let roomy = look == Look::Roomy;
        // What an analyst misses first comes first: titles and resources, then whole account names, statuses, controls.
        match &column.what {
            ColumnKind::Severity => Self::fixed(3),
            ColumnKind::Age | ColumnKind::Modified => Self::fixed(4),
            ColumnKind::AccountId => Self::fixed(12),
            // Wide enough for `In Progress→Suppressed` where there is room, else with the old one shortened.
            ColumnKind::Status if roomy => Self::growing(15, 22, 20, 1),
            ColumnKind::Status => Self::fixed(15),
            ColumnKind::Account if roomy => Self::growing(13, 18, 16, 0),
            ColumnKind::Account => Self::growing(15, 15, 0, 0),
            ColumnKind::Region if roomy => Self::growing(10, 14, 24, 3),
            ColumnKind::Region => Self::fixed(5),
            ColumnKind::Product if roomy => Self::growing(9, 14, 28, 4),
            // Written out, or a pair of letters: nothing between is read any better.
            ColumnKind::Product => Self::growing(2, 10, 4, 0),
            ColumnKind::Control if roomy => Self::growing(14, 22, 24, 2),
            ColumnKind::Control => Self::fixed(14),
            ColumnKind::Type if roomy => Self::growing(14, 26, 28, 5),
            ColumnKind::Type => Self::fixed(10),
            ColumnKind::Title => Self::flexible(if roomy { 18 } else { 17 }, 3),
            ColumnKind::Resource => Self::flexible(if roomy { 13 } else { 12 }, 2),
            ColumnKind::Comment => Self::flexible(12, 2),
            ColumnKind::Ocsf(field) => {
                let name = u16::try_from(text::width(field.name())).unwrap_or(u16::MAX);
                match field.kind() {
                    // A number in a text.
                    Kind::Text | Kind::Any if field.paths().iter().any(|path| path.ends_with("score")) => Self::fixed(name.clamp(6, 12)),
                    // Whole ids of 14 characters and more.
                    Kind::Text if field.paths().iter().any(|path| path.ends_with("cve.uid")) => Self::flexible(15, 1),
                    Kind::Number | Kind::Flag | Kind::Severity | Kind::Status => Self::fixed(name.clamp(6, 12)),
                    Kind::Date => Self::growing(11, 24, 8, 6),
                    Kind::Ip => Self::growing(15, 39, 40, 7),
                    Kind::Text | Kind::Map | Kind::Any => Self::flexible(if roomy { 12 } else { 10 }, 1),
                }
            }
        }
    }
}

/// The width of each, where so much is left beyond what they need at least. Never more than that is given away.
pub(super) fn shared(wanted: &[Width], look: Look, mut left: u16) -> Vec<u16> {
    let mut widths: Vec<u16> = wanted.iter().map(|width| width.least).collect();
    let is_any_flexible = wanted.iter().any(|width| width.share > 0);
    let mut turns: Vec<usize> = (0..wanted.len()).collect();
    turns.sort_by_key(|&at| wanted.get(at).map(|width| width.turn));
    for at in turns {
        let (Some(width), Some(given)) = (wanted.get(at), widths.get_mut(at)) else { continue };
        if width.share > 0 {
            continue;
        }
        let free = left.saturating_sub(if is_any_flexible { width.after } else { 0 });
        let wants = width.most - width.least;
        let more = if look == Look::Roomy || free >= wants { free.min(wants) } else { 0 };
        *given += more;
        left -= more;
    }
    share(wanted, &mut widths, left);
    widths
}

/// Gives the flexible columns what is left and what they have, in shares; one whose share is less than it needs keeps that.
fn share(wanted: &[Width], widths: &mut [u16], left: u16) {
    let mut open: Vec<usize> = (0..wanted.len()).filter(|&at| wanted.get(at).is_some_and(|width| width.share > 0)).collect();
    let of = |at: &usize| wanted.get(*at).map_or((0, 0), |width| (u32::from(width.share), u32::from(width.least)));
    loop {
        let shares: u32 = open.iter().map(|at| of(at).0).sum();
        let room: u32 = u32::from(left) + open.iter().map(|at| of(at).1).sum::<u32>();
        let Some(last) = open.last().copied() else { return };
        let mut given = 0;
        let parts: Vec<u32> = open
            .iter()
            .map(|at| {
                let part = if *at == last { room - given } else { room * of(at).0 / shares };
                given += part;
                part
            })
            .collect();
        let before = open.len();
        let mut parts_at = parts.iter();
        open.retain(|at| parts_at.next().is_some_and(|&part| part >= of(at).1));
        if open.len() == before {
            for (at, part) in open.iter().zip(parts) {
                if let (Some(width), Ok(part)) = (widths.get_mut(*at), u16::try_from(part)) {
                    *width = part;
                }
            }
            return;
        }
    }
}
