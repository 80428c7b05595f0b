//! Filter profiles: saved queries with their columns and order, the hub they are for, and the guard rails that hold while one is in force.
//!
//! Owns what a filter profile is and how its sources are merged. Must not read a file, and does not know how one is written.

pub mod catalogue;
pub mod name;

use std::fmt;

use super::{
    column::Column,
    grouping::GroupField,
    guard_rail::GuardRails,
    order::Order,
    query::Query,
    recipe::{self, Recipe},
};

pub use catalogue::{Broken, Catalogue};
pub use name::{NameError, ProfileName};

/// The name of the filter profile that is always there: what still waits for a decision.
pub const OPEN: &str = "open";

/// What one source says of a filter profile, or all of them merged. What is not said is as the program has it by default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// Which findings.
    pub query: Option<Query>,
    /// Which columns the table has.
    pub columns: Option<Vec<Column>>,
    /// How they are sorted.
    pub order: Option<Order>,
    /// What they are grouped by.
    pub group: Option<Grouping>,
    /// Which hub is asked.
    pub hub: HubChoice,
    /// What may not be sent.
    pub rails: GuardRails,
    /// Its recipes, in the order they are offered.
    pub recipes: Vec<Recipe>,
}

/// What rows are grouped by; that they are not grouped can be said too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grouping(pub Option<GroupField>);

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.map_or("none", GroupField::word))
    }
}

/// Which hub, where neither an option nor the environment names it. `None` says nothing; an empty text says: none, as the AWS default chain
/// has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HubChoice {
    /// The AWS profile.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The endpoint of Security Hub.
    pub endpoint_url: Option<String>,
}

impl HubChoice {
    /// This over another one, member by member.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        let choose = |mine: &Option<String>, other: &Option<String>| mine.clone().or_else(|| other.clone());
        Self {
            profile: choose(&self.profile, &other.profile),
            region: choose(&self.region, &other.region),
            endpoint_url: choose(&self.endpoint_url, &other.endpoint_url),
        }
    }

    /// What is left to the default chain is not said.
    #[must_use]
    pub fn settled(&self) -> Self {
        let settle = |member: &Option<String>| member.clone().filter(|text| !text.is_empty());
        Self { profile: settle(&self.profile), region: settle(&self.region), endpoint_url: settle(&self.endpoint_url) }
    }

    /// Whether it says nothing.
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for HubChoice {
    /// `profile audit, eu-west-1`; `the default hub` where nothing is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hub = self.settled();
        let profile = hub.profile.map(|profile| format!("profile {profile}"));
        let endpoint = hub.endpoint_url.map(|endpoint| format!("at {endpoint}"));
        let parts: Vec<String> = [profile, hub.region, endpoint].into_iter().flatten().collect();
        if parts.is_empty() { f.write_str("the default hub") } else { f.write_str(&parts.join(", ")) }
    }
}

/// Where a part of a filter profile comes from; later ones go over earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// The program itself.
    BuiltIn,
    /// A folder of this machine, for everybody on it.
    System,
    /// `[profiles.NAME]` in the user's configuration.
    Config,
    /// A file of its own in the user's folder.
    User,
}

/// One source of a filter profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Which kind.
    pub kind: SourceKind,
    /// Its file, clean; empty for what is built in.
    pub file: String,
}

impl Source {
    /// What the program brings.
    pub const fn built_in() -> Self {
        Self { kind: SourceKind::BuiltIn, file: String::new() }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.file.is_empty() { "the program" } else { &self.file })
    }
}

/// What one source says.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Which source.
    pub source: Source,
    /// What it says.
    pub content: Content,
}

/// A filter profile, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterProfile {
    /// Its name.
    pub name: ProfileName,
    /// Everything its sources say, merged.
    pub content: Content,
    /// Which hub it leads to by now: what an option or the environment says goes over what it says itself.
    pub asked: HubChoice,
    /// Its sources, each over the ones before it.
    pub layers: Vec<Layer>,
}

/// One thing that a filter profile can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// `query`.
    Query,
    /// `columns`.
    Columns,
    /// `sort`.
    Sort,
    /// `group`.
    Group,
    /// `hub.profile`.
    HubProfile,
    /// `hub.region`.
    HubRegion,
    /// `hub.endpoint_url`.
    HubEndpoint,
    /// `guard_rails.comment_to_suppress`.
    CommentToSuppress,
    /// `guard_rails.no_downgrade_of_critical`.
    NoDowngradeOfCritical,
    /// `guard_rails.most_rows`.
    MostRows,
    /// `guard_rails.read_only`.
    ReadOnly,
    /// `guard_rails.type_count_above`.
    TypeCountAbove,
}

impl Member {
    /// Every one, in the order they are written: those of a table together.
    pub const ALL: [Self; 12] = [
        Self::Query,
        Self::Columns,
        Self::Sort,
        Self::Group,
        Self::HubProfile,
        Self::HubRegion,
        Self::HubEndpoint,
        Self::CommentToSuppress,
        Self::NoDowngradeOfCritical,
        Self::MostRows,
        Self::ReadOnly,
        Self::TypeCountAbove,
    ];

    /// The table it is in; empty is none.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Query | Self::Columns | Self::Sort | Self::Group => "",
            Self::HubProfile | Self::HubRegion | Self::HubEndpoint => "hub",
            Self::CommentToSuppress | Self::NoDowngradeOfCritical | Self::MostRows | Self::ReadOnly | Self::TypeCountAbove => "guard_rails",
        }
    }

    /// Its key there.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Columns => "columns",
            Self::Sort => "sort",
            Self::Group => "group",
            Self::HubProfile => "profile",
            Self::HubRegion => "region",
            Self::HubEndpoint => "endpoint_url",
            Self::CommentToSuppress => "comment_to_suppress",
            Self::NoDowngradeOfCritical => "no_downgrade_of_critical",
            Self::MostRows => "most_rows",
            Self::ReadOnly => "read_only",
            Self::TypeCountAbove => "type_count_above",
        }
    }

    /// Whether a source says it; a guard rail that is switched off says nothing.
    pub fn is_said(self, content: &Content) -> bool {
        match self {
            Self::Query => content.query.is_some(),
            Self::Columns => content.columns.is_some(),
            Self::Sort => content.order.is_some(),
            Self::Group => content.group.is_some(),
            Self::HubProfile => content.hub.profile.is_some(),
            Self::HubRegion => content.hub.region.is_some(),
            Self::HubEndpoint => content.hub.endpoint_url.is_some(),
            Self::CommentToSuppress => content.rails.comment_to_suppress,
            Self::NoDowngradeOfCritical => content.rails.no_downgrade_of_critical,
            Self::MostRows => content.rails.most_rows.is_some(),
            Self::ReadOnly => content.rails.read_only,
            Self::TypeCountAbove => content.rails.type_count_above.is_some(),
        }
    }
}

impl FilterProfile {
    /// Merges sources, of which later ones go over earlier ones; of guard rails the strictest holds, wherever it stands.
    pub fn of(name: ProfileName, mut layers: Vec<Layer>) -> Self {
        layers.sort_by_key(|layer| layer.source.kind);
        let mut content = Content::default();
        for Layer { content: said, .. } in &layers {
            content = Content {
                query: said.query.clone().or(content.query),
                columns: said.columns.clone().or(content.columns),
                order: said.order.clone().or(content.order),
                group: said.group.or(content.group),
                hub: said.hub.over(&content.hub),
                rails: said.rails.strictest(content.rails),
                recipes: recipe::merged(content.recipes, &said.recipes),
            };
        }
        content.hub = content.hub.settled();
        Self { name, asked: content.hub.clone(), content, layers }
    }

    /// The shipped default: findings that still wait for a decision, worst and newest first.
    pub fn open() -> Self {
        let content = Content { query: Some(Query::open()), order: Some(Order::default()), ..Content::default() };
        Self::of(ProfileName::open(), vec![Layer { source: Source::built_in(), content }])
    }

    /// Which findings it asks for: without a query of its own, those of the shipped default.
    pub fn query(&self) -> Query {
        self.content.query.clone().unwrap_or_else(Query::open)
    }

    /// Which columns it shows.
    pub fn columns(&self) -> Vec<Column> {
        self.content.columns.clone().unwrap_or_else(Column::defaults)
    }

    /// How it sorts.
    pub fn order(&self) -> Order {
        self.content.order.clone().unwrap_or_default()
    }

    /// What it groups by.
    pub fn group(&self) -> Option<GroupField> {
        self.content.group.and_then(|group| group.0)
    }

    /// The source that a member comes from; `None` where none says it.
    pub fn origin(&self, member: Member) -> Option<&Source> {
        let mut saying = self.layers.iter().filter(|layer| member.is_said(&layer.content));
        let layer = match member {
            Member::MostRows => saying.min_by_key(|layer| layer.content.rails.most_rows),
            Member::TypeCountAbove => saying.min_by_key(|layer| layer.content.rails.type_count_above),
            Member::CommentToSuppress | Member::NoDowngradeOfCritical | Member::ReadOnly => saying.next(),
            _ => saying.next_back(),
        };
        layer.map(|layer| &layer.source)
    }

    /// The source that a recipe comes from.
    pub fn origin_of(&self, recipe: &Recipe) -> Option<&Source> {
        let says = |layer: &&Layer| layer.content.recipes.iter().any(|said| said.name == recipe.name);
        self.layers.iter().rfind(says).map(|layer| &layer.source)
    }

    /// The source that goes over all others.
    pub fn source(&self) -> Source {
        self.layers.last().map_or_else(Source::built_in, |layer| layer.source.clone())
    }

    /// Whether there is a source of this kind.
    pub fn has_source(&self, kind: SourceKind) -> bool {
        self.layers.iter().any(|layer| layer.source.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::{decision::Decision, order::SortField};

    fn layer(kind: SourceKind, content: Content) -> Layer {
        Layer { source: Source { kind, file: format!("{kind:?}") }, content }
    }

    fn name() -> ProfileName {
        ProfileName::new("payments").unwrap()
    }

    #[test]
    fn later_sources_go_over_earlier_ones_member_by_member_whatever_order_they_are_found_in() {
        let order = Order::default().led_by(SortField::Account);
        let system = Content {
            query: Some("status:new".parse().unwrap()),
            order: Some(order.clone()),
            hub: HubChoice { profile: Some("audit".into()), region: Some("eu-west-1".into()), endpoint_url: None },
            ..Content::default()
        };
        let user = Content {
            query: Some("severity:high".parse().unwrap()),
            hub: HubChoice { profile: Some(String::new()), ..HubChoice::default() },
            ..Content::default()
        };
        let merged = FilterProfile::of(name(), vec![layer(SourceKind::User, user), layer(SourceKind::System, system)]);
        assert_eq!(merged.query().to_string(), "severity:high");
        assert_eq!(merged.order(), order);
        assert_eq!(merged.content.hub, HubChoice { profile: None, region: Some("eu-west-1".into()), endpoint_url: None });
        let origin = |member| merged.origin(member).map(|source| source.kind);
        assert_eq!(origin(Member::Query), Some(SourceKind::User));
        assert_eq!(origin(Member::Sort), Some(SourceKind::System));
        assert_eq!(origin(Member::HubProfile), Some(SourceKind::User), "it says that there is none");
        assert_eq!(origin(Member::MostRows), None);
        assert_eq!(merged.source().kind, SourceKind::User);
    }

    #[test]
    fn of_guard_rails_the_strictest_holds_wherever_it_stands() {
        let rails = |most_rows, comment_to_suppress| Content {
            rails: GuardRails { comment_to_suppress, most_rows, ..GuardRails::default() },
            ..Content::default()
        };
        let layers = vec![
            layer(SourceKind::System, rails(Some(50), true)),
            layer(SourceKind::Config, rails(Some(500), false)),
            layer(SourceKind::User, rails(None, true)),
        ];
        let merged = FilterProfile::of(name(), layers);
        assert_eq!(merged.content.rails, GuardRails { most_rows: Some(50), comment_to_suppress: true, ..GuardRails::default() });
        let origin = |member| merged.origin(member).map(|source| source.kind);
        assert_eq!(origin(Member::MostRows), Some(SourceKind::System));
        assert_eq!(origin(Member::CommentToSuppress), Some(SourceKind::System));
        assert_eq!(origin(Member::ReadOnly), None);
    }

    #[test]
    fn recipes_are_merged_by_name_and_stay_in_their_places() {
        let recipes = |said: &[(&str, char)]| Content {
            recipes: said
                .iter()
                .map(|(name, key)| Recipe {
                    name: ProfileName::new(name).unwrap(),
                    key: Some(*key),
                    decision: Decision::default(),
                    rails: GuardRails::default(),
                })
                .collect(),
            ..Content::default()
        };
        let layers = vec![
            layer(SourceKind::User, recipes(&[("fix", 'x'), ("late", 'l')])),
            layer(SourceKind::System, recipes(&[("accept", 'a'), ("fix", 'f')])),
        ];
        let merged = FilterProfile::of(name(), layers);
        let told: Vec<(&str, Option<char>, Option<SourceKind>)> = merged
            .content
            .recipes
            .iter()
            .map(|recipe| (recipe.name.as_str(), recipe.key, merged.origin_of(recipe).map(|source| source.kind)))
            .collect();
        let expected = [
            ("accept", Some('a'), Some(SourceKind::System)),
            ("fix", Some('x'), Some(SourceKind::User)),
            ("late", Some('l'), Some(SourceKind::User)),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_not_said_is_the_shipped_default() {
        let silent = FilterProfile::of(name(), Vec::new());
        assert_eq!((silent.query(), silent.order()), (Query::open(), Order::default()));
        assert_eq!(FilterProfile::open().query().to_string(), "status:new,in_progress");
        assert_eq!(silent.content.hub.to_string(), "the default hub");
    }
}
