//! The comment editor in a terminal: templates, appending, what was written before.

use crate::support::pty::{Pty, Start};

/// Sends keys and waits until the screen says something.
fn press(pty: &mut Pty, keys: &str, says: &str) {
    pty.send(keys);
    pty.says(&[says]);
}

#[test]
fn in_the_demo_a_template_is_put_in_a_comment_appended_and_what_was_written_comes_back() {
    let mut pty = Pty::start(&Start { arguments: &["demo"], ..Start::default() });
    pty.shows("complete");
    press(&mut pty, "c", "comment for this finding");
    press(&mut pty, "x", "│ x ");
    press(&mut pty, "\t", "template 1 of 6, from the recipe accept-risk; Down brings back what you wrote");
    pty.says(&["asks for the ticket"]);
    press(&mut pty, "\t", "template 2 of 6, from the recipe false-positive");
    pty.says(&["false positive: {control} does not apply here", "\"false positive: "]);
    // Down, then undoing: neither leaves the editor, and nothing is suspended.
    press(&mut pty, "\u{1b}[B", "│ x ");
    press(&mut pty, "\u{1a}", "│ false positive: {control}");
    press(&mut pty, "\r", "staged a comment on 1 finding");
    press(&mut pty, "c", "│ false positive: ");
    press(&mut pty, "\u{14}", "appends to 1 existing");
    pty.says(&["behind the comment that is staged already"]);
    press(&mut pty, "m", "with the old one");
    press(&mut pty, "\r", "staged a comment on 1 finding");
    press(&mut pty, "c", "| m");
    // What is staged is as it was, so nothing is asked.
    pty.send("\u{1b}");
    pty.until("the editor is left", |pty| !pty.text().contains("comment for this finding"));
    press(&mut pty, "D", "dropped 1 staged change");
    press(&mut pty, "c", "0 of 512");
    press(&mut pty, "\u{1b}[A", "2 of 2 written before");
    press(&mut pty, "\u{1b}[A", "1 of 2 written before");
    pty.says(&["│ false positive: {control} does not apply here"]);
    pty.send("\u{1b}");
    pty.until("the editor is left without a question", |pty| !pty.text().contains("comment for this finding"));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}
