//! Filter profiles: picking, stepping, going back, guard rails, other hubs and saving.

#![expect(clippy::panic, reason = "a panic is a failed test")]

use rstest::rstest;

use super::*;
use crate::{
    app::{
        overlay::{Confirmed as Answer_, PromptPurpose},
        profiles::{Count, NotSaved, Overwrite, Profiles},
        prompt::Verdict,
        remembered::{Recall, Remembered},
        update::begin,
    },
    domain::{
        column::Column,
        grouping::GroupField,
        guard_rail::GuardRails,
        order::Order,
        profile::{Broken, Catalogue, Content, FilterProfile, Grouping, HubChoice, Layer, ProfileName, Source, SourceKind},
    },
    journal::hub_key::HubKey,
};

fn name(text: &str) -> ProfileName {
    ProfileName::new(text).unwrap()
}

fn layer(of: &str, kind: SourceKind, content: Content) -> (ProfileName, Layer) {
    (name(of), Layer { source: Source { kind, file: format!("/{of}.toml") }, content })
}

fn query(text: &str) -> Option<Query> {
    Some(text.parse().unwrap())
}

fn other_hub() -> HubChoice {
    HubChoice { region: Some("us-east-1".into()), ..HubChoice::default() }
}

/// `open`, `away` of another hub, `cves` with everything, `guarded` with guard rails, and one that is broken.
fn catalogue() -> Catalogue {
    let away = Content { query: query("severity:low"), hub: other_hub(), ..Content::default() };
    let cves = Content {
        query: query("cve:*"),
        columns: Some(Column::list(&["severity", "title"]).unwrap()),
        order: Some("title".parse().unwrap()),
        group: Some(Grouping(Some(GroupField::Cve))),
        ..Content::default()
    };
    let guarded = Content {
        query: query("status:new"),
        rails: GuardRails { comment_to_suppress: true, no_downgrade_of_critical: true, most_rows: Some(2), ..GuardRails::default() },
        ..Content::default()
    };
    let layers =
        [layer("away", SourceKind::System, away), layer("cves", SourceKind::User, cves), layer("guarded", SourceKind::System, guarded)];
    Catalogue::of(layers, vec![Broken { name: "bad".into(), problems: vec!["bad.toml:3:9: query: no".into(), "bad.toml:4:1: x".into()] }])
}

fn with(catalogue: Catalogue, present: &str) -> Model {
    let mut model = loaded(4);
    let present = catalogue.find(present).unwrap().clone();
    begin(&mut model, Profiles::new(catalogue, present));
    model
}

fn model() -> Model {
    with(catalogue(), "open")
}

/// Opens the picker; the files are read as they are known.
fn opened(model: &mut Model) -> Vec<Effect> {
    let effects = press(model, "F");
    let [Effect::LoadProfiles(request)] = effects.as_slice() else { panic!("{effects:?}") };
    event(model, Event::Profiles(*request, Box::new(catalogue())))
}

fn scanned(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::Scan { query, .. } => Some(query.to_string()),
        _ => None,
    })
}

fn present(model: &Model) -> &str {
    model.profiles.present.name.as_str()
}

#[test]
fn the_picker_reads_the_files_again_and_counts_those_of_this_hub_one_after_the_other() {
    let mut model = model();
    let effects = opened(&mut model);
    let Some(Effect::CountProfiles(request, queries)) = effects.first() else { panic!("{effects:?}") };
    let names: Vec<&str> = queries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["open", "cves", "guarded"]);
    assert_eq!(model.profiles.counts.get(&name("cves")), Some(&Count::Asked));
    event(&mut model, Event::ProfileCounted(*request, name("cves"), Ok(1_204)));
    event(&mut model, Event::ProfileCounted(*request, name("open"), Err(error(CallFailure::AccessDenied))));
    event(&mut model, Event::ProfileCounted(RequestId(0), name("guarded"), Ok(7)));
    assert_eq!(model.profiles.counts.get(&name("cves")), Some(&Count::Of(1_204)));
    assert!(matches!(model.profiles.counts.get(&name("open")), Some(Count::Refused(_))));
    assert_eq!(model.profiles.counts.get(&name("guarded")), Some(&Count::Asked), "an answer to an earlier opening is dropped");
    assert_eq!(press(&mut model, "esc"), [Effect::StopCounting]);
    assert_eq!(model.profiles.counts.get(&name("guarded")), None, "nobody asks any more");
}

#[rstest]
#[case::by_its_number("3")]
#[case::by_the_cursor("j j enter")]
fn picking_one_asks_its_query_and_the_table_looks_as_it_says(#[case] keys: &str) {
    let mut model = model();
    opened(&mut model);
    let effects = press(&mut model, keys);
    assert_eq!(scanned(&effects).as_deref(), Some("cve:*"));
    assert!(effects.contains(&Effect::StopCounting));
    assert_eq!((present(&model), model.view.grouped_by(), model.columns.len()), ("cves", Some(GroupField::Cve), 2));
    assert_eq!(model.view.order().to_string(), "title↑");
    assert!(model.overlays.is_empty() && !model.has_left_profile());
}

#[test]
fn what_a_filter_profile_does_not_say_goes_back_to_the_default() {
    let mut model = model();
    opened(&mut model);
    press(&mut model, "3");
    press(&mut model, "/ 1 enter");
    let effects = press(&mut model, "]");
    assert_eq!(scanned(&effects).as_deref(), Some("status:new"));
    assert_eq!(present(&model), "guarded");
    assert_eq!((model.view.grouped_by(), &model.columns, model.view.order()), (None, &Column::defaults(), &Order::default()));
    assert!(model.filter.is_empty());
    assert!(notice(&model).contains("guard rails: at most 2 findings a send, suppressing needs a comment"), "{}", notice(&model));
}

#[test]
fn the_next_and_the_one_before_go_round_this_hubs_and_minus_goes_back_and_forth() {
    let mut model = model();
    press(&mut model, "-");
    assert!(notice(&model).contains("no other filter profile has been used"));
    for expected in ["cves", "guarded", "open", "cves"] {
        press(&mut model, "]");
        assert_eq!(present(&model), expected);
    }
    for expected in ["open", "guarded"] {
        press(&mut model, "[");
        assert_eq!(present(&model), expected);
    }
    press(&mut model, "-");
    assert_eq!(present(&model), "open");
    press(&mut model, "-");
    assert_eq!(present(&model), "guarded");
}

#[test]
fn a_broken_one_says_why_and_is_not_used() {
    let mut model = model();
    opened(&mut model);
    assert!(press(&mut model, "G enter").is_empty());
    assert!(notice(&model).contains("cannot be used: bad.toml:3:9: query: no (and 1 more"), "{}", notice(&model));
    assert!(press(&mut model, "9").is_empty());
    assert!(notice(&model).contains("there is no filter profile 9"), "{}", notice(&model));
    assert_eq!((present(&model), model.overlays.len()), ("open", 1));
}

#[test]
fn what_was_edited_meanwhile_holds_its_guard_rails_above_all() {
    let mut model = with(catalogue(), "guarded");
    let effects = press(&mut model, "F");
    let Some(Effect::LoadProfiles(request)) = effects.first() else { panic!("{effects:?}") };
    let closed = Content { rails: GuardRails { read_only: true, ..GuardRails::default() }, ..Content::default() };
    event(&mut model, Event::Profiles(RequestId(9_999), Box::default()));
    assert_eq!(model.profiles.catalogue.known.len(), 4, "what was not asked for is dropped");
    event(&mut model, Event::Profiles(*request, Box::new(Catalogue::of([layer("guarded", SourceKind::System, closed)], Vec::new()))));
    assert_eq!(model.access(), Access::ReadOnly);
    press(&mut model, "esc s 4 w");
    assert!(sent(&press(&mut model, "y")).0.is_empty());
    assert!(notice(&model).contains("the filter profile guarded does not allow this: nothing may be sent"), "{}", notice(&model));
    assert_eq!(model.staging.len(), 1, "what is staged stays staged");
}

#[test]
fn trying_again_is_a_send_too_and_keeps_to_the_guard_rails() {
    let mut model = model();
    press(&mut model, "s 3 w");
    let (rows, ..) = sent(&press(&mut model, "y"));
    event(&mut model, answered(&rows, Ok(Answer { outcomes: vec![unprocessed(RowCode::InternalServer)], request_id: None })));
    press(&mut model, "[");
    assert_eq!(present(&model), "guarded");
    assert!(sent(&press(&mut model, "! R")).0.is_empty());
    assert!(notice(&model).contains("suppressing needs a comment: 1 finding"), "{}", notice(&model));
    press(&mut model, "esc ]");
    assert_eq!(sent(&press(&mut model, "! R")).0.len(), 1, "{}", notice(&model));
}

#[test]
fn one_of_another_hub_is_opened_there_and_what_is_staged_here_is_counted() {
    let mut model = model();
    press(&mut model, "s 3");
    opened(&mut model);
    let effects = press(&mut model, "2");
    let switch = effects.iter().position(|effect| matches!(effect, Effect::SwitchHub(profile) if profile.name == name("away")));
    assert!(switch.is_some(), "{effects:?}");
    assert_eq!(present(&model), "open", "this session ends as it was");
    let here = model.journal.key.clone();
    assert_eq!(model.profiles.staged_elsewhere(here.as_ref()), 0);
    assert_eq!(model.profiles.staged_elsewhere(None), 1);
}

#[test]
fn quitting_asks_for_what_is_staged_in_other_hubs_too_and_says_when_it_is_there_again() {
    let asked = |model: &mut Model| {
        let effects = press(model, "q");
        let question = match model.overlays.last() {
            Some(Overlay::Confirm(confirm)) => confirm.question.clone(),
            _ => Vec::new(),
        };
        press(model, "n");
        (effects.contains(&Effect::Quit), question)
    };
    let away = HubKey::new(Some("111122223333"), "us-east-1", None);
    let there = "1 staged change waits on another hub (aws 111122223333 us-east-1): kept in its journal, there again when a filter \
                 profile of that hub is opened.";
    let mut model = model();
    opened(&mut model);
    let here = model.journal.key.clone().unwrap();
    press(&mut model, "esc");
    // Nothing is left there, or it is this hub: what is staged here is known better.
    model.profiles.elsewhere = [(away.clone(), 0), (here, 7)].into();
    assert_eq!(asked(&mut model), (true, Vec::new()));
    model.profiles.elsewhere.insert(away.clone(), 1);
    assert_eq!(asked(&mut model), (false, vec![there.to_owned(), "Quit?".to_owned()]));
    press(&mut model, "s 3");
    let (quits, question) = asked(&mut model);
    assert!(!quits);
    let [staged, elsewhere, _] = question.as_slice() else { unreachable!("{question:?}") };
    assert!(staged.starts_with("1 staged change has not been sent: kept in the journal"), "{staged}");
    assert_eq!(elsewhere, there);
    model.profiles.elsewhere.insert(away, 1_200);
    assert!(asked(&mut model).1.join(" ").contains("1,200 staged changes wait on another hub"));
    press(&mut model, "q");
    assert!(press(&mut model, "y").contains(&Effect::Quit));
}

#[test]
fn the_hub_does_not_change_while_a_send_is_under_way_or_before_what_is_staged_is_kept() {
    let mut model = model();
    press(&mut model, "s 3 w y");
    opened(&mut model);
    assert!(!press(&mut model, "2").iter().any(|effect| matches!(effect, Effect::SwitchHub(_))));
    assert!(notice(&model).contains("first the send under way has to end"), "{}", notice(&model));
    let mut model = self::model();
    update(&mut model, Event::Key(Key::char('s'), Arrival::Single), CTX);
    update(&mut model, Event::Key(Key::char('3'), Arrival::Single), CTX);
    opened(&mut model);
    assert!(!press(&mut model, "2").iter().any(|effect| matches!(effect, Effect::SwitchHub(_))));
    assert!(notice(&model).contains("1 staged change here, not in the journal yet"), "{}", notice(&model));
}

fn saved_content(effects: &[Effect]) -> (ProfileName, Content, Overwrite) {
    let [Effect::SaveProfile { name, content, overwrite }] = effects else { panic!("{effects:?}") };
    (name.clone(), (**content).clone(), *overwrite)
}

/// What is told of a name that was refused in the prompt, and at which column.
fn refused(model: &Model) -> Option<(usize, String)> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else { return None };
    let wrong = prompt.wrong.as_ref().filter(|_| prompt.verdict == Verdict::Refused)?;
    Some((wrong.column, wrong.why.clone()))
}

#[rstest]
#[case("", 1, "a filter profile needs a name")]
#[case("a/x", 2, "but here is `/`")]
#[case("..", 1, "a name begins with a letter or a digit, not with `.`")]
#[case(" -f", 2, "a name begins with a letter or a digit, not with `-`")]
#[case("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 41, "a name has at most 40 characters, this has 41")]
fn a_bad_name_is_refused_in_the_prompt_with_its_reason(#[case] typed: &str, #[case] column: usize, #[case] why: &str) {
    let mut model = model();
    opened(&mut model);
    press(&mut model, "s ctrl-u");
    type_text(&mut model, typed);
    assert_eq!(refused(&model), None, "it is still being typed");
    assert!(press(&mut model, "enter").is_empty());
    let told = refused(&model).unwrap();
    assert!(told.0 == column && told.1.contains(why), "{told:?}");
    press(&mut model, "end ctrl-u");
    type_text(&mut model, "mine");
    assert_eq!(press(&mut model, "enter").len(), 1);
}

#[test]
fn guard_rails_and_hub_go_along_to_another_name_so_that_saving_is_no_way_round_them() {
    let mut model = with(catalogue(), "guarded");
    model.profiles.present.content.hub = HubChoice { profile: Some("audit".into()), ..HubChoice::default() };
    let (hub, rails) = (model.profiles.present.content.hub.clone(), model.rails());
    press(&mut model, "F s ctrl-u");
    type_text(&mut model, "mine");
    let (_, content, _) = saved_content(&press(&mut model, "enter"));
    assert_eq!((&content.hub, content.rails), (&hub, rails));
    let effects = event(&mut model, Event::ProfileSaved(name("mine"), Ok("/mine.toml".into())));
    assert_eq!(notice(&model), "saved with the guard rails and the hub of guarded as /mine.toml");
    let [Effect::LoadProfiles(request)] = effects.as_slice() else { panic!("{effects:?}") };
    let read = Catalogue::of([layer("mine", SourceKind::User, Content { hub: HubChoice::default(), ..content })], Vec::new());
    event(&mut model, Event::Profiles(*request, Box::new(read)));
    assert_eq!((present(&model), model.rails()), ("mine", rails));
    // Over its own name, and over a file that there is.
    let mut model = with(catalogue(), "guarded");
    press(&mut model, "F s enter");
    let (_, content, _) = saved_content(&press(&mut model, "y"));
    assert_eq!((content.hub, content.rails), (HubChoice::default(), GuardRails::default()), "its file has them");
    press(&mut model, "F s ctrl-u");
    type_text(&mut model, "cves");
    press(&mut model, "enter");
    let Some(Overlay::Confirm(confirm)) = model.overlays.last() else { panic!("{:?}", model.overlays) };
    assert!(confirm.question.join(" ").contains("Into the file go also the guard rails of guarded"), "{:?}", confirm.question);
}

#[rstest]
#[case::of_the_machine("guarded", "It is defined by /guarded.toml.", Overwrite::No)]
#[case::built_in("open", "It is defined by the program.", Overwrite::No)]
#[case::broken("bad", "bad.toml:3:9: query: no", Overwrite::Yes)]
fn going_over_what_is_defined_elsewhere_is_asked_first(#[case] typed: &str, #[case] asked: &str, #[case] expected: Overwrite) {
    let mut model = model();
    press(&mut model, "F s ctrl-u");
    type_text(&mut model, typed);
    assert!(press(&mut model, "enter").is_empty());
    let Some(Overlay::Confirm(confirm)) = model.overlays.last() else { panic!("{:?}", model.overlays) };
    assert!(confirm.question.join(" ").contains(asked), "{:?}", confirm.question);
    let (_, _, overwrite) = saved_content(&press(&mut model, "y"));
    assert_eq!(overwrite, expected, "a file of one's own that nobody knew of stays");
}

#[rstest]
#[case("bad", "bad is saved, but cannot be used: bad.toml:3:9: query: no")]
#[case("open", "open is saved, but a part of it cannot be used: open.toml:1:1: x")]
fn what_is_saved_but_cannot_be_used_is_told(#[case] typed: &str, #[case] told: &str) {
    let mut model = model();
    press(&mut model, "F s ctrl-u");
    type_text(&mut model, typed);
    press(&mut model, "enter y");
    let effects = event(&mut model, Event::ProfileSaved(name(typed), Ok("/mine.toml".into())));
    let [Effect::LoadProfiles(request)] = effects.as_slice() else { panic!("{effects:?}") };
    let mut read = catalogue();
    read.broken.push(Broken { name: "open".into(), problems: vec!["open.toml:1:1: x".into()] });
    event(&mut model, Event::Profiles(*request, Box::new(read)));
    assert_eq!((notice(&model), present(&model)), (told, "open"));
}

#[test]
fn what_is_on_the_screen_is_saved_under_a_new_name_and_is_in_force_then() {
    let mut model = model();
    opened(&mut model);
    press(&mut model, "esc o t");
    press(&mut model, "F s");
    assert!(
        matches!(model.overlays.as_slice(), [Overlay::Prompt(prompt)] if prompt.purpose == PromptPurpose::SaveProfile && prompt.text() == "open")
    );
    press(&mut model, "ctrl-u");
    type_text(&mut model, "my list");
    assert!(press(&mut model, "enter").is_empty());
    assert_eq!(refused(&model), Some((3, "a name has only the letters a to z and A to Z, digits, and - _ . but here is ` `".to_owned())));
    press(&mut model, "end ctrl-u");
    type_text(&mut model, "mine");
    let (saved, content, overwrite) = saved_content(&press(&mut model, "enter"));
    assert_eq!((saved, overwrite), (name("mine"), Overwrite::No));
    assert_eq!(content.query, Some(Query::open()));
    assert_eq!(content.order.as_ref().map(ToString::to_string).as_deref(), Some("status↑ severity↓ modified↓"));
    assert_eq!(
        (content.columns.as_ref(), content.group, content.hub, content.rails),
        (None, None, HubChoice::default(), GuardRails::default())
    );
    let effects = event(&mut model, Event::ProfileSaved(name("mine"), Ok("/home/me/mine.toml".into())));
    assert_eq!(notice(&model), "saved as /home/me/mine.toml");
    let [Effect::LoadProfiles(request)] = effects.as_slice() else { panic!("{effects:?}") };
    let content = Content { query: content.query, order: content.order, ..Content::default() };
    event(&mut model, Event::Profiles(*request, Box::new(Catalogue::of([layer("mine", SourceKind::User, content)], Vec::new()))));
    assert_eq!((present(&model), model.has_left_profile(), model.profiles.last.clone()), ("mine", false, Some(name("open"))));
}

#[test]
fn one_of_that_name_is_overwritten_only_after_a_yes_and_says_what_it_took_back() {
    let mut model = with(catalogue(), "cves");
    press(&mut model, "]");
    opened(&mut model);
    press(&mut model, "s ctrl-u");
    type_text(&mut model, "cves");
    assert!(press(&mut model, "enter").is_empty());
    assert!(matches!(model.overlays.last(), Some(Overlay::Confirm(confirm)) if confirm.yes == Answer_::SaveProfile));
    assert!(press(&mut model, "enter").is_empty(), "Enter is No");
    press(&mut model, "F s ctrl-u");
    type_text(&mut model, "cves");
    press(&mut model, "enter");
    let (_, content, overwrite) = saved_content(&press(&mut model, "y"));
    assert_eq!(overwrite, Overwrite::Yes);
    assert_eq!(content.columns, Some(Column::defaults()), "its file names columns, so those on the screen are named too");
    assert_eq!(content.group, Some(Grouping(None)));
}

#[test]
fn a_name_defined_elsewhere_is_overridden_and_the_notice_says_so() {
    let mut model = model();
    opened(&mut model);
    press(&mut model, "s ctrl-u");
    type_text(&mut model, "guarded");
    press(&mut model, "enter");
    let (saved, ..) = saved_content(&press(&mut model, "y"));
    event(&mut model, Event::ProfileSaved(saved, Ok("/mine/guarded.toml".into())));
    assert_eq!(notice(&model), "saved as /mine/guarded.toml; it goes over the one of /guarded.toml");
}

#[rstest]
#[case(NotSaved::Exists, "there is a file for mine by now")]
#[case(NotSaved::Because("disk full \u{1b}".into()), "nothing was saved: disk full <U+001B>")]
fn what_could_not_be_saved_is_told_and_nothing_is_lost(#[case] why: NotSaved, #[case] told: &str) {
    let mut model = model();
    opened(&mut model);
    press(&mut model, "s ctrl-u");
    type_text(&mut model, "mine");
    press(&mut model, "enter");
    assert!(event(&mut model, Event::ProfileSaved(name("mine"), Err(why))).is_empty());
    assert!(notice(&model).contains(told), "{}", notice(&model));
    assert_eq!(present(&model), "open");
}

#[test]
fn a_query_of_named_findings_is_nothing_to_save() {
    let mut model = model();
    model.scan.query = Query::Findings(vec![Identity::MetadataUid("u1".into())]);
    press(&mut model, "F s");
    assert!(notice(&model).contains("cannot be saved as a filter profile"), "{}", notice(&model));
}

fn left(profile: &str) -> Event {
    left_asking(profile, "status:new")
}

fn left_asking(profile: &str, query: &str) -> Event {
    Event::Session(Ok(Some(Arc::new(Remembered {
        queries: Vec::new(),
        comments: Vec::new(),
        visits: crate::app::visit::Visits::default(),
        columns: Vec::new(),
        profile: profile.into(),
        query: query.into(),
        order: "account".parse().unwrap(),
        preview: crate::app::layout::Preview::Shown,
        filter: String::new(),
        cursor: None,
        marks: crate::app::remembered::MarkedFindings::default(),
    }))))
}

fn begun(asked: Asked, present: &str) -> Model {
    let mut model = connected(Settings { asked, ..settings() });
    let catalogue = catalogue();
    let present: FilterProfile = catalogue.find(present).unwrap().clone();
    begin(&mut model, Profiles::new(catalogue, present));
    model
}

#[test]
fn the_last_sessions_filter_profile_comes_back_with_its_guard_rails() {
    let mut model = begun(Asked::Nobody, "open");
    event(&mut model, left("guarded"));
    assert_eq!((present(&model), model.rails().most_rows), ("guarded", Some(2)));
    assert_eq!((model.scan.query.to_string().as_str(), model.view.order().to_string().as_str()), ("status:new", "account↑"));
    let mut model = begun(Asked::Nobody, "open");
    event(&mut model, left("away"));
    assert_eq!(present(&model), "open", "it leads to another hub by now");
}

#[rstest]
#[case::broken("bad", "bad, in force when you left, cannot be used (bad.toml:3:9: query: no)")]
#[case::gone("gone", "gone, in force when you left, cannot be used (it is not there any more)")]
#[case::no_name("\u{1b}[2J", "<U+001B>[2J, in force when you left, cannot be used (it is not there any more)")]
fn without_the_last_sessions_filter_profile_nothing_is_sent_until_one_is_picked(#[case] lost: &str, #[case] told: &str) {
    let mut model = model();
    model.remembering.recall = Recall::Awaited;
    let query = model.scan.query.to_string();
    event(&mut model, left_asking(lost, &query));
    assert!(notice(&model).contains("nothing is sent until you pick a filter profile with F"), "{}", notice(&model));
    assert!(notice(&model).contains(told), "{}", notice(&model));
    assert_eq!((present(&model), model.access()), ("open", Access::ReadOnly));
    assert_eq!(model.profiles.left_as(), lost, "a session that is left now comes back just as careful");
    press(&mut model, "s 3 w");
    assert!(sent(&press(&mut model, "y")).0.is_empty());
    assert!(notice(&model).contains("pick a filter profile first (F)"), "{}", notice(&model));
    press(&mut model, "esc");
    // Looking at them is not picking one; neither is one that cannot be used.
    opened(&mut model);
    press(&mut model, "G enter esc");
    assert_eq!(model.access(), Access::ReadOnly);
    opened(&mut model);
    press(&mut model, "1");
    assert_eq!((present(&model), model.access(), model.profiles.left_as()), ("open", Access::ReadWrite, "open"));
}

#[test]
fn stepping_to_another_one_is_picking_it() {
    let mut model = begun(Asked::Nobody, "open");
    event(&mut model, left("gone"));
    press(&mut model, "]");
    assert_eq!((present(&model), model.access()), ("cves", Access::ReadWrite));
    // One that was picked before the last session's was known stays.
    let mut model = begun(Asked::Nobody, "open");
    press(&mut model, "]");
    event(&mut model, left("gone"));
    assert_eq!((present(&model), model.access(), model.profiles.lost.clone()), ("cves", Access::ReadWrite, None));
}

#[test]
fn one_that_was_named_is_not_replaced_by_the_last_sessions() {
    let mut model = begun(Asked::FilterProfile, "cves");
    event(&mut model, left("guarded"));
    assert_eq!((present(&model), model.view.order().to_string().as_str()), ("cves", "title↑"));
    assert_eq!(model.view.grouped_by(), Some(GroupField::Cve));
}

#[test]
fn going_back_brings_the_filter_profile_that_was_in_force_with_its_guard_rails() {
    let mut model = with(catalogue(), "guarded");
    press(&mut model, "j j");
    opened(&mut model);
    press(&mut model, "esc ]");
    let elsewhere = model.profiles.present.name.clone();
    assert_ne!(elsewhere.as_str(), "guarded");
    press(&mut model, "ctrl-o");
    assert_eq!(model.profiles.present.name.as_str(), "guarded");
    assert!(model.rails().comment_to_suppress);
    assert_eq!(model.profiles.last, Some(elsewhere));
}
