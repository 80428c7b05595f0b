//! One finding of the emulator: a shared document, and what belongs to this finding alone.

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::document::{Datum, Document, Slot};
use super::field::{FieldId, FieldKind};
use crate::domain::severity::SeverityId;
use crate::domain::status::StatusId;

/// What an update sets; `None` leaves the field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The new `status_id`; `status` follows.
    pub status: Option<StatusId>,
    /// The new `severity_id`; `severity` follows.
    pub severity: Option<SeverityId>,
    /// The new comment.
    pub comment: Option<String>,
}

/// The uids that make a synthesised finding differ from its template.
#[derive(Debug, Clone)]
struct Identity {
    metadata_uid: String,
    finding_info_uid: String,
}

/// A finding as the emulator holds it. Cloning is cheap: the document is shared.
#[derive(Debug, Clone)]
pub struct Finding {
    document: Arc<Document>,
    line: u32,
    identity: Option<Box<Identity>>,
    change: Option<Box<Change>>,
}

/// The three values that name a finding without its `metadata.uid`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct FindingIdentifier {
    /// `cloud.account.uid`.
    pub cloud_account_uid: String,
    /// `finding_info.uid`.
    pub finding_info_uid: String,
    /// `metadata.product.uid`.
    pub metadata_product_uid: String,
}

/// The fields that a finding may hold a value of its own for, or that identify it.
struct Known {
    metadata_uid: Option<FieldId>,
    finding_info_uid: Option<FieldId>,
    account: Option<FieldId>,
    product: Option<FieldId>,
    status_id: Option<FieldId>,
    status: Option<FieldId>,
    severity_id: Option<FieldId>,
    severity: Option<FieldId>,
    comment: Option<FieldId>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known {
    metadata_uid: FieldId::find(FieldKind::Text, "metadata.uid"),
    finding_info_uid: FieldId::find(FieldKind::Text, "finding_info.uid"),
    account: FieldId::find(FieldKind::Text, "cloud.account.uid"),
    product: FieldId::find(FieldKind::Text, "metadata.product.uid"),
    status_id: FieldId::find(FieldKind::Number, "status_id"),
    status: FieldId::find(FieldKind::Text, "status"),
    severity_id: FieldId::find(FieldKind::Number, "severity_id"),
    severity: FieldId::find(FieldKind::Text, "severity"),
    comment: FieldId::find(FieldKind::Text, "comment"),
});

impl Finding {
    /// Takes a document in. `line` is its place in the file it came from, counted from 1; faults can name it.
    pub fn new(document: &Value, line: u32) -> Self {
        Self { document: Arc::new(Document::new(document)), line, identity: None, change: None }
    }

    /// A copy under other uids. A uid that the document lacks stays absent.
    pub(super) fn renamed(&self, metadata_uid: String, finding_info_uid: String, line: u32) -> Self {
        Self {
            document: Arc::clone(&self.document),
            line,
            identity: Some(Box::new(Identity { metadata_uid, finding_info_uid })),
            change: self.change.clone(),
        }
    }

    /// Its place in the file it came from, counted from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Its `metadata.uid`, if it has one.
    pub fn uid(&self) -> Option<&str> {
        self.text(KNOWN.metadata_uid)
    }

    /// Its `finding_info.uid`, if it has one.
    pub(super) fn finding_info_uid(&self) -> Option<&str> {
        self.text(KNOWN.finding_info_uid)
    }

    /// Its `cloud.account.uid`, if it has one.
    pub(super) fn account(&self) -> Option<&str> {
        self.text(KNOWN.account)
    }

    pub(super) fn is(&self, identifier: &FindingIdentifier) -> bool {
        self.finding_info_uid() == Some(&identifier.finding_info_uid)
            && self.account() == Some(&identifier.cloud_account_uid)
            && self.text(KNOWN.product) == Some(&identifier.metadata_product_uid)
    }

    fn text(&self, field: Option<FieldId>) -> Option<&str> {
        self.values(field?).find_map(|datum| match datum {
            Datum::Text(text) => Some(text),
            _ => None,
        })
    }

    /// The present values at a field: the finding's own where it has them, else the document's.
    pub(super) fn values(&self, field: FieldId) -> impl Iterator<Item = Datum<'_>> {
        let own = self.own(field);
        let shared = own.is_none().then(|| self.document.values(field));
        own.into_iter().chain(shared.into_iter().flatten())
    }

    fn own(&self, field: FieldId) -> Option<Datum<'_>> {
        let field = Some(field);
        if let Some(identity) = &self.identity {
            if field == KNOWN.metadata_uid && self.document.has(Slot::MetadataUid) {
                return Some(Datum::Text(&identity.metadata_uid));
            }
            if field == KNOWN.finding_info_uid && self.document.has(Slot::FindingInfoUid) {
                return Some(Datum::Text(&identity.finding_info_uid));
            }
        }
        let change = self.change.as_ref()?;
        if field == KNOWN.status_id {
            Some(Datum::Number(f64::from(change.status?.0)))
        } else if field == KNOWN.status {
            Some(Datum::Text(change.status?.caption()?))
        } else if field == KNOWN.severity_id {
            Some(Datum::Number(f64::from(change.severity?.0)))
        } else if field == KNOWN.severity {
            Some(Datum::Text(change.severity?.caption()?))
        } else if field == KNOWN.comment {
            change.comment.as_deref().map(Datum::Text)
        } else {
            None
        }
    }

    /// Writes a change over what was there; fields the change leaves out stay. Times and `vendor_attributes` are never touched.
    pub(super) fn apply(&mut self, change: &Change) {
        let own = self.change.get_or_insert_default();
        own.status = change.status.or(own.status);
        own.severity = change.severity.or(own.severity);
        if let Some(comment) = &change.comment {
            own.comment = Some(comment.clone());
        }
    }

    /// Appends the document as it is now.
    pub(super) fn render(&self, out: &mut String) {
        if self.identity.is_none() && self.change.is_none() {
            out.push_str(self.document.text());
            return;
        }
        let mut values = Vec::new();
        if let Some(identity) = &self.identity {
            values.push((Slot::MetadataUid, Value::from(identity.metadata_uid.as_str()).to_string()));
            values.push((Slot::FindingInfoUid, Value::from(identity.finding_info_uid.as_str()).to_string()));
        }
        if let Some(change) = &self.change {
            if let Some(status) = change.status {
                values.push((Slot::StatusId, status.0.to_string()));
                values.extend(status.caption().map(|caption| (Slot::Status, Value::from(caption).to_string())));
            }
            if let Some(severity) = change.severity {
                values.push((Slot::SeverityId, severity.0.to_string()));
                values.extend(severity.caption().map(|caption| (Slot::Severity, Value::from(caption).to_string())));
            }
            if let Some(comment) = &change.comment {
                values.push((Slot::Comment, Value::from(comment.as_str()).to_string()));
            }
        }
        self.document.render(&values, out);
    }

    /// The document as it is now, parsed.
    pub fn document(&self) -> Value {
        let mut text = String::new();
        self.render(&mut text);
        // The text was written from a parsed document, so reading it again cannot fail; null would show at once in any test.
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}
