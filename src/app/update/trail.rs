//! Remembering where a jump began, and going back there.

use super::{loading, movement, narrowing, profiles};
use crate::{
    app::{
        action::{Action, Motion},
        effect::Effect,
        keymap::Context,
        model::{Level, Model, Moved},
        trail::Place,
    },
    domain::text,
};

/// Remembers where the cursor is, before something takes it or the query elsewhere.
pub(super) fn leave(model: &mut Model) {
    let here = Place::here(model);
    model.trail.add(here);
}

/// The present place, where an action may lead far away from it.
pub(super) fn before(model: &Model, context: Context, action: Action, count: Option<usize>) -> Option<Place> {
    let is_jump = match context {
        Context::Table => match action {
            Action::Move(Motion::First | Motion::Last)
            | Action::Next
            | Action::Previous
            | Action::NextProblem
            | Action::PreviousProblem
            | Action::NextGroup
            | Action::PreviousGroup => true,
            Action::Move(_) => count.is_some(),
            _ => false,
        },
        Context::Problems | Context::Journal => action == Action::Open,
        _ => false,
    };
    is_jump.then(|| Place::here(model))
}

/// Remembers where an action began that did lead elsewhere.
pub(super) fn after(model: &mut Model, before: Option<Place>) {
    if let Some(before) = before
        && (before.row, before.header) != (model.cursor.row, model.cursor.header)
        && (before.row.is_some() || before.header.is_some())
    {
        model.trail.add(before);
    }
}

/// Goes back to the last place that was left by a jump; to its query, too, where that was another one.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    let here = Place::here(model);
    let Some(place) = model.trail.back(&here) else {
        model.say(Level::Info, "there is no earlier place to go back to");
        return Vec::new();
    };
    if place.query == here.query && place.profile == here.profile {
        put_back(model, &place);
        return Vec::new();
    }
    let query = text::clean(&place.query.to_string()).into_owned();
    model.say(Level::Info, format!("back to: {query}"));
    if place.profile != here.profile {
        profiles::put_back(model, &place.profile);
    }
    if place.filter != model.filter {
        narrowing::set_filter(model, &place.filter);
    }
    if place.order != *model.view.order() {
        narrowing::order_by(model, place.order.clone());
    }
    // The row is gone from the table until its query brings it again; the cursor waits for it.
    model.cursor.moved = Moved::No;
    model.remembering.cursor = place.row.filter(|_| place.moved == Moved::Yes).and_then(|row| model.store.identity(row));
    loading::ask_instead(model, place.query)
}

/// Puts filter and cursor back as they were; the query is the same.
pub(super) fn put_back(model: &mut Model, place: &Place) {
    if place.filter != model.filter {
        narrowing::set_filter(model, &place.filter);
    }
    let is_there = match (place.row, place.header) {
        (Some(row), _) => movement::land(model, row),
        (None, Some(group)) => {
            let line = model.view.header(group);
            if let Some(line) = line {
                movement::go(model, line);
            }
            line.is_some()
        }
        (None, None) => return,
    };
    if is_there {
        model.cursor.top = place.top;
        model.cursor.moved = place.moved;
    } else {
        movement::go(model, place.at.min(model.view.line_count().saturating_sub(1)));
        model.say(Level::Info, "the finding of that place is not shown any more");
    }
}
