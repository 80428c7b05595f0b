//! Snapshots of what takes a while, in the tasks and in the footer, and of the steps of staging.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::{
    sample,
    screens::{drawn, every, shown, snapshot, typed},
    theme::Theme,
};
use crate::{
    app::{
        event::{Event, RequestId},
        model::{Model, RangeKind},
        pass::{Pass, Purpose},
        survey::{Covered, Marking},
        update::{Ctx, update},
    },
    domain::{patch::Patch, row::RowId, severity::SeverityId, status::StatusId, time::Millis},
    findings::row_set::RowSet,
    send::report::{Activity, Progress},
};

/// Lets ten seconds pass, a third of a second at a time; `work` gets how many have passed.
fn pass_time(mut model: Model, work: impl Fn(&mut Model, usize)) -> Model {
    for step in 0..=30_usize {
        work(&mut model, step);
        let now = Millis(sample::NOW + 333 * i64::try_from(step).unwrap());
        update(&mut model, Event::Tick, Ctx { now });
    }
    model
}

fn loads(model: &mut Model, step: usize) {
    model.scan.loaded = 12 + step * 100;
}

fn sends(model: &mut Model, step: usize) {
    model.sending.activity = Some(Activity::Sending);
    model.sending.began = Some(Millis(sample::NOW));
    model.sending.progress = Progress { rows: 5_000, answered: step * 80, processed: step * 80, calls: step as u64, throttled: 0 };
}

fn checks(model: &mut Model, step: usize) {
    let requests = (50 + step as u64..100).map(RequestId);
    for request in 0..=100 {
        model.rereads.remove(&RequestId(request));
    }
    model.rereads.extend(requests.clone().map(|request| (request, RowSet::default())));
    let [missing, unread] = [Vec::new(), Vec::new()];
    model.pass = Some(Pass { purpose: Purpose::Check, requests: requests.collect(), rows: 9_800, read: step * 98, missing, unread });
}

fn looks(model: &mut Model, step: usize) {
    let covered = Covered { done: step * 1_600, of: 100_000, unreadable: 0 };
    let (request, kind, known) = (RequestId(7), RangeKind::Mark, RowSet::default());
    model.surveys.marking = Some(Marking { request, kind, asked: 100_000, covered, known, without: 0, asking: None });
}

/// The last line of a screen.
fn footer(model: &Model) -> String {
    shown(&drawn(model, Theme::default())).lines().nth(usize::from(model.screen.rows) - 1).unwrap().to_owned()
}

#[test]
fn long_work_tells_counts_rate_and_time_left_in_the_tasks_and_in_the_footer() {
    type Work = fn(&mut Model, usize);
    let all: Work = |model, step| {
        loads(model, step);
        sends(model, step);
        checks(model, step);
        looks(model, step);
    };
    let works: [(&str, Work); 5] = [("loading", loads), ("sending", sends), ("reading", checks), ("survey", looks), ("several", all)];
    let mut footers = String::new();
    for (name, work) in works {
        let make = |columns, rows| {
            let mut model = sample::loaded(columns, rows, 12);
            if name != "loading" && name != "several" {
                model.scan.state = crate::app::model::ScanState::Complete;
            }
            pass_time(model, work)
        };
        every(&format!("tasks_{name}"), |columns, rows| {
            let mut model = make(columns, rows);
            model.notice = None;
            typed(model, "W")
        });
        for columns in [80, 120, 200] {
            let mut model = make(columns, 24);
            model.notice = None;
            footers = format!("{footers}{name} {columns}\n{}\n", footer(&model));
        }
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("footer_progress", footers);
    });
}

#[test]
fn the_steps_stand_with_what_was_undone_over_now() {
    let make = |columns, rows, keys: &str| {
        let mut model = sample::loaded(columns, rows, 12);
        let all: Vec<RowId> = (0..12).map(RowId).collect();
        model.staging.stage(&all, &Patch { comment: Some(sample::comment("why")), ..Patch::status(StatusId::SUPPRESSED) });
        model.staging.stage(&all[..3], &Patch::severity(SeverityId::LOW));
        model.staging.drop_rows(&all[10..], crate::journal::entry::Unstaged::Dropped);
        model.staging.stage(&all[4..5], &Patch::status(StatusId::NEW));
        model.staging.take_decided();
        typed(model, keys)
    };
    every("steps", |columns, rows| make(columns, rows, "W u u"));
    every("steps_asked", |columns, rows| make(columns, rows, "W j j enter"));
    snapshot("steps_undone", &make(80, 24, "W u u u u k"));
}
