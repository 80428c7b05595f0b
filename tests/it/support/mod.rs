//! What the integration tests share: findings, a session without a terminal, and a session in a pseudo-terminal.

pub mod analyst;
pub mod decisions;
pub mod finding;
pub mod pty;
