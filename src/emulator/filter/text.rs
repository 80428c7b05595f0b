//! `StringFilter`: a value and one of seven comparisons. All but `CONTAINS_WORD` tell case apart.

use serde_json::Value;

use super::super::failure::Failure;
use super::super::members::Members;
use super::{Rules, Sense};

/// How a string filter compares (`StringFilterComparison`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextComparison {
    /// The whole value.
    Equals,
    /// The beginning.
    Prefix,
    /// No value is this.
    NotEquals,
    /// No value begins so.
    PrefixNotEquals,
    /// Anywhere in the value.
    Contains,
    /// In no value.
    NotContains,
    /// As a whole word, whatever the case.
    ContainsWord,
}

impl TextComparison {
    const NAMES: [(&'static str, Self); 7] = [
        ("EQUALS", Self::Equals),
        ("PREFIX", Self::Prefix),
        ("NOT_EQUALS", Self::NotEquals),
        ("PREFIX_NOT_EQUALS", Self::PrefixNotEquals),
        ("CONTAINS", Self::Contains),
        ("NOT_CONTAINS", Self::NotContains),
        ("CONTAINS_WORD", Self::ContainsWord),
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, comparison)| *comparison == self).map_or("", |(name, _)| name)
    }
}

#[derive(Debug)]
pub(super) struct TextTest {
    value: String,
    /// The value in words of small letters, for `CONTAINS_WORD`.
    words: Vec<String>,
    comparison: TextComparison,
}

impl TextTest {
    pub(super) fn read(value: &Value, place: &str, rules: &Rules) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["Value", "Comparison"])?;
        let value = members.required_text("Value")?.to_owned();
        let comparison = members.required_choice("Comparison", &TextComparison::NAMES)?;
        if rules.refused.contains(&comparison) {
            return Err(members.violation("Comparison", &format!("{} is not supported by this operation", comparison.name())));
        }
        let words = words(&value).collect();
        Ok(Self { value, words, comparison })
    }

    pub(super) fn sense(&self) -> Sense {
        match self.comparison {
            TextComparison::Equals | TextComparison::Prefix | TextComparison::Contains | TextComparison::ContainsWord => Sense::Looks,
            TextComparison::NotEquals | TextComparison::PrefixNotEquals | TextComparison::NotContains => Sense::Excludes,
        }
    }

    /// Whether the text is what is looked for or excluded.
    pub(super) fn met(&self, text: &str) -> bool {
        match self.comparison {
            TextComparison::Equals | TextComparison::NotEquals => text == self.value,
            TextComparison::Prefix | TextComparison::PrefixNotEquals => text.starts_with(&self.value),
            TextComparison::Contains | TextComparison::NotContains => text.contains(&self.value),
            TextComparison::ContainsWord => {
                let present: Vec<String> = words(text).collect();
                !self.words.is_empty() && present.windows(self.words.len()).any(|window| window == self.words)
            }
        }
    }

    /// `CONTAINS` goes with `CONTAINS` only, `NOT_CONTAINS` with `NOT_CONTAINS` only, and `EQUALS` with neither `NOT_EQUALS` nor
    /// `PREFIX_NOT_EQUALS` (text of `StringFilter.Comparison`). `CONTAINS_WORD` is not mentioned there and goes with all.
    pub(super) fn clash(&self, other: &Self) -> Option<(&'static str, &'static str)> {
        use TextComparison::{Contains, ContainsWord, Equals, NotContains, NotEquals, PrefixNotEquals};
        let clashes = match (self.comparison, other.comparison) {
            (one, two) if one == two => false,
            (ContainsWord, _) | (_, ContainsWord) => false,
            (Contains | NotContains, _)
            | (_, Contains | NotContains)
            | (Equals, NotEquals | PrefixNotEquals)
            | (NotEquals | PrefixNotEquals, Equals) => true,
            _ => false,
        };
        clashes.then(|| (self.comparison.name(), other.comparison.name()))
    }
}

/// Words are runs of letters and digits. A value without any has no words and matches nothing: the service says that special characters
/// may give unexpected results.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
