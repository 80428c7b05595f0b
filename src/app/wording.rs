//! Words that several screens share: what a staged change does, what a problem means.
//!
//! Owns sentences only. Everything it returns is clean for display.

use crate::{
    domain::{failure::CallFailure, patch::Patch, row::RowId, severity::SeverityId, status::StatusId, text},
    findings::chunk::Row,
    send::run::ProblemKind,
};

use super::model::Model;

/// The status as it is shown: the row's own word, which is the caption unless the source has another.
pub fn status_now<'a>(model: &'a Model, row: &Row) -> &'a str {
    match model.store.text(row.status_text) {
        "" => "no status",
        word => word,
    }
}

/// The severity as it is shown.
pub fn severity_now<'a>(model: &'a Model, row: &Row) -> &'a str {
    match model.store.text(row.severity_text) {
        "" => "no severity",
        word => word,
    }
}

/// The caption of a status, or its number.
pub fn status_caption(id: StatusId) -> String {
    id.caption().map_or_else(|| id.0.to_string(), str::to_owned)
}

/// The caption of a severity, or its number.
pub fn severity_caption(id: SeverityId) -> String {
    id.caption().map_or_else(|| id.0.to_string(), str::to_owned)
}

/// What is staged on a row, field by field: `status New → Suppressed`, `severity High → Low`, `comment "…"`.
pub fn change(model: &Model, id: RowId) -> Vec<String> {
    let (Some(patch), Some(row)) = (model.staging.get(id), model.store.row(id)) else { return Vec::new() };
    let mut told = Vec::new();
    if let Some(status) = patch.status {
        told.push(format!("status {} → {}", status_now(model, &row), status_caption(status)));
    }
    if let Some(severity) = patch.severity {
        told.push(format!("severity {} → {}", severity_now(model, &row), severity_caption(severity)));
    }
    if let Some(comment) = &patch.comment {
        let replaces = if row.comment.is_some() { " (replaces the present one)" } else { "" };
        told.push(format!("comment \"{}\"{replaces}", text::clean(comment.as_str())));
    }
    told
}

/// What a patch sets, without any row: `status → Suppressed, comment "…"`.
pub fn patch(patch: &Patch) -> String {
    let mut told = Vec::new();
    if let Some(status) = patch.status {
        told.push(format!("status → {}", status_caption(status)));
    }
    if let Some(severity) = patch.severity {
        told.push(format!("severity → {}", severity_caption(severity)));
    }
    if let Some(comment) = &patch.comment {
        told.push(format!("comment \"{}\"", text::clean(comment.as_str())));
    }
    told.join(", ")
}

/// One clause that says what a problem means for the analyst.
pub fn meaning(kind: &ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Row(code) => code.meaning(),
        ProblemKind::Unknown => "nobody can say whether it was carried out; reading it again tells",
        ProblemKind::Call(failure) => match failure {
            CallFailure::AccessDenied => "your policy does not allow it; nothing was changed",
            CallFailure::Throttled => "too many calls; nothing was changed",
            CallFailure::Validation => "the service does not accept the call; nothing was changed",
            CallFailure::Conflict => "the service cannot carry it out now; is Security Hub V2 on here?",
            CallFailure::InternalServer => "the service failed",
            CallFailure::NotEnabled => "Security Hub V2 is not enabled here; nothing was changed",
            CallFailure::NotFound => "what was named in the call does not exist",
            CallFailure::ExpiredCredentials => "log in again, then retry; nothing was changed",
            CallFailure::MissingCredentials => "no credentials were found; nothing was sent",
            CallFailure::NoRegion => "no Region is configured; nothing was sent",
            CallFailure::ClockSkew => "set this machine's clock, then retry; nothing was changed",
            CallFailure::Unreachable => "the service could not be reached; nothing was sent",
            CallFailure::NoAnswer | CallFailure::BadAnswer => "whether it was carried out is unknown",
            CallFailure::Other => "the call failed; nothing was changed as far as is known",
        },
    }
}
