//! Flow mode: one finding fills the screen, with what decides on it, and the recipes that decide it.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        flow::{Flow, roughly},
        model::Model,
        text_view::{self, MARGIN},
        wording,
    },
    domain::{
        severity::SeverityId,
        text::{self, Cut},
        time::Millis,
    },
    findings::chunk::{NO_TIME, Row},
};

use super::{
    canvas::{self, Canvas},
    detail,
    row::{self, short_resource},
    theme::Ink,
};

/// Draws flow mode.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, flow: &Flow, area: Rect) {
    let page = text_view::flow_page(model, flow, canvas.area().width, canvas.area().height);
    position(canvas, model, flow, line(area, 0));
    canvas.rule(canvas::lines(area, 1, 1));
    let mut at = 2;
    if let Some((id, row)) = flow.row.and_then(|id| Some((id, model.store.row(id)?))) {
        let severity = SeverityId(row.severity);
        let (sign, ink) = row::state(model, id);
        for (part, told) in page.title.iter().enumerate() {
            let mut left = line(area, at);
            if part == 0 {
                canvas.write(&mut left, sign.encode_utf8(&mut [0; 4]), canvas.style(ink));
                left = canvas::columns(left, 1, u16::MAX);
                let word = wording::severity_now(model, &row);
                let rest = told.strip_prefix(word).unwrap_or_default();
                canvas.write(&mut left, word, canvas.theme().severity(severity));
                canvas.write(&mut left, rest, canvas.style(Ink::Title));
            } else {
                left = canvas::columns(left, 2, u16::MAX);
                canvas.write(&mut left, told, canvas.style(Ink::Title));
            }
            at += 1;
        }
        kind(canvas, model, flow, &row, line(area, at));
        resource(canvas, model, &row, line(area, at + 1));
        place(canvas, model, flow, &row, line(area, at + 2));
        alike(canvas, flow, line(area, at + 3));
        canvas.rule(canvas::lines(area, at + 4, 1));
        at += 5;
    }
    let text = canvas::columns(canvas::lines(area, at, page.room), MARGIN, area.width.saturating_sub(2 * MARGIN));
    let top = detail::scroll(canvas, &page.text, text, flow.top);
    let below = page.text.len().saturating_sub(top + usize::from(page.room));
    if page.recipes.is_empty() {
        return;
    }
    at += page.room;
    canvas.rule(canvas::lines(area, at, 1));
    if below > 0 || top > 0 {
        let mut left = line(area, at);
        let told = detail::position(top, page.room, page.text.len());
        canvas.write_right(&mut left, &format!(" {told} "), canvas.style(Ink::Faint));
    }
    for (recipe, line_at) in page.recipes.iter().zip(at + 1..) {
        let mut left = line(area, line_at);
        for span in &recipe.spans {
            canvas.write(&mut left, &span.text, canvas.theme().role(span.role));
        }
    }
}

/// A line without its margins.
fn line(area: Rect, at: u16) -> Rect {
    canvas::columns(canvas::lines(area, at, 1), MARGIN, area.width.saturating_sub(2 * MARGIN))
}

/// Which finding of how many, how fast it goes, and what is staged.
fn position(canvas: &mut Canvas<'_>, model: &Model, flow: &Flow, area: Rect) {
    let mut left = area;
    let staged = model.staging.len();
    let problems = model.outcomes.problem_count();
    if staged > 0 {
        canvas.write_right(&mut left, &format!("● {} staged", wording::grouped(staged)), canvas.style(Ink::Staged));
        left.width = left.width.saturating_sub(2);
    }
    if problems > 0 {
        canvas.write_right(&mut left, &format!("✗ {}", wording::grouped(problems)), canvas.style(Ink::Problem));
        left.width = left.width.saturating_sub(2);
    }
    let count = model.view.rows().len();
    let (place, of) = match flow.row {
        None => (String::new(), wording::counted(count, "finding")),
        Some(row) if model.view.index(row).is_none() => {
            ("not shown any more".to_owned(), format!(" · {}", wording::counted(count, "finding")))
        }
        Some(_) => (wording::grouped(flow.place + 1), format!(" of {}", wording::grouped(count))),
    };
    canvas.write(&mut left, &place, canvas.style(Ink::Title));
    canvas.write(&mut left, &of, Style::new());
    let undecided = flow.figures.undecided;
    let mut told = format!(" · {} undecided", wording::grouped(undecided));
    if let (Some(rate), Some(takes), Some(_)) = (flow.pace.a_minute(), flow.pace.takes(undecided), flow.row) {
        let rate = if rate == 0 { "less than 1".to_owned() } else { wording::grouped(rate) };
        let speed = format!(" · {rate} a minute, about {} left", roughly(takes));
        if text::width(&told) + text::width(&speed) > usize::from(left.width) {
            told.clear();
        }
        told.push_str(&speed);
    }
    canvas.write(&mut left, &told, canvas.style(Ink::Faint));
}

/// Control or type, product and what the check said; status and age.
fn kind(canvas: &mut Canvas<'_>, model: &Model, flow: &Flow, row: &Row, area: Rect) {
    let text = |symbol| model.store.text(symbol);
    let mut left = canvas::columns(area, 2, u16::MAX);
    let age = if row.created == NO_TIME { String::new() } else { Millis(row.created).age(model.now).to_string() };
    let now = joined(&[wording::status_now(model, row), &age], " · ");
    canvas.write_right(&mut left, &now, Style::new());
    left.width = left.width.saturating_sub(2);
    let result = fact(model, flow, "result").and_then(|told| told.split(':').next().map(str::to_owned)).unwrap_or_default();
    // It names the product.
    let vendor = wording::vendor_says(model, row).unwrap_or_else(|| text(row.product).to_owned());
    // A type can be long; what the check said and who says so stand behind it all the same.
    let rest = joined(&[&result, &vendor], " · ");
    let room = usize::from(left.width).saturating_sub(text::width(&rest) + 3).max(12);
    let control = text::fit(text(row.control), room, Cut::Middle);
    let what = joined(&[&control, &rest], " · ");
    canvas.write(&mut left, &what, Style::new());
}

/// The resource and its type.
fn resource(canvas: &mut Canvas<'_>, model: &Model, row: &Row, area: Rect) {
    let text = |symbol| model.store.text(symbol);
    let left = canvas::columns(area, 2, u16::MAX);
    let more = if row.resource_count > 1 { format!("  and {} more", row.resource_count - 1) } else { String::new() };
    let kind = format!("  {}{more}", text(row.resource_type));
    let room = usize::from(left.width);
    let whole = text(row.resource);
    let resource = if text::width(whole) + text::width(&kind) <= room { whole } else { short_resource(whole) };
    let resource = text::fit(resource, room.saturating_sub(text::width(&kind)).max(room * 2 / 3), Cut::Middle).into_owned();
    let mut left = left;
    canvas.write(&mut left, &resource, Style::new());
    canvas.write(&mut left, &kind, canvas.style(Ink::Faint));
}

/// Account, Region and tags.
fn place(canvas: &mut Canvas<'_>, model: &Model, flow: &Flow, row: &Row, area: Rect) {
    let text = |symbol| model.store.text(symbol);
    let mut left = canvas::columns(area, 2, u16::MAX);
    let account = joined(&[text(row.account_name), text(row.account)], " ");
    canvas.write(&mut left, &joined(&[&account, text(row.region)], " · "), Style::new());
    if let Some(tags) = fact(model, flow, "tags") {
        canvas.write(&mut left, &format!(" · tags {tags}"), canvas.style(Ink::Faint));
    }
}

/// What looks like this finding, or what the next decision is for.
fn alike(canvas: &mut Canvas<'_>, flow: &Flow, area: Rect) {
    let mut left = canvas::columns(area, 2, u16::MAX);
    if let Some(wide) = &flow.wide {
        let told = format!("the next decision is for {} with the same {}", wording::grouped(wide.rows.len()), wide.likeness.word());
        canvas.write(&mut left, &told, canvas.style(Ink::Warning));
        return;
    }
    if let Some(alike) = &flow.figures.alike {
        let ink = if alike.set.is_empty() && alike.changed == 0 { Ink::Faint } else { Ink::Staged };
        canvas.write(&mut left, &alike.told(), canvas.style(ink));
        if alike.count > 0 {
            canvas.write(&mut left, &format!(" · same {}", alike.likeness.word()), canvas.style(Ink::Faint));
        }
    }
}

/// What the document says under a label, once it is there.
fn fact(model: &Model, flow: &Flow, label: &str) -> Option<String> {
    let Ok(told) = model.documents.get(flow.row?)?.as_ref() else { return None };
    told.summary.facts.iter().find(|fact| fact.label == label).map(|fact| fact.told.clone())
}

fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(between)
}
