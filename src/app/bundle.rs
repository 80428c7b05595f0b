//! Groups of a review that differ in nothing but their comments: a template makes many of them, and they are shown as one until they are
//! opened.

use crate::domain::{patch::Patch, severity::SeverityId, status::StatusId};

use super::overlay::{Review, ReviewEntry};

/// Fewer groups than this are read faster one by one.
const FEWEST: usize = 5;

/// What the groups of a bundle have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundle {
    status: Option<StatusId>,
    severity: Option<SeverityId>,
}

impl Bundle {
    /// The bundle of groups with this patch; `None` where it sets no comment.
    fn of(patch: &Patch) -> Option<Self> {
        patch.comment.is_some().then_some(Self { status: patch.status, severity: patch.severity })
    }
}

impl Review {
    /// The bundle that a group is part of; `None` where it stands for itself.
    pub fn bundle(&self, group: usize) -> Option<Bundle> {
        let bundle = Bundle::of(&self.plan.groups.get(group)?.patch)?;
        self.members(bundle).nth(FEWEST - 1).map(|_| bundle)
    }

    /// The groups of a bundle by their places in the plan.
    pub fn members(&self, bundle: Bundle) -> impl Iterator<Item = usize> {
        self.plan.groups.iter().enumerate().filter(move |(_, group)| Bundle::of(&group.patch) == Some(bundle)).map(|(at, _)| at)
    }

    /// Whether a row of a group changed since it was loaded, or breaks a guard rail.
    fn wants_a_look(&self, group: usize) -> bool {
        let rows = self.plan.groups.get(group).into_iter().flat_map(|group| &group.rows);
        rows.into_iter().any(|row| self.was(row.row).is_some() || self.broken.contains(row.row))
    }

    /// The groups in the order they are shown: each by itself, or a bundle at the place of its first group, with its groups if it is opened.
    pub(super) fn headings(&self) -> Vec<ReviewEntry> {
        let mut counts: Vec<(Bundle, usize)> = Vec::new();
        for bundle in self.plan.groups.iter().filter_map(|group| Bundle::of(&group.patch)) {
            match counts.iter_mut().find(|(known, _)| *known == bundle) {
                Some((_, count)) => *count += 1,
                None => counts.push((bundle, 1)),
            }
        }
        let mut seen: Vec<Bundle> = Vec::new();
        let mut headings = Vec::new();
        for (at, group) in self.plan.groups.iter().enumerate() {
            let bundle = Bundle::of(&group.patch).filter(|bundle| counts.iter().any(|(known, count)| known == bundle && *count >= FEWEST));
            match bundle {
                None => headings.push(ReviewEntry::Group(at)),
                Some(bundle) if !seen.contains(&bundle) => {
                    seen.push(bundle);
                    headings.push(ReviewEntry::Bundle(bundle));
                    if self.unbundled.contains(&bundle) {
                        // What a decision hangs on stands first, as the rows of a group do.
                        let (first, rest): (Vec<usize>, Vec<usize>) = self.members(bundle).partition(|&at| self.wants_a_look(at));
                        headings.extend(first.into_iter().chain(rest).map(ReviewEntry::Group));
                    }
                }
                Some(_) => {}
            }
        }
        headings
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{
        app::overlay::{Fold, Trigger},
        domain::{
            comment::{Comment, LineBreaks},
            identity::Identity,
            patch::Values,
            row::RowId,
        },
        findings::row_set::RowSet,
        send::plan::{Plan, StagedRow},
    };

    /// A review of rows, each with this patch.
    fn review(patches: &[Patch]) -> Review {
        let rows = patches.iter().zip(0..).map(|(patch, at)| StagedRow {
            row: RowId(at),
            identity: Identity::MetadataUid(at.to_string()),
            now: Values::default(),
            patch: patch.clone(),
        });
        Review {
            plan: Plan::of(rows),
            excluded: RowSet::default(),
            opened: Vec::new(),
            unbundled: Vec::new(),
            cursor: 0,
            trigger: Trigger::Ready,
            checked: None,
            broken: RowSet::default(),
            undecided: 0,
            note: None,
            skipped: Vec::new(),
            lists_skipped: Fold::Closed,
        }
    }

    fn commented(status: Option<StatusId>, text: &str) -> Patch {
        Patch { status, comment: Some(Comment::new(text, LineBreaks::Space).unwrap()), ..Patch::default() }
    }

    #[test]
    fn groups_that_differ_in_the_comment_only_are_one_entry_until_it_is_opened() {
        let plain = Patch::status(StatusId::RESOLVED);
        let mut patches = vec![plain, commented(None, "alone")];
        patches.extend((0..5).map(|at| commented(Some(StatusId::SUPPRESSED), &at.to_string())));
        patches.insert(4, commented(None, "other"));
        let mut review = review(&patches);
        let bundle = review.bundle(2).unwrap();
        assert_eq!((review.bundle(0), review.bundle(1)), (None, None));
        let closed = [ReviewEntry::Group(0), ReviewEntry::Group(1), ReviewEntry::Bundle(bundle), ReviewEntry::Group(4)];
        assert_eq!(review.entries(), closed);
        review.unbundled.push(bundle);
        review.opened.push(3);
        let members = [ReviewEntry::Group(2), ReviewEntry::Group(3), ReviewEntry::Row(3, 0), ReviewEntry::Group(5)];
        assert_eq!(review.entries()[3..7], members);
        review.broken.insert(RowId(6));
        assert_eq!(review.entries()[3..5], [ReviewEntry::Group(6), ReviewEntry::Group(2)]);
        review.broken = RowSet::default();
        // One group fewer, and they stand for themselves.
        review.cursor = 4;
        patches.pop();
        review.renew(super::tests::review(&patches).plan, RowSet::default());
        assert_eq!((review.bundle(2), review.entries().len()), (None, 8));
        assert_eq!(review.entries()[review.cursor], ReviewEntry::Group(3));
    }

    #[test]
    fn the_cursor_stays_on_a_bundle_whose_groups_change() {
        let patches: Vec<Patch> = (0..6).map(|at| commented(None, &at.to_string())).collect();
        let mut review = review(&[&[Patch::status(StatusId::NEW)][..], &patches].concat());
        review.cursor = 1;
        review.renew(super::tests::review(&patches).plan, RowSet::default());
        assert_eq!(review.entries(), [ReviewEntry::Bundle(review.bundle(0).unwrap())]);
        assert_eq!(review.cursor, 0);
    }
}
