//! Prompts with a cursor, completion and history; another query; the way back.

use super::*;
use crate::{
    app::{
        event::ServedOrder,
        overlay::{Prompt, PromptPurpose},
        prompt::Verdict,
    },
    domain::query::{MAX_LENGTH, Query},
};

fn prompt(model: &Model) -> &Prompt {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else { unreachable!("a prompt is open: {:?}", model.overlays) };
    prompt
}

/// The text with `|` where the cursor is.
fn line(model: &Model) -> String {
    let (before, behind) = prompt(model).line.halves();
    format!("{before}|{behind}")
}

fn offers(model: &Model) -> Vec<&str> {
    prompt(model).completion.offers.iter().map(|offer| offer.text.as_str()).collect()
}

/// The query that is asked for, where one is.
fn scan(effects: &[Effect]) -> Option<&Query> {
    effects.iter().find_map(|effect| match effect {
        Effect::Scan { query, .. } => Some(query),
        _ => None,
    })
}

fn query(text: &str) -> Query {
    text.parse().unwrap()
}

/// Asks for another query with `f`.
fn ask(model: &mut Model, text: &str) -> Vec<Effect> {
    press(model, "f ctrl-a ctrl-k");
    type_text(model, text);
    press(model, "enter")
}

#[test]
fn the_present_query_is_edited_and_asked_with_enter_and_not_before() {
    let mut model = loaded(3);
    press(&mut model, "f");
    assert_eq!((line(&model).as_str(), prompt(&model).purpose), ("status:new,in_progress|", PromptPurpose::Query));
    for c in " severity>=high".chars() {
        assert!(event(&mut model, Event::Key(Key::char(c), Arrival::Single)).is_empty(), "nothing is asked while typing");
    }
    assert_eq!(model.scan.query, Query::open());
    let effects = press(&mut model, "enter");
    assert_eq!(scan(&effects), Some(&query("status:new,in_progress severity>=high")));
    assert!(matches!(effects.first(), Some(Effect::CancelScan(_))), "{effects:?}");
    assert!(model.overlays.is_empty() && model.view.all().is_empty());
    assert!(notice(&model).contains("Ctrl-o goes back"), "{}", notice(&model));
}

#[test]
fn esc_leaves_everything_as_it_was_and_the_same_query_runs_again() {
    let mut model = loaded(3);
    press(&mut model, "j f ctrl-u");
    type_text(&mut model, "severity:low");
    assert!(press(&mut model, "esc").is_empty());
    assert_eq!((&model.scan.query, title(&model).as_str(), model.view.all().len()), (&Query::open(), "finding 1", 3));
    let effects = press(&mut model, "f enter");
    assert_eq!(scan(&effects), Some(&Query::open()));
    assert_eq!((notice(&model), model.view.all().len(), title(&model).as_str()), ("running the query again", 3, "finding 1"));
    assert!(model.trail.is_empty());
}

#[test]
fn an_empty_text_asks_for_nothing_and_everything_has_to_be_said() {
    let mut model = loaded(1);
    let effects = ask(&mut model, "  ");
    assert_eq!(scan(&effects), None);
    assert!(prompt(&model).wrong.as_ref().unwrap().why.contains("everything"), "{:?}", prompt(&model));
    press(&mut model, "esc");
    assert_eq!(scan(&ask(&mut model, "everything")), Some(&Query::Everything));
}

#[test]
fn the_first_row_of_another_query_has_the_cursor() {
    let mut model = loaded(5);
    press(&mut model, "j j j");
    ask(&mut model, "title~finding");
    page(&mut model, 0..5, More::Last);
    assert_eq!(title(&model), "finding 0");
}

#[test]
fn what_is_no_query_is_refused_with_the_cursor_where_it_is_wrong() {
    let mut model = loaded(1);
    press(&mut model, "f ctrl-u");
    type_text(&mut model, "stauts:new title:x");
    let wrong = prompt(&model).wrong.clone().unwrap();
    assert_eq!((wrong.column, prompt(&model).verdict), (1, Verdict::Open), "it is told while typing");
    assert!(press(&mut model, "enter").is_empty());
    assert_eq!((line(&model).as_str(), prompt(&model).verdict), ("|stauts:new title:x", Verdict::Refused));
    assert_eq!(offers(&model).first(), Some(&"status"), "what is meant is offered");
    press(&mut model, "delete");
    assert_eq!((line(&model).as_str(), prompt(&model).verdict), ("|tauts:new title:x", Verdict::Open));
    press(&mut model, "esc");
    assert_eq!(model.scan.query, Query::open());
}

#[test]
fn a_text_that_is_too_long_is_refused_and_not_cut() {
    let mut model = loaded(1);
    press(&mut model, "f ctrl-u");
    event(&mut model, Event::Paste(format!("title:{}", "x".repeat(MAX_LENGTH))));
    press(&mut model, "enter");
    assert_eq!(prompt(&model).wrong.as_ref().unwrap().column, MAX_LENGTH + 1);
}

#[test]
fn keys_edit_the_line_at_its_cursor() {
    let mut model = loaded(1);
    press(&mut model, "f ctrl-u");
    type_text(&mut model, "title:ab status:new");
    for (keys, shown) in [
        ("home right right", "ti|tle:ab status:new"),
        ("ctrl-right", "title|:ab status:new"),
        ("ctrl-e ctrl-left left", "title:ab status|:new"),
        ("ctrl-w", "title:ab |:new"),
        ("backspace backspace", "title:a|:new"),
        ("ctrl-k", "title:a|"),
        ("left x", "title:x|a"),
        ("ctrl-b delete", "title:|a"),
        ("end ctrl-u", "|"),
    ] {
        press(&mut model, keys);
        assert_eq!(line(&model), shown, "{keys}");
    }
    assert_eq!(model.overlays.len(), 1);
    press(&mut model, "backspace");
    assert!(model.overlays.is_empty(), "nothing is left to take away");
}

#[test]
fn a_pasted_query_is_text_and_never_accepts() {
    let mut model = loaded(1);
    press(&mut model, "f ctrl-u");
    for c in "title:a\ttag:b\r".chars() {
        let key = match c {
            '\t' => parse_keys("tab").unwrap()[0],
            '\r' => parse_keys("enter").unwrap()[0],
            c => Key::char(c),
        };
        assert!(event(&mut model, Event::Key(key, Arrival::Burst)).is_empty());
    }
    assert_eq!(line(&model), "title:a tag:b |");
    press(&mut model, "ctrl-u");
    event(&mut model, Event::Paste("title:a\r\nsta\u{202e}tus:new\n".into()));
    assert_eq!(line(&model), "title:a status:new |");
}

#[test]
fn tab_goes_through_what_may_stand_at_the_cursor_and_takes_what_is_alone() {
    let mut model = loaded(1);
    press(&mut model, "f ctrl-u");
    type_text(&mut model, "sev");
    assert_eq!(offers(&model).get(..3), Some(&["severity>=", "severity_text:", "vendor_severity>="][..]));
    press(&mut model, "tab");
    assert_eq!(line(&model), "severity>=|");
    press(&mut model, "tab");
    assert_eq!(line(&model), "severity_text:|");
    press(&mut model, "shift-tab");
    assert_eq!(line(&model), "severity>=|");
    type_text(&mut model, "cri");
    press(&mut model, "tab");
    assert_eq!(line(&model), "severity>=critical|");
    press(&mut model, "tab tab");
    assert_eq!(line(&model), "severity>=critical|", "nothing more may stand here");
    assert_eq!(prompt(&model).wrong, None);
    // What stands around the part that is completed stays.
    press(&mut model, "ctrl-u");
    type_text(&mut model, "status:n title:x");
    press(&mut model, "home");
    for _ in 0.."status:n".len() {
        press(&mut model, "right");
    }
    press(&mut model, "tab");
    assert_eq!(line(&model), "status:new| title:x");
}

#[test]
fn values_of_the_loaded_findings_are_offered() {
    let mut model = loaded(3);
    press(&mut model, "f ctrl-u");
    type_text(&mut model, "title:");
    assert_eq!(offers(&model), ["\"finding 0\"", "\"finding 1\"", "\"finding 2\""]);
    type_text(&mut model, "\"finding 1");
    assert_eq!(offers(&model), ["\"finding 1\""]);
    let effects = press(&mut model, "tab enter");
    assert_eq!(scan(&effects), Some(&query("title:\"finding 1\"")));
}

#[test]
fn queries_asked_before_come_back_with_the_arrows_and_what_was_typed_is_not_lost() {
    let mut model = loaded(1);
    ask(&mut model, "severity:low");
    ask(&mut model, " severity=HIGH ");
    press(&mut model, "f");
    assert_eq!(line(&model), "severity:high|");
    type_text(&mut model, " x");
    for (keys, shown) in [
        ("up", "severity:high|"),
        ("up", "severity:low|"),
        ("ctrl-p", "status:new,in_progress|"),
        ("up", "status:new,in_progress|"),
        ("down", "severity:low|"),
        ("ctrl-n down", "severity:high x|"),
        ("down", "severity:high x|"),
    ] {
        press(&mut model, keys);
        assert_eq!(line(&model), shown, "{keys}");
    }
    // What is there already is no step back, and each kind of prompt has its own.
    press(&mut model, "esc f up");
    assert_eq!(line(&model), "severity:low|");
    press(&mut model, "esc /");
    type_text(&mut model, "abc");
    press(&mut model, "enter / ctrl-u up");
    assert_eq!((line(&model).as_str(), model.filter.as_str()), ("abc|", "abc"));
    press(&mut model, "up down");
    assert_eq!((line(&model).as_str(), model.filter.as_str()), ("|", ""));
}

#[test]
fn going_back_leads_to_the_row_that_a_jump_left() {
    let mut model = loaded(30);
    press(&mut model, "j j G g g");
    assert_eq!((title(&model).as_str(), model.trail.len()), ("finding 0", 2));
    press(&mut model, "ctrl-o");
    assert_eq!(title(&model), "finding 29");
    press(&mut model, "ctrl-o");
    assert_eq!(title(&model), "finding 2");
    press(&mut model, "ctrl-o");
    assert_eq!((title(&model).as_str(), notice(&model)), ("finding 2", "there is no earlier place to go back to"));
    // Steps are no jumps; a count makes one, and one that leads nowhere is none.
    press(&mut model, "j k ctrl-d g g g g");
    assert_eq!(model.trail.len(), 1);
    press(&mut model, "ctrl-o 9 j ctrl-o");
    assert_eq!(title(&model), "finding 13");
}

#[test]
fn going_back_leads_to_the_filter_and_the_row_before_it() {
    let mut model = loaded(30);
    press(&mut model, "8 j /");
    type_text(&mut model, "finding 2");
    press(&mut model, "enter");
    assert_eq!((model.filter.as_str(), title(&model).as_str()), ("finding 2", "finding 26"));
    press(&mut model, "ctrl-o");
    assert_eq!((model.filter.as_str(), title(&model).as_str()), ("", "finding 8"));
    // A filter that was dropped leaves no trace, neither of itself nor of where its rows took the cursor.
    let before = model.trail.len();
    press(&mut model, "/");
    type_text(&mut model, "finding 2");
    press(&mut model, "esc");
    assert_eq!((model.filter.as_str(), title(&model).as_str(), model.trail.len()), ("", "finding 8", before));
}

#[test]
fn going_back_asks_the_query_before_again_and_the_cursor_waits_for_its_finding() {
    let mut model = loaded(5);
    press(&mut model, "j j j o t");
    let order = model.view.order().clone();
    ask(&mut model, "severity:low");
    page(&mut model, 1..2, More::Last);
    press(&mut model, "o s");
    assert_eq!((title(&model).as_str(), model.view.rows().len()), ("finding 1", 1));
    let effects = press(&mut model, "ctrl-o");
    assert_eq!(scan(&effects), Some(&Query::open()));
    assert_eq!((notice(&model), model.view.order()), ("back to: status:new,in_progress", &order));
    page(&mut model, 0..2, More::Follows);
    assert_eq!(title(&model), "finding 0", "until its finding comes it is on the first row");
    page(&mut model, 2..5, More::Last);
    assert_eq!((title(&model).as_str(), model.view.rows().len()), ("finding 3", 5));
    press(&mut model, "ctrl-o");
    assert_eq!(notice(&model), "there is no earlier place to go back to");
}

#[test]
fn a_place_whose_finding_is_gone_says_so_and_leads_near_it() {
    let mut model = loaded(10);
    press(&mut model, "7 j g g R");
    page(&mut model, 0..4, More::Last);
    press(&mut model, "ctrl-o");
    assert_eq!((title(&model).as_str(), notice(&model)), ("finding 3", "the finding of that place is not shown any more"));
}

#[test]
fn a_query_can_be_changed_while_there_is_no_connection_or_the_last_one_was_refused() {
    let mut model = Model::new(settings(), Query::open(), 120, 40, CTX.now);
    let effects = ask(&mut model, "severity:low");
    assert!(matches!(effects.as_slice(), [Effect::CancelScan(_), Effect::Reconnect]), "{effects:?}");
    let effects = event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    assert_eq!(scan(&effects), Some(&query("severity:low")));
    let scan_id = model.scan.id;
    let error =
        CallError { failure: CallFailure::Validation, operation: "GetFindingsV2", code: None, message: String::new(), request_id: None };
    event(&mut model, Event::ScanFailed(scan_id, error));
    let effects = ask(&mut model, "severity:high");
    assert_eq!((scan(&effects), model.session.trouble.is_none()), (Some(&query("severity:high")), true));
    let scan = model.scan.id;
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&[document(0, 1)]), more: More::Last, order: ServedOrder::AsAsked });
    assert_eq!(model.view.rows().len(), 1);
}
