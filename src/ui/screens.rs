//! Snapshots of the screens: the text, and under it the runs of styles, which the text alone would lose.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{fmt::Write, sync::Arc};

use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::{Buffer, CellWidth},
    style::{Color, Modifier},
};

use super::{
    canvas::audit,
    draw, sample,
    theme::{Colours, Glyphs, Theme},
};
use crate::{
    app::{
        event::{Arrival, Event, JournalEvent, RequestId, Ticket},
        journaling::JournalState,
        keymap::{Key, parse_keys},
        model::{Access, Level, Model, ScanState},
        overlay::{Overlay, Trigger},
        serving::Explanation,
        undo::{Left, Staged},
        update::{Ctx, update},
    },
    domain::{
        failure::{CallError, CallFailure},
        patch::{Patch, Values},
        row::RowId,
        severity::SeverityId,
        status::StatusId,
        time::Millis,
    },
    findings::row_set::RowSet,
    journal::entry::SendId,
    send::{options::ConflictCheck, report::Activity},
};

/// The buffer that a model gives.
pub(super) fn drawn(model: &Model, theme: Theme) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(model.screen.columns, model.screen.rows)).unwrap();
    terminal.draw(|frame| draw(model, &theme, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// Text and style runs of a buffer, line by line.
pub(super) fn shown(buffer: &Buffer) -> String {
    let (text, styles) = text_and_styles(buffer);
    format!("{text}\n{styles}")
}

fn text_and_styles(buffer: &Buffer) -> (String, String) {
    let (mut text, mut styles) = (String::new(), String::new());
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        let mut covered = 0;
        for x in buffer.area.left()..buffer.area.right() {
            let cell = &buffer[(x, y)];
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = cell.symbol().cell_width().saturating_sub(1);
            line.push_str(cell.symbol());
            let style = style(cell.fg, cell.bg, cell.modifier);
            match runs.last_mut() {
                Some((_, end, last)) if *last == style && *end == x => *end = x + 1,
                _ => runs.push((x, x + 1, style)),
            }
        }
        writeln!(text, "{}", line.trim_end()).unwrap();
        let runs: Vec<String> =
            runs.iter().filter(|(.., style)| !style.is_empty()).map(|(start, end, style)| format!("{start}-{end} {style}")).collect();
        if !runs.is_empty() {
            writeln!(styles, "{y}: {}", runs.join(", ")).unwrap();
        }
    }
    (text, styles)
}

fn style(fg: Color, bg: Color, modifier: Modifier) -> String {
    let mut words = Vec::new();
    if fg != Color::Reset {
        words.push(format!("{fg:?}").to_lowercase());
    }
    if bg != Color::Reset {
        words.push(format!("on {bg:?}").to_lowercase());
    }
    words.extend(modifier.iter_names().map(|(name, _)| name.to_lowercase()));
    words.join(" ")
}

pub(super) fn snapshot(name: &str, model: &Model) {
    themed(name, model, Theme::default());
}

pub(super) fn themed(name: &str, model: &Model, theme: Theme) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, shown(&drawn(model, theme)));
    });
}

/// The sizes that every screen is looked at in.
pub(super) const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

/// Draws the same model at every size, with colours and without: the text is the same, and nothing in it is cut off without a sign of it or
/// written over something else.
pub(super) fn every(name: &str, make: impl Fn(u16, u16) -> Model) {
    for (columns, rows) in SIZES {
        let model = make(columns, rows);
        audit::take();
        let (text, styles) = text_and_styles(&drawn(&model, Theme::default()));
        let found = audit::take();
        assert!(found.is_empty(), "{name} at {columns}x{rows}:\n{}\n{text}", found.join("\n"));
        let (same, plain) = text_and_styles(&drawn(&model, Theme::new(Colours::None, Glyphs::Unicode)));
        assert_eq!(text, same, "{name} says something else without colours");
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("{name}_{columns}"), format!("{text}\n{styles}\nwithout colours\n{plain}"));
        });
    }
}

/// Takes in keys as they would be typed.
pub(super) fn typed(mut model: Model, keys: &str) -> Model {
    for key in parse_keys(keys).unwrap() {
        let now = model.now;
        update(&mut model, Event::Key(key, Arrival::Single), Ctx { now });
    }
    model
}

/// A text typed letter by letter.
pub(super) fn written(mut model: Model, text: &str) -> Model {
    for c in text.chars() {
        let now = model.now;
        update(&mut model, Event::Key(Key::char(c), Arrival::Single), Ctx { now });
    }
    model
}

#[test]
fn the_table_shows_each_state_of_a_row_in_its_place() {
    every("table", sample::busy);
}

#[test]
fn without_colours_and_in_ascii_every_state_still_has_its_sign() {
    themed("table_plain", &sample::busy(120, 40), Theme::new(Colours::None, Glyphs::Ascii));
    themed("menu_plain", &typed(sample::busy(80, 24), "s"), Theme::new(Colours::None, Glyphs::Ascii));
}

#[test]
fn the_preview_tells_the_problem_the_staged_change_and_what_the_document_adds() {
    every("preview_staged", |columns, rows| {
        let mut model = sample::busy(columns, rows);
        sample::bring(&mut model, 1);
        model
    });
    every("preview_problem", |columns, rows| {
        let mut model = sample::busy(columns, rows);
        sample::cursor_on(&mut model, 3);
        sample::bring(&mut model, 3);
        model
    });
}

#[test]
fn a_range_shows_which_rows_it_will_mark() {
    every("range", |columns, rows| typed(sample::busy(columns, rows), "j v j j"));
}

#[test]
fn menus_stand_beside_the_cursor_and_count_what_there_is_now() {
    every("menu_status", |columns, rows| typed(sample::busy(columns, rows), "s j j"));
    every("menu_severity", |columns, rows| typed(sample::busy(columns, rows), "S"));
    every("menu_sort", |columns, rows| typed(sample::busy(columns, rows), "o"));
    every("menu_similar", |columns, rows| typed(sample::busy(columns, rows), "j g ,"));
    every("menu_all", |columns, rows| typed(sample::busy(columns, rows), "*"));
}

#[test]
fn the_comment_editor_counts_and_says_what_it_replaces() {
    every("editor", |columns, rows| written(typed(sample::loaded(columns, rows, 12), "j j c"), "accepted until 2026-12-15, PAY-1182"));
    every("editor_refused", |columns, rows| typed(written(typed(sample::busy(columns, rows), "c"), &"x".repeat(520)), "enter"));
}

#[test]
fn a_query_is_written_with_offers_and_errors_over_it() {
    let open = |columns, rows, text: &str| written(typed(sample::busy(columns, rows), "f ctrl-u"), text);
    every("query_fields", |columns, rows| typed(open(columns, rows, "status:new sev"), "tab"));
    every("query_values", |columns, rows| open(columns, rows, "severity>=high account:"));
    every("query_error", |columns, rows| open(columns, rows, "severity>=high age<7 x"));
    every("query_refused", |columns, rows| typed(open(columns, rows, "status:new stauts:resolved title~public"), "enter"));
    let long = format!("uid:{} severity:worst title~\"behind it\"", ["8f14e45fceea167a5a36dedd4bea2543"; 9].join(","));
    every("query_long", |columns, rows| typed(open(columns, rows, &long), "enter"));
    snapshot("query_ready", &open(80, 24, "severity>=high title~public"));
    snapshot("query_mark", &typed(sample::busy(80, 24), "T"));
}

#[test]
fn the_review_tells_what_would_be_sent_and_what_not() {
    let open = |columns, rows| {
        let mut model = typed(sample::busy(columns, rows), "w");
        let now = model.now;
        update(&mut model, Event::Drawn, Ctx { now });
        model
    };
    every("review", open);
    every("review_opened", |columns, rows| typed(open(columns, rows), "enter j space"));
    every("review_large", |columns, rows| {
        let mut model = sample::loaded(columns, rows, 350);
        sample::arrive(&mut model, &[r#"{"finding_info":{"title":"no identity at all"}}"#.to_owned()]);
        let all: Vec<RowId> = model.view.all().to_vec();
        model.staging.stage(&all, &Patch { comment: Some(sample::comment("accepted")), ..Patch::status(StatusId::SUPPRESSED) });
        model.staging.stage(&[RowId(3), RowId(15)], &Patch::severity(SeverityId::LOW));
        model.staging.drop_rows(&[RowId(4)], crate::journal::entry::Unstaged::Dropped);
        model.staging.stage(&[RowId(4)], &Patch::status(StatusId::NEW));
        typed(model, "w enter j space space space")
    });
    snapshot("review_locked", &typed(sample::busy(80, 24), "w"));
    let mut read_only = sample::busy(80, 24);
    read_only.settings.access = Access::ReadOnly;
    snapshot("review_read_only", &typed(read_only, "w"));
}

#[test]
fn the_problems_panel_groups_by_code_and_says_what_helps() {
    every("problems", |columns, rows| typed(sample::busy(columns, rows), "!"));
    every("problems_row", |columns, rows| {
        let mut model = sample::busy(columns, rows);
        model.session.trouble = Some(sample::denied());
        typed(model, "! j")
    });
}

#[test]
fn a_conflict_is_told_three_ways_and_each_kind_says_what_decides_it() {
    every("conflict_kind", |columns, rows| typed(sample::undecided(columns, rows), "!"));
    every("conflict_row", |columns, rows| typed(sample::undecided(columns, rows), "! j"));
    snapshot("conflict_comment", &typed(sample::undecided(80, 24), "! j j"));
    snapshot("problems_missing", &typed(sample::undecided(80, 24), "! 6 G"));
    snapshot("problems_denied", &typed(sample::undecided(80, 24), "! 8 G"));
    snapshot("menu_without", &typed(sample::undecided(80, 24), "! 8 G o"));
    every("table_conflict", sample::undecided);
}

#[test]
fn a_review_tells_its_conflict_check_how_it_goes_and_what_it_showed() {
    let open = |columns, rows| {
        let mut model = sample::loaded(columns, rows, 350);
        let all: Vec<RowId> = model.view.all().to_vec();
        model.staging.stage(&all, &Patch::status(StatusId::SUPPRESSED));
        model.staging.take_decided();
        typed(model, "w")
    };
    for (name, check) in [("off", ConflictCheck::Never), ("large", ConflictCheck::UpTo(100)), ("small", ConflictCheck::UpTo(1_000))] {
        let mut model = open(80, 24);
        model.settings.conflict_check = check;
        snapshot(&format!("review_check_{name}"), &model);
    }
    let going = |columns, rows| {
        let mut model = typed(open(columns, rows), "t");
        let pass = model.pass.as_mut().unwrap();
        pass.read = 200;
        model
    };
    snapshot("review_checking", &going(80, 24));
    every("review_checked", |columns, rows| {
        let mut model = going(columns, rows);
        let pass = model.pass.as_mut().unwrap();
        pass.requests.clear();
        pass.missing = vec![RowId(11)];
        for row in [17, 30] {
            let values = model.store.values(RowId(row));
            model.store.know(RowId(row), &Values { status: Some(StatusId::RESOLVED), comment: Some("done".into()), ..values });
        }
        let now = model.now;
        update(&mut model, Event::Tick, Ctx { now });
        typed(model, "enter j")
    });
    snapshot("review_undecided", &typed(sample::undecided(80, 24), "w"));
    snapshot("review_save", &typed(sample::undecided(80, 24), "w x"));
}

#[test]
fn the_review_of_an_undo_says_of_which_send_and_what_is_skipped() {
    let open = |columns, rows| {
        let mut model = sample::loaded(columns, rows, 12);
        let put_back = [0, 1].map(|row| (RowId(row), Patch::status(StatusId::IN_PROGRESS)));
        model.staging.replace(crate::app::deed::Deed::SendUndone(Millis(sample::NOW)), put_back.to_vec());
        model.undoing.staged = Some(Staged {
            send: SendId(1),
            at: Millis(sample::NOW - 3_600_000),
            rows: put_back.into(),
            left: Left {
                rows: vec![
                    (RowId(3), "changed since: now status Archived".into()),
                    (RowId(4), "its comment was empty before, and the service cannot empty one".into()),
                ],
                changed: 1,
                emptied: 3,
                ..Left::default()
            },
        });
        model.staging.take_decided();
        typed(model, "w")
    };
    every("review_undo", |columns, rows| typed(open(columns, rows), "G enter j"));
    let mut unasked = open(80, 24);
    if let Some(Overlay::Review(review)) = unasked.overlays.last_mut() {
        review.trigger = Trigger::Unasked;
    }
    snapshot("review_unasked", &unasked);
}

#[test]
fn a_send_that_stands_still_says_why_what_is_kept_and_what_helps() {
    every("send_held", |columns, rows| sample::stands(columns, rows, Activity::Held(sample::expired())));
    let throttled = CallError { failure: CallFailure::Throttled, ..sample::denied() };
    every("send_waiting", |columns, rows| sample::stands(columns, rows, Activity::Waiting(throttled.clone())));
    every("send_paused", |columns, rows| sample::stands(columns, rows, Activity::Paused));
    snapshot("send_held_detail", &typed(sample::stands(120, 40, Activity::Held(sample::expired())), "enter"));
    let off = CallError { failure: CallFailure::NotEnabled, ..sample::denied() };
    snapshot("send_held_off", &sample::stands(80, 24, Activity::Held(off)));
}

#[test]
fn the_journal_lists_the_sends_and_opens_the_rows_of_one() {
    let open = |columns, rows| {
        let mut model = typed(sample::remembered(columns, rows), "L");
        let history = model.journal.history.clone().unwrap();
        let now = model.now;
        update(&mut model, Event::Journal(JournalEvent::History(Ok(history))), Ctx { now });
        model
    };
    every("journal", open);
    every("journal_rows", |columns, rows| typed(open(columns, rows), "j j enter"));
    snapshot("journal_row_processed", &typed(open(80, 24), "j enter j"));
    snapshot("journal_cut_off", &typed(open(80, 24), "enter G"));
    themed("journal_plain", &open(80, 24), Theme::new(Colours::None, Glyphs::Ascii));
    let mut empty = sample::busy(80, 24);
    empty.journal.history = Some(Arc::default());
    snapshot("journal_reading", &typed(empty, "L"));
    let mut busy = sample::busy(80, 24);
    busy.journal.state = JournalState::Busy("ann, process 4711".into());
    snapshot("journal_busy", &typed(busy, "L"));
    let mut off = sample::busy(80, 24);
    off.journal.state = JournalState::Off;
    snapshot("journal_off", &typed(off, "L"));
    let mut broken = sample::remembered(80, 24);
    broken.journal.state = JournalState::Broken("/home/ann/.local/state/hubtriage/journal: no space left on device".into());
    snapshot("journal_broken", &typed(broken, "L"));
}

#[test]
fn the_tasks_tell_what_is_under_way_and_what_it_waits_for() {
    every("tasks", |columns, rows| typed(sample::sending(columns, rows), "W"));
    every("tasks_held", |columns, rows| {
        let mut model = sample::sending(columns, rows);
        model.sending.activity = Some(Activity::Held(sample::no_credentials()));
        model.sending.progress.throttled = 2;
        model.journal.key = Some(crate::journal::hub_key::HubKey::new(Some("222233334444"), "eu-west-1", None));
        model.journal.unsaved.insert(RowId(1), Ticket(3));
        model.journal.unsaved_since = Some(Millis(sample::NOW - 4_000));
        model.rereads.insert(RequestId(9), RowSet::default());
        typed(model, "W")
    });
    snapshot("tasks_idle", &typed(sample::fresh(80, 24), "W"));
}

#[test]
fn the_last_send_stands_in_the_preview_and_all_of_them_in_the_detail() {
    every("preview_last", |columns, rows| {
        let mut model = sample::remembered(columns, rows);
        sample::bring(&mut model, 1);
        model
    });
    every("preview_last_alone", |columns, rows| {
        let mut model = sample::remembered(columns, rows);
        sample::cursor_on(&mut model, 0);
        model
    });
    every("detail_history", |columns, rows| {
        let mut model = sample::remembered(columns, rows);
        sample::bring(&mut model, 1);
        typed(model, "enter G")
    });
}

#[test]
fn the_header_says_when_something_is_not_kept_or_does_not_go_on() {
    let states = [
        ("header_broken", JournalState::Broken("no space".into())),
        ("header_busy", JournalState::Busy("ann".into())),
        ("header_off", JournalState::Off),
    ];
    for (name, state) in states {
        let mut model = sample::busy(80, 24);
        model.journal.state = state;
        snapshot(name, &model);
    }
    let mut paused = sample::sending(80, 24);
    paused.sending.activity = Some(Activity::Paused);
    snapshot("header_paused", &paused);
    let mut slow = sample::busy(80, 24);
    for row in [1, 2, 8] {
        slow.journal.unsaved.insert(RowId(row), Ticket(3));
    }
    slow.journal.unsaved_since = Some(slow.now);
    let header = |model: &Model| shown(&drawn(model, Theme::default())).lines().next().unwrap().to_owned();
    assert!(!header(&slow).contains("disk"), "a moment is nothing to show");
    slow.journal.unsaved_since = Some(Millis(sample::NOW - 2_000));
    snapshot("header_slow", &slow);
    themed("header_slow_plain", &slow, Theme::new(Colours::None, Glyphs::Ascii));
}

#[test]
fn what_hides_rows_is_told_with_its_count_however_long_the_query_is() {
    let long = "status:new,in_progress title~in account:payments-prod,payments-test severity>=medium";
    let second = |model: &Model| shown(&drawn(model, Theme::default())).lines().nth(1).unwrap().to_owned();
    let mut lines = String::new();
    for (query, narrowed, typed_filter) in [
        (long, "", ""),
        (long, "", "buckets should block"),
        (long, "", "s3"),
        (long, "\"", ""),
        (long, "\"", "buckets should block"),
        (long, "g n", ""),
        (long, "\" g n", "buckets should block"),
        ("status:new", "", "buckets should block public access of any kind"),
        ("status:new", "", "s3"),
        ("status:new metadata.version:1.5.0", "\"", "buckets should block"),
        (&format!("{long} metadata.version:1.5.0"), "\" g n", "buckets should block"),
        (&format!("{long} metadata.version:1.5.0"), "", ""),
    ] {
        for state in [ScanState::Complete, ScanState::Loading] {
            let mut model = sample::loaded(80, 24, 12);
            model.marks.rows = [RowId(1), RowId(4)].into_iter().collect();
            model.visit.rows = [RowId(1), RowId(3)].into_iter().collect();
            model.visit.visits.read(&"status:new".parse().unwrap(), Millis(0));
            model.visit.visits.earlier = std::mem::take(&mut model.visit.visits.present);
            if !narrowed.is_empty() {
                model = typed(model, narrowed);
            }
            if !typed_filter.is_empty() {
                model = typed(written(typed(model, "/"), typed_filter), "enter");
            }
            model.scan.query = query.parse().unwrap();
            model.serving = crate::app::serving::Serving::of(&model.scan.query);
            model.scan.state = state;
            model.scan.total = Some(12_345);
            let line = second(&model);
            assert_eq!(line.contains("show"), !narrowed.is_empty() || !typed_filter.is_empty(), "{line}");
            assert!(line.contains("load"), "{line}");
            writeln!(lines, "{line}").unwrap();
        }
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("header_narrowed", lines);
    });
}

#[test]
fn a_second_session_is_asked_what_to_do() {
    every("second_session", |columns, rows| {
        let mut model = sample::busy(columns, rows);
        let now = model.now;
        let holder = "ann from 192.0.2.7, process 4711, since 2026-11-02 10:02:13Z".to_owned();
        update(&mut model, Event::Journal(JournalEvent::Busy(holder)), Ctx { now });
        model
    });
}

#[test]
fn the_help_shows_every_key_of_the_live_key_map() {
    every("help", |columns, rows| typed(sample::busy(columns, rows), "?"));
    snapshot("help_end", &typed(sample::busy(80, 24), "? G"));
}

#[test]
fn the_detail_has_two_faces_and_is_searched() {
    let open = |columns, rows| {
        let mut model = sample::busy(columns, rows);
        sample::bring(&mut model, 1);
        typed(model, "enter")
    };
    every("detail", open);
    every("detail_document", |columns, rows| typed(written(typed(open(columns, rows), "tab /"), "cve"), "enter"));
    snapshot("detail_search", &written(typed(open(80, 24), "/"), "openssl"));
    snapshot("detail_waiting", &typed(sample::busy(80, 24), "enter"));
    let mut problem = sample::busy(80, 24);
    sample::cursor_on(&mut problem, 5);
    snapshot("detail_problem", &typed(problem, "enter s"));
}

#[test]
fn an_empty_table_says_why_and_what_helps() {
    snapshot("empty_connecting", &sample::fresh(80, 24));
    snapshot("empty_loading", &sample::connected(80, 24));
    let mut none = sample::connected(80, 24);
    none.scan.state = ScanState::Complete;
    snapshot("empty_no_match", &none);
    every("empty_explained", |columns, rows| unmatched(columns, rows, &[38, 0, 4]));
    snapshot("empty_explained_at_most", &unmatched(80, 24, &[0, 38, 0]));
    snapshot("empty_together", &unmatched(80, 24, &[0, 0, 0]));
    let mut credentials = sample::fresh(80, 24);
    credentials.session.trouble = Some(sample::no_credentials());
    snapshot("empty_no_credentials", &credentials);
    let mut failed = sample::connected(80, 24);
    failed.scan.state = ScanState::Failed(sample::denied());
    snapshot("empty_failed", &failed);
    snapshot("empty_filter", &typed(written(typed(sample::busy(80, 24), "/"), "nowhere"), "enter"));
    snapshot("empty_filter_word", &typed(written(typed(sample::busy(80, 24), "/"), "bucket nowhere"), "enter"));
}

/// A query that found nothing, and what it finds without each of its clauses.
fn unmatched(columns: u16, rows: u16, counts: &[u64]) -> Model {
    let mut model = sample::connected(columns, rows);
    model.scan.query = "severity:critical region:eu-west-1 epss>=0.5".parse().unwrap();
    model.scan.state = ScanState::Complete;
    let request = model.next_request();
    model.explanation = Explanation::begin(request, &model.scan.query);
    let now = model.now;
    update(&mut model, Event::Explained(request, Ok(counts.to_vec())), Ctx { now });
    model
}

#[test]
fn the_header_and_the_tasks_say_what_of_the_query_is_applied_here() {
    let with = |columns, rows| {
        let mut model = sample::busy(columns, rows);
        model.scan.query = "status:new,in_progress epss>=0.5 tag~env=prod".parse().unwrap();
        let now = model.now;
        update(&mut model, Event::Tick, Ctx { now });
        model
    };
    every("table_local", with);
    every("tasks_local", |columns, rows| typed(with(columns, rows), "W"));
}

#[test]
fn a_query_that_the_service_does_not_accept_is_told_with_its_words_and_the_clause() {
    every("refused_query", |columns, rows| {
        let mut model = sample::connected(columns, rows);
        model.scan.query = "status:new,in_progress title~public".parse().unwrap();
        let error = sample::refused(
            "1 validation error detected: Value at 'Filters.CompositeFilters[0].StringFilters[0].Filter.Comparison' failed to satisfy \
             constraint: CONTAINS is not supported by this operation",
        );
        let (scan, now) = (model.scan.id, model.now);
        update(&mut model, Event::ScanFailed(scan, error), Ctx { now });
        model
    });
}

#[test]
fn what_stands_in_the_way_is_told_on_every_screen() {
    every("trouble", |columns, rows| {
        let mut model = sample::busy(columns, rows);
        model.session.trouble = Some(sample::denied());
        model
    });
    let mut model = sample::busy(80, 24);
    model.session.trouble = Some(sample::denied());
    snapshot("trouble_detail", &typed(model, "enter"));
}

#[test]
fn the_footer_tells_prompts_prefixes_counts_notices_and_the_progress_of_a_send() {
    snapshot("footer_prompt", &written(typed(sample::busy(80, 24), "/"), "bucket"));
    snapshot("footer_prefix", &typed(sample::busy(80, 24), "g"));
    snapshot("footer_count", &typed(sample::busy(80, 24), "1 2"));
    every("footer_sending", sample::sending);
    let mut notice = sample::busy(80, 24);
    notice.say(Level::Error, "the clipboard cannot be reached");
    snapshot("footer_notice", &notice);
}

#[test]
fn a_question_shows_that_no_is_its_default() {
    every("confirm", |columns, rows| typed(sample::busy(columns, rows), "q"));
}

#[test]
fn a_terminal_that_is_too_small_is_told_how_large_it_must_be() {
    snapshot("too_small", &sample::busy(60, 10));
}

#[test]
fn what_is_new_or_gone_has_its_sign_where_nothing_graver_stands_and_the_header_counts_it() {
    let make = |columns, rows| {
        let mut model = sample::busy(columns, rows);
        model.visit.rows = [0, 1, 4, 8, 9, 10, 11].map(RowId).into_iter().collect();
        model.store.lose(RowId(9));
        let query = model.scan.query.clone();
        model.visit.visits.read(&query, Millis(0));
        model.visit.visits.earlier = std::mem::take(&mut model.visit.visits.present);
        model
    };
    every("table_new", make);
    themed("table_new_plain", &make(80, 24), Theme::new(Colours::None, Glyphs::Ascii));
    snapshot("table_new_only", &typed(make(80, 24), "\" g n"));
    // Beside what is staged on it a row still shows that the result no longer has it.
    let mut gone = make(80, 24);
    gone.marks.rows = [RowId(9)].into_iter().collect();
    snapshot("table_gone_staged", &typed(gone, "s 3 g U"));
}
