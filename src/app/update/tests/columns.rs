//! The cell cursor, the choice of columns, and the values that only documents have.

use super::*;
use crate::{
    app::{
        column_chooser::Shown,
        event::More,
        journaling::JournalState,
        overlay::PromptPurpose,
        remembered::Remembered,
        survey::{Covered, Found, Survey, SurveyKind},
    },
    domain::{
        column::{Column, ColumnKind},
        query::field::Field,
    },
};

fn told(model: &Model) -> String {
    model.columns.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn cell(model: &Model) -> &str {
    model.cell().map_or("-", ColumnKind::word)
}

fn refused(model: &Model) -> &str {
    model
        .overlays
        .iter()
        .find_map(|overlay| match overlay {
            Overlay::Columns(chooser) => chooser.refused.as_deref(),
            _ => None,
        })
        .unwrap_or_default()
}

const DEFAULT: &str = "severity status age account region product control title resource";

#[test]
fn the_cell_cursor_comes_where_same_looks_moves_by_counts_and_stops_at_the_ends() {
    let mut model = loaded(3);
    assert_eq!(cell(&model), "-");
    for (keys, expected) in [
        ("l", "control"),
        ("l", "title"),
        ("right 5 l", "resource"),
        ("h", "title"),
        ("3 h", "region"),
        ("left 9 9 h", "severity"),
        ("j", "severity"),
        ("esc", "-"),
        ("left", "control"),
    ] {
        press(&mut model, keys);
        assert_eq!(cell(&model), expected, "{keys}");
    }
    press(&mut model, "esc");
    model.columns = Column::list(&["age", "title"]).unwrap();
    press(&mut model, "l");
    assert_eq!(cell(&model), "age", "there is no control");
    press(&mut model, "l");
    model.columns = Column::list(&["age"]).unwrap();
    press(&mut model, "j");
    assert_eq!(cell(&model), "age", "never behind the last");
}

#[test]
fn every_key_of_the_choice_changes_the_table_at_once() {
    for (keys, expected) in [
        ("", DEFAULT),
        ("space", "status age account region product control title resource"),
        ("j space space", DEFAULT),
        ("J", "status severity age account region product control title resource"),
        ("G K", DEFAULT),
        ("7 j K", "severity status age account region product title control resource"),
        ("2 J", "status age severity account region product control title resource"),
        ("K", DEFAULT),
        ("G space", "severity status age account region product control title resource comment"),
        ("j j j +", "severity status age account:19 region product control title resource"),
        ("j j j 5 +", "severity status age account:23 region product control title resource"),
        ("j j j -", "severity status age account:17 region product control title resource"),
        ("j j j 9 9 9 9 +", "severity status age account:200 region product control title resource"),
        ("j j j 9 9 -", "severity status age account:2 region product control title resource"),
        ("j j j 9 9 - -", DEFAULT),
        ("j j j + =", DEFAULT),
        ("G +", DEFAULT),
        ("d", DEFAULT),
        ("J space j j + 0", DEFAULT),
    ] {
        let mut model = loaded(2);
        model.screen.columns = 200;
        press(&mut model, "z k");
        if !keys.is_empty() {
            press(&mut model, keys);
        }
        assert_eq!(told(&model), expected, "{keys}");
        press(&mut model, "esc");
        assert!(model.overlays.is_empty());
        assert_eq!(told(&model), expected, "leaving takes nothing back: {keys}");
    }
}

#[test]
fn enter_q_and_esc_leave_the_choice_and_the_cell_cursor_is_where_it_was() {
    for leave in ["enter", "q", "esc"] {
        let mut model = loaded(2);
        press(&mut model, "l l");
        assert_eq!(cell(&model), "title");
        press(&mut model, "z k");
        assert_eq!(cell(&model), "title", "the choice begins there");
        press(&mut model, "k k K");
        assert_eq!(cell(&model), "product", "the table shows what is chosen");
        press(&mut model, leave);
        assert_eq!((model.overlays.len(), cell(&model)), (0, "title"), "{leave}");
    }
    let mut model = loaded(2);
    press(&mut model, "z k j space");
    assert_eq!(cell(&model), "-", "a hidden column has no cell");
    press(&mut model, "esc");
    assert_eq!(cell(&model), "-");
}

#[test]
fn one_column_stays_and_only_paths_are_taken_out() {
    let mut model = loaded(2);
    model.columns = Column::list(&["title", "cve"]).unwrap();
    press(&mut model, "z k space");
    assert_eq!(told(&model), "cve");
    press(&mut model, "j space");
    assert!(notice(&model).contains("only column"), "{}", notice(&model));
    press(&mut model, "d");
    assert_eq!(told(&model), "cve");
    press(&mut model, "k d");
    assert!(notice(&model).contains("title is always in the list; Space hides it"), "{}", notice(&model));
    press(&mut model, "space j d");
    assert_eq!(told(&model), "title");
    let Some(Overlay::Columns(chooser)) = model.overlays.last() else { unreachable!() };
    assert!(chooser.entries.iter().all(|entry| entry.column.what.field().is_none()));
}

#[test]
fn a_path_is_added_behind_the_cursor_once_it_is_one() {
    let mut model = loaded(2);
    press(&mut model, "z k j a");
    type_text(&mut model, "mood");
    press(&mut model, "enter");
    assert!(refused(&model).contains("`mood` is no column"), "{}", refused(&model));
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else { unreachable!("what was typed is not lost") };
    assert_eq!((prompt.purpose, prompt.text()), (PromptPurpose::AddColumn, "mood"));
    press(&mut model, "ctrl-u");
    type_text(&mut model, "resources.vpc_uid:20");
    press(&mut model, "enter");
    assert_eq!(refused(&model), "");
    assert_eq!(told(&model), "severity status resources.vpc_uid:20 age account region product control title resource");
    assert_eq!(cell(&model), "resources.vpc_uid");
    // Again, with another width: it is there once.
    press(&mut model, "g g a");
    type_text(&mut model, "resources.vpc_uid:30");
    press(&mut model, "enter");
    assert_eq!(told(&model), "severity status resources.vpc_uid:30 age account region product control title resource");
    // One of the others is shown where the cursor is.
    press(&mut model, "g g a");
    type_text(&mut model, "comment");
    press(&mut model, "enter");
    assert_eq!(told(&model), "severity comment status resources.vpc_uid:30 age account region product control title resource");
    press(&mut model, "a esc");
    assert!(matches!(model.overlays.as_slice(), [Overlay::Columns(_)]));
    press(&mut model, "0");
    assert_eq!(told(&model), DEFAULT);
    let Some(Overlay::Columns(chooser)) = model.overlays.last() else { unreachable!() };
    let path = chooser.entries.iter().find(|entry| entry.column.what.word() == "resources.vpc_uid");
    assert_eq!(path.map(|entry| entry.shown), Some(Shown::No), "it can be shown again");
}

/// The survey among effects: its number, fields and rows.
fn survey(effects: &[Effect]) -> Option<(RequestId, Vec<String>, Vec<u32>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Survey { request, what: Survey::Values(fields), rows } => {
            let mut rows: Vec<u32> = rows.iter().flat_map(|page| &page.rows).map(|row| row.row.0).collect();
            rows.sort_unstable();
            Some((*request, fields.clone(), rows))
        }
        _ => None,
    })
}

fn answer_values(model: &mut Model, request: RequestId, values: &[(u32, &str)], more: More) -> Vec<Effect> {
    let values = values.iter().map(|&(row, text)| (RowId(row), [text.to_owned()].into())).collect();
    event(model, Event::Surveyed { request, found: Found::Values(values), covered: Covered::default(), more })
}

fn value(model: &Model, row: u32) -> Option<&str> {
    model.store.extra().value(&Field::named("cve").unwrap(), RowId(row)).map(|symbol| model.store.text(symbol))
}

fn with_cve(count: usize) -> (Model, RequestId) {
    let mut model = loaded(count);
    press(&mut model, "z k a");
    type_text(&mut model, "cve");
    let effects = press(&mut model, "enter");
    let (request, fields, rows) = survey(&effects).unwrap();
    assert_eq!(fields, ["cve"]);
    assert!(rows.len() == usize::from(model.layout().body).min(count), "{rows:?}");
    press(&mut model, "esc");
    (model, request)
}

#[test]
fn documents_are_read_for_the_rows_on_the_screen_first_and_for_the_others_then() {
    let (mut model, request) = with_cve(100);
    assert_eq!(value(&model, 0), None);
    assert!(survey(&press(&mut model, "j")).is_none(), "one at a time");
    assert!(answer_values(&mut model, RequestId(999), &[(0, "stale")], More::Last).is_empty());
    assert_eq!(value(&model, 0), None, "an answer to something else");
    answer_values(&mut model, request, &[(0, "CVE-1"), (2, "CVE-2")], More::Follows);
    assert_eq!((value(&model, 0), value(&model, 1)), (Some("CVE-1"), None));
    let effects = answer_values(&mut model, request, &[(1, "CVE-3")], More::Last);
    assert_eq!((value(&model, 1), value(&model, 3)), (Some("CVE-3"), Some("")), "no document that can be read has nothing");
    let (request, _, rows) = survey(&effects).unwrap();
    assert_eq!(rows.len(), 100 - usize::from(model.layout().body));
    let effects = answer_values(&mut model, request, &[], More::Last);
    assert!(survey(&effects).is_none() && value(&model, 99) == Some(""));
}

#[test]
fn rows_that_come_or_are_read_again_are_asked_about_and_what_is_older_is_not_taken() {
    let mut model = connected(settings());
    model.columns = Column::list(&["title", "cve"]).unwrap();
    page(&mut model, 0..2, More::Follows);
    let request = model.surveys.values.as_ref().unwrap().request;
    // Row 0 comes again while its former document is being read; row 2 is new.
    let scan = model.scan.id;
    event(&mut model, Event::ScanRestarted(scan));
    page(&mut model, 0..1, More::Follows);
    page(&mut model, 2..3, More::Last);
    let effects = answer_values(&mut model, request, &[(0, "old"), (1, "CVE-1")], More::Last);
    assert_eq!((value(&model, 0), value(&model, 1)), (None, Some("CVE-1")));
    let (request, _, rows) = survey(&effects).unwrap();
    assert_eq!(rows, [0, 2]);
    answer_values(&mut model, request, &[(0, "new"), (2, "")], More::Last);
    assert_eq!(value(&model, 0), Some("new"));
    let [Effect::Reread { request, identities }] = &press(&mut model, "g g r")[..] else { unreachable!() };
    let (request, asked) = (*request, identities.clone());
    let result = Ok(SealedPage::seal(&[document(0, 4)]));
    let effects = event(&mut model, Event::Reread { request, asked, result });
    assert_eq!(survey(&effects).unwrap().2, [0]);
    assert_eq!(value(&model, 0), Some("new"), "shown until the new document is read");
}

#[test]
fn a_path_that_is_taken_out_is_not_asked_about_any_more() {
    let (mut model, request) = with_cve(3);
    let effects = press(&mut model, "z k j d");
    assert_eq!(effects, [Effect::CancelSurvey(SurveyKind::Values)]);
    answer_values(&mut model, request, &[(0, "CVE-1")], More::Last);
    assert_eq!(value(&model, 0), None);
    press(&mut model, "esc");
    page(&mut model, 0..1, More::Last);
    assert!(model.surveys.values.is_none());
}

#[test]
fn a_second_path_has_everything_read_once_more() {
    let (mut model, request) = with_cve(3);
    press(&mut model, "z k a");
    type_text(&mut model, "tag");
    let effects = press(&mut model, "enter");
    let (second, fields, rows) = survey(&effects).unwrap();
    assert_eq!((fields.len(), rows.len()), (2, 3));
    assert!(second != request && effects.contains(&Effect::CancelSurvey(SurveyKind::Values)));
    answer_values(&mut model, request, &[(0, "CVE-1")], More::Last);
    assert_eq!(value(&model, 0), None, "the first one is no longer waited for");
}

#[test]
fn the_filter_looks_at_shown_values_and_same_marks_by_them() {
    let (mut model, request) = with_cve(4);
    press(&mut model, "/");
    type_text(&mut model, "cve-2026");
    press(&mut model, "enter");
    assert_eq!(model.view.rows().len(), 0);
    answer_values(&mut model, request, &[(0, "CVE-2026-1"), (1, "CVE-2026-2, CVE-1"), (2, "CVE-2026-1"), (3, "x")], More::Last);
    assert_eq!(model.view.rows().len(), 3, "as soon as they are known");
    press(&mut model, "g g l l h");
    model.cursor.column = model.columns.iter().position(|column| column.what.word() == "cve");
    press(&mut model, ",");
    assert_eq!(model.marks.rows.iter().collect::<Vec<_>>(), [0, 2].map(RowId));
    assert!(notice(&model).contains("cve CVE-2026-1"), "{}", notice(&model));
    press(&mut model, "z k");
    let at = model.columns.iter().position(|column| column.what.word() == "cve").unwrap();
    press(&mut model, "g g");
    for _ in 0..at {
        press(&mut model, "j");
    }
    press(&mut model, "space esc");
    assert_eq!(model.view.rows().len(), 0, "hidden values are not looked at");
}

#[test]
fn same_goes_by_the_cell_under_the_cursor_and_says_when_it_is_not_known_yet() {
    let (mut model, _) = with_cve(4);
    for (column, marked, said) in [
        ("severity", vec![0], "severity High"),
        ("title", vec![0], "title finding 0"),
        ("status", vec![0, 1, 2, 3], "status New"),
        ("comment", vec![0, 1, 2, 3], "without a comment"),
    ] {
        let mut columns = model.columns.clone();
        columns.retain(|other| other.what.word() != column);
        columns.push(column.parse().unwrap());
        model.cursor.column = Some(columns.len() - 1);
        model.columns = columns;
        press(&mut model, "g U g g ,");
        assert_eq!(model.marks.rows.iter().map(|row| row.0).collect::<Vec<_>>(), marked, "{column}");
        assert!(notice(&model).contains(said), "{column}: {}", notice(&model));
    }
    model.cursor.column = model.columns.iter().position(|column| column.what.word() == "cve");
    press(&mut model, "g U ,");
    assert!(model.marks.rows.is_empty() && notice(&model).contains("not been read yet"), "{}", notice(&model));
}

#[test]
fn columns_come_back_with_the_session_unless_others_are_there_already() {
    let left = |columns: &[&str]| Remembered {
        profile: String::new(),
        query: "everything".into(),
        order: crate::domain::order::Order::default(),
        columns: Column::list(columns).unwrap(),
        preview: crate::app::layout::Preview::Shown,
        filter: String::new(),
        cursor: None,
        queries: Vec::new(),
        comments: Vec::new(),
        marks: crate::app::remembered::MarkedFindings::default(),
        visits: crate::app::visit::Visits::default(),
    };
    let mut model = connected(settings());
    let effects = event(&mut model, Event::Session(Ok(Some(Arc::new(left(&["title:40", "cve"]))))));
    assert_eq!(told(&model), "title:40 cve");
    assert!(survey(&effects).is_none(), "there are no rows yet");
    page(&mut model, 0..1, More::Last);
    assert!(model.surveys.values.is_some());
    let mut model = connected(settings());
    model.columns = Column::list(&["age"]).unwrap();
    event(&mut model, Event::Session(Ok(Some(Arc::new(left(&["title:40"]))))));
    assert_eq!(told(&model), "age");
}

#[test]
fn a_change_of_columns_is_written_down_for_the_next_session() {
    let mut model = loaded(2);
    assert_eq!(model.journal.state, JournalState::Open);
    event(&mut model, Event::Session(Ok(None)));
    press(&mut model, "z k");
    let late = Ctx { now: Millis(CTX.now.0 + 60_000) };
    let effects = update(&mut model, Event::Key(Key::char(' '), Arrival::Single), late);
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::SaveSession(_, saved) => Some(saved),
        _ => None,
    });
    let saved = saved.unwrap_or_else(|| unreachable!("{effects:?}"));
    assert_eq!(saved.columns, Column::list(&["status", "age", "account", "region", "product", "control", "title", "resource"]).unwrap());
}

proptest! {
    #[test]
    fn whatever_is_pressed_there_are_columns_each_once(keys in proptest::collection::vec(
        proptest::sample::select(vec!["j", "k", "J", "K", "space", "+", "-", "=", "d", "0", "G", "5 +", "9 J", "g g"]), 0..40,
    )) {
        let mut model = loaded(2);
        model.columns = Column::list(&["severity", "cve", "title:40"]).unwrap();
        press(&mut model, "z k");
        for key in keys {
            press(&mut model, key);
        }
        let texts: Vec<String> = model.columns.iter().map(ToString::to_string).collect();
        prop_assert_eq!(Column::list(&texts), Ok(model.columns.clone()));
        prop_assert!(model.cursor.column.is_none_or(|at| at < model.columns.len()));
    }
}
