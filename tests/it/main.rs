//! Integration tests, one binary: each extra one would link the SDK again.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]

mod operation;
mod responder;
mod support;
mod wire;
mod wire_failures;
mod wire_reading;
mod wire_settings;
mod wire_writing;
