//! What takes a while: how far it is, how fast it goes, how long it still takes. One form for the footer and for the tasks.
//!
//! Owns what is measured and the words for it. What is under way is read off the model; when it is measured is `update::progress`'s.

use std::collections::BTreeMap;

use crate::{domain::time::Millis, findings::arranging::Doing, send::report::Activity};

use super::{
    event::RequestId,
    gauge::Gauge,
    journaling::JournalState,
    model::{Bound, Model, ScanState},
    overlay::Overlay,
    pass::Purpose,
    profiles::Count,
    serving::Stage,
    wording,
};

/// What is shown of progress is renewed at most so often, in milliseconds.
pub const REFRESH: i64 = 250;
/// What has been under way for less than so many milliseconds is not in the footer: it is over before it is read.
const NOTABLE: i64 = 1_000;
/// Where something goes on, the screen follows the clock so often while nothing else happens, in milliseconds. Less often than pages come:
/// a number that was just renewed for the clock would be behind the next page.
const TICK: u64 = 500;
/// Where only ages change, the screen follows the clock so often, in milliseconds.
const SLOWLY: u64 = 1_000;

/// What a send does before its first answer.
const READS_AHEAD: &str = "checking";

/// What can be under way, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Work {
    /// A send.
    Send,
    /// Findings are read again for one purpose.
    Pass,
    /// Pages of the query come.
    Scan,
    /// Rows are sorted, filtered or grouped.
    Arranging,
    /// Documents are gone through for a query.
    Marking,
    /// Findings are read again.
    Reads,
    /// Documents are gone through for columns.
    Columns,
    /// The hub is being connected to.
    Connecting,
    /// The journal is being opened.
    Journal,
    /// What is staged is on its way to the disk.
    Saving,
    /// The journal is being read.
    History,
    /// A plan file is being written.
    Plan,
    /// A filter profile is being written.
    Profile,
    /// The service counts the landing summary.
    Summary,
    /// The service counts filter profiles.
    Counting,
    /// The service counts what is without a clause of the query.
    Explaining,
}

/// Something under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// What.
    pub work: Work,
    /// What it does, in a word or two.
    pub word: &'static str,
    /// What is counted, one of it.
    pub unit: &'static str,
    /// How much is done.
    pub done: usize,
    /// How much there is, where that is known.
    pub total: Option<usize>,
    /// How that is meant.
    pub bound: Option<Bound>,
    /// When it began.
    pub began: Millis,
    /// How much is done in a second.
    pub rate: Option<f64>,
    /// Seconds that it still takes.
    pub left: Option<u64>,
    /// Whether it goes on, or waits for the analyst or for something outside.
    pub stands: Stands,
}

/// Whether something goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It goes on.
    Goes,
    /// It waits: nothing of it moves.
    Waits,
}

/// Something that was asked for outside and of which the model knows nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Errand {
    /// Reading the journal.
    History,
    /// Writing a plan file.
    Plan,
    /// Writing a filter profile.
    Profile,
}

/// What is measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progresses {
    /// How fast each goes.
    pub gauges: BTreeMap<Work, Gauge>,
    /// What was asked for outside, and when.
    pub errands: BTreeMap<Errand, Millis>,
    /// Reads of named findings under way, with how many findings each is of.
    pub reads: BTreeMap<RequestId, usize>,
    /// Findings read since there was no such read.
    pub read: usize,
    /// What is shown, and since when: the numbers must not change faster than they can be read.
    pub shown: Option<(Millis, Vec<Task>)>,
}

/// What is counted of something under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub(super) work: Work,
    word: &'static str,
    unit: &'static str,
    pub(super) done: usize,
    total: Option<usize>,
    /// Where the model knows it.
    pub(super) began: Option<Millis>,
    stands: Stands,
}

impl Measure {
    const fn new(work: Work, doing: &'static str, unit: &'static str) -> Self {
        Self { work, word: doing, unit, done: 0, total: None, began: None, stands: Stands::Goes }
    }

    const fn of(self, done: usize, total: usize) -> Self {
        Self { done, total: Some(total), ..self }
    }

    /// Whether this is what is shown, but for the numbers.
    pub(super) fn is_as(&self, shown: &Task) -> bool {
        (self.work, self.word, self.stands) == (shown.work, shown.word, shown.stands)
    }

    const fn since(self, began: Option<Millis>) -> Self {
        Self { began, ..self }
    }
}

impl Model {
    /// What is under way, as the screen shows it: the most important first.
    pub fn tasks(&self) -> Vec<Task> {
        self.progress.shown.as_ref().map_or_else(|| self.tasks_now(), |(_, tasks)| tasks.clone())
    }

    /// What is under way by the present numbers.
    pub(super) fn tasks_now(&self) -> Vec<Task> {
        self.measures().into_iter().map(|measure| self.task(measure)).collect()
    }

    fn task(&self, measure: Measure) -> Task {
        let Measure { work, word, unit, done, total, began, stands } = measure;
        let known = self.progress.gauges.get(&work).filter(|gauge| began.is_none_or(|began| gauge.began >= began));
        let gauge = known.cloned().unwrap_or_else(|| {
            let mut gauge = Gauge::begin(began.unwrap_or(self.now), if began.is_some() { 0 } else { done });
            gauge.note(self.now, done);
            gauge
        });
        let goes = stands == Stands::Goes;
        Task {
            work,
            word,
            unit,
            done,
            total,
            bound: (work == Work::Scan).then_some(self.scan.bound),
            began: began.unwrap_or(gauge.began),
            // What waits to be saved is not what has been.
            rate: gauge.rate(self.now).filter(|_| goes && work != Work::Saving),
            // How long a send takes is not known from its first reads.
            left: total.and_then(|total| gauge.left(self.now, total)).filter(|_| goes && !(work == Work::Send && word == READS_AHEAD)),
            stands,
        }
    }

    /// What is under way, with its counts.
    pub(super) fn measures(&self) -> Vec<Measure> {
        let progress = &self.progress;
        let mut all = Vec::new();
        if let Some(activity) = self.sending.activity.as_ref().filter(|_| self.sending.is_active()) {
            let goes = matches!(activity, Activity::Sending | Activity::Waiting(_) | Activity::Stopping);
            let counted = self.sending.progress;
            // Before the first answer what moves is the reading ahead of the calls.
            let reads = counted.answered == 0 && self.sending.seen > 0 && *activity == Activity::Sending;
            let (doing, done) =
                if reads { (READS_AHEAD, self.sending.seen.min(counted.rows)) } else { (activity_word(activity), counted.answered) };
            let send = Measure::new(Work::Send, doing, "finding").of(done, counted.rows);
            all.push(Measure { stands: if goes { Stands::Goes } else { Stands::Waits }, ..send.since(self.sending.began) });
        }
        if let Some(pass) = &self.pass {
            let word = match pass.purpose {
                Purpose::Check => "checking",
                Purpose::Undo(_) => "reading to undo",
                Purpose::Plan(_) => "reading the plan",
            };
            all.push(Measure::new(Work::Pass, word, "finding").of(pass.read, pass.rows));
        }
        match self.scan.state {
            ScanState::Loading => {
                let total = self.scan.total.map(|total| usize::try_from(total).unwrap_or(usize::MAX));
                let scan = Measure { done: self.scan.loaded, total, ..Measure::new(Work::Scan, "loading", "finding") };
                all.push(scan.since(Some(self.scan.began)));
            }
            ScanState::Waiting if self.session.connection.is_none() && self.session.trouble.is_none() => {
                all.push(Measure::new(Work::Connecting, "connecting", ""));
            }
            ScanState::Waiting | ScanState::Held | ScanState::Complete | ScanState::Stopped | ScanState::Failed(_) => {}
        }
        if let Some(doing) = self.view.doing() {
            let word = match doing {
                Doing::Sorting => "sorting",
                Doing::Filtering => "filtering",
                Doing::Grouping => "grouping",
            };
            all.push(Measure::new(Work::Arranging, word, "row"));
        }
        if let Some(marking) = &self.surveys.marking {
            let covered = marking.covered;
            all.push(Measure::new(Work::Marking, "matching", "document").of(covered.done, covered.of));
        }
        let is_of_pass = |request: &RequestId| self.pass.as_ref().is_some_and(|pass| pass.requests.contains(request));
        if self.rereads.keys().any(|request| !is_of_pass(request)) {
            let open: usize = progress.reads.iter().filter(|(request, _)| !is_of_pass(request)).map(|(_, rows)| rows).sum();
            let reads = Measure::new(Work::Reads, "reading again", "finding");
            all.push(if open > 0 { reads.of(progress.read, progress.read + open) } else { reads });
        }
        if let Some(values) = &self.surveys.values {
            let done = values.of.saturating_sub(values.rows.len());
            all.push(Measure::new(Work::Columns, "reading columns", "document").of(done, values.of));
        }
        let journal = &self.journal;
        if journal.state == JournalState::Opening && journal.key.is_some() {
            all.push(Measure::new(Work::Journal, "opening the journal", ""));
        }
        if journal.is_writing() {
            let saving = Measure { done: journal.unsaved.len(), ..Measure::new(Work::Saving, "saving", "change") };
            all.push(saving.since(journal.unsaved_since));
        }
        for (errand, &since) in
            progress.errands.iter().filter(|(errand, _)| **errand != Errand::History || journal.state == JournalState::Open)
        {
            let (work, doing) = match errand {
                Errand::History => (Work::History, "reading the journal"),
                Errand::Plan => (Work::Plan, "saving the plan"),
                Errand::Profile => (Work::Profile, "saving the profile"),
            };
            all.push(Measure::new(work, doing, "").since(Some(since)));
        }
        self.counted_by_the_service(&mut all);
        all.sort_by_key(|measure| measure.work);
        all
    }

    fn counted_by_the_service(&self, all: &mut Vec<Measure>) {
        let mut shows_profiles = false;
        for overlay in &self.overlays {
            match overlay {
                Overlay::Summary(summary) => {
                    shows_profiles = true;
                    if summary.request.is_some() && self.session.connection.is_some() {
                        all.push(Measure::new(Work::Summary, "counting the queue", ""));
                    }
                }
                Overlay::Profiles(_) => shows_profiles = true,
                _ => {}
            }
        }
        let asked = self.profiles.counts.values().filter(|count| **count == Count::Asked).count();
        if shows_profiles && asked > 0 && self.profiles.counting.is_some() {
            let total = self.profiles.counts.len();
            all.push(Measure::new(Work::Counting, "counting profiles", "profile").of(total - asked, total));
        }
        let explains = self.explanation.as_ref().is_some_and(|asked| matches!(asked.stage, Stage::Without | Stage::Alone));
        if explains && self.scan.state == ScanState::Complete && self.view.all().is_empty() {
            all.push(Measure::new(Work::Explaining, "looking why nothing is found", ""));
        }
    }

    /// After how many milliseconds the screen has to follow the clock; `None` while nothing moves.
    pub fn next_tick(&self) -> Option<u64> {
        let measures = self.measures();
        if measures.iter().any(|measure| measure.stands == Stands::Goes) {
            return Some(TICK);
        }
        let is_left = !measures.is_empty() || self.remembering.news == super::remembered::News::Waits;
        is_left.then_some(SLOWLY)
    }
}

impl Task {
    /// Whether it is worth a place in the footer.
    pub const fn is_notable(&self, now: Millis) -> bool {
        matches!(self.work, Work::Send) || self.is_old(now)
    }

    const fn is_old(&self, now: Millis) -> bool {
        now.0.saturating_sub(self.began.0) >= NOTABLE
    }

    /// `214/350`, `412/~9,812`; empty where nothing is counted.
    pub fn counts(&self) -> String {
        let sign = match self.bound {
            Some(bound) => bound.sign().to_string(),
            None => String::new(),
        };
        match self.total {
            Some(total) => format!("{}/{sign}{}", wording::grouped(self.done), wording::grouped(total)),
            None if self.done > 0 => wording::grouped(self.done),
            None => String::new(),
        }
    }

    /// The same in words: `412 of about 9,812 findings`.
    pub fn counted(&self) -> String {
        let about = match self.bound {
            Some(bound) => format!("{} ", bound.word()),
            None => String::new(),
        };
        match self.total {
            Some(total) => format!("{} of {about}{}", wording::grouped(self.done), wording::counted(total, self.unit)),
            None if self.done > 0 => wording::counted(self.done, self.unit),
            None => String::new(),
        }
    }

    /// `300/s`.
    pub fn speed(&self) -> Option<String> {
        self.rate.map(|rate| format!("{}/s", rounded(rate)))
    }

    /// `31 s`.
    pub fn left(&self) -> Option<String> {
        self.left.map(duration)
    }

    /// How fast it goes and how long it takes, in words: `300 a second · about 31 s left · for 12s`.
    pub fn pace(&self, now: Millis) -> Vec<String> {
        let mut told = Vec::new();
        told.extend(self.rate.map(|rate| format!("{} a second", rounded(rate))));
        told.extend(self.left().map(|left| format!("about {left} left")));
        if self.is_old(now) {
            told.push(format!("for {}", self.began.age(now)));
        }
        told
    }
}

/// What a send is doing, in a word.
pub const fn activity_word(activity: &Activity) -> &'static str {
    match activity {
        Activity::Sending => "sending",
        Activity::Waiting(_) => "sending, waits",
        Activity::Paused => "paused",
        Activity::Held(_) => "held",
        Activity::Stopping => "stopping",
        Activity::Over(_) => "sent",
    }
}

/// A rate as it is read: whole, but for slow ones.
#[expect(clippy::cast_sign_loss, reason = "a rate is never negative")]
fn rounded(rate: f64) -> String {
    if rate < 9.95 { format!("{rate:.1}") } else { wording::grouped(rate.round() as usize) }
}

/// A time to wait, in one unit or two: `31 s`, `4 min`, `1 h 20 min`.
pub fn duration(seconds: u64) -> String {
    match seconds {
        ..100 => format!("{seconds} s"),
        100..3_600 => format!("{} min", seconds.div_ceil(60)),
        _ => {
            let minutes = seconds.div_ceil(60);
            format!("{} h {:02} min", minutes / 60, minutes % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_left_is_told_in_units_that_can_be_read() {
        for (seconds, told) in [
            (1, "1 s"),
            (99, "99 s"),
            (100, "2 min"),
            (3_500, "59 min"),
            (3_600, "1 h 00 min"),
            (4_750, "1 h 20 min"),
            (90_000, "25 h 00 min"),
        ] {
            assert_eq!(duration(seconds), told);
        }
        for (rate, told) in [(0.04, "0.0"), (0.5, "0.5"), (9.94, "9.9"), (9.96, "10"), (1_234.4, "1,234")] {
            assert_eq!(rounded(rate), told);
        }
    }
}
