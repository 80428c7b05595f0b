//! What a key, a page and a frame cost, in counted work and never in time: allocations and their bytes, in this thread. They must not depend
//! on how many rows are loaded where the screen does not, and grow no faster than the rows where it does.
//!
//! To count, this binary has another allocator; what is counted is the same in every profile. `cargo test --test it work -- --nocapture` also
//! tells the figures.
#![expect(clippy::print_stdout, reason = "the figures are told to who asks for them")]

use allocation_counter::{AllocationInfo, measure};
use hubtriage::{
    app::{effect::Effect, event::Event},
    domain::{
        batch::Outcome,
        identity::Identity,
        patch::{Patch, Values},
        row::{HubId, RowId},
        status::StatusId,
        time::Millis,
    },
    findings::{archive::SealedPage, store::Store},
    journal::{
        entry::{CallNumber, Entry, KnownRow, Origin, SendId, Seq, StagedGroup, Stamped},
        ledger::Ledger,
        line,
    },
};

use crate::made::{
    self, PAGE, Size,
    session::{Session, answers},
};

/// Few and many rows, with the same screen.
const FEW: usize = 1_000;
const MANY: usize = 100_000;
/// Cursor moves for one figure: the most that one of them cost counts.
const MOVES: usize = 8;

/// Allocations and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Cost {
    allocations: u64,
    bytes: u64,
}

impl Cost {
    fn of(once: impl FnOnce()) -> Self {
        let AllocationInfo { count_total, bytes_total, .. } = measure(once);
        Self { allocations: count_total, bytes: bytes_total }
    }

    fn and(self, other: Self) -> Self {
        Self { allocations: self.allocations + other.allocations, bytes: self.bytes + other.bytes }
    }

    fn most(self, other: Self) -> Self {
        Self { allocations: self.allocations.max(other.allocations), bytes: self.bytes.max(other.bytes) }
    }

    /// At most these.
    #[track_caller]
    fn is_within(self, what: &str, allocations: u64, bytes: u64) {
        println!("{what}: {} allocations, {} bytes; at most {allocations} and {bytes}", self.allocations, self.bytes);
        assert!(self.allocations <= allocations && self.bytes <= bytes, "{what}: {self:?}, more than {allocations} and {bytes}");
    }
}

/// The most that a cursor move to another row costs: `update`, and a frame. With the preview also its document's coming and the frame with
/// that; it is told beside the loop.
fn moves(session: &mut Session) -> Cost {
    let mut most = Cost::default();
    let mut moved = 0;
    while moved < MOVES + 2 {
        let mut effects = Vec::new();
        let mut cost = Cost::of(|| {
            effects = session.key("j");
            session.draw();
        });
        for told in answers(effects) {
            cost = cost.and(Cost::of(|| {
                session.event(told);
                session.draw();
            }));
        }
        if session.model.cursor.row.is_some() {
            moved += 1;
            // What is kept from then on is made with the first ones.
            most = if moved > 2 { most.most(cost) } else { most };
        }
    }
    most
}

/// An action on a row, on a screen that is the same with few rows and with many: both cost the same, but for a few digits.
fn same(what: &str, few: Cost, many: Cost, allocations: u64, bytes: u64) {
    few.is_within(what, allocations, bytes);
    many.is_within(what, allocations, bytes);
    let apart = (few.allocations.abs_diff(many.allocations), few.bytes.abs_diff(many.bytes));
    assert!(apart.0 <= 2 && apart.1 <= 256, "{what}: {few:?} with {FEW} rows, {many:?} with {MANY}");
}

#[test]
fn a_cursor_move_and_a_detail_cost_the_same_with_a_thousand_rows_and_with_a_hundred_thousand() {
    let mut sessions = [FEW, MANY].map(Session::with_rows);
    for (what, ready, allocations, bytes) in [
        ("a cursor move", "g g", 48, 6_000),
        ("a cursor move with the preview", "p g g", 170, 13_000),
        ("a cursor move in groups", "p z g c g g", 60, 6_000),
        ("a cursor move in groups with the preview", "p g g", 180, 13_000),
        // Half of the rows are marked from here on.
        ("a cursor move in groups, among marks", "p g g", 60, 6_000),
        ("a cursor move among marks", "z g n g g", 50, 6_000),
    ] {
        let [few, many] = sessions.each_mut().map(|session| {
            session.press(ready);
            if what.ends_with("among marks") {
                session.mark_half();
            }
            session.draw();
            moves(session)
        });
        same(what, few, many, allocations, bytes);
    }

    let [few, many] = sessions.each_mut().map(|session| {
        // Documents are kept for a while: one that the preview did not show.
        session.press("g g 3 0 j enter esc j");
        let mut effects = Vec::new();
        let opened = Cost::of(|| {
            effects = session.key("enter");
            session.draw();
        });
        let told = answers(effects).pop().unwrap();
        opened.and(Cost::of(|| {
            session.event(told);
            session.draw();
        }))
    });
    same("a detail is opened and told", few, many, 560, 32_000);
}

#[test]
fn a_letter_of_the_filter_a_sort_and_a_grouping_take_a_few_buffers_and_none_a_row() {
    let [mut few, mut many] = [FEW, MANY].map(Session::with_rows);
    for session in [&mut few, &mut many] {
        session.press("/");
        session.text("p");
        session.press("esc");
    }
    // Bytes a row: what a buffer of all rows has, a few times.
    for (what, ready, keys, allocations, bytes) in [
        ("the first letter", "/", "p", 48, 24),
        ("a letter more", "", "a", 48, 24),
        ("a letter less", "", "backspace", 48, 24),
        ("another order", "esc", "O", 64, 48),
        ("groups", "z g", "c", 96, 48),
    ] {
        for session in [&mut few, &mut many] {
            session.press(ready);
            let cost = Cost::of(|| session.press(keys));
            cost.is_within(what, allocations, bytes * session.model.store.len() as u64 + 256 * 1_024);
        }
    }
}

#[test]
fn marking_takes_bits_a_row_and_what_is_marked_is_written_down_without_its_names() {
    let [mut few, mut many] = [FEW, MANY].map(Session::with_rows);
    for session in [&mut few, &mut many] {
        session.happens(Event::Session(Ok(None)));
        for grouping in ["z g n", "z g c"] {
            session.press(grouping);
            // More pages follow, so marking all asks which are meant.
            for (what, ready, keys) in [
                ("mark all", "*", "l"),
                ("invert", "", "~"),
                ("mark by a query of columns", "T", "enter"),
                ("take all marks away", "", "g U"),
            ] {
                session.press(ready);
                if keys == "enter" {
                    session.text("severity:informational status:new");
                }
                let cost = Cost::of(|| session.press(keys));
                cost.is_within(what, 160, session.model.store.len() as u64 + 32 * 1_024);
            }
            assert!(session.model.surveys.marking.is_none(), "columns tell");
        }
        session.press("* l");
        assert!(session.model.marks.rows.len() >= session.model.store.len());
        let mut effects = Vec::new();
        let cost = Cost::of(|| effects = session.event(Event::Terminate));
        let saved = effects.iter().find_map(|effect| if let Effect::SaveSession(_, left) = effect { Some(left.marks.len()) } else { None });
        assert_eq!(saved, Some(session.model.store.len()));
        cost.is_within("the session is written down", 48, session.model.store.len() as u64 / 2 + 8 * 1_024);
    }
}

#[test]
fn a_page_takes_a_few_allocations_a_finding_however_many_are_loaded() {
    let [mut few, mut many] = [FEW, MANY].map(Session::with_rows);
    for session in [&mut few, &mut many] {
        // Columns grow now and then; what does so is not twice in three pages.
        let least = (0..3).map(|_| {
            let page = session.made_page(PAGE);
            Cost::of(|| session.arrives(page))
        });
        let least = least.min_by_key(|cost| cost.bytes).unwrap();
        least.is_within("a page of 100 is taken in", 12 * PAGE as u64, 1_000_000);
    }
    for (size, bytes) in [(Size::Usual, 240_000), (Size::Large, 520_000)] {
        let documents = made::documents(0, PAGE, size);
        let mut page = None;
        let cost = Cost::of(|| page = Some(SealedPage::seal(&documents)));
        cost.is_within("a page of 100 is read and compressed", 32 * PAGE as u64, 4 * bytes);
        let mut store = Store::default();
        let page = page.unwrap();
        Cost::of(|| drop(store.arrive(page, HubId(0)))).is_within("a page of 100 comes into an empty store", 12 * PAGE as u64, 400_000);
    }
}

#[test]
fn staging_takes_a_few_allocations_a_row() {
    let cost = |rows: u32| {
        let mut session = Session::with(2_000);
        for row in 0..rows {
            session.model.marks.rows.insert(RowId(row));
        }
        session.press("s");
        let cost = Cost::of(|| session.press("3"));
        assert_eq!(session.model.staging.len(), rows as usize);
        session.draw();
        moves(&mut session).is_within("a cursor move with staged rows", 48, 6_000);
        cost
    };
    let (half, whole) = (cost(1_000), cost(2_000));
    half.is_within("a thousand rows are staged", 4 * 1_000, 2_000 * 1_000);
    whole.is_within("two thousand are", half.allocations * 22 / 10, half.bytes * 22 / 10);
}

#[test]
fn loading_memory_and_a_filter_grow_no_faster_than_the_rows() {
    let costs = |rows: usize| {
        let mut session = None;
        let AllocationInfo { count_total, bytes_total, bytes_current, .. } = measure(|| session = Some(Session::with(rows)));
        let mut session = session.unwrap();
        session.press("/");
        let filter = Cost::of(|| session.text("payments"));
        [count_total, bytes_total, u64::try_from(bytes_current).unwrap(), filter.bytes]
    };
    let (half, whole) = (costs(2_000), costs(4_000));
    for ((what, half), whole) in ["allocations to load", "bytes to load", "bytes held", "bytes to filter"].into_iter().zip(half).zip(whole)
    {
        println!("{what}: {half} for 2,000 rows, {whole} for 4,000");
        assert!(whole * 10 <= half * 22, "{what}: {half} for 2,000 rows, {whole} for 4,000");
    }
}

/// The lines of so many sends of a hundred rows, each row staged by itself before.
fn journal(sends: u32) -> Vec<Vec<u8>> {
    let patch = || Patch::status(StatusId::SUPPRESSED);
    let known = |row: usize| KnownRow { identity: Identity::MetadataUid(format!("{row:064x}")), values: Values::default() };
    let entries = (0..sends).flat_map(|number| {
        let rows = number as usize * PAGE..(number as usize + 1) * PAGE;
        let (send, call) = (SendId(u64::from(number)), CallNumber(1));
        let staged = rows.clone().map(move |row| Entry::Staged(vec![StagedGroup { patch: patch(), rows: vec![known(row)] }]));
        staged.chain([
            Entry::SendBegan { send, origin: Origin::Review, rows: PAGE },
            Entry::Intent { send, call, patch: patch(), rows: rows.map(known).collect() },
            Entry::Answered { send, call, request_id: Some("r-1".into()), outcomes: vec![Outcome::Processed; PAGE] },
            Entry::SendEnded { send, unsent: 0 },
        ])
    });
    let mut lines = Vec::new();
    for (entry, seq) in entries.zip(1..) {
        let mut line = Vec::new();
        line::write(&Stamped { seq: Seq(seq), at: Millis(1_764_000_000_000), entry }, &mut line).unwrap();
        line.pop();
        lines.push(line);
    }
    lines
}

#[test]
fn a_journal_is_replayed_with_what_it_keeps_and_little_else() {
    let cost = |sends: u32| {
        let lines = journal(sends);
        // Three of an entry of one row are what it consists of: groups, rows, and the finding's name.
        for (place, what, allocations, bytes) in [(0, "a staged row is read", 3, 1_024), (PAGE + 1, "an intent is read", 128, 64 * 1_024)] {
            Cost::of(|| drop(line::read(&lines[place]).unwrap())).is_within(what, allocations, bytes);
        }
        let mut ledger = Ledger::default();
        let cost = Cost::of(|| lines.iter().for_each(|line| ledger.apply(line::read(line).unwrap())));
        assert_eq!(ledger.sends.len(), sends as usize);
        cost.is_within("a journal is replayed", 8 * lines.len() as u64, 4_096 * lines.len() as u64);
        cost
    };
    let (half, whole) = (cost(20), cost(40));
    whole.is_within("one of twice the length", half.allocations * 22 / 10, half.bytes * 22 / 10);
}
