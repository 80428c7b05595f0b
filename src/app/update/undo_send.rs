//! The undo of a send: its former values are staged again on rows that still have what was sent, and go back through the review.
//!
//! Owns which values go back. Nothing is sent from here.

use super::{journaling, notice, rails, reading, review, staging};
use crate::{
    app::{
        action::Action,
        deed::Deed,
        effect::Effect,
        model::{Level, Model},
        pass::{Pass, Purpose},
        undo::{Left, Staged, UndoPlan, Which},
        wording,
    },
    domain::{
        comment::{Comment, LineBreaks},
        patch::{Patch, Values},
        row::RowId,
    },
    findings::{row_set::RowSet, store::Arrival},
    journal::{
        entry::Origin,
        ledger::{Ledger, Send, SentRow, Standing},
    },
};

/// Begins the undo of a send: the journal is asked for what it was.
pub(super) fn begin(model: &mut Model, which: Which) -> Vec<Effect> {
    if let Some(refusal) = refusal(model, which) {
        model.say(Level::Warning, refusal);
        return Vec::new();
    }
    model.undoing.asked = Some(which);
    model.say(Level::Info, "looking up what was sent");
    vec![Effect::History]
}

fn refusal(model: &Model, which: Which) -> Option<String> {
    if model.pass.is_some() {
        return Some("findings are being read: try again in a moment".to_owned());
    }
    let is_it = match which {
        Which::Last => true,
        Which::This(send) => model.sending.id == Some(send),
    };
    (is_it && model.sending.is_active()).then(|| "a send is under way: it can be undone once it is over".to_owned())
}

/// The journal has been read: the rows of the send are read before anything of it is put back.
pub(super) fn found(model: &mut Model, which: Which) -> Vec<Effect> {
    if let Some(refusal) = refusal(model, which) {
        model.say(Level::Warning, refusal);
        return Vec::new();
    }
    let Some(ledger) = model.journal.history.clone() else { return Vec::new() };
    let send = match which {
        Which::Last => last(&ledger),
        Which::This(id) => ledger.sends.get(&id),
    };
    let Some(send) = send else {
        model.say(Level::Info, "there is nothing staged to undo, and no send that could be undone");
        return Vec::new();
    };
    let mut arrival = Arrival::default();
    let mut rows: Vec<(RowId, Patch, Values)> = Vec::new();
    for (identity, sent) in send.rows.iter().filter(|(_, sent)| is_processed(sent)) {
        // What it is known to have; the read tells whether it still has.
        let row = journaling::admit(model, identity, &sent.before.after(&sent.patch), &mut arrival);
        rows.push((row, sent.patch.clone(), sent.before.clone()));
    }
    arrival.updated.clear();
    model.view.arrive(&model.store, &arrival);
    let when = send.at.moment(model.now);
    if rows.is_empty() {
        model.say(Level::Info, format!("nothing of the send of {when} was processed: there is nothing to undo"));
        return Vec::new();
    }
    let read: Vec<RowId> = rows.iter().map(|&(row, ..)| row).collect();
    let plan = UndoPlan { send: send.id, at: send.at, rows };
    let what = wording::counted(read.len(), "finding");
    model.say(Level::Info, format!("reading the {what} of the send of {when} before anything is put back"));
    reading::begin_pass(model, Purpose::Undo(Box::new(plan)), &read)
}

fn is_processed(row: &SentRow) -> bool {
    matches!(row.standing, Standing::Processed | Standing::SeenProcessed)
}

/// The last send that changed something, is no undo, and has not been undone.
fn last(ledger: &Ledger) -> Option<&Send> {
    let changed = |send: &&Send| send.rows.values().any(is_processed);
    let undone = |send: &Send| ledger.sends.values().filter(changed).any(|later| later.origin == Origin::Undo(send.id));
    ledger.sends.values().rev().find(|send| changed(send) && !matches!(send.origin, Origin::Undo(_)) && !undone(send))
}

/// The rows have been read: former values are staged where what was sent is still there, and reviewed.
pub(super) fn read(model: &mut Model, plan: &UndoPlan, pass: &Pass) {
    let busy = staging::being_sent(model);
    let [missing, unread] = [&pass.missing, &pass.unread].map(|rows| rows.iter().copied().collect::<RowSet>());
    let mut staged = Staged { send: plan.send, at: plan.at, rows: std::collections::BTreeMap::new(), left: Left::default() };
    for (row, sent, before) in &plan.rows {
        let row = *row;
        let left = &mut staged.left;
        let refused = if unread.contains(row) {
            Some("it could not be read".to_owned())
        } else if missing.contains(row) {
            Some("it was not found: aged out, or no longer visible to you".to_owned())
        } else if busy.contains(row) {
            Some("it is being sent".to_owned())
        } else if model.staging.get(row).is_some() {
            Some("something else is staged on it".to_owned())
        } else {
            None
        };
        let former = match refused {
            Some(why) => {
                left.other += 1;
                Err(why)
            }
            None => former(&model.store.values(row), sent, before, left),
        };
        match former {
            Ok(former) => {
                staged.rows.insert(row, former);
            }
            Err(why) => left.rows.push((row, why)),
        }
    }
    stage(model, staged);
}

/// What has to be staged on a row to put its former values back, or why nothing can be.
fn former(now: &Values, sent: &Patch, before: &Values, left: &mut Left) -> Result<Patch, String> {
    let is_back = sent.status.is_none_or(|_| now.status == before.status)
        && sent.severity.is_none_or(|_| now.severity == before.severity)
        && sent.comment.as_ref().is_none_or(|_| now.comment == before.comment);
    if is_back {
        left.there += 1;
        return Err("it has its former values already".to_owned());
    }
    if !now.satisfy(sent) {
        left.changed += 1;
        return Err(format!("changed since: now {}", wording::values(now, sent)));
    }
    let mut former = Patch::default();
    let mut why: Vec<String> = Vec::new();
    match (sent.status, before.status) {
        (Some(_), None) => why.push("it had no status before".to_owned()),
        (Some(sent), Some(before)) => former.status = Some(before).filter(|before| *before != sent),
        (None, _) => {}
    }
    match (sent.severity, before.severity) {
        (Some(_), None) => why.push("it had no severity before".to_owned()),
        (Some(sent), Some(before)) => former.severity = Some(before).filter(|before| *before != sent),
        (None, _) => {}
    }
    match (&sent.comment, &before.comment) {
        (Some(_), None) => {
            left.emptied += 1;
            why.push("its comment was empty before, and the service cannot empty one".to_owned());
        }
        (Some(_), Some(before)) if now.comment.as_ref() == Some(before) => {}
        (Some(_), Some(before)) => match comment(before) {
            Ok(comment) => former.comment = Some(comment),
            Err(refused) => {
                left.refused += 1;
                why.push(format!("its former comment cannot be sent: {refused}"));
            }
        },
        (None, _) => {}
    }
    if !former.is_empty() {
        return Ok(former);
    }
    // A comment is counted as such.
    left.other += usize::from(sent.comment.is_none());
    Err(why.join("; "))
}

/// A former comment as it can be sent. It is known as it was shown: where characters were replaced for that, the text itself is not known.
fn comment(before: &str) -> Result<Comment, String> {
    let comment = Comment::new(before, LineBreaks::Keep).map_err(|error| error.to_string())?;
    if before.contains("<U+") || comment.as_str() != before.trim() {
        return Err("it has characters that are not sent".to_owned());
    }
    Ok(comment)
}

/// Stages former values and opens their review.
fn stage(model: &mut Model, staged: Staged) {
    let note = staged.note(model.now);
    if staged.rows.is_empty() {
        let because = staged.left.rows.first().map(|(_, why)| format!("; the first: {why}")).unwrap_or_default();
        model.say(Level::Warning, format!("{note}: nothing is left to undo{because}"));
        return;
    }
    model.staging.replace(Deed::SendUndone(staged.at), staged.rows.iter().map(|(&row, patch)| (row, patch.clone())).collect());
    rails::hold(model, &staged.rows.keys().map(|&row| (row, None)).collect::<Vec<_>>());
    let what = wording::counted(staged.rows.len(), "finding");
    let level = if staged.left == Left::default() { Level::Info } else { Level::Warning };
    model.undoing.staged = Some(staged);
    let (opened, undo) = (review::open_unasked(model), notice::table_keys(model, Action::Undo));
    let next = match opened {
        review::Opened::Yes => format!("nothing is sent yet; {undo} at the table takes the staging back"),
        review::Opened::No => format!("{} at the table reviews, {undo} takes the staging back", notice::table_keys(model, Action::Review)),
    };
    model.say(level, format!("{note}: the former values of {what} are staged; {next}"));
}
