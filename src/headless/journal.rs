//! `hubtriage journal`: what was sent, whether the files are whole, and what is unfinished.
//!
//! Reads files alone, without taking their lock: it may run beside a session.

use std::{collections::BTreeSet, io::Write, process::ExitCode};

use super::{
    outcome::write,
    outline::{counted, severity_word, status_word},
};
use crate::{
    cli::{JournalArgs, JournalCommand, JournalForm, JournalHub},
    domain::{
        identity::Identity,
        patch::{Patch, Values},
        text,
        time::Millis,
    },
    journal::{
        entry::{CallNumber, Entry, Origin, SendId, Stamped, Who},
        ledger::{Ledger, Send, SentRow, Standing},
        line,
    },
    report::{Kind, Report},
    runtime::clock,
    storage::{
        environment::Environment,
        journal::{
            error::ReadError,
            folder::{Folder, HubName},
            lock::Lock,
            reading,
        },
    },
};

/// Carries out the command.
pub fn run(arguments: &JournalArgs, environment: &Environment, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let folder = Folder::at(environment.paths()?.journal_folder());
    match &arguments.command {
        Some(JournalCommand::Verify(hub)) => verify(&folder, hub, out),
        Some(JournalCommand::Pending(hub)) => match chosen(&folder, hub)? {
            Some(name) => pending(&folder, &name, out),
            None => nothing(&folder, out),
        },
        None => {
            let since = arguments.since.as_deref().map(|text| since(text, clock::ctx().now)).transpose()?;
            let Some(name) = chosen(&folder, &arguments.hub)? else { return nothing(&folder, out) };
            let filter = Filter { since, finding: arguments.finding.as_deref() };
            match arguments.output {
                JournalForm::Table => table(&folder, &name, &filter, out),
                JournalForm::Jsonl => entries(&folder, &name, &filter, out),
            }
        }
    }
}

fn nothing(folder: &Folder, out: &mut dyn Write) -> Result<ExitCode, Report> {
    write(&[format!("no journal yet in {}", text::clean(&folder.path().to_string_lossy()))], out)?;
    Ok(ExitCode::SUCCESS)
}

fn hubs(folder: &Folder) -> Result<Vec<HubName>, Report> {
    let hubs = folder.hubs();
    hubs.map_err(|error| Report::new(Kind::BadInput, format!("the folder {} cannot be read: {error}", folder.path().display())))
}

/// The hubs whose name begins as asked for; where one has just that name, it alone.
fn matching(folder: &Folder, hub: &JournalHub) -> Result<Vec<HubName>, Report> {
    let all = hubs(folder)?;
    let Some(asked) = &hub.name else { return Ok(all) };
    let exact: Vec<HubName> = all.iter().filter(|name| name.as_str() == asked).cloned().collect();
    let begin: Vec<HubName> = all.iter().filter(|name| name.as_str().starts_with(asked.as_str())).cloned().collect();
    let found = if exact.is_empty() { begin } else { exact };
    if found.is_empty() {
        let details = all.iter().map(|name| name.as_str().to_owned()).collect();
        let report = Report::new(Kind::BadInput, format!("no journal's name begins with {asked}"));
        return Err(Report { details, ..report });
    }
    Ok(found)
}

/// The one hub that is meant; `None` where there is no journal at all.
fn chosen(folder: &Folder, hub: &JournalHub) -> Result<Option<HubName>, Report> {
    let mut found = matching(folder, hub)?;
    if found.len() > 1 {
        let details = found.iter().map(|name| name.as_str().to_owned()).collect();
        let report = Report::new(Kind::Usage, "there are journals of several hubs").hint("Name one with --hub.");
        return Err(Report { details, ..report });
    }
    Ok(found.pop())
}

impl From<ReadError> for Report {
    fn from(error: ReadError) -> Self {
        Self::new(Kind::BadInput, error.to_string())
    }
}

/// Reads a time, a date or an age.
fn since(text: &str, now: Millis) -> Result<Millis, Report> {
    let age = || {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            _ => return None,
        };
        let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse::<i64>().ok())??;
        Some(Millis(now.0.saturating_sub(number.checked_mul(seconds)?.checked_mul(1_000)?)))
    };
    age().or_else(|| Millis::from_text(text)).ok_or_else(|| {
        Report::new(Kind::Usage, format!("--since {text}: no time")).hint("Write 2026-11-02, 2026-11-02T14:05:00Z, 12h or 7d.")
    })
}

/// What is asked for.
struct Filter<'a> {
    since: Option<Millis>,
    finding: Option<&'a str>,
}

impl Filter<'_> {
    fn is_new(&self, at: Millis) -> bool {
        self.since.is_none_or(|since| at >= since)
    }

    fn is_meant(&self, identity: &Identity) -> bool {
        self.finding.is_none_or(|uid| identity.shown() == uid)
    }
}

/// One line for each finding that was sent, oldest first.
fn table(folder: &Folder, name: &HubName, filter: &Filter<'_>, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let ledger = ledger(folder, name)?;
    let mut sent: Vec<(&Identity, &SentRow, &Send)> = ledger
        .sends
        .values()
        .flat_map(|send| send.rows.iter().map(move |(identity, row)| (identity, row, send)))
        .filter(|(identity, row, _)| filter.is_new(row.at) && filter.is_meant(identity))
        .collect();
    sent.sort_by_key(|(_, row, _)| row.at);
    let mut rows = vec![["WHEN", "WHO", "CHANGE", "OUTCOME", "FINDING"].map(str::to_owned)];
    rows.extend(sent.into_iter().map(|(identity, row, send)| {
        let change = change(&row.patch, &row.before);
        let cells = [row.at.shown(), who(&send.who), change, outcome(&row.standing), identity.shown().to_owned()];
        cells.map(|cell| text::clean(&cell).into_owned())
    }));
    let widths = [0, 1, 2, 3].map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| text::width(cell)).max().unwrap_or(0));
    let lines: Vec<String> = rows
        .iter()
        .map(|[when, who, change, outcome, finding]| {
            let mut line = String::new();
            for (cell, width) in [when, who, change, outcome].into_iter().zip(widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', (width + 2).saturating_sub(text::width(cell))));
            }
            line + finding
        })
        .collect();
    write(&lines, out)?;
    Ok(ExitCode::SUCCESS)
}

/// The entries as they are; what a former file has too is left out.
fn entries(folder: &Folder, name: &HubName, filter: &Filter<'_>, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let mut calls: BTreeSet<(SendId, CallNumber)> = BTreeSet::new();
    let mut written = Ok(());
    let mut is_repeated = false;
    reading::read_all(folder, name, |stamped| {
        let is_carried = matches!(stamped.entry, Entry::Carried(_));
        is_repeated |= !is_carried;
        // An answer is about a finding if its call was.
        let is_meant = match &stamped.entry {
            Entry::Answered { send, call, .. } | Entry::Failed { send, call, .. } => {
                filter.finding.is_none() || calls.contains(&(*send, *call))
            }
            entry => filter.finding.is_none() || identities(entry).into_iter().any(|identity| filter.is_meant(identity)),
        };
        if let (true, Entry::Intent { send, call, .. }) = (is_meant, &stamped.entry) {
            calls.insert((*send, *call));
        }
        if is_meant && filter.is_new(stamped.at) && !(is_carried && is_repeated) && written.is_ok() {
            written = write_entry(&stamped, out);
        }
    })?;
    written.and_then(|()| out.flush()).map_or_else(|error| super::world::unless_closed(&error), Ok)?;
    Ok(ExitCode::SUCCESS)
}

fn write_entry(stamped: &Stamped, out: &mut dyn Write) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    line::write(stamped, &mut bytes)?;
    out.write_all(&bytes)
}

/// The findings that an entry names.
fn identities(entry: &Entry) -> Vec<&Identity> {
    match entry {
        Entry::Staged(groups) => groups.iter().flat_map(|group| &group.rows).map(|row| &row.identity).collect(),
        Entry::Unstaged { rows, .. } => rows.iter().collect(),
        Entry::Intent { rows, .. } => rows.iter().map(|row| &row.identity).collect(),
        Entry::Settled { rows, .. } => rows.iter().map(|(identity, _)| identity).collect(),
        Entry::Carried(carried) => {
            let sent = carried.sends.iter().flat_map(|send| send.rows.keys());
            carried.staged.iter().map(|(identity, _)| identity).chain(sent).collect()
        }
        Entry::Session(_) | Entry::SendBegan { .. } | Entry::Answered { .. } | Entry::Failed { .. } | Entry::SendEnded { .. } => Vec::new(),
    }
}

/// Whether the files of all hubs, or of those that are meant, are whole.
fn verify(folder: &Folder, hub: &JournalHub, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let names = matching(folder, hub)?;
    if names.is_empty() {
        return nothing(folder, out);
    }
    let mut lines = Vec::new();
    let mut is_whole = true;
    for name in names {
        let readings = match reading::read_all(folder, &name, |_| {}) {
            Ok(readings) => readings,
            Err(error) => {
                is_whole = false;
                lines.push(error.to_string());
                continue;
            }
        };
        for (path, reading) in readings {
            for damage in &reading.damage {
                lines.push(damage.to_string());
            }
            // The end of a file that is being written to may be half a line for a moment.
            let writer = reading.torn.as_ref().and_then(|_| Lock::holder(&folder.lock(&name)));
            match (&reading.torn, &writer) {
                (Some(torn), None) => lines.push(format!("{torn}; the next session on this hub cuts them off")),
                (Some(_), Some(holder)) => lines.push(format!("{}: {holder} is writing to it", path.display())),
                (None, _) => {}
            }
            let is_torn = reading.torn.is_some() && writer.is_none();
            let state = if reading.damage.is_empty() && !is_torn { "whole" } else { "not whole" };
            is_whole &= state == "whole";
            let places = match (reading.first, reading.last) {
                (Some(first), Some(last)) => format!(", {} to {}", first.0, last.0),
                _ => String::new(),
            };
            let count = reading.entries;
            let entries = if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
            lines.push(format!("{}: {state}, {entries}{places}", path.display()));
        }
    }
    let lines: Vec<String> = lines.iter().map(|line| text::clean(line).into_owned()).collect();
    write(&lines, out)?;
    Ok(ExitCode::from(u8::from(!is_whole)))
}

/// What is unfinished.
fn pending(folder: &Folder, name: &HubName, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let ledger = ledger(folder, name)?;
    let mut lines = Vec::new();
    if let Some(holder) = Lock::holder(&folder.lock(name)) {
        lines.push(format!("in use by {holder}: it may change at any moment"));
    }
    if !ledger.staged.is_empty() {
        lines.push(format!("{}, staged again when a session starts:", counted(ledger.staged.len(), "staged change")));
        for (identity, staged) in &ledger.staged {
            let change = change(&staged.patch, &staged.base);
            lines.push(format!("  {}  {change}  {}", staged.at.shown(), identity.shown()));
        }
    }
    let unknown: Vec<_> = ledger.unknown().collect();
    if !unknown.is_empty() {
        let count = counted(unknown.len(), "finding");
        lines.push(format!("{count} with an unknown outcome, read before anything is sent again:"));
        for (_, identity, row) in unknown {
            lines.push(format!("  {}  {}  {}", row.at.shown(), change(&row.patch, &row.before), identity.shown()));
        }
    }
    for send in ledger.unfinished_plans() {
        if let Origin::Plan { file, .. } = &send.origin {
            let unsent = send.unsent.map_or_else(|| "cut off".to_owned(), |unsent| format!("{unsent} not sent"));
            lines.push(format!(
                "plan of {}, {}: {unsent}; `hubtriage apply {file}` goes on with it",
                send.at.shown(),
                counted(send.planned, "finding"),
            ));
        }
    }
    if lines.is_empty() {
        lines.push("nothing is unfinished".to_owned());
    }
    let lines: Vec<String> = lines.iter().map(|line| text::clean(line).into_owned()).collect();
    write(&lines, out)?;
    Ok(ExitCode::SUCCESS)
}

fn ledger(folder: &Folder, name: &HubName) -> Result<Ledger, Report> {
    let mut ledger = Ledger::default();
    reading::read_all(folder, name, |stamped| ledger.apply(stamped))?;
    Ok(ledger)
}

/// `status New→Suppressed, comment "why"`.
fn change(patch: &Patch, before: &Values) -> String {
    let from = |word: Option<String>| word.unwrap_or_else(|| "none".to_owned());
    let mut parts = Vec::new();
    if let Some(status) = patch.status {
        let before = from(before.status.map(status_word));
        parts.push(format!("status {before}→{}", status_word(status)));
    }
    if let Some(severity) = patch.severity {
        let before = from(before.severity.map(severity_word));
        parts.push(format!("severity {before}→{}", severity_word(severity)));
    }
    if let Some(comment) = &patch.comment {
        parts.push(format!("comment \"{}\"", text::fit(&text::clean(comment.as_str()), 40, text::Cut::End)));
    }
    parts.join(", ")
}

fn outcome(standing: &Standing) -> String {
    match standing {
        Standing::Unknown => "unknown".to_owned(),
        Standing::Processed => "processed".to_owned(),
        Standing::SeenProcessed => "processed, as read later".to_owned(),
        Standing::NotProcessed => "not processed, as read later".to_owned(),
        Standing::Missing => "not found later".to_owned(),
        Standing::Unprocessed(code, _) => format!("unprocessed: {}", code.word()),
        Standing::Refused(failure, _) => format!("refused: {}", failure.word()),
    }
}

/// The caller's name, or the user's, and where from.
fn who(who: &Who) -> String {
    let caller = who.arn.as_deref().map(|arn| arn.split_once('/').map_or(arn, |(_, name)| name));
    let name = caller.or(who.user.as_deref()).unwrap_or("somebody");
    who.address.as_ref().map_or_else(|| name.to_owned(), |address| format!("{name} from {address}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn a_time_is_a_moment_a_date_or_an_age() {
        let now = Millis::from_text("2026-11-10T12:00:00Z").unwrap();
        for (text, expected) in [
            ("2026-11-02", "2026-11-02T00:00:00.000Z"),
            ("2026-11-02T14:05:00Z", "2026-11-02T14:05:00.000Z"),
            ("2026-11-02T14:05:00+01:00", "2026-11-02T13:05:00.000Z"),
            ("12h", "2026-11-10T00:00:00.000Z"),
            ("7d", "2026-11-03T12:00:00.000Z"),
            ("1w", "2026-11-03T12:00:00.000Z"),
            ("90s", "2026-11-10T11:58:30.000Z"),
        ] {
            assert_eq!(since(text, now).unwrap().to_text().unwrap(), expected, "{text}");
        }
        for text in ["", "d", "yesterday", "-1d", "7", "7é", "99999999999999999999d", "9223372036854775807d"] {
            assert_eq!(since(text, now).unwrap_err().kind, Kind::Usage, "{text}");
        }
    }
}
