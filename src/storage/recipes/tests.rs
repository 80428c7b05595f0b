//! What is read of recipes, what is refused and with which words.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use rstest::rstest;

use super::*;
use crate::storage::{config::Config, profiles};

fn problems(text: &str) -> Vec<String> {
    match Config::parse(text.as_bytes()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn name(recipe: &Recipe) -> &str {
    recipe.name.as_str()
}

#[test]
fn everything_that_can_be_said_is_taken_over_in_the_order_it_is_written() {
    let text = r#"
        [recipes.zebra]
        key = "z"
        status = "In Progress"
        severity = 4
        comment = "see {ticket}"
        append = true
        guard_rails = { comment_to_suppress = true, no_downgrade_of_critical = true, most_rows = 0x10 }
        [recipes.ant]
        status = "3"
    "#;
    let recipes = Config::parse(text.as_bytes()).unwrap().recipes;
    assert_eq!(recipes.iter().map(name).collect::<Vec<_>>(), ["zebra", "ant"]);
    let [zebra, ant] = recipes.as_slice() else { unreachable!("two were read") };
    assert_eq!((zebra.key, ant.key), (Some('z'), None));
    let decision = Decision {
        status: Some(StatusId::IN_PROGRESS),
        severity: Some(SeverityId::HIGH),
        comment: Some(Wording { template: "see {ticket}".parse().unwrap(), mode: CommentMode::Append }),
    };
    assert_eq!(zebra.decision, decision);
    let rails = GuardRails { comment_to_suppress: true, no_downgrade_of_critical: true, most_rows: Some(16), ..GuardRails::default() };
    assert_eq!((zebra.rails, ant.rails), (rails, GuardRails::default()));
    assert_eq!(ant.decision, Decision { status: Some(StatusId::SUPPRESSED), ..Decision::default() });
}

#[rstest]
#[case("recipes = 7", "1:1: recipes: 7 is not allowed here; this is a table: [recipes]")]
#[case("[recipes]\na = 7", "2:5: recipes.a: 7 is not allowed here; a recipe is a table: [recipes.a]")]
#[case("[recipes.\"a b\"]\nstatus = \"new\"", "1:10: recipes.a b: a name has only the letters a to z and A to Z, digits, and - _ .")]
#[case("[recipes.\"\"]\nstatus = \"new\"", "1:10: recipes.: a recipe needs a name")]
#[case("[recipes.a]", "1:10: recipes.a: this recipe sets nothing; write status, severity or comment")]
#[case("[recipes.a]\nkey = \"x\"", "1:10: recipes.a: this recipe sets nothing")]
#[case(
    "[recipes.a]\nstaus = \"new\"",
    "2:1: recipes.a.staus: there is no such key; known here are key, status, severity, comment, append, [guard_rails]"
)]
#[case("[recipes.a]\nstatus = \"open\"", "2:10: recipes.a.status: `open` is no status; known are new, in_progress, suppressed")]
#[case("[recipes.a]\nstatus = 42", "2:10: recipes.a.status: `42` is no status")]
#[case("[recipes.a]\nstatus = true", "2:10: recipes.a.status: true is not allowed here; write a status such as \"suppressed\"")]
#[case("[recipes.a]\nseverity = \"worse\"", "2:12: recipes.a.severity: `worse` is no severity; known are critical, high")]
#[case("[recipes.a]\nseverity = 2.5", "2:12: recipes.a.severity: 2.5 is not allowed here; write a severity such as \"low\"")]
#[case(
    "[recipes.a]\nstatus = 1\nkey = \"J\"",
    "3:7: recipes.a.key: \"J\" is not allowed here; write one letter from a to z, but not j or k"
)]
#[case("[recipes.a]\nstatus = 1\nkey = \"j\"", "3:7: recipes.a.key: \"j\" is not allowed here")]
#[case("[recipes.a]\nstatus = 1\nkey = \"ab\"", "3:7: recipes.a.key: \"ab\" is not allowed here")]
#[case("[recipes.a]\nstatus = 1\nkey = \"\"", "3:7: recipes.a.key: \"\" is not allowed here")]
#[case("[recipes.a]\ncomment = \"see {tikcet}\"", "2:16: recipes.a.comment: there is no variable {tikcet}; known are {ticket} {user}")]
#[case("[recipes.a]\ncomment = '''\nsee\n  {ticket'''", "4:3: recipes.a.comment: this brace has no other one")]
#[case("[recipes.a]\ncomment = \" \"", "2:12: recipes.a.comment: a comment cannot be empty")]
#[case("[recipes.a]\ncomment = \"\\u200b\"", "2:11: recipes.a.comment: a comment cannot be empty")]
#[case("[recipes.a]\ncomment = 7", "2:11: recipes.a.comment: 7 is not allowed here; write a comment such as")]
#[case("[recipes.a]\nstatus = 1\nappend = true", "3:10: recipes.a.append: there is no comment to append")]
#[case("[recipes.a]\ncomment = \"x\"\nappend = 1", "3:10: recipes.a.append: 1 is not allowed here; write true or false")]
#[case(
    "[recipes.a.guard_rails]\nread_only = true\n[recipes.a]\nstatus = 1",
    "2:1: recipes.a.guard_rails.read_only: a recipe only stages; read_only is for filter profiles; known here are comment_to_suppress, no_downgrade_of_critical, most_rows"
)]
#[case(
    "[recipes.a]\nstatus = 1\nguard_rails = 1",
    "3:15: recipes.a.guard_rails: 1 is not allowed here; this is a table: [recipes.a.guard_rails]"
)]
#[case(
    "[recipes.a]\nstatus = 1\nguard_rails.most_rows = 0",
    "3:25: recipes.a.guard_rails.most_rows: 0 is not allowed here; write a whole number"
)]
#[case(
    "[recipes.a]\nstatus = 1\nguard_rails.x = 0",
    "3:13: recipes.a.guard_rails.x: there is no such key; known here are comment_to_suppress"
)]
#[case(
    "[recipes.a]\nstatus = 1\nkey = \"x\"\n[recipes.b]\nstatus = 1\nkey = \"x\"",
    "6:7: recipes.b.key: the letter x is that of a already"
)]
fn what_is_wrong_is_told_with_its_place(#[case] text: &str, #[case] begins: &str) {
    let told = problems(text);
    assert!(told.first().is_some_and(|first| first.starts_with(begins)), "{told:#?}");
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[test]
fn a_comment_that_can_never_be_short_enough_is_refused_and_one_whose_variables_decide_is_not() {
    let comment = |length: usize, variable: &str| format!("[recipes.a]\ncomment = \"{}{variable}\"", "x".repeat(length));
    assert_eq!(problems(&comment(512, "")), Vec::<String>::new());
    assert_eq!(problems(&comment(513, "")), ["2:11: recipes.a.comment: 513 characters; the service takes at most 512"]);
    assert_eq!(problems(&comment(511, "{resource}")), Vec::<String>::new());
    assert_eq!(problems(&comment(512, "{resource}")).len(), 1);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_a_filter_profile_too() {
    let text = "[recipes.a]\nkey = \"J\"\nstatus = \"x\"\n[recipes.b]\ncomment = \"}\"\n";
    let lines = |told: Vec<Problem>| told.iter().map(|problem| (problem.line, problem.key.clone())).collect::<Vec<_>>();
    let expected = [(2, "recipes.a.key"), (3, "recipes.a.status"), (5, "recipes.b.comment")].map(|(line, key)| (line, key.to_owned()));
    assert_eq!(lines(Config::parse(text.as_bytes()).unwrap_err()), expected);
    assert_eq!(lines(profiles::parse(text.as_bytes()).unwrap_err()), expected);
    let nested = text.replace("recipes.", "profiles.payments.recipes.");
    let config = Config::parse(nested.as_bytes()).unwrap();
    let keys: Vec<&str> = config.profiles.problems().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, ["profiles.payments.recipes.a.key", "profiles.payments.recipes.a.status", "profiles.payments.recipes.b.comment"]);
}

#[test]
fn nothing_of_the_file_reaches_the_terminal_uncleaned() {
    let text = "[recipes.\"\\u001b\"]\nstatus = \"\\u202e\"\nkey = \"\\u009b\"\ncomment = \"{\\u001b[2J}\"\n[recipes.b]\n\"\\u200b\" = 1";
    let told = Config::parse(text.as_bytes()).unwrap_err();
    assert_eq!(told.len(), 5);
    assert!(told.iter().all(|problem| !problem.to_string().chars().any(crate::domain::text::is_hidden)), "{told:?}");
}

#[test]
fn what_is_written_is_read_back_as_the_same() {
    let text = r#"
        [recipes."a.b"]
        status = "deleted"
        comment = "{{as it is}} \"{title}\" \u200b"
        append = true
        guard_rails = { comment_to_suppress = true, most_rows = 5 }
        [recipes.c]
        key = "c"
        severity = "unknown"
        guard_rails.no_downgrade_of_critical = true
    "#;
    let recipes = Config::parse(text.as_bytes()).unwrap().recipes;
    let again = written(&recipes, |_| Some("from here".to_owned()));
    assert!(again.starts_with("[recipes.\"a.b\"]  # from here\nstatus = \"deleted\"\n"), "{again}");
    assert_eq!(Config::parse(again.as_bytes()).unwrap().recipes, recipes, "{again}");
}
