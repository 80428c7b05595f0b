//! What is read from the files of filter profiles, what is refused and with which words, and how sources are merged.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use rstest::rstest;

use super::*;
use crate::domain::guard_rail::GuardRails;

fn problems(text: &str) -> Vec<String> {
    match parse(text.as_bytes()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn everything_that_can_be_said_is_taken_over() {
    let text = r#"
        query = "severity:high status:new"
        columns = ["severity", "title:40"]
        sort = ["account", "modified asc"]
        group = "control"
        [hub]
        profile = "audit"
        region = "eu-west-1"
        endpoint_url = ""
        [guard_rails]
        comment_to_suppress = true
        no_downgrade_of_critical = true
        most_rows = 5_00
        read_only = false
        type_count_above = 50
    "#;
    let content = parse(text.as_bytes()).unwrap();
    assert_eq!(content.query.unwrap().to_string(), "severity:high status:new");
    assert_eq!(content.columns.unwrap().iter().map(ToString::to_string).collect::<Vec<_>>(), ["severity", "title:40"]);
    assert_eq!(content.order.unwrap().to_string(), "account↑ modified↑");
    assert_eq!(content.group.unwrap().to_string(), "control");
    assert_eq!(content.hub.profile.as_deref(), Some("audit"));
    assert_eq!((content.hub.region.as_deref(), content.hub.endpoint_url.as_deref()), (Some("eu-west-1"), Some("")));
    let rails = GuardRails {
        comment_to_suppress: true,
        no_downgrade_of_critical: true,
        most_rows: Some(500),
        read_only: false,
        type_count_above: Some(50),
    };
    assert_eq!(content.rails, rails);
    assert_eq!(parse(b"").unwrap(), Content::default());
}

#[rstest]
#[case(
    "quary = \"x\"",
    "1:1: quary: there is no such key; known here are query, columns, sort, group, [hub], [guard_rails], [recipes.NAME]"
)]
#[case("[hub]\nprofil = \"x\"", "2:1: hub.profil: there is no such key; known here are profile, region, endpoint_url")]
#[case("query = \" \"", "1:9: query: the query is empty; write everything, or leave the key out")]
#[case("query = 7", "1:9: query: 7 is not allowed here; write a query such as")]
#[case("hub = \"audit\"", "1:7: hub: \"audit\" is not allowed here; this is a table: [hub]")]
#[case("guard_rails = []", "1:15: guard_rails: a list is not allowed here; this is a table: [guard_rails]")]
#[case("columns = \"title\"", "1:11: columns: \"title\" is not allowed here; write a list of columns such as")]
#[case("columns = [\"title\", 7]", "1:21: columns: 7 is not allowed here; write a text")]
#[case("columns = [\"title\", \"nonsense\"]", "1:21: columns: `nonsense` is no column")]
#[case("columns = []", "1:11: columns: there is no column in the list")]
#[case("columns = [\n  \"title\",\n  \"title:9\",\n]", "3:3: columns: the column `title` is there twice")]
#[case("sort = [\"severity\", \"seveity desc\"]", "1:21: sort: rows cannot be sorted by `seveity`: write one of severity,")]
#[case("sort = [\"severity down\"]", "1:9: sort: `down` is no direction")]
#[case("sort = [\"severity\", \"severity asc\"]", "1:21: sort: `severity` is named twice")]
#[case("sort = []", "1:8: sort: no sort key is named")]
#[case("group = \"contol\"", "1:9: group: rows cannot be grouped by `contol`: write one of control,")]
#[case("group = [\"control\"]", "1:9: group: a list is not allowed here; write what rows are grouped by")]
#[case("[guard_rails]\nmost_rows = 0", "2:13: guard_rails.most_rows: 0 is not allowed here; write a whole number of findings from 1")]
#[case(
    "[guard_rails]\ntype_count_above = -1",
    "2:20: guard_rails.type_count_above: -1 is not allowed here; write a whole number of findings from 0"
)]
#[case("[guard_rails]\ntype_count_above = 1000001", "2:20: guard_rails.type_count_above: 1000001 is not allowed here")]
#[case("[guard_rails]\nmost_rows = 1.5", "2:13: guard_rails.most_rows: 1.5 is not allowed here")]
#[case("[guard_rails]\nread_only = \"yes\"", "2:13: guard_rails.read_only: \"yes\" is not allowed here; write true or false")]
#[case("[hub]\nendpoint_url = \"localhost\"", "2:16: hub.endpoint_url: \"localhost\" is not allowed here; write a URL")]
#[case("[hub]\nregion = \" eu\"", "2:10: hub.region: \" eu\" is not allowed here")]
#[case("query = \"a", "1:11: ")]
#[case("query = \"status:new\"\nquery = \"status:new\"", "2:1: duplicate key")]
fn what_is_wrong_is_told_with_its_place(#[case] text: &str, #[case] expected: &str) {
    let told = problems(text);
    assert!(told.first().is_some_and(|told| told.starts_with(expected)), "{told:?}");
}

#[rstest]
#[case::basic("query = \"status:new stauts:x\"", 1, 21)]
#[case::literal("query = 'status:new stauts:x'", 1, 21)]
#[case::escaped_quotes(r#"query = "account:\"a b\" stauts:x""#, 1, 26)]
#[case::of_more_bytes("query = \"account:\u{e9}\u{1f600} stauts:x\"", 1, 21)]
#[case::several_lines("query = \"\"\"\n  status:new\n  stauts:x\n\"\"\"", 3, 3)]
#[case::literal_lines("query = '''\nstatus:new\n stauts:x'''", 3, 2)]
#[case::a_line_that_goes_on("query = \"\"\"status:new \\\n    stauts:x\"\"\"", 2, 5)]
#[case::behind_a_table("[hub]\nregion = \"eu-west-1\"\n\n[guard_rails]\nread_only = true", 0, 0)]
#[case::inline("query = 'stauts:x' # and a remark", 1, 10)]
fn an_error_of_the_query_is_told_where_it_stands_in_the_file(#[case] text: &str, #[case] line: usize, #[case] column: usize) {
    match parse(text.as_bytes()) {
        Ok(_) => assert_eq!(line, 0, "it should be refused"),
        Err(problems) => {
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!((problems[0].line, problems[0].column), (line, column), "{problems:?}");
            assert_eq!(problems[0].key, "query");
        }
    }
}

#[test]
fn all_problems_of_a_file_are_told_at_once_in_the_order_of_their_places() {
    let text = "sort = [\"x\"]\ncolour = 1\nquery = \"stauts:x\"\n[hub]\nregion = 7\n";
    let places: Vec<String> = problems(text).iter().map(|told| told.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(places, ["1:9", "2:1", "3:10", "5:10"]);
}

fn configured(text: &str) -> Configured {
    Config::parse(text.as_bytes()).unwrap().profiles
}

#[test]
fn a_broken_table_of_the_configuration_breaks_only_itself_and_has_its_place_in_that_file() {
    let text = "read_only = true\n[profiles.a]\nquery = \"status:new\"\n[profiles.b]\nquery = 'stauts:new'\n[profiles.'c d']\n";
    let found = configured(text);
    let told: Vec<String> = found.problems().map(ToString::to_string).collect();
    assert!(told[0].starts_with("5:10: profiles.b.query: `stauts`"), "{told:?}");
    assert!(told[1].starts_with("6:11: profiles.c d: a name has only"), "{told:?}");
    let catalogue = Places { config: Some("c.toml".into()), ..Places::default() }.read(&found);
    assert_eq!(catalogue.known.len(), 2);
    assert_eq!(catalogue.find("a").unwrap().source().file, "c.toml");
    assert!(catalogue.find_broken("b").unwrap().problems[0].starts_with("c.toml:5:10: "));
    let wrong = Config::parse(b"profiles = 1").unwrap_err();
    assert_eq!(wrong[0].to_string(), "1:1: profiles: 1 is not allowed here; this is a table: [profiles]");
    let odd = configured("[profiles]\nx = 1");
    assert_eq!(odd.problems().map(ToString::to_string).collect::<Vec<_>>(), ["2:1: profiles.x: a filter profile is a table: [profiles.x]"]);
}

/// Folders of one's own with files in them.
struct Files(tempfile::TempDir);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn places(&self) -> Places {
        let folder = |name: &str| self.0.path().join(name);
        Places {
            embedded: &[],
            system: vec![folder("far"), folder("near")],
            config: Some(folder("user/config.toml")),
            user: Some(folder("user/profiles")),
        }
    }

    fn read(&self) -> Catalogue {
        self.places().read_again(&Configured::default())
    }
}

#[test]
fn sources_are_merged_from_the_system_to_the_user() {
    let files = Files::new(&[
        ("far/team.toml", "query = 'status:new'\nsort = ['account']\n[guard_rails]\nmost_rows = 10"),
        ("near/team.toml", "sort = ['title']"),
        ("user/config.toml", "[profiles.team]\ncolumns = ['title']\n[profiles.team.guard_rails]\nmost_rows = 100"),
        ("user/profiles/team.toml", "query = 'severity:high'\n[guard_rails]\ncomment_to_suppress = true"),
    ]);
    let catalogue = files.read();
    let team = catalogue.find("team").unwrap();
    assert_eq!(team.query().to_string(), "severity:high");
    assert_eq!(team.order().to_string(), "title↑");
    assert_eq!(team.columns().len(), 1);
    assert_eq!(team.content.rails, GuardRails { most_rows: Some(10), comment_to_suppress: true, ..GuardRails::default() });
    assert_eq!(team.layers.len(), 4);
}

#[test]
fn one_broken_file_never_hides_the_others_and_odd_things_are_not_opened() {
    let large = "x".repeat(MAX_FILE as usize + 1);
    let files = Files::new(&[
        ("near/fine.toml", "query = 'status:new'"),
        ("near/broken.toml", "query = "),
        ("near/large.toml", &large),
        ("near/bytes.toml", "x"),
        ("near/bad name.toml", ""),
        ("near/notes.txt", "no"),
        ("near/.hidden.toml", "no"),
        ("near/folder.toml/x", ""),
    ]);
    fs::write(files.0.path().join("near/bytes.toml"), b"query = '\xff'").unwrap();
    #[cfg(unix)]
    {
        // No program is started for a pipe with a name: until it is replaced, its process holds the locks of journals that other tests open.
        let _socket = std::os::unix::net::UnixListener::bind(files.0.path().join("near/socket.toml")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", files.0.path().join("near/zero.toml")).unwrap();
        std::os::unix::fs::symlink("nowhere", files.0.path().join("near/dangling.toml")).unwrap();
        fs::write(files.0.path().join("near/\u{1b}[2J.toml"), "").unwrap();
    }
    let catalogue = files.read();
    assert!(catalogue.find("fine").is_some());
    let why = |name: &str| catalogue.find_broken(name).map(|broken| broken.problems.join("\n")).unwrap_or_default();
    assert!(why("broken").contains("near/broken.toml:1:"), "{}", why("broken"));
    assert!(why("large").ends_with("is larger than 1048576 bytes"));
    assert!(why("bytes").contains("bytes.toml:1:10: not UTF-8 from here on"));
    assert!(why("bad name").contains("a name has only the letters"));
    assert!(why("folder").ends_with("is no ordinary file"));
    #[cfg(unix)]
    {
        assert!(why("socket").ends_with("is no ordinary file") && why("zero").ends_with("is no ordinary file"));
        assert!(why("dangling").contains("cannot be read"));
        assert!(why("<U+001B>[2J").contains("`<U+001B>`"), "{:?}", catalogue.broken);
    }
    assert!(catalogue.find_broken("notes").is_none() && catalogue.find_broken(".hidden").is_none());
}

/// A link that leads to itself stands for a folder without permissions, which a test that runs as root could read all the same.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_hides_guard_rails_so_only_open_can_be_used() {
    let files = Files::new(&[("user/profiles/team.toml", "query = 'status:new'"), ("far", "no folder")]);
    assert!(files.read().find("team").is_some(), "what is no folder hides nothing");
    std::os::unix::fs::symlink("near", files.0.path().join("near")).unwrap();
    let catalogue = files.read();
    assert_eq!(catalogue.known.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>(), ["open"]);
    assert!(catalogue.why_not("team").is_some_and(|why| why.contains("/near: the folder cannot be read")), "{:?}", catalogue.broken);
    assert!(catalogue.why_not("only-there").is_some_and(|why| why.contains("/near: the folder cannot be read")));
}

#[test]
fn of_too_many_files_the_first_are_read_and_it_is_told() {
    let files = Files::new(&[]);
    let folder = files.0.path().join("near");
    fs::create_dir_all(&folder).unwrap();
    for number in 0..=MAX_FILES {
        fs::write(folder.join(format!("p{number:04}.toml")), "").unwrap();
    }
    let catalogue = files.read();
    assert_eq!(catalogue.known.len(), MAX_FILES + 1);
    assert!(catalogue.broken[0].problems[0].ends_with("501 files; only the first 500 are read"), "{:?}", catalogue.broken);
}

#[test]
fn a_configuration_that_broke_meanwhile_is_told_and_what_it_said_still_holds() {
    let files = Files::new(&[("user/config.toml", "[profiles.team]\nquery = ")]);
    let before = configured("[profiles.team]\n[profiles.team.guard_rails]\nread_only = true");
    let catalogue = files.places().read_again(&before);
    assert!(catalogue.find("team").unwrap().content.rails.read_only);
    assert!(catalogue.find_broken("config.toml").unwrap().problems[0].contains("config.toml:2:"), "{:?}", catalogue.broken);
}

#[rstest]
#[case(None, &["/etc/xdg/hubtriage/profiles"])]
#[case(Some("/a:/b"), &["/b/hubtriage/profiles", "/a/hubtriage/profiles"])]
#[case(Some("relative:/a"), &["/a/hubtriage/profiles"])]
fn the_systems_folders_are_those_of_the_xdg_specification(#[case] variable: Option<&str>, #[case] folders: &[&str]) {
    let environment = Environment::made(variable.map(|value| ("XDG_CONFIG_DIRS", value)), None);
    let places = Places::of(Some(Path::new("/home/me/.config/hubtriage/config.toml")), &environment);
    assert_eq!(places.system, folders.iter().map(PathBuf::from).collect::<Vec<_>>());
    assert_eq!(places.user_file(&ProfileName::open()), Some("/home/me/.config/hubtriage/profiles/open.toml".into()));
}
