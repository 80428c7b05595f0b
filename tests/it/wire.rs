//! What the wire tests share: a hub over the real SDK, connected to an emulator or to any other server on this machine.

use std::time::Duration;

use hubtriage::{
    aws::{Access, Keys, Options, Sealed, Surroundings, Timeouts, connect},
    domain::{identity::Identity, order::SortKey, query::Query},
    emulator::{Emulator, Findings, Settings},
    hub::{CallError, Hub, Page, PageRequest},
};
use serde_json::{Value, json};

/// Options that reach this server and nothing else.
pub(crate) fn options(url: &str) -> Options {
    Options {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(url.to_owned()),
        access: Access::ReadWrite,
        surroundings: Surroundings::Sealed(Sealed { keys: Some(Keys::made_up()), sts_endpoint_url: Some(url.to_owned()) }),
        timeouts: Timeouts::default(),
        ..Options::default()
    }
}

pub(crate) async fn hub(url: &str) -> Hub {
    connect(options(url)).await.unwrap()
}

/// An emulator that holds these findings, and a hub on it.
pub(crate) async fn with(findings: Vec<Value>) -> (Emulator, Hub) {
    with_settings(Settings { findings: Findings::from(findings), ..Settings::default() }).await
}

pub(crate) async fn with_settings(settings: Settings) -> (Emulator, Hub) {
    let emulator = Emulator::start(settings).await.unwrap();
    let hub = hub(&emulator.url()).await;
    (emulator, hub)
}

/// A finding with `metadata.uid` `uid-<n>`; the severity goes round and the time goes up.
pub(crate) fn finding(n: usize) -> Value {
    let mut finding = without_uid(n);
    finding["metadata"]["uid"] = json!(format!("uid-{n}"));
    finding
}

/// A finding that only its identifier names.
pub(crate) fn without_uid(n: usize) -> Value {
    let severities = [(1, "Informational"), (2, "Low"), (3, "Medium"), (4, "High"), (5, "Critical")];
    let (severity_id, severity) = severities[n % severities.len()];
    json!({
        "class_uid": 2004,
        "cloud": { "account": { "uid": "222233334444" }, "region": "eu-west-1", "provider": "AWS" },
        "finding_info": {
            "uid": format!("arn:finding/{n}"),
            "title": format!("Finding {n}"),
            "modified_time_dt": format!("2026-10-{:02}T{:02}:00:00.000Z", 1 + n / 24 % 28, n % 24),
        },
        "metadata": { "product": { "uid": "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty", "name": "GuardDuty" } },
        "severity": severity, "severity_id": severity_id, "status": "New", "status_id": 1,
    })
}

pub(crate) fn uid(n: usize) -> Identity {
    Identity::MetadataUid(format!("uid-{n}"))
}

pub(crate) fn request(query: Query) -> PageRequest {
    PageRequest { query, sort: Vec::new(), token: None }
}

/// Every page of a scan.
pub(crate) async fn scan(hub: &Hub, query: &Query, sort: &[SortKey]) -> Result<Vec<Page>, CallError> {
    let mut pages = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let page = hub.reader.page(PageRequest { query: query.clone(), sort: sort.to_vec(), token: token.clone() }).await?;
        token.clone_from(&page.next);
        pages.push(page);
        if token.is_none() {
            return Ok(pages);
        }
    }
}

/// The findings of pages, read.
pub(crate) fn documents(pages: &[Page]) -> Vec<Value> {
    pages.iter().flat_map(|page| &page.findings).map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// Waits for something to become true.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("it never happened");
}
