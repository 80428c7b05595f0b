//! What an open menu's choice leads to.

use super::{alike, conflicts, deciding, export, flow, grouping, marks, narrowing};
use crate::{
    app::{
        effect::Effect,
        model::Model,
        overlay::{Choice, Overlay},
    },
    domain::{decision::Decision, patch::Patch},
};

/// Does what the menu's cursor is on.
pub(super) fn choose(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Menu(menu)) = model.overlays.pop() else { return Vec::new() };
    let Some(item) = menu.items.get(menu.cursor) else { return Vec::new() };
    let patch = match (item.choice, &menu.targets) {
        (Choice::Sort(field), _) => {
            narrowing::sort(model, field);
            return Vec::new();
        }
        (Choice::Group(field), _) => {
            grouping::choose(model, field);
            return Vec::new();
        }
        (Choice::Without(field), Some(targets)) => return conflicts::leave_out(model, targets, field),
        (Choice::Without(_), None) => return Vec::new(),
        (Choice::Similar(likeness), _) if model.flow().is_some() => return flow::widen(model, likeness),
        (Choice::Similar(likeness), _) => return alike::mark(model, likeness),
        (Choice::All(reach), _) => return marks::reach(model, reach),
        (Choice::Export(format), _) => return export::named(model, format),
        (Choice::Status(id), _) => Patch::status(id),
        (Choice::Severity(id), _) => Patch::severity(id),
    };
    menu.targets.map_or_else(Vec::new, |targets| deciding::stage(model, targets, Decision::of(&patch), None))
}
