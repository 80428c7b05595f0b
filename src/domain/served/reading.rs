//! A reading of the filters for the laws: what the service would find among a few facts, by either rule for filters of one field.
#![expect(clippy::panic, reason = "a panic is a failed test")]
#![expect(clippy::float_cmp, reason = "equal is exact on the wire")]

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::{Compared, Composite, Days, Filter, MapComparison, Nested, Operator, Served, TextComparison, Wanted};
use crate::domain::{
    query::expr::{Network, Relation},
    time::Millis,
};

pub(super) const NOW: i64 = 1_800_000_000_000;
const DAY: i64 = 86_400_000;

/// How filters of one field are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SameField {
    /// Those that look for something by OR, those that exclude something by AND.
    ByDocumentation,
    /// By the operator.
    ByOperator,
}

/// A value at a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fact {
    Text(String),
    Number(f64),
    Flag(bool),
    Pair(String, String),
}

/// A finding: paths with their values.
pub(super) type Facts = Vec<(&'static str, Vec<Fact>)>;

/// The finding as a document.
pub(super) fn document(facts: &Facts) -> Value {
    let mut document = json!({});
    for (path, values) in facts {
        let values: Vec<Value> = values
            .iter()
            .map(|fact| match fact {
                Fact::Text(text) => json!(text),
                Fact::Number(number) => json!(number),
                Fact::Flag(flag) => json!(flag),
                Fact::Pair(name, value) => json!({ "name": name, "value": value }),
            })
            .collect();
        let mut at = &mut document;
        for step in path.split('.') {
            let Value::Object(members) = at else { panic!("{path} runs through a value") };
            at = members.entry(step).or_insert_with(|| Value::Object(Map::new()));
        }
        *at = values.into();
    }
    document
}

/// Whether the service finds it.
pub(super) fn finds(served: &Served, facts: &Facts, rule: SameField) -> bool {
    let reading = Reading { facts, rule };
    match served.wanted {
        Wanted::Everything => true,
        Wanted::Nothing => false,
        Wanted::Filtered => join(served.operator, served.composites.iter().map(|composite| reading.composite(composite))),
    }
}

struct Reading<'a> {
    facts: &'a Facts,
    rule: SameField,
}

fn join(operator: Operator, mut results: impl Iterator<Item = bool>) -> bool {
    match operator {
        Operator::And => results.all(|result| result),
        Operator::Or => results.any(|result| result),
    }
}

impl Reading<'_> {
    fn composite(&self, Composite { operator, filters, nested }: &Composite) -> bool {
        let nested = nested.iter().map(|Nested { operator, filters }| join(*operator, self.filters(filters)));
        join(*operator, self.filters(filters).chain(nested))
    }

    fn filters<'a>(&'a self, filters: &'a [Filter]) -> impl Iterator<Item = bool> + 'a {
        // The documentation speaks of the field; whether the key of a map belongs to it is not said.
        let first_of_its_field = move |at: usize| !filters[..at].iter().any(|other| other.field == filters[at].field);
        let is_joined = |filter: &Filter| matches!(filter.compared, Compared::Text(..) | Compared::Map(..));
        filters.iter().enumerate().filter_map(move |(at, filter)| {
            if self.rule == SameField::ByOperator || !is_joined(filter) {
                return Some(self.filter(filter));
            }
            let same = || filters.iter().filter(|other| other.field == filter.field);
            let looking = || same().filter(|other| !other.sort().excludes());
            let excluding = || same().filter(|other| other.sort().excludes());
            let holds =
                (looking().count() == 0 || looking().any(|filter| self.filter(filter))) && excluding().all(|filter| self.filter(filter));
            first_of_its_field(at).then_some(holds)
        })
    }

    fn filter(&self, filter: &Filter) -> bool {
        let mut values = self.facts.iter().filter(|(path, _)| *path == filter.field).flat_map(|(_, values)| values);
        values.any(|value| met(&filter.compared, value)) != filter.sort().excludes()
    }
}

/// Whether one value is what is looked for or excluded.
fn met(compared: &Compared, value: &Fact) -> bool {
    match (compared, value) {
        (Compared::Text(comparison, wanted), Fact::Text(text)) => match comparison {
            TextComparison::Equals | TextComparison::NotEquals => text == wanted,
            TextComparison::Prefix | TextComparison::PrefixNotEquals => text.starts_with(wanted.as_str()),
            TextComparison::Contains | TextComparison::NotContains => text.contains(wanted.as_str()),
            TextComparison::ContainsWord => {
                text.split(|c: char| !c.is_alphanumeric()).any(|word| word.to_lowercase() == wanted.to_lowercase())
            }
        },
        (Compared::Number(relation, wanted), Fact::Number(number)) => match relation {
            Relation::Equal => number == wanted,
            Relation::Less => number < wanted,
            Relation::AtMost => number <= wanted,
            Relation::Greater => number > wanted,
            Relation::AtLeast => number >= wanted,
        },
        (Compared::Age(days), Fact::Text(text)) => Millis::from_text(text).is_some_and(|time| match days {
            Days::Within(days) => time.0 >= NOW - i64::from(*days) * DAY,
            Days::OlderThan(days) => time.0 < NOW - i64::from(*days) * DAY,
        }),
        // The ends excluded, which finds least.
        (Compared::Between(start, end), Fact::Text(text)) => {
            Millis::from_text(text).is_some_and(|time| start.is_none_or(|start| time > start) && end.is_none_or(|end| time < end))
        }
        (Compared::Flag(wanted), Fact::Flag(flag)) => wanted == flag,
        (Compared::Map(MapComparison::Equals | MapComparison::NotEquals, key, wanted), Fact::Pair(name, value)) => {
            name == key && value == wanted
        }
        (Compared::Ip(network), Fact::Text(text)) => text.parse().is_ok_and(|address| within(*network, address)),
        _ => false,
    }
}

fn within(network: Network, address: IpAddr) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 0),
        IpAddr::V6(address) => (u128::from(address), 1),
    };
    let ((wanted, version), (found, found_version)) = (bits(network.address), bits(address));
    version == found_version && (wanted ^ found).checked_shr(128 - u32::from(network.prefix)).unwrap_or(0) == 0
}
