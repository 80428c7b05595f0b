//! The session's journal: opened once its hub is known, then written in the order things were decided.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::{
    sync::{
        mpsc::{Sender, UnboundedSender, unbounded_channel},
        watch,
    },
    task::JoinSet,
};

use crate::{
    app::{
        effect::Patience,
        event::{Event, JournalEvent, Ticket},
    },
    journal::{
        entry::{Entry, Who},
        hub_key::HubKey,
        ledger::Ledger,
    },
    storage::journal::{error::OpenError, folder::Folder},
};

use super::{
    journal::Journal,
    rehearsal::{self, Window},
};

/// A journal that was opened.
#[derive(Debug)]
pub struct Opened {
    /// To write to.
    pub journal: Journal,
    /// What it holds.
    pub ledger: Arc<Ledger>,
    /// What had to be mended, in sentences.
    pub mended: Vec<String>,
}

/// Why there is no journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOpened {
    /// Another session has it: who, in a few words.
    Busy(String),
    /// In a sentence that says what to do.
    Unusable(String),
}

/// A journal being opened.
pub type Opening = Pin<Box<dyn Future<Output = Result<Opened, NotOpened>> + Send>>;

/// How the journal of a hub is opened: where it is, and who writes to it, is decided outside.
pub type OpenJournal = Arc<dyn Fn(HubKey, Patience) -> Opening + Send + Sync>;

/// Journals that are kept in memory only, all of them one: for tests.
pub fn in_memory(journal: &Journal) -> OpenJournal {
    let journal = journal.clone();
    Arc::new(move |_, _| {
        let journal = journal.clone();
        Box::pin(std::future::ready(Ok(Opened { journal, ledger: Arc::default(), mended: Vec::new() })))
    })
}

/// Where there is nowhere to keep a journal, and why. Nothing is sent then.
pub fn unusable(why: String) -> OpenJournal {
    Arc::new(move |_, _| Box::pin(std::future::ready(Err(NotOpened::Unusable(why.clone())))))
}

/// How often it is looked whether another session has gone.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Journals in files of this folder, one for each hub; each goes on in a new file after `limit` bytes.
pub fn in_files(folder: Folder, who: Who, limit: u64) -> OpenJournal {
    Arc::new(move |key, patience| {
        let (folder, who) = (folder.clone(), who.clone());
        Box::pin(async move {
            loop {
                match Journal::open(folder.clone(), &key, who.clone(), limit).await {
                    Ok(opened) => {
                        let mended = opened.mended.iter().map(ToString::to_string).collect();
                        return Ok(Opened { journal: opened.journal, ledger: Arc::new(opened.ledger), mended });
                    }
                    Err(OpenError::Busy { .. }) if patience == Patience::Waits => tokio::time::sleep(LOOK_AGAIN).await,
                    Err(OpenError::Busy { holder }) => return Err(NotOpened::Busy(holder.to_string())),
                    Err(error) => return Err(NotOpened::Unusable(error.to_string())),
                }
            }
        })
    })
}

/// Keeps the journal.
#[derive(Debug)]
pub struct Keeper {
    entries: UnboundedSender<(Ticket, Vec<Entry>)>,
    journal: watch::Receiver<Option<Journal>>,
    opened: Arc<watch::Sender<Option<Journal>>>,
    events: Sender<Event>,
    /// Who is acting, once STS has told.
    acting: watch::Sender<Option<String>>,
    /// The writer: it has to get through.
    writer: JoinSet<()>,
    /// What may be given up: opening, reading.
    others: JoinSet<()>,
}

impl Keeper {
    /// Nothing is open yet.
    pub fn new(events: Sender<Event>) -> Self {
        let (opened, journal) = watch::channel(None);
        let (entries, waiting) = unbounded_channel();
        let acting = watch::Sender::new(None);
        let mut others = JoinSet::new();
        others.spawn(tell_who(acting.subscribe(), journal.clone()));
        let mut writer = JoinSet::new();
        writer.spawn(write(waiting, journal.clone(), events.clone()));
        Self { entries, journal, opened: Arc::new(opened), events, acting, writer, others }
    }

    /// The journal, once it is open.
    pub fn journal(&self) -> Option<Journal> {
        self.journal.borrow().clone()
    }

    /// Where to say who is acting.
    pub fn acting(&self) -> watch::Sender<Option<String>> {
        self.acting.clone()
    }

    /// Opens the journal of a hub; what comes of it is an event.
    pub fn open(&mut self, opening: Opening) {
        let (opened, events) = (Arc::clone(&self.opened), self.events.clone());
        self.others.spawn(async move {
            let event = match opening.await {
                Ok(Opened { journal, ledger, mended }) => {
                    opened.send_replace(Some(journal));
                    JournalEvent::Opened(ledger, mended)
                }
                Err(NotOpened::Busy(holder)) => JournalEvent::Busy(holder),
                Err(NotOpened::Unusable(why)) => JournalEvent::Unusable(why),
            };
            let _ = events.send(Event::Journal(event)).await;
        });
    }

    /// Puts entries on disk, behind those that wait; the answer is an event.
    pub fn write(&self, ticket: Ticket, entries: Vec<Entry>) {
        // The writer ends only with the keeper.
        let _ = self.entries.send((ticket, entries));
    }

    /// Reads everything the journal remembers; the answer is an event.
    pub fn tell_history(&mut self) {
        let Some(journal) = self.journal() else { return };
        let events = self.events.clone();
        self.others.spawn(async move {
            let history = journal.history().await.map(Arc::new).map_err(|error| error.to_string());
            let _ = events.send(Event::Journal(JournalEvent::History(history))).await;
        });
    }

    /// Waits until everything that was to be written is, and gives the file back: another session of this program may come back to it. What
    /// could not be written is in the log. Nothing is written afterwards.
    pub async fn finish(&mut self) {
        self.others.shutdown().await;
        // The writer ends when no entries can come any more, or no journal.
        let (entries, _) = unbounded_channel();
        self.entries = entries;
        self.opened = Arc::new(watch::channel(None).0);
        while self.writer.join_next().await.is_some() {}
        if let Some(journal) = self.journal()
            && let Err(error) = journal.close().await
        {
            tracing::error!(%error, "the end of the journal is not on disk");
        }
    }
}

/// Tells the journal who is acting, as soon as both are there, and again where it changes.
async fn tell_who(mut acting: watch::Receiver<Option<String>>, mut journal: watch::Receiver<Option<Journal>>) {
    let Ok(open) = journal.wait_for(Option::is_some).await.map(|open| open.clone()) else { return };
    loop {
        let arn = acting.borrow_and_update().clone();
        if let (Some(journal), Some(arn)) = (&open, arn) {
            journal.acting(&arn).await;
        }
        if acting.changed().await.is_err() {
            return;
        }
    }
}

async fn write(
    mut waiting: tokio::sync::mpsc::UnboundedReceiver<(Ticket, Vec<Entry>)>,
    mut journal: watch::Receiver<Option<Journal>>,
    events: Sender<Event>,
) {
    while let Some((ticket, entries)) = waiting.recv().await {
        let Ok(open) = journal.wait_for(Option::is_some).await.map(|open| open.clone()) else { return };
        let Some(open) = open else { return };
        rehearsal::reach(Window::Staged);
        let written = open.append(entries).await.map_err(|error| error.to_string());
        rehearsal::reach(Window::Journaled);
        if let Err(error) = &written {
            tracing::error!(%error, "the journal cannot be written");
        }
        // At the end of the session nobody takes events in any more; the entries count all the same.
        let _ = events.send(Event::Journal(JournalEvent::Written(ticket, written))).await;
    }
}
