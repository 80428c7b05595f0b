//! Answers one call: what arrives is noted, met with the scripted faults, authorised, counted against the quota, carried out, and
//! answered. Knows HTTP only as method, path, headers and body; the connection belongs to `listener.rs`.

use std::sync::{Arc, Mutex};

use http_body_util::BodyExt as _;
use http_body_util::Limited;
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::Value;
use tokio::time::Instant;

use super::call::{Answered, CallLog, HeaderFacts};
use super::failure::Failure;
use super::fault::{CallError, FaultState, HoldMoment, MissingRows, Trouble};
use super::filter::Rules;
use super::gate::Gates;
use super::operation::Operation;
use super::quota::{Admission, Buckets};
use super::reply::{Reply, ReplyBody};
use super::settings::{CredentialState, Settings};
use super::store::Store;
use super::update::{Outcome, Update, UpdateField};
use super::{hub, lock, query, random, statistics};

/// More than any valid request: a hundred identifiers and a comment are some tens of kilobytes.
const LARGEST_REQUEST: usize = 4 * 1024 * 1024;

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
pub(super) struct Cut;

/// Everything that the calls of one emulator share.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) settings: Settings,
    pub(super) store: Mutex<Store>,
    pub(super) faults: Mutex<FaultState>,
    pub(super) credentials: Mutex<CredentialState>,
    pub(super) calls: CallLog,
    buckets: Mutex<Buckets>,
}

/// One call, read.
struct Call {
    operation: Operation,
    method: Method,
    path: String,
    body: Vec<u8>,
    facts: HeaderFacts,
}

/// What was carried out, before it is written down.
enum Done {
    Json(String),
    Xml(String),
    Updated(Outcome),
}

impl Service {
    pub(super) fn new(mut settings: Settings) -> Self {
        let findings: Vec<_> = std::mem::take(&mut settings.findings).into();
        let member = settings.standing == super::settings::Standing::Member;
        let account = settings.account.clone();
        let visible = findings.into_iter().filter(|finding| !member || finding.account() == Some(&account));
        Self {
            store: Mutex::new(Store::new(visible, settings.seed)),
            faults: Mutex::new(FaultState::new(std::mem::take(&mut settings.faults))),
            credentials: Mutex::default(),
            calls: CallLog::default(),
            buckets: Mutex::new(Buckets::new(settings.quota)),
            settings,
        }
    }

    /// Serves one request.
    pub(super) async fn serve(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<ReplyBody>, Cut> {
        let (parts, body) = request.into_parts();
        let operation = Operation::of(&parts.method, parts.uri.path());
        // A body that ends early means that the caller is gone.
        let body = Limited::new(body, LARGEST_REQUEST).collect().await.map_err(|_gone| Cut)?.to_bytes().to_vec();
        let call =
            Call { operation, method: parts.method, path: parts.uri.path().to_owned(), body, facts: HeaderFacts::of(&parts.headers) };
        let target = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let recorded = serde_json::from_slice(&call.body).unwrap_or(Value::Null);
        let open = self.calls.open(operation, target, recorded, call.facts.clone());
        let request_id = random::uuid(random::mix(self.settings.seed, open.sequence()));

        let (troubles, gates) = {
            let mut faults = lock(&self.faults);
            (faults.meet(operation), faults.gates())
        };
        if !self.settings.latency.is_zero() {
            tokio::time::sleep(self.settings.latency).await;
        }
        let reply = match before(&troubles, &gates).await {
            Before::Cut => Err(Cut),
            Before::Fail(error, message) => Ok(self.scripted(&call, error, message)),
            Before::Proceed => {
                let done = self.carry_out(&call, &request_id);
                after(&troubles, &gates, done).await
            }
        };
        match reply {
            Ok(reply) => {
                let response = reply.into_response(&request_id);
                open.finish(Answered::Status(response.status().as_u16()));
                Ok(response)
            }
            Err(cut) => {
                open.finish(Answered::Cut);
                Err(cut)
            }
        }
    }

    fn carry_out(&self, call: &Call, request_id: &str) -> Result<Done, Failure> {
        match *lock(&self.credentials) {
            CredentialState::Valid => {}
            CredentialState::Expired => return Err(self.failure(call, CallError::ExpiredToken)),
            CredentialState::Unrecognized => return Err(self.failure(call, CallError::UnrecognizedClient)),
        }
        if lock(&self.buckets).admit(call.operation, Instant::now()) == Admission::Throttled {
            return Err(self.failure(call, CallError::Throttling));
        }
        let settings = &self.settings;
        match call.operation {
            Operation::GetFindingsV2 => {
                let body = json(&call.body)?;
                hub::require_on(settings)?;
                query::get_findings(&body, settings, &self.rules(), &mut lock(&self.store)).map(Done::Json)
            }
            Operation::GetFindingStatisticsV2 => {
                let body = json(&call.body)?;
                hub::require_on(settings)?;
                statistics::get_statistics(&body, settings, &self.rules(), &lock(&self.store)).map(Done::Json)
            }
            Operation::BatchUpdateFindingsV2 => {
                let body = json(&call.body)?;
                hub::require_on(settings)?;
                let update = Update::read(&body, settings.values)?;
                let mut faults = lock(&self.faults);
                if let Some(denial) = faults.denial(&update.change, call.facts.access_key.as_deref()) {
                    return Err(self.failure(call, CallError::AccessDenied(Some(denial.field))));
                }
                update.apply(&mut lock(&self.store), &mut faults).map(Done::Updated)
            }
            Operation::DescribeSecurityHubV2 => hub::describe(settings).map(Done::Json),
            Operation::ListAggregatorsV2 => hub::list_aggregators(settings).map(Done::Json),
            Operation::GetAggregatorV2 => hub::get_aggregator(&aggregator_arn(&call.path), settings).map(Done::Json),
            Operation::GetCallerIdentity => Ok(Done::Xml(hub::caller_identity(settings, request_id))),
            Operation::Unknown => {
                let message = format!("{} {} is not an operation of this emulator", call.method, call.path);
                Err(Failure::new(StatusCode::NOT_FOUND, "UnknownOperationException", message))
            }
        }
    }

    fn rules(&self) -> Rules {
        Rules { same_field: self.settings.same_field, refused: self.settings.refused_comparisons.clone(), now: self.settings.clock.now() }
    }

    fn scripted(&self, call: &Call, error: CallError, message: Option<String>) -> Reply {
        if error == CallError::Unavailable {
            return Reply::unavailable();
        }
        let mut failure = self.failure(call, error);
        if let Some(message) = message {
            failure.message = message;
        }
        Reply::from(failure)
    }

    /// The error as the service words it.
    fn failure(&self, call: &Call, error: CallError) -> Failure {
        match error {
            CallError::Throttling => Failure::throttling("Rate exceeded"),
            CallError::Internal => Failure::internal("Internal server error"),
            CallError::Unavailable => Failure::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", "Service unavailable"),
            CallError::AccessDenied(field) => Failure::access_denied(self.denied(call.operation, field)),
            CallError::Validation => Failure::validation("The request is not valid"),
            CallError::Conflict => Failure::conflict("The request conflicts with the current state of the resource"),
            CallError::ExpiredToken => Failure::forbidden("ExpiredTokenException", "The security token included in the request is expired"),
            CallError::UnrecognizedClient => {
                Failure::forbidden("UnrecognizedClientException", "The security token included in the request is invalid.")
            }
            CallError::SignatureNotYetCurrent => Failure::forbidden(
                "InvalidSignatureException",
                "Signature not yet current: 20261124T221500Z is still later than 20261124T220500Z (20261124T220000Z + 5 min.)",
            ),
            CallError::SignatureExpired => Failure::forbidden(
                "InvalidSignatureException",
                "Signature expired: 20261124T214500Z is now earlier than 20261124T215500Z (20261124T220000Z - 5 min.)",
            ),
            CallError::RequestExpired => Failure::forbidden("RequestExpired", "Request has expired."),
            CallError::ExpiredPageToken => Failure::validation("Invalid value for NextToken: it has expired; start again without a token"),
        }
    }

    /// The words of an IAM denial: who, what, on what, and which condition key.
    fn denied(&self, operation: Operation, field: Option<UpdateField>) -> String {
        let caller = hub::caller_arn(&self.settings);
        let resource = hub::hub_arn(&self.settings);
        let action = operation.action();
        let reason = match field {
            Some(field) => {
                let name = field.name();
                format!("with an explicit deny in an identity-based policy: condition key securityhub:OCSFSyntaxPath/{name}")
            }
            None => format!("because no identity-based policy allows the {action} action"),
        };
        format!("User: {caller} is not authorized to perform: {action} on resource: {resource} {reason}")
    }
}

enum Before {
    Proceed,
    Cut,
    Fail(CallError, Option<String>),
}

/// The waits, then the first trouble that ends the call before it is carried out.
async fn before(troubles: &[Trouble], gates: &Gates) -> Before {
    for trouble in troubles {
        match trouble {
            Trouble::Slow(delay) => tokio::time::sleep(*delay).await,
            Trouble::Hold { name, moment: HoldMoment::Before } => gates.wait(name).await,
            _ => {}
        }
    }
    for trouble in troubles {
        match trouble {
            Trouble::CutBefore => return Before::Cut,
            Trouble::Fail { error, message } => return Before::Fail(*error, message.clone()),
            _ => {}
        }
    }
    Before::Proceed
}

/// What happens to an answer. Errors of the call itself pass untouched, except by a cut or a hold.
async fn after(troubles: &[Trouble], gates: &Gates, done: Result<Done, Failure>) -> Result<Reply, Cut> {
    for trouble in troubles {
        if let Trouble::Hold { name, moment: HoldMoment::After } = trouble {
            gates.wait(name).await;
        }
    }
    if troubles.contains(&Trouble::CutAfter) {
        return Err(Cut);
    }
    let mut reply = match done {
        Err(failure) => Reply::from(failure),
        Ok(Done::Xml(text)) => Reply::xml(text),
        Ok(Done::Json(text)) => Reply::json(text),
        Ok(Done::Updated(mut outcome)) => {
            for trouble in troubles {
                if let Trouble::MissingRows(rows) = trouble {
                    leave_out(&mut outcome, rows);
                }
            }
            Reply::json(outcome.to_json())
        }
    };
    for trouble in troubles {
        match trouble {
            Trouble::MalformedBody => reply.malform(),
            Trouble::LoneSurrogate => reply.put_lone_surrogate(),
            Trouble::RepeatedRows => reply.repeat_findings(),
            Trouble::CutBody => reply.cut_body(),
            _ => {}
        }
    }
    Ok(reply)
}

/// The ARN at the end of the path, where slashes and colons may be written as they are or percent-encoded.
fn aggregator_arn(path: &str) -> String {
    let arn = path.strip_prefix("/aggregatorv2/get/").unwrap_or_default();
    ["%3A", "%3a"].iter().fold(arn.to_owned(), |arn, code| arn.replace(code, ":")).replace("%2F", "/").replace("%2f", "/")
}

fn json(body: &[u8]) -> Result<Value, Failure> {
    if body.trim_ascii().is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Failure::new(StatusCode::BAD_REQUEST, "SerializationException", format!("The request is not JSON: {error}")))
}

fn leave_out(outcome: &mut Outcome, rows: &MissingRows) {
    match rows {
        MissingRows::First(count) => {
            let count = (*count).min(outcome.processed.len());
            outcome.processed.drain(..count);
        }
        MissingRows::Uids(uids) => {
            let missing = |row: &Value| row.get("MetadataUid").and_then(Value::as_str).is_some_and(|uid| uids.iter().any(|one| one == uid));
            outcome.processed.retain(|row| !missing(row));
            outcome.unprocessed.retain(|row| !missing(row));
        }
    }
}
