//! One row of the table.
//!
//! Only rows on screen are drawn, straight into the buffer. The cursor's row differs from the others in its gutter, its severity and one
//! sign at the far end, so that moving the cursor changes a handful of cells and not two whole lines.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        model::{Model, RowState},
        wording,
    },
    domain::{
        patch::Patch,
        row::RowId,
        severity::SeverityId,
        text::{self, Cut},
        time::Millis,
    },
    findings::chunk::{NO_ID, NO_TIME, Row},
    send::report::ProblemKind,
};

use super::{
    canvas::{self, Canvas},
    column::{Columns, GUTTER},
    theme::{Ink, Theme},
};

/// Most characters of a message that a row looks at; the preview and the problems panel have the whole.
const MAX_MESSAGE: usize = 200;

/// Whether the cursor is on the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// It is.
    Cursor,
    /// It is not.
    Away,
}

/// What the mark column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Not marked.
    None,
    /// Marked.
    Marked,
    /// In a range that will be marked.
    WillMark,
    /// In a range that will be unmarked.
    WillUnmark,
}

/// The sign of a row's state and how it looks; a space where there is nothing to say.
pub fn state(model: &Model, id: RowId) -> (char, Ink) {
    match model.outcomes.get(id) {
        Some(RowState::Problem(problem)) if problem.kind == ProblemKind::Unknown => ('?', Ink::Problem),
        Some(RowState::Problem(_)) => ('✗', Ink::Problem),
        Some(RowState::Sending | RowState::Waiting(_)) => ('⟳', Ink::Sending),
        _ if model.journal.unsaved.contains_key(&id) => ('○', Ink::Faint),
        _ if model.staging.get(id).is_some() => ('●', Ink::Staged),
        Some(RowState::Processed) => ('✔', Ink::Processed),
        None if model.is_gone(id) => ('–', Ink::Gone),
        None if model.visit.is_new(id) => ('▌', Ink::New),
        None => (' ', Ink::Plain),
    }
}

/// Draws a row on the first line of an area.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, area: Rect, id: RowId, mark: Mark, focus: Focus) {
    let Some(row) = model.store.row(id) else { return };
    let theme = canvas.theme();
    let patch = model.staging.get(id);
    let (sign, ink) = state(model, id);
    gutter(canvas, area, mark, (sign, ink));
    let text = |symbol| model.store.text(symbol);
    let plain = match ink {
        Ink::Gone | Ink::Problem => theme.style(ink),
        _ => Style::new(),
    };

    let mut left = canvas::columns(area, GUTTER, u16::MAX);
    severity(canvas, take(&mut left, columns.severity), &row, patch);
    let cell = take(&mut left, columns.status);
    status(canvas, model, cell, &row, patch, plain);
    if patch.is_some_and(|patch| patch.comment.is_some()) {
        canvas.sign(cell.right(), cell.y, '✎', theme.style(Ink::Staged));
    }
    let cell = take(&mut left, columns.age);
    if row.created != NO_TIME {
        let mut cell = cell;
        canvas.write_right(&mut cell, &Millis(row.created).age(model.now), plain);
    }
    let account = if row.account_name.is_some() { text(row.account_name) } else { text(row.account) };
    let cell = take(&mut left, columns.account);
    if columns.region == 0 {
        let region = short_region(text(row.region));
        let wide = text::width(&region) as u16 + 1;
        canvas.fit(canvas::columns(cell, 0, cell.width.saturating_sub(wide)), account, Cut::Middle, plain);
        let mut cell = cell;
        canvas.write_right(&mut cell, &region, plain);
    } else {
        // Names of accounts differ at their ends more often than in the middle: prod, dev.
        canvas.fit(cell, account, Cut::Middle, plain);
        let region = text(row.region);
        let cell = take(&mut left, columns.region);
        if text::width(region) <= usize::from(cell.width) {
            canvas.put(cell, region, plain);
        } else {
            canvas.put(cell, &short_region(region), plain);
        }
    }
    let cell = take(&mut left, columns.product);
    match columns.product {
        2 => canvas.put(cell, &product_pair(text(row.product)), plain),
        _ => canvas.fit(cell, text(row.product), Cut::End, plain),
    };
    canvas.fit(take(&mut left, columns.control), text(row.control), Cut::End, plain);
    told(canvas, model, columns, left, id, &row, plain);

    if focus == Focus::Cursor {
        canvas.sign(area.x, area.y, '▶', Style::new());
        canvas.tint(canvas::columns(area, 0, GUTTER + columns.severity), theme.style(Ink::Selected));
        if columns.margin > 0 {
            canvas.sign(area.right().saturating_sub(1), area.y, '◀', theme.style(Ink::Selected));
        }
    }
}

/// The next cell of a row and the gap behind it.
fn take(left: &mut Rect, width: u16) -> Rect {
    let cell = canvas::columns(*left, 0, width);
    *left = canvas::columns(*left, width + 1, u16::MAX);
    cell
}

fn gutter(canvas: &mut Canvas<'_>, area: Rect, mark: Mark, (sign, ink): (char, Ink)) {
    let theme = canvas.theme();
    match mark {
        Mark::None => {}
        Mark::Marked => canvas.sign(area.x + 1, area.y, '✓', theme.style(Ink::Marked)),
        Mark::WillMark => canvas.sign(area.x + 1, area.y, '+', theme.style(Ink::Hit)),
        Mark::WillUnmark => canvas.sign(area.x + 1, area.y, '-', theme.style(Ink::Hit)),
    }
    if sign != ' ' {
        canvas.sign(area.x + 2, area.y, sign, theme.style(ink));
    }
}

/// The vendor's severity where it differs, and whether the present one is worse (`↑`) or not.
fn vendor(row: &Row) -> Option<(char, SeverityId)> {
    let differs = row.vendor_severity != NO_ID && row.severity != NO_ID && row.vendor_severity != row.severity;
    let (now, vendor) = (SeverityId(row.severity), SeverityId(row.vendor_severity));
    differs.then_some((if now.rank() >= vendor.rank() { '↑' } else { '↓' }, vendor))
}

/// `H`, or `H↑M` where the vendor says otherwise.
pub fn severity_letters(theme: Theme, row: &Row) -> String {
    let now = SeverityId(row.severity).letter();
    match vendor(row) {
        Some((arrow, vendor)) => format!("{now}{}{}", theme.sign(arrow), vendor.letter()),
        None => now.to_string(),
    }
}

/// `H`, `H↑M` where the vendor says otherwise, `H→L` where another is staged.
fn severity(canvas: &mut Canvas<'_>, cell: Rect, row: &Row, patch: Option<&Patch>) {
    if cell.width < 3 {
        return;
    }
    let theme = canvas.theme();
    let now = SeverityId(row.severity);
    canvas.sign(cell.x, cell.y, now.letter(), theme.severity(now));
    if let Some(staged) = patch.and_then(|patch| patch.severity) {
        canvas.sign(cell.x + 1, cell.y, '→', theme.style(Ink::Staged));
        canvas.sign(cell.x + 2, cell.y, staged.letter(), theme.style(Ink::Staged));
    } else if let Some((arrow, vendor)) = vendor(row) {
        canvas.sign(cell.x + 1, cell.y, arrow, theme.style(Ink::Faint));
        canvas.sign(cell.x + 2, cell.y, vendor.letter(), theme.style(Ink::Faint));
    }
}

/// `New`, or `New→Suppressed` where another is staged; the old one is shortened where both do not fit.
fn status(canvas: &mut Canvas<'_>, model: &Model, cell: Rect, row: &Row, patch: Option<&Patch>, style: Style) {
    let now = model.store.text(row.status_text);
    let Some(staged) = patch.and_then(|patch| patch.status) else {
        canvas.fit(cell, now, Cut::End, style);
        return;
    };
    let new = wording::status_caption(staged);
    let room = usize::from(cell.width).saturating_sub(text::width(&new) + 1);
    let mut left = cell;
    if text::width(now) <= room {
        canvas.write(&mut left, now, style);
    } else {
        let short: String = now.chars().filter(|c| *c != ' ').take(room.min(3)).collect();
        canvas.write(&mut left, &short, style);
    }
    let staged = canvas.style(Ink::Staged);
    canvas.write(&mut left, "→", staged);
    canvas.write(&mut left, &new, staged);
}

/// Title and resource; a problem takes the place of the resource, and of the title's tail where that is not enough.
fn told(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, area: Rect, id: RowId, row: &Row, style: Style) {
    let (title, resource) = (model.store.text(row.title), short_resource(model.store.text(row.resource)));
    let area = canvas::columns(area, 0, columns.told());
    let Some(problem) = model.outcomes.problem(id) else {
        canvas.fit(canvas::columns(area, 0, columns.title), title, Cut::End, style);
        if columns.resource > 0 {
            canvas.fit(canvas::columns(area, columns.title + 1, columns.resource), resource, Cut::Middle, style);
        }
        return;
    };
    let code = text::clean(problem.kind.word());
    let message = wording::said(model, id, MAX_MESSAGE);
    let code_width = text::width(&code) as u16;
    let whole = code_width.saturating_add(if message.is_empty() { 0 } else { text::width(&message) as u16 + 3 });
    // The code is always whole; of the rest at least a third goes to the title.
    let most = columns.resource.max(code_width).max(area.width - area.width / 3);
    let width = whole.clamp(columns.resource, most).min(area.width);
    let start = area.width - width;
    if start > 2 {
        canvas.fit(canvas::columns(area, 0, start - 1), title, Cut::End, style);
    }
    let mut left = canvas::columns(area, start, width);
    canvas.write(&mut left, &code, canvas.style(Ink::ProblemCode));
    if left.width > 5 && !message.is_empty() {
        canvas.write(&mut left, " · ", style);
        canvas.write(&mut left, &message, style);
    }
}

/// `euw1` for `eu-west-1`: the first part whole, then initials; anything that is no Region is cut to five columns.
pub fn short_region(region: &str) -> String {
    let mut short = String::with_capacity(6);
    for (at, part) in region.split('-').enumerate() {
        match part {
            _ if at == 0 => short.push_str(part),
            "northeast" => short.push_str("ne"),
            "southeast" => short.push_str("se"),
            "northwest" => short.push_str("nw"),
            "southwest" => short.push_str("sw"),
            _ => short.extend(part.chars().next()),
        }
    }
    text::fit(&short, 5, Cut::End).into_owned()
}

/// A resource without what its neighbours share: of an ARN only the part behind account and Region, of instances and groups only the id.
pub fn short_resource(resource: &str) -> &str {
    let own = if resource.starts_with("arn:") { resource.splitn(6, ':').nth(5).unwrap_or(resource) } else { resource };
    match own.split_once('/') {
        Some(("instance" | "security-group" | "volume" | "subnet" | "vpc", id)) if !id.is_empty() => id,
        _ => own,
    }
}

/// Two letters for a product: the first two capitals of its name, or its first two letters.
pub fn product_pair(product: &str) -> String {
    let capitals: String = product.chars().filter(char::is_ascii_uppercase).take(2).collect();
    if capitals.len() == 2 {
        return capitals;
    }
    text::fit(&product.to_uppercase(), 3, Cut::End).chars().take_while(|c| *c != '…').take(2).collect()
}

/// How a list of rows names one: severity, control, title and resource in one line.
pub fn draw_named(canvas: &mut Canvas<'_>, model: &Model, area: Rect, id: RowId, style: Style) {
    let Some(row) = model.store.row(id) else { return };
    let text = |symbol| model.store.text(symbol);
    let theme = canvas.theme();
    let mut left = area;
    let severity = SeverityId(row.severity);
    canvas.write(&mut left, severity.letter().encode_utf8(&mut [0; 4]), theme.severity(severity));
    left = canvas::columns(left, 1, u16::MAX);
    let control = area.width / 6;
    canvas.fit(take(&mut left, control.min(16)), text(row.control), Cut::End, style);
    let title = left.width * 3 / 5;
    canvas.fit(take(&mut left, title), text(row.title), Cut::End, style);
    canvas.fit(left, short_resource(text(row.resource)), Cut::Middle, style);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_to_what_tells_them_apart() {
        for (region, short) in
            [("eu-west-1", "euw1"), ("ap-southeast-2", "apse2"), ("us-gov-west-1", "usgw1"), ("global", "glob…"), ("", "")]
        {
            assert_eq!(short_region(region), short);
        }
        for (product, pair) in
            [("GuardDuty", "GD"), ("Inspector", "IN"), ("CSPM", "CS"), ("IAM Access Analyzer", "IA"), ("日本", "日"), ("", "")]
        {
            assert_eq!(product_pair(product), pair, "{product}");
        }
        for (resource, short) in [
            ("arn:aws:ec2:eu-west-1:1:instance/i-0f", "i-0f"),
            ("arn:aws:iam::1:role/ci-deploy", "role/ci-deploy"),
            ("arn:aws:s3:::logs", "logs"),
            ("arn:aws", "arn:aws"),
            ("AWS::::Account:1", "AWS::::Account:1"),
        ] {
            assert_eq!(short_resource(resource), short);
        }
    }
}
