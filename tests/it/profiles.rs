//! Filter profiles from outside: files in, text and exit codes out; and in a terminal against the emulator and the demo.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use hubtriage::emulator::{Emulator, Operation, Settings};
use tempfile::TempDir;

use crate::support::{
    finding::findings,
    pty::{Pty, Start},
};

/// A home of its own with folders for the system's files.
struct Home(TempDir);

struct Ended {
    code: Option<i32>,
    out: String,
    errors: String,
}

impl Home {
    fn new(files: &[(&str, &str)]) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            home.write(name, text);
        }
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hubtriage"));
        command.args(arguments).env_clear().stdin(Stdio::null()).current_dir(self.0.path());
        command.envs(self.environment().iter().map(|(name, value)| (*name, value.as_str())));
        command
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.path(name).display().to_string();
        vec![
            ("HOME", path("")),
            ("XDG_CONFIG_HOME", path("config")),
            ("XDG_STATE_HOME", path("state")),
            ("XDG_CONFIG_DIRS", format!("{}:{}", path("near"), path("far"))),
            ("AWS_ACCESS_KEY_ID", "AKIDTEST".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-the-test".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// The same against an emulator.
    fn run_at(&self, emulator: &Emulator, arguments: &[&str]) -> Ended {
        let url = emulator.url();
        let mut command = self.command(arguments);
        command.env("AWS_REGION", "eu-west-1").env("AWS_ENDPOINT_URL_STS", &url).env("AWS_ENDPOINT_URL_SECURITYHUB", &url);
        ended(&mut command)
    }
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), out: text(output.stdout), errors: text(output.stderr) }
}

const USER: &str = "config/hubtriage/profiles";

#[test]
fn a_check_tells_file_line_and_column_of_errors_and_notes_what_is_applied_here() {
    let many: Vec<String> = (0..101).map(|at| format!("title:a{at},b{at}")).collect();
    let many = format!("query = '{}'\n", many.join(" "));
    let home = Home::new(&[
        (&format!("{USER}/kinds.toml"), "query = 7\n[hub]\nregion = true\n[guard_rails]\n  most_rows = \"many\"\n"),
        (&format!("{USER}/unknown.toml"), "query = 'status:new'\nfilters = []\n[hub]\naccount = 1\n"),
        (&format!("{USER}/query.toml"), "# mine\nquery = \"\"\"\n  severity:high\n  stauts:new\"\"\"\n"),
        ("far/hubtriage/profiles/local.toml", "query = \"status:new metadata.version:1.5.0\"\n"),
        ("near/hubtriage/profiles/many.toml", &many),
        ("config/hubtriage/config.toml", "[profiles.inline]\nsort = [\"severity\", \"size\"]\n"),
    ]);
    let ended = home.run(&["profiles", "check"]);
    assert_eq!(ended.code, Some(1), "{}{}", ended.out, ended.errors);
    let user = home.path(USER);
    for (file, place) in [
        ("kinds", "1:9: query: 7 is not allowed here"),
        ("kinds", "3:10: hub.region: true is not allowed here"),
        ("kinds", "5:15: guard_rails.most_rows: \"many\" is not allowed here"),
        ("unknown", "2:1: filters: there is no such key"),
        ("unknown", "4:1: hub.account: there is no such key"),
        ("query", "4:3: query: "),
    ] {
        let told = format!("{}/{file}.toml:{place}", user.display());
        assert!(ended.out.contains(&told), "{told}\nis not in\n{}", ended.out);
    }
    assert!(ended.out.contains("config.toml:2:21: profiles.inline.sort: rows cannot be sorted by `size`"), "{}", ended.out);
    assert!(ended.out.contains("local: note: metadata.version:1.5.0 is applied here"), "{}", ended.out);
    assert!(ended.out.contains("many: note: ") && ended.out.contains("a request takes no more than"), "{}", ended.out);
    assert!(ended.out.lines().last().unwrap().starts_with("7 filter profiles: 7 errors"), "{}", ended.out);
    let checked = home.run(&["config", "check"]);
    assert_eq!(checked.code, Some(1));
    assert!(checked.errors.contains("config.toml:2:21: profiles.inline.sort"), "{}", checked.errors);
}

#[test]
fn notes_alone_are_no_errors_and_a_good_one_needs_none() {
    let home = Home::new(&[(&format!("{USER}/local.toml"), "query = 'metadata.version:1.5.0'")]);
    let ended = home.run(&["profiles", "check"]);
    assert_eq!((ended.code, ended.errors.as_str()), (Some(0), ""));
    assert!(ended.out.ends_with("2 filter profiles: 0 errors, 1 note\n"), "{}", ended.out);
}

#[test]
fn sources_are_listed_and_shown_with_where_each_part_comes_from() {
    let home = Home::new(&[
        ("far/hubtriage/profiles/team.toml", "query = 'status:new'\n[guard_rails]\nmost_rows = 10\n"),
        ("near/hubtriage/profiles/team.toml", "sort = ['account']\n"),
        ("config/hubtriage/config.toml", "[profiles.team]\ngroup = 'control'\n[profiles.team.guard_rails]\nmost_rows = 50\n"),
        (&format!("{USER}/team.toml"), "query = 'severity>=high metadata.version:1.5.0'\n"),
        (&format!("{USER}/broken.toml"), "query = \n"),
        (&format!("{USER}/\u{1b}]0;x\u{7}.toml"), ""),
    ]);
    let listed = home.run(&["profiles", "list"]);
    assert_eq!(listed.code, Some(0));
    assert!(listed.out.contains("severity>=high metadata.version:1.5.0"), "{}", listed.out);
    assert!(listed.out.contains("broken") && listed.out.contains("cannot be used:"), "{}", listed.out);
    assert!(listed.out.contains("<U+001B>]0;x<U+0007>") && !listed.out.contains('\u{1b}'), "{}", listed.out);
    let shown = home.run(&["profiles", "show", "team"]);
    let from = |name: &str| format!("  # from {}", home.path(name).display());
    for line in [
        format!("query = \"severity>=high metadata.version:1.5.0\"{}", from(&format!("{USER}/team.toml"))),
        format!("sort = [\"account asc\"]{}", from("near/hubtriage/profiles/team.toml")),
        format!("group = \"control\"{}", from("config/hubtriage/config.toml")),
        format!("most_rows = 10{}", from("far/hubtriage/profiles/team.toml")),
        "# the service filters by any of these:".to_owned(),
        "severity_id".to_owned(),
        "# applied here: metadata.version:1.5.0: ".to_owned(),
    ] {
        assert!(shown.out.contains(&line), "{line}\nis not in\n{}", shown.out);
    }
    // What is shown is a filter profile by itself.
    home.write(&format!("{USER}/copy.toml"), &shown.out);
    let copied = home.run(&["profiles", "show", "copy"]);
    assert!(copied.out.contains("group = \"control\"") && copied.out.contains("most_rows = 10"), "{}", copied.out);
}

#[test]
fn a_name_that_is_not_there_is_told_with_the_nearest_and_a_broken_one_with_its_error() {
    let home =
        Home::new(&[(&format!("{USER}/payments.toml"), "query = 'status:new'"), (&format!("{USER}/broken.toml"), "query = 'stauts:new'")]);
    for command in [&["list", "-f"] as &[&str], &["-f"], &["profiles", "show"]] {
        let ended = home.run(&[command, &["paymnets"]].concat());
        assert_eq!(ended.code, Some(2), "{command:?}: {}", ended.errors);
        assert!(
            ended.errors.contains("there is no filter profile `paymnets`; the nearest first there are payments, open"),
            "{}",
            ended.errors
        );
        let ended = home.run(&[command, &["broken"]].concat());
        assert_eq!(ended.code, Some(1), "{command:?}: {}", ended.errors);
        assert!(ended.errors.contains("broken.toml:1:10: query: "), "{}", ended.errors);
    }
}

async fn emulator(count: usize) -> Emulator {
    Emulator::start(Settings { findings: findings(count), ..Settings::default() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn list_and_plan_take_query_and_guard_rails_of_the_named_one() {
    let emulator = emulator(30).await;
    let home = Home::new(&[
        (&format!("{USER}/few.toml"), "query = 'uid:uid-0001,uid-0002,uid-0003'"),
        (
            &format!("{USER}/guarded.toml"),
            "query = 'status:new'\n[guard_rails]\nmost_rows = 5\ncomment_to_suppress = true\nread_only = true",
        ),
    ]);
    let uid = |at| crate::support::finding::uid(at);
    home.write(&format!("{USER}/few.toml"), &format!("query = 'uid:{},{},{}'", uid(1), uid(2), uid(3)));
    let lines = |ended: &Ended| ended.out.lines().count();
    let few = home.run_at(&emulator, &["list", "-f", "few", "-o", "jsonl"]);
    assert_eq!((few.code, lines(&few)), (Some(0), 3), "{}", few.errors);
    let query = format!("uid:{}", uid(9));
    let instead = home.run_at(&emulator, &["list", "-f", "few", "-q", &query, "-o", "jsonl"]);
    assert_eq!(lines(&instead), 1, "the query replaces that of the filter profile");
    let plan = ["plan", "-f", "guarded", "--status", "suppressed", "--out", "plan.json"];
    let refused = home.run_at(&emulator, &plan);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(refused.errors.contains("at most 5 findings a send, these are 30"), "{}", refused.errors);
    assert!(refused.errors.contains("suppressing needs a comment: 30 findings"), "{}", refused.errors);
    assert!(!home.path("plan.json").exists());
    let three = format!("uid:{},{},{}", uid(1), uid(2), uid(3));
    let kept = home.run_at(&emulator, &[&plan as &[&str], &["-q", &three, "--comment", "PAY-1"]].concat());
    assert_eq!(kept.code, Some(0), "{}", kept.errors);
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_check_asks_each_hub_for_totals() {
    let (emulator, other) = (emulator(30).await, emulator(7).await);
    let home = Home::new(&[(&format!("{USER}/here.toml"), "query = 'everything'")]);
    home.write(
        &format!("{USER}/there.toml"),
        &format!("query = 'everything'\n[hub]\nregion = 'us-east-1'\nendpoint_url = '{}'", other.url()),
    );
    let mut command = home.command(&["profiles", "check", "--live"]);
    let url = emulator.url();
    home.write("config/hubtriage/config.toml", &format!("[aws]\nregion = 'eu-west-1'\nendpoint_url = '{url}'\n"));
    let live = ended(&mut command);
    assert_eq!(live.code, Some(0), "{}{}", live.out, live.errors);
    assert!(live.out.contains("here: 30 findings") && live.out.contains("there: 7 findings"), "{}", live.out);
}

/// Starts the program on an emulator, in a home that outlives it.
fn start(home: &Home, sts: Option<String>, arguments: &[&str], config: &str) -> Pty {
    home.write("config/hubtriage/config.toml", config);
    let mut variables = home.environment();
    if let Some(url) = sts {
        variables.push(("AWS_ENDPOINT_URL_STS", url));
    }
    let environment: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Pty::start(&Start { arguments, environment: &environment, home: Some(home.0.path()), ..Start::default() })
}

fn hub(emulator: &Emulator) -> String {
    let url = emulator.url();
    format!("[aws]\nregion = 'eu-west-1'\nendpoint_url = '{url}'\n[pace]\nreads = 0\nwrites = 0\n")
}

#[test]
fn in_the_demo_one_is_picked_and_what_is_on_the_screen_is_saved_and_read_back() {
    let home = Home::new(&[(&format!("{USER}/not-here.toml"), "query = 'everything'")]);
    let mut pty = start(&home, None, &["demo"], "");
    pty.shows("complete");
    pty.shows(" open  status:new,in_progress");
    pty.send("F");
    pty.shows("filter profiles");
    pty.shows("public-buckets");
    assert!(!pty.text().contains("not-here"), "the demo uses neither the user's nor the system's");
    pty.send("3");
    pty.until("rows change", |pty| pty.text().contains(" guardduty  status:new") && pty.text().contains("complete"));
    assert!(!pty.text().contains("Inspector  CVE"), "{}", pty.text());
    pty.send("O");
    pty.shows(" guardduty*  ");
    pty.send("Fs");
    pty.shows("save as filter profile: guardduty");
    pty.send("\u{15}mine\r");
    pty.shows("until the demo ends");
    pty.shows(" mine  status:new");
    pty.send("-");
    pty.shows(" guardduty  status:new");
    pty.send("F");
    pty.shows(" mine ");
    pty.send("\u{1b}");
    // Both at once would be Alt-q.
    pty.until("the picker is closed", |pty| !pty.text().contains("filter profiles"));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_one_is_a_file_that_the_next_start_opens_by_name() {
    let emulator = emulator(12).await;
    let home = Home::new(&[(&format!("{USER}/few.toml"), "# by hand\nquery = 'severity:medium' # few\n")]);
    let mut pty = start(&home, Some(emulator.url()), &["-f", "few"], &hub(&emulator));
    pty.shows(" few  severity:medium");
    pty.shows("complete");
    pty.send("O");
    pty.shows(" few*  ");
    pty.send("Fs");
    pty.shows("save as filter profile: few");
    pty.send("\r");
    pty.shows("Overwrite the filter profile few?");
    pty.send("y");
    pty.shows("saved as");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    let text = fs::read_to_string(home.path(&format!("{USER}/few.toml"))).unwrap();
    assert_eq!(text, "# by hand\nquery = 'severity:medium' # few\nsort = [\"severity asc\", \"modified desc\"]\n");
    let mut pty = start(&home, Some(emulator.url()), &["-f", "few"], &hub(&emulator));
    pty.shows(" few  severity:medium");
    pty.shows("severity↑");
    pty.send("q");
    assert_eq!(pty.ends(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_hub_is_opened_with_its_own_journal_and_what_is_staged_in_the_first_is_counted() {
    let (emulator, other) = (emulator(12).await, emulator(5).await);
    let home = Home::new(&[]);
    home.write(
        &format!("{USER}/there.toml"),
        &format!("query = 'everything'\n[hub]\nregion = 'us-east-1'\nendpoint_url = '{}'", other.url()),
    );
    let mut config = hub(&emulator);
    config.push_str("[send]\nconflict_check = 'never'\n");
    let mut command = start(&home, Some(emulator.url()), &[], &config);
    let pty = &mut command;
    pty.shows("12 loaded, complete");
    pty.send("s3");
    // On the row, the sign says that it is on disk.
    pty.shows("▶ ● M");
    pty.send("F2");
    pty.shows("5 loaded, complete");
    pty.shows(" there  everything");
    pty.shows("us-east-1");
    pty.shows("● 1 staged elsewhere");
    pty.send("-");
    pty.shows("12 loaded, complete");
    pty.until("what was staged is back", |pty| pty.text().contains("● 1 staged") && !pty.text().contains("elsewhere"));
    pty.send("D");
    pty.until("it is dropped", |pty| !pty.text().contains("staged  ") && !pty.text().contains("● 1"));
    pty.send("q");
    assert_eq!(pty.ends(), 0);
    assert_eq!(other.call_count(Operation::BatchUpdateFindingsV2), 0);
    assert!(journals(home.0.path()) >= 2, "each hub has a journal of its own");
}

fn journals(home: &Path) -> usize {
    fs::read_dir(home.join("state/hubtriage/journal")).unwrap().count()
}
