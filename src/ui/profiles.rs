//! The picker of the saved filter profiles: number, name, query and how many findings each has; the broken ones at the end.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        action::{Action, Motion},
        keymap::Context,
        model::{Bound, Model},
        overlay::Picker,
        pointer::Spot,
        profiles::{Count, Entry},
        wording,
    },
    domain::{
        profile::FilterProfile,
        text::{self, Cut},
    },
};

use super::{
    canvas::{self, Canvas},
    list, menu,
    theme::Ink,
};

/// Columns of the sign of the one in force, the number and the spaces around them.
const BEFORE: u16 = 6;
/// Most columns of a name.
const NAME: usize = 24;
/// Columns of a count.
const COUNT: u16 = 10;
/// Lines that tell more of what the cursor is on, the rule over them included.
const MORE: u16 = 4;
/// Columns and lines that stay free around it.
const MARGIN: u16 = 2;

/// Draws the picker over the table.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, picker: Picker, screen: Rect) {
    let entries: Vec<Entry<'_>> = model.profiles.entries().collect();
    let width = screen.width.saturating_sub(2 * MARGIN).min(120);
    let height = (entries.len() as u16).saturating_add(MORE + 2).min(screen.height.saturating_sub(MARGIN));
    let inside = canvas.boxed(menu::beside(screen, None, width, height), "filter profiles", &remark(model));
    let rows = canvas::lines(inside, 0, inside.height.saturating_sub(MORE));
    let named = entries.iter().map(|entry| text::width(name(entry))).max().unwrap_or_default().clamp(4, NAME) as u16;
    for (at, line) in list::visible(entries.len(), picker.cursor, rows.height, |_| 1) {
        let Some(entry) = entries.get(at) else { continue };
        let area = canvas::lines(rows, line, 1);
        canvas.spot(area, Spot::Entry(at));
        if at == picker.cursor {
            canvas.tint(area, canvas.style(Ink::Selected));
        }
        draw_entry(canvas, model, entry, at, named, area);
        if at == picker.cursor {
            canvas.sign(area.x, area.y, '▶', canvas.style(Ink::Selected));
        }
    }
    let more = canvas::lines(inside, inside.height.saturating_sub(MORE), MORE);
    canvas.rule(canvas::lines(more, 0, 1));
    if let Some(entry) = entries.get(picker.cursor) {
        draw_more(canvas, model, entry, canvas::columns(canvas::lines(more, 1, MORE - 1), 1, more.width.saturating_sub(2)));
    }
}

/// `j/k Enter · digit · s saves what is on the screen · Esc`.
fn remark(model: &Model) -> String {
    let keys = |actions: &[Action]| {
        let keys = actions.iter().filter_map(|&action| model.settings.keymap.shown(Context::Profiles, action));
        keys.collect::<Vec<_>>().join("/")
    };
    format!(
        "{} {} · digit · {} saves the screen · {}",
        keys(&[Action::Move(Motion::Down), Action::Move(Motion::Up)]),
        keys(&[Action::Open]),
        keys(&[Action::SaveProfile]),
        keys(&[Action::Back])
    )
}

fn name<'a>(entry: &Entry<'a>) -> &'a str {
    match entry {
        Entry::Known(profile) => profile.name.as_str(),
        Entry::Broken(broken) => &broken.name,
    }
}

fn draw_entry(canvas: &mut Canvas<'_>, model: &Model, entry: &Entry<'_>, at: usize, named: u16, area: Rect) {
    let (sign, ink) = match entry {
        Entry::Broken(_) => ("✗", Ink::Problem),
        Entry::Known(profile) if profile.name == model.profiles.present.name => ("✓", Ink::Marked),
        Entry::Known(_) => (" ", Ink::Plain),
    };
    canvas.put(canvas::columns(area, 1, 1), sign, canvas.style(ink));
    if matches!(entry, Entry::Known(_)) && at < 9 {
        canvas.put(canvas::columns(area, 3, 2), &(at + 1).to_string(), canvas.style(Ink::Key));
    }
    let ink = if matches!(entry, Entry::Broken(_)) { Ink::Problem } else { Ink::Title };
    canvas.fit(canvas::columns(area, BEFORE, named), &text::clean(name(entry)), Cut::Middle, canvas.style(ink));
    let mut rest = canvas::columns(area, BEFORE + named + 2, area.width.saturating_sub(BEFORE + named + 3));
    match entry {
        Entry::Broken(broken) => {
            canvas.write(&mut rest, &first_problem(&broken.problems), canvas.style(Ink::Problem));
        }
        Entry::Known(profile) => {
            let (count, ink) = count(model, profile);
            let mut counted = canvas::columns(rest, rest.width.saturating_sub(COUNT), COUNT);
            canvas.write_right(&mut counted, &count, canvas.style(ink));
            rest.width = rest.width.saturating_sub(COUNT + 1);
            canvas.fit(rest, &text::clean(&profile.query().to_string()), Cut::End, Style::new());
        }
    }
}

/// A problem without the folder its file is in: what is wrong has to be seen in one line.
fn first_problem(problems: &[String]) -> String {
    let problem = problems.first().map(String::as_str).unwrap_or_default();
    problem.rsplit_once('/').filter(|(folder, _)| !folder.contains(": ")).map_or(problem, |(_, rest)| rest).to_owned()
}

/// `~1,204`, `≤1,204` where a part of the query is applied here, `…` until it is known.
fn count(model: &Model, profile: &FilterProfile) -> (String, Ink) {
    if !model.profiles.is_here(profile) {
        return ("other hub".to_owned(), Ink::Faint);
    }
    match model.profiles.counts.get(&profile.name) {
        None => (String::new(), Ink::Faint),
        Some(Count::Asked) => ("…".to_owned(), Ink::Faint),
        Some(Count::Refused(_)) => ("refused".to_owned(), Ink::Warning),
        Some(Count::Of(count)) => (format!("{}{}", Bound::of(&profile.query()).sign(), wording::grouped(*count)), Ink::Plain),
    }
}

/// What there is no room for in the line: everything that is wrong, the whole query, the hub, the guard rails.
fn draw_more(canvas: &mut Canvas<'_>, model: &Model, entry: &Entry<'_>, area: Rect) {
    let wrapped = |told: &str| text::wrap(&text::clean(told), usize::from(area.width));
    let (lines, ink): (Vec<String>, Ink) = match entry {
        Entry::Broken(broken) => (broken.problems.iter().flat_map(|problem| wrapped(problem)).collect(), Ink::Problem),
        Entry::Known(profile) => {
            let mut told = vec![profile.query().to_string()];
            if let Some(Count::Refused(why)) = model.profiles.counts.get(&profile.name) {
                told.insert(0, format!("cannot be counted: {why}"));
            }
            if !model.profiles.is_here(profile) {
                told.insert(0, format!("for another hub: {}", profile.asked));
            }
            let rails = profile.content.rails.told();
            if !rails.is_empty() {
                told.insert(0, format!("guard rails: {}", rails.join(", ")));
            }
            let recipes: Vec<&str> = profile.content.recipes.iter().map(|recipe| recipe.name.as_str()).collect();
            if !recipes.is_empty() {
                told.push(format!("recipes: {}", recipes.join(", ")));
            }
            told.push(format!("from {}", profile.source()));
            (told.iter().flat_map(|line| wrapped(line)).collect(), Ink::Faint)
        }
    };
    for (at, line) in lines.iter().take(usize::from(area.height)).enumerate() {
        canvas.fit(canvas::lines(area, at as u16, 1), line, Cut::End, canvas.style(ink));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::super::{
        sample,
        screens::{every, typed},
    };
    use super::*;
    use crate::{
        app::{
            event::{Event, RequestId},
            profiles::{Lost, Profiles},
            update::{Ctx, begin, update},
        },
        domain::{
            failure::{CallError, CallFailure},
            guard_rail::GuardRails,
            profile::{Broken, Catalogue, Content, FilterProfile, HubChoice, Layer, ProfileName, Source, SourceKind},
        },
    };

    fn catalogue() -> Catalogue {
        let layer = |name: &str, query: &str, content: Content| {
            let source = Source { kind: SourceKind::System, file: format!("/etc/xdg/hubtriage/profiles/{name}.toml") };
            (ProfileName::new(name).unwrap(), Layer { source, content: Content { query: Some(query.parse().unwrap()), ..content } })
        };
        let rails = GuardRails { comment_to_suppress: true, most_rows: Some(500), ..GuardRails::default() };
        let hub = HubChoice { profile: Some("audit".into()), region: Some("us-gov-west-1".into()), endpoint_url: None };
        let layers = [
            layer("payments", "status:new,in_progress account:111122223333,222233334444", Content { rails, ..Content::default() }),
            layer("guardduty", "status:new product:guardduty", Content::default()),
            layer("a-name-that-is-as-long-as-names-can-be40", "metadata.version:1.5.0 severity>=high", Content::default()),
            layer("gov", "status:new", Content { hub, ..Content::default() }),
            layer("refused", "status:new title:x", Content::default()),
        ];
        let problem = "/home/analyst/.config/hubtriage/profiles/mine.toml:3:27: query: `stauts` is no field; did you mean status?";
        Catalogue::of(layers, vec![Broken { name: "mine".into(), problems: vec![problem.into()] }])
    }

    /// The picker, with everything counted but one.
    fn picker(columns: u16, rows: u16) -> Model {
        let mut model = sample::busy(columns, rows);
        let present = catalogue().find("guardduty").unwrap().clone();
        let profiles = Profiles::new(catalogue().resolved(HubChoice::settled), present);
        begin(&mut model, profiles);
        let mut model = typed(model, "F");
        let ctx = Ctx { now: model.now };
        let request = model.profiles.loading.unwrap();
        update(&mut model, Event::Profiles(request, Box::new(catalogue().resolved(HubChoice::settled))), ctx);
        let request: RequestId = model.profiles.counting.unwrap();
        let refused = CallError {
            failure: CallFailure::Validation,
            operation: "GetFindingStatisticsV2",
            code: Some("ValidationException".into()),
            message: "no such value".into(),
            request_id: None,
        };
        for (name, total) in [
            ("open", Ok(9_812)),
            ("payments", Ok(3_244)),
            ("a-name-that-is-as-long-as-names-can-be40", Ok(1_204)),
            ("refused", Err(refused)),
        ] {
            update(&mut model, Event::ProfileCounted(request, ProfileName::new(name).unwrap(), total), ctx);
        }
        model
    }

    #[test]
    fn the_picker_tells_number_name_query_and_count_and_what_is_broken() {
        every("profiles", picker);
        every("profiles_broken", |columns, rows| typed(picker(columns, rows), "G"));
        every("profiles_rails", |columns, rows| typed(picker(columns, rows), "G k k"));
    }

    #[test]
    fn saving_tells_why_a_name_is_none_and_asks_before_it_goes_over_something() {
        every("profiles_bad_name", |columns, rows| typed(typed(picker(columns, rows), "s ctrl-u a / x"), "enter"));
        every("profiles_goes_over", |columns, rows| {
            let mut model = picker(columns, rows);
            model.profiles.present = catalogue().find("payments").unwrap().clone();
            typed(model, "s ctrl-u o p e n enter")
        });
    }

    #[test]
    fn a_session_whose_filter_profile_cannot_be_used_is_read_only() {
        every("review_lost_profile", |columns, rows| {
            let mut model = sample::busy(columns, rows);
            begin(&mut model, Profiles::new(catalogue(), FilterProfile::open()));
            model.profiles.lost = Some(Lost { name: "team".into(), why: "it is not there any more".into() });
            typed(model, "g g s 3 w enter")
        });
    }

    #[test]
    fn the_review_tells_which_rows_break_which_guard_rail() {
        every("review_rails", |columns, rows| {
            // It was staged before the filter profile was in force.
            let mut model = typed(sample::busy(columns, rows), "g U g g s 3 S l");
            let mut present = catalogue().find("payments").unwrap().clone();
            present.content.rails.most_rows = Some(2);
            present.content.rails.no_downgrade_of_critical = true;
            begin(&mut model, Profiles::new(catalogue(), present));
            typed(model, "w enter")
        });
    }
}
