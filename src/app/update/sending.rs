//! Calls that write: one after the other, each answer put on its rows.

use super::{loading, marks, notice, reading};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        model::{Level, Model, RowState},
    },
    domain::{batch::Answer, failure::CallError, row::RowId},
    send::{
        plan::Plan,
        run::{CallNumber, ProblemKind, RowResult, Run},
    },
};

/// Sends a plan, behind what is being sent already.
pub(super) fn send(model: &mut Model, plan: &Plan) -> Vec<Effect> {
    let batches = plan.batches();
    if batches.is_empty() {
        model.say(Level::Info, "every staged value is there already: nothing had to be sent");
        return Vec::new();
    }
    for row in batches.iter().flat_map(|batch| &batch.rows) {
        model.outcomes.clear(*row);
    }
    marks::remember(model);
    match &mut model.sending.run {
        Some(run) if !run.is_over() => run.extend(batches),
        run => {
            *run = Some(Run::new(batches));
            model.sending.began = Some(model.now);
        }
    }
    next(model).into_iter().collect()
}

/// The next call, if one may go.
fn next(model: &mut Model) -> Option<Effect> {
    let number = CallNumber(model.sending.last_call.map_or(1, |CallNumber(last)| last + 1));
    let batch = model.sending.run.as_mut()?.next(number)?.clone();
    model.sending.last_call = Some(number);
    for &row in &batch.rows {
        model.outcomes.set(row, RowState::Sending);
    }
    Some(Effect::Send(number, batch.batch))
}

/// A call was answered.
pub(super) fn answered(model: &mut Model, number: CallNumber, answer: &Result<Answer, CallError>) -> Vec<Effect> {
    let Some(run) = model.sending.run.as_mut().filter(|run| run.is_under_way(number)) else { return Vec::new() };
    let results = run.answered(number, answer);
    let mut effects = Vec::new();
    reading::overtaken(model, &results.iter().map(|(row, ..)| *row).collect::<Vec<_>>());
    match answer {
        Ok(_) => model.session.trouble = None,
        Err(error) => effects.extend(loading::trouble(model, error.clone())),
    }
    let mut unknown: Vec<RowId> = Vec::new();
    for (row, patch, result) in results {
        match result {
            RowResult::Processed => {
                model.store.apply(row, &patch);
                model.staging.processed(row, &patch);
                model.marks.rows.remove(row);
                model.outcomes.set(row, RowState::Processed);
            }
            RowResult::Problem(problem) => {
                if problem.kind == ProblemKind::Unknown {
                    unknown.push(row);
                }
                model.outcomes.set(row, RowState::Problem(problem));
            }
        }
    }
    effects.extend(reading::read(model, &unknown));
    effects.extend(next(model));
    if !model.sending.is_active() {
        tell(model);
    }
    effects
}

/// Says how a send ended.
fn tell(model: &mut Model) {
    let Some(run) = &model.sending.run else { return };
    let (progress, unsent) = (run.progress(), run.unsent());
    let failed = progress.answered - progress.processed;
    let mut parts = vec![format!("{} of {} processed", progress.processed, progress.rows)];
    // First what would otherwise not be known: a narrow terminal loses the end.
    if unsent > 0 {
        parts.push(format!("{unsent} not sent, still staged"));
    }
    if failed > 0 {
        let [list, next] = [Action::Problems, Action::NextProblem].map(|action| notice::table_keys(model, action));
        parts.push(format!("{failed} not: {list} lists, {next} visits them"));
    }
    model.say(if failed + unsent > 0 { Level::Error } else { Level::Info }, parts.join("; "));
}

/// No further call after the one under way.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    match &mut model.sending.run {
        Some(run) if !run.is_over() => {
            run.stop();
            let unsent = run.unsent();
            model.say(Level::Warning, format!("sending stops after the current call; {unsent} findings stay staged"));
        }
        _ => model.say(Level::Info, "nothing is being sent"),
    }
    Vec::new()
}
