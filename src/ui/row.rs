//! One row of the table.
//!
//! Only rows on screen are drawn, straight into the buffer. The cursor's row differs from the others in its gutter, its severity and one
//! sign at the far end, so that moving the cursor changes a handful of cells and not two whole lines.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        columns::{Cell, Columns, GUTTER},
        model::{Model, RowState},
        wording,
    },
    domain::{
        column::ColumnKind,
        patch::Patch,
        query::field::Field,
        row::RowId,
        severity::SeverityId,
        text::{self, Cut},
        time::Millis,
    },
    findings::chunk::{NO_ID, NO_TIME, Row},
    send::report::{Problem, ProblemKind},
};

use super::{
    canvas::{self, Canvas},
    theme::{Ink, Theme},
};

/// Most characters of a message that a row looks at; the preview and the problems panel have the whole.
const MAX_MESSAGE: usize = 200;
/// From here on a product is written out.
const LEAST_PRODUCT: u16 = 5;
/// Columns that the cell cursor lights at most: a move changes that many cells of two rows.
pub const MOST_LIT: u16 = 20;

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
    if sign != '–' && model.is_gone(id) {
        // What is staged on a row has its own sign; that the result no longer has the row must be seen beside it.
        canvas.sign(area.x + 3, area.y, '–', theme.style(Ink::Gone));
    }
    let plain = match ink {
        Ink::Gone | Ink::Problem => theme.style(ink),
        _ => Style::new(),
    };
    let finding = Finding { model, id, row: &row, patch, plain };
    let problem = model.outcomes.problem(id).map(|problem| Told::of(model, id, problem, columns, area.width));
    // A cell that a problem reaches into ends before it; only what reads well in part is drawn then.
    let end = problem.as_ref().map_or(area.width, |told| told.x.saturating_sub(1));
    for cell in &columns.cells {
        let width = end.saturating_sub(cell.x).min(cell.width);
        if width == cell.width || (width > 1 && is_cut_well(&cell.what)) {
            finding.draw(canvas, cell, canvas::columns(area, cell.x, width));
        }
    }
    if let Some(told) = problem {
        told.draw(canvas, area, plain);
    }
    let pen = patch.filter(|patch| patch.comment.is_some()).and_then(|_| {
        let status = columns.cells.iter().find(|cell| cell.what == ColumnKind::Status);
        status.or(columns.cells.first()).map(|cell| area.x.saturating_add(cell.end()))
    });
    if let Some(x) = pen {
        canvas.sign(x, area.y, '✎', theme.style(Ink::Staged));
    }
    if focus == Focus::Cursor {
        let severity = columns.cells.first().filter(|cell| cell.what == ColumnKind::Severity).map_or(0, |cell| cell.width);
        canvas.sign(area.x, area.y, '▶', Style::new());
        canvas.tint(canvas::columns(area, 0, GUTTER + severity), theme.style(Ink::Selected));
        if columns.margin > 0 && pen != Some(area.right().saturating_sub(1)) {
            canvas.sign(area.right().saturating_sub(1), area.y, '◀', theme.style(Ink::Selected));
        }
        if let Some((x, width)) = model.cursor.column.and_then(|at| columns.cell(at).map(|cell| cell.part(at))) {
            canvas.tint(canvas::columns(area, x, width.min(MOST_LIT)), theme.style(Ink::Cell));
        }
    }
}

/// Whether a part of such a cell still says something.
const fn is_cut_well(what: &ColumnKind) -> bool {
    matches!(what, ColumnKind::Title | ColumnKind::Resource | ColumnKind::Comment | ColumnKind::Type | ColumnKind::Ocsf(_))
}

/// Where a document's value is cut: at its middle where what tells it from others stands at the end.
fn cut(field: &Field) -> Cut {
    let last = field.paths().last().map(|path| path.rsplit('.').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let is_name = matches!(last.as_str(), "arn" | "path" | "src_url" | "hostname" | "repository_name") || last.contains("uid");
    if is_name { Cut::Middle } else { Cut::End }
}

/// A finding whose cells are drawn.
struct Finding<'a> {
    model: &'a Model,
    id: RowId,
    row: &'a Row,
    patch: Option<&'a Patch>,
    plain: Style,
}

impl Finding<'_> {
    /// Draws one cell.
    fn draw(&self, canvas: &mut Canvas<'_>, cell: &Cell, area: Rect) {
        let (row, plain) = (self.row, self.plain);
        let text = |symbol| self.model.store.text(symbol);
        match &cell.what {
            ColumnKind::Severity => severity(canvas, area, row, self.patch),
            ColumnKind::Status => status(canvas, self.model, area, row, self.patch, plain),
            ColumnKind::Age => self.age(canvas, area, row.created),
            ColumnKind::Modified => self.age(canvas, area, row.modified),
            ColumnKind::Account if cell.has_region => {
                let region = short_region(text(row.region));
                let wide = text::width(&region) as u16 + 1;
                canvas.fit(canvas::columns(area, 0, area.width.saturating_sub(wide)), self.account(), Cut::Middle, plain);
                let mut area = area;
                canvas.write_right(&mut area, &region, plain);
            }
            // Names of accounts differ at their ends more often than in the middle: prod, dev.
            ColumnKind::Account => {
                canvas.fit(area, self.account(), Cut::Middle, plain);
            }
            ColumnKind::AccountId => {
                canvas.fit(area, text(row.account), Cut::Middle, plain);
            }
            ColumnKind::Region => {
                let region = text(row.region);
                if text::width(region) <= usize::from(area.width) {
                    canvas.put(area, region, plain);
                } else {
                    canvas.fit(area, &short_region(region), Cut::End, plain);
                }
            }
            ColumnKind::Product if area.width < LEAST_PRODUCT => {
                canvas.put(area, &product_pair(text(row.product)), plain);
            }
            ColumnKind::Product => {
                canvas.fit(area, text(row.product), Cut::End, plain);
            }
            ColumnKind::Control => {
                canvas.fit(area, text(row.control), Cut::End, plain);
            }
            ColumnKind::Title => {
                canvas.fit(area, text(row.title), Cut::End, plain);
            }
            ColumnKind::Resource => {
                canvas.fit(area, short_resource(text(row.resource)), Cut::Middle, plain);
            }
            ColumnKind::Type => {
                canvas.fit(area, short_type(text(row.resource_type)), Cut::Middle, plain);
            }
            ColumnKind::Comment => self.comment(canvas, area),
            ColumnKind::Ocsf(field) => match self.model.store.extra().value(field, self.id) {
                Some(value) => {
                    canvas.fit(area, text(value), cut(field), plain);
                }
                None => {
                    canvas.put(area, "…", canvas.style(Ink::Faint));
                }
            },
        }
    }

    fn account(&self) -> &str {
        let name = if self.row.account_name.is_some() { self.row.account_name } else { self.row.account };
        self.model.store.text(name)
    }

    fn age(&self, canvas: &mut Canvas<'_>, mut area: Rect, since: i64) {
        if since != NO_TIME {
            canvas.print_right(&mut area, format_args!("{}", Millis(since).age(self.model.now)), self.plain);
        }
    }

    fn comment(&self, canvas: &mut Canvas<'_>, mut area: Rect) {
        let Some(staged) = self.patch.and_then(|patch| patch.comment.as_ref()) else {
            canvas.fit(area, self.model.store.text(self.row.comment), Cut::End, self.plain);
            return;
        };
        let style = canvas.style(Ink::Staged);
        canvas.write(&mut area, "→", style);
        canvas.write(&mut area, &text::clean(staged.as_str()), style);
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
    if cell.is_empty() {
        return;
    }
    let theme = canvas.theme();
    let now = SeverityId(row.severity);
    canvas.sign(cell.x, cell.y, now.letter(), theme.severity(now));
    if cell.width < 3 {
        // Too narrow for another one: a staged one is told by its own sign.
        if patch.is_some_and(|patch| patch.severity.is_some()) && cell.width > 1 {
            canvas.sign(cell.x + 1, cell.y, '→', theme.style(Ink::Staged));
        }
        return;
    }
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
    let number = if staged.caption().is_none() { staged.0.to_string() } else { String::new() };
    let new = staged.caption().unwrap_or(&number);
    let room = usize::from(cell.width).saturating_sub(text::width(new) + 1);
    let mut left = cell;
    if text::width(now) <= room {
        canvas.write(&mut left, now, style);
    } else {
        let short: String = now.chars().filter(|c| *c != ' ').take(room.min(3)).collect();
        canvas.write(&mut left, &short, style);
    }
    let staged = canvas.style(Ink::Staged);
    canvas.write(&mut left, "→", staged);
    canvas.write(&mut left, new, staged);
}

/// What a problem says on its row: it takes the place of the last columns, and of the tail of the one before where that is not enough.
struct Told {
    code: String,
    message: String,
    /// Where it begins and how wide it is.
    x: u16,
    width: u16,
}

impl Told {
    fn of(model: &Model, id: RowId, problem: &Problem, columns: &Columns, terminal: u16) -> Self {
        let code = text::clean(problem.kind.word()).into_owned();
        let message = wording::said(model, id, MAX_MESSAGE);
        let code_width = text::width(&code) as u16;
        let whole = code_width.saturating_add(if message.is_empty() { 0 } else { text::width(&message) as u16 + 3 });
        let (from, least) = room_for_problem(columns);
        let room = terminal.saturating_sub(columns.margin).saturating_sub(from);
        // The code is always whole; of the rest at least a third goes to what the row is about.
        let most = least.max(code_width).max(room - room / 3);
        let width = whole.clamp(least, most).min(room);
        Self { code, message, x: from + room - width, width }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, style: Style) {
        let mut left = canvas::columns(area, self.x, self.width);
        canvas.write(&mut left, &self.code, canvas.style(Ink::ProblemCode));
        if left.width > 5 && !self.message.is_empty() {
            canvas.write(&mut left, " · ", style);
            canvas.write(&mut left, &self.message, style);
        }
    }
}

/// From where on a problem may take the row, and the least it takes: behind severity and status, from the first column that reads well in
/// part; the last one whole where there are several.
fn room_for_problem(columns: &Columns) -> (u16, u16) {
    let behind =
        columns.cells.iter().rposition(|cell| matches!(cell.what, ColumnKind::Severity | ColumnKind::Status)).map_or(0, |at| at + 1);
    let rest = columns.cells.get(behind..).unwrap_or_default();
    let end = columns.cells.last().map_or(GUTTER, Cell::end);
    let Some(first) = rest.iter().position(|cell| is_cut_well(&cell.what)) else {
        return (rest.last().map_or(end + 1, |cell| cell.x), 0);
    };
    let from = rest.get(first).map_or(end, |cell| cell.x);
    let last = rest.last().filter(|_| rest.len() > first + 1).map_or(0, |cell| cell.width);
    (from, last)
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

/// A type of resource without the `AWS::` that nearly all have.
fn short_type(name: &str) -> &str {
    name.strip_prefix("AWS::").filter(|rest| !rest.starts_with(':')).unwrap_or(name)
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
