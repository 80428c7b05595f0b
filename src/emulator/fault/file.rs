//! A script of faults as a TOML file. Unknown keys and keys that do not belong together are errors that name the file and the place.
//!
//! ```toml
//! [[call]]                            # trouble with whole calls
//! operation = "BatchUpdateFindingsV2" # "*" or left out: any operation
//! calls = 2                           # the second one; or "2..=4"; or "every", as when it is left out
//! fault = "access_denied"             # see below
//! field = "StatusId"                  # access_denied: which field the message names
//! message = "..."                     # any error: instead of the usual message
//! delay_ms = 500                      # slow: how long
//! name = "gate"                       # hold: what it is released by
//! moment = "after"                    # hold: after it was carried out; "before" when left out
//! rows = 2                            # missing_rows: how many, or a list of metadata.uid values
//!
//! [[finding]]                         # trouble with single rows of an update
//! uid = "..."                         # or line = 7, or identifier = { CloudAccountUid = "", FindingInfoUid = "", MetadataProductUid = "" }
//! code = "ConflictException"          # one of the four row codes
//! message = "..."
//! times = 2                           # or "always", as when it is left out
//!
//! [[deny]]                            # as an IAM condition on a field of updates does
//! field = "StatusId"
//! values = [3, 5]                     # left out: any value
//! caller = "AKIA..."                  # the access key id; left out: everyone
//!
//! [[poison]]                          # a finding that fails every update it is part of
//! uid = "..."                         # or line, or identifier
//! message = "..."
//! ```
//!
//! Faults that answer with an error: `throttling`, `internal`, `unavailable`, `access_denied`, `validation`, `conflict`, `expired_token`,
//! `unrecognized_client`, `signature_not_yet_current`, `signature_expired`, `request_expired`, `expired_page_token`. Others: `cut_before`,
//! `cut_after`, `cut_body`, `malformed_body`, `lone_surrogate`, `repeated_rows`, `missing_rows`, `slow`, `hold`.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::super::error::EmulatorError;
use super::super::finding::FindingIdentifier;
use super::super::operation::Operation;
use super::super::update::UpdateField;
use super::{
    CallError, CallFault, Calls, Denial, FaultPlan, FindingFault, HoldMoment, MissingRows, Poison, RowCode, Selector, Times, Trouble,
};

impl FaultPlan {
    /// Reads a faults file. The error names the file, the line and what to write instead.
    pub fn load(path: &Path) -> Result<Self, EmulatorError> {
        let text = std::fs::read_to_string(path).map_err(|source| EmulatorError::Read { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|reason| EmulatorError::Faults { path: path.to_owned(), reason })
    }

    /// Reads the text of a faults file; the error says where and what.
    pub fn parse(text: &str) -> Result<Self, String> {
        let script: Script = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut plan = Self::default();
        for entry in script.call {
            plan.calls.push(entry.get_ref().fault().map_err(|reason| at(text, &entry, "call", &reason))?);
        }
        for entry in script.finding {
            plan.findings.push(entry.get_ref().fault().map_err(|reason| at(text, &entry, "finding", &reason))?);
        }
        for entry in script.poison {
            plan.poison.push(entry.get_ref().poison().map_err(|reason| at(text, &entry, "poison", &reason))?);
        }
        plan.denials = script.deny.into_iter().map(DenyEntry::denial).collect();
        Ok(plan)
    }
}

fn at<T>(text: &str, entry: &Spanned<T>, table: &str, reason: &str) -> String {
    let before = text.get(..entry.span().start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("line {line}, [[{table}]]: {reason}")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    #[serde(default)]
    call: Vec<Spanned<CallEntry>>,
    #[serde(default)]
    finding: Vec<Spanned<FindingEntry>>,
    #[serde(default)]
    deny: Vec<DenyEntry>,
    #[serde(default)]
    poison: Vec<Spanned<PoisonEntry>>,
}

/// `[[call]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallEntry {
    operation: Option<String>,
    calls: Option<CallsEntry>,
    fault: String,
    message: Option<String>,
    field: Option<UpdateField>,
    delay_ms: Option<u64>,
    name: Option<String>,
    moment: Option<MomentEntry>,
    rows: Option<RowsEntry>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`calls` must be a number, a range such as \"2..=4\", or \"every\"")]
enum CallsEntry {
    One(u64),
    Text(String),
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum MomentEntry {
    Before,
    After,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`rows` must be a number of rows or a list of metadata.uid values")]
enum RowsEntry {
    First(usize),
    Uids(Vec<String>),
}

/// The faults of `[[call]]` that answer with an error.
const ERRORS: [(&str, CallError); 12] = [
    ("throttling", CallError::Throttling),
    ("internal", CallError::Internal),
    ("unavailable", CallError::Unavailable),
    ("access_denied", CallError::AccessDenied(None)),
    ("validation", CallError::Validation),
    ("conflict", CallError::Conflict),
    ("expired_token", CallError::ExpiredToken),
    ("unrecognized_client", CallError::UnrecognizedClient),
    ("signature_not_yet_current", CallError::SignatureNotYetCurrent),
    ("signature_expired", CallError::SignatureExpired),
    ("request_expired", CallError::RequestExpired),
    ("expired_page_token", CallError::ExpiredPageToken),
];

/// The faults of `[[call]]` that need nothing more said.
const PLAIN: [(&str, Trouble); 6] = [
    ("cut_before", Trouble::CutBefore),
    ("cut_after", Trouble::CutAfter),
    ("cut_body", Trouble::CutBody),
    ("malformed_body", Trouble::MalformedBody),
    ("lone_surrogate", Trouble::LoneSurrogate),
    ("repeated_rows", Trouble::RepeatedRows),
];

impl CallEntry {
    fn fault(&self) -> Result<CallFault, String> {
        let operation = match self.operation.as_deref() {
            None | Some("*") => None,
            Some(name) => Some(Operation::named(name).ok_or_else(|| {
                let names: Vec<&str> = Operation::SERVED.iter().map(|operation| operation.name()).collect();
                format!("{name} is not an operation; known are * and {}", names.join(", "))
            })?),
        };
        let calls = match &self.calls {
            None => Calls::Every,
            Some(CallsEntry::One(call)) => range(*call, *call)?,
            Some(CallsEntry::Text(text)) if text == "every" => Calls::Every,
            Some(CallsEntry::Text(text)) => {
                let ends = text.split_once("..=").and_then(|(first, last)| Some((first.trim().parse().ok()?, last.trim().parse().ok()?)));
                let (first, last) = ends.ok_or_else(|| format!("calls = {text:?} is neither \"every\" nor a range such as \"2..=4\""))?;
                range(first, last)?
            }
        };
        Ok(CallFault { operation, calls, trouble: self.trouble()? })
    }

    fn trouble(&self) -> Result<Trouble, String> {
        let fault = self.fault.as_str();
        if let Some((_, error)) = ERRORS.iter().find(|(name, _)| *name == fault) {
            self.refuse_all_but(match error {
                CallError::AccessDenied(_) => &["message", "field"],
                CallError::Unavailable => &[],
                _ => &["message"],
            })?;
            let error = if fault == "access_denied" { CallError::AccessDenied(self.field) } else { *error };
            return Ok(Trouble::Fail { error, message: self.message.clone() });
        }
        if let Some((_, trouble)) = PLAIN.iter().find(|(name, _)| *name == fault) {
            self.refuse_all_but(&[])?;
            return Ok(trouble.clone());
        }
        match fault {
            "slow" => {
                self.refuse_all_but(&["delay_ms"])?;
                let delay = self.delay_ms.ok_or("fault = \"slow\" needs delay_ms")?;
                Ok(Trouble::Slow(Duration::from_millis(delay)))
            }
            "hold" => {
                self.refuse_all_but(&["name", "moment"])?;
                let name = self.name.clone().ok_or("fault = \"hold\" needs a name to release it by")?;
                let moment = match self.moment {
                    None | Some(MomentEntry::Before) => HoldMoment::Before,
                    Some(MomentEntry::After) => HoldMoment::After,
                };
                Ok(Trouble::Hold { name, moment })
            }
            "missing_rows" => {
                self.refuse_all_but(&["rows"])?;
                match self.rows.as_ref().ok_or("fault = \"missing_rows\" needs rows: a number or a list of metadata.uid values")? {
                    RowsEntry::First(count) => Ok(Trouble::MissingRows(MissingRows::First(*count))),
                    RowsEntry::Uids(uids) => Ok(Trouble::MissingRows(MissingRows::Uids(uids.clone()))),
                }
            }
            other => {
                let known: Vec<&str> = ERRORS.iter().map(|(name, _)| *name).chain(PLAIN.iter().map(|(name, _)| *name)).collect();
                Err(format!("{other:?} is not a fault; known are {}, slow, hold, missing_rows", known.join(", ")))
            }
        }
    }

    /// A key that the fault makes no use of is a mistake: whoever wrote it expects something that will not happen.
    fn refuse_all_but(&self, used: &[&str]) -> Result<(), String> {
        let present = [
            ("message", self.message.is_some()),
            ("field", self.field.is_some()),
            ("delay_ms", self.delay_ms.is_some()),
            ("name", self.name.is_some()),
            ("moment", self.moment.is_some()),
            ("rows", self.rows.is_some()),
        ];
        match present.iter().find(|(key, present)| *present && !used.contains(key)) {
            Some((key, _)) => Err(format!("{key} says nothing for fault = {:?}", self.fault)),
            None => Ok(()),
        }
    }
}

fn range(first: u64, last: u64) -> Result<Calls, String> {
    if first == 0 || last < first {
        return Err(format!("calls are counted from 1 and upwards, not {first} to {last}"));
    }
    Ok(Calls::Range { first, last })
}

/// `[[finding]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingEntry {
    uid: Option<String>,
    identifier: Option<FindingIdentifier>,
    line: Option<u32>,
    code: RowCode,
    message: Option<String>,
    times: Option<TimesEntry>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`times` must be a number or \"always\"")]
enum TimesEntry {
    First(u64),
    Text(String),
}

impl FindingEntry {
    fn fault(&self) -> Result<FindingFault, String> {
        let times = match &self.times {
            None => Times::Always,
            Some(TimesEntry::Text(text)) if text == "always" => Times::Always,
            Some(TimesEntry::Text(text)) => return Err(format!("times = {text:?} is neither a number nor \"always\"")),
            Some(TimesEntry::First(times)) => Times::First(*times),
        };
        Ok(FindingFault {
            finding: selector(self.uid.as_ref(), self.identifier.as_ref(), self.line)?,
            code: self.code,
            message: self.message.clone().unwrap_or_else(|| self.code.usual_message().to_owned()),
            times,
        })
    }
}

/// `[[poison]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoisonEntry {
    uid: Option<String>,
    identifier: Option<FindingIdentifier>,
    line: Option<u32>,
    message: Option<String>,
}

impl PoisonEntry {
    fn poison(&self) -> Result<Poison, String> {
        Ok(Poison {
            finding: selector(self.uid.as_ref(), self.identifier.as_ref(), self.line)?,
            message: self.message.clone().unwrap_or_else(|| "The request is not valid".to_owned()),
        })
    }
}

fn selector(uid: Option<&String>, identifier: Option<&FindingIdentifier>, line: Option<u32>) -> Result<Selector, String> {
    match (uid, identifier, line) {
        (Some(uid), None, None) => Ok(Selector::Uid(uid.clone())),
        (None, Some(identifier), None) => Ok(Selector::Identifier(identifier.clone())),
        (None, None, Some(line)) => Ok(Selector::Line(line)),
        _ => Err("exactly one of uid, identifier, line must name the finding".to_owned()),
    }
}

/// `[[deny]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DenyEntry {
    field: UpdateField,
    #[serde(default)]
    values: Vec<DeniedValue>,
    caller: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`values` must be ids or texts")]
enum DeniedValue {
    Id(i64),
    Text(String),
}

impl DenyEntry {
    fn denial(self) -> Denial {
        let values = self.values.into_iter().map(|value| match value {
            DeniedValue::Id(id) => id.to_string(),
            DeniedValue::Text(text) => text,
        });
        Denial { field: self.field, values: values.collect(), caller: self.caller }
    }
}
