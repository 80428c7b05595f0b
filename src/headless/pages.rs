//! Reading a query page by page: each finding once, none that was not meant, and never more than a page at a time.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use crate::{
    domain::{
        finding::Finding,
        identity::Identity,
        order::SortKey,
        query::{Query, matching::Matcher},
        time::Millis,
    },
    hub::{CallError, CallFailure, PageOrder, PageRequest, ReadFindings},
    runtime::clock,
};

/// How often the reading may start anew because its page token was refused: a list that never gets through must not go round for ever.
const MAX_RESTARTS: usize = 3;

/// A finding with its document as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// What is understood of it.
    pub finding: Finding,
    /// The whole.
    pub document: String,
}

/// The pages of a query. Holds the page that was read last, and 16 bytes for each finding before it: a page may bring one again that
/// moved while the list was read, and so does a list that had to be started anew.
#[derive(Debug)]
pub struct Pages<'a> {
    reader: &'a dyn ReadFindings,
    query: Query,
    matcher: Matcher,
    /// What ages are counted from: one moment for all pages.
    began: Millis,
    sort: Vec<SortKey>,
    place: Place,
    restarts: usize,
    met: Met,
    order: PageOrder,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Begin,
    After(String),
    End,
}

impl<'a> Pages<'a> {
    /// Nothing is read yet.
    pub fn new(reader: &'a dyn ReadFindings, query: Query, sort: Vec<SortKey>) -> Self {
        let (matcher, began) = (Matcher::new(&query), clock::ctx().now);
        Self { reader, query, matcher, began, sort, place: Place::Begin, restarts: 0, met: Met::default(), order: PageOrder::default() }
    }

    /// In which order the last page came.
    pub fn order(&self) -> PageOrder {
        self.order
    }

    /// Whether there is nothing more to read.
    pub fn is_over(&self) -> bool {
        self.place == Place::End
    }

    /// The findings of the next page that are new; `None` after the last one. A page may have none.
    pub async fn next(&mut self) -> Result<Option<Vec<Arrived>>, CallError> {
        loop {
            let token = match &self.place {
                Place::Begin => None,
                Place::After(token) => Some(token.clone()),
                Place::End => return Ok(None),
            };
            let is_later = token.is_some();
            match self.reader.page(PageRequest { query: self.query.clone(), sort: self.sort.clone(), token }).await {
                Ok(page) => {
                    self.order = page.order;
                    self.place = page.next.map_or(Place::End, Place::After);
                    let arrived = page.findings.into_iter().map(|document| Arrived { finding: Finding::parse(&document), document });
                    let wanted = arrived.filter(|Arrived { finding, document }| {
                        self.matcher.admits(finding, document, self.began) && self.met.is_new(&finding.identity)
                    });
                    return Ok(Some(wanted.collect()));
                }
                Err(error) if error.failure == CallFailure::Validation && is_later && self.restarts < MAX_RESTARTS => {
                    self.restarts += 1;
                    self.place = Place::Begin;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Which findings were there before, as 128 bits each.
#[derive(Debug, Default)]
struct Met {
    hashers: [RandomState; 2],
    met: HashSet<[u64; 2]>,
}

impl Met {
    fn is_new(&mut self, identity: &Identity) -> bool {
        let hashes = [0, 1].map(|half: usize| self.hashers.get(half).map_or(0, |hasher| hasher.hash_one(identity)));
        self.met.insert(hashes)
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;
    use crate::{
        domain::counted::{CountField, Counted},
        hub::{Caller, HubDescription, Page, Pending},
    };

    /// A reader that gives pages as they were set up, and counts how often it was asked.
    #[derive(Debug, Default)]
    pub(in crate::headless) struct Script {
        pub(in crate::headless) pages: Mutex<Vec<Result<Page, CallError>>>,
        pub(in crate::headless) asked: AtomicUsize,
    }

    impl Script {
        pub(in crate::headless) fn new(pages: impl IntoIterator<Item = Result<Page, CallError>>) -> Self {
            let mut pages: Vec<_> = pages.into_iter().collect();
            pages.reverse();
            Self { pages: Mutex::new(pages), asked: AtomicUsize::new(0) }
        }
    }

    impl ReadFindings for Script {
        fn page(&self, _: PageRequest) -> Pending<'_, Page> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let page = self.pages.lock().unwrap().pop().unwrap_or_else(|| Ok(Page::default()));
            Box::pin(async { page })
        }

        fn total(&self, _: Query) -> Pending<'_, u64> {
            Box::pin(async { Ok(0) })
        }

        fn statistics(&self, _: Query, fields: Vec<CountField>) -> Pending<'_, Vec<Counted>> {
            Box::pin(async move { Ok(fields.into_iter().map(Counted::none).collect()) })
        }

        fn describe(&self) -> Pending<'_, HubDescription> {
            Box::pin(async { Ok(HubDescription::default()) })
        }

        fn home_region(&self) -> Pending<'_, Option<String>> {
            Box::pin(async { Ok(None) })
        }

        fn caller(&self) -> Pending<'_, Caller> {
            Box::pin(async { Err(failed(CallFailure::Unreachable)) })
        }
    }

    pub(in crate::headless) fn failed(failure: CallFailure) -> CallError {
        CallError { failure, operation: "GetFindingsV2", code: None, message: "no".into(), request_id: None }
    }

    #[expect(clippy::unnecessary_wraps, reason = "a page of a script, as a reader gives it")]
    pub(in crate::headless) fn page(uids: std::ops::Range<usize>, next: Option<&str>) -> Result<Page, CallError> {
        let findings = uids.map(|uid| format!(r#"{{"metadata":{{"uid":"{uid}"}},"status_id":1,"status":"New"}}"#)).collect();
        Ok(Page { findings, next: next.map(str::to_owned), order: PageOrder::AsAsked })
    }

    async fn read(pages: impl IntoIterator<Item = Result<Page, CallError>>) -> Result<Vec<usize>, CallError> {
        let script = Script::new(pages);
        let mut pages = Pages::new(&script, Query::open(), Vec::new());
        let mut uids = Vec::new();
        while let Some(arrived) = pages.next().await? {
            uids.extend(arrived.iter().map(|arrived| arrived.finding.identity.shown().parse::<usize>().unwrap()));
        }
        Ok(uids)
    }

    #[tokio::test]
    async fn a_finding_that_comes_again_on_a_later_page_is_given_once() {
        let uids = read([page(0..100, Some("a")), page(50..150, Some("b")), page(0..0, Some("c")), page(149..160, None)]).await.unwrap();
        assert_eq!(uids, (0..160).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_refused_token_starts_the_reading_anew_and_nothing_is_given_twice() {
        let uids =
            read([page(0..100, Some("a")), Err(failed(CallFailure::Validation)), page(0..100, Some("a")), page(100..120, None)]).await;
        assert_eq!(uids.unwrap(), (0..120).collect::<Vec<_>>());
        let refused = || Err(failed(CallFailure::Validation));
        assert!(read([refused()]).await.is_err(), "the first page has no token that could be at fault");
        let always = (0..10).flat_map(|_| [page(0..1, Some("a")), refused()]);
        assert_eq!(read(always).await, refused().map(|_: Page| Vec::new()));
    }

    #[tokio::test]
    async fn what_the_query_does_not_mean_is_left_out() {
        let mut odd = page(0..2, None).unwrap();
        odd.findings.push(r#"{"metadata":{"uid":"9"},"status_id":3}"#.to_owned());
        assert_eq!(read([Ok(odd)]).await.unwrap(), [0, 1]);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_given_all_the_same() {
        let mut odd = page(0..1, None).unwrap();
        odd.findings.push("{\"status_id\":".to_owned());
        let script = Script::new([Ok(odd)]);
        let arrived = Pages::new(&script, Query::open(), Vec::new()).next().await.unwrap().unwrap();
        assert_eq!(arrived.iter().map(|arrived| arrived.finding.defect.is_some()).collect::<Vec<_>>(), [false, true]);
    }
}
