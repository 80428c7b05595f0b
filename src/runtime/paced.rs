//! Reads that keep to `[pace]`. Writes are paced by the sending engine, which learns from what the service answers.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    domain::{
        counted::{CountField, Counted, MOST_FIELDS},
        query::Query,
    },
    hub::{Caller, Hub, HubDescription, Page, PageRequest, Pending, ReadFindings},
    send::pace::{Quota, TokenBucket},
};

/// Lets calls through as the quota allows. Cheap to clone; connecting anew does not fill it again.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bucket: Mutex<TokenBucket>,
    began: Instant,
}

impl Gate {
    /// A gate with its whole burst left.
    pub fn new(quota: Quota) -> Self {
        Self(Arc::new(Inner { bucket: Mutex::new(TokenBucket::new(quota)), began: Instant::now() }))
    }

    async fn pass(&self) {
        let wait = self.0.bucket.lock().unwrap_or_else(PoisonError::into_inner).take(self.0.began.elapsed());
        if wait > Duration::ZERO {
            tokio::time::sleep(wait).await;
        }
    }

    /// The hub with its reads behind this gate.
    #[must_use]
    pub fn before(&self, hub: Hub) -> Hub {
        Hub { reader: Arc::new(PacedReader { inner: Arc::clone(&hub.reader), gate: self.clone() }), ..hub }
    }
}

#[derive(Debug)]
struct PacedReader {
    inner: Arc<dyn ReadFindings>,
    gate: Gate,
}

impl ReadFindings for PacedReader {
    fn page(&self, request: PageRequest) -> Pending<'_, Page> {
        Box::pin(async move {
            self.gate.pass().await;
            self.inner.page(request).await
        })
    }

    fn total(&self, query: Query) -> Pending<'_, u64> {
        Box::pin(async move {
            self.gate.pass().await;
            self.inner.total(query).await
        })
    }

    fn statistics(&self, query: Query, fields: Vec<CountField>) -> Pending<'_, Vec<Counted>> {
        Box::pin(async move {
            for _call in fields.chunks(MOST_FIELDS) {
                self.gate.pass().await;
            }
            self.inner.statistics(query, fields).await
        })
    }

    fn describe(&self) -> Pending<'_, HubDescription> {
        Box::pin(async move {
            self.gate.pass().await;
            self.inner.describe().await
        })
    }

    fn home_region(&self) -> Pending<'_, Option<String>> {
        Box::pin(async move {
            self.gate.pass().await;
            self.inner.home_region().await
        })
    }

    /// STS has a quota of its own.
    fn caller(&self) -> Pending<'_, Caller> {
        self.inner.caller()
    }
}
