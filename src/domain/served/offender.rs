//! Which clause of a query the service complains about.
//!
//! The service's messages name a place in the request (`Filters.CompositeFilters[0].StringFilters[3].FieldName`, or
//! `filters.compositeFilters.1.member.stringFilters.4.member.fieldName`, where the count begins at 1), a field, or a comparison. None of
//! that is documented, so what cannot be told is not guessed.

use super::{
    Served,
    plain::{Compared, Filter, FilterKind},
};

impl Served {
    /// The clauses that a message is about, as texts of the query language; none where it cannot be told.
    pub fn offenders(&self, message: &str) -> Vec<&str> {
        let placed = self.at_place(message);
        let found = if placed.is_empty() { self.by_words(message) } else { placed };
        let mut clauses: Vec<&str> = Vec::new();
        for filter in found {
            if let Some(clause) = self.clauses.get(filter.origin)
                && !clauses.contains(&clause.as_str())
            {
                clauses.push(clause);
            }
        }
        clauses
    }

    fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.composites
            .iter()
            .flat_map(|composite| composite.filters.iter().chain(composite.nested.iter().flat_map(|nested| &nested.filters)))
    }

    /// The filters at the place that a message names.
    fn at_place(&self, message: &str) -> Vec<&Filter> {
        let Some(mut place) = Place::find(message) else { return Vec::new() };
        let Some(composite) = place.index().and_then(|at| self.composites.get(at)) else { return Vec::new() };
        let (filters, nested) = if place.takes("NestedCompositeFilters") {
            let Some(nested) = place.index().and_then(|at| composite.nested.get(at)) else { return Vec::new() };
            (&nested.filters, &[][..])
        } else {
            (&composite.filters, composite.nested.as_slice())
        };
        let Some(kind) = FilterKind::ALL.into_iter().find(|kind| place.takes(kind.member())) else {
            return filters.iter().chain(nested.iter().flat_map(|nested| &nested.filters)).collect();
        };
        let mut of_kind = filters.iter().filter(|filter| filter.kind() == kind);
        match place.index() {
            Some(at) => of_kind.nth(at).into_iter().collect(),
            None => narrowed(of_kind.collect(), message),
        }
    }

    /// The filters whose field or comparison a message names.
    fn by_words(&self, message: &str) -> Vec<&Filter> {
        let named: Vec<&Filter> = self.filters().filter(|filter| names_field(message, filter.field)).collect();
        if !named.is_empty() {
            return narrowed(named, message);
        }
        self.filters().filter(|filter| names_comparison(message, filter)).collect()
    }
}

/// Those among them whose field and comparison a message names too, if it names any.
fn narrowed<'a>(filters: Vec<&'a Filter>, message: &str) -> Vec<&'a Filter> {
    let keep = |filters: Vec<&'a Filter>, is_named: &dyn Fn(&Filter) -> bool| {
        let named: Vec<&Filter> = filters.iter().copied().filter(|filter| is_named(filter)).collect();
        if named.is_empty() { filters } else { named }
    };
    let filters = keep(filters, &|filter| names_field(message, filter.field));
    keep(filters, &|filter| names_comparison(message, filter))
}

fn names_comparison(message: &str, filter: &Filter) -> bool {
    match &filter.compared {
        Compared::Text(comparison, _) => names(message, comparison.name()).next().is_some(),
        Compared::Map(comparison, ..) => names(message, comparison.name()).next().is_some(),
        _ => false,
    }
}

/// Whether a message names a field. Those without a dot are ordinary words too, so they have to stand in quotes.
fn names_field(message: &str, field: &str) -> bool {
    let is_quote = |c: Option<char>| c.is_some_and(|c| matches!(c, '\'' | '"' | '`'));
    names(message, field).any(|(before, after)| field.contains('.') || (is_quote(before) && is_quote(after)))
}

/// What stands before and after a name wherever it stands by itself.
fn names<'a>(message: &'a str, name: &'a str) -> impl Iterator<Item = (Option<char>, Option<char>)> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    message.match_indices(name).filter_map(move |(at, _)| {
        let before = message.get(..at)?.chars().next_back();
        let rest = message.get(at + name.len()..)?;
        let mut rest = rest.chars();
        let after = rest.next();
        let goes_on = after.is_some_and(is_part) || (after == Some('.') && rest.next().is_some_and(is_part));
        let begins_before = before.is_some_and(|c| is_part(c) || c == '.');
        (!goes_on && !begins_before).then_some((before, after))
    })
}

/// A place in a request, read from its `CompositeFilters` on.
struct Place<'a> {
    rest: &'a str,
}

const LIST: &str = "CompositeFilters";

impl<'a> Place<'a> {
    fn find(message: &'a str) -> Option<Self> {
        (0..message.len()).find_map(|at| {
            let mut place = Self { rest: message.get(at..)? };
            let is_nested = message.get(..at)?.chars().next_back().is_some_and(char::is_alphanumeric);
            (!is_nested && place.takes(LIST)).then_some(place)
        })
    }

    /// Takes a name, after a dot or a slash, whatever its case.
    fn takes(&mut self, name: &str) -> bool {
        let rest = self.rest.trim_start_matches(['.', '/']);
        match (rest.get(..name.len()), rest.get(name.len()..)) {
            (Some(start), Some(after)) if start.eq_ignore_ascii_case(name) && !after.starts_with(char::is_alphanumeric) => {
                self.rest = after;
                true
            }
            _ => false,
        }
    }

    /// Takes a number: from 0 in brackets and behind a slash, from 1 behind a dot.
    fn index(&mut self) -> Option<usize> {
        let from_one = self.rest.starts_with('.');
        let rest = self.rest.strip_prefix(['[', '.', '/'])?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: usize = rest.get(..digits)?.parse().ok()?;
        self.rest = rest.get(digits..)?.trim_start_matches(']');
        self.takes("member");
        if from_one { number.checked_sub(1) } else { Some(number) }
    }
}
