//! The emulator as a command of its own: says where it is, serves until told to stop, and saves what became of its findings.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Emulator, EmulatorError, FaultPlan, Findings, Quota, Settings, ValueSet};

/// What the command line may say. `Options::default()` is what it means to say nothing.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; only loopback addresses are accepted.
    pub address: IpAddr,
    /// The port; 0 takes any free one.
    pub port: u16,
    /// A file of JSON lines; without one the hub is empty.
    pub findings: Option<PathBuf>,
    /// Rate limits; `None` is none.
    pub quota: Option<Quota>,
    /// A faults file.
    pub faults: Option<PathBuf>,
    /// Which status and severity ids an update may set.
    pub values: ValueSet,
    /// Where the findings' final state is written as JSON lines.
    pub save: Option<PathBuf>,
    /// How long every call takes at least.
    pub latency: Duration,
    /// Seeds request ids and page tokens.
    pub seed: u64,
    /// The account; `None` is the default one.
    pub account: Option<String>,
    /// The Region; `None` is the default one.
    pub region: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            findings: None,
            quota: None,
            faults: None,
            values: ValueSet::default(),
            save: None,
            latency: Duration::ZERO,
            seed: 0,
            account: None,
            region: None,
        }
    }
}

/// Serves until Ctrl-C or SIGTERM. What a user needs to know is written to `out`, starting with the URL on a line of its own.
pub async fn run(options: Options, out: &mut dyn Write) -> Result<(), EmulatorError> {
    run_until(options, out, until_told()).await
}

/// Serves until `told` ends; otherwise as [`run`].
pub async fn run_until(
    options: Options,
    out: &mut dyn Write,
    told: impl Future<Output = Result<(), EmulatorError>>,
) -> Result<(), EmulatorError> {
    // The files are read before anything is said, so that a mistake in them is the only thing said.
    let mut settings = Settings {
        address: options.address,
        port: options.port,
        quota: options.quota,
        values: options.values,
        latency: options.latency,
        seed: options.seed,
        ..Settings::default()
    };
    if let Some(path) = &options.findings {
        settings.findings = Findings::load(path)?;
    }
    if let Some(path) = &options.faults {
        settings.faults = FaultPlan::load(path)?;
    }
    settings.account = options.account.unwrap_or(settings.account);
    settings.region = options.region.unwrap_or(settings.region);
    let region = settings.region.clone();
    let count = settings.findings.len();

    let mut emulator = Emulator::start(settings).await?;
    greet(out, &emulator, count, &region).map_err(EmulatorError::Say)?;
    told.await?;
    // What is saved is what the last answered call left.
    emulator.close().await;
    if let Some(path) = &options.save {
        let saved = save(&emulator, path).map_err(|source| EmulatorError::Write { path: path.clone(), source })?;
        writeln!(out, "saved {saved} findings to {}", path.display()).map_err(EmulatorError::Say)?;
    }
    Ok(())
}

fn greet(out: &mut dyn Write, emulator: &Emulator, count: usize, region: &str) -> std::io::Result<()> {
    let url = emulator.url();
    writeln!(out, "{url}")?;
    writeln!(out, "# Security Hub V2 emulator with {count} findings; Ctrl-C stops it. For a client in another shell:")?;
    writeln!(out, "export AWS_ENDPOINT_URL_SECURITYHUB={url} AWS_ENDPOINT_URL_STS={url}")?;
    writeln!(out, "export AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator AWS_REGION={region} AWS_DEFAULT_REGION={region}")?;
    out.flush()
}

/// Writes the findings' final state. Says how many there are.
fn save(emulator: &Emulator, path: &Path) -> std::io::Result<usize> {
    let mut file = BufWriter::new(File::create(path)?);
    let saved = emulator.write_jsonl(&mut file)?;
    file.flush()?;
    Ok(saved)
}

#[cfg(unix)]
async fn until_told() -> Result<(), EmulatorError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(EmulatorError::Signal)?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(EmulatorError::Signal),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn until_told() -> Result<(), EmulatorError> {
    tokio::signal::ctrl_c().await.map_err(EmulatorError::Signal)
}
