//! A file that is written whole or not at all, and never over another one.
//!
//! Only its owner may read it. Until it is finished it has a name of its own beside its place; what goes wrong, or a drop, takes it away.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// Why a file cannot be made or written.
#[derive(Debug, thiserror::Error)]
pub enum NewFileError {
    /// There is one already.
    #[error("{} is there already: give another name", .0.display())]
    Exists(PathBuf),
    /// Its folder is not there.
    #[error("{} cannot be written: there is no folder {}", file.display(), folder.display())]
    NoFolder {
        /// The file.
        file: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// Something else.
    #[error("{} cannot be written: {why}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        why: String,
    },
}

/// A file that is being written.
#[derive(Debug)]
pub struct NewFile {
    file: PathBuf,
    folder: PathBuf,
    made: BufWriter<NamedTempFile>,
    bytes: u64,
}

impl NewFile {
    /// Begins a file of this name.
    pub fn begin(file: &Path) -> Result<Self, NewFileError> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if file.symlink_metadata().is_ok() {
            return Err(NewFileError::Exists(file.to_owned()));
        }
        if !folder.is_dir() {
            return Err(NewFileError::NoFolder { file: file.to_owned(), folder: folder.to_owned() });
        }
        // Made with mode 0600.
        let made = tempfile::Builder::new().prefix(".hubtriage-new-").tempfile_in(folder);
        let made = made.map_err(|error| unwritable(file, &error))?;
        Ok(Self { file: file.to_owned(), folder: folder.to_owned(), made: BufWriter::new(made), bytes: 0 })
    }

    /// Adds to it.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), NewFileError> {
        self.made.write_all(bytes).map_err(|error| unwritable(&self.file, &error))?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Gives it its name, and how many bytes it has. It is on disk when this returns.
    pub fn finish(self) -> Result<u64, NewFileError> {
        let Self { file, folder, made, bytes } = self;
        let unwritable = |error: io::Error| unwritable(&file, &error);
        let made = made.into_inner().map_err(|error| unwritable(error.into_error()))?;
        made.as_file().sync_all().map_err(unwritable)?;
        made.persist_noclobber(&file).map_err(|failed| match failed.error.kind() {
            io::ErrorKind::AlreadyExists => NewFileError::Exists(file.clone()),
            _ => unwritable(failed.error),
        })?;
        fs::File::open(&folder).and_then(|folder| folder.sync_all()).map_err(unwritable)?;
        Ok(bytes)
    }
}

/// What the system said, without the name that the file has until it is finished: nobody knows that.
fn unwritable(file: &Path, error: &io::Error) -> NewFileError {
    let told = error.to_string();
    let why = told.split_once(" at path \"").map_or(told.as_str(), |(why, _)| why).to_owned();
    NewFileError::Unwritable { file: file.to_owned(), why }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_there_whole_once_it_is_finished_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.csv");
        let mut file = NewFile::begin(&path).unwrap();
        file.add(b"one\n").unwrap();
        file.add(b"two\n").unwrap();
        assert!(!path.exists());
        assert_eq!(file.finish().unwrap(), 8);
        assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (b"one\ntwo\n".to_vec(), vec!["new.csv".to_owned()]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn nothing_is_left_of_a_file_that_is_not_finished() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = NewFile::begin(&folder.path().join("new.csv")).unwrap();
        file.add(&vec![0; 100_000]).unwrap();
        drop(file);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn another_file_is_never_overwritten_not_even_one_that_came_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("there.csv");
        let mut late = NewFile::begin(&path).unwrap();
        late.add(b"late").unwrap();
        fs::write(&path, "first").unwrap();
        assert!(matches!(NewFile::begin(&path), Err(NewFileError::Exists(_))));
        assert!(late.finish().is_err_and(|error| error.to_string().ends_with("there.csv is there already: give another name")));
        assert_eq!((fs::read_to_string(&path).unwrap(), names(folder.path())), ("first".to_owned(), vec!["there.csv".to_owned()]));
    }

    #[test]
    fn what_keeps_a_file_from_being_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = NewFile::begin(&folder.path().join("no/new.csv")).unwrap_err().to_string();
        assert!(missing.contains("new.csv cannot be written: there is no folder ") && missing.ends_with("/no"), "{missing}");
        assert!(matches!(NewFile::begin(folder.path()), Err(NewFileError::Exists(_))));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_reason_is_the_systems_and_names_no_file_but_the_one_that_was_asked_for() {
        // Nobody can make a file there, root included.
        let refused = NewFile::begin(Path::new("/proc/a.csv")).unwrap_err().to_string();
        assert!(refused.starts_with("/proc/a.csv cannot be written: ") && !refused.contains(".hubtriage-new-"), "{refused}");
    }
}
