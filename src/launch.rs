//! From the command line to a running session: joins configuration, hub, looks and log.
//!
//! Owns the order in which things are set up. Must not decide what any of them does.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use crate::{
    app::{
        clipboard::Surroundings,
        hint::Newcomer,
        layout::{Bandwidth, Preview},
        model::{Access, Asked, Clipboard, EditorPolicy, Settings, Way},
        profiles::Profiles,
    },
    aws,
    cli::{DemoArgs, DemoFaults, EmulatorArgs, HubArgs, Switch, TriageArgs, Values},
    domain::{
        blast::CountAbove,
        comment::LineBreaks,
        decision::CommentMode,
        profile::{Catalogue, FilterProfile, OPEN},
        query::Query,
    },
    emulator::{self, EmulatorError, Quota, ValueSet},
    report::{Kind, NoTerminal, Report, Stream},
    runtime::{
        demo::{self, DemoOptions, Faults},
        executor::{Connect, World},
        journal,
        keeper::{self, OpenJournal},
        log::{self, Log},
        planned,
        profiles::ProfileFiles,
        screen::{self, surface::Skills},
        session,
        terminal::TerminalError,
    },
    send::{
        engine::{ConflictCheck, Options},
        pace::Pace,
    },
    start::Start,
    storage::{
        config::{Colour, Config, Glyphs, ThemeName},
        environment::Environment,
        journal::{file::LIMIT, folder::Folder},
        paths::{NoHome, Paths},
        plan_file::PlanFile,
        profiles::{Configured, Places},
        session_file::SessionFile,
    },
    ui::theme::{self, Theme},
};

/// Filter profiles that are named where there is none of a name.
const NAMED: usize = 12;
/// Threads for the network and for reading pages, beside the one that draws.
const WORKERS: usize = 2;

/// Triages a live hub.
pub fn triage(arguments: &TriageArgs, config: &Config, environment: &Environment, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let asked_query = arguments.query.as_deref().map(query).transpose()?;
    let files = Arc::new(profile_files(&arguments.hub, config, environment));
    let catalogue = files.first(config);
    let profile_in_force = find_profile(&catalogue, arguments.filter_profile.as_deref())?;
    let query = match asked_query {
        Some(query) => query,
        None if arguments.all => Query::Everything,
        None => profile_in_force.query(),
    };
    let plan = arguments.plan.as_deref().map(|file| PlanFile::load(file).map(|plan| planned::opened(file, plan))).transpose()?;
    check_terminal(environment)?;
    let log = start_log(config, environment);
    let read_only = if arguments.read_only { Access::ReadOnly } else { Access::ReadWrite };
    let asked = match (&arguments.filter_profile, &arguments.query) {
        (Some(_), _) => Asked::FilterProfile,
        (None, None) if !arguments.all => Asked::Nobody,
        (None, _) => Asked::CommandLine,
    };
    let reach: session::Reach = {
        let (hub, config, environment) = (arguments.hub.clone(), config.clone(), environment.clone());
        Arc::new(move |choice| {
            let start = Start::of(&hub, read_only, choice, &config, &environment);
            let world = World {
                connect: live(&start),
                open_journal: journal(environment.paths().ok(), &environment),
                session_folder: environment.paths().ok().map(Paths::session_folder),
                pace: config.pace,
                sending: Options { pace: config.pace.writes, conflict_check: config.conflict_check, ..Options::default() },
                profiles: Arc::clone(&files),
                home: home(&environment),
            };
            (world, profile(&start, &environment))
        })
    };
    let (world, profile) = reach(&profile_in_force.content.hub);
    let access = Start::of(&arguments.hub, read_only, &profile_in_force.content.hub, config, environment).access;
    let newcomer = newcomer(&world);
    let settings = Settings { profile, asked, newcomer, ..settings(config, environment, access, config.pace, arguments.no_editor) };
    let notice = [log.notice.clone(), broken_notice(&catalogue)].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let profiles = Profiles::new(catalogue, profile_in_force);
    let session = session(settings, world, query, profiles, config, environment, Some(notice).filter(|notice| !notice.is_empty()));
    block_on(run(session::Start { plan, reach, opening: opening(arguments.summary), ..session }, out))
}

/// Triages the embedded emulator.
pub fn demo(arguments: &DemoArgs, config: &Config, environment: &Environment, out: &mut dyn Write) -> Result<ExitCode, Report> {
    check_terminal(environment)?;
    let catalogue = demo::profiles().read(&Configured::default());
    let profile = find_profile(&catalogue, arguments.filter_profile.as_deref())?;
    let asked = if arguments.filter_profile.is_some() { Asked::FilterProfile } else { Asked::Nobody };
    let options = DemoOptions {
        findings: arguments.findings.clone(),
        faults: match &arguments.faults {
            None => Faults::None,
            Some(DemoFaults::BuiltIn) => Faults::Demo,
            Some(DemoFaults::File(path)) => Faults::File(path.clone()),
        },
        seed: arguments.seed,
        latency: arguments.latency,
    };
    // A demo looks the same everywhere but for keys and looks; that no editor may be started holds here too.
    let settings = Settings {
        label: Some("demo"),
        // Each demo forgets the one before.
        newcomer: Newcomer::Yes,
        asked,
        line_breaks: LineBreaks::default(),
        comment_mode: CommentMode::default(),
        templates: Vec::new(),
        conflict_check: ConflictCheck::default(),
        type_count_above: CountAbove::default(),
        recipes: demo::recipes(),
        ..settings(config, environment, Access::ReadWrite, Pace::UNLIMITED, arguments.no_editor)
    };
    block_on(async {
        let emulator = demo::start(&options).await?;
        let connect = demo::connect(emulator.url(), aws::Access::ReadWrite);
        let (_folder, state) =
            Paths::temporary().map_err(|error| Report::new(Kind::OutOfReach, format!("no temporary folder for the demo: {error}")))?;
        let world = World {
            connect,
            open_journal: journal(Some(&state), environment),
            session_folder: Some(state.session_folder()),
            pace: Pace::UNLIMITED,
            sending: Options { pace: Pace::UNLIMITED.writes, ..Options::default() },
            // What is saved in the demo is forgotten with it.
            profiles: Arc::new(ProfileFiles {
                places: Places { user: Some(state.profile_folder()), ..demo::profiles() },
                ..ProfileFiles::default()
            }),
            home: home(environment),
        };
        let query = profile.query();
        let session = session(settings, world, query, Profiles::new(catalogue, profile), config, environment, None);
        Box::pin(run(session::Start { opening: opening(arguments.summary), ..session }, out)).await
    })
}

/// Serves the emulator until it is told to stop.
pub fn emulator(arguments: &EmulatorArgs, out: &mut dyn Write) -> Result<ExitCode, Report> {
    let options = emulator::command::Options {
        port: arguments.port,
        findings: arguments.findings.clone(),
        quota: match arguments.quota {
            Switch::On => Some(Quota::default()),
            Switch::Off => None,
        },
        faults: arguments.faults.clone(),
        values: match arguments.values {
            Values::Older => ValueSet::Older,
            Values::Newer => ValueSet::Newer,
        },
        save: arguments.save.clone(),
        latency: arguments.latency,
        seed: arguments.seed,
        account: arguments.account.clone(),
        region: arguments.region.clone(),
        ..emulator::command::Options::default()
    };
    block_on(async {
        emulator::command::run(options, out).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Reads a query of the command line. An empty one is refused: it is more likely a variable that was not set than a wish for everything.
pub(crate) fn query(text: &str) -> Result<Query, Report> {
    if text.trim().is_empty() {
        return Err(Report::new(Kind::Usage, "the query is empty").hint("Write everything, or a term such as status:new."));
    }
    text.parse().map_err(|error| Report::of_query(text, &error))
}

/// Where the filter profiles are, and which hub each leads to with these arguments.
pub(crate) fn profile_files(hub: &HubArgs, config: &Config, environment: &Environment) -> ProfileFiles {
    let places = Places::of(crate::config_file(&hub.config, environment).as_deref(), environment);
    let (hub, config, environment) = (hub.clone(), config.clone(), environment.clone());
    ProfileFiles {
        places,
        configured: config.profiles.clone(),
        resolve: Arc::new(move |choice| Start::of(&hub, Access::ReadOnly, choice, &config, &environment).hub()),
    }
}

/// The filter profile of a name; without one, that which is always there.
pub(crate) fn find_profile(catalogue: &Catalogue, name: Option<&str>) -> Result<FilterProfile, Report> {
    let Some(name) = name else { return Ok(catalogue.find(OPEN).cloned().unwrap_or_else(FilterProfile::open)) };
    if let Some(broken) = catalogue.find_broken(name) {
        return Err(Report {
            kind: Kind::BadInput,
            message: format!("the filter profile {} cannot be used:", broken.name),
            details: broken.problems.clone(),
            hint: Some("`hubtriage profiles check` lists what is wrong with all of them.".to_owned()),
        });
    }
    if catalogue.find(name).is_none() && !catalogue.hidden.is_empty() {
        return Err(Report {
            kind: Kind::BadInput,
            message: format!(
                "the filter profile {} is not found, and not every place can be looked into:",
                crate::domain::text::clean(name)
            ),
            details: catalogue.hidden.clone(),
            hint: None,
        });
    }
    catalogue.find(name).cloned().ok_or_else(|| {
        let known = catalogue.nearest(name);
        let shown = known.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = known.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!(" and {more} more")).unwrap_or_default();
        Report::new(Kind::Usage, format!("there is no filter profile `{name}`; the nearest first there are {shown}{more}"))
    })
}

/// Said at the start where some cannot be used.
fn broken_notice(catalogue: &Catalogue) -> Option<String> {
    let names: Vec<&str> = catalogue.broken.iter().map(|broken| broken.name.as_str()).collect();
    let first = names.first()?;
    Some(match names.len() {
        1 => format!("the filter profile {first} cannot be used; hubtriage profiles check says why"),
        count => format!("{count} filter profiles cannot be used, {first} first; hubtriage profiles check says why"),
    })
}

/// The AWS profile that is in force, where one is named.
pub(crate) fn profile(start: &Start, environment: &Environment) -> Option<String> {
    start.profile.clone().or_else(|| environment.variable("AWS_PROFILE").map(|name| name.to_string_lossy().into_owned()))
}

fn check_terminal(environment: &Environment) -> Result<(), Report> {
    let missing = NoTerminal::found(Stream::of(&io::stdin()), Stream::of(&io::stdout()), environment.variable("TERM"));
    missing.map_or(Ok(()), |missing| Err(missing.into()))
}

pub(crate) fn start_log(config: &Config, environment: &Environment) -> Log {
    let folder = environment.paths().ok().map(crate::storage::paths::Paths::log_folder);
    log::start(folder.as_deref(), config.log, environment.variable("HUBTRIAGE_LOG"))
}

pub(crate) fn block_on(work: impl Future<Output = Result<ExitCode, Report>>) -> Result<ExitCode, Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|error| Report::new(Kind::OutOfReach, format!("the program cannot start its threads: {error}")))?;
    let done = runtime.block_on(work);
    // What was worth waiting for has been. A look-up of a name that nobody answers would hold the program for half a minute.
    runtime.shutdown_background();
    done
}

/// Whether no session on any hub has left anything behind. Where nothing can be, nobody knows.
fn newcomer(world: &World) -> Newcomer {
    match &world.session_folder {
        Some(folder) if !SessionFile::is_any_in(folder) => Newcomer::Yes,
        _ => Newcomer::No,
    }
}

fn settings(config: &Config, environment: &Environment, access: Access, pace: Pace, no_editor: bool) -> Settings {
    let around = Surroundings {
        term: environment.variable("TERM").and_then(|term| term.to_str()),
        tmux: environment.has_any(&["TMUX"]),
        screen: environment.has_any(&["STY"]),
    };
    let way = if config.clipboard.way == Way::Off { Way::Off } else { Way::found(&around) };
    Settings {
        clipboard: Clipboard { way, ..config.clipboard },
        keymap: config.keymap.clone(),
        line_breaks: config.line_breaks,
        comment_mode: config.comment_mode,
        templates: config.templates.clone(),
        editor: if no_editor { EditorPolicy::Off } else { config.editor },
        mouse: config.mouse,
        access,
        writes_per_second: pace.writes.rate,
        reads_per_second: pace.reads.rate,
        conflict_check: config.conflict_check,
        type_count_above: config.type_count_above,
        recipes: config.recipes.clone(),
        ..Settings::default()
    }
}

/// The home folder, for names that begin with `~/`.
fn home(environment: &Environment) -> Option<PathBuf> {
    environment.variable("HOME").map(PathBuf::from)
}

fn session(
    settings: Settings,
    world: World,
    query: Query,
    profiles: Profiles,
    config: &Config,
    environment: &Environment,
    notice: Option<String>,
) -> session::Start {
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| environment.variable(name));
    session::Start {
        reach: session::no_other(&world),
        world,
        settings,
        query,
        profiles,
        plan: None,
        preview: if config.bandwidth == Bandwidth::Low { Preview::Hidden } else { config.preview },
        opening: session::Opening::Table,
        drawing: session::Drawing { theme: looks(config, environment), skills: skills(config, environment), bandwidth: config.bandwidth },
        editor: editor.map(|editor| editor.to_string_lossy().into_owned()),
        rehearsal: match environment.variable("HUBTRIAGE_TEST_PANIC") {
            Some(_) => session::Rehearsal::Panic,
            None => session::Rehearsal::None,
        },
        notice,
    }
}

const fn opening(summary: bool) -> session::Opening {
    if summary { session::Opening::Summary } else { session::Opening::Table }
}

/// How the journal under these folders is opened; in memory only, where there are none.
pub(crate) fn journal(paths: Option<&Paths>, environment: &Environment) -> OpenJournal {
    let Some(paths) = paths else { return keeper::unusable(NoHome.to_string()) };
    // Tests make it small, to see it rotate.
    let asked = environment.variable("HUBTRIAGE_TEST_JOURNAL_LIMIT").filter(|_| cfg!(debug_assertions));
    let limit = asked.and_then(|asked| asked.to_str()?.parse().ok()).unwrap_or(LIMIT);
    keeper::in_files(Folder::at(paths.journal_folder()), journal::who(environment), limit)
}

/// `NO_COLOR` set to anything but nothing switches colours off (no-color.org), and so does the configuration.
fn looks(config: &Config, environment: &Environment) -> Theme {
    let colours = match config.colour {
        Colour::Never => theme::Colours::None,
        Colour::Auto if environment.variable("NO_COLOR").is_some() => theme::Colours::None,
        Colour::Auto => match config.theme {
            ThemeName::Sixteen => theme::Colours::Sixteen,
            ThemeName::Truecolour => theme::Colours::Truecolour,
            ThemeName::HighContrast => theme::Colours::HighContrast,
            ThemeName::ColourBlind => theme::Colours::ColourBlind,
        },
    };
    let glyphs = match config.glyphs {
        Glyphs::Unicode => theme::Glyphs::Unicode,
        Glyphs::Ascii => theme::Glyphs::Ascii,
    };
    Theme::new(colours, glyphs)
}

/// What the terminal can do.
fn skills(config: &Config, environment: &Environment) -> Skills {
    let variable = |name| environment.variable(name).and_then(|value| value.to_str()).unwrap_or_default();
    Skills::found(screen::skills::Surroundings {
        term: variable("TERM"),
        program: variable("TERM_PROGRAM"),
        is_multiplexed: environment.has_any(&["TMUX", "STY"]),
        scroll: config.scroll,
        synchronised: config.synchronised,
        bandwidth: config.bandwidth,
    })
}

/// How a live hub is connected to: the chain is read anew each time.
pub(crate) fn live(start: &Start) -> Connect {
    let start = start.clone();
    Arc::new(move || {
        let access = match start.access {
            Access::ReadOnly => aws::Access::ReadOnly,
            Access::ReadWrite => aws::Access::ReadWrite,
        };
        let options = aws::Options {
            profile: start.profile.clone(),
            region: start.region.clone(),
            endpoint_url: start.endpoint_url.clone(),
            access,
            ..aws::Options::default()
        };
        Box::pin(aws::connect(options))
    })
}

async fn run(start: session::Start, out: &mut dyn Write) -> Result<ExitCode, Report> {
    if let Some(last_word) = Box::pin(session::run(start)).await? {
        // The terminal may be gone by now; the log has the answer too.
        let _ = writeln!(out, "{last_word}");
    }
    Ok(ExitCode::SUCCESS)
}

impl From<TerminalError> for Report {
    fn from(TerminalError::Io(error): TerminalError) -> Self {
        Self::new(Kind::OutOfReach, format!("the terminal cannot be used: {error}"))
    }
}

impl From<EmulatorError> for Report {
    fn from(error: EmulatorError) -> Self {
        let kind = if matches!(error, EmulatorError::Listen { .. }) { Kind::OutOfReach } else { Kind::BadInput };
        Self::new(kind, error.to_string())
    }
}
