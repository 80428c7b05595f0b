//! Where the application meets the machine: what has a clock, a terminal, a network or a file that outlives a call.

pub mod log;
