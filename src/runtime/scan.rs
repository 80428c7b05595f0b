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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use tokio::sync::{Notify, mpsc::channel};

    use super::*;
    use crate::{
        domain::counted::{CountField, Counted},
        hub::{Caller, HubDescription, Pending},
    };

    /// A hub of so many pages, each of one finding; it counts the calls.
    #[derive(Debug, Default)]
    struct Pages {
        count: usize,
        /// Ends with an error in place of its last page.
        fails: bool,
        calls: AtomicUsize,
        called: Notify,
    }

    impl Pages {
        fn calls(&self) -> usize {
            self.calls.load(Ordering::SeqCst)
        }

        async fn until_called(&self, calls: usize) {
            let waiting = async {
                while self.calls() < calls {
                    self.called.notified().await;
                }
            };
            tokio::time::timeout(Duration::from_mins(1), waiting).await.unwrap();
        }
    }

    impl ReadFindings for Pages {
        fn page(&self, request: PageRequest) -> Pending<'_, Page> {
            self.calls.fetch_add(1, Ordering::SeqCst);
            self.called.notify_one();
            let number: usize = request.token.map_or(0, |token| token.parse().unwrap());
            let is_last = number + 1 == self.count;
            // The first are the longest: read side by side, the later ones are done before them.
            let notes = "a word ".repeat(20_000 / (number + 1));
            let finding = format!(r#"{{"metadata":{{"uid":"{number}"}},"unmapped":{{"notes":"{notes}"}}}}"#);
            let next = (!is_last).then(|| (number + 1).to_string());
            Box::pin(async move {
                if is_last && self.fails {
                    return Err(failed("the test wants it"));
                }
                Ok(Page { findings: vec![finding], next, ..Page::default() })
            })
        }

        fn total(&self, _: Query) -> Pending<'_, u64> {
            Box::pin(async { Ok(0) })
        }

        fn statistics(&self, _: Query, _: Vec<CountField>) -> Pending<'_, Vec<Counted>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        fn describe(&self) -> Pending<'_, HubDescription> {
            Box::pin(async { Ok(HubDescription::default()) })
        }

        fn home_region(&self) -> Pending<'_, Option<String>> {
            Box::pin(async { Ok(None) })
        }

        fn caller(&self) -> Pending<'_, Caller> {
            Box::pin(async { Err(failed("nobody asks")) })
        }
    }

    fn begin(pages: &Arc<Pages>, queue: usize) -> Receiver<Event> {
        let (sender, events) = channel(queue);
        tokio::spawn(scan(pages.clone(), RequestId(1), Query::Everything, Vec::new(), sender));
        events
    }

    async fn next(events: &mut Receiver<Event>) -> Option<Event> {
        tokio::time::timeout(Duration::from_mins(1), events.recv()).await.unwrap()
    }

    #[tokio::test]
    async fn pages_are_asked_for_ahead_of_whoever_takes_them_in_but_only_so_many() {
        const QUEUE: usize = 2;
        let pages = Arc::new(Pages { count: 50, ..Pages::default() });
        let mut events = begin(&pages, QUEUE);
        // Nothing has been taken in, nor need it have been read into rows.
        pages.until_called(UNDER_WAY).await;
        let mut taken = 0;
        while let Some(event) = next(&mut events).await {
            assert!(matches!(event, Event::Page { .. }));
            taken += 1;
            // In the queue, one being told, those under way, and one being asked for.
            assert!(pages.calls() <= taken + QUEUE + UNDER_WAY + 2, "{} calls when {taken} were taken in", pages.calls());
        }
        assert_eq!((taken, pages.calls()), (50, 50), "a call for each page and no more");
    }

    #[tokio::test]
    async fn pages_are_told_in_their_order_although_they_are_read_side_by_side() {
        let pages = Arc::new(Pages { count: 20, ..Pages::default() });
        let mut events = begin(&pages, 64);
        for number in 0..20 {
            let Some(Event::Page { page, more, .. }) = next(&mut events).await else { unreachable!("page {number} is missing") };
            assert_eq!(page.findings.first().unwrap().identity.shown(), number.to_string());
            assert_eq!(more, if number == 19 { More::Last } else { More::Follows });
        }
        assert_eq!(next(&mut events).await, None);
    }

    #[tokio::test]
    async fn what_came_before_an_error_is_told_before_it() {
        let pages = Arc::new(Pages { count: 5, fails: true, ..Pages::default() });
        let mut events = begin(&pages, 64);
        for number in 0..4 {
            assert!(matches!(next(&mut events).await, Some(Event::Page { .. })), "page {number}");
        }
        assert!(matches!(next(&mut events).await, Some(Event::ScanFailed(RequestId(1), _))));
        assert_eq!(next(&mut events).await, None);
    }

    #[tokio::test]
    async fn a_scan_ends_when_nobody_takes_its_pages_any_more() {
        let pages = Arc::new(Pages { count: usize::MAX, ..Pages::default() });
        let (sender, mut events) = channel(1);
        let running = tokio::spawn(scan(pages.clone(), RequestId(1), Query::Everything, Vec::new(), sender));
        assert!(next(&mut events).await.is_some());
        drop(events);
        tokio::time::timeout(Duration::from_mins(1), running).await.unwrap().unwrap();
    }
}
