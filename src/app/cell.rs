//! What a cell of the table holds, and which other rows hold the same there: the whole value, not what the screen has room for.

use crate::{
    domain::{
        column::ColumnKind,
        row::RowId,
        severity::SeverityId,
        time::{Age, Millis},
    },
    findings::{
        chunk::{NO_ID, NO_TIME, Row},
        interner::Symbol,
    },
};

use super::model::Model;

/// What makes two cells the same.
#[derive(Debug, PartialEq, Eq)]
enum Held {
    Severity(i32),
    Text(Symbol),
    /// Ages are the same where they are shown as the same.
    Age(Option<Age>),
}

fn held(model: &Model, what: &ColumnKind, id: RowId, row: &Row) -> Option<Held> {
    let age = |since| Held::Age((since != NO_TIME).then(|| Millis(since).age(model.now)));
    Some(match what {
        ColumnKind::Severity => Held::Severity(row.severity),
        ColumnKind::Status => Held::Text(row.status_text),
        ColumnKind::Age => age(row.created),
        ColumnKind::Modified => age(row.modified),
        // Two accounts may bear the same name; a decision on one is none on the other.
        ColumnKind::Account | ColumnKind::AccountId if row.account.is_some() => Held::Text(row.account),
        ColumnKind::Account => Held::Text(row.account_name),
        ColumnKind::AccountId => Held::Text(row.account),
        ColumnKind::Region => Held::Text(row.region),
        ColumnKind::Product => Held::Text(row.product),
        ColumnKind::Control => Held::Text(row.control),
        ColumnKind::Title => Held::Text(row.title),
        ColumnKind::Resource => Held::Text(row.resource),
        ColumnKind::Type => Held::Text(row.resource_type),
        ColumnKind::Comment => Held::Text(row.comment),
        ColumnKind::Ocsf(field) => Held::Text(model.store.extra().value(field, id)?),
    })
}

/// Those of some rows whose cell in a column holds the same as that of this one. `None` where its document has not been read yet; rows
/// whose document has not been read are not among them.
pub fn same(model: &Model, what: &ColumnKind, of: RowId, rows: &[RowId]) -> Option<Vec<RowId>> {
    let wanted = held(model, what, of, &model.store.row(of)?)?;
    let is_same = |&row: &RowId| model.store.row(row).and_then(|values| held(model, what, row, &values)).as_ref() == Some(&wanted);
    Some(rows.iter().copied().filter(is_same).collect())
}

/// What a cell holds, in words; empty where it holds nothing.
pub fn said(model: &Model, what: &ColumnKind, of: RowId) -> String {
    let Some(row) = model.store.row(of) else { return String::new() };
    match held(model, what, of, &row) {
        Some(Held::Severity(NO_ID)) | None => String::new(),
        Some(Held::Severity(id)) => SeverityId(id).caption().map_or_else(|| id.to_string(), str::to_owned),
        Some(Held::Age(age)) => age.map(|age| age.to_string()).unwrap_or_default(),
        Some(Held::Text(_)) if *what == ColumnKind::Account && row.account_name.is_some() => model.store.text(row.account_name).to_owned(),
        Some(Held::Text(text)) => model.store.text(text).to_owned(),
    }
}
