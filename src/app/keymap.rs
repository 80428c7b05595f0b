//! Which keys mean which action, where. The footer and the help are read off this, so they cannot drift.

mod key;
mod preset;
mod terminal;

use super::action::{Action, Motion};

pub use key::{Key, KeyError, parse_keys, shown};
pub use preset::Preset;
pub use terminal::swallowed;

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere that has no binding of its own for the key, but not where text is typed.
    Global,
    /// The table of findings.
    Table,
    /// The detail of a finding: text that scrolls.
    Detail,
    /// Status, severity and sort menus; digits and letters pick.
    Menu,
    /// The saved filter profiles; digits pick.
    Profiles,
    /// The review.
    Review,
    /// The problems panel.
    Problems,
    /// The journal: the sends, and the rows of one.
    Journal,
    /// The landing summary.
    Summary,
    /// The tasks.
    Tasks,
    /// Flow mode: one finding fills the screen.
    Flow,
    /// A text that could not be put on the clipboard.
    Text,
    /// The choice of columns.
    Columns,
    /// The help: text that scrolls and is searched.
    Help,
    /// The question what to do while another session has the journal.
    Busy,
    /// The comment editor; everything unbound is text.
    Editor,
    /// A one-line prompt: filter, search; everything unbound is text.
    Prompt,
    /// A question with yes and no.
    Confirm,
}

impl Context {
    /// Every context with its name in the configuration.
    pub const ALL: [(&'static str, Self); 18] = [
        ("global", Self::Global),
        ("table", Self::Table),
        ("detail", Self::Detail),
        ("menu", Self::Menu),
        ("profiles", Self::Profiles),
        ("review", Self::Review),
        ("problems", Self::Problems),
        ("journal", Self::Journal),
        ("summary", Self::Summary),
        ("tasks", Self::Tasks),
        ("flow", Self::Flow),
        ("text", Self::Text),
        ("columns", Self::Columns),
        ("help", Self::Help),
        ("busy", Self::Busy),
        ("editor", Self::Editor),
        ("prompt", Self::Prompt),
        ("confirm", Self::Confirm),
    ];

    /// Whether unbound keys are text.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Editor | Self::Prompt)
    }

    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, context)| *context == self).map_or("", |&(name, _)| name)
    }
}

/// One binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The keys, one after the other.
    pub keys: Vec<Key>,
    /// What they mean.
    pub action: Action,
}

/// What a sequence of keys means so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// This action.
    Action(Action),
    /// More keys may follow.
    Prefix,
    /// Nothing.
    Nothing,
}

/// All bindings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Keymap {
    /// The meaning of the keys typed so far.
    pub fn resolve(&self, context: Context, typed: &[Key]) -> Resolved {
        let contexts: &[Context] = if context.is_text() { &[context] } else { &[context, Context::Global] };
        for &context in contexts {
            let here = || self.bindings.iter().filter(move |binding| binding.context == context);
            if let Some(binding) = here().find(|binding| binding.keys == typed) {
                return Resolved::Action(binding.action);
            }
            if here().any(|binding| binding.keys.starts_with(typed)) {
                return Resolved::Prefix;
            }
        }
        Resolved::Nothing
    }

    /// Binds keys to an action in a context; what they meant there before goes.
    pub fn bind(&mut self, context: Context, keys: Vec<Key>, action: Action) {
        self.unbind(context, &keys);
        self.bindings.push(Binding { context, keys, action });
    }

    /// Takes a binding away.
    pub fn unbind(&mut self, context: Context, keys: &[Key]) {
        self.bindings.retain(|binding| binding.context != context || binding.keys != keys);
    }

    /// The bindings of a context, in the order they were made.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.context == context)
    }

    /// Whether some keys mean an action in a context: bound there or globally, and not hidden by other bindings.
    pub fn reaches(&self, context: Context, action: Action) -> bool {
        let contexts: &[Context] = if context.is_text() { &[context] } else { &[context, Context::Global] };
        let mut bound = contexts.iter().flat_map(|&context| self.bindings(context)).filter(|binding| binding.action == action);
        bound.any(|binding| {
            let before = |count: usize| binding.keys.get(..count).map(|keys| self.resolve(context, keys));
            self.resolve(context, &binding.keys) == Resolved::Action(action)
                && (1..binding.keys.len()).all(|count| before(count) == Some(Resolved::Prefix))
        })
    }

    /// The shortest keys of an action in a context, or globally, as they are shown; `None` where it is not bound.
    pub fn shown(&self, context: Context, action: Action) -> Option<String> {
        self.keys(context, action).map(shown)
    }

    /// The keys themselves.
    pub fn keys(&self, context: Context, action: Action) -> Option<&[Key]> {
        let contexts: &[Context] = if context.is_text() { &[context] } else { &[context, Context::Global] };
        contexts.iter().find_map(|&context| {
            let bindings = self.bindings(context).filter(|binding| binding.action == action);
            bindings.min_by_key(|binding| binding.keys.len()).map(|binding| binding.keys.as_slice())
        })
    }
}

impl Default for Keymap {
    fn default() -> Self {
        Preset::Default.keymap()
    }
}

/// The key map as shipped.
pub const DEFAULTS: &[(Context, &str, Action)] = {
    use Action as A;
    use Context as C;
    &[
        (C::Global, "j", A::Move(Motion::Down)),
        (C::Global, "k", A::Move(Motion::Up)),
        (C::Global, "down", A::Move(Motion::Down)),
        (C::Global, "up", A::Move(Motion::Up)),
        (C::Global, "g g", A::Move(Motion::First)),
        (C::Global, "G", A::Move(Motion::Last)),
        (C::Global, "home", A::Move(Motion::First)),
        (C::Global, "end", A::Move(Motion::Last)),
        (C::Global, "ctrl-d", A::Move(Motion::HalfPageDown)),
        (C::Global, "ctrl-u", A::Move(Motion::HalfPageUp)),
        (C::Global, "pgdn", A::Move(Motion::PageDown)),
        (C::Global, "pgup", A::Move(Motion::PageUp)),
        (C::Global, "ctrl-f", A::Move(Motion::PageDown)),
        (C::Global, "ctrl-b", A::Move(Motion::PageUp)),
        (C::Global, "enter", A::Open),
        (C::Global, "esc", A::Back),
        (C::Global, "q", A::Quit),
        (C::Global, ":", A::Palette),
        (C::Global, "ctrl-p", A::Palette),
        (C::Global, "?", A::Help),
        (C::Global, "ctrl-c", A::Interrupt),
        (C::Global, "ctrl-z", A::Suspend),
        (C::Global, "ctrl-l", A::Redraw),
        (C::Table, "space", A::Mark),
        (C::Table, "v", A::MarkRange),
        (C::Table, "V", A::UnmarkRange),
        (C::Table, "*", A::MarkAll),
        (C::Table, "~", A::InvertMarks),
        (C::Table, "\"", A::MarkedOnly),
        (C::Table, "g U", A::ClearMarks),
        (C::Table, "g m", A::MarkLastSet),
        (C::Table, "s", A::Status),
        (C::Table, "S", A::Severity),
        (C::Table, "c", A::Comment),
        (C::Table, "C", A::CommentEditor),
        (C::Table, "a", A::Recipe),
        (C::Table, ".", A::Repeat),
        (C::Table, "M", A::Flow),
        (C::Table, "D", A::Drop),
        (C::Table, "u", A::Undo),
        (C::Table, "U", A::Redo),
        (C::Table, "w", A::Review),
        (C::Table, "!", A::Problems),
        (C::Table, "W", A::Tasks),
        (C::Table, "L", A::Journal),
        (C::Table, "e", A::NextProblem),
        (C::Table, "E", A::PreviousProblem),
        (C::Table, "n", A::Next),
        (C::Table, "N", A::Previous),
        (C::Table, "/", A::Filter),
        (C::Table, "o", A::Sort),
        (C::Table, "O", A::Reverse),
        (C::Table, "p", A::Preview),
        (C::Table, "r", A::Reread),
        (C::Table, "R", A::RunAgain),
        (C::Table, "y y", A::CopyUid),
        (C::Table, "y r", A::CopyResource),
        (C::Table, "y j", A::CopyJson),
        (C::Table, "y u", A::CopyConsoleUrl),
        (C::Table, "x", A::Export),
        (C::Table, "g x", A::StopSending),
        (C::Table, "g p", A::PauseSending),
        (C::Table, "h", A::PreviousColumn),
        (C::Table, "l", A::NextColumn),
        (C::Table, "left", A::PreviousColumn),
        (C::Table, "right", A::NextColumn),
        (C::Table, "}", A::NextGroup),
        (C::Table, "{", A::PreviousGroup),
        (C::Table, "ctrl-o", A::GoBack),
        (C::Table, "T", A::MarkByQuery),
        (C::Table, "g T", A::UnmarkByQuery),
        (C::Table, ",", A::MarkSame),
        (C::Table, "g ,", A::Similar),
        (C::Table, "g n", A::NewOnly),
        (C::Table, "f", A::EditQuery),
        (C::Table, "F", A::Profiles),
        (C::Table, "]", A::NextProfile),
        (C::Table, "[", A::PreviousProfile),
        (C::Table, "-", A::LastProfile),
        (C::Table, "g 0", A::Summary),
        (C::Table, "z g", A::Group),
        (C::Table, "z a", A::Fold),
        (C::Table, "z M", A::FoldAll),
        (C::Table, "z R", A::UnfoldAll),
        (C::Table, "z k", A::Columns),
        (C::Menu, "=", A::Answer),
        (C::Profiles, "s", A::SaveProfile),
        (C::Detail, "tab", A::Switch),
        (C::Detail, "/", A::Filter),
        (C::Detail, "n", A::Next),
        (C::Detail, "N", A::Previous),
        (C::Detail, "s", A::Status),
        (C::Detail, "S", A::Severity),
        (C::Detail, "c", A::Comment),
        (C::Detail, "C", A::CommentEditor),
        (C::Detail, "a", A::Recipe),
        (C::Detail, ".", A::Repeat),
        (C::Detail, "D", A::Drop),
        (C::Detail, "u", A::Undo),
        (C::Detail, "e", A::NextProblem),
        (C::Detail, "E", A::PreviousProblem),
        (C::Detail, "space", A::Mark),
        (C::Detail, "y y", A::CopyUid),
        (C::Detail, "y r", A::CopyResource),
        (C::Detail, "y j", A::CopyJson),
        (C::Detail, "y u", A::CopyConsoleUrl),
        (C::Flow, "s", A::Status),
        (C::Flow, "S", A::Severity),
        (C::Flow, "c", A::Comment),
        (C::Flow, "C", A::CommentEditor),
        (C::Flow, "a", A::Recipe),
        (C::Flow, ".", A::Repeat),
        (C::Flow, "g ,", A::Similar),
        (C::Flow, "n", A::Next),
        (C::Flow, "N", A::Previous),
        (C::Flow, "ctrl-o", A::GoBack),
        (C::Flow, "D", A::Drop),
        (C::Flow, "u", A::Undo),
        (C::Flow, "U", A::Redo),
        (C::Flow, "w", A::Review),
        (C::Flow, "space", A::Move(Motion::PageDown)),
        (C::Flow, "y y", A::CopyUid),
        (C::Flow, "y r", A::CopyResource),
        (C::Flow, "y j", A::CopyJson),
        (C::Flow, "y u", A::CopyConsoleUrl),
        (C::Text, "x", A::Export),
        (C::Review, "y", A::Send),
        (C::Review, "space", A::Exclude),
        (C::Review, "t", A::Check),
        (C::Review, "x", A::SavePlan),
        (C::Problems, "r", A::Retry),
        (C::Problems, "R", A::RetryAll),
        (C::Problems, "D", A::Drop),
        (C::Problems, "m", A::KeepMine),
        (C::Problems, "t", A::KeepTheirs),
        (C::Problems, "o", A::SendWithout),
        (C::Problems, "e", A::Move(Motion::Down)),
        (C::Problems, "E", A::Move(Motion::Up)),
        (C::Journal, "u", A::Undo),
        (C::Journal, "R", A::RunAgain),
        (C::Summary, "tab", A::Switch),
        (C::Summary, "h", A::PreviousColumn),
        (C::Summary, "l", A::NextColumn),
        (C::Summary, "left", A::PreviousColumn),
        (C::Summary, "right", A::NextColumn),
        (C::Summary, "r", A::RunAgain),
        (C::Summary, "R", A::RunAgain),
        (C::Tasks, "u", A::Undo),
        (C::Tasks, "U", A::Redo),
        (C::Tasks, "p", A::PauseSending),
        (C::Tasks, "x", A::StopSending),
        (C::Columns, "space", A::ShowColumn),
        (C::Columns, "J", A::ColumnLater),
        (C::Columns, "K", A::ColumnEarlier),
        (C::Columns, "+", A::WidenColumn),
        (C::Columns, "-", A::NarrowColumn),
        (C::Columns, "=", A::FitColumn),
        (C::Columns, "a", A::AddColumn),
        (C::Columns, "d", A::RemoveColumn),
        (C::Columns, "0", A::DefaultColumns),
        (C::Help, "/", A::Filter),
        (C::Help, "n", A::Next),
        (C::Help, "N", A::Previous),
        (C::Busy, "r", A::ReadOnly),
        (C::Busy, "w", A::WaitForJournal),
        (C::Editor, "enter", A::Accept),
        (C::Editor, "ctrl-j", A::LineBreak),
        (C::Editor, "alt-enter", A::LineBreak),
        (C::Editor, "ctrl-e", A::CommentEditor),
        (C::Editor, "tab", A::Template),
        (C::Editor, "ctrl-t", A::Append),
        (C::Editor, "ctrl-z", A::Undo),
        (C::Editor, "ctrl-r", A::Redo),
        (C::Editor, "ctrl-l", A::Redraw),
        (C::Editor, "up", A::Earlier),
        (C::Editor, "down", A::Later),
        (C::Editor, "esc", A::Back),
        (C::Editor, "ctrl-c", A::Back),
        (C::Prompt, "enter", A::Accept),
        (C::Prompt, "esc", A::Back),
        (C::Prompt, "ctrl-c", A::Back),
        (C::Prompt, "tab", A::Complete),
        (C::Prompt, "shift-tab", A::CompleteBack),
        (C::Prompt, "up", A::Earlier),
        (C::Prompt, "ctrl-p", A::Earlier),
        (C::Prompt, "down", A::Later),
        (C::Prompt, "ctrl-n", A::Later),
        (C::Confirm, "y", A::Accept),
        (C::Confirm, "n", A::Back),
    ]
};

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn every_default_binding_parses_and_is_unique_in_its_context() {
        let keymap = Keymap::default();
        assert_eq!(keymap.bindings.len(), DEFAULTS.len());
        for (at, binding) in keymap.bindings.iter().enumerate() {
            for other in keymap.bindings.get(at + 1..).unwrap() {
                assert!(
                    binding.context != other.context || (!binding.keys.starts_with(&other.keys) && !other.keys.starts_with(&binding.keys)),
                    "{binding:?} hides {other:?}"
                );
            }
        }
    }

    #[test]
    fn sequences_resolve_step_by_step_and_the_context_wins_over_global() {
        let mut keymap = Keymap::default();
        let g = Key::char('g');
        assert_eq!(keymap.resolve(Context::Table, &[g]), Resolved::Prefix);
        assert_eq!(keymap.resolve(Context::Table, &[g, g]), Resolved::Action(Action::Move(Motion::First)));
        assert_eq!(keymap.resolve(Context::Table, &[g, Key::char('U')]), Resolved::Action(Action::ClearMarks));
        assert_eq!(keymap.resolve(Context::Table, &[g, Key::char('Z')]), Resolved::Nothing);
        assert_eq!(keymap.resolve(Context::Editor, &[Key::char('j')]), Resolved::Nothing);
        keymap.bind(Context::Table, parse_keys("j").unwrap(), Action::Mark);
        assert_eq!(keymap.resolve(Context::Table, &[Key::char('j')]), Resolved::Action(Action::Mark));
        assert_eq!(keymap.shown(Context::Table, Action::ClearMarks).as_deref(), Some("gU"));
    }
}
