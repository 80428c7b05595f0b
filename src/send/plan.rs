//! From staged rows to calls: rows that are there already are left out, the rest is grouped by identical patch and cut at 100.

use crate::domain::{
    batch::{Batch, MAX_ROWS},
    identity::Identity,
    patch::{Patch, Values},
    row::RowId,
};

/// A row with a staged change, as it stands when the review opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedRow {
    /// The row.
    pub row: RowId,
    /// How it is addressed.
    pub identity: Identity,
    /// Its values as last seen.
    pub now: Values,
    /// What is staged.
    pub patch: Patch,
}

/// Rows that get the same patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What is set.
    pub patch: Patch,
    /// On which rows, in table order.
    pub rows: Vec<StagedRow>,
}

/// What a send would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// In the order their first row stands in the table.
    pub groups: Vec<Group>,
    /// Rows where every staged field has its value already. A patch is never trimmed row by row.
    pub already_there: Vec<RowId>,
    /// Rows that the service cannot address.
    pub unaddressable: Vec<RowId>,
}

/// One call of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedBatch {
    /// What is sent.
    pub batch: Batch,
    /// The rows, in the batch's order.
    pub rows: Vec<RowId>,
}

impl Plan {
    /// Sorts staged rows into groups.
    pub fn of(staged: impl IntoIterator<Item = StagedRow>) -> Self {
        let mut plan = Self::default();
        let mut places = std::collections::HashMap::new();
        for row in staged {
            if row.now.satisfy(&row.patch) {
                plan.already_there.push(row.row);
            } else if !row.identity.is_addressable() {
                plan.unaddressable.push(row.row);
            } else {
                let place = *places.entry(row.patch.clone()).or_insert_with(|| {
                    plan.groups.push(Group { patch: row.patch.clone(), rows: Vec::new() });
                    plan.groups.len() - 1
                });
                if let Some(group) = plan.groups.get_mut(place) {
                    group.rows.push(row);
                }
            }
        }
        plan
    }

    /// How many rows would be sent.
    pub fn row_count(&self) -> usize {
        self.groups.iter().map(|group| group.rows.len()).sum()
    }

    /// The calls, in order.
    pub fn batches(&self) -> Vec<PlannedBatch> {
        self.groups.iter().flat_map(Group::batches).collect()
    }

    /// The same plan without some rows.
    #[must_use]
    pub fn without(&self, is_out: impl Fn(RowId) -> bool) -> Self {
        let mut plan = self.clone();
        for group in &mut plan.groups {
            group.rows.retain(|row| !is_out(row.row));
        }
        plan.groups.retain(|group| !group.rows.is_empty());
        plan
    }
}

impl Group {
    /// The calls of this group: the two kinds of identifier never share one.
    pub fn batches(&self) -> Vec<PlannedBatch> {
        let (by_uid, by_identifier): (Vec<&StagedRow>, Vec<&StagedRow>) =
            self.rows.iter().partition(|row| matches!(row.identity, Identity::MetadataUid(_)));
        by_uid
            .chunks(MAX_ROWS)
            .chain(by_identifier.chunks(MAX_ROWS))
            .map(|rows| PlannedBatch {
                batch: Batch { identities: rows.iter().map(|row| row.identity.clone()).collect(), patch: self.patch.clone() },
                rows: rows.iter().map(|row| row.row).collect(),
            })
            .collect()
    }
}

/// How many calls these rows of one group take.
pub fn call_count<'a>(rows: impl IntoIterator<Item = &'a StagedRow>) -> usize {
    let (by_uid, by_identifier): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| matches!(row.identity, Identity::MetadataUid(_)));
    by_uid.len().div_ceil(MAX_ROWS) + by_identifier.len().div_ceil(MAX_ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{identity::Identifier, severity::SeverityId, status::StatusId};
    use proptest::prelude::*;

    fn staged(row: u32, kind: u8, patch: Patch) -> StagedRow {
        let identity = match kind {
            0 => Identity::MetadataUid(row.to_string()),
            1 => Identity::Identifier(Identifier { account_uid: "1".into(), finding_uid: row.to_string(), product_uid: "p".into() }),
            _ => Identity::Unaddressable(row.to_string()),
        };
        StagedRow { row: RowId(row), identity, now: Values { status: Some(StatusId::NEW), ..Values::default() }, patch }
    }

    proptest! {
        #[test]
        fn batches_partition_the_rows_and_never_exceed_100_or_mix(kinds in proptest::collection::vec((0_u8..3, 0_i32..3), 0..500)) {
            let rows: Vec<StagedRow> = kinds.iter().enumerate().map(|(at, &(kind, status))| staged(at as u32, kind, Patch::status(StatusId(status)))).collect();
            let plan = Plan::of(rows.clone());
            let batches = plan.batches();
            prop_assert_eq!(batches.len(), plan.groups.iter().map(|group| call_count(&group.rows)).sum::<usize>());
            let mut seen: Vec<RowId> = batches.iter().flat_map(|batch| batch.rows.clone()).collect();
            seen.extend(&plan.already_there);
            seen.extend(&plan.unaddressable);
            seen.sort();
            prop_assert_eq!(seen, rows.iter().map(|row| row.row).collect::<Vec<_>>());
            for batch in &batches {
                prop_assert!((1..=MAX_ROWS).contains(&batch.rows.len()));
                prop_assert_eq!(batch.rows.len(), batch.batch.identities.len());
                let by_uid = batch.batch.identities.iter().filter(|identity| matches!(identity, Identity::MetadataUid(_))).count();
                prop_assert!(by_uid == 0 || by_uid == batch.rows.len());
            }
        }
    }

    #[test]
    fn a_row_is_left_out_only_if_every_staged_field_is_there_and_patches_are_not_trimmed() {
        let both = Patch { severity: Some(SeverityId::LOW), ..Patch::status(StatusId::NEW) };
        let plan = Plan::of([staged(0, 0, Patch::status(StatusId::NEW)), staged(1, 0, both.clone())]);
        assert_eq!(plan.already_there, [RowId(0)]);
        assert_eq!(plan.groups.first().map(|group| &group.patch), Some(&both));
        assert_eq!(plan.without(|row| row == RowId(1)).row_count(), 0);
    }
}
