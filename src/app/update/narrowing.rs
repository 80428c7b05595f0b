//! Which rows are shown and in which order: filter, marked only, sort.

use super::{arranging, movement, prompting};
use crate::{
    app::{
        effect::Effect,
        model::{Level, Model, Only},
        overlay::{Choice, Menu, MenuItem, Overlay, Prompt, PromptPurpose},
        wording,
    },
    domain::order::{Extended, Order, SortField},
    findings::{arranging::Doing, search::TextFilter},
};

/// Opens the prompt: a filter over the table, a search in a text.
pub(super) fn prompt(model: &mut Model) -> Vec<Effect> {
    let (purpose, before) = match model.overlays.last() {
        None => (PromptPurpose::Filter, model.filter.clone()),
        Some(Overlay::Detail(detail)) => (PromptPurpose::Search, detail.search.clone()),
        Some(Overlay::Help(help)) => (PromptPurpose::Search, help.search.clone()),
        Some(_) => return Vec::new(),
    };
    prompting::open(model, Prompt::new(purpose, before));
    Vec::new()
}

/// Filters by what is typed so far.
pub(super) fn set_filter(model: &mut Model, typed: &str) {
    typed.clone_into(&mut model.filter);
    model.view.filter(&model.store, TextFilter::new(typed));
    find_again(model);
}

/// Shows only marked rows, or all again.
pub(super) fn marked_only(model: &mut Model) -> Vec<Effect> {
    if model.only.marked.take().is_none() {
        if model.marks.rows.is_empty() {
            model.say(Level::Info, "nothing is marked");
            return Vec::new();
        }
        model.only.marked = Some(model.marks.rows.clone());
    }
    narrow(model);
    Vec::new()
}

/// Shows only rows that are new since the last visit, or all again.
pub(super) fn new_only(model: &mut Model) -> Vec<Effect> {
    if model.only.new {
        model.only.new = false;
        narrow(model);
        return Vec::new();
    }
    let Some(since) = model.visit.visits.since(&model.scan.query) else {
        model.say(Level::Info, "nothing is new: this is the first visit");
        return Vec::new();
    };
    if model.visit.rows.is_empty() {
        model.say(Level::Info, format!("nothing of this is new since {}", since.moment(model.now)));
        return Vec::new();
    }
    model.only.new = true;
    narrow(model);
    model.say(Level::Info, format!("{} created since {}", wording::counted(model.visit.rows.len(), "finding"), since.moment(model.now)));
    Vec::new()
}

/// Shows the rows that are to be shown at all.
pub(super) fn narrow(model: &mut Model) {
    let new = &model.visit.rows;
    let only = match (&model.only.marked, model.only.new) {
        (None, false) => None,
        (Some(marked), false) => Some(marked.clone()),
        (None, true) => Some(new.clone()),
        (Some(marked), true) => {
            let mut both = marked.clone();
            both.retain_all(new);
            Some(both)
        }
    };
    model.view.narrow(&model.store, only);
    find_again(model);
}

/// Where it is done already; else once it is.
fn find_again(model: &mut Model) {
    if !model.view.is_behind() {
        movement::find_again(model);
    }
}

/// Shows all rows that the text filter leaves.
pub(super) fn widen(model: &mut Model) {
    model.only = Only::default();
    narrow(model);
}

/// Opens the sort menu.
pub(super) fn sort_menu(model: &mut Model) -> Vec<Effect> {
    let now = model.view.order().0.first().map(|key| key.field);
    let items = SortField::OFFERED
        .iter()
        .map(|&field| MenuItem {
            choice: Choice::Sort(field),
            number: None,
            key: field.key(),
            caption: field.word().to_owned(),
            now: 0,
            note: None,
        })
        .collect::<Vec<_>>();
    let cursor = SortField::OFFERED.iter().position(|&field| now == Some(field)).unwrap_or(0);
    model.overlays.push(Overlay::Menu(Menu { title: "sort by".to_owned(), items, cursor, targets: None }));
    Vec::new()
}

/// Sorts by a field; by the one that leads already, the other way round.
pub(super) fn sort(model: &mut Model, field: SortField) {
    let order = model.view.order();
    let leads = order.0.first().is_some_and(|key| key.field == field);
    let order = if leads { order.reversed() } else { order.led_by(field) };
    apply(model, order);
}

/// Makes a field the next key of the order, turns it round, or takes it out again. The menu stays open.
pub(super) fn extend(model: &mut Model, field: SortField) {
    match model.view.order().extended(field) {
        Extended::To(order) => apply(model, order),
        Extended::Full => {
            let most = Order::MOST;
            model.say(Level::Warning, format!("{most} keys are the most; the capital of one turns it round, and then drops it"));
        }
    }
}

/// Turns the order round.
pub(super) fn reverse(model: &mut Model) -> Vec<Effect> {
    let order = model.view.order().reversed();
    apply(model, order);
    Vec::new()
}

/// Puts every row where its values belong by now.
pub(super) fn sort_again(model: &mut Model) {
    let order = model.view.order().clone();
    order_by(model, order);
}

/// Puts every row where this order has it.
pub(super) fn order_by(model: &mut Model, order: Order) {
    // Other rows would lie between its ends.
    model.marks.range = None;
    model.view.sort(&model.store, order);
}

/// Puts every row where this order has it, and says so.
pub(super) fn apply(model: &mut Model, order: Order) {
    order_by(model, order);
    if model.view.is_behind() { arranging::tell(model, Doing::Sorting) } else { tell_sorted(model) }
}

/// Says how rows are sorted now.
pub(super) fn tell_sorted(model: &mut Model) {
    model.say(Level::Info, format!("sorted by {}", model.view.order()));
}
