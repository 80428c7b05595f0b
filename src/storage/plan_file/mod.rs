//! Plan files: what is to be set on which findings, with the values they had, for a review and for `apply`.
//!
//! Owns the format, its strict reading and its careful writing. A plan is not meant to be changed by hand: what was reviewed is what is
//! sent, so it carries a digest of itself. Must not decide what is sent, or hold anything that lets somebody in.

mod digest;
mod format;

use std::{
    collections::HashSet,
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    domain::{
        identity::Identity,
        patch::{Patch, Values},
        time::Millis,
    },
    journal::{entry::PlanId, hub_key::HubKey},
};

/// The format that this release writes and reads.
pub const VERSION: u64 = 1;

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// The hub it is for.
    pub hub: HubKey,
    /// When it was made. Part of its digest: the same change planned again later is another plan, not one that is done already.
    pub created: Millis,
    /// The ARN of who made it, where it is known.
    pub by: Option<String>,
    /// Which findings were asked for, in words.
    pub query: String,
    /// How many of them had every value already and are not in the plan.
    pub already_there: usize,
    /// What is set on which findings.
    pub groups: Vec<PlannedGroup>,
}

/// Findings that get the same patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedGroup {
    /// What is set.
    pub patch: Patch,
    /// On which.
    pub rows: Vec<PlannedRow>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRow {
    /// Which.
    pub identity: Identity,
    /// Its values when the plan was made.
    pub values: Values,
    /// Its title, clean, for whoever reviews the plan.
    pub title: String,
}

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Keep,
    /// It is replaced.
    Replace,
}

/// What is wrong with a plan file.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// It cannot be read.
    #[error("the plan {} cannot be read: {error}", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is there already.
    #[error("{} is there already; name another file, or overwrite it with --force", .0.display())]
    Exists(PathBuf),
    /// It cannot be written.
    #[error("the plan {} cannot be written: {error}", file.display())]
    Unwritable {
        /// Which.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It cannot be used.
    #[error("the plan {} cannot be used: {defect}", file.display())]
    Unusable {
        /// Which.
        file: PathBuf,
        /// Why.
        defect: Defect,
    },
}

/// Why a text is no plan that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// Not JSON, or not of the format.
    #[error("{0}; was it damaged, or is it another file? `hubtriage plan` writes plans")]
    Malformed(String),
    /// Another format.
    #[error("its format is {0}, and this release reads {VERSION}; use the release that wrote it, or write the plan anew")]
    Version(String),
    /// A value that cannot be.
    #[error("{0}: {1}")]
    Value(Place, String),
    /// The digest is another one.
    #[error("it was changed after it was written: its id is {said}, and its content has {found}; write the plan anew")]
    Changed {
        /// What the file says.
        said: String,
        /// What its content gives.
        found: String,
    },
}

/// A place in a plan: a field, of a group and a row where it has one; both are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The group.
    pub group: Option<usize>,
    /// The row.
    pub row: Option<usize>,
    /// The field.
    pub field: &'static str,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(group) = self.group {
            write!(f, "group {group}, ")?;
        }
        if let Some(row) = self.row {
            write!(f, "row {row}, ")?;
        }
        f.write_str(self.field)
    }
}

/// A plan for another hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan is for another {differs}: it was made for {plan}, and this is {here}")]
pub struct OtherHub {
    /// What differs, in words.
    pub differs: String,
    /// The plan's, in words.
    pub plan: String,
    /// The one that was connected to, in words.
    pub here: String,
}

impl PlanFile {
    /// What names the plan: a digest of everything in it.
    pub fn id(&self) -> PlanId {
        PlanId(digest::of(&format::render(self, "")))
    }

    /// How many findings it is about.
    pub fn row_count(&self) -> usize {
        self.groups.iter().map(|group| group.rows.len()).sum()
    }

    /// Whether it is for this hub. An account that is not known is another one: nobody can say that it is the same.
    pub fn check_hub(&self, here: &HubKey) -> Result<(), OtherHub> {
        let plan = &self.hub;
        let differs: Vec<&str> = [
            ("partition", plan.partition != here.partition),
            ("account", plan.account != here.account),
            ("Region", plan.region != here.region),
            ("endpoint", plan.endpoint != here.endpoint),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect();
        if differs.is_empty() {
            return Ok(());
        }
        Err(OtherHub { differs: differs.join(" and "), plan: plan.to_string(), here: here.to_string() })
    }

    /// The text of the file.
    pub fn render(&self) -> String {
        format::render(self, &self.id().0)
    }

    /// Reads the text of a file, strictly: whatever is not as it was written is refused.
    pub fn parse(text: &str) -> Result<Self, Defect> {
        let (plan, said) = format::parse(text)?;
        plan.check()?;
        let found = plan.id().0;
        if said == found { Ok(plan) } else { Err(Defect::Changed { said, found }) }
    }

    /// What the format allows and a plan does not.
    fn check(&self) -> Result<(), Defect> {
        let mut met = HashSet::new();
        for (group, planned) in (1..).zip(&self.groups) {
            let wrong = |row, field, why: &str| Err(Defect::Value(Place { group: Some(group), row, field }, why.to_owned()));
            if planned.patch.is_empty() {
                return wrong(None, "set", "nothing is set");
            }
            if planned.rows.is_empty() {
                return wrong(None, "rows", "there are none");
            }
            for (row, planned) in (1..).zip(&planned.rows) {
                if !planned.identity.is_addressable() {
                    return wrong(Some(row), "uid", "the service cannot address this finding");
                }
                if !met.insert(&planned.identity) {
                    return wrong(Some(row), "uid", "this finding is in the plan already");
                }
            }
        }
        Ok(())
    }

    /// Reads a file.
    pub fn load(file: &Path) -> Result<Self, PlanFileError> {
        let text = fs::read_to_string(file).map_err(|error| PlanFileError::Unreadable { file: file.to_owned(), error })?;
        Self::parse(&text).map_err(|defect| PlanFileError::Unusable { file: file.to_owned(), defect })
    }

    /// Writes a file that only its owner may read: whole, or not at all. It is on disk when this returns.
    pub fn save(&self, file: &Path, existing: Existing) -> Result<(), PlanFileError> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let unwritable = |error| PlanFileError::Unwritable { file: file.to_owned(), error };
        if existing == Existing::Keep && file.symlink_metadata().is_ok() {
            return Err(PlanFileError::Exists(file.to_owned()));
        }
        // Made with mode 0600, and removed again if anything fails before it gets its name.
        let mut made = tempfile::Builder::new().prefix(".hubtriage-plan-").tempfile_in(folder).map_err(unwritable)?;
        made.write_all(self.render().as_bytes()).map_err(unwritable)?;
        made.as_file().sync_all().map_err(unwritable)?;
        let named = match existing {
            Existing::Keep => made.persist_noclobber(file),
            Existing::Replace => made.persist(file),
        };
        named.map_err(|failed| match failed.error.kind() {
            io::ErrorKind::AlreadyExists => PlanFileError::Exists(file.to_owned()),
            _ => unwritable(failed.error),
        })?;
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(unwritable)
    }
}

#[cfg(test)]
mod tests;
