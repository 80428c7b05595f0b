//! Carries out effects: each becomes a task whose end is an event.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use tokio::{
    sync::{
        mpsc::{Receiver, Sender, channel},
        watch,
    },
    task::{AbortHandle, JoinSet},
};

use crate::{
    app::{
        effect::Effect,
        event::{Caller, Connection, Event, RequestId, Told},
        export::Export,
        survey::{Survey, SurveyKind},
    },
    domain::{
        failure::CallError,
        identity::Identity,
        profile::{FilterProfile, ProfileName},
        query::Query,
        summary,
    },
    findings::{archive::Archive, held::HeldPage},
    hub::{Hub, Pending, ReadFindings},
    journal::entry::{Origin, SendId},
    send::{engine::Options, pace::Pace, plan::Plan, report::Steer},
};

use super::{
    account::{account_of, other_account},
    clipboard, clock,
    driver::{self, Connections, News},
    export::{self, Stop},
    gather::gather,
    keeper::{Keeper, OpenJournal},
    named::read_named_of,
    paced::Gate,
    planned,
    profiles::ProfileFiles,
    scan::scan,
    session_keeper::SessionKeeper,
    survey::survey,
};

/// What a send may be told before it takes it in.
const STEERS: usize = 64;
/// News of a send that may wait to be taken in.
const NEWS: usize = 64;

/// How a hub is connected to, as often as needed: the credential chain is read anew each time.
pub type Connect = Arc<dyn Fn() -> Pending<'static, Hub> + Send + Sync>;

/// What the loop itself has to do, because it owns the terminal.
#[derive(Debug, Clone, PartialEq)]
pub enum Own {
    /// Let the analyst write in `$EDITOR`.
    Edit(String),
    /// Hand the terminal back to the shell.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave once no write is under way.
    Quit,
    /// End this session, and begin one on the hub of this filter profile.
    Switch(Box<FilterProfile>),
}

async fn counts(reader: &dyn ReadFindings, queries: Vec<Query>) -> Result<Vec<u64>, CallError> {
    let mut counts = Vec::new();
    for query in queries {
        counts.push(reader.total(query).await?);
    }
    Ok(counts)
}

/// How a session reaches the world.
#[derive(Clone)]
pub struct World {
    /// Its hub.
    pub connect: Connect,
    /// Its journal.
    pub open_journal: OpenJournal,
    /// The folder of the session files; without one nothing is remembered.
    pub session_folder: Option<PathBuf>,
    /// Limits on calls.
    pub pace: Pace,
    /// How a send goes.
    pub sending: Options,
    /// The files of the filter profiles.
    pub profiles: Arc<ProfileFiles>,
    /// The home folder, for names of files that begin with `~/`.
    pub home: Option<PathBuf>,
}

/// The tasks under way.
pub struct Executor {
    world: World,
    gate: Gate,
    hub: Option<Hub>,
    events: Sender<Event>,
    scan: Option<(RequestId, AbortHandle)>,
    /// The query that was scanned last: what findings that are read again are compared with.
    query: Option<Query>,
    /// Counts that say why a query found nothing.
    explaining: Option<AbortHandle>,
    surveys: BTreeMap<SurveyKind, AbortHandle>,
    counting: Option<AbortHandle>,
    reads: JoinSet<()>,
    sends: JoinSet<()>,
    /// Filter profiles and exports being written: the end waits for them.
    saves: JoinSet<()>,
    /// Stops the export under way.
    exporting: Option<Stop>,
    steer: Option<Sender<Steer>>,
    keeper: Keeper,
    session: SessionKeeper,
    connecting: Option<AbortHandle>,
    connected: watch::Sender<Option<Hub>>,
    /// The account that the session acts in, once STS has told.
    account: watch::Sender<Option<String>>,
}

impl Executor {
    /// Nothing is under way yet.
    pub fn new(world: World, events: Sender<Event>) -> Self {
        let connected = watch::Sender::new(None);
        Self {
            gate: Gate::new(world.pace.reads),
            session: SessionKeeper::new(world.session_folder.clone(), events.clone()),
            world,
            hub: None,
            keeper: Keeper::new(events.clone()),
            events,
            scan: None,
            query: None,
            explaining: None,
            surveys: BTreeMap::new(),
            counting: None,
            reads: JoinSet::new(),
            sends: JoinSet::new(),
            saves: JoinSet::new(),
            exporting: None,
            steer: None,
            connecting: None,
            connected,
            account: watch::Sender::new(None),
        }
    }

    /// Begins an effect, or gives it back where the loop has to do it.
    pub fn perform(&mut self, effect: Effect) -> Option<Own> {
        self.tidy();
        match effect {
            Effect::Edit(text) => return Some(Own::Edit(text)),
            Effect::Suspend => return Some(Own::Suspend),
            Effect::Redraw => return Some(Own::Redraw),
            Effect::Quit => return Some(Own::Quit),
            Effect::SwitchHub(profile) => return Some(Own::Switch(profile)),
            Effect::Reconnect => self.reconnect(),
            Effect::Scan { scan: id, query, sort } => self.scan(id, query, sort),
            Effect::Count { request, query, fields } => {
                self.read(move |reader| async move { Some(Event::Counted(request, reader.statistics(query, fields).await)) });
            }
            Effect::Explain { request, queries } => self.explain(request, queries),
            Effect::CancelScan(id) => self.cancel(id),
            Effect::Reread { request, identities } => self.reread(request, identities),
            Effect::Survey { request, what, rows } => self.survey(request, what, rows),
            Effect::CancelSurvey(kind) => self.cancel_survey(kind),
            Effect::Send { send, origin, plan } => self.send(send, origin, plan),
            Effect::Steer(steer) => self.steer(steer),
            Effect::OpenJournal(key, patience) => self.keeper.open((self.world.open_journal)(key, patience)),
            Effect::Journal(ticket, entries) => self.keeper.write(ticket, entries),
            Effect::History => self.keeper.tell_history(),
            Effect::LoadSession(hub) => self.session.load(hub),
            Effect::SaveSession(hub, remembered) => self.session.save(hub, remembered),
            Effect::SavePlan(plan) => {
                let events = self.events.clone();
                self.reads.spawn_blocking(move || {
                    let _ = events.blocking_send(Event::PlanSaved(planned::save(*plan)));
                });
            }
            Effect::LoadProfiles(request) => {
                let (files, events) = (Arc::clone(&self.world.profiles), self.events.clone());
                self.reads.spawn_blocking(move || {
                    let _ = events.blocking_send(Event::Profiles(request, Box::new(files.read())));
                });
            }
            Effect::CountProfiles(request, queries) => self.count(request, queries),
            Effect::StopCounting => self.stop_counting(),
            Effect::SaveProfile { name, content, overwrite } => {
                let (files, events) = (Arc::clone(&self.world.profiles), self.events.clone());
                self.saves.spawn_blocking(move || {
                    let saved = files.save(&name, &content, overwrite);
                    let _ = events.blocking_send(Event::ProfileSaved(name, saved));
                });
            }
            Effect::HomeRegion => self.read(|reader| async move { Some(Event::HomeRegion(reader.home_region().await.ok().flatten())) }),
            Effect::Document(request, archive, slot) => self.document(request, archive, slot),
            Effect::Copy { what, text, through } => {
                let copied = clipboard::copy(&text, through).map(|()| what).map_err(|error| error.to_string());
                self.tell(Event::Copied(through, copied));
            }
            Effect::Gather { request, what, rows, region } => {
                let events = self.events.clone();
                self.reads.spawn_blocking(move || {
                    let _ = events.blocking_send(Event::Gathered(request, gather(what, &rows, &region)));
                });
            }
            Effect::Export(export) => self.export(*export),
            Effect::StopExport => self.stop_export(),
        }
        None
    }

    /// An event that is known at once. The queue is long enough for those; should it ever be full, the event is a notice that is lost.
    fn tell(&self, event: Event) {
        let _ = self.events.try_send(event);
    }

    fn tidy(&mut self) {
        while self.reads.try_join_next().is_some() {}
        while self.sends.try_join_next().is_some() {}
        while self.saves.try_join_next().is_some() {}
        let hub = self.connected.borrow().clone();
        if hub.is_some() {
            self.hub = hub;
        }
    }

    fn reconnect(&mut self) {
        if let Some(connecting) = self.connecting.take() {
            connecting.abort();
        }
        let (connect, events, gate, slot, account) =
            (Arc::clone(&self.world.connect), self.events.clone(), self.gate.clone(), self.connected.clone(), self.account.clone());
        let acting = self.keeper.acting();
        self.connecting = Some(self.reads.spawn(async move {
            let result = connect().await.map(|hub| {
                let hub = gate.before(hub);
                let connection = Connection { region: hub.region.clone(), endpoint: hub.endpoint.clone() };
                slot.send_replace(Some(hub.clone()));
                (hub, connection)
            });
            match result {
                Ok((hub, connection)) => {
                    let _ = events.send(Event::Connected(Ok(connection))).await;
                    // STS may not be reachable from here; nothing waits for it.
                    let caller = async {
                        let caller = hub.reader.caller().await.map(|caller| Caller { account: caller.account, arn: caller.arn });
                        if let Ok(caller) = &caller {
                            acting.send_replace(Some(caller.arn.clone()));
                            account.send_if_modified(|known| known.is_none() && known.replace(caller.account.clone()).is_none());
                        }
                        events.send(Event::Caller(caller)).await
                    };
                    let described = async {
                        let described = hub.reader.describe().await.map(|hub| hub.arn.as_deref().and_then(account_of));
                        events.send(Event::Described(described)).await
                    };
                    let _ = tokio::join!(caller, described);
                }
                Err(error) => {
                    let _ = events.send(Event::Connected(Err(error))).await;
                }
            }
        }));
    }

    fn scan(&mut self, id: RequestId, query: Query, sort: Vec<crate::domain::order::SortKey>) {
        self.cancel_any();
        let Some(hub) = self.hub.clone() else { return };
        let (events, counted) = (self.events.clone(), query.clone());
        self.query = Some(query.clone());
        let reader = Arc::clone(&hub.reader);
        self.scan = Some((id, self.reads.spawn(scan(reader, id, query, sort, events))));
        self.read(move |reader| async move { Some(Event::Total(id, reader.total(counted).await)) });
    }

    fn cancel(&mut self, id: RequestId) {
        if self.scan.as_ref().is_some_and(|(running, _)| *running == id) {
            self.cancel_any();
        }
    }

    fn cancel_any(&mut self) {
        self.cancel_explaining();
        if let Some((_, running)) = self.scan.take() {
            running.abort();
        }
    }

    fn survey(&mut self, request: RequestId, what: Survey, rows: Arc<[HeldPage]>) {
        self.cancel_survey(what.kind());
        let (kind, events) = (what.kind(), self.events.clone());
        let running = self.reads.spawn(survey(request, what, rows, clock::ctx().now, events));
        self.surveys.insert(kind, running);
    }

    fn cancel_survey(&mut self, kind: SurveyKind) {
        if let Some(running) = self.surveys.remove(&kind) {
            running.abort();
        }
    }

    /// Counts one after the other: what is asked at once would only wait for the pace, in front of what is asked next.
    fn count(&mut self, request: RequestId, queries: Vec<(ProfileName, Query)>) {
        self.stop_counting();
        let Some(hub) = &self.hub else { return };
        let (reader, events) = (Arc::clone(&hub.reader), self.events.clone());
        self.counting = Some(self.reads.spawn(async move {
            for (name, query) in queries {
                let total = reader.total(query).await;
                if events.send(Event::ProfileCounted(request, name, total)).await.is_err() {
                    return;
                }
            }
        }));
    }

    fn stop_counting(&mut self) {
        if let Some(counting) = self.counting.take() {
            counting.abort();
        }
    }

    /// One call after the other, so that a burst of them does not keep a page waiting.
    fn explain(&mut self, request: RequestId, queries: Vec<Query>) {
        self.cancel_explaining();
        let Some(hub) = &self.hub else { return };
        let (reader, events) = (Arc::clone(&hub.reader), self.events.clone());
        self.explaining = Some(self.reads.spawn(async move {
            let counts = counts(reader.as_ref(), queries).await;
            let _ = events.send(Event::Explained(request, counts)).await;
        }));
    }

    fn cancel_explaining(&mut self) {
        if let Some(running) = self.explaining.take() {
            running.abort();
        }
    }

    /// A read whose answer is an event.
    fn read<F, R>(&mut self, read: F)
    where
        F: FnOnce(Arc<dyn ReadFindings>) -> R + Send + 'static,
        R: Future<Output = Option<Event>> + Send,
    {
        let Some(hub) = &self.hub else { return };
        let (reader, events) = (Arc::clone(&hub.reader), self.events.clone());
        self.reads.spawn(async move {
            if let Some(event) = read(reader).await {
                let _ = events.send(event).await;
            }
        });
    }

    fn reread(&mut self, request: RequestId, identities: Vec<Identity>) {
        let query = self.query.clone();
        self.read(move |reader| async move {
            let result = read_named_of(reader.as_ref(), &identities, query.as_ref(), clock::ctx().now).await;
            Some(Event::Reread { request, asked: identities, result })
        });
    }

    /// Sends in a task of its own that nothing ends but its own end. The application sends nothing before the journal is open.
    fn send(&mut self, send: SendId, origin: Origin, plan: Plan) {
        let (Some(hub), Some(journal)) = (self.hub.clone(), self.keeper.journal()) else { return };
        let (steer, steered) = channel(STEERS);
        let (news, mut came) = channel(NEWS);
        self.steer = Some(steer);
        let (events, gate, connect, slot) =
            (self.events.clone(), self.gate.clone(), Arc::clone(&self.world.connect), self.connected.clone());
        let account = self.account.borrow().clone();
        let again: Connect = Arc::new(move || {
            let (connecting, gate, slot, account) = (connect(), gate.clone(), slot.clone(), account.clone());
            Box::pin(async move {
                let hub = gate.before(connecting.await?);
                if let (Some(expected), Ok(caller)) = (account, hub.reader.caller().await)
                    && caller.account != expected
                {
                    return Err(other_account(&caller.account, &expected));
                }
                slot.send_replace(Some(hub.clone()));
                Ok(hub)
            })
        });
        let sending = driver::Send { send, origin, plan, options: self.world.sending };
        self.sends.spawn(async move {
            let driving = driver::drive(sending, Connections { hub, connect: again }, journal, steered, news);
            let telling = async {
                while let Some(news) = came.recv().await {
                    let event = match news {
                        News::Report(report) => Event::Sending(report),
                        News::Saw(page) => Event::SendSaw(page),
                    };
                    // Where nobody takes events in any more, the send goes on all the same.
                    let _ = events.send(event).await;
                }
            };
            tokio::join!(driving, telling);
        });
    }

    fn steer(&mut self, steer: Steer) {
        // A send that has ended takes nothing in; the application sends what it never saw anew.
        if let Some(sender) = &self.steer {
            let _ = sender.try_send(steer);
        }
    }

    /// Writes a file in a thread of its own that takes its file away where it is told to stop: the end waits for it.
    fn export(&mut self, export: Export) {
        self.stop_export();
        let (stop, events, home) = (Stop::default(), self.events.clone(), self.world.home.clone());
        self.exporting = Some(stop.clone());
        self.saves.spawn_blocking(move || {
            let request = export.request;
            let tell = |covered| {
                // Where the queue is full the next one tells as much.
                let _ = events.try_send(Event::Exporting(request, covered));
            };
            let result = export::write(export, home.as_deref(), &stop, tell);
            let _ = events.blocking_send(Event::Exported(request, result));
        });
    }

    fn stop_export(&mut self) {
        if let Some(stop) = self.exporting.take() {
            stop.stop();
        }
    }

    fn document(&mut self, request: RequestId, archive: Arc<Archive>, slot: usize) {
        let events = self.events.clone();
        self.reads.spawn_blocking(move || {
            let told = archive.document(slot).map_err(|error| error.to_string()).and_then(|raw| tell(&raw));
            let _ = events.blocking_send(Event::Document(request, told));
        });
    }

    /// Whether a send is under way.
    pub fn is_sending(&mut self) -> bool {
        self.tidy();
        !self.sends.is_empty()
    }

    /// Waits until the send under way has ended and the journal is written, and gives the news that came; reads are dropped. Events are
    /// taken in meanwhile: a send must not wait for room in a queue that nobody reads any more.
    pub async fn finish(&mut self, events: &mut Receiver<Event>) -> Vec<Event> {
        self.reads.abort_all();
        self.stop_export();
        self.steer(Steer::Stop);
        let mut news = Vec::new();
        let mut keep = |event: Event| {
            if matches!(event, Event::Sending(..)) {
                news.push(event);
            }
        };
        let ends = async {
            while self.sends.join_next().await.is_some() {}
            while self.saves.join_next().await.is_some() {}
            self.keeper.finish().await;
            self.session.finish().await;
        };
        tokio::pin!(ends);
        loop {
            tokio::select! {
                Some(event) = events.recv() => keep(event),
                () = &mut ends => break,
            }
        }
        while let Ok(event) = events.try_recv() {
            keep(event);
        }
        news
    }
}

fn tell(raw: &str) -> Result<Arc<Told>, String> {
    let document = summary::read_document(raw).ok_or("the document is not readable as JSON; yj copies it as it is")?;
    Ok(Arc::new(Told { summary: summary::summarise(&document), document: summary::pretty(&document) }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::time::Duration;

    use tokio::sync::{Notify, mpsc::channel};

    use super::*;
    use crate::{
        app::effect::Patience,
        domain::{
            batch::{Answer, Batch, Outcome},
            counted::{CountField, Counted},
            patch::{Patch, Values},
            row::RowId,
            status::StatusId,
        },
        hub::{self, HubDescription, Page, PageRequest, UpdateFindings},
        journal::{entry::Entry, hub_key::HubKey},
        runtime::{journal::Journal, keeper},
        send::{engine::ConflictCheck, plan::StagedRow},
    };

    /// A hub whose writes are answered once they are let go.
    #[derive(Debug, Default)]
    struct Fake {
        called: Notify,
        let_go: Notify,
    }

    impl UpdateFindings for Fake {
        fn update(&self, batch: Batch) -> Pending<'_, Answer> {
            Box::pin(async move {
                self.called.notify_one();
                self.let_go.notified().await;
                Ok(Answer { outcomes: vec![Outcome::Processed; batch.identities.len()], request_id: None })
            })
        }
    }

    impl ReadFindings for Fake {
        fn page(&self, _: PageRequest) -> Pending<'_, Page> {
            Box::pin(async { Ok(Page { next: Some("again".into()), ..Page::default() }) })
        }

        fn total(&self, _: Query) -> Pending<'_, u64> {
            Box::pin(async { Ok(0) })
        }

        fn statistics(&self, _: Query, fields: Vec<CountField>) -> Pending<'_, Vec<Counted>> {
            Box::pin(async move { Ok(fields.into_iter().map(Counted::none).collect()) })
        }

        fn describe(&self) -> Pending<'_, HubDescription> {
            Box::pin(async { Ok(HubDescription::default()) })
        }

        fn home_region(&self) -> Pending<'_, Option<String>> {
            Box::pin(async { Ok(None) })
        }

        fn caller(&self) -> Pending<'_, hub::Caller> {
            Box::pin(async { Err(other_account("a", "b")) })
        }
    }

    #[tokio::test]
    async fn a_send_is_waited_for_although_nobody_reads_the_full_queue_any_more() {
        let fake = Arc::new(Fake::default());
        let hub = Hub { reader: fake.clone(), writer: Some(fake.clone()), region: "r".into(), endpoint: None };
        let (sender, mut events) = channel(2);
        let journal = Journal::in_memory();
        let world = World {
            connect: Arc::new(move || Box::pin(std::future::ready(Ok(hub.clone())))),
            open_journal: keeper::in_memory(&journal),
            session_folder: None,
            pace: Pace::UNLIMITED,
            sending: Options { conflict_check: ConflictCheck::Never, ..Options::default() },
            profiles: Arc::default(),
            home: None,
        };
        let mut executor = Executor::new(world, sender.clone());
        executor.perform(Effect::Reconnect);
        executor.perform(Effect::OpenJournal(HubKey::new(None, "r", None), Patience::None));
        // Everything that connecting and opening say, so that only this test fills the queue.
        for _ in 0..4 {
            events.recv().await.unwrap();
        }
        executor.perform(Effect::Scan { scan: RequestId(1), query: Query::Everything, sort: Vec::new() });
        let row = StagedRow {
            row: RowId(0),
            identity: Identity::MetadataUid("u".into()),
            now: Values::default(),
            patch: Patch::status(StatusId::SUPPRESSED),
        };
        executor.perform(Effect::Send { send: SendId(7), origin: Origin::Review, plan: Plan::of([row]) });
        fake.called.notified().await;
        while sender.try_send(Event::Tick).is_ok() {}
        fake.let_go.notify_one();
        let news = tokio::time::timeout(Duration::from_mins(1), executor.finish(&mut events)).await.unwrap();
        assert!(matches!(news.last(), Some(Event::Sending(report)) if report.progress.processed == 1), "{news:?}");
        assert!(!executor.is_sending());
        assert!(journal.entries().iter().any(|entry| matches!(entry, Entry::Answered { .. })), "and what came of it is in the journal");
    }
}
