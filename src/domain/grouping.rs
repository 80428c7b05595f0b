//! What rows can be grouped by: names, keys of the menu, and their text form.
//!
//! Owns names only. Which rows make a group is decided where the rows are.

use std::{fmt, str::FromStr};

/// What rows are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupField {
    /// The column of controls: control, CVE, or finding type where a finding has neither.
    Control,
    /// The first CVE alone: findings without one make a group of their own.
    Cve,
    /// The title.
    Title,
    /// The product, as it is shown.
    Product,
    /// The account, by its id: two accounts of one name are two groups.
    Account,
    /// The Region.
    Region,
    /// The first resource.
    Resource,
    /// The status, by its id.
    Status,
    /// The severity, by its id.
    Severity,
}

/// A word that names nothing rows can be grouped by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rows cannot be grouped by `{0}`: write one of {words}, none", words = GroupField::OFFERED.map(GroupField::word).join(", "))]
pub struct GroupFieldError(String);

impl GroupField {
    /// What the menu offers, in its order; "none" stands behind them.
    pub const OFFERED: [Self; 9] =
        [Self::Control, Self::Cve, Self::Title, Self::Product, Self::Account, Self::Region, Self::Resource, Self::Status, Self::Severity];

    /// The word of menu, header and files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Cve => "cve",
            Self::Title => "title",
            Self::Product => "product",
            Self::Account => "account",
            Self::Region => "region",
            Self::Resource => "resource",
            Self::Status => "status",
            Self::Severity => "severity",
        }
    }

    /// The key that picks it in the menu: the letter that the sort menu has for it, where that has it.
    pub const fn key(self) -> char {
        match self {
            Self::Control => 'c',
            Self::Cve => 'v',
            Self::Title => 'i',
            Self::Product => 'p',
            Self::Account => 'a',
            Self::Region => 'r',
            Self::Resource => 'e',
            Self::Status => 't',
            Self::Severity => 's',
        }
    }

    /// The key that ends grouping in the menu.
    pub const NONE_KEY: char = 'n';

    /// Reads a word, or `none` for no grouping at all.
    pub fn parse_optional(text: &str) -> Result<Option<Self>, GroupFieldError> {
        match text.trim() {
            "none" => Ok(None),
            word => word.parse().map(Some),
        }
    }

    /// What the rows without a value are called: `(no control)`.
    pub const fn without(self) -> &'static str {
        match self {
            Self::Control => "(no control, CVE or type)",
            Self::Cve => "(no CVE)",
            Self::Title => "(no title)",
            Self::Product => "(no product)",
            Self::Account => "(no account)",
            Self::Region => "(no Region)",
            Self::Resource => "(no resource)",
            Self::Status => "(no status)",
            Self::Severity => "(no severity)",
        }
    }
}

impl fmt::Display for GroupField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for GroupField {
    type Err = GroupFieldError;

    /// Reads a word, in upper or lower case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = text.trim().to_lowercase();
        Self::OFFERED.into_iter().find(|field| field.word() == word).ok_or_else(|| GroupFieldError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_a_wrong_one_is_named_with_what_there_is() {
        for field in GroupField::OFFERED {
            assert_eq!(field.to_string().parse(), Ok(field));
            assert_eq!(field.word().to_uppercase().parse(), Ok(field));
            assert_eq!(GroupField::parse_optional(field.word()), Ok(Some(field)));
        }
        assert_eq!(GroupField::parse_optional(" none "), Ok(None));
        assert_eq!(
            "colour".parse::<GroupField>().map_err(|error| error.to_string()),
            Err("rows cannot be grouped by `colour`: write one of control, cve, title, product, account, region, resource, status, \
                 severity, none"
                .to_owned())
        );
    }

    #[test]
    fn menu_keys_are_distinct_and_move_nothing() {
        let mut keys: Vec<char> = GroupField::OFFERED.iter().map(|field| field.key()).collect();
        keys.extend([GroupField::NONE_KEY, 'j', 'k', 'q']);
        let distinct: std::collections::BTreeSet<char> = keys.iter().copied().collect();
        assert_eq!(distinct.len(), keys.len());
    }
}
