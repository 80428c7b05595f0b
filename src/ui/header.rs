//! The first two lines: who is acting where and what needs attention, and what was asked for and how much of it is here.

use ratatui::layout::Rect;

use crate::{
    app::{
        event::ServedOrder,
        journaling::JournalState,
        model::{Access, Bound, Model, ScanState},
        overlay::Overlay,
        wording,
    },
    domain::text::{self, Cut},
    send::report::Activity,
};

use super::{
    canvas::{self, Canvas},
    theme::Ink,
};

/// Draws the two lines.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    who(canvas, model, canvas::lines(area, 0, 1));
    what(canvas, model, canvas::lines(area, 1, 1));
}

/// The account that is asked, where it is known.
pub fn account(model: &Model) -> Option<String> {
    let account = model.session.hub_account.as_deref().or(model.session.caller.as_ref().map(|caller| caller.account.as_str()));
    account.map(|account| text::clean(account).into_owned())
}

pub(super) fn who(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let theme = canvas.theme();
    let style = |ink| theme.style(ink);
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let (marks, staged, problems) = (model.marks.rows.len(), model.staging.len(), model.outcomes.problem_count());
    let kept = kept(model);
    // Whose findings these are has to be readable beside what else must be known: signs are enough for the counts then.
    let is_short = area.width < 100 && kept.is_some();
    let problem = if problems == 1 { "problem" } else { "problems" };
    for (count, sign, word, ink) in [
        (marks, '✓', "marked", Ink::Marked),
        (staged, '●', "staged", Ink::Staged),
        (problems, '✗', problem, Ink::Problem),
        (model.visit.rows.len(), '▌', "new", Ink::New),
    ] {
        if count > 0 {
            let count = wording::grouped(count);
            let word = if is_short { format!("{sign} {count}") } else { format!("{sign} {count} {word}") };
            canvas.write_right(&mut left, &word, style(ink));
            left.width = left.width.saturating_sub(2);
        }
    }
    let elsewhere = model.profiles.staged_elsewhere(model.journal.key.as_ref());
    if elsewhere > 0 {
        let elsewhere = wording::grouped(elsewhere);
        let word = if is_short { format!("● {elsewhere} elsewhere") } else { format!("● {elsewhere} staged elsewhere") };
        canvas.write_right(&mut left, &word, style(Ink::Staged));
        left.width = left.width.saturating_sub(2);
    }
    canvas.write(&mut left, "hubtriage", style(Ink::Title));
    if let Some(label) = model.settings.label {
        left = canvas::columns(left, 1, u16::MAX);
        canvas.write(&mut left, label, style(Ink::Warning));
    }
    if model.access() == Access::ReadOnly {
        left = canvas::columns(left, 1, u16::MAX);
        canvas.write(&mut left, "read-only", style(Ink::Warning));
    }
    if let Some((word, ink)) = kept {
        left = canvas::columns(left, 1, u16::MAX);
        canvas.write(&mut left, &word, style(ink));
    }
    left = canvas::columns(left, 2, u16::MAX);
    let Some(connection) = &model.session.connection else {
        let word = if model.session.trouble.is_some() { "not connected" } else { "connecting …" };
        canvas.write(&mut left, word, style(Ink::Faint));
        return;
    };
    let account = account(model).unwrap_or_else(|| "account not known yet".to_owned());
    let region = format!(" · {}", text::clean(&connection.region));
    canvas.write(&mut left, &account, style(Ink::Plain));
    // Account and Region decide what is changed: the name gives way first.
    if let Some(caller) = &model.session.caller {
        let room = usize::from(left.width).saturating_sub(text::width(&region) + 1);
        let name = wording::caller_name(&caller.arn);
        if room >= 6 {
            left = canvas::columns(left, 1, u16::MAX);
            canvas.write(&mut left, &text::fit(&name, room, Cut::Middle), style(Ink::Plain));
        }
    }
    canvas.write(&mut left, &region, style(Ink::Plain));
    if let Some(endpoint) = &connection.endpoint
        && model.settings.label.is_none()
    {
        canvas.write(&mut left, &format!(" at {}", text::clean(endpoint)), style(Ink::Faint));
    }
}

/// What the analyst must know of the journal, and of a send that does not go on; nothing where all is well.
fn kept(model: &Model) -> Option<(String, Ink)> {
    let journal = &model.journal;
    let overdue = journal.overdue(model.now);
    let unsent = match model.sending.activity {
        Some(Activity::Paused) => Some(("sending paused".to_owned(), Ink::Warning)),
        Some(Activity::Held(_)) => Some(("sending held".to_owned(), Ink::Warning)),
        _ => None,
    };
    match &journal.state {
        JournalState::Broken(_) => Some(("✗ journal broken".to_owned(), Ink::Problem)),
        JournalState::Foreign(_) => Some(("✗ other hub".to_owned(), Ink::Problem)),
        JournalState::Off if model.access() == Access::ReadOnly => Some(("not kept".to_owned(), Ink::Warning)),
        JournalState::Off => Some(("read-only, not kept".to_owned(), Ink::Warning)),
        JournalState::Busy(_) if model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Busy(_))) => {
            Some(("journal busy".to_owned(), Ink::Warning))
        }
        JournalState::Busy(_) => Some(("waits for the journal".to_owned(), Ink::Warning)),
        JournalState::Open | JournalState::Opening if unsent.is_some() => unsent,
        JournalState::Open if !journal.mended.is_empty() => Some(("! journal was not whole".to_owned(), Ink::Warning)),
        JournalState::Open | JournalState::Opening if overdue > 0 => {
            Some((format!("○ {} not on disk", wording::grouped(overdue)), Ink::Warning))
        }
        JournalState::Open | JournalState::Opening => None,
    }
}

fn what(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let theme = canvas.theme();
    let style = |ink| theme.style(ink);
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let (word, ink) = standing(model, area.width);
    canvas.write_right(&mut left, &word, style(ink));
    left.width = left.width.saturating_sub(2);
    let order = order(model, area.width);
    // The query and the filter say what is not shown; the order gives way to them.
    let query = text::clean(&model.scan.query.to_string()).into_owned();
    let filter = filter(model);
    let name = profile(model);
    let mut needed = text::width(&name) + 2 + text::width(&query) + filter.as_ref().map_or(0, |filter| text::width(filter) + 2) + 2;
    let mut local = local(model);
    if let Some(whole) = &local {
        let width = text::width(whole) + 2;
        if needed + width <= usize::from(left.width) {
            needed += width;
        } else {
            // Where there is no room the tasks tell it.
            canvas.write_right(&mut left, LOCAL_SIGN, style(Ink::Warning));
            left.width = left.width.saturating_sub(2);
            local = None;
        }
    }
    if needed + text::width(&order) <= usize::from(left.width) {
        canvas.write_right(&mut left, &order, style(Ink::Faint));
        left.width = left.width.saturating_sub(2);
    }
    canvas.write(&mut left, &name, style(Ink::Title));
    left = canvas::columns(left, 2, u16::MAX);
    canvas.write(&mut left, &query, style(Ink::Plain));
    if let Some(local) = local {
        left = canvas::columns(left, 2, u16::MAX);
        canvas.write(&mut left, &local, style(Ink::Faint));
    }
    if let Some(filter) = filter {
        left = canvas::columns(left, 2, u16::MAX);
        canvas.write(&mut left, &filter, style(Ink::Warning));
    }
}

/// The name of the filter profile in force, with a star where the screen no longer is what it says.
fn profile(model: &Model) -> String {
    format!("{}{}", model.profiles.present.name, if model.has_left_profile() { "*" } else { "" })
}

/// Says that a part of the query is applied here, where there is no room to say which.
const LOCAL_SIGN: &str = "+local";

/// `local: epss>=0.5`: what of the query the service does not do.
fn local(model: &Model) -> Option<String> {
    let clauses = model.serving.clauses();
    (!clauses.is_empty()).then(|| format!("local: {}", text::clean(&clauses.join(", "))))
}

/// `filter "bucket" shows 12`, `marked only shows 14`, `new only shows 3`.
fn filter(model: &Model) -> Option<String> {
    if !model.view.is_filtered() {
        return None;
    }
    let shown = wording::grouped(model.view.rows().len());
    let only = wording::only(&model.only);
    Some(match (model.filter.trim(), only) {
        ("", only) => format!("{} shows {shown}", only.unwrap_or("marked only")),
        (typed, None) => format!("filter \"{}\" shows {shown}", text::clean(typed)),
        (typed, Some(only)) => format!("filter \"{}\", {only} shows {shown}", text::clean(typed)),
    })
}

fn order(model: &Model, width: u16) -> String {
    let mut order = model.view.order().to_string();
    if width >= 100 {
        order.insert_str(0, "sorted ");
    }
    if let Some(field) = model.view.grouped_by() {
        order.insert_str(0, &format!("by {field} · "));
    }
    // Once every row is here, the order of the loaded rows is the order of all.
    if model.scan.order == ServedOrder::Fallback && model.scan.state != ScanState::Complete {
        order.push_str(" (loaded rows only)");
    }
    order
}

/// How much is loaded and how that stands.
fn standing(model: &Model, width: u16) -> (String, Ink) {
    let loaded = wording::grouped(model.scan.loaded);
    let bound = model.scan.bound;
    let of = match model.scan.total.map(wording::grouped) {
        None => String::new(),
        Some(total) if bound == Bound::AtMost && width >= 100 => format!(" of at most {total}"),
        Some(total) => format!(" of {}{total}", bound.sign()),
    };
    match &model.scan.state {
        ScanState::Waiting | ScanState::Held => ("nothing loaded yet".to_owned(), Ink::Faint),
        ScanState::Loading if width < 100 => (format!("⟳ loading {loaded}{of}"), Ink::Sending),
        ScanState::Loading => (format!("⟳ {loaded}{of} loaded, loading"), Ink::Sending),
        ScanState::Complete => (format!("{loaded} loaded, complete"), Ink::Plain),
        ScanState::Stopped => (format!("stopped at {loaded}{of}"), Ink::Warning),
        ScanState::Failed(_) => (format!("✗ failed at {loaded}{of}"), Ink::Problem),
    }
}
