//! The palette: moving in its list, completing, and running an action in the place that is under it.
//!
//! What is typed here decides and moves as keys do, and never sends by half a word: what leads to a call has to be named in full.

use super::{columns, deciding, export, grouping, keys, leave, narrowing, notice, profiles, prompting, staging};
use crate::{
    app::{
        action::Action,
        command::{self, Argument, Command, Given, Written},
        effect::Effect,
        keymap::Context,
        model::{Level, Model},
        overlay::Overlay,
        palette::{self, Entry, Listing, Works, known},
        prompt::{Prompt, PromptPurpose, Verdict, WrongText},
        values,
    },
    domain::{
        decision::{Decision, Wording},
        patch::Patch,
        profile::ProfileName,
        query::completion::Completion,
    },
};

/// Opens the palette; not over a question, which wants its answer first.
pub(super) fn open(model: &mut Model, context: Context) -> Vec<Effect> {
    if matches!(context, Context::Confirm | Context::Busy) {
        model.say(Level::Warning, "this is a question: answer it first");
        return Vec::new();
    }
    prompting::open(model, Prompt::new(PromptPurpose::Command, ""));
    Vec::new()
}

fn top(model: &mut Model) -> Option<&mut Prompt> {
    match model.overlays.last_mut() {
        Some(Overlay::Prompt(prompt)) if prompt.purpose == PromptPurpose::Command => Some(prompt),
        _ => None,
    }
}

fn entries(model: &Model, words: &str) -> Vec<Entry> {
    palette::entries(model, palette::beneath(model), words)
}

/// The text is another one: another list, with the best chosen.
pub(super) fn typed(model: &mut Model) {
    let Some(prompt) = top(model) else { return };
    let of = prompt.text().to_owned();
    let chosen = (!of.trim().is_empty()).then_some(0);
    prompt.listing = Listing { of, chosen };
}

/// What may stand at the cursor of what the action is given.
pub(super) fn completion(model: &Model, prompt: &Prompt) -> Completion {
    let Written::Argument(action, from) = command::written(prompt.text()) else { return Completion::default() };
    if prompt.line.place() < from {
        return Completion::default();
    }
    let mut completion = command::completion(prompt.text(), from, prompt.line.place(), action, known(model, &model.recipes()));
    if let Some(field) = completion.values_of.clone() {
        let values = values::of(&model.store, &field, &completion.typed);
        completion.add_values(values.iter().map(String::as_str));
    }
    completion
}

/// Which way in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Towards {
    Below,
    Above,
}

/// What a key means in the palette; `None` where it means what it means in every prompt.
pub(super) fn key(model: &mut Model, action: Option<Action>) -> Option<Vec<Effect>> {
    let prompt = top(model)?;
    let is_name = command::written(prompt.text()) == Written::Name;
    let is_untouched = prompt.line.is_empty() && prompt.listing.chosen.is_none();
    let goes_back = prompt.former.is_some();
    match action {
        Some(Action::Accept) => return Some(accept(model)),
        Some(Action::Earlier) if is_untouched || goes_back => return None,
        Some(Action::Later) if goes_back => return None,
        Some(Action::Earlier) if is_name => choose(model, Towards::Above),
        Some(Action::Later) if is_name => choose(model, Towards::Below),
        Some(Action::Earlier) => prompting::complete(model, prompting::Step::Before),
        Some(Action::Later) => prompting::complete(model, prompting::Step::Next),
        Some(Action::Complete) if is_name => complete(model, Towards::Below),
        Some(Action::CompleteBack) if is_name => complete(model, Towards::Above),
        _ => return None,
    }
    Some(Vec::new())
}

/// One line further in the list. On an empty line, up from the first leads out of it.
fn choose(model: &mut Model, towards: Towards) {
    let Some(of) = top(model).map(|prompt| prompt.listing.of.clone()) else { return };
    let list = entries(model, &of);
    let Some(prompt) = top(model) else { return };
    let end = list.len().saturating_sub(1);
    let to = match (prompt.listing.chosen, towards) {
        (None, Towards::Below) => Some(0).filter(|_| !list.is_empty()),
        (None, Towards::Above) => None,
        (Some(0), Towards::Above) if of.trim().is_empty() => None,
        (Some(at), Towards::Above) => Some(at.saturating_sub(1)),
        (Some(at), Towards::Below) => Some((at + 1).min(end)),
    };
    prompt.listing.chosen = to;
    refuse(prompt, None);
    if prompt.text() != of
        && let Some(entry) = to.and_then(|to| list.get(to))
    {
        prompt.line.set(entry.action.name());
    }
}

/// Puts a name of the list into the line; where it can be given something, what that can be is offered at once.
fn complete(model: &mut Model, towards: Towards) {
    let Some(of) = top(model).map(|prompt| prompt.listing.of.clone()) else { return };
    let list = entries(model, &of);
    let Some(prompt) = top(model) else { return };
    let count = list.len();
    if count == 0 {
        return;
    }
    let takes = |entry: &Entry| !matches!(Argument::of(entry.action), Argument::None | Argument::Count);
    let is_there = |entry: &Entry| prompt.text().trim() == entry.action.name() && !takes(entry);
    let goes_through = prompt.text() != of || prompt.listing.chosen.and_then(|at| list.get(at)).is_some_and(is_there);
    let at = match (prompt.listing.chosen, towards) {
        (Some(at), Towards::Below) if goes_through => (at + 1) % count,
        (Some(at), Towards::Above) if goes_through => (at + count - 1) % count,
        (chosen, Towards::Below) => chosen.unwrap_or(0),
        (_, Towards::Above) => count - 1,
    };
    let Some(entry) = list.get(at) else { return };
    refuse(prompt, None);
    prompt.listing.chosen = Some(at);
    let is_named = prompt.text().trim() == entry.action.name();
    if takes(entry) && entry.works == Works::Here && (!goes_through || is_named) && towards == Towards::Below {
        prompt.line.set(&format!("{} ", entry.action.name()));
        prompting::changed(model);
    } else {
        prompt.line.set(entry.action.name());
    }
}

fn refuse(prompt: &mut Prompt, wrong: Option<WrongText>) {
    prompt.verdict = if wrong.is_some() { Verdict::Refused } else { Verdict::Open };
    prompt.wrong = wrong;
}

/// Says what is wrong with what was typed, and keeps it.
fn refused(model: &mut Model, wrong: WrongText) -> Vec<Effect> {
    if let Some(prompt) = top(model) {
        // What is wrong with the whole of it is mended at its end.
        if wrong.column > 1 {
            prompt.line.go(wrong.column - 1);
        } else {
            prompt.line.end();
        }
        refuse(prompt, Some(wrong));
    }
    Vec::new()
}

/// Runs what is chosen or written out.
fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(prompt) = top(model) else { return Vec::new() };
    let (text, listing) = (prompt.text().to_owned(), prompt.listing.clone());
    let command = match command::written(&text) {
        Written::Argument(..) => command::parse(&text, known(model, &model.recipes())),
        Written::Name => {
            let Some(chosen) = listing.chosen else { return leave::back(model) };
            match entries(model, &listing.of).get(chosen) {
                Some(entry) => Ok(Command { action: entry.action, given: Given::Nothing }),
                None => command::parse(&text, known(model, &model.recipes())),
            }
        }
    };
    let command = match command {
        Ok(command) => command,
        Err(wrong) => return refused(model, wrong),
    };
    let (context, action) = (palette::beneath(model), command.action);
    if !palette::works(model, context, action) {
        let why = elsewhere(model, context, action);
        return refused(model, WrongText { column: 1, why });
    }
    // A name that was begun must not lead to a call because it is the first that begins so.
    if is_final(action) && text.trim() != action.name() {
        if let Some(prompt) = top(model) {
            prompt.line.set(action.name());
        }
        typed(model);
        let run = notice::keys(model, Context::Prompt, Action::Accept);
        return refused(model, WrongText { column: 1, why: format!("{run} again: {}", action.help()) });
    }
    model.overlays.pop();
    let line = if command.given == Given::Nothing { action.name() } else { text.trim() };
    model.former.add(PromptPurpose::Command, line);
    run(model, context, command)
}

/// Whether an action makes calls that change findings.
const fn is_final(action: Action) -> bool {
    matches!(action, Action::Send | Action::Retry | Action::RetryAll)
}

/// Where an action works, and what leads there.
fn elsewhere(model: &Model, context: Context, action: Action) -> String {
    let place = palette::place(action).unwrap_or(Context::Table);
    let (name, there) = (action.name(), palette::told(place));
    let back = notice::keys(model, context, Action::Back);
    match palette::leads_to(place).map(|opener| notice::table_keys(model, opener)) {
        Some(opens) if context == Context::Table => format!("{name} works {there}: {opens} leads there"),
        Some(opens) => format!("{name} works {there}: {back}, then {opens} in the table leads there"),
        None if place == Context::Table => format!("{name} works {there}: {back} leads there"),
        None => format!("{name} works {there}"),
    }
}

fn run(model: &mut Model, context: Context, command: Command) -> Vec<Effect> {
    let action = command.action;
    match command.given {
        Given::Nothing => keys::meant(model, context, action, None),
        Given::Count(count) => keys::meant(model, context, action, Some(count)),
        Given::Status(id) => stage(model, Decision::of(&Patch::status(id)), None),
        Given::Severity(id) => stage(model, Decision::of(&Patch::severity(id)), None),
        Given::Comment(template) => {
            model.former.add_comment(&template.typed());
            let comment = Some(Wording { template, mode: model.settings.comment_mode });
            stage(model, Decision { comment, ..Decision::default() }, None)
        }
        Given::Recipe(name) => {
            let recipe = model.recipes().into_iter().find(|recipe| recipe.name == name).cloned();
            recipe.map_or_else(Vec::new, |recipe| stage(model, recipe.decision, Some(recipe.name)))
        }
        Given::Order(order) => {
            narrowing::apply(model, order);
            Vec::new()
        }
        Given::Group(field) => {
            grouping::choose(model, field);
            Vec::new()
        }
        Given::Profile(name) => profiles::pick_named(model, &name),
        Given::Export(format, None) => export::named(model, format),
        Given::Export(format, Some(file)) => export::begin(model, format, &file),
        Given::Columns(list) => columns::put(model, list),
        Given::Column(column) => columns::add(model, &column.to_string()),
        Given::Query(query) => answered(model, context, action, &query.to_string()),
        Given::NewProfile(name) => answered(model, context, action, name.as_str()),
        Given::Words(text) | Given::File(text) => answered(model, context, action, &text),
    }
}

/// Does what the action's prompt does with this text.
fn answered(model: &mut Model, context: Context, action: Action, text: &str) -> Vec<Effect> {
    let depth = model.overlays.len();
    let mut effects = keys::meant(model, context, action, None);
    // What stands in the way of the prompt has been said.
    if model.overlays.len() > depth || matches!(model.overlays.last(), Some(Overlay::Prompt(_))) {
        effects.extend(prompting::answer(model, text));
    }
    effects
}

fn stage(model: &mut Model, decision: Decision, recipe: Option<ProfileName>) -> Vec<Effect> {
    let Some(targets) = staging::targets(model) else { return notice::no_row(model) };
    deciding::stage(model, targets, decision, recipe)
}
