//! The comment editor: variables, old comments, templates, what was written before, and what it says beforehand.

use std::collections::BTreeSet;

use rstest::rstest;

use super::{
    super::{commenting, deciding},
    *,
};
use crate::{
    app::{
        comment_editor::{CommentEditor, Shown},
        forecast::{Certainty, Forecast, Spread},
    },
    domain::{
        comment::{Comment, CommentError},
        decision::{CommentMode, Decision, Left, Wording},
        guard_rail::GuardRails,
        patch::Values,
        profile::ProfileName,
        recipe::Recipe,
        template::{Template, Variable},
    },
    send::plan::{Plan, StagedRow},
};

/// Findings of two controls and two accounts in turns; every third has a comment already.
fn controlled(at: usize, comment: Option<&str>) -> String {
    let mut document = serde_json::json!({
        "metadata": {"uid": format!("u{at}")}, "severity_id": 3, "status_id": 1, "time": 1_790_000_000_000_usize - at,
        "finding_info": {"title": format!("finding {at}")},
        "compliance": {"control": if at.is_multiple_of(2) { "S3.8" } else { "EC2.19" }},
        "cloud": {"account": {"uid": if at < 2 { "111122223333" } else { "222233334444" }}},
        "resources": [{"uid": format!("r{at}")}],
    });
    if let Some(comment) = comment {
        document["comment"] = comment.into();
    }
    document.to_string()
}

/// So many such findings, with these comments; all are marked.
fn with_comments(comments: &[Option<&str>]) -> Model {
    let mut model = connected(settings());
    let documents: Vec<String> = comments.iter().enumerate().map(|(at, comment)| controlled(at, *comment)).collect();
    let scan = model.scan.id;
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked });
    press(&mut model, "*");
    model
}

fn editor(model: &Model) -> &CommentEditor {
    match model.overlays.last() {
        Some(Overlay::Editor(editor)) => editor,
        other => unreachable!("the editor is open, not {other:?}"),
    }
}

fn typed(model: &Model) -> String {
    editor(model).typed()
}

/// The staged comments, in the order of the findings.
fn comments(model: &Model) -> Vec<&str> {
    model.staging.iter().filter_map(|(_, patch)| patch.comment.as_ref()).map(Comment::as_str).collect()
}

fn recipe(name: &str, template: &str) -> Recipe {
    let comment = Some(Wording { template: template.parse().unwrap(), mode: CommentMode::Append });
    let decision = Decision { status: Some(StatusId::SUPPRESSED), comment, ..Decision::default() };
    Recipe { name: ProfileName::new(name).unwrap(), key: None, decision, rails: GuardRails::default() }
}

/// The editor over one finding, with templates of two recipes and of the configuration, of which two are the same.
fn with_templates() -> Model {
    let mut model = with_comments(&[None]);
    let other = Recipe { decision: Decision { comment: None, ..recipe("a", "x").decision }, ..recipe("status-only", "x") };
    model.settings.recipes = vec![other, recipe("accept", "accepted {date}"), recipe("again", "accepted {date}")];
    model.settings.templates = vec!["{{not}} {control}".parse().unwrap()];
    press(&mut model, "c");
    model
}

#[test]
fn known_names_in_braces_are_filled_for_each_finding_and_all_else_is_as_it_was_pasted() {
    let mut model = with_comments(&[None, None, None]);
    press(&mut model, "c");
    event(&mut model, Event::Paste(r#"{"c":{control}, "r": {"id":{resource}}, {ticke}} {date}"#.into()));
    let forecast = &editor(&model).forecast;
    let first = r#"{"c":S3.8, "r": {"id":r0}, {ticke}} 2026-09-21"#;
    assert_eq!(forecast.first.as_deref(), Some(first));
    assert_eq!((forecast.comments, forecast.calls, forecast.longest, forecast.certainty), (3, 3, first.len() + 2, Certainty::Exact));
    press(&mut model, "enter");
    assert_eq!(comments(&model)[..2], [first, r#"{"c":EC2.19, "r": {"id":r1}, {ticke}} 2026-09-21"#]);
    assert!(notice(&model).contains("staged a comment on 3 findings"), "{}", notice(&model));
}

#[test]
fn what_is_staged_is_changed_as_it_is_though_it_has_a_known_name_in_braces() {
    let mut model = with_comments(&[None]);
    press(&mut model, "c");
    event(&mut model, Event::Paste("{{ticket}} is a name".into()));
    press(&mut model, "enter");
    assert_eq!(comments(&model), ["{ticket} is a name"]);
    press(&mut model, "c");
    assert_eq!(typed(&model), "{{ticket}} is a name");
    press(&mut model, "esc");
    assert!(model.overlays.is_empty(), "nothing is lost, so nothing is asked");
    press(&mut model, "c x enter");
    assert_eq!(comments(&model), ["{ticket} is a namex"]);
}

#[test]
fn variables_that_are_not_known_yet_are_told_beforehand() {
    let mut model = with_comments(&[None, None]);
    press(&mut model, "c");
    type_text(&mut model, "see {ticket} for {user}");
    let forecast = &editor(&model).forecast;
    assert_eq!((forecast.asked.as_slice(), forecast.certainty), (&[Variable::Ticket][..], Certainty::Exact), "who is acting is known");
    model.session.caller = None;
    press(&mut model, "x");
    assert_eq!(editor(&model).forecast.asked, [Variable::Ticket, Variable::User]);
}

#[test]
fn a_comment_stands_behind_the_old_one_and_rows_that_would_pass_the_limit_are_left_alone() {
    let long = "x".repeat(505);
    let mut model = with_comments(&[Some("old"), None, Some(&long)]);
    press(&mut model, "c");
    assert_eq!((editor(&model).mode, editor(&model).forecast.existing), (CommentMode::Replace, 2));
    press(&mut model, "ctrl-t");
    type_text(&mut model, "more");
    let forecast = &editor(&model).forecast;
    assert_eq!(editor(&model).mode, CommentMode::Append);
    assert_eq!((forecast.existing, forecast.too_long, forecast.rows, forecast.longest), (2, 0, 3, 512));
    type_text(&mut model, "!");
    let forecast = &editor(&model).forecast;
    assert_eq!((forecast.existing, forecast.too_long, forecast.rows, forecast.longest), (2, 1, 2, 513));
    assert_eq!((forecast.comments, forecast.calls), (2, 2));
    press(&mut model, "enter");
    assert_eq!(comments(&model), ["old | more!", "more!"]);
    assert!(notice(&model).contains("1 finding: 513 characters; the service takes at most 512, left alone"), "{}", notice(&model));
}

#[test]
fn of_many_lengths_that_are_too_much_only_the_longest_is_told() {
    let long: Vec<String> = (506..509).map(|length| "x".repeat(length)).collect();
    let mut model = with_comments(&[Some(&long[0]), Some(&long[1]), None, Some(&long[2])]);
    press(&mut model, "c ctrl-t m o r e enter");
    assert!(notice(&model).contains("3 findings: up to 515 characters; the service takes at most 512, left alone"), "{}", notice(&model));
}

#[rstest]
#[case::too_long_everywhere(&[Some(510), Some(509)], "ctrl-t a b", "with the old one too long on all 2: up to 515 characters; the service takes at most 512")]
#[case::too_long(&[Some(510)], "ctrl-t a b", "with the old one 515 characters; the service takes at most 512")]
#[case::blank(&[Some(510)], "ctrl-t space", "a comment cannot be empty")]
fn where_no_row_gets_a_comment_it_is_refused_with_the_reason(#[case] old: &[Option<usize>], #[case] keys: &str, #[case] why: &str) {
    let old: Vec<Option<String>> = old.iter().map(|length| length.map(|length| "x".repeat(length))).collect();
    let mut model = with_comments(&old.iter().map(Option::as_deref).collect::<Vec<_>>());
    press(&mut model, "c");
    press(&mut model, keys);
    press(&mut model, "enter");
    assert!(editor(&model).refused.as_ref().is_some_and(|refused| refused.starts_with(why)), "{:?}", editor(&model).refused);
    assert!(model.staging.is_empty() && model.former.comments().is_empty());
}

#[test]
fn a_variable_that_no_row_has_is_refused_and_one_that_some_have_not_leaves_those_alone() {
    let mut model = loaded(2);
    press(&mut model, "* c");
    type_text(&mut model, "{control}");
    assert_eq!(editor(&model).forecast.without, [(Variable::Control, 2)].into());
    press(&mut model, "enter");
    assert_eq!(editor(&model).refused.as_deref(), Some("no {control} on any of 2 findings"));
    let mut model = connected(settings());
    let (scan, page) = (model.scan.id, SealedPage::seal(&[controlled(0, None), document(1, 1)]));
    event(&mut model, Event::Page { scan, page, more: More::Last, order: ServedOrder::AsAsked });
    press(&mut model, "* c");
    type_text(&mut model, "{control}");
    assert_eq!(editor(&model).forecast.without, [(Variable::Control, 1)].into());
    press(&mut model, "enter");
    assert_eq!(comments(&model), ["S3.8"]);
    assert!(notice(&model).contains("1 finding: no {control}, left alone"), "{}", notice(&model));
}

#[test]
fn what_is_staged_already_is_not_written_twice_when_it_is_appended_to() {
    let mut model = with_comments(&[Some("old")]);
    press(&mut model, "c m i n e enter c ctrl-t");
    assert_eq!((typed(&model).as_str(), editor(&model).mode), ("", CommentMode::Append));
    press(&mut model, "t o o enter");
    assert_eq!(comments(&model), ["mine | too"]);
}

#[test]
fn the_default_of_the_configuration_holds_until_it_is_toggled() {
    let mut model = with_comments(&[Some("old")]);
    model.settings.comment_mode = CommentMode::Append;
    press(&mut model, "c n e w enter");
    assert_eq!(comments(&model), ["old | new"]);
    press(&mut model, "u c ctrl-t n e w enter");
    assert_eq!(comments(&model), ["new"]);
}

#[test]
fn templates_are_gone_through_and_what_was_written_comes_back() {
    let mut model = with_templates();
    type_text(&mut model, "mine");
    press(&mut model, "tab");
    assert_eq!(typed(&model), "accepted {date}");
    let note = editor(&model).note.clone().unwrap();
    assert_eq!(note, "template 1 of 2, from the recipe accept; Down brings back what you wrote");
    press(&mut model, "tab");
    assert_eq!(
        (typed(&model).as_str(), editor(&model).note.as_deref().map(|note| note.contains("the configuration"))),
        ("{not} {control}", Some(true))
    );
    press(&mut model, "tab");
    assert_eq!(typed(&model), "accepted {date}");
    press(&mut model, "down");
    assert_eq!((typed(&model).as_str(), editor(&model).note.as_deref()), ("mine", None));
    press(&mut model, "tab ctrl-z");
    assert_eq!(typed(&model), "mine", "one key takes it back");
    press(&mut model, "ctrl-r");
    assert_eq!(typed(&model), "accepted {date}");
}

#[test]
fn a_template_that_is_gone_on_with_is_what_is_being_written_and_what_was_before_is_one_up() {
    let mut model = with_templates();
    type_text(&mut model, "mine");
    press(&mut model, "tab !");
    press(&mut model, "tab down");
    assert_eq!(typed(&model), "accepted {date}!");
    press(&mut model, "up");
    assert_eq!(typed(&model), "mine");
    press(&mut model, "down enter");
    assert_eq!(comments(&model), ["accepted 2026-09-21!"]);
}

#[test]
fn where_there_is_no_template_it_is_said() {
    let mut model = with_comments(&[None]);
    press(&mut model, "c a tab");
    assert_eq!(typed(&model), "a");
    assert!(editor(&model).note.as_ref().unwrap().starts_with("no template"), "{:?}", editor(&model).note);
    press(&mut model, "b");
    assert_eq!(editor(&model).note, None);
}

#[test]
fn comments_that_were_staged_are_gone_through_and_what_is_being_written_is_the_last() {
    let mut model = with_comments(&[None]);
    for text in ["first", "second {date}", "third", "second {date}"] {
        press(&mut model, "c");
        event(&mut model, Event::Paste(text.into()));
        press(&mut model, "enter D");
    }
    press(&mut model, "c d r a f t up");
    assert_eq!(typed(&model), "second {date}", "as it was typed, and once");
    press(&mut model, "up");
    assert_eq!(typed(&model), "third");
    press(&mut model, "up up up");
    assert_eq!(typed(&model), "first");
    press(&mut model, "down down down");
    assert_eq!(typed(&model), "draft");
    press(&mut model, "down up");
    assert_eq!(typed(&model), "second {date}");
    press(&mut model, "esc");
    assert!(matches!(model.overlays.last(), Some(Overlay::Confirm(_))), "the draft would be lost");
    press(&mut model, "y c up esc");
    assert!(model.overlays.is_empty(), "what is shown is kept anyway");
}

#[test]
fn in_several_lines_up_and_down_move_the_cursor_first() {
    let mut model = with_comments(&[None]);
    press(&mut model, "c o l d enter D c a ctrl-j b up");
    assert_eq!((typed(&model).as_str(), editor(&model).text.cursor().0), ("a\nb", 0));
    press(&mut model, "down up up");
    assert_eq!(typed(&model), "old");
    press(&mut model, "down");
    assert_eq!((typed(&model).as_str(), editor(&model).text.cursor().0), ("a\nb", 1));
}

#[test]
fn what_was_refused_is_not_kept_and_what_the_external_editor_wrote_is() {
    let mut model = with_comments(&[None]);
    press(&mut model, "C");
    event(&mut model, Event::Edited(Ok("for {control}\nand more\n".into())));
    assert_eq!((comments(&model), model.former.comments()), (vec!["for S3.8 and more"], &["for {control}\nand more".to_owned()][..]));
}

#[test]
fn in_a_burst_no_key_of_the_editor_acts() {
    let mut model = with_templates();
    model.former.add_comment("former");
    type_text(&mut model, "ab");
    for key in parse_keys("tab up down ctrl-t ctrl-z ctrl-l enter").unwrap() {
        assert_eq!(event(&mut model, Event::Key(key, Arrival::Burst)), []);
    }
    assert_eq!((typed(&model).trim_end(), editor(&model).mode), ("ab", CommentMode::Replace));
    assert_eq!(editor(&model).shown, Shown::Written);
    assert!(model.staging.is_empty());
}

#[test]
fn in_the_editor_ctrl_z_takes_typing_back_and_suspends_nothing() {
    let mut model = with_comments(&[None]);
    press(&mut model, "c a b");
    assert_eq!(press(&mut model, "ctrl-z"), []);
    assert_eq!(typed(&model), "a");
    assert_eq!(press(&mut model, "ctrl-l"), [Effect::Redraw]);
    assert_eq!(press(&mut model, "ctrl-z ctrl-z"), []);
    assert_eq!(typed(&model), "");
}

#[test]
fn with_too_many_kinds_of_rows_lengths_are_about_right_and_counts_are_of_all() {
    let texts: Vec<Option<&str>> = (0..1300).map(|_| None).collect();
    let mut model = with_comments(&texts);
    press(&mut model, "c");
    type_text(&mut model, "for {resource}");
    let forecast = &editor(&model).forecast;
    assert_eq!((forecast.comments, forecast.calls, forecast.rows, forecast.certainty), (1300, 1300, 1300, Certainty::Rough));
    assert_eq!(forecast.longest, "for r1299".len());
    press(&mut model, "ctrl-z");
    assert_eq!((editor(&model).forecast.comments, editor(&model).forecast.calls), (1, 13));
}

#[test]
fn the_review_shows_many_comments_as_one_and_all_of_it_can_be_left_out_opened_and_sent() {
    let mut model = with_comments(&[None; 6]);
    press(&mut model, "c");
    event(&mut model, Event::Paste("for {resource}".into()));
    press(&mut model, "enter w");
    let review = |model: &Model| match model.overlays.last() {
        Some(Overlay::Review(review)) => (review.entries().len(), review.to_send().row_count()),
        _ => unreachable!("the review is open"),
    };
    assert_eq!(review(&model), (1, 6));
    press(&mut model, "space");
    assert_eq!(review(&model), (1, 0));
    press(&mut model, "space enter");
    assert_eq!(review(&model), (7, 6));
    press(&mut model, "j enter");
    assert_eq!(review(&model), (8, 6));
    press(&mut model, "space k k enter");
    assert_eq!(review(&model), (1, 5));
    let (rows, ..) = sent(&press(&mut model, "y"));
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|(row, _)| *row != RowId(0)));
}

fn old_comment() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![
        Just("old".to_owned()),
        Just("old | S3.8".to_owned()),
        (490_usize..514).prop_map(|length| "x".repeat(length))
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is told beforehand is what comes: as many comments in as many calls on as many rows.
    #[test]
    fn what_is_foretold_is_what_is_staged(
        old in proptest::collection::vec(old_comment(), 1..8),
        template in proptest::sample::select(vec!["done", "{control}", "{account}: {control}", "{resource} {date}", "{title}{title}", " "]),
        mode in proptest::sample::select(vec![CommentMode::Replace, CommentMode::Append]),
        suppressed in proptest::collection::vec(0_u32..8, 0..3),
        mine in proptest::collection::vec(0_u32..8, 0..3),
    ) {
        let mut model = with_comments(&old.iter().map(Option::as_deref).collect::<Vec<_>>());
        let rows = |places: Vec<u32>| places.into_iter().map(RowId).filter(|row| row.index() < old.len()).collect::<Vec<_>>();
        model.staging.stage(&rows(suppressed), &Patch::status(StatusId::SUPPRESSED));
        model.staging.stage(&rows(mine), &Patch::comment(Comment::new("mine", LineBreaks::Space).unwrap()));
        let rows: Vec<RowId> = model.view.rows().to_vec();
        let comment = Some(Wording { template: Template::lenient(template), mode });
        let decision = Decision { comment, ..Decision::default() };
        let forecast = Forecast::of(&model, &rows, &decision, &mut Spread::default());
        let outcome = deciding::outcome(&model, &rows, &decision);
        let staged = outcome.patches.iter().map(|(row, patch)| StagedRow {
            row: *row,
            identity: model.store.identity(*row).unwrap(),
            now: Values::default(),
            patch: model.staging.get(*row).cloned().unwrap_or_default().merged(patch),
        });
        let plan = Plan::of(staged);
        let comments: BTreeSet<&str> = outcome.patches.iter().filter_map(|(_, patch)| Some(patch.comment.as_ref()?.as_str())).collect();
        prop_assert_eq!((forecast.rows, forecast.comments, forecast.calls), (plan.row_count(), comments.len(), plan.batches().len()));
        let is_long = |left: &Left| matches!(left, Left::Comment(CommentError::TooLong(_)));
        prop_assert_eq!(forecast.too_long, outcome.left.iter().filter(|(left, _)| is_long(left)).map(|(_, count)| count).sum::<usize>());
        let longest = comments.iter().map(|comment| comment.chars().count()).max().unwrap_or(0);
        prop_assert!(forecast.longest == longest || forecast.too_long > 0);
        prop_assert_eq!(commenting::refusal(&model, &rows, &decision).is_some(), outcome.patches.is_empty());
    }
}
