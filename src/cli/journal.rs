//! `hubtriage journal` and its commands.

use clap::{Args, Subcommand, ValueEnum, builder::NonEmptyStringValueParser};

/// Telling what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  hubtriage journal --since 7d                    what was sent in the last seven days, a line each finding
  hubtriage journal --finding UID                 what was sent to one finding
  hubtriage journal --since 2026-11-01 -o jsonl   the journal's entries as they are
  hubtriage journal verify                        whether every file is whole
  hubtriage journal pending                       what is staged, has an unknown outcome, or is a plan to go on with

It reads files alone: no network, no credentials, and beside a session that is under way.
Exit codes: 0 done, 1 bad input, or a file that is not whole, 2 usage.")]
pub struct JournalArgs {
    /// About the file instead of what is in it.
    #[command(subcommand)]
    pub command: Option<JournalCommand>,
    /// Only what happened since then: a time, a date, or an age such as 12h or 7d
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only what was sent to this finding
    #[arg(long, value_name = "UID", value_parser = NonEmptyStringValueParser::new())]
    pub finding: Option<String>,
    /// A line each finding, or the journal's entries as they are
    #[arg(short, long, value_name = "table|jsonl", value_enum, default_value_t = JournalForm::Table, hide_possible_values = true)]
    pub output: JournalForm,
    /// Which hub.
    #[command(flatten)]
    pub hub: JournalHub,
}

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum JournalForm {
    /// A line each finding that was sent.
    Table,
    /// The entries as they are.
    Jsonl,
}

/// About the file instead of what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum JournalCommand {
    /// Check that every file is whole; exit code 1 where one is not
    Verify(JournalHub),
    /// List what is unfinished: staged changes, unknown outcomes, plans to go on with
    Pending(JournalHub),
}

/// Which hub's journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct JournalHub {
    /// Which hub, where there are several: the beginning of its file's name
    #[arg(long = "hub", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
}
