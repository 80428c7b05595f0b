//! A hub whose calls keep to `[pace]`.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    domain::{
        batch::{Answer, Batch},
        query::Query,
    },
    hub::{Caller, Hub, HubDescription, Page, PageRequest, Pending, ReadFindings, UpdateFindings},
    send::pace::{Pace, Quota, TokenBucket},
};

/// Puts a hub under a pace. Reads and writes are counted apart, as the service does.
pub fn paced(hub: &Hub, pace: Pace) -> Hub {
    Hub {
        reader: Arc::new(PacedReader { inner: Arc::clone(&hub.reader), gate: Gate::new(pace.reads) }),
        writer: hub
            .writer
            .as_ref()
            .map(|inner| Arc::new(PacedWriter { inner: Arc::clone(inner), gate: Gate::new(pace.writes) }) as Arc<dyn UpdateFindings>),
        ..hub.clone()
    }
}

#[derive(Debug)]
struct Gate {
    bucket: Mutex<TokenBucket>,
    began: Instant,
}

impl Gate {
    fn new(quota: Quota) -> Self {
        Self { bucket: Mutex::new(TokenBucket::new(quota)), began: Instant::now() }
    }

    async fn pass(&self) {
        let wait = self.bucket.lock().unwrap_or_else(PoisonError::into_inner).take(self.began.elapsed());
        if wait > Duration::ZERO {
            tokio::time::sleep(wait).await;
        }
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

#[derive(Debug)]
struct PacedWriter {
    inner: Arc<dyn UpdateFindings>,
    gate: Gate,
}

impl UpdateFindings for PacedWriter {
    fn update(&self, batch: Batch) -> Pending<'_, Answer> {
        Box::pin(async move {
            self.gate.pass().await;
            self.inner.update(batch).await
        })
    }
}
