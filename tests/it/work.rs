//! What a key, a page and a frame cost, in counted work and never in time: allocations and their bytes, in this thread. They must not depend
//! on how many rows are loaded where the screen does not, and grow no faster than the rows where it does.
//!
//! `cargo test --test it work` takes the dev profile; what is counted is the same in every profile. Counting replaces the allocator of this
//! test binary.

#[path = "../../benches/made/mod.rs"]
mod made;

use allocation_counter::{AllocationInfo, measure};
use hubtriage::{
    domain::row::RowId,
    findings::{archive::SealedPage, store::Store},
};
use made::{
    PAGE, Size,
    session::{Session, answers},
};

/// Few and many rows, with the same screen.
const FEW: usize = 1_000;
const MANY: usize = 100_000;

/// How often a key is pressed for one figure: the most that one of them cost counts.
const TIMES: usize = 8;

/// What a cursor move costs: `update`, and a frame.
fn moves(session: &mut Session) -> AllocationInfo {
    most(|| {
        measure(|| {
            session.key("j");
            session.draw();
        })
    })
}

/// The same with the preview, whose document is told while the frame is drawn, and is drawn in a second one.
fn moves_with_preview(session: &mut Session) -> AllocationInfo {
    most(|| {
        let mut effects = Vec::new();
        let moved = measure(|| {
            effects = session.key("j");
            session.draw();
        });
        // On the header of a group there is none to ask for.
        let told = answers(effects).pop();
        let mut both = measure(|| {
            if let Some(told) = told {
                session.event(told);
                session.draw();
            }
        });
        both += moved;
        both
    })
}

/// The most of several times, the first two not counted: what is kept from then on is made there.
fn most(mut once: impl FnMut() -> AllocationInfo) -> AllocationInfo {
    once();
    once();
    let times: Vec<AllocationInfo> = (0..TIMES).map(|_| once()).collect();
    let most = |of: fn(&AllocationInfo) -> u64| times.iter().map(of).max().unwrap_or_default();
    AllocationInfo { count_total: most(|one| one.count_total), bytes_total: most(|one| one.bytes_total), ..AllocationInfo::default() }
}

/// What one thing costs with few rows and with many, the session made ready with these keys.
fn few_and_many(ready: impl Fn(&mut Session), once: impl Fn(&mut Session) -> AllocationInfo) -> [AllocationInfo; 2] {
    [FEW, MANY].map(|rows| {
        let mut session = Session::with_rows(rows);
        assert_eq!(session.model.store.len(), rows);
        ready(&mut session);
        session.draw();
        once(&mut session)
    })
}

fn show(what: &str, [few, many]: [AllocationInfo; 2]) {
    eprintln!("{what:40} few {:6} {:8} B   many {:6} {:8} B", few.count_total, few.bytes_total, many.count_total, many.bytes_total);
}

#[test]
fn explore() {
    show("j", few_and_many(|_| (), moves));
    show("j preview", few_and_many(|s| s.press("p"), moves_with_preview));
    show("j groups", few_and_many(|s| s.press("z g c g g"), moves));
    show("j groups preview", few_and_many(|s| s.press("z g c g g j p"), moves_with_preview));
    show("j folded", few_and_many(|s| s.press("z g c z M g g"), moves));
    show("j marked", few_and_many(Session::mark_half, moves));
    show("j groups marked", few_and_many(|s| {s.press("z g c g g"); s.mark_half();}, moves));
    show("j sorted", few_and_many(|s| s.press("o i"), moves));
    show("detail", few_and_many(|_| (), |s| {
        s.press("j enter esc j");
        let mut effects = Vec::new();
        let mut opened = measure(|| { effects = s.key("enter"); s.draw(); });
        let event = answers(effects).remove(0);
        opened += measure(|| { s.event(event); s.draw(); });
        opened
    }));
    for word in ["p", "a", "y"] {
        show(&format!("letter {word}"), few_and_many(|s| { s.press("/"); s.text("p"); s.press("esc"); s.press("/"); }, |s| measure(|| { s.text(word); })));
    }
    show("letter, payments", few_and_many(|s| s.press("/"), |s| measure(|| s.text("payments"))));
    show("letter back", few_and_many(|s| {s.press("/"); s.text("payments");}, |s| measure(|| s.press("backspace"))));
    show("page", few_and_many(|_|(), |s| { let page = s.made_page(PAGE); measure(|| s.arrives(page)) }));
    show("sort", few_and_many(|_|(), |s| measure(|| s.press("O"))));
    show("group", few_and_many(|_|(), |s| measure(|| s.press("z g c"))));
    show("G", few_and_many(|_|(), |s| measure(|| {s.press("G"); s.draw();})));
    for size in [Size::Usual, Size::Large] {
        let documents = made::documents(0, PAGE, size);
        let mut page = None;
        let a = measure(|| page = Some(SealedPage::seal(&documents)));
        let mut store = Store::default();
        let b = measure(|| { store.arrive(page.unwrap(), hubtriage::domain::row::HubId(0)); });
        eprintln!("seal {a:?}\n arrive {b:?}");
    }
    for n in [500, 1000, 2000] {
        let mut s = Session::with(2_000);
        for row in 0..n { s.model.marks.rows.insert(RowId(row)); }
        s.press("s");
        let a = measure(|| s.press("3"));
        eprintln!("stage {n} {a:?}");
        let a = measure(|| s.draw());
        eprintln!("draw {a:?} {}", s.model.staging.len());
    }
    for n in [2500, 5000, 10000] {
        let mut s = None;
        let a = measure(|| s = Some(Session::with(n)));
        let b = measure(|| { let s = s.as_mut().unwrap(); s.press("/"); s.text("payments"); });
        eprintln!("load {n} {a:?}\n  filter {b:?}");
    }
}
