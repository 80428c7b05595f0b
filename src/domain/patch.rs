//! What one change sets on a finding: a status, a severity, a comment, or several of them.

use serde::{Deserialize, Serialize};

use super::{comment::Comment, severity::SeverityId, status::StatusId, text};

/// The fields an analyst set, and only those: a member may be allowed to comment but not to suppress, so nothing else is ever sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Patch {
    /// `StatusId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusId>,
    /// `SeverityId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<SeverityId>,
    /// `Comment`; it replaces the old one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
}

impl Patch {
    /// A patch of one status.
    pub fn status(id: StatusId) -> Self {
        Self { status: Some(id), ..Self::default() }
    }

    /// A patch of one severity.
    pub fn severity(id: SeverityId) -> Self {
        Self { severity: Some(id), ..Self::default() }
    }

    /// A patch of one comment.
    pub fn comment(comment: Comment) -> Self {
        Self { comment: Some(comment), ..Self::default() }
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// This patch with the fields of a later one laid over it: by field, the last one wins.
    #[must_use]
    pub fn merged(&self, later: &Self) -> Self {
        Self {
            status: later.status.or(self.status),
            severity: later.severity.or(self.severity),
            comment: later.comment.clone().or_else(|| self.comment.clone()),
        }
    }

    /// What is left of this patch once another one has been carried out: fields that it set to the same value are done with.
    #[must_use]
    pub fn without(&self, done: &Self) -> Self {
        Self {
            status: self.status.filter(|_| self.status != done.status),
            severity: self.severity.filter(|_| self.severity != done.severity),
            comment: self.comment.clone().filter(|_| self.comment != done.comment),
        }
    }

    /// Whether this patch sets everything the other one sets, and to the same values.
    pub fn covers(&self, other: &Self) -> bool {
        self.merged(other) == *self
    }

    /// The names of the request members this patch sets, as IAM's condition key spells them.
    pub fn fields(&self) -> Vec<&'static str> {
        let mut fields = Vec::new();
        if self.status.is_some() {
            fields.push("StatusId");
        }
        if self.severity.is_some() {
            fields.push("SeverityId");
        }
        if self.comment.is_some() {
            fields.push("Comment");
        }
        fields
    }
}

/// The values an update can change, as last seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Values {
    /// The status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusId>,
    /// The severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<SeverityId>,
    /// The comment, cleaned for display.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Values {
    /// What they are once a patch was carried out.
    #[must_use]
    pub fn after(&self, patch: &Patch) -> Self {
        let comment = patch.comment.as_ref().map(|comment| text::clean(comment.as_str()).trim().to_owned());
        Self {
            status: patch.status.or(self.status),
            severity: patch.severity.or(self.severity),
            comment: comment.or_else(|| self.comment.clone()),
        }
    }

    /// Whether every field the patch sets has its value already.
    pub fn satisfy(&self, patch: &Patch) -> bool {
        patch.status.is_none_or(|status| self.status == Some(status))
            && patch.severity.is_none_or(|severity| self.severity == Some(severity))
            && patch.comment.as_ref().is_none_or(|comment| self.comment.as_deref() == Some(text::clean(comment.as_str()).trim()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::comment::LineBreaks;

    #[test]
    fn staging_twice_merges_by_field_and_the_last_one_wins() {
        let comment = Comment::new("why", LineBreaks::Space).unwrap();
        let first = Patch { comment: Some(comment.clone()), ..Patch::status(StatusId::RESOLVED) };
        let both = first.merged(&Patch::status(StatusId::SUPPRESSED)).merged(&Patch::severity(SeverityId::LOW));
        assert_eq!(both, Patch { status: Some(StatusId::SUPPRESSED), severity: Some(SeverityId::LOW), comment: Some(comment) });
        assert_eq!(both.fields(), ["StatusId", "SeverityId", "Comment"]);
        assert!(Patch::default().is_empty());
    }
}
