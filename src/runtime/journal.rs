//! The journal of the hub that is being worked on, as the rest of the program writes to it.
//!
//! A thread of its own has the file. Whatever waits is written together, with one sync for all of it.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tokio::{
    sync::{
        mpsc::{Receiver, Sender, channel},
        oneshot,
    },
    task::spawn_blocking,
};

use super::{
    clock,
    rehearsal::{self, Window},
};
use crate::{
    domain::text,
    journal::{
        entry::{Entry, Seq, Stamped, Who},
        hub_key::HubKey,
        ledger::Ledger,
    },
    storage::{
        environment::Environment,
        journal::{
            appender::{Durability, Unit},
            error::OpenError,
            file::{JournalFile, Mended},
            folder::{Folder, HubName},
            reading,
        },
    },
};

/// Requests that may wait for the thread; whoever has another one waits with it.
const QUEUE: usize = 256;
/// Most characters that are kept of what the environment says of somebody.
const MAX_NAME: usize = 128;

/// Why an entry is not on disk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JournalError(pub String);

/// A journal that was opened.
#[derive(Debug)]
pub struct Opened {
    /// To write to.
    pub journal: Journal,
    /// What it holds: everything unfinished, and what was done since the last rotation.
    pub ledger: Ledger,
    /// What had to be mended.
    pub mended: Vec<Mended>,
}

/// Writes entries in the order they come. Cheap to clone. The file is given back when the last clone is gone, or with [`Self::close`].
#[derive(Debug, Clone)]
pub struct Journal(Kept);

#[derive(Debug, Clone)]
enum Kept {
    InMemory(Arc<Mutex<Vec<Entry>>>),
    InFile { requests: Sender<Request>, folder: Folder, name: HubName },
}

impl Default for Journal {
    fn default() -> Self {
        Self::in_memory()
    }
}

/// What the thread is asked for.
#[derive(Debug)]
enum Request {
    /// To write.
    Write(Unit, oneshot::Sender<Result<(), JournalError>>),
    /// To say from now on that this caller is at work.
    Acting(String),
    /// To put everything on disk and give the file back.
    Close(oneshot::Sender<Result<(), JournalError>>),
}

/// Who is at work, as far as the environment tells. Nothing else of the environment is ever written to a journal.
pub fn who(environment: &Environment) -> Who {
    let clean = |value: &std::ffi::OsStr| text::clean(&value.to_string_lossy()).chars().take(MAX_NAME).collect::<String>();
    let user = ["USER", "LOGNAME"].into_iter().find_map(|name| environment.variable(name)).map(clean);
    // "client address, client port, server address, server port".
    let address = environment
        .variable("SSH_CONNECTION")
        .and_then(|connection| connection.to_str()?.split_whitespace().next()?.split('%').next()?.parse::<IpAddr>().ok())
        .map(|address| address.to_string());
    Who { arn: None, user, address, process: std::process::id(), release: env!("CARGO_PKG_VERSION").to_owned() }
}

impl Journal {
    /// One that is kept in memory only.
    pub fn in_memory() -> Self {
        Self(Kept::InMemory(Arc::default()))
    }

    /// Opens the journal of a hub, with its file locked, mended and read. It goes on in a new file whenever `limit` bytes have come to it
    /// and no send is under way.
    pub async fn open(folder: Folder, key: &HubKey, who: Who, limit: u64) -> Result<Opened, OpenError> {
        let name = HubName::of(key);
        let (place, hub, caller) = (folder.clone(), name.clone(), who.clone());
        let opening = spawn_blocking(move || {
            JournalFile::open(&place, &hub, &caller, clock::ctx().now, limit, Box::new(|_| rehearsal::reach(Window::Rotating)))
        });
        let failed = |error: std::io::Error| OpenError::Folder { folder: folder.path().to_owned(), source: error };
        let opened = opening.await.map_err(|error| failed(std::io::Error::other(error)))??;
        let journal = Self::over(opened.file, folder.clone(), name, who).map_err(failed)?;
        Ok(Opened { journal, ledger: opened.ledger, mended: opened.mended })
    }

    /// Starts the thread.
    fn over(file: JournalFile, folder: Folder, name: HubName, who: Who) -> std::io::Result<Self> {
        let (requests, waiting) = channel(QUEUE);
        thread::Builder::new().name("journal".to_owned()).spawn(move || keep(file, waiting, who))?;
        Ok(Self(Kept::InFile { requests, folder, name }))
    }

    /// Appends entries as one unit; they are on disk (fsync) when it returns. After an error none of them is, nor will be.
    pub async fn append(&self, entries: Vec<Entry>) -> Result<(), JournalError> {
        self.write(entries, Durability::Now).await
    }

    /// Appends entries that may be found out again: they are on disk with the next [`Self::append`] at the latest. After an error they are
    /// kept, and written with the next that can be; noting them again would write them twice.
    pub async fn note(&self, entries: Vec<Entry>) -> Result<(), JournalError> {
        self.write(entries, Durability::Later).await
    }

    async fn write(&self, entries: Vec<Entry>, durability: Durability) -> Result<(), JournalError> {
        match &self.0 {
            Kept::InMemory(kept) => {
                kept.lock().unwrap_or_else(PoisonError::into_inner).extend(entries);
                Ok(())
            }
            Kept::InFile { requests, .. } => {
                let unit = Unit { entries, at: clock::ctx().now, durability };
                ask(requests, |answer| Request::Write(unit, answer)).await
            }
        }
    }

    /// Who the service says is at work. Written before the next entry.
    pub async fn acting(&self, arn: &str) {
        match &self.0 {
            Kept::InMemory(kept) => {
                let who = Who { arn: Some(arn.to_owned()), ..Who::default() };
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(Entry::Session(who));
            }
            // Where the thread has ended, there is nothing that it could be written before.
            Kept::InFile { requests, .. } => drop(requests.send(Request::Acting(arn.to_owned())).await),
        }
    }

    /// Puts everything that was noted on disk.
    pub async fn flush(&self) -> Result<(), JournalError> {
        self.append(Vec::new()).await
    }

    /// Puts everything on disk and gives the file back, so that it can be opened again. Nothing can be written afterwards, by no clone.
    pub async fn close(self) -> Result<(), JournalError> {
        match &self.0 {
            Kept::InMemory(_) => Ok(()),
            Kept::InFile { requests, .. } => ask(requests, Request::Close).await,
        }
    }

    /// Everything it remembers, former files too.
    pub async fn history(&self) -> Result<Ledger, JournalError> {
        let mut ledger = Ledger::default();
        match &self.0 {
            Kept::InMemory(_) => {
                let at = clock::ctx().now;
                for (entry, seq) in self.entries().into_iter().zip(1..) {
                    ledger.apply(Stamped { seq: Seq(seq), at, entry });
                }
                Ok(ledger)
            }
            Kept::InFile { folder, name, .. } => {
                let (folder, name) = (folder.clone(), name.clone());
                let reading = spawn_blocking(move || {
                    reading::read_all(&folder, &name, |stamped| ledger.apply(stamped)).map(|_| ledger).map_err(|error| error.to_string())
                });
                reading.await.map_err(|error| error.to_string()).flatten().map_err(JournalError)
            }
        }
    }

    /// What was appended to a journal in memory.
    pub fn entries(&self) -> Vec<Entry> {
        match &self.0 {
            Kept::InMemory(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Kept::InFile { .. } => Vec::new(),
        }
    }
}

async fn ask(
    requests: &Sender<Request>,
    request: impl FnOnce(oneshot::Sender<Result<(), JournalError>>) -> Request,
) -> Result<(), JournalError> {
    let closed = || JournalError("the journal was closed; quit and start again".to_owned());
    let (answer, answered) = oneshot::channel();
    if requests.send(request(answer)).await.is_err() {
        return Err(closed());
    }
    answered.await.unwrap_or_else(|_| Err(closed()))
}

/// The thread: writes what waits, all of it at once, until nobody can ask any more.
fn keep(mut file: JournalFile, mut requests: Receiver<Request>, mut who: Who) {
    // A session that decides nothing leaves no trace: it is told of before the first entry.
    let mut is_untold = true;
    while let Some(first) = requests.blocking_recv() {
        let mut units = Vec::new();
        let mut waiting = Vec::new();
        let mut closing = None;
        let mut next = Some(first);
        while let Some(request) = next {
            match request {
                Request::Write(unit, answer) => {
                    if is_untold && !unit.entries.is_empty() {
                        units.push(Unit { entries: vec![Entry::Session(who.clone())], at: unit.at, durability: Durability::Later });
                        is_untold = false;
                    }
                    units.push(unit);
                    waiting.push(answer);
                }
                Request::Acting(arn) => {
                    is_untold |= who.arn.as_ref() != Some(&arn);
                    who.arn = Some(arn);
                }
                Request::Close(answer) => closing = Some(answer),
            }
            next = if closing.is_none() && waiting.len() < QUEUE { requests.try_recv().ok() } else { None };
        }
        if !waiting.is_empty() {
            let written = file.write(units, clock::ctx().now).map_err(|error| JournalError(error.to_string()));
            for answer in waiting {
                // Whoever does not wait any more does not want to know.
                let _ = answer.send(written.clone());
            }
        }
        if let Some(answer) = closing {
            let written = file.sync().map_err(|error| JournalError(error.to_string()));
            drop(file);
            drop(requests);
            let _ = answer.send(written);
            return;
        }
    }
    if let Err(error) = file.sync() {
        tracing::error!(%error, "the end of the journal is not on disk");
    }
}

#[cfg(test)]
mod tests;
