//! Writing a comment in `$EDITOR`.

use std::{io::Write, process::Stdio};

/// Opens the editor on a temporary file that only the user can read, and gives what was left in it. The terminal must have been given
/// back before. `editor` is the command line, split at spaces.
pub async fn edit(editor: &str, text: &str) -> Result<String, String> {
    let mut words = editor.split_whitespace();
    let program = words.next().ok_or("VISUAL and EDITOR are not set: set one, or write the comment here")?;
    let mut file = tempfile::Builder::new()
        .prefix("hubtriage-comment-")
        .suffix(".txt")
        .tempfile()
        .map_err(|error| format!("the temporary file cannot be made: {error}"))?;
    file.write_all(text.as_bytes()).map_err(|error| format!("the temporary file cannot be written: {error}"))?;
    let status = tokio::process::Command::new(program)
        .args(words)
        .arg(file.path())
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .status()
        .await
        .map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    if !status.success() {
        return Err(format!("`{program}` ended with {status}: the comment is as it was"));
    }
    std::fs::read_to_string(file.path()).map_err(|error| format!("what `{program}` left cannot be read: {error}"))
}
