//! What was asked of an emulator, in order, so that tests can say exactly what a client sent.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Instant;

use hyper::HeaderMap;
use serde_json::Value;

use super::lock;
use super::operation::Operation;

/// The oldest calls are forgotten beyond this many, so that an emulator can run for days.
const MOST_CALLS: usize = 50_000;

/// One call, as it arrived and as it was answered.
#[derive(Debug, Clone)]
pub struct RecordedCall {
    /// Its place among all calls, counted from 1.
    pub sequence: u64,
    /// What it asked for.
    pub operation: Operation,
    /// The request's path with its query.
    pub target: String,
    /// The request's JSON; null if it had none or it could not be read.
    pub body: Value,
    /// What its headers said.
    pub facts: HeaderFacts,
    /// How it was answered.
    pub answered: Answered,
    /// When its body had arrived.
    pub started: Instant,
    /// When its answer was handed to the connection, or the connection was cut.
    pub ended: Option<Instant>,
}

/// What a request's headers tell about its sender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderFacts {
    /// `User-Agent`.
    pub user_agent: Option<String>,
    /// The access key id of the `Authorization` header.
    pub access_key: Option<String>,
    /// The scope of the `Authorization` header: `20261124/eu-west-1/securityhub/aws4_request`.
    pub authorization_scope: Option<String>,
    /// Whether a session token was sent, and which.
    pub session_token: Option<String>,
}

impl HeaderFacts {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        // AWS4-HMAC-SHA256 Credential=AKID/20261124/eu-west-1/securityhub/aws4_request, SignedHeaders=..., Signature=...
        let authorization = text("authorization");
        let credential = authorization.as_deref().and_then(|value| value.split_once("Credential=")).map(|(_, rest)| rest);
        let credential = credential.and_then(|rest| rest.split(',').next()).map(str::trim);
        let parts = credential.and_then(|credential| credential.split_once('/'));
        Self {
            user_agent: text("user-agent"),
            access_key: parts.map(|(key, _)| key.to_owned()),
            authorization_scope: parts.map(|(_, scope)| scope.to_owned()),
            session_token: text("x-amz-security-token"),
        }
    }
}

/// How a call was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Not yet: it is being served or held.
    Pending,
    /// With this HTTP status. A cut body counts as answered: its head was sent.
    Status(u16),
    /// The emulator cut the connection without an answer.
    Cut,
    /// The caller went away before the answer.
    Abandoned,
}

/// The calls of one emulator.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    calls: Mutex<Recent>,
}

#[derive(Debug, Default)]
struct Recent {
    count: u64,
    counts: HashMap<Operation, u64>,
    calls: VecDeque<RecordedCall>,
}

impl CallLog {
    /// Notes a call; how it ends is noted through what this returns.
    pub(super) fn open(&self, operation: Operation, target: String, body: Value, facts: HeaderFacts) -> OpenCall<'_> {
        let mut recent = lock(&self.calls);
        recent.count += 1;
        *recent.counts.entry(operation).or_default() += 1;
        let sequence = recent.count;
        let started = Instant::now();
        recent.calls.push_back(RecordedCall {
            sequence,
            operation,
            target,
            body,
            facts,
            answered: Answered::Pending,
            started,
            ended: None,
        });
        if recent.calls.len() > MOST_CALLS {
            recent.calls.pop_front();
        }
        OpenCall { log: self, sequence, finished: None }
    }

    pub(super) fn list(&self) -> Vec<RecordedCall> {
        lock(&self.calls).calls.iter().cloned().collect()
    }

    /// How many calls of an operation there were, the forgotten ones too.
    pub(super) fn count(&self, operation: Operation) -> u64 {
        lock(&self.calls).counts.get(&operation).copied().unwrap_or_default()
    }

    fn close(&self, sequence: u64, answered: Answered) {
        let mut recent = lock(&self.calls);
        // The newest calls are at the end, and the one that ends is nearly always among them.
        if let Some(call) = recent.calls.iter_mut().rev().find(|call| call.sequence == sequence) {
            call.answered = answered;
            call.ended = Some(Instant::now());
        }
    }
}

/// A call being served. Dropped without an end, as when the caller hangs up, it counts as abandoned.
pub(super) struct OpenCall<'a> {
    log: &'a CallLog,
    sequence: u64,
    finished: Option<Answered>,
}

impl OpenCall<'_> {
    pub(super) fn sequence(&self) -> u64 {
        self.sequence
    }

    pub(super) fn finish(mut self, answered: Answered) {
        self.finished = Some(answered);
    }
}

impl Drop for OpenCall<'_> {
    fn drop(&mut self) {
        self.log.close(self.sequence, self.finished.unwrap_or(Answered::Abandoned));
    }
}
