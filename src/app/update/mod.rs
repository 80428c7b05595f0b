//! The one function that changes the model. Pure, synchronous, total: no I/O, no clock, no failure.

use super::{effect::Effect, event::Event, model::Model};
use crate::domain::time::Millis;

/// What comes from outside with every event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ctx {
    /// The time of the event.
    pub now: Millis,
}

/// Takes in an event; gives what is to be done.
pub fn update(model: &mut Model, _event: Event, ctx: Ctx) -> Vec<Effect> {
    model.now = ctx.now;
    Vec::new()
}
