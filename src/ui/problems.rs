//! The problems panel: rows that need the analyst, by kind, and what helps.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        action::Action,
        keymap::Context,
        model::Model,
        overlay::{ProblemEntry, ProblemsPanel},
        pointer::Spot,
        wording,
    },
    domain::{
        failure::CallFailure,
        row::RowId,
        text::{self, Cut},
    },
    findings::chunk::Row,
    send::report::ProblemKind,
};

use super::{
    canvas::{self, Canvas},
    list,
    preview::paragraph,
    row,
    theme::Ink,
    trouble,
};

/// Lines under the list that tell about the cursor's entry, their rule included.
const CHOSEN: u16 = 4;
/// Lines that the list keeps whatever stands in the way.
const LIST: u16 = 5;

/// Draws the panel into everything but the footer.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, panel: &ProblemsPanel, area: Rect) {
    let entries = model.problem_entries();
    let chosen = entries.get(panel.cursor.min(entries.len().saturating_sub(1)));
    title(canvas, model, chosen, canvas::lines(area, 0, 1));
    canvas.rule(canvas::lines(area, 1, 1));
    let trouble = trouble(model, area.width.saturating_sub(2));
    let room = area.height.saturating_sub(2 + LIST + CHOSEN);
    let trouble_lines = if trouble.is_empty() { 0 } else { (trouble.len() as u16 + 1).min(room) };
    let under = CHOSEN + trouble_lines;
    let body = canvas::lines(area, 2, area.height.saturating_sub(2 + under));
    for (at, line) in list::visible(entries.len(), panel.cursor, body.height, |_| 1) {
        let area = canvas::lines(body, line, 1);
        canvas.spot(area, Spot::Entry(at));
        match entries.get(at) {
            Some(ProblemEntry::Kind(kind, count)) => self::kind(canvas, model, kind, *count, area),
            Some(ProblemEntry::Row(id)) => self::entry(canvas, model, *id, area),
            None => {}
        }
        if at == panel.cursor {
            canvas.sign(area.x, area.y, '▶', Style::new());
            canvas.tint(canvas::columns(area, 0, 4), canvas.style(Ink::Selected));
        }
    }
    let under = canvas::lines(area, area.height.saturating_sub(under), under);
    self::chosen(canvas, model, chosen, canvas::lines(under, 0, CHOSEN));
    let area = canvas::lines(under, CHOSEN, trouble_lines);
    canvas.rule(canvas::lines(area, 0, trouble_lines.min(1)));
    for ((line, ink), at) in trouble.iter().zip(1..trouble_lines) {
        let area = canvas::columns(canvas::lines(area, at, 1), 1, area.width.saturating_sub(2));
        canvas.fit(area, line, Cut::End, canvas.style(*ink));
    }
}

fn title(canvas: &mut Canvas<'_>, model: &Model, chosen: Option<&ProblemEntry>, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    canvas.write(&mut left, "Problems", canvas.style(Ink::Title));
    let count = wording::counted(model.outcomes.problem_count(), "finding");
    canvas.write(&mut left, &format!(" · {count}"), Style::new());
    left = canvas::columns(left, 2, u16::MAX);
    if let Some(ProblemEntry::Row(id)) = chosen
        && let Some(request) = model.outcomes.problem(*id).and_then(|problem| problem.request_id.as_ref())
    {
        canvas.write_right(&mut left, &format!("request {}", text::clean(request)), canvas.style(Ink::Faint));
    }
}

/// A kind: its word, how many, what it means, and whether trying again can help.
fn kind(canvas: &mut Canvas<'_>, model: &Model, kind: &ProblemKind, count: usize, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let sign = if *kind == ProblemKind::Unknown { "? " } else { "✗ " };
    canvas.write(&mut left, sign, canvas.style(Ink::Problem));
    canvas.write(&mut left, &text::clean(kind.word()), canvas.style(Ink::ProblemCode));
    canvas.write(&mut left, &format!(" {}  ", wording::grouped(count)), canvas.style(Ink::Title));
    let shown = |action| model.settings.keymap.shown(Context::Problems, action).unwrap_or_default();
    let [retry, drop] = [Action::Retry, Action::Drop].map(shown);
    let help = match kind {
        ProblemKind::Changed => format!("  {} keeps mine, {} theirs", shown(Action::KeepMine), shown(Action::KeepTheirs)),
        ProblemKind::Missing => format!("  {retry} reads again, {drop} drops"),
        ProblemKind::Call(CallFailure::AccessDenied) => format!("  {} sends without a field, {drop} drops", shown(Action::SendWithout)),
        kind if kind.is_retryable() => format!("  {retry} retries, {drop} drops"),
        _ => format!("  {drop} drops"),
    };
    canvas.write_right(&mut left, &help, canvas.style(Ink::Key));
    canvas.write(&mut left, wording::meaning(kind), Style::new());
}

/// A row: what it is, and what was said about it.
fn entry(canvas: &mut Canvas<'_>, model: &Model, id: RowId, area: Rect) {
    let left = canvas::columns(area, 5, area.width.saturating_sub(6));
    let named = left.width * 11 / 20;
    row::draw_named(canvas, model, canvas::columns(left, 0, named), id, Style::new());
    if let Some(problem) = model.outcomes.problem(id) {
        let said = wording::said(model, id, usize::from(area.width));
        let said = if problem.change.is_some() || said.is_empty() { said } else { format!("\"{said}\"") };
        let mut right = canvas::columns(left, named + 2, u16::MAX);
        if let Some(tries) = wording::tries(problem) {
            canvas.write_right(&mut right, &format!("  {tries}"), canvas.style(Ink::Faint));
        }
        canvas.fit(right, &said, Cut::End, canvas.style(Ink::Problem));
    }
}

/// The whole message of the cursor's row and what is staged on it; of a kind, what can be done.
fn chosen(canvas: &mut Canvas<'_>, model: &Model, chosen: Option<&ProblemEntry>, area: Rect) {
    canvas.rule(canvas::lines(area, 0, 1));
    let inside = canvas::columns(canvas::lines(area, 1, u16::MAX), 1, area.width.saturating_sub(2));
    match chosen {
        Some(ProblemEntry::Row(id)) if wording::conflict(model, *id).is_some() => three_ways(canvas, model, *id, inside),
        Some(ProblemEntry::Row(id)) => {
            let staged = wording::change(model, *id).join(", ");
            let room = usize::from(inside.height).saturating_sub(usize::from(!staged.is_empty()));
            let message = model.outcomes.problem(*id).map(|problem| format!("\"{}\"", text::clean(problem.message.trim())));
            let used = paragraph(canvas, inside, &message.unwrap_or_default(), canvas.style(Ink::Problem), room);
            let mut left = canvas::lines(canvas::lines(inside, used, u16::MAX), 0, 1);
            if !staged.is_empty() {
                canvas.write(&mut left, "still staged: ", canvas.style(Ink::Label));
                canvas.write(&mut left, &staged, canvas.style(Ink::Staged));
            } else if let Some(row) = model.store.row(*id) {
                canvas.write(&mut left, &place(model, &row), canvas.style(Ink::Faint));
            }
        }
        Some(ProblemEntry::Kind(kind, count)) => {
            let what = wording::counted(*count, "finding");
            let told = match kind {
                ProblemKind::Changed => format!(
                    "{what}: nothing of this is sent until it is decided. Keeping mine stages the changes again, knowing what is there now, for \
                     another review; keeping theirs drops the changes."
                ),
                ProblemKind::Missing => {
                    format!("{what}: there is nothing to send to. The changes stay staged until the findings are read again or dropped.")
                }
                ProblemKind::Call(CallFailure::AccessDenied) => format!(
                    "{what}: the changes stay staged. If your policy allows some of their fields only, stage them without the others, for another \
                     review."
                ),
                ProblemKind::Unknown => format!("{what}: retrying reads them again first; only what is not there yet is sent."),
                kind if kind.is_retryable() => {
                    format!("{what}: the changes stay staged; retrying sends them again, dropping forgets them.")
                }
                _ => format!("{what}: sending the same again cannot help. The changes stay staged until they are dropped or changed."),
            };
            paragraph(canvas, inside, &told, Style::new(), usize::from(inside.height));
        }
        None => {
            canvas.fit(canvas::lines(inside, 0, 1), "No finding has a problem.", Cut::End, Style::new());
        }
    }
}

/// A conflict: what the analyst saw, what someone else set, and what is staged.
fn three_ways(canvas: &mut Canvas<'_>, model: &Model, id: RowId, area: Rect) {
    let Some(conflict) = wording::conflict(model, id) else { return };
    let ways = [("was", conflict.was, Ink::Plain), ("theirs", conflict.theirs, Ink::Problem), ("mine", conflict.mine, Ink::Staged)];
    for ((label, told, ink), at) in ways.into_iter().zip(0..) {
        let line = canvas::lines(area, at, 1);
        canvas.put(canvas::columns(line, 0, 8), label, canvas.style(Ink::Label));
        canvas.fit(canvas::columns(line, 8, u16::MAX), &told, Cut::End, canvas.style(ink));
    }
}

fn place(model: &Model, row: &Row) -> String {
    format!("{} · {}", model.store.text(row.account), model.store.text(row.region))
}

/// What stands in the way of every call, in lines of at most so many columns; none where nothing does.
fn trouble(model: &Model, columns: u16) -> Vec<(String, Ink)> {
    let Some(advice) = trouble::advice(model) else { return Vec::new() };
    let request = advice.request_id.map(|id| format!("request {id}. ")).unwrap_or_default();
    let said = if advice.said.is_empty() { String::new() } else { format!("The service said: {}", advice.said) };
    let told = [(format!("✗ {}", advice.what), Ink::Problem), (advice.help, Ink::Plain), (format!("{request}{said}"), Ink::Faint)];
    told.into_iter()
        .filter(|(text, _)| !text.is_empty())
        .flat_map(|(text, ink)| text::wrap(&text, usize::from(columns)).into_iter().map(move |line| (line, ink)))
        .collect()
}
