//! All filter profiles that were found, those that cannot be used included.

use std::collections::BTreeMap;

use super::{FilterProfile, HubChoice, Layer, OPEN, ProfileName};

/// The filter profiles there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// Those that can be used: `open` first, the others by name.
    pub known: Vec<FilterProfile>,
    /// Those that cannot, by name.
    pub broken: Vec<Broken>,
    /// Sources that exist but cannot be looked into, each in a sentence; clean. Nobody knows what they say of which filter profile.
    pub hidden: Vec<String>,
}

/// A filter profile, or a source of some, that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its name, or the file's where that is no name; clean.
    pub name: String,
    /// Everything that is wrong, each with its file and place; clean.
    pub problems: Vec<String>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self { known: vec![FilterProfile::open()], broken: Vec::new(), hidden: Vec::new() }
    }
}

impl Catalogue {
    /// Merges what the sources say. A filter profile with one source that cannot be read is none: that source may have had its guard rails.
    /// Only the one that is always there goes on with what the others say.
    pub fn of(layers: impl IntoIterator<Item = (ProfileName, Layer)>, broken: Vec<Broken>) -> Self {
        let mut named: BTreeMap<ProfileName, Vec<Layer>> = BTreeMap::new();
        for layer in FilterProfile::open().layers {
            named.entry(ProfileName::open()).or_default().push(layer);
        }
        for (name, layer) in layers {
            named.entry(name).or_default().push(layer);
        }
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for Broken { name, problems } in broken {
            by_name.entry(name).or_default().extend(problems);
        }
        let mut known: Vec<FilterProfile> = named
            .into_iter()
            .filter(|(name, _)| name.as_str() == OPEN || !by_name.contains_key(name.as_str()))
            .map(|(name, layers)| FilterProfile::of(name, layers))
            .collect();
        known.sort_by_key(|profile| profile.name.as_str() != OPEN);
        Self { known, broken: by_name.into_iter().map(|(name, problems)| Broken { name, problems }).collect(), hidden: Vec::new() }
    }

    /// Takes sources into account that exist but cannot be looked into: any filter profile may have guard rails there, so none can be used
    /// but the one that is always there.
    #[must_use]
    pub fn hiding(mut self, hidden: Vec<String>) -> Self {
        if hidden.is_empty() {
            return self;
        }
        let (open, others): (Vec<_>, Vec<_>) = self.known.into_iter().partition(|profile| profile.name.as_str() == OPEN);
        self.known = open;
        for profile in others {
            self.broken.push(Broken { name: profile.name.as_str().to_owned(), problems: hidden.clone() });
        }
        self.broken.sort_by(|one, other| one.name.cmp(&other.name));
        self.hidden = hidden;
        self
    }

    /// Finds which hub each leads to.
    #[must_use]
    pub fn resolved(mut self, resolve: impl Fn(&HubChoice) -> HubChoice) -> Self {
        for profile in &mut self.known {
            profile.asked = resolve(&profile.content.hub);
        }
        self
    }

    /// The one of a name.
    pub fn find(&self, name: &str) -> Option<&FilterProfile> {
        self.known.iter().find(|profile| profile.name.as_str() == name)
    }

    /// What is wrong with the one of a name.
    pub fn find_broken(&self, name: &str) -> Option<&Broken> {
        self.broken.iter().find(|broken| broken.name == name)
    }

    /// Why the one of a name cannot be used: the first thing that is wrong with it, or what hides it. `None` where nothing is known of it.
    pub fn why_not(&self, name: &str) -> Option<&str> {
        let broken = self.find_broken(name).and_then(|broken| broken.problems.first());
        broken.or(self.hidden.first()).map(String::as_str)
    }

    /// The names of those that can be used, the ones most like a text first.
    pub fn nearest(&self, to: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self.known.iter().map(|profile| profile.name.as_str()).collect();
        let wanted = to.to_lowercase();
        names.sort_by_cached_key(|name| {
            let name = name.to_lowercase();
            // Whoever remembers a part of a name is nearer than any number of slips.
            (!(name.contains(&wanted) || wanted.contains(&name)), distance(&name, &wanted))
        });
        names
    }
}

/// How many characters are to be put in, left out or changed to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(at + 1);
        for ((diagonal, above), &o) in row.iter().zip(row.iter().skip(1)).zip(&other) {
            let left = next.last().copied().unwrap_or(at);
            next.push((diagonal + usize::from(c != o)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::{
        guard_rail::GuardRails,
        profile::{Content, Source, SourceKind},
        query::Query,
    };

    fn layer(name: &str, kind: SourceKind, content: Content) -> (ProfileName, Layer) {
        (ProfileName::new(name).unwrap(), Layer { source: Source { kind, file: "f".into() }, content })
    }

    fn names(catalogue: &Catalogue) -> Vec<&str> {
        catalogue.known.iter().map(|profile| profile.name.as_str()).collect()
    }

    #[test]
    fn the_open_one_is_always_there_and_first_and_can_be_overridden() {
        assert_eq!(names(&Catalogue::of([], Vec::new())), ["open"]);
        let everything = Content { query: Some(Query::Everything), ..Content::default() };
        let layers = ["zoo", "open", "aws"].map(|name| layer(name, SourceKind::User, everything.clone()));
        let catalogue = Catalogue::of(layers, Vec::new());
        assert_eq!(names(&catalogue), ["open", "aws", "zoo"]);
        assert_eq!(catalogue.find("open").unwrap().query(), Query::Everything);
        assert_eq!(catalogue.find("open").unwrap().layers.len(), 2);
    }

    #[test]
    fn one_broken_source_breaks_the_whole_filter_profile_since_it_may_have_had_its_guard_rails() {
        let rails = Content { rails: GuardRails { read_only: true, ..GuardRails::default() }, ..Content::default() };
        let broken = |what: &str| Broken { name: "a".into(), problems: vec![what.to_owned()] };
        let catalogue = Catalogue::of([layer("a", SourceKind::User, rails)], vec![broken("one"), broken("two")]);
        assert_eq!(names(&catalogue), ["open"]);
        assert_eq!(catalogue.find_broken("a").unwrap().problems, ["one", "two"]);
        let open = Catalogue::of([], vec![Broken { name: "open".into(), problems: vec!["bad".into()] }]);
        assert_eq!((names(&open), open.find_broken("open").is_some()), (vec!["open"], true));
    }

    #[test]
    fn a_source_that_cannot_be_looked_into_may_hold_guard_rails_of_every_one() {
        let broken = || vec![Broken { name: "m".into(), problems: vec!["m.toml:1:1: bad".into()] }];
        let layers = || ["zoo", "aws"].map(|name| layer(name, SourceKind::User, Content::default()));
        assert_eq!(Catalogue::of(layers(), broken()).hiding(Vec::new()), Catalogue::of(layers(), broken()));
        let catalogue = Catalogue::of(layers(), broken()).hiding(vec!["/etc/x: the folder cannot be read".into()]);
        assert_eq!(names(&catalogue), ["open"]);
        let listed: Vec<&str> = catalogue.broken.iter().map(|broken| broken.name.as_str()).collect();
        assert_eq!(listed, ["aws", "m", "zoo"]);
        assert_eq!(catalogue.why_not("zoo"), Some("/etc/x: the folder cannot be read"));
        assert_eq!(catalogue.why_not("m"), Some("m.toml:1:1: bad"));
        assert_eq!(catalogue.why_not("only-there"), Some("/etc/x: the folder cannot be read"), "it may well be in there");
        assert_eq!(Catalogue::default().why_not("gone"), None);
    }

    #[test]
    fn the_nearest_name_comes_first() {
        let layers = ["payments", "guardduty", "public-buckets"].map(|name| layer(name, SourceKind::User, Content::default()));
        let catalogue = Catalogue::of(layers, Vec::new());
        for (typed, first) in
            [("paymnets", "payments"), ("PAY", "payments"), ("buckets", "public-buckets"), ("gaurdduty", "guardduty"), ("opne", "open")]
        {
            assert_eq!(catalogue.nearest(typed).first(), Some(&first), "{typed}");
        }
        assert_eq!((distance("", "abc"), distance("abc", ""), distance("kitten", "sitting")), (3, 3, 3));
    }
}
