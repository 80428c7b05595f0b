//! The picker of recipes: opening it, choosing by letter, number or Enter.

use super::{deciding, notice, staging};
use crate::app::{
    effect::Effect,
    model::{Level, Model},
    overlay::Overlay,
    recipes::RecipePicker,
};

/// Opens the picker over the target rows.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = staging::targets(model) else { return notice::no_row(model) };
    let picker = RecipePicker { targets, recipes: model.recipes(), cursor: 0 };
    model.overlays.push(Overlay::Recipes(Box::new(picker)));
    Vec::new()
}

fn top(model: &mut Model) -> Option<&mut RecipePicker> {
    match model.overlays.last_mut() {
        Some(Overlay::Recipes(picker)) => Some(picker),
        _ => None,
    }
}

/// A character typed into the picker: a letter picks the recipe it stands beside, a digit by its place. `None` where it is neither.
pub(super) fn pick(model: &mut Model, c: char) -> Option<Vec<Effect>> {
    let picker = top(model)?;
    let offers = picker.offers();
    let place = if let Some(number) = c.to_digit(10).filter(|number| *number > 0) {
        let count = offers.len();
        let Some(at) = (number as usize).checked_sub(1).filter(|at| *at < count) else {
            model.say(Level::Warning, format!("there is no recipe {number}: {count} can be picked"));
            return Some(Vec::new());
        };
        at
    } else {
        offers.iter().position(|offer| offer.letter == Some(c))?
    };
    picker.cursor = place;
    Some(choose(model))
}

/// Stages what the cursor is on.
pub(super) fn choose(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Recipes(mut picker)) = model.overlays.pop() else { return Vec::new() };
    let at = picker.cursor;
    if at >= picker.recipes.len() {
        return Vec::new();
    }
    let recipe = picker.recipes.swap_remove(at);
    deciding::stage(model, picker.targets, recipe.decision, Some(recipe.name))
}
