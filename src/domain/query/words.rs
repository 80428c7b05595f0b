//! The words of the query line for products: what people call them, and what the service does.
//!
//! A word is replaced where a query is read, and put back where it is shown. A value in quotes is a name as it stands.

use super::field::Field;

/// Whether the values of a field have words.
pub(super) fn has_words(field: &Field) -> bool {
    matches!(field, Field::Short(short) if short.name == "product")
}

/// A word and the values of `metadata.product.name` that it stands for; several where releases of the product differ.
pub(super) const PRODUCTS: [(&str, &[&str]); 6] = [
    ("guardduty", &["GuardDuty"]),
    ("inspector", &["Inspector"]),
    ("macie", &["Macie"]),
    ("cspm", &["Security Hub", "Security Hub CSPM"]),
    ("coverage", &["Security Hub Coverage"]),
    ("exposure", &["Security Hub Exposure Detection", "Security Hub Exposure Analysis"]),
];

/// Most names of one word.
pub(super) const MOST_NAMES: usize = 2;

/// The names that a word stands for, in upper or lower case.
pub(super) fn products(word: &str) -> Option<&'static [&'static str]> {
    PRODUCTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, names)| *names)
}

/// Whether a name is one that a word stands for.
pub(super) fn is_known(name: &str) -> bool {
    PRODUCTS.iter().any(|(_, names)| names.contains(&name))
}

/// The word for the names at the beginning of a list, and how many they are.
pub(super) fn word_of(names: &[&str]) -> Option<(&'static str, usize)> {
    PRODUCTS.iter().find(|(_, known)| names.starts_with(known)).map(|(word, known)| (*word, known.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_has_more_names_than_are_looked_at_and_no_list_begins_another() {
        for (word, names) in PRODUCTS {
            assert!((1..=MOST_NAMES).contains(&names.len()), "{word}");
            assert_eq!(word_of(names), Some((word, names.len())));
            assert_eq!(products(&word.to_uppercase()), Some(names));
        }
        assert_eq!(word_of(&["Security Hub"]), None);
    }
}
