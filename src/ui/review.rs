//! The review: what would be sent, in groups of identical patches, before anything is.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        model::{Access, Model},
        overlay::{Review, ReviewEntry, Trigger},
        wording,
    },
    domain::{
        patch::Patch,
        severity::SeverityId,
        text::{self, Cut},
    },
    findings::interner::Symbol,
    send::plan::{Group, StagedRow, call_count},
};

use super::{
    canvas::{self, Canvas},
    footer, header, list,
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
/// Lines under the list: a rule, what is left out, the total, and whether `y` sends.
const FOOT: u16 = 4;

/// Draws the review into everything but the footer.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, review: &Review, area: Rect) {
    title(canvas, model, canvas::lines(area, 0, 1));
    canvas.rule(canvas::lines(area, 1, 1));
    let body = canvas::lines(area, 2, area.height.saturating_sub(2 + FOOT));
    let entries = review.entries();
    let height =
        |at: usize| match entries.get(at) {
            Some(ReviewEntry::Group(group)) => review.plan.groups.get(*group).map_or(1, |at| {
                lines(&at.patch).saturating_add(u16::try_from(whole_comment(review, *group, body).len()).unwrap_or(u16::MAX))
            }),
            _ => 1,
        };
    for (at, line) in list::visible(entries.len(), review.cursor, body.height, height) {
        let area = canvas::lines(body, line, height(at));
        let focus = if at == review.cursor { Focus::Cursor } else { Focus::Away };
        match entries.get(at) {
            Some(&ReviewEntry::Group(at)) => {
                if let Some(group) = review.plan.groups.get(at) {
                    self::group(canvas, model, review, at, group, area, focus);
                }
            }
            Some(&entry @ ReviewEntry::Row(..)) => self::entry(canvas, model, review, entry, area, focus),
            None => {}
        }
    }
    foot(canvas, model, review, canvas::lines(area, area.height.saturating_sub(FOOT), FOOT));
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

/// A group over its lines: how many rows, and per field what there was and what there will be.
fn group(canvas: &mut Canvas<'_>, model: &Model, review: &Review, at: usize, group: &Group, area: Rect, focus: Focus) {
    let kept: Vec<&StagedRow> = group.rows.iter().filter(|row| !review.excluded.contains(row.row)).collect();
    let style = if kept.is_empty() { canvas.style(Ink::Faint) } else { Style::new() };
    let first = canvas::lines(area, 0, 1);
    let fold = if review.opened.contains(&at) { '▾' } else { '▸' };
    canvas.sign(first.x + 1, first.y, fold, style);
    let mut left = canvas::columns(first, 3, FIELDS - 4);
    canvas.write(&mut left, &format!("{:>2}  ", at + 1), style);
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
    if let Some(comment) = &group.patch.comment {
        let replaced = kept.iter().filter(|row| row.now.comment.is_some()).count();
        let note = if replaced == 0 { String::new() } else { format!("  replaces {}", wording::counted(replaced, "comment")) };
        let told = format!("\"{}\"", text::clean(comment.as_str()));
        field(canvas, &mut rest, "comment", &told, &note, canvas.style(Ink::Warning));
    }
    field(canvas, &mut rest, "accounts", &accounts(model, &kept), "", Style::new());
    for line in whole_comment(review, at, area) {
        canvas.put(canvas::columns(canvas::lines(rest, 0, 1), WHOLE, u16::MAX), &line, canvas.style(Ink::Staged));
        rest = canvas::lines(rest, 1, u16::MAX);
    }
    let left = canvas::columns(canvas::lines(area, 1, 1), 7, FIELDS - 8);
    canvas.put(left, &wording::counted(call_count(kept.iter().copied()), "call"), canvas.style(Ink::Faint));
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
    row::draw_named(canvas, model, left, id, style);
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

/// What is left out and why, the total, and whether `y` sends.
fn foot(canvas: &mut Canvas<'_>, model: &Model, review: &Review, area: Rect) {
    canvas.rule(canvas::lines(area, 0, 1));
    let inside = canvas::columns(area, 1, area.width.saturating_sub(2));
    canvas.fit(canvas::lines(inside, 1, 1), &left_out(review), Cut::End, canvas.style(Ink::Faint));
    let (mut findings, mut calls) = (0, 0);
    for group in &review.plan.groups {
        let kept: Vec<&StagedRow> = group.rows.iter().filter(|row| !review.excluded.contains(row.row)).collect();
        findings += kept.len();
        calls += call_count(kept.iter().copied());
    }
    let rate = model.settings.writes_per_second;
    let time = match footer::estimate(calls as u64, rate) {
        Some(seconds) => format!(", about {} s at {rate} writes a second", wording::grouped(seconds)),
        None => ", not paced".to_owned(),
    };
    let total = format!("{} in {}{time}", wording::counted(findings, "finding"), wording::counted(calls, "call"));
    canvas.fit(canvas::lines(inside, 2, 1), &total, Cut::End, canvas.style(Ink::Title));
    let last = canvas::lines(inside, 3, 1);
    let y = model.settings.keymap.shown(crate::app::keymap::Context::Review, crate::app::action::Action::Send).unwrap_or_default();
    let (told, ink) = if model.settings.access == Access::ReadOnly {
        ("read-only: sending is off in this session; what is staged stays staged".to_owned(), Ink::Warning)
    } else if findings == 0 {
        ("nothing is left to send".to_owned(), Ink::Warning)
    } else if review.trigger == Trigger::Locked {
        (format!("{y} sends once this has been on the screen"), Ink::Faint)
    } else {
        (format!("{y} sends {}; Enter does not", wording::counted(findings, "finding")), Ink::Good)
    };
    canvas.fit(last, &told, Cut::End, canvas.style(ink));
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
