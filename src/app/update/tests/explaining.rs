//! Nothing to show: which clause of the query, or which word of the filter, is to blame.

use rstest::rstest;

use super::*;
use crate::app::serving::{Explanation, MAX_EXPLAINED, Serving, Stage};

/// A complete scan of a query that found nothing; with what is asked then.
fn empty(query: &str) -> (Model, Option<(RequestId, Vec<Query>)>) {
    let mut model = Model::new(settings(), query.parse().unwrap(), 120, 40, CTX.now);
    event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    let asked = none_came(&mut model);
    (model, asked)
}

fn none_came(model: &mut Model) -> Option<(RequestId, Vec<Query>)> {
    let scan = model.scan.id;
    let effects = event(model, Event::Page { scan, page: SealedPage::seal(&[]), more: More::Last, order: ServedOrder::AsAsked });
    asked(&effects)
}

fn asked(effects: &[Effect]) -> Option<(RequestId, Vec<Query>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Explain { request, queries } => Some((*request, queries.clone())),
        _ => None,
    })
}

fn answer(model: &mut Model, request: RequestId, counts: &[u64]) -> Option<(RequestId, Vec<Query>)> {
    let effects = event(model, Event::Explained(request, Ok(counts.to_vec())));
    asked(&effects)
}

fn told(model: &Model) -> Vec<String> {
    model.explanation.as_ref().map(Explanation::told).unwrap_or_default()
}

#[test]
fn each_clause_is_left_out_in_turn_and_the_one_to_blame_is_named() {
    let (mut model, question) = empty("severity:critical status:new,in_progress");
    let (request, queries) = question.unwrap();
    assert_eq!(queries.iter().map(Query::to_string).collect::<Vec<_>>(), ["status:new,in_progress", "severity:critical"]);
    assert_eq!(told(&model), ["Asking what it finds without each of its clauses …"]);
    assert_eq!(answer(&mut model, request, &[38, 0]), None);
    assert_eq!(told(&model), ["`severity:critical` removes all; without it: 38."]);
}

#[rstest]
// One clause: what is left is the hub.
#[case("severity:critical", &[1_412], &["`severity:critical` removes all; without it: 1,412."])]
#[case("severity:critical", &[0], &["There is no finding at all."])]
// Each of several.
#[case(
    "severity:critical region:eu-1 status:new",
    &[38, 0, 2],
    &["Each of these removes all that the others leave: `severity:critical` (without it: 38), `status:new` (without it: 2)."]
)]
// The service counts without what is applied here, so a count is at most that. That clause itself is left out exactly.
#[case("severity:critical epss>=0.5", &[38, 0], &["This may remove all, as a part is applied here: `severity:critical` (without it: at most 38)."])]
#[case("severity:critical epss>=0.5", &[0, 7], &["`epss>=0.5` removes all; without it: 7."])]
#[case(
    "severity:critical epss>=0.5",
    &[38, 7],
    &["`epss>=0.5` removes all; without it: 7.", "This may too: `severity:critical` (without it: at most 38)."]
)]
fn what_is_known_of_the_clauses_is_said_truthfully(#[case] query: &str, #[case] counts: &[u64], #[case] expected: &[&str]) {
    let (mut model, question) = empty(query);
    assert_eq!(answer(&mut model, question.unwrap().0, counts), None);
    assert_eq!(told(&model), expected);
}

#[rstest]
#[case(&[0, 12], &["Leaving out one of its clauses is not enough.", "`account:9` finds nothing even by itself."])]
#[case(&[0, 0], &["Leaving out one of its clauses is not enough.", "These find nothing even by themselves: `account:9`, `control:X`."])]
#[case(&[3, 12], &["Leaving out one of its clauses is not enough.", "Only several of them together remove all."])]
fn where_no_single_clause_is_to_blame_each_is_asked_for_alone(#[case] alone: &[u64], #[case] expected: &[&str]) {
    let (mut model, question) = empty("account:9 control:X");
    let (first, _) = question.unwrap();
    let (second, queries) = answer(&mut model, first, &[0, 0]).unwrap();
    assert_ne!(first, second);
    assert_eq!(queries.iter().map(Query::to_string).collect::<Vec<_>>(), ["account:9", "control:X"]);
    assert_eq!(told(&model), ["Leaving out one of its clauses is not enough.", "Asking what each of them finds by itself …"]);
    assert_eq!(answer(&mut model, first, &[5, 5]), None, "an answer to the former question is late");
    assert_eq!(answer(&mut model, second, alone), None);
    assert_eq!(told(&model), expected);
}

#[test]
fn at_most_eight_clauses_are_asked_about_and_that_is_said() {
    let query = (0..10).map(|n| format!("title~t{n}")).collect::<Vec<_>>().join(" ");
    let (mut model, question) = empty(&query);
    let (request, queries) = question.unwrap();
    assert_eq!(queries.len(), MAX_EXPLAINED);
    answer(&mut model, request, &[1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(told(&model), ["`title~t0` removes all; without it: 1.", "Only the first 8 of 10 clauses were asked about."]);
}

#[test]
fn nothing_is_asked_where_there_is_a_row_or_no_clause_and_another_scan_forgets_what_was_asked() {
    assert_eq!(empty("everything").1, None);
    let mut some = connected(settings());
    page(&mut some, 0..3, More::Last);
    assert_eq!(some.explanation, None);

    let (mut model, question) = empty("severity:critical");
    press(&mut model, "R");
    assert_eq!(model.explanation, None);
    assert_eq!(answer(&mut model, question.unwrap().0, &[5]), None);
    assert_eq!(model.explanation, None, "it was about the former scan");
    assert!(none_came(&mut model).is_some());
}

#[test]
fn where_counting_is_denied_the_screen_goes_on_without() {
    let (mut model, question) = empty("severity:critical");
    let denied = CallError {
        failure: CallFailure::AccessDenied,
        operation: "GetFindingStatisticsV2",
        code: None,
        message: String::new(),
        request_id: None,
    };
    event(&mut model, Event::Explained(question.unwrap().0, Err(denied)));
    assert_eq!(model.explanation.as_ref().map(|explanation| explanation.stage), Some(Stage::Failed));
    assert_eq!((told(&model), model.session.trouble), (Vec::new(), None));
}

#[test]
fn what_is_applied_here_follows_the_query_and_leaves_out_what_hardly_matters() {
    let clauses = |query: &str| Serving::of(&query.parse().unwrap()).clauses().join(" | ");
    assert_eq!(clauses("status:new age<7d"), "");
    assert_eq!(clauses("status:new epss>=0.5 (cve:* or title:x) !account:1"), "epss>=0.5 | cve:* or title:x");
    let (model, _) = empty("status:new epss>=0.5");
    assert_eq!(model.serving.reasons(), ["`epss>=0.5`: the service compares vulnerabilities.cve.epss.score as a text only"]);
}

#[rstest]
#[case("finding 1", None)]
#[case("nowhere", None)]
#[case("finding nowhere", Some("No loaded row meets `nowhere`; without it: 3."))]
#[case("nowhere never", Some("No loaded row meets `nowhere`, `never`."))]
#[case("finding 1 2", Some("Each of these removes all that the others leave: `1` (without it: 1), `2` (without it: 1)."))]
#[case("finding !finding", Some("No loaded row meets `!finding`; without it: 3."))]
#[case("!1 \"finding 1\"", Some("Each of these removes all that the others leave: `!1` (without it: 1), `\"finding 1\"` (without it: 2)."))]
#[case("0 1 2", Some("Each of its words is met by some row, but leaving out one of them is not enough."))]
fn the_word_of_the_filter_that_hides_every_loaded_row_is_named(#[case] filter: &str, #[case] expected: Option<&str>) {
    let mut model = loaded(3);
    press(&mut model, "/");
    for c in filter.chars() {
        event(&mut model, Event::Key(Key::char(c), Arrival::Single));
    }
    assert_eq!(model.hiding.as_ref().and_then(crate::app::serving::Hiding::told).as_deref(), expected);
    assert_eq!(model.hiding.is_some(), model.view.rows().is_empty());
    press(&mut model, "esc esc");
    assert_eq!(model.hiding, None, "nothing is hidden any more");
}
