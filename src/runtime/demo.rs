//! The demo: the same program against the embedded emulator, through the real client over loopback.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{
    aws::{self, Access, Keys, Options, Sealed, Surroundings},
    emulator::{Emulator, EmulatorError, FaultPlan, Findings, Settings},
};

use super::executor::Connect;

/// The demo's findings.
const FINDINGS: &[u8] = include_bytes!("../../assets/demo/findings.jsonl");
/// Findings that a terminal must survive.
const HOSTILE: &[u8] = include_bytes!("../../assets/demo/hostile.jsonl");
/// Scripted trouble for `--faults demo`.
const FAULTS: &str = include_str!("../../assets/demo/faults.toml");

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
        let mut findings = Findings::read(FINDINGS, "assets/demo/findings.jsonl".as_ref())?;
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
