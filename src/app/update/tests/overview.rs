//! The landing summary: keys and answers in, facts and effects out.

use super::*;
use crate::{
    app::{
        keymap::Context,
        profiles::Profiles,
        summary::{FIELDS, Facet, Source, Summary},
    },
    domain::{
        counted::{CountField, Counted},
        profile::{Catalogue, Content, FilterProfile, HubChoice, Layer, ProfileName, Source as From, SourceKind},
    },
};

fn summary(model: &Model) -> &Summary {
    let found = model.overlays.iter().rev().find_map(|overlay| match overlay {
        Overlay::Summary(summary) => Some(summary),
        _ => None,
    });
    found.unwrap()
}

fn is_open(model: &Model) -> bool {
    model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Summary(_)))
}

/// The request for counts among effects, if there is one.
fn asked(effects: &[Effect]) -> Option<(RequestId, Query)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Count { request, query, fields } => {
            assert_eq!(*fields, FIELDS);
            Some((*request, query.clone()))
        }
        _ => None,
    })
}

fn scanned(effects: &[Effect]) -> Option<Query> {
    effects.iter().find_map(|effect| match effect {
        Effect::Scan { query, .. } => Some(query.clone()),
        _ => None,
    })
}

fn counts(field: CountField, values: &[(&str, u64)]) -> Counted {
    Counted { field, values: values.iter().map(|&(value, count)| (value.to_owned(), count)).collect() }
}

fn answer_of() -> Vec<Counted> {
    vec![
        counts(CountField::Severity, &[("Medium", 40), ("High", 30), ("Critical", 12), ("odd", 3)]),
        counts(CountField::Status, &[("In Progress", 5), ("New", 80)]),
        counts(CountField::Product, &[("GuardDuty", 60), ("Inspector", 25)]),
        counts(CountField::AccountUid, &[("111122223333", 50), ("222233334444", 35)]),
        counts(CountField::Control, &[("S3.8", 9), ("EC2.19", 4)]),
        counts(CountField::AccountName, &[("payments", 50), ("core", 35)]),
    ]
}

/// Opens the summary and lets the service answer.
fn opened(model: &mut Model) {
    let effects = press(model, "g 0");
    let (request, _) = asked(&effects).unwrap();
    event(model, Event::Counted(request, Ok(answer_of())));
}

fn here(model: &Model) -> String {
    summary(model).here().map(|(facet, line)| format!("{}:{}", facet.title(), line.shown)).unwrap_or_default()
}

/// A session that begins with the summary; connected, and its journal open.
fn summary_first() -> (Model, Vec<Effect>) {
    let mut model = Model::new(settings(), Query::open(), 80, 24, CTX.now);
    model.summary_first();
    let effects = event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    event(&mut model, Event::Caller(Ok(Caller { account: "222233334444".into(), arn: "arn".into() })));
    event(&mut model, Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new())));
    (model, effects)
}

#[test]
fn the_summary_is_counted_by_the_service_and_sorted_by_what_matters() {
    let mut model = loaded(3);
    let effects = press(&mut model, "g 0");
    assert_eq!(model.context(), Context::Summary);
    let (request, query) = asked(&effects).unwrap();
    assert_eq!(query, Query::open());
    assert_eq!(scanned(&effects), None);
    event(&mut model, Event::Counted(RequestId(request.0 + 1), Ok(Vec::new())));
    assert_eq!(summary(&model).source, Source::Nobody, "an answer to something else");
    event(&mut model, Event::Counted(request, Ok(answer_of())));
    let lines = |facet| {
        let block = summary(&model).blocks.iter().find(|block| block.facet == facet).unwrap();
        block.lines.iter().map(|line| format!("{} {} {}", line.shown, line.count, line.beside).trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(lines(Facet::Severity), ["Critical 12", "High 30", "Medium 40", "odd 3"]);
    assert_eq!(lines(Facet::Status), ["New 80", "In Progress 5"]);
    assert_eq!(lines(Facet::Product), ["GuardDuty 60", "Inspector 25"]);
    assert_eq!(lines(Facet::Account), ["payments 50 111122223333", "core 35 222233334444"]);
    assert_eq!(lines(Facet::Control), ["S3.8 9", "EC2.19 4"]);
    assert_eq!((summary(&model).total, summary(&model).source), (Some(85), Source::Service(CTX.now)));
}

#[test]
fn keys_move_within_and_between_blocks() {
    let mut model = loaded(3);
    opened(&mut model);
    // At 120 columns severity and status stand left, account and product in the middle, control right.
    for (keys, place) in [
        ("k", "severity:Critical"),
        ("j", "severity:High"),
        ("2 j", "severity:odd"),
        ("j", "status:New"),
        ("k", "severity:odd"),
        ("G", "status:In Progress"),
        ("j", "status:In Progress"),
        ("g g", "severity:Critical"),
        ("l", "account:payments"),
        ("j", "account:core"),
        ("h", "severity:High"),
        ("l l", "control:EC2.19"),
        ("l", "control:EC2.19"),
        ("h", "account:core"),
        ("tab", "product:GuardDuty"),
        ("tab tab", "severity:High"),
        ("left", "severity:High"),
    ] {
        press(&mut model, keys);
        assert_eq!(here(&model), place, "{keys}");
    }
}

#[test]
fn enter_asks_for_what_the_cursor_is_on_and_what_the_query_said_of_it_gives_way() {
    for (keys, query) in [
        ("enter", "status:new,in_progress severity:critical"),
        ("j j j j enter", "status:new"),
        ("l enter", "status:new,in_progress account:111122223333"),
    ] {
        let mut model = loaded(3);
        opened(&mut model);
        let effects = press(&mut model, keys);
        assert!(!is_open(&model));
        assert_eq!(scanned(&effects).unwrap().to_string(), query, "{keys}");
        assert_eq!(model.scan.query.to_string(), query);
    }
}

#[test]
fn escape_and_q_leave_it_and_nothing_is_asked_anew() {
    for keys in ["esc", "q"] {
        let mut model = loaded(3);
        opened(&mut model);
        assert_eq!(press(&mut model, keys), [Effect::StopCounting]);
        assert!(!is_open(&model));
        assert_eq!(model.scan.state, ScanState::Complete);
    }
}

#[test]
fn decisions_are_not_made_over_it() {
    let mut model = loaded(3);
    opened(&mut model);
    for keys in ["s", "S", "c", "w", "space", "*", "D", "u", "C"] {
        press(&mut model, keys);
        assert!(matches!(model.overlays.as_slice(), [Overlay::Summary(_)]) && model.marks.rows.is_empty(), "{keys}");
    }
}

#[test]
fn counting_again_keeps_the_cursor_on_its_value() {
    let mut model = loaded(3);
    opened(&mut model);
    press(&mut model, "j j");
    let effects = press(&mut model, "r");
    let mut again = answer_of();
    again[0] = counts(CountField::Severity, &[("Fatal", 1), ("Medium", 39), ("High", 30), ("Critical", 12)]);
    event(&mut model, Event::Counted(asked(&effects).unwrap().0, Ok(again)));
    assert_eq!(here(&model), "severity:Medium");
    assert_eq!(summary(&model).total, Some(82));
}

#[test]
fn with_the_summary_first_nothing_is_loaded_until_it_is_left_or_something_is_opened() {
    for (keys, query) in
        [("esc", "status:new,in_progress"), ("q", "status:new,in_progress"), ("enter", "status:new,in_progress severity:critical")]
    {
        let (mut model, effects) = summary_first();
        assert_eq!((scanned(&effects), model.scan.state.clone()), (None, ScanState::Held));
        event(&mut model, Event::Counted(asked(&effects).unwrap().0, Ok(answer_of())));
        assert_eq!(model.scan.state, ScanState::Held);
        let effects = press(&mut model, keys);
        assert_eq!(scanned(&effects).map(|query| query.to_string()).as_deref(), Some(query), "{keys}");
        assert_eq!((is_open(&model), model.scan.state.clone()), (false, ScanState::Loading));
    }
}

#[test]
fn left_before_there_is_a_connection_the_findings_are_loaded_as_soon_as_there_is_one() {
    let mut model = Model::new(settings(), Query::open(), 80, 24, CTX.now);
    model.summary_first();
    assert_eq!(press(&mut model, "esc"), [Effect::StopCounting]);
    let effects = event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    assert_eq!(scanned(&effects), Some(Query::open()));
}

#[test]
fn the_query_of_the_last_session_is_counted_in_place_of_the_default_and_still_not_loaded() {
    let (mut model, _) = summary_first();
    let left = crate::app::remembered::Remembered {
        profile: String::new(),
        query: "severity:critical".into(),
        columns: Vec::new(),
        order: model.view.order().clone(),
        preview: model.screen.preview,
        filter: String::new(),
        cursor: None,
        queries: Vec::new(),
        comments: Vec::new(),
        marks: crate::app::remembered::MarkedFindings::default(),
        visits: crate::app::visit::Visits::default(),
    };
    let effects = event(&mut model, Event::Session(Ok(Some(Arc::new(left)))));
    assert_eq!(scanned(&effects), None);
    assert_eq!(asked(&effects).unwrap().1.to_string(), "severity:critical");
}

#[test]
fn where_counting_is_denied_loaded_rows_are_counted_and_loading_waits_no_longer() {
    let denied = || CallError { operation: "GetFindingStatisticsV2", ..error(CallFailure::AccessDenied) };
    let mut model = loaded(5);
    let effects = press(&mut model, "g 0");
    let (request, _) = asked(&effects).unwrap();
    assert_eq!(event(&mut model, Event::Counted(request, Err(denied()))), []);
    let shown = summary(&model);
    assert_eq!((shown.source, shown.total), (Source::Loaded(5), Some(5)));
    assert_eq!(shown.here().map(|(_, line)| (line.shown.as_str(), line.count)), Some(("High", 1)));

    let (mut model, effects) = summary_first();
    let effects = event(&mut model, Event::Counted(asked(&effects).unwrap().0, Err(denied())));
    assert_eq!(scanned(&effects), Some(Query::open()));
    page(&mut model, 0..3, More::Follows);
    assert_eq!(summary(&model).total, Some(3));
    page(&mut model, 3..8, More::Last);
    assert_eq!((summary(&model).total, summary(&model).source), (Some(8), Source::Loaded(8)));
}

#[test]
fn expired_credentials_are_read_anew_when_counting_again_and_nothing_is_loaded_for_it() {
    let (mut model, effects) = summary_first();
    event(&mut model, Event::Counted(asked(&effects).unwrap().0, Err(error(CallFailure::ExpiredCredentials))));
    assert_eq!(model.scan.state, ScanState::Held);
    assert_eq!(press(&mut model, "r"), [Effect::Reconnect]);
    let effects = event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    assert_eq!(scanned(&effects), None);
    event(&mut model, Event::Counted(asked(&effects).unwrap().0, Ok(answer_of())));
    assert_eq!((summary(&model).refused.as_ref(), summary(&model).total), (None, Some(85)));
    assert_eq!(notice(&model), "");
}

#[test]
fn a_session_without_a_connection_says_so_and_the_summary_waits_for_it() {
    let mut model = Model::new(settings(), Query::open(), 80, 24, CTX.now);
    model.summary_first();
    event(&mut model, Event::Connected(Err(error(CallFailure::MissingCredentials))));
    assert_eq!(model.scan.state, ScanState::Held);
    assert_eq!(press(&mut model, "r"), [Effect::Reconnect]);
    let effects = event(&mut model, Event::Connected(Ok(Connection { region: "eu-west-1".into(), endpoint: None })));
    assert!(asked(&effects).is_some() && scanned(&effects).is_none());
}

/// `open`, `all`, and `other` of another hub.
fn with_profiles(model: &mut Model) {
    let layer = |name: &str, content: Content| {
        (ProfileName::new(name).unwrap(), Layer { source: From { kind: SourceKind::User, file: format!("{name}.toml") }, content })
    };
    let hub = HubChoice { region: Some("us-east-1".into()), ..HubChoice::default() };
    let layers = [
        layer("all", Content { query: Some(Query::Everything), ..Content::default() }),
        layer("other", Content { hub, ..Content::default() }),
    ];
    crate::app::update::begin(model, Profiles::new(Catalogue::of(layers, Vec::new()), FilterProfile::open()));
}

#[test]
fn filter_profiles_are_counted_with_it_and_a_digit_picks_one() {
    let place =
        |model: &Model, name: &str| 1 + model.profiles.catalogue.known.iter().position(|profile| profile.name.as_str() == name).unwrap();
    for is_first in [true, false] {
        let mut model = if is_first { summary_first().0 } else { loaded(3) };
        with_profiles(&mut model);
        let effects = press(&mut model, if is_first { "r" } else { "g 0" });
        let Some(Effect::CountProfiles(request, asked)) = effects.get(1) else { unreachable!("{effects:?}") };
        assert_eq!(asked.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["open", "all"], "those of this hub");
        event(&mut model, Event::ProfileCounted(*request, ProfileName::new("all").unwrap(), Ok(500)));
        press(&mut model, "9");
        assert!(is_open(&model) && notice(&model).contains("no filter profile 9"), "{}", notice(&model));
        let key = place(&model, "all").to_string();
        let effects = press(&mut model, &key);
        assert!(effects.contains(&Effect::StopCounting));
        assert_eq!(effects.iter().filter(|effect| matches!(effect, Effect::Scan { .. })).count(), 1);
        assert_eq!((scanned(&effects), is_open(&model)), (Some(Query::Everything), false), "{is_first}");
        assert_eq!(model.profiles.present.name.as_str(), "all");
    }
}

#[test]
fn the_way_back_from_what_was_opened_leads_to_the_query_before() {
    let mut model = loaded(3);
    opened(&mut model);
    press(&mut model, "enter");
    assert_eq!(scanned(&press(&mut model, "ctrl-o")), Some(Query::open()));
}
