//! The last two lines: what just happened, and the keys that work here, read off the live key map.

use std::fmt::Write;

use ratatui::layout::Rect;

use crate::{
    app::{
        action::{Action, Motion},
        keymap::{self, Context},
        model::{Level, Model, ScanState},
        overlay::{Face, Overlay, ProblemEntry, PromptPurpose, ReviewEntry},
        wording,
    },
    domain::{decision::CommentMode, failure::CallFailure, text},
    send::report::{Activity, ProblemKind},
};

use super::{
    canvas::{self, Canvas},
    progress, prompt, table,
    theme::Ink,
    trouble,
};

/// Draws the two lines; a prompt stands in place of the notice, and what is wrong with its text in place of the keys.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let (first, second) = (canvas::lines(area, 0, 1), canvas::lines(area, 1, 1));
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last() {
        prompt::line(canvas, prompt, first);
        if prompt::refusal(canvas, prompt, second) {
            return;
        }
    } else {
        notice(canvas, model, first);
    }
    keys(canvas, model, second);
}

fn notice(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    if let Some(notice) = &model.notice {
        let (sign, ink) = match notice.level {
            Level::Info => ("· ", Ink::Good),
            Level::Warning => ("! ", Ink::Warning),
            Level::Error => ("✗ ", Ink::Problem),
        };
        canvas.write(&mut left, sign, canvas.style(ink));
        canvas.write(&mut left, &notice.text, canvas.style(if notice.level == Level::Info { Ink::Plain } else { ink }));
        left = canvas::columns(left, 2, u16::MAX);
    } else if model.overlays.is_empty()
        && let Some(hint) = model.hint()
    {
        canvas.write(&mut left, &hint, canvas.style(Ink::Title));
    }
    // The table has a banner for what stands in the way, the problems panel a part of its own; elsewhere it is told here.
    let covered = model.overlays.iter().rfind(|overlay| overlay.is_screen());
    if left.width > 12
        && !matches!(covered, None | Some(Overlay::Problems(_) | Overlay::Tasks(_)))
        && let Some(advice) = trouble::advice(model)
    {
        canvas.print(&mut left, format_args!("✗ {} {}", advice.what, advice.help), canvas.style(Ink::Problem));
    }
}

/// The key line of a screen: what was typed so far, the keys, and how far a send is.
pub fn keys(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    progress::draw(canvas, model, &mut left);
    if let Some(count) = model.typed.count {
        canvas.print(&mut left, format_args!("count {count}"), canvas.style(Ink::Warning));
        left = canvas::columns(left, 2, u16::MAX);
    }
    if model.typed.keys.is_empty() {
        range(canvas, model, &mut left);
        let mut told = String::new();
        // Whoever has no recipes needs no key for them.
        for &action in offered(model).iter().filter(|action| **action != Action::Recipe || model.has_recipes()) {
            entry(canvas, model, &mut left, action, &mut told);
        }
    } else {
        typed(canvas, model, &mut left);
    }
}

fn range(canvas: &mut Canvas<'_>, model: &Model, left: &mut Rect) {
    if let Some((_, first, last)) = table::range(model) {
        let word = format!("range of {}", wording::grouped(model.view.span(first, last).len()));
        canvas.write(left, &word, canvas.style(Ink::Warning));
        *left = canvas::columns(*left, 2, u16::MAX);
    }
}

/// The keys typed so far; what may follow them stands in a box over the footer.
fn typed(canvas: &mut Canvas<'_>, model: &Model, left: &mut Rect) {
    canvas.write(left, &format!("{} …", keymap::shown(&model.typed.keys)), canvas.style(Ink::Warning));
    *left = canvas::columns(*left, 2, u16::MAX);
    pair(canvas, left, "Esc", "drops it");
}

/// `told` is room for a text, the same for all entries.
fn entry(canvas: &mut Canvas<'_>, model: &Model, left: &mut Rect, action: Action, told: &mut String) {
    let context = model.context();
    let Some(keys) = model.settings.keymap.keys(context, action) else { return };
    let count = match action {
        Action::Review if context == Context::Table => model.staging.len(),
        Action::Problems => model.outcomes.problem_count(),
        Action::RetryAll => model.outcomes.problems().iter().filter(|(_, problem)| problem.kind.is_retryable()).count(),
        _ => 0,
    };
    told.clear();
    // A text takes whatever is written to it.
    let _ = keys.iter().try_for_each(|key| write!(told, "{key}"));
    let wide = told.len();
    told.push_str(word(model, action));
    if count > 0 {
        let _ = write!(told, " {}", wording::grouped(count));
    }
    if let Some((keys, word)) = told.split_at_checked(wide) {
        pair(canvas, left, keys, word);
    }
}

/// A key and its word, if both fit; what comes behind them may still.
fn pair(canvas: &mut Canvas<'_>, left: &mut Rect, keys: &str, word: &str) {
    let needed = text::width(keys) + 1 + text::width(word);
    if needed > usize::from(left.width) {
        return;
    }
    canvas.write(left, keys, canvas.style(Ink::Key));
    *left = canvas::columns(*left, 1, u16::MAX);
    canvas.write(left, word, canvas.style(Ink::Plain));
    *left = canvas::columns(*left, 2, u16::MAX);
}

/// The actions worth telling here, the most needed first: the line ends where the terminal does.
fn offered(model: &Model) -> &'static [Action] {
    use Action as A;
    match model.overlays.last() {
        None if model.marks.range.is_some() => &[A::MarkRange, A::Move(Motion::Down), A::Move(Motion::Last), A::Back, A::Help],
        None if model.view.is_narrowed() && model.view.rows().is_empty() => {
            &[A::Back, A::MarkedOnly, A::NewOnly, A::Filter, A::Help, A::Quit]
        }
        None if model.view.is_filtered() && model.view.rows().is_empty() => &[A::Back, A::Filter, A::Help, A::Quit],
        None if model.view.rows().is_empty() && model.scan.state == ScanState::Loading => &[A::Interrupt, A::Help, A::Quit],
        None if model.view.rows().is_empty() => &[A::RunAgain, A::Help, A::Quit],
        None if model.sending.is_active() => &[
            A::PauseSending,
            A::StopSending,
            A::Status,
            A::Severity,
            A::Comment,
            A::Mark,
            A::Review,
            A::Problems,
            A::Help,
            A::Open,
            A::Quit,
        ],
        None if model.cursor.header.is_some() => &[
            A::Open,
            A::Mark,
            A::Status,
            A::Severity,
            A::Comment,
            A::Recipe,
            A::NextGroup,
            A::Review,
            A::Help,
            A::FoldAll,
            A::UnfoldAll,
            A::Group,
            A::Filter,
            A::Quit,
        ],
        None if model.outcomes.problem_count() > 0 => &[
            A::Status,
            A::Severity,
            A::Comment,
            A::Recipe,
            A::Mark,
            A::Review,
            A::Problems,
            A::NextProblem,
            A::Help,
            A::Filter,
            A::Open,
            A::Quit,
        ],
        None => &[
            A::Status,
            A::Severity,
            A::Comment,
            A::Recipe,
            A::Mark,
            A::Review,
            A::Help,
            A::EditQuery,
            A::Filter,
            A::Profiles,
            A::Open,
            A::Group,
            A::Sort,
            A::Undo,
            A::Drop,
            A::Quit,
        ],
        Some(Overlay::Columns(_)) => &[
            A::ShowColumn,
            A::ColumnLater,
            A::ColumnEarlier,
            A::WidenColumn,
            A::NarrowColumn,
            A::AddColumn,
            A::Back,
            A::DefaultColumns,
            A::RemoveColumn,
            A::FitColumn,
            A::Help,
        ],
        Some(Overlay::Recipes(picker)) if picker.recipes.is_empty() => &[A::Back, A::Help],
        Some(Overlay::Recipes(picker)) if picker.outlook.answers.is_empty() => &[A::Open, A::Move(Motion::Down), A::Back],
        Some(Overlay::Recipes(_)) => &[A::Open, A::Move(Motion::Down), A::Answer, A::Back],
        Some(Overlay::Menu(_)) => &[A::Move(Motion::Down), A::Open, A::Back],
        Some(Overlay::Profiles(_)) => &[A::Open, A::Move(Motion::Down), A::SaveProfile, A::Back, A::Help],
        Some(Overlay::Editor(_)) => {
            &[A::Accept, A::Template, A::Append, A::Earlier, A::Back, A::CommentEditor, A::LineBreak, A::Undo, A::Redo]
        }
        Some(Overlay::Detail(detail)) if detail.search.is_empty() => {
            &[A::Switch, A::Filter, A::Status, A::Severity, A::Comment, A::Recipe, A::Back, A::Help, A::Mark, A::CopyUid, A::CopyJson]
        }
        Some(Overlay::Detail(_)) => &[A::Next, A::Previous, A::Filter, A::Switch, A::Status, A::Severity, A::Comment, A::Back, A::Help],
        Some(Overlay::Flow(flow)) if flow.row.is_none() => &[A::Review, A::GoBack, A::Undo, A::Back, A::Help],
        Some(Overlay::Flow(_)) => &[
            A::Status,
            A::Severity,
            A::Comment,
            A::Recipe,
            A::Next,
            A::GoBack,
            A::Review,
            A::Help,
            A::Similar,
            A::Repeat,
            A::Undo,
            A::Open,
            A::Back,
        ],
        Some(Overlay::Review(_)) => &[A::Send, A::Check, A::SavePlan, A::Exclude, A::Open, A::Back, A::Help],
        Some(Overlay::Problems(_)) => problems_offer(model),
        Some(Overlay::Sends(_)) => &[A::Open, A::Undo, A::RunAgain, A::Back, A::Help],
        Some(Overlay::SentRows(_)) => &[A::Open, A::Undo, A::Back, A::Help],
        Some(Overlay::Summary(_)) => &[A::Open, A::Back, A::RunAgain, A::Switch, A::Move(Motion::Down), A::NextColumn, A::Help],
        Some(Overlay::Tasks(_)) if model.sending.is_active() => {
            &[A::PauseSending, A::StopSending, A::Undo, A::Redo, A::Back, A::Help, A::Open]
        }
        Some(Overlay::Tasks(_)) => &[A::Undo, A::Redo, A::Open, A::Back, A::Help],
        Some(Overlay::Busy(_)) => &[A::ReadOnly, A::WaitForJournal, A::Quit, A::Help],
        Some(Overlay::Help(help)) if help.search.is_empty() => {
            &[A::Filter, A::Move(Motion::Down), A::Move(Motion::PageDown), A::Palette, A::Back]
        }
        Some(Overlay::Help(_)) => &[A::Filter, A::Next, A::Previous, A::Move(Motion::Down), A::Back],
        Some(Overlay::Text(_)) => &[A::Export, A::Move(Motion::Down), A::Move(Motion::PageDown), A::Back, A::Help],
        Some(Overlay::Prompt(prompt)) if prompt.purpose.is_query() => &[A::Accept, A::Back, A::Complete, A::Earlier],
        Some(Overlay::Prompt(prompt)) if prompt.purpose == PromptPurpose::Command => {
            &[A::Accept, A::Back, A::Complete, A::Later, A::Earlier]
        }
        Some(Overlay::Prompt(prompt)) if prompt.purpose.is_kept() => &[A::Accept, A::Back, A::Earlier],
        Some(Overlay::Prompt(_) | Overlay::Confirm(_) | Overlay::Count(_)) => &[A::Accept, A::Back],
    }
}

/// What helps with what the panel's cursor is on stands first.
fn problems_offer(model: &Model) -> &'static [Action] {
    use Action as A;
    match problem_kind(model) {
        Some(ProblemKind::Changed) => &[A::KeepMine, A::KeepTheirs, A::Retry, A::Open, A::Back, A::Help, A::RetryAll],
        Some(ProblemKind::Missing) => &[A::Retry, A::Drop, A::Open, A::Back, A::Help, A::RetryAll],
        Some(ProblemKind::Call(CallFailure::AccessDenied)) => &[A::SendWithout, A::Drop, A::Retry, A::Open, A::Back, A::Help, A::RetryAll],
        _ => &[A::Retry, A::RetryAll, A::Drop, A::Open, A::Back, A::Help],
    }
}

/// Whether only what is searched is shown of the help.
fn is_searched(model: &Model) -> bool {
    matches!(model.overlays.last(), Some(Overlay::Help(help)) if !help.search.is_empty())
}

/// What is being typed.
fn purpose(model: &Model) -> Option<PromptPurpose> {
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => Some(prompt.purpose),
        _ => None,
    }
}

/// The kind of what the cursor of the problems panel is on.
fn problem_kind(model: &Model) -> Option<ProblemKind> {
    let Some(Overlay::Problems(panel)) = model.overlays.last() else { return None };
    match model.problem_entries().into_iter().nth(panel.cursor)? {
        ProblemEntry::Kind(kind, _) => Some(kind),
        ProblemEntry::Row(row) => model.outcomes.problem(row).map(|problem| problem.kind.clone()),
    }
}

/// A word or two for an action, as short as a key line needs.
pub fn word(model: &Model, action: Action) -> &'static str {
    match (model.context(), action) {
        (Context::Table, Action::Back) if model.marks.range.is_some() => "drop it",
        (Context::Detail, Action::Switch) => match model.overlays.last() {
            Some(Overlay::Detail(detail)) if detail.face == Face::Document => "summary",
            _ => "document",
        },
        (Context::Columns, Action::Back) => "done",
        (Context::Flow, Action::Next) => "skip",
        (Context::Flow, Action::Previous) => "skip back",
        (Context::Flow, Action::Similar) => "with the alike",
        (Context::Flow, Action::Back) if model.flow().is_some_and(|flow| flow.wide.is_some()) => "this one only",
        (Context::Flow, Action::Back) => "table",
        (_, Action::ShowColumn) => "show/hide",
        (_, Action::ColumnLater) => "later",
        (_, Action::ColumnEarlier) => "earlier",
        (_, Action::WidenColumn) => "wider",
        (_, Action::NarrowColumn) => "narrower",
        (_, Action::FitColumn) => "auto width",
        (_, Action::AddColumn) => "add",
        (_, Action::RemoveColumn) => "remove",
        (_, Action::DefaultColumns) => "default",
        (Context::Table, Action::Open) if model.cursor.header.is_some() => "fold",
        (Context::Table, Action::Mark) if model.cursor.header.is_some() => "mark the group",
        (Context::Table | Context::Flow, Action::Open) => "detail",
        (Context::Menu, Action::Open) if matches!(model.overlays.last(), Some(Overlay::Recipes(_))) => "stage",
        (Context::Menu | Context::Profiles, Action::Open) => "choose",
        (_, Action::Answer) => "change what is asked",
        (_, Action::SaveProfile) => "save what is on screen",
        (_, Action::Profiles) => "profiles",
        (_, Action::NextProfile) => "next profile",
        (_, Action::PreviousProfile) => "previous profile",
        (_, Action::LastProfile) => "last profile",
        (Context::Review, Action::Open) => match model.overlays.last() {
            Some(Overlay::Review(review)) if matches!(review.entries().get(review.cursor), Some(ReviewEntry::Bundle(_))) => {
                "show the comments"
            }
            _ => "show the rows",
        },
        (Context::Problems, Action::Open) => "jump to it",
        (Context::Table, Action::Back) => "clear",
        (Context::Editor, Action::Accept) => "stage",
        (Context::Editor, Action::Back) => "leave",
        (Context::Editor, Action::Append) => match model.overlays.last() {
            Some(Overlay::Editor(editor)) if editor.mode == CommentMode::Append => "replace",
            _ => "append",
        },
        (Context::Prompt, Action::Accept) if matches!(model.overlays.last(), Some(Overlay::Count(_))) => "send",
        (Context::Prompt, Action::Accept) => match purpose(model) {
            Some(PromptPurpose::SavePlan | PromptPurpose::SaveProfile) => "save",
            Some(PromptPurpose::Export(_) | PromptPurpose::SaveText) => "write",
            Some(PromptPurpose::Query) => "ask",
            Some(PromptPurpose::MarkByQuery) => "mark",
            Some(PromptPurpose::UnmarkByQuery) => "unmark",
            Some(PromptPurpose::AddColumn) => "add",
            Some(PromptPurpose::Command) => "run",
            Some(PromptPurpose::Variable(_)) if model.deciding.waiting.is_some() => "stage",
            Some(PromptPurpose::Filter | PromptPurpose::Search | PromptPurpose::Variable(_)) | None => "keep",
        },
        (Context::Prompt, Action::Back) => match purpose(model) {
            Some(PromptPurpose::Filter | PromptPurpose::Search) => "drop it",
            _ => "leave",
        },
        (Context::Prompt, Action::Later) if purpose(model) == Some(PromptPurpose::Command) => "next",
        (Context::Prompt, Action::Earlier) if purpose(model) == Some(PromptPurpose::Command) => "before",
        (Context::Confirm, Action::Accept) => "yes",
        (Context::Confirm, Action::Back) => "no",
        (Context::Help, Action::Back) if is_searched(model) => "show all",
        (Context::Help, Action::Palette) => "run one by name",
        (Context::Detail | Context::Help, Action::Filter) => "search",
        (Context::Detail | Context::Help, Action::Next) => "next hit",
        (Context::Detail | Context::Help, Action::Previous) => "previous",
        (Context::Journal, Action::Open) => match model.overlays.last() {
            Some(Overlay::SentRows(_)) => "jump to it",
            _ => "its rows",
        },
        (Context::Tasks, Action::Open) => "up to the cursor",
        (Context::Journal, Action::Undo) => "undo this send",
        (Context::Journal, Action::RunAgain) => "read again",
        (Context::Busy, Action::Quit) => "quit",
        (Context::Summary, Action::Open) => "ask for these",
        (Context::Summary, Action::NextColumn) => "right",
        (Context::Summary, Action::Switch) => "next block",
        (Context::Summary, Action::RunAgain) => "count again",
        (Context::Summary, Action::Back) if model.scan.state == ScanState::Held => "load all",
        (Context::Summary, Action::Back) | (Context::Flow, Action::GoBack) => "back",
        (_, Action::Group) => "group by",
        (_, Action::FoldAll) => "fold all",
        (_, Action::UnfoldAll) => "unfold all",
        (_, Action::NextGroup) => "next group",
        (_, Action::PreviousGroup) => "previous group",
        (_, Action::RunAgain) => "run again",
        (_, Action::Interrupt) => "stop loading",
        (_, Action::MarkedOnly) => "all or marked only",
        (_, Action::NewOnly) => "all or new only",
        (_, Action::RetryAll) => "retry all",
        (_, Action::NextProblem) => "next problem",
        (_, Action::MarkRange) => "end the range",
        (_, Action::CommentEditor) => "$EDITOR",
        (_, Action::LineBreak) => "new line",
        (_, Action::CopyUid) => "copy uid",
        (_, Action::CopyResource) => "copy resource",
        (_, Action::CopyJson) => "copy JSON",
        (Context::Text, Action::Export) => "write to a file",
        (_, Action::ClearMarks) => "clear marks",
        (_, Action::MarkLastSet) => "mark the last set",
        (_, Action::UnmarkByQuery) => "unmark by query",
        (_, Action::Similar) => "mark what is similar",
        (_, Action::Move(Motion::First)) => "first row",
        (_, Action::GoBack) => "back to where you were",
        (_, Action::Fold) => "fold or unfold",
        (_, Action::Summary) => "what is in the queue",
        (_, Action::CopyConsoleUrl) => "copy console URL",
        (_, Action::StopSending) => "stop",
        (_, Action::PauseSending) if matches!(model.sending.activity, Some(Activity::Paused | Activity::Held(_))) => "go on",
        (_, Action::PauseSending) => "pause",
        (Context::Review, Action::Check) => "check only",
        (Context::Review, Action::SavePlan) => "save as plan",
        (Context::Problems, Action::KeepMine) => "keep mine",
        (Context::Problems, Action::KeepTheirs) => "keep theirs",
        (Context::Problems, Action::SendWithout) => "without a field",
        (Context::Problems, Action::Retry)
            if matches!(problem_kind(model), Some(ProblemKind::Changed | ProblemKind::Missing | ProblemKind::Unknown)) =>
        {
            "read again"
        }
        (_, Action::Move(Motion::PageDown)) => "page",
        (_, action) => action.name(),
    }
}
