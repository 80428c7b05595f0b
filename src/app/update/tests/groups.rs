//! Groups, folding and several sort keys, as keys are pressed.

use proptest::prelude::*;

use super::*;
use crate::{
    app::{model::Moved, overlay::TargetSource},
    findings::view::Line,
};

/// Findings `a` to `j`: controls S3.8 (five, one of them High), EC2.19 (three), none (two, one of them Critical).
const CONTROLS: [(&str, i32); 10] =
    [("S3.8", 3), ("S3.8", 3), ("EC2.19", 3), ("S3.8", 4), ("", 5), ("EC2.19", 3), ("S3.8", 3), ("", 1), ("EC2.19", 3), ("S3.8", 3)];

fn controls(model: &mut Model, from: usize, more: More) {
    let documents: Vec<String> = CONTROLS
        .iter()
        .enumerate()
        .map(|(at, (control, severity))| {
            let at = at + from;
            format!(
                r#"{{"metadata":{{"uid":"u{at}"}},"severity_id":{severity},"status_id":1,"time":{},"finding_info":{{"title":"finding {at}"}},
                "compliance":{{"control":"{control}"}},"cloud":{{"account":{{"uid":"{}"}}}}}}"#,
                1_790_000_000_000_usize - at,
                at % 2
            )
        })
        .collect();
    let scan = model.scan.id;
    event(model, Event::Page { scan, page: SealedPage::seal(&documents), more, order: ServedOrder::AsAsked });
}

fn grouped() -> Model {
    let mut model = connected(settings());
    controls(&mut model, 0, More::Last);
    press(&mut model, "z g c");
    model
}

/// The lines from the first on: headers as `+name` where they are folded and `-name` where not, rows by their number.
fn lines(model: &Model) -> Vec<String> {
    let groups = model.view.groups();
    (0..model.view.line_count())
        .map(|place| match model.view.line(place).unwrap() {
            Line::Row(row) => row.0.to_string(),
            Line::Header(id) => {
                let groups = groups.unwrap();
                format!("{}{}", if groups.get(id).unwrap().is_folded() { "+" } else { "-" }, groups.name(&model.store, id))
            }
        })
        .collect()
}

fn here(model: &Model) -> String {
    lines(model).get(model.cursor.place).cloned().unwrap_or_default()
}

fn marked(model: &Model) -> Vec<u32> {
    model.marks.rows.iter().map(|row| row.0).collect()
}

const NONE: &str = "(no control, CVE or type)";

#[test]
fn grouping_shows_headers_worst_first_and_says_how_it_orders_them() {
    let mut model = grouped();
    assert_eq!(lines(&model), [&format!("-{NONE}"), "4", "7", "-S3.8", "3", "0", "1", "6", "9", "-EC2.19", "2", "5", "8"]);
    assert_eq!(notice(&model), "3 groups by control, worst first, then the largest; za folds one, zM all");
    assert_eq!((here(&model), model.cursor.row), (format!("-{NONE}"), None), "the cursor had not been moved");
    press(&mut model, "z g");
    assert!(matches!(model.overlays.last(), Some(Overlay::Menu(menu)) if menu.cursor == 0 && menu.items.len() == 10));
    press(&mut model, "n");
    assert_eq!((lines(&model).len(), notice(&model)), (10, "rows are not grouped"));
    press(&mut model, "z a");
    assert_eq!(notice(&model), "rows are not grouped; zg groups them");
    press(&mut model, "}");
    assert_eq!(notice(&model), "rows are not grouped; zg groups them");
}

#[test]
fn the_cursor_stays_on_its_row_through_grouping_and_goes_from_a_header_to_its_first_row() {
    let mut model = connected(settings());
    controls(&mut model, 0, More::Last);
    press(&mut model, "4 j");
    let row = model.cursor.row;
    for keys in ["z g c", "z g a", "z g t", "O", "z g n", "z g i"] {
        press(&mut model, keys);
        assert_eq!(model.cursor.row, row, "{keys}");
        assert_eq!(model.view.get(model.cursor.place), row, "{keys}");
    }
    press(&mut model, "z g c g g } ");
    assert_eq!(here(&model), "-S3.8");
    press(&mut model, "z g a");
    assert_eq!(here(&model), "0", "the first of the group, the least severe as the order is now");
}

#[test]
fn folding_takes_the_rows_away_and_the_cursor_to_the_header() {
    let mut model = grouped();
    press(&mut model, "5 G");
    assert_eq!(here(&model), "3");
    press(&mut model, "j z a");
    assert_eq!(here(&model), "+S3.8");
    assert_eq!(lines(&model), [&format!("-{NONE}"), "4", "7", "+S3.8", "-EC2.19", "2", "5", "8"]);
    assert_eq!((model.view.rows().len(), model.cursor.row), (10, None));
    press(&mut model, "enter");
    assert_eq!((here(&model), model.view.line_count()), ("-S3.8".to_owned(), 13));
    press(&mut model, "G z M");
    assert_eq!((here(&model), lines(&model)), ("+EC2.19".to_owned(), vec![format!("+{NONE}"), "+S3.8".into(), "+EC2.19".into()]));
    press(&mut model, "z R");
    assert_eq!((here(&model), model.view.line_count()), ("-EC2.19".to_owned(), 13));
}

#[test]
fn folds_hold_over_filters_sorts_and_the_query_run_again() {
    let mut model = grouped();
    press(&mut model, "} z a");
    press(&mut model, "/");
    type_text(&mut model, "!ec2");
    press(&mut model, "enter");
    assert_eq!(lines(&model), [&format!("-{NONE}"), "4", "7", "+S3.8"]);
    assert_eq!(here(&model), "+S3.8");
    press(&mut model, "esc o i");
    assert_eq!(lines(&model), [&format!("-{NONE}"), "4", "7", "+S3.8", "-EC2.19", "2", "5", "8"]);
    press(&mut model, "R");
    controls(&mut model, 0, More::Last);
    assert_eq!(lines(&model), [&format!("-{NONE}"), "4", "7", "+S3.8", "-EC2.19", "2", "5", "8"]);
    assert_eq!(here(&model), "+S3.8", "the cursor stays on its header");
}

#[test]
fn braces_go_from_header_to_header_and_say_where_there_is_none() {
    let mut model = grouped();
    press(&mut model, "}");
    assert_eq!(here(&model), "-S3.8");
    press(&mut model, "j j {");
    assert_eq!(here(&model), "-S3.8", "its own first");
    press(&mut model, "{");
    assert_eq!(here(&model), format!("-{NONE}"));
    press(&mut model, "{");
    assert_eq!(notice(&model), "this is the first group");
    press(&mut model, "9 }");
    assert_eq!(here(&model), "-EC2.19");
    press(&mut model, "}");
    assert_eq!(notice(&model), "this is the last group");
    press(&mut model, "j 2 {");
    assert_eq!(here(&model), "-S3.8");
}

#[test]
fn acting_on_a_header_acts_on_its_rows_and_says_which() {
    let mut model = grouped();
    press(&mut model, "} z a s");
    let menu = model.overlays.last().and_then(|overlay| if let Overlay::Menu(menu) = overlay { Some(menu) } else { None }).unwrap();
    assert_eq!(menu.title, "status of 5 of group S3.8");
    assert_eq!(menu.targets.as_ref().unwrap().source, TargetSource::Group("S3.8".into()));
    press(&mut model, "3");
    assert_eq!(model.staging.iter().map(|(row, _)| row.0).collect::<Vec<_>>(), [0, 1, 3, 6, 9]);
    assert!(notice(&model).starts_with("staged Suppressed on 5 findings;"), "{}", notice(&model));
    let group = model.cursor.header.unwrap();
    assert_eq!(model.grouped.counts(group).staged, 5);
    press(&mut model, "u");
    assert!(model.staging.is_empty());
    assert_eq!(model.grouped.counts(group).staged, 0);
    // What the filter leaves of it, no more.
    press(&mut model, "/");
    type_text(&mut model, "!\"finding 3\"");
    press(&mut model, "enter S 5");
    assert_eq!(model.staging.iter().map(|(row, _)| row.0).collect::<Vec<_>>(), [0, 1, 6, 9]);
    // Marks win over the cursor.
    press(&mut model, "esc G space g g } s 4");
    assert_eq!(model.staging.get(RowId(8)).and_then(|patch| patch.status), Some(StatusId::RESOLVED));
    assert_eq!(model.staging.get(RowId(0)).and_then(|patch| patch.status), None);
}

#[test]
fn space_on_a_header_marks_its_rows_folded_ones_too_and_unmarks_them_when_all_are_marked() {
    let mut model = grouped();
    press(&mut model, "} z a space");
    assert_eq!((marked(&model), here(&model)), (vec![0, 1, 3, 6, 9], "-EC2.19".to_owned()));
    assert_eq!(notice(&model), "marked 5 rows of group S3.8; 5 marked in all");
    press(&mut model, "{ enter j space");
    assert_eq!(marked(&model), [0, 1, 6, 9]);
    press(&mut model, "{ space");
    assert_eq!(marked(&model), [0, 1, 3, 6, 9], "one was missing");
    press(&mut model, "{ space");
    assert!(marked(&model).is_empty());
    press(&mut model, "g g 2 space");
    assert_eq!((marked(&model), here(&model)), (vec![0, 1, 3, 4, 6, 7, 9], "-EC2.19".to_owned()));
    assert_eq!(notice(&model), "marked 7 rows of 2 groups; 7 marked in all");
}

#[test]
fn headers_count_only_what_is_chosen_anew() {
    let mut model = loaded(1_000);
    press(&mut model, "z g i * s 3");
    let touched = |model: &mut Model, keys: &str| {
        let before = model.grouped.touched();
        press(model, keys);
        model.grouped.touched() - before
    };
    assert_eq!(touched(&mut model, "j j"), 0);
    assert_eq!(touched(&mut model, "space"), 1, "a mark; what is staged stays as it was counted");
    assert_eq!(touched(&mut model, "k S 2"), 0, "other values of rows that were staged already");
    assert_eq!(touched(&mut model, "g U"), 999);
    let counts = |model: &Model| {
        let groups = model.view.groups().unwrap();
        let all = groups
            .shown()
            .iter()
            .map(|&group| model.grouped.counts(group))
            .fold((0, 0), |(marked, staged), counts| (marked + counts.marked, staged + counts.staged));
        (all, model.marks.rows.len(), model.staging.len())
    };
    assert_eq!(counts(&model), ((0, 1_000), 0, 1_000));
    press(&mut model, "g g j space j space u u");
    assert_eq!(counts(&model), ((2, 0), 2, 0));
}

#[test]
fn space_down_a_list_never_marks_a_whole_group_by_the_way() {
    let mut model = grouped();
    press(&mut model, "j space space");
    assert_eq!((marked(&model), here(&model)), (vec![4, 7], "3".to_owned()), "past the header");
    press(&mut model, "G g U g g j 4 space");
    assert_eq!((marked(&model), here(&model)), (vec![0, 3, 4, 7], "1".to_owned()), "headers are not counted off");
    // A range over a folded group has its rows.
    press(&mut model, "g U { z a g g j v j j j v");
    assert_eq!((here(&model), marked(&model)), ("-EC2.19".to_owned(), vec![0, 1, 3, 4, 6, 7, 9]));
}

#[test]
fn hops_unfold_what_they_land_in() {
    let mut model = grouped();
    press(&mut model, "z M g g n");
    assert_eq!(here(&model), "4", "the first row of the header's own group");
    assert_eq!(lines(&model), [&format!("-{NONE}"), "4", "7", "+S3.8", "+EC2.19"]);
    press(&mut model, "n n");
    assert_eq!((here(&model), model.view.line_count()), ("3".to_owned(), 10));
    press(&mut model, "z M N");
    assert_eq!(here(&model), "7", "back over the header");
    let problem = Problem {
        kind: ProblemKind::Unknown,
        message: Arc::from(""),
        request_id: None,
        patch: Patch::status(StatusId::NEW),
        tries: 1,
        change: None,
    };
    model.outcomes.set(RowId(8), RowState::Problem(problem));
    press(&mut model, "z M e");
    assert_eq!(here(&model), "8");
    press(&mut model, "z M");
    assert_eq!(model.grouped.counts(model.cursor.header.unwrap()).problems, 1);
    press(&mut model, "! j enter");
    assert_eq!(here(&model), "8");
}

#[test]
fn what_needs_one_finding_says_so_on_a_header() {
    let mut model = grouped();
    for keys in ["v", "V"] {
        press(&mut model, keys);
        assert_eq!(notice(&model), "this is a group, not a finding: Enter folds and unfolds it, Space marks all of it", "{keys}");
    }
    assert!(model.marks.range.is_none());
}

#[test]
fn pages_come_into_their_groups_and_the_cursor_stays_on_its_header() {
    let mut model = connected(settings());
    controls(&mut model, 0, More::Follows);
    press(&mut model, "z g c } z a");
    controls(&mut model, 10, More::Follows);
    assert_eq!(here(&model), "+S3.8");
    assert_eq!(model.view.groups().unwrap().rows_of(model.cursor.header.unwrap()).len(), 10);
    let summary = model.grouped.summary().unwrap();
    assert_eq!(summary.statuses.iter().map(|&(_, count)| count).sum::<usize>(), 10);
    assert_eq!(summary.severities, [(SeverityId::HIGH, 2), (SeverityId::MEDIUM, 8)]);
    assert_eq!(summary.accounts.len(), 2);
    assert_eq!((summary.more_accounts, summary.created), (0, None));
}

#[test]
fn a_filter_that_takes_the_group_away_leaves_the_cursor_somewhere() {
    let mut model = grouped();
    press(&mut model, "} /");
    type_text(&mut model, "ec2");
    assert_eq!(here(&model), "8", "as near as there is a line");
    type_text(&mut model, "zzz");
    assert_eq!((model.view.line_count(), model.cursor.row, model.cursor.header), (0, None, None));
    press(&mut model, "esc");
    assert_eq!((model.view.line_count(), here(&model)), (13, "-S3.8".to_owned()), "and back where it was");
}

#[test]
fn the_cursor_comes_back_when_a_filter_that_took_its_row_away_goes_unless_it_was_moved() {
    let mut model = loaded(20);
    press(&mut model, "5 j /");
    type_text(&mut model, "!f");
    assert_eq!(model.cursor.row, None, "every row has the word finding");
    type_text(&mut model, "oo");
    assert_eq!(title(&model), "finding 5");
    press(&mut model, "ctrl-u");
    type_text(&mut model, "19");
    assert_eq!(title(&model), "finding 19");
    page(&mut model, 0..30, More::Last);
    assert_eq!(title(&model), "finding 19");
    press(&mut model, "esc");
    assert_eq!(title(&model), "finding 5");
    press(&mut model, "/");
    type_text(&mut model, "finding 1");
    press(&mut model, "enter j esc");
    assert_eq!(title(&model), "finding 15", "it was moved");
}

#[test]
fn capitals_in_the_sort_menu_build_further_keys_and_the_menu_stays_open() {
    let mut model = loaded(5);
    press(&mut model, "o t");
    assert_eq!((model.view.order().to_string().as_str(), model.overlays.len()), ("status↑ severity↓ modified↓", 0));
    press(&mut model, "o M");
    assert_eq!(model.view.order().to_string(), "status↑ severity↓ modified↑");
    press(&mut model, "M I");
    assert_eq!(model.view.order().to_string(), "status↑ severity↓ title↑");
    press(&mut model, "A");
    assert!(notice(&model).starts_with("3 keys are the most;"), "{}", notice(&model));
    assert!(matches!(model.overlays.last(), Some(Overlay::Menu(_))));
    press(&mut model, "J");
    assert!(matches!(model.overlays.last(), Some(Overlay::Menu(_))), "no key of this menu");
    press(&mut model, "s");
    assert_eq!((model.view.order().to_string().as_str(), model.overlays.len()), ("severity↓ status↑ title↑", 0));
    press(&mut model, "O");
    assert_eq!(model.view.order().to_string(), "severity↑ status↑ title↑");
    press(&mut model, "s N");
    assert!(model.staging.is_empty(), "a capital picks nothing in other menus");
}

proptest! {
    #[test]
    fn no_keys_lose_the_cursor_in_groups(
        keys in proptest::collection::vec(0_usize..34, 0..60), pages in proptest::collection::vec(0_usize..60, 0..4),
    ) {
        const KEYS: [&str; 34] = [
            "z g c", "z g a", "z g t", "z g s", "z g n", "z g e", "z a", "z a", "z M", "z R", "}", "{", "enter", "space", "v", "n", "N", "e",
            "s 3", "S 5", "u", "* ", "\"", "g U", "/", "f", "i", "esc", "o a", "O", "j", "k", "G", "3 j",
        ];
        let mut model = connected(settings());
        controls(&mut model, 0, More::Follows);
        for (at, key) in keys.into_iter().enumerate() {
            if pages.contains(&at) {
                controls(&mut model, (at % 3) * 5, More::Follows);
            }
            press(&mut model, KEYS[key]);
            let Model { cursor, view, grouped, marks, .. } = &model;
            let line = view.line(cursor.place);
            prop_assert_eq!(line.is_none(), view.line_count() == 0);
            prop_assert_eq!(line.is_none(), view.rows().is_empty());
            prop_assert_eq!(cursor.row.map(Line::Row).or(cursor.header.map(Line::Header)), line);
            prop_assert!(cursor.row.is_none() || cursor.header.is_none());
            prop_assert!(cursor.moved == Moved::Yes || cursor.place == 0);
            if let Some(groups) = view.groups() {
                for &id in groups.shown() {
                    let rows = groups.rows_of(id);
                    let count = |is: &dyn Fn(RowId) -> bool| rows.iter().filter(|&&row| is(row)).count();
                    let counts = grouped.counts(id);
                    prop_assert_eq!(counts.marked, count(&|row| marks.rows.contains(row)));
                    prop_assert_eq!(counts.staged, count(&|row| model.staging.get(row).is_some()));
                    prop_assert_eq!(counts.problems, count(&|row| model.outcomes.problem(row).is_some()));
                }
            }
            prop_assert_eq!(grouped.summary().map(|summary| summary.group), cursor.header);
            prop_assert_eq!(view.grouped_by().is_none(), view.groups().is_none());
        }
    }
}
