//! Measuring what is under way, and renewing what is shown of it: at most four times a second, but at once where something begins, ends or
//! stands differently.

use crate::app::{
    effect::Effect,
    event::{Event, JournalEvent},
    gauge::Gauge,
    journaling::JournalState,
    model::Model,
    progress::{Errand, REFRESH, Task},
};

/// Something happened: what was waited for may have come.
pub(super) fn heard(model: &mut Model, event: &Event) {
    match event {
        Event::Journal(JournalEvent::History(_)) => over(model, Errand::History),
        Event::PlanSaved(_) => over(model, Errand::Plan),
        Event::ProfileSaved(..) => over(model, Errand::Profile),
        Event::Reread { request, .. } => {
            let is_of_pass = model.pass.as_ref().is_some_and(|pass| pass.requests.contains(request));
            let rows = model.progress.reads.remove(request).unwrap_or_default();
            if !is_of_pass {
                model.progress.read += rows;
            }
        }
        _ => {}
    }
}

fn over(model: &mut Model, errand: Errand) {
    model.progress.errands.remove(&errand);
}

/// Everything that an event led to is known: what is asked for now is waited for, and what goes on is measured.
pub(super) fn settle(model: &mut Model, effects: &[Effect]) {
    let now = model.now;
    for effect in effects {
        match effect {
            Effect::History if model.journal.state == JournalState::Open => begun(model, Errand::History),
            Effect::SavePlan(_) => begun(model, Errand::Plan),
            Effect::SaveProfile { .. } => begun(model, Errand::Profile),
            Effect::Reread { request, identities } => {
                model.progress.reads.insert(*request, identities.len());
            }
            _ => {}
        }
    }
    if model.rereads.is_empty() {
        model.progress.reads.clear();
        model.progress.read = 0;
    }
    let measures = model.measures();
    let gauges = &mut model.progress.gauges;
    gauges.retain(|work, _| measures.iter().any(|measure| measure.work == *work));
    for measure in &measures {
        let begins = || measure.began.map_or_else(|| Gauge::begin(now, measure.done), |began| Gauge::begin(began, 0));
        let gauge = gauges.entry(measure.work).or_insert_with(begins);
        if measure.began.is_some_and(|began| gauge.began < began) {
            *gauge = begins();
        }
        gauge.note(now, measure.done);
    }
    let is_due = model.progress.shown.as_ref().is_none_or(|(at, shown)| {
        let differs = |shown: &Task, at: usize| measures.get(at).is_none_or(|measure| !measure.is_as(shown));
        let is_other = shown.len() != measures.len() || shown.iter().enumerate().any(|(at, shown)| differs(shown, at));
        is_other || now.0 < at.0 || now.0 - at.0 >= REFRESH
    });
    if is_due {
        model.progress.shown = Some((now, model.tasks_now()));
    }
}

fn begun(model: &mut Model, errand: Errand) {
    let now = model.now;
    model.progress.errands.entry(errand).or_insert(now);
}
