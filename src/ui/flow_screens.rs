//! Snapshots of flow mode, with findings and recipes of the demo.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::{
    sample,
    screens::{every, snapshot, typed},
};
use crate::{
    app::{
        event::{Arrival, Event},
        keymap::parse_keys,
        model::{Model, ScanState},
        update::{Ctx, update},
    },
    domain::{row::RowId, template::Variable, time::Millis},
    runtime::demo,
};

const DEMO: &str = include_str!("../../assets/demo/findings.jsonl");
const NOW: Millis = Millis(1_795_132_800_000);

/// Findings of the demo that say these, in table order: controls, vulnerabilities, a detection, one with a comment.
const WANTED: [&str; 4] = ["\"control\":\"EC2.8\"", "CVE-2025-32463", "\"uid\":\"29dcc823", "\"control\":\"S3.8\""];

fn model(columns: u16, rows: u16) -> Model {
    let mut model = sample::connected(columns, rows);
    model.now = NOW;
    model.settings.recipes = demo::recipes();
    model.deciding.answers.insert(Variable::Ticket, "PAY-1182".to_owned());
    let documents: Vec<String> = DEMO.lines().filter(|line| WANTED.iter().any(|wanted| line.contains(wanted))).map(str::to_owned).collect();
    sample::arrive(&mut model, &documents);
    model.scan.state = ScanState::Complete;
    model
}

/// Keys with seconds between them; every document that is needed is there, and what is staged is on disk.
fn pressed(mut model: Model, keys: &str, seconds: i64) -> Model {
    for key in parse_keys(keys).unwrap() {
        let now = Millis(model.now.0 + seconds * 1_000);
        update(&mut model, Event::Key(key, Arrival::Single), Ctx { now });
        if let Some(row) = model.flow().and_then(|flow| flow.row) {
            sample::bring(&mut model, row.0);
        }
        model.journal.unsaved.clear();
    }
    model
}

#[test]
fn one_finding_fills_the_screen_with_what_decides_on_it() {
    every("flow", |columns, rows| pressed(model(columns, rows), "M", 1));
    every("flow_pace", |columns, rows| pressed(model(columns, rows), "M 1 2 3 n 6", 4));
    every("flow_scrolled", |columns, rows| pressed(model(columns, rows), "M space", 1));
}

#[test]
fn what_was_decided_and_what_is_alike_is_told() {
    every("flow_decided", |columns, rows| pressed(model(columns, rows), "M n n n n n n 1 1 ctrl-o", 4));
    every("flow_wide", |columns, rows| pressed(model(columns, rows), "M n n n n n n 1 g , enter", 4));
}

#[test]
fn without_the_document_without_recipes_and_with_nothing_left_it_says_so() {
    every("flow_bare", |columns, rows| {
        let mut model = sample::busy(columns, rows);
        model.settings.recipes.clear();
        typed(model, "g g M")
    });
    every("flow_over", |columns, rows| {
        let mut model = model(columns, rows);
        (model.scan.state, model.scan.began) = (ScanState::Loading, NOW);
        let first: Vec<RowId> = model.view.rows().iter().skip(5).copied().collect();
        model.staging.stage(&first, &crate::domain::patch::Patch::status(crate::domain::status::StatusId::RESOLVED));
        model.staging.take_decided();
        pressed(model, "g g M 1 2 3 4 6", 4)
    });
    snapshot("flow_menu_80", &pressed(model(80, 24), "M s", 1));
}
