//! The port to a hub: what can be asked of Security Hub V2, and how it can fail.
//!
//! Owns the traits and the error of a call. Must not know the AWS SDK: `aws` implements these, tests fake them.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use crate::domain::{
    batch::{Answer, Batch},
    counted::{CountField, Counted},
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
    /// One page of findings. It may hold more than the query asks for, never less: what the service cannot filter exactly is asked
    /// for more widely, and the caller matches every finding again. A page may be empty and still have a next one. A token that is no
    /// longer accepted fails with [`CallFailure::Validation`]: start the scan again.
    fn page(&self, request: PageRequest) -> Pending<'_, Page>;
    /// How many findings the query has, through the statistics call; needs `securityhub:GetAdhocInsightResults`. An estimate: it
    /// counts what the service was asked for, which may be more than the query means.
    fn total(&self, query: Query) -> Pending<'_, u64>;
    /// How many findings of a query have which value of each of these fields, in their order; needs
    /// `securityhub:GetAdhocInsightResults`. Counts what the service was asked for, as [`Self::total`] does; of a field at most
    /// [`crate::domain::counted::MOST_VALUES`] values, the most frequent first. Values are as they came, not cleaned.
    fn statistics(&self, query: Query, fields: Vec<CountField>) -> Pending<'_, Vec<Counted>>;
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
    /// In which order the findings come.
    pub order: PageOrder,
}

/// How the order of a scan's findings relates to the one asked for. The service documents no list of fields it sorts by, so it may refuse.
/// Everything but [`PageOrder::AsAsked`] means that the order on screen is only that of the loaded rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageOrder {
    /// As asked, with severities and statuses in the order of their ids.
    #[default]
    AsAsked,
    /// By the first keys asked for; the service cannot sort by the others.
    Partly,
    /// By modification time alone.
    ModifiedOnly,
    /// As the service likes.
    ServiceOwn,
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
