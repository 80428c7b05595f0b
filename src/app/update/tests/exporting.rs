//! Exporting rows: which, how they are named, what comes of it.

use rstest::rstest;

use super::*;
use crate::app::{
    export::{Content, Export, Format, NotWritten, Rows, Source, Written},
    overlay::{Choice, Menu, PromptPurpose},
    prompt::Verdict,
    survey::Covered,
};

fn open_menu(model: &Model) -> &Menu {
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { unreachable!("{:?}", model.overlays) };
    menu
}

fn export(effects: &[Effect]) -> &Export {
    let Some(Effect::Export(export)) = effects.iter().find(|effect| matches!(effect, Effect::Export(_))) else {
        unreachable!("{effects:?}")
    };
    export
}

fn rows(export: &Export) -> &Rows {
    let Content::Rows(rows) = &export.content else { unreachable!() };
    rows
}

/// Where in their page the documents of the rows are.
fn slots(rows: &Rows) -> Vec<usize> {
    let slot = |source: &Source| if let Source::Document(_, slot) = source { Some(*slot) } else { None };
    rows.rows.iter().filter_map(|row| slot(&row.source)).collect()
}

fn done(model: &mut Model, request: RequestId, result: Result<Written, NotWritten>) {
    event(model, Event::Exported(request, result));
}

#[test]
fn all_rows_left_by_the_filter_are_exported_in_the_chosen_format_under_the_proposed_name() {
    let mut model = loaded(12);
    press(&mut model, "x");
    assert_eq!(open_menu(&model).title, "export all 12 rows");
    press(&mut model, "esc /");
    type_text(&mut model, "finding 1");
    press(&mut model, "enter x");
    assert_eq!(open_menu(&model).title, "export all 3 rows left by the filter");
    assert_eq!(
        open_menu(&model).items.iter().map(|item| (item.key, item.choice)).collect::<Vec<_>>(),
        [('d', Format::Jsonl), ('c', Format::Csv), ('m', Format::Markdown)].map(|(key, format)| (key, Choice::Export(format)))
    );
    press(&mut model, "c");
    assert!(matches!(model.overlays.last(), Some(Overlay::Prompt(prompt)) if prompt.purpose == PromptPurpose::Export(Format::Csv)));
    let effects = press(&mut model, "enter");
    let export = export(&effects);
    assert_eq!(export.file, "findings-2026-09-21T1413Z.csv");
    assert_eq!((slots(rows(export)), rows(export).format), (vec![1, 10, 11], Format::Csv));
    assert_eq!(rows(export).columns.len(), model.columns.len());
    assert_eq!(
        rows(export).about,
        "3 findings: all 3 rows left by the filter · query status:new,in_progress · filter finding 1 · hub aws 222233334444 eu-west-1 · \
         2026-09-21 14:13:20Z"
    );
    assert!(notice(&model).contains("writing 3 rows to findings-2026-09-21T1413Z.csv"));
}

#[test]
fn the_marked_rows_are_exported_if_there_are_any_the_hidden_ones_too_and_that_is_told() {
    let mut model = loaded(5);
    press(&mut model, "space space /");
    type_text(&mut model, "finding 1");
    press(&mut model, "enter x");
    assert_eq!(open_menu(&model).title, "export 2 marked, 1 of them hidden");
    press(&mut model, "d");
    assert_eq!(slots(rows(export(&press(&mut model, "enter")))), [1, 0]);
}

#[test]
fn what_is_staged_goes_along_with_the_values_that_rows_have_now() {
    let mut model = loaded(2);
    press(&mut model, "s 3 x c");
    let effects = press(&mut model, "enter");
    let rows = rows(export(&effects));
    assert_eq!(rows.rows[0].staged, Some(Patch::status(StatusId::SUPPRESSED)));
    assert_eq!((rows.rows[0].values.status, &rows.rows[1].staged), (Some(StatusId::NEW), &None));
}

#[test]
fn that_rows_are_missing_is_told_before_and_after() {
    let mut model = connected(settings());
    page(&mut model, 0..3, More::Follows);
    let scan = model.scan.id;
    event(&mut model, Event::Total(scan, Ok(40)));
    press(&mut model, "x");
    assert!(open_menu(&model).title.starts_with("export 3 loaded rows; the query has ") && open_menu(&model).title.ends_with(" 40"));
    press(&mut model, "m");
    let request = export(&press(&mut model, "enter")).request;
    done(&mut model, request, Ok(Written { file: "a.md".into(), rows: 3, bytes: 1_234_567, left_out: 0 }));
    assert_eq!(notice(&model), "wrote 3 rows, 1.2 MB, to a.md (mode 0600); rows that are not loaded are not in it");
    let mut empty = connected(settings());
    page(&mut empty, 0..0, More::Last);
    press(&mut empty, "x");
    assert_eq!((notice(&empty), empty.overlays.len()), ("there is no finding to export", 0));
}

#[test]
fn a_name_that_is_taken_is_asked_for_again_with_the_reason() {
    let mut model = loaded(2);
    press(&mut model, "x c");
    let request = export(&press(&mut model, "enter")).request;
    done(&mut model, request, Err(NotWritten::Refused("a.csv is there already: give another name".into())));
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else { unreachable!() };
    assert_eq!((prompt.text(), prompt.verdict), ("findings-2026-09-21T1413Z.csv", Verdict::Refused));
    assert!(prompt.wrong.as_ref().is_some_and(|wrong| wrong.why.contains("is there already")));
    assert!(press(&mut model, "enter").is_empty(), "the same name is refused at once");
    type_text(&mut model, "2");
    assert_eq!(export(&press(&mut model, "enter")).file, "findings-2026-09-21T1413Z2.csv");
}

#[test]
fn whoever_is_elsewhere_by_then_is_told_and_not_asked() {
    let mut model = loaded(2);
    press(&mut model, "x c");
    let request = export(&press(&mut model, "enter")).request;
    press(&mut model, "s");
    done(&mut model, request, Err(NotWritten::Refused("a.csv is there already".into())));
    assert!(matches!(model.overlays.as_slice(), [Overlay::Menu(_)]));
    assert_eq!(notice(&model), "nothing was written: a.csv is there already");
}

#[test]
fn an_export_that_takes_long_tells_how_far_it_is_and_is_stopped_by_esc_or_ctrl_c() {
    for keys in ["esc", "ctrl-c"] {
        let mut model = loaded(2);
        press(&mut model, "x d");
        let request = export(&press(&mut model, "enter")).request;
        event(&mut model, Event::Exporting(request, Covered { done: 1, of: 2, unreadable: 0 }));
        assert_eq!(notice(&model), "writing findings-2026-09-21T1413Z.jsonl: 1 of 2 rows; Esc stops");
        press(&mut model, "x");
        assert!(notice(&model).contains("an export is under way") && model.overlays.is_empty());
        event(&mut model, Event::Exporting(request, Covered { done: 2, of: 2, unreadable: 0 }));
        assert!(notice(&model).contains("an export is under way"), "what something else said stays until it is read");
        assert_eq!(press(&mut model, keys), [Effect::StopExport], "{keys}");
        done(&mut model, request, Err(NotWritten::Stopped));
        assert_eq!((notice(&model), model.exporting.is_none()), ("stopped: nothing was written", true));
    }
}

#[test]
fn quitting_asks_while_an_export_is_under_way() {
    let mut model = loaded(2);
    press(&mut model, "x d enter");
    assert!(press(&mut model, "q").is_empty());
    let Some(Overlay::Confirm(confirm)) = model.overlays.last() else { unreachable!() };
    assert!(confirm.question[0].contains("An export is under way"));
}

#[rstest]
#[case(Err(NotWritten::Failed("/x/a.csv cannot be written: No space left on device".into())),
    "nothing was written: /x/a.csv cannot be written: No space left on device")]
#[case(Ok(Written { file: "a\u{1b}.csv".into(), rows: 1, bytes: 814, left_out: 1 }),
    "wrote 1 row, 814 bytes, to a<U+001B>.csv (mode 0600); 1 without a document left out")]
fn what_came_of_it_is_said(#[case] result: Result<Written, NotWritten>, #[case] said: &str) {
    let mut model = loaded(2);
    press(&mut model, "x c");
    let request = export(&press(&mut model, "enter")).request;
    done(&mut model, RequestId(0), Err(NotWritten::Stopped));
    assert!(model.exporting.is_some(), "another number is another export");
    done(&mut model, request, result);
    assert_eq!(notice(&model), said);
}

#[test]
fn without_a_name_nothing_is_written() {
    let mut model = loaded(2);
    press(&mut model, "x c ctrl-u");
    assert!(press(&mut model, "enter").is_empty());
    assert_eq!((notice(&model), model.exporting.is_none()), ("without a name nothing was written", true));
}
