//! `hubtriage plan`: reads findings and writes what is to be set on them, for a review. Changes nothing.

use std::{
    collections::HashSet,
    fs,
    io::{self, Read},
    path::Path,
    process::ExitCode,
};

use crate::{
    app::model::Access,
    cli::PlanArgs,
    domain::{
        comment::{Comment, LineBreaks},
        guard_rail::GuardRails,
        identity::Identity,
        patch::Patch,
        profile::FilterProfile,
        query::{MAX_NAMED as MAX_UIDS, Query},
        severity::{Acceptance, SeverityId},
        status::StatusId,
        text,
    },
    hub::ReadFindings,
    launch,
    report::{Kind, Report},
    runtime::clock,
    storage::plan_file::{Existing, PlanFile, PlanFileError, PlannedGroup, PlannedRow},
};

use super::{
    interrupt::Interrupt,
    outline::{self, counted},
    pages::Pages,
    world::{Link, World, unless_closed},
};

/// The exit code where not every finding is what was asked for: not found by `plan`, not processed by `apply`.
pub const SOME_NOT: u8 = 3;

/// Which findings a plan is for.
enum Which {
    Query(Query),
    /// Each once, in the order they came.
    Uids(Vec<String>),
}

impl Which {
    fn told(&self) -> String {
        match self {
            Self::Query(query) => query.to_string(),
            Self::Uids(uids) => counted(uids.len(), "named uid"),
        }
    }
}

/// What was read for a plan.
#[derive(Default)]
struct Gathered {
    rows: Vec<PlannedRow>,
    already_there: usize,
    unaddressable: usize,
    missing: Vec<String>,
}

/// Carries out the command.
pub fn run(arguments: &PlanArgs, world: World<'_>) -> Result<ExitCode, Report> {
    let patch = patch(arguments, world.config.line_breaks)?;
    let existing = if arguments.force { Existing::Replace } else { Existing::Keep };
    if existing == Existing::Keep && arguments.out.symlink_metadata().is_ok() {
        // Told before anything is read; whether it is still so is looked at again when it is written.
        return Err(PlanFileError::Exists(arguments.out.clone()).into());
    }
    let profile = match &arguments.filter_profile {
        Some(name) => {
            let catalogue = launch::profile_files(&arguments.hub, world.config, world.environment).first(world.config);
            Some(launch::find_profile(&catalogue, Some(name))?)
        }
        None => None,
    };
    let which = which(arguments, profile.as_ref())?;
    for doubt in doubts(&patch) {
        let _ = writeln!(world.errors, "hubtriage: {doubt}");
    }
    let _log = launch::start_log(world.config, world.environment);
    launch::block_on(async {
        let mut interrupt = Interrupt::listen()?;
        interrupt.or(plan(arguments, &which, profile.as_ref(), patch, existing, world)).await
    })
}

async fn plan(
    arguments: &PlanArgs,
    which: &Which,
    profile: Option<&FilterProfile>,
    patch: Patch,
    existing: Existing,
    world: World<'_>,
) -> Result<ExitCode, Report> {
    let hub = profile.map(|profile| profile.content.hub.clone()).unwrap_or_default();
    let mut link = world.connect(&arguments.hub, Access::ReadOnly, &hub).await?;
    let known = link.identify().await?;
    let created = clock::ctx().now;
    let Gathered { rows, already_there, unaddressable, missing } = read(&link, which, &patch).await?;
    if let Some(profile) = profile {
        keeps_to(profile, &rows, &patch)?;
    }
    let groups = if rows.is_empty() { Vec::new() } else { vec![PlannedGroup { patch, rows }] };
    let file = PlanFile { hub: known.key, created, by: known.arn, query: which.told(), already_there, groups };
    file.save(&arguments.out, existing)?;

    let named = text::clean(&arguments.out.to_string_lossy()).into_owned();
    let sendable = outline::sendable(&file);
    let mut said = vec![format!("{named}: {} of {}", counted(file.row_count(), "finding"), file.hub)];
    said.extend(outline::lines(&sendable));
    if already_there > 0 {
        let are = if already_there == 1 { "is" } else { "are" };
        said.push(format!("{} these values already and {are} left out", has_have(already_there)));
    }
    if unaddressable > 0 {
        said.push(format!("{} no metadata.uid and no complete identifier: the service cannot update it", has_have(unaddressable)));
    }
    said.push(match file.row_count() {
        0 => "There is nothing to send.".to_owned(),
        _ => format!("Nothing has been changed. `hubtriage apply {named}` sends it."),
    });
    if let Err(error) = writeln!(world.out, "{}", said.join("\n")).and_then(|()| world.out.flush()) {
        unless_closed(&error)?;
    }
    if missing.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let _ = writeln!(world.errors, "hubtriage: {} not found, and not in the plan:", counted(missing.len(), "uid"));
    for uid in missing.iter().take(outline::MAX_NAMED) {
        let _ = writeln!(world.errors, "  {}", text::clean(uid));
    }
    if missing.len() > outline::MAX_NAMED {
        let _ = writeln!(world.errors, "  and {} more", missing.len() - outline::MAX_NAMED);
    }
    Ok(ExitCode::from(SOME_NOT))
}

/// Ends the command where the guard rails of the filter profile forbid such a send. Read-only is no obstacle: a plan sends nothing.
fn keeps_to(profile: &FilterProfile, rows: &[PlannedRow], patch: &Patch) -> Result<(), Report> {
    let rails = GuardRails { read_only: false, ..profile.content.rails };
    let breaches = rails.breaches(rows.iter().map(|row| (&row.values, patch)), 0);
    if breaches.is_empty() {
        return Ok(());
    }
    let message = format!("the guard rails of the filter profile {} do not allow this plan; nothing was written:", profile.name);
    let broken = rows.iter().filter_map(|row| {
        let broken: Vec<String> = rails.broken_by(&row.values, patch).map(|rail| rail.to_string()).collect();
        (!broken.is_empty()).then(|| (row, broken.join("; ")))
    });
    let named = broken.take(outline::MAX_NAMED).map(|(row, broken)| format!("  {} {}: {broken}", row.identity.shown(), row.title));
    let details = breaches.iter().map(ToString::to_string).chain(named).collect();
    Err(Report { kind: Kind::BadInput, message, details, hint: None })
}

fn has_have(count: usize) -> String {
    format!("{} {}", counted(count, "finding"), if count == 1 { "has" } else { "have" })
}

async fn read(link: &Link, which: &Which, patch: &Patch) -> Result<Gathered, Report> {
    let reader = link.hub.reader.as_ref();
    let mut read = Gathered::default();
    match which {
        Which::Query(query) => {
            take_in(reader, query.clone(), patch, &mut read).await.map_err(|error| link.report_query(&error, query))?;
        }
        Which::Uids(uids) => {
            for uids in uids.chunks(MAX_UIDS) {
                let query = Query::Findings(uids.iter().cloned().map(Identity::MetadataUid).collect());
                let found = take_in(reader, query, patch, &mut read).await.map_err(|error| link.report(&error))?;
                read.missing.extend(uids.iter().filter(|uid| !found.contains(*uid)).cloned());
            }
        }
    }
    Ok(read)
}

/// Reads a query; gives the uids that were found.
async fn take_in(
    reader: &dyn ReadFindings,
    query: Query,
    patch: &Patch,
    read: &mut Gathered,
) -> Result<HashSet<String>, crate::hub::CallError> {
    let mut found = HashSet::new();
    let mut pages = Pages::new(reader, query, Vec::new());
    while let Some(page) = pages.next().await? {
        for arrived in page {
            let finding = arrived.finding;
            let values = finding.values();
            if let Identity::MetadataUid(uid) = &finding.identity {
                found.insert(uid.clone());
            }
            if values.satisfy(patch) {
                read.already_there += 1;
            } else if finding.identity.is_addressable() {
                read.rows.push(PlannedRow { identity: finding.identity, values, title: finding.title.unwrap_or_default() });
            } else {
                read.unaddressable += 1;
            }
        }
    }
    Ok(found)
}

fn which(arguments: &PlanArgs, profile: Option<&FilterProfile>) -> Result<Which, Report> {
    match (&arguments.query, &arguments.uids, profile) {
        (Some(query), ..) => Ok(Which::Query(launch::query(query)?)),
        (None, Some(file), _) => uids(file).map(Which::Uids),
        (None, None, Some(profile)) => Ok(Which::Query(profile.query())),
        (None, None, None) => Err(Report::new(Kind::Usage, "which findings? name them with --query, --filter-profile or --uids")),
    }
}

/// The uids of a file, a line each; empty lines are nothing.
fn uids(file: &Path) -> Result<Vec<String>, Report> {
    let from = if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() };
    let read = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = read.map_err(|error| Report::new(Kind::BadInput, format!("the uids cannot be read from {from}: {error}")))?;
    let uids = uids_of(&text);
    if uids.is_empty() {
        let hint = "One metadata.uid a line; `hubtriage list -o csv` has them in its first column.";
        return Err(Report::new(Kind::BadInput, format!("there are no uids in {from}")).hint(hint));
    }
    Ok(uids)
}

fn uids_of(text: &str) -> Vec<String> {
    let mut met = HashSet::new();
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    lines.filter(|line| met.insert(*line)).map(str::to_owned).collect()
}

fn patch(arguments: &PlanArgs, line_breaks: LineBreaks) -> Result<Patch, Report> {
    let wrong = |option: &str, why: String| Report::new(Kind::Usage, format!("{option}: {why}"));
    let status = arguments.status.as_deref().map(|text| {
        let offered = StatusId::parse(text).filter(|id| StatusId::OFFERED.contains(id));
        offered.ok_or_else(|| {
            let known: Vec<&str> = StatusId::OFFERED.iter().filter_map(|id| id.word()).collect();
            wrong("--status", format!("`{text}` is no status; known are {}, or their ids", known.join(", ")))
        })
    });
    let severity = arguments.severity.as_deref().map(|text| {
        let offered = SeverityId::parse(text).filter(|id| SeverityId::OFFERED.contains(id));
        offered.ok_or_else(|| {
            let known: Vec<&str> = SeverityId::OFFERED.iter().filter_map(|id| id.word()).collect();
            wrong("--severity", format!("`{text}` is no severity; known are {}, or their ids", known.join(", ")))
        })
    });
    let comment = arguments.comment.as_deref();
    let comment = comment.map(|text| Comment::new(text, line_breaks).map_err(|error| wrong("--comment", error.to_string())));
    Ok(Patch { status: status.transpose()?, severity: severity.transpose()?, comment: comment.transpose()? })
}

/// What may be refused.
fn doubts(patch: &Patch) -> Vec<String> {
    let status = patch.status.filter(|id| id.acceptance() == Acceptance::SomeReleases).map(|id| ("status", outline::status_word(id)));
    let severity =
        patch.severity.filter(|id| id.acceptance() == Acceptance::SomeReleases).map(|id| ("severity", outline::severity_word(id)));
    let doubtful = [status, severity].into_iter().flatten();
    doubtful.map(|(field, word)| format!("{field} {word} is not accepted by every API release; the service may refuse it")).collect()
}

impl From<PlanFileError> for Report {
    fn from(error: PlanFileError) -> Self {
        let kind = if matches!(error, PlanFileError::Unwritable { .. }) { Kind::OutOfReach } else { Kind::BadInput };
        Self::new(kind, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_are_lines_each_once_however_they_end() {
        assert_eq!(uids_of("\u{feff}b\r\n a \n\nb\nc"), ["b", "a", "c"]);
        assert!(uids_of("\n \r\n").is_empty());
    }

    #[test]
    fn only_the_values_on_which_the_releases_disagree_are_doubtful() {
        assert!(doubts(&Patch::status(StatusId::DELETED)).iter().any(|doubt| doubt.starts_with("status Deleted")));
        assert!(doubts(&Patch::severity(SeverityId::FATAL)).iter().any(|doubt| doubt.starts_with("severity Fatal")));
        assert!(doubts(&Patch { status: Some(StatusId::NEW), ..Patch::severity(SeverityId::OTHER) }).is_empty());
    }
}
