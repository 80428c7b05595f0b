//! Reading all pages of a query: the next page is asked for as soon as its token is known, before anything of the last one is read into
//! rows; pages are read into rows on threads of their own, and told in the order they came.

use std::sync::Arc;

use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    task::JoinHandle,
};

use crate::{
    app::event::{Event, More, RequestId, ServedOrder},
    domain::{
        failure::{CallError, CallFailure},
        order::SortKey,
        query::{Query, matching::Matcher},
        time::Millis,
    },
    findings::archive::SealedPage,
    hub::{Page, PageOrder, PageRequest, ReadFindings},
};

use super::clock;

/// How often a scan may start anew because its page token was refused: a list that never gets through must not go round for ever.
const MAX_RESTARTS: usize = 3;

/// Pages that may wait to be read into rows and told. No more are asked for while they do: whoever takes them in sets the pace, and memory
/// stays bounded.
const UNDER_WAY: usize = 4;

/// Reads every page and sends each as an event. Dropping the task stops the reading.
pub async fn scan(reader: Arc<dyn ReadFindings>, scan: RequestId, query: Query, sort: Vec<SortKey>, events: Sender<Event>) {
    let (steps, taken) = mpsc::channel(UNDER_WAY);
    let (fetching, telling) = (fetch(reader, query, sort, steps), tell(taken, scan, events));
    tokio::pin!(telling);
    // Nothing is told any more where nobody takes it in: a call under way is then given up.
    tokio::select! {
        () = fetching => telling.await,
        () = &mut telling => {}
    }
}

/// What a scan comes to, in its order.
enum Step {
    /// A page came.
    Page(Sealing),
    /// The list began anew.
    Restarted,
    /// It ended before its last page.
    Failed(CallError),
}

/// Asks for one page after the other until the last one, or until nobody takes them any more.
async fn fetch(reader: Arc<dyn ReadFindings>, query: Query, sort: Vec<SortKey>, steps: Sender<Step>) {
    // One moment for all pages, so that ages do not move while they are read.
    let wanted = Arc::new((Matcher::new(&query), clock::ctx().now));
    let mut token: Option<String> = None;
    let mut restarts = 0;
    loop {
        // Room first: a page that nobody has taken yet holds the next call back, not the other way round.
        let Ok(room) = steps.reserve().await else { return };
        let request = PageRequest { query: query.clone(), sort: sort.clone(), token: token.clone() };
        match reader.page(request).await {
            Ok(page) => {
                token.clone_from(&page.next);
                room.send(Step::Page(Sealing::begin(page, Arc::clone(&wanted))));
                if token.is_none() {
                    return;
                }
            }
            Err(error) if error.failure == CallFailure::Validation && token.is_some() && restarts < MAX_RESTARTS => {
                restarts += 1;
                token = None;
                room.send(Step::Restarted);
            }
            Err(error) => return room.send(Step::Failed(error)),
        }
    }
}

/// Tells of each step, pages once they have been read into rows.
async fn tell(mut steps: Receiver<Step>, scan: RequestId, events: Sender<Event>) {
    while let Some(step) = steps.recv().await {
        let event = match step {
            Step::Page(Sealing { page, more, order }) => match page.await {
                Ok(page) => Event::Page { scan, page, more, order },
                Err(error) => Event::ScanFailed(scan, failed(&error.to_string())),
            },
            Step::Restarted => Event::ScanRestarted(scan),
            Step::Failed(error) => Event::ScanFailed(scan, error),
        };
        let is_over = matches!(event, Event::ScanFailed(..));
        if events.send(event).await.is_err() || is_over {
            return;
        }
    }
}

/// A page that is being read into rows.
struct Sealing {
    page: JoinHandle<SealedPage>,
    more: More,
    order: ServedOrder,
}

impl Sealing {
    /// The service may give more than was meant: what does not match goes no further.
    fn begin(page: Page, wanted: Arc<(Matcher, Millis)>) -> Self {
        let more = if page.next.is_some() { More::Follows } else { More::Last };
        let order = served(&page);
        let sealing = move || {
            let (matcher, now) = &*wanted;
            SealedPage::seal_where(&page.findings, |finding, document| matcher.admits(finding, document, *now))
        };
        Self { page: tokio::task::spawn_blocking(sealing), more, order }
    }
}

/// Whether the service sorted as asked, in the application's words.
fn served(page: &Page) -> ServedOrder {
    match page.order {
        PageOrder::AsAsked => ServedOrder::AsAsked,
        _ => ServedOrder::Fallback,
    }
}

/// A page that could not be read into rows: a defect of this program, told as an unreadable answer.
fn failed(why: &str) -> CallError {
    CallError {
        failure: CallFailure::BadAnswer,
        operation: "GetFindingsV2",
        code: None,
        message: format!("reading the page failed: {why}"),
        request_id: None,
    }
}
