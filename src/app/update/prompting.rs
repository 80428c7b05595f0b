//! The one-line prompts: keys in a line of text, offers for queries, texts that were typed before, and what accepting does.

use crossterm::event::{KeyCode, KeyModifiers};

use super::{answers, by_query, columns, detail, export, narrowing, palette, plan_file, profile_saving, querying, trail};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        keymap::Key,
        line::Line,
        model::{Model, RangeKind},
        overlay::Overlay,
        prompt::{Prompt, PromptPurpose, Verdict, WrongText},
        trail::Place,
        values,
    },
    domain::{
        query::{Query, completion::Completion},
        text,
    },
};

/// Opens a prompt over whatever is there.
pub(super) fn open(model: &mut Model, prompt: Prompt) {
    let left = Place::here(model);
    model.overlays.push(Overlay::Prompt(Box::new(Prompt { left: Some(left), ..prompt })));
    offer(model);
}

fn top(model: &mut Model) -> Option<&mut Prompt> {
    match model.overlays.last_mut() {
        Some(Overlay::Prompt(prompt)) => Some(prompt),
        _ => None,
    }
}

/// A key in a prompt.
pub(super) fn key(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
    if let Some(effects) = palette::key(model, action) {
        return effects;
    }
    match action {
        Some(Action::Accept) => return accept(model),
        Some(Action::Back) => return give_up(model),
        Some(Action::Complete) => complete(model, Step::Next),
        Some(Action::CompleteBack) => complete(model, Step::Before),
        Some(Action::Earlier) => former(model, Step::Before),
        Some(Action::Later) => former(model, Step::Next),
        _ => return edit(model, key),
    }
    Vec::new()
}

fn edit(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(prompt) = top(model) else { return Vec::new() };
    if prompt.line.is_empty() && matches!((key.code, key.modifiers), (KeyCode::Backspace, _) | (KeyCode::Char('h'), KeyModifiers::CONTROL))
    {
        return give_up(model);
    }
    let before = prompt.line.text().to_owned();
    if edit_line(&mut prompt.line, key) == Edited::No {
        return Vec::new();
    }
    if prompt.line.text() == before {
        prompt.verdict = Verdict::Open;
        offer(model);
    } else {
        written(model);
    }
    Vec::new()
}

/// Whether a key means something in a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edited {
    Yes,
    No,
}

/// A key in a line of text.
pub(super) fn edit_line(line: &mut Line, key: Key) -> Edited {
    match (key.code, key.modifiers) {
        (KeyCode::Backspace, KeyModifiers::ALT) | (KeyCode::Char('w'), KeyModifiers::CONTROL) => line.cut_word(),
        (KeyCode::Backspace, _) | (KeyCode::Char('h'), KeyModifiers::CONTROL) => line.backspace(),
        (KeyCode::Delete, _) | (KeyCode::Char('d'), KeyModifiers::CONTROL) => line.delete(),
        (KeyCode::Left, KeyModifiers::NONE) | (KeyCode::Char('b'), KeyModifiers::CONTROL) => line.left(),
        (KeyCode::Right, KeyModifiers::NONE) | (KeyCode::Char('f'), KeyModifiers::CONTROL) => line.right(),
        (KeyCode::Left, _) | (KeyCode::Char('b'), KeyModifiers::ALT) => line.word_left(),
        (KeyCode::Right, _) | (KeyCode::Char('f'), KeyModifiers::ALT) => line.word_right(),
        (KeyCode::Home, _) | (KeyCode::Char('a'), KeyModifiers::CONTROL) => line.home(),
        (KeyCode::End, _) | (KeyCode::Char('e'), KeyModifiers::CONTROL) => line.end(),
        (KeyCode::Char('u'), KeyModifiers::CONTROL) => line.cut_before(),
        (KeyCode::Char('k'), KeyModifiers::CONTROL) => line.cut_behind(),
        (KeyCode::Char(c), KeyModifiers::NONE) if !text::is_hidden(c) => line.insert(c.encode_utf8(&mut [0; 4])),
        // In the middle of a burst these are parts of a pasted text.
        (KeyCode::Enter | KeyCode::Tab, _) => line.insert(" "),
        _ => return Edited::No,
    }
    Edited::Yes
}

/// Somebody wrote: what was brought back of earlier is a text of its own by now, where the keys that bring it back have another meaning.
fn written(model: &mut Model) {
    if let Some(prompt) = top(model).filter(|prompt| prompt.purpose == PromptPurpose::Command) {
        prompt.former = None;
    }
    changed(model);
}

/// A text pasted into the prompt.
pub(super) fn pasted(model: &mut Model, clean: &str) {
    if let Some(prompt) = top(model) {
        prompt.line.insert(&clean.replace('\n', " "));
        written(model);
    }
}

/// The text is another one: what follows it while typing does.
pub(super) fn changed(model: &mut Model) {
    let Some(prompt) = top(model) else { return };
    prompt.judge();
    let (purpose, text) = (prompt.purpose, prompt.text().to_owned());
    follow(model, purpose, &text);
    offer(model);
}

fn follow(model: &mut Model, purpose: PromptPurpose, text: &str) {
    match purpose {
        PromptPurpose::Filter => narrowing::set_filter(model, text),
        PromptPurpose::Command => palette::typed(model),
        PromptPurpose::Search => detail::search(model, text),
        PromptPurpose::Query
        | PromptPurpose::MarkByQuery
        | PromptPurpose::UnmarkByQuery
        | PromptPurpose::SaveProfile
        | PromptPurpose::SavePlan
        | PromptPurpose::Export(_)
        | PromptPurpose::SaveText
        | PromptPurpose::AddColumn
        | PromptPurpose::Variable(_) => {}
    }
}

/// Looks up what may stand at the cursor.
fn offer(model: &mut Model) {
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last()
        && prompt.purpose == PromptPurpose::Command
    {
        let completion = palette::completion(model, prompt);
        if let Some(prompt) = top(model) {
            prompt.offered = None;
            prompt.completion = completion;
        }
        return;
    }
    let Model { overlays, store, .. } = model;
    let Some(Overlay::Prompt(prompt)) = overlays.last_mut() else { return };
    prompt.offered = None;
    if !prompt.purpose.is_query() {
        return;
    }
    let mut completion = Completion::at(prompt.text(), prompt.line.place());
    if let Some(field) = completion.values_of.clone() {
        let values = values::of(store, &field, &completion.typed);
        completion.add_values(values.iter().map(String::as_str));
    }
    prompt.completion = completion;
}

/// One further, or one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Next,
    Before,
}

/// Puts an offer into the text. One that is alone is taken, and what may follow it is offered; several are gone through.
pub(super) fn complete(model: &mut Model, step: Step) {
    let Some(prompt) = top(model) else { return };
    let count = prompt.completion.offers.len();
    if count == 0 || (prompt.offered.is_none() && prompt.completion.is_settled(prompt.line.text())) {
        return;
    }
    let at = match (prompt.offered, step) {
        (None, Step::Next) => 0,
        (None, Step::Before) => count - 1,
        (Some(at), Step::Next) => (at + 1) % count,
        (Some(at), Step::Before) => (at + count - 1) % count,
    };
    let Completion { from, to, offers, .. } = &mut prompt.completion;
    let Some(chosen) = offers.get(at) else { return };
    prompt.line.replace(*from, *to, &chosen.text);
    *to = *from + chosen.text.chars().count();
    prompt.judge();
    if count == 1 {
        offer(model);
    } else {
        prompt.offered = Some(at);
    }
}

/// Shows a text that was typed here before.
fn former(model: &mut Model, step: Step) {
    let Model { overlays, former, .. } = model;
    let Some(Overlay::Prompt(prompt)) = overlays.last_mut() else { return };
    let texts = former.of(prompt.purpose);
    let from_latest = |at: usize| texts.len().checked_sub(at + 1).and_then(|at| texts.get(at));
    let shown = match (&prompt.former, step) {
        (None, Step::Next) => return,
        (None, Step::Before) => (0..texts.len()).find(|at| from_latest(*at).is_some_and(|text| text != prompt.line.text())),
        (Some((at, _)), Step::Before) => Some((at + 1).min(texts.len().saturating_sub(1))),
        (Some((at, _)), Step::Next) => at.checked_sub(1),
    };
    let written = prompt.former.take().map_or_else(|| prompt.line.text().to_owned(), |(_, written)| written);
    match shown.and_then(|at| Some((at, from_latest(at)?))) {
        Some((at, text)) => {
            prompt.line.set(text);
            prompt.former = Some((at, written));
        }
        None => prompt.line.set(&written),
    }
    changed(model);
}

/// Leaves the prompt and puts everything back as it was.
fn give_up(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.pop() else { return Vec::new() };
    follow(model, prompt.purpose, &prompt.before);
    if let PromptPurpose::Variable(variable) = prompt.purpose {
        answers::given_up(model, variable);
    }
    if prompt.purpose == PromptPurpose::Filter
        && let Some(left) = prompt.left
    {
        trail::put_back(model, &left);
    }
    Vec::new()
}

/// Says what is wrong with the text of the prompt that is open.
pub(super) fn refuse(model: &mut Model, wrong: WrongText) {
    if let Some(prompt) = top(model) {
        prompt.verdict = Verdict::Refused;
        prompt.wrong = Some(wrong);
    }
}

/// Writes a text into the prompt that is open, and takes it.
pub(super) fn answer(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(prompt) = top(model) else { return Vec::new() };
    prompt.line.set(text);
    changed(model);
    accept(model)
}

/// Takes the text as it is, or says what is wrong with it, with the cursor there.
fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(prompt) = top(model) else { return Vec::new() };
    prompt.is_taken();
    if let Some(wrong) = &prompt.wrong {
        prompt.verdict = Verdict::Refused;
        let place = wrong.column.saturating_sub(1);
        prompt.line.go(place);
        offer(model);
        return Vec::new();
    }
    let Some(Overlay::Prompt(prompt)) = model.overlays.pop() else { return Vec::new() };
    let Prompt { purpose, line, before, left, .. } = *prompt;
    keep(model, purpose, &line);
    let text = line.text();
    match purpose {
        PromptPurpose::Filter => {
            if let Some(left) = left.filter(|_| text != before) {
                model.trail.add(Place { filter: before, ..left });
            }
            Vec::new()
        }
        PromptPurpose::Search => detail::first_hit(model),
        PromptPurpose::Query => text.parse::<Query>().map_or_else(|_| Vec::new(), |query| querying::ask(model, query)),
        PromptPurpose::MarkByQuery => by_query::accept(model, RangeKind::Mark, text),
        PromptPurpose::UnmarkByQuery => by_query::accept(model, RangeKind::Unmark, text),
        PromptPurpose::SaveProfile => profile_saving::save(model, text),
        PromptPurpose::SavePlan => plan_file::save(model, text),
        PromptPurpose::Export(format) => export::begin(model, format, text),
        PromptPurpose::SaveText => export::save_text(model, text),
        PromptPurpose::AddColumn => columns::add(model, text),
        // The palette takes its text itself.
        PromptPurpose::Command => Vec::new(),
        PromptPurpose::Variable(variable) => answers::answered(model, variable, text),
    }
}

/// Keeps the text for the next prompt of its kind. Queries are kept as they are shown, so that two spellings are one.
fn keep(model: &mut Model, purpose: PromptPurpose, line: &Line) {
    let text = line.text();
    match purpose {
        // A query is kept once it is asked.
        PromptPurpose::Query
        | PromptPurpose::SaveProfile
        | PromptPurpose::SavePlan
        | PromptPurpose::Export(_)
        | PromptPurpose::SaveText
        | PromptPurpose::Command => {}
        PromptPurpose::MarkByQuery | PromptPurpose::UnmarkByQuery if text.trim().is_empty() => {}
        PromptPurpose::MarkByQuery | PromptPurpose::UnmarkByQuery => {
            let canonical = text.parse::<Query>().map_or_else(|_| text.to_owned(), |query| query.to_string());
            model.former.add(purpose, &canonical);
        }
        PromptPurpose::Filter | PromptPurpose::Search | PromptPurpose::AddColumn | PromptPurpose::Variable(_) => {
            model.former.add(purpose, text);
        }
    }
}
