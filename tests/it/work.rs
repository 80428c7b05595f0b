//! What a key, a page and a frame cost, in counted work.

#[path = "../../benches/made/mod.rs"]
mod made;

use allocation_counter::{AllocationInfo, measure};
use made::session::Session;

/// Allocations of one key with its frame, once everything of the sort has happened before.
fn frame(session: &mut Session, key: &str) -> AllocationInfo {
    for _ in 0..3 {
        session.press(key);
        session.draw();
    }
    measure(|| {
        session.press(key);
        session.draw();
    })
}

#[test]
fn explore() {
    for rows in [1_000, 100_000] {
        let mut s = Session::with_rows(rows);
        s.draw();
        println!("{rows} j {:?}", frame(&mut s, "j"));
        let a = measure(|| s.press("j"));
        let b = measure(|| s.draw());
        println!("{rows} update {a:?}\n draw {b:?}");
        s.press("p");
        println!("{rows} j preview {:?}", frame(&mut s, "j"));
        s.press("p z g c");
        println!("{rows} j groups {:?}", frame(&mut s, "j"));
        s.press("z g n");
        let a = measure(|| s.press("enter"));
        let b = measure(|| s.draw());
        println!("{rows} detail {a:?}\n draw {b:?}");
    }
}
