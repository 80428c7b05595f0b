//! Reading all pages of a query: the next page is under way while the last one is read into rows.

use std::sync::Arc;

use tokio::{sync::mpsc::Sender, task::JoinHandle};

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

/// Reads every page and sends each as an event. Dropping the task stops the reading.
pub async fn scan(reader: Arc<dyn ReadFindings>, scan: RequestId, query: Query, sort: Vec<SortKey>, events: Sender<Event>) {
    // One moment for all pages, so that ages do not move while they are read.
    let wanted = Arc::new((Matcher::new(&query), clock::ctx().now));
    let mut token: Option<String> = None;
    let mut restarts = 0;
    let mut sealing: Option<Sealing> = None;
    loop {
        let request = PageRequest { query: query.clone(), sort: sort.clone(), token: token.clone() };
        let (fetched, sent) = tokio::join!(reader.page(request), deliver(sealing.take(), scan, &events));
        if sent.is_err() {
            return;
        }
        match fetched {
            Ok(page) => {
                let more = if page.next.is_some() { More::Follows } else { More::Last };
                token.clone_from(&page.next);
                sealing = Some(Sealing::begin(page, more, Arc::clone(&wanted)));
                if more == More::Last {
                    break;
                }
            }
            Err(error) if error.failure == CallFailure::Validation && token.is_some() && restarts < MAX_RESTARTS => {
                restarts += 1;
                token = None;
                if events.send(Event::ScanRestarted(scan)).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                let _ = events.send(Event::ScanFailed(scan, error)).await;
                return;
            }
        }
    }
    let _ = deliver(sealing, scan, &events).await;
}

struct Sealing {
    page: JoinHandle<SealedPage>,
    more: More,
    order: ServedOrder,
}

impl Sealing {
    /// The service may give more than was meant: what does not match goes no further.
    fn begin(page: Page, more: More, wanted: Arc<(Matcher, Millis)>) -> Self {
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

/// The receiver is gone or the scan has failed: nobody wants more.
struct Over;

async fn deliver(sealing: Option<Sealing>, scan: RequestId, events: &Sender<Event>) -> Result<(), Over> {
    let Some(Sealing { page, more, order }) = sealing else { return Ok(()) };
    match page.await {
        Ok(page) => events.send(Event::Page { scan, page, more, order }).await.map_err(|_closed| Over),
        Err(error) => {
            let _ = events.send(Event::ScanFailed(scan, failed(&error.to_string()))).await;
            Err(Over)
        }
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
