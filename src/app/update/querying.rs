//! Editing the query, and asking for another one.

use super::{loading, notice, prompting, trail};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        model::{Level, Model, Moved, ScanState},
        overlay::{Prompt, PromptPurpose},
    },
    domain::{failure::CallFailure, query::Query},
};

/// Opens the present query for editing.
pub(super) fn edit(model: &mut Model) -> Vec<Effect> {
    let text = match &model.scan.query {
        Query::Findings(_) => String::new(),
        query => query.to_string(),
    };
    prompting::open(model, Prompt::new(PromptPurpose::Query, text));
    Vec::new()
}

/// Asks for something else, remembering the way back; for the same, once more. The cursor goes to the first row.
pub(super) fn ask(model: &mut Model, query: Query) -> Vec<Effect> {
    if query == model.scan.query && model.scan.state != ScanState::Held {
        return loading::run_again(model);
    }
    trail::leave(model);
    let before = model.scan.query.to_string();
    model.former.add(PromptPurpose::Query, &before);
    model.former.add(PromptPurpose::Query, &query.to_string());
    model.cursor.moved = Moved::No;
    model.remembering.cursor = None;
    // What the service did not understand was the query, and that has been changed.
    model.session.trouble.take_if(|trouble| trouble.failure == CallFailure::Validation);
    if model.scan.state == ScanState::Held {
        model.scan.query = query;
        return loading::begin(model);
    }
    if model.session.trouble.is_some() || model.session.connection.is_none() {
        model.scan.query = query;
        return loading::run_again(model);
    }
    model.outcomes.forget_processed();
    let keys = notice::table_keys(model, Action::GoBack);
    model.say(Level::Info, format!("another query is asked; {keys} goes back to the one before"));
    loading::ask_instead(model, query)
}
