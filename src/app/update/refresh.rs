//! What becomes of rows that are not in the result any more, and how a query that was run again is told.
//!
//! A row that is marked, staged or has an outcome stays visible, as gone, until the query is run again without any of that on it; the
//! others leave, and the cursor goes to what stands next.

use crate::{
    app::{
        model::{Level, Model},
        wording,
    },
    domain::row::RowId,
    findings::row_set::RowSet,
};

/// Whether a row stays visible although the result no longer has it.
fn is_kept(model: &Model, row: RowId) -> bool {
    // Processed ones too: those of before the scan are forgotten, so these were sent while it ran.
    model.marks.rows.contains(row) || model.staging.get(row).is_some() || model.outcomes.get(row).is_some()
}

/// Takes rows out of the table, but for those that stay visible as gone; says how many went. The cursor of a row that goes is given to the
/// next one that stays, on the same line of the screen.
pub(super) fn take_out(model: &mut Model, is_out: impl Fn(&Model, RowId) -> bool) -> usize {
    let out: RowSet = model.view.held().iter().filter(|&row| is_out(model, row) && !is_kept(model, row)).collect();
    if out.is_empty() {
        return 0;
    }
    if let Some(row) = model.cursor.row.filter(|&row| out.contains(row)) {
        let shown = model.view.rows();
        let at = shown.iter().position(|&shown| shown == row).unwrap_or(0);
        let stays = |row: &&RowId| !out.contains(**row);
        let (above, below) = shown.split_at(at);
        model.cursor.row = below.iter().find(stays).or_else(|| above.iter().rev().find(stays)).copied();
    }
    let Model { view, store, visit, .. } = model;
    for row in out.iter() {
        visit.rows.remove(row);
    }
    view.remove(store, |row| out.contains(row));
    out.len()
}

/// What the result holds now, to be compared with what it holds once the query has been run again.
pub(super) fn present(model: &Model) -> RowSet {
    let mut rows = model.view.held();
    model.take_gone(&mut rows);
    rows
}

/// The query has been run again: what went, what came.
pub(super) fn told(model: &mut Model, before: &RowSet, running: &str) {
    let now = present(model);
    let mut both = now.clone();
    both.retain_all(before);
    let (gone, new) = (before.len() - both.len(), now.len() - both.len());
    // Those that are still held, and not in the result any more.
    let mut kept = model.view.held();
    kept.retain_all(before);
    let kept = kept.len() - both.len();
    let told = match (gone, new) {
        (0, 0) => "the query has run again: the same findings".to_owned(),
        (0, new) => format!("{} in the result", wording::counted_are(new, "new finding")),
        (gone, 0) => format!("{} gone from the result{}", wording::counted_are(gone, "row"), still(kept)),
        (gone, new) => format!("{} gone from the result{}, {} new", wording::counted_are(gone, "row"), still(kept), wording::grouped(new)),
    };
    // What has been said since is not taken away, it may not have been read yet.
    if model.notice.as_ref().is_none_or(|notice| notice.text == running) {
        model.say(Level::Info, told);
    } else {
        model.say_too(Level::Info, &told);
    }
}

/// Rows that are gone and can still be seen.
fn still(kept: usize) -> String {
    if kept == 0 { String::new() } else { format!(" (– {} kept: marked, staged or sent)", wording::grouped(kept)) }
}
