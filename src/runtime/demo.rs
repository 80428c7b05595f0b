//! The demo: the same program against the embedded emulator, through the real client over loopback.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    aws::{self, Access, Keys, Options, Sealed, Surroundings},
    domain::recipe::Recipe,
    emulator::{Emulator, EmulatorError, FaultPlan, Findings, Settings},
    storage::{config::Config, profiles::Places},
};

use super::{clock, executor::Connect};

/// The demo's findings, compressed: a seventh of the program would be their text. A static and not a constant, which the compiler would put
/// into every part of the program that names it.
static FINDINGS: &[u8] = include_bytes!("../../assets/demo/findings.jsonl.zst");
/// Findings that a terminal must survive.
static HOSTILE: &[u8] = include_bytes!("../../assets/demo/hostile.jsonl");
/// Scripted trouble for `--faults demo`.
const FAULTS: &str = include_str!("../../assets/demo/faults.toml");

/// The demo's filter profiles beside `open`.
const PROFILES: &[(&str, &str)] = &[
    ("critical-cves", include_str!("../../assets/demo/profiles/critical-cves.toml")),
    ("guardduty", include_str!("../../assets/demo/profiles/guardduty.toml")),
    ("payments", include_str!("../../assets/demo/profiles/payments.toml")),
    ("public-buckets", include_str!("../../assets/demo/profiles/public-buckets.toml")),
    ("unfixed-cves", include_str!("../../assets/demo/profiles/unfixed-cves.toml")),
];

/// The demo's recipes.
const RECIPES: &str = include_str!("../../assets/demo/recipes.toml");

/// The demo's recipes: the user's own are not used.
pub fn recipes() -> Vec<Recipe> {
    Config::parse(RECIPES.as_bytes()).map(|config| config.recipes).unwrap_or_default()
}

/// Where the demo's filter profiles are: neither the user's nor the system's are used.
pub fn profiles() -> Places {
    Places { embedded: PROFILES, ..Places::default() }
}

/// Where scripted trouble comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Faults {
    /// Nothing goes wrong.
    #[default]
    None,
    /// The demo's own.
    Demo,
    /// A file.
    File(PathBuf),
}

/// What the demo is started with.
#[derive(Debug, Clone, Default)]
pub struct DemoOptions {
    /// Other findings than the demo's own: JSON lines.
    pub findings: Option<PathBuf>,
    /// Scripted trouble.
    pub faults: Faults,
    /// Seeds request ids and page tokens.
    pub seed: u64,
    /// How long every call takes at least.
    pub latency: Duration,
}

/// Starts the emulator. It runs as long as the value lives.
pub async fn start(options: &DemoOptions) -> Result<Emulator, EmulatorError> {
    let findings = if let Some(path) = &options.findings {
        Findings::load(path)?
    } else {
        let made = findings()?;
        let by = clock::ctx().now.0 - MADE_FOR;
        let mut findings: Findings = made
            .iter()
            .map(|finding| {
                let mut document = finding.document();
                moved(&mut document, by);
                document
            })
            .collect();
        findings.append(Findings::read(HOSTILE, "assets/demo/hostile.jsonl".as_ref())?);
        findings
    };
    let faults = match &options.faults {
        Faults::None => FaultPlan::default(),
        Faults::Demo => {
            FaultPlan::parse(FAULTS).map_err(|reason| EmulatorError::Faults { path: "assets/demo/faults.toml".into(), reason })?
        }
        Faults::File(path) => FaultPlan::load(path)?,
    };
    Emulator::start(Settings { findings, faults, seed: options.seed, latency: options.latency, ..Settings::default() }).await
}

/// The demo's own findings as they were made.
fn findings() -> Result<Findings, EmulatorError> {
    let path = Path::new("assets/demo/findings.jsonl.zst");
    let text = zstd::stream::decode_all(FINDINGS).map_err(|source| EmulatorError::Read { path: path.to_owned(), source })?;
    Findings::read(text.as_slice(), path)
}

/// How the demo's client connects: with made-up keys, and with nothing of the machine's AWS configuration.
pub fn connect(url: String, access: Access) -> Connect {
    Arc::new(move || {
        let sealed = Sealed { keys: Some(Keys::made_up()), sts_endpoint_url: Some(url.clone()) };
        let options = Options {
            region: Some(Settings::default().region),
            endpoint_url: Some(url.clone()),
            access,
            surroundings: Surroundings::Sealed(sealed),
            ..Options::default()
        };
        Box::pin(aws::connect(options))
    })
}

/// The moment the demo's findings were made for, milliseconds: what is two hours old in the file is two hours before this.
const MADE_FOR: i64 = 1_795_132_800_000;

/// Moves every time of a document, so that the demo's findings are as old as they were made to be.
fn moved(value: &mut Value, by: i64) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| moved(item, by)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::Number(number) if name == "time" || name.ends_with("_time") => {
                        if let Some(time) = number.as_i64() {
                            *member = Value::from(time + by);
                        }
                    }
                    Value::String(text) if name.ends_with("_dt") => {
                        if let Ok(time) = text.parse::<Timestamp>()
                            && let Ok(time) = Timestamp::from_millisecond(time.as_millisecond() + by)
                        {
                            *member = Value::from(time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
                        }
                    }
                    _ => moved(member, by),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_of_both_kinds_move_together_and_nothing_else_does() {
        let mut document =
            json!({"time": 1_000, "count": 5, "a": [{"created_time": 2_000, "created_time_dt": "1970-01-01T00:00:02.000Z", "x_dt": "no"}]});
        moved(&mut document, 60_000);
        assert_eq!(
            document,
            json!({"time": 61_000, "count": 5, "a": [{"created_time": 62_000, "created_time_dt": "1970-01-01T00:01:02.000Z", "x_dt": "no"}]})
        );
    }

    #[test]
    fn the_demo_brings_six_recipes_each_with_a_letter_of_its_own() {
        let recipes = recipes();
        let letters: std::collections::BTreeSet<char> = recipes.iter().filter_map(|recipe| recipe.key).collect();
        assert_eq!((recipes.len(), letters.len()), (6, 6));
    }

    #[test]
    fn the_demo_was_made_for_the_moment_that_is_counted_from() {
        assert_eq!(Timestamp::from_millisecond(MADE_FOR).map(|time| time.to_string()).ok().as_deref(), Some("2026-11-20T00:00:00Z"));
    }
}
