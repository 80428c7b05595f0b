//! The review: what would be sent, in groups of identical patches, before anything is.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        action::Action,
        bundle::Bundle,
        journaling::JournalState,
        keymap::Context,
        model::{Access, Model},
        overlay::{Fold, Review, ReviewEntry, Trigger},
        pass::Purpose,
        pointer::Spot,
        rails::{Broken, Since},
        wording,
    },
    domain::{
        guard_rail::GuardRails,
        patch::Patch,
        severity::SeverityId,
        text::{self, Cut},
    },
    findings::interner::Symbol,
    send::{
        options::ConflictCheck,
        plan::{Group, Plan, StagedRow, call_count},
    },
};

use super::{
    canvas::{self, Canvas},
    header, list, progress,
    row::{self, Focus},
    theme::Ink,
};

/// Where the fields of a group begin.
const FIELDS: u16 = 22;
/// Where their values begin.
const VALUES: u16 = FIELDS + 10;
/// Where the lines of a whole comment begin.
const WHOLE: u16 = 7;
/// Room kept for what stands behind a comment: `replaces 100,000 comments`.
const NOTE: u16 = 30;
/// Accounts that are named.
const ACCOUNTS: usize = 4;
/// Lines under the list: a rule, what is left out, the total, the conflict check, and whether `y` sends.
const FOOT: u16 = 5;

/// Draws the review into everything but the footer.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, review: &Review, area: Rect) {
    title(canvas, model, canvas::lines(area, 0, 1));
    canvas.rule(canvas::lines(area, 1, 1));
    // A note says where this comes from, or what waits for a decision: it must be seen before anything is sent.
    let foot_lines = FOOT + notes(model, review, area.width).len() as u16;
    let body = canvas::lines(area, 2, area.height.saturating_sub(2 + foot_lines));
    let entries = review.entries();
    let height =
        |at: usize| match entries.get(at) {
            Some(ReviewEntry::Bundle(bundle)) => first(review, *bundle).map_or(1, |group| lines(&group.patch)),
            Some(ReviewEntry::Group(group)) => review.plan.groups.get(*group).map_or(1, |at| {
                lines(&at.patch).saturating_add(u16::try_from(whole_comment(review, *group, body).len()).unwrap_or(u16::MAX))
            }),
            _ => 1,
        };
    for (at, line) in list::visible(entries.len(), review.cursor, body.height, height) {
        let area = canvas::lines(body, line, height(at));
        canvas.spot(area, Spot::Entry(at));
        let focus = if at == review.cursor { Focus::Cursor } else { Focus::Away };
        match entries.get(at) {
            Some(&ReviewEntry::Group(at)) => {
                if let Some(group) = review.plan.groups.get(at) {
                    self::group(canvas, model, review, &Told::of(review, at, group, area), area, focus);
                }
            }
            Some(&ReviewEntry::Bundle(bundle)) => {
                if let Some(group) = first(review, bundle) {
                    self::group(canvas, model, review, &Told::of_bundle(review, bundle, &group.patch), area, focus);
                }
            }
            Some(&entry @ ReviewEntry::Row(..)) => self::entry(canvas, model, review, entry, area, focus),
            Some(ReviewEntry::Skipped) => skipped_heading(canvas, review, area, focus),
            Some(&ReviewEntry::SkippedRow(at)) => skipped(canvas, model, review, at, area, focus),
            None => {}
        }
    }
    foot(canvas, model, review, canvas::lines(area, area.height.saturating_sub(foot_lines), foot_lines));
}

/// Lines of a group: severity and accounts are told even where they are not changed.
fn lines(patch: &Patch) -> u16 {
    2 + u16::from(patch.status.is_some()) + u16::from(patch.comment.is_some())
}

/// The comment of an opened group in lines of its own, all of it: it cannot be taken back once it is sent. Empty where one line holds it.
fn whole_comment(review: &Review, at: usize, body: Rect) -> Vec<String> {
    let Some(comment) = review.plan.groups.get(at).and_then(|group| group.patch.comment.as_ref()) else { return Vec::new() };
    if !review.opened.contains(&at) {
        return Vec::new();
    }
    let clean = text::clean(comment.as_str());
    if text::width(&clean) + usize::from(VALUES + NOTE) < usize::from(body.width) {
        return Vec::new();
    }
    text::wrap(&clean, usize::from(body.width.saturating_sub(2 * WHOLE)))
}

fn title(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    canvas.write(&mut left, "Review", canvas.style(Ink::Title));
    canvas.write(&mut left, " · nothing has been sent", Style::new());
    left = canvas::columns(left, 2, u16::MAX);
    let who = match (&model.session.caller, header::account(model)) {
        (Some(caller), _) => format!("acting as {} {}", text::clean(&caller.account), wording::caller_name(&caller.arn)),
        (None, Some(account)) => format!("acting in {account}"),
        (None, None) => "who is acting is not known".to_owned(),
    };
    let who = text::fit(&who, usize::from(left.width), Cut::Middle).into_owned();
    canvas.write_right(&mut left, &who, Style::new());
}

/// The first group of a bundle.
fn first(review: &Review, bundle: Bundle) -> Option<&Group> {
    review.members(bundle).next().and_then(|at| review.plan.groups.get(at))
}

/// What is told of a group, or of a bundle of them.
struct Told<'a> {
    number: String,
    fold: char,
    patch: &'a Patch,
    groups: Vec<&'a Group>,
    comment: String,
    /// The whole comment in lines of its own.
    whole: Vec<String>,
}

impl<'a> Told<'a> {
    fn of(review: &Review, at: usize, group: &'a Group, area: Rect) -> Self {
        Self {
            number: format!("{:>2}  ", at + 1),
            fold: if review.opened.contains(&at) { '▾' } else { '▸' },
            patch: &group.patch,
            groups: vec![group],
            comment: group.patch.comment.as_ref().map_or_else(String::new, |comment| format!("\"{}\"", text::clean(comment.as_str()))),
            whole: whole_comment(review, at, area),
        }
    }

    fn of_bundle(review: &'a Review, bundle: Bundle, patch: &'a Patch) -> Self {
        let is_open = review.unbundled.contains(&bundle);
        let groups: Vec<&Group> = review.members(bundle).filter_map(|at| review.plan.groups.get(at)).collect();
        let is_kept = |group: &&&Group| group.rows.iter().any(|row| !review.excluded.contains(row.row));
        let count = groups.iter().filter(is_kept).count();
        Self {
            number: "  ".to_owned(),
            fold: if is_open { '▾' } else { '▸' },
            patch,
            comment: wording::counted(count, "distinct comment"),
            groups,
            whole: Vec::new(),
        }
    }
}

/// A group over its lines: how many rows, and per field what there was and what there will be.
fn group(canvas: &mut Canvas<'_>, model: &Model, review: &Review, group: &Told<'_>, area: Rect, focus: Focus) {
    let is_kept = |row: &&StagedRow| !review.excluded.contains(row.row);
    let kept: Vec<&StagedRow> = group.groups.iter().flat_map(|group| &group.rows).filter(is_kept).collect();
    let style = if kept.is_empty() { canvas.style(Ink::Faint) } else { Style::new() };
    let first = canvas::lines(area, 0, 1);
    canvas.sign(first.x + 1, first.y, group.fold, style);
    let mut left = canvas::columns(first, 3, FIELDS - 4);
    canvas.write(&mut left, &group.number, style);
    canvas.write(&mut left, &wording::counted(kept.len(), "finding"), canvas.style(if kept.is_empty() { Ink::Faint } else { Ink::Title }));
    if focus == Focus::Cursor {
        cursor(canvas, canvas::columns(first, 0, FIELDS - 1));
    }
    let mut rest = area;
    if let Some(status) = group.patch.status {
        let was = counts(&kept, |row| row.now.status.map_or_else(|| "no status".to_owned(), wording::status_caption));
        field(canvas, &mut rest, "status", &was, &format!(" → {}", wording::status_caption(status)), canvas.style(Ink::Staged));
    }
    let becomes =
        group.patch.severity.map_or_else(|| "  (stays)".to_owned(), |severity| format!(" → {}", wording::severity_caption(severity)));
    let ink = if group.patch.severity.is_some() { Ink::Staged } else { Ink::Faint };
    field(canvas, &mut rest, "severity", &severities(&kept), &becomes, canvas.style(ink));
    if group.patch.comment.is_some() {
        let replaced = kept.iter().filter(|row| row.now.comment.is_some()).count();
        let note = if replaced == 0 { String::new() } else { format!("  replaces {}", wording::counted(replaced, "comment")) };
        field(canvas, &mut rest, "comment", &group.comment, &note, canvas.style(Ink::Warning));
    }
    field(canvas, &mut rest, "accounts", &accounts(model, &kept), "", Style::new());
    for line in &group.whole {
        canvas.put(canvas::columns(canvas::lines(rest, 0, 1), WHOLE, u16::MAX), line, canvas.style(Ink::Staged));
        rest = canvas::lines(rest, 1, u16::MAX);
    }
    let left = canvas::columns(canvas::lines(area, 1, 1), 7, FIELDS - 8);
    let calls = group.groups.iter().map(|group| call_count(group.rows.iter().filter(is_kept))).sum();
    canvas.put(left, &wording::counted(calls, "call"), canvas.style(Ink::Faint));
}

/// A label, a value that is cut where it must be, and behind it what must be whole; takes its line off what is left.
fn field(canvas: &mut Canvas<'_>, rest: &mut Rect, label: &str, value: &str, whole: &str, style: Style) {
    let area = canvas::lines(*rest, 0, 1);
    *rest = canvas::lines(*rest, 1, u16::MAX);
    canvas.put(canvas::columns(area, FIELDS, VALUES - FIELDS), label, canvas.style(Ink::Label));
    let mut left = canvas::columns(area, VALUES, area.width.saturating_sub(VALUES + 1));
    let room = usize::from(left.width).saturating_sub(text::width(whole));
    canvas.write(&mut left, &text::fit(value, room, Cut::End), Style::new());
    canvas.write(&mut left, whole, style);
}

/// A row of an opened group.
fn entry(canvas: &mut Canvas<'_>, model: &Model, review: &Review, entry: ReviewEntry, area: Rect, focus: Focus) {
    let Some(id) = review.row(entry) else { return };
    let is_out = review.excluded.contains(id);
    let style = if is_out { canvas.style(Ink::Faint) } else { Style::new() };
    let mut left = canvas::columns(area, 4, area.width.saturating_sub(5));
    if is_out {
        canvas.write(&mut left, "– ", canvas.style(Ink::Warning));
        canvas.write_right(&mut left, "  left out", canvas.style(Ink::Warning));
    } else {
        canvas.write(&mut left, "● ", canvas.style(Ink::Staged));
    }
    if let Some(was) = review.was(id) {
        let told = format!("  {}", wording::difference(was, &model.store.values(id)));
        let told = text::fit(&told, usize::from(left.width) * 3 / 5, Cut::End).into_owned();
        canvas.write_right(&mut left, &told, canvas.style(Ink::Warning));
    }
    let broken = if is_out { Vec::new() } else { broken_rails(model, review, entry) };
    if !broken.is_empty() {
        canvas.write_right(&mut left, &format!("  ✗ {}", broken.join("; ")), canvas.style(Ink::Problem));
    }
    row::draw_named(canvas, model, left, id, style);
    if focus == Focus::Cursor {
        cursor(canvas, canvas::columns(area, 0, 4));
    }
}

/// The guard rails that a row breaks by itself.
fn broken_rails(model: &Model, review: &Review, entry: ReviewEntry) -> Vec<String> {
    let ReviewEntry::Row(group, row) = entry else { return Vec::new() };
    let row = review.plan.groups.get(group).and_then(|group| group.rows.get(row));
    row.map_or_else(Vec::new, |row| model.rails_broken(row.row, &row.now, &row.patch)).iter().map(ToString::to_string).collect()
}

/// The heading of the rows that could not be part of it.
fn skipped_heading(canvas: &mut Canvas<'_>, review: &Review, area: Rect, focus: Focus) {
    let style = canvas.style(Ink::Warning);
    canvas.sign(area.x + 1, area.y, if review.lists_skipped == Fold::Opened { '▾' } else { '▸' }, style);
    let mut left = canvas::columns(area, 3, area.width.saturating_sub(4));
    canvas.write(&mut left, &format!("{} skipped", wording::counted(review.skipped.len(), "finding")), style);
    if focus == Focus::Cursor {
        cursor(canvas, canvas::columns(area, 0, FIELDS - 1));
    }
}

/// A row that could not be part of it, and why.
fn skipped(canvas: &mut Canvas<'_>, model: &Model, review: &Review, at: usize, area: Rect, focus: Focus) {
    let Some((id, why)) = review.skipped.get(at) else { return };
    let mut left = canvas::columns(area, 4, area.width.saturating_sub(5));
    let told = text::fit(&format!("  {why}"), usize::from(left.width) * 3 / 5, Cut::End).into_owned();
    canvas.write_right(&mut left, &told, canvas.style(Ink::Warning));
    row::draw_named(canvas, model, left, *id, canvas.style(Ink::Faint));
    if focus == Focus::Cursor {
        cursor(canvas, canvas::columns(area, 0, 4));
    }
}

/// Shows that the cursor is here.
fn cursor(canvas: &mut Canvas<'_>, area: Rect) {
    canvas.sign(area.x, area.y, '▶', Style::new());
    canvas.tint(area, canvas.style(Ink::Selected));
}

/// `New 341, In Progress 9`: the most frequent first.
fn counts(rows: &[&StagedRow], of: impl Fn(&StagedRow) -> String) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(of(row)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts.iter().map(|(word, count)| format!("{word} {}", wording::grouped(*count))).collect::<Vec<_>>().join(", ")
}

/// `payments-prod 210, payments-dev 140`: the most frequent first.
fn accounts(model: &Model, rows: &[&StagedRow]) -> String {
    let mut counts: HashMap<Symbol, usize> = HashMap::new();
    for row in rows {
        let account =
            model.store.row(row.row).map_or(Symbol::NONE, |row| if row.account_name.is_some() { row.account_name } else { row.account });
        *counts.entry(account).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts
        .into_iter()
        .map(|(account, count)| (if account.is_some() { model.store.text(account) } else { "no account" }, count))
        .collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut told: Vec<String> = counts.iter().take(ACCOUNTS).map(|(name, count)| format!("{name} {}", wording::grouped(*count))).collect();
    if counts.len() > ACCOUNTS {
        told.push(format!("{} more accounts", counts.len() - ACCOUNTS));
    }
    told.join(", ")
}

/// `Critical 12, High 338`: the worst first.
fn severities(rows: &[&StagedRow]) -> String {
    let mut counts: BTreeMap<(Reverse<u8>, Option<SeverityId>), usize> = BTreeMap::new();
    for row in rows {
        let severity = row.now.severity;
        *counts.entry((Reverse(severity.map_or(0, SeverityId::rank)), severity)).or_default() += 1;
    }
    let caption = |severity: &Option<SeverityId>| severity.map_or_else(|| "no severity".to_owned(), wording::severity_caption);
    counts.iter().map(|((_, severity), count)| format!("{} {}", caption(severity), wording::grouped(*count))).collect::<Vec<_>>().join(", ")
}

/// What has to be known beside the groups, in lines for so many columns: where this comes from, and what waits for a decision.
fn notes(model: &Model, review: &Review, columns: u16) -> Vec<String> {
    let mut notes: Vec<String> = review.note.iter().cloned().collect();
    for Broken { profile, since, breach } in broken(model, review) {
        let under = match since {
            Since::InForce => "",
            Since::Staged => ", under which this was staged",
        };
        notes.push(format!("guard rail of {profile}{under}: {breach}"));
    }
    notes.extend(asks_for_count(model, review).filter(|asks| !fits_beside(&left_out(review), asks, columns)));
    if review.undecided > 0 {
        let list = model.settings.keymap.shown(Context::Table, Action::Problems).unwrap_or_default();
        let what = wording::counted(review.undecided, "finding");
        notes.push(format!("not part of this: {what} that someone else changed; {list} at the table lists what is to decide"));
    }
    notes.iter().flat_map(|note| text::wrap(note, usize::from(columns.saturating_sub(2)))).collect()
}

/// That sending this asks for its count, and why; where a guard rail stands in the way, nothing is sent.
fn asks_for_count(model: &Model, review: &Review) -> Option<String> {
    let blast = model.blast(&review.kept()).filter(|_| may_send(model) && broken(model, review).is_empty())?;
    let send = model.settings.keymap.shown(Context::Review, Action::Send).unwrap_or_default();
    Some(format!("{send} asks for the count: {}", blast.reasons().join(", ")))
}

/// Whether a text has room at the end of another one's line.
fn fits_beside(text: &str, other: &str, columns: u16) -> bool {
    text::width(text) + text::width(other) + 4 <= usize::from(columns)
}

/// Whether anything can be sent at all now.
fn may_send(model: &Model) -> bool {
    model.access() == Access::ReadWrite && model.journal.state != JournalState::Off
}

/// The guard rails that this would break, but for the one that forbids everything: that is told in a line of its own.
fn broken(model: &Model, review: &Review) -> Vec<Broken> {
    let under_way = if model.sending.is_active() { model.sending.progress.rows } else { 0 };
    let rails = GuardRails { read_only: false, ..model.rails() };
    model.broken(rails, &review.kept(), under_way)
}

/// What is left out and why, the total, the conflict check, and whether `y` sends.
fn foot(canvas: &mut Canvas<'_>, model: &Model, review: &Review, area: Rect) {
    canvas.rule(canvas::lines(area, 0, 1));
    let mut rest = canvas::columns(canvas::lines(area, 1, u16::MAX), 1, area.width.saturating_sub(2));
    let (notes, out, asked) = (notes(model, review, area.width), left_out(review), asks_for_count(model, review));
    if let Some(asked) = asked.as_ref().filter(|asked| fits_beside(&out, asked, area.width)) {
        canvas.write_right(&mut canvas::lines(rest, notes.len() as u16, 1), asked, canvas.style(Ink::Warning));
    }
    let mut line = |canvas: &mut Canvas<'_>, told: &str, ink| {
        canvas.fit(canvas::lines(rest, 0, 1), told, Cut::End, canvas.style(ink));
        rest = canvas::lines(rest, 1, u16::MAX);
    };
    for note in notes {
        line(canvas, &note, Ink::Warning);
    }
    line(canvas, &out, Ink::Faint);
    let plan = review.to_send();
    let (findings, calls) = (plan.row_count(), plan.groups.iter().map(|group| call_count(&group.rows)).sum::<usize>());
    line(canvas, &total(model, &plan, findings, calls), Ink::Title);
    let (told, ink) = check(model, review, findings);
    line(canvas, &told, ink);
    let y = model.settings.keymap.shown(Context::Review, Action::Send).unwrap_or_default();
    let overwritten = review.checked.as_ref().map_or(0, |checked| checked.changed.len());
    let broken = broken(model, review);
    let (told, ink) = if model.profiles.lost.is_some() {
        let picker = model.settings.keymap.shown(Context::Table, Action::Profiles).unwrap_or_default();
        (format!("read-only until you pick a filter profile with {picker}; what is staged stays staged"), Ink::Warning)
    } else if model.rails().read_only {
        let profile = &model.profiles.present.name;
        (
            format!("the filter profile {profile} is read-only: sending is off while it is in force; what is staged stays staged"),
            Ink::Warning,
        )
    } else if model.settings.access == Access::ReadOnly || model.journal.state == JournalState::Off {
        ("read-only: sending is off in this session; what is staged stays staged".to_owned(), Ink::Warning)
    } else if findings == 0 {
        ("nothing is left to send".to_owned(), Ink::Warning)
    } else if !broken.is_empty() {
        let exclude = model.settings.keymap.shown(Context::Review, Action::Exclude).unwrap_or_default();
        (format!("{y} sends nothing: a guard rail stands in the way; {exclude} leaves rows out"), Ink::Problem)
    } else {
        match review.trigger {
            Trigger::Locked => (format!("{y} sends once this has been on the screen"), Ink::Faint),
            Trigger::Unasked => (format!("this opened by itself: any key here, then {y} sends"), Ink::Faint),
            Trigger::Pressed | Trigger::Counted => {
                ("what is staged is being written to the journal; then it is sent".to_owned(), Ink::Sending)
            }
            Trigger::Ready if overwritten > 0 => {
                let what = wording::counted(overwritten, "change");
                (format!("{y} sends {} and OVERWRITES {what} of someone else", wording::counted(findings, "finding")), Ink::Warning)
            }
            Trigger::Ready if asked.is_some() => {
                let what = wording::counted(findings, "finding");
                (format!("{y} asks for the count of these {what}, then sends them; Enter does not"), Ink::Good)
            }
            Trigger::Ready => (format!("{y} sends {}; Enter does not", wording::counted(findings, "finding")), Ink::Good),
        }
    };
    line(canvas, &told, ink);
}

/// How many calls it takes and about how long: where rows are read first, the slower of reading and writing tells.
fn total(model: &Model, plan: &Plan, findings: usize, calls: usize) -> String {
    let settings = &model.settings;
    let reads = if settings.conflict_check.covers(findings) { call_count(plan.groups.iter().flat_map(|group| &group.rows)) } else { 0 };
    let writing = progress::estimate(calls as u64, settings.writes_per_second);
    let reading = progress::estimate(reads as u64, settings.reads_per_second).filter(|_| reads > 0);
    let before = if reads > 0 { format!(" after {}", wording::counted(reads, "read")) } else { String::new() };
    let time = match writing.max(reading) {
        Some(seconds) => format!(", about {} s", wording::grouped(seconds)),
        None => ", not paced".to_owned(),
    };
    let rates: Vec<String> = [(writing, settings.writes_per_second, "writes"), (reading, settings.reads_per_second, "reads")]
        .into_iter()
        .filter(|(seconds, ..)| seconds.is_some())
        .map(|(_, rate, what)| format!("{rate} {what}"))
        .collect();
    let rates = if rates.is_empty() { String::new() } else { format!(" ({} a second)", rates.join(", ")) };
    format!("{} in {}{before}{time}{rates}", wording::counted(findings, "finding"), wording::counted(calls, "call"))
}

/// How the check under way goes, what the last one showed, or whether there will be one before the send.
fn check(model: &Model, review: &Review, findings: usize) -> (String, Ink) {
    if let Some(pass) = model.pass.as_ref().filter(|pass| pass.purpose == Purpose::Check) {
        return (format!("checked {} of {} …", wording::grouped(pass.read), wording::grouped(pass.rows)), Ink::Sending);
    }
    if let Some(checked) = &review.checked {
        let mut told = vec![format!("checked {}", wording::grouped(checked.rows))];
        let open = model.settings.keymap.shown(Context::Review, Action::Open).unwrap_or_default();
        for (count, what) in [
            (checked.changed.len(), format!("changed since they were loaded ({open} lists them)")),
            (checked.missing, "not found".to_owned()),
            (checked.unread, "could not be read".to_owned()),
        ] {
            if count > 0 {
                told.push(format!("{} {what}", wording::grouped(count)));
            }
        }
        if told.len() == 1 {
            told.push("none changed since it was loaded".to_owned());
        }
        let ink = if checked.changed.len() + checked.missing + checked.unread > 0 { Ink::Warning } else { Ink::Good };
        return (format!("{}: {}", told.remove(0), told.join(", ")), ink);
    }
    let (told, ink) = match model.settings.conflict_check {
        ConflictCheck::Always => ("on".to_owned(), Ink::Plain),
        ConflictCheck::Never => ("off, others' values are overwritten".to_owned(), Ink::Warning),
        ConflictCheck::UpTo(most) if findings <= most => (format!("on up to {}", wording::counted(most, "finding")), Ink::Plain),
        ConflictCheck::UpTo(most) => (format!("off above {}, others' values are overwritten", wording::grouped(most)), Ink::Warning),
    };
    (format!("conflict check before sending: {told}"), ink)
}

fn left_out(review: &Review) -> String {
    let excluded = review.plan.groups.iter().flat_map(|group| &group.rows).filter(|row| review.excluded.contains(row.row)).count();
    let parts: Vec<String> = [
        (review.plan.already_there.len(), "already there"),
        (review.plan.unaddressable.len(), "cannot be addressed"),
        (excluded, "excluded by you"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, why)| format!("{} {why}", wording::grouped(*count)))
    .collect();
    if parts.is_empty() { "left out: none".to_owned() } else { format!("left out: {}", parts.join(" · ")) }
}
