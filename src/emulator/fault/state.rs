//! A script being played: which faults meet the call at hand, and how often each has.

use std::sync::Arc;

use super::super::finding::Change;
use super::super::gate::Gates;
use super::{Denial, FaultPlan, RowCode, Target, Times, Trouble};

/// The script and its counters.
#[derive(Debug, Default)]
pub(in super::super) struct FaultState {
    plan: FaultPlan,
    /// How many calls each call fault has counted.
    calls: Vec<u64>,
    /// How often each finding fault was met.
    findings: Vec<u64>,
    gates: Arc<Gates>,
}

impl FaultState {
    pub(in super::super) fn new(plan: FaultPlan) -> Self {
        Self { calls: vec![0; plan.calls.len()], findings: vec![0; plan.findings.len()], plan, gates: Arc::default() }
    }

    /// Where the script's held calls wait.
    pub(in super::super) fn gates(&self) -> Arc<Gates> {
        Arc::clone(&self.gates)
    }

    /// Counts a call and says what is to happen to it, in the script's order.
    pub(in super::super) fn meet(&mut self, operation: super::Operation) -> Vec<Trouble> {
        let mut met = Vec::new();
        for (fault, count) in self.plan.calls.iter().zip(&mut self.calls) {
            if fault.operation.is_none_or(|of| of == operation) {
                *count += 1;
                if fault.calls.include(*count) {
                    met.push(fault.trouble.clone());
                }
            }
        }
        met
    }

    /// The error of a row, counted.
    pub(in super::super) fn row(&mut self, target: &Target<'_>) -> Option<(RowCode, String)> {
        for (fault, count) in self.plan.findings.iter().zip(&mut self.findings) {
            if !fault.finding.selects(target) {
                continue;
            }
            *count += 1;
            match fault.times {
                Times::First(times) if *count > times => {}
                Times::Always | Times::First(_) => return Some((fault.code, fault.message.clone())),
            }
        }
        None
    }

    /// The message that a poisonous row fails its whole call with.
    pub(in super::super) fn poison(&self, target: &Target<'_>) -> Option<String> {
        self.plan.poison.iter().find(|poison| poison.finding.selects(target)).map(|poison| poison.message.clone())
    }

    /// The first rule that denies a change to this caller.
    pub(in super::super) fn denial(&self, change: &Change, access_key: Option<&str>) -> Option<&Denial> {
        self.plan.denials.iter().find(|denial| denial.denies(change, access_key))
    }
}

impl Denial {
    fn denies(&self, change: &Change, access_key: Option<&str>) -> bool {
        use super::UpdateField::{Comment, SeverityId, StatusId};
        let value = match self.field {
            StatusId => change.status.map(|status| status.0.to_string()),
            SeverityId => change.severity.map(|severity| severity.0.to_string()),
            Comment => change.comment.clone(),
        };
        let caller = self.caller.as_deref().is_none_or(|caller| access_key == Some(caller));
        caller && value.is_some_and(|value| self.values.is_empty() || self.values.contains(&value))
    }
}
