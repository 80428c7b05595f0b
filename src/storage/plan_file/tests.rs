#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    comment::{Comment, LineBreaks},
    identity::Identifier,
    severity::SeverityId,
    status::StatusId,
    text,
};

fn comment(text: &str) -> Comment {
    Comment::new(text, LineBreaks::Space).unwrap()
}

fn plan() -> PlanFile {
    let row = |uid: &str| PlannedRow {
        identity: Identity::MetadataUid(uid.to_owned()),
        values: Values { status: Some(StatusId::NEW), severity: Some(SeverityId(42)), comment: Some("old".to_owned()) },
        title: "S3 bucket is public".to_owned(),
    };
    let triple = Identifier { account_uid: "1".to_owned(), finding_uid: "f\u{202e}".to_owned(), product_uid: "p".to_owned() };
    PlanFile {
        hub: HubKey::new(Some("222233334444"), "eu-west-1", Some("http://127.0.0.1:4580")),
        created: Millis(1_795_132_800_123),
        by: Some("arn:aws:iam::222233334444:user/a".to_owned()),
        query: "status:new".to_owned(),
        already_there: 3,
        groups: vec![
            PlannedGroup {
                patch: Patch { comment: Some(comment("accepted, PAY-1182")), ..Patch::status(StatusId::SUPPRESSED) },
                rows: vec![row("a"), row("b")],
            },
            PlannedGroup {
                patch: Patch::severity(SeverityId::LOW),
                rows: vec![PlannedRow { identity: Identity::Identifier(triple), values: Values::default(), title: String::new() }],
            },
        ],
    }
}

#[test]
fn a_plan_comes_back_as_it_was_written_one_finding_a_line() {
    let text = plan().render();
    assert_eq!(PlanFile::parse(&text), Ok(plan()));
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("\"was\"")).map(str::trim).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows.first().unwrap().trim_end_matches(','),
        r#"{"uid":"a","was":{"status":"new","severity":42,"comment":"old"},"title":"S3 bucket is public"}"#
    );
    assert!(!text.contains('\u{202e}') && text.contains("\\u202e"), "a terminal shows nothing hidden");
    let none = PlanFile { groups: Vec::new(), ..plan() };
    assert_eq!(PlanFile::parse(&none.render()), Ok(none));
}

#[test]
fn the_same_change_planned_at_another_time_is_another_plan() {
    let later = PlanFile { created: Millis(1_795_132_800_124), ..plan() };
    assert_ne!(plan().id(), later.id());
    assert_eq!(plan().id(), plan().id());
}

/// The text with something replaced, and with the id that the new content has, so that only the replacement is at fault.
fn forged(replace: &str, with: &str) -> String {
    let text = format::render(&plan(), "");
    assert!(text.contains(replace), "{replace}");
    text.replacen(replace, with, 1)
}

#[test]
fn whatever_is_not_as_it_was_written_is_refused_with_its_place() {
    for (replace, with, words) in [
        ("\"hubtriage_plan\": 1", "\"hubtriage_plan\": 2", "its format is 2, and this release reads 1"),
        ("\"hubtriage_plan\": 1", "\"hubtriage_plan\": \"1\"", "its format is \"1\""),
        ("\"hubtriage_plan\": 1", "\"another\": 1", "`hubtriage_plan` is missing"),
        ("\"query\":", "\"quer\":", "unknown field `quer`"),
        ("\"query\": \"status:new\",\n", "", "missing field `query`"),
        ("2026-11-20T00:00:00.123Z", "yesterday", "created: this is no time"),
        ("{\"uid\":\"a\",", "{", "group 1, row 1, uid: neither uid nor identifier"),
        ("\"uid\":\"b\"", "\"uid\":\"a\"", "group 1, row 2, uid: this finding is in the plan already"),
        ("\"uid\":\"b\"", "\"uid\":\" \"", "group 1, row 2, uid: it is empty"),
        ("\"account\":\"1\",\"finding\"", "\"account\":\"\",\"finding\"", "group 2, row 1, identifier: a part of it is empty"),
        ("\"set\": {\"severity\":\"low\"}", "\"set\": {}", "group 2, set: nothing is set"),
        ("\"status\":\"suppressed\"", "\"status\":\"supressed\"", "group 1, set.status: \"supressed\" is neither a caption nor an id"),
        ("\"severity\":\"low\"", "\"severity\":4294967300", "group 2, set.severity: 4294967300 is neither"),
        ("accepted, PAY-1182", "", "group 1, set.comment: a comment cannot be empty"),
        ("accepted, PAY-1182", &"x".repeat(513), "group 1, set.comment: 513 characters"),
        ("accepted, PAY-1182", "a\\u0007b", "group 1, set.comment: it has hidden characters"),
        ("\"uid\":\"a\"", "\"uid\":\"c\"", "it was changed after it was written"),
        ("old", "new", "it was changed after it was written"),
        ("S3 bucket is public", "nothing of interest", "it was changed after it was written"),
        ("222233334444", "999933334444", "it was changed after it was written"),
        ("\"groups\": [", "\"groups\": [[", "line"),
        ("\n}\n", "", "EOF"),
    ] {
        let defect = PlanFile::parse(&forged(replace, with)).unwrap_err();
        assert!(defect.to_string().contains(words), "{replace} -> {with}: {defect}");
    }
    let nobody = PlannedRow { identity: Identity::Unaddressable("d".to_owned()), values: Values::default(), title: String::new() };
    let mut unaddressable = plan();
    unaddressable.groups.last_mut().unwrap().rows.push(nobody);
    let defect = PlanFile::parse(&unaddressable.render()).unwrap_err();
    assert!(defect.to_string().contains("group 2, row 2, uid: neither uid nor identifier"), "{defect}");
    let empty = PlanFile { groups: vec![PlannedGroup { rows: Vec::new(), ..plan().groups.remove(0) }], ..plan() };
    assert!(PlanFile::parse(&empty.render()).unwrap_err().to_string().contains("group 1, rows: there are none"));
}

#[test]
fn a_plan_that_was_cut_off_anywhere_is_refused() {
    let text = plan().render();
    for (end, _) in text.char_indices().filter(|(end, _)| *end < text.trim_end().len()) {
        assert!(PlanFile::parse(text.get(..end).unwrap()).is_err(), "{end}");
    }
}

#[test]
fn a_plan_for_another_hub_says_in_what_it_differs() {
    let here = plan().hub;
    assert_eq!(plan().check_hub(&here), Ok(()));
    for (hub, words) in [
        (HubKey::new(Some("111122223333"), "eu-west-1", Some("http://127.0.0.1:4580")), "another account:"),
        (HubKey::new(None, "eu-west-1", Some("http://127.0.0.1:4580")), "another account:"),
        (HubKey::new(Some("222233334444"), "eu-west-1", None), "another endpoint:"),
        (HubKey::new(Some("222233334444"), "cn-north-1", Some("http://127.0.0.1:4580")), "another partition and Region:"),
    ] {
        let error = plan().check_hub(&hub).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("222233334444"), "{error}");
    }
}

#[test]
fn a_file_is_its_owners_alone_and_is_replaced_only_if_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    plan().save(&file, Existing::Keep).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let other = PlanFile { query: "everything".to_owned(), ..plan() };
    assert!(matches!(other.save(&file, Existing::Keep), Err(PlanFileError::Exists(_))));
    assert_eq!(PlanFile::load(&file).unwrap(), plan());
    other.save(&file, Existing::Replace).unwrap();
    assert_eq!(PlanFile::load(&file).unwrap(), other);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left lying about");
    assert!(matches!(plan().save(&folder.path().join("no/plan.json"), Existing::Keep), Err(PlanFileError::Unwritable { .. })));
    assert!(matches!(PlanFile::load(&folder.path().join("none.json")), Err(PlanFileError::Unreadable { .. })));
}

fn any_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), 0..20).prop_map(|chars| chars.into_iter().collect())
}

fn named_text() -> impl Strategy<Value = String> {
    any_text().prop_filter("not blank", |text| !text.trim().is_empty())
}

proptest! {
    #[test]
    fn any_plan_round_trips_and_shows_nothing_hidden(
        uids in proptest::collection::hash_set(named_text(), 1..10),
        triple in (named_text(), named_text(), named_text()),
        old in proptest::option::of(any_text()),
        said in proptest::option::of(any_text()),
        ids in (proptest::option::of(any::<i32>()), any::<i32>()),
    ) {
        let (account_uid, finding_uid, product_uid) = triple;
        let values = Values { status: ids.0.map(StatusId), severity: ids.0.map(SeverityId), comment: old };
        let row = |identity| PlannedRow { identity, values: values.clone(), title: text::clean(&format!("{:?}", values.comment)).into_owned() };
        let comment = said.as_deref().and_then(|said| Comment::new(said, LineBreaks::Keep).ok());
        let plan = PlanFile {
            by: said.clone(),
            groups: vec![
                PlannedGroup { patch: Patch { comment, ..Patch::status(StatusId(ids.1)) }, rows: uids.into_iter().map(Identity::MetadataUid).map(row).collect() },
                PlannedGroup { patch: Patch::severity(SeverityId(ids.1)), rows: vec![row(Identity::Identifier(Identifier { account_uid, finding_uid, product_uid }))] },
            ],
            ..plan()
        };
        let text = plan.render();
        prop_assert!(text.lines().all(|line| !line.contains(text::is_hidden)));
        prop_assert_eq!(PlanFile::parse(&text), Ok(plan));
    }
}
