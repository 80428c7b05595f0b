//! The journal on the screen: the sends, newest first, and the rows of one. Only the lines on the screen are drawn.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        history,
        journaling::JournalState,
        model::Model,
        pointer::Spot,
        sent_view::{Reading, SendLine, Sends, SentRows},
        wording,
    },
    domain::{
        identity::Identity,
        text::{self, Cut},
    },
    journal::{
        entry::Origin,
        ledger::{Send, SentRow},
    },
};

use super::{
    canvas::{self, Canvas},
    list,
    preview::paragraph,
    row,
    theme::Ink,
};

/// Lines under the list that tell about the cursor's entry, their rule included.
const CHOSEN: u16 = 4;
/// Columns of the cursor's sign and what stands before a line.
const GUTTER: u16 = 3;
/// Columns of a time.
const TIME: u16 = 13;
/// From this many columns on the counts are named in words.
const WIDE: u16 = 100;

/// A column of counts: its word, its sign, its width on a wide and on a narrow screen.
type Count = (&'static str, &'static str, u16, u16);
const COUNTS: [Count; 5] =
    [("findings", "rows", 9, 7), ("processed", "✔", 11, 7), ("not", "✗", 8, 6), ("unknown", "?", 9, 6), ("not sent", "unsent", 10, 7)];

/// Draws the sends into everything but the footer.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, sends: &Sends, area: Rect) {
    let mut left = canvas::columns(canvas::lines(area, 0, 1), 1, area.width.saturating_sub(2));
    canvas.write(&mut left, "Journal", canvas.style(Ink::Title));
    let count = wording::counted(sends.lines.len(), "send");
    canvas.write(&mut left, &format!(" · {count}, newest first"), Style::new());
    left = canvas::columns(left, 2, u16::MAX);
    let right = match (sends.reading, &model.journal.key) {
        (Reading::UnderWay, _) => "being read …".to_owned(),
        (Reading::Done, Some(key)) => text::clean(&key.to_string()).into_owned(),
        (Reading::Done, None) => String::new(),
    };
    canvas.write_right(&mut left, &right, canvas.style(Ink::Faint));
    canvas.rule(canvas::lines(area, 1, 1));
    let rest = canvas::lines(area, 2, u16::MAX);
    if let Some(why) = standing(model) {
        let used = paragraph(canvas, inset(rest), &why, canvas.style(Ink::Warning), 2);
        return list_sends(canvas, model, sends, canvas::lines(rest, used, u16::MAX));
    }
    list_sends(canvas, model, sends, rest);
}

fn list_sends(canvas: &mut Canvas<'_>, model: &Model, sends: &Sends, area: Rect) {
    if sends.lines.is_empty() {
        let told = match sends.reading {
            Reading::UnderWay => "The journal is being read …",
            Reading::Done => "Nothing has been sent to this hub from here yet.",
        };
        canvas.fit(canvas::lines(inset(area), 1, 1), told, Cut::End, Style::new());
        return;
    }
    titles(canvas, canvas::lines(area, 0, 1));
    let body = canvas::lines(area, 1, area.height.saturating_sub(1 + CHOSEN));
    for (at, line) in list::visible(sends.lines.len(), sends.cursor, body.height, |_| 1) {
        let area = canvas::lines(body, line, 1);
        canvas.spot(area, Spot::Entry(at));
        if let Some(entry) = sends.lines.get(at) {
            send(canvas, model, entry, area);
        }
        cursor(canvas, area, at == sends.cursor);
    }
    let under = canvas::lines(area, area.height.saturating_sub(CHOSEN), CHOSEN);
    canvas.rule(canvas::lines(under, 0, 1));
    let Some((line, send)) = sends.chosen().and_then(|line| Some((line, find(model, &line)?))) else { return };
    let inside = inset(canvas::lines(under, 1, CHOSEN - 1));
    canvas.fit(canvas::lines(inside, 0, 1), &format!("by {}", history::who(&send.who)), Cut::End, Style::new());
    let from = match &send.origin {
        Origin::Plan { file, .. } => format!("plan {}", text::clean(file)),
        other => history::origin(other, model.now),
    };
    canvas.fit(canvas::lines(inside, 1, 1), &format!("from {from}, confirmed {}", send.at.shown()), Cut::Middle, Style::new());
    let (end, ink) = ended(model, send, &line);
    canvas.fit(canvas::lines(inside, 2, 1), &end, Cut::End, canvas.style(ink));
}

/// What else has to be known of the journal than what it holds.
fn standing(model: &Model) -> Option<String> {
    match &model.journal.state {
        JournalState::Open => None,
        JournalState::Opening => Some("The journal is not open yet.".to_owned()),
        JournalState::Busy(holder) => {
            let holder = text::clean(holder);
            Some(format!("Another hubtriage has the journal of this hub ({holder}). `hubtriage journal` shows it all the same."))
        }
        JournalState::Broken(why) => Some(format!("The journal cannot be written: {}. What is here was read before.", text::clean(why))),
        JournalState::Foreign(why) => Some(format!("{}.", text::clean(why))),
        JournalState::Off => Some("This session goes on without a journal: what it decides is not kept.".to_owned()),
    }
}

fn find<'a>(model: &'a Model, line: &SendLine) -> Option<&'a Send> {
    model.journal.history.as_ref()?.sends.get(&line.id)
}

/// How a send ended.
fn ended(model: &Model, send: &Send, line: &SendLine) -> (String, Ink) {
    let unknown = line.tally.unknown;
    let rest = if unknown > 0 {
        let one = if unknown == 1 { "has" } else { "have" };
        format!(" {} {one} an unknown outcome; reading tells.", wording::counted(unknown, "finding"))
    } else {
        String::new()
    };
    match send.unsent {
        None if model.sending.is_active() && model.sending.id == Some(send.id) => (format!("It is under way.{rest}"), Ink::Sending),
        None => (format!("Cut off before its end.{rest}"), Ink::Warning),
        Some(0) if unknown == 0 => ("It went to its end.".to_owned(), Ink::Good),
        Some(0) => (format!("It went to its end.{rest}"), Ink::Warning),
        Some(unsent) => (format!("It ended early: {} not sent, kept.{rest}", wording::counted(unsent, "finding")), Ink::Warning),
    }
}

/// The widths of who and from where.
fn widths(area: Rect) -> (u16, u16) {
    let counts: u16 = COUNTS.iter().map(|&(.., wide, narrow)| if area.width < WIDE { narrow } else { wide }).sum();
    let room = area.width.saturating_sub(GUTTER + TIME + counts + 2);
    (room * 2 / 5, room - room * 2 / 5)
}

fn titles(canvas: &mut Canvas<'_>, area: Rect) {
    let style = canvas.style(Ink::Faint);
    let (who, from) = widths(area);
    let mut left = canvas::columns(area, GUTTER, u16::MAX);
    for (word, width) in [("WHEN", TIME), ("WHO", who), ("FROM", from)] {
        canvas.fit(canvas::columns(left, 0, width.saturating_sub(1)), word, Cut::End, style);
        left = canvas::columns(left, width, u16::MAX);
    }
    for (word, sign, wide, narrow) in COUNTS {
        let (word, width) = if area.width < WIDE { (sign, narrow) } else { (word, wide) };
        let mut cell = canvas::columns(left, 0, width);
        canvas.write_right(&mut cell, &word.to_uppercase(), style);
        left = canvas::columns(left, width, u16::MAX);
    }
}

fn send(canvas: &mut Canvas<'_>, model: &Model, line: &SendLine, area: Rect) {
    let Some(send) = find(model, line) else { return };
    let (who, from) = widths(area);
    let mut left = canvas::columns(area, GUTTER, u16::MAX);
    let when = history::time(send.at, model.now);
    let sender = history::sender(model, &send.who);
    let origin = match &send.origin {
        Origin::Undo(undone) => format!("undo {}", history::time(undone.at(), model.now)),
        other => history::origin(other, model.now),
    };
    for (told, width, cut) in [(&when, TIME, Cut::End), (&sender, who, Cut::Middle), (&origin, from, Cut::Middle)] {
        canvas.fit(canvas::columns(left, 0, width.saturating_sub(1)), told, cut, Style::new());
        left = canvas::columns(left, width, u16::MAX);
    }
    let tally = line.tally;
    let counts = [
        (tally.rows, Ink::Plain),
        (tally.processed, Ink::Processed),
        (tally.failed, Ink::Problem),
        (tally.unknown, Ink::Problem),
        (tally.unsent, Ink::Warning),
    ];
    for ((count, ink), (.., wide, narrow)) in counts.into_iter().zip(COUNTS) {
        let width = if area.width < WIDE { narrow } else { wide };
        let mut cell = canvas::columns(left, 0, width);
        let (told, ink) = if count == 0 { ("·".to_owned(), Ink::Faint) } else { (wording::grouped(count), ink) };
        canvas.write_right(&mut cell, &told, canvas.style(ink));
        left = canvas::columns(left, width, u16::MAX);
    }
}

fn cursor(canvas: &mut Canvas<'_>, area: Rect, is_here: bool) {
    if is_here {
        canvas.sign(area.x, area.y, '▶', Style::new());
        canvas.tint(canvas::columns(area, 0, GUTTER), canvas.style(Ink::Selected));
    }
}

const fn inset(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// Draws the rows of a send into everything but the footer.
pub fn draw_rows(canvas: &mut Canvas<'_>, model: &Model, rows: &SentRows, area: Rect) {
    let send = model.journal.history.as_ref().and_then(|ledger| ledger.sends.get(&rows.send));
    let mut left = canvas::columns(canvas::lines(area, 0, 1), 1, area.width.saturating_sub(2));
    canvas.write(&mut left, "Journal", canvas.style(Ink::Title));
    canvas.rule(canvas::lines(area, 1, 1));
    let Some(send) = send else {
        let told = "This send is no longer in the journal's present file.";
        canvas.fit(canvas::lines(inset(area), 3, 1), told, Cut::End, Style::new());
        return;
    };
    let when = history::time(send.at, model.now);
    let sender = history::sender(model, &send.who);
    let origin = history::origin(&send.origin, model.now);
    let place = format!("{} of {}", wording::grouped(rows.cursor + 1), wording::grouped(rows.rows.len()));
    canvas.write_right(&mut left, &place, canvas.style(Ink::Faint));
    left.width = left.width.saturating_sub(2);
    canvas.write(&mut left, &format!(" · send of {when} by {sender} · {origin}"), Style::new());
    let body = canvas::lines(area, 2, area.height.saturating_sub(2 + CHOSEN));
    for (at, line) in list::visible(rows.rows.len(), rows.cursor, body.height, |_| 1) {
        let area = canvas::lines(body, line, 1);
        canvas.spot(area, Spot::Entry(at));
        if let Some((identity, sent)) = rows.rows.get(at).and_then(|identity| Some((identity, send.rows.get(identity)?))) {
            sent_row(canvas, model, identity, sent, area);
        }
        cursor(canvas, area, at == rows.cursor);
    }
    let under = canvas::lines(area, area.height.saturating_sub(CHOSEN), CHOSEN);
    canvas.rule(canvas::lines(under, 0, 1));
    if let Some((identity, sent)) = rows.chosen().and_then(|identity| Some((identity, send.rows.get(identity)?))) {
        chosen_row(canvas, model, identity, sent, inset(canvas::lines(under, 1, CHOSEN - 1)));
    }
}

/// A row: its sign, what it is, and what came of it.
fn sent_row(canvas: &mut Canvas<'_>, model: &Model, identity: &Identity, sent: &SentRow, area: Rect) {
    let sign = history::sign(&sent.standing);
    let ink = if sign == '✔' { Ink::Processed } else { Ink::Problem };
    canvas.sign(area.x + 2, area.y, sign, canvas.style(ink));
    let left = canvas::columns(area, GUTTER + 1, area.width.saturating_sub(GUTTER + 2));
    let named = left.width * 11 / 20;
    let name = canvas::columns(left, 0, named);
    match model.store.find(identity) {
        Some(id) => row::draw_named(canvas, model, name, id, Style::new()),
        None => {
            canvas.fit(name, &text::clean(identity.shown()), Cut::Middle, Style::new());
        }
    }
    let said: String = history::message(&sent.standing).chars().take(usize::from(area.width)).collect();
    let told = match (said.is_empty(), sign) {
        (true, '✔') => history::set(&sent.patch),
        (true, _) => history::outcome(&sent.standing),
        (false, _) => format!("{} · {said}", history::outcome(&sent.standing)),
    };
    canvas.fit(canvas::columns(left, named + 2, u16::MAX), &told, Cut::End, canvas.style(if sign == '✔' { Ink::Plain } else { ink }));
}

/// What was set on the row, what came of it, and how it is named.
fn chosen_row(canvas: &mut Canvas<'_>, model: &Model, identity: &Identity, sent: &SentRow, area: Rect) {
    canvas.fit(canvas::lines(area, 0, 1), &history::change(sent), Cut::End, Style::new());
    let message = history::message(&sent.standing);
    let message = if message.is_empty() { message } else { format!(" \"{message}\"") };
    let told = format!("{} {}{message}", history::time(sent.at, model.now), history::outcome(&sent.standing));
    canvas.fit(canvas::lines(area, 1, 1), &told, Cut::End, Style::new());
    let mut left = canvas::lines(area, 2, 1);
    if let Some(request) = &sent.request_id {
        canvas.write_right(&mut left, &format!("request {}", text::clean(request)), canvas.style(Ink::Faint));
        left.width = left.width.saturating_sub(2);
    }
    let loaded = if model.store.find(identity).is_some() { "" } else { " (not loaded)" };
    canvas.fit(left, &format!("{}{loaded}", text::clean(identity.shown())), Cut::Middle, canvas.style(Ink::Faint));
}
