//! The commands that need no terminal: `list`, `plan` and `apply`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use super::HubArgs;

/// Writing findings to standard output.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  hubtriage list                                          open findings, highest severity id and newest first
  hubtriage list -q 'severity>=high status:new age<7d'    terms beside each other all have to hold
  hubtriage list -q everything -o jsonl > findings.jsonl  whole OCSF documents, one a line
  hubtriage list -q account:123456789012 -o csv --limit 500

Queries:
  status:new,in_progress severity>=high    a comma means any of these; fatal is above critical
  title~public title~~\"open port\"        ~ holds the part, ~~ holds the words in any case
  region:eu-* comment:* !product:macie     * begins, or is anything at all; ! and not negate
  (tag:env=prod or account:payments-prod) cve:CVE-2026-1234
  age<7d seen>30d created>=2026-01-31      ages are m, h, d, w; days and RFC 3339 times are UTC
  src:10.0.0.0/8 resources.vpc_uid:vpc-1   any path of OCSF is a field
Products by word: guardduty, inspector, macie, cspm, coverage, exposure. In a shell a query goes in single quotes.

Exit codes: 0 done, 1 bad input, 2 usage, 4 denied or out of reach, 130 interrupted.")]
pub struct ListArgs {
    /// Which hub.
    #[command(flatten)]
    pub hub: HubArgs,
    /// Which findings [default: status:new,in_progress]
    #[arg(short, long, value_name = "QUERY")]
    pub query: Option<String>,
    /// Saved filter profile whose findings these are; with --query only its order and hub; `hubtriage profiles list` shows all
    #[arg(short, long, value_name = "NAME")]
    pub filter_profile: Option<String>,
    /// Stop after so many findings
    #[arg(long, value_name = "N", value_parser = count)]
    pub limit: Option<usize>,
    /// How they are written
    #[arg(short, long, value_name = "table|jsonl|csv", value_enum, default_value_t = Form::Table, hide_possible_values = true)]
    pub output: Form,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Columns that fit the terminal.
    Table,
    /// The whole document a line, as it came.
    Jsonl,
    /// Values for a spreadsheet.
    Csv,
}

/// Writing a plan file.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  hubtriage plan -q 'status:new severity:low' --status suppressed --comment 'accepted, PAY-1182' --out plan.json
  hubtriage plan --uids uids.txt --severity medium --out plan.json
  hubtriage list -o jsonl | jq -r 'select(.cloud.region == \"eu-west-1\") | .metadata.uid' |
    hubtriage plan --uids - --status resolved --out plan.json

A plan changes nothing. It holds the findings with their values as they are now, for a review, and for `hubtriage apply`.
Exit codes: 0 written, 1 bad input, 2 usage, 3 some uids were not found, 4 denied or out of reach, 130 interrupted.")]
#[command(group = clap::ArgGroup::new("which").required(true).multiple(true).args(["query", "filter_profile", "uids"]))]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["status", "severity", "comment"]))]
pub struct PlanArgs {
    /// Which hub.
    #[command(flatten)]
    pub hub: HubArgs,
    /// Which findings
    #[arg(short, long, value_name = "QUERY", conflicts_with = "uids")]
    pub query: Option<String>,
    /// Saved filter profile whose findings these are; its guard rails hold, with --query too; `hubtriage profiles list` shows all
    #[arg(short, long, value_name = "NAME", conflicts_with = "uids")]
    pub filter_profile: Option<String>,
    /// File with the metadata.uid of a finding on each line; - is standard input
    #[arg(long, value_name = "FILE|-")]
    pub uids: Option<PathBuf>,
    /// Status to set: a caption such as suppressed or in-progress, or an id
    #[arg(long, value_name = "S")]
    pub status: Option<String>,
    /// Severity to set: a caption such as medium, or an id
    #[arg(long, value_name = "S")]
    pub severity: Option<String>,
    /// Comment to set, at most 512 characters; it replaces the old one
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
    /// File to write
    #[arg(long, value_name = "PLAN.json")]
    pub out: PathBuf,
    /// Overwrite the file if there is one
    #[arg(long)]
    pub force: bool,
}

/// Sending a plan file.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  hubtriage apply plan.json --dry-run    what would be sent, and what has changed since; sends nothing
  hubtriage apply plan.json              asks, then sends
  hubtriage apply plan.json --yes        the same for a script; run again it goes on where it stopped

Exit codes: 0 all processed, 1 bad input or read-only, 2 usage, 3 some not processed, 4 denied or out of reach, 130 interrupted.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct ApplyArgs {
    /// Plan to send, from `hubtriage plan` or from the review
    #[arg(value_name = "PLAN.json")]
    pub plan: PathBuf,
    /// Which hub; it has to be the plan's.
    #[command(flatten)]
    pub hub: HubArgs,
    /// Send nothing: say what would be sent, and what has changed since the plan was written
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Do not read the findings before they are sent: what someone else set since the plan was written is overwritten
    #[arg(long)]
    pub no_conflict_check: bool,
    /// How long to wait for credentials or the network to come back [default: 900 without a terminal, for ever on one]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub wait: Option<Duration>,
    /// Never send: ends with 1
    #[arg(long)]
    pub read_only: bool,
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("a whole number is needed, at least 1".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(number @ 0..=604_800) => Ok(Duration::from_secs(number)),
        _ => Err("a whole number of seconds is needed, at most 604800".to_owned()),
    }
}
