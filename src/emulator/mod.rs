//! The emulator: an HTTP server on this machine that answers as Security Hub V2 does.
//!
//! It owns its findings, their state, and everything that can be made to go wrong with a call. It must not share code with the adapter
//! that speaks to the service: the two sides of the wire check each other. It serves loopback addresses only.
//!
//! Source of what it accepts and answers: the service model (`tests/data/securityhub-v2.model.json`) and its texts. Where those are
//! silent, the module that decides says so: `query` (default page size, order, page tokens), `filter` (missing values, nesting limits),
//! `update` (updates of nothing), `statistics` (missing values), `hub` (a hub that is off).
#![expect(clippy::disallowed_methods, reason = "a server starts tasks, waits and has a clock of its own")]

mod call;
pub mod command;
mod document;
mod error;
mod failure;
mod fault;
mod field;
mod filter;
mod finding;
mod findings;
mod gate;
mod hub;
mod listener;
mod members;
mod moment;
mod operation;
mod page;
mod query;
mod quota;
mod random;
mod reply;
mod scope;
mod service;
mod settings;
mod statistics;
mod store;
mod update;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::fault::FaultState;
use self::service::Service;

pub use self::call::{Answered, HeaderFacts, RecordedCall};
pub use self::error::EmulatorError;
pub use self::fault::{
    CallError, CallFault, Calls, Denial, FaultPlan, FindingFault, HoldMoment, MissingRows, Poison, RowCode, Selector, Times, Trouble,
};
pub use self::filter::{SameField, TextComparison};
pub use self::finding::{Change, Finding, FindingIdentifier};
pub use self::findings::Findings;
pub use self::operation::Operation;
pub use self::quota::{Quota, Rate};
pub use self::settings::{Clock, CredentialState, Enablement, Settings, SortField, Standing, ValueSet};
pub use self::update::UpdateField;

/// A running emulator. It serves as tasks of the Tokio runtime it was started on, and stops when this is dropped.
#[derive(Debug)]
pub struct Emulator {
    service: Arc<Service>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Binds and serves. Fails if the address is not a loopback one or the port is taken.
    pub async fn start(settings: Settings) -> Result<Self, EmulatorError> {
        let (listener, address) = listener::bind(SocketAddr::new(settings.address, settings.port)).await?;
        let service = Arc::new(Service::new(settings));
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(listener::run(listener, Arc::clone(&service), stopped));
        Ok(Self { service, address, stop, task: Some(task) })
    }

    /// The endpoint URL for a client, without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every call so far, oldest first; those that are held or being served too.
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.service.calls.list()
    }

    /// The calls of one operation so far, oldest first.
    pub fn calls_of(&self, operation: Operation) -> Vec<RecordedCall> {
        self.calls().into_iter().filter(|call| call.operation == operation).collect()
    }

    /// How many calls of one operation there were so far; cheap enough to be asked again and again.
    pub fn call_count(&self, operation: Operation) -> u64 {
        self.service.calls.count(operation)
    }

    /// Every finding as it is now, in its order.
    pub fn findings(&self) -> Vec<Value> {
        lock(&self.service.store).iter().map(|(_, finding)| finding.document()).collect()
    }

    /// Writes every finding as it is now, one a line, in its order. Says how many.
    pub fn write_jsonl(&self, out: &mut dyn std::io::Write) -> std::io::Result<usize> {
        let store = lock(&self.service.store);
        let mut written = 0;
        let mut line = String::new();
        for (_, finding) in store.iter() {
            line.clear();
            finding.render(&mut line);
            line.push('\n');
            out.write_all(line.as_bytes())?;
            written += 1;
        }
        Ok(written)
    }

    /// The finding with that `metadata.uid` as it is now.
    pub fn finding(&self, uid: &str) -> Option<Value> {
        let store = lock(&self.service.store);
        let place = store.with_uid(uid).first().copied()?;
        Some(store.get(place)?.document())
    }

    /// Someone else triages: sets values of the finding with that `metadata.uid` as an update would, without a call. Says how many
    /// findings had the uid.
    pub fn edit(&self, uid: &str, change: &Change) -> usize {
        let mut store = lock(&self.service.store);
        let places = store.with_uid(uid);
        for place in &places {
            store.apply(*place, change);
        }
        places.len()
    }

    /// A finding arrives. Scans under way do not show it.
    pub fn add(&self, document: &Value) {
        let mut store = lock(&self.service.store);
        let line = store.next_line();
        store.add(Finding::new(document, line));
    }

    /// A finding ages out. Says how many findings had the uid.
    pub fn remove(&self, uid: &str) -> usize {
        let mut store = lock(&self.service.store);
        let places = store.with_uid(uid);
        for place in &places {
            store.remove(*place);
        }
        places.len()
    }

    /// Lets the calls go that are held under this name, and all that would be.
    pub fn release(&self, name: &str) {
        lock(&self.service.faults).gates().open(name);
    }

    /// The names under which calls are held now, with how many are.
    pub fn held(&self) -> Vec<(String, usize)> {
        lock(&self.service.faults).gates().waiting()
    }

    /// Plays another script from its beginning. Calls held by the last one are let go.
    pub fn set_faults(&self, plan: FaultPlan) {
        let last = std::mem::replace(&mut *lock(&self.service.faults), FaultState::new(plan));
        last.gates().open_all();
    }

    /// From now on nothing goes wrong. Held calls are let go.
    pub fn clear_faults(&self) {
        self.set_faults(FaultPlan::default());
    }

    /// Makes the caller's credentials expire, become unknown, or be valid again.
    pub fn set_credentials(&self, state: CredentialState) {
        *lock(&self.service.credentials) = state;
    }

    /// Makes every page token that was given out an expired one.
    pub fn expire_page_tokens(&self) {
        lock(&self.service.store).expire_scans();
    }

    /// Stops taking connections, lets calls under way end for a short while (held ones are let go), and returns when all is closed.
    pub async fn stop(mut self) {
        self.close().await;
    }

    async fn close(&mut self) {
        lock(&self.service.faults).gates().open_all();
        self.stop.send_replace(true);
        if let Some(task) = self.task.take() {
            // It ends by itself and never panics; if it did, there would be nothing left to stop.
            let _ = task.await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// Reads findings from a file of JSON lines; see [`Findings::load`].
pub fn load_jsonl(path: &Path) -> Result<Findings, EmulatorError> {
    Findings::load(path)
}

/// Locks, also after a panic elsewhere: the emulator's data is plain, and a test that failed must not hide behind another failure.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
