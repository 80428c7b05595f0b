//! The signals that ask a command to end: SIGINT, SIGTERM and SIGHUP.

use std::{future::pending, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::report::{Kind, Report};

/// Listens for the signals that ask to end.
#[derive(Debug)]
pub struct Interrupt {
    sigint: Signal,
    sigterm: Signal,
    sighup: Option<Signal>,
}

impl Interrupt {
    /// Begins to listen. A command that was started under `nohup` goes on when its terminal is gone.
    pub fn listen() -> Result<Self, Report> {
        let listen = |kind| signal(kind).map_err(|error| super::world::unusable("signals cannot be listened for", &error));
        let sighup = if is_hangup_ignored() { None } else { Some(listen(SignalKind::hangup())?) };
        Ok(Self { sigint: listen(SignalKind::interrupt())?, sigterm: listen(SignalKind::terminate())?, sighup })
    }

    /// Waits for the next signal and gives its name.
    pub async fn next(&mut self) -> &'static str {
        let hangup = async {
            match &mut self.sighup {
                Some(hangup) => hangup.recv().await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = self.sigint.recv() => "SIGINT",
            _ = self.sigterm.recv() => "SIGTERM",
            _ = hangup => "SIGHUP",
        }
    }

    /// Carries out what may be broken off at any moment, until it is done or a signal comes.
    pub async fn or<T>(&mut self, work: impl Future<Output = Result<T, Report>>) -> Result<T, Report> {
        tokio::select! {
            done = work => done,
            name = self.next() => Err(Report::new(Kind::Interrupted, format!("interrupted by {name}"))),
        }
    }
}

/// Whether SIGHUP is ignored, as `nohup` leaves it; Linux tells, elsewhere it is taken as not ignored. Listening for it would undo that.
fn is_hangup_ignored() -> bool {
    let status: io::Result<String> = std::fs::read_to_string("/proc/self/status");
    let mask = status.ok().and_then(|status| status.lines().find_map(|line| line.strip_prefix("SigIgn:").map(str::to_owned)));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 != 0)
}
