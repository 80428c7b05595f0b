//! The landing summary: opening it, having it counted, moving in it, and asking for what a line stands for.

use super::{loading, movement, trail};
use crate::{
    app::{
        action::Motion,
        effect::Effect,
        event::RequestId,
        layout::scrolled,
        model::{Level, Model, ScanState},
        overlay::Overlay,
        summary::{self, FIELDS, Source, Summary},
        summary_layout::{self, Placed},
    },
    domain::{
        counted::Counted,
        failure::{CallError, CallFailure},
        row::RowId,
    },
};

/// Where a move within the summary leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    /// The blocks to the left.
    Left,
    /// The blocks to the right.
    Right,
    /// The next block, round the end.
    Next,
}

/// Opens it over the table.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        return Vec::new();
    }
    model.overlays.push(Overlay::Summary(Box::new(Summary::new(model.scan.query.clone()))));
    ask(model)
}

/// The summary, where it is open, whatever lies over it.
fn opened(model: &mut Model) -> Option<&mut Summary> {
    model.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::Summary(summary) => Some(summary.as_mut()),
        _ => None,
    })
}

/// Has the query counted, where the summary is open and the hub can be asked.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    if model.session.connection.is_none() || opened(model).is_none() {
        return Vec::new();
    }
    let request = model.next_request();
    let query = model.scan.query.clone();
    if let Some(summary) = opened(model) {
        summary.request = Some(request);
    }
    vec![Effect::Count { request, query, fields: FIELDS.to_vec() }]
}

/// Counts again; reads the credential chain anew where that is what helps.
pub(super) fn again(model: &mut Model) -> Vec<Effect> {
    let refused = opened(model).and_then(|summary| summary.refused.as_ref()).is_some_and(|error| error.failure.wants_reconnect());
    if model.session.connection.is_none() || model.session.trouble.is_some() || refused {
        model.say(Level::Info, loading::CONNECTING);
        model.session.trouble = None;
        return vec![Effect::Reconnect];
    }
    ask(model)
}

/// The service has counted, or not. Without its counts those of the loaded rows stand in; where a policy forbids counting, waiting for
/// counts before anything is loaded has no sense either.
pub(super) fn counted(model: &mut Model, request: RequestId, result: Result<Vec<Counted>, CallError>) -> Vec<Effect> {
    let names = summary::names(&model.store);
    let now = model.now;
    let Some(summary) = opened(model).filter(|summary| summary.request == Some(request)) else { return Vec::new() };
    summary.request = None;
    match result {
        Ok(counted) => {
            summary.counted(&counted, &names, now);
            forget_connecting(model);
            Vec::new()
        }
        Err(error) => {
            let is_denied = error.failure == CallFailure::AccessDenied;
            summary.refused = Some(error);
            count_loaded(model);
            forget_connecting(model);
            if is_denied && model.scan.state == ScanState::Held { loading::begin(model) } else { Vec::new() }
        }
    }
}

fn forget_connecting(model: &mut Model) {
    model.notice.take_if(|notice| notice.text == loading::CONNECTING);
}

/// Counts the rows of the result that are loaded.
fn count_loaded(model: &mut Model) {
    let names = summary::names(&model.store);
    let rows: Vec<RowId> = model.view.all().iter().copied().filter(|&row| !model.is_gone(row)).collect();
    let Model { overlays, store, .. } = model;
    if let Some(Overlay::Summary(summary)) = overlays.iter_mut().rev().find(|overlay| matches!(overlay, Overlay::Summary(_))) {
        summary.count_loaded(store, &rows, &names);
    }
}

/// Asks for what the cursor is on, and leaves the summary.
pub(super) fn drill(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Summary(summary)) = model.overlays.last() else { return Vec::new() };
    let clause = summary.here().and_then(|(facet, line)| facet.clause(&line.raw, summary.source));
    let Some(clause) = clause else {
        model.say(Level::Info, "there is nothing to open here");
        return Vec::new();
    };
    let query = model.scan.query.narrowed(clause);
    model.overlays.pop();
    if query == model.scan.query && model.scan.state != ScanState::Held {
        return Vec::new();
    }
    if model.scan.state != ScanState::Held {
        trail::leave(model);
    }
    model.scan.query = query.clone();
    if model.scan.state == ScanState::Held { loading::begin(model) } else { loading::ask_instead(model, query) }
}

/// The summary has been left: what it was looked at before is loaded now.
pub(super) fn left(model: &mut Model) -> Vec<Effect> {
    if model.scan.state == ScanState::Held { loading::begin(model) } else { Vec::new() }
}

/// Moves within the blocks that stand under each other.
pub(super) fn moved(model: &mut Model, motion: Motion, count: Option<usize>) {
    let placed = placed(model);
    let Some(Overlay::Summary(summary)) = model.overlays.last_mut() else { return };
    let Some(here) = placed.iter().find(|placed| placed.block == summary.at).copied() else { return };
    let mut under: Vec<(usize, usize)> = Vec::new();
    for placed in placed.iter().filter(|placed| placed.column == here.column) {
        let lines = summary.blocks.get(placed.block).map_or(0, |block| block.lines.len());
        under.extend((0..lines).map(|line| (placed.block, line)));
    }
    let cursor = summary.blocks.get(here.block).map_or(0, |block| block.cursor);
    let from = under.iter().position(|&place| place == (here.block, cursor)).unwrap_or(0);
    let to = movement::target(motion, count, from, under.len(), usize::from(here.lines).max(1));
    if let Some(&(block, line)) = under.get(to) {
        go(summary, block, line);
    }
}

/// Moves to the blocks beside, to the line at the same height, or to the next block.
pub(super) fn aside(model: &mut Model, aside: Aside) -> Vec<Effect> {
    let placed = placed(model);
    let Some(Overlay::Summary(summary)) = model.overlays.last_mut() else { return Vec::new() };
    let Some(at) = placed.iter().position(|placed| placed.block == summary.at) else { return Vec::new() };
    let Some(here) = placed.get(at).copied() else { return Vec::new() };
    if aside == Aside::Next {
        let filled = |placed: &&Placed| summary.blocks.get(placed.block).is_some_and(|block| !block.lines.is_empty());
        let next = placed.iter().cycle().skip(at + 1).take(placed.len()).find(filled);
        summary.at = next.map_or(summary.at, |next| next.block);
        return Vec::new();
    }
    let column = if aside == Aside::Left { here.column.checked_sub(1) } else { here.column.checked_add(1) };
    let height = |placed: &Placed, line: usize, top: usize| usize::from(placed.y) + 1 + line.saturating_sub(top);
    let own = summary.blocks.get(here.block).map_or(0, |block| height(&here, block.cursor, block.top));
    let beside = placed.iter().filter(|placed| Some(placed.column) == column);
    let seen = beside.flat_map(|placed| {
        let (top, lines) = summary.blocks.get(placed.block).map_or((0, 0), |block| (block.top, block.lines.len()));
        (top..lines.min(top + usize::from(placed.lines))).map(move |line| (height(placed, line, top).abs_diff(own), placed.block, line))
    });
    if let Some((_, block, line)) = seen.min() {
        go(summary, block, line);
    }
    Vec::new()
}

fn go(summary: &mut Summary, block: usize, line: usize) {
    summary.at = block;
    if let Some(block) = summary.blocks.get_mut(block) {
        block.cursor = line;
    }
}

/// Where the blocks stand now.
fn placed(model: &Model) -> Vec<Placed> {
    match model.overlays.last() {
        Some(Overlay::Summary(summary)) => {
            let (width, height) = summary_layout::room(model.screen.columns, model.screen.rows, summary.refused.is_some());
            summary_layout::place(&summary.counts(), width, height)
        }
        _ => Vec::new(),
    }
}

/// Runs after every event: counts what is asked for by now, counts loaded rows while they come, and keeps the cursors on the screen.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    let query = model.scan.query.clone();
    let Some(summary) = opened(model) else { return Vec::new() };
    if summary.query != query {
        // What it shows is of another query by now.
        *summary = Summary::new(query);
        return ask(model);
    }
    if let Source::Loaded(rows) = summary.source {
        let loaded = model.view.all().len();
        // Counting anew with every page would take longer and longer.
        if loaded != rows && (model.scan.state != ScanState::Loading || loaded < rows || loaded > rows + rows / 4) {
            count_loaded(model);
        }
    }
    let placed = placed(model);
    let Some(Overlay::Summary(summary)) = model.overlays.last_mut() else { return Vec::new() };
    for placed in placed {
        if let Some(block) = summary.blocks.get_mut(placed.block) {
            block.cursor = block.cursor.min(block.lines.len().saturating_sub(1));
            block.top = scrolled(block.top, block.cursor, usize::from(placed.lines), block.lines.len());
        }
    }
    Vec::new()
}
