//! Conflicts, findings that are gone, and fields that a policy denies: who decides, what is journaled, and that nothing goes out but through
//! the review.

use std::collections::BTreeMap;

use rstest::rstest;

use super::*;
use crate::{
    app::{journaling::JournalState, overlay::Choice},
    domain::{comment::Comment, field::Field, patch::Values},
    journal::entry::{Entry, Seen, Unstaged},
    send::report::Change,
};

fn comment(text: &str) -> Comment {
    Comment::new(text, LineBreaks::Space).unwrap()
}

fn values(status: StatusId) -> Values {
    Values { status: Some(status), severity: Some(SeverityId::MEDIUM), comment: None }
}

/// A problem of a kind on what is staged on a row; a conflict is with someone who set In Progress.
fn problem(model: &Model, row: RowId, kind: ProblemKind) -> Problem {
    let change = (kind == ProblemKind::Changed).then(|| {
        Box::new(Change {
            seen: model.store.values(row),
            theirs: Values { status: Some(StatusId::IN_PROGRESS), ..model.store.values(row) },
        })
    });
    let patch = model.staging.get(row).cloned().unwrap_or_default();
    Problem { kind, message: Arc::from("StatusId is denied"), request_id: None, patch, tries: 3, change }
}

/// Tells, as a driver would, what came of everything that is being sent: a problem of one kind for each row, by its place.
fn ends(model: &mut Model, kinds: &[ProblemKind]) {
    let rows: Vec<RowId> = model.sending.rows.keys().copied().collect();
    let rows: Vec<RowReport> = rows
        .into_iter()
        .map(|row| {
            let kind = kinds[row.index() % kinds.len()].clone();
            let problem = problem(model, row, kind);
            RowReport { row, patch: problem.patch.clone(), result: RowResult::Problem(problem) }
        })
        .collect();
    let progress = Progress { rows: rows.len(), answered: rows.len(), ..Progress::default() };
    event(model, Event::Sending(SendReport { rows, progress, activity: Activity::Over(End::Done) }));
}

fn denied() -> ProblemKind {
    ProblemKind::Call(CallFailure::AccessDenied)
}

/// Findings that were sent with these keys, each of which has this problem.
fn troubled(count: usize, keys: &str, kind: ProblemKind) -> Model {
    let mut model = loaded(count);
    press(&mut model, keys);
    press(&mut model, "w y");
    ends(&mut model, &[kind]);
    assert_eq!(model.outcomes.problem_count(), count);
    model
}

fn reads(effects: &[Effect]) -> Vec<(RequestId, Vec<Identity>)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Reread { request, identities } => Some((*request, identities.clone())),
            _ => None,
        })
        .collect()
}

/// Answers a read: each finding with a status; those of the status 0 are not there.
fn answer_read(model: &mut Model, (request, asked): (RequestId, Vec<Identity>), status: impl Fn(usize) -> i32) -> Vec<Effect> {
    let place = |identity: &Identity| identity.shown().trim_start_matches('u').parse::<usize>().unwrap();
    let documents: Vec<String> = asked.iter().map(place).filter(|&at| status(at) != 0).map(|at| document(at, status(at))).collect();
    event(model, Event::Reread { request, asked, result: Ok(SealedPage::seal(&documents)) })
}

/// The entries that an event makes the journal write.
fn journaled(model: &mut Model, keys: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    for key in parse_keys(keys).unwrap() {
        for effect in update(model, Event::Key(key, Arrival::Single), CTX) {
            if let Effect::Journal(ticket, told) = effect {
                entries.extend(told);
                update(model, Event::Journal(JournalEvent::Written(ticket, Ok(()))), CTX);
            }
        }
        update(model, Event::Drawn, CTX);
    }
    entries
}

fn plan_rows(model: &Model) -> Option<usize> {
    match model.overlays.last() {
        Some(Overlay::Review(review)) => Some(review.plan.row_count()),
        _ => None,
    }
}

#[test]
fn what_someone_else_changed_goes_out_only_once_it_was_decided_and_reviewed() {
    let mut model = troubled(2, "* s 3", ProblemKind::Changed);
    assert_eq!(model.store.values(RowId(0)).status, Some(StatusId::IN_PROGRESS), "the row shows what is there now");
    press(&mut model, "w");
    assert!(model.overlays.is_empty() && notice(&model).contains("! lists what is to decide"), "{}", notice(&model));
    assert_eq!(press(&mut model, "! R"), [], "retrying all sends no conflict");
    let entries = journaled(&mut model, "j m");
    let [Entry::Staged(groups)] = entries.as_slice() else { unreachable!("{entries:?}") };
    assert_eq!(groups[0].rows[0].values.status, Some(StatusId::IN_PROGRESS), "it was decided knowing theirs");
    assert_eq!((model.outcomes.problem_count(), model.staging.len()), (1, 2));
    press(&mut model, "esc w");
    assert_eq!(plan_rows(&model), Some(1), "the other one waits for its decision");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!((review.undecided, review.plan.groups[0].rows[0].now.status), (1, Some(StatusId::IN_PROGRESS)));
    let (rows, ..) = sent(&press(&mut model, "y"));
    assert_eq!(rows, [(RowId(0), Patch::status(StatusId::SUPPRESSED))]);
}

#[test]
fn keeping_theirs_drops_the_change_says_why_in_the_journal_and_can_be_undone() {
    let mut model = troubled(3, "* s 3", ProblemKind::Changed);
    let entries = journaled(&mut model, "! t");
    let [Entry::Unstaged { rows, why: Unstaged::TheirsKept }] = entries.as_slice() else { unreachable!("{entries:?}") };
    assert_eq!(rows.len(), 3, "on the heading it is for all of them");
    assert!(model.staging.is_empty() && model.overlays.is_empty());
    assert_eq!((model.outcomes.problem_count(), model.store.values(RowId(1)).status), (0, Some(StatusId::IN_PROGRESS)));
    press(&mut model, "u");
    assert_eq!((model.staging.len(), model.outcomes.problem_count()), (3, 3), "it is to be decided again");
}

#[rstest]
#[case("! m", "someone else changed; this is none")]
#[case("! t", "someone else changed; this is none")]
#[case("! o", "that your policy denies; this is none")]
fn a_decision_that_is_not_asked_for_changes_nothing(#[case] keys: &str, #[case] says: &str) {
    let mut model = troubled(2, "* s 3", ProblemKind::Row(RowCode::Validation));
    let before = (model.staging.clone(), model.outcomes.clone());
    assert_eq!(press(&mut model, keys), []);
    assert!(notice(&model).contains(says), "{}", notice(&model));
    assert_eq!((model.staging.clone(), model.outcomes.clone()), before);
}

/// What a conflict is once the finding has been read again.
#[rstest]
#[case(1, None)]
#[case(3, None)]
#[case(4, Some(ProblemKind::Changed))]
#[case(0, Some(ProblemKind::Missing))]
fn a_conflict_is_read_again_and_not_sent_by_r(#[case] status: i32, #[case] becomes: Option<ProblemKind>) {
    let mut model = troubled(1, "s 3", ProblemKind::Changed);
    let read = reads(&press(&mut model, "! r")).remove(0);
    answer_read(&mut model, read, |_| status);
    assert_eq!(model.outcomes.problem(RowId(0)).map(|problem| problem.kind.clone()), becomes);
    assert_eq!(model.staging.len(), 1);
    if let Some(change) = model.outcomes.problem(RowId(0)).and_then(|problem| problem.change.clone()) {
        assert_eq!((change.seen.status, change.theirs.status), (Some(StatusId::NEW), Some(StatusId::RESOLVED)));
    }
}

#[rstest]
#[case(1, None)]
#[case(2, Some(ProblemKind::Changed))]
#[case(0, Some(ProblemKind::Missing))]
fn a_missing_finding_is_read_again_and_is_a_plain_change_only_as_it_was(#[case] status: i32, #[case] becomes: Option<ProblemKind>) {
    let mut model = troubled(1, "s 3", ProblemKind::Missing);
    let read = reads(&press(&mut model, "! r")).remove(0);
    answer_read(&mut model, read, |_| status);
    assert_eq!(model.outcomes.problem(RowId(0)).map(|problem| problem.kind.clone()), becomes);
    assert_eq!((model.staging.len(), model.overlays.is_empty()), (1, false));
    if becomes.is_some() {
        press(&mut model, "D");
        assert_eq!((model.staging.len(), model.outcomes.problem_count()), (0, 0));
    }
}

#[test]
fn a_conflict_or_a_missing_finding_is_read_again_in_a_read_only_session_too() {
    let mut model = troubled(1, "s 3", ProblemKind::Missing);
    model.settings.access = Access::ReadOnly;
    model.journal.state = JournalState::Off;
    assert_eq!(reads(&press(&mut model, "! r")).len(), 1);
}

#[test]
fn a_denied_field_is_left_out_only_when_asked_and_only_where_something_else_is_left() {
    let mut model = loaded(3);
    press(&mut model, "* s 3");
    model.staging.stage(&[RowId(0), RowId(1)], &Patch::comment(comment("why")));
    model.staging.stage(&[RowId(0)], &Patch::severity(SeverityId::LOW));
    event(&mut model, Event::Tick);
    press(&mut model, "w y");
    ends(&mut model, &[denied()]);
    press(&mut model, "! o");
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { unreachable!("the menu is open") };
    let offered: Vec<(Choice, &str)> = menu.items.iter().map(|item| (item.choice, item.caption.as_str())).collect();
    assert_eq!(
        offered,
        [
            (Choice::Without(Field::Status), "status, which 2 set among others"),
            (Choice::Without(Field::Severity), "severity, which 1 set among others"),
            (Choice::Without(Field::Comment), "comment, which 2 set among others"),
        ]
    );
    assert_eq!(menu.cursor, 0, "the service names StatusId");
    let entries = journaled(&mut model, "enter");
    let [Entry::Staged(groups)] = entries.as_slice() else { unreachable!("{entries:?}") };
    assert!(groups.iter().all(|group| group.patch.status.is_none()), "{groups:?}");
    assert!(notice(&model).contains("2 changes staged without the status; 1 stay as they are"), "{}", notice(&model));
    assert_eq!(plan_rows(&model), Some(3), "the review is open, nothing was sent");
    assert_eq!(model.staging.get(RowId(2)), Some(&Patch::status(StatusId::SUPPRESSED)));
    assert_eq!(model.outcomes.problem_count(), 1);
    press(&mut model, "esc u");
    assert_eq!(model.staging.get(RowId(1)), Some(&Patch { comment: Some(comment("why")), ..Patch::status(StatusId::SUPPRESSED) }));
}

#[test]
fn where_one_field_is_all_there_is_it_is_said_that_nothing_would_be_left() {
    let mut model = troubled(2, "* s 3", denied());
    assert_eq!(press(&mut model, "! o"), []);
    assert!(notice(&model).contains("nothing would be left; D drops them"), "{}", notice(&model));
    assert!(matches!(model.overlays.last(), Some(Overlay::Problems(_))));
    assert_eq!(model.staging.len(), 2);
}

#[test]
fn a_check_reads_in_hundreds_sends_nothing_and_shows_the_review_anew_with_what_changed() {
    let mut model = loaded(350);
    press(&mut model, "* s 3 w");
    let effects = press(&mut model, "t");
    assert!(sent(&effects).0.is_empty());
    let asked = reads(&effects);
    assert_eq!(asked.iter().map(|(_, asked)| asked.len()).collect::<Vec<_>>(), [100, 100, 100, 50]);
    assert_eq!(press(&mut model, "t"), [], "one at a time");
    for (at, read) in asked.into_iter().enumerate() {
        assert_eq!(model.pass.as_ref().map(|pass| (pass.read, pass.rows)), Some((at * 100, 350)));
        // 7 is in progress by now, 9 has the value already, 11 is not there any more.
        answer_read(&mut model, read, |at| match at {
            7 => 2,
            9 => 3,
            11 => 0,
            _ => 1,
        });
    }
    assert_eq!(model.pass, None);
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    assert_eq!(review.trigger, Trigger::Locked, "it has not been seen as it is now");
    let checked = review.checked.clone().unwrap();
    assert_eq!((checked.rows, checked.missing, checked.unread, checked.changed.len()), (350, 1, 0, 2));
    assert_eq!(review.plan.already_there.len(), 1);
    assert!(notice(&model).contains("nothing was sent: 2 have changed"), "{}", notice(&model));
    let effects = event(&mut model, Event::Key(Key::char('y'), Arrival::Single));
    assert!(sent(&effects).0.is_empty());
    event(&mut model, Event::Drawn);
    press(&mut model, "enter j");
    let Some(Overlay::Review(review)) = model.overlays.last() else { unreachable!("the review is open") };
    let first = review.row(review.entries()[review.cursor]).unwrap();
    assert_eq!(model.store.identity(first), Some(Identity::MetadataUid("u7".into())), "what changed stands first");
    assert_eq!(review.was(first).and_then(|was| was.status), Some(StatusId::NEW));
    assert_eq!(sent(&press(&mut model, "y")).0.len(), 349);
}

#[test]
fn a_check_that_cannot_read_says_so_and_keeps_the_review() {
    let mut model = loaded(2);
    press(&mut model, "* s 3 w");
    let (request, asked) = reads(&press(&mut model, "t")).remove(0);
    event(&mut model, Event::Reread { request, asked, result: Err(error(CallFailure::Unreachable)) });
    assert!(notice(&model).contains("2 could not be read"), "{}", notice(&model));
    assert_eq!(plan_rows(&model), Some(2));
}

#[test]
fn a_check_whose_review_was_left_changes_nothing_but_the_rows() {
    let mut model = loaded(2);
    press(&mut model, "* s 3 w");
    let read = reads(&press(&mut model, "t")).remove(0);
    press(&mut model, "esc");
    answer_read(&mut model, read, |_| 2);
    assert!(model.overlays.is_empty() && model.pass.is_none());
    assert_eq!(model.store.values(RowId(0)).status, Some(StatusId::IN_PROGRESS));
}

#[test]
fn rows_of_a_plan_are_staged_and_those_that_changed_since_are_conflicts() {
    let mut model = Model::new(settings(), Query::open(), 120, 40, CTX.now);
    let new = values(StatusId::NEW);
    let rows = (0..4).map(|at| (Identity::MetadataUid(format!("u{at}")), new.clone(), Patch::status(StatusId::SUPPRESSED)));
    model.opened_plan = Some(crate::app::plan_file::Opened {
        file: "plan.json".into(),
        hub: crate::journal::hub_key::HubKey::new(Some("222233334444"), "eu-west-1", None),
        rows: rows.collect(),
    });
    event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    event(&mut model, Event::Caller(Ok(Caller { account: "222233334444".into(), arn: "arn".into() })));
    let effects = event(&mut model, Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new())));
    let read = reads(&effects).remove(0);
    assert_eq!((read.1.len(), model.staging.len(), model.view.rows().len()), (4, 0, 4), "nothing is staged that was not read");
    // 0 has another severity than the plan saw, 2 is in progress, 3 is gone.
    answer_read(&mut model, read, |at| [1, 1, 2, 0][at]);
    assert_eq!(model.staging.len(), 3);
    let kinds: Vec<_> = model.outcomes.problems().into_iter().map(|(row, problem)| (row, problem.kind.clone())).collect();
    assert_eq!(kinds, [(RowId(0), ProblemKind::Changed), (RowId(2), ProblemKind::Changed)]);
    assert!(
        notice(&model).contains("2 were changed since it was made") && notice(&model).contains("1 could not be read"),
        "{}",
        notice(&model)
    );
    assert_eq!(plan_rows(&model), Some(1), "the review opened by itself");
    let effects = press(&mut model, "y");
    assert!(sent(&effects).0.is_empty() && notice(&model).contains("opened by itself"), "a key of the table must not send");
    assert_eq!(sent(&press(&mut model, "y")).0, [(RowId(1), Patch::status(StatusId::SUPPRESSED))]);
}

#[test]
fn a_plan_for_another_hub_stages_nothing() {
    let mut model = loaded(1);
    model.opened_plan = Some(crate::app::plan_file::Opened {
        file: "plan.json".into(),
        hub: crate::journal::hub_key::HubKey::new(Some("999900001111"), "eu-west-1", None),
        rows: vec![(Identity::MetadataUid("u0".into()), Values::default(), Patch::status(StatusId::SUPPRESSED))],
    });
    assert_eq!(event(&mut model, Event::Tick), []);
    assert!(model.staging.is_empty() && model.opened_plan.is_none());
    assert!(notice(&model).contains("nothing of it was staged"), "{}", notice(&model));
}

#[test]
fn a_review_is_saved_as_a_plan_with_the_values_it_shows_and_without_what_was_excluded() {
    let mut model = loaded(2);
    model.settings.access = Access::ReadOnly;
    press(&mut model, "* s 3 w enter j space x");
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else { unreachable!("a name is asked for") };
    assert!(prompt.text().starts_with("hubtriage-plan-2026"), "{}", prompt.text());
    press(&mut model, "ctrl-u");
    type_text(&mut model, "mine.json");
    let effects = press(&mut model, "enter");
    let [Effect::SavePlan(plan)] = effects.as_slice() else { unreachable!("{effects:?}") };
    assert_eq!((plan.file.as_str(), plan.groups.len(), plan.groups[0].rows.len()), ("mine.json", 1, 1));
    let row = &plan.groups[0].rows[0];
    assert_eq!((row.title.as_str(), row.values.status), ("finding 1", Some(StatusId::NEW)));
    event(&mut model, Event::PlanSaved(Err("mine.json is there already".into())));
    assert!(notice(&model).contains("nothing was saved: mine.json"));
    assert_eq!((plan_rows(&model), model.staging.len()), (Some(2), 2), "everything stays staged");
}

/// What is staged, as whoever reads the journal would put it together: entries of the application, and what a driver would write.
#[derive(Default)]
struct Replay {
    staged: BTreeMap<Identity, Patch>,
    entries: usize,
}

impl Replay {
    fn take(&mut self, entry: &Entry) {
        self.entries += 1;
        match entry {
            Entry::Staged(groups) => {
                for group in groups {
                    self.staged.extend(group.rows.iter().map(|row| (row.identity.clone(), group.patch.clone())));
                }
            }
            Entry::Unstaged { rows, .. } => rows.iter().for_each(|row| drop(self.staged.remove(row))),
            Entry::Settled { patch, rows, .. } => {
                for (row, _) in rows.iter().filter(|(_, seen)| *seen == Seen::Processed) {
                    self.processed(row, patch);
                }
            }
            other => unreachable!("the application does not write {other:?}"),
        }
    }

    fn processed(&mut self, row: &Identity, patch: &Patch) {
        if let Some(staged) = self.staged.get_mut(row) {
            *staged = staged.without(patch);
            if staged.is_empty() {
                self.staged.remove(row);
            }
        }
    }
}

/// A service with every kind of problem, whose values someone else changes now and then.
#[derive(Default)]
struct World {
    replay: Replay,
    waiting: std::collections::VecDeque<Effect>,
    turn: usize,
}

impl World {
    fn happens(&mut self, model: &mut Model, event: Event) {
        let effects = update(model, event, CTX);
        self.takes(model, effects);
    }

    fn takes(&mut self, model: &mut Model, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Journal(ticket, entries) => {
                    for entry in &entries {
                        self.replay.take(entry);
                    }
                    self.happens(model, Event::Journal(JournalEvent::Written(ticket, Ok(()))));
                }
                Effect::Reread { .. } | Effect::Send { .. } => self.waiting.push_back(effect),
                _ => {}
            }
        }
    }

    /// Answers what has waited longest.
    fn answers(&mut self, model: &mut Model) {
        self.turn += 1;
        let turn = self.turn;
        match self.waiting.pop_front() {
            Some(Effect::Reread { request, identities }) => {
                let place = |identity: &Identity| identity.shown().trim_start_matches('u').parse::<usize>().unwrap();
                let there = identities.iter().map(place).filter(|at| !(at + turn).is_multiple_of(5));
                let documents: Vec<String> = there.map(|at| document(at, [1, 2, 3][(at + turn) % 3])).collect();
                let result = if turn.is_multiple_of(7) { Err(error(CallFailure::NoAnswer)) } else { Ok(SealedPage::seal(&documents)) };
                self.happens(model, Event::Reread { request, asked: identities, result });
            }
            Some(Effect::Send { plan, .. }) => {
                let rows: Vec<RowReport> = plan
                    .groups
                    .iter()
                    .flat_map(|group| &group.rows)
                    .map(|row| {
                        let result = match (row.row.index() + turn) % 5 {
                            0 => {
                                self.replay.processed(&row.identity, &row.patch);
                                RowResult::Processed
                            }
                            at => {
                                let kinds = [ProblemKind::Changed, ProblemKind::Missing, denied(), ProblemKind::Unknown];
                                RowResult::Problem(problem(model, row.row, kinds[at - 1].clone()))
                            }
                        };
                        RowReport { row: row.row, patch: row.patch.clone(), result }
                    })
                    .collect();
                let progress = Progress { rows: rows.len(), answered: rows.len(), ..Progress::default() };
                self.happens(model, Event::Sending(SendReport { rows, progress, activity: Activity::Over(End::Done) }));
            }
            _ => {}
        }
    }

    fn is_sound(&self, model: &Model) -> Result<(), TestCaseError> {
        let staged: BTreeMap<Identity, Patch> =
            model.staging.iter().map(|(row, patch)| (model.store.identity(row).unwrap(), patch.clone())).collect();
        prop_assert_eq!(&staged, &self.replay.staged, "the journal says something else");
        let problems = model.outcomes.problems();
        prop_assert_eq!(problems.len(), model.outcomes.problem_count());
        for (row, problem) in problems {
            if problem.kind == ProblemKind::Changed {
                prop_assert!(problem.change.is_some(), "a conflict that cannot be told");
                prop_assert!(model.staging.get(row).is_some(), "{row:?} has a conflict with nothing");
                prop_assert!(!model.sending.rows.contains_key(&row), "{row:?} is undecided and being sent");
            }
        }
        match model.overlays.last() {
            Some(Overlay::Problems(panel)) => prop_assert!(panel.cursor <= model.problem_entries().len()),
            Some(Overlay::Review(review)) => prop_assert!(review.cursor <= review.entries().len()),
            _ => {}
        }
        for effect in &self.waiting {
            if let Effect::Send { plan, .. } = effect {
                let undecided = |row: &crate::send::plan::StagedRow| {
                    model.outcomes.problem(row.row).is_some_and(|problem| problem.kind == ProblemKind::Changed)
                };
                prop_assert!(!plan.groups.iter().flat_map(|group| &group.rows).any(undecided));
            }
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn any_keys_over_conflicts_missing_and_denied_findings_leave_it_sound_and_the_journal_knows_what_is_staged(
        steps in proptest::collection::vec(0_usize..40, 0..160),
    ) {
        const KEYS: [&str; 32] = [
            "j", "k", "*", "g U", "space", "s 3", "s 4", "S 2", "w", "w y", "y", "esc", "esc", "u", "U", "D", "r", "! m", "! t", "! o", "! o enter",
            "! j m", "! j t", "! j r", "! j D", "! G o enter", "! G j m", "! R", "! r", "w t", "t", "enter",
        ];
        let mut model = loaded(12);
        let mut world = World::default();
        model.staging.stage(&(0..8).map(RowId).collect::<Vec<_>>(), &Patch { comment: Some(comment("why")), ..Patch::status(StatusId::SUPPRESSED) });
        world.happens(&mut model, Event::Tick);
        for key in parse_keys("w y").unwrap() {
            world.happens(&mut model, Event::Key(key, Arrival::Single));
            world.happens(&mut model, Event::Drawn);
        }
        world.answers(&mut model);
        world.is_sound(&model)?;
        for step in steps {
            match KEYS.get(step) {
                Some(keys) => {
                    for key in parse_keys(keys).unwrap() {
                        world.happens(&mut model, Event::Key(key, Arrival::Single));
                        world.happens(&mut model, Event::Drawn);
                    }
                }
                None => world.answers(&mut model),
            }
            world.is_sound(&model)?;
        }
        prop_assert!(world.replay.entries > 0);
    }
}
