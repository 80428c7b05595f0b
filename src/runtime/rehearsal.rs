//! For the tests that kill the program at a chosen moment: development builds only, and only where the environment asks for it.
//!
//! `HUBTRIAGE_TEST_CRASH=intended:3` ends the process with SIGKILL the third time an intent is on disk and its call has not begun.

use std::sync::{
    OnceLock,
    atomic::{AtomicI64, Ordering},
};

use crate::storage::environment::Environment;

/// A moment at which a crash must lose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// A change was staged and is not in the journal yet.
    Staged,
    /// A staged change is in the journal, and the screen has not said so.
    Journaled,
    /// An intent is in the journal, and its call has not begun.
    Intended,
    /// A call was answered, and the outcome is not in the journal.
    Answered,
    /// An outcome is in the journal, and the next call has not begun.
    Between,
    /// The journal is being rotated.
    Rotating,
}

impl Window {
    const ALL: [(&'static str, Self); 6] = [
        ("staged", Self::Staged),
        ("journaled", Self::Journaled),
        ("intended", Self::Intended),
        ("answered", Self::Answered),
        ("between", Self::Between),
        ("rotating", Self::Rotating),
    ];
}

static ARMED: OnceLock<(Window, AtomicI64)> = OnceLock::new();

/// Takes over what the environment asks for. What it does not understand asks for nothing.
pub fn arm(environment: &Environment) {
    if !cfg!(debug_assertions) {
        return;
    }
    let asked = environment.variable("HUBTRIAGE_TEST_CRASH").and_then(|asked| asked.to_str()).and_then(|asked| asked.split_once(':'));
    if let Some((name, times)) = asked
        && let Some(&(_, window)) = Window::ALL.iter().find(|(known, _)| *known == name)
        && let Ok(times) = times.parse()
    {
        let _ = ARMED.set((window, AtomicI64::new(times)));
    }
}

/// A moment is reached; where it is the one asked for, the process ends here and now.
pub fn reach(window: Window) {
    if cfg!(debug_assertions)
        && let Some((armed, left)) = ARMED.get()
        && *armed == window
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}
