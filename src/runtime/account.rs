//! Which account a session acts in: what is reviewed for one must not go to another.

use crate::domain::failure::{CallError, CallFailure};

/// The account of an ARN: its fifth part.
pub fn account_of(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
}

/// The credentials that were read again are somebody else's: what was reviewed for one account must not go to another.
pub fn other_account(found: &str, expected: &str) -> CallError {
    CallError {
        failure: CallFailure::ExpiredCredentials,
        operation: "connect",
        code: None,
        message: format!("the credentials found now are of account {found}; what is being sent is for account {expected}"),
        request_id: None,
    }
}
