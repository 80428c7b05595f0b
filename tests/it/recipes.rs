//! Recipes from outside: in the demo's terminal, and what the configuration and filter profiles say of them.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::support::pty::{Pty, Start};

#[test]
fn in_the_demo_a_letter_stages_a_recipe_its_ticket_is_asked_once_and_repeating_asks_nothing() {
    let mut pty = Pty::start(&Start { arguments: &["demo"], columns: 120, rows: 40, ..Start::default() });
    pty.shows("complete");
    pty.send("a");
    pty.says(&["accept-risk", "archive-stale", "asked when it is staged, once a session"]);
    pty.send("a");
    pty.shows("{ticket} for this session:");
    // Keys that come all at once are taken for pasted text: each is waited for.
    pty.send("PAY-1182");
    pty.shows("for this session: PAY-1182");
    pty.send("\r");
    pty.shows("staged accept-risk on 1 finding");
    pty.shows("● 1 staged");
    down_to(&mut pty, 1);
    pty.send(".");
    pty.shows("● 2 staged");
    down_to(&mut pty, 2);
    pty.send("a");
    pty.shows("PAY-1182 · = changes it");
    pty.send("r");
    pty.shows("staged remediated on 1 finding");
    pty.send("a");
    pty.says(&["PAY-1182 · = changes it"]);
    pty.send("\x1b");
    pty.until("the picker is closed", |pty| !pty.text().contains("recipe for"));
    pty.send("q");
    pty.shows("3 staged changes have not been sent");
    pty.send("y");
    assert_eq!(pty.ends(), 0);
}

/// Moves down, and waits until the cursor is on that row, counted from nought.
fn down_to(pty: &mut Pty, row: usize) {
    pty.send("j");
    pty.until("the cursor is on the row", |pty| pty.text().lines().nth(4 + row).is_some_and(|line| line.starts_with('▶')));
}

fn run(home: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubtriage"));
    command.args(arguments).env_clear().env("HOME", home).env("XDG_CONFIG_HOME", home).env("XDG_CONFIG_DIRS", home.join("none"));
    let output = command.stdin(Stdio::null()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn a_broken_recipe_is_told_with_its_place_and_those_of_a_filter_profile_are_shown() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("hubtriage/profiles");
    fs::create_dir_all(&folder).unwrap();
    let config = home.path().join("hubtriage/config.toml");
    fs::write(&config, "[recipes.a]\nstatus = \"supressed\"\n[recipes.b]\ncomment = \"see {tikcet}\"\n").unwrap();
    let (code, told) = run(home.path(), &["config", "check"]);
    assert_eq!(code, Some(1), "{told}");
    for place in ["config.toml:2:10: recipes.a.status: `supressed`", "config.toml:4:16: recipes.b.comment: there is no variable {tikcet}"] {
        assert!(told.contains(place), "{place}:\n{told}");
    }
    fs::write(&config, "[profiles.team.recipes.fix]\nstatus = \"resolved\"\n").unwrap();
    fs::write(folder.join("team.toml"), "[recipes.accept]\nkey = \"a\"\nstatus = 3\ncomment = \"{ticket}\"\n").unwrap();
    fs::write(folder.join("broken.toml"), "[recipes.accept]\nkey = \"j\"\n").unwrap();
    let (code, told) = run(home.path(), &["profiles", "check"]);
    assert!(code == Some(1) && told.contains("broken.toml:2:7: recipes.accept.key: \"j\" is not allowed here"), "{told}");
    let (code, told) = run(home.path(), &["profiles", "show", "team"]);
    assert_eq!(code, Some(0), "{told}");
    for line in [
        "[recipes.fix]  # from ",
        "status = \"resolved\"",
        "[recipes.accept]  # from ",
        "key = \"a\"",
        "status = \"suppressed\"",
        "comment = \"{ticket}\"",
    ] {
        assert!(told.lines().any(|told| told.starts_with(line)), "{line}:\n{told}");
    }
}
