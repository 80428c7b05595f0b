//! What templates ask for: once a session, with the decision waiting; and saying it anew.

use super::{deciding, prompting, recipes};
use crate::{
    app::{
        deciding::Waiting,
        effect::Effect,
        model::{Level, Model},
        overlay::{Overlay, Prompt, PromptPurpose},
    },
    domain::{decision::Decision, template::Variable, text},
};

/// The first variable of a decision that has to be asked.
pub(super) fn missing(model: &Model, decision: &Decision) -> Option<Variable> {
    let mut variables = decision.variables().filter(|variable| !variable.is_of_finding());
    variables.find(|&variable| model.session_variable(variable).is_none())
}

/// Asks for a variable; the decision waits for it.
pub(super) fn ask(model: &mut Model, variable: Variable, waiting: Waiting) -> Vec<Effect> {
    model.deciding.waiting = Some(waiting);
    prompting::open(model, Prompt::new(PromptPurpose::Variable(variable), ""));
    Vec::new()
}

/// A variable was answered: what waits for it goes on, and may ask for the next one.
pub(super) fn answered(model: &mut Model, variable: Variable, typed: &str) -> Vec<Effect> {
    let answer: String = typed.trim().chars().filter(|&c| !text::is_hidden(c)).collect();
    model.deciding.answers.insert(variable, answer);
    if let Some(waiting) = model.deciding.waiting.take() {
        return deciding::go_on(model, waiting);
    }
    recipes::look(model);
    let next = asked(model).into_iter().find(|other| *other > variable);
    next.map_or_else(Vec::new, |next| anew(model, next))
}

/// The question was left without an answer.
pub(super) fn given_up(model: &mut Model, variable: Variable) {
    if model.deciding.waiting.take().is_some() {
        model.say(Level::Info, format!("nothing was staged: {{{}}} was not answered", variable.name()));
    }
}

/// Asks once more for what was answered before.
pub(super) fn again(model: &mut Model) -> Vec<Effect> {
    match asked(model).first() {
        Some(&first) => anew(model, first),
        None if matches!(model.overlays.last(), Some(Overlay::Recipes(_))) => {
            model.say(Level::Info, "this recipe asks for nothing");
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn anew(model: &mut Model, variable: Variable) -> Vec<Effect> {
    let present = model.deciding.answers.get(&variable).cloned().unwrap_or_default();
    prompting::open(model, Prompt::new(PromptPurpose::Variable(variable), present));
    Vec::new()
}

/// What can be said anew here: in the picker what its recipe asks for, elsewhere the ticket.
fn asked(model: &Model) -> Vec<Variable> {
    match model.overlays.last() {
        Some(Overlay::Recipes(picker)) => picker.outlook.answers.iter().map(|&(variable, _)| variable).collect(),
        Some(Overlay::Menu(_)) => Vec::new(),
        _ => vec![Variable::Ticket],
    }
}
