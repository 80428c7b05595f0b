//! What the analyst decides, from the key to the service and back: conflicts, an undo of a send, a denied field, plan files.

use std::{collections::BTreeMap, path::Path};

use hubtriage::{
    app::overlay::Overlay,
    domain::{patch::Patch, row::RowId, status::StatusId},
    emulator::{Change, Denial, Emulator, FaultPlan, Settings, UpdateField},
    journal::entry::{Entry, Origin, Unstaged},
    runtime::planned,
    send::report::ProblemKind,
    storage::plan_file::PlanFile,
};

use crate::support::{
    analyst::Analyst,
    finding::{findings, uid},
};

async fn analyst(count: usize, faults: FaultPlan) -> Analyst {
    let settings = Settings { findings: findings(count), faults, ..Settings::default() };
    Analyst::at(Emulator::start(settings).await.expect("the emulator starts")).await
}

/// How many findings of the service have each status.
fn statuses(analyst: &Analyst) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for finding in analyst.emulator.findings() {
        *counts.entry(finding["status_id"].as_i64().expect("a status")).or_default() += 1;
    }
    counts
}

fn edit(analyst: &Analyst, at: usize, change: &Change) {
    assert_eq!(analyst.emulator.edit(&uid(at), change), 1);
}

fn resolved() -> Change {
    Change { status: Some(StatusId::RESOLVED), ..Change::default() }
}

fn problem(analyst: &Analyst, at: usize) -> Option<ProblemKind> {
    analyst.model.outcomes.problem(analyst.row(&uid(at))).map(|problem| problem.kind.clone())
}

fn reviewed(analyst: &Analyst) -> usize {
    match analyst.model.overlays.last() {
        Some(Overlay::Review(review)) => review.plan.row_count(),
        other => panic!("no review but {other:?}; notice: {:?}", analyst.model.notice),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_found_before_the_send_is_decided_for_mine_and_for_theirs() {
    let mut analyst = analyst(150, FaultPlan::default()).await;
    edit(&analyst, 3, &resolved());
    edit(&analyst, 4, &resolved());
    analyst.press("* s 3");
    analyst.send().await;
    assert_eq!((problem(&analyst, 3), problem(&analyst, 4)), (Some(ProblemKind::Changed), Some(ProblemKind::Changed)));
    assert_eq!(statuses(&analyst), [(3, 148), (4, 2)].into(), "what someone else set is not overwritten");
    analyst.press("w");
    assert!(analyst.model.overlays.is_empty(), "nothing goes out undecided");
    analyst.press("! j m j t");
    assert_eq!((analyst.model.outcomes.problem_count(), analyst.model.staging.len()), (0, 1));
    let theirs = Entry::Unstaged { rows: Vec::new(), why: Unstaged::TheirsKept };
    let is_theirs = |entry: &Entry| std::mem::discriminant(entry) == std::mem::discriminant(&theirs);
    analyst.until("it is in the journal", |model| model.journal.is_whole()).await;
    assert_eq!(analyst.journal.entries().iter().filter(|entry| is_theirs(entry)).count(), 1);
    analyst.send().await;
    assert_eq!(statuses(&analyst), [(3, 149), (4, 1)].into());
    assert!(analyst.model.staging.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_sends_former_values_back_and_skips_what_was_changed_since() {
    let mut analyst = analyst(120, FaultPlan::default()).await;
    edit(&analyst, 5, &Change { status: Some(StatusId::IN_PROGRESS), ..Change::default() });
    analyst.press("R");
    analyst.until("it is read again", |model| !model.scan.state.is_under_way()).await;
    analyst.press("* s 3");
    analyst.send().await;
    assert_eq!(statuses(&analyst), [(3, 120)].into());
    edit(&analyst, 7, &resolved());
    analyst.press("u");
    analyst.until("former values are staged", |model| model.staging.len() == 119).await;
    assert_eq!(reviewed(&analyst), 119);
    let note = analyst.model.undoing.staged.as_ref().map(|staged| (staged.left.changed, staged.left.rows.len()));
    assert_eq!(note, Some((1, 1)));
    analyst.until("what is staged is in the journal", |model| model.journal.is_whole()).await;
    let writes = analyst.writes().len();
    analyst.press("j y");
    analyst.until("the send is over", |model| model.sending.rows.is_empty() && !model.sending.is_active()).await;
    assert_eq!(statuses(&analyst), [(1, 118), (2, 1), (4, 1)].into());
    assert_eq!(analyst.writes().len() - writes, 3, "two patches, of 118 and of one finding");
    let origins: Vec<Origin> = analyst
        .journal
        .entries()
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::SendBegan { origin, .. } => Some(origin),
            _ => None,
        })
        .collect();
    assert!(matches!(origins.as_slice(), [Origin::Review, Origin::Undo(_)]), "{origins:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_sends_nothing_and_shows_what_changed() {
    let mut analyst = analyst(250, FaultPlan::default()).await;
    edit(&analyst, 9, &Change { comment: Some("mine".to_owned()), ..Change::default() });
    analyst.press("* s 3 w t");
    let checked = |model: &hubtriage::app::model::Model| match model.overlays.last() {
        Some(Overlay::Review(review)) => review.checked.clone(),
        _ => None,
    };
    analyst.until("it is checked", |model| checked(model).is_some()).await;
    let checked = checked(&analyst.model).expect("checked");
    let changed: Vec<RowId> = checked.changed.keys().copied().collect();
    assert_eq!((checked.rows, changed), (250, vec![analyst.row(&uid(9))]));
    assert_eq!(analyst.writes().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_status_is_left_out_and_the_comments_are_sent() {
    let denial = Denial { field: UpdateField::StatusId, values: Vec::new(), caller: None };
    let mut analyst = analyst(20, FaultPlan { denials: vec![denial], ..FaultPlan::default() }).await;
    analyst.press("* c");
    analyst.type_text("looked at it");
    analyst.press("enter s 3");
    analyst.send().await;
    assert_eq!(problem(&analyst, 0), Some(ProblemKind::Call(hubtriage::domain::failure::CallFailure::AccessDenied)));
    assert_eq!(statuses(&analyst), [(1, 20)].into());
    analyst.press("! o enter");
    assert_eq!(reviewed(&analyst), 20);
    analyst.until("what is staged is in the journal", |model| model.journal.is_whole()).await;
    analyst.press("y");
    analyst.until("the send is over", |model| model.sending.rows.is_empty() && !model.sending.is_active()).await;
    assert_eq!(statuses(&analyst), [(1, 20)].into());
    assert!(analyst.emulator.findings().iter().all(|finding| finding["comment"] == "looked at it"));
    assert!(analyst.model.staging.is_empty() && analyst.model.outcomes.problem_count() == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_saved_as_a_plan_and_opened_again_with_what_changed_since() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.json");
    let name = file.to_str().expect("a name");
    let mut analyst = analyst(30, FaultPlan::default()).await;
    analyst.press("* s 3 w x ctrl-u");
    analyst.type_text(name);
    analyst.press("enter");
    analyst.until("it is saved", |model| model.notice.as_ref().is_some_and(|notice| notice.text.contains("saved as"))).await;
    assert_eq!(analyst.writes().len(), 0);
    let plan = PlanFile::load(&file).expect("a whole plan");
    assert_eq!((plan.row_count(), plan.groups.len()), (30, 1));
    // The same name again is refused.
    analyst.press("x ctrl-u");
    analyst.type_text(name);
    analyst.press("enter");
    analyst.until("it is refused", |model| model.notice.as_ref().is_some_and(|notice| notice.text.contains("is there already"))).await;
    analyst.press("esc u");
    assert!(analyst.model.staging.is_empty());
    edit(&analyst, 2, &resolved());
    analyst.model.opened_plan = Some(planned::opened(Path::new(name), plan));
    analyst.take(hubtriage::app::event::Event::Tick);
    analyst.until("it is staged", |model| model.staging.len() == 30).await;
    assert_eq!((problem(&analyst, 2), analyst.model.outcomes.problem_count()), (Some(ProblemKind::Changed), 1));
    assert_eq!(reviewed(&analyst), 29);
    assert_eq!(analyst.model.staging.get(analyst.row(&uid(2))), Some(&Patch::status(StatusId::SUPPRESSED)));
    analyst.until("what is staged is in the journal", |model| model.journal.is_whole()).await;
    analyst.press("j y");
    analyst.until("the send is over", |model| model.sending.activity.is_some() && !model.sending.is_active()).await;
    assert_eq!(statuses(&analyst), [(3, 29), (4, 1)].into());
}
