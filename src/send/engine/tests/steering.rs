//! Pause, go on, stop, more rows; what holds a send and what ends it.

use super::*;
use rstest::rstest;

fn is_unsent(result: &RowResult) -> bool {
    *result == RowResult::Unsent
}

#[test]
fn a_paused_send_makes_no_call_and_goes_on_where_it_was() {
    let mut world = World::of(5_000, plain());
    world.run_until(|world| world.calls() >= 5);
    world.tell(Fact::Steered(Steer::Pause));
    world.run_until(|_| false);
    let calls = world.calls();
    assert!(calls < 25 && world.under_way.is_empty());
    assert_eq!(world.activities.last(), Some(&Activity::Paused));
    world.now += Duration::from_mins(10);
    world.tell(Fact::Steered(Steer::Resume));
    let world = world.run();
    assert_eq!((world.processed(), world.calls()), (5_000, 50));
}

#[test]
fn rows_that_were_read_before_a_long_pause_are_read_again() {
    let mut world = World::of(300, checked());
    world.run_until(|world| world.reads_made.len() == 3 && world.calls() == 1);
    world.tell(Fact::Steered(Steer::Pause));
    world.run_until(|_| false);
    world.now += Duration::from_mins(10);
    let theirs = Values { status: Some(StatusId::RESOLVED), ..new_values() };
    world.findings.insert(uid(250), theirs);
    world.tell(Fact::Steered(Steer::Resume));
    let world = world.run();
    assert_eq!(world.problem(250).kind, ProblemKind::Changed);
    assert_eq!(world.processed(), 299);
}

#[test]
fn a_stop_waits_for_the_calls_under_way_and_leaves_the_rest_unsent() {
    let mut world = World::of(5_000, plain());
    world.run_until(|world| world.under_way.len() > 4);
    let calls = world.calls();
    world.tell(Fact::Steered(Steer::Stop));
    assert_eq!(world.activities.last(), Some(&Activity::Stopping));
    let world = world.run();
    assert_eq!((world.calls(), world.end()), (calls, &End::Stopped));
    assert_eq!((world.processed(), world.count(is_unsent)), (calls * 100, 5_000 - calls * 100));
}

#[test]
fn a_stopped_send_never_says_unsent_of_what_may_have_been_carried_out() {
    let mut world = World::of(300, plain()).writes([Fate::Answered, Fate::AppliedThen(CallFailure::NoAnswer)]);
    world.run_until(|world| world.processed() == 200);
    world.tell(Fact::Steered(Steer::Stop));
    let world = world.run();
    let unknown = world.count(|result| matches!(result, RowResult::Problem(problem) if problem.kind == ProblemKind::Unknown));
    assert_eq!((world.processed(), unknown, world.count(is_unsent)), (200, 100, 0));
}

#[test]
fn more_rows_go_behind_the_others_and_none_goes_after_a_stop() {
    let mut world = World::of(500, plain());
    world.run_until(|world| world.calls() == 2);
    for row in 500..900 {
        world.findings.insert(uid(row), new_values());
    }
    world.tell(Fact::Steered(Steer::More(Plan::of(staged(500..800, &suppress())))));
    world.tell(Fact::Steered(Steer::More(Plan::of(staged(800..850, &Patch::severity(SeverityId::LOW))))));
    world.run_until(|world| world.calls() == 9);
    world.tell(Fact::Steered(Steer::Stop));
    world.tell(Fact::Steered(Steer::More(Plan::of(staged(850..900, &suppress())))));
    let world = world.run();
    assert_eq!((world.processed(), world.count(is_unsent)), (850, 50));
}

#[test]
fn a_second_change_of_a_row_waits_for_the_first_and_is_no_conflict_with_it() {
    let mut world = World::of(100, checked());
    world.run_until(|world| world.calls() == 1);
    let again = staged(0..100, &Patch::severity(SeverityId::LOW)).into_iter();
    let again = again.map(|row| StagedRow { row: RowId(row.row.0 + 1_000), ..row });
    world.tell(Fact::Steered(Steer::More(Plan::of(again))));
    let world = world.run();
    let both = new_values().after(&suppress()).after(&Patch::severity(SeverityId::LOW));
    assert!(world.findings.values().all(|values| *values == both));
    assert_eq!(world.engine.progress.processed, 200);
}

#[rstest]
#[case(CallFailure::ExpiredCredentials)]
#[case(CallFailure::MissingCredentials)]
#[case(CallFailure::ClockSkew)]
fn credentials_that_expire_hold_the_send_and_it_looks_by_itself_less_and_less_often(#[case] failure: CallFailure) {
    let mut world = World::of(1_000, plain()).writes([Fate::Answered, Fate::Fails(failure)]);
    world.described.extend(vec![Some(failure); 5]);
    world.run_until(|world| matches!(world.activities.last(), Some(Activity::Held(error)) if error.failure == failure));
    let began = world.now;
    world.run_until(|world| world.reconnects == 3);
    assert!(world.now >= began + Duration::from_secs(2 + 2 + 3), "{:?}", world.now);
    let world = world.run();
    assert_eq!((world.processed(), world.reconnects, world.end()), (1_000, 6, &End::Done));
    assert_eq!(world.engine.progress.calls, 11, "no call while it was held");
}

#[test]
fn a_held_send_looks_at_once_when_it_is_told_to_go_on() {
    let mut world = World::of(300, plain()).writes([Fate::Fails(CallFailure::ExpiredCredentials)]);
    world.described.extend(vec![Some(CallFailure::ExpiredCredentials); 10]);
    world.run_until(|world| world.reconnects == 4);
    world.described.clear();
    world.run_until(|world| world.coming.is_empty());
    let held = world.now;
    world.tell(Fact::Steered(Steer::Resume));
    world.run_until(|world| world.reconnects == 5);
    assert_eq!(world.now, held);
    assert_eq!(world.run().processed(), 300);
}

#[test]
fn a_service_out_of_reach_holds_the_send_until_it_is_back() {
    let mut world = World::of(300, plain()).writes(vec![Fate::Fails(CallFailure::Unreachable); 3]);
    world.described.extend([Some(CallFailure::Unreachable), Some(CallFailure::NoAnswer)]);
    let world = world.run();
    assert!(world.activities.iter().any(|activity| matches!(activity, Activity::Held(error) if error.failure == CallFailure::Unreachable)));
    assert_eq!((world.processed(), world.reconnects, world.calls()), (300, 3, 6));
}

#[test]
fn a_held_send_can_be_stopped() {
    let mut world = World::of(300, plain()).writes([Fate::Fails(CallFailure::ExpiredCredentials)]);
    world.described.extend(vec![Some(CallFailure::ExpiredCredentials); 100]);
    world.run_until(|world| world.reconnects == 2);
    world.tell(Fact::Steered(Steer::Stop));
    let world = world.run();
    assert_eq!((world.count(is_unsent), world.end()), (300, &End::Stopped));
}

#[test]
fn a_read_that_meets_expired_credentials_holds_the_send_too() {
    let mut world = World::of(300, checked());
    world.reads.push_back(Some(CallFailure::ExpiredCredentials));
    let world = world.run();
    assert_eq!((world.processed(), world.reconnects), (300, 1));
}

#[test]
fn nothing_is_called_once_the_journal_cannot_be_written() {
    let mut world = World::of(1_000, plain());
    world.run_until(|world| world.processed() == 100);
    let step = world.engine.next(world.now);
    let under_way = world.under_way.len();
    assert!(step.is_none() && under_way > 1);
    let withdrawn = *world.under_way.keys().next_back().unwrap();
    world.coming.retain(|_, fact| !matches!(fact, Fact::Written(call, _) if *call == withdrawn));
    let batch = world.under_way.remove(&withdrawn).unwrap();
    for identity in &batch.identities {
        world.findings.insert(identity.clone(), new_values());
    }
    world.batches.pop();
    world.tell(Fact::Withdrawn(withdrawn, "the disk is full".into()));
    let world = world.run();
    assert_eq!(world.end(), &End::Unwritable("the disk is full".into()));
    assert_eq!((world.processed(), world.count(is_unsent)), (under_way * 100, 1_000 - under_way * 100));
}

#[test]
fn a_journal_that_cannot_be_written_at_all_lets_nothing_go() {
    let mut world = World::of(100, plain());
    world.tell(Fact::Unwritable("read-only file system".into()));
    let world = world.run();
    assert_eq!((world.calls(), world.count(is_unsent)), (0, 100));
}

#[test]
fn a_send_of_nothing_is_done() {
    let mut engine = Engine::new(&Plan::default(), plain());
    assert_eq!(engine.next(Duration::ZERO), None);
    assert_eq!(engine.report().map(|report| report.activity), Some(Activity::Over(End::Done)));
}

#[test]
fn an_answer_to_a_call_that_is_not_under_way_changes_nothing() {
    let mut world = World::of(100, plain());
    world.run_until(|world| world.calls() == 1);
    let answer = Answer { outcomes: vec![Outcome::Processed; 100], request_id: None };
    world.tell(Fact::Written(CallNumber(77), Ok(answer)));
    assert_eq!(world.processed(), 0);
    assert_eq!(world.run().processed(), 100);
}

#[test]
fn a_throttled_send_says_that_it_waits_whenever_no_call_is_under_way() {
    let mut world = World::of(150, checked()).writes(vec![Fate::Fails(CallFailure::Throttled); 1_000]);
    for calls in 1..8 {
        world.run_until(|world| world.calls() == calls && world.under_way.is_empty());
        let is_throttled = |activity: &Activity| matches!(activity, Activity::Waiting(error) if error.failure == CallFailure::Throttled);
        assert!(world.activities.last().is_some_and(is_throttled), "after {calls} calls: {:?}", world.activities.last());
    }
}
