//! Texts that were typed before into prompts, each kind on its own, and into the comment editor, for bringing them back.

use std::collections::BTreeMap;

use super::overlay::PromptPurpose;
use crate::domain::{query::MAX_LENGTH, template, text};

/// Most texts that are kept of a kind; the oldest go first.
pub const MOST: usize = 50;

/// What was typed before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Former {
    /// The oldest first.
    texts: BTreeMap<PromptPurpose, Vec<String>>,
    /// Comments as they were typed, the oldest first.
    comments: Vec<String>,
    /// How often a text was added that outlives the session.
    pub changes: u64,
}

impl Former {
    /// Adds the latest. What is the same as before is moved and not kept twice; what is blank is not kept.
    pub fn add(&mut self, purpose: PromptPurpose, typed: &str) {
        let typed = typed.trim();
        if !is_kept(typed) {
            return;
        }
        latest(self.texts.entry(purpose).or_default(), typed);
        self.changes += u64::from(purpose == PromptPurpose::Query);
    }

    /// Those of a kind, the oldest first.
    pub fn of(&self, purpose: PromptPurpose) -> &[String] {
        self.texts.get(&purpose).map_or(&[], Vec::as_slice)
    }

    /// Adds the latest comment, under the same rules; one may have several lines.
    pub fn add_comment(&mut self, typed: &str) {
        let typed = typed.trim();
        let is_clean = !typed.chars().any(|c| c != '\n' && text::is_hidden(c));
        if !typed.is_empty() && is_clean && typed.chars().count() <= template::MAX_CHARACTERS {
            latest(&mut self.comments, typed);
            self.changes += 1;
        }
    }

    /// The comments, the oldest first.
    pub fn comments(&self) -> &[String] {
        &self.comments
    }

    /// Puts the comments of the last session before those of this one.
    pub fn recall_comments(&mut self, earlier: &[String]) {
        let own = std::mem::take(&mut self.comments);
        let changes = self.changes;
        for text in earlier.iter().chain(&own) {
            self.add_comment(text);
        }
        self.changes = changes;
    }

    /// Puts those of the last session before those of this one.
    pub fn recall(&mut self, purpose: PromptPurpose, earlier: &[String]) {
        let own = self.texts.remove(&purpose).unwrap_or_default();
        let changes = self.changes;
        for text in earlier.iter().chain(&own) {
            self.add(purpose, text);
        }
        self.changes = changes;
    }
}

/// Puts a text at the end of those that are kept, once.
fn latest(texts: &mut Vec<String>, typed: &str) {
    texts.retain(|text| text != typed);
    texts.push(typed.to_owned());
    let over = texts.len().saturating_sub(MOST);
    texts.drain(..over);
}

/// Whether a text is worth keeping and harmless to show. The file of the last session may have been written by anybody.
fn is_kept(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_LENGTH && !text.chars().any(text::is_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_is_last_once_and_the_oldest_go() {
        let mut former = Former::default();
        for at in 0..MOST + 5 {
            former.add(PromptPurpose::Query, &format!(" title:{at} "));
        }
        former.add(PromptPurpose::Query, "title:10");
        former.add(PromptPurpose::Query, "  ");
        former.add(PromptPurpose::Query, "title:\u{202e}");
        former.add(PromptPurpose::Filter, "else");
        let queries = former.of(PromptPurpose::Query);
        assert_eq!(
            (queries.len(), queries.first().map(String::as_str), queries.last().map(String::as_str)),
            (MOST, Some("title:5"), Some("title:10"))
        );
        assert_eq!(queries.iter().filter(|text| *text == "title:10").count(), 1);
        assert_eq!((former.of(PromptPurpose::Filter), former.of(PromptPurpose::Search).len()), (&["else".to_owned()][..], 0));
    }

    #[test]
    fn comments_are_kept_with_their_lines_and_nothing_else_that_is_hidden() {
        let mut former = Former::default();
        for typed in ["b", " see {ticket}\nfor why ", "\u{1b}[31m", " \n", "b"] {
            former.add_comment(typed);
        }
        former.add_comment(&"x".repeat(1025));
        assert_eq!(former.comments(), ["see {ticket}\nfor why", "b"].map(str::to_owned));
        let changes = former.changes;
        former.recall_comments(&["a".to_owned(), "b".to_owned(), "\r".to_owned()]);
        assert_eq!(former.comments(), ["a", "see {ticket}\nfor why", "b"].map(str::to_owned));
        assert_eq!(former.changes, changes);
    }

    #[test]
    fn those_of_the_last_session_stand_before_those_of_this_one() {
        let mut former = Former::default();
        former.add(PromptPurpose::Query, "b");
        let changes = former.changes;
        former.recall(PromptPurpose::Query, &["a".to_owned(), "b".to_owned(), "c\u{1b}".to_owned(), "d".to_owned()]);
        assert_eq!(former.of(PromptPurpose::Query), ["a", "d", "b"].map(str::to_owned));
        assert_eq!(former.changes, changes, "nothing new is to be written");
    }
}
