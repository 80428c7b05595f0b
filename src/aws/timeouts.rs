//! How long is waited for what, and why.
//!
//! The SDK has no timeout but the connection's, so all of them are set here.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;

/// Attempts of a read: the SDK's standard retry, with its backoff. Reads are safe to repeat.
pub(super) const READ_ATTEMPTS: u32 = 3;

/// The waiting times of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// To open a connection, with its TLS handshake: long enough for a lost packet or two on the way from a busy jump host.
    pub connect: Duration,
    /// For credentials: a role chain or a `credential_process` takes a few calls of its own. Shorter than an attempt, so that late
    /// credentials are reported as such.
    pub credentials: Duration,
    /// For one attempt of a read: a page can be a megabyte of findings.
    pub read_attempt: Duration,
    /// For a read with its retries: three attempts and the pauses between them.
    pub read: Duration,
    /// For a write, which has one attempt. Longer than a read: giving up early leaves 100 findings in an unknown state, which costs
    /// more than the wait.
    pub write: Duration,
    /// For the question who is acting: nice to know, never waited for.
    pub caller: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            credentials: Duration::from_secs(25),
            read_attempt: Duration::from_secs(30),
            read: Duration::from_secs(100),
            write: Duration::from_mins(1),
            caller: Duration::from_secs(5),
        }
    }
}

impl Timeouts {
    pub(super) fn of_reads(&self) -> TimeoutConfig {
        self.config(self.read_attempt, self.read)
    }

    pub(super) fn of_writes(&self) -> TimeoutConfig {
        self.config(self.write, self.write)
    }

    pub(super) fn of_caller(&self) -> TimeoutConfig {
        self.config(self.caller, self.caller)
    }

    fn config(&self, attempt: Duration, whole: Duration) -> TimeoutConfig {
        TimeoutConfig::builder().connect_timeout(self.connect).operation_attempt_timeout(attempt).operation_timeout(whole).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_leaves_room_for_its_parts() {
        let waits = Timeouts::default();
        assert!(waits.read > waits.read_attempt * READ_ATTEMPTS);
        assert!(waits.credentials < waits.read_attempt && waits.credentials < waits.write);
    }
}
