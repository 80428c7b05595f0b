//! What becomes of a row after each answer that it or its call can get.

use super::*;
use rstest::rstest;

fn is_unsent(result: &RowResult) -> bool {
    *result == RowResult::Unsent
}

#[test]
fn rows_go_out_by_the_hundred_and_all_are_processed() {
    let world = World::of(1_050, plain()).run();
    assert_eq!((world.processed(), world.calls(), world.end()), (1_050, 11, &End::Done));
    assert_eq!(world.most_under_way, 10);
}

#[rstest]
#[case(RowCode::InternalServer, 1, RowResult::Processed, 2)]
#[case(RowCode::InternalServer, 2, RowResult::Processed, 3)]
#[case(RowCode::Conflict, 2, RowResult::Processed, 3)]
#[case(RowCode::Other("New".into()), 1, RowResult::Processed, 2)]
fn a_row_whose_trouble_passes_is_processed(#[case] code: RowCode, #[case] times: usize, #[case] result: RowResult, #[case] calls: usize) {
    let world = World::of(100, plain()).code(7, vec![code; times]).run();
    assert_eq!((world.result(7), world.processed(), world.calls()), (&result, 100, calls));
}

#[rstest]
#[case(RowCode::InternalServer, 3)]
#[case(RowCode::Conflict, 3)]
#[case(RowCode::Other("New".into()), 2)]
#[case(RowCode::ResourceNotFound, 1)]
#[case(RowCode::Validation, 1)]
fn a_row_whose_trouble_stays_is_a_problem_after_so_many_tries(#[case] code: RowCode, #[case] tries: u32) {
    let world = World::of(100, plain()).code(7, vec![code.clone(); 50]).run();
    let problem = world.problem(7);
    assert_eq!((&problem.kind, problem.tries, &*problem.message), (&ProblemKind::Row(code), tries, world.problem(7).message.as_ref()));
    assert_eq!((world.processed(), world.calls()), (99, tries as usize));
    assert_eq!(problem.request_id.as_deref(), Some("r-2"));
}

#[test]
fn a_row_in_conflict_is_read_and_not_sent_again_when_someone_else_changed_it() {
    let theirs = Values { status: Some(StatusId::RESOLVED), ..new_values() };
    let world = World::of(3, plain()).code(1, [RowCode::Conflict]).set(1, theirs.clone()).run();
    let problem = world.problem(1);
    assert_eq!(problem.kind, ProblemKind::Changed);
    let change = problem.change.as_ref().unwrap();
    assert_eq!((&change.seen, &change.theirs), (&new_values(), &theirs));
    assert_eq!((world.calls(), world.processed()), (1, 2));
    assert_eq!(world.reads_made, [vec![uid(1)]]);
}

#[test]
fn a_row_in_conflict_that_has_the_values_by_now_needs_no_other_call() {
    let world = World::of(3, plain()).code(1, [RowCode::Conflict]).set(1, new_values().after(&suppress())).run();
    assert_eq!((world.result(1), world.calls()), (&RowResult::SeenProcessed, 1));
    assert_eq!(world.settled.iter().flat_map(|settled| &settled.rows).collect::<Vec<_>>(), [&(uid(1), Seen::Processed)]);
}

#[test]
fn a_row_in_neither_list_is_read_and_is_processed_when_it_shows() {
    let world = World::of(100, plain()).writes([Fate::Silent(vec![0, 99])]).run();
    assert_eq!((world.result(0), world.result(99)), (&RowResult::SeenProcessed, &RowResult::SeenProcessed));
    assert_eq!((world.calls(), world.processed()), (1, 98));
}

#[test]
fn a_row_that_is_never_mentioned_nor_carried_out_is_unknown_in_the_end() {
    let silent = || Fate::Silent(vec![0]);
    let world = World::of(1, plain()).code(0, vec![RowCode::InternalServer; 9]).writes([silent(), silent(), silent(), silent()]).run();
    assert_eq!((&world.problem(0).kind, world.calls()), (&ProblemKind::Unknown, 3));
}

#[test]
fn a_row_in_neither_list_that_is_gone_is_missing() {
    let mut world = World::of(2, plain()).writes([Fate::Silent(vec![0])]).code(0, [RowCode::ResourceNotFound]);
    world.findings.remove(&uid(0));
    let world = world.run();
    assert_eq!(world.problem(0).kind, ProblemKind::Missing);
    assert_eq!(world.settled.iter().flat_map(|settled| &settled.rows).collect::<Vec<_>>(), [&(uid(0), Seen::Missing)]);
}

#[rstest]
#[case(Fate::Fails(CallFailure::Throttled))]
#[case(Fate::Fails(CallFailure::InternalServer))]
#[case(Fate::AppliedThen(CallFailure::InternalServer))]
#[case(Fate::Fails(CallFailure::NoAnswer))]
#[case(Fate::AppliedThen(CallFailure::NoAnswer))]
#[case(Fate::AppliedThen(CallFailure::BadAnswer))]
#[case(Fate::Fails(CallFailure::Unreachable))]
#[case(Fate::Fails(CallFailure::Conflict))]
#[case(Fate::Fails(CallFailure::Other))]
#[case(Fate::Fails(CallFailure::ExpiredCredentials))]
#[case(Fate::Fails(CallFailure::MissingCredentials))]
#[case(Fate::Fails(CallFailure::ClockSkew))]
fn trouble_with_one_call_passes(#[case] fate: Fate, #[values(0, 2, 4)] at: usize) {
    let fates = std::iter::repeat_n(Fate::Answered, at).chain([fate]);
    let world = World::of(500, plain()).writes(fates).run();
    assert_eq!((world.processed(), world.calls(), world.end()), (500, 6, &End::Done));
}

#[rstest]
#[case(CallFailure::InternalServer, 24)]
#[case(CallFailure::NoAnswer, 24)]
#[case(CallFailure::BadAnswer, 24)]
#[case(CallFailure::Conflict, 12)]
#[case(CallFailure::Other, 6)]
#[case(CallFailure::Throttled, 90)]
fn a_service_that_fails_every_call_is_left_alone_after_three_calls_were_given_up(#[case] failure: CallFailure, #[case] most: usize) {
    let world = World::of(5_000, plain()).writes(vec![Fate::Fails(failure); 1_000]).run();
    assert!(matches!(world.end(), End::Refused(error) if error.failure == failure), "{:?}", world.end());
    assert!(world.calls() <= most, "{}", world.calls());
    // What may have been carried out was read, and was not.
    assert_eq!(world.count(|result| matches!(result, RowResult::Problem(problem) if problem.kind == ProblemKind::Call(failure))), 300);
    assert_eq!(world.count(is_unsent), 4_700);
}

#[test]
fn what_failed_for_good_but_was_carried_out_is_seen_and_no_problem() {
    let fates = vec![Fate::AppliedThen(CallFailure::NoAnswer); 100];
    let world = World::of(100, plain()).writes(fates).run();
    assert_eq!(world.count(|result| *result == RowResult::SeenProcessed), 100);
    assert_eq!(world.calls(), 8);
}

#[test]
fn what_nobody_can_tell_is_unknown() {
    let mut world = World::of(100, plain()).writes(vec![Fate::AppliedThen(CallFailure::NoAnswer); 100]);
    world.reads.extend(vec![Some(CallFailure::InternalServer); 100]);
    let world = world.run();
    assert_eq!(world.count(|result| matches!(result, RowResult::Problem(problem) if problem.kind == ProblemKind::Unknown)), 100);
}

#[rstest]
#[case(CallFailure::AccessDenied)]
#[case(CallFailure::NotEnabled)]
fn a_refusal_that_would_meet_every_row_ends_the_send_with_one_call(#[case] failure: CallFailure) {
    let world = World::of(1_000, plain()).writes([Fate::Fails(failure)]).run();
    assert!(matches!(world.end(), End::Refused(error) if error.failure == failure));
    assert_eq!((world.calls(), world.count(is_unsent)), (1, 900));
    assert_eq!(world.problem(0).kind, ProblemKind::Call(failure));
}

#[test]
fn a_conflict_of_the_whole_call_asks_first_whether_the_hub_is_on() {
    let mut world = World::of(300, plain()).writes([Fate::Fails(CallFailure::Conflict)]);
    world.described.push_back(Some(CallFailure::NotEnabled));
    let world = world.run();
    assert!(matches!(world.end(), End::Refused(error) if error.failure == CallFailure::NotEnabled));
    assert_eq!((world.calls(), world.looks, world.count(is_unsent)), (1, 1, 300));
}

#[test]
fn a_hub_that_is_on_is_tried_three_times_more_after_a_conflict() {
    let world = World::of(1, plain()).writes(vec![Fate::Fails(CallFailure::Conflict); 9]).run();
    assert_eq!((world.calls(), world.looks), (4, 3));
    assert_eq!(world.problem(0).kind, ProblemKind::Call(CallFailure::Conflict));
}

#[test]
fn the_check_reads_a_few_batches_ahead_and_never_all() {
    let mut world = World::of(2_000, checked());
    world.run_until(|world| world.calls() == 1);
    assert!(world.reads_made.len() <= 5, "{}", world.reads_made.len());
    let world = world.run();
    assert_eq!((world.processed(), world.calls()), (2_000, 20));
    assert_eq!(world.reads_made.len(), 20);
}

#[test]
fn the_check_finds_what_changed_what_is_done_already_and_what_is_gone() {
    let theirs = Values { comment: Some("mine".into()), ..new_values() };
    let mut world = World::of(200, checked()).set(1, theirs.clone()).set(2, new_values().after(&suppress()));
    world.findings.remove(&uid(3));
    let world = world.run();
    assert_eq!(world.problem(1).kind, ProblemKind::Changed);
    assert_eq!(world.problem(1).tries, 0);
    assert_eq!(world.problem(1).change.as_ref().unwrap().theirs, theirs);
    assert_eq!(world.result(2), &RowResult::SeenProcessed);
    assert_eq!(world.problem(3).kind, ProblemKind::Missing);
    assert_eq!((world.processed(), world.calls()), (197, 2));
    let sent: BTreeSet<&Identity> = world.batches.iter().flat_map(|batch| &batch.identities).collect();
    assert!((1..4).all(|row| !sent.contains(&uid(row))));
}

#[rstest]
#[case(CallFailure::InternalServer)]
#[case(CallFailure::BadAnswer)]
#[case(CallFailure::Validation)]
fn rows_that_could_not_be_checked_are_not_sent(#[case] failure: CallFailure) {
    let mut world = World::of(2_000, checked());
    world.reads.extend(vec![Some(failure); 1_000]);
    let world = world.run();
    assert_eq!(world.calls(), 0);
    assert!(matches!(world.end(), End::Refused(error) if error.failure == failure));
    let unchecked = world.count(|result| matches!(result, RowResult::Problem(problem) if problem.kind == ProblemKind::Call(failure)));
    assert_eq!((unchecked, world.count(is_unsent)), (300, 1_700));
    let words = world.results.values().find_map(|result| match result {
        RowResult::Problem(problem) => Some(problem.message.to_string()),
        _ => None,
    });
    assert!(words.unwrap().starts_with("not sent"));
    assert!(world.reads_made.len() <= 16, "{}", world.reads_made.len());
}

#[test]
fn a_reader_that_may_not_read_sends_nothing() {
    let mut world = World::of(500, checked());
    world.reads.push_back(Some(CallFailure::AccessDenied));
    let world = world.run();
    assert_eq!((world.calls(), world.processed()), (0, 0));
    assert!(matches!(world.end(), End::Refused(error) if error.operation == "GetFindingsV2"));
}

#[rstest]
#[case(ConflictCheck::Always, 250, 3)]
#[case(ConflictCheck::UpTo(250), 250, 3)]
#[case(ConflictCheck::UpTo(249), 250, 0)]
#[case(ConflictCheck::Never, 250, 0)]
fn the_check_covers_sends_as_configured(#[case] check: ConflictCheck, #[case] rows: u32, #[case] reads: usize) {
    let world = World::of(rows, Options { conflict_check: check, ..plain() }).run();
    assert_eq!((world.reads_made.len(), world.processed()), (reads, rows as usize));
}

#[test]
fn rows_of_many_patches_share_their_reads() {
    let rows = (0..300).flat_map(|n| {
        let comment = crate::domain::comment::Comment::new(&n.to_string(), crate::domain::comment::LineBreaks::Space).unwrap();
        staged(n..n + 1, &Patch::comment(comment))
    });
    let world = World::new(rows.collect(), checked()).run();
    assert_eq!((world.processed(), world.calls()), (300, 300));
    assert!(world.reads_made.len() <= 30, "{}", world.reads_made.len());
}

#[test]
fn the_two_kinds_of_identifier_never_share_a_call() {
    let triple = |n: u32| {
        let identifier = Identifier { account_uid: "1".into(), finding_uid: n.to_string(), product_uid: "p".into() };
        StagedRow { identity: Identity::Identifier(identifier), ..staged(n..n + 1, &suppress()).remove(0) }
    };
    let rows = (0..150).map(|n| if n % 2 == 0 { triple(n) } else { staged(n..n + 1, &suppress()).remove(0) });
    let world = World::new(rows.collect(), checked()).run();
    assert_eq!((world.processed(), world.calls()), (150, 2));
}

#[test]
fn calls_keep_to_the_pace_and_give_way_to_a_service_that_wants_fewer() {
    let world = World::of(10_000, Options { pace: crate::send::pace::Quota { rate: 10.0, burst: 30.0 }, ..plain() }).run();
    let took = world.now.as_secs_f64();
    assert!((7.0..7.4).contains(&took), "{took}");
    let slowed = World::of(1_000, plain()).writes([Fate::Answered, Fate::Fails(CallFailure::Throttled)]).run();
    assert_eq!((slowed.processed(), slowed.engine.progress.throttled, slowed.calls()), (1_000, 1, 11));
}

#[test]
fn a_send_that_ends_while_a_read_waits_to_know_whether_the_hub_is_on_still_comes_to_its_end() {
    let mut world = World::of(200, plain()).writes([Fate::Silent(vec![0]), Fate::Fails(CallFailure::AccessDenied)]);
    world.run_until(|world| world.calls() == 1);
    world.latency = Duration::from_secs(5);
    world.run_until(|world| world.calls() == 2);
    // Row 0 is looked for and meets a conflict; the second call is refused before it is known whether the hub is on.
    world.latency = Duration::from_millis(10);
    world.reads.push_back(Some(CallFailure::Conflict));
    world.run_until(|world| world.reads_made.len() == 1);
    world.latency = Duration::from_secs(10);
    world.run_until(|world| world.looks == 1);
    let world = world.run();
    assert!(matches!(world.end(), End::Refused(error) if error.failure == CallFailure::AccessDenied), "{:?}", world.end());
    assert_eq!((world.result(0), world.looks), (&RowResult::SeenProcessed, 1));
}
