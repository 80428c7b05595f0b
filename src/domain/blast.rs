//! The blast radius of a send: how many findings it changes, which Critical ones it takes out of sight, and whether that is so much that its
//! count has to be typed before it goes out.

use std::{collections::BTreeMap, fmt};

use super::{
    patch::{Patch, Values},
    severity::SeverityId,
    status::StatusId,
    text,
};

/// Above how many findings a send asks for its count (`[send] type_count_above`); 0 is every send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountAbove(pub usize);

/// Most that [`CountAbove`] can be set to.
pub const MOST_ABOVE: usize = 1_000_000;

impl Default for CountAbove {
    fn default() -> Self {
        Self(500)
    }
}

impl CountAbove {
    /// What holds where a filter profile says something too.
    #[must_use]
    pub fn strictest(self, other: Option<usize>) -> Self {
        Self(other.map_or(self.0, |other| self.0.min(other)))
    }
}

/// The Critical findings that a send takes out of sight in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Hidden {
    critical: usize,
    fatal: usize,
}

/// A send that asks for its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// How many findings it changes: what has to be typed.
    pub rows: usize,
    /// The limit that it is above of, where it is.
    above: Option<CountAbove>,
    /// The Critical and Fatal findings that it suppresses, archives or deletes.
    hidden: BTreeMap<StatusId, Hidden>,
}

/// How findings are taken out of sight, whatever became of what they tell. Resolving is no hiding.
const HIDES: [(StatusId, &str, &str); 3] = [
    (StatusId::SUPPRESSED, "suppressed", "suppressing"),
    (StatusId::ARCHIVED, "archived", "archiving"),
    (StatusId::DELETED, "deleted", "deleting"),
];

impl Blast {
    /// That of these changes; `None` where nothing has to be typed.
    pub fn of<'a>(changes: impl IntoIterator<Item = (&'a Values, &'a Patch)>, above: CountAbove) -> Option<Self> {
        let mut blast = Self { rows: 0, above: None, hidden: BTreeMap::new() };
        for (now, patch) in changes {
            blast.rows += 1;
            let hides = patch.status.filter(|status| now.status != Some(*status) && HIDES.iter().any(|(known, ..)| known == status));
            if let (Some(status), Some(severity)) = (hides, now.severity.filter(|severity| severity.is_critical())) {
                let hidden = blast.hidden.entry(status).or_default();
                match severity {
                    SeverityId::FATAL => hidden.fatal += 1,
                    _ => hidden.critical += 1,
                }
            }
        }
        blast.above = Some(above).filter(|above| blast.rows > above.0);
        (blast.above.is_some() || !blast.hidden.is_empty()).then_some(blast)
    }

    /// What of it is Critical: `12 Critical suppressed`.
    pub fn hidden(&self) -> Vec<String> {
        self.each_hidden().map(|(words, done, _)| format!("{words} {done}")).collect()
    }

    /// Why it asks, each reason in a few words: `more than 500 findings`, `suppressing 12 Critical`.
    pub fn reasons(&self) -> Vec<String> {
        let size = self.above.map(|CountAbove(above)| match above {
            0 => "every send".to_owned(),
            1 => "more than 1 finding".to_owned(),
            _ => format!("more than {} findings", text::grouped(above)),
        });
        self.each_hidden().map(|(words, _, doing)| format!("{doing} {words}")).chain(size).collect()
    }

    fn each_hidden(&self) -> impl Iterator<Item = (String, &'static str, &'static str)> {
        HIDES.iter().filter_map(|&(status, done, doing)| {
            let hidden = self.hidden.get(&status)?;
            let parts = [(hidden.critical, "Critical"), (hidden.fatal, "Fatal")];
            let words: Vec<String> =
                parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{} {word}", text::grouped(*count))).collect();
            Some((words.join(" and "), done, doing))
        })
    }

    /// Whether a text is its count, with or without its thousands apart.
    pub fn is_count(&self, typed: &str) -> bool {
        count_of(typed) == Some(self.rows)
    }
}

impl fmt::Display for Blast {
    /// `812 findings, 12 Critical suppressed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} finding{}", text::grouped(self.rows), if self.rows == 1 { "" } else { "s" })?;
        self.hidden().iter().try_for_each(|hidden| write!(f, ", {hidden}"))
    }
}

/// The number that a person wrote: digits alone, or with the same sign between every three of them.
fn count_of(typed: &str) -> Option<usize> {
    let typed = typed.trim();
    let Some(sign) = typed.chars().find(|c| !c.is_ascii_digit()) else { return typed.parse().ok() };
    if ![',', '.', ' ', '\'', '_', '\u{a0}', '\u{202f}', '’'].contains(&sign) {
        return None;
    }
    let mut groups = typed.split(sign);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn values(status: i32, severity: i32) -> Values {
        Values { status: Some(StatusId(status)), severity: Some(SeverityId(severity)), comment: None }
    }

    fn blast(changes: &[(i32, i32, Option<i32>)], above: usize) -> Option<Blast> {
        let changes: Vec<(Values, Patch)> = changes
            .iter()
            .map(|&(status, severity, to)| {
                let patch = Patch { status: to.map(StatusId), ..Patch::severity(SeverityId::CRITICAL) };
                (values(status, severity), patch)
            })
            .collect();
        Blast::of(changes.iter().map(|(now, patch)| (now, patch)), CountAbove(above))
    }

    #[rstest]
    #[case::few_and_none_critical(&[(1, 4, Some(3)), (1, 3, Some(3))], 2, None)]
    #[case::more_than_the_limit(&[(1, 4, Some(3)), (1, 3, Some(3)), (1, 3, None)], 2, Some("3 findings"))]
    #[case::every_send(&[(1, 4, None)], 0, Some("1 finding"))]
    #[case::critical_suppressed(&[(1, 5, Some(3)), (1, 4, Some(3))], 9, Some("2 findings, 1 Critical suppressed"))]
    #[case::fatal_too(&[(1, 5, Some(3)), (1, 6, Some(3)), (1, 6, Some(3))], 9, Some("3 findings, 1 Critical and 2 Fatal suppressed"))]
    #[case::archived_and_deleted(&[(1, 5, Some(5)), (1, 6, Some(6))], 9, Some("2 findings, 1 Critical archived, 1 Fatal deleted"))]
    #[case::suppressed_already(&[(3, 5, Some(3))], 9, None)]
    #[case::archived_instead(&[(3, 5, Some(5))], 9, Some("1 finding, 1 Critical archived"))]
    #[case::resolved(&[(1, 5, Some(4))], 9, None)]
    #[case::only_a_severity(&[(1, 5, None)], 9, None)]
    #[case::becomes_critical_by_this(&[(1, 4, Some(3))], 9, None)]
    #[case::nothing(&[], 0, None)]
    fn a_send_asks_for_its_count(#[case] changes: &[(i32, i32, Option<i32>)], #[case] above: usize, #[case] told: Option<&str>) {
        assert_eq!(blast(changes, above).map(|blast| blast.to_string()).as_deref(), told);
    }

    #[test]
    fn the_reasons_are_told_one_by_one() {
        let changes: Vec<(i32, i32, Option<i32>)> = (0..1_500).map(|at| (1, if at < 12 { 5 } else { 4 }, Some(3))).collect();
        let blast = blast(&changes, 1_000).unwrap();
        assert_eq!(blast.to_string(), "1,500 findings, 12 Critical suppressed");
        assert_eq!(blast.reasons(), ["suppressing 12 Critical", "more than 1,000 findings"]);
        assert_eq!(CountAbove(500).strictest(Some(9)), CountAbove(9));
        assert_eq!(CountAbove(5).strictest(Some(9)), CountAbove(5));
        assert_eq!(CountAbove::default().strictest(None), CountAbove(500));
    }

    #[rstest]
    #[case("1812", true)]
    #[case(" 1,812 ", true)]
    #[case("1.812", true)]
    #[case("1 812", true)]
    #[case("1'812", true)]
    #[case("1_812", true)]
    #[case("01812", true)]
    #[case("18,12", false)]
    #[case("1,812,", false)]
    #[case(",1812", false)]
    #[case("1,8.12", false)]
    #[case("1,81x", false)]
    #[case("1812x", false)]
    #[case("+1812", false)]
    #[case("-1812", false)]
    #[case("1812.0", false)]
    #[case("812", false)]
    #[case("y", false)]
    #[case("", false)]
    #[case("99999999999999999999999", false)]
    fn only_its_count_is_its_count(#[case] typed: &str, #[case] is_it: bool) {
        let blast = Blast { rows: 1_812, above: None, hidden: BTreeMap::new() };
        assert_eq!(blast.is_count(typed), is_it);
    }

    proptest! {
        #[test]
        fn a_count_is_known_however_it_is_grouped(rows in 0..5_000_000_usize, other in 0..5_000_000_usize) {
            let blast = Blast { rows, above: None, hidden: BTreeMap::new() };
            prop_assert!(blast.is_count(&rows.to_string()) && blast.is_count(&text::grouped(rows)));
            prop_assert_eq!(blast.is_count(&other.to_string()), other == rows);
        }
    }
}
