//! Flow mode: one finding fills the screen, and each decision moves on to the next undecided one.
//!
//! Owns the state, and what is counted for the screen. What keys do is in `update::flow`.

use std::collections::BTreeMap;

use crate::domain::{row::RowId, status::StatusId, time::Millis};

use super::{
    likeness::Likeness,
    model::{Model, RowState},
    overlay::Overlay,
};

/// Flow mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The finding on the screen; `None` once nothing is left to decide.
    pub row: Option<RowId>,
    /// Where it is among the rows that the filter leaves, or was when it was last among them.
    pub place: usize,
    /// The first line of its text that is shown.
    pub top: usize,
    /// The findings that were on the screen before, the latest last.
    pub trail: Vec<RowId>,
    /// How fast it goes.
    pub pace: Pace,
    /// What the next decision is for besides the finding on the screen.
    pub wide: Option<Wide>,
    /// What was counted for the screen.
    pub figures: Figures,
}

/// Findings that the next decision is for, the one on the screen among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wide {
    /// What they share.
    pub likeness: Likeness,
    /// All of them, in table order.
    pub rows: Vec<RowId>,
}

/// What is counted once for many frames.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// What they were counted of: while it is the same, so are they.
    of: Option<Of>,
    /// Findings that wait for a decision, of those that the filter leaves.
    pub undecided: usize,
    /// Those that look like the one on the screen; `None` where nothing is known of it that others could share.
    pub alike: Option<Alike>,
}

/// The row, which rows there are, what they say, and on how many something is staged.
type Of = (Option<RowId>, u64, u64, usize);

/// Findings that look like one, it not among them: those of the same control, CVE or type, else of the same title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// What they share.
    pub likeness: Likeness,
    /// How many.
    pub count: usize,
    /// How many of them the analyst has given which status, staged or sent.
    pub set: BTreeMap<StatusId, usize>,
    /// How many of them the analyst has changed otherwise.
    pub changed: usize,
    /// How many were closed without the analyst.
    pub closed: usize,
}

/// How fast decisions come. Time passes from key to key, so that nothing has to tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Findings decided.
    pub decided: usize,
    /// Milliseconds between keys, without the pauses.
    pub spent: i64,
    /// When the last key came.
    felt: Millis,
}

/// Milliseconds from which on nobody was deciding.
const PAUSE: i64 = 120_000;
/// Decisions from which on a pace says something.
const TELLING: usize = 3;
/// Most findings to go back to; the oldest go first.
const MOST: usize = 1_000;

impl Pace {
    /// Nothing has been decided yet.
    pub const fn begun(now: Millis) -> Self {
        Self { decided: 0, spent: 0, felt: now }
    }

    /// A key came.
    pub fn feel(&mut self, now: Millis) {
        let gap = now.0.saturating_sub(self.felt.0);
        if (0..=PAUSE).contains(&gap) {
            self.spent = self.spent.saturating_add(gap);
        }
        self.felt = now;
    }

    /// Findings decided in a minute; `None` as long as that says nothing.
    pub fn a_minute(self) -> Option<usize> {
        let spent = usize::try_from(self.spent).ok().filter(|&spent| spent > 0 && self.decided >= TELLING)?;
        Some((self.decided.saturating_mul(60_000) + spent / 2) / spent)
    }

    /// Milliseconds that so many findings take at this pace; `None` as long as that says nothing.
    pub fn takes(self, findings: usize) -> Option<i64> {
        let findings = i64::try_from(findings).ok()?;
        let decided = i64::try_from(self.decided).ok()?;
        (self.spent > 0 && self.decided >= TELLING).then(|| self.spent.saturating_mul(findings) / decided)
    }
}

impl Flow {
    /// Flow mode from a finding on.
    pub fn new(row: RowId, now: Millis) -> Self {
        let figures = Figures::default();
        Self { row: Some(row), place: 0, top: 0, trail: Vec::new(), pace: Pace::begun(now), wide: None, figures }
    }

    /// The finding on the screen is left for another: there is a way back to it.
    pub fn leave(&mut self) {
        let Some(row) = self.row else { return };
        if self.trail.last() != Some(&row) {
            self.trail.push(row);
            let over = self.trail.len().saturating_sub(MOST);
            self.trail.drain(..over);
        }
    }
}

impl Model {
    /// Flow mode, where it is open, whatever lies over it.
    pub fn flow(&self) -> Option<&Flow> {
        self.overlays.iter().rev().find_map(|overlay| match overlay {
            Overlay::Flow(flow) => Some(&**flow),
            _ => None,
        })
    }

    /// The same, to change it.
    pub fn flow_mut(&mut self) -> Option<&mut Flow> {
        self.overlays.iter_mut().rev().find_map(|overlay| match overlay {
            Overlay::Flow(flow) => Some(&mut **flow),
            _ => None,
        })
    }

    /// Whether flow mode stops at a row: it waits for a decision, is in the result, and the service can be told of it.
    pub fn waits(&self, row: RowId) -> bool {
        self.is_undecided(row) && !self.is_gone(row) && self.store.is_addressable(row)
    }

    /// Counts for the screen of flow mode, where anything has changed since.
    pub fn count_for_flow(&mut self) {
        let Some(flow) = self.flow() else { return };
        let of = (flow.row, self.view.revision(), self.store.changes(), self.staging.len());
        if flow.figures.of == Some(of) {
            return;
        }
        let undecided = self.view.rows().iter().filter(|&&row| self.waits(row)).count();
        let alike = flow.row.and_then(|row| self.alike(row));
        if let Some(flow) = self.flow_mut() {
            flow.figures = Figures { of: Some(of), undecided, alike };
        }
    }

    fn alike(&self, of: RowId) -> Option<Alike> {
        let likeness = [Likeness::Control, Likeness::Title].into_iter().find(|likeness| likeness.value(&self.store, of).is_some())?;
        let mut alike = Alike { likeness, count: 0, set: BTreeMap::new(), changed: 0, closed: 0 };
        for row in likeness.like(&self.store, of, self.view.rows()) {
            if row == of || self.is_gone(row) {
                continue;
            }
            alike.count += 1;
            let now = self.store.status(row);
            let is_sent = matches!(self.outcomes.get(row), Some(RowState::Processed));
            let set = match self.staging.get(row) {
                Some(patch) => patch.status,
                None => now.filter(|now| is_sent && !now.is_open()),
            };
            if let Some(status) = set {
                *alike.set.entry(status).or_insert(0) += 1;
            } else if is_sent || self.staging.get(row).is_some() {
                alike.changed += 1;
            } else if now.is_some_and(|now| !now.is_open()) {
                alike.closed += 1;
            }
        }
        Some(alike)
    }
}

impl Alike {
    /// `12 look alike, 9 of them you suppressed`.
    pub fn told(&self) -> String {
        let count = match self.count {
            0 => return "no other one looks alike".to_owned(),
            1 => "1 looks alike".to_owned(),
            count => format!("{} look alike", super::wording::grouped(count)),
        };
        let mut set: Vec<(usize, String)> = self.set.iter().map(|(&status, &count)| (count, verb(status))).collect();
        set.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
        set.extend((self.changed > 0).then(|| (self.changed, "changed".to_owned())));
        let mut told = count;
        for (at, (count, verb)) in set.iter().enumerate() {
            let count = if *count == self.count && self.count > 1 { "all".to_owned() } else { super::wording::grouped(*count) };
            let joint = if at == 0 { " of them you" } else { "" };
            told = format!("{told}, {count}{joint} {verb}");
        }
        if self.closed > 0 {
            told = format!("{told}, {} closed before", super::wording::grouped(self.closed));
        }
        told
    }
}

/// What somebody did who set a status.
fn verb(status: StatusId) -> String {
    match status {
        StatusId::SUPPRESSED => "suppressed".to_owned(),
        StatusId::RESOLVED => "resolved".to_owned(),
        StatusId::ARCHIVED => "archived".to_owned(),
        status => format!("set to {}", super::wording::status_caption(status)),
    }
}

/// How long something takes, roughly: `40 s`, `20 min`, `3 h`.
pub fn roughly(millis: i64) -> String {
    match millis {
        ..90_000 => format!("{} s", millis.max(0).div_euclid(5_000) * 5 + 5),
        90_000..5_400_000 => format!("{} min", (millis + 30_000) / 60_000),
        _ => format!("{} h", (millis + 1_800_000) / 3_600_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn a_pace_is_told_after_three_decisions_and_pauses_are_no_part_of_it() {
        let mut pace = Pace::begun(Millis(0));
        for (at, decided, told) in [
            (10_000, 1, None),
            (20_000, 2, None),
            (30_000, 3, Some((6, 90_000))),
            // Three minutes of nothing.
            (210_000, 4, Some((8, 67_500))),
            (230_000, 5, Some((6, 90_000))),
            // A clock that went back.
            (220_000, 5, Some((6, 90_000))),
        ] {
            pace.feel(Millis(at));
            pace.decided = decided;
            assert_eq!(pace.a_minute().zip(pace.takes(9)), told, "{at}");
        }
    }

    #[rstest]
    #[case(0, "5 s")]
    #[case(41_000, "45 s")]
    #[case(90_000, "2 min")]
    #[case(20 * 60_000 + 29_000, "20 min")]
    #[case(5_400_000, "2 h")]
    fn times_left_are_rough(#[case] millis: i64, #[case] told: &str) {
        assert_eq!(roughly(millis), told);
    }

    #[rstest]
    #[case(0, &[], 0, 0, "no other one looks alike")]
    #[case(1, &[], 0, 0, "1 looks alike")]
    #[case(12, &[(3, 9)], 0, 0, "12 look alike, 9 of them you suppressed")]
    #[case(12, &[(3, 2), (4, 5)], 1, 3, "12 look alike, 5 of them you resolved, 2 suppressed, 1 changed, 3 closed before")]
    #[case(12, &[(3, 12)], 0, 0, "12 look alike, all of them you suppressed")]
    #[case(2, &[(2, 1)], 0, 0, "2 look alike, 1 of them you set to In Progress")]
    #[case(1_200, &[], 0, 7, "1,200 look alike, 7 closed before")]
    fn what_looks_alike_is_told_with_what_was_decided(
        #[case] count: usize,
        #[case] set: &[(i32, usize)],
        #[case] changed: usize,
        #[case] closed: usize,
        #[case] told: &str,
    ) {
        let set = set.iter().map(|&(status, count)| (StatusId(status), count)).collect();
        assert_eq!(Alike { likeness: Likeness::Control, count, set, changed, closed }.told(), told);
    }
}
