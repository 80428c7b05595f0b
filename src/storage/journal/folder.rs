//! The folder of the journals, and the names in it.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    journal::{entry::Seq, hub_key::HubKey},
    storage::private,
};

/// The folder of the journals.
///
/// Of a hub there are `NAME.jsonl`, which is written to; `NAME.SEQ.jsonl`, former ones, by the place of their first entry; `NAME.next`, while
/// a former one is being made; `NAME.lock`; and `NAME.torn`, what was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

/// The files of a hub begin with this: letters, digits, `-` and `_` alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HubName(String);

impl HubName {
    /// The name of a hub. Where the partition, account and Region do not say it all, a digest of the rest is part of it.
    pub fn of(key: &HubKey) -> Self {
        let account = key.account.as_deref().unwrap_or("unknown");
        let plain = |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect::<String>();
        let parts = [&*key.partition, account, &*key.region];
        let mut name = parts.map(plain).join("_");
        let is_said = parts.iter().all(|part| part.len() <= 60 && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
            && key.endpoint.is_none()
            && key.account.as_deref() != Some("unknown");
        if !is_said {
            let all = format!("{:?}", (&key.partition, &key.account, &key.region, &key.endpoint));
            name = format!("{name}_{:08x}", crc32fast::hash(all.as_bytes()));
        }
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Folder {
    /// The folder at a path; it need not exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it where it is missing, for its owner alone.
    pub fn create(&self) -> io::Result<()> {
        private::create_folder(&self.path)?;
        private::close_to_others(&self.path);
        Ok(())
    }

    /// Puts on disk which files it has.
    pub fn sync(&self) -> io::Result<()> {
        private::sync_folder(&self.path)
    }

    fn file(&self, name: &HubName, ending: &str) -> PathBuf {
        self.path.join(format!("{}.{ending}", name.0))
    }

    /// The file that is written to.
    pub fn current(&self, name: &HubName) -> PathBuf {
        self.file(name, "jsonl")
    }

    /// A former one, by the place of its first entry.
    pub fn former(&self, name: &HubName, first: Seq) -> PathBuf {
        self.file(name, &format!("{}.jsonl", first.0))
    }

    /// The one that is being made.
    pub fn next(&self, name: &HubName) -> PathBuf {
        self.file(name, "next")
    }

    /// Whose lock says who writes.
    pub fn lock(&self, name: &HubName) -> PathBuf {
        self.file(name, "lock")
    }

    /// Where what was cut off is kept.
    pub fn torn(&self, name: &HubName) -> PathBuf {
        self.file(name, "torn")
    }

    /// The hubs that have a journal, by name; none where there is no folder.
    pub fn hubs(&self) -> io::Result<Vec<HubName>> {
        let names = self.names()?;
        let hubs: BTreeSet<HubName> = names
            .iter()
            .filter_map(|name| name.split_once('.'))
            .filter(|(_, ending)| *ending == "next" || ending.rsplit('.').next() == Some("jsonl"))
            .map(|(hub, _)| HubName(hub.to_owned()))
            .collect();
        Ok(hubs.into_iter().collect())
    }

    /// A hub's former files, oldest first.
    pub fn former_files(&self, name: &HubName) -> io::Result<Vec<(Seq, PathBuf)>> {
        let mut files: Vec<(Seq, PathBuf)> = self
            .names()?
            .iter()
            .filter_map(|file| file.strip_prefix(name.as_str())?.strip_prefix('.')?.strip_suffix(".jsonl")?.parse().ok())
            .map(|first| (Seq(first), self.former(name, Seq(first))))
            .collect();
        files.sort();
        Ok(files)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let names = entries.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
        names.collect()
    }
}
