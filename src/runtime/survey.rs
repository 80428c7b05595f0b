//! Going through the documents of loaded rows: each page is decompressed once, in slices off the loop.

use std::{ops::Range, sync::Arc, time::Duration};

use tokio::{sync::mpsc::Sender, time::Instant};

use crate::{
    app::{
        event::{Event, More, RequestId},
        survey::{Covered, Found, Survey},
    },
    domain::{
        identity::Identity,
        query::{
            field::Field,
            matching::{FieldReader, Matcher, Subject},
        },
        row::RowId,
        summary, text,
        time::Millis,
    },
    findings::{held::HeldPage, row_set::RowSet},
};

/// Pages read at a stretch: some 30 ms. A survey that is not wanted any more goes on no longer than that.
const SLICE: usize = 16;

/// Least time between two reports of how far it is.
const BETWEEN_REPORTS: Duration = Duration::from_millis(250);

/// Most characters of a text that is shown in a cell, as for the columns of a row.
const MAX_TEXT: usize = 512;

/// Goes through the rows and sends what it finds as events. Dropping the task stops it after the slice under way.
pub async fn survey(request: RequestId, what: Survey, pages: Arc<[HeldPage]>, now: Millis, events: Sender<Event>) {
    let question = Arc::new(Question::new(&what));
    let mut covered = Covered { of: pages.iter().map(|page| page.rows.len()).sum(), ..Covered::default() };
    let mut found = question.nothing();
    let mut told = Instant::now();
    let mut from = 0;
    while from < pages.len() {
        let slice = from..pages.len().min(from + SLICE);
        from = slice.end;
        let part = tokio::task::spawn_blocking({
            let (question, pages, slice) = (Arc::clone(&question), Arc::clone(&pages), slice.clone());
            move || question.ask(&pages, slice, now)
        });
        let rows = pages.iter().take(slice.end).skip(slice.start).map(|page| page.rows.len()).sum::<usize>();
        // A slice that fails is a defect of this program: its rows count as unreadable.
        let (part, unreadable) = part.await.unwrap_or_else(|_| (question.nothing(), rows));
        covered.done += rows;
        covered.unreadable += unreadable;
        join(&mut found, part);
        if told.elapsed() >= BETWEEN_REPORTS && from < pages.len() {
            told = Instant::now();
            let event = match found {
                Found::Rows(_) => Event::Surveying(request, covered),
                Found::Values(_) => {
                    let found = std::mem::replace(&mut found, question.nothing());
                    Event::Surveyed { request, found, covered, more: More::Follows }
                }
            };
            if events.send(event).await.is_err() {
                return;
            }
        }
    }
    let _ = events.send(Event::Surveyed { request, found, covered, more: More::Last }).await;
}

/// What is asked of each document.
enum Question {
    Matches(Matcher),
    Values(Vec<FieldReader>),
}

impl Question {
    fn new(what: &Survey) -> Self {
        match what {
            Survey::Query(query) => Self::Matches(Matcher::new(query)),
            Survey::Values(names) => {
                let field = |name: &String| Field::named(name).unwrap_or_else(|| Field::Path(name.clone()));
                Self::Values(names.iter().map(|name| FieldReader::new(&field(name))).collect())
            }
        }
    }

    fn nothing(&self) -> Found {
        match self {
            Self::Matches(_) => Found::Rows(RowSet::default()),
            Self::Values(_) => Found::Values(Vec::new()),
        }
    }

    /// Asks the rows of some pages; gives what was found and how many could not be read.
    fn ask(&self, pages: &[HeldPage], slice: Range<usize>, now: Millis) -> (Found, usize) {
        let mut found = self.nothing();
        let mut unreadable = 0;
        // Never asked for: whose rows named findings are is known without their documents.
        let identity = Identity::Unaddressable(String::new());
        for page in pages.iter().take(slice.end).skip(slice.start) {
            let Ok(documents) = page.archive.documents() else {
                unreadable += page.rows.len();
                continue;
            };
            for row in &page.rows {
                let raw = documents.get(row.slot);
                if let (Self::Matches(matcher), Ok(raw)) = (self, raw.as_ref())
                    && matcher.is_ruled_out(raw)
                {
                    continue;
                }
                let Some(document) = raw.ok().and_then(summary::read_document) else {
                    unreadable += 1;
                    continue;
                };
                let subject = Subject { identity: &identity, document: &document, now, values: Some(&row.values) };
                self.ask_one(row.row, &subject, &mut found);
            }
        }
        (found, unreadable)
    }

    fn ask_one(&self, row: RowId, subject: &Subject<'_>, found: &mut Found) {
        match (self, found) {
            (Self::Matches(matcher), Found::Rows(rows)) if matcher.matches(subject) => {
                rows.insert(row);
            }
            (Self::Values(fields), Found::Values(values)) => {
                values.push((row, fields.iter().map(|field| cell(&field.texts(subject))).collect()));
            }
            _ => {}
        }
    }
}

/// Adds what a slice found.
fn join(found: &mut Found, part: Found) {
    match (found, part) {
        (Found::Rows(rows), Found::Rows(more)) => {
            for row in more.iter() {
                rows.insert(row);
            }
        }
        (Found::Values(values), Found::Values(more)) => values.extend(more),
        _ => {}
    }
}

/// The text of a cell: clean, cut to what a cell can use.
fn cell(texts: &[String]) -> String {
    let joined = texts.join(", ");
    let end = joined.char_indices().nth(MAX_TEXT).map_or(joined.len(), |(at, _)| at);
    text::clean(joined.get(..end).unwrap_or_default()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use tokio::sync::mpsc::channel;

    use super::*;
    use crate::{
        domain::{patch::Patch, query::Query, row::HubId, status::StatusId},
        findings::{archive::SealedPage, held::Held, store::Store},
    };

    /// Rows in pages of ten; every seventh has a comment, every fiftieth is no JSON.
    fn store(rows: usize) -> Store {
        let document = |at: usize| match at {
            _ if at % 50 == 49 => format!("{{\"broken {at}\""),
            _ if at.is_multiple_of(7) => format!(r#"{{"metadata":{{"uid":"{at}"}},"status_id":1,"comment":"c\u202e{at}"}}"#),
            _ => format!(r#"{{"metadata":{{"uid":"{at}"}},"status_id":1}}"#),
        };
        let mut store = Store::default();
        let documents: Vec<String> = (0..rows).map(document).collect();
        for page in documents.chunks(10) {
            store.arrive(SealedPage::seal(page), HubId(0));
        }
        store
    }

    async fn surveyed(what: Survey, held: Held) -> Vec<Event> {
        let (sender, mut events) = channel(1_000);
        survey(RequestId(5), what, held.pages.into(), Millis(0), sender).await;
        let mut all = Vec::new();
        while let Some(event) = events.recv().await {
            all.push(event);
        }
        all
    }

    #[tokio::test]
    async fn rows_that_match_come_once_with_what_could_not_be_read() {
        let mut store = store(1_000);
        store.apply(RowId(14), &Patch::status(StatusId::RESOLVED));
        let rows: Vec<RowId> = (0..1_000).map(RowId).collect();
        let events = surveyed(Survey::Query(Query::open()), Held::of(&store, rows)).await;
        let Some(Event::Surveyed { request: RequestId(5), found: Found::Rows(found), covered, more: More::Last }) = events.last() else {
            unreachable!("{events:?}")
        };
        assert_eq!(*covered, Covered { done: 1_000, of: 1_000, unreadable: 20 });
        let expected: Vec<RowId> = (0..1_000).filter(|at| at % 50 != 49 && *at != 14).map(RowId).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        assert!(events.iter().rev().skip(1).all(|event| matches!(event, Event::Surveying(RequestId(5), _))));
    }

    #[tokio::test]
    async fn documents_that_cannot_match_are_not_read_as_json_and_the_others_found_all_the_same() {
        let store = store(1_000);
        for (query, is_found) in [("uid:14,28", [14, 28].as_slice()), ("comment~c seen:*", &[]), ("uid:7 comment~c", &[7])] {
            let events = surveyed(Survey::Query(query.parse().unwrap()), Held::of(&store, (0..1_000).map(RowId))).await;
            let Some(Event::Surveyed { found: Found::Rows(found), covered, .. }) = events.last() else { unreachable!("{events:?}") };
            assert_eq!(found.iter().map(|row| row.0).collect::<Vec<_>>(), is_found, "{query}");
            assert_eq!((covered.done, covered.of), (1_000, 1_000));
            let is_needed = |at: &u32| query != "uid:14,28" || ["14", "28"].iter().any(|uid| at.to_string().contains(uid));
            let is_needed = |at: &u32| is_needed(at) && (query != "uid:7 comment~c" || at.to_string().contains('7'));
            assert_eq!(covered.unreadable, (0..1_000).filter(|at| at % 50 == 49).filter(is_needed).count(), "{query}");
        }
    }

    #[tokio::test]
    async fn values_come_clean_for_each_row_once() {
        let store = store(500);
        let names = ["comment", "metadata.uid", "unmapped.x"].map(str::to_owned).to_vec();
        let events = surveyed(Survey::Values(names), Held::of(&store, (100..500).map(RowId))).await;
        let mut all = Vec::new();
        for event in &events {
            let Event::Surveyed { found: Found::Values(values), .. } = event else { unreachable!() };
            all.extend(values.iter().cloned());
        }
        assert!(matches!(
            events.last(),
            Some(Event::Surveyed { more: More::Last, covered: Covered { done: 400, of: 400, unreadable: 8 }, .. })
        ));
        let expected: Vec<(RowId, Box<[String]>)> = (100..500)
            .filter(|at| at % 50 != 49)
            .map(|at| {
                let comment = if at % 7 == 0 { format!("c<U+202E>{at}") } else { String::new() };
                (RowId(at), [comment, at.to_string(), String::new()].into())
            })
            .collect();
        assert_eq!(all, expected);
    }

    #[tokio::test]
    async fn no_rows_are_answered_too() {
        let events = surveyed(Survey::Query(Query::Everything), Held::default()).await;
        assert!(matches!(events.as_slice(), [Event::Surveyed { more: More::Last, covered, .. }] if *covered == Covered::default()));
    }

    #[tokio::test]
    async fn a_survey_that_nobody_waits_for_any_more_ends() {
        let (sender, events) = channel(1);
        drop(events);
        survey(RequestId(1), Survey::Values(Vec::new()), Held::of(&store(100), (0..100).map(RowId)).pages.into(), Millis(0), sender).await;
    }
}
