//! `hubtriage profiles`: lists the saved filter profiles, shows one, and checks them.

use std::{io, process::ExitCode};

use crate::{
    app::{model::Access, wording},
    cli::{CheckArgs, HubArgs, ProfilesCommand, ShowArgs},
    domain::{
        profile::{Catalogue, FilterProfile, HubChoice, Member},
        query::expr::Relation,
        served::{Compared, Composite, Days, Filter, MapComparison, Operator, Served, Wanted},
        text,
        time::Millis,
    },
    hub::CallFailure,
    launch,
    report::{Kind, Report},
    storage::{profiles::written, recipes},
};

use super::{
    interrupt::Interrupt,
    world::{Link, World, unless_closed},
};

/// Columns of a name in the list.
const NAME: usize = 24;

/// Carries out the command.
pub fn run(command: &ProfilesCommand, world: World<'_>) -> Result<ExitCode, Report> {
    let hub = match command {
        ProfilesCommand::Check(arguments) => arguments.hub.clone(),
        _ => HubArgs { config: command.config().clone(), ..HubArgs::default() },
    };
    let files = launch::profile_files(&hub, world.config, world.environment);
    let catalogue = files.first(world.config);
    match command {
        ProfilesCommand::List(_) => said(world.out, &list(&catalogue)),
        ProfilesCommand::Show(arguments) => {
            let profile = shown(&catalogue, arguments)?;
            said(world.out, &profile)
        }
        ProfilesCommand::Check(arguments) => check(arguments, &catalogue, world),
    }
}

fn said(out: &mut dyn io::Write, told: &str) -> Result<ExitCode, Report> {
    write(out, told)?;
    Ok(ExitCode::SUCCESS)
}

fn write(out: &mut dyn io::Write, told: &str) -> Result<(), Report> {
    out.write_all(told.as_bytes()).and_then(|()| out.flush()).or_else(|error| unless_closed(&error))
}

/// A line each: name, source, query; under a broken one everything that is wrong.
fn list(catalogue: &Catalogue) -> String {
    let mut told = String::new();
    let named = catalogue.known.iter().map(|profile| profile.name.as_str().len());
    let width = named.chain(catalogue.broken.iter().map(|broken| broken.name.len())).max().unwrap_or_default().clamp(4, NAME);
    for profile in &catalogue.known {
        let source = profile.source().to_string();
        line(&mut told, &format!("{:width$}  {}", profile.name, profile.query()));
        let hub = if profile.content.hub.is_silent() { String::new() } else { format!(", {}", profile.content.hub) };
        let more = profile.layers.len().saturating_sub(1);
        let over = if more == 0 { String::new() } else { format!(", over {}", others(profile)) };
        line(&mut told, &format!("{:width$}  from {source}{over}{hub}", ""));
    }
    for broken in &catalogue.broken {
        line(&mut told, &format!("{:width$}  cannot be used:", broken.name));
        for problem in &broken.problems {
            line(&mut told, &format!("{:width$}  {problem}", ""));
        }
    }
    told
}

/// The sources that the last one goes over, the nearest first.
fn others(profile: &FilterProfile) -> String {
    profile.layers.iter().rev().skip(1).map(|layer| layer.source.to_string()).collect::<Vec<_>>().join(", ")
}

fn line(told: &mut String, line: &str) {
    told.push_str(text::clean(line).trim_end());
    told.push('\n');
}

fn shown(catalogue: &Catalogue, arguments: &ShowArgs) -> Result<String, Report> {
    let profile = launch::find_profile(catalogue, Some(&arguments.name))?;
    let mut told = String::new();
    line(&mut told, &format!("# filter profile {}", profile.name));
    let toml = written::written(&profile.content, |member| profile.origin(member).map(|source| format!("from {source}")));
    for written in toml.lines() {
        line(&mut told, written);
    }
    let recipes = recipes::written(&profile.content.recipes, |recipe| profile.origin_of(recipe).map(|source| format!("from {source}")));
    if !recipes.is_empty() {
        told.push('\n');
    }
    for written in recipes.lines() {
        line(&mut told, written);
    }
    if profile.origin(Member::Query).is_none() {
        line(&mut told, &format!("# no query: that of the default, {}", profile.query()));
    }
    told.push('\n');
    let served = Served::of(&profile.query());
    for said in filters(&served) {
        line(&mut told, &format!("# {said}"));
    }
    for local in &served.local {
        line(&mut told, &format!("# applied here: {}: {}", local.clause, local.why));
    }
    if served.local.is_empty() {
        line(&mut told, "# nothing is applied here: the service's answer is exact");
    }
    Ok(told)
}

/// What the service is asked, in lines.
fn filters(served: &Served) -> Vec<String> {
    match served.wanted {
        Wanted::Nothing => return vec!["the service is not asked: nothing can match".to_owned()],
        Wanted::Everything => return vec!["the service is asked for everything, without a filter".to_owned()],
        Wanted::Filtered => {}
    }
    let joined = match served.operator {
        Operator::And => "all of these",
        Operator::Or => "any of these",
    };
    let mut lines = vec![format!("the service filters by {joined}:")];
    lines.extend(served.composites.iter().map(|composite| format!("  {}", composite_text(composite))));
    lines
}

fn composite_text(composite: &Composite) -> String {
    let nested = composite.nested.iter().map(|nested| {
        let filters: Vec<String> = nested.filters.iter().map(filter_text).collect();
        if filters.len() == 1 { filters.concat() } else { format!("({})", filters.join(word(nested.operator))) }
    });
    composite.filters.iter().map(filter_text).chain(nested).collect::<Vec<_>>().join(word(composite.operator))
}

const fn word(operator: Operator) -> &'static str {
    match operator {
        Operator::And => " AND ",
        Operator::Or => " OR ",
    }
}

fn filter_text(filter: &Filter) -> String {
    let field = filter.field;
    match &filter.compared {
        Compared::Text(how, value) => format!("{field} {} {value:?}", how.name()),
        Compared::Number(relation, number) => format!("{field} {} {number}", sign(*relation)),
        Compared::Age(Days::Within(days)) => format!("{field} within {days} days"),
        Compared::Age(Days::OlderThan(days)) => format!("{field} older than {days} days"),
        Compared::Between(from, to) => {
            let shown = |at: &Option<Millis>, open: &str| at.map_or_else(|| open.to_owned(), Millis::shown);
            format!("{field} from {} to {}", shown(from, "the beginning"), shown(to, "now"))
        }
        Compared::Flag(flag) => format!("{field} is {flag}"),
        Compared::Map(how, key, value) => {
            let how = if *how == MapComparison::Equals { "EQUALS" } else { "NOT_EQUALS" };
            format!("{field} {key:?} {how} {value:?}")
        }
        Compared::Ip(network) => format!("{field} in {}/{}", network.address, network.prefix),
    }
}

const fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::Less => "<",
        Relation::AtMost => "<=",
        Relation::Greater => ">",
        Relation::AtLeast => ">=",
    }
}

/// Everything that is wrong, then what has to be known; with `--live` what the service says.
fn check(arguments: &CheckArgs, catalogue: &Catalogue, world: World<'_>) -> Result<ExitCode, Report> {
    let mut told = String::new();
    for broken in &catalogue.broken {
        for problem in &broken.problems {
            line(&mut told, problem);
        }
    }
    let mut notes = 0;
    for profile in &catalogue.known {
        let source = profile.origin(Member::Query).cloned().unwrap_or_else(|| profile.source());
        for local in Served::of(&profile.query()).local.iter().filter(|local| !local.why.is_minor()) {
            notes += 1;
            line(&mut told, &format!("{source}: {}: note: {} is applied here: {}", profile.name, local.clause, local.why));
        }
    }
    let errors: usize = catalogue.broken.iter().map(|broken| broken.problems.len()).sum();
    let counted = |count: usize, what: &str| wording::counted(count, what);
    let checked = counted(catalogue.known.len() + catalogue.broken.len(), "filter profile");
    line(&mut told, &format!("{checked}: {}, {}", counted(errors, "error"), counted(notes, "note")));
    write(world.out, &told)?;
    let code = if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(Kind::BadInput.code()) };
    if !arguments.live {
        return Ok(code);
    }
    let _log = launch::start_log(world.config, world.environment);
    let lived = launch::block_on(async {
        let mut interrupt = Interrupt::listen()?;
        interrupt.or(live(arguments, catalogue, world)).await
    })?;
    Ok(if errors == 0 { lived } else { code })
}

/// Asks the service for the total of each, each at its own hub.
async fn live(arguments: &CheckArgs, catalogue: &Catalogue, world: World<'_>) -> Result<ExitCode, Report> {
    let mut links: Vec<(HubChoice, Result<Link, Report>)> = Vec::new();
    let (mut refused, mut unreached) = (false, false);
    for profile in &catalogue.known {
        if !links.iter().any(|(hub, _)| *hub == profile.asked) {
            let link = world.connect(&arguments.hub, Access::ReadOnly, &profile.content.hub).await;
            links.push((profile.asked.clone(), link));
        }
        let Some((_, link)) = links.iter().find(|(hub, _)| *hub == profile.asked) else { continue };
        let query = profile.query();
        let mut told = String::new();
        match link {
            Err(report) => {
                unreached = true;
                line(&mut told, &format!("{}: not asked: {}", profile.name, report.message));
            }
            Ok(link) => match link.hub.reader.total(query.clone()).await {
                Ok(total) => {
                    let most = if Served::of(&query).local.is_empty() { "" } else { "at most " };
                    line(
                        &mut told,
                        &format!("{}: {most}{}", profile.name, wording::counted(usize::try_from(total).unwrap_or(usize::MAX), "finding")),
                    );
                }
                Err(error) => {
                    let is_refused = error.failure == CallFailure::Validation;
                    refused |= is_refused;
                    unreached |= !is_refused;
                    let report = link.report(&error);
                    line(
                        &mut told,
                        &format!("{}: {}{}", profile.name, if is_refused { "the service refuses the query: " } else { "" }, report.message),
                    );
                    for detail in &report.details {
                        line(&mut told, &format!("  {detail}"));
                    }
                }
            },
        }
        write(world.out, &told)?;
    }
    Ok(match (refused, unreached) {
        (true, _) => ExitCode::from(Kind::BadInput.code()),
        (false, true) => ExitCode::from(Kind::OutOfReach.code()),
        (false, false) => ExitCode::SUCCESS,
    })
}
