//! Steps of staging: what they are called, going back and forth among them, and the list of them in the tasks.

use rstest::rstest;

use super::*;
use crate::app::staging::Way;

/// The list in the tasks, top to bottom: `+2 name` undone, `-1 name` to be undone next; `>` at the cursor.
fn list(model: &Model) -> Vec<String> {
    let Some(Overlay::Tasks(panel)) = model.overlays.last() else { unreachable!("the tasks are open: {:?}", notice(model)) };
    let entries = (0..panel.len()).filter_map(|at| Some((at, panel.entry(at)?)));
    entries
        .map(|(at, entry)| {
            let here = if at == panel.cursor { ">" } else { "" };
            let sign = if entry.way == Way::Undo { '-' } else { '+' };
            let over = if entry.line.over > 0 { format!(" ({} over)", entry.line.over) } else { String::new() };
            format!("{here}{sign}{} {}{over}", entry.steps, entry.line.deed.told(entry.line.rows, CTX.now))
        })
        .collect()
}

fn commented(model: &mut Model, text: &str) {
    press(model, "c");
    type_text(model, text);
    press(model, "enter");
}

#[rstest]
#[case("s 3 u", "undone: Suppressed on 1 row (U does it again)")]
#[case("s 3 u U", "done again: Suppressed on 1 row (u undoes it)")]
#[case("* s 3 u", "undone: Suppressed on 9 rows (U does it again)")]
#[case("* S 2 u", "undone: Low on 9 rows (U does it again)")]
#[case("* s 3 D u", "undone: dropped 9 staged changes (U does it again)")]
#[case("* s 3 D u U", "done again: dropped 9 staged changes (u undoes it)")]
#[case("s 3 . u u", "undone: Suppressed on 1 row (U does it again)")]
#[case("s 3 u U U", "there is nothing to redo")]
#[case("* s 3 W u", "undone: Suppressed on 9 rows (U does it again)")]
#[case("* s 3 W u U", "done again: Suppressed on 9 rows (u undoes it)")]
#[case("* s 3 S 2 s 1 W j j enter y", "undone: 3 steps, the last of them Suppressed on 9 rows (U does it again)")]
fn undo_says_what_it_took_back(#[case] keys: &str, #[case] says: &str) {
    let mut model = loaded(9);
    press(&mut model, keys);
    assert_eq!(notice(&model), says);
}

#[test]
fn a_decision_with_a_comment_is_named_by_what_it_sets() {
    let mut model = loaded(3);
    commented(&mut model, "why");
    press(&mut model, "* . W");
    assert_eq!(list(&model), [">-1 comment on 3 rows", "-2 comment on 1 row"]);
}

#[test]
fn the_tasks_list_the_steps_and_follow_back_and_forth() {
    let mut model = loaded(4);
    press(&mut model, "s 3 * S 2 D W");
    assert_eq!(list(&model), [">-1 dropped 4 staged changes", "-2 Low on 4 rows", "-3 Suppressed on 1 row"]);
    press(&mut model, "u");
    assert_eq!(list(&model), ["+1 dropped 4 staged changes", ">-1 Low on 4 rows", "-2 Suppressed on 1 row"]);
    press(&mut model, "u u");
    assert_eq!(list(&model), ["+3 dropped 4 staged changes", "+2 Low on 4 rows", ">+1 Suppressed on 1 row"]);
    assert!(model.staging.is_empty());
    press(&mut model, "g g enter");
    let Some(Overlay::Confirm(confirm)) = model.overlays.last() else { unreachable!("it is asked") };
    assert_eq!(confirm.question[0], "Do again 3 steps, up to and including the one under the cursor?");
    assert_eq!(confirm.question[1..], ["Suppressed on 1 row", "Low on 4 rows", "dropped 4 staged changes"].map(str::to_owned));
    press(&mut model, "enter");
    assert_eq!(list(&model)[0], ">+3 dropped 4 staged changes", "the default is No");
    press(&mut model, "enter y");
    assert_eq!(list(&model), [">-1 dropped 4 staged changes", "-2 Low on 4 rows", "-3 Suppressed on 1 row"]);
    press(&mut model, "enter");
    assert_eq!(list(&model)[..2], ["+1 dropped 4 staged changes", ">-1 Low on 4 rows"], "one step is not asked about");
    assert_eq!(model.staging.len(), 4);
    press(&mut model, "G enter y");
    assert!(model.staging.is_empty());
    press(&mut model, "esc s 1 W");
    assert_eq!(list(&model), [">-1 New on 4 rows"], "what was undone cannot come back over a newer step");
}

#[test]
fn steps_of_rows_that_were_sent_are_not_listed_and_rows_that_were_are_told() {
    let mut model = loaded(4);
    press(&mut model, "s 3 j * S 2 V esc");
    model.marks.rows.clear();
    // The first row has both, and is sent.
    let both = model.staging.get(RowId(0)).unwrap().clone();
    press(&mut model, "W");
    assert_eq!(list(&model), [">-1 Low on 4 rows", "-2 Suppressed on 1 row"]);
    model.staging.processed(RowId(0), &both);
    event(&mut model, Event::Tick);
    assert_eq!(list(&model), [">-1 Low on 3 rows (1 over)"]);
    press(&mut model, "u");
    assert_eq!(notice(&model), "undone: Low on 3 rows (U does it again); left as they are: 1 sent since");
    assert_eq!(list(&model), [">+1 Low on 3 rows"]);
    let effects = press(&mut model, "u");
    assert_eq!((notice(&model), effects), ("looking up what was sent", Vec::new()), "with none left it is the last send");
}

#[test]
fn a_step_that_is_over_while_it_is_asked_about_undoes_nothing_else() {
    let mut model = loaded(2);
    press(&mut model, "s 3 j S 2 W j enter");
    model.staging.processed(RowId(0), &Patch::status(StatusId::SUPPRESSED));
    press(&mut model, "y");
    assert_eq!(model.staging.len(), 1, "{}", notice(&model));
    assert_eq!(list(&model), [">-1 Low on 1 row"]);
}

#[test]
fn keeping_mine_is_a_step_of_its_own_and_taking_it_back_asks_again() {
    let mut model = loaded(2);
    press(&mut model, "* s 3");
    for row in [0, 1].map(RowId) {
        let seen = model.store.values(row);
        let theirs = crate::domain::patch::Values { status: Some(StatusId::IN_PROGRESS), ..seen.clone() };
        model.store.know(row, &theirs);
        let problem = crate::app::update::journaling::changed(Patch::status(StatusId::SUPPRESSED), seen, theirs);
        model.outcomes.set(row, RowState::Problem(problem));
    }
    press(&mut model, "! m");
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (0, 2));
    press(&mut model, "u");
    assert_eq!(notice(&model), "undone: kept mine on 2 rows (U does it again)");
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (2, 2), "to be decided again, and still staged");
    press(&mut model, "U");
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (0, 2));
    press(&mut model, "u ! t u");
    assert_eq!(notice(&model), "undone: kept theirs on 2 rows (U does it again)");
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (2, 2));
    press(&mut model, "u");
    assert!(model.staging.is_empty());
    assert_eq!(model.outcomes.problem_count(), 0);
}

proptest! {
    /// Whatever is staged, dropped, sent and undone: the list is what `u` and `U` do, one after the other.
    #[test]
    fn the_list_is_what_undo_and_redo_do(
        steps in proptest::collection::vec((0_u8..6, 0_u32..4, 1_i32..4), 1..25),
    ) {
        let mut staging = crate::app::staging::Staging::default();
        let anything = |_: RowId, _: Option<&Patch>| true;
        for (what, row, id) in steps {
            let rows = [RowId(row), RowId(row + 1)];
            match what {
                0 | 1 => staging.stage(&rows, &Patch::status(StatusId(id))),
                2 => { staging.drop_rows(&rows, crate::journal::entry::Unstaged::Dropped); }
                3 => { staging.undo(anything); }
                4 => { staging.redo(anything); }
                _ => if let Some(patch) = staging.get(RowId(row)).cloned() { staging.processed(RowId(row), &patch) },
            }
            for way in [Way::Undo, Way::Redo] {
                let mut other = staging.clone();
                prop_assert!(way == Way::Redo || other.has_steps() != staging.steps(way).is_empty());
                for line in staging.steps(way) {
                    let went = other.go(way, anything);
                    prop_assert_eq!(went.map(|went| (went.deed, went.rows)), Some((line.deed, line.rows)));
                }
                prop_assert!(other.go(way, anything).is_none());
            }
        }
    }
}
