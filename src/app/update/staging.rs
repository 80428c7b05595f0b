//! Deciding: status and severity menus, dropping, undo. Nothing here leads to the network.

use std::collections::{BTreeMap, HashMap};

use super::{flow, marks, notice};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        model::{Level, Model},
        overlay::{Choice, Menu, MenuItem, Overlay, TargetSource, Targets},
        staging::Undone,
    },
    domain::{
        patch::Patch,
        row::RowId,
        severity::{Acceptance, SeverityId},
        status::StatusId,
    },
    findings::{chunk::Row, row_set::RowSet},
    journal::entry::Unstaged,
    send::report::{Problem, ProblemKind},
};

const DOUBTFUL: &str = "not accepted by every API release";

/// Which rows a decision is for: the detail's row, the marks, or the cursor's row. A range that is being drawn is marked first.
pub(super) fn targets(model: &mut Model) -> Option<Targets> {
    if let Some(Overlay::Detail(detail)) = model.overlays.last() {
        return Some(Targets { rows: vec![detail.row], hidden: 0, source: TargetSource::Cursor });
    }
    if let Some(Overlay::Flow(open)) = model.overlays.last() {
        return flow::targets(open, model);
    }
    if model.marks.range.is_some() {
        marks::end_range(model);
        model.notice = None;
    }
    model.targets()
}

/// Opens the status menu over the target rows.
pub(super) fn status_menu(model: &mut Model) -> Vec<Effect> {
    let offers = StatusId::OFFERED.map(|id| Offer {
        choice: Choice::Status(id),
        id: id.0,
        key: id.key(),
        caption: id.caption(),
        accepted: id.acceptance(),
    });
    open(model, "status", &offers, |row| row.status)
}

/// Opens the severity menu over the target rows.
pub(super) fn severity_menu(model: &mut Model) -> Vec<Effect> {
    let offers = SeverityId::OFFERED.map(|id| Offer {
        choice: Choice::Severity(id),
        id: id.0,
        key: id.key(),
        caption: id.caption(),
        accepted: id.acceptance(),
    });
    open(model, "severity", &offers, |row| row.severity)
}

/// A value that a menu offers.
struct Offer {
    choice: Choice,
    id: i32,
    key: char,
    caption: Option<&'static str>,
    accepted: Acceptance,
}

/// Opens a menu of values; `of` is the id that a row has now.
fn open(model: &mut Model, field: &str, offers: &[Offer], of: impl Fn(&Row) -> i32) -> Vec<Effect> {
    let Some(targets) = targets(model) else { return notice::no_row(model) };
    let mut now: BTreeMap<i32, usize> = BTreeMap::new();
    for row in targets.rows.iter().filter_map(|&row| model.store.row(row)) {
        *now.entry(of(&row)).or_insert(0) += 1;
    }
    let items = offers
        .iter()
        .map(|offer| MenuItem {
            choice: offer.choice,
            number: Some(offer.id),
            key: offer.key,
            caption: offer.caption.unwrap_or_default().to_owned(),
            now: now.get(&offer.id).copied().unwrap_or(0),
            note: (offer.accepted == Acceptance::SomeReleases).then_some(DOUBTFUL),
        })
        .collect();
    let title = format!("{field} of {}", targets.described());
    model.overlays.push(Overlay::Menu(Menu { title, items, cursor: 0, targets: Some(targets) }));
    Vec::new()
}

/// Drops what is staged on the target rows.
pub(super) fn drop(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = targets(model) else { return notice::no_row(model) };
    drop_rows(model, &targets.rows);
    Vec::new()
}

/// Drops what is staged on rows, but not on those that are being sent: their call cannot be called back.
pub(super) fn drop_rows(model: &mut Model, rows: &[RowId]) {
    let busy = being_sent(model);
    let (kept, rows): (Vec<RowId>, Vec<RowId>) = rows.iter().copied().partition(|&row| busy.contains(row));
    let dropped = model.staging.drop_rows(&rows, Unstaged::Dropped);
    for &row in &rows {
        if model.outcomes.problem(row).is_some() {
            model.outcomes.clear(row);
        }
    }
    let undo = notice::table_keys(model, Action::Undo);
    let mut parts = Vec::new();
    if !kept.is_empty() {
        parts.push(format!("{} being sent: cannot be called back", findings(kept.len())));
    }
    match dropped {
        0 if kept.is_empty() => parts.push("nothing is staged here".to_owned()),
        0 => {}
        1 => parts.insert(0, format!("dropped 1 staged change; {undo} brings it back")),
        _ => parts.insert(0, format!("dropped {dropped} staged changes; {undo} brings them back")),
    }
    model.say(if kept.is_empty() { Level::Info } else { Level::Warning }, parts.join("; "));
}

/// Every value staged on these rows is there already: that is no change any more, and no problem either.
pub(super) fn settled(model: &mut Model, rows: &[RowId]) {
    for &row in rows {
        model.outcomes.clear(row);
    }
    model.staging.drop_rows(rows, Unstaged::AlreadyThere);
}

/// Rows whose call is under way or waits.
pub(super) fn being_sent(model: &Model) -> RowSet {
    model.sending.rows.keys().copied().collect()
}

/// A call cannot be called back, so what it sets must stay staged until its answer is there.
fn stays_whole(sent: &HashMap<RowId, Patch>, row: RowId, target: Option<&Patch>) -> bool {
    sent.get(&row).is_none_or(|sent| target.is_some_and(|target| target.covers(sent)))
}

/// Takes the last staging back.
pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    let sent = &model.sending.rows;
    let undone = model.staging.undo(|row, target| stays_whole(sent, row, target));
    tell(model, undone, "undone", "there is nothing to undo")
}

/// Stages again what was undone.
pub(super) fn redo(model: &mut Model) -> Vec<Effect> {
    let sent = &model.sending.rows;
    let redone = model.staging.redo(|row, target| stays_whole(sent, row, target));
    tell(model, redone, "done again", "there is nothing to redo")
}

fn tell(model: &mut Model, undone: Option<Undone>, verb: &str, nothing: &str) -> Vec<Effect> {
    // A problem is about a staged change: without one there is nothing left to solve. But what was sent and may have been carried out has
    // to be found out all the same.
    let is_solved = |&(row, problem): &(RowId, &Problem)| problem.kind != ProblemKind::Unknown && model.staging.get(row).is_none();
    let solved: Vec<RowId> = model.outcomes.problems().into_iter().filter(is_solved).map(|(row, _)| row).collect();
    for row in solved {
        model.outcomes.clear(row);
    }
    let Some(Undone { rows, skipped }) = undone else {
        model.say(Level::Info, nothing);
        return Vec::new();
    };
    let done = if rows == 0 { format!("nothing was {verb}") } else { format!("{verb} on {}", findings(rows)) };
    if skipped == 0 {
        model.say(Level::Info, done);
    } else {
        let skipped = findings(skipped);
        model.say(Level::Warning, format!("{done}; {skipped} being sent, sent or changed since: left as they are"));
    }
    Vec::new()
}

pub(super) fn findings(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}
