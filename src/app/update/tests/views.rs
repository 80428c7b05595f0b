//! The journal on the screen, a second session, and what the last session left.

use super::*;
use crate::{
    app::{
        effect::Patience,
        journaling::JournalState,
        layout::Preview,
        model::{Asked, Level, Moved},
        overlay::PromptPurpose,
        remembered::{News, Remembered},
        sent_view::{Reading, Tally},
    },
    domain::{
        column::Column,
        order::{Order, SortField},
        patch::Values,
    },
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, SendId, Seq, Stamped},
        hub_key::HubKey,
        ledger::Ledger,
    },
};

fn uid(at: usize) -> Identity {
    Identity::MetadataUid(format!("u{at}"))
}

fn raw_at(model: &mut Model, event: Event, after: i64) -> Vec<Effect> {
    update(model, event, Ctx { now: Millis(CTX.now.0 + after) })
}

fn raw(model: &mut Model, event: Event) -> Vec<Effect> {
    raw_at(model, event, 0)
}

/// A ledger of one send for each list of outcomes, of rows `u0`, `u1` and so on; `None` is no answer.
fn sends(sends: &[Option<&[Outcome]>]) -> Arc<Ledger> {
    let mut ledger = Ledger::default();
    let mut seq = 0;
    let mut apply = |entry| {
        seq += 1;
        ledger.apply(Stamped { seq: Seq(seq), at: CTX.now, entry });
    };
    for (at, outcomes) in sends.iter().enumerate() {
        let send = SendId(at as u64 + 1);
        let count = outcomes.map_or(2, <[Outcome]>::len);
        apply(Entry::SendBegan { send, origin: Origin::Review, rows: count + 1 });
        let rows = (0..count).map(|at| KnownRow { identity: uid(at), values: Values::default() }).collect();
        apply(Entry::Intent { send, call: CallNumber(1), patch: Patch::status(StatusId::SUPPRESSED), rows });
        if let Some(outcomes) = outcomes {
            apply(Entry::Answered { send, call: CallNumber(1), request_id: None, outcomes: outcomes.to_vec() });
            apply(Entry::SendEnded { send, unsent: 1 });
        }
    }
    Arc::new(ledger)
}

fn history(model: &mut Model, ledger: Arc<Ledger>) {
    event(model, Event::Journal(JournalEvent::History(Ok(ledger))));
}

#[test]
fn the_journal_is_read_when_it_is_opened_and_counts_what_came_of_each_send() {
    let mut model = loaded(3);
    assert_eq!(keys(&mut model, "L"), [Effect::History]);
    let Some(Overlay::Sends(view)) = model.overlays.last() else { unreachable!() };
    assert_eq!((view.lines.len(), view.reading), (0, Reading::UnderWay));
    let outcomes = [Outcome::Processed, unprocessed(RowCode::Conflict), Outcome::Unknown { why: Arc::from("") }, Outcome::Processed];
    history(&mut model, sends(&[Some(&outcomes), None]));
    let Some(Overlay::Sends(view)) = model.overlays.last() else { unreachable!() };
    let lines: Vec<(u64, Tally)> = view.lines.iter().map(|line| (line.id.0, line.tally)).collect();
    let first = Tally { rows: 5, processed: 2, failed: 1, unknown: 1, unsent: 1 };
    assert_eq!(lines, [(2, Tally { rows: 3, unknown: 2, unsent: 1, ..Tally::default() }), (1, first)], "the newest stands first");
    assert_eq!(view.reading, Reading::Done);
}

#[test]
fn a_send_opens_with_what_needs_the_analyst_first_and_a_row_leads_to_the_table() {
    let mut model = loaded(3);
    let outcomes = [Outcome::Processed, unprocessed(RowCode::Conflict), Outcome::Unknown { why: Arc::from("") }];
    keys(&mut model, "L");
    history(&mut model, sends(&[Some(&outcomes)]));
    press(&mut model, "enter");
    let Some(Overlay::SentRows(rows)) = model.overlays.last() else { unreachable!() };
    assert_eq!(rows.rows, [uid(2), uid(1), uid(0)]);
    press(&mut model, "j enter");
    assert!(model.overlays.is_empty());
    assert_eq!(title(&model), "finding 1");
}

#[test]
fn a_row_that_is_hidden_is_shown_and_one_that_is_not_loaded_is_told() {
    let mut model = loaded(2);
    press(&mut model, "/");
    type_text(&mut model, "finding 0");
    press(&mut model, "enter");
    assert_eq!(model.view.rows().len(), 1);
    keys(&mut model, "L");
    history(&mut model, sends(&[Some(&[Outcome::Processed, Outcome::Processed, Outcome::Processed])]));
    press(&mut model, "enter G enter");
    assert!(notice(&model).contains("not loaded"), "{}", notice(&model));
    press(&mut model, "k enter");
    assert_eq!((title(&model).as_str(), model.filter.as_str()), ("finding 1", ""));
}

#[test]
fn the_journal_read_again_keeps_the_cursor_on_its_send_and_on_its_row() {
    let mut model = loaded(2);
    keys(&mut model, "L");
    let one: &[Outcome] = &[Outcome::Processed, Outcome::Processed];
    history(&mut model, sends(&[Some(one), Some(one)]));
    press(&mut model, "j enter j");
    history(&mut model, sends(&[Some(one), Some(one), None]));
    let Some(Overlay::SentRows(rows)) = model.overlays.last() else { unreachable!() };
    assert_eq!((rows.send, rows.chosen()), (SendId(1), Some(&uid(1))));
    press(&mut model, "esc");
    let Some(Overlay::Sends(view)) = model.overlays.last() else { unreachable!() };
    assert_eq!(view.chosen().map(|line| line.id), Some(SendId(1)));
    assert_eq!(keys(&mut model, "R"), [Effect::History]);
    event(&mut model, Event::Journal(JournalEvent::History(Err("gone".into()))));
    let Some(Overlay::Sends(view)) = model.overlays.last() else { unreachable!() };
    assert_eq!((view.lines.len(), view.reading), (3, Reading::Done));
}

#[test]
fn the_tasks_pause_a_send_and_let_it_go_on_and_stop_it() {
    let mut model = loaded(3);
    press(&mut model, "* s 3 w y");
    let pause = |model: &mut Model| press(model, "p");
    press(&mut model, "W");
    assert_eq!(pause(&mut model), [Effect::Steer(Steer::Pause)]);
    let report = SendReport { rows: Vec::new(), progress: Progress::default(), activity: Activity::Paused };
    event(&mut model, Event::Sending(report));
    assert_eq!(pause(&mut model), [Effect::Steer(Steer::Resume)]);
    assert_eq!(press(&mut model, "x"), [Effect::Steer(Steer::Stop)]);
    press(&mut model, "esc");
    assert!(model.overlays.is_empty());
}

/// Presses keys and takes everything that comes of it, but for documents.
fn keys(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in parse_keys(keys).unwrap() {
        effects.extend(raw(model, Event::Key(key, Arrival::Single)));
    }
    effects.retain(|effect| !matches!(effect, Effect::Document(..)));
    effects
}

/// A session whose journal another one has.
fn second(count: usize) -> Model {
    let mut model = connected_to(Vec::new());
    page(&mut model, 0..count, More::Last);
    event(&mut model, Event::Journal(JournalEvent::Busy("ann, process 4711".into())));
    model
}

/// Connected, its hub known, and nothing open yet; these events come first.
fn connected_to(first: Vec<Event>) -> Model {
    let mut model = Model::new(settings(), Query::open(), 120, 40, CTX.now);
    for first in first {
        event(&mut model, first);
    }
    event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    event(&mut model, Event::Caller(Ok(Caller { account: "222233334444".into(), arn: "arn".into() })));
    model
}

fn hub() -> HubKey {
    HubKey::new(Some("222233334444"), "eu-west-1", None)
}

#[test]
fn a_second_session_is_asked_and_no_key_that_was_typed_before_answers() {
    let mut model = second(2);
    assert!(matches!(model.overlays.last(), Some(Overlay::Busy(question)) if question.holder == "ann, process 4711"));
    for typed in ["r", "w"] {
        assert_eq!(keys(&mut model, typed), []);
        assert!(matches!(model.journal.state, JournalState::Busy(_)), "{typed}: it was not on the screen yet");
    }
    event(&mut model, Event::Drawn);
    for typed in ["esc", "enter", "j", "s"] {
        press(&mut model, typed);
        assert!(matches!(model.overlays.as_slice(), [Overlay::Busy(_)]), "{typed} is no answer");
    }
    press(&mut model, "esc");
    assert!(notice(&model).contains("r goes on read-only, w waits, q quits"), "{}", notice(&model));
}

#[test]
fn the_question_waits_behind_a_text_that_is_being_written() {
    let mut model = connected_to(Vec::new());
    page(&mut model, 0..2, More::Last);
    press(&mut model, "c");
    event(&mut model, Event::Journal(JournalEvent::Busy("ann".into())));
    type_text(&mut model, "rwq");
    assert!(matches!(model.overlays.as_slice(), [Overlay::Busy(_), Overlay::Editor(_)]));
    press(&mut model, "enter");
    assert!(matches!(model.overlays.as_slice(), [Overlay::Busy(_)]));
    assert_eq!(model.staging.len(), 1);
}

#[test]
fn read_only_goes_on_without_a_journal_and_nothing_is_sent() {
    let mut model = second(2);
    press(&mut model, "ctrl-l r");
    assert_eq!((&model.journal.state, model.overlays.len()), (&JournalState::Off, 0));
    press(&mut model, "s 3");
    assert_eq!((model.staging.len(), model.journal.unsaved.len()), (1, 0));
    assert_eq!(sent(&press(&mut model, "w y")).1, []);
    assert!(notice(&model).contains("read-only"), "{}", notice(&model));
    press(&mut model, "esc q");
    assert!(matches!(model.overlays.last(), Some(Overlay::Confirm(confirm)) if confirm.question.concat().contains("would be lost")));
}

#[test]
fn waiting_opens_the_journal_once_the_other_session_has_gone() {
    let mut model = second(2);
    press(&mut model, "s");
    assert_eq!(press(&mut model, "w"), [Effect::OpenJournal(hub(), Patience::Waits)]);
    press(&mut model, "s 3");
    assert_eq!(model.staging.len(), 1, "the table can be worked on meanwhile");
    assert_eq!(sent(&press(&mut model, "w y")).1, []);
    assert!(notice(&model).contains("ann, process 4711"), "{}", notice(&model));
    let effects = raw(&mut model, Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new())));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Journal(..))), "what was staged meanwhile is told to it");
    assert_eq!(model.journal.state, JournalState::Open);
    assert!(notice(&model).contains("the other session has gone"), "{}", notice(&model));
}

#[test]
fn quitting_answers_the_question_and_no_to_quitting_asks_again() {
    let mut model = second(2);
    assert_eq!(press(&mut model, "q"), [Effect::Quit]);
    let mut model = connected_to(Vec::new());
    page(&mut model, 0..2, More::Last);
    press(&mut model, "s 3");
    event(&mut model, Event::Journal(JournalEvent::Busy("ann".into())));
    for ways in ["q n", "ctrl-c ctrl-c n"] {
        press(&mut model, ways);
        assert!(matches!(model.overlays.as_slice(), [Overlay::Busy(_)]), "{ways}");
    }
    assert_eq!(press(&mut model, "q y"), [Effect::Quit]);
}

fn left() -> Remembered {
    Remembered {
        profile: "open".into(),
        query: "everything".into(),
        order: Order::default().led_by(SortField::Title),
        columns: Column::defaults(),
        preview: Preview::Hidden,
        filter: "finding".into(),
        cursor: Some(uid(3)),
        marks: [1, 4, 9].map(uid).into_iter().collect(),
        visits: crate::app::visit::Visits::default(),
        queries: vec!["severity>=high".into(), "everything".into()],
        comments: vec!["a comment".into()],
    }
}

fn recalled(model: &mut Model, left: Remembered) -> Vec<Effect> {
    raw(model, Event::Session(Ok(Some(Arc::new(left)))))
}

fn opened(model: &mut Model) {
    event(model, Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new())));
}

fn marked(model: &Model) -> Vec<Identity> {
    model.marks.rows.iter().filter_map(|row| model.store.identity(row)).collect()
}

fn saved(effects: &[Effect]) -> Vec<Remembered> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::SaveSession(hub, left) => {
                assert_eq!(*hub, self::hub());
                Some(Remembered::clone(left))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn the_last_sessions_file_is_asked_for_once_the_hub_is_known() {
    let mut model = Model::new(settings(), Query::open(), 120, 40, CTX.now);
    let effects = event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    assert!(matches!(effects.as_slice(), [Effect::Scan { .. }]), "the first page waits for nothing");
    let effects = event(&mut model, Event::Caller(Ok(Caller { account: "222233334444".into(), arn: "arn".into() })));
    assert_eq!(effects, [Effect::OpenJournal(hub(), Patience::None), Effect::LoadSession(hub())]);
}

#[test]
fn query_order_filter_and_preview_are_back_at_once_marks_and_cursor_when_their_findings_come() {
    let mut model = connected_to(Vec::new());
    opened(&mut model);
    page(&mut model, 0..2, More::Follows);
    let effects = recalled(&mut model, left());
    let [Effect::CancelScan(_), Effect::Scan { query, sort, .. }, ..] = effects.as_slice() else { unreachable!("{effects:?}") };
    assert_eq!((query, sort), (&Query::Everything, &left().order.0));
    assert_eq!((model.former.of(PromptPurpose::Query), model.former.comments()), (&left().queries[..], &left().comments[..]));
    assert_eq!((model.view.order(), model.screen.preview, model.filter.as_str()), (&left().order, Preview::Hidden, "finding"));
    assert_eq!(marked(&model), [], "they come with the rows of this query");
    page(&mut model, 0..4, More::Follows);
    assert_eq!(title(&model), "finding 3");
    page(&mut model, 4..6, More::Last);
    assert_eq!(marked(&model), [uid(1), uid(4)]);
    assert!(notice(&model).contains("1 marked finding is not in the result any more"), "{}", notice(&model));
    assert!(model.remembering.marks.is_empty());
}

#[test]
fn the_same_query_and_order_are_not_asked_again_and_rows_that_are_here_are_marked() {
    let mut model = connected_to(Vec::new());
    page(&mut model, 0..4, More::Follows);
    let same = Remembered { query: "status:new,in_progress".into(), order: Order::default(), ..left() };
    let effects = recalled(&mut model, same);
    assert!(effects.iter().all(|effect| matches!(effect, Effect::Document(..))), "{effects:?}");
    assert_eq!((marked(&model), title(&model).as_str()), (vec![uid(1)], "finding 3"));
}

#[test]
fn the_cursor_of_the_last_session_comes_back_with_as_much_above_it_as_fits() {
    let page_of = |model: &Model| usize::from(model.layout().body);
    let same = |at| Remembered {
        query: "status:new,in_progress".into(),
        order: Order::default(),
        filter: String::new(),
        cursor: Some(uid(at)),
        ..left()
    };
    // Each with the pages as they come; what belongs above the cursor may come after it.
    for (at, pages) in [
        (3, vec![0..50, 50..100]),
        (3, vec![2..50, 50..100, 0..2]),
        (20, vec![10..30, 0..10, 30..100]),
        (60, vec![0..70, 70..100]),
        (60, vec![50..100, 0..50]),
        (99, vec![0..50, 50..100]),
    ] {
        for recalled_first in [true, false] {
            let mut model = connected_to(Vec::new());
            opened(&mut model);
            if recalled_first {
                recalled(&mut model, same(at));
            }
            for (number, range) in pages.iter().enumerate() {
                page(&mut model, range.clone(), if number + 1 == pages.len() { More::Last } else { More::Follows });
            }
            if !recalled_first {
                recalled(&mut model, same(at));
            }
            let lines = page_of(&model);
            assert!((21..60).contains(&lines), "{lines} lines: the places above are meant for that");
            let top = if at < lines { 0 } else { (at - lines / 2).min(100 - lines) };
            assert_eq!((model.cursor.place, model.cursor.top), (at, top), "{at} {pages:?} {recalled_first}");
        }
    }
    // Once the analyst has moved it, it keeps its line whatever comes above.
    let mut model = connected_to(Vec::new());
    opened(&mut model);
    recalled(&mut model, same(60));
    page(&mut model, 50..100, More::Follows);
    assert_eq!((model.cursor.place, model.cursor.top), (10, 0));
    press(&mut model, "j");
    page(&mut model, 0..50, More::Last);
    assert_eq!((title(&model).as_str(), model.cursor.place, model.cursor.top), ("finding 61", 61, 50));
}

#[test]
fn marks_of_rows_that_are_gone_are_told_at_the_next_start_and_not_dropped_in_silence() {
    let mut model = connected_to(Vec::new());
    opened(&mut model);
    page(&mut model, 0..4, More::Last);
    raw(&mut model, Event::Session(Ok(None)));
    press(&mut model, "space space space R");
    page(&mut model, 2..6, More::Last);
    assert_eq!(model.view.all().iter().filter(|&&row| model.is_gone(row)).count(), 2, "kept, because they are marked");
    let written = saved(&raw(&mut model, Event::Terminate)).pop().unwrap();
    assert_eq!(written.marks.len(), 3);
    let mut next = connected_to(Vec::new());
    opened(&mut next);
    recalled(&mut next, written);
    page(&mut next, 2..4, More::Follows);
    assert_eq!((marked(&next), notice(&next)), (vec![uid(2)], ""), "they may still come");
    page(&mut next, 4..6, More::Last);
    assert_eq!(marked(&next), [uid(2)]);
    assert!(notice(&next).contains("2 marked findings are not in the result any more"), "{}", notice(&next));
}

#[test]
fn another_order_is_asked_for_while_the_first_pages_come_and_is_that_of_the_rows_once_all_are_here() {
    for (more, scans) in [(More::Follows, 1), (More::Last, 0)] {
        let mut model = connected_to(Vec::new());
        page(&mut model, 0..4, more);
        let ordered = Remembered { query: "status:new,in_progress".into(), ..left() };
        let effects = recalled(&mut model, ordered);
        let count = effects.iter().filter(|effect| matches!(effect, Effect::Scan { .. })).count();
        assert_eq!((count, model.view.order()), (scans, &left().order));
        if scans == 1 {
            page(&mut model, 0..4, More::Last);
        }
        opened(&mut model);
        assert_eq!((marked(&model), title(&model).as_str()), (vec![uid(1)], "finding 3"));
    }
}

#[test]
fn a_query_on_the_command_line_stays() {
    let mut model = Model::new(Settings { asked: Asked::CommandLine, ..settings() }, Query::open(), 120, 40, CTX.now);
    event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    let effects = recalled(&mut model, left());
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Scan { query, .. } if *query != Query::open())), "{effects:?}");
    assert_eq!(model.scan.query, Query::open());
    assert_eq!(model.view.order(), &left().order, "the order is back all the same");
}

#[test]
fn a_query_that_is_not_understood_is_told_and_the_default_stays() {
    let mut model = connected_to(Vec::new());
    recalled(&mut model, Remembered { query: "mood:\u{202e}bad".into(), ..left() });
    assert_eq!(model.scan.query, Query::open());
    assert!(notice(&model).contains("not understood: "), "{}", notice(&model));
    for (text, query) in [("status:42", Query::of_status(&[StatusId(42)])), ("status:new,in_progress", Query::open())] {
        let mut model = connected_to(Vec::new());
        recalled(&mut model, Remembered { query: text.into(), ..left() });
        assert_eq!(model.scan.query, query);
    }
}

#[test]
fn what_the_analyst_has_done_meanwhile_is_not_undone_by_what_was_left() {
    let mut model = connected_to(Vec::new());
    page(&mut model, 0..6, More::Follows);
    press(&mut model, "j /");
    type_text(&mut model, "find");
    press(&mut model, "enter o c");
    let order = model.view.order().clone();
    let on = title(&model);
    recalled(&mut model, left());
    page(&mut model, 0..6, More::Last);
    assert_eq!((model.view.order(), model.filter.as_str(), title(&model)), (&order, "find", on));
}

#[test]
fn clearing_the_marks_clears_those_that_have_not_come_yet() {
    let mut model = connected_to(Vec::new());
    recalled(&mut model, left());
    page(&mut model, 0..2, More::Follows);
    press(&mut model, "g U");
    page(&mut model, 2..6, More::Last);
    assert_eq!(marked(&model), []);
}

#[test]
fn a_damaged_file_is_told_and_the_session_goes_on() {
    let mut model = connected_to(Vec::new());
    opened(&mut model);
    raw(&mut model, Event::Session(Err("the last session is not restored: \u{1b}x is damaged".into())));
    let told = model.notice.clone().unwrap();
    assert_eq!((told.level, told.text.contains("not restored: <U+001B>x")), (Level::Warning, true), "{}", told.text);
    page(&mut model, 0..2, More::Last);
    assert_eq!(saved(&raw_at(&mut model, Event::Key(Key::char(' '), Arrival::Single), 2_000)).len(), 1, "and it is written anew");
}

#[test]
fn what_changed_is_written_at_most_every_two_seconds_and_before_the_end() {
    let mut model = connected_to(Vec::new());
    opened(&mut model);
    assert_eq!(saved(&raw(&mut model, Event::Session(Ok(None)))).len(), 1, "the query alone is worth remembering");
    page(&mut model, 0..6, More::Last);
    model.remembering.written_at = Some(Millis(CTX.now.0 - 5_000));
    let space = || Event::Key(Key::char(' '), Arrival::Single);
    let first = saved(&raw_at(&mut model, space(), 10));
    assert_eq!((first[0].marks.iter().collect::<Vec<_>>(), &first[0].cursor), (vec![uid(0)], &Some(uid(1))));
    assert_eq!(saved(&raw_at(&mut model, space(), 20)), []);
    assert_eq!(model.remembering.news, News::Waits, "so the loop comes back to it");
    assert_eq!(saved(&raw_at(&mut model, Event::Tick, 1_900)), []);
    let later = saved(&raw_at(&mut model, Event::Tick, 2_010));
    assert_eq!(later[0].marks.iter().collect::<Vec<_>>(), [uid(0), uid(1)]);
    assert_eq!((saved(&raw_at(&mut model, Event::Tick, 9_000)), model.remembering.news), (Vec::new(), News::None));
    saved(&raw_at(&mut model, space(), 10_000));
    raw_at(&mut model, space(), 10_001);
    let end = raw_at(&mut model, Event::Terminate, 10_002);
    assert!(matches!(end.as_slice(), [Effect::SaveSession(..), Effect::Quit]), "{end:?}");
    assert_eq!(saved(&end)[0].marks.len(), 4);
}

#[test]
fn marks_that_have_not_come_yet_are_not_lost_by_leaving_early() {
    let mut model = connected_to(Vec::new());
    opened(&mut model);
    recalled(&mut model, left());
    let documents: Vec<String> = (0..3).map(|at| document(at, 1)).collect();
    let (scan, page) = (model.scan.id, SealedPage::seal(&documents));
    let mut effects = raw(&mut model, Event::Page { scan, page, more: More::Follows, order: ServedOrder::AsAsked });
    effects.extend(raw(&mut model, Event::Terminate));
    let written = saved(&effects).pop().unwrap();
    let mut marks: Vec<Identity> = written.marks.iter().collect();
    marks.sort();
    assert_eq!((marks, written.cursor, written.query.as_str()), (vec![uid(1), uid(4), uid(9)], Some(uid(3)), "everything"));
}

#[test]
fn a_session_without_the_journal_writes_nothing_and_neither_does_one_that_has_not_read_the_file() {
    let mut model = second(2);
    raw(&mut model, Event::Session(Ok(None)));
    press(&mut model, "q");
    event(&mut model, Event::Drawn);
    press(&mut model, "r");
    assert_eq!(saved(&keys(&mut model, "space space")), []);
    assert_eq!(saved(&raw(&mut model, Event::Terminate)), []);
    let mut model = loaded(3);
    assert_eq!(model.cursor.moved, Moved::No);
    assert_eq!(saved(&keys(&mut model, "space")), [], "it would be written over what was left");
}

#[test]
fn the_right_credentials_bring_back_how_the_journal_stood_and_not_more() {
    let caller = |account: &str| Event::Caller(Ok(Caller { account: account.into(), arn: "arn".into() }));
    let mut model = connected_to(Vec::new());
    raw(&mut model, caller("999900001111"));
    opened(&mut model);
    assert!(matches!(model.journal.state, JournalState::Foreign(_)), "a journal that opens meanwhile lets nothing out");
    raw(&mut model, caller("222233334444"));
    assert_eq!(model.journal.state, JournalState::Open);
    let mut model = second(1);
    raw(&mut model, caller("999900001111"));
    raw(&mut model, caller("222233334444"));
    assert!(matches!(model.journal.state, JournalState::Busy(_)), "another session has it still");
}
