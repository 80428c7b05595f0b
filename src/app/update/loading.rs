//! Connecting, scanning, and what is known of the hub.

use super::{explaining, journaling, marks, narrowing, notice, refresh, remembering, summary};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        event::{Connection, More, RequestId, ServedOrder},
        model::{Bound, Level, Model, ScanState},
    },
    domain::{
        failure::{CallError, CallFailure},
        query::Query,
    },
    findings::archive::SealedPage,
};

/// Said while it is under way.
pub(super) const CONNECTING: &str = "connecting again";
/// Said while it is under way.
const RUNNING: &str = "running the query again";

/// Connected, or not.
pub(super) fn connected(model: &mut Model, result: Result<Connection, CallError>) -> Vec<Effect> {
    match result {
        Ok(connection) => {
            model.session.connection = Some(connection);
            model.session.trouble = None;
            let mut effects = if model.scan.state == ScanState::Held { Vec::new() } else { scan(model) };
            effects.extend(summary::ask(model));
            effects
        }
        Err(error) => {
            if model.scan.state != ScanState::Held {
                model.scan.state = ScanState::Failed(error.clone());
            }
            model.session.trouble = Some(error);
            marks::rest_is_lost(model);
            Vec::new()
        }
    }
}

/// Begins a scan of the query.
fn scan(model: &mut Model) -> Vec<Effect> {
    let scan = model.next_request();
    model.scan.id = scan;
    model.scan.state = ScanState::Loading;
    model.scan.began = model.now;
    model.scan.loaded = 0;
    model.scan.updated = 0;
    model.scan.duplicates = 0;
    model.scan.total = None;
    model.scan.bound = Bound::of(&model.scan.query);
    model.scan.order = ServedOrder::AsAsked;
    model.scan.before = None;
    model.explanation = None;
    model.store.begin_scan();
    vec![Effect::Scan { scan, query: model.scan.query.clone(), sort: model.view.order().0.clone() }]
}

/// Begins the first scan, which had to wait for the summary; as soon as there is a connection, where there is none yet.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    model.scan.state = ScanState::Waiting;
    if model.session.connection.is_none() { Vec::new() } else { scan(model) }
}

/// Asks for something else, or for the same in another order, in place of what is being asked: rows that the former scan brought are shown
/// again once this one brings them.
pub(super) fn ask_instead(model: &mut Model, query: Query) -> Vec<Effect> {
    model.scan.query = query;
    model.marks.rest = None;
    if model.session.connection.is_none() || model.scan.state == ScanState::Held {
        return Vec::new();
    }
    let mut effects = vec![Effect::CancelScan(model.scan.id)];
    // Those that were processed stay only until something else is asked.
    model.outcomes.forget_processed();
    effects.extend(scan(model));
    refresh::take_out(model, |_, _| true);
    let Model { visit, store, view, scan, .. } = model;
    visit.look_again(store, &scan.query, view.all());
    effects
}

/// Runs the query again; reads the credential chain anew where something stood in the way.
pub(super) fn run_again(model: &mut Model) -> Vec<Effect> {
    model.outcomes.forget_processed();
    if model.session.connection.is_none() || model.session.trouble.is_some() {
        model.session.trouble = None;
        model.scan.state = ScanState::Waiting;
        model.say(Level::Info, CONNECTING);
        return vec![Effect::CancelScan(model.scan.id), Effect::Reconnect];
    }
    // What an unfinished run has not brought yet would look new.
    let before = if model.scan.state == ScanState::Complete { Some(refresh::present(model)) } else { model.scan.before.take() };
    let mut effects = vec![Effect::CancelScan(model.scan.id)];
    effects.extend(scan(model));
    model.scan.before = before;
    model.say(Level::Info, RUNNING);
    effects
}

/// A page came.
pub(super) fn page(model: &mut Model, scan: RequestId, page: SealedPage, more: More, order: ServedOrder) -> Vec<Effect> {
    if scan != model.scan.id || model.scan.state != ScanState::Loading {
        return Vec::new();
    }
    let arrival = model.store.arrive(page, model.session.hub);
    for &row in &arrival.updated {
        model.documents.forget(row);
        journaling::compare(model, row);
    }
    model.scan.loaded += arrival.added.len() + arrival.updated.len();
    model.scan.updated += arrival.updated.len();
    model.scan.duplicates += arrival.duplicates;
    model.scan.order = order;
    for rows in [&arrival.added, &arrival.updated] {
        model.visit.came(&model.store, &model.scan.query, rows);
    }
    model.view.arrive(&model.store, &arrival);
    if model.only.new {
        narrowing::narrow(model);
    }
    remembering::came(model, &arrival.added);
    remembering::came(model, &arrival.updated);
    reading_works(model);
    if more == More::Last {
        model.scan.state = ScanState::Complete;
        model.visit.visits.read(&model.scan.query, model.scan.began);
        // It has run; nothing else may be taken away, it may not have been read yet.
        model.notice.take_if(|notice| notice.text == CONNECTING);
        if model.scan.updated > 0 {
            narrowing::sort_again(model);
        }
        refresh::take_out(model, Model::is_gone);
        if let Some(before) = model.scan.before.take() {
            refresh::told(model, &before, RUNNING);
        }
    }
    marks::rest_came(model);
    explaining::ask(model)
}

/// The service refused the page token: the scan began anew.
pub(super) fn restarted(model: &mut Model, scan: RequestId) -> Vec<Effect> {
    if scan == model.scan.id && model.scan.state == ScanState::Loading {
        model.store.begin_scan();
        model.scan.loaded = 0;
        model.scan.updated = 0;
        model.scan.duplicates = 0;
        model.say(Level::Warning, "the service no longer knew the place in the list; loading started again");
    }
    Vec::new()
}

/// The scan ended with an error.
pub(super) fn failed(model: &mut Model, scan: RequestId, error: CallError) -> Vec<Effect> {
    if scan != model.scan.id || model.scan.state != ScanState::Loading {
        return Vec::new();
    }
    model.scan.state = ScanState::Failed(error.clone());
    marks::rest_is_lost(model);
    trouble(model, error)
}

/// A call-level error stands in the way: it is kept on screen until something succeeds.
pub(super) fn trouble(model: &mut Model, error: CallError) -> Vec<Effect> {
    // "V2 is off here" explains a Conflict; the other way round nothing is gained.
    let known = model.session.trouble.as_ref().map(|known| known.failure);
    if known == Some(CallFailure::NotEnabled) && error.failure == CallFailure::Conflict {
        return Vec::new();
    }
    let is_off = error.failure == CallFailure::NotEnabled;
    model.session.trouble = Some(error);
    if is_off && model.session.home_region.is_none() { vec![Effect::HomeRegion] } else { Vec::new() }
}

/// A read succeeded. That says nothing about writing: why a write was refused stays on the screen.
pub(super) fn reading_works(model: &mut Model) {
    model.session.trouble.take_if(|trouble| !trouble.is_of_write());
}

/// Why a write was refused is over once no row tells of it any more, and no send waits for it.
pub(super) fn settle(model: &mut Model) {
    if model.outcomes.problem_count() == 0 && !model.sending.is_active() {
        model.session.trouble.take_if(|trouble| trouble.is_of_write());
    }
}

/// How many findings there are; the screen goes on without.
pub(super) fn total(model: &mut Model, scan: RequestId, total: Result<u64, CallError>) -> Vec<Effect> {
    if scan == model.scan.id {
        model.scan.total = total.ok();
    }
    Vec::new()
}

/// Whether V2 is on here. Only "it is off" is trouble: a policy may forbid asking.
pub(super) fn described(model: &mut Model, described: Result<Option<String>, CallError>) -> Vec<Effect> {
    model.session.hub_asked = true;
    let mut effects = match described {
        Ok(account) => {
            model.session.hub_account = account;
            Vec::new()
        }
        Err(error) if error.failure == CallFailure::NotEnabled => trouble(model, error),
        Err(_) => Vec::new(),
    };
    effects.extend(journaling::identify(model));
    effects
}

/// Stops reading pages.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    model.scan.state = ScanState::Stopped;
    model.marks.rest = None;
    let of = model.scan.total.map(|total| format!(" of {} {total}", model.scan.bound.word())).unwrap_or_default();
    let [again, quit] = [Action::RunAgain, Action::Interrupt].map(|action| notice::table_keys(model, action));
    let loaded = model.scan.loaded;
    model.say(Level::Warning, format!("stopped: {loaded}{of} findings are loaded; {again} runs the query again, {quit} again quits"));
    vec![Effect::CancelScan(model.scan.id)]
}
