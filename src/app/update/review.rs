//! The step between staging and sending.

use super::{counting, journaling, notice, rails, reading, sending, staging};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        journaling::JournalState,
        keymap::Context,
        model::{Access, Level, Model},
        overlay::{Fold, Overlay, Review, ReviewEntry, Trigger},
        pass::{Pass, Purpose},
        wording,
    },
    domain::{row::RowId, text},
    findings::row_set::RowSet,
    send::{
        plan::{Plan, StagedRow},
        report::ProblemKind,
    },
};

/// Opens the review of everything staged that is not being sent already.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.staging.is_empty() {
        let [status, severity, comment] =
            [Action::Status, Action::Severity, Action::Comment].map(|action| notice::table_keys(model, action));
        if matches!(model.journal.state, JournalState::Opening) {
            let why =
                "nothing is staged here; the journal opens once the account is known, and what an earlier session left comes back then";
            model.say(Level::Warning, why);
            return Vec::new();
        }
        model.say(Level::Info, format!("nothing is staged: {status} sets a status, {severity} a severity, {comment} a comment"));
        return Vec::new();
    }
    let plan = plan(model);
    let undecided = undecided(model);
    if plan == Plan::default() && undecided > 0 {
        let list = notice::table_keys(model, Action::Problems);
        let what = wording::counted(undecided, "staged change");
        model.say(Level::Warning, format!("{what}: someone else set other values since; {list} lists what is to decide"));
        return Vec::new();
    }
    if plan == Plan::default() {
        model.say(Level::Info, "everything staged is being sent already");
        return Vec::new();
    }
    let broken = rails::broken_rows(model, &plan);
    let excluded: RowSet = rows_of(&plan).map(|row| row.row).filter(|&row| model.deciding.excluded.contains(row)).collect();
    let undo = model.undoing.staged.as_ref().filter(|staged| rows_of(&plan).any(|row| staged.has(row.row, &row.patch)));
    model.overlays.push(Overlay::Review(Review {
        note: undo.map(|staged| staged.note(model.now)),
        skipped: undo.map(|staged| staged.left.rows.clone()).unwrap_or_default(),
        plan,
        excluded,
        opened: Vec::new(),
        unbundled: Vec::new(),
        cursor: 0,
        trigger: Trigger::Locked,
        checked: None,
        undecided,
        lists_skipped: Fold::Closed,
        broken,
    }));
    Vec::new()
}

/// Whether a review was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opened {
    /// It is on the screen.
    Yes,
    /// Something else is, which must not be covered while the analyst types or decides there.
    No,
}

/// Opens the review because of an answer that came and not because of a key. A key that was meant for the table must not count here.
pub(super) fn open_unasked(model: &mut Model) -> Opened {
    if model.overlays.iter().any(|overlay| !overlay.is_screen() || matches!(overlay, Overlay::Review(_))) {
        return Opened::No;
    }
    open(model);
    match model.overlays.last_mut() {
        Some(Overlay::Review(review)) => {
            review.trigger = Trigger::Unasked;
            Opened::Yes
        }
        _ => Opened::No,
    }
}

fn rows_of(plan: &Plan) -> impl Iterator<Item = &StagedRow> {
    plan.groups.iter().flat_map(|group| &group.rows)
}

/// What would be sent now: not what someone else changed since, as long as that is not decided.
fn plan(model: &Model) -> Plan {
    let busy = staging::being_sent(model);
    Plan::of(staged_rows(model, |row| !busy.contains(row) && !is_undecided(model, row)))
}

fn is_undecided(model: &Model, row: RowId) -> bool {
    model.outcomes.problem(row).is_some_and(|problem| problem.kind == ProblemKind::Changed)
}

/// Staged rows that wait for a decision between mine and theirs.
fn undecided(model: &Model) -> usize {
    model.staging.iter().filter(|&(row, _)| is_undecided(model, row)).count()
}

/// Reads the rows of the review again; nothing is sent.
pub(super) fn check(model: &mut Model) -> Vec<Effect> {
    if model.pass.is_some() {
        model.say(Level::Info, "findings are being read already");
        return Vec::new();
    }
    let Some(Overlay::Review(review)) = model.overlays.last() else { return Vec::new() };
    let kept = rows_of(&review.plan).map(|row| row.row).filter(|&row| !review.excluded.contains(row));
    let rows: Vec<RowId> = kept.chain(review.plan.already_there.iter().copied()).collect();
    if rows.is_empty() {
        model.say(Level::Info, "there is nothing here to read");
        return Vec::new();
    }
    reading::begin_pass(model, Purpose::Check, &rows)
}

/// The rows of the review have been read: it is shown anew with their values as they are now, and what changed since it was opened stands
/// first under its group.
pub(super) fn checked(model: &mut Model, pass: &Pass) {
    let (now, undecided) = (plan(model), undecided(model));
    let broken = rails::broken_rows(model, &now);
    let Model { overlays, store, .. } = model;
    let Some(Overlay::Review(review)) = overlays.iter_mut().rev().find(|overlay| matches!(overlay, Overlay::Review(_))) else { return };
    let mut checked = review.checked.take().unwrap_or_default();
    (checked.rows, checked.missing, checked.unread) = (pass.rows, pass.missing.len(), pass.unread.len());
    for row in rows_of(&review.plan).filter(|row| store.values(row.row) != row.now) {
        checked.changed.entry(row.row).or_insert_with(|| row.now.clone());
    }
    checked.changed.retain(|&row, was| store.values(row) != *was);
    let changed = checked.changed.len();
    review.checked = Some(checked);
    review.undecided = undecided;
    review.renew(now, broken);
    let mut told = vec![match changed {
        0 => "none has changed since it was loaded".to_owned(),
        1 => "1 has changed since it was loaded".to_owned(),
        _ => format!("{changed} have changed since they were loaded"),
    }];
    for (count, what) in [(pass.missing.len(), "not found"), (pass.unread.len(), "could not be read")] {
        if count > 0 {
            told.push(format!("{count} {what}"));
        }
    }
    let level = if changed + pass.missing.len() + pass.unread.len() > 0 { Level::Warning } else { Level::Info };
    model.say(level, format!("read {} again, nothing was sent: {}", wording::counted(pass.rows, "finding"), told.join(", ")));
}

/// The staged rows in table order; rows that are not in the table come last.
pub(super) fn staged_rows(model: &Model, takes: impl Fn(RowId) -> bool) -> Vec<StagedRow> {
    let shown: Vec<RowId> = model.view.all().iter().copied().filter(|&row| model.staging.get(row).is_some()).collect();
    let seen: RowSet = shown.iter().copied().collect();
    let rest = model.staging.iter().map(|(row, _)| row).filter(|&row| !seen.contains(row));
    shown
        .iter()
        .copied()
        .chain(rest)
        .filter(|&row| takes(row))
        .filter_map(|row| {
            Some(StagedRow {
                row,
                identity: model.store.identity(row)?,
                now: model.store.values(row),
                patch: model.staging.get(row)?.clone(),
            })
        })
        .collect()
}

/// The review is on the screen and every key typed before is handled: from now on `y` counts.
pub(super) fn drawn(model: &mut Model) {
    if !model.screen.is_large_enough() {
        return;
    }
    if let Some(Overlay::Review(review)) = model.overlays.last_mut()
        && review.trigger == Trigger::Locked
    {
        review.trigger = Trigger::Ready;
    }
    match model.overlays.last_mut() {
        Some(Overlay::Busy(question)) => question.trigger = Trigger::Ready,
        Some(Overlay::Count(_)) => counting::seen(model, Trigger::Ready),
        _ => {}
    }
}

/// A key was pressed in the review that sends nothing: the analyst has seen that it opened.
pub(super) fn noticed(model: &mut Model) {
    if let Some(Overlay::Review(review)) = model.overlays.last_mut()
        && review.trigger == Trigger::Unasked
    {
        review.trigger = Trigger::Ready;
    }
}

/// The terminal has become too small to show a review: `y` counts once it has been seen again.
pub(super) fn hidden(model: &mut Model) {
    if !model.screen.is_large_enough() {
        for overlay in &mut model.overlays {
            if let Overlay::Review(review) = overlay {
                review.trigger = Trigger::Locked;
            }
        }
        counting::seen(model, Trigger::Locked);
    }
}

/// Opens or closes the group under the cursor, or the groups that are shown as one.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Review(review)) = model.overlays.last_mut() else { return Vec::new() };
    let entry = review.entries().get(review.cursor).copied();
    if let Some(ReviewEntry::Skipped | ReviewEntry::SkippedRow(_)) = entry {
        review.lists_skipped = match review.lists_skipped {
            Fold::Closed => Fold::Opened,
            Fold::Opened => Fold::Closed,
        };
        review.cursor = review.entries().iter().position(|entry| *entry == ReviewEntry::Skipped).unwrap_or(0);
    }
    if let Some(ReviewEntry::Bundle(bundle)) = entry {
        if review.unbundled.contains(&bundle) {
            review.unbundled.retain(|opened| *opened != bundle);
        } else {
            review.unbundled.push(bundle);
        }
    }
    if let Some(ReviewEntry::Group(group) | ReviewEntry::Row(group, _)) = entry {
        if review.opened.contains(&group) {
            review.opened.retain(|&opened| opened != group);
            review.cursor = review.entries().iter().position(|entry| *entry == ReviewEntry::Group(group)).unwrap_or(0);
        } else {
            review.opened.push(group);
        }
    }
    Vec::new()
}

/// Leaves the row or the whole group under the cursor out, or takes it back in.
pub(super) fn exclude(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Review(review)) = model.overlays.last_mut() else { return Vec::new() };
    let Some(&entry) = review.entries().get(review.cursor) else { return Vec::new() };
    let of_group = |at: usize| review.plan.groups.get(at).into_iter().flat_map(|group| &group.rows).map(|row| row.row);
    let rows: Vec<RowId> = match entry {
        ReviewEntry::Row(..) => review.row(entry).into_iter().collect(),
        ReviewEntry::Group(group) => of_group(group).collect(),
        ReviewEntry::Bundle(bundle) => review.members(bundle).flat_map(of_group).collect(),
        ReviewEntry::Skipped | ReviewEntry::SkippedRow(_) => Vec::new(),
    };
    let puts = rows.iter().any(|&row| !review.excluded.contains(row));
    // What was confirmed was what was not left out then.
    if matches!(review.trigger, Trigger::Pressed | Trigger::Counted) {
        review.trigger = Trigger::Ready;
    }
    for row in rows {
        if puts {
            review.excluded.insert(row);
        } else {
            review.excluded.remove(row);
        }
    }
    review.cursor = (review.cursor + 1).min(review.entries().len().saturating_sub(1));
    // Leaving the review to look at a finding must not put back what was left out.
    model.deciding.excluded.clone_from(&review.excluded);
    Vec::new()
}

/// How a send was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consent {
    /// By its key.
    Key,
    /// By its count.
    Count,
}

/// Sends what the review shows, and only that: where answers that came meanwhile changed what would be sent or the values it would
/// replace, the review is shown anew. One that changes much asks for its count first.
pub(super) fn send(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Review(review)) = model.overlays.last() else { return Vec::new() };
    if review.trigger == Trigger::Locked {
        model.say(Level::Warning, "y was typed before the review was on the screen: look, then press it again");
        return Vec::new();
    }
    if review.trigger == Trigger::Unasked {
        noticed(model);
        let send = notice::keys(model, Context::Review, Action::Send);
        model.say(Level::Warning, format!("this review opened by itself: look, then press {send} again"));
        return Vec::new();
    }
    let consent = if review.trigger == Trigger::Counted { Consent::Count } else { Consent::Key };
    confirmed(model, consent)
}

/// The count of what the review shows was typed.
pub(super) fn counted(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last() {
        Some(Overlay::Review(review)) if review.trigger == Trigger::Locked => {
            let send = notice::keys(model, Context::Review, Action::Send);
            model.say(
                Level::Warning,
                format!("what would be sent has changed since its count was asked for: look again, then press {send}"),
            );
            Vec::new()
        }
        _ => confirmed(model, Consent::Count),
    }
}

fn confirmed(model: &mut Model, consent: Consent) -> Vec<Effect> {
    let Some(Overlay::Review(review)) = model.overlays.last() else { return Vec::new() };
    if model.settings.access == Access::ReadOnly {
        model.say(Level::Warning, "this session is read-only: nothing can be sent");
        return Vec::new();
    }
    if let Some(why) = rails::refusal(model, &review.to_send()) {
        model.say(Level::Warning, why);
        return Vec::new();
    }
    let asked = match consent {
        Consent::Key => model.blast(&review.kept()),
        Consent::Count => None,
    };
    // While the count is typed the journal can be written.
    let may_wait = asked.is_some() && model.journal.state == JournalState::Open;
    if !may_wait && let Some(effects) = unsafe_to_send(model) {
        if let (Consent::Count, Some(Overlay::Review(review))) = (consent, model.overlays.last_mut())
            && review.trigger == Trigger::Pressed
        {
            review.trigger = Trigger::Counted;
        }
        return effects;
    }
    let Some(Overlay::Review(review)) = model.overlays.last() else { return Vec::new() };
    let now = plan(model);
    if now != review.plan {
        shown_anew(model, now);
        return Vec::new();
    }
    if let Some(blast) = asked {
        counting::ask(model, blast);
        return Vec::new();
    }
    let (plan, already_there) = (review.to_send(), review.plan.already_there.clone());
    if plan.groups.is_empty() && already_there.is_empty() {
        model.say(Level::Warning, "nothing is left to send");
        return Vec::new();
    }
    model.overlays.pop();
    model.deciding.excluded = RowSet::default();
    // What is there already needs no call; it is no longer a change either.
    staging::settled(model, &already_there);
    let origin = model.undoing.origin(&plan);
    sending::send(model, plan, origin)
}

/// Everything staged is in the journal: a `y` that waited for that counts now.
pub(super) fn saved(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last() {
        Some(Overlay::Review(review)) if matches!(review.trigger, Trigger::Pressed | Trigger::Counted) && model.journal.is_whole() => {
            send(model)
        }
        _ => Vec::new(),
    }
}

/// Nothing is sent that is not on disk first; says what stands in the way.
pub(super) fn unsafe_to_send(model: &mut Model) -> Option<Vec<Effect>> {
    if model.journal.is_whole() {
        return None;
    }
    let again = journaling::try_again(model);
    if model.journal.state == JournalState::Open
        && let Some(Overlay::Review(review)) = model.overlays.last_mut()
    {
        review.trigger = Trigger::Pressed;
    }
    let (level, text) = match &model.journal.state {
        JournalState::Open | JournalState::Opening => (Level::Warning, "what is staged is being written to the journal first".to_owned()),
        JournalState::Busy(holder) => (Level::Warning, format!("nothing can be sent: {} has the journal of this hub", text::clean(holder))),
        JournalState::Foreign(why) | JournalState::Broken(why) => (Level::Error, format!("nothing can be sent: {why}")),
        JournalState::Off => (Level::Warning, "this session is read-only: nothing can be sent".to_owned()),
    };
    model.say(level, text);
    Some(again)
}

fn shown_anew(model: &mut Model, plan: Plan) {
    let undecided = undecided(model);
    if plan == Plan::default() {
        model.overlays.pop();
        model.say(Level::Warning, "nothing is left to send: answers that came meanwhile settled it");
        return;
    }
    let broken = rails::broken_rows(model, &plan);
    if let Some(Overlay::Review(review)) = model.overlays.last_mut() {
        review.renew(plan, broken);
        review.undecided = undecided;
    }
    let send = notice::keys(model, Context::Review, Action::Send);
    model.say(Level::Warning, format!("what would be sent has changed since this was opened: look again, then press {send}"));
}
