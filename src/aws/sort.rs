//! The order of a scan as the service's sort criteria, and the way down when it refuses them.
//!
//! Owns which fields are asked for, what is tried next, and the token that carries the choice: a token must go back with the order it
//! came from, so the order travels inside it and a scan cannot mix two.

use aws_sdk_securityhub::types::{SortCriterion, SortOrder};

use crate::{
    domain::order::{Direction, SortField, SortKey},
    hub::PageOrder,
};

/// The one field that the service is known to sort by (the shipped integration of Elastic uses it).
const MODIFIED: &str = "finding_info.modified_time_dt";

/// Which order a scan runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Plan {
    /// As asked, as far as the service has fields for it.
    Asked,
    /// By modification time alone.
    Modified,
    /// No criteria.
    None,
}

impl Plan {
    const ALL: [Self; 3] = [Self::Asked, Self::Modified, Self::None];

    /// What to try, in turn, for these keys: each plan that is different from the one before it.
    pub(super) fn ladder(keys: &[SortKey]) -> Vec<Self> {
        let mut plans: Vec<Self> = Vec::new();
        for plan in Self::ALL {
            let fresh = plans.last().is_none_or(|last| last.criteria(keys) != plan.criteria(keys));
            let useful = plan == Self::None || !plan.criteria(keys).is_empty();
            // Without keys the service's own order is the one that was asked for.
            if fresh && useful && (!keys.is_empty() || plan == Self::None) {
                plans.push(plan);
            }
        }
        plans
    }

    /// The criteria of the request; empty is none.
    pub(super) fn criteria(self, keys: &[SortKey]) -> Vec<SortCriterion> {
        match self {
            Self::Asked => sortable(keys).iter().filter_map(|key| field(key.field).map(|name| criterion(name, key.direction))).collect(),
            Self::Modified => {
                let modified = keys.iter().find(|key| key.field == SortField::Modified);
                vec![criterion(MODIFIED, modified.map_or(Direction::Descending, |key| key.direction))]
            }
            Self::None => Vec::new(),
        }
    }

    /// What the plan means for the order on screen.
    pub(super) fn order(self, keys: &[SortKey]) -> PageOrder {
        match self {
            Self::Asked if sortable(keys).len() == keys.len() => PageOrder::AsAsked,
            Self::Asked => PageOrder::Partly,
            Self::Modified => PageOrder::ModifiedOnly,
            Self::None if keys.is_empty() => PageOrder::AsAsked,
            Self::None => PageOrder::ServiceOwn,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Asked => 'a',
            Self::Modified => 'm',
            Self::None => 'n',
        }
    }

    /// The service's token with the plan in front: what the caller holds.
    pub(super) fn seal(self, token: &str) -> String {
        format!("{}:{token}", self.letter())
    }

    /// The plan and the service's token; `None` for a token that this adapter did not give out.
    pub(super) fn open(sealed: &str) -> Option<(Self, &str)> {
        let (letter, token) = sealed.split_once(':')?;
        let plan = Self::ALL.into_iter().find(|plan| letter.chars().eq([plan.letter()]))?;
        (!token.is_empty()).then_some((plan, token))
    }
}

/// The leading keys that the service has a field for. The rest cannot follow: sorting by a later key first would be another order.
fn sortable(keys: &[SortKey]) -> &[SortKey] {
    let end = keys.iter().position(|key| field(key.field).is_none()).unwrap_or(keys.len());
    keys.get(..end).unwrap_or(keys)
}

/// The service's name of a field, where one value of the finding is what the column sorts by. All but the modification time are names
/// it filters by, and may be refused.
const fn field(field: SortField) -> Option<&'static str> {
    match field {
        SortField::Severity => Some("severity_id"),
        SortField::Status => Some("status_id"),
        SortField::Created => Some("finding_info.created_time_dt"),
        SortField::Modified => Some(MODIFIED),
        SortField::Region => Some("cloud.region"),
        SortField::Title => Some("finding_info.title"),
        // Columns made of several values, or of the first of a list.
        SortField::Account | SortField::Product | SortField::Control | SortField::Resource => None,
    }
}

fn criterion(field: &str, direction: Direction) -> SortCriterion {
    let order = match direction {
        Direction::Ascending => SortOrder::Ascending,
        Direction::Descending => SortOrder::Descending,
    };
    SortCriterion::builder().field(field).sort_order(order).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::Order;

    const fn key(field: SortField, direction: Direction) -> SortKey {
        SortKey { field, direction }
    }

    fn shown(plan: Plan, keys: &[SortKey]) -> Vec<String> {
        plan.criteria(keys)
            .iter()
            .map(|criterion| format!("{} {}", criterion.field().unwrap_or_default(), criterion.sort_order().map_or("", SortOrder::as_str)))
            .collect()
    }

    #[test]
    fn the_default_order_is_asked_for_whole_and_falls_back_twice() {
        let keys = Order::default().0;
        assert_eq!(Plan::ladder(&keys), [Plan::Asked, Plan::Modified, Plan::None]);
        assert_eq!(shown(Plan::Asked, &keys), ["severity_id desc", "finding_info.modified_time_dt desc"]);
        assert_eq!(shown(Plan::Modified, &keys), ["finding_info.modified_time_dt desc"]);
        assert_eq!(shown(Plan::None, &keys), Vec::<String>::new());
        assert_eq!(Plan::ALL.map(|plan| plan.order(&keys)), [PageOrder::AsAsked, PageOrder::ModifiedOnly, PageOrder::ServiceOwn]);
    }

    #[test]
    fn a_key_the_service_has_no_field_for_ends_what_is_asked_for() {
        let keys = [
            key(SortField::Severity, Direction::Ascending),
            key(SortField::Resource, Direction::Ascending),
            key(SortField::Modified, Direction::Ascending),
        ];
        assert_eq!(shown(Plan::Asked, &keys), ["severity_id asc"]);
        assert_eq!(Plan::Asked.order(&keys), PageOrder::Partly);
        assert_eq!(shown(Plan::Modified, &keys), ["finding_info.modified_time_dt asc"]);
        assert_eq!(Plan::ladder(&keys[1..]), [Plan::Modified, Plan::None]);
    }

    #[test]
    fn nothing_is_tried_twice() {
        assert_eq!(Plan::ladder(&[key(SortField::Modified, Direction::Descending)]), [Plan::Asked, Plan::None]);
        assert_eq!(Plan::ladder(&[]), [Plan::None]);
        assert_eq!(Plan::None.order(&[]), PageOrder::AsAsked);
    }

    #[test]
    fn the_plan_travels_in_the_token() {
        for plan in Plan::ALL {
            assert_eq!(Plan::open(&plan.seal("tok:en")), Some((plan, "tok:en")));
        }
        for foreign in ["", "token", "x:token", "am:token", "a:"] {
            assert_eq!(Plan::open(foreign), None, "{foreign}");
        }
    }
}
