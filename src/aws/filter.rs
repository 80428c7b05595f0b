//! A query as the service's filters.
//!
//! Owns the translation and the service's limits. Must keep one promise: what is asked for holds every finding that the query means. It
//! may hold more where the limits leave no room to be exact; the caller matches again.

use std::collections::BTreeSet;

use aws_sdk_securityhub::types::{
    AllowedOperators, CompositeFilter, NumberFilter, OcsfFindingFilters, OcsfNumberField, OcsfNumberFilter, OcsfStringField,
    OcsfStringFilter, StringFilter, StringFilterComparison,
};

use crate::domain::{
    identity::{Identifier, Identity},
    query::{
        MAX_NAMED, MAX_VALUES, Query,
        expr::{Clause, Expr, How, Pattern, Relation, Test},
        field::Field,
    },
};

/// Most composite filters of a request; the model's documentation of `OcsfFindingFilters`.
const MAX_COMPOSITES: usize = 10;

/// Most filters of one type in a composite filter; the model's documentation of `CompositeFilter`.
const MAX_FILTERS: usize = 20;

/// What a query comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// Nothing can match: there is no call to make. Never sent as no filter, which would mean everything.
    Nothing,
    /// Everything: no filter.
    Everything,
    /// These.
    Filtered(OcsfFindingFilters),
}

/// Why a query cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FilterError {
    /// More findings than fit.
    #[error("{0} named findings of one kind do not fit into one request; name at most {MAX_NAMED}")]
    TooManyNamed(usize),
    /// More values of one term than fit.
    #[error("{1} values of {0} do not fit into one request; name at most {MAX_VALUES}")]
    TooManyValues(&'static str, usize),
}

/// A part of a query that is translated; any other is left to who matches again.
enum Term {
    Status(Vec<i32>),
    Severity(Vec<i32>),
    Account(Vec<String>),
    Uid(Vec<String>),
}

impl Term {
    fn of(part: &Expr) -> Option<Self> {
        let Expr::Clause(Clause { field: Field::Short(short), test }) = part else { return None };
        let whole = |patterns: &[Pattern]| -> Option<Vec<String>> {
            patterns.iter().map(|pattern| (pattern.how == How::Equals).then(|| pattern.text.clone())).collect()
        };
        match (short.name, test) {
            ("status", Test::Status(ids)) => Some(Self::Status(ids.iter().map(|id| id.0).collect())),
            ("severity", Test::Severity(Relation::Equal, ids)) => Some(Self::Severity(ids.iter().map(|id| id.0).collect())),
            ("account", Test::Text(patterns)) => whole(patterns).map(Self::Account),
            ("uid", Test::Text(patterns)) => whole(patterns).map(Self::Uid),
            _ => None,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Severity(_) => "severity",
            Self::Account(_) => "account",
            Self::Uid(_) => "uid",
        }
    }
}

/// Translates a query.
pub(super) fn asked(query: &Query) -> Result<Asked, FilterError> {
    let (composites, operator) = match query {
        Query::Everything => return Ok(Asked::Everything),
        Query::Where(_) => {
            let terms: Vec<Term> = query.conjuncts().into_iter().filter_map(Term::of).collect();
            if terms.is_empty() {
                return Ok(Asked::Everything);
            }
            by_terms(&terms)?
        }
        Query::Findings(identities) => (by_identity(identities)?, AllowedOperators::Or),
    };
    if composites.is_empty() {
        return Ok(Asked::Nothing);
    }
    let joined = OcsfFindingFilters::builder().set_composite_filters(Some(composites)).composite_operator(operator);
    Ok(Asked::Filtered(joined.build()))
}

/// One term alone is spread over composites joined by OR; several are a composite each, joined by AND, and one that does not fit into its
/// composite is spread over nested ones. No composite at all means that nothing can match.
fn by_terms(terms: &[Term]) -> Result<(Vec<CompositeFilter>, AllowedOperators), FilterError> {
    let mut each: Vec<Vec<CompositeFilter>> = Vec::new();
    for term in terms {
        let composites = by_term(term)?;
        if composites.is_empty() {
            return Ok((Vec::new(), AllowedOperators::And));
        }
        each.push(composites);
    }
    if let [alone] = each.as_mut_slice() {
        return Ok((std::mem::take(alone), AllowedOperators::Or));
    }
    let one = |mut composites: Vec<CompositeFilter>| match composites.len() {
        0 | 1 => composites.pop(),
        _ => Some(CompositeFilter::builder().set_nested_composite_filters(Some(composites)).operator(AllowedOperators::Or).build()),
    };
    Ok((each.into_iter().filter_map(one).collect(), AllowedOperators::And))
}

/// Composites that together hold the values of a term.
fn by_term(term: &Term) -> Result<Vec<CompositeFilter>, FilterError> {
    let fits = |count: usize| {
        let name = term.name();
        if count > MAX_COMPOSITES * MAX_FILTERS { Err(FilterError::TooManyValues(name, count)) } else { Ok(()) }
    };
    let numbers = |field: OcsfNumberField, ids: &[i32]| {
        let ids = distinct(ids.iter().copied());
        fits(ids.len()).map(|()| any_number(&field, &ids))
    };
    let texts = |field: OcsfStringField, values: &[String]| {
        let values = distinct(values.iter().map(String::as_str));
        fits(values.len()).map(|()| any_equal(&field, &values))
    };
    match term {
        Term::Status(ids) => numbers(OcsfNumberField::StatusId, ids),
        Term::Severity(ids) => numbers(OcsfNumberField::SeverityId, ids),
        Term::Account(accounts) => {
            let mut composites = texts(OcsfStringField::CloudAccountUid, accounts)?;
            composites.extend(texts(OcsfStringField::CloudAccountName, accounts)?);
            if composites.len() > MAX_COMPOSITES { Err(FilterError::TooManyValues(term.name(), accounts.len())) } else { Ok(composites) }
        }
        Term::Uid(uids) => texts(OcsfStringField::MetadataUid, uids),
    }
}

/// Composites of a number that is one of these.
fn any_number(field: &OcsfNumberField, ids: &[i32]) -> Vec<CompositeFilter> {
    let one = |id: &i32| {
        let equal = NumberFilter::builder().eq(f64::from(*id)).build();
        OcsfNumberFilter::builder().field_name(field.clone()).filter(equal).build()
    };
    let any_of = |ids: &[i32]| {
        let filters = ids.iter().map(one).collect();
        CompositeFilter::builder().set_number_filters(Some(filters)).operator(AllowedOperators::Or).build()
    };
    ids.chunks(MAX_FILTERS).map(any_of).collect()
}

fn by_identity(identities: &[Identity]) -> Result<Vec<CompositeFilter>, FilterError> {
    let uids = distinct(identities.iter().filter_map(|identity| match identity {
        Identity::MetadataUid(uid) => Some(uid.as_str()),
        Identity::Identifier(_) | Identity::Unaddressable(_) => None,
    }));
    let identifiers = distinct(identities.iter().filter_map(|identity| match identity {
        Identity::Identifier(identifier) => Some(identifier),
        Identity::MetadataUid(_) | Identity::Unaddressable(_) => None,
    }));
    for count in [uids.len(), identifiers.len()] {
        if count > MAX_NAMED {
            return Err(FilterError::TooManyNamed(count));
        }
    }
    let mut composites = any_equal(&OcsfStringField::MetadataUid, &uids);
    if composites.len() + identifiers.len() <= MAX_COMPOSITES {
        composites.extend(identifiers.into_iter().map(exactly));
    } else {
        // No room for a composite each: by the one part that is nearly unique. Findings of the same uid in another account or product
        // come along, and the caller drops them.
        let finding_uids = distinct(identifiers.iter().map(|identifier| identifier.finding_uid.as_str()));
        composites.extend(any_equal(&OcsfStringField::FindingInfoUid, &finding_uids));
    }
    Ok(composites)
}

/// Composites of a field that is one of these.
fn any_equal(field: &OcsfStringField, values: &[&str]) -> Vec<CompositeFilter> {
    let any_of = |values: &[&str]| {
        let filters = values.iter().map(|value| equal(field.clone(), value)).collect();
        CompositeFilter::builder().set_string_filters(Some(filters)).operator(AllowedOperators::Or).build()
    };
    values.chunks(MAX_FILTERS).map(any_of).collect()
}

/// A composite of one finding by its three values.
fn exactly(identifier: &Identifier) -> CompositeFilter {
    CompositeFilter::builder()
        .string_filters(equal(OcsfStringField::CloudAccountUid, &identifier.account_uid))
        .string_filters(equal(OcsfStringField::FindingInfoUid, &identifier.finding_uid))
        .string_filters(equal(OcsfStringField::MetadataProductUid, &identifier.product_uid))
        .operator(AllowedOperators::And)
        .build()
}

fn equal(field: OcsfStringField, value: &str) -> OcsfStringFilter {
    let equal = StringFilter::builder().value(value).comparison(StringFilterComparison::Equals).build();
    OcsfStringFilter::builder().field_name(field).filter(equal).build()
}

/// Each value once, in the order they came.
fn distinct<T: Ord + Clone>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut met = BTreeSet::new();
    values.filter(|value| met.insert(value.clone())).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]
    use super::*;
    use crate::domain::status::StatusId;

    fn composites(query: &Query) -> Vec<CompositeFilter> {
        match asked(query).unwrap() {
            Asked::Filtered(filters) => {
                assert_eq!(filters.composite_operator(), Some(&AllowedOperators::Or));
                filters.composite_filters().to_vec()
            }
            other => panic!("{other:?}"),
        }
    }

    fn values(composite: &CompositeFilter) -> Vec<(&str, &str)> {
        let value = |filter: &OcsfStringFilter| -> String { filter.filter().and_then(StringFilter::value).unwrap_or_default().to_owned() };
        composite
            .string_filters()
            .iter()
            .map(|filter| {
                assert_eq!(filter.filter().and_then(StringFilter::comparison), Some(&StringFilterComparison::Equals));
                assert!(!value(filter).is_empty());
                (filter.field_name().unwrap().as_str(), filter.filter().unwrap().value().unwrap())
            })
            .collect()
    }

    fn uid(n: usize) -> Identity {
        Identity::MetadataUid(format!("uid-{n}"))
    }

    fn identifier(n: usize) -> Identity {
        Identity::Identifier(Identifier {
            account_uid: format!("account-{n}"),
            finding_uid: format!("finding-{}", n / 2),
            product_uid: "product".to_owned(),
        })
    }

    #[test]
    fn an_empty_choice_is_nothing_and_never_everything() {
        assert_eq!(asked(&Query::Everything), Ok(Asked::Everything));
        assert_eq!(asked(&"title~x".parse().unwrap()), Ok(Asked::Everything));
        for nothing in
            [Query::of_status(&[]), Query::Findings(Vec::new()), Query::Findings(vec![Identity::Unaddressable("digest".to_owned())])]
        {
            assert_eq!(asked(&nothing), Ok(Asked::Nothing), "{nothing:?}");
        }
    }

    #[test]
    fn statuses_are_joined_by_or_in_twenties() {
        let open = composites(&Query::open());
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].operator(), Some(&AllowedOperators::Or));
        let ids: Vec<Option<f64>> = open[0].number_filters().iter().map(|filter| filter.filter().unwrap().eq()).collect();
        assert_eq!(ids, [Some(1.0), Some(2.0)]);
        assert_eq!(open[0].number_filters()[0].field_name().unwrap().as_str(), "status_id");

        let many = composites(&Query::of_status(&(0..45).chain(0..45).map(StatusId).collect::<Vec<_>>()));
        assert_eq!(many.iter().map(|composite| composite.number_filters().len()).collect::<Vec<_>>(), [20, 20, 5]);
        let too_many = Query::of_status(&(0..201).map(StatusId).collect::<Vec<_>>());
        assert_eq!(asked(&too_many), Err(FilterError::TooManyValues("status", 201)));
    }

    #[test]
    fn terms_are_a_composite_each_joined_by_and_and_what_does_not_fit_is_nested() {
        let uids: Vec<String> = (0..45).map(|n| format!("uid-{n}")).collect();
        let query = format!("status:new severity:high,critical account:111122223333 uid:{} title~x", uids.join(",")).parse().unwrap();
        let Ok(Asked::Filtered(filters)) = asked(&query) else { panic!("it can be asked") };
        assert_eq!(filters.composite_operator(), Some(&AllowedOperators::And));
        let [status, severity, account, uid] = filters.composite_filters() else { panic!("{filters:?}") };
        assert_eq!(status.number_filters().len(), 1);
        assert_eq!((severity.number_filters().len(), severity.operator()), (2, Some(&AllowedOperators::Or)));
        assert_eq!(severity.number_filters()[0].field_name().unwrap().as_str(), "severity_id");
        let account: Vec<_> = account.nested_composite_filters().iter().flat_map(values).collect();
        assert_eq!(account, [("cloud.account.uid", "111122223333"), ("cloud.account.name", "111122223333")]);
        let nested = uid.nested_composite_filters();
        assert_eq!((nested.len(), uid.operator(), uid.string_filters().len()), (3, Some(&AllowedOperators::Or), 0));
        assert_eq!(nested.iter().flat_map(values).count(), 45);
    }

    #[test]
    fn uids_are_asked_for_exactly_and_once() {
        let named: Vec<Identity> = (0..100).chain(0..100).map(uid).collect();
        let asked = composites(&Query::Findings(named));
        assert_eq!(asked.len(), 5);
        let mut all = Vec::new();
        for composite in &asked {
            assert_eq!(composite.operator(), Some(&AllowedOperators::Or));
            assert!(composite.string_filters().len() <= MAX_FILTERS);
            all.extend(values(composite));
        }
        assert_eq!(all.len(), 100);
        assert!(all.iter().all(|(field, _)| *field == "metadata.uid"));
        assert!(all.contains(&("metadata.uid", "uid-99")));
    }

    #[test]
    fn up_to_ten_identifiers_are_asked_for_exactly() {
        let asked = composites(&Query::Findings((0..10).map(identifier).collect()));
        assert_eq!(asked.len(), 10);
        for (n, composite) in asked.iter().enumerate() {
            assert_eq!(composite.operator(), Some(&AllowedOperators::And));
            let (account, finding) = (format!("account-{n}"), format!("finding-{}", n / 2));
            assert_eq!(
                values(composite),
                [("cloud.account.uid", account.as_str()), ("finding_info.uid", finding.as_str()), ("metadata.product.uid", "product")]
            );
        }
    }

    #[test]
    fn more_identifiers_are_asked_for_more_widely_and_never_less() {
        let asked = composites(&Query::Findings((0..100).map(identifier).chain((0..100).map(uid)).collect()));
        assert!(asked.len() <= MAX_COMPOSITES);
        let all: Vec<(&str, &str)> = asked.iter().flat_map(values).collect();
        let found = |n: usize| all.iter().any(|(field, value)| *field == "finding_info.uid" && *value == format!("finding-{n}"));
        assert!((0..50).all(found));
        assert_eq!(all.iter().filter(|(field, _)| *field == "metadata.uid").count(), 100);
    }

    #[test]
    fn too_many_named_findings_are_refused_not_cut() {
        assert_eq!(asked(&Query::Findings((0..101).map(uid).collect())), Err(FilterError::TooManyNamed(101)));
        assert_eq!(asked(&Query::Findings((0..101).map(identifier).collect())), Err(FilterError::TooManyNamed(101)));
    }
}
