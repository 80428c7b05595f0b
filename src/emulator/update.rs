//! `BatchUpdateFindingsV2`: one change, up to a hundred findings, an answer for each of them.

use serde_json::{Value, json};

use super::failure::Failure;
use super::fault::{FaultState, RowCode, Target};
use super::finding::{Change, FindingIdentifier};
use super::members::{Members, each, text};
use super::settings::ValueSet;
use super::store::{Place, Store};
use crate::domain::severity::SeverityId;
use crate::domain::status::StatusId;

/// The model's limit of both lists.
const MOST_ROWS: usize = 100;
/// The documented limit of `Comment`. Its unit is not documented; here it is characters.
const LONGEST_COMMENT: usize = 512;

/// A field that an update can set; permissions are given or denied for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
pub enum UpdateField {
    /// `StatusId`
    StatusId,
    /// `SeverityId`
    SeverityId,
    /// `Comment`
    Comment,
}

impl UpdateField {
    /// All three.
    pub const ALL: [Self; 3] = [Self::StatusId, Self::SeverityId, Self::Comment];

    /// The member of the request, which also ends the condition key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StatusId => "StatusId",
            Self::SeverityId => "SeverityId",
            Self::Comment => "Comment",
        }
    }
}

/// A request that passed validation.
#[derive(Debug)]
pub(super) struct Update {
    rows: Vec<Row>,
    pub(super) change: Change,
}

/// One addressed finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    Uid(String),
    Identifier(FindingIdentifier),
}

impl Row {
    /// The members that name the row in an answer: the kind of address the request used.
    fn answer(&self) -> Value {
        match self {
            Self::Uid(uid) => json!({ "MetadataUid": uid }),
            Self::Identifier(identifier) => json!({ "FindingIdentifier": {
                "CloudAccountUid": identifier.cloud_account_uid,
                "FindingInfoUid": identifier.finding_info_uid,
                "MetadataProductUid": identifier.metadata_product_uid,
            } }),
        }
    }
}

impl Update {
    pub(super) fn read(body: &Value, values: ValueSet) -> Result<Self, Failure> {
        let members = Members::of(body, "", &["MetadataUids", "FindingIdentifiers", "Comment", "SeverityId", "StatusId"])?;
        let uids = members.list("MetadataUids", MOST_ROWS)?;
        let identifiers = members.list("FindingIdentifiers", MOST_ROWS)?;
        if uids.is_some() && identifiers.is_some() {
            return Err(Failure::validation("MetadataUids and FindingIdentifiers can't be used together"));
        }
        let mut rows = Vec::new();
        for (element, place) in each(uids, "MetadataUids") {
            rows.push(Row::Uid(text(element, &place)?.to_owned()));
        }
        for (element, place) in each(identifiers, "FindingIdentifiers") {
            rows.push(Row::Identifier(identifier(element, &place)?));
        }
        // Both lists may be empty by the model; an update of nothing is refused here, as no answer to it is documented.
        if rows.is_empty() {
            return Err(Failure::validation("MetadataUids or FindingIdentifiers must name at least one finding"));
        }
        let change = change(&members, values)?;
        Ok(Self { rows, change })
    }

    /// Applies it, row by row, and answers which rows were processed. Times and `vendor_attributes` stay as they are.
    pub(super) fn apply(&self, store: &mut Store, faults: &mut FaultState) -> Result<Outcome, Failure> {
        let found: Vec<(&Row, Vec<Place>)> = self.rows.iter().map(|row| (row, find(row, store))).collect();
        for (row, places) in &found {
            if let Some(message) = faults.poison(&target(row, places, store)) {
                return Err(Failure::validation(message));
            }
        }
        let mut outcome = Outcome::default();
        for (row, places) in found {
            if let Some((code, message)) = faults.row(&target(row, &places, store)) {
                outcome.fail(row, code, &message);
            } else if places.is_empty() {
                let code = RowCode::ResourceNotFoundException;
                outcome.fail(row, code, code.usual_message());
            } else {
                for place in places {
                    store.apply(place, &self.change);
                }
                outcome.processed.push(row.answer());
            }
        }
        Ok(outcome)
    }
}

/// The answer to an update, before faults that take rows out of it.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) processed: Vec<Value>,
    pub(super) unprocessed: Vec<Value>,
}

impl Outcome {
    fn fail(&mut self, row: &Row, code: RowCode, message: &str) {
        let mut answer = row.answer();
        if let Value::Object(members) = &mut answer {
            members.insert("ErrorCode".to_owned(), code.name().into());
            members.insert("ErrorMessage".to_owned(), message.into());
        }
        self.unprocessed.push(answer);
    }

    pub(super) fn to_json(&self) -> String {
        json!({ "ProcessedFindings": self.processed, "UnprocessedFindings": self.unprocessed }).to_string()
    }
}

fn find(row: &Row, store: &Store) -> Vec<Place> {
    match row {
        Row::Uid(uid) => store.with_uid(uid),
        Row::Identifier(identifier) => store.with_identifier(identifier),
    }
}

fn target<'a>(row: &'a Row, places: &[Place], store: &'a Store) -> Target<'a> {
    let finding = places.first().and_then(|place| store.get(*place));
    match row {
        Row::Uid(uid) => Target { uid: Some(uid), identifier: None, finding },
        Row::Identifier(identifier) => Target { uid: None, identifier: Some(identifier), finding },
    }
}

fn identifier(value: &Value, place: &str) -> Result<FindingIdentifier, Failure> {
    let members = Members::of(value, place, &["CloudAccountUid", "FindingInfoUid", "MetadataProductUid"])?;
    Ok(FindingIdentifier {
        cloud_account_uid: members.required_text("CloudAccountUid")?.to_owned(),
        finding_info_uid: members.required_text("FindingInfoUid")?.to_owned(),
        metadata_product_uid: members.required_text("MetadataProductUid")?.to_owned(),
    })
}

fn change(members: &Members<'_>, values: ValueSet) -> Result<Change, Failure> {
    let comment = members.text("Comment")?;
    if comment.is_some_and(|comment| comment.chars().count() > LONGEST_COMMENT) {
        return Err(members.violation("Comment", &format!("Member must have length less than or equal to {LONGEST_COMMENT}")));
    }
    let change = Change {
        status: allowed(members, "StatusId", values.statuses())?.map(StatusId),
        severity: allowed(members, "SeverityId", values.severities())?.map(SeverityId),
        comment: comment.map(str::to_owned),
    };
    // Not documented either; a change that changes nothing is taken for a mistake.
    if change == Change::default() {
        return Err(Failure::validation("One of Comment, SeverityId, StatusId must be given"));
    }
    Ok(change)
}

fn allowed(members: &Members<'_>, name: &str, values: &[i64]) -> Result<Option<i32>, Failure> {
    let Some(id) = members.integer(name)? else { return Ok(None) };
    if !values.contains(&id) {
        return Err(members.violation(name, &format!("Member must satisfy enum value set: {values:?}")));
    }
    Ok(i32::try_from(id).ok())
}
