//! The one function that changes the model. Pure, synchronous, total: no I/O, no clock, no failure.
//!
//! One file per concern; this one hands events out and keeps the cursor on its row afterwards.

mod act;
mod alike;
mod answers;
mod arranging;
mod busy;
mod by_query;
mod columns;
mod commenting;
mod conflicts;
mod copying;
mod counting;
mod deciding;
mod detail;
mod explaining;
mod export;
mod flow;
mod grouping;
mod journaling;
mod keys;
mod leave;
mod loading;
mod making;
mod marks;
mod menu;
mod movement;
mod narrowing;
mod notice;
mod outlook;
mod palette;
mod pass;
mod plan_file;
mod pointing;
mod problems;
mod profile_saving;
mod profiles;
mod progress;
mod prompting;
mod querying;
mod rails;
mod reading;
mod recipes;
mod refresh;
mod remembering;
mod review;
mod sending;
mod sent;
mod staging;
mod summary;
mod tasks;
mod trail;
mod typing;
mod undo_send;

#[cfg(test)]
mod tests;

use super::{
    effect::Effect,
    event::{Event, JournalEvent},
    hint::Hint,
    layout::Preview,
    model::Model,
    overlay::Overlay,
};
use crate::domain::time::Millis;

pub use profiles::begin;

/// What comes from outside with every event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ctx {
    /// The time of the event.
    pub now: Millis,
}

/// Takes in an event; gives what is to be done.
pub fn update(model: &mut Model, event: Event, ctx: Ctx) -> Vec<Effect> {
    model.now = ctx.now;
    progress::heard(model, &event);
    let mut effects = match event {
        Event::Key(key, arrival) => {
            flow::feel(model);
            arranging::pressed(model, key, arrival)
        }
        Event::Paste(text) => arranging::pasted(model, text),
        Event::Mouse(mouse) => arranging::pointed(model, mouse),
        Event::Resize(columns, rows) => {
            model.screen.columns = columns;
            model.screen.rows = rows;
            review::hidden(model);
            Vec::new()
        }
        Event::Drawn => {
            review::drawn(model);
            Vec::new()
        }
        Event::Tick => Vec::new(),
        Event::Step => arranging::step(model),
        Event::Terminate => leave::now(model),
        Event::Connected(result) => loading::connected(model, result),
        Event::Page { scan, page, more, order } => loading::page(model, scan, page, more, order),
        Event::ScanRestarted(scan) => loading::restarted(model, scan),
        Event::ScanFailed(scan, error) => loading::failed(model, scan, error),
        Event::Explained(request, counts) => explaining::answered(model, request, counts),
        Event::Total(scan, total) => loading::total(model, scan, total),
        Event::Counted(request, result) => summary::counted(model, request, result),
        Event::Caller(caller) => {
            model.session.caller = caller.ok();
            model.session.caller_asked = true;
            journaling::identify(model)
        }
        Event::Described(described) => loading::described(model, described),
        Event::HomeRegion(region) => {
            model.session.home_region = region;
            Vec::new()
        }
        Event::Sending(report) => sending::reported(model, report),
        Event::SendSaw(page) => sending::saw(model, page),
        Event::Journal(event) => {
            let history = matches!(event, JournalEvent::History(_)).then(|| model.undoing.asked.take()).flatten();
            let is_read = matches!(event, JournalEvent::History(Ok(_)));
            let mut effects = journaling::happened(model, event);
            if let Some(which) = history.filter(|_| is_read) {
                effects.extend(undo_send::found(model, which));
            }
            effects
        }
        Event::Session(result) => remembering::recalled(model, result),
        Event::Reread { request, asked, result } => reading::read_again(model, request, &asked, result),
        Event::Surveying(request, covered) => by_query::goes_on(model, request, covered),
        Event::Surveyed { request, found, covered, more } => {
            columns::surveyed(model, request, &found, more);
            by_query::surveyed(model, request, &found, covered)
        }
        Event::Profiles(request, catalogue) => profiles::loaded(model, request, *catalogue),
        Event::ProfileCounted(request, name, total) => profiles::counted(model, request, name, total),
        Event::ProfileSaved(name, result) => profile_saving::saved(model, &name, result),
        Event::PlanSaved(result) => {
            plan_file::saved(model, result);
            Vec::new()
        }
        Event::Document(request, told) => {
            model.documents.keep(request, told);
            Vec::new()
        }
        Event::Edited(text) => typing::edited(model, text),
        Event::Copied(through, result) => {
            copying::copied(model, through, result);
            Vec::new()
        }
        Event::Gathered(request, gathered) => copying::gathered(model, request, gathered),
        Event::Exporting(request, covered) => {
            export::goes_on(model, request, covered);
            Vec::new()
        }
        Event::Exported(request, result) => {
            export::done(model, request, result);
            Vec::new()
        }
    };
    effects.extend(plan_file::begin(model));
    effects.extend(pass::settle(model));
    loading::settle(model);
    explaining::settle(model);
    remembering::settle(model);
    effects.extend(summary::settle(model));
    movement::settle(model);
    grouping::settle(model);
    flow::settle(model);
    tasks::settle(model);
    effects.extend(journaling::record(model));
    journaling::time(model);
    remembering::keep(model, &mut effects);
    // Whoever has staged something has found the way.
    if !model.staging.is_empty() {
        model.hint = Hint::Gone;
    }
    effects.extend(wanted_document(model));
    effects.extend(columns::settle(model));
    progress::settle(model, &effects);
    effects
}

/// The document that the preview or the detail needs next.
fn wanted_document(model: &mut Model) -> Option<Effect> {
    let row = match model.overlays.iter().rev().find(|overlay| overlay.is_screen()) {
        Some(Overlay::Detail(detail)) => detail.row,
        Some(Overlay::Flow(_)) => flow::wanted_row(model)?,
        None if model.screen.preview == Preview::Shown => model.cursor.row?,
        _ => return None,
    };
    if !model.documents.wants(row) {
        return None;
    }
    let (archive, slot) = model.store.document(row)?;
    let request = model.next_request();
    model.documents.asked(row, request);
    Some(Effect::Document(request, archive, slot))
}
