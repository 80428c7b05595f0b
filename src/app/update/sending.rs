//! Sending: what has been reviewed goes out, and what comes of it is put on its rows.

use super::{loading, marks, notice, rails, reading, review};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        model::{Leaving, Level, Model, RowState},
    },
    domain::{row::RowId, text},
    findings::{archive::SealedPage, row_set::RowSet},
    journal::entry::{Origin, SendId},
    send::{
        plan::Plan,
        report::{Activity, End, ProblemKind, RowReport, RowResult, SendReport, Steer},
    },
};

/// Sends a plan, behind what is being sent already.
pub(super) fn send(model: &mut Model, plan: Plan, origin: Origin) -> Vec<Effect> {
    if plan.groups.is_empty() {
        model.say(Level::Info, "every staged value is there already: nothing had to be sent");
        return Vec::new();
    }
    // The last gate: whatever leads here, nothing that a guard rail forbids is sent.
    if let Some(why) = rails::refusal(model, &plan) {
        model.say(Level::Warning, why);
        return Vec::new();
    }
    marks::remember(model);
    model.undoing.sent(&plan);
    begin(model, plan, origin)
}

fn begin(model: &mut Model, plan: Plan, origin: Origin) -> Vec<Effect> {
    for group in &plan.groups {
        for row in &group.rows {
            model.outcomes.clear(row.row);
            model.sending.rows.insert(row.row, group.patch.clone());
        }
    }
    if model.sending.is_active() {
        return vec![Effect::Steer(Steer::More(plan))];
    }
    let now = u64::try_from(model.now.0).unwrap_or_default();
    let send = SendId(model.sending.id.map_or(now, |SendId(last)| now.max(last + 1)));
    model.sending.id = Some(send);
    model.sending.progress = crate::send::report::Progress { rows: plan.row_count(), ..Default::default() };
    model.sending.activity = Some(Activity::Sending);
    model.sending.began = Some(model.now);
    model.sending.since = Some(model.now);
    model.sending.unsent = 0;
    model.sending.seen = 0;
    vec![Effect::Send { send, origin, plan }]
}

/// News of the send.
pub(super) fn reported(model: &mut Model, report: SendReport) -> Vec<Effect> {
    if !model.sending.is_active() {
        return Vec::new();
    }
    let finished: Vec<RowId> = report.rows.iter().filter(|report| is_final(&report.result)).map(|report| report.row).collect();
    reading::overtaken(model, &finished);
    for RowReport { row, patch, result } in report.rows {
        // A row that is not being sent any more has its result.
        if !model.sending.rows.contains_key(&row) {
            continue;
        }
        if is_final(&result) {
            model.sending.rows.remove(&row);
        }
        match result {
            RowResult::Sending => model.outcomes.set(row, RowState::Sending),
            RowResult::Waiting(kind) => model.outcomes.set(row, RowState::Waiting(kind)),
            RowResult::Processed | RowResult::SeenProcessed => {
                model.store.apply(row, &patch);
                model.staging.processed(row, &patch);
                model.marks.rows.remove(row);
                model.outcomes.set(row, RowState::Processed);
            }
            RowResult::Problem(problem) => {
                if let Some(change) = &problem.change {
                    model.store.know(row, &change.theirs);
                }
                model.outcomes.set(row, RowState::Problem(problem));
            }
            RowResult::Unsent => {
                model.sending.unsent += 1;
                model.outcomes.clear(row);
            }
        }
    }
    model.sending.progress = report.progress;
    let mut effects = match &report.activity {
        Activity::Waiting(error) | Activity::Held(error) | Activity::Over(End::Refused(error)) => loading::trouble(model, error.clone()),
        Activity::Sending => {
            model.session.trouble = None;
            Vec::new()
        }
        // What stood in the way last stays for as long as a row tells of it.
        Activity::Paused | Activity::Stopping | Activity::Over(End::Done | End::Stopped | End::Unwritable(_)) => Vec::new(),
    };
    let is_over = matches!(report.activity, Activity::Over(_));
    if model.sending.activity.as_ref().map(std::mem::discriminant) != Some(std::mem::discriminant(&report.activity)) {
        model.sending.since = Some(model.now);
    }
    model.sending.activity = Some(report.activity);
    if is_over {
        effects.extend(over(model));
    }
    effects
}

const fn is_final(result: &RowResult) -> bool {
    !matches!(result, RowResult::Sending | RowResult::Waiting(_))
}

/// The send has ended.
fn over(model: &mut Model) -> Vec<Effect> {
    // Rows that were added at the moment it ended, which it never saw: they were reviewed and confirmed, so they go in a send of their own.
    let late: RowSet = model.sending.rows.keys().copied().collect();
    let plan = Plan::of(review::staged_rows(model, |row| late.contains(row)));
    model.sending.rows.clear();
    if model.sending.activity == Some(Activity::Over(End::Done)) && !plan.groups.is_empty() && model.leaving == Leaving::No {
        return begin(model, plan, Origin::Review);
    }
    tell(model);
    let mut effects = vec![Effect::History];
    if model.leaving == Leaving::WhenSent {
        effects.push(Effect::Quit);
    }
    effects
}

/// Findings that a send read: rows take the values.
pub(super) fn saw(model: &mut Model, page: SealedPage) -> Vec<Effect> {
    let rows: Vec<RowId> = page.findings.iter().filter_map(|finding| model.store.find(&finding.identity)).collect();
    model.sending.seen += rows.len();
    model.store.refresh(page, &RowSet::default());
    for row in rows {
        model.documents.forget(row);
    }
    Vec::new()
}

/// Says how a send ended.
fn tell(model: &mut Model) {
    let (progress, unsent) = (model.sending.progress, model.sending.unsent);
    let mut parts = vec![format!("{} of {} processed", progress.processed, progress.rows)];
    let mut level = Level::Info;
    // First what would otherwise not be known: a narrow terminal loses the end.
    if let Some(Activity::Over(End::Unwritable(why))) = &model.sending.activity {
        parts.insert(0, format!("sending stopped, the journal cannot be written: {}", text::clean(why)));
        level = Level::Error;
    }
    if unsent > 0 {
        parts.push(format!("{unsent} not sent, still staged"));
    }
    let changed = model.outcomes.problems().iter().filter(|(_, problem)| problem.kind == ProblemKind::Changed).count();
    let failed = progress.answered.saturating_sub(progress.processed + unsent);
    if failed > 0 {
        let [list, next] = [Action::Problems, Action::NextProblem].map(|action| notice::table_keys(model, action));
        let conflicts = if changed > 0 { format!(" ({changed} were changed by someone else)") } else { String::new() };
        parts.push(format!("{failed} not{conflicts}: {list} lists, {next} visits them"));
    }
    if failed + unsent > 0 {
        level = Level::Error;
    }
    model.say(level, parts.join("; "));
}

/// No further call after those under way.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    if !model.sending.is_active() {
        model.say(Level::Info, "nothing is being sent");
        return Vec::new();
    }
    model.say(Level::Warning, "sending stops after the calls under way; what is not sent stays staged");
    vec![Effect::Steer(Steer::Stop)]
}

/// Pauses the send, or lets it go on.
pub(super) fn pause(model: &mut Model) -> Vec<Effect> {
    match &model.sending.activity {
        None | Some(Activity::Over(_) | Activity::Stopping) => {
            model.say(Level::Info, "nothing is being sent");
            Vec::new()
        }
        Some(Activity::Paused | Activity::Held(_)) => {
            model.say(Level::Info, "sending goes on");
            vec![Effect::Steer(Steer::Resume)]
        }
        Some(Activity::Sending | Activity::Waiting(_)) => {
            model.say(Level::Info, "sending pauses after the calls under way");
            vec![Effect::Steer(Steer::Pause)]
        }
    }
}
