//! The command line: clap definitions only.
//!
//! Owns the names, the help texts and the checks of single values. Must not act on any of them, read a file or the environment.
#![expect(clippy::doc_markdown, reason = "these comments are the help texts, shown as they are")]

mod headless;
mod journal;
mod profiles;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum, builder::NonEmptyStringValueParser};
use clap_complete::Shell;

pub use headless::{ApplyArgs, Form, ListArgs, PlanArgs};
pub use journal::{JournalArgs, JournalCommand, JournalForm, JournalHub};
pub use profiles::{CheckArgs, ProfilesCommand, ShowArgs};

const EXAMPLES: &str = "\
Examples:
  hubtriage                                     the hub of your default AWS profile and Region
  hubtriage --profile audit --region eu-west-1  another one
  hubtriage --read-only                         look, mark and stage, but never send
  hubtriage -q 'severity>=high status:new'      only these findings
  hubtriage -f payments                         a saved filter profile
  hubtriage demo                                no AWS account needed

Keys: ? shows them all. Only w leads to sending, through a review; y there sends.";

/// Triage AWS Security Hub findings (V2, OCSF) from the keyboard: mark rows, stage a status, severity or comment, review, send.
#[derive(Debug, Parser)]
#[command(name = "hubtriage", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Cli {
    /// What to do; nothing is to triage a live hub.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Which hub, and how.
    #[command(flatten)]
    pub triage: TriageArgs,
}

/// Everything but triaging a live hub.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Triage made-up findings in an emulator inside this program: no AWS account, no network
    Demo(DemoArgs),
    /// Serve Security Hub V2 on this machine, for the AWS CLI, boto3 or your own scripts
    Emulator(EmulatorArgs),
    /// Write findings to standard output, as a table, JSON lines or CSV
    List(ListArgs),
    /// Write a plan: findings with their values, and what is to be set on them; changes nothing
    Plan(PlanArgs),
    /// Send a plan, or go on with one that was cut off
    Apply(ApplyArgs),
    /// Tell what was sent: by whom, when, and what came of it; whether the journal is whole; what is unfinished
    Journal(JournalArgs),
    /// Show the saved filter profiles, or check them
    #[command(subcommand)]
    Profiles(ProfilesCommand),
    /// Check the configuration, or say where it is
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print completions for a shell
    #[command(after_help = "Example:\n  hubtriage completions bash > ~/.local/share/bash-completion/completions/hubtriage")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example:\n  hubtriage man > ~/.local/share/man/man1/hubtriage.1")]
    Man,
}

/// Which hub, as the AWS CLI names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct HubArgs {
    /// AWS profile; wins over AWS_PROFILE and over credentials in the environment
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub profile: Option<String>,
    /// AWS Region; wins over AWS_REGION and the profile's
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub region: Option<String>,
    /// Endpoint of Security Hub instead of the Region's own
    #[arg(long, value_name = "URL", value_parser = url)]
    pub endpoint_url: Option<String>,
    /// Which configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
}

/// Triaging a live hub.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct TriageArgs {
    /// Which hub.
    #[command(flatten)]
    pub hub: HubArgs,
    /// Never send: staging and review work, updates cannot leave the program
    #[arg(long)]
    pub read_only: bool,
    /// Never start $EDITOR, whatever the configuration says: on a jump host an editor can be a way to a shell
    #[arg(long)]
    pub no_editor: bool,
    /// Ask for findings of every status; without it for New and In Progress
    #[arg(long)]
    pub all: bool,
    /// Which findings, such as 'severity>=high status:new age<7d title~public'; `hubtriage list --help` has more
    #[arg(short, long, value_name = "QUERY", conflicts_with = "all")]
    pub query: Option<String>,
    /// Begin with what is in the queue: counts by severity, status, product, account and control, before findings are loaded
    #[arg(long)]
    pub summary: bool,
    /// Saved filter profile to begin with: its query, columns, order, hub and guard rails; `hubtriage profiles list` shows all
    #[arg(short, long, value_name = "NAME", conflicts_with = "all")]
    pub filter_profile: Option<String>,
    /// Plan file whose changes are staged and reviewed; what was changed since it was made is shown and not overwritten
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
}

/// Which configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct ConfigFile {
    /// Configuration file; `hubtriage config path` tells the usual one
    #[arg(long = "config", value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// Triaging the demo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  hubtriage demo                         hundreds of findings; changes are forgotten at the end
  hubtriage demo --faults demo           some rows are refused, with each of the four codes
  hubtriage demo --findings mine.jsonl   your own findings, one OCSF document a line
  hubtriage demo --latency 80            as far away as another continent

Only the keys, the looks and [editor] of your configuration are used; AWS settings are not read.")]
pub struct DemoArgs {
    /// Findings to show instead of the built-in ones: JSON lines, one OCSF document each
    #[arg(long, value_name = "FILE")]
    pub findings: Option<PathBuf>,
    /// What goes wrong: a faults file, or `demo` for the built-in one
    #[arg(long, value_name = "FILE|demo", value_parser = demo_faults)]
    pub faults: Option<DemoFaults>,
    /// Never start $EDITOR
    #[arg(long)]
    pub no_editor: bool,
    /// Begin with what is in the queue
    #[arg(long)]
    pub summary: bool,
    /// Filter profile of the demo to begin with; F shows them
    #[arg(short, long, value_name = "NAME")]
    pub filter_profile: Option<String>,
    /// Seed of request ids and page tokens: the same seed gives the same run
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// How long each call takes at least, in milliseconds
    #[arg(long, value_name = "MS", default_value = "0", value_parser = milliseconds)]
    pub latency: Duration,
    /// Which configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
}

/// What goes wrong in the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoFaults {
    /// The built-in script.
    BuiltIn,
    /// A faults file.
    File(PathBuf),
}

/// Serving Security Hub V2 on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  hubtriage emulator --port 4580 --findings findings.jsonl
  aws securityhub get-findings-v2 --endpoint-url http://127.0.0.1:4580 --max-results 5
  hubtriage --endpoint-url http://127.0.0.1:4580 --region eu-west-1

It listens on 127.0.0.1 only, takes any credentials, and prints its URL and what to export.
Ctrl-c ends it.")]
pub struct EmulatorArgs {
    /// Port; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Findings to serve: JSON lines, one OCSF document each; without it there are none
    #[arg(long, value_name = "FILE.jsonl")]
    pub findings: Option<PathBuf>,
    /// Whether calls over the quota are answered with 429
    #[arg(long, value_name = "on|off", value_enum, default_value_t = Switch::Off, hide_possible_values = true)]
    pub quota: Switch,
    /// What goes wrong: a faults file
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Which documented set of status and severity ids is accepted: the older has status 6 (Deleted), the newer severity 6 (Fatal)
    #[arg(long, value_name = "older|newer", value_enum, default_value_t = Values::Older, hide_possible_values = true)]
    pub values: Values,
    /// Where to write the findings as they are at the end
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// How long each call takes at least, in milliseconds
    #[arg(long, value_name = "MS", default_value = "0", value_parser = milliseconds)]
    pub latency: Duration,
    /// Seed of request ids and page tokens: the same seed gives the same run
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Account id of the hub, 12 digits [default: 222233334444]
    #[arg(long, value_name = "ID", value_parser = account)]
    pub account: Option<String>,
    /// Region of the hub [default: eu-west-1]
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub region: Option<String>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// The documented sets of status and severity ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Values {
    /// Status 0 to 6 and 99, severity 0 to 5 and 99.
    Older,
    /// Status 0 to 5 and 99, severity 0 to 6 and 99.
    Newer,
}

/// What about the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// List everything that is wrong with it, with line and column; exit code 1 if there is anything
    Check(ConfigFile),
    /// Print where it is read from, whether or not it exists
    Path(ConfigFile),
}

fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control()) => Ok(text.to_owned()),
        _ => Err("a URL with http:// or https:// is needed, such as http://127.0.0.1:4580".to_owned()),
    }
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(number @ 0..=600_000) => Ok(Duration::from_millis(number)),
        _ => Err("a whole number of milliseconds is needed, at most 600000".to_owned()),
    }
}

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account id has 12 digits".to_owned())
    }
}

#[expect(clippy::unnecessary_wraps, reason = "clap asks for a result")]
fn demo_faults(text: &str) -> Result<DemoFaults, String> {
    Ok(if text == "demo" { DemoFaults::BuiltIn } else { DemoFaults::File(PathBuf::from(text)) })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("hubtriage").chain(line.split_whitespace()))
    }

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nothing_said_is_to_triage_the_default_hub() {
        let cli = parse("").unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.triage, TriageArgs::default());
    }

    #[test]
    fn a_hub_is_named_as_in_the_aws_cli() {
        let line = "--profile audit --region eu-west-1 --endpoint-url http://127.0.0.1:1 --config c";
        let hub = HubArgs {
            profile: Some("audit".into()),
            region: Some("eu-west-1".into()),
            endpoint_url: Some("http://127.0.0.1:1".into()),
            config: ConfigFile { file: Some("c".into()) },
        };
        let triage = parse(&format!("{line} --read-only --all")).unwrap().triage;
        assert_eq!(triage, TriageArgs { hub: hub.clone(), read_only: true, all: true, ..TriageArgs::default() });
        let Some(Command::List(list)) = parse(&format!("list {line}")).unwrap().command else { unreachable!() };
        assert_eq!(list.hub, hub);
        let Some(Command::Plan(plan)) = parse(&format!("plan {line} --uids - --status 3 --out p")).unwrap().command else { unreachable!() };
        assert_eq!(plan.hub, hub);
        let Some(Command::Apply(apply)) = parse(&format!("apply p {line}")).unwrap().command else { unreachable!() };
        assert_eq!(apply.hub, hub);
    }

    #[test]
    fn a_query_is_instead_of_all_and_a_plan_needs_which_findings_and_what_is_set() {
        assert_eq!(parse("-q status:new").unwrap().triage.query.as_deref(), Some("status:new"));
        assert_eq!(parse("-q status:new --all").unwrap_err().kind(), ErrorKind::ArgumentConflict);
        for (line, kind) in [
            ("plan --status 3 --out p", ErrorKind::MissingRequiredArgument),
            ("plan -q everything --out p", ErrorKind::MissingRequiredArgument),
            ("plan -q everything --status 3", ErrorKind::MissingRequiredArgument),
            ("plan -q everything --uids - --status 3 --out p", ErrorKind::ArgumentConflict),
            ("apply", ErrorKind::MissingRequiredArgument),
            ("list --limit 0", ErrorKind::ValueValidation),
            ("list -o xml", ErrorKind::InvalidValue),
            ("apply p --wait forever", ErrorKind::ValueValidation),
        ] {
            assert_eq!(parse(line).unwrap_err().kind(), kind, "{line}");
        }
    }

    #[test]
    fn options_of_a_live_hub_before_a_command_are_refused_not_ignored() {
        assert_eq!(parse("--profile audit demo").unwrap_err().kind(), ErrorKind::ArgumentConflict);
        assert_eq!(parse("demo --profile audit").unwrap_err().kind(), ErrorKind::UnknownArgument);
    }

    #[test]
    fn faults_of_the_demo_are_built_in_or_a_file() {
        for (line, expected) in [
            ("demo", None),
            ("demo --faults demo", Some(DemoFaults::BuiltIn)),
            ("demo --faults f.toml", Some(DemoFaults::File("f.toml".into()))),
        ] {
            let Some(Command::Demo(demo)) = parse(line).unwrap().command else { unreachable!("{line}") };
            assert_eq!(demo.faults, expected, "{line}");
        }
    }

    #[test]
    fn the_emulator_has_the_older_values_and_no_quota_unless_asked() {
        let Some(Command::Emulator(plain)) = parse("emulator").unwrap().command else { unreachable!() };
        assert_eq!((plain.port, plain.quota, plain.values, plain.latency), (0, Switch::Off, Values::Older, Duration::ZERO));
        let line = "emulator --port 4580 --quota on --values newer --latency 80 --seed 7 --account 123456789012 --region us-east-1";
        let Some(Command::Emulator(asked)) = parse(line).unwrap().command else { unreachable!() };
        assert_eq!((asked.port, asked.quota, asked.values), (4580, Switch::On, Values::Newer));
        assert_eq!((asked.latency, asked.seed), (Duration::from_millis(80), 7));
        assert_eq!((asked.account.as_deref(), asked.region.as_deref()), (Some("123456789012"), Some("us-east-1")));
    }

    #[test]
    fn a_configuration_file_can_be_named_wherever_one_is_read() {
        let file = ConfigFile { file: Some("c".into()) };
        let config = |line| match parse(line).unwrap().command {
            Some(Command::Config(ConfigCommand::Check(config) | ConfigCommand::Path(config))) => config,
            Some(Command::Demo(demo)) => demo.config,
            _ => ConfigFile::default(),
        };
        for line in ["config check --config c", "config path --config c", "demo --config c"] {
            assert_eq!(config(line), file, "{line}");
        }
    }

    #[test]
    fn values_that_cannot_be_meant_are_refused() {
        for line in [
            "--endpoint-url localhost:4580",
            "--endpoint-url http://",
            "--endpoint-url http://a\u{7}",
            "--profile=",
            "--region=",
            "emulator --account 1234",
            "emulator --account 12345678901x",
            "emulator --latency -1",
            "emulator --latency 600001",
            "emulator --port 65536",
            "emulator --quota maybe",
            "emulator --values oldest",
        ] {
            let error = parse(line).unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue | ErrorKind::UnknownArgument),
                "{line}: {error}"
            );
        }
    }
}
