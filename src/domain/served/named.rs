//! Named findings as filters: by `metadata.uid`, or by the three values that name a finding without one.

use std::collections::BTreeSet;

use super::{
    MAX_COMPOSITES, MAX_FILTERS, Served, fit,
    plain::{Compared, Filter, Operator, TextComparison},
    tree::Tree,
};
use crate::domain::identity::{Identifier, Identity};

/// Where the service keeps what a finding is named by.
const UID: &str = "metadata.uid";
const ACCOUNT: &str = "cloud.account.uid";
const FINDING: &str = "finding_info.uid";
const PRODUCT: &str = "metadata.product.uid";

/// The findings of these names; those that cannot be addressed are never found.
pub(super) fn served(identities: &[Identity], text: String) -> Served {
    let uids = distinct(identities.iter().filter_map(|identity| match identity {
        Identity::MetadataUid(uid) => Some(uid.as_str()),
        Identity::Identifier(_) | Identity::Unaddressable(_) => None,
    }));
    let identifiers = distinct(identities.iter().filter_map(|identity| match identity {
        Identity::Identifier(identifier) => Some(identifier),
        Identity::MetadataUid(_) | Identity::Unaddressable(_) => None,
    }));
    let mut parts: Vec<Tree> = uids.iter().map(|uid| equal(UID, uid)).collect();
    if parts.len().div_ceil(MAX_FILTERS) + identifiers.len() <= MAX_COMPOSITES {
        parts.extend(identifiers.into_iter().map(exactly));
    } else {
        // No room for a composite each: by the one part that is nearly unique. Findings of the same uid in another account or product
        // come along, and the caller drops them.
        let finding_uids = distinct(identifiers.iter().map(|identifier| identifier.finding_uid.as_str()));
        parts.extend(finding_uids.into_iter().map(|uid| equal(FINDING, uid)));
    }
    let fitted = fit::fit(Tree::join(Operator::Or, parts, 0));
    Served::from_parts(fitted.wanted, fitted.operator, fitted.composites, fitted.lost, vec![text])
}

/// A finding by its three values.
fn exactly(identifier: &Identifier) -> Tree {
    let values = [(ACCOUNT, &identifier.account_uid), (FINDING, &identifier.finding_uid), (PRODUCT, &identifier.product_uid)];
    Tree::join(Operator::And, values.into_iter().map(|(field, value)| equal(field, value)).collect(), 0)
}

fn equal(field: &'static str, value: &str) -> Tree {
    Tree::Leaf(Filter { field, compared: Compared::Text(TextComparison::Equals, value.to_owned()), origin: 0 })
}

/// Each value once, in the order they came.
fn distinct<T: Ord + Clone>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut met = BTreeSet::new();
    values.filter(|value| met.insert(value.clone())).collect()
}
