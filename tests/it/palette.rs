//! The program that explains itself: palette, help and the hint at the first start, as they are seen.

use crate::support::pty::{Pty, Start};

#[test]
fn an_action_is_run_by_name_and_the_help_is_searched() {
    let mut pty = Pty::start(&Start { arguments: &["demo"], columns: 80, rows: 24, ..Start::default() });
    pty.shows("complete");
    pty.says(&["Space marks · s sets a status · a takes a recipe · w reviews · ? all keys"]);
    pty.send(":");
    pty.shows("action:");
    pty.send("group con");
    pty.shows("Tab completes");
    pty.send("\t");
    pty.shows("action: group control");
    pty.send("\r");
    pty.says(&["groups by control, worst first"]);
    pty.send("?");
    pty.shows("Help");
    pty.send("/");
    pty.shows("search:");
    pty.send("undo");
    pty.until("only lines that hold it are shown", |pty| {
        let text = pty.text();
        text.contains("redo what was undone") && text.contains("undo this send") && !text.contains("set a status")
    });
    pty.send("\r");
    pty.shows("shows all again");
    pty.send("?");
    pty.shows("544 loaded");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}
