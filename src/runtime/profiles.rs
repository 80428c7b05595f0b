//! The files of the filter profiles, for a session: read again and written off the loop.

use std::{fmt, sync::Arc};

use crate::{
    app::profiles::{NotSaved, Overwrite},
    domain::profile::{Catalogue, Content, HubChoice, ProfileName},
    storage::{
        config::Config,
        profiles::{
            Configured, Places,
            save::{self, Existing, SaveError},
        },
    },
};

/// Which hub a filter profile leads to, with what the command line and the environment say.
pub type Resolve = Arc<dyn Fn(&HubChoice) -> HubChoice + Send + Sync>;

/// Where filter profiles are, and what they lead to.
#[derive(Clone)]
pub struct ProfileFiles {
    /// The files.
    pub places: Places,
    /// What the configuration said when the program began.
    pub configured: Configured,
    /// Which hub each leads to.
    pub resolve: Resolve,
}

impl fmt::Debug for ProfileFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileFiles").field("places", &self.places).field("configured", &self.configured).finish_non_exhaustive()
    }
}

impl Default for ProfileFiles {
    /// None but the built-in one.
    fn default() -> Self {
        Self { places: Places::default(), configured: Configured::default(), resolve: Arc::new(HubChoice::settled) }
    }
}

impl ProfileFiles {
    /// Reads all of them for the first time: the configuration has just been read.
    pub fn first(&self, config: &Config) -> Catalogue {
        self.places.read(&config.profiles).resolved(|hub| (self.resolve)(hub))
    }

    /// Reads all of them again.
    pub fn read(&self) -> Catalogue {
        self.places.read_again(&self.configured).resolved(|hub| (self.resolve)(hub))
    }

    /// Writes one into the user's folder, and gives its file.
    pub fn save(&self, name: &ProfileName, content: &Content, overwrite: Overwrite) -> Result<String, NotSaved> {
        let existing = match overwrite {
            Overwrite::No => Existing::Keep,
            Overwrite::Yes => Existing::Change,
        };
        match save::save(&self.places, name, content, existing) {
            Ok(file) => Ok(file.display().to_string()),
            Err(SaveError::Exists(_)) => Err(NotSaved::Exists),
            Err(error) => Err(NotSaved::Because(error.to_string())),
        }
    }
}
