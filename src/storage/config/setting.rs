//! Every option as data: its name, what is allowed, and what it sets. Reading, refusing unknown names and the test that
//! `config.example.toml` is complete all go by this table.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    app::{
        keymap::Preset,
        layout::{Bandwidth, MousePolicy, Preview},
        model::{Access, EditorPolicy, Way},
    },
    domain::{
        blast::{CountAbove, MOST_ABOVE},
        comment::LineBreaks,
        decision::CommentMode,
        template::Template,
        text,
    },
    send::options::ConflictCheck,
    storage::{profiles, recipes},
};

use super::{Colour, Config, Glyphs, LogLevel, Problem, Scroll, Synchronised, ThemeName, keys};

/// One option.
pub(super) struct Setting {
    /// Its table; empty is the top of the file.
    pub(super) table: &'static str,
    /// Its name there.
    pub(super) key: &'static str,
    /// What is allowed, as the end of "write …".
    allowed: &'static str,
    /// Takes a value over; `None` where it is not allowed.
    set: fn(&mut Config, &DeValue<'_>) -> Option<()>,
}

const RATE: &str = "a number of calls a second from 0.01 to 1000, or 0 for no limit";
const BURST: &str = "a number of calls from 1 to 1000";
/// The table of the filter profiles' tables.
const PROFILES: &str = "profiles";
const YES_NO: &str = "true or false";
/// The table and the key of the comment templates.
const TEMPLATES: (&str, &str) = ("comment", "templates");

/// All options but the keys.
pub(super) const SETTINGS: &[Setting] = &[
    Setting { table: "", key: "read_only", allowed: YES_NO, set: |config, value| put(&mut config.access, access(value)?) },
    Setting {
        table: "aws",
        key: "profile",
        allowed: "the name of an AWS profile, or \"\" for none",
        set: |config, value| put(&mut config.aws.profile, name(value)?),
    },
    Setting {
        table: "aws",
        key: "region",
        allowed: "a Region such as \"eu-west-1\", or \"\" for none",
        set: |config, value| put(&mut config.aws.region, name(value)?),
    },
    Setting {
        table: "aws",
        key: "endpoint_url",
        allowed: "a URL with http:// or https://, or \"\" for none",
        set: |config, value| put(&mut config.aws.endpoint_url, url(value)?),
    },
    Setting { table: "pace", key: "reads", allowed: RATE, set: |config, value| put(&mut config.pace.reads.rate, rate(value)?) },
    Setting { table: "pace", key: "read_burst", allowed: BURST, set: |config, value| put(&mut config.pace.reads.burst, burst(value)?) },
    Setting { table: "pace", key: "writes", allowed: RATE, set: |config, value| put(&mut config.pace.writes.rate, rate(value)?) },
    Setting { table: "pace", key: "write_burst", allowed: BURST, set: |config, value| put(&mut config.pace.writes.burst, burst(value)?) },
    Setting {
        table: "send",
        key: "conflict_check",
        allowed: "\"always\", \"never\", or a whole number of findings from 1 to 1000000",
        set: |config, value| put(&mut config.conflict_check, conflict_check(value)?),
    },
    Setting {
        table: "send",
        key: "type_count_above",
        allowed: "a whole number of findings from 0 to 1000000; 0 is every send",
        set: |config, value| put(&mut config.type_count_above, CountAbove(whole(value).filter(|above| *above <= MOST_ABOVE)?)),
    },
    Setting {
        table: "comment",
        key: "line_breaks",
        allowed: "\"space\" or \"keep\"",
        set: |config, value| put(&mut config.line_breaks, one_of(value, &[("space", LineBreaks::Space), ("keep", LineBreaks::Keep)])?),
    },
    Setting { table: "comment", key: "append", allowed: YES_NO, set: |config, value| put(&mut config.comment_mode, append(value)?) },
    Setting {
        table: TEMPLATES.0,
        key: TEMPLATES.1,
        allowed: "a list of comment templates such as [\"accepted until {date}, {ticket}\"]",
        // The texts are read by themselves, since each has its own place where it can be wrong.
        set: |_, value| matches!(value, DeValue::Array(_)).then_some(()),
    },
    Setting { table: "editor", key: "allowed", allowed: YES_NO, set: |config, value| put(&mut config.editor, editor(value)?) },
    Setting { table: "clipboard", key: "osc52", allowed: YES_NO, set: |config, value| put(&mut config.clipboard.way, way(value)?) },
    Setting {
        table: "clipboard",
        key: "most_bytes",
        allowed: "a whole number of bytes from 1 to 1000000",
        set: |config, value| put(&mut config.clipboard.most_bytes, count(value)?),
    },
    Setting { table: "screen", key: "preview", allowed: YES_NO, set: |config, value| put(&mut config.preview, preview(value)?) },
    Setting {
        table: "screen",
        key: "glyphs",
        allowed: "\"unicode\" or \"ascii\"",
        set: |config, value| put(&mut config.glyphs, one_of(value, &[("unicode", Glyphs::Unicode), ("ascii", Glyphs::Ascii)])?),
    },
    Setting {
        table: "screen",
        key: "colour",
        allowed: "\"auto\" or \"never\"",
        set: |config, value| put(&mut config.colour, one_of(value, &[("auto", Colour::Auto), ("never", Colour::Never)])?),
    },
    Setting {
        table: "screen",
        key: "theme",
        allowed: "\"sixteen\", \"truecolour\", \"high-contrast\" or \"colour-blind\"",
        set: |config, value| put(&mut config.theme, one_of(value, THEMES)?),
    },
    Setting { table: "screen", key: "mouse", allowed: YES_NO, set: |config, value| put(&mut config.mouse, mouse(value)?) },
    Setting {
        table: "screen",
        key: "low_bandwidth",
        allowed: YES_NO,
        set: |config, value| put(&mut config.bandwidth, if value.as_bool()? { Bandwidth::Low } else { Bandwidth::Full }),
    },
    Setting {
        table: "screen",
        key: "scroll",
        allowed: YES_NO,
        set: |config, value| put(&mut config.scroll, if value.as_bool()? { Scroll::On } else { Scroll::Off }),
    },
    Setting {
        table: "screen",
        key: "synchronised",
        allowed: "\"auto\", \"always\" or \"never\"",
        set: |config, value| {
            let ways = [("auto", Synchronised::Auto), ("always", Synchronised::Always), ("never", Synchronised::Never)];
            put(&mut config.synchronised, one_of(value, &ways)?)
        },
    },
    Setting {
        table: keys::TABLE,
        key: "preset",
        allowed: "\"default\", \"vim\" or \"arrows\"",
        set: |config, value| put(&mut config.keymap, one_of(value, &Preset::ALL)?.keymap()),
    },
    Setting {
        table: "log",
        key: "level",
        allowed: "\"off\", \"error\", \"warn\", \"info\", \"debug\" or \"trace\"",
        set: |config, value| put(&mut config.log, one_of(value, &LEVELS.map(|level| (level.name(), level)))?),
    },
];

/// The themes; those who spell colours without u are understood.
const THEMES: &[(&str, ThemeName)] = &[
    ("sixteen", ThemeName::Sixteen),
    ("truecolour", ThemeName::Truecolour),
    ("truecolor", ThemeName::Truecolour),
    ("high-contrast", ThemeName::HighContrast),
    ("colour-blind", ThemeName::ColourBlind),
    ("color-blind", ThemeName::ColourBlind),
];

const LEVELS: [LogLevel; 6] = [LogLevel::Off, LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace];

/// Takes a file over into the configuration; what cannot be taken is a problem.
pub(super) fn read(text: &str, file: &DeTable<'_>, config: &mut Config, problems: &mut Vec<Problem>) {
    for (key, value) in file {
        let name = key.get_ref().as_ref();
        let at = key.span().start;
        match value.get_ref() {
            DeValue::Table(table) if name == keys::TABLE => {
                // The preset first, wherever it stands: the bindings lie over it.
                for (key, value) in table.iter().filter(|(key, _)| is_known(name, key.get_ref())) {
                    take(&Place { text, at: key.span().start, table: name, key: key.get_ref() }, value.get_ref(), config, problems);
                }
                keys::read(text, table, &mut config.keymap, keys::Found { problems, notes: &mut config.notes });
            }
            DeValue::Table(tables) if name == PROFILES => config.profiles = profiles::read_tables(text, tables),
            DeValue::Table(tables) if name == recipes::TABLE => config.recipes = recipes::read(text, tables, recipes::TABLE, problems),
            DeValue::Table(table) if SETTINGS.iter().any(|setting| !setting.table.is_empty() && setting.table == name) => {
                for (key, value) in table {
                    let at = key.span().start;
                    take(&Place { text, at, table: name, key: key.get_ref() }, value.get_ref(), config, problems);
                    if let (true, DeValue::Array(items)) = (TEMPLATES == (name, key.get_ref().as_ref()), value.get_ref()) {
                        config.templates = templates(text, items, problems);
                    }
                }
            }
            value => take(&Place { text, at, table: "", key: name }, value, config, problems),
        }
    }
}

/// Whether a table has an option of this name.
fn is_known(table: &str, key: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.table == table && setting.key == key)
}

struct Place<'a> {
    text: &'a str,
    at: usize,
    table: &'a str,
    key: &'a str,
}

fn take(place: &Place<'_>, value: &DeValue<'_>, config: &mut Config, problems: &mut Vec<Problem>) {
    let dotted = if place.table.is_empty() { place.key.to_owned() } else { format!("{}.{}", place.table, place.key) };
    let what = match SETTINGS.iter().find(|setting| setting.table == place.table && setting.key == place.key) {
        Some(setting) => match (setting.set)(config, value) {
            Some(()) => return,
            None => format!("{} is not allowed here; write {}", shown(value), setting.allowed),
        },
        None if place.table.is_empty()
            && ([keys::TABLE, PROFILES, recipes::TABLE].contains(&place.key)
                || SETTINGS.iter().any(|setting| setting.table == place.key)) =>
        {
            format!("{} is not allowed here; this is a table: [{}]", shown(value), place.key)
        }
        None => format!("there is no such key; known here are {}", known(place.table)),
    };
    problems.push(Problem::at(place.text, place.at, &dotted, &what));
}

/// The names that a table may have.
fn known(table: &str) -> String {
    let mut names: Vec<String> = SETTINGS.iter().filter(|setting| setting.table == table).map(|setting| setting.key.to_owned()).collect();
    if table.is_empty() {
        for setting in SETTINGS.iter().filter(|setting| !setting.table.is_empty()) {
            let name = format!("[{}]", setting.table);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.push(format!("[{}.CONTEXT]", keys::TABLE));
        names.push(format!("[{PROFILES}.NAME]"));
        names.push(format!("[{}.NAME]", recipes::TABLE));
    }
    names.join(", ")
}

/// A value as an error shows it.
pub(in crate::storage) fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(value) => format!("{value:?}"),
        DeValue::Integer(value) => value.to_string(),
        DeValue::Float(value) => value.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(value) => value.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it ends a chain of options")]
fn put<T>(place: &mut T, value: T) -> Option<()> {
    *place = value;
    Some(())
}

fn one_of<T: Copy>(value: &DeValue<'_>, choices: &[(&str, T)]) -> Option<T> {
    let name = value.as_str()?;
    choices.iter().find(|(known, _)| *known == name).map(|&(_, choice)| choice)
}

/// Reads comment templates; each that is none is a problem of its own.
fn templates(text: &str, items: &[Spanned<DeValue<'_>>], problems: &mut Vec<Problem>) -> Vec<Template> {
    let dotted = format!("{}.{}", TEMPLATES.0, TEMPLATES.1);
    let mut templates = Vec::with_capacity(items.len());
    for item in items {
        let read = match item.get_ref().as_str() {
            Some(written) => recipes::template(text, item.span(), written),
            None => Err((item.span().start, format!("{} is not allowed here; write a text", shown(item.get_ref())))),
        };
        match read {
            Ok(template) => templates.push(template),
            Err((at, why)) => problems.push(Problem::at(text, at, &dotted, &why)),
        }
    }
    templates
}

fn append(value: &DeValue<'_>) -> Option<CommentMode> {
    Some(if value.as_bool()? { CommentMode::Append } else { CommentMode::Replace })
}

fn access(value: &DeValue<'_>) -> Option<Access> {
    Some(if value.as_bool()? { Access::ReadOnly } else { Access::ReadWrite })
}

/// A number of findings is no rate: `0` could mean "none" as well as "no limit", so both have their word.
fn conflict_check(value: &DeValue<'_>) -> Option<ConflictCheck> {
    if value.as_integer().is_some() {
        return whole(value).filter(|most| (1..=1_000_000).contains(most)).map(ConflictCheck::UpTo);
    }
    one_of(value, &[("always", ConflictCheck::Always), ("never", ConflictCheck::Never)])
}

/// A whole number that is not negative.
pub(in crate::storage) fn whole(value: &DeValue<'_>) -> Option<usize> {
    let integer = value.as_integer()?;
    usize::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn editor(value: &DeValue<'_>) -> Option<EditorPolicy> {
    Some(if value.as_bool()? { EditorPolicy::Allowed } else { EditorPolicy::Off })
}

fn way(value: &DeValue<'_>) -> Option<Way> {
    Some(if value.as_bool()? { Way::default() } else { Way::Off })
}

fn count(value: &DeValue<'_>) -> Option<usize> {
    let integer = value.as_integer()?;
    usize::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|count| (1..=1_000_000).contains(count))
}

fn mouse(value: &DeValue<'_>) -> Option<MousePolicy> {
    Some(if value.as_bool()? { MousePolicy::On } else { MousePolicy::Off })
}

fn preview(value: &DeValue<'_>) -> Option<Preview> {
    Some(if value.as_bool()? { Preview::Shown } else { Preview::Hidden })
}

/// A text that names something elsewhere: without anything that is hidden or white. Empty is none.
#[expect(clippy::option_option, reason = "not allowed, none, and a name are three things")]
pub(in crate::storage) fn name(value: &DeValue<'_>) -> Option<Option<String>> {
    let name = value.as_str()?;
    if name.chars().any(text::is_hidden) || name.trim() != name {
        return None;
    }
    Some((!name.is_empty()).then(|| name.to_owned()))
}

#[expect(clippy::option_option, reason = "not allowed, none, and a URL are three things")]
pub(in crate::storage) fn url(value: &DeValue<'_>) -> Option<Option<String>> {
    let Some(url) = name(value)? else { return Some(None) };
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    if rest.is_empty() || rest.contains(char::is_whitespace) { None } else { Some(Some(url)) }
}

/// Slower than one call in a hundred seconds is a mistake, and so slow a bucket would count in years.
fn rate(value: &DeValue<'_>) -> Option<f64> {
    number(value).filter(|rate| *rate == 0.0 || (0.01..=1000.0).contains(rate))
}

fn burst(value: &DeValue<'_>) -> Option<f64> {
    number(value).filter(|burst| (1.0..=1000.0).contains(burst))
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    if let Some(integer) = value.as_integer() {
        return i32::from_str_radix(integer.as_str(), integer.radix()).ok().map(f64::from);
    }
    value.as_float()?.as_str().parse().ok()
}
