//! The service's error codes as kinds.
//!
//! Owns the tables. The words of a message decide only where one code stands for two things.

use crate::hub::CallFailure;

/// From this difference on, a refused signature is a matter of clocks: the service takes requests that are up to five minutes off, and
/// the SDK measures with four.
const SKEW_SECONDS: u64 = 4 * 60;

/// The operation that asks whether V2 is on: not found means that it is not.
pub(super) const DESCRIBE: &str = "DescribeSecurityHubV2";

/// What is known of an answered error.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence<'a> {
    pub(super) operation: &'a str,
    pub(super) code: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) status: u16,
    pub(super) clock_ahead: Option<i64>,
}

/// The kind of an answered error.
pub(super) fn by_code(evidence: &Evidence<'_>) -> CallFailure {
    let Some(code) = evidence.code else {
        return by_status(evidence.status);
    };
    match code {
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" | "NotAuthorized" => CallFailure::AccessDenied,
        "ThrottlingException"
        | "Throttling"
        | "ThrottledException"
        | "TooManyRequestsException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "LimitExceededException"
        | "BandwidthLimitExceeded"
        | "SlowDown" => CallFailure::Throttled,
        "ValidationException" | "ValidationError" | "InvalidInputException" | "SerializationException" => CallFailure::Validation,
        "ConflictException" => CallFailure::Conflict,
        "InternalServerException"
        | "InternalException"
        | "InternalServerError"
        | "InternalFailure"
        | "InternalError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException" => CallFailure::InternalServer,
        // The older API's word for "not subscribed" (401), and the words of an account without the service.
        "InvalidAccessException" | "OptInRequired" | "SubscriptionRequiredException" => CallFailure::NotEnabled,
        "ResourceNotFoundException" if evidence.operation == DESCRIBE => CallFailure::NotEnabled,
        "ResourceNotFoundException" | "OrganizationNotFoundException" | "OrganizationalUnitNotFoundException" => CallFailure::NotFound,
        "RequestExpired" | "RequestTimeTooSkewed" | "RequestInTheFuture" => CallFailure::ClockSkew,
        // A signature is refused for a wrong key or for a wrong time, under the same codes.
        "InvalidSignatureException" | "SignatureDoesNotMatch" | "AuthFailure" => {
            if skewed(evidence.clock_ahead) || tells_of_time(evidence.message) {
                CallFailure::ClockSkew
            } else {
                CallFailure::ExpiredCredentials
            }
        }
        "ExpiredToken"
        | "ExpiredTokenException"
        | "TokenRefreshRequired"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "IncompleteSignature"
        | "IncompleteSignatureException" => CallFailure::ExpiredCredentials,
        "MissingAuthenticationToken" | "MissingAuthenticationTokenException" => CallFailure::MissingCredentials,
        "RequestTimeout" | "RequestTimeoutException" => CallFailure::NoAnswer,
        _ if evidence.status >= 500 => CallFailure::InternalServer,
        _ => CallFailure::Other,
    }
}

/// The kind of an error answer that has no code, as a proxy, a gateway or a broken body makes it.
const fn by_status(status: u16) -> CallFailure {
    match status {
        // A proxy that wants credentials: the service was not reached.
        407 => CallFailure::Unreachable,
        429 => CallFailure::Throttled,
        500.. => CallFailure::InternalServer,
        _ => CallFailure::BadAnswer,
    }
}

fn skewed(clock_ahead: Option<i64>) -> bool {
    clock_ahead.is_some_and(|seconds| seconds.unsigned_abs() > SKEW_SECONDS)
}

/// `Signature expired: ... is now earlier than ...` and `Signature not yet current: ... is still later than ...`.
fn tells_of_time(message: &str) -> bool {
    ["Signature expired", "not yet current"].iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_kind() {
        use CallFailure as F;
        for (operation, code, kind) in [
            ("BatchUpdateFindingsV2", "AccessDeniedException", F::AccessDenied),
            ("GetFindingsV2", "ThrottlingException", F::Throttled),
            ("GetFindingsV2", "TooManyRequestsException", F::Throttled),
            ("GetFindingsV2", "LimitExceededException", F::Throttled),
            ("BatchUpdateFindingsV2", "ValidationException", F::Validation),
            ("BatchUpdateFindingsV2", "ConflictException", F::Conflict),
            ("BatchUpdateFindingsV2", "InternalServerException", F::InternalServer),
            ("BatchUpdateFindingsV2", "ServiceUnavailable", F::InternalServer),
            ("GetFindingsV2", "InvalidAccessException", F::NotEnabled),
            (DESCRIBE, "ResourceNotFoundException", F::NotEnabled),
            ("GetFindingsV2", "ResourceNotFoundException", F::NotFound),
            ("GetFindingsV2", "OrganizationalUnitNotFoundException", F::NotFound),
            ("GetFindingsV2", "ExpiredTokenException", F::ExpiredCredentials),
            ("GetCallerIdentity", "ExpiredToken", F::ExpiredCredentials),
            ("GetFindingsV2", "UnrecognizedClientException", F::ExpiredCredentials),
            ("GetCallerIdentity", "InvalidClientTokenId", F::ExpiredCredentials),
            ("GetFindingsV2", "SignatureDoesNotMatch", F::ExpiredCredentials),
            ("GetFindingsV2", "InvalidSignatureException", F::ExpiredCredentials),
            ("GetFindingsV2", "MissingAuthenticationTokenException", F::MissingCredentials),
            ("GetFindingsV2", "RequestExpired", F::ClockSkew),
            ("GetFindingsV2", "RequestTimeTooSkewed", F::ClockSkew),
            ("GetFindingsV2", "ServiceQuotaExceededException", F::Other),
        ] {
            let evidence = Evidence { operation, code: Some(code), status: 400, ..Evidence::default() };
            assert_eq!(by_code(&evidence), kind, "{operation} {code}");
        }
    }

    #[test]
    fn a_refused_signature_is_a_matter_of_clocks_when_the_time_says_so() {
        let evidence = Evidence { code: Some("InvalidSignatureException"), status: 403, ..Evidence::default() };
        for (message, clock_ahead, kind) in [
            ("Signature expired: 20261124T000000Z is now earlier than 20261124T001000Z", None, CallFailure::ClockSkew),
            ("Signature not yet current: 20261124T010000Z is still later than 20261124T000500Z", None, CallFailure::ClockSkew),
            ("The request signature we calculated does not match", Some(600), CallFailure::ClockSkew),
            ("The request signature we calculated does not match", Some(-600), CallFailure::ClockSkew),
            ("The request signature we calculated does not match", Some(30), CallFailure::ExpiredCredentials),
            ("The request signature we calculated does not match", None, CallFailure::ExpiredCredentials),
        ] {
            assert_eq!(by_code(&Evidence { message, clock_ahead, ..evidence }), kind, "{message} {clock_ahead:?}");
        }
    }

    #[test]
    fn an_answer_without_a_code_is_judged_by_its_status() {
        for (status, kind) in [
            (200, CallFailure::BadAnswer),
            (302, CallFailure::BadAnswer),
            (403, CallFailure::BadAnswer),
            (407, CallFailure::Unreachable),
            (429, CallFailure::Throttled),
            (500, CallFailure::InternalServer),
            (503, CallFailure::InternalServer),
        ] {
            assert_eq!(by_code(&Evidence { status, ..Evidence::default() }), kind, "{status}");
        }
        let unknown = Evidence { code: Some("NewException"), status: 503, ..Evidence::default() };
        assert_eq!(by_code(&unknown), CallFailure::InternalServer, "a write may have been applied");
    }
}
