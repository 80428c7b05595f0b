//! The documents that users start from say what the program does.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use clap::Parser;
use hubtriage::{
    app::keymap::{DEFAULTS, parse_keys, shown},
    cli::Cli,
    manual,
};

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The documents that users read.
const READ: [&str; 2] = ["README.md", "docs/manual.md"];

fn keys() -> BTreeSet<String> {
    DEFAULTS.iter().map(|(_, keys, _)| shown(&parse_keys(keys).unwrap())).collect()
}

/// What stands between the markers of a part that is made, and the document around it.
fn parts(manual: &str, name: &str) -> [String; 3] {
    let (before, rest) = manual.split_once(&format!("<!-- {name}:")).unwrap();
    let (marker, rest) = rest.split_once("-->\n").unwrap();
    let (made, after) = rest.split_once(&format!("<!-- /{name} -->")).unwrap();
    [format!("{before}<!-- {name}:{marker}-->\n"), made.to_owned(), after.to_owned()]
}

fn made(name: &str) -> String {
    let text = if name == "keys" { manual::keys::markdown() } else { manual::options::markdown() };
    format!("\n{text}")
}

#[test]
fn the_tables_of_the_manual_are_those_of_the_key_map_and_of_the_command_line() {
    let manual = document("docs/manual.md");
    for name in ["keys", "options"] {
        let [_, found, _] = parts(&manual, name);
        assert!(found == made(name), "run `cargo test --test it documents::the_tables -- --ignored`: the part {name} is of another time");
    }
}

#[test]
#[ignore = "writes docs/manual.md: run it when a key or an option has changed"]
fn the_tables_of_the_manual_are_written() {
    let mut manual = document("docs/manual.md");
    for name in ["keys", "options"] {
        let [before, _, after] = parts(&manual, name);
        manual = format!("{before}{}<!-- /{name} -->{after}", made(name));
    }
    fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/manual.md"), manual).unwrap();
}

/// The demo's findings: their text, and where the program takes them from.
fn demo() -> (Vec<u8>, PathBuf) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    (fs::read(folder.join("findings.jsonl")).unwrap(), folder.join("findings.jsonl.zst"))
}

#[test]
fn the_compressed_findings_of_the_demo_are_its_findings() {
    let (text, compressed) = demo();
    let found = zstd::decode_all(fs::read(compressed).unwrap().as_slice()).unwrap();
    assert!(found == text, "run `cargo test --test it documents::the_compressed -- --ignored`: they are of another time");
}

#[test]
#[ignore = "writes assets/demo/findings.jsonl.zst: run it when the findings were generated anew"]
fn the_compressed_findings_of_the_demo_are_written() {
    /// Slow and small: it is done once, and read by every build.
    const LEVEL: i32 = 19;
    let (text, compressed) = demo();
    fs::write(compressed, zstd::encode_all(text.as_slice(), LEVEL).unwrap()).unwrap();
}

#[test]
fn the_keys_that_the_readme_tells_are_bound() {
    let (keys, readme) = (keys(), document("README.md"));
    let mut told = 0;
    for row in readme.lines().filter(|line| line.starts_with("| `")) {
        for key in row.split('|').nth(1).unwrap().split_whitespace() {
            let key = key.trim_matches('`');
            assert!(keys.contains(key), "{key}: {row}");
            told += 1;
        }
    }
    assert!(told > 12, "{told}");
}

/// The words of the documents that stand as code, outside of blocks.
fn code(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    prose.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn keys_and_options_that_the_documents_name_are_there() {
    // Of other programs.
    const FOREIGN: &[&str] = &["--release", "--no-build", "--path", "--format", "--help"];
    let options: BTreeSet<String> = manual::options::markdown()
        .split('`')
        .filter_map(|word| word.split_whitespace().next())
        .filter(|word| word.starts_with("--"))
        .map(str::to_owned)
        .collect();
    assert!(options.len() > 20);
    let bound = keys();
    for name in READ {
        let text = document(name);
        let mut seen = 0;
        for word in code(&text) {
            for option in word.split_whitespace().filter(|part| part.starts_with("--")) {
                assert!(options.contains(option) || FOREIGN.contains(&option), "{name}: {option}");
                seen += 1;
            }
            // What looks like a key with Ctrl is one.
            if let Some(rest) = word.strip_prefix("Ctrl-").filter(|rest| rest.chars().count() == 1) {
                let is_bound = bound.contains(&word) || ["a", "e", "w", "u", "k"].contains(&rest);
                assert!(is_bound, "{name}: {word}");
                seen += 1;
            }
        }
        assert!(seen > 0 || name == "README.md", "{name}");
    }
}

#[test]
fn the_commands_in_the_documents_can_be_run() {
    let mut commands = 0;
    for name in READ {
        for block in document(name).split("```").skip(1).step_by(2) {
            for line in block.lines().filter(|line| line.starts_with("hubtriage")) {
                let line = line.split(" #").next().unwrap();
                let words = line.split_whitespace().fold((Vec::new(), false), |(mut words, open): (Vec<String>, bool), word| {
                    match words.last_mut().filter(|_| open) {
                        Some(last) => *last = format!("{last} {word}"),
                        None => words.push(word.to_owned()),
                    }
                    let open = open ^ (word.matches('\'').count() % 2 == 1);
                    (words, open)
                });
                let words: Vec<String> = words.0.iter().map(|word| word.replace('\'', "")).collect();
                if let Err(error) = Cli::try_parse_from(&words) {
                    panic!("{name}: {line}: {error}");
                }
                commands += 1;
            }
        }
    }
    assert!(commands > 15, "{commands}");
}

#[test]
fn files_that_the_documents_name_are_there() {
    let mut files = 0;
    for name in READ {
        for word in code(&document(name)) {
            let is_file = ["docs/", "assets/", "packaging/", "src/", "tests/"].iter().any(|folder| word.starts_with(folder));
            if is_file && !word.contains(' ') {
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&word).exists(), "{name}: {word}");
                files += 1;
            }
        }
    }
    assert!(files > 1, "{files}");
}

#[test]
fn the_readme_begins_with_the_two_commands_that_work() {
    let readme = document("README.md");
    let block = readme.split("```").nth(1).unwrap();
    assert_eq!(block.trim(), "cargo run --release -- demo\ncargo test");
}

#[test]
fn files_that_the_documents_link_to_exist() {
    let mut links = 0;
    let decisions = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions")).unwrap();
    let decisions = decisions.map(|entry| format!("docs/decisions/{}", entry.unwrap().file_name().to_str().unwrap()));
    let documents =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/performance.md", "docs/manual.md"].map(str::to_owned);
    for name in documents.into_iter().chain(decisions) {
        for part in document(&name).split("](").skip(1) {
            let link = part.split(')').next().unwrap();
            if link.starts_with("http") || link.starts_with('#') {
                continue;
            }
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&name).parent().unwrap().join(link);
            assert!(path.exists(), "{name} links to {link}");
            links += 1;
        }
    }
    assert!(links > 8, "{links}");
}
