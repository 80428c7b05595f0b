//! A send from its plan to the service and back: the engine, its driver and the journal over the real SDK against the emulator.

use std::{collections::HashMap, sync::Arc};

use hubtriage::{
    domain::{
        identity::Identity,
        patch::{Patch, Values},
        row::RowId,
        severity::SeverityId,
        status::StatusId,
    },
    emulator::{Emulator, Settings},
    journal::entry::{Entry, Origin, SendId},
    runtime::{
        driver::{Connections, News, Send, drive},
        journal::Journal,
    },
    send::{
        engine::Options,
        plan::{Plan, StagedRow},
        report::{Activity, End, RowResult, SendReport, Steer},
    },
};
use tokio::sync::mpsc;

use crate::{
    support::finding::{findings, uid},
    wire::options,
};

/// What a send told.
pub struct Sent {
    pub reports: Vec<SendReport>,
    pub journal: Vec<Entry>,
}

impl Sent {
    /// The last result of each row.
    pub fn results(&self) -> HashMap<RowId, RowResult> {
        self.reports.iter().flat_map(|report| &report.rows).map(|row| (row.row, row.result.clone())).collect()
    }

    /// The last report.
    pub fn last(&self) -> &SendReport {
        self.reports.last().expect("a send reports its end")
    }
}

/// The staged rows `0..count` of [`findings`].
pub fn staged(count: usize, patch: &Patch) -> Vec<StagedRow> {
    let now = Values { status: Some(StatusId::NEW), severity: Some(SeverityId::MEDIUM), comment: None };
    let row = |at: usize| RowId(u32::try_from(at).expect("few"));
    (0..count)
        .map(|at| StagedRow { row: row(at), identity: Identity::MetadataUid(uid(at)), now: now.clone(), patch: patch.clone() })
        .collect()
}

/// A hub at the emulator.
pub async fn connections(emulator: &Emulator) -> Connections {
    let url = emulator.url();
    let connect = move || {
        let url = url.clone();
        Box::pin(async move { hubtriage::aws::connect(options(&url)).await }) as hubtriage::hub::Pending<'static, hubtriage::hub::Hub>
    };
    Connections { hub: connect().await.expect("it connects"), connect: Arc::new(connect) }
}

/// Sends a plan to its end.
pub async fn send(emulator: &Emulator, plan: Plan, options: Options) -> Sent {
    let (_steer, steered) = mpsc::channel::<Steer>(1);
    let (told, mut news) = mpsc::channel(16);
    let journal = Journal::in_memory();
    let sending = Send { send: SendId(1), origin: Origin::Review, plan, options };
    let hub = connections(emulator).await;
    let driver = drive(sending, hub, journal.clone(), steered, told);
    let mut reports = Vec::new();
    let listening = async {
        while let Some(news) = news.recv().await {
            if let News::Report(report) = news {
                reports.push(report);
            }
        }
    };
    tokio::join!(driver, listening);
    Sent { reports, journal: journal.entries() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_a_send_is_processed_and_its_intent_stands_in_the_journal_before_its_outcome() {
    let emulator = Emulator::start(Settings { findings: findings(250), ..Settings::default() }).await.unwrap();
    let patch = Patch::status(StatusId::SUPPRESSED);
    let sent = send(&emulator, Plan::of(staged(250, &patch)), Options::default()).await;
    assert!(sent.results().values().all(|result| *result == RowResult::Processed));
    assert_eq!(sent.results().len(), 250);
    assert_eq!(sent.last().activity, Activity::Over(End::Done));
    assert!(emulator.findings().iter().all(|finding| finding["status_id"] == 3));
    let place = |of: &dyn Fn(&Entry) -> bool| sent.journal.iter().position(of).expect("the journal has it");
    assert_eq!(place(&|entry| matches!(entry, Entry::SendBegan { rows: 250, .. })), 0);
    assert_eq!(place(&|entry| matches!(entry, Entry::SendEnded { unsent: 0, .. })), sent.journal.len() - 1);
    for entry in &sent.journal {
        if let Entry::Intent { call, rows, .. } = entry {
            let outcome =
                |entry: &Entry| matches!(entry, Entry::Answered { call: of, outcomes, .. } if of == call && outcomes.len() == rows.len());
            assert!(place(&outcome) > place(&|other| other == entry));
        }
    }
}
