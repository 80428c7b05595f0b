//! Carries out a send: one task that owns the engine, makes its calls, and puts everything into the journal in the right order.
//!
//! Owns the order of intent, call and outcome. Decides nothing about rows: that is the engine's. A write under way is never aborted: not
//! by a stop, not by dropping the driver.

use std::{collections::VecDeque, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio::{
    sync::mpsc::{Receiver, Sender},
    task::JoinSet,
    time::Instant,
};

use crate::{
    domain::{
        batch::{Answer, Batch},
        failure::{CallError, CallFailure, WRITE},
        identity::Identity,
        patch::Values,
    },
    findings::archive::SealedPage,
    hub::{Hub, ReadFindings, UpdateFindings},
    journal::entry::{self, Entry, KnownRow, Origin, SendId},
    send::{
        engine::{Engine, Options},
        plan::Plan,
        report::{RowResult, SendReport, Steer},
        step::{CallNumber, Fact, ReadNumber, Seen, Settlement, Step},
    },
};

use super::{
    executor::Connect,
    journal::{Journal, JournalError},
    named::read_named,
    rehearsal::{Window, reach},
};

/// What is to be sent.
#[derive(Debug, Clone)]
pub struct Send {
    /// Its name in the journal.
    pub send: SendId,
    /// What it comes from.
    pub origin: Origin,
    /// The rows and what is set on them.
    pub plan: Plan,
    /// How it goes.
    pub options: Options,
}

/// The hub of a send.
#[derive(Clone)]
pub struct Connections {
    /// Its reader may keep to a pace; its writer must not: the engine paces writes.
    pub hub: Hub,
    /// Makes the same anew, with the credential chain read again.
    pub connect: Connect,
}

/// What a driver tells.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// How far it is, and what came of which rows.
    Report(SendReport),
    /// What a read before or during the send brought.
    Saw(SealedPage),
}

/// Sends until every row has its result and no call is under way, then returns. Whoever wants no news drops the receiver; whoever has
/// nothing to say may drop the sender: neither stops the send. It takes no more rows once it has closed `steer`.
///
/// Dropping this future makes no further call; writes that are under way go on by themselves and still write their outcome to the
/// journal.
pub async fn drive(send: Send, hub: Connections, journal: Journal, steer: Receiver<Steer>, news: Sender<News>) {
    let Send { send, origin, plan, options } = send;
    let rows = plan.row_count();
    let mut driver = Driver {
        engine: Engine::new(&plan, options),
        send,
        hub,
        journal,
        began: Instant::now(),
        writes: Writes::default(),
        reads: JoinSet::new(),
        outbox: VecDeque::new(),
        unsent: 0,
    };
    let began = driver.journal.append(vec![Entry::SendBegan { send, origin, rows }]).await;
    driver.must_be_written(began);
    driver.run(steer, news).await;
}

struct Driver {
    engine: Engine,
    send: SendId,
    hub: Connections,
    journal: Journal,
    began: Instant,
    writes: Writes,
    reads: JoinSet<Read>,
    outbox: VecDeque<News>,
    unsent: usize,
}

/// Writes under way. They outlive the driver.
#[derive(Default)]
struct Writes {
    tasks: JoinSet<Written>,
    numbers: std::collections::HashMap<tokio::task::Id, CallNumber>,
}

impl Drop for Writes {
    fn drop(&mut self) {
        self.tasks.detach_all();
    }
}

/// How a write came to its end.
enum Written {
    /// Its intent is not on disk: there was no call.
    Withdrawn(CallNumber, JournalError),
    /// It was made; and whether the journal has what came of it.
    Made(CallNumber, Result<Answer, CallError>, Result<(), JournalError>),
}

/// How a read came to its end.
enum Read {
    Findings(ReadNumber, Result<SealedPage, CallError>),
    Described(Result<(), CallError>),
    Reconnected(Result<Hub, CallError>, Result<(), CallError>),
}

impl Driver {
    async fn run(&mut self, mut steer: Receiver<Steer>, news: Sender<News>) {
        let mut is_steered = true;
        let mut is_heard = true;
        loop {
            while let Some(step) = self.engine.next(self.now()) {
                self.take(step);
            }
            self.settle().await;
            if self.engine.is_over() {
                steer.close();
                while let Ok(told) = steer.try_recv() {
                    self.hear(Fact::Steered(told));
                }
                if self.engine.is_over() {
                    break;
                }
            }
            self.gather();
            let wake = self.engine.wake().map(|at| self.began + at);
            tokio::select! {
                Some(written) = self.writes.next(), if !self.writes.tasks.is_empty() => self.written(written),
                Some(read) = self.reads.join_next(), if !self.reads.is_empty() => if let Ok(read) = read { self.read(read) },
                told = steer.recv(), if is_steered => match told {
                    Some(told) => self.hear(Fact::Steered(told)),
                    None => is_steered = false,
                },
                room = news.reserve(), if is_heard && !self.outbox.is_empty() => match room {
                    Ok(room) => if let Some(news) = self.outbox.pop_front() { room.send(news) },
                    Err(_) => is_heard = false,
                },
                () = tokio::time::sleep_until(wake.unwrap_or(self.began)), if wake.is_some() => {}
            }
            if !is_heard {
                self.outbox.clear();
            }
        }
        self.gather();
        // The end may be lost: then the next start reads again what it knows already.
        let _ = self.journal.append(vec![Entry::SendEnded { send: self.send, unsent: self.unsent }]).await;
        while let Some(last) = self.outbox.pop_front() {
            if news.send(last).await.is_err() {
                break;
            }
        }
    }

    fn now(&self) -> std::time::Duration {
        self.began.elapsed()
    }

    fn hear(&mut self, fact: Fact) {
        let now = self.now();
        self.engine.hear(fact, now);
    }

    fn must_be_written(&mut self, written: Result<(), JournalError>) {
        if let Err(JournalError(words)) = written {
            self.hear(Fact::Unwritable(words));
        }
    }

    /// Takes the engine's report along; reports that nobody fetched yet become one.
    fn gather(&mut self) {
        let Some(report) = self.engine.report() else { return };
        self.unsent += report.rows.iter().filter(|row| row.result == RowResult::Unsent).count();
        match self.outbox.back_mut() {
            Some(News::Report(last)) => {
                last.rows.extend(report.rows);
                last.progress = report.progress;
                last.activity = report.activity;
            }
            _ => self.outbox.push_back(News::Report(report)),
        }
    }

    async fn settle(&mut self) {
        let send = self.send;
        let entries: Vec<Entry> = self.engine.settlements().into_iter().map(|settled| settled_entry(send, settled)).collect();
        if !entries.is_empty() {
            let noted = self.journal.note(entries).await;
            self.must_be_written(noted);
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Write { call, batch, before } => {
                let intent = Intent { send: self.send, call, batch, before };
                self.writes.spawn(call, write(intent, self.hub.hub.writer.clone(), self.journal.clone()));
            }
            Step::Read { read, identities } => {
                let reader = Arc::clone(&self.hub.hub.reader);
                self.reads.spawn(async move {
                    let found = AssertUnwindSafe(read_named(reader.as_ref(), &identities)).catch_unwind().await;
                    Read::Findings(read, found.unwrap_or_else(|_| Err(lost("GetFindingsV2"))))
                });
            }
            Step::Describe => {
                let reader = Arc::clone(&self.hub.hub.reader);
                self.reads.spawn(async move { Read::Described(describe(reader.as_ref()).await) });
            }
            Step::Reconnect => {
                let connect = Arc::clone(&self.hub.connect);
                self.reads.spawn(async move {
                    match AssertUnwindSafe(async { connect().await }).catch_unwind().await.unwrap_or_else(|_| Err(lost("connect"))) {
                        Ok(hub) => {
                            let described = describe(hub.reader.as_ref()).await;
                            Read::Reconnected(Ok(hub), described)
                        }
                        Err(error) => Read::Reconnected(Err(error.clone()), Err(error)),
                    }
                });
            }
        }
    }

    fn written(&mut self, written: Written) {
        match written {
            Written::Withdrawn(call, JournalError(words)) => self.hear(Fact::Withdrawn(call, words)),
            Written::Made(call, answer, noted) => {
                self.hear(Fact::Written(call, answer));
                self.must_be_written(noted);
            }
        }
    }

    fn read(&mut self, read: Read) {
        match read {
            Read::Findings(number, Ok(page)) => {
                self.hear(Fact::Read(
                    number,
                    Ok(page.findings.iter().map(|finding| (finding.identity.clone(), finding.values())).collect()),
                ));
                self.outbox.push_back(News::Saw(page));
            }
            Read::Findings(number, Err(error)) => self.hear(Fact::Read(number, Err(error))),
            Read::Described(described) => self.hear(Fact::Described(described)),
            Read::Reconnected(hub, described) => {
                if let Ok(hub) = hub {
                    self.hub.hub = hub;
                }
                self.hear(Fact::Reconnected(described));
            }
        }
    }
}

impl Writes {
    fn spawn(&mut self, call: CallNumber, write: impl Future<Output = Written> + std::marker::Send + 'static) {
        self.numbers.insert(self.tasks.spawn(write).id(), call);
    }

    async fn next(&mut self) -> Option<Written> {
        match self.tasks.join_next_with_id().await? {
            Ok((id, written)) => {
                self.numbers.remove(&id);
                Some(written)
            }
            // The call itself cannot panic out of its task; whatever did, it may have been made.
            Err(failed) => self.numbers.remove(&failed.id()).map(|call| Written::Made(call, Err(lost(WRITE)), Ok(()))),
        }
    }
}

/// A call about to be made.
struct Intent {
    send: SendId,
    call: CallNumber,
    batch: Batch,
    before: Vec<Values>,
}

impl Intent {
    fn entry(&self) -> Entry {
        let identities = self.batch.identities.iter().cloned();
        let rows = identities.zip(&self.before).map(|(identity, values)| KnownRow { identity, values: values.clone() }).collect();
        Entry::Intent { send: self.send, call: entry::CallNumber(self.call.0), patch: self.batch.patch.clone(), rows }
    }

    fn outcome(&self, answer: &Result<Answer, CallError>) -> Entry {
        let (send, call) = (self.send, entry::CallNumber(self.call.0));
        match answer {
            Ok(answer) => Entry::Answered { send, call, request_id: answer.request_id.clone(), outcomes: answer.outcomes.clone() },
            Err(error) => Entry::Failed {
                send,
                call,
                failure: error.failure,
                code: error.code.clone(),
                message: error.message.clone(),
                request_id: error.request_id.clone(),
            },
        }
    }
}

/// Intent, call, outcome; a task of its own, so that it comes to its end whatever becomes of the driver.
async fn write(intent: Intent, writer: Option<Arc<dyn UpdateFindings>>, journal: Journal) -> Written {
    let call = intent.call;
    // A read-only session has nothing to write with: no intent either, for there is nothing to be found out later.
    let Some(writer) = writer else { return Written::Made(call, Err(read_only()), Ok(())) };
    if let Err(error) = journal.append(vec![intent.entry()]).await {
        return Written::Withdrawn(call, error);
    }
    reach(Window::Intended);
    let batch = intent.batch.clone();
    let answer = AssertUnwindSafe(async { writer.update(batch).await }).catch_unwind().await.unwrap_or_else(|_| Err(lost(WRITE)));
    reach(Window::Answered);
    let noted = journal.note(vec![intent.outcome(&answer)]).await;
    reach(Window::Between);
    Written::Made(call, answer, noted)
}

async fn describe(reader: &dyn ReadFindings) -> Result<(), CallError> {
    let described = AssertUnwindSafe(async { reader.describe().await }).catch_unwind().await;
    described.unwrap_or_else(|_| Err(lost("DescribeSecurityHubV2"))).map(|_| ())
}

fn settled_entry(send: SendId, settled: Settlement) -> Entry {
    let seen = |seen| match seen {
        Seen::Processed => entry::Seen::Processed,
        Seen::NotProcessed => entry::Seen::NotProcessed,
        Seen::Missing => entry::Seen::Missing,
    };
    let rows: Vec<(Identity, entry::Seen)> = settled.rows.into_iter().map(|(identity, was)| (identity, seen(was))).collect();
    Entry::Settled { send, patch: settled.patch, rows }
}

fn lost(operation: &'static str) -> CallError {
    CallError {
        failure: CallFailure::BadAnswer,
        operation,
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
