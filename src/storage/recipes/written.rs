//! Recipes as TOML.

use std::fmt::Write;

use toml_edit::Value;

use crate::domain::{decision::CommentMode, recipe::Recipe};

/// A table for each, a line for everything that is said; `remark` is put behind the line that opens a table.
pub fn written(recipes: &[Recipe], remark: impl Fn(&Recipe) -> Option<String>) -> String {
    let mut text = String::new();
    for recipe in recipes {
        let space = if text.is_empty() { "" } else { "\n" };
        // A dot in a bare key would open a table in a table.
        let name = if recipe.name.as_str().contains('.') { format!("\"{}\"", recipe.name) } else { recipe.name.to_string() };
        let remark = remark(recipe).map(|remark| format!("  # {remark}")).unwrap_or_default();
        let _ = writeln!(text, "{space}[{}.{name}]{remark}", super::TABLE);
        let decision = &recipe.decision;
        let wording = decision.comment.as_ref();
        let lines: [(&str, Option<Value>); 5] = [
            ("key", recipe.key.map(|key| key.to_string().into())),
            ("status", decision.status.map(|id| named(id.word(), id.0))),
            ("severity", decision.severity.map(|id| named(id.word(), id.0))),
            ("comment", wording.map(|wording| wording.template.to_string().into())),
            ("append", wording.filter(|wording| wording.mode == CommentMode::Append).map(|_| true.into())),
        ];
        let rails = [
            ("comment_to_suppress", recipe.rails.comment_to_suppress.then(|| Value::from(true))),
            ("no_downgrade_of_critical", recipe.rails.no_downgrade_of_critical.then(|| Value::from(true))),
            ("most_rows", recipe.rails.most_rows.and_then(|most| i64::try_from(most).ok()).map(Value::from)),
        ];
        let rails = rails.into_iter().map(|(key, value)| (format!("{}.{key}", super::RAILS), value));
        for (key, value) in lines.into_iter().map(|(key, value)| (key.to_owned(), value)).chain(rails) {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
    }
    text
}

/// The word of an id, or the id where it has none.
fn named(word: Option<&str>, id: i32) -> Value {
    word.map_or_else(|| i64::from(id).into(), Value::from)
}
