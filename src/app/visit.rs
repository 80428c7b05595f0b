//! What is new since the last visit: when each query was last read whole, then and now.
//!
//! A visit is everything an analyst does on a hub without half an hour's pause, however often the program was started meanwhile: a
//! connection that was lost does not make everything old. What is new is what was created after the query was last read in an earlier
//! visit, not after that visit was left, since what came in between has never been seen. Of a query that was not asked then, it is what was
//! created after the last read of any. On the first visit nothing is new.

use crate::{
    domain::{query::Query, row::RowId, time::Millis},
    findings::{row_set::RowSet, store::Store},
};

/// Milliseconds without anything after which the next start is another visit.
pub const PAUSE: i64 = 30 * 60 * 1_000;

/// Milliseconds after which it is written down again that the visit goes on, if nothing else was written meanwhile.
pub const ALIVE: i64 = 5 * 60 * 1_000;

/// Most queries whose reads are remembered; the ones read last stay.
const MOST: usize = 32;

/// When a query was last read whole: when that read began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The query, in the form that is shown.
    pub query: String,
    /// When.
    pub at: Millis,
}

/// What is written down of visits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visits {
    /// When the present one was last known to go on.
    pub alive: Option<Millis>,
    /// Reads of earlier visits.
    pub earlier: Vec<Read>,
    /// Reads of the present one.
    pub present: Vec<Read>,
}

/// The present visit.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// Reads of earlier visits and of this one; `alive` is when that was last written.
    pub visits: Visits,
    /// Loaded rows that are new, gone ones too.
    pub rows: RowSet,
}

impl Visits {
    /// What they are for a session that begins now.
    #[must_use]
    pub fn continued(&self, now: Millis) -> Self {
        let mut next = self.clone();
        if self.alive.is_some_and(|alive| now.0.saturating_sub(alive.0) > PAUSE) {
            for read in std::mem::take(&mut next.present) {
                keep(&mut next.earlier, read);
            }
        }
        next.alive = Some(now);
        next
    }

    /// After when what was created is new; `None` on the first visit.
    pub fn since(&self, query: &Query) -> Option<Millis> {
        let query = query.to_string();
        let own = self.earlier.iter().find(|read| read.query == query);
        own.map(|read| read.at).or_else(|| self.earlier.iter().map(|read| read.at).max())
    }

    /// A read of this visit, told in another way.
    pub fn again(&mut self, read: Read) {
        keep(&mut self.present, read);
    }

    /// A query has been read whole, by a read that began then.
    pub fn read(&mut self, query: &Query, at: Millis) {
        keep(&mut self.present, Read { query: query.to_string(), at });
    }
}

/// Puts a read in place of an older one of the same query; the oldest give way to it.
fn keep(reads: &mut Vec<Read>, read: Read) {
    reads.retain(|known| known.query != read.query);
    reads.push(read);
    reads.sort_by_key(|read| std::cmp::Reverse(read.at));
    reads.truncate(MOST);
}

impl Visit {
    /// Whether a row is new.
    pub fn is_new(&self, row: RowId) -> bool {
        self.rows.contains(row)
    }

    /// Rows came, or came again.
    pub fn came(&mut self, store: &Store, query: &Query, rows: &[RowId]) {
        let Some(since) = self.visits.since(query) else { return };
        for &row in rows {
            if store.created(row).is_some_and(|created| created > since) {
                self.rows.insert(row);
            } else {
                self.rows.remove(row);
            }
        }
    }

    /// Something else is asked, or it has become known when it was last read: looks at all rows of the result anew.
    pub fn look_again(&mut self, store: &Store, query: &Query, rows: &[RowId]) {
        self.rows.clear();
        self.came(store, query, rows);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn query(text: &str) -> Query {
        text.parse().unwrap()
    }

    /// A visit from this hour on that read these queries at these hours and went on until that hour.
    fn visit(before: &Visits, from: i64, reads: &[(&str, i64)], until: i64) -> Visits {
        let mut visits = before.continued(Millis(from * HOUR));
        for &(text, at) in reads {
            visits.read(&query(text), Millis(at * HOUR));
        }
        visits.alive = Some(Millis(until * HOUR));
        visits
    }

    fn since(visits: &Visits, text: &str) -> Option<i64> {
        visits.since(&query(text)).map(|at| at.0 / HOUR)
    }

    #[test]
    fn what_was_created_after_the_query_was_last_read_in_an_earlier_visit_is_new() {
        let first = visit(&Visits::default(), 9, &[("status:new", 9), ("status:new", 11), ("severity:high", 10)], 17);
        assert_eq!(since(&first, "status:new"), None, "on the first visit nothing is");
        let second = visit(&first, 33, &[], 33);
        assert_eq!(since(&second, "status:new"), Some(11), "and not since it was left, at 17");
        assert_eq!(since(&second, "severity:high"), Some(10));
        assert_eq!(since(&second, "product:x"), Some(11), "of another query, since anything was read");
        let third = visit(&visit(&second, 33, &[("status:new", 34)], 40), 60, &[], 60);
        assert_eq!((since(&third, "status:new"), since(&third, "severity:high")), (Some(34), Some(10)));
    }

    #[test]
    fn a_session_that_begins_soon_after_another_is_the_same_visit() {
        let first = visit(&Visits::default(), 9, &[("status:new", 9)], 10);
        let second = visit(&first, 30, &[("status:new", 30)], 31);
        let again = second.continued(Millis(31 * HOUR + PAUSE));
        assert_eq!(since(&again, "status:new"), Some(9), "what was new still is");
        assert_eq!(again.present, second.present);
        let later = second.continued(Millis(31 * HOUR + PAUSE + 1));
        assert_eq!(since(&later, "status:new"), Some(30));
        // A clock that was set back is no reason to call everything old.
        assert_eq!(since(&second.continued(Millis(0)), "status:new"), Some(9));
    }

    #[test]
    fn only_so_many_queries_are_remembered_and_the_ones_read_last_stay() {
        let mut visits = Visits::default();
        for at in 0..100 {
            visits.read(&query(&format!("severity:{at}")), Millis(at));
        }
        assert_eq!(visits.present.len(), 32);
        assert_eq!((visits.present.first().unwrap().at, visits.present.last().unwrap().at), (Millis(99), Millis(68)));
    }
}
