//! Words that several screens share: what a staged change does, what a problem means.
//!
//! Owns sentences only. Everything it returns is clean for display.

use crate::{
    domain::{
        failure::CallFailure,
        field::Field,
        patch::{Patch, Values},
        row::RowId,
        severity::SeverityId,
        status::StatusId,
        text,
    },
    findings::chunk::{NO_ID, Row},
    send::report::{Problem, ProblemKind, Progress},
};

use super::model::{Model, Only};

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

/// `GuardDuty says High`, where the severity was changed in the hub.
pub fn vendor_says(model: &Model, row: &Row) -> Option<String> {
    let differs = row.vendor_severity != NO_ID && row.severity != NO_ID && row.vendor_severity != row.severity;
    let product = match model.store.text(row.product) {
        "" => "the vendor",
        product => product,
    };
    differs.then(|| format!("{product} says {}", severity_caption(SeverityId(row.vendor_severity))))
}

/// The caption of a status, or its number.
pub fn status_caption(id: StatusId) -> String {
    id.caption().map_or_else(|| id.0.to_string(), str::to_owned)
}

/// The caption of a severity, or its number.
pub fn severity_caption(id: SeverityId) -> String {
    id.caption().map_or_else(|| id.0.to_string(), str::to_owned)
}

/// Which rows are shown at all, in a word or two; `None` where all are.
pub const fn only(only: &Only) -> Option<&'static str> {
    match (&only.marked, only.new) {
        (None, false) => None,
        (Some(_), false) => Some("marked only"),
        (None, true) => Some("new only"),
        (Some(_), true) => Some("marked new only"),
    }
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

/// What came of a send whose last call was waited for after the screen was left.
pub fn last_call(progress: Progress, unsent: usize) -> String {
    let failed = progress.answered.saturating_sub(progress.processed + unsent);
    let mut parts = vec![format!("{} of {} processed", grouped(progress.processed), counted(progress.rows, "finding"))];
    for (count, what) in [(failed, "not processed or not known"), (unsent, "not sent: kept in the journal")] {
        if count > 0 {
            parts.push(format!("{} {what}", grouped(count)));
        }
    }
    format!("The send has ended: {}.", parts.join(", "))
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

/// A field of a row's values: `New`, `"the comment"`, `no comment`.
fn value(values: &Values, field: Field) -> String {
    match field {
        Field::Status => values.status.map_or_else(|| "no status".to_owned(), status_caption),
        Field::Severity => values.severity.map_or_else(|| "no severity".to_owned(), severity_caption),
        Field::Comment => {
            values.comment.as_ref().map_or_else(|| "no comment".to_owned(), |comment| format!("\"{}\"", text::clean(comment)))
        }
    }
}

/// What a patch makes of a field: as [`value`], or `stays`.
fn patched(patch: &Patch, field: Field) -> String {
    if patch.sets(field) { value(&Values::default().after(patch), field) } else { "stays".to_owned() }
}

/// The fields of a row that a patch is about: `status New, no comment`.
pub fn values(values: &Values, patch: &Patch) -> String {
    let fields = Field::ALL.into_iter().filter(|&field| patch.sets(field));
    fields.map(|field| named(field, &value(values, field))).collect::<Vec<_>>().join(", ")
}

/// `status New`; a value that has its field's name in it stands alone.
fn named(field: Field, value: &str) -> String {
    if value.starts_with("no ") { value.to_owned() } else { format!("{} {value}", field.word()) }
}

/// What differs between two states of a row: `status New → In Progress`.
pub fn difference(was: &Values, now: &Values) -> String {
    let fields = Field::ALL.into_iter().filter(|&field| was.differs(now, field));
    let side =
        |values: &Values, field| Some(value(values, field)).filter(|value| !value.starts_with("no ")).unwrap_or_else(|| "none".to_owned());
    fields.map(|field| format!("{} {} → {}", field.word(), side(was, field), side(now, field))).collect::<Vec<_>>().join(", ")
}

/// A conflict in three ways, of the fields that matter: those that someone else changed, and those that the staged change sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What the analyst saw.
    pub was: String,
    /// What the row has now.
    pub theirs: String,
    /// What is staged.
    pub mine: String,
    /// What someone else changed, for one line: `theirs: In Progress`.
    pub short: String,
}

/// The conflict of a row that someone else changed; `None` where it has none.
pub fn conflict(model: &Model, id: RowId) -> Option<Conflict> {
    let change = model.outcomes.problem(id)?.change.as_ref()?;
    let mine = model.staging.get(id).cloned().unwrap_or_default();
    let (was, theirs) = (&change.seen, &model.store.values(id));
    let matters: Vec<Field> = Field::ALL.into_iter().filter(|&field| was.differs(theirs, field) || mine.sets(field)).collect();
    let told = |of: &dyn Fn(Field) -> String| matters.iter().map(|&field| named(field, &of(field))).collect::<Vec<_>>().join(" · ");
    let differs: Vec<String> =
        Field::ALL.into_iter().filter(|&field| was.differs(theirs, field)).map(|field| value(theirs, field)).collect();
    let short = if differs.is_empty() { "theirs: as it was".to_owned() } else { format!("theirs: {}", differs.join(", ")) };
    Some(Conflict {
        was: told(&|field| value(was, field)),
        theirs: told(&|field| value(theirs, field)),
        mine: told(&|field| patched(&mine, field)),
        short,
    })
}

/// What was said about a row's problem, for one line: the service's words, or of a conflict what someone else set; clean.
pub fn said(model: &Model, id: RowId, most: usize) -> String {
    if let Some(conflict) = conflict(model, id) {
        return conflict.short;
    }
    let Some(problem) = model.outcomes.problem(id) else { return String::new() };
    let said: String = problem.message.trim().chars().take(most).collect();
    text::clean(&said).into_owned()
}

/// `tried 3×`, where it was tried more than once.
pub fn tries(problem: &Problem) -> Option<String> {
    (problem.tries > 1).then(|| format!("tried {}×", problem.tries))
}

/// One clause that says what a problem means for the analyst.
pub fn meaning(kind: &ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Changed => "someone or something changed it since you saw it; nothing was sent",
        ProblemKind::Missing => "a read did not find it: aged out, or no longer visible to you; nothing was sent",
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

/// A count with its thousands apart: `9,812`.
pub fn grouped(count: impl TryInto<u64>) -> String {
    text::grouped(count)
}

/// A size that is easy to read: `814 bytes`, `14 KB`, `1.2 MB`.
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1_000;
    const MB: u64 = 1_000_000;
    match bytes {
        1 => "1 byte".to_owned(),
        ..KB => format!("{bytes} bytes"),
        KB..MB => format!("{} KB", bytes / KB),
        _ => format!("{}.{} MB", grouped(bytes / MB), bytes % MB / (MB / 10)),
    }
}

/// `1 finding`, `9,812 findings`.
pub fn counted(count: usize, one: &str) -> String {
    format!("{} {one}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// `1 staged change is`, `350 staged changes are`.
pub fn counted_are(count: usize, one: &str) -> String {
    format!("{} {}", counted(count, one), if count == 1 { "is" } else { "are" })
}

/// Who is acting, short: `Role/session` for a role, the name for a user; without what AWS puts around the names of single sign-on roles.
pub fn caller_name(arn: &str) -> String {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or(arn);
    let name = match resource.split_once('/') {
        Some(("assumed-role", rest)) => match rest.strip_prefix("AWSReservedSSO_") {
            Some(sso) => match sso.split_once('/') {
                Some((role, session)) => format!("{}/{session}", role.rsplit_once('_').map_or(role, |(role, _)| role)),
                None => sso.to_owned(),
            },
            None => rest.to_owned(),
        },
        Some((_, name)) => name.to_owned(),
        None => resource.to_owned(),
    };
    text::clean(&name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_callers_are_short_and_readable() {
        assert_eq!([grouped(7_u64), grouped(9_812_u64), grouped(1_000_000_usize)], ["7", "9,812", "1,000,000"]);
        assert_eq!((counted(1, "finding"), counted(1_200, "finding")), ("1 finding".to_owned(), "1,200 findings".to_owned()));
        for (arn, name) in [
            ("arn:aws:sts::1:assumed-role/audit/analyst", "audit/analyst"),
            ("arn:aws:sts::1:assumed-role/AWSReservedSSO_Sec_Audit_0123456789abcdef/ann@example.org", "Sec_Audit/ann@example.org"),
            ("arn:aws:iam::1:user/ann", "ann"),
            ("arn:aws:iam::1:root", "root"),
            ("odd\u{202e}", "odd<U+202E>"),
        ] {
            assert_eq!(caller_name(arn), name);
        }
    }
}
