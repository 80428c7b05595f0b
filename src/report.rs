//! What ends the program with an error: once to kind, message, hint and exit code, in a few lines on standard error.
//!
//! Owns the words and exit codes of errors that end the program. Must not decide what happens next, or write anything uncleaned.

use std::{
    ffi::OsStr,
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use crate::{
    domain::{
        advice::{Advice, Place, advise, advise_on_query},
        failure::{CallError, CallFailure},
        query::{Query, QueryError},
        text,
    },
    storage::{config::ConfigError, paths::NoHome},
};

/// Columns for a query that cannot be read; beside the indent it fits the narrowest usual terminal.
const QUERY_COLUMNS: usize = 76;

/// What kind of end it is; each has its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something that was given cannot be used: a file, a value, a configuration.
    BadInput,
    /// The command line cannot be meant, or there is no terminal to run in.
    Usage,
    /// The service, or this machine, denied it or could not be reached.
    OutOfReach,
    /// It was told to end before it was done.
    Interrupted,
}

impl Kind {
    /// The exit code: 1 bad input, 2 usage, 4 denied or out of reach, 130 interrupted.
    pub const fn code(self) -> u8 {
        match self {
            Self::BadInput => 1,
            Self::Usage => 2,
            Self::OutOfReach => 4,
            Self::Interrupted => 130,
        }
    }
}

/// The end of the program with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What kind of end.
    pub kind: Kind,
    /// What happened, in one sentence.
    pub message: String,
    /// Details, a line each.
    pub details: Vec<String>,
    /// What helps.
    pub hint: Option<String>,
}

impl Report {
    /// An end with a message alone.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), details: Vec::new(), hint: None }
    }

    /// Adds what helps.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A call to the service that failed, with what its kind means and what helps.
    pub fn of_call(error: &CallError, place: &Place<'_>) -> Self {
        Self::of_advice(error, advise(error, place))
    }

    /// A call for the findings of a query that failed.
    pub fn of_query_call(error: &CallError, place: &Place<'_>, query: &Query) -> Self {
        Self::of_advice(error, advise_on_query(error, place, query))
    }

    fn of_advice(error: &CallError, advice: Advice) -> Self {
        let kind = if error.failure == CallFailure::Validation { Kind::BadInput } else { Kind::OutOfReach };
        let mut details = Vec::new();
        if !advice.said.is_empty() {
            details.push(format!("The service said: {}", advice.said));
        }
        if let Some(id) = advice.request_id {
            details.push(format!("request {id}"));
        }
        Self { kind, message: advice.what, details, hint: Some(advice.help) }
    }

    /// A query of the command line that cannot be read, with a sign below the column.
    pub fn of_query(query: &str, error: &QueryError) -> Self {
        let (line, sign) = error.pointed(query, QUERY_COLUMNS);
        Self { kind: Kind::Usage, message: format!("the query cannot be read: {error}"), details: vec![line, sign], hint: None }
    }

    /// Standard output could not be written to.
    pub fn unwritable(error: &io::Error) -> Self {
        Self::new(Kind::OutOfReach, format!("cannot write to standard output: {error}"))
    }

    /// Writes it in lines, clean.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "hubtriage: {}", text::clean(&self.message))?;
        for line in self.details.iter().chain(&self.hint) {
            writeln!(out, "  {}", text::clean(line))?;
        }
        out.flush()
    }

    /// Writes it and gives its exit code. Where even standard error cannot be written to, the code is all that is left to say.
    pub fn end(&self, out: &mut dyn Write) -> ExitCode {
        let _ = self.write(out);
        ExitCode::from(self.kind.code())
    }
}

impl From<ConfigError> for Report {
    fn from(error: ConfigError) -> Self {
        let message = error.to_string();
        match error {
            ConfigError::Unreadable { .. } => Self::new(Kind::BadInput, message),
            ConfigError::Invalid { file, problems } => Self {
                kind: Kind::BadInput,
                message: format!("{message}:"),
                details: problems.iter().map(|problem| problem.told(&file)).collect(),
                hint: Some("Every key and what it may be: config.example.toml.".to_owned()),
            },
        }
    }
}

impl From<NoHome> for Report {
    fn from(error: NoHome) -> Self {
        Self::new(Kind::BadInput, error.to_string())
    }
}

/// Whether a stream is a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// It is.
    Terminal,
    /// It is a file, a pipe or nothing.
    Other,
}

impl Stream {
    /// What a stream is.
    pub fn of(stream: &impl IsTerminal) -> Self {
        if stream.is_terminal() { Self::Terminal } else { Self::Other }
    }
}

/// Why there is no terminal to draw on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTerminal {
    /// Keys cannot be read.
    #[error("hubtriage needs a terminal, and standard input is not one")]
    Input,
    /// Nothing can be drawn.
    #[error("hubtriage needs a terminal, and standard output is not one")]
    Output,
    /// The terminal did not say what it is.
    #[error("hubtriage needs to know the terminal, and TERM is not set")]
    Unset,
    /// The terminal cannot move its cursor.
    #[error("hubtriage needs a terminal that can be drawn on, and TERM=dumb says that this one cannot")]
    Dumb,
}

impl NoTerminal {
    /// What is missing, with `TERM` as it is set; `None` where nothing is.
    pub fn found(input: Stream, output: Stream, term: Option<&OsStr>) -> Option<Self> {
        // Windows terminals set no TERM.
        let term = term.or(cfg!(windows).then_some(OsStr::new("windows")));
        match (input, output, term) {
            (_, Stream::Other, _) => Some(Self::Output),
            (Stream::Other, ..) => Some(Self::Input),
            (.., None) => Some(Self::Unset),
            (.., Some(term)) if term == "dumb" => Some(Self::Dumb),
            _ => None,
        }
    }
}

impl From<NoTerminal> for Report {
    fn from(error: NoTerminal) -> Self {
        let hint = match error {
            NoTerminal::Input | NoTerminal::Output => {
                "Start it in a terminal without redirection; over SSH with `ssh -t HOST hubtriage`. `hubtriage --help` lists what runs without one."
            }
            NoTerminal::Unset => {
                "Set it to what your terminal is, such as `TERM=xterm-256color hubtriage`; over SSH use `ssh -t HOST hubtriage`."
            }
            NoTerminal::Dumb => "In a terminal that can be drawn on, set TERM to what it is, such as `TERM=xterm-256color hubtriage`.",
        };
        Self::new(Kind::Usage, error.to_string()).hint(hint)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::{fs::File, path::Path};

    use super::*;
    use crate::{
        domain::query::Query,
        storage::config::{Config, Presence},
    };

    fn written(report: &Report) -> String {
        let mut out = Vec::new();
        report.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_query_that_cannot_be_read_is_shown_with_a_sign_below_the_column() {
        let query = "account:é\u{4f1a} stauts:new";
        let report = Report::of_query(query, &query.parse::<Query>().unwrap_err());
        let lines: Vec<String> = written(&report).lines().map(str::to_owned).collect();
        assert_eq!(report.kind.code(), 2);
        assert!(lines.first().unwrap().contains("column 12") && lines.first().unwrap().contains("did you mean `status`?"), "{lines:?}");
        // The sign for a column is below the sign it is for: one character is two columns wide.
        assert_eq!(lines.get(1..).unwrap(), ["  account:é\u{4f1a} stauts:new", "              ^"]);
    }

    #[test]
    fn exit_codes_are_those_that_scripts_rely_on() {
        let codes = [Kind::BadInput, Kind::Usage, Kind::OutOfReach].map(Kind::code);
        assert_eq!(codes, [1, 2, 4]);
    }

    #[test]
    fn a_failed_call_says_what_happened_what_the_service_said_and_what_helps() {
        let error = CallError {
            failure: CallFailure::AccessDenied,
            operation: "GetFindingsV2",
            code: Some("AccessDeniedException".into()),
            message: "not \u{1b}[31mauthorized".into(),
            request_id: Some("r-1".into()),
        };
        let report = Report::of_call(&error, &Place { region: Some("eu-west-1"), account: Some("222233334444"), ..Place::default() });
        assert_eq!(report.kind, Kind::OutOfReach);
        assert_eq!(
            written(&report),
            "hubtriage: Access denied: your policy does not allow GetFindingsV2 in account 222233334444, eu-west-1.\n  \
             The service said: not <U+001B>[31mauthorized\n  request r-1\n  \
             Ask for `securityhub:GetFindings`, or use another profile with --profile.\n"
        );
        assert_eq!(Report::of_call(&CallError { failure: CallFailure::Validation, ..error }, &Place::default()).kind, Kind::BadInput);
    }

    #[test]
    fn a_broken_configuration_is_told_line_by_line_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "read_only = 7\n[pace]\nreads = \"x\"\n").unwrap();
        let report = Report::from(Config::load(&file, Presence::Optional).unwrap_err());
        assert_eq!(report.kind, Kind::BadInput);
        let text = written(&report);
        assert!(text.starts_with("hubtriage: the configuration has 2 problems"), "{text}");
        assert!(text.contains(&format!("{}:1:1: read_only: 7", file.display())), "{text}");
        assert!(text.contains(&format!("{}:3:1: pace.reads: \"x\"", file.display())), "{text}");
    }

    #[test]
    fn a_terminal_is_needed_on_both_ends_and_must_be_known() {
        use Stream::{Other, Terminal};
        let dumb = Some(OsStr::new("dumb"));
        let xterm = Some(OsStr::new("xterm"));
        assert_eq!(NoTerminal::found(Terminal, Terminal, xterm), None);
        assert_eq!(NoTerminal::found(Other, Terminal, xterm), Some(NoTerminal::Input));
        assert_eq!(NoTerminal::found(Terminal, Other, xterm), Some(NoTerminal::Output));
        assert_eq!(NoTerminal::found(Terminal, Terminal, dumb), Some(NoTerminal::Dumb));
        #[cfg(unix)]
        assert_eq!(NoTerminal::found(Terminal, Terminal, None), Some(NoTerminal::Unset));
        assert_eq!(Stream::of(&File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap()), Other);
        for missing in [NoTerminal::Input, NoTerminal::Output, NoTerminal::Unset, NoTerminal::Dumb] {
            let report = Report::from(missing);
            assert_eq!(report.kind, Kind::Usage);
            assert!(report.hint.is_some());
        }
    }

    #[test]
    fn nothing_is_written_uncleaned() {
        let report = Report {
            kind: Kind::BadInput,
            message: "a\u{1b}]0;x\u{7}".into(),
            details: vec!["b\u{202e}".into()],
            hint: Some("c\r\u{9b}".into()),
        };
        let text = written(&report);
        assert_eq!(text.matches('\n').count(), 3);
        assert!(!text.replace('\n', "").chars().any(text::is_hidden), "{text:?}");
    }
}
