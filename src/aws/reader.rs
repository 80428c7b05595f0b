//! Reading from a hub.
//!
//! Owns the read calls. Must not read a finding: pages are handed on as they came.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_sdk_securityhub::types::{GroupByField, GroupByResult, GroupByRule, OcsfFindingFilters};
use aws_smithy_types::body::SdkBody;
use tracing::debug;

use super::{
    code::DESCRIBE,
    failure,
    filter::{self, Asked},
    raw_page,
    session::Session,
    sort::Plan,
    unread::UnreadPage,
    watch::{Body, CallWatch},
};
use crate::{
    domain::{
        counted::{CountField, Counted, MOST_FIELDS, MOST_VALUES},
        order::SortKey,
        query::Query,
    },
    hub::{CallError, CallFailure, Caller, HubDescription, PAGE_SIZE, Page, PageRequest, Pending, ReadFindings},
};

const FINDINGS: &str = "GetFindingsV2";
const STATISTICS: &str = "GetFindingStatisticsV2";
const AGGREGATORS: &str = "ListAggregatorsV2";
const IDENTITY: &str = "GetCallerIdentity";

/// The read half of a hub.
#[derive(Debug)]
pub(super) struct Reader {
    session: Arc<Session>,
    /// Orders the service refused and what it took instead, so that the next scan does not ask in vain. A few at most: one an order
    /// that the analyst chose.
    refused: Mutex<HashSet<(Vec<SortKey>, Plan)>>,
}

impl Reader {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session, refused: Mutex::default() }
    }

    async fn read_page(&self, request: PageRequest) -> Result<Page, CallError> {
        let asked = asked(FINDINGS, &request.query)?;
        if asked == Asked::Nothing {
            return Ok(Page::default());
        }
        match &request.token {
            Some(sealed) => {
                // Only the first page may change the order: a token goes with the order it came from.
                let (plan, token) = Plan::open(sealed).ok_or_else(|| {
                    failure::refused(FINDINGS, CallFailure::Validation, "this page token is not one of this hub's; start the scan again")
                })?;
                self.attempt(&asked, &request.sort, plan, Some(token)).await
            }
            None => self.first_page(&asked, &request.sort).await,
        }
    }

    /// Steps down from the order that was asked for until the service takes one. It says only that the request is not valid, so a
    /// refused order is remembered only once another one was taken: the fault may lie elsewhere.
    async fn first_page(&self, asked: &Asked, keys: &[SortKey]) -> Result<Page, CallError> {
        let mut ladder = Plan::ladder(keys);
        let last = ladder.pop().unwrap_or(Plan::None);
        let mut refused = Vec::new();
        for plan in ladder {
            if self.refused().contains(&(keys.to_vec(), plan)) {
                continue;
            }
            match self.attempt(asked, keys, plan, None).await {
                Err(error) if error.failure == CallFailure::Validation => refused.push(plan),
                taken_or_failed => {
                    if taken_or_failed.is_ok() {
                        self.remember(keys, refused);
                    }
                    return taken_or_failed;
                }
            }
        }
        let page = self.attempt(asked, keys, last, None).await?;
        self.remember(keys, refused);
        Ok(page)
    }

    fn refused(&self) -> MutexGuard<'_, HashSet<(Vec<SortKey>, Plan)>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, keys: &[SortKey], plans: Vec<Plan>) {
        for plan in plans {
            debug!(operation = FINDINGS, ?plan, "the service does not sort like this");
            self.refused().insert((keys.to_vec(), plan));
        }
    }

    /// One `GetFindingsV2`.
    async fn attempt(&self, asked: &Asked, keys: &[SortKey], plan: Plan, token: Option<&str>) -> Result<Page, CallError> {
        let watch = CallWatch::new(Body::Kept(UnreadPage::reader));
        let criteria = Some(plan.criteria(keys)).filter(|criteria| !criteria.is_empty());
        let filters = match asked {
            Asked::Filtered(filters) => Some(filters.clone()),
            Asked::Nothing | Asked::Everything => None,
        };
        let sending = self
            .session
            .security_hub
            .get_findings_v2()
            .set_filters(filters)
            .set_sort_criteria(criteria)
            .set_next_token(token.map(str::to_owned))
            .max_results(i32::try_from(PAGE_SIZE).unwrap_or(i32::MAX))
            .customize()
            .interceptor(watch.clone())
            .send();
        let answer = self.session.call(FINDINGS, &watch, sending).await;
        let seen = watch.seen().answer.take().unwrap_or_default();
        let read = answer.err();
        if let Some(error) = &read
            && seen.status != 200
        {
            return Err(error.clone());
        }
        // The page is cut from the body, not taken from the SDK: that keeps what the SDK loses (the order of members, numbers as they
        // were written), a single broken text does not cost the page, and the body is read once.
        match seen.body.as_ref().and_then(SdkBody::bytes).map(raw_page::cut) {
            Some(Ok(page)) => {
                debug!(operation = FINDINGS, findings = page.findings.len(), more = page.next.is_some(), "page");
                Ok(Page { findings: page.findings, next: page.next.map(|token| plan.seal(&token)), order: plan.order(keys) })
            }
            Some(Err(cause)) => Err(CallError {
                request_id: seen.request_id,
                ..failure::refused(FINDINGS, CallFailure::BadAnswer, format!("the page is not JSON of the known shape: {cause}"))
            }),
            None => Err(read.unwrap_or_else(|| failure::refused(FINDINGS, CallFailure::BadAnswer, "the answer had no body"))),
        }
    }

    /// The sum of all groups. Right if every finding is in exactly one group of `severity`: it is a required single value of OCSF, but
    /// findings without it would be missing from the sum.
    async fn count(&self, query: Query) -> Result<u64, CallError> {
        let counted = self.count_by(query, vec![CountField::Severity]).await?;
        Ok(counted.iter().map(Counted::sum).sum())
    }

    /// Several calls where there are more fields than one takes.
    async fn count_by(&self, query: Query, fields: Vec<CountField>) -> Result<Vec<Counted>, CallError> {
        let filters = match asked(STATISTICS, &query)? {
            Asked::Nothing => return Ok(fields.into_iter().map(Counted::none).collect()),
            Asked::Everything => None,
            Asked::Filtered(filters) => Some(filters),
        };
        let mut counted = Vec::with_capacity(fields.len());
        for fields in fields.chunks(MOST_FIELDS) {
            counted.extend(self.count_few(filters.as_ref(), fields).await?);
        }
        Ok(counted)
    }

    /// One `GetFindingStatisticsV2`. Which result is of which field is told by its name: that results come in the order of the rules, or
    /// at all where nothing has the field, is not documented.
    async fn count_few(&self, filters: Option<&OcsfFindingFilters>, fields: &[CountField]) -> Result<Vec<Counted>, CallError> {
        let rule = |field: &CountField| {
            GroupByRule::builder().group_by_field(GroupByField::from(field.path())).set_filters(filters.cloned()).build()
        };
        let watch = CallWatch::new(Body::Dropped);
        let sending = self
            .session
            .security_hub
            .get_finding_statistics_v2()
            .set_group_by_rules(Some(fields.iter().map(rule).collect()))
            .max_statistic_results(i32::try_from(MOST_VALUES).unwrap_or(i32::MAX))
            .customize()
            .interceptor(watch.clone())
            .send();
        let answer = self.session.call(STATISTICS, &watch, sending).await?;
        let values = |field: CountField| {
            let results = answer.group_by_results().iter().filter(move |result| result.group_by_field() == Some(field.path()));
            let groups = results.flat_map(GroupByResult::group_by_values);
            let values = groups.filter_map(|group| Some((group.field_value()?.to_owned(), u64::try_from(group.count()?).ok()?)));
            Counted { field, values: values.collect() }
        };
        Ok(fields.iter().copied().map(values).collect())
    }

    async fn ask_description(&self) -> Result<HubDescription, CallError> {
        let watch = CallWatch::new(Body::Dropped);
        let sending = self.session.security_hub.describe_security_hub_v2().customize().interceptor(watch.clone()).send();
        let answer = self.session.call(DESCRIBE, &watch, sending).await?;
        Ok(HubDescription { arn: answer.hub_v2_arn })
    }

    /// An account has at most one aggregator, so the first page is enough.
    async fn ask_home_region(&self) -> Result<Option<String>, CallError> {
        let watch = CallWatch::new(Body::Dropped);
        let sending = self.session.security_hub.list_aggregators_v2().customize().interceptor(watch.clone()).send();
        let answer = self.session.call(AGGREGATORS, &watch, sending).await?;
        Ok(answer.aggregators_v2().iter().find_map(|aggregator| region_of_arn(aggregator.aggregator_v2_arn()?)))
    }

    async fn ask_caller(&self) -> Result<Caller, CallError> {
        let Some(sts) = &self.session.sts else {
            return Err(failure::refused(IDENTITY, CallFailure::Unreachable, "STS is not asked here"));
        };
        let watch = CallWatch::new(Body::Dropped);
        let sending = sts.get_caller_identity().customize().interceptor(watch.clone()).send();
        let answer = self.session.call(IDENTITY, &watch, sending).await?;
        match (answer.account, answer.arn) {
            (Some(account), Some(arn)) => Ok(Caller { account, arn }),
            _ => Err(failure::refused(IDENTITY, CallFailure::BadAnswer, "the answer names no account")),
        }
    }
}

/// The query as filters, or why it cannot be asked.
fn asked(operation: &'static str, query: &Query) -> Result<Asked, CallError> {
    filter::asked(query).map_err(|error| failure::refused(operation, CallFailure::Other, error))
}

/// The Region in an ARN: an aggregator's is the home Region.
fn region_of_arn(arn: &str) -> Option<String> {
    let region = arn.split(':').nth(3)?;
    (!region.is_empty()).then(|| region.to_owned())
}

impl ReadFindings for Reader {
    fn page(&self, request: PageRequest) -> Pending<'_, Page> {
        Box::pin(self.read_page(request))
    }

    fn total(&self, query: Query) -> Pending<'_, u64> {
        Box::pin(self.count(query))
    }

    fn statistics(&self, query: Query, fields: Vec<CountField>) -> Pending<'_, Vec<Counted>> {
        Box::pin(self.count_by(query, fields))
    }

    fn describe(&self) -> Pending<'_, HubDescription> {
        Box::pin(self.ask_description())
    }

    fn home_region(&self) -> Pending<'_, Option<String>> {
        Box::pin(self.ask_home_region())
    }

    fn caller(&self) -> Pending<'_, Caller> {
        Box::pin(self.ask_caller())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_region_is_in_the_aggregators_arn() {
        for (arn, region) in [
            ("arn:aws:securityhub:eu-west-1:123456789012:aggregatorv2/abc", Some("eu-west-1")),
            ("arn:aws-cn:securityhub:cn-north-1:123456789012:aggregatorv2/abc", Some("cn-north-1")),
            ("arn:aws:securityhub::123456789012:x", None),
            ("nonsense", None),
        ] {
            assert_eq!(region_of_arn(arn).as_deref(), region, "{arn}");
        }
    }
}
