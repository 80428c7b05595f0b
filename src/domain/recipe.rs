//! Recipes: named patches, whose comment may be a template.
//!
//! Owns what a recipe is. Where recipes are written, and which hold now, is decided elsewhere.

use super::{decision::Decision, guard_rail::GuardRails, profile::ProfileName};

/// A named patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Its name; it follows the rules of the names of filter profiles.
    pub name: ProfileName,
    /// The letter that picks it, where it was said.
    pub key: Option<char>,
    /// What it stages.
    pub decision: Decision,
    /// What it must not be used for.
    pub rails: GuardRails,
}

/// A recipe with the letter that picks it among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The letter; `None` where all are taken.
    pub letter: Option<char>,
    /// The recipe.
    pub recipe: &'a Recipe,
}

/// Letters that move in lists and never pick a recipe.
pub const MOVES: [char; 2] = ['j', 'k'];

/// Recipes over others: one of the same name takes the place of the other, the rest stand behind.
#[must_use]
pub fn merged(mut under: Vec<Recipe>, over: &[Recipe]) -> Vec<Recipe> {
    for recipe in over {
        match under.iter_mut().find(|known| known.name == recipe.name) {
            Some(known) => *known = recipe.clone(),
            None => under.push(recipe.clone()),
        }
    }
    under
}

/// Gives every recipe a letter: its own, the first of its name that is free, or the first free one. Letters that were said are never given
/// away, and of two that say the same the first has it. `j` and `k` move in lists and are never given.
pub fn offers<'a>(recipes: impl IntoIterator<Item = &'a Recipe>) -> Vec<Offer<'a>> {
    let recipes: Vec<&Recipe> = recipes.into_iter().collect();
    let mut letters: Vec<Option<char>> = Vec::with_capacity(recipes.len());
    for recipe in &recipes {
        letters.push(recipe.key.filter(|key| !letters.contains(&Some(*key))));
    }
    for (at, recipe) in recipes.iter().enumerate() {
        if letters.get(at).copied().flatten().is_some() {
            continue;
        }
        let own = recipe.name.as_str().chars().map(|c| c.to_ascii_lowercase());
        let letter = own.chain('a'..='z').find(|c| c.is_ascii_lowercase() && !MOVES.contains(c) && !letters.contains(&Some(*c)));
        if let Some(place) = letters.get_mut(at) {
            *place = letter;
        }
    }
    letters.into_iter().zip(recipes).map(|(letter, recipe)| Offer { letter, recipe }).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn recipe(name: &str, key: Option<char>) -> Recipe {
        Recipe { name: ProfileName::new(name).unwrap(), key, decision: Decision::default(), rails: GuardRails::default() }
    }

    #[test]
    fn every_recipe_has_a_letter_of_its_own_and_those_that_were_said_stay() {
        let recipes =
            [recipe("accept", None), recipe("archive", Some('a')), recipe("7", None), recipe("kick", None), recipe("x", Some('a'))];
        let letters: Vec<Option<char>> = offers(&recipes).iter().map(|offer| offer.letter).collect();
        assert_eq!(letters, [Some('c'), Some('a'), Some('b'), Some('i'), Some('x')]);
        let many: Vec<Recipe> = (0..30).map(|at| recipe(&format!("r{at}"), None)).collect();
        assert_eq!(offers(&many).iter().filter(|offer| offer.letter.is_none()).count(), 30 - 24);
    }
}
