//! Keys and events against model facts and effects, as a person would tell them.
#![expect(clippy::unwrap_used, clippy::unnecessary_wraps, reason = "a failed unwrap is a failed test; answers have the type of the event")]

mod arranging;
mod asking;
mod columns;
mod commenting;
mod copying;
mod deciding;
mod explaining;
mod exporting;
mod flowing;
mod groups;
mod journal;
mod marking;
mod measuring;
mod overview;
mod palette;
mod profiles;
mod races;
mod rails;
mod recipes;
mod refresh;
mod steps;
mod undone;
mod views;

use std::sync::Arc;

use proptest::prelude::*;

use super::{Ctx, update};
use crate::{
    app::{
        effect::Effect,
        event::{Arrival, Caller, Connection, Event, JournalEvent, More, RequestId, ServedOrder},
        keymap::{Key, parse_keys},
        model::{Access, Asked, EditorPolicy, Model, RowState, ScanState, Settings},
        overlay::{Overlay, ReviewEntry, Trigger},
    },
    domain::{
        batch::{Answer, Outcome, RowCode},
        comment::LineBreaks,
        failure::{CallError, CallFailure},
        identity::Identity,
        patch::Patch,
        query::Query,
        row::RowId,
        severity::SeverityId,
        status::StatusId,
        time::Millis,
    },
    findings::archive::SealedPage,
    send::report::{Activity, End, Problem, ProblemKind, Progress, RowReport, RowResult, SendReport, Steer},
};

const CTX: Ctx = Ctx { now: Millis(1_790_000_000_000) };

fn settings() -> Settings {
    Settings { writes_per_second: 8.0, reads_per_second: 3.0, ..Settings::default() }
}

/// A model with findings `a`, `b`, `c` … all New, worst first, from one complete scan.
fn loaded(count: usize) -> Model {
    let mut model = connected(settings());
    page(&mut model, 0..count, More::Last);
    model
}

fn connected(settings: Settings) -> Model {
    let mut model = Model::new(settings, Query::open(), 120, 40, CTX.now);
    let effects = event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    assert!(matches!(effects.first(), Some(Effect::Scan { .. })));
    let effects = event(&mut model, Event::Caller(Ok(Caller { account: "222233334444".into(), arn: "arn".into() })));
    assert!(matches!(effects.as_slice(), [Effect::OpenJournal(..), Effect::LoadSession(_)]));
    event(&mut model, Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new())));
    model
}

fn document(at: usize, status: i32) -> String {
    format!(
        r#"{{"metadata":{{"uid":"u{at}"}},"severity_id":{},"status_id":{status},"time":{},"finding_info":{{"title":"finding {at}"}}}}"#,
        if at == 0 { 4 } else { 3 },
        1_790_000_000_000_usize - at,
    )
}

fn page(model: &mut Model, range: std::ops::Range<usize>, more: More) {
    let documents: Vec<String> = range.map(|at| document(at, 1)).collect();
    let scan = model.scan.id;
    event(model, Event::Page { scan, page: SealedPage::seal(&documents), more, order: ServedOrder::AsAsked });
}

/// Takes in an event; what the journal is told is on disk at once.
fn event(model: &mut Model, event: Event) -> Vec<Effect> {
    let mut effects = update(model, event, CTX);
    for effect in &effects {
        if let Effect::Journal(ticket, _) = effect {
            update(model, Event::Journal(JournalEvent::Written(*ticket, Ok(()))), CTX);
        }
    }
    effects.retain(|effect| !matches!(effect, Effect::Journal(..) | Effect::History));
    effects
}

/// Presses keys one by one and draws after each; gives the effects of the last.
fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in parse_keys(keys).unwrap() {
        effects = event(model, Event::Key(key, Arrival::Single));
        event(model, Event::Drawn);
    }
    effects.retain(|effect| !matches!(effect, Effect::Document(..)));
    effects
}

fn type_text(model: &mut Model, text: &str) {
    for c in text.chars() {
        event(model, Event::Key(Key::char(c), Arrival::Single));
    }
}

fn title(model: &Model) -> String {
    model.store.text(model.store.row(model.cursor.row.unwrap()).unwrap().title).to_owned()
}

fn notice(model: &Model) -> &str {
    model.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

/// What was confirmed: the rows and what is set on them.
type Confirmed = Vec<(RowId, Patch)>;

fn sent(effects: &[Effect]) -> (Confirmed, Vec<Identity>, Patch) {
    let plan = effects.iter().find_map(|effect| match effect {
        Effect::Send { plan, .. } | Effect::Steer(Steer::More(plan)) => Some(plan),
        _ => None,
    });
    let rows: Vec<_> = plan.iter().flat_map(|plan| &plan.groups).flat_map(|group| &group.rows).collect();
    let patch = rows.first().map(|row| row.patch.clone()).unwrap_or_default();
    (rows.iter().map(|row| (row.row, row.patch.clone())).collect(), rows.iter().map(|row| row.identity.clone()).collect(), patch)
}

fn answer(outcomes: Vec<Outcome>) -> Result<Answer, CallError> {
    Ok(Answer { outcomes, request_id: Some("req-1".into()) })
}

/// What the driver would tell: an answer to the first of the rows, the others still under way; or a failure that ends the send, with the
/// rows behind the first hundred unsent.
fn answered(confirmed: &Confirmed, answer: Result<Answer, CallError>) -> Event {
    let problem = |kind, message: &Arc<str>, patch: &Patch| {
        RowResult::Problem(Problem { kind, message: Arc::clone(message), request_id: None, patch: patch.clone(), tries: 1, change: None })
    };
    let mut progress = Progress { rows: confirmed.len(), calls: 1, ..Progress::default() };
    let (results, activity): (Vec<RowResult>, Activity) = match answer {
        Ok(answer) => {
            let all = answer.outcomes.len() >= confirmed.len();
            let results = answer.outcomes.iter().zip(confirmed).map(|(outcome, (_, patch))| match outcome {
                Outcome::Processed => RowResult::Processed,
                Outcome::Unprocessed { code, message } => problem(ProblemKind::Row(code.clone()), message, patch),
                Outcome::Unknown { why } => problem(ProblemKind::Unknown, why, patch),
            });
            (results.collect(), if all { Activity::Over(End::Done) } else { Activity::Sending })
        }
        Err(error) => {
            let kind = if error.failure.may_have_applied() { ProblemKind::Unknown } else { ProblemKind::Call(error.failure) };
            let message: Arc<str> = Arc::from(error.message.as_str());
            let results = confirmed.iter().enumerate().map(|(at, (_, patch))| match at {
                0..100 => problem(kind.clone(), &message, patch),
                _ => RowResult::Unsent,
            });
            (results.collect(), Activity::Over(End::Refused(error)))
        }
    };
    progress.answered = results.len();
    progress.processed = results.iter().filter(|result| **result == RowResult::Processed).count();
    let rows = confirmed.iter().zip(results).map(|((row, patch), result)| RowReport { row: *row, patch: patch.clone(), result });
    Event::Sending(SendReport { rows: rows.collect(), progress, activity })
}

fn error(failure: CallFailure) -> CallError {
    CallError { failure, operation: "BatchUpdateFindingsV2", code: None, message: "no".into(), request_id: Some("req-9".into()) }
}

fn unprocessed(code: RowCode) -> Outcome {
    Outcome::Unprocessed { code, message: Arc::from("because") }
}

#[test]
fn counts_prefixes_and_motions_move_the_cursor_and_esc_drops_a_prefix() {
    let mut model = loaded(200);
    for (keys, place) in [
        ("j", 1),
        ("1 0 j", 11),
        ("k", 10),
        ("G", 199),
        ("g g", 0),
        ("5 G", 4),
        ("3 g g", 2),
        ("g esc j", 3),
        ("7 esc j", 4),
        ("end", 199),
        ("home", 0),
        ("pgdn", model.layout().body as usize),
        ("pgup", 0),
        ("ctrl-d", model.layout().body as usize / 2),
        ("ctrl-u", 0),
        ("9 9 9 9 9 9 9 9 j", 199),
    ] {
        press(&mut model, keys);
        assert_eq!(model.cursor.place, place, "{keys}");
        assert!((model.cursor.top..model.cursor.top + model.layout().body as usize).contains(&place), "{keys} is on screen");
    }
}

#[test]
fn an_unknown_key_says_so_and_changes_nothing() {
    let mut model = loaded(3);
    press(&mut model, "g Z");
    assert!(notice(&model).contains("gZ does nothing here"), "{}", notice(&model));
    assert_eq!(model.cursor.place, 0);
}

#[test]
fn the_cursor_stays_on_its_row_while_pages_arrive_and_the_order_changes() {
    let mut model = connected(settings());
    page(&mut model, 50..100, More::Follows);
    press(&mut model, "3 j");
    let before = title(&model);
    page(&mut model, 0..50, More::Last);
    assert_eq!(title(&model), before);
    press(&mut model, "O");
    assert_eq!(title(&model), before);
    press(&mut model, "o i");
    assert_eq!(title(&model), before);
}

#[test]
fn until_it_is_moved_the_cursor_stays_on_the_first_row() {
    let mut model = connected(settings());
    page(&mut model, 50..100, More::Follows);
    page(&mut model, 0..50, More::Last);
    assert_eq!(title(&model), "finding 0");
}

#[test]
fn marks_stay_on_their_findings_through_sorting_and_running_again() {
    let mut model = loaded(10);
    press(&mut model, "space space j space");
    let marked = |model: &Model| model.marks.rows.iter().filter_map(|row| model.store.identity(row)).collect::<Vec<_>>();
    let before = marked(&model);
    assert_eq!(before.len(), 3);
    press(&mut model, "o t O");
    let effects = press(&mut model, "R");
    assert!(matches!(effects.last(), Some(Effect::Scan { .. })));
    page(&mut model, 0..10, More::Last);
    assert_eq!(marked(&model), before);
}

#[test]
fn ranges_mark_and_unmark_and_an_action_ends_an_open_range() {
    let mut model = loaded(20);
    press(&mut model, "j v 4 j v");
    assert_eq!(model.marks.rows.len(), 5);
    press(&mut model, "V k V");
    assert_eq!(model.marks.rows.len(), 3);
    press(&mut model, "v esc");
    assert_eq!((model.marks.rows.len(), model.marks.range), (3, None));
    press(&mut model, "g U g g v 2 j s 3");
    assert_eq!(model.staging.len(), 3);
}

#[test]
fn marks_of_the_loaded_rows_say_that_it_is_those_when_pages_are_missing() {
    let mut model = connected(settings());
    page(&mut model, 0..30, More::Follows);
    let scan = model.scan.id;
    event(&mut model, Event::Total(scan, Ok(9812)));
    press(&mut model, "* l");
    assert_eq!(model.marks.rows.len(), 30);
    assert!(notice(&model).contains("30 loaded") && notice(&model).contains("9,812"), "{}", notice(&model));
    press(&mut model, "~");
    assert_eq!(model.marks.rows.len(), 0);
    press(&mut model, "g m");
    assert_eq!(model.marks.rows.len(), 30);
    press(&mut model, "g U");
    assert!(model.marks.rows.is_empty());
}

#[test]
fn the_filter_narrows_while_typing_and_marks_it_hides_are_still_acted_on_and_told() {
    let mut model = loaded(20);
    press(&mut model, "*");
    press(&mut model, "/");
    type_text(&mut model, "finding 1");
    assert_eq!(model.view.rows().len(), 11);
    press(&mut model, "enter s");
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { unreachable!("the menu is open") };
    assert_eq!(menu.title, "status of 20 marked, 9 of them hidden");
    press(&mut model, "3");
    assert_eq!(model.staging.len(), 20);
    assert!(notice(&model).contains("9 of them hidden"));
    press(&mut model, "esc");
    assert_eq!(model.view.rows().len(), 20);
    press(&mut model, "/ x esc");
    assert_eq!((model.view.rows().len(), model.filter.as_str()), (20, ""));
}

#[test]
fn marked_only_shows_the_marks_and_all_again() {
    let mut model = loaded(20);
    press(&mut model, "space space \"");
    assert_eq!(model.view.rows().len(), 2);
    press(&mut model, "\"");
    assert_eq!(model.view.rows().len(), 20);
}

#[test]
fn menus_stage_by_digit_letter_and_cursor_and_nothing_leaves_the_program() {
    for (keys, patch) in [
        ("s 3", Patch::status(StatusId::SUPPRESSED)),
        ("s r", Patch::status(StatusId::RESOLVED)),
        ("s j enter", Patch::status(StatusId::IN_PROGRESS)),
        ("s 9", Patch::status(StatusId::OTHER)),
        ("s 6", Patch::status(StatusId::DELETED)),
        ("S 2", Patch::severity(SeverityId::LOW)),
        ("S h", Patch::severity(SeverityId::HIGH)),
        ("S 6", Patch::severity(SeverityId::FATAL)),
        ("S 9", Patch::severity(SeverityId::OTHER)),
        ("S 0", Patch::severity(SeverityId::UNKNOWN)),
    ] {
        let mut model = loaded(3);
        assert_eq!(press(&mut model, keys), [], "{keys}");
        assert_eq!(model.staging.get(model.cursor.row.unwrap()), Some(&patch), "{keys}");
        assert!(model.overlays.is_empty());
    }
    let mut model = loaded(3);
    press(&mut model, "s esc");
    assert!(model.staging.is_empty() && model.overlays.is_empty());
}

#[test]
fn menus_show_how_many_rows_have_each_value_now() {
    let mut model = loaded(5);
    press(&mut model, "* S");
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { unreachable!("the menu is open") };
    let now: Vec<(i32, usize)> = menu.items.iter().filter(|item| item.now > 0).map(|item| (item.number.unwrap(), item.now)).collect();
    assert_eq!(now, [(4, 1), (3, 4)]);
    assert_eq!(menu.items.last().unwrap().note, Some("not accepted by every API release"));
}

#[test]
fn a_comment_is_typed_counted_and_refused_with_the_reason() {
    let mut model = loaded(3);
    press(&mut model, "c enter");
    let Some(Overlay::Editor(editor)) = model.overlays.last() else { unreachable!("the editor is open") };
    assert!(editor.refused.as_ref().unwrap().contains("cannot be empty"));
    type_text(&mut model, "jq accepted");
    press(&mut model, "ctrl-j x enter");
    let staged = model.staging.get(model.cursor.row.unwrap()).unwrap().comment.clone().unwrap();
    assert_eq!(staged.as_str(), "jq accepted x");
    press(&mut model, "c");
    event(&mut model, Event::Paste("y".repeat(600)));
    press(&mut model, "enter");
    let Some(Overlay::Editor(editor)) = model.overlays.last() else { unreachable!("the editor is open") };
    assert!(editor.refused.as_ref().unwrap().contains("613 characters"), "{:?}", editor.refused);
    press(&mut model, "esc");
    assert!(matches!(model.overlays.last(), Some(Overlay::Confirm(_))), "text would be lost");
    press(&mut model, "y");
    assert!(model.overlays.is_empty());
}

#[test]
fn pasted_text_never_triggers_a_key() {
    let mut model = loaded(3);
    event(&mut model, Event::Paste("s3wy".into()));
    for c in "s3 and w and y q".chars() {
        event(&mut model, Event::Key(Key::char(c), Arrival::Burst));
    }
    assert!(model.staging.is_empty() && model.overlays.is_empty() && model.marks.rows.is_empty());
    press(&mut model, "s");
    for c in "10.18.6.121 is suppressed 12".chars() {
        event(&mut model, Event::Key(Key::char(c), Arrival::Burst));
    }
    assert!(model.staging.is_empty(), "a menu takes no pasted digit or letter");
    assert_eq!(model.typed.count, None, "nor is a number of it the count of the next key");
    press(&mut model, "esc c");
    for key in "ok\u{1b}[31m".chars().map(Key::char).chain([Key::code(crossterm::event::KeyCode::Enter), Key::char('z')]) {
        event(&mut model, Event::Key(key, Arrival::Burst));
    }
    let Some(Overlay::Editor(editor)) = model.overlays.last() else { unreachable!("a burst does not accept") };
    assert_eq!(editor.text.lines(), ["ok[31m", "z"]);
}

#[test]
fn the_external_editor_stages_what_can_be_a_comment_and_can_be_switched_off() {
    let mut model = loaded(3);
    assert_eq!(press(&mut model, "C"), [Effect::Edit(String::new())]);
    event(&mut model, Event::Edited(Ok("why\u{7}\r\nnot\n".into())));
    assert_eq!(model.staging.get(RowId(0)).unwrap().comment.as_ref().unwrap().as_str(), "why not");
    press(&mut model, "C");
    event(&mut model, Event::Edited(Err("`vi` ended with 1".into())));
    assert!(matches!(model.overlays.last(), Some(Overlay::Editor(_))));
    let mut model = connected(Settings { editor: EditorPolicy::Off, ..settings() });
    page(&mut model, 0..3, More::Last);
    assert_eq!(press(&mut model, "C"), []);
    assert!(notice(&model).contains("switched off"));
}

#[test]
fn undo_drop_and_redo_work_on_what_is_staged() {
    let mut model = loaded(5);
    press(&mut model, "* s 3");
    press(&mut model, "u");
    assert!(model.staging.is_empty());
    press(&mut model, "U");
    assert_eq!(model.staging.len(), 5);
    press(&mut model, "g U D");
    assert_eq!(model.staging.len(), 4);
}

#[test]
fn only_y_in_a_review_that_was_drawn_sends() {
    let mut model = loaded(3);
    press(&mut model, "s 3");
    let effects = event(&mut model, Event::Key(Key::char('w'), Arrival::Single));
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Send { .. })));
    let effects = event(&mut model, Event::Key(Key::char('y'), Arrival::Single));
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Send { .. })), "typed before it was drawn");
    event(&mut model, Event::Drawn);
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!(review.trigger, Trigger::Ready);
    press(&mut model, "enter");
    assert!(matches!(model.overlays.last(), Some(Overlay::Review(_))), "Enter does not send");
    let (_, identities, patch) = sent(&press(&mut model, "y"));
    assert_eq!((identities.len(), patch), (1, Patch::status(StatusId::SUPPRESSED)));
}

#[test]
fn a_terminal_too_small_to_show_anything_decides_nothing() {
    let mut model = loaded(3);
    press(&mut model, "s 3 w");
    press(&mut model, "esc");
    event(&mut model, Event::Resize(79, 24));
    press(&mut model, "w y space s 4 c x enter");
    event(&mut model, Event::Paste("text".into()));
    assert!(model.overlays.is_empty() && model.marks.rows.is_empty());
    event(&mut model, Event::Resize(80, 24));
    event(&mut model, Event::Key(Key::char('w'), Arrival::Single));
    event(&mut model, Event::Resize(80, 23));
    event(&mut model, Event::Drawn);
    event(&mut model, Event::Resize(80, 24));
    let effects = event(&mut model, Event::Key(Key::char('y'), Arrival::Single));
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Send { .. })), "the review was never on the screen");
    press(&mut model, "esc c t e x t");
    event(&mut model, Event::Resize(20, 5));
    press(&mut model, "ctrl-c ctrl-c ctrl-c");
    let Some(Overlay::Editor(editor)) = model.overlays.last() else { unreachable!("the text is not lost") };
    assert_eq!(editor.text.lines(), ["text"]);
}

#[test]
fn rows_and_groups_can_be_excluded_and_rows_already_there_are_left_out() {
    let mut model = loaded(6);
    press(&mut model, "* s 3 g U s 1 j S 2");
    press(&mut model, "w");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!(review.plan.already_there.len(), 1);
    assert_eq!(review.plan.groups.len(), 2);
    press(&mut model, "space");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!(review.to_send().groups.len(), 1);
    press(&mut model, "enter j space");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert!(review.entries().contains(&ReviewEntry::Row(1, 0)));
    let left = review.to_send().row_count();
    assert_eq!(left, 3);
    let (_, identities, _) = sent(&press(&mut model, "y"));
    assert_eq!(identities.len(), 3);
}

#[test]
fn a_read_only_session_stages_and_reviews_but_never_sends() {
    let mut model = connected(Settings { access: Access::ReadOnly, ..settings() });
    page(&mut model, 0..3, More::Last);
    press(&mut model, "s 3 w");
    assert_eq!(press(&mut model, "y"), []);
    assert_eq!(model.staging.len(), 1);
    assert!(notice(&model).contains("read-only"));
}

#[test]
fn processed_rows_show_the_new_values_and_lose_stage_and_mark() {
    let mut model = loaded(250);
    press(&mut model, "* s 3 w");
    let (number, identities, _) = sent(&press(&mut model, "y"));
    assert_eq!(identities.len(), 250);
    event(&mut model, answered(&number, answer(vec![Outcome::Processed; 250])));
    assert!(model.staging.is_empty() && model.marks.rows.is_empty());
    assert!(model.view.rows().iter().all(|&row| model.store.values(row).status == Some(StatusId::SUPPRESSED)));
    assert_eq!(model.outcomes.get(RowId(0)), Some(&RowState::Processed));
    assert!(notice(&model).contains("250 of 250 processed"));
}

#[test]
fn triage_goes_on_while_a_send_is_under_way() {
    let mut model = loaded(150);
    press(&mut model, "* s 3 w");
    let (first, ..) = sent(&press(&mut model, "y"));
    press(&mut model, "g U g g S 2");
    let row = model.cursor.row.unwrap();
    event(&mut model, answered(&first, answer(vec![Outcome::Processed; 100])));
    assert_eq!(model.staging.get(row), Some(&Patch::severity(SeverityId::LOW)), "what was staged meanwhile stays");
    press(&mut model, "w");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!(review.plan.row_count(), 1, "rows being sent are not offered again");
}

#[test]
fn what_is_being_sent_can_be_neither_undone_nor_dropped_and_a_problem_keeps_its_change() {
    let mut model = loaded(150);
    press(&mut model, "* s 3 w");
    let (first, ..) = sent(&press(&mut model, "y"));
    press(&mut model, "u");
    assert_eq!(notice(&model), "nothing was undone: Suppressed on 150 rows; left as they are: 150 being sent");
    press(&mut model, "D");
    assert_eq!(notice(&model), "150 findings being sent: cannot be called back");
    assert_eq!(model.staging.len(), 150);
    event(&mut model, answered(&first, answer(vec![unprocessed(RowCode::Conflict); 100])));
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (100, 150));
}

#[test]
fn a_send_that_ended_early_is_still_told_after_its_unknown_rows_were_read_again() {
    let mut model = loaded(150);
    press(&mut model, "* s 3 w");
    let (number, identities, _) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, Err(error(CallFailure::NoAnswer))));
    let documents: Vec<String> = (0..100).map(|at| document(at, 3)).collect();
    let result = Ok(SealedPage::seal(&documents));
    event(&mut model, Event::Reread { request: RequestId::default(), asked: identities, result });
    assert!(notice(&model).starts_with("the send ended early: 50 not sent, still staged"), "{}", notice(&model));
    assert_eq!(model.staging.len(), 50);
}

#[test]
fn no_key_of_the_help_decides_about_the_finding_under_it() {
    let mut model = loaded(3);
    for before in ["", "enter "] {
        press(&mut model, &format!("{before}?"));
        for key in ["s", "S", "c", "C", "D", "space", "a"] {
            press(&mut model, key);
            assert_eq!(notice(&model), format!("{} does nothing here; ? shows the keys", if key == "space" { "Space" } else { key }));
        }
        press(&mut model, "?");
    }
    assert_eq!(model.overlays.len(), 1, "? closes the help again");
    assert!(model.staging.is_empty() && model.marks.rows.is_empty());
}

#[test]
fn unprocessed_rows_stay_staged_with_code_and_message_and_e_visits_each() {
    let mut model = loaded(5);
    press(&mut model, "* s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(
        &mut model,
        answered(
            &number,
            answer(vec![
                Outcome::Processed,
                unprocessed(RowCode::Conflict),
                Outcome::Processed,
                unprocessed(RowCode::ResourceNotFound),
                Outcome::Unknown { why: Arc::from("in neither list") },
            ]),
        ),
    );
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (3, 3));
    let mut visited = Vec::new();
    for _ in 0..4 {
        press(&mut model, "e");
        visited.push(model.cursor.place);
    }
    assert_eq!(visited, [1, 3, 4, 1]);
    press(&mut model, "E");
    assert_eq!(model.cursor.place, 4);
    press(&mut model, "/");
    type_text(&mut model, "finding 0");
    press(&mut model, "enter e");
    assert!(notice(&model).contains("hidden by the filter"));
}

#[test]
fn the_problems_panel_retries_drops_and_jumps() {
    let mut model = loaded(4);
    press(&mut model, "* s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    let codes = [RowCode::Conflict, RowCode::InternalServer, RowCode::ResourceNotFound, RowCode::Validation];
    event(&mut model, answered(&number, answer(codes.iter().cloned().map(unprocessed).collect())));
    press(&mut model, "!");
    let entries = model.problem_entries();
    assert_eq!(entries.len(), 8);
    let (number, identities, _) = sent(&press(&mut model, "R"));
    assert_eq!(identities.len(), 2, "only what can be helped by trying again");
    event(&mut model, answered(&number, answer(vec![Outcome::Processed; 2])));
    assert_eq!(model.outcomes.problem_count(), 2);
    press(&mut model, "g g j enter");
    assert!(model.overlays.is_empty());
    assert_eq!(model.cursor.place, 2);
    press(&mut model, "! G");
    let (number, identities, _) = sent(&press(&mut model, "r"));
    assert_eq!(identities, [Identity::MetadataUid("u3".into())], "r tries even what is not retryable");
    event(&mut model, answered(&number, answer(vec![Outcome::Processed])));
    press(&mut model, "g g D");
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (0, 0));
    assert!(model.overlays.is_empty(), "nothing is left to show");
}

#[test]
fn an_unknown_outcome_is_settled_by_reading_and_never_taken_for_success() {
    for (status, is_processed) in [(3, true), (1, false)] {
        let mut model = loaded(1);
        press(&mut model, "s 3 w");
        let (number, ..) = sent(&press(&mut model, "y"));
        event(&mut model, answered(&number, Err(error(CallFailure::NoAnswer))));
        assert_eq!(model.outcomes.problem(RowId(0)).unwrap().kind, ProblemKind::Unknown);
        let effects = press(&mut model, "! r");
        let asked = match effects.iter().find(|effect| matches!(effect, Effect::Reread { .. })) {
            Some(Effect::Reread { identities, .. }) => identities.clone(),
            _ => Vec::new(),
        };
        assert_eq!(asked, [Identity::MetadataUid("u0".into())]);
        let page = SealedPage::seal(&[document(0, status)]);
        event(&mut model, Event::Reread { request: RequestId(0), asked, result: Ok(page) });
        assert_eq!(model.outcomes.get(RowId(0)) == Some(&RowState::Processed), is_processed);
        assert_eq!(model.staging.is_empty(), is_processed);
        assert_eq!(model.outcomes.problem_count(), 0);
    }
}

#[test]
fn a_call_level_error_keeps_everything_staged_and_sends_nothing_more() {
    for failure in [
        CallFailure::AccessDenied,
        CallFailure::Throttled,
        CallFailure::Conflict,
        CallFailure::InternalServer,
        CallFailure::ExpiredCredentials,
        CallFailure::Unreachable,
    ] {
        let mut model = loaded(150);
        press(&mut model, "* s 3 w");
        let (number, ..) = sent(&press(&mut model, "y"));
        let effects = event(&mut model, answered(&number, Err(error(failure))));
        assert_eq!(sent(&effects).1.len(), 0, "{failure:?}");
        assert_eq!(model.staging.len(), 150);
        assert_eq!(model.outcomes.problem_count(), 100);
        assert_eq!(model.session.trouble.as_ref().map(|trouble| trouble.failure), Some(failure));
        assert!(notice(&model).contains("50 not sent, still staged"), "{}", notice(&model));
    }
}

#[test]
fn stale_pages_are_dropped_after_the_query_ran_again_or_was_stopped() {
    let mut model = connected(settings());
    page(&mut model, 0..10, More::Follows);
    let old = model.scan.id;
    press(&mut model, "R");
    event(&mut model, Event::Page { scan: old, page: SealedPage::seal(&[document(77, 1)]), more: More::Last, order: ServedOrder::AsAsked });
    assert_eq!((model.scan.loaded, model.store.len()), (0, 10));
    let effects = press(&mut model, "ctrl-c");
    assert_eq!(effects, [Effect::CancelScan(model.scan.id)]);
    assert!(notice(&model).contains("0 findings are loaded"));
    page(&mut model, 10..20, More::Last);
    assert_eq!(model.store.len(), 10, "stopped is stopped");
}

#[test]
fn findings_that_come_twice_are_counted_once_and_a_refused_token_starts_again() {
    let mut model = connected(settings());
    page(&mut model, 0..10, More::Follows);
    page(&mut model, 5..15, More::Follows);
    assert_eq!((model.scan.loaded, model.scan.duplicates, model.view.rows().len()), (15, 5, 15));
    let scan = model.scan.id;
    event(&mut model, Event::ScanRestarted(scan));
    page(&mut model, 0..20, More::Last);
    assert_eq!((model.scan.loaded, model.view.rows().len()), (20, 20));
    assert_eq!(model.scan.state, ScanState::Complete);
}

#[test]
fn rows_that_vanish_stay_only_while_marked_or_staged() {
    let mut model = loaded(4);
    press(&mut model, "G s 3 g g space R");
    page(&mut model, 1..3, More::Last);
    let left: Vec<u32> = model.view.rows().iter().map(|row| row.0).collect();
    assert_eq!(left, [0, 1, 2, 3]);
    assert!(model.is_gone(RowId(0)) && model.is_gone(RowId(3)) && !model.is_gone(RowId(1)));
    press(&mut model, "g U G D R");
    page(&mut model, 1..3, More::Last);
    assert_eq!(model.view.rows(), [RowId(1), RowId(2)]);
}

#[test]
fn n_goes_to_rows_that_wait_for_a_decision() {
    let mut model = loaded(5);
    press(&mut model, "j s 3 j s 3 g g n");
    assert_eq!(model.cursor.place, 3);
    press(&mut model, "N");
    assert_eq!(model.cursor.place, 0);
}

#[test]
fn quitting_asks_while_something_is_staged_and_enter_is_no() {
    let mut model = loaded(3);
    assert_eq!(press(&mut model, "q"), [Effect::Quit]);
    press(&mut model, "s 3");
    assert_eq!(press(&mut model, "q"), []);
    let Some(Overlay::Confirm(confirm)) = model.overlays.last() else { unreachable!("it asks") };
    assert!(confirm.question.join(" ").contains("1 staged"));
    assert_eq!(press(&mut model, "enter"), []);
    assert!(model.overlays.is_empty());
    assert_eq!(press(&mut model, "ctrl-c ctrl-c"), []);
    assert_eq!(press(&mut model, "y"), [Effect::Quit]);
    assert_eq!(event(&mut model, Event::Terminate).last(), Some(&Effect::Quit));
}

#[test]
fn ctrl_c_says_no_to_a_question() {
    let mut model = loaded(3);
    press(&mut model, "s 3 ctrl-c ctrl-c");
    assert!(matches!(model.overlays.last(), Some(Overlay::Confirm(_))));
    assert_eq!(press(&mut model, "ctrl-c"), []);
    assert!(model.overlays.is_empty());
}

#[test]
fn a_finding_without_any_identity_is_shown_but_cannot_be_staged() {
    let mut model = connected(settings());
    let scan = model.scan.id;
    let documents = [r#"{"severity_id":5}"#.to_owned()];
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked });
    press(&mut model, "s 3");
    assert!(model.staging.is_empty());
    assert!(notice(&model).contains("cannot update it"));
}

#[test]
fn a_hub_that_is_off_asks_for_the_home_region_and_explains_a_conflict() {
    let mut model = connected(settings());
    let scan = model.scan.id;
    event(&mut model, Event::ScanFailed(scan, CallError { operation: "GetFindingsV2", ..error(CallFailure::Conflict) }));
    let effects =
        event(&mut model, Event::Described(Err(CallError { operation: "DescribeSecurityHubV2", ..error(CallFailure::NotEnabled) })));
    assert_eq!(effects, [Effect::HomeRegion]);
    event(&mut model, Event::HomeRegion(Some("us-east-1".into())));
    assert_eq!(model.place().home_region, Some("us-east-1"));
    assert_eq!(model.session.trouble.as_ref().map(|trouble| trouble.failure), Some(CallFailure::NotEnabled));
    let effects = press(&mut model, "R");
    assert_eq!(effects.last(), Some(&Effect::Reconnect), "the credential chain is read anew");
}

#[test]
fn who_is_acting_is_shown_when_known_and_never_needed() {
    let mut model = loaded(1);
    event(&mut model, Event::Caller(Err(error(CallFailure::Unreachable))));
    assert_eq!((model.session.caller.clone(), model.session.trouble.clone()), (None, None));
    event(&mut model, Event::Described(Ok(Some("222233334444".into()))));
    assert_eq!(model.place().account, Some("222233334444"));
    event(&mut model, Event::Caller(Ok(Caller { account: "1".into(), arn: "arn".into() })));
    assert!(model.session.caller.is_some());
}

proptest! {
    #[test]
    fn any_keys_leave_a_sound_model(keys in proptest::collection::vec(0_usize..40, 0..120)) {
        const KEYS: [&str; 40] = [
            "j", "k", "G", "g", "space", "v", "V", "*", "~", "\"", "s", "S", "c", "3", "9", "w", "y", "!", "e", "E", "n", "N", "/", "o", "O",
            "p", "r", "R", "u", "U", "D", "esc", "enter", "tab", "?", "a", "x", "ctrl-d", "ctrl-c", "backspace",
        ];
        let mut model = loaded(30);
        for key in keys {
            let key = parse_keys(KEYS[key]).unwrap()[0];
            for effect in event(&mut model, Event::Key(key, Arrival::Single)) {
                let (number, ..) = sent(&[effect]);
                if !number.is_empty() {
                    let outcomes = (0..number.len()).map(|at| if at % 3 == 0 { unprocessed(RowCode::Conflict) } else { Outcome::Processed }).collect();
                    event(&mut model, answered(&number, answer(outcomes)));
                }
            }
            event(&mut model, Event::Drawn);
            let rows = model.view.rows();
            prop_assert!(model.cursor.row.is_none() == rows.is_empty());
            prop_assert_eq!(model.cursor.row, model.view.get(model.cursor.place));
            prop_assert!(model.marks.rows.iter().all(|row| row.index() < model.store.len()));
            prop_assert!(model.staging.iter().all(|(row, patch)| row.index() < model.store.len() && !patch.is_empty()));
            prop_assert_eq!(model.outcomes.problem_count(), model.outcomes.problems().len());
        }
    }
}
