//! A query made narrower by one clause.

use super::expr::{Clause, Expr};
use super::field::Field;

/// The expression and the clause. What the expression says of the same field gives way: the clause is one of the values that it had left,
/// so it says all that is left to say of it. Meant for fields of which a finding has one value.
pub fn narrowed(expr: Option<&Expr>, clause: Clause) -> Expr {
    let before: Vec<&Expr> = match expr {
        None => Vec::new(),
        Some(Expr::All(parts)) => parts.iter().collect(),
        Some(other) => vec![other],
    };
    let at = before.iter().position(|part| is_of(part, &clause.field));
    let mut parts: Vec<Expr> = Vec::with_capacity(before.len() + 1);
    for (place, part) in before.into_iter().enumerate() {
        if Some(place) == at {
            parts.push(Expr::Clause(clause.clone()));
        } else if !is_of(part, &clause.field) {
            parts.push(part.clone());
        }
    }
    if at.is_none() {
        parts.push(Expr::Clause(clause.clone()));
    }
    if parts.len() == 1 { Expr::Clause(clause) } else { Expr::All(parts) }
}

/// Whether everything in it is of one field.
fn is_of(expr: &Expr, field: &Field) -> bool {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().all(|part| is_of(part, field)),
        Expr::Not(part) => is_of(part, field),
        Expr::Clause(clause) => clause.field == *field,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::query::expr::{How, Pattern, Test};

    fn clause(text: &str) -> Clause {
        let (name, value) = text.split_once(':').unwrap();
        Clause { field: Field::named(name).unwrap(), test: Test::Text(vec![Pattern { how: How::Equals, text: value.into() }]) }
    }

    fn of(text: &str) -> Expr {
        match text.strip_prefix('!') {
            Some(rest) => Expr::Not(Box::new(of(rest))),
            None if text.contains('|') => Expr::Any(text.split('|').map(of).collect()),
            None => Expr::Clause(clause(text)),
        }
    }

    #[test]
    fn the_clause_takes_the_place_of_what_was_said_of_its_field_and_joins_the_rest() {
        for (before, with, after) in [
            (&[][..], "product:b", &["product:b"][..]),
            (&["product:a"], "product:b", &["product:b"]),
            (&["product:a"], "account:1", &["product:a", "account:1"]),
            (&["title:x", "product:a", "account:1"], "product:b", &["title:x", "product:b", "account:1"]),
            (&["!product:a", "title:x", "product:c"], "product:b", &["product:b", "title:x"]),
            (&["product:a|product:b"], "product:b", &["product:b"]),
            (&["product:a|title:x"], "product:b", &["product:a|title:x", "product:b"]),
        ] {
            let whole = |parts: &[&str]| match parts {
                [] => None,
                [one] => Some(of(one)),
                parts => Some(Expr::All(parts.iter().map(|part| of(part)).collect())),
            };
            assert_eq!(Some(narrowed(whole(before).as_ref(), clause(with))), whole(after), "{before:?} and {with}");
        }
    }
}
