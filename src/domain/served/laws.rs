//! Laws over random queries and findings: never less than what is meant, exactly that where nothing is applied here, and never beyond
//! the limits.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    Compared, Filter, FilterKind, MAX_COMPOSITES, MAX_FILTERS, Operator, Served, Wanted,
    reading::{Fact, Facts, NOW, SameField, document, finds},
};
use crate::domain::{
    identity::Identity,
    query::{
        expr::{Clause, DateTest, Expr, Moment, Relation, Test},
        field::{Field, Kind, served},
        matching::{Matcher, Subject},
        sample,
    },
    severity::SeverityId,
    time::Millis,
};

/// A few fields, so that clauses meet on one.
const FIELDS: [&str; 16] = [
    "title",
    "title",
    "account",
    "comment",
    "severity_text",
    "cvss",
    "severity_id",
    "status",
    "severity",
    "vendor_severity",
    "age",
    "created",
    "exploit",
    "tag",
    "src",
    "epss",
];

fn clause() -> impl Strategy<Value = Expr> {
    let few = select(FIELDS.to_vec()).prop_map(|name| Field::named(name).unwrap());
    let field = prop_oneof![4 => few, 1 => sample::field()];
    field.prop_flat_map(|field| sample::test_of(field.kind()).prop_map(move |test| Expr::Clause(Clause { field: field.clone(), test })))
}

fn expr() -> impl Strategy<Value = Expr> {
    clause().prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..7).prop_map(|parts| parts.into_iter().reduce(Expr::and).unwrap()),
            vec(inner.clone(), 2..7).prop_map(|parts| parts.into_iter().reduce(Expr::or).unwrap()),
            inner.prop_map(Expr::negated),
        ]
    })
}

/// Values around those that a clause compares with.
fn candidates(test: &Test) -> Vec<Fact> {
    let texts = |texts: Vec<String>| texts.into_iter().map(Fact::Text).collect::<Vec<_>>();
    let time = |millis: i64| Millis(millis).to_text();
    match test {
        Test::Present => vec![Fact::Text("a".to_owned()), Fact::Number(1.0)],
        Test::Text(patterns) => {
            let around = |text: &str| vec![text.to_owned(), format!("{text}b"), format!("a {}", text.to_uppercase()), format!("a{text} x")];
            texts(patterns.iter().flat_map(|pattern| around(&pattern.text)).collect())
        }
        Test::Number(_, numbers) => numbers.iter().flat_map(|number| [-1.0, 0.0, 1.0].map(|more| Fact::Number(number + more))).collect(),
        Test::Severity(..) | Test::Status(_) => (0..7).chain([99, 42]).map(|id| Fact::Number(f64::from(id))).collect(),
        Test::Flag(_) => vec![Fact::Flag(true), Fact::Flag(false)],
        Test::Date(test) => {
            let middle = match test {
                DateTest::Age(_, span) => NOW - span.millis(),
                DateTest::Moment(_, Moment::Day(time) | Moment::Time(time)) => time.0,
            };
            texts([-86_400_000, -1, 0, 1, 43_200_000, 86_399_999, 86_400_000].into_iter().filter_map(|more| time(middle + more)).collect())
        }
        Test::Map(pairs) => pairs
            .iter()
            .flat_map(|pair| {
                let value = pair.value.as_ref().map_or("", |value| value.text.as_str());
                [value.to_owned(), format!("{value}b"), "b".to_owned()].map(|value| Fact::Pair(pair.key.clone(), value))
            })
            .collect(),
        Test::Ip(networks) => texts(networks.iter().map(|network| network.address.to_string()).chain(["10.0.0.1".to_owned()]).collect()),
    }
}

fn clauses<'a>(expr: &'a Expr, found: &mut Vec<&'a Clause>) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| clauses(part, found)),
        Expr::Not(inner) => clauses(inner, found),
        Expr::Clause(clause) => found.push(clause),
    }
}

/// Findings with none, one or two values at each path that a query asks about.
fn finding(expr: &Expr) -> impl Strategy<Value = Facts> + use<> {
    let mut found = Vec::new();
    clauses(expr, &mut found);
    let mut paths: Vec<(&'static str, Vec<Fact>)> = Vec::new();
    for clause in found {
        for (path, _) in clause.field.paths().iter().filter_map(|path| served(path)) {
            match paths.iter_mut().find(|(known, _)| *known == path) {
                Some((_, values)) => values.extend(candidates(&clause.test)),
                None => paths.push((path, candidates(&clause.test))),
            }
        }
    }
    let one = |(path, values): (&'static str, Vec<Fact>)| vec(select(values), 0..3).prop_map(move |values| (path, values));
    paths
        .into_iter()
        .map(one)
        .collect::<Vec<_>>()
        .prop_map(|facts: Facts| facts.into_iter().filter(|(_, values)| !values.is_empty()).collect())
}

fn query_and_findings() -> impl Strategy<Value = (Expr, Vec<Facts>)> {
    expr().prop_flat_map(|expr| {
        let findings = vec(finding(&expr), 1..12);
        (Just(expr), findings)
    })
}

fn is_met(matcher: &Matcher, facts: &Facts) -> bool {
    let identity = Identity::Unaddressable(String::new());
    matcher.matches(&Subject { identity: &identity, document: &document(facts), now: Millis(NOW), values: None })
}

fn within_limits(operator: Operator, filters: &[Filter]) {
    for kind in FilterKind::ALL {
        assert!(filters.iter().filter(|filter| filter.kind() == kind).count() <= MAX_FILTERS);
    }
    for (at, one) in filters.iter().enumerate() {
        for other in &filters[at + 1..] {
            if one.field == other.field {
                assert_eq!(one.sort(), other.sort(), "{one:?} {other:?}");
                assert_eq!(one.sort().excludes(), operator == Operator::And, "{one:?} {other:?}");
            }
        }
        match &one.compared {
            Compared::Text(_, text) => assert!(!text.trim().is_empty()),
            Compared::Map(_, key, value) => assert!(!key.trim().is_empty() && !value.trim().is_empty()),
            Compared::Number(_, number) => assert!(number.is_finite()),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_service_finds_never_less_and_just_that_where_nothing_is_applied_here((expr, findings) in query_and_findings()) {
        let served = Served::of_expr(&expr);
        let matcher = Matcher::of(&expr);
        for facts in findings {
            let meant = is_met(&matcher, &facts);
            for rule in [SameField::ByDocumentation, SameField::ByOperator] {
                let found = finds(&served, &facts, rule);
                prop_assert!(found || !meant, "less: {} {:?} {:?}", expr, facts, served);
                prop_assert!(!served.local.is_empty() || found == meant, "more, unsaid: {} {:?} {:?}", expr, facts, served);
            }
        }
    }

    #[test]
    fn a_request_keeps_the_limits_and_the_rules_on_mixing(expr in expr()) {
        let served = Served::of_expr(&expr);
        prop_assert_eq!(served.wanted == Wanted::Filtered, !served.composites.is_empty());
        prop_assert!(served.composites.len() <= MAX_COMPOSITES);
        for composite in &served.composites {
            prop_assert!(composite.nested.len() <= MAX_COMPOSITES);
            prop_assert!(!composite.filters.is_empty() || !composite.nested.is_empty(), "an empty composite finds everything");
            within_limits(composite.operator, &composite.filters);
            for nested in &composite.nested {
                prop_assert!(!nested.filters.is_empty());
                within_limits(nested.operator, &nested.filters);
            }
        }
    }

    #[test]
    fn no_message_is_too_odd_to_look_for_a_clause_in(expr in expr(), message in ".{0,60}|(compositeFilters|stringFilters|[0-9.\\[\\]/']){1,12}") {
        for clause in Served::of_expr(&expr).offenders(&message) {
            prop_assert!(!clause.is_empty());
        }
    }

    #[test]
    fn orders_of_severities_are_those_of_the_matcher(than in 0..7_i32, other in prop_oneof![0..8_i32, Just(99)]) {
        for relation in [Relation::Less, Relation::AtMost, Relation::Greater, Relation::AtLeast] {
            let expr = Expr::Clause(Clause { field: Field::named("severity").unwrap(), test: Test::Severity(relation, vec![SeverityId(than)]) });
            let facts: Facts = vec![("severity_id", vec![Fact::Number(f64::from(other))])];
            prop_assert_eq!(finds(&Served::of_expr(&expr), &facts, SameField::ByOperator), is_met(&Matcher::of(&expr), &facts));
        }
    }
}

#[test]
fn the_kinds_of_the_chosen_fields_are_all_there_are() {
    let kinds = [Kind::Text, Kind::Number, Kind::Date, Kind::Flag, Kind::Map, Kind::Ip, Kind::Severity, Kind::Status, Kind::Any];
    assert!(kinds.iter().all(|kind| FIELDS.iter().any(|name| Field::named(name).unwrap().kind() == *kind)));
}
