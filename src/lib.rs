//! hubtriage: keyboard-driven triage of AWS Security Hub findings in a terminal.
//!
//! The map of the crate, from the inside out: [`domain`] is plain data and rules, [`findings`] holds the loaded findings, [`send`] decides
//! what is sent, [`hub`] is the port to Security Hub, and the rest hangs on those. ARCHITECTURE.md tells who may import whom.

pub mod app;
pub mod aws;
pub mod domain;
pub mod emulator;
pub mod findings;
pub mod hub;
pub mod runtime;
pub mod send;
pub mod ui;
