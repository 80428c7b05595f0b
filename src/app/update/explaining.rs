//! Why there is nothing to show: asks the service which clause of a query removes all, and looks which word of the filter does.

use crate::{
    app::{
        effect::Effect,
        event::RequestId,
        model::{Model, ScanState},
        serving::{Explanation, Hiding, Serving, Stage},
    },
    domain::failure::CallError,
    findings::search,
};

/// Asks, once a scan has ended and there is no row.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    if model.scan.state != ScanState::Complete || !model.view.all().is_empty() {
        return Vec::new();
    }
    let request = model.next_request();
    model.explanation = Explanation::begin(request, &model.scan.query);
    questions(model)
}

fn questions(model: &Model) -> Vec<Effect> {
    let explanation = model.explanation.as_ref();
    let queries = explanation.map(Explanation::questions).unwrap_or_default();
    let request = explanation.map(|explanation| explanation.request).unwrap_or_default();
    if queries.is_empty() { Vec::new() } else { vec![Effect::Explain { request, queries }] }
}

/// Takes in an answer, and asks on.
pub(super) fn answered(model: &mut Model, request: RequestId, counts: Result<Vec<u64>, CallError>) -> Vec<Effect> {
    if model.explanation.as_ref().is_none_or(|explanation| explanation.request != request) {
        return Vec::new();
    }
    let next = model.next_request();
    let Some(explanation) = &mut model.explanation else { return Vec::new() };
    match counts {
        Ok(counts) => explanation.answered(&counts),
        // The screen goes on without: a policy may forbid counting.
        Err(_) => explanation.stage = Stage::Failed,
    }
    explanation.request = next;
    questions(model)
}

/// What the service does of the query that is asked now, and which word of the filter hides every row.
pub(super) fn settle(model: &mut Model) {
    if model.serving.query != model.scan.query {
        model.serving = Serving::of(&model.scan.query);
    }
    let typed = model.filter.trim();
    let all = model.view.all();
    if typed.is_empty() || all.is_empty() || !model.view.rows().is_empty() || model.view.is_narrowed() {
        model.hiding = None;
    } else if model.hiding.as_ref().is_none_or(|hiding| hiding.typed != typed || hiding.of != all.len()) {
        model.hiding = Some(Hiding { typed: typed.to_owned(), of: all.len(), words: search::by_word(&model.store, all, typed) });
    }
}
