//! `GetFindingStatisticsV2`: how many findings have which value of a field.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::document::Datum;
use super::failure::Failure;
use super::field::{FieldId, FieldKind, GROUP_FIELDS};
use super::filter::{Filter, Rules};
use super::members::{Members, each, violation};
use super::scope;
use super::settings::Settings;
use super::store::{Direction, Store};

/// The documented limit of rules in one call.
const MOST_RULES: usize = 5;
/// The model's limits of `MaxStatisticResults`. Its default is not documented; here it is the most.
const MOST_RESULTS: i64 = 400;

/// Answers with the counts of every rule.
///
/// A finding with several values at a field counts once for each of them, and one without the field counts nowhere.
pub(super) fn get_statistics(body: &Value, settings: &Settings, rules: &Rules, store: &Store) -> Result<String, Failure> {
    let members = Members::of(body, "", &["GroupByRules", "Scopes", "SortOrder", "MaxStatisticResults"])?;
    scope::check(&members, settings)?;
    let orders = [("asc", Direction::Ascending), ("desc", Direction::Descending)];
    let direction = members.choice("SortOrder", &orders)?.unwrap_or(Direction::Descending);
    let most = members.integer_within("MaxStatisticResults", 1, MOST_RESULTS)?.unwrap_or(MOST_RESULTS);
    members.required_member("GroupByRules")?;
    let list = members.list("GroupByRules", MOST_RULES)?;
    let rules = each(list, "GroupByRules").map(|(element, place)| Rule::read(element, &place, rules)).collect::<Result<Vec<_>, _>>()?;
    if rules.is_empty() {
        return Err(violation("GroupByRules", "Member must have length greater than or equal to 1"));
    }
    let results: Vec<Value> = rules
        .iter()
        .map(|rule| {
            let mut counts = rule.count(store);
            counts.sort_by(|(one, fewer), (two, more)| {
                let by_count = if direction == Direction::Ascending { fewer.cmp(more) } else { more.cmp(fewer) };
                by_count.then_with(|| one.cmp(two))
            });
            counts.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            let values: Vec<Value> = counts.into_iter().map(|(value, count)| json!({ "FieldValue": value, "Count": count })).collect();
            json!({ "GroupByField": rule.name, "GroupByValues": values })
        })
        .collect();
    Ok(json!({ "GroupByResults": results }).to_string())
}

struct Rule {
    name: &'static str,
    field: FieldId,
    filter: Option<Filter>,
}

impl Rule {
    fn read(value: &Value, place: &str, rules: &Rules) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["Filters", "GroupByField"])?;
        let name = members.required_choice("GroupByField", &GROUP_FIELDS.map(|name| (name, name)))?;
        let field =
            FieldId::find(FieldKind::Text, name).ok_or_else(|| Failure::internal(format!("{name} is not among the text fields")))?;
        let filter = members.get("Filters").map(|filters| Filter::read(filters, &members.place("Filters"), rules)).transpose()?;
        Ok(Self { name, field, filter })
    }

    fn count<'a>(&self, store: &'a Store) -> Vec<(&'a str, u64)> {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for (_, finding) in store.iter() {
            if self.filter.as_ref().is_some_and(|filter| !filter.matches(finding)) {
                continue;
            }
            let values: BTreeSet<&str> = finding
                .values(self.field)
                .filter_map(|datum| match datum {
                    Datum::Text(text) => Some(text),
                    Datum::Number(_) | Datum::Flag(_) | Datum::Moment(_) | Datum::Pair(..) => None,
                })
                .collect();
            for value in values {
                *counts.entry(value).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    }
}
