//! The comment editor: what is written, what it is for, and what stood there before.

use tui_textarea::{CursorMove, TextArea, WrapMode};

use crate::domain::{
    decision::{CommentMode, Decision, Wording},
    template::Template,
};

use super::{
    deciding::Waiting,
    forecast::{Forecast, Spread},
    overlay::Targets,
};

/// Steps of typing that can be taken back: about as many as a comment has characters.
const MOST_UNDONE: usize = 1000;

/// The comment editor.
#[derive(Debug)]
pub struct CommentEditor {
    /// For which rows.
    pub targets: Targets,
    /// The text.
    pub text: TextArea<'static>,
    /// What becomes of old comments.
    pub mode: CommentMode,
    /// Where the text comes from.
    pub shown: Shown,
    /// What was being written when something else was put in its place.
    pub written: String,
    /// What was being written before that, the oldest first.
    pub aside: Vec<String>,
    /// What all rows had staged when it was opened.
    pub staged: String,
    /// Why the text was refused when it was last accepted.
    pub refused: Option<String>,
    /// What was said to the last key: where the text comes from, and the like; clean.
    pub note: Option<String>,
    /// What the text comes to.
    pub forecast: Forecast,
    /// What that was reckoned with.
    pub spread: Spread,
    /// What is staged together with the comment, where it must not be staged without one.
    pub needed: Option<Box<Needed>>,
}

/// A decision that must not be staged without a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// The decision, and all rows it is for: those that need no comment for it get none.
    pub waiting: Waiting,
    /// Why, in a sentence without its end; clean.
    pub why: String,
}

/// Where the text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// It is being written.
    #[default]
    Written,
    /// It was staged before: counted from the latest.
    Former(usize),
    /// It is this template of those that are offered.
    Template(usize),
}

impl CommentEditor {
    /// An editor with the comment that all rows have staged.
    pub fn new(targets: Targets, staged: String, mode: CommentMode) -> Self {
        let text = text_area(&staged);
        Self {
            targets,
            text,
            mode,
            shown: Shown::Written,
            written: String::new(),
            aside: Vec::new(),
            staged,
            refused: None,
            note: None,
            forecast: Forecast::default(),
            spread: Spread::default(),
            needed: None,
        }
    }

    /// The text as it was typed.
    pub fn typed(&self) -> String {
        self.text.lines().join("\n")
    }

    /// Whether nothing but white space is in it.
    pub fn is_blank(&self) -> bool {
        self.text.lines().iter().all(|line| line.trim().is_empty())
    }

    /// What accepting stages.
    pub fn decision(&self) -> Decision {
        let comment = Some(Wording { template: Template::lenient(&self.typed()), mode: self.mode });
        Decision { comment, ..Decision::default() }
    }

    /// Whether leaving loses something that is nowhere else.
    pub fn would_lose(&self) -> bool {
        let is_own = |text: &String| !text.trim().is_empty() && *text != self.staged;
        let text = (self.shown == Shown::Written).then(|| self.typed());
        text.iter().chain([&self.written]).chain(&self.aside).any(is_own)
    }

    /// Puts another text in place of this one; undoing brings it back.
    pub fn put(&mut self, text: &str) {
        self.text.select_all();
        self.text.insert_str(text);
    }

    /// Puts a text from elsewhere in place of this one. What was being written is kept.
    pub fn show(&mut self, shown: Shown, text: &str) {
        if self.shown == Shown::Written {
            self.written = self.typed();
        }
        self.put(text);
        self.shown = shown;
    }

    /// Puts back what was being written.
    pub fn show_written(&mut self) {
        let written = std::mem::take(&mut self.written);
        self.put(&written);
        self.shown = Shown::Written;
    }

    /// The text was changed by hand: from now on it is what is being written, and what was before is put aside.
    pub fn touched(&mut self) {
        if self.shown != Shown::Written {
            self.shown = Shown::Written;
            let written = std::mem::take(&mut self.written);
            if !written.trim().is_empty() {
                self.aside.push(written);
            }
        }
    }

    /// Takes the last step of typing back. What was put in place of another text took two.
    pub fn undo(&mut self) -> bool {
        let undone = self.text.undo();
        if undone && self.is_blank() {
            self.text.undo();
        }
        undone
    }

    /// Does it again.
    pub fn redo(&mut self) -> bool {
        let redone = self.text.redo();
        if redone && self.is_blank() {
            self.text.redo();
        }
        redone
    }
}

fn text_area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.lines().map(str::to_owned).collect());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_max_histories(MOST_UNDONE);
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}
