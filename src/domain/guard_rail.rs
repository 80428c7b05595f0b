//! Guard rails of a filter profile: what may not be sent while it is in force.
//!
//! Owns the rules and their words. Which rails hold, and what becomes of rows that break one, is decided elsewhere.

use std::fmt;

use super::{
    patch::{Patch, Values},
    severity::SeverityId,
    status::StatusId,
    text,
};

/// The guard rails of a filter profile; the default has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GuardRails {
    /// Suppressing a finding needs a comment in the same change.
    pub comment_to_suppress: bool,
    /// A Critical or Fatal finding keeps at least Critical.
    pub no_downgrade_of_critical: bool,
    /// Most rows of one send.
    pub most_rows: Option<usize>,
    /// Nothing is sent at all.
    pub read_only: bool,
    /// A send of more rows asks for its count to be typed; 0 is every send.
    pub type_count_above: Option<usize>,
}

/// Most that [`GuardRails::most_rows`] can be set to.
pub const MOST_ROWS: usize = 1_000_000;

/// One rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rail {
    /// Nothing is sent.
    ReadOnly,
    /// At most so many rows a send.
    MostRows(usize),
    /// Suppressing needs a comment.
    CommentToSuppress,
    /// Critical stays Critical.
    NoDowngradeOfCritical,
}

/// A rail that a send would break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breach {
    /// Which.
    pub rail: Rail,
    /// How many rows break it.
    pub rows: usize,
}

impl GuardRails {
    /// Whether nothing is said.
    pub fn is_silent(self) -> bool {
        self == Self::default()
    }

    /// What holds where both hold.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        let smaller = |mine: Option<usize>, other: Option<usize>| match (mine, other) {
            (Some(mine), Some(other)) => Some(mine.min(other)),
            (mine, other) => mine.or(other),
        };
        Self {
            comment_to_suppress: self.comment_to_suppress || other.comment_to_suppress,
            no_downgrade_of_critical: self.no_downgrade_of_critical || other.no_downgrade_of_critical,
            most_rows: smaller(self.most_rows, other.most_rows),
            read_only: self.read_only || other.read_only,
            type_count_above: smaller(self.type_count_above, other.type_count_above),
        }
    }

    /// The rails that a change of one finding breaks by itself. A comment that the finding has already says nothing of why it is suppressed
    /// now, so it does not count; a finding that is suppressed already is not being suppressed.
    pub fn broken_by(self, now: &Values, patch: &Patch) -> impl Iterator<Item = Rail> + use<> {
        let suppresses = patch.status == Some(StatusId::SUPPRESSED) && now.status != Some(StatusId::SUPPRESSED);
        let is_critical = |severity: Option<SeverityId>| severity.is_some_and(SeverityId::is_critical);
        let lowers = is_critical(now.severity) && patch.severity.is_some() && !is_critical(patch.severity);
        let broken = [
            (self.comment_to_suppress && suppresses && patch.comment.is_none()).then_some(Rail::CommentToSuppress),
            (self.no_downgrade_of_critical && lowers).then_some(Rail::NoDowngradeOfCritical),
        ];
        broken.into_iter().flatten()
    }

    /// Everything that stands against sending these changes, beside `under_way` rows of a send that they would join.
    pub fn breaches<'a>(self, changes: impl IntoIterator<Item = (&'a Values, &'a Patch)>, under_way: usize) -> Vec<Breach> {
        let (mut rows, mut suppressed, mut downgraded) = (0, 0, 0);
        for (now, patch) in changes {
            rows += 1;
            for rail in self.broken_by(now, patch) {
                match rail {
                    Rail::CommentToSuppress => suppressed += 1,
                    Rail::NoDowngradeOfCritical => downgraded += 1,
                    // These are broken by all rows together.
                    Rail::ReadOnly | Rail::MostRows(_) => {}
                }
            }
        }
        let mut breaches = Vec::new();
        if self.read_only && rows > 0 {
            breaches.push(Breach { rail: Rail::ReadOnly, rows });
        }
        if let Some(most) = self.most_rows.filter(|most| rows > 0 && rows + under_way > *most) {
            breaches.push(Breach { rail: Rail::MostRows(most), rows: rows + under_way });
        }
        for (rail, rows) in [(Rail::CommentToSuppress, suppressed), (Rail::NoDowngradeOfCritical, downgraded)] {
            if rows > 0 {
                breaches.push(Breach { rail, rows });
            }
        }
        breaches
    }

    /// The rails that hold, as a person would say them.
    pub fn told(self) -> Vec<String> {
        let rails = [
            self.read_only.then_some(Rail::ReadOnly),
            self.most_rows.map(Rail::MostRows),
            self.comment_to_suppress.then_some(Rail::CommentToSuppress),
            self.no_downgrade_of_critical.then_some(Rail::NoDowngradeOfCritical),
        ];
        let asks = self.type_count_above.map(|above| match above {
            0 => "every send asks for its count".to_owned(),
            _ => format!("a send of more than {} asks for its count", findings(above)),
        });
        rails.into_iter().flatten().map(|rail| rail.to_string()).chain(asks).collect()
    }
}

fn findings(count: usize) -> String {
    format!("{} finding{}", text::grouped(count), if count == 1 { "" } else { "s" })
}

impl fmt::Display for Rail {
    /// The rule, as a sentence without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadOnly => f.write_str("nothing may be sent"),
            Self::MostRows(most) => write!(f, "at most {} a send", findings(*most)),
            Self::CommentToSuppress => f.write_str("suppressing needs a comment"),
            Self::NoDowngradeOfCritical => f.write_str("Critical must not be lowered"),
        }
    }
}

impl fmt::Display for Breach {
    /// `suppressing needs a comment: 3 findings`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rail {
            Rail::ReadOnly => self.rail.fmt(f),
            Rail::MostRows(_) => write!(f, "{}, these are {}", self.rail, text::grouped(self.rows)),
            Rail::CommentToSuppress | Rail::NoDowngradeOfCritical => write!(f, "{}: {}", self.rail, findings(self.rows)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::domain::comment::{Comment, LineBreaks};

    const ALL: GuardRails = GuardRails {
        comment_to_suppress: true,
        no_downgrade_of_critical: true,
        most_rows: Some(2),
        read_only: false,
        type_count_above: None,
    };

    fn values(status: i32, severity: i32) -> Values {
        Values { status: Some(StatusId(status)), severity: Some(SeverityId(severity)), comment: Some("an old one".into()) }
    }

    fn patch(status: Option<i32>, severity: Option<i32>, comment: Option<&str>) -> Patch {
        let comment = comment.map(|comment| Comment::new(comment, LineBreaks::Space).unwrap());
        Patch { status: status.map(StatusId), severity: severity.map(SeverityId), comment }
    }

    #[rstest]
    #[case::no_reason(values(1, 3), patch(Some(3), None, None), &[Rail::CommentToSuppress])]
    #[case::a_reason(values(1, 3), patch(Some(3), None, Some("PAY-1")), &[])]
    #[case::suppressed_already(values(3, 3), patch(Some(3), Some(2), None), &[])]
    #[case::another_status(values(1, 3), patch(Some(4), None, None), &[])]
    #[case::status_not_known(Values::default(), patch(Some(3), None, None), &[Rail::CommentToSuppress])]
    #[case::critical_to_high(values(1, 5), patch(None, Some(4), Some("x")), &[Rail::NoDowngradeOfCritical])]
    #[case::critical_to_unknown(values(1, 5), patch(None, Some(0), None), &[Rail::NoDowngradeOfCritical])]
    #[case::critical_to_other(values(1, 5), patch(None, Some(99), None), &[Rail::NoDowngradeOfCritical])]
    #[case::critical_to_fatal(values(1, 5), patch(None, Some(6), None), &[])]
    #[case::fatal_to_critical(values(1, 6), patch(None, Some(5), None), &[])]
    #[case::fatal_to_low(values(1, 6), patch(None, Some(2), None), &[Rail::NoDowngradeOfCritical])]
    #[case::high_to_low(values(1, 4), patch(None, Some(2), None), &[])]
    #[case::severity_not_known(Values::default(), patch(None, Some(2), None), &[])]
    #[case::severity_left_alone(values(1, 5), patch(Some(4), None, None), &[])]
    #[case::both_are_told(values(1, 5), patch(Some(3), Some(2), None), &[Rail::CommentToSuppress, Rail::NoDowngradeOfCritical])]
    fn a_change_breaks(#[case] now: Values, #[case] patch: Patch, #[case] broken: &[Rail]) {
        assert_eq!(ALL.broken_by(&now, &patch).collect::<Vec<_>>(), broken);
        assert_eq!(GuardRails::default().broken_by(&now, &patch).next(), None, "without rails nothing is broken");
    }

    #[test]
    fn a_send_is_told_everything_that_stands_against_it() {
        let now = values(1, 5);
        let [bare, lowered, fine] = [patch(Some(3), None, None), patch(None, Some(1), None), patch(Some(2), None, None)];
        let changes = [(&now, &bare), (&now, &bare), (&now, &lowered), (&now, &fine)];
        let told: Vec<String> = ALL.breaches(changes, 0).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "at most 2 findings a send, these are 4",
                "suppressing needs a comment: 2 findings",
                "Critical must not be lowered: 1 finding"
            ]
        );
        let two = [(&now, &fine), (&now, &fine)];
        assert_eq!(ALL.breaches(two, 0), []);
        assert_eq!(ALL.breaches(two, 1), [Breach { rail: Rail::MostRows(2), rows: 3 }], "a send that they join counts too");
        let closed = GuardRails { read_only: true, ..GuardRails::default() };
        assert_eq!(closed.breaches(two, 0), [Breach { rail: Rail::ReadOnly, rows: 2 }]);
        assert_eq!(closed.breaches([], 7), [], "nothing breaks nothing");
    }

    fn rails() -> impl Strategy<Value = GuardRails> {
        (any::<bool>(), any::<bool>(), proptest::option::of(1..5_usize), any::<bool>(), proptest::option::of(0..5_usize)).prop_map(
            |(comment_to_suppress, no_downgrade_of_critical, most_rows, read_only, type_count_above)| GuardRails {
                comment_to_suppress,
                no_downgrade_of_critical,
                most_rows,
                read_only,
                type_count_above,
            },
        )
    }

    fn changes() -> impl Strategy<Value = Vec<(Values, Patch)>> {
        let status = || prop_oneof![Just(1), Just(3)];
        let severity = || prop_oneof![Just(2), Just(5), Just(6)];
        let change = (status(), severity(), proptest::option::of(status()), proptest::option::of(severity()), any::<bool>())
            .prop_map(|(status, severity, to, lowered, says)| (values(status, severity), patch(to, lowered, says.then_some("why"))));
        proptest::collection::vec(change, 0..6)
    }

    proptest! {
        #[test]
        fn what_either_forbids_both_together_forbid(one in rails(), other in rails(), changes in changes()) {
            let stands = |rails: GuardRails| !rails.breaches(changes.iter().map(|(now, patch)| (now, patch)), 0).is_empty();
            prop_assert_eq!(stands(one.strictest(other)), stands(one) || stands(other));
            prop_assert_eq!(one.strictest(other), other.strictest(one));
            prop_assert_eq!(one.strictest(one), one);
        }
    }
}
