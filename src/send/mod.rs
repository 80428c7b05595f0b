//! The sending engine: what is sent in which calls, what the answers mean, and how fast.
//!
//! Owns decisions only. Must not do I/O, await, or read a clock: time comes in as an argument, calls go out as data.

pub mod engine;
pub mod options;
pub mod pace;
pub mod plan;
pub mod report;
pub mod step;
