//! What is shipped beside the program.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The actions that a policy file allows.
fn allowed(name: &str) -> BTreeSet<String> {
    let policy: serde_json::Value = serde_json::from_str(&fs::read_to_string(root().join("assets/iam").join(name)).unwrap()).unwrap();
    let allows = policy["Statement"].as_array().unwrap().iter().filter(|statement| statement["Effect"] == "Allow");
    allows.flat_map(|statement| statement["Action"].as_array().unwrap()).map(|action| action.as_str().unwrap().to_owned()).collect()
}

/// The IAM action of each operation that the adapter calls, by what stands in its source.
fn called() -> BTreeSet<String> {
    let mut actions = BTreeSet::new();
    for file in fs::read_dir(root().join("src/aws")).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        for (method, action) in [
            ("get_findings_v2()", "GetFindings"),
            ("batch_update_findings_v2()", "BatchUpdateFindings"),
            ("get_finding_statistics_v2()", "GetAdhocInsightResults"),
            ("describe_security_hub_v2()", "DescribeSecurityHubV2"),
            ("list_aggregators_v2()", "ListAggregatorsV2"),
            ("get_aggregator_v2()", "GetAggregatorV2"),
        ] {
            if source.contains(method) {
                actions.insert(format!("securityhub:{action}"));
            }
        }
    }
    actions
}

#[test]
fn the_policy_of_an_analyst_allows_what_the_program_calls_and_no_more() {
    let update = "securityhub:BatchUpdateFindings".to_owned();
    let called = called();
    assert!(called.contains(&update) && called.len() > 3, "{called:?}");
    assert_eq!(allowed("analyst.json"), called);
    assert_eq!(allowed("comment-only.json"), called);
    assert_eq!(allowed("reader.json"), called.into_iter().filter(|action| *action != update).collect());
}

#[test]
fn what_the_debian_package_holds_is_there_or_is_written_by_its_script() {
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let script = fs::read_to_string(root().join("packaging/files")).unwrap();
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().unwrap();
    assert!(assets.len() > 5);
    for asset in assets {
        let path = asset[0].as_str().unwrap();
        match path.strip_prefix("target/packaging/") {
            Some(name) => assert!(script.contains(name), "{path}"),
            None if path.starts_with("target/release/") => {}
            None => assert!(root().join(path.split('*').next().unwrap()).exists(), "{path}"),
        }
    }
}

#[test]
fn the_manual_page_and_the_completions_are_printed() {
    let print = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_hubtriage")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(print(&["man"]).starts_with('.') || print(&["man"]).contains(".TH hubtriage"));
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef hubtriage"), ("fish", "complete -c hubtriage")] {
        assert!(print(&["completions", shell]).contains(sign), "{shell}");
    }
}
