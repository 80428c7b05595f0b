//! What is copied of which findings, where it goes, and what is said of it.

use rstest::rstest;

use super::*;
use crate::{
    app::{
        clipboard::{Clipboard, Gathered, Gathering, Multiplexer, Way},
        export::{Content, Source, What},
        keymap::Context,
        overlay::PromptPurpose,
    },
    domain::text::is_hidden,
    findings::store::Arrival as Arrived,
};

fn with(way: Way, most_bytes: usize, count: usize) -> Model {
    let mut model = connected(Settings { clipboard: Clipboard { way, most_bytes }, ..settings() });
    page(&mut model, 0..count, More::Last);
    model
}

fn copied(effects: &[Effect]) -> (&str, &str, Multiplexer) {
    let [Effect::Copy { what, text, through }] = effects else { unreachable!("{effects:?}") };
    (what, text, *through)
}

/// What was asked of documents: number, what, how many, Region.
fn gathering(effects: &[Effect]) -> (RequestId, Gathering, &[Source], &str) {
    let [Effect::Gather { request, what, rows, region }] = effects else { unreachable!("{effects:?}") };
    (*request, *what, rows, region)
}

fn gathered(model: &mut Model, request: RequestId, text: &str, without: usize, left: usize) -> Vec<Effect> {
    event(model, Event::Gathered(request, Gathered { text: text.into(), count: text.lines().count(), without, left }))
}

#[test]
fn the_cursors_uid_is_copied_and_all_marked_ones_a_line_each() {
    let mut model = loaded(5);
    assert_eq!(copied(&press(&mut model, "j y y")), ("the uid", "u1", Multiplexer::None));
    press(&mut model, "g g space space");
    let effects = press(&mut model, "y y");
    assert_eq!(copied(&effects), ("2 uids", "u0\nu1", Multiplexer::None));
    // The detail is of one finding, whatever is marked.
    press(&mut model, "G enter");
    assert_eq!(copied(&press(&mut model, "y y")), ("the uid", "u4", Multiplexer::None));
}

#[test]
fn each_resource_is_copied_once() {
    let document = |at: usize| {
        let resource = if at == 3 { String::new() } else { format!(r#""resources":[{{"uid":"b\u202e{}"}}],"#, at % 2) };
        format!(r#"{{"metadata":{{"uid":"u{at}"}},{resource}"severity_id":3,"status_id":1,"time":{}}}"#, 1_790_000_000_000_usize - at)
    };
    let mut model = connected(settings());
    let documents: Vec<String> = (0..4).map(document).collect();
    let scan = model.scan.id;
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked });
    assert_eq!(copied(&press(&mut model, "y r")).1, "b<U+202E>0");
    press(&mut model, "*");
    assert_eq!(copied(&press(&mut model, "y r")), ("2 different resources of 4 findings", "b<U+202E>0\nb<U+202E>1", Multiplexer::None));
    press(&mut model, "g U G");
    assert!(press(&mut model, "y r").is_empty());
    assert!(notice(&model).contains("no resource is named"));
}

#[test]
fn documents_are_brought_back_in_table_order_before_they_are_copied() {
    let mut model = loaded(3);
    press(&mut model, "*");
    let effects = press(&mut model, "y j");
    let (request, what, rows, _) = gathering(&effects);
    let slots: Vec<usize> = rows.iter().filter_map(|row| if let Source::Document(_, slot) = row { Some(*slot) } else { None }).collect();
    assert_eq!((what, slots), (Gathering::Documents, vec![0, 1, 2]));
    let effects = gathered(&mut model, request, "{1}\n{2}", 1, 0);
    assert_eq!(copied(&effects).0, "2 documents of 3 findings");
    assert!(gathered(&mut model, request, "{1}", 0, 0).is_empty(), "it was answered already");
}

#[test]
fn too_many_documents_are_neither_copied_nor_shown_and_the_export_is_named() {
    let mut model = loaded(3);
    press(&mut model, "*");
    let request = gathering(&press(&mut model, "y j")).0;
    assert!(gathered(&mut model, request, "{1}", 0, 2).is_empty() && model.overlays.is_empty());
    assert!(notice(&model).contains("3 documents, more than 1.0 MB: nothing was copied; x exports"), "{}", notice(&model));
    let request = gathering(&press(&mut model, "y u")).0;
    gathered(&mut model, request, "", 3, 0);
    assert!(notice(&model).contains("there is nothing to copy"));
}

#[rstest]
#[case(None, None, "the console URL")]
#[case(Some("https://vpce-1.securityhub.eu-west-1.vpce.amazonaws.com"), None, "the console URL")]
#[case(Some("http://10.0.0.1:80"), None, "the console URL (this hub has an endpoint of its own: it may lead nowhere)")]
#[case(Some("http://127.0.0.1:80"), Some("demo"), "the console URL (of an emulator: it leads nowhere)")]
fn the_address_in_the_console_is_copied_with_what_is_doubtful_of_it(
    #[case] endpoint: Option<&str>,
    #[case] label: Option<&'static str>,
    #[case] said: &str,
) {
    let mut model = loaded(1);
    model.settings.label = label;
    model.session.connection = Some(Connection { region: "eu-west-1".into(), endpoint: endpoint.map(str::to_owned) });
    let effects = press(&mut model, "y u");
    let (request, what, rows, region) = gathering(&effects);
    assert_eq!((what, rows.len(), region), (Gathering::ConsoleUrls, 1, "eu-west-1"));
    assert_eq!(copied(&gathered(&mut model, request, "https://x", 0, 0)).0, said);
}

#[test]
fn where_no_console_is_known_the_uid_is_named_instead() {
    let mut model = loaded(1);
    model.session.connection = Some(Connection { region: "us-iso-east-1".into(), endpoint: None });
    assert!(press(&mut model, "y u").is_empty());
    assert!(notice(&model).contains("no console is known for the Region us-iso-east-1; yy copies the uid"), "{}", notice(&model));
    model.session.connection = None;
    press(&mut model, "y u");
    assert!(notice(&model).contains("not connected"));
}

#[test]
fn a_finding_that_has_not_been_read_is_named_by_what_is_known_of_it() {
    let mut model = loaded(1);
    let identity = Identity::MetadataUid("x\u{202e}y".into());
    let (row, _) = model.store.admit(&identity, &crate::domain::patch::Values::default(), crate::domain::row::HubId(0));
    model.view.arrive(&model.store, &Arrived { added: vec![row], ..Arrived::default() });
    model.marks.rows.insert(row);
    assert_eq!(copied(&press(&mut model, "y y")).1, "x<U+202E>y");
    assert!(matches!(gathering(&press(&mut model, "y j")).2, [Source::Unread(unread)] if *unread == identity));
}

#[rstest]
#[case(Way::Off, 74_994, "the configuration keeps the clipboard off")]
#[case(Way::None, 74_994, "this terminal has no clipboard")]
#[case(Way::Through(Multiplexer::Tmux), 4, "5 bytes, the clipboard takes 4")]
fn what_cannot_reach_the_clipboard_is_on_the_screen_whole(#[case] way: Way, #[case] most: usize, #[case] why: &str) {
    let mut model = with(way, most, 2);
    press(&mut model, "*");
    assert!(press(&mut model, "y y").is_empty());
    let Some(Overlay::Text(screen)) = model.overlays.last() else { unreachable!() };
    assert_eq!((screen.title.as_str(), screen.why.as_str(), screen.text.as_str()), ("2 uids", why, "u0\nu1"));
    assert_eq!(model.context(), Context::Text);
    // No decision is made over a finding that the text hides.
    press(&mut model, "s");
    assert!(matches!(model.overlays.last(), Some(Overlay::Text(_))) && model.overlays.len() == 1);
    press(&mut model, "x");
    assert!(matches!(model.overlays.last(), Some(Overlay::Prompt(prompt)) if prompt.purpose == PromptPurpose::SaveText));
    let effects = press(&mut model, "enter");
    let [Effect::Export(export)] = effects.as_slice() else { unreachable!("{effects:?}") };
    assert_eq!((export.file.as_str(), &export.content), ("copied-2026-09-21T1413Z.txt", &Content::Text("u0\nu1".into())));
    assert!(model.exporting.as_ref().is_some_and(|exporting| exporting.what == What::Text));
    press(&mut model, "esc");
    assert!(model.overlays.is_empty());
}

#[test]
fn the_text_scrolls_and_never_past_its_end() {
    let mut model = with(Way::Off, 1, 200);
    press(&mut model, "* y y j j");
    let top = |model: &Model| if let Some(Overlay::Text(screen)) = model.overlays.last() { screen.top } else { unreachable!() };
    assert_eq!(top(&model), 2);
    press(&mut model, "G");
    let end = top(&model);
    press(&mut model, "pgdn");
    assert_eq!(top(&model), end);
    press(&mut model, "g g");
    assert_eq!(top(&model), 0);
}

#[rstest]
#[case(Multiplexer::None, "copied the uid; some terminals refuse it (OSC 52)")]
#[case(Multiplexer::Tmux, "copied the uid; tmux needs set -s set-clipboard on")]
#[case(Multiplexer::Either, "copied the uid; tmux, if it is one, needs set -s set-clipboard on")]
fn what_has_to_be_set_is_said_with_the_copy(#[case] through: Multiplexer, #[case] said: &str) {
    let mut model = loaded(1);
    event(&mut model, Event::Copied(through, Ok("the uid".into())));
    assert_eq!(notice(&model), said);
    event(&mut model, Event::Copied(through, Err("no\u{1b}[31m".into())));
    assert!(notice(&model).starts_with("the terminal did not take it: no<U+001B>[31m") && !notice(&model).contains(is_hidden));
}

#[test]
fn hostile_uids_and_resources_are_clean_on_their_way_to_the_clipboard() {
    let documents: Vec<String> =
        include_str!("../../../../assets/demo/hostile.jsonl").lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    let mut model = connected(settings());
    let scan = model.scan.id;
    event(&mut model, Event::Page { scan, page: SealedPage::seal(&documents), more: More::Last, order: ServedOrder::AsAsked });
    press(&mut model, "*");
    for keys in ["y y", "y r"] {
        let effects = press(&mut model, keys);
        assert!(!copied(&effects).1.chars().any(|c| c != '\n' && is_hidden(c)), "{keys}");
    }
}
