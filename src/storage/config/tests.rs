//! What is read from a configuration, what is refused and with which words, and that the example cannot drift.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use rstest::rstest;

use super::{setting::SETTINGS, *};
use crate::app::{
    action::{Action, Motion},
    keymap::{Context, DEFAULTS, Resolved, parse_keys},
    model::Way,
};

const EXAMPLE: &str = include_str!("../../../config.example.toml");

fn problems(text: &str) -> Vec<String> {
    match Config::parse(text.as_bytes()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn means(config: &Config, context: Context, keys: &str) -> Resolved {
    config.keymap.resolve(context, &parse_keys(keys).unwrap())
}

/// The example with its options switched on: `#` directly before an option is taken away, prose (`# …`) stays.
fn uncommented() -> String {
    let mut text = String::new();
    for line in EXAMPLE.lines() {
        text.push_str(line.strip_prefix('#').filter(|rest| !rest.is_empty() && !rest.starts_with(' ')).unwrap_or(line));
        text.push('\n');
    }
    text
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(Config::parse(b"").unwrap(), Config::default());
}

#[test]
fn every_option_is_taken_over() {
    let text = r#"
        read_only = true
        [aws]
        profile = "audit"
        region = "eu-west-1"
        endpoint_url = "http://127.0.0.1:4580"
        [pace]
        reads = 1_0
        read_burst = 0x10
        writes = 0
        write_burst = 1.5
        [send]
        conflict_check = 2_500
        [comment]
        line_breaks = "keep"
        append = true
        templates = ["see {ticket}", "{{x}}"]
        [editor]
        allowed = false
        [clipboard]
        osc52 = false
        most_bytes = 1_000
        [screen]
        preview = false
        glyphs = "ascii"
        colour = "never"
        theme = "truecolor"
        mouse = true
        low_bandwidth = true
        scroll = false
        synchronised = "always"
        [log]
        level = "trace"
        [keys.table]
        x = "mark"
        "g x" = "none"
        [keys.global]
        "g g" = "last"
    "#;
    let config = Config::parse(text.as_bytes()).unwrap();
    assert_eq!(config.access, Access::ReadOnly);
    assert_eq!(config.aws.profile.as_deref(), Some("audit"));
    assert_eq!(config.aws.region.as_deref(), Some("eu-west-1"));
    assert_eq!(config.aws.endpoint_url.as_deref(), Some("http://127.0.0.1:4580"));
    let pace = [config.pace.reads.rate, config.pace.reads.burst, config.pace.writes.rate, config.pace.writes.burst];
    assert_eq!(pace.map(|number| number.to_string()), ["10", "16", "0", "1.5"]);
    assert_eq!(config.conflict_check, ConflictCheck::UpTo(2_500));
    assert_eq!((config.line_breaks, config.editor, config.preview), (LineBreaks::Keep, EditorPolicy::Off, Preview::Hidden));
    assert_eq!(config.comment_mode, CommentMode::Append);
    assert_eq!(config.templates.iter().map(ToString::to_string).collect::<Vec<_>>(), ["see {ticket}", "{{x}}"]);
    assert_eq!(config.clipboard, Clipboard { way: Way::Off, most_bytes: 1_000 });
    assert_eq!((config.glyphs, config.colour, config.log), (Glyphs::Ascii, Colour::Never, LogLevel::Trace));
    assert_eq!((config.theme, config.mouse), (ThemeName::Truecolour, MousePolicy::On));
    assert_eq!((config.bandwidth, config.scroll, config.synchronised), (Bandwidth::Low, Scroll::Off, Synchronised::Always));
    assert_eq!(means(&config, Context::Table, "x"), Resolved::Action(Action::Mark));
    assert_eq!(means(&config, Context::Table, "g x"), Resolved::Nothing);
    assert_eq!(means(&config, Context::Table, "g g"), Resolved::Action(Action::Move(Motion::Last)));
}

#[rstest]
#[case("\"always\"", ConflictCheck::Always)]
#[case("\"never\"", ConflictCheck::Never)]
#[case("1", ConflictCheck::UpTo(1))]
fn the_check_before_a_send_is_a_word_or_a_number(#[case] written: &str, #[case] means: ConflictCheck) {
    let config = Config::parse(format!("[send]\nconflict_check = {written}").as_bytes()).unwrap();
    assert_eq!(config.conflict_check, means);
}

#[rstest]
#[case(
    "colour = 1",
    "1:1: colour: there is no such key; known here are read_only, [aws], [pace], [send], [comment], [editor], [clipboard], [screen], [keys], [log], [keys.CONTEXT], [profiles.NAME], [recipes.NAME]"
)]
#[case(
    "\n[screen]\n  color = \"never\"",
    "3:3: screen.color: there is no such key; known here are preview, glyphs, colour, theme, mouse, low_bandwidth, scroll, synchronised"
)]
#[case("[scren]\nx = 1", "1:2: scren: there is no such key; known here are read_only, [aws]")]
#[case("read_only = \"yes\"", "1:1: read_only: \"yes\" is not allowed here; write true or false")]
#[case("pace = 3", "1:1: pace: 3 is not allowed here; this is a table: [pace]")]
#[case("keys = []", "1:1: keys: a list is not allowed here; this is a table: [keys]")]
#[case(
    "[pace]\nreads = -1",
    "2:1: pace.reads: -1 is not allowed here; write a number of calls a second from 0.01 to 1000, or 0 for no limit"
)]
#[case("[pace]\nreads = 1e-300", "2:1: pace.reads: 1e-300 is not allowed here")]
#[case("[pace]\nwrites = nan", "2:1: pace.writes: nan is not allowed here")]
#[case("[pace]\nwrites = inf", "2:1: pace.writes: inf is not allowed here")]
#[case("[pace]\nwrites = 99999999999999999999", "2:1: pace.writes: 99999999999999999999 is not allowed here")]
#[case("[pace]\nwrite_burst = 0", "2:1: pace.write_burst: 0 is not allowed here; write a number of calls from 1 to 1000")]
#[case(
    "[send]\nconflict_check = true",
    "2:1: send.conflict_check: true is not allowed here; write \"always\", \"never\", or a whole number of findings from 1 to 1000000"
)]
#[case("[send]\nconflict_check = \"Always\"", "2:1: send.conflict_check: \"Always\" is not allowed here")]
#[case("[send]\nconflict_check = 0", "2:1: send.conflict_check: 0 is not allowed here")]
#[case("[send]\nconflict_check = -5", "2:1: send.conflict_check: -5 is not allowed here")]
#[case("[send]\nconflict_check = 1000001", "2:1: send.conflict_check: 1000001 is not allowed here")]
#[case("[send]\nconflict_check = 2.5", "2:1: send.conflict_check: 2.5 is not allowed here")]
#[case("[comment]\nline_breaks = \"Keep\"", "2:1: comment.line_breaks: \"Keep\" is not allowed here; write \"space\" or \"keep\"")]
#[case("[comment]\ntemplates = \"x\"", "2:1: comment.templates: \"x\" is not allowed here; write a list of comment templates such as")]
#[case("[comment]\ntemplates = [\"a\", 7]", "2:19: comment.templates: 7 is not allowed here; write a text")]
#[case(
    "[comment]\ntemplates = [\n\"a\",\n\"\\u00e9 {tikcet}\"]",
    "4:9: comment.templates: there is no variable {tikcet}; known are {ticket}"
)]
#[case("[comment]\ntemplates = [\" \"]", "2:15: comment.templates: a comment cannot be empty")]
#[case(
    "[aws]\nendpoint_url = \"localhost:1\"",
    "2:1: aws.endpoint_url: \"localhost:1\" is not allowed here; write a URL with http:// or https://"
)]
#[case("[aws]\nprofile = \"a\\u001bb\"", "2:1: aws.profile: \"a\\u{1b}b\" is not allowed here; write the name of an AWS profile")]
#[case("[log]\nlevel = 2024-01-01", "2:1: log.level: 2024-01-01 is not allowed here; write \"off\"")]
#[case("[keys.tabel]\nj = \"down\"", "1:7: keys.tabel: there is no such context; did you mean table?")]
#[case("[keys.screen]\nj = \"down\"", "1:7: keys.screen: there is no such context; known are global, table, detail")]
#[case("[keys]\npreset = \"emacs\"", "2:1: keys.preset: \"emacs\" is not allowed here; write \"default\", \"vim\" or \"arrows\"")]
#[case("[screen]\ntheme = \"dark\"", "2:1: screen.theme: \"dark\" is not allowed here; write \"sixteen\", \"truecolour\"")]
#[case("[screen]\nmouse = 1", "2:1: screen.mouse: 1 is not allowed here; write true or false")]
#[case("[keys.table]\nX = \"statsu\"", "2:1: keys.table.\"X\": there is no action \"statsu\"; did you mean \"status\"?")]
#[case("[keys.table]\nctrl-s = \"status\"", "2:1: keys.table.\"ctrl-s\": Ctrl-s stops the output of many terminals")]
#[case("[keys.editor]\nctrl-m = \"accept\"", "2:1: keys.editor.\"ctrl-m\": terminals send Ctrl-m as Enter; bind enter")]
#[case("[keys.table]\n\"X ctrl-i\" = \"mark\"", "2:1: keys.table.\"X ctrl-i\": terminals send Ctrl-i as Tab; bind tab")]
#[case("[keys.table]\nX = \"mark\"\n\"X Y\" = \"flow\"", "3:1: keys.table.\"X Y\": cannot be told apart from `X` (mark), bound in line 2")]
#[case("[keys]\npreset = \"vim\"\n[keys.table]\nd = \"drop\"", "4:1: keys.table.\"d\": cannot be told apart from `dd` (drop)")]
#[case(
    "[keys.editor]\nesc = \"none\"\nctrl-c = \"none\"",
    "3:1: keys.editor.\"ctrl-c\": back has no key any more in editor, and nothing else leaves it"
)]
#[case(
    "[keys.prompt]\nenter = \"complete\"",
    "2:1: keys.prompt.\"enter\": accept has no key any more in prompt, and nothing else takes what was typed"
)]
#[case("[keys.confirm]\ny = \"none\"", "2:1: keys.confirm.\"y\": accept has no key any more in confirm, and nothing else says yes")]
#[case("[keys]\ntable = 1", "2:1: keys.table: 1 is not allowed here; this is a table: [keys.table]")]
#[case("[keys.table]\nx = \"kaboom\"", "2:1: keys.table.\"x\": there is no action \"kaboom\"; write \"none\", or one of down, up")]
#[case("[keys.table]\nx = 1", "2:1: keys.table.\"x\": 1 is not allowed here; write the name of an action, or \"none\"")]
#[case("[keys.table]\n\"hyper-x\" = \"mark\"", "2:1: keys.table.\"hyper-x\": `hyper-x` is no key")]
#[case("[keys.table]\ng = \"mark\"", "2:1: keys.table.\"g\": cannot be told apart from `gU` (clear-marks)")]
#[case("[keys.table]\n\"s s\" = \"status\"", "2:1: keys.table.\"s s\": cannot be told apart from `s` (status)")]
#[case("[keys.menu]\n0 = \"open\"", "2:1: keys.menu.\"0\": digits are counts")]
#[case("[keys.table]\n5 = \"mark\"", "2:1: keys.table.\"5\": digits are counts")]
#[case("[keys.editor]\nx = \"accept\"", "2:1: keys.editor.\"x\": a key that types a character cannot be bound")]
#[case("[keys.table]\nX = \"none\"", "2:1: keys.table.\"X\": nothing is bound to these keys in this context")]
#[case(
    "[keys.table]\nj = \"none\"",
    "2:1: keys.table.\"j\": nothing is bound to these keys in this context; they are bound in [keys.global]"
)]
#[case(
    "[keys.table]\n\"g a\" = \"mark\"\n\"g  a\" = \"mark\"",
    "3:1: keys.table.\"g  a\": the same keys stand further up, spelled in another way"
)]
#[case("[pace\nreads = 1", "1:6: ")]
fn a_problem_names_place_key_and_what_is_allowed(#[case] text: &str, #[case] begins: &str) {
    let told = problems(text);
    assert!(told.first().is_some_and(|first| first.starts_with(begins)), "{told:#?}");
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = "read_only = 1\n[screen]\nglyphs = \"x\"\npreviev = true\n[keys.table]\nx = \"y\"\n[pace]\nreads = \"z\"\n";
    let lines: Vec<usize> = Config::parse(text.as_bytes()).unwrap_err().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1, 3, 4, 6, 8]);
}

#[test]
fn all_breaches_of_toml_are_told_at_once() {
    let lines: Vec<usize> =
        Config::parse(b"read_only = \n[pace]\nwrites = 1\nwrites = 2\nreads 3\n").unwrap_err().iter().map(|p| p.line).collect();
    assert_eq!(lines, [1, 4, 5]);
}

#[test]
fn columns_count_characters_and_bytes_that_are_no_text_are_placed() {
    let problem = &Config::parse("aws = { \"ü\" = 1 }".as_bytes()).unwrap_err()[0];
    assert_eq!((problem.line, problem.column), (1, 9));
    let problem = &Config::parse(b"[aws]\nprofile = \"\xff\"").unwrap_err()[0];
    assert_eq!((problem.line, problem.column), (2, 12));
    assert!(problem.what.contains("UTF-8"));
}

#[test]
fn nothing_of_the_file_reaches_the_terminal_uncleaned() {
    for problem in Config::parse("\"a\\u001b[31m\\u202e\" = \"\\u009b\"\n[keys.table]\n\"\\u001b\" = \"\\u200b\"".as_bytes()).unwrap_err() {
        assert!(!problem.told(Path::new("/tmp/\u{1b}[2J.toml")).chars().any(crate::domain::text::is_hidden), "{problem:?}");
    }
}

#[test]
fn keys_may_be_swapped_within_a_context() {
    let free = ["g U", "g m", "g x", "g p", "g T", "g ,", "g n", "g 0"].map(|keys| format!("\"{keys}\" = \"none\"\n")).concat();
    let config = Config::parse(format!("[keys.table]\n{free}g = \"mark\"\n").as_bytes()).unwrap();
    assert_eq!(means(&config, Context::Table, "g"), Resolved::Action(Action::Mark));
}

fn notes(text: &str) -> Vec<String> {
    Config::parse(text.as_bytes()).unwrap().notes.iter().map(ToString::to_string).collect()
}

#[test]
fn an_action_without_a_key_is_noted_where_its_last_one_went() {
    assert_eq!(notes("[keys.review]\ny = \"none\""), ["2:1: keys.review.\"y\": send has no key any more in review; : runs it by its name"]);
    assert_eq!(
        notes("[keys.global]\nctrl-z = \"none\"\n[keys.table]\nU = \"undo\"\n'?' = \"mark\""),
        [
            "2:1: keys.global.\"ctrl-z\": suspend has no key any more; : runs it by its name",
            "4:1: keys.table.\"U\": redo has no key any more in table; : runs it by its name",
            "5:1: keys.table.\"?\": help has no key any more in table; : runs it by its name",
        ]
    );
    // Another key does it, or took its place, or it never had one there.
    assert_eq!(
        notes(
            "[keys.global]\nj = \"none\"\n[keys.table]\nq = \"none-such\""
                .replace("q = \"none-such\"", "\"D\" = \"none\"\nX = \"drop\"")
                .as_str()
        ),
        [""; 0]
    );
    // Keys that begin with another context's hide it.
    assert_eq!(notes("[keys.table]\n\"q q\" = \"quit\""), [""; 0]);
    assert_eq!(
        notes("[keys.journal]\n\"? ?\" = \"undo\""),
        ["2:1: keys.journal.\"? ?\": help has no key any more in journal; : runs it by its name"]
    );
}

#[test]
fn what_would_lock_the_user_in_is_refused_once_for_all_places() {
    let told = problems("[keys.global]\nesc = \"none\"\nq = \"none\"\nctrl-c = \"none\"");
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(
        told[0].contains("2:1: ")
            && told[0].contains("back has no key any more in global, table, detail and ")
            && told[0].contains("leaves a screen")
    );
    assert!(told[1].contains("3:1") && told[1].contains("quit has no key any more, and nothing else"), "{told:#?}");
    assert!(told[2].contains("4:1") && told[2].contains("interrupt has no key any more, and nothing else ends the program"), "{told:#?}");
    assert_eq!(problems("[keys.global]\nesc = \"none\""), [""; 0], "q is left");
    assert_eq!(problems("[keys.global]\n\"?\" = \"none\"\n\":\" = \"none\"\nctrl-p = \"none\"").len(), 2);
}

#[test]
fn a_preset_lies_over_the_defaults_and_the_bindings_of_the_file_over_it() {
    let config = Config::parse(b"[keys.table]\n\"d d\" = \"mark\"\n[keys]\npreset = \"vim\"\n").unwrap();
    assert_eq!(means(&config, Context::Table, "d d"), Resolved::Action(Action::Mark));
    assert_eq!(means(&config, Context::Detail, "d d"), Resolved::Action(Action::Drop));
    assert_eq!(means(&config, Context::Table, "ctrl-r"), Resolved::Action(Action::Redo));
    assert_eq!(means(&config, Context::Table, "D"), Resolved::Action(Action::Drop));
}

#[test]
fn a_missing_file_is_the_defaults_unless_it_was_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    assert_eq!(Config::load(&file, Presence::Optional).unwrap(), Config::default());
    assert!(matches!(Config::load(&file, Presence::Required), Err(ConfigError::Unreadable { .. })));
    std::fs::write(&file, "read_only = true").unwrap();
    assert_eq!(Config::load(&file, Presence::Optional).unwrap().access, Access::ReadOnly);
    std::fs::write(&file, "read_only = 7").unwrap();
    assert!(matches!(Config::load(&file, Presence::Optional), Err(ConfigError::Invalid { .. })));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_even_where_it_need_not_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let error = Config::load(folder.path(), Presence::Optional).unwrap_err();
    assert!(matches!(error, ConfigError::Unreadable { .. }), "{error}");
}

#[test]
fn the_example_changes_nothing_as_it_is_and_is_the_defaults_when_uncommented() {
    assert_eq!(Config::parse(EXAMPLE.as_bytes()).unwrap(), Config::default());
    assert_eq!(problems(&uncommented()), Vec::<String>::new());
    let config = Config::parse(uncommented().as_bytes()).unwrap();
    assert_eq!(config.profiles.problems().next(), None);
    assert_eq!(Config { profiles: crate::storage::profiles::Configured::default(), recipes: Vec::new(), ..config }, Config::default());
}

#[test]
fn the_example_lists_every_option_and_every_default_binding() {
    let text = uncommented();
    let file: toml::Table = text.parse().unwrap();
    for setting in SETTINGS {
        let table = if setting.table.is_empty() { Some(&file) } else { file.get(setting.table).and_then(|table| table.as_table()) };
        assert!(table.is_some_and(|table| table.contains_key(setting.key)), "{}.{} is missing", setting.table, setting.key);
    }
    let profile = file["profiles"].as_table().unwrap().values().next().unwrap();
    for (table, key) in crate::storage::profiles::keys() {
        let table = if table.is_empty() { Some(profile) } else { profile.get(table) };
        assert!(table.is_some_and(|table| table.get(key).is_some()), "{key} of a filter profile is missing");
    }
    let recipe = file["recipes"].as_table().unwrap().values().next().unwrap();
    for (table, key) in crate::storage::recipes::keys() {
        let table = if table.is_empty() { Some(recipe) } else { recipe.get(table) };
        assert!(table.is_some_and(|table| table.get(key).is_some()), "{key} of a recipe is missing");
    }
    let mut listed = 0;
    for (context, table) in file.get("keys").unwrap().as_table().unwrap().iter().filter(|(_, value)| value.is_table()) {
        for (keys, action) in table.as_table().unwrap() {
            let (keys, action) = (parse_keys(keys).unwrap(), Action::named(action.as_str().unwrap()));
            let is_default = DEFAULTS.iter().any(|&(known, spelled, meaning)| {
                known.name() == context && parse_keys(spelled).unwrap() == keys && Some(meaning) == action
            });
            assert!(is_default, "{context} {keys:?} is no default binding");
            listed += 1;
        }
    }
    assert_eq!(listed, DEFAULTS.len());
}

#[test]
fn the_example_tells_each_option_in_a_sentence_before_it() {
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    for setting in SETTINGS {
        let at = lines
            .iter()
            .position(|line| line.strip_prefix('#').is_some_and(|rest| rest.starts_with(&format!("{} =", setting.key))))
            .unwrap();
        assert!(lines[at - 1].starts_with("# ") && lines[at - 1].ends_with('.'), "{}: {}", setting.key, lines[at - 1]);
    }
}
