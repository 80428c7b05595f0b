//! The palette: which actions a few words mean, the best first, and where each of them works.
//!
//! Owns the order of the list. What an action is given is `command`'s, and running one is `update::palette`'s.

use super::{
    action::Action,
    command::Known,
    keymap::{self, Context, DEFAULTS},
    model::Model,
    overlay::Overlay,
    text_view,
};
use crate::domain::recipe::Recipe;

/// Where the list of a palette is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The words that it is for: what was typed, before a name of the list was put in its place.
    pub of: String,
    /// Which entry is chosen; none, as long as nothing was typed.
    pub chosen: Option<usize>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which action.
    pub action: Action,
    /// What it does where the user is.
    pub help: &'static str,
    /// Its keys where the user is, the shortest first; empty where it has none there.
    pub keys: Vec<String>,
    /// Whether it means something there.
    pub works: Works,
}

/// Where an action means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Works {
    /// Where the user is.
    Here,
    /// Elsewhere: the first place that there is for it.
    In(Context),
}

/// Places where an action means something although no key is bound to it there.
const KEYLESS: &[(Action, Context)] =
    &[(Action::SaveProfile, Context::Table), (Action::AddColumn, Context::Table), (Action::DefaultColumns, Context::Table)];

/// Whether an action means something in a context: it is bound there as shipped or by the user, or holds everywhere.
pub fn works(model: &Model, context: Context, action: Action) -> bool {
    if KEYLESS.contains(&(action, context)) {
        return true;
    }
    let is_here = |known: Context| known == context || (known == Context::Global && !context.is_text());
    DEFAULTS.iter().any(|&(known, _, meant)| meant == action && is_here(known))
        || Context::ALL.iter().any(|&(_, known)| is_here(known) && model.settings.keymap.bindings(known).any(|b| b.action == action))
}

/// The first place where an action means something.
pub fn place(action: Action) -> Option<Context> {
    DEFAULTS.iter().find(|&&(_, _, meant)| meant == action).map(|&(context, ..)| context)
}

/// What leads from the table to a place; `None` where nothing of the user's does.
pub const fn leads_to(context: Context) -> Option<Action> {
    Some(match context {
        Context::Detail => Action::Open,
        Context::Profiles => Action::Profiles,
        Context::Review => Action::Review,
        Context::Problems => Action::Problems,
        Context::Journal => Action::Journal,
        Context::Summary => Action::Summary,
        Context::Tasks => Action::Tasks,
        Context::Flow => Action::Flow,
        Context::Columns => Action::Columns,
        Context::Help => Action::Help,
        Context::Editor => Action::Comment,
        Context::Global | Context::Table | Context::Menu | Context::Text | Context::Busy | Context::Prompt | Context::Confirm => {
            return None;
        }
    })
}

/// How a place is told: `in the review`.
pub const fn told(context: Context) -> &'static str {
    match context {
        Context::Global => "everywhere",
        Context::Table => "in the table",
        Context::Detail => "in the detail",
        Context::Menu => "in menus",
        Context::Profiles => "in the filter profiles",
        Context::Review => "in the review",
        Context::Problems => "in the problems",
        Context::Journal => "in the journal",
        Context::Summary => "in the summary",
        Context::Tasks => "in the tasks",
        Context::Flow => "in flow mode",
        Context::Text => "over a text that could not be copied",
        Context::Columns => "in the columns",
        Context::Help => "in the help",
        Context::Busy => "while another session has the journal",
        Context::Editor => "in the comment editor",
        Context::Prompt => "in prompts",
        Context::Confirm => "in questions",
    }
}

/// The names that can be given to actions now; `recipes` are those that hold now.
pub fn known<'a>(model: &'a Model, recipes: &'a [&'a Recipe]) -> Known<'a> {
    Known { recipes, profiles: &model.profiles.catalogue, line_breaks: model.settings.line_breaks }
}

/// Where the user is, under the palette.
pub fn beneath(model: &Model) -> Context {
    let under = match model.overlays.as_slice() {
        [under @ .., Overlay::Prompt(_)] => under,
        all => all,
    };
    under.last().map_or(Context::Table, Overlay::context)
}

/// The actions that words mean, the best first: those that work in the context before the others, but what is named in full is always the
/// first. Without words, all of them.
pub fn entries(model: &Model, context: Context, typed: &str) -> Vec<Entry> {
    let wanted = typed.trim().to_lowercase();
    let mut found: Vec<((bool, Rank, usize), Entry)> = Vec::new();
    for (at, &(name, action, _)) in Action::ALL.iter().enumerate() {
        let help = text_view::meaning(context, action);
        let Some(rank) = rank(name, help, &wanted) else { continue };
        let works = if works(model, context, action) { Works::Here } else { Works::In(place(action).unwrap_or(Context::Table)) };
        let order = if wanted.is_empty() { at + Action::ALL.len() * Topic::of(action) as usize } else { at };
        let entry = Entry { action, help, keys: keys(model, context, action), works };
        found.push(((rank != Rank::Whole && works != Works::Here, rank, order), entry));
    }
    found.sort_by_key(|&(place, _)| place);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// The keys of an action where the user is, the shortest first.
fn keys(model: &Model, context: Context, action: Action) -> Vec<String> {
    let keymap = &model.settings.keymap;
    let own = keymap.bindings(context);
    let global = keymap.bindings(Context::Global).filter(|binding| {
        context != Context::Global && !context.is_text() && keymap.bindings(context).all(|own| !binding.keys.starts_with(&own.keys))
    });
    let mut keys: Vec<_> = own.chain(global).filter(|binding| binding.action == action).map(|binding| &binding.keys).collect();
    keys.sort_by_key(|keys| keys.len());
    keys.into_iter().map(|keys| keymap::shown(keys)).collect()
}

/// How well an action is what is looked for; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Its whole name.
    Whole,
    /// Its name begins so.
    Begin,
    /// Words of its name begin so.
    Words,
    /// Words of its name, or of what it does, begin so.
    Help,
    /// Its name holds it.
    Inside,
    /// Its name has these letters, one after the other.
    Letters,
}

fn rank(name: &str, help: &str, words: &str) -> Option<Rank> {
    if name == words {
        return Some(Rank::Whole);
    }
    if words.is_empty() || name.starts_with(words) {
        return Some(Rank::Begin);
    }
    let parted = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '$').filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>()
    };
    let (wanted, in_name, in_help) = (parted(words), parted(name), parted(help));
    let begun = |wanted: &String, known: &[String]| known.iter().any(|word| word.starts_with(wanted));
    if wanted.is_empty() {
        return None;
    }
    if wanted.iter().all(|word| begun(word, &in_name)) {
        return Some(Rank::Words);
    }
    if wanted.iter().all(|word| begun(word, &in_name) || begun(word, &in_help)) {
        return Some(Rank::Help);
    }
    let letters: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
    let own: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    if own.contains(&letters) {
        return Some(Rank::Inside);
    }
    let mut left = own.chars();
    letters.chars().all(|c| left.any(|known| known == c)).then_some(Rank::Letters)
}

/// What actions are about; in this order they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Deciding, and taking decisions back.
    Decide,
    /// Marking rows.
    Mark,
    /// Which rows are shown, and going to some of them.
    Find,
    /// Order, groups and columns.
    Arrange,
    /// From the review to the hub, and what came of it.
    Send,
    /// Screens and faces.
    Look,
    /// Out of the program: clipboard and files.
    Copy,
    /// Moving the cursor.
    Move,
    /// In texts.
    Write,
    /// The program.
    Program,
}

impl Topic {
    /// What an action is about.
    pub const fn of(action: Action) -> Self {
        use Action as A;
        match action {
            A::Status
            | A::Severity
            | A::Comment
            | A::CommentEditor
            | A::Recipe
            | A::Answer
            | A::Repeat
            | A::Flow
            | A::Drop
            | A::Undo
            | A::Redo
            | A::KeepMine
            | A::KeepTheirs
            | A::SendWithout => Self::Decide,
            A::Mark
            | A::MarkRange
            | A::UnmarkRange
            | A::MarkAll
            | A::InvertMarks
            | A::ClearMarks
            | A::MarkLastSet
            | A::MarkByQuery
            | A::UnmarkByQuery
            | A::MarkSame
            | A::Similar => Self::Mark,
            A::EditQuery
            | A::Filter
            | A::MarkedOnly
            | A::NewOnly
            | A::Profiles
            | A::NextProfile
            | A::PreviousProfile
            | A::LastProfile
            | A::SaveProfile
            | A::Summary
            | A::NextProblem
            | A::PreviousProblem
            | A::Next
            | A::Previous
            | A::GoBack => Self::Find,
            A::Sort
            | A::Reverse
            | A::Group
            | A::Fold
            | A::FoldAll
            | A::UnfoldAll
            | A::Columns
            | A::ShowColumn
            | A::ColumnEarlier
            | A::ColumnLater
            | A::WidenColumn
            | A::NarrowColumn
            | A::FitColumn
            | A::AddColumn
            | A::RemoveColumn
            | A::DefaultColumns => Self::Arrange,
            A::Review
            | A::Send
            | A::Exclude
            | A::Check
            | A::SavePlan
            | A::Problems
            | A::Retry
            | A::RetryAll
            | A::StopSending
            | A::PauseSending
            | A::Journal
            | A::Tasks
            | A::ReadOnly
            | A::WaitForJournal => Self::Send,
            A::Open | A::Preview | A::Switch | A::Reread | A::RunAgain => Self::Look,
            A::CopyUid | A::CopyResource | A::CopyJson | A::CopyConsoleUrl | A::Export => Self::Copy,
            A::Move(_) | A::PreviousColumn | A::NextColumn | A::NextGroup | A::PreviousGroup => Self::Move,
            A::Complete | A::CompleteBack | A::Earlier | A::Later | A::Accept | A::Template | A::Append | A::LineBreak => Self::Write,
            A::Back | A::Quit | A::Interrupt | A::Suspend | A::Redraw | A::Palette | A::Help => Self::Program,
        }
    }

    /// Its name in the help.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decide => "deciding",
            Self::Mark => "marking",
            Self::Find => "finding rows",
            Self::Arrange => "order and columns",
            Self::Send => "sending",
            Self::Look => "looking",
            Self::Copy => "copying",
            Self::Move => "moving",
            Self::Write => "writing",
            Self::Program => "the program",
        }
    }
}
