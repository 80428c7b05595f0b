//! How rows are sorted: keys, their text form, and how a menu builds several of them.
//!
//! Owns what an order is. Carrying it out is the business of whoever has the rows.

use std::{fmt, str::FromStr};

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

    /// The word of the text form.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
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

/// Why a text is no sort key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SortKeyError {
    /// It names nothing that rows can be sorted by.
    #[error("rows cannot be sorted by `{0}`: write one of {words}", words = SortField::OFFERED.map(SortField::word).join(", "))]
    Field(String),
    /// What stands behind the field is no direction.
    #[error("`{0}` is no direction: write `asc` or `desc` behind the field, or nothing for the usual one")]
    Direction(String),
    /// A field is named twice.
    #[error("`{0}` is named twice: a later key of the same field would never be looked at")]
    Twice(&'static str),
    /// Nothing is named.
    #[error("no sort key is named: write for example `severity desc, modified`")]
    Empty,
}

impl FromStr for SortKey {
    type Err = SortKeyError;

    /// Reads `severity desc`, or `modified` for its natural direction; in upper or lower case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split_whitespace();
        let word = words.next().ok_or(SortKeyError::Empty)?;
        let lower = word.to_lowercase();
        let field =
            SortField::OFFERED.into_iter().find(|field| field.word() == lower).ok_or_else(|| SortKeyError::Field(word.to_owned()))?;
        let rest = words.collect::<Vec<_>>().join(" ");
        let direction = match rest.to_lowercase().as_str() {
            "" => field.natural(),
            "asc" | "ascending" => Direction::Ascending,
            "desc" | "descending" => Direction::Descending,
            _ => return Err(SortKeyError::Direction(rest)),
        };
        Ok(Self { field, direction })
    }
}

impl fmt::Display for SortKey {
    /// The text form, which reads back as the same: `severity desc`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field.word(), self.direction.word())
    }
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

/// What pressing a field's key for "the next key" made of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extended {
    /// This order: the field came behind the others, was turned round, or went.
    To(Order),
    /// The field would be one key too many.
    Full,
}

impl Order {
    /// Most keys that the menu builds. A file may name more.
    pub const MOST: usize = 3;

    /// This field first in its natural direction, the former keys behind it.
    #[must_use]
    pub fn led_by(&self, field: SortField) -> Self {
        let mut keys = vec![SortKey { field, direction: field.natural() }];
        keys.extend(self.0.iter().copied().filter(|key| key.field != field).take(Self::MOST - 1));
        Self(keys)
    }

    /// This field as the next key behind the others; where it is one already, turned round, and after that taken out: three presses lead
    /// back to where they began. The last key stays.
    pub fn extended(&self, field: SortField) -> Extended {
        let mut keys = self.0.clone();
        match keys.iter().position(|key| key.field == field) {
            None if keys.len() >= Self::MOST => return Extended::Full,
            None => keys.push(SortKey { field, direction: field.natural() }),
            Some(at) => {
                let is_only = keys.len() == 1;
                if let Some(key) = keys.get_mut(at)
                    && (is_only || key.direction == field.natural())
                {
                    key.direction = key.direction.reversed();
                } else {
                    keys.remove(at);
                }
            }
        }
        Extended::To(Self(keys))
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

    /// Which key a field is, counted from one, and its direction; `None` where it is none.
    pub fn rank(&self, field: SortField) -> Option<(usize, Direction)> {
        self.0.iter().zip(1..).find(|(key, _)| key.field == field).map(|(key, rank)| (rank, key.direction))
    }

    /// The text form, which reads back as the same: `severity desc, modified desc`.
    pub fn text(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl FromStr for Order {
    type Err = SortKeyError;

    /// Reads keys apart by commas: `severity desc, modified`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut keys: Vec<SortKey> = Vec::new();
        for part in text.split(',') {
            let key: SortKey = part.parse()?;
            if keys.iter().any(|known| known.field == key.field) {
                return Err(SortKeyError::Twice(key.field.word()));
            }
            keys.push(key);
        }
        Ok(Self(keys))
    }
}

impl fmt::Display for Order {
    /// How the header shows it: `severity↓ modified↓`.
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn keys_and_orders_are_read_back_as_they_are_written() {
        for field in SortField::OFFERED {
            for direction in [Direction::Ascending, Direction::Descending] {
                let key = SortKey { field, direction };
                assert_eq!(key.to_string().parse(), Ok(key));
            }
            assert_eq!(field.word().parse(), Ok(SortKey { field, direction: field.natural() }));
        }
        assert_eq!("severity DESC, modified".parse(), Ok(Order::default()));
        assert_eq!(Order::default().text().parse(), Ok(Order::default()));
        assert_eq!(Order::default().text(), "severity desc, modified desc");
    }

    #[test]
    fn what_is_no_order_is_told_with_what_to_write() {
        for (text, told) in [
            ("size", "`size`: write one of severity, modified, created"),
            ("severity down", "`down` is no direction: write `asc` or `desc`"),
            ("severity desc asc", "`desc asc` is no direction"),
            ("severity, title, severity asc", "`severity` is named twice"),
            ("", "no sort key is named"),
            ("severity,", "no sort key is named"),
        ] {
            let error = text.parse::<Order>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn the_next_key_comes_behind_then_turns_then_goes_and_the_last_one_stays() {
        let extended = |order: &Order, field| match order.extended(field) {
            Extended::To(order) => order.to_string(),
            Extended::Full => "full".to_owned(),
        };
        let step = |text: &str, field| extended(&text.parse().unwrap(), field);
        assert_eq!(step("severity", SortField::Title), "severity↓ title↑");
        assert_eq!(step("severity, title", SortField::Title), "severity↓ title↓");
        assert_eq!(step("severity, title desc", SortField::Title), "severity↓");
        assert_eq!(step("severity, title desc", SortField::Severity), "severity↑ title↓");
        assert_eq!(step("severity asc, title desc", SortField::Severity), "title↓");
        assert_eq!(step("severity", SortField::Severity), "severity↑");
        assert_eq!(step("severity asc", SortField::Severity), "severity↓");
        assert_eq!(step("severity, title, account", SortField::Region), "full");
        assert_eq!(step("severity, title, account", SortField::Account), "severity↓ title↑ account↓");
    }

    #[test]
    fn a_field_that_leads_has_the_former_keys_behind_it() {
        let order = Order::default().led_by(SortField::Account).led_by(SortField::Title);
        assert_eq!(order.to_string(), "title↑ account↑ severity↓");
        assert_eq!(order.rank(SortField::Severity), Some((3, Direction::Descending)));
        assert_eq!(order.rank(SortField::Region), None);
        assert_eq!(order.led_by(SortField::Severity).to_string(), "severity↓ title↑ account↑");
        assert_eq!(order.reversed().to_string(), "title↓ account↑ severity↓");
    }
}
