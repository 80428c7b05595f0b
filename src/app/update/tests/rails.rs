//! Guard rails when something is staged and when it is sent, and sends that ask for their count.

use rstest::rstest;

use super::*;
use crate::{
    app::count_prompt::CountPrompt,
    domain::{
        blast::CountAbove,
        guard_rail::{GuardRails, Rail},
        patch::Values,
        profile::{Content, FilterProfile, Layer, ProfileName, Source, SourceKind},
    },
    journal::{
        entry::{Entry, KnownRow, Seq, StagedGroup, Stamped},
        ledger::Ledger,
    },
    send::report::Change,
};

const COMMENT: GuardRails =
    GuardRails { comment_to_suppress: true, no_downgrade_of_critical: false, most_rows: None, read_only: false, type_count_above: None };
const CRITICAL: GuardRails = GuardRails { comment_to_suppress: false, no_downgrade_of_critical: true, ..COMMENT };
const TWO: GuardRails = GuardRails { comment_to_suppress: false, most_rows: Some(2), ..COMMENT };
const CLOSED: GuardRails = GuardRails { comment_to_suppress: false, read_only: true, ..COMMENT };
const NONE: GuardRails = GuardRails { comment_to_suppress: false, ..COMMENT };

/// Puts a filter profile of this name with these rails in force.
fn under(model: &mut Model, name: &str, rails: GuardRails) {
    let name = ProfileName::new(name).unwrap();
    let source = Source { kind: SourceKind::User, file: format!("/{name}.toml") };
    model.profiles.present = FilterProfile::of(name, vec![Layer { source, content: Content { rails, ..Content::default() } }]);
}

/// Findings of these severities in table order, all New, with the filter profile `payments` in force.
fn railed(severities: &[i32], rails: GuardRails) -> Model {
    let mut model = connected(settings());
    let documents: Vec<String> = severities
        .iter()
        .enumerate()
        .map(|(at, severity)| {
            let mut document: serde_json::Value = serde_json::from_str(&document(at, 1)).unwrap();
            document["severity_id"] = (*severity).into();
            document.to_string()
        })
        .collect();
    let scan = model.scan.id;
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked });
    under(&mut model, "payments", rails);
    model
}

/// What is staged on a row: row, status, severity, comment.
type Row = (u32, Option<i32>, Option<i32>, Option<String>);

fn staged(model: &Model) -> Vec<Row> {
    let told = |(row, patch): (RowId, &Patch)| {
        let comment = patch.comment.as_ref().map(|comment| comment.as_str().to_owned());
        (row.0, patch.status.map(|status| status.0), patch.severity.map(|severity| severity.0), comment)
    };
    model.staging.iter().map(told).collect()
}

fn suppressed(row: u32, comment: Option<&str>) -> Row {
    (row, Some(3), None, comment.map(str::to_owned))
}

fn is_editing(model: &Model) -> bool {
    matches!(model.overlays.last(), Some(Overlay::Editor(editor)) if editor.needed.is_some())
}

fn asked(model: &Model) -> &CountPrompt {
    let Some(Overlay::Count(prompt)) = model.overlays.last() else { unreachable!("the count is asked for: {}", notice(model)) };
    prompt
}

const WHY: &str = "suppressing needs a comment here (filter profile payments)";

#[rstest]
#[case::menu_by_digit("s 3")]
#[case::menu_by_cursor("s j j enter")]
#[case::repeat("s 3 esc . esc s 3")]
fn suppressing_without_a_comment_asks_for_it_and_stages_both_in_one_step(#[case] keys: &str) {
    let mut model = railed(&[4, 3], COMMENT);
    press(&mut model, keys);
    assert!(is_editing(&model) && notice(&model) == WHY, "{}", notice(&model));
    assert_eq!(staged(&model), [], "nothing is staged yet");
    type_text(&mut model, "PAY-1");
    press(&mut model, "enter");
    assert_eq!(staged(&model), [suppressed(0, Some("PAY-1"))]);
    assert!(notice(&model).contains("staged Suppressed, a comment on 1 finding"), "{}", notice(&model));
    press(&mut model, "u");
    assert_eq!(staged(&model), [], "one step");
    press(&mut model, "U j .");
    assert_eq!(staged(&model), [suppressed(0, Some("PAY-1")), suppressed(1, Some("PAY-1"))], "repeating it takes one key");
}

#[test]
fn esc_stages_nothing_and_says_so_and_a_text_is_asked_for_first() {
    let mut model = railed(&[4, 3], COMMENT);
    press(&mut model, "s 3 esc");
    assert_eq!((staged(&model), notice(&model)), (Vec::new(), format!("nothing was staged: {WHY}").as_str()));
    assert_eq!(model.deciding.last, None);
    press(&mut model, "s 3");
    type_text(&mut model, "PA");
    press(&mut model, "esc");
    let Some(Overlay::Confirm(confirm)) = model.overlays.last() else { unreachable!("it is asked") };
    assert_eq!(confirm.question, ["Throw this comment away?", "Without it nothing is staged."]);
    press(&mut model, "n enter");
    assert_eq!(staged(&model), [suppressed(0, Some("PA"))], "no is no");
    press(&mut model, "j s 3");
    type_text(&mut model, "x");
    press(&mut model, "esc y");
    assert_eq!((model.staging.len(), notice(&model)), (1, format!("nothing was staged: {WHY}").as_str()));
    press(&mut model, "s 3 enter");
    assert!(is_editing(&model), "an empty comment is none");
}

#[test]
fn rows_that_have_a_comment_staged_keep_it_and_one_editor_is_for_the_others() {
    let mut model = railed(&[4, 3, 3], COMMENT);
    press(&mut model, "j c");
    type_text(&mut model, "mine");
    press(&mut model, "enter s 3");
    assert_eq!(staged(&model), [suppressed(1, Some("mine"))], "with a comment staged nothing is asked");
    press(&mut model, "u * s 3");
    let Some(Overlay::Editor(editor)) = model.overlays.last() else { unreachable!("it is asked") };
    assert_eq!(editor.targets.described(), "2 marked");
    press(&mut model, "esc");
    assert_eq!(model.staging.len(), 1, "nothing of it is staged");
    press(&mut model, "s 3");
    type_text(&mut model, "theirs");
    press(&mut model, "enter");
    let all = [suppressed(0, Some("theirs")), suppressed(1, Some("mine")), suppressed(2, Some("theirs"))];
    assert_eq!(staged(&model), all);
    press(&mut model, "u");
    assert_eq!(model.staging.len(), 1, "one step");
}

#[rstest]
#[case::another_status("s 4", COMMENT, &[(0, Some(4), None, None)])]
#[case::severity("S l", COMMENT, &[(0, None, Some(2), None)])]
#[case::no_such_rail("s 3", NONE, &[(0, Some(3), None, None)])]
#[case::read_only("s 3", CLOSED, &[(0, Some(3), None, None)])]
fn what_no_rail_is_about_is_staged_as_ever(#[case] keys: &str, #[case] rails: GuardRails, #[case] expected: &[Row]) {
    let mut model = railed(&[4], rails);
    press(&mut model, keys);
    assert_eq!(staged(&model), expected, "{}", notice(&model));
}

#[test]
fn critical_findings_that_would_be_lowered_are_left_alone_and_counted() {
    let mut model = railed(&[6, 5, 4, 3], CRITICAL);
    press(&mut model, "* S l");
    assert_eq!(staged(&model), [(2, None, Some(2), None), (3, None, Some(2), None)]);
    let told = "staged Low on 2 findings; 2 findings: Critical must not be lowered (filter profile payments), left alone";
    assert!(notice(&model).starts_with(told), "{}", notice(&model));
    press(&mut model, "g U g g .");
    assert_eq!(notice(&model), "nothing was staged: Critical must not be lowered (filter profile payments)");
    assert_eq!(model.staging.len(), 2);
    press(&mut model, "S 5");
    assert_eq!(model.staging.len(), 3, "Fatal to Critical is no lowering");
}

#[test]
fn no_more_is_staged_than_a_send_may_have_and_what_helps_is_said() {
    let mut model = railed(&[4, 3, 3], TWO);
    press(&mut model, "* s 4");
    let told = "nothing was staged: at most 2 findings a send (filter profile payments); these are 3: mark fewer";
    assert_eq!((model.staging.len(), notice(&model)), (0, told));
    press(&mut model, "g U s 4 S l");
    assert_eq!(model.staging.len(), 1, "a row counts once");
    press(&mut model, "j v j S l");
    let told = "at most 2 findings a send (filter profile payments); 1 is staged already, with these 2 more: w sends those first";
    assert!(notice(&model).contains(told), "{}", notice(&model));
    press(&mut model, "g U . ");
    assert_eq!(model.staging.len(), 2);
    // What is being sent is part of no further send; but it is not joined by more than it may have.
    assert_eq!(sent(&press(&mut model, "w y")).0.len(), 2);
    press(&mut model, "g g s 1");
    assert!(notice(&model).contains("staged New"), "{}", notice(&model));
}

/// A way to have a suppression staged that has no comment, with that rail in force afterwards.
fn bare(way: &str) -> Model {
    let mut model = railed(&[4, 3], NONE);
    let comment = |model: &mut Model| {
        press(model, "c");
        type_text(model, "why");
        press(model, "enter");
    };
    match way {
        "staged under another" => {
            press(&mut model, "s 3");
        }
        "undo of the comment" => {
            press(&mut model, "s 3");
            comment(&mut model);
            under(&mut model, "payments", COMMENT);
            press(&mut model, "u");
        }
        "redo of the suppression" => {
            press(&mut model, "s 3 u");
            under(&mut model, "payments", COMMENT);
            press(&mut model, "U");
        }
        "undo of a drop" => {
            press(&mut model, "s 3 D");
            under(&mut model, "payments", COMMENT);
            press(&mut model, "u");
        }
        "keep mine" => {
            press(&mut model, "s 3");
            let change = Change { seen: Values::default(), theirs: Values::default() };
            let problem = Problem {
                kind: ProblemKind::Changed,
                message: Arc::from("changed"),
                request_id: None,
                patch: Patch::status(StatusId::SUPPRESSED),
                tries: 0,
                change: Some(Box::new(change)),
            };
            model.outcomes.set(RowId(0), RowState::Problem(problem));
            under(&mut model, "payments", COMMENT);
            press(&mut model, "! m");
        }
        "an earlier session" => {
            let values = Values { status: Some(StatusId::NEW), severity: Some(SeverityId::HIGH), comment: None };
            let rows = vec![KnownRow { identity: Identity::MetadataUid("u0".into()), values }];
            let mut ledger = Ledger::default();
            let entry = Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::SUPPRESSED), rows }]);
            ledger.apply(Stamped { seq: Seq(1), at: CTX.now, entry });
            event(&mut model, Event::Journal(JournalEvent::Opened(Arc::new(ledger), Vec::new())));
        }
        _ => unreachable!("{way}"),
    }
    under(&mut model, "payments", COMMENT);
    model
}

#[rstest]
fn no_way_round_the_comment_leads_to_a_send_or_a_plan(
    #[values(
        "staged under another",
        "undo of the comment",
        "redo of the suppression",
        "undo of a drop",
        "keep mine",
        "an earlier session"
    )]
    way: &str,
) {
    let mut model = bare(way);
    assert_eq!(staged(&model), [suppressed(0, None)], "{way}");
    press(&mut model, "w");
    let refused = "the filter profile payments does not allow this: suppressing needs a comment: 1 finding; Space in the review";
    for key in ["y", "x"] {
        assert!(press(&mut model, key).is_empty());
        assert!(notice(&model).contains(refused), "{way}: {}", notice(&model));
        assert!(matches!(model.overlays.last(), Some(Overlay::Review(_))), "{way}");
    }
    press(&mut model, "esc c");
    type_text(&mut model, "why");
    assert_eq!(sent(&press(&mut model, "enter w y")).0.len(), 1, "{way}: {}", notice(&model));
}

#[rstest]
#[case::comment(COMMENT, "s 3", "suppressing needs a comment: 1 finding")]
#[case::critical(CRITICAL, "S l", "Critical must not be lowered: 1 finding")]
#[case::rows(TWO, "v j j s 4", "at most 2 findings a send, these are 3")]
fn what_breaks_a_rail_that_came_into_force_later_is_refused_when_sent(#[case] rails: GuardRails, #[case] keys: &str, #[case] told: &str) {
    let mut model = railed(&[5, 3, 3], NONE);
    press(&mut model, keys);
    under(&mut model, "payments", rails);
    press(&mut model, "w");
    assert!(press(&mut model, "y").is_empty());
    assert!(notice(&model).contains(&format!("the filter profile payments does not allow this: {told}")), "{}", notice(&model));
}

#[test]
fn changes_keep_the_rails_they_were_staged_under_whatever_is_in_force_when_they_are_sent() {
    let mut model = railed(&[4, 3, 3], GuardRails { no_downgrade_of_critical: true, most_rows: Some(2), ..COMMENT });
    press(&mut model, "s 3");
    type_text(&mut model, "why");
    press(&mut model, "enter");
    // The comment goes, under a filter profile without rails; two more are staged there.
    under(&mut model, "open", NONE);
    press(&mut model, "D u j s 4 j s 4 w");
    assert!(press(&mut model, "y").is_empty());
    let told = "the filter profile payments, under which it was staged, does not allow this: at most 2 findings a send, these are 3";
    assert!(notice(&model).contains(told), "{}", notice(&model));
    press(&mut model, "x");
    assert!(notice(&model).contains(told), "nor is it saved as a plan: {}", notice(&model));
    // Without the change that was staged under it there is no such limit.
    press(&mut model, "space");
    assert_eq!(sent(&press(&mut model, "y")).0.len(), 2, "{}", notice(&model));
}

#[test]
fn dropped_and_decided_anew_a_change_has_the_rails_in_force_then() {
    let mut model = railed(&[4, 3, 3], TWO);
    press(&mut model, "s 4");
    under(&mut model, "open", NONE);
    press(&mut model, "D * s 4 w");
    assert_eq!(sent(&press(&mut model, "y")).0.len(), 3, "{}", notice(&model));
}

#[test]
fn of_a_row_every_rail_it_breaks_is_known() {
    let mut model = railed(&[5], NONE);
    press(&mut model, "s 3 S l");
    under(&mut model, "payments", GuardRails { no_downgrade_of_critical: true, ..COMMENT });
    let (now, patch) = (model.store.values(RowId(0)), model.staging.get(RowId(0)).cloned().unwrap());
    assert_eq!(model.rails_broken(RowId(0), &now, &patch), [Rail::CommentToSuppress, Rail::NoDowngradeOfCritical]);
}

/// Findings of which the first is Critical and suppressed, and how many are staged.
fn weighty(severities: &[i32], above: usize) -> Model {
    let mut model = railed(severities, NONE);
    model.settings.type_count_above = CountAbove(above);
    press(&mut model, "* s 3 w");
    model
}

#[rstest]
#[case::few_and_none_critical(&[4, 3], 2, None)]
#[case::more_than_the_setting_says(&[4, 3, 3], 2, Some("3 findings"))]
#[case::each_time(&[4], 0, Some("1 finding"))]
#[case::critical(&[5, 3], 500, Some("2 findings, 1 Critical suppressed"))]
#[case::fatal(&[6, 5, 3], 500, Some("3 findings, 1 Critical and 1 Fatal suppressed"))]
fn a_send_that_changes_much_asks_for_its_count(#[case] severities: &[i32], #[case] above: usize, #[case] asks: Option<&str>) {
    let mut model = weighty(severities, above);
    let effects = press(&mut model, "y");
    match asks {
        None => assert_eq!(sent(&effects).0.len(), severities.len()),
        Some(told) => {
            assert!(effects.is_empty());
            assert_eq!(asked(&model).blast.to_string(), told);
            type_text(&mut model, &severities.len().to_string());
            assert_eq!(sent(&press(&mut model, "enter")).0.len(), severities.len(), "{}", notice(&model));
            assert!(model.overlays.is_empty());
        }
    }
}

#[test]
fn the_filter_profile_may_ask_for_it_sooner_and_so_may_the_one_it_was_staged_under() {
    let sooner = GuardRails { type_count_above: Some(1), ..NONE };
    for (staged_under, sent_under, asks) in [(NONE, NONE, false), (NONE, sooner, true), (sooner, NONE, true)] {
        let mut model = railed(&[4, 3], staged_under);
        press(&mut model, "* s 4");
        under(&mut model, "other", sent_under);
        press(&mut model, "w y");
        assert_eq!(matches!(model.overlays.last(), Some(Overlay::Count(_))), asks);
    }
    let mut model = railed(&[4, 3], GuardRails { type_count_above: Some(900), ..NONE });
    model.settings.type_count_above = CountAbove(1);
    press(&mut model, "* s 4 w y");
    assert_eq!(asked(&model).blast.rows, 2, "the smaller one holds");
}

#[test]
fn anything_but_the_count_is_refused_with_what_is_expected_and_esc_goes_back() {
    let mut model = weighty(&[5, 3], 500);
    press(&mut model, "y");
    for (typed, refused) in [
        ("", "nothing is typed: the count is 2"),
        ("y", "y is not the count: it is 2"),
        ("yes please, all of them", "yes please, all of … is not the count: it is 2"),
        ("22", "22 is not the count: it is 2"),
    ] {
        type_text(&mut model, typed);
        assert!(press(&mut model, "enter").is_empty());
        assert_eq!((asked(&model).refused.as_deref(), asked(&model).line.text()), (Some(refused), ""));
    }
    type_text(&mut model, "3");
    assert_eq!(asked(&model).refused, None);
    press(&mut model, "esc");
    assert!(matches!(model.overlays.last(), Some(Overlay::Review(_))) && notice(&model).contains("nothing was sent"));
    press(&mut model, "y");
    assert_eq!(asked(&model).line.text(), "", "what was typed before is gone");
    press(&mut model, "3 backspace 2");
    assert_eq!(sent(&press(&mut model, "enter")).0.len(), 2);
}

#[test]
fn what_was_typed_before_the_question_was_seen_or_pasted_counts_nothing() {
    let raw = |model: &mut Model, keys: &str, arrival: Arrival| {
        parse_keys(keys).unwrap().into_iter().flat_map(|key| event(model, Event::Key(key, arrival))).collect::<Vec<_>>()
    };
    let mut model = weighty(&[5, 3], 500);
    assert!(raw(&mut model, "y 2 enter", Arrival::Single).is_empty());
    assert_eq!(asked(&model).line.text(), "");
    assert!(notice(&model).contains("typed before the question was on the screen"), "{}", notice(&model));
    event(&mut model, Event::Drawn);
    assert!(raw(&mut model, "2 enter", Arrival::Burst).is_empty());
    assert_eq!(asked(&model).refused.as_deref(), Some("a pasted text is not taken: type the count"));
    event(&mut model, Event::Paste("2".into()));
    assert!(press(&mut model, "enter").is_empty());
    // Out of sight it does not count either.
    event(&mut model, Event::Resize(40, 10));
    event(&mut model, Event::Resize(120, 40));
    assert!(raw(&mut model, "2 enter", Arrival::Single).is_empty());
    event(&mut model, Event::Drawn);
    press(&mut model, "2");
    assert!(press(&mut model, "enter").is_empty());
    assert!(notice(&model).contains("look again"), "the review has been out of sight too: {}", notice(&model));
    press(&mut model, "y 2");
    assert_eq!(sent(&press(&mut model, "enter")).0.len(), 2, "{}", notice(&model));
}

#[test]
fn what_would_be_sent_is_shown_anew_where_it_changed_while_the_count_was_typed() {
    let mut model = weighty(&[5, 3, 3], 500);
    press(&mut model, "y 3");
    model.staging.drop_rows(&[RowId(2)], crate::journal::entry::Unstaged::Dropped);
    assert!(press(&mut model, "enter").is_empty());
    assert!(notice(&model).contains("what would be sent has changed"), "{}", notice(&model));
    press(&mut model, "y 3");
    assert!(press(&mut model, "enter").is_empty());
    assert_eq!(asked(&model).refused.as_deref(), Some("3 is not the count: it is 2"));
    press(&mut model, "2");
    assert_eq!(sent(&press(&mut model, "enter")).0.len(), 2);
}

#[test]
fn the_count_waits_for_the_journal_and_is_asked_again_when_other_rows_are_left_out_meanwhile() {
    let journaled = |model: &mut Model, keys: &str| {
        let mut told = Vec::new();
        for key in parse_keys(keys).unwrap() {
            told.extend(update(model, Event::Key(key, Arrival::Single), CTX));
            update(model, Event::Drawn, CTX);
        }
        told
    };
    let written = |model: &mut Model, effects: &[Effect]| {
        let mut told = Vec::new();
        for effect in effects {
            if let Effect::Journal(ticket, _) = effect {
                told.extend(update(model, Event::Journal(JournalEvent::Written(*ticket, Ok(()))), CTX));
            }
        }
        told
    };
    let mut model = railed(&[5, 3], NONE);
    let first = journaled(&mut model, "* s 3 w y 2 enter");
    assert!(sent(&first).0.is_empty() && notice(&model).contains("being written to the journal first"), "{}", notice(&model));
    let sending = written(&mut model, &first);
    assert_eq!(sent(&sending).0.len(), 2, "it was confirmed");

    let mut model = railed(&[5, 3], NONE);
    let first = journaled(&mut model, "* s 3 w enter j space y 1 enter");
    assert!(sent(&first).0.is_empty(), "{}", notice(&model));
    journaled(&mut model, "k space");
    let sending = written(&mut model, &first);
    assert!(sent(&sending).0.is_empty(), "what is left out now was not what was counted");
}

#[test]
fn the_undo_of_a_send_asks_for_its_count_as_any_send_does() {
    let mut model = weighty(&[5, 3], 0);
    press(&mut model, "y 2");
    let (rows, ..) = sent(&press(&mut model, "enter"));
    event(&mut model, answered(&rows, answer(vec![Outcome::Processed, Outcome::Processed])));
    press(&mut model, "g U * s 1 w y");
    assert_eq!(asked(&model).blast.reasons(), ["every send"]);
}

/// A key or a text.
fn keys_and_texts() -> impl Strategy<Value = Vec<&'static str>> {
    let keys = [
        "s",
        "3",
        "s 3",
        "s 4",
        "s 1",
        "S",
        "S l",
        "c",
        "x",
        "enter",
        "esc",
        "D",
        "u",
        "U",
        ".",
        "space",
        "j",
        "k",
        "*",
        "w",
        "y",
        "2",
        "1",
        "4",
        "n",
        "!",
        "R",
        "w y",
        "c x enter",
    ];
    proptest::collection::vec(proptest::sample::select(keys.to_vec()), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_pressed_no_suppression_without_a_comment_is_ever_sent(pressed in keys_and_texts(), first in 0..40_usize) {
        let mut model = railed(&[5, 4, 3, 3], COMMENT);
        // What was staged before the rail came into force is held to it too.
        under(&mut model, "open", NONE);
        for (at, keys) in pressed.iter().enumerate() {
            if at == first.min(pressed.len() / 2) {
                under(&mut model, "payments", COMMENT);
            }
            let (is_railed, is_confirmed) = (model.rails().comment_to_suppress, matches!(model.overlays.last(), Some(Overlay::Count(_))));
            let effects = press(&mut model, keys);
            let (rows, ..) = sent(&effects);
            for (row, patch) in &rows {
                let suppresses = patch.status == Some(StatusId::SUPPRESSED);
                prop_assert!(!is_railed || !suppresses || patch.comment.is_some(), "{keys} of {pressed:?}");
                let hides_critical = suppresses && model.store.values(*row).severity == Some(SeverityId::CRITICAL);
                prop_assert!(!hides_critical || is_confirmed, "a Critical one is suppressed without the count: {keys} of {pressed:?}");
            }
        }
    }
}
