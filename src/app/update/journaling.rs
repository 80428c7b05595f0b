//! The journal: what is staged goes on disk before the screen says so, and what an earlier session left behind comes back.

use std::{collections::BTreeMap, sync::Arc};

use super::{busy, notice, rails, reading, remembering, review, sent};
use crate::{
    app::{
        action::Action,
        effect::{Effect, Patience},
        event::{JournalEvent, Ticket},
        journaling::JournalState,
        model::{Level, Model, RowState},
    },
    domain::{
        identity::Identity,
        patch::{Patch, Values},
        row::RowId,
        text,
    },
    findings::store::{Admitted, Arrival},
    journal::{
        entry::{Entry, KnownRow, Origin, Seen, SendId, StagedGroup, Unstaged},
        hub_key::HubKey,
        ledger::Ledger,
    },
    send::report::{Change, Problem, ProblemKind},
};

/// Opens the journal as soon as it is known whose it is: the account comes from STS, or from the hub's ARN where STS cannot be reached.
pub(super) fn identify(model: &mut Model) -> Vec<Effect> {
    let Some(connection) = &model.session.connection else { return Vec::new() };
    let account = model.session.caller.as_ref().map(|caller| caller.account.as_str()).or(model.session.hub_account.as_deref());
    if account.is_none() && !(model.session.caller_asked && model.session.hub_asked) {
        return Vec::new();
    }
    let key = HubKey::new(account, &connection.region, connection.endpoint.as_deref());
    match &model.journal.key {
        None => {
            model.journal.key = Some(key.clone());
            vec![Effect::OpenJournal(key.clone(), Patience::None), Effect::LoadSession(key)]
        }
        Some(known) if *known != key && account.is_some() => {
            let why = format!("these credentials are of another hub ({key}) than this session began with ({known}); quit and start again");
            let why = text::clean(&why).into_owned();
            model.say(Level::Error, why.clone());
            model.journal.is_foreign(why);
            Vec::new()
        }
        Some(_) => {
            model.journal.is_own();
            Vec::new()
        }
    }
}

/// News of the journal.
pub(super) fn happened(model: &mut Model, event: JournalEvent) -> Vec<Effect> {
    match event {
        JournalEvent::Opened(ledger, mended) => opened(model, &ledger, &mended),
        JournalEvent::Busy(holder) => {
            busy::ask(model, &holder);
            model.journal.stands(JournalState::Busy(holder));
            Vec::new()
        }
        JournalEvent::Written(ticket, Ok(())) => written(model, ticket),
        JournalEvent::Unusable(why) | JournalEvent::Written(_, Err(why)) => {
            broken(model, why);
            Vec::new()
        }
        JournalEvent::History(Ok(ledger)) => {
            model.journal.history = Some(ledger);
            sent::was_read(model);
            Vec::new()
        }
        JournalEvent::History(Err(why)) => {
            model.say(Level::Error, format!("the journal cannot be read: {}", text::clean(&why)));
            sent::was_read(model);
            Vec::new()
        }
    }
}

fn broken(model: &mut Model, why: String) {
    model.say(Level::Error, format!("{why}; what is staged is in memory only, and nothing is sent"));
    model.journal.stands(JournalState::Broken(why));
}

fn written(model: &mut Model, ticket: Ticket) -> Vec<Effect> {
    model.journal.unsaved.retain(|_, waits_for| *waits_for != ticket);
    if matches!(model.journal.state, JournalState::Broken(_)) {
        model.journal.state = JournalState::Open;
        model.say(Level::Info, "the journal can be written again");
    }
    // Entries before this one may have failed; they are told again.
    let older: Vec<RowId> = model.journal.unsaved.iter().filter(|&(_, &waits_for)| waits_for < ticket).map(|(&row, _)| row).collect();
    let mut effects = tell(model, older.into_iter().map(|row| (row, Unstaged::Dropped)).collect());
    effects.extend(review::saved(model));
    effects
}

/// Tells the journal what was decided since this was last done. Runs after every event, so that no way of staging can forget it.
pub(super) fn record(model: &mut Model) -> Vec<Effect> {
    let mut decided = model.staging.take_decided();
    if decided.is_empty() {
        return Vec::new();
    }
    if matches!(model.journal.state, JournalState::Broken(_)) {
        decided.extend(model.journal.unsaved.keys().map(|&row| (row, Unstaged::Dropped)));
    }
    tell(model, decided)
}

/// Since when something is not on disk: a moment is nothing to show.
pub(super) fn time(model: &mut Model) {
    let since = model.journal.unsaved_since.take();
    model.journal.unsaved_since = if model.journal.unsaved.is_empty() { None } else { since.or(Some(model.now)) };
}

/// Tells the journal again what could not be written, if anything.
pub(super) fn try_again(model: &mut Model) -> Vec<Effect> {
    let rows = model.journal.unsaved.keys().map(|&row| (row, Unstaged::Dropped)).collect();
    if matches!(model.journal.state, JournalState::Broken(_)) { tell(model, rows) } else { Vec::new() }
}

fn tell(model: &mut Model, decided: BTreeMap<RowId, Unstaged>) -> Vec<Effect> {
    if decided.is_empty() || model.journal.state == JournalState::Off {
        return Vec::new();
    }
    let ticket = model.journal.next_ticket();
    let mut groups: Vec<StagedGroup> = Vec::new();
    let mut places: std::collections::HashMap<Patch, usize> = std::collections::HashMap::new();
    let mut gone: Vec<(Unstaged, Vec<Identity>)> = Vec::new();
    for (row, why) in decided {
        let Some(identity) = model.store.identity(row) else { continue };
        model.journal.unsaved.insert(row, ticket);
        if let Some(patch) = model.staging.get(row) {
            let values = seen(model, row);
            let place = *places.entry(patch.clone()).or_insert_with(|| {
                groups.push(StagedGroup { patch: patch.clone(), rows: Vec::new() });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                group.rows.push(KnownRow { identity, values });
            }
        } else if let Some((_, rows)) = gone.iter_mut().find(|(known, _)| *known == why) {
            rows.push(identity);
        } else {
            gone.push((why, vec![identity]));
        }
    }
    // Before the journal is open, the rows wait: all of it is told once it is.
    if matches!(model.journal.state, JournalState::Opening | JournalState::Busy(_)) {
        return Vec::new();
    }
    let mut entries: Vec<Entry> = gone.into_iter().map(|(why, rows)| Entry::Unstaged { rows, why }).collect();
    if !groups.is_empty() {
        entries.push(Entry::Staged(groups));
    }
    vec![Effect::Journal(ticket, entries)]
}

/// The values that the analyst knew when deciding: where someone else's came since and nothing was decided about those, the former ones.
fn seen(model: &Model, row: RowId) -> Values {
    let undecided = || Some(model.outcomes.problem(row)?.change.as_ref()?.seen.clone());
    model.journal.left.staged.get(&row).cloned().or_else(undecided).unwrap_or_else(|| model.store.values(row))
}

/// The journal is open: what it holds is staged again, and what nobody knows is read before anything is sent.
fn opened(model: &mut Model, ledger: &Arc<Ledger>, mended: &[String]) -> Vec<Effect> {
    let has_waited = matches!(model.journal.state, JournalState::Busy(_));
    model.journal.stands(JournalState::Open);
    model.journal.history = Some(Arc::clone(ledger));
    busy::gone(model);
    sent::was_read(model);
    if has_waited {
        model.say(Level::Info, "the other session has gone: this one has the journal now");
    }
    if let Some((&last, _)) = ledger.sends.last_key_value() {
        model.sending.id = model.sending.id.max(Some(last));
    }
    let mut to_read: Vec<RowId> = Vec::new();
    let mut arrival = Arrival::default();
    for (identity, staged) in &ledger.staged {
        let row = admit(model, identity, &staged.base, &mut arrival);
        model.staging.restore(row, &staged.patch);
        model.journal.left.staged.insert(row, staged.base.clone());
        // What this program has read already needs no other read.
        if model.store.document(row).is_some() {
            compare(model, row);
        } else {
            to_read.push(row);
        }
    }
    rails::hold_all(model);
    let mut unfinished = 0;
    for (send, identity, sent) in ledger.unknown() {
        let row = admit(model, identity, &sent.before, &mut arrival);
        let problem = Problem {
            kind: ProblemKind::Unknown,
            message: Arc::from("the program ended before the answer was written down"),
            request_id: None,
            patch: sent.patch.clone(),
            tries: 1,
            change: None,
        };
        model.outcomes.set(row, RowState::Problem(problem));
        model.journal.left.unknown.insert(row, (send, sent.patch.clone()));
        unfinished += 1;
        to_read.push(row);
    }
    model.view.arrive(&model.store, &arrival);
    remembering::came(model, &arrival.added);
    to_read.sort_unstable();
    to_read.dedup();
    let mut effects = reading::read(model, &to_read);
    model.journal.reads.extend(effects.iter().filter_map(|effect| match effect {
        Effect::Reread { request, .. } => Some(*request),
        _ => None,
    }));
    model.journal.mended = mended.iter().map(|what| text::clean(what).into_owned()).collect();
    let waiting: BTreeMap<RowId, Unstaged> = model.journal.unsaved.keys().map(|&row| (row, Unstaged::Dropped)).collect();
    effects.extend(tell(model, waiting));
    say_left(model, ledger.staged.len(), unfinished, mended, ledger);
    effects
}

/// A row for a finding that may not have been loaded.
pub(super) fn admit(model: &mut Model, identity: &Identity, values: &Values, arrival: &mut Arrival) -> RowId {
    match model.store.admit(identity, values, model.session.hub) {
        (row, Admitted::New) => {
            arrival.added.push(row);
            row
        }
        (row, Admitted::Known) => {
            arrival.updated.push(row);
            row
        }
    }
}

fn say_left(model: &mut Model, staged: usize, unfinished: usize, mended: &[String], ledger: &Ledger) {
    let mut parts: Vec<String> = Vec::new();
    if staged > 0 {
        let what = if staged == 1 {
            "1 staged change of an earlier session is back".to_owned()
        } else {
            format!("{staged} staged changes of an earlier session are back")
        };
        parts.push(what);
    }
    if unfinished > 0 {
        parts.push(format!("{unfinished} findings have an unknown outcome and are being read"));
    }
    for send in ledger.sends.values() {
        if let (None, Origin::Plan { file, .. }) = (send.unsent, &send.origin) {
            parts.push(format!("the plan {} was cut off: hubtriage apply goes on with it", text::clean(file)));
        }
    }
    // First what would otherwise be lost at the end of a narrow line.
    if !mended.is_empty() {
        let tasks = notice::table_keys(model, Action::Tasks);
        parts.insert(0, format!("the journal was not whole ({tasks} tells): {}", text::clean(&mended.join("; "))));
    }
    if !parts.is_empty() {
        model.say_too(if unfinished > 0 || !mended.is_empty() { Level::Warning } else { Level::Info }, &parts.join("; "));
    }
}

/// A row has been read: where it was staged in an earlier session and its values are not those that were decided about, that is a
/// conflict to decide.
pub(super) fn compare(model: &mut Model, row: RowId) {
    let Some(seen) = model.journal.left.staged.remove(&row) else { return };
    let theirs = model.store.values(row);
    let Some(patch) = model.staging.get(row).cloned() else { return };
    if theirs != seen && !theirs.satisfy(&patch) && model.outcomes.problem(row).is_none() {
        model.outcomes.set(row, RowState::Problem(changed(patch, seen, theirs)));
    }
}

/// Someone else changed a row since the analyst saw it.
pub(super) fn changed(patch: Patch, seen: Values, theirs: Values) -> Problem {
    Problem {
        kind: ProblemKind::Changed,
        message: Arc::from("changed since it was staged"),
        request_id: None,
        patch,
        tries: 0,
        change: Some(Box::new(Change { seen, theirs })),
    }
}

/// A read showed what became of a row whose outcome was unknown: the journal has to know, else it would be read again at every start.
pub(super) fn settled(model: &mut Model, row: RowId, patch: &Patch, seen: Seen) -> Vec<Effect> {
    let send = match model.journal.left.unknown.remove(&row) {
        Some((send, _)) => send,
        None => model.sending.id.unwrap_or(SendId(0)),
    };
    let Some(identity) = model.store.identity(row) else { return Vec::new() };
    if model.journal.state != JournalState::Open {
        return Vec::new();
    }
    let ticket = model.journal.next_ticket();
    vec![Effect::Journal(ticket, vec![Entry::Settled { send, patch: patch.clone(), rows: vec![(identity, seen)] }])]
}
