//! Integration tests, one binary: each extra one would link the SDK again.
#![expect(clippy::disallowed_methods, reason = "tests start the program and wait for it, with a deadline")]

mod architecture;
mod cli;
