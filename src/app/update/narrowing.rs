//! Which rows are shown and in which order: filter, marked only, sort.

use super::movement;
use crate::{
    app::{
        effect::Effect,
        model::{Level, Model},
        overlay::{Choice, Menu, MenuItem, Overlay, Prompt, PromptPurpose},
    },
    domain::order::{Extended, Order, SortField},
    findings::{row_set::RowSet, search::TextFilter},
};

/// Opens the prompt: a filter over the table, a search in a text.
pub(super) fn prompt(model: &mut Model) -> Vec<Effect> {
    let (purpose, before) = match model.overlays.last() {
        None => (PromptPurpose::Filter, model.filter.clone()),
        Some(Overlay::Detail(detail)) => (PromptPurpose::Search, detail.search.clone()),
        Some(_) => return Vec::new(),
    };
    model.overlays.push(Overlay::Prompt(Prompt { purpose, text: before.clone(), before }));
    Vec::new()
}

/// Filters by what is typed so far.
pub(super) fn set_filter(model: &mut Model, typed: &str) {
    typed.clone_into(&mut model.filter);
    model.view.filter(&model.store, TextFilter::new(typed));
    movement::find_again(model);
}

/// Shows all rows that the text filter leaves.
pub(super) fn widen(model: &mut Model) {
    model.view.narrow(&model.store, None);
    movement::find_again(model);
}

/// Shows only marked rows, or all again.
pub(super) fn marked_only(model: &mut Model) -> Vec<Effect> {
    if model.view.is_narrowed() {
        widen(model);
    } else if model.marks.rows.is_empty() {
        model.say(Level::Info, "nothing is marked");
    } else {
        model.view.narrow(&model.store, Some(model.marks.rows.clone()));
    }
    Vec::new()
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
    let kept: RowSet = model.view.all().iter().copied().collect();
    model.view.sort(&model.store, order, |row| kept.contains(row));
}

fn apply(model: &mut Model, order: Order) {
    order_by(model, order);
    model.say(Level::Info, format!("sorted by {}", model.view.order()));
}
