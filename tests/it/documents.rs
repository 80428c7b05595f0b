//! The documents that users start from say what the program does.

use std::{fs, path::Path};

use hubtriage::app::keymap::{DEFAULTS, parse_keys, shown};

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_readme_lists_every_default_key() {
    let readme = document("README.md");
    for &(context, keys, action) in DEFAULTS {
        let keys = shown(&parse_keys(keys).unwrap());
        assert!(readme.contains(&format!("`{keys}`")), "{} {keys}: {}", context.name(), action.name());
    }
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
    let documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/performance.md"].map(str::to_owned);
    for name in documents.into_iter().chain(decisions) {
        for part in document(&name).split("](").skip(1) {
            let link = part.split(')').next().unwrap();
            if link.starts_with("http") {
                continue;
            }
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&name).parent().unwrap().join(link);
            assert!(path.exists(), "{name} links to {link}");
            links += 1;
        }
    }
    assert!(links > 8, "{links}");
}
