//! A service on loopback that serves made findings page by page: what the emulator does, for any number of them and without their memory.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::CONTENT_TYPE,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

use crate::findings::Findings;

const ACCOUNT: &str = "222233334444";

/// A running service; it ends when it is dropped.
pub(crate) struct Service {
    address: SocketAddr,
    state: Arc<State>,
    _runtime: Runtime,
}

struct State {
    findings: Findings,
    /// Microseconds before each answer.
    latency: AtomicU64,
    /// The same before each page but the first, on top.
    pause: AtomicU64,
}

impl Service {
    /// Serves these on threads of its own.
    pub(crate) fn start(findings: Findings) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
        let state = Arc::new(State { findings, latency: AtomicU64::new(0), pause: AtomicU64::new(0) });
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).expect("a port");
        let address = listener.local_addr().expect("it is bound");
        runtime.spawn(listen(listener, Arc::clone(&state)));
        Self { address, state, _runtime: runtime }
    }

    /// The endpoint.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many findings it has.
    pub(crate) fn count(&self) -> usize {
        self.state.findings.count()
    }

    /// How long each answer waits.
    pub(crate) fn answers_after(&self, latency: Duration) {
        self.state.latency.store(micros(latency), Ordering::Relaxed);
    }

    /// How long each page but the first waits on top.
    pub(crate) fn pauses(&self, pause: Duration) {
        self.state.pause.store(micros(pause), Ordering::Relaxed);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, Arc::clone(&state)));
    }
}

async fn converse(stream: TcpStream, state: Arc<State>) {
    let _ = stream.set_nodelay(true);
    let serve = service_fn(move |request| answer(request, Arc::clone(&state)));
    // A program that is ended hangs up.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), serve).await;
}

async fn answer(request: Request<Incoming>, state: Arc<State>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let asked: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut wait = state.latency.load(Ordering::Relaxed);
    let (status, kind, body) = match (parts.method.as_str(), parts.uri.path()) {
        ("POST", "/findingsv2") => {
            let page = asked["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
            if page > 0 {
                wait += state.pause.load(Ordering::Relaxed);
            }
            (StatusCode::OK, JSON, state.findings.answer(page).unwrap_or_else(|| b"{\"Findings\":[]}".to_vec()))
        }
        ("PATCH", "/findingsv2/batchupdatev2") => (StatusCode::OK, JSON, processed(&asked)),
        ("POST", "/findingsv2/statistics") => (StatusCode::OK, JSON, statistics(&asked, state.findings.count())),
        ("GET", "/hubv2") => (StatusCode::OK, JSON, hub()),
        ("GET", "/aggregatorv2/list") => (StatusCode::OK, JSON, json!({"AggregatorsV2": []}).to_string().into_bytes()),
        ("POST", "/") => (StatusCode::OK, "text/xml", caller()),
        _ => (StatusCode::NOT_FOUND, JSON, b"{}".to_vec()),
    };
    if wait > 0 {
        tokio::time::sleep(Duration::from_micros(wait)).await;
    }
    let response = Response::builder().status(status).header(CONTENT_TYPE, kind).body(Full::from(body)).expect("nothing in it is wrong");
    Ok(response)
}

const JSON: &str = "application/json";

/// All of them, in the words of the request.
fn processed(asked: &Value) -> Vec<u8> {
    let by_uid = asked["MetadataUids"].as_array().into_iter().flatten().map(|uid| json!({"MetadataUid": uid}));
    let by_identifier =
        asked["FindingIdentifiers"].as_array().into_iter().flatten().map(|identifier| json!({"FindingIdentifier": identifier}));
    let processed: Vec<Value> = by_uid.chain(by_identifier).collect();
    json!({"ProcessedFindings": processed, "UnprocessedFindings": []}).to_string().into_bytes()
}

/// Each field has one value, which every finding has.
fn statistics(asked: &Value, count: usize) -> Vec<u8> {
    let rules = asked["GroupByRules"].as_array().into_iter().flatten();
    let results: Vec<Value> =
        rules.map(|rule| json!({"GroupByField": rule["GroupByField"], "GroupByValues": [{"FieldValue": "New", "Count": count}]})).collect();
    json!({"GroupByResults": results}).to_string().into_bytes()
}

fn hub() -> Vec<u8> {
    let arn = format!("arn:aws:securityhub:eu-west-1:{ACCOUNT}:hubv2/00000000-0000-4000-8000-000000000000");
    json!({"HubV2Arn": arn, "SubscribedAt": "2026-01-05T09:00:00Z", "Features": {}}).to_string().into_bytes()
}

fn caller() -> Vec<u8> {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:sts::{ACCOUNT}:assumed-role/SecurityAnalyst/bench</Arn><UserId>AROABENCH:bench</UserId><Account>{ACCOUNT}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    )
    .into_bytes()
}
