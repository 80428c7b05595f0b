//! Snapshots of grouped tables and of the menus for groups and sort keys.

use super::{
    sample,
    screens::{drawn, every, shown, snapshot, themed, typed, written},
    theme::{Colours, Glyphs, Theme},
};
use crate::{app::model::Model, domain::row::RowId};

#[test]
fn groups_have_headers_with_their_counts_and_the_one_under_the_cursor_is_summed_up() {
    every("groups", |columns, rows| typed(sample::busy(columns, rows), "z g c"));
    every("groups_row", |columns, rows| typed(sample::busy(columns, rows), "z g a j j j"));
    themed("groups_plain", &typed(sample::busy(120, 40), "z g c } } z a"), Theme::new(Colours::None, Glyphs::Ascii));
}

#[test]
fn folded_groups_keep_their_counts_in_view() {
    let folded = |columns, rows| {
        let mut model = sample::loaded(columns, rows, 3_500);
        for row in (0..3_500).step_by(7) {
            model.marks.rows.insert(RowId(row));
        }
        typed(model, "z g c z M j j")
    };
    every("groups_folded", folded);
    every("groups_menu", |columns, rows| typed(folded(columns, rows), "g U z M s"));
    every("groups_filtered", |columns, rows| {
        let model = written(typed(sample::loaded(columns, rows, 3_500), "z g t /"), "\"general purpose\" !logs");
        typed(model, "enter z M enter j")
    });
    snapshot("groups_marked", &typed(folded(80, 24), "g U space space"));
}

#[test]
fn the_menus_show_what_rows_are_grouped_by_and_the_sort_keys_with_their_ranks() {
    every("menu_group", |columns, rows| typed(sample::busy(columns, rows), "z g a z g"));
    every("menu_sort_keys", |columns, rows| typed(sample::busy(columns, rows), "o A M"));
    snapshot("menu_sort_full", &typed(sample::busy(80, 24), "o A I"));
}

#[test]
fn every_row_is_drawn_once_wherever_the_cursor_is() {
    let line = |model: &Model| shown(&drawn(model, Theme::default()));
    let mut model = typed(sample::busy(80, 24), "z g c p");
    for _ in 0..model.view.line_count() {
        let text = line(&model);
        assert_eq!(text.matches("\u{25b6}").count(), 1, "one cursor: {text}");
        model = typed(model, "j");
    }
}
