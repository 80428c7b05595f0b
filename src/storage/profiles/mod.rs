//! Filter profiles in files: for everybody on a machine, in `config.toml`, and one file each beside it.
//!
//! Owns where they are, their form, and how one is written back without touching what a person wrote. A file that cannot be read breaks the
//! filter profile it is of, never the program.

pub(in crate::storage) mod form;
pub(in crate::storage) mod place;
pub mod save;
pub mod written;

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use toml::de::DeTable;

use crate::domain::{
    profile::{Broken, Catalogue, Content, Layer, ProfileName, Source, SourceKind},
    text,
};

use super::{
    config::{Config, ConfigError, Presence, Problem},
    environment::Environment,
};

#[cfg(test)]
pub(in crate::storage) use form::keys;
pub(in crate::storage) use form::read;

/// Largest file that is read, bytes.
pub const MAX_FILE: u64 = 1024 * 1024;
/// Most files of one folder.
pub const MAX_FILES: usize = 500;

/// Where `XDG_CONFIG_DIRS` points to where it is not set; the XDG Base Directory Specification.
const DEFAULT_CONFIG_DIRS: &str = "/etc/xdg";

/// Where filter profiles are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Built-in ones beside `open`: name and TOML.
    pub embedded: &'static [(&'static str, &'static str)],
    /// Folders for everybody on the machine, the least important first.
    pub system: Vec<PathBuf>,
    /// The configuration.
    pub config: Option<PathBuf>,
    /// The user's own folder; what is saved goes there.
    pub user: Option<PathBuf>,
}

/// What the configuration says of filter profiles, each with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Configured(pub Vec<(String, Result<Content, Vec<Problem>>)>);

impl Configured {
    /// Everything that is wrong.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter().filter_map(|(_, read)| read.as_ref().err()).flatten()
    }
}

impl Places {
    /// Those of a user with this configuration file: the folder beside it, and the system's.
    pub fn of(config_file: Option<&Path>, environment: &Environment) -> Self {
        let folders = environment.variable("XDG_CONFIG_DIRS").unwrap_or(DEFAULT_CONFIG_DIRS.as_ref());
        // The first is the most important one. A path that is not absolute is not valid, says the specification.
        let mut system: Vec<PathBuf> =
            std::env::split_paths(folders).filter(|folder| folder.is_absolute()).map(|folder| folder.join("hubtriage/profiles")).collect();
        system.reverse();
        Self {
            embedded: &[],
            system,
            config: config_file.map(Path::to_owned),
            user: config_file.map(|file| file.parent().unwrap_or(Path::new(".")).join("profiles")),
        }
    }

    /// The file of a user's own filter profile.
    pub fn user_file(&self, name: &ProfileName) -> Option<PathBuf> {
        Some(self.user.as_ref()?.join(format!("{name}.toml")))
    }

    /// Reads all of them. The configuration is read again: it may have been changed since the program began; where it cannot be read now,
    /// what it said then still holds.
    pub fn read_again(&self, configured: &Configured) -> Catalogue {
        let Some(file) = &self.config else { return self.read(configured) };
        match Config::load(file, Presence::Optional) {
            Ok(config) => self.read(&config.profiles),
            Err(error) => {
                let mut catalogue = self.read(configured);
                let problems = match &error {
                    ConfigError::Invalid { problems, .. } => problems.iter().map(|problem| problem.told(file)).collect(),
                    ConfigError::Unreadable { .. } => vec![text::clean(&error.to_string()).into_owned()],
                };
                catalogue.broken.push(Broken { name: shown_name(file), problems });
                catalogue
            }
        }
    }

    /// Reads all of them, with what the configuration says.
    pub fn read(&self, configured: &Configured) -> Catalogue {
        let mut found = Found::default();
        for (name, toml) in self.embedded {
            found.take(name, Source::built_in(), parse(toml.as_bytes()), Path::new(name));
        }
        for folder in &self.system {
            found.folder(folder, SourceKind::System);
        }
        if let Some(file) = &self.config {
            for (name, read) in &configured.0 {
                found.take(name, source(SourceKind::Config, file), read.clone(), file);
            }
        }
        if let Some(folder) = &self.user {
            found.folder(folder, SourceKind::User);
        }
        Catalogue::of(found.layers, found.broken).hiding(found.hidden)
    }
}

/// Reads the tables of `[profiles]` in the configuration.
pub(in crate::storage) fn read_tables(text: &str, tables: &DeTable<'_>) -> Configured {
    let mut tables: Vec<_> = tables.iter().collect();
    tables.sort_by_key(|(name, _)| name.span().start);
    let mut configured = Vec::new();
    for (key, value) in tables {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        let prefix = format!("profiles.{name}");
        let mut wrong = Vec::new();
        if let Err(error) = ProfileName::new(name) {
            wrong.push(Problem::at(text, at, &prefix, &error.to_string()));
        }
        let content = if let Some(table) = value.get_ref().as_table() {
            read(text, table, &prefix, &mut wrong)
        } else {
            wrong.push(Problem::at(text, at, &prefix, &format!("a filter profile is a table: [{prefix}]")));
            Content::default()
        };
        let read = if wrong.is_empty() { Ok(content) } else { Err(Problem::in_order(wrong)) };
        configured.push((text::clean(name).into_owned(), read));
    }
    Configured(configured)
}

/// What has been found so far.
#[derive(Default)]
struct Found {
    layers: Vec<(ProfileName, Layer)>,
    broken: Vec<Broken>,
    /// Folders that cannot be looked into, each in a sentence.
    hidden: Vec<String>,
}

impl Found {
    fn take(&mut self, name: &str, source: Source, read: Result<Content, Vec<Problem>>, file: &Path) {
        match (ProfileName::new(name), read) {
            (Ok(name), Ok(content)) => self.layers.push((name, Layer { source, content })),
            (_, Err(problems)) => self.breaks(name, problems.iter().map(|problem| problem.told(file)).collect()),
            (Err(error), Ok(_)) => self.breaks(name, vec![format!("{}: {error}", shown_path(file))]),
        }
    }

    fn breaks(&mut self, name: &str, problems: Vec<String>) {
        self.broken.push(Broken { name: text::clean(name).into_owned(), problems });
    }

    /// Every `NAME.toml` of a folder; one that is not there has none.
    fn folder(&mut self, folder: &Path, kind: SourceKind) {
        let listed = fs::read_dir(folder).and_then(|entries| {
            let files = entries.map(|entry| entry.map(|entry| entry.path()));
            files.filter(|file| file.as_ref().is_ok_and(|file| is_profile(file)) || file.is_err()).collect::<io::Result<Vec<PathBuf>>>()
        });
        let mut files = match listed {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let what = format!("{}: the folder cannot be read: {error}", shown_path(folder));
                // What is no folder has no filter profile in it; a folder may have one of any name.
                if error.kind() != io::ErrorKind::NotADirectory {
                    self.hidden.push(what.clone());
                }
                return self.breaks(&shown_path(folder), vec![what]);
            }
        };
        files.sort();
        if files.len() > MAX_FILES {
            let what = format!("{}: {} files; only the first {MAX_FILES} are read", shown_path(folder), files.len());
            self.breaks(&shown_path(folder), vec![what]);
            files.truncate(MAX_FILES);
        }
        for file in files {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match read_file(&file) {
                Ok(bytes) => self.take(&name, source(kind, &file), parse(&bytes), &file),
                Err(why) => self.breaks(&name, vec![format!("{}: {why}", shown_path(&file))]),
            }
        }
    }
}

/// Whether a file is meant to be a filter profile; editors leave hidden ones behind.
fn is_profile(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.extension().is_some_and(|extension| extension == "toml") && !name.starts_with('.')
}

/// Reads a file that may be anything: what would never end, or is no file, is not opened.
fn read_file(file: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: io::Error| format!("cannot be read: {error}");
    let about = fs::metadata(file).map_err(unreadable)?;
    if !about.is_file() {
        return Err("is no ordinary file".to_owned());
    }
    let too_large = || format!("is larger than {MAX_FILE} bytes");
    if about.len() > MAX_FILE {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    File::open(file).and_then(|open| open.take(MAX_FILE + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE { Err(too_large()) } else { Ok(bytes) }
}

/// Reads the content of a file; the error holds everything that is wrong with it, in the order of the places.
pub fn parse(bytes: &[u8]) -> Result<Content, Vec<Problem>> {
    let text = Problem::text_of(bytes).map_err(|problem| vec![problem])?;
    let table = Problem::table_of(text)?;
    let mut problems = Vec::new();
    let content = read(text, table.get_ref(), "", &mut problems);
    if problems.is_empty() { Ok(content) } else { Err(Problem::in_order(problems)) }
}

fn source(kind: SourceKind, file: &Path) -> Source {
    Source { kind, file: shown_path(file) }
}

fn shown_path(path: &Path) -> String {
    text::clean(&path.to_string_lossy()).into_owned()
}

fn shown_name(file: &Path) -> String {
    text::clean(&file.file_name().unwrap_or_default().to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests;
