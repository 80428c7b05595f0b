//! The help: every key as it is bound now, by the place where it is pressed, and every action that has none.

use crate::{
    app::{
        action::{Action, Motion},
        keymap::{self, Context},
        model::Model,
        overlay::Help,
        palette::Topic,
    },
    domain::text,
};

use super::{Lines, MARGIN, Role, StyledLine};

/// Columns of the keys, and of the names of actions behind them.
const KEYS: usize = 19;
const NAMES: usize = 18;

/// From so many actions on, those of a place stand apart by what they are about.
const MANY: usize = 14;

/// The lines of the help on a terminal of so many columns, [`MARGIN`]s not included: the bindings of the context the user came from first,
/// then those that hold everywhere. Where something is looked for, only the lines that hold it, under their headings.
pub fn help_lines(model: &Model, help: &Help, columns: u16) -> Vec<StyledLine> {
    let columns = usize::from(columns.saturating_sub(2 * MARGIN));
    let mut lines = Lines { out: Vec::new(), columns, search: &help.search };
    let mut places = vec![help.context, Context::Global];
    places.extend(Context::ALL.iter().map(|&(_, context)| context));
    let mut seen = Vec::new();
    for context in places {
        if !seen.contains(&context) {
            lines.section(title(context), |lines| lines.place(model, context));
            seen.push(context);
        }
    }
    lines.section("Without a key: by name in the palette", |lines| lines.keyless(model));
    lines.section("Signs", |lines| {
        for &(sign, meaning) in SIGNS {
            lines.told(sign, "", meaning);
        }
    });
    if lines.out.is_empty() {
        lines.plain(Role::Faint, "No line holds this.");
    }
    lines.out
}

/// What the signs of the table mean.
const SIGNS: &[(&str, &str)] = &[
    ("▶", "the cursor's row"),
    ("✓", "marked"),
    ("●", "a change is staged: decided here, not sent"),
    ("○", "the same, and not on disk yet"),
    ("⟳", "being sent"),
    ("✗", "not processed; stays staged, to be retried or dropped"),
    ("?", "unknown outcome: nobody can say whether it was carried out"),
    ("✔", "processed in this session"),
    ("–", "gone: the last result no longer has it"),
    ("▌", "new since the last visit"),
    ("▾ ▸", "a group: its rows are below it, or folded away; then how many rows it has, their severities, and what is marked and staged"),
    ("C H M L I F O ?", "severity: Critical, High, Medium, Low, Informational, Fatal, Other, Unknown"),
    ("H↑M", "now High, the vendor says Medium"),
    ("H→L", "High now, Low is staged"),
    ("New→Suppressed", "New now, Suppressed is staged; ✎ behind it: a comment is staged too"),
];

/// What a context is called in the help.
pub const fn title(context: Context) -> &'static str {
    match context {
        Context::Global => "Everywhere",
        Context::Table => "Table",
        Context::Detail => "Detail",
        Context::Menu => "Menus",
        Context::Profiles => "Filter profiles",
        Context::Review => "Review",
        Context::Problems => "Problems",
        Context::Journal => "Journal",
        Context::Summary => "Summary",
        Context::Tasks => "Tasks",
        Context::Flow => "Flow mode",
        Context::Text => "A text that could not be copied",
        Context::Columns => "Columns",
        Context::Help => "Help",
        Context::Busy => "Another session has the journal",
        Context::Editor => "Comment editor",
        Context::Prompt => "Prompts",
        Context::Confirm => "Questions",
    }
}

/// Keys that are not in the key map, since what they mean depends on what is shown.
pub const fn direct(context: Context) -> &'static [(&'static str, &'static str)] {
    match context {
        Context::Global => &[("1-9 0", "a count for the action behind it: 5 and then down goes five rows down; Esc drops it")],
        Context::Menu => &[
            ("0-9", "picks by the number in front; 9 picks 99"),
            ("a-z", "picks by the letter in front"),
            ("A-Z", "when sorting: adds a further key, turns it round, takes it out"),
        ],
        Context::Flow => &[("1-9", "stages the recipe of that number and moves on")],
        Context::Profiles => &[("1-9", "picks by the number in front")],
        Context::Summary => &[("1-9", "picks the filter profile of that number, where they are shown")],
        Context::Confirm => &[("w", "when quitting during a send: quit once all of it is sent")],
        Context::Editor => &[
            ("other keys", "text; Ctrl-w takes a word away, Ctrl-k what is behind the cursor, Ctrl-a goes to where the line begins"),
            ("{ticket}", "and {user} {date} {control} {account} {resource} {title} are filled in; all else in braces is text"),
        ],
        Context::Prompt => &[
            ("other keys", "text; Ctrl-w takes a word away, Ctrl-u what is before the cursor, Ctrl-k what is behind it"),
            ("Left Right", "a letter; with Ctrl a word; Home, End, Ctrl-a, Ctrl-e the ends"),
            ("Up Down", "in the palette: through the list; up on an empty line: what was run before"),
        ],
        Context::Table
        | Context::Detail
        | Context::Review
        | Context::Problems
        | Context::Journal
        | Context::Tasks
        | Context::Text
        | Context::Columns
        | Context::Help
        | Context::Busy => &[],
    }
}

/// What an action does in a place, where its own words are too general.
pub fn meaning(context: Context, action: Action) -> &'static str {
    match (context, action) {
        (Context::Confirm, Action::Accept) => "yes",
        (Context::Confirm, Action::Back) => "no, which is what Enter says too",
        (Context::Editor, Action::Accept) => "stage the comment",
        (Context::Editor, Action::Back) => "leave; asks if text would be lost",
        (Context::Editor, Action::CommentEditor) => "go on in $EDITOR",
        (Context::Editor, Action::Earlier) => "a line up; on the first one, the comment written before",
        (Context::Editor, Action::Later) => "a line down; on the last one, the comment written after it",
        (Context::Editor, Action::Undo) => "undo typing",
        (Context::Editor, Action::Redo) => "redo typing",
        (Context::Profiles, Action::Open) => "use this filter profile",
        (Context::Prompt, Action::Accept) => "take what is typed; a query is asked",
        (Context::Prompt, Action::Back) => "put back what was there before",
        (Context::Problems, Action::Drop) => "drop the staged change of this row, or of all of its kind",
        (Context::Journal, Action::Undo) => "undo this send, through the review",
        (Context::Journal, Action::RunAgain) => "read the journal again",
        (Context::Columns, Action::Back) => "leave; the columns stay as they are",
        (Context::Summary, Action::Switch) => "to the next block",
        (Context::Summary, Action::PreviousColumn) => "to the blocks on the left",
        (Context::Summary, Action::NextColumn) => "to the blocks on the right",
        (Context::Summary, Action::RunAgain) => "count again",
        (Context::Text, Action::Export) => "write it to a file",
        (Context::Help, Action::Filter) => "show only the lines that hold what is typed",
        (Context::Help, Action::Next) => "next line that holds it",
        (Context::Help, Action::Previous) => "previous line that holds it",
        (Context::Tasks, Action::Open) => "undo, or do again, up to and including this step",
        (Context::Tasks, Action::Undo) => "undo the last step; with none left, the last send, through the review",
        (Context::Flow, Action::Next) => "skip to the next undecided finding",
        (Context::Flow, Action::Previous) => "back to the undecided finding before",
        (Context::Flow, Action::GoBack) => "the finding that was here before, decided or skipped",
        (Context::Flow, Action::Similar) => "make the next decision for what is alike too",
        (Context::Flow, Action::Undo) => "undo the last staging and show its finding",
        (Context::Flow, Action::Move(Motion::PageDown)) => "scroll the text",
        (Context::Detail, Action::Filter) => "search in this text",
        (Context::Detail, Action::Next) => "next hit",
        (Context::Detail, Action::Previous) => "previous hit",
        (Context::Table, Action::Filter) => "filter the loaded rows",
        (Context::Table, Action::Next) => "next undecided row",
        (Context::Table, Action::Previous) => "previous undecided row",
        (_, action) => action.help(),
    }
}

impl Lines<'_> {
    /// A heading and what is under it. Where something is looked for: all of it where the heading holds it, else what does, and nothing at
    /// all where nothing does.
    fn section(&mut self, heading: &str, fill: impl Fn(&mut Self)) {
        let begin = self.out.len();
        self.heading(heading);
        let inside = self.out.len();
        let keeps_all = self.search.is_empty() || self.out.get(begin..).is_some_and(|lines| lines.iter().any(StyledLine::is_hit));
        fill(self);
        if !keeps_all {
            let lines = self.out.split_off(inside);
            // What belongs together stays together: what goes on below begins with a blank.
            let mut kept: Vec<Vec<StyledLine>> = Vec::new();
            for line in lines {
                match kept.last_mut().filter(|_| line.text().starts_with(' ')) {
                    Some(entry) => entry.push(line),
                    None => kept.push(vec![line]),
                }
            }
            self.out.extend(kept.into_iter().filter(|entry| entry.iter().any(StyledLine::is_hit)).flatten());
        }
        if self.out.len() == inside {
            self.out.truncate(begin);
        }
    }

    /// The bindings of a context, and its keys that are not in the key map.
    fn place(&mut self, model: &Model, context: Context) {
        let mut told: Vec<(Action, Vec<String>)> = Vec::new();
        for binding in model.settings.keymap.bindings(context) {
            let keys = keymap::shown(&binding.keys);
            match told.iter_mut().find(|(action, _)| *action == binding.action) {
                Some((_, all)) => all.push(keys),
                None => told.push((binding.action, vec![keys])),
            }
        }
        let is_parted = told.len() >= MANY && self.search.is_empty();
        told.sort_by_key(|(action, _)| Topic::of(*action));
        let mut topic = None;
        for (action, keys) in told {
            if is_parted && topic.replace(Topic::of(action)) != Some(Topic::of(action)) {
                self.push(&[(Role::Faint, Topic::of(action).word())], 0, self.columns);
            }
            self.told(&keys.join("  "), action.name(), meaning(context, action));
        }
        for &(keys, meaning) in direct(context) {
            self.told(keys, "", meaning);
        }
    }

    /// Actions that no key is bound to.
    fn keyless(&mut self, model: &Model) {
        let keymap = &model.settings.keymap;
        let palette = keymap.shown(Context::Table, Action::Palette).unwrap_or_default();
        let is_bound = |action| Context::ALL.iter().any(|&(_, context)| keymap.bindings(context).any(|binding| binding.action == action));
        for &(name, _, help) in Action::ALL.iter().filter(|&&(_, action, _)| !is_bound(action)) {
            self.told(&palette, name, help);
        }
    }

    /// One entry: keys, the action's name, what it does.
    fn told(&mut self, keys: &str, name: &str, meaning: &str) {
        let gap = |text: &str, columns: usize| " ".repeat(columns.saturating_sub(text::width(text)).max(2));
        let (behind_keys, behind_name) = (gap(keys, KEYS), gap(name, NAMES));
        let keys = (Role::Key, keys);
        if name.is_empty() {
            self.push(&[keys, (Role::Plain, &behind_keys), (Role::Plain, meaning)], KEYS, self.columns);
        } else {
            let pieces = [keys, (Role::Plain, &*behind_keys), (Role::Label, name), (Role::Plain, &*behind_name), (Role::Plain, meaning)];
            self.push(&pieces, KEYS + NAMES, self.columns);
        }
    }
}
