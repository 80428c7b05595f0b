//! The preview under the table: what the cursor's row is, what is decided on it and what stands in its way.
//!
//! The order is that of need: what it is, the problem, the staged change, the comment, and as much of the document as there is room for.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        history,
        model::{Model, RowState},
        text_view::told_now,
        wording,
    },
    domain::{
        row::RowId,
        severity::SeverityId,
        text::{self, Cut},
    },
    findings::chunk::Row,
};

use super::{
    canvas::{self, Canvas},
    group_preview,
    row::{self, short_resource},
    theme::Ink,
};

/// Columns of the labels.
const LABEL: u16 = 9;

/// From this many columns on a vendor's other severity is told in words.
const WIDE: u16 = 100;

/// Draws the preview; its first line is a rule.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    if area.height == 0 {
        return;
    }
    canvas.rule(canvas::lines(area, 0, 1));
    if model.cursor.header.is_some() {
        group_preview::draw(canvas, model, canvas::lines(area, 1, u16::MAX));
        return;
    }
    let Some((id, row)) = model.cursor.row.and_then(|id| Some((id, model.store.row(id)?))) else { return };
    what(canvas, model, canvas::lines(area, 1, 1), &row);
    place(canvas, model, canvas::lines(area, 2, 1), &row);
    let mut rest = canvas::lines(area, 3, u16::MAX);
    let mut entries = decided(model, id, &row);
    let last = history::last(model, id);
    // What was sent last stands behind the first entry where there is room, else behind them all.
    let beside = last.as_ref().filter(|last| {
        let taken = entries.first().map(|(.., value)| text::width(value));
        taken.is_some_and(|taken| usize::from(LABEL) + taken + text::width(last) + 12 <= usize::from(rest.width))
    });
    match (beside, &last) {
        (Some(last), _) => {
            let mut line = canvas::columns(canvas::lines(rest, 0, 1), 0, rest.width.saturating_sub(1));
            canvas.write_right(&mut line, &format!("last: {last}"), canvas.style(Ink::Faint));
        }
        (None, Some(last)) => entries.push(("last", Ink::Faint, last.clone())),
        (None, None) => {}
    }
    let decided = entries.len();
    if let Some(Ok(told)) = model.documents.get(id) {
        entries.extend(told.summary.facts.iter().map(|fact| (fact.label, Ink::Plain, told_now(fact, model.now))));
    }
    // Where the tags have no line of their own, the two that say most stand behind the first entry that leaves room.
    let mut telling = entries
        .iter()
        .skip(usize::from(rest.height))
        .find(|(label, ..)| *label == "tags")
        .map(|(.., tags)| tags.split("  ").take(2).collect::<Vec<_>>().join("  "));
    for (at, (label, ink, value)) in entries.iter().enumerate() {
        let room = usize::from(rest.width).saturating_sub(usize::from(LABEL) + text::width(value) + 5);
        if let Some(tags) = telling.take_if(|tags| at >= decided && text::width(tags) <= room && rest.height > 0) {
            let mut line = canvas::columns(canvas::lines(rest, 0, 1), 0, rest.width.saturating_sub(1));
            canvas.write_right(&mut line, &tags, canvas.style(Ink::Faint));
        }
        // Every entry has a line as long as there are any. What does not fit on its line may use the lines that nothing else needs, the
        // first entry first; a problem's words may crowd out everything but the rest of what was decided.
        let end = if *ink == Ink::Problem { decided } else { entries.len() };
        let others = end - at - 1;
        let most = 1 + usize::from(rest.height).saturating_sub(1 + others);
        let used = field(canvas, rest, label, value, canvas.style(*ink), most);
        rest = canvas::lines(rest, used, u16::MAX);
    }
}

/// Severity and title; control and product at the right.
fn what(canvas: &mut Canvas<'_>, model: &Model, area: Rect, row: &Row) {
    let text = |symbol| model.store.text(symbol);
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let severity = SeverityId(row.severity);
    let vendor = wording::vendor_says(model, row).map(|vendor| format!("{}, {vendor}", wording::severity_now(model, row)));
    let vendor = vendor.map(|vendor| if area.width < WIDE { String::new() } else { vendor });
    let letters = row::severity_letters(canvas.theme(), row);
    // The title is what a decision hangs on: the kind has what the title leaves, and a quarter of the line in any case.
    let whole = usize::from(left.width);
    let used = vendor.as_ref().map_or(1, |vendor| text::width(vendor) + 4) + text::width(text(row.title)) + 4;
    let kind = joined(&[text(row.control), text(row.product)], " · ");
    let kind = text::fit(&kind, (whole / 2).min(whole.saturating_sub(used).max(whole / 4)), Cut::End).into_owned();
    canvas.write_right(&mut left, &kind, Style::new());
    left.width = left.width.saturating_sub(2);
    let shown = if area.width < WIDE { letters } else { severity.letter().to_string() };
    canvas.write(&mut left, &shown, canvas.theme().severity(severity));
    left = canvas::columns(left, 1, u16::MAX);
    if let Some(vendor) = vendor.filter(|vendor| !vendor.is_empty()) {
        canvas.write(&mut left, &vendor, canvas.style(Ink::Faint));
        left = canvas::columns(left, 1, u16::MAX);
    }
    left = canvas::columns(left, 1, u16::MAX);
    canvas.write(&mut left, text(row.title), canvas.style(Ink::Title));
}

/// Resource and its type; account and Region at the right.
fn place(canvas: &mut Canvas<'_>, model: &Model, area: Rect, row: &Row) {
    let text = |symbol| model.store.text(symbol);
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let account = joined(&[text(row.account), text(row.account_name)], " ");
    let place = joined(&[&account, text(row.region)], " · ");
    let place = text::fit(&place, usize::from(left.width) / 2, Cut::Middle).into_owned();
    canvas.write_right(&mut left, &place, Style::new());
    left.width = left.width.saturating_sub(2);
    let kind = text(row.resource_type);
    let more = if row.resource_count > 1 { format!("  and {} more", row.resource_count - 1) } else { String::new() };
    // Of an ARN, account and Region stand at the right anyway: they give way first, then what every type begins with.
    let room = usize::from(left.width).saturating_sub(text::width(&more));
    let whole = text(row.resource);
    let fits = |resource: &str, kind: &str| text::width(resource) + 2 + text::width(kind) <= room;
    let (resource, kind) = if fits(whole, kind) {
        (whole, kind)
    } else {
        (short_resource(whole), kind.strip_prefix("AWS::").filter(|kind| !kind.starts_with(':')).unwrap_or(kind))
    };
    let resource = text::fit(resource, room.saturating_sub(text::width(kind) + 2).max(room * 2 / 3), Cut::Middle);
    canvas.write(&mut left, &resource, Style::new());
    left = canvas::columns(left, 2, u16::MAX);
    canvas.write(&mut left, &format!("{kind}{more}"), canvas.style(Ink::Faint));
}

/// The problem, the staged change and the comment, as labels and values.
fn decided(model: &Model, id: RowId, row: &Row) -> Vec<(&'static str, Ink, String)> {
    let mut entries = Vec::new();
    if let Some(problem) = model.outcomes.problem(id) {
        let message = wording::said(model, id, usize::MAX);
        let message = match &problem.change {
            _ if message.is_empty() => String::new(),
            Some(_) => format!(" · {message}"),
            None => format!(" · \"{message}\""),
        };
        let tries = wording::tries(problem).map(|tries| format!(" · {tries}")).unwrap_or_default();
        let request = problem.request_id.as_ref().map(|id| format!(" · request {}", text::clean(id))).unwrap_or_default();
        let told = format!("{}{message} · {}{tries}{request}", text::clean(problem.kind.word()), wording::meaning(&problem.kind));
        entries.push(("problem", Ink::Problem, told));
    }
    let change = wording::change(model, id);
    if !change.is_empty() {
        entries.push(("staged", Ink::Staged, change.join(", ")));
    }
    match model.outcomes.get(id) {
        Some(RowState::Sending) => entries.push(("sending", Ink::Sending, "its call is under way".to_owned())),
        Some(RowState::Waiting(kind)) => {
            entries.push(("sending", Ink::Sending, format!("{}: tried again by itself", text::clean(kind.word()))));
        }
        Some(RowState::Processed) => entries.push(("sent", Ink::Processed, "processed in this session".to_owned())),
        _ if model.is_gone(id) => entries.push(("gone", Ink::Gone, "the last result no longer has this finding".to_owned())),
        _ => {}
    }
    if model.store.identity(id).is_some_and(|identity| !identity.is_addressable()) {
        let why = "the service cannot update this finding: it has no metadata.uid and no complete identifier";
        entries.push(("note", Ink::Warning, why.to_owned()));
    }
    if row.comment.is_some() {
        entries.push(("comment", Ink::Plain, format!("\"{}\"", model.store.text(row.comment))));
    }
    entries
}

/// A label and its value over at most so many lines; gives the lines it took.
pub(super) fn field(canvas: &mut Canvas<'_>, area: Rect, label: &str, value: &str, style: Style, most: usize) -> u16 {
    let most = most.min(usize::from(area.height));
    canvas.put(canvas::lines(canvas::columns(area, 1, LABEL), 0, 1), label, canvas.style(Ink::Label));
    let area = canvas::columns(area, LABEL + 1, area.width.saturating_sub(LABEL + 2));
    paragraph(canvas, area, value, style, most)
}

/// A text over at most so many lines, the last one cut; gives the lines it took.
pub fn paragraph(canvas: &mut Canvas<'_>, area: Rect, value: &str, style: Style, most: usize) -> u16 {
    let most = most.min(usize::from(area.height));
    if most <= 1 || text::width(value) <= usize::from(area.width) {
        canvas.fit(canvas::lines(area, 0, most as u16), value, Cut::End, style);
        return most.min(1) as u16;
    }
    let wrapped = text::wrap(value, usize::from(area.width));
    for (line, at) in wrapped.iter().take(most).zip(0_u16..) {
        let is_last = usize::from(at) + 1 == most && wrapped.len() > most;
        let line = if is_last { format!("{line} …") } else { line.clone() };
        canvas.fit(canvas::lines(area, at, 1), &line, Cut::End, style);
    }
    wrapped.len().min(most) as u16
}

fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(between)
}
