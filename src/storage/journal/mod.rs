//! The journals' files: one hub, one file that grows, and what it grew out of.
//!
//! Owns where they are, who may write to one, what is on disk when, and what is done about a file that is not whole. What an entry means is
//! `crate::journal`'s business. Must not start a thread or read a clock.

pub mod appender;
pub mod error;
pub mod file;
pub mod folder;
pub mod lock;
pub mod medium;
pub mod reading;
pub mod rotation;

#[cfg(test)]
mod tests;
