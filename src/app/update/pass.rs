//! What a pass was for, once the last of its rows has been read.

use super::{plan_file, review, undo_send};
use crate::app::{effect::Effect, model::Model, pass::Purpose};

/// Goes on with what a pass was for where all of it has been answered.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    if model.pass.as_ref().is_none_or(|pass| !pass.requests.is_empty()) {
        return Vec::new();
    }
    let Some(pass) = model.pass.take() else { return Vec::new() };
    match &pass.purpose {
        Purpose::Check => review::checked(model, &pass),
        Purpose::Undo(plan) => undo_send::read(model, plan, &pass),
        Purpose::Plan(plan) => plan_file::read(model, plan, &pass),
    }
    Vec::new()
}
