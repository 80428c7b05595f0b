//! Text: the comment editor and the one-line prompts. Everything unbound is text, and a burst of keys is text too.

use crossterm::event::{KeyCode, KeyModifiers};
use tui_textarea::{CursorMove, Input, TextArea, WrapMode};

use super::{deciding, leave, notice, prompting, staging};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        event::Arrival,
        keymap::{Context, Key, Resolved},
        model::{EditorPolicy, Level, Model},
        overlay::{CommentEditor, Overlay},
    },
    domain::{comment::Comment, decision::Decision, patch::Patch, text},
};

/// A key in a text.
pub(super) fn typed(model: &mut Model, context: Context, key: Key, arrival: Arrival) -> Vec<Effect> {
    let action = match model.settings.keymap.resolve(context, &[key]) {
        // A line end in the middle of a burst comes from a paste without brackets: it must not accept.
        Resolved::Action(Action::Accept) if arrival == Arrival::Burst => Some(Action::LineBreak),
        Resolved::Action(_) if arrival == Arrival::Burst && key.code != KeyCode::Esc => None,
        Resolved::Action(action) => Some(action),
        Resolved::Prefix | Resolved::Nothing => None,
    };
    match context {
        Context::Editor => editor_key(model, key, action),
        _ => prompting::key(model, key, action),
    }
}

fn editor_key(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
    match action {
        Some(Action::Accept) => return accept(model),
        Some(Action::Back) => return leave::back(model),
        Some(Action::CommentEditor) => return external(model),
        _ => {}
    }
    let Some(Overlay::Editor(editor)) = model.overlays.last_mut() else { return Vec::new() };
    editor.refused = None;
    match (action, key.code) {
        (Some(Action::LineBreak), _) => editor.text.insert_newline(),
        (_, KeyCode::Char(c)) if text::is_hidden(c) => {}
        (_, code) => {
            editor.text.input(input(code, key.modifiers));
        }
    }
    Vec::new()
}

fn input(code: KeyCode, modifiers: KeyModifiers) -> Input {
    crossterm::event::KeyEvent::new(code, modifiers).into()
}

/// A text pasted in brackets.
pub(super) fn pasted(model: &mut Model, pasted: &str) -> Vec<Effect> {
    let clean: String = pasted.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|&c| c == '\n' || !text::is_hidden(c)).collect();
    if !model.screen.is_large_enough() {
        return Vec::new();
    }
    match model.overlays.last_mut() {
        Some(Overlay::Editor(editor)) => {
            editor.refused = None;
            editor.text.insert_str(&clean);
        }
        Some(Overlay::Prompt(_)) => prompting::pasted(model, &clean),
        _ => model.say(Level::Warning, "pasted text is ignored here"),
    }
    Vec::new()
}

/// Opens the comment editor over the target rows, with the staged comment where all of them have the same.
pub(super) fn open_editor(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = staging::targets(model) else { return notice::no_row(model) };
    let replaces = targets.rows.iter().filter(|&&row| model.store.values(row).comment.is_some()).count();
    let mut staged = targets.rows.iter().map(|&row| model.staging.get(row).and_then(|patch| patch.comment.clone()));
    let first = staged.next().flatten();
    let same = first.filter(|first| staged.all(|other| other.as_ref() == Some(first)));
    let text = text_area(same.as_ref().map_or("", Comment::as_str));
    model.overlays.push(Overlay::Editor(Box::new(CommentEditor { targets, replaces, text, refused: None })));
    Vec::new()
}

fn text_area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.lines().map(str::to_owned).collect());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

/// Opens `$EDITOR` on the comment.
pub(super) fn external(model: &mut Model) -> Vec<Effect> {
    if model.settings.editor == EditorPolicy::Off {
        let here = notice::table_keys(model, Action::Comment);
        model.say(Level::Warning, format!("$EDITOR is switched off; {here} writes the comment here"));
        return Vec::new();
    }
    if !matches!(model.overlays.last(), Some(Overlay::Editor(_))) {
        open_editor(model);
    }
    match model.overlays.last() {
        Some(Overlay::Editor(editor)) => vec![Effect::Edit(editor.text.lines().join("\n"))],
        _ => Vec::new(),
    }
}

/// `$EDITOR` is done: a text that can be a comment is staged, any other stays in our editor with the reason.
pub(super) fn edited(model: &mut Model, text: Result<String, String>) -> Vec<Effect> {
    let Some(Overlay::Editor(editor)) = model.overlays.last_mut() else { return Vec::new() };
    match text {
        Ok(text) => {
            let clean: String = text.replace("\r\n", "\n").trim_end().chars().filter(|&c| c == '\n' || !text::is_hidden(c)).collect();
            editor.text = text_area(&clean);
            accept(model)
        }
        Err(why) => {
            editor.refused = Some(text::clean(&why).into_owned());
            Vec::new()
        }
    }
}

/// Stages the comment, or says why it cannot be one.
fn accept(model: &mut Model) -> Vec<Effect> {
    let line_breaks = model.settings.line_breaks;
    let Some(Overlay::Editor(editor)) = model.overlays.last_mut() else { return Vec::new() };
    match Comment::new(&editor.text.lines().join("\n"), line_breaks) {
        Ok(comment) => {
            let targets = editor.targets.clone();
            model.overlays.pop();
            deciding::stage(model, targets, Decision::of(&Patch::comment(comment)), None)
        }
        Err(error) => {
            editor.refused = Some(error.to_string());
            Vec::new()
        }
    }
}
