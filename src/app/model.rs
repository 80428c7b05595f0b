//! Everything the application knows. Drawn by `ui`, changed by `update` only.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::{
    domain::{
        advice::Place,
        blast::CountAbove,
        column::{Column, ColumnKind},
        comment::LineBreaks,
        decision::CommentMode,
        failure::CallError,
        patch::Patch,
        query::Query,
        recipe::Recipe,
        row::{HubId, RowId},
        status::StatusId,
        template::Template,
        time::Millis,
    },
    findings::{
        groups::GroupId,
        row_set::RowSet,
        store::Store,
        view::{Line, View},
    },
    journal::entry::SendId,
    send::{
        options::ConflictCheck,
        report::{Activity, Progress},
    },
};

pub use super::{
    clipboard::{Clipboard, Way},
    documents::Documents,
    marks::{Marks, Range, RangeKind, Rest},
    notice::{Level, Notice},
    outcome::{Outcomes, RowState},
    scan::{Bound, Only, Scan, ScanState},
};

use super::{
    clipboard::Copying,
    deciding::Deciding,
    event::{Caller, Connection, Event, RequestId, ServedOrder},
    export::Exporting,
    former::Former,
    grouped::Grouped,
    hint::{Hint, Newcomer},
    journaling::Journaling,
    keymap::{Context, Key, Keymap},
    layout::{MIN_COLUMNS, MIN_ROWS, MousePolicy, Preview, TableLayout},
    overlay::{Overlay, ProblemEntry},
    pass::Pass,
    plan_file::Opened,
    pointer::Click,
    profiles::Profiles,
    progress::Progresses,
    remembered::Remembering,
    serving::{Explanation, Hiding, Serving},
    staging::Staging,
    summary::Summary,
    survey::Surveys,
    trail::Trail,
    undo::Undoing,
    visit::Visit,
};

/// The whole state.
#[derive(Debug)]
pub struct Model {
    /// What was chosen at the start and does not change.
    pub settings: Settings,
    /// The hub and who is acting.
    pub session: Session,
    /// What was asked for and how much of it is here.
    pub scan: Scan,
    /// What the service does of the query.
    pub serving: Serving,
    /// Why the query found nothing.
    pub explanation: Option<Explanation>,
    /// Why the filter hides every row.
    pub hiding: Option<Hiding>,
    /// The loaded findings.
    pub store: Store,
    /// Which are shown, in which order.
    pub view: View,
    /// The filter as typed; empty is none.
    pub filter: String,
    /// Which rows are shown at all, whatever the filter.
    pub only: Only,
    /// What is new since the last visit.
    pub visit: Visit,
    /// The columns of the table, left to right; each shows something else, and there is at least one.
    pub columns: Vec<Column>,
    /// Where the cursor is.
    pub cursor: Cursor,
    /// What the headers of groups tell beside their rows.
    pub grouped: Grouped,
    /// Chosen rows.
    pub marks: Marks,
    /// Decided, not sent.
    pub staging: Staging,
    /// What decisions need besides their rows.
    pub deciding: Deciding,
    /// What came of rows that were sent.
    pub outcomes: Outcomes,
    /// The send under way or last over.
    pub sending: Sending,
    /// The journal.
    pub journal: Journaling,
    /// The saved filter profiles.
    pub profiles: Profiles,
    /// What comes back of the last session, and what the next one will want back.
    pub remembering: Remembering,
    /// Texts that were typed into prompts before.
    pub former: Former,
    /// Places to go back to.
    pub trail: Trail,
    /// Whether the program ends when the send does.
    pub leaving: Leaving,
    /// What lies over the table, innermost last.
    pub overlays: Vec<Overlay>,
    /// Keys typed that are not an action yet.
    pub typed: Typed,
    /// Keys, pastes and clicks that wait for rows that are being sorted, filtered or grouped, in the order they came.
    pub typed_ahead: VecDeque<Event>,
    /// The last click that a second one may follow, and when.
    pub clicked: Option<(Click, Millis)>,
    /// The line above the footer's keys.
    pub notice: Option<Notice>,
    /// What a new user has to know, until a few keys have been found.
    pub hint: Hint,
    /// The terminal.
    pub screen: Screen,
    /// Documents that were opened.
    pub documents: Documents,
    /// Reads of named findings under way, each with the rows that were written since it began.
    pub rereads: BTreeMap<RequestId, RowSet>,
    /// Rows being read again for one purpose.
    pub pass: Option<Pass>,
    /// Surveys of documents under way.
    pub surveys: Surveys,
    /// A copy whose documents are being brought back.
    pub copying: Option<Copying>,
    /// An export under way.
    pub exporting: Option<Exporting>,
    /// How fast what is under way goes.
    pub progress: Progresses,
    /// The undo of a send.
    pub undoing: Undoing,
    /// A plan file that was opened with the program and waits until the journal is open.
    pub opened_plan: Option<Opened>,
    /// The last request number given out.
    pub last_request: RequestId,
    /// When the last event came.
    pub now: Millis,
}

/// What was chosen at the start.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The keys.
    pub keymap: Keymap,
    /// What becomes of line breaks in comments.
    pub line_breaks: LineBreaks,
    /// Whether `$EDITOR` may be started.
    pub editor: EditorPolicy,
    /// Whether the mouse does anything.
    pub mouse: MousePolicy,
    /// Whether a send may leave the process.
    pub access: Access,
    /// Calls a second for writes, for the review's estimate; zero is no limit.
    pub writes_per_second: f64,
    /// Calls a second for reads, likewise.
    pub reads_per_second: f64,
    /// Whether rows are read again before they are sent; for what the review says and estimates.
    pub conflict_check: ConflictCheck,
    /// Above how many findings a send asks for its count.
    pub type_count_above: CountAbove,
    /// The AWS profile that was named, for advice.
    pub profile: Option<String>,
    /// What this session is, where it is not a live hub: `demo`.
    pub label: Option<&'static str>,
    /// Who chose the first query.
    pub asked: Asked,
    /// Whether somebody uses the program for the first time.
    pub newcomer: Newcomer,
    /// Whether and how a text can be put on the clipboard.
    pub clipboard: Clipboard,
    /// The recipes of the configuration, in its order.
    pub recipes: Vec<Recipe>,
    /// The comment templates of the configuration beside those of recipes.
    pub templates: Vec<Template>,
    /// What becomes of old comments unless the analyst says otherwise.
    pub comment_mode: CommentMode,
}

/// Who chose the first query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asked {
    /// Nobody: that of the last session takes its place, where there was one.
    #[default]
    Nobody,
    /// The command line.
    CommandLine,
    /// A filter profile that was named: order, columns and grouping are its own too.
    FilterProfile,
}

/// Whether `$EDITOR` may be started: on a jump host it can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditorPolicy {
    /// It may.
    #[default]
    Allowed,
    /// It may not.
    Off,
}

/// Whether sending is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// It is.
    #[default]
    ReadWrite,
    /// Staging works, sending does not.
    ReadOnly,
}

/// The hub and who is acting.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// Once connected.
    pub connection: Option<Connection>,
    /// From STS, when it answered.
    pub caller: Option<Caller>,
    /// The account of the hub's ARN, known even without STS.
    pub hub_account: Option<String>,
    /// Whether STS has answered, or failed to.
    pub caller_asked: bool,
    /// Whether the hub has been asked for its ARN, successfully or not.
    pub hub_asked: bool,
    /// Where Security Hub V2 turned out to be off here: the home Region, when one was found.
    pub home_region: Option<String>,
    /// The call-level error that stands in the way, until something succeeds again.
    pub trouble: Option<CallError>,
    /// Which hub new rows belong to.
    pub hub: HubId,
}

/// Where the cursor is: on a row or on the header of a group, wherever that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The row, where it is on one.
    pub row: Option<RowId>,
    /// The group, where it is on a header.
    pub header: Option<GroupId>,
    /// The line.
    pub place: usize,
    /// What it was on when the filter took that away: where it goes back to when another filter leaves it, unless it was moved meanwhile.
    pub lost: Option<Line>,
    /// The first line on screen.
    pub top: usize,
    /// The cell cursor, as a place in [`Model::columns`]; `None` until it is first used.
    pub column: Option<usize>,
    /// Whether the cursor has been moved: until then it stays on the first row while better rows arrive.
    pub moved: Moved,
    /// Whether it came to its row by itself, while rows are still coming: what is above the row is shown as far as there is room, in place
    /// of the row being kept on its line.
    pub restored: bool,
}

/// Whether the analyst has moved the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moved {
    /// Not yet.
    #[default]
    No,
    /// Yes: it is pinned to its row.
    Yes,
}

/// The send under way, or the last one.
#[derive(Debug, Clone, Default)]
pub struct Sending {
    /// Its name.
    pub id: Option<SendId>,
    /// Rows that it has no final result for yet, with what it sets on them.
    pub rows: HashMap<RowId, Patch>,
    /// How far it is.
    pub progress: Progress,
    /// What it is doing; `None` before the first.
    pub activity: Option<Activity>,
    /// When it began.
    pub began: Option<Millis>,
    /// Findings that it has read, before their call or to see what became of them.
    pub seen: usize,
    /// Rows of it that were not sent because it ended early.
    pub unsent: usize,
    /// Since when it does what it is doing.
    pub since: Option<Millis>,
}

/// Whether the program ends when the send does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Leaving {
    /// No.
    #[default]
    No,
    /// Yes.
    WhenSent,
}

impl Sending {
    /// Whether a call is under way or waits.
    pub fn is_active(&self) -> bool {
        self.activity.as_ref().is_some_and(|activity| !matches!(activity, Activity::Over(_)))
    }
}

/// Keys typed that are not an action yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// A prefix.
    pub keys: Vec<Key>,
    /// A count.
    pub count: Option<usize>,
    /// How often Ctrl-c was pressed in a row.
    pub interrupts: u8,
}

/// The terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
    /// Whether the preview is shown.
    pub preview: Preview,
}

impl Screen {
    /// Whether anything but a notice is drawn: what the analyst cannot see must not be acted on.
    pub const fn is_large_enough(&self) -> bool {
        self.columns >= MIN_COLUMNS && self.rows >= MIN_ROWS
    }
}

impl Model {
    /// The state before anything has happened.
    pub fn new(settings: Settings, query: Query, columns: u16, rows: u16, now: Millis) -> Self {
        let hint = Hint::of(settings.newcomer);
        Self {
            settings,
            session: Session::default(),
            serving: Serving::of(&query),
            scan: Scan {
                query,
                id: RequestId::default(),
                state: ScanState::Waiting,
                began: now,
                loaded: 0,
                total: None,
                bound: Bound::About,
                updated: 0,
                duplicates: 0,
                order: ServedOrder::AsAsked,
                before: None,
            },
            explanation: None,
            hiding: None,
            store: Store::default(),
            view: View::default(),
            filter: String::new(),
            only: Only::default(),
            visit: Visit::default(),
            columns: Column::defaults(),
            cursor: Cursor::default(),
            grouped: Grouped::default(),
            marks: Marks::default(),
            staging: Staging::default(),
            deciding: Deciding::default(),
            outcomes: Outcomes::default(),
            sending: Sending::default(),
            journal: Journaling::default(),
            profiles: Profiles::default(),
            remembering: Remembering::default(),
            former: Former::default(),
            trail: Trail::default(),
            leaving: Leaving::No,
            overlays: Vec::new(),
            typed: Typed::default(),
            typed_ahead: VecDeque::new(),
            clicked: None,
            notice: None,
            hint,
            screen: Screen { columns, rows, preview: Preview::default() },
            documents: Documents::default(),
            rereads: BTreeMap::new(),
            pass: None,
            surveys: Surveys::default(),
            copying: None,
            exporting: None,
            progress: Progresses::default(),
            undoing: Undoing::default(),
            opened_plan: None,
            last_request: RequestId::default(),
            now,
        }
    }

    /// Puts the landing summary before the findings: they are loaded once it is left, or something in it is opened.
    pub fn summary_first(&mut self) {
        self.scan.state = ScanState::Held;
        self.overlays.push(Overlay::Summary(Box::new(Summary::new(self.scan.query.clone()))));
    }

    /// Which bindings hold now.
    pub fn context(&self) -> Context {
        self.overlays.last().map_or(Context::Table, Overlay::context)
    }

    /// The lines of the table screen. What stands in the way always has its place, so that no row is hidden under it.
    pub fn layout(&self) -> TableLayout {
        let layout = TableLayout::of(self.screen.rows, self.screen.preview);
        if self.has_banner() { layout.with_banner(self.screen.columns) } else { layout }
    }

    /// Whether something stands in the way: of every call, or of the send under way.
    pub const fn has_banner(&self) -> bool {
        let is_held = matches!(self.sending.activity, Some(Activity::Waiting(_) | Activity::Held(_) | Activity::Paused));
        self.session.trouble.is_some() || is_held
    }

    /// Whether a row is no longer part of the result: known once the scan is complete, or once the row was read again and is not what the
    /// query asks for, or not there.
    pub fn is_gone(&self, row: RowId) -> bool {
        self.store.is_lost(row) || (self.scan.state == ScanState::Complete && self.store.is_gone(row))
    }

    /// Takes rows that are gone out of a set, 64 at once.
    pub fn take_gone(&self, rows: &mut RowSet) {
        rows.remove_all(self.store.lost());
        if self.scan.state == ScanState::Complete {
            rows.retain_all(self.store.seen());
        }
    }

    /// Whether a row waits for a decision: its status is open and nothing is staged on it.
    pub fn is_undecided(&self, row: RowId) -> bool {
        self.staging.get(row).is_none()
            && self.store.status(row).is_none_or(StatusId::is_open)
            && !matches!(self.outcomes.get(row), Some(RowState::Processed | RowState::Sending | RowState::Waiting(_)))
    }

    /// What the cell cursor is on; `None` until it is first used.
    pub fn cell(&self) -> Option<&ColumnKind> {
        self.cursor.column.and_then(|at| self.columns.get(at)).map(|column| &column.what)
    }

    /// The entries of the problems panel: each kind with its rows.
    pub fn problem_entries(&self) -> Vec<ProblemEntry> {
        let mut problems = self.outcomes.problems();
        problems.sort_by(|(a_row, a), (b_row, b)| a.kind.cmp(&b.kind).then(a_row.cmp(b_row)));
        let mut entries = Vec::with_capacity(problems.len() + 4);
        for same in problems.chunk_by(|(_, a), (_, b)| a.kind == b.kind) {
            if let Some((_, first)) = same.first() {
                entries.push(ProblemEntry::Kind(first.kind.clone(), same.len()));
            }
            entries.extend(same.iter().map(|&(row, _)| ProblemEntry::Row(row)));
        }
        entries
    }

    /// Where errors happen, for advice.
    pub fn place(&self) -> Place<'_> {
        let connection = self.session.connection.as_ref();
        Place {
            region: connection.map(|connection| connection.region.as_str()),
            account: self.session.hub_account.as_deref().or(self.session.caller.as_ref().map(|caller| caller.account.as_str())),
            profile: self.settings.profile.as_deref(),
            home_region: self.session.home_region.as_deref(),
            endpoint: connection.and_then(|connection| connection.endpoint.as_deref()),
        }
    }

    /// The next request number.
    pub fn next_request(&mut self) -> RequestId {
        self.last_request.0 += 1;
        self.last_request
    }
}
