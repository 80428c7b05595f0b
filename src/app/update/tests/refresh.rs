//! Reading again: what stays where it was, what goes, what is told, and what is new since the last visit.

use super::*;
use crate::{
    app::{overlay::TargetSource, remembered::Remembered, visit::Visits},
    findings::row_set::RowSet,
};

/// A finding whose severity and title decide where it stands: the lower the number, the higher.
fn ranked(at: usize, status: i32) -> String {
    let created = 1_789_000_000_000_usize + at;
    format!(
        r#"{{"metadata":{{"uid":"u{at}"}},"severity_id":{},"status_id":{status},"time":{},"finding_info":{{"title":"finding {at}","created_time":{created}}}}}"#,
        if at < 10 { 5 } else { 3 },
        1_790_000_000_000_usize - at,
    )
}

fn arrive(model: &mut Model, numbers: impl IntoIterator<Item = usize>, more: More) {
    let documents: Vec<String> = numbers.into_iter().map(|at| ranked(at, 1)).collect();
    let scan = model.scan.id;
    event(model, Event::Page { scan, page: SealedPage::seal(&documents), more, order: ServedOrder::AsAsked });
}

fn with(numbers: impl IntoIterator<Item = usize>) -> Model {
    let mut model = connected(settings());
    arrive(&mut model, numbers, More::Last);
    model
}

fn row(model: &Model, at: usize) -> RowId {
    model.store.find(&Identity::MetadataUid(format!("u{at}"))).unwrap()
}

fn shown(model: &Model) -> Vec<String> {
    let title = |&row: &RowId| model.store.text(model.store.row(row).unwrap().title).replace("finding ", "");
    model.view.rows().iter().map(title).collect()
}

fn line(model: &Model) -> usize {
    model.cursor.place - model.cursor.top
}

/// Answers a read by name with these findings, of which those at the places are not what the query asks for.
fn reread(model: &mut Model, effects: &[Effect], documents: &[String], outside: &[usize]) -> Vec<Effect> {
    let Some(Effect::Reread { request, identities }) = effects.iter().find(|effect| matches!(effect, Effect::Reread { .. })) else {
        unreachable!("nothing is read: {effects:?}")
    };
    let page = SealedPage { outside: outside.to_vec(), ..SealedPage::seal(documents) };
    event(model, Event::Reread { request: *request, asked: identities.clone(), result: Ok(page) })
}

#[test]
fn running_again_keeps_the_cursor_on_its_row_and_line_and_everything_that_was_decided() {
    let mut model = with(50..150);
    press(&mut model, "3 0 j space j c");
    type_text(&mut model, "why");
    press(&mut model, "enter / 1 enter");
    press(&mut model, "5 j");
    let before = (title(&model), line(&model), model.marks.clone(), model.staging.len(), model.filter.clone(), model.view.order().clone());
    press(&mut model, "R");
    // Ten better ones come, some of those above go, one below goes.
    arrive(&mut model, (0..10).chain(55..120).chain(121..150), More::Last);
    let after = (title(&model), line(&model), model.marks.clone(), model.staging.len(), model.filter.clone(), model.view.order().clone());
    assert_eq!(after, before);
    assert_eq!(notice(&model), "6 rows are gone from the result, 10 new");
}

#[test]
fn a_row_that_is_gone_stays_visible_while_something_holds_it_and_leaves_with_the_next_run_after_that() {
    let mut model = with(0..6);
    press(&mut model, "j space s 3");
    press(&mut model, "g U 3 G space");
    // 1 is staged, 2 is marked; 5 is neither.
    let held = [row(&model, 1), row(&model, 2), row(&model, 5)];
    press(&mut model, "R");
    arrive(&mut model, [0, 3, 4], More::Last);
    assert_eq!(held.map(|row| (model.view.index(row).is_some(), model.is_gone(row))), [(true, true), (true, true), (false, true)]);
    assert_eq!(notice(&model), "3 rows are gone from the result (– 2 kept: marked, staged or sent)");
    press(&mut model, "g U R");
    arrive(&mut model, [0, 3, 4], More::Last);
    assert_eq!(held.map(|row| model.view.index(row).is_some()), [true, false, false]);
    assert_eq!(notice(&model), "the query has run again: the same findings", "they were gone before already");
    press(&mut model, "R");
    arrive(&mut model, [0, 1, 3, 4], More::Last);
    assert!(!model.is_gone(held[0]));
    assert_eq!(notice(&model), "1 new finding is in the result");
}

#[test]
fn where_the_cursors_row_goes_the_next_one_that_stays_has_the_cursor_on_the_same_line() {
    let mut model = with(0..100);
    press(&mut model, "4 1 G");
    let before = line(&model);
    press(&mut model, "R");
    arrive(&mut model, (10..39).chain(43..100), More::Last);
    assert_eq!((title(&model).as_str(), line(&model)), ("finding 43", before));
    press(&mut model, "G R");
    arrive(&mut model, 20..30, More::Last);
    assert_eq!(title(&model), "finding 29", "the last one that is left");
}

#[test]
fn rows_that_were_processed_stay_until_anything_is_asked_again() {
    for ask in ["R", "g 0 enter"] {
        let mut model = with(0..4);
        let processed = row(&model, 0);
        model.outcomes.set(processed, RowState::Processed);
        model.store.apply(processed, &Patch::status(StatusId::RESOLVED));
        if ask == "R" {
            press(&mut model, "R");
        } else {
            let effects = press(&mut model, "g 0");
            let Some(Effect::Count { request, fields, .. }) = effects.first() else { unreachable!("{effects:?}") };
            let counted =
                fields.iter().map(|&field| crate::domain::counted::Counted { field, values: vec![("Medium".into(), 3)] }).collect();
            event(&mut model, Event::Counted(*request, Ok(counted)));
            press(&mut model, "enter");
        }
        arrive(&mut model, 1..4, More::Last);
        assert_eq!(shown(&model), ["1", "2", "3"], "{ask}");
    }
}

#[test]
fn a_row_read_again_that_is_not_what_the_query_asks_for_leaves_the_table() {
    let mut model = with(0..5);
    press(&mut model, "j");
    let effects = press(&mut model, "r");
    reread(&mut model, &effects, &[ranked(1, 3)], &[0]);
    assert_eq!(shown(&model), ["0", "2", "3", "4"]);
    assert_eq!(title(&model), "finding 2");
    assert_eq!(notice(&model), "read 1 finding again; 1 have changed; 1 no longer match the query; 1 left the table");
    assert!(model.is_gone(row(&model, 1)));
}

#[test]
fn marked_or_staged_it_stays_and_is_gone_until_it_matches_again() {
    let mut model = with(0..5);
    press(&mut model, "space space");
    let effects = press(&mut model, "r");
    reread(&mut model, &effects, &[ranked(0, 3)], &[0]);
    let [outside, missing] = [row(&model, 0), row(&model, 1)];
    assert_eq!([outside, missing].map(|row| (model.view.index(row).is_some(), model.is_gone(row))), [(true, true); 2]);
    let effects = press(&mut model, "r");
    reread(&mut model, &effects, &[ranked(0, 1), ranked(1, 1)], &[]);
    assert_eq!([outside, missing].map(|row| model.is_gone(row)), [false; 2]);
}

#[test]
fn a_read_that_was_asked_for_before_another_query_says_nothing_about_that_one() {
    let mut model = with(0..5);
    let effects = press(&mut model, "r");
    press(&mut model, "R");
    arrive(&mut model, 0..3, More::Follows);
    reread(&mut model, &effects, &[ranked(0, 3)], &[0]);
    assert!(!model.is_gone(row(&model, 0)));
    arrive(&mut model, 3..5, More::Last);
    assert_eq!(shown(&model).len(), 5);
}

/// What an earlier visit left: it was there until an hour ago and read the query two hours before that.
fn earlier(created_after: i64) -> Remembered {
    let mut visits = Visits::default().continued(Millis(CTX.now.0 - 7_200_000));
    visits.read(&Query::open(), Millis(created_after));
    Remembered {
        queries: Vec::new(),
        comments: Vec::new(),
        query: Query::open().to_string(),
        order: crate::domain::order::Order::default(),
        preview: crate::app::layout::Preview::Shown,
        filter: String::new(),
        cursor: None,
        marks: crate::app::remembered::MarkedFindings::default(),
        columns: crate::domain::column::Column::defaults(),
        profile: String::new(),
        visits: Visits { alive: Some(Millis(CTX.now.0 - 3_600_000)), ..visits },
    }
}

fn new(model: &Model) -> Vec<usize> {
    (0..200).filter(|at| model.store.find(&Identity::MetadataUid(format!("u{at}"))).is_some_and(|row| model.visit.is_new(row))).collect()
}

#[test]
fn what_was_created_since_the_query_was_last_read_is_new_whenever_that_becomes_known() {
    let left = || Event::Session(Ok(Some(Arc::new(earlier(1_789_000_000_002)))));
    let mut before = connected(settings());
    event(&mut before, left());
    arrive(&mut before, 0..6, More::Last);
    let mut after = with(0..6);
    event(&mut after, left());
    for model in [&mut before, &mut after] {
        assert_eq!(new(model), [3, 4, 5]);
        press(model, "R");
        arrive(model, [0, 3, 5, 7], More::Last);
        assert_eq!(new(model), [3, 5, 7], "what is gone is not counted");
    }
}

#[test]
fn on_the_first_visit_nothing_is_new() {
    let mut model = connected(settings());
    event(&mut model, Event::Session(Ok(None)));
    arrive(&mut model, 0..6, More::Last);
    assert!(new(&model).is_empty());
    press(&mut model, "g n");
    assert_eq!(notice(&model), "nothing is new: this is the first visit");
    assert_eq!(shown(&model).len(), 6);
}

#[test]
fn new_only_narrows_to_what_is_new_with_marked_only_and_the_filter() {
    let mut model = connected(settings());
    event(&mut model, Event::Session(Ok(Some(Arc::new(earlier(1_789_000_000_002))))));
    arrive(&mut model, 0..6, More::Follows);
    press(&mut model, "g n");
    assert_eq!(shown(&model), ["3", "4", "5"]);
    assert!(notice(&model).starts_with("3 findings created since "), "{}", notice(&model));
    arrive(&mut model, 6..8, More::Last);
    assert_eq!(shown(&model), ["3", "4", "5", "6", "7"], "what comes is looked at too");
    press(&mut model, "space");
    press(&mut model, "g n g g space");
    press(&mut model, "\"");
    assert_eq!(shown(&model), ["0", "3"]);
    press(&mut model, "g n");
    assert_eq!(shown(&model), ["3"]);
    press(&mut model, "\"");
    assert_eq!(shown(&model), ["3", "4", "5", "6", "7"]);
    press(&mut model, "/ 5 enter");
    assert_eq!(shown(&model), ["5"]);
    press(&mut model, "esc");
    assert_eq!(shown(&model).len(), 5, "Esc clears the filter first");
    press(&mut model, "esc");
    assert_eq!(shown(&model).len(), 8);
    assert_eq!(model.only, crate::app::model::Only::default());
}

#[test]
fn the_visit_is_written_when_a_query_has_been_read_after_a_while_and_at_the_end() {
    let saved = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::SaveSession(_, remembered) => Some(remembered.visits.clone()),
            _ => None,
        })
    };
    let at = |model: &mut Model, event: Event, now: i64| update(model, event, Ctx { now: Millis(CTX.now.0 + now) });
    let mut model = connected(settings());
    let effects = event(&mut model, Event::Session(Ok(Some(Arc::new(earlier(5))))));
    assert_eq!(saved(&effects).unwrap().since(&Query::open()), Some(Millis(5)));
    let scan = model.scan.id;
    let page = Event::Page { scan, page: SealedPage::seal(&[ranked(0, 1)]), more: More::Last, order: ServedOrder::AsAsked };
    let written = saved(&at(&mut model, page, 10_000)).unwrap();
    assert_eq!((written.alive, written.present.first().map(|read| read.at)), (Some(Millis(CTX.now.0 + 10_000)), Some(CTX.now)));
    assert_eq!(saved(&at(&mut model, Event::Tick, 20_000)), None);
    assert_eq!(saved(&at(&mut model, Event::Tick, 400_000)).unwrap().alive, Some(Millis(CTX.now.0 + 400_000)));
    let effects = at(&mut model, Event::Key(Key::char('q'), Arrival::Single), 401_000);
    assert_eq!(saved(&effects).unwrap().alive, Some(Millis(CTX.now.0 + 401_000)));
    assert_eq!(effects.last(), Some(&Effect::Quit));
}

proptest! {
    #[test]
    fn whatever_goes_and_comes_the_cursor_is_on_a_row_that_is_there_and_on_the_screen(
        first in proptest::collection::btree_set(0_usize..120, 1..100), second in proptest::collection::btree_set(0_usize..120, 0..100),
        moves in 0_usize..90, marked in proptest::collection::vec(0_usize..120, 0..5),
    ) {
        let mut model = with(first.iter().copied());
        press(&mut model, &format!("{} j", (moves + 1).to_string().chars().map(String::from).collect::<Vec<_>>().join(" ")));
        for at in marked {
            if first.contains(&at) {
                let row = row(&model, at);
                model.marks.rows.insert(row);
            }
        }
        let (cursor, before) = (model.cursor.row.unwrap(), line(&model));
        press(&mut model, "R");
        arrive(&mut model, second.iter().copied(), More::Last);
        let rows: RowSet = model.view.rows().iter().copied().collect();
        let kept: Vec<usize> = first.iter().copied().filter(|&at| !second.contains(&at) && rows.contains(row(&model, at))).collect();
        prop_assert!(kept.iter().all(|&at| model.marks.rows.contains(row(&model, at)) && model.is_gone(row(&model, at))));
        prop_assert!(second.iter().all(|&at| rows.contains(row(&model, at))));
        if rows.contains(cursor) {
            prop_assert_eq!(model.cursor.row, Some(cursor));
            let page = model.layout().body as usize;
            let place = model.cursor.place;
            // On its line, unless the table would end above the last line of the screen, or begin below the first.
            let free = place >= before && place - before + page <= rows.len();
            prop_assert!(!free || line(&model) == before, "{} {}", line(&model), before);
        }
        match model.cursor.row {
            Some(row) => prop_assert_eq!(model.view.place(row), Some(model.cursor.place)),
            None => prop_assert!(rows.is_empty()),
        }
    }
}

#[test]
fn all_rows_of_a_query_are_those_of_its_result_and_not_what_is_kept_visible() {
    let mut model = with(0..10);
    press(&mut model, "3 space c");
    type_text(&mut model, "why");
    press(&mut model, "enter g U R");
    arrive(&mut model, 5..10, More::Last);
    assert_eq!(model.view.rows().len(), 8, "what is staged stays visible");
    press(&mut model, "*");
    assert_eq!(model.marks.rows.iter().collect::<Vec<_>>(), (5..10).map(|at| row(&model, at)).collect::<Vec<_>>());
    assert_eq!(notice(&model), "marked all 5 rows; 3 rows that are gone from the result are not");
    press(&mut model, "g U z g t");
    let all: usize = model.view.groups().unwrap().shown().iter().map(|&group| model.view.groups().unwrap().rows_of(group).len()).sum();
    assert_eq!(all, 8);
    press(&mut model, "g g");
    let targets = model.targets().unwrap();
    assert!(matches!(targets.source, TargetSource::Group(_)) && targets.rows.len() == 5, "{targets:?}");
}

#[test]
fn what_an_unfinished_run_had_not_brought_yet_is_not_new() {
    let mut model = connected(settings());
    arrive(&mut model, 0..5, More::Follows);
    press(&mut model, "R");
    arrive(&mut model, 0..20, More::Last);
    assert!(!notice(&model).contains("new"), "{}", notice(&model));
    press(&mut model, "R");
    arrive(&mut model, 0..21, More::Last);
    assert_eq!(notice(&model), "1 new finding is in the result");
}
