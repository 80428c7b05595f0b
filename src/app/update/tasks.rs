//! The tasks: taking steps of staging back there, and doing them again.

use super::staging;
use crate::app::{
    effect::Effect,
    model::{Level, Model},
    overlay::{Confirm, Confirmed, Overlay},
    staging::{StepNumber, Way},
    tasks_panel::TasksPanel,
    wording,
};

/// Most steps that the question names one by one.
const MOST_NAMED: usize = 6;

/// Opens the tasks.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.overlays.push(Overlay::Tasks(TasksPanel::new(&model.staging)));
    Vec::new()
}

/// The list, where it is open, whatever lies over it.
fn panel(model: &mut Model) -> Option<&mut TasksPanel> {
    model.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::Tasks(panel) => Some(panel),
        _ => None,
    })
}

/// Keeps the list as the staging is.
pub(super) fn settle(model: &mut Model) {
    let Model { overlays, staging, .. } = model;
    for overlay in overlays {
        if let Overlay::Tasks(panel) = overlay {
            panel.renew(staging);
        }
    }
}

/// Takes the next step in a direction; the list follows.
pub(super) fn step(model: &mut Model, way: Way) -> Vec<Effect> {
    follow(model, |model| staging::go(model, way, None))
}

fn follow(model: &mut Model, go: impl FnOnce(&mut Model) -> Vec<Effect>) -> Vec<Effect> {
    let effects = go(model);
    settle(model);
    if let Some(panel) = panel(model) {
        panel.to_now();
    }
    effects
}

/// Enter on a step: undoes up to and including it, or does again up to and including it. Asks where that is more than one step.
pub(super) fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Tasks(panel)) = model.overlays.last() else { return Vec::new() };
    let Some(entry) = panel.entry(panel.cursor) else {
        model.say(Level::Info, "there is no step to undo or to do again");
        return Vec::new();
    };
    let (way, steps, number) = (entry.way, entry.steps, entry.line.number);
    if steps == 1 {
        return go_to(model, way, number);
    }
    let (lines, verb) = match way {
        Way::Undo => (&panel.done, "Undo"),
        Way::Redo => (&panel.undone, "Do again"),
    };
    let mut question = vec![format!("{verb} {}, up to and including the one under the cursor?", wording::counted(steps, "step"))];
    question.extend(lines.iter().take(steps.min(MOST_NAMED)).map(|line| line.deed.told(line.rows, model.now)));
    if steps > MOST_NAMED {
        question.push(format!("… and {} more", steps - MOST_NAMED));
    }
    model.overlays.push(Overlay::Confirm(Confirm { question, yes: Confirmed::Steps(way, number) }));
    Vec::new()
}

/// Goes all steps up to and including this one.
pub(super) fn go_to(model: &mut Model, way: Way, number: StepNumber) -> Vec<Effect> {
    follow(model, |model| staging::go(model, way, Some(number)))
}
