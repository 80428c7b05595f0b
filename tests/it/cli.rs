//! The program from outside: arguments and files in, text and exit codes out, in surroundings of its own.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::support::pty::{Pty, Start};

/// A home of its own, so that nothing of the machine's user is read or written.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn config_file(&self) -> PathBuf {
        self.0.path().join("config/hubtriage/config.toml")
    }

    fn write_config(&self, text: &str) {
        fs::create_dir_all(self.config_file().parent().unwrap()).unwrap();
        fs::write(self.config_file(), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_hubtriage"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("XDG_CONFIG_HOME", self.0.path().join("config"))
            .env("XDG_STATE_HOME", self.0.path().join("state"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Ended::from(output)
    }

    /// Every file below the home.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }
}

struct Ended {
    code: i32,
    out: String,
    errors: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[test]
fn version_and_help_are_ordinary_output() {
    let home = Home::new();
    let version = home.run(&["--version"]);
    assert_eq!((version.code, version.errors.as_str()), (0, ""));
    assert_eq!(version.out.trim(), concat!("hubtriage ", env!("CARGO_PKG_VERSION")));
    let help = home.run(&["--help"]);
    assert_eq!((help.code, help.errors.as_str()), (0, ""));
    for word in ["demo", "emulator", "config", "completions", "man", "--profile", "--read-only", "--endpoint-url"] {
        assert!(help.out.contains(word), "{word}:\n{}", help.out);
    }
    assert_eq!(home.files(), Vec::<PathBuf>::new());
}

#[test]
fn a_command_line_that_cannot_be_meant_ends_with_2() {
    let home = Home::new();
    for arguments in [&["--prfile", "x"][..], &["lits"], &["--profile", "x", "demo"], &["config"], &["emulator", "--account", "1"]] {
        let ended = home.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}: {}", ended.errors);
        assert!(!ended.errors.is_empty());
    }
}

#[test]
fn config_path_is_where_xdg_says() {
    let home = Home::new();
    let ended = home.run(&["config", "path"]);
    assert_eq!((ended.code, ended.out.trim()), (0, home.config_file().to_str().unwrap()));
    let named = home.run(&["config", "path", "--config", "elsewhere.toml"]);
    assert_eq!((named.code, named.out.trim()), (0, "elsewhere.toml"));
}

#[test]
fn config_check_names_every_problem_with_file_line_and_column() {
    let home = Home::new();
    home.write_config("read_only = 7\n\n[screen]\n  color = \"never\"\n");
    let ended = home.run(&["config", "check"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    let file = home.config_file();
    for place in [":1:1: read_only: ", ":4:3: screen.color: "] {
        assert!(ended.errors.contains(&format!("{}{place}", file.display())), "{place}:\n{}", ended.errors);
    }
}

#[test]
fn config_check_notes_what_is_allowed_and_may_not_be_meant_and_refuses_what_would_lock_the_user_in() {
    let home = Home::new();
    home.write_config("[screen]\ntheme = \"truecolour\"\n[keys]\npreset = \"arrows\"\n[keys.review]\ny = \"none\"\n");
    let ended = home.run(&["config", "check"]);
    assert_eq!((ended.code, ended.errors.as_str()), (0, ""));
    let file = home.config_file();
    let note = format!("{}:6:1: note: keys.review.\"y\": send has no key any more in review; ", file.display());
    assert!(ended.out.contains(&note), "{}", ended.out);
    assert!(ended.out.contains("COLORTERM=truecolor") && ended.out.trim_end().ends_with("is fine"), "{}", ended.out);
    home.write_config("[keys.confirm]\ny = \"none\"\n[keys.table]\nctrl-q = \"quit\"\nX = \"statsu\"\n");
    let ended = home.run(&["config", "check"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    for told in [
        ":2:1: keys.confirm",
        ":4:1: keys.table.\"ctrl-q\": Ctrl-q is kept",
        ":5:1: keys.table.\"X\": there is no action \"statsu\"; did you",
    ] {
        assert!(ended.errors.contains(told), "{told}:\n{}", ended.errors);
    }
}

#[test]
fn config_check_says_so_where_all_is_well_or_there_is_no_file() {
    let home = Home::new();
    let ended = home.run(&["config", "check"]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert!(ended.out.contains("does not exist"), "{}", ended.out);
    home.write_config("read_only = true\n");
    let ended = home.run(&["config", "check"]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert!(ended.out.contains("is fine"), "{}", ended.out);
    let ended = home.run(&["config", "check", "--config", "missing.toml"]);
    assert_eq!(ended.code, 1);
    assert!(ended.errors.contains("missing.toml"), "{}", ended.errors);
}

#[test]
fn a_broken_configuration_stops_the_program_before_anything_else() {
    let home = Home::new();
    home.write_config("[pace]\nreads = \"fast\"\n");
    for arguments in [&[][..], &["demo"]] {
        let ended = home.run(arguments);
        assert_eq!(ended.code, 1, "{arguments:?}: {}", ended.errors);
        assert!(ended.errors.contains("config.toml:2:1: pace.reads: \"fast\""), "{}", ended.errors);
    }
}

#[test]
fn without_a_terminal_the_program_says_so_and_what_runs_without_one() {
    let home = Home::new();
    for arguments in [&[][..], &["demo"]] {
        let ended = home.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}: {}", ended.errors);
        assert!(ended.errors.contains("needs a terminal") && ended.errors.contains("ssh -t"), "{}", ended.errors);
    }
    assert_eq!(home.files(), Vec::<PathBuf>::new(), "nothing was begun");
}

#[test]
fn a_terminal_that_cannot_be_drawn_on_is_left_as_it_is() {
    for (term, words) in [("dumb", "TERM=dumb"), ("", "TERM is not set")] {
        let mut pty = Pty::start(&Start { arguments: &["demo"], environment: &[("TERM", term)], ..Start::default() });
        assert_eq!(pty.ends(), 2);
        assert!(pty.text().contains(words), "{}", pty.text());
        assert!(!pty.raw.contains(&0x1b), "no escape sequence is written");
    }
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ended = home.run(&["completions", shell]);
        assert_eq!(ended.code, 0, "{shell}: {}", ended.errors);
        assert!(ended.out.contains("hubtriage") && ended.out.contains("emulator"), "{shell}");
    }
    let ended = home.run(&["man"]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert!(ended.out.contains(".TH hubtriage 1"), "{}", ended.out);
}
