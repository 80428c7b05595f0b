//! Which row of a batch each line of an answer is about.
//!
//! Owns the rule that no row counts as processed unless the service named it. All members of the answer are optional in the service's
//! model, so a row is matched by `metadata.uid` where the answer has one, else by the identifier triple.

use std::{collections::HashMap, sync::Arc};

use crate::domain::{
    batch::{Outcome, RowCode},
    identity::{Identifier, Identity},
};

/// How a line of the answer names its finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Named {
    /// `MetadataUid`.
    pub(super) metadata_uid: Option<String>,
    /// `FindingIdentifier`, if all its members are there.
    pub(super) identifier: Option<Identifier>,
}

/// A line of `UnprocessedFindings`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Refused {
    /// Which finding.
    pub(super) named: Named,
    /// `ErrorCode`.
    pub(super) code: Option<String>,
    /// `ErrorMessage`.
    pub(super) message: Option<String>,
}

/// The outcomes of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Correlated {
    /// As many as the batch has rows, in its order.
    pub(super) outcomes: Vec<Outcome>,
    /// How many lines named nothing that was asked for.
    pub(super) strays: usize,
}

/// Matches the lines of an answer with the rows of the batch. The same finding may be in the batch twice: both rows get its outcome.
pub(super) fn correlate(batch: &[Identity], processed: &[Named], unprocessed: &[Refused]) -> Correlated {
    let rows = Rows::of(batch);
    let mut outcomes = vec![Outcome::Unknown { why: Arc::from("the service's answer does not name this finding") }; batch.len()];
    let mut strays = 0;
    let mut settle = |named: &Named, outcome: &dyn Fn() -> Outcome| {
        let found = rows.named(named);
        strays += usize::from(found.is_empty());
        for &row in found {
            if let Some(slot) = outcomes.get_mut(row) {
                *slot = outcome();
            }
        }
    };
    for named in processed {
        settle(named, &|| Outcome::Processed);
    }
    // After the processed ones, so that a finding in both lists is unprocessed: taking it for done could hide a failure for good, while
    // sending the same values again does no harm. Backwards, so that of several reasons the first one stays.
    for refused in unprocessed.iter().rev() {
        settle(&refused.named, &|| Outcome::Unprocessed {
            code: RowCode::parse(refused.code.as_deref().unwrap_or("no code")),
            message: Arc::from(refused.message.as_deref().unwrap_or_default()),
        });
    }
    Correlated { outcomes, strays }
}

/// The rows of a batch by name.
struct Rows<'a> {
    by_uid: HashMap<&'a str, Vec<usize>>,
    by_identifier: HashMap<&'a Identifier, Vec<usize>>,
}

impl<'a> Rows<'a> {
    fn of(batch: &'a [Identity]) -> Self {
        let mut rows = Self { by_uid: HashMap::new(), by_identifier: HashMap::new() };
        for (row, identity) in batch.iter().enumerate() {
            match identity {
                Identity::MetadataUid(uid) => rows.by_uid.entry(uid).or_default().push(row),
                Identity::Identifier(identifier) => rows.by_identifier.entry(identifier).or_default().push(row),
                Identity::Unaddressable(_) => {}
            }
        }
        rows
    }

    fn named(&self, named: &Named) -> &[usize] {
        let by_uid = named.metadata_uid.as_deref().and_then(|uid| self.by_uid.get(uid));
        let by_identifier = || named.identifier.as_ref().and_then(|identifier| self.by_identifier.get(identifier));
        by_uid.or_else(by_identifier).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(text: &str) -> Identity {
        Identity::MetadataUid(text.to_owned())
    }

    fn triple(finding: &str) -> Identifier {
        Identifier { account_uid: "1".to_owned(), finding_uid: finding.to_owned(), product_uid: "p".to_owned() }
    }

    fn by_uid(text: &str) -> Named {
        Named { metadata_uid: Some(text.to_owned()), identifier: None }
    }

    fn by_triple(finding: &str) -> Named {
        Named { metadata_uid: None, identifier: Some(triple(finding)) }
    }

    fn refused(named: Named, code: &str) -> Refused {
        Refused { named, code: Some(code.to_owned()), message: Some(format!("about {code}")) }
    }

    fn words(correlated: &Correlated) -> Vec<String> {
        correlated
            .outcomes
            .iter()
            .map(|outcome| match outcome {
                Outcome::Processed => "processed".to_owned(),
                Outcome::Unprocessed { code, message } => format!("{}: {message}", code.word()),
                Outcome::Unknown { .. } => "unknown".to_owned(),
            })
            .collect()
    }

    #[test]
    fn outcomes_stand_in_the_order_of_the_batch_whatever_the_order_of_the_answer() {
        let batch = [uid("a"), uid("b"), uid("c"), uid("d")];
        let answer = correlate(
            &batch,
            &[by_uid("d"), by_uid("a")],
            &[refused(by_uid("c"), "ConflictException"), refused(by_uid("b"), "ValidationException")],
        );
        assert_eq!(
            words(&answer),
            ["processed", "Validation: about ValidationException", "Conflict: about ConflictException", "processed"]
        );
        assert_eq!(answer.strays, 0);
    }

    #[test]
    fn a_row_in_neither_list_is_unknown_and_never_processed() {
        let answer = correlate(&[uid("a"), uid("b")], &[by_uid("b")], &[]);
        assert_eq!(words(&answer), ["unknown", "processed"]);
        assert_eq!(words(&correlate(&[uid("a")], &[], &[])), ["unknown"]);
    }

    #[test]
    fn a_row_in_both_lists_is_unprocessed_and_the_first_reason_stays() {
        let unprocessed = [refused(by_uid("a"), "ConflictException"), refused(by_uid("a"), "ValidationException")];
        assert_eq!(words(&correlate(&[uid("a")], &[by_uid("a")], &unprocessed)), ["Conflict: about ConflictException"]);
    }

    #[test]
    fn identifiers_are_matched_whole() {
        let batch = [Identity::Identifier(triple("x")), Identity::Identifier(triple("y"))];
        let other_account = Identifier { account_uid: "2".to_owned(), ..triple("y") };
        let answer = correlate(
            &batch,
            &[Named { identifier: Some(other_account), ..Named::default() }],
            &[refused(by_triple("x"), "ResourceNotFoundException")],
        );
        assert_eq!(words(&answer), ["ResourceNotFound: about ResourceNotFoundException", "unknown"]);
        assert_eq!(answer.strays, 1);
    }

    #[test]
    fn a_line_with_both_names_is_matched_by_either() {
        let both = Named { metadata_uid: Some("u".to_owned()), identifier: Some(triple("x")) };
        assert_eq!(words(&correlate(&[uid("u")], std::slice::from_ref(&both), &[])), ["processed"]);
        assert_eq!(words(&correlate(&[Identity::Identifier(triple("x"))], &[both], &[])), ["processed"]);
    }

    #[test]
    fn a_finding_that_was_asked_for_twice_has_its_outcome_twice() {
        assert_eq!(words(&correlate(&[uid("a"), uid("b"), uid("a")], &[by_uid("a")], &[])), ["processed", "unknown", "processed"]);
    }

    #[test]
    fn lines_about_other_findings_or_about_none_are_counted_and_change_nothing() {
        let answer = correlate(&[uid("a")], &[by_uid("z"), Named::default()], &[Refused::default()]);
        assert_eq!((words(&answer), answer.strays), (vec!["unknown".to_owned()], 3));
    }

    #[test]
    fn an_unprocessed_line_without_code_is_still_unprocessed() {
        let answer = correlate(&[uid("a")], &[], &[Refused { named: by_uid("a"), ..Refused::default() }]);
        assert_eq!(words(&answer), ["no code: "]);
    }
}
