//! The picker of recipes: opening it, looking ahead at what each would do, choosing by letter, number or Enter; and their own guard rails.

use super::{deciding, deciding::Outcome, movement, notice, outlook, staging};
use crate::{
    app::{
        action::Motion,
        effect::Effect,
        model::{Level, Model},
        overlay::Overlay,
        recipes::{Outlook, RecipePicker},
        wording,
    },
    domain::{decision::Left, guard_rail::GuardRails, patch::Patch, profile::ProfileName},
};

/// Opens the picker over the target rows.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = staging::targets(model) else { return notice::no_row(model) };
    let recipes = model.recipes().into_iter().cloned().collect();
    let picker = RecipePicker { targets, recipes, cursor: 0, outlook: Outlook::default() };
    model.overlays.push(Overlay::Recipes(Box::new(picker)));
    look(model);
    Vec::new()
}

fn top(model: &mut Model) -> Option<&mut RecipePicker> {
    match model.overlays.last_mut() {
        Some(Overlay::Recipes(picker)) => Some(picker),
        _ => None,
    }
}

/// Moves the picker's cursor.
pub(super) fn moved(model: &mut Model, motion: Motion, count: Option<usize>) {
    let Some(picker) = top(model) else { return };
    let entries = picker.recipes.len();
    let place = movement::target(motion, count, picker.cursor, entries, entries);
    if std::mem::replace(&mut picker.cursor, place) != place {
        look(model);
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

/// Looks ahead at what the recipe under the picker's cursor would come to.
pub(super) fn look(model: &mut Model) {
    let Some(Overlay::Recipes(mut picker)) = model.overlays.pop_if(|overlay| matches!(overlay, Overlay::Recipes(_))) else { return };
    picker.outlook = picker.recipes.get(picker.cursor).map(|recipe| outlook::of(model, &picker.targets.rows, recipe)).unwrap_or_default();
    model.overlays.push(Overlay::Recipes(picker));
}

/// The guard rails of a recipe's own. One that has gone since it was staged last, with another filter profile, has those that it had.
pub(super) fn own_rails(model: &Model, name: &ProfileName) -> GuardRails {
    let known = model.recipes().into_iter().find(|recipe| recipe.name == *name).map(|recipe| recipe.rails);
    let last = || model.deciding.last.as_ref().is_some_and(|last| last.recipe.as_ref() == Some(name)).then_some(model.deciding.rails);
    known.or_else(last).unwrap_or_default()
}

/// Holds what a recipe comes to to its own guard rails: rows that break one are left alone; too many are refused, with the reason.
pub(super) fn hold(model: &Model, rails: GuardRails, name: &ProfileName, outcome: &mut Outcome) -> Result<(), String> {
    if rails == GuardRails::default() {
        return Ok(());
    }
    let Outcome { patches, left, .. } = outcome;
    // Where only their number counts, no row has to be looked at.
    if rails.comment_to_suppress || rails.no_downgrade_of_critical {
        patches.retain(|(row, patch)| {
            // A comment that is staged already is sent along.
            let comment = patch.comment.clone().or_else(|| model.staging.get(*row)?.comment.clone());
            let broken = rails.broken_by(&model.store.values(*row), &Patch { comment, ..patch.clone() }).next();
            if let Some(rail) = broken {
                *left.entry(Left::OwnRail(rail)).or_default() += 1;
            }
            broken.is_none()
        });
    }
    match rails.most_rows.filter(|most| patches.len() > *most) {
        Some(most) => {
            let most = wording::counted(most, "finding");
            Err(format!("{name} is for at most {most} at once, these are {}", wording::grouped(patches.len())))
        }
        None => Ok(()),
    }
}
