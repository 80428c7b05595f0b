//! What to do about a terminal that has gone away while a call is waited for. Owns no state but the stand-in for standard input.

use std::{os::unix::net::UnixStream, sync::OnceLock};

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
