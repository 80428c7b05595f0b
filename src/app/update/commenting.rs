//! What the comment editor does beside taking in text: templates, comments that were staged before, how old comments are treated, and what
//! all that comes to.

use tui_textarea::CursorMove;

use super::{deciding, notice};
use crate::{
    app::{
        action::Action,
        comment_editor::{CommentEditor, Shown},
        forecast::Forecast,
        keymap::Context,
        model::Model,
        overlay::Overlay,
        wording,
    },
    domain::{
        comment::CommentError,
        decision::{CommentMode, Decision, Left},
        row::RowId,
        template::Variable,
        text,
    },
};

/// Rows that are looked at at a time for one that gets a comment: mostly the first does.
const AT_ONCE: usize = 256;

/// Works on the editor with the rest of the model in sight.
fn with(model: &mut Model, change: impl FnOnce(&Model, &mut CommentEditor)) {
    match model.overlays.pop() {
        Some(Overlay::Editor(mut editor)) => {
            change(model, &mut editor);
            model.overlays.push(Overlay::Editor(editor));
        }
        other => model.overlays.extend(other),
    }
}

/// Reckons anew what the text comes to; after every change of it.
pub(super) fn reckon(model: &mut Model) {
    with(model, |model, editor| {
        let decision = editor.decision();
        editor.forecast = Forecast::of(model, &editor.targets.rows, &decision, &mut editor.spread);
    });
}

/// Puts a template in, or the next one in its place.
pub(super) fn template(model: &mut Model) {
    with(model, |model, editor| {
        let offered = model.templates();
        if offered.is_empty() {
            editor.note = Some("no template: neither a recipe nor [comment] templates in the configuration has one".to_owned());
            return;
        }
        let at = match editor.shown {
            Shown::Template(at) => (at + 1) % offered.len(),
            Shown::Written | Shown::Former(_) => 0,
        };
        let Some((template, recipe)) = offered.get(at) else { return };
        editor.show(Shown::Template(at), &template.typed());
        let from = recipe.as_ref().map_or_else(|| "the configuration".to_owned(), |name| format!("the recipe {name}"));
        let which = if offered.len() == 1 { "the template".to_owned() } else { format!("template {} of {}", at + 1, offered.len()) };
        let back = way_back(model, editor);
        editor.note = Some(format!("{which}, from {}{back}", text::clean(&from)));
    });
    reckon(model);
}

/// `; Down brings back what you wrote`, where that is something.
fn way_back(model: &Model, editor: &CommentEditor) -> String {
    if editor.written.trim().is_empty() {
        return String::new();
    }
    format!("; {} brings back what you wrote", notice::keys(model, Context::Editor, Action::Later))
}

/// Whether comments are appended or put in place of the old ones.
pub(super) fn toggle_append(model: &mut Model) {
    with(model, |_, editor| {
        editor.mode = match editor.mode {
            CommentMode::Replace => CommentMode::Append,
            CommentMode::Append => CommentMode::Replace,
        };
        editor.note = None;
        // What is staged is what would be appended to: written once more it would stand there twice.
        if editor.mode == CommentMode::Append && editor.shown == Shown::Written && !editor.is_blank() && editor.typed() == editor.staged {
            editor.put("");
            editor.note = Some("behind the comment that is staged already".to_owned());
        }
    });
    reckon(model);
}

/// Which way through the comments that were staged before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Earlier,
    Later,
}

/// Up or down: in the text, and past its first and its last line through the comments that were staged before.
pub(super) fn step(model: &mut Model, step: Step) {
    with(model, |model, editor| {
        let before = editor.text.cursor();
        editor.text.move_cursor(match step {
            Step::Earlier => CursorMove::Up,
            Step::Later => CursorMove::Down,
        });
        if editor.text.cursor() == before {
            hop(model, editor, step);
        }
    });
    reckon(model);
}

/// Shows the comment before or after the one that is shown; behind the latest is what is being written.
fn hop(model: &Model, editor: &mut CommentEditor, step: Step) {
    let texts: Vec<String> = model.former.comments().iter().chain(&editor.aside).cloned().collect();
    let from_latest = |at: usize| texts.len().checked_sub(at + 1).and_then(|at| texts.get(at));
    let at = match (editor.shown, step) {
        (Shown::Written, Step::Later) => return,
        (Shown::Written | Shown::Template(_), Step::Earlier) => {
            let typed = editor.typed();
            (0..texts.len()).find(|&at| from_latest(at).is_some_and(|text| *text != typed.trim()))
        }
        (Shown::Template(_), Step::Later) => None,
        (Shown::Former(at), Step::Earlier) => Some((at + 1).min(texts.len().saturating_sub(1))),
        (Shown::Former(at), Step::Later) => at.checked_sub(1),
    };
    editor.note = None;
    match at.and_then(|at| Some((at, from_latest(at)?))) {
        Some((at, text)) => {
            editor.show(Shown::Former(at), text);
            let back = way_back(model, editor);
            editor.note = Some(format!("{} of {} written before{back}", texts.len() - at, texts.len()));
        }
        None if editor.shown == Shown::Written => editor.note = Some("nothing was written before".to_owned()),
        None => editor.show_written(),
    }
}

/// Why no row at all would get a comment; `None` where one does, and where that hangs on an answer.
pub(super) fn refusal(model: &Model, rows: &[RowId], decision: &Decision) -> Option<String> {
    let is_open = |variable: Variable| !variable.is_of_finding() && model.session_variable(variable).is_none();
    if decision.variables().any(is_open) {
        return None;
    }
    let mut first = None;
    for rows in rows.chunks(AT_ONCE) {
        let outcome = deciding::outcome(model, rows, decision);
        if !outcome.patches.is_empty() {
            return None;
        }
        first = first.or_else(|| outcome.left.into_keys().next_back());
    }
    let why = first?;
    let appends = decision.comment.as_ref().is_some_and(|wording| wording.mode == CommentMode::Append);
    Some(match (&why, rows.len()) {
        (Left::Comment(CommentError::TooLong(_)), 1) if appends => format!("with the old one {why}"),
        (Left::Comment(CommentError::TooLong(_)), count) if appends => {
            format!("with the old one too long on all {}: up to {why}", wording::grouped(count))
        }
        (Left::Without(_), 1) => format!("{why} here"),
        (Left::Without(_), count) => format!("{why} on any of {}", wording::counted(count, "finding")),
        (Left::Comment(_) | Left::OwnRail(_), _) => why.to_string(),
    })
}
