//! Clicks on what is seen: the screen is searched for a text, and a click on it does what it should.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use ratatui::{Terminal, backend::TestBackend};

use super::{paint, sample, screens::typed, theme::Theme};
use crate::{
    app::{
        effect::Effect,
        event::Event,
        keymap::Context,
        layout::MousePolicy,
        model::{Model, Settings},
        overlay::Overlay,
        pointer::{Mouse, Spots, Turn},
        update::{Ctx, update},
    },
    domain::{order::SortField, row::RowId, status::StatusId, time::Millis},
};

fn model() -> Model {
    let model = sample::busy(120, 40);
    Model { settings: Settings { mouse: MousePolicy::On, ..sample::settings() }, ..model }
}

/// The screen as lines, and what can be clicked on it.
fn seen(model: &Model) -> (Vec<String>, Spots) {
    let mut terminal = Terminal::new(TestBackend::new(model.screen.columns, model.screen.rows)).unwrap();
    let mut spots = None;
    terminal.draw(|frame| spots = Some(paint(model, &Theme::default(), frame.buffer_mut()))).unwrap();
    let buffer = terminal.backend().buffer();
    let lines = buffer.content.chunks(usize::from(model.screen.columns));
    (lines.map(|line| line.iter().map(ratatui::buffer::Cell::symbol).collect()).collect(), spots.unwrap())
}

/// Clicks on the first place that shows a text, so many milliseconds after the start.
fn click_at(model: &mut Model, text: &str, millis: i64) -> Vec<Effect> {
    let (lines, spots) = seen(model);
    let found = lines.iter().zip(0..).find_map(|(line, y)| Some((line.split_once(text)?.0.chars().count() as u16, y)));
    let (x, y) = found.unwrap_or_else(|| panic!("{text} is not on the screen:\n{}", lines.join("\n")));
    update(model, Event::Mouse(Mouse::Click(spots.click(x, y))), Ctx { now: Millis(sample::NOW + millis) })
}

fn click(model: &mut Model, text: &str) -> Vec<Effect> {
    let later = model.now.0 - sample::NOW + 10_000;
    click_at(model, text, later)
}

fn wheel(model: &mut Model, turn: Turn) {
    let now = model.now;
    update(model, Event::Mouse(Mouse::Wheel(turn)), Ctx { now });
}

#[test]
fn a_click_on_a_row_moves_the_cursor_and_a_second_one_at_once_opens_it() {
    let mut model = model();
    click_at(&mut model, "GuardDuty", 0);
    assert_eq!((model.cursor.row, model.context()), (Some(RowId(6)), Context::Table));
    click_at(&mut model, "GuardDuty", 2_000);
    assert_eq!(model.context(), Context::Table, "too late for a second click");
    click_at(&mut model, "GuardDuty", 2_300);
    assert!(matches!(model.overlays.last(), Some(Overlay::Detail(detail)) if detail.row == RowId(6)));
    let mut model = self::model();
    click_at(&mut model, "GuardDuty", 0);
    click_at(&mut model, "IAM.6", 100);
    assert_eq!((model.cursor.row, model.context()), (Some(RowId(9)), Context::Table), "two rows, each once");
}

#[test]
fn a_click_on_a_column_title_sorts_and_another_turns_it_round() {
    let mut model = model();
    click(&mut model, "TITLE");
    assert_eq!(model.view.order().0.first().map(|key| key.field), Some(SortField::Title));
    let first = model.view.order().0.first().unwrap().direction;
    click(&mut model, "TITLE");
    assert_ne!(model.view.order().0.first().unwrap().direction, first);
    assert!(model.overlays.is_empty());
}

#[test]
fn a_click_on_the_header_of_a_group_folds_it_and_unfolds_it_again() {
    let mut model = typed(model(), "z g c");
    let lines = model.view.line_count();
    click(&mut model, "▾ S3.8");
    assert!(model.view.line_count() < lines && model.cursor.header.is_some());
    click(&mut model, "▸ S3.8");
    assert_eq!(model.view.line_count(), lines);
}

#[test]
fn in_a_menu_a_click_only_moves_there_and_a_second_one_chooses() {
    let mut model = typed(model(), "g U g g s");
    let before = model.staging.len();
    click_at(&mut model, "Archived", 0);
    assert_eq!((model.context(), model.staging.len()), (Context::Menu, before));
    click_at(&mut model, "Archived", 100);
    assert_eq!(model.context(), Context::Table);
    assert_eq!(model.staging.get(RowId(0)).and_then(|patch| patch.status), Some(StatusId::ARCHIVED));
}

#[test]
fn outside_of_a_menu_a_click_does_nothing_to_what_is_under_it() {
    let mut model = typed(model(), "g g s");
    let cursor = model.cursor;
    click(&mut model, "IAM.6");
    assert_eq!((model.context(), model.cursor), (Context::Menu, cursor));
}

#[test]
fn lists_take_clicks_and_the_wheel_and_texts_scroll_by_three_lines() {
    let mut model = typed(model(), "!");
    click(&mut model, "ledger-data-prod");
    let cursor = |model: &Model| match model.overlays.last() {
        Some(Overlay::Problems(panel)) => panel.cursor,
        _ => usize::MAX,
    };
    let clicked = cursor(&model);
    assert!(clicked > 0);
    wheel(&mut model, Turn::Down);
    assert!(cursor(&model) > clicked);
    let mut model = typed(self::model(), "?");
    let top = |model: &Model| match model.overlays.last() {
        Some(Overlay::Help(help)) => help.top,
        _ => usize::MAX,
    };
    wheel(&mut model, Turn::Down);
    wheel(&mut model, Turn::Down);
    wheel(&mut model, Turn::Up);
    assert_eq!(top(&model), 3);
}

#[test]
fn the_wheel_scrolls_the_table_by_three_lines_and_the_cursor_keeps_its_line() {
    let loaded = sample::loaded(120, 40, 100);
    let mut model = Model { settings: Settings { mouse: MousePolicy::On, ..sample::settings() }, ..loaded };
    model = typed(model, "j j");
    wheel(&mut model, Turn::Down);
    wheel(&mut model, Turn::Down);
    assert_eq!((model.cursor.top, model.cursor.place), (6, 8));
    wheel(&mut model, Turn::Up);
    assert_eq!((model.cursor.top, model.cursor.place), (3, 5));
    for _ in 0..60 {
        wheel(&mut model, Turn::Down);
    }
    assert_eq!(model.cursor.place, 99, "the last row can be reached");
}

#[test]
fn no_click_answers_a_question_types_or_sends() {
    for (keys, text) in [("q", "Yes"), ("q", "No"), ("w", "y send"), ("w", "findings"), ("c", "of 512"), ("/", "IAM.6")] {
        let mut model = typed(model(), keys);
        let depth = model.overlays.len();
        for millis in [0, 100, 200] {
            let effects = click_at(&mut model, text, millis);
            let sends = effects.iter().any(|effect| matches!(effect, Effect::Send { .. } | Effect::Quit | Effect::Steer(_)));
            assert!(!sends && model.overlays.len() == depth, "{keys}: {text}");
        }
    }
}

#[test]
fn a_click_on_what_is_not_on_the_screen_any_more_is_dropped_and_so_is_everything_while_it_is_off() {
    let mut model = typed(self::model(), "j");
    let (_, spots) = seen(&model);
    let cursor = model.cursor;
    model = typed(model, "s");
    let now = model.now;
    update(&mut model, Event::Mouse(Mouse::Click(spots.click(10, 9))), Ctx { now });
    assert_eq!((model.cursor, model.context()), (cursor, Context::Menu));
    let mut off = typed(sample::busy(120, 40), "j");
    let cursor = off.cursor;
    click(&mut off, "IAM.6");
    wheel(&mut off, Turn::Down);
    assert_eq!(off.cursor, cursor);
}
