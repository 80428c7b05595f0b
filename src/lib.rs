//! hubtriage: keyboard-driven triage of AWS Security Hub findings in a terminal.
//!
//! The map of the crate, from the inside out: [`domain`] is plain data and rules, [`findings`] holds the loaded findings, [`send`] decides
//! what is sent, [`journal`] is what is remembered, [`app`] is everything that can happen as one pure function, [`hub`] is the port to
//! Security Hub, [`storage`] our own files, [`runtime`] what meets the machine. [`cli`], [`start`], [`headless`], [`manual`] and [`report`]
//! are the way in and out. ARCHITECTURE.md tells who may import whom.

pub mod app;
pub mod aws;
pub mod cli;
pub mod domain;
pub mod emulator;
pub mod findings;
pub mod headless;
pub mod hub;
pub mod journal;
pub mod launch;
pub mod manual;
pub mod report;
pub mod runtime;
pub mod send;
pub mod start;
pub mod storage;
pub mod ui;

use std::{
    ffi::OsString,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{CommandFactory, Parser};

use cli::{Cli, Command, ConfigCommand, ConfigFile};
use report::{Kind, Report};
use storage::{
    config::{Config, ConfigError, Presence, Problem, ThemeName},
    environment::Environment,
};

/// Runs the program: the arguments with the program's name first, and where ordinary output and errors go.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> ExitCode {
    runtime::rehearsal::arm(environment);
    let done = match Cli::try_parse_from(arguments) {
        Ok(cli) => dispatch(cli, environment, out, errors),
        // Help and version come as errors too, but are what was asked for.
        Err(error) if !error.use_stderr() => said(write!(out, "{error}")),
        Err(error) => {
            let _ = write!(errors, "{error}");
            return ExitCode::from(Kind::Usage.code());
        }
    };
    match done {
        Ok(code) => code,
        Err(report) => report.end(errors),
    }
}

fn dispatch(cli: Cli, environment: &Environment, out: &mut dyn Write, errors: &mut dyn Write) -> Result<ExitCode, Report> {
    match cli.command {
        None => launch::triage(&cli.triage, &load_config(&cli.triage.hub.config, environment)?, environment, out),
        Some(Command::Demo(arguments)) => launch::demo(&arguments, &load_config(&arguments.config, environment)?, environment, out),
        Some(Command::Emulator(arguments)) => launch::emulator(&arguments, out),
        Some(Command::List(arguments)) => {
            let config = load_config(&arguments.hub.config, environment)?;
            headless::list::run(&arguments, headless::world::World::of_process(&config, environment, out, errors))
        }
        Some(Command::Plan(arguments)) => {
            let config = load_config(&arguments.hub.config, environment)?;
            headless::plan::run(&arguments, headless::world::World::of_process(&config, environment, out, errors))
        }
        Some(Command::Apply(arguments)) => {
            let config = load_config(&arguments.hub.config, environment)?;
            headless::apply::run(&arguments, headless::world::World::of_process(&config, environment, out, errors))
        }
        Some(Command::Journal(arguments)) => headless::journal::run(&arguments, environment, out),
        Some(Command::Profiles(command)) => {
            let config = load_config(command.config(), environment)?;
            headless::profiles::run(&command, headless::world::World::of_process(&config, environment, out, errors))
        }
        Some(Command::Config(command)) => config(&command, environment, out),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "hubtriage", &mut text);
            said(out.write_all(&text))
        }
        Some(Command::Man) => said(manual::write(out)),
    }
}

/// The configuration file: the named one, or the usual one; `None` where there is no home folder.
pub(crate) fn config_file(named: &ConfigFile, environment: &Environment) -> Option<PathBuf> {
    named.file.clone().or_else(|| environment.paths().ok().map(storage::paths::Paths::config_file))
}

/// Reads the configuration: the named file, which must be there, or the usual one, which need not.
pub fn load_config(named: &ConfigFile, environment: &Environment) -> Result<Config, Report> {
    match (&named.file, environment.paths()) {
        (Some(file), _) => Ok(Config::load(file, Presence::Required)?),
        (None, Ok(paths)) => Ok(Config::load(&paths.config_file(), Presence::Optional)?),
        (None, Err(_)) => Ok(Config::default()),
    }
}

fn config(command: &ConfigCommand, environment: &Environment, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let (ConfigCommand::Check(named) | ConfigCommand::Path(named)) = command;
    let file = match &named.file {
        Some(file) => file.clone(),
        None => environment.paths()?.config_file(),
    };
    match command {
        ConfigCommand::Path(_) => said(writeln!(out, "{}", file.display())),
        ConfigCommand::Check(_) => {
            let config = load_config(named, environment)?;
            let problems: Vec<Problem> = config.profiles.problems().cloned().collect();
            if !problems.is_empty() {
                return Err(ConfigError::Invalid { file, problems }.into());
            }
            let mut told: Vec<String> = config.notes.iter().map(|note| note.noted(&file)).collect();
            told.extend(unsure_of_colours(&config, environment).map(str::to_owned));
            let state = if file.exists() { "is fine" } else { "does not exist; the defaults hold" };
            told.push(format!("{} {state}", domain::text::clean(&file.to_string_lossy())));
            said(writeln!(out, "{}", told.join("\n")))
        }
    }
}

/// A note where the theme needs more colours than the terminal says it has. Many that have them do not say so, least of all over SSH, so
/// the theme is used all the same.
fn unsure_of_colours(config: &Config, environment: &Environment) -> Option<&'static str> {
    let says_so = environment.variable("COLORTERM").is_some_and(|said| said == "truecolor" || said == "24bit");
    (config.theme == ThemeName::Truecolour && !says_so).then_some(
        "note: screen.theme is \"truecolour\", and this terminal does not say with COLORTERM=truecolor that it has these colours; they are used \
     all the same. If they look wrong, \"colour-blind\" needs 256 and \"sixteen\" any.",
    )
}

/// Something was written to standard output. A reader that has gone away (`| head`) has seen enough.
fn said(written: io::Result<()>) -> Result<ExitCode, Report> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Report::unwritable(&error)),
        _ => Ok(ExitCode::SUCCESS),
    }
}
