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
    use hubtriage::ui::{canvas::{self,Canvas}, header, footer, table, theme::Theme};
    use hubtriage::app::columns::Columns;
    for rows in [1_000] {
        let mut s = Session::with_rows(rows);
        s.draw();
        println!("{rows} j {:?}", frame(&mut s, "j"));
        let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0,0,120,40));
        let mut c = Canvas::new(&mut buffer, Theme::default());
        let area = c.area();
        let m = &s.model;
        println!("has_left {:?}", measure(|| {m.has_left_profile();}));
        println!("query {:?}", measure(|| {m.scan.query.to_string();}));
        println!("order {:?}", measure(|| {m.view.order().to_string();}));
        println!("tasks {:?}", measure(|| {m.tasks();}));
        println!("columns {:?}", measure(|| {Columns::of(&m.columns, None, 120);}));
        println!("header {:?}", measure(|| header::draw(&mut c, m, canvas::lines(area, 0, 2))));
        println!("footer {:?}", measure(|| footer::draw(&mut c, m, canvas::lines(area, 38, 2))));
        let columns = Columns::of(&m.columns, None, 120);
        println!("titles {:?}", measure(|| table::titles(&mut c, m, &columns, canvas::lines(area, 3, 1))));
        println!("rows {:?}", measure(|| table::rows(&mut c, m, &columns, canvas::lines(area, 4, 34))));
        drop(c);
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
