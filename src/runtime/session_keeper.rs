//! The session file: read once its hub is known, written behind the session's back.

use std::{path::PathBuf, sync::Arc};

use tokio::{
    sync::{mpsc::Sender, watch},
    task::{JoinSet, spawn_blocking},
};

use crate::{
    app::{event::Event, remembered::Remembered},
    journal::hub_key::HubKey,
    storage::session_file::SessionFile,
};

type Latest = Option<(HubKey, Arc<Remembered>)>;

/// Keeps the session file, where there is a folder for it.
#[derive(Debug)]
pub struct SessionKeeper {
    folder: Option<PathBuf>,
    events: Sender<Event>,
    latest: watch::Sender<Latest>,
    /// The writer: it has to get through.
    writer: JoinSet<()>,
    reader: JoinSet<()>,
}

impl SessionKeeper {
    /// Nothing has been read or written. Without a folder nothing ever is.
    pub fn new(folder: Option<PathBuf>, events: Sender<Event>) -> Self {
        let (latest, waiting) = watch::channel(None);
        let mut writer = JoinSet::new();
        if let Some(folder) = folder.clone() {
            writer.spawn(write(folder, waiting, events.clone()));
        }
        Self { folder, events, latest, writer, reader: JoinSet::new() }
    }

    /// Reads what the last session left; the answer is an event.
    pub fn load(&mut self, hub: HubKey) {
        let (folder, events) = (self.folder.clone(), self.events.clone());
        self.reader.spawn(async move {
            let read = move || match folder {
                None => Ok(None),
                Some(folder) => SessionFile::of(&folder, &hub).read().map_err(|error| error.to_string()),
            };
            let left = spawn_blocking(read).await.unwrap_or_else(|error| Err(error.to_string()));
            let _ = events.send(Event::Session(left.map(|left| left.map(Arc::new)))).await;
        });
    }

    /// Has this written, in place of what has not been written yet.
    pub fn save(&self, hub: HubKey, remembered: Arc<Remembered>) {
        self.latest.send_replace(Some((hub, remembered)));
    }

    /// Waits until what was to be written is.
    pub async fn finish(&mut self) {
        self.reader.shutdown().await;
        // The writer ends when nothing can come any more.
        self.latest = watch::channel(None).0;
        while self.writer.join_next().await.is_some() {}
    }
}

async fn write(folder: PathBuf, mut latest: watch::Receiver<Latest>, events: Sender<Event>) {
    let mut is_told = false;
    loop {
        let goes_on = latest.changed().await.is_ok();
        let save = latest.borrow_and_update().clone();
        if let Some((hub, remembered)) = save.filter(|_| goes_on) {
            let file = SessionFile::of(&folder, &hub);
            let written = spawn_blocking(move || file.write(&hub, &remembered).map_err(|error| error.to_string())).await;
            if let Ok(Err(error)) = written {
                tracing::warn!(%error, "the session file cannot be written");
                // Once is enough to know it. At the end nobody takes events in any more, and nothing may wait for that.
                if !std::mem::replace(&mut is_told, true) {
                    let _ = events.try_send(Event::Session(Err(error)));
                }
            }
        }
        if !goes_on {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use tokio::sync::mpsc::channel;

    use super::*;
    use crate::{
        app::{layout::Preview, remembered::MarkedFindings},
        domain::{column::Column, order::Order},
    };

    fn left(filter: &str) -> Arc<Remembered> {
        Arc::new(Remembered {
            profile: String::new(),
            query: "everything".into(),
            order: Order::default(),
            columns: Column::defaults(),
            preview: Preview::Shown,
            filter: filter.into(),
            cursor: None,
            marks: MarkedFindings::default(),
            visits: crate::app::visit::Visits::default(),
            queries: Vec::new(),
            comments: Vec::new(),
        })
    }

    #[tokio::test]
    async fn what_was_saved_last_is_on_disk_when_the_session_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let hub = HubKey::new(Some("1"), "eu-west-1", None);
        let (events, mut came) = channel(4);
        for last in ["one", "two"] {
            let mut keeper = SessionKeeper::new(Some(folder.path().to_owned()), events.clone());
            for number in 0..50 {
                keeper.save(hub.clone(), left(&number.to_string()));
            }
            keeper.save(hub.clone(), left(last));
            keeper.finish().await;
            keeper.load(hub.clone());
            assert_eq!(came.recv().await, Some(Event::Session(Ok(Some(left(last))))));
        }
    }

    #[tokio::test]
    async fn without_a_folder_nothing_comes_back_and_nothing_is_kept() {
        let (events, mut came) = channel(4);
        let mut keeper = SessionKeeper::new(None, events);
        let hub = HubKey::new(Some("1"), "eu-west-1", None);
        keeper.save(hub.clone(), left("x"));
        keeper.load(hub);
        assert_eq!(came.recv().await, Some(Event::Session(Ok(None))));
        keeper.finish().await;
    }
}
