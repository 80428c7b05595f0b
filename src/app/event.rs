//! What can happen to the application.

use std::sync::Arc;

use crate::{
    domain::{
        counted::Counted,
        failure::CallError,
        identity::Identity,
        profile::{Catalogue, ProfileName},
        summary::Summary,
    },
    findings::archive::SealedPage,
    journal::ledger::Ledger,
    send::report::SendReport,
};

use super::{
    clipboard::{Gathered, Multiplexer},
    export::{NotWritten, Written},
    keymap::Key,
    pointer::Mouse,
    profiles::NotSaved,
    remembered::Remembered,
    survey::{Covered, Found},
};

/// A request to the hub, numbered; an answer whose number is not current is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct RequestId(pub u64);

/// Whether a key came by itself or in the middle of many at once: a paste without brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// By itself.
    Single,
    /// With others that arrived at the same moment.
    Burst,
}

/// Everything that can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A key was pressed.
    Key(Key, Arrival),
    /// A text was pasted, in brackets.
    Paste(String),
    /// The mouse did something; comes only where it is switched on.
    Mouse(Mouse),
    /// The terminal has a new size: columns and rows.
    Resize(u16, u16),
    /// A frame with the present model has been drawn and every key typed before it was handled.
    Drawn,
    /// Time has passed while something that shows it is under way.
    Tick,
    /// Nothing else waits, and the model has work to go on with.
    Step,
    /// SIGTERM, SIGHUP, or the terminal is gone.
    Terminate,
    /// The hub has been connected to, or not.
    Connected(Result<Connection, CallError>),
    /// A page of a scan has come.
    Page {
        /// The scan.
        scan: RequestId,
        /// The page.
        page: SealedPage,
        /// Whether more follow.
        more: More,
        /// Whether the service sorted as asked.
        order: ServedOrder,
    },
    /// The scan started again from its first page because the service refused the page token.
    ScanRestarted(RequestId),
    /// A scan ended with an error; what was loaded stays.
    ScanFailed(RequestId, CallError),
    /// How many findings each query of an [`super::effect::Effect::Explain`] has; an error is no obstacle.
    Explained(RequestId, Result<Vec<u64>, CallError>),
    /// How many findings the query has; an error is no obstacle.
    Total(RequestId, Result<u64, CallError>),
    /// What was asked to be counted under this number has been, field by field in the order asked for.
    Counted(RequestId, Result<Vec<Counted>, CallError>),
    /// Who is acting; an error is no obstacle.
    Caller(Result<Caller, CallError>),
    /// Whether Security Hub V2 is on here, and the hub's account.
    Described(Result<Option<String>, CallError>),
    /// The home Region, asked after V2 turned out to be off here.
    HomeRegion(Option<String>),
    /// News of the send under way.
    Sending(SendReport),
    /// A send read findings: to check them before their call, or to see what became of them.
    SendSaw(SealedPage),
    /// News of the journal.
    Journal(JournalEvent),
    /// What the last session on this hub left, if anything; or why that cannot be read or written, in a sentence.
    Session(Result<Option<Arc<Remembered>>, String>),
    /// Findings were read again: which were asked for, and what came.
    Reread {
        /// The request.
        request: RequestId,
        /// Which were asked for.
        asked: Vec<Identity>,
        /// What came.
        result: Result<SealedPage, CallError>,
    },
    /// A survey goes on; comes at most four times a second.
    Surveying(RequestId, Covered),
    /// A survey found something.
    Surveyed {
        /// Its number.
        request: RequestId,
        /// What it found.
        found: Found,
        /// How far it is.
        covered: Covered,
        /// Whether more comes.
        more: More,
    },
    /// A plan was saved under this name, or not and why.
    PlanSaved(Result<String, String>),
    /// The files of the filter profiles have been read.
    Profiles(RequestId, Box<Catalogue>),
    /// A filter profile has been counted; an error is no obstacle.
    ProfileCounted(RequestId, ProfileName, Result<u64, CallError>),
    /// A filter profile was saved in this file, or not.
    ProfileSaved(ProfileName, Result<String, NotSaved>),
    /// The document that was asked for under this number has been brought back and told.
    Document(RequestId, Result<Arc<Told>, String>),
    /// The text that `$EDITOR` left, or why there is none.
    Edited(Result<String, String>),
    /// A text was handed to the terminal for its clipboard, in the form for what lies between: what it is, or why it was not.
    Copied(Multiplexer, Result<String, String>),
    /// What was asked for of documents under this number, to be copied.
    Gathered(RequestId, Gathered),
    /// An export goes on; comes at most four times a second.
    Exporting(RequestId, Covered),
    /// An export has ended.
    Exported(RequestId, Result<Written, NotWritten>),
}

impl Event {
    /// Whether it changes nothing on the screen but how far something is.
    pub const fn is_progress(&self) -> bool {
        matches!(self, Self::Tick | Self::Surveying(..))
    }
}

/// Whether a scan goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// More pages follow.
    Follows,
    /// This was the last.
    Last,
}

/// Whether the service sorted as it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServedOrder {
    /// As asked.
    #[default]
    AsAsked,
    /// By something else; the order is only that of the loaded rows.
    Fallback,
}

/// What is known once the hub has been connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The Region that is asked.
    pub region: String,
    /// The endpoint, where it is not the Region's own.
    pub endpoint: Option<String>,
}

/// Who is acting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account id.
    pub account: String,
    /// The caller's ARN.
    pub arn: String,
}

/// A document ready to be read: clean, not yet wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The summary.
    pub summary: Summary,
    /// The document, indented.
    pub document: Vec<String>,
}

/// A batch of entries on its way to the journal; later ones have greater numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Ticket(pub u64);

/// News of the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum JournalEvent {
    /// It is open: what it holds, and what had to be mended, in sentences.
    Opened(Arc<Ledger>, Vec<String>),
    /// Another session has it: who, in a few words.
    Busy(String),
    /// It cannot be opened, in a sentence that says what to do.
    Unusable(String),
    /// Entries are on disk, or not and why.
    Written(Ticket, Result<(), String>),
    /// Everything it remembers, as it was asked for.
    History(Result<Arc<Ledger>, String>),
}
