//! Saved filter profiles: `profiles list`, `profiles show` and `profiles check`.

use clap::{Args, Subcommand};

use super::{ConfigFile, HubArgs};

/// What about the filter profiles.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ProfilesCommand {
    /// List all of them: name, source, query, and what is wrong
    List(ConfigFile),
    /// Show one as TOML, with where each part comes from and what the service does of it
    Show(ShowArgs),
    /// List everything that is wrong with them, with file, line and column; exit code 1 if there is anything
    Check(CheckArgs),
}

impl ProfilesCommand {
    /// Which configuration file.
    pub const fn config(&self) -> &ConfigFile {
        match self {
            Self::List(config) => config,
            Self::Show(arguments) => &arguments.config,
            Self::Check(arguments) => &arguments.hub.config,
        }
    }
}

/// Showing a filter profile.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ShowArgs {
    /// Its name
    pub name: String,
    /// Which configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
}

/// Checking the filter profiles.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "\
Errors are unknown keys, values of the wrong kind and queries that cannot be read. Notes tell what hubtriage applies itself, to findings \
it has read, because the service cannot: it then reads more than it shows.
Exit codes: 0 no errors, 1 errors, 2 usage, 4 denied or out of reach (with --live).")]
pub struct CheckArgs {
    /// Ask the service how many findings each has, and whether it takes the query
    #[arg(long)]
    pub live: bool,
    /// Which hub, with --live.
    #[command(flatten)]
    pub hub: HubArgs,
}
