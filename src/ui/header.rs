//! The first two lines: who is acting where and what needs attention, and what was asked for and how much of it is here.

use std::borrow::Cow;

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
pub fn account(model: &Model) -> Option<Cow<'_, str>> {
    let account = model.session.hub_account.as_deref().or(model.session.caller.as_ref().map(|caller| caller.account.as_str()));
    account.map(text::clean)
}

pub(super) fn who(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let theme = canvas.theme();
    let style = |ink| theme.style(ink);
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let (marks, staged, problems) = (model.marks.rows.len(), model.staging.len(), model.outcomes.problem_count());
    let kept = kept(model);
    // Whose findings these are has to be readable beside what else must be known: signs are enough for the counts then.
    let new = model.visit.rows.len();
    let counts = [marks, staged, problems, new].into_iter().filter(|&count| count > 0).count();
    let is_short = area.width < 100 && (kept.is_some() || counts > 3);
    let problem = if problems == 1 { "problem" } else { "problems" };
    for (count, sign, word, ink) in [
        (marks, '✓', "marked", Ink::Marked),
        (staged, '●', "staged", Ink::Staged),
        (problems, '✗', problem, Ink::Problem),
        (new, '▌', "new", Ink::New),
    ] {
        if count > 0 {
            let count = wording::grouped(count);
            if is_short {
                canvas.print_right(&mut left, format_args!("{sign} {count}"), style(ink));
            } else {
                canvas.print_right(&mut left, format_args!("{sign} {count} {word}"), style(ink));
            }
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
    canvas.write(&mut left, account(model).as_deref().unwrap_or("account not known yet"), style(Ink::Plain));
    let region = text::clean(&connection.region);
    // Account and Region decide what is changed: the name gives way first.
    if let Some(caller) = &model.session.caller {
        let room = usize::from(left.width).saturating_sub(text::width(&region) + 4);
        let name = wording::caller_name(&caller.arn);
        if room >= 6 {
            left = canvas::columns(left, 1, u16::MAX);
            canvas.write(&mut left, &text::fit(&name, room, Cut::Middle), style(Ink::Plain));
        }
    }
    canvas.print(&mut left, format_args!(" · {region}"), style(Ink::Plain));
    if let Some(endpoint) = &connection.endpoint
        && model.settings.label.is_none()
    {
        canvas.print(&mut left, format_args!(" at {}", text::clean(endpoint)), style(Ink::Faint));
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
    let room = usize::from(left.width);
    // What hides rows has its place before all else; a name of any length leaves it one.
    let name = text::fit(&profile(model), (room / 3).max(8), Cut::End).into_owned();
    let room = room.saturating_sub(text::width(&name) + 2);
    let query = text::clean(&model.scan.query.to_string()).into_owned();
    let hides = Hides::of(model).map(|hides| hides.within(room.saturating_sub(2), text::width(&query)));
    let beside = |told: Option<&String>| told.map_or(0, |told| text::width(told) + 2);
    let mut spare = room.saturating_sub(beside(hides.as_ref()));
    let mut local = local(model);
    let fits = local.as_ref().is_none_or(|whole| text::width(&query) + text::width(whole) + 2 <= spare);
    if !fits {
        local = None;
        // Where there is no room even for that, the tasks tell it.
        let sign = text::width(LOCAL_SIGN) + 2;
        if spare >= sign + text::width(&query).min(LEAST_QUERY) {
            canvas.write_right(&mut left, LOCAL_SIGN, style(Ink::Warning));
            left.width = left.width.saturating_sub(2);
            spare -= sign;
        }
    }
    let order = order(model, area.width);
    if text::width(&query) + beside(local.as_ref()) + 2 + text::width(&order) <= spare {
        canvas.write_right(&mut left, &order, style(Ink::Faint));
        left.width = left.width.saturating_sub(2);
    }
    canvas.write(&mut left, &name, style(Ink::Title));
    left = canvas::columns(left, 2, u16::MAX);
    canvas.write(&mut left, &text::fit(&query, spare, Cut::End), style(Ink::Plain));
    for (told, ink) in [(local, Ink::Faint), (hides, Ink::Warning)] {
        if let Some(told) = told {
            left = canvas::columns(left, 2, u16::MAX);
            canvas.write(&mut left, &told, style(ink));
        }
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

/// Columns of the query that `+local` leaves it at least.
const LEAST_QUERY: usize = 16;

/// What hides rows that are loaded, and how many it leaves.
struct Hides {
    /// The filter as typed, clean; empty where there is none.
    typed: String,
    /// `marked only`, `new only`.
    only: Option<&'static str>,
    /// How many rows are shown.
    shown: String,
}

impl Hides {
    /// Columns of the filter that stay beside a long query, the slash not counted.
    const LEAST_TYPED: usize = 8;

    fn of(model: &Model) -> Option<Self> {
        model.view.is_filtered().then(|| Self {
            typed: text::clean(model.filter.trim()).into_owned(),
            only: wording::only(&model.only),
            shown: wording::grouped(model.view.rows().len()),
        })
    }

    /// In no more columns than there are, and in as few as leave the query whole where that is possible.
    fn within(&self, room: usize, query: usize) -> String {
        let spare = room.saturating_sub(query);
        let whole = self.whole();
        if text::width(&whole) <= spare {
            return whole;
        }
        // The count is what must be read: the filter's text makes room for it.
        let frame = text::width(&self.short(0));
        self.short(spare.saturating_sub(frame).max(Self::LEAST_TYPED).min(room.saturating_sub(frame)))
    }

    /// `filter "bucket" shows 12`, `marked only shows 14`, `new only shows 3`.
    fn whole(&self) -> String {
        let Self { typed, only, shown } = self;
        match (typed.as_str(), only) {
            ("", only) => format!("{} shows {shown}", only.unwrap_or("marked only")),
            (typed, None) => format!("filter \"{typed}\" shows {shown}"),
            (typed, Some(only)) => format!("filter \"{typed}\", {only} shows {shown}"),
        }
    }

    /// `/cve-20… 12 shown`, `/cve-20… marked only 12 shown`, `new only 3 shown`, with so many columns of the filter's text.
    fn short(&self, columns: usize) -> String {
        let typed = (!self.typed.is_empty()).then(|| format!("/{}", text::fit(&self.typed, columns, Cut::End)));
        let words = [typed.as_deref(), self.only, Some(&self.shown), Some("shown")];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_rows_keeps_its_count_in_any_room_and_takes_no_more_than_there_is() {
        for typed in ["", "s3", "cve-2026", "buckets should block public access", "日本語のとても長い値"] {
            for only in [None, Some("marked only"), Some("marked new only")] {
                if typed.is_empty() && only.is_none() {
                    continue;
                }
                let hides = Hides { typed: typed.into(), only, shown: "12,345".into() };
                let least = text::width(&hides.short(0));
                for room in least..120 {
                    for query in [0, 10, 40, 400] {
                        let told = hides.within(room, query);
                        assert!(text::width(&told) <= room, "{told:?} in {room}");
                        assert!(told.contains("12,345"), "{told:?}");
                        assert!(only.is_none_or(|only| told.contains(only)), "{told:?}");
                        if room >= query + text::width(&hides.whole()) {
                            assert_eq!(told, hides.whole());
                        }
                    }
                }
                assert!(least <= 38, "a third of 80 columns is the name's, and loading takes its part: {least}");
            }
        }
    }
}
