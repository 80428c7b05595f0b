//! Where the files of this program are.

use std::{
    io,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;
use tempfile::TempDir;

/// There is no home folder to derive anything from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no home folder is known; set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME, or name a configuration file with --config")]
pub struct NoHome;

/// The user's folders for this program. Nothing is created by asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    state: PathBuf,
}

impl Paths {
    /// Where the platform has them: on Linux `hubtriage` under `XDG_CONFIG_HOME` and `XDG_STATE_HOME`, or `~/.config` and `~/.local/state`.
    /// `None` where there is no home folder.
    pub fn of_user() -> Option<Self> {
        let folders = ProjectDirs::from("", "", "hubtriage")?;
        // Only Linux has a folder for state of its own.
        let state = folders.state_dir().unwrap_or_else(|| folders.data_local_dir());
        Some(Self { config: folders.config_dir().to_owned(), state: state.to_owned() })
    }

    /// Under a folder of one's own: for the demo's temporary state, and for tests.
    pub fn under(folder: &Path) -> Self {
        Self { config: folder.join("config"), state: folder.join("state") }
    }

    /// In a folder that is gone when it is dropped: for the demo, whose state nobody wants back.
    pub fn temporary() -> io::Result<(TempDir, Self)> {
        let folder = tempfile::tempdir()?;
        let paths = Self::under(folder.path());
        Ok((folder, paths))
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of the user's filter profiles.
    pub fn profile_folder(&self) -> PathBuf {
        self.config.join("profiles")
    }

    /// The folder of the log.
    pub fn log_folder(&self) -> PathBuf {
        self.state.join("log")
    }

    /// The folder of the session files.
    pub fn session_folder(&self) -> PathBuf {
        self.state.join("session")
    }

    /// The folder of the journals.
    pub fn journal_folder(&self) -> PathBuf {
        self.state.join("journal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_under_the_folder_that_was_given() {
        let paths = Paths::under(Path::new("/somewhere"));
        for path in [paths.config_file(), paths.log_folder(), paths.journal_folder()] {
            assert!(path.starts_with("/somewhere"), "{}", path.display());
        }
        assert_ne!(paths.config_file().parent(), paths.log_folder().parent());
    }
}
