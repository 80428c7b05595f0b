//! The severity of a finding: ids, captions, letters and the rank that orders them.
//!
//! Source of the ids and captions: the OCSF dictionary, `severity_id`. The sets that `BatchUpdateFindingsV2` documents differ between
//! API releases (the older text has 0-5 and 99, the newer adds 6), so the union is offered.

use serde::{Deserialize, Serialize};

/// A severity as its OCSF id; any integer may arrive from the service, so it is not a closed enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeverityId(pub i32);

/// Whether every release of the API documents a value as allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// Documented by every release.
    Always,
    /// Documented by some releases only; a `ValidationException` is possible.
    SomeReleases,
}

impl SeverityId {
    /// Unknown.
    pub const UNKNOWN: Self = Self(0);
    /// Informational.
    pub const INFORMATIONAL: Self = Self(1);
    /// Low.
    pub const LOW: Self = Self(2);
    /// Medium.
    pub const MEDIUM: Self = Self(3);
    /// High.
    pub const HIGH: Self = Self(4);
    /// Critical.
    pub const CRITICAL: Self = Self(5);
    /// Fatal; newer API releases only.
    pub const FATAL: Self = Self(6);
    /// Other: the source's own word, in the string sibling.
    pub const OTHER: Self = Self(99);

    /// What the severity menu offers, in its order: the doubtful value stands last.
    pub const OFFERED: [Self; 8] =
        [Self::CRITICAL, Self::HIGH, Self::MEDIUM, Self::LOW, Self::INFORMATIONAL, Self::UNKNOWN, Self::OTHER, Self::FATAL];

    /// The OCSF caption, or `None` for an id the dictionary does not know.
    pub const fn caption(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "Unknown",
            1 => "Informational",
            2 => "Low",
            3 => "Medium",
            4 => "High",
            5 => "Critical",
            6 => "Fatal",
            99 => "Other",
            _ => return None,
        })
    }

    /// The word of the query line: the caption in lower case.
    pub const fn word(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "unknown",
            1 => "informational",
            2 => "low",
            3 => "medium",
            4 => "high",
            5 => "critical",
            6 => "fatal",
            99 => "other",
            _ => return None,
        })
    }

    /// Reads a caption, the word of the query line, or an id, in upper or lower case.
    pub fn parse(text: &str) -> Option<Self> {
        let word = word_of(text);
        let named = Self::OFFERED.into_iter().find(|id| id.word() == Some(&word));
        named.or_else(|| text.parse().ok().map(Self))
    }

    /// The letter of the table column and of the menu: `C H M L I F O`, and `?` for unknown or undocumented ids.
    pub const fn letter(self) -> char {
        match self.0 {
            1 => 'I',
            2 => 'L',
            3 => 'M',
            4 => 'H',
            5 => 'C',
            6 => 'F',
            99 => 'O',
            _ => '?',
        }
    }

    /// The key that picks it in the menu.
    pub const fn key(self) -> char {
        match self.0 {
            0 => 'u',
            _ => self.letter().to_ascii_lowercase(),
        }
    }

    /// Whether it is Critical or worse.
    pub const fn is_critical(self) -> bool {
        matches!(self, Self::CRITICAL | Self::FATAL)
    }

    /// Higher is worse. 99 and 0 say nothing about severity, so they come after Informational; ids are not in this order.
    pub const fn rank(self) -> u8 {
        match self.0 {
            6 => 8,
            5 => 7,
            4 => 6,
            3 => 5,
            2 => 4,
            1 => 3,
            99 => 2,
            0 => 1,
            _ => 0,
        }
    }

    /// Whether every API release allows setting it.
    pub const fn acceptance(self) -> Acceptance {
        match self.0 {
            6 => Acceptance::SomeReleases,
            _ => Acceptance::Always,
        }
    }
}

/// The word of the query line for a caption however it is written.
pub(super) fn word_of(text: &str) -> String {
    text.to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_words_and_ids_are_read() {
        for id in SeverityId::OFFERED {
            assert_eq!(id.caption().and_then(SeverityId::parse), Some(id));
            assert_eq!(id.word().and_then(SeverityId::parse), Some(id));
            assert_eq!(SeverityId::parse(&id.0.to_string()), Some(id));
        }
        assert_eq!((SeverityId::parse("42"), SeverityId::parse("worst")), (Some(SeverityId(42)), None));
    }

    #[test]
    fn worst_first_puts_other_and_unknown_after_informational() {
        let mut ids: Vec<SeverityId> = [0, 99, 3, 6, 1, 5, 42, 4, 2].map(SeverityId).to_vec();
        ids.sort_by_key(|id| std::cmp::Reverse(id.rank()));
        assert_eq!(ids, [6, 5, 4, 3, 2, 1, 99, 0, 42].map(SeverityId));
    }

    #[test]
    fn menu_keys_are_distinct_and_the_doubtful_value_is_last() {
        let keys: std::collections::BTreeSet<char> = SeverityId::OFFERED.iter().map(|id| id.key()).collect();
        assert_eq!(keys.len(), SeverityId::OFFERED.len());
        assert_eq!(SeverityId::OFFERED.last().map(|id| id.acceptance()), Some(Acceptance::SomeReleases));
    }
}
