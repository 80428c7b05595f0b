//! The landing summary: blocks of values with their counts.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        action::Action,
        keymap::Context,
        model::{Bound, Model, ScanState},
        profiles::Count,
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
/// Columns that a name and an id beside it need.
const WITH_BESIDE: u16 = 30;
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
    profiles(canvas, model, canvas::lines(area, area.height.saturating_sub(2), 1));
    below(canvas, model, summary, canvas::lines(area, area.height.saturating_sub(1), 1));
}

/// What is counted, and how many that are.
fn what(canvas: &mut Canvas<'_>, model: &Model, summary: &Summary, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    let (word, ink) = standing(model, summary);
    canvas.write_right(&mut left, &word, canvas.style(ink));
    left.width = left.width.saturating_sub(2);
    canvas.write(&mut left, "What is in the queue", canvas.style(Ink::Title));
    left = canvas::columns(left, 3, u16::MAX);
    canvas.fit(left, &text::clean(&summary.query.to_string()), Cut::End, Style::new());
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
        (Source::Service(_), Some(total)) if summary.bound == Bound::AtMost => {
            (format!("at most {}", wording::counted(total, "finding")), Ink::Title)
        }
        // Summed over the severities: findings without one are not in it.
        (Source::Service(_), Some(total)) => (format!("{}{}", summary.bound.sign(), wording::counted(total, "finding")), Ink::Title),
        (Source::Service(_), None) => (String::new(), Ink::Plain),
    }
}

/// `1 open ~9,812 · 2 payments ~3,244`: what a digit picks, where there is a choice.
fn profiles(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let known = &model.profiles.catalogue.known;
    if known.len() < 2 {
        return;
    }
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    for (number, profile) in known.iter().enumerate().map(|(at, profile)| (at + 1, profile)).take(9) {
        if number > 1 {
            canvas.write(&mut left, " · ", canvas.style(Ink::Faint));
        }
        canvas.write(&mut left, &number.to_string(), canvas.style(Ink::Key));
        let count = match model.profiles.counts.get(&profile.name) {
            Some(Count::Of(count)) => format!(" {}{}", Bound::of(&profile.query()).sign(), wording::grouped(*count)),
            Some(Count::Asked) => " …".to_owned(),
            Some(Count::Refused(_)) | None => String::new(),
        };
        let is_present = profile.name == model.profiles.present.name;
        canvas.write(&mut left, &format!(" {}", profile.name), canvas.style(if is_present { Ink::Title } else { Ink::Plain }));
        canvas.write(&mut left, &count, Style::new());
    }
}

/// What the line under the cursor asks for.
fn below(canvas: &mut Canvas<'_>, model: &Model, summary: &Summary, area: Rect) {
    let mut left = canvas::columns(area, 1, area.width.saturating_sub(2));
    if model.scan.state == ScanState::Held {
        canvas.write_right(&mut left, "nothing is loaded yet", canvas.style(Ink::Faint));
        left.width = left.width.saturating_sub(2);
    }
    let Some(clause) = summary.here().and_then(|(facet, line)| facet.clause(&line.raw, summary.source)) else { return };
    let query = summary.query.narrowed(clause).to_string();
    if let Some(keys) = model.settings.keymap.shown(Context::Summary, Action::Open) {
        canvas.write(&mut left, &format!("{keys} asks for "), canvas.style(Ink::Faint));
    }
    canvas.write(&mut left, &text::clean(&query), Style::new());
}

fn block(canvas: &mut Canvas<'_>, summary: &Summary, block: &Block, placed: Placed, room: Rect) {
    let area = canvas::columns(canvas::lines(room, placed.y, placed.lines + 1), placed.x, placed.width);
    let has_cursor = summary.blocks.get(summary.at).is_some_and(|at| at.facet == block.facet);
    let mut title = canvas::lines(area, 0, 1);
    let shown = block.lines.len().min(usize::from(placed.lines));
    let more = match block.extent {
        Extent::Cut => format!("the {MOST_VALUES} most frequent"),
        Extent::Whole if shown < block.lines.len() => format!("{shown} of {}", wording::grouped(block.lines.len())),
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
    let is_bound = summary.bound == Bound::AtMost && matches!(summary.source, Source::Service(_));
    let digits = block.lines.iter().map(|line| text::width(&count(line.count, is_bound))).max().unwrap_or(1);
    for (at, line) in block.lines.iter().enumerate().skip(block.top).take(usize::from(placed.lines)) {
        let place = canvas::lines(area, 1 + (at - block.top) as u16, 1);
        entry(canvas, block.facet, line, place, &Scale { digits, most, is_bound });
        if has_cursor && at == block.cursor {
            canvas.sign(place.x, place.y, '▸', Style::new());
            canvas.tint(place, canvas.style(Ink::Selected));
        }
    }
}

/// What the lines of a block share.
struct Scale {
    /// Columns of the counts.
    digits: usize,
    /// The largest count.
    most: u64,
    /// Whether counts are upper bounds.
    is_bound: bool,
}

/// `C Critical        212 ██▌`.
fn entry(canvas: &mut Canvas<'_>, facet: Facet, line: &Line, area: Rect, &Scale { digits, most, is_bound }: &Scale) {
    let mut left = canvas::columns(area, 2, u16::MAX);
    if area.width >= WITH_BAR {
        canvas.write_right(&mut left, &bar(line.count, most), canvas.style(Ink::Faint));
        left.width = left.width.saturating_sub(1);
    }
    let mut number = canvas::columns(left, left.width.saturating_sub(digits as u16), u16::MAX);
    canvas.write_right(&mut number, &count(line.count, is_bound), Style::new());
    left.width = left.width.saturating_sub(digits as u16 + 1);
    if let Some(severity) = line.severity(facet) {
        canvas.sign(left.x, left.y, severity.letter(), canvas.theme().severity(severity));
        left = canvas::columns(left, 2, u16::MAX);
    }
    let cut = if facet == Facet::Account { Cut::Middle } else { Cut::End };
    // Beside every name or beside none: in a narrow block the line of what Enter asks for has it.
    if !line.beside.is_empty() && left.width >= WITH_BESIDE {
        canvas.write_right(&mut left, &line.beside, canvas.style(Ink::Faint));
        left.width = left.width.saturating_sub(1);
    }
    canvas.fit(left, &line.shown, cut, Style::new());
}

/// `212`, and `≤212` where there may be fewer.
fn count(count: u64, is_bound: bool) -> String {
    let bound = if is_bound { "≤" } else { "" };
    format!("{bound}{}", wording::grouped(count))
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{
        app::{
            event::Event,
            overlay::Overlay,
            profiles::Profiles,
            update::{Ctx, begin, update},
        },
        domain::{
            counted::{CountField, Counted},
            failure::{CallError, CallFailure},
            profile::{Catalogue, Content, FilterProfile, Layer, ProfileName, Source as Origin, SourceKind},
        },
        ui::{
            sample,
            screens::{drawn, snapshot, themed, typed},
            theme::{Colours, Glyphs, Theme},
        },
    };

    const NASTY: &str = "a\u{1b}[31m\u{202e}b\u{200b}\r\n\u{7}\u{301}日本語のとても長い値";

    fn counts(field: CountField, values: impl IntoIterator<Item = (String, u64)>) -> Counted {
        Counted { field, values: values.into_iter().collect() }
    }

    /// What a large organisation has.
    fn large() -> Vec<Counted> {
        let named = |values: &[(&str, u64)]| values.iter().map(|&(value, count)| (value.to_owned(), count)).collect::<Vec<_>>();
        let accounts =
            [("payments-prod", 3104), ("data-prod", 2011), ("core", 1240), ("a-name-that-is-far-too-long-for-any-column-of-it", 402)];
        let more = (0..60).map(|at| (format!("{:012}", 100_000_000_000_u64 + at), 390 - at));
        let controls = [("S3.8", 1204), ("EC2.19", 988), ("IAM.6", 402), ("KMS.4", 7)];
        vec![
            counts(
                CountField::Severity,
                named(&[("High", 2960), ("Medium", 4402), ("Critical", 212), ("Low", 1990), ("Informational", 247), ("Vendor's own", 1)]),
            ),
            counts(CountField::Status, named(&[("In Progress", 812), ("New", 9000)])),
            counts(
                CountField::Product,
                named(&[
                    ("Inspector", 5120),
                    ("Security Hub CSPM", 3310),
                    ("GuardDuty", 902),
                    ("Macie", 301),
                    ("Security Hub Exposure Detection", 179),
                ]),
            ),
            counts(
                CountField::AccountUid,
                accounts
                    .iter()
                    .enumerate()
                    .map(|(at, &(_, count))| (format!("{:012}", 111_122_223_333 * (at + 1)), count))
                    .chain(more.clone()),
            ),
            counts(CountField::Control, named(&controls).into_iter().chain((0..396).map(|at| (format!("Custom.{at}"), 3)))),
            counts(
                CountField::AccountName,
                accounts
                    .iter()
                    .map(|&(name, count)| (name.to_owned(), count))
                    .chain(more.map(|(uid, count)| (format!("team-{uid}"), count))),
            ),
        ]
    }

    fn answered(mut model: Model, result: Result<Vec<Counted>, CallError>) -> Model {
        let Some(Overlay::Summary(summary)) = model.overlays.last() else { unreachable!("it is open") };
        let (request, now) = (summary.request.unwrap(), model.now);
        update(&mut model, Event::Counted(request, result), Ctx { now });
        model
    }

    fn held(columns: u16, rows: u16) -> Model {
        let mut model = sample::connected(columns, rows);
        model.summary_first();
        typed(model, "r")
    }

    fn denied() -> CallError {
        CallError {
            failure: CallFailure::AccessDenied,
            operation: "GetFindingStatisticsV2",
            code: Some("AccessDeniedException".into()),
            message: NASTY.into(),
            request_id: None,
        }
    }

    #[test]
    fn counts_stand_in_blocks_side_by_side_as_many_as_the_terminal_has_room_for() {
        for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
            let model = answered(typed(sample::loaded(columns, rows, 12), "g 0"), Ok(large()));
            snapshot(&format!("summary_{columns}"), &typed(model, "j"));
        }
        let model = answered(typed(sample::loaded(80, 24, 12), "g 0"), Ok(large()));
        snapshot("summary_scrolled", &typed(model, "l 2 0 j"));
        let model = answered(typed(sample::loaded(80, 24, 12), "g 0"), Ok(large()));
        themed("summary_plain", &model, Theme::new(Colours::None, Glyphs::Ascii));
    }

    #[test]
    fn filter_profiles_stand_below_with_their_counts() {
        let layer = |name: &str, query: &str| {
            let content = Content { query: Some(query.parse().unwrap()), ..Content::default() };
            (ProfileName::new(name).unwrap(), Layer { source: Origin { kind: SourceKind::User, file: format!("{name}.toml") }, content })
        };
        let layers = [layer("payments", "account:payments-prod"), layer("suspicious", "metadata.version:1.5.0"), layer("zero", "cve:x")];
        let mut model = sample::loaded(80, 24, 12);
        begin(&mut model, Profiles::new(Catalogue::of(layers, Vec::new()), FilterProfile::open()));
        let mut model = answered(typed(model, "g 0"), Ok(large()));
        for (name, count) in [("open", 9812), ("payments", 3104), ("suspicious", 40)] {
            model.profiles.counts.insert(ProfileName::new(name).unwrap(), Count::Of(count));
        }
        snapshot("summary_profiles", &model);
    }

    #[test]
    fn counts_of_a_query_that_is_applied_here_in_part_are_upper_bounds() {
        let mut model = sample::loaded(80, 24, 12);
        model.scan.query = "status:new metadata.version:1.5.0".parse().unwrap();
        snapshot("summary_bound", &answered(typed(model, "g 0"), Ok(large())));
    }

    #[test]
    fn before_anything_is_loaded_it_says_so_and_which_key_loads() {
        snapshot("summary_first", &answered(held(80, 24), Ok(large())));
        snapshot("summary_counting", &held(80, 24));
    }

    #[test]
    fn where_the_service_does_not_count_it_says_why_and_what_is_counted_instead() {
        for (columns, rows) in [(80, 24), (120, 40)] {
            let model = answered(typed(sample::loaded(columns, rows, 12), "g 0"), Err(denied()));
            snapshot(&format!("summary_denied_{columns}"), &model);
        }
    }

    #[test]
    fn a_hub_without_findings_has_empty_blocks() {
        snapshot("summary_empty", &answered(held(80, 24), Ok(large().into_iter().map(|counted| Counted::none(counted.field)).collect())));
    }

    #[test]
    fn no_hidden_character_of_a_value_reaches_a_cell_at_any_size() {
        let nasty = || vec![(NASTY.to_owned(), 2_000_000_000), (format!("{NASTY}{NASTY}"), 1), ("\u{200b}".to_owned(), 0)];
        let hostile = || large().into_iter().map(|counted| counts(counted.field, nasty())).collect::<Vec<_>>();
        snapshot("summary_hostile", &answered(held(80, 24), Ok(hostile())));
        for (columns, rows) in [(80, 24), (81, 25), (119, 31), (200, 50), (300, 70)] {
            for result in [Ok(hostile()), Err(denied())] {
                let model = typed(answered(typed(sample::loaded(columns, rows, 12), "g 0"), result), "j l");
                let buffer = drawn(&model, Theme::default());
                assert!(buffer.content.iter().flat_map(|cell| cell.symbol().chars()).all(|c| !text::is_hidden(c)), "{columns}x{rows}");
            }
        }
    }

    #[test]
    fn a_bar_is_as_long_as_its_count_and_never_longer_than_its_column() {
        for (count, most, shown) in [
            (0, 10, "          "),
            (1, 1000, "▌         "),
            (5, 10, "█████     "),
            (55, 100, "█████▌    "),
            (10, 10, "██████████"),
            (u64::MAX, u64::MAX, "██████████"),
            (3, 0, "██████████"),
        ] {
            assert_eq!(bar(count, most), shown, "{count} of {most}");
        }
    }
}
