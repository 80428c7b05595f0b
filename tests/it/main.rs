//! Integration tests, one binary: each extra one would link the SDK again.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]
#![expect(clippy::disallowed_methods, reason = "tests start the program and wait for it, with a deadline")]
#![expect(unreachable_pub, reason = "what the modules share is public among them, as in a library")]

mod architecture;
mod bytes;
mod cli;
mod clipboard;
mod commenting;
mod crash;
mod deciding;
mod decision_cost;
mod documents;
mod headless;
mod journal;
mod loading;
#[path = "../../benches/made/mod.rs"]
mod made;
mod memory;
mod nothing_found;
mod operation;
mod overview;
mod packaging;
mod palette;
mod pictures;
mod pointer;
mod profiles;
mod recipes;
mod responder;
mod restore;
mod secrets;
mod sending;
mod sending_faults;
mod support;
mod terminal;
mod trouble;
mod wire;
mod wire_failures;
mod wire_query;
mod wire_reading;
mod wire_settings;
mod wire_writing;
mod work;
