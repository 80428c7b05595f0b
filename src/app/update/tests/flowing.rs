//! Flow mode: where each key leads, and that nothing but staging comes of it.

use rstest::rstest;

use super::*;
use crate::domain::{
    comment::Comment,
    decision::{CommentMode, Decision, Wording},
    guard_rail::GuardRails,
    profile::ProfileName,
    recipe::Recipe,
};

fn recipe(name: &str, status: StatusId, comment: Option<&str>) -> Recipe {
    let comment = comment.map(|text| Wording { template: text.parse().unwrap(), mode: CommentMode::Replace });
    let decision = Decision { status: Some(status), severity: None, comment };
    Recipe { name: ProfileName::new(name).unwrap(), key: None, decision, rails: GuardRails::default() }
}

/// Findings whose statuses and controls are these, in table order; two recipes.
fn with(rows: &[(i32, &str)]) -> Model {
    let recipes = vec![recipe("accept", StatusId::SUPPRESSED, Some("accepted")), recipe("done", StatusId::RESOLVED, None)];
    let mut model = connected(Settings { recipes, ..settings() });
    arrive(&mut model, 0, rows, More::Last);
    model
}

fn arrive(model: &mut Model, from: usize, rows: &[(i32, &str)], more: More) {
    let documents: Vec<String> = rows
        .iter()
        .zip(from..)
        .map(|((status, control), at)| {
            let time = 1_790_000_000_000_usize - at;
            format!(
                r#"{{"metadata":{{"uid":"u{at}"}},"severity_id":3,"status_id":{status},"time":{time},"compliance":{{"control":"{control}"}},
                "finding_info":{{"title":"finding {at}","desc":"why {at}"}}}}"#
            )
        })
        .collect();
    let scan = model.scan.id;
    event(model, Event::Page { scan, page: SealedPage::seal(&documents), more, order: ServedOrder::AsAsked });
}

fn news(count: usize) -> Model {
    with(&vec![(1, ""); count])
}

/// The row on the screen.
fn on(model: &Model) -> Option<u32> {
    model.flow().and_then(|flow| flow.row).map(|row| row.0)
}

/// The rows with something staged.
fn staged(model: &Model) -> Vec<u32> {
    model.staging.iter().map(|(row, _)| row.0).collect()
}

#[rstest]
#[case("M", Some(0), &[])]
#[case("2 j M", Some(2), &[])]
#[case("M 1", Some(1), &[0])]
#[case("M 1 2 1", Some(3), &[0, 1, 2])]
#[case("M s 3", Some(1), &[0])]
#[case("M S 2", Some(1), &[0])]
#[case("M c x enter", Some(1), &[0])]
#[case("M 2 .", Some(2), &[0, 1])]
#[case("M 3", Some(0), &[])]
#[case("M 0", Some(0), &[])]
#[case("M n", Some(1), &[])]
#[case("M n n N", Some(1), &[])]
#[case("M N", Some(4), &[])]
#[case("M n n n n n", Some(0), &[])]
// What was skipped comes once more, then nothing is left.
#[case("M 1 n 1 1 1", Some(1), &[0, 2, 3, 4])]
#[case("M 1 n 1 1 1 1", None, &[0, 1, 2, 3, 4])]
// Back to what was decided or skipped; deciding there goes on with what is left.
#[case("M 1 n ctrl-o", Some(1), &[0])]
#[case("M 1 n ctrl-o ctrl-o", Some(0), &[0])]
#[case("M 1 n ctrl-o ctrl-o ctrl-o", Some(0), &[0])]
#[case("M 1 n ctrl-o ctrl-o 2", Some(1), &[0])]
#[case("M 1 1 1 1 1 ctrl-o", Some(4), &[0, 1, 2, 3, 4])]
// Undo shows what it was about, and redo goes on.
#[case("M 1 u", Some(0), &[])]
#[case("M 1 1 n u", Some(1), &[0])]
#[case("M 1 1 u u", Some(0), &[])]
#[case("M 1 u U", Some(1), &[0])]
#[case("M 1 1 1 1 1 u", Some(4), &[0, 1, 2, 3])]
#[case("M u", Some(0), &[])]
#[case("M D", Some(0), &[])]
#[case("M 1 ctrl-o D", Some(0), &[])]
// On its detail the decision is about the same finding, and the detail is done with.
#[case("M enter s 3", Some(1), &[0])]
// Marks are not what is decided about here.
#[case("space space g g M 1", Some(1), &[0])]
fn each_key_leads_to_the_next_finding_or_back(#[case] keys: &str, #[case] expected: Option<u32>, #[case] with_patch: &[u32]) {
    let mut model = news(5);
    press(&mut model, keys);
    assert_eq!((on(&model), staged(&model).as_slice()), (expected, with_patch), "{}", notice(&model));
    assert!(matches!(model.overlays.as_slice(), [Overlay::Flow(_)]), "{:?}", model.overlays);
}

#[test]
fn what_waits_for_no_decision_is_passed_over() {
    let mut model = with(&[(3, ""), (1, ""), (4, ""), (2, ""), (1, "")]);
    press(&mut model, "M");
    assert_eq!(on(&model), Some(1), "the cursor's finding is Suppressed");
    press(&mut model, "1 1");
    assert_eq!((on(&model), staged(&model)), (Some(4), vec![1, 3]));
    press(&mut model, "1");
    assert_eq!(on(&model), None);
    assert!(notice(&model).contains("nothing is left to decide"), "{}", notice(&model));
    assert!(press(&mut model, "1").is_empty() && staged(&model).len() == 3, "{}", notice(&model));
    press(&mut model, "esc M");
    assert!(model.overlays.is_empty() && notice(&model).contains("no undecided finding is left"), "{}", notice(&model));
}

#[test]
fn the_decision_is_told_and_the_patch_is_that_of_the_recipe() {
    let mut model = news(3);
    press(&mut model, "M 1");
    assert_eq!(notice(&model), "staged accept on 1 finding; w reviews, u undoes");
    let comment = Some(Comment::new("accepted", LineBreaks::Space).unwrap());
    assert_eq!(model.staging.get(RowId(0)), Some(&Patch { comment, ..Patch::status(StatusId::SUPPRESSED) }));
    press(&mut model, "n n");
    assert!(notice(&model).contains("from the top again"), "{}", notice(&model));
    press(&mut model, "N");
    assert!(notice(&model).contains("from the end again"), "{}", notice(&model));
    press(&mut model, "7");
    assert!(notice(&model).contains("no recipe 7") && notice(&model).contains("all 2"), "{}", notice(&model));
}

#[test]
fn leaving_puts_the_cursor_on_the_finding_and_the_way_back_leads_to_where_it_began() {
    for (keys, row) in [("j M 1 1 esc", 3), ("j M n q", 2), ("M 1 1 1 1 1 esc", 4)] {
        let mut model = news(5);
        press(&mut model, keys);
        assert_eq!((model.overlays.len(), model.cursor.row), (0, Some(RowId(row))), "{keys}");
    }
    let mut model = news(5);
    press(&mut model, "j M 1 1 esc ctrl-o");
    assert_eq!(model.cursor.row, Some(RowId(1)));
}

#[test]
fn in_folded_groups_every_finding_has_its_place_and_nothing_unfolds_until_it_is_left() {
    let rows: Vec<(i32, &str)> = ["S3.8", "EC2.19", "S3.8", "EC2.19", "S3.8"].map(|control| (1, control)).to_vec();
    let mut model = with(&rows);
    press(&mut model, "z g c z M g g M");
    assert_eq!((on(&model), model.flow().unwrap().place), (Some(0), 0));
    press(&mut model, "1 1");
    assert_eq!((on(&model), model.flow().unwrap().place), (Some(4), 2), "of the same group");
    press(&mut model, "1");
    assert_eq!(on(&model), Some(1), "the first of the next group");
    assert_eq!((model.view.line_count(), model.cursor.header.is_some()), (2, true), "still folded");
    press(&mut model, "esc");
    assert_eq!(model.cursor.row, Some(RowId(1)));
}

/// Findings with these controls, the second one decided already.
fn controls() -> Model {
    let mut model = with(&[(1, "S3.8"), (1, "S3.8"), (1, "EC2.19"), (1, "S3.8"), (3, "S3.8"), (1, "S3.8")]);
    press(&mut model, "j s 4 g g M");
    model
}

#[test]
fn the_next_decision_can_be_for_all_that_wait_and_are_alike_and_esc_drops_that() {
    let mut model = controls();
    let alike = model.flow().unwrap().figures.alike.clone().unwrap();
    assert_eq!(alike.told(), "4 look alike, 1 of them you resolved, 1 closed before");
    press(&mut model, "g , c");
    assert!(notice(&model).contains("the next decision is for 3 with the same control"), "{}", notice(&model));
    press(&mut model, "esc");
    assert!(notice(&model).contains("this finding alone"), "{}", notice(&model));
    press(&mut model, "1");
    assert_eq!((staged(&model), on(&model)), (vec![0, 1], Some(2)));
    press(&mut model, "n g , enter");
    assert_eq!((on(&model), model.flow().unwrap().wide.is_some()), (Some(3), true));
    press(&mut model, "s");
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { unreachable!("the menu is open") };
    assert_eq!(menu.title, "status of 2 with the same control");
    press(&mut model, "3");
    assert_eq!((staged(&model), on(&model)), (vec![0, 1, 3, 5], Some(2)));
    assert_eq!(model.staging.get(RowId(1)), Some(&Patch::status(StatusId::RESOLVED)), "what was decided is left alone");
    press(&mut model, "u");
    assert_eq!((staged(&model), on(&model)), (vec![0, 1], Some(3)), "one step, and the finding that was on the screen");
    press(&mut model, "U");
    assert_eq!((staged(&model), on(&model)), (vec![0, 1, 3, 5], Some(2)));
    press(&mut model, "g ,");
    assert!(notice(&model).contains("nothing in common") || notice(&model).contains("anything in common"), "{}", notice(&model));
}

#[test]
fn another_finding_is_never_decided_for_what_was_alike_to_the_one_before() {
    let mut model = controls();
    press(&mut model, "g , c n 1");
    assert_eq!((staged(&model), on(&model)), (vec![1, 2], Some(3)));
}

#[test]
fn nothing_is_sent_but_through_the_review_which_lies_over_it() {
    let mut model = news(3);
    assert!(press(&mut model, "M 1 1").is_empty());
    press(&mut model, "w");
    assert!(matches!(model.overlays.as_slice(), [Overlay::Flow(_), Overlay::Review(_)]));
    let (rows, ..) = sent(&press(&mut model, "y"));
    assert_eq!(rows.len(), 2);
    assert_eq!(on(&model), Some(2));
    let mut model = news(2);
    press(&mut model, "M 1 w esc");
    assert_eq!(on(&model), Some(1), "back in flow mode");
}

#[test]
fn rows_that_come_and_go_leave_the_finding_on_the_screen() {
    let mut model = connected(settings());
    arrive(&mut model, 10, &[(1, ""), (1, "")], More::Follows);
    press(&mut model, "j M");
    assert_eq!((on(&model), model.flow().unwrap().place), (Some(1), 1));
    arrive(&mut model, 0, &[(1, ""), (1, "")], More::Last);
    assert_eq!((on(&model), model.flow().unwrap().place), (Some(1), 3), "newer ones stand before it");
    press(&mut model, "n");
    assert_eq!(on(&model), Some(2), "round the end");
    press(&mut model, "s 3 s 3 s 3 s 3");
    assert_eq!(on(&model), None);
}

#[test]
fn what_comes_after_nothing_was_left_comes_up_by_itself() {
    let mut model = connected(settings());
    arrive(&mut model, 0, &[(1, "")], More::Follows);
    press(&mut model, "M s 3");
    assert_eq!(on(&model), None);
    arrive(&mut model, 1, &[(3, ""), (1, "")], More::Last);
    assert_eq!(on(&model), Some(2));
}

#[test]
fn the_next_document_is_asked_for_before_it_is_needed() {
    let mut model = connected(Settings { recipes: vec![recipe("accept", StatusId::SUPPRESSED, None)], ..settings() });
    model.screen.preview = crate::app::layout::Preview::Hidden;
    arrive(&mut model, 0, &[(1, ""); 4], More::Last);
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Document(request, archive, slot) => Some((*request, archive.document(*slot).unwrap())),
            _ => None,
        })
    };
    let mut effects = event(&mut model, Event::Key(Key::char('M'), Arrival::Single));
    for (at, then) in [(0, Some(1)), (1, None)] {
        let (request, raw) = asked(&effects).unwrap();
        assert!(raw.contains(&format!("\"u{at}\"")), "{raw}");
        effects = event(&mut model, Event::Document(request, Err("no matter".into())));
        assert_eq!(asked(&effects).is_some(), then.is_some(), "after {at}");
    }
    let effects = event(&mut model, Event::Key(Key::char('1'), Arrival::Single));
    assert!(model.documents.get(RowId(1)).is_some(), "it is there at once");
    assert!(asked(&effects).unwrap().1.contains("\"u2\""), "and the one after it is on its way");
}

#[test]
fn a_pace_is_that_of_the_keys_and_of_all_that_was_decided() {
    let mut model = news(10);
    let mut now = CTX.now.0;
    for (key, seconds) in [('M', 5), ('1', 10), ('1', 10), ('1', 400), ('1', 10)] {
        now += seconds * 1_000;
        update(&mut model, Event::Key(Key::char(key), Arrival::Single), Ctx { now: Millis(now) });
    }
    let pace = model.flow().unwrap().pace;
    assert_eq!((pace.decided, pace.spent, pace.a_minute()), (4, 30_000, Some(8)), "the long pause is no part of it");
    assert_eq!((model.flow().unwrap().figures.undecided, pace.takes(6)), (6, Some(45_000)));
}

#[test]
fn digits_are_recipes_and_never_counts_and_a_burst_decides_nothing() {
    let mut model = news(9);
    press(&mut model, "M 2");
    assert_eq!((model.typed.count, on(&model)), (None, Some(1)));
    for c in "1121".chars() {
        event(&mut model, Event::Key(Key::char(c), Arrival::Burst));
    }
    assert_eq!((staged(&model), model.typed.count), (vec![0], None));
    model.screen.rows = 10;
    press(&mut model, "1");
    assert_eq!(staged(&model), [0], "what cannot be seen is not decided");
}
