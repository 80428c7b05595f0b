//! The commands that need no terminal: `list`, `plan`, `apply` and `journal`.
//!
//! Owns what they read, what they write on the standard streams, and their exit codes. Sends nothing itself: `apply` hands its rows to
//! `runtime::driver`, as the table does. Nothing of a finding is written uncleaned but by `list -o jsonl`, where documents stay whole.

pub mod apply;
pub mod form;
pub mod interrupt;
pub mod journal;
pub mod list;
pub mod outcome;
pub mod outline;
pub mod pages;
pub mod plan;
pub mod profiles;
pub mod progress;
pub mod resume;
pub mod world;
