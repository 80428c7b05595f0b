//! Answers that cross each other and decisions made while a call is under way: nothing is sent that was not reviewed, nothing is taken for
//! processed that was not, and nothing staged is lost.

use super::*;
use crate::send::plan::StagedRow;

fn reads(effects: &[Effect]) -> Vec<(RequestId, Vec<Identity>)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Reread { request, identities } => Some((*request, identities.clone())),
            _ => None,
        })
        .collect()
}

fn reread(model: &mut Model, (request, asked): (RequestId, Vec<Identity>), status: i32) -> Vec<Effect> {
    let documents: Vec<String> =
        asked.iter().map(|identity| document(identity.shown().trim_start_matches('u').parse().unwrap(), status)).collect();
    event(model, Event::Reread { request, asked, result: Ok(SealedPage::seal(&documents)) })
}

fn status(model: &Model, row: u32) -> Option<StatusId> {
    model.store.values(RowId(row)).status
}

/// One finding, sent as Suppressed, whose answer never came; and the read that is to settle it.
fn unknown() -> (Model, (RequestId, Vec<Identity>)) {
    let mut model = loaded(1);
    press(&mut model, "s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, Err(error(CallFailure::NoAnswer))));
    let read = reads(&press(&mut model, "! r esc")).into_iter().chain(reads(&press(&mut model, "r"))).next().unwrap();
    (model, read)
}

#[test]
fn an_unknown_outcome_is_judged_by_what_was_sent_and_not_by_what_was_staged_afterwards() {
    let (mut model, read) = unknown();
    press(&mut model, "s 1");
    reread(&mut model, read, 1);
    assert_eq!(model.outcomes.get(RowId(0)), None, "New is what is staged now, but Suppressed was sent and is not there");
    let (mut model, read) = unknown();
    press(&mut model, "S 2");
    reread(&mut model, read, 3);
    assert_eq!(model.outcomes.get(RowId(0)), Some(&RowState::Processed));
    assert_eq!(model.staging.get(RowId(0)), Some(&Patch::severity(SeverityId::LOW)), "what was decided later stays");
}

#[test]
fn undo_does_not_make_an_unknown_outcome_go_away() {
    let (mut model, read) = unknown();
    press(&mut model, "u");
    assert_eq!(model.outcomes.problem_count(), 1);
    reread(&mut model, read, 3);
    assert_eq!(model.outcomes.get(RowId(0)), Some(&RowState::Processed));
}

#[test]
fn a_read_that_began_before_a_write_was_answered_settles_nothing_and_is_made_again() {
    let mut model = loaded(2);
    let early = reads(&press(&mut model, "* r")).remove(0);
    press(&mut model, "s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, answer(vec![Outcome::Processed, Outcome::Unknown { why: Arc::from("cut") }])));
    let late = reads(&press(&mut model, "! R")).remove(0);
    let again = reads(&reread(&mut model, early, 1));
    assert_eq!(status(&model, 0), Some(StatusId::SUPPRESSED), "the old value does not come back");
    assert_eq!(model.outcomes.problem(RowId(1)).unwrap().kind, ProblemKind::Unknown, "it may have come before the write");
    assert_eq!(again.len(), 1);
    reread(&mut model, late, 3);
    assert_eq!(model.outcomes.get(RowId(1)), Some(&RowState::Processed));
    reread(&mut model, again[0].clone(), 3);
    assert!(model.rereads.is_empty());
}

#[test]
fn a_retry_sends_nothing_that_was_staged_after_the_send() {
    let mut model = loaded(2);
    press(&mut model, "* s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, answer(vec![unprocessed(RowCode::Conflict), unprocessed(RowCode::Conflict)])));
    press(&mut model, "g U g g S 2 !");
    let (_, identities, patch) = sent(&press(&mut model, "R"));
    assert_eq!((identities, patch), (vec![Identity::MetadataUid("u1".into())], Patch::status(StatusId::SUPPRESSED)));
    assert!(notice(&model).contains("1 were changed since they were sent"), "{}", notice(&model));
    assert_eq!(model.outcomes.problem_count(), 1);
    press(&mut model, "esc w");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!(review.plan.row_count(), 1, "it goes through the review");
}

#[test]
fn y_sends_nothing_when_answers_changed_what_the_review_shows() {
    let (mut model, read) = unknown();
    press(&mut model, "w");
    reread(&mut model, read, 3);
    assert_eq!(press(&mut model, "y"), []);
    assert!(model.overlays.is_empty() && model.staging.is_empty());
    assert!(notice(&model).contains("nothing is left to send"), "{}", notice(&model));

    let mut model = loaded(3);
    press(&mut model, "* s 3");
    let read = reads(&press(&mut model, "r")).remove(0);
    press(&mut model, "w");
    reread(&mut model, read, 2);
    let effects = event(&mut model, Event::Key(Key::char('y'), Arrival::Single));
    assert!(sent(&effects).1.is_empty(), "the values it would replace are not those on the screen");
    let effects = event(&mut model, Event::Key(Key::char('y'), Arrival::Single));
    assert!(sent(&effects).1.is_empty(), "not before the new one was drawn");
    event(&mut model, Event::Drawn);
    assert_eq!(sent(&press(&mut model, "y")).1.len(), 3);
}

#[test]
fn a_change_that_was_there_already_when_the_review_opened_is_not_lost_when_it_no_longer_is() {
    let mut model = loaded(2);
    press(&mut model, "s 1");
    let read = reads(&press(&mut model, "r")).remove(0);
    press(&mut model, "w");
    reread(&mut model, read, 4);
    press(&mut model, "y");
    assert_eq!(model.staging.get(RowId(0)), Some(&Patch::status(StatusId::NEW)));
    assert_eq!(sent(&press(&mut model, "y")).2, Patch::status(StatusId::NEW));
}

#[test]
fn a_problem_whose_value_turned_out_to_be_there_is_over_once_the_review_leaves_it_out() {
    let mut model = loaded(1);
    press(&mut model, "s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, answer(vec![unprocessed(RowCode::Conflict)])));
    let read = reads(&press(&mut model, "r")).remove(0);
    reread(&mut model, read, 3);
    press(&mut model, "w");
    assert_eq!(press(&mut model, "y"), []);
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (0, 0));
}

#[test]
fn what_is_being_sent_cannot_be_undone_but_what_was_staged_over_it_can() {
    let mut model = loaded(150);
    press(&mut model, "* s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    press(&mut model, "S 2 u");
    assert_eq!(model.staging.get(RowId(0)), Some(&Patch::status(StatusId::SUPPRESSED)));
    press(&mut model, "u");
    assert_eq!(model.staging.len(), 150);
    assert!(notice(&model).contains("150 being sent"), "{}", notice(&model));
    event(&mut model, answered(&number, Err(error(CallFailure::Throttled))));
    assert_eq!((model.staging.len(), model.outcomes.problem_count()), (150, 100));
}

#[test]
fn what_is_reviewed_at_the_moment_a_send_ends_goes_in_a_send_of_its_own() {
    let mut model = loaded(3);
    press(&mut model, "s 3 w");
    let (first, ..) = sent(&press(&mut model, "y"));
    press(&mut model, "j s 4 w");
    let effects = press(&mut model, "y");
    assert!(matches!(effects.as_slice(), [Effect::Steer(Steer::More(_))]));
    let effects = event(&mut model, answered(&first, answer(vec![Outcome::Processed])));
    let (second, identities, _) = sent(&effects);
    assert_eq!(identities, [Identity::MetadataUid("u1".into())], "the driver was over before it heard of it");
    event(&mut model, answered(&second, answer(vec![Outcome::Processed])));
    assert!(model.staging.is_empty() && !model.sending.is_active());
}

#[test]
fn a_stopped_send_leaves_what_was_not_sent_staged_for_another_review() {
    let mut model = loaded(250);
    press(&mut model, "* s 3 w");
    let (confirmed, ..) = sent(&press(&mut model, "y"));
    assert_eq!(press(&mut model, "g x"), [Effect::Steer(Steer::Stop)]);
    let unsent = confirmed.iter().map(|(row, patch)| RowReport { row: *row, patch: patch.clone(), result: RowResult::Unsent });
    let progress = Progress { rows: 250, answered: 250, ..Progress::default() };
    event(&mut model, Event::Sending(SendReport { rows: unsent.collect(), progress, activity: Activity::Over(End::Stopped) }));
    assert!(notice(&model).contains("250 not sent, still staged"), "{}", notice(&model));
    press(&mut model, "w");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!(review.plan.row_count(), 250);
}

#[test]
fn an_answer_to_no_call_under_way_changes_nothing() {
    let mut model = loaded(2);
    press(&mut model, "* s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, answer(vec![Outcome::Processed; 2])));
    press(&mut model, "R");
    event(&mut model, answered(&number, Err(error(CallFailure::AccessDenied))));
    assert_eq!((model.session.trouble.clone(), model.outcomes.problem_count()), (None, 0));
    assert!(notice(&model).contains("running the query again"));
}

#[test]
fn why_a_write_was_refused_stays_on_the_screen_while_pages_arrive() {
    let mut model = connected(settings());
    page(&mut model, 0..2, More::Follows);
    press(&mut model, "* l s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, Err(error(CallFailure::AccessDenied))));
    page(&mut model, 2..4, More::Last);
    assert_eq!(model.session.trouble.as_ref().map(|trouble| trouble.failure), Some(CallFailure::AccessDenied));
    press(&mut model, "D");
    assert_eq!(model.session.trouble, None, "nothing is left that it was about");
}

#[test]
fn rows_processed_while_the_query_runs_again_stay_until_it_is_run_once_more() {
    let mut model = loaded(3);
    press(&mut model, "R s 3 w");
    let (number, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&number, answer(vec![Outcome::Processed])));
    page(&mut model, 1..3, More::Last);
    assert_eq!(model.view.rows().len(), 3);
    press(&mut model, "R");
    page(&mut model, 1..3, More::Last);
    assert_eq!(model.view.rows().len(), 2);
}

#[test]
fn a_row_read_again_by_name_is_counted_when_the_scan_delivers_it() {
    let mut model = loaded(3);
    press(&mut model, "R");
    let read = reads(&press(&mut model, "r")).remove(0);
    reread(&mut model, read, 1);
    page(&mut model, 0..3, More::Last);
    assert_eq!((model.scan.loaded, model.scan.duplicates), (3, 0));
}

#[test]
fn events_of_a_scan_that_was_stopped_change_nothing() {
    let mut model = connected(settings());
    page(&mut model, 0..3, More::Follows);
    press(&mut model, "ctrl-c");
    let scan = model.scan.id;
    event(&mut model, Event::ScanFailed(scan, CallError { operation: "GetFindingsV2", ..error(CallFailure::NoAnswer) }));
    event(&mut model, Event::ScanRestarted(scan));
    assert_eq!((model.scan.state.clone(), model.scan.loaded, model.session.trouble.clone()), (ScanState::Stopped, 3, None));
}

#[test]
fn nothing_is_sent_or_staged_from_a_terminal_too_small_to_show_it() {
    let mut model = loaded(3);
    press(&mut model, "s 3 w");
    event(&mut model, Event::Resize(79, 24));
    assert_eq!(press(&mut model, "y"), []);
    event(&mut model, Event::Resize(80, 24));
    let effects = event(&mut model, Event::Key(Key::char('y'), Arrival::Single));
    assert!(sent(&effects).1.is_empty(), "it has not been seen again");
    event(&mut model, Event::Resize(80, 23));
    press(&mut model, "q j s 4");
    assert_eq!((model.overlays.len(), model.staging.len()), (0, 1), "leaving works, deciding does not");
    event(&mut model, Event::Resize(80, 24));
    press(&mut model, "w");
    assert_eq!(sent(&press(&mut model, "y")).1.len(), 1);
}

#[test]
fn a_document_from_before_the_finding_was_read_again_is_not_shown() {
    let told = |model: &mut Model| event(model, Event::Tick);
    let asked = |effects: &[Effect]| match effects.last() {
        Some(Effect::Document(request, ..)) => *request,
        _ => RequestId(0),
    };
    let mut model = connected(settings());
    let scan = model.scan.id;
    let page = SealedPage::seal(&[document(0, 1)]);
    let old = asked(&event(&mut model, Event::Page { scan, page, more: More::Last, order: ServedOrder::AsAsked }));
    let read = reads(&press(&mut model, "r")).remove(0);
    let new = asked(&reread(&mut model, read, 4));
    assert!(new > old, "it is asked for again");
    event(&mut model, Event::Document(old, Err("old".into())));
    assert_eq!(model.documents.get(RowId(0)), None);
    event(&mut model, Event::Document(new, Err("new".into())));
    assert_eq!(model.documents.get(RowId(0)), Some(&Err("new".into())));
    assert_eq!(told(&mut model), []);
}

#[test]
fn a_paste_without_brackets_chooses_nothing_from_an_open_menu() {
    let mut model = loaded(3);
    press(&mut model, "s");
    for c in "3 findings".chars() {
        event(&mut model, Event::Key(Key::char(c), Arrival::Burst));
    }
    assert!(model.staging.is_empty());
}

#[test]
fn findings_whose_values_changed_stand_in_their_order_once_the_query_has_run_again() {
    let mut model = loaded(3);
    press(&mut model, "j R");
    let scan = model.scan.id;
    let documents = [document(0, 1), document(1, 1), document(2, 1).replace("\"severity_id\":3", "\"severity_id\":4")];
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked });
    assert_eq!(model.view.rows(), [RowId(0), RowId(2), RowId(1)]);
    assert_eq!(model.cursor.row, Some(RowId(1)));
}

/// A service that carries out some rows, refuses some, and does not say of some.
#[derive(Default)]
struct Service {
    statuses: std::collections::BTreeMap<String, i32>,
    carried_out: std::collections::BTreeSet<String>,
    waiting: std::collections::VecDeque<Effect>,
    calls: u64,
}

impl Service {
    fn takes(&mut self, effects: Vec<Effect>) {
        let asked =
            |effect: &Effect| matches!(effect, Effect::Send { .. } | Effect::Steer(_) | Effect::Reread { .. } | Effect::Scan { .. });
        self.waiting.extend(effects.into_iter().filter(asked));
    }

    fn document(&self, at: usize) -> String {
        document(at, self.statuses.get(&format!("u{at}")).copied().unwrap_or(1))
    }

    /// Answers what has waited longest, or what came last.
    fn answers(&mut self, model: &mut Model, first: bool) {
        let Some(effect) = (if first { self.waiting.pop_front() } else { self.waiting.pop_back() }) else { return };
        let effects = match effect {
            Effect::Send { ref plan, .. } => {
                self.calls += 1;
                let (confirmed, ..) = sent(std::slice::from_ref(&effect));
                let rows: Vec<&StagedRow> = plan.groups.iter().flat_map(|group| &group.rows).collect();
                let result = self.writes(&rows);
                event(model, answered(&confirmed, result))
            }
            Effect::Reread { request, identities } => {
                let documents: Vec<String> =
                    identities.iter().map(|identity| self.document(identity.shown().trim_start_matches('u').parse().unwrap())).collect();
                event(model, Event::Reread { request, asked: identities, result: Ok(SealedPage::seal(&documents)) })
            }
            Effect::Scan { scan, .. } => {
                let documents: Vec<String> = (0..30).map(|at| self.document(at)).collect();
                event(model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked })
            }
            _ => Vec::new(),
        };
        self.takes(effects);
    }

    fn writes(&mut self, rows: &[&StagedRow]) -> Result<Answer, CallError> {
        let mut outcomes = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let (applies, outcome) = match (at as u64 + self.calls) % 4 {
                0 => (false, unprocessed(RowCode::Conflict)),
                1 => (true, Outcome::Unknown { why: Arc::from("cut") }),
                2 => (false, Outcome::Unknown { why: Arc::from("cut") }),
                _ => (true, Outcome::Processed),
            };
            if applies {
                self.carried_out.insert(row.identity.shown().to_owned());
                self.statuses.extend(row.patch.status.map(|status| (row.identity.shown().to_owned(), status.0)));
            }
            outcomes.push(outcome);
        }
        if self.calls.is_multiple_of(5) { Err(error(CallFailure::NoAnswer)) } else { answer(outcomes) }
    }
}

proptest! {
    #[test]
    fn whatever_crosses_whatever_a_processed_row_was_carried_out_and_no_row_is_in_two_calls(steps in proptest::collection::vec(0_usize..24, 0..150)) {
        const KEYS: [&str; 21] =
            ["j", "k", "*", "g U", "space", "s 3", "s 4", "s 1", "w", "w", "y", "y", "esc", "u", "U", "D", "r", "R", "! R", "! r", "g x"];
        let mut model = loaded(30);
        let mut service = Service::default();
        for step in steps {
            match KEYS.get(step) {
                Some(keys) => {
                    for key in parse_keys(keys).unwrap() {
                        let effects = event(&mut model, Event::Key(key, Arrival::Single));
                        service.takes(effects);
                        event(&mut model, Event::Drawn);
                    }
                }
                None => service.answers(&mut model, step % 2 == 0),
            }
            let sends = service.waiting.iter().filter(|effect| matches!(effect, Effect::Send { .. })).count();
            prop_assert!(sends <= 1, "one send at a time");
            for row in (0..30).map(RowId) {
                let uid = model.store.identity(row).unwrap();
                if model.outcomes.get(row) == Some(&RowState::Processed) {
                    prop_assert!(service.carried_out.contains(uid.shown()), "{row:?} is shown as processed");
                }
            }
            for (row, patch) in &model.sending.rows {
                prop_assert!(model.staging.get(*row).is_some(), "{row:?} is being sent and not staged: {patch:?}");
            }
        }
        while !service.waiting.is_empty() {
            service.answers(&mut model, true);
        }
        prop_assert!(model.rereads.is_empty());
        prop_assert!(!model.sending.is_active(), "every call was answered");
        press(&mut model, "esc esc esc esc g U *");
        // Where a scan was begun anew, it asks which are meant.
        if matches!(model.overlays.last(), Some(Overlay::Menu(_))) {
            press(&mut model, "l");
        }
        for effect in press(&mut model, "r") {
            service.takes(vec![effect]);
            while !service.waiting.is_empty() {
                service.answers(&mut model, true);
            }
        }
        let unknown = |row| model.outcomes.problem(row).is_some_and(|problem| problem.kind == ProblemKind::Unknown);
        prop_assert!(!(0..30).map(RowId).any(unknown), "every unknown outcome was settled by a read");
    }
}
