//! Snapshots of the palette, the searched help, the keys that may follow, and the hint.

use super::{
    sample,
    screens::{every, snapshot, themed, typed, written},
    theme::{Colours, Glyphs, Theme},
};
use crate::app::hint::Hint;

#[test]
fn the_palette_lists_what_is_meant_and_what_an_action_can_be_given() {
    let open = |columns, rows| typed(sample::busy(columns, rows), ":");
    every("palette_empty", open);
    every("palette_typed", |columns, rows| written(open(columns, rows), "col"));
    every("palette_given", |columns, rows| typed(written(open(columns, rows), "status "), "down down down"));
    every("palette_error", |columns, rows| typed(written(open(columns, rows), "sort severity, size"), "enter"));
    every("palette_query", |columns, rows| written(open(columns, rows), "query status:new prod"));
    snapshot("palette_typing_error", &written(open(80, 24), "group colour"));
    snapshot("palette_nothing", &written(open(80, 24), "xyzzy"));
    snapshot("palette_elsewhere", &typed(written(open(80, 24), "exclude"), "enter"));
    snapshot("palette_send", &typed(written(typed(sample::busy(80, 24), "w :"), "se"), "enter"));
    snapshot("palette_scrolled", &typed(open(80, 24), &"down ".repeat(30)));
    snapshot("palette_long", &written(open(80, 24), &format!("comment {}", "accepted until the end of the year ".repeat(4))));
    themed("palette_plain", &written(open(80, 24), "mark"), Theme::new(Colours::None, Glyphs::Ascii));
}

#[test]
fn the_help_shows_the_lines_that_hold_what_is_searched() {
    every("help_search", |columns, rows| written(typed(sample::busy(columns, rows), "? /"), "group"));
    snapshot("help_searched", &typed(written(typed(sample::busy(80, 24), "? /"), "mark"), "enter n"));
    snapshot("help_not_found", &typed(written(typed(sample::busy(80, 24), "? /"), "nowhere"), "enter"));
    snapshot("help_review", &typed(sample::busy(80, 24), "w ?"));
}

#[test]
fn what_may_follow_a_prefix_key_stands_over_the_footer() {
    every("following_g", |columns, rows| typed(sample::busy(columns, rows), "g"));
    snapshot("following_y", &typed(sample::busy(80, 24), "y"));
    snapshot("following_detail", &typed(sample::busy(80, 24), "enter y"));
    themed("following_plain", &typed(sample::busy(80, 24), "z"), Theme::new(Colours::None, Glyphs::Ascii));
}

#[test]
fn a_new_user_is_told_the_keys_that_matter_where_nothing_else_is_told() {
    let new = |columns, rows| {
        let mut model = sample::loaded(columns, rows, 12);
        model.hint = Hint::Shown(0);
        model
    };
    every("hint", new);
    snapshot("hint_behind_a_notice", &typed(new(80, 24), "Z"));
}
