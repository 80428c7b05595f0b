//! `config.toml`: what can be set, read strictly.
//!
//! A key that is not known, a value of the wrong kind or out of range is an error that names the place and what is allowed, and all of a
//! file's errors are told at once: a setting that silently does nothing is worse than one that is refused.

mod keys;
mod lost;
mod problem;
pub(in crate::storage) mod setting;

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    app::{
        keymap::Keymap,
        layout::{Bandwidth, MousePolicy, Preview},
        model::{Access, Clipboard, EditorPolicy},
    },
    domain::{blast::CountAbove, comment::LineBreaks, decision::CommentMode, recipe::Recipe, template::Template},
    send::{options::ConflictCheck, pace::Pace},
    storage::profiles::Configured,
};

pub use problem::Problem;

/// Everything that can be configured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// `read_only`: whether sending is possible.
    pub access: Access,
    /// `[aws]`: the hub, where neither the command line nor the environment names it.
    pub aws: Aws,
    /// `[pace]`: calls a second.
    pub pace: Pace,
    /// `[send] conflict_check`: whether rows are read again before they are sent.
    pub conflict_check: ConflictCheck,
    /// `[send] type_count_above`: above how many findings a send asks for its count.
    pub type_count_above: CountAbove,
    /// `[comment] line_breaks`: what becomes of line breaks in comments.
    pub line_breaks: LineBreaks,
    /// `[comment] append`: what becomes of old comments unless the analyst says otherwise.
    pub comment_mode: CommentMode,
    /// `[comment] templates`: what the comment editor offers beside the comments of recipes.
    pub templates: Vec<Template>,
    /// `[editor] allowed`: whether `$EDITOR` may be started.
    pub editor: EditorPolicy,
    /// `[clipboard]`: whether it may be reached through the terminal, and how long a text may be.
    pub clipboard: Clipboard,
    /// `[screen] preview`: whether the preview is shown at the start.
    pub preview: Preview,
    /// `[screen] glyphs`: which characters draw.
    pub glyphs: Glyphs,
    /// `[screen] colour`: whether colours are used.
    pub colour: Colour,
    /// `[screen] theme`: which colours, where any are used.
    pub theme: ThemeName,
    /// `[screen] mouse`: whether the mouse does anything.
    pub mouse: MousePolicy,
    /// `[screen] low_bandwidth`: what the line to the terminal bears.
    pub bandwidth: Bandwidth,
    /// `[screen] scroll`: whether the terminal moves lines.
    pub scroll: Scroll,
    /// `[screen] synchronised`: whether frames are shown at once.
    pub synchronised: Synchronised,
    /// `[log] level`: what is written to the log.
    pub log: LogLevel,
    /// `[keys] preset` and `[keys.CONTEXT]`: the keys.
    pub keymap: Keymap,
    /// What is allowed in the file and may not be meant, in the order of the places.
    pub notes: Vec<Problem>,
    /// `[profiles.NAME]`: filter profiles. What is wrong with one breaks only that one.
    pub profiles: Configured,
    /// `[recipes.NAME]`: named patches, in the order they are offered.
    pub recipes: Vec<Recipe>,
}

/// `[aws]`: each is used where neither its option nor its environment variable says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aws {
    /// The AWS profile.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The endpoint of Security Hub.
    pub endpoint_url: Option<String>,
}

/// Which characters draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Lines, arrows and marks of Unicode.
    #[default]
    Unicode,
    /// ASCII alone.
    Ascii,
}

/// Whether colours are used. State is never told by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// Unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Never.
    Never,
}

/// Which colours, where any are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// The terminal's own sixteen.
    #[default]
    Sixteen,
    /// Twenty-four bits a colour.
    Truecolour,
    /// The brightest on black.
    HighContrast,
    /// Told apart with any kind of colour vision.
    ColourBlind,
}

/// Whether the terminal is told to move lines, where that takes fewer bytes than to write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scroll {
    /// It is.
    #[default]
    On,
    /// Lines are written again.
    Off,
}

/// Whether large frames are sent as synchronised updates (mode 2026).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronised {
    /// Where the terminal is known to have them.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// In none.
    Never,
}

/// What is written to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What failed.
    Error,
    /// And what may become a failure.
    Warn,
    /// And what was done.
    #[default]
    Info,
    /// And how.
    Debug,
    /// And everything else.
    Trace,
}

impl LogLevel {
    /// The name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there, or was named, and cannot be read.
    #[error("cannot read the configuration {file}: {source}; check the path and its permissions", file = file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file has problems, in the order of their places.
    #[error("the configuration has {count}", count = counted(problems.len()))]
    Invalid {
        /// The file.
        file: PathBuf,
        /// Each of them.
        problems: Vec<Problem>,
    },
}

fn counted(problems: usize) -> String {
    if problems == 1 { "a problem".to_owned() } else { format!("{problems} problems") }
}

/// Whether a configuration file has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It was named: a missing one is an error.
    Required,
    /// It is where it usually is: a missing one is the defaults.
    Optional,
}

impl Config {
    /// Reads a file.
    pub fn load(file: &Path, presence: Presence) -> Result<Self, ConfigError> {
        match std::fs::read(file) {
            Ok(bytes) => Self::parse(&bytes).map_err(|problems| ConfigError::Invalid { file: file.to_owned(), problems }),
            Err(error) if error.kind() == io::ErrorKind::NotFound && presence == Presence::Optional => Ok(Self::default()),
            Err(source) => Err(ConfigError::Unreadable { file: file.to_owned(), source }),
        }
    }

    /// Reads the content of a file; the error holds everything that is wrong with it, in the order of the places.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let text = Problem::text_of(bytes).map_err(|problem| vec![problem])?;
        let table = Problem::table_of(text)?;
        let mut config = Self::default();
        let mut problems = Vec::new();
        setting::read(text, table.get_ref(), &mut config, &mut problems);
        config.notes.sort();
        if problems.is_empty() { Ok(config) } else { Err(Problem::in_order(problems)) }
    }
}

#[cfg(test)]
mod tests;
