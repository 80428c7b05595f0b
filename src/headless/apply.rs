//! `hubtriage apply`: sends a plan, or goes on with one that was cut off.

use std::{
    collections::HashMap,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use tokio::{
    sync::mpsc,
    task::{JoinSet, spawn_blocking},
    time::{Instant, sleep_until},
};

use crate::{
    app::{effect::Patience, model::Access},
    cli::ApplyArgs,
    domain::{
        blast::{Blast, CountAbove},
        failure::CallError,
        identity::Identity,
        patch::Values,
        profile::HubChoice,
        query::Query,
        row::RowId,
        text,
    },
    hub::ReadFindings,
    journal::{
        entry::{Origin, Seen},
        ledger::Ledger,
    },
    launch,
    report::{Kind, Report, Stream},
    runtime::{
        clock,
        driver::{self, Connections, News, drive},
        journal::Journal,
        keeper::{NotOpened, Opened},
    },
    send::{
        engine::{ConflictCheck, Options},
        plan::Plan,
        report::{Activity, End, Progress, Steer},
    },
    start::Start,
    storage::plan_file::PlanFile,
};

use super::{
    interrupt::Interrupt,
    list::columns,
    outcome::{self, Outcome, Stop},
    outline::{self, MAX_NAMED, counted, values_in_words},
    pages::Pages,
    plan::SOME_NOT,
    progress::Meter,
    resume::Resume,
    world::{Known, Link, World},
};

/// How long a send without a terminal is held before it gives up, unless `--wait` says otherwise.
const WAIT: Duration = Duration::from_mins(15);
/// Findings read with one question.
const READ_AT_ONCE: usize = crate::domain::query::MAX_NAMED;
/// News that may wait; the driver joins what nobody has fetched yet.
const NEWS: usize = 16;

/// Carries out the command.
pub fn run(arguments: &ApplyArgs, world: World<'_>) -> Result<ExitCode, Report> {
    let asked = if arguments.read_only { Access::ReadOnly } else { Access::ReadWrite };
    let access = Start::of(&arguments.hub, asked, &HubChoice::default(), world.config, world.environment).access;
    if access == Access::ReadOnly && !arguments.dry_run {
        let hint =
            "`--dry-run` says what would be sent. Sending needs a run without --read-only, and without read_only in the configuration.";
        return Err(Report::new(Kind::BadInput, "this is read-only: nothing is sent").hint(hint));
    }
    let file = PlanFile::load(&arguments.plan)?;
    let is_asked = !arguments.yes && !arguments.dry_run;
    if is_asked && (world.terminals.input == Stream::Other || world.terminals.errors == Stream::Other) {
        return Err(
            Report::new(Kind::Usage, "without a terminal nobody can be asked").hint("Look at it with --dry-run; send it with --yes.")
        );
    }
    let _log = launch::start_log(world.config, world.environment);
    launch::block_on(async {
        let mut interrupt = Interrupt::listen()?;
        if arguments.dry_run {
            interrupt.or(dry_run(arguments, &file, world)).await
        } else {
            apply(arguments, &file, world, &mut interrupt).await
        }
    })
}

/// Connects, and makes sure that it is the plan's hub.
async fn connect(arguments: &ApplyArgs, file: &PlanFile, world: &World<'_>, access: Access) -> Result<(Link, Known), Report> {
    let mut link = world.connect(&arguments.hub, access, &HubChoice::default()).await?;
    let known = link.identify().await?;
    file.check_hub(&known.key).map_err(|other| {
        let hint = "Name the plan's hub with --profile, --region and --endpoint-url, or write a plan for this one.";
        Report::new(Kind::BadInput, other.to_string()).hint(hint)
    })?;
    Ok((link, known))
}

/// Says what would be sent, and what has changed since. The writer is never made.
async fn dry_run(arguments: &ApplyArgs, file: &PlanFile, world: World<'_>) -> Result<ExitCode, Report> {
    let (link, known) = connect(arguments, file, &world, Access::ReadOnly).await?;
    let plan = outline::sendable(file);
    let mut lines =
        vec![format!("would send {} in {} to {}", counted(plan.row_count(), "finding"), counted(outline::calls(&plan), "call"), known.key)];
    lines.extend(outline::lines(&plan));
    let mut code = ExitCode::SUCCESS;
    if !arguments.no_conflict_check {
        let found = look(&link, &plan).await?;
        let rows = plan.groups.iter().flat_map(|group| &group.rows);
        let (mut there, mut changed, mut missing) = (0, Vec::new(), Vec::new());
        for row in rows {
            let told = || text::clean(row.identity.shown()).into_owned();
            match found.get(&row.identity) {
                None => missing.push(format!("  {}  not found", told())),
                Some(now) if now.satisfy(&row.patch) => there += 1,
                Some(now) if *now != row.now => {
                    changed.push(format!("  {}  was {}, is now {}", told(), values_in_words(&row.now), values_in_words(now)));
                }
                Some(_) => {}
            }
        }
        lines.push(format!(
            "{} as planned, {there} already so, {} changed since, {} not found",
            plan.row_count() - there - changed.len() - missing.len(),
            changed.len(),
            missing.len()
        ));
        if !changed.is_empty() || !missing.is_empty() {
            code = ExitCode::from(SOME_NOT);
        }
        let named: Vec<String> = changed.into_iter().chain(missing).collect();
        lines.extend(named.iter().take(MAX_NAMED).cloned());
        if named.len() > MAX_NAMED {
            lines.push(format!("  and {} more", named.len() - MAX_NAMED));
        }
    }
    lines.push("Nothing has been sent.".to_owned());
    outcome::write(&lines, world.out)?;
    Ok(code)
}

/// Reads the rows of a plan as they are now; those that are not there any more are not in it.
async fn look(link: &Link, plan: &Plan) -> Result<HashMap<Identity, Values>, Report> {
    let identities: Vec<Identity> = plan.batches().into_iter().flat_map(|batch| batch.batch.identities).collect();
    read(link.hub.reader.as_ref(), &identities).await.map_err(|error| link.report(&error))
}

async fn read(reader: &dyn ReadFindings, identities: &[Identity]) -> Result<HashMap<Identity, Values>, CallError> {
    let mut found = HashMap::new();
    // Of each kind at most as many as one question takes.
    let (uids, others): (Vec<Identity>, Vec<Identity>) =
        identities.iter().cloned().partition(|identity| matches!(identity, Identity::MetadataUid(_)));
    for asked in uids.chunks(READ_AT_ONCE).chain(others.chunks(READ_AT_ONCE)) {
        let mut pages = Pages::new(reader, Query::Findings(asked.to_vec()), Vec::new());
        while let Some(page) = pages.next().await? {
            found.extend(page.into_iter().map(|arrived| (arrived.finding.identity.clone(), arrived.finding.values())));
        }
    }
    Ok(found)
}

async fn apply(arguments: &ApplyArgs, file: &PlanFile, mut world: World<'_>, interrupt: &mut Interrupt) -> Result<ExitCode, Report> {
    let (link, known) = interrupt.or(connect(arguments, file, &world, Access::ReadWrite)).await?;
    let (journal, ledger) = open_journal(&known, &mut world, interrupt).await?;
    let mut resume = Resume::of(file, &ledger);
    if !resume.unknown.is_empty() {
        let told = format!("the outcome of {} is unknown; they are read before anything is sent", counted(resume.unknown.len(), "finding"));
        let _ = writeln!(world.errors, "hubtriage: {told}");
        interrupt.or(settle(&mut resume, &link, &journal)).await?;
    }
    let done: std::collections::HashSet<RowId> = resume.done.iter().copied().collect();
    let plan = outline::sendable(file).without(|row| done.contains(&row));
    let mut outcome = Outcome::new(done.len());
    if plan.row_count() == 0 {
        outcome::write(&outcome.lines(file), world.out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let World { config, out, errors, terminals, environment, .. } = world;
    if resume.was_begun {
        let told = format!("going on: {} processed by an earlier run", counted(done.len(), "finding"));
        let _ = writeln!(errors, "hubtriage: {told}");
    }
    if !arguments.yes && !confirm(&plan, &known, config.type_count_above, interrupt, errors).await? {
        let _ = writeln!(errors, "Nothing has been sent.");
        return Ok(ExitCode::from(SOME_NOT));
    }
    let send = ledger.next_send(clock::ctx().now);
    let conflict_check = if arguments.no_conflict_check { ConflictCheck::Never } else { ConflictCheck::Always };
    let sending = driver::Send {
        send,
        origin: Origin::Plan { plan: file.id(), file: arguments.plan.to_string_lossy().into_owned() },
        plan,
        options: Options { pace: config.pace.writes, conflict_check, seed: send.0, ..Options::default() },
    };
    let connections = Connections { hub: link.hub.clone(), connect: std::sync::Arc::clone(&link.connect) };
    let has_screen = terminals.errors == Stream::Terminal && environment.variable("TERM").is_some_and(|term| term != "dumb");
    let screen = if has_screen { Stream::Terminal } else { Stream::Other };
    let mut watch = Watch {
        outcome: &mut outcome,
        meter: Meter::new(screen, columns(screen)),
        errors: &mut *errors,
        link: &link,
        began: Instant::now(),
        wait: arguments.wait.or_else(|| (screen == Stream::Other).then_some(WAIT)),
        progress: Progress::default(),
        held: None,
        end: None,
        stop: None,
    };
    watch.run(sending, connections, journal.clone(), interrupt).await;
    let Watch { end, stop, .. } = watch;
    if let Err(error) = journal.close().await {
        // What it knew last may be lost; the next run reads those rows again.
        let _ = writeln!(errors, "hubtriage: the end of the journal is not on disk: {}", text::clean(&error.to_string()));
    }
    outcome::write(&outcome.lines(file), out)?;
    let again = format!("hubtriage apply {}", text::clean(&arguments.plan.to_string_lossy()));
    outcome.end(file, end.as_ref(), stop.as_ref(), |error| link.report(error), &again)
}

/// Opens the journal, and reads all of it: which rows of a plan are processed may stand in a former file.
async fn open_journal(known: &Known, world: &mut World<'_>, interrupt: &mut Interrupt) -> Result<(Journal, Ledger), Report> {
    let opening = launch::journal(world.environment.paths().ok(), world.environment)(known.key.clone(), Patience::None);
    let unusable = |why: &str| {
        let hint = "Nothing is sent that is not in the journal first.";
        Report::new(Kind::OutOfReach, format!("the journal cannot be used: {why}")).hint(hint)
    };
    let Opened { journal, mended, .. } = match interrupt.or(async { Ok(opening.await) }).await? {
        Ok(opened) => opened,
        Err(NotOpened::Busy(holder)) => {
            let hint = "Two at once would not know of each other's calls. End the other one, or wait for it.";
            return Err(Report::new(Kind::OutOfReach, format!("the journal of this hub is in use by {holder}")).hint(hint));
        }
        Err(NotOpened::Unusable(why)) => return Err(unusable(&why)),
    };
    for words in mended {
        let _ = writeln!(world.errors, "hubtriage: the journal was mended: {}", text::clean(&words));
    }
    if let Some(arn) = &known.arn {
        journal.acting(arn).await;
    }
    let history = interrupt.or(async { Ok(journal.history().await) }).await?;
    history.map(|ledger| (journal, ledger)).map_err(|error| unusable(&error.to_string()))
}

/// Reads the rows that an earlier run sent with an unknown outcome, and writes down what that shows.
async fn settle(resume: &mut Resume, link: &Link, journal: &Journal) -> Result<(), Report> {
    let identities: Vec<Identity> = resume.unknown.iter().map(|row| row.identity.clone()).collect();
    let found = read(link.hub.reader.as_ref(), &identities).await.map_err(|error| link.report(&error))?;
    let entries = resume.settle(|row| match found.get(&row.identity) {
        None => Seen::Missing,
        Some(now) if now.satisfy(&row.patch) => Seen::Processed,
        Some(_) => Seen::NotProcessed,
    });
    let written = journal.append(entries).await;
    written.map_err(|error| Report::new(Kind::OutOfReach, format!("the journal cannot be written, and so nothing is sent: {error}")))
}

/// Asks on the terminal. Only `y` or `yes` is a yes; where much is changed, only the count.
async fn confirm(plan: &Plan, known: &Known, above: CountAbove, interrupt: &mut Interrupt, errors: &mut dyn Write) -> Result<bool, Report> {
    let acting = known.arn.as_ref().map(|arn| format!(" as {}", text::clean(arn))).unwrap_or_default();
    let rows = plan.groups.iter().flat_map(|group| &group.rows);
    let blast = Blast::of(rows.map(|row| (&row.now, &row.patch)), above);
    let lines = outline::lines(plan).join("\n");
    let send = format!("in {} to {}{acting}", counted(outline::calls(plan), "call"), known.key);
    let question = match &blast {
        None => format!("{lines}\nSend {} {send}? [y/N] ", counted(plan.row_count(), "finding")),
        Some(blast) => {
            let count = outline::number(blast.rows);
            format!("{lines}\nSend {send}: {blast}\nAsked for: {}\nType {count} to send: ", blast.reasons().join(", "))
        }
    };
    let unaskable = |error: &io::Error| super::world::unusable("the question cannot be asked", error);
    write!(errors, "{question}").and_then(|()| errors.flush()).map_err(|error| unaskable(&error))?;
    #[expect(clippy::disallowed_methods, reason = "a thread waits for the answer, so that a signal can end the waiting")]
    let answer = spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    let answer = interrupt.or(async { Ok(answer.await) }).await?;
    let line = answer.map_err(io::Error::other).and_then(|read| read).map_err(|error| unaskable(&error))?;
    let Some(blast) = blast else { return Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes")) };
    let is_confirmed = blast.is_count(&line);
    if !is_confirmed && !line.trim().is_empty() {
        let typed = text::clean(line.trim()).into_owned();
        let _ = writeln!(errors, "hubtriage: {typed} is not the count: it is {}", outline::number(blast.rows));
    }
    Ok(is_confirmed)
}

/// A send under way, as the command looks at it.
struct Watch<'a> {
    outcome: &'a mut Outcome,
    meter: Meter,
    errors: &'a mut dyn Write,
    link: &'a Link,
    began: Instant,
    /// How long it may be held; `None` is for ever.
    wait: Option<Duration>,
    progress: Progress,
    /// Since when it is held, and by what.
    held: Option<(Instant, CallError)>,
    end: Option<End>,
    stop: Option<Stop>,
}

impl Watch<'_> {
    /// Sends, and returns when no call is under way any more. A task of its own sends, so that a terminal that is stopped does not stop it.
    async fn run(&mut self, send: driver::Send, hub: Connections, journal: Journal, interrupt: &mut Interrupt) {
        let (steer, steered) = mpsc::channel(4);
        let (tell, mut news) = mpsc::channel(NEWS);
        let mut driver = JoinSet::new();
        driver.spawn(drive(send, hub, journal, steered, tell));
        let mut is_dirty = false;
        loop {
            let draw_at = self.began + self.meter.due();
            let give_up_at = self.held.as_ref().zip(self.wait).map(|((since, _), wait)| *since + wait);
            tokio::select! {
                told = news.recv() => match told {
                    Some(News::Report(report)) => {
                        self.outcome.take(report.rows);
                        self.progress = report.progress;
                        self.heed(report.activity);
                        is_dirty = true;
                    }
                    Some(News::Saw(_)) => {}
                    None => break,
                },
                name = interrupt.next() => {
                    self.say(&format!("{name}: stopping after the calls under way"));
                    self.stop.get_or_insert(Stop::Signal(name));
                    let _ = steer.try_send(Steer::Stop);
                }
                () = sleep_until(give_up_at.unwrap_or(self.began)), if give_up_at.is_some() && self.stop.is_none() => {
                    if let Some((_, error)) = &self.held {
                        self.stop = Some(Stop::Held(error.clone()));
                    }
                    self.say("waited long enough; nothing more is sent");
                    let _ = steer.try_send(Steer::Stop);
                }
                () = sleep_until(draw_at), if is_dirty => {
                    let _ = self.meter.show(&self.progress, self.began.elapsed(), self.errors);
                    is_dirty = false;
                }
            }
        }
        // It has told its last; what is left of it is nothing that anybody waits for.
        while driver.join_next().await.is_some() {}
        let _ = self.meter.clear(self.errors);
    }

    fn heed(&mut self, activity: Activity) {
        match activity {
            Activity::Held(error) => {
                if self.held.as_ref().is_none_or(|(_, held)| held.failure != error.failure) {
                    let report = self.link.report(&error);
                    let for_how_long = self.wait.map(|wait| format!(" for at most {} s", wait.as_secs())).unwrap_or_default();
                    self.say(&format!("{} {} Waiting{for_how_long}.", report.message, report.hint.unwrap_or_default()));
                    let since = self.held.as_ref().map_or_else(Instant::now, |(since, _)| *since);
                    self.held = Some((since, error));
                }
            }
            Activity::Over(end) => self.end = Some(end),
            Activity::Sending | Activity::Waiting(_) | Activity::Paused | Activity::Stopping => {
                if self.held.take().is_some() && self.stop.is_none() {
                    self.say("it goes on");
                }
            }
        }
    }

    fn say(&mut self, words: &str) {
        let _ = self.meter.say(words, self.errors);
    }
}
