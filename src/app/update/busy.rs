//! Another session has the journal: the analyst chooses between going on without it and waiting for it.

use super::notice;
use crate::{
    app::{
        action::Action,
        effect::{Effect, Patience},
        journaling::JournalState,
        keymap::Context,
        model::{Level, Model},
        overlay::{Busy, Overlay, Trigger},
    },
    domain::text,
};

/// Asks. Whoever is writing a text, or answering another question, is asked behind that.
pub(super) fn ask(model: &mut Model, holder: &str) {
    gone(model);
    let question = Overlay::Busy(Busy { holder: text::clean(holder).into_owned(), trigger: Trigger::Locked });
    let under = model.overlays.iter().position(|overlay| !overlay.is_screen()).unwrap_or(model.overlays.len());
    model.overlays.insert(under, question);
}

/// There is nothing to ask any more.
pub(super) fn gone(model: &mut Model) {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Busy(_)));
}

/// Goes on without the journal: what is staged is in memory only, and nothing is sent.
pub(super) fn read_only(model: &mut Model) -> Vec<Effect> {
    if is_answered(model) {
        model.journal.stands(JournalState::Off);
        model.journal.unsaved.clear();
        model.say(Level::Warning, "read-only: what is staged from here on is in memory only, and nothing is sent");
    }
    Vec::new()
}

/// Waits until the other session has gone; the table can be read meanwhile.
pub(super) fn wait(model: &mut Model) -> Vec<Effect> {
    let Some(key) = model.journal.key.clone().filter(|_| is_answered(model)) else { return Vec::new() };
    model.say(Level::Info, "waiting until the other session has gone; what is staged until then is not kept, and nothing is sent");
    vec![Effect::OpenJournal(key, Patience::Waits)]
}

/// Takes the question away, if it has been seen.
fn is_answered(model: &mut Model) -> bool {
    match model.overlays.last() {
        Some(Overlay::Busy(question)) if question.trigger != Trigger::Locked => {
            model.overlays.pop();
            true
        }
        _ => false,
    }
}

/// Neither Enter nor Esc answers it: says what does.
pub(super) fn insist(model: &mut Model) {
    let [read_only, wait, quit] =
        [Action::ReadOnly, Action::WaitForJournal, Action::Quit].map(|action| notice::keys(model, Context::Busy, action));
    model.say(Level::Warning, format!("{read_only} goes on read-only, {wait} waits, {quit} quits"));
}
