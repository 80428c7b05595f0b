//! A session without a terminal: keys, the real update function, the real executor, the real SDK, and the emulator at the other end.

use std::{sync::Arc, time::Duration};

use hubtriage::{
    app::{
        effect::Effect,
        event::{Arrival, Event},
        journaling::JournalState,
        keymap::{Key, parse_keys},
        model::{Access, EditorPolicy, Model, Settings},
        overlay::Overlay,
        update::{Ctx, update},
    },
    domain::{query::Query, row::RowId, time::Millis},
    emulator::{Emulator, Operation, RecordedCall},
    runtime::{
        demo,
        executor::{Executor, World},
        journal::Journal,
        keeper,
    },
    send::{
        options::{Options, Patience},
        pace::Pace,
    },
};
use serde_json::Value;
use tokio::sync::mpsc::{Receiver, channel};

/// Nothing in these tests takes this long unless it hangs.
const DEADLINE: Duration = Duration::from_secs(15);

/// Retries are many and soon.
const IMPATIENT: Patience = Patience {
    first: Duration::from_millis(1),
    most: Duration::from_millis(5),
    look: Duration::from_millis(5),
    look_most: Duration::from_millis(20),
};

/// Someone at the keyboard.
pub struct Analyst {
    pub model: Model,
    pub emulator: Arc<Emulator>,
    executor: Executor,
    /// What the session remembers.
    pub journal: Journal,
    events: Receiver<Event>,
}

impl Analyst {
    /// Connects to an emulator and waits until everything is loaded.
    pub async fn at(emulator: Emulator) -> Self {
        Self::with(emulator, Access::ReadWrite, Query::open()).await
    }

    /// The same with another access or query.
    pub async fn with(emulator: Emulator, access: Access, query: Query) -> Self {
        let mut analyst = Self::begin(emulator, access, query);
        analyst.until("everything is loaded or failed", |model| !model.scan.state.is_under_way()).await;
        analyst.until("the journal is open", |model| model.journal.state != JournalState::Opening).await;
        analyst
    }

    /// Connects and waits for nothing.
    pub fn begin(emulator: Emulator, access: Access, query: Query) -> Self {
        let settings = Settings { editor: EditorPolicy::Off, access, ..Settings::default() };
        let adapter = match access {
            Access::ReadOnly => hubtriage::aws::Access::ReadOnly,
            Access::ReadWrite => hubtriage::aws::Access::ReadWrite,
        };
        let (sender, events) = channel(64);
        let journal = Journal::in_memory();
        let world = World {
            connect: demo::connect(emulator.url(), adapter),
            open_journal: keeper::in_memory(&journal),
            session_folder: None,
            pace: Pace::UNLIMITED,
            sending: Options { pace: Pace::UNLIMITED.writes, patience: IMPATIENT, ..Options::default() },
            profiles: Arc::default(),
            home: None,
        };
        let mut analyst = Self {
            model: Model::new(settings, query, 120, 40, Millis(1_790_000_000_000)),
            emulator: Arc::new(emulator),
            executor: Executor::new(world, sender),
            journal,
            events,
        };
        analyst.executor.perform(Effect::Reconnect);
        analyst
    }

    /// Takes in one event.
    pub fn take(&mut self, event: Event) {
        let now = Millis(1_790_000_000_000);
        for effect in update(&mut self.model, event, Ctx { now }) {
            self.executor.perform(effect);
        }
    }

    /// Presses keys; a frame is drawn after each.
    pub fn press(&mut self, keys: &str) {
        for key in parse_keys(keys).expect("keys") {
            self.take(Event::Key(key, Arrival::Single));
            self.take(Event::Drawn);
        }
    }

    /// Types a text.
    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.take(Event::Key(Key::char(c), Arrival::Single));
        }
    }

    /// Takes in events until something is so.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Model) -> bool) {
        let waiting = async {
            while !holds(&self.model) {
                let event = self.events.recv().await.expect("the executor lives");
                self.take(event);
            }
        };
        let waited = tokio::time::timeout(DEADLINE, waiting).await;
        assert!(waited.is_ok(), "waited in vain until {what}; notice: {:?}, trouble: {:?}", self.model.notice, self.model.session.trouble);
    }

    /// Opens the review, sends, and waits until the send is over.
    pub async fn send(&mut self) {
        self.begin_sending().await;
        self.until("the send is over", |model| model.sending.activity.is_some() && !model.sending.is_active()).await;
    }

    /// Opens the review and sends; types the count where it is asked for.
    pub async fn begin_sending(&mut self) {
        self.until("what is staged is in the journal", |model| model.journal.is_whole()).await;
        self.press("w y");
        if let Some(Overlay::Count(prompt)) = self.model.overlays.last() {
            let count = prompt.blast.rows.to_string();
            self.type_text(&count);
            self.press("enter");
        }
    }

    /// The row of a finding by its uid.
    pub fn row(&self, uid: &str) -> RowId {
        self.model.store.find(&hubtriage::domain::identity::Identity::MetadataUid(uid.to_owned())).expect("loaded")
    }

    /// The writes the service saw.
    pub fn writes(&self) -> Vec<RecordedCall> {
        self.emulator.calls_of(Operation::BatchUpdateFindingsV2)
    }

    /// The bodies of the writes the service saw.
    pub fn bodies(&self) -> Vec<Value> {
        self.writes().into_iter().map(|call| call.body).collect()
    }
}
