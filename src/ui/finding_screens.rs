//! Findings of the demo as the preview and the detail show them, at the sizes of a small and a large terminal.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use ratatui::buffer::Buffer;

use super::{sample, screens, theme::Theme};
use crate::{
    app::{layout::TableLayout, model::Model},
    domain::{patch::Patch, row::RowId, severity::SeverityId, status::StatusId, time::Millis},
};

/// The demo's findings, and when they were made.
const DEMO: &str = include_str!("../../assets/demo/findings.jsonl");
const NOW: Millis = Millis(1_795_132_800_000);

/// One finding of each kind, by the beginning of its `metadata.uid`.
const KINDS: &[(&str, &str)] = &[
    ("an exploited vulnerability", "05720046"),
    ("one without a fix", "06b79b90"),
    ("one with a comment", "0dfbac"),
    ("a control", "1a9acac9"),
    ("coverage", "07452501"),
    ("API calls", "29dcc823"),
    ("a process", "fecbebb3"),
    ("a connection", "22a93809"),
    ("sensitive data", "2b46a2b2"),
    ("an exposure", "08381b6b"),
];

/// A model with this finding alone, its document there.
fn model(columns: u16, rows: u16, uid: &str) -> Model {
    let mut model = sample::connected(columns, rows);
    let document = DEMO.lines().find(|line| line.contains(&format!("\"uid\":\"{uid}"))).unwrap();
    sample::arrive(&mut model, &[document.to_owned()]);
    sample::bring(&mut model, 0);
    model.now = NOW;
    model
}

fn lines(buffer: &Buffer, from: u16, count: u16) -> String {
    let text = screens::shown(buffer);
    text.lines().skip(usize::from(from)).take(usize::from(count)).fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn the_preview_says_what_decides() {
    for (columns, rows) in [(80, 24), (200, 50)] {
        let mut told = String::new();
        for (kind, uid) in KINDS {
            let model = model(columns, rows, uid);
            let layout = TableLayout::of(rows, model.screen.preview);
            let preview = lines(&screens::drawn(&model, Theme::default()), layout.header + layout.body + 1, layout.preview - 1);
            told = format!("{told}{kind}\n{}\n\n", preview.trim_end());
        }
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("preview_kinds_{columns}"), told);
        });
    }
}

#[test]
fn the_detail_goes_by_the_row_where_the_document_is_older() {
    let mut model = model(120, 40, "05720046");
    model.store.apply(RowId(0), &Patch { status: Some(StatusId::SUPPRESSED), ..Patch::severity(SeverityId::LOW) });
    let model = screens::typed(model, "enter");
    let told = lines(&screens::drawn(&model, Theme::default()), 2, 3);
    assert!(told.contains("severity      Low, set in the hub; Inspector says Critical"), "{told}");
    assert!(told.contains("status        Suppressed"), "{told}");
}

#[test]
fn the_first_screen_of_the_detail_at_80_by_24_is_enough_to_decide() {
    for (uid, needed) in [
        ("05720046", &["exploit       known, last seen", "CVSS          9.3", "1.9.15p5-3ubuntu5.24.04.1", "run           apt-get"][..]),
        ("1a9acac9", &["EC2.19", "result        Fail", "0.0.0.0/0", "How to fix it", "https://docs.aws.amazon.com/"]),
        ("29dcc823", &["called CreateAccessKey of iam", "203.0.113.66", "Falkenstein", "AS64500", "AKIAODG7S5BYCEXAMPLE"]),
        ("2b46a2b2", &["47,602 CREDIT_CARD_NUMBER", "open to the public", "settlement_20261117.csv"]),
        ("08381b6b", &["5 signals that add up", "Internet reaches this resource", "impact        High"]),
    ] {
        let told = lines(&screens::drawn(&screens::typed(model(80, 24, uid), "enter"), Theme::default()), 0, 24);
        let unbroken = told.replace('\n', "").replace(' ', "");
        for needed in needed {
            assert!(told.contains(needed) || unbroken.contains(&needed.replace(' ', "")), "{needed} in\n{told}");
        }
    }
}
