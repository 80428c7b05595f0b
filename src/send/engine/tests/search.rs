//! Rows that make a whole call fail, and patches that do.

use super::*;
use rstest::rstest;

fn is_refused(result: &RowResult) -> bool {
    matches!(result, RowResult::Problem(problem) if problem.kind == ProblemKind::Call(CallFailure::Validation))
}

#[test]
fn one_poison_row_of_a_hundred_costs_at_most_9_calls_more_wherever_it_stands() {
    for at in 0..100 {
        let world = World::of(100, plain()).poison([at]).run();
        assert!(is_refused(world.result(at)), "{at}");
        assert_eq!((world.processed(), world.end()), (99, &End::Done));
        assert!(world.calls() <= 1 + 9, "{} calls for the row at {at}", world.calls());
        assert!(world.batches.iter().any(|batch| batch.identities == [uid(at)]), "its own call shows it");
    }
}

#[rstest]
#[case(&[0, 1], 20)]
#[case(&[0, 99], 20)]
#[case(&[49, 50], 20)]
#[case(&[0, 1, 2, 3, 4], 48)]
#[case(&[95, 96, 97, 98, 99], 48)]
#[case(&[0, 24, 49, 74, 99], 48)]
#[case(&[7, 8, 50, 51, 93], 48)]
fn several_poison_rows_are_each_found_by_their_own_call(#[case] poison: &[u32], #[case] most: usize) {
    let world = World::of(100, plain()).poison(poison.iter().copied()).run();
    for &row in poison {
        assert!(is_refused(world.result(row)), "{row}");
        assert!(world.batches.iter().any(|batch| batch.identities == [uid(row)]));
    }
    assert_eq!(world.processed(), 100 - poison.len());
    assert!(world.calls() <= 1 + most, "{}", world.calls());
}

#[test]
fn the_rows_that_stand_beside_a_poison_row_are_sent_once_after_it_was_found() {
    let world = World::of(100, plain()).poison([30]).run();
    let mut accepted: Vec<&Identity> =
        world.batches.iter().filter(|batch| !batch.identities.contains(&uid(30))).flat_map(|batch| &batch.identities).collect();
    let all = accepted.len();
    accepted.sort();
    accepted.dedup();
    assert_eq!((accepted.len(), all), (99, 99));
}

#[test]
fn a_patch_that_the_service_refuses_for_every_row_makes_no_storm() {
    let world = World::of(5_000, plain()).poison(0..5_000).run();
    assert_eq!(world.count(is_refused), 5_000);
    assert_eq!(world.end(), &End::Done);
    assert!(world.calls() <= 12, "{}", world.calls());
    assert_eq!(world.most_under_way, 1, "nothing of it was accepted, so one call at a time");
}

#[test]
fn a_refused_patch_says_nothing_of_another_one() {
    let mut rows = staged(0..500, &suppress());
    rows.extend(staged(500..900, &Patch::severity(SeverityId::LOW)));
    let world = World::new(rows, plain()).poison(0..500).run();
    assert_eq!((world.count(is_refused), world.processed()), (500, 400));
}

#[test]
fn batches_wait_until_one_with_their_patch_was_accepted_and_then_go_together() {
    let world = World::of(1_000, plain()).poison([3]).run();
    assert_eq!(world.processed(), 999);
    assert!(world.calls() <= 10 + 9, "{}", world.calls());
    assert!(world.most_under_way > 5);
}

#[test]
fn many_poison_rows_are_rows_and_not_a_refused_patch() {
    let world = World::of(400, plain()).poison((0..400).filter(|n| n % 40 == 0)).run();
    assert_eq!((world.count(is_refused), world.processed()), (10, 390));
    assert!(world.calls() <= 4 + 10 * 9, "{}", world.calls());
}

#[test]
fn a_search_that_meets_other_trouble_goes_on() {
    let trouble = [
        Fate::Answered,
        Fate::Fails(CallFailure::Throttled),
        Fate::AppliedThen(CallFailure::NoAnswer),
        Fate::Fails(CallFailure::ExpiredCredentials),
        Fate::Fails(CallFailure::InternalServer),
    ];
    let world = World::of(100, plain()).poison([60]).writes(trouble).run();
    assert!(is_refused(world.result(60)));
    assert_eq!(world.processed(), 99);
    assert!(world.calls() <= 1 + 9 + 4, "{}", world.calls());
}

#[test]
fn a_patch_that_was_refused_is_tried_anew_when_it_is_sent_again() {
    let mut world = World::of(200, plain()).poison(0..200);
    world.run_until(|world| world.engine.is_over());
    assert_eq!(world.count(is_refused), 200);
    world.findings.insert(uid(300), new_values());
    world.tell(Fact::Steered(Steer::More(Plan::of(staged(300..301, &suppress())))));
    let world = world.run();
    assert_eq!(world.result(300), &RowResult::Processed);
}
