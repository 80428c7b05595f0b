//! Deciding: status and severity menus, dropping, undo. Nothing here leads to the network.

use std::collections::{BTreeMap, HashMap};

use super::{flow, journaling, marks, notice};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        model::{Level, Model, RowState},
        overlay::{Choice, Menu, MenuItem, Overlay, TargetSource, Targets},
        staging::{Skipped, StepNumber, Undone, Way},
        wording,
    },
    domain::{
        patch::{Patch, Values},
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

/// Takes the last step of staging back.
pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    go(model, Way::Undo, None)
}

/// Does what was undone last again.
pub(super) fn redo(model: &mut Model) -> Vec<Effect> {
    go(model, Way::Redo, None)
}

/// Goes so many steps as it takes to have gone this one, or the next one only.
pub(super) fn go(model: &mut Model, way: Way, to: Option<StepNumber>) -> Vec<Effect> {
    let steps = match to {
        None => 1,
        // One that is over by now leads nowhere.
        Some(number) => model.staging.steps(way).iter().position(|step| step.number == number).map_or(0, |place| place + 1),
    };
    let sent = &model.sending.rows;
    let mut went: Vec<Undone> = Vec::new();
    for _ in 0..steps {
        went.extend(model.staging.go(way, |row, target| stays_whole(sent, row, target)));
        // Where rows were left alone, steps before it may be over by that.
        if to.is_some_and(|number| model.staging.steps(way).iter().all(|step| step.number != number)) {
            break;
        }
    }
    for undone in &went {
        put_conflicts(model, way, &undone.conflicts);
    }
    // A problem is about a staged change: without one there is nothing left to solve. But what was sent and may have been carried out has
    // to be found out all the same.
    let is_solved = |&(row, problem): &(RowId, &Problem)| problem.kind != ProblemKind::Unknown && model.staging.get(row).is_none();
    let solved: Vec<RowId> = model.outcomes.problems().into_iter().filter(is_solved).map(|(row, _)| row).collect();
    for row in solved {
        model.outcomes.clear(row);
    }
    tell(model, way, &went);
    Vec::new()
}

/// Rows that someone else had changed wait for a decision again where that is taken back, and do not where it is made again.
fn put_conflicts(model: &mut Model, way: Way, conflicts: &[(RowId, Values)]) {
    for (row, seen) in conflicts {
        let (row, now) = (*row, model.store.values(*row));
        match model.staging.get(row) {
            Some(staged) if way == Way::Undo && now != *seen && !now.satisfy(staged) => {
                let problem = journaling::changed(staged.clone(), seen.clone(), now);
                model.outcomes.set(row, RowState::Problem(problem));
            }
            _ if way == Way::Redo && model.outcomes.problem(row).is_some_and(|problem| problem.kind == ProblemKind::Changed) => {
                model.outcomes.clear(row);
            }
            _ => {}
        }
    }
}

/// Says what was undone or done again, on how many rows, and why not on the others.
fn tell(model: &mut Model, way: Way, went: &[Undone]) {
    let (done, not, back, does) = match way {
        Way::Undo => ("undone", "nothing was undone", Action::Redo, "does it again"),
        Way::Redo => ("done again", "nothing was done again", Action::Undo, "undoes it"),
    };
    let skipped = went.iter().fold(Skipped::default(), |all, undone| all.and(undone.skipped));
    let moved: Vec<&Undone> = went.iter().filter(|undone| undone.rows > 0).collect();
    let what = match (went, moved.as_slice()) {
        ([], _) => {
            let nothing = match way {
                Way::Undo => "there is nothing to undo",
                Way::Redo => "there is nothing to redo",
            };
            model.say(Level::Info, nothing);
            return;
        }
        ([only], []) => format!("{not}: {}", only.deed.told(skipped.count(), model.now)),
        (_, []) => not.to_owned(),
        (_, [only]) => format!("{done}: {}", only.deed.told(only.rows, model.now)),
        (_, [.., last]) => {
            format!("{done}: {}, the last of them {}", wording::counted(moved.len(), "step"), last.deed.told(last.rows, model.now))
        }
    };
    let reasons: Vec<String> = [(skipped.sending, "being sent"), (skipped.sent, "sent since"), (skipped.changed, "changed since")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, why)| format!("{} {why}", wording::grouped(count)))
        .collect();
    let apart = if reasons.is_empty() { String::new() } else { format!("; left as they are: {}", reasons.join(", ")) };
    let keys = notice::keys_here(model, back);
    let again = if moved.is_empty() { String::new() } else { format!(" ({keys} {does})") };
    model.say(if reasons.is_empty() { Level::Info } else { Level::Warning }, format!("{what}{again}{apart}"));
}

pub(super) fn findings(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}
