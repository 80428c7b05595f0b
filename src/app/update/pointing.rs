//! The mouse: a click moves the cursor there, a second one at once at the same place is Enter, the wheel scrolls. Nothing is sent and no
//! question is answered with it.

use super::{act, grouping, movement, narrowing};
use crate::{
    app::{
        action::{Action, Motion},
        effect::Effect,
        keymap::Context,
        layout::MousePolicy,
        model::Model,
        pointer::{Click, Mouse, Spot, Turn},
    },
    domain::column::ColumnKind,
};

/// Lines that a notch of the wheel scrolls.
const NOTCH: usize = 3;
/// Milliseconds within which a second click belongs to the first.
const SECOND: i64 = 500;

/// Takes in what the mouse did.
pub(super) fn happened(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    let context = model.context();
    let is_asking = context.is_text() || matches!(context, Context::Confirm | Context::Busy);
    if model.settings.mouse == MousePolicy::Off || !model.screen.is_large_enough() || is_asking {
        return Vec::new();
    }
    // Half a key sequence was not meant to go on with the mouse.
    model.typed.keys.clear();
    model.typed.count = None;
    model.typed.interrupts = 0;
    match mouse {
        Mouse::Wheel(turn) => wheel(model, context, turn),
        Mouse::Click(click) => clicked(model, context, click),
    }
}

fn wheel(model: &mut Model, context: Context, turn: Turn) -> Vec<Effect> {
    model.clicked = None;
    if context == Context::Table {
        scroll(model, turn);
        return Vec::new();
    }
    let motion = match turn {
        Turn::Up => Motion::Up,
        Turn::Down => Motion::Down,
    };
    // The entries of a menu are all there; in it the wheel goes from one to the next.
    let times = if context == Context::Menu { 1 } else { NOTCH };
    (0..times).flat_map(|_| act::act(model, context, Action::Move(motion), None)).collect()
}

/// Scrolls the table; the cursor stays on its line of the screen, and goes on alone where nothing is left to scroll.
fn scroll(model: &mut Model, turn: Turn) {
    let lines = model.view.line_count();
    let last_top = lines.saturating_sub(usize::from(model.layout().body));
    let by = |at: usize| match turn {
        Turn::Up => at.saturating_sub(NOTCH),
        Turn::Down => at.saturating_add(NOTCH),
    };
    let (place, top) = (model.cursor.place, model.cursor.top);
    if lines > 0 {
        movement::go(model, by(place).min(lines - 1));
        model.cursor.top = by(top).min(last_top);
    }
}

fn clicked(model: &mut Model, context: Context, click: Click) -> Vec<Effect> {
    let first = model.clicked.take();
    // What was clicked is not on the screen any more, or nothing was there.
    let Some(on) = click.on.filter(|_| click.context == context) else { return Vec::new() };
    // By the place: a list may have moved under the first click.
    let is_second = first.is_some_and(|(first, at)| {
        (first.column, first.line, first.context) == (click.column, click.line, click.context) && model.now.0 - at.0 <= SECOND
    });
    if is_second {
        return act::act(model, context, Action::Open, None);
    }
    model.notice = None;
    match on {
        Spot::Row(row) => {
            let Some(place) = model.view.place(row) else { return Vec::new() };
            movement::go(model, place);
        }
        Spot::Header(group) => {
            let Some(place) = model.view.header(group) else { return Vec::new() };
            movement::go(model, place);
            // Each click folds or unfolds: a second one is no Enter.
            return grouping::fold(model);
        }
        Spot::Title(at) => {
            if let Some(field) = model.columns.get(at).map(|column| &column.what).and_then(ColumnKind::sorted_by) {
                narrowing::sort(model, field);
            }
            return Vec::new();
        }
        Spot::Entry(at) => {
            act::act(model, context, Action::Move(Motion::First), Some(at + 1));
        }
    }
    model.clicked = Some((click, model.now));
    Vec::new()
}
