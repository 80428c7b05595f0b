//! Words for what was sent: when, by whom, from where, and what came of it.
//!
//! Owns sentences only. Everything it returns is clean for display.

use crate::{
    domain::{
        identity::Identity,
        patch::{Patch, Values},
        row::RowId,
        text,
        time::Millis,
    },
    journal::{
        entry::{Origin, Who},
        ledger::{Send, SentRow, Standing},
    },
};

use super::{model::Model, wording};

/// When something was, as short as it can be told apart, UTC: `14:05Z` today, `11-02 14:05Z` this year, `2025-11-02` before.
pub fn time(at: Millis, now: Millis) -> String {
    let (told, today) = (at.shown(), now.shown());
    let part = |text: &str, from, to| text.get(from..to).unwrap_or_default().to_owned();
    if part(&told, 0, 10) == part(&today, 0, 10) {
        format!("{}Z", part(&told, 11, 16))
    } else if part(&told, 0, 4) == part(&today, 0, 4) {
        format!("{}Z", part(&told, 5, 16))
    } else {
        part(&told, 0, 10)
    }
}

/// Who sent something, short: `you` where it is the caller of this session.
pub fn sender(model: &Model, who: &Who) -> String {
    match (&who.arn, &model.session.caller) {
        (Some(arn), Some(caller)) if *arn == caller.arn => "you".to_owned(),
        (Some(arn), _) => wording::caller_name(arn),
        (None, _) => who.user.as_deref().map_or_else(|| "caller not known".to_owned(), |user| text::clean(user).into_owned()),
    }
}

/// Who sent something, whole: `audit/analyst, user ann, from 192.0.2.7, process 4711, hubtriage 0.1.0`.
pub fn who(who: &Who) -> String {
    let mut parts = vec![who.arn.as_deref().map_or_else(|| "caller not known".to_owned(), wording::caller_name)];
    if let Some(user) = &who.user {
        parts.push(format!("user {}", text::clean(user)));
    }
    if let Some(address) = &who.address {
        parts.push(format!("from {}", text::clean(address)));
    }
    parts.push(format!("process {}", who.process));
    if !who.release.is_empty() {
        parts.push(format!("hubtriage {}", text::clean(&who.release)));
    }
    parts.join(", ")
}

/// What a send came from: `review`, `plan march.json`, `undo of 11-02 14:05Z`.
pub fn origin(origin: &Origin, now: Millis) -> String {
    match origin {
        Origin::Review => "review".to_owned(),
        Origin::Plan { file, .. } => {
            let name = file.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(file);
            format!("plan {}", text::clean(name))
        }
        Origin::Undo(send) => format!("undo of {}", time(send.at(), now)),
    }
}

/// What came of a row, in a few words.
pub fn outcome(standing: &Standing) -> String {
    match standing {
        Standing::Processed => "processed".to_owned(),
        Standing::SeenProcessed => "processed, as a later read showed".to_owned(),
        Standing::Unknown => "unknown outcome".to_owned(),
        Standing::NotProcessed => "not carried out, as a later read showed".to_owned(),
        Standing::Missing => "a later read did not find it".to_owned(),
        Standing::Unprocessed(code, _) => text::clean(code.word()).into_owned(),
        Standing::Refused(failure, _) => format!("call refused: {}", failure.word()),
    }
}

/// What the service said of a row; empty where it said nothing.
pub fn message(standing: &Standing) -> String {
    match standing {
        Standing::Unprocessed(_, message) | Standing::Refused(_, message) => text::clean(message.trim()).into_owned(),
        _ => String::new(),
    }
}

/// The sign of what came of a row, as the table has it.
pub const fn sign(standing: &Standing) -> char {
    match standing {
        Standing::Processed | Standing::SeenProcessed => '✔',
        Standing::Unknown => '?',
        Standing::NotProcessed | Standing::Missing | Standing::Unprocessed(..) | Standing::Refused(..) => '✗',
    }
}

/// What was set on a row and what was there before: `status New → Suppressed, comment "…"`.
pub fn change(row: &SentRow) -> String {
    let SentRow { patch, before, .. } = row;
    let mut told = Vec::new();
    if let Some(status) = patch.status {
        told.push(format!("status {}", arrow(before.status.map(wording::status_caption), &wording::status_caption(status))));
    }
    if let Some(severity) = patch.severity {
        told.push(format!("severity {}", arrow(before.severity.map(wording::severity_caption), &wording::severity_caption(severity))));
    }
    if let Some(comment) = &patch.comment {
        told.push(format!("comment {}", replaced(before, comment.as_str())));
    }
    told.join(", ")
}

fn arrow(before: Option<String>, after: &str) -> String {
    match before {
        Some(before) => format!("{before} → {after}"),
        None => format!("none → {after}"),
    }
}

fn replaced(before: &Values, comment: &str) -> String {
    let comment = text::clean(comment);
    match before.comment.as_deref().filter(|before| !before.is_empty()) {
        Some(before) => format!("\"{comment}\" in place of \"{}\"", text::clean(before)),
        None => format!("\"{comment}\""),
    }
}

/// What a patch set, as short as can be: `Suppressed, Low, a comment`.
pub fn set(patch: &Patch) -> String {
    let mut told = Vec::new();
    told.extend(patch.status.map(wording::status_caption));
    told.extend(patch.severity.map(wording::severity_caption));
    if patch.comment.is_some() {
        told.push("a comment".to_owned());
    }
    told.join(", ")
}

/// What was sent to a finding, newest first; empty where nothing was, or the journal has not been read.
pub fn of<'a>(model: &'a Model, identity: &Identity) -> Vec<(&'a Send, &'a SentRow)> {
    model.journal.history.as_deref().map(|ledger| ledger.history(identity)).unwrap_or_default()
}

/// The last of it in a line: `11:02Z you, In Progress`, with what came of it where it was not processed.
pub fn last(model: &Model, row: RowId) -> Option<String> {
    let identity = model.store.identity(row)?;
    let entries = of(model, &identity);
    let &(send, row) = entries.first()?;
    let outcome = if sign(&row.standing) == '✔' { String::new() } else { format!(": {}", outcome(&row.standing)) };
    let earlier = if entries.len() > 1 { format!(" ({} before)", entries.len() - 1) } else { String::new() };
    Some(format!("{} {}, {}{outcome}{earlier}", time(row.at, model.now), sender(model, &send.who), set(&row.patch)))
}

/// One entry in lines: when and who, what, what came of it.
pub fn entry(model: &Model, send: &Send, row: &SentRow) -> [String; 3] {
    let from = match &send.origin {
        Origin::Review => String::new(),
        other => format!(", {}", origin(other, model.now)),
    };
    let said = message(&row.standing);
    let said = if said.is_empty() { String::new() } else { format!(" \"{said}\"") };
    let request = row.request_id.as_ref().map(|id| format!(" · request {}", text::clean(id))).unwrap_or_default();
    [
        format!("{} {}{from}", row.at.shown(), sender(model, &send.who)),
        change(row),
        format!("{} {}{said}{request}", sign(&row.standing), outcome(&row.standing)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::SendId;

    #[test]
    fn times_are_as_short_as_they_can_be_told_apart() {
        let now = Millis(1_793_620_800_000);
        for (ago, told) in [(0, "12:00Z"), (3_600_000, "11:00Z"), (86_400_000, "11-01 12:00Z"), (400 * 86_400_000, "2025-09-28")] {
            assert_eq!(time(Millis(now.0 - ago), now), told);
        }
        assert_eq!(time(Millis(i64::MIN), now).len(), 10);
    }

    #[test]
    fn a_send_says_who_and_what_it_came_from() {
        let arn = "arn:aws:sts::1:assumed-role/audit/ann\u{202e}".to_owned();
        let someone = Who { arn: Some(arn), user: Some("ann".into()), address: Some("192.0.2.7".into()), process: 47, release: "1".into() };
        assert_eq!(who(&someone), "audit/ann<U+202E>, user ann, from 192.0.2.7, process 47, hubtriage 1");
        assert_eq!(who(&Who::default()), "caller not known, process 0");
        let now = Millis(1_793_620_800_000);
        let plan = |file: &str| Origin::Plan { plan: crate::journal::entry::PlanId("d".into()), file: file.into() };
        for (from, told) in [
            (Origin::Review, "review"),
            (plan("/home/ann/march.json"), "plan march.json"),
            (plan("odd/"), "plan odd/"),
            (Origin::Undo(SendId(1_793_620_740_000)), "undo of 11:59Z"),
        ] {
            assert_eq!(origin(&from, now), told);
        }
    }
}
