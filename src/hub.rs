//! The port to a hub: what can be asked of Security Hub V2, and how it can fail.
//!
//! Owns the traits and the error of a call. Must not know the AWS SDK: `aws` implements these, tests fake them.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use crate::domain::{
    batch::{Answer, Batch},
    order::SortKey,
    query::Query,
};

pub use crate::domain::failure::{CallError, CallFailure};

/// Most findings of one page; `MaxResults` in the service's model.
pub const PAGE_SIZE: usize = 100;

/// A call under way. Dropping it cancels a read; a write is never dropped.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, CallError>> + Send + 'a>>;

/// Reading: safe to repeat and to cancel.
pub trait ReadFindings: Send + Sync + fmt::Debug {
    /// One page of findings.
    fn page(&self, request: PageRequest) -> Pending<'_, Page>;
    /// How many findings the query has, through the statistics call; needs `securityhub:GetAdhocInsightResults`.
    fn total(&self, query: Query) -> Pending<'_, u64>;
    /// Whether Security Hub V2 is on here; needs `securityhub:DescribeSecurityHubV2`.
    fn describe(&self) -> Pending<'_, HubDescription>;
    /// The home Region of the aggregator, when there is one; answers from any Region where V2 is on.
    fn home_region(&self) -> Pending<'_, Option<String>>;
    /// Who is acting, from STS.
    fn caller(&self) -> Pending<'_, Caller>;
}

/// Writing. A read-only session never gets one.
pub trait UpdateFindings: Send + Sync + fmt::Debug {
    /// One `BatchUpdateFindingsV2`, one attempt: whether to try again is decided by the sender.
    fn update(&self, batch: Batch) -> Pending<'_, Answer>;
}

/// The two halves of a hub.
#[derive(Debug, Clone)]
pub struct Hub {
    /// For reading.
    pub reader: Arc<dyn ReadFindings>,
    /// For writing; `None` in a read-only session, so that no write can leave the process.
    pub writer: Option<Arc<dyn UpdateFindings>>,
    /// The Region that is asked.
    pub region: String,
    /// The endpoint, where it is not the Region's own.
    pub endpoint: Option<String>,
}

/// What is asked of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Which findings.
    pub query: Query,
    /// In which order; empty is the service's own.
    pub sort: Vec<SortKey>,
    /// Where to go on; `None` is the first page. Must be sent with the same query and order it came from.
    pub token: Option<String>,
}

/// One page as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The findings, each one JSON document, at most [`PAGE_SIZE`].
    pub findings: Vec<String>,
    /// Where to go on; `None` is the end.
    pub next: Option<String>,
}

/// The answer of `DescribeSecurityHubV2`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HubDescription {
    /// The hub's ARN; its account is known even where STS cannot be reached.
    pub arn: Option<String>,
}

/// Who is acting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account id.
    pub account: String,
    /// The caller's ARN.
    pub arn: String,
}
