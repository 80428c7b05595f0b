//! Integration tests, one binary: each extra one would link the SDK again.
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::cast_possible_wrap, reason = "a failed test is a panic")]

mod operation;
mod support;
