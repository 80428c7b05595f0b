//! What the service can filter of a query: the query as the service's filters, as plain types, and what of it has to be applied here.
//!
//! Owns the translation and the service's limits. Must keep one promise: a finding that meets the query meets the filters; they may hold
//! for more, and then [`Served::local`] says what is applied here. Must not know the SDK's types, and never looks at a finding.

mod clause;
mod date;
mod fit;
mod local;
mod named;
mod offender;
mod plain;
mod tree;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod tests;

use super::query::{Query, expr::Expr};

pub use self::{
    local::{Local, WhyLocal},
    plain::{Compared, Composite, Days, Filter, FilterKind, MapComparison, Nested, Operator, TextComparison, Wanted},
};

/// Most composite filters in a request's list: "up to 10 composite filters", documentation of `OcsfFindingFilters`. No limit is
/// documented for the nested lists; the same is kept there.
pub const MAX_COMPOSITES: usize = 10;

/// Most filters of one kind in one composite filter, nested or not; the same documentation.
pub const MAX_FILTERS: usize = 20;

/// A query as filters.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// Whether there is anything to ask for.
    pub wanted: Wanted,
    /// How the composites are joined.
    pub operator: Operator,
    /// The filters; at most [`MAX_COMPOSITES`], and none unless [`Wanted::Filtered`].
    pub composites: Vec<Composite>,
    /// What is applied here, in whole or in part. Empty: the service's answer is exact, as far as its own rules are known.
    pub local: Vec<Local>,
    /// The texts of the query's clauses; a filter names the one it comes from by its place here.
    clauses: Vec<String>,
}

impl Served {
    /// Translates a query.
    pub fn of(query: &Query) -> Self {
        match query {
            Query::Everything => Self::without_filters(Wanted::Everything),
            Query::Where(expr) => Self::of_expr(expr),
            Query::Findings(identities) => named::served(identities, query.to_string()),
        }
    }

    /// Translates an expression.
    pub fn of_expr(expr: &Expr) -> Self {
        let mut origins = clause::Origins::default();
        let (tree, mut local) = clause::expression(&mut origins, expr, false);
        let fitted = fit::fit(tree);
        local.extend(fitted.lost);
        let texts = origins.texts();
        Self::from_parts(fitted.wanted, fitted.operator, fitted.composites, local, texts)
    }

    fn from_parts(wanted: Wanted, operator: Operator, composites: Vec<Composite>, lost: Vec<tree::Lost>, clauses: Vec<String>) -> Self {
        let mut local: Vec<Local> = Vec::new();
        for lost in lost {
            let found = Local { clause: clauses.get(lost.origin).cloned().unwrap_or_default(), why: lost.why };
            if wanted != Wanted::Nothing && !local.contains(&found) {
                local.push(found);
            }
        }
        Self { wanted, operator, composites, local, clauses }
    }

    const fn without_filters(wanted: Wanted) -> Self {
        Self { wanted, operator: Operator::And, composites: Vec::new(), local: Vec::new(), clauses: Vec::new() }
    }
}
