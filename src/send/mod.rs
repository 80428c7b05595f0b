//! The sending engine: what is sent in which calls, what the answers mean, and how fast.
//!
//! Owns decisions only. Must not do I/O, await, or read a clock: time comes in as an argument, calls go out as data.

mod bisection;
pub mod engine;
mod jitter;
pub mod options;
pub mod pace;
mod pacer;
pub mod plan;
pub mod report;
mod rule;
pub mod step;
mod window;
