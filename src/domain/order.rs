//! How rows are sorted.

use std::fmt;

/// What a row can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortField {
    /// By rank, not by id.
    Severity,
    /// By status id.
    Status,
    /// By the time it was created; oldest first when ascending.
    Created,
    /// By the time it was last modified by its product.
    Modified,
    /// By account name, or id where it has none.
    Account,
    /// By Region.
    Region,
    /// By product.
    Product,
    /// By control, CVE or finding type.
    Control,
    /// By title.
    Title,
    /// By the first resource.
    Resource,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest, oldest, A first.
    Ascending,
    /// Largest, newest, Z first; worst severity first.
    Descending,
}

impl Direction {
    /// The other one.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    /// The arrow of the header.
    pub const fn arrow(self) -> char {
        match self {
            Self::Ascending => '↑',
            Self::Descending => '↓',
        }
    }
}

impl SortField {
    /// What the sort menu offers, in its order.
    pub const OFFERED: [Self; 10] = [
        Self::Severity,
        Self::Modified,
        Self::Created,
        Self::Status,
        Self::Account,
        Self::Region,
        Self::Product,
        Self::Control,
        Self::Title,
        Self::Resource,
    ];

    /// The word of header and menu.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Created => "created",
            Self::Modified => "modified",
            Self::Account => "account",
            Self::Region => "region",
            Self::Product => "product",
            Self::Control => "control",
            Self::Title => "title",
            Self::Resource => "resource",
        }
    }

    /// The key that picks it in the menu.
    pub const fn key(self) -> char {
        match self {
            Self::Severity => 's',
            Self::Status => 't',
            Self::Created => 'c',
            Self::Modified => 'm',
            Self::Account => 'a',
            Self::Region => 'r',
            Self::Product => 'p',
            Self::Control => 'o',
            Self::Title => 'i',
            Self::Resource => 'e',
        }
    }

    /// The direction a person expects first: worst and newest first, names from A.
    pub const fn natural(self) -> Direction {
        match self {
            Self::Severity | Self::Created | Self::Modified => Direction::Descending,
            _ => Direction::Ascending,
        }
    }
}

/// One sort key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SortKey {
    /// By what.
    pub field: SortField,
    /// Which end first.
    pub direction: Direction,
}

/// Sort keys, first one first; rows that are equal by all of them stay in the order they arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order(pub Vec<SortKey>);

impl Default for Order {
    /// Worst first, then the most recently modified.
    fn default() -> Self {
        Self(vec![
            SortKey { field: SortField::Severity, direction: Direction::Descending },
            SortKey { field: SortField::Modified, direction: Direction::Descending },
        ])
    }
}

impl Order {
    /// This field first in its natural direction, the former keys behind it.
    #[must_use]
    pub fn led_by(&self, field: SortField) -> Self {
        let mut keys = vec![SortKey { field, direction: field.natural() }];
        keys.extend(self.0.iter().copied().filter(|key| key.field != field).take(2));
        Self(keys)
    }

    /// The first key turned round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut keys = self.0.clone();
        if let Some(first) = keys.first_mut() {
            first.direction = first.direction.reversed();
        }
        Self(keys)
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}{}", key.field.word(), key.direction.arrow())?;
        }
        Ok(())
    }
}
