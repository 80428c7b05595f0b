//! The work of a view: sorting, filtering and grouping, one after the other and in steps, so that no key waits for a million rows.
//!
//! What is asked for while it goes on takes the place of what was asked for before, and only what depends on it is begun anew. Up to
//! [`AT_ONCE`] rows everything is done by the call that asks for it.

use crate::domain::{grouping::GroupField, row::RowId};

use super::{
    budget::{Budget, STEP_ROWS},
    filling::{Assigning, Filling},
    groups::Groups,
    order::{self, Sorting},
    search::{Narrowing, Picking},
    store::Store,
    view::View,
};

/// Up to so many rows everything is done at once.
pub const AT_ONCE: usize = 1 << 17;
/// Up to so many groups take in the rows of a page as it comes; more of them only now and then.
pub const MOST_GROUPS: usize = 1 << 13;
/// Where there are more groups, rows wait for their places until they are one of so many, or nothing else goes on.
const ONE_WAITING_OF: usize = 128;
/// How often a part is begun anew because rows have changed meanwhile. After that a row that goes on changing stays where it is.
const MOST_TRIES: u8 = 8;

/// How much is done at once.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Up to so many rows, everything.
    pub at_once: usize,
    /// Of more, so many rows in a step.
    pub step: usize,
    /// Up to so many groups take in rows as they come.
    pub most_groups: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { at_once: AT_ONCE, step: STEP_ROWS, most_groups: MOST_GROUPS }
    }
}

/// What the work is about, as the analyst asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Sorting, with everything that comes of it.
    Sorting,
    /// Filtering, and grouping what is left.
    Filtering,
    /// Grouping.
    Grouping,
}

/// Whether rows go on coming or changing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// They do.
    Goes,
    /// Nothing is loaded or sent.
    Quiet,
}

/// Where work begins: everything behind it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Sort,
    Filter,
    Group(Assigning),
}

/// What a part of the work is to give, or has given.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<T> {
    /// It stays as it is shown.
    Same,
    Wanted,
    Done(T),
}

/// Work under way.
#[derive(Debug)]
pub(super) struct Work {
    sorted: Part<Vec<RowId>>,
    left: Part<Option<Vec<RowId>>>,
    assigning: Assigning,
    stage: Stage,
    source: Source,
    /// The store's changes when the present stage began.
    changes: u64,
    tries: u8,
    /// Rows that have been read again since it began: what the filter has left of them may be another by now.
    changed: usize,
    by: By,
}

/// What has led to the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Something was asked for: what is shown is not what it will be.
    Request,
    /// Rows came or changed: what is shown lacks them.
    Rows,
}

#[derive(Debug)]
enum Stage {
    /// New texts get their places in the alphabet.
    Spell,
    Sort(Box<Sorting>),
    Learn,
    Pick(Picking),
    /// New texts again: the groups' may have come since.
    Name,
    Fill(Box<Filling>),
}

/// The groups at the end of the work, where rows are grouped.
struct Filled(Option<Groups>);

/// Which rows the filter chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    All,
    Left,
}

impl Work {
    /// Rows have been read again.
    pub(super) const fn changed(&mut self, rows: usize) {
        self.changed += rows;
    }

    /// Whether rows are sorted, or have been.
    pub(super) fn sorts(&self) -> bool {
        self.sorted != Part::Same
    }

    fn doing(&self) -> Doing {
        match (&self.sorted, &self.left) {
            (Part::Wanted | Part::Done(_), _) => Doing::Sorting,
            (Part::Same, Part::Wanted | Part::Done(_)) => Doing::Filtering,
            (Part::Same, Part::Same) => Doing::Grouping,
        }
    }

    fn enter(&mut self, store: &Store, stage: Stage) {
        self.changes = store.changes();
        self.stage = stage;
    }

    /// Whether rows have changed since the stage began, so often that it is begun anew.
    fn is_stale(&mut self, store: &Store) -> bool {
        let is_stale = self.changes != store.changes() && self.tries < MOST_TRIES;
        self.tries += u8::from(is_stale);
        is_stale
    }
}

impl View {
    /// What is being done, where anything is.
    pub fn doing(&self) -> Option<Doing> {
        self.work.as_ref().map(Work::doing)
    }

    /// Whether something else was asked for than what is shown.
    pub fn is_behind(&self) -> bool {
        self.work.as_ref().is_some_and(|work| work.by == By::Request)
    }

    /// Whether there is something to do for [`Self::step`].
    pub fn has_work(&self, traffic: Traffic) -> bool {
        let is_due = traffic == Traffic::Quiet || self.waiting.saturating_mul(ONE_WAITING_OF) >= self.sorted.len();
        self.work.is_some() || self.waiting > 0 && is_due
    }

    /// Does a step of what there is to do: goes over at most [`STEP_ROWS`] rows. Says whether that was the last one of it.
    pub fn step(&mut self, store: &Store) -> bool {
        if self.work.is_none() && self.waiting > 0 {
            let is_stale = self.is_filtered() && self.narrowing == Narrowing::Other;
            self.waiting = 0;
            self.begin_by(store, if is_stale { From::Filter } else { From::Group(Assigning::New) }, By::Rows);
        } else {
            self.advance(store, Budget::of(self.pace.step));
        }
        self.work.is_none()
    }

    /// Does all there is to do.
    pub fn finish(&mut self, store: &Store) {
        self.advance(store, Budget::endless());
    }

    /// Rows that were gone over so far, each as often as it was.
    pub fn touched(&self) -> u64 {
        self.touched
    }

    /// How much is done at once.
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// Takes another pace.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// Begins what is asked for, and does it where the rows are few; else a step of it.
    pub(super) fn begin(&mut self, store: &Store, from: From) {
        self.begin_by(store, from, By::Request);
    }

    fn begin_by(&mut self, store: &Store, from: From, by: By) {
        let before = self.work.take();
        let keeps = before.filter(|_| from != From::Sort);
        let work = match (keeps, from) {
            // What comes before goes on, and the rest follows it in any case.
            (Some(work), _) if work.sorted == Part::Wanted => work,
            (Some(work), From::Group(assigning)) if work.left == Part::Wanted => Work { assigning: all(work.assigning, assigning), ..work },
            (Some(work), From::Group(assigning)) => Work { assigning: all(work.assigning, assigning), stage: Stage::Name, ..work },
            (Some(work), _) => Work { left: Part::Wanted, stage: Stage::Learn, ..work },
            (None, From::Sort) => {
                self.members.insert_all(&std::mem::take(&mut self.coming));
                self.late.clear();
                Work::new(Part::Wanted, Part::Wanted, Assigning::All, Stage::Spell)
            }
            (None, From::Filter) => Work::new(Part::Same, Part::Wanted, Assigning::New, Stage::Learn),
            (None, From::Group(assigning)) => Work::new(Part::Same, Part::Same, assigning, Stage::Name),
        };
        self.work = Some(Work { changes: store.changes(), tries: 0, by, ..work });
        let is_little = store.len() <= self.pace.at_once;
        self.advance(store, if is_little { Budget::endless() } else { Budget::of(self.pace.step) });
    }

    fn advance(&mut self, store: &Store, mut budget: Budget) {
        let Some(mut work) = self.work.take() else { return };
        let filled = self.work_on(store, &mut work, &mut budget);
        self.touched += budget.spent();
        match filled {
            Some(Filled(groups)) => self.finished(store, work, groups),
            None => self.work = Some(work),
        }
    }

    /// Goes on until the budget is spent, or gives the groups that there are at the end.
    fn work_on(&mut self, store: &Store, work: &mut Work, budget: &mut Budget) -> Option<Filled> {
        let is_at_once = budget.left() == usize::MAX;
        loop {
            match &mut work.stage {
                Stage::Spell => {
                    if !self.alphabet.settle_step(store.interner(), budget) {
                        return None;
                    }
                    let sorting = Box::new(Sorting::new(store, &self.order));
                    work.enter(store, Stage::Sort(sorting));
                }
                Stage::Sort(sorting) => {
                    let rows = sorting.step(store, &self.alphabet, &self.members, budget)?;
                    let stage = if work.is_stale(store) { Stage::Spell } else { Stage::Learn };
                    if matches!(stage, Stage::Learn) {
                        work.sorted = Part::Done(rows);
                    }
                    work.enter(store, stage);
                }
                Stage::Learn => {
                    if !self.is_filtered() {
                        work.left = Part::Done(None);
                        work.enter(store, Stage::Name);
                        continue;
                    }
                    if let Some(filter) = &mut self.filter
                        && !filter.learn_step(store.interner(), budget)
                    {
                        return None;
                    }
                    // A row that was left out may have other texts by now.
                    let is_narrower = self.narrowing == Narrowing::Narrower && self.filtered == store.changes() && self.left.is_some();
                    work.source = if is_narrower && !work.sorts() { Source::Left } else { Source::All };
                    work.enter(store, Stage::Pick(Picking::default()));
                }
                Stage::Pick(picking) => {
                    let shown = match work.source {
                        Source::Left => self.left.as_deref().unwrap_or_default(),
                        Source::All => &self.sorted,
                    };
                    let rows = if let Part::Done(rows) = &work.sorted { rows } else { shown };
                    if !picking.step(self.filter.as_ref(), self.only.as_ref(), (store.chunks(), store.extra()), rows, budget) {
                        return None;
                    }
                    let left = std::mem::take(&mut picking.left);
                    if work.is_stale(store) {
                        work.enter(store, Stage::Learn);
                        continue;
                    }
                    self.filtered = work.changes;
                    work.left = Part::Done(Some(left));
                    work.enter(store, Stage::Name);
                }
                Stage::Name => {
                    let Some(field) = self.field else {
                        self.waiting = 0;
                        return Some(Filled(None));
                    };
                    if !self.alphabet.settle_step(store.interner(), budget) {
                        return None;
                    }
                    let filling = self.fill(store, field, work.assigning, is_at_once);
                    self.waiting = 0;
                    work.enter(store, Stage::Fill(Box::new(filling)));
                }
                Stage::Fill(filling) => {
                    let sorted = if let Part::Done(rows) = &work.sorted { rows } else { &self.sorted };
                    let rows = match &work.left {
                        Part::Done(left) => left.as_ref().unwrap_or(sorted),
                        Part::Same | Part::Wanted => self.left.as_ref().unwrap_or(sorted),
                    };
                    let groups = filling.step(store, &self.alphabet, self.groups.as_ref(), rows, budget)?;
                    self.counted = work.changes;
                    return Some(Filled(Some(groups)));
                }
            }
        }
    }

    /// Groups to be filled; those that are shown stay shown until then, unless it is done at once.
    fn fill(&mut self, store: &Store, field: GroupField, assigning: Assigning, is_at_once: bool) -> Filling {
        if is_at_once && let Some(groups) = self.groups.take_if(|groups| groups.field() == field) {
            return Filling::again(store, groups, assigning);
        }
        let former = self.groups.as_ref().filter(|groups| groups.field() == field);
        let known = self.folds.iter().find(|(known, _)| *known == field);
        let folds = known.map(|(_, folds)| folds.clone()).unwrap_or_default();
        Filling::new(store, field, former, folds, assigning)
    }

    /// Shows what has come of it, and puts in what has come meanwhile.
    fn finished(&mut self, store: &Store, work: Work, groups: Option<Groups>) {
        if let Part::Done(rows) = work.sorted {
            self.sorted = rows;
        }
        if let Part::Done(left) = work.left {
            self.left = left;
            self.narrowing = Narrowing::Narrower;
        }
        let former = std::mem::replace(&mut self.groups, groups);
        if let Some(former) = former
            && self.groups.as_ref().is_none_or(|groups| groups.field() != former.field())
        {
            self.folds.retain(|(field, _)| *field != former.field());
            self.folds.push((former.field(), former.folds().clone()));
        }
        let mut late = std::mem::take(&mut self.late);
        self.members.insert_all(&std::mem::take(&mut self.coming));
        order::merge(store, &self.order, &mut self.sorted, &late);
        if self.is_filtered() {
            self.put_into_left(store, &mut late);
        }
        self.put_into_groups(store, &late);
        if work.changed > 0 && self.is_filtered() && self.filtered != store.changes() {
            self.narrowing = Narrowing::Other;
        }
        // Sorting and grouping do not look at what rows say by now: that is still to be done.
        if self.is_filtered() && self.narrowing == Narrowing::Other {
            self.waiting = self.waiting.max(1);
        }
        self.revision += 1;
    }
}

impl Work {
    fn new(sorted: Part<Vec<RowId>>, left: Part<Option<Vec<RowId>>>, assigning: Assigning, stage: Stage) -> Self {
        Self { sorted, left, assigning, stage, source: Source::All, changes: 0, tries: 0, changed: 0, by: By::Request }
    }
}

/// All, where either is.
fn all(a: Assigning, b: Assigning) -> Assigning {
    if a == Assigning::All { a } else { b }
}
