//! How calls fail through the real SDK, kind by kind.

use hubtriage::{
    aws::{Keys, Options, Sealed, Surroundings, Timeouts, connect},
    domain::{batch::Batch, patch::Patch, query::Query, status::StatusId},
    emulator::{CallError, CallFault, CredentialState, Enablement, FaultPlan, Operation, Settings, Trouble},
    hub::CallFailure,
};

use crate::{
    responder::{Reply, Responder},
    wire::{finding, hub, options, request, uid, with, with_settings},
};

#[tokio::test]
async fn every_error_of_a_call_has_its_kind_and_keeps_code_message_and_request_id() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    for (error, kind, code) in [
        (CallError::AccessDenied(None), CallFailure::AccessDenied, "AccessDeniedException"),
        (CallError::Validation, CallFailure::Validation, "ValidationException"),
        (CallError::Conflict, CallFailure::Conflict, "ConflictException"),
        (CallError::ExpiredToken, CallFailure::ExpiredCredentials, "ExpiredTokenException"),
        (CallError::UnrecognizedClient, CallFailure::ExpiredCredentials, "UnrecognizedClientException"),
        (CallError::SignatureNotYetCurrent, CallFailure::ClockSkew, "InvalidSignatureException"),
        (CallError::SignatureExpired, CallFailure::ClockSkew, "InvalidSignatureException"),
        (CallError::RequestExpired, CallFailure::ClockSkew, "RequestExpired"),
    ] {
        let trouble = Trouble::Fail { error, message: Some("in the service's words".to_owned()) };
        let trouble = match error {
            // Here the service's words are what tells.
            CallError::SignatureNotYetCurrent | CallError::SignatureExpired => Trouble::Fail { error, message: None },
            _ => trouble,
        };
        emulator.set_faults(FaultPlan { calls: vec![CallFault::every(Operation::GetFindingsV2, trouble)], ..FaultPlan::default() });
        let failed = hub.reader.page(request(Query::Everything)).await.unwrap_err();
        assert_eq!((failed.failure, failed.code.as_deref()), (kind, Some(code)), "{failed}");
        assert!(failed.request_id.is_some() && !failed.message.is_empty(), "{failed}");
        assert!(kind == CallFailure::ClockSkew || failed.message == "in the service's words", "{failed}");
    }
}

#[tokio::test]
async fn credentials_that_are_no_longer_accepted_are_told_and_work_again_when_they_are() {
    let (emulator, hub) = with(vec![finding(0)]).await;
    for state in [CredentialState::Expired, CredentialState::Unrecognized] {
        emulator.set_credentials(state);
        assert_eq!(hub.reader.page(request(Query::Everything)).await.unwrap_err().failure, CallFailure::ExpiredCredentials);
        assert_eq!(hub.reader.caller().await.unwrap_err().failure, CallFailure::ExpiredCredentials, "{state:?}");
    }
    emulator.set_credentials(CredentialState::Valid);
    assert!(hub.reader.page(request(Query::Everything)).await.is_ok());
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let (emulator, _) = with(vec![]).await;
    let surroundings = Surroundings::Sealed(Sealed::default());
    let hub = connect(Options { surroundings, ..options(&emulator.url()) }).await.unwrap();
    let failed = hub.reader.page(request(Query::Everything)).await.unwrap_err();
    assert_eq!(failed.failure, CallFailure::MissingCredentials, "{failed}");
    let batch = Batch { identities: vec![uid(0)], patch: Patch::status(StatusId::NEW) };
    assert_eq!(hub.writer.unwrap().update(batch).await.unwrap_err().failure, CallFailure::MissingCredentials);
    assert_eq!(hub.reader.caller().await.unwrap_err().failure, CallFailure::Unreachable, "STS is not asked");
    assert!(emulator.calls().is_empty());
}

#[tokio::test]
async fn without_a_region_there_is_no_hub() {
    let failed = connect(Options { region: None, ..options("http://127.0.0.1:9") }).await.unwrap_err();
    assert_eq!((failed.failure, failed.operation), (CallFailure::NoRegion, "connect"));
    assert!(failed.message.contains("--region") && failed.message.contains("AWS_REGION"), "{failed}");
}

#[tokio::test]
async fn an_endpoint_that_is_none_is_refused_before_any_call() {
    let failed = connect(options("localhost:4566")).await.unwrap_err();
    assert!(failed.failure == CallFailure::Other && failed.message.contains("localhost:4566"), "{failed}");
}

#[tokio::test]
async fn a_hub_that_is_off_says_so_and_its_home_region_can_still_be_had() {
    let settings = Settings { enablement: Enablement::Off, home_region: Some("us-east-1".to_owned()), ..Settings::default() };
    let (_emulator, hub) = with_settings(settings).await;
    let failed = hub.reader.describe().await.unwrap_err();
    assert_eq!((failed.failure, failed.code.as_deref()), (CallFailure::NotEnabled, Some("ResourceNotFoundException")));
    assert_eq!(hub.reader.page(request(Query::Everything)).await.unwrap_err().failure, CallFailure::Conflict);
    assert_eq!(hub.reader.home_region().await.unwrap().as_deref(), Some("us-east-1"));
}

#[tokio::test]
async fn an_account_without_the_service_is_not_enabled() {
    let reply = Reply::error(401, "InvalidAccessException", "Account 1 is not subscribed to AWS Security Hub");
    let responder = Responder::start(vec![reply]).await;
    let failed = hub(responder.url()).await.reader.page(request(Query::Everything)).await.unwrap_err();
    assert_eq!(failed.failure, CallFailure::NotEnabled);
    assert_eq!(failed.request_id.as_deref(), Some("request-of-InvalidAccessException"));
    assert_eq!(responder.requests().len(), 1);
}

#[tokio::test]
async fn answers_of_proxies_and_gateways_are_told_from_the_services() {
    for (status, kind) in
        [(403, CallFailure::BadAnswer), (404, CallFailure::BadAnswer), (407, CallFailure::Unreachable), (502, CallFailure::InternalServer)]
    {
        let responder = Responder::start(vec![Reply::Answer(status, vec![], "<html>a gateway</html>".to_owned())]).await;
        let batch = Batch { identities: vec![uid(0)], patch: Patch::status(StatusId::NEW) };
        let failed = hub(responder.url()).await.writer.unwrap().update(batch).await.unwrap_err();
        assert_eq!(failed.failure, kind, "{failed}");
        assert!(failed.message.contains(&status.to_string()), "{failed}");
        assert_eq!(responder.requests().len(), 1);
    }
}

/// `Tue, 24 Nov 2026 12:00:00 GMT` and `20261124T12` of a moment so many seconds from now.
fn moment(seconds: i64) -> (String, String) {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    (then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(), then.strftime("%Y%m%dT%H").to_string())
}

#[tokio::test]
async fn a_wrong_clock_is_told_and_what_a_read_learns_of_it_serves_the_writes() {
    let (date, stamp) = moment(3_600);
    let refused = Reply::error(403, "InvalidSignatureException", "The request signature we calculated does not match").with("Date", &date);
    let page = Reply::json(200, r#"{"Findings":[]}"#).with("Date", &date);
    let update = Reply::json(200, r#"{"ProcessedFindings":[{"MetadataUid":"uid-0"}],"UnprocessedFindings":[]}"#).with("Date", &date);

    // Without a word about time in the message: the date of the answer tells.
    let batch = || Batch { identities: vec![uid(0)], patch: Patch::status(StatusId::NEW) };
    let responder = Responder::start(vec![refused.clone()]).await;
    let failed = hub(responder.url()).await.writer.unwrap().update(batch()).await.unwrap_err();
    assert_eq!(failed.failure, CallFailure::ClockSkew);
    assert!(failed.message.contains("behind the service's"), "{failed}");

    let responder = Responder::start(vec![refused, page, update]).await;
    let hub = hub(responder.url()).await;
    hub.reader.page(request(Query::Everything)).await.unwrap();
    hub.writer.unwrap().update(batch()).await.unwrap();
    let signed_at: Vec<String> = responder.requests().iter().map(|request| request.header("x-amz-date").unwrap().to_owned()).collect();
    let by_their_clock: Vec<bool> = signed_at.iter().map(|time| time.starts_with(&stamp)).collect();
    assert_eq!(by_their_clock, [false, true, true], "{signed_at:?}");
}

#[tokio::test]
async fn sts_is_asked_at_its_own_endpoint_and_gives_up_soon() {
    let (emulator, _) = with(vec![]).await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sts = format!("http://{}", silent.local_addr().unwrap());
    let surroundings = Surroundings::Sealed(Sealed { keys: Some(Keys::made_up()), sts_endpoint_url: Some(sts) });
    let timeouts = Timeouts { caller: std::time::Duration::from_millis(200), ..Timeouts::default() };
    let hub = connect(Options { surroundings, timeouts, ..options(&emulator.url()) }).await.unwrap();
    let failed = hub.reader.caller().await.unwrap_err();
    assert_eq!((failed.failure, failed.operation), (CallFailure::NoAnswer, "GetCallerIdentity"), "{failed}");
    assert!(emulator.calls().is_empty());
}
