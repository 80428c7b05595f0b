//! Long work over rows: keys go on, what depends on the rows waits for them, and the end is that of doing everything at once.
use super::*;
use crate::findings::arranging::Pace;

/// The same findings with another pace: three rows at a time.
fn slow(count: usize) -> Model {
    let mut model = loaded(count);
    model.view.set_pace(Pace { at_once: 0, step: 3, most_groups: 2 });
    model
}

fn settle(model: &mut Model) {
    while model.has_work() {
        event(model, Event::Step);
    }
}

#[test]
fn a_key_that_is_about_rows_waits_for_the_filter_typed_before_it_and_text_does_not() {
    let mut model = slow(30);
    let before = model.view.rows().len();
    press(&mut model, "/");
    type_text(&mut model, "2");
    type_text(&mut model, "9");
    assert_eq!((model.filter.as_str(), model.view.rows().len()), ("29", before), "typed at once, filtered later");
    press(&mut model, "enter space");
    assert!(model.marks.rows.is_empty() && model.is_arranging());
    settle(&mut model);
    assert_eq!(model.view.rows(), [RowId(29)]);
    assert_eq!(model.marks.rows.iter().collect::<Vec<_>>(), [RowId(29)]);
    assert!(!model.has_work() && model.typed_ahead.is_empty());
}

#[test]
fn an_interrupt_drops_what_was_typed_ahead() {
    let mut model = slow(30);
    press(&mut model, "O space space");
    assert_eq!(model.typed_ahead.len(), 2);
    press(&mut model, "ctrl-c");
    settle(&mut model);
    assert!(model.marks.rows.is_empty() && model.typed_ahead.is_empty());
}

#[test]
fn sorting_and_grouping_say_that_they_are_under_way_and_then_what_was_done() {
    let mut model = slow(30);
    press(&mut model, "O");
    assert!(notice(&model).starts_with("sorting by"), "{}", notice(&model));
    assert!(model.tasks().iter().any(|task| task.word == "sorting"));
    settle(&mut model);
    assert!(notice(&model).starts_with("sorted by"), "{}", notice(&model));
    press(&mut model, "z g i");
    assert!(notice(&model).starts_with("grouping by"), "{}", notice(&model));
    settle(&mut model);
    assert!(notice(&model).starts_with("30 groups by title"), "{}", notice(&model));
    assert!(model.tasks().is_empty());
}

#[test]
fn a_cursor_that_moves_goes_over_no_row_however_many_there_are() {
    for count in [1_000, 10_000] {
        let mut model = loaded(count);
        for grouping in ["z g n", "z g i", "z g s"] {
            press(&mut model, grouping);
            let before = (model.view.touched(), model.view.revision());
            press(&mut model, "j j 9 j G k g g j");
            assert_eq!((model.view.touched(), model.view.revision()), before);
        }
    }
}

/// No Esc in the filter's prompt: where it comes before the rows, the cursor has never left its place, which is better than what waiting gives.
const KEYS: [&str; 19] = [
    "j",
    "k",
    "G",
    "g g",
    "space",
    "5 j",
    "/ 1",
    "/ 2 9 enter",
    "enter",
    "O",
    "o i",
    "o s",
    "z g i",
    "z g e",
    "z g n",
    "z a",
    "~",
    "*",
    "z M",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn keys_typed_ahead_end_where_keys_that_waited_would(
        keys in proptest::collection::vec((0..KEYS.len(), 0_usize..6), 1..25),
    ) {
        let (mut once, mut model) = (loaded(24), slow(24));
        for (at, steps) in keys {
            for model in [&mut once, &mut model] {
                for key in parse_keys(KEYS[at]).unwrap() {
                    event(model, Event::Key(key, Arrival::Single));
                }
            }
            for _ in 0..steps {
                if model.has_work() {
                    event(&mut model, Event::Step);
                }
            }
        }
        settle(&mut model);
        prop_assert_eq!(once.view.rows(), model.view.rows());
        prop_assert_eq!(&once.marks.rows, &model.marks.rows);
        prop_assert_eq!(once.view.line_count(), model.view.line_count());
        prop_assert_eq!(once.cursor.row, model.cursor.row);
        prop_assert_eq!(once.overlays.len(), model.overlays.len());
        prop_assert_eq!(notice(&once), notice(&model));
    }
}
