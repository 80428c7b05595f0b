//! The status of a finding: ids and captions.
//!
//! Source: the OCSF `finding` object, `status_id`. The sets that `BatchUpdateFindingsV2` documents differ between API releases (the older
//! text has 0-6 and 99, the newer drops 6), so the union is offered. Incident Findings (class 2005) have captions of their own.

use serde::{Deserialize, Serialize};

use super::severity::Acceptance;

/// A status as its OCSF id; any integer may arrive from the service, so it is not a closed enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatusId(pub i32);

impl StatusId {
    /// Unknown.
    pub const UNKNOWN: Self = Self(0);
    /// New.
    pub const NEW: Self = Self(1);
    /// In Progress.
    pub const IN_PROGRESS: Self = Self(2);
    /// Suppressed.
    pub const SUPPRESSED: Self = Self(3);
    /// Resolved.
    pub const RESOLVED: Self = Self(4);
    /// Archived.
    pub const ARCHIVED: Self = Self(5);
    /// Deleted; older API releases only.
    pub const DELETED: Self = Self(6);
    /// Other: the source's own word, in the string sibling.
    pub const OTHER: Self = Self(99);

    /// What the status menu offers, in its order: the doubtful value stands last.
    pub const OFFERED: [Self; 8] =
        [Self::NEW, Self::IN_PROGRESS, Self::SUPPRESSED, Self::RESOLVED, Self::ARCHIVED, Self::UNKNOWN, Self::OTHER, Self::DELETED];

    /// The statuses that count as open: what the first screen asks the service for.
    pub const OPEN: [Self; 2] = [Self::NEW, Self::IN_PROGRESS];

    /// The OCSF caption, or `None` for an id the dictionary does not know.
    pub const fn caption(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "Unknown",
            1 => "New",
            2 => "In Progress",
            3 => "Suppressed",
            4 => "Resolved",
            5 => "Archived",
            6 => "Deleted",
            99 => "Other",
            _ => return None,
        })
    }

    /// The word of the query line: the caption in lower case with `_` for a space.
    pub const fn word(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "unknown",
            1 => "new",
            2 => "in_progress",
            3 => "suppressed",
            4 => "resolved",
            5 => "archived",
            6 => "deleted",
            99 => "other",
            _ => return None,
        })
    }

    /// Reads a caption, the word of the query line, or an id; upper and lower case, and `-`, `_` and a space, are the same.
    pub fn parse(text: &str) -> Option<Self> {
        let word = super::severity::word_of(text);
        let named = Self::OFFERED.into_iter().find(|id| id.word() == Some(&word));
        named.or_else(|| text.parse().ok().map(Self))
    }

    /// The key that picks it in the menu.
    pub const fn key(self) -> char {
        match self.0 {
            1 => 'n',
            2 => 'i',
            3 => 's',
            4 => 'r',
            5 => 'a',
            6 => 'd',
            99 => 'o',
            _ => 'u',
        }
    }

    /// Whether a finding in this status still waits for a decision.
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }

    /// Whether every API release allows setting it.
    pub const fn acceptance(self) -> Acceptance {
        match self.0 {
            6 => Acceptance::SomeReleases,
            _ => Acceptance::Always,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_words_and_ids_are_read() {
        for text in ["In Progress", "in-progress", "IN_PROGRESS", "2"] {
            assert_eq!(StatusId::parse(text), Some(StatusId::IN_PROGRESS), "{text}");
        }
        for id in StatusId::OFFERED {
            assert_eq!(id.caption().and_then(StatusId::parse), Some(id));
            assert_eq!(id.word().and_then(StatusId::parse), Some(id));
        }
        assert_eq!((StatusId::parse("42"), StatusId::parse("open"), StatusId::parse("")), (Some(StatusId(42)), None, None));
    }

    #[test]
    fn menu_keys_are_distinct_and_the_doubtful_value_is_last() {
        let keys: std::collections::BTreeSet<char> = StatusId::OFFERED.iter().map(|id| id.key()).collect();
        assert_eq!(keys.len(), StatusId::OFFERED.len());
        assert_eq!(StatusId::OFFERED.last().map(|id| id.acceptance()), Some(Acceptance::SomeReleases));
    }
}
