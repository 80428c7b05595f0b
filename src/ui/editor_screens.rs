//! Snapshots of the comment editor: what it says of variables, old comments, templates and what was written before.

use super::{
    sample,
    screens::{every, typed, written},
};
use crate::app::{
    event::Event,
    model::Model,
    update::{Ctx, update},
};

/// The editor over all findings, of which one has a comment.
fn open(columns: u16, rows: u16) -> Model {
    let mut model = sample::loaded(columns, rows, 12);
    let templates = ["risk accepted under {ticket} on {date}: {control} on {resource}", "false positive: {control} does not apply here"];
    model.settings.templates = templates.into_iter().filter_map(|template| template.parse().ok()).collect();
    model.former.add_comment("asked the owner {date}");
    model.former.add_comment("to be fixed by the platform team\nuntil the end of the quarter");
    typed(model, "* l c")
}

#[test]
fn a_template_with_variables_shows_what_it_comes_to() {
    every("editor_template", |columns, rows| typed(open(columns, rows), "x tab"));
}

#[test]
fn appending_counts_with_the_old_comment_and_says_what_is_left_alone() {
    every("editor_append", |columns, rows| typed(written(open(columns, rows), "as agreed with {account}"), "ctrl-t"));
    every("editor_append_long", |columns, rows| typed(written(open(columns, rows), &"as agreed ".repeat(49)), "ctrl-t"));
}

#[test]
fn what_was_written_before_is_shown_with_its_place() {
    every("editor_former", |columns, rows| typed(open(columns, rows), "d r a f t up"));
}

#[test]
fn everything_that_can_be_said_at_once_has_its_line() {
    every("editor_full", |columns, rows| {
        let mut model = open(columns, rows);
        model.session.caller = None;
        typed(written(model, &format!("{} {{ticket}} {{user}} {{title}}", "as agreed ".repeat(38))), "ctrl-t")
    });
}

#[test]
fn many_comments_of_one_template_are_one_entry_of_the_review() {
    let review = |columns, rows, keys: &str| {
        let mut model = typed(written(open(columns, rows), "as agreed for {resource}"), "enter s 3 w");
        let now = model.now;
        update(&mut model, Event::Drawn, Ctx { now });
        typed(model, keys)
    };
    every("review_bundle", |columns, rows| review(columns, rows, "k"));
    every("review_bundle_opened", |columns, rows| review(columns, rows, "enter j enter j"));
}
