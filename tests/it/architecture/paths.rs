//! The paths that a source file names, in `use` declarations and everywhere else, resolved to where they lead.

use super::tokens::Token;

/// A path as it is written, and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
}

/// Every path in a file's tokens; the branches of a `use` tree one by one.
pub(super) fn named(tokens: &[Token]) -> Vec<Named> {
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1).map_or("", |token| token.text.as_str());
        if token.text == "use" && next != "<" {
            at = tree(tokens, at + 1, &[], &mut paths);
        } else if is_word(&token.text) && next == "::" {
            let mut segments = vec![token.text.clone()];
            while tokens.get(at + 1).is_some_and(|token| token.text == "::") && tokens.get(at + 2).is_some_and(|token| is_word(&token.text))
            {
                segments.push(tokens[at + 2].text.clone());
                at += 2;
            }
            paths.push(Named { segments, line: token.line });
            at += 1;
        } else {
            at += 1;
        }
    }
    paths
}

/// Reads one branch of a `use` tree; gives where it ends.
fn tree(tokens: &[Token], mut at: usize, prefix: &[String], paths: &mut Vec<Named>) -> usize {
    let mut segments = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.line);
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at = tree(tokens, at, &segments, paths);
                    if tokens.get(at).is_some_and(|token| token.text == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            "as" => at += 2,
            "," | "}" | ";" => break,
            word => {
                segments.push(word.to_owned());
                at += 1;
            }
        }
    }
    paths.push(Named { segments, line });
    at
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Into this crate, from its root.
    Own(Vec<String>),
    /// Into another crate, its name first.
    Foreign(Vec<String>),
}

/// Where a path leads from a module (`["app", "update"]`); `None` for what is near: a type, a child module, a variable.
pub(super) fn target(path: &[String], module: &[String], crates: &[String]) -> Option<Target> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" | "hubtriage" => Some(Target::Own(rest.to_vec())),
        "self" => Some(Target::Own([module, rest].concat())),
        "super" => {
            let ups = path.iter().take_while(|segment| *segment == "super").count();
            let base = module.len().saturating_sub(ups);
            Some(Target::Own([&module[..base], &path[ups..]].concat()))
        }
        name if name.starts_with("aws_") || crates.iter().any(|known| known == name) => Some(Target::Foreign(path.to_vec())),
        _ => None,
    }
}

/// The module of a file below `src`: `app/update/mod.rs` is `app::update`.
pub(super) fn module_of(file: &str) -> Vec<String> {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if matches!(path, "lib" | "main") { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}
