//! The SDK's errors as the kinds that the rest of the program has rules for.
//!
//! Owns the judgement. An error that has a code is judged by its code, one that ended without an answer by how far the call got. The
//! request id is always kept.

use std::{error::Error, fmt};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::{assume_role::AssumeRoleError, assume_role_with_web_identity::AssumeRoleWithWebIdentityError};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::{
    causes::{causes, chain, shortened},
    code::{Evidence, by_code},
    mfa::NeedsMfa,
    secrets::hidden,
    watch::{Reach, Seen},
};
use crate::hub::{CallError, CallFailure};

/// An error before there is a call.
pub(super) fn before_call(failure: CallFailure, message: impl fmt::Display) -> CallError {
    refused("connect", failure, message)
}

/// A call that this adapter refuses to make.
pub(super) fn refused(operation: &'static str, failure: CallFailure, message: impl fmt::Display) -> CallError {
    CallError { failure, operation, code: None, message: hidden(&message.to_string()), request_id: None }
}

/// The error of a call.
pub(super) fn of_call<E>(operation: &'static str, error: &SdkError<E, HttpResponse>, seen: &Seen) -> CallError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let skew = seen.answer.as_ref().and_then(|answer| answer.clock_ahead);
    let request_id = error.request_id().map(str::to_owned).or_else(|| seen.answer.as_ref().and_then(|answer| answer.request_id.clone()));
    let code = error.code().or_else(|| error.raw_response().and_then(code_of_header));
    let (failure, message) = match error {
        SdkError::ServiceError(answered) => {
            let status = answered.raw().status().as_u16();
            let message = error.message().unwrap_or_default();
            let failure = by_code(&Evidence { operation, code, message, status, clock_ahead: skew });
            (failure, explained(failure, code, message, status, skew, answered.err()))
        }
        SdkError::ResponseError(_) => (CallFailure::NoAnswer, format!("the answer broke off: {}", chain(error))),
        SdkError::TimeoutError(_) => match seen.reach() {
            Reach::MayBeSent => (CallFailure::NoAnswer, at_host(seen, "no answer came in time")),
            Reach::Unprepared | Reach::NotSent => (CallFailure::Unreachable, at_host(seen, "there was no connection in time")),
        },
        SdkError::DispatchFailure(_) => undelivered(error, seen),
        SdkError::ConstructionFailure(_) => (CallFailure::Other, format!("the request could not be made: {}", chain(error))),
        _ => (CallFailure::NoAnswer, chain(error)),
    };
    CallError { failure, operation, code: code.map(str::to_owned), message: hidden(&message), request_id }
}

/// The code in the answer's head, for an error whose body cannot be read. The head may add a namespace in front or an address behind.
fn code_of_header(response: &HttpResponse) -> Option<&str> {
    let value = response.headers().get("x-amzn-errortype")?;
    let code = value.rsplit('#').next()?.split(':').next()?.trim();
    (!code.is_empty()).then_some(code)
}

/// A call that ended without an answer.
fn undelivered(error: &(dyn Error + 'static), seen: &Seen) -> (CallFailure, String) {
    if let Some(credentials) = causes(error).find_map(|cause| cause.downcast_ref::<CredentialsError>()) {
        return of_credentials(credentials);
    }
    let text = chain(error);
    match seen.reach() {
        Reach::Unprepared => (CallFailure::Other, format!("there is no usable endpoint: {text}")),
        Reach::NotSent if text.contains("certificate") => {
            let hint = "AWS_CA_BUNDLE or ca_bundle names the certificate authority of an own endpoint or proxy";
            (CallFailure::Unreachable, at_host(seen, &format!("{text} ({hint})")))
        }
        Reach::NotSent => (CallFailure::Unreachable, at_host(seen, &text)),
        Reach::MayBeSent => (CallFailure::NoAnswer, at_host(seen, &text)),
    }
}

/// Credentials that could not be had.
fn of_credentials(error: &CredentialsError) -> (CallFailure, String) {
    if let Some(mfa) = causes(error).find_map(|cause| cause.downcast_ref::<NeedsMfa>()) {
        let (failure, text) = of_credentials(&mfa.error);
        // What STS denied is the role, not what a policy of the role would.
        let failure = if failure == CallFailure::AccessDenied { CallFailure::MissingCredentials } else { failure };
        return (failure, format!("{mfa}; {text}"));
    }
    let refusal = causes(error).find_map(|cause| {
        let role = cause.downcast_ref::<AssumeRoleError>().map(ProvideErrorMetadata::meta);
        role.or_else(|| cause.downcast_ref::<AssumeRoleWithWebIdentityError>().map(ProvideErrorMetadata::meta))
    });
    if let Some(refusal) = refusal
        && let Some(code) = refusal.code()
    {
        let message = refusal.message().unwrap_or_default();
        let failure = match by_code(&Evidence { operation: "AssumeRole", code: Some(code), message, ..Evidence::default() }) {
            known @ (CallFailure::AccessDenied | CallFailure::ExpiredCredentials | CallFailure::ClockSkew) => known,
            _ => CallFailure::MissingCredentials,
        };
        return (failure, format!("the role could not be assumed: {code}: {message}"));
    }
    let text = chain(error);
    match error {
        CredentialsError::CredentialsNotLoaded(_) => (CallFailure::MissingCredentials, not_found(error, &text)),
        // The providers of single sign-on and of containers have no code and no public type for it.
        CredentialsError::ProviderError(_) | CredentialsError::Unhandled(_) if text.to_lowercase().contains("expired") => {
            (CallFailure::ExpiredCredentials, text)
        }
        _ => (CallFailure::MissingCredentials, text),
    }
}

/// What was looked for and why it was not there, without the sources that are simply not set up.
fn not_found(error: &CredentialsError, chain: &str) -> String {
    const LOOKED: &str = "no credentials were found in environment, profile, web identity, container or instance";
    let summary = error.source().map(ToString::to_string).unwrap_or_default();
    let mut lines = summary.lines().map(str::trim);
    // The SDK's chain of providers lists them under a heading, one a line; a single provider has a text of its own.
    let is_list = lines.next().is_some_and(|heading| heading.ends_with("Attempted:"));
    if !is_list {
        return chain.to_owned();
    }
    let idle = ["not enabled", "not set", "not configured"];
    let reasons: Vec<String> = lines
        .filter(|line| !line.is_empty() && !idle.iter().any(|end| line.ends_with(end)))
        .map(|line| line.replace("the credential provider was not enabled: ", ""))
        .collect();
    if reasons.is_empty() { LOOKED.to_owned() } else { format!("{LOOKED}: {}", shortened(&reasons.join("; "))) }
}

/// The message of an answered error, with what the service's words leave out.
fn explained(
    failure: CallFailure,
    code: Option<&str>,
    message: &str,
    status: u16,
    skew: Option<i64>,
    cause: &(dyn Error + 'static),
) -> String {
    match failure {
        CallFailure::ClockSkew => match skew {
            Some(seconds) if seconds != 0 => {
                let side = if seconds > 0 { "behind" } else { "ahead of" };
                format!("{message} (this machine's clock is {} s {side} the service's)", seconds.unsigned_abs())
            }
            _ => message.to_owned(),
        },
        CallFailure::BadAnswer => {
            format!("HTTP {status} with an answer that is not the service's: {}; check the endpoint and the proxy", chain(cause))
        }
        _ if code.is_none() => format!("HTTP {status} without an error code; a proxy or a gateway may have answered"),
        _ if message.is_empty() => format!("HTTP {status} without a reason"),
        _ => message.to_owned(),
    }
}

fn at_host(seen: &Seen, what: &str) -> String {
    match &seen.host {
        Some(host) => format!("{host}: {what}"),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_missing_or_expired_by_what_the_provider_says() {
        for (error, kind) in [
            (CredentialsError::not_loaded("no providers in chain provided credentials"), CallFailure::MissingCredentials),
            (CredentialsError::invalid_configuration("a loop of source_profile"), CallFailure::MissingCredentials),
            (CredentialsError::provider_timed_out(std::time::Duration::from_secs(25)), CallFailure::MissingCredentials),
            (CredentialsError::provider_error("the SSO token has expired and cannot be refreshed"), CallFailure::ExpiredCredentials),
            (CredentialsError::provider_error("external process exited with code 1"), CallFailure::MissingCredentials),
        ] {
            let (failure, message) = of_credentials(&error);
            assert_eq!(failure, kind, "{message}");
            assert!(!message.is_empty());
        }
    }

    #[test]
    fn sources_that_are_not_set_up_are_left_out_of_the_reason() {
        let reason = |text: &str| of_credentials(&CredentialsError::not_loaded(text.to_owned())).1;
        let list = "no credentials found in chain. Attempted:\n  Environment: the credential provider was not enabled: environment \
                    variable not set\n  Profile: the credential provider was not enabled: profile `base` was not defined\n  \
                    EcsContainer: the credential provider was not enabled\n";
        assert!(reason(list).ends_with("or instance: Profile: profile `base` was not defined"));
        assert!(reason(&list.replace(": profile `base` was not defined", "")).ends_with("or instance"));
        assert!(reason("no keys here").ends_with("no keys here"));
    }
}
