//! The text form of a sort key in a filter profile.

use crate::domain::order::{Direction, SortField, SortKey};

/// `severity desc`, `title asc`, or `modified` in its natural direction.
pub(super) fn read(text: &str) -> Result<SortKey, String> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    let field = SortField::OFFERED.into_iter().find(|field| field.word() == name).ok_or_else(|| {
        let known = SortField::OFFERED.map(SortField::word).join(", ");
        format!("`{name}` is nothing to sort by; known are {known}")
    })?;
    let direction = match (words.next(), words.next()) {
        (None, _) => field.natural(),
        (Some("asc"), None) => Direction::Ascending,
        (Some("desc"), None) => Direction::Descending,
        _ => return Err(format!("`{text}` is no sort key; write {name}, {name} asc or {name} desc")),
    };
    Ok(SortKey { field, direction })
}

/// The same written.
pub(super) fn written(key: SortKey) -> String {
    match key.direction {
        direction if direction == key.field.natural() => key.field.word().to_owned(),
        Direction::Ascending => format!("{} asc", key.field.word()),
        Direction::Descending => format!("{} desc", key.field.word()),
    }
}
