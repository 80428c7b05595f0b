//! The undo of a send: its former values, through the review.

use crate::{
    app::{
        effect::Effect,
        model::{Level, Model},
    },
    journal::entry::SendId,
};

/// Begins the undo of a send; of the last one where none is named.
pub(super) fn begin(model: &mut Model, _send: Option<SendId>) -> Vec<Effect> {
    model.say(Level::Info, "undoing a send: not here yet");
    Vec::new()
}
