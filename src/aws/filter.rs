//! A query's filters in the SDK's types.
//!
//! One to one: what is asked for is decided in `domain::served`. Must not turn "nothing" into no filter, which would mean everything.

use std::collections::BTreeSet;

use aws_sdk_securityhub::types::{
    AllowedOperators, BooleanFilter, CompositeFilter, DateFilter, DateRange, DateRangeComparison, DateRangeUnit, IpFilter, MapFilter,
    MapFilterComparison, NumberFilter, OcsfBooleanField, OcsfBooleanFilter, OcsfDateField, OcsfDateFilter, OcsfFindingFilters, OcsfIpField,
    OcsfIpFilter, OcsfMapField, OcsfMapFilter, OcsfNumberField, OcsfNumberFilter, OcsfStringField, OcsfStringFilter, StringFilter,
    StringFilterComparison, builders::CompositeFilterBuilder,
};

use crate::domain::{
    identity::Identity,
    query::{
        MAX_NAMED, Query,
        expr::{Network, Relation},
    },
    served::{Compared, Composite, Days, Filter, MapComparison, Nested, Operator, Served, TextComparison, Wanted},
    time::Millis,
};

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
    /// More findings than a page holds.
    #[error("{0} named findings of one kind do not fit into one request; name at most {MAX_NAMED}")]
    TooManyNamed(usize),
}

/// Translates a query.
pub(super) fn asked(query: &Query) -> Result<Asked, FilterError> {
    if let Query::Findings(identities) = query {
        let (uids, others): (BTreeSet<_>, BTreeSet<_>) = identities
            .iter()
            .filter(|identity| !matches!(identity, Identity::Unaddressable(_)))
            .partition(|identity| matches!(identity, Identity::MetadataUid(_)));
        if let Some(count) = [uids.len(), others.len()].into_iter().find(|count| *count > MAX_NAMED) {
            return Err(FilterError::TooManyNamed(count));
        }
    }
    let served = Served::of(query);
    Ok(match served.wanted {
        Wanted::Nothing => Asked::Nothing,
        Wanted::Everything => Asked::Everything,
        // No composite at all would mean everything.
        Wanted::Filtered if served.composites.is_empty() => Asked::Nothing,
        Wanted::Filtered => Asked::Filtered(
            OcsfFindingFilters::builder()
                .set_composite_filters(Some(served.composites.into_iter().map(composite).collect()))
                .composite_operator(joined(served.operator))
                .build(),
        ),
    })
}

fn joined(operator: Operator) -> AllowedOperators {
    match operator {
        Operator::And => AllowedOperators::And,
        Operator::Or => AllowedOperators::Or,
    }
}

fn composite(composite: Composite) -> CompositeFilter {
    let own = composite.filters.into_iter().fold(CompositeFilter::builder(), with);
    composite
        .nested
        .into_iter()
        .fold(own, |own, inner| own.nested_composite_filters(nested(inner)))
        .operator(joined(composite.operator))
        .build()
}

fn nested(nested: Nested) -> CompositeFilter {
    nested.filters.into_iter().fold(CompositeFilter::builder(), with).operator(joined(nested.operator)).build()
}

/// Adds a filter to the list of its kind.
fn with(composite: CompositeFilterBuilder, filter: Filter) -> CompositeFilterBuilder {
    let field = filter.field;
    match filter.compared {
        Compared::Text(comparison, value) => {
            let filter = StringFilter::builder().value(value).comparison(text_comparison(comparison)).build();
            composite.string_filters(OcsfStringFilter::builder().field_name(OcsfStringField::from(field)).filter(filter).build())
        }
        Compared::Number(relation, number) => composite
            .number_filters(OcsfNumberFilter::builder().field_name(OcsfNumberField::from(field)).filter(span(relation, number)).build()),
        Compared::Age(days) => composite.date_filters(date(field, DateFilter::builder().date_range(range(days)).build())),
        Compared::Between(start, end) => {
            let text = |time: Option<Millis>| time.and_then(Millis::to_text);
            composite.date_filters(date(field, DateFilter::builder().set_start(text(start)).set_end(text(end)).build()))
        }
        Compared::Flag(flag) => {
            let filter = BooleanFilter::builder().value(flag).build();
            composite.boolean_filters(OcsfBooleanFilter::builder().field_name(OcsfBooleanField::from(field)).filter(filter).build())
        }
        Compared::Map(comparison, key, value) => {
            let filter = MapFilter::builder().key(key).value(value).comparison(map_comparison(comparison)).build();
            composite.map_filters(OcsfMapFilter::builder().field_name(OcsfMapField::from(field)).filter(filter).build())
        }
        Compared::Ip(Network { address, prefix }) => {
            let filter = IpFilter::builder().cidr(format!("{address}/{prefix}")).build();
            composite.ip_filters(OcsfIpFilter::builder().field_name(OcsfIpField::from(field)).filter(filter).build())
        }
    }
}

fn text_comparison(comparison: TextComparison) -> StringFilterComparison {
    match comparison {
        TextComparison::Equals => StringFilterComparison::Equals,
        TextComparison::Prefix => StringFilterComparison::Prefix,
        TextComparison::Contains => StringFilterComparison::Contains,
        TextComparison::ContainsWord => StringFilterComparison::ContainsWord,
        TextComparison::NotEquals => StringFilterComparison::NotEquals,
        TextComparison::PrefixNotEquals => StringFilterComparison::PrefixNotEquals,
        TextComparison::NotContains => StringFilterComparison::NotContains,
    }
}

fn map_comparison(comparison: MapComparison) -> MapFilterComparison {
    match comparison {
        MapComparison::Equals => MapFilterComparison::Equals,
        MapComparison::NotEquals => MapFilterComparison::NotEquals,
    }
}

fn span(relation: Relation, number: f64) -> NumberFilter {
    let span = NumberFilter::builder();
    match relation {
        Relation::Equal => span.eq(number),
        Relation::Less => span.lt(number),
        Relation::AtMost => span.lte(number),
        Relation::Greater => span.gt(number),
        Relation::AtLeast => span.gte(number),
    }
    .build()
}

fn date(field: &str, filter: DateFilter) -> OcsfDateFilter {
    OcsfDateFilter::builder().field_name(OcsfDateField::from(field)).filter(filter).build()
}

fn range(days: Days) -> DateRange {
    let (value, comparison) = match days {
        Days::Within(days) => (days, DateRangeComparison::Within),
        Days::OlderThan(days) => (days, DateRangeComparison::OlderThan),
    };
    DateRange::builder().value(value).unit(DateRangeUnit::Days).comparison(comparison).build()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]
    use super::*;
    use crate::domain::{identity::Identifier, status::StatusId};

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
        let filter = |filter: &OcsfStringFilter| filter.filter().cloned().unwrap();
        assert!(composite.string_filters().iter().all(|one| filter(one).comparison() == Some(&StringFilterComparison::Equals)));
        composite.string_filters().iter().map(|one| (one.field_name().unwrap().as_str(), one.filter().unwrap().value().unwrap())).collect()
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
        for nothing in [Query::Findings(Vec::new()), Query::Findings(vec![Identity::Unaddressable("digest".to_owned())])] {
            assert_eq!(asked(&nothing), Ok(Asked::Nothing), "{nothing:?}");
        }
    }

    #[test]
    fn statuses_are_joined_by_or() {
        let open = composites(&Query::open());
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].operator(), Some(&AllowedOperators::Or));
        let ids: Vec<Option<f64>> = open[0].number_filters().iter().map(|filter| filter.filter().unwrap().eq()).collect();
        assert_eq!(ids, [Some(1.0), Some(2.0)]);
        assert_eq!(open[0].number_filters()[0].field_name().unwrap().as_str(), "status_id");
        assert_eq!(composites(&Query::of_status(&(0..45).chain(0..45).map(StatusId).collect::<Vec<_>>())).len(), 3);
    }

    #[test]
    fn uids_are_asked_for_exactly_and_once() {
        let named: Vec<Identity> = (0..100).chain(0..100).map(uid).collect();
        let asked = composites(&Query::Findings(named));
        assert_eq!(asked.iter().map(|composite| composite.string_filters().len()).collect::<Vec<_>>(), [20; 5]);
        assert!(asked.iter().all(|composite| composite.operator() == Some(&AllowedOperators::Or)));
        let all: Vec<(&str, &str)> = asked.iter().flat_map(values).collect();
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
        assert!(asked.len() <= 10);
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
