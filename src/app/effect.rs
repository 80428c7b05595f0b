//! What is to be done outside: effects are data, the runtime carries them out.

use std::sync::Arc;

use crate::{
    domain::{
        counted::CountField,
        identity::Identity,
        order::SortKey,
        profile::{Content, FilterProfile, ProfileName},
        query::Query,
    },
    findings::{archive::Archive, held::HeldPage},
    journal::{
        entry::{Entry, Origin, SendId},
        hub_key::HubKey,
    },
    send::{plan::Plan, report::Steer},
};

use super::{
    clipboard::{Gathering, Multiplexer},
    event::{RequestId, Ticket},
    export::{Export, Source},
    plan_file::Saved,
    profiles::Overwrite,
    remembered::Remembered,
    survey::{Survey, SurveyKind},
};

/// Everything the application can ask for.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read all findings of a query, page by page, and how many there are.
    Scan {
        /// Its number.
        scan: RequestId,
        /// Which findings.
        query: Query,
        /// In which order, where the service can.
        sort: Vec<SortKey>,
    },
    /// Have the findings of a query counted by the service, by each of these fields.
    Count {
        /// Its number.
        request: RequestId,
        /// Which findings.
        query: Query,
        /// By what.
        fields: Vec<CountField>,
    },
    /// Count the findings of each query, one call after the other; a later one, or another scan, takes its place.
    Explain {
        /// Its number.
        request: RequestId,
        /// Which; at most [`super::serving::MAX_EXPLAINED`].
        queries: Vec<Query>,
    },
    /// Stop reading pages.
    CancelScan(RequestId),
    /// Read findings again.
    Reread {
        /// Its number.
        request: RequestId,
        /// Which; at most 100.
        identities: Vec<Identity>,
    },
    /// Send a plan. Its calls are never cancelled.
    Send {
        /// Its name.
        send: SendId,
        /// What it comes from.
        origin: Origin,
        /// Which rows get what.
        plan: Plan,
    },
    /// Tell the send under way something.
    Steer(Steer),
    /// Open the journal of this hub and read what it holds.
    OpenJournal(HubKey, Patience),
    /// Put entries on disk; the answer carries the ticket.
    Journal(Ticket, Vec<Entry>),
    /// Read everything the journal remembers.
    History,
    /// Read what the last session on this hub left.
    LoadSession(HubKey),
    /// Write down what the next session on this hub will want back; a later one may take its place before it is written.
    SaveSession(HubKey, Arc<Remembered>),
    /// Write a plan file, unless there is a file of that name.
    SavePlan(Box<Saved>),
    /// Go through the documents of loaded rows; in place of an earlier survey of its kind.
    Survey {
        /// Its number.
        request: RequestId,
        /// What for.
        what: Survey,
        /// The rows, by archive.
        rows: Arc<[HeldPage]>,
    },
    /// Stop the survey of this kind.
    CancelSurvey(SurveyKind),
    /// Read the files of the filter profiles again.
    LoadProfiles(RequestId),
    /// Count the findings of these filter profiles, one after the other; what was being counted is not any more.
    CountProfiles(RequestId, Vec<(ProfileName, Query)>),
    /// Stop counting.
    StopCounting,
    /// Write what is said into the file of a filter profile.
    SaveProfile {
        /// Its name.
        name: ProfileName,
        /// What is said.
        content: Box<Content>,
        /// Whether there may be a file already.
        overwrite: Overwrite,
    },
    /// End this session and begin one on the hub of this filter profile.
    SwitchHub(Box<FilterProfile>),
    /// Ask for the home Region.
    HomeRegion,
    /// Connect again: the credential chain is read anew.
    Reconnect,
    /// Bring back a document and tell it, under this number.
    Document(RequestId, Arc<Archive>, usize),
    /// Let the analyst write in `$EDITOR`, starting from this text.
    Edit(String),
    /// Put a text on the clipboard.
    Copy {
        /// What it is, for the notice; clean.
        what: String,
        /// The text, clean.
        text: String,
        /// What lies between here and the terminal.
        through: Multiplexer,
    },
    /// Bring back documents, to copy something of them.
    Gather {
        /// Its number.
        request: RequestId,
        /// What of them.
        what: Gathering,
        /// Of which rows, in this order.
        rows: Vec<Source>,
        /// The Region of the hub.
        region: String,
    },
    /// Write rows, or a text, into a new file.
    Export(Box<Export>),
    /// Stop doing so; what was written goes away.
    StopExport,
    /// Hand the terminal back to the shell.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave, once no write is under way.
    Quit,
}

/// What to do where another session has the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Say so.
    None,
    /// Wait until it has gone.
    Waits,
}
