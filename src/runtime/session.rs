//! The loop of a session: events in, one model, frames and effects out.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io::Write,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use crossterm::event::{EventStream, KeyCode};
use futures_util::{FutureExt, StreamExt};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc::{Receiver, channel},
    task::yield_now,
    time::{Instant, sleep_until},
};

use crate::{
    app::{
        effect::Effect,
        event::Event,
        hint::Newcomer,
        layout::{Bandwidth, MousePolicy, Preview},
        model::{Asked, Model, Settings},
        overlay::{Overlay, Trigger},
        plan_file::Opened,
        pointer::Spots,
        profiles::Profiles,
        update::{begin, update},
        wording,
    },
    domain::{
        profile::{FilterProfile, HubChoice},
        query::Query,
    },
    ui::{paint, theme::Theme},
};

use super::{
    clock, editor,
    executor::{Executor, Own, World},
    frame::{Change, FrameClock},
    hangup, keyboard,
    screen::surface::Skills,
    terminal::{Guard, TerminalError},
};

/// Events that may wait to be taken in; a scan that is faster than the screen waits here.
const QUEUE: usize = 64;
/// Hub events taken in before the keyboard is looked at again.
const HUB_EVENTS_AT_ONCE: usize = 8;

/// How often a call that is waited for at the end is left to see whether the terminal went away meanwhile.
const HANGUP_CHECK: Duration = Duration::from_secs(1);
/// Said where a call is under way when the session ends.
const WAITING: &str = "waiting for the calls under way; nothing further is sent";

/// What a session starts with.
pub struct Start {
    /// How the world is reached.
    pub world: World,
    /// For the model.
    pub settings: Settings,
    /// What is asked first.
    pub query: Query,
    /// The filter profiles, and the one in force.
    pub profiles: Profiles,
    /// How the hub of another filter profile is reached.
    pub reach: Reach,
    /// A plan whose changes are staged once its findings have been read.
    pub plan: Option<Opened>,
    /// Whether the preview is shown at the start.
    pub preview: Preview,
    /// What is on the screen first.
    pub opening: Opening,
    /// How it is drawn.
    pub drawing: Drawing,
    /// `$VISUAL` or `$EDITOR`.
    pub editor: Option<String>,
    /// For the test that a panic gives the terminal back; development builds only.
    pub rehearsal: Rehearsal,
    /// Said on the first frame, where something could not be done at the start.
    pub notice: Option<String>,
}

/// How frames are made and written.
#[derive(Debug, Clone, Copy)]
pub struct Drawing {
    /// How they look.
    pub theme: Theme,
    /// What the terminal can do.
    pub skills: Skills,
    /// What the line to it bears.
    pub bandwidth: Bandwidth,
}

/// What is on the screen first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Opening {
    /// The findings.
    #[default]
    Table,
    /// The landing summary; nothing is loaded before it is left.
    Summary,
}

/// Whether F12 rehearses a panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rehearsal {
    /// No.
    #[default]
    None,
    /// Yes.
    Panic,
}

/// How a session reaches a hub, and the AWS profile that this takes.
pub type Reach = Arc<dyn Fn(&HubChoice) -> (World, Option<String>) + Send + Sync>;

/// Where there is only one hub.
pub fn no_other(world: &World) -> Reach {
    let world = world.clone();
    Arc::new(move |_| (world.clone(), None))
}

/// Runs sessions, one hub after the other, until one is left. Gives what came of a call that was still under way then, in a sentence.
pub async fn run(mut start: Start) -> Result<Option<String>, TerminalError> {
    let mut guard = Guard::enter(start.settings.mouse, start.drawing.skills)?;
    loop {
        let (drawing, editor, rehearsal, reach) = (start.drawing, start.editor.clone(), start.rehearsal, Arc::clone(&start.reach));
        // Boxed: a session is much to keep on the stack.
        match Box::pin(one(&mut guard, start)).await? {
            Ended::Left(last_word) => return Ok(last_word),
            Ended::Switched(model, profile) => start = switched(*model, *profile, drawing, editor, rehearsal, reach),
        }
    }
}

/// How a session ended.
enum Ended {
    /// It was left.
    Left(Option<String>),
    /// Another hub is wanted: what was known here, and the filter profile of the other one.
    Switched(Box<Model>, Box<FilterProfile>),
}

/// The next session: on the hub of a filter profile, looking as the last one did, and knowing what is staged elsewhere.
fn switched(model: Model, profile: FilterProfile, drawing: Drawing, editor: Option<String>, rehearsal: Rehearsal, reach: Reach) -> Start {
    let (world, aws_profile) = reach(&profile.content.hub);
    let query = profile.query();
    let notice = format!("now on another hub: filter profile {}, {}", profile.name, profile.asked);
    let mut profiles = Profiles::new(model.profiles.catalogue, profile);
    profiles.last = Some(model.profiles.present.name);
    profiles.elsewhere = model.profiles.elsewhere;
    Start {
        world,
        settings: Settings { profile: aws_profile, asked: Asked::FilterProfile, newcomer: Newcomer::No, ..model.settings },
        query,
        profiles,
        reach,
        plan: None,
        opening: Opening::Table,
        preview: model.screen.preview,
        drawing,
        editor,
        rehearsal,
        notice: Some(crate::domain::text::clean(&notice).into_owned()),
    }
}

/// Runs one session.
async fn one(guard: &mut Guard, start: Start) -> Result<Ended, TerminalError> {
    let (columns, rows) = guard.screen().size();
    let mut model = Model::new(start.settings, start.query, columns, rows, clock::ctx().now);
    begin(&mut model, start.profiles);
    model.screen.preview = start.preview;
    model.opened_plan = start.plan;
    if start.opening == Opening::Summary {
        model.summary_first();
    }
    if let Some(notice) = start.notice {
        model.say(crate::app::model::Level::Warning, notice);
    }
    let (events, hub_events) = channel(QUEUE);
    let executor = Executor::new(start.world, events);
    let mut session = Session {
        guard,
        model,
        theme: start.drawing.theme,
        editor: start.editor.unwrap_or_default(),
        executor,
        hub_events,
        frames: FrameClock::new(start.drawing.bandwidth),
        spots: None,
        pending: VecDeque::new(),
        rehearsal: start.rehearsal,
        keyboard: None,
        switch: None,
    };
    // However the loop ends, a write that is under way is waited for: its request may have left already.
    let ended = AssertUnwindSafe(session.run()).catch_unwind().await;
    match ended {
        Ok(ended) => {
            let last_word = session.leave().await;
            ended?;
            Ok(match session.switch.take() {
                Some(profile) => Ended::Switched(Box::new(session.model), profile),
                None => Ended::Left(last_word),
            })
        }
        Err(panic) => {
            if session.executor.is_sending() {
                // The screen is given back already; this is told where the panic was.
                let _ = writeln!(std::io::stderr(), "{WAITING}");
            }
            session.executor.finish(&mut session.hub_events).await;
            resume_unwind(panic)
        }
    }
}

struct Session<'a> {
    guard: &'a mut Guard,
    model: Model,
    theme: Theme,
    editor: String,
    executor: Executor,
    hub_events: Receiver<Event>,
    frames: FrameClock,
    /// What can be clicked on the frame that is on the screen.
    spots: Option<Spots>,
    pending: VecDeque<Event>,
    rehearsal: Rehearsal,
    /// The keyboard; `None` while another program has it. There must never be two: making one waits for the other's reader.
    keyboard: Option<EventStream>,
    /// The filter profile of another hub, where the session ends for one.
    switch: Option<Box<FilterProfile>>,
}

/// Whether the loop goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Goes,
    Ends,
}

struct Signals {
    terminate: Signal,
    hangup: Signal,
    /// The terminal has gone away.
    gone: Receiver<()>,
}

impl Session<'_> {
    async fn run(&mut self) -> Result<(), TerminalError> {
        // Settings and certificates are read on other threads while the first frame is drawn; nothing of it waits for the network.
        self.perform(vec![Effect::Reconnect]).await?;
        self.draw()?;
        let mut signals =
            Signals { terminate: signal(SignalKind::terminate())?, hangup: signal(SignalKind::hangup())?, gone: hangup::watch() };
        loop {
            self.wait(&mut signals).await;
            if self.take_in().await? == Flow::Ends {
                return Ok(());
            }
            if !self.frames.is_due(Instant::now()) {
                continue;
            }
            // Keys that were typed before a review is on the screen are taken in first: they must not count for it.
            if self.is_unseen() && self.has_keys().await {
                if self.take_in().await? == Flow::Ends {
                    return Ok(());
                }
                continue;
            }
            self.draw()?;
        }
    }

    /// Takes in everything that waits.
    async fn take_in(&mut self) -> Result<Flow, TerminalError> {
        while let Some(event) = self.pending.pop_front() {
            self.rehearse(&event);
            let (is_progress, is_step) = (event.is_progress(), event == Event::Step);
            let was_empty = self.model.store.is_empty();
            let is_told = matches!(event, Event::Document(..));
            if matches!(event, Event::Resize(..)) {
                // Also where it has its former size again by now: what was cut off meanwhile is gone.
                self.guard.redraw();
            }
            let effects = update(&mut self.model, event, clock::ctx());
            let change = if is_progress || is_step && self.model.view.doing().is_some() { Change::Progress } else { Change::Screen };
            self.frames.soil(change);
            if is_told || was_empty && !self.model.store.is_empty() {
                self.frames.hurry();
            }
            if effects.iter().any(|effect| matches!(effect, Effect::Document(..))) {
                self.frames.hold(Instant::now());
            }
            if self.perform(effects).await? == Flow::Ends {
                return Ok(Flow::Ends);
            }
        }
        Ok(Flow::Goes)
    }

    /// Whether something waits to be seen before its keys count.
    fn is_unseen(&self) -> bool {
        let trigger = match self.model.overlays.last() {
            Some(Overlay::Review(review)) => review.trigger,
            Some(Overlay::Busy(question)) => question.trigger,
            Some(Overlay::Count(prompt)) => prompt.trigger,
            _ => return false,
        };
        trigger == Trigger::Locked && self.model.screen.is_large_enough()
    }

    /// Gathers the keys that are there by now, without waiting for any; says whether there were some.
    async fn has_keys(&mut self) -> bool {
        let mut keyboard = self.keyboard.take().unwrap_or_default();
        if let Poll::Ready(event) = poll_fn(|cx| Poll::Ready(keyboard.poll_next_unpin(cx))).await {
            self.typed(event, &mut keyboard).await;
        }
        self.keyboard = Some(keyboard);
        !self.pending.is_empty()
    }

    fn rehearse(&self, event: &Event) {
        let is_now = cfg!(debug_assertions)
            && self.rehearsal == Rehearsal::Panic
            && matches!(event, Event::Key(key, _) if key.code == KeyCode::F(12));
        assert!(!is_now, "the panic of a test");
    }

    /// Waits until something happens and gathers everything that has.
    async fn wait(&mut self, signals: &mut Signals) {
        let mut keyboard = self.keyboard.take().unwrap_or_default();
        self.gather(&mut keyboard, signals).await;
        self.keyboard = Some(keyboard);
    }

    async fn gather(&mut self, terminal: &mut EventStream, signals: &mut Signals) {
        let due = self.frames.due(Instant::now());
        let tick = self.model.next_tick().map(Duration::from_millis);
        tokio::select! {
            biased;
            _ = signals.terminate.recv() => self.pending.push_back(Event::Terminate),
            _ = signals.hangup.recv() => self.pending.push_back(Event::Terminate),
            Some(()) = signals.gone.recv() => self.pending.push_back(Event::Terminate),
            event = terminal.next() => self.typed(event, terminal).await,
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            // What was asked for goes before what the hub has to say; everything else that is to be done, behind it.
            () = yield_now(), if self.model.is_arranging() => self.pending.push_back(Event::Step),
            Some(event) = self.hub_events.recv() => {
                self.pending.push_back(event);
                for _ in 1..HUB_EVENTS_AT_ONCE {
                    let Ok(event) = self.hub_events.try_recv() else { break };
                    self.pending.push_back(event);
                }
            }
            () = yield_now(), if self.model.has_work() => self.pending.push_back(Event::Step),
            () = tokio::time::sleep(tick.unwrap_or_default()), if tick.is_some() => self.pending.push_back(Event::Tick),
        }
    }

    /// Drains the keyboard: everything that has arrived is one moment.
    async fn typed(&mut self, first: Option<std::io::Result<crossterm::event::Event>>, terminal: &mut EventStream) {
        let mut arrived = Vec::new();
        let mut next = first;
        loop {
            match next {
                Some(Ok(event)) => arrived.push(event),
                Some(Err(error)) => {
                    tracing::error!(%error, "the terminal is gone");
                    self.pending.push_back(Event::Terminate);
                    break;
                }
                None => {
                    self.pending.push_back(Event::Terminate);
                    break;
                }
            }
            // Polled with this task's own waker: the stream remembers only the first waker it is shown.
            match poll_fn(|cx| Poll::Ready(terminal.poll_next_unpin(cx))).await {
                Poll::Ready(more) => next = more,
                Poll::Pending => break,
            }
        }
        let frame = self.spots.as_ref().filter(|_| self.model.settings.mouse == MousePolicy::On);
        for event in keyboard::translate(arrived, frame).into_iter().rev() {
            self.pending.push_front(event);
        }
    }

    fn draw(&mut self) -> Result<(), TerminalError> {
        let is_unseen = self.is_unseen();
        let (model, theme) = (&self.model, &self.theme);
        self.spots = Some(self.guard.screen().draw(|buffer| paint(model, theme, buffer))?);
        self.frames.drawn(Instant::now());
        // What is on the screen now may be acted on: every key typed before has been taken in.
        if is_unseen {
            update(&mut self.model, Event::Drawn, clock::ctx());
            self.frames.soil(Change::Screen);
        }
        Ok(())
    }

    async fn perform(&mut self, effects: Vec<Effect>) -> Result<Flow, TerminalError> {
        for effect in effects {
            match self.executor.perform(effect) {
                None => {}
                Some(Own::Quit) => return Ok(Flow::Ends),
                Some(Own::Switch(profile)) => {
                    self.switch = Some(profile);
                    return Ok(Flow::Ends);
                }
                Some(Own::Redraw) => self.guard.redraw(),
                Some(Own::Edit(text)) => self.edit(&text).await?,
                Some(Own::Suspend) => self.suspend().await?,
            }
        }
        Ok(Flow::Goes)
    }

    /// Lets the editor have the terminal and the keyboard.
    async fn edit(&mut self, text: &str) -> Result<(), TerminalError> {
        self.keyboard = None;
        self.guard.pause();
        let edited = editor::edit(&self.editor, text).await;
        self.guard.resume()?;
        self.pending.push_back(Event::Edited(edited));
        self.frames.soil(Change::Screen);
        Ok(())
    }

    /// Stops the process as Ctrl-z does in a shell, and comes back when the shell lets it go on.
    async fn suspend(&mut self) -> Result<(), TerminalError> {
        /// Where the signal does not stop the process (no job control), it goes on after this.
        const NOT_STOPPED: Duration = Duration::from_millis(300);
        let mut goes_on = signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?;
        self.keyboard = None;
        self.guard.pause();
        let stopped = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
        if stopped.is_ok() {
            let _ = tokio::time::timeout(NOT_STOPPED, goes_on.recv()).await;
        }
        self.guard.resume()?;
        if let Ok((columns, rows)) = crossterm::terminal::size() {
            self.pending.push_back(Event::Resize(columns, rows));
        }
        self.frames.soil(Change::Screen);
        Ok(())
    }

    /// Waits for the write under way, and says so; gives what came of it.
    async fn leave(&mut self) -> Option<String> {
        // Where the terminal is gone, its reader would go round and round for as long as the call takes.
        self.keyboard = None;
        if self.executor.is_sending() {
            self.model.overlays.clear();
            self.model.say(crate::app::model::Level::Warning, WAITING);
            // The terminal may be gone already; the call is waited for all the same.
            let _ = self.draw();
        }
        let late = {
            let finish = self.executor.finish(&mut self.hub_events);
            tokio::pin!(finish);
            loop {
                hangup::release_reader();
                if let Ok(late) = tokio::time::timeout(HANGUP_CHECK, &mut finish).await {
                    break late;
                }
            }
        };
        let answers: Vec<Event> = self.pending.drain(..).chain(late).filter(|event| matches!(event, Event::Sending(..))).collect();
        if answers.is_empty() {
            return None;
        }
        for answer in answers {
            // Nothing further is sent or read: what the news asks for is not done.
            update(&mut self.model, answer, clock::ctx());
        }
        Some(wording::last_call(self.model.sending.progress, self.model.sending.unsent))
    }
}
