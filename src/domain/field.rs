//! The three fields that a patch can set, one by one: for leaving one out, and for telling what differs.

use super::patch::{Patch, Values};

/// A field of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The status.
    Status,
    /// The severity.
    Severity,
    /// The comment.
    Comment,
}

impl Field {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Status, Self::Severity, Self::Comment];

    /// What it is called on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Severity => "severity",
            Self::Comment => "comment",
        }
    }

    /// The request member, as IAM's condition key spells it.
    pub const fn member(self) -> &'static str {
        match self {
            Self::Status => "StatusId",
            Self::Severity => "SeverityId",
            Self::Comment => "Comment",
        }
    }
}

impl Patch {
    /// Whether this patch sets a field.
    pub const fn sets(&self, field: Field) -> bool {
        match field {
            Field::Status => self.status.is_some(),
            Field::Severity => self.severity.is_some(),
            Field::Comment => self.comment.is_some(),
        }
    }

    /// This patch without one of its fields.
    #[must_use]
    pub fn without_field(&self, field: Field) -> Self {
        let mut less = self.clone();
        match field {
            Field::Status => less.status = None,
            Field::Severity => less.severity = None,
            Field::Comment => less.comment = None,
        }
        less
    }
}

impl Values {
    /// Whether these values and others differ in a field.
    pub fn differs(&self, other: &Self, field: Field) -> bool {
        match field {
            Field::Status => self.status != other.status,
            Field::Severity => self.severity != other.severity,
            Field::Comment => self.comment != other.comment,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::{
        comment::{Comment, LineBreaks},
        severity::SeverityId,
        status::StatusId,
    };

    #[test]
    fn leaving_a_field_out_leaves_the_others_as_they_are() {
        let comment = Comment::new("why", LineBreaks::Space).unwrap();
        let whole = Patch { status: Some(StatusId::RESOLVED), severity: Some(SeverityId::LOW), comment: Some(comment) };
        for field in Field::ALL {
            let less = whole.without_field(field);
            assert!(whole.sets(field) && !less.sets(field), "{field:?}");
            assert_eq!(less.fields().len(), 2);
            assert!(whole.covers(&less));
            assert!(whole.fields().contains(&field.member()));
            assert!(Values::default().after(&less).satisfy(&less) && !Values::default().after(&less).satisfy(&whole));
            assert_eq!(less.without_field(field), less);
        }
    }

    #[test]
    fn values_differ_field_by_field() {
        let new = Values { status: Some(StatusId::NEW), ..Values::default() };
        let taken = Values { comment: Some("mine".into()), ..new.clone() };
        assert_eq!(Field::ALL.map(|field| new.differs(&taken, field)), [false, false, true]);
    }
}
