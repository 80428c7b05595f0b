//! Files and folders of this program: where they are, the configuration, and the journal.
//!
//! Owns the formats of our own files and reads them strictly. Must not know the AWS SDK, the hub or the screen.

pub mod config;
pub mod environment;
pub mod journal;
pub mod new_file;
pub mod paths;
pub mod plan_file;
pub mod private;
pub mod profiles;
pub mod recipes;
pub mod session_file;
