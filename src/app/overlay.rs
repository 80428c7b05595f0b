//! What lies over the table: menus, editors, screens. The last one opened gets the keys.

use std::collections::BTreeMap;

use crate::{
    domain::{field::Field, grouping::GroupField, order::SortField, patch::Values, row::RowId, severity::SeverityId, status::StatusId},
    findings::row_set::RowSet,
    send::{
        plan::{Group, Plan, StagedRow},
        report::ProblemKind,
    },
};

use super::{
    bundle::Bundle,
    column_chooser::ColumnChooser,
    count_prompt::CountPrompt,
    export::Format,
    flow::Flow,
    keymap::Context,
    likeness::Likeness,
    recipes::RecipePicker,
    sent_view::{Sends, SentRows},
    staging::{StepNumber, Way},
    summary::Summary,
    tasks_panel::TasksPanel,
    text_screen::TextScreen,
    wording,
};

pub use super::{
    comment_editor::CommentEditor,
    prompt::{Prompt, PromptPurpose},
};

/// Which rows an action is for, and how the prompt says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The rows, in table order.
    pub rows: Vec<RowId>,
    /// How many of them the filter hides.
    pub hidden: usize,
    /// Why these.
    pub source: TargetSource,
}

/// Why an action is for these rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetSource {
    /// They are marked.
    Marks,
    /// Nothing is marked: the cursor's row.
    Cursor,
    /// Nothing is marked, and the cursor is on the header of this group; its name is clean.
    Group(String),
    /// In flow mode, the finding on the screen and those that share this with it.
    Alike(Likeness),
}

impl Targets {
    /// `14 marked, 9 of them hidden`, `1,204 of group S3.8`, or `this finding`.
    pub fn described(&self) -> String {
        match (&self.source, self.hidden) {
            (TargetSource::Cursor, _) => "this finding".to_owned(),
            (TargetSource::Alike(likeness), _) => format!("{} with the same {}", wording::grouped(self.rows.len()), likeness.word()),
            (TargetSource::Group(name), _) => format!("{} of group {name}", wording::grouped(self.rows.len())),
            (TargetSource::Marks, 0) => format!("{} marked", self.rows.len()),
            (TargetSource::Marks, hidden) => format!("{} marked, {hidden} of them hidden", self.rows.len()),
        }
    }
}

/// One thing over another.
#[derive(Debug)]
pub enum Overlay {
    /// A small list to choose from.
    Menu(Menu),
    /// The saved filter profiles.
    Profiles(Picker),
    /// The recipes.
    Recipes(Box<RecipePicker>),
    /// The comment editor.
    Editor(Box<CommentEditor>),
    /// A one-line prompt.
    Prompt(Box<Prompt>),
    /// A finding, whole.
    Detail(Detail),
    /// One finding after the other.
    Flow(Box<Flow>),
    /// What would be sent.
    Review(Review),
    /// What needs the analyst.
    Problems(ProblemsPanel),
    /// What was sent, from the journal.
    Sends(Sends),
    /// The rows of one send.
    SentRows(SentRows),
    /// What is in the queue.
    Summary(Box<Summary>),
    /// What is under way, and what can be taken back.
    Tasks(TasksPanel),
    /// Another session has the journal.
    Busy(Busy),
    /// The keys.
    Help(Help),
    /// A text that could not be put on the clipboard.
    Text(TextScreen),
    /// The choice of columns.
    Columns(ColumnChooser),
    /// A question; its default is No.
    Confirm(Confirm),
    /// The question for the count of what the review would send.
    Count(Box<CountPrompt>),
}

impl Overlay {
    /// Which bindings hold.
    pub fn context(&self) -> Context {
        match self {
            Self::Menu(_) | Self::Recipes(_) => Context::Menu,
            Self::Profiles(_) => Context::Profiles,
            Self::Editor(_) => Context::Editor,
            Self::Prompt(_) | Self::Count(_) => Context::Prompt,
            Self::Detail(_) => Context::Detail,
            Self::Flow(_) => Context::Flow,
            // What decides is not bound there: a decision must not be made over a finding that the help hides.
            Self::Help(_) => Context::Help,
            Self::Review(_) => Context::Review,
            Self::Problems(_) => Context::Problems,
            Self::Sends(_) | Self::SentRows(_) => Context::Journal,
            Self::Summary(_) => Context::Summary,
            Self::Tasks(_) => Context::Tasks,
            Self::Text(_) => Context::Text,
            Self::Columns(_) => Context::Columns,
            Self::Busy(_) => Context::Busy,
            Self::Confirm(_) => Context::Confirm,
        }
    }

    /// Whether it covers the whole screen.
    pub fn is_screen(&self) -> bool {
        matches!(
            self,
            Self::Detail(_)
                | Self::Flow(_)
                | Self::Review(_)
                | Self::Problems(_)
                | Self::Sends(_)
                | Self::SentRows(_)
                | Self::Summary(_)
                | Self::Tasks(_)
                | Self::Help(_)
                | Self::Text(_)
        )
    }
}

/// A menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// What it stands over: `status of 14 marked`.
    pub title: String,
    /// What can be chosen.
    pub items: Vec<MenuItem>,
    /// Which item the cursor is on.
    pub cursor: usize,
    /// For which rows the choice is; `None` where it is for none, as in the sort menu.
    pub targets: Option<Targets>,
}

/// The picker of the saved filter profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picker {
    /// Which entry the cursor is on.
    pub cursor: usize,
}

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// What choosing it does.
    pub choice: Choice,
    /// The number shown before it; its first digit picks it.
    pub number: Option<i32>,
    /// The letter that picks it.
    pub key: char,
    /// Its caption.
    pub caption: String,
    /// How many of the target rows have it now.
    pub now: usize,
    /// A remark: `not in every API release`.
    pub note: Option<&'static str>,
}

/// What choosing a menu item does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Stages a status.
    Status(StatusId),
    /// Stages a severity.
    Severity(SeverityId),
    /// Sorts.
    Sort(SortField),
    /// Groups by this, or not at all.
    Group(Option<GroupField>),
    /// Stages what was denied without this field.
    Without(Field),
    /// Marks rows that are alike in this.
    Similar(Likeness),
    /// Marks this much of the query's rows.
    All(Reach),
    /// Exports in this format.
    Export(Format),
}

/// How much of the rows of a query `*` marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those that are loaded.
    Loaded,
    /// All of them, once the rest is loaded too.
    Whole,
}

/// The detail screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Of which row.
    pub row: RowId,
    /// Which face.
    pub face: Face,
    /// The first line shown, of the wrapped lines.
    pub top: usize,
    /// What is searched, in lower case; empty is nothing.
    pub search: String,
}

/// The two faces of the detail screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Told in labelled lines.
    Summary,
    /// The whole OCSF document.
    Document,
}

/// The review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Everything that is staged, sorted into groups.
    pub plan: Plan,
    /// Rows left out by the analyst.
    pub excluded: RowSet,
    /// Groups whose rows are listed.
    pub opened: Vec<usize>,
    /// Bundles whose groups are listed.
    pub unbundled: Vec<Bundle>,
    /// Which entry the cursor is on.
    pub cursor: usize,
    /// Whether `y` counts.
    pub trigger: Trigger,
    /// What reading the rows again showed, once it has been asked for.
    pub checked: Option<Checked>,
    /// Staged rows that someone else changed, which wait for a decision and are not part of this.
    pub undecided: usize,
    /// What else has to be known of where this comes from: `undo of the send of 11:02Z`.
    pub note: Option<String>,
    /// Rows that could not be part of this, each with why; clean.
    pub skipped: Vec<(RowId, String)>,
    /// Whether those are listed.
    pub lists_skipped: Fold,
    /// Rows that break a guard rail by themselves.
    pub broken: RowSet,
}

/// Whether a heading's rows are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fold {
    /// They are not.
    #[default]
    Closed,
    /// They are.
    Opened,
}

/// What reading the rows of a review again showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Rows that were read.
    pub rows: usize,
    /// Rows whose values were not those that they were loaded with, and what those were.
    pub changed: BTreeMap<RowId, Values>,
    /// Rows that were not found.
    pub missing: usize,
    /// Rows that could not be read.
    pub unread: usize,
}

/// Whether `y` counts: only once the review has been drawn and the keys typed before that are drained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// Not yet.
    Locked,
    /// Not yet, because it opened by itself: a key that was meant for what was there before must not send.
    Unasked,
    /// Yes.
    Ready,
    /// It was pressed, and counts as soon as everything staged is in the journal.
    Pressed,
    /// The count was typed, which counts as soon as everything staged is in the journal.
    Counted,
}

/// An entry of the review: a group, or a row of an opened group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewEntry {
    /// Groups that differ in their comments only.
    Bundle(Bundle),
    /// A group by its place in the plan.
    Group(usize),
    /// A row of a group: places in the plan and in the group.
    Row(usize, usize),
    /// The heading of the rows that could not be part of it.
    Skipped,
    /// One of those, by its place.
    SkippedRow(usize),
}

impl Review {
    /// The entries, top to bottom.
    pub fn entries(&self) -> Vec<ReviewEntry> {
        let mut entries = Vec::new();
        for heading in self.headings() {
            entries.push(heading);
            if let ReviewEntry::Group(at) = heading
                && self.opened.contains(&at)
                && let Some(group) = self.plan.groups.get(at)
            {
                // What changed since it was loaded and what breaks a guard rail is what a decision hangs on: it stands first.
                let is_row = |row: usize, is: &dyn Fn(RowId) -> bool| group.rows.get(row).is_some_and(|row| is(row.row));
                let is_changed = |&row: &usize| is_row(row, &|row| self.was(row).is_some());
                let is_broken = |&row: &usize| is_row(row, &|row| self.broken.contains(row));
                let (changed, same): (Vec<usize>, Vec<usize>) = (0..group.rows.len()).partition(is_changed);
                let (broken, same): (Vec<usize>, Vec<usize>) = same.into_iter().partition(is_broken);
                entries.extend(changed.into_iter().chain(broken).chain(same).map(|row| ReviewEntry::Row(at, row)));
            }
        }
        if !self.skipped.is_empty() {
            entries.push(ReviewEntry::Skipped);
            if self.lists_skipped == Fold::Opened {
                entries.extend((0..self.skipped.len()).map(ReviewEntry::SkippedRow));
            }
        }
        entries
    }

    /// The values that a row was loaded with, where reading it again showed others.
    pub fn was(&self, row: RowId) -> Option<&Values> {
        self.checked.as_ref()?.changed.get(&row)
    }

    /// Puts another plan in place, with the rows of it that break a guard rail: groups that it still has stay open, and the cursor stays on its group.
    pub fn renew(&mut self, plan: Plan, broken: RowSet) {
        let place = |patch: Option<&Group>| patch.and_then(|old| plan.groups.iter().position(|group| group.patch == old.patch));
        self.opened = self.opened.iter().filter_map(|&at| place(self.plan.groups.get(at))).collect();
        let here = match self.entries().get(self.cursor) {
            Some(ReviewEntry::Group(at) | ReviewEntry::Row(at, _)) => place(self.plan.groups.get(*at)).map(ReviewEntry::Group),
            Some(&bundle @ ReviewEntry::Bundle(_)) => Some(bundle),
            Some(ReviewEntry::Skipped | ReviewEntry::SkippedRow(_)) | None => None,
        };
        (self.plan, self.broken) = (plan, broken);
        let entry = here.unwrap_or(ReviewEntry::Skipped);
        let entries = self.entries();
        let at = |entry: ReviewEntry| entries.iter().position(|known| *known == entry);
        // A group may have become part of a bundle.
        let bundle = || match entry {
            ReviewEntry::Group(group) => at(ReviewEntry::Bundle(self.bundle(group)?)),
            _ => None,
        };
        self.cursor = at(entry).or_else(bundle).unwrap_or(0);
        self.trigger = Trigger::Locked;
    }

    /// The rows that are not left out.
    pub fn kept(&self) -> Vec<&StagedRow> {
        self.plan.groups.iter().flat_map(|group| &group.rows).filter(|row| !self.excluded.contains(row.row)).collect()
    }

    /// What `y` would send.
    pub fn to_send(&self) -> Plan {
        self.plan.without(|row| self.excluded.contains(row))
    }

    /// The row of an entry; `None` for a group.
    pub fn row(&self, entry: ReviewEntry) -> Option<RowId> {
        match entry {
            ReviewEntry::Bundle(_) | ReviewEntry::Group(_) | ReviewEntry::Skipped => None,
            ReviewEntry::Row(group, row) => self.plan.groups.get(group)?.rows.get(row).map(|row| row.row),
            ReviewEntry::SkippedRow(at) => self.skipped.get(at).map(|&(row, _)| row),
        }
    }
}

/// The problems panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemsPanel {
    /// Which entry the cursor is on.
    pub cursor: usize,
}

/// An entry of the problems panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemEntry {
    /// A kind and how many rows have it.
    Kind(ProblemKind, usize),
    /// A row.
    Row(RowId),
}

/// The question what to do while another session has the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// Who has it, in a few words; clean.
    pub holder: String,
    /// Whether keys count: only once it has been on the screen, since it comes by itself while the analyst types.
    pub trigger: Trigger,
}

/// The help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// The first line shown.
    pub top: usize,
    /// What is looked for, in lower case: only lines that hold it are shown; empty is all.
    pub search: String,
    /// Where the user came from: its keys stand first.
    pub context: Context,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// What is asked, in lines.
    pub question: Vec<String>,
    /// What Yes does.
    pub yes: Confirmed,
}

/// What a confirmed question does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// Leaves the program.
    Quit,
    /// Throws the comment text away.
    DiscardComment,
    /// Overwrites a filter profile.
    SaveProfile,
    /// Goes the steps of staging in this direction, up to and including this one.
    Steps(Way, StepNumber),
}
