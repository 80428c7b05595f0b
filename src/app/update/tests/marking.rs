//! Marking by meaning: by a query, by the cell under the cursor, by what is alike, and all of a query.

use rstest::rstest;

use super::*;
use crate::{
    app::{
        overlay::{Choice, Menu, PromptPurpose, Reach},
        survey::{Covered, Found, Survey, SurveyKind},
    },
    domain::query::matching::{Matcher, Subject},
    findings::{arranging::Pace, held::HeldPage, row_set::RowSet},
};

/// Twelve findings over three accounts, four controls, two products and three titles; every sixth is on the same bucket.
fn varied(at: usize) -> String {
    format!(
        r#"{{"metadata":{{"uid":"u{at}"}},"severity_id":{},"status_id":1,"time":{},"cloud":{{"account":{{"uid":"{}"}}}},
        "compliance":{{"control":"S3.{}"}},"finding_info":{{"title":"finding {}"}},"resources":[{{"uid":"b{}","tags":[{{"name":"env","value":"{}"}}]}}]}}"#,
        1 + at % 5,
        1_790_000_000_000_usize - at,
        at % 3,
        at % 4,
        at % 3,
        at % 6,
        if at.is_multiple_of(2) { "prod" } else { "dev" },
    )
}

fn arrive(model: &mut Model, documents: &[String], more: More) {
    let scan = model.scan.id;
    event(model, Event::Page { scan, page: SealedPage::seal(documents), more, order: ServedOrder::AsAsked });
}

fn of(documents: &[String]) -> Model {
    let mut model = connected(settings());
    arrive(&mut model, documents, More::Last);
    model
}

fn twelve() -> Model {
    of(&(0..12).map(varied).collect::<Vec<_>>())
}

/// The uids of the marked rows.
fn marked(model: &Model) -> Vec<String> {
    model.marks.rows.iter().map(|row| model.store.identity(row).unwrap().shown().to_owned()).collect()
}

fn uids(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|at| format!("u{at}")).collect()
}

fn survey(effects: &[Effect]) -> (RequestId, Query, Arc<[HeldPage]>) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Survey { request, what: Survey::Query(query), rows } => Some((*request, query.clone(), Arc::clone(rows))),
        _ => None,
    });
    found.unwrap()
}

/// What the runtime answers to a survey.
fn surveyed(effects: &[Effect]) -> Event {
    let (request, query, pages) = survey(effects);
    let (matcher, mut rows, mut covered) = (Matcher::new(&query), RowSet::default(), Covered::default());
    for page in pages.iter() {
        for row in &page.rows {
            covered.of += 1;
            covered.done += 1;
            let Ok(document) = serde_json::from_str(&page.archive.document(row.slot).unwrap()) else {
                covered.unreadable += 1;
                continue;
            };
            let identity = Identity::Unaddressable(String::new());
            if matcher.matches(&Subject { identity: &identity, document: &document, now: CTX.now, values: Some(&row.values) }) {
                rows.insert(row.row);
            }
        }
    }
    Event::Surveyed { request, found: Found::Rows(rows), covered, more: More::Last }
}

/// Opens the prompt with these keys, types a query and lets the survey answer, where one is needed.
fn by_query(model: &mut Model, keys: &str, query: &str) {
    press(model, keys);
    type_text(model, query);
    let effects = press(model, "enter");
    if effects.iter().any(|effect| matches!(effect, Effect::Survey { .. })) {
        let answer = surveyed(&effects);
        event(model, answer);
    }
}

#[test]
fn rows_that_match_are_marked_and_unmarked_again_and_the_notice_says_how_many() {
    let mut model = twelve();
    by_query(&mut model, "T", "severity:5");
    assert_eq!(marked(&model), uids([4, 9]));
    assert_eq!(notice(&model), "2 of 12 rows match and are marked; 2 are marked");
    by_query(&mut model, "T", "account:0");
    assert_eq!(marked(&model), uids([0, 3, 4, 6, 9]));
    by_query(&mut model, "g T", "severity:5");
    assert_eq!(marked(&model), uids([0, 3, 6]));
    assert_eq!(notice(&model), "2 of 5 marked rows match and are unmarked; 3 are marked");
    press(&mut model, "g m");
    assert_eq!(marked(&model), uids([0, 3, 4, 6, 9]), "the set before comes back");
    by_query(&mut model, "T", "account:7");
    assert_eq!(notice(&model), "none of 12 rows matches: nothing was marked");
}

#[test]
fn only_rows_left_by_the_filter_are_asked_about() {
    let mut model = twelve();
    press(&mut model, "/");
    type_text(&mut model, "S3.1");
    press(&mut model, "enter T");
    type_text(&mut model, "account:1,2");
    let effects = press(&mut model, "enter");
    assert_eq!(survey(&effects).2.iter().map(|page| page.rows.len()).sum::<usize>(), 3);
    let answer = surveyed(&effects);
    // The filter may change while the documents are gone through; what was asked about counts.
    press(&mut model, "esc");
    press(&mut model, "T");
    type_text(&mut model, "account:1,2");
    press(&mut model, "esc");
    assert_eq!(model.marks.rows.len(), 0);
    event(&mut model, answer);
    assert!(marked(&model).is_empty(), "esc stopped it");
    let mut model = twelve();
    press(&mut model, "/");
    type_text(&mut model, "S3.1");
    press(&mut model, "enter");
    by_query(&mut model, "T", "account:1,2");
    assert_eq!(marked(&model), uids([1, 5]));
    assert!(notice(&model).contains("2 of 3 rows left by the filter match"), "{}", notice(&model));
}

#[test]
fn what_a_row_was_sent_since_its_document_came_counts() {
    let mut model = twelve();
    model.store.apply(RowId(4), &Patch::severity(SeverityId::LOW));
    by_query(&mut model, "T", "severity:2");
    assert_eq!(marked(&model), uids([1, 4, 6, 11]));
}

#[test]
fn a_text_that_is_no_query_says_why_and_stays_and_nothing_typed_is_nothing() {
    let mut model = twelve();
    press(&mut model, "T");
    type_text(&mut model, "severity:colossal");
    assert!(press(&mut model, "enter").is_empty());
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else { unreachable!("the prompt is open still") };
    assert_eq!((prompt.purpose, prompt.text()), (PromptPurpose::MarkByQuery, "severity:colossal"));
    press(&mut model, "esc T enter");
    assert!(model.overlays.is_empty() && model.surveys.marking.is_none() && model.marks.rows.is_empty());
    press(&mut model, "g T");
    assert_eq!((notice(&model), model.overlays.len()), ("nothing is marked", 0));
}

#[test]
fn what_the_columns_tell_needs_no_document() {
    let mut model = twelve();
    press(&mut model, "T");
    type_text(&mut model, "everything");
    assert!(press(&mut model, "enter").is_empty());
    assert_eq!(model.marks.rows.len(), 12);
    press(&mut model, "g T");
    type_text(&mut model, "everything");
    press(&mut model, "enter");
    assert!(model.marks.rows.is_empty());
    // Status, severity and whether there is a comment stand in the columns.
    for query in ["severity:5", "status:new severity>=high", "!(severity:1 or comment:*)", "comment:* cve:*"] {
        press(&mut model, "g U T");
        type_text(&mut model, query);
        let effects = press(&mut model, "enter");
        assert!(effects.is_empty() && model.surveys.marking.is_none(), "{query}");
    }
    press(&mut model, "T");
    type_text(&mut model, "severity:5 account:0");
    let effects = press(&mut model, "enter");
    assert_eq!(survey(&effects).2.iter().flat_map(|page| &page.rows).count(), 2, "only what the columns leave open is read");
    let mut empty = of(&[]);
    by_query(&mut empty, "T", "severity:5");
    assert_eq!(notice(&empty), "none of 0 rows matches: nothing was marked");
}

#[test]
fn what_cannot_be_read_is_left_as_it_is_and_told() {
    let mut model = of(&[varied(0), "{\"broken\"".to_owned(), varied(5)]);
    by_query(&mut model, "T", "severity:1");
    assert_eq!(marked(&model), uids([0, 5]));
    assert!(notice(&model).ends_with("; 1 could not be read and were left as they are"), "{}", notice(&model));
    by_query(&mut model, "T", "!severity:1");
    assert_eq!(marked(&model), uids([0, 5]), "nothing is told of it, not even by a negation");
}

#[test]
fn documents_of_many_rows_are_put_together_in_steps_and_a_key_stops_that() {
    for stops in [false, true] {
        let mut model = loaded(12);
        model.view.set_pace(Pace { at_once: 0, step: 5, most_groups: 2 });
        press(&mut model, "T");
        type_text(&mut model, "title~finding");
        let mut effects = press(&mut model, "enter");
        assert!(effects.is_empty() && model.has_work());
        assert!(notice(&model).starts_with("looking for rows that match: 0 of 12"), "{}", notice(&model));
        if stops {
            press(&mut model, "esc");
            assert!(!model.has_work() && notice(&model).contains("no mark was changed"), "{}", notice(&model));
            continue;
        }
        let mut steps = 0;
        while effects.is_empty() {
            effects = event(&mut model, Event::Step);
            steps += 1;
        }
        assert_eq!((steps, survey(&effects).2.iter().map(|page| page.rows.len()).sum::<usize>()), (2, 12));
        assert!(!model.has_work());
        let answer = surveyed(&effects);
        event(&mut model, answer);
        assert_eq!(model.marks.rows.len(), 12);
    }
}

#[test]
fn an_answer_to_an_earlier_survey_or_after_esc_changes_nothing() {
    let mut model = twelve();
    press(&mut model, "T");
    type_text(&mut model, "account:0");
    let first = surveyed(&press(&mut model, "enter"));
    assert!(notice(&model).starts_with("looking for rows that match: 0 of 12"));
    press(&mut model, "T");
    type_text(&mut model, "account:1");
    let effects = press(&mut model, "enter");
    let (request, ..) = survey(&effects);
    event(&mut model, first);
    assert!(model.marks.rows.is_empty(), "only the newest counts");
    event(&mut model, Event::Surveying(request, Covered { done: 5, of: 12, unreadable: 0 }));
    assert!(notice(&model).starts_with("looking for rows that match: 5 of 12"), "{}", notice(&model));
    press(&mut model, "g Z");
    event(&mut model, Event::Surveying(request, Covered { done: 7, of: 12, unreadable: 0 }));
    assert!(notice(&model).contains("gZ does nothing here"), "what was said stays until it is read");
    assert_eq!(press(&mut model, "esc"), [Effect::CancelSurvey(SurveyKind::Query)]);
    event(&mut model, surveyed(&effects));
    assert!(model.marks.rows.is_empty());
}

#[test]
fn rows_that_left_the_result_meanwhile_are_not_marked() {
    let mut model = twelve();
    press(&mut model, "T");
    type_text(&mut model, "account:0,1,2");
    let answer = surveyed(&press(&mut model, "enter"));
    press(&mut model, "R");
    arrive(&mut model, &[varied(3), varied(4)], More::Last);
    event(&mut model, answer);
    assert_eq!(marked(&model), uids([3, 4]));
}

#[rstest]
#[case::control("c", &[0, 4, 8], "marked 3 rows with the same control; 3 are marked")]
#[case::title("t", &[0, 3, 6, 9], "marked 4 rows with the same title; 4 are marked")]
#[case::resource("r", &[0, 6], "marked 2 rows with the same resource; 2 are marked")]
#[case::account("a", &[0, 3, 6, 9], "marked 4 rows with the same account; 4 are marked")]
#[case::both("b", &[0], "marked 1 row with the same account and control; 1 are marked")]
fn what_is_alike_is_marked_and_the_menu_counts_before(#[case] key: &str, #[case] rows: &[usize], #[case] said: &str) {
    let mut model = twelve();
    let at = model.view.rows().iter().position(|&row| row == RowId(0)).unwrap();
    press(&mut model, &format!("g g {}", "j ".repeat(at)));
    press(&mut model, "g ,");
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { unreachable!("the menu is open") };
    let item = menu.items.iter().find(|item| item.key.to_string() == key).unwrap();
    assert_eq!(item.now, rows.len());
    assert_eq!(menu.items.len(), 5, "it has no product");
    press(&mut model, key);
    assert_eq!((marked(&model), notice(&model)), (uids(rows.iter().copied()), said));
}

#[test]
fn the_same_cell_marks_and_the_same_key_again_unmarks() {
    let mut model = twelve();
    let cursor = model.cursor.row.unwrap();
    let control = cursor.index() % 4;
    press(&mut model, ",");
    assert_eq!(marked(&model), uids((0..12).filter(|at| at % 4 == control)));
    assert!(notice(&model).starts_with(&format!("marked 3 rows with control S3.{control}; 3 are marked")), "{}", notice(&model));
    press(&mut model, ",");
    assert!(model.marks.rows.is_empty(), "{}", notice(&model));
    // Where only some of them are marked, the others are too.
    press(&mut model, "space");
    press(&mut model, "g g ,");
    assert_eq!(model.marks.rows.len(), 3);
    let mut bare = of(&[r#"{"metadata":{"uid":"a"}}"#.to_owned(), varied(1)]);
    press(&mut bare, "G ,");
    assert_eq!(
        (marked(&bare).as_slice(), notice(&bare).starts_with("marked 1 row without a control")),
        (["a".to_owned()].as_slice(), true)
    );
    press(&mut bare, "g U g ,");
    assert!(bare.overlays.is_empty() && notice(&bare).contains("nothing is known"), "{}", notice(&bare));
}

#[test]
fn rows_of_folded_groups_are_marked_as_well() {
    for keys in ["*", "T", ",", "g , c"] {
        let mut model = twelve();
        press(&mut model, "z g c g g j");
        let control = model.cursor.row.unwrap().index() % 4;
        press(&mut model, "z M");
        assert_eq!(model.view.line_count(), 4, "{keys}: the groups are folded");
        assert_eq!(model.cursor.row, None, "and the cursor is on a header");
        if keys == "T" {
            by_query(&mut model, "T", "title~finding");
        } else {
            press(&mut model, keys);
        }
        let expected = if keys.contains(',') { uids((0..12).filter(|at| at % 4 == control)) } else { uids(0..12) };
        assert_eq!(marked(&model), expected, "{keys}");
    }
}

fn open_menu(model: &Model) -> &Menu {
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { unreachable!("the menu is open") };
    menu
}

/// Some pages are loaded, more follow.
fn half() -> Model {
    let mut model = connected(settings());
    arrive(&mut model, &(0..6).map(varied).collect::<Vec<_>>(), More::Follows);
    let scan = model.scan.id;
    event(&mut model, Event::Total(scan, Ok(12)));
    model
}

fn rest(model: &mut Model) {
    arrive(model, &(6..12).map(varied).collect::<Vec<_>>(), More::Last);
}

#[test]
fn where_pages_are_missing_mark_all_asks_which_are_meant() {
    let mut model = half();
    press(&mut model, "*");
    let captions: Vec<(char, &str)> = open_menu(&model).items.iter().map(|item| (item.key, item.caption.as_str())).collect();
    assert_eq!(captions, [('l', "the loaded ones, 6 by now"), ('a', "all, about 12: loads the rest first")]);
    assert_eq!(open_menu(&model).items[0].choice, Choice::All(Reach::Loaded));
    press(&mut model, "esc");
    assert!(model.marks.rows.is_empty());
    press(&mut model, "* l");
    assert_eq!(model.marks.rows.len(), 6);
    assert!(notice(&model).contains("the rest is not marked"), "{}", notice(&model));
    rest(&mut model);
    assert_eq!(model.marks.rows.len(), 6);
    press(&mut model, "*");
    assert_eq!((model.overlays.len(), model.marks.rows.len(), notice(&model)), (0, 12, "marked all 12 rows"));
}

#[test]
fn all_of_a_query_are_marked_once_the_rest_is_loaded() {
    let mut model = half();
    assert!(press(&mut model, "* a").is_empty(), "it is being loaded already");
    assert!(notice(&model).starts_with("loading the rest, to mark all: 6 of about 12"), "{}", notice(&model));
    assert!(model.marks.rows.is_empty(), "nothing is marked before");
    rest(&mut model);
    assert_eq!((model.marks.rows.len(), notice(&model)), (12, "marked all 12 rows"));
    assert_eq!(model.marks.rest, None);
}

#[test]
fn a_stopped_scan_is_run_again_to_mark_all() {
    let mut model = half();
    press(&mut model, "ctrl-c");
    assert_eq!(model.scan.state, ScanState::Stopped);
    let effects = press(&mut model, "* a");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Scan { .. })), "{effects:?}");
    arrive(&mut model, &(0..6).map(varied).collect::<Vec<_>>(), More::Follows);
    assert!(model.marks.rows.is_empty());
    rest(&mut model);
    assert_eq!(model.marks.rows.len(), 12);
}

#[test]
fn a_filter_means_what_it_leaves_and_must_not_change_meanwhile() {
    let mut model = half();
    press(&mut model, "/");
    type_text(&mut model, "S3.1");
    press(&mut model, "enter *");
    let captions: Vec<&str> = open_menu(&model).items.iter().map(|item| item.caption.as_str()).collect();
    assert_eq!(
        captions,
        ["the loaded ones left by the filter, 2 by now", "of all, about 12, those left by the filter: loads the rest first"]
    );
    press(&mut model, "a");
    rest(&mut model);
    assert_eq!((marked(&model), notice(&model)), (uids([1, 5, 9]), "marked all 3 rows left by the filter"));
    let mut model = half();
    press(&mut model, "* a /");
    type_text(&mut model, "S3.1");
    press(&mut model, "enter");
    rest(&mut model);
    assert!(model.marks.rows.is_empty() && notice(&model).contains("the filter has changed: nothing was marked"), "{}", notice(&model));
}

#[test]
fn what_ends_the_loading_ends_the_waiting_too_and_nothing_is_marked() {
    type Step = fn(&mut Model);
    let steps: [(&str, Step); 4] = [
        ("esc", |model| {
            press(model, "esc");
        }),
        ("stopped", |model| {
            press(model, "ctrl-c");
        }),
        ("failed", |model| {
            let scan = model.scan.id;
            event(model, Event::ScanFailed(scan, error(CallFailure::Unreachable)));
        }),
        ("another query", |model| {
            super::super::loading::ask_instead(model, Query::Everything);
        }),
    ];
    for (name, step) in steps {
        let mut model = half();
        press(&mut model, "* a");
        step(&mut model);
        assert_eq!(model.marks.rest, None, "{name}");
        rest(&mut model);
        assert!(model.marks.rows.is_empty(), "{name}");
    }
}

proptest! {
    #[test]
    fn marks_are_a_subset_of_the_rows_whatever_is_pressed_and_whenever_answers_come(
        steps in proptest::collection::vec((0_usize..20, any::<bool>()), 0..60),
    ) {
        const KEYS: [&str; 20] = [
            "*", "* l", "* a", ",", "g , c", "g , a", "g , enter", "T", "g T", "~", "\"", "g m", "g U", "j", "G", "space", "R", "ctrl-c", "esc", "/",
        ];
        let mut model = half();
        let mut waiting: Vec<Event> = Vec::new();
        for (key, answers) in steps {
            let key = KEYS[key];
            press(&mut model, key);
            if matches!(model.overlays.last(), Some(Overlay::Prompt(_))) {
                type_text(&mut model, if key == "/" { "S3.1" } else { "severity:4,5 or account:1" });
                let effects = press(&mut model, "enter");
                if effects.iter().any(|effect| matches!(effect, Effect::Survey { .. })) {
                    waiting.push(surveyed(&effects));
                }
            }
            if answers {
                if let Some(answer) = waiting.pop() {
                    event(&mut model, answer);
                } else if model.scan.state == ScanState::Loading {
                    rest(&mut model);
                }
            }
            let shown: RowSet = model.view.all().iter().copied().collect();
            prop_assert!(model.marks.rows.iter().all(|row| shown.contains(row)), "{key}");
            prop_assert!(model.surveys.marking.is_none() || !waiting.is_empty());
        }
    }
}

#[test]
fn a_range_ends_where_other_rows_would_come_between_its_ends() {
    let documents: Vec<String> = (0..12).map(varied).collect();
    for keys in ["o i", "O", "z g c"] {
        let mut model = of(&documents);
        press(&mut model, "v j j");
        assert!(model.marks.range.is_some());
        press(&mut model, keys);
        assert_eq!((model.marks.range, model.marks.rows.len()), (None, 0), "{keys}");
    }
}

#[test]
fn a_screen_is_drawn_again_whatever_was_begun() {
    let mut model = of(&[varied(0)]);
    press(&mut model, "z");
    assert!(press(&mut model, "ctrl-l").contains(&Effect::Redraw));
    press(&mut model, "g c");
    assert!(model.view.grouped_by().is_some());
}
