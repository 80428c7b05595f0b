//! Carries out effects: each becomes a task whose end is an event.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio::{
    sync::mpsc::{Receiver, Sender},
    task::{AbortHandle, JoinSet},
};

use crate::{
    app::{
        effect::Effect,
        event::{Caller, Connection, Event, RequestId, Told},
    },
    domain::{
        batch::Batch,
        failure::{CallError, CallFailure, WRITE},
        identity::Identity,
        query::Query,
        summary, text,
    },
    findings::archive::Archive,
    hub::{Hub, Pending, ReadFindings},
    send::{pace::Pace, run::CallNumber},
};

use super::{clipboard, named::read_named, paced::paced, scan::scan};

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
}

/// The tasks under way.
pub struct Executor {
    connect: Connect,
    pace: Pace,
    hub: Option<Hub>,
    events: Sender<Event>,
    scan: Option<(RequestId, AbortHandle)>,
    reads: JoinSet<()>,
    writes: JoinSet<()>,
    connecting: Option<AbortHandle>,
    connected: tokio::sync::watch::Sender<Option<Hub>>,
}

impl Executor {
    /// Nothing is under way yet.
    pub fn new(connect: Connect, pace: Pace, events: Sender<Event>) -> Self {
        let (connected, _) = tokio::sync::watch::channel(None);
        Self { connect, pace, hub: None, events, scan: None, reads: JoinSet::new(), writes: JoinSet::new(), connecting: None, connected }
    }

    /// Begins an effect, or gives it back where the loop has to do it.
    pub fn perform(&mut self, effect: Effect) -> Option<Own> {
        self.tidy();
        match effect {
            Effect::Edit(text) => return Some(Own::Edit(text)),
            Effect::Suspend => return Some(Own::Suspend),
            Effect::Redraw => return Some(Own::Redraw),
            Effect::Quit => return Some(Own::Quit),
            Effect::Reconnect => self.reconnect(),
            Effect::Scan { scan: id, query, sort } => self.scan(id, query, sort),
            Effect::CancelScan(id) => self.cancel(id),
            Effect::Reread { request, identities } => self.reread(request, identities),
            Effect::Send(number, batch) => self.send(number, batch),
            Effect::HomeRegion => self.read(|reader| async move { Some(Event::HomeRegion(reader.home_region().await.ok().flatten())) }),
            Effect::Document(request, archive, slot) => self.document(request, archive, slot),
            Effect::Copy { label, text } => self.tell(Event::Copied(clipboard::copy(label, &text))),
            Effect::CopyDocument(archive, slot) => {
                let copied = archive
                    .document(slot)
                    .map_err(|error| error.to_string())
                    .and_then(|document| clipboard::copy("the JSON document", &text::clean(&document)));
                self.tell(Event::Copied(copied));
            }
        }
        None
    }

    /// An event that is known at once. The queue is long enough for those; should it ever be full, the event is a notice that is lost.
    fn tell(&self, event: Event) {
        let _ = self.events.try_send(event);
    }

    fn tidy(&mut self) {
        while self.reads.try_join_next().is_some() {}
        while self.writes.try_join_next().is_some() {}
        let hub = self.connected.borrow().clone();
        if hub.is_some() {
            self.hub = hub;
        }
    }

    fn reconnect(&mut self) {
        if let Some(connecting) = self.connecting.take() {
            connecting.abort();
        }
        let (connect, events, pace, slot) = (Arc::clone(&self.connect), self.events.clone(), self.pace, self.connected.clone());
        self.connecting = Some(self.reads.spawn(async move {
            let result = connect().await.map(|hub| {
                let hub = paced(&hub, pace);
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
        if let Some((_, running)) = self.scan.take() {
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
        self.read(move |reader| async move {
            let result = read_named(reader.as_ref(), &identities).await;
            Some(Event::Reread { request, asked: identities, result })
        });
    }

    fn send(&mut self, number: CallNumber, batch: Batch) {
        let events = self.events.clone();
        let writer = self.hub.as_ref().and_then(|hub| hub.writer.clone());
        self.writes.spawn(async move {
            let answer = match writer {
                Some(writer) => AssertUnwindSafe(writer.update(batch)).catch_unwind().await.unwrap_or_else(|_| Err(lost())),
                None => Err(read_only()),
            };
            let _ = events.send(Event::Sent(number, answer)).await;
        });
    }

    fn document(&mut self, request: RequestId, archive: Arc<Archive>, slot: usize) {
        let events = self.events.clone();
        self.reads.spawn_blocking(move || {
            let told = archive.document(slot).map_err(|error| error.to_string()).and_then(|raw| tell(&raw));
            let _ = events.blocking_send(Event::Document(request, told));
        });
    }

    /// Whether a write is under way.
    pub fn is_writing(&mut self) -> bool {
        self.tidy();
        !self.writes.is_empty()
    }

    /// Waits until no write is under way and gives the answers that came; reads are dropped. Events are taken in meanwhile: a write must
    /// not wait for room in a queue that nobody reads any more.
    pub async fn finish(&mut self, events: &mut Receiver<Event>) -> Vec<Event> {
        self.reads.abort_all();
        let mut answers = Vec::new();
        let mut keep = |event: Event| {
            if matches!(event, Event::Sent(..)) {
                answers.push(event);
            }
        };
        loop {
            tokio::select! {
                Some(event) = events.recv() => keep(event),
                written = self.writes.join_next() => if written.is_none() { break },
            }
        }
        while let Ok(event) = events.try_recv() {
            keep(event);
        }
        answers
    }
}

fn tell(raw: &str) -> Result<Arc<Told>, String> {
    let document = summary::read_document(raw).ok_or("the document is not readable as JSON; yj copies it as it is")?;
    Ok(Arc::new(Told { summary: summary::summarise(&document), document: summary::pretty(&document) }))
}

/// The account of an ARN: its fifth part.
fn account_of(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
}

fn lost() -> CallError {
    CallError {
        failure: CallFailure::BadAnswer,
        operation: WRITE,
        code: None,
        message: "hubtriage failed while it waited for the answer; the log file has the details".to_owned(),
        request_id: None,
    }
}

fn read_only() -> CallError {
    CallError {
        failure: CallFailure::AccessDenied,
        operation: WRITE,
        code: None,
        message: "this session is read-only: no call was made".to_owned(),
        request_id: None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::time::Duration;

    use tokio::sync::{Notify, mpsc::channel};

    use super::*;
    use crate::{
        domain::{batch::Answer, patch::Patch, status::StatusId},
        hub::{self, HubDescription, Page, PageRequest, UpdateFindings},
    };

    /// A hub whose writes are answered once they are let go.
    #[derive(Debug, Default)]
    struct Fake {
        let_go: Notify,
    }

    impl UpdateFindings for Fake {
        fn update(&self, _: Batch) -> Pending<'_, Answer> {
            Box::pin(async {
                self.let_go.notified().await;
                Ok(Answer { outcomes: Vec::new(), request_id: None })
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

        fn describe(&self) -> Pending<'_, HubDescription> {
            Box::pin(async { Ok(HubDescription::default()) })
        }

        fn home_region(&self) -> Pending<'_, Option<String>> {
            Box::pin(async { Ok(None) })
        }

        fn caller(&self) -> Pending<'_, hub::Caller> {
            Box::pin(async { Err(lost()) })
        }
    }

    #[tokio::test]
    async fn a_write_is_waited_for_although_nobody_reads_the_full_queue_any_more() {
        let fake = Arc::new(Fake::default());
        let hub = Hub { reader: fake.clone(), writer: Some(fake.clone()), region: "r".into(), endpoint: None };
        let (sender, mut events) = channel(2);
        let mut executor = Executor::new(Arc::new(move || Box::pin(std::future::ready(Ok(hub.clone())))), Pace::UNLIMITED, sender.clone());
        executor.perform(Effect::Reconnect);
        // Everything that connecting says, so that only this test fills the queue.
        for _ in 0..3 {
            events.recv().await.unwrap();
        }
        executor.perform(Effect::Scan { scan: RequestId(1), query: Query::Everything, sort: Vec::new() });
        let batch = Batch { identities: vec![Identity::MetadataUid("u".into())], patch: Patch::status(StatusId::SUPPRESSED) };
        executor.perform(Effect::Send(CallNumber(7), batch));
        while sender.try_send(Event::Tick).is_ok() {}
        fake.let_go.notify_one();
        let finished = tokio::time::timeout(Duration::from_mins(1), executor.finish(&mut events)).await;
        let answers = finished.unwrap();
        assert!(matches!(answers.as_slice(), [Event::Sent(CallNumber(7), Ok(_))]), "{answers:?}");
        assert!(!executor.is_writing());
    }
}
