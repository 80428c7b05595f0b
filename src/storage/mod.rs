//! Files and folders of this program: where they are, and the configuration.
//!
//! Owns the formats of our own files and reads them strictly. Must not know the AWS SDK, the hub or the screen.

pub mod config;
pub mod environment;
pub mod paths;
pub mod session_file;
