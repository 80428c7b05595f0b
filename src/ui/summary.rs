//! The landing summary: blocks of values with their counts.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        model::{Model, ScanState},
        summary::{Block, Extent, Facet, Line, Source, Summary},
        summary_layout::{self, HEADER, Placed, refusal_lines},
        wording,
    },
    domain::{
        advice::advise,
        counted::MOST_VALUES,
        text::{self, Cut},
    },
};

use super::{
    canvas::{self, Canvas},
    header,
    preview::paragraph,
    theme::Ink,
};

/// Columns of a bar, where a block is wide enough for one.
const BAR: usize = 10;
/// A narrower block has no bars.
const WITH_BAR: u16 = 34;

/// Draws the summary into everything but the footer.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, summary: &Summary, area: Rect) {
    header::who(canvas, model, canvas::lines(area, 0, 1));
    what(canvas, model, summary, canvas::lines(area, 1, 1));
    canvas.rule(canvas::lines(area, 2, 1));
    let mut top = HEADER;
    if let Some(error) = &summary.refused {
        let room = canvas::columns(canvas::lines(area, top, refusal_lines(area.width) - 1), 1, area.width.saturating_sub(2));
        let advice = advise(error, &model.place());
        let told = format!("✗ {} {}", advice.what, advice.help);
        paragraph(canvas, room, &told, canvas.style(Ink::Problem), usize::from(room.height));
        top += refusal_lines(area.width);
    }
    let (width, height) = summary_layout::room(model.screen.columns, model.screen.rows, summary.refused.is_some());
    let room = canvas::columns(canvas::lines(area, top, height), 1, width);
    if summary.source != Source::Nobody {
        for placed in summary_layout::place(&summary.counts(), width, height) {
            if let Some(shown) = summary.blocks.get(placed.block) {
                block(canvas, summary, shown, placed, room);
            }
        }
    }
    below(canvas, model, canvas::lines(area, area.height.saturating_sub(1), 1));
}

/// What is counted, and how many that are.
fn what(canvas: &mut Canvas<'_>, model: &Model, summary: &Summary, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let (word, ink) = standing(model, summary);
    canvas.write_right(&mut left, &word, canvas.style(ink));
    left.width = left.width.saturating_sub(2);
    canvas.write(&mut left, "What is in the queue", canvas.style(Ink::Title));
    left = canvas::columns(left, 3, u16::MAX);
    canvas.write(&mut left, &text::clean(&summary.query.to_string()), Style::new());
}

fn standing(model: &Model, summary: &Summary) -> (String, Ink) {
    let total = summary.total.map(|total| usize::try_from(total).unwrap_or(usize::MAX));
    match (summary.source, total) {
        _ if summary.request.is_some() => ("counting …".to_owned(), Ink::Sending),
        (Source::Nobody, _) if model.session.trouble.is_some() => ("not counted".to_owned(), Ink::Problem),
        (Source::Nobody, _) => ("not counted yet".to_owned(), Ink::Faint),
        (Source::Loaded(rows), _) => {
            let complete = if model.scan.state == ScanState::Complete { "" } else { " so far" };
            (format!("of the {}{complete}", wording::counted(rows, "loaded finding")), Ink::Warning)
        }
        (Source::Service(_), Some(total)) => (wording::counted(total, "finding"), Ink::Title),
        (Source::Service(_), None) => (String::new(), Ink::Plain),
    }
}

/// What else there is to know or to open.
fn below(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    if model.scan.state == ScanState::Held {
        canvas.write(&mut left, "No findings are loaded yet.", canvas.style(Ink::Faint));
    }
}

fn block(canvas: &mut Canvas<'_>, summary: &Summary, block: &Block, placed: Placed, room: Rect) {
    let area = canvas::columns(canvas::lines(room, placed.y, placed.lines + 1), placed.x, placed.width);
    let has_cursor = summary.blocks.get(summary.at).is_some_and(|at| at.facet == block.facet);
    let mut title = canvas::lines(area, 0, 1);
    let shown = block.lines.len().min(usize::from(placed.lines));
    let more = match block.extent {
        Extent::Cut => format!("the {MOST_VALUES} most frequent"),
        Extent::Whole if shown < block.lines.len() => wording::grouped(block.lines.len()),
        Extent::Whole => String::new(),
    };
    canvas.write_right(&mut title, &more, canvas.style(Ink::Faint));
    let loaded = block.facet == Facet::Control && matches!(summary.source, Source::Loaded(_));
    let word = if loaded { "control, CVE or type" } else { block.facet.title() };
    canvas.write(&mut title, word, canvas.style(if has_cursor { Ink::Heading } else { Ink::Label }));
    if block.lines.is_empty() {
        canvas.put(canvas::columns(canvas::lines(area, 1, 1), 2, u16::MAX), "none", canvas.style(Ink::Faint));
        return;
    }
    let most = block.lines.iter().map(|line| line.count).max().unwrap_or(1).max(1);
    let digits = block.lines.iter().map(|line| text::width(&count(line.count))).max().unwrap_or(1);
    for (at, line) in block.lines.iter().enumerate().skip(block.top).take(usize::from(placed.lines)) {
        let place = canvas::lines(area, 1 + (at - block.top) as u16, 1);
        entry(canvas, block.facet, line, place, digits, most);
        if has_cursor && at == block.cursor {
            canvas.sign(place.x, place.y, '▸', Style::new());
            canvas.tint(place, canvas.style(Ink::Selected));
        }
    }
}

/// `C Critical        212 ██▌`.
fn entry(canvas: &mut Canvas<'_>, facet: Facet, line: &Line, area: Rect, digits: usize, most: u64) {
    let mut left = canvas::columns(area, 2, u16::MAX);
    if area.width >= WITH_BAR {
        canvas.write_right(&mut left, &bar(line.count, most), canvas.style(Ink::Faint));
        left.width = left.width.saturating_sub(1);
    }
    let mut number = canvas::columns(left, left.width.saturating_sub(digits as u16), u16::MAX);
    canvas.write_right(&mut number, &count(line.count), Style::new());
    left.width = left.width.saturating_sub(digits as u16 + 1);
    if let Some(severity) = line.severity(facet) {
        canvas.sign(left.x, left.y, severity.letter(), canvas.theme().severity(severity));
        left = canvas::columns(left, 2, u16::MAX);
    }
    let cut = if facet == Facet::Account { Cut::Middle } else { Cut::End };
    let beside = text::width(&line.beside);
    if beside > 0 && text::width(&line.shown) + 1 + beside <= usize::from(left.width) {
        canvas.write_right(&mut left, &line.beside, canvas.style(Ink::Faint));
        left.width = left.width.saturating_sub(1);
    }
    canvas.fit(left, &line.shown, cut, Style::new());
}

fn count(count: u64) -> String {
    wording::grouped(usize::try_from(count).unwrap_or(usize::MAX))
}

/// A bar as long as the count is of the largest one, in half columns; always as wide as the longest.
fn bar(count: u64, most: u64) -> String {
    let halves = (BAR * 2) as u64;
    let long = u128::from(count) * u128::from(halves) / u128::from(most.max(1));
    let long = usize::try_from(long).unwrap_or(BAR * 2).clamp(usize::from(count > 0), BAR * 2);
    (0..BAR)
        .map(|at| match long.saturating_sub(at * 2) {
            0 => ' ',
            1 => '▌',
            _ => '█',
        })
        .collect()
}
