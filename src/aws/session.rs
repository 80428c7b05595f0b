//! The clients of one hub, and what every call has in common.
//!
//! Owns the SDK's clients. There is one client of Security Hub for reads and writes: it learns the difference of clocks from the answers
//! it gets, and a write, which has one attempt, needs what the reads have learned.

use std::{error::Error, future::Future};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tracing::debug;

use super::{credentials::Renewed, failure, timeouts::Timeouts, watch::CallWatch};
use crate::hub::{CallError, CallFailure};

/// The clients.
#[derive(Debug)]
pub(super) struct Session {
    /// Security Hub, set up for reads.
    pub(super) security_hub: aws_sdk_securityhub::Client,
    /// STS, unless nobody is to be asked.
    pub(super) sts: Option<aws_sdk_sts::Client>,
    /// Credentials that can be renewed, unless they are fixed.
    pub(super) credentials: Option<Renewed>,
    /// How long is waited.
    pub(super) timeouts: Timeouts,
}

impl Session {
    /// Makes a call, notes it in the log, and translates its error. Logged are numbers, codes and ids, never what is in a finding.
    pub(super) async fn call<T, E, F>(&self, operation: &'static str, watch: &CallWatch, sending: F) -> Result<T, CallError>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let begun = tokio::time::Instant::now();
        let answer = sending.await;
        let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let seen = watch.seen();
        let request_id = seen.answer.as_ref().and_then(|answer| answer.request_id.as_deref());
        let attempts = seen.attempts;
        match answer {
            Ok(answer) => {
                debug!(operation, request_id, attempts, took, "answered");
                Ok(answer)
            }
            Err(error) => {
                let error = failure::of_call(operation, &error, &seen);
                let (failure, code) = (error.failure, error.code.as_deref());
                debug!(operation, request_id, attempts, took, ?failure, code, "failed");
                if matches!(failure, CallFailure::ExpiredCredentials | CallFailure::MissingCredentials)
                    && let Some(credentials) = &self.credentials
                {
                    credentials.refuse();
                }
                Err(error)
            }
        }
    }
}
