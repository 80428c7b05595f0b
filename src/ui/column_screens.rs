//! Chosen columns, the cell cursor and the choice of columns at three sizes; and that a move changes little.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::{
    sample,
    screens::{drawn, shown, typed, written},
    theme::{Colours, Glyphs, Theme},
};
use crate::{
    app::{layout::Preview, model::Model},
    domain::{
        column::Column,
        identity::Identity,
        query::{
            field::Field,
            matching::{FieldReader, Subject},
        },
        row::RowId,
        summary, text,
    },
};

fn snapshot(name: &str, model: &Model, theme: Theme) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, shown(&drawn(model, theme)));
    });
}

fn sizes(name: &str, make: impl Fn(u16, u16) -> Model) {
    for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
        snapshot(&format!("{name}_{columns}"), &make(columns, rows), Theme::default());
    }
}

/// Shows these columns, with what the documents have, but for the last so many rows.
pub(super) fn with_columns(mut model: Model, columns: &[&str], unread: u32) -> Model {
    model.columns = Column::list(columns).unwrap();
    let fields: Vec<Field> = model.columns.iter().filter_map(|column| column.what.field().cloned()).collect();
    model.store.show_extra(&fields);
    model.store.ask_extra(&[]);
    let identity = Identity::Unaddressable(String::new());
    for row in (0..model.store.len() as u32 - unread).map(RowId) {
        let Some((archive, slot)) = model.store.document(row) else { continue };
        let document = archive.document(slot).ok().and_then(|raw| summary::read_document(&raw));
        for field in &fields {
            let subject = document.as_ref().map(|document| Subject { identity: &identity, document, now: model.now, values: None });
            let texts = subject.map(|subject| FieldReader::new(field).texts(&subject)).unwrap_or_default();
            let told: String = text::clean(&texts.join(", ")).chars().take(512).collect();
            model.store.learn(field, row, &told);
        }
    }
    model
}

#[test]
fn chosen_columns_take_the_place_of_the_default_ones_and_paths_are_filled_as_they_are_read() {
    let list = ["severity", "status", "title:30", "cve", "tag", "epss", "finding_info.uid:14", "modified", "account_id", "type", "comment"];
    sizes("columns_paths", |columns, rows| with_columns(sample::busy(columns, rows), &list, 2));
    sizes("columns_few", |columns, rows| with_columns(sample::busy(columns, rows), &["title", "account", "region", "status"], 0));
    sizes("columns_odd", |columns, rows| {
        let list = ["age:2", "severity:2", "product:3", "resource:60", "region:4", "status:8", "control:40"];
        typed(with_columns(sample::busy(columns, rows), &list, 0), "l")
    });
}

#[test]
fn the_cell_cursor_lights_a_cell_and_its_title_and_brings_a_column_into_view() {
    sizes("columns_cursor", |columns, rows| typed(sample::busy(columns, rows), "l"));
    sizes("columns_scrolled", |columns, rows| typed(sample::busy(columns, rows), "l 9 l"));
    let plain = Theme::new(Colours::None, Glyphs::Ascii);
    let list = ["severity", "account", "region", "title:60", "cve:30", "tag:30"];
    snapshot("columns_plain", &typed(with_columns(sample::busy(80, 24), &list, 0), "l 9 l"), plain);
}

#[test]
fn the_choice_of_columns_stands_under_the_table_that_shows_it() {
    sizes("columns_choice", |columns, rows| typed(sample::busy(columns, rows), "z k j space j J +"));
    let list = ["severity", "account", "region", "title:60", "cve:30", "tag:30", "unmapped.a_long_name.of_something.deep_down:12"];
    sizes("columns_choice_paths", |columns, rows| typed(with_columns(sample::busy(columns, rows), &list, 0), "z k 5 j"));
    sizes("columns_refused", |columns, rows| typed(written(typed(sample::busy(columns, rows), "z k a"), "mood"), "enter"));
}

#[test]
fn a_move_of_either_cursor_changes_few_cells() {
    let open = |keys: &str| {
        let mut model = sample::busy(200, 50);
        model.screen.preview = Preview::Hidden;
        drawn(&typed(model, keys), Theme::default())
    };
    for (before, after) in
        [("l", "l j"), ("l l", "l l j"), ("l l", "l l h"), ("l l", "l l l"), ("l j j", "l j j h h h"), ("l l", "l l esc")]
    {
        let changed = open(before).diff(&open(after)).len();
        assert!((2..=100).contains(&changed), "{before}: {changed} cells");
    }
}
