//! Going back, and leaving the program without losing anything by accident.

use super::{busy, by_query, columns, export, flow, loading, marks, narrowing, profile_saving, profiles, summary, tasks, typing};
use crate::app::{
    effect::Effect,
    model::{Leaving, Level, Model, ScanState},
    overlay::{Confirm, Confirmed, Help, Overlay},
    wording,
};
use crate::send::report::{Activity, Steer};

/// Leaves the innermost thing.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    match model.overlays.pop() {
        Some(Overlay::Editor(editor)) => {
            if editor.would_lose() {
                let mut question = vec!["Throw this comment away?".to_owned()];
                question.extend(editor.needed.as_ref().map(|_| "Without it nothing is staged.".to_owned()));
                model.overlays.push(Overlay::Editor(editor));
                model.overlays.push(Overlay::Confirm(Confirm { question, yes: Confirmed::DiscardComment }));
            } else {
                typing::left(model, &editor);
            }
        }
        Some(question @ Overlay::Busy(_)) => {
            model.overlays.push(question);
            busy::insist(model);
        }
        Some(Overlay::Flow(open)) => flow::leave(model, open),
        Some(Overlay::Help(help)) if !help.search.is_empty() => {
            model.overlays.push(Overlay::Help(Help { search: String::new(), top: 0, ..help }));
            model.notice = None;
        }
        Some(Overlay::Columns(chooser)) => columns::leave(model, &chooser),
        Some(Overlay::Summary(_)) => return summary::left(model),
        Some(Overlay::Profiles(_)) => return profiles::closed(model),
        Some(_) => {}
        None if model.surveys.marking.is_some() => return by_query::cancel(model),
        None if model.exporting.is_some() => return export::stop(model),
        None if model.marks.rest.is_some() => marks::leave_rest(model),
        None if model.marks.range.is_some() => model.marks.range = None,
        None if !model.filter.is_empty() => {
            narrowing::set_filter(model, "");
            model.say(Level::Info, "the filter is cleared");
        }
        None if model.view.is_narrowed() => narrowing::widen(model),
        None if model.cursor.column.is_some() => model.cursor.column = None,
        None => model.notice = None,
    }
    Vec::new()
}

/// Back from a screen; at the table out of the program, asking where something would be lost.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay::Help(help)) = model.overlays.last_mut() {
        help.search.clear();
    }
    // The question who has the journal is as good as the table: quitting is one of its answers.
    if !matches!(model.overlays.last(), None | Some(Overlay::Busy(_))) {
        return back(model);
    }
    model.leaving = Leaving::No;
    let (staged, sending) = (model.staging.len(), model.sending.is_active());
    let elsewhere = elsewhere(model);
    if staged == 0 && !sending && elsewhere.is_empty() && model.exporting.is_none() {
        return vec![Effect::Quit];
    }
    let mut question = Vec::new();
    if sending {
        question.push("A send is under way. Quitting waits for the calls under way and leaves the rest staged.".to_owned());
        question.push("w quits by itself when all of it is sent.".to_owned());
    }
    if model.exporting.is_some() {
        question.push("An export is under way. Quitting stops it, and nothing of its file is left.".to_owned());
    }
    if staged > 0 {
        let changes = if staged == 1 { "1 staged change has".to_owned() } else { format!("{staged} staged changes have") };
        question.push(if model.settings.label == Some("demo") {
            format!("{changes} not been sent, and the demo keeps nothing.")
        } else if model.journal.is_whole() {
            format!("{changes} not been sent: kept in the journal, there again at the next start.")
        } else {
            format!("{changes} not been sent and would be lost: the journal does not have all of it. x in the review saves it as a plan.")
        });
    }
    question.extend(elsewhere);
    question.push("Quit?".to_owned());
    model.overlays.push(Overlay::Confirm(Confirm { question, yes: Confirmed::Quit }));
    Vec::new()
}

/// What this run of the program has left staged in other hubs: a sentence for each.
fn elsewhere(model: &Model) -> Vec<String> {
    let here = model.journal.key.as_ref();
    let waits = model.profiles.elsewhere.iter().filter(|&(hub, &count)| Some(hub) != here && count > 0);
    waits
        .map(|(hub, &count)| {
            let changes =
                if count == 1 { "1 staged change waits".to_owned() } else { format!("{} staged changes wait", wording::grouped(count)) };
            format!("{changes} on another hub ({hub}): kept in its journal, there again when a filter profile of that hub is opened.")
        })
        .collect()
}

/// Ctrl-c: No to a question; stops loading; twice, quits as `q` does.
pub(super) fn interrupt(model: &mut Model) -> Vec<Effect> {
    if matches!(model.overlays.last(), Some(Overlay::Confirm(_))) {
        model.typed.interrupts = 0;
        return back(model);
    }
    if model.scan.state == ScanState::Loading {
        return loading::stop(model);
    }
    if model.exporting.is_some() && model.typed.interrupts < 2 {
        return export::stop(model);
    }
    if model.typed.interrupts < 2 {
        model.say(Level::Info, "Ctrl-c again quits");
        return Vec::new();
    }
    model.typed.interrupts = 0;
    model.overlays.retain(|overlay| matches!(overlay, Overlay::Busy(_)));
    quit(model)
}

/// Waits for the send, then quits.
pub(super) fn when_sent(model: &mut Model) -> Option<Vec<Effect>> {
    let is_asked = matches!(model.overlays.last(), Some(Overlay::Confirm(Confirm { yes: Confirmed::Quit, .. })));
    if !is_asked || !model.sending.is_active() {
        return None;
    }
    model.overlays.clear();
    model.leaving = Leaving::WhenSent;
    model.say(Level::Info, "quits when everything is sent; q asks again");
    // Otherwise it would wait for ever.
    let is_paused = model.sending.activity == Some(Activity::Paused);
    Some(if is_paused { vec![Effect::Steer(Steer::Resume)] } else { Vec::new() })
}

/// The question was answered with Yes.
pub(super) fn confirmed(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = model.overlays.pop() else { return Vec::new() };
    match confirm.yes {
        Confirmed::Quit => now(model),
        Confirmed::SaveProfile => profile_saving::confirmed(model),
        Confirmed::Steps(way, number) => tasks::go_to(model, way, number),
        Confirmed::DiscardComment => {
            if let Some(Overlay::Editor(editor)) = model.overlays.pop() {
                typing::left(model, &editor);
            }
            Vec::new()
        }
    }
}

/// Leaves now: no further call; the runtime waits for the one under way.
pub(super) fn now(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.sending.is_active() {
        effects.push(Effect::Steer(Steer::Stop));
    }
    effects.push(Effect::Quit);
    effects
}
