//! What entries are written to: a file, or in a test something that fails when it is told to.

use std::{
    fs::File,
    io::{self, Write},
};

/// Something that grows at its end, and can be cut.
pub trait Medium: std::fmt::Debug + Send {
    /// Writes at the end. Where it fails, a part may have been written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Puts what was written on disk. Where it fails, nobody can say how much of it is.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts everything behind this length off.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Whether it still has a name and so many bytes: what is written to a file that was removed is gone with the process, and one that was
    /// cut by somebody else no longer holds what was put on disk.
    fn is_reachable(&self, _length: u64) -> bool {
        true
    }
}

/// A file that was opened to append.
#[derive(Debug)]
pub struct OnDisk(pub File);

impl Medium for OnDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    #[cfg(unix)]
    fn is_reachable(&self, length: u64) -> bool {
        use std::os::unix::fs::MetadataExt;
        self.0.metadata().is_ok_and(|meta| meta.nlink() > 0 && meta.len() == length)
    }
}
