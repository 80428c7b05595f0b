//! Why a journal cannot be opened, read or written, and what to do about it.

use std::{io, path::PathBuf};

use super::lock::Holder;
use crate::domain::text;

/// Why a journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another session writes to it.
    #[error("another session of hubtriage works on this hub: {holder}; quit that one first")]
    Busy {
        /// Who.
        holder: Holder,
    },
    /// There is no place for it.
    #[error("the journal's folder {} cannot be used: {source}; make it writable, or set XDG_STATE_HOME to a folder that is", shown(folder))]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It cannot be mended or written to.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system says no.
    #[error("the journal {} cannot be read: {source}; check the file and its permissions", shown(file))]
    Io {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A newer release has been at work.
    #[error("the journal {}: line {line} was {what}; use that release, or a newer one", shown(file))]
    Newer {
        /// The file.
        file: PathBuf,
        /// Where, from 1.
        line: u64,
        /// What is not understood.
        what: String,
    },
}

/// Why entries are not on disk. What was written before them is.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is no room.
    #[error("the journal {} cannot be written: no room is left ({source}); free some, then go on", shown(file))]
    Full {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The system says no.
    #[error("the journal {} cannot be written: {source}; check the file, its folder and the disk, then go on", shown(file))]
    Io {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is no longer where it was: what is written would be nowhere.
    #[error("the journal {} was removed or replaced while it was in use; quit and start again", shown(file))]
    Gone {
        /// The file.
        file: PathBuf,
    },
}

impl WriteError {
    /// Sorts a failure of the system.
    pub fn of(file: impl Into<PathBuf>, source: io::Error) -> Self {
        let file = file.into();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::Full { file, source },
            _ => Self::Io { file, source },
        }
    }
}

pub(super) fn shown(path: &std::path::Path) -> String {
    text::clean(&path.to_string_lossy()).into_owned()
}
