//! The mouse: not a byte of it unless it is configured, and nothing left of it when the program has ended.

use crate::support::pty::{Pty, Start};

/// What switches a kind of mouse reports on or off begins so.
const ASKED: &[u8] = b"\x1b[?100";
/// Off again, in the order that it is written.
const OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// F12 as terminals send it: in a rehearsal it panics.
const F12: &str = "\x1b[24~";

fn has(raw: &[u8], part: &[u8]) -> bool {
    raw.windows(part.len()).any(|window| window == part)
}

/// A click of the left button, as terminals send it: column and line counted from 1.
fn click(column: u16, line: u16) -> String {
    format!("\x1b[<0;{column};{line}M\x1b[<0;{column};{line}m")
}

fn demo(config: Option<&str>, environment: &[(&str, &str)]) -> Pty {
    let mut pty = Pty::start(&Start { arguments: &["demo"], columns: 120, rows: 40, config, environment, ..Start::default() });
    pty.shows("complete");
    pty
}

#[test]
fn by_default_no_mouse_sequence_is_written_or_read() {
    let mut pty = demo(None, &[]);
    pty.until("the cursor is on the first row", |pty| pty.text().lines().nth(4).is_some_and(|line| line.starts_with('▶')));
    pty.send(&click(20, 9));
    pty.send("?");
    pty.shows("Help · the keys");
    pty.send("\x1b");
    pty.until("the cursor has not moved", |pty| pty.text().lines().nth(4).is_some_and(|line| line.starts_with('▶')));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    assert!(!has(&pty.raw, ASKED), "a mouse sequence was written");
}

#[test]
fn switched_on_it_moves_the_cursor_and_is_switched_off_again_however_the_program_ends() {
    for how in ["q", "TERM", "HUP", "panic"] {
        let mut pty = demo(Some("[screen]\nmouse = true\n"), &[("HUBTRIAGE_TEST_PANIC", "1")]);
        assert!(has(&pty.raw, b"\x1b[?1000h\x1b[?1006h"), "it is asked for");
        assert!(!has(&pty.raw, b"\x1b[?1003h"), "not for every move");
        pty.send(&click(20, 9));
        pty.until("the cursor is where the click was", |pty| pty.text().lines().nth(8).is_some_and(|line| line.starts_with('▶')));
        let line = |pty: &Pty, at| pty.text().lines().nth(at).unwrap_or_default().trim_start_matches('▶').trim().to_owned();
        let fourth = line(&pty, 7);
        pty.send("\x1b[<65;20;9M");
        pty.until("the wheel scrolled by three lines", |pty| {
            line(pty, 4) == fourth && pty.text().lines().nth(8).is_some_and(|line| line.starts_with('▶'))
        });
        match how {
            "q" => pty.send("q"),
            "panic" => pty.send(F12),
            signal => pty.signal(signal),
        }
        pty.ends();
        assert!(has(&pty.raw, OFF), "{how}: it is given back");
    }
}
