//! Named gates that held calls wait at.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::sync::watch;

use super::lock;

/// The gates of one script. A gate is closed until it is opened, and stays open.
#[derive(Debug, Default)]
pub(super) struct Gates {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    gates: HashMap<String, Gate>,
    /// The script is over: a call that had met it but not yet come to its gate must not wait there for ever.
    all_open: bool,
}

#[derive(Debug)]
struct Gate {
    open: watch::Sender<bool>,
    waiting: usize,
}

impl Default for Gate {
    fn default() -> Self {
        Self { open: watch::Sender::new(false), waiting: 0 }
    }
}

impl Gates {
    /// Waits until the gate of that name is open.
    pub(super) async fn wait(&self, name: &str) {
        let mut open = {
            let mut inner = lock(&self.inner);
            if inner.all_open {
                return;
            }
            let gate = inner.gates.entry(name.to_owned()).or_default();
            gate.waiting += 1;
            gate.open.subscribe()
        };
        let _leaving = Leaving { gates: self, name };
        // The gate is never dropped while the emulator runs; if it were, nothing would be left to wait for.
        let _ = open.wait_for(|open| *open).await;
    }

    /// Opens a gate for the calls that wait and for all that come.
    pub(super) fn open(&self, name: &str) {
        lock(&self.inner).gates.entry(name.to_owned()).or_default().open.send_replace(true);
    }

    /// Lets every call go, now and from now on.
    pub(super) fn open_all(&self) {
        let mut inner = lock(&self.inner);
        inner.all_open = true;
        for gate in inner.gates.values() {
            gate.open.send_replace(true);
        }
    }

    /// The names of the gates that calls wait at, with how many do.
    pub(super) fn waiting(&self) -> Vec<(String, usize)> {
        let inner = lock(&self.inner);
        let mut waiting: Vec<_> = inner
            .gates
            .iter()
            .filter(|(_, gate)| gate.waiting > 0 && !*gate.open.borrow())
            .map(|(name, gate)| (name.clone(), gate.waiting))
            .collect();
        waiting.sort();
        waiting
    }
}

/// Counts a call out of its gate, also when its caller hangs up.
struct Leaving<'a> {
    gates: &'a Gates,
    name: &'a str,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if let Some(gate) = lock(&self.gates.inner).gates.get_mut(self.name) {
            gate.waiting = gate.waiting.saturating_sub(1);
        }
    }
}
