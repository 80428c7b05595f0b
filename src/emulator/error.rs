//! What can go wrong in setting up and running an emulator. What a caller over HTTP gets is in `failure.rs`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// An emulator could not be started, fed or saved.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The address is not one of this machine alone.
    #[error("the emulator serves this machine only: {address} is not a loopback address; use 127.0.0.1 or ::1")]
    NotLoopback {
        /// The refused address.
        address: SocketAddr,
    },
    /// The port cannot be had.
    #[error("cannot listen on {address}: {source}; choose another port, or 0 for any free one")]
    Listen {
        /// The wanted address.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {source}; check the path and its permissions", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A line of a findings file is not a finding.
    #[error("{path}, line {line}: {reason}; each line must be one finding as a JSON object", path = path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u32,
        /// What is wrong with it.
        reason: String,
    },
    /// A faults file is not understood.
    #[error("{path}: {reason}", path = path.display())]
    Faults {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// The final state cannot be written.
    #[error("cannot write {path}: {source}; the findings' final state is not saved", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Where messages go cannot be written to.
    #[error("cannot write a message: {0}")]
    Say(std::io::Error),
    /// The signals that end it cannot be waited for.
    #[error("cannot wait for a signal to stop: {0}")]
    Signal(std::io::Error),
}
