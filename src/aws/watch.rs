//! What is seen of one call while the SDK makes it: an interceptor that keeps what the SDK's answer does not tell.
//!
//! Owns three facts that the errors of the SDK leave open: how far a failed call got (whether anything can have reached the service),
//! how many attempts were made, and the answer's body as it came. Must not change a request; an answer whose body is kept here is not
//! read by the SDK as well.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        connection::CaptureSmithyConnection,
        interceptors::{
            Intercept,
            context::{
                AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
                FinalizerInterceptorContextMut,
            },
        },
        runtime_components::RuntimeComponents,
        ser_de::SharedResponseDeserializer,
    },
};
use aws_smithy_types::{DateTime, body::SdkBody, config_bag::ConfigBag, date_time::Format};
use aws_types::request_id::RequestId;

/// Who reads the body of an answer that is no error.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    /// The caller: the body is kept, and this stands in for the SDK's own reader.
    Kept(fn() -> SharedResponseDeserializer),
    /// The SDK.
    Dropped,
}

/// Watches one call. Clones watch the same one.
#[derive(Debug, Clone)]
pub(super) struct CallWatch {
    body: Body,
    seen: Arc<Mutex<Seen>>,
}

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// How many attempts were begun.
    pub(super) attempts: u32,
    /// How far the last attempt got.
    stage: Stage,
    /// The connection of the last attempt, once it has one.
    connection: Option<CaptureSmithyConnection>,
    /// The host the last attempt went to.
    pub(super) host: Option<String>,
    /// What came back, if anything did.
    pub(super) answer: Option<SeenAnswer>,
}

/// An answer of any status.
#[derive(Debug, Default)]
pub(super) struct SeenAnswer {
    /// The HTTP status.
    pub(super) status: u16,
    /// The request id.
    pub(super) request_id: Option<String>,
    /// How many seconds the service's clock is ahead of this machine's, by its `Date` header.
    pub(super) clock_ahead: Option<i64>,
    /// The body, where it is wanted and came whole; shared with the SDK's answer, not copied.
    pub(super) body: Option<SdkBody>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Stage {
    /// Credentials and endpoint are being looked up.
    #[default]
    Preparing,
    /// Both are there; the request is being signed.
    Signing,
    /// The request was handed to the HTTP client.
    Transmitting,
}

/// How far a failed call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// No credentials or no usable endpoint: there was no request yet.
    Unprepared,
    /// There was no connection to send on.
    NotSent,
    /// There was a connection, so some of the request may have left, or all of it.
    MayBeSent,
}

impl CallWatch {
    /// A watch for one call.
    pub(super) fn new(body: Body) -> Self {
        Self { body, seen: Arc::default() }
    }

    /// What was seen so far.
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// How far the last attempt got. The HTTP client notes a connection only once it is open, TLS and all, and right before it is
    /// written to: so no connection means that nothing was sent.
    pub(super) fn reach(&self) -> Reach {
        match (self.stage, &self.connection) {
            (Stage::Preparing, _) => Reach::Unprepared,
            (Stage::Signing, _) => Reach::NotSent,
            (Stage::Transmitting, Some(connection)) if connection.get().is_none() => Reach::NotSent,
            (Stage::Transmitting, _) => Reach::MayBeSent,
        }
    }
}

impl Intercept for CallWatch {
    fn name(&self) -> &'static str {
        "CallWatch"
    }

    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Body::Kept(reader) = self.body {
            // It lies over the operation's own, for this call alone.
            cfg.interceptor_state().store_put(reader());
        }
        Ok(())
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut seen = self.seen();
        let attempts = seen.attempts + 1;
        *seen = Seen { attempts, ..Seen::default() };
        Ok(())
    }

    fn read_before_signing(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.seen().stage = Stage::Signing;
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut seen = self.seen();
        seen.stage = Stage::Transmitting;
        seen.connection = cfg.load::<CaptureSmithyConnection>().cloned();
        seen.host = host_of(context.request().uri());
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Only here is the body in memory; before, it is still a stream. This hook runs whether or not the SDK could read it.
        let response = context.response();
        let now = components.time_source().map(|source| source.now());
        let answer = SeenAnswer {
            status: response.status().as_u16(),
            request_id: response.request_id().map(str::to_owned),
            clock_ahead: now.zip(response.headers().get("date")).and_then(|(now, date)| clock_ahead(now, date)),
            body: match self.body {
                Body::Kept(_) => response.body().try_clone().filter(|body| body.bytes().is_some()),
                Body::Dropped => None,
            },
        };
        self.seen().answer = Some(answer);
        Ok(())
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // An answer whose body did not arrive never gets to the hook above; its head is still worth keeping.
        let mut seen = self.seen();
        if seen.answer.is_none()
            && let Some(response) = context.response()
        {
            seen.answer = Some(SeenAnswer {
                status: response.status().as_u16(),
                request_id: response.request_id().map(str::to_owned),
                ..SeenAnswer::default()
            });
        }
        Ok(())
    }
}

/// The host of a URI, without the rest: what a person needs to see.
fn host_of(uri: &str) -> Option<String> {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next()?;
    (!host.is_empty()).then(|| host.to_owned())
}

/// Seconds the service is ahead by its `Date` header.
fn clock_ahead(now: SystemTime, date: &str) -> Option<i64> {
    let theirs = DateTime::from_str(date, Format::HttpDate).ok()?;
    Some(theirs.secs().saturating_sub(DateTime::from(now).secs()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_host_is_all_that_is_kept_of_an_address() {
        for (uri, host) in [
            ("https://securityhub.eu-west-1.amazonaws.com/findingsv2", Some("securityhub.eu-west-1.amazonaws.com")),
            ("http://127.0.0.1:4566/hubv2?x=1", Some("127.0.0.1:4566")),
            ("/findingsv2", None),
        ] {
            assert_eq!(host_of(uri).as_deref(), host);
        }
    }

    #[test]
    fn the_difference_of_clocks_is_read_from_the_date_header() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        assert_eq!(clock_ahead(now, "Tue, 14 Nov 2023 22:23:20 GMT"), Some(600));
        assert_eq!(clock_ahead(now, "Tue, 14 Nov 2023 22:12:20 GMT"), Some(-60));
        assert_eq!(clock_ahead(now, "yesterday"), None);
    }

    #[test]
    fn a_call_that_got_nowhere_is_not_taken_for_one_that_was_sent() {
        let mut seen = Seen::default();
        assert_eq!(seen.reach(), Reach::Unprepared);
        seen.stage = Stage::Signing;
        assert_eq!(seen.reach(), Reach::NotSent);
        seen.stage = Stage::Transmitting;
        assert_eq!(seen.reach(), Reach::MayBeSent, "without the client's word, the careful side");
        seen.connection = Some(CaptureSmithyConnection::new());
        assert_eq!(seen.reach(), Reach::NotSent);
    }
}
