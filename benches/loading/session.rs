//! A session that only loads: the program's own adapter, scan, `update` and drawing, without a terminal.

use std::time::{Duration, Instant};

use hubtriage::{
    app::{
        effect::Effect,
        event::{Connection, Event},
        model::{Model, ScanState, Settings},
        update::{Ctx, update},
    },
    aws::{self, Access, Keys, Options, Sealed, Surroundings},
    domain::{query::Query, time::Millis},
    runtime::{paced::Gate, scan::scan},
    send::pace::Quota,
    ui::{self, theme::Theme},
};
use ratatui::{Terminal, backend::TestBackend};
use tokio::sync::mpsc::{Receiver, channel};

use super::made::NOW;

/// As many events wait as in the program, and as many are taken in at once.
const QUEUE: usize = 64;
const AT_ONCE: usize = 8;
/// Frames are at least this far apart.
const FRAME: Duration = Duration::from_millis(16);

/// How long it took.
pub(crate) struct Loaded {
    /// Until every finding was in the table.
    pub(crate) took: Duration,
    /// Until the first page was drawn.
    pub(crate) first: Duration,
}

/// Loads everything that this emulator has: `size` findings, each of them once.
pub(crate) async fn load(url: &str, size: usize, pace: Quota) -> Loaded {
    let began = Instant::now();
    let options = Options {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(url.to_owned()),
        access: Access::ReadOnly,
        surroundings: Surroundings::Sealed(Sealed { keys: Some(Keys::made_up()), sts_endpoint_url: None }),
        ..Options::default()
    };
    let hub = Gate::new(pace).before(aws::connect(options).await.expect("it connects"));
    let mut model = Model::new(Settings::default(), Query::Everything, 120, 40, Millis(NOW));
    let (events, mut waiting) = channel(QUEUE);
    let connected = Event::Connected(Ok(Connection { region: hub.region.clone(), endpoint: hub.endpoint.clone() }));
    for effect in update(&mut model, connected, Ctx { now: Millis(NOW) }) {
        if let Effect::Scan { scan: id, query, sort } = effect {
            let (reader, counted, told) = (hub.reader.clone(), query.clone(), events.clone());
            tokio::spawn(scan(hub.reader.clone(), id, query, sort, events.clone()));
            tokio::spawn(async move {
                let total = reader.total(counted).await;
                let described = reader.describe().await;
                let _ = told.send(Event::Total(id, total)).await;
                let _ = told.send(Event::Described(described.map(|hub| hub.arn))).await;
            });
        }
    }
    drop(events);
    let first = take_in(&mut model, &mut waiting, began).await;
    let took = began.elapsed();
    assert_eq!((model.store.len(), model.scan.duplicates), (size, 0), "every finding once");
    Loaded { took, first }
}

/// The loop of a session until the scan has ended; says when the first page was drawn.
async fn take_in(model: &mut Model, waiting: &mut Receiver<Event>, began: Instant) -> Duration {
    let theme = Theme::default();
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal");
    let mut drawn: Option<Instant> = None;
    let mut first = None;
    while model.scan.state == ScanState::Loading {
        let Some(event) = waiting.recv().await else { break };
        let mut events = vec![event];
        events.extend(std::iter::from_fn(|| waiting.try_recv().ok()).take(AT_ONCE - 1));
        let was_empty = model.store.is_empty();
        for event in events {
            update(model, event, Ctx { now: Millis(NOW) });
        }
        let has_come = was_empty && !model.store.is_empty();
        if has_come || drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME) {
            terminal.draw(|frame| ui::draw(model, &theme, frame)).expect("it draws");
            drawn = Some(Instant::now());
        }
        if has_come {
            first = Some(began.elapsed());
        }
    }
    assert_eq!(model.scan.state, ScanState::Complete, "it loads to the end");
    first.expect("a page came")
}
