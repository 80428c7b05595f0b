//! Text: the comment editor and the one-line prompts. Everything unbound is text, and a burst of keys is text too.

use crossterm::event::{KeyCode, KeyModifiers};
use tui_textarea::Input;

use super::{commenting, counting, deciding, leave, notice, prompting, staging};
use crate::{
    app::{
        action::Action,
        comment_editor::{CommentEditor, Needed},
        effect::Effect,
        event::Arrival,
        keymap::{Context, Key, Resolved},
        model::{EditorPolicy, Level, Model},
        overlay::{Overlay, Targets},
    },
    domain::{
        comment::{Comment, CommentError},
        decision::CommentMode,
        template::Template,
        text,
    },
};

/// A key in a text.
pub(super) fn typed(model: &mut Model, context: Context, key: Key, arrival: Arrival) -> Vec<Effect> {
    if let Some(Overlay::Count(_)) = model.overlays.last() {
        return counting::key(model, key, arrival);
    }
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
    if let Some(Overlay::Editor(editor)) = model.overlays.last_mut() {
        editor.refused = None;
    }
    match action {
        Some(Action::Accept) => return accept(model),
        Some(Action::Back) => return leave::back(model),
        Some(Action::CommentEditor) => return external(model),
        Some(Action::Redraw) => return vec![Effect::Redraw],
        Some(Action::Template) => commenting::template(model),
        Some(Action::Append) => commenting::toggle_append(model),
        Some(Action::Earlier) => commenting::step(model, commenting::Step::Earlier),
        Some(Action::Later) => commenting::step(model, commenting::Step::Later),
        Some(Action::Undo) => edit(model, CommentEditor::undo),
        Some(Action::Redo) => edit(model, CommentEditor::redo),
        Some(Action::LineBreak) => edit(model, |editor| {
            editor.text.insert_newline();
            true
        }),
        _ => edit(model, |editor| match key.code {
            KeyCode::Char(c) if text::is_hidden(c) => false,
            code => editor.text.input(input(code, key.modifiers)),
        }),
    }
    Vec::new()
}

/// Lets a key change the text; says whether it did.
fn edit(model: &mut Model, change: impl FnOnce(&mut CommentEditor) -> bool) {
    let Some(Overlay::Editor(editor)) = model.overlays.last_mut() else { return };
    if change(editor) {
        editor.note = None;
        editor.touched();
        commenting::reckon(model);
    }
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
            edit(model, |editor| editor.text.insert_str(&clean));
        }
        Some(Overlay::Prompt(_)) => prompting::pasted(model, &clean),
        Some(Overlay::Count(_)) => return counting::pasted(model),
        _ => model.say(Level::Warning, "pasted text is ignored here"),
    }
    Vec::new()
}

/// Opens the comment editor over the target rows, with the staged comment where all of them have the same.
pub(super) fn open_editor(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = staging::targets(model) else { return notice::no_row(model) };
    let mut staged = targets.rows.iter().map(|&row| model.staging.get(row).and_then(|patch| patch.comment.as_ref()));
    let first = staged.next().flatten();
    let same = first.filter(|first| staged.all(|other| other == Some(first)));
    let text = same.map_or_else(String::new, |comment| Template::literal(comment.as_str()).typed());
    // What is staged is there to be changed.
    let mode = if same.is_some() { CommentMode::Replace } else { model.settings.comment_mode };
    model.overlays.push(Overlay::Editor(Box::new(CommentEditor::new(targets, text, mode))));
    commenting::reckon(model);
    Vec::new()
}

/// Opens the comment editor over rows on which something must not be staged without a comment.
pub(super) fn ask_comment(model: &mut Model, targets: Targets, needed: Needed) {
    model.say(Level::Warning, needed.why.clone());
    let mut editor = CommentEditor::new(targets, String::new(), model.settings.comment_mode);
    editor.needed = Some(Box::new(needed));
    model.overlays.push(Overlay::Editor(Box::new(editor)));
    commenting::reckon(model);
}

/// The editor was left without a comment: what needed one is not staged.
pub(super) fn left(model: &mut Model, editor: &CommentEditor) {
    if let Some(needed) = &editor.needed {
        model.say(Level::Warning, format!("nothing was staged: {}", needed.why));
    }
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
        Some(Overlay::Editor(editor)) => vec![Effect::Edit(editor.typed())],
        _ => Vec::new(),
    }
}

/// `$EDITOR` is done: a text that can be a comment is staged, any other stays in our editor with the reason.
pub(super) fn edited(model: &mut Model, text: Result<String, String>) -> Vec<Effect> {
    let Some(Overlay::Editor(editor)) = model.overlays.last_mut() else { return Vec::new() };
    match text {
        Ok(text) => {
            let clean: String = text.replace("\r\n", "\n").trim_end().chars().filter(|&c| c == '\n' || !text::is_hidden(c)).collect();
            if clean != editor.typed() {
                editor.put(&clean);
                editor.note = None;
                editor.touched();
                commenting::reckon(model);
            }
            accept(model)
        }
        Err(why) => {
            editor.refused = Some(text::clean(&why).into_owned());
            Vec::new()
        }
    }
}

/// Stages the comment, or says why it cannot be one. What is typed is kept before anything else becomes of it.
fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Editor(editor)) = model.overlays.last() else { return Vec::new() };
    let (typed, decision) = (editor.typed(), editor.decision());
    let refusal = if Comment::count(&typed, model.settings.line_breaks) == 0 {
        Some(CommentError::Blank.to_string())
    } else {
        commenting::refusal(model, &editor.targets.rows, &decision)
    };
    if refusal.is_some() {
        if let Some(Overlay::Editor(editor)) = model.overlays.last_mut() {
            editor.refused = refusal;
        }
        return Vec::new();
    }
    let Some(Overlay::Editor(editor)) = model.overlays.pop() else { return Vec::new() };
    model.former.add_comment(&typed);
    match (editor.needed, decision.comment.clone()) {
        (Some(needed), Some(wording)) => deciding::stage_with(model, needed.waiting, wording, editor.targets.rows),
        _ => deciding::stage(model, editor.targets, decision, None),
    }
}
