//! Reading findings again: on demand, and to settle what an unknown outcome was.

use std::{collections::BTreeSet, sync::Arc};

use super::notice;
use crate::{
    app::{
        effect::Effect,
        event::RequestId,
        model::{Level, Model, RowState, ScanState},
        pass::{Pass, Purpose},
        wording,
    },
    domain::{
        failure::CallError,
        identity::Identity,
        patch::{Patch, Values},
        query::MAX_NAMED,
        row::RowId,
    },
    findings::{archive::SealedPage, row_set::RowSet},
    journal::entry::Seen,
    send::report::{Activity, Problem, ProblemKind},
};

use super::{journaling, loading, refresh};

/// Reads the target rows again.
pub(super) fn reread(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = model.targets() else { return notice::no_row(model) };
    let effects = read(model, &targets.rows);
    model.say(Level::Info, format!("reading {} findings again", targets.rows.len()));
    effects
}

/// Asks for rows again, in requests of at most [`MAX_NAMED`].
pub(super) fn read(model: &mut Model, rows: &[RowId]) -> Vec<Effect> {
    let identities: Vec<Identity> = rows.iter().filter_map(|&row| model.store.identity(row)).filter(Identity::is_addressable).collect();
    let (by_uid, by_identifier): (Vec<Identity>, Vec<Identity>) =
        identities.into_iter().partition(|identity| matches!(identity, Identity::MetadataUid(_)));
    by_uid
        .chunks(MAX_NAMED)
        .chain(by_identifier.chunks(MAX_NAMED))
        .map(|identities| {
            let request = model.next_request();
            model.rereads.insert(request, RowSet::default());
            Effect::Reread { request, identities: identities.to_vec() }
        })
        .collect()
}

/// Reads rows again for one purpose; what it was for happens once all of them have been answered. A pass under way is given up for it:
/// rows take the values that it still brings, nothing else comes of it.
pub(super) fn begin_pass(model: &mut Model, purpose: Purpose, rows: &[RowId]) -> Vec<Effect> {
    let effects = read(model, rows);
    let mut pass = Pass { purpose, requests: BTreeSet::new(), rows: 0, read: 0, missing: Vec::new(), unread: Vec::new() };
    for effect in &effects {
        if let Effect::Reread { request, identities } = effect {
            pass.requests.insert(*request);
            pass.rows += identities.len();
        }
    }
    model.pass = Some(pass);
    effects
}

/// A write of these rows was answered: what reads that began before it will say of them is older than the write.
pub(super) fn overtaken(model: &mut Model, rows: &[RowId]) {
    for stale in model.rereads.values_mut() {
        for &row in rows {
            stale.insert(row);
        }
    }
}

/// Findings came again: rows take the new values, and unknown outcomes are settled by them. Rows that were written since the read began
/// are read once more: it may have come before the write.
pub(super) fn read_again(model: &mut Model, request: RequestId, asked: &[Identity], result: Result<SealedPage, CallError>) -> Vec<Effect> {
    let stale = model.rereads.remove(&request).unwrap_or_default();
    let is_of_start = model.journal.reads.remove(&request);
    let is_of_pass = model.pass.as_mut().is_some_and(|pass| pass.requests.remove(&request));
    let page = match result {
        Ok(page) => page,
        Err(error) => {
            if is_of_pass {
                let unread: Vec<RowId> = asked.iter().filter_map(|identity| model.store.find(identity)).collect();
                if let Some(pass) = &mut model.pass {
                    pass.read += unread.len();
                    pass.unread.extend(unread);
                }
            }
            return loading::trouble(model, error);
        }
    };
    loading::reading_works(model);
    let (old, rows): (Vec<RowId>, Vec<RowId>) =
        asked.iter().filter_map(|identity| model.store.find(identity)).partition(|&row| stale.contains(row));
    let before: Vec<_> = rows.iter().map(|&row| model.store.values(row)).collect();
    let came: Vec<Identity> = page.findings.iter().map(|finding| finding.identity.clone()).collect();
    let outside: Vec<Identity> =
        page.outside.iter().filter_map(|&place| page.findings.get(place)).map(|finding| finding.identity.clone()).collect();
    model.store.refresh(page, &stale);
    let mut not_here = Vec::new();
    let (mut changed, mut applied, mut not_applied, mut missing) = (0, 0, 0, 0);
    let mut effects = Vec::new();
    for (&row, before) in rows.iter().zip(before) {
        model.documents.forget(row);
        let is_here = model.store.identity(row).is_some_and(|identity| came.contains(&identity));
        let problem = model.outcomes.problem(row);
        let unknown = problem.filter(|problem| problem.kind == ProblemKind::Unknown).map(|problem| problem.patch.clone());
        let now = model.store.values(row);
        changed += usize::from(now != before);
        if !is_here {
            missing += 1;
            not_here.push(row);
            effects.extend(not_found(model, row, unknown));
        } else if let Some(sent) = unknown {
            // What was sent counts, not what is staged by now: the analyst may have decided anew.
            if now.satisfy(&sent) {
                model.staging.processed(row, &sent);
                model.outcomes.set(row, RowState::Processed);
                model.marks.rows.remove(row);
                applied += 1;
                effects.extend(journaling::settled(model, row, &sent, Seen::Processed));
            } else {
                model.outcomes.clear(row);
                not_applied += 1;
                effects.extend(journaling::settled(model, row, &sent, Seen::NotProcessed));
            }
        }
        if is_here {
            decide_again(model, row, &before, &now);
            journaling::compare(model, row);
        }
    }
    let left = stands(model, request, &rows, &not_here, &outside);
    let again = read(model, &old);
    if is_of_pass {
        if let Some(pass) = &mut model.pass {
            pass.read += rows.len();
            pass.missing.extend(not_here);
            pass.requests.extend(again.iter().filter_map(|effect| match effect {
                Effect::Reread { request, .. } => Some(*request),
                _ => None,
            }));
        }
        effects.extend(again);
        return effects;
    }
    effects.extend(again);
    if rows.is_empty() {
        return effects;
    }
    let mut parts = Vec::new();
    // This follows the end of a send at once and stands in place of what was said then.
    let unsent = if matches!(model.sending.activity, Some(Activity::Over(_))) { model.sending.unsent } else { 0 };
    if applied + not_applied > 0 && unsent > 0 {
        parts.push(format!("the send ended early: {unsent} not sent, still staged"));
    }
    parts.push(format!("read {} again", wording::counted(rows.len() - missing, "finding")));
    for (count, what) in [
        (applied, "turned out to be processed"),
        (not_applied, "turned out not to be carried out"),
        (missing, "were not found: aged out, or no longer visible to you"),
        (changed - changed.min(applied), "have changed"),
        (left.outside, "no longer match the query"),
        (left.taken_out, "left the table"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let level = if missing + not_applied + unsent.min(applied) > 0 { Level::Warning } else { Level::Info };
    // What an earlier session left has been told; its reads add to that what is out of order.
    if is_of_start {
        if level == Level::Warning {
            model.say_too(level, &parts.join("; "));
        }
        return effects;
    }
    model.say(level, parts.join("; "));
    effects
}

/// What a read by name showed of the result.
#[derive(Debug, Clone, Copy, Default)]
struct Left {
    /// Rows that are there and are not what the query asks for.
    outside: usize,
    /// Rows that are not shown any more.
    taken_out: usize,
}

/// Whether rows are still in the result. A read that was asked for before the scan that is under way, or was the last one, knows another
/// query; and what a scan under way has not delivered yet is not in doubt.
fn stands(model: &mut Model, request: RequestId, rows: &[RowId], missing: &[RowId], outside: &[Identity]) -> Left {
    if request.0 < model.scan.id.0 || matches!(model.scan.state, ScanState::Waiting | ScanState::Held) {
        return Left::default();
    }
    let mut left = Left::default();
    let mut lost = RowSet::default();
    for &row in rows {
        let is_outside = model.store.identity(row).is_some_and(|identity| outside.contains(&identity));
        if is_outside || missing.contains(&row) {
            left.outside += usize::from(is_outside && !model.is_gone(row));
            model.store.lose(row);
            lost.insert(row);
        } else if model.store.is_gone(row) && model.scan.state != ScanState::Loading {
            model.store.regain(row);
        }
    }
    left.taken_out = refresh::take_out(model, |_, row| lost.contains(row));
    left
}

/// A row that was not found, or that someone else had changed, has been read again: where nothing stands against the staged change any
/// more, it is a plain one; otherwise it is a conflict to decide.
fn decide_again(model: &mut Model, row: RowId, before: &Values, now: &Values) {
    let Some(problem) = model.outcomes.problem(row) else { return };
    let seen = match (&problem.kind, &problem.change) {
        (ProblemKind::Changed, Some(change)) => change.seen.clone(),
        (ProblemKind::Missing, _) => model.journal.left.staged.get(&row).unwrap_or(before).clone(),
        _ => return,
    };
    // Without a staged change there is nothing to decide.
    if *now == seen || model.staging.get(row).is_none_or(|staged| now.satisfy(staged)) {
        model.outcomes.clear(row);
    } else {
        let again = journaling::changed(problem.patch.clone(), seen, now.clone());
        let again = Problem { tries: problem.tries, ..again };
        model.outcomes.set(row, RowState::Problem(again));
    }
}

/// A read by name did not find a row: what is staged on it, or was sent with an unknown outcome, has nothing to go to any more.
fn not_found(model: &mut Model, row: RowId, unknown: Option<Patch>) -> Vec<Effect> {
    let patch = unknown.clone().or_else(|| model.staging.get(row).cloned());
    if let Some(patch) = patch.filter(|_| !model.sending.rows.contains_key(&row)) {
        let problem = Problem { kind: ProblemKind::Missing, message: Arc::from(""), request_id: None, patch, tries: 0, change: None };
        model.outcomes.set(row, RowState::Problem(problem));
    }
    unknown.map(|sent| journaling::settled(model, row, &sent, Seen::Missing)).unwrap_or_default()
}
