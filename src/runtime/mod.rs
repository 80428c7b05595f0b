//! The world outside the model: the terminal, the hub, the clock, signals; and the loop that joins them.
//!
//! Owns every side effect of the program's screen. Decides nothing: what an event means is `app::update`'s business.
#![expect(clippy::disallowed_methods, reason = "this is where the clock is read, tasks are started and waits are waited")]

pub mod account;
pub mod clipboard;
pub mod clock;
pub mod demo;
pub mod driver;
pub mod editor;
pub mod executor;
pub mod export;
pub mod frame;
pub mod gather;
pub mod hangup;
pub mod journal;
pub mod keeper;
pub mod keyboard;
pub mod log;
pub mod named;
pub mod paced;
pub mod planned;
pub mod profiles;
pub mod rehearsal;
pub mod scan;
pub mod screen;
pub mod session;
pub mod session_keeper;
pub mod survey;
pub mod terminal;
