//! A service that misbehaves at random, someone else who triages the same queue, and an analyst who changes their mind.

use super::*;
use proptest::prelude::*;

/// What is wrong with the world, in parts of 100.
#[derive(Debug, Clone)]
struct Weather {
    seed: u64,
    rows: u32,
    patches: u32,
    check: ConflictCheck,
    call_trouble: u32,
    row_trouble: u32,
    read_trouble: u32,
    poison: u32,
    missing: u32,
    others: u32,
    steering: u32,
    pace: f64,
}

fn weather() -> impl Strategy<Value = Weather> {
    let check = prop_oneof![Just(ConflictCheck::Always), Just(ConflictCheck::Never), Just(ConflictCheck::UpTo(300))];
    let size = (any::<u64>(), 1_u32..700, 1_u32..4, check);
    let trouble = (0_u32..40, 0_u32..10, 0_u32..30, 0_u32..3, 0_u32..3, 0_u32..4, 0_u32..4);
    let pace = prop_oneof![Just(0.0), Just(50.0), Just(5.0)];
    (size, trouble, pace).prop_map(
        |((seed, rows, patches, check), (call_trouble, row_trouble, read_trouble, poison, missing, others, steering), pace)| Weather {
            seed,
            rows,
            patches,
            check,
            call_trouble,
            row_trouble,
            read_trouble,
            poison,
            missing,
            others,
            steering,
            pace,
        },
    )
}

/// The world's own dice.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(sides.max(1))) as u32
    }

    fn hits(&mut self, percent: u32) -> bool {
        self.roll(100) < percent
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all.get(self.roll(all.len() as u32) as usize).unwrap().clone()
    }
}

const CALLS: [Fate; 12] = [
    Fate::Fails(CallFailure::Throttled),
    Fate::Fails(CallFailure::InternalServer),
    Fate::AppliedThen(CallFailure::InternalServer),
    Fate::Fails(CallFailure::NoAnswer),
    Fate::AppliedThen(CallFailure::NoAnswer),
    Fate::AppliedThen(CallFailure::BadAnswer),
    Fate::Fails(CallFailure::Unreachable),
    Fate::Fails(CallFailure::Conflict),
    Fate::Fails(CallFailure::ExpiredCredentials),
    Fate::Fails(CallFailure::Validation),
    Fate::Fails(CallFailure::Other),
    Fate::Fails(CallFailure::ClockSkew),
];

const READS: [CallFailure; 6] = [
    CallFailure::Throttled,
    CallFailure::InternalServer,
    CallFailure::NoAnswer,
    CallFailure::Unreachable,
    CallFailure::ExpiredCredentials,
    CallFailure::Conflict,
];

fn play(weather: &Weather) -> World {
    let mut dice = Dice(weather.seed);
    let patches = [suppress(), Patch::severity(SeverityId::LOW), Patch { severity: Some(SeverityId::HIGH), ..suppress() }];
    let rows = (0..weather.rows).flat_map(|n| staged(n..n + 1, patches.get((n % weather.patches) as usize).unwrap())).collect();
    let pace = crate::send::pace::Quota { rate: weather.pace, burst: 10.0 };
    let options = Options { conflict_check: weather.check, pace, seed: weather.seed, ..plain() };
    let mut world = World::new(rows, options);
    for n in 0..weather.rows {
        if dice.hits(weather.poison) {
            world.poison.insert(uid(n));
        }
        if dice.hits(weather.missing) {
            world.findings.remove(&uid(n));
        }
        if dice.hits(weather.row_trouble) {
            let codes = [RowCode::InternalServer, RowCode::Conflict, RowCode::ResourceNotFound, RowCode::Other("New".into())];
            let code = dice.one_of(&codes);
            world.codes.insert(uid(n), vec![code; 1 + dice.roll(4) as usize].into());
        }
    }
    let mut more = weather.rows;
    for _ in 0..200_000 {
        if world.engine.is_over() {
            break;
        }
        if dice.hits(weather.others) {
            let row = uid(dice.roll(weather.rows));
            if let Some(values) = world.findings.get_mut(&row) {
                values.comment = Some(format!("someone else {}", dice.roll(10)));
            }
        }
        if dice.hits(weather.steering) {
            match dice.roll(12) {
                0 => world.tell(Fact::Steered(Steer::Stop)),
                1 | 2 => world.tell(Fact::Steered(Steer::Pause)),
                3 => {
                    for n in more..more + 30 {
                        world.findings.insert(uid(n), new_values());
                    }
                    world.tell(Fact::Steered(Steer::More(Plan::of(staged(more..more + 30, &suppress())))));
                    more += 30;
                }
                4 => world.tell(Fact::Unwritable("disk full".into())),
                _ => world.tell(Fact::Steered(Steer::Resume)),
            }
        }
        world.latency = Duration::from_millis(u64::from(1 + dice.roll(400)));
        world.writes.clear();
        for _ in 0..32 {
            let silent = Fate::Silent(vec![0, 1 + dice.roll(90) as usize]);
            let fate =
                if dice.hits(weather.call_trouble) { if dice.hits(15) { silent } else { dice.one_of(&CALLS) } } else { Fate::Answered };
            world.writes.push_back(fate);
        }
        world.reads = (0..8).map(|_| dice.hits(weather.read_trouble).then(|| dice.one_of(&READS))).collect();
        world.described = (0..4).map(|_| dice.hits(weather.call_trouble).then_some(CallFailure::ExpiredCredentials)).collect();
        let before = (world.now, world.coming.len(), world.batches.len());
        one_step(&mut world);
        let is_stuck = before == (world.now, world.coming.len(), world.batches.len()) && world.coming.is_empty();
        if is_stuck && !world.engine.is_over() {
            assert_eq!(world.engine.activity(), Activity::Paused, "only a pause waits for nothing");
            world.tell(Fact::Steered(Steer::Resume));
        }
    }
    world.run_until(|_| false);
    world
}

/// Plays to the next moment at which something happens.
fn one_step(world: &mut World) {
    let stop = std::cell::Cell::new(0);
    world.run_until(|_| {
        stop.set(stop.get() + 1);
        stop.get() > 1
    });
}

proptest! {
    #[test]
    fn every_row_ends_once_nothing_is_told_falsely_and_calls_are_bounded(weather in weather()) {
        let world = play(&weather).run();
        for (row, result) in &world.results {
            let identity = uid(row.0);
            let is_applied = world.applied.iter().any(|(applied, _)| *applied == identity);
            match result {
                RowResult::Processed | RowResult::SeenProcessed => {
                    prop_assert!(world.had.iter().any(|(had, _)| *had == identity), "{row:?} is said to be processed and never was");
                }
                RowResult::Problem(problem) => {
                    let may_be = matches!(problem.kind, ProblemKind::Unknown | ProblemKind::Changed);
                    prop_assert!(may_be || !is_applied, "{row:?} was carried out and is said to be {:?}", problem.kind);
                    prop_assert!(problem.kind != ProblemKind::Changed || problem.change.is_some());
                }
                RowResult::Unsent => prop_assert!(!is_applied, "{row:?} was carried out and is said to be unsent"),
                RowResult::Sending | RowResult::Waiting(_) => prop_assert!(false, "{row:?} has no end"),
            }
        }
        let patches = weather.patches as usize;
        let rows = world.engine.progress.rows;
        let batches = rows.div_ceil(100) + 2 * patches;
        let most = 40 * batches + 12 * world.poison.len() + 4 * world.codes.len() + 60;
        prop_assert!(world.calls() <= most, "{} calls for {rows} rows, {} of them poison", world.calls(), world.poison.len());
    }
}
