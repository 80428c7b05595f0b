//! The rules of ARCHITECTURE.md that can be read off the sources: who imports whom, how long a file is, how it opens.

mod paths;
mod rules;
mod tokens;

use std::{collections::BTreeMap, fs, path::Path};

use paths::Target;
use rules::{CLOCKS, PARTS, RULES, Rule};

/// Most lines of a file, its tests not counted.
const MAX_LINES: usize = 500;

/// Every file below `src` by its path there.
fn sources() -> BTreeMap<String, String> {
    fn gather(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                gather(&entry.path(), &format!("{name}/"), files);
            } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                files.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    files
}

/// What the manifest names, as it is spelled in paths, and the standard library.
fn crates() -> Vec<String> {
    let manifest: toml::Table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap().parse().unwrap();
    let dependencies = manifest.get("dependencies").unwrap().as_table().unwrap();
    ["std", "core", "alloc"].into_iter().map(str::to_owned).chain(dependencies.keys().map(|name| name.replace('-', "_"))).collect()
}

/// The files without those of test modules, whatever declares them.
fn without_test_files(files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut tests: Vec<Vec<String>> = Vec::new();
    for (file, source) in &files {
        let module = paths::module_of(file);
        tests.extend(tokens::test_modules(&tokens::tokens(source)).into_iter().map(|name| [&module[..], &[name]].concat()));
    }
    files.into_iter().filter(|(file, _)| !tests.iter().any(|test| paths::module_of(file).starts_with(test))).collect()
}

/// Whether a path is what an entry of the table names, or below it.
fn is_under(path: &[String], entry: &str) -> bool {
    if entry == "*" {
        return true;
    }
    if let Some(start) = entry.strip_suffix('*') {
        return path.first().is_some_and(|name| name.starts_with(start));
    }
    let entry: Vec<&str> = entry.split("::").collect();
    path.len() >= entry.len() && entry.iter().zip(path).all(|(entry, segment)| entry == segment)
}

/// The part of the machine that a path of another crate reaches.
fn part(path: &[String]) -> Option<&'static str> {
    PARTS.iter().find(|(_, entries)| entries.iter().any(|entry| is_under(path, entry))).map(|&(part, _)| part)
}

/// Every import that the table does not allow, as `file:line: …`.
fn forbidden_imports(file: &str, source: &str, crates: &[String]) -> Vec<String> {
    let module = paths::module_of(file);
    let name = module.first().map_or("(root)", String::as_str);
    let Some(rule) = RULES.iter().find(|rule| rule.module == name) else {
        return vec![format!("src/{file}: the table does not know the module {name}")];
    };
    let (tokens, _) = tokens::without_tests(&tokens::tokens(source));
    let mut found = Vec::new();
    for path in paths::named(&tokens) {
        if let Some(reason) = objection(rule, &path.segments, &module, crates) {
            found.push(format!("src/{file}:{}: {}: {reason}", path.line, path.segments.join("::")));
        }
    }
    found
}

fn objection(rule: &Rule, path: &[String], module: &[String], crates: &[String]) -> Option<String> {
    let denied = |part: &str| !rule.machine.iter().any(|allowed| *allowed == part || *allowed == "*");
    if path.last().is_some_and(|last| last == "now") && path.iter().rev().nth(1).is_some_and(|clock| CLOCKS.contains(&clock.as_str())) {
        return denied("clock").then(|| format!("{} has no clock", rule.module));
    }
    match paths::target(path, module, crates)? {
        Target::Own(to) => {
            let top = to.first()?;
            let allowed = top == rule.module
                || rule.own.iter().any(|entry| is_under(&to, entry))
                // Naming a module to reach an allowed part of it, as in `use crate::send; send::pace::Pace`, needs the longer path.
                || !RULES.iter().any(|other| other.module == top);
            (!allowed).then(|| format!("{} must not know {top}", rule.module))
        }
        Target::Foreign(to) => {
            let name = to.first()?;
            if name.starts_with("aws_") && rule.module != "aws" {
                return Some("only aws may name the SDK".to_owned());
            }
            if let Some(part) = part(&to).filter(|part| denied(part)) {
                return Some(format!("{} has no {part}", rule.module));
            }
            let allowed = matches!(name.as_str(), "std" | "core" | "alloc") || rule.crates.iter().any(|entry| is_under(&to, entry));
            (!allowed).then(|| format!("{} must not use {name}", rule.module))
        }
    }
}

/// Everything else that a file must keep to.
fn breaches_of_form(file: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (kept, test_lines) = tokens::without_tests(&tokens::tokens(source));
    let lines = source.lines().count() - test_lines;
    if lines > MAX_LINES {
        found.push(format!("src/{file}: {lines} lines without its tests, {MAX_LINES} is the most"));
    }
    if !source.starts_with("//! ") {
        found.push(format!("src/{file}: begins without //!, what it owns and what it must not do"));
    }
    for pair in kept.windows(2) {
        if let [name, bang] = pair
            && bang.text == "!"
            && matches!(name.text.as_str(), "todo" | "unimplemented" | "dbg")
        {
            found.push(format!("src/{file}:{}: {}!", name.line, name.text));
        }
    }
    for (at, line) in source.lines().enumerate() {
        if ["TODO", "FIXME", "XXX"].iter().any(|word| line.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word)) {
            found.push(format!("src/{file}:{}: work left undone", at + 1));
        }
    }
    let stem = file.rsplit('/').next().unwrap().trim_end_matches(".rs");
    if ["util", "utils", "helper", "helpers", "manager", "common", "misc"].contains(&stem) {
        found.push(format!("src/{file}: named after nothing in particular"));
    }
    found
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let crates = crates();
    let sources = without_test_files(sources());
    let found: Vec<String> = sources.iter().flat_map(|(file, source)| forbidden_imports(file, source, &crates)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn files_keep_their_form() {
    let sources = without_test_files(sources());
    assert!(sources.len() > 80, "only {} files were found", sources.len());
    let found: Vec<String> = sources.iter().flat_map(|(file, source)| breaches_of_form(file, source)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn architecture_md_shows_the_same_table() {
    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let missing: Vec<String> = RULES.iter().map(Rule::row).filter(|row| !document.lines().any(|line| line == row)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md lacks:\n{}", missing.join("\n"));
    let heading = document.lines().position(|line| line.starts_with("| module |")).unwrap();
    let shown = document.lines().skip(heading + 2).take_while(|line| line.starts_with('|')).count();
    assert_eq!(shown, RULES.len(), "ARCHITECTURE.md has rows that the table does not have");
}

#[test]
fn imports_that_are_not_allowed_are_found_wherever_they_hide() {
    let bad = include_str!("bad_sample.txt");
    let found = forbidden_imports("app/update/page.rs", bad, &crates());
    let expected = [
        "src/app/update/page.rs:2: std::env::self: app has no environment",
        "src/app/update/page.rs:2: std::env::VarError: app has no environment",
        "src/app/update/page.rs:3: crate::ui::table: app must not know ui",
        "src/app/update/page.rs:3: crate::ui::theme: app must not know ui",
        "src/app/update/page.rs:4: super::super::super::storage::config::Config: app must not know storage",
        "src/app/update/page.rs:5: aws_types::region::Region: only aws may name the SDK",
        "src/app/update/page.rs:6: tokio: app must not use tokio",
        "src/app/update/page.rs:7: ratatui::Frame: app must not use ratatui",
        "src/app/update/page.rs:8: crossterm::terminal: app must not use crossterm",
        "src/app/update/page.rs:16: crate::runtime::log::start: app must not know runtime",
        "src/app/update/page.rs:16: std::fs::read: app has no files",
        "src/app/update/page.rs:16: jiff::Timestamp::now: app has no clock",
        "src/app/update/page.rs:17: Instant::now: app has no clock",
        "src/app/update/page.rs:26: crate::emulator::start: app must not know emulator",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_allowed_is_not_reported() {
    let good = "//! Fine.\nuse crossterm::event::KeyCode;\nuse crate::{domain::text, send::pace::Pace, app::model::Access};\nuse super::problem;\n";
    assert_eq!(forbidden_imports("storage/config/setting.rs", good, &crates()), Vec::<String>::new());
    let worse = forbidden_imports("storage/config/setting.rs", "//! Not.\nuse crate::{send::run::Run, app::update};\n", &crates());
    assert_eq!(worse.len(), 2, "{worse:?}");
}

#[test]
fn only_files_that_a_test_module_declares_are_left_out() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = BTreeMap::from([
        file(
            "ui/mod.rs",
            "mod table;\n#[cfg(test)]\nmod sample;\n#[cfg(test)]\n#[path = \"x\"]\npub(crate) mod more;\n#[cfg(test)]\nmod inline { mod table; }\n",
        ),
        file("ui/sample.rs", ""),
        file("ui/more/deep.rs", ""),
        file("ui/table.rs", ""),
        file("app/sample.rs", ""),
    ]);
    let left: Vec<String> = without_test_files(files).into_keys().collect();
    assert_eq!(left, ["app/sample.rs", "ui/mod.rs", "ui/table.rs"]);
}

#[test]
fn a_module_that_the_table_does_not_know_is_reported() {
    let found = forbidden_imports("gadget/mod.rs", "//! New.\n", &crates());
    assert_eq!(found, ["src/gadget/mod.rs: the table does not know the module gadget"]);
}

#[test]
fn breaches_of_form_are_found() {
    let long = format!("//! Long.\n{}", "fn f() {}\n".repeat(MAX_LINES));
    let tested = format!("//! Long tests.\n#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(MAX_LINES));
    assert_eq!(breaches_of_form("a.rs", &long).len(), 1);
    assert_eq!(breaches_of_form("a.rs", &tested), Vec::<String>::new());
    let found = breaches_of_form("app/utils.rs", "fn f() {\n    todo!()\n}\n// FIXME later\n");
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(breaches_of_form("a.rs", "//! Fine.\nfn f() { let s = \"todo!\"; }\n"), Vec::<String>::new());
}
