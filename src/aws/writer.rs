//! Updating findings.
//!
//! Owns the one call that changes something. Must make one attempt and no more: whether to try again is the sender's decision, which
//! knows what the analyst saw. Must send the fields of the patch and no others.

use std::{collections::BTreeSet, sync::Arc};

use aws_config::retry::RetryConfig;
use aws_sdk_securityhub::{operation::batch_update_findings_v2::BatchUpdateFindingsV2Output, types::OcsfFindingIdentifier};
use aws_types::request_id::RequestId;
use tracing::{debug, warn};

use super::{
    correlation::{Named, Refused, correlate},
    failure,
    session::Session,
    watch::{Body, CallWatch},
};
use crate::{
    domain::{
        batch::{Answer, Batch, MAX_ROWS},
        failure::WRITE,
        identity::{Identifier, Identity},
        patch::Patch,
    },
    hub::{CallError, CallFailure, Pending, UpdateFindings},
};

/// The write half of a hub.
#[derive(Debug)]
pub(super) struct Writer {
    session: Arc<Session>,
}

/// The identities of a batch as the request has them: one kind, each once.
#[derive(Debug, Clone, PartialEq)]
enum Addressed {
    MetadataUids(Vec<String>),
    FindingIdentifiers(Vec<Identifier>),
}

/// Why a batch is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum BatchError {
    #[error("not sent: the batch names no finding")]
    Empty,
    #[error("not sent: {0} findings in one batch; the service takes at most {MAX_ROWS}")]
    TooLarge(usize),
    #[error("not sent: the batch mixes findings with and without metadata.uid; the service takes one kind a call")]
    Mixed,
    #[error("not sent: a finding of the batch has no metadata.uid and no complete identifier, so the service cannot be told which it is")]
    Unaddressable,
    #[error("not sent: the batch sets no field")]
    NothingSet,
}

impl Writer {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session }
    }

    async fn send(&self, batch: Batch) -> Result<Answer, CallError> {
        let addressed = address(&batch).map_err(|error| failure::refused(WRITE, CallFailure::Other, error))?;
        let Patch { status, severity, comment } = batch.patch;
        let mut request = self
            .session
            .security_hub
            .batch_update_findings_v2()
            .set_status_id(status.map(|id| id.0))
            .set_severity_id(severity.map(|id| id.0))
            .set_comment(comment.map(|comment| comment.as_str().to_owned()));
        request = match addressed {
            Addressed::MetadataUids(uids) => request.set_metadata_uids(Some(uids)),
            Addressed::FindingIdentifiers(identifiers) => {
                request.set_finding_identifiers(Some(identifiers.into_iter().map(wire_identifier).collect()))
            }
        };
        let watch = CallWatch::new(Body::Dropped);
        let once = aws_sdk_securityhub::config::Builder::new()
            .retry_config(RetryConfig::disabled())
            .timeout_config(self.session.timeouts.of_writes());
        let sending = request.customize().interceptor(watch.clone()).config_override(once).send();
        let answer = self.session.call(WRITE, &watch, sending).await?;
        Ok(outcomes(&batch.identities, &answer))
    }
}

/// The identities of a batch for the request, each once; or why there is no request.
fn address(batch: &Batch) -> Result<Addressed, BatchError> {
    let rows = batch.identities.len();
    if rows == 0 {
        return Err(BatchError::Empty);
    }
    if rows > MAX_ROWS {
        return Err(BatchError::TooLarge(rows));
    }
    if batch.patch.is_empty() {
        return Err(BatchError::NothingSet);
    }
    let mut uids = Vec::new();
    let mut identifiers = Vec::new();
    let mut met = BTreeSet::new();
    for identity in &batch.identities {
        let fresh = met.insert(identity);
        match identity {
            Identity::Unaddressable(_) => return Err(BatchError::Unaddressable),
            Identity::MetadataUid(uid) if fresh => uids.push(uid.clone()),
            Identity::Identifier(identifier) if fresh => identifiers.push(identifier.clone()),
            Identity::MetadataUid(_) | Identity::Identifier(_) => {}
        }
    }
    match (uids.is_empty(), identifiers.is_empty()) {
        (false, true) => Ok(Addressed::MetadataUids(uids)),
        (true, false) => Ok(Addressed::FindingIdentifiers(identifiers)),
        _ => Err(BatchError::Mixed),
    }
}

fn wire_identifier(identifier: Identifier) -> OcsfFindingIdentifier {
    OcsfFindingIdentifier::builder()
        .cloud_account_uid(identifier.account_uid)
        .finding_info_uid(identifier.finding_uid)
        .metadata_product_uid(identifier.product_uid)
        .build()
}

/// What came of each row.
fn outcomes(batch: &[Identity], answer: &BatchUpdateFindingsV2Output) -> Answer {
    let processed: Vec<Named> =
        answer.processed_findings().iter().map(|line| named(line.metadata_uid(), line.finding_identifier())).collect();
    let unprocessed: Vec<Refused> = answer
        .unprocessed_findings()
        .iter()
        .map(|line| Refused {
            named: named(line.metadata_uid(), line.finding_identifier()),
            code: line.error_code().map(|code| code.as_str().to_owned()),
            message: line.error_message().map(str::to_owned),
        })
        .collect();
    let correlated = correlate(batch, &processed, &unprocessed);
    let request_id = answer.request_id();
    debug!(operation = WRITE, request_id, rows = batch.len(), processed = processed.len(), unprocessed = unprocessed.len(), "outcomes");
    if correlated.strays > 0 {
        warn!(operation = WRITE, request_id, lines = correlated.strays, "the answer names findings that were not asked for");
    }
    Answer { outcomes: correlated.outcomes, request_id: request_id.map(Arc::from) }
}

fn named(uid: Option<&str>, identifier: Option<&OcsfFindingIdentifier>) -> Named {
    Named {
        metadata_uid: uid.map(str::to_owned),
        identifier: identifier.and_then(|identifier| {
            Some(Identifier {
                account_uid: identifier.cloud_account_uid()?.to_owned(),
                finding_uid: identifier.finding_info_uid()?.to_owned(),
                product_uid: identifier.metadata_product_uid()?.to_owned(),
            })
        }),
    }
}

impl UpdateFindings for Writer {
    fn update(&self, batch: Batch) -> Pending<'_, Answer> {
        Box::pin(self.send(batch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status::StatusId;

    fn uid(n: usize) -> Identity {
        Identity::MetadataUid(format!("uid-{n}"))
    }

    fn identifier(n: usize) -> Identity {
        Identity::Identifier(Identifier { account_uid: "1".to_owned(), finding_uid: format!("f-{n}"), product_uid: "p".to_owned() })
    }

    fn batch(identities: Vec<Identity>) -> Batch {
        Batch { identities, patch: Patch::status(StatusId::SUPPRESSED) }
    }

    #[test]
    fn a_batch_that_the_service_cannot_take_is_refused_before_the_call() {
        for (identities, error) in [
            (Vec::new(), BatchError::Empty),
            ((0..101).map(uid).collect(), BatchError::TooLarge(101)),
            (vec![uid(0), identifier(0)], BatchError::Mixed),
            (vec![uid(0), Identity::Unaddressable("digest".to_owned())], BatchError::Unaddressable),
        ] {
            assert_eq!(address(&batch(identities)), Err(error));
            assert!(error.to_string().starts_with("not sent"));
        }
        let empty = Batch { identities: vec![uid(0)], patch: Patch::default() };
        assert_eq!(address(&empty), Err(BatchError::NothingSet));
    }

    #[test]
    fn each_finding_is_named_once_and_by_one_kind() {
        let twice = batch((0..50).chain(0..50).map(uid).collect());
        assert_eq!(address(&twice), Ok(Addressed::MetadataUids((0..50).map(|n| format!("uid-{n}")).collect())));
        let triples = address(&batch((0..100).map(identifier).collect()));
        assert!(matches!(triples, Ok(Addressed::FindingIdentifiers(identifiers)) if identifiers.len() == 100));
    }
}
