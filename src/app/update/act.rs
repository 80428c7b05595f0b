//! Hands an action to the part that has the focus.

use super::{
    alike, answers, busy, by_query, columns, conflicts, copying, deciding, detail, export, flow, grouping, leave, loading, marks, menu,
    movement, narrowing, palette, plan_file, problems, profile_saving, profiles, querying, reading, recipes, review, sending, sent,
    staging, summary, summary::Aside, tasks, trail, typing, undo_send,
};
use crate::app::{
    action::Action,
    effect::Effect,
    keymap::Context,
    layout::Preview,
    model::{Model, RangeKind},
    overlay::{Face, Help, Overlay},
    staging::Way,
    undo::Which,
};

/// Carries out an action. Where it means nothing, nothing happens.
pub(super) fn act(model: &mut Model, context: Context, action: Action, count: Option<usize>) -> Vec<Effect> {
    if action != Action::Send {
        review::noticed(model);
    }
    let before = trail::before(model, context, action, count);
    let effects = carry_out(model, context, action, count);
    trail::after(model, before);
    effects
}

fn carry_out(model: &mut Model, context: Context, action: Action, count: Option<usize>) -> Vec<Effect> {
    match action {
        Action::Move(motion) => movement::moved(model, motion, count),
        Action::Open => open(model, context),
        Action::Back => leave::back(model),
        Action::Quit => leave::quit(model),
        Action::Interrupt => leave::interrupt(model),
        Action::Suspend => vec![Effect::Suspend],
        Action::Redraw => vec![Effect::Redraw],
        Action::Help if matches!(model.overlays.last(), Some(Overlay::Help(_))) => {
            model.overlays.pop();
            Vec::new()
        }
        Action::Help => {
            model.overlays.push(Overlay::Help(Help { top: 0, search: String::new(), context }));
            Vec::new()
        }
        Action::Preview => {
            model.screen.preview = match model.screen.preview {
                Preview::Shown => Preview::Hidden,
                Preview::Hidden => Preview::Shown,
            };
            Vec::new()
        }
        Action::Switch if context == Context::Summary => summary::aside(model, Aside::Next),
        Action::Switch => {
            if let Some(Overlay::Detail(detail)) = model.overlays.last_mut() {
                detail.face = match detail.face {
                    Face::Summary => Face::Document,
                    Face::Document => Face::Summary,
                };
                detail.top = 0;
            }
            Vec::new()
        }
        Action::NextProblem => problems::hop(model, problems::Towards::Next),
        Action::PreviousProblem => problems::hop(model, problems::Towards::Previous),
        Action::Next => next(model, context, problems::Towards::Next),
        Action::Previous => next(model, context, problems::Towards::Previous),
        Action::Mark => marks::toggle(model, count.unwrap_or(1)),
        Action::MarkRange => marks::range(model, RangeKind::Mark),
        Action::UnmarkRange => marks::range(model, RangeKind::Unmark),
        Action::MarkAll => marks::all(model),
        Action::InvertMarks => marks::invert(model),
        Action::MarkedOnly => narrowing::marked_only(model),
        Action::NewOnly => narrowing::new_only(model),
        Action::ClearMarks => marks::clear(model),
        Action::MarkLastSet => marks::last_set(model),
        Action::MarkByQuery => by_query::prompt(model, RangeKind::Mark),
        Action::UnmarkByQuery => by_query::prompt(model, RangeKind::Unmark),
        Action::MarkSame => alike::mark_same(model),
        Action::Similar if context == Context::Flow => flow::likenesses(model),
        Action::Similar => alike::menu(model),
        Action::Filter => narrowing::prompt(model),
        Action::EditQuery => querying::edit(model),
        Action::GoBack if context == Context::Flow => flow::back(model),
        Action::GoBack => trail::back(model),
        Action::Summary => summary::open(model),
        Action::PreviousColumn if context == Context::Summary => summary::aside(model, Aside::Left),
        Action::NextColumn if context == Context::Summary => summary::aside(model, Aside::Right),
        Action::PreviousColumn => columns::go(model, columns::Way::Left, count),
        Action::NextColumn => columns::go(model, columns::Way::Right, count),
        Action::Columns => columns::open(model),
        Action::ShowColumn => columns::show(model),
        Action::ColumnEarlier => columns::shift(model, columns::Way::Left, count),
        Action::ColumnLater => columns::shift(model, columns::Way::Right, count),
        Action::WidenColumn => columns::widen(model, columns::Way::Right, count),
        Action::NarrowColumn => columns::widen(model, columns::Way::Left, count),
        Action::FitColumn => columns::fit(model),
        Action::AddColumn => columns::prompt(model),
        Action::RemoveColumn => columns::remove(model),
        Action::DefaultColumns => columns::reset(model),
        Action::NextGroup => grouping::hop(model, problems::Towards::Next, count.unwrap_or(1)),
        Action::PreviousGroup => grouping::hop(model, problems::Towards::Previous, count.unwrap_or(1)),
        Action::Group => grouping::menu(model),
        Action::Fold => grouping::fold(model),
        Action::FoldAll => grouping::fold_all(model, true),
        Action::UnfoldAll => grouping::fold_all(model, false),
        Action::Profiles => profiles::open(model),
        Action::NextProfile => profiles::step(model, profiles::Towards::Next),
        Action::PreviousProfile => profiles::step(model, profiles::Towards::Previous),
        Action::LastProfile => profiles::last(model),
        Action::SaveProfile => profile_saving::prompt(model),
        Action::Sort => narrowing::sort_menu(model),
        Action::Reverse => narrowing::reverse(model),
        Action::Reread => reading::reread(model),
        Action::RunAgain if context == Context::Summary => summary::again(model),
        Action::RunAgain if context == Context::Journal => sent::read(model),
        Action::RunAgain => loading::run_again(model),
        Action::Status => staging::status_menu(model),
        Action::Severity => staging::severity_menu(model),
        Action::Comment => typing::open_editor(model),
        Action::CommentEditor => typing::external(model),
        Action::Drop if context == Context::Problems => problems::drop(model),
        Action::Drop => staging::drop(model),
        Action::Undo if context == Context::Journal => sent::undo(model),
        Action::Undo if context == Context::Flow => flow::undo(model),
        Action::Undo if context == Context::Tasks && model.staging.has_steps() => tasks::step(model, Way::Undo),
        Action::Undo if model.staging.has_steps() => staging::undo(model),
        Action::Undo => undo_send::begin(model, Which::Last),
        Action::Redo if context == Context::Flow => flow::redo(model),
        Action::Redo if context == Context::Tasks => tasks::step(model, Way::Redo),
        Action::Redo => staging::redo(model),
        Action::Review => review::open(model),
        Action::Send => review::send(model),
        Action::Exclude => review::exclude(model),
        Action::Problems => problems::open(model),
        Action::Retry => problems::retry(model),
        Action::RetryAll => problems::retry_all(model),
        Action::KeepMine => conflicts::keep_mine(model),
        Action::KeepTheirs => conflicts::keep_theirs(model),
        Action::SendWithout => conflicts::send_without(model),
        Action::Check => review::check(model),
        Action::SavePlan => plan_file::prompt(model),
        Action::StopSending => sending::stop(model),
        Action::PauseSending => sending::pause(model),
        Action::Journal => sent::open(model),
        Action::Tasks => tasks::open(model),
        Action::ReadOnly => busy::read_only(model),
        Action::WaitForJournal => busy::wait(model),
        Action::CopyUid => copying::uids(model),
        Action::CopyResource => copying::resources(model),
        Action::CopyJson => copying::documents(model),
        Action::CopyConsoleUrl => copying::console_urls(model),
        Action::Export => export::menu(model),
        Action::Accept if context == Context::Confirm => leave::confirmed(model),
        Action::Flow => flow::open(model),
        Action::Palette => palette::open(model, context),
        Action::Recipe => recipes::open(model),
        Action::Answer => answers::again(model),
        Action::Repeat => deciding::repeat(model),
        // These mean something in texts only.
        Action::Template
        | Action::Append
        | Action::Accept
        | Action::LineBreak
        | Action::Complete
        | Action::CompleteBack
        | Action::Earlier
        | Action::Later => Vec::new(),
    }
}

fn open(model: &mut Model, context: Context) -> Vec<Effect> {
    match context {
        Context::Table if model.marks.range.is_some() => {
            marks::end_range(model);
            Vec::new()
        }
        Context::Table if model.cursor.header.is_some() => grouping::fold(model),
        Context::Table | Context::Flow => detail::open(model),
        Context::Menu if matches!(model.overlays.last(), Some(Overlay::Recipes(_))) => recipes::choose(model),
        Context::Menu => menu::choose(model),
        Context::Profiles => profiles::choose(model),
        Context::Review => review::toggle(model),
        Context::Problems => problems::jump(model),
        Context::Journal => sent::enter(model),
        Context::Summary => summary::drill(model),
        // A question's default is No; every change of columns holds already.
        Context::Confirm | Context::Busy | Context::Columns => leave::back(model),
        Context::Tasks => tasks::enter(model),
        Context::Detail | Context::Text | Context::Editor | Context::Prompt | Context::Help | Context::Global => Vec::new(),
    }
}

fn next(model: &mut Model, context: Context, towards: problems::Towards) -> Vec<Effect> {
    match context {
        Context::Detail | Context::Help => detail::next_hit(model, towards),
        Context::Flow => flow::skip(model, towards),
        _ => movement::next_undecided(model, towards),
    }
}
