//! `OcsfFindingFilters`: read from a request with all its rules, then asked about findings.
//!
//! The shape is three layers deep: a list of composites, in each of them filters of six kinds and one layer of nested composites. What
//! the service does not document is decided here and said where it is decided.

mod condition;
mod date;
mod ip;
mod map;
mod number;
mod text;

#[cfg(test)]
mod tests;

use serde_json::Value;

use self::condition::Condition;
use super::failure::Failure;
use super::field::{FieldId, FieldKind};
use super::finding::Finding;
use super::members::{Members, each, violation};

pub use self::text::TextComparison;

/// At most so many composite filters in a list, by the text of `OcsfFindingFilters`. For nested lists no limit is documented; the same is
/// used.
pub(super) const MOST_COMPOSITES: usize = 10;
/// At most so many filters of each kind in one composite, by the same text.
pub(super) const MOST_FILTERS_OF_A_KIND: usize = 20;

/// How filters of the same kind on one field are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SameField {
    /// By the text of `StringFilter`: those that look for a value are joined by OR, those that exclude one by AND, whatever `Operator`
    /// says.
    #[default]
    ByDocumentation,
    /// By `Operator` like all others: the text was inherited from the older API, and V2 may not follow it.
    ByOperator,
}

/// What a filter depends on besides the request.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) same_field: SameField,
    /// String comparisons that this service release does not accept.
    pub(super) refused: Vec<TextComparison>,
    /// The present, in milliseconds since the epoch, for date ranges in days.
    pub(super) now: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
}

const OPERATORS: [(&str, Operator); 2] = [("AND", Operator::And), ("OR", Operator::Or)];

impl Operator {
    fn join(self, mut results: impl Iterator<Item = bool>) -> bool {
        match self {
            Self::And => results.all(|matched| matched),
            Self::Or => results.any(|matched| matched),
        }
    }
}

/// Whether an entry looks for a value or excludes one; decides how entries on one field are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Looks,
    Excludes,
}

/// All filters of one request.
#[derive(Debug)]
pub(super) struct Filter {
    operator: Operator,
    composites: Vec<Composite>,
}

#[derive(Debug)]
struct Composite {
    operator: Operator,
    groups: Vec<Group>,
    nested: Vec<Composite>,
}

/// Entries that are joined among themselves before `Operator` joins them with others.
#[derive(Debug)]
struct Group {
    field: FieldId,
    /// The key of a map filter: tags of different keys are different fields.
    key: Option<String>,
    looks: Vec<Condition>,
    excludes: Vec<Condition>,
}

impl Group {
    fn matches(&self, finding: &Finding) -> bool {
        let holds = |condition: &Condition| condition.holds(finding, self.field);
        (self.looks.is_empty() || self.looks.iter().any(holds)) && self.excludes.iter().all(holds)
    }
}

impl Filter {
    /// Reads the `Filters` member.
    pub(super) fn read(value: &Value, place: &str, rules: &Rules) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["CompositeFilters", "CompositeOperator"])?;
        let operator = members.choice("CompositeOperator", &OPERATORS)?.unwrap_or(Operator::And);
        let list = members.list("CompositeFilters", MOST_COMPOSITES)?;
        let composites = each(list, &members.place("CompositeFilters"))
            .map(|(element, place)| Composite::read(element, &place, Layer::Listed, rules))
            .collect::<Result<_, _>>()?;
        Ok(Self { operator, composites })
    }

    /// Whether a finding passes. No composites at all let everything pass.
    pub(super) fn matches(&self, finding: &Finding) -> bool {
        self.composites.is_empty() || self.operator.join(self.composites.iter().map(|composite| composite.matches(finding)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Listed,
    Nested,
}

/// The six kinds with the member each is listed under.
const KINDS: [(FieldKind, &str); 6] = [
    (FieldKind::Text, "StringFilters"),
    (FieldKind::Date, "DateFilters"),
    (FieldKind::Boolean, "BooleanFilters"),
    (FieldKind::Number, "NumberFilters"),
    (FieldKind::Map, "MapFilters"),
    (FieldKind::Ip, "IpFilters"),
];

impl Composite {
    const KNOWN: [&'static str; 8] = [
        "StringFilters",
        "DateFilters",
        "BooleanFilters",
        "NumberFilters",
        "MapFilters",
        "IpFilters",
        "NestedCompositeFilters",
        "Operator",
    ];

    fn read(value: &Value, place: &str, layer: Layer, rules: &Rules) -> Result<Self, Failure> {
        let members = Members::of(value, place, &Self::KNOWN)?;
        let operator = members.choice("Operator", &OPERATORS)?.unwrap_or(Operator::And);
        let mut composite = Self { operator, groups: Vec::new(), nested: Vec::new() };
        for (kind, name) in KINDS {
            let list = members.list(name, MOST_FILTERS_OF_A_KIND)?;
            let mut entries = Vec::new();
            for (element, place) in each(list, &members.place(name)) {
                entries.push(Entry::read(element, &place, kind, rules)?);
            }
            refuse_mixtures(&entries, &members.place(name))?;
            composite.groups.extend(gather(entries, rules.same_field));
        }
        let nested = members.list("NestedCompositeFilters", MOST_COMPOSITES)?;
        if layer == Layer::Nested && nested.is_some_and(|nested| !nested.is_empty()) {
            return Err(members.violation("NestedCompositeFilters", "Composite filters can be nested one level deep only"));
        }
        for (element, place) in each(nested, &members.place("NestedCompositeFilters")) {
            composite.nested.push(Self::read(element, &place, Layer::Nested, rules)?);
        }
        Ok(composite)
    }

    /// A composite without any filter lets everything pass.
    fn matches(&self, finding: &Finding) -> bool {
        if self.groups.is_empty() && self.nested.is_empty() {
            return true;
        }
        let own = self.groups.iter().map(|group| group.matches(finding));
        self.operator.join(own.chain(self.nested.iter().map(|nested| nested.matches(finding))))
    }
}

/// One entry of a kind's list: a field and what it is compared with.
#[derive(Debug)]
struct Entry {
    field: FieldId,
    name: String,
    key: Option<String>,
    condition: Condition,
}

impl Entry {
    fn read(value: &Value, place: &str, kind: FieldKind, rules: &Rules) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["FieldName", "Filter"])?;
        let name = members.required_text("FieldName")?;
        let field = FieldId::find(kind, name)
            .ok_or_else(|| members.violation("FieldName", &format!("Member must satisfy enum value set: [{}]", kind.names().join(", "))))?;
        let (condition, key) = Condition::read(kind, members.required_member("Filter")?, &members.place("Filter"), rules)?;
        Ok(Self { field, name: name.to_owned(), key, condition })
    }
}

/// The documented rules on comparisons that may not stand together on one field of one composite.
fn refuse_mixtures(entries: &[Entry], place: &str) -> Result<(), Failure> {
    for (position, first) in entries.iter().enumerate() {
        let others = entries.get(position + 1..).unwrap_or_default();
        let same = |second: &&Entry| second.field == first.field && second.key == first.key;
        for second in others.iter().filter(same) {
            if let Some((one, other)) = first.condition.clash(&second.condition) {
                return Err(violation(place, &format!("{one} and {other} filters can't be combined on the same field, {}", first.name)));
            }
        }
    }
    Ok(())
}

fn gather(entries: Vec<Entry>, same_field: SameField) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for entry in entries {
        // Number, date and boolean entries have no documented joining of their own: each stands alone under `Operator`.
        let joins = same_field == SameField::ByDocumentation && entry.condition.joins_on_its_field();
        let known = groups.iter_mut().find(|group| joins && group.field == entry.field && group.key == entry.key);
        let group = if let Some(known) = known {
            known
        } else {
            groups.push(Group { field: entry.field, key: entry.key, looks: Vec::new(), excludes: Vec::new() });
            let Some(last) = groups.last_mut() else { continue };
            last
        };
        match entry.condition.sense() {
            Sense::Looks => group.looks.push(entry.condition),
            Sense::Excludes => group.excludes.push(entry.condition),
        }
    }
    groups
}
