//! Recipes: picking one, what it would do, what it asks for, and its own guard rails.

use super::*;
use crate::{
    app::{prompt::PromptPurpose, recipes::Outlook},
    domain::{
        guard_rail::GuardRails,
        profile::{Content, FilterProfile, Layer, ProfileName, Source},
        recipe::Recipe,
        template::Variable,
    },
    storage::config::Config,
};

const RECIPES: &str = r#"
    [recipes.accept]
    status = "suppressed"
    comment = "accepted, {ticket}"
    [recipes.fixed]
    key = "x"
    status = "resolved"
    [recipes.note]
    comment = "{title}: looked at"
    append = true
    [recipes.lower]
    severity = "low"
    guard_rails = { no_downgrade_of_critical = true, most_rows = 3 }
    [recipes.named]
    comment = "{user} {control}"
"#;

fn recipes(text: &str) -> Vec<Recipe> {
    Config::parse(text.as_bytes()).unwrap().recipes
}

/// `count` findings, the first of them Critical.
fn offered(count: usize) -> Model {
    let mut model = connected(Settings { recipes: recipes(RECIPES), ..settings() });
    let mut documents: Vec<String> = (0..count).map(|at| document(at, 1)).collect();
    if let Some(first) = documents.first_mut() {
        *first = first.replace("\"severity_id\":4", "\"severity_id\":5");
    }
    let scan = model.scan.id;
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked });
    model
}

fn outlook(model: &Model) -> &Outlook {
    match model.overlays.last() {
        Some(Overlay::Recipes(picker)) => &picker.outlook,
        _ => unreachable!("the picker is open"),
    }
}

fn asks(model: &Model) -> Option<Variable> {
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => match prompt.purpose {
            PromptPurpose::Variable(variable) => Some(variable),
            _ => None,
        },
        _ => None,
    }
}

fn staged(model: &Model, row: u32) -> Option<&Patch> {
    model.staging.get(RowId(row))
}

fn comment(model: &Model, row: u32) -> Option<&str> {
    staged(model, row)?.comment.as_ref().map(crate::domain::comment::Comment::as_str)
}

#[test]
fn a_letter_a_digit_or_enter_stages_a_recipe_and_the_notice_names_it() {
    for keys in ["a x", "a 2", "a j enter", "a G k k k enter"] {
        let mut model = offered(3);
        press(&mut model, keys);
        assert_eq!(staged(&model, 0), Some(&Patch::status(StatusId::RESOLVED)), "{keys}");
        assert_eq!((model.overlays.len(), notice(&model)), (0, "staged fixed on 1 finding; w reviews, u undoes"), "{keys}");
        assert_eq!(model.deciding.last.as_ref().unwrap().recipe.as_ref().unwrap().as_str(), "fixed");
    }
    let mut model = offered(3);
    press(&mut model, "a 9");
    assert_eq!((model.overlays.len(), notice(&model)), (1, "there is no recipe 9: 5 can be picked"));
    press(&mut model, "z");
    assert_eq!((model.overlays.len(), notice(&model)), (1, "z does nothing here; ? shows the keys"));
    event(&mut model, Event::Key(Key::char('x'), Arrival::Burst));
    assert!(model.staging.is_empty(), "a pasted letter picks nothing");
    press(&mut model, "esc");
    assert!(model.overlays.is_empty() && model.staging.is_empty());
}

#[test]
fn it_is_for_the_marks_and_in_the_detail_for_the_finding_that_is_open() {
    let mut model = offered(4);
    press(&mut model, "space space a x");
    assert_eq!(model.staging.iter().map(|(row, _)| row.0).collect::<Vec<_>>(), [0, 1]);
    let mut model = offered(4);
    press(&mut model, "space j enter a x");
    assert_eq!(model.staging.iter().map(|(row, _)| row.0).collect::<Vec<_>>(), [2]);
    assert!(matches!(model.overlays.as_slice(), [Overlay::Detail(_)]));
}

#[test]
fn the_ticket_is_asked_once_a_session_and_repeating_asks_nothing() {
    let mut model = offered(4);
    press(&mut model, "a a");
    assert_eq!(asks(&model), Some(Variable::Ticket));
    assert!(model.staging.is_empty());
    press(&mut model, "space enter");
    assert_eq!(asks(&model), Some(Variable::Ticket), "a blank answer is refused");
    press(&mut model, "ctrl-u");
    event(&mut model, Event::Paste(" PAY-\u{1b}\u{202e}1182\n".into()));
    press(&mut model, "enter");
    assert_eq!(comment(&model, 0), Some("accepted, PAY-1182"));
    assert_eq!(notice(&model), "staged accept on 1 finding; w reviews, u undoes");
    press(&mut model, "j .");
    press(&mut model, "j a a");
    assert_eq!([1, 2].map(|row| comment(&model, row)), [Some("accepted, PAY-1182"); 2]);
    assert!(model.overlays.is_empty());
}

#[test]
fn what_is_not_answered_is_not_staged() {
    let mut model = offered(4);
    press(&mut model, "a a");
    type_text(&mut model, "PAY");
    press(&mut model, "esc");
    assert_eq!(notice(&model), "nothing was staged: {ticket} was not answered");
    assert!(model.staging.is_empty() && model.overlays.is_empty() && model.deciding.waiting.is_none());
    assert!(model.deciding.answers.is_empty() && model.deciding.last.is_none());
    press(&mut model, "a a");
    type_text(&mut model, &"x".repeat(201));
    press(&mut model, "enter");
    assert_eq!(asks(&model), Some(Variable::Ticket), "longer than leaves room for a comment");
    press(&mut model, "end ctrl-u backspace");
    assert!(model.overlays.is_empty() && model.deciding.waiting.is_none(), "a backspace in an empty line leaves it too");
}

#[test]
fn who_is_acting_is_asked_only_where_nobody_says_so() {
    let mut model = offered(2);
    press(&mut model, "a m");
    assert_eq!((asks(&model), notice(&model)), (None, "nothing was staged: no {control}"));
    model.session.caller = None;
    press(&mut model, "a m");
    assert_eq!(asks(&model), Some(Variable::User));
}

#[test]
fn an_answer_is_changed_from_the_picker_and_the_outlook_follows() {
    let mut model = offered(2);
    press(&mut model, "a");
    assert_eq!(outlook(&model).answers, [(Variable::Ticket, None)]);
    assert_eq!(outlook(&model).comment.as_deref(), Some("accepted, {ticket}"), "it stands for itself until it is known");
    press(&mut model, "=");
    type_text(&mut model, "A-1");
    press(&mut model, "enter");
    assert_eq!(outlook(&model).answers, [(Variable::Ticket, Some("A-1".to_owned()))]);
    assert_eq!(outlook(&model).comment.as_deref(), Some("accepted, A-1"));
    press(&mut model, "= ctrl-u");
    type_text(&mut model, "B-2");
    press(&mut model, "esc");
    assert_eq!(outlook(&model).comment.as_deref(), Some("accepted, A-1"), "given up: as it was");
    press(&mut model, "j =");
    assert_eq!(notice(&model), "this recipe asks for nothing");
    press(&mut model, "k enter");
    assert_eq!(comment(&model, 0), Some("accepted, A-1"));
}

#[test]
fn the_outlook_says_what_staging_and_the_review_come_to() {
    for (keys, count) in [("a x", 250), ("a n", 7), ("a l", 3), ("a x", 1)] {
        let mut model = offered(count);
        model.store.apply(RowId(0), &Patch::status(StatusId::RESOLVED));
        press(&mut model, "*");
        let at = RECIPES.matches("[recipes.").count();
        let mut found = None;
        press(&mut model, "a");
        let letter = keys.chars().last().unwrap();
        for _ in 0..at {
            let Some(Overlay::Recipes(picker)) = model.overlays.last() else { unreachable!("the picker is open") };
            if picker.offers().get(picker.cursor).unwrap().letter == Some(letter) {
                found = Some(picker.outlook.clone());
                break;
            }
            press(&mut model, "j");
        }
        let looked = found.unwrap();
        press(&mut model, "enter");
        assert_eq!(model.staging.len(), looked.rows, "{keys} {count}");
        press(&mut model, "w");
        let plan = match model.overlays.last() {
            Some(Overlay::Review(review)) => review.plan.clone(),
            _ => crate::send::plan::Plan::default(),
        };
        assert_eq!(plan.already_there.len(), looked.already, "{keys} {count}");
        assert_eq!((plan.row_count(), plan.batches().len()), (looked.rows - looked.already, looked.calls), "{keys} {count}");
        let comments: std::collections::BTreeSet<_> = plan.groups.iter().filter_map(|group| group.patch.comment.clone()).collect();
        assert_eq!(comments.len(), looked.comments, "{keys} {count}");
    }
}

#[test]
fn the_outlook_counts_what_changes_what_is_replaced_and_what_is_left_alone() {
    let mut model = offered(5);
    model.store.apply(RowId(1), &Patch { comment: Some(said("old")), ..Patch::status(StatusId::RESOLVED) });
    model.staging.stage(&[RowId(2)], &Patch::comment(said("staged")));
    press(&mut model, "* a j");
    let expected = [(Some(StatusId::NEW), 4)].into();
    assert_eq!((&outlook(&model).statuses, outlook(&model).already, outlook(&model).calls), (&expected, 1, 2));
    press(&mut model, "j");
    let looked = outlook(&model).clone();
    assert_eq!((looked.rows, looked.comments, looked.calls, looked.commented), (5, 5, 5, 1));
    assert_eq!(looked.comment.as_deref(), Some("finding 0: looked at"));
    press(&mut model, "enter");
    assert_eq!([1, 2].map(|row| comment(&model, row)), [Some("old | finding 1: looked at"), Some("staged | finding 2: looked at")]);
    press(&mut model, "a j j j");
    let looked = outlook(&model).clone();
    assert_eq!(looked.left, [("Critical must not be lowered, says the recipe".to_owned(), 1)]);
    assert_eq!(looked.refused.as_deref(), Some("lower is for at most 3 findings at once, these are 4"));
    press(&mut model, "j");
    assert_eq!(outlook(&model).left, [("no {control}".to_owned(), 5)]);
}

fn said(text: &str) -> crate::domain::comment::Comment {
    crate::domain::comment::Comment::new(text, LineBreaks::Space).unwrap()
}

#[test]
fn a_recipes_own_guard_rails_leave_rows_alone_and_too_many_are_refused() {
    let mut model = offered(5);
    press(&mut model, "* a l");
    assert_eq!(notice(&model), "nothing was staged: lower is for at most 3 findings at once, these are 4");
    assert!(model.staging.is_empty() && model.deciding.last.is_none());
    press(&mut model, "G space a l");
    assert_eq!(
        notice(&model),
        "staged lower on 3 findings; 1 finding: Critical must not be lowered, says the recipe, left alone; w reviews, u undoes"
    );
    assert_eq!(staged(&model, 0), None);
    press(&mut model, "g g g U .");
    assert_eq!(notice(&model), "nothing was staged: Critical must not be lowered, says the recipe");
}

#[test]
fn a_comment_that_is_staged_already_is_one_for_the_recipes_guard_rail() {
    let mut model = offered(3);
    model.settings.recipes = recipes("[recipes.bare]\nstatus = \"suppressed\"\nguard_rails.comment_to_suppress = true");
    model.staging.stage(&[RowId(1)], &Patch::comment(said("why")));
    press(&mut model, "a b");
    assert_eq!(notice(&model), "nothing was staged: suppressing needs a comment, says the recipe");
    press(&mut model, "j a b");
    assert_eq!(staged(&model, 1).unwrap().status, Some(StatusId::SUPPRESSED));
}

#[test]
fn recipes_of_the_filter_profile_stand_first_and_their_guard_rails_outlast_it() {
    let mut model = offered(3);
    let own = recipes(
        "[recipes.payments-only]\nstatus = \"new\"\n[recipes.lower]\nkey = \"q\"\nseverity = \"low\"\n[recipes.few]\nseverity = \"low\"\nguard_rails.most_rows = 1",
    );
    let content = Content { recipes: own, ..Content::default() };
    let before = model.profiles.present.clone();
    model.profiles.present = FilterProfile::of(ProfileName::new("payments").unwrap(), vec![Layer { source: Source::built_in(), content }]);
    let names: Vec<&str> = model.recipes().iter().map(|recipe| recipe.name.as_str()).collect();
    assert_eq!(names, ["payments-only", "lower", "few", "accept", "fixed", "note", "named"]);
    assert_eq!(model.recipes().get(1).unwrap().rails, GuardRails::default(), "it takes the place of the one of its name");
    press(&mut model, "a q");
    assert_eq!(staged(&model, 0), Some(&Patch::severity(SeverityId::LOW)));
    press(&mut model, "j a 3");
    model.profiles.present = before;
    press(&mut model, "* .");
    assert_eq!(notice(&model), "nothing was staged: few is for at most 1 finding at once, these are 3");
}

#[test]
fn without_recipes_the_picker_says_so_and_stages_nothing() {
    let mut model = loaded(2);
    assert!(!model.has_recipes());
    press(&mut model, "a");
    assert!(matches!(model.overlays.last(), Some(Overlay::Recipes(picker)) if picker.recipes.is_empty()));
    press(&mut model, "j 1 = enter");
    assert!(model.staging.is_empty() && model.overlays.is_empty());
    let mut nothing = connected(settings());
    page(&mut nothing, 0..0, More::Last);
    press(&mut nothing, "a");
    assert!(nothing.overlays.is_empty(), "there is no row to decide about");
}

#[test]
fn of_very_many_different_comments_only_the_first_are_made_and_the_counts_say_about() {
    let mut model = offered(2_500);
    press(&mut model, "* a j j");
    let looked = outlook(&model).clone();
    assert_eq!((looked.rows, looked.comments, looked.calls, looked.left.len()), (2_500, 2_500, 2_500, 0));
    assert_eq!(looked.certainty, crate::app::forecast::Certainty::Rough);
    press(&mut model, "k");
    assert_eq!(outlook(&model).certainty, crate::app::forecast::Certainty::Exact);
}
