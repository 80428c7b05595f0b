//! The journal on the screen: what was sent, row by row, and from there to the table or to the undo of a send.

use super::{movement, narrowing, notice, undo_send};
use crate::{
    app::{
        effect::Effect,
        journaling::JournalState,
        model::{Level, Model},
        overlay::Overlay,
        sent_view::{Reading, Sends, SentRows},
        undo::Which,
    },
    domain::identity::Identity,
};

/// Opens the sends, with what is known by now; the journal is read again meanwhile.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let mut sends = Sends::default();
    if let Some(ledger) = &model.journal.history {
        sends.list(ledger);
    }
    model.overlays.push(Overlay::Sends(sends));
    read(model)
}

/// Reads the journal again, where this session has it.
pub(super) fn read(model: &mut Model) -> Vec<Effect> {
    if model.journal.state != JournalState::Open {
        return Vec::new();
    }
    set_reading(model, Reading::UnderWay);
    vec![Effect::History]
}

/// The journal has been read, or could not be: what is on the screen follows.
pub(super) fn was_read(model: &mut Model) {
    set_reading(model, Reading::Done);
    let Model { overlays, journal, .. } = model;
    let Some(ledger) = &journal.history else { return };
    for overlay in overlays {
        match overlay {
            Overlay::Sends(sends) => sends.list(ledger),
            Overlay::SentRows(rows) => rows.list(ledger),
            _ => {}
        }
    }
}

fn set_reading(model: &mut Model, reading: Reading) {
    for overlay in &mut model.overlays {
        if let Overlay::Sends(sends) = overlay {
            sends.reading = reading;
        }
    }
}

/// Enter: the rows of a send; from there the row in the table.
pub(super) fn enter(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last() {
        Some(Overlay::Sends(sends)) => {
            let send = sends.chosen().and_then(|line| model.journal.history.as_ref()?.sends.get(&line.id));
            match send {
                Some(send) if send.rows.is_empty() => model.say(Level::Info, "no call was made for any row of this send"),
                Some(send) => {
                    let rows = SentRows::of(send);
                    model.overlays.push(Overlay::SentRows(rows));
                }
                None => {}
            }
        }
        Some(Overlay::SentRows(rows)) => {
            if let Some(identity) = rows.chosen().cloned() {
                jump(model, &identity);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Leaves the journal for the row in the table.
fn jump(model: &mut Model, identity: &Identity) {
    let Some(row) = model.store.find(identity) else {
        model.say(Level::Warning, "this finding is not loaded: the present query has not brought it");
        return;
    };
    if model.view.index(row).is_none() && model.view.is_filtered() {
        narrowing::set_filter(model, "");
        narrowing::widen(model);
    }
    if movement::land(model, row) {
        model.overlays.clear();
    } else {
        model.say(Level::Warning, "this finding is no longer part of the result");
    }
}

/// Begins the undo of the send that is looked at.
pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    let send = match model.overlays.last() {
        Some(Overlay::Sends(sends)) => sends.chosen().map(|line| line.id),
        Some(Overlay::SentRows(rows)) => Some(rows.send),
        _ => None,
    };
    match send {
        Some(send) => undo_send::begin(model, Which::This(send)),
        None => notice::no_row(model),
    }
}
