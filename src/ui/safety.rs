//! What must hold whatever is loaded and however large the terminal is: nothing panics, no hidden character reaches a cell, and moving
//! the cursor changes few cells.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::Arc;

use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth};

use super::{
    sample, sample_ledger,
    screens::{drawn, typed, written},
    theme::{Colours, Glyphs, Theme},
};
use crate::{
    app::{
        event::{Caller, Connection, Event, JournalEvent, RequestId, ServedOrder, Told},
        journaling::JournalState,
        layout::Preview,
        model::{Level, Model, RowState, ScanState},
        overlay::Overlay,
    },
    domain::{
        batch::{Outcome, RowCode},
        grouping::GroupField,
        identity::Identity,
        patch::{Patch, Values},
        row::RowId,
        status::StatusId,
        summary, text,
    },
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, PlanId, Who},
        hub_key::HubKey,
    },
    send::report::{Change, Problem, ProblemKind},
};

/// Findings with escape sequences, bidi controls, zero-width characters, wide and combining ones, and missing parts.
const HOSTILE: &str = include_str!("../../tests/data/hostile-findings.jsonl");

/// Everything that may not reach a terminal, in one text.
const NASTY: &str = "a\u{1b}[31m\u{9b}2J\u{202e}b\u{200b}\u{2028}c\u{2029}\u{ad}\u{e0041}\u{7f}\u{0}日\u{301}\u{200d}\u{feff}👩\u{200d}💻";

fn hostile(columns: u16, rows: u16) -> Model {
    let mut model = sample::connected(columns, rows);
    let documents: Vec<String> = HOSTILE.lines().map(str::to_owned).collect();
    sample::arrive(&mut model, &documents);
    model.session.connection = Some(Connection { region: NASTY.into(), endpoint: Some(NASTY.into()) });
    model.session.caller = Some(Caller { account: NASTY.into(), arn: format!("arn:aws:sts::1:assumed-role/{NASTY}/{NASTY}") });
    model.settings.label = None;
    for at in 0..model.store.len() as u32 {
        let (archive, slot) = model.store.document(RowId(at)).unwrap();
        let raw = archive.document(slot).unwrap();
        let told = summary::read_document(&raw).map_or_else(
            || Err(NASTY.to_owned()),
            |document| Ok(Arc::new(Told { summary: summary::summarise(&document), document: summary::pretty(&document) })),
        );
        model.documents.asked(RowId(at), RequestId(0));
        model.documents.keep(RequestId(0), told);
    }
    model
}

/// Every cell holds something that may be shown, and wide characters have room.
fn is_harmless(buffer: &Buffer) -> Result<(), String> {
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if symbol.chars().any(|c| text::is_hidden(c) || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
                return Err(format!("{symbol:?} at {x},{y}"));
            }
            if symbol.cell_width() == 0 || symbol.cell_width() > buffer.area.width - x {
                return Err(format!("{symbol:?} at {x},{y} is {} wide", symbol.cell_width()));
            }
        }
    }
    Ok(())
}

fn assert_harmless(model: &Model) {
    for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
        let found = is_harmless(&drawn(model, Theme::new(Colours::Sixteen, glyphs)));
        assert_eq!(found, Ok(()), "{:?}", model.overlays.last());
    }
}

#[test]
fn no_hidden_character_of_a_hostile_finding_reaches_a_cell_on_any_screen() {
    for (columns, rows) in [(80, 24), (200, 50)] {
        let mut model = hostile(columns, rows);
        model.cursor.moved = crate::app::model::Moved::Yes;
        for row in 0..model.store.len() as u32 {
            sample::cursor_on(&mut model, row);
            assert_harmless(&model);
            for keys in ["s", "S", "c", "enter", "enter tab", "enter G", "enter tab G"] {
                model = typed(model, keys);
                assert_harmless(&model);
                model.overlays.clear();
            }
            model.outcomes.set(RowId(row), sample::problem(ProblemKind::Row(RowCode::Other(NASTY.into())), NASTY));
            model.staging.stage(&[RowId(row)], &Patch { comment: Some(sample::comment(NASTY)), ..Patch::status(StatusId::SUPPRESSED) });
            model.say(Level::Warning, NASTY);
            assert_harmless(&model);
            model = typed(model, "enter");
            assert_harmless(&model);
            model.overlays.clear();
        }
    }
}

#[test]
fn no_hidden_character_reaches_a_cell_of_a_group() {
    for (columns, rows) in [(80, 24), (200, 50)] {
        for field in GroupField::OFFERED {
            let mut model = typed(hostile(columns, rows), &format!("z g {}", field.key()));
            for _ in 0..model.view.line_count() {
                assert_harmless(&model);
                model = typed(model, "s");
                assert_harmless(&model);
                model = typed(model, "esc j");
            }
            assert_harmless(&typed(model, "z M g g space"));
        }
    }
}

#[test]
fn no_hidden_character_reaches_a_cell_of_a_document_s_column() {
    let list = [
        "severity",
        "tag:60",
        "title",
        "finding_info.types",
        "resources.name:10",
        "resource",
        "type",
        "comment",
        "account_id:3",
        "unmapped.x",
    ];
    for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
        for keys in ["j", "l", "l 9 l", "l 9 l 4 h", "z k", "z k G", "z k a"] {
            let model = typed(super::column_screens::with_columns(hostile(columns, rows), &list, 1), keys);
            assert_harmless(&model);
        }
        assert_harmless(&typed(written(typed(hostile(columns, rows), "z k a"), NASTY), "enter"));
    }
}

/// Conflicts whose every text is hostile; half of the rows have no conflict, so that the review has something too.
fn conflicted(columns: u16, rows: u16) -> Model {
    let mut model = sample::undecided(columns, rows);
    let nasty = Values { comment: Some(NASTY.into()), ..Values::default() };
    let all: Vec<RowId> = model.view.all().to_vec();
    for row in all {
        model.staging.stage(&[row], &Patch { comment: Some(sample::comment(NASTY)), ..Patch::status(StatusId::RESOLVED) });
        model.store.know(row, &Values { comment: Some(text::clean(NASTY).into_owned()), ..Values::default() });
        let RowState::Problem(problem) = sample::problem(ProblemKind::Changed, NASTY) else { continue };
        if row.0.is_multiple_of(2) {
            let change = Some(Box::new(Change { seen: nasty.clone(), theirs: nasty.clone() }));
            model.outcomes.set(row, RowState::Problem(Problem { change, ..problem }));
        }
    }
    model
}

#[test]
fn no_hidden_character_reaches_a_cell_of_a_conflict_or_of_a_name_for_a_plan() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        for keys in ["j", "w", "!", "! j", "! G", "w enter"] {
            assert_harmless(&typed(conflicted(columns, rows), keys));
        }
        assert_harmless(&written(typed(conflicted(columns, rows), "w x"), NASTY));
    }
}

#[test]
fn no_hidden_character_reaches_a_cell_in_review_problems_prompts_and_trouble() {
    let staged = |columns, rows| {
        let mut model = hostile(columns, rows);
        let all: Vec<RowId> = model.view.all().to_vec();
        let patch = Patch { comment: Some(sample::comment(NASTY)), ..Patch::status(StatusId::RESOLVED) };
        model.staging.stage(&all, &patch);
        for (at, &row) in all.iter().enumerate() {
            if at % 2 == 0 {
                model.outcomes.set(row, sample::problem(ProblemKind::Row(RowCode::Other(NASTY.into())), NASTY));
            }
        }
        let mut trouble = sample::denied();
        (trouble.message, trouble.code, trouble.request_id) = (NASTY.into(), Some(NASTY.into()), Some(NASTY.into()));
        model.session.trouble = Some(trouble);
        model
    };
    for (columns, rows) in [(80, 24), (120, 40)] {
        for keys in ["w", "w enter", "w enter G", "w enter j space", "!", "! j", "! G", "/", "c", "q", "?"] {
            assert_harmless(&typed(staged(columns, rows), keys));
        }
        assert_harmless(&written(typed(staged(columns, rows), "/"), NASTY));
        assert_harmless(&typed(written(typed(staged(columns, rows), "f"), NASTY), "enter"));
        assert_harmless(&written(typed(staged(columns, rows), "enter /"), NASTY));
        assert_harmless(&written(typed(staged(columns, rows), "c"), NASTY));
        let mut empty = staged(columns, rows);
        empty.view.remove(&empty.store, |_| true);
        assert_harmless(&empty);
        // The editor's own text is drawn by another crate's widget, whatever came into it.
        let mut editor = typed(staged(columns, rows), "c");
        if let Some(Overlay::Editor(editor)) = editor.overlays.last_mut() {
            editor.text.insert_str(NASTY);
            editor.refused = Some(NASTY.to_owned());
        }
        assert_harmless(&editor);
    }
}

#[test]
fn no_hidden_character_reaches_a_cell_from_the_journal_or_from_its_holder() {
    let nasty = || NASTY.to_owned();
    let send = sample_ledger::id(1);
    let patch = Patch { comment: Some(sample::comment(NASTY)), ..Patch::status(StatusId::RESOLVED) };
    let known = |uid: String| KnownRow {
        identity: Identity::MetadataUid(uid),
        values: Values { comment: Some(NASTY.into()), ..Values::default() },
    };
    let outcome = Outcome::Unprocessed { code: RowCode::Other(NASTY.into()), message: NASTY.into() };
    let ledger = sample_ledger::ledger(vec![
        (2, Entry::Session(Who { arn: Some(nasty()), user: Some(nasty()), address: Some(nasty()), process: 1, release: nasty() })),
        (1, Entry::SendBegan { send, origin: Origin::Plan { plan: PlanId(nasty()), file: nasty() }, rows: 2 }),
        (1, Entry::Intent { send, call: CallNumber(1), patch, rows: vec![known("uid-0000".into()), known(nasty())] }),
        (1, Entry::Answered { send, call: CallNumber(1), request_id: Some(NASTY.into()), outcomes: vec![outcome.clone(), outcome] }),
    ]);
    for (columns, rows) in [(80, 24), (120, 40)] {
        let make = || {
            let mut model = sample::loaded(columns, rows, 3);
            model.journal.history = Some(Arc::clone(&ledger));
            model.journal.key = Some(HubKey::new(Some(NASTY), NASTY, Some(NASTY)));
            model
        };
        for keys in ["j k", "L", "L enter", "L enter j", "enter G", "W"] {
            assert_harmless(&typed(make(), keys));
            let states = [JournalState::Busy, JournalState::Broken, JournalState::Foreign];
            for state in states {
                let mut model = make();
                model.journal.state = state(nasty());
                assert_harmless(&typed(model, keys));
            }
        }
        let mut asked = make();
        let now = asked.now;
        crate::app::update::update(&mut asked, Event::Journal(JournalEvent::Busy(nasty())), crate::app::update::Ctx { now });
        assert_harmless(&asked);
    }
}

/// Keys that lead to every screen and overlay, and combinations of them.
const WAYS: &[&str] = &[
    "esc",
    "j",
    "v j",
    "V j j",
    "s",
    "S j",
    "o",
    "c",
    "w",
    "w enter",
    "w enter j space",
    "w t",
    "w x a",
    "!",
    "! j",
    "! m",
    "! t",
    "! G o",
    "enter",
    "enter tab",
    "enter G",
    "enter s",
    "enter ?",
    "?",
    "? G",
    "/",
    "q",
    "g",
    "9 9",
    "p",
    "p j",
    "\"",
    "*",
    "* \"",
    "c a esc",
    "enter / o enter n",
    "l",
    "l 9 l",
    "9 9 h l l j",
    "z k",
    "z k G",
    "z k J + + 9 9 + j space",
    "z k a",
    "z k a x enter",
    "L",
    "L enter G",
    "L j j enter j",
    "W",
    "z g c",
    "z g e z M j space",
    "z g i j z a s",
    "z g a G v k",
    "z g",
    "o A I R",
    "f ctrl-u t i t l e : tab tab tab shift-tab",
    "f ctrl-u r e s o u r c e ~ \" tab home",
    "f space s e v e r i t y : w o r s t enter",
    "f ctrl-u x x x enter left",
    "T tab tab tab",
    "G f ctrl-u s t a t u s = n e w enter ctrl-o f up up",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_size_and_no_screen_makes_it_panic(
        columns in 0_u16..260, rows in 0_u16..70, way in 0..WAYS.len(), ascii in any::<bool>(), trouble in any::<bool>(), sends in 0_usize..3,
        odd in any::<bool>(),
    ) {
        let mut model = match sends {
            0 => sample::sending(columns, rows),
            1 => sample::undecided(columns, rows),
            _ => hostile(columns, rows),
        };
        model.journal.history = Some(sample_ledger::everything());
        if trouble {
            model.session.trouble = Some(sample::denied());
        }
        let mut model = typed(model, WAYS[way]);
        if odd {
            // Scrolled for another size than is drawn: the resize has not been taken in yet.
            model.cursor.top = usize::from(rows);
            prop_assert_eq!(is_harmless(&at_size(&model, columns.max(80), rows.max(24))), Ok(()));
        }
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Unicode };
        prop_assert_eq!(is_harmless(&drawn(&model, Theme::new(Colours::Sixteen, glyphs))), Ok(()));
    }
}

/// Draws onto a terminal of another size than the model knows of.
fn at_size(model: &Model, columns: u16, rows: u16) -> Buffer {
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| super::draw(model, &Theme::default(), frame)).unwrap();
    terminal.backend().buffer().clone()
}

#[test]
fn a_cursor_move_changes_a_handful_of_cells() {
    let open = |keys: &str| {
        let mut model = sample::busy(200, 50);
        model.screen.preview = Preview::Hidden;
        typed(model, keys)
    };
    for keys in ["g g", "g g j", "g g j j", "g g j j j j j j"] {
        let (before, after) = (open(keys), open(&format!("{keys} j")));
        let (before, after) = (drawn(&before, Theme::default()), drawn(&after, Theme::default()));
        let changed = before.diff(&after).len();
        assert!((2..=16).contains(&changed), "{changed} cells");
    }
}

#[test]
fn the_order_of_loaded_rows_only_is_told_until_all_are_there() {
    let mut model = sample::loaded(120, 40, 12);
    model.scan.order = ServedOrder::Fallback;
    let told = |model: &Model| super::screens::shown(&drawn(model, Theme::default())).contains("(loaded rows only)");
    assert!(told(&model));
    model.scan.state = ScanState::Complete;
    assert!(!told(&model));
}
