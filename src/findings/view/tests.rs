//! Which rows are left and which lines that makes, whatever happened before.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    domain::{order::SortField, patch::Patch, row::HubId, severity::SeverityId, status::StatusId},
    findings::{
        archive::SealedPage,
        arranging::{Doing, Traffic},
    },
};

fn arrive(store: &mut Store, view: &mut View, titles: &[&str]) {
    let documents: Vec<String> = titles
        .iter()
        .map(|title| format!(r#"{{"metadata":{{"uid":"{title}"}},"status_id":1,"severity_id":3,"finding_info":{{"title":"{title}"}}}}"#))
        .collect();
    let arrival = store.arrive(SealedPage::seal(&documents), HubId(0));
    view.arrive(store, &arrival);
}

fn titles<'a>(store: &'a Store, view: &View) -> Vec<&'a str> {
    view.rows().iter().map(|&row| store.text(store.row(row).unwrap().title)).collect()
}

#[test]
fn a_filter_needs_every_word_in_any_column_and_holds_for_pages_that_come_later() {
    let (mut store, mut view) = (Store::default(), View::default());
    store.begin_scan();
    arrive(&mut store, &mut view, &["Open bucket", "Open port", "Old key"]);
    view.filter(&store, TextFilter::new("OPEN medium"));
    assert_eq!(titles(&store, &view), ["Open bucket", "Open port"]);
    arrive(&mut store, &mut view, &["Open again", "Closed"]);
    assert_eq!(titles(&store, &view), ["Open bucket", "Open port", "Open again"]);
    view.narrow(&store, Some([RowId(1), RowId(2)].into_iter().collect()));
    assert_eq!(titles(&store, &view), ["Open port"]);
    view.filter(&store, TextFilter::new("  "));
    assert_eq!(titles(&store, &view), ["Open port", "Old key"]);
    view.narrow(&store, None);
    assert_eq!(view.rows().len(), 5);
    assert_eq!(view.place(RowId(2)), Some(2));
}

#[test]
fn rows_of_an_earlier_result_come_back_when_the_scan_delivers_them() {
    let (mut store, mut view) = (Store::default(), View::default());
    store.begin_scan();
    arrive(&mut store, &mut view, &["a", "b"]);
    view.remove(&store, |row| row == RowId(0));
    store.begin_scan();
    arrive(&mut store, &mut view, &["a", "b", "c"]);
    assert_eq!(titles(&store, &view), ["a", "b", "c"]);
}

/// A row: title, Region, account, severity, time.
type Sample = (String, u8, u8, i32, u8);

fn documents(samples: &[Sample], from: usize) -> Vec<String> {
    let document = |(at, (title, region, account, severity, time)): (usize, &Sample)| {
        format!(
            r#"{{"metadata":{{"uid":"{}"}},"severity_id":{severity},"status_id":1,"time":{time},"finding_info":{{"title":"{title}"}},
            "cloud":{{"region":"r{region}","account":{{"uid":"{account}","name":"n{account}"}}}},"compliance":{{"control":"C{region}"}}}}"#,
            at + from
        )
    };
    samples.iter().enumerate().map(document).collect()
}

/// Something that happens to a view.
#[derive(Debug, Clone)]
enum Step {
    Page(Vec<Sample>),
    /// The first so many rows are read again, with other values.
    Again(Vec<Sample>),
    Filter(String),
    Narrow(Option<Vec<u32>>),
    Sort(usize),
    Group(Option<usize>),
    Fold(u32, bool),
    FoldAll(bool),
    Remove(u32),
    Process(u32, i32),
}

fn sample() -> impl Strategy<Value = Sample> {
    ("[xyz]{0,3}", 0_u8..3, 0_u8..3, prop_oneof![0_i32..7, Just(99), Just(-4)], 0_u8..4)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => proptest::collection::vec(sample(), 0..12).prop_map(Step::Page),
        1 => proptest::collection::vec(sample(), 1..5).prop_map(Step::Again),
        4 => "[xyz! ]{0,4}".prop_map(Step::Filter),
        1 => proptest::option::of(proptest::collection::vec(0_u32..40, 0..20)).prop_map(Step::Narrow),
        1 => (0_usize..SortField::OFFERED.len()).prop_map(Step::Sort),
        4 => proptest::option::weighted(0.9, 0..GroupField::OFFERED.len()).prop_map(Step::Group),
        4 => (0_u32..12, any::<bool>()).prop_map(|(group, folds)| Step::Fold(group, folds)),
        1 => any::<bool>().prop_map(Step::FoldAll),
        1 => (0_u32..40).prop_map(Step::Remove),
        2 => (0_u32..40, 0_i32..7).prop_map(|(row, severity)| Step::Process(row, severity)),
    ]
}

struct Bench {
    store: Store,
    view: View,
    typed: String,
    only: Option<RowSet>,
    gone: RowSet,
}

impl Bench {
    fn take(&mut self, step: Step) {
        let Self { store, view, typed, only, gone } = self;
        match step {
            Step::Page(samples) => {
                let arrival = store.arrive(SealedPage::seal(&documents(&samples, store.len())), HubId(0));
                view.arrive(store, &arrival);
            }
            Step::Again(samples) => {
                let known = store.len();
                store.begin_scan();
                let arrival = store.arrive(SealedPage::seal(&documents(&samples, 0)), HubId(0));
                view.arrive(store, &arrival);
                // Rows that had been taken out are back.
                for at in 0..samples.len().min(known) {
                    gone.remove(RowId(at as u32));
                }
            }
            Step::Filter(text) => {
                view.filter(store, TextFilter::new(&text));
                *typed = text;
            }
            Step::Narrow(rows) => {
                *only = rows.map(|rows| rows.into_iter().map(RowId).collect());
                view.narrow(store, only.clone());
            }
            Step::Sort(at) => {
                let order = view.order().led_by(SortField::OFFERED[at]);
                view.sort(store, order);
            }
            Step::Group(field) => view.group_by(store, field.map(|at| GroupField::OFFERED[at])),
            Step::Fold(group, folds) => view.fold(store, GroupId(group), folds),
            Step::FoldAll(folds) => view.fold_all(store, folds),
            Step::Remove(row) => {
                if (row as usize) < store.len() {
                    gone.insert(RowId(row));
                }
                view.remove(store, |other| other == RowId(row));
            }
            Step::Process(row, severity) => {
                store.apply(RowId(row), &Patch::severity(SeverityId(severity)));
                view.recount(store);
            }
        }
    }

    /// The rows that should be left, by asking each.
    fn left(&self) -> Vec<RowId> {
        let mut filter = TextFilter::new(&self.typed);
        if let Some(filter) = &mut filter {
            filter.learn(self.store.interner());
        }
        let mut left: Vec<RowId> = self
            .view
            .all()
            .iter()
            .copied()
            .filter(|&row| self.only.as_ref().is_none_or(|only| only.contains(row)))
            .filter(|&row| filter.as_ref().is_none_or(|filter| filter.matches(self.store.chunks(), self.store.extra(), row)))
            .collect();
        left.sort();
        left
    }

    fn is_sound(&mut self) -> Result<(), TestCaseError> {
        self.view.recount(&self.store);
        let (store, view) = (&self.store, &self.view);
        let all: RowSet = view.all().iter().copied().collect();
        prop_assert_eq!(all.len(), view.all().len());
        prop_assert_eq!(all.len(), store.len() - self.gone.len());
        let mut rows = view.rows().to_vec();
        rows.sort();
        prop_assert_eq!(&rows, &self.left());

        // The lines, told once more.
        let mut lines: Vec<Line> = Vec::new();
        let mut seen = Vec::new();
        if let Some(groups) = view.groups() {
            let mut before = None;
            for &id in groups.shown() {
                let group = groups.get(id).unwrap();
                let members = groups.rows_of(id);
                prop_assert_eq!(groups.place(id), Some(groups.shown().iter().position(|&other| other == id).unwrap()));
                prop_assert_eq!(view.header(id), Some(lines.len()));
                prop_assert!(!members.is_empty() && group.len() == members.len());
                prop_assert!(members.iter().all(|&row| groups.of(row) == Some(id)));
                let mut counts: BTreeMap<u8, u32> = BTreeMap::new();
                for &row in members {
                    *counts.entry(SeverityId(store.row(row).unwrap().severity).rank()).or_default() += 1;
                }
                let told: Vec<(u8, u32)> = groups.severities(id).map(|(id, count)| (id.rank(), count)).collect();
                prop_assert_eq!(told, counts.into_iter().rev().collect::<Vec<_>>());
                lines.push(Line::Header(id));
                if !group.is_folded() {
                    lines.extend(members.iter().copied().map(Line::Row));
                }
                seen.extend_from_slice(members);
                before = Some(before.map_or(1, |count: usize| count + 1));
            }
            prop_assert_eq!(seen.as_slice(), view.rows());
            prop_assert_eq!(before.unwrap_or(0), groups.shown().len());
        } else {
            lines.extend(view.rows().iter().copied().map(Line::Row));
        }
        prop_assert_eq!(view.line_count(), lines.len());
        for (place, &line) in lines.iter().enumerate() {
            prop_assert_eq!(view.line(place), Some(line));
            match line {
                Line::Row(row) => prop_assert_eq!((view.place(row), view.span(place, place)), (Some(place), &[row][..])),
                Line::Header(id) => {
                    let groups = view.groups().unwrap();
                    let own = if groups.get(id).unwrap().is_folded() { groups.rows_of(id) } else { &[] };
                    prop_assert_eq!(view.span(place, place), own);
                }
            }
        }
        prop_assert_eq!(view.line(lines.len()), None);
        prop_assert_eq!(view.span(0, lines.len()), view.rows());
        let shown: RowSet = lines.iter().filter_map(|line| if let Line::Row(row) = line { Some(*row) } else { None }).collect();
        for at in 0..store.len() as u32 {
            let row = RowId(at);
            prop_assert_eq!(view.place(row).is_some(), shown.contains(row));
            prop_assert_eq!(view.index(row), view.rows().iter().position(|&other| other == row));
        }
        Ok(())
    }
}

/// Everything a group's header tells, with its rows.
fn told(store: &Store, view: &View) -> Vec<(String, Option<String>, Vec<RowId>)> {
    let Some(groups) = view.groups() else { return Vec::new() };
    let one = |&id: &GroupId| {
        let told = groups.told(store, id).map(|(told, is_uniform)| format!("{told} {is_uniform}"));
        (groups.name(store, id).into_owned(), told, groups.rows_of(id).to_vec())
    };
    groups.shown().iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_lines_are_the_rows_that_are_left_in_their_groups(steps in proptest::collection::vec(step(), 1..30)) {
        let mut bench =
            Bench { store: Store::default(), view: View::default(), typed: String::new(), only: None, gone: RowSet::default() };
        for step in steps {
            bench.take(step);
            bench.is_sound()?;
        }
        // Sorted once more, it is what a view that has seen nothing but the end has.
        let Bench { store, view, typed, only, gone } = &mut bench;
        view.sort(store, view.order().clone());
        let members = (0..store.len() as u32).map(RowId).filter(|&row| !gone.contains(row)).collect();
        let mut fresh = View { members, ..View::default() };
        fresh.sort(store, view.order().clone());
        fresh.narrow(store, only.clone());
        fresh.filter(store, TextFilter::new(typed));
        fresh.group_by(store, view.grouped_by());
        prop_assert_eq!(fresh.rows(), view.rows());
        prop_assert_eq!(told(store, &fresh), told(store, view));
    }

    #[test]
    fn pages_one_after_the_other_make_the_groups_that_all_of_them_at_once_make(
        pages in proptest::collection::vec(proptest::collection::vec(sample(), 0..20), 1..6), field in 0..GroupField::OFFERED.len(),
        typed in "[xyz]{0,1}",
    ) {
        let mut bench =
            Bench { store: Store::default(), view: View::default(), typed: String::new(), only: None, gone: RowSet::default() };
        let whole: Vec<Sample> = pages.concat();
        for step in [Step::Group(Some(field)), Step::Filter(typed.clone())].into_iter().chain(pages.into_iter().map(Step::Page)) {
            bench.take(step);
            bench.is_sound()?;
        }
        let mut once =
            Bench { store: Store::default(), view: View::default(), typed: String::new(), only: None, gone: RowSet::default() };
        for step in [Step::Page(whole), Step::Filter(typed), Step::Group(Some(field))] {
            once.take(step);
        }
        prop_assert_eq!(told(&bench.store, &bench.view), told(&once.store, &once.view));
    }
}

/// A view that does at most so many rows at a time, and one that does everything at once.
fn in_steps(step: usize, most_groups: usize) -> (Bench, Bench) {
    let bench = || Bench { store: Store::default(), view: View::default(), typed: String::new(), only: None, gone: RowSet::default() };
    let mut slow = bench();
    slow.view.set_pace(Pace { at_once: 0, step, most_groups });
    (bench(), slow)
}

/// Does what there is to do; no step may go over more rows than it should.
fn settle(bench: &mut Bench, step: usize) {
    while bench.view.has_work(Traffic::Quiet) {
        let (before, late) = (bench.view.touched(), bench.view.late.len() + bench.view.groups().map_or(0, |groups| groups.shown().len()));
        bench.view.step(&bench.store);
        let groups = bench.view.groups().map_or(0, |groups| groups.shown().len());
        assert!(bench.view.touched() - before <= (step + late + groups) as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn in_steps_with_anything_between_them_comes_out_what_comes_out_at_once(
        steps in proptest::collection::vec((step(), 0_usize..4), 1..30), step in 1_usize..60, most_groups in prop_oneof![Just(0_usize), Just(100)],
    ) {
        let (mut once, mut slow) = in_steps(step, most_groups);
        for (what, goes_on) in steps {
            match what {
                // Keys that fold wait for what was asked for; groups are told apart by their names.
                Step::Fold(group, folds) => {
                    settle(&mut slow, step);
                    let id = GroupId(group);
                    if let Some(name) = once.view.groups().filter(|groups| groups.get(id).is_some()).map(|groups| groups.name(&once.store, id)) {
                        let groups = slow.view.groups().unwrap();
                        let same = (0..groups.given() as u32).map(GroupId).find(|&other| groups.name(&slow.store, other) == name);
                        if let Some(same) = same {
                            once.view.fold(&once.store, id, folds);
                            slow.view.fold(&slow.store, same, folds);
                        }
                    }
                }
                Step::FoldAll(folds) => {
                    slow.view.finish(&slow.store);
                    once.take(Step::FoldAll(folds));
                    slow.take(Step::FoldAll(folds));
                }
                what => {
                    once.take(what.clone());
                    slow.take(what);
                }
            }
            for _ in 0..goes_on {
                if slow.view.has_work(Traffic::Quiet) {
                    slow.view.step(&slow.store);
                }
            }
        }
        settle(&mut slow, step);
        slow.is_sound()?;
        // Rows that changed have moved or not, according to when; sorted once more they are where they belong.
        for bench in [&mut once, &mut slow] {
            let order = bench.view.order().clone();
            bench.view.sort(&bench.store, order);
            settle(bench, step);
        }
        prop_assert_eq!(once.view.rows(), slow.view.rows());
        prop_assert_eq!(once.view.all(), slow.view.all());
        prop_assert_eq!(once.view.line_count(), slow.view.line_count());
        prop_assert_eq!(told(&once.store, &once.view), told(&slow.store, &slow.view));
    }
}

fn many(count: usize) -> Vec<Sample> {
    (0..count)
        .map(|at| (["x", "xy", "xyz"][at % 3].to_owned(), (at % 7) as u8, (at % 5) as u8, [0, 1, 2, 3, 4, 5][at % 6], (at % 11) as u8))
        .collect()
}

#[test]
fn the_newest_request_takes_the_place_of_the_ones_before() {
    let (_, mut slow) = in_steps(64, 100);
    slow.take(Step::Page(many(1_000)));
    settle(&mut slow, 64);
    let (shown, before) = (slow.view.rows().to_vec(), slow.view.touched());
    slow.take(Step::Filter("xyz".to_owned()));
    slow.take(Step::Filter("y".to_owned()));
    slow.take(Step::Sort(3));
    slow.take(Step::Group(Some(2)));
    slow.take(Step::Group(None));
    assert_eq!(slow.view.rows(), shown, "what is on the screen stays until the new is there");
    assert!(slow.view.is_behind() && slow.view.doing() == Some(Doing::Sorting));
    settle(&mut slow, 64);
    assert_eq!(slow.view.rows().len(), 666);
    slow.is_sound().unwrap();
    let rows = slow.view.touched() - before;
    assert!(rows < 20 * 1_000, "{rows}: one sort and one filter");
}

#[test]
fn a_letter_more_goes_over_the_rows_that_were_shown_and_a_page_over_its_rows_and_the_groups() {
    for count in [1_000, 10_000] {
        let (mut once, _) = in_steps(1, 100);
        once.take(Step::Page(many(count)));
        once.take(Step::Filter("xyz".to_owned()));
        let texts = once.store.interner().len() as u64;
        once.take(Step::Filter("xyz n0".to_owned()));
        let (shown, before) = (once.view.rows().len() as u64, once.view.touched());
        assert!(shown < count as u64 / 6);
        once.take(Step::Filter("xyz n0 r0".to_owned()));
        assert!(once.view.touched() - before <= shown + 3 * texts);
        once.take(Step::Filter(String::new()));
        once.take(Step::Group(Some(0)));
        let before = once.view.touched();
        once.take(Step::Page(many(10)));
        assert!(once.view.touched() - before <= 10 + once.view.groups().unwrap().shown().len() as u64);
    }
}

#[test]
fn groups_stand_worst_first_then_the_largest_then_by_name_and_rows_without_a_value_have_one() {
    let (mut store, mut view) = (Store::default(), View::default());
    let row = |region: &str, severity: i32| {
        format!(r#"{{"metadata":{{"uid":"{region}{severity}"}},"severity_id":{severity},"cloud":{{"region":"{region}"}}}}"#)
    };
    let documents = [row("b", 3), row("b", 1), row("c", 2), row("c", 3), row("d", 5), row("", 3), row("a", 99), row("A", 0), row("e", 3)];
    let arrival = store.arrive(SealedPage::seal(&documents), HubId(0));
    view.arrive(&store, &arrival);
    view.group_by(&store, Some(GroupField::Region));
    let names: Vec<String> = told(&store, &view).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["d", "b", "c", "(no Region)", "e", "a", "A"]);
    let groups = view.groups().unwrap();
    assert_eq!(groups.severities(groups.shown()[1]).collect::<Vec<_>>(), [(SeverityId::MEDIUM, 1), (SeverityId::INFORMATIONAL, 1)]);
}

#[test]
fn headers_tell_captions_account_names_and_the_title_of_a_control() {
    let (mut store, mut view) = (Store::default(), View::default());
    let row = |uid: u8, status: &str, account: &str, name: &str, title: &str, cve: &str| {
        let cve = if cve.is_empty() { String::new() } else { format!(r#""vulnerabilities":[{{"cve":{{"uid":"{cve}"}}}}],"#) };
        format!(
            r#"{{{cve}{status}"metadata":{{"uid":"{uid}"}},"severity_id":3,"finding_info":{{"title":"{title}","types":["type"]}},
            "cloud":{{"account":{{"uid":"{account}","name":"{name}"}}}}}}"#
        )
    };
    let documents = [
        row(1, r#""status_id":1,"#, "1", "prod", "openssl", "CVE-1"),
        row(2, r#""status_id":99,"status":"Odd","#, "2", "prod", "zlib", "CVE-1"),
        row(3, "", "", "prod", "key", ""),
        row(4, r#""status_id":-7,"#, "1", "prod", "key", ""),
    ];
    let arrival = store.arrive(SealedPage::seal(&documents), HubId(0));
    view.arrive(&store, &arrival);
    let mut grouped = |field| {
        view.group_by(&store, Some(field));
        told(&store, &view).into_iter().map(|(name, told, rows)| (name, told.unwrap_or_default(), rows.len())).collect::<Vec<_>>()
    };
    let row = |name: &str, told: &str, count| (name.to_owned(), told.to_owned(), count);
    assert_eq!(grouped(GroupField::Status), [row("(no status)", "", 1), row("-7", "", 1), row("New", "", 1), row("Other", "", 1)]);
    assert_eq!(grouped(GroupField::Account), [row("1", "prod true", 2), row("2", "prod true", 1), row("prod", "", 1)]);
    assert_eq!(grouped(GroupField::Cve), [row("(no CVE)", "key true", 2), row("CVE-1", "openssl false", 2)]);
    assert_eq!(grouped(GroupField::Control), [row("CVE-1", "openssl false", 2), row("type", "key true", 2)]);
    assert_eq!(grouped(GroupField::Severity), [row("Medium", "", 4)]);
}

#[test]
fn a_row_that_changes_stays_in_its_group_until_the_next_sort_and_folds_hold_over_everything() {
    let (mut store, mut view) = (Store::default(), View::default());
    store.begin_scan();
    arrive(&mut store, &mut view, &["a", "b", "c"]);
    view.group_by(&store, Some(GroupField::Status));
    let new = view.groups().unwrap().shown()[0];
    view.fold(&store, new, true);
    assert_eq!((view.line_count(), view.rows().len(), view.place(RowId(0)), view.index(RowId(0))), (1, 3, None, Some(0)));
    store.apply(RowId(0), &Patch::status(StatusId::SUPPRESSED));
    view.filter(&store, TextFilter::new("title a"));
    view.filter(&store, None);
    assert_eq!(view.groups().unwrap().shown(), [new]);
    view.sort(&store, view.order().clone());
    assert_eq!((view.groups().unwrap().shown().len(), view.line_count()), (2, 3), "the new group is open, the old one stays folded");
    view.group_by(&store, Some(GroupField::Region));
    assert_eq!(view.line_count(), 4);
    view.group_by(&store, None);
    assert_eq!(view.line_count(), 3);
    view.group_by(&store, Some(GroupField::Status));
    assert_eq!(view.line_count(), 3, "it remembers");
    view.fold_all(&store, true);
    arrive(&mut store, &mut view, &["a", "b", "c", "d"]);
    assert_eq!(view.line_count(), 2);
    view.fold_all(&store, false);
    assert_eq!(view.line_count(), 6);
}

#[test]
fn a_group_is_told_by_the_title_that_most_of_its_findings_have() {
    let (mut store, mut view) = (Store::default(), View::default());
    let titles = ["A lone odd one", "bucket", "bucket", "other", "bucket", "other", "bucket"];
    let documents: Vec<String> = titles
        .iter()
        .enumerate()
        .map(|(uid, title)| {
            format!(r#"{{"metadata":{{"uid":"{uid}"}},"compliance":{{"control":"S3.8"}},"finding_info":{{"title":"{title}"}}}}"#)
        })
        .collect();
    let arrival = store.arrive(SealedPage::seal(&documents), HubId(0));
    view.arrive(&store, &arrival);
    view.group_by(&store, Some(GroupField::Control));
    assert_eq!(told(&store, &view).first().unwrap().1.as_deref(), Some("bucket false"));
}
