//! What to do about a terminal that has gone away. Owns no state but the stand-in for standard input.

use std::{os::unix::net::UnixStream, sync::OnceLock, thread};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
};
use tokio::sync::mpsc::{Receiver, channel};

/// Tells when the terminal is gone. A program that is not the leader of its terminal's session is sent no SIGHUP, and the reader of keys
/// would go round and round at the end of the input. Waiting for it takes a thread and no processor time.
pub fn watch() -> Receiver<()> {
    let (gone, told) = channel(1);
    let wait = move || {
        let stdin = rustix::stdio::stdin();
        // Nothing is asked for: a hang-up is told all the same, a key is not.
        let mut waited = [PollFd::new(&stdin, PollFlags::empty())];
        while poll(&mut waited, None) == Err(Errno::INTR) {}
        if waited.iter().any(|stdin| stdin.revents().contains(PollFlags::HUP)) {
            let _ = gone.blocking_send(());
        }
    };
    // Without the thread, SIGHUP tells it nearly always.
    if rustix::termios::isatty(rustix::stdio::stdin()) {
        let _ = thread::Builder::new().name("hangup".to_owned()).spawn(wait);
    }
    told
}

/// Takes the terminal's reader off a terminal that is gone: it would read the end of the input over and over, a whole processor for as long
/// as the call takes, and not notice that nobody wants its keys any more. It gets a socket in its place that never has anything to read.
/// Does nothing while the terminal is there.
pub fn release_reader() {
    /// The other end: closed, it would be an end of the input again.
    static SILENT: OnceLock<UnixStream> = OnceLock::new();
    let stdin = rustix::stdio::stdin();
    let is_gone = matches!(rustix::termios::tcgetattr(stdin), Err(rustix::io::Errno::IO));
    if !is_gone || SILENT.get().is_some() {
        return;
    }
    let Ok((reader, silent)) = UnixStream::pair() else { return };
    if reader.set_nonblocking(true).is_ok() && SILENT.set(silent).is_ok() {
        let _ = rustix::stdio::dup2_stdin(&reader);
    }
}
