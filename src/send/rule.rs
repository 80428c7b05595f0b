//! What an answer asks for: the rules of rows and of calls, as tables.

use crate::domain::{batch::RowCode, failure::CallFailure};

/// What to do after a call failed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallRule {
    /// The same call again after a wait.
    Again,
    /// The same call again once the service can be reached; it was not, so that does not count as a try.
    Reach,
    /// Nothing goes on until calls are let through again; it does not count as a try.
    Hold,
    /// Ask first whether Security Hub V2 is on.
    Describe,
    /// Find the rows that it is about.
    Bisect,
    /// It would be refused for every other row too.
    Refuse,
    /// Its rows need the analyst.
    GiveUp,
}

/// How often the calls of a row have failed so far, this time included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Failures {
    /// By being too many.
    pub(super) throttled: u32,
    /// By a conflict of the whole call, with the hub on.
    pub(super) conflicts: u32,
    /// By anything else that counts.
    pub(super) others: u32,
}

/// Most calls that fail one after the other, for a write.
pub(super) const MAX_FAILURES: u32 = 8;
/// Most reads that fail one after the other; the SDK has tried each of them three times.
pub(super) const MAX_READ_FAILURES: u32 = 3;
/// Most calls that are too many: each waits longer than the last, so this is some minutes.
pub(super) const MAX_THROTTLED: u32 = 30;
/// Most calls that meet a conflict while the hub is on.
pub(super) const MAX_CONFLICTS: u32 = 4;
/// Most tries of a row that the service fails on.
pub(super) const MAX_ROW_TRIES: u32 = 3;
/// Most tries of a row with a code that is not known.
const MAX_STRANGE_TRIES: u32 = 2;

impl Failures {
    /// Counts one more.
    pub(super) fn count(&mut self, failure: CallFailure) {
        match failure {
            CallFailure::Throttled => self.throttled += 1,
            CallFailure::Conflict => self.conflicts += 1,
            CallFailure::Unreachable
            | CallFailure::ExpiredCredentials
            | CallFailure::MissingCredentials
            | CallFailure::ClockSkew
            | CallFailure::Validation => {}
            _ => self.others += 1,
        }
    }

    /// The larger of each.
    pub(super) fn most(self, other: Self) -> Self {
        Self {
            throttled: self.throttled.max(other.throttled),
            conflicts: self.conflicts.max(other.conflicts),
            others: self.others.max(other.others),
        }
    }

    /// All together: how long to wait.
    pub(super) fn sum(self) -> u32 {
        self.throttled + self.conflicts + self.others
    }
}

/// The rule of a write that failed.
pub(super) fn of_write(failure: CallFailure, failures: Failures) -> CallRule {
    match failure {
        CallFailure::Validation => CallRule::Bisect,
        _ => of_call(failure, failures, MAX_FAILURES),
    }
}

/// The rule of a read that failed.
pub(super) fn of_read(failure: CallFailure, failures: Failures) -> CallRule {
    match failure {
        // There is nothing in a question for named findings that another one would do without.
        CallFailure::Validation => CallRule::GiveUp,
        _ => of_call(failure, failures, MAX_READ_FAILURES),
    }
}

fn of_call(failure: CallFailure, failures: Failures, most: u32) -> CallRule {
    let again = |count: u32, most: u32, rule| if count < most { rule } else { CallRule::GiveUp };
    match failure {
        CallFailure::Throttled => again(failures.throttled, MAX_THROTTLED, CallRule::Again),
        CallFailure::InternalServer | CallFailure::NoAnswer | CallFailure::BadAnswer => again(failures.others, most, CallRule::Again),
        CallFailure::Conflict => again(failures.conflicts, MAX_CONFLICTS, CallRule::Describe),
        CallFailure::Unreachable => CallRule::Reach,
        CallFailure::ExpiredCredentials | CallFailure::MissingCredentials | CallFailure::ClockSkew => CallRule::Hold,
        CallFailure::AccessDenied | CallFailure::NotEnabled | CallFailure::NoRegion => CallRule::Refuse,
        // No rule is known for these: once more, in case it was a passing one.
        CallFailure::NotFound | CallFailure::Other => again(failures.others, 2, CallRule::Again),
        CallFailure::Validation => CallRule::GiveUp,
    }
}

/// What to do with a row that the service listed as unprocessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowRule {
    /// Again after a wait.
    Again,
    /// Read it; again only if its values are still those the analyst saw.
    ReadFirst,
    /// It needs the analyst.
    GiveUp,
}

/// The rule of a row with this code, which so many calls have not processed, this one included.
pub(super) fn of_row(code: &RowCode, tries: u32) -> RowRule {
    match code {
        RowCode::InternalServer if tries < MAX_ROW_TRIES => RowRule::Again,
        RowCode::Other(_) if tries < MAX_STRANGE_TRIES => RowRule::Again,
        RowCode::Conflict if tries < MAX_ROW_TRIES => RowRule::ReadFirst,
        _ => RowRule::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(CallFailure::Throttled, CallRule::Again, 30)]
    #[case(CallFailure::InternalServer, CallRule::Again, 8)]
    #[case(CallFailure::NoAnswer, CallRule::Again, 8)]
    #[case(CallFailure::BadAnswer, CallRule::Again, 8)]
    #[case(CallFailure::Conflict, CallRule::Describe, 4)]
    #[case(CallFailure::NotFound, CallRule::Again, 2)]
    #[case(CallFailure::Other, CallRule::Again, 2)]
    fn a_call_is_made_so_often_at_most(#[case] failure: CallFailure, #[case] rule: CallRule, #[case] calls: u32) {
        let mut failures = Failures::default();
        for call in 1..=calls {
            failures.count(failure);
            let expected = if call < calls { rule } else { CallRule::GiveUp };
            assert_eq!(of_write(failure, failures), expected, "call {call}");
        }
    }

    #[rstest]
    #[case(CallFailure::Unreachable, CallRule::Reach, CallRule::Reach)]
    #[case(CallFailure::ExpiredCredentials, CallRule::Hold, CallRule::Hold)]
    #[case(CallFailure::MissingCredentials, CallRule::Hold, CallRule::Hold)]
    #[case(CallFailure::ClockSkew, CallRule::Hold, CallRule::Hold)]
    #[case(CallFailure::AccessDenied, CallRule::Refuse, CallRule::Refuse)]
    #[case(CallFailure::NotEnabled, CallRule::Refuse, CallRule::Refuse)]
    #[case(CallFailure::NoRegion, CallRule::Refuse, CallRule::Refuse)]
    #[case(CallFailure::Validation, CallRule::Bisect, CallRule::GiveUp)]
    fn some_failures_are_never_counted(#[case] failure: CallFailure, #[case] write: CallRule, #[case] read: CallRule) {
        let mut failures = Failures::default();
        for _ in 0..100 {
            failures.count(failure);
        }
        assert_eq!((of_write(failure, failures), of_read(failure, failures)), (write, read));
    }

    #[rstest]
    #[case(RowCode::InternalServer, RowRule::Again, 3)]
    #[case(RowCode::Conflict, RowRule::ReadFirst, 3)]
    #[case(RowCode::Other("NewException".to_owned()), RowRule::Again, 2)]
    #[case(RowCode::ResourceNotFound, RowRule::GiveUp, 1)]
    #[case(RowCode::Validation, RowRule::GiveUp, 1)]
    fn a_row_is_sent_so_often_at_most(#[case] code: RowCode, #[case] rule: RowRule, #[case] calls: u32) {
        for call in 1..=calls {
            assert_eq!(of_row(&code, call), if call < calls { rule } else { RowRule::GiveUp }, "call {call}");
        }
    }
}
