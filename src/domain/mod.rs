//! Plain data and rules of triage: findings, severities, statuses, patches, batches, queries, orders and clean text.
//!
//! Owns what a thing *is*. Must not do I/O, read a clock, or know a terminal, the AWS SDK or any other module of the crate.

pub mod advice;
pub mod batch;
pub mod blast;
pub mod column;
pub mod comment;
pub mod console;
pub mod counted;
pub mod csv;
pub mod decision;
pub mod failure;
pub mod field;
pub mod finding;
pub mod grouping;
pub mod guard_rail;
pub mod identity;
pub mod lenient;
pub mod markdown;
pub mod order;
pub mod patch;
pub mod profile;
pub mod query;
pub mod recipe;
pub mod row;
pub mod served;
pub mod severity;
pub mod spelling;
pub mod status;
pub mod summary;
pub mod template;
pub mod text;
pub mod time;
